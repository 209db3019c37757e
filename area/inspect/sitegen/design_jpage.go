package sitegen

import (
	"fmt"
	"net/http"
	"regexp"
)

var (
	jpageItem = regexp.MustCompile(`^/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_(\d+)\.html$`)
	jpageList = regexp.MustCompile(`^/col/col(\d+)/index\.html$`)
)

// jpage is a site whose lists lie in the page as data between tags of a script,
// to be shown by it.
func jpage() *design {
	return &design{
		charset: "utf-8", header: true, per: 15, assets: "/picture", dated: true,
		static: map[string]string{
			"main.css": "body{font:14px/1.8 'Microsoft YaHei',sans-serif;color:#222}#top,#menu{background:#0b6e4f;color:#fff}#menu a{color:#fff;padding:10px}.bt_content{font-size:16px}",
			"jpage.js": `(function(){var d=document.querySelectorAll('script[type="text/xml"]');for(var i=0;i<d.length;i++){var x=d[i].textContent,r=/<record><!\[CDATA\[([\s\S]*?)\]\]><\/record>/g,m,h='';while((m=r.exec(x))){h+=m[1];}
var u=document.createElement('ul');u.innerHTML=h;d[i].parentNode.insertBefore(u,d[i]);}})();
`},
		column: func(s *Site, c *column, n int) string {
			path := fmt.Sprintf("/col/col%d/index.html", 1200+c.n)
			if n > 0 {
				path += fmt.Sprintf("?uid=%d&pageNum=%d", 4400+c.n, n+1)
			}
			return path
		},
		item: func(s *Site, c *column, i int) string {
			t := s.date(c, i)
			return fmt.Sprintf("/art/%d/%d/%d/art_%d_%d.html", t.Year(), t.Month(), t.Day(), 1200+c.n, s.id(c, i))
		},
		file: func(s *Site, c *column, i, k int, ext string) string {
			return fmt.Sprintf("/module/download/%d_%d.%s", s.id(c, i), k, ext)
		},
		parse: func(s *Site, r *http.Request) (node, bool) {
			if m := jpageItem.FindStringSubmatch(r.URL.Path); m != nil {
				return s.byID(atoi(m[1], 1<<30))
			}
			if m := jpageList.FindStringSubmatch(r.URL.Path); m != nil {
				n := atoi(m[1], 1<<20) - 1200
				return node{n, -1, max(1, atoi("0"+r.URL.Query().Get("pageNum"), 1<<20)) - 1}, n >= 0 && n < len(s.columns)
			}
			return node{}, false
		},
		render: jpagePage,
	}
}

