package sitegen

import (
	"fmt"
	"net/http"
	"regexp"
)

var (
	classicItem = regexp.MustCompile(`^/html/\d{4}/(\d+)\.shtml$`)
	classicList = regexp.MustCompile(`^/class/(\d+)(?:_(\d+))?\.shtml$`)
)

// classic is a site of 2008: tables in tables, GBK, menus as pictures, a frame.
func classic() *design {
	return &design{
		charset: "gbk", per: 20, assets: "/img",
		static: map[string]string{"style.css": "td{font-size:12px;line-height:22px;color:#000}a{color:#000;text-decoration:none}.t{background:#b01c1c;color:#fff}", "go.js": "function goPage(n,c){location.href='/class/'+c+(n>1?'_'+n:'')+'.shtml';}\n"},
		column: func(s *Site, c *column, n int) string { return "/class/" + pageWord(itoa(10+c.n), ".shtml", n, 1) },
		item: func(s *Site, c *column, i int) string {
			return fmt.Sprintf("/html/%d/%d.shtml", s.date(c, i).Year(), s.id(c, i))
		},
		file: func(s *Site, c *column, i, k int, ext string) string {
			return fmt.Sprintf("/upload/%d_%d.%s", s.id(c, i), k, ext)
		},
		parse: func(s *Site, r *http.Request) (node, bool) {
			if m := classicItem.FindStringSubmatch(r.URL.Path); m != nil {
				return s.byID(atoi(m[1], 1<<30))
			}
			if m := classicList.FindStringSubmatch(r.URL.Path); m != nil {
				n := atoi(m[1], 1<<20) - 10
				return node{n, -1, max(1, atoi("0"+m[2], 1<<20)) - 1}, n >= 0 && n < len(s.columns)
			}
			return node{}, false
		},
		more: func(s *Site, w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != "/inc/calendar.htm" {
				return false
			}
			send(w, r, 200, "text/html", s.encode("<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset="+s.plan.Charset+"\"><title>日期</title></head><body>"+chinese(s.t0)+"</body></html>"))
			return true
		},
		render: classicPage,
	}
}

