package norm

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// numerals looks at how numbers are written (N1–N18).
func (s *scan) numerals() {
	for i, n := range s.nums {
		if n.chain {
			continue
		}
		if n.han {
			s.zero(n)
			s.between(i)
			continue
		}
		s.rangeOf(i)
		s.between(i)
		s.multiplied(n)
		s.few(n)
		s.fixed(n)
		s.grouping(n)
	}
	s.percent()
	s.units()
	s.events()
	s.amounts()
}

// rangeOf checks ranges whose first value lacks 万, 亿 or % (N2, N3).
func (s *scan) rangeOf(i int) {
	if i+1 >= len(s.nums) {
		return
	}
	a, b := s.nums[i], s.nums[i+1]
	if b.han || b.chain {
		return
	}
	sign := s.s[a.end:b.start]
	hyphen := false
	switch sign {
	case "~", "—", "――", "——", "∼", "〜":
	case "-", "–", "−":
		hyphen = true
	default:
		return
	}
	unit := s.hasAny(b.end, "万", "亿", "%", "‰")
	x, okX := parseDecimal(s.s[a.start:a.end])
	y, okY := parseDecimal(s.s[b.start:b.end])
	if unit == "" || !okX || !okY || x.float() >= y.float() || unit != "%" && unit != "‰" && x.float() >= 1000 {
		return
	}
	if w := s.before(a.start); strings.ContainsRune("-.—~/+±第", w) || w < 0x80 && (w >= 'A' && w <= 'Z' || w >= 'a' && w <= 'z') {
		return
	}
	o := s.f.Original(a.end, b.start)
	first, second := s.s[a.start:a.end], s.s[b.start:b.end]
	if hyphen {
		s.hit("N3", a.start, b.end+len(unit), first+unit+"—"+second+unit, "数值范围用“—”或“～”连接，前一数值不省略“%s”。", unit)
		return
	}
	s.hit("N2", a.start, b.end+len(unit), first+unit+s.t.Body[o.Start:o.End]+second+unit, "数值范围省略“%s”可能产生歧义。", unit)
}

// zero checks 零 and 〇 (N5).
func (s *scan) zero(n num) {
	text := s.s[n.start:n.end]
	count := utf8.RuneCountInString(text)
	if strings.ContainsAny(text, "十百千万亿两") {
		at := strings.IndexAny(text, "〇○◯")
		if at <= 0 || count > 12 {
			return
		}
		// between a unit and a digit: 一百〇五
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+3:])
		if strings.ContainsRune("百千万亿", before) && digitOf(after) > 0 {
			s.hit("N5", n.start, n.end, text[:at]+"零"+text[at+3:], "计量的数中用“零”，不用“〇”。")
		}
		return
	}
	if count != 4 || !s.has(n.end, "年") || !strings.ContainsAny(text, "零○◯Oo0") {
		return
	}
	first, _ := utf8.DecodeRuneInString(text)
	if first != '一' && first != '二' {
		return
	}
	right := strings.NewReplacer("零", "〇", "○", "〇", "◯", "〇", "O", "〇", "o", "〇", "0", "〇").Replace(text)
	s.hit("N5", n.start, n.end, right, "年份应写作“%s年”。", right)
}

// measures follow numbers that are a quantity. Words for ranks and grades (等, 级,
// 号, 类, 期, 批) are left out: 一、二等奖 means both.
var measures = []string{
	"个", "天", "年", "人", "名", "家", "件", "次", "米", "里", "公里", "倍", "小时", "分钟", "周", "户", "亩", "吨", "元", "斤", "遍", "辆", "十", "百", "千", "万", "支", "条", "处", "台", "套", "场",
}

