package read

import (
	"sort"
	"strings"

	"golang.org/x/net/html/atom"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
)

// group is a sequence of like parts with a link each.
type group struct {
	box   *node // holds the rows
	end   *node // the last of several boxes that are one list
	rows  []row
	dated int
	score float64
	ahead string // the heading before it
}

type row struct {
	node  *node // the part
	links []*node
	after *node // the part that begins the next row, nil = end of the box
	entry []fact.Entry
	dated bool
}

// groups finds the lists of the page. A row is the largest part around a link
// that holds no other title; rows beside each other are a group; a part of two
// or three titles that stands among its like is a row with its category, its
// attachment or its second column; and groups with no text between them, which
// is how designers draw a line after every fifth entry, are one.
func (p *page) groups() []group {
	byBox := map[*node]int{}
	var gs []group
	for _, n := range p.all[1:] {
		if n.tag != atom.A || n.titles == 0 || n.anchors != 1 || n.region == nav || n.region == foot || n.region == crumb || n.region == pager || n.region == tool {
			continue
		}
		if noTitle.MatchString(strings.TrimSpace(n.sample(60))) && n.attr("title") == "" || !titleLike(n) {
			continue
		}
		part := n
		for part.parent != nil && part.parent.titles <= 1 && !rowEnd(part) && part.parent != p.root {
			part = part.parent
		}
		for depth := 0; depth < 3 && promotable(part.parent); depth++ {
			part = part.parent
		}
		box := part.parent
		if box == nil {
			continue
		}
		i, ok := byBox[box]
		if !ok {
			i = len(gs)
			byBox[box] = i
			gs = append(gs, group{box: box, end: box})
		}
		g := &gs[i]
		if k := len(g.rows); k > 0 && g.rows[k-1].node == part {
			g.rows[k-1].links = append(g.rows[k-1].links, n)
			continue
		}
		if k := len(g.rows); k > 0 {
			g.rows[k-1].after = part
		}
		g.rows = append(g.rows, row{node: part, links: []*node{n}})
	}
	merged := gs[:0]
	for _, g := range gs {
		if k := len(merged); k > 0 {
			prev := &merged[k-1]
			if prev.box.tag == g.box.tag && depth(prev.box) == depth(g.box) && !g.box.within(prev.box) && p.textBetween(prev.end.end, g.box.id) == 0 && sameKind(prev.box, g.box) &&
				enclosing(prev.box, atom.Td) == enclosing(g.box, atom.Td) && prev.rows[0].holdsDay() == g.rows[0].holdsDay() {
				prev.rows = append(prev.rows, g.rows...)
				prev.end = g.box
				continue
			}
		}
		merged = append(merged, g)
	}
	for i := range merged {
		p.fill(&merged[i])
	}
	return merged
}

func (r *row) holdsDay() bool {
	_, partial, ok := rowDay(apart(r.node), "")
	return ok || partial
}

func enclosing(n *node, tag atom.Atom) *node {
	for n = n.parent; n != nil && n.tag != tag; n = n.parent {
	}
	return n
}

func depth(n *node) (d int) {
	for ; n != nil; n = n.parent {
		d++
	}
	return d
}

func sameKind(a, b *node) bool {
	return a.attr("class") == b.attr("class") || len(words(a.attr("class"))) > 0 && len(words(b.attr("class"))) > 0 && words(a.attr("class"))[0] == words(b.attr("class"))[0]
}

func titleLike(n *node) bool {
	return int(n.chars) >= 5 || runes(n.attr("title")) >= 6
}

// rowEnd tells where a row ends at the latest.
func rowEnd(n *node) bool {
	switch n.tag {
	case atom.Li, atom.Tr, atom.Dt, atom.Dd, atom.Article:
		return true
	}
	return false
}

