package sitegen

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

var (
	postItem = regexp.MustCompile(`^/.*/content/post_(\d+)\.html$`)
	postList = regexp.MustCompile(`^(/.*/)(?:index(?:_(\d+))?\.html)?$`)
)

// post47 is a site whose items lie under content/post_, with absolute links to
// its own host.
func post47() *design {
	return &design{
		charset: "utf-8", header: true, per: 20, assets: "/assets",
		static: map[string]string{"site.css": "*{box-sizing:border-box}body{font-family:sans-serif;color:#333}.header,.navbar{background:#c8102e;color:#fff}.navbar a{color:#fff}.list li{display:flex;justify-content:space-between}.article-content{font-size:18px}"},
		column: func(s *Site, c *column, n int) string {
			if n == 0 {
				return folderOf(s, c)
			}
			return fmt.Sprintf("%sindex_%d.html", folderOf(s, c), n+1)
		},
		item: func(s *Site, c *column, i int) string {
			return fmt.Sprintf("%scontent/post_%d.html", folderOf(s, c), s.id(c, i))
		},
		file: func(s *Site, c *column, i, k int, ext string) string {
			return fmt.Sprintf("/attachment/0/%d/%d_%d.%s", s.id(c, i)%97, s.id(c, i), k, ext)
		},
		parse: func(s *Site, r *http.Request) (node, bool) {
			if m := postItem.FindStringSubmatch(r.URL.Path); m != nil {
				return s.byID(atoi(m[1], 1<<30))
			}
			if m := postList.FindStringSubmatch(r.URL.Path); m != nil && m[1] != "/" {
				if c, ok := columnOf(s, m[1]); ok {
					return node{c.n, -1, max(1, atoi("0"+m[2], 1<<20)) - 1}, true
				}
			}
			return node{}, false
		},
		link: func(s *Site, p *page, address string) string {
			if strings.HasPrefix(address, "/assets/") {
				return address
			}
			return "http://{{main}}" + address
		},
		render: postPage,
	}
}

