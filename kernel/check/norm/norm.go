// Package norm checks the form and the inner agreement of official texts: numerals
// (GB/T 15835), punctuation (GB/T 15834), the format of documents (GB/T 9704), and
// whether dates, sums, lists, references and numbers agree with each other
// (content-review 6, 8 and 9). Rule ids are those of the handbook.
//
// A rule that is not sure says nothing: most of what is written here are the
// conditions under which a strange form is right.
package norm

import (
	"gongkai/kernel/check"
)

// Checker knows the rules. It has no state.
type Checker struct{ plain map[rune]rune }

// New makes a checker.
func New() *Checker { return &Checker{plain: plainForms()} }

const (
	numerals   = "GB/T 15835-2011《出版物上数字用法》"
	marks      = "GB/T 15834-2011《标点符号用法》"
	layout     = "GB/T 9704-2012《党政机关公文格式》"
	agreement  = "审核手册第9节（内容一致性）"
	everywhere = check.Everywhere
	inside     = check.Typing | check.Gate | check.Published
	draft      = check.Typing | check.Gate
	gate       = check.Gate
	public     = check.Gate | check.Published
)

// rules is the table of the handbook; the stages are those of its section 12.
var rules = []check.Rule{
	{ID: "F1", Kind: check.Format, Severity: check.Confirm, Title: "发文字号的年份用六角括号", Source: layout + "7.2.5；REV-34", Stages: everywhere},
	{ID: "F2", Kind: check.Format, Severity: check.Confirm, Title: "发文字号年份用全称，不编虚位，不加“第”", Source: layout + "7.2.5；REV-35", Stages: inside},
	{ID: "F3", Kind: check.Format, Severity: check.Confirm, Title: "发文字号以“号”结尾", Source: layout + "7.2.5", Stages: gate},
	{ID: "F4", Kind: check.Date, Severity: check.Confirm, Title: "日期写全年、月、日，不编虚位", Source: layout + "7.3.5.4；REV-69", Stages: gate},
	{ID: "F5", Kind: check.Format, Severity: check.Hint, Title: "附件说明的写法", Source: layout + "7.3.4；REV-37", Stages: gate},
	{ID: "F6", Kind: check.Reference, Severity: check.Confirm, Title: "附件说明与附件的名称一致", Source: layout + "7.3.7", Stages: gate},
	{ID: "F7", Kind: check.Format, Severity: check.Confirm, Title: "不用主题词", Source: layout + "；REV-36", Stages: everywhere},
	{ID: "F8", Kind: check.Format, Severity: check.Hint, Title: "标题末尾不用标点", Source: layout + "7.3.1", Stages: gate},
	{ID: "F9", Kind: check.Format, Severity: check.Hint, Title: "书名号内用单书名号，标题不重复文种", Source: marks, Stages: gate},
	{ID: "F10", Kind: check.Format, Severity: check.Hint, Title: "层次序数的写法", Source: layout + "7.3.3", Stages: gate},
	{ID: "F11", Kind: check.Format, Severity: check.Hint, Title: "附注加圆括号", Source: layout + "7.3.6", Stages: gate},
	{ID: "F12", Kind: check.Format, Severity: check.Block, Title: "网上不标注紧急程度和份号", Source: layout + "7.2", Stages: public},
	{ID: "F13", Kind: check.Format, Severity: check.Hint, Title: "引用公文先引标题后引字号", Source: "《党政机关公文处理工作条例》", Stages: gate},
	{ID: "F14", Kind: check.Date, Severity: check.Confirm, Title: "成文日期与落款日期一致", Source: "审核手册第6节F14", Stages: gate},

	{ID: "N1", Kind: check.Number, Severity: check.Hint, Title: "计量用阿拉伯数字", Source: numerals, Stages: draft},
	{ID: "N2", Kind: check.Number, Severity: check.Confirm, Title: "数值范围不省略万、亿和百分号", Source: numerals + "；REV-62", Stages: draft | check.Outside},
	{ID: "N3", Kind: check.Number, Severity: check.Hint, Title: "数值范围的连接号", Source: numerals, Stages: draft},
	{ID: "N4", Kind: check.Date, Severity: check.Confirm, Title: "年份写四位", Source: numerals, Stages: draft},
	{ID: "N5", Kind: check.Number, Severity: check.Confirm, Title: "“零”与“〇”", Source: numerals + "；REV-63", Stages: draft | check.Outside},
	{ID: "N6", Kind: check.Number, Severity: check.Confirm, Title: "相邻数字表示概数", Source: numerals, Stages: draft},
	{ID: "N7", Kind: check.Number, Severity: check.Confirm, Title: "阿拉伯数字后不用十、百、千", Source: numerals, Stages: draft},
	{ID: "N8", Kind: check.Number, Severity: check.Confirm, Title: "“几”与汉字数字连用", Source: numerals, Stages: draft},
	{ID: "N9", Kind: check.Number, Severity: check.Confirm, Title: "届次和固定词语用汉字数字", Source: numerals, Stages: draft},
	{ID: "N10", Kind: check.Date, Severity: check.Confirm, Title: "同一日期用同一种数字", Source: numerals + "；REV-64", Stages: draft | check.Outside},
	{ID: "N11", Kind: check.Number, Severity: check.Hint, Title: "同级编号用同一种数字", Source: numerals, Stages: gate},
	{ID: "N12", Kind: check.Number, Severity: check.Hint, Title: "月日命名的事件", Source: numerals, Stages: gate},
	{ID: "N13", Kind: check.Date, Severity: check.Hint, Title: "农历日期用汉字数字", Source: numerals, Stages: draft},
	{ID: "N14", Kind: check.Number, Severity: check.Hint, Title: "千分位", Source: numerals, Stages: gate},
	{ID: "N16", Kind: check.Date, Severity: check.Hint, Title: "星期用汉字数字", Source: numerals, Stages: draft},
	{ID: "N17", Kind: check.Arithmetic, Severity: check.Confirm, Title: "大小写金额一致", Source: numerals, Stages: gate},
	{ID: "N18", Kind: check.Number, Severity: check.Hint, Title: "法定计量单位", Source: "《中华人民共和国法定计量单位》", Stages: draft},

	{ID: "P1", Kind: check.Punctuation, Severity: check.Hint, Title: "并列的书名号、引号之间不用顿号", Source: marks + "4.5.3.5", Stages: gate},
	{ID: "P2", Kind: check.Punctuation, Severity: check.Confirm, Title: "序号后的标点", Source: marks, Stages: draft},
	{ID: "P3", Kind: check.Punctuation, Severity: check.Hint, Title: "中文里用全角标点", Source: marks, Stages: draft},
	{ID: "P4", Kind: check.Punctuation, Severity: check.Confirm, Title: "引号成对", Source: marks, Stages: gate},
	{ID: "P5", Kind: check.Punctuation, Severity: check.Confirm, Title: "括号、书名号成对", Source: marks, Stages: gate},
	{ID: "P6", Kind: check.Punctuation, Severity: check.Hint, Title: "省略号", Source: marks, Stages: draft},
	{ID: "P7", Kind: check.Punctuation, Severity: check.Hint, Title: "破折号", Source: marks, Stages: draft},
	{ID: "P9", Kind: check.Punctuation, Severity: check.Confirm, Title: "标点重复", Source: marks, Stages: draft},
	{ID: "P10", Kind: check.Punctuation, Severity: check.Hint, Title: "引号内外的句号", Source: marks, Stages: gate},
	{ID: "P11", Kind: check.Punctuation, Severity: check.Hint, Title: "标题末尾的标点", Source: marks, Stages: gate},
	{ID: "P12", Kind: check.Punctuation, Severity: check.Confirm, Title: "“等”前不用顿号", Source: marks, Stages: draft},
	{ID: "P13", Kind: check.Punctuation, Severity: check.Hint, Title: "书名号的用处", Source: marks, Stages: gate},
	{ID: "P14", Kind: check.Reference, Severity: check.Confirm, Title: "简称先说明后使用", Source: "审核手册第8.2节P14", Stages: gate},
	{ID: "P16", Kind: check.Punctuation, Severity: check.Confirm, Title: "多余的空格、不可见字符和异体字形", Source: "审核手册第8.2节P16", Stages: draft},

	{ID: "C1", Kind: check.Date, Severity: check.Confirm, Title: "日期与星期一致", Source: agreement + "；REV-38", Stages: everywhere},
	{ID: "C2", Kind: check.Date, Severity: check.Confirm, Title: "日期存在", Source: agreement + "；REV-39", Stages: inside | check.Outside},
	{ID: "C3", Kind: check.Date, Severity: check.Confirm, Title: "日期先后", Source: agreement, Stages: gate},
	{ID: "C4", Kind: check.Date, Severity: check.Hint, Title: "期限早于成文日期", Source: agreement, Stages: gate},
	{ID: "C5", Kind: check.Arithmetic, Severity: check.Confirm, Title: "合计与分项之和", Source: agreement + "；REV-40", Stages: public},
	{ID: "C6", Kind: check.Arithmetic, Severity: check.Confirm, Title: "所说数量与列举一致", Source: agreement + "；REV-41", Stages: gate | check.Outside},
	{ID: "C7", Kind: check.Reference, Severity: check.Confirm, Title: "编号连续", Source: agreement, Stages: gate},
	{ID: "C8", Kind: check.Reference, Severity: check.Confirm, Title: "所引条、表存在", Source: agreement, Stages: public},
	{ID: "C9", Kind: check.Reference, Severity: check.Confirm, Title: "所引附件存在", Source: agreement + "；REV-42", Stages: gate},
	{ID: "C10", Kind: check.Arithmetic, Severity: check.Confirm, Title: "增幅和占比", Source: agreement, Stages: gate},
	{ID: "C12", Kind: check.Reference, Severity: check.Confirm, Title: "同一文件的标题和字号前后一致", Source: agreement, Stages: gate},
	{ID: "C16", Kind: check.Format, Severity: check.Confirm, Title: "未完成的内容", Source: agreement + "；REV-54", Stages: public | check.Outside},
	{ID: "C18", Kind: check.Format, Severity: check.Confirm, Title: "文字中断", Source: agreement, Stages: gate},
	{ID: "C19", Kind: check.Format, Severity: check.Block, Title: "乱码", Source: agreement + "；REV-54", Stages: public | check.Outside},
	{ID: "C20", Kind: check.Format, Severity: check.Hint, Title: "链接文字说明去处", Source: agreement, Stages: public | check.Outside},
}

// Rules lists what is looked for.
func (c *Checker) Rules() []check.Rule { return rules }

// Check reports what is wrong in a text.
func (c *Checker) Check(t *check.Text, report func(check.Hit)) {
	s := read(t, report)
	s.numbers() // F1–F3, F13, C12
	s.dates()   // C1–C4, F4, F14, N4, N10, N13, N16
	s.numerals()
	s.sums()
	s.marks()
	s.pairs()
	s.lists()
	s.references()
	s.attachments()
	s.tables()
	s.format()
	s.broken(c.plain)
}
