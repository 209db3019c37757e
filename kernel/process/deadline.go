package process

import (
	"context"
	"fmt"
	"strconv"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
)

// SetDue sets the last day of a running clock by hand. It stands, whatever
// pauses, until it is set anew; no day gives the clock back to the calendar. The
// old day stays in the history. Whether the actor may is for the caller to know.
func (s *Cases) SetDue(ctx context.Context, tx *store.Tx, key id.ID, clock string, due calendar.Date, who org.Actor, reason string) error {
	return s.adjust(ctx, tx, key, clock, who, reason, func(_ Clock, r *run) error {
		if !due.IsZero() && due.Before(r.Start) {
			return fault.Newf(fault.Invalid, "截止日期不能早于起算日期%s", r.Start.Chinese())
		}
		r.Fixed = due
		return nil
	})
}

// Extend adds working days to a running clock (延长答复期限), in all not more than
// the clock allows, and not once it has run out.
func (s *Cases) Extend(ctx context.Context, tx *store.Tx, key id.ID, clock string, days int, who org.Actor, reason string) error {
	return s.adjust(ctx, tx, key, clock, who, reason, func(k Clock, r *run) error {
		switch {
		case days <= 0 || r.Extended+days > k.Extend:
			return fault.Newf(fault.Invalid, "“%s”总共可延长%d个工作日，已延长%d个", k.Title, k.Extend, r.Extended)
		case !r.Due.IsZero() && r.Due.Before(calendar.Of(tx.Now)):
			return fault.Newf(fault.Conflict, "“%s”已于%s届满，不能再延长", k.Title, r.Due.Chinese())
		}
		r.Extended += days
		return nil
	})
}

func (s *Cases) adjust(ctx context.Context, tx *store.Tx, key id.ID, clock string, who org.Actor, reason string, change func(Clock, *run) error) error {
	c, err := s.load(ctx, tx, key)
	if err != nil {
		return err
	}
	k, r, err := c.clock(clock)
	if err != nil {
		return err
	}
	if reason == "" {
		return fault.Fields{reasonKey: "请说明调整期限的理由"}.Err()
	}
	old := r.Due
	if err := change(k, r); err != nil {
		return err
	}
	r.changed = true
	c.settle(s.days())
	step := stepOf(who, tx, kindDue)
	step.Reason = reason
	step.Values = map[string]string{"clock": clock, "old": old.String(), "new": r.Due.String(), "extended": strconv.Itoa(r.Extended)}
	return s.note(ctx, tx, who, c, step)
}

// Moved is a last day that another calendar moves, or makes final or provisional.
type Moved struct {
	Case        id.ID
	Flow        string
	Title       string
	Clock       string // its name
	Old, New    calendar.Date
	Provisional bool
}

// Recompute counts every running clock with another calendar and writes each
// last day that moves into the history of its case, old and new (CAL-08). It is
// called in the unit of work that puts the calendar in force.
func (s *Cases) Recompute(ctx context.Context, tx *store.Tx, next *calendar.Calendar) ([]Moved, error) {
	return s.recount(ctx, tx, next, func(c *Case, moved []Moved) error {
		for _, m := range moved {
			if m.Old == m.New {
				continue
			}
			step := stepOf(org.System, tx, kindDue)
			step.Reason = "节假日安排调整，重新计算期限"
			step.Values = map[string]string{"clock": m.Clock, "old": m.Old.String(), "new": m.New.String(), "calendar": c.active(m.Clock).Version}
			if err := s.note(ctx, tx, org.System, c, step); err != nil {
				return err
			}
		}
		return c.saveRuns(ctx, tx)
	})
}

// Affected lists what Recompute would change, before the calendar is saved (CAL-08).
func (s *Cases) Affected(ctx context.Context, next *calendar.Calendar) ([]Moved, error) {
	return s.recount(ctx, s.db.Read, next, func(*Case, []Moved) error { return nil })
}

