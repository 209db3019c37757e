package reader

import (
	"regexp"
	"slices"
	"strings"
)

// bars cuts a line at | (folded).
func bars(t text) []text {
	var out []text
	start := 0
	for i, r := range t.fold {
		if r == '|' {
			out = append(out, htmlBreaks(t.sub(start, i).trim()))
			start = i + 1
		}
	}
	return append(out, htmlBreaks(t.from(start).trim()))
}

// pipes reads a table whose cells are separated by |.
func pipes(lines []text) *grid {
	rows, withBar := 0, 0
	for _, l := range lines {
		cells := bars(l)
		full := 0
		for _, c := range cells {
			if c.len() > 0 {
				full++
			}
		}
		if len(cells) > 1 {
			withBar++
			if full > 1 {
				rows++
			}
		}
	}
	if withBar < 2 {
		return nil
	}
	if rows*10 >= withBar*3 {
		return pipeRows(lines)
	}
	return pipeCells(lines)
}

// htmlBreaks makes the <br> that Markdown keeps inside a cell line breaks.
func htmlBreaks(t text) text {
	for i := 0; i < t.len(); i++ {
		if t.fold[i] != '<' || !t.has("<br", i) {
			continue
		}
		if j := slices.Index(t.fold[i:], '>'); j > 0 && j < 7 {
			t = t.sub(0, i).line(t.from(i + j + 1))
		}
	}
	return t
}

// pipeRows reads a row a line; lines without | go on with a cell, and so do those
// that a row broken over lines left.
func pipeRows(lines []text) *grid {
	g := &grid{}
	id := 0
	closed := true // the last row ended with |
	width, leading, closing := barred(lines)
	var pending text
	rule := regexp.MustCompile(`^[\s|:+-]*$`)
	for _, l := range lines {
		cells := bars(l)
		if len(cells) == 1 {
			if l.empty() {
				continue
			}
			if m, ok := l.trim().number(0); ok && (m.level == chinese || m.level == paren) && l.trim().len() <= 60 && pending.len() == 0 && len(g.rows) > 0 {
				g.rows = append(g.rows, []gcell{{l.trim(), id}})
				id++
				closed = true
				continue
			}
			if n := len(g.rows); n > 0 && !closed {
				row := g.rows[n-1]
				row[len(row)-1].text = row[len(row)-1].text.line(l.trim())
			} else {
				pending = pending.line(l.trim())
			}
			continue
		}
		if strings.Contains(l.folded(), "--") && rule.MatchString(l.folded()) {
			continue // |---|---|
		}
		if cells[0].len() == 0 && len(cells) > 2 && leading {
			cells = cells[1:]
		}
		wasClosed := closed
		closed = cells[len(cells)-1].len() == 0
		if closed {
			cells = cells[:len(cells)-1]
		}
		if n := len(g.rows); n > 0 && pending.len() == 0 {
			above := g.rows[n-1]
			k := len(above) - 1
			last := behindText(above[k].text)
			switch {
			case !wasClosed && closing && k+len(cells) <= width && (cells[0].len() == 0 || last == 0 || endsOpen(above[k].text)):
				above[k].text = above[k].text.line(cells[0])
				g.rows[n-1] = spread(above, cells[1:], &id)
				continue
			case wasClosed && cells[0].len() > 0 && k+1+full(cells) <= width && (restOf(cells) > last || onlyHeads(cells[:full(cells)]) && headRole(above[k].text) != none):
				g.rows[n-1] = spread(above, cells, &id)
				continue
			}
		}
		if n := len(g.rows); n > 0 && pending.len() > 0 && len(cells) > 0 && len(g.rows[n-1]) > 0 {
			cells[0] = pending.line(cells[0])
		} else if pending.len() > 0 {
			g.before = append(g.before, splitLines(pending)...)
		}
		pending = text{}
		if len(cells) > 0 {
			g.rows = append(g.rows, spread(nil, cells, &id))
		}
	}
	g.joinHeads()
	return g
}

