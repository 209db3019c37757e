package read

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// line is a piece of text that a browser would begin on a line or in a cell of
// its own.
type line struct {
	node   *node // the innermost block that holds it
	from   int32 // document order of its first text
	text   string
	chars  int // without spaces
	linked int // of them in links
	region region
	level  int8 // of the heading it stands in
	hidden bool
	strong bool // all of it in bold type
	cell   bool // it begins a cell of a table or a definition
}

// lines gives the page's text in document order.
func (t *tree) lines() []line {
	out := make([]line, 0, len(t.all)/6+8)
	var cur line
	var b strings.Builder
	flush := func() {
		if cur.node != nil {
			cur.text = strings.TrimSpace(clean(b.String()))
			if cur.text != "" {
				out = append(out, cur)
			}
		}
		b.Reset()
		cur = line{}
	}
	var home *node // the block in which the running line stands
	for _, n := range t.all[1:] {
		if n.elem {
			if n.tag == atom.Br {
				flush()
			}
			continue
		}
		if silent(n.parent.tag) {
			continue
		}
		place := n.parent
		level, strong := int8(0), false
		for p := place; p != nil; p = p.parent {
			if p.tag == atom.B || p.tag == atom.Strong {
				strong = true
			}
			if block(p.tag) {
				place, level = p, p.level
				break
			}
		}
		if place != home {
			flush()
			home = place
		}
		if cur.node == nil {
			cur = line{node: place, from: n.id, region: n.region, level: level, hidden: n.hidden, strong: strong,
				cell: place.tag == atom.Td || place.tag == atom.Th || place.tag == atom.Dt || place.tag == atom.Dd}
		}
		if s := b.String(); s != "" && isDigit(s[len(s)-1]) && isDigit(n.text[0]) {
			b.WriteByte(' ')
		}
		b.WriteString(n.text)
		cur.chars += int(n.chars)
		cur.linked += int(n.linked)
		cur.strong = cur.strong && (strong || n.chars == 0)
	}
	flush()
	return out
}

// prose tells whether a line is running text.
func (l *line) prose() bool {
	return l.region == plain && !l.hidden && l.linked*2 < l.chars &&
		(l.chars >= 25 || l.chars >= 8 && strings.ContainsAny(l.text, "。；！？，、：…"))
}

// body is the part of the page that holds most of its running text: beginning
// with the whole page, the way goes down as long as one child has three quarters
// of what its parent has.
func (t *tree) body(lines []line) *node {
	for i := range lines {
		l := &lines[i]
		if !l.prose() {
			continue
		}
		w := int32(l.chars - l.linked)
		for p := l.node; p != nil; p = p.parent {
			p.weight += w
		}
	}
	n := t.root
	for n.weight > 0 {
		var best *node
		for c := n.first; c != nil; c = c.next {
			if c.elem && (best == nil || c.weight > best.weight) {
				best = c
			}
		}
		if best == nil || best.weight*4 < n.weight*3 || best.tag == atom.P || best.tag == atom.Tr || best.tag == atom.Tbody || best.tag == atom.Td && n.tag == atom.Tr && n.weight > best.weight {
			break
		}
		n = best
	}
	if n.weight == 0 {
		return nil
	}
	return n
}
