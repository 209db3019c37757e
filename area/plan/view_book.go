package plan

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
)

// book is one plan as all views need it, held in memory: 12,000 duties are
// counted and sorted here in milliseconds. It follows the record: every change
// leaves an audit entry, so a reader asks for the heads of the record and reads
// again only the terms that were touched since. What depends on the day is
// derived once, when a term is read. A book never changes; a newer one takes its
// place.
type book struct {
	mark     audit.Mark // what of the record is in it
	moment   moment     // the day it was read on; on another day it is read anew
	plan     Plan
	items    []Item    // in the plan's order, without those that are left without a measure
	measures []Measure // in the plan's order, without the retired ones
	entries  []entry   // by measure, role, unit and period
	leads    [][]id.ID // by measure: its leading units
	named    []named   // by measure: its units as the plan named them
	units    []org.Unit
	at       map[id.ID]int // place of a term in entries
	item     map[id.ID]int // place in items
	measure  map[id.ID]int // place in measures
}

// entry is one term.
type entry struct {
	Term, Duty, Case, Unit id.ID
	Item, Measure, Column  int // places in the book: of its item, measure and unit
	Role                   DutyRole
	Group                  string // that named the unit, or ""
	Number                 int
	From, Until, Due       calendar.Date
	State                  string
	Handed                 calendar.Date // when it was last handed in, or none
	Moved                  time.Time     // the last step that a person made

	Rank int  // how it stands: a place in standings, from 1
	Late int  // working days that it came or is after its day
	Came bool // its day has come
}

// standing is how the term stands on the day of its book.
func (e *entry) standing() Standing {
	st := standings[e.Rank-1]
	st.Rank = e.Rank
	return st
}

// shelf keeps the books that were read last. The zero value is ready.
type shelf struct {
	mu    sync.Mutex
	slots map[id.ID]*slot
	uses  int
}

type slot struct {
	mu   sync.Mutex // one reader brings the book up to date, the others wait for it
	book *book
	used int
}

// Bounds of the shelf: how many plans stay in memory (a plan of 12,000 duties
// takes 6 MB; the list of plans reads them all, so ten years must fit), and after
// how many changes a book is read anew.
const (
	shelfSize = 16
	followed  = 2000
)

func (sh *shelf) slot(plan id.ID) *slot {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if sh.slots == nil {
		sh.slots = map[id.ID]*slot{}
	}
	one := sh.slots[plan]
	if one == nil {
		if len(sh.slots) >= shelfSize {
			oldest := slices.MinFunc(slices.Collect(maps.Keys(sh.slots)), func(a, b id.ID) int {
				return cmp.Compare(sh.slots[a].used, sh.slots[b].used)
			})
			delete(sh.slots, oldest)
		}
		one = &slot{}
		sh.slots[plan] = one
	}
	sh.uses++
	one.used = sh.uses
	return one
}

// book returns a plan as it stands now.
func (s *Service) book(ctx context.Context, plan id.ID) (*book, error) {
	one := s.shelf.slot(plan)
	one.mu.Lock()
	defer one.mu.Unlock()
	var since audit.Mark
	at := s.moment()
	if one.book != nil && one.book.moment.same(at) {
		since = one.book.mark
	}
	touched, now, ok, err := audit.Follow(ctx, s.k.DB.Read, since, followed)
	if err != nil {
		return nil, err
	}
	terms := map[id.ID]bool{}
	for _, t := range touched {
		switch t.Kind {
		case "duty": // steps of the case of a term; a period that was opened
			terms[id.ID(t.Subject)] = true
		case "plan": // issued, changed, ended
			ok = ok && t.Subject != string(plan)
		case "unit", "group", "org": // names may have changed
			ok = false
		}
	}
	switch {
	case !ok:
		one.book, err = s.readBook(ctx, plan, at)
	case len(terms) > 0:
		one.book, err = s.renewBook(ctx, one.book, slices.Collect(maps.Keys(terms)))
	}
	if err != nil {
		one.book = nil
		return nil, err
	}
	if !maps.Equal(one.book.mark, now) {
		b := *one.book
		b.mark = now
		one.book = &b
	}
	return one.book, nil
}

