package personal

import (
	"strings"
	"unicode/utf8"
)

// maxGroups bounds the digit groups that may make up one number: an identity
// number written with a blank behind each digit has 18.
const maxGroups = 18

// numbers finds what is told by its shape and check digits: identity numbers,
// permits, telephones, bank cards, credit codes, plates, coordinates.
func (s *scan) numbers() {
	for k := 0; k < len(s.tokens); {
		k += s.number(k)
	}
	for _, w := range s.words {
		s.mobile(w.number, w.start, w.end)
	}
}

// number looks at the number that begins with token k and says how many tokens it is.
func (s *scan) number(k int) int {
	t := s.tokens[k]
	text := s.s[t.start:t.end]
	if s.glued(t) {
		return 1
	}
	if s.plate(t) {
		return 1
	}
	if !t.digits {
		if digit(text[0]) && strings.Contains(strings.ToUpper(text), "XXX") {
			return max(1, s.starred(k))
		}
		s.lettered(t, text)
		if !identityTail(text) {
			return 1
		}
	}
	if n := s.starred(k); n > 0 {
		return n
	}
	if n := s.coordinates(k); n > 0 {
		return n
	}
	// The longest chain of groups that makes a number is the number.
	joined := ""
	var ends []int // number of digits up to each group
	for n := 0; n < maxGroups && k+n < len(s.tokens); n++ {
		g := s.tokens[k+n]
		if n > 0 && !separator(s.s[s.tokens[k+n-1].end:g.start]) && !(n == 1 && s.bracketed(t, g)) || !g.digits && !identityTail(s.s[g.start:g.end]) {
			break
		}
		if joined += s.s[g.start:g.end]; len(joined) > 20 {
			break
		}
		ends = append(ends, len(joined))
	}
	for n := len(ends); n > 0; n-- {
		start, end := t.start, s.tokens[k+n-1].end
		if n > 1 && s.bracketed(t, s.tokens[k+1]) {
			start--
		}
		if s.longest(joined[:ends[n-1]], ends[:n], start, end) {
			return n
		}
	}
	if t.digits && len(ends) > 0 {
		s.plain(text, t)
	}
	return 1
}

// glued tells whether a token belongs to a word that is no number of a person:
// a mail address, a web address, a decimal.
func (s *scan) glued(t token) bool {
	if t.end < len(s.s) && s.s[t.end] == '@' {
		return true
	}
	before := s.s[max(0, t.start-1):t.start]
	return before == "@" || s.inAddress(t.start) ||
		before == "." && t.start > 1 && digit(s.s[t.start-2]) && !s.dotted(t.start)
}

// inAddress tells whether a place is inside the address of a web page.
func (s *scan) inAddress(at int) bool {
	i := at
	for i > 0 && s.s[i-1] > ' ' && s.s[i-1] < 0x80 && at-i < 200 {
		i--
	}
	return strings.Contains(s.s[i:at], "://") || strings.HasPrefix(s.s[i:at], "www.")
}

// dotted tells whether the dot before a place parts groups of a number, 138.1234.5678,
// and is not a decimal point.
func (s *scan) dotted(at int) bool {
	i := at - 1
	n := 0
	for i > 0 && digit(s.s[i-1]) {
		i--
		n++
	}
	return n == 3 || n == 4 || n == 1 || n == 2 || n == 6
}

// identityTail tells whether a token with letters may be the end of an identity number.
func identityTail(text string) bool {
	n := len(text)
	if n > 18 || upper(text[n-1]) != 'X' {
		return false
	}
	return n == 1 || digits(text[:n-1]) == text[:n-1]
}

// separator tells whether text may stand inside a number that is written in groups.
func separator(text string) bool {
	if strings.HasPrefix(text, " ") && strings.HasSuffix(text, " ") && len(text) > 2 {
		text = text[1 : len(text)-1]
	}
	switch text {
	case "", " ", "  ", "-", ".", "·", "–", "—", "‐", "‑", "−", "_", "•", "\u2002", "\u2003", "\u2009":
		return true
	}
	return false
}

