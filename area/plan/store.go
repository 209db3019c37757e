package plan

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"gongkai/area"
	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/page"
	"gongkai/kernel/store"
)

type planRow struct {
	bun.BaseModel `bun:"table:plan"`
	Plan
}

type itemRow struct {
	bun.BaseModel `bun:"table:plan_item"`
	Item
}

type measureRow struct {
	bun.BaseModel `bun:"table:plan_measure"`
	Measure
}

type dutyRow struct {
	bun.BaseModel `bun:"table:plan_duty"`
	Duty
}

type termRow struct {
	bun.BaseModel `bun:"table:plan_term"`
	Term
}

type stepRow struct {
	bun.BaseModel `bun:"table:plan_step"`
	Step
}

type progressRow struct {
	bun.BaseModel `bun:"table:plan_progress"`
	Progress
}

type evidenceRow struct {
	bun.BaseModel `bun:"table:plan_evidence"`
	Evidence
}

type ruleRow struct {
	bun.BaseModel `bun:"table:plan_rule"`
	Rule
}

type findingRow struct {
	bun.BaseModel `bun:"table:plan_finding"`
	Finding
}

type recheckRow struct {
	bun.BaseModel `bun:"table:plan_recheck"`
	Recheck
}

// insert writes rows, in batches that both databases accept.
func insert[T any](ctx context.Context, tx *store.Tx, rows []T) error {
	const batch = 500
	for len(rows) > 0 {
		n := min(batch, len(rows))
		some := rows[:n]
		if _, err := tx.NewInsert().Model(&some).Exec(ctx); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func getPlan(ctx context.Context, db bun.IDB, key id.ID) (Plan, error) {
	var r planRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Plan, store.Found(err, "没有找到这份任务分工")
}

func planOfYear(ctx context.Context, db bun.IDB, year int) (Plan, error) {
	var r planRow
	err := db.NewSelect().Model(&r).Where("year = ?", year).Scan(ctx)
	return r.Plan, store.Found(err, "这一年还没有下发任务分工")
}

func plans(ctx context.Context, db bun.IDB) ([]Plan, error) {
	var rows []planRow
	err := db.NewSelect().Model(&rows).Order("year DESC").Scan(ctx)
	return each(rows, func(r planRow) Plan { return r.Plan }), err
}

func items(ctx context.Context, db bun.IDB, plan id.ID) ([]Item, error) {
	var rows []itemRow
	err := db.NewSelect().Model(&rows).Where("plan = ?", plan).Order("position").Scan(ctx)
	return each(rows, func(r itemRow) Item { return r.Item }), err
}

// measures lists a plan's measures in its order, without the retired ones.
func measures(ctx context.Context, db bun.IDB, plan id.ID) ([]Measure, error) {
	var rows []measureRow
	err := db.NewSelect().Model(&rows).
		Join("join plan_item on plan_item.id = measure_row.item").
		Where("measure_row.plan = ? and measure_row.retired is null", plan).
		OrderExpr("plan_item.position, measure_row.position").Scan(ctx)
	return each(rows, func(r measureRow) Measure { return r.Measure }), err
}

func getMeasure(ctx context.Context, db bun.IDB, key id.ID) (Measure, error) {
	var r measureRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Measure, store.Found(err, "没有找到这条举措")
}

func getItem(ctx context.Context, db bun.IDB, key id.ID) (Item, error) {
	var r itemRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Item, store.Found(err, "没有找到这项任务")
}

func getDuty(ctx context.Context, db bun.IDB, key id.ID) (Duty, error) {
	var r dutyRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Duty, store.Found(err, "没有找到这项责任")
}

func getTerm(ctx context.Context, db bun.IDB, key id.ID) (Term, error) {
	var r termRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Term, store.Found(err, "没有找到这个周期的任务")
}

// termsOf lists the periods of one duty, in order.
func termsOf(ctx context.Context, db bun.IDB, duty id.ID) ([]Term, error) {
	var rows []termRow
	err := db.NewSelect().Model(&rows).Where("duty = ?", duty).Order("number").Scan(ctx)
	return each(rows, func(r termRow) Term { return r.Term }), err
}

func stepsOf(ctx context.Context, db bun.IDB, duty id.ID) ([]Step, error) {
	var rows []stepRow
	err := db.NewSelect().Model(&rows).Where("duty = ?", duty).Order("position", "id").Scan(ctx)
	return each(rows, func(r stepRow) Step { return r.Step }), err
}

// grounds are what a term can be handed in on: whether it has evidence that was
// not refused, and its duty a task list.
func grounds(ctx context.Context, db bun.IDB, term id.ID) (evidence, steps bool, err error) {
	err = db.NewRaw(`select exists (select 1 from plan_evidence where term = ?0 and verdict <> ?1),
		exists (select 1 from plan_step where duty = (select duty from plan_term where id = ?0))`, term, Refused).Scan(ctx, &evidence, &steps)
	return evidence, steps, err
}

func progressOf(ctx context.Context, db bun.IDB, term id.ID) ([]Progress, error) {
	var rows []progressRow
	err := db.NewSelect().Model(&rows).Where("term = ?", term).Order("at DESC").Scan(ctx)
	return each(rows, func(r progressRow) Progress { return r.Progress }), err
}

func getEvidence(ctx context.Context, db bun.IDB, key id.ID) (Evidence, error) {
	var r evidenceRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Evidence, store.Found(err, "没有找到这条佐证")
}

// evidenceOf lists the evidence of one term, the newest first.
func evidenceOf(ctx context.Context, db bun.IDB, term id.ID) ([]Evidence, error) {
	var rows []evidenceRow
	err := db.NewSelect().Model(&rows).Where("term = ?", term).Order("at DESC").Scan(ctx)
	return each(rows, func(r evidenceRow) Evidence { return r.Evidence }), err
}

func rulesOf(ctx context.Context, db bun.IDB, measure id.ID) ([]Rule, error) {
	var rows []ruleRow
	err := db.NewSelect().Model(&rows).Where("measure = ?", measure).Order("id").Scan(ctx)
	return each(rows, func(r ruleRow) Rule { return r.Rule }), err
}

func findingsOf(ctx context.Context, db bun.IDB, term id.ID) ([]Finding, error) {
	var rows []findingRow
	err := db.NewSelect().Model(&rows).Where("term = ?", term).Order("rule").Scan(ctx)
	return each(rows, func(r findingRow) Finding { return r.Finding }), err
}

// each turns rows into what they hold.
func each[R, T any](rows []R, of func(R) T) []T {
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = of(r)
	}
	return out
}

// dueForRenewal lists the duties of recurring measures whose last period is
// over, in plans that still run.
func dueForRenewal(ctx context.Context, db bun.IDB, today calendar.Date) ([]Duty, error) {
	var rows []dutyRow
	err := db.NewSelect().Model(&rows).
		Join("join plan_measure on plan_measure.id = duty_row.measure").
		Join("join plan on plan.id = duty_row.plan").
		Where("duty_row.retired is null and plan_measure.retired is null and plan.ended is null").
		Where("plan_measure.due->>'kind' = ?", Recurring).
		Where("(select max(until) from plan_term where plan_term.duty = duty_row.id) < ?", today).
		Where("plan.year >= ?", today.Year()).
		Order("duty_row.id").Scan(ctx)
	return each(rows, func(r dutyRow) Duty { return r.Duty }), err
}

func getStep(ctx context.Context, db bun.IDB, key id.ID) (Step, error) {
	var r stepRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Step, store.Found(err, "没有找到这个步骤，可能已删除")
}

// updateStep saves a step if nobody saved it since the version it carries.
func updateStep(ctx context.Context, tx *store.Tx, st Step) error {
	seen := st.Version
	st.Version++
	res, err := tx.NewUpdate().Model(&stepRow{Step: st}).
		Column("text", "product", "person", "leader", "due", "done_on", "note", "version").
		Where("id = ? and duty = ? and version = ?", st.ID, st.Duty, seen).Exec(ctx)
	return store.Fresh(res, err, "这个步骤")
}

func deleteStep(ctx context.Context, tx *store.Tx, key id.ID) error {
	_, err := tx.NewDelete().Model((*stepRow)(nil)).Where("id = ?", key).Exec(ctx)
	return err
}

// sameEvidence reports whether the unit has handed in the same address or file
// for another measure of the plan.
func sameEvidence(ctx context.Context, tx *store.Tx, d Duty, e Evidence) (bool, error) {
	if e.URL == "" && e.Hash == "" {
		return false, nil
	}
	return tx.NewSelect().Model((*evidenceRow)(nil)).
		Join("join plan_duty on plan_duty.id = evidence_row.duty").
		Where("plan_duty.unit = ? and plan_duty.plan = ? and plan_duty.id <> ? and evidence_row.kind = ?", d.Unit, d.Plan, d.ID, e.Kind).
		Where("evidence_row.url = ? and evidence_row.hash = ?", e.URL, e.Hash).Exists(ctx)
}

func deleteEvidence(ctx context.Context, tx *store.Tx, key id.ID) error {
	_, err := tx.NewDelete().Model((*evidenceRow)(nil)).Where("id = ?", key).Exec(ctx)
	return err
}

func setVerdict(ctx context.Context, tx *store.Tx, key id.ID, v Verdict, why string) error {
	_, err := tx.NewUpdate().Model((*evidenceRow)(nil)).Set("verdict = ?, why = ?", v, why).
		Set("public = (public and ?)", v == Accepted).Where("id = ?", key).Exec(ctx)
	return err
}

// acceptRest accepts what the checker of a term left unjudged when confirming it.
func acceptRest(ctx context.Context, tx *store.Tx, term id.ID) error {
	_, err := tx.NewUpdate().Model((*evidenceRow)(nil)).Set("verdict = ?", Accepted).
		Where("term = ? and verdict = ?", term, Unjudged).Exec(ctx)
	return err
}

func setPublic(ctx context.Context, tx *store.Tx, key id.ID, public bool) error {
	_, err := tx.NewUpdate().Model((*evidenceRow)(nil)).Set("public = ?", public).Where("id = ?", key).Exec(ctx)
	return err
}

func updateFetched(ctx context.Context, tx *store.Tx, e Evidence) error {
	_, err := tx.NewUpdate().Model(&evidenceRow{Evidence: e}).
		Column("title", "dated_on", "hash", "size", "mime", "fetch", "fetch_at").Where("id = ?", e.ID).Exec(ctx)
	return err
}

// markUrged fails with a unique violation when the term was urged on that day.
func markUrged(ctx context.Context, tx *store.Tx, term id.ID, day calendar.Date) error {
	row := struct {
		bun.BaseModel `bun:"table:plan_urge"`
		Term          id.ID
		Day           calendar.Date
	}{Term: term, Day: day}
	_, err := tx.NewInsert().Model(&row).Exec(ctx)
	return err
}

func getRule(ctx context.Context, db bun.IDB, key id.ID) (Rule, error) {
	var r ruleRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Rule, store.Found(err, "没有找到这条佐证规则")
}

func updateRule(ctx context.Context, tx *store.Tx, r Rule) error {
	seen := r.Version
	r.Version++
	res, err := tx.NewUpdate().Model(&ruleRow{Rule: r}).Column("kind", "title", "values", "version").
		Where("id = ? and version = ?", r.ID, seen).Exec(ctx)
	return store.Fresh(res, err, "这条佐证规则")
}

func deleteRule(ctx context.Context, tx *store.Tx, key id.ID) error {
	if _, err := tx.NewDelete().Model((*findingRow)(nil)).Where("rule = ?", key).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewDelete().Model((*ruleRow)(nil)).Where("id = ?", key).Exec(ctx)
	return err
}

// measuresWithRules lists what the daily round has to prove, in plans that run.
func measuresWithRules(ctx context.Context, db bun.IDB) (keys []id.ID, err error) {
	err = db.NewSelect().Model((*ruleRow)(nil)).ColumnExpr("distinct rule_row.measure").
		Join("join plan on plan.id = rule_row.plan").
		Join("join plan_measure on plan_measure.id = rule_row.measure").
		Where("plan.ended is null and plan_measure.retired is null").OrderExpr("1").Scan(ctx, &keys)
	return keys, err
}

// openTerms lists the periods of a measure that are not closed.
func openTerms(ctx context.Context, db bun.IDB, measure id.ID) ([]asked, error) {
	var rows []struct {
		bun.BaseModel `bun:"table:plan_term"`
		asked
	}
	q := db.NewSelect().Model(&rows).ColumnExpr("plan_term.*, plan_duty.unit, plan_duty.measure").
		ModelTableExpr("plan_term").
		Join("join plan_duty on plan_duty.id = plan_term.duty").
		Join(`join process_case on process_case.id = plan_term."case"`).
		Where("plan_duty.measure = ? and plan_duty.retired is null and process_case.closed_at is null", measure).
		OrderExpr("plan_term.id")
	err := q.Scan(ctx)
	out := make([]asked, len(rows))
	for i, r := range rows {
		out[i] = r.asked
	}
	return out, err
}

// saveFinding keeps the latest word of a rule on a term and returns the verdict
// before it, "" for the first. Since moves only when the verdict does.
func saveFinding(ctx context.Context, tx *store.Tx, f Finding) (before area.Verdict, err error) {
	var old findingRow
	err = tx.NewSelect().Model(&old).Where("rule = ? and term = ?", f.Rule, f.Term).Scan(ctx)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", insert(ctx, tx, []findingRow{{Finding: f}})
	case err != nil:
		return "", err
	}
	f.ID = old.ID
	if f.Verdict == old.Verdict {
		f.Since = old.Since
	}
	_, err = tx.NewUpdate().Model(&findingRow{Finding: f}).Column("verdict", "why", "rows", "at", "since").Where("id = ?", f.ID).Exec(ctx)
	return old.Verdict, err
}

