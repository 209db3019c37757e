package norm

import (
	"strings"
	"unicode/utf8"
)

// style is the form of a number in a list.
type style byte

const (
	noStyle  style = iota
	chapter        // 第一章
	section        // 第一节
	article        // 第一条
	hanComma       // 一、
	hanRound       // （一）
	dotted         // 1.
	comma          // 1、
	round          // （1）
	halfOpen       // 1）
	circled        // ①
	said           // 一是
	must           // 一要
)

// item is a numbered line, or a numbered part of one.
type item struct {
	line       int
	start, end int // of the number with its marks
	style      style
	n          int
	arabic     bool // 第2章
	depth      int  // in the nesting of lists, 0 = outermost
}

// marker is what another item of a style looks like.
func (k style) marker(n int) string {
	han, arabic := hanNumber(n), decimal{int64(n), 0}.String()
	switch k {
	case chapter:
		return "第" + han + "章"
	case section:
		return "第" + han + "节"
	case article:
		return "第" + han + "条"
	case hanComma:
		return han + "、"
	case hanRound:
		return "(" + han + ")"
	case dotted:
		return arabic + "."
	case comma:
		return arabic + "、"
	case round:
		return "(" + arabic + ")"
	case halfOpen:
		return arabic + ")"
	case circled:
		return string(rune('①' + n - 1))
	case said:
		return han + "是"
	case must:
		return han + "要"
	}
	return ""
}

// itemAt reads the number of a list that begins at an offset.
func (s *scan) itemAt(at int) (item, bool) {
	it := item{start: at}
	if r := s.after(at); r >= '①' && r <= '⑳' {
		it.style, it.n, it.end = circled, int(r-'①')+1, at+utf8.RuneLen(r)
		return it, true
	}
	inRound := s.has(at, "(")
	ordinal := s.has(at, "第")
	from := at
	if inRound {
		from++
	} else if ordinal {
		from += len("第")
	}
	n, ok := s.numAt(from)
	if !ok || n.chain {
		return it, false
	}
	v, ok := s.value(n)
	text := s.s[n.start:n.end]
	if !ok || v < 1 || v > 999 || !n.han && (len(text) > 3 || text[0] == '0' || strings.ContainsAny(text, ".,")) {
		return it, false
	}
	if n.han && strings.ContainsAny(text, "〇零○万亿两") && v < 100 {
		return it, false
	}
	it.n, it.arabic = int(v), !n.han
	take := func(k style, mark string) (item, bool) {
		it.style, it.end = k, n.end+len(mark)
		return it, true
	}
	next := s.after(n.end)
	switch {
	case ordinal && next == '章':
		return take(chapter, "章")
	case ordinal && next == '节':
		return take(section, "节")
	case ordinal && next == '条':
		return take(article, "条")
	case ordinal || v > 99:
		return it, false
	case inRound && next == ')' && n.han:
		return take(hanRound, ")")
	case inRound && next == ')':
		return take(round, ")")
	case inRound:
		return it, false
	case n.han && next == '、' && !s.enumeration(n.end+len("、")):
		return take(hanComma, "、")
	case n.han && next == '是':
		return take(said, "是")
	case n.han && next == '要' && !s.has(n.end, "要求") && !s.has(n.end, "要点"):
		return take(must, "要")
	case n.han:
		return it, false
	case next == '.' && !digitRune(s.after(n.end+1)):
		return take(dotted, ".")
	case next == '、' && !digitRune(s.after(n.end+len("、"))):
		return take(comma, "、")
	case next == ')':
		return take(halfOpen, ")")
	}
	return it, false
}

// enumeration tells whether what follows 一、 makes it part of a phrase: 一、二等奖.
func (s *scan) enumeration(at int) bool {
	n, ok := s.numAt(at)
	return ok && n.han && s.hasAny(n.end, "、", "等", "级", "类", "季", "年级", "线", "号", "期", "批", "次", "月") != ""
}

// state is how far a list has come.
type state struct {
	style style
	last  item
	run   int // items in a row without gap
}

