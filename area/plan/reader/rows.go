package reader

import (
	"strings"
)

// carried are the values that an empty cell of the next row takes over.
type carried struct {
	lead, resp, due *note
	item            *draftItem
}

// rows puts table rows into the plan.
func (b *builder) rows(rows []*row, cols []column, merges bool) {
	texts, first := 0, false
	for _, c := range cols {
		if c.role == section && !c.virtual || c.role == item && !c.virtual || c.role == measure {
			texts++
		}
		if c.role.unit() && saysFirst(c.head.folded()) {
			first = true
		}
	}
	// One text column: headings and measures stand in it as in prose.
	var p *proseState
	if texts == 1 {
		p = &proseState{b: b}
		var all []*node
		for _, r := range rows {
			ns := nodes(splitLines(r.measure))
			for _, n := range ns {
				if r.units() {
					n.row = &note{}
				}
			}
			all = append(all, ns...)
		}
		p.flatPar = flat(all, paren, b.ran)
		p.flatTop = flat(all, chinese, b.ran) && !has(all, paren)
	}
	if n := len(rows); n > 0 && !b.lastTable && b.signed {
		rows[n-1].short = false // the file does not end in it
	}
	var prev carried
	lastSec, lastItem := -2, -2
	for i, r := range rows {
		if r.head.len() > 0 {
			if b.headRow(r.head, rows[i+1:]) && p != nil {
				p.reset()
			}
			lastSec, lastItem = -2, -2
			continue
		}
		if r.sec.text.len() > 0 && !(r.sec.id == lastSec && r.sec.id >= 0) {
			if b.title(r.sec.text, chinese) {
				lastItem = -2
			}
		}
		lastSec = r.sec.id
		if r.item.text.len() > 0 && !(r.item.id == lastItem && r.item.id >= 0) {
			b.title(r.item.text, paren)
		}
		lastItem = r.item.id
		if r.measure.len() == 0 {
			if !r.units() || r.item.text.len() == 0 || r.short && b.ended != nil && !*b.ended {
				continue // of a row that the file's end cuts, who can tell
			}
			r.measure = r.item.text // the item is all there is to do
			if m, ok := r.measure.trim().number(0); ok {
				r.measure = r.measure.trim().from(m.end)
			}
		}
		nt := r.note(first)
		count := len(b.all)
		if p != nil {
			b.single(p, r, nt)
		} else {
			b.cell(r, nt)
		}
		before := b.all[count:]
		if len(before) == 0 {
			continue
		}
		b.row++
		it := before[0].item
		if prev.item != it {
			prev = carried{item: it}
		}
		prev.take(r, nt, merges)
		for _, d := range before {
			d.row, d.merges, d.asked = b.row, merges, r.hasLead || r.hasResp
			if d.note == nt {
				d.states = states(r, nt, prev, merges)
			}
			if len(before) == 1 && d.mark.text == "" && r.number.len() > 0 {
				d.mark.text = r.number.String()
			}
		}
	}
}

func (r *row) units() bool {
	return len(r.lead) > 0 || len(r.resp) > 0 || r.due.len() > 0
}

// note makes one note of the unit cells of a row.
func (r *row) note(first bool) *note {
	n := &note{first: first, both: r.both}
	for _, c := range r.lead {
		m := parseNote(c, lead)
		m.saidLead = true
		n.merge(m)
	}
	for _, c := range r.resp {
		m := parseNote(c, resp)
		m.saidResp = true
		n.merge(m)
	}
	if r.due.len() > 0 && !nothing(r.due.tight()) {
		n.due = r.due.trim()
	}
	for _, p := range r.people {
		if !r.hasLead && !r.hasResp && unitness(p) >= 0.9 { // 责任人: 办公室
			n.merge(parseNote(p, resp))
		} else {
			n.people = append(n.people, p)
		}
	}
	n.lead, n.resp = distinct(n.lead), distinct(n.resp)
	return n
}

// distinct drops a name that two columns repeat.
func distinct(in []written) []written {
	seen := map[string]bool{}
	var out []written
	for _, w := range in {
		if k := w.text.tight(); !seen[k] {
			seen[k] = true
			out = append(out, w)
		}
	}
	return out
}

// take remembers the values of a row for empty cells below it, and fills the
// row's own empty cells from above.
func (c *carried) take(r *row, n *note, merges bool) {
	if merges || r.short {
		return
	}
	if len(r.lead) == 0 && r.hasLead && c.lead != nil && len(n.lead) == 0 {
		n.lead = c.lead.lead
	}
	if len(r.resp) == 0 && r.hasResp && c.resp != nil && len(n.resp) == 0 {
		n.resp = c.resp.resp
		if !r.hasLead && len(n.lead) == 0 {
			n.lead = c.resp.lead
		}
	}
	if r.due.len() == 0 && r.hasDue && c.due != nil {
		n.due = c.due.due
	}
	if len(r.lead) > 0 || c.lead == nil && len(n.lead) > 0 {
		c.lead = n
	}
	if len(r.resp) > 0 {
		c.resp = n
	}
	if r.due.len() > 0 {
		c.due = n
	}
}

// states says how each kind of value of a row came about.
func states(r *row, n *note, prev carried, merges bool) [3]State {
	one := func(cells []text, has, got bool, above *note) State {
		switch {
		case len(cells) > 0 && got:
			return Stated
		case len(cells) > 0:
			return None
		case got && has && above != nil && !merges:
			return Inherited
		case got:
			return Stated
		case has && above != nil && above != n && !merges:
			return Inherited // — above
		}
		return NotStated
	}
	var dues []text
	if r.due.len() > 0 {
		dues = []text{r.due}
	}
	return [3]State{
		one(r.lead, r.hasLead, len(n.lead) > 0, prev.lead),
		one(r.resp, r.hasResp, len(n.resp) > 0, prev.resp),
		one(dues, r.hasDue, n.due.len() > 0, prev.due),
	}
}