// promotable tells whether a part with several titles is itself a row: it stands
// among at least one part of its own kind that also holds titles, holds at most
// three, and no list of its own.
func promotable(n *node) bool {
	if n == nil || n.parent == nil || n.titles > 3 || n.region != plain && n.region != head && n.region != side {
		return false
	}
	switch n.tag {
	case atom.Li, atom.Tr, atom.Dl, atom.P, atom.Div, atom.Article, atom.Section, atom.Td:
	default:
		return false
	}
	same, own := 0, map[atom.Atom]int{}
	for c := n.parent.first; c != nil && same < 2; c = c.next {
		if c.tag == n.tag && c.elem && c.titles > 0 && c.titles <= 3 {
			same++
		}
	}
	if same < 2 {
		return false
	}
	if n.titles == 1 {
		return false // taken as a row already
	}
	for c := n.first; c != nil; c = c.next {
		if c.elem {
			if block(c.tag) && c.titles > 0 {
				own[c.tag]++
			}
			if n.tag != atom.Tr && own[c.tag] > 1 { // a list of its own
				return false
			}
			if c.tag == atom.Ul || c.tag == atom.Ol || c.tag == atom.Table && n.tag != atom.Td || c.level > 0 && c.titles == 0 {
				return false
			}
		}
	}
	return len(moments(n.whole(), 2)) < 2 || n.titles == 1
}

// textBetween counts the characters of visible text between two places.
func (p *page) textBetween(from, to int32) int {
	sum := 0
	for i := from; i < to; i++ {
		if n := p.all[i]; !n.elem && !n.hidden {
			sum += int(n.chars)
			if sum > 0 {
				return sum
			}
		}
	}
	return sum
}

// fill reads the entries of a group: the title of each link and the day that
// stands in its row, or where a row has none, behind or before it.
func (p *page) fill(g *group) {
	seen := map[string]bool{}
	inside, behind, ahead := 0, 0, 0
	for i := range g.rows {
		r := &g.rows[i]
		_, partial, ok := rowDay(apart(r.node), "")
		if ok || partial {
			inside++
			continue
		}
		if _, _, ok := rowDay(p.gapText(g, i, false), ""); ok {
			behind++
		}
		if _, _, ok := rowDay(p.gapText(g, i, true), ""); ok {
			ahead++
		}
	}
	for i := range g.rows {
		r := &g.rows[i]
		outside := ""
		if inside*2 < len(g.rows) {
			switch {
			case behind >= ahead && behind > 0:
				outside = p.gapText(g, i, false)
			case ahead > 0:
				outside = p.gapText(g, i, true)
			}
		}
		for k, n := range p.entryLinks(r) {
			address := p.target(n)
			if address == "" || seen[address] {
				continue
			}
			seen[address] = true
			e := fact.Entry{URL: address, Title: p.entryTitle(n)}
			if e.Title == "" {
				continue
			}
			rest, own := beside(r.node, n), strings.Replace(apart(n), e.Title, " ", 1)
			day, partial, ok := rowDay(rest, address)
			if !ok {
				if d, part, found := rowDay(own, address); found {
					day, partial, ok = d, part, found
				}
			}
			if !ok && outside != "" && k == 0 {
				day, partial, ok = rowDay(outside, address)
			}
			if d, found := publishedCell(r.node); found {
				day = d
			}
			e.Date = day
			e.Pinned = strings.Contains(rest+own, "置顶") || strings.Contains(e.Title, "【置顶】") || strings.Contains(e.Title, "[置顶]") || pinnedMark(r.node)
			if ok || partial {
				r.dated = true
			}
			r.entry = append(r.entry, e)
		}
		if r.dated {
			g.dated++
		}
	}
}

// publishedCell reads the day of a table's row out of the column that is headed
// 发布日期, where the row has several days.
func publishedCell(tr *node) (day calendar.Date, ok bool) {
	if tr.tag != atom.Tr || len(moments(apart(tr), 2)) < 2 {
		return day, false
	}
	header := tr.parent.first
	if t := tr.parent.parent; t != nil && t.tag == atom.Table && t.first != nil && t.first.tag == atom.Thead && t.first.first != nil {
		header = t.first.first
	}
	if header == nil || header == tr || header.tag != atom.Tr {
		return day, false
	}
	cell := tr.first
	for h := header.first; h != nil && cell != nil; h, cell = h.next, cell.next {
		if s := h.whole(); strings.Contains(s, "发布") || strings.Contains(s, "公开日期") || strings.Contains(s, "公开时间") {
			if m := moments(cell.whole(), 1); len(m) == 1 {
				return m[0].day, true
			}
		}
	}
	return day, false
}

// beside is the text of a row without one of its links, parts set apart.
func beside(row, link *node) string { return collect(row, link) }

// apart is the text of a node with its parts set apart.
func apart(n *node) string { return collect(n, nil) }

