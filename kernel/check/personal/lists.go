package personal

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/check"
)

// column is what a column of a table holds.
type column struct {
	title string // as people call it, for messages
	rule  string // of its values
	heads []string
	never bool // may not be published whatever its values (REV-19)
}

// columns are told by their heads. The first that fits is taken.
var columns = []column{
	{"身份证号", "P-ID-CHECK", []string{"身份证", "公民身份", "身份号码", "证件号码", "证件号"}, true},
	{"手机", "P-MOBILE", []string{"手机", "移动电话", "联系手机"}, true},
	{"银行账号", "P-ACCOUNT", []string{"银行账号", "银行帐号", "银行卡", "开户账号", "卡号", "一卡通", "存折", "账号", "帐号"}, true},
	{"家庭住址", "P-ADDRESS", []string{"家庭住址", "家庭地址", "住址", "户籍地址", "现住", "居住地址", "详细住址", "家庭详细"}, true},
	{"出生日期", "P-BIRTH", []string{"出生日期", "出生年月", "出生时间", "生日"}, true},
	{"病种", "P-HEALTH", []string{"病种", "疾病", "病情", "诊断", "患病", "所患", "病名"}, true},
	{"残疾等级", "P-HEALTH", []string{"残疾等级", "残疾类", "残疾级别", "残疾程度", "残疾情况"}, true},
	{"电话", "P-PHONE", []string{"联系电话", "家庭电话", "联系方式", "电话"}, false},
	{"地址", "P-ADDRESS", []string{"地址"}, false},
	{"健康状况", "P-HEALTH", []string{"健康状况", "身体状况", "救助原因", "致贫原因", "困难原因"}, false},
}

// holders are the heads, besides …姓名, of a column of private persons.
const holders = " 户主 申请人 患者 家长 监护人 受助人 救助对象 保障对象 领取人 承租人 产权人 残疾人 学生 老人 被征收人 受益人 幼儿 儿童 人员 农户 "

// nameHead tells whether a column holds the names of private persons.
func nameHead(head string) bool {
	for _, w := range []string{"法定代表人", "负责人", "联系人", "经办", "经营者", "校长", "项目", "单位"} {
		if strings.Contains(head, w) {
			return false
		}
	}
	return strings.HasSuffix(head, "姓名") || head == "姓名(名称)" || strings.Contains(holders, " "+head+" ")
}

// headOf tells what the head of a column promises.
func headOf(head string) (column, bool) {
	head = strings.NewReplacer(" ", "", "\u3000", "", "\n", "").Replace(head)
	if head == "" || utf8.RuneCountInString(head) > 14 {
		return column{}, false
	}
	if nameHead(head) {
		return column{"姓名", "P-NAME", nil, false}, true
	}
	for _, c := range columns {
		for _, h := range c.heads {
			if strings.Contains(head, h) && !strings.Contains(head, "执法证") && !strings.Contains(head, "身份证明") {
				return c, true
			}
		}
	}
	return column{}, false
}

// grid is a table as spans of Text.Body.
type grid struct {
	name string
	rows [][]check.Span
}

// grids are the tables of the text; typed text has rows parted by tabs instead.
func (s *scan) grids() []grid {
	var all []grid
	for i, t := range s.t.Tables {
		name := t.Name
		if name == "" {
			name = fmt.Sprintf("表%d", i+1)
		}
		all = append(all, grid{name, t.Rows})
	}
	if len(all) > 0 || strings.IndexByte(s.t.Body, '\t') < 0 {
		return all
	}
	var open grid
	finish := func() {
		if len(open.rows) > 1 {
			open.name = fmt.Sprintf("表%d", len(all)+1)
			all = append(all, open)
		}
		open = grid{}
	}
	for start := 0; start < len(s.t.Body); {
		end := len(s.t.Body)
		if i := strings.IndexByte(s.t.Body[start:], '\n'); i >= 0 {
			end = start + i
		}
		if strings.IndexByte(s.t.Body[start:end], '\t') < 0 {
			finish()
		} else {
			var row []check.Span
			for from := start; ; {
				i := strings.IndexByte(s.t.Body[from:end], '\t')
				if i < 0 {
					row = append(row, check.Span{Start: from, End: end})
					break
				}
				row = append(row, check.Span{Start: from, End: from + i})
				from += i + 1
			}
			open.rows = append(open.rows, row)
		}
		start = end + 1
	}
	finish()
	return all
}

