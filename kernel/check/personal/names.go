package personal

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/check"
)

// names finds the names of private persons: behind a word that calls for one,
// before a value that tells of a person, and before 男 or 女 in a description.
func (s *scan) names() {
	for _, p := range slices.Sorted(slices.Values(s.people)) { // each name found joins them
		if row := s.rowAt(p); row != nil && len(row.sheet.names) > 0 {
			if !row.sheet.duty && !s.open {
				s.nameRow(row.sheet, row.cells)
			}
		} else if start, end, ok := s.nameBefore(p); ok {
			s.name(start, end)
		} else if start, end, ok := s.nameFirst(p); ok {
			s.name(start, end)
		}
		if open := s.bracketAround(p); open > 0 { // 王小明(父亲王大海,电话…
			if start, end, ok := s.nameEnding(open, true); ok && s.fresh(start) {
				s.name(start, end)
			}
		}
	}
	if s.addressee.End > 0 {
		s.announce(s.addressee.Start, s.addressee.End)
	}
	for _, m := range s.marks {
		if s.inHead(m.start) {
			continue
		}
		switch {
		case m.class&sexWord != 0:
			if row := s.rowAt(m.start); delimited(s.s, m.end) && !(strings.HasPrefix(s.s[m.start:], "(") && strings.HasPrefix(s.s[m.end:], ")")) && (row == nil || len(row.sheet.names) == 0) && s.aboutPerson(m.start, m.end) {
				if start, end, ok := s.nameBefore(m.start); ok {
					s.name(start, end)
				}
			}
		case m.class&homeLabel != 0 && s.s[m.start] < utf8.RuneSelf: // 王小明,住某某村
			if start, end, ok := s.nameBefore(m.start); ok && s.fresh(start) && s.rowAt(m.start) == nil && !startsWith(s.s[m.end:], notLiving) {
				s.name(start, end)
			}
		case m.class&healthWord != 0 && ill(s.s, m) && s.rowAt(m.start) == nil:
			s.nameOfSick(m)
		case m.class&illWord != 0:
			start := m.start
			for n := 0; n < 5 && start > 0 && !delimited(s.s, lastRune(s.s, start)); n++ {
				start = lastRune(s.s, start)
			}
			if whole(s.s[start:m.start]) && !looseTable.begins(s.s[start:]) {
				s.name(start, m.start)
			}
		case m.class&helloWord != 0: // 王小明先生您好
			end := m.start
			for _, w := range append(titles, ",") {
				end = max(0, end-len(w)) + len(strings.TrimSuffix(s.s[max(0, end-len(w)):end], w))
			}
			if start, end, ok := s.nameEnding(end, false); ok && s.fresh(start) {
				s.name(start, end)
			}
		case m.class&driveWord != 0: // 与王小明驾驶的摩托车相撞
			if start, end, ok := s.nameEnding(m.start, false); ok && (end-start >= 9 || s.fresh(start)) && containsAny(s.after(m.end, 60), vehicles) {
				s.name(start, end)
			}
		case m.class&visitWord != 0: // 先到王小明家
			if start, end, ok := s.nameEnding(m.start, true); ok && end-start >= 6 && endsWith(s.s[:start], []string{"到", "进", "往", "访", "望", "问"}) {
				s.name(start, end)
			}
		case m.class&payWord != 0: // 付王小明误工费500元
			if start, end, ok := s.nameEnding(m.start, false); ok && s.rowAt(m.start) == nil && (s.fresh(start) || endsWith(s.s[:start], leads)) {
				if from, to := s.sentence(start, end); s.nearPerson(from, to) {
					s.name(start, end)
				}
			}
		case m.class&ageWord != 0:
			if m.start > 0 && digit(s.s[m.start-1]) && delimited(s.s, m.end) && s.rowAt(m.start) == nil && !s.publicLine(m.start) {
				if start, end, ok := s.nameBefore(m.start); ok {
					s.name(start, end)
				}
			}
		case m.class&personLabel != 0:
			if strings.HasPrefix(s.s[m.start:], "之") { // 王小明之子
				if start, end, ok := s.nameEnding(m.start, false); ok && s.fresh(start) {
					s.name(start, end)
				}
			}
			s.nameAfter(m)
		case m.class&nameLabel != 0:
			if start := m.end; startsWith(s.s[start:], []string{":", "\t", " "}) {
				s.nameField(start)
			} else if end, sure := s.nameLength(start); sure && !looseTable.begins(s.s[start:]) { // 户名王小明,
				s.name(start, end)
			}
		}
	}
	s.led()
	s.again()
}

