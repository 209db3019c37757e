package plan

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/store"
)

// entryRow is a term with its duty and where its case stands.
type entryRow struct {
	Term, Duty, Case, Measure, Unit id.ID
	Role                            DutyRole
	Group                           string
	Number                          int
	From, Until, Due                calendar.Date
	State                           string
	Handed                          time.Time `bun:",nullzero"`
	Moved                           time.Time `bun:",nullzero"`
}

// entries reads the terms of a plan, or some of them. moved is the last step that
// a person made: what the house does by itself is no sign of work.
func entries(ctx context.Context, db bun.IDB, plan id.ID, terms []id.ID) (rows []entryRow, err error) {
	q := db.NewSelect().TableExpr("plan_term").
		Join("join plan_duty on plan_duty.id = plan_term.duty").
		Join(`join process_case on process_case.id = plan_term."case"`).
		ColumnExpr(`plan_term.id as term, plan_term.duty, plan_term."case", plan_duty.measure, plan_duty.unit, plan_duty.role, plan_duty."group"`).
		ColumnExpr(`plan_term.number, plan_term."from", plan_term.until, plan_term.due, process_case.state`).
		ColumnExpr("(select at from process_step where case_id = process_case.id and move = 'submit' order by seq desc limit 1) as handed").
		ColumnExpr("(select at from process_step where case_id = process_case.id and person <> '' order by seq desc limit 1) as moved").
		Where("plan_term.plan = ? and plan_duty.retired is null", plan)
	if terms == nil {
		return rows, q.Scan(ctx, &rows)
	}
	err = inParts(terms, func(some []id.ID) error {
		var part []entryRow
		err := q.Clone().Where("plan_term.id in ?", bun.Tuple(some)).Scan(ctx, &part)
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
		if err := db.NewSelect().TableExpr("plan_progress p").ColumnExpr("p.term, p.percent as n").Where("p.term in ?", bun.Tuple(some)).
			Where("not exists (select 1 from plan_progress l where l.term = p.term and l.at > p.at)").Scan(ctx, &rows); err != nil {
			return fmt.Errorf("read the progress of terms: %w", err)
		}
		for _, r := range rows {
			percent[r.Term] = r.N
		}
		rows = nil
		if err := db.NewSelect().TableExpr("plan_evidence").ColumnExpr("term, count(*) as n").
			Where("term in ? and verdict <> ?", bun.Tuple(some), Refused).GroupExpr("term").Scan(ctx, &rows); err != nil {
			return fmt.Errorf("count the evidence of terms: %w", err)
		}
		for _, r := range rows {
			evidence[r.Term] = r.N
		}
		return nil
	})
	return percent, evidence, err
}

// heardOf lists the terms of a plan for which progress was reported or evidence
// handed in since an instant.
func heardOf(ctx context.Context, db bun.IDB, plan id.ID, since time.Time) (map[id.ID]bool, error) {
	var keys []id.ID
	err := db.NewSelect().TableExpr("plan_evidence").ColumnExpr("distinct term").
		Where("plan = ? and at >= ? and kind <> ?", plan, since, Proved).Scan(ctx, &keys)
	if err != nil {
		return nil, err
	}
	var more []id.ID
	// From the few reports of some days to their terms: a cross join keeps SQLite to that order.
	err = db.NewSelect().TableExpr("plan_progress cross join plan_term").
		ColumnExpr("distinct plan_progress.term").Where("plan_progress.at >= ? and plan_term.id = plan_progress.term and plan_term.plan = ?", since, plan).Scan(ctx, &more)
	out := make(map[id.ID]bool, len(keys)+len(more))
	for _, key := range append(keys, more...) {
		out[key] = true
	}
	return out, err
}

// publicEvidence lists what may be shown to everyone: accepted and released.
func publicEvidence(ctx context.Context, db bun.IDB, plan id.ID) ([]Evidence, error) {
	var rows []evidenceRow
	err := db.NewSelect().Model(&rows).Where("plan = ? and public = ? and verdict = ?", plan, true, Accepted).Order("dated_on DESC", "at DESC").Scan(ctx)
	return each(rows, func(r evidenceRow) Evidence { return r.Evidence }), err
}

// foundRow is a measure or a piece of evidence that holds some words.
type foundRow struct {
	Key, Measure, Duty, Unit, Plan id.ID
	Year                           int
	Title, Text                    string
	At                             time.Time
}

// searchMeasures finds measures of all plans by words, the newest plan first, at
// most limit of them.
func searchMeasures(ctx context.Context, db bun.IDB, words []string, limit int64) (rows []foundRow, err error) {
	q := db.NewSelect().TableExpr("plan_measure").Join("join plan_item on plan_item.id = plan_measure.item").Join("join plan on plan.id = plan_measure.plan").
		ColumnExpr("plan_measure.id as key, plan_measure.id as measure, plan_measure.plan, plan.year, plan_item.number || plan_item.title as title, plan_measure.text").
		Where("plan_measure.retired is null")
	for _, w := range words {
		like := store.Like(w)
		q = q.Where(`(plan_measure.text like ? escape '\' or plan_item.title like ? escape '\')`, like, like)
	}
	err = q.OrderExpr("plan.year desc, plan_item.position, plan_measure.position").Limit(limit).Scan(ctx, &rows)
	return rows, err
}

// searchEvidence finds evidence by words in its title, text and address.
func searchEvidence(ctx context.Context, db bun.IDB, words []string, limit int64) (rows []foundRow, err error) {
	q := db.NewSelect().TableExpr("plan_evidence").Join("join plan_duty on plan_duty.id = plan_evidence.duty").Join("join plan on plan.id = plan_evidence.plan").
		ColumnExpr("plan_evidence.id as key, plan_duty.measure, plan_duty.id as duty, plan_duty.unit, plan_evidence.plan, plan.year, plan_evidence.at").
		ColumnExpr("case when plan_evidence.title = '' then plan_evidence.url else plan_evidence.title end as title, plan_evidence.text")
	for _, w := range words {
		like := store.Like(w)
		q = q.Where(`(plan_evidence.title like ? escape '\' or plan_evidence.text like ? escape '\' or plan_evidence.url like ? escape '\')`, like, like, like)
	}
	err = q.OrderExpr("plan_evidence.at desc").Limit(limit).Scan(ctx, &rows)
	return rows, err
}
