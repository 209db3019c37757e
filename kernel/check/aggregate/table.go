// Package aggregate says what a table tells about single persons, alone and
// together with what is public already (content-review 11): how small the groups
// are that its columns make (k and l), what coarser columns would hide them in a
// crowd, which cells of a statistic must be hidden so that totals do not give
// them back, what the difference of two releases tells, and which published
// lists join with a new one. The thresholds are conventions and can be set.
package aggregate

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/check"
)

// Table is a table to be published: a head and rows of cells. Rows may be shorter
// than the head; what is missing is empty.
type Table struct {
	Head []string
	Rows [][]string
}

// cell is the trimmed cell of a row.
func (t Table) cell(row, column int) string {
	if column >= len(t.Rows[row]) {
		return ""
	}
	return strings.TrimSpace(t.Rows[row][column])
}

// Class is what a column tells (GB/T 37964-2019 by its terms).
type Class string

// The classes of columns.
const (
	Direct    Class = "direct"    // names, numbers: tells who it is
	Quasi     Class = "quasi"     // tells who it is together with others
	Sensitive Class = "sensitive" // what must not be known of a person
	Harmless  Class = "harmless"
)

// Title is the Chinese name of a class.
func (c Class) Title() string {
	switch c {
	case Direct:
		return "直接标识"
	case Quasi:
		return "准标识"
	case Sensitive:
		return "敏感"
	default:
		return "一般"
	}
}

// Role is what a column holds, where that matters for coarsening and joining.
type Role string

// The roles of columns.
const (
	Name   Role = "name"
	Number Role = "number" // of a person, a case, a certificate
	Place  Role = "place"
	Age    Role = "age"
	Day    Role = "day"
	Sum    Role = "sum"
	Group  Role = "group" // sex, ethnic group, education, …
	Unit   Role = "unit"  // employer or school
	Plate  Role = "plate"
	Count  Role = "count" // of persons, in a statistic
	Other  Role = "other"
)

// Column is what was found about a column.
type Column struct {
	Head   string
	Class  Class
	Role   Role
	Reason string // Chinese
	Masked bool   // its names are masked
}

// heads tell what a column is by a word of its head; the first that fits is taken.
var heads = []struct {
	words  string
	class  Class
	role   Role
	reason string
}{
	{"身份证 公民身份 证件号 护照 社会保障号", Direct, Number, "证件号码可以直接确定个人"},
	{"电话 手机 联系方式 邮箱 微信", Direct, Number, "联系方式可以直接确定个人"},
	{"卡号 账号 帐号", Direct, Number, "账号可以直接确定个人"},
	{"车牌 号牌", Direct, Plate, "号牌可以确定车主"},
	{"病种 病情 疾病 诊断 患病 残疾类 残疾等级 残疾级别 健康 孕", Sensitive, Group, "健康信息"},
	{"救助原因 致贫原因 困难原因 困难类型 困难情形 违法 处罚 处分 犯罪 前科 案由 收入 负债 婚姻 宗教 信访事项 事由 救助类别 保障类别 人员类别", Sensitive, Group, "反映个人的困难、收入或者违法情况"},
	{"年龄 周岁", Quasi, Age, "年龄与其他列组合可以识别个人"},
	{"出生 生日", Quasi, Day, "出生日期与其他列组合可以识别个人"},
	{"性别 民族 学历 文化程度 政治面貌 婚 职业 工种 职称 专业 户籍 籍贯 与户主关系", Quasi, Group, "人口特征与其他列组合可以识别个人"},
	{"家庭人口 家庭人数 保障人口 人口数 家庭成员数 享受人数 保障人数", Quasi, Group, "家庭人数与其他列组合可以识别个人"},
	{"单位名称 工作单位 单位 学校 就读 毕业院校 企业", Quasi, Unit, "单位或者学校与其他列组合可以识别个人"},
	{"住址 地址 社区 村 街道 乡镇 镇街 居委 小区 区县 所在地 片区", Quasi, Place, "地点与其他列组合可以识别个人"},
	{"金额 补助 补贴 救助金 保障金 发放 资金 标准(元 元/月 奖金 实发", Quasi, Sum, "金额与其他列组合可以识别个人"},
	{"日期 时间 年月 月份", Quasi, Day, "日期与其他列组合可以识别个人"},
	{"编号 登记号 证书号 准考证 受理号 证号 学号", Harmless, Number, "编号；各批次不得重复使用同一编号"},
	{"人数 人次 例数 户数 (人) (例) (户) 死亡数 病例数 案件数", Harmless, Count, "统计数"},
	{"备注 说明 情况 描述", Quasi, Other, "自由填写的内容不得在名单中公开"},
}

