package reader

import (
	"slices"
	"strings"
)

// header finds the header of a table with rows: the index of its last row and
// the roles of its columns; -1 when there is none. A header may take two rows
// (责任单位 over 牵头 and 配合).
func (g *grid) header() (int, []role) {
	for i := 0; i < min(len(g.rows), 12); i++ {
		roles, ok := rowRoles(g.rows[i])
		if !ok {
			continue
		}
		if i+1 < len(g.rows) && g.exact {
			if under, cells := lowerRoles(g.rows[i], g.rows[i+1], roles); cells {
				return i + 1, under
			}
		}
		return i, roles
	}
	return -1, nil
}

// rowRoles reads a row as a header: it needs a text column and one for units,
// people or deadlines, or three known columns, and no other long cell.
func rowRoles(row []gcell) ([]role, bool) {
	roles := make([]role, len(row))
	text, other, known := 0, 0, 0
	last := -2
	for i, c := range row {
		if c.text.len() == 0 {
			continue
		}
		r := headRole(c.text)
		roles[i] = r
		if c.text.len() > 25 && r == none {
			return nil, false
		}
		if c.id == last {
			continue
		}
		last = c.id
		switch {
		case r.text():
			text++
			known++
		case r == lead || r == resp || r == due || r == person:
			other++
			known++
		case r != none:
			known++
		}
	}
	return roles, text > 0 && (other > 0 || known >= 3) || text == 0 && other >= 2 && known >= 3 || text >= 2 && known >= 2
}

// lowerRoles reads the row below a header as its second row, where every cell of
// it is a header too.
func lowerRoles(top, low []gcell, roles []role) ([]role, bool) {
	out := append([]role(nil), roles...)
	fresh := 0
	for i := range low {
		if i < len(top) && low[i].id == top[i].id {
			continue
		}
		if low[i].text.len() == 0 {
			continue
		}
		if i > 0 && low[i].id >= 0 && low[i].id == low[i-1].id && top[i].id != top[i-1].id {
			return nil, false // it spans several heads: a section, not their second row
		}
		r := headRole(low[i].text)
		if r == none {
			return nil, false
		}
		out[i] = r
		fresh++
	}
	return out, fresh > 0
}

// row is a table row by what its cells hold.
type row struct {
	head    text // fills the row alone
	sec     gcell
	item    gcell
	number  text
	measure text
	lead    []text
	resp    []text
	due     text
	people  []text
	hasLead bool // the table has such a column
	hasResp bool
	hasDue  bool
	both    bool // one cell stands for the columns of leading and of responsible units
	short   bool // the last row, with fewer cells than any other: the file may end in it
}

func (r *row) put(c column, cell gcell) {
	switch c.role {
	case section:
		r.sec = joinCell(r.sec, cell)
	case item:
		r.item = joinCell(r.item, cell)
	case serial:
		if r.number.len() == 0 {
			r.number = cell.text
		}
	case measure:
		r.measure = r.measure.line(cell.text)
	case lead:
		r.lead = append(r.lead, cell.text)
	case resp:
		r.resp = append(r.resp, cell.text)
	case due:
		r.due = r.due.line(cell.text)
	case person:
		r.people = append(r.people, cell.text)
	}
}

func joinCell(a, b gcell) gcell {
	if a.text.len() == 0 {
		return b
	}
	a.text = a.text.line(b.text)
	return a
}

// table reads a grid into the plan. It reports whether it was a plan's table.
func (b *builder) table(g *grid) bool {
	if g.stream {
		return b.streamTable(g)
	}
	at, roles := g.header()
	guessed := false
	if at < 0 {
		if roles = g.guess(); roles == nil {
			return false
		}
		guessed = true
	}
	var rows []*row
	var cols []column
	if g.exact || guessed {
		rows, cols = g.exactRows(at, roles)
	} else {
		rows, cols = g.looseRows(at)
	}
	if cols == nil {
		return false
	}
	if guessed {
		b.layout("没有表头的表格")
		b.notes = append(b.notes, "表格没有认出的表头，各栏按内容推断，请核对")
	} else if g.exact {
		b.layout("表格")
	} else {
		b.layout("压平成文字的表格，每行一条")
	}
	b.rows(rows, cols, g.merges)
	return true
}

