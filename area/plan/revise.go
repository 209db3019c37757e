package plan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gongkai/area/plan/reader"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/store"
)

// Revision is what a new version of a plan changes in the issued one.
type Revision struct {
	Plan    Plan
	Changes []MeasureChange // in the order of the new version
	Counts  map[reader.ChangeKind]int

	items  []Item
	duties map[id.ID][]Duty // by measure, retired ones too
}

// MeasureChange is what becomes of one measure.
type MeasureChange struct {
	Kind     reader.ChangeKind
	Old      Measure // zero when added
	OldItem  Item
	New      OutlineMeasure // zero when removed
	NewItem  OutlineItem
	item     int // of the new version, by index; -1 when removed
	position int // from 1 within it

	Moved, Words, Due bool
	Came, Gone        []assigned // units
	Turned            []assigned // the same unit in another role
}

// Passages are the words of a measure, those that changed marked.
func (c MeasureChange) Passages() []Passage { return words(c.Old.Text, c.New.Text) }

// Revision compares a draft with the issued plan that it is a new version of.
func (s *Service) Revision(ctx context.Context, d Draft, sheet Sheet) (Revision, error) {
	return revision(ctx, s.k.DB.Read, d.Plan, sheet.Outline())
}

func revision(ctx context.Context, db process.Reader, plan id.ID, o Outline) (Revision, error) {
	rev := Revision{Counts: map[reader.ChangeKind]int{}, duties: map[id.ID][]Duty{}}
	var err error
	if rev.Plan, err = getPlan(ctx, db, plan); err != nil {
		return rev, err
	}
	if rev.items, err = itemsOfAll(ctx, db, plan); err != nil {
		return rev, err
	}
	old, err := measures(ctx, db, plan)
	if err != nil {
		return rev, err
	}
	duties, err := allDuties(ctx, db, plan)
	if err != nil {
		return rev, err
	}
	for _, d := range duties {
		rev.duties[d.Measure] = append(rev.duties[d.Measure], d)
	}
	item := map[id.ID]Item{}
	for _, it := range rev.items {
		item[it.ID] = it
	}
	var before, after []reader.Entry
	for _, m := range old {
		e := reader.Entry{Section: item[m.Item].SectionTitle, Item: item[m.Item].Title, Text: m.Text}
		for _, d := range rev.duties[m.ID] {
			if d.Retired.IsZero() {
				e.Lead = append(e.Lead, string(d.Unit))
			}
		}
		before = append(before, e)
	}
	var at []MeasureChange // by the index of the new measure
	for i, it := range o.Items {
		for j, m := range it.Measures {
			e := reader.Entry{Section: it.SectionTitle, Item: it.Title, Text: m.Text}
			for _, a := range m.units() {
				e.Lead = append(e.Lead, string(a.Unit))
			}
			after = append(after, e)
			at = append(at, MeasureChange{New: m, NewItem: it, item: i, position: j + 1})
		}
	}
	for _, c := range reader.Diff(before, after) {
		mc := MeasureChange{Kind: c.Kind, item: -1}
		if c.New >= 0 {
			mc = at[c.New]
			mc.Kind = c.Kind
		}
		if c.Old >= 0 {
			mc.Old, mc.OldItem = old[c.Old], item[old[c.Old].Item]
		}
		if c.Old >= 0 && c.New >= 0 {
			mc.Moved, mc.Words = c.Moved, mc.Old.Text != mc.New.Text
			mc.Due = mc.Old.Due != ongoing(mc.New.Due)
			mc.compareUnits(rev.duties[mc.Old.ID])
			mc.Kind = reader.Same
			if mc.Moved || mc.Words || mc.Due || len(mc.Came)+len(mc.Gone)+len(mc.Turned) > 0 {
				mc.Kind = reader.Changed
			}
		}
		rev.Counts[mc.Kind]++
		rev.Changes = append(rev.Changes, mc)
	}
	return rev, nil
}

// ongoing is a time limit with its kind; none means all year.
func ongoing(d Due) Due {
	if d.Kind == "" {
		d.Kind = Ongoing
	}
	return d
}

