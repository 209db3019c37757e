package read

import (
	"strings"

	"golang.org/x/net/html/atom"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
)

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
