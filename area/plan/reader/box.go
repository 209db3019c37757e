package reader

import (
	"slices"
	"strings"
)

// The frames of tables drawn with characters, as old systems printed them:
//
//	┌────┬───┐
//	│任务│单位│
//	├────┤   │
//
// A cell ends where the frame is drawn below it, so merges are known.

const (
	boxEdges = "┌┐└┘├┤┬┴┼│┏┓┗┛┣┫┳┻╋┃╔╗╚╝╠╣╦╩╬║"
	boxRules = "─━═┄┅┈┉-"
)

// boxed reports whether a line is a rule of a drawn frame.
func boxed(t text) bool {
	s := strings.TrimSpace(string(t.raw))
	return strings.ContainsAny(s, "┬┼┴├┤┌└┳╋┻┣┫┏┗╦╬╠╣╔╚") && strings.ContainsAny(s, "─━═")
}

// inBox reports whether a line belongs to a drawn table.
func inBox(t text) bool { return strings.ContainsAny(string(t.raw), boxEdges) }

// box reads the lines of a drawn table. Nil when its columns do not come out the
// same in most lines.
func box(lines []text) *grid {
	split := func(l text) []text {
		l = l.trim()
		var out []text
		start := 0
		for i, r := range l.raw {
			if strings.ContainsRune(boxEdges, r) {
				if i > 0 {
					out = append(out, l.sub(start, i))
				}
				start = i + 1
			}
		}
		if start < l.len() {
			out = append(out, l.from(start))
		}
		return out
	}
	count := map[int]int{}
	width := 0
	for _, l := range lines {
		n := len(split(l))
		if count[n]++; count[n] > count[width] {
			width = n
		}
	}
	if width < 2 || count[width]*2 < len(lines) {
		return nil
	}
	g := &grid{exact: true, merges: true}
	rule := func(t text) bool { return t.len() > 0 && strings.Trim(string(t.raw), boxRules) == "" }
	var cells []text             // by their id
	open := make([]int, width)   // the cell of each column that further lines go on with
	fresh := make([]bool, width) // its frame was drawn: the next text starts a cell
	for c := range open {
		fresh[c] = true
	}
	begin := true
	for _, l := range lines {
		parts := split(l)
		if len(parts) != width {
			if p := l.trim(); len(parts) == 1 && !rule(parts[0]) && p.len() > 2 { // a row of one cell
				row := make([]gcell, width)
				for c := range row {
					row[c].id = len(cells)
				}
				cells = append(cells, parts[0].trim())
				g.rows = append(g.rows, row)
				begin = true
			}
			for c := range fresh {
				fresh[c] = true
			}
			continue
		}
		if slices.ContainsFunc(parts, rule) {
			begin = true
			for c, p := range parts {
				fresh[c] = fresh[c] || rule(p)
			}
		}
		if !slices.ContainsFunc(parts, func(p text) bool { return !rule(p) }) {
			continue
		}
		if begin {
			row := make([]gcell, width)
			for c := range row {
				if fresh[c] {
					open[c], fresh[c] = len(cells), false
					cells = append(cells, text{})
				}
				row[c].id = open[c]
			}
			g.rows = append(g.rows, row)
			begin = false
		}
		for c, p := range parts {
			t := p.trim()
			if rule(p) || t.len() == 0 {
				continue
			}
			if _, ok := t.number(0); ok {
				cells[open[c]] = cells[open[c]].line(t)
			} else {
				cells[open[c]] = cells[open[c]].add(t)
			}
		}
	}
	for _, row := range g.rows { // every row that a cell spans shows the whole of it
		for c := range row {
			row[c].text = cells[row[c].id]
		}
	}
	if len(g.rows) < 2 {
		return nil
	}
	return g
}