// led finds names that a line with a value of a person speaks of without a word
// that calls for one: a clause that is nothing but a name, a name behind a label of
// which only its ending is known, and, where the value is a long number, who is
// spoken of (现将王小明的医保费退回其银行卡6222…).
func (s *scan) led() {
	done := 0
	for _, p := range slices.Sorted(slices.Values(s.people)) {
		if p < done || s.rowAt(p) != nil {
			continue
		}
		proof := s.proof(p)
		first, last := s.record(p, p)
		from, to := max(done, p-len(s.before(p, window))), p+len(s.after(p, window))
		if proof {
			for i := from; i < to; i = next(s.s, i) {
				if s.s[i] < utf8.RuneSelf || !startsWith(s.s[i:], leads[1:10]) {
					continue
				}
				start := next(s.s, i)
				if end, sure := s.nameLength(start); end-start >= 9 && (strings.HasPrefix(s.s[end:], "的") || sure && !looseTable.begins(s.s[start:])) {
					s.name(start, end)
				}
			}
		}
		for start := from; start < to; {
			end := start
			for end < to && !delimited(s.s, end) {
				end = next(s.s, end)
			}
			if s.alone(start, end, proof && first <= start && start < last) {
				s.name(start, end)
			}
			for start = max(end, start+1); start < to && delimited(s.s, start); {
				start = next(s.s, start)
			}
		}
		done = to
	}
}

// alone tells whether a clause in a line about a person is the name of one, and of
// nobody on duty.
func (s *scan) alone(start, end int, proof bool) bool {
	if end-start < 6 || end-start > 12 || !whole(s.s[start:end]) || s.known[start] || end < len(s.s) && s.s[end] == ':' {
		return false
	}
	if looseTable.begins(s.s[start:]) && end-start < 9 {
		return false
	}
	first := s.firstOfRow(start)
	if b := s.before(first, 3); b == "、" {
		return false // one of a row of things
	}
	if from, _ := s.sentence(first, first); s.labelled(dutyLabel|office, first) || s.has(dutyLabel|office|publicDuty, from, first) || s.has(dutyLabel|office|publicDuty, end, min(len(s.s), end+45)) {
		return false
	}
	if b := s.before(first, 30); strings.HasSuffix(b, ":") {
		return proof && endsWith(b[:len(b)-1], []string{"人", "者", "方", "主", "属", "妻", "夫", "父", "母", "子", "女"})
	}
	return first == 0 || s.s[first-1] != '(' || proof
}

// firstOfRow is the first name of the row of names that one stands in: 张三、李四、王五.
func (s *scan) firstOfRow(start int) int {
	for n := 0; n < 8 && strings.HasSuffix(s.s[:start], "、"); n++ {
		end := start - len("、")
		first := end
		for first > 0 && end-first <= 12 && han(s.s[lastRune(s.s, first):]) {
			first = lastRune(s.s, first)
		}
		if !whole(s.s[first:end]) {
			break
		}
		start = first
	}
	return start
}

// again finds the further places of names found once: masking needs all of them.
func (s *scan) again() {
	if len(s.named) == 0 {
		return
	}
	first, names := map[string]bool{}, map[string]bool{}
	for _, n := range s.named {
		value := s.s[n.Start:n.End]
		first[value[:3]], names[value] = true, true
	}
	for i := 0; i+6 <= len(s.s); i = next(s.s, i) {
		if s.s[i] < utf8.RuneSelf || !first[s.s[i:i+3]] {
			continue
		}
		for _, n := range []int{12, 9, 6} {
			if i+n <= len(s.s) && names[s.s[i:i+n]] && (n > 6 || delimited(s.s, i+n) || s.follow(i+n) || s.fresh(i)) {
				if !s.dutyAround(i, i+n) {
					s.known[i] = true
					s.announce(i, i+n)
				}
				break
			}
		}
	}
}

// name reports a name; in a case where persons stay unnamed it blocks.
func (s *scan) name(start, end int) {
	if s.known[start] {
		return
	}
	s.known[start] = true
	if s.has(healthWord|caseWord, start, end) { // 艾 is a surname, 艾滋病 is not a name
		return
	}
	from, to := s.sentence(start, end)
	if s.has(publicDuty, from, to) && !s.nearPerson(from, to) || s.dutyAround(start, end) {
		return
	}
	s.announce(start, end)
}

