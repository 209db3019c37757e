package process

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
)

// Cases is all cases of all flows.
type Cases struct {
	db     *store.DB
	days   func() *calendar.Calendar
	notify Notifier
	flows  map[string]*Flow
	names  []string // of flows, in the order of registration
}

// New makes the service. days gives the calendar in force; notify is told what
// the clocks and hands have to say.
func New(db *store.DB, days func() *calendar.Calendar, notify Notifier) *Cases {
	return &Cases{db: db, days: days, notify: notify, flows: map[string]*Flow{}}
}

// Register adds declared flows, at start-up and before any case is touched. Its
// error lists everything that is wrong with them.
func (s *Cases) Register(flows ...Flow) error {
	var errs []error
	for _, f := range flows {
		if err := f.Valid(); err != nil {
			errs = append(errs, err)
			continue
		}
		if _, ok := s.flows[f.Name]; ok {
			errs = append(errs, fmt.Errorf("flow %s is declared twice", f.Name))
			continue
		}
		s.flows[f.Name] = &f
		s.names = append(s.names, f.Name)
	}
	return errors.Join(errs...)
}

// Flow returns a registered flow.
func (s *Cases) Flow(name string) (*Flow, bool) {
	f, ok := s.flows[name]
	return f, ok
}

// Flows returns all registered flows in the order of registration.
func (s *Cases) Flows() []*Flow {
	out := make([]*Flow, len(s.names))
	for i, n := range s.names {
		out[i] = s.flows[n]
	}
	return out
}

func (s *Cases) today() calendar.Date { return calendar.Of(s.db.Steady().Now()) }

// With says more about a new case.
type With struct {
	Unit        id.ID                    // its own unit; the actor's when ""
	Parties     map[string]id.ID         // unit by party; every party of the flow is named, "" for none yet
	Due         map[string]calendar.Date // last days set by hand, by clock
	Title, Link string                   // on to-do lists
}

// Open begins a case about a subject and starts its clocks on day0, the legal
// day of the event, which may lie in the past but not in the future. Whether
// the actor may open it is for the caller to know.
func (s *Cases) Open(ctx context.Context, tx *store.Tx, flow string, who org.Actor, subject id.ID, day0 calendar.Date, with ...With) (*Case, error) {
	f, ok := s.flows[flow]
	if !ok {
		return nil, fmt.Errorf("process: unknown flow %q", flow)
	}
	if len(with) > 1 {
		return nil, errors.New("process: one With at most")
	}
	w := With{}
	if len(with) == 1 {
		w = with[0]
	}
	if w.Unit == "" {
		w.Unit = who.Unit
	}
	if day0.IsZero() {
		day0 = calendar.Of(tx.Now)
	}
	if day0.After(calendar.Of(tx.Now)) {
		return nil, fault.New(fault.Invalid, "起算日期不能晚于今天")
	}
	c := &Case{ID: id.New(), Flow: flow, Subject: subject, State: f.Start, Unit: w.Unit, Title: w.Title, Link: w.Link,
		Author: who.Person, AuthorFor: who.For, Day0: day0, OpenedAt: tx.Now, Version: 1, Entered: 1, flow: f}
	var err error
	if c.seats, err = f.seats(w); err != nil {
		return nil, err
	}
	step := stepOf(who, tx, kindOpen)
	step.Seq, step.Move, step.To, step.Day = 1, Opened, f.Start, day0
	c.steps, c.Last = []Step{step}, step
	days := s.days()
	c.tell(days, Move{}, "", f.Start, day0)
	for _, name := range slices.Sorted(maps.Keys(w.Due)) {
		_, r, err := c.clock(name)
		if err != nil {
			return nil, err
		}
		r.Fixed = w.Due[name]
	}
	c.settle(days)
	if err := c.insert(ctx, tx); err != nil {
		return nil, fmt.Errorf("open a case of %s: %w", flow, err)
	}
	if err := c.saveRuns(ctx, tx); err != nil {
		return nil, fmt.Errorf("open a case of %s: %w", flow, err)
	}
	return c, s.record(ctx, tx, who, c, step)
}

