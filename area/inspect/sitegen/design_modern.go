package sitegen

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

var (
	modernItem = regexp.MustCompile(`^/detail/\w+/(\d+)$`)
	modernList = regexp.MustCompile(`^/channel/(\w+)(?:/(\d+))?$`)
)

// modern is a site of boxes, some of whose lists come from an API when a
// script asks for them; others lie in the page.
func modern() *design {
	return &design{
		charset: "utf-8", header: true, per: 20, assets: "/static",
		static: map[string]string{"app.css": ":root{--main:#0052d9}body{margin:0;color:#333;font:16px/1.75 system-ui}.hd,.bar{background:var(--main);color:#fff}.bar a{color:#fff}.card{display:flex;flex-direction:column}.feed a{display:flex;justify-content:space-between}"},
		column: func(s *Site, c *column, n int) string {
			if n > 0 {
				return fmt.Sprintf("/channel/%s/%d", c.key, n+1)
			}
			return "/channel/" + c.key
		},
		item: func(s *Site, c *column, i int) string { return fmt.Sprintf("/detail/%s/%d", c.key, s.id(c, i)) },
		file: func(s *Site, c *column, i, k int, ext string) string {
			return fmt.Sprintf("/oss/%s/%d_%d.%s", c.key, s.id(c, i), k, ext)
		},
		parse: func(s *Site, r *http.Request) (node, bool) {
			if m := modernItem.FindStringSubmatch(r.URL.Path); m != nil {
				return s.byID(atoi(m[1], 1<<30))
			}
			if m := modernList.FindStringSubmatch(r.URL.Path); m != nil {
				if c, ok := s.byKey[m[1]]; ok {
					return node{c.n, -1, max(1, atoi("0"+m[2], 1<<20)) - 1}, true
				}
			}
			return node{}, false
		},
		layOut: func(s *Site) {
			for _, key := range []string{"jzdt", "rsrm", "xzxk", "xzcf", "czyjs", "aqsc"} {
				if c := s.byKey[key]; c != nil {
					c.api = true
					s.skip = append(s.skip, Tolerated{Checks: []string{"WEB-83", "WEB-65"}, URL: s.columnURL(c), Note: "its list comes from an API"})
				}
			}
		},
		render: modernPage,
	}
}

func modernPage(s *Site, p *page) string {
	w := &writer{}
	s.doc(w, p, "<!doctype html>", "zh-CN")
	w.put(`<meta charset="`, s.plan.Charset, "\">\n<title>", esc(p.head), "</title>\n")
	s.metas(w, p)
	w.put(`<link rel="stylesheet" href="/static/app.css">`, "\n</head>\n<body>\n<div class=\"hd\"><div class=\"brand\">", esc(s.name()), "</div><div class=\"aid\">")
	s.anchors(w, p, s.aids(p), "", "")
	w.put("</div>")
	s.searchForm(w, p)
	w.put("</div>\n<div class=\"bar\" role=\"navigation\">\n")
	s.anchors(w, p, s.navigation(p), "<div>", "</div>")
	w.put("</div>\n<div class=\"page\" role=\"main\">\n")
	if p.kind != "home" {
		w.put(`<div class="breadcrumb">`)
		s.trail(w, p, `<span>›</span>`)
		w.put("</div>\n")
	}
	st := style{para: [2]string{`<div class="p">`, "</div>"}, heading: [2]string{"<h4>", "</h4>"}, table: `class="grid"`, image: [2]string{`<div class="pic">`, "</div>"}, definitions: true}
	feed := func(list []entry) {
		w.put(`<div class="feed">`, "\n")
		for _, e := range list {
			w.put(`<a href="`, s.link(p, e.url), `"><div class="t">`)
			if e.pinned {
				w.put(`<span class="badge">置顶</span>`)
			}
			w.put(esc(e.text), "</div>")
			for _, m := range e.more {
				w.put(`<div class="m">`, esc(m), "</div>")
			}
			if !e.date.IsZero() && len(e.more) == 0 {
				layout := "2006-01-02"
				if p.kind == "home" {
					layout = "01-02"
				}
				w.put(`<div class="d">`, e.date.Format(layout), "</div>")
			}
			w.put("</a>\n")
		}
		w.put("</div>\n")
	}
	switch p.kind {
	case "home", "channel", "map", "platform":
		if p.kind != "home" {
			w.put("<h1>", esc(p.title), "</h1>\n")
		}
		s.blocks(w, p, st)
		w.put("<div class=\"cards\">\n")
		for _, b := range p.parts {
			w.put(`<div class="card"><div class="card-title"><a href="`, s.link(p, b.url), `">`, esc(b.text), "</a></div>\n")
			if len(b.entries) > 0 {
				feed(b.entries)
			}
			w.put("</div>\n")
		}
		w.put("</div>\n")
		s.anchors(w, p, p.related, `<div class="org">`, "</div>")
	case "list", "search":
		w.put(`<div class="tabs">`)
		s.anchors(w, p, s.siblings(p), "<div>", "</div>")
		w.put("</div>\n<h1>", esc(p.title), "</h1>\n")
		s.blocks(w, p, st)
		if len(p.entries) > 0 {
			feed(p.entries)
		}
		if p.pages > 1 {
			w.put(`<div class="pager">`)
			at := p.node.page
			if at > 0 {
				w.put(`<a rel="prev" href="`, esc(s.path(node{p.node.column, -1, at - 1})), `">上一页</a>`)
			}
			w.putf("<b>%d / %d</b>", at+1, p.pages)
			if at+1 < p.pages {
				w.put(`<a rel="next" href="`, esc(s.path(node{p.node.column, -1, at + 1})), `">下一页</a>`)
			}
			w.put("</div>\n")
		}
	case "item":
		w.put("<div class=\"article\"><h1>", esc(p.title), "</h1>\n<div class=\"meta\">")
		if p.source != "-" {
			w.put("<div>来源 ", esc(p.source), "</div>")
		}
		if t := p.time("2006-01-02 15:04"); t != "-" && t != "" {
			w.put("<div>时间 ", t, "</div>")
		}
		w.putf("<div>浏览 %d</div></div>\n", p.views)
		if len(p.table) > 0 {
			w.put(`<dl class="doc">`, "\n")
			for _, c := range p.table {
				w.put("<dt>", esc(c[0]), "</dt><dd>", esc(c[1]), "</dd>\n")
			}
			w.put("</dl>\n")
		}
		w.put("<div class=\"body\">\n")
		s.blocks(w, p, st)
		w.put("</div>\n")
		s.anchors(w, p, p.files, `<div class="file">附件 `, "</div>")
		w.put("</div>\n<div class=\"more\"><div>相关推荐</div>\n")
		s.anchors(w, p, append(append([]ref{}, p.around...), p.related...), "<div>", "</div>")
		w.put("</div>\n")
	default:
		w.put("<div class=\"article\"><h1>", esc(p.title), "</h1>\n<div class=\"body\">\n")
		s.blocks(w, p, st)
		if p.form != nil {
			s.formFields(w, p, "<div>", "", "</div>")
		}
		w.put("</div></div>\n")
	}
	w.put("</div>\n<div class=\"ft\" role=\"contentinfo\">\n")
	s.footer(w, p, "主办单位：", "<div>", "</div>")
	w.put("</div>\n", strings.TrimSpace(p.bottom), "</body>\n</html>\n")
	return w.String()
}
