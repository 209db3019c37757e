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

//go:embed phrase/phrases.tsv
var phraseList string

// Phrase is a fixed phrase: a name and its elements, which stand all and in this
// order where they are listed (content-review 7.3).
type Phrase struct {
	ID       string
	Name     string // 四个意识
	Elements []string
	Severity check.Severity
	From     calendar.Date // the text's day from which this is the right form
	Until    calendar.Date
	Source   string
}

// Phrases finds fixed phrases that are incomplete, repeated or out of order.
type Phrases struct {
	list  []Phrase
	set   *match.Set
	terms []term // by term of the set
}

// term is an element of some phrases, or (at -1) the name of one.
type term struct{ phrase, at int }

// NewPhrases makes the checker of the phrases that come with the program.
func NewPhrases() (*Phrases, error) {
	p := &Phrases{}
	var words []string
	for i, line := range strings.Split(phraseList, "\n") {
		if line == "" || line[0] == '#' || strings.HasPrefix(line, "id\t") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 7 {
			return nil, fmt.Errorf("phrases.tsv 第%d行应有7列，实为%d列", i+1, len(f))
		}
		ph := Phrase{ID: f[0], Name: f[1], Elements: split(f[2]), Severity: check.Severity(f[3]), Source: f[6]}
		var err error
		if ph.From, ph.Until, err = days(f[4], f[5]); err != nil {
			return nil, fmt.Errorf("phrases.tsv 第%d行：%w", i+1, err)
		}
		n := len(p.list)
		p.terms, words = append(p.terms, term{n, -1}), append(words, ph.Name)
		for k, e := range ph.Elements {
			p.terms, words = append(p.terms, term{n, k}), append(words, e)
		}
		p.list = append(p.list, ph)
	}
	p.set = match.New(words)
	return p, nil
}

// Rules lists one rule a phrase.
func (p *Phrases) Rules() []check.Rule {
	rules := make([]check.Rule, len(p.list))
	for i, ph := range p.list {
		rules[i] = check.Rule{
			ID: ph.ID, Kind: check.Wording, Severity: ph.Severity, Source: ph.Source,
			Title: "“" + ph.Name + "”表述完整、顺序正确", Stages: check.Everywhere,
		}
	}
	return rules
}

// run is a list of one phrase's elements, parted by nothing but marks.
type run struct {
	check.Span
	at []int // numbers of the elements, as they stand
}

// Check reports lists of elements that are not the whole phrase in its order.
func (p *Phrases) Check(t *check.Text, report func(check.Hit)) {
	runs := make([][]run, len(p.list))
	names := make([][]check.Span, len(p.list))
	p.set.Each(t.Body, func(n, start, end int) {
		w := p.terms[n]
		if w.at < 0 {
			names[w.phrase] = append(names[w.phrase], check.Span{Start: start, End: end})
			return
		}
		list := runs[w.phrase]
		if last := len(list) - 1; last >= 0 && start < list[last].End {
			return // inside the element before
		} else if last >= 0 && joins(t.Body[list[last].End:start]) {
			list[last].End = end
			list[last].at = append(list[last].at, w.at)
			return
		}
		runs[w.phrase] = append(list, run{check.Span{Start: start, End: end}, []int{w.at}})
	})
	for i, list := range runs {
		ph := &p.list[i]
		if !during(t.When(), ph.From, ph.Until) {
			continue
		}
		for _, r := range list {
			if wrong := ph.wrong(t.Body, r, names[i]); wrong != "" {
				report(check.Hit{
					Rule: ph.ID, Start: r.Start, End: r.End, Replace: strings.Join(ph.Elements, "、"),
					Message: fmt.Sprintf("“%s”%s，应为：%s。", ph.Name, wrong, strings.Join(ph.Elements, "、")),
				})
			}
		}
	}
}

// joins tells whether what stands between two elements only parts a list.
func joins(between string) bool {
	if utf8.RuneCountInString(between) > 4 {
		return false
	}
	return strings.Trim(between, "、，, “”‘’\"以及和与") == ""
}

// wrong says in Chinese what is wrong with a list, "" when nothing is or nobody
// can tell: fewer elements than all but one, without the phrase's name beside
// them, are a choice of the writer.
func (ph *Phrase) wrong(body string, r run, names []check.Span) string {
	n, want := len(r.at), len(ph.Elements)
	named := false
	for _, name := range names {
		gap := ""
		switch {
		case name.End <= r.Start:
			gap = body[name.End:r.Start]
		case name.Start >= r.End:
			gap = body[r.End:name.Start]
		}
		// 四个意识”（即政治意识 … , 看齐意识等“四个意识”
		if utf8.RuneCountInString(gap) <= 6 && !strings.ContainsAny(gap, "。；\n中之其") {
			named = true
		}
	}
	if !(named && n >= 2 || n >= 3 && n >= want-1) || strings.HasPrefix(body[r.End:], "等") && n < want {
		return ""
	}
	if !named && n < want && before(body, r.Start, "其中", "特别是", "尤其是") {
		return ""
	}
	inOrder := slices.IsSorted(r.at)
	distinct := slices.Compact(slices.Sorted(slices.Values(r.at)))
	switch {
	case n == want && inOrder && len(distinct) == want:
		return ""
	case len(distinct) < n:
		return "内容重复"
	case len(distinct) < want && !named && !inOrder:
		return "" // other words in another order are no quotation of the phrase
	case len(distinct) < want:
		return "表述不完整"
	default:
		return "顺序有误"
	}
}

// before tells whether one of some words stands shortly before a place.
func before(body string, at int, words ...string) bool {
	near := body[back(body, at, 12):at]
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(near, w) })
}
