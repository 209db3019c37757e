package process

import (
	"context"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
)

// Flow is a declared process: all a case of this kind can ever go through.
type Flow struct {
	Name, Title string // key and Chinese name: "notice", 公示发布
	Start       string // state of a new case
	States      []State
	Moves       []Move // in the order a person should see them: the likely one first
	Clocks      []Clock
}

// State is where a case can stand.
type State struct {
	Name, Title string
	Mark        string // one character for matrices, for those who cannot see colour: 达 缓 逾 疑 销
	Final       bool   // the case is closed and its clocks stop

	// Needs are parallel reviews: each is approved by a move of that Branch, and
	// the last approval carries the case on. What leaves earlier must give a
	// reason, and the approvals of that stay are void.
	Needs []Branch
}

// Branch is one of the parallel reviews of a state.
type Branch struct{ Name, Title string }

// Who the actor must act for, besides a unit named by a party of the case.
const (
	Own = ""  // the case's own unit
	Any = "*" // whoever holds the role, in any unit: applicants, district-wide roles
)

// Opened is the name under which the opening of a case stands in its history
// and in NotBy.
const Opened = "open"

// Move is what takes a case from one state to another.
type Move struct {
	Name, Title string
	From        string   // one or several states, separated by spaces
	To          string   // "" stays where it is; empty for Back
	By          org.Role // any of these roles
	In          string   // Own, Any, or the party whose unit the actor must act for
	NotAuthor   bool     // four eyes: not who opened the case, nor for whom it was opened
	NotBy       []string // four eyes: nor who ever made one of these moves, in person or by a substitute
	NeedReason  bool
	Needs       []Need
	Branch      string // approves this branch of the state
	Back        bool   // to a state the case has been in, chosen by Input.To
	Auto        bool   // made by the house only (Clock.Expire, an area's own work)
	Optional    bool   // may be made but nobody waits for it (withdraw, urge): no to-do

	// If is a guard: an error (a fault, in Chinese) says why not now. It only reads.
	If func(ctx context.Context, db Reader, c *Case, who org.Actor) error
	// Do is the effect, in the transaction of the move; c stands in its new state
	// and c.Last is the move. An error undoes the move.
	Do func(ctx context.Context, tx *store.Tx, c *Case, in Input) error
}

// from lists the states the move starts in.
func (m Move) from() []string { return strings.Fields(m.From) }

// target is the state the move leads to from a state, were all branches approved.
func (m Move) target(from string) string {
	if m.To == "" {
		return from
	}
	return m.To
}

// eyes are the steps whose makers may not make this move.
func (m Move) eyes() []string {
	if m.NotAuthor {
		return append([]string{Opened}, m.NotBy...)
	}
	return m.NotBy
}

// Kind says what a Need asks for.
type Kind string

const (
	Text   Kind = "text"   // Min and Max count characters
	Day    Kind = "date"   // YYYY-MM-DD
	File   Kind = "file"   // keys of stored files, separated by spaces; Min and Max count files
	Number Kind = "number" // a whole number between Min and Max
	Choice Kind = "choice" // the Code of one of the Options
)

// Need is a typed thing that a move must bring, under its name in Input.Values.
type Need struct {
	Name, Title, Help string
	Kind              Kind
	Optional          bool
	Min, Max          int // bounds by kind; Max 0 means none (text: 2000, file: 20)
	NotPast           bool
	NotFuture         bool
	Options           []Option
}

// Option is one answer to a Choice.
type Option struct{ Code, Title string }

// Clock counts time for a case. Without StartIn and StartOn it starts when the
// case is opened, on the day given there; without a length its date is set per
// case (Options.Due or SetDue). A final state always stops it. Names of states
// and moves are separated by spaces.
type Clock struct {
	Name, Title string
	WorkingDays int             // either a number of working days
	Period      calendar.Period // or another period
	Extend      int             // working days that Extend may add in all
	Basis       string          // the rule it rests on: "LAW-10"; shown with every deadline (CAL-11)

	StartIn, StartOn string // entering one of these states, making one of these moves
	PauseIn          string // does not run while the case stands in one of these states
	PauseOn          string // paused by one of these moves
	ResumeOn         string // until one of these moves
	StopIn, StopOn   string

	Remind   []int        // so many working days before it ends; 0 is the last day
	Escalate []Escalation // once it is late
	Expire   string       // Auto move made on the day after it ends
}

// Escalation tells somebody above that a clock has run out.
type Escalation struct {
	After int    // working days after the last day; 0 is the day after it
	Party string // whose unit is told: Own, a party, or Any for all who hold the role
	Role  org.Role
	Title string // 逾期3个工作日，报分管领导
}

// period is the length of the clock; zero when its date is set per case.
func (c Clock) period() calendar.Period {
	if c.WorkingDays > 0 {
		return calendar.InWorkingDays(c.WorkingDays)
	}
	return c.Period
}

// has reports whether a list of names separated by spaces holds name.
func has(list, name string) bool {
	for one := range strings.FieldsSeq(list) {
		if one == name {
			return true
		}
	}
	return false
}

// State returns the state of a name.
func (f *Flow) State(name string) (State, bool) {
	for _, s := range f.States {
		if s.Name == name {
			return s, true
		}
	}
	return State{}, false
}

// Move returns the move of a name.
func (f *Flow) Move(name string) (Move, bool) {
	for _, m := range f.Moves {
		if m.Name == name {
			return m, true
		}
	}
	return Move{}, false
}

// Clock returns the clock of a name.
func (f *Flow) Clock(name string) (Clock, bool) {
	for _, c := range f.Clocks {
		if c.Name == name {
			return c, true
		}
	}
	return Clock{}, false
}

// movesFrom lists the moves that start in a state, in the order of declaration.
func (f *Flow) movesFrom(state string) []Move {
	var out []Move
	for _, m := range f.Moves {
		if has(m.From, state) {
			out = append(out, m)
		}
	}
	return out
}

// parties are the names under which units can have a part in a case.
func (f *Flow) parties() []string {
	out := []string{Own}
	add := func(name string) {
		for _, p := range out {
			if p == name {
				return
			}
		}
		out = append(out, name)
	}
	for _, m := range f.Moves {
		add(m.In)
	}
	for _, c := range f.Clocks {
		for _, e := range c.Escalate {
			add(e.Party)
		}
	}
	return out
}
