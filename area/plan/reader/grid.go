package reader

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/document"
)

// gcell is a cell of a grid; id tells the places of a merged cell from equal
// neighbours. A place that no cell covers has id -1.
type gcell struct {
	text text
	id   int
}

// grid is a table as found. exact: the file says where each cell stands. merges: it
// also says which cells span rows, so that an empty one is empty.
// stream: the cells follow each other and rows are not known.
type grid struct {
	rows   [][]gcell
	exact  bool
	merges bool
	stream bool
	name   string
	before []text // lines at its start that belong to the text before it
	// guessed: nothing but the order of the lines says which cell is which.
	guessed bool
}

// part is a run of lines, or a table.
type part struct {
	lines []text
	grid  *grid
	plan  text // the title of another plan of the file, which begins here
}

// parts finds lines and tables in the blocks of a document.
func (b *builder) parts(doc *document.Document) []part {
	var out []part
	var lines []text
	seen := map[string]bool{} // titles of plans
	behind := false           // a table that may be a plan's stands before
	flush := func(table bool) {
		if len(lines) > 0 {
			for i, piece := range secondPlans(b.unrun(unpaged(unset(lines))), behind, table, seen) {
				if i > 0 {
					out = append(out, part{plan: piece[0]})
					piece = piece[1:]
					if at := beginning(piece); at > 0 {
						for _, l := range piece[:at] {
							b.rest = append(b.rest, left{l, "另一份方案开头的文字，未作为举措"})
						}
						piece = piece[at:]
					}
				}
				out = append(out, scan(piece)...)
			}
			lines = nil
		}
	}
	for i, bl := range doc.Blocks {
		switch {
		case bl.Para != nil:
			at := Place{Block: i, Cell: -1, Row: -1, Col: -1}
			t := unmark(b.src.paragraph(bl.Para, at))
			if pageNumber.MatchString(t.tight()) {
				continue
			}
			lines = append(lines, splitLines(t)...)
		case bl.Table != nil:
			g := b.grid(bl.Table, i)
			if g == nil {
				continue
			}
			if len(g.rows) > 0 && len(g.rows[0]) == 1 { // a frame around text
				for _, r := range g.rows {
					lines = append(lines, splitLines(r[0].text)...)
				}
				continue
			}
			flush(true)
			pieces, titles := g.plans(behind, seen)
			for k, piece := range pieces {
				if titles[k].len() > 0 {
					out = append(out, part{plan: titles[k]})
				}
				out = append(out, part{grid: piece})
			}
			behind = behind || g.found()
		}
	}
	flush(false)
	return out
}

// pageNumber is what a page's foot leaves in the text: — 2 —.
var pageNumber = regexp.MustCompile(`^(?:-+\d{1,3}-+|第\d{1,3}页(?:,?共\d{1,3}页)?)$`)

// splitLines cuts a paragraph at its own line breaks.
func splitLines(t text) []text {
	if t.index("\n", 0) < 0 {
		return []text{t}
	}
	var out []text
	start := 0
	for i, r := range t.fold {
		if r == '\n' {
			out = append(out, t.sub(start, i))
			start = i + 1
		}
	}
	return append(out, t.from(start))
}

// grid spreads a table of the document.
func (b *builder) grid(t *document.Table, block int) *grid {
	if t.Rows == 0 || t.Cols == 0 || t.Rows*t.Cols > 4_000_000 {
		return nil
	}
	g := &grid{exact: true, name: t.Name, rows: make([][]gcell, t.Rows)}
	for r := range g.rows {
		g.rows[r] = make([]gcell, t.Cols)
		for c := range g.rows[r] {
			g.rows[r][c].id = -1
		}
	}
	for i := range t.Cells {
		c := &t.Cells[i]
		g.merges = g.merges || t.Merges && c.RowSpan > 1
		var all text
		for k := range c.Paras {
			p := b.src.paragraph(&c.Paras[k], Place{Block: block, Cell: i, Row: c.Row, Col: c.Col, Para: k})
			if !p.empty() {
				all = all.line(p.trim())
			}
		}
		for r := max(c.Row, 0); r < min(c.Row+max(c.RowSpan, 1), t.Rows); r++ {
			for k := max(c.Col, 0); k < min(c.Col+max(c.ColSpan, 1), t.Cols); k++ {
				g.rows[r][k] = gcell{all, i}
			}
		}
	}
	return g
}

