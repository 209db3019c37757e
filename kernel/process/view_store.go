package process

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
)

// narrow applies a Which to a query about process_case as c.
func (w Which) narrow(q *bun.SelectQuery) *bun.SelectQuery {
	q = q.Where("c.flow = ?", w.Flow)
	if w.Unit != "" {
		q = q.Where("c.unit = ?", w.Unit)
	}
	if w.Open {
		q = q.Where("c.closed_at is null")
	}
	if !w.From.IsZero() {
		q = q.Where("c.opened_at >= ?", w.From.Start())
	}
	if !w.Before.IsZero() {
		q = q.Where("c.opened_at < ?", w.Before.Start())
	}
	return q
}

// standings hands every case to each, in no order.
func (s *Cases) standings(ctx context.Context, w Which, each func(Standing, string)) error {
	if w.Subjects == nil {
		return s.standingsOf(ctx, w, nil, each)
	}
	for part := range slices.Chunk(w.Subjects, 500) {
		if err := s.standingsOf(ctx, w, part, each); err != nil {
			return err
		}
	}
	return nil
}

func (s *Cases) standingsOf(ctx context.Context, w Which, subjects []id.ID, each func(Standing, string)) (err error) {
	q := w.narrow(s.db.Read.NewSelect().TableExpr("process_case as c"))
	if subjects != nil {
		q = q.Where("c.subject in (?)", bun.List(subjects))
	}
	// Plain scanning into strings: a matrix reads twelve thousand rows at a time.
	rows, err := q.ColumnExpr("c.id, c.subject, c.unit, c.state, c.due, c.closed_at").Rows(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	for rows.Next() {
		var (
			key, subject, unit, state string
			st                        Standing
			closed                    bun.NullTime
		)
		if err := rows.Scan(&key, &subject, &unit, &state, &st.Due, &closed); err != nil {
			return err
		}
		st.Case, st.Subject, st.Unit, st.ClosedAt = id.ID(key), id.ID(subject), id.ID(unit), closed.Time
		each(st, state)
	}
	return rows.Err()
}

func (s *Cases) stats(ctx context.Context, w Which, today calendar.Date) (map[id.ID]Stat, error) {
	var counts []struct {
		Unit                    id.ID
		Open, Late, Due, Closed int
	}
	err := w.narrow(s.db.Read.NewSelect().TableExpr("process_case as c")).
		ColumnExpr("c.unit").
		ColumnExpr("count(case when c.closed_at is null then 1 end) as open").
		ColumnExpr("count(case when c.closed_at is null and c.due < ? then 1 end) as late", today).
		ColumnExpr("count(case when c.closed_at is null and c.due >= ? and c.due <= ? then 1 end) as due", today, today.Add(7)).
		ColumnExpr("count(c.closed_at) as closed").
		GroupExpr("c.unit").Scan(ctx, &counts)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]Stat, len(counts))
	for _, n := range counts {
		out[n.Unit] = Stat{Open: n.Open, Late: n.Late, Due: n.Due, Closed: n.Closed, InTime: n.Closed}
	}
	var over []struct {
		ID, Unit  id.ID
		Closed    bool
		Due, Stop calendar.Date
	}
	// Two indexes hold just these clocks: ended late, and running past their day.
	late := s.db.Read.NewRaw(`(select case_id, due, stop from process_clock where stop > due
		union all select case_id, due, stop from process_clock where stop is null and due < ?)`, today)
	err = w.narrow(s.db.Read.NewSelect().TableExpr("process_case as c")).
		Join("join ? as k on k.case_id = c.id", late).
		ColumnExpr("c.id, c.unit, c.closed_at is not null as closed, k.due, k.stop").
		OrderExpr("c.id").Scan(ctx, &over)
	if err != nil {
		return nil, err
	}
	days := s.days()
	last := id.ID("")
	for _, o := range over {
		if o.Stop.IsZero() {
			o.Stop = today
		}
		n := out[o.Unit]
		n.OverdueDays += days.WorkingDaysBetween(o.Due, o.Stop)
		if o.ID != last { // a case with two late clocks is one case
			if n.OverdueCases++; o.Closed {
				n.InTime--
			}
		}
		out[o.Unit], last = n, o.ID
	}
	return out, nil
}
