package reader

import (
	"regexp"
	"strings"
	"unicode"
)

// headerLine reports whether a line is the header of a table whose cells are
// divided by nothing but spaces, as text taken from a page image is, or begins
// with it: the whole table in one line.
func headerLine(l text) bool {
	cells := words(l)
	if len(cells) < 3 || cells[0].len() > 16 {
		return false
	}
	at, n := streamHeader(cells[:min(len(cells), 14)])
	return at == 0 && (n == len(cells) || n > 2 && len(cells) > 3*n)
}

// words are the parts of a line between spaces.
func words(l text) []text {
	var out []text
	start := -1
	for i, r := range l.fold {
		switch {
		case r != ' ' && start < 0:
			start = i
		case r == ' ' && start >= 0:
			out = append(out, l.sub(start, i))
			start = -1
		}
	}
	if start >= 0 {
		out = append(out, l.from(start))
	}
	return out
}

// spaced reads a table divided by spaces, from its header at line i: rows where
// every line starts with its number, else a stream.
func spaced(lines []text, i int) (*grid, int) {
	end := i + 1
	for end < len(lines) && !tableEnd.MatchString(lines[end].tight()) {
		end++
	}
	if g := spacedRows(lines[i:end]); g != nil {
		return g, end
	}
	g := &grid{stream: true, rows: [][]gcell{nil}}
	for _, l := range lines[i:end] {
		for _, c := range words(l) {
			g.rows[0] = append(g.rows[0], gcell{c, len(g.rows[0])})
		}
	}
	return g, end
}

// spacedRows reads lines of a table that start with their numbers 1, 2, 3. A
// further space stands for an empty cell. Narrow cells that were broken over
// lines gave too many parts: the shortest go together again. Nil when a line
// does not fit.
func spacedRows(lines []text) *grid {
	head := words(lines[0])
	if len(head) < 4 || roleOf(head[0].tight()) != serial {
		return nil
	}
	g := &grid{}
	id := 0
	put := func(cells []text) {
		row := make([]gcell, len(cells))
		for k, c := range cells {
			row[k] = gcell{c, id}
			id++
		}
		g.rows = append(g.rows, row)
	}
	put(head)
	last := 0
	for k, l := range lines {
		if !l.empty() {
			last = k
		}
	}
	for k, l := range lines[1:] {
		if l.empty() {
			continue
		}
		cells := spaces(l.trim())
		if s := cells[0].tight(); strings.Trim(s, "0123456789") != "" || atoi(cells[0].fold) != len(g.rows) || len(cells) < len(head) && k+1 != last {
			return nil
		}
		for len(cells) > len(head) {
			at, least := -1, 0
			for j := 1; j+1 < len(cells); j++ {
				n := cells[j].len() + cells[j+1].len()
				if cells[j].len() > 0 && cells[j+1].len() > 0 && (at < 0 || n < least) && !isName(cells[j].folded()) && unitness(cells[j+1]) < 0.9 {
					at, least = j, n
				}
			}
			if at < 0 || least > 24 {
				return nil
			}
			cells[at] = cells[at].add(cells[at+1])
			cells = append(cells[:at+1], cells[at+2:]...)
		}
		put(cells)
	}
	if len(g.rows) < 3 {
		return nil
	}
	return g
}

// spaces cuts at every single space.
func spaces(t text) []text {
	var out []text
	start := 0
	for i, r := range t.fold {
		if r == ' ' {
			out = append(out, t.sub(start, i))
			start = i + 1
		}
	}
	return append(out, t.from(start))
}

func lastLine(lines []text, from, i int) int {
	for i--; i >= from; i-- {
		if !lines[i].empty() {
			return i
		}
	}
	return -1
}

// region returns the line behind the last for which is holds, allowing gaps of
// lines that go on with a cell.
func region(lines []text, i, gap int, is func(text) bool) int {
	end, miss := i+1, 0
	for j := i + 1; j < len(lines) && miss <= gap; j++ {
		if is(lines[j]) {
			end, miss = j+1, 0
		} else if !lines[j].empty() {
			miss++
		}
	}
	return end
}

// tabbed reports whether a line was a row or cell of a table. Tabs were folded
// to spaces, so the raw text is asked.
func tabbed(t text) bool {
	for _, r := range t.raw {
		if r == '\t' {
			return true
		}
	}
	return false
}

// usable reports whether a header can be found, so that it is a plan's table.
func (g *grid) usable() bool {
	if g.stream {
		i, n := streamHeader(g.cells())
		return i >= 0 && n > 0
	}
	return g.found()
}

func (g *grid) cells() []text {
	var out []text
	for _, r := range g.rows {
		for _, c := range r {
			out = append(out, c.text)
		}
	}
	return out
}

// tabs reads a table whose cells are separated by tabs: a row a line, or a cell
// a line with a tab before it and a blank line behind each row.
func tabs(lines []text) *grid {
	g := &grid{}
	cellPerLine := 0
	for _, l := range lines {
		if tabbed(l) && len(splitRaw(l, '\t')) == 2 && l.raw[0] == '\t' {
			cellPerLine++
		}
	}
	if byCell := cellPerLine*2 > len(lines)/2 && cellPerLine > 3; byCell {
		g.rows = tabCells(lines)
	} else {
		var whole bool
		if g.rows, whole = tabRows(lines, true); !whole {
			g.rows, _ = tabRows(lines, false)
		}
	}
	g.joinHeads()
	if len(g.rows) < 2 {
		return nil
	}
	return g
}

