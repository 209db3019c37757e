package sitegen

import (
	"fmt"
	"strings"
	"time"
)

// idBase is the number of the first item of the first column.
const idBase, idStep = 100000, 128

// id is the number of an item in addresses: later items have higher ones.
func (s *Site) id(c *column, i int) int { return idBase + (c.count-1-i)*idStep + c.n }

// byID finds an item by its number.
func (s *Site) byID(id int) (node, bool) {
	if id < idBase {
		return node{}, false
	}
	n := (id - idBase) % idStep
	if n >= len(s.columns) {
		return node{}, false
	}
	i := s.columns[n].count - 1 - (id-idBase)/idStep
	return node{n, i, 0}, i >= 0
}

// homeNode is the home page of the site.
func homeNode() node { return node{-1, -1, 0} }

// path is the address of a page below its host's root.
func (s *Site) path(n node) string {
	switch {
	case n.column < 0:
		return "/"
	case n.item < 0:
		return s.design.column(s, s.columns[n.column], n.page)
	}
	return s.design.item(s, s.columns[n.column], n.item)
}

// url is the whole address of a page, with the name of the host to be filled in.
func (s *Site) url(n node) string {
	host := "main"
	if n.column >= 0 {
		host = s.columns[n.column].host
	}
	return "http://{{" + host + "}}" + s.path(n)
}

func (s *Site) itemURL(c *column, i int) string  { return s.url(node{c.n, i, 0}) }
func (s *Site) columnURL(c *column) string       { return s.url(node{c.n, -1, 0}) }
func (s *Site) columnPath(key string) string     { return s.path(node{s.byKey[key].n, -1, 0}) }
func (s *Site) itemPath(c *column, i int) string { return s.path(node{c.n, i, 0}) }

// href is an address for a link on a page of host.
func (s *Site) href(host string, n node) string {
	if n.column >= 0 && s.columns[n.column].host != host || n.column < 0 && host != "main" {
		return s.url(n)
	}
	return s.path(n)
}

// SiteName, code and organ as they stand on every page.
func (s *Site) name() string { return s.government() }
func (s *Site) code() string { return s.place.code + fmt.Sprintf("%04d", 1+s.dice("code").n(40)) }

func (s *Site) marks() marks {
	d := s.dice("marks")
	police := s.place.code + fmt.Sprintf("%08d", 2000000+d.n(900))
	icp := fmt.Sprintf("渝ICP备%08d号-1", 5000000+d.n(900000))
	return marks{
		code: s.code(), icp: icp, police: police, organ: s.government() + "办公室", phone: s.phone("站点"),
		icpURL: "https://beian.miit.gov.cn/", policeURL: "https://beian.mps.gov.cn/#/query/webSearch?code=" + police,
		conac:   "https://bszs.conac.cn/sitename?method=show&id=" + fmt.Sprintf("%032X", d.next()),
		jiucuo:  "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=" + s.code(),
		siteMap: s.path(node{s.byKey["wzdt"].n, -1, 0}),
	}
}

// credit makes a unified social credit code with a right check digit (GB 32100).
func credit(seed uint64) string {
	const digits = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	weights := []int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	// The nine characters of the organisation have a check character of their own (GB 11714).
	body := fmt.Sprintf("%08d", seed%100000000)
	sum := 0
	for i, w := range []int{3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(body[i]-'0') * w
	}
	check := "0123456789X0"[11-sum%11 : 12-sum%11]
	if sum%11 == 0 || check == "X" { // the credit code's alphabet has X, but keep to digits
		return credit(seed + 1)
	}
	code := "11500000" + body + check
	sum = 0
	for i, w := range weights {
		sum += strings.IndexByte(digits, code[i]) * w
	}
	return code + string(digits[(31-sum%31)%31])
}

// page builds what stands at a node.
func (s *Site) page(n node) *page {
	var p *page
	switch {
	case n.column < 0:
		p = s.homePage()
	case n.item < 0:
		p = s.columnPage(s.columns[n.column], n.page)
	default:
		p = s.itemPage(s.columns[n.column], n.item)
	}
	for _, change := range s.changes[n] {
		change(p)
	}
	return p
}

func (s *Site) blank(n node, kind, title string) *page {
	p := &page{node: n, kind: kind, title: title, host: "main", status: 200, marks: s.marks()}
	if n.column >= 0 {
		p.col = s.columns[n.column]
		p.host = p.col.host
	}
	p.path = s.path(n)
	p.meta = []tag{{"SiteName", s.name()}, {"SiteDomain", "www." + s.place.domain + ".gov.cn"}, {"SiteIDCode", s.code()}}
	p.head = s.name()
	if p.col != nil {
		c := p.col
		p.meta = append(p.meta, tag{"ColumnName", c.name}, tag{"ColumnDescription", s.name() + "网站“" + c.name + "”栏目，公开与" + c.name + "有关的信息"},
			tag{"ColumnKeywords", c.name + "," + s.place.district}, tag{"ColumnType", s.columnType(c)})
		for up := c; up != nil; up = s.above(up) {
			p.crumbs = append([]ref{{s.href(p.host, node{up.n, -1, 0}), up.name}}, p.crumbs...)
		}
		p.head = title + "_" + s.name()
	}
	return p
}