// recount walks through all cases whose clocks run and hands those that change,
// counted anew, to each.
func (s *Cases) recount(ctx context.Context, db Reader, next *calendar.Calendar, each func(*Case, []Moved) error) ([]Moved, error) {
	const batch = 500
	var all []Moved
	for after := id.ID(""); ; {
		keys, err := runningAfter(ctx, db, after, batch)
		if err != nil {
			return nil, fmt.Errorf("find running clocks: %w", err)
		}
		for _, key := range keys {
			runs, err := runsOf(ctx, db, key)
			if err != nil {
				return nil, err
			}
			if !s.moves(runs, next) {
				continue
			}
			c, err := s.load(ctx, db, key)
			if err != nil {
				return nil, err
			}
			moved := c.recount(next)
			if err := each(c, moved); err != nil {
				return nil, fmt.Errorf("recompute case %s: %w", key, err)
			}
			all = append(all, moved...)
		}
		if len(keys) < batch {
			return all, nil
		}
		after = keys[len(keys)-1]
	}
}

// moves reports whether a calendar changes anything about the runs.
func (s *Cases) moves(runs []*run, next *calendar.Calendar) bool {
	for _, r := range runs {
		probe := *r
		probe.settle(next, Clock{})
		if probe.Due != r.Due || probe.Provisional != r.Provisional || probe.Version != r.Version {
			return true
		}
	}
	return false
}

func (c *Case) recount(next *calendar.Calendar) []Moved {
	before := make([]run, len(c.runs))
	for i, r := range c.runs {
		before[i] = *r
	}
	c.settle(next)
	var out []Moved
	for i, r := range c.runs {
		if r.Due != before[i].Due || r.Provisional != before[i].Provisional {
			out = append(out, Moved{Case: c.ID, Flow: c.Flow, Title: c.Title, Clock: r.Name, Old: before[i].Due, New: r.Due, Provisional: r.Provisional})
		}
	}
	return out
}

// Deadline is a run of a clock as pages show it.
type Deadline struct {
	Clock       Clock
	Start       calendar.Date
	Due         calendar.Date // none while paused or not yet set
	Stop        calendar.Date // none while it runs
	Paused      bool
	ByHand      bool // the last day was set by a person
	Extended    int  // working days granted on top
	Provisional bool // touches a year whose holidays are not announced (CAL-07)
	Late        int  // working days over, 0 when in time
}

// Deadlines lists the clocks of a case, ended ones too, in the order of their start.
func (s *Cases) Deadlines(c *Case) []Deadline {
	var out []Deadline
	for _, k := range c.flow.Clocks {
		for _, r := range c.runs {
			if r.Name != k.Name {
				continue
			}
			d := Deadline{Clock: k, Start: r.Start, Due: r.Due, Stop: r.Stop, ByHand: !r.Fixed.IsZero(),
				Extended: r.Extended, Provisional: r.Provisional, Paused: len(r.Pauses) > 0 && r.Pauses[len(r.Pauses)-1].Open()}
			end := r.Stop
			if end.IsZero() {
				end = s.today()
			}
			if !r.Due.IsZero() && end.After(r.Due) {
				d.Late = s.days().WorkingDaysBetween(r.Due, end)
			}
			out = append(out, d)
		}
	}
	return out
}

// Explain tells day by day why the latest run of a clock ends when it does, with
// the rule it rests on (CAL-11). A last day set by hand says so in its basis and
// has no lines.
func (s *Cases) Explain(c *Case, clock string) (calendar.Explanation, error) {
	k, ok := c.flow.Clock(clock)
	if !ok {
		return calendar.Explanation{}, fault.New(fault.NotFound, "没有这个期限")
	}
	var last *run
	for _, r := range c.runs {
		if r.Name == clock {
			last = r
		}
	}
	switch {
	case last == nil:
		return calendar.Explanation{}, fault.Newf(fault.NotFound, "“%s”还没有开始计时", k.Title)
	case !last.Fixed.IsZero():
		e := calendar.Explanation{Deadline: calendar.Deadline{Count: last.count(), Due: last.Fixed, End: last.Fixed,
			Provisional: last.Provisional, Version: last.Version}}
		e.Basis = fmt.Sprintf("“%s”的截止日期%s由人工确定，不因节假日或者暂停移动。依据：%s。", k.Title, last.Fixed.Chinese(), k.Basis)
		return e, nil
	case last.Period.IsZero():
		return calendar.Explanation{}, fault.Newf(fault.NotFound, "“%s”还没有确定截止日期", k.Title)
	}
	e := s.days().Explain(last.count())
	e.Basis = fmt.Sprintf("%s（依据：%s）：%s", k.Title, k.Basis, e.Basis)
	return e, nil
}
