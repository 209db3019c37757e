package norm

import (
	"strings"
	"unicode/utf8"

	"gongkai/kernel/check"
)

// annex is an attachment as the note below a text names it, or as it stands behind it.
type annex struct {
	n    int // 0 = the only one
	name string
	at   check.Span // of the name, or of the label where an annex begins
	line int
}

// attachments compares the note, the annexes and the references of a text (C9, F5, F6).
func (s *scan) attachments() {
	if !s.contains("附件") {
		return
	}
	var noted, bodies []annex
	either := map[int]bool{} // 附件1：名称 may be either
	single := false
	for i := 0; i < len(s.lines); i++ {
		l := s.lines[i]
		at := s.skip(l.start)
		if l.cell || !s.has(at, "附件") || at >= l.end {
			continue
		}
		rest := s.skip(at + len("附件"))
		if n, ok := s.numAt(rest); ok && n.end <= l.end {
			v, ok := s.value(n)
			if !ok || v < 1 || v > 99 {
				continue
			}
			end := s.skip(n.end)
			if end >= l.end || s.has(end, ":") && s.skip(end+1) >= l.end {
				bodies = append(bodies, annex{n: int(v), at: check.Span{Start: at, End: n.end}, line: i})
			} else if r := s.after(end); r == ':' || r == '.' || r == '、' || end > n.end || isHan(r) || r == '《' {
				either[int(v)] = true
				if n.han && r == ':' {
					s.hit("F5", at, n.end, "附件"+decimal{v, 0}.String(), "附件序号用阿拉伯数字。")
				}
				s.afterName(i)
			}
			continue
		}
		switch {
		case rest >= l.end:
			bodies, single = append(bodies, annex{at: check.Span{Start: at, End: at + len("附件")}, line: i}), true
		case s.has(rest, ":"):
			note, last := s.note(i, s.skip(rest+1))
			noted = append(noted, note...)
			single = single || len(note) == 0
			i = max(i, last)
		}
	}
	s.matchAnnexes(noted, bodies, either)
	s.annexReferences(noted, bodies, either, single)
}

// note reads the attachments named behind 附件： in line i, the text of which begins at
// an offset, and in the numbered lines below; last is the last line it used.
func (s *scan) note(i, at int) (list []annex, last int) {
	l := s.lines[i]
	last = i
	first, ok := s.itemAt(at)
	if at >= l.end { // 附件： alone: the names stand below
		for k := i + 1; k < len(s.lines) && k <= i+2; k++ {
			if s.text(s.lines[k]) == "" {
				continue
			}
			first, ok = s.itemAt(s.skip(s.lines[k].start))
			i, l = k, s.lines[k]
			break
		}
		if !ok || first.n != 1 {
			return nil, last
		}
	}
	if !ok || first.style != dotted && first.style != comma || first.n != 1 {
		if at < l.end {
			s.afterName(i)
			return []annex{{name: s.s[at:l.end], at: check.Span{Start: at, End: l.end}, line: i}}, last
		}
		return nil, last
	}
	if first.style == comma {
		s.hit("F5", first.start, first.end, "1.", "附件序号后用下脚点“.”，不用顿号。")
	}
	// names of one line: 1.A 2.B
	start, n := first.end, 1
	for {
		mark := first.style.marker(n + 1)
		next := strings.Index(s.s[start:l.end], mark)
		if next < 0 {
			break
		}
		list = append(list, annex{n, s.s[start : start+next], check.Span{Start: start, End: start + next}, i})
		start, n = start+next+len(mark), n+1
	}
	list = append(list, annex{n, s.s[start:l.end], check.Span{Start: start, End: l.end}, i})
	s.afterName(i)
	last = i
	for k := i + 1; k < len(s.lines); k++ {
		if s.text(s.lines[k]) == "" {
			continue
		}
		it, ok := s.itemAt(s.skip(s.lines[k].start))
		if !ok || it.style != first.style || it.n <= n {
			// a name may go on in the next line
			if k == last+1 && !ok && utf8.RuneCountInString(s.text(s.lines[k])) < 20 && k+1 < len(s.lines) {
				if it, ok := s.itemAt(s.skip(s.lines[k+1].start)); ok && it.style == first.style && it.n == n+1 {
					continue
				}
			}
			break
		}
		if it.n > n+1 {
			s.hit("C7", it.start, it.end, "", "附件编号不连续，缺少%d，请核对。", n+1)
		}
		n, last = it.n, k
		list = append(list, annex{n, s.s[it.end:s.lines[k].end], check.Span{Start: it.end, End: s.lines[k].end}, k})
		s.afterName(k)
	}
	return list, last
}

// afterName reports a mark behind the name of an attachment (F5).
func (s *scan) afterName(i int) {
	l := s.lines[i]
	end := l.end
	for end > l.start && (s.s[end-1] == ' ' || s.s[end-1] == '\r') {
		end--
	}
	if end-l.start > 240 {
		return
	}
	if word := s.endsWith(end, "。", "；", ";", ",", "、"); word != "" {
		s.hit("F5", end-len(word), end, "", "附件名称后不加标点。")
	}
}

