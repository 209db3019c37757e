package process

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
)

// Notifier carries what clocks and hands have to say to people; the room notify
// is one. It is called inside the unit of work and must only write through tx.
type Notifier interface {
	Notify(ctx context.Context, tx *store.Tx, n Notice) error
}

// Kinds of notices.
const (
	NoticeHanded = "handed" // a to-do was given to the person
	NoticeRemind = "remind" // a clock ends soon
	NoticeLate   = "late"   // a clock has run out: escalation
)

// Notice is one message: to the person when there is one, else to all who hold
// one of the roles in the unit, or in any unit when there is none.
type Notice struct {
	Of          id.ID // the unit whose case it is about
	Person      id.ID
	Unit        id.ID
	Role        org.Role
	Kind        string
	Title, Text string // Chinese
	Link        string
	Case        id.ID
}

// Tick does what is due up to now and was not done: reminders, escalations and
// the moves of the house when a clock has run out. It may be called as often as
// wanted and at any time again: what was sent is recorded with it, so a restart
// sends nothing twice and loses nothing, and a clock moved back finds nothing due.
//
// A case that fails does not keep the others from their turn; the errors come
// joined, and its move is tried again the next day.
func (s *Cases) Tick(ctx context.Context, now time.Time) error {
	const batch = 200
	today := calendar.Of(now)
	var errs []error
	for after := id.ID(""); ; {
		keys, err := waiting(ctx, s.db.Read, today, after, batch)
		if err != nil {
			return errors.Join(append(errs, fmt.Errorf("find clocks with something due: %w", err))...)
		}
		for _, key := range keys {
			if err := ctx.Err(); err != nil {
				return errors.Join(append(errs, err)...)
			}
			if err := s.tickCase(ctx, key, today); err != nil {
				errs = append(errs, fmt.Errorf("clocks of case %s: %w", key, err))
			}
		}
		if len(keys) < batch {
			return errors.Join(errs...)
		}
		after = keys[len(keys)-1]
	}
}

// tickCase does what is due in a case. Moves of the house come first, each in a
// unit of work of its own: one that is refused must not take the notices along.
func (s *Cases) tickCase(ctx context.Context, key id.ID, today calendar.Date) error {
	c, err := s.load(ctx, s.db.Read, key)
	if err != nil {
		return err
	}
	var errs []error
	for _, k := range c.flow.Clocks {
		if r := c.active(k.Name); k.Expire != "" && r != nil && !r.Due.IsZero() && r.Due.Before(today) {
			if err := s.expire(ctx, key, k, today); err != nil {
				errs = append(errs, fmt.Errorf("%s by %s: %w", k.Name, k.Expire, err))
			}
		}
	}
	return errors.Join(append(errs, s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.load(ctx, tx, key)
		if err != nil {
			return err
		}
		for _, k := range c.flow.Clocks {
			if r := c.active(k.Name); r != nil {
				if err := s.tickRun(ctx, tx, c, k, r, today); err != nil {
					return err
				}
			}
		}
		return c.saveRuns(ctx, tx)
	}))...)
}

// expire makes the move of a clock that has run out, once for each last day. A
// refusal by state or guard is no error: it is asked again the next day.
func (s *Cases) expire(ctx context.Context, key id.ID, k Clock, today calendar.Date) error {
	err := s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.load(ctx, tx, key)
		if err != nil {
			return err
		}
		r := c.active(k.Name)
		if r == nil || r.Due.IsZero() || !r.Due.Before(today) {
			return nil // somebody was faster
		}
		fresh, err := r.once(ctx, tx, fmt.Sprintf("expire %s", r.Due), tx.Now)
		if err != nil || !fresh {
			return err
		}
		_, err = s.Move(ctx, tx, key, k.Expire, org.System, Input{Reason: fmt.Sprintf("“%s”于%s届满", k.Title, r.Due.Chinese())})
		return err
	})
	switch fault.KindOf(err) {
	case fault.Conflict, fault.Forbidden, fault.Invalid:
		if err != nil {
			return nil
		}
	}
	return err
}

