package aggregate

import (
	"context"
	"fmt"
	"strings"

	"gongkai/kernel/check"
)

// Review is what a secrecy officer sees of a data set (content-review 11.2).
type Review struct {
	Columns  []Column
	Persons  bool // each row is about one private person
	Groups   Groups
	Proposal *Proposal // nil where none is needed or none helps
	Few      int       // cells of 1–4 persons of a statistic
	Hidden   int       // further cells to hide
	Outliers []Outlier
	Changes  []Change // against the release before
	Joins    []Join
	Mismatch []List
	Strict   string // Chinese, why two reviewers must sign; "" = need not
}

// Review looks at a list from all sides. before is the release before it in the
// same series, nil where there is none; published may be nil.
func (c Config) Review(ctx context.Context, list List, before *Table, published Published) (Review, error) {
	c = c.filled()
	t := list.Table
	r := Review{Columns: Classify(t), Outliers: Outliers(t), Strict: c.strict(t, list.Title)}
	if r.Persons = ofPersons(t, r.Columns); r.Persons {
		r.Groups = c.Group(t)
		if !r.Groups.Reached() {
			if p, ok := c.Propose(t); ok {
				r.Proposal = &p
			}
		}
	} else {
		_, r.Few, r.Hidden = HideTable(t)
	}
	if before != nil {
		r.Changes = c.Difference(*before, t)
	}
	if published == nil {
		return r, nil
	}
	var err error
	if r.Joins, err = c.Join(ctx, list, published); err != nil {
		return r, err
	}
	old, err := published.Lists(ctx, list.On.AddMonths(-c.JoinMonths))
	if err != nil {
		return r, fmt.Errorf("read published lists: %w", err)
	}
	r.Mismatch = Mismatch(list, old)
	return r, nil
}

// Severity is the gravest thing found; "" = nothing.
func (r Review) Severity() check.Severity {
	worst := check.Severity("")
	if r.Strict != "" || len(r.Changes) > 0 || len(r.Mismatch) > 0 || r.Persons && !r.Groups.Reached() || r.Few > 0 {
		worst = check.Confirm
	}
	for _, j := range r.Joins {
		if j.Severity == check.Block {
			return check.Block
		}
		worst = check.Confirm
	}
	return worst
}

// Text says in Chinese what was found, a line for each thing.
func (r Review) Text() string {
	var b strings.Builder
	for _, c := range r.Columns {
		if c.Class != Harmless {
			fmt.Fprintf(&b, "%s：%s，%s。\n", c.Head, c.Class.Title(), c.Reason)
		}
	}
	if r.Persons {
		fmt.Fprintf(&b, "最小组合%d人，要求不少于%d人。\n", r.Groups.K, r.Groups.Want)
		for i, s := range r.Groups.Small {
			if i == 5 {
				fmt.Fprintf(&b, "……共%d组。\n", len(r.Groups.Small))
				break
			}
			why := fmt.Sprintf("%d人", len(s.Rows))
			if s.L == 1 {
				why += "，敏感信息相同"
			}
			fmt.Fprintf(&b, "组合（%s）：%s。\n", strings.Join(s.Values, "，"), why)
		}
	}
	if r.Proposal != nil {
		fmt.Fprintf(&b, "建议：%s。\n", r.Proposal.Text())
	}
	if r.Few > 0 {
		fmt.Fprintf(&b, "有%d个1—4人的单元格，应写作“<5”，并隐去另外%d个单元格。\n", r.Few, r.Hidden)
	}
	for _, o := range r.Outliers {
		fmt.Fprintf(&b, "“%s”列第%d行占合计的%.0f%%，可识别个人或者企业。\n", r.Columns[o.Column].Head, o.Row+1, o.Share*100)
	}
	for _, c := range r.Changes {
		fmt.Fprintf(&b, "与上一次发布相比，组合（%s）由%d人变为%d人，可推知个人。\n", strings.Join(c.Values, "，"), c.Before, c.After)
	}
	for _, j := range r.Joins {
		b.WriteString(j.Text() + "\n")
	}
	for _, l := range r.Mismatch {
		fmt.Fprintf(&b, "同一事项的“%s”未撤下，姓名未脱敏，脱敏失效。\n", l.Title)
	}
	if r.Strict != "" {
		b.WriteString(r.Strict + "\n")
	}
	return b.String()
}

// sensitivePlaces are kinds of places that are not collected in one table.
var sensitivePlaces = []string{"血库", "危险化学品仓库", "危化品仓库", "危化品储存", "试卷保管", "试卷存放", "保密室", "指挥所", "通信基站", "基站站址", "视频监控点位", "监控点位", "摄像机点位", "救助庇护", "军事", "弹药库", "枪支", "水源取水口", "变电站坐标", "应急物资储备库"}

// strict says why a data set goes to the strict level of review (REV-53), or "".
func (c Config) strict(t Table, title string) string {
	if n := len(t.Rows); n > c.ReviewRows && ofPersons(t, Classify(t)) {
		return fmt.Sprintf("涉及%d人，超过%d人，数据集须按从严等级审查（两人）。", n, c.ReviewRows)
	}
	text := title + " " + strings.Join(t.Head, " ")
	located := strings.Contains(text, "经度") || strings.Contains(text, "坐标") || strings.Contains(text, "地址") || strings.Contains(text, "点位") || strings.Contains(text, "位置")
	for _, w := range sensitivePlaces {
		if located && len(t.Rows) > 2 && strings.Contains(text, w) {
			return "汇集了敏感场所（" + w + "）的位置，数据集须按从严等级审查（两人）。"
		}
	}
	return ""
}

