package norm

import (
	"strings"
	"unicode/utf8"

	"gongkai/kernel/check"
)

// openers and closers of the year in a document number; only the first of each is right.
var (
	openers = []string{"〔", "[", "【", "(", "﹝", "「", "〖", "〈", "《"}
	closers = []string{"〕", "]", "】", ")", "﹞", "」", "〗", "〉", "》"}
)

// notDocuments are characters of codes that number certificates, cases and
// registrations, which have forms of their own.
const notDocuments = "证许案诉判裁执审权登监鉴仲公备准罚检拘赔辖破"

// reference is a document number in the text: 渝府办发〔2022〕59号.
type reference struct {
	start, end int    // with the code
	code       string // 渝府办发
	year, run  string
}

// numbers looks at the numbers of documents.
func (s *scan) numbers() {
	var refs []reference
	for i := 0; i+1 < len(s.nums); i++ {
		y := s.nums[i]
		if y.han || y.chain || y.end-y.start != 4 && y.end-y.start != 2 {
			continue
		}
		year := s.s[y.start:y.end]
		if y.end-y.start == 4 && (year < "1949" || year > "2099") {
			continue
		}
		open := s.endsWith(y.start, openers...)
		closing := s.hasAny(y.end, closers...)
		if open == "" || closing == "" {
			continue
		}
		start, end := y.start-len(open), y.end+len(closing)
		if r, ok := s.number(i, start, end, year, open+closing == "〔〕"); ok {
			refs = append(refs, r)
		}
	}
	s.contradictions(refs)
}

// number checks one document number whose bracketed year is s.s[start:end].
func (s *scan) number(i, start, end int, year string, right bool) (reference, bool) {
	codeStart := s.hanRunBefore(start)
	code := s.s[codeStart:start]
	tail := lastRunes(code, 8)
	if code == "" || strings.ContainsAny(lastRunes(code, 7), notDocuments) {
		return reference{}, false
	}
	// what follows: 第? digits 号
	at := s.skip(end)
	ordinal := s.has(at, "第")
	if ordinal {
		at += len("第")
	}
	n := s.nums[i+1]
	if n.start != s.skip(at) || n.han || n.chain || n.end-n.start > 6 || strings.ContainsAny(s.s[n.start:n.end], ",.") {
		return reference{}, false
	}
	run := s.s[n.start:n.end]
	closed := s.has(s.skip(n.end), "号")
	decree := hasSuffix(tail, "令", "公告", "通告", "纪要", "议案", "建议", "提案")
	known := hasSuffix(tail, "发", "办", "函", "文", "规", "字")
	if !right {
		// other brackets enclose many things: the code must look like one, and 号 follow
		if !closed || !known && !decree && (strings.HasPrefix(s.s[start:], "(") || utf8.RuneCountInString(code) > 6) {
			return reference{}, false
		}
		if decree && ordinal {
			return reference{}, false
		}
		s.hit("F1", start, end, "〔"+s.fullYear(year)+"〕", "发文字号应使用六角括号〔〕。")
	} else if len(year) == 2 {
		s.hit("F2", start, end, "〔"+s.fullYear(year)+"〕", "发文字号的年份应写全称。")
	}
	digits := strings.TrimLeft(run, "0")
	switch {
	case decree || digits == "" || hasSuffix(tail, "字", "用") || closed && s.has(s.skip(n.end)+len("号"), "令"):
	case closed && (ordinal || digits != run):
		from := n.start
		if ordinal {
			from = at - len("第")
		}
		through := s.skip(n.end) + len("号")
		s.hit("F2", from, through, digits+"号", "发文字号不编虚位、不加“第”。")
	case !closed && right && known && s.numberEnds(n.end):
		s.hit("F3", n.start, n.end, digits+"号", "发文字号应以“号”结尾。")
	}
	if digits == "" {
		return reference{}, false
	}
	stop := n.end
	if closed {
		stop = s.skip(n.end) + len("号")
	}
	return reference{codeStart, stop, code, s.fullYear(year), digits}, closed
}

// numberEnds tells whether what follows a running number shows that 号 is missing, and
// not behind a list of numbers or in the next line.
func (s *scan) numberEnds(at int) bool {
	switch s.after(at) {
	case ')', '》', '。', '】', '精', '要':
		return true
	case '文':
		return s.has(at, "文件") || s.has(at, "文精神")
	}
	return false
}

// fullYear writes the year of a number in four digits.
func (s *scan) fullYear(year string) string {
	if len(year) == 4 {
		return year
	}
	return fullYear(year, s.t.When().Year())
}

// fullYear writes a year of two digits in four: not later than ten years on.
func fullYear(year string, now int) string {
	if now == 0 {
		now = 2030
	}
	if n := int(year[0]-'0')*10 + int(year[1]-'0'); n > now%100+10 {
		return "19" + year
	}
	return "20" + year
}

