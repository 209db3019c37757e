package sitegen

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

var (
	trsItem = regexp.MustCompile(`^(.*/)\d{6}/t\d{8}_(\d+)\.html$`)
	trsList = regexp.MustCompile(`^(.*/)index(?:_(\d+))?\.html$`)
)

// trs is a site made by a system that writes static pages: addresses with the
// day of the item, links from the page's own folder, paging by a script.
func trs() *design {
	return &design{
		charset: "utf-8", per: 15, assets: "/images", dated: true,
		static: map[string]string{
			"base.css": "body{font-family:SimSun,serif;color:#333;margin:0}a{color:#333;text-decoration:none}.top,.nav{background:#1a5ca8;color:#fff}.nav a{color:#fff;padding:0 12px}.w{width:1100px;margin:0 auto}.news_list li{list-style:none;line-height:32px;border-bottom:1px dotted #ccc}.news_list span{float:right;color:#999}.ewb_tab td{border:1px solid #ccc;padding:6px}",
			"page.js": `function createPageHTML(_nPageCount,_nCurrIndex,_sPageName,_sPageExt){if(_nPageCount<=1){return;}
function at(i){return i==0?_sPageName+"."+_sPageExt:_sPageName+"_"+i+"."+_sPageExt;}
var h="";if(_nCurrIndex>0){h+="<a href='"+at(_nCurrIndex-1)+"'>上一页</a> ";}
for(var i=0;i<_nPageCount;i++){if(i<3||Math.abs(i-_nCurrIndex)<3||i==_nPageCount-1){h+=(i==_nCurrIndex?"<b>"+(i+1)+"</b> ":"<a href='"+at(i)+"'>"+(i+1)+"</a> ");}}
if(_nCurrIndex<_nPageCount-1){h+="<a href='"+at(_nCurrIndex+1)+"'>下一页</a>";}document.write(h);}
`},
		column: func(s *Site, c *column, n int) string { return folderOf(s, c) + pageWord("index", ".html", n, 0) },
		item: func(s *Site, c *column, i int) string {
			t := s.date(c, i)
			return fmt.Sprintf("%s%s/t%s_%d.html", folderOf(s, c), t.Format("200601"), t.Format("20060102"), s.id(c, i))
		},
		file: func(s *Site, c *column, i, k int, ext string) string {
			return fmt.Sprintf("%s%s/%d_%d.%s", folderOf(s, c), s.date(c, i).Format("200601"), s.id(c, i), k, ext)
		},
		parse: func(s *Site, r *http.Request) (node, bool) {
			if m := trsItem.FindStringSubmatch(r.URL.Path); m != nil {
				return s.byID(atoi(m[2], 1<<30))
			}
			p := r.URL.Path
			if strings.HasSuffix(p, "/") {
				p += "index.html"
			}
			if m := trsList.FindStringSubmatch(p); m != nil {
				if c, ok := columnOf(s, m[1]); ok {
					return node{c.n, -1, max(0, atoi("0"+m[2], 1<<20))}, true
				}
			}
			return node{}, false
		},
		link: func(s *Site, p *page, address string) string {
			if p.kind == "missing" || p.kind == "home" {
				return address
			}
			return relative(p.path, address)
		},
		render: trsPage,
	}
}

