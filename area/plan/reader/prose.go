package reader

import (
	"regexp"
	"strings"
)

// node is a numbered or plain paragraph of prose with its notes.
type node struct {
	mark mark
	all  text // without the number
	segs []segment
	row  *note // of the table row it stands in, or nil
	kids bool
}

// noteOnly reports whether a plain paragraph is nothing but notes.
func (n *node) noteOnly() bool {
	if n.mark.level != plain {
		return false
	}
	for _, s := range n.segs {
		if s.note == nil || s.text.len() > 0 {
			return false
		}
	}
	return len(n.segs) > 0
}

func (n *node) noted() bool {
	for _, s := range n.segs {
		if s.note != nil {
			return true
		}
	}
	return n.row != nil
}

// units reports whether a note of the paragraph names somebody.
func (n *node) units() bool {
	for _, s := range n.segs {
		if s.note != nil && len(s.note.lead)+len(s.note.resp) > 0 {
			return true
		}
	}
	return false
}

// nodes cuts lines at their numbers.
func nodes(lines []text) []*node {
	var out []*node
	for _, l := range lines {
		if l.empty() {
			continue
		}
		for _, p := range l.trim().pieces(arabic, false) {
			for _, q := range deeper(p) {
				if q.mark.level == plain && q.body.empty() {
					continue
				}
				out = append(out, &node{mark: q.mark, all: q.body.trim(), segs: segments(q.body.trim())})
			}
		}
	}
	unitLines(out)
	for i, n := range out {
		if n.mark.level == plain {
			continue
		}
		for _, m := range out[i+1:] {
			if m.mark.level == plain {
				continue
			}
			n.kids = m.mark.level > n.mark.level && m.mark.level < circled
			break
		}
	}
	return out
}

// unitLines makes notes of lines that hold nothing but units, where there are
// several, each behind a measure.
func unitLines(ns []*node) {
	var found []*node
	var notes []*note
	for i, n := range ns {
		if i == 0 || n.mark.level != plain || n.noted() || ns[i-1].mark.level == plain && ns[i-1].noted() || len(n.segs) != 1 || strings.HasSuffix(n.all.tight(), ":") {
			continue
		}
		if nt := saysWho(n.all); nt != nil {
			found, notes = append(found, n), append(notes, nt)
		}
	}
	if len(found) < 2 {
		return
	}
	for i, n := range found {
		n.segs = []segment{{text{}, notes[i]}}
	}
}

// deeper cuts a piece at （1）（2） where each has a note of its own.
func deeper(p piece) []piece {
	if p.mark.level >= parened {
		return []piece{p}
	}
	parts := p.pieces(parened, false)
	if len(parts) < 3 {
		return []piece{p}
	}
	noted := 0
	for _, q := range parts[1:] {
		if segs := segments(q.body); segs[0].note != nil {
			noted++
		}
	}
	if noted < 2 && noted < len(parts)-1 || noted < len(parts)-2 {
		return []piece{p} // the last may be cut off by the file's end
	}
	return parts
}

// prose reads numbered text with notes.
func (b *builder) prose(lines []text) {
	b.nodes(nodes(b.joinLines(lines)))
}

// joinLines puts lines together that are parts of one paragraph: notes whose
// bracket closes in a later line, and a label alone in its line.
func (b *builder) joinLines(lines []text) []text {
	var out []text
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if l.empty() {
			continue
		}
		for k := 0; k < 6 && i+1 < len(lines) && openNote(l) && !numbered(lines[i+1]); k++ {
			i++
			l = l.line(lines[i].trim())
		}
		t := l.trim()
		ls := t.labels(true)
		for k := 0; k < 8 && len(ls) > 0 && ls[0].from == 0 && i+1 < len(lines) && (ls[len(ls)-1].to == t.len() || strings.ContainsRune("、,", t.fold[t.len()-1])); k++ {
			for i+1 < len(lines) && lines[i+1].empty() {
				i++
			}
			if i+1 < len(lines) {
				if numbered(lines[i+1]) {
					break
				}
				i++
				l = t.add(lines[i].trim())
				t = l.trim()
			}
		}
		out = append(out, l)
	}
	return out
}

func numbered(t text) bool {
	_, ok := t.number(0)
	return ok
}

// openNote reports whether a line ends inside the bracket of a note.
func openNote(t text) bool {
	for i, r := range t.fold {
		if opens(r) && t.closing(i) < 0 {
			ls := t.from(i + 1).labels(false)
			return len(ls) > 0 && ls[0].role.unit() && ls[0].from < 2 && t.len()-i < 300
		}
	}
	return false
}

