package plan

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
)

// Matrix is the year at a glance: items down, units across, and in each cell
// the worst standing of what that unit has to do for that item.
type Matrix struct {
	Plan    Plan
	Items   []Item
	Units   []MatrixUnit
	Cells   [][]Cell       // by item, then unit
	Sums    map[string]int // terms by standing
	Total   int
	Figures Figures
	Wholes  []Whole // by item
}

// MatrixUnit is one column.
type MatrixUnit struct {
	ID          id.ID
	Name, Short string
	Sums        map[string]int
}

// Cell is what one unit has to do for one item.
type Cell struct {
	Terms  int // 0: nothing to do here
	Worst  Standing
	Counts [12]uint16 // terms by Standing.Rank, from 0
	Leads  bool       // the unit leads a measure of the item
}

// Says is the cell in words: 逾期1项，推进中2项.
func (c *Cell) Says() string {
	var b strings.Builder
	c.says(&b)
	return b.String()
}

func (c *Cell) says(b *strings.Builder) {
	between := ""
	for i, n := range c.Counts {
		if n > 0 {
			b.WriteString(between)
			b.WriteString(standings[i].Title)
			b.WriteString(strconv.Itoa(int(n)))
			b.WriteString("项")
			between = "，"
		}
	}
	if c.Leads {
		b.WriteString("，牵头")
	}
}

// Matrix counts the terms of a plan by item and unit.
func (s *Service) Matrix(ctx context.Context, plan id.ID) (Matrix, error) {
	b, err := s.book(ctx, plan)
	if err != nil {
		return Matrix{}, err
	}
	m := Matrix{Plan: b.plan, Items: b.items, Sums: map[string]int{}, Wholes: make([]Whole, len(b.items))}
	for _, u := range b.units {
		m.Units = append(m.Units, MatrixUnit{ID: u.ID, Name: u.Name, Short: shortName(u), Sums: map[string]int{}})
	}
	m.Cells = make([][]Cell, len(b.items))
	for i := range m.Cells {
		m.Cells[i] = make([]Cell, len(b.units))
	}
	sums := make([][12]int, len(b.units))
	for i := range b.entries {
		e := &b.entries[i]
		c := &m.Cells[e.Item][e.Column]
		if c.Terms == 0 || e.Rank < c.Worst.Rank {
			c.Worst = e.standing()
		}
		c.Terms++
		c.Counts[e.Rank-1]++
		c.Leads = c.Leads || e.Role == Leading
		sums[e.Column][e.Rank-1]++
		m.Figures.add(e)
		m.Wholes[e.Item].add(e)
	}
	for i, row := range sums {
		for rank, n := range row {
			if n > 0 {
				code := standings[rank].Code
				m.Units[i].Sums[code] = n
				m.Sums[code] += n
				m.Total += n
			}
		}
	}
	return m, nil
}

// shortName is the name of a unit for a narrow column.
func shortName(u org.Unit) string {
	if u.Short != "" {
		return u.Short
	}
	name := strings.TrimSuffix(u.Name, "办事处")
	for _, level := range []string{"区", "县", "市"} {
		if rest, ok := strings.CutPrefix(name, level); ok && len([]rune(rest)) > 2 {
			return rest
		}
	}
	return name
}

// Filter narrows the list of terms; all of it lives in the address.
type Filter struct {
	Plan     id.ID
	Item     id.ID
	Measure  id.ID
	Unit     id.ID
	Lead     id.ID  // the unit that leads the measure
	Standing string // a code
	Role     DutyRole
	Words    string // in the text of the measure
	DueFrom  calendar.Date
	DueUntil calendar.Date
	Sort     string // due, unit, item, standing, moved
	Down     bool
}

// Line is one term in a list, with what a reader wants to know of it.
type Line struct {
	Term, Duty, Measure, Item, Unit, Case id.ID
	ItemNumber, ItemTitle                 string
	MeasureNumber, MeasureText            string
	UnitName                              string
	Role                                  DutyRole
	Number                                int // of the period
	From, Until, Due                      calendar.Date
	State                                 string
	Standing                              Standing
	Percent                               int           // as last reported
	Evidence                              int           // pieces not refused
	Handed                                calendar.Date // when it was handed in, or none
	Late                                  int           // working days after its day
	Moved                                 time.Time     // the last step a person made
}

// Brief is the beginning of the measure.
func (l Line) Brief() string { return cut(l.MeasureText, 48) }

// Lines lists the terms of a plan by a filter, a page at a time.
func (s *Service) Lines(ctx context.Context, f Filter, ask page.Ask) (page.Of[Line], error) {
	ask = ask.Clean()
	b, err := s.book(ctx, f.Plan)
	if err != nil {
		return page.Of[Line]{}, err
	}
	found := b.find(f)
	from := min(ask.Offset(), len(found))
	until := min(from+ask.Size, len(found))
	rows, err := s.fill(ctx, b, found[from:until])
	return page.Of[Line]{Rows: rows, Total: len(found), Ask: ask}, err
}

// AllLines lists all terms that a filter leaves, for export.
func (s *Service) AllLines(ctx context.Context, f Filter) ([]Line, error) {
	b, err := s.book(ctx, f.Plan)
	if err != nil {
		return nil, err
	}
	return s.fill(ctx, b, b.find(f))
}

