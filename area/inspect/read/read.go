// Package read turns an HTML page of a government website into what stands in
// it: kind, title, day, source, text, links with their places, the entries of a
// list and its further pages, forms, page-label tags, the marks of header and
// footer. It fetches nothing and knows no site: what a part is follows from
// landmarks, position, density of links, repetition and the words that such
// pages use everywhere.
package read

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html/atom"

	"gongkai/area/inspect/fact"
)

// MaxBody is the size in bytes up to which a page is read; the rest is ignored.
const MaxBody = 16 << 20

// Hints are what is known of a page beside itself. The zero Hints are right
// where nothing is known.
type Hints struct {
	Home     bool   // it is the site's home page, whatever its address
	SiteName string // registered name of the site, cut off titles; "" = that of the page's own tags
	Rendered bool   // the body came out of a browser
}

// page is a page while it is read.
type page struct {
	*tree
	*resolver
	r    fact.Reading
	self string // the address of the page
	meta map[string]string

	siteName  string
	text      []line
	fieldList []field
	titleOf   map[*node]string

	bodyNode  *node // holds most of the running text
	main      *node // holds text and list, without furniture
	list      *group
	groupList []group
	grouped   map[*node]bool
	crumbBox  *node
	linkNodes []*node // of the reading's links

	headLine, headEnd, bodyLine, bodyEnd, metaLine int // in text; -1 = none
	bodyChars, proseChars                          int
	blocks, blockRows                              int // groups of three lines or more, and their lines
	isItem, allLists                               bool
	pagerAt                                        int32 // place of the first link to another page of the list; -1 = none
	paramKnown, organMain                          bool
	paramText                                      string
}

// Page reads one page. body is UTF-8; address is where it was fetched (behind
// all redirects) and makes its references absolute. It is bounded in depth,
// elements and links, and never fails on what a body holds; the error says that
// the address is none.
func Page(address string, body []byte, h Hints) (*fact.Reading, error) {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" && base.Scheme != "file" {
		return nil, fmt.Errorf("read page: %q is no absolute address", address)
	}
	body = bytes.TrimPrefix(body[:min(len(body), MaxBody)], []byte("\xef\xbb\xbf"))
	p := &page{tree: grow(body), self: address, meta: map[string]string{}, titleOf: map[*node]string{}, grouped: map[*node]bool{}}
	p.resolver = newResolver(base)
	p.r.Rendered = h.Rendered
	p.head()
	p.siteName = first(h.SiteName, p.meta["sitename"])
	p.measure()
	p.regions()
	p.text = p.lines()
	p.breadcrumb()
	p.bodyNode = p.body(p.text)
	p.paging()
	p.lists()
	p.itemHead()
	p.fields()
	p.heading()
	p.span()
	p.published()
	p.origin()
	p.ownText()
	p.links()
	p.forms()
	p.marks()
	p.guide()
	p.parts()
	p.r.Jump = p.jump()
	p.r.Scripted = p.scripted()
	p.r.Missing = p.missing()
	p.r.Kind = p.kind(h)
	switch p.r.Kind {
	case fact.Content, fact.Guide, fact.Jump, fact.Overview:
		p.settleItem()
	case fact.Leader:
	default:
		p.settleList()
	}
	for i, n := range p.linkNodes { // what is list and what is body is known only now
		p.r.Links[i].Place = p.place(n)
	}
	return &p.r, nil
}

// head reads <title>, <base> and the meta tags. Names are kept as written in
// Reading.Meta and without case here, with the usual misspellings put right.
func (p *page) head() {
	p.r.Meta = map[string]string{}
	for _, n := range p.all[1:] {
		switch n.tag {
		case atom.Title:
			if p.r.Title == "" && !n.inside(atom.Svg) {
				p.r.Title = cutRunes(strings.TrimSpace(n.textOf()), 500)
			}
		case atom.Base:
			if ref := p.abs(n.attr("href")); ref != "" {
				if u, err := url.Parse(ref); err == nil && u.Host != "" {
					p.resolver = newResolver(u)
				}
			}
		case atom.Meta:
			name := strings.TrimSpace(first(n.attr("name"), n.attr("property")))
			if name == "" || len(p.r.Meta) >= 200 || len(name) > 100 {
				continue
			}
			value := cutRunes(strings.TrimSpace(clean(n.attr("content"))), 2000)
			if old, ok := p.r.Meta[name]; !ok || old == "" {
				p.r.Meta[name] = value
			}
			if key := tagName(name); p.meta[key] == "" {
				p.meta[key] = value
			}
		}
	}
}