func (s *Service) readBook(ctx context.Context, plan id.ID, at moment) (*book, error) {
	b := &book{moment: at, at: map[id.ID]int{}, item: map[id.ID]int{}, measure: map[id.ID]int{}}
	db := s.k.DB.Read
	var err error
	if b.plan, err = getPlan(ctx, db, plan); err != nil {
		return nil, err
	}
	if b.items, err = items(ctx, db, plan); err != nil {
		return nil, fmt.Errorf("read the items of a plan: %w", err)
	}
	if b.measures, err = measures(ctx, db, plan); err != nil {
		return nil, fmt.Errorf("read the measures of a plan: %w", err)
	}
	has := map[id.ID]bool{}
	for i, m := range b.measures {
		b.measure[m.ID], has[m.Item] = i, true
	}
	b.items = slices.DeleteFunc(b.items, func(it Item) bool { return !has[it.ID] }) // all it held was taken out
	for i, it := range b.items {
		b.item[it.ID] = i
	}
	rows, err := entries(ctx, db, plan, nil)
	if err != nil {
		return nil, fmt.Errorf("read the terms of a plan: %w", err)
	}
	return b, s.shelve(ctx, b, rows)
}

// renewBook reads some terms again.
func (s *Service) renewBook(ctx context.Context, old *book, terms []id.ID) (*book, error) {
	rows, err := entries(ctx, s.k.DB.Read, old.plan.ID, terms)
	if err != nil {
		return nil, fmt.Errorf("read terms again: %w", err)
	}
	if len(rows) == 0 {
		return old, nil // they are of other plans
	}
	b := *old
	b.entries = slices.Clone(old.entries)
	var added []entryRow
	for _, r := range rows {
		if i, ok := old.at[r.Term]; ok {
			b.entries[i].take(r, b.moment)
		} else {
			added = append(added, r)
		}
	}
	if added == nil {
		return &b, nil
	}
	return s.readBook(ctx, old.plan.ID, old.moment) // a new period: rare, and the order changes
}

// take writes what of a term can change, and what follows from it.
func (e *entry) take(r entryRow, at moment) {
	e.State, e.Due, e.Moved = r.State, r.Due, r.Moved
	e.Handed = calendar.Date{}
	if !r.Handed.IsZero() {
		e.Handed = calendar.Of(r.Handed)
	}
	e.Rank, e.Late, e.Came = standing(e.State, e.Due, at.today, at.soon).Rank, at.late(e), !e.Due.After(at.today)
}

// shelve puts rows in order: as the plan has them, and units as the directory
// has them.
func (s *Service) shelve(ctx context.Context, b *book, rows []entryRow) error {
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(r entryRow) bool { _, ok := b.measure[r.Measure]; return !ok }) // of measures taken out
	seen := map[id.ID]int{}
	for _, r := range rows {
		if _, ok := seen[r.Unit]; !ok {
			seen[r.Unit] = 0
			u, known := dir.Unit(r.Unit)
			if !known {
				u = org.Unit{ID: r.Unit, Name: "（未知单位）", Seq: 1 << 30}
			}
			b.units = append(b.units, u)
		}
	}
	slices.SortFunc(b.units, func(x, y org.Unit) int {
		return cmp.Or(cmp.Compare(x.Seq, y.Seq), cmp.Compare(x.Name, y.Name))
	})
	for i, u := range b.units {
		seen[u.ID] = i
	}
	b.leads = make([][]id.ID, len(b.measures))
	for _, r := range rows {
		m := b.measure[r.Measure]
		e := entry{Term: r.Term, Duty: r.Duty, Case: r.Case, Unit: b.units[seen[r.Unit]].ID, Column: seen[r.Unit], Measure: m, Item: b.item[b.measures[m].Item],
			Role: r.Role, Group: r.Group, Number: r.Number, From: r.From, Until: r.Until}
		e.take(r, b.moment)
		b.entries = append(b.entries, e)
		if r.Role == Leading && !slices.Contains(b.leads[m], r.Unit) {
			b.leads[m] = append(b.leads[m], r.Unit)
		}
	}
	b.named = b.inOrder()
	slices.SortFunc(b.entries, func(x, y entry) int {
		return cmp.Or(cmp.Compare(x.Measure, y.Measure), cmp.Compare(x.Role, y.Role),
			cmp.Compare(x.Column, y.Column), cmp.Compare(x.Number, y.Number))
	})
	for i, e := range b.entries {
		b.at[e.Term] = i
	}
	return nil
}

