package process

import (
	"fmt"
	"slices"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
)

// run is one run of a clock: the facts, and what the calendar last made of them.
type run struct {
	CaseID      id.ID  `bun:",pk"`
	Name        string `bun:",pk"`
	Run         int64  `bun:",pk"` // 1, 2 … : a clock that starts anew is another run
	Start       calendar.Date
	Event       string // what happened on day 0
	Period      calendar.Period
	Extended    int
	Pauses      []calendar.Pause `bun:"type:jsonb"`
	Held        bool             // paused by a move, until another
	Fixed       calendar.Date    // set by hand; it stands until set anew
	Stop        calendar.Date
	Due         calendar.Date
	Provisional bool
	Version     string
	Next        calendar.Date

	changed bool
}

func (r *run) running() bool { return r.Stop.IsZero() }

func (r *run) count() calendar.Count {
	return calendar.Count{Start: r.Start, Event: r.Event, Period: r.Period, Extended: r.Extended, Pauses: r.Pauses}
}

// pause brings the pauses in line with whether the clock should run.
func (r *run) pause(want bool, on calendar.Date, reason string) {
	last := len(r.Pauses) - 1
	open := last >= 0 && r.Pauses[last].Open()
	switch {
	case want && !open:
		r.Pauses, r.changed = append(r.Pauses, calendar.Pause{From: on, Reason: reason}), true
	case !want && open:
		r.Pauses, r.changed = slices.Clone(r.Pauses), true
		// An end before the beginning excludes nothing, yet the pause has ended.
		r.Pauses[last].To = latest(on, r.Pauses[last].From)
	}
}

func latest(a, b calendar.Date) calendar.Date {
	if a.Before(b) {
		return b
	}
	return a
}

// settle counts the run anew. What was stopped keeps the day it had.
func (r *run) settle(days *calendar.Calendar, c Clock) {
	if !r.running() {
		r.Next = calendar.Date{}
		return
	}
	switch {
	case !r.Fixed.IsZero():
		r.Due, r.Provisional, r.Version = r.Fixed, !days.Settled(r.Start, r.Fixed), days.Version(r.Start, r.Fixed)
	case r.Period.IsZero():
		r.Due, r.Provisional, r.Version = calendar.Date{}, false, ""
	default:
		d := days.Deadline(r.count())
		r.Due, r.Provisional, r.Version = d.Due, d.Provisional, d.Version
	}
	r.Next = calendar.Date{}
	for _, e := range r.events(days, c) {
		if r.Next.IsZero() || e.day.Before(r.Next) {
			r.Next = e.day
		}
	}
}

// event is something the house does about a run on a day or later.
type event struct {
	day      calendar.Date
	key      string // unique in the run; holds the last day, so a moved one is told anew
	remind   bool
	escalate *Escalation
}

// events lists what is to be done about a run that has a last day.
func (r *run) events(days *calendar.Calendar, c Clock) []event {
	if r.Due.IsZero() {
		return nil
	}
	var out []event
	for _, n := range c.Remind {
		out = append(out, event{day: days.WorkingDaysBefore(r.Due, n), key: fmt.Sprintf("remind %d %s", n, r.Due), remind: true})
	}
	if c.Expire != "" {
		out = append(out, event{day: r.Due.Add(1), key: fmt.Sprintf("expire %s", r.Due)})
	}
	for i, e := range c.Escalate {
		day := r.Due.Add(1)
		if e.After > 0 {
			day = days.AddWorkingDays(r.Due, e.After)
		}
		out = append(out, event{day: day, key: fmt.Sprintf("escalate %d %s", i, r.Due), escalate: &c.Escalate[i]})
	}
	return out
}

// active is the running run of a clock, or nil.
func (c *Case) active(clock string) *run {
	for _, r := range c.runs {
		if r.Name == clock && r.running() {
			return r
		}
	}
	return nil
}

// start begins another run of a clock.
func (c *Case) start(k Clock, on calendar.Date, event string) *run {
	n := int64(1)
	fixed := calendar.Date{}
	for _, r := range c.runs {
		if r.Name == k.Name && r.Run >= n {
			n, fixed = r.Run+1, r.Fixed
		}
	}
	r := &run{CaseID: c.ID, Name: k.Name, Run: n, Start: on, Event: event, Period: k.period(), Pauses: []calendar.Pause{}, changed: true}
	if r.Period.IsZero() { // its date was set by hand, and holds when the clock starts again
		r.Fixed = fixed
	}
	c.runs = append(c.runs, r)
	return r
}

// tell lets all clocks hear a step that was made: from and to are states, from
// is "" for the opening. A clock first stops, then starts, then pauses, so that
// one step can end a run and begin the next.
func (c *Case) tell(days *calendar.Calendar, move Move, from, to string, on calendar.Date) {
	entered := ""
	if from != to {
		entered = to
	}
	state, _ := c.flow.State(to)
	for _, k := range c.flow.Clocks {
		r := c.active(k.Name)
		if r != nil && (state.Final || has(k.StopIn, entered) || has(k.StopOn, move.Name)) {
			r.pause(false, on, "")
			r.Stop, r.Held, r.changed, r = on, false, true, nil
		}
		opening := from == "" && k.StartIn == "" && k.StartOn == ""
		if r == nil && !state.Final && (opening || has(k.StartIn, entered) || has(k.StartOn, move.Name)) {
			event := move.Title
			if from == "" {
				event = "发起"
			}
			r = c.start(k, on, event)
		}
		if r == nil {
			continue
		}
		if has(k.PauseOn, move.Name) {
			r.Held, r.changed = true, true
		}
		if has(k.ResumeOn, move.Name) {
			r.Held, r.changed = false, true
		}
		reason := state.Title
		if r.Held {
			reason = move.Title
		}
		r.pause(r.Held || has(k.PauseIn, to), on, reason)
	}
	c.settle(days)
}

// settle counts all runs anew and takes the earliest last day over to the case.
func (c *Case) settle(days *calendar.Calendar) {
	c.Due = calendar.Date{}
	for _, r := range c.runs {
		k, _ := c.flow.Clock(r.Name)
		before := *r
		r.settle(days, k)
		if r.Due != before.Due || r.Provisional != before.Provisional || r.Version != before.Version || r.Next != before.Next {
			r.changed = true
		}
		if r.running() && !r.Due.IsZero() && (c.Due.IsZero() || r.Due.Before(c.Due)) {
			c.Due = r.Due
		}
	}
}

// clock returns a declared clock and its running run.
func (c *Case) clock(name string) (Clock, *run, error) {
	k, ok := c.flow.Clock(name)
	if !ok {
		return Clock{}, nil, fmt.Errorf("process: flow %s has no clock %s", c.Flow, name)
	}
	r := c.active(name)
	if r == nil {
		return k, nil, fault.Newf(fault.Conflict, "“%s”没有在计时，不能调整", k.Title)
	}
	return k, r, nil
}