// joinHeads makes one row of a header in two: 责任单位 over 牵头 and 配合.
func (g *grid) joinHeads() {
	for i := 0; i+1 < min(len(g.rows), 12); i++ {
		top, low := g.rows[i], g.rows[i+1]
		if _, ok := rowRoles(top); !ok || len(low) > len(top) {
			continue
		}
		heads := 0
		for k, c := range low {
			if c.text.len() == 0 {
				continue
			}
			if headRole(c.text) == none || top[k].text.len() > 0 && !roleOf(top[k].text.tight()).unit() {
				return
			}
			heads++
		}
		if heads == 0 {
			return
		}
		for k, c := range low {
			if c.text.len() > 0 {
				top[k] = c
			}
		}
		g.rows = append(g.rows[:i+1], g.rows[i+2:]...)
		return
	}
}

// tabCells reads a cell a line, with a blank line behind each row.
func tabCells(lines []text) [][]gcell {
	var rows [][]gcell
	id, fresh := 0, true
	for _, l := range lines {
		if !tabbed(l) {
			if n := len(rows); n > 0 && !l.empty() { // goes on with the last cell
				c := &rows[n-1][len(rows[n-1])-1]
				c.text = c.text.line(l.trim())
			}
			fresh = l.empty()
			continue
		}
		if fresh || l.raw[0] != '\t' || len(rows) == 0 {
			rows = append(rows, nil)
		}
		cells := splitRaw(l, '\t')
		if l.raw[0] == '\t' {
			cells = cells[1:]
		}
		for _, c := range cells {
			rows[len(rows)-1] = append(rows[len(rows)-1], gcell{c.trim(), id})
			id++
		}
		fresh = l.raw[0] != '\t'
	}
	return rows
}

// tabRows reads a row a line; a line without a tab goes on with the last cell.
// With join a line also fills up a row that has fewer cells than the first one,
// whose last cell was broken over lines; whole says that nearly all rows came out
// with as many cells as the first.
func tabRows(lines []text, join bool) (rows [][]gcell, whole bool) {
	id, width, joined := 0, 0, 0
	heading := false // the last row is a line between the rows
	for _, l := range lines {
		n := len(rows)
		m, ok := l.trim().number(0)
		switch {
		case l.empty() && !tabbed(l):
			continue
		case !tabbed(l) && n > 0 && !(ok && m.level <= paren && len(rows[n-1]) >= width && l.trim().len() <= 60):
			c := &rows[n-1][len(rows[n-1])-1]
			c.text = c.text.line(l.trim())
			continue
		}
		cells := splitRaw(l, '\t')
		if n > 1 && join && !heading && len(rows[n-1]) < width && len(rows[n-1])+len(cells)-1 <= width {
			c := &rows[n-1][len(rows[n-1])-1]
			c.text = c.text.line(cells[0].trim())
			cells = cells[1:]
			joined++
		} else {
			rows = append(rows, nil)
			n++
			heading = !tabbed(l)
		}
		for _, c := range cells {
			rows[n-1] = append(rows[n-1], gcell{c.trim(), id})
			id++
		}
		width = max(width, len(rows[0]))
	}
	full := 0
	for _, r := range rows {
		if len(r) == width {
			full++
		}
	}
	if n := len(rows); n > 0 && len(rows[n-1]) < width {
		full++ // the file may end in it
	}
	return rows, joined == 0 || full*10 >= len(rows)*9
}

// splitRaw cuts at a rune of the text as written.
func splitRaw(t text, cut rune) []text {
	var out []text
	start := 0
	for i, r := range t.raw {
		if r == cut {
			out = append(out, t.sub(start, i))
			start = i + 1
		}
	}
	return append(out, t.from(start))
}

// headerCells are the roles of header cells that are not empty.
func headerCells(ts []text) (roles []role, heads []text) {
	for _, t := range ts {
		if t.len() > 0 {
			roles = append(roles, roleOf(t.tight()))
			heads = append(heads, t)
		}
	}
	return roles, heads
}

// headRole is the role of a header cell of a flattened table; a numbered line is
// a heading and 云溪区任务分解表 a title, whatever their words.
func headRole(t text) role {
	s := t.tight()
	if _, ok := t.trim().number(0); ok || t.len() > 5 && tableName.end(s) {
		return none
	}
	return roleOf(s)
}

const tableName = endings("表|方案|要点|台账|清单")