// saveProved keeps one piece of evidence a rule and term. One that the checker
// has judged stays as it was judged.
func saveProved(ctx context.Context, tx *store.Tx, e Evidence) error {
	var old evidenceRow
	err := tx.NewSelect().Model(&old).Where("rule = ? and term = ?", e.Rule, e.Term).Scan(ctx)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return insert(ctx, tx, []evidenceRow{{Evidence: e}})
	case err != nil:
		return err
	case old.Verdict != Unjudged:
		return nil
	}
	e.ID = old.ID
	columns := []string{"title", "text", "dated_on", "at"}
	if e.Hash != "" { // else the page that was kept before still shows it
		columns = append(columns, "url", "hash", "size", "mime", "fetch", "fetch_at")
	}
	_, err = tx.NewUpdate().Model(&evidenceRow{Evidence: e}).Column(columns...).Where("id = ?", e.ID).Exec(ctx)
	return err
}

// limited lists the duties of last year's plan that had a time limit and are not
// being looked back at yet for this year.
func limited(ctx context.Context, db bun.IDB, last, plan id.ID) ([]limitedDuty, error) {
	var rows []struct {
		bun.BaseModel `bun:"table:plan_duty"`
		limitedDuty
	}
	err := db.NewSelect().Model(&rows).ModelTableExpr("plan_duty").
		ColumnExpr("plan_duty.*, plan_measure.text").
		ColumnExpr(`(select count(*) from plan_term join process_case on process_case.id = plan_term."case"
			where plan_term.duty = plan_duty.id and process_case.state not in ('closed', 'untriggered', 'cancelled')) as unfinished`).
		Join("join plan_measure on plan_measure.id = plan_duty.measure").
		Where("plan_duty.plan = ? and plan_duty.retired is null", last).
		Where("plan_measure.due_text <> '' or plan_measure.due->>'kind' <> ?", Ongoing).
		Where("not exists (select 1 from plan_recheck where plan_recheck.plan = ? and plan_recheck.duty = plan_duty.id)", plan).
		OrderExpr("plan_duty.id").Scan(ctx)
	out := make([]limitedDuty, len(rows))
	for i, r := range rows {
		out[i] = r.limitedDuty
	}
	return out, err
}

