package process

import (
	"context"

	"github.com/uptrace/bun/schema"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
)

type todoRow struct {
	ID, Subject, Unit  id.ID
	CaseID             id.ID
	Flow, State        string
	Title, Link, Moves string
	Due                calendar.Date
	Counts
}

// mine is Case.right as a question to the database: the open cases in which the
// actor can make a move somebody waits for, with the names of those moves.
//
// From each post, a few dozen rows that the declarations give, one index leads to
// the cases standing there for the unit; cross join keeps SQLite to that order.
// What was lent to the actor is looked up from the hands, which are few.
const mine = `with post (flow, state, party, role, branch, eyes, moves) as (values ?posts),
mine (case_id, due, moves) as (
	select s.case_id, s.due, p.moves from post p cross join process_seat s
	where (p.role & ?roles) <> 0 and s.unit in (?unit, '') and s.flow = p.flow and s.party = p.party and s.state = p.state
	and (p.role & ?roles & ~coalesce((select cast(sum(h.role) as bigint) from process_hand h
		where h.case_id = s.case_id and h.party = s.party and h.person not in (?me, ?absent)), 0)) <> 0
	and ?free
	union all
	select s.case_id, s.due, p.moves from process_hand h
	cross join process_seat s cross join post p
	where h.person in (?me, ?absent) and h.lent and s.case_id = h.case_id and s.party = h.party and s.unit = ?unit
	and p.flow = s.flow and p.party = s.party and p.state = s.state and (p.role & h.role) <> 0
	and ?free
), todo (case_id, due, moves) as materialized (select case_id, min(due), string_agg(moves, ' ') from mine group by case_id)`

// free leaves out branches already approved in this stay, and what four eyes forbid.
const free = `(p.branch = '' or not exists (select 1 from process_step t
		where t.case_id = s.case_id and t.branch = p.branch and t.branch <> '' and t.seq > s.entered))
	and (p.eyes = '' or not exists (select 1 from process_step t
		where t.case_id = s.case_id and (t.person in (?me, ?absent) or t.for_person in (?me, ?absent))
		and p.eyes like '% ' || t.move || ' %'))`

// tally counts by group.
const tally = `count(case when due < ?today then 1 end) as late,
	count(case when due = ?today then 1 end) as today,
	count(case when due > ?today and due <= ?week then 1 end) as week,
	count(case when due > ?week then 1 end) as later,
	count(case when due is null then 1 end) as waiting`

// within narrows a query to a group.
func within(g Group) string {
	switch g {
	case Late:
		return "due < ?today"
	case Today:
		return "due = ?today"
	case Week:
		return "due > ?today and due <= ?week"
	case Later:
		return "due > ?week"
	case Waiting:
		return "due is null"
	}
	return "1 = 1"
}

// named gives values and pieces of SQL to the ?names of a query.
type named map[string]any

type sql string

func (n named) AppendNamedArg(gen schema.QueryGen, b []byte, name string) ([]byte, bool) {
	v, ok := n[name]
	switch v := v.(type) {
	case sql:
		return gen.AppendQuery(b, string(v), n), ok
	case []post:
		for i, p := range v {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = gen.AppendQuery(b, "(?, ?, ?, ?, ?, ?, ?)", p.flow, p.state, p.party, int64(p.by), p.branch, p.eyes, p.moves)
		}
		return b, ok
	}
	return gen.Append(b, v), ok
}

// question is what the queries need to know of the actor.
func (s *Cases) question(who org.Actor, flow string, today calendar.Date) named {
	absent := who.For
	if absent == "" {
		absent = who.Person
	}
	return named{"posts": s.posts(flow), "roles": int64(base(who)), "unit": who.Unit, "me": who.Person, "absent": absent,
		"free": sql(free), "tally": sql(tally), "today": today, "week": today.Add(7)}
}

// nobody reports whether nothing can wait for the actor.
func (n named) nobody() bool { return n["me"] == id.ID("") || len(n["posts"].([]post)) == 0 }

// todoRows reads a page of to-dos and, with each row, the counts of all groups.
func (s *Cases) todoRows(ctx context.Context, who org.Actor, f Filter, today calendar.Date) (rows []todoRow, err error) {
	q := s.question(who, f.Flow, today)
	if q.nobody() {
		return nil, nil
	}
	q["within"] = sql(within(f.Group))
	q["limit"], q["offset"] = f.Page.Size, f.Page.Offset()
	err = s.db.Read.NewRaw(mine+`
		select c.id, c.flow, c.subject, c.state, c.unit, c.title, c.link, found.*, counted.*
		from (select * from todo where ?within order by due is null, due, case_id limit ?limit offset ?offset) found
		cross join (select ?tally from todo) counted
		cross join process_case c where c.id = found.case_id order by found.due is null, found.due, c.id`, q).Scan(ctx, &rows)
	return rows, err
}

func (s *Cases) todoCounts(ctx context.Context, who org.Actor, flow string, today calendar.Date) (c Counts, err error) {
	q := s.question(who, flow, today)
	if q.nobody() {
		return c, nil
	}
	err = s.db.Read.NewRaw(mine+` select ?tally from todo`, q).Scan(ctx, &c)
	return c, err
}
