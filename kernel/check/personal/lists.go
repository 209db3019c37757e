package personal

import (
	"fmt"
	"slices"
	"sort"
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
	{"地址", "P-ADDRESS", []string{"地址", "坐落", "房号", "门牌号", "房屋位置"}, false},
	{"健康状况", "P-HEALTH", []string{"健康状况", "身体状况", "救助原因", "致贫原因", "致困原因", "困难原因", "救助事由"}, false},
	{"备注", "P-HEALTH", []string{"备注", "说明"}, false},
	{"血型", "P-HEALTH", []string{"血型"}, false},
	{"个人情况", "P-PRIVATE", []string{"婚姻", "生育情况", "月收入", "年收入", "人均收入", "家庭收入", "家庭情况", "家庭状况", "宗教信仰", "父母情况", "父母状况", "监护情况", "监护状况", "家庭成员情况"}, false},
	{"护照号码", "P-PASSPORT", []string{"护照号", "通行证号", "护照"}, false},
	{"证书编号", "P-CERT", []string{"学号", "学籍号", "住院号", "病历号", "证书编号", "证书号", "资格证号", "献血证号", "产权证号", "不动产权证", "房产证号", "军官证", "士兵证"}, false},
}

// barred are the heads that no public table may have (REV-19).
var barred = []string{"身份证", "公民身份", "手机", "银行账号", "银行帐号", "银行卡", "家庭住址", "家庭地址", "出生日期", "出生年月", "病种", "残疾等级"}

// holders are the heads, besides …姓名, of a column of private persons.
const holders = " 户主 申请人 患者 家长 监护人 受助人 救助对象 保障对象 领取人 承租人 产权人 残疾人 学生 老人 被征收人 受益人 幼儿 儿童 人员 农户 业主 车主 驾驶人 驾驶员 考生 配偶 当事人 共同申请人 借款人 被保险人 参保人 持证人 权利人 所有权人 家庭成员 死者 被救助人 购房人 考生 监护对象 父亲 母亲 产妇 "

// notHolders are parts of heads of columns that name somebody on duty or no person at all.
var notHolders = []string{"法定代表人", "负责人", "联系人", "经办", "介绍人", "承办", "审核", "填报", "代理人", "记录人", "探访", "走访", "帮扶", "包保", "主持", "鉴定人", "评审", "经营者", "校长", "项目", "单位", "专员", "网格", "组长", "责任人", "联络员", "工作人员", "执法", "企业", "教师", "医生", "律师"}

// nameHead tells whether a column holds the names of private persons.
func nameHead(head string) bool {
	return !containsAny(head, notHolders) &&
		(strings.HasSuffix(head, "姓名") || head == "姓名(名称)" || strings.Contains(holders, " "+head+" "))
}

// containsAny tells whether a text holds one of some words.
func containsAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
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
	if containsAny(head, []string{"执法证", "身份证明", "准考证"}) {
		return column{}, false
	}
	for _, c := range columns {
		if containsAny(head, c.heads) {
			return c, true
		}
	}
	return column{}, false
}

// grid is a table as spans of Text.Body.
type grid struct {
	name string
	rows [][]check.Span
}

