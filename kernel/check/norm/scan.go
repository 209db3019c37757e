package norm

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongkai/kernel/check"
)

// scan is one text being checked. Offsets count bytes of the folded text s unless
// said otherwise.
type scan struct {
	t      *check.Text
	f      *check.Folded
	s      string
	lines  []line
	nums   []num
	days   []date
	dated  map[int]bool // years of days and months that the text names
	runes  [1024]uint64 // the characters of the text, a bit each
	report func(check.Hit)
}

// line is a paragraph or a cell.
type line struct {
	start, end int
	heading    int
	cell       bool // of a table, also of one typed with tabs or bars
}

// num is a run of numerals: 2022, 1,234.5, 二〇二二, 十六.
type num struct {
	start, end int
	han        bool
	chain      bool // 2022.6.17, 1.2.3: parts joined by dots
}

// read folds a text and finds its lines and numerals in one walk.
func read(t *check.Text, report func(check.Hit)) *scan {
	s := &scan{t: t, f: t.Folded(), report: report}
	s.s = s.f.Body
	for _, r := range s.s {
		s.runes[r>>6&1023] |= 1 << (r & 63)
	}
	at := 0
	folded := func(original int) int { // lines come in order, so the walk only goes on
		for at < len(s.s) && s.f.Original(at, at).Start < original {
			at++
		}
		return at
	}
	for _, l := range t.Lines {
		n := line{start: folded(l.Start), heading: l.Heading, cell: l.Cell}
		n.end = folded(l.End)
		for !n.cell && n.start < n.end && s.s[n.start] == '\t' { // a paragraph set in by a tab
			n.start++
		}
		if text := strings.TrimSpace(s.s[n.start:n.end]); strings.Contains(text, "\t") || strings.Count(text, "|") > 1 {
			n.cell = true
		}
		s.lines = append(s.lines, n)
	}
	s.lex()
	return s
}

// hit reports a span of the folded text.
func (s *scan) hit(rule string, start, end int, replace, message string, values ...any) {
	o := s.f.Original(start, end)
	s.at(rule, o.Start, o.End, replace, message, values...)
}

