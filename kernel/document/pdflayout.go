package document

import (
	"math"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// rect is a box in points, y upwards.
type rect struct{ x0, x1, y0, y1 float64 }

func (r rect) grow(o rect) rect {
	return rect{min(r.x0, o.x0), max(r.x1, o.x1), min(r.y0, o.y0), max(r.y1, o.y1)}
}

// pdfLine is a stretch of text on one line that nothing interrupts.
type pdfLine struct {
	text string
	rect
	em float64 // size of the letters
}

// pdfPage is what stands on a page.
type pdfPage struct {
	number        int
	width, height float64
	lines         []pdfLine
	across, down  []rect // drawn lines, horizontal and vertical
	letters       int
	strange       int     // letters without a meaning in Unicode
	now           pdfLine // the line that is being read
	last          rect    // its last character
	space         bool    // a space came after it
}

// char adds a character in reading order; PDFium says where lines end.
func (p *pdfPage) char(s string, at rect) {
	if s == "\r" || s == "\n" || s == "" {
		p.endLine()
		return
	}
	r, _ := utf8.DecodeRuneInString(s)
	if r == 0 || r == 0xFFFE || r == 0x02 {
		return
	}
	if unicode.IsSpace(r) {
		p.space = p.now.text != ""
		return
	}
	p.letters++
	if r == utf8.RuneError || r >= 0xE000 && r <= 0xF8FF || r < 0x20 {
		p.strange++
	}
	em := max(at.x1-at.x0, at.y1-at.y0)
	// A gap of more than two letters parts columns that have no lines between
	// them, unless it follows the number of an item.
	gap := at.x0 - p.last.x1
	if p.now.text != "" && (gap > 2*max(p.now.em, em) && startsItem.FindString(p.now.text) != p.now.text || gap > 0 && p.ruled(p.last, at)) {
		p.endLine()
	}
	if p.now.text == "" {
		p.now, p.space = pdfLine{rect: at}, false
	}
	if p.space {
		// Between Han and other letters programs leave a little room that is no space.
		before, _ := utf8.DecodeLastRuneInString(p.now.text)
		if !punctuation(before) && !punctuation(r) && (gap > 1.2*max(p.now.em, em) || !wide(before) && !wide(r)) {
			p.now.text += " "
		}
		p.space = false
	}
	p.now.text += s
	p.now.rect, p.now.em = p.now.grow(at), max(p.now.em, em)
	p.last = at
}

// punctuation reports the full-width signs, which carry their own room.
func punctuation(r rune) bool {
	return r >= 0x3001 && r <= 0x303F || r >= 0xFF00 && r <= 0xFF0F || r >= 0xFF1A && r <= 0xFF20
}

// ruled reports whether a vertical line parts two neighbours on a line of text.
func (p *pdfPage) ruled(a, b rect) bool {
	middle := (b.y0 + b.y1) / 2
	for _, r := range p.down {
		if x := (r.x0 + r.x1) / 2; x > a.x1-1 && x < b.x0+1 && r.y0 <= middle && r.y1 >= middle {
			return true
		}
	}
	return false
}

func (p *pdfPage) endLine() {
	if p.now.text = trim(p.now.text); p.now.text != "" {
		p.lines = append(p.lines, p.now)
	}
	p.now = pdfLine{}
}

// thin is how thick a ruling may be.
const thin = 3.0

// box adds a drawn line, or the four edges of a drawn box.
func (p *pdfPage) box(r rect) {
	if r.x1-r.x0 <= thin || r.y1-r.y0 <= thin {
		p.line(r)
		return
	}
	if r.x1-r.x0 > p.width*0.98 && r.y1-r.y0 > p.height*0.9 {
		return // the page's own background
	}
	p.line(rect{r.x0, r.x1, r.y0, r.y0})
	p.line(rect{r.x0, r.x1, r.y1, r.y1})
	p.line(rect{r.x0, r.x0, r.y0, r.y1})
	p.line(rect{r.x1, r.x1, r.y0, r.y1})
}

func (p *pdfPage) line(r rect) {
	switch wide, high := r.x1-r.x0, r.y1-r.y0; {
	case len(p.across)+len(p.down) > 20_000:
	case high <= thin && wide > thin:
		p.across = append(p.across, r)
	case wide <= thin && high > thin:
		p.down = append(p.down, r)
	}
}

// pdfLayout turns pages into paragraphs and tables.
type pdfLayout struct {
	budget
	doc     *Document
	letters int
	open    []pdfLine // lines of the paragraph that is being read
	where   *pdfPage
	edges   []float64       // of the columns of the table that ended the last page
	cut     map[int]bool    // its last row's columns whose text ran to the end of its line
	ragged  bool            // no line closed its last row
	heads   map[string]bool // lines at the last page's upper edge, see running
	foot    held            // lines at the last page's lower edge
	shared  map[string]bool // lines at a lower edge that several pages have
}

// held are lines that wait for the next page: if they stand there too they are
// the page's own, as programs that print add them.
type held struct {
	lines       []pdfLine
	left, right float64
	page        *pdfPage
}

var figures = regexp.MustCompile(`\d+`)

// running is what a line at a page's edge has in common with that of other pages.
func running(x pdfLine) string { return figures.ReplaceAllString(x.text, "#") }

// runningLines takes the lines that a page shares with the last one at its upper and
// lower edge out, and holds back the others at the lower edge.
func (l *pdfLayout) runningLines(lines []pdfLine, grids []pdfGrid, p *pdfPage) (body, foot []pdfLine) {
	heads, feet, dropped := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, x := range l.foot.lines {
		feet[running(x)] = true
	}
	for _, x := range lines {
		switch key := running(x); {
		case owner(grids, x) >= 0:
			body = append(body, x)
		case x.y0 > p.height*0.93:
			heads[key] = true
			if !l.heads[key] {
				body = append(body, x)
			}
		case x.y1 < p.height*0.07:
			if feet[key] {
				dropped[key] = true
			}
			foot = append(foot, x)
		default:
			body = append(body, x)
		}
	}
	l.heads = heads
	l.foot.lines = slices.DeleteFunc(l.foot.lines, func(x pdfLine) bool { return dropped[running(x)] || l.shared[running(x)] })
	for key := range dropped {
		l.shared[key] = true
	}
	return body, foot
}

// release puts the held lines into the document.
func (l *pdfLayout) release() error {
	h := l.foot
	l.foot = held{}
	for _, x := range h.lines {
		if l.shared[running(x)] {
			continue
		}
		if err := l.text(x, h.left, h.right, h.page); err != nil {
			return err
		}
		l.edges = nil
	}
	return nil
}

var pageNumber = regexp.MustCompile(`^[-—–―－\s·]*(第\s*)?\d{1,4}(\s*页)?(\s*[/／]\s*\d{1,4}|\s*共\s*\d{1,4}\s*页)?[-—–―－\s·]*$`)

// page lays out one page.
func (l *pdfLayout) page(p *pdfPage) error {
	lines := p.lines[:0:0]
	for _, x := range p.lines {
		edge := x.y0 < p.height*0.1 || x.y1 > p.height*0.93
		if !(edge && pageNumber.MatchString(x.text)) {
			lines = append(lines, x)
		}
	}
	if l.shared == nil {
		l.shared = map[string]bool{}
	}
	grids := p.grids()
	lines, foot := l.runningLines(lines, grids, p)
	if err := l.release(); err != nil {
		return err
	}
	l.edges = l.continued(grids, lines)
	left, right := margins(lines, grids)
	done := map[int]bool{}
	inside := make([][]pdfLine, len(grids))
	var outside []pdfLine
	for _, x := range lines {
		if g := owner(grids, x); g >= 0 {
			inside[g] = append(inside[g], x)
		} else {
			outside = append(outside, x)
		}
	}
	// Tables stand where their top is; text keeps the order it is drawn in.
	put := func(above float64) error {
		for g := range grids {
			if !done[g] && grids[g].top() > above {
				done[g] = true
				if err := l.table(&grids[g], inside[g], p); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, x := range outside {
		if err := put(x.y1); err != nil {
			return err
		}
		if err := l.text(x, left, right, p); err != nil {
			return err
		}
	}
	if err := put(math.Inf(-1)); err != nil {
		return err
	}
	l.foot = held{foot, left, right, p}
	l.edges = nil
	if n := len(grids); n > 0 {
		low := &grids[0]
		for g := range grids {
			if grids[g].bottom() < low.bottom() {
				low = &grids[g]
			}
		}
		if below := lowest(outside); below > low.bottom() {
			l.edges = low.xs
		}
	}
	return nil
}

// continued keeps the columns of the last page's table when this page begins
// with a table of the same columns.
func (l *pdfLayout) continued(grids []pdfGrid, lines []pdfLine) []float64 {
	if len(grids) == 0 || len(l.edges) == 0 || len(l.open) > 0 {
		return nil
	}
	first := &grids[0]
	for g := range grids {
		if grids[g].top() > first.top() {
			first = &grids[g]
		}
	}
	for _, x := range lines {
		if x.y0 > first.top() {
			return nil // text stands above it
		}
	}
	if len(first.xs) != len(l.edges) {
		return nil
	}
	for i := range first.xs {
		if math.Abs(first.xs[i]-l.edges[i]) > thin {
			return nil
		}
	}
	return l.edges
}

func lowest(lines []pdfLine) float64 {
	y := math.Inf(1)
	for _, x := range lines {
		y = min(y, x.y0)
	}
	return y
}

// margins finds where the text outside tables begins and ends.
func margins(lines []pdfLine, grids []pdfGrid) (left, right float64) {
	left, right = math.Inf(1), math.Inf(-1)
	for _, x := range lines {
		if owner(grids, x) < 0 {
			left, right = min(left, x.x0), max(right, x.x1)
		}
	}
	return left, right
}

var startsItem = regexp.MustCompile(`^([一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d{1,3}[．.、]|第[一二三四五六七八九十百]+[章条节])`)

// startsTask is a number that a new row begins with, not a paragraph of a cell.
var startsTask = regexp.MustCompile(`^([一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])`)

// joins reports whether a line goes on with the paragraph whose last line is a.
func joins(a, b pdfLine, left, right float64) bool {
	em := max(a.em, b.em)
	if math.Abs(a.em-b.em) > 0.25*em || startsItem.MatchString(b.text) {
		return false
	}
	apart := a.y0 - b.y1
	return a.x1 > right-1.8*em && b.x0 < left+1.2*em && apart > -0.6*em && apart < 1.6*em
}

// glue joins two lines, with a space between words of letters.
func glue(a, b string) string {
	x, _ := utf8.DecodeLastRuneInString(a)
	y, _ := utf8.DecodeRuneInString(b)
	if x < 0x2E80 && y < 0x2E80 && (unicode.IsLetter(x) || unicode.IsDigit(x)) && unicode.IsLetter(y) {
		return a + " " + b
	}
	return a + b
}

// text adds a line outside tables.
func (l *pdfLayout) text(x pdfLine, left, right float64, p *pdfPage) error {
	if n := len(l.open); n > 0 {
		last := l.open[n-1]
		turned := l.where != p && last.x1 > right-1.8*x.em && x.x0 < left+1.2*x.em && math.Abs(last.em-x.em) < 0.25*x.em && !startsItem.MatchString(x.text)
		if turned || l.where == p && joins(last, x, left, right) {
			l.open = append(l.open, x)
			l.where = p
			return nil
		}
		if err := l.flush(); err != nil {
			return err
		}
	}
	middle := math.Abs(x.x0+x.x1-p.width) < 1.5*x.em && x.x0 > left+2.5*x.em
	l.open, l.where = []pdfLine{x}, p
	l.doc.Blocks = append(l.doc.Blocks, Block{Para: &Paragraph{Center: middle, Page: p.number}})
	return l.block()
}

// flush writes the open lines into the paragraph that was begun for them.
func (l *pdfLayout) flush() error {
	if len(l.open) == 0 {
		return nil
	}
	para := l.doc.Blocks[len(l.doc.Blocks)-1].Para
	var parts []string
	for _, x := range l.open {
		parts = append(parts, x.text)
	}
	para.Text = glueAll(parts)
	l.open = nil
	return nil
}

func glueAll(parts []string) string {
	var b strings.Builder
	last := ""
	for _, s := range parts {
		if joined := glue(last, s); last != "" && len(joined) > len(last)+len(s) {
			b.WriteByte(' ')
		}
		b.WriteString(s)
		last = s
	}
	return b.String()
}

func (l *pdfLayout) end() error {
	if err := l.release(); err != nil {
		return err
	}
	return l.flush()
}

// pdfGrid is a table drawn with lines: xs from left to right, ys from the top down.
type pdfGrid struct {
	xs, ys       []float64
	across, down []rect
	open         bool // no line closes it below: the page ends in its last row
}

func (g *pdfGrid) top() float64    { return g.ys[0] }
func (g *pdfGrid) bottom() float64 { return g.ys[len(g.ys)-1] }

// owner finds the grid that a line of text stands in, or -1.
func owner(grids []pdfGrid, x pdfLine) int {
	cx, cy := (x.x0+x.x1)/2, (x.y0+x.y1)/2
	for g := range grids {
		if xs := grids[g].xs; cx > xs[0] && cx < xs[len(xs)-1] && cy < grids[g].top() && cy > grids[g].bottom() {
			return g
		}
	}
	return -1
}

// touch is how far lines that belong together may miss each other.
const touch = 4.0

// grids groups the drawn lines that touch each other into tables of at least two cells.
func (p *pdfPage) grids() []pdfGrid {
	all := append(append([]rect{}, p.across...), p.down...)
	if len(p.down) < 2 || len(p.across) < 2 || len(all) > 5000 {
		return nil
	}
	group := make([]int, len(all))
	for i := range group {
		group[i] = i
	}
	var root func(i int) int
	root = func(i int) int {
		if group[i] != i {
			group[i] = root(group[i])
		}
		return group[i]
	}
	for i := range all {
		for j := i + 1; j < len(all); j++ {
			a, b := all[i], all[j]
			if a.x0 <= b.x1+touch && b.x0 <= a.x1+touch && a.y0 <= b.y1+touch && b.y0 <= a.y1+touch {
				group[root(i)] = root(j)
			}
		}
	}
	made := map[int]*pdfGrid{}
	var order []int
	for i, r := range all {
		k := root(i)
		if made[k] == nil {
			made[k] = &pdfGrid{}
			order = append(order, k)
		}
		if i < len(p.across) {
			made[k].across = append(made[k].across, r)
		} else {
			made[k].down = append(made[k].down, r)
		}
	}
	var out []pdfGrid
	for _, k := range order {
		g := made[k]
		for _, r := range g.down {
			g.xs = append(g.xs, (r.x0+r.x1)/2)
		}
		for _, r := range g.across {
			g.ys = append(g.ys, (r.y0+r.y1)/2)
		}
		// A table that a page's end cuts has no line there: its columns' lines show
		// how far it goes.
		if n := len(g.down); n > 0 {
			low, high := g.down[0].y0, g.down[0].y1
			for _, r := range g.down {
				low, high = min(low, r.y0), max(high, r.y1)
			}
			g.open = low < slices.Min(g.ys)-touch
			g.ys = append(g.ys, low, high)
		}
		g.xs, g.ys = cluster(g.xs), cluster(g.ys)
		for i, j := 0, len(g.ys)-1; i < j; i, j = i+1, j-1 {
			g.ys[i], g.ys[j] = g.ys[j], g.ys[i]
		}
		if len(g.xs) >= 2 && len(g.ys) >= 2 && len(g.xs)+len(g.ys) >= 5 {
			out = append(out, *g)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].top() > out[j].top() })
	return out
}

// cluster sorts places and joins those closer than touch.
func cluster(at []float64) []float64 {
	sort.Float64s(at)
	var out []float64
	for _, x := range at {
		if n := len(out); n == 0 || x-out[n-1] > touch {
			out = append(out, x)
		}
	}
	return out
}

// drawn reports whether the lines cover most of the way from a to b at a place.
func drawn(lines []rect, at, a, b float64, vertical bool) bool {
	covered := 0.0
	for _, r := range lines {
		place, from, to := (r.y0+r.y1)/2, r.x0, r.x1
		if vertical {
			place, from, to = (r.x0+r.x1)/2, r.y0, r.y1
		}
		if math.Abs(place-at) <= touch {
			covered += max(0, min(to, b)-max(from, a))
		}
	}
	return covered > 0.6*(b-a)
}

// table makes a table of a grid: fields without a line between them are one cell.
func (l *pdfLayout) table(g *pdfGrid, lines []pdfLine, p *pdfPage) error {
	if err := l.flush(); err != nil {
		return err
	}
	rows, cols := len(g.ys)-1, len(g.xs)-1
	if cols > l.limits.Cols {
		return tooManyCols(l.limits.Cols)
	}
	taken := make([]bool, rows*cols)
	at := make([]int, rows*cols)
	t := &Table{Rows: rows, Cols: cols, Merges: true}
	for r := range rows {
		for k := range cols {
			if taken[r*cols+k] {
				continue
			}
			c := Cell{Row: r, Col: k, RowSpan: 1, ColSpan: 1}
			for k+c.ColSpan < cols && !taken[r*cols+k+c.ColSpan] && !drawn(g.down, g.xs[k+c.ColSpan], g.ys[r+1], g.ys[r], true) {
				c.ColSpan++
			}
			for r+c.RowSpan < rows && !drawn(g.across, g.ys[r+c.RowSpan], g.xs[k], g.xs[k+c.ColSpan], false) {
				c.RowSpan++
			}
			for i := r; i < r+c.RowSpan; i++ {
				for j := k; j < k+c.ColSpan; j++ {
					taken[i*cols+j], at[i*cols+j] = true, len(t.Cells)
				}
			}
			if err := l.cell(k + c.ColSpan); err != nil {
				return err
			}
			t.Cells = append(t.Cells, c)
		}
	}
	held := make([][]pdfLine, len(t.Cells))
	for _, x := range lines {
		r, k := 0, 0
		for r < rows-1 && (x.y0+x.y1)/2 < g.ys[r+1] {
			r++
		}
		for k < cols-1 && (x.x0+x.x1)/2 > g.xs[k+1] {
			k++
		}
		i := at[r*cols+k]
		held[i] = append(held[i], x)
	}
	cut := map[int]bool{}
	for i := range t.Cells {
		c := &t.Cells[i]
		left, right := g.xs[c.Col], g.xs[c.Col+c.ColSpan]
		c.Paras = cellText(held[i], left, right, p.number)
		if n := len(held[i]); n > 0 && c.Row+c.RowSpan == rows {
			last := held[i][n-1]
			cut[c.Col] = last.x1-last.x0 > right-left-3.2*last.em && !strings.ContainsAny(last.text[len(last.text)-1:], ".;") && !strings.HasSuffix(last.text, "。")
		}
	}
	before, ragged := l.cut, l.ragged
	l.cut, l.ragged = cut, g.open
	if l.edges != nil && len(l.doc.Blocks) > 0 && l.doc.Blocks[len(l.doc.Blocks)-1].Table != nil {
		l.doc.Blocks[len(l.doc.Blocks)-1].Table.extend(t, before, ragged)
		l.edges = nil
		return nil
	}
	l.doc.Blocks = append(l.doc.Blocks, Block{Table: t})
	return l.block()
}

// cellText makes paragraphs of the lines in a cell: one that reaches the right
// edge goes on in the next.
func cellText(lines []pdfLine, left, right float64, page int) []Paragraph {
	sort.SliceStable(lines, func(i, j int) bool {
		a, b := lines[i], lines[j]
		if math.Abs((a.y0+a.y1)-(b.y0+b.y1)) > max(a.em, b.em) {
			return a.y0+a.y1 > b.y0+b.y1
		}
		return a.x0 < b.x0
	})
	// Centred cells leave equal room on both sides: the widest line shows it.
	widest := 0.0
	for _, x := range lines {
		widest = max(widest, x.x1-x.x0)
	}
	var out []Paragraph
	for i, x := range lines {
		if i > 0 && !startsItem.MatchString(x.text) && (lines[i-1].x1-lines[i-1].x0 > widest-1.2*x.em && widest > right-left-3.2*x.em || lines[i-1].y0 < x.y1-0.5*x.em) {
			last := &out[len(out)-1]
			last.Text = glue(last.Text, x.text)
			continue
		}
		out = append(out, Paragraph{Text: x.text, Page: page})
	}
	return out
}

// extend appends the rows of the same table on the next page: without the head
// rows that were printed again, a row that the page's end cut in two put together
// again, and a merged cell that goes on made longer. cut says in which columns of
// the last row the text ran to the end of its line, ragged that no line closed it.
func (t *Table) extend(next *Table, cut map[int]bool, ragged bool) {
	skip := 0
	for skip < next.Rows && skip < t.Rows && t.rowText(skip) == next.rowText(skip) && t.rowText(skip) != "" {
		skip++
	}
	if skip == next.Rows {
		return
	}
	above := map[int]*Cell{} // of the last row, by column
	for i := range t.Cells {
		if c := &t.Cells[i]; c.Row+c.RowSpan == t.Rows {
			above[c.Col] = c
		}
	}
	goesOn, filled, missing := 0, 0, 0
	for i := range next.Cells {
		c := &next.Cells[i]
		if c.Row != skip {
			continue
		}
		a := above[c.Col]
		switch {
		case a == nil || a.ColSpan != c.ColSpan:
			goesOn = -next.Cols
		case len(c.Paras) == 0:
			if len(a.Paras) > 0 {
				missing++
			}
		case !cut[c.Col] && !startsItem.MatchString(c.Paras[0].Text):
			filled++
			if !ragged || c.Col == 0 {
				goesOn = -next.Cols
			}
		case cut[c.Col] && !startsItem.MatchString(c.Paras[0].Text):
			filled++
			goesOn++
		default:
			filled++
			if c.Col == 0 && !cut[0] || startsTask.MatchString(c.Paras[0].Text) {
				goesOn = -next.Cols
			}
		}
	}
	if ragged && goesOn == 0 && filled > 0 && missing > 0 {
		goesOn = 1 // a part of a row: what it lacks stands on the page before
	}
	shift := t.Rows - skip
	if goesOn > 0 {
		shift--
	}
	var added []Cell
	for _, c := range next.Cells {
		if c.Row < skip {
			continue
		}
		a := above[c.Col]
		switch {
		case c.Row == skip && a != nil && a.ColSpan == c.ColSpan && goesOn > 0:
			for i, p := range c.Paras {
				if n := len(a.Paras); i == 0 && n > 0 && cut[c.Col] && !startsItem.MatchString(p.Text) {
					a.Paras[n-1].Text = glue(a.Paras[n-1].Text, p.Text)
				} else {
					a.Paras = append(a.Paras, p)
				}
			}
			a.RowSpan += c.RowSpan - 1
		case c.Row == skip && a != nil && a.ColSpan == c.ColSpan && len(c.Paras) == 0:
			a.RowSpan += c.RowSpan
		default:
			c.Row += shift
			added = append(added, c)
		}
	}
	t.Cells = append(t.Cells, added...)
	t.Rows = next.Rows + shift
}

func (t *Table) rowText(r int) string {
	var b strings.Builder
	for i := range t.Cells {
		if c := &t.Cells[i]; c.Row == r {
			for _, p := range c.Paras {
				b.WriteString(p.Text)
			}
			b.WriteByte('|')
		}
	}
	return strings.Trim(b.String(), "|")
}