// reader of nodes: what is open while prose is read.
type proseState struct {
	b        *builder
	cur      *draft // the measure that takes further text
	closed   bool   // its note has come
	sub      text   // a heading between item and measure
	promoted bool   // the open arabic number is an item: its （1） are measures
	inSub    bool   // under an arabic heading whose （1） carry the notes
	flatPar  bool   // （一） are the measures themselves
	flatTop  bool   // 一、 are the measures themselves
	kids     bool   // the open heading has numbers below it
	since    int    // drafts of the open item before this index have a note
}

func (b *builder) nodes(ns []*node) {
	ns = behindInfo(ns)
	if len(ns) == 0 {
		return
	}
	p := &proseState{b: b}
	p.flatPar = flat(ns, paren, b.ran) || byUnit(ns)
	p.flatTop = flat(ns, chinese, b.ran) && !has(ns, paren) && !has(ns, arabic)
	bare := bareHeadings(ns)
	for i, n := range ns {
		if bare[n] {
			p.reset()
			b.section(mark{}, n.all)
			continue
		}
		next := func() *node {
			for _, m := range ns[i+1:] {
				if m.mark.level != plain {
					return m
				}
			}
			return nil
		}
		p.node(n, next(), ns[i+1:])
	}
}

// pageInfo is a line of the box in which a web page tells about a document.
var pageInfo = regexp.MustCompile(`^[\p{Han}\w]{2,8}:[^。;]*$`)

// behindInfo drops what stands before the first number when bullets with 名称：值
// are among it.
func behindInfo(ns []*node) []*node {
	info := false
	for i, n := range ns {
		if n.mark.level != plain && n.mark.level <= arabic {
			if info {
				return ns[i:]
			}
			break
		}
		if n.noted() {
			break
		}
		if n.mark.level == circled {
			if info = pageInfo.MatchString(n.all.tight()); !info {
				break
			}
		}
	}
	return ns
}

// bareHeadings are the headings of sections in a document that numbers only what
// stands below them: short lines without a mark behind, each right before a
// number. A single one counts only where the numbers go on through the sections,
// since the line before the first number may as well be a title.
func bareHeadings(ns []*node) map[*node]bool {
	if has(ns, chinese) {
		return nil
	}
	out := map[*node]bool{}
	through := false
	for i, n := range ns {
		if n.mark.level != plain || i+1 == len(ns) || n.noted() || n.all.len() < 4 || n.all.len() > 30 ||
			strings.ContainsAny(n.all.folded(), "。;:,!?|)") || looksTitle(n.all) || isName(n.all.folded()) || looksDue(n.all) || peopleList(n.all.folded()) || annexLine.MatchString(n.all.tight()) {
			continue
		}
		if _, date := readDate(n.all.tight()); date {
			continue
		}
		if i > 0 && !ns[i-1].noted() && !ns[i-1].endsSentence() && !looksTitle(ns[i-1].all) {
			continue
		}
		if m := ns[i+1].mark; m.level == paren || m.level == arabic {
			out[n] = true
			through = through || m.n > 1
		}
	}
	if len(out) < 2 && !through {
		return nil
	}
	return out
}

// endsSentence reports whether the paragraph is a whole sentence.
func (n *node) endsSentence() bool { return endsSentence(n.all) }

func endsSentence(t text) bool {
	t = t.trim()
	return t.len() > 0 && strings.ContainsRune("。;", t.fold[t.len()-1])
}

func has(ns []*node, l level) bool {
	for _, n := range ns {
		if n.mark.level == l {
			return true
		}
	}
	return false
}

// flat reports whether most numbers of a level are single sentences with a note
// and nothing below: then they are the measures.
func flat(ns []*node, l level, loose bool) bool {
	single, full := 0, 0
	for i, n := range ns {
		if n.mark.level != l {
			continue
		}
		if n.kids {
			return false
		}
		follow := i+1 < len(ns) && ns[i+1].mark.level == plain && !ns[i+1].noteOnly()
		note := n.noted() || i+1 < len(ns) && ns[i+1].noteOnly() || firstClauses(n.all) != nil
		title, rest := splitHeading(n.segs[0].text, loose)
		if (rest.len() == 0 || title.len() == 0) && !follow && note && len(n.segs) == 1 {
			single++
		} else {
			full++
		}
	}
	return single > full
}