func hasSuffix(text string, suffixes ...string) bool {
	for _, x := range suffixes {
		if strings.HasSuffix(text, x) {
			return true
		}
	}
	return false
}

// lastRunes is the last n characters of a text.
func lastRunes(text string, n int) string {
	at := len(text)
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return text[at:]
}

// citation is a title and the number that stands in brackets behind it.
type citation struct {
	title, plain   string // plain without marks and words that references leave out
	titleAt        check.Span
	number         string
	numberAt       check.Span
	code, year, no string
	repealed       bool // the sentence speaks of an earlier document
}

// contradictions compares the titles and numbers of a text (C12): one title of one
// issuer has one number, one number has one title.
func (s *scan) contradictions(refs []reference) {
	var seen []citation
	byNumber, byTitle := map[string]int{}, map[string]int{}
	for _, r := range refs {
		c, ok := s.citation(r)
		if !ok {
			s.cites(r)
			continue
		}
		number := byNumber[c.number] - 1
		if number >= 0 && !sameTitle(seen[number].plain, c.plain) {
			s.hit("C12", c.titleAt.Start, c.titleAt.End, "", "同一字号%s前后对应的标题不同，前文为“%s”，请核对。", c.number, seen[number].title)
		}
		key := c.code + c.plain
		title := byTitle[key] - 1
		if title >= 0 && seen[title].number != c.number && !c.repealed && !seen[title].repealed {
			s.hit("C12", c.numberAt.Start, c.numberAt.End, "", "同一文件前后字号不同，前文为“%s”，请核对。", seen[title].number)
		}
		seen = append(seen, c)
		if number < 0 {
			byNumber[c.number] = len(seen)
		}
		if title < 0 {
			byTitle[key] = len(seen)
		}
	}
}

// citation reads 《title》(number) around a number.
func (s *scan) citation(r reference) (citation, bool) {
	open := r.start
	// the code is the whole run of Chinese characters, so the bracket stands right before it
	if !strings.HasSuffix(s.s[:open], "(") {
		return citation{}, false
	}
	end := open - 1
	for end > 0 && s.s[end-1] == ' ' {
		end--
	}
	if !strings.HasSuffix(s.s[:end], "》") {
		return citation{}, false
	}
	depth, at := 0, end
	for at > 0 && end-at < 600 {
		rune, size := utf8.DecodeLastRuneInString(s.s[:at])
		at -= size
		switch rune {
		case '》':
			depth++
		case '《':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	if depth != 0 {
		return citation{}, false
	}
	title := s.s[at+len("《") : end-len("》")]
	c := citation{
		title: strings.ReplaceAll(title, "\n", ""), plain: plainTitle(title), titleAt: check.Span{Start: at + len("《"), End: end - len("》")},
		number: r.code + "〔" + r.year + "〕" + r.run + "号", numberAt: check.Span{Start: r.start, End: r.end},
		code: r.code, year: r.year, no: r.run,
	}
	from, to := s.sentence(r.start)
	around := s.s[from:to]
	c.repealed = strings.Contains(around, "废止") || strings.Contains(around, "修订") || strings.Contains(around, "修改") || strings.Contains(around, "原")
	return c, utf8.RuneCountInString(c.plain) >= 6
}

// cites tells when a text names a document by its number alone (F13).
func (s *scan) cites(r reference) {
	for _, verb := range []string{"根据", "按照", "依据", "依照", "遵照"} {
		if strings.HasPrefix(r.code, verb) && s.has(r.end, "文") && hasSuffix(r.code, "发", "办", "函", "文") {
			s.hit("F13", r.start+len(verb), r.end, "", "引用公文应先引标题，后在圆括号内引发文字号。")
			return
		}
	}
}

// plainTitle leaves out marks, blanks and what short references leave out.
func plainTitle(title string) string {
	var b strings.Builder
	for _, r := range title {
		if isHan(r) || r < utf8.RuneSelf && (digitRune(r) || r >= 'A' && r <= 'z') {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// sameTitle tells whether two titles may be two ways to name one document: one is
// part of the other, also without the words around an annex.
func sameTitle(a, b string) bool {
	trim := func(x string) string {
		if i := strings.Index(x, "关于"); i >= 0 {
			x = x[i+len("关于"):]
		}
		for _, w := range []string{"印发", "转发", "发布", "公布"} {
			x = strings.TrimPrefix(x, w)
		}
		return strings.TrimSuffix(x, "的通知")
	}
	a, b = trim(a), trim(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	if strings.Contains(b, a) {
		return true
	}
	// a short form leaves characters out and keeps the order of the others
	return len(a)*5 < len(b)*4 && subsequence(a, b)
}

// subsequence tells whether the characters of a stand in b in their order.
func subsequence(a, b string) bool {
	for _, r := range a {
		i := strings.IndexRune(b, r)
		if i < 0 {
			return false
		}
		b = b[i+utf8.RuneLen(r):]
	}
	return true
}