// spread puts cells behind those of a row.
func spread(row []gcell, cells []text, id *int) []gcell {
	for _, c := range cells {
		row = append(row, gcell{c, *id})
		*id++
	}
	return row
}

// barred tells how many cells the widest row has, whether every row starts with |,
// so that it means nothing, and whether rows end with |.
func barred(lines []text) (width int, leading, closing bool) {
	n, lead, end := 0, 0, 0
	for _, l := range lines {
		cells := bars(l)
		if len(cells) == 1 {
			continue
		}
		n++
		if cells[0].len() == 0 {
			lead++
		}
		if cells[len(cells)-1].len() == 0 {
			end++
		}
		width = max(width, full(cells))
	}
	if leading = lead*10 >= n*9; leading {
		width--
	}
	return width, leading, end*10 >= n*7
}

// full is the number of cells up to the last that holds text.
func full(cells []text) int {
	n := len(cells)
	for n > 0 && cells[n-1].len() == 0 {
		n--
	}
	return n
}

// endsOpen reports whether a list goes on behind the text.
func endsOpen(t text) bool {
	return t.len() > 0 && strings.ContainsRune("、,", t.fold[t.len()-1])
}

// behindText tells the columns that stand behind the text of a row: 1 for units, 2
// for a deadline, 0 for any other cell.
func behindText(t text) int {
	switch {
	case looksDue(t):
		return 2
	case unitness(t) >= 0.8:
		return 1
	}
	return 0
}

// restOf is behindText of the first cell, when all cells are such; else 0.
func restOf(cells []text) int {
	for _, c := range cells[:full(cells)] {
		if behindText(c) == 0 {
			return 0
		}
	}
	return behindText(cells[0])
}

// pipeCells reads cells on lines of their own with | between them. Where every
// row kept all its cells the rows are found again, else it is a stream.
func pipeCells(lines []text) *grid {
	var tokens []text
	var cur text
	for _, l := range lines {
		for i, c := range bars(l) {
			if i > 0 {
				tokens = append(tokens, cur)
				cur = text{}
			}
			if c.len() > 0 {
				cur = cur.line(c)
			}
		}
	}
	if cur.len() > 0 {
		tokens = append(tokens, cur)
	}
	h, n := streamHeader(tokens)
	if h < 0 {
		return nil
	}
	g := &grid{}
	id := 0
	rowOf := func(ts []text) {
		row := make([]gcell, len(ts))
		for i, t := range ts {
			row[i] = gcell{t, id}
			id++
		}
		g.rows = append(g.rows, row)
	}
	// All cells kept: rows of n.
	roles, heads := headerCells(tokens[h : h+n])
	cols := resolve(roles, heads)
	if cols == nil {
		return nil
	}
	if len(roles) == n {
		good, total := 0, 0
		for i, t := range tokens[h+n:] {
			if t.len() == 0 {
				continue
			}
			total++
			tr := traits(t)
			// what was achieved may be of any length
			if r := cols[i%n].role; r == progress || r == remark || cols[i%n].fit(tr) > 0 || i%n == 0 && (tr.level == chinese || tr.level == paren) {
				good++
			}
		}
		if total > 0 && good*10 >= total*8 {
			for i := h; i < len(tokens); i += n {
				rowOf(tokens[i:min(i+n, len(tokens))])
			}
			return g
		}
	}
	// Rows divided by an empty cell.
	var rows [][]text
	var row []text
	for _, t := range tokens[h:] {
		if t.len() > 0 {
			row = append(row, t)
		} else if len(row) > 0 {
			rows = append(rows, row)
			row = nil
		}
	}
	if len(row) > 0 {
		rows = append(rows, row)
	}
	fine := 0
	for _, r := range rows {
		if len(r) >= 2 && len(r) <= n+2 {
			fine++
		}
	}
	if len(rows) > 3 && fine*10 >= len(rows)*7 {
		for _, r := range rows {
			rowOf(r)
		}
		return g
	}
	var full []text
	for _, t := range tokens[h:] {
		if t.len() > 0 {
			full = append(full, t)
		}
	}
	rowOf(full)
	g.stream = true
	return g
}