// matchAnnexes compares the note with the annexes that stand behind the text.
func (s *scan) matchAnnexes(noted, bodies []annex, either map[int]bool) {
	if len(noted) == 0 || len(bodies) == 0 {
		return
	}
	byNumber := map[int]annex{}
	for _, a := range noted {
		byNumber[a.n] = a
	}
	attached, last := map[int]bool{}, 0
	for _, b := range bodies {
		attached[b.n], last = true, max(last, b.n)
		a, named := byNumber[b.n]
		if !named && b.n == 0 {
			continue
		}
		if !named && b.n == 1 && len(noted) == 1 {
			a, named = noted[0], true
		}
		if !named {
			if b.n > 0 && !either[b.n] {
				s.hit("C9", b.at.Start, b.at.End, "", "附件%d在附件说明中没有列出，请核对。", b.n)
			}
			continue
		}
		if title := s.titleBelow(b.line); title != "" && b.line > a.line {
			s.sameName(a, title)
		}
	}
	for _, a := range noted {
		if a.n > 0 && !attached[a.n] && !either[a.n] && len(attached) >= 2 {
			s.hit("C9", a.at.Start, a.at.End, "", "附件%d没有附上，请核对。", a.n)
		}
	}
}

// titleBelow is the title in the up to three lines below a label.
func (s *scan) titleBelow(line int) string {
	title := ""
	for k, used := line+1, 0; k < len(s.lines) && used < 3; k++ {
		l := s.lines[k]
		text := s.text(l)
		if text == "" {
			if title != "" {
				break
			}
			continue
		}
		if _, ok := s.itemAt(s.skip(l.start)); ok || l.cell || utf8.RuneCountInString(text) > 40 || strings.HasSuffix(text, "。") || strings.HasSuffix(text, ":") || strings.HasPrefix(text, "(") {
			break
		}
		title += text
		used++
	}
	return title
}

// sameName reports a name in the note that differs a little from the title (F6).
func (s *scan) sameName(a annex, title string) {
	x, y := []rune(plainTitle(a.name)), []rune(plainTitle(title))
	if len(x) < 4 || len(y) < 4 || len(x) > 80 || strings.Contains(string(y), string(x)) || strings.Contains(string(x), string(y)) {
		return
	}
	if len(y) > len(x)+4 {
		y = y[:len(x)] // the title goes on with other lines
	}
	if d := distance(x, y); d <= max(2, len(x)/5) {
		end := a.at.End
		for end > a.at.Start && s.s[end-1] == ' ' {
			end--
		}
		start := s.skip(a.at.Start)
		s.hit("F6", start, end, "", "附件说明中的名称与附件标题“%s”不一致，请核对。", title)
	}
}

// distance is the number of characters to change, add or leave out.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		corner := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := corner
			if x != y {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// annexReferences reports references to attachments that are not there.
func (s *scan) annexReferences(noted, bodies []annex, either map[int]bool, single bool) {
	known, last := map[int]bool{}, 0
	for n := range either {
		known[n], last = true, max(last, n)
	}
	for _, list := range [][]annex{noted, bodies} {
		for _, a := range list {
			if a.n == 0 {
				single = true
				continue
			}
			known[a.n], last = true, max(last, a.n)
		}
	}
	missing := check.Span{}
	s.each("附件", func(at int) {
		l := s.lines[s.lineAt(at)]
		if at == s.skip(l.start) {
			return
		}
		b := s.before(at)
		from := at + len("附件")
		n, ok := s.numAt(s.skip(from))
		if !ok {
			if missing.End == 0 && (s.endsWith(at, "见", "按照", "填写", "填报") != "") && !strings.ContainsRune("中的第", b) &&
				(strings.ContainsRune(")。,;》", s.after(from)) || s.after(from) == 0) {
				missing = check.Span{Start: at, End: from}
			}
			return
		}
		if !strings.ContainsRune("见(,、和及与照按填在将报至。: ;通", b) || s.endsWith(at, "》", "号") != "" {
			return
		}
		v, ok := s.value(n)
		if !ok || v < 1 || v > 99 || n.chain || len(s.s[n.start:n.end]) > 6 {
			return
		}
		switch {
		case last > 0 && !known[int(v)] && int(v) > last, last == 0 && single && v > 1:
			s.hit("C9", at, n.end, "", "附件%d不存在，请核对。", v)
		case last == 0 && !single && missing.End == 0:
			missing = check.Span{Start: at, End: n.end}
		}
	})
	if missing.End == 0 || last > 0 || single {
		return
	}
	if _, whole := s.signature(); !whole || s.contains("附件下载") || s.contains("相关附件") {
		return
	}
	s.hit("C9", missing.Start, missing.End, "", "文中提到附件，但没有附件说明，也没有附件，请核对。")
}