// byUnit reports whether most sections are headed by nothing but a unit, with the
// sentences （一） that it is to do.
func byUnit(ns []*node) bool {
	named, other := 0, 0
	for _, n := range ns {
		switch {
		case n.units() || n.mark.level == paren && n.kids:
			return false
		case n.mark.level != chinese:
		case onlyUnits(n.all):
			named++
		default:
			other++
		}
	}
	return named > 1 && named > other
}

func (p *proseState) node(n, next *node, after []*node) {
	b := p.b
	switch {
	case n.mark.level == chinese && !p.flatTop:
		p.reset()
		title, rest := splitHeading(n.segs[0].text, b.ran)
		s := b.section(n.mark, title)
		s.from = n.all
		p.kids = n.kids
		p.content(n, rest, n.kids, func(nt *note) { s.note = nt })
	case n.mark.level == paren && !p.flatPar:
		p.reset()
		title, rest := splitHeading(n.segs[0].text, b.ran)
		if title.len() == 0 && rest.len() > 0 && !n.kids {
			b.item(mark{}, text{}, n.all)
			p.start(n, rest)
			return
		}
		it := b.item(n.mark, title, n.all)
		it.alone = rest.len() == 0
		p.kids = n.kids
		p.content(n, rest, n.kids, func(nt *note) { it.note = nt })
	case n.mark.level == plain:
		p.plain(n, after)
	case n.mark.level == circled && (p.cur == nil || p.cur.mark.level == circled):
		p.start(n, n.segs[0].text)
	case n.mark.level == circled, n.mark.level == parened && p.cur != nil && p.cur.mark.level >= arabic && p.cur.mark.level < parened && !p.inSub && !p.promoted:
		p.append(n, true)
	case n.mark.level == parened:
		p.start(n, n.segs[0].text)
	default: // a measure
		if n.mark.level == arabic && next != nil && next.mark.level == parened && !n.noted() && notedKids(after, n.all.len() <= 30 && !n.endsSentence()) {
			title, rest := splitHeading(n.all, b.ran)
			p.reset()
			if s := b.current(); len(s.items) == 0 || s.items[len(s.items)-1].mark.level == arabic || s.items[len(s.items)-1].mark.level == plain {
				b.item(n.mark, title, n.all)
				p.promoted = true
			} else {
				p.inSub, p.sub = true, heading(title)
			}
			if rest.len() > 12 {
				p.start(&node{mark: mark{}, all: rest, segs: []segment{{rest, nil}}}, rest)
			}
			return
		}
		if n.mark.level <= arabic {
			if p.promoted {
				b.item(mark{}, text{}, text{})
			}
			p.promoted, p.inSub, p.sub = false, false, text{}
		}
		p.start(n, n.segs[0].text)
	}
}

// notedKids reports whether the （1） that follow carry notes of their own; a single
// one does below a short heading, and where they count on from the heading before.
func notedKids(after []*node, short bool) bool {
	kids, noted := 0, 0
	for i, n := range after {
		if n.mark.level == plain || n.mark.level == circled {
			continue
		}
		if n.mark.level != parened {
			break
		}
		short = short || kids == 0 && n.mark.n > 1
		kids++
		if n.noted() || i+1 < len(after) && after[i+1].noteOnly() {
			noted++
		}
	}
	return kids > 0 && noted*2 > kids && (noted > 1 || short)
}

func (p *proseState) reset() {
	p.cur, p.closed, p.promoted, p.inSub, p.sub, p.since, p.kids = nil, false, false, false, text{}, 0, false
}

// content reads what stands behind a heading in its own paragraph.
func (p *proseState) content(n *node, rest text, kids bool, own func(*note)) {
	segs := append([]segment{{rest, n.segs[0].note}}, n.segs[1:]...)
	if rest.len() == 0 {
		if n.segs[0].note != nil && len(segs) == 1 {
			if kids {
				own(n.segs[0].note)
				return
			}
			// The heading is all there is: it is the measure, too.
			t := n.segs[0].text
			d := p.b.measure(mark{}, t)
			d.note, p.cur, p.closed = n.segs[0].note, d, true
			return
		}
		if n.row != nil && !kids {
			d := p.b.measure(mark{}, n.segs[0].text)
			d.note, d.table, p.cur, p.closed = n.row, true, d, true
			return
		}
		segs = segs[1:]
	}
	if kids && !n.noted() {
		if rest.len() > 0 {
			p.b.rest = append(p.b.rest, left{rest, "标题后的引言，下面另有编号的条目"})
		}
		return
	}
	p.feed(mark{}, segs, n)
}