// tables judges each table by its heads (REV-19) and reports the values of its
// personal columns.
func (s *scan) tables() {
	s.rows = map[int]bool{}
	for _, g := range s.grids() {
		s.table(g)
	}
	slices.Sort(s.people)
}

func (s *scan) cell(sp check.Span) string {
	return strings.TrimSpace(s.t.Body[sp.Start:sp.End])
}

// table judges one table.
func (s *scan) table(g grid) {
	head := -1
	for r := 0; r < min(4, len(g.rows)); r++ { // a title may be merged over the first rows
		distinct := map[check.Span]bool{}
		for _, c := range g.rows[r] {
			if s.cell(c) != "" {
				distinct[c] = true
			}
		}
		if len(distinct) > 1 {
			head = r
			break
		}
	}
	if head < 0 || head == len(g.rows)-1 {
		return
	}
	kinds := map[int]column{}
	persons, official, sensitive, personal := false, false, false, 0
	for i, c := range g.rows[head] {
		text := s.cell(c)
		k, ok := headOf(text)
		if ok {
			kinds[i] = k
			persons = persons || k.rule == "P-NAME"
			sensitive = sensitive || k.never || k.title == "健康状况"
			if k.never {
				personal++
			}
		}
		for _, w := range []string{"职务", "拟任", "现任", "分工", "办公电话", "执法证", "评委", "拟录用", "政治面貌", "岗位", "单位负责人"} {
			official = official || strings.Contains(text, w)
		}
		for _, w := range []string{"补贴", "补助", "救助", "保障", "低保", "金额", "收入", "家庭人口", "年龄", "家庭人数", "补偿", "赔偿", "安置", "欠薪", "家长", "监护人", "儿童", "幼儿"} {
			sensitive = sensitive || strings.Contains(text, w)
		}
	}
	var never []string
	for i := range len(g.rows[head]) {
		k, ok := kinds[i]
		if !ok {
			if title := s.byValues(g.rows[head+1:], i); title != "" && !slices.Contains(never, title) {
				never = append(never, title)
			}
		}
		if !ok || official && (k.title == "出生日期" || k.rule == "P-NAME") {
			continue
		}
		if !persons && personal < 2 && !(k.title == "手机" || k.title == "身份证号" || k.title == "家庭住址") {
			continue // accounts of units, kinds of diseases, days of birth of a rule
		}
		filled := false
		for _, row := range g.rows[head+1:] {
			if i >= len(row) || row[i] == g.rows[head][i] {
				continue
			}
			value := s.cell(row[i])
			if value == "" || strings.Trim(value, "-—/无*×、") == "" {
				continue
			}
			if k.title == "身份证号" && strings.Trim(value, "*×●") != value && len(digits(value)) <= 4 {
				continue // the last four alone may stand (content-review 4.1)
			}
			if !persons && personal < 2 && len(digits(value)) < 4 {
				continue
			}
			filled = true
			s.value(k, row[i], value, persons, sensitive)
		}
		if k.never && filled && !slices.Contains(never, k.title) {
			never = append(never, k.title)
		}
	}
	if len(never) > 0 {
		s.report(check.Hit{Rule: "P-COLUMN", Place: g.name, Message: "公开表格含有不得公开的列：" + strings.Join(never, "、") + "，请删除后重新上传。"})
	}
	if persons && len(kinds) > 0 && !official {
		for _, row := range g.rows[head+1:] {
			for i, k := range kinds {
				if k.rule == "P-NAME" && i < len(row) && someone(s.cell(row[i])) {
					s.rows[row[i].Start] = true
				}
			}
		}
	}
}

