package plan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
)

// The kinds of things the search finds.
const (
	FoundPlan     = "plan"     // 任务分工
	FoundUnit     = "unit"     // 单位
	FoundMeasure  = "measure"  // 举措
	FoundEvidence = "evidence" // 佐证
)

// Found is one thing that holds all the words searched.
type Found struct {
	Kind        string
	Title, Href string
	Unit        string // of evidence
	On          calendar.Date
	Text        string // where the first word was found, cut
}

// searchMost is how many things of a kind one search looks at.
const searchMost = 500

// Search finds plans, units, measures and evidence that hold all the words of a
// text: plans, units and measures for everyone who works here, evidence only of
// duties the actor may open. kind
// narrows it; counts tells how many of each kind there are.
func (s *Service) Search(ctx context.Context, who org.Actor, text, kind string, ask page.Ask) (list page.Of[Found], counts map[string]int, err error) {
	ask = ask.Clean()
	list.Ask, counts = ask, map[string]int{}
	words := strings.Fields(strings.ReplaceAll(cut(text, 100), "　", " "))
	if len(words) == 0 {
		return list, counts, nil
	}
	db := s.k.DB.Read
	measures, err := searchMeasures(ctx, db, words, searchMost)
	if err != nil {
		return list, counts, fmt.Errorf("search measures: %w", err)
	}
	evidence, err := searchEvidence(ctx, db, words, searchMost)
	if err != nil {
		return list, counts, fmt.Errorf("search evidence: %w", err)
	}
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return list, counts, err
	}
	all, err := s.named(ctx, dir, words, kind, counts)
	if err != nil {
		return list, counts, err
	}
	for _, r := range measures {
		counts[FoundMeasure]++
		if kind == "" || kind == FoundMeasure {
			all = append(all, Found{Kind: FoundMeasure, Title: fmt.Sprintf("%d年%s", r.Year, r.Title), Href: "/desk/measures/" + string(r.Measure), Text: excerpt(r.Text, words)})
		}
	}
	open := map[id.ID]bool{}
	for _, r := range evidence {
		may, known := open[r.Duty]
		if !known {
			b, err := s.book(ctx, r.Plan)
			if err != nil {
				return list, counts, err
			}
			at, ok := b.measure[r.Measure]
			may = ok && b.sees(who, r.Unit, at)
			open[r.Duty] = may
		}
		if !may {
			continue
		}
		counts[FoundEvidence]++
		if kind == "" || kind == FoundEvidence {
			all = append(all, Found{Kind: FoundEvidence, Title: r.Title, Href: "/desk/evidence/" + string(r.Key), Unit: dir.NameOf(r.Unit), On: calendar.Of(r.At), Text: excerpt(r.Text, words)})
		}
	}
	list.Total = len(all)
	from := min(ask.Offset(), len(all))
	list.Rows = slices.Clone(all[from:min(from+ask.Size, len(all))])
	return list, counts, nil
}

// named are the plans whose title or number, and the units one of whose names,
// holds all the words. A unit leads to its page in the latest plan.
func (s *Service) named(ctx context.Context, dir *org.Directory, words []string, kind string, counts map[string]int) (found []Found, err error) {
	list, err := plans(ctx, s.k.DB.Read)
	if err != nil {
		return nil, fmt.Errorf("search plans: %w", err)
	}
	holds := func(text string) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
	}
	put := func(f Found) {
		counts[f.Kind]++
		if kind == "" || kind == f.Kind {
			found = append(found, f)
		}
	}
	latest := Plan{}
	for _, p := range list {
		if p.Year > latest.Year {
			latest = p
		}
		if holds(p.Title + "\n" + p.Number) {
			put(Found{Kind: FoundPlan, Title: fmt.Sprintf("%d年　%s", p.Year, p.Title), Href: "/desk/plans/" + string(p.ID), On: p.IssuedOn, Text: p.Number})
		}
	}
	for _, u := range dir.Units() {
		names := append([]string{u.Name, u.Full, u.Short}, u.Aliases...)
		if slices.ContainsFunc(names, holds) && latest.ID != "" {
			put(Found{Kind: FoundUnit, Title: u.Name, Href: fmt.Sprintf("/desk/plans/%s/units/%s", latest.ID, u.ID), Text: u.Full})
		}
	}
	return found, nil
}

// excerpt is the part of a text around the first word found in it.
func excerpt(text string, words []string) string {
	const before, most = 20, 120
	runes := []rune(strings.Join(strings.Fields(text), " "))
	at := 0
	for _, w := range words {
		if i := strings.Index(string(runes), w); i >= 0 {
			at = max(0, len([]rune(string(runes)[:i]))-before)
			break
		}
	}
	out := runes[at:]
	head := ""
	if at > 0 {
		head = "…"
	}
	return head + cut(string(out), most)
}