// find lists the places of the entries that a filter leaves, in its order.
func (b *book) find(f Filter) []int {
	words := make([]bool, len(b.measures))
	leads := make([]bool, len(b.measures))
	for i, m := range b.measures {
		words[i] = f.Words == "" || strings.Contains(m.Text, f.Words) || strings.Contains(b.items[b.item[m.Item]].Title, f.Words)
		leads[i] = f.Lead == "" || slices.Contains(b.leads[i], f.Lead)
	}
	rank := StandingOf(f.Standing).Rank
	var out []int
	for i := range b.entries {
		e := &b.entries[i]
		switch {
		case !words[e.Measure] || !leads[e.Measure]:
		case f.Item != "" && b.items[e.Item].ID != f.Item:
		case f.Measure != "" && b.measures[e.Measure].ID != f.Measure:
		case f.Unit != "" && e.Unit != f.Unit:
		case f.Role != "" && e.Role != f.Role:
		case !f.DueFrom.IsZero() && e.Due.Before(f.DueFrom):
		case !f.DueUntil.IsZero() && e.Due.After(f.DueUntil):
		case rank != 0 && e.Rank != rank:
		default:
			out = append(out, i)
		}
	}
	var by func(x, y *entry) int
	switch f.Sort {
	case "due":
		by = func(x, y *entry) int { return x.Due.Compare(y.Due) }
	case "unit":
		by = func(x, y *entry) int { return cmp.Compare(x.Column, y.Column) }
	case "standing":
		by = func(x, y *entry) int { return cmp.Compare(x.Rank, y.Rank) }
	case "moved":
		by = func(x, y *entry) int { return x.Moved.Compare(y.Moved) }
	case "item":
		by = func(x, y *entry) int { return cmp.Compare(x.Measure, y.Measure) }
	default:
		return out
	}
	slices.SortStableFunc(out, func(i, j int) int {
		c := by(&b.entries[i], &b.entries[j])
		if f.Down {
			return -c
		}
		return c
	})
	return out
}

// fill makes lines of entries, with what is read anew each time.
func (s *Service) fill(ctx context.Context, b *book, places []int) ([]Line, error) {
	terms := make([]id.ID, len(places))
	for i, at := range places {
		terms[i] = b.entries[at].Term
	}
	percent, evidence, err := reported(ctx, s.k.DB.Read, terms)
	if err != nil {
		return nil, err
	}
	out := make([]Line, len(places))
	for i, at := range places {
		e := &b.entries[at]
		m, it := b.measures[e.Measure], b.items[e.Item]
		out[i] = Line{Term: e.Term, Duty: e.Duty, Measure: m.ID, Item: it.ID, Unit: e.Unit, Case: e.Case,
			ItemNumber: it.Number, ItemTitle: it.Title, MeasureNumber: m.Number, MeasureText: m.Text, UnitName: b.units[e.Column].Name,
			Role: e.Role, Number: e.Number, From: e.From, Until: e.Until, Due: e.Due, State: e.State, Standing: e.standing(),
			Percent: percent[e.Term], Evidence: evidence[e.Term], Handed: e.Handed, Late: e.Late, Moved: e.Moved}
	}
	return out, nil
}

// UnitFigures are the figures of one unit.
type UnitFigures struct {
	Unit id.ID
	Name string
	Figures
	Whole
}

// ByUnit counts the terms of each unit of a plan.
func (s *Service) ByUnit(ctx context.Context, plan id.ID) ([]UnitFigures, error) {
	b, err := s.book(ctx, plan)
	if err != nil {
		return nil, err
	}
	out := make([]UnitFigures, len(b.units))
	for i, u := range b.units {
		out[i].Unit, out[i].Name = u.ID, u.Name
	}
	for i := range b.entries {
		e := &b.entries[i]
		out[e.Column].Figures.add(e)
		out[e.Column].Whole.add(e)
	}
	return out, nil
}

// ByLead counts for each leading unit the terms of all units under its measures,
// its own among them. A term under two leading units counts for both.
func (s *Service) ByLead(ctx context.Context, plan id.ID) ([]UnitFigures, error) {
	b, err := s.book(ctx, plan)
	if err != nil {
		return nil, err
	}
	sums := map[id.ID]*UnitFigures{}
	for i := range b.entries {
		e := &b.entries[i]
		for _, key := range b.leads[e.Measure] {
			f := sums[key]
			if f == nil {
				f = &UnitFigures{Unit: key}
				sums[key] = f
			}
			f.Figures.add(e)
			f.Whole.add(e)
		}
	}
	var out []UnitFigures
	for _, u := range b.units {
		if f := sums[u.ID]; f != nil {
			f.Name = u.Name
			out = append(out, *f)
		}
	}
	return out, nil
}

// Plans lists all plans, the newest first.
func (s *Service) Plans(ctx context.Context) ([]Plan, error) { return plans(ctx, s.k.DB.Read) }

// FiguresOf counts all terms of a plan.
func (s *Service) FiguresOf(ctx context.Context, plan id.ID) (f Figures, w Whole, err error) {
	b, err := s.book(ctx, plan)
	if err != nil {
		return f, w, err
	}
	for i := range b.entries {
		f.add(&b.entries[i])
		w.add(&b.entries[i])
	}
	return f, w, nil
}

// Evidence lists the evidence of a term, the newest first.
func (s *Service) Evidence(ctx context.Context, term id.ID) ([]Evidence, error) {
	return evidenceOf(ctx, s.k.DB.Read, term)
}

// Rules lists the proof rules of a measure.
func (s *Service) Rules(ctx context.Context, measure id.ID) ([]Rule, error) {
	return rulesOf(ctx, s.k.DB.Read, measure)
}

// Findings lists what the rules last said of a term.
func (s *Service) Findings(ctx context.Context, term id.ID) ([]Finding, error) {
	return findingsOf(ctx, s.k.DB.Read, term)
}
