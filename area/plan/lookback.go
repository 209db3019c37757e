package plan

import (
	"context"
	"fmt"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/store"
)

// LookBack (回头看) opens a check of every duty of last year's plan that had a
// responsible unit and a time limit (P-十七-2). What was not closed then goes
// into the work ledger at once. It may be asked for again: duties that are
// already being checked stay as they are. It returns how many were opened.
func (s *Service) LookBack(ctx context.Context, who org.Actor, plan id.ID) (opened int, err error) {
	err = s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		opened = 0
		if err := s.coordinates(ctx, tx, who, plan); err != nil {
			return err
		}
		p, err := getPlan(ctx, tx, plan)
		if err != nil {
			return err
		}
		if p.Previous == "" {
			return fault.Newf(fault.Conflict, "系统中没有%d年的任务分工，请先导入上一年的计划", p.Year-1)
		}
		old, err := limited(ctx, tx, p.Previous, p.ID)
		if err != nil {
			return err
		}
		for _, o := range old {
			r := Recheck{ID: id.New(), Plan: p.ID, Duty: o.ID}
			c, err := s.k.Cases.Open(ctx, tx, "recheck", who, r.ID, calendar.Date{}, process.With{
				Unit: o.Unit, Parties: map[string]id.ID{PartyOffice: p.Office},
				Title: "回头看：" + cut(o.Text, 50), Link: "/desk/rechecks/" + string(r.ID),
			})
			if err != nil {
				return err
			}
			r.Case = c.ID
			if o.Unfinished > 0 {
				r.Found = fmt.Sprintf("上年有%d个周期未销号", o.Unfinished)
			}
			if err := insert(ctx, tx, []recheckRow{{Recheck: r}}); err != nil {
				return fmt.Errorf("open a look-back: %w", err)
			}
			if o.Unfinished > 0 {
				if _, err := s.k.Cases.Move(ctx, tx, c.ID, "carry", org.System, process.Input{}); err != nil {
					return err
				}
			}
			opened++
		}
		return s.record(ctx, tx, who, "plan.lookback", "plan", p.ID, fmt.Sprintf("启动回头看，%d项", opened))
	})
	return opened, err
}

// limitedDuty is a duty of last year that is to be looked back at.
type limitedDuty struct {
	Duty
	Text       string
	Unfinished int // periods that were not closed
}

// LookbackFigures counts a look-back.
type LookbackFigures struct {
	All, Unchecked, Holds, Ledger, Closed int
}

// Lookback counts the look-back of a plan.
func (s *Service) Lookback(ctx context.Context, plan id.ID) (LookbackFigures, error) {
	states, err := recheckStates(ctx, s.k.DB.Read, plan)
	if err != nil {
		return LookbackFigures{}, err
	}
	var f LookbackFigures
	for state, n := range states {
		f.All += n
		switch state {
		case "open":
			f.Unchecked += n
		case "holds":
			f.Holds += n
		case "closed":
			f.Closed += n
		default:
			f.Ledger += n
		}
	}
	return f, nil
}
