package plan

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
)

// entryRow is a term with its duty and where its case stands.
type entryRow struct {
	Term, Duty, Case, Measure, Unit id.ID
	Role                            DutyRole
	Number                          int
	From, Until, Due                calendar.Date
	State                           string
	Handed                          time.Time `bun:",nullzero"`
	Moved                           time.Time `bun:",nullzero"`
}

// entries reads the terms of a plan, or some of them.
func entries(ctx context.Context, db bun.IDB, plan id.ID, terms []id.ID) (rows []entryRow, err error) {
	q := db.NewSelect().TableExpr("plan_term").
		Join("join plan_duty on plan_duty.id = plan_term.duty").
		Join(`join process_case on process_case.id = plan_term."case"`).
		Join("left join process_step moved on moved.case_id = process_case.id and moved.seq = process_case.version").
		Join("left join process_step handed on handed.case_id = process_case.id and handed.seq = (select max(h.seq) from process_step h where h.case_id = process_case.id and h.move = 'submit')").
		ColumnExpr(`plan_term.id as term, plan_term.duty, plan_term."case", plan_duty.measure, plan_duty.unit, plan_duty.role`).
		ColumnExpr(`plan_term.number, plan_term."from", plan_term.until, plan_term.due, process_case.state`).
		ColumnExpr("handed.at as handed, moved.at as moved").
		Where("plan_term.plan = ? and plan_duty.retired is null", plan)
	if terms == nil {
		return rows, q.Scan(ctx, &rows)
	}
	err = inParts(terms, func(some []id.ID) error {
		var part []entryRow
		err := q.Clone().Where("plan_term.id in (?)", bun.In(some)).Scan(ctx, &part)
		rows = append(rows, part...)
		return err
	})
	return rows, err
}

// inParts calls fn with at most 500 keys at a time, as many as both databases
// take in one question.
func inParts(keys []id.ID, fn func(some []id.ID) error) error {
	for len(keys) > 0 {
		n := min(500, len(keys))
		if err := fn(keys[:n]); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

// reported reads how far terms have come, as last reported, and how many pieces
// of evidence they have that were not refused.
func reported(ctx context.Context, db bun.IDB, terms []id.ID) (percent, evidence map[id.ID]int, err error) {
	percent, evidence = map[id.ID]int{}, map[id.ID]int{}
	type counted struct {
		Term id.ID
		N    int
	}
	err = inParts(terms, func(some []id.ID) error {
		var rows []counted
		if err := db.NewSelect().TableExpr("plan_progress p").ColumnExpr("p.term, p.percent as n").Where("p.term in (?)", bun.In(some)).
			Where("not exists (select 1 from plan_progress l where l.term = p.term and l.at > p.at)").Scan(ctx, &rows); err != nil {
			return fmt.Errorf("read the progress of terms: %w", err)
		}
		for _, r := range rows {
			percent[r.Term] = r.N
		}
		rows = nil
		if err := db.NewSelect().TableExpr("plan_evidence").ColumnExpr("term, count(*) as n").
			Where("term in (?) and verdict <> ?", bun.In(some), Refused).GroupExpr("term").Scan(ctx, &rows); err != nil {
			return fmt.Errorf("count the evidence of terms: %w", err)
		}
		for _, r := range rows {
			evidence[r.Term] = r.N
		}
		return nil
	})
	return percent, evidence, err
}

// likeEscape makes a text match itself in LIKE with escape '\'.
func likeEscape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}
