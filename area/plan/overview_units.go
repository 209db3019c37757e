package plan

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/org"
	"gongkai/web"
)

// unitsView is the figures of all units, or of all leading units.
type unitsView struct {
	yearHead
	Rows []UnitFigures
	All  Figures
	By   string // unit or lead: what the list is narrowed by when a name is clicked
}

// Body draws the rows of the table. It has hundreds of them on a page, which a
// template would take five times as long to draw.
func (v unitsView) Body() template.HTML {
	var b strings.Builder
	b.Grow(len(v.Rows) * 1000)
	base := template.HTMLEscapeString("/desk/plans/" + string(v.Plan.ID))
	cell := func(head, text string) {
		b.WriteString(`<td data-head="` + head + `" class="num">` + text + "</td>")
	}
	for i := range v.Rows {
		f := &v.Rows[i]
		key := template.HTMLEscapeString(string(f.Unit))
		page := base + "/units/" + key
		if v.By == "lead" {
			page = base + "/list?lead=" + key
		}
		b.WriteString(`<tr><th scope="row"><a href="` + page + `">` + template.HTMLEscapeString(f.Name) + "</a></th>")
		cell("任务", web.Number(f.Duties))
		cell("到期应完成", web.Number(f.Figures.Due))
		cell("已办结", web.Number(f.Figures.Closed))
		cell("完成率", web.Percent(f.Met, f.Figures.Due))
		cell("按时完成率", web.Percent(f.InTime, f.Figures.Due))
		late := "0"
		if f.Overdue > 0 {
			late = `<a class="late" href="` + base + "/list?" + v.By + "=" + key + `&amp;standing=overdue">` + web.Number(f.Overdue) + "</a>"
		}
		cell("逾期", late)
		cell("逾期工作日合计", web.Number(f.LateDays))
		cell("最长", web.Number(f.LateMost))
		b.WriteString("</tr>\n")
	}
	return template.HTML(b.String()) // names and keys are escaped above, all else is ours
}

// sortFigures puts units in the order of a clicked head.
func sortFigures(rows []UnitFigures, name string, down bool) {
	value := map[string]func(f UnitFigures) float64{
		"duties": func(f UnitFigures) float64 { return float64(f.Duties) },
		"due":    func(f UnitFigures) float64 { return float64(f.Figures.Due) },
		"closed": func(f UnitFigures) float64 { return float64(f.Figures.Closed) },
		"rate":   func(f UnitFigures) float64 { return share(f.Met, f.Figures.Due) },
		"intime": func(f UnitFigures) float64 { return share(f.InTime, f.Figures.Due) },
		"late":   func(f UnitFigures) float64 { return float64(f.Overdue) },
		"days":   func(f UnitFigures) float64 { return float64(f.LateDays) },
		"most":   func(f UnitFigures) float64 { return float64(f.LateMost) },
	}[name]
	if value == nil {
		return
	}
	slices.SortStableFunc(rows, func(x, y UnitFigures) int {
		c := cmp.Compare(value(x), value(y))
		if down {
			return -c
		}
		return c
	})
}

// share is a rate for sorting; what has no rate comes first.
func share(part, whole int) float64 {
	if whole == 0 {
		return -1
	}
	return float64(part) / float64(whole)
}

func (s *Service) units(r *web.Request, lead bool) (v unitsView, err error) {
	b, err := s.openPlan(r)
	if err != nil {
		return v, err
	}
	path := "/units"
	v.By = "unit"
	if lead {
		path, v.By = "/leads", "lead"
		v.Rows, err = s.ByLead(r.Context(), b.plan.ID)
	} else {
		v.Rows, err = s.ByUnit(r.Context(), b.plan.ID)
	}
	if err != nil {
		return v, err
	}
	v.yearHead = s.head(r, b.plan, path)
	v.Excel = withQuery(r, "/desk/plans/"+string(b.plan.ID)+path+".xlsx")
	v.All = b.figures()
	name, down := r.Sort()
	sortFigures(v.Rows, name, down)
	return v, nil
}

func (s *Service) unitsPage(r *web.Request) (web.Reply, error) {
	v, err := s.units(r, false)
	return web.View("plan/units", v), err
}

func (s *Service) leadsPage(r *web.Request) (web.Reply, error) {
	v, err := s.units(r, true)
	return web.View("plan/leads", v), err
}

func (s *Service) unitsXlsx(r *web.Request) (web.Reply, error) {
	v, err := s.units(r, false)
	return s.figuresXlsx(r, v, "责任单位"), err
}

func (s *Service) leadsXlsx(r *web.Request) (web.Reply, error) {
	v, err := s.units(r, true)
	return s.figuresXlsx(r, v, "牵头单位"), err
}

func (s *Service) figuresXlsx(r *web.Request, v unitsView, by string) web.Reply {
	return s.xlsx(r, fmt.Sprintf("%d年%s进展", v.Plan.Year, by), document.Sheet{Name: by, Title: v.Plan.Title + "进展（按" + by + "）",
		Notes: []string{"条件：全部", "完成率＝到期且已办结÷到期应完成；按时完成率＝到期、已办结且按时报送÷到期应完成；没有到期任务的不计"},
		Head:  []string{by, "任务", "到期应完成", "已办结", "到期已办结", "按时", "完成率", "按时完成率", "逾期", "逾期工作日合计", "最长逾期工作日"},
		Rows: rowsOf(v.Rows, func(f UnitFigures) []any {
			return []any{f.Name, f.Duties, f.Figures.Due, f.Figures.Closed, f.Met, f.InTime,
				web.Percent(f.Met, f.Figures.Due), web.Percent(f.InTime, f.Figures.Due), f.Overdue, f.LateDays, f.LateMost}
		})})
}

