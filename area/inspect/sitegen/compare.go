package sitegen

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Tally counts what was found rightly, wrongly and not at all.
type Tally struct{ Right, Wrong, Missed int }

// Precision is the share of what was reported that is right; 1 when nothing was.
func (t Tally) Precision() float64 { return share(t.Right, t.Wrong) }

// Recall is the share of what there is that was reported; 1 when there is nothing.
func (t Tally) Recall() float64 { return share(t.Right, t.Missed) }

func share(yes, no int) float64 {
	if yes+no == 0 {
		return 1
	}
	return float64(yes) / float64(yes+no)
}

func (t *Tally) add(u Tally) {
	t.Right, t.Wrong, t.Missed = t.Right+u.Right, t.Wrong+u.Wrong, t.Missed+u.Missed
}

// Score is what comparing a report with the truth gives.
type Score struct {
	Findings   Tally
	Indicators map[string]Tally
	Checks     map[string]Tally
	Kinds      map[string]Tally // of planted faults
	Columns    Tally
	Classes    Tally // kind of the columns that were found
	Latest     Tally // their newest day
	Items      Tally
	Fields     map[string]Tally // title, date, source, number, column of the items that were found
	Missed     []Planted
	False      []Reported // on pages without such a fault
	Doubled    []Reported // a second finding of one fault; they count as false
	Alarms     []Reported // those of the false ones that a near miss called forth
}

// Reported is a finding as a report tells it.
type Reported struct {
	Check     string   `json:"check"`
	Also      []string `json:"also"`
	Indicator string   `json:"indicator"`
	URL       string   `json:"url"`
	On        string   `json:"on"`
	Key       string   `json:"key"`
	State     string   `json:"state"`
	What      string   `json:"what"`
	Seen      string   `json:"seen"`
	Near      string   `json:"-"` // kind of the near miss
}

