package personal

import (
	"strings"
	"unicode/utf8"
)

// births finds days of birth: behind a label, or before 出生 in a sentence about
// a person. Conditions for a group of people (…后出生的) are none.
func (s *scan) births() {
	for _, t := range s.tokens {
		if !t.digits || t.end-t.start != 4 && t.end-t.start != 6 && t.end-t.start != 8 {
			continue
		}
		end, month := s.date(t)
		if end == 0 {
			continue
		}
		behind := s.after(end, 24)
		bare := strings.TrimLeft(behind, " ")
		label := s.labelled(birthLabel, t.start)
		suffix := strings.HasPrefix(bare, "出生") && !strings.HasPrefix(bare, "出生的") && !strings.HasPrefix(bare, "出生人口") && !strings.HasPrefix(bare, "出生率") ||
			bare == "生" || strings.HasPrefix(bare, "生,") || strings.HasPrefix(bare, "生。") || strings.HasPrefix(bare, "生)") || strings.HasPrefix(bare, "生于")
		if !label && !suffix && month && delimited(s.s, end) && endsWith(strings.TrimRight(s.before(t.start, 9), " ,\t"), []string{"男", "女"}) {
			suffix = s.describes(t.start) // 王小明,男,1985-03-02,
		}
		if !label && !suffix && month && strings.HasPrefix(s.s[end:], ",") && s.proof(end+1) {
			suffix = s.describes(t.start) // 王小明,1985-03-02,身份证号码
		}
		if !label && !suffix || ranged(bare) || s.bounded(t.start) {
			continue
		}
		from, to := s.sentence(t.start, end)
		if s.publicLine(t.start) && !s.nearPerson(from, to) || s.has(publicDuty, from, to) || s.has(publicDuty, max(0, from-window), from) && !s.nearPerson(from, to) {
			continue
		}
		colon := strings.TrimRight(s.before(t.start, 4), " \t") != s.before(t.start, 4) || strings.HasSuffix(s.before(t.start, 3), ":")
		row := s.rowAt(t.start)
		about := row != nil && row.sheet.persons && s.fullName(row.sheet, row.cells) || s.has(sexWord|nameLabel|idLabel|homeLabel|personLabel, from, to) || s.nearPerson(from, to) || s.describes(t.start)
		if !about && !(label && colon && month) {
			continue
		}
		if s.hit("P-BIRTH", t.start, end, "发现出生日期，请删除；确需公开的只保留年份。", MaskDate(s.s[t.start:end])) {
			s.person(t.start)
		}
	}
}

// date reads a date that begins with a token and tells whether it names a month.
func (s *scan) date(t token) (end int, month bool) {
	text := s.s[t.start:t.end]
	if y := number(text[:4]); y < 1900 || y > 2100 {
		return 0, false
	}
	if len(text) == 8 {
		if !born(text, s.t.Today) {
			return 0, false
		}
		return t.end, true
	}
	if len(text) == 6 {
		if m := number(text[4:]); m < 1 || m > 12 {
			return 0, false
		}
		return t.end, true
	}
	end = t.end
	for i, parts := range [][]string{{"年", "-", "/", ".", "年 "}, {"月", "-", "/", ".", "月 "}} {
		rest := s.s[end:]
		mark := ""
		for _, p := range parts {
			if strings.HasPrefix(rest, p) {
				mark = p
			}
		}
		if mark == "" {
			break
		}
		n := len(mark)
		for n < len(rest) && n < len(mark)+3 && digit(rest[n]) {
			n++
		}
		if n == len(mark) || n == len(mark)+3 {
			if len(mark) > 1 { // 1980年 with nothing behind
				end += len(mark)
			}
			break
		}
		end += n
		if i == 0 {
			month = true
		}
	}
	for _, p := range []string{"日", "月"} {
		if month && strings.HasPrefix(s.s[end:], p) {
			return end + len(p), month
		}
	}
	return end, month
}