func (n *node) textOf() string {
	var b strings.Builder
	for c := n.first; c != nil; c = c.next {
		b.WriteString(c.text)
	}
	return b.String()
}

// tagName gives a page-label tag its name in lower case, also where it is
// misspelt in one of the usual ways.
func tagName(name string) string {
	key := strings.ToLower(strings.TrimSpace(name))
	switch strings.NewReplacer("-", "", "_", "", " ", "").Replace(key) {
	case "sitename":
		return "sitename"
	case "sitedomain", "sitedomin", "sitedoamin", "siteurl":
		return "sitedomain"
	case "siteidcode", "sitecode", "siteid", "siteidcod", "sitidcode":
		return "siteidcode"
	case "columnname", "colunmname", "columname":
		return "columnname"
	case "columndescription", "colunmdescription", "columndesc", "columndiscription":
		return "columndescription"
	case "columnkeywords", "columnkeyword", "colunmkeywords", "columnkeyswords":
		return "columnkeywords"
	case "columntype", "colunmtype", "columtype":
		return "columntype"
	case "articletitle", "articeltitle", "artcletitle", "articaltitle", "aritcletitle":
		return "articletitle"
	case "pubdate", "pubdata", "publishdate", "publicdate":
		return "pubdate"
	case "contentsource", "contensource", "contentsourse", "contentsouce", "source":
		return "contentsource"
	case "author":
		return "author"
	}
	return key
}

// lists finds the groups, chooses the page's own list and counts the blocks of a
// page that is an entrance to several columns.
func (p *page) lists() {
	p.groupList = p.groups()
	for i := range p.groupList {
		g := &p.groupList[i]
		for k := range g.rows {
			p.grouped[g.rows[k].node] = true
		}
		if len(g.rows) >= 3 && g.box.region == plain && !offers(p.headingBefore(g)) {
			p.blocks++
			p.blockRows += len(g.rows)
		}
	}
	p.list = p.choose(p.groupList)
	if p.list == nil {
		return
	}
	if p.list.score < 2 || len(p.list.rows) == 1 && p.list.dated == 0 {
		p.list = nil
		return
	}
	for k := range p.list.rows {
		p.r.Entries = append(p.r.Entries, p.list.rows[k].entry...)
	}
	if len(p.r.Entries) == 0 {
		p.list = nil
	}
}

// inGroup tells whether a node stands in a row of some list.
func (p *page) inGroup(n *node) bool {
	for ; n != nil; n = n.parent {
		if p.grouped[n] {
			return true
		}
	}
	return false
}

// itemHead notes the first line that looks like the head of an item: a day or a
// source beside few other words.
func (p *page) itemHead() {
	p.metaLine = -1
	for i := range p.text {
		l := &p.text[i]
		if l.hidden || l.region == nav || l.region == foot || l.region == side || l.region == crumb || l.chars > 150 || l.linked*2 > l.chars {
			continue
		}
		if p.inGroup(l.node) {
			continue
		}
		text := plainDigits(l.text)
		for _, g := range labels.FindAllStringSubmatchIndex(text, 10) {
			name := strings.Trim(strings.ReplaceAll(text[g[2]:g[3]], " ", ""), "]】)）")
			if dateNames[name] >= 5 && len(moments(text, 1)) > 0 || sourceNames[name] >= 4 {
				p.metaLine = i
				return
			}
		}
	}
}

// span notes where the running text begins and ends among the lines.
func (p *page) span() {
	p.bodyLine, p.bodyEnd = -1, -1
	for i := range p.text {
		l := &p.text[i]
		if !l.prose() {
			continue
		}
		p.proseChars += l.chars - l.linked
		if p.bodyNode != nil && l.node.within(p.bodyNode) && i != p.headLine && !(l.chars < 150 && labels.MatchString(l.text)) && !(i > 0 && alone(p.text[i-1].text)) {
			if p.bodyLine < 0 {
				p.bodyLine = i
			}
			p.bodyEnd = i
			p.bodyChars += l.chars - l.linked
		}
	}
	if p.bodyEnd < 0 {
		p.bodyEnd = len(p.text)
	}
}