// headRow reads a row that is one cell: a section or item. It reports whether
// it was a title.
func (b *builder) headRow(t text, after []*row) bool {
	m, ok := t.trim().number(0)
	switch {
	case ok && (m.level == chinese || m.level == paren):
		if title, rest := splitHeading(t.trim().from(m.end), false); rest.len() > 20 {
			b.title(title, m.level)
			b.rest = append(b.rest, left{rest, "表格标题行里的说明"})
			return true
		}
		return b.title(t, m.level)
	case ok && m.level == arabic:
		return b.title(t, paren)
	case tableEnd.MatchString(t.tight()) || strings.HasPrefix(t.tight(), "注:") || strings.HasPrefix(t.tight(), "备注"):
		b.rest = append(b.rest, left{t, "表格的说明"})
		return false
	case t.len() <= 60 && !strings.Contains(strings.TrimRight(t.tight(), "。"), "。"):
		if len(after) == 0 {
			return false
		}
		return b.title(t, chinese)
	}
	b.rest = append(b.rest, left{t, "占整行的文字，不像标题"})
	return false
}

// title opens a section or item by the number before it, def when it has none.
// It reports whether a section was opened.
func (b *builder) title(t text, def level) bool {
	t = t.trim()
	if ps := t.pieces(paren, false); len(ps) == 2 && ps[0].mark.level == chinese && ps[1].mark.level == paren { // section and item in one cell
		at := t.len() - ps[1].body.len() - ps[1].mark.end
		opened := b.title(t.sub(0, at), chinese)
		b.title(t.from(at), paren)
		return opened
	}
	m, ok := t.number(0)
	body := t
	if ok && m.level <= parened {
		body = t.from(m.end)
		if m.level == chinese || m.level == paren {
			def = m.level
		}
	} else {
		m = mark{}
	}
	if def == chinese {
		if n := len(b.sections); n > 0 && b.sections[n-1].title.tight() == heading(body).tight() && heading(body).len() > 0 && len(b.sections[n-1].items) > 0 {
			return false // a value repeated in every row
		}
		b.section(m, body)
		return true
	}
	if s := b.current(); len(s.items) > 0 {
		if last := s.items[len(s.items)-1]; last.title.len() > 0 && last.title.tight() == heading(body).tight() && last.mark.n == m.n {
			return false
		}
	}
	b.item(m, body, t)
	return false
}

// cell reads the measures of a cell that holds nothing but measures.
func (b *builder) cell(r *row, nt *note) {
	var parts []piece
	for _, l := range splitLines(r.measure) {
		ps := l.trim().pieces(arabic, false)
		parts = append(parts, ps...)
	}
	// The shallowest number in the cell counts apart; deeper ones and plain
	// paragraphs go on with it.
	top := plain
	n := 0
	for _, p := range parts {
		if p.mark.level != plain && (top == plain || p.mark.level < top) {
			top = p.mark.level
		}
	}
	for _, p := range parts {
		if p.mark.level == top && top != plain {
			n++
		}
	}
	var cur *draft
	var intro text
	for i, p := range parts {
		body := p.body.trim()
		if body.len() == 0 {
			continue
		}
		if p.mark.level == top && top != plain || cur == nil && (top == plain || n == 0) {
			if intro.len() > 0 {
				if n == 1 && i > 0 {
					body = intro.line(newText(p.mark.text, -1).add(body))
					p.mark = mark{}
				} else {
					b.rest = append(b.rest, left{intro, "单元格里编号条目前的引言"})
				}
				intro = text{}
			}
			for k, s := range segments(body) {
				if s.text.len() == 0 && k > 0 {
					continue
				}
				cur = b.measure(p.mark, s.text)
				cur.table = true
				cur.note = nt
				if s.note != nil && !s.note.empty() {
					if !r.units() {
						cur.note = s.note
					} else if nt.due.len() == 0 && s.note.due.len() > 0 {
						own := *nt
						own.due = s.note.due
						cur.note = &own
					}
				}
				p.mark = mark{}
			}
			continue
		}
		if cur == nil {
			intro = intro.line(body)
			continue
		}
		if p.mark.level != plain {
			body = newText(p.mark.text, -1).add(body)
		}
		cur.text = cur.text.line(body)
	}
	if cur == nil && intro.len() > 0 {
		cur = b.measure(mark{}, intro)
		cur.note, cur.table = nt, true
	}
}

// single reads a row of a table with one text column, where headings and
// measures share it.
func (b *builder) single(p *proseState, r *row, nt *note) {
	if r.units() || len(nt.people) > 0 {
		ns := nodes(splitLines(r.measure))
		top := plain
		for _, n := range ns {
			if n.mark.level != plain && (top == plain || n.mark.level < top) {
				top = n.mark.level
			}
		}
		if top == chinese && !p.flatTop || top == paren && !p.flatPar {
			p.cur, p.closed = nil, false
			for i, n := range ns {
				n.row = nt
				var next *node
				if i+1 < len(ns) {
					next = ns[i+1]
				}
				p.node(n, next, ns[i+1:])
			}
			return
		}
		b.cell(r, nt)
		p.reset()
		return
	}
	for _, l := range splitLines(r.measure) {
		m, ok := l.trim().number(0)
		if ok && (m.level == chinese || m.level == paren) {
			title, rest := splitHeading(l.trim().from(m.end), false)
			if rest.len() == 0 && title.len() > 0 {
				p.reset()
				b.title(l, m.level)
				continue
			}
		}
		b.cell(&row{measure: l, hasLead: r.hasLead, hasResp: r.hasResp, hasDue: r.hasDue}, nt)
	}
}
