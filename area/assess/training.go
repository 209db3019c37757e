// Package assess holds the registers that the yearly assessment looks at. So
// far: trainings (培训), with who signed in (assessment, section 8).
package assess

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
)

// Kind says whose training it was.
type Kind string

const (
	Internal   Kind = "unit"       // 单位内部培训 (P-十六-2)
	District   Kind = "office"     // 政府办公室组织的培训 (P-十六-1)
	Exchange   Kind = "exchange"   // 研讨交流
	Grassroots Kind = "grassroots" // 基层执行机关政策培训 (P-五-3)
)

// Kinds lists the kinds in the order of screens.
func Kinds() []Kind { return []Kind{Internal, District, Exchange, Grassroots} }

// Title is the kind in Chinese.
func (k Kind) Title() string {
	switch k {
	case Internal:
		return "单位内部培训"
	case District:
		return "全区培训"
	case Exchange:
		return "研讨交流"
	case Grassroots:
		return "基层政策培训"
	}
	return ""
}

// Training is one training that was held.
type Training struct {
	ID           id.ID `bun:",pk"`
	Unit         id.ID // that held it
	Kind         Kind
	Topic        string
	HeldOn       calendar.Date // the year it counts for is that of this day
	Hours        float64
	Place        string // or 线上
	Trainer      string
	Expected     int      // persons expected
	Present      []string `bun:",type:jsonb"` // names of those who signed in; no numbers, no phones
	Material     string   // hash of the slides or text, or ""
	MaterialName string
	By           id.ID
	At           time.Time
	Version      int
}

// minimum is the least number of hours that counts as a training (local).
const minimum = 1

// Counts says whether the training counts, and if not why: it lasted an hour and
// somebody signed in (assessment, section 8).
func (t Training) Counts() (ok bool, why string) {
	switch {
	case t.Hours < minimum:
		return false, fmt.Sprintf("不足%d小时", minimum)
	case len(t.Present) == 0:
		return false, "没有签到名单"
	}
	return true, ""
}

// Coverage is the share of those expected who came, in per cent; 0 when nobody
// was expected.
func (t Training) Coverage() int {
	if t.Expected <= 0 {
		return 0
	}
	return min(100, len(t.Present)*100/t.Expected)
}

// clean cuts blanks, and turns a list of names typed in any way into names.
func (t Training) clean() Training {
	for _, text := range []*string{&t.Topic, &t.Place, &t.Trainer} {
		*text = strings.TrimSpace(*text)
	}
	var names []string
	for _, line := range t.Present {
		for _, name := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("、，,;；\t\n ", r) }) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	t.Present = names
	return t
}

// valid holds the rules, whoever writes.
func (t Training) valid(today calendar.Date) error {
	wrong := fault.Fields{}
	if t.Kind.Title() == "" {
		wrong["kind"] = "请选择培训类型"
	}
	if n := utf8.RuneCountInString(t.Topic); n < 2 || n > 200 {
		wrong["topic"] = "培训内容请写2至200个字"
	}
	switch {
	case t.HeldOn.IsZero():
		wrong["held_on"] = "请填写培训日期"
	case t.HeldOn.After(today):
		wrong["held_on"] = "培训日期不能是将来的日期，请在培训后登记"
	}
	if t.Hours <= 0 || t.Hours > 200 {
		wrong["hours"] = "学时请填大于0、不超过200的数字"
	}
	if utf8.RuneCountInString(t.Place) > 100 {
		wrong["place"] = "地点请不超过100字"
	}
	if utf8.RuneCountInString(t.Trainer) > 100 {
		wrong["trainer"] = "授课人请不超过100字"
	}
	if t.Expected < 0 || t.Expected > 100000 {
		wrong["expected"] = "应到人数请填0至100000"
	}
	if len(t.Present) > 2000 {
		wrong["present"] = "签到人员最多2000人，请分场次登记"
	}
	for _, name := range t.Present {
		if utf8.RuneCountInString(name) > 30 || strings.ContainsFunc(name, func(r rune) bool { return r >= '0' && r <= '9' }) {
			wrong["present"] = fmt.Sprintf("“%s”不像姓名；签到名单只登记姓名，不要填写电话和证件号码", name)
		}
	}
	return wrong.Err()
}
