package norm

import (
	"math"
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

// totalKind tells whether a row is a total: 's' of a part (小计), 't' of all, 0 none;
// label is the word for it.
func totalKind(row []cell, labels int) (kind byte, label string) {
	for _, x := range row[:min(labels, len(row))] {
		text := compact(x.text)
		if i := strings.IndexByte(text, '('); i > 0 {
			text = text[:i]
		}
		switch text {
		case "小计":
			return 's', text
		case "合计", "总计", "共计", "总数", "累计", "总合计", "全区合计", "全市合计", "全县合计", "全区总计", "全市总计", "合计数", "计", "收入合计", "支出合计":
			return 't', text
		}
	}
	return 0, ""
}

// mismatch is a total that is not the sum of its parts.
type mismatch struct {
	row, column int
	parts       []int // rows
	want, got   float64
	places      int
}

// turned changes rows and columns; parts are columns then.
func (m mismatch) turned() mismatch {
	m.row, m.column = m.column, m.row
	return m
}

// totals checks the rows of totals below head; labels columns name the rows. For every
// total several readings of what its parts are get tried; a total is wrong only when no
// reading fits, and the reading taken is the one that fits the other columns.
func totals(g grid, head, labels int) []mismatch {
	var out []mismatch
	kinds, names := make([]byte, len(g)), make([]string, len(g))
	count, grand := 0, 0
	for r := head; r < len(g); r++ {
		if kinds[r], names[r] = totalKind(g[r], labels); kinds[r] != 0 {
			count++
		}
		if kinds[r] == 't' {
			grand++
		}
	}
	if count == 0 || count > 60 {
		return nil
	}
	type vote struct {
		name string
		way  int
	}
	votes := map[vote]int{} // how often each way of reading fitted totals of a name
	type open struct {
		mismatch
		reading int
	}
	var pending [][]open
	for r := head; r < len(g); r++ {
		if kinds[r] == 0 {
			continue
		}
		ways := readings(g, kinds, head, r)
		for c := labels; c < len(g[r]); c++ {
			x := g[r][c]
			if !x.num || c > labels && g[r][c-1].id == x.id || !additive(g, head, c) {
				continue
			}
			var misses []open
			fits := false
			ways[byOutline] = outermost(g, ways[everyRow], c)
			for way := range byOutline + 1 {
				parts := ways[way]
				if len(parts) < 2 {
					continue
				}
				sum, slack, places, ok := add(g, parts, c, x)
				if !ok {
					continue
				}
				if math.Abs(sum-x.value()) <= slack+1e-9 {
					votes[vote{names[r], way}]++
					fits = true
				} else {
					misses = append(misses, open{mismatch{r, c, parts, sum, x.value(), max(places, x.d.places)}, way})
				}
			}
			if !fits && len(misses) > 0 {
				pending = append(pending, misses)
			}
		}
	}
	for _, misses := range pending {
		best, found := misses[0], false
		for _, m := range misses {
			if n := votes[vote{names[m.row], m.reading}]; n > 0 && (!found || n > votes[vote{names[m.row], best.reading}]) {
				best, found = m, true
			}
		}
		if !found {
			// no other column shows how to read the table: only a plain one with one total,
			// or one total of subtotals, and a total that is near
			if kinds[best.row] != 't' || grand > 1 {
				continue
			}
			for _, m := range misses {
				if count > 1 && m.reading == ofSubtotals || count == 1 && math.Abs(m.want-m.got) < math.Abs(best.want-best.got) {
					best = m
				}
			}
			if count > 1 && best.reading != ofSubtotals || count == 1 && !peers(g, best.parts) {
				continue
			}
			if best.want <= 0 || best.got/best.want > 1.5 || best.got/best.want < 0.67 {
				continue
			}
		}
		out = append(out, best.mismatch)
	}
	return out
}

// ofSubtotals is the reading in which a total is the sum of the subtotals.
const ofSubtotals = 3

// everyRow reads all rows but totals, byOutline those of them that are no part of another.
const (
	everyRow  = 2
	byOutline = 9
)

// peers tells whether the labels of rows are of one level: none is numbered otherwise
// than the others, or a part of the row above.
func peers(g grid, rows []int) bool {
	class := func(label string) int {
		r, size := utf8.DecodeRuneInString(label)
		switch {
		case topLevel(label):
			return 1
		case r == '(':
			return 2
		case digitRune(r) && len(label) > size && (label[size] == '.' || strings.HasPrefix(label[size:], "、")):
			return 3
		}
		return 0
	}
	for _, r := range rows {
		if within(g[r]) || class(compact(g[r][0].text)) != class(compact(g[rows[0]][0].text)) {
			return false
		}
	}
	return true
}

// outermost leaves out the rows that are the parts of the row above them: rows that
// add up to it.
func outermost(g grid, rows []int, c int) []int {
	if len(rows) > 200 {
		return nil
	}
	var out []int
	for i := 0; i < len(rows); i++ {
		out = append(out, rows[i])
		sum := 0.0
		for j := i + 1; j < len(rows) && g[rows[j]][c].num; j++ {
			sum += g[rows[j]][c].value()
			if j > i+1 && math.Abs(sum-g[rows[i]][c].value()) < 1e-9 {
				i = j
				break
			}
		}
	}
	if len(out) == len(rows) {
		return nil
	}
	return out
}

// readings are the sets of rows that may be the parts of the total in row r.
func readings(g grid, kinds []byte, head, r int) map[int][]int {
	out := map[int][]int{}
	put := func(way int, parts []int) {
		if len(parts) >= 2 {
			out[way] = parts
		}
	}
	var above, below, all, subs, first, plain, group []int
	for k := r - 1; k >= head && kinds[k] == 0; k-- {
		above = append(above, k)
		if !within(g[k]) {
			plain = append(plain, k)
		}
	}
	for k := r + 1; k < len(g) && kinds[k] == 0; k++ {
		below = append(below, k)
		if g[k][0].id == g[r][0].id && g[r][0].id >= 0 {
			group = append(group, k)
		}
	}
	for k := r - 1; k >= head && kinds[k] == 0 && g[k][0].id == g[r][0].id && g[r][0].id >= 0; k-- {
		group = append(group, k)
	}
	for k := head; k < len(g); k++ {
		switch {
		case kinds[k] == 0:
			all = append(all, k)
			if label := compact(g[k][0].text); label != "" && topLevel(label) {
				first = append(first, k)
			}
		case kinds[k] == 's' && kinds[r] == 't':
			subs = append(subs, k)
		}
	}
	put(0, above)
	put(1, below)
	put(2, all)
	put(3, subs)
	put(4, first)
	put(5, plain)
	put(6, group)
	if kinds[r] == 't' {
		var outer []int // subtotals and the rows that belong to none
		for k := head; k < r; k++ {
			if kinds[k] == 's' {
				outer = append(outer, k)
			}
		}
		for k := r - 1; k >= head && kinds[k] == 0; k-- {
			outer = append(outer, k)
		}
		if len(outer) > len(subs) {
			put(7, outer)
		}
	}
	var belowPlain []int
	for _, k := range below {
		if !within(g[k]) {
			belowPlain = append(belowPlain, k)
		}
	}
	put(8, belowPlain)
	return out
}

// within tells whether a row is a part of the row above it.
func within(row []cell) bool {
	for _, x := range row[:min(3, len(row))] {
		if strings.HasPrefix(compact(x.text), "其中") {
			return true
		}
	}
	return false
}

// topLevel tells whether a label has a number of the first level: 一、
func topLevel(label string) bool {
	r, size := utf8.DecodeRuneInString(label)
	if !hanDigit(r) {
		return false
	}
	for hanDigit(r) {
		label = label[size:]
		r, size = utf8.DecodeRuneInString(label)
	}
	return r == '、'
}

// additive tells whether adding up a column means something.
func additive(g grid, head, c int) bool {
	title := ""
	for r := range head {
		title += g[r][c].text
	}
	for _, word := range []string{"率", "均", "排名", "名次", "年龄", "单价", "标准", "增长", "增幅", "增速", "同比", "环比", "序号", "编号", "得分", "代码", "电话", "年份", "备注"} {
		if strings.Contains(title, word) {
			return false
		}
	}
	share := strings.Contains(title, "占") || strings.Contains(title, "比重") || strings.Contains(title, "构成") || strings.Contains(title, "比例")
	if share || strings.Contains(title, "%") {
		for _, row := range g[head:] {
			if row[c].num && row[c].value() >= 99.9 && row[c].value() <= 100.1 {
				return share
			}
		}
		return false
	}
	for _, row := range g[head:] {
		if row[c].unit == "%" || row[c].unit == "‰" {
			return false
		}
	}
	return true
}

// add sums the cells of column c in some rows; slack is what rounding may explain.
// It fails where a cell is no number or has another unit than the total.
func add(g grid, rows []int, c int, total cell) (sum, slack float64, places int, ok bool) {
	seen := map[int]bool{}
	numbers := 0
	rounded := total.d.places > 0 || strings.HasPrefix(total.unit, "万") || strings.HasPrefix(total.unit, "亿") || total.unit == "%" || inTenThousands(g, c)
	for _, r := range rows {
		x := g[r][c]
		if x.id >= 0 && seen[x.id] {
			continue
		}
		seen[x.id] = true
		if x.blank {
			continue
		}
		if !x.num || x.unit != total.unit {
			return 0, 0, 0, false
		}
		sum += x.value()
		numbers++
		places = max(places, x.d.places)
		rounded = rounded || x.d.places > 0
	}
	if numbers < 2 {
		return 0, 0, 0, false
	}
	if rounded {
		unit := 0.5 / pow10(places)
		slack = unit*float64(numbers) + 0.5/pow10(max(total.d.places, min(places, total.d.places)))
	}
	return sum, slack, places, true
}

// inTenThousands tells whether the head of a column says that its values are rounded.
func inTenThousands(g grid, c int) bool {
	for r := range min(3, len(g)) {
		if t := g[r][c].text; strings.Contains(t, "万") || strings.Contains(t, "亿") || strings.Contains(t, "%") {
			return true
		}
	}
	return false
}

// reportSums reports wrong totals; where a row and a column lead to the same part and
// miss by as much, the part is wrong and not the two totals.
func (s *scan) reportSums(g grid, down, across []mismatch) {
	usedDown, usedAcross := map[int]bool{}, map[int]bool{}
	for i, d := range down {
		for j, a := range across {
			if usedDown[i] || usedAcross[j] || a.row == d.row || a.column == d.column {
				continue
			}
			if !slices.Contains(d.parts, a.row) || !slices.Contains(a.parts, d.column) || math.Abs((d.want-d.got)-(a.want-a.got)) > 1e-6 {
				continue
			}
			x := g[a.row][d.column]
			if !x.num {
				continue
			}
			right := decimal{int64(math.Round((x.value() - (d.want - d.got)) * pow10(x.d.places))), x.d.places}
			if right.v < 0 {
				continue
			}
			s.hit("C5", x.at.Start, x.at.End, right.String(), "行、列的合计都与此数不符，按合计推算应为%s，请核对。", right)
			usedDown[i], usedAcross[j] = true, true
		}
	}
	for k, list := range [][]mismatch{down, across} {
		used := []map[int]bool{usedDown, usedAcross}[k]
		for i, m := range list {
			if used[i] {
				continue
			}
			x := g[m.row][m.column]
			want := decimal{int64(math.Round(m.want * pow10(m.places))), m.places}
			s.hit("C5", x.at.Start, x.at.End, "", "合计与分项之和不符：%s≠%s，请核对。", x.d, want)
		}
	}
}

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

// derived checks columns that follow from others in their row: growth, difference,
// share of the total (C10). Two rows that fit show what a column is made of; a row
// that does not is then wrong. The columns of which a row was found wrong are returned:
// their sum says nothing new.
func (s *scan) derived(g grid, head int) map[int]bool {
	wrong := map[int]bool{}
	first := labels(g, head)
	for c := first; c < len(g[0]); c++ {
		title := ""
		for r := range head {
			title += compact(g[r][c].text)
		}
		growth := strings.Contains(title, "增长") || strings.Contains(title, "增幅") || strings.Contains(title, "增速") || strings.Contains(title, "同比") || strings.Contains(title, "增减")
		share := strings.Contains(title, "占比") || strings.Contains(title, "比重") || strings.Contains(title, "构成") || strings.Contains(title, "所占比例")
		if growth && s.fromTwo(g, head, first, c) || share && s.ofTotal(g, head, first, c) {
			wrong[c] = true
		}
	}
	return wrong
}

// fromTwo looks for two columns of which column c is the growth in percent, and tells
// whether it reported a row.
func (s *scan) fromTwo(g grid, head, first, c int) bool {
	var wrong []int
	best := 0
	var right func(row []cell) float64
	for a := first; a < min(c, first+8); a++ {
		for b := first; b < min(c, first+8); b++ {
			if a == b {
				continue
			}
			grown := func(row []cell) float64 { return (row[b].value() - row[a].value()) / row[a].value() * 100 }
			fits, misses := 0, []int(nil)
			for r := head; r < len(g); r++ {
				row := g[r]
				if !row[a].num || !row[b].num || !row[c].num || row[a].d.v == 0 || row[a].unit != row[b].unit {
					continue
				}
				tolerance := 2*row[c].d.half() + 100*(row[a].d.half()+row[b].d.half())/math.Abs(row[a].value())*b2f(row[a].d.places > 0)
				if math.Abs(grown(row)-row[c].value()) <= tolerance+1e-9 {
					fits++
				} else {
					misses = append(misses, r)
				}
			}
			if fits >= 2 && fits > best && fits >= 2*len(misses) {
				best, wrong, right = fits, misses, grown
			}
		}
	}
	for _, r := range wrong {
		x := g[r][c]
		s.hit("C10", x.at.Start, x.at.End, "", "按表中数据计算应为%.*f，请核对。", max(x.d.places, 1), right(g[r]))
	}
	return len(wrong) > 0
}

// ofTotal compares shares with the parts and the total of a column to the left, and
// tells whether it reported a row.
func (s *scan) ofTotal(g grid, head, first, c int) bool {
	total := -1
	for r := head; r < len(g); r++ {
		if kind, _ := totalKind(g[r], first); kind == 't' {
			total = r
		}
	}
	if total < 0 {
		return false
	}
	for a := c - 1; a >= first; a-- {
		t := g[total][a]
		if !t.num || t.d.v == 0 {
			continue
		}
		fits, misses := 0, []int(nil)
		for r := head; r < len(g); r++ {
			if r == total || !g[r][a].num || !g[r][c].num {
				continue
			}
			if math.Abs(g[r][a].value()/t.value()*100-g[r][c].value()) <= 2*g[r][c].d.half()+1e-9 {
				fits++
			} else {
				misses = append(misses, r)
			}
		}
		if fits < 2 || fits < 2*len(misses) {
			continue
		}
		for _, r := range misses {
			x := g[r][c]
			s.hit("C10", x.at.Start, x.at.End, "", "按表中数据计算占比应为%.*f%%，请核对。", max(x.d.places, 1), g[r][a].value()/t.value()*100)
		}
		return len(misses) > 0
	}
	return false
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