func collect(n, but *node) string {
	var b strings.Builder
	var walk func(*node)
	walk = func(m *node) {
		for c := m.first; c != nil && b.Len() < 3000; c = c.next {
			if c == but {
				continue
			}
			if !c.elem {
				if !silent(c.parent.tag) {
					b.WriteString(c.text)
					b.WriteByte(' ')
				}
				continue
			}
			walk(c)
		}
	}
	if n != but {
		walk(n)
	}
	return clean(b.String())
}

func pinnedMark(n *node) bool {
	for c := n.first; c != nil; c = c.next {
		if c.tag == atom.Img && (strings.Contains(c.attr("alt"), "置顶") || strings.Contains(c.attr("title"), "置顶") || strings.Contains(c.attr("src"), "zhiding") || strings.Contains(c.attr("src"), "ontop")) {
			return true
		}
		if pinnedMark(c) {
			return true
		}
	}
	return false
}

// gapText is the text between a row and its neighbour.
func (p *page) gapText(g *group, i int, before bool) string {
	from, to := g.rows[i].node.end, g.end.end
	if before {
		from, to = g.box.id+1, g.rows[i].node.id
		if i > 0 {
			from = g.rows[i-1].node.end
		}
	} else if a := g.rows[i].after; a != nil {
		to = a.id
	}
	if from < 1 || to > int32(len(p.all)) || to-from > 400 {
		return ""
	}
	var b strings.Builder
	for j := from; j < to && b.Len() < 600; j++ {
		if n := p.all[j]; !n.elem && !silent(n.parent.tag) {
			b.WriteString(n.text)
			b.WriteByte(' ')
		}
	}
	return clean(b.String())
}

// entryLinks are the links of a row that are entries: all of them where each has
// its own day or cell, else the one with the longest text.
func (p *page) entryLinks(r *row) []*node {
	if len(r.links) == 1 {
		return r.links
	}
	best, longest := r.links[0], 0
	for _, n := range r.links {
		if c := runes(p.entryTitle(n)); c > longest {
			best, longest = n, c
		}
	}
	if len(moments(r.node.whole(), 4)) >= len(r.links) {
		return r.links
	}
	long := 0
	for _, n := range r.links {
		if runes(p.entryTitle(n))*2 >= longest && longest >= 8 {
			long++
		}
	}
	if long == len(r.links) && len(moments(r.node.whole(), 1)) == 0 {
		return r.links
	}
	return []*node{best}
}

// entryTitle is the title a link shows: whole where the page cuts it short and
// keeps the rest in the title attribute; without the day, summary and marks that
// a link around a whole card holds.
func (p *page) entryTitle(n *node) string {
	if t, ok := p.titleOf[n]; ok {
		return t
	}
	t := p.readTitle(n)
	p.titleOf[n] = t
	return t
}

func (p *page) readTitle(n *node) string {
	attr := strings.TrimSpace(clean(n.attr("title")))
	if i := strings.IndexAny(attr, "\n\r"); i > 0 {
		attr = attr[:i]
	}
	if rest, ok := strings.CutPrefix(attr, "标题："); ok { // 标题：… 点击数：… 发表时间：…
		attr, _, _ = strings.Cut(rest, " ")
	}
	parts := cardParts(n)
	text := ""
	for _, s := range parts {
		if trimmed := trimDay(bare(s)); runes(trimmed) >= 4 && !noTitle.MatchString(trimmed) {
			text = trimmed
			break
		}
	}
	if len(parts) > 1 {
		if h := headingOf(n); h != "" {
			text = h
		}
	}
	if text == "" {
		text = bare(trimDay(bare(n.whole())))
	}
	cut := strings.TrimRight(text, ".…。 ")
	if len(cut) < len(text) && strings.HasPrefix(attr, cut) || text == "" {
		return cutRunes(attr, 300)
	}
	if attr != "" && len(attr) > len(text) && strings.HasPrefix(attr, text) && len(parts) == 1 {
		return cutRunes(attr, 300)
	}
	return cutRunes(text, 300)
}

// cardParts splits the text of a link at its blocks and breaks.
func cardParts(n *node) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if s := strings.TrimSpace(clean(b.String())); s != "" && len(out) < 20 {
			out = append(out, s)
		}
		b.Reset()
	}
	var walk func(*node)
	walk = func(m *node) {
		for c := m.first; c != nil && b.Len() < 3000; c = c.next {
			if !c.elem {
				if !silent(c.parent.tag) {
					b.WriteString(c.text)
				}
				continue
			}
			if block(c.tag) || c.tag == atom.Br {
				flush()
				walk(c)
				flush()
				continue
			}
			if c.tag == atom.Span || c.tag == atom.I || c.tag == atom.Em || c.tag == atom.Time {
				if s := strings.TrimSpace(c.whole()); c.chars < 14 && isDayText(s) { // a day is no part of the title
					continue
				}
			}
			walk(c)
		}
	}
	walk(n)
	flush()
	return out
}

