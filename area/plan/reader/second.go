package reader

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	// planTitle ends the title of a plan, not only of a part of one.
	planTitle = regexp.MustCompile(`(工作要点|要点任务分工|任务分工|分工方案|分工表|实施方案|工作方案|考核方案|任务分解表?|责任分解表?|责任清单|任务清单|工作安排|工作计划)(\(.{1,16}\))?$`)
	// saysUnits is a note behind a measure; a letter that demands something of
	// units has none.
	saysUnits = regexp.MustCompile(`(牵头|责任|主办|配合|协办|承办)(单位|部门|科室):|(负责|牵头)[)\]]`)
)

// secondPlans cuts lines where the title of another plan stands: one that comes
// after measures and before a table's header or a first number. Each piece but
// the first begins with that title. behind says that a table stands before the
// lines, table that one follows; seen are the titles so far.
func secondPlans(lines []text, behind, table bool, seen map[string]bool) [][]text {
	var out [][]text
	from, begun := 0, behind
	for i, l := range lines {
		if l.empty() {
			continue
		}
		s := l.tight()
		if titlesPlan(l) {
			whole := joinTitle(lines, i, from)
			if begun && another(whole, seen) && beginsAgain(lines, i+1, table) {
				out = append(out, lines[from:i])
				from, begun = i, false
			}
			seen[whole.tight()] = true
			continue
		}
		begun = begun || saysUnits.MatchString(s) || headOf(lines, i)
	}
	return append(out, lines[from:])
}

// titlesPlan reports whether a line is, or ends, the title of a plan.
func titlesPlan(l text) bool {
	s := l.tight()
	return l.len() <= 60 && planTitle.MatchString(s) && looksTitle(l) && !annexLine.MatchString(s)
}

// another reports whether a title is that of another plan than those seen: it says
// a year, or is too long for the heading of a part.
func another(title text, seen map[string]bool) bool {
	s := title.tight()
	return !seen[s] && (yearIn.MatchString(s) || title.len() > 12)
}

// plans cuts a table where the title of another plan stands in a row of its own
// and a header follows. The titles are those of the pieces, empty where a piece
// goes on with what stands before.
func (g *grid) plans(behind bool, seen map[string]bool) (pieces []*grid, titles []text) {
	at, _ := g.header()
	if at < 0 {
		return []*grid{g}, []text{{}}
	}
	from, title := 0, text{}
	for i := 0; i+1 < len(g.rows); i++ {
		t, ok := alone(g.rows[i])
		if !ok || !titlesPlan(t) {
			continue
		}
		if _, head := rowRoles(g.rows[i+1]); head && (behind || i > at) && another(t, seen) {
			if i > from {
				piece := *g
				piece.rows = g.rows[from:i]
				pieces, titles = append(pieces, &piece), append(titles, title)
			}
			from, title = i, t
		}
		seen[t.tight()] = true
	}
	piece := *g
	piece.rows = g.rows[from:]
	return append(pieces, &piece), append(titles, title)
}

// alone is the text of a row that has no more than one.
func alone(row []gcell) (text, bool) {
	var t text
	id := -1
	for _, c := range row {
		if c.text.len() == 0 || c.id == id {
			continue
		}
		if id >= 0 {
			return text{}, false
		}
		t, id = c.text, c.id
	}
	return t, id >= 0
}

// headOf reports whether a line is, or begins, the header of a table.
func headOf(lines []text, i int) bool {
	l := lines[i]
	if f := l.folded(); strings.ContainsAny(f, "|\t") {
		units, heads := 0, 0
		for _, c := range strings.FieldsFunc(f, func(r rune) bool { return r == '|' || r == '\t' }) {
			switch r := headRole(newText(c, -1)); {
			case r.unit():
				units++
			case r != none:
				heads++
			}
		}
		return units > 0 && heads > 0
	}
	return l.trim().len() <= 16 && headRole(l) != none && headerAt(lines, i) || headerLine(l)
}

// beginsAgain reports whether a plan begins within a few lines: with a table, or
// with a first number.
func beginsAgain(lines []text, i int, table bool) bool {
	at := beginning(lines[i:])
	return at >= 0 && (i+at < len(lines) || table)
}

// beginning is the line where a plan begins below its title, len(lines) when they
// end before, -1 when none begins within a few lines.
func beginning(lines []text) int {
	n := 0
	for i, l := range lines {
		if l.empty() {
			continue
		}
		if m, ok := l.trim().number(0); ok {
			if m.n == 1 && m.level <= arabic {
				return i
			}
			return -1
		}
		if headOf(lines, i) {
			return i
		}
		if n++; n > 4 {
			return -1
		}
	}
	return len(lines)
}

// second says that another plan begins, and opens a part of its own for it.
func (b *builder) second(title text) {
	s := b.section(mark{}, title)
	s.plan = true
	at := ""
	if len(title.at) > 0 {
		if p := b.src.places(title); len(p) > 0 && p[0].Line > 0 {
			at = fmt.Sprintf("（第%d行）", p[0].Line)
		}
	}
	b.several = true
	b.notes = append(b.notes, fmt.Sprintf("文件里不止一份方案：“%s”%s起是另一份，已单列为一个部分。只下发其中一份时，请在核对时删去另一份，或者把它们存成两个文件分别导入", clean(title), at))
}