// between checks two neighbouring numerals with 、 between them (N6).
func (s *scan) between(i int) {
	if i+1 >= len(s.nums) {
		return
	}
	a, b := s.nums[i], s.nums[i+1]
	if a.han != b.han || !s.has(a.end, "、") || b.start != a.end+len("、") {
		return
	}
	x, okX := s.value(a)
	y, okY := s.value(b)
	if !okX || !okY || y != x+1 || x < 1 || y > 9 {
		// 二、三十: the ten is one numeral with the digit
		if !a.han || !okX || !okY || x < 1 || x > 8 || y != (x+1)*10 && y != (x+1)*100 {
			return
		}
	} else if s.s[b.start:b.end] == "两" || s.s[a.start:a.end] == "两" {
		return
	}
	l := s.lines[s.lineAt(a.start)]
	w := s.before(a.start)
	if a.start == s.skip(l.start) || strings.ContainsRune("、第(。;:.-—~/年月", w) || w < 0x80 && (w != ',' || x == 1) {
		return
	}
	word := s.hasAny(b.end, measures...)
	if word == "" || s.hasAny(b.end, "年级", "次产业", "人民", "家庭", "周岁", "条规定", "条、", "条款", "次会议", "年度", "里程", "万达", "百货", "年期") != "" {
		return
	}
	if word == "条" || word == "台" || word == "场" || word == "支" || word == "年" && !a.han || word == "周" {
		return // articles, numbered things, years of a plan
	}
	text := hanText(s.s[a.start:a.end]) + hanText(s.s[b.start:b.end])
	s.hit("N6", a.start, b.end, text, "相邻数字连用表示概数，用汉字数字，中间不加顿号。")
}

