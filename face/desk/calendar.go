package desk

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/store"
	"gongkai/web"
)

// calendarKeepers may load an arrangement and confirm what another loaded.
const calendarKeepers = org.SystemAdmin | org.Coordinator

func (s *Screens) calendarRoutes() []web.Route {
	return []web.Route{
		web.GET("/desk/calendar", org.Staff, s.calendar),
		web.GET("/desk/calendar/new", org.SystemAdmin, s.newYear),
		web.POST("/desk/calendar/new", org.SystemAdmin, s.loadYear),
		web.GET("/desk/calendar/{year}/local", org.SystemAdmin, s.local),
		web.POST("/desk/calendar/{year}/local", org.SystemAdmin, s.loadLocal),
		web.GET("/desk/calendar/{year}/confirm", calendarKeepers, s.lookAtYear),
		web.POST("/desk/calendar/{year}/confirm", calendarKeepers, s.confirmYear).Within(5 * time.Minute),
		web.POST("/desk/calendar/{year}/discard", org.SystemAdmin, s.discardYear),
	}
}

// calendarPage is a year as a calendar.
type calendarPage struct {
	Year     int
	State    string
	Source   string
	Total    int
	Notice   []string // the arrangement in the words of the notice
	Local    []calendar.Break
	Months   []month
	Waiting  []calendar.Year
	Problems []calendar.Problem
	Versions []calendar.Year
	Keeper   bool
}

type month struct {
	Title   string
	Working int
	Weeks   [][]dayCell
}

// dayCell is one day; the zero one is the empty place before the first.
type dayCell struct {
	Number int
	Rest   bool
	MakeUp bool
	Today  bool
	Note   string
}

func (s *Screens) calendar(r *web.Request) (web.Reply, error) {
	c, today := s.Days(), s.today()
	year, err := strconv.Atoi(r.Query("year"))
	if err != nil {
		year = today.Year()
	}
	if year < 2000 || year > 2100 {
		return web.Reply{}, fault.New(fault.NotFound, "没有这一年的日历，年份请在 2000 至 2100 之间")
	}
	y := c.Year(year)
	p := calendarPage{Year: year, State: "已公布", Source: y.Source(), Total: c.WorkingDaysOf(year), Local: y.Local,
		Notice: strings.Split(strings.TrimSpace(y.Notice()), "\n"), Keeper: r.Who.May(calendarKeepers)}
	if y.Unsettled() {
		p.State = "暂定，国务院办公厅通知录入后更新"
	}
	for m := time.January; m <= time.December; m++ {
		p.Months = append(p.Months, monthOf(c, year, m, today))
	}
	if p.Waiting, err = s.Calendar.Waiting(r.Context()); err != nil {
		return web.Reply{}, err
	}
	if p.Versions, err = s.Calendar.History(r.Context(), year); err != nil {
		return web.Reply{}, err
	}
	for _, problem := range append(y.Check(), c.CheckNextYear(today)...) {
		if problem.ID != "CAL-06" {
			p.Problems = append(p.Problems, problem)
		}
	}
	return web.View("desk/calendar", p), nil
}

// monthOf lays a month out in weeks from Monday.
func monthOf(c *calendar.Calendar, year int, m time.Month, today calendar.Date) month {
	out := month{Title: fmt.Sprintf("%d月", int(m)), Working: c.WorkingDaysIn(year, m)}
	first := calendar.Day(year, m, 1)
	week := make([]dayCell, (int(first.Weekday())+6)%7, 7)
	for d := first; d.Before(calendar.Day(year, m+1, 1)); d = d.Add(1) {
		_, _, number := d.Civil()
		cell := dayCell{Number: number, Rest: !c.Working(d), Today: d == today}
		if name := c.MakeUp(d); name != "" {
			cell.MakeUp, cell.Note = true, "调休上班"
		} else if cell.Rest && c.Rest(d) != "" && !strings.Contains(c.Rest(d), "周") {
			cell.Note = c.Rest(d)
		}
		if week = append(week, cell); len(week) == 7 {
			out.Weeks, week = append(out.Weeks, week), nil
		}
	}
	if len(week) > 0 {
		out.Weeks = append(out.Weeks, append(week, make([]dayCell, 7-len(week))...))
	}
	return out
}

// yearForm takes the text of a notice; what was understood of it is shown before
// anything is saved.
type yearForm struct {
	*web.Form
	Read     *calendar.Year
	Notice   []string
	Problems []calendar.Problem
	Differs  []string // days that are worked in one arrangement and free in the other
}