// announce reports a name that is a private person's.
func (s *scan) announce(start, end int) {
	value := s.s[start:end]
	from, to := s.sentence(start, end)
	rule, message := "P-NAME", "发现个人姓名，请按名单脱敏规则处理。"
	if s.has(caseWord, from, to) || s.has(minorWord, max(from, start-15), start) || s.minor(end) || s.has(relativeWord, max(from, start-12), start) && s.suspect(from, start) {
		rule, message = "P-CASE", "涉及特定人员，应隐去真实姓名。"
	}
	if rule == "P-NAME" && (s.open || s.public[value]) { // the law has the parties named; a notice names them all
		return
	}
	h := check.Hit{Rule: rule, Message: message, Replace: s.c.config.Profile.MaskName(value)}
	if s.seen[value] && rule == "P-NAME" { // asked once; masking needs every place
		h.Severity, h.Message = check.Hint, "该姓名在前文已经提示，请一并处理。"
	}
	if s.hitBody(h, s.original(start, end)) {
		s.seen[value] = true
		s.person(start)
		s.named = append(s.named, check.Span{Start: start, End: end})
	}
}

// suspect tells whether a suspect is named in [from, to).
func (s *scan) suspect(from, to int) bool {
	text := s.s[from:to]
	return strings.Contains(text, "嫌疑人") || strings.Contains(text, "被告人") || strings.Contains(text, "罪犯") || strings.Contains(text, "涉案")
}

// minor tells whether an age below 18 stands behind a name.
func (s *scan) minor(at int) bool {
	a := s.after(at, 24)
	i := strings.Index(a, "岁")
	if i < 0 {
		return false
	}
	a = strings.TrimSuffix(strings.TrimRight(a[:i], " "), "周")
	j := len(a)
	for j > 0 && digit(a[j-1]) {
		j--
	}
	age := number(a[j:])
	return age >= 0 && age < 18 && strings.Count(a[:j], ",") <= 2
}

// dutyAround tells whether a name is somebody's on duty: 联系人张三, 张三主任.
func (s *scan) dutyAround(start, end int) bool {
	if s.labelled(dutyLabel, s.firstOfRow(start)) {
		return true
	}
	a := s.after(end, 18)
	for _, w := range []string{"主任", "书记", "局长", "科长", "所长", "队长", "老师", "律师", "法官", "检察", "主席", "镇长", "县长", "区长", "市长", "部长", "院长", "校长", "处长", "教授", "医生", "警官", "审判"} {
		if strings.HasPrefix(a, w) {
			return true
		}
	}
	if strings.HasPrefix(a, "同志") { // in a letter anybody is a comrade
		from, to := s.sentence(start, end)
		return !s.letter && !s.nearPerson(from, to)
	}
	return false
}

// nameField takes the value of a field 姓名: as a name.
func (s *scan) nameField(start int) {
	for start < len(s.s) && strings.IndexByte(": \t", s.s[start]) >= 0 {
		start++
	}
	if end := latinEnd(s.s, start); end > 0 {
		s.name(start, end)
		return
	}
	end := start
	for end < len(s.s) && end-start < 45 && s.s[end] >= utf8.RuneSelf && !mark3(s.s[end:]) {
		end = next(s.s, end)
	}
	if whole(s.s[start:end]) {
		s.name(start, end)
		s.nextNames(end)
	}
}

// latinEnd is the end of the name in Latin letters that begins at a place, two words
// or more with a capital each; 0 where there is none.
func latinEnd(text string, start int) (end int) {
	words := 0
	for i := start; i < len(text) && text[i] >= 'A' && text[i] <= 'Z'; words++ {
		n := i + 1
		for n < len(text) && text[n] >= 'a' && text[n] <= 'z' {
			n++
		}
		if n == i+1 {
			break
		}
		end, i = n, n
		if i < len(text) && text[i] == ' ' {
			i++
		}
	}
	if words < 2 {
		return 0
	}
	return end
}

// nextNames takes the further names of a row of them: 申请人:王小明、李小花.
func (s *scan) nextNames(end int) {
	for strings.HasPrefix(s.s[end:], "、") {
		start := end + len("、")
		next, _ := s.nameLength(start)
		if next == 0 {
			return
		}
		s.name(start, next)
		end = next
	}
}

// mark3 tells whether text begins with a mark of three bytes: 、。“（.
func mark3(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return r != '·' && r != '•' && (r < 0x3400 || r > 0x9fff)
}

// whole tells whether a text is a name and nothing else.
func whole(text string) bool {
	n := 0
	for _, r := range text {
		if n++; r != '·' && (r < 0x3400 || r > 0x9fff) {
			return false
		}
	}
	if first, second, dotted := strings.Cut(text, "·"); dotted {
		return len(first) >= 3 && len(second) >= 3 && n <= 15
	}
	l := surname(text)
	if l == 0 || n < 2 || n > 4 || n == 4 && l == 3 || hidden(text[l:]) {
		return false
	}
	for _, title := range []string{"女士", "先生", "小姐", "师傅", "老师", "医生", "主任", "同学", "经理", "队长", "书记", "大爷", "大妈", "阿姨"} {
		if strings.HasSuffix(text, title) {
			return false
		}
	}
	if n == 2 && strings.ContainsAny(text[l:], "工总姐哥叔姨老家氏") { // 张工, 李总
		return false
	}
	return !notNameTable[text[:6]] && !unitEnding(text)
}