// scan finds tables that were flattened to lines.
func scan(lines []text) []part {
	var out []part
	start := 0
	put := func(i int) {
		if i > start {
			out = append(out, part{lines: lines[start:i]})
		}
	}
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if l.len() == 0 {
			continue
		}
		var g *grid
		end := i
		from := i
		if t, to := glued(lines, i); t != nil {
			g, end = t, to
			g.guessed = true
			put(from)
			out = append(out, part{lines: g.before}, part{grid: g})
			start, i = end, end-1
			continue
		}
		switch {
		case boxed(l):
			end = region(lines, i, 1, inBox)
			if g = box(lines[i:end]); g == nil || !g.usable() {
				i = end - 1
				continue
			}
		case strings.ContainsRune(string(l.fold), '|'):
			end = region(lines, i, 8, func(t text) bool { return strings.ContainsRune(string(t.fold), '|') })
			if prev := lastLine(lines, start, i); prev >= 0 && headRole(lines[prev]) != none && headRole(bars(l)[0]) != serial {
				from = prev
			}
			g = pipes(lines[from:end])
			if g == nil || !g.usable() {
				i = end - 1
				continue
			}
		case tabbed(l):
			end = region(lines, i, 20, tabbed)
			g = tabs(lines[i:end])
			if g == nil || !g.usable() {
				continue
			}
		case l.trim().len() <= 16 && headRole(l) != none && headerAt(lines, i) && !(headRole(l) != serial && serialNext(lines, i)):
			if g, end = cellLines(lines, i); g == nil {
				continue
			}
			g.guessed = true
		case headerLine(l):
			g, end = spaced(lines, i)
			g.guessed = true
		default:
			continue
		}
		put(from)
		if len(g.before) > 0 {
			out = append(out, part{lines: g.before})
		}
		out = append(out, part{grid: g})
		start, i = end, end-1
	}
	put(len(lines))
	return out
}

// serialNext reports whether the next line begins a table's header, so that this
// one is its title: 重点工作进展情况 before 序号.
func serialNext(lines []text, i int) bool {
	for i++; i < len(lines); i++ {
		if !lines[i].empty() {
			return headRole(lines[i]) == serial
		}
	}
	return false
}

// pageMark begins a page as sites that share documents show it: 1、… 2、….
var pageMark = regexp.MustCompile(`^(\d{1,3})、`)

// unpaged takes out page numbers that stand before whole pages, the second in the
// middle of a sentence, and joins what they cut.
func unpaged(lines []text) []text {
	const page = 150 // characters: no list has such long lines that all break off
	cut := false
	want := 1
	marked := func(l text) (n int) { // characters of the number that is due, 0 when there is none
		if m := pageMark.FindStringSubmatch(l.trim().folded()); m != nil && atoi10(m[1]) == want && l.len() >= page {
			n = utf8.RuneCountInString(m[0])
		}
		return n
	}
	for i, l := range lines {
		if marked(l) == 0 {
			continue
		}
		want++
		cut = cut || want > 2 && !ended(lines[i-1], lines[i-1].len())
	}
	if !cut {
		return lines
	}
	var out []text
	want = 1
	for _, l := range lines {
		t := l.trim()
		if n := marked(l); n > 0 {
			t = t.from(n)
			if want++; want > 2 && !ended(out[len(out)-1], out[len(out)-1].len()) {
				out[len(out)-1] = out[len(out)-1].add(t)
				continue
			}
		}
		out = append(out, t)
	}
	return out
}