func (s *Screens) newYear(*web.Request) (web.Reply, error) {
	return web.View("desk/calendar-new", yearForm{Form: web.Fill()}), nil
}

func (s *Screens) loadYear(r *web.Request) (web.Reply, error) {
	p := yearForm{Form: r.Form()}
	y, err := calendar.ParseNotice(p.Text("text"))
	if err != nil {
		return p.Refused(fault.Fields{"text": fault.Text(err)}.Err(), "desk/calendar-new", p)
	}
	p.Read, p.Notice = &y, strings.Split(strings.TrimSpace(y.Notice()), "\n")
	for _, problem := range y.Check() {
		if problem.ID != "CAL-06" {
			p.Problems = append(p.Problems, problem)
		}
	}
	next, err := s.with(y)
	if err != nil {
		return p.Refused(err, "desk/calendar-new", p)
	}
	p.Differs = differs(s.Days(), next, y.Year)
	if p.Text("do") != "load" {
		return web.View("desk/calendar-new", p), nil
	}
	err = s.DB.Do(r.Context(), func(ctx context.Context, tx *store.Tx) error {
		saved, _, err := s.Calendar.Load(ctx, tx, r.Who.Person, y)
		if err != nil {
			return err
		}
		return note(ctx, tx, r, "calendar.load", "calendar", saved.Tag(), saved.Number)
	})
	if err != nil {
		return p.Refused(err, "desk/calendar-new", p)
	}
	return web.Redirect("/desk/calendar?year=" + strconv.Itoa(y.Year)).Flash("已录入，等待另一人核对后启用"), nil
}

// with is the calendar in force with another arrangement of one year.
func (s *Screens) with(y calendar.Year) (*calendar.Calendar, error) {
	years := s.Days().Years()
	years = slices.DeleteFunc(years, func(o calendar.Year) bool { return o.Year == y.Year })
	return calendar.New(append(years, y)...)
}

// differs tells the days of a year that two calendars see otherwise.
func differs(before, after *calendar.Calendar, year int) []string {
	var out []string
	for d := calendar.Day(year, time.January, 1); d.Year() == year; d = d.Add(1) {
		if before.Working(d) != after.Working(d) {
			now := "改为放假"
			if after.Working(d) {
				now = "改为上班"
			}
			out = append(out, d.Chinese()+"（"+d.WeekdayChinese()+"）"+now)
		}
	}
	return out
}

// localForm takes the days off of the district, one break a line.
type localForm struct {
	*web.Form
	Year int
}