// origin reads source, unit, number and index of an item: its tags first, then
// its own marks.
func (p *page) origin() {
	r := &p.r
	if v, ok := unitValue(p.meta["contentsource"]); ok {
		r.Source = v
	} else {
		r.Source = p.pick(sourceNames, unitValue)
	}
	r.Unit = p.pick(unitNames, unitValue)
	if r.Unit == "" {
		if v, ok := unitValue(p.meta["author"]); ok && runes(v) >= 4 && len(v) >= 3*runes(v) { // of Chinese characters
			r.Unit = v
		}
	}
	r.Number = p.pick(map[string]int{"文号": 5, "发文字号": 6, "发文文号": 5, "公文文号": 5, "文件编号": 3, "文件字号": 5, "字号": 1}, func(s string) (string, bool) {
		s = strings.TrimSpace(s)
		if g := docNumber.FindString(s); g != "" && runes(s) < 60 {
			return strings.ReplaceAll(g, " ", ""), true
		}
		return "", false
	})
	if r.Number == "" { // under the title of a document stands its number and nothing else
		for i := max(p.headLine, 0); i < len(p.text) && i <= p.headLine+6 && p.headLine >= 0; i++ {
			l := &p.text[i]
			s := strings.Trim(strings.ReplaceAll(l.text, " ", ""), "（）()")
			if l.chars < 30 && l.region == plain && docNumber.FindString(s) == s && s != "" {
				r.Number = s
				break
			}
		}
	}
	r.Index = p.pick(map[string]int{"索引号": 5, "信息索引号": 5, "信息索引": 4, "索取号": 4}, func(s string) (string, bool) {
		v := indexForm.FindString(strings.TrimSpace(s))
		return v, v != ""
	})
}

// ownText puts together the page's own words, a paragraph a line: what stands in
// the body of an item, or on other pages all that is no furniture, no list and
// no row of links.
func (p *page) ownText() {
	p.main = p.bodyNode
	if p.list != nil {
		p.main = ancestor(p.main, p.list.box)
	}
	p.r.Text = p.join(func(i int, l *line) bool { return true })
	p.r.Words = runes(strings.ReplaceAll(p.r.Text, "\n", ""))
	for i := range p.text {
		l := &p.text[i]
		if !l.hidden && l.chars < 60 && (l.region == plain || l.region == head) && l.linked == 0 && blankWords.MatchString(l.text) && !p.inGroup(l.node) {
			p.r.Empty = p.proseChars < 120 && len(p.r.Entries) == 0
			break
		}
	}
	p.picture()
}

// join collects lines that are the page's own words and that take approves.
func (p *page) join(take func(int, *line) bool) string {
	var b strings.Builder
	for i := range p.text {
		l := &p.text[i]
		if l.hidden || l.region != plain || p.headLine >= 0 && i >= p.headLine && i <= p.headEnd {
			continue
		}
		if p.crumbBox != nil && l.node.within(p.crumbBox) {
			continue
		}
		inBody := p.bodyNode != nil && p.bodyNode != p.root && l.node.within(p.bodyNode)
		if p.inList(l.node) || l.linked*10 > l.chars*6 && (!inBody || !p.isItem && p.inGroup(l.node)) || !inBody && p.inGroup(l.node) || furnitureLine(l) {
			continue
		}
		if !take(i, l) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l.text)
	}
	return b.String()
}

// furnitureLine tells lines that belong to the tools of a page wherever they stand.
func furnitureLine(l *line) bool {
	s, c := l.text, l.chars
	if c > 60 {
		return false
	}
	if l.cell { // a number there is a number
		return c < 40 && toolLine(s)
	}
	trimmed := strings.Trim(s, " []【】()（）|：:·>")
	return noTitle.MatchString(trimmed) || pagerWord.MatchString(trimmed) || c < 40 && toolLine(s)
}

