package process

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"gongkai/kernel/org"
)

var name = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// Valid reports everything that is wrong with a declaration. It is asked at
// start-up, so a flow with a state that nobody reaches or leaves never serves.
func (f *Flow) Valid() error {
	v := validator{f: f}
	v.names()
	v.moves()
	v.branches()
	v.clocks()
	if len(v.errs) == 0 { // the graph makes sense only with known names
		v.graph()
	}
	return errors.Join(v.errs...)
}

type validator struct {
	f    *Flow
	errs []error
}

func (v *validator) wrong(format string, args ...any) {
	v.errs = append(v.errs, fmt.Errorf("flow %s: %s", v.f.Name, fmt.Sprintf(format, args...)))
}

// named checks that a name is well formed, has a title and is not taken.
func (v *validator) named(what, key, title string, taken map[string]bool) {
	if !name.MatchString(key) {
		v.wrong("%s %q: a name is small letters, digits and hyphens", what, key)
	}
	if title == "" {
		v.wrong("%s %s has no title", what, key)
	}
	if taken[key] {
		v.wrong("%s %s is declared twice", what, key)
	}
	taken[key] = true
}

func (v *validator) states(what, list string) {
	for s := range strings.FieldsSeq(list) {
		if _, ok := v.f.State(s); !ok {
			v.wrong("%s: unknown state %s", what, s)
		}
	}
}

func (v *validator) known(what, list string) {
	for m := range strings.FieldsSeq(list) {
		if _, ok := v.f.Move(m); !ok {
			v.wrong("%s: unknown move %s", what, m)
		}
	}
}

func (v *validator) names() {
	f := v.f
	v.named("flow", f.Name, f.Title, map[string]bool{})
	states, moves, clocks := map[string]bool{}, map[string]bool{Opened: true}, map[string]bool{}
	for _, s := range f.States {
		v.named("state", s.Name, s.Title, states)
		if len([]rune(s.Mark)) > 1 {
			v.wrong("state %s: a mark is one character", s.Name)
		}
		branches := map[string]bool{}
		for _, b := range s.Needs {
			v.named("state "+s.Name+": branch", b.Name, b.Title, branches)
		}
		if s.Final && len(s.Needs) > 0 {
			v.wrong("state %s is final and waits for reviews", s.Name)
		}
	}
	for _, m := range f.Moves {
		v.named("move", m.Name, m.Title, moves)
	}
	for _, c := range f.Clocks {
		v.named("clock", c.Name, c.Title, clocks)
	}
	if s, ok := f.State(f.Start); !ok || s.Final {
		v.wrong("start %q is not a state, or final", f.Start)
	}
}

func (v *validator) moves() {
	for _, m := range v.f.Moves {
		what := "move " + m.Name
		if m.From == "" {
			v.wrong("%s starts nowhere", what)
		}
		v.states(what, m.From)
		v.states(what, m.To)
		if len(strings.Fields(m.To)) > 1 {
			v.wrong("%s leads to several states", what)
		}
		switch {
		case m.Auto && m.By != 0:
			v.wrong("%s is made by the house and by roles", what)
		case !m.Auto && m.By == 0:
			v.wrong("%s: nobody may make it", what)
		}
		if m.Back && (m.To != "" || m.Branch != "" || m.Auto) {
			v.wrong("%s goes back to a chosen state: no To, Branch or Auto", what)
		}
		if m.In != Own && m.In != Any && !name.MatchString(m.In) {
			v.wrong("%s: %q is not a party", what, m.In)
		}
		if m.In == Any && m.By.Any(org.Public|org.Staff) && !m.Optional {
			v.wrong("%s is open to everybody: say Optional, or it is everybody's to-do", what)
		}
		for _, by := range m.NotBy {
			if by != Opened {
				v.known(what+": NotBy", by)
			}
		}
		for s := range strings.FieldsSeq(m.From) {
			if from, _ := v.f.State(s); from.Final && !m.Optional && !m.Auto {
				v.wrong("%s leaves the final state %s: say Optional, for nobody waits there", what, s)
			}
		}
		taken := map[string]bool{}
		for _, n := range m.Needs {
			v.named(what+": need", n.Name, n.Title, taken)
			if err := n.valid(); err != nil {
				v.wrong("%s: need %s: %v", what, n.Name, err)
			}
		}
	}
}