func isDayText(s string) bool {
	s = strings.Trim(s, "[]()（）【】 ")
	if s == "" || runes(s) > 20 {
		return false
	}
	for _, r := range s {
		if (r < '0' || r > '9') && !strings.ContainsRune("-/.年月日:： ", r) {
			return false
		}
	}
	_, partial, ok := rowDay(s, "")
	return ok || partial
}

// trimDay takes the day off the beginning and the end of a title.
func trimDay(s string) string {
	for _, pair := range [...][2]string{{"[", "]"}, {"(", ")"}, {"（", "）"}, {"【", "】"}, {" ", ""}, {"", " "}} {
		if pair[1] != "" && strings.HasSuffix(s, pair[1]) || pair[1] == "" {
			if i := strings.LastIndex(s, pair[0]); pair[0] != "" && i > 0 && isDayText(s[i:]) {
				return strings.TrimSpace(s[:i])
			}
		}
		if pair[0] != "" && strings.HasPrefix(s, pair[0]) || pair[0] == "" {
			if i := strings.Index(s, pair[1]); pair[1] != "" && i > 0 && isDayText(s[:i+len(pair[1])]) {
				return strings.TrimSpace(s[i+len(pair[1]):])
			}
		}
	}
	return s
}

func headingOf(n *node) string {
	for c := n.first; c != nil; c = c.next {
		if c.level > 0 && c.chars >= 4 {
			return trimDay(bare(c.whole()))
		}
		if h := headingOf(c); h != "" {
			return h
		}
	}
	return ""
}

// choose weighs the groups and takes the page's own list: many rows with days
// and titles of some length, in the main part of the page, not under a heading
// such as 热点 or 相关.
func (p *page) choose(gs []group) *group {
	var best *group
	for i := range gs {
		g := &gs[i]
		entries, length := 0, 0
		for k := range g.rows {
			for _, e := range g.rows[k].entry {
				entries++
				length += runes(e.Title)
			}
		}
		if entries == 0 {
			continue
		}
		g.score = float64(entries) + 2*float64(g.dated)
		switch avg := length / entries; {
		case avg < 6:
			g.score *= 0.2
		case avg < 9:
			g.score *= 0.6
		}
		switch g.box.region {
		case head, side:
			g.score *= 0.3
		}
		g.ahead = p.headingBefore(g)
		if offers(g.ahead) {
			g.score *= 0.3
		}
		if p.pagerAt > g.box.id && p.textUpTo(g.end.end, p.pagerAt) < 60 {
			g.score *= 1.5
		}
		if g.box.hidden {
			g.score *= 0.5
		}
		if best == nil || g.score > best.score {
			best = g
		}
	}
	return best
}

// textUpTo counts the characters between two places as far as they are few: 60
// stands for that many or more.
func (p *page) textUpTo(from, to int32) (sum int) {
	if to > from+2000 {
		return 60
	}
	for i := from; i < min(to, int32(len(p.all))) && sum < 60; i++ {
		sum += int(p.all[i].ownChars())
	}
	return sum
}

func (n *node) ownChars() int32 {
	if n.elem {
		return 0
	}
	return n.chars
}

// headingBefore is the short line before a group.
func (p *page) headingBefore(g *group) string {
	start := g.box.id
	if len(g.rows) > 0 {
		start = g.rows[0].node.id
	}
	var found string
	at := sort.Search(len(p.text), func(i int) bool { return p.text[i].from >= start })
	for i := at - 1; i >= 0 && i > at-4; i-- {
		l := &p.text[i]
		if l.chars > 30 {
			break
		}
		if noTitle.MatchString(l.text) && found == "" {
			continue // 更多 beside the heading
		}
		found = l.text
		break
	}
	return found
}

// inList tells whether a node stands in the chosen list.
func (p *page) inList(n *node) bool {
	if p.allLists {
		return p.inGroup(n)
	}
	if p.list == nil {
		return false
	}
	if n.within(p.list.box) && p.list.box != p.root {
		return true
	}
	for i := range p.list.rows {
		if n.within(p.list.rows[i].node) {
			return true
		}
	}
	return false
}
