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
	Flow, State        string
	Title, Link, Moves string
	Due                calendar.Date
	Counts
}

// waits is Case.right as a question to the database: the open cases in which the
// actor can make a move somebody waits for.
//
// From each place where the actor's roles are waited for, a few rows that the
// declarations give, one index leads to the cases standing there for the unit; cross
// join keeps SQLite to that order. Most are decided by the roles that no condition is
// set to (place.role); the posts are asked one by one only for the others. What was
// lent to the actor is looked up from the hands, which are few.
const waits = `with post (flow, state, party, role, branch, eyes, moves) as materialized (values ?posts),
place (flow, state, party, role) as (values ?places),
todo (case_id, due) as materialized (
	select s.case_id, s.due from place l cross join process_seat s
	where s.unit in (?unit, '') and s.flow = l.flow and s.party = l.party and s.state = l.state
	and ((l.role & ?roles & ~?held) <> 0 or exists (select 1 from post p
		where p.flow = s.flow and p.party = s.party and p.state = s.state and (p.role & ?roles) <> 0 and (p.role & ?roles & ~?held) <> 0 and ?free))
	union
	select s.case_id, s.due from process_hand h cross join process_seat s
	where h.person in (?me, ?absent) and h.lent and s.case_id = h.case_id and s.party = h.party and s.unit = ?unit
	and exists (select 1 from post p
		where p.flow = s.flow and p.party = s.party and p.state = s.state and (p.role & h.role) <> 0 and ?free)
)`

// held are the roles of a seat that are in the hands of others.
const held = `coalesce((select cast(sum(h.role) as bigint) from process_hand h
		where h.case_id = s.case_id and h.party = s.party and h.person not in (?me, ?absent)), 0)`

// free leaves out branches already approved in this stay, and what four eyes forbid.
const free = `(p.branch = '' or not exists (select 1 from process_step t
		where t.case_id = s.case_id and t.branch = p.branch and t.branch <> '' and t.seq > s.entered))
	and (p.eyes = '' or not exists (select 1 from process_step t
		where t.case_id = s.case_id and (t.person in (?me, ?absent) or t.for_person in (?me, ?absent))
		and p.eyes like '% ' || t.move || ' %'))`

// shown is one page of the to-dos, with the names of the moves that the actor can
// make in each.
const shown = `, shown (case_id, due) as materialized (
	select * from todo where ?within order by due is null, due, case_id limit ?limit offset ?offset
), can (case_id, moves) as materialized (
	select s.case_id, string_agg(p.moves, ' ') from shown cross join process_seat s cross join post p
	where s.case_id = shown.case_id and p.flow = s.flow and p.party = s.party and p.state = s.state
	and (s.unit in (?unit, '') and (p.role & ?roles) <> 0 and (p.role & ?roles & ~?held) <> 0
		or s.unit = ?unit and exists (select 1 from process_hand h where h.case_id = s.case_id and h.party = s.party
			and h.person in (?me, ?absent) and h.lent and (p.role & h.role) <> 0))
	and ?free group by s.case_id
)`

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
	case []place:
		for i, p := range v {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = gen.AppendQuery(b, "(?, ?, ?, ?)", p.flow, p.state, p.party, int64(p.plain))
		}
		return b, ok
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
	posts := s.posts(flow)
	return named{"posts": posts, "places": places(posts, base(who)), "roles": int64(base(who)), "unit": who.Unit, "me": who.Person, "absent": absent,
		"held": sql(held), "free": sql(free), "tally": sql(tally), "today": today, "week": today.Add(7)}
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
	err = s.db.Read.NewRaw(waits+shown+`
		select c.id, c.flow, c.subject, c.state, c.unit, c.title, c.link, shown.due, can.moves, counted.*
		from shown cross join (select ?tally from todo) counted cross join can cross join process_case c
		where can.case_id = shown.case_id and c.id = shown.case_id order by shown.due is null, shown.due, c.id`, q).Scan(ctx, &rows)
	return rows, err
}

func (s *Cases) todoCounts(ctx context.Context, who org.Actor, flow string, today calendar.Date) (c Counts, err error) {
	q := s.question(who, flow, today)
	if q.nobody() {
		return c, nil
	}
	err = s.db.Read.NewRaw(waits+` select ?tally from todo`, q).Scan(ctx, &c)
	return c, err
}
