package plan

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
)

// Matrix is the year at a glance: items down, units across, and in each cell
// the worst standing of what that unit has to do for that item.
type Matrix struct {
	Plan  Plan
	Items []Item
	Units []MatrixUnit
	Cells [][]Cell       // by item, then unit
	Sums  map[string]int // terms by standing
	Total int
}

// MatrixUnit is one column.
type MatrixUnit struct {
	ID   id.ID
	Name string
	Sums map[string]int
}

// Cell is what one unit has to do for one item.
type Cell struct {
	Terms  int // 0: nothing to do here
	Worst  Standing
	Counts map[string]int // terms by standing
	Leads  bool           // the unit leads a measure of the item
}

// Matrix counts the terms of a plan by item and unit.
func (s *Service) Matrix(ctx context.Context, plan id.ID) (Matrix, error) {
	m := Matrix{Sums: map[string]int{}}
	var err error
	if m.Plan, err = getPlan(ctx, s.k.DB.Read, plan); err != nil {
		return m, err
	}
	if m.Items, err = items(ctx, s.k.DB.Read, plan); err != nil {
		return m, err
	}
	today := s.today()
	rows, err := tally(ctx, s.k.DB.Read, plan, today, s.soon(today))
	if err != nil {
		return m, fmt.Errorf("count the matrix: %w", err)
	}
	row := map[id.ID]int{}
	for i, it := range m.Items {
		row[it.ID] = i
	}
	units := map[id.ID]bool{}
	for _, r := range rows {
		units[r.Unit] = true
	}
	if m.Units, err = s.columns(ctx, units); err != nil {
		return m, err
	}
	column := map[id.ID]int{}
	for i, u := range m.Units {
		column[u.ID] = i
	}
	m.Cells = make([][]Cell, len(m.Items))
	for i := range m.Cells {
		m.Cells[i] = make([]Cell, len(m.Units))
	}
	for _, r := range rows {
		i, ok := row[r.Item]
		if !ok {
			continue
		}
		c := &m.Cells[i][column[r.Unit]]
		st := StandingOf(r.Standing)
		if c.Counts == nil {
			c.Counts = map[string]int{}
		}
		if c.Terms == 0 || st.Rank < c.Worst.Rank {
			c.Worst = st
		}
		c.Terms += r.N
		c.Counts[r.Standing] += r.N
		c.Leads = c.Leads || r.Role == Leading
		m.Sums[r.Standing] += r.N
		m.Units[column[r.Unit]].Sums[r.Standing] += r.N
		m.Total += r.N
	}
	return m, nil
}

// columns names units and puts them in the directory's order.
func (s *Service) columns(ctx context.Context, units map[id.ID]bool) ([]MatrixUnit, error) {
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return nil, err
	}
	var all []org.Unit
	for key := range units {
		if u, ok := dir.Unit(key); ok {
			all = append(all, u)
		}
	}
	slices.SortFunc(all, func(a, b org.Unit) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Name, b.Name))
	})
	out := make([]MatrixUnit, len(all))
	for i, u := range all {
		out[i] = MatrixUnit{ID: u.ID, Name: u.Name, Sums: map[string]int{}}
	}
	return out, nil
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
	Standing                              Standing `bun:"-"`
	Percent                               int      // as last reported
	Evidence                              int      // pieces not refused
	MovedAt                               string   // instant of the last thing that happened, as the database keeps it
}

// Lines lists the terms of a plan by a filter, a page at a time.
func (s *Service) Lines(ctx context.Context, f Filter, ask page.Ask) (page.Of[Line], error) {
	today := s.today()
	return lines(ctx, s.k.DB.Read, f, today, s.soon(today), ask.Clean())
}

// AllLines lists all terms that a filter leaves, for export.
func (s *Service) AllLines(ctx context.Context, f Filter) ([]Line, error) {
	today := s.today()
	out, err := lines(ctx, s.k.DB.Read, f, today, s.soon(today), page.Ask{})
	return out.Rows, err
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
