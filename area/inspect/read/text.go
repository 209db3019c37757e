package read

import (
	"cmp"
	"strings"
	"time"

	"golang.org/x/net/html/atom"

	"gongkai/area/inspect/fact"
)

// span notes where the running text begins and ends among the lines.
func (p *page) span() {
	p.bodyLine, p.bodyEnd = -1, -1
	for i := range p.text {
		l := &p.text[i]
		if l.region == plain && !l.hidden {
			p.plainChars += l.chars
		}
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
	for _, w := range [...]string{"扫一扫", "分享到", "分享：", "字体：", "字号：", "打印本页", "关闭窗口", "【打印", "[打印", "返回顶部", "手机版", "浏览次数", "浏览量", "阅读次数", "点击数", "责任编辑", "设为首页", "加入收藏", "您是第", "今天是", "现在是"} {
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
		src := strings.ToLower(cmp.Or(n.attr("data-src"), n.attr("src")))
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
	p.itemHeadFields()
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
		if before := p.bodyLine < 0 || i < p.bodyLine; before && (i <= p.headLine+8 && labels.MatchString(l.text) || alone(l.text) || i > 0 && alone(p.text[i-1].text) || l.chars < 40 && len(moments(l.text, 1)) > 0 && i <= p.headLine+4) {
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
		p.r.Heading = cmp.Or(p.siteName, p.titleAlone())
	}
	switch {
	case p.r.Kind == fact.Home || p.r.Kind == fact.Section:
		p.allEntries()
	case p.r.Kind == fact.Disclosure && p.list != nil && p.list.dated == 0: // a directory of units
		p.list, p.r.Entries = nil, nil
	}
	if p.r.Kind == fact.Home || p.r.Kind == fact.Section || p.r.Kind == fact.List || p.r.Kind == fact.Disclosure || p.r.Kind == fact.Search || p.r.Kind == fact.Library {
		if p.r.DateFrom != "meta" {
			p.r.Published, p.r.DateFrom = time.Time{}, ""
		}
		p.r.Source, p.r.Number, p.r.Index, p.r.Shown = "", "", "", time.Time{}
	}
}