func (c *MeasureChange) compareUnits(duties []Duty) {
	role := map[id.ID]DutyRole{}
	for _, d := range duties {
		if d.Retired.IsZero() {
			role[d.Unit] = d.Role
		}
	}
	now := map[id.ID]bool{}
	for _, a := range c.New.units() {
		now[a.Unit] = true
		if had, ok := role[a.Unit]; !ok {
			c.Came = append(c.Came, a)
		} else if had != a.Role {
			c.Turned = append(c.Turned, a)
		}
	}
	for _, d := range duties {
		if d.Retired.IsZero() && !now[d.Unit] {
			c.Gone = append(c.Gone, assigned{Named{Unit: d.Unit, Group: d.Group}, d.Role})
		}
	}
}

// apply makes the issued plan what the new version says. Measures keep their
// keys and duties with all that units have done; what the new version no longer
// has is retired and stays readable.
func (s *Service) apply(ctx context.Context, tx *store.Tx, who org.Actor, d Draft, sheet Sheet) error {
	o := sheet.Outline()
	rev, err := revision(ctx, tx, d.Plan, o)
	if err != nil {
		return err
	}
	p := rev.Plan
	switch {
	case who.Unit != p.Office || !who.May(org.Coordinator):
		return fault.New(fault.Forbidden, "请由下发计划的政府办公室调整任务分工")
	case !p.Ended.IsZero():
		return fault.Newf(fault.Conflict, "%d年的任务分工已于%s办结，不能再调整", p.Year, p.Ended.Chinese())
	case o.Year != p.Year:
		return fault.Newf(fault.Conflict, "新版本是%d年的，而要调整的是%d年的任务分工，请核对计划年度", o.Year, p.Year)
	}
	if o.IssuedOn.IsZero() {
		o.IssuedOn = p.IssuedOn
	}
	if err := o.valid(calendar.Of(tx.Now)); err != nil {
		return err
	}
	p.Title, p.Number, p.Issuer, p.Letter = o.Title, o.Number, o.Issuer, o.Letter
	if err := updatePlan(ctx, tx, p); err != nil {
		return err
	}
	list, err := placeItems(ctx, tx, rev, o)
	if err != nil {
		return err
	}
	r := reviser{s: s, who: who, plan: p, today: calendar.Of(tx.Now), reason: "任务分工调整：" + cut(d.Name, 60)}
	for _, c := range rev.Changes {
		switch {
		case c.Kind == reader.Removed:
			err = r.remove(ctx, tx, c.Old, rev.duties[c.Old.ID])
		case c.Kind == reader.Added:
			err = r.add(ctx, tx, list[c.item], c)
		default:
			err = r.change(ctx, tx, list[c.item], c, rev.duties[c.Old.ID])
		}
		if err != nil {
			return err
		}
	}
	return s.record(ctx, tx, who, "plan.revise", "plan", p.ID, fmt.Sprintf("按《%s》调整：新增%d条、修改%d条、删除%d条举措",
		d.Name, rev.Counts[reader.Added], rev.Counts[reader.Changed], rev.Counts[reader.Removed]))
}

// placeItems makes the items of the new version: each keeps the key of the old
// one with its title, or of that most of its measures come from. Items that
// nothing is left of go to the end.
func placeItems(ctx context.Context, tx *store.Tx, rev Revision, o Outline) ([]Item, error) {
	taken := map[id.ID]bool{}
	match := make([]id.ID, len(o.Items))
	pick := func(fits func(i int, old Item) bool) {
		for i := range o.Items {
			for _, old := range rev.items {
				if match[i] == "" && !taken[old.ID] && fits(i, old) {
					match[i], taken[old.ID] = old.ID, true
				}
			}
		}
	}
	votes := map[int]map[id.ID]int{}
	for _, c := range rev.Changes {
		if c.item >= 0 && c.Old.ID != "" {
			if votes[c.item] == nil {
				votes[c.item] = map[id.ID]int{}
			}
			votes[c.item][c.Old.Item]++
		}
	}
	pick(func(i int, old Item) bool { return strings.TrimSpace(old.Title) == strings.TrimSpace(o.Items[i].Title) })
	pick(func(i int, old Item) bool { return 2*votes[i][old.ID] > len(o.Items[i].Measures) })
	pick(func(i int, old Item) bool { return votes[i][old.ID] > 0 })
	out := make([]Item, len(o.Items))
	for i, n := range o.Items {
		out[i] = Item{ID: match[i], Plan: rev.Plan.ID, Position: i + 1, Number: n.Number, Title: n.Title, Section: n.Section, SectionTitle: n.SectionTitle}
		var err error
		if out[i].ID == "" {
			out[i].ID = id.New()
			err = insert(ctx, tx, []itemRow{{Item: out[i]}})
		} else {
			err = updateItem(ctx, tx, out[i])
		}
		if err != nil {
			return nil, fmt.Errorf("place an item: %w", err)
		}
	}
	end := len(out)
	for _, old := range rev.items {
		if !taken[old.ID] {
			end++
			old.Position = end
			if err := updateItem(ctx, tx, old); err != nil {
				return nil, fmt.Errorf("place an item: %w", err)
			}
		}
	}
	return out, nil
}