// lists looks at numbered lines (C6, C7, N11, P2, F10).
func (s *scan) lists() {
	var items []item
	for i, l := range s.lines {
		if l.cell {
			continue
		}
		if it, ok := s.itemAt(s.skip(l.start)); ok && it.style < said && it.start < l.end {
			it.line = i
			items = append(items, it)
			s.itemMarks(it)
		}
	}
	s.nest(items)
	s.sameForm(items)
	s.announced(items)
	for i, l := range s.lines {
		s.inline(i, l)
	}
}

// itemMarks checks the marks behind a number (P2).
func (s *scan) itemMarks(it item) {
	switch {
	case (it.style == hanRound || it.style == round || it.style == circled) && s.has(it.end, "、"):
		s.hit("P2", it.start, it.end+len("、"), s.original(it.start, it.end), "带括号的序号后不加顿号。")
	}
}

// original is a stretch as it stands in the text.
func (s *scan) original(start, end int) string { return s.t.Of(s.f.Original(start, end)) }

// nest walks over the numbered lines and checks that each list goes on with the next
// number (C7). A number that begins a list anew is right anywhere.
func (s *scan) nest(items []item) {
	var stack []state
	var articles state
	line := 0
	for i := range items {
		it := &items[i]
		for ; line < it.line; line++ {
			if s.begins(s.lines[line]) {
				stack, articles = nil, state{}
			}
		}
		if it.style == article {
			if articles.run > 0 {
				s.follows(&articles, items, i)
			} else {
				articles = state{article, *it, 1}
			}
			// what was numbered inside the article before has ended
			for len(stack) > 0 && stack[len(stack)-1].style > article {
				stack = stack[:len(stack)-1]
			}
			it.depth = len(stack)
			continue
		}
		at := len(stack) - 1
		for at >= 0 && stack[at].style != it.style {
			at--
		}
		if at < 0 {
			stack = append(stack, state{it.style, *it, 1})
			it.depth = len(stack) - 1
			continue
		}
		stack = stack[:at+1]
		it.depth = at
		if it.style == chapter && it.n == 1 {
			articles = state{}
		}
		s.follows(&stack[at], items, i)
	}
}

// begins tells whether a line is the label of an annex: what is numbered behind it is
// another text's.
func (s *scan) begins(l line) bool {
	at := s.skip(l.start)
	if !s.has(at, "附") || l.end-at > len("附件10:") {
		return false
	}
	return s.hasAny(at, "附件", "附表", "附录") != ""
}

// follows checks items[i] against the list it goes on with.
func (s *scan) follows(k *state, items []item, i int) {
	it := items[i]
	last := k.last
	if it.n == last.n+1 {
		k.last = it
		k.run++
		return
	}
	next := none // the next number of this style
	for j := i + 1; j < len(items) && j < i+200; j++ {
		if items[j].style == it.style {
			next = items[j].n
			break
		}
	}
	// headings are few and a heading left out is plain to see
	sure := k.run >= 2 || next == it.n+1 || (it.style == chapter || it.style == hanComma || it.style == hanRound) && last.n == 1 && it.n == 3
	// what a list of an amendment or an answer quotes is numbered elsewhere
	switch {
	case it.n == 1 || !sure || s.text(s.lines[it.line]) == s.text(s.lines[last.line]):
	case it.n == last.n:
		s.hit("C7", it.start, it.end, "", "编号重复，前面已有“%s”，请核对。", s.original(last.start, last.end))
	case it.n > last.n+1 && it.n <= last.n+3 && !s.written(it.style, last, it):
		s.hit("C7", it.start, it.end, "", "编号不连续，“%s”之后缺少“%s”，请核对。", s.original(last.start, last.end), s.unfold(it.style.marker(last.n+1)))
	case it.n == last.n-1 && it.n > 1 && k.run >= 3 && next == last.n+1:
		s.hit("C7", it.start, it.end, "", "编号重复或颠倒，请核对。")
	}
	k.last, k.run = it, 1
}

// unfold shows a marker with full-width brackets.
func (s *scan) unfold(marker string) string {
	return strings.NewReplacer("(", "（", ")", "）").Replace(marker)
}