// ranged tells whether text behind a date makes it the bound of a span.
func ranged(behind string) bool {
	behind = strings.TrimPrefix(behind, "出生")
	for _, w := range []string{"以后", "以前", "之后", "之前", "后", "前", "至", "及以", "及之", "起", "期间", "(含", "到", "—", "-", "~", "－", "(不含", "的", "人口", "之间", "儿"} {
		if strings.HasPrefix(behind, w) {
			return true
		}
	}
	return false
}

// bounded tells whether the text before a date makes it the bound of a span.
func (s *scan) bounded(at int) bool {
	b := strings.TrimRight(s.before(at, 24), " ")
	for _, w := range []string{"至", "截至", "截止", "早于", "晚于", "不早于", "从", "自", "—", "~", "到", "之间", "须在", "应在", "期在", "间在", "月在", "为在"} {
		if strings.HasSuffix(b, w) {
			return true
		}
	}
	return false
}

// describes tells whether a name and a comma stand directly before a place: 张三,1980年…
func (s *scan) describes(at int) bool {
	start, end, ok := s.nameBefore(at)
	return ok && !s.dutyAround(start, end)
}

// addresses finds home addresses with a house number.
func (s *scan) addresses() {
	for _, m := range s.marks {
		if m.class&homeLabel != 0 && !s.inHead(m.start) {
			s.labelledAddress(m)
		}
	}
}

// labelledAddress reports the address behind a word that calls for one.
func (s *scan) labelledAddress(m mark) {
	start := m.end
	if s.s[m.start] < utf8.RuneSelf && startsWith(s.s[start:], notLiving) { // ,住所地
		return
	}
	for start < len(s.s) && label(s.s[start:next(s.s, start)]) {
		start = next(s.s, start)
	}
	if strings.HasPrefix(s.s[start:], "址") {
		start += len("址")
	}
	if line := m.start - len(s.before(m.start, 15)); strings.HasSuffix(s.s[:m.end], "址") && m.class&homeLabel != 0 && s.has(office, line, m.start) && !s.has(homeLabel, line, m.start) {
		return
	}
	if strings.HasSuffix(s.s[:m.end], "送达地址") || strings.HasSuffix(s.s[:m.end], "件地址") || strings.HasSuffix(s.s[:m.end], "货地址") {
		if n := addressEnd(s.s[start:min(len(s.s), start+180)], true); n > 0 && s.has(office, start+n, start+n+len(clauseOf(s.s[start+n:]))) {
			return // …路59号某某登记中心
		}
	}
	s.address(start, s.s[start-1] == ':' || endsWith(s.s[:start], []string{"址", "地", "在", "于"}))
}

// clauseOf is the beginning of a text up to its first mark.
func clauseOf(text string) string {
	n := 0
	for n < len(text) && n < 60 && !delimited(text, n) {
		n = next(text, n)
	}
	return text[:n]
}

// notLiving follow 住 in words that do not say where somebody lives.
var notLiving = []string{"所", "建", "房", "院", "宿", "户", "宅", "保"}

// next is the place of the character after the one at i.
func next(s string, i int) int {
	_, size := utf8.DecodeRuneInString(s[i:])
	return i + size
}

// address reports the address that begins at a place, if it goes down to a house;
// sure says that it is one.
func (s *scan) address(start int, sure bool) {
	end := addressEnd(s.s[start:min(len(s.s), start+180)], sure)
	if end == 0 {
		return
	}
	value := s.s[start : start+end]
	if s.registeredAddress(value) {
		return
	}
	if s.hit("P-ADDRESS", start, start+end, "发现家庭住址，请删至社区（村）一级。", MaskAddress(value)) {
		s.person(start)
	}
}