// byValues names a column of which at least 30 % of the filled cells, and two or
// more, are identity or mobile numbers (content-review 4.3).
func (s *scan) byValues(rows [][]check.Span, i int) string {
	filled, ids, mobiles := 0, 0, 0
	for _, row := range rows {
		if i >= len(row) || s.cell(row[i]) == "" {
			continue
		}
		filled++
		value := strings.ReplaceAll(s.cell(row[i]), " ", "")
		switch {
		case IDCard(value, s.t.Today):
			ids++
		case len(value) == 11 && digits(value) == value && value[0] == '1' && value[1] > '2' && !s.c.registers[value]:
			mobiles++
		}
	}
	switch {
	case ids > 1 && ids*10 >= filled*3:
		return "身份证号"
	case mobiles > 1 && mobiles*10 >= filled*3:
		return "手机"
	}
	return ""
}

// someone tells whether a cell names a person, in full or masked.
func someone(cell string) bool {
	cell = strings.ReplaceAll(cell, " ", "")
	return whole(cell) || surname(cell) > 0 && len(cell) > surname(cell) && strings.Trim(cell[surname(cell):], "某*×○＊") == ""
}

// value reports one value of a personal column.
func (s *scan) value(k column, span check.Span, value string, persons, sensitive bool) {
	start := span.Start + strings.Index(s.t.Body[span.Start:span.End], value)
	span = check.Span{Start: start, End: start + len(value)}
	n := digits(value)
	switch k.rule {
	case "P-ID-CHECK":
		if len(n) >= 14 && len(value) <= 24 {
			s.hitBody(check.Hit{Rule: k.rule, Message: "疑似身份证号码（校验位不符），请核实后删除。", Replace: MaskID(value)}, span)
		}
	case "P-ACCOUNT":
		if len(n) >= 9 && len(n) == len(strings.ReplaceAll(value, " ", "")) && !s.c.registers[n] {
			s.hitBody(check.Hit{Rule: k.rule, Message: "疑似个人银行账号，请核实后删除。", Replace: MaskCard(n)}, span)
		}
	case "P-PHONE":
		if persons && sensitive && (len(n) == 7 || len(n) == 8 || len(n) == 11 || len(n) == 12) && n[0] != '1' && !s.c.registers[n] {
			s.hitBody(check.Hit{Rule: k.rule, Message: "发现个人固定电话，请删除。", Replace: tail(n, 4)}, span)
		}
	case "P-ADDRESS":
		if k.never || persons && sensitive {
			folded := strings.NewReplacer("（", "(", "，", ",", "－", "-").Replace(value)
			if addressEnd(folded) > 0 && !s.registeredAddress(value) {
				s.hitBody(check.Hit{Rule: k.rule, Message: "发现家庭住址，请删至社区（村）一级。", Replace: MaskAddress(value)}, span)
			}
		}
	case "P-BIRTH":
		if len(n) >= 4 && (n[:2] == "19" || n[:2] == "20") && persons {
			s.hitBody(check.Hit{Rule: k.rule, Message: "发现出生日期，请删除；确需公开的只保留年份。", Replace: MaskDate(value)}, span)
		}
	case "P-HEALTH":
		if persons && (k.never || s.c.words.sick(value)) {
			s.hitBody(check.Hit{Rule: k.rule, Message: "发现与具体个人相连的健康信息，请删除。", Replace: "〔健康信息〕"}, span)
		}
	case "P-NAME":
		if sensitive && whole(strings.ReplaceAll(value, " ", "")) {
			s.hitBody(check.Hit{Rule: k.rule, Message: "发现个人姓名，请按名单脱敏规则处理。", Replace: s.c.config.Profile.MaskName(value)}, span)
		}
	}
}