// written tells whether a missing number stands in the text between two items all the
// same: in the middle of a line, or with other marks.
func (s *scan) written(k style, a, b item) bool {
	between := s.s[a.end:b.start]
	for n := a.n + 1; n < b.n; n++ {
		found := strings.Contains(between, k.marker(n))
		if k == dotted || k == comma {
			arabic := decimal{int64(n), 0}.String()
			found = found || strings.Contains(between, arabic+"、") || strings.Contains(between, arabic+".") || strings.Contains(between, "\n"+arabic)
		}
		if k == article || k == chapter || k == section {
			found = found || strings.Contains(between, decimal{int64(n), 0}.String())
		}
		if k == hanComma {
			found = found || strings.Contains(between, "\n"+hanNumber(n)) || strings.Contains(between, hanNumber(n)+".") || strings.Contains(between, hanNumber(n)+",")
		}
		if k == hanRound {
			found = found || strings.Contains(between, "("+hanNumber(n)) || strings.Contains(between, hanNumber(n)+")")
		}
		if !found {
			return false
		}
	}
	return true
}

// sameForm reports chapters and articles numbered in the other kind of numerals (N11).
func (s *scan) sameForm(items []item) {
	for _, k := range []style{chapter, section, article} {
		var counts [2]int
		for _, it := range items {
			if it.style == k {
				counts[b2i(it.arabic)]++
			}
		}
		if counts[0] == 0 || counts[1] == 0 || counts[0]+counts[1] < 3 {
			continue
		}
		odd := counts[1] <= counts[0]
		for _, it := range items {
			if it.style == k && it.arabic == odd {
				s.hit("N11", it.start, it.end, "", "同级编号应使用同一种数字形式。")
			}
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// counted are words behind the number of things that a list gives.
var counted = []string{"个方面", "个条件", "个步骤", "个问题", "个环节", "方面", "项", "条", "点", "种", "类", "大", "个"}

// announced compares 以下4项 with the list behind it (C6).
func (s *scan) announced(items []item) {
	for _, word := range []string{"以下", "下列", "如下"} {
		s.each(word, func(at int) {
			n, ok := s.numAt(at + len(word))
			if !ok {
				return
			}
			v, ok := s.value(n)
			unit := s.hasAny(n.end, counted...)
			if !ok || v < 2 || v > 40 || unit == "" || s.hasAny(n.end, "个月", "个工作日", "个百分点", "类以", "项之一", "个以") != "" {
				return
			}
			line := s.lineAt(at)
			l := s.lines[line]
			if l.cell || strings.Contains(s.s[n.end:min(l.end, n.end+90)], "之一") {
				return
			}
			count := s.inlineCount(n.end, l.end)
			if count == 0 {
				count = s.listCount(items, line)
			}
			if count >= 2 && count != int(v) {
				s.hit("C6", n.start, n.end+len(unit), "", "数量与列举不符：文中称%d%s，实际列举%d%s，请核对。", v, unit, count, unit)
			}
		})
	}
}

// inlineCount counts the numbered parts behind a colon in the rest of a line.
func (s *scan) inlineCount(from, end int) int {
	i := strings.IndexAny(s.s[from:min(end, from+90)], ":。")
	if i < 0 {
		return 0
	}
	at := from + i + 1
	if s.s[from+i] != ':' {
		at = from + i + len("。")
	}
	first, ok := s.itemAt(s.skip(at))
	if !ok || first.n != 1 || first.start >= end {
		return 0
	}
	count := 1
	at = first.end
	for {
		mark := first.style.marker(count + 1)
		i := strings.Index(s.s[at:end], mark)
		if i < 0 {
			return count
		}
		count++
		at += i + len(mark)
	}
}

// listCount counts the items of the list that begins right below a line; 0 where
// none does, or where the text ends in it without a final mark.
func (s *scan) listCount(items []item, line int) int {
	k := 0
	for k < len(items) && items[k].line <= line {
		k++
	}
	if k == len(items) || items[k].n != 1 {
		return 0
	}
	for i := line + 1; i < items[k].line; i++ {
		if s.text(s.lines[i]) != "" {
			return 0
		}
	}
	count, last, stop := 1, items[k], len(s.s)
	for _, it := range items[k+1:] {
		stop = it.start
		if it.depth < items[k].depth || it.style == items[k].style && it.n != count+1 {
			break
		}
		if it.style == items[k].style {
			count, last = it.n, it
		} else if it.depth <= items[k].depth {
			break
		}
		stop = len(s.s)
	}
	// two numbers in one line, or a text that breaks off
	tail := s.s[last.end:]
	if strings.Contains(s.s[items[k].end:last.end], "\n"+items[k].style.marker(count+1)) || strings.Contains(s.s[last.end:min(stop, last.end+3000)], items[k].style.marker(count+1)) {
		return 0
	}
	if text := strings.TrimSpace(tail); text == "" || !hasSuffix(text, "。", ";", "日", ")", "!", "》") && len(text) < 600 {
		return 0
	}
	return count
}

// inline checks numbers inside a paragraph: 一是…二是…四是, （1）…（2）…（4）, ①②④ (C7),
// and the number announced before 一是 (C6).
func (s *scan) inline(i int, l line) {
	if l.cell {
		return
	}
	runs := map[style]item{}
	firsts := map[style]item{}
	see := func(it item) {
		last, open := runs[it.style]
		switch {
		case it.n == 1:
			firsts[it.style] = it
			runs[it.style] = it
		case !open:
		case it.n == last.n+1:
			runs[it.style] = it
		default:
			if it.n == last.n && last.n >= 2 && it.style >= said {
				s.hit("C7", it.start, it.end, "", "编号重复，前面已有“%s”，请核对。", s.original(last.start, last.end))
			} else if it.n == last.n+2 && last.n >= 2 && !strings.Contains(s.s[last.end:it.start], it.style.marker(last.n+1)) {
				s.hit("C7", it.start, it.end, "", "编号不连续，“%s”之后缺少“%s”，请核对。", s.original(last.start, last.end), s.unfold(it.style.marker(last.n+1)))
			}
			runs[it.style] = it
		}
	}
	for k := s.numsFrom(l.start); k < len(s.nums) && s.nums[k].start < l.end; k++ {
		at := s.nums[k].start
		if at > l.start && s.s[at-1] == '(' {
			at--
		}
		it, ok := s.itemAt(at)
		if !ok || it.style != hanRound && it.style != round && it.style != said && it.style != must {
			continue
		}
		if b := s.before(at); at > l.start && !strings.ContainsRune("。;:,!？ \u201c)", b) {
			continue
		}
		see(it)
	}
	if text := s.s[l.start:l.end]; strings.Contains(text, "①") {
		for off, r := range text {
			if r >= '①' && r <= '⑳' {
				see(item{style: circled, n: int(r-'①') + 1, start: l.start + off, end: l.start + off + utf8.RuneLen(r)})
			}
		}
	}
	for _, k := range []style{said, must} {
		first, ok := firsts[k]
		if !ok || runs[k].n < 2 || !hasSuffix(s.text(l), "。", ";", "!") {
			continue
		}
		if i+1 < len(s.lines) {
			rest := strings.TrimSpace(s.s[l.end:min(len(s.s), l.end+60)])
			if strings.HasPrefix(rest, k.marker(runs[k].n+1)) {
				continue
			}
		}
		s.promised(first, runs[k].n)
	}
}

// promised compares 三个方面：一是 with the count of what follows.
func (s *scan) promised(first item, count int) {
	if s.before(first.start) != ':' {
		return
	}
	from := max(s.lines[s.lineAt(first.start)].start, first.start-60)
	for k := s.numsFrom(from); k < len(s.nums) && s.nums[k].end < first.start; k++ {
		n := s.nums[k]
		unit := s.hasAny(n.end, "个方面", "方面", "项工作", "项措施", "项任务", "点要求", "点意见", "点", "项", "个问题", "个环节", "个重点")
		v, ok := s.value(n)
		if unit == "" || !ok || v < 2 || v > 12 || strings.ContainsAny(s.s[n.end:first.start], "。;") || strings.Contains(s.s[n.end:first.start], "第") {
			continue
		}
		if strings.ContainsRune("第十百千", s.before(n.start)) {
			continue
		}
		if rest := s.s[n.end+len(unit) : first.start]; len(rest) > 24 || strings.Contains(rest, ",") {
			continue
		}
		if int(v) != count {
			s.hit("C6", n.start, n.end+len(unit), "", "数量与列举不符：文中称%d%s，实际列举%d%s，请核对。", v, unit, count, unit)
		}
		return
	}
}