// endsWith tells whether a text ends with one of some words.
func endsWith(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(text, w) })
}

// startsWith tells whether a text begins with one of some words.
func startsWith(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(text, w) })
}

// hidden tells whether a name is masked already: 张某, 李某某, 王xx.
func hidden(given string) bool {
	return strings.ContainsAny(given, "某×*○X")
}

// unitEnding tells whether a word is the name of a unit, a place or an office.
func unitEnding(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return endsWith(text, []string{"大学", "小学", "中学"}) || strings.ContainsRune("员局厂店部院会所校村队社行处科室办组市区县镇乡州省路街站司书巷弄等者人们类费款险证", r)
}

// sayings follow the name of somebody who turned to an office.
var sayings = []string{"来电", "来信", "来访", "反映", "咨询", "投诉", "留言", "求助", "称,", "称:", "说,", "说:"}

// nameAfter takes the name behind a word such as 患者.
func (s *scan) nameAfter(m mark) {
	start := m.end
	// 申请人（甲方）：张三
	rest := s.s[start:min(len(s.s), start+60)]
	if strings.HasPrefix(rest, "(") {
		if i := strings.IndexByte(rest, ')'); i > 0 && i < 24 {
			start += i + 1
		}
	}
	for _, w := range []string{"姓名", "名叫", "名为", "为", "系"} {
		if strings.HasPrefix(s.s[start:], w) {
			start += len(w)
		}
	}
	if start < len(s.s) && (s.s[start] == ':' || s.s[start] == '\t') {
		s.nameField(start)
		return
	}
	for start < len(s.s) && s.s[start] == ' ' {
		start++
	}
	end, sure := s.nameLength(start)
	if end == 0 && endsWith(s.s[m.start:m.end], kin) && start+9 <= len(s.s) && whole(s.s[start:start+9]) && !looseTable.begins(s.s[start:]) &&
		(s.letter || s.nearPerson(max(0, start-window), min(len(s.s), start+window))) {
		end, sure = start+9, true // 其丈夫王小明婚后…
	}
	if end == 0 {
		return
	}
	if endsWith(s.s[m.start:m.end], []string{"父", "母"}) && startsWith(s.s[start:], []string{"母", "父", "亲"}) { // 其父母
		return
	}
	from, to := s.record(start, end)
	strong := s.nearPerson(from, to) || startsWith(s.s[end:], []string{":您", ":你", ",家庭人口", ",系", ",住", ",家住", ",现年", ",现住"}) || s.has(sexWord|privateWord|ageWord, end, min(to, end+24))
	first := s.s[start : start+3]
	said := startsWith(s.s[end:], sayings) || strings.HasPrefix(s.s[end:], "等") && end+3 < len(s.s) && digit(s.s[end+3])
	whose := endsWith(s.s[max(0, m.start-3):m.start], []string{"我", "您", "其"}) || strings.HasPrefix(s.s[m.start:], "其")
	if said || whose && (end-start >= 9 || !looseTable.begins(first)) {
		sure, strong = sure || said, true
	}
	if endsWith(s.s[m.start:m.end], []string{"人", "者"}) && m.class&weakName == 0 && end-start >= 9 || strings.HasPrefix(s.s[m.start:], "之") || strings.HasPrefix(s.s[m.start:], "其") {
		sure, strong = true, strong || end-start >= 9 || sure // 被告人谷梓晨盗窃一案, 申请人之子庄秋在…
	}
	if m.class&weakName != 0 && !sure && !strong && (end-start < 9 || looseTable.begins(first)) {
		return
	}
	if looseTable.begins(first) && !strong && (!sure || m.class&weakName != 0) {
		return
	}
	s.name(start, end)
	s.nextNames(end)
}

// follows are the characters that may stand behind a name in a sentence.
const follows = "冒承认表愿逃窃伙去今前昨离同相现自予目前受病于因在犯系为的与和及等向对诉被之将经从是以名家持住称提未已由就所不申联出到去将遭受称说打报驾携酒死骑乘涉委签曾又还也拿趁均亦仍拒擅违无表要给让把投遂便私拐骗盗抢诈醉猥殴砸偷、。“”"