func (s *Site) above(c *column) *column {
	if c.parent < 0 {
		return nil
	}
	return s.columns[c.parent]
}

func (s *Site) columnType(c *column) string {
	switch c.form {
	case news:
		if c.class == "news" {
			return "工作动态"
		}
	case notice:
		return "通知公告"
	case document, normative:
		return "政策文件"
	case interpretation:
		return "政策解读"
	case leader:
		return "领导信息"
	case organ:
		return "机构职能"
	case guide:
		return "办事服务"
	case letter:
		return "咨询投诉"
	case consultation:
		return "征集调查"
	case interview:
		return "在线访谈"
	}
	switch c.key {
	case "gkzn":
		return "信息公开指南"
	case "qqgk", "zjgk":
		return "概况信息"
	case "bsfw":
		return "办事服务"
	case "hdjl", "wyxx":
		return "咨询投诉"
	}
	return "其他"
}

// shownIn are the items of a column that its list shows.
func (s *Site) shownIn(c *column) []int {
	list := make([]int, 0, c.count)
	for i := range c.count {
		if len(s.hidden) == 0 || !s.hidden[node{c.n, i, 0}] {
			list = append(list, i)
		}
	}
	return list
}

func (s *Site) entry(host string, c *column, i int) entry {
	e := entry{ref: ref{s.href(host, node{c.n, i, 0}), s.title(c, i)}, date: s.date(c, i), pinned: i < c.pinned}
	for _, change := range s.changes[node{c.n, i, 0}] {
		// A change of an item may change its line: it is made on a page with nothing else.
		p := &page{title: e.text, date: e.date, kind: "entry"}
		change(p)
		e.text, e.date = p.title, p.date
		if p.shown == "-" {
			e.date = time.Time{}
		}
	}
	return e
}

// newest are the first entries of a column for a home page or an entrance.
func (s *Site) newest(host string, c *column, n int) part {
	b := part{ref: ref{s.href(host, node{c.n, -1, 0}), c.name}}
	for i := 0; i < c.count && len(b.entries) < n; i++ {
		if !s.hidden[node{c.n, i, 0}] {
			b.entries = append(b.entries, s.entry(host, c, i))
		}
	}
	return b
}

func (s *Site) homePage() *page {
	p := s.blank(homeNode(), "home", s.name())
	for _, c := range s.columns {
		if c.home && c.base == "" {
			p.parts = append(p.parts, s.newest("main", c, 7))
		}
	}
	return p
}

func (s *Site) below(c *column) (list []*column) {
	for _, k := range s.columns {
		if k.parent == c.n && !(s.flags["no-figures"] && k.shape == figures) {
			list = append(list, k)
		}
	}
	return list
}

func (s *Site) columnPage(c *column, n int) *page {
	p := s.blank(node{c.n, -1, n}, "list", c.name)
	switch c.shape {
	case list, guides, letters:
		s.listPage(p, c, n)
	case channel, topic, subhome:
		p.kind = "channel"
		for _, k := range s.below(c) {
			if k.isList() {
				b := s.newest(p.host, k, 5)
				if k.script {
					b.entries = nil
				}
				p.parts = append(p.parts, b)
			} else {
				p.parts = append(p.parts, part{ref: ref{s.href(p.host, node{k.n, -1, 0}), k.name}})
			}
		}
	case leaders, organs:
		p.kind = "channel"
		b := part{ref: ref{p.path, c.name}}
		for i := range c.count {
			if !s.hidden[node{c.n, i, 0}] {
				e := s.entry(p.host, c, i)
				e.date = time.Time{}
				if c.form == leader {
					e.more = []string{post(i)}
				}
				b.entries = append(b.entries, e)
			}
		}
		p.parts = []part{b}
	case single:
		p.kind = "text"
		s.singleText(p, c)
	case mailbox:
		p.kind = "form"
		s.formText(p, c)
	case platform:
		p.kind = "platform"
		s.platformText(p, c)
	case sitemap:
		p.kind = "map"
		for _, k := range s.columns {
			if k.parent < 0 && k.base == "" && k.shape != sitemap && !(s.flags["no-yearly-table"] && k.key == "wznb") {
				b := part{ref: ref{s.href(p.host, node{k.n, -1, 0}), k.name}}
				s.mapBelow(p, &b, k)
				p.parts = append(p.parts, b)
			}
		}
	case search:
		p.kind = "search"
	case figures:
		p.kind = "text"
		s.figureText(p)
	case domains:
		p.kind = "text"
		s.domainText(p, c)
	}
	return p
}

func (s *Site) mapBelow(p *page, b *part, k *column) {
	for _, c := range s.below(k) {
		b.entries = append(b.entries, entry{ref: ref{s.href(p.host, node{c.n, -1, 0}), c.name}})
		s.mapBelow(p, b, c)
	}
}