// longest tries the kinds of numbers that may be written in groups.
func (s *scan) longest(n string, ends []int, start, end int) bool {
	switch {
	case len(n) == 18 || len(n) == 20 && len(ends) <= 2:
		if s.identity(n, start, end) {
			return true
		}
		if len(n) == 18 && len(ends) > 1 && groupsOf(ends, 4) {
			return s.card(n, start, end)
		}
	case len(n) == 11 && n[0] == '1' && mobileGroups(ends):
		return s.mobile(n, start, end)
	case n[0] == '0' && len(n) >= 10 && len(n) <= 12 && len(ends) <= 3:
		return s.line(n, ends, start, end)
	case len(n) >= 16 && len(n) <= 19 && len(ends) > 1 && (groupsOf(ends, 4) || len(ends) == 2 && ends[0] == 6):
		return s.card(n, start, end)
	}
	return false
}

// identity reports an identity number or a residence permit. Twenty digits are the
// number of a disability certificate, which is an identity number, kind and degree.
func (s *scan) identity(n string, start, end int) bool {
	if len(n) == 20 {
		if !IDCard(n[:18], s.t.Today) || !digit(n[19]) {
			return false
		}
		s.hit("P-ID", start, end, "发现残疾人证号，其中含身份证号码，请删除。", MaskID(n))
		s.person(start)
		return true
	}
	credit := s.labelled(creditLabel, start)
	switch {
	case credit && CreditCode(strings.ToUpper(n)):
		return true
	case IDCard(n, s.t.Today):
		if n[0] == '8' {
			s.hit("P-PERMIT", start, end, "发现港澳台居民居住证号码，请删除。", MaskID(n))
		} else {
			s.hit("P-ID", start, end, "发现身份证号码，请删除；确需区分同名人员的只保留后四位。", MaskID(n))
		}
	case permanent(n) && s.has(residenceLabel|idLabel|passportLabel, max(0, start-90), min(len(s.s), end+60)):
		s.hit("P-PERMIT", start, end, "发现外国人永久居留身份证号码，请删除。", MaskID(n))
	case s.labelled(idLabel, start) && !credit && !CreditCode(strings.ToUpper(n)):
		s.hit("P-ID-CHECK", start, end, "疑似身份证号码（校验位不符），请核实后删除。", MaskID(n))
	default:
		return false
	}
	s.person(start)
	return true
}

// plain looks at one run of digits that is none of the numbers above.
func (s *scan) plain(n string, t token) {
	if d := strings.TrimPrefix(n, "00"); len(d) == 13 && d[:3] == "861" { // 8613800000000
		s.mobile(d[2:], t.end-11, t.end)
		return
	}
	switch {
	case len(n) == 15 && idCard15(n) && (s.labelled(idLabel, t.start) || endsWith(strings.TrimRight(s.before(t.start, 12), " ,\t"), []string{"岁", "男", "女"})):
		s.hit("P-ID15", t.start, t.end, "疑似15位身份证号码，请核实后删除。", MaskID(n))
		s.person(t.start)
	case len(n) >= 16 && len(n) <= 20 && s.labelled(idLabel, t.start) && !s.labelled(codeLabel|creditLabel, t.start):
		s.hit("P-ID-CHECK", t.start, t.end, "疑似身份证号码（位数或校验位不符），请核实后删除。", MaskID(n))
		s.person(t.start)
	case len(n) == 18 && s.labelled(creditLabel, t.start):
		s.credit(n, t)
	case len(n) == 8 && s.labelled(travelLabel, t.start):
		s.hit("P-TRAVEL", t.start, t.end, "发现通行证号码，请删除。", "〔证件号码〕")
		s.person(t.start)
	case (len(n) == 7 || len(n) == 8) && n[0] >= '2' && !s.c.registers[n]:
		s.homeLine(n, t.start, t.end)
	case len(n) >= 9 && len(n) <= 25:
		s.card(n, t.start, t.end)
	}
	if len(n) >= 5 && len(n) <= 11 {
		s.chat(t)
	}
}

