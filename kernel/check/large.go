package check

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// large is the number of bytes from which on a text is checked piece by piece: what
// checkers keep of a text is many times larger. What a rule wants to see together (a
// table with its sum, the numbers of a text's sections) it then sees within a piece.
const large = 8 << 20

// cutAt is where the piece that begins at start ends: with a line, or else where no
// word can be cut in two.
func cutAt(body string, start int) int {
	end := start + large
	if end >= len(body) {
		return len(body)
	}
	if i := strings.LastIndexByte(body[start:end], '\n'); i >= 0 {
		return start + i + 1
	}
	near := end - 4<<10
	if i := strings.LastIndexAny(body[near:end], "。！？；，、,; "); i >= 0 {
		_, size := utf8.DecodeRuneInString(body[near+i:])
		return near + i + size
	}
	for !utf8.RuneStart(body[end]) {
		end--
	}
	return end
}

// part is the text between two places of a text, with its lines and tables.
func (t *Text) part(start, end int) *Text {
	to := &Text{File: t.File, Body: t.Body[start:end], Today: t.Today}
	to.Date, _ = t.Dated() // of the whole: a part may tell of older days only
	first := sort.Search(len(t.Lines), func(i int) bool { return t.Lines[i].End >= start })
	for _, l := range t.Lines[first:] {
		if l.Start >= end {
			break
		}
		l.Start, l.End = max(l.Start, start)-start, min(l.End, end)-start
		to.Lines = append(to.Lines, l)
	}
	for _, table := range t.Tables {
		rows := make([][]Span, 0, len(table.Rows))
		for _, row := range table.Rows {
			moved := make([]Span, len(row))
			inside := false
			for c, cell := range row {
				if cell.End > cell.Start && cell.Start >= start && cell.End <= end {
					moved[c], inside = Span{cell.Start - start, cell.End - start}, true
				}
			}
			if inside {
				rows = append(rows, moved)
			}
		}
		if len(rows) > 0 {
			to.Tables = append(to.Tables, Table{Name: table.Name, Rows: rows})
		}
	}
	return to
}