// rowAddresses finds addresses behind a word that units use too, and those that
// stand as a field of their own in a sentence or row about a named person
// (王小明,92岁,某某路72号3-5) or down to a flat in a text about one.
func (s *scan) rowAddresses() {
	for _, m := range s.marks {
		if m.class&addressLabel != 0 && m.class&homeLabel == 0 && !s.inHead(m.start) && (s.private(m.start, m.end) || s.recorded(m.start)) {
			s.labelledAddress(m)
		}
	}
	for _, t := range s.tokens {
		if !t.digits || t.end-t.start > 5 || !startsWith(s.s[t.end:], houses[:6]) {
			continue
		}
		start := t.start
		for start > 0 && t.start-start < 120 && (!delimited(s.s, lastRune(s.s, start)) || letter(s.s[lastRune(s.s, start)])) {
			start = lastRune(s.s, start)
		}
		told := false // the words before say whose home it is
		for _, w := range beforeHome {
			if i := strings.LastIndex(s.s[start:t.start], w); i >= 0 {
				start, told = start+i+len(w), true
			}
		}
		n := addressEnd(s.s[start:min(len(s.s), start+180)], told)
		if n == 0 || start+n < t.end || s.labelled(addressLabel, start) {
			continue
		}
		from, to := s.sentence(start, start+n)
		at := from
		if s.letter && flat(s.s[start:start+n], told) {
			at = start // 我局派员到…: the office answers, the flat is the writer's
		} else if told && s.has(lostWord, max(0, start-60), start) {
			at = start // 某某法院…王小明名下位于…
		}
		if s.has(office, at, start+n) || s.has(dutyLabel|siteWord, at, start) || s.registeredAddress(s.s[start:start+n]) {
			continue
		}
		alone := (start+n == len(s.s) || delimited(s.s, start+n)) && s.nearPerson(from, to)
		if alone || told && startsWith(s.s[start+n:], homes) && s.nearPerson(from, to) || flat(s.s[start:start+n], told) && (s.letter || s.nearPerson(from, to) || startsWith(s.s[start+n:], residents)) {
			s.hit("P-ADDRESS", start, start+n, "发现家庭住址，请删至社区（村）一级。", MaskAddress(s.s[start:start+n]))
		}
	}
}

// bracketedHomes reports an address that stands alone in brackets behind a name, and the
// name: 王小明(某某镇某某村3组12号).
func (s *scan) bracketedHomes() {
	for at := 0; ; {
		i := strings.IndexByte(s.s[at:], '(')
		if i < 0 {
			return
		}
		open := at + i
		at = open + 1
		n := strings.IndexByte(s.s[at:min(len(s.s), at+120)], ')')
		if n < 12 || addressEnd(s.s[at:at+n], false) != n {
			continue
		}
		if start, end, ok := s.nameEnding(open, true); ok && s.fresh(start) && !s.dutyAround(start, end) {
			s.address(at, false)
			s.name(start, end)
		}
	}
}

// recorded tells whether the fields before a place, parted by semicolons, tell of
// a person and of no unit: 出租人王小明,身份证…;房屋坐落….
func (s *scan) recorded(at int) bool {
	from, _ := s.record(at, at)
	return s.s[max(0, at-1)] == ';' && s.nearPerson(from, at) && !s.has(office|dutyLabel, from, at)
}

// beforeHome are the words of a sentence that an address may follow.
var beforeHome = []string{"反映", "所住", "住在", "坐落于", "坐落在", "位于", "希望在", "居住于", "家在", "居住的", "所在的", "家住", "派员到", "前往", "来到", "工作人员对", "认购", "购买", "你在", "您在", "你擅自在", "您家", "你家"}

// residents are words for those who live at the address before them.
var residents = []string{"住户", "业主", "居民", "户主", "租户", "房东", "租客", "发生火灾", "起火", "着火"}

// homes follow the address of a house that the words before speak of.
var homes = []string{"的房屋", "的住房", "的房产", "的住宅", "房屋"}

// flat tells whether an address goes down to a flat, 3栋2单元502室, 12号4-1, or to
// a staircase where the words before it tell of a home.
func flat(address string, told bool) bool {
	numbered := strings.TrimSuffix(strings.TrimSuffix(address, "号"), "室")
	return strings.Contains(address, "单元") && (told || !strings.HasSuffix(address, "单元")) || strings.Contains(address, "附") && strings.Contains(address, "号") ||
		containsAny(address, []string{"栋", "幢", "座"}) && (digit(address[len(address)-1]) || told && digit(numbered[len(numbered)-1])) || strings.HasSuffix(address, "室") && containsAny(address, []string{"栋", "幢", "号", "座", "弄"})
}

