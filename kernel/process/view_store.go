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
		Unit           id.ID
		All, Late, Due int
	}
	out := map[id.ID]Stat{}
	open := w
	open.Open = true
	err := open.narrow(s.db.Read.NewSelect().TableExpr("process_case as c")).
		ColumnExpr("c.unit, count(*) as \"all\"").
		ColumnExpr("count(case when c.due < ? then 1 end) as late", today).
		ColumnExpr("count(case when c.due >= ? and c.due <= ? then 1 end) as due", today, today.Add(7)).
		GroupExpr("c.unit").Scan(ctx, &counts)
	if err != nil {
		return nil, err
	}
	for _, n := range counts {
		out[n.Unit] = Stat{Open: n.All, Late: n.Late, Due: n.Due}
	}
	if !w.Open {
		counts = nil
		err = w.narrow(s.db.Read.NewSelect().TableExpr("process_case as c")).Where("c.closed_at is not null").
			ColumnExpr("c.unit, count(*) as \"all\"").GroupExpr("c.unit").Scan(ctx, &counts)
		if err != nil {
			return nil, err
		}
		for _, n := range counts {
			one := out[n.Unit]
			one.Closed, one.InTime = n.All, n.All
			out[n.Unit] = one
		}
	}
	var over []struct {
		ID, Unit  id.ID
		Closed    bool
		Due, Stop calendar.Date
	}
	// Two indexes hold just these clocks: ended late, and running past their day.
	late := s.db.Read.NewRaw(`(select case_id, due, stop from process_clock where stop > due
		union all select case_id, due, stop from process_clock where stop is null and due < ?)`, today)
	err = w.narrow(s.db.Read.NewSelect().TableExpr("? as k", late)).
		Join("cross join process_case as c").Where("c.id = k.case_id"). // in this order on SQLite
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
