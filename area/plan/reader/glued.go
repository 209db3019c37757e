package reader

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A table may have lost every mark between its cells, as sites that share
// documents show it: 序号项目名称主要内容牵头单位配合单位1增加供给实施改扩建。教育局各街道2….
// Its header is a chain of known words that begins with the number's; rows are
// found by their numbers, and in a row the sentence ends where the units begin.

const headWord = `(?:工作任务|重点任务|主要任务|目标任务|任务名称|项目名称|实事项目|民生实事|工作事项|工作内容|主要内容|具体内容|建设内容|任务内容|目标要求|具体举措|工作举措|工作措施|落实措施|贯彻举措|具体措施|具体要求|工作要求|[\p{Han}]{0,4}(?:分管|责任|牵头)领导|责任人|牵头单位|牵头部门|主办单位|责任单位|责任部门|责任科室|配合单位|配合部门|协办单位|参与单位|完成时限|完成时间|时限要求|时间要求|备注)`

var (
	gluedHead = regexp.MustCompile(`序号(` + headWord + `){3,8}`)
	gluedWord = regexp.MustCompile(`序号|` + headWord)
	// stem begins the names of most departments: it tells where a person's ends.
	stem = regexp.MustCompile(`^(发改|发展|教育|科技|工信|经信|公安|民政|司法|财政|人社|人力|自然资源|规划|资源规划|生态环境|环保|住建|住房|建设|城管|城市管理|交通|水利|水务|农业|农委|商务|文体|文旅|文化|卫健|卫生|应急|审计|市场监管|统计|医保|林业|信访|政务|行政|税务|党政|宣传|组织|统战|政法|机关|团|妇联|残联|工会|区|市|县|省|镇|街道|各)`)
)

// glued reads the table that begins in line i; nil when there is none, else with
// the line behind it.
func glued(lines []text, i int) (*grid, int) {
	at := gluedHead.FindStringIndex(lines[i].folded())
	if at == nil {
		return nil, i
	}
	from, to := utf8.RuneCountInString(lines[i].folded()[:at[0]]), utf8.RuneCountInString(lines[i].folded()[:at[1]])
	head, body := lines[i].sub(from, to), lines[i].from(to)
	end := i + 1
	for ; end < len(lines) && !tableEnd.MatchString(lines[end].tight()); end++ {
		l := lines[end].trim()
		if m := pageMark.FindString(l.folded()); m != "" && body.len() > 0 && !ended(body, body.len()) {
			l = l.from(len([]rune(m))) // a page's number in the middle of a sentence
		}
		body = body.add(l)
	}
	for k := body.index(head.folded(), 0); k >= 0; k = body.index(head.folded(), k) { // repeated on each page
		body = body.without(k, k+head.len())
	}
	g := &grid{before: splitLines(lines[i].sub(0, from))}
	id := 0
	put := func(cells ...text) {
		var row []gcell
		for _, c := range cells {
			row = append(row, gcell{c, id})
			id++
		}
		g.rows = append(g.rows, row)
	}
	var heads []text
	for _, w := range gluedWord.FindAllStringIndex(head.folded(), -1) {
		heads = append(heads, head.sub(utf8.RuneCountInString(head.folded()[:w[0]]), utf8.RuneCountInString(head.folded()[:w[1]])))
	}
	put(heads...)
	roles, _ := headerCells(heads)
	for n := 1; body.len() > 0; n++ {
		var row text
		row, body = gluedRow(body, n)
		for k, cells := range gluedCells(row, roles) {
			if k > 0 {
				cells[0] = text{}
			}
			put(cells...)
		}
	}
	if len(g.rows) < 2 {
		return nil, i
	}
	return g, end
}

