package process

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
)

// Group sorts to-dos by urgency.
type Group string

const (
	Late    Group = "late"    // 已逾期: a clock has run out
	Today   Group = "today"   // 今日到期
	Week    Group = "week"    // 七日内到期
	Later   Group = "later"   // 以后到期
	Waiting Group = "waiting" // 不计时: all clocks are paused, ended or without a day
)

// Groups are all groups, the most urgent first.
func Groups() []Group { return []Group{Late, Today, Week, Later, Waiting} }

// Title is the Chinese name of a group.
func (g Group) Title() string {
	switch g {
	case Late:
		return "已逾期"
	case Today:
		return "今日到期"
	case Week:
		return "七日内到期"
	case Later:
		return "以后到期"
	case Waiting:
		return "不计时"
	}
	return string(g)
}

// GroupOf is the group of a last day as seen from a day.
func GroupOf(due, today calendar.Date) Group {
	switch {
	case due.IsZero():
		return Waiting
	case due.Before(today):
		return Late
	case due == today:
		return Today
	case !due.After(today.Add(7)):
		return Week
	}
	return Later
}

// Filter narrows a to-do list.
type Filter struct {
	Flow  string // one flow, or "" for all
	Group Group  // one group, or "" for all
	Page  page.Ask
}

// Todo is a case that waits for a person.
type Todo struct {
	Case        id.ID
	Flow, State string // names
	FlowTitle   string
	StateTitle  string
	Subject     id.ID
	Unit        id.ID
	Title, Link string
	Due         calendar.Date // none in the group Waiting
	Late        bool
	Group       Group
	Moves       []Move // those the person can make, the likely one first; guards are asked when it is made
}

// Counts are to-dos by group.
type Counts struct{ Late, Today, Week, Later, Waiting int }

// All is the number of all to-dos.
func (c Counts) All() int { return c.Late + c.Today + c.Week + c.Later + c.Waiting }

// Of is the number of to-dos in a group, of all for "".
func (c Counts) Of(g Group) int {
	switch g {
	case Late:
		return c.Late
	case Today:
		return c.Today
	case Week:
		return c.Week
	case Later:
		return c.Later
	case Waiting:
		return c.Waiting
	}
	return c.All()
}

// Todos is a page of to-dos, the most urgent first, with the counts of all groups.
type Todos struct {
	page.Of[Todo]
	Counts Counts
}

// Todos derives what waits for a person in the unit they act for: the open cases
// in which they can make a move that is not Optional, as Allowed says. Nothing
// is stored for it.
func (s *Cases) Todos(ctx context.Context, who org.Actor, f Filter) (Todos, error) {
	f.Page = f.Page.Clean()
	out := Todos{}
	out.Ask = f.Page
	today := s.today()
	rows, err := s.todoRows(ctx, who, f, today)
	if err != nil {
		return out, fmt.Errorf("read to-dos: %w", err)
	}
	if len(rows) == 0 && (f.Group != "" || f.Page.Number > 1) { // the counts came with the rows
		out.Counts, err = s.Count(ctx, who, f.Flow)
		out.Total = out.Counts.Of(f.Group)
		return out, err
	}
	for _, r := range rows {
		out.Counts = r.Counts
		flow := s.flows[r.Flow]
		t := Todo{Case: r.ID, Flow: r.Flow, State: r.State, FlowTitle: flow.Title, Subject: r.Subject, Unit: r.Unit, Title: r.Title,
			Link: r.Link, Due: r.Due, Group: GroupOf(r.Due, today)}
		t.Late = t.Group == Late
		state, _ := flow.State(r.State)
		t.StateTitle = state.Title
		mine := strings.Fields(r.Moves)
		for _, m := range flow.movesFrom(r.State) {
			if slices.Contains(mine, m.Name) {
				t.Moves = append(t.Moves, m)
			}
		}
		out.Rows = append(out.Rows, t)
	}
	out.Total = out.Counts.Of(f.Group)
	return out, nil
}

// Count is the number of to-dos of a person by group, of one flow or of all for "".
func (s *Cases) Count(ctx context.Context, who org.Actor, flow string) (Counts, error) {
	c, err := s.todoCounts(ctx, who, flow, s.today())
	if err != nil {
		return c, fmt.Errorf("count to-dos: %w", err)
	}
	return c, nil
}

// post is a set of moves that wait for the same people in the same state.
type post struct {
	flow, state, party string
	by                 org.Role
	branch             string
	eyes               string // names of steps, with a blank before and after each
	moves              string
}

// posts lists where anybody is waited for, in all flows or in one.
func (s *Cases) posts(flow string) []post {
	var out []post
	for _, f := range s.Flows() {
		if flow != "" && flow != f.Name {
			continue
		}
		for _, m := range f.Moves {
			if m.Auto || m.Optional {
				continue
			}
			p := post{flow: f.Name, party: m.In, by: m.By, branch: m.Branch}
			if eyes := m.eyes(); len(eyes) > 0 {
				p.eyes = " " + strings.Join(eyes, " ") + " "
			}
			for _, p.state = range m.from() {
				at := slices.IndexFunc(out, func(o post) bool { p.moves = o.moves; return o == p })
				if at < 0 {
					p.moves = m.Name
					out = append(out, p)
				} else {
					out[at].moves += " " + m.Name
				}
			}
		}
	}
	return out
}

// place is where cases stand for a unit with a part in them.
type place struct {
	flow, state, party string
	plain              org.Role // of the posts there that neither a branch nor four eyes can close
}

// places lists the places with a post for one of the roles; never none.
func places(posts []post, roles org.Role) []place {
	out := []place{{}} // nothing stands there
	for _, p := range posts {
		if !p.by.Any(roles) {
			continue
		}
		at := slices.IndexFunc(out, func(o place) bool { return o.flow == p.flow && o.state == p.state && o.party == p.party })
		if at < 0 {
			at = len(out)
			out = append(out, place{flow: p.flow, state: p.state, party: p.party})
		}
		if p.branch == "" && p.eyes == "" {
			out[at].plain |= p.by
		}
	}
	return out
}
