package wording

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
	"gongkai/kernel/check/match"
)

//go:embed phrase/offices.tsv
var officeList string

// Office is a title that a person held for a time.
type Office struct {
	Title string // as it stands beside the name
	Name  string
	From  calendar.Date
	Until calendar.Date // zero = still
}

// Rules of persons (content-review 7.2).
const (
	RulePerson = "S1"
	RuleOffice = "S2"
)

// Persons finds names beside a title that are not quite the name of who holds it
// (S1, REV-23), and titles that a person did not hold at the day of the text (S2,
// REV-24). It knows right names only.
type Persons struct {
	offices []Office
	titles  []string // by term of the set
	set     *match.Set
	names   map[string]bool
}

// Offices reads the offices that come with the program.
func Offices() ([]Office, error) {
	var list []Office
	for i, line := range lines(officeList) {
		f := strings.Split(line, "\t")
		for len(f) < 4 {
			f = append(f, "")
		}
		o := Office{Title: f[0], Name: f[1]}
		var err error
		if o.From, o.Until, err = days(f[2], f[3]); err != nil {
			return nil, fmt.Errorf("offices.tsv 第%d项：%w", i+1, err)
		}
		list = append(list, o)
	}
	return list, nil
}

// NewPersons makes a checker of offices: the state's and a house's own.
func NewPersons(offices []Office) *Persons {
	p := &Persons{offices: offices, names: map[string]bool{}}
	for _, o := range offices {
		p.names[o.Name] = true
		if !slices.Contains(p.titles, o.Title) {
			p.titles = append(p.titles, o.Title)
		}
	}
	p.set = match.New(p.titles)
	return p
}

// Rules are S1 and S2.
func (p *Persons) Rules() []check.Rule {
	const source = "国办秘函〔2019〕19号"
	return []check.Rule{
		{ID: RulePerson, Kind: check.Person, Severity: check.Block, Title: "领导人姓名的近似错写", Source: source, Stages: check.Everywhere, Discreet: true},
		{ID: RuleOffice, Kind: check.Person, Severity: check.Block, Title: "职务与文稿时间不符", Source: source, Stages: check.Gate | check.Published | check.Outside},
	}
}

// Check looks before and behind each title.
func (p *Persons) Check(t *check.Text, report func(check.Hit)) {
	type seen struct{ title, start, end int }
	var found []seen
	p.set.Each(t.Body, func(n, start, end int) {
		// 中共中央总书记 holds 总书记: the longer title counts
		if last := len(found) - 1; last >= 0 && found[last].end >= end {
			return
		}
		for len(found) > 0 && found[len(found)-1].start >= start {
			found = found[:len(found)-1]
		}
		found = append(found, seen{n, start, end})
	})
	for _, f := range found {
		if formerly(t.Body, f.start) {
			continue
		}
		p.beside(t, p.titles[f.title], f.start, f.end, report)
	}
}

// formerly tells whether a word before a title says that it was held once.
func formerly(body string, at int) bool {
	near := body[back(body, at, 6):at]
	return strings.Contains(near, "时任") ||
		slices.ContainsFunc([]string{"原", "前任", "曾任", "历任", "前"}, func(w string) bool { return strings.HasSuffix(near, w) })
}

func (p *Persons) beside(t *check.Text, title string, start, end int, report func(check.Hit)) {
	held := func(name string) (ever, then bool) {
		for _, o := range p.offices {
			if o.Title == title && o.Name == name {
				ever = true
				then = then || during(t.When(), o.From, o.Until)
			}
		}
		return ever, then
	}
	for _, side := range []int{1, -1} {
		for _, n := range []int{4, 3, 2} {
			s := check.Span{Start: end, End: step(t.Body, end, n)}
			if side < 0 {
				s = check.Span{Start: step(t.Body, start, -n), End: start}
			}
			if s.Start < 0 || s.End < 0 {
				continue
			}
			name := t.Of(s)
			if p.names[name] {
				ever, then := held(name)
				if then || side < 0 && formerly(t.Body, s.Start) {
					return
				}
				day, known := t.Dated()
				if ever && !known {
					return // nobody knows of which day the text speaks
				}
				why := fmt.Sprintf("文稿日期（%s）时“%s”不任此职，请核对，或在职务前写明“时任”。", day, name)
				if !ever {
					why = fmt.Sprintf("“%s”未任“%s”，请核对姓名与职务。", name, title)
				}
				report(check.Hit{Rule: RuleOffice, Start: min(start, s.Start), End: max(end, s.End), Message: why})
				return
			}
			for _, o := range p.offices {
				if o.Title != title || utf8.RuneCountInString(o.Name) != n {
					continue
				}
				if _, slipped := slip([]rune(o.Name), []rune(name), n); !slipped {
					continue
				}
				report(check.Hit{
					Rule: RulePerson, Start: s.Start, End: s.End, Replace: o.Name,
					Message: "疑似领导人姓名有误，应为“" + o.Name + "”，请核对。",
				})
				return
			}
		}
	}
}