func trsPage(s *Site, p *page) string {
	w := &writer{}
	s.doc(w, p, "<!DOCTYPE html>", "zh-CN")
	w.put(`<meta charset="`, s.plan.Charset, "\">\n<title>", esc(p.head), "</title>\n")
	s.metas(w, p)
	w.put(`<link rel="stylesheet" href="`, s.link(p, "/images/base.css"), "\">\n", `<script src="`, s.link(p, "/images/page.js"), "\"></script>\n</head>\n<body>\n")
	w.put(`<div class="top"><div class="w"><a class="logo" href="`, s.link(p, "/"), `"><img src="`, s.link(p, "/images/pic/logo_420x70.png"), `" alt="`, esc(s.name()), `"></a><div class="aid">`)
	s.anchors(w, p, s.aids(p), "", " | ")
	w.put("</div>\n")
	s.searchForm(w, p)
	w.put(`</div></div><div class="nav"><ul class="w">`, "\n")
	s.anchors(w, p, s.navigation(p), "<li>", "</li>")
	w.put("</ul></div>\n<div class=\"w main\">\n")
	if p.kind != "home" {
		w.put(`<div class="position">您当前的位置：`)
		s.trail(w, p, " &gt; ")
		w.put("</div>\n")
	}
	st := style{para: [2]string{`<p style="text-indent:2em;">`, "</p>"}, heading: [2]string{`<p style="text-indent:2em;"><strong>`, "</strong></p>"}, table: `class="ewb_tab"`, image: [2]string{`<p style="text-align:center">`, "</p>"}}
	switch p.kind {
	case "home", "channel", "map", "platform":
		if p.kind != "home" {
			w.put("<h2>", esc(p.title), "</h2>\n")
		}
		s.blocks(w, p, st)
		for _, b := range p.parts {
			w.put(`<div class="mod"><h3><a href="`, s.link(p, b.url), `">`, esc(b.text), "</a></h3>\n")
			if len(b.entries) > 0 {
				w.put(`<ul class="news_list">`, "\n")
				trsEntries(s, w, p, b.entries)
				w.put("</ul>")
			}
			w.put("</div>\n")
		}
		if len(p.related) > 0 {
			w.put(`<div class="mod"><h3>机构信息</h3>`)
			s.anchors(w, p, p.related, "", " ")
			w.put("</div>\n")
		}
	case "list", "search":
		if p.kind == "search" {
			s.searchForm(w, p)
		}
		w.put(`<div class="lefter"><h3>`, esc(s.topName(p)), "</h3><ul>\n")
		s.anchors(w, p, s.siblings(p), "<li>", "</li>")
		w.put("</ul></div>\n", `<div class="righter"><h2>`, esc(p.title), "</h2>\n")
		s.blocks(w, p, st)
		if len(p.entries) > 0 {
			w.put(`<ul class="news_list">`, "\n")
			trsEntries(s, w, p, p.entries)
			w.put("</ul>\n")
		}
		if p.pages > 1 {
			w.putf("<div class=\"page\"><script>createPageHTML(%d, %d, \"index\", \"html\");</script></div>\n", p.pages, p.node.page)
		}
		w.put("</div>\n")
	case "item":
		w.put(`<div class="detail">`, "\n")
		if len(p.table) > 0 {
			w.put(`<table class="ewb_tab" width="100%">`, "\n")
			for i := 0; i < len(p.table); i += 2 {
				w.put("<tr>")
				for _, c := range p.table[i:min(len(p.table), i+2)] {
					w.put("<td>[ ", esc(c[0]), " ]</td><td>", esc(c[1]), "</td>")
				}
				w.put("</tr>\n")
			}
			w.put("</table>\n")
		}
		w.put(`<h1 class="title">`, esc(p.title), "</h1>\n", `<div class="xl_info">`)
		if t := p.time("2006-01-02 15:04"); t != "-" && t != "" {
			w.put(`<span>发布时间：`, t, "</span>　")
		}
		if p.source != "-" {
			w.put(`<span>来源：`, esc(p.source), "</span>　")
		}
		w.putf(`<span>浏览次数：%d 次</span>　<span>字体：【大 中 小】</span>　<a href="javascript:window.print();">打印</a></div>`+"\n", p.views)
		w.put(`<div class="TRS_Editor">`, "\n")
		s.blocks(w, p, st)
		w.put("</div>\n")
		if len(p.files) > 0 {
			w.put(`<div class="fj">附件下载：<br>`, "\n")
			s.anchors(w, p, p.files, "", "<br>")
			w.put("</div>\n")
		}
		w.put(`<div class="share">分享到：微信 微博　<a href="javascript:window.close();">关闭窗口</a></div>`, "\n")
		if len(p.related) > 0 {
			w.put(`<div class="xgxx"><h4>相关信息</h4><ul>`, "\n")
			s.anchors(w, p, p.related, "<li>", "</li>")
			w.put("</ul></div>\n")
		}
		w.put("</div>\n")
	default:
		w.put(`<div class="detail"><h2>`, esc(p.title), "</h2>\n")
		s.blocks(w, p, st)
		if p.form != nil {
			s.formFields(w, p, "<p>", "：", "</p>")
		}
		w.put("</div>\n")
	}
	w.put("</div>\n<div class=\"footer\"><div class=\"w\">\n")
	s.footer(w, p, "主办单位：", "<span>", "</span>")
	w.put("</div></div>\n", p.bottom, "</body>\n</html>\n")
	return w.String()
}

func trsEntries(s *Site, w *writer, p *page, list []entry) {
	for _, e := range list {
		w.put(`<li><a href="`, s.link(p, e.url), `" target="_blank" title="`, esc(e.text), `">`, esc(e.text), `</a>`)
		if e.pinned {
			w.put(`<em>[置顶]</em>`)
		}
		for _, m := range e.more {
			w.put(`<i>`, esc(m), `</i>`)
		}
		if !e.date.IsZero() && len(e.more) == 0 {
			w.put("<span>", e.date.Format("2006-01-02"), "</span>")
		}
		w.put("</li>\n")
	}
}

// topName and siblings are the heading and the lines of the menu beside a list.
func (s *Site) topName(p *page) string {
	if p.col == nil {
		return "网站"
	}
	if up := s.above(p.col); up != nil {
		return up.name
	}
	return p.col.name
}

func (s *Site) siblings(p *page) (list []ref) {
	if p.col == nil {
		return nil
	}
	for _, c := range s.columns {
		if c.parent == p.col.parent && c.parent >= 0 {
			list = append(list, ref{s.href(p.host, node{c.n, -1, 0}), c.name})
		}
	}
	return list
}