// Checker looks at the tables of a text.
type Checker struct{ config Config }

// New makes a checker.
func New(c Config) *Checker { return &Checker{c.filled()} }

// Rules lists what is looked for.
func (*Checker) Rules() []check.Rule {
	rule := func(id, title, source string) check.Rule {
		return check.Rule{ID: id, Kind: check.Aggregation, Severity: check.Confirm, Title: title, Source: source, Stages: check.Gate | check.Published}
	}
	return []check.Rule{
		rule("A-GROUP", "可识别个人的小样本组合", "content-review 11.1；REV-49"),
		rule("A-FEW", "统计表中的小数值", "content-review 11.1；REV-50"),
		rule("A-STRICT", "须从严审查的数据集", "content-review 11.2；REV-53"),
	}
}

// subjects tell that the counts of a statistic are of persons whose number alone tells.
var subjects = []string{"残疾", "病例", "病种", "患者", "患病", "艾滋", "死亡", "自杀", "感染", "吸毒", "戒毒", "违法", "犯罪", "受处分", "信访", "孤儿", "留守", "困境", "低保", "特困", "救助", "离婚", "流产", "堕胎", "家暴", "性侵", "刑满", "社区矫正", "精神障碍"}

// mostCells bounds the statistics for which a proposal is worked out.
const mostCells = 1500

// Check reports what the tables of a text tell by themselves.
func (c *Checker) Check(t *check.Text, report func(check.Hit)) {
	for i, in := range t.Tables {
		table, ok := fromText(t, in)
		if !ok {
			continue
		}
		place := in.Name
		if place == "" {
			place = fmt.Sprintf("表%d", i+1)
		}
		title := titleOf(t, in)
		if why := c.config.strict(table, title); why != "" {
			report(check.Hit{Rule: "A-STRICT", Place: place, Message: why})
		}
		columns := Classify(table)
		if ofPersons(table, columns) {
			if names := of(columns, "", Name); len(names) == 0 || columns[names[0]].Masked { // names in full are another room's
				c.persons(table, place, report)
			}
			continue
		}
		c.few(table, title, place, report)
	}
}

// persons reports small groups of a list of persons.
func (c *Checker) persons(t Table, place string, report func(check.Hit)) {
	g := c.config.Group(t)
	if g.Reached() || len(g.Columns) == 0 {
		return
	}
	message := fmt.Sprintf("存在可识别个人的小样本组合（%d组，最少%d人，要求不少于%d人）", len(g.Small), g.K, g.Want)
	if p, ok := c.config.Propose(t); ok {
		message += "，建议" + p.Text() + "。"
	} else {
		message += "，人数过少，不宜以名单形式公开。"
	}
	report(check.Hit{Rule: "A-GROUP", Place: place, Message: message})
}

// few reports counts of 1–4 in a statistic about persons.
func (c *Checker) few(t Table, title, place string, report func(check.Hit)) {
	counts := false
	for _, h := range t.Head {
		counts = counts || strings.Contains(h, "人数") || strings.Contains(h, "例数") || strings.Contains(h, "人)") || strings.Contains(h, "人）") || strings.Contains(h, "例)") || strings.Contains(h, "例）")
	}
	text := title + strings.Join(t.Head, " ")
	for r := range t.Rows {
		if r < 30 {
			text += t.cell(r, 0)
		}
	}
	counts = counts || strings.Contains(title, "人数") || strings.Contains(title, "例数") || strings.Contains(title, "单位：人")
	about := ""
	for _, w := range subjects {
		if strings.Contains(text, w) {
			about = w
			break
		}
	}
	if !counts || about == "" || strings.Contains(text, "机构") || strings.Contains(text, "招聘") {
		return
	}
	s, _, _ := statistic(t, Classify(t))
	n := 0
	for _, row := range s.Cells {
		for _, v := range row {
			if v > 0 && v < smallest {
				n++
			}
		}
	}
	if n == 0 {
		return
	}
	message := fmt.Sprintf("有%d个1—4人的小数值单元格，应写作“<5”", n)
	if len(s.Cells)*len(s.Cells[0]) <= mostCells {
		if _, _, hidden := HideTable(t); hidden > 0 {
			message += fmt.Sprintf("，并隐去另外%d个单元格以防由合计推算", hidden)
		}
	}
	report(check.Hit{Rule: "A-FEW", Place: place, Message: message + "。"})
}

// titleOf is the name of a table and the line before it.
func titleOf(t *check.Text, in check.Table) string {
	title := in.Name
	for _, row := range in.Rows {
		for _, cell := range row {
			if cell.End == 0 {
				continue
			}
			before := strings.TrimRight(t.Body[:cell.Start], "\n\t ")
			if i := strings.LastIndexByte(before, '\n'); i >= 0 {
				before = before[i+1:]
			}
			if len(before) < 200 {
				title += " " + before
			}
			first := in.Rows[0]
			if len(first) > 0 { // a title merged over the first row
				title += " " + t.Of(first[0])
			}
			return title
		}
	}
	return title
}