// unitPage is one unit in one plan: its figures and its terms.
func (s *Service) unitPage(r *web.Request) (web.Reply, error) {
	b, err := s.openPlan(r)
	if err != nil {
		return web.Reply{}, err
	}
	key, err := r.Key("unit")
	if err != nil {
		return web.Reply{}, err
	}
	u := b.unit(key)
	if u.ID == "" {
		return web.Reply{}, fault.New(fault.NotFound, "这个单位在这份任务分工中没有任务")
	}
	p := struct {
		listPage
		Unit      org.Unit
		All, Lead Figures
	}{Unit: u}
	for i := range b.entries {
		e := &b.entries[i]
		if e.Unit == key {
			p.All.add(e)
		}
		if slices.Contains(b.leads[e.Measure], key) {
			p.Lead.add(e)
		}
	}
	p.yearHead = s.head(r, b.plan, "/units")
	p.Filters = b.filters(r, "unit", "lead")
	if err := s.list(r, b, &p.listPage, key); err != nil {
		return web.Reply{}, err
	}
	q := r.URL.Query()
	q.Set("unit", string(key))
	q.Del("page")
	p.Excel = "/desk/plans/" + string(b.plan.ID) + "/list.xlsx?" + q.Encode()
	return web.View("plan/overview-unit", p), nil
}

// monthView is a month with what falls due on each day.
type monthView struct {
	yearHead
	Month, Before, After string // 2022-09
	Title                string
	Weeks                [][]monthDay
	Days                 []monthDay // with something due
	Total                int
}

type monthDay struct {
	Day          calendar.Date
	Number       int  // of the day in its month
	Out          bool // of another month
	Rest, Today  bool
	Why          string // 国庆节, 星期六
	Due, Overdue int
	Done         int
	Rows         []Line
	More         int // due there, not listed
}

// perDay is how many terms of one day the list under the calendar shows.
const perDay = 20

func (s *Service) calendarPage(r *web.Request) (web.Reply, error) {
	b, err := s.openPlan(r)
	if err != nil {
		return web.Reply{}, err
	}
	first, err := monthOf(r, b.plan)
	if err != nil {
		return web.Reply{}, err
	}
	today := r.Today()
	year, mon, _ := first.Civil()
	month := func(d calendar.Date) string { return d.String()[:7] }
	next := first.AddMonths(1)
	v := monthView{yearHead: s.head(r, b.plan, "/calendar"), Month: month(first), Before: month(first.AddMonths(-1)), After: month(next),
		Title: fmt.Sprintf("%d年%d月", year, mon)}
	v.Excel = withQuery(r, "/desk/plans/"+string(b.plan.ID)+"/calendar.xlsx")
	days := b.moment.days
	places := map[calendar.Date][]int{}
	for i, e := range b.entries {
		if !e.Due.Before(first) && e.Due.Before(next) && e.State != "cancelled" {
			places[e.Due] = append(places[e.Due], i)
			v.Total++
		}
	}
	day := first.Add(-(int(first.Weekday()) + 6) % 7)
	for day.Before(next) {
		var week []monthDay
		for range 7 {
			d := monthDay{Day: day, Out: day.Before(first) || !day.Before(next), Rest: !days.Working(day), Today: day == today}
			_, _, d.Number = day.Civil()
			if d.Rest {
				d.Why = days.Rest(day)
			}
			for _, at := range places[day] {
				d.Due++
				switch standings[b.entries[at].Rank-1].Code {
				case "overdue":
					d.Overdue++
				case "closed", "untriggered":
					d.Done++
				}
			}
			week = append(week, d)
			if d.Due > 0 && !d.Out {
				shown := places[day][:min(perDay, d.Due)]
				if d.Rows, err = s.fill(r.Context(), b, shown); err != nil {
					return web.Reply{}, err
				}
				d.More = d.Due - len(shown)
				v.Days = append(v.Days, d)
			}
			day = day.Add(1)
		}
		v.Weeks = append(v.Weeks, week)
	}
	return web.View("plan/calendar", v), nil
}

// monthOf is the first day of the month that a visitor asks for: that of today,
// or the last one of a plan of another year.
func monthOf(r *web.Request, p Plan) (calendar.Date, error) {
	if text := r.Query("month"); text != "" {
		first, err := calendar.Parse(text + "-01")
		if err != nil {
			return first, fault.New(fault.Invalid, "月份请写成 2022-06 这样")
		}
		return first, nil
	}
	today := r.Today()
	if year, mon, _ := today.Civil(); year == p.Year {
		return calendar.Day(year, mon, 1), nil
	}
	return calendar.Day(p.Year, 12, 1), nil
}

// calendarXlsx lists the terms that fall due in the month of the calendar.
func (s *Service) calendarXlsx(r *web.Request) (web.Reply, error) {
	b, err := s.openPlan(r)
	if err != nil {
		return web.Reply{}, err
	}
	first, err := monthOf(r, b.plan)
	if err != nil {
		return web.Reply{}, err
	}
	var places []int
	for _, at := range b.find(Filter{DueFrom: first, DueUntil: first.AddMonths(1).Add(-1), Sort: "due"}) {
		if b.entries[at].State != "cancelled" { // as on the page
			places = append(places, at)
		}
	}
	lines, err := s.fill(r.Context(), b, places)
	if err != nil {
		return web.Reply{}, err
	}
	year, mon, _ := first.Civil()
	title := fmt.Sprintf("%d年%d月到期任务", year, mon)
	return s.xlsx(r, title, lineSheet(title, "条件：完成时限在当月，已取消的除外", lines)), nil
}