// hanText writes Arabic digits in Chinese.
func hanText(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r >= '0' && r <= '9' {
			b.WriteString(hanRune(int(r - '0')))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// multiplied checks 3千人 (N7).
func (s *scan) multiplied(n num) {
	word := s.hasAny(n.end, "十", "百", "千")
	text := s.s[n.start:n.end]
	if word == "" || len(text) > 2 || text[0] == '0' || strings.ContainsAny(text, ".,") {
		return
	}
	w := s.before(n.start)
	each := w == '月' && strings.HasSuffix(s.s[:n.start], "每月") || w == '年' && strings.HasSuffix(s.s[:n.start], "每年")
	if !each && strings.ContainsRune("第、年月日号万亿.-—/:'‘’“\"·", w) || w < 0x80 && w > ' ' && w != '(' && w != ',' && w != '~' {
		return
	}
	at := n.end + len(word)
	// a quantity goes on with a measure word; 千米 千克 千瓦 are units, 百强 百日 百姓 words
	next := s.hasAny(at, "多", "余", "万", "亿", "个", "名", "人", "元", "户", "家", "亩", "件", "次", "吨", "册", "份", "台", "套", "公里", "平方", "辆", "株", "棵", "头", "只", "斤", "栋", "场", "座", "处", "间", "支", "篇", "盏")
	if next == "" || s.hasAny(at, "家姓", "人计划", "人会", "名家", "家企业", "个一", "万里") != "" {
		return
	}
	zeros := map[string]string{"十": "0", "百": "00", "千": "000"}[word]
	s.hit("N7", n.start, at, text+zeros, "阿拉伯数字后不用“%s”，应写作“%s”。", word, text+zeros)
}

// few checks 10几人 (N8).
func (s *scan) few(n num) {
	text := s.s[n.start:n.end]
	if !s.has(n.end, "几") || strings.ContainsAny(text, ".,") {
		return
	}
	at := n.end + len("几")
	if s.hasAny(at, "何", "乎", "点", "号", "月", "时", "天内") != "" {
		return
	}
	v, _ := s.value(n)
	if v < 10 || v > 90 || v%10 != 0 {
		return
	}
	right := hanNumber(int(v)) + "几"
	s.hit("N8", n.start, at, right, "“几”与汉字数字连用，应写作“%s”。", right)
}

// fixedWords are set phrases that begin with a numeral in Chinese, as they look when
// typed with figures; those with quoted stand in quotation marks or behind a verb.
var fixedWords = []struct {
	n      int
	rest   string
	quoted bool
}{
	{4, "个意识", true}, {4, "个自信", true}, {4, "个全面", true}, {2, "个维护", true}, {2, "个确立", true}, {8, "项规定精神", false},
	{6, "方会谈", false}, {1, "带1路", false}, {1, "国2制", false}, {5, "位1体", false}, {3, "严3实", false}, {3, "农问题", false}, {3, "农工作", false},
}

// fixed checks sessions and set phrases (N9).
func (s *scan) fixed(n num) {
	v, ok := s.value(n)
	if !ok || v < 1 || v > 99 || n.end-n.start > 2 {
		return
	}
	w := s.before(n.start)
	if digitRune(w) || w == '.' || w == '-' {
		return
	}
	han := hanNumber(int(v))
	report := func(end int) {
		s.hit("N9", n.start, end, han, "届次、会次和固定词语用汉字数字，应写作“%s”。", han+s.s[n.end:min(n.end+len("届"), len(s.s))])
	}
	switch {
	case s.has(n.end, "届") && s.hasAny(n.end+len("届"), "全国人大", "全国人民代表大会", "全国政协", "全国委员会", "中央委员会", "中央纪律检查委员会", "人大", "人民代表大会", "政协", "党代会", "中共", "中纪委", "市委", "区委", "省委") != "",
		s.has(n.end, "届") && s.hanTerm(n.end+len("届")),
		s.has(n.end, "中全会") && s.endsWith(n.start, "届") != "",
		s.has(n.end, "次全体会议") && s.endsWith(n.start, "第") != "" && (strings.Contains(s.window(n.start, 40), "委员会") || strings.Contains(s.window(n.start, 40), "届")),
		s.hasAny(n.end, "次会议") != "" && s.endsWith(n.start, "人大", "人民代表大会", "政协", "人大第", "政协第", "大会第", "委员会第", "常委会第") != "",
		s.has(n.end, "次全国代表大会") && s.endsWith(n.start, "第") != "",
		s.has(n.end, "大") && s.endsWith(n.start, "党的") != "" && s.hasAny(n.end+len("大"), "报告", "精神", "以来", "召开", "代表", "和", "胜利", "明确", "作出", "提出", "对", "关于", "、", ",", "。") != "":
		report(n.end)
	default:
		for _, w := range fixedWords {
			if int(v) != w.n || !s.has(n.end, w.rest) {
				continue
			}
			end := n.end + len(w.rest)
			if w.quoted && !s.quoted(n.start, end) && s.endsWith(n.start, "增强", "坚定", "做到", "拥护") == "" {
				continue
			}
			right := hanText(s.s[n.start:end])
			s.hit("N9", n.start, end, right, "固定词语用汉字数字，应写作“%s”。", right)
		}
	}
}

// hanTerm tells whether 四中全会 follows.
func (s *scan) hanTerm(at int) bool {
	n, ok := s.numAt(at)
	return ok && s.has(n.end, "中全会")
}

// quoted tells whether quotation marks stand around a stretch.
func (s *scan) quoted(start, end int) bool {
	b, a := s.before(start), s.after(end)
	return (b == '“' || b == '"') && (a == '”' || a == '"')
}

// grouping checks thousands (N14).
func (s *scan) grouping(n num) {
	// arabic stops at a group that is not of three digits: 12,34,567
	if !s.has(n.end, ",") || s.before(n.start) == ',' || n.end-n.start > 3 {
		return
	}
	groups := []int{n.end - n.start}
	at := n.end
	for at < len(s.s) && s.s[at] == ',' && at+1 < len(s.s) && isDigit(s.s[at+1]) {
		end := at + 1
		for end < len(s.s) && isDigit(s.s[end]) {
			end++
		}
		groups = append(groups, end-at-1)
		at = end
	}
	if len(groups) != 3 || groups[1] != 2 || groups[2] != 3 {
		return
	}
	s.hit("N14", n.start, at, "", "千分位从个位起每三位一组，请核对。")
}

// percent proposes figures for 百分之六十三点五 (N1).
func (s *scan) percent() {
	s.each("百分之", func(at int) {
		start := at + len("百分之")
		a, ok := s.numAt(start)
		if !ok || !a.han || !s.has(a.end, "点") {
			return
		}
		b, ok := s.numAt(a.end + len("点"))
		if !ok || !b.han || strings.ContainsAny(s.s[b.start:b.end], "十百千万亿") {
			return
		}
		whole, ok := s.value(a)
		if !ok {
			return
		}
		digits := ""
		for _, r := range s.s[b.start:b.end] {
			digits += fmt.Sprint(digitOf(r))
		}
		s.hit("N1", at, b.end, fmt.Sprintf("%d.%s%%", whole, digits), "统计和计量用阿拉伯数字，应写作“%d.%s%%”。", whole, digits)
	})
}

// units proposes legal units (N18).
func (s *scan) units() {
	for _, u := range [][2]string{{"公分", "厘米"}, {"平方", "平方米"}, {"立方", "立方米"}, {"平米", "平方米"}} {
		s.each(u[0], func(at int) {
			if !digitRune(s.before(at)) {
				return
			}
			end := at + len(u[0])
			if u[0] != "公分" && u[0] != "平米" && s.hasAny(end, "米", "公", "千", "厘", "分", "毫", "英", "码", "根", "和", "差", "数", "面", "体") != "" {
				return
			}
			s.hit("N18", at, end, u[1], "应使用法定计量单位“%s”。", u[1])
		})
	}
}

// events checks events named by month and day (N12): the dot belongs to January,
// November and December only.
func (s *scan) events() {
	s.each("·", func(at int) {
		a := s.hanRunBefore(at)
		n, ok := s.numAt(a)
		after, ok2 := s.numAt(at + len("·"))
		if !ok || !ok2 || !n.han || !after.han || n.end != at {
			return
		}
		month, okM := s.value(n)
		day, okD := s.value(after)
		if !okM || !okD || month < 2 || month > 10 || day > 31 || s.s[n.start:n.end] == "十" {
			return
		}
		if b := s.before(n.start); b != '“' && b != '"' && s.hasAny(after.end, "运动", "节", "青年节", "劳动节") == "" {
			return
		}
		s.hit("N12", n.start, after.end, s.s[n.start:n.end]+s.s[after.start:after.end], "月份为一月、十一月、十二月的事件名才加间隔号。")
	})
	for _, e := range [][2]string{{"一二九运动", "“一二·九”运动"}, {"一二八事变", "“一·二八”事变"}} {
		s.each(e[0], func(at int) {
			s.hit("N12", at, at+len(e[0]), e[1], "应写作%s。", e[1])
		})
	}
}

const money = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正"

// amounts compares sums of money in words with the figures beside them (N17).
func (s *scan) amounts() {
	last := -1
	for _, unit := range []string{"元", "圆"} {
		s.each(unit, func(at int) {
			if at < last {
				return
			}
			start := at
			for start > 0 {
				r, size := utf8.DecodeLastRuneInString(s.s[:start])
				if !strings.ContainsRune(money, r) {
					break
				}
				start -= size
			}
			end := at
			for end < len(s.s) {
				r, size := utf8.DecodeRuneInString(s.s[end:])
				if !strings.ContainsRune(money, r) {
					break
				}
				end += size
			}
			last = end
			words := s.s[start:end]
			fen, ok := amount(words)
			if !ok || !strings.ContainsAny(words, "壹贰叁肆伍陆柒捌玖") {
				return
			}
			if figure, ok := s.figureBeside(start, end); ok && figure != fen {
				s.hit("N17", start, end, "", "大写金额与小写金额（%s元）不一致，请核对。", yuan(figure))
			}
		})
	}
}

func yuan(fen int64) string {
	if fen%100 == 0 {
		return fmt.Sprint(fen / 100)
	}
	return fmt.Sprintf("%d.%02d", fen/100, fen%100)
}

// moneyWords may stand between an amount in words and its figures.
var moneyWords = strings.NewReplacer(" ", "", "人民币", "", "元", "", "RMB", "", "即", "", ":", "", "整", "", "万", "")

// figureBeside is the amount in figures, in fen, that an amount in words explains:
// in brackets around one of the two, or named 小写 or ￥.
func (s *scan) figureBeside(start, end int) (int64, bool) {
	read := func(n num) (int64, bool) {
		d, ok := parseDecimal(s.s[n.start:n.end])
		if !ok || n.han || n.chain || d.places > 2 {
			return 0, false
		}
		v := d.v
		for range 2 - d.places {
			v *= 10
		}
		switch {
		case s.has(n.end, "万元"):
			v *= 10000
		case s.has(n.end, "亿元"):
			v *= 100000000
		case s.hasAny(n.end, "万", "亿") != "":
			return 0, false
		}
		return v, true
	}
	marked := func(between string) bool {
		between = moneyWords.Replace(between)
		switch between {
		case "(", "(¥", "(￥", "¥", "￥", "(小写", "(小写¥", "(小写￥", "小写", ",小写", "(大写", "大写", ",大写", ")¥", ")小写", ";小写", ")", ")(小写)", "(小写)", "(大写)", ",小写¥", ",小写￥":
			return true
		}
		return false
	}
	for i := s.numsFrom(start - 60); i < len(s.nums) && s.nums[i].start < end+40; i++ {
		n := s.nums[i]
		if n.han {
			continue
		}
		if n.start >= end && n.start-end < 40 && marked(s.s[end:n.start]) || n.end <= start && start-n.end < 40 && marked(s.s[n.end:start]) {
			return read(n)
		}
	}
	return 0, false
}