// start begins a measure at a numbered paragraph.
func (p *proseState) start(n *node, first text) {
	segs := append([]segment{{first, n.segs[0].note}}, n.segs[1:]...)
	p.feed(n.mark, segs, n)
}

// feed makes measures of segments; the number belongs to the first.
func (p *proseState) feed(m mark, segs []segment, n *node) {
	for i, s := range segs {
		if s.text.len() == 0 && s.note != nil {
			p.attach(s.note, false)
			continue
		}
		if s.text.len() == 0 {
			continue
		}
		if i > 0 && p.cur != nil && p.cur.note != nil && s.note == nil && looksDue(s.text.trimAny("。;,")) {
			if p.cur.note.due.len() == 0 {
				p.cur.note.due = s.text.trimAny("。;,")
			}
			continue
		}
		d := p.b.measure(m, s.text)
		d.under = p.sub
		m = mark{}
		if i > 0 {
			d.mark = mark{}
		}
		p.cur, p.closed = d, false
		if s.note != nil {
			d.note, p.closed = s.note, true
		}
		if n.row != nil && s.note == nil {
			d.note, d.table, p.closed = n.row, true, true
		}
	}
}

// plain reads a paragraph without a number: it goes on with what is open.
func (p *proseState) plain(n *node, after []*node) {
	if n.noteOnly() {
		if len(p.b.sections) == 0 && !n.units() {
			return // a label of the page, not of a measure
		}
		for _, s := range n.segs {
			p.attach(s.note, true)
		}
		return
	}
	switch {
	case len(p.b.sections) == 0 && !n.units() && !unitsBelow(n, after):
		return // before the first number
	case p.cur == nil && p.kids && !n.noted() && !unitsBelow(n, after):
		p.b.rest = append(p.b.rest, left{n.all, "标题后的引言，下面另有编号的条目"})
	case p.cur != nil && !p.closed:
		p.append(n, false)
	case p.cur != nil && p.closed:
		before := len(p.b.place().ms)
		p.feed(mark{}, n.segs, n)
		for _, d := range p.b.place().ms[before:] {
			d.loose = d.note == nil
		}
	default:
		p.feed(mark{}, n.segs, n)
	}
}

// unitsBelow reports whether a sentence without a number has its units on lines
// of their own right below.
func unitsBelow(n *node, after []*node) bool {
	if !n.endsSentence() || n.noted() {
		return false
	}
	for _, m := range after {
		if !m.noteOnly() {
			return false
		}
		if m.units() {
			return true
		}
	}
	return false
}

// append adds a paragraph to the measure that is open; the first note closes it.
func (p *proseState) append(n *node, number bool) {
	s := n.segs[0]
	t := s.text
	if number && n.mark.text != "" && t.len() > 0 {
		t = newText(n.mark.text, -1).add(t)
	}
	if p.closed { // a note stood behind the heading of （1）（2）
		p.feed(n.mark, n.segs, n)
		return
	}
	p.cur.text = p.cur.text.line(t)
	if s.note != nil {
		if p.cur.note != nil {
			p.cur.note.merge(*s.note)
		} else {
			p.cur.note = s.note
		}
		p.closed = true
	}
	if len(n.segs) > 1 {
		p.feed(mark{}, n.segs[1:], n)
	}
}

// attach gives a note on its own to the measure before it.
func (p *proseState) attach(nt *note, line bool) {
	if p.cur == nil {
		it := p.b.place()
		if it.note == nil && (it.title.len() > 0 || len(it.ms) == 0) {
			if len(p.b.current().items) == 1 && it.title.len() == 0 && p.b.current().note == nil {
				p.b.current().note = nt
				return
			}
			if it.alone && !p.kids {
				// A heading with nothing but a note: the heading is the measure.
				d := p.b.measure(mark{}, it.title)
				d.note, p.cur, p.closed = nt, d, true
				return
			}
			it.note = nt
		} else if it.note != nil {
			it.note.merge(*nt)
		}
		return
	}
	if p.cur.note != nil {
		p.cur.note.merge(*nt)
		p.closed = true
		return
	}
	p.cur.note, p.closed = nt, true
	if !line {
		return
	}
	p.cur.below = true
	ms := p.b.place().ms
	var before []*draft
	for i := len(ms) - 2; i >= 0 && ms[i].note == nil; i-- {
		before = append(before, ms[i])
	}
	if len(before) > 0 {
		p.b.tails = append(p.b.tails, tail{nt, before})
	}
}