// gluedRow cuts the row with number n off t, up to where n+1 stands behind a name
// or a deadline and before a word.
func gluedRow(t text, n int) (row, rest text) {
	want := strconv.Itoa(n + 1)
	for i := 1; i+len(want) < t.len(); i++ {
		if !t.has(want, i) || isDigit(t.fold[i-1]) || !hanAt(t, i+len(want)) {
			continue
		}
		before := t.sub(max(0, i-6), i).folded()
		if (organ.end(strings.TrimRight(before, ")]")) || strings.HasSuffix(before, "前") || strings.HasSuffix(before, "底") || strings.HasSuffix(before, "。")) && !strings.ContainsRune("个所年月日项家条名户万亿元次人公", t.fold[i+len(want)]) {
			return t.sub(0, i), t.from(i)
		}
	}
	return t, text{}
}

// gluedCells parts a row by the roles of its columns, one line of cells for each
// sentence with units behind it.
func gluedCells(t text, roles []role) [][]text {
	i := 0
	for i < t.len() && isDigit(t.fold[i]) {
		i++
	}
	number, t := t.sub(0, i), t.from(i)
	var out [][]text
	for t.len() > 0 {
		cells := make([]text, len(roles))
		cells[0] = number
		texts := 0
		for _, r := range roles {
			if r.text() {
				texts++
			}
		}
		stop := t.len()
		for k, r := range t.fold { // the last of the sentences before units
			if r == '。' {
				stop = k + 1
				if names, _ := gluedNames(t.from(stop), roles); len(names) > 0 {
					break
				}
			}
		}
		what := t.sub(0, stop)
		title := 0
		if texts > 1 && len(out) == 0 {
			for k := 4; k < min(what.len(), 20); k++ {
				if action.MatchString(what.from(k).folded()) {
					title = k
					break
				}
			}
		}
		names, rest := gluedNames(t.from(stop), roles)
		for k, r := range roles {
			switch {
			case r.text() && texts > 1 && len(out) == 0 && title > 0:
				cells[k], what, title = what.sub(0, title), what.from(title), 0
			case r.text() && (texts == 1 || title == 0 && (len(out) == 0 && k+1 < len(roles) && !roles[k+1].text() || len(out) > 0 && !roles[k+1].text())):
				cells[k] = what
			case r == person && len(names) > 0 && names[0].role == person:
				cells[k], names = names[0].text, names[1:]
			case r == lead && len(names) > 0 && names[0].role == lead:
				cells[k], names = names[0].text, names[1:]
			case r == resp:
				for _, x := range names {
					cells[k] = cells[k].line(x.text)
				}
				names = nil
			}
		}
		out = append(out, cells)
		t = rest
	}
	return out
}

type gluedName struct {
	role role
	text text
}

// gluedNames reads the names that t begins with: a person where there is such a
// column, the unit that leads, the others.
func gluedNames(t text, roles []role) (names []gluedName, rest text) {
	has, whole := map[role]bool{}, t
	for _, r := range roles {
		has[r] = true
	}
	if has[person] && t.len() > 4 {
		n := 3
		if !stem.MatchString(t.from(3).folded()) {
			n = 2
		}
		names, t = append(names, gluedName{person, t.sub(0, n)}), t.from(n)
	}
	if !stem.MatchString(t.folded()) {
		return nil, whole
	}
	ro := resp
	if has[lead] {
		ro = lead
	}
	first := len(names)
	for t.len() > 1 && !action.MatchString(t.folded()) {
		n := 0
		for k := 2; k <= min(t.len(), 16); k++ {
			if s := t.sub(0, k).folded(); organ.end(s) && isName(s) && !strings.ContainsAny(s, "0123456789") && !(k < t.len() && organ.end(t.sub(0, k+1).folded()) && strings.ContainsRune("局委办院会道", t.fold[k])) {
				n = k
				break
			}
		}
		if n == 0 {
			break
		}
		if n < t.len() && opens(t.fold[n]) {
			if c := t.closing(n); c > 0 {
				n = c + 1
			}
		}
		names, t = append(names, gluedName{ro, t.sub(0, n).trimAny("、,;")}), t.from(n).trimAny("、,;")
		ro = resp
	}
	if len(names) == first {
		return nil, whole
	}
	return names, t
}