// reviser is one application of a new version.
type reviser struct {
	s      *Service
	who    org.Actor
	plan   Plan
	today  calendar.Date
	reason string
}

func (r reviser) remove(ctx context.Context, tx *store.Tx, m Measure, duties []Duty) error {
	m.Retired = r.today
	if err := updateMeasure(ctx, tx, m); err != nil {
		return err
	}
	for _, d := range duties {
		if d.Retired.IsZero() {
			if err := r.retire(ctx, tx, d); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r reviser) add(ctx context.Context, tx *store.Tx, it Item, c MeasureChange) error {
	om := c.New
	m := Measure{ID: id.New(), Plan: r.plan.ID, Item: it.ID, Position: c.position, Row: om.Row, Number: om.Number,
		Text: om.Text, DueText: om.DueText, Due: ongoing(om.Due), Version: 1}
	if err := insert(ctx, tx, []measureRow{{Measure: m}}); err != nil {
		return fmt.Errorf("add a measure: %w", err)
	}
	for _, a := range om.units() {
		if err := r.give(ctx, tx, m, a, om.lead(r.plan.Office)); err != nil {
			return err
		}
	}
	return nil
}

// change makes a measure what the new version says, and its duties.
func (r reviser) change(ctx context.Context, tx *store.Tx, it Item, c MeasureChange, duties []Duty) error {
	m, om := c.Old, c.New
	m.Item, m.Position, m.Row, m.Number, m.Text, m.DueText, m.Due = it.ID, c.position, om.Row, om.Number, om.Text, om.DueText, ongoing(om.Due)
	if m != c.Old {
		if err := updateMeasure(ctx, tx, m); err != nil {
			return err
		}
	}
	lead := om.lead(r.plan.Office)
	had := map[id.ID]Duty{}
	for _, d := range duties {
		had[d.Unit] = d
	}
	now := map[id.ID]bool{}
	for _, a := range om.units() {
		now[a.Unit] = true
		d, ok := had[a.Unit]
		if !ok {
			if err := r.give(ctx, tx, m, a, lead); err != nil {
				return err
			}
			continue
		}
		again := !d.Retired.IsZero()
		old := d
		d.Item, d.Role, d.Group, d.Retired = it.ID, a.Role, a.Group, calendar.Date{}
		if d != old {
			if err := updateDuty(ctx, tx, d); err != nil {
				return fmt.Errorf("change a duty: %w", err)
			}
		}
		if err := r.keep(ctx, tx, m, d, checker(r.plan, d, lead), again, c.Due || again); err != nil {
			return err
		}
	}
	for _, d := range duties {
		if d.Retired.IsZero() && !now[d.Unit] {
			if err := r.retire(ctx, tx, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep brings the cases of a duty that stays up to the new version: who checks
// it, until when; again when it had been retired by an earlier version.
func (r reviser) keep(ctx context.Context, tx *store.Tx, m Measure, d Duty, lead id.ID, again, due bool) error {
	terms, err := termsOf(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	for i, t := range terms {
		c, err := r.s.k.Cases.Within(ctx, tx, t.Case)
		if err != nil {
			return err
		}
		last := i == len(terms)-1
		if again && last && c.State == "cancelled" {
			if c, err = r.s.k.Cases.Move(ctx, tx, t.Case, "restore", r.who, process.Input{Reason: r.reason}); err != nil {
				return err
			}
		}
		if !c.ClosedAt.IsZero() {
			continue
		}
		if err := r.s.k.Cases.SetParty(ctx, tx, t.Case, PartyLead, lead, r.who, r.reason); err != nil {
			return err
		}
		if !due || !last {
			continue
		}
		span := current(m.Due.spans(terms[0].From, r.plan.Year), r.today)
		if span.Due == t.Due && span.Until == t.Until {
			continue
		}
		if err := updateSpan(ctx, tx, t.ID, span.Until, span.Due); err != nil {
			return fmt.Errorf("change a period: %w", err)
		}
		if c, err = r.s.k.Cases.Within(ctx, tx, t.Case); err != nil {
			return err
		}
		if !slices.ContainsFunc(r.s.k.Cases.Deadlines(c), func(l process.Deadline) bool { return l.Clock.Name == ClockDue && l.Stop.IsZero() }) {
			continue // handed in already: its clock has stopped
		}
		if err := r.s.k.Cases.SetDue(ctx, tx, t.Case, ClockDue, span.Due, r.who, r.reason); err != nil {
			return err
		}
	}
	return nil
}

// current is the period that a day falls into, or the last one.
func current(spans []Span, day calendar.Date) Span {
	for _, s := range spans {
		if !s.Until.Before(day) {
			return s
		}
	}
	return spans[len(spans)-1]
}

// give makes a duty in the middle of the year: its first period is the one that
// runs, from today.
func (r reviser) give(ctx context.Context, tx *store.Tx, m Measure, a assigned, lead id.ID) error {
	d := Duty{ID: id.New(), Plan: r.plan.ID, Item: m.Item, Measure: m.ID, Unit: a.Unit, Role: a.Role, Group: a.Group}
	if err := insert(ctx, tx, []dutyRow{{Duty: d}}); err != nil {
		return fmt.Errorf("add a duty: %w", err)
	}
	span := current(m.Due.spans(r.plan.IssuedOn, r.plan.Year), r.today)
	if span.From.Before(r.today) && !span.Until.Before(r.today) {
		span.From = r.today
	}
	return r.s.openTerm(ctx, tx, r.who, r.plan, m, d, 1, span, checker(r.plan, d, lead))
}

// retire ends a duty that the new version no longer has. All that its unit has
// done stays.
func (r reviser) retire(ctx context.Context, tx *store.Tx, d Duty) error {
	d.Retired = r.today
	if err := updateDuty(ctx, tx, d); err != nil {
		return fmt.Errorf("retire a duty: %w", err)
	}
	terms, err := termsOf(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	for _, t := range terms {
		c, err := r.s.k.Cases.Within(ctx, tx, t.Case)
		if err != nil {
			return err
		}
		if !c.ClosedAt.IsZero() {
			continue
		}
		if _, err := r.s.k.Cases.Move(ctx, tx, t.Case, "retire", org.System, process.Input{Reason: r.reason}); err != nil {
			return err
		}
	}
	return nil
}

// Passage is a run of characters that is the same in both versions of a text,
// only in the old one, or only in the new.
type Passage struct {
	Text string
	Kind string // "" del ins
}

// wordsBound bounds the work of comparing two texts, in pairs of characters.
const wordsBound = 4_000_000

// words compares two texts character by character. Texts too long for that are
// shown one behind the other.
func words(old, new string) []Passage {
	a, b := []rune(old), []rune(new)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []Passage
	add := func(kind string, text ...rune) {
		switch {
		case len(text) == 0:
		case len(out) > 0 && out[len(out)-1].Kind == kind:
			out[len(out)-1].Text += string(text)
		default:
			out = append(out, Passage{string(text), kind})
		}
	}
	add("", a[:head]...)
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	if len(x)*len(y) > wordsBound {
		add("del", x...)
		add("ins", y...)
	} else {
		// common[i][j] is the longest common subsequence of x[i:] and y[j:].
		common := make([][]int32, len(x)+1)
		for i := range common {
			common[i] = make([]int32, len(y)+1)
		}
		for i := len(x) - 1; i >= 0; i-- {
			for j := len(y) - 1; j >= 0; j-- {
				if x[i] == y[j] {
					common[i][j] = common[i+1][j+1] + 1
				} else {
					common[i][j] = max(common[i+1][j], common[i][j+1])
				}
			}
		}
		i, j := 0, 0
		for i < len(x) && j < len(y) {
			switch {
			case x[i] == y[j]:
				add("", x[i])
				i, j = i+1, j+1
			case common[i+1][j] >= common[i][j+1]:
				add("del", x[i])
				i++
			default:
				add("ins", y[j])
				j++
			}
		}
		add("del", x[i:]...)
		add("ins", y[j:]...)
	}
	add("", a[len(a)-tail:]...)
	return out
}
