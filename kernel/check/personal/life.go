package personal

import (
	"strings"
)

// titles may follow the name in a salutation.
var titles = []string{"先生", "女士", "同志", "小姐", "同学"}

// salutation finds the name that a letter begins with: 王小明先生：
func (s *scan) salutation() (from, to int, ok bool) {
	for at := 0; at < len(s.s) && at < 1200; {
		line := s.after(at, len(s.s))
		text := strings.TrimSpace(line)
		start := at + strings.Index(line, text)
		if who, ok := strings.CutSuffix(text, ":"); ok && len(who) <= 400 {
			for _, w := range []string{"尊敬的", "网民", "网友", "市民", "群众", "来信人", "信访人"} {
				if strings.HasPrefix(who, w) {
					who, start = who[len(w):], start+len(w)
				}
			}
			if i := strings.IndexByte(who, '('); i > 0 && strings.HasSuffix(who, ")") { // 王小明(身份证号…):
				who = who[:i]
			}
			who = strings.TrimSuffix(strings.TrimSuffix(who, "您好"), ",")
			for _, w := range titles {
				who = strings.TrimSuffix(who, w)
			}
			if next := s.after(min(len(s.s), at+len(line)+1), 180) + s.after(min(len(s.s), at+len(line)+2), 180); whole(who) && containsAny(next, []string{"您", "你"}) && !containsAny(next, []string{"任命", "聘任", "聘请"}) {
				return start, start + len(who), true
			}
		}
		at += len(line) + 1
	}
	return 0, 0, false
}

// losses finds who owns something or lost it: 王小明遗失不动产权证书一本, 登记在王小明名下.
func (s *scan) losses() {
	for _, m := range s.marks {
		if m.class&lostWord == 0 {
			continue
		}
		start := m.start
		for n := 0; n < 5 && start > 0 && !delimited(s.s, lastRune(s.s, start)) && !endsWith(s.s[max(0, start-3):start], []string{"在", "将", "为"}); n++ {
			start = lastRune(s.s, start)
		}
		if whole(s.s[start:m.start]) {
			s.name(start, m.start)
		}
	}
}

// certificates finds numbers of certificates, schools and hospitals that are one
// person's (content-review 4.1): 学号, 住院号, 不动产权证号.
func (s *scan) certificates() {
	for _, m := range s.marks {
		if m.class&certLabel == 0 || s.rowAt(m.start) != nil {
			continue
		}
		start := m.end
		for start < len(s.s) && (label(s.s[start:next(s.s, start)]) && s.s[start] != '(' || strings.HasPrefix(s.s[start:], "编")) {
			start = next(s.s, start)
		}
		end := certificateEnd(s.s, start)
		if len(digits(s.s[start:end])) < 5 {
			continue
		}
		from, to := s.sentence(m.start, end)
		if s.has(dutyLabel, from, m.start) {
			continue
		}
		bound := s.nearPerson(from, to)
		if word := s.s[m.start:m.end]; !bound && containsAny(word, []string{"住院号", "病历号", "病案号", "门诊号", "学籍号"}) {
			bound = s.nearPerson(max(0, m.start-2*window), m.start) // nobody else has one
		}
		if !bound {
			_, _, bound = s.nameBefore(m.start)
		}
		if !bound {
			_, _, bound = s.nameFirst(m.start)
		}
		if bound && s.hit("P-CERT", start, end, "发现个人证照（学籍、病历）号码，请删除或者隐去中间部分。", "〔证件号码〕") {
			s.person(start)
		}
	}
}

// certificateEnd is the end of a certificate's number that begins at a place:
// letters and digits, or the long form 渝(2018)某某区不动产权第000123456号.
func certificateEnd(text string, start int) int {
	end, brackets := start, 0
	for end < len(text) && end-start < 90 {
		switch c := text[end]; {
		case c == '(' || c == '[':
			brackets++
		case (c == ')' || c == ']') && brackets > 0:
			brackets--
		case alnum(c) || c == '-':
		case han(text[end:]) && !delimited(text, end):
		default:
			return end
		}
		end = next(text, end)
		if strings.HasSuffix(text[start:end], "号") {
			return end
		}
	}
	return end
}

