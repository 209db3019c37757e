package plan

import (
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/web"
)

// viewRoutes are the pages for people who look more than they write.
func (s *Service) viewRoutes() []web.Route {
	return []web.Route{
		web.GET("/desk/plans", org.Staff, s.plansPage),
		web.GET("/desk/plans/{id}", org.Staff, s.matrixPage),
		web.GET("/desk/plans/{id}/matrix.xlsx", org.Staff, s.matrixXlsx),
		web.GET("/desk/plans/{id}/list", org.Staff, s.listPage),
		web.GET("/desk/plans/{id}/list.xlsx", org.Staff, s.listXlsx),
		web.POST("/desk/plans/{id}/urge", org.Lead|org.Coordinator, s.postUrgeMany),
		web.GET("/desk/plans/{id}/units", org.Staff, s.unitsPage),
		web.GET("/desk/plans/{id}/units.xlsx", org.Staff, s.unitsXlsx),
		web.GET("/desk/plans/{id}/units/{unit}", org.Staff, s.unitPage),
		web.GET("/desk/plans/{id}/leads", org.Staff, s.leadsPage),
		web.GET("/desk/plans/{id}/leads.xlsx", org.Staff, s.leadsXlsx),
		web.GET("/desk/plans/{id}/calendar", org.Staff, s.calendarPage),
		web.GET("/desk/plans/{id}/calendar.xlsx", org.Staff, s.calendarXlsx),
		web.GET("/desk/plans/{id}/weekly", org.Staff, s.weeklyPage),
		web.GET("/desk/plans/{id}/weekly.xlsx", org.Staff, s.weeklyXlsx),
		web.GET("/desk/plans/{id}/plan.docx", org.Staff, s.planDocx),
		web.GET("/desk/plans/{id}/plan.xlsx", org.Staff, s.planXlsx),
		web.GET("/desk/duties", org.Staff, s.dutiesPage),
		web.GET("/desk/duties.xlsx", org.Staff, s.dutiesXlsx),
		web.GET("/plans", org.Public, s.publicPlans),
		web.GET("/plans/{year}", org.Public, s.publicPlan),
		web.GET("/plans/{year}/measures/{id}", org.Public, s.publicMeasure),
		web.GET("/plans/evidence/{id}", org.Public, s.publicEvidence),
		web.GET("/plans/files/{id}", org.Public, s.publicFile),
	}
}

// menu are the ledger's doors.
func (s *Service) menu() []web.Menu {
	return []web.Menu{
		{Title: "我的任务", Href: "/desk/duties", Mark: "责", Roles: org.Disclosure | org.Lead, Order: 10, Under: []string{"/desk/evidence"}},
		{Title: "任务台账", Href: "/desk/plans", Mark: "账", Roles: org.Staff, Order: 20, Under: []string{"/desk/measures", "/desk/drafts", "/desk/rechecks"}},
		{Title: "年度任务", Href: "/plans", Roles: org.Public, Order: 20},
	}
}

// home are the ledger's sections of the first pages.
func (s *Service) home() []web.Home {
	return []web.Home{
		{Title: "本年度任务分工", View: "plan/card", Roles: org.Staff, Order: 10, Load: s.deskCard},
		{Title: "年度政务公开工作任务", View: "plan/public-card", Roles: org.Public, Order: 20, Load: s.publicCard},
	}
}

// yearHead is what stands above every page of a plan.
type yearHead struct {
	Plan  Plan
	Tabs  []web.Tab
	Excel string // the same table as a sheet
	At    string // the time of the data
}

func (s *Service) head(r *web.Request, p Plan, now string) yearHead {
	base := "/desk/plans/" + string(p.ID)
	h := yearHead{Plan: p, At: r.Now.In(calendar.Zone).Format("2006年1月2日 15:04")}
	for _, t := range []struct{ path, title string }{
		{"", "一览"}, {"/list", "清单"}, {"/units", "按单位"}, {"/leads", "按牵头单位"}, {"/calendar", "日历"}, {"/weekly", "打表"}, {"/lookback", "回头看"},
	} {
		h.Tabs = append(h.Tabs, web.Tab{Title: t.title, Href: base + t.path, Now: t.path == now})
	}
	return h
}

// openPlan brings the plan of an address from memory.
func (s *Service) openPlan(r *web.Request) (*book, error) {
	key, err := r.Key("id")
	if err != nil {
		return nil, err
	}
	return s.book(r.Context(), key)
}