func (b *builder) streamTable(g *grid) bool {
	cells := g.cells()
	at, n := streamHeader(cells)
	if at < 0 {
		return false
	}
	roles, heads := headerCells(cells[at : at+n])
	cols := resolve(roles, heads)
	if cols == nil {
		return false
	}
	cols = virtual(cols)
	cells = cells[at+n:]
	trs := make([]trait, len(cells))
	for i := range cells {
		trs[i] = traits(cells[i])
	}
	for n := len(cells); n > 0 && trs[n-1].digits; n-- { // a number with nothing behind it
		cells, trs = cells[:n-1], trs[:n-1]
	}
	var rows []*row
	places := align(cells, trs, cols, nil, true)
	for i, p := range places {
		if p.first || len(rows) == 0 || p.col == headRow || rows[len(rows)-1].head.len() > 0 {
			rows = append(rows, newRow(cols))
		}
		r := rows[len(rows)-1]
		if p.col == headRow {
			r.head = cells[i]
			continue
		}
		r.put(cols[p.col], gcell{cells[i], i})
	}
	if n := len(places); n > 0 {
		rows[len(rows)-1].short = places[n-1].col < len(cols)-1
	}
	b.layout("压平成文字的表格，每格一行")
	b.rows(rows, cols, false)
	return true
}

func newRow(cols []column) *row {
	r := &row{sec: gcell{id: -1}, item: gcell{id: -1}}
	for _, c := range cols {
		switch c.role {
		case lead:
			r.hasLead = true
		case resp:
			r.hasResp = true
		case due:
			r.hasDue = true
		}
	}
	return r
}

// exactRows reads rows whose cells stand where they belong.
func (g *grid) exactRows(at int, roles []role) ([]*row, []column) {
	heads := make([]text, len(roles))
	same := map[string]bool{}
	for i := range heads {
		if at >= 0 {
			heads[i] = g.rows[at][i].text
			if at > 0 {
				if r, ok := rowRoles(g.rows[at-1]); ok && r != nil && g.rows[at-1][i].id != g.rows[at][i].id {
					heads[i] = g.rows[at-1][i].text.line(heads[i])
				}
			}
		}
		same[heads[i].tight()] = true
	}
	g.fill(at, roles)
	cols := resolve(roles, heads)
	if cols == nil {
		return nil, nil
	}
	var rows []*row
	measured := -2 // the cell of the last measure
	for k, cells := range g.rows[at+1:] {
		first, distinct, wide := -1, 0, 0
		last, repeat := -2, at >= 0
		for i, c := range cells {
			if c.text.len() > 0 && !(i < len(heads) && same[c.text.tight()]) {
				repeat = false
			}
			if c.id == last || c.text.len() == 0 {
				if c.id == last && first >= 0 && distinct == 1 && c.text.len() > 0 {
					wide++
				}
				continue
			}
			last = c.id
			distinct++
			if first < 0 {
				first = i
			}
		}
		if distinct == 0 || repeat || pageRow(cells) {
			continue
		}
		r := newRow(cols)
		if distinct == 1 && (cols[first].role != measure || wide > 0 && wide+1 > len(cells)/2) && !g.spans(at+1+k, first) {
			r.head = cells[first].text
			rows = append(rows, r)
			continue
		}
		last = -2
		again := false // the measure of the row above, with further units
		for i, c := range cells {
			if c.id == last && c.id >= 0 || c.text.len() == 0 {
				continue
			}
			last = c.id
			for j := i + 1; j < len(cells) && j < len(cols) && c.id >= 0 && cells[j].id == c.id; j++ {
				r.both = r.both || cols[i].role.unit() && cols[j].role.unit() && cols[i].role != cols[j].role
			}
			if cols[i].role == measure {
				again = again || c.id == measured
				measured = c.id
			}
			r.put(cols[i], c)
		}
		if again {
			above := rows[len(rows)-1]
			above.lead, above.resp = append(above.lead, r.lead...), append(above.resp, r.resp...)
			continue
		}
		rows = append(rows, r)
	}
	return rows, cols
}

// headerRow reports whether all cells are header cells: the header is repeated.
func headerRow(ts []text) bool {
	return len(ts) > 1 && onlyHeads(ts)
}

func onlyHeads(ts []text) bool {
	return !slices.ContainsFunc(ts, func(t text) bool { return headRole(t) == none })
}

