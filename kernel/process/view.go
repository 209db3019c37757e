package process

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
)

// FlowOf is the declaration of a case.
func (c *Case) FlowOf() *Flow { return c.flow }

// StateOf is the declaration of the state the case stands in.
func (c *Case) StateOf() State {
	s, _ := c.flow.State(c.State)
	return s
}

// History is all that happened to the case, the oldest first.
func (c *Case) History() []Step { return slices.Clone(c.steps) }

// Replay is the state that the moves in a history lead to.
func Replay(history []Step) string {
	state := ""
	for _, s := range history {
		if s.Kind == kindOpen || s.Kind == kindMove {
			state = s.To
		}
	}
	return state
}

// Entry is a line of a timeline.
type Entry struct {
	At     time.Time
	Day    string // the legal day when it is another than the day it was entered
	Who    string // 王芳（区司法局，代李强）
	What   string // 送审
	From   string // title of the state before, "" when it stayed
	To     string // title of the state after
	Reason string
	Fields []Field
}

// Field is something a step brought, for reading.
type Field struct {
	Name, Title, Value string
	Kind               Kind // File: keys of stored files
}

// Timeline tells the history for a page, the latest first. names gives the name
// of a person whose absence was covered; nil leaves it out.
func (c *Case) Timeline(names func(id.ID) string) []Entry {
	var out []Entry
	for _, s := range slices.Backward(c.steps) {
		e := Entry{At: s.At, What: c.stepTitle(s), Who: s.Name, Reason: s.Reason}
		detail := s.UnitName
		if s.For != "" && names != nil {
			detail = detail + "，代" + names(s.For)
		}
		if detail != "" {
			e.Who += "（" + detail + "）"
		}
		if !s.Day.IsZero() && s.Day != calendar.Of(s.At) {
			e.Day = s.Day.String()
		}
		if e.To = c.title(s.To); s.From != s.To && s.From != "" {
			e.From = c.title(s.From)
		}
		e.Fields = c.fields(s)
		out = append(out, e)
	}
	return out
}

// fields are the values of a step with their titles.
func (c *Case) fields(s Step) []Field {
	v := s.Values
	switch s.Kind {
	case kindAssign, kindLend, kindTake:
		return []Field{{Name: "name", Title: "办理人", Value: v["name"], Kind: Text}}
	case kindDue:
		k, _ := c.flow.Clock(v["clock"])
		old := v["old"]
		if old == "" {
			old = "未定"
		}
		return []Field{{Name: "new", Title: k.Title, Value: old + " → " + v["new"], Kind: Text}}
	}
	m, _ := c.flow.Move(s.Move)
	var out []Field
	for _, n := range m.Needs {
		value, ok := v[n.Name]
		if !ok {
			continue
		}
		for _, o := range n.Options {
			if o.Code == value {
				value = o.Title
			}
		}
		out = append(out, Field{Name: n.Name, Title: n.Title, Value: value, Kind: n.Kind})
	}
	return out
}

// Station is a state on the short line of a case page.
type Station struct {
	State   State
	Done    bool // the case has been through it
	Current bool
	At      time.Time // when it came here last, zero for what lies ahead
	By      string    // who brought it here
}

// Line is the short line of a case: the states it went through, each once, the
// present one, and the likely way ahead to an end (first declared moves).
func (c *Case) Line() []Station {
	var out []Station
	for _, s := range c.steps {
		if s.From == s.To || s.Kind != kindOpen && s.Kind != kindMove {
			continue
		}
		st, ok := c.flow.State(s.To)
		if !ok {
			continue
		}
		// A return takes the line back to where the state stood before.
		if at := slices.IndexFunc(out, func(o Station) bool { return o.State.Name == s.To }); at >= 0 {
			out = out[:at]
		}
		out = append(out, Station{State: st, Done: true, At: s.At, By: s.Name})
	}
	if n := len(out); n > 0 {
		out[n-1].Done, out[n-1].Current = out[n-1].State.Final, true
	}
	for _, st := range c.flow.ahead(c.State) {
		out = append(out, Station{State: st})
	}
	return out
}