// sick tells whether a text holds a diagnosis or disability.
func (l *lexicon) sick(text string) bool {
	for i, r := range text {
		if m, ok := l.at(text, i, r); ok && m.class&healthWord != 0 {
			return true
		}
	}
	return false
}

// epidemic finds what notices of investigations tell of single cases (REV-68).
func (s *scan) epidemic() {
	seen := 0
	for _, m := range s.marks {
		if m.class&epidemicWord != 0 {
			seen++
		}
	}
	if seen == 0 {
		return
	}
	done := 0
	for _, m := range s.marks {
		if m.class&patientCase == 0 || m.start < done {
			continue
		}
		rest := s.s[m.end:min(len(s.s), m.end+9)]
		if rest == "" || !digit(rest[0]) && !strings.ContainsRune("一二三四五六七八九十甲乙A", firstRune(rest)) || !strings.ContainsAny(s.after(m.end, 9), ":,(") {
			continue
		}
		end := len(s.s)
		if i := strings.IndexByte(s.s[m.end:], '\n'); i >= 0 {
			end = m.end + i
		}
		done = end
		s.oneCase(m.end, end)
	}
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// oneCase reports what the paragraph of one case tells of the person.
func (s *scan) oneCase(start, end int) {
	trace := func(from, to int, kind string) {
		s.hit("P-TRACE", from, to, "流调信息不得公开个人信息："+kind+"，请删除。", "")
	}
	for i := start; i < end; {
		j := i
		for j < end && !delimited(s.s, j) {
			j = next(s.s, j)
		}
		// digits are delimiters of words, not of clauses
		for j < end && alnum(s.s[j]) || j < end && !delimited(s.s, j) {
			j = next(s.s, j)
		}
		for j < end && (alnum(s.s[j]) || !delimited(s.s, j) || strings.IndexByte(":-.", s.s[j]) >= 0 && j+1 < end && digit(s.s[j+1])) {
			j = next(s.s, j)
		}
		clause := s.s[i:j]
		from := i + len(clause) - len(strings.TrimLeft(clause, " :"))
		clause = strings.Trim(clause, " :")
		switch {
		case clause == "男" || clause == "女" || clause == "男性" || clause == "女性":
			trace(from, from+len(clause), "性别")
		case strings.HasSuffix(clause, "岁") && len(digits(clause)) > 0 && len(clause) < 12:
			trace(from, from+len(clause), "年龄")
		case clause == "":
		case whole(clause):
			trace(from, from+len(clause), "姓名")
		case s.has(originWord, from, from+len(clause)):
			trace(from, from+len(clause), "籍贯、单位或者职业")
		case clock(clause):
			trace(from, from+len(clause), "活动情况")
		}
		if j == i {
			j = next(s.s, j)
		}
		i = j
	}
}

// clock tells whether a clause names a time of day.
func clock(clause string) bool {
	for i := 1; i+1 < len(clause); i++ {
		if digit(clause[i-1]) && (clause[i] == ':' && digit(clause[i+1]) || strings.HasPrefix(clause[i:], "时") || strings.HasPrefix(clause[i:], "点")) {
			return true
		}
	}
	return false
}

// list reports that a text is a list of persons (REV-20).
func (s *scan) list() {
	names := map[string]bool{}
	for _, n := range s.named {
		names[s.s[n.Start:n.End]] = true
	}
	persons := max(len(s.rows), len(names))
	lines := map[int]bool{}
	for _, p := range s.people {
		if !s.known[p] {
			from, _ := s.sentence(p, p)
			lines[from] = true
		}
	}
	if persons = max(persons, len(lines)); persons >= s.c.config.PersonListMin {
		s.report(check.Hit{Rule: "P-LIST", Place: "全文",
			Message: fmt.Sprintf("涉及%d人以上的名单类信息，须填写依据、公开范围、期限和脱敏方式。", persons/5*5)})
	}
}
