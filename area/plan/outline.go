package plan

import (
	"fmt"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
)

// Outline is a plan ready to be issued: every unit known, every time limit a
// value. A draft gives one; so does an installation's demonstration.
type Outline struct {
	Year     int
	Title    string
	Number   string
	Issuer   string
	IssuedOn calendar.Date
	Letter   []string
	Items    []OutlineItem
}

// OutlineItem is one item with its measures.
type OutlineItem struct {
	Section       int
	SectionTitle  string
	Number, Title string
	Measures      []OutlineMeasure
}

// OutlineMeasure is one measure with the units that have to do it.
type OutlineMeasure struct {
	Row          int
	Number, Text string
	DueText      string
	Due          Due
	Lead, Resp   []Named
}

// Named is a unit, and the group that named it (区政府各部门) if one did.
type Named struct {
	Unit  id.ID
	Group string
}

// Bounds of a plan: what no real one reaches, so that a broken file is refused
// with a message instead of filling the database.
const (
	maxItems    = 500
	maxMeasures = 5000
	maxText     = 20000 // characters of one measure
)

// valid holds the rules of a plan to be issued, whoever writes it.
func (o Outline) valid(today calendar.Date) error {
	wrong := fault.Fields{}
	if n := utf8.RuneCountInString(o.Title); n < 4 || n > 200 {
		wrong["title"] = "标题请写4至200个字"
	}
	if o.Year < 2008 || o.Year > today.Year()+1 {
		wrong["year"] = fmt.Sprintf("计划年度应在2008年至%d年之间", today.Year()+1)
	}
	switch {
	case o.IssuedOn.IsZero():
		wrong["issued_on"] = "请填写印发日期，各项期限从这一天起算"
	case o.IssuedOn.After(today):
		wrong["issued_on"] = "印发日期不能是将来的日期"
	}
	count := 0
	for _, item := range o.Items {
		for _, m := range item.Measures {
			count++
			where := fmt.Sprintf("measure-%d", count)
			switch n := utf8.RuneCountInString(m.Text); {
			case n == 0:
				wrong[where] = fmt.Sprintf("%s的第%d条举措没有内容", item.Number, count)
			case n > maxText:
				wrong[where] = fmt.Sprintf("%s的一条举措有%d字，超过%d字，请拆分", item.Number, n, maxText)
			case len(m.Lead)+len(m.Resp) == 0:
				wrong[where] = fmt.Sprintf("%s“%s”没有牵头单位和责任单位", item.Number, cut(m.Text, 20))
			}
			if err := m.Due.valid(o.Year); err != nil {
				wrong[where+"-due"] = fmt.Sprintf("%s“%s”的时限：%s", item.Number, cut(m.Text, 20), fault.FieldsOf(err))
			}
		}
	}
	switch {
	case count == 0:
		wrong["items"] = "没有任何举措，不能下发"
	case len(o.Items) > maxItems || count > maxMeasures:
		wrong["items"] = fmt.Sprintf("共%d项任务、%d条举措，超出上限（%d项、%d条），请核对文件", len(o.Items), count, maxItems, maxMeasures)
	}
	return wrong.Err()
}

// units merges the leading and responsible units of a measure: one duty a unit,
// and who leads does not answer a second time.
func (m OutlineMeasure) units() []assigned {
	var out []assigned
	seen := map[id.ID]bool{}
	add := func(list []Named, role DutyRole) {
		for _, n := range list {
			if !seen[n.Unit] {
				seen[n.Unit] = true
				out = append(out, assigned{n, role})
			}
		}
	}
	add(m.Lead, Leading)
	add(m.Resp, Responsible)
	return out
}

type assigned struct {
	Named
	Role DutyRole
}

// lead is the unit that checks the responsible units of a measure; a measure
// without a leading unit is checked by the office.
func (m OutlineMeasure) lead(office id.ID) id.ID {
	if len(m.Lead) == 0 {
		return office
	}
	return m.Lead[0].Unit
}

// cut shortens a text to n characters.
func cut(text string, n int) string {
	r := []rune(text)
	if len(r) <= n {
		return text
	}
	return string(r[:n]) + "…"
}
