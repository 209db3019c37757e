package read

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"
)

const (
	maxTables  = 50  // of a page
	maxHeads   = 100 // cells that name columns, of a table
	maxHead    = 40  // characters of such a cell
	headRows   = 4   // first rows among which the one with the names is looked for
	maxScanned = 200 // rows of a table
	sampleRows = 24  // rows of a table that are kept
	sampleCols = 40
	sampleCell = 60 // characters of a cell that is kept
)

// tables notes of every table of data what its columns are called: the cells of
// its head, or of its first row that names more than one thing. A table in which
// names stand at the side (事项名称 | …) is named by them. Tables that only lay out
// a page are none: they hold others, or nothing but links.
func (p *page) tables() {
	for _, n := range p.all {
		if n.tag != atom.Table || n.hidden || len(p.r.Tables) >= maxTables || n.region == nav || n.region == foot || holdsTable(n) {
			continue
		}
		if names := p.heads(n); len(names) > 1 {
			p.r.Tables = append(p.r.Tables, names)
			p.r.Rows = append(p.r.Rows, sample(n))
		}
	}
}

func holdsTable(t *node) bool {
	for c := t.first; c != nil; c = c.next {
		if c.holds(atom.Table) {
			return true
		}
	}
	return false
}

// rowsOf are the first rows of a table, and how many of them stand in its head.
func rowsOf(t *node) (rows []*node, inHead int) {
	for part := t.first; part != nil; part = part.next {
		switch part.tag {
		case atom.Tr:
			rows = append(rows, part)
		case atom.Thead, atom.Tbody, atom.Tfoot:
			for tr := part.first; tr != nil && len(rows) < maxScanned; tr = tr.next {
				if tr.tag != atom.Tr {
					continue
				}
				rows = append(rows, tr)
				if part.tag == atom.Thead {
					inHead++
				}
			}
		}
		if len(rows) >= maxScanned {
			break
		}
	}
	return rows, inHead
}

// heads are the names of the columns of a table that has rows beside them.
func (p *page) heads(t *node) []string {
	rows, inHead := rowsOf(t)
	if len(rows) < 2 {
		return nil
	}
	if at := sideHeads(rows); at != nil {
		return at
	}
	from, until := 0, inHead
	if inHead == 0 {
		for from < min(headRows, len(rows)) && len(filled(rows[from])) < 2 { // a title over the whole width
			from++
		}
		if from == min(headRows, len(rows)) || !names(rows[from]) {
			return nil
		}
		until = from + max(1, down(rows[from]))
	}
	if until >= len(rows) { // nothing stands under the names
		return nil
	}
	var out []string
	for _, tr := range rows[from:until] {
		if names := filled(tr); len(names) > 1 {
			out = append(out, names...)
		}
	}
	return out[:min(len(out), maxHeads)]
}

// sample are the first rows of a table, each cell spread over its places.
func sample(t *node) [][]string {
	rows, _ := rowsOf(t)
	rows = rows[:min(len(rows), sampleRows)]
	out := make([][]string, len(rows))
	taken := make([][sampleCols]bool, len(rows))
	for r, tr := range rows {
		at := 0
		for _, c := range cells(tr) {
			for at < sampleCols && taken[r][at] {
				at++
			}
			text := cutRunes(strings.Join(strings.Fields(c.whole()), " "), sampleCell)
			right, down := span(c, "colspan", sampleCols-at), span(c, "rowspan", len(rows)-r)
			for i := r; i < r+down; i++ {
				for k := at; k < at+right; k++ {
					for len(out[i]) <= k {
						out[i] = append(out[i], "")
					}
					out[i][k], taken[i][k] = text, true
				}
			}
			at += right
		}
	}
	return out
}

// span is over how many columns or rows a cell reaches, most at most.
func span(c *node, key string, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(c.attr(key)))
	if err != nil || n < 1 {
		n = 1
	}
	return max(0, min(n, most))
}

// cells are the cells of a row.
func cells(tr *node) (out []*node) {
	for c := tr.first; c != nil; c = c.next {
		if c.tag == atom.Td || c.tag == atom.Th {
			out = append(out, c)
		}
	}
	return out
}

// filled are the names that stand in a row: what is no longer than a name.
func filled(tr *node) (out []string) {
	for _, c := range cells(tr) {
		if s := strings.Join(strings.Fields(c.whole()), ""); s != "" && runes(s) <= maxHead && len(out) < maxHeads {
			out = append(out, s)
		}
	}
	return out
}

// names tells whether the cells of a row can be names of columns: marked as such,
// or without days, figures and links, of which rows of data are made.
func names(tr *node) bool {
	marked, plain, all := 0, 0, 0
	for _, c := range cells(tr) {
		s := strings.Join(strings.Fields(c.whole()), "")
		if s == "" {
			continue
		}
		all++
		if c.tag == atom.Th {
			marked++
		}
		if runes(s) <= maxHead && !c.holds(atom.A) && strings.IndexFunc(s, notFigure) >= 0 && len(moments(s, 1)) == 0 {
			plain++
		}
	}
	return all > 1 && (marked == all || plain == all)
}

func notFigure(r rune) bool {
	return (r < '0' || r > '9') && !strings.ContainsRune(".,-/%:：+（）()", r)
}

// down is over how many rows the names of a head reach.
func down(tr *node) int {
	n := 1
	for _, c := range cells(tr) {
		n = max(n, span(c, "rowspan", headRows))
	}
	return n
}

// sideHeads are the names at the side of a table whose rows are all a marked name
// and what belongs to it; nil for another table.
func sideHeads(rows []*node) (out []string) {
	for _, tr := range rows {
		all := cells(tr)
		if len(all) < 2 || all[0].tag != atom.Th || !slices.ContainsFunc(all, func(c *node) bool { return c.tag == atom.Td }) {
			return nil // a row of names alone is no side
		}
		for _, c := range all {
			if s := strings.Join(strings.Fields(c.whole()), ""); c.tag == atom.Th && s != "" && runes(s) <= maxHead && len(out) < maxHeads {
				out = append(out, s)
			}
		}
	}
	return out
}
