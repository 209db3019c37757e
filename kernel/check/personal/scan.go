package personal

import (
	"sort"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/check"
)

// scan is one text being read. Places are bytes of the folded text s.
type scan struct {
	c      *Checker
	t      *check.Text
	f      *check.Folded
	s      string
	report func(check.Hit)

	marks     []mark
	tokens    []token
	words     []spelt
	later     []func()        // values judged when the persons of the text are known
	taken     []uint64        // a bit for each byte of t.Body that a hit covers
	people    []int           // places of values that tell of one person
	persons   []uint64        // the same as a bit for each byte of the folded text
	known     map[int]bool    // places of names found
	seen      map[string]bool // names found
	rows      map[int]bool    // places (lines) that hold a person, for lists
	public    map[string]bool // names of a table that may name people
	letter    bool            // an answer to a person's letter or question
	addressee check.Span      // name that a letter begins with, in the folded text
	chatted   int             // place of the last private QQ or WeChat name
	open      bool            // a text whose parties the law has named in full

	sheets    []*sheet
	sheetRows []sheetRow   // in reading order
	heads     []check.Span // of sheets, in Text.Body
	named     []check.Span // names found
}

// token is a run of ASCII letters and digits.
type token struct {
	start, end int
	digits     bool // nothing but digits
}