// nameHeads are the heads of a column of names of private persons, besides …姓名.
const nameHeads = " 姓名 户主 申请人 患者 家长 监护人 领取人 承租人 受助人 救助对象 保障对象 残疾人 学生 老人 补贴对象 "

// Classify says of each column what it tells, by its head and its values.
func Classify(t Table) []Column {
	columns := make([]Column, len(t.Head))
	for i, head := range t.Head {
		head = strings.NewReplacer(" ", "", "\u3000", "", "（", "(", "）", ")", "\n", "").Replace(head)
		columns[i] = column(head)
		columns[i].Head = t.Head[i]
		if columns[i].Role == Name {
			columns[i].Masked = t.masked(i)
			if columns[i].Masked {
				columns[i].Reason = "姓名已脱敏"
			}
		}
	}
	return columns
}

func column(head string) Column {
	if utf8.RuneCountInString(head) > 16 {
		return Column{Class: Harmless, Role: Other, Reason: "无个人信息"}
	}
	if (strings.HasSuffix(head, "姓名") || strings.Contains(nameHeads, " "+head+" ")) &&
		!strings.Contains(head, "法定代表人") && !strings.Contains(head, "负责人") && !strings.Contains(head, "联系人") {
		return Column{Class: Direct, Role: Name, Reason: "姓名可以直接确定个人"}
	}
	for _, h := range heads {
		for _, w := range strings.Split(h.words, " ") {
			if strings.Contains(head, w) && !(h.role == Unit && strings.Contains(head, "单位:")) {
				return Column{Class: h.class, Role: h.role, Reason: h.reason}
			}
		}
	}
	return Column{Class: Harmless, Role: Other, Reason: "无个人信息"}
}

// masked tells whether at least half of the names of a column are masked.
func (t Table) masked(column int) bool {
	filled, masked := 0, 0
	for r := range t.Rows {
		if c := t.cell(r, column); c != "" {
			filled++
			if strings.ContainsAny(c, "*＊×某○●") {
				masked++
			}
		}
	}
	return filled > 0 && masked*2 >= filled
}

// of lists the columns of a class, or of a role where class is "".
func of(columns []Column, class Class, role Role) (list []int) {
	for i, c := range columns {
		if (class == "" || c.Class == class) && (role == "" || c.Role == role) {
			list = append(list, i)
		}
	}
	return list
}

// ofPersons tells whether each row of a table is about one private person: it has
// a column of names, or of what only persons have, and none of posts.
func ofPersons(t Table, columns []Column) bool {
	personal := 0
	for i, c := range columns {
		for _, w := range []string{"职务", "拟任", "现任", "分工", "岗位", "招聘", "名额", "编制", "计划"} {
			if strings.Contains(t.Head[i], w) {
				return false
			}
		}
		if c.Role == Count || c.Role == Age && len(t.Rows) > 0 && strings.ContainsAny(t.cell(0, i), "以-—~至") && len(of(columns, "", Name)) == 0 {
			return false
		}
		switch {
		case c.Role == Name:
			personal += 2
		case c.Role == Age, c.Class == Direct && c.Role == Number, c.Role == Group && c.Class == Quasi, strings.Contains(t.Head[i], "出生"):
			personal++
		}
	}
	return personal >= 2
}

var (
	totalWord = regexp.MustCompile(`^(合[ \x{3000}]*计|总[ \x{3000}]*计|小[ \x{3000}]*计|总数|总人数|全区|全市|全县)$`)
	figure    = regexp.MustCompile(`^\d{1,9}$`)
)

// fromText reads a table of a text; false where it has no head over rows.
func fromText(t *check.Text, in check.Table) (Table, bool) {
	cells := func(row []check.Span) []string {
		out := make([]string, len(row))
		for i, s := range row {
			out[i] = strings.TrimSpace(t.Of(s))
		}
		return out
	}
	for r := 0; r < min(4, len(in.Rows)-1); r++ {
		distinct := map[check.Span]bool{}
		for _, s := range in.Rows[r] {
			if strings.TrimSpace(t.Of(s)) != "" {
				distinct[s] = true
			}
		}
		if len(distinct) < 2 {
			continue // a title over the whole width
		}
		out := Table{Head: cells(in.Rows[r])}
		for _, row := range in.Rows[r+1:] {
			c := cells(row)
			if strings.Join(c, "") == "" || len(c) > 0 && totalWord.MatchString(c[0]) && len(of(Classify(Table{Head: out.Head}), "", Name)) > 0 {
				continue
			}
			out.Rows = append(out.Rows, c)
		}
		return out, len(out.Rows) > 0
	}
	return Table{}, false
}
