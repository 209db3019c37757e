package document

import (
	"math"
	"slices"
	"sort"
)

// thin is how thick a ruling may be.
const thin = 3.0

// box adds a drawn line, or the four edges of a drawn box.
func (p *pdfPage) box(r rect) {
	if r.x1-r.x0 <= thin || r.y1-r.y0 <= thin {
		p.line(r)
		return
	}
	if r.x1-r.x0 > p.width()*0.98 && r.y1-r.y0 > p.height()*0.9 {
		return // the page's own background
	}
	p.line(rect{r.x0, r.x1, r.y0, r.y0})
	p.line(rect{r.x0, r.x1, r.y1, r.y1})
	p.line(rect{r.x0, r.x0, r.y0, r.y1})
	p.line(rect{r.x1, r.x1, r.y0, r.y1})
}

func (p *pdfPage) line(r rect) {
	// Lines may come from the page before and go on to the next.
	r = rect{max(r.x0, p.x0), min(r.x1, p.x1), max(r.y0, p.y0), min(r.y1, p.y1)}
	switch wide, high := r.x1-r.x0, r.y1-r.y0; {
	case len(p.across)+len(p.down) > 20_000:
	case high <= thin && wide > thin:
		p.across = append(p.across, r)
	case wide <= thin && high > thin:
		p.down = append(p.down, r)
	}
}

// side is how far the lines of rows reach beyond those of columns when a table
// stands open at its sides.
const side = 12.0

// pdfGrid is a table drawn with lines: xs from left to right, ys from the top down.
type pdfGrid struct {
	xs, ys       []float64
	across, down []rect
}

func (g *pdfGrid) top() float64    { return g.ys[0] }
func (g *pdfGrid) bottom() float64 { return g.ys[len(g.ys)-1] }

// touch is how far lines that belong together may miss each other.
const touch = 4.0

// grids groups the drawn lines that touch each other into tables of at least two cells.
func (p *pdfPage) grids() []pdfGrid {
	all := append(append([]rect{}, p.across...), p.down...)
	if len(p.down) < 2 || len(all) > 5000 {
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
	var loose []rect // columns' lines that no row's line touches
	for _, k := range order {
		if g := made[k]; g.measure() {
			out = append(out, *g)
		} else if len(g.across) == 0 {
			r := g.down[0] // pieces of one line
			for _, o := range g.down {
				r = rect{min(r.x0, o.x0), max(r.x1, o.x1), min(r.y0, o.y0), max(r.y1, o.y1)}
			}
			loose = append(loose, r)
		}
	}
	// A column that is one cell over the whole page parts a table in two.
	for i := 0; i < len(out); i++ {
		for j := len(out) - 1; j > i; j-- {
			a, b := &out[i], &out[j]
			if math.Abs(a.top()-b.top()) < touch && math.Abs(a.bottom()-b.bottom()) < touch {
				a.across, a.down = append(a.across, b.across...), append(a.down, b.down...)
				a.measure()
				out = slices.Delete(out, j, j+1)
			}
		}
	}
	// Loose lines belong to a table as high as they are; several of one height are the
	// middle of a row that begins and ends on other pages.
	for i := range out {
		g := &out[i]
		n := len(g.down)
		loose = slices.DeleteFunc(loose, func(r rect) bool {
			own := min(r.y1, g.top())-max(r.y0, g.bottom()) > 0.8*(g.top()-g.bottom()) && r.y1 < g.top()+side && r.y0 > g.bottom()-side
			if own {
				g.down = append(g.down, r)
			}
			return own
		})
		if len(g.down) > n {
			g.measure()
		}
	}
	for len(loose) >= 3 {
		r := loose[0]
		rest := pdfGrid{}
		loose = slices.DeleteFunc(loose, func(o rect) bool {
			own := math.Abs(o.y0-r.y0) < touch && math.Abs(o.y1-r.y1) < touch
			if own {
				rest.down = append(rest.down, o)
			}
			return own
		})
		if rest.measure() {
			out = append(out, rest)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].top() > out[j].top() })
	return out
}

