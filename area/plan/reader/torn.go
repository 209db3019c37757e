package reader

import (
	"math"
	"slices"
	"strings"
)

// A table copied out of a page as it is printed has a line for every line of every
// cell, column after column, and the header again on each page:
//
//	1
//	优化企业开
//	办服务
//	推进电子营业执照在公共资源交易
//	平台中的应用。
//	区市场监管局
//	区政务服务办、区
//	大数据中心
//
// Rows are found by their numbers; in a row the lines go to the columns so that
// each cell reads like what its column holds and is as wide as its column.

// tornLines and tornRow bound the lines of such a table and of one of its rows.
const (
	tornLines = 4000
	tornRow   = 40
)

// torn is a row that is being read: its lines by the pages they stand on.
type torn struct {
	number text
	pages  [][]text
}

// tornRows reads the rows below a header of n cells; nil when they are not such a
// table: no numbers, or hardly more lines than cells.
func tornRows(cells []text, n int) *grid {
	if n < 3 || roleOf(cells[0].tight()) != serial || len(cells) > tornLines {
		return nil
	}
	roles, heads := headerCells(cells[:n])
	if len(roles) != n {
		return nil
	}
	cols := resolve(roles, heads)
	if cols == nil {
		return nil
	}
	cols = cols[1:]
	rows := splitTorn(cells, n)
	lines, widest := 0, []int{}
	for _, r := range rows {
		for _, p := range r.pages {
			lines += len(p)
			if len(p) > tornRow {
				return nil
			}
			for _, l := range p {
				widest = append(widest, width(l))
			}
		}
	}
	if len(rows) < 3 || lines < len(rows)*(n+1) {
		return nil
	}
	slices.Sort(widest)
	wide := make([]int, len(cols)) // how wide each column is, 0 when not known
	for c := range wide {
		if cols[c].role == measure {
			wide[c] = widest[len(widest)*9/10]
		}
	}
	var read [][]text
	for range 2 { // the second time the columns' widths are known
		read = read[:0]
		seen := make([][]int, len(cols))
		for _, r := range rows {
			got := make([]text, len(cols))
			for _, p := range r.pages {
				for c, part := range deal(p, cols, wide, got, widest[len(widest)*9/10]) {
					for i, l := range part {
						if got[c] = got[c].add(l); i+1 < len(part) {
							seen[c] = append(seen[c], width(l)) // full but for marks
						}
					}
				}
			}
			read = append(read, got)
		}
		for c := range seen {
			if slices.Sort(seen[c]); len(seen[c]) > 4 {
				wide[c] = seen[c][len(seen[c])*3/4]
			}
		}
	}
	g := &grid{exact: true}
	id := 0
	put := func(row []text) {
		var out []gcell
		for _, t := range row {
			out = append(out, gcell{t, id})
			id++
		}
		g.rows = append(g.rows, out)
	}
	put(cells[:n])
	for i, r := range rows {
		put(append([]text{r.number}, read[i]...))
	}
	return g
}

// splitTorn finds the rows by their numbers, which go on counting, and takes the
// repeated headers out.
func splitTorn(cells []text, n int) []*torn {
	var rows []*torn
	last := 0
	for i := n; i < len(cells); i++ {
		again := i+n <= len(cells)
		for k := 0; again && k < n; k++ {
			again = cells[i+k].tight() == cells[k].tight()
		}
		switch {
		case again:
			if len(rows) > 0 {
				r := rows[len(rows)-1]
				r.pages = append(r.pages, nil)
			}
			i += n - 1
		case traits(cells[i]).digits && atoi(cells[i].trimAny(".、").fold) == last+1:
			last++
			rows = append(rows, &torn{cells[i], [][]text{nil}})
		case len(rows) > 0:
			r := rows[len(rows)-1]
			p := &r.pages[len(r.pages)-1]
			l := cells[i]
			if at := strings.LastIndex(l.folded(), "。"); at > 0 { // a short cell and the next in one line
				if k := len([]rune(l.folded()[:at])) + 1; k < l.len() && isName(l.from(k).folded()) {
					*p, l = append(*p, l.sub(0, k)), l.from(k)
				}
			}
			*p = append(*p, l)
		}
	}
	return rows
}

// deal gives each line of a row to a column, in order; got is what the page before
// left in the columns. Only measures are as wide as the widest line.
func deal(lines []text, cols []column, wide []int, got []text, widest int) [][]text {
	n, k := len(lines), len(cols)
	type step struct {
		score float64
		from  int
	}
	best := make([][]step, k+1) // of the first i lines in the first c columns
	for c := range best {
		best[c] = make([]step, n+1)
		for i := range best[c] {
			best[c][i].score = math.Inf(-1)
		}
	}
	best[0][0].score = 0
	for c, col := range cols {
		for i := 0; i <= n; i++ {
			if math.IsInf(best[c][i].score, -1) {
				continue
			}
			cell, shape := got[c], 0.0
			used := 0
			for j := i; j <= n; j++ {
				if j > i {
					l := lines[j-1]
					if col.role != measure && width(l)*4 > widest*3 {
						break
					}
					if j-1 > i { // the line before was not the cell's last
						if end := lines[j-2]; used < wide[c]-5 && !strings.ContainsRune("、,。;", end.fold[end.len()-1]) {
							shape -= 1.5
						}
						used += width(l)
						if used > wide[c]+2 {
							used = width(l)
						}
					} else {
						used = width(l)
					}
					if wide[c] > 0 && width(l) > wide[c]+2 {
						shape -= 3
					}
					cell = cell.add(l)
				}
				if s := best[c][i].score + shape + col.reads(cell, j > i); s > best[c+1][j].score {
					best[c+1][j] = step{s, i}
				}
			}
		}
	}
	out := make([][]text, k)
	for c, j := k, n; c > 0; c-- {
		i := best[c][j].from
		out[c-1] = lines[i:j]
		j = i
	}
	return out
}

// reads says how well a whole cell reads as one of the column.
func (c column) reads(cell text, more bool) float64 {
	if cell.len() == 0 {
		return -c.miss()
	}
	if c.role == measure {
		switch f := cell.folded(); {
		case strings.HasSuffix(f, "。"):
			return 4
		case cell.len() > 45 || strings.Contains(f, "。"):
			return 3
		case cell.len() < 15 && isName(f):
			return -2.5
		}
		return 1
	}
	tr := traits(cell)
	s := c.fit(tr)
	switch {
	case c.role.unit() && more && (tr.none || levelRune(cell.fold[0]) || tr.group):
		s += 0.5
	case c.role == item && tr.level == plain && tr.n < 5: // rather 严格落实 before 《
		s -= 3
	case c.role == item && tr.level == plain:
		s -= 1.5
	}
	return s
}