// pageRow reports whether a row is about the web page: 索引号： | … | 成文日期： | ….
func pageRow(cells []gcell) bool {
	for _, c := range cells {
		if s := c.text.tight(); s != "" {
			return strings.HasSuffix(s, ":") && c.text.len() < 12 && pageWord.MatchString(strings.TrimSuffix(s, ":"))
		}
	}
	return false
}

// spans reports whether a cell of row r goes on in the row above or below: then it
// is an item and not a heading row.
func (g *grid) spans(r, i int) bool {
	id := g.rows[r][i].id
	at := func(r int) bool { return r < len(g.rows) && i < len(g.rows[r]) && g.rows[r][i].id == id }
	return id >= 0 && (r > 0 && at(r-1) || at(r+1))
}

// fill gives roles to columns whose header is empty: a number column, or the
// left part of a header that spans two columns.
func (g *grid) fill(at int, roles []role) {
	for i, r := range roles {
		if r != none || at >= 0 && g.rows[at][i].text.len() > 0 {
			continue
		}
		digits, texts, n := 0, 0, 0
		for _, row := range g.rows[at+1:] {
			if i >= len(row) || row[i].text.len() == 0 {
				continue
			}
			n++
			tr := traits(row[i].text)
			if tr.digits {
				digits++
			} else if tr.level == chinese || tr.level == paren || tr.title && tr.unit < 0.5 {
				texts++
			}
		}
		switch {
		case n > 0 && digits*10 >= n*7:
			roles[i] = serial
		case n > 0 && texts*10 >= n*7:
			roles[i] = item
		}
	}
}

// guess infers the columns of a table without a header by its content: units,
// numbers and deadlines by what they look like, of the others the longest holds the
// measures. Of two columns of units the first leads when it names fewer.
func (g *grid) guess() []role {
	if len(g.rows) < 3 || len(g.rows[0]) < 2 || len(g.rows[0]) > 8 || !g.exact && !g.even() {
		return nil
	}
	k := len(g.rows[0])
	roles := make([]role, k)
	var units []int // columns of units
	var names [8]int
	long, most := -1, 10 // a measure is longer than most headings
	for c := 0; c < k; c++ {
		n, digits, unit, runes, dues := 0, 0, 0.0, 0, 0
		for _, r := range g.rows[:min(len(g.rows), 40)] {
			if r[c].text.len() == 0 {
				continue
			}
			n++
			tr := traits(r[c].text)
			unit += tr.unit
			runes += tr.n
			names[c] += strings.Count(r[c].text.folded(), "、")
			if tr.digits {
				digits++
			}
			if tr.due {
				dues++
			}
		}
		switch {
		case n < 2:
		case digits*10 >= n*8:
			roles[c] = serial
		case dues*10 >= n*8:
			roles[c] = due
		case unit >= 0.8*float64(n):
			roles[c] = resp
			units = append(units, c)
		default:
			roles[c] = item
			if runes > most*n {
				long, most = c, runes/n
			}
		}
	}
	if len(units) == 0 || long < 0 {
		return nil
	}
	roles[long] = measure
	if len(units) == 2 && names[units[0]] < names[units[1]] {
		roles[units[0]] = lead
	}
	return roles
}

// even reports whether all rows have as many cells.
func (g *grid) even() bool {
	return !slices.ContainsFunc(g.rows, func(r []gcell) bool { return len(r) != len(g.rows[0]) })
}

