package reader

import (
	"regexp"
	"strings"
	"unicode"
)

// level is the depth of a kind of numbering.
type level int

const (
	plain   level = iota // no number
	chinese              // 一、 第一章
	paren                // （一） 第一条
	arabic               // 1. 1． 1、 任务一：
	parened              // （1） 1） 1.1
	circled              // ① ●
)

// mark is a number at the start of a text.
type mark struct {
	level level
	n     int // its value, 1-based
	end   int // runes it takes, with the mark behind and spaces
	text  string
}

// bullets stand where a number may.
const bullets = "●■◆▲△◇○▪•►▶"

const digitsHan = "〇零一二三四五六七八九十百"

// hanNumber reads 一 … 一百九十九; 0 when it is none.
func hanNumber(r []rune) int {
	total, digit := 0, 0
	for _, c := range r {
		switch c {
		case '百':
			total += max(digit, 1) * 100
			digit = 0
		case '十':
			total += max(digit, 1) * 10
			digit = 0
		case '〇', '零':
		default:
			i := strings.IndexRune("一二三四五六七八九", c)
			if i < 0 {
				return 0
			}
			digit = i/3 + 1
		}
	}
	return total + digit
}

// cites goes on behind 第三条 where a sentence speaks of that article: 第三条规定….
var cites = regexp.MustCompile(`^(?:第|规定|明确|要求|所|之|的|款|项|中|至|到|和|及|或|以|修改|措施|内容)`)

// number reads the mark at rune i of t.
func (t text) number(i int) (mark, bool) {
	start := i
	for i < t.len() && unicode.IsSpace(t.fold[i]) {
		i++
	}
	if i >= t.len() {
		return mark{}, false
	}
	f := t.fold
	done := func(l level, n, end int) (mark, bool) {
		if n == 0 {
			return mark{}, false
		}
		text := strings.TrimSpace(string(t.raw[i:end]))
		for end < t.len() && unicode.IsSpace(f[end]) {
			end++
		}
		return mark{l, n, end - start, text}, true
	}
	run := func(j int, in func(rune) bool) int {
		for j < t.len() && in(f[j]) {
			j++
		}
		return j
	}
	han := func(r rune) bool { return strings.ContainsRune(digitsHan, r) }
	digit := func(r rune) bool { return r >= '0' && r <= '9' }
	switch c := f[i]; {
	case han(c):
		j := run(i, han)
		if j < t.len() && j-i <= 4 && (f[j] == '、' || f[j] == '.' || f[j] == ',' && j-i < 3 || f[j] == ' ' && j-i < 3) {
			if j+2 < t.len() && han(f[j+1]) && (f[j+2] == '、' || f[j+2] == '产') {
				return mark{}, false // 一、二、三产业
			}
			return done(chinese, hanNumber(f[i:j]), j+1)
		}
	case c == '第':
		j := run(i+1, han)
		if j > i+1 && j < t.len() && j-i <= 4 {
			if strings.ContainsRune("章编", f[j]) {
				return done(chinese, hanNumber(f[i+1:j]), run(j+1, func(r rune) bool { return r == '、' || r == ' ' }))
			}
			if j+1 < t.len() && f[j] == '条' && (f[j+1] == ' ' || f[j+1] == ':' || f[j+1] == '、') {
				return done(paren, hanNumber(f[i+1:j]), j+2)
			}
			if start == 0 && j+2 < t.len() && f[j] == '条' && unicode.Is(unicode.Han, f[j+1]) && !cites.MatchString(string(f[j+1:min(j+5, t.len())])) {
				return done(paren, hanNumber(f[i+1:j]), j+1)
			}
			if j+1 < t.len() && f[j] == '部' && f[j+1] == '分' {
				return done(chinese, hanNumber(f[i+1:j]), run(j+2, func(r rune) bool { return r == '、' || r == ' ' || r == ':' }))
			}
		}
	case c == '任' && t.has("任务", i): // 任务一：
		j := run(i+2, func(r rune) bool { return han(r) || digit(r) })
		if j > i+2 && j-i < 6 && j < t.len() && (f[j] == ':' || f[j] == '、' || f[j] == ' ') {
			n := hanNumber(f[i+2 : j])
			if digit(f[i+2]) {
				n = atoi(f[i+2 : j])
			}
			return done(arabic, n, j+1)
		}
	case opens(c):
		j := i + 1
		j = run(j, unicode.IsSpace)
		if k := run(j, han); k > j && k-j <= 4 {
			e := run(k, unicode.IsSpace)
			if e < t.len() && closes(f[e]) {
				return done(paren, hanNumber(f[j:k]), run(e+1, func(r rune) bool { return r == '、' || r == '.' }))
			}
		}
		if k := run(j, digit); k > j && k-j <= 3 {
			e := run(k, unicode.IsSpace)
			if e < t.len() && closes(f[e]) {
				return done(parened, atoi(f[j:k]), run(e+1, func(r rune) bool { return r == '、' || r == '.' }))
			}
		}
	case digit(c):
		j := run(i, digit)
		if j-i > 3 || j >= t.len() {
			return mark{}, false
		}
		if closes(f[j]) {
			return done(parened, atoi(f[i:j]), j+1)
		}
		if f[j] != '.' && f[j] != '、' && f[j] != '﹒' && f[j] != '·' {
			return mark{}, false
		}
		k := j + 1
		for f[j] == '.' && k < t.len() && f[k] == '.' { // 4..
			k++
		}
		if k < t.len() && f[j] == '.' && digit(f[k]) {
			e := run(k, digit)
			if e < t.len() && (f[e] == '月' && e-k <= 2 && atoi(f[k:e]) <= 12 || f[e] == '年' && e-k == 4) {
				return done(arabic, atoi(f[i:j]), k) // 1.4月底前…: a date behind the number
			}
			if e < t.len() && (unicode.IsUpper(f[e]) || e-k > 2 && unicode.Is(unicode.Han, f[e]) && !t.amount(e)) {
				return done(arabic, atoi(f[i:j]), k) // 1.5G网络…, 1.12345热线…: no decimals
			}
			if e-k > 2 || e < t.len() && (!unicode.Is(unicode.Han, f[e]) && f[e] != ' ' && f[e] != '.' || t.amount(e)) {
				return mark{}, false
			}
			return done(parened, atoi(f[k:e]), run(e, func(r rune) bool { return r == '.' || r == '、' }))
		}
		return done(arabic, atoi(f[i:j]), k)
	case c >= '①' && c <= '⑳':
		return done(circled, int(c-'①')+1, i+1)
	case strings.ContainsRune(bullets, c):
		m, _ := done(circled, 1, i+1)
		m.n = 0
		return m, true
	case c >= '⑴' && c <= '⒇':
		return done(parened, int(c-'⑴')+1, i+1)
	case c >= '⒈' && c <= '⒛':
		return done(arabic, int(c-'⒈')+1, i+1)
	case c >= '㈠' && c <= '㈩':
		return done(paren, int(c-'㈠')+1, i+1)
	}
	return mark{}, false
}

