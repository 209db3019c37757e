package plan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
	"gongkai/kernel/id"
	"gongkai/web"
)

// Weekly is the weekly sheet (打表): what moved in the last days, what is late,
// and who is silent.
type Weekly struct {
	Days        int
	From, Until calendar.Date
	Moved       []Line   // the latest first
	Late        []Line   // the latest after its day first
	Silent      []Silent // units with open terms and no sign of work on any of them
	All         Figures

	Movements, Lates int // how many there are, also those left out
}

// Silent is a unit of which nothing was heard.
type Silent struct {
	Unit          id.ID
	Name          string
	Open, Overdue int
	Last          time.Time // its last step, zero for none
}

// cycles are the lengths of the weekly sheet that are offered.
var cycles = []int{7, 14, 30}

// Weekly makes the sheet of the last days, today among them, with at most that
// many lines of what moved and of what is late; 0 is all.
func (s *Service) Weekly(ctx context.Context, plan id.ID, days, most int) (Weekly, error) {
	b, err := s.book(ctx, plan)
	if err != nil {
		return Weekly{}, err
	}
	today := b.moment.today
	w := Weekly{Days: days, From: today.Add(1 - days), Until: today, All: b.figures()}
	since := w.From.Start()
	heard, err := heardOf(ctx, s.k.DB.Read, plan, since)
	if err != nil {
		return w, fmt.Errorf("read signs of work: %w", err)
	}
	var moved, late []int
	silent, open, active := make([]Silent, len(b.units)), make([]bool, len(b.units)), make([]bool, len(b.units))
	for i := range b.entries {
		e := &b.entries[i]
		acted := !e.Moved.Before(since) && e.State != "issued"
		if acted {
			moved = append(moved, i)
		}
		if e.Rank == rankOverdue {
			late = append(late, i)
		}
		if acted || heard[e.Term] {
			active[e.Column] = true
		}
		switch e.State {
		case "issued", "accepted", "returned", "reopened":
		default:
			continue
		}
		u := &silent[e.Column]
		open[e.Column] = true
		u.Open++
		if e.Rank == rankOverdue {
			u.Overdue++
		}
		if e.State != "issued" && e.Moved.After(u.Last) {
			u.Last = e.Moved
		}
	}
	slices.SortFunc(moved, func(i, j int) int { return cmp.Or(b.entries[j].Moved.Compare(b.entries[i].Moved), i-j) })
	slices.SortFunc(late, func(i, j int) int { return cmp.Or(b.entries[i].Due.Compare(b.entries[j].Due), i-j) })
	for i, u := range b.units {
		if open[i] && !active[i] {
			silent[i].Unit, silent[i].Name = u.ID, u.Name
			w.Silent = append(w.Silent, silent[i])
		}
	}
	w.Movements, w.Lates = len(moved), len(late)
	if most > 0 {
		moved, late = moved[:min(most, len(moved))], late[:min(most, len(late))]
	}
	if w.Moved, err = s.fill(ctx, b, moved); err != nil {
		return w, err
	}
	w.Late, err = s.fill(ctx, b, late)
	return w, err
}

// cycle reads ?days=, 7 unless it says otherwise.
func cycle(r *web.Request) int {
	if n, err := strconv.Atoi(r.Query("days")); err == nil && n >= 1 && n <= 366 {
		return n
	}
	return cycles[0]
}

// weeklyShown is how many lines of a part the page shows, so that it prints on
// one or two sheets; the Excel file holds all.
const weeklyShown = 15

func (s *Service) weeklyPage(r *web.Request) (web.Reply, error) {
	b, err := s.openPlan(r)
	if err != nil {
		return web.Reply{}, err
	}
	w, err := s.Weekly(r.Context(), b.plan.ID, cycle(r), weeklyShown)
	if err != nil {
		return web.Reply{}, err
	}
	p := struct {
		yearHead
		Weekly
		Silents int
		Cycles  []web.Tab
	}{yearHead: s.head(r, b.plan, "/weekly"), Weekly: w, Silents: len(w.Silent)}
	p.Excel = withQuery(r, "/desk/plans/"+string(b.plan.ID)+"/weekly.xlsx")
	for _, n := range cycles {
		p.Cycles = append(p.Cycles, web.Tab{Title: fmt.Sprintf("近%d天", n), Href: r.Changed("days", strconv.Itoa(n)), Now: n == w.Days})
	}
	return web.View("plan/weekly", p), nil
}

func (s *Service) weeklyXlsx(r *web.Request) (web.Reply, error) {
	b, err := s.openPlan(r)
	if err != nil {
		return web.Reply{}, err
	}
	w, err := s.Weekly(r.Context(), b.plan.ID, cycle(r), 0)
	if err != nil {
		return web.Reply{}, err
	}
	note := fmt.Sprintf("期间：%s至%s", w.From.Chinese(), w.Until.Chinese())
	moved, late := lineSheet(b.plan.Title+"进展", note, w.Moved), lineSheet(b.plan.Title+"逾期", note, w.Late)
	moved.Name, late.Name = "有进展", "逾期"
	return s.xlsx(r, fmt.Sprintf("%d年打表推进", b.plan.Year), moved, late, document.Sheet{Name: "无动静单位", Title: b.plan.Title + "无动静单位", Notes: []string{note},
		Head: []string{"单位", "未办结", "其中逾期", "最近办理"}, Rows: rowsOf(w.Silent, func(u Silent) []any {
			last := ""
			if !u.Last.IsZero() {
				last = calendar.Of(u.Last).String()
			}
			return []any{u.Name, u.Open, u.Overdue, last}
		})}), nil
}