// looseRows reads flattened rows, whose cells may have moved.
func (g *grid) looseRows(at int) ([]*row, []column) {
	var headTexts []text
	for _, c := range g.rows[at] {
		headTexts = append(headTexts, c.text)
	}
	roles, heads := headerCells(headTexts)
	base := resolve(roles, heads)
	if base == nil {
		return nil, nil
	}
	cols := virtual(base)
	// Where a header cell stands; the body may have more columns on the left.
	count := map[int]int{}
	width := 0
	for _, r := range g.rows[at+1:] {
		count[len(r)]++
		if count[len(r)] > count[width] || count[len(r)] == count[width] && len(r) > width {
			width = len(r)
		}
	}
	hw := len(g.rows[at])
	for hw > 0 && g.rows[at][hw-1].text.len() == 0 {
		hw--
	}
	position := map[int]int{} // of a header cell → index in cols
	k := 0
	var order []int
	for i, c := range cols {
		if !c.virtual {
			order = append(order, i)
		}
	}
	for i, c := range g.rows[at][:hw] {
		if c.text.len() > 0 && k < len(order) {
			position[i] = order[k]
			k++
		}
	}
	shift := 0
	if width > hw && hw == len(g.rows[at]) {
		shift = width - hw
	}
	same := map[string]bool{}
	for _, h := range headTexts {
		same[h.tight()] = true
	}
	moved := g.moved(at)
	own := g.ownLevel(at, hw, shift, position, cols)
	below := slices.Clone(cols)
	for i := range below {
		below[i].merged = below[i].role == lead
	}
	seen := map[string]trait{} // the same units stand in many rows
	var rows []*row
	for _, cells := range g.rows[at+1:] {
		var ts []text
		var ids, where []int
		repeat := true
		for i, c := range cells {
			if c.text.len() == 0 {
				continue
			}
			if !same[c.text.tight()] {
				repeat = false
			}
			ts, ids = append(ts, c.text), append(ids, c.id)
			p, ok := position[i-shift]
			if !ok || i < shift || len(cells) != width && shift > 0 {
				p = -1
			}
			where = append(where, p)
		}
		if len(ts) == 0 || repeat && len(ts) > 1 || headerRow(ts) || pageRow(cells) {
			continue
		}
		trs := make([]trait, len(ts))
		for i := range ts {
			k := ts[i].folded()
			tr, ok := seen[k]
			if !ok {
				tr = traits(ts[i])
				seen[k] = tr
			}
			if tr.level == own && own != plain {
				tr.level = parened
			}
			trs[i] = tr
		}
		fit := cols
		if moved && len(ts) < min(len(cells), hw+shift) {
			where = nil
			if trs[0].level != chinese && trs[0].level != paren {
				fit = below // further rows of an item more often lost the leading unit
			}
		}
		for i, p := range where {
			if p >= 0 && cols[p].fit(trs[i]) <= -1 {
				where = nil // its cells have moved
				break
			}
		}
		r := newRow(cols)
		for i, p := range align(ts, trs, fit, where, false) {
			if p.col == headRow {
				r.head = ts[i]
				continue
			}
			r.put(cols[p.col], gcell{ts[i], ids[i]})
		}
		rows = append(rows, r)
	}
	if n := len(g.rows); n > at+2 && len(rows) > 0 {
		rows[len(rows)-1].short = true
		for _, cells := range g.rows[at+1 : n-1] {
			if len(cells) > 1 && len(cells) <= len(g.rows[n-1]) {
				rows[len(rows)-1].short = false
			}
		}
	}
	return rows, cols
}

// ownLevel is the kind of number that the measures themselves bear, 一、 or （一）,
// in the rows that kept all their cells: then such a number makes no heading of a
// row that lost some. plain when they bear none, or their items bear it too.
// position is the column of a header cell, shift how many cells stand before it.
func (g *grid) ownLevel(at, width, shift int, position map[int]int, cols []column) level {
	own := plain
	var items [circled + 1]bool
	for _, cells := range g.rows[at+1:] {
		if len(cells) < width+shift || slices.ContainsFunc(cells[:width+shift], func(c gcell) bool { return c.text.len() == 0 }) {
			continue
		}
		found := plain
		for i, c := range cells[shift : width+shift] {
			p, ok := position[i]
			m, _ := c.text.number(0)
			switch {
			case !ok:
			case cols[p].role == measure:
				if found = m.level; !cols[p].titled || found != chinese && found != paren || own != plain && own != found {
					return plain
				}
			case cols[p].role.text():
				items[m.level] = true
			case cols[p].role.unit() && cols[p].fit(traits(c.text)) < 0:
				found = plain // its cells have moved
			}
		}
		if found != plain {
			own = found
		}
	}
	if items[own] {
		return plain
	}
	return own
}

// moved reports whether empty cells stand at the ends of rows only, as in a table
// whose merged cells were lost: the others moved to the left.
func (g *grid) moved(at int) bool {
	ends := false
	for _, cells := range g.rows[at+1:] {
		last, full := -1, 0
		for i, c := range cells {
			if c.text.len() > 0 {
				last = i
				full++
			}
		}
		if full <= last {
			return false // an empty cell before another
		}
		ends = ends || full > 1 && last+1 < len(cells)
	}
	return ends
}
