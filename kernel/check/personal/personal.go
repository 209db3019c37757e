// Package personal finds personal data in texts that are to be published: numbers
// that prove themselves by a check digit, values that stand beside a word which
// says what they are, columns of tables, names of private persons, and lists of
// persons (content-review 4 and 5). It proposes the masked form that a published
// list needs, and masks whole columns for those who make such a list.
//
// What belongs to units is not personal: credit codes, office telephones and
// addresses, accounts into which fees are paid, mailboxes of the house. Where a
// text does not say whose a value is, nothing is reported.
package personal

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/check"
)

// Config is what a house knows of itself and how it wants lists to be masked.
type Config struct {
	Phones        []string // registered numbers of units, in any writing
	Addresses     []string // addresses of units
	Mailboxes     []string // registered mailboxes
	Domains       []string // mail domains of units, without @
	Accounts      []string // accounts of units
	PersonListMin int      // persons from which a text is a list of persons; 0 = 5
	Profile       Profile  // of names
}

// Checker finds personal data. Make it with New.
type Checker struct {
	config    Config
	words     *lexicon
	between   map[rune][]string // what may stand between a name and a value, by last character
	registers map[string]bool   // digits of phones and accounts of the house, mailboxes
}

// New makes a checker for a house.
func New(c Config) *Checker {
	if c.PersonListMin <= 0 {
		c.PersonListMin = 5
	}
	k := &Checker{config: c, words: newLexicon(), between: map[rune][]string{}, registers: map[string]bool{}}
	for _, w := range between {
		last, _ := utf8.DecodeLastRuneInString(w)
		k.between[last] = append(k.between[last], w)
	}
	for _, n := range slices.Concat(c.Phones, c.Accounts) {
		k.registers[digits(n)] = true
	}
	for _, m := range c.Mailboxes {
		k.registers[strings.ToLower(m)] = true
	}
	return k
}

// Rules lists what is looked for.
func (c *Checker) Rules() []check.Rule {
	const gate = check.Gate | check.Published
	rule := func(id string, s check.Severity, title, source string, at check.Stage) check.Rule {
		return check.Rule{ID: id, Kind: check.Personal, Severity: s, Title: title, Source: source, Stages: at}
	}
	list := []check.Rule{
		rule("P-ID", check.Block, "身份证号码", "GB 11643-1999；REV-13", check.Everywhere),
		rule("P-ID15", check.Confirm, "15位身份证号码", "GB 11643-1999", gate),
		rule("P-ID-CHECK", check.Confirm, "校验位不符的身份证号码", "GB 11643-1999；REV-14", gate),
		rule("P-ID-MASK", check.Confirm, "身份证号码脱敏不足", "content-review 4.2；REV-15", gate|check.Outside),
		rule("P-PERMIT", check.Block, "居住证、永久居留证号码", "REV-65", check.Everywhere),
		rule("P-PASSPORT", check.Confirm, "护照号码", "个人信息保护法", gate),
		rule("P-TRAVEL", check.Confirm, "通行证号码", "个人信息保护法", gate),
		rule("P-MOBILE", check.Block, "手机号码", "个人信息保护法；REV-16", check.Everywhere),
		rule("P-PHONE", check.Confirm, "个人固定电话", "个人信息保护法", gate),
		rule("P-CARD", check.Block, "银行卡号", "个人信息保护法第二十八条；REV-17", check.Everywhere),
		rule("P-ACCOUNT", check.Confirm, "个人银行账号", "个人信息保护法第二十八条", gate),
		rule("P-PLATE", check.Confirm, "机动车号牌", "content-review 4.1", gate),
		rule("P-EMAIL", check.Confirm, "个人电子邮箱", "个人信息保护法", gate),
		rule("P-CHAT", check.Confirm, "个人QQ、微信号", "个人信息保护法", gate),
		rule("P-ADDRESS", check.Confirm, "家庭住址", "个人信息保护法", gate),
		rule("P-BIRTH", check.Confirm, "出生日期", "个人信息保护法", gate),
		rule("P-GEO", check.Confirm, "精确位置坐标", "个人信息保护法第二十八条", gate),
		rule("P-HEALTH", check.Confirm, "与具体个人相连的健康信息", "个人信息保护法第二十八条", gate),
		rule("P-CERT", check.Confirm, "个人证照、学籍、病历号码", "content-review 4.1", gate),
		rule("P-PRIVATE", check.Confirm, "收入、负债、婚姻等个人情况", "content-review 4.1；个人信息保护法第二十八条", gate),
		rule("P-NAME", check.Confirm, "个人姓名", "content-review 4.1", gate),
		rule("P-CASE", check.Block, "特定人员的真实姓名", "content-review 7.6；个人信息保护法第二十八条；REV-66", gate),
		rule("P-TRACE", check.Block, "流调信息中的个人信息", "REV-68", gate),
		rule("P-COLUMN", check.Block, "公开表格中不得公开的列", "个人信息保护法；REV-19", gate),
		rule("P-LIST", check.Confirm, "名单类信息", "个人信息保护法第六条；REV-20", gate),
		rule("P-USCC", check.Confirm, "统一社会信用代码校验", "GB 32100-2015；REV-18", gate|check.Outside),
	}
	for i := range list {
		switch list[i].ID {
		case "P-LIST": // what is asked for is about the whole text, not about a value
			list[i].Kind = check.Aggregation
		case "P-USCC": // public for organisations: a wrong one is a typing error
			list[i].Kind = check.Number
		}
	}
	return list
}

// Check reports personal data in a text.
func (c *Checker) Check(t *check.Text, report func(check.Hit)) {
	f := t.Folded()
	s := &scan{c: c, t: t, f: f, s: f.Body, report: report, known: map[int]bool{}, seen: map[string]bool{}, public: map[string]bool{}}
	s.read()
	s.layout()
	var named bool
	s.addressee.Start, s.addressee.End, named = s.salutation()
	s.letter, s.open = named || s.has(letterWord, 0, len(s.s)), s.has(openWord, 0, len(s.s))
	s.numbers()
	s.births()
	s.addresses()
	for _, judge := range s.later {
		judge()
	}
	s.contacts()
	s.losses()
	s.certificates()
	s.tables()
	s.names()
	s.bracketedHomes()
	s.rowAddresses()
	s.health()
	s.circumstances()
	s.epidemic()
	s.list()
}

// digits are the digits of a number in any writing.
func digits(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if digit(s[i]) {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