// grids are the tables of the text; typed text has rows parted by tabs or by bars instead.
func (s *scan) grids() []grid {
	var all []grid
	for i, t := range s.t.Tables {
		name := t.Name
		if name == "" {
			name = fmt.Sprintf("表%d", i+1)
		}
		all = append(all, grid{name, t.Rows})
	}
	if len(all) > 0 || strings.IndexByte(s.t.Body, '\t') < 0 && strings.IndexByte(s.t.Body, '|') < 0 {
		return all
	}
	var open grid
	var mark byte // that parts the cells of the open table
	finish := func() {
		if len(open.rows) > 1 {
			open.name = fmt.Sprintf("表%d", len(all)+1)
			all = append(all, open)
		}
		open, mark = grid{}, 0
	}
	for start := 0; start < len(s.t.Body); {
		end := len(s.t.Body)
		if i := strings.IndexByte(s.t.Body[start:], '\n'); i >= 0 {
			end = start + i
		}
		by := byte('\t')
		if line := s.t.Body[start:end]; strings.IndexByte(line, '\t') < 0 {
			if by = '|'; strings.Count(line, "|") < 2 {
				by = 0
			}
		}
		if by != mark {
			finish()
			mark = by
		}
		if by != 0 {
			var row []check.Span
			for from := start; ; {
				i := strings.IndexByte(s.t.Body[from:end], by)
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

// sheet is a table whose head is understood.
type sheet struct {
	grid
	head      int            // row of the heads
	kinds     map[int]column // what the columns hold
	names     []int          // columns of names
	persons   bool           // it lists private persons
	duty      bool           // it lists people in office
	official  bool           // … or who took part in a public selection
	sensitive bool           // it tells what people receive or what they lack
	personal  int            // columns that may not be published
}

// sheetRow is one row below the head of a sheet.
type sheetRow struct {
	check.Span // of Text.Body
	sheet      *sheet
	cells      []check.Span
}

// layout reads the heads of all tables.
func (s *scan) layout() {
	for _, g := range s.grids() {
		sh := s.sheet(g)
		if sh == nil {
			continue
		}
		s.sheets = append(s.sheets, sh)
		for r, row := range g.rows[sh.head:] {
			span := check.Span{Start: len(s.t.Body)}
			for _, c := range row {
				if c.End > 0 {
					span.Start, span.End = min(span.Start, c.Start), max(span.End, c.End)
				}
			}
			if r == 0 {
				s.heads = append(s.heads, span)
			}
			s.sheetRows = append(s.sheetRows, sheetRow{span, sh, row})
		}
	}
}

// rowAt is the table row that holds a place of the folded text.
func (s *scan) rowAt(at int) *sheetRow {
	if len(s.sheetRows) == 0 {
		return nil
	}
	at = s.f.Original(at, at).Start
	i := sort.Search(len(s.sheetRows), func(i int) bool { return s.sheetRows[i].Start > at }) - 1
	if i < 0 || at > s.sheetRows[i].End {
		return nil
	}
	return &s.sheetRows[i]
}

// inHead tells whether a place of the folded text is in the head of a table.
func (s *scan) inHead(at int) bool {
	at = s.f.Original(at, at).Start
	i := sort.Search(len(s.heads), func(i int) bool { return s.heads[i].Start > at }) - 1
	return i >= 0 && at <= s.heads[i].End
}

func (s *scan) cell(sp check.Span) string {
	return strings.TrimSpace(s.t.Body[sp.Start:sp.End])
}

// sheet reads the head of a table; nil where it has none.
func (s *scan) sheet(g grid) *sheet {
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
		return nil
	}
	sh := &sheet{grid: g, head: head, kinds: map[int]column{}}
	for i, c := range g.rows[head] {
		text := s.cell(c)
		if k, ok := headOf(text); ok {
			if below := g.rows[head+1]; k.rule == "P-NAME" && i+1 < len(g.rows[head]) && someone(s.cell(g.rows[head][i+1])) &&
				!(i < len(below) && someone(s.cell(below[i]))) {
				return nil // a form: 姓名 王小明 性别 男
			}
			sh.kinds[i] = k
			if k.rule == "P-NAME" {
				sh.persons, sh.names = true, append(sh.names, i)
			}
			sh.sensitive = sh.sensitive || k.never || k.title == "健康状况"
			if k.never {
				sh.personal++
			}
		}
		sh.duty = sh.duty || containsAny(text, dutyHeads)
		sh.official = sh.official || sh.duty || containsAny(text, selectionHeads)
		sh.sensitive = sh.sensitive || containsAny(text, sensitiveHeads)
	}
	if sh.persons {
		for i := range g.rows[head] { // 购房人, 担保人 beside the one whom the list is about
			head := s.cell(g.rows[head][i])
			if _, ok := sh.kinds[i]; !ok && endsWith(head, []string{"人", "者", "主", "偶", "父", "母", "属", "妻", "夫"}) && !containsAny(head, notHolders) && s.allNames(g.rows[sh.head+1:], i) {
				sh.names = append(sh.names, i)
			}
		}
	}
	if !sh.persons {
		for i := range g.rows[head] {
			if _, ok := sh.kinds[i]; !ok && !containsAny(s.cell(g.rows[head][i]), notHolders) && s.allNames(g.rows[head+1:], i) {
				sh.names = append(sh.names, i)
			}
		}
	}
	return sh
}

var (
	dutyHeads      = []string{"职务", "拟任", "现任", "分工", "办公电话", "执法证", "评委", "单位负责人", "职称"}
	selectionHeads = []string{"拟录用", "政治面貌", "岗位", "报考", "录取", "成绩", "准考证", "执业单位", "执业机构", "注册单位", "执业地点"}
	sensitiveHeads = []string{"补贴", "补助", "救助", "保障", "低保", "金额", "收入", "家庭人口", "年龄", "家庭人数", "补偿", "赔偿", "安置", "欠薪", "家长", "监护人", "儿童", "幼儿"}
)

// allNames tells whether a column without a telling head holds names in most cells.
func (s *scan) allNames(rows [][]check.Span, i int) bool {
	filled, names := 0, 0
	for _, row := range rows {
		if i < len(row) && s.cell(row[i]) != "" {
			if filled++; someone(s.cell(row[i])) {
				names++
			}
		}
	}
	return names > 1 && names*10 >= filled*7
}

// tables judges each table by its heads (REV-19) and reports the values of its
// personal columns.
func (s *scan) tables() {
	s.rows = map[int]bool{}
	for _, sh := range s.sheets {
		s.table(sh)
	}
}

// table judges one table.
func (s *scan) table(sh *sheet) {
	heads, rows := sh.rows[sh.head], sh.rows[sh.head+1:]
	for i := range heads {
		k, ok := sh.kinds[i]
		if !ok && sh.persons && sh.personal > 0 && !sh.official {
			s.illnesses(sh, rows, i)
		}
		if !ok || sh.official && (k.title == "出生日期" || k.rule == "P-NAME") {
			continue
		}
		if !sh.persons && sh.personal < 2 && !(k.title == "手机" || k.title == "身份证号" || k.title == "家庭住址") {
			continue // accounts of units, kinds of diseases, days of birth of a rule
		}
		barred := k.never && !s.open && containsAny(s.cell(heads[i]), barred)
		filled, told := false, false
		for _, row := range rows {
			if i >= len(row) || row[i] == heads[i] {
				continue
			}
			value := s.cell(row[i])
			if value == "" || strings.Trim(value, "-—/无*×、") == "" {
				continue
			}
			if k.title == "身份证号" && strings.Trim(value, "*×●") != value && len(digits(value)) <= 4 {
				continue // the last four alone may stand (content-review 4.1)
			}
			if !sh.persons && sh.personal < 2 && len(digits(value)) < 4 {
				continue
			}
			filled = true
			told = s.value(k, row[i], value, sh, row, barred) || told
		}
		if barred && filled {
			h := check.Hit{Rule: "P-COLUMN", Message: "公开表格含有不得公开的列：" + k.title + "，请删除后重新上传。"}
			if told { // each value stops the table already
				h.Severity = check.Hint
			}
			s.hitBody(h, s.trimmed(heads[i]))
		}
	}
	if !sh.sensitive || sh.official {
		for _, row := range rows {
			for _, i := range sh.names {
				if i < len(row) {
					s.public[strings.ReplaceAll(s.cell(row[i]), " ", "")] = true
				}
			}
		}
	}
	if sh.persons && !sh.official {
		for _, row := range rows {
			for _, i := range sh.names {
				if i < len(row) && someone(s.cell(row[i])) {
					s.rows[row[i].Start] = true
				}
			}
		}
	}
}

// illnesses reports the cells of a column whose head says nothing of health and
// that hold nothing but the name of an illness, in rows that name somebody.
func (s *scan) illnesses(sh *sheet, rows [][]check.Span, i int) {
	for _, row := range rows {
		if i >= len(row) {
			continue
		}
		value := s.cell(row[i])
		if ailment(value) && s.fullName(sh, row) {
			if s.hitBody(check.Hit{Rule: "P-HEALTH", Message: "发现与具体个人相连的健康信息，请删除。", Replace: "〔健康信息〕"}, s.trimmed(row[i])) {
				s.nameRow(sh, row)
			}
		}
	}
}

// notIll are parts of words that end like an illness and are none.
var notIll = []string{"基础病", "因病", "无", "否", "未", "非", "疾病", "大病", "重病", "慢特病", "慢性病", "防", "治", "查", "看病", "医", "救", "发病", "患病", "生病"}

// ailment tells whether a text is the name of an illness and nothing else, by how
// such names end.
func ailment(text string) bool {
	for _, w := range []string{"多年", "数年", "晚期", "早期", "中期", "术后"} {
		text = strings.TrimSuffix(text, w)
	}
	if len(text) < 6 || len(text) > 36 || len(text) != 3*utf8.RuneCountInString(text) || containsAny(text, notIll) {
		return false
	}
	return endsWith(text, illEndings) || endsWith(text, []string{"硬化", "感染", "障碍", "出血", "高压", "水肿"}) && containsAny(text, organs)
}

// illEndings end the names of illnesses.
var illEndings = []string{"病", "症", "癌", "瘤", "炎", "功能不全", "衰竭", "梗死", "梗塞", "贫血", "综合征", "后遗症", "残疾", "瘫", "骨折"}

// organs are what falls ill.
var organs = []string{"肝", "肺", "脑", "心", "肾", "胃", "肠", "动脉", "血管", "血压", "精神", "智力", "语言", "认知", "神经"}

// trimmed is the span of a cell without the blanks around its text.
func (s *scan) trimmed(c check.Span) check.Span {
	value := s.cell(c)
	start := c.Start + strings.Index(s.t.Body[c.Start:c.End], value)
	return check.Span{Start: start, End: start + len(value)}
}

// celled tells whether a cell of a column of names holds one in full. The head has
// said that it is a name, so that words that begin like one are no obstacle: 白天林.
func celled(cell string) bool {
	if whole(cell) {
		return true
	}
	l, n := surname(cell), utf8.RuneCountInString(cell)
	if l == 0 || len(cell) != 3*n || hidden(cell[l:]) {
		return false
	}
	return n == l/3+2 && !endsWith(cell, []string{"大学", "小学", "中学", "公司"}) || n == l/3+1 && !notNameTable[cell] && !strings.ContainsAny(cell[l:], "工总姐哥叔姨老家氏")
}

// fullName tells whether a row names somebody in full.
func (s *scan) fullName(sh *sheet, row []check.Span) bool {
	return slices.ContainsFunc(sh.names, func(i int) bool {
		return i < len(row) && celled(strings.ReplaceAll(s.cell(row[i]), " ", ""))
	})
}

// someone tells whether a cell names a person, in full or masked.
func someone(cell string) bool {
	cell = strings.ReplaceAll(cell, " ", "")
	return whole(cell) || surname(cell) > 0 && len(cell) > surname(cell) && strings.Trim(cell[surname(cell):], "某*×○＊") == ""
}

// value reports one value of a personal column and tells whether it, or something
// else in its cell, was reported. In a column that no public table may have it blocks.
func (s *scan) value(k column, cell check.Span, value string, sh *sheet, row []check.Span, barred bool) bool {
	span := s.trimmed(cell)
	hit := func(message, replace string) bool {
		h := check.Hit{Rule: k.rule, Message: message, Replace: replace}
		if barred {
			h.Severity = check.Block
		}
		return s.hitBody(h, span)
	}
	n, name := digits(value), s.fullName(sh, row)
	told := false
	switch k.rule {
	case "P-ID-CHECK":
		if len(n) >= 14 && len(value) <= 24 && !CreditCode(strings.ToUpper(value)) {
			told = hit("疑似身份证号码（校验位不符），请核实后删除。", MaskID(value))
		}
	case "P-ACCOUNT":
		if len(n) >= 9 && len(n) == len(strings.ReplaceAll(value, " ", "")) && !s.c.registers[n] {
			told = hit("疑似个人银行账号，请核实后删除。", MaskCard(n))
		}
	case "P-PHONE":
		if sh.persons && sh.sensitive && !sh.duty && (len(n) == 7 || len(n) == 8 || len(n) == 11 || len(n) == 12) && n[0] != '1' && !s.c.registers[n] {
			told = hit("发现个人固定电话，请删除。", tail(n, 4))
		}
	case "P-ADDRESS":
		if k.never || sh.persons && sh.sensitive {
			folded := strings.NewReplacer("（", "(", "，", ",", "－", "-").Replace(value)
			if addressEnd(folded, true) > 0 && !s.registeredAddress(value) {
				told = hit("发现家庭住址，请删至社区（村）一级。", MaskAddress(value))
			}
		}
	case "P-BIRTH":
		if len(n) >= 4 && (n[:2] == "19" || n[:2] == "20") && sh.persons {
			told = hit("发现出生日期，请删除；确需公开的只保留年份。", MaskDate(value))
		}
	case "P-HEALTH":
		switch {
		case !sh.persons:
		case k.never || k.title == "血型" && name:
			told = hit("发现与具体个人相连的健康信息，请删除。", "〔健康信息〕")
		case name && !strings.Contains(value, "名"):
			if told = s.sick(span); !told && k.title == "健康状况" && containsAny(value, []string{"病", "残", "癌"}) {
				told = hit("发现与具体个人相连的健康信息，请删除。", "〔健康信息〕") // 因病, 因残
			}
		}
	case "P-PRIVATE":
		if sh.persons && name {
			told = hit("发现个人家庭、婚姻、收入等情况，请删除。", "〔个人情况〕")
		}
	case "P-CERT":
		if sh.persons && name && len(n) >= 5 && !sh.official { // licences are published with their holders
			told = hit("发现个人证照（学籍、病历）号码，请删除或者隐去中间部分。", "〔证件号码〕")
		}
	case "P-PASSPORT":
		if sh.persons && len(n) >= 7 && len(value) <= 12 && len(n) >= len(value)-2 {
			told = hit("发现护照（通行证）号码，请删除。", "〔证件号码〕")
		}
	case "P-NAME":
		if sh.sensitive && !s.open && celled(strings.ReplaceAll(value, " ", "")) {
			hit("发现个人姓名，请按名单脱敏规则处理。", s.c.config.Profile.MaskName(value))
		}
	}
	if told && name && !sh.duty && !s.open {
		s.nameRow(sh, row)
	}
	return told || s.covered(span)
}

// nameRow reports the names of a row that tells something of a person.
func (s *scan) nameRow(sh *sheet, row []check.Span) {
	for _, i := range sh.names {
		if i < len(row) && celled(strings.ReplaceAll(s.cell(row[i]), " ", "")) {
			value := s.cell(row[i])
			s.hitBody(check.Hit{Rule: "P-NAME", Message: "发现个人姓名，请按名单脱敏规则处理。", Replace: s.c.config.Profile.MaskName(value)}, s.trimmed(row[i]))
		}
	}
}

// sick reports the first diagnosis in a span of Text.Body.
func (s *scan) sick(span check.Span) bool {
	text := s.t.Body[span.Start:span.End]
	for i, r := range text {
		if m, ok := s.c.words.at(text, i, r); ok && m.class&healthWord != 0 && ill(text, m) {
			return s.hitBody(check.Hit{Rule: "P-HEALTH", Message: "发现与具体个人相连的健康信息，请删除。", Replace: "〔健康信息〕"},
				check.Span{Start: span.Start + i, End: span.Start + m.end})
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
	names, full := map[string]bool{}, len(s.people) > 0
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
		h := check.Hit{Rule: "P-LIST", Place: "全文",
			Message: fmt.Sprintf("涉及%d人以上的名单类信息，须填写依据、公开范围、期限和脱敏方式。", persons/5*5)}
		if !full { // all names are masked, nothing else is told: the register asks for the rest
			h.Severity = check.Hint
		}
		s.report(h)
	}
}
