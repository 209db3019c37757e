package desk

import (
	"sort"

	"gongkai/kernel/calendar"
	"gongkai/web"
)

// group is a part of the to-do list.
type group struct {
	Title, Note, State string
	Todos              []Todo
}

// errand is one matter, with every unit that has it: who looks after forty units
// reads its name once.
type errand struct {
	Title string
	Todos []Todo
}

// Alone is the only to-do of a matter that one unit has.
func (e errand) Alone() bool { return len(e.Todos) == 1 }

// errands puts the to-dos of the same name together, where the first of them stands.
func (g group) errands() []errand {
	var out []errand
	at := map[string]int{}
	for _, t := range g.Todos {
		i, ok := at[t.Title]
		if !ok {
			i, at[t.Title] = len(out), len(out)
			out = append(out, errand{Title: t.Title})
		}
		out[i].Todos = append(out[i].Todos, t)
	}
	return out
}

// shown is how many matters of a group stand open on the first page.
const shown = 15

// First are those that stand open.
func (g group) First() []errand {
	all := g.errands()
	return all[:min(shown, len(all))]
}

// Rest are those that unfold on request.
func (g group) Rest() []errand {
	all := g.errands()
	return all[min(shown, len(all)):]
}

// homePage is the first page: my to-dos, then what the areas show.
type homePage struct {
	Groups   []group
	Any      bool
	Sections []web.Section
}

func (d *Desk) home(r *web.Request) (web.Reply, error) {
	var p homePage
	if d.Todos != nil {
		all, err := d.Todos.Mine(r.Context(), r.Who)
		if err != nil {
			return web.Reply{}, err
		}
		p.Groups, p.Any = groups(all, r.Today()), len(all) > 0
	}
	var err error
	if p.Sections, err = r.Sections(d.Home, false); err != nil {
		return web.Reply{}, err
	}
	return web.View("desk/home", p), nil
}

// groups sorts to-dos into late, today, this week (to its Sunday), later, and
// waiting for others; within a group the nearest deadline first, none last.
func groups(all []Todo, today calendar.Date) []group {
	sunday := today.Add((7 - int(today.Weekday())) % 7)
	out := []group{
		{Title: "已逾期", State: "late"}, {Title: "今天"}, {Title: "本周内"}, {Title: "以后"}, {Title: "等待别人办理", Note: "不需要您操作，可以催办"},
	}
	for _, t := range all {
		at := 3
		switch {
		case t.Others:
			at = 4
		case t.Due.IsZero():
		case t.Due.Before(today):
			at = 0
		case t.Due == today:
			at = 1
		case !t.Due.After(sunday):
			at = 2
		}
		out[at].Todos = append(out[at].Todos, t)
	}
	var some []group
	for _, g := range out {
		if len(g.Todos) == 0 {
			continue
		}
		sort.SliceStable(g.Todos, func(i, j int) bool {
			a, b := g.Todos[i].Due, g.Todos[j].Due
			if a.IsZero() || b.IsZero() {
				return !a.IsZero()
			}
			return a.Before(b)
		})
		some = append(some, g)
	}
	return some
}
