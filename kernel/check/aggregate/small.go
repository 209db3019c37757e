package aggregate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Statistic is a table of counts of persons. With totals the last row holds the
// sums of the columns and the last column those of the rows, each shown.
type Statistic struct {
	Cells      [][]int
	RowTotals  bool // the last column is the sum of the others
	LineTotals bool // the last row is the sum of the others
}

// Mark is how a cell of a statistic is shown.
type Mark uint8

// The marks of cells.
const (
	Shown Mark = iota
	Few        // 1–4: shown as <5
	Held       // hidden as well, so that totals do not give the few back
)

// smallest is the least count of persons that is shown (content-review 11.1).
const smallest = 5

// Hide says which cells of a statistic are not shown: all of 1–4, and as many
// others as it takes that no hidden cell follows from what is shown (REV-50).
// A reader is assumed to know how cells are hidden: <5 is 1–4, other hidden
// cells are at least 5, or 0 where nothing else was left to hide.
func Hide(s Statistic) [][]Mark {
	marks := make([][]Mark, len(s.Cells))
	for r, row := range s.Cells {
		marks[r] = make([]Mark, len(row))
		for c, v := range row {
			if v > 0 && v < smallest {
				marks[r][c] = Few
			}
		}
	}
	for {
		open := Derivable(s, marks)
		if len(open) == 0 {
			return marks
		}
		r, c, ok := s.partner(marks, open[0])
		if !ok {
			return marks // every cell is hidden
		}
		marks[r][c] = Held
	}
}

// partner chooses the cell to hide beside one that can be derived: in its row if
// it stands alone there, else in its column, else the corner of a rectangle of
// hidden cells, else whatever is smallest in its row, its column or the table.
func (s Statistic) partner(marks [][]Mark, at [2]int) (row, column int, ok bool) {
	best := 0
	consider := func(r, c int) {
		if marks[r][c] != Shown {
			return
		}
		score := s.Cells[r][c]
		switch score {
		case 0: // hiding a zero hides little
			score = 1 << 40
		case smallest: // cannot be less for a reader, so that it helps half as often
			score = 10 * smallest
		}
		if !ok || score < best {
			best, row, column, ok = score, r, c, true
		}
	}
	var inRow, inColumn []int // the other hidden cells
	for c := range s.Cells[at[0]] {
		if c != at[1] && marks[at[0]][c] != Shown {
			inRow = append(inRow, c)
		}
	}
	for r := range s.Cells {
		if r != at[0] && marks[r][at[1]] != Shown {
			inColumn = append(inColumn, r)
		}
	}
	alongRow := func() {
		for c := range s.Cells[at[0]] {
			consider(at[0], c)
		}
	}
	alongColumn := func() {
		for r := range s.Cells {
			consider(r, at[1])
		}
	}
	switch {
	case len(inRow) == 0 && s.RowTotals:
		alongRow()
	case len(inColumn) == 0 && s.LineTotals:
		alongColumn()
	default:
		for _, r := range inColumn {
			for _, c := range inRow {
				consider(r, c)
			}
		}
	}
	if !ok {
		alongRow()
		alongColumn()
	}
	if !ok {
		for r := range s.Cells {
			for c := range s.Cells[r] {
				consider(r, c)
			}
		}
	}
	return row, column, ok
}

// Derivable lists the hidden cells whose value follows from what is shown: those
// that no other table with the same shown cells, sums and bounds has differently.
//
// Sums of rows and columns make a flow network: raising a cell sends one unit from
// its row to its column, lowering it one back. With totals counted negatively every
// row and column sums to zero, so that a cell can differ exactly if the unit finds
// a way back over other hidden cells that may still change.
func Derivable(s Statistic, marks [][]Mark) (open [][2]int) {
	rows := len(s.Cells)
	if rows == 0 || !s.RowTotals && !s.LineTotals {
		return nil // nothing to subtract from
	}
	columns := len(s.Cells[0])
	// A row without a total is bound by nothing: all its changes end in a spare node.
	spareRow, spareColumn := rows, rows+1+columns
	nodes := rows + columns + 2
	rowNode := func(r int) int {
		if !s.RowTotals {
			return spareRow
		}
		return r
	}
	columnNode := func(c int) int {
		if !s.LineTotals {
			return spareColumn
		}
		return rows + 1 + c
	}
	type edge struct{ to, cell int }
	next := make([][]edge, nodes)
	for r := range s.Cells {
		for c, v := range s.Cells[r] {
			if marks[r][c] == Shown {
				continue
			}
			a, b := rowNode(r), columnNode(c)
			up, down := s.bounds(v, marks[r][c])
			if (s.RowTotals && c == columns-1) != (s.LineTotals && r == rows-1) { // a total counts negatively
				up, down = down, up
			}
			if up {
				next[a] = append(next[a], edge{b, r*columns + c})
			}
			if down {
				next[b] = append(next[b], edge{a, r*columns + c})
			}
		}
	}
	reach := func(from, to, without int) bool {
		seen := make([]bool, nodes)
		seen[from] = true
		for queue := []int{from}; len(queue) > 0; queue = queue[1:] {
			if queue[0] == to {
				return true
			}
			for _, e := range next[queue[0]] {
				if e.cell != without && !seen[e.to] {
					seen[e.to] = true
					queue = append(queue, e.to)
				}
			}
		}
		return false
	}
	for r := range s.Cells {
		for c := range s.Cells[r] {
			if marks[r][c] == Shown {
				continue
			}
			cell, free := r*columns+c, false
			a, b := rowNode(r), columnNode(c)
			for _, e := range next[a] {
				free = free || e.cell == cell && reach(b, a, cell)
			}
			for _, e := range next[b] {
				free = free || e.cell == cell && reach(a, b, cell)
			}
			if !free {
				open = append(open, [2]int{r, c})
			}
		}
	}
	return open
}