// measure finds the places of a grid's columns and rows, and whether it has two
// cells at least.
func (g *pdfGrid) measure() bool {
	g.xs, g.ys = nil, nil
	for _, r := range g.down {
		g.xs = append(g.xs, (r.x0+r.x1)/2)
	}
	for _, r := range g.across {
		g.ys = append(g.ys, (r.y0+r.y1)/2)
	}
	if len(g.down) > 0 {
		// A table that a page's end cuts has no line there: its columns' lines show
		// how far it goes.
		low, high := g.down[0].y0, g.down[0].y1
		for _, r := range g.down {
			low, high = min(low, r.y0), max(high, r.y1)
		}
		g.ys = append(g.ys, low, high)
		// A table may stand open at its sides: its rows' lines show how wide it is.
		first, last := slices.Min(g.xs), slices.Max(g.xs)
		for _, r := range g.across {
			if r.x0 < first-side {
				g.xs = append(g.xs, r.x0)
			}
			if r.x1 > last+side {
				g.xs = append(g.xs, r.x1)
			}
		}
	}
	g.xs, g.ys = cluster(g.xs), cluster(g.ys)
	slices.Reverse(g.ys)
	return len(g.xs) >= 2 && len(g.ys) >= 2 && len(g.xs)+len(g.ys) >= 5
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

// pdfTable is a table of a page: its columns' edges and its cells with their lines.
type pdfTable struct {
	xs          []float64
	top, bottom float64
	rows        int
	cells       []pdfCell
}

// pdfCell is a cell and the lines in it.
type pdfCell struct {
	Cell
	letters []letter
	lines   []pdfLine
	open    bool // no line closes it below
}

// last reports whether a cell stands in the last row.
func (t *pdfTable) last(c *pdfCell) bool { return c.Row+c.RowSpan == t.rows }

// ends tells of the cells in the last row whether some, or all, are not closed by a
// line: there the page ends inside them.
func (t *pdfTable) ends() (some, all bool) {
	all = true
	for i := range t.cells {
		if c := &t.cells[i]; t.last(c) {
			some, all = some || c.open, all && c.open
		}
	}
	return some, all
}

// table finds the cells of a grid: fields without a line between them are one.
// The letters in them are sorted in.
func (g *pdfGrid) table(b *budget, letters []letter) (*pdfTable, error) {
	rows, cols := len(g.ys)-1, len(g.xs)-1
	if cols > b.limits.Cols {
		return nil, tooManyCols(b.limits.Cols)
	}
	taken := make([]bool, rows*cols)
	at := make([]int, rows*cols)
	t := &pdfTable{xs: g.xs, top: g.top(), bottom: g.bottom(), rows: rows}
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
					taken[i*cols+j], at[i*cols+j] = true, len(t.cells)
				}
			}
			if err := b.cell(k + c.ColSpan); err != nil {
				return nil, err
			}
			open := r+c.RowSpan == rows && !drawn(g.across, g.ys[rows], g.xs[k], g.xs[k+c.ColSpan], false)
			t.cells = append(t.cells, pdfCell{Cell: c, open: open})
		}
	}
	for _, l := range letters {
		x, y := l.center()
		r := sort.Search(rows-1, func(r int) bool { return y >= g.ys[r+1] })
		k := sort.Search(cols-1, func(k int) bool { return x <= g.xs[k+1] })
		c := &t.cells[at[r*cols+k]]
		c.letters = append(c.letters, l)
	}
	for i := range t.cells {
		t.cells[i].lines, t.cells[i].letters = lines(t.cells[i].letters), nil
	}
	return t, nil
}

// holds reports whether a letter stands in the grid.
func (g *pdfGrid) holds(l letter) bool {
	x, y := l.center()
	return x > g.xs[0] && x < g.xs[len(g.xs)-1] && y < g.top() && y > g.bottom()
}

func (g *pdfGrid) area() float64 { return (g.xs[len(g.xs)-1] - g.xs[0]) * (g.top() - g.bottom()) }

// center is the middle of a letter.
func (l letter) center() (x, y float64) { return (l.x0 + l.x1) / 2, l.y + 0.35*l.em }

// frames says how far the text of each column goes, by first column and span: as far
// from the right edge as the nearest text stands from the left.
func (t *pdfTable) frames(labels map[string]bool) map[[2]int]pdfFrame {
	out := map[[2]int]pdfFrame{}
	step := math.Inf(1)
	for _, c := range t.cells {
		at := [2]int{c.Col, c.ColSpan}
		f, ok := out[at]
		if !ok {
			f = pdfFrame{left: math.Inf(1), right: math.Inf(-1)}
		}
		for i, x := range c.lines {
			f.left, f.right = min(f.left, x.x0), max(f.right, x.x1)
			if i > 0 {
				if d := (c.lines[i-1].y - x.y) / x.em; d > 0.9 {
					step = min(step, d)
				}
			}
		}
		out[at] = f
	}
	for at, f := range out {
		f.right = max(f.right, t.xs[at[0]+at[1]]-(f.left-t.xs[at[0]]))
		f.step, f.labels = step, labels
		out[at] = f
	}
	return out
}