// amount reports whether what a decimal counts stands at rune i: then the digits
// before it are no number of a text.
func (t text) amount(i int) bool {
	return strings.ContainsRune("%个万亿倍年月日米吨元", t.fold[i]) || i+1 < t.len() && strings.ContainsRune("平公", t.fold[i]) && strings.ContainsRune("方米里斤顷", t.fold[i+1])
}

func atoi(r []rune) int {
	n := 0
	for _, c := range r {
		n = n*10 + int(c-'0')
	}
	return n
}

// piece is a part of a text with the number before it.
type piece struct {
	mark mark
	body text
}

// pieces cuts t at the numbers inside it. A number counts when it stands at the
// start or behind the end of a sentence or note, and goes on counting from the
// last of its kind, or starts a deeper kind that goes on later; so that 1.5 and
// “（一）” in a sentence cut nothing. deepest is the deepest kind to look for
// behind the start; run-together documents have no sentence ends before numbers,
// so loose lets a number stand anywhere.
func (t text) pieces(deepest level, loose bool) []piece {
	m, ok := t.number(0)
	if !ok {
		m = mark{}
	}
	return piece{m, t.from(m.end)}.pieces(deepest, loose)
}

// pieces cuts a piece whose own number was read.
func (p piece) pieces(deepest level, loose bool) []piece {
	var out []piece
	var last, ever [circled + 1]int // of the open siblings, and of all before
	t := p.body
	twos := &seconds{t: t}
	start, cur := 0, p.mark
	last[cur.level], ever[cur.level] = cur.n, cur.n
	depth := 0
	for i := start; i < t.len(); i++ {
		r := t.fold[i]
		if r == '《' || r == '“' {
			depth++
		} else if (r == '》' || r == '”') && depth > 0 {
			depth--
		} else if r == '。' {
			depth = 0 // the sentence ends, though its quotation was never closed
		}
		if depth > 0 || i == start || !startsNumber(r) || !loose && !ended(t, i) && !underHeading(cur, t.sub(start, i)) || i > 0 && isDigit(t.fold[i-1]) {
			continue
		}
		n, ok := t.number(i)
		if !ok || n.level > deepest || n.n == 1 && n.level >= arabic && belowOrdinal(t.sub(start, i)) || loose && n.level == chinese && hanAt(t, i-1) && strings.ContainsRune(digitsHan+"第十", t.fold[i-1]) {
			continue
		}
		if !(n.level > cur.level && (cur.level < arabic || n.n == 1) && underHeading(cur, t.sub(start, i))) && !t.goesOn(i, n, cur, last[n.level], ever[n.level], loose, twos) {
			continue
		}
		out = append(out, piece{cur, t.sub(start, i)})
		cur, start = n, i+n.end
		last[n.level], ever[n.level] = n.n, n.n
		for l := n.level + 1; l <= circled; l++ {
			last[l] = 0
		}
		i = start - 1
	}
	return append(out, piece{cur, t.from(start)})
}