// seats gives every party of the flow its unit. A party that nobody mentioned
// is a mistake of the caller: its moves would wait for nobody.
func (f *Flow) seats(w With) (map[string]id.ID, error) {
	out := map[string]id.ID{}
	for _, p := range f.parties() {
		unit, named := w.Parties[p]
		switch {
		case p == Own:
			out[p] = w.Unit
		case p == Any:
			out[p] = ""
		case !named:
			return nil, fmt.Errorf("process: a case of %s needs its party %q", f.Name, p)
		case unit != "":
			out[p] = unit
		}
	}
	for p := range w.Parties {
		if !slices.Contains(f.parties(), p) {
			return nil, fmt.Errorf("process: flow %s has no party %q", f.Name, p)
		}
	}
	return out, nil
}

// stepOf is a step made by the actor now.
func stepOf(who org.Actor, tx *store.Tx, kind string) Step {
	name := who.Name
	if name == "" {
		name = "访客" // not signed in: an applicant
	}
	return Step{Kind: kind, Person: who.Person, Name: name, For: who.For, Unit: who.Unit, UnitName: who.UnitName,
		At: tx.Now, Day: calendar.Of(tx.Now), Values: map[string]string{}}
}

// Get returns a case, for reading.
func (s *Cases) Get(ctx context.Context, key id.ID) (*Case, error) {
	return s.load(ctx, s.db.Read, key)
}

// Within returns a case as a unit of work sees it.
func (s *Cases) Within(ctx context.Context, tx *store.Tx, key id.ID) (*Case, error) {
	return s.load(ctx, tx, key)
}

// Move makes a move in a case, with its effects, in the unit of work of the
// caller. Errors: Forbidden names who may, Conflict what others did meanwhile,
// Invalid what the move still needs, and whatever the guard and the effect say.
func (s *Cases) Move(ctx context.Context, tx *store.Tx, key id.ID, move string, who org.Actor, in Input) (*Case, error) {
	c, err := s.load(ctx, tx, key)
	if err != nil {
		return nil, err
	}
	m, ok := c.flow.Move(move)
	if !ok {
		return nil, fault.Newf(fault.NotFound, "“%s”没有“%s”这一步", c.flow.Title, move)
	}
	if in.Version != 0 && in.Version != c.Version {
		return nil, c.stale(in.Version)
	}
	if err := c.right(m, who); err != nil {
		return nil, err
	}
	if m.If != nil {
		if err := m.If(ctx, tx, c, who); err != nil {
			return nil, err
		}
	}
	today := calendar.Of(tx.Now)
	if in, err = m.clean(in, today); err != nil {
		return nil, err
	}
	to, err := c.next(m, in)
	if err != nil {
		return nil, err
	}
	step := stepOf(who, tx, kindMove)
	step.Move, step.Branch, step.From, step.To = move, m.Branch, c.State, to
	step.Reason, step.Values = in.Reason, in.Values
	if !in.Day.IsZero() {
		if in.Day.Before(c.Day0) {
			return nil, fault.Fields{dayKey: "日期不能早于起算日期" + c.Day0.Chinese()}.Err()
		}
		step.Day = in.Day
	}
	c.apply(s.days(), m, &step)
	if err := s.write(ctx, tx, who, c, step); err != nil || m.Do == nil {
		return c, err
	}
	return c, m.Do(ctx, tx, c, in)
}

// apply makes a move in memory: the new state, and what the clocks make of it.
func (c *Case) apply(days *calendar.Calendar, m Move, step *Step) {
	step.Seq = c.Version + 1
	if step.To != step.From {
		c.State, c.Entered = step.To, step.Seq
		if st, _ := c.flow.State(step.To); st.Final {
			c.ClosedAt = step.At
		} else {
			c.ClosedAt = time.Time{}
		}
	}
	c.tell(days, m, step.From, step.To, step.Day)
}