// recheckStates counts a plan's look-backs by state.
func recheckStates(ctx context.Context, db bun.IDB, plan id.ID) (map[string]int, error) {
	var rows []struct {
		State string
		N     int
	}
	err := db.NewSelect().TableExpr("plan_recheck").ColumnExpr("process_case.state, count(*) as n").
		Join(`join process_case on process_case.id = plan_recheck."case"`).
		Where("plan_recheck.plan = ?", plan).GroupExpr("process_case.state").Scan(ctx, &rows)
	out := map[string]int{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out, err
}

// leadsOf lists the units that lead a measure.
func leadsOf(ctx context.Context, db bun.IDB, measure id.ID) (units []id.ID, err error) {
	err = db.NewSelect().Model((*dutyRow)(nil)).Column("unit").
		Where("measure = ? and role = ? and retired is null", measure, Leading).Order("id").Scan(ctx, &units)
	return units, err
}

func getRecheck(ctx context.Context, db bun.IDB, key id.ID) (Recheck, error) {
	var r recheckRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Recheck, store.Found(err, "没有找到这项回头看")
}

// RecheckLine is one row of the work ledger.
type RecheckLine struct {
	ID       id.ID
	Text     string
	UnitName string
	DueText  string
	Found    string
	State    string
	Due      calendar.Date // of the clock that runs
	Mark     string        `bun:"-"`
	Title    string        `bun:"-"`
}

// rechecks lists a plan's look-backs: those in the ledger first, then those to
// be checked; unit and state narrow the list.
func rechecks(ctx context.Context, db bun.IDB, plan, unit id.ID, state string, ask page.Ask) (page.Of[RecheckLine], error) {
	ask = ask.Clean()
	out := page.Of[RecheckLine]{Ask: ask}
	q := db.NewSelect().TableExpr("plan_recheck").
		Join("join plan_duty on plan_duty.id = plan_recheck.duty").
		Join("join plan_measure on plan_measure.id = plan_duty.measure").
		Join("join org_unit on org_unit.id = plan_duty.unit").
		Join(`join process_case on process_case.id = plan_recheck."case"`).
		Where("plan_recheck.plan = ?", plan)
	if unit != "" {
		q = q.Where("plan_duty.unit = ?", unit)
	}
	if state != "" {
		q = q.Where("process_case.state = ?", state)
	}
	n, err := q.Count(ctx)
	if err != nil {
		return out, err
	}
	out.Total = int(n)
	err = q.ColumnExpr("plan_recheck.id, plan_measure.text, org_unit.name as unit_name, plan_measure.due_text, plan_recheck.found, process_case.state, process_case.due").
		OrderExpr("case process_case.state when 'ledger' then 0 when 'mended' then 1 when 'open' then 2 else 3 end, org_unit.seq, org_unit.name, plan_recheck.id").
		Limit(int64(ask.Size)).Offset(int64(ask.Offset())).Scan(ctx, &out.Rows)
	return out, err
}

// workplace reads a term, its duty and how its case stands, in one statement that
// is kept ready: every report and every piece of evidence begins with it.
func workplace(ctx context.Context, tx *store.Tx, term id.ID) (t Term, d Duty, state string, closed time.Time, err error) {
	var end bun.NullTime
	err = tx.QueryReady(ctx, []any{&t.ID, &t.Duty, &t.Plan, &t.Number, &t.From, &t.Until, &t.Due, &t.Case,
		&d.ID, &d.Plan, &d.Item, &d.Measure, &d.Unit, &d.Role, &state, &end},
		`select t.id, t.duty, t.plan, t.number, t."from", t.until, t.due, t."case",
		d.id, d.plan, d.item, d.measure, d.unit, d.role, c.state, c.closed_at
		from plan_term t join plan_duty d on d.id = t.duty join process_case c on c.id = t."case" where t.id = ?`, term)
	return t, d, state, end.Time, store.Found(err, "没有找到这个周期的任务")
}
