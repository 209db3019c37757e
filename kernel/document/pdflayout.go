package document

import (
	"math"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pdfLayout turns pages into paragraphs and tables.
type pdfLayout struct {
	budget
	doc    *Document
	pages  []*pdfSheet
	open   []pdfLine // lines of the paragraph that is being read
	frame  pdfFrame  // of the page that its last line stands on
	page   int
	step   float64         // from line to line, see steps
	labels map[string]bool // names that begin lines, see names
	number int             // of the last item, if it is a number in digits
	last   *pdfTable       // the table at the end of the last page, if nothing stands below it
}

// pdfSheet is a page put in order.
type pdfSheet struct {
	number int
	rect
	lines  []pdfLine // outside tables, from the top down
	tables []*pdfTable
}

// add puts a page in order.
func (l *pdfLayout) add(p *pdfPage) error {
	p.upright()
	s := &pdfSheet{number: p.number, rect: p.rect}
	grids := p.grids()
	inside := make([][]letter, len(grids))
	var outside []letter
	for _, x := range p.letters {
		own := -1
		for g := range grids {
			if grids[g].holds(x) && (own < 0 || grids[g].area() < grids[own].area()) {
				own = g
			}
		}
		if own < 0 {
			outside = append(outside, x)
		} else {
			inside[own] = append(inside[own], x)
		}
	}
	for g := range grids {
		t, err := grids[g].table(&l.budget, inside[g])
		if err != nil {
			return err
		}
		s.tables = append(s.tables, t)
	}
	s.lines = lines(outside)
	s.overflow()
	l.pages = append(l.pages, s)
	return nil
}

// numbersPage reports whether a line is a page's number.
func numbersPage(s string) bool { return pageNumber.MatchString(strings.ReplaceAll(s, "　", " ")) }

// overflow puts lines right below the last table of a page into the cell above
// them that they go on with: a page may end inside a cell, and its lines with it.
func (s *pdfSheet) overflow() {
	if len(s.tables) == 0 {
		return
	}
	t := s.tables[len(s.tables)-1]
	frames := t.frames(nil)
	for i := 0; i < len(s.lines); i++ {
		x := s.lines[i]
		if x.y > t.bottom {
			continue
		}
		for k := range t.cells {
			c := &t.cells[k]
			n := len(c.lines)
			if n == 0 || !c.open || x.x0 < t.xs[c.Col] || x.x1 > t.xs[c.Col+c.ColSpan] {
				continue
			}
			if last := c.lines[n-1]; last.y-x.y < 2.5*x.em && frames[[2]int{c.Col, c.ColSpan}].full(last, x) {
				c.lines = append(c.lines, x)
				s.lines = slices.Delete(s.lines, i, i+1)
				i--
				break
			}
		}
	}
}

var (
	figures    = regexp.MustCompile(`\d+`)
	pageNumber = regexp.MustCompile(`^[-—–―－─~·.\s]*(第\s*)?(\d{1,4}|[一二三四五六七八九十百]+)(\s*页)?([\s/／，,]*(共\s*)?(\d{1,4}|[一二三四五六七八九十百]+)\s*页?)?[-—–―－─~·.\s]*$|^(?i:page)\s*\d{1,4}(\s*(of|/)\s*\d{1,4})?$`)
)

// edges takes the lines that programs print on every page out: page numbers, and
// lines near the edge that the neighbouring pages have too. What stands above the
// text is left where it stands first, for it may be the title.
func (l *pdfLayout) edges() {
	type place struct {
		text string
		at   int // height on the page
	}
	band := func(s *pdfSheet) float64 { return max(0.07*(s.y1-s.y0), 60) }
	seen := map[place][]int{} // pages
	keys := func(s *pdfSheet, x pdfLine) []place {
		text, at := figures.ReplaceAllString(x.text, "#"), int(math.Round((x.y-s.y0)/3))
		return []place{{text, at - 1}, {text, at}, {text, at + 1}}
	}
	for i, s := range l.pages {
		var kept []pdfLine
		for _, x := range s.lines {
			_, y := x.middle()
			top, low := y > s.y1-band(s), y < s.y0+band(s)
			if (y > s.y1-0.1*(s.y1-s.y0) || y < s.y0+0.13*(s.y1-s.y0)) && numbersPage(x.text) {
				continue
			}
			if !top && !low || len(x.parts) < 2 {
				kept = append(kept, x)
				continue
			}
			// The parts of a running line are different things.
			for _, part := range x.parts {
				if !numbersPage(part.text) {
					one := x
					one.text, one.x0, one.x1, one.parts = part.text, part.x0, part.x1, []pdfPart{part}
					kept = append(kept, one)
				}
			}
		}
		s.lines = kept
		for _, x := range s.lines {
			if _, y := x.middle(); y > s.y1-band(s) || y < s.y0+band(s) {
				key := keys(s, x)[1]
				seen[key] = append(seen[key], i)
			}
		}
	}
	for i, s := range l.pages {
		s.lines = slices.DeleteFunc(s.lines, func(x pdfLine) bool {
			_, y := x.middle()
			top, low := y > s.y1-band(s), y < s.y0+band(s)
			if !top && !low {
				return false
			}
			before, after := false, false
			for _, key := range keys(s, x) {
				for _, k := range seen[key] {
					before = before || k < i && k >= i-2
					after = after || k > i && k <= i+2
				}
			}
			return before || after && low
		})
	}
}

// names finds the labels of a document: those that begin a line at least once for
// another reason than that the line before was full, or stand behind a gap.
func (l *pdfLayout) names() {
	l.labels = map[string]bool{}
	learn := func(lines []pdfLine, f pdfFrame, starts bool) {
		for i, x := range lines {
			if name := label(x.text); name != "" && (i == 0 && starts || i > 0 && !f.full(lines[i-1], x)) {
				l.labels[name] = true
			}
			for _, part := range strings.Split(x.text, "　")[1:] {
				if name := label(part); name != "" {
					l.labels[name] = true
				}
			}
		}
	}
	for _, s := range l.pages {
		learn(s.lines, l.margins(s), false)
		for _, t := range s.tables {
			frames := t.frames(nil)
			for _, c := range t.cells {
				learn(c.lines, frames[[2]int{c.Col, c.ColSpan}], c.Row > 0)
			}
		}
	}
}

// write lays the pages out, one after the other.
func (l *pdfLayout) write() error {
	l.edges()
	l.step = steps(l.pages)
	l.names()
	for i, s := range l.pages {
		if err := l.sheet(s); err != nil {
			return err
		}
		l.pages[i] = nil
	}
	return l.flush()
}

// sheet lays out one page: tables stand where their top is.
func (l *pdfLayout) sheet(s *pdfSheet) error {
	frame := l.margins(s)
	tables := s.tables
	put := func(above float64) error {
		for len(tables) > 0 && tables[0].top > above {
			if err := l.table(tables[0], s.number); err != nil {
				return err
			}
			tables = tables[1:]
		}
		return nil
	}
	for _, x := range s.lines {
		_, y := x.middle()
		if err := put(y); err != nil {
			return err
		}
		l.last = nil
		if err := l.text(x, frame, s); err != nil {
			return err
		}
	}
	return put(math.Inf(-1))
}

// pdfFrame is the room that lines of text fill: a line that ends before right
// where the next word would have had room ends a paragraph.
type pdfFrame struct {
	left, right float64
	step        float64 // from line to line, in sizes of the letters
	labels      map[string]bool
}

// margins finds the frame of the text outside tables. If few lines reach the right
// margin it is taken to be as wide as the left one, or as on the page before.
func (l *pdfLayout) margins(s *pdfSheet) pdfFrame {
	f := pdfFrame{left: math.Inf(1), right: math.Inf(-1), step: l.step, labels: l.labels}
	for _, x := range s.lines {
		f.left, f.right = min(f.left, x.x0), max(f.right, x.x1)
	}
	full := 0
	for _, x := range s.lines {
		if x.x1 > f.right-x.em {
			full++
		}
	}
	if full < 3 && len(s.lines) > 0 {
		f.right = max(f.right, s.x1-(f.left-s.x0))
		if l.frame.right > 0 && l.frame.right < f.right && l.frame.left < f.left+touch {
			f.right = l.frame.right
		}
	}
	return f
}

// steps finds how far apart the lines of a paragraph are, in sizes of their letters:
// the least that is usual in a document.
func steps(sheets []*pdfSheet) float64 {
	var all []float64
	for _, s := range sheets {
		for i := 1; i < len(s.lines); i++ {
			a, b := s.lines[i-1], s.lines[i]
			if step := (a.y - b.y) / b.em; math.Abs(a.em-b.em) < 0.05*b.em && step > 0.9 {
				all = append(all, step)
			}
		}
	}
	if len(all) == 0 {
		return math.Inf(1)
	}
	sort.Float64s(all)
	return all[len(all)/10]
}

var startsItem = regexp.MustCompile(`^([一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d{1,3}([．、]|\.(\D|$))|第[一二三四五六七八九十百]+[章条节]|[①-⑳])`)

// startsTask is a number that a new row begins with, not a paragraph of a cell.
var startsTask = regexp.MustCompile(`^([一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])`)

var startsLabel = regexp.MustCompile(`^\p{Han}{2,8}[：:]`)

// label is the name that a text begins with of what follows, as in 电话：, or "".
func label(s string) string { return startsLabel.FindString(s) }

// begins reports whether a text is certain to begin a paragraph.
func begins(s string, labels map[string]bool) bool {
	return startsItem.MatchString(s) || labels[label(s)]
}

// neverBegins reports whether a text begins with a sign that may not begin a line.
func neverBegins(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune(neverFirst, r) && r != '—' && r != '…'
}

// full reports whether a line ends where the next begins because it had no more room.
func (f pdfFrame) full(a, b pdfLine) bool {
	room := f.right - 0.35*a.em
	if a.x1+b.head > room {
		return true
	}
	// A centred line ends in the middle of its own room.
	ax, _ := a.middle()
	return math.Abs(ax-(f.left+f.right)/2) < 0.4*a.em && a.x1-a.x0+b.head > room-f.left
}

// unfinished reports whether a text ends without a sign that ends sentences.
func unfinished(s string) bool {
	return !strings.ContainsRune("。；：！？;:!?”》）)】〕", lastRune(s))
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// joins reports whether line b goes on with the paragraph that a ends and first
// begins; same says that they stand on one page.
func (f pdfFrame) joins(first, a, b pdfLine, same bool, number int) bool {
	em := max(a.em, b.em)
	if a.sure && b.sure && math.Abs(a.em-b.em) > 0.25*em {
		return false
	}
	if same && (a.y-b.y > 1.3*f.step*em || a.y < b.y) {
		return false
	}
	if neverBegins(b.text) {
		return true
	}
	if !f.full(a, b) {
		return false
	}
	if startsItem.MatchString(b.text) {
		// A number in the middle of a sentence may come to stand at a line's beginning.
		n := leadingNumber(b.text)
		return n > 0 && n != number+1 && n != 1 && unfinished(a.text)
	}
	if f.labels[label(b.text)] && (lastRune(a.text) == '。' || label(first.text) != "" && !strings.ContainsRune("，、", lastRune(a.text))) {
		return false
	}
	if b.x0 > f.left+1.2*em && !f.middle(a, b) {
		switch {
		case b.x0 > a.x0+0.6*em: // begins further in than the line before: hangs below a number, or is a first line
			return startsItem.MatchString(a.text) && unfinished(a.text)
		case b.x0 > a.x0-0.6*em:
			return unfinished(a.text)
		}
	}
	return true
}

// middle reports whether both lines are centred.
func (f pdfFrame) middle(a, b pdfLine) bool {
	ax, _ := a.middle()
	bx, _ := b.middle()
	return math.Abs(ax-bx) < 0.4*max(a.em, b.em) && math.Abs(a.x0-b.x0) > 0.3*a.em
}

// leadingNumber reads the number of an item in digits, or 0.
func leadingNumber(s string) int {
	n, err := strconv.Atoi(s[:len(s)-len(strings.TrimLeft(s, "0123456789"))])
	if err != nil {
		return 0
	}
	return n
}

// text adds a line outside tables.
func (l *pdfLayout) text(x pdfLine, f pdfFrame, s *pdfSheet) error {
	if n := len(l.open); n > 0 {
		last := l.open[n-1]
		same := l.page == s.number
		before := f
		if !same { // pages may have margins of their own
			before = l.frame
			last.x0 += f.left - before.left
			last.x1 += f.right - before.right
		}
		if f.joins(l.open[0], last, x, same, l.number) {
			l.open = append(l.open, x)
			l.page, l.frame = s.number, f
			return nil
		}
		if err := l.flush(); err != nil {
			return err
		}
	}
	mx, _ := x.middle()
	centre := math.Abs(2*mx-s.x0-s.x1) < 1.5*x.em && x.x0 > f.left+2.5*x.em
	l.open, l.page, l.frame = []pdfLine{x}, s.number, f
	if n := leadingNumber(x.text); n > 0 && startsItem.MatchString(x.text) {
		l.number = n
	}
	l.doc.Blocks = append(l.doc.Blocks, Block{Para: &Paragraph{Center: centre, Page: s.number}})
	return l.block()
}

// flush writes the open lines into the paragraph that was begun for them.
func (l *pdfLayout) flush() error {
	if len(l.open) == 0 {
		return nil
	}
	para := l.doc.Blocks[len(l.doc.Blocks)-1].Para
	para.Text = glueAll(l.open)
	l.open = nil
	return nil
}

// glueAll joins lines; blanks that stood at a line's end stay.
func glueAll(lines []pdfLine) string {
	var b strings.Builder
	for i, x := range lines {
		if i > 0 {
			b.WriteString(lines[i-1].between(x))
		}
		b.WriteString(x.text)
	}
	return b.String()
}

// between is what stands between a line and the next when they are joined.
func (x pdfLine) between(next pdfLine) string {
	if x.tail > 0.75*x.em {
		return "　"
	}
	a, _ := utf8.DecodeLastRuneInString(x.text)
	b, _ := utf8.DecodeRuneInString(next.text)
	if a < 0x2E80 && b < 0x2E80 && (unicode.IsLetter(a) || unicode.IsDigit(a) || x.tail > 0) && unicode.IsLetter(b) {
		return " "
	}
	return ""
}

// table adds a table, or its rows to the table that the last page ended with.
func (l *pdfLayout) table(t *pdfTable, page int) error {
	if err := l.flush(); err != nil {
		return err
	}
	frames := t.frames(l.labels)
	made := &Table{Rows: t.rows, Cols: len(t.xs) - 1, Merges: true}
	for _, c := range t.cells {
		c.Paras = cellText(c.lines, frames[[2]int{c.Col, c.ColSpan}], page)
		made.Cells = append(made.Cells, c.Cell)
	}
	before := l.last
	l.last = t
	if n := len(l.doc.Blocks); n > 0 && before != nil && before.continues(t) && l.doc.Blocks[n-1].Table != nil {
		l.doc.Blocks[n-1].Table.extend(made, before, t, l.labels)
		return nil
	}
	l.doc.Blocks = append(l.doc.Blocks, Block{Table: made})
	return l.block()
}

// continues reports whether a table has the same columns.
func (t *pdfTable) continues(next *pdfTable) bool {
	if len(t.xs) != len(next.xs) {
		return false
	}
	for i := range t.xs {
		if math.Abs(t.xs[i]-next.xs[i]) > thin {
			return false
		}
	}
	return true
}

// cellText makes paragraphs of the lines in a cell.
func cellText(lines []pdfLine, f pdfFrame, page int) []Paragraph {
	var out []Paragraph
	first, number := 0, 0
	for i, x := range lines {
		if i > 0 && f.joins(lines[first], lines[i-1], x, true, number) {
			last := &out[len(out)-1]
			last.Text += lines[i-1].between(x) + x.text
			continue
		}
		first = i
		if n := leadingNumber(x.text); n > 0 && startsItem.MatchString(x.text) {
			number = n
		}
		out = append(out, Paragraph{Text: x.text, Page: page})
	}
	return out
}

// extend appends the rows of the same table on the next page: without the head
// rows that were printed again, a row that the page's end cut in two put together
// again, and a merged cell that goes on made longer. here and there are the tables
// as they stand on the two pages.
func (t *Table) extend(next *Table, here, there *pdfTable, labels map[string]bool) {
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
	flows := there.flows(here, skip, labels)
	some, all := here.ends()
	goesOn := (all || !some) && t.cutRow(next, skip, above, flows, labels, all)
	shift := t.Rows - skip
	if goesOn {
		shift--
	}
	var added []Cell
	for _, c := range next.Cells {
		if c.Row < skip {
			continue
		}
		a := above[c.Col]
		fits := c.Row == skip && a != nil && a.ColSpan == c.ColSpan
		switch {
		case fits && (goesOn || !all && here.opens(c.Col)):
			for i, p := range c.Paras {
				if n := len(a.Paras); i == 0 && n > 0 && flows[c.Col] {
					a.Paras[n-1].Text += p.Text
				} else {
					a.Paras = append(a.Paras, p)
				}
			}
			if a.RowSpan += c.RowSpan; goesOn {
				a.RowSpan--
			}
		case fits && len(c.Paras) == 0 && (all || !some):
			a.RowSpan += c.RowSpan
		default:
			c.Row += shift
			added = append(added, c)
		}
	}
	t.Cells = append(t.Cells, added...)
	t.Rows = next.Rows + shift
}

// opens reports whether the last cell of a column is not closed by a line.
func (t *pdfTable) opens(col int) bool {
	for i := range t.cells {
		if c := &t.cells[i]; c.Col == col && t.last(c) {
			return c.open
		}
	}
	return false
}

// flows finds the columns in which the text of a row goes on with the line that
// ends the table on the page before.
func (t *pdfTable) flows(before *pdfTable, row int, labels map[string]bool) map[int]bool {
	out := map[int]bool{}
	frames := before.frames(nil)
	ends := map[[2]int]pdfLine{}
	for i := range before.cells {
		c := &before.cells[i]
		if n := len(c.lines); n > 0 && before.last(c) {
			ends[[2]int{c.Col, c.ColSpan}] = c.lines[n-1]
		}
	}
	for _, c := range t.cells {
		at := [2]int{c.Col, c.ColSpan}
		a, ok := ends[at]
		if ok && c.Row == row && len(c.lines) > 0 && !begins(c.lines[0].text, labels) {
			out[c.Col] = neverBegins(c.lines[0].text) || frames[at].full(a, c.lines[0]) && (unfinished(a.text) || startsItem.FindString(a.text) == a.text)
		}
	}
	return out
}

// cutRow reports whether the first new row of the next page is the rest of the last
// row: text goes on in it, or what every row has is missing, and nothing in it
// begins anew, unless it is all that there is.
func (t *Table) cutRow(next *Table, row int, above map[int]*Cell, flows map[int]bool, labels map[string]bool, open bool) bool {
	going, broken, fresh, filled, missing, lacking := 0, 0, 0, 0, 0, 0
	for i := range next.Cells {
		c := &next.Cells[i]
		if c.Row != row {
			continue
		}
		a := above[c.Col]
		switch {
		case a == nil || a.ColSpan != c.ColSpan:
			return false
		case len(c.Paras) == 0:
			if len(a.Paras) > 0 {
				missing++
				if t.always(c.Col) {
					lacking++
				}
			}
			continue
		case flows[c.Col]:
			going++
		case open && t.blankEnd():
		case startsTask.MatchString(c.Paras[0].Text), c.Col == 0:
			return false
		case begins(c.Paras[0].Text, labels) || open:
		case len(a.Paras) > 0 && unfinished(a.Paras[len(a.Paras)-1].Text):
			broken++ // a name may have ended there, or a word that was not to be parted
		default:
			fresh++
		}
		filled++
	}
	if open && t.blankEnd() {
		return filled > 0
	}
	if fresh > 0 {
		return filled == 1 && lacking > 1
	}
	return filled > 0 && (going > 0 && going >= broken || lacking > 0 || open && missing > 0)
}

// blankEnd reports whether nothing is written in the cells that begin in the last
// row: the page ends before the first line of it.
func (t *Table) blankEnd() bool {
	begun := false
	for i := range t.Cells {
		if c := &t.Cells[i]; c.Row == t.Rows-1 {
			begun = true
			if len(c.Paras) > 0 {
				return false
			}
		}
	}
	return begun
}

// always reports whether each row of at least three has a text of its own in a column.
func (t *Table) always(col int) bool {
	n := 0
	for i := range t.Cells {
		c := &t.Cells[i]
		if c.Col != col || c.ColSpan == t.Cols {
			continue
		}
		if c.RowSpan > 1 || len(c.Paras) == 0 {
			return false
		}
		n++
	}
	return n >= 3
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