// goesOn reports whether the number n at rune i goes on counting from the last of
// its kind, or starts a deeper kind than cur that goes on later.
func (t text) goesOn(i int, n, cur mark, last, ever int, loose bool, twos *seconds) bool {
	starts := n.n == 1 && twos.behind(i+n.end, n.level)
	switch {
	case n.n == last+2 && last > 0 && n.level <= cur.level && ended(t, i) && twos.later(i+n.end, n):
		return true // a number was lost, or given twice
	case n.n != last+1 && (ever == 0 || n.n != ever+1) && !starts:
		return false
	case !loose && !ended(t, i) && (n.level <= cur.level || !starts):
		return false
	case n.n == 1 && last == 0 && !starts && n.level >= arabic && !loose:
		return false // a lone (1) or 1. inside a sentence
	}
	return true
}

// ordinal begins a part of a measure: 一是….
var ordinal = regexp.MustCompile(`^[一二三四五六七八九十]+是`)

// belowOrdinal reports whether before ends with such a part that announces what
// follows: 二是户籍业务：1.…; its numbers are deeper than any measure.
func belowOrdinal(before text) bool {
	t := before.trim()
	if t.len() == 0 || t.fold[t.len()-1] != ':' {
		return false
	}
	return ordinal.MatchString(strings.TrimSpace(t.from(lastSentence(t)).folded()))
}

// underHeading reports whether body is a heading of number m with a space or 。
// behind it, as is left where two lines were made one: 一、推进公开 1.公布….
func underHeading(m mark, body text) bool {
	h := body.trim()
	n := h.len()
	if m.level == plain || m.level > arabic || n < 4 || n > 41 || h.len() == body.len() && h.fold[n-1] != '。' {
		return false
	}
	return !strings.ContainsAny(string(h.fold[:n-1]), "。;:")
}

// seconds finds the numbers 2 of a text; it remembers the next of each kind, since
// it is asked from left to right.
type seconds struct {
	t     text
	next  [circled + 1]int // where it stands, 0 when not looked for yet
	looks int              // how often later was asked
}

// later reports whether the number behind m follows within the next paragraphs from
// rune i on. It is asked a few times only, so that no text makes it slow.
func (s *seconds) later(i int, m mark) bool {
	if s.looks++; s.looks > 30 {
		return false
	}
	for k := i; k < min(s.t.len(), i+2000); k++ {
		if startsNumber(s.t.fold[k]) && !isDigit(s.t.fold[k-1]) && ended(s.t, k) {
			if n, ok := s.t.number(k); ok && n.level == m.level && n.n == m.n+1 {
				return true
			}
		}
	}
	return false
}

// behind reports whether a 2 of the kind follows behind rune i.
func (s *seconds) behind(i int, l level) bool {
	if s.next[l] == 0 || s.next[l] < i {
		s.next[l] = s.t.len()
		for k := i; k < s.t.len(); k++ {
			if startsNumber(s.t.fold[k]) && (k == 0 || !isDigit(s.t.fold[k-1])) {
				if m, ok := s.t.number(k); ok && m.level == l && m.n == 2 {
					s.next[l] = k
					break
				}
			}
		}
	}
	return s.next[l] < s.t.len()
}

func startsNumber(r rune) bool {
	return isDigit(r) || opens(r) || strings.ContainsRune("一二三四五六七八九十", r) || r >= '①' && r <= '⒛' || r >= '㈠' && r <= '㈩'
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// ended reports whether a sentence, clause or note ends before rune i.
func ended(t text, i int) bool {
	for i--; i >= 0; i-- {
		r := t.fold[i]
		if unicode.IsSpace(r) {
			if r == '\n' {
				return true
			}
			continue
		}
		return strings.ContainsRune("。;:!?)]”", r)
	}
	return true
}
