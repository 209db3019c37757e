package sitegen

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// queried is a site whose pages differ by what stands behind "?", with another
// session id on every page and a calendar without end.
func queried() *design {
	return &design{
		charset: "utf-8", header: true, query: true, per: 18, assets: "/res",
		static: map[string]string{"s.css": "body{font-size:14px;color:#333}#hd,#mu{background:#5b3a8c;color:#fff}#mu a{color:#fff}.lst td{border-bottom:1px solid #ddd}"},
		column: func(s *Site, c *column, n int) string {
			path := fmt.Sprintf("/list.aspx?cid=%d", 300+c.n)
			if c.shape != list && c.shape != letters && c.shape != guides {
				path = fmt.Sprintf("/channel.aspx?cid=%d", 300+c.n)
			}
			if c.shape == search {
				return "/search.aspx"
			}
			if n > 0 {
				path += "&page=" + itoa(n+1)
			}
			return path
		},
		item: func(s *Site, c *column, i int) string { return fmt.Sprintf("/view.aspx?id=%d", s.id(c, i)) },
		file: func(s *Site, c *column, i, k int, ext string) string {
			return fmt.Sprintf("/files/%d_%d.%s", s.id(c, i), k, ext)
		},
		parse: func(s *Site, r *http.Request) (node, bool) {
			q := r.URL.Query()
			switch r.URL.Path {
			case "/", "/index.aspx":
				return homeNode(), true
			case "/search.aspx":
				return node{s.byKey["search"].n, -1, 0}, true
			case "/view.aspx":
				return s.byID(atoi(q.Get("id"), 1<<30))
			case "/list.aspx", "/channel.aspx":
				n := atoi(q.Get("cid"), 1<<20) - 300
				if n < 0 || n >= len(s.columns) {
					return node{}, false
				}
				at := node{n, -1, max(1, atoi("0"+q.Get("page"), 1<<20)) - 1}
				return at, strings.HasPrefix(s.path(at), r.URL.Path)
			}
			return node{}, false
		},
		link: func(s *Site, p *page, address string) string {
			path, _, _ := strings.Cut(address, "?")
			if !strings.HasSuffix(path, ".aspx") {
				return address
			}
			sid := fmt.Sprintf("%016x", s.dice("sid", p.path).next())
			if strings.Contains(address, "?") {
				return address + "&sid=" + sid
			}
			return address + "?sid=" + sid
		},
		more: calendarPage,
		layOut: func(s *Site) {
			s.skip = append(s.skip, Tolerated{Checks: []string{"*"}, URL: "http://{{main}}/calendar.aspx*", Note: "pages of a calendar without end"},
				Tolerated{Checks: []string{"NORM-25"}, Note: "session ids in addresses: no check is numbered for them"})
		},
		render: queryPage,
	}
}

// calendarPage shows a month, and leads to the one before and the one after.
func calendarPage(s *Site, w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Path != "/calendar.aspx" {
		return false
	}
	y, err := strconv.Atoi(r.URL.Query().Get("y"))
	m, err2 := strconv.Atoi(r.URL.Query().Get("m"))
	if err != nil || err2 != nil || y < 1 || y > 9000 || m < 1 || m > 12 {
		y, m = s.t0.Year(), int(s.t0.Month())
	}
	t := time.Date(y, time.Month(m), 1, 0, 0, 0, 0, s.t0.Location())
	p := s.blank(homeNode(), "text", fmt.Sprintf("%d年%d月信息日历", y, m))
	p.path = r.URL.Path + "?" + r.URL.RawQuery
	p.head = p.title + "_" + s.name()
	p.text("选择月份可以查看当月发布的信息，日历中没有信息的日期不能选择。")
	for _, n := range []int{-1, 1} {
		o := t.AddDate(0, n, 0)
		p.body = append(p.body, block{kind: 'a', text: []string{"上一月", "", "下一月"}[n+1], url: fmt.Sprintf("/calendar.aspx?y=%d&m=%d", o.Year(), o.Month())})
	}
	s.sendPage(w, r, p)
	return true
}