func toolLine(s string) bool {
	for _, w := range [...]string{"扫一扫", "分享到", "分享：", "字体：", "字号：", "打印本页", "关闭窗口", "【打印", "[打印", "返回顶部", "手机版", "浏览次数", "浏览量", "阅读次数", "点击数", "责任编辑", "设为首页", "加入收藏", "您是第"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return crumbStart.MatchString(s)
}

// picture tells whether a picture stands in place of the text: fewer than 30
// characters beside one that fills the body.
func (p *page) picture() {
	if p.bodyChars >= 30 || len(p.r.Entries) > 3 {
		return
	}
	from := int32(0)
	if p.metaLine >= 0 {
		from = p.text[p.metaLine].from
	} else if p.headLine >= 0 {
		from = p.text[p.headLine].from
	} else {
		return
	}
	big := 0
	for _, n := range p.all[from:] {
		if n.tag != atom.Img || n.region != plain || n.hidden || n.inside(atom.A) || p.inGroup(n) {
			continue
		}
		src := strings.ToLower(first(n.attr("data-src"), n.attr("src")))
		if src == "" || strings.Contains(src, "icon") || strings.Contains(src, "logo") || strings.Contains(src, "qr") || strings.Contains(src, "ewm") || strings.Contains(src, "share") || strings.HasSuffix(src, ".gif") {
			continue
		}
		big++
	}
	p.r.Picture = big > 0 && (p.metaLine >= 0 || usableTag(p.meta["articletitle"]))
}

func ancestor(a, b *node) *node {
	if a == nil {
		return b
	}
	for ; a != nil; a = a.parent {
		if b.within(a) {
			return a
		}
	}
	return nil
}

// missing tells whether the page says that it does not exist, in its title or in
// few words (WEB-82).
func (p *page) missing() bool {
	if missing.MatchString(p.r.Title) || strings.TrimSpace(p.r.Title) == "404" {
		return p.proseChars < 400
	}
	if p.proseChars > 160 || len(p.r.Entries) > 2 || usableTag(p.meta["articletitle"]) {
		return false
	}
	for i := range p.text {
		l := &p.text[i]
		if !l.hidden && l.region != nav && l.region != foot && l.chars < 80 && l.linked*2 < l.chars+1 && !p.inGroup(l.node) && missing.MatchString(l.text) {
			return true
		}
	}
	return false
}

// settleItem clears what only a list has, and keeps to the body of the text.
func (p *page) settleItem() {
	p.r.Entries, p.r.Next = nil, itemPages(p.r.Next, p.self)
	p.list, p.main, p.isItem = nil, p.bodyNode, true
	start := int32(0)
	if p.headLine >= 0 {
		start = p.text[p.headLine].from
	}
	stop := len(p.text) // where other items are offered, or the lines of lists begin
	for i := p.bodyEnd + 1; i < len(p.text); i++ {
		l := &p.text[i]
		if p.inGroup(l.node) || l.chars < 20 && (hotWords.MatchString(l.text) || l.level > 0) {
			stop = i
			break
		}
	}
	p.r.Text = p.join(func(i int, l *line) bool {
		if l.from < start || i >= stop && (p.bodyNode == nil || p.bodyNode == p.root) {
			return false
		}
		if before := p.bodyLine < 0 || i < p.bodyLine; before && (i <= p.headLine+8 && labels.MatchString(l.text) || alone(l.text) || i > 0 && alone(p.text[i-1].text)) {
			return false
		}
		if p.bodyNode == nil || l.node.within(p.bodyNode) {
			return true
		}
		return i > p.headLine && i < p.bodyEnd
	})
	p.r.Words = runes(strings.ReplaceAll(p.r.Text, "\n", ""))
}

// itemPages keeps the further pages of a long item: those whose address begins
// as its own does.
func itemPages(next []string, self string) (own []string) {
	stem := self
	if i := strings.LastIndexByte(self, '.'); i > strings.LastIndexByte(self, '/') {
		stem = self[:i]
	}
	for _, n := range next {
		if strings.HasPrefix(n, stem) {
			own = append(own, n)
		}
	}
	return own
}

// allEntries takes the entries of all lists of a page that has no list of its own.
func (p *page) allEntries() {
	p.allLists, p.r.Entries = true, nil
	seen := map[string]bool{}
	for i := range p.groupList {
		for k := range p.groupList[i].rows {
			for _, e := range p.groupList[i].rows[k].entry {
				if !seen[e.URL] {
					seen[e.URL] = true
					p.r.Entries = append(p.r.Entries, e)
				}
			}
		}
	}
}

// settleList clears what only an item has.
func (p *page) settleList() {
	if p.r.Kind == fact.Home {
		p.r.Heading = first(p.siteName, p.titleAlone())
	}
	if p.r.Kind == fact.Home || p.r.Kind == fact.Section {
		p.allEntries()
	}
	if p.r.Kind == fact.Home || p.r.Kind == fact.Section || p.r.Kind == fact.List || p.r.Kind == fact.Disclosure || p.r.Kind == fact.Search || p.r.Kind == fact.Library {
		if p.r.DateFrom != "meta" {
			p.r.Published, p.r.DateFrom = time.Time{}, ""
		}
		p.r.Source, p.r.Number, p.r.Index = "", "", ""
	}
}