func (s *Site) listPage(p *page, c *column, n int) {
	shown := s.shownIn(c)
	per := s.design.per
	p.pages = max(1, (len(shown)+per-1)/per)
	if n >= p.pages {
		p.status = 404
		return
	}
	switch {
	case c.blank == "@link": // all that there is leads elsewhere
		p.body = append(p.body, block{kind: 'a', text: s.byKey["tzgg"].name, url: s.columnPath("tzgg")})
		return
	case strings.TrimSpace(c.blank) != "":
		p.text(c.blank)
		return
	case c.script || c.api:
		p.pages, p.body = 1, append(p.body, block{kind: 'r', text: s.loader(c)})
		return
	}
	for _, i := range shown[min(len(shown), n*per):min(len(shown), (n+1)*per)] {
		e := s.entry(p.host, c, i)
		switch c.form {
		case letter:
			asked, answered, state := s.asked(c, i)
			e.more = []string{"来信时间：" + asked.Format("2006-01-02"), "答复时间：" + answered, state}
		case consultation:
			from, to := s.period(c, i)
			state := "进行中"
			if to.Add(day).Before(s.t0) {
				state = "已结束"
			}
			e.more = []string{"征集时间：" + from.Format("2006-01-02") + "至" + to.Format("2006-01-02"), state}
		case guide:
			e.date = time.Time{}
			e.more = []string{services[i%len(services)].theme, s.brief(officeBy(services[i%len(services)].unit))}
		}
		p.entries = append(p.entries, e)
	}
	if c.shape == guides && n == 0 {
		p.body = append(p.body, block{kind: 'p', text: "办理事项按主题、部门和服务对象分类列出，个人办事与法人办事均可在线申办。"})
	}
	if c.shape == letters && n == 0 {
		p.text("来信一般在5个工作日内答复，情况复杂的可以延长，并向来信人说明。")
		p.body = append(p.body, block{kind: 'a', text: "我要写信", url: s.path(node{s.byKey["wyxx"].n, -1, 0})},
			block{kind: 'a', text: "信件统计", url: s.path(node{s.byKey["xjtj"].n, -1, 0})})
		if s.flags["no-figures"] {
			p.body = p.body[:len(p.body)-1]
		}
	}
}

// itemPage builds an item with what leads from it to others.
func (s *Site) itemPage(c *column, i int) *page {
	p := s.itemText(c, i)
	for _, k := range []int{i - 1, i + 1} {
		if k >= 0 && k < c.count && !s.hidden[node{c.n, k, 0}] {
			p.around = append(p.around, s.entry(p.host, c, k).ref)
		}
	}
	if c.isList() {
		for k := i + 2; k < min(c.count, i+6); k++ {
			if !s.hidden[node{c.n, k, 0}] {
				p.related = append(p.related, s.entry(p.host, c, k).ref)
			}
		}
	}
	return p
}

// itemText builds what an item says.
func (s *Site) itemText(c *column, i int) *page {
	p := s.blank(node{c.n, i, 0}, "item", s.title(c, i))
	unit := s.unitOf(c, i)
	d := s.dice("item", c.key, i)
	p.date = s.date(c, i)
	p.source, p.author = s.brief(unit), s.brief(unit)
	p.views = d.between(60, 4000)
	switch c.form {
	case news:
		s.newsText(p, c, i, d)
	case notice:
		s.noticeText(p, c, i, d)
	case document, normative:
		p.source, p.author = s.government()+"办公室", "区政府办公室"
		s.documentText(p, c, i, d)
	case interpretation:
		s.interpretationText(p, i, d)
	case rule:
		p.source, p.author = s.government()+"办公室", "区政府办公室"
		s.ruleText(p, c, i)
	case yearly:
		p.source, p.author = s.government()+"办公室", "区政府办公室"
		s.yearlyText(p, i)
	case letter:
		s.letterText(p, c, i, d)
	case guide:
		s.guideText(p, c, i)
	case leader:
		p.source, p.author = s.government()+"办公室", "区政府办公室"
		s.leaderText(p, i)
	case organ:
		p.source, p.author = s.full(offices[i%len(offices)]), s.brief(offices[i%len(offices)])
		s.organText(p, i)
	case consultation:
		s.consultationText(p, c, i, d)
	case interview:
		s.interviewText(p, c, i, d)
	case bulletin:
		p.source, p.author = "区统计局", "区统计局"
		s.bulletinText(p, c, i, d)
	case ordinary:
		s.matterText(p, c, i, d)
	}
	p.meta = append(p.meta, tag{"ArticleTitle", p.title}, tag{"PubDate", p.date.Format("2006-01-02 15:04")}, tag{"ContentSource", p.source})
	p.meta = append(p.meta, tag{"Keywords", s.topicOf(c, i)}, tag{"Author", p.author}, tag{"Description", s.summary(p)}, tag{"Url", s.url(p.node)})
	return p
}

// summary says in a sentence what an item is about.
func (s *Site) summary(p *page) string {
	for _, b := range p.body {
		if b.kind == 'p' && len(b.text) > 60 {
			text, _, _ := strings.Cut(b.text, "。")
			return text + "。"
		}
	}
	return p.title + "。"
}

func officeBy(short string) office {
	for _, o := range offices {
		if o.short == short {
			return o
		}
	}
	return offices[0]
}