// circumstances finds what is told of a person's income, debts, marriage, faith
// and small children (content-review 4.1).
func (s *scan) circumstances() {
	const message = "发现个人家庭、婚姻、收入等情况，请删除。"
	for _, m := range s.marks {
		if m.class&privateWord == 0 || s.rowAt(m.start) != nil {
			continue
		}
		from, to := s.sentence(m.start, m.end)
		if startsWith(s.s[m.end:], []string{"的", "或", "、", "人员", "家庭", "证", "等", "且", "并", "前", "夫妻", "时间", "之"}) || endsWith(s.s[max(0, m.start-9):m.start], []string{"如", "若", "或", "、", "或者", "如果", "属于", "应当"}) {
			continue
		}
		word := s.s[m.start:m.end]
		if endsWith(word, []string{"人员", "对象"}) && !delimited(s.s, m.end) { // 吸毒人员王小明: the name says enough
			continue
		}
		own := s.letter && !strings.HasPrefix(word, "信仰") && (strings.HasPrefix(word, "刚") || containsAny(s.s[max(from, m.start-30):m.start], []string{"我", "您", "你", "本人"}))
		if own || s.nearPerson(from, to) {
			s.hit("P-PRIVATE", m.start, m.end, message, "〔个人情况〕")
		}
	}
	s.records()
	for _, t := range s.tokens {
		if !t.digits || t.end-t.start > 9 {
			continue
		}
		if end := s.sum(t); end > 0 && s.labelled(wealthLabel, t.start) {
			if from, to := s.record(t.start, end); s.nearPerson(from, to) && s.rowAt(t.start) == nil {
				s.hit("P-PRIVATE", t.start, end, message, "〔金额〕")
			}
		}
		s.childAge(t)
	}
}

// records finds what a sentence about a named person tells of earlier punishments:
// 曾因盗窃罪被判处有期徒刑二年.
func (s *scan) records() {
	for at := 0; ; {
		i := strings.Index(s.s[at:], "曾因")
		if i < 0 {
			return
		}
		start := at + i
		clause := s.after(start, 180)
		if i := strings.IndexAny(clause, ",;)"); i > 0 {
			clause = clause[:i]
		}
		clause, _, _ = strings.Cut(clause, "。")
		at = start + len(clause)
		if from, to := s.sentence(start, at); containsAny(clause, []string{"判处", "有期徒刑", "拘役", "行政拘留", "强制隔离戒毒", "劳动教养"}) && s.nearPerson(from, to) {
			s.hit("P-PRIVATE", start, at, "发现个人违法犯罪记录，请删除。", "〔个人情况〕")
		}
	}
}

// sum is the end of a sum of money that begins with a token, 0 where it is none.
func (s *scan) sum(t token) int {
	end := t.end
	for end < min(len(s.s), t.end+30) && (digit(s.s[end]) || s.s[end] == '.' || s.s[end] == ',') { // no sum is longer
		end++
	}
	if strings.HasPrefix(s.s[end:], "余") {
		end += len("余")
	}
	if strings.HasPrefix(s.s[end:], "万") {
		end += len("万")
	}
	if strings.HasPrefix(s.s[end:], "元") {
		return end + len("元")
	}
	return 0
}

// childAge reports the age of a child that belongs to a person the text tells of.
func (s *scan) childAge(t token) {
	rest := s.s[t.end:]
	if number(s.s[t.start:t.end]) >= 14 || !startsWith(rest, []string{"岁", "周岁", "个月大"}) {
		return
	}
	end := t.end + strings.Index(rest, "岁") + len("岁")
	if strings.HasPrefix(rest, "个月大") {
		end = t.end + len("个月大")
	}
	from, to := s.sentence(t.start, end)
	if startsWith(s.s[end:], []string{"以", "及", "至", "(含", "之", "-", "—", "的儿童", "儿童"}) || endsWith(s.s[max(0, t.start-12):t.start], []string{"满", "超过", "达到", "-", "至", "—", "~", "低于"}) {
		return
	}
	start, stop, child := s.nameBefore(t.start) // 王小明(男,11岁)
	child = child && s.known[start] && !s.dutyAround(start, stop) ||
		s.has(sexWord, max(from, t.start-9), t.start) && s.nearPerson(max(from, t.start-24), t.start)
	if child || s.has(kinWord, max(from, t.start-36), min(to, end+18)) && (s.nearPerson(from, to) || s.letter || s.has(personLabel, from, t.start)) {
		s.hit("P-PRIVATE", t.start, end, "发现儿童的个人信息，请删除。", "〔年龄〕")
	}
}
