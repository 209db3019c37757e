package plan

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/page"
)

// standingSQL is function standing in SQL; TestStandingInSQL keeps the two alike.
// Its arguments are today and the last day that is near.
const standingSQL = `case
	when process_case.state in ('issued', 'accepted', 'returned', 'reopened') and plan_term.due < ? then 'overdue'
	when process_case.state in ('issued', 'accepted') and plan_term.due <= ? then 'soon'
	else process_case.state end`

// tallied counts the terms of one item and unit in one standing.
type tallied struct {
	Item, Unit id.ID
	Role       DutyRole
	Standing   string
	N          int
}

// tally counts the terms of a plan, for the matrix.
func tally(ctx context.Context, db bun.IDB, plan id.ID, today, soon calendar.Date) (rows []tallied, err error) {
	err = db.NewSelect().TableExpr("plan_term").
		Join("join plan_duty on plan_duty.id = plan_term.duty").
		Join(`join process_case on process_case.id = plan_term."case"`).
		ColumnExpr("plan_duty.item, plan_duty.unit, plan_duty.role, count(*) as n").
		ColumnExpr(standingSQL+" as standing", today, soon).
		Where("plan_term.plan = ? and plan_duty.retired is null", plan).
		GroupExpr("plan_duty.item, plan_duty.unit, plan_duty.role, standing").Scan(ctx, &rows)
	return rows, err
}

// lines lists terms with everything a table shows of them. now says what day it
// is and until when a date is near; a zero ask lists all, for export.
func lines(ctx context.Context, db bun.IDB, f Filter, today, soon calendar.Date, ask page.Ask) (out page.Of[Line], err error) {
	q := db.NewSelect().TableExpr("plan_term").
		Join("join plan_duty on plan_duty.id = plan_term.duty").
		Join("join plan_measure on plan_measure.id = plan_duty.measure").
		Join("join plan_item on plan_item.id = plan_duty.item").
		Join("join org_unit on org_unit.id = plan_duty.unit").
		Join(`join process_case on process_case.id = plan_term."case"`).
		Where("plan_term.plan = ? and plan_duty.retired is null", f.Plan)
	where := func(clause string, value string) {
		if value != "" {
			q = q.Where(clause, value)
		}
	}
	where("plan_duty.item = ?", string(f.Item))
	where("plan_duty.measure = ?", string(f.Measure))
	where("plan_duty.unit = ?", string(f.Unit))
	where("plan_duty.role = ?", string(f.Role))
	where("exists (select 1 from plan_duty l where l.measure = plan_duty.measure and l.role = 'lead' and l.retired is null and l.unit = ?)", string(f.Lead))
	if f.Words != "" {
		q = q.Where(`plan_measure.text like ? escape '\'`, "%"+likeEscape(f.Words)+"%")
	}
	if !f.DueFrom.IsZero() {
		q = q.Where("plan_term.due >= ?", f.DueFrom)
	}
	if !f.DueUntil.IsZero() {
		q = q.Where("plan_term.due <= ?", f.DueUntil)
	}
	if f.Standing != "" {
		q = q.Where(standingSQL+" = ?", today, soon, f.Standing)
	}
	if ask.Size > 0 {
		ask = ask.Clean()
		out.Ask = ask
		n, err := q.Count(ctx)
		if err != nil {
			return out, err
		}
		out.Total = int(n)
		q = q.Limit(int64(ask.Size)).Offset(int64(ask.Offset()))
	}
	direction := map[bool]string{false: "", true: " desc"}[f.Down]
	switch f.Sort {
	case "due":
		q = q.OrderExpr("plan_term.due" + direction)
	case "unit":
		q = q.OrderExpr("org_unit.seq" + direction + ", org_unit.name" + direction)
	case "standing":
		q = q.OrderExpr("process_case.state" + direction)
	case "moved":
		q = q.OrderExpr("moved_at" + direction)
	}
	err = q.ColumnExpr(`plan_term.id as term, plan_duty.id as duty, plan_duty.measure, plan_duty.item, plan_duty.unit, plan_term."case"`).
		ColumnExpr("plan_item.number as item_number, plan_item.title as item_title, plan_measure.number as measure_number, plan_measure.text as measure_text").
		ColumnExpr(`org_unit.name as unit_name, plan_duty.role, plan_term.number, plan_term."from", plan_term.until, plan_term.due, process_case.state`).
		ColumnExpr("coalesce((select percent from plan_progress p where p.term = plan_term.id order by p.at desc limit 1), 0) as percent").
		ColumnExpr("(select count(*) from plan_evidence e where e.term = plan_term.id and e.verdict <> ?) as evidence", Refused).
		ColumnExpr("(select max(at) from process_step st where st.case_id = process_case.id) as moved_at").
		OrderExpr("plan_item.position, plan_measure.position, plan_duty.role, org_unit.seq, org_unit.name, plan_term.number").
		Scan(ctx, &out.Rows)
	for i := range out.Rows {
		out.Rows[i].Standing = standing(out.Rows[i].State, out.Rows[i].Due, today, soon)
	}
	if ask.Size == 0 {
		out.Total = len(out.Rows)
	}
	return out, err
}

// likeEscape makes a text match itself in LIKE with escape '\'.
func likeEscape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}