func jpagePage(s *Site, p *page) string {
	w := &writer{}
	s.doc(w, p, "<!DOCTYPE html>", "zh")
	w.put("<title>", esc(p.head), "</title>\n", `<meta http-equiv="Content-Type" content="text/html; charset=`, s.plan.Charset, "\">\n")
	s.metas(w, p)
	w.put(`<link rel="stylesheet" type="text/css" href="/picture/main.css">`, "\n</head>\n<body>\n<div id=\"top\"><h1>", esc(s.name()), "</h1><p>")
	s.anchors(w, p, s.aids(p), "", "&nbsp;")
	w.put("</p>")
	s.searchForm(w, p)
	w.put("</div>\n<div id=\"menu\">\n")
	s.anchors(w, p, s.navigation(p), "", "")
	w.put("</div>\n")
	if p.kind != "home" {
		w.put(`<table width="100%"><tr><td>您现在的位置：`)
		s.trail(w, p, " &gt;&gt; ")
		w.put("</td></tr></table>\n")
	}
	st := style{para: [2]string{`<p style="text-indent: 2em; line-height: 2em;"><span style="font-size: 12pt;">`, "</span></p>"}, heading: [2]string{`<p style="text-indent: 2em;"><b>`, "</b></p>"}, table: `border="1" cellspacing="0"`, image: [2]string{`<p style="text-align: center;">`, "</p>"}, definitions: true}
	line := func(e entry) string {
		v := &writer{}
		v.put(`<li><a href='`, s.link(p, e.url), `' title='`, esc(e.text), `' target='_blank'>`, esc(e.text), `</a>`)
		if e.pinned {
			v.put(`<font>【置顶】</font>`)
		}
		for _, m := range e.more {
			v.put("<b>", esc(m), "</b>")
		}
		if !e.date.IsZero() && len(e.more) == 0 {
			v.put(`<span class="bt-date">`, e.date.Format("2006-01-02"), `</span>`)
		}
		v.put("</li>")
		return v.String()
	}
	store := func(list []entry) {
		w.put(`<div class="default_pgContainer"><script type="text/xml"><datastore>`, "\n")
		w.putf("<totalrecord>%d</totalrecord><totalpage>%d</totalpage>\n<recordset>\n", len(list), max(1, p.pages))
		for _, e := range list {
			w.put("<record><![CDATA[", line(e), "]]></record>\n")
		}
		w.put("</recordset></datastore></script></div>\n")
	}
	plain := func(list []entry) {
		w.put("<ul>\n")
		for _, e := range list {
			w.put(line(e), "\n")
		}
		w.put("</ul>\n")
	}
	switch p.kind {
	case "home", "channel", "map", "platform":
		if p.kind != "home" {
			w.put(`<h2 class="lmmc">`, esc(p.title), "</h2>\n")
		}
		s.blocks(w, p, st)
		for _, b := range p.parts {
			w.put(`<div class="bk"><div class="bk_title"><a href="`, s.link(p, b.url), `">`, esc(b.text), "</a></div>\n")
			if len(b.entries) > 0 {
				plain(b.entries)
			}
			w.put("</div>\n")
		}
		s.anchors(w, p, p.related, "<p>", "</p>")
	case "list", "search":
		w.put(`<div class="zuo">`)
		s.anchors(w, p, s.siblings(p), "<dd>", "</dd>")
		w.put(`</div><div class="you"><h2 class="lmmc">`, esc(p.title), "</h2>\n")
		s.blocks(w, p, st)
		switch {
		case p.kind == "search":
			plain(p.entries)
		case len(p.entries) > 0:
			store(p.entries)
		}
		if p.pages > 1 {
			w.put(`<div class="pagination">`)
			for n := range p.pages {
				if n < 2 || n > p.pages-2 || n-p.node.page < 3 && p.node.page-n < 3 {
					w.putf(`<a href="%s">%d</a> `, esc(s.path(node{p.node.column, -1, n})), n+1)
				}
			}
			w.putf("共 %d 页</div>\n", p.pages)
		}
		w.put("</div>\n")
	case "item":
		if len(p.table) > 0 {
			w.put(`<table class="xxgk_top"><tbody>`, "\n")
			for i := 0; i < len(p.table); i += 2 {
				w.put("<tr>")
				for _, c := range p.table[i:min(len(p.table), i+2)] {
					w.put(`<td class="bt">`, esc(c[0]), `</td><td>`, esc(c[1]), "</td>")
				}
				w.put("</tr>\n")
			}
			w.put("</tbody></table>\n")
		}
		w.put(`<div class="main-fl-tit"><!--<$[标题]>begin-->`, esc(p.title), `<!--<$[标题]>end--></div>`, "\n<div class=\"main-fl-riqi\">")
		if t := p.time("2006-01-02 15:04"); t != "-" && t != "" {
			w.put("发布日期：", t, "&nbsp;&nbsp;")
		}
		w.putf("浏览次数：%d&nbsp;&nbsp;", p.views)
		if p.source != "-" {
			w.put("来源：", esc(p.source), "&nbsp;&nbsp;")
		}
		w.put("字号：[ 大 中 小 ]</div>\n<div class=\"bt_content\"><div id=\"zoom\"><!--ZJEG_RSS.content.begin-->\n")
		s.blocks(w, p, st)
		for _, f := range p.files {
			w.put(`<p><img src="/picture/pic/icon_16x16.png" alt="附件图标"><a href="`, s.link(p, f.url), `">`, esc(f.text), "</a></p>\n")
		}
		w.put("<!--ZJEG_RSS.content.end--></div></div>\n", `<div class="dy"><a href="javascript:window.print()">打印</a> <a href="javascript:window.close()">关闭</a></div>`, "\n")
		s.anchors(w, p, p.around, `<div class="pre">`, "</div>")
	default:
		w.put(`<div class="nr"><h2>`, esc(p.title), "</h2>\n")
		s.blocks(w, p, st)
		if p.form != nil {
			s.formFields(w, p, "<div>", "：", "</div>")
		}
		w.put("</div>\n")
	}
	w.put(`<div id="bottom"><p>`, "\n")
	s.footer(w, p, "主办单位：", "", " | ")
	w.put("</p></div>\n", `<script src="/picture/jpage.js"></script>`, "\n", p.bottom, "</body>\n</html>\n")
	return w.String()
}