func postPage(s *Site, p *page) string {
	w := &writer{}
	s.doc(w, p, "<!doctype html>", "zh-CN")
	w.put(`<meta charset="`, s.plan.Charset, `">`, "\n", `<meta name="viewport" content="width=device-width,initial-scale=1">`, "\n<title>", esc(strings.Replace(p.head, "_", " - ", 1)), "</title>\n")
	s.metas(w, p)
	w.put(`<link rel="stylesheet" href="/assets/site.css">`, "\n</head>\n<body>\n<header class=\"header\"><div class=\"container\"><a href=\"", s.link(p, "/"), `"><img class="logo" src="/assets/pic/logo_360x64.png" alt="`, esc(s.name()), `"></a>`, "\n<div class=\"tools\">")
	s.anchors(w, p, s.aids(p), "", "")
	w.put("</div>")
	s.searchForm(w, p)
	w.put("</div></header>\n<nav class=\"navbar\"><ul>\n")
	s.anchors(w, p, s.navigation(p), "<li>", "</li>")
	w.put("</ul></nav>\n<main class=\"container\">\n")
	if p.kind != "home" {
		w.put(`<div class="crumbs"><span>当前位置</span>`)
		s.trail(w, p, "<i>/</i>")
		w.put("</div>\n")
	}
	st := style{para: [2]string{"<p>", "</p>"}, heading: [2]string{"<h3>", "</h3>"}, table: `class="table"`, image: [2]string{"<figure>", "</figure>"}, definitions: true}
	entries := func(list []entry) {
		w.put(`<ul class="list">`, "\n")
		for _, e := range list {
			w.put("<li>")
			if e.pinned {
				w.put(`<strong class="top">置顶</strong>`)
			}
			w.put(`<a href="`, s.link(p, e.url), `">`, esc(e.text), "</a>")
			for _, m := range e.more {
				w.put(`<span class="cell">`, esc(m), "</span>")
			}
			if !e.date.IsZero() && len(e.more) == 0 {
				w.put(`<span class="time">`, e.date.Format("2006-01-02"), "</span>")
			}
			w.put("</li>\n")
		}
		w.put("</ul>\n")
	}
	switch p.kind {
	case "home", "channel", "map", "platform":
		if p.kind != "home" {
			w.put("<h1>", esc(p.title), "</h1>\n")
		}
		s.blocks(w, p, st)
		if p.kind == "platform" {
			w.put(`<aside class="parts">`)
		}
		for _, b := range p.parts {
			w.put(`<section class="box"><h2><a href="`, s.link(p, b.url), `">`, esc(b.text), "</a></h2>\n")
			if len(b.entries) > 0 {
				entries(b.entries)
			}
			w.put("</section>\n")
		}
		if p.kind == "platform" {
			w.put("</aside>\n")
		}
		s.anchors(w, p, p.related, `<p class="unit">`, "</p>")
	case "list", "search":
		w.put(`<aside class="side"><ul>`)
		s.anchors(w, p, s.siblings(p), "<li>", "</li>")
		w.put("</ul></aside>\n<section class=\"content\"><h1>", esc(p.title), "</h1>\n")
		s.blocks(w, p, st)
		if len(p.entries) > 0 {
			entries(p.entries)
		}
		if p.pages > 1 {
			at := p.node.page
			w.put(`<div class="page">`)
			if at > 0 {
				w.put(`<a class="prev" href="`, s.link(p, s.path(node{p.node.column, -1, at - 1})), `">上一页</a>`)
			}
			for n := max(0, at-3); n < min(p.pages, at+4); n++ {
				if n == at {
					w.putf(`<span class="current">%d</span>`, n+1)
				} else {
					w.putf(`<a href="%s">%d</a>`, s.link(p, s.path(node{p.node.column, -1, n})), n+1)
				}
			}
			if at < p.pages-1 {
				w.put(`<a class="next" href="`, s.link(p, s.path(node{p.node.column, -1, at + 1})), `">下一页</a>`, `<a class="last" href="`, s.link(p, s.path(node{p.node.column, -1, p.pages - 1})), `">尾页</a>`)
			}
			w.put("</div>\n")
		}
		w.put("</section>\n")
	case "item":
		w.put("<article>\n")
		if len(p.table) > 0 {
			w.put(`<div class="document-head">`, "\n")
			for _, c := range p.table {
				w.put(`<div class="row"><label>`, esc(c[0]), "：</label><span>", esc(c[1]), "</span></div>\n")
			}
			w.put("</div>\n")
		}
		w.put(`<h1 class="article-title">`, esc(p.title), "</h1>\n<div class=\"article-info\">")
		if t := p.time("2006-01-02 15:04"); t != "-" && t != "" {
			w.put("<span>发布时间：<time>", t, "</time></span>")
		}
		if p.source != "-" {
			w.put("<span>来源：", esc(p.source), "</span>")
		}
		w.putf("<span>浏览量：%d</span><a href=\"javascript:print()\">打印</a></div>\n<div class=\"article-content\">\n", p.views)
		s.blocks(w, p, st)
		w.put("</div>\n")
		if len(p.files) > 0 {
			w.put("<div class=\"attachments\"><h4>附件</h4><ul>\n")
			s.anchors(w, p, p.files, "<li>", "</li>")
			w.put("</ul></div>\n")
		}
		w.put("</article>\n")
		if len(p.around) > 0 {
			w.put(`<div class="prevnext">`)
			s.anchors(w, p, p.around, "<p>", "</p>")
			w.put("</div>\n")
		}
	default:
		w.put("<h1>", esc(p.title), "</h1>\n<div class=\"article-content\">\n")
		s.blocks(w, p, st)
		if p.form != nil {
			s.formFields(w, p, `<div class="field">`, "", "</div>")
		}
		w.put("</div>\n")
	}
	w.put("</main>\n<footer class=\"footer\"><ul>\n")
	s.footer(w, p, "主办单位：", "<li>", "</li>")
	w.put("</ul></footer>\n", p.bottom, "</body>\n</html>\n")
	return w.String()
}
