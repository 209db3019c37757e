package norm

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/check"
)

// cell is a place of a table. Merged cells stand at each of their places with one id.
type cell struct {
	text  string
	at    check.Span // of the text, in the folded text
	id    int
	d     decimal
	sign  float64
	unit  string
	num   bool // a number and nothing else
	blank bool // nothing, or a dash
}

func (c cell) value() float64 { return c.sign * c.d.float() }

// grid is a table: rows of one length.
type grid [][]cell

// limits of tables that are checked: a larger one is a data set, not a table to read.
const (
	maxRows    = 5000
	maxColumns = 60
)

// tables looks at the tables of the text.
func (s *scan) tables() {
	spans := map[check.Span]int{}
	if len(s.t.Tables) > 0 {
		for i, l := range s.t.Lines {
			if l.Cell {
				spans[l.Span] = i
			}
		}
	}
	for _, t := range s.t.Tables {
		var g grid
		for _, row := range t.Rows {
			var cells []cell
			for _, at := range row {
				i, ok := spans[at]
				if !ok {
					cells = append(cells, cell{id: -1, blank: true})
					continue
				}
				cells = append(cells, s.cell(s.lines[i].start, s.lines[i].end, i))
			}
			g = append(g, cells)
		}
		s.table(g)
	}
	if len(s.t.Tables) == 0 {
		s.typed()
	}
}

// typed finds tables typed with tabs or bars: three lines or more with as many cells.
func (s *scan) typed() {
	var g grid
	flush := func() {
		if len(g) >= 3 {
			s.table(g)
		}
		g = nil
	}
	id := 0
	for _, l := range s.lines {
		text := s.s[l.start:l.end]
		sep := "\t"
		if !strings.Contains(text, sep) {
			sep = "|"
		}
		if strings.Count(text, sep) < 1 || len(text) > 4000 {
			flush()
			continue
		}
		if strings.Trim(text, "|-: ") == "" {
			continue // the rule below a head
		}
		var cells []cell
		at := l.start
		if sep == "|" && strings.HasPrefix(strings.TrimSpace(text), "|") {
			at += strings.Index(text, "|") + 1
		}
		for _, part := range strings.Split(strings.TrimSuffix(strings.TrimRight(s.s[at:l.end], " \r"), "|"), sep) {
			id++
			cells = append(cells, s.cell(at, at+len(part), id))
			at += len(part) + 1
		}
		if len(g) > 0 && len(cells) != len(g[0]) {
			flush()
		}
		g = append(g, cells)
	}
	flush()
}

// cell reads what stands in a stretch of the text.
func (s *scan) cell(start, end, id int) cell {
	for start < end && (s.s[start] == ' ' || s.s[start] == '\r') {
		start++
	}
	for end > start && (s.s[end-1] == ' ' || s.s[end-1] == '\r') {
		end--
	}
	c := cell{text: s.s[start:end], at: check.Span{Start: start, End: end}, id: id, sign: 1}
	switch c.text {
	case "", "-", "—", "——", "/", "--":
		c.blank = true
		return c
	}
	at := start
	if s.s[at] == '-' {
		c.sign = -1
		at++
	}
	stop := at
	for stop < end && (isDigit(s.s[stop]) || s.s[stop] == '.' || s.s[stop] == ',') {
		stop++
	}
	if c.d, c.num = parseDecimal(s.s[at:stop]); !c.num {
		return c
	}
	c.unit = strings.TrimSpace(s.s[stop:end])
	if c.num = utf8.RuneCountInString(c.unit) <= 3 && !strings.ContainsAny(c.unit, "年月日号()0123456789"); c.num {
		c.at = check.Span{Start: at, End: stop}
	}
	return c
}

// table checks one table: sums (C5), shares and growth (C10), running numbers (C7).
func (s *scan) table(g grid) {
	if len(g) < 3 || len(g) > maxRows {
		return
	}
	width := 0
	for _, row := range g {
		width = max(width, len(row))
	}
	if width > maxColumns || width < 2 {
		return
	}
	for i := range g {
		for len(g[i]) < width {
			g[i] = append(g[i], cell{id: -1, blank: true})
		}
	}
	s.running(g)
	head := headRows(g)
	if head == len(g) {
		return
	}
	down := totals(g, head, labels(g, head))
	across := totals(transpose(g), labels(g, head), head)
	for i := range across {
		across[i] = across[i].turned()
	}
	derived := s.derived(g, head)
	down = slices.DeleteFunc(down, func(m mismatch) bool { return derived[m.column] })
	s.reportSums(g, down, across)
}

// headRows counts the rows above the first that holds two numbers, or one behind a label.
func headRows(g grid) int {
	for r, row := range g {
		numbers := 0
		for c, x := range row {
			if x.num && c > 0 && !(r == 0 && x.d.places == 0 && x.unit == "" && x.d.v >= 1990 && x.d.v <= 2099) {
				numbers++
			}
		}
		if numbers > 0 {
			return r
		}
	}
	return len(g)
}

// labels counts the columns left of the first in which most cells below the head are
// numbers; a column of running numbers counts as a label.
func labels(g grid, head int) int {
	for c := range g[0] {
		if c == 0 && strings.Contains(compact(g[0][0].text), "序号") {
			continue
		}
		numbers, words := 0, 0
		for _, row := range g[head:] {
			if row[c].num {
				numbers++
			} else if !row[c].blank {
				words++
			}
		}
		if numbers > words {
			return c
		}
	}
	return len(g[0])
}

func transpose(g grid) grid {
	out := make(grid, len(g[0]))
	for c := range out {
		out[c] = make([]cell, len(g))
		for r := range g {
			out[c][r] = g[r][c]
		}
	}
	return out
}

// compact leaves out blanks and colons, with which tables space their labels.
func compact(text string) string {
	if !strings.ContainsAny(text, " :\n") {
		return text
	}
	return blanks.Replace(text)
}

var blanks = strings.NewReplacer(" ", "", ":", "", "\n", "")

// running checks the column of running numbers (C7).
func (s *scan) running(g grid) {
	for c := range min(2, len(g[0])) {
		head := none
		for r := range min(3, len(g)) {
			switch compact(g[r][c].text) {
			case "序号", "编号", "No.", "NO.", "No", "项次":
				head = r
			}
		}
		if head == none {
			continue
		}
		last, run, id := 0, 0, -1
		for r := head + 1; r < len(g); r++ {
			x := g[r][c]
			if x.id == id && id >= 0 || x.blank {
				continue
			}
			id = x.id
			if !x.num || x.unit != "" || x.d.places > 0 {
				run = 0
				continue
			}
			n := int(x.d.v)
			switch {
			case n == last+1:
				run++
			case n == 1:
				run = 1
			case run >= 2 && n == last:
				s.hit("C7", x.at.Start, x.at.End, "", "序号重复，请核对。")
			case run >= 2 && n > last+1 && n <= last+3:
				s.hit("C7", x.at.Start, x.at.End, "", "序号不连续，缺少%d，请核对。", last+1)
			default:
				run = 0
			}
			last = n
		}
	}
}