// named is who leads a measure and who answers for it, in words: a group stands
// for its units.
type named struct{ Lead, Resp []string }

// inOrder lists by measure who leads and who answers, in the order of the plan.
func (b *book) inOrder() []named {
	slices.SortFunc(b.entries, func(x, y entry) int { return cmp.Compare(x.Duty, y.Duty) }) // keys grow with time
	out := make([]named, len(b.measures))
	type group struct {
		measure int
		role    DutyRole
		name    string
	}
	known := map[group]bool{}
	for i, e := range b.entries {
		if i > 0 && b.entries[i-1].Duty == e.Duty {
			continue // another period
		}
		name := b.units[e.Column].NameOn(b.moment.today)
		if e.Group != "" {
			name = e.Group
			if g := (group{e.Measure, e.Role, name}); known[g] {
				continue
			} else {
				known[g] = true
			}
		}
		list := &out[e.Measure].Resp
		if e.Role == Leading {
			list = &out[e.Measure].Lead
		}
		*list = append(*list, name)
	}
	return out
}

// unit finds a unit of the plan.
func (b *book) unit(key id.ID) org.Unit {
	for _, u := range b.units {
		if u.ID == key {
			return u
		}
	}
	return org.Unit{}
}

// moment is what derived values are derived with: the day, until when a date is
// near, and the calendar.
type moment struct {
	today, soon calendar.Date
	days        *calendar.Calendar
	between     map[[2]calendar.Date]int
}

func (s *Service) moment() moment {
	today := s.today()
	return moment{today, s.soon(today), s.k.Days(), map[[2]calendar.Date]int{}}
}

// same reports whether another moment leads to the same values.
func (n moment) same(m moment) bool { return n.today == m.today && n.days == m.days }

// late is by how many working days a term came or is after its day. The
// checkers' own days do not count (assessment, section 4).
func (n moment) late(e *entry) int {
	until := n.today
	switch e.State {
	case "submitted", "confirmed", "closed":
		until = e.Handed
	case "cancelled", "untriggered", "disputed":
		return 0
	}
	if !until.After(e.Due) {
		return 0
	}
	span := [2]calendar.Date{e.Due, until}
	d, ok := n.between[span]
	if !ok {
		d = n.days.WorkingDaysBetween(e.Due, until)
		n.between[span] = d
	}
	return d
}

// Figures are the figures of assessment.md, section 3, over some terms. A rate
// has the terms due as its denominator, so only what was due counts above it.
type Figures struct {
	Duties   int // terms, without the cancelled ones
	Due      int // whose day has come
	Closed   int // closed, or found not to have been called for
	Met      int // of those due: closed
	InTime   int // of those due: closed, and handed in by their day
	Overdue  int // past their day and not handed in
	LateDays int // working days after the day, summed
	LateMost int // and of the latest one
}

// figures counts all terms.
func (b *book) figures() (f Figures) {
	for i := range b.entries {
		f.add(&b.entries[i])
	}
	return f
}

// Whole is how many of them are shown in a bar: closed, at the checkers', late,
// near, and the rest.
type Whole struct{ Closed, Handed, Late, Near, Rest int }

func (f *Figures) add(e *entry) {
	if e.State == "cancelled" {
		return
	}
	closed := e.State == "closed" || e.State == "untriggered"
	inTime := e.State == "untriggered" || e.State == "closed" && !e.Handed.After(e.Due)
	f.Duties++
	if closed {
		f.Closed++
	}
	if e.Came {
		f.Due++
		if closed {
			f.Met++
		}
		if closed && inTime {
			f.InTime++
		}
	}
	if e.Rank == rankOverdue {
		f.Overdue++
	}
	f.LateDays += e.Late
	f.LateMost = max(f.LateMost, e.Late)
}

func (w *Whole) add(e *entry) {
	switch standings[e.Rank-1].Code {
	case "cancelled":
	case "closed", "untriggered":
		w.Closed++
	case "submitted", "confirmed":
		w.Handed++
	case "overdue", "reopened":
		w.Late++
	case "soon", "returned", "disputed":
		w.Near++
	default:
		w.Rest++
	}
}