// at reports a span of the text itself.
func (s *scan) at(rule string, start, end int, replace, message string, values ...any) {
	s.report(check.Hit{Rule: rule, Start: start, End: end, Replace: replace, Message: fmt.Sprintf(message, values...)})
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// digitRune is isDigit for a character.
func digitRune(r rune) bool { return r >= '0' && r <= '9' }

// hanDigit tells whether a character is a Chinese numeral.
func hanDigit(r rune) bool {
	switch r {
	case '〇', '零', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '万', '亿', '两', '○', '◯':
		return true
	}
	return false
}

// lex finds the numerals.
func (s *scan) lex() {
	text := s.s
	for i := 0; i < len(text); {
		b := text[i]
		if isDigit(b) {
			n := num{start: i, end: i}
			n.end, n.chain = arabic(text, i)
			s.nums = append(s.nums, n)
			i = n.end
			continue
		}
		if b < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if !hanDigit(r) {
			i += size
			continue
		}
		n := num{start: i, han: true}
		for i < len(text) {
			r, size = utf8.DecodeRuneInString(text[i:])
			zero := (r == 'O' || r == 'o' || r == '0') && i > n.start && nextIsHanDigit(text[i+1:]) // typed for 〇
			if !hanDigit(r) && !zero {
				break
			}
			i += size
		}
		n.end = i
		s.nums = append(s.nums, n)
	}
}

func nextIsHanDigit(rest string) bool {
	for len(rest) > 0 && (rest[0] == 'O' || rest[0] == 'o' || rest[0] == '0') {
		rest = rest[1:]
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return hanDigit(r) || r == '年'
}

// arabic is the end of a numeral that begins at i: digits, groups of three behind
// commas, decimals; chain where more than one dot joins digits.
func arabic(text string, i int) (end int, chain bool) {
	digits := func(i int) int {
		for i < len(text) && isDigit(text[i]) {
			i++
		}
		return i
	}
	start := i
	i = digits(i)
	if i-start <= 3 {
		for i+3 < len(text) && text[i] == ',' && digits(i+1) == i+4 {
			i += 4
		}
	}
	dots := 0
	for i+1 < len(text) && text[i] == '.' && isDigit(text[i+1]) {
		i = digits(i + 1)
		dots++
	}
	return i, dots > 1
}

// before is the character before an offset, after the one behind it; 0 at an end.
func (s *scan) before(at int) rune {
	if at == 0 {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(s.s[:at])
	return r
}

func (s *scan) after(at int) rune {
	if at >= len(s.s) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s.s[at:])
	return r
}

// has tells whether the text goes on with a word at an offset.
func (s *scan) has(at int, word string) bool { return strings.HasPrefix(s.s[at:], word) }

// contains tells whether a word stands anywhere in the text. Most words that rules ask
// for have a character that the text does not have: then nothing is searched.
func (s *scan) contains(word string) bool { return s.mayContain(word) && strings.Contains(s.s, word) }

func (s *scan) mayContain(word string) bool {
	for _, r := range word {
		if s.runes[r>>6&1023]&(1<<(r&63)) == 0 {
			return false
		}
	}
	return true
}

// each calls found with the offset of every place of a word.
func (s *scan) each(word string, found func(at int)) {
	if !s.mayContain(word) {
		return
	}
	for at := 0; ; {
		i := strings.Index(s.s[at:], word)
		if i < 0 {
			return
		}
		found(at + i)
		at += i + len(word)
	}
}

// hasAny is the first of the words that stands at an offset, or "".
func (s *scan) hasAny(at int, words ...string) string {
	for _, w := range words {
		if s.has(at, w) {
			return w
		}
	}
	return ""
}

// endsWith is the first of the words that ends at an offset, or "".
func (s *scan) endsWith(at int, words ...string) string {
	for _, w := range words {
		if strings.HasSuffix(s.s[:at], w) {
			return w
		}
	}
	return ""
}

// skip is the offset behind blanks.
func (s *scan) skip(at int) int {
	for at < len(s.s) && s.s[at] == ' ' {
		at++
	}
	return at
}

// numsFrom is the index of the first numeral at or behind an offset.
func (s *scan) numsFrom(at int) int {
	return sort.Search(len(s.nums), func(i int) bool { return s.nums[i].start >= at })
}

// numAt is the numeral that begins at an offset.
func (s *scan) numAt(at int) (num, bool) {
	if i := s.numsFrom(at); i < len(s.nums) && s.nums[i].start == at {
		return s.nums[i], true
	}
	return num{}, false
}

// lineAt is the index of the line that holds an offset.
func (s *scan) lineAt(at int) int {
	return max(sort.Search(len(s.lines), func(i int) bool { return s.lines[i].start > at })-1, 0)
}

// text is what stands in a line, without blanks around it.
func (s *scan) text(l line) string { return strings.TrimSpace(s.s[l.start:l.end]) }

// sentenceLimit bounds how far a sentence is followed, in bytes.
const sentenceLimit = 1200

// sentence is the stretch around an offset between 。 ; ! ? and line ends.
func (s *scan) sentence(at int) (start, end int) {
	l := s.lines[s.lineAt(at)]
	low, high := max(l.start, at-sentenceLimit), min(max(l.end, at), at+sentenceLimit)
	for start = at; start > low; start-- {
		if b := s.s[start-1]; b == ';' || b == '!' || b == '?' || b == '\t' || strings.HasSuffix(s.s[:start], "。") {
			break
		}
	}
	for end = at; end < high; end++ {
		if b := s.s[end]; b == ';' || b == '!' || b == '?' || b == '\t' || s.has(end, "。") {
			break
		}
	}
	return start, end
}

// window is up to n bytes before an offset, cut at a character and at a line end.
func (s *scan) window(at, n int) string {
	start := max(at-n, 0)
	for start < at && !utf8.RuneStart(s.s[start]) {
		start++
	}
	w := s.s[start:at]
	if i := strings.LastIndexByte(w, '\n'); i >= 0 {
		w = w[i+1:]
	}
	return w
}

// ahead is up to n bytes behind an offset, cut at a character and at a line end.
func (s *scan) ahead(at, n int) string {
	end := min(at+n, len(s.s))
	for end < len(s.s) && !utf8.RuneStart(s.s[end]) {
		end--
	}
	w := s.s[at:end]
	if i := strings.IndexByte(w, '\n'); i >= 0 {
		w = w[:i]
	}
	return w
}

func isHan(r rune) bool { return r >= 0x2e80 && unicode.Is(unicode.Han, r) }

// hanRunBefore is where the run of Chinese characters that ends at an offset begins.
func (s *scan) hanRunBefore(at int) int {
	for at > 0 {
		r, size := utf8.DecodeLastRuneInString(s.s[:at])
		if !isHan(r) {
			break
		}
		at -= size
	}
	return at
}

// hint is a hit that is only advice though its rule is graver.
func hint(rule string, start, end int, replace, message string) check.Hit {
	return check.Hit{Rule: rule, Severity: check.Hint, Start: start, End: end, Replace: replace, Message: message}
}
