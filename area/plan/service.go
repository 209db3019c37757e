package plan

import (
	"context"
	"fmt"

	"gongkai/area"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/store"
)

// Service is what can be done with the ledger of the year.
type Service struct {
	k      *area.Kernel
	proofs []area.Proof // every kind of every area, ours among them
	shelf  shelf        // plans in memory, for the views
}

// New makes the ledger. others are the kinds of proof that other areas offer.
func New(k *area.Kernel, others ...area.Proof) *Service {
	s := &Service{k: k}
	s.proofs = append(s.kinds(), others...)
	return s
}

func (s *Service) today() calendar.Date { return calendar.Of(s.k.Clock.Now()) }

// Issue (下发) makes the plan of a year and a duty for every measure and unit,
// and opens the first period of each. office is the unit that runs the plan.
func (s *Service) Issue(ctx context.Context, who org.Actor, office id.ID, o Outline) (id.ID, error) {
	var key id.ID
	return key, s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		key, err = s.issue(ctx, tx, who, office, o, "")
		return err
	})
}

func (s *Service) issue(ctx context.Context, tx *store.Tx, who org.Actor, office id.ID, o Outline, draft id.ID) (id.ID, error) {
	today := calendar.Of(tx.Now)
	if err := o.valid(today); err != nil {
		return "", err
	}
	if _, err := planOfYear(ctx, tx, o.Year); err == nil {
		return "", fault.Newf(fault.Conflict, "%d年的任务分工已经下发；如有调整，请在该计划中导入新版本", o.Year)
	} else if !fault.Is(err, fault.NotFound) {
		return "", err
	}
	p := Plan{ID: id.New(), Year: o.Year, Title: o.Title, Number: o.Number, Issuer: o.Issuer, IssuedOn: o.IssuedOn,
		Office: office, Letter: o.Letter, Draft: draft, Version: 1}
	if p.Letter == nil {
		p.Letter = []string{}
	}
	if last, err := planOfYear(ctx, tx, o.Year-1); err == nil {
		p.Previous = last.ID
	} else if !fault.Is(err, fault.NotFound) {
		return "", err
	}
	if err := insert(ctx, tx, []planRow{{Plan: p}}); err != nil {
		return "", fmt.Errorf("issue a plan: %w", err)
	}
	for i, item := range o.Items {
		it := Item{ID: id.New(), Plan: p.ID, Position: i + 1, Number: item.Number, Title: item.Title,
			Section: item.Section, SectionTitle: item.SectionTitle}
		if err := insert(ctx, tx, []itemRow{{Item: it}}); err != nil {
			return "", fmt.Errorf("issue an item: %w", err)
		}
		for j, om := range item.Measures {
			if _, err := s.addMeasure(ctx, tx, who, p, it, j+1, om); err != nil {
				return "", err
			}
		}
	}
	return p.ID, s.record(ctx, tx, who, "plan.issue", "plan", p.ID, fmt.Sprintf("下发《%s》", p.Title))
}

// addMeasure writes one measure and gives it to its units.
func (s *Service) addMeasure(ctx context.Context, tx *store.Tx, who org.Actor, p Plan, it Item, position int, om OutlineMeasure) (Measure, error) {
	m := Measure{ID: id.New(), Plan: p.ID, Item: it.ID, Position: position, Row: om.Row, Number: om.Number,
		Text: om.Text, DueText: om.DueText, Due: om.Due, Version: 1}
	if m.Due.Kind == "" {
		m.Due.Kind = Ongoing
	}
	if err := insert(ctx, tx, []measureRow{{Measure: m}}); err != nil {
		return m, fmt.Errorf("issue a measure: %w", err)
	}
	for _, a := range om.units() {
		if err := s.addDuty(ctx, tx, who, p, m, a, om.lead(p.Office)); err != nil {
			return m, err
		}
	}
	return m, nil
}

// addDuty gives a measure to a unit and opens the period that runs today.
func (s *Service) addDuty(ctx context.Context, tx *store.Tx, who org.Actor, p Plan, m Measure, a assigned, lead id.ID) error {
	d := Duty{ID: id.New(), Plan: p.ID, Item: m.Item, Measure: m.ID, Unit: a.Unit, Role: a.Role, Group: a.Group}
	if err := insert(ctx, tx, []dutyRow{{Duty: d}}); err != nil {
		return fmt.Errorf("issue a duty: %w", err)
	}
	spans := m.Due.spans(p.IssuedOn, p.Year)
	return s.openTerm(ctx, tx, who, p, m, d, 1, spans[0], checker(p, d, lead))
}

// checker is the unit that checks a duty: the leading unit, or the office when
// the unit leads itself (assessment, section 4).
func checker(p Plan, d Duty, lead id.ID) id.ID {
	if d.Role == Leading || lead == d.Unit {
		return p.Office
	}
	return lead
}

// openTerm opens the n-th period of a duty with its case. A unit that accepted
// the first period need not accept the others.
func (s *Service) openTerm(ctx context.Context, tx *store.Tx, who org.Actor, p Plan, m Measure, d Duty, n int, span Span, lead id.ID) error {
	t := Term{ID: id.New(), Duty: d.ID, Plan: p.ID, Number: n, From: span.From, Until: span.Until, Due: span.Due}
	c, err := s.k.Cases.Open(ctx, tx, "duty", who, t.ID, earlier(span.From, calendar.Of(tx.Now)), process.With{
		Unit: d.Unit, Parties: map[string]id.ID{PartyLead: lead, PartyOffice: p.Office},
		Due:   map[string]calendar.Date{ClockDue: span.Due},
		Title: cut(m.Text, 60), Link: "/desk/duties/" + string(d.ID),
	})
	if err != nil {
		return err
	}
	t.Case = c.ID
	if err := insert(ctx, tx, []termRow{{Term: t}}); err != nil {
		return fmt.Errorf("open a period: %w", err)
	}
	if n > 1 {
		_, err = s.k.Cases.Move(ctx, tx, c.ID, "renew", org.System, process.Input{})
	}
	return err
}

func earlier(a, b calendar.Date) calendar.Date {
	if b.Before(a) {
		return b
	}
	return a
}

// Renew opens the periods of recurring measures that have begun since the last
// time. A duty that was disputed away, or whose plan has ended, gets none.
func (s *Service) Renew(ctx context.Context) error {
	today := s.today()
	due, err := dueForRenewal(ctx, s.k.DB.Read, today)
	if err != nil {
		return err
	}
	for _, r := range due {
		err := s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			p, err := getPlan(ctx, tx, r.Plan)
			if err != nil {
				return err
			}
			m, err := getMeasure(ctx, tx, r.Measure)
			if err != nil {
				return err
			}
			terms, err := termsOf(ctx, tx, r.ID)
			if err != nil {
				return err
			}
			last, err := s.k.Cases.Within(ctx, tx, terms[len(terms)-1].Case)
			if err != nil {
				return err
			}
			if last.State == "cancelled" {
				return nil
			}
			until, n := terms[len(terms)-1].Until, len(terms)
			for _, span := range m.Due.spans(p.IssuedOn, p.Year) {
				if !span.From.After(until) || span.From.After(today) {
					continue // a duty that came in the middle of the year has no earlier periods
				}
				n++
				if err := s.openTerm(ctx, tx, org.System, p, m, r, n, span, last.Party(PartyLead)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("renew duty %s: %w", r.ID, err)
		}
	}
	return nil
}