func classicPage(s *Site, p *page) string {
	w := &writer{}
	w.put(`<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">`, "\n<html>\n<head>\n", `<meta http-equiv="Content-Type" content="text/html; charset=`, s.plan.Charset, "\">\n<title>", esc(p.head), "</title>\n")
	s.metas(w, p)
	w.put(`<link href="/img/style.css" rel="stylesheet" type="text/css">`, "\n", `<script language="javascript" src="/img/go.js"></script>`, "\n</head>\n<body topmargin=\"0\">\n")
	const table = `<table width="980" border="0" align="center" cellpadding="0" cellspacing="0">`
	w.put(table, `<tr><td><img src="/img/pic/banner_980x120.png" alt="`, esc(s.name()), `"></td></tr></table>`, "\n", table, `<tr bgcolor="#b01c1c">`, "\n")
	for i, r := range s.navigation(p) {
		w.putf(`<td align="center"><a href="%s"><img src="/img/pic/menu%d_90x30.png" border="0" alt="%s"></a></td>`+"\n", s.link(p, r.url), i, esc(r.text))
	}
	w.put("</tr></table>\n", table, `<tr><td width="300"><iframe src="/inc/calendar.htm" width="260" height="24" frameborder="0" scrolling="no" title="日期"></iframe></td><td>`)
	s.anchors(w, p, s.aids(p), "", "&nbsp;")
	w.put("</td><td align=\"right\">")
	s.searchForm(w, p)
	w.put("</td></tr></table>\n")
	if p.kind != "home" {
		w.put(table, `<tr><td height="30">当前位置：`)
		s.trail(w, p, "&nbsp;&gt;&gt;&nbsp;")
		w.put("</td></tr></table>\n")
	}
	st := style{para: [2]string{"　　", "<br><br>"}, heading: [2]string{"　　<b>", "</b><br><br>"}, table: `border="1" cellpadding="4" cellspacing="0" width="90%"`, cell: `valign="top"`, image: [2]string{"<center>", "</center><br>"}}
	w.put(table, "<tr>")
	switch p.kind {
	case "home", "channel", "map", "platform":
		w.put("<td valign=\"top\">\n")
		if p.kind != "home" {
			w.put(`<b class="t">`, esc(p.title), "</b><br>\n")
		}
		s.blocks(w, p, st)
		w.put(`<table width="100%" border="0" cellpadding="4">`)
		for i, b := range p.parts {
			if i%2 == 0 {
				w.put("<tr>")
			}
			w.put(`<td width="50%" valign="top"><table width="100%" border="0"><tr><td class="t">`, `<a href="`, s.link(p, b.url), `">`, esc(b.text), "</a></td></tr>\n")
			classicEntries(s, w, p, b.entries)
			w.put("</table></td>")
			if i%2 == 1 || i == len(p.parts)-1 {
				w.put("</tr>\n")
			}
		}
		w.put("</table>\n")
		s.anchors(w, p, p.related, "[", "] ")
		w.put("</td>")
	case "list", "search":
		w.put(`<td width="200" valign="top" bgcolor="#eeeeee"><table width="100%"><tr><td class="t">`, esc(s.topName(p)), "</td></tr>\n")
		s.anchors(w, p, s.siblings(p), `<tr><td height="28">·`, "</td></tr>")
		w.put("</table></td>\n<td valign=\"top\">")
		w.put(`<table width="100%"><tr><td class="t">`, esc(p.title), "</td></tr></table>\n")
		s.blocks(w, p, st)
		if len(p.entries) > 0 {
			w.put(`<table width="100%" border="0">`, "\n")
			classicEntries(s, w, p, p.entries)
			w.put("</table>\n")
		}
		if p.pages > 1 {
			n, id := p.node.page+1, 10+p.node.column
			w.putf(`<div align="center">共%d页 当前第%d页 `, p.pages, n)
			w.putf(`<a href="%s">首页</a> `, s.path(node{p.node.column, -1, 0}))
			if n > 1 {
				w.putf(`<a href="%s">上一页</a> `, s.path(node{p.node.column, -1, n - 2}))
			}
			if n < p.pages {
				w.putf(`<a href="%s">下一页</a> `, s.path(node{p.node.column, -1, n}))
			}
			w.putf(`<a href="%s">尾页</a> 转到 <a href="javascript:goPage(%d,%d)">%d</a></div>`+"\n", s.path(node{p.node.column, -1, p.pages - 1}), min(p.pages, n+2), id, min(p.pages, n+2))
		}
		w.put("</td>")
	case "item":
		w.put(`<td valign="top">`)
		if len(p.table) > 0 {
			w.put(`<table width="90%" align="center" border="1" cellpadding="3" cellspacing="0">`, "\n")
			for i := 0; i < len(p.table); i += 2 {
				w.put("<tr>")
				for _, c := range p.table[i:min(len(p.table), i+2)] {
					w.put(`<td width="15%">`, esc(c[0]), `：</td><td width="35%">`, esc(c[1]), "</td>")
				}
				w.put("</tr>\n")
			}
			w.put("</table>\n")
		}
		w.put(`<table width="90%" align="center"><tr><td align="center"><font size="4"><b>`, esc(p.title), "</b></font></td></tr>\n", `<tr><td align="center" bgcolor="#f5f5f5">`)
		if p.source != "-" {
			w.put("文章来源：", esc(p.source), "&nbsp;&nbsp;")
		}
		w.put("作者：", esc(p.author), "&nbsp;&nbsp;")
		if t := p.time("2006-1-2 15:04"); t != "-" && t != "" {
			w.put("发布时间：", t, "&nbsp;&nbsp;")
		}
		w.putf("点击数：%d</td></tr>\n<tr><td>\n", p.views)
		s.blocks(w, p, st)
		s.anchors(w, p, p.files, "附件：", "<br>")
		w.put(`</td></tr><tr><td align="right">【<a href="javascript:print()">打印本页</a>】【<a href="javascript:window.close()">关闭窗口</a>】</td></tr>`, "\n<tr><td>")
		for k, r := range p.around {
			w.put([]string{"上一条：", "下一条："}[min(k, 1)], `<a href="`, s.link(p, r.url), `">`, esc(r.text), "</a><br>\n")
		}
		w.put("</td></tr></table></td>")
	default:
		w.put("<td><b>", esc(p.title), "</b><br><br>\n")
		s.blocks(w, p, st)
		if p.form != nil {
			s.formFields(w, p, "", "：", "<br>")
		}
		w.put("</td>")
	}
	w.put("</tr></table>\n", table, `<tr><td align="center" bgcolor="#dddddd">`, "\n")
	s.footer(w, p, "主办：", "", "&nbsp;&nbsp;")
	w.put("</td></tr></table>\n", p.bottom, "</body>\n</html>\n")
	return w.String()
}

func classicEntries(s *Site, w *writer, p *page, list []entry) {
	for _, e := range list {
		w.put(`<tr><td height="24">·<a href="`, s.link(p, e.url), `" title="`, esc(e.text), `">`, esc(e.text), "</a>")
		if e.pinned {
			w.put(`<font color="#b01c1c">[置顶]</font>`)
		}
		w.put("</td>")
		for _, m := range e.more {
			w.put("<td>", esc(m), "</td>")
		}
		if !e.date.IsZero() && len(e.more) == 0 {
			format := "[2006-01-02]"
			if p.kind == "home" {
				format = "[01-02]"
			}
			w.put(`<td align="right" width="90">`, e.date.Format(format), "</td>")
		}
		w.put("</tr>\n")
	}
}