// lastRune is the place of the character before the one at i.
func lastRune(s string, i int) int {
	_, size := utf8.DecodeLastRuneInString(s[:i])
	return i - size
}

func (s *scan) registeredAddress(value string) bool {
	for _, a := range s.c.config.Addresses {
		if strings.Contains(value, a) || strings.Contains(a, value) {
			return true
		}
	}
	return false
}

// places end the name of a way, an estate or a village.
var places = []string{"路", "街", "巷", "弄", "道", "村", "组", "社区", "小区", "苑", "花园", "坊", "里", "园", "城", "庄", "屯", "湾", "府", "湖", "山", "镇", "乡", "区", "坪", "居", "公寓", "大厦", "广场", "家属院", "宿舍", "县", "市", "寨", "坝", "队", "社"}

// houses follow the number of a house.
var houses = []string{"号", "幢", "栋", "楼", "单元", "室", "座", "户", "门", "层", "房", "组", "号楼", "村民小组"}

// addressEnd is the length of an address with a house number that text begins
// with, 0 where there is none.
//
// Where a label says that it is one, sure, the place needs no word that makes it one.
func addressEnd(text string, sure bool) int {
	limit := len(text)
	for i := 0; i < limit; {
		r, size := utf8.DecodeRuneInString(text[i:])
		if strings.ContainsRune(",。;\n\t、()!?:《》\"“”", r) || r == ' ' && i > 0 && !(i+1 < len(text) && digit(text[i+1])) {
			limit = i
		}
		i += size
	}
	text = text[:limit]
	end, looked, house, place, parts := 0, 0, false, false, 0
	for i := 0; i < len(text); {
		if !digit(text[i]) {
			i = next(text, i)
			continue
		}
		if !place {
			for _, p := range places {
				place = place || strings.Contains(text[max(0, looked-len(p)):i], p)
			}
			looked = i
		}
		from, dash := i, false
		for i < len(text) && (digit(text[i]) || text[i] == '-' || text[i] == '#' || text[i] == ' ' || letter(text[i]) && text[i] < 'a') {
			dash = dash || text[i] == '-' && i > from || text[i] == '#'
			i++
		}
		unit := ""
		for _, h := range houses {
			if strings.HasPrefix(text[i:], h) && len(h) > len(unit) {
				unit = h
			}
		}
		if unit == "号楼" && startsWith(text[i:], []string{"号楼顶", "号楼道", "号楼下", "号楼上"}) {
			unit = "号"
		}
		if startsWith(text[i:], []string{"楼顶", "楼道", "楼下", "楼上", "门前", "门口", "户外"}) {
			unit = ""
		}
		i += len(unit)
		switch {
		case unit == "组" || unit == "村民小组" || unit == "层": // alone they tell of no house
			if house {
				end = i
			}
		case unit != "" || dash && (end > 0 || place || from >= 6 && (sure || strings.Count(text[from:i], "-") > 1)):
			end, house = i, true
			if from >= 6 || parts > 0 { // 滨江一号20幢28-4
				parts += 1 + strings.Count(text[from:i], "-")
			}
		case i == len(text) && end > 0, strings.HasSuffix(text[:from], "单元") && i-from >= 3:
			end = i
		}
	}
	if !house || !place && !(parts > 0 && (sure || block(text[:end]))) && !(parts > 1 && (containsAny(text[:end], []string{"幢", "栋", "号楼", "单元", "座"}) || strings.Count(text[:end], "-") > 1)) {
		return 0
	}
	for end > 0 && text[end-1] == ' ' {
		end--
	}
	return end
}

// block tells whether an address names a building by a letter: A座1601室.
func block(address string) bool {
	i := strings.Index(address, "座")
	return i > 6 && letter(address[i-1])
}