// bounds tells whether a hidden cell may be larger or smaller for all a reader knows.
func (Statistic) bounds(value int, m Mark) (up, down bool) {
	if m == Few {
		return value < smallest-1, value > 1
	}
	return true, value != smallest && value != 0
}

// statistic reads the counts of a table whose subject is of persons; the numbers
// of its rows and columns in the table come with it.
func statistic(t Table, columns []Column) (s Statistic, rows, at []int) {
	for c := range t.Head {
		figures := len(t.Rows) > 0
		for r := range t.Rows {
			if v := t.cell(r, c); !figure.MatchString(v) && v != "" && v != "-" && v != "—" {
				figures = false
			}
		}
		if figures && !strings.Contains(t.Head[c], "序号") && columns[c].Role != Age && columns[c].Role != Day && columns[c].Role != Sum {
			at = append(at, c)
		}
	}
	for r := range t.Rows {
		rows = append(rows, r)
	}
	if len(at) == 0 {
		return s, nil, nil
	}
	// Totals may stand first: they are moved to the end.
	for i, c := range at {
		if totalWord.MatchString(strings.TrimSpace(t.Head[c])) {
			at = append(slices.Delete(at, i, i+1), c)
			break
		}
	}
	for i := range rows {
		if totalWord.MatchString(t.cell(i, 0)) {
			rows = append(slices.Delete(rows, i, i+1), i)
			break
		}
	}
	for _, r := range rows {
		line := make([]int, len(at))
		for i, c := range at {
			line[i], _ = strconv.Atoi(t.cell(r, c))
		}
		s.Cells = append(s.Cells, line)
	}
	s.RowTotals, s.LineTotals = s.rowsAdd(), s.linesAdd()
	return s, rows, at
}

// rowsAdd tells whether the last column is the sum of the others in every row.
func (s Statistic) rowsAdd() bool {
	for _, row := range s.Cells {
		sum := 0
		for _, v := range row[:len(row)-1] {
			sum += v
		}
		if len(row) < 3 || sum != row[len(row)-1] {
			return false
		}
	}
	return true
}

// linesAdd tells whether the last row is the sum of the others in every column.
func (s Statistic) linesAdd() bool {
	n := len(s.Cells)
	if n < 3 {
		return false
	}
	for c := range s.Cells[0] {
		sum := 0
		for _, row := range s.Cells[:n-1] {
			sum += row[c]
		}
		if sum != s.Cells[n-1][c] {
			return false
		}
	}
	return true
}

// HideTable shows how a table of counts is published: few persons as <5, further
// hidden cells as *. n is the number of cells of 1–4; hidden that of all others.
func HideTable(t Table) (out Table, n, hidden int) {
	s, rows, at := statistic(t, Classify(t))
	out = Table{Head: t.Head, Rows: make([][]string, len(t.Rows))}
	for r := range t.Rows {
		out.Rows[r] = slices.Clone(t.Rows[r])
	}
	for r, row := range Hide(s) {
		for c, m := range row {
			switch m {
			case Few:
				out.Rows[rows[r]][at[c]] = fmt.Sprintf("<%d", smallest)
				n++
			case Held:
				out.Rows[rows[r]][at[c]] = "*"
				hidden++
			}
		}
	}
	return out, n, hidden
}

// Outlier is a value that stands out so far that it tells of one person or firm.
type Outlier struct {
	Row, Column int
	Share       float64 // of the column's sum
}

// Outliers lists the values that make more than three quarters of their column's
// sum, and the largest of a column with fewer than three values (content-review 11.1).
func Outliers(t Table) (list []Outlier) {
	for c, column := range Classify(t) {
		if column.Role != Sum {
			continue
		}
		sum, most, at, n := 0.0, 0.0, -1, 0
		for r := range t.Rows {
			v, ok := value(t.cell(r, c))
			if !ok || totalWord.MatchString(t.cell(r, 0)) {
				continue
			}
			n++
			if sum += v; v > most {
				most, at = v, r
			}
		}
		if at >= 0 && sum > 0 && (n < 3 || most > sum*3/4) {
			list = append(list, Outlier{at, c, most / sum})
		}
	}
	return list
}
