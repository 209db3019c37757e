package personal

import (
	"slices"
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
	slices.Sort(s.people)
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

// bracketed tells whether a token is an area code in brackets before another: (023)68812345.
func (s *scan) bracketed(area, rest token) bool {
	return area.start > 0 && s.s[area.start-1] == '(' && s.s[area.start] == '0' && strings.TrimRight(s.s[area.end:rest.start], " -") == ")"
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

// mobileGroups tells whether a mobile number may be grouped so.
func mobileGroups(ends []int) bool {
	switch len(ends) {
	case 1:
		return ends[0] == 11
	case 2:
		return ends[0] == 3 || ends[0] == 7 || ends[0] == 4 || ends[0] == 5
	case 3:
		return ends[0] == 3 && (ends[1] == 7 || ends[1] == 6) || ends[0] == 4 && ends[1] == 8 || ends[0] == 4 && ends[1] == 7
	case 11:
		return true
	}
	return false
}

// groupsOf tells whether all groups but the last have n digits.
func groupsOf(ends []int, n int) bool {
	for i, e := range ends[:len(ends)-1] {
		if e != (i+1)*n {
			return false
		}
	}
	return true
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

// mobile reports a mobile number that is not one of a unit.
func (s *scan) mobile(n string, start, end int) bool {
	if n[1] < '3' {
		return false
	}
	phone := s.labelled(phoneLabel|homePhone|chatLabel, start)
	if !phone && (s.labelled(codeLabel|creditLabel, start) || s.measured(start, end)) {
		return false
	}
	if s.c.registers[n] {
		return true
	}
	if b := s.before(start, 3); !phone && (strings.HasSuffix(b, "¥") || strings.HasSuffix(b, "$") || strings.HasSuffix(b, "〕") || strings.HasSuffix(b, "[")) {
		return false
	}
	s.hit("P-MOBILE", start, end, "发现手机号码，请删除；确为单位公开电话的，请先登记。", MaskMobile(n))
	s.person(start)
	return true
}

// measured tells whether the number counts something: 13800000000元.
func (s *scan) measured(start, end int) bool {
	a := s.after(end, 12)
	if strings.HasPrefix(a, ".") && len(a) > 1 && digit(a[1]) {
		return true
	}
	a = strings.TrimLeft(a, " ")
	for _, unit := range []string{"元", "万", "亿", "吨", "公里", "平方", "立方", "千", "人次", "人", "个", "户", "件", "号文", "%", "kW", "kw", "号)", "条", "美元", "股"} {
		if strings.HasPrefix(a, unit) {
			return true
		}
	}
	return false
}

// line reports a fixed line that is somebody's home.
func (s *scan) line(n string, ends []int, start, end int) bool {
	area := 3
	if n[1] > '2' || n[1] == '0' {
		area = 4
	}
	if n[1] == '0' || len(n)-area < 7 || len(n)-area > 8 || len(ends) > 1 && ends[0] != area {
		return false
	}
	if s.c.registers[n] || s.c.registers[n[area:]] {
		return true
	}
	s.homeLine(n, start, end)
	return true
}

func (s *scan) homeLine(n string, start, end int) {
	s.later = append(s.later, func() { s.judgeLine(n, start, end) })
}

// judgeLine decides whose a fixed line is by the words and values around it.
func (s *scan) judgeLine(n string, start, end int) {
	if s.labelled(homePhone, start) || s.private(start, end) && s.labelled(phoneLabel, start) && !s.officePhone(start) {
		s.hit("P-PHONE", start, end, "发现个人固定电话，请删除。", tail(n, 4))
	}
}

// officePhone tells whether the label of a telephone is a unit's: 咨询电话, 办公电话.
func (s *scan) officePhone(at int) bool {
	m, ok := s.last(phoneLabel, max(0, at-60), at)
	return ok && s.has(office|dutyLabel, max(0, m.start-30), at)
}

// plain looks at one run of digits that is none of the numbers above.
func (s *scan) plain(n string, t token) {
	if d := strings.TrimPrefix(n, "00"); len(d) == 13 && d[:3] == "861" { // 8613800000000
		s.mobile(d[2:], t.end-11, t.end)
		return
	}
	switch {
	case len(n) == 15 && idCard15(n) && s.labelled(idLabel, t.start):
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

// card reports a bank card, or an account by the word before it, that is a person's.
func (s *scan) card(n string, start, end int) bool {
	if s.c.registers[n] || s.labelled(creditLabel, start) {
		return true
	}
	luhn := len(n) >= 16 && len(n) <= 19 && n[0] >= '3' && n[0] <= '9' && Luhn(n)
	near := (s.labelled(cardLabel, start) || s.bankBefore(start)) && !s.login(start)
	switch {
	case near:
		if s.unitAccount(start, end) {
			return true
		}
		if luhn {
			s.hit("P-CARD", start, end, "发现银行卡号，请删除。", MaskCard(n))
		} else {
			s.hit("P-ACCOUNT", start, end, "疑似个人银行账号，请核实后删除；单位收费账户的，请先登记。", MaskCard(n))
		}
	case luhn && n[:2] == "62" && !s.labelled(codeLabel|idLabel, start) && !s.measured(start, end):
		if s.unitAccount(start, end) {
			return true
		}
		if from, to := s.sentence(start, end); s.nearPerson(from, to) || s.has(cardLabel|ownMoney, from, start) {
			s.hit("P-CARD", start, end, "发现银行卡号，请删除。", MaskCard(n))
		} else {
			s.hit("P-ACCOUNT", start, end, "疑似银行卡号，请核实后删除。", MaskCard(n))
		}
	default:
		return false
	}
	s.person(start)
	return true
}

// bankBefore tells whether the name of a bank stands directly before a number.
func (s *scan) bankBefore(at int) bool {
	b := strings.TrimRight(s.before(at, 60), " :：)")
	for _, w := range []string{"银行", "支行", "信用社", "农商行", "邮储", "分理处", "储蓄所"} {
		if strings.HasSuffix(b, w) {
			return true
		}
	}
	return false
}

// login tells whether the account before a place is one of a website, not of a bank.
func (s *scan) login(at int) bool {
	b := s.before(at, 45)
	for _, w := range []string{"登录", "登陆", "用户", "公众号", "平台", "系统", "抖音", "微博", "头条", "网站", "新媒体", "快手", "QQ", "微信"} {
		if strings.Contains(b, w) {
			return true
		}
	}
	return false
}

// unitAccount tells whether an account is a unit's: by its holder where one is
// named, else by the words of the lines before and behind it.
func (s *scan) unitAccount(start, end int) bool {
	from, to := max(0, start-2*window), min(len(s.s), end+window)
	holder, named := s.last(holderLabel, from, start)
	if !named {
		if holder, named = s.last(holderLabel, end, to); named && strings.Count(s.s[end:holder.start], "\n") > 2 {
			named = false
		}
	}
	if named {
		who := strings.TrimLeft(s.after(holder.end, 90), ":： \t为是")
		if i := strings.IndexAny(who, ",;\t ("); i > 0 {
			who = who[:i]
		}
		who = strings.TrimSuffix(strings.Split(who, "。")[0], "、")
		if utf8.RuneCountInString(who) > 4 {
			return true
		}
		if surname(who) > 0 {
			return false
		}
	}
	from, _ = s.sentence(start, end)
	if s.has(ownMoney|idLabel|homeLabel, from, start) || s.nearPerson(from, start) {
		return false
	}
	return s.has(unitMoney, max(0, start-2*window), min(len(s.s), end+60))
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

// credit judges an 18-character credit code: a right one is public, a wrong one
// is a typing error.
func (s *scan) credit(n string, t token) bool {
	labelled := s.labelled(creditLabel, t.start)
	if CreditCode(n) {
		return true
	}
	if identityTail(n) && !labelled {
		return false
	}
	if !labelled {
		if s.labelled(codeLabel, t.start) || strings.HasPrefix(s.s[t.end:], "/") || strings.HasPrefix(s.s[t.end:], "-") {
			return false // an index number holds the code of its unit
		}
		if !strings.Contains(" 11 12 13 19 31 32 33 34 35 39 41 49 51 52 53 54 59 61 62 69 71 72 79 81 89 91 92 93 ", " "+n[:2]+" ") ||
			digits(n[2:8]) != n[2:8] || !province(n[2:]) || !digit(n[8]) && n[8] != 'M' && n[8] != 'N' {
			return false
		}
	}
	if strings.Contains(n, "XXX") {
		return false
	}
	s.hit("P-USCC", t.start, t.end, "统一社会信用代码校验错误，请核对。", "")
	return true
}

// starred reports an identity number whose stars hide too little, and says how
// many tokens it takes; 0 where there is none.
func (s *scan) starred(k int) int {
	start := s.tokens[k].start
	shape, end, n := make([]byte, 0, 24), start, 0
	for end < len(s.s) && len(shape) <= 24 {
		b := s.s[end]
		switch {
		case digit(b) || upper(b) == 'X':
			shape = append(shape, upper(b))
			end++
		case b == '*' || b == '#' || b == '?':
			shape = append(shape, '*')
			end++
		default:
			r, size := utf8.DecodeRuneInString(s.s[end:])
			if !strings.ContainsRune("×●•○■□※", r) {
				size = 0
			}
			if size == 0 {
				goto read
			}
			shape = append(shape, '*')
			end += size
		}
	}
read:
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
	s.hit("P-ID-MASK", start, end, "脱敏不足：仍可推断身份证号码，请只保留后四位或整体删除。", strings.Repeat("*", max(0, len(text)-4))+strings.ReplaceAll(text[len(text)-4:], "X", "X"))
	s.person(start)
	return n
}

// plate reports a plate: the sign of a province, a letter, five or six characters.
func (s *scan) plate(t token) bool {
	if t.start < 3 || !letter(s.s[t.start]) || s.s[t.start] < 'A' || s.s[t.start] > 'Z' {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s.s[t.start-3:])
	if !strings.ContainsRune("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼", r) {
		return false
	}
	body, end := s.s[t.start+1:t.end], t.end
	if body == "" { // 渝A·12345
		rest := s.s[t.end:]
		for _, dot := range []string{"·", "•", " ", "-", "."} {
			if strings.HasPrefix(rest, dot) {
				i := len(dot)
				for i < len(rest) && alnum(rest[i]) {
					i++
				}
				body, end = rest[len(dot):i], t.end+i
				break
			}
		}
	}
	wanted := []int{5, 6}
	for _, last := range []string{"挂", "学", "港", "澳", "领", "使"} {
		if strings.HasPrefix(s.s[end:], last) && len(body) == 4 {
			end += len(last)
			wanted = []int{4}
			break
		}
	}
	context := s.has(plateLabel, max(0, t.start-60), min(len(s.s), end+30))
	figures := len(digits(body))
	if !slices.Contains(wanted, len(body)) || figures < 3 && !(context && figures > 0) || strings.ContainsAny(body, "IOabcdefghijklmnopqrstuvwxyz") {
		return false
	}
	if len(body) == 6 && !letter(body[0]) && !letter(body[5]) || !context && s.labelled(codeLabel, t.start-3) {
		return false
	}
	s.person(t.start - 3)
	s.hit("P-PLATE", t.start-3, end, "发现机动车号牌，请隐去中间字符。", MaskPlate(s.s[t.start-3:end]))
	return true
}

// coordinates reports a place given to four decimals or more that is not a project's.
func (s *scan) coordinates(k int) int {
	first, end, ok := s.decimal(k)
	if !ok {
		return 0
	}
	next := k + 2
	for next < len(s.tokens) && s.tokens[next].start < end {
		next++
	}
	between := func(at int) bool {
		return at-end <= 24 && strings.Trim(s.s[end:at], " ,、°度东经北纬:ENen纬度经和") == ""
	}
	if next >= len(s.tokens) || !between(s.tokens[next].start) {
		return 0
	}
	second, last, ok := s.decimal(next)
	if !ok {
		return 0
	}
	long := func(v int) bool { return v >= 73 && v <= 135 }
	lat := func(v int) bool { return v >= 3 && v <= 54 }
	if !(long(first) && lat(second) || lat(first) && long(second)) {
		return 0
	}
	start := s.tokens[k].start
	from, to := s.sentence(start, last)
	if !s.has(siteWord, from, to) {
		s.hit("P-GEO", start, last, "发现精确位置坐标，请删去或只保留两位小数。", s.coarse(k)+","+s.coarse(next))
	}
	return next + 2 - k
}

// decimal reads a number with at least four decimals that begins with token k.
func (s *scan) decimal(k int) (whole, end int, ok bool) {
	if k+1 >= len(s.tokens) {
		return 0, 0, false
	}
	a, b := s.tokens[k], s.tokens[k+1]
	if !a.digits || !b.digits || a.end-a.start > 3 || s.s[a.end:b.start] != "." || b.end-b.start < 4 || b.end-b.start > 16 {
		return 0, 0, false
	}
	return number(s.s[a.start:a.end]), b.end, true
}

// coarse is the decimal at token k cut to two decimals.
func (s *scan) coarse(k int) string {
	return s.s[s.tokens[k].start : s.tokens[k].end+3]
}