// nameLength is the end of the name at a place, 0 where there is none; sure tells
// whether a mark closes it.
func (s *scan) nameLength(start int) (end int, sure bool) {
	rest := s.s[start:min(len(s.s), start+30)]
	if i := strings.Index(rest, "·"); i >= 3 && i <= 18 && han(rest) && han(rest[i+len("·"):]) { // 卓玛·央金
		end = start + i + len("·")
		for second := end; end < len(s.s) && han(s.s[end:]) && (end < second+6 || !s.follow(end)); {
			end = next(s.s, end)
		}
		if whole(s.s[start:end]) {
			return end, delimited(s.s, end)
		}
		return 0, false
	}
	l := surname(rest)
	if l == 0 || len(rest) < l+3 || notNameTable[rest[:6]] {
		return 0, false
	}
	two := start + l + 3
	three := two
	if three < len(s.s) && s.s[three] >= 0xe4 && s.s[three] <= 0xe9 {
		three += 3
	}
	if !han(rest[l:]) {
		return 0, false
	}
	fits := func(end int) bool { return whole(s.s[start:end]) }
	switch {
	case three > two && delimited(s.s, three) && fits(three):
		return three, true
	case delimited(s.s, two) && fits(two):
		return two, true
	case s.follow(two) && fits(two):
		return two, false
	case three > two && s.follow(three) && fits(three):
		return three, false
	}
	return 0, false
}

// han tells whether a text begins with a Chinese character.
func han(text string) bool { return len(text) >= 3 && text[0] >= 0xe4 && text[0] <= 0xe9 }

// follow tells whether what is at a place may stand behind a name.
func (s *scan) follow(at int) bool {
	r, _ := utf8.DecodeRuneInString(s.s[at:])
	return strings.ContainsRune(follows, r) || startsWith(s.s[at:], []string{"来电", "来信", "来访", "信访", "反映", "夫妇", "夫妻", "先生", "女士", "同志", "利用", "虚报", "虚构"})
}

// delimited tells whether a mark, a blank, a digit or the end stands at a place.
func delimited(s string, at int) bool {
	if at >= len(s) || s[at] < utf8.RuneSelf {
		return true
	}
	r, _ := utf8.DecodeRuneInString(s[at:])
	return strings.ContainsRune("、。“”（）【】《》〔〕…—·", r)
}

// between may stand between a name and a value of the person.
var between = []string{
	"住宅电话", "家庭电话", "外国人永久居留身份证号", "外国人永久居留身份证", "外国人永久居留证号", "永久居留身份证号", "居住证", "通行证号", "通行证", "身份证件号码", "身份证件号", "残疾人证号", "残疾证号", "身份号码", "社会保障号码", "社会保障号", "社保号", "医保号", "户籍地址", "经营者", "权利人", "当事人", "申请人", "驾驶证号", "老人", "现年", "先生", "女士", "同志", "身份证号码", "公民身份号码", "居民身份证号码", "身份证号", "身份证", "一张", "一本", "公民身份证号码", "证件号码", "证件号", "电话号码", "联系电话", "电话", "手机号码", "手机号", "手机", "联系方式",
	"出生日期", "出生年月", "出生于", "生于", "银行卡号", "银行账号", "卡号", "账号", "家庭住址", "住址", "现住", "家住", "住", "户籍地", "护照号码", "护照号", "护照", "的", "是", "为",
	"男", "女", "汉族", "汉", "土家族", "苗族", "回族", "藏族", "彝族", "壮族", "满族", "蒙古族", "维吾尔族", "性别", "年龄", "周岁", "岁", "生", "月", "年", "日", "号码", "号", "、", "一卡通", "微信号", "微信", "邮箱", "电子邮件", "Email", "电子邮箱", "驾驶", "车牌号", "车牌", "籍贯", "小学文化", "初中文化", "高中文化", "大专文化", "文盲", "群众", "农民", "务农", "户籍所在地", "户籍地址", "居民",
}