// lettered looks at a token of letters and digits.
func (s *scan) lettered(t token, text string) {
	n := strings.ToUpper(text)
	near := func(c class) bool { return s.has(c, max(0, t.start-60), min(len(s.s), t.end+30)) }
	switch {
	case len(n) == 18 && s.credit(n, t):
	case len(n) == 20 && s.identity(n, t.start, t.end):
	case len(n) == 15 && digits(n) == n[3:] && near(residenceLabel):
		s.hit("P-PERMIT", t.start, t.end, "发现外国人永久居留证号码，请删除。", "〔证件号码〕")
		s.person(t.start)
	case (n[0] == 'H' || n[0] == 'M') && (len(n) == 9 || len(n) == 11) && digits(n) == n[1:] && near(travelLabel):
		s.hit("P-TRAVEL", t.start, t.end, "发现通行证号码，请删除。", "〔证件号码〕")
		s.person(t.start)
	case passport(n) && near(passportLabel|travelLabel):
		s.hit("P-PASSPORT", t.start, t.end, "发现护照（通行证）号码，请删除。", "〔证件号码〕")
		s.person(t.start)
	case len(n) >= 16 && len(n) <= 20 && s.labelled(creditLabel, t.start):
		s.credit(n, t)
	default:
		s.prefixed(t, n)
		s.chat(t)
	}
}

// passport tells whether a token has the shape of a passport or two-way permit.
func passport(n string) bool {
	d := strings.TrimLeft(n, "ABCDEFGHJKLMNPQRSTUVWXYZ")
	l := len(n) - len(d)
	return strings.IndexByte("EGDSPHCWKT", n[0]) >= 0 && l >= 1 && l <= 2 && (len(d) == 7 || len(d) == 8) && digits(d) == d
}

// prefixed looks at a number behind Latin letters that say what it is: Tel13800000000.
func (s *scan) prefixed(t token, n string) {
	d := strings.TrimLeft(n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	if d == "" {
		return
	}
	start := t.end - len(d)
	switch n[:len(n)-len(d)] {
	case "TEL", "PHONE", "MOBILE", "MOB", "MP", "WX", "VX", "V", "WECHAT", "ID", "NO", "T", "SFZ", "SJ", "DH":
		if len(d) == 11 && digits(d) == d && d[0] == '1' {
			s.mobile(d, start, t.end)
		} else if len(d) == 18 {
			s.identity(d, start, t.end)
		}
	}
}

// starred reports an identity number whose stars hide too little, and says how
// many tokens it takes; 0 where there is none.
func (s *scan) starred(k int) int {
	start := s.tokens[k].start
	shape, end, n := make([]byte, 0, 24), start, 0
shape:
	for end < len(s.s) && len(shape) <= 24 {
		r, size := utf8.DecodeRuneInString(s.s[end:])
		switch {
		case r < utf8.RuneSelf && (digit(byte(r)) || upper(byte(r)) == 'X'):
			shape = append(shape, upper(byte(r)))
		case strings.ContainsRune("*#?×●•○■□※", r):
			shape = append(shape, '*')
		case r == ' ' && len(shape) > 0 && len(shape) < 18 && end+1 < len(s.s) &&
			(s.s[end+1] == '*' || shape[len(shape)-1] == '*' && digit(s.s[end+1])):
			// 500103 **** **** 1234
		default:
			break shape
		}
		end += size
	}
	for i := range shape { // X hides a digit unless it is the check character
		if shape[i] == 'X' && i < len(shape)-1 {
			shape[i] = '*'
		}
	}
	if l := len(shape); l > 4 && shape[l-1] == 'X' && shape[l-2] == '*' && shape[l-3] == '*' {
		shape[l-1] = '*'
	}
	for k+n < len(s.tokens) && s.tokens[k+n].start < end {
		n++
	}
	text := string(shape)
	if !strings.Contains(text, "**") || len(text) < 14 || text[0] == '*' || text[0] == '0' || end < len(s.s) && alnum(s.s[end]) {
		return 0
	}
	visible := len(text) - strings.Count(text, "*")
	known := s.labelled(idLabel, start)
	birth := len(text) == 18 && strings.Trim(text[6:14], "*") != "" && digits(text[6:10]) == text[6:10] && (text[6:8] == "19" || text[6:8] == "20")
	middle := len(text) >= 14 && digits(text[:6]) == text[:6] && !strings.Contains(text[len(text)-4:], "*")
	year := len(text) >= 14 && digits(text[:10]) == text[:10] && (text[6:8] == "19" || text[6:8] == "20" || text[6:8] == "18")
	switch {
	case !province(text) || digits(text[:2]) != text[:2] || s.labelled(cardLabel|creditLabel, start):
		return n
	case !known && len(text) != 18:
		return n
	case birth || middle || year || known && visible > 8:
	default:
		return n
	}
	s.hit("P-ID-MASK", start, end, "脱敏不足：仍可推断身份证号码，请只保留后四位或整体删除。", MaskID(text))
	s.person(start)
	return n
}