// tickRun sends what is due about a run and sets the day to look again.
func (s *Cases) tickRun(ctx context.Context, tx *store.Tx, c *Case, k Clock, r *run, today calendar.Date) error {
	days := s.days()
	sent, err := r.sent(ctx, tx)
	if err != nil {
		return err
	}
	events := r.events(days, k)
	// Of several reminders that fell due together only the last is still worth a word.
	var word *event
	var next calendar.Date
	for i, e := range events {
		switch {
		case sent[e.key]:
		case e.day.After(today):
			next = earliest(next, e.day)
		case e.remind:
			if _, err := r.once(ctx, tx, e.key, tx.Now); err != nil {
				return err
			}
			if word == nil || e.day.After(word.day) {
				word = &events[i]
			}
		case e.escalate != nil:
			if fresh, err := r.once(ctx, tx, e.key, tx.Now); err != nil || !fresh {
				return err
			}
			if err := s.escalate(ctx, tx, c, k, r, *e.escalate, today); err != nil {
				return err
			}
		default: // an expiry that was refused
			next = earliest(next, today.Add(1))
		}
	}
	if word != nil && !today.After(r.Due) {
		if err := s.remind(ctx, tx, c, k, r, today); err != nil {
			return err
		}
	}
	r.Next, r.changed = next, r.changed || r.Next != next
	return nil
}

func earliest(a, b calendar.Date) calendar.Date {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// remind tells everybody for whom the case waits.
func (s *Cases) remind(ctx context.Context, tx *store.Tx, c *Case, k Clock, r *run, today calendar.Date) error {
	left := "今天截止"
	if n := s.days().WorkingDaysBetween(today, r.Due); n > 0 {
		left = fmt.Sprintf("还有%d个工作日，%s截止", n, r.Due.Chinese())
	} else if r.Due.After(today) {
		left = fmt.Sprintf("%s截止，期间没有工作日", r.Due.Chinese())
	}
	for _, n := range c.awaited() {
		n.Kind, n.Case, n.Of, n.Link, n.Title = NoticeRemind, c.ID, c.Unit, c.Link, c.Title
		n.Text = fmt.Sprintf("“%s”（%s）的%s%s", c.Title, c.title(c.State), k.Title, left)
		if err := s.notify.Notify(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// awaited are those for whom the case waits now: persons who have it in hand,
// else the roles in their units.
func (c *Case) awaited() []Notice {
	var out []Notice
	add := func(n Notice) {
		at := slices.IndexFunc(out, func(o Notice) bool { return o.Unit == n.Unit && o.Person == n.Person })
		if at < 0 {
			out = append(out, n)
		} else {
			out[at].Role |= n.Role
		}
	}
	for _, m := range c.flow.movesFrom(c.State) {
		unit := c.seats[m.In]
		if m.Auto || m.Optional || m.Branch != "" && c.approved(m.Branch) || unit == "" && m.In != Any {
			continue
		}
		free := m.By
		for _, h := range c.hands {
			if h.Party == m.In && m.By.Any(h.Role) {
				free &^= h.Role
				add(Notice{Unit: unit, Person: h.Person})
			}
		}
		if free != 0 {
			add(Notice{Unit: unit, Role: free})
		}
	}
	return out
}

func (s *Cases) escalate(ctx context.Context, tx *store.Tx, c *Case, k Clock, r *run, e Escalation, today calendar.Date) error {
	unit := c.seats[e.Party]
	if unit == "" && e.Party != Any {
		return nil // the case has no such party
	}
	late := fmt.Sprintf("已超期%d个工作日", s.days().WorkingDaysBetween(r.Due, today))
	return s.notify.Notify(ctx, tx, Notice{Unit: unit, Role: e.Role, Kind: NoticeLate, Case: c.ID, Of: c.Unit, Link: c.Link, Title: e.Title,
		Text: fmt.Sprintf("“%s”（%s）的%s为%s，%s", c.Title, c.title(c.State), k.Title, r.Due.Chinese(), late)})
}