// note is a step beside the moves: a hand-over, a changed last day.
func (s *Cases) note(ctx context.Context, tx *store.Tx, who org.Actor, c *Case, step Step) error {
	step.Seq, step.From, step.To = c.Version+1, c.State, c.State
	return s.write(ctx, tx, who, c, step)
}

// write stores a step that was made in memory: the case, the step, what is kept
// beside them, and the audit entry.
func (s *Cases) write(ctx context.Context, tx *store.Tx, who org.Actor, c *Case, step Step) error {
	seen := c.Version
	c.Version = step.Seq
	switch ok, err := c.advance(ctx, tx, seen); {
	case err != nil:
		return fmt.Errorf("write case %s: %w", c.ID, err)
	case !ok:
		now, err := s.load(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		return now.stale(seen)
	}
	c.steps, c.Last = append(c.steps, step), step
	if err := c.insertStep(ctx, tx, step); err != nil {
		return fmt.Errorf("write a step of case %s: %w", c.ID, err)
	}
	if err := c.settleSeats(ctx, tx); err != nil {
		return fmt.Errorf("write the seats of case %s: %w", c.ID, err)
	}
	if step.To != step.From {
		if err := c.dropHands(ctx, tx); err != nil {
			return err
		}
	}
	if err := c.saveRuns(ctx, tx); err != nil {
		return fmt.Errorf("write the clocks of case %s: %w", c.ID, err)
	}
	return s.record(ctx, tx, who, c, step)
}

// Offer is a move that starts in the present state of a case.
type Offer struct {
	Move    Move
	Why     string  // why this person cannot make it now, in Chinese; "" when they can
	Mine    bool    // it is this person's: only a guard, if anything, stands in the way
	Barred  bool    // it would be theirs: four eyes stand in the way
	Targets []State // where a Back move can go
}

// Allowed lists the moves of the present state with why the actor cannot make
// them, the likely one first. The case is as Get read it.
func (s *Cases) Allowed(ctx context.Context, who org.Actor, c *Case) ([]Offer, error) {
	var out []Offer
	for _, m := range c.flow.movesFrom(c.State) {
		if m.Auto && who != org.System {
			continue
		}
		ch := Offer{Move: m}
		err := c.right(m, who)
		ch.Mine = err == nil
		ch.Barred = err != nil && c.post(m, who) == nil
		if m.Back {
			ch.Targets = c.visited()
			if err == nil && len(ch.Targets) == 0 {
				err = fault.New(fault.Conflict, "没有可以退回的环节")
			}
		}
		if err == nil && m.If != nil {
			err = m.If(ctx, s.db.Read, c, who)
		}
		if err != nil {
			if ch.Why = fault.Text(err); ch.Why == "" {
				return nil, fmt.Errorf("guard of %s.%s: %w", c.Flow, m.Name, err)
			}
		}
		out = append(out, ch)
	}
	return out, nil
}

// SetParty gives a part in an open case to another unit, "" to none.
func (s *Cases) SetParty(ctx context.Context, tx *store.Tx, key id.ID, party string, unit id.ID, who org.Actor, reason string) error {
	c, err := s.load(ctx, tx, key)
	if err != nil {
		return err
	}
	if party == Any || !slices.Contains(c.flow.parties(), party) || party == Own && unit == "" {
		return fmt.Errorf("process: flow %s has no party %q to give away", c.Flow, party)
	}
	if c.seats[party] == unit {
		return nil
	}
	step := stepOf(who, tx, kindParty)
	step.Reason = reason
	step.Values = map[string]string{"party": party, "old": string(c.seats[party]), "new": string(unit)}
	if c.seats[party] = unit; party == Own {
		c.Unit = unit
	}
	for _, h := range slices.Clone(c.hands) { // they were of the other unit
		if h.Party == party {
			if err := c.deleteHand(ctx, tx, h); err != nil {
				return err
			}
		}
	}
	if err := s.note(ctx, tx, who, c, step); err != nil {
		return err
	}
	return c.seat(ctx, tx, party, unit)
}