// read finds all words and tokens.
func (s *scan) read() {
	text, whose := s.s, 0 // whose: the end of the last word for a person
	for i := 0; i < len(text); {
		b := text[i]
		if b < utf8.RuneSelf {
			if m, ok := s.c.words.at(text, i, rune(b)); ok && (!letter(b) || (i == 0 || !alnum(text[i-1])) && (m.end == len(text) || !letter(text[m.end]))) {
				s.marks = append(s.marks, m)
				if letter(b) {
					i = m.end
					continue
				}
			}
			if !alnum(b) {
				i++
				continue
			}
			start, only := i, true
			for i < len(text) && alnum(text[i]) {
				only = only && digit(text[i])
				i++
			}
			s.tokens = append(s.tokens, token{start, i, only})
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if m, ok := s.c.words.at(text, i, r); ok {
			if strings.HasSuffix(text[m.start:m.end], "长") && placeName(text[m.end:]) { // 白沙镇长岭村
				m.class &^= dutyLabel | publicDuty
			}
			if m.end <= whose { // 业主代表 is no 代表, 市民中心 is no 中心 of a person
				m.class &^= dutyLabel | office
			} else if m.class&personLabel != 0 {
				whose = m.end
			}
			s.marks = append(s.marks, m)
		}
		if r == '一' {
			s.spelled(i)
		}
		i += size
	}
}

// placeName tells whether a text goes on to the end of a place's name within three
// characters, so that a word such as 镇长 before it is the end of one place and the
// beginning of another.
func placeName(text string) bool {
	for n := 0; n < 3 && han(text); n++ {
		_, size := utf8.DecodeRuneInString(text)
		if text = text[size:]; startsWith(text, []string{"村", "镇", "乡", "街", "路", "社区", "组", "屯"}) {
			return true
		}
	}
	return false
}

// spelled notes a mobile number in Chinese figures: 一三八〇〇〇〇一二三四.
func (s *scan) spelled(at int) {
	const figures = "〇一二三四五六七八九"
	n, i := "", at
	for i < len(s.s) && len(n) <= 11 {
		r, size := utf8.DecodeRuneInString(s.s[i:])
		if r == '零' || r == '○' {
			r = '〇'
		}
		v := strings.IndexRune(figures, r)
		if v < 0 {
			break
		}
		n += string(rune('0' + v/3))
		i += size
	}
	if len(n) == 11 && n[1] > '2' && !s.c.registers[n] {
		s.words = append(s.words, spelt{n, at, i})
	}
}

// spelt is a number written in Chinese figures.
type spelt struct {
	number     string
	start, end int
}

func alnum(c byte) bool { return digit(c) || letter(c) }

// hit reports a span of the folded text once; what an earlier hit covers is passed over.
func (s *scan) hit(rule string, start, end int, message, replace string) bool {
	return s.hitBody(check.Hit{Rule: rule, Message: message, Replace: replace}, s.original(start, end))
}

// original is the span of Text.Body of a span of the folded text.
func (s *scan) original(start, end int) check.Span {
	span := s.f.Original(start, end)
	for span.End > span.Start { // invisible characters behind the value are not part of it
		r, size := utf8.DecodeLastRuneInString(s.t.Body[span.Start:span.End])
		if !strings.ContainsRune("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", r) {
			break
		}
		span.End -= size
	}
	return span
}

// hitBody reports a hit at a span of Text.Body once.
func (s *scan) hitBody(h check.Hit, span check.Span) bool {
	if s.taken == nil {
		s.taken = make([]uint64, len(s.t.Body)/64+1)
	}
	if s.covered(span) {
		return false
	}
	for i := span.Start; i < span.End; i++ {
		s.taken[i/64] |= 1 << (i % 64)
	}
	h.Start, h.End = span.Start, span.End
	s.report(h)
	return true
}

// covered tells whether a hit stands in a span of Text.Body.
func (s *scan) covered(span check.Span) bool {
	if s.taken == nil {
		return false
	}
	for i := span.Start; i < span.End; i++ {
		if s.taken[i/64]&(1<<(i%64)) != 0 {
			return true
		}
	}
	return false
}

// window is how far context is looked for, in bytes: about 70 characters.
const window = 210

// sentence is the sentence or table row around a place, as far as the window reaches.
func (s *scan) sentence(start, end int) (from, to int) {
	from, to = max(0, start-window), min(len(s.s), end+window)
	for i := start; i > from; i-- {
		if stops(s.s, i-1) {
			from = i
			break
		}
	}
	for i := end; i < to; i++ {
		if stops(s.s, i) {
			to = i
			break
		}
	}
	return from, to
}

// record is the sentence around a place, over semicolons: 姓名:王小明;欠款:300元;
func (s *scan) record(start, end int) (from, to int) {
	from, to = s.sentence(start, end)
	for n := 0; n < 8 && from > 0 && s.s[from-1] == ';' && start-from < window; n++ {
		from, _ = s.sentence(from-1, from-1)
	}
	for n := 0; n < 8 && to < len(s.s) && s.s[to] == ';' && to-end < window; n++ {
		_, to = s.sentence(to+1, to+1)
	}
	return from, to
}

// stops tells whether the byte at i is the last of a mark that ends a sentence.
func stops(s string, i int) bool {
	switch s[i] {
	case '\n', ';', '!', '?':
		return true
	case 0x82: // 。 is e3 80 82
		return i >= 2 && s[i-1] == 0x80 && s[i-2] == 0xe3
	}
	return false
}

// has tells whether a word of some classes begins in [from, to) and ends before limit.
func (s *scan) has(c class, from, to int) bool {
	_, found := s.last(c, from, to)
	return found
}

// last is the last word of some classes that lies in [from, to).
func (s *scan) last(c class, from, to int) (mark, bool) {
	for i := sort.Search(len(s.marks), func(i int) bool { return s.marks[i].start >= to }) - 1; i >= 0 && s.marks[i].start >= from; i-- {
		if s.marks[i].class&c != 0 && s.marks[i].end <= to {
			return s.marks[i], true
		}
	}
	return mark{}, false
}

// labelled tells whether a word of some classes stands directly before a place,
// with nothing but the rest of a label, a colon or blanks between.
func (s *scan) labelled(c class, at int) bool {
	from := max(0, at-60)
	for i := sort.Search(len(s.marks), func(i int) bool { return s.marks[i].start >= at }) - 1; i >= 0 && s.marks[i].start >= from; i-- {
		m := s.marks[i]
		if m.class&c != 0 && m.end <= at && label(s.s[m.end:at]) {
			return true
		}
	}
	return false
}

// label tells whether text is what may stand between a label's word and its value.
func label(text string) bool {
	for text != "" {
		switch {
		case strings.IndexByte(": \t.-_=|'\"", text[0]) >= 0:
			text = text[1:]
			continue
		case text[0] == '(' || text[0] == '[': // 手机（微信同号）：
			i := strings.IndexAny(text, ")]")
			if i < 0 { // 身份证（1101…
				text = text[1:]
				continue
			}
			if i < 40 {
				text = text[i+1:]
				continue
			}
		}
		found := false
		for _, w := range []string{"号码", "号", "为", "是", "的", "系", "数字", "信息", "码", "名", "日期", "年月", "：", "“", "”", "「", "及", "、", "/", "【", "】", "（", "证", "件", "和", "/", "后", "末", "全", "一个", "叫", "期", "地", "址", "于", "在", "了", "栏", "仅", "登记", "填写", "载明", "写的", "只有", "更正为", "变更为", "应为", "约", "近", "不足", "不到"} {
			if strings.HasPrefix(text, w) {
				text, found = text[len(w):], true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// person notes that a value at a place tells of one person.
func (s *scan) person(at int) {
	s.people = append(s.people, at)
	if s.persons == nil {
		s.persons = make([]uint64, len(s.s)/64+1)
	}
	s.persons[at/64] |= 1 << (at % 64)
}

// nearPerson tells whether a value of a person was found in [from, to).
func (s *scan) nearPerson(from, to int) bool {
	if s.persons == nil || from >= to {
		return false
	}
	first, last := from/64, (to-1)/64
	for i := first; i <= last; i++ {
		bits := s.persons[i]
		if i == first {
			bits &= ^uint64(0) << (from % 64)
		}
		if i == last {
			bits &= ^uint64(0) >> (63 - (to-1)%64)
		}
		if bits != 0 {
			return true
		}
	}
	return false
}

// private tells whether the text around a value speaks of a private person and
// not of a unit: a strong value or a word for a person in the sentence, and no
// unit's word just before the value.
func (s *scan) private(start, end int) bool {
	from, to := s.sentence(start, end)
	if s.has(office|dutyLabel, max(from, start-48), start) {
		return false
	}
	if s.nearPerson(from, to) || s.has(sexWord|homePhone, from, to) || s.has(personLabel, from, to) && !s.has(office|dutyLabel, from, to) {
		return true
	}
	return s.form(start)
}

// form tells whether a value stands in a form of one person, which has one field
// a line: its lines of the form label:value tell whose it is.
func (s *scan) form(at int) bool {
	const long = 300 // bytes: no line of a form is longer
	lineStart := func(at int) int { return at - len(s.before(at, long)) }
	field := func(from, to int) bool {
		i := strings.IndexByte(s.s[from:to], ':')
		return i > 0 && i <= 30 && !s.has(office, from, from+i)
	}
	from := lineStart(at)
	to := at + len(s.after(at, long))
	if at-from > 60 || !field(from, to) {
		return false
	}
	for n := 0; n < 5 && from > 0; n++ {
		up := lineStart(from - 1)
		if !field(up, from-1) {
			break
		}
		from = up
	}
	for n := 0; n < 4 && to < len(s.s) && s.s[to] == '\n'; n++ {
		down := to + 1 + len(s.after(to+1, long))
		if !field(to+1, down) {
			break
		}
		to = down
	}
	return (s.nearPerson(from, to) || s.has(personLabel&^weakName, from, at)) && !s.has(dutyLabel, from, at)
}

// before is the text of at most n bytes in front of a place, cut at a line's start.
func (s *scan) before(at, n int) string {
	b := s.s[max(0, at-n):at]
	if i := strings.LastIndexByte(b, '\n'); i >= 0 {
		b = b[i+1:]
	}
	for b != "" && !utf8.RuneStart(b[0]) {
		b = b[1:]
	}
	return b
}

// after is the text of at most n bytes behind a place, cut at a line's end.
func (s *scan) after(at, n int) string {
	a := s.s[at:min(len(s.s), at+n)]
	if i := strings.IndexByte(a, '\n'); i >= 0 {
		a = a[:i]
	}
	return a
}