// unitMail are the ends of domains that only units have; under others the words
// around a mailbox decide whose it is.
var unitMail = []string{".gov.cn", ".edu.cn", ".org.cn", ".mil.cn", ".ac.cn", ".gov", ".edu", ".政务", ".公益"}

// contacts finds mailboxes and names in QQ and WeChat.
func (s *scan) contacts() {
	for i := strings.IndexByte(s.s, '@'); i >= 0; {
		s.email(i)
		n := strings.IndexByte(s.s[i+1:], '@')
		if n < 0 {
			break
		}
		i += 1 + n
	}
}

// email judges the mailbox around an @.
func (s *scan) email(at int) {
	start, end := at, at+1
	for start > 0 && (alnum(s.s[start-1]) || strings.IndexByte("._%+-", s.s[start-1]) >= 0) && at-start < 64 {
		start--
	}
	for end < len(s.s) && (alnum(s.s[end]) || s.s[end] == '.' || s.s[end] == '-') && end-at < 80 {
		end++
	}
	for end > at && (s.s[end-1] == '.' || s.s[end-1] == '-') {
		end--
	}
	address := strings.ToLower(s.s[start:end])
	domain := address[at-start+1:]
	if start == at || !strings.Contains(domain, ".") || s.c.registers[address] {
		return
	}
	for _, d := range s.c.config.Domains {
		if d = strings.ToLower(d); domain == d || strings.HasSuffix(domain, "."+d) {
			return
		}
	}
	mobile := len(address) > 11 && address[11] == '@' && digits(address[:11]) == address[:11] && address[0] == '1' && address[1] > '2'
	if !mobile {
		for _, end := range unitMail {
			if strings.HasSuffix("."+domain, end) {
				return
			}
		}
		from, to := s.sentence(start, end)
		own := strings.HasSuffix(s.before(start, 60), "个人邮箱:") || s.has(ownMoney&^unitMoney, max(0, start-30), start) && s.has(personLabel, from, to)
		if !s.private(start, end) && !own && !s.describesOwner(start) && !s.describes(start) {
			return
		}
	}
	if s.hit("P-EMAIL", start, end, "发现个人电子邮箱，请删除；确为单位邮箱的，请先登记。", MaskEmail(s.s[start:end])) {
		s.person(start)
	}
}

// describesOwner tells whether the words before a value say that it is one
// person's: 个人邮箱, 张三的邮箱.
func (s *scan) describesOwner(at int) bool {
	b := s.before(at, 60)
	for _, w := range []string{"个人邮箱", "私人邮箱", "个人电子邮箱", "本人邮箱", "个人电子邮件", "我的邮箱", "本人电子邮箱", "我邮箱"} {
		if strings.Contains(b, w) {
			return true
		}
	}
	return false
}

// chat reports a QQ or WeChat name that is not a unit's account.
func (s *scan) chat(t token) {
	end := t.end
	for end < len(s.s) && (alnum(s.s[end]) || s.s[end] == '_' || s.s[end] == '-') {
		end++
	}
	if n := end - t.start; n < 5 || n > 20 || !s.labelled(chatLabel, t.start) {
		return
	}
	s.later = append(s.later, func() { s.judgeChat(t, end) })
}

// judgeChat decides whose account it is by the words before it.
func (s *scan) judgeChat(t token, end int) {
	from, _ := s.sentence(t.start, end)
	label, _ := s.last(chatLabel, from, t.start)
	own := strings.Contains(s.before(t.start, 60), "个人")
	if !own && !s.has(chatOfficial, max(from, t.start-60), t.start) {
		own = s.describes(label.start) || s.chatted >= from && s.chatted > 0
	}
	if !own && s.has(chatOfficial|office|dutyLabel, max(from, t.start-60), t.start) {
		return
	}
	if s.hit("P-CHAT", t.start, end, "发现个人QQ（微信）号，请删除。", "〔联系方式〕") {
		s.person(t.start)
		s.chatted = t.start
	}
}