// ahead is the shortest way from a state to a final one; of equally short ones
// that of the moves declared first.
func (f *Flow) ahead(from string) []State {
	if s, _ := f.State(from); s.Final {
		return nil
	}
	came := map[string]string{from: ""}
	for todo := []string{from}; len(todo) > 0; todo = todo[1:] {
		for _, m := range f.movesFrom(todo[0]) {
			to := m.target(todo[0])
			if _, seen := came[to]; seen || m.Back || m.Auto || m.Optional {
				continue
			}
			came[to] = todo[0]
			if s, _ := f.State(to); s.Final {
				var way []State
				for at := to; at != from; at = came[at] {
					s, _ := f.State(at)
					way = append([]State{s}, way...)
				}
				return way
			}
			todo = append(todo, to)
		}
	}
	return nil
}

// Standing is where a case stands, for matrices and lists of many.
type Standing struct {
	Case     id.ID
	Subject  id.ID
	Unit     id.ID
	Flow     string
	State    State
	Due      calendar.Date
	Late     bool
	Closed   bool
	ClosedAt time.Time
}

// Mark is the character of a matrix: 逾 for late cases, else the state's.
func (s Standing) Mark() string {
	if s.Late {
		return "逾"
	}
	return s.State.Mark
}

// Which narrows Standings and Stats.
type Which struct {
	Flow     string  // required
	Subjects []id.ID // of these things; nil for all
	Unit     id.ID   // of one unit, "" for all
	Open     bool    // only open cases
	// Opened in the half-open span of days, for Stats; none means no bound.
	From, Before calendar.Date
}

// Standings loads where many cases stand, by subject; of several cases of one
// subject the latest.
func (s *Cases) Standings(ctx context.Context, w Which) (map[id.ID]Standing, error) {
	f, ok := s.flows[w.Flow]
	if !ok {
		return nil, fmt.Errorf("process: unknown flow %q", w.Flow)
	}
	out := map[id.ID]Standing{}
	today := s.today()
	err := s.standings(ctx, w, func(st Standing, state string) {
		if out[st.Subject].Case > st.Case { // keys sort by age
			return
		}
		st.Flow = w.Flow
		st.State, _ = f.State(state)
		st.Closed = !st.ClosedAt.IsZero()
		st.Late = !st.Closed && !st.Due.IsZero() && st.Due.Before(today)
		out[st.Subject] = st
	})
	return out, err
}

// Stat is a count of cases.
type Stat struct {
	Open, Late   int // late ones are among the open
	Due          int // open, due within seven days
	Closed       int
	InTime       int // closed, and every clock ended in time
	OverdueDays  int // working days that clocks ran over, ended and running ones
	OverdueCases int // cases with such a clock, open or closed
}

// Stats counts the cases of a flow by unit; the key "" holds the sum. A case
// counts under its own unit.
func (s *Cases) Stats(ctx context.Context, w Which) (map[id.ID]Stat, error) {
	if _, ok := s.flows[w.Flow]; !ok {
		return nil, fmt.Errorf("process: unknown flow %q", w.Flow)
	}
	out, err := s.stats(ctx, w, s.today())
	if err != nil {
		return nil, fmt.Errorf("count cases of %s: %w", w.Flow, err)
	}
	sum := Stat{}
	for _, one := range out {
		sum.Open, sum.Late, sum.Due = sum.Open+one.Open, sum.Late+one.Late, sum.Due+one.Due
		sum.Closed, sum.InTime = sum.Closed+one.Closed, sum.InTime+one.InTime
		sum.OverdueDays, sum.OverdueCases = sum.OverdueDays+one.OverdueDays, sum.OverdueCases+one.OverdueCases
	}
	out[""] = sum
	return out, nil
}
