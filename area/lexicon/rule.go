// Package lexicon holds a district's own rules for the check engine: words that
// are wrong or not wanted, the offices of its leaders, names that are right as
// they stand. A rule goes live only when its own examples pass. The pages where
// people check a text by hand stand here too.
package lexicon

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
	"gongkai/kernel/check/wording"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
)

// Kind is what a rule of the house is.
type Kind string

const (
	Word   Kind = "word"   // 用词: a form that is wrong or not wanted, and what to write instead
	Leader Kind = "leader" // 领导职务: who holds an office, from and until
	Name   Kind = "name"   // 专名: a name inside which nothing is wrong
)

// Kinds lists the kinds in the order of screens.
func Kinds() []Kind { return []Kind{Word, Leader, Name} }

// Title is the kind in Chinese.
func (k Kind) Title() string {
	switch k {
	case Word:
		return "用词"
	case Leader:
		return "领导职务"
	case Name:
		return "专名"
	}
	return ""
}

// Rule is one rule of the house.
type Rule struct {
	ID       id.ID `bun:",pk"`
	Kind     Kind
	Form     string         // 用词: the form looked for; 领导职务: the title; 专名: the name
	Right    string         `bun:"proper"` // 用词: what to write, "" = not wanted at all; 领导职务: the name of the person
	Severity check.Severity // 用词 only
	When     string         `bun:"conditions"` // 用词 only: conditions as wording.Parse reads them
	From     calendar.Date  `bun:"valid_from"`
	Until    calendar.Date  `bun:"valid_until"`
	Source   string         // what it rests on
	Hits     []string       `bun:",type:jsonb"` // sentences in which it must find something
	Passes   []string       `bun:",type:jsonb"` // sentences in which it must find nothing
	Live     bool
	By       id.ID // who wrote it last
	At       time.Time
	Version  int
}

// entry is a 用词 as the engine takes it.
func (r Rule) entry() (wording.Entry, error) {
	list, err := wording.Parse("规则", strings.Join([]string{
		r.code(), string(check.Wording), string(r.Severity), r.Form + "→" + r.Right, r.When, dayOf(r.From), dayOf(r.Until), r.Source,
		strings.Join(r.Hits, "|"), strings.Join(r.Passes, "|"),
	}, "\t"))
	if err != nil {
		return wording.Entry{}, err
	}
	return list[0], nil
}

// code is the rule's id in hits.
func (r Rule) code() string { return "OWN-" + string(r.ID) }

func dayOf(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// clean cuts blanks and empty lines.
func (r Rule) clean() Rule {
	for _, text := range []*string{&r.Form, &r.Right, &r.When, &r.Source} {
		*text = strings.Join(strings.Fields(*text), " ")
	}
	for _, list := range []*[]string{&r.Hits, &r.Passes} {
		kept := []string{}
		for _, line := range *list {
			if line = strings.TrimSpace(strings.NewReplacer("\t", " ", "|", "｜").Replace(line)); line != "" && !slices.Contains(kept, line) {
				kept = append(kept, line)
			}
		}
		*list = kept
	}
	if r.Kind != Word {
		r.When, r.Severity = "", check.Block
	}
	if r.Kind == Name {
		r.Right = ""
	}
	return r
}

// valid holds what a rule must be, whoever writes it.
func (r Rule) valid() error {
	wrong := fault.Fields{}
	if r.Kind.Title() == "" {
		wrong["kind"] = "请选择规则类型"
	}
	if n := utf8.RuneCountInString(r.Form); n < 2 || n > 60 {
		wrong["form"] = "请写2至60个字；单个字太容易误报"
	}
	if strings.ContainsAny(r.Form+r.Right, "|→\t") {
		wrong["form"] = "不能含有竖线和箭头，一条规则写一个词"
	}
	if utf8.RuneCountInString(r.Right) > 60 {
		wrong["right"] = "请不超过60个字"
	}
	if n := utf8.RuneCountInString(r.Source); n < 2 || n > 200 {
		wrong["source"] = "请写明依据，2至200个字，如文件名称和文号"
	}
	if !r.Until.IsZero() && r.Until.Before(r.From) {
		wrong["until"] = "止期不能早于起期"
	}
	for field, list := range map[string][]string{"hits": r.Hits, "passes": r.Passes} {
		if len(list) > 20 {
			wrong[field] = "例句最多20句"
		}
		for _, s := range list {
			if utf8.RuneCountInString(s) > 200 {
				wrong[field] = "每句不超过200个字"
			}
		}
	}
	if r.Kind == Leader {
		if n := utf8.RuneCountInString(r.Right); n < 2 || n > 20 {
			wrong["right"] = "请填写姓名"
		}
		if r.From.IsZero() {
			wrong["from"] = "请填写任职起始日期，职务按文稿日期判断"
		}
	}
	if r.Kind == Word && len(wrong) == 0 {
		if !slices.Contains([]check.Severity{check.Block, check.Confirm, check.Hint}, r.Severity) {
			wrong["severity"] = "请选择级别"
		} else if _, err := r.entry(); err != nil {
			wrong["when"] = err.Error()
		}
	}
	return wrong.Err()
}

// try runs a rule's examples; what fails is said in Chinese. A 用词 needs one
// sentence of either sort (content-review 12: every rule has good and bad examples).
func (r Rule) try(today calendar.Date) []string {
	if r.Kind != Word {
		return nil
	}
	var wrong []string
	if len(r.Hits) == 0 {
		wrong = append(wrong, "缺少“应当发现”的例句")
	}
	if len(r.Passes) == 0 {
		wrong = append(wrong, "缺少“不应误报”的例句")
	}
	e, err := r.entry()
	if err != nil {
		return append(wrong, err.Error())
	}
	// examples are tried on a day on which the rule holds
	if !r.Until.IsZero() && today.After(r.Until) {
		today = r.Until
	}
	if today.Before(r.From) {
		today = r.From
	}
	for _, text := range e.Try(today) {
		wrong = append(wrong, strings.ReplaceAll(text, "规则"+e.ID, "本规则"))
	}
	return wrong
}

// summary is one line for the record.
func (r Rule) summary() string {
	if r.Right == "" {
		return fmt.Sprintf("%s：%s", r.Kind.Title(), r.Form)
	}
	return fmt.Sprintf("%s：%s→%s", r.Kind.Title(), r.Form, r.Right)
}
