package sitegen

import (
	"fmt"
	"net/http"
	"strings"
)

// design is how a site looks and how its addresses are made.
type design struct {
	charset string
	header  bool // the header Content-Type names the charset
	query   bool // addresses differ by what stands behind "?"
	per     int  // entries on a page of a list
	assets  string
	static  map[string]string // style sheets and scripts, by name
	column  func(s *Site, c *column, page int) string
	item    func(s *Site, c *column, i int) string
	file    func(s *Site, c *column, i, k int, ext string) string
	parse   func(s *Site, r *http.Request) (node, bool)
	link    func(s *Site, p *page, address string) string // nil = from the root
	render  func(s *Site, p *page) string
	layOut  func(s *Site)                                              // further columns
	more    func(s *Site, w http.ResponseWriter, r *http.Request) bool // further addresses
	dated   bool                                                       // an item's address holds its day
}

func designs() map[string]*design {
	return map[string]*design{
		"trs": trs(), "classic": classic(), "jpage": jpage(), "post": post47(),
		"modern": modern(), "group": group(), "query": queried(),
	}
}

// navigation are the columns of the main navigation.
func (s *Site) navigation(p *page) []ref {
	list := []ref{{s.href(p.host, homeNode()), "首页"}}
	for _, c := range s.columns {
		if c.nav {
			list = append(list, ref{s.href(p.host, node{c.n, -1, 0}), c.name})
		}
	}
	return list
}

// aids are the links of a page's head that help: elderly version, search, English.
func (s *Site) aids(p *page) []ref {
	list := []ref{{s.href(p.host, node{s.byKey["ghb"].n, -1, 0}), "无障碍浏览·长者版"}}
	if c := s.byKey["english"]; c != nil {
		list = append(list, ref{s.href(p.host, node{c.n, -1, 0}), "English"})
	}
	return list
}

func (s *Site) searchPath(p *page) string { return s.href(p.host, node{s.byKey["search"].n, -1, 0}) }

// footer writes the marks of a site, each between open and shut.
func (s *Site) footer(w *writer, p *page, organ, open, shut string) {
	m := p.marks
	put := func(lack bool, parts ...string) {
		if !lack {
			w.put(open)
			w.put(parts...)
			w.put(shut, "\n")
		}
	}
	put(m.noMap, `<a href="`, s.link(p, s.href(p.host, node{s.byKey["wzdt"].n, -1, 0})), `">网站地图</a>`)
	put(m.noPhone, `<a href="`, s.link(p, s.href(p.host, node{s.byKey["lxwm"].n, -1, 0})), `">联系我们</a>`)
	put(s.flags["no-yearly-table"], `<a href="`, s.link(p, s.href(p.host, node{s.byKey["wznb"].n, -1, 0})), `">政府网站年度报表</a>`)
	put(m.noOrgan, organ, esc(m.organ))
	put(m.noPhone, "联系电话：", esc(m.phone))
	put(m.noCode, "网站标识码：", esc(m.code))
	put(m.noICP, `<a href="`, esc(m.icpURL), `" target="_blank">`, esc(m.icp), `</a>`)
	put(m.noPolice, `<a href="`, esc(m.policeURL), `" target="_blank"><img src="`, s.link(p, s.design.assets+"/pic/police_20x20.png"), `" alt="公安备案图标">渝公网安备 `, esc(m.police), `号</a>`)
	put(m.noConac, `<a href="`, esc(m.conac), `" target="_blank"><img src="`, s.link(p, s.design.assets+"/pic/conac_60x60.png"), `" alt="党政机关网站标识"></a>`)
	put(m.noJiucuo, `<a href="`, esc(m.jiucuo), `" target="_blank"><img src="`, s.link(p, s.design.assets+"/pic/jiucuo_100x50.png"), `" alt="我为政府网站找错"></a>`)
}

// anchors writes links one after the other.
func (s *Site) anchors(w *writer, p *page, list []ref, open, shut string) {
	for _, r := range list {
		w.put(open, `<a href="`, s.link(p, r.url), `">`, esc(r.text), `</a>`, shut, "\n")
	}
}

// crumbs writes the way from the home page.
func (s *Site) trail(w *writer, p *page, between string) {
	w.put(`<a href="`, s.link(p, s.href(p.host, homeNode())), `">首页</a>`)
	for _, c := range p.crumbs {
		w.put(between, `<a href="`, s.link(p, c.url), `">`, esc(c.text), `</a>`)
	}
	if p.kind == "item" {
		w.put(between, "正文")
	}
}

// formFields writes a form.
func (s *Site) formFields(w *writer, p *page, open, middle, shut string) {
	f := p.form
	w.put(`<form method="post" action="`, s.link(p, f.action), `">`, "\n")
	for i, name := range f.fields {
		w.putf(`%s<label for="f%d">%s</label>%s<input type="text" id="f%d" name="f%d">%s`+"\n", open, i, esc(name), middle, i, i, shut)
	}
	w.put(open, `<input type="submit" value="`, esc(f.button), `">`, shut, "\n</form>\n")
}

// searchForm writes the form of the site's search.
func (s *Site) searchForm(w *writer, p *page) {
	w.put(`<form method="get" action="`, s.link(p, s.searchPath(p)), `"><input type="text" name="q" title="站内搜索" placeholder="请输入关键词"><input type="submit" value="搜索"></form>`, "\n")
}

// doc writes what comes before <body>.
func (s *Site) doc(w *writer, p *page, doctype, lang string) {
	if p.lang != "" {
		lang = p.lang
	}
	w.put(doctype, "\n<html lang=\"", lang, "\">\n<head>\n")
}

// folderOf makes addresses of columns as folders: /parent/key/.
func folderOf(s *Site, c *column) string {
	path := c.base
	if up := s.above(c); up != nil {
		path = folderOf(s, up)
		return path + c.key + "/"
	}
	return path + "/" + c.key + "/"
}

// columnOf finds a column by the last folder of a path.
func columnOf(s *Site, folder string) (*column, bool) {
	parts := strings.Split(strings.Trim(folder, "/"), "/")
	c, ok := s.byKey[parts[len(parts)-1]]
	return c, ok
}

// pageWord makes the file name of a page of a list: index.html, index_1.html.
func pageWord(word, ext string, page, first int) string {
	if page == 0 {
		return word + ext
	}
	return fmt.Sprintf("%s_%d%s", word, page+first, ext)
}