// Compare holds a report.json against the truth. What is NOT_DECIDED is no
// finding; nor is what the truth tolerates.
func Compare(report []byte, t Truth) (Score, error) {
	var r struct {
		Columns []struct{ Name, URL, Kind, Class, Latest string }
		Items   []struct{ URL, Title, Date, Source, Unit, Number, Column string }
		Finding []Reported `json:"findings"`
	}
	if err := json.Unmarshal(report, &r); err != nil {
		return Score{}, fmt.Errorf("read the report: %w", err)
	}
	s := Score{Indicators: map[string]Tally{}, Checks: map[string]Tally{}, Kinds: map[string]Tally{}, Fields: map[string]Tally{}}
	s.findings(r.Finding, t)

	columns := map[string]Column{}
	for _, c := range t.Columns {
		columns[sameAddress(c.URL)] = c
	}
	seen := map[string]bool{}
	for _, c := range r.Columns {
		key := sameAddress(c.URL)
		want, ok := columns[key]
		switch {
		case !ok:
			s.Columns.Wrong++
			continue
		case seen[key]:
			s.Columns.Wrong++
			continue
		}
		seen[key] = true
		if want.Optional {
			continue
		}
		s.Columns.Right++
		mark(&s.Classes, firstOf(c.Kind, c.Class) == want.Kind)
		if want.Latest != "" {
			mark(&s.Latest, strings.HasPrefix(c.Latest, want.Latest))
		}
	}
	for key, c := range columns {
		if !c.Optional && !seen[key] {
			s.Columns.Missed++
		}
	}

	items := map[string]Item{}
	for _, i := range t.Items {
		items[sameAddress(i.URL)] = i
	}
	clear(seen)
	field := func(name, got, want string) {
		if want == "" && got == "" {
			return
		}
		n := s.Fields[name]
		switch {
		case got == want:
			n.Right++
		case got == "":
			n.Missed++
		case want == "":
			n.Wrong++
		default:
			n.Wrong++
			n.Missed++
		}
		s.Fields[name] = n
	}
	for _, i := range r.Items {
		key := sameAddress(i.URL)
		want, ok := items[key]
		if !ok || seen[key] {
			s.Items.Wrong++
			continue
		}
		seen[key] = true
		if want.Optional {
			continue
		}
		s.Items.Right++
		field("title", i.Title, want.Title)
		field("date", i.Date[:min(len(i.Date), 10)], want.Date)
		field("source", i.Source, want.Source)
		field("number", i.Number, want.Number)
		field("column", i.Column, want.Column)
	}
	for key, i := range items {
		if !i.Optional && !seen[key] {
			s.Items.Missed++
		}
	}
	return s, nil
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func mark(t *Tally, right bool) {
	if right {
		t.Right++
	} else {
		t.Wrong++
		t.Missed++
	}
}

func count(m map[string]Tally, key string, t Tally) {
	n := m[key]
	n.add(t)
	m[key] = n
}

func (s *Score) findings(list []Reported, t Truth) {
	found := make([]int, len(t.Planted))
	byAddress := map[string][]int{}
	for i, p := range t.Planted {
		for _, a := range append([]string{p.URL}, p.Where...) {
			key := sameAddress(a)
			if !slices.Contains(byAddress[key], i) {
				byAddress[key] = append(byAddress[key], i)
			}
		}
	}
	for _, f := range list {
		if f.State == "NOT_DECIDED" || f.State == "PASS" || f.State == "NOT_APPLICABLE" {
			continue
		}
		match := -1
		for _, i := range byAddress[sameAddress(firstOf(f.URL, f.On))] {
			if p := t.Planted[i]; named(p.Checks, f) && (match < 0 || found[match] > 0 && found[i] == 0 || found[i] == 0 && rank(p.Checks, f) < rank(t.Planted[match].Checks, f)) {
				match = i
			}
		}
		if match >= 0 && (found[match] == 0 || t.Planted[match].Many) {
			found[match]++
			continue
		}
		if tolerates(t.Tolerated, f) {
			continue
		}
		if match >= 0 {
			s.Doubled = append(s.Doubled, f)
		} else {
			for _, n := range t.Near {
				if named(n.Checks, f) && (sameAddress(n.URL) == sameAddress(f.URL) || slices.ContainsFunc(n.Where, func(a string) bool { return sameAddress(a) == sameAddress(f.URL) })) {
					f.Near = n.Kind
					s.Alarms = append(s.Alarms, f)
					break
				}
			}
			s.False = append(s.False, f)
		}
		wrong := Tally{Wrong: 1}
		s.Findings.add(wrong)
		count(s.Indicators, firstOf(f.Indicator, f.Check), wrong)
		count(s.Checks, f.Check, wrong)
	}
	for i, p := range t.Planted {
		n := Tally{Right: 1}
		if found[i] == 0 {
			n = Tally{Missed: 1}
			s.Missed = append(s.Missed, p)
		}
		s.Findings.add(n)
		count(s.Indicators, p.Indicators[0], n)
		count(s.Checks, p.Checks[0], n)
		count(s.Kinds, p.Kind, n)
	}
}

// named tells whether a finding names one of some checks.
func named(checks []string, f Reported) bool { return rank(checks, f) < len(checks) }

// rank is the place of the finding's check among those that are accepted.
func rank(checks []string, f Reported) int {
	for i, c := range checks {
		head, any := strings.CutSuffix(c, "*")
		for _, have := range append([]string{f.Check}, f.Also...) {
			if have == c || any && strings.HasPrefix(have, head) {
				return i
			}
		}
	}
	return len(checks)
}

func tolerates(list []Tolerated, f Reported) bool {
	for _, t := range list {
		if t.Checks[0] != "*" && !slices.Contains(t.Checks, f.Check) {
			continue
		}
		if t.Key != "" && !strings.Contains(f.Key+" "+f.What+" "+f.Seen, t.Key) {
			continue
		}
		head, begins := strings.CutSuffix(t.URL, "*")
		if t.URL == "" || begins && strings.HasPrefix(f.URL, head) || !begins && sameAddress(t.URL) == sameAddress(f.URL) {
			return true
		}
	}
	return false
}

// Add adds the score of another site.
func (s *Score) Add(o Score) {
	if s.Indicators == nil {
		s.Indicators, s.Checks, s.Kinds, s.Fields = map[string]Tally{}, map[string]Tally{}, map[string]Tally{}, map[string]Tally{}
	}
	s.Findings.add(o.Findings)
	s.Columns.add(o.Columns)
	s.Classes.add(o.Classes)
	s.Latest.add(o.Latest)
	s.Items.add(o.Items)
	for _, pair := range []struct{ to, from map[string]Tally }{{s.Indicators, o.Indicators}, {s.Checks, o.Checks}, {s.Kinds, o.Kinds}, {s.Fields, o.Fields}} {
		for key, t := range pair.from {
			count(pair.to, key, t)
		}
	}
	s.Missed = append(s.Missed, o.Missed...)
	s.False = append(s.False, o.False...)
	s.Doubled = append(s.Doubled, o.Doubled...)
	s.Alarms = append(s.Alarms, o.Alarms...)
}

// Print writes the score for a person: totals, every indicator, every check,
// then what was missed and what was wrong.
func (s Score) Print(w io.Writer) {
	line := func(name string, t Tally) {
		fmt.Fprintf(w, "  %-28s P %.3f  R %.3f  right %d  wrong %d  missed %d\n", name, t.Precision(), t.Recall(), t.Right, t.Wrong, t.Missed)
	}
	group := func(title string, m map[string]Tally) {
		fmt.Fprintln(w, title)
		for _, key := range slices.Sorted(maps.Keys(m)) {
			line(key, m[key])
		}
	}
	fmt.Fprintln(w, "all")
	line("findings", s.Findings)
	line("columns", s.Columns)
	line("columns: kind", s.Classes)
	line("columns: latest", s.Latest)
	line("items", s.Items)
	for _, key := range slices.Sorted(maps.Keys(s.Fields)) {
		line("items: "+key, s.Fields[key])
	}
	group("by indicator", s.Indicators)
	group("by check", s.Checks)
	group("by kind of fault", s.Kinds)
	if len(s.Missed) > 0 {
		fmt.Fprintln(w, "missed")
		for _, p := range s.Missed {
			fmt.Fprintf(w, "  %s %s %s on %s %s\n", p.Kind, strings.Join(p.Checks, "/"), p.URL, p.On, p.Note)
		}
	}
	wrong := func(title string, list []Reported) {
		if len(list) > 0 {
			fmt.Fprintln(w, title)
		}
		for _, f := range list {
			near := ""
			if f.Near != "" {
				near = " (near miss: " + f.Near + ")"
			}
			fmt.Fprintf(w, "  %s %s %s %s on %s %s%s\n", f.Check, f.Indicator, f.State, f.URL, f.On, f.What, near)
		}
	}
	wrong("false", s.False)
	wrong("doubled", s.Doubled)
}