// branches checks that every parallel review can be approved and leads, with
// its siblings, to one state.
func (v *validator) branches() {
	for _, m := range v.f.Moves {
		for _, s := range m.from() {
			from, _ := v.f.State(s)
			switch {
			case m.Branch == "" && len(from.Needs) > 0 && m.target(s) != s && !m.NeedReason && !m.Auto:
				v.wrong("move %s leaves %s before its reviews are complete: it needs a reason", m.Name, s)
			case m.Branch != "" && !from.needs(m.Branch):
				v.wrong("move %s: state %s has no branch %s", m.Name, s, m.Branch)
			case m.Branch != "" && m.target(s) == s:
				v.wrong("move %s: an approval leads on from %s", m.Name, s)
			}
		}
	}
	for _, s := range v.f.States {
		to := ""
		for _, b := range s.Needs {
			found := false
			for _, m := range v.f.movesFrom(s.Name) {
				if m.Branch != b.Name {
					continue
				}
				found = true
				if to != "" && m.To != to {
					v.wrong("state %s: its reviews lead to %s and to %s", s.Name, to, m.To)
				}
				to = m.To
			}
			if !found {
				v.wrong("state %s: no move approves branch %s", s.Name, b.Name)
			}
		}
	}
}

func (s State) needs(branch string) bool {
	for _, b := range s.Needs {
		if b.Name == branch {
			return true
		}
	}
	return false
}

func (v *validator) clocks() {
	for _, c := range v.f.Clocks {
		what := "clock " + c.Name
		v.states(what, c.StartIn+" "+c.PauseIn+" "+c.StopIn)
		v.known(what, c.StartOn+" "+c.PauseOn+" "+c.ResumeOn+" "+c.StopOn)
		if c.Basis == "" {
			v.wrong("%s names no basis (CAL-11)", what)
		}
		if c.WorkingDays < 0 || c.Extend < 0 || c.WorkingDays > 0 && !c.Period.IsZero() {
			v.wrong("%s: one length, not negative", what)
		}
		if (c.PauseOn == "") != (c.ResumeOn == "") {
			v.wrong("%s: PauseOn and ResumeOn come together", what)
		}
		for _, n := range c.Remind {
			if n < 0 {
				v.wrong("%s: reminders come before the last day", what)
			}
		}
		for _, e := range c.Escalate {
			if e.After < 0 || e.Role == 0 || e.Title == "" {
				v.wrong("%s: an escalation has days, a role and a title", what)
			}
		}
		if m, ok := v.f.Move(c.Expire); c.Expire != "" && (!ok || !m.Auto) {
			v.wrong("%s: expires by %s, which is not a move of the house", what, c.Expire)
		}
	}
}

// edges are the states a state leads to. A Back move leads at least to the start.
func (f *Flow) edges(state string) []string {
	var out []string
	for _, m := range f.movesFrom(state) {
		if m.Back {
			out = append(out, f.Start)
		} else if to := m.target(state); to != state {
			out = append(out, to)
		}
	}
	return out
}

// graph checks that every state is reached from the start and, unless it is
// final, leads to an end.
func (v *validator) graph() {
	f := v.f
	for _, s := range f.States {
		if s.Name != f.Start && !f.reaches(f.Start, func(to State) bool { return to.Name == s.Name }) {
			v.wrong("state %s cannot be reached", s.Name)
		}
		if !s.Final && !f.reaches(s.Name, func(to State) bool { return to.Final }) {
			v.wrong("state %s cannot be left for a final state", s.Name)
		}
	}
}

func (f *Flow) reaches(from string, found func(State) bool) bool {
	seen, todo := map[string]bool{from: true}, []string{from}
	for len(todo) > 0 {
		next := todo[0]
		todo = todo[1:]
		if s, _ := f.State(next); found(s) {
			return true
		}
		for _, to := range f.edges(next) {
			if !seen[to] {
				seen[to] = true
				todo = append(todo, to)
			}
		}
	}
	return false
}