// xlsx answers with a sheet that says what it was drawn from and when.
func (s *Service) xlsx(r *web.Request, name string, sheets ...document.Sheet) web.Reply {
	for i := range sheets {
		sheets[i].Notes = append(sheets[i].Notes, "数据时间："+r.Now.In(calendar.Zone).Format("2006年1月2日 15:04"))
	}
	return web.Xlsx(name+".xlsx", func(w io.Writer) error { return document.WriteXLSX(w, sheets...) })
}

// rowsOf turns a list into the rows of a sheet.
func rowsOf[T any](list []T, cells func(T) []any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, one := range list {
			if !yield(cells(one), nil) {
				return
			}
		}
	}
}

// filter reads the filters of a list from the address. An item is named by its
// place, so that people can read and pass on the address.
func (b *book) filter(r *web.Request) (Filter, error) {
	f := Filter{Plan: b.plan.ID, Words: r.Query("q")}
	if n, err := strconv.Atoi(r.Query("item")); err == nil && n >= 1 && n <= len(b.items) {
		f.Item = b.items[n-1].ID
	}
	for name, key := range map[string]*id.ID{"unit": &f.Unit, "lead": &f.Lead, "measure": &f.Measure} {
		if k, ok := id.Parse(r.Query(name)); ok {
			*key = k
		}
	}
	if code := r.Query("standing"); StandingOf(code).Code != "" {
		f.Standing = code
	}
	switch role := DutyRole(r.Query("role")); role {
	case Leading, Responsible:
		f.Role = role
	}
	for name, day := range map[string]*calendar.Date{"from": &f.DueFrom, "until": &f.DueUntil} {
		text := r.Query(name)
		if text == "" {
			continue
		}
		d, err := calendar.Parse(text)
		if err != nil {
			return f, fault.Newf(fault.Invalid, "时限“%s”看不懂，请写成 2022-06-17 这样的日期", cut(text, 20))
		}
		*day = d
	}
	f.Sort, f.Down = r.Sort()
	return f, nil
}

// filters are the filters of a list as its bar shows them.
func (b *book) filters(r *web.Request, without ...string) []web.Filter {
	var items, units, leads, states []web.Option
	for i, it := range b.items {
		items = append(items, web.Option{Value: strconv.Itoa(i + 1), Text: it.Number + cut(it.Title, 30)})
	}
	led := map[id.ID]bool{}
	for _, list := range b.leads {
		for _, key := range list {
			led[key] = true
		}
	}
	for _, u := range b.units {
		o := web.Option{Value: string(u.ID), Text: u.Name}
		units = append(units, o)
		if led[u.ID] {
			leads = append(leads, o)
		}
	}
	for _, st := range standings {
		states = append(states, web.Option{Value: st.Code, Text: st.Title})
	}
	all := []web.Filter{
		{Name: "item", Title: "任务", Options: items},
		{Name: "unit", Title: "单位", Options: units},
		{Name: "lead", Title: "牵头单位", Options: leads},
		{Name: "standing", Title: "状态", Options: states},
		{Name: "role", Title: "身份", Options: []web.Option{{Value: string(Leading), Text: "牵头"}, {Value: string(Responsible), Text: "责任"}}},
		{Name: "q", Title: "举措含有"},
		{Name: "from", Title: "时限不早于"},
		{Name: "until", Title: "时限不晚于"},
	}
	var out []web.Filter
	for _, f := range all {
		if !strings.Contains(" "+strings.Join(without, " ")+" ", " "+f.Name+" ") {
			f.Value = r.Query(f.Name)
			out = append(out, f)
		}
	}
	return out
}

// said is a filter as a sentence, for the head of a sheet.
func said(filters []web.Filter) string {
	var parts []string
	for _, f := range filters {
		if f.Value != "" {
			parts = append(parts, fmt.Sprintf("%s是%s", f.Title, f.Text()))
		}
	}
	if parts == nil {
		return "条件：全部"
	}
	return "条件：" + strings.Join(parts, "，")
}

// title names the part of a unit for people.
func (r DutyRole) Title() string {
	if r == Leading {
		return "牵头"
	}
	return "责任"
}

// withQuery is an address with the filters of the present one, without its page.
func withQuery(r *web.Request, path string) string {
	q := r.URL.Query()
	q.Del("page")
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