// localBreak is a line of the form: one day or two, then the name.
var localBreak = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})(?:\s*(?:至|到|~)\s*(\d{4}-\d{2}-\d{2}))?\s+(\S.*)$`)

func (s *Screens) local(r *web.Request) (web.Reply, error) {
	year, err := yearOf(r)
	if err != nil {
		return web.Reply{}, err
	}
	text := ""
	for _, b := range s.Days().Year(year).Local {
		text += b.From.String()
		if b.To != b.From {
			text += " 至 " + b.To.String()
		}
		text += " " + b.Name + "\n"
	}
	return web.View("desk/calendar-local", localForm{web.Fill("local", text), year}), nil
}

func (s *Screens) loadLocal(r *web.Request) (web.Reply, error) {
	year, err := yearOf(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	list, err := localBreaks(f.Lines("local"), year)
	if err == nil {
		err = s.DB.Do(r.Context(), func(ctx context.Context, tx *store.Tx) error {
			saved, _, err := s.Calendar.LoadLocal(ctx, tx, r.Who.Person, year, list)
			if err != nil {
				return err
			}
			return note(ctx, tx, r, "calendar.local", "calendar", saved.Tag(), fmt.Sprintf("地方放假%d处", len(list)))
		})
	}
	if err != nil {
		return f.Refused(err, "desk/calendar-local", localForm{f, year})
	}
	return web.Redirect("/desk/calendar?year=" + strconv.Itoa(year)).Flash("已录入，等待另一人核对后启用"), nil
}

// localBreaks reads the lines; what is wrong stands at the field.
func localBreaks(lines []string, year int) ([]calendar.Break, error) {
	out := []calendar.Break{}
	for _, line := range lines {
		m := localBreak.FindStringSubmatch(line)
		if m == nil {
			return nil, fault.Fields{"local": "“" + line + "”写法不对，请写成“2022-11-18 建区纪念日”或“2022-11-18 至 2022-11-19 建区纪念日”"}.Err()
		}
		if m[2] == "" {
			m[2] = m[1]
		}
		from, err1 := calendar.Parse(m[1])
		to, err2 := calendar.Parse(m[2])
		if err1 != nil || err2 != nil || to.Before(from) || from.Year() != year || to.Year() != year {
			return nil, fault.Fields{"local": fmt.Sprintf("“%s”的日期不对：须是%d年的日期，且结束不早于开始", line, year)}.Err()
		}
		out = append(out, calendar.Break{Name: m[3], From: from, To: to})
	}
	return out, nil
}

// yearOf is the year in the address of a page.
func yearOf(r *web.Request) (int, error) {
	year, err := strconv.Atoi(r.PathValue("year"))
	if err != nil || year < 2000 || year > 2100 {
		return 0, fault.New(fault.NotFound, "没有找到这一年的安排，请检查网址")
	}
	return year, nil
}

// confirmPage shows the second person what was loaded and which deadlines move.
type confirmPage struct {
	*web.Form
	Year    calendar.Year
	Notice  []string
	Loader  string
	Own     bool // the visitor loaded it and cannot confirm it
	Differs []string
	Moved   []process.Moved
}

func (s *Screens) confirmPage(r *web.Request, f *web.Form) (confirmPage, error) {
	ctx := r.Context()
	p := confirmPage{Form: f}
	year, err := yearOf(r)
	if err != nil {
		return p, err
	}
	if p.Year, _, err = s.Calendar.Preview(ctx, year, nil); err != nil {
		return p, err
	}
	loader, err := s.Org.Person(ctx, p.Year.LoadedBy)
	if err != nil {
		return p, err
	}
	p.Loader, p.Own = loader.Name, loader.ID == r.Who.Person
	p.Notice = strings.Split(strings.TrimSpace(p.Year.Notice()), "\n")
	next, err := s.with(p.Year)
	if err != nil {
		return p, err
	}
	p.Differs = differs(s.Days(), next, year)
	p.Moved, err = s.Cases.Affected(ctx, next)
	return p, err
}

func (s *Screens) lookAtYear(r *web.Request) (web.Reply, error) {
	p, err := s.confirmPage(r, web.Fill())
	return web.View("desk/calendar-confirm", p), err
}

// confirmYear puts the arrangement in force and moves the deadlines with it. When
// their number is no longer the one that was shown, the person looks again (CAL-08).
func (s *Screens) confirmYear(r *web.Request) (web.Reply, error) {
	f := r.Form()
	p, err := s.confirmPage(r, f)
	if err != nil {
		return web.Reply{}, err
	}
	version, seen := f.Int("version"), f.Int("seen")
	if err = f.Err(); err == nil {
		err = s.DB.Do(r.Context(), func(ctx context.Context, tx *store.Tx) error {
			if _, err := s.Calendar.Confirm(ctx, tx, r.Who.Person, p.Year.Year, version, nil, 0); err != nil {
				return err
			}
			next, err := s.Calendar.Within(ctx, tx)
			if err != nil {
				return err
			}
			moved, err := s.Cases.Recompute(ctx, tx, next)
			if err != nil {
				return err
			}
			if len(moved) != seen {
				return fault.Newf(fault.Conflict, "本次调整影响%d个未完结期限，与所示%d个不同，请重新确认。", len(moved), seen)
			}
			return note(ctx, tx, r, "calendar.confirm", "calendar", p.Year.Tag(), fmt.Sprintf("影响%d个未完结期限", len(moved)))
		})
	}
	if err != nil {
		return f.Refused(err, "desk/calendar-confirm", p)
	}
	return web.Redirect("/desk/calendar?year=" + strconv.Itoa(p.Year.Year)).Flash("节假日安排已启用"), s.Refresh(r.Context())
}

func (s *Screens) discardYear(r *web.Request) (web.Reply, error) {
	year, err := yearOf(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Do(r.Context(), func(ctx context.Context, tx *store.Tx) error {
		if err := s.Calendar.Discard(ctx, tx, year); err != nil {
			return err
		}
		return note(ctx, tx, r, "calendar.discard", "calendar", strconv.Itoa(year), "")
	})
	return web.Redirect("/desk/calendar").Flash("已撤下，现行安排不变"), err
}
