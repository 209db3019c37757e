package read

import (
	"sort"
	"strings"

	"golang.org/x/net/html/atom"

	"gongkai/area/inspect/fact"
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
