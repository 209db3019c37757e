package sitegen

import (
	"fmt"
	"net/http"
	"regexp"
)

var (
	groupItem = regexp.MustCompile(`^(/\w+)?/c\d+/\d{6}/content_(\d+)\.shtml$`)
	groupList = regexp.MustCompile(`^(/\w+)?/c(\d+)/(?:index|list(?:_(\d+))?)\.shtml$`)
)

// group is a site on a common platform: units have sub-sites below a path and
// on hosts of their own, in the same dress.
func group() *design {
	return &design{
		charset: "utf-8", per: 20, assets: "/xhtml",
		static: map[string]string{"g.css": "body{color:#333;font-family:'Microsoft YaHei'}.gt,.gn{background:#14509c;color:#fff}.gn a{color:#fff}.gl li{border-bottom:1px solid #ddd}", "page.js": "function toPage(n){location.href=location.pathname.replace(/list(_\\d+)?\\.shtml$/,n>1?'list_'+n+'.shtml':'list.shtml');}\n"},
		column: func(s *Site, c *column, n int) string {
			if c.shape == subhome {
				if c.host == "sub" {
					return "/"
				}
				return c.base + "/"
			}
			if !c.isList() {
				return fmt.Sprintf("%s/c%d/index.shtml", pathOf(c), 100200+c.n)
			}
			return fmt.Sprintf("%s/c%d/%s", pathOf(c), 100200+c.n, pageWord("list", ".shtml", n, 1))
		},
		item: func(s *Site, c *column, i int) string {
			return fmt.Sprintf("%s/c%d/%s/content_%d.shtml", pathOf(c), 100200+c.n, s.date(c, i).Format("200601"), s.id(c, i))
		},
		file: func(s *Site, c *column, i, k int, ext string) string {
			return fmt.Sprintf("%s/c%d/%s/%d_%d.%s", pathOf(c), 100200+c.n, s.date(c, i).Format("200601"), s.id(c, i), k, ext)
		},
		parse: func(s *Site, r *http.Request) (node, bool) {
			if m := groupItem.FindStringSubmatch(r.URL.Path); m != nil {
				return s.byID(atoi(m[2], 1<<30))
			}
			if m := groupList.FindStringSubmatch(r.URL.Path); m != nil {
				n := atoi(m[2], 1<<20) - 100200
				return node{n, -1, max(1, atoi("0"+m[3], 1<<20)) - 1}, n >= 0 && n < len(s.columns)
			}
			for _, c := range s.columns {
				if c.shape == subhome && s.design.column(s, c, 0) == r.URL.Path && (c.host == "sub") == (r.URL.Path == "/") {
					return node{c.n, -1, 0}, true
				}
			}
			return node{}, false
		},
		layOut: func(s *Site) {
			for n, o := range []struct{ key, base, host, office string }{{"jyw", "/jyw", "main", "教委"}, {"yjw", "/yjw", "main", "应急管理局"}, {"wjw", "sub", "sub", "卫生健康委"}} {
				if s.plan.Pages < 200 && n > 0 {
					break
				}
				unit := officeBy(o.office)
				home := s.add(column{key: o.key, name: s.full(unit), parent: -1, shape: subhome, class: "static", base: o.base, host: o.host})
				s.add(column{key: o.key + "dt", name: "工作动态", parent: home.n, class: "news", form: news, base: o.base, host: o.host, newest: 3 * day, period: 4 * day, weight: 2, title: newsTitles})
				s.add(column{key: o.key + "tz", name: "通知公告", parent: home.n, class: "notice", form: notice, base: o.base, host: o.host, newest: 11 * day, period: 15 * day, weight: 1, title: noticeTitles})
				s.subs = append(s.subs, home)
			}
		},
		render: groupPage,
	}
}

// pathOf is the path of a sub-site that has no host of its own.
func pathOf(c *column) string {
	if c.host == "sub" {
		return ""
	}
	return c.base
}