// streamHeader finds the run of header cells in a stream: its start and length.
func streamHeader(ts []text) (at, n int) {
	for i := range ts {
		if ts[i].len() == 0 || headRole(ts[i]) == none {
			continue
		}
		j := i
		units, texts, cells, odd := 0, 0, 0, 0
		for ; j < len(ts); j++ {
			if ts[j].len() == 0 {
				continue
			}
			r := headRole(ts[j])
			if r == none && odd == 0 && cells > 0 && ts[j].len() < 9 && j+1 < len(ts) && headRole(ts[j+1]).unit() && plainWord(ts[j]) {
				odd++ // a name we do not know beside those we know
				cells++
				continue
			}
			if r == none || ts[j].len() > 16 {
				break
			}
			cells++
			if r.unit() {
				units++
			}
			if r.text() {
				texts++
			}
		}
		for j > i && ts[j-1].len() == 0 {
			j--
		}
		if texts > 0 && units > 0 && cells >= 2 || texts == 0 && odd > 0 && units > 0 && cells > 2 {
			return i, j - i
		}
	}
	return -1, 0
}

// plainWord reports whether t is characters and nothing else, without a number
// before them.
func plainWord(t text) bool {
	_, ok := t.trim().number(0)
	return !ok && !strings.ContainsFunc(t.tight(), func(r rune) bool { return !unicode.Is(unicode.Han, r) })
}

var tableEnd = regexp.MustCompile(`^((?:注|备注|说明|附注)[:\d]|\(?此件|抄送|抄报|版权所有|主办单位[:：]|主办[:：]|网站标识|扫一扫|打印|关闭|相关(链接|文件|阅读|附件|稿件|新闻|文档)|上一[篇条]|下一[篇条]|责任编辑|信息来源:|来源:|作者:|分享|附件[:：]?\d?|附表[:：]|联系(人|电话|我们)|友情链接|网站地图|技术支持|您访问|浏览次数|网站声明|关于我们|建议使用|\[打印|\[关闭)|ICP备|公网安备|^\d{4}年\d{1,2}月\d{1,2}日$`)

// headerAt reports whether the lines from i on start with header cells.
func headerAt(lines []text, i int) bool {
	var cells []text
	for ; i < len(lines) && len(cells) < 14; i++ {
		if !lines[i].empty() {
			cells = append(cells, lines[i].trim())
		}
	}
	at, n := streamHeader(cells)
	return at == 0 && n >= 2
}

// cellLines reads a table with a cell a line, from the header that starts at
// line i; nil when no header starts there.
func cellLines(lines []text, i int) (*grid, int) {
	var cells []text
	end := i
	for end < len(lines) {
		if !lines[end].empty() {
			if tableEnd.MatchString(lines[end].tight()) {
				break
			}
			cells = append(cells, lines[end].trim())
		}
		end++
	}
	if whole := paragraphCells(lines[i:end]); 3*len(whole) >= 2*len(cells) && len(whole) < len(cells) {
		if at, n := streamHeader(whole[:min(len(whole), 14)]); at == 0 && n > 2 {
			cells = whole
		}
	}
	at, n := streamHeader(cells[:min(len(cells), 14)])
	if at != 0 || n < 2 || len(cells) < n+2 {
		return nil, i
	}
	if g := countedRows(cells, n); g != nil {
		return g, end
	}
	if g := tornRows(cells, n); g != nil {
		return g, end
	}
	g := &grid{stream: true}
	row := make([]gcell, len(cells))
	for k, c := range cells {
		row[k] = gcell{c, k}
	}
	g.rows = [][]gcell{row}
	return g, end
}

// paragraphCells takes lines between empty ones as one cell: 牵头 and 责任单位 below
// it, where every cell stands apart from the next.
func paragraphCells(lines []text) []text {
	var cells []text
	open := false
	for _, l := range lines {
		switch {
		case l.empty():
			open = false
		case open:
			cells[len(cells)-1] = cells[len(cells)-1].add(l.trim())
		default:
			cells, open = append(cells, l.trim()), true
		}
	}
	return cells
}

// countedRows finds the rows of cells under a header of n cells when every row
// kept all its cells and starts with its number, each higher than the one before;
// headings may stand between. The file may end inside the last row. Nil when it is
// not so.
func countedRows(cells []text, n int) *grid {
	if n < 4 || roleOf(cells[0].tight()) != serial {
		return nil
	}
	for n < min(len(cells), 14) && n > 4 { // a last column whose name nobody knows
		if tr := traits(cells[n]); tr.digits || tr.level == chinese || tr.level == paren || tr.n > 12 {
			break
		}
		n++
	}
	g := &grid{}
	put := func(from, to int) {
		row := make([]gcell, 0, to-from)
		for k := from; k < to; k++ {
			row = append(row, gcell{cells[k], k})
		}
		g.rows = append(g.rows, row)
	}
	put(0, n)
	last, rows, full := 0, 0, 0
	for i := n; i < len(cells); {
		tr := traits(cells[i])
		switch {
		case !tr.digits && tr.title && (tr.level == chinese || tr.level == paren):
			put(i, i+1)
			i++
			continue
		case !tr.digits || atoi(cells[i].trimAny(".、").fold) <= last:
			return nil
		case i+n <= len(cells):
			full++
		}
		put(i, min(i+n, len(cells)))
		last = atoi(cells[i].trimAny(".、").fold)
		rows++
		i += n
	}
	if full == 0 || rows < 2 {
		return nil
	}
	return g
}
