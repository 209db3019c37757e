package personal

import (
	"strings"
	"unicode/utf8"
)

// groupsOf tells whether all groups but the last have n digits.
func groupsOf(ends []int, n int) bool {
	for i, e := range ends[:len(ends)-1] {
		if e != (i+1)*n {
			return false
		}
	}
	return true
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
	if label, ok := s.last(cardLabel, from, start); ok {
		if who := clauseBefore(s.s, max(from, label.start-1)); len(who) >= 15 && endsWith(who, []string{"基金", "中心", "局", "公司", "委员会", "学校", "医院", "政府", "协会", "专户", "法院", "大队", "支队", "办公室"}) {
			return true // 转入:某某基金,账号…
		}
	}
	if s.has(ownMoney|idLabel|homeLabel, from, start) || paid(s.s[from:start]) || s.nearPerson(from, start) {
		return false
	}
	if n := digits(s.s[start:end]); len(n) >= 16 && n[:2] == "62" && Luhn(n) { // units have accounts, persons have cards
		return s.has(unitMoney, from, start)
	}
	return s.has(unitMoney, max(0, start-2*window), min(len(s.s), end+60))
}

// paid tells whether a sentence says that money went to somebody's account.
func paid(text string) bool {
	return containsAny(text, []string{"汇入", "转入", "打入", "存入", "拨付至", "发放至", "打卡", "退回", "退还", "返还"}) &&
		containsAny(text, []string{"救助", "补偿", "补助", "补贴", "抚恤", "赔偿", "养老金", "慰问", "奖励", "工资", "退款", "低保", "其", "本人"})
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