func groupPage(s *Site, p *page) string {
	w := &writer{}
	s.doc(w, p, "<!DOCTYPE html>", "zh-CN")
	w.put(`<meta http-equiv="Content-Type" content="text/html; charset=`, s.plan.Charset, "\" />\n<title>", esc(p.head), "</title>\n")
	s.metas(w, p)
	w.put(`<link href="/xhtml/g.css" rel="stylesheet" /><script src="/xhtml/page.js"></script>`, "\n</head>\n<body>\n<div class=\"gt\"><p class=\"gname\">", esc(s.name()), "</p>")
	if p.col != nil && p.col.base != "" {
		top := p.col
		for up := s.above(top); up != nil; up = s.above(top) {
			top = up
		}
		w.put(`<p class="unit">`, esc(top.name), "</p>")
	}
	s.anchors(w, p, s.aids(p), "", " ")
	s.searchForm(w, p)
	w.put("</div>\n<div class=\"gn\"><ul>\n")
	s.anchors(w, p, s.navigation(p), "<li>", "</li>")
	w.put("</ul></div>\n<div class=\"gm\">\n")
	if p.kind != "home" {
		w.put(`<div class="path">当前位置：`)
		s.trail(w, p, " - ")
		w.put("</div>\n")
	}
	st := style{para: [2]string{`<p align="justify">　　`, "</p>"}, heading: [2]string{`<p align="justify"><strong>　　`, "</strong></p>"}, table: `border="1" width="100%"`, image: [2]string{`<p align="center">`, "</p>"}}
	lines := func(list []entry) {
		w.put("<ul class=\"gl\">\n")
		for _, e := range list {
			w.put("<li>")
			if !e.date.IsZero() && len(e.more) == 0 {
				w.put("<em>", e.date.Format("2006-01-02"), "</em>")
			}
			w.put(`<a href="`, s.link(p, e.url), `">`)
			if e.pinned {
				w.put("【置顶】")
			}
			w.put(esc(e.text), "</a>")
			for _, m := range e.more {
				w.put("<span>", esc(m), "</span>")
			}
			w.put("</li>\n")
		}
		w.put("</ul>\n")
	}
	switch p.kind {
	case "home", "channel", "map", "platform":
		if p.kind != "home" {
			w.put("<h2>", esc(p.title), "</h2>\n")
		}
		s.blocks(w, p, st)
		for _, b := range p.parts {
			w.put(`<div class="gbox"><h3><a href="`, s.link(p, b.url), `">`, esc(b.text), "</a></h3>\n")
			if len(b.entries) > 0 {
				w.put(`<a class="more" href="`, s.link(p, b.url), "\">更多&gt;&gt;</a>\n")
				lines(b.entries)
			}
			w.put("</div>\n")
		}
		s.anchors(w, p, p.related, "<div>", "</div>")
		if p.kind == "home" || p.kind == "map" {
			w.put("<div class=\"gbox\"><h3>部门网站</h3>\n")
			for _, c := range s.subs {
				w.put(`<a href="`, s.link(p, s.href(p.host, node{c.n, -1, 0})), `">`, esc(c.name), "</a>\n")
			}
			w.put("</div>\n")
		}
	case "list", "search":
		w.put(`<div class="gside"><ul>`)
		s.anchors(w, p, s.siblings(p), "<li>", "</li>")
		w.put("</ul></div>\n<h2>", esc(p.title), "</h2>\n")
		s.blocks(w, p, st)
		if len(p.entries) > 0 {
			lines(p.entries)
		}
		if p.pages > 1 {
			at := p.node.page
			w.put(`<div class="gpage">`)
			if at > 0 {
				w.put(`<a href="`, s.path(node{p.node.column, -1, at - 1}), `">上一页</a> `)
			}
			for n := max(0, at-2); n < min(p.pages, at+3); n++ {
				w.putf(`<a href="javascript:toPage(%d)">%d</a> `, n+1, n+1)
			}
			if at+1 < p.pages {
				w.put(`<a href="`, s.path(node{p.node.column, -1, at + 1}), `">下一页</a>`)
			}
			w.putf(" 共%d页</div>\n", p.pages)
		}
	case "item":
		if len(p.table) > 0 {
			w.put("<div class=\"ghead\"><ul>\n")
			for _, c := range p.table {
				w.put("<li><b>", esc(c[0]), "：</b>", esc(c[1]), "</li>\n")
			}
			w.put("</ul></div>\n")
		}
		w.put("<h1>", esc(p.title), "</h1>\n<p class=\"ginfo\">")
		if t := p.time("2006-01-02 15:04"); t != "-" && t != "" {
			w.put("<span>", t, "</span>　")
		}
		if p.source != "-" {
			w.put("<span>【来源：", esc(p.source), "】</span>　")
		}
		w.putf("<span>【浏览：%d】</span> <a href=\"javascript:window.print()\">打印</a></p>\n<div id=\"fontzoom\">\n", p.views)
		s.blocks(w, p, st)
		w.put("</div>\n")
		s.anchors(w, p, p.files, "<p>附件：", "</p>")
		s.anchors(w, p, p.around, "<p>", "</p>")
	default:
		w.put("<h2>", esc(p.title), "</h2>\n<div id=\"fontzoom\">\n")
		s.blocks(w, p, st)
		if p.form != nil {
			s.formFields(w, p, "<p>", "：", "</p>")
		}
		w.put("</div>\n")
	}
	w.put("</div>\n<div class=\"gf\">\n")
	s.footer(w, p, "主办单位：", "<p>", "</p>")
	w.put("</div>\n", p.bottom, "</body>\n</html>\n")
	return w.String()
}