// nameBefore is the name that stands before a value, with nothing but marks,
// labels and a description of the person between.
func (s *scan) nameBefore(at int) (start, end int, ok bool) {
	end = at
	floor := max(0, at-150)
trim:
	for end > floor {
		b := s.s[end-1]
		if b == '\n' || (b == '\t' || b == '|') && s.rowAt(at) != nil {
			return 0, 0, false
		}
		if b < utf8.RuneSelf {
			if letter(b) {
				if word := strings.ToUpper(s.s[max(floor, end-2):end]); word == "QQ" || word == "WX" || word == "VX" {
					end -= 2
					continue
				}
				return s.latinName(end)
			}
			end--
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(s.s[:end])
		for _, w := range s.c.between[last] {
			if strings.HasSuffix(s.s[floor:end], w) {
				end -= len(w)
				continue trim
			}
		}
		break
	}
	if end == at || end <= floor { // a name touches no value
		if end == at && end > 0 && !(at < len(s.s) && s.s[at] < utf8.RuneSelf) {
			return 0, 0, false
		}
	}
	if start, end, ok = s.nameEnding(end, s.proof(at)); ok {
		return start, end, true
	}
	if open := s.bracketAround(at); open > 0 { // 王小明(聋哑人,身份证号…
		return s.nameEnding(open, s.proof(at))
	}
	return 0, 0, false
}

// bracketAround is the place of the bracket that is open at a place, 0 where none is.
func (s *scan) bracketAround(at int) int {
	for i := at - 1; i > 0 && at-i < window && s.s[i] != '\n' && s.s[i] != ')'; i-- {
		if s.s[i] == '(' {
			return i
		}
	}
	return 0
}

// latinName is the name in Latin letters that ends at a place: John Smith.
func (s *scan) latinName(end int) (start, stop int, ok bool) {
	start = end
	for start > 0 && (letter(s.s[start-1]) || s.s[start-1] == ' ' || s.s[start-1] == '.') && end-start < 40 {
		start--
	}
	start += len(s.s[start:end]) - len(strings.TrimLeft(s.s[start:end], " ."))
	words := strings.Fields(s.s[start:end])
	for _, w := range words {
		if w[0] < 'A' || w[0] > 'Z' || len(w) > 1 && strings.ToUpper(w) == w {
			return 0, 0, false
		}
	}
	return start, end, len(words) > 1
}

// nameFirst is the name that the sentence or list item of a value begins with:
// 2.王小明,二级建造师,注册证书编号…
func (s *scan) nameFirst(at int) (start, end int, ok bool) {
	start, _ = s.sentence(at, at)
	for start < at {
		r, size := utf8.DecodeRuneInString(s.s[start:])
		if r >= utf8.RuneSelf && !strings.ContainsRune("①②③④⑤⑥⑦⑧⑨⑩、。", r) || r < utf8.RuneSelf && letter(byte(r)) {
			break
		}
		start += size
	}
	for end = start; end < at && han(s.s[end:]); {
		end = next(s.s, end)
	}
	if end >= at || s.s[end] != ',' && s.s[end] != '(' {
		return 0, 0, false
	}
	if text := s.s[start:end]; !whole(text) && !(len(text) == 9 && surname(text) > 0 && !unitEnding(text) && s.has(idLabel, end, min(at, end+18))) {
		return 0, 0, false
	}
	return start, end, !s.has(dutyLabel, start, end)
}

// kin are relatives.
var kin = []string{"丈夫", "妻子", "父亲", "母亲", "儿子", "女儿", "前夫", "前妻", "邻居", "之妻", "之夫", "之子", "之女", "之父", "之母", "老公", "老婆", "祖母", "祖父", "爱人", "配偶", "其妻", "其夫", "其子", "其女", "其父", "其母"}

// leads may stand before a name in a sentence: 受理王小明的申请.
var leads = []string{"受理", "将", "对", "与", "向", "给", "把", "付", "由", "和", "被", "造成", "致"}

// roles end the words before a name that say who it is.
var roles = []string{"人", "者", "户", "主", "民", "生", "工", "属", "妻", "夫", "子", "女", "儿", "母", "父", "兄", "弟", "姐", "妹", "友", "方", "员", "童", "胞", "有", "为", "将", "由", "与", "和", "对", "向", "给", "查", "到", "进", "往", "访", "望", "问", "号"}

// vehicles are what a person drives.
var vehicles = []string{"车", "号牌", "牌照"}

// proof tells whether the value at a place is a long number, which nothing but a
// name stands before.
func (s *scan) proof(at int) bool {
	n, i := 0, at
	for ; i < len(s.s) && (digit(s.s[i]) || strings.IndexByte("Xx* -", s.s[i]) >= 0); i++ {
		if s.s[i] != ' ' && s.s[i] != '-' {
			n++
		}
	}
	return n >= 14
}

// nameEnding is the name that ends at a place; sure says that a name is expected there.
func (s *scan) nameEnding(end int, sure bool) (start, stop int, ok bool) {
	start = end
	for n := 0; start > 0 && n < 16; n++ {
		r, size := utf8.DecodeLastRuneInString(s.s[:start])
		if r != '·' && (r < 0x3400 || r > 0x9fff) {
			break
		}
		start -= size
	}
	// 申请人张三: the label is not part of the name
	if m, found := s.last(personLabel|nameLabel, start, end); found {
		start = m.end
	} else if m, found := s.last(dutyLabel, start, end); found && m.start == start {
		return 0, 0, false
	}
	if sure && end-start <= 9 && celled(s.s[start:end]) && !s.has(fieldLabel, start, end) {
		return start, end, true
	}
	if end > start && whole(s.s[start:end]) {
		return start, end, !strings.Contains(s.s[start:end], "·") || !s.has(dutyLabel, start, end)
	}
	for _, n := range []int{12, 9, 6} { // …工人王小明: the end of a longer word
		at := end - n
		if at <= start || !whole(s.s[at:end]) && !(sure && n == 9 && celled(s.s[at:end]) && !notNameTable[s.s[at:at+6]]) || sure && s.has(fieldLabel, at, end) {
			continue
		}
		if led := endsWith(s.s[start:at], leads) || sure && endsWith(s.s[start:at], roles); led || !looseTable.begins(s.s[at:]) {
			return at, end, !s.has(dutyLabel, max(start, at-15), at)
		}
	}
	return 0, 0, false
}

// aboutPerson tells whether the sentence around 男 or 女 describes a private
// person, and not an official or a delegate.
func (s *scan) aboutPerson(start, end int) bool {
	from, to := s.sentence(start, end)
	return !s.publicLine(start) &&
		(s.nearPerson(from, to) || s.has(personLabel|homeLabel|birthLabel|healthWord|caseWord|idLabel|ageWord|minorWord|privateWord, from, to))
}

// publicLine tells whether the paragraph of a place, or the beginning of the next,
// speaks of posts and honours.
func (s *scan) publicLine(at int) bool {
	from, line := at-len(s.before(at, window)), s.after(at, window)
	to := at + len(line)
	if len(line) < window {
		to = min(len(s.s), to+24)
	}
	return s.has(publicDuty, from, to)
}

// beforeIllness may stand between a name and an illness.
var beforeIllness = []string{"因", "患", "患有", "因患", "身患", "罹患", "突发", "被", "确诊", "确诊为", "诊断为", "查出", "得了"}

// nameOfSick finds the name directly before an illness: 王小明因尿毒症.
func (s *scan) nameOfSick(m mark) {
	at := m.start
	for trimmed := true; trimmed; {
		trimmed = false
		for _, w := range beforeIllness {
			if strings.HasSuffix(s.s[max(0, at-15):at], w) {
				at, trimmed = at-len(w), true
				break
			}
		}
	}
	start, end, ok := s.nameEnding(at, false)
	led := ok && endsWith(s.s[max(0, start-9):start], leads)
	if !ok || end-start < 9 || !led && (!s.fresh(start) || looseTable.begins(s.s[start:])) {
		return
	}
	s.name(start, end)
}

// health finds diagnoses and disabilities that stand in a sentence about a named person.
func (s *scan) health() {
	for _, m := range s.marks {
		if m.class&illWord != 0 && m.class&healthWord == 0 {
			s.diagnosis(m.end)
		}
		if m.class&illLabel != 0 && strings.HasPrefix(s.s[m.end:], ":") && s.rowAt(m.start) == nil {
			s.suffering(m)
		}
		if m.class&illBehind != 0 { // 因肺动脉高压去世
			b := clauseBefore(s.s, m.start)
			if i := strings.LastIndex(b, "因"); i >= 0 && len(b)-i > 6 && ailment(b[i+len("因"):]) && s.nearPerson(s.record(m.start, m.end)) {
				s.hit("P-HEALTH", m.start-len(b)+i+len("因"), m.start, "发现与具体个人相连的健康信息，请删除。", "〔健康信息〕")
			}
		}
		if m.class&healthWord == 0 {
			continue
		}
		from, to := s.record(m.start, m.end)
		told := s.letter && containsAny(clauseBefore(s.s, m.start), ailing) || s.letter && s.has(illWord, max(from, m.start-18), m.start) && !containsAny(s.s[from:m.start], []string{"如您", "若您", "如果", "您可"}) && containsAny(s.s[from:m.start], []string{"您", "本人", "我父", "我母", "我妻", "我丈", "我儿", "我女", "我爱人"})
		if !told && !s.nearPerson(s.about(from), to) || !ill(s.s, m) {
			continue
		}
		end := m.end
		for _, w := range []string{"患者", "病人", "人员"} {
			end = m.start + len(strings.TrimSuffix(s.s[m.start:end], w))
		}
		if rest := s.s[end:]; strings.HasPrefix(rest, "残疾") { // 精神二级残疾
			end += len("残疾")
		} else if strings.HasPrefix(s.s[m.start:], "肢体残疾") || strings.HasSuffix(s.s[m.start:end], "残疾") {
			for _, d := range []string{"一级", "二级", "三级", "四级", "1级", "2级", "3级", "4级"} {
				if strings.HasPrefix(rest, d) {
					end += len(d)
				}
			}
		}
		s.hit("P-HEALTH", m.start, end, "发现与具体个人相连的健康信息，请删除。", "〔健康信息〕")
	}
	s.ailments()
}

// ailments reports clauses that are nothing but the name of an illness (…,肺动脉高压,…)
// in the record of a person.
func (s *scan) ailments() {
	done := 0
	for _, p := range slices.Sorted(slices.Values(s.people)) {
		if p < done || s.rowAt(p) != nil {
			continue
		}
		from, to := s.record(p, p)
		for start := max(from, done); start < to; {
			end := start
			for end < to && !delimited(s.s, end) {
				end = next(s.s, end)
			}
			if text := s.s[start:end]; ailment(text) && !strings.HasPrefix(s.s[end:], ":") {
				s.hit("P-HEALTH", start, end, "发现与具体个人相连的健康信息，请删除。", "〔健康信息〕")
			}
			for start = max(end, start+1); start < to && delimited(s.s, start); {
				start = next(s.s, start)
			}
		}
		done = max(done, to)
	}
}

// about is where the words about the person of a sentence begin: a sentence that
// takes up the person of the one before (其子系…, 本人系…) belongs to it.
func (s *scan) about(from int) int {
	if startsWith(s.s[from:], []string{"本人", "其", "该", "他", "她", "老人", "家中", "妻子", "丈夫", "现"}) {
		return from - len(s.before(from, window))
	}
	return from
}

// clauseBefore is the text before a place back to the last mark.
func clauseBefore(text string, at int) string {
	start := at
	for start > 0 && at-start < 60 && !delimited(text, lastRune(text, start)) {
		start = lastRune(text, start)
	}
	return text[start:at]
}

// ailing stand before what a relative of the writer of a letter has.
var ailing = []string{"母亲有", "父亲有", "妻子有", "丈夫有", "孩子有", "儿子有", "女儿有", "老人有", "爷爷有", "奶奶有", "爱人有", "老伴有", "我有", "本人有"}

// fresh tells whether a clause or a label's value begins at a place.
func (s *scan) fresh(at int) bool {
	if at == 0 || delimited(s.s, lastRune(s.s, at)) {
		return true
	}
	m, ok := s.last(personLabel|nameLabel, max(0, at-45), at)
	return ok && m.end == at
}

// diagnosis reports what stands behind 诊断为 in a sentence about a named person.
func (s *scan) diagnosis(start int) {
	for _, w := range []string{"为", "是", "有"} {
		if strings.HasPrefix(s.s[start:], w) {
			start += len(w)
		}
	}
	end := start
	for end < len(s.s) && end-start < 36 && !delimited(s.s, end) {
		end = next(s.s, end)
	}
	if from, to := s.sentence(start, end); end-start < 9 || end-start >= 36 || s.has(healthWord, start, end) || !s.nearPerson(from, to) {
		return
	}
	s.hit("P-HEALTH", start, end, "发现与具体个人相连的健康信息，请删除。", "〔健康信息〕")
}

// suffering reports what stands behind 诊断: in a line or form about a person.
func (s *scan) suffering(m mark) {
	start := m.end + len(":")
	end := start
	for end < len(s.s) && end-start < 60 && !delimited(s.s, end) {
		end = next(s.s, end)
	}
	value := s.s[start:end]
	line := m.start - len(s.before(m.start, window))
	if strings.HasSuffix(s.s[:m.end], "原因") && !containsAny(value, []string{"病", "残", "癌"}) {
		return
	}
	if end-start < 6 || startsWith(value, []string{"无", "否", "未", "不", "详", "见", "如"}) || !s.nearPerson(line, m.start) && !s.nearPerson(s.record(m.start, end)) && !s.form(m.start) {
		return
	}
	s.hit("P-HEALTH", start, end, "发现与具体个人相连的健康信息，请删除。", "〔健康信息〕")
}

// ill tells whether a word for an illness speaks of one, and not of a ward, a
// medicine or the care for it.
func ill(text string, m mark) bool {
	return !startsWith(text[m.end:], []string{"医院", "科", "门诊", "防治", "中心", "专科", "病房", "筛查", "药", "康复", "护理", "机构", "学", "专业", "预防", "按摩", "协会", "疫苗", "医疗", "研究", "鉴定", "证", "检测", "治疗机构"})
}