func queryPage(s *Site, p *page) string {
	w := &writer{}
	s.doc(w, p, `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">`, "zh-CN")
	w.put("<title>", esc(strings.Replace(p.head, "_", "|", 1)), "</title>\n", `<meta http-equiv="Content-Type" content="text/html; charset=`, s.plan.Charset, `" />`, "\n")
	s.metas(w, p)
	w.put(`<link rel="stylesheet" type="text/css" href="/res/s.css" />`, "\n</head>\n<body>\n<div id=\"hd\"><span class=\"sitename\">", esc(s.name()), "</span> ")
	s.anchors(w, p, s.aids(p), "", " ")
	w.put(`<a href="`, s.link(p, fmt.Sprintf("/calendar.aspx?y=%d&m=%d", s.t0.Year(), s.t0.Month())), `">信息日历</a>`)
	s.searchForm(w, p)
	w.put("</div>\n<div id=\"mu\">")
	for i, r := range s.navigation(p) {
		if i > 0 {
			w.put("｜")
		}
		w.put(`<a href="`, s.link(p, r.url), `">`, esc(r.text), `</a>`)
	}
	w.put("</div>\n")
	if p.kind != "home" {
		w.put(`<div id="pos">`)
		s.trail(w, p, " » ")
		w.put("</div>\n")
	}
	st := style{para: [2]string{"<div>　　", "</div>"}, heading: [2]string{"<div><strong>　　", "</strong></div>"}, table: `class="lst" border="1"`, image: [2]string{"<div align=\"center\">", "</div>"}}
	entries := func(list []entry, layout string) {
		w.put(`<table class="lst">`, "\n")
		for i, e := range list {
			w.putf("<tr><td>%d</td><td>", i+1)
			if e.pinned {
				w.put("[顶] ")
			}
			w.put(`<a href="`, s.link(p, e.url), `">`, esc(e.text), "</a></td>")
			for _, m := range e.more {
				w.put("<td>", esc(m), "</td>")
			}
			if !e.date.IsZero() && len(e.more) == 0 {
				w.put("<td>", e.date.Format(layout), "</td>")
			}
			w.put("</tr>\n")
		}
		w.put("</table>\n")
	}
	w.put("<div id=\"mn\">\n")
	switch p.kind {
	case "home", "channel", "map", "platform":
		if p.kind != "home" {
			w.put("<h2>", esc(p.title), "</h2>\n")
		}
		s.blocks(w, p, st)
		for _, b := range p.parts {
			w.put(`<fieldset><legend><a href="`, s.link(p, b.url), `">`, esc(b.text), "</a></legend>\n")
			if len(b.entries) > 0 {
				entries(b.entries, "01/02")
			}
			w.put("</fieldset>\n")
		}
		s.anchors(w, p, p.related, "<div>", "</div>")
	case "list", "search":
		w.put("<h2>", esc(p.title), "</h2>\n")
		s.blocks(w, p, st)
		if len(p.entries) > 0 {
			entries(p.entries, "2006/01/02")
		}
		if p.pages > 1 {
			w.put(`<div id="pg">`)
			for n := range p.pages {
				if n < 4 || n > p.pages-3 || n-p.node.page < 4 && p.node.page-n < 4 {
					w.put(`<a href="`, s.link(p, s.path(node{p.node.column, -1, n})), `">[`, itoa(n+1), `]</a> `)
				}
			}
			w.put("</div>\n")
		}
	case "item":
		w.put("<h3 align=\"center\">", esc(p.title), "</h3>\n<div class=\"inf\">")
		if p.source != "-" {
			w.put("信息来源：", esc(p.source), " ")
		}
		if t := p.time("2006/01/02 15:04"); t != "-" && t != "" {
			w.put("日期：", t, " ")
		}
		w.putf("阅读：%d次 【<a href=\"javascript:window.print()\">打印</a>】</div>\n", p.views)
		if len(p.table) > 0 {
			w.put(`<table class="lst" border="1">`, "\n")
			for _, c := range p.table {
				w.put("<tr><th>", esc(c[0]), "</th><td>", esc(c[1]), "</td></tr>\n")
			}
			w.put("</table>\n")
		}
		w.put("<div id=\"txt\">\n")
		s.blocks(w, p, st)
		w.put("</div>\n")
		s.anchors(w, p, p.files, "<div>附件下载：", "</div>")
		s.anchors(w, p, p.related, "<div>相关阅读：", "</div>")
	default:
		w.put("<h2>", esc(p.title), "</h2>\n<div id=\"txt\">\n")
		s.blocks(w, p, st)
		if p.form != nil {
			s.formFields(w, p, "<div>", " ", "</div>")
		}
		w.put("</div>\n")
	}
	w.put("</div>\n<div id=\"ft\">\n")
	s.footer(w, p, "主办单位：", "<span>", "</span> ")
	w.put("</div>\n", p.bottom, "</body>\n</html>\n")
	return w.String()
}
