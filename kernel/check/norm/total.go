package norm

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

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
