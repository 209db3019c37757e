package desk

import (
	"context"
	"fmt"

	"gongkai/kernel/account"
	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/id"
	"gongkai/kernel/jobs"
	"gongkai/kernel/notify"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/store"
	"gongkai/web"
)

// Rooms are the kernel rooms whose screens stand on the desk.
type Rooms struct {
	DB       *store.DB
	Accounts *account.Service
	OIDC     *account.OIDC // nil without a provider
	Org      *org.Service
	Cases    *process.Cases
	Jobs     *jobs.Jobs
	Notices  *notify.Service
	Calendar *calendar.Loader
	Days     func() *calendar.Calendar
	Refresh  func(context.Context) error // takes the calendar just confirmed
	Trust    []audit.Public              // whose audit checkpoints are believed
	Actions  map[string]string           // what audit entries are called in Chinese
	Clock    clock.Clock
	Office   string // the office, named where people are told whom to ask
}

// Screens are the pages of the kernel rooms: signing in, one's account, units,
// people, accounts, audit, jobs, calendar and the state of the system.
type Screens struct{ Rooms }

// NewScreens returns the pages.
func NewScreens(r Rooms) *Screens { return &Screens{r} }

// Menu are the doors of the kernel rooms, behind those of the areas.
func Menu() []web.Menu {
	return []web.Menu{
		{Title: "我的待办", Href: "/desk", Mark: "待", Roles: org.Staff, Order: 1},
		{Title: "单位", Href: "/desk/units", Mark: "单", Roles: org.Staff, Order: 910},
		{Title: "人员", Href: "/desk/people", Mark: "人", Roles: org.SystemAdmin, Order: 920},
		{Title: "账号", Href: "/desk/accounts", Mark: "账", Roles: org.SecurityAdmin, Order: 930},
		{Title: "审计", Href: "/desk/audit", Mark: "审", Roles: org.AuditAdmin, Order: 940},
		{Title: "工作日历", Href: "/desk/calendar", Mark: "历", Roles: org.Staff, Order: 950},
		{Title: "系统", Href: "/desk/system", Mark: "系", Roles: org.SystemAdmin, Order: 960},
	}
}

// Actions names what these pages, and the rooms that have no list of their own,
// write into the audit record.
func Actions() map[string]string {
	return map[string]string{
		"calendar.load": "录入节假日安排", "calendar.confirm": "核对启用节假日安排", "calendar.discard": "撤下节假日安排", "calendar.local": "录入地方放假",
		"audit.export": "导出审计记录", "audit.verify": "核验审计链", "jobs.retry": "重试后台任务", "jobs.cancel": "取消后台任务",
		"keys.rotate": "轮换密钥",
	}
}

// Routes are all pages with who may ask for them.
func (s *Screens) Routes() []web.Route {
	var out []web.Route
	for _, room := range [][]web.Route{
		s.signRoutes(), s.accountRoutes(), s.unitRoutes(), s.groupRoutes(), s.peopleRoutes(), s.securityRoutes(),
		s.auditRoutes(), s.jobRoutes(), s.calendarRoutes(), s.noticeRoutes(), s.robotRoutes(),
		{web.GET("/desk/system", org.SystemAdmin, s.system)},
	} {
		out = append(out, room...)
	}
	return out
}

func (s *Screens) today() calendar.Date { return calendar.Of(s.Clock.Now()) }

// note writes into the audit record what a page does itself.
func note(ctx context.Context, tx *store.Tx, r *web.Request, action, kind, subject, reason string) error {
	return audit.Write(ctx, tx, audit.Entry{Actor: r.Who.Person, Name: r.Who.Name, Unit: r.Who.Unit, Action: action,
		Kind: kind, Subject: subject, Reason: reason, From: r.Address().String()})
}

// meta is where a request comes from.
func meta(r *web.Request) account.Meta {
	return account.Meta{Address: r.Address().String(), Agent: r.UserAgent()}
}

// units are all units of today, as choices of a field.
func (s *Screens) units(ctx context.Context, first string) ([]web.Option, error) {
	dir, err := s.Org.Directory(ctx)
	if err != nil {
		return nil, err
	}
	var out []web.Option
	if first != "" {
		out = append(out, web.Option{Text: first})
	}
	for _, u := range dir.Units() {
		out = append(out, web.Option{Value: string(u.ID), Text: u.NameOn(s.today())})
	}
	return out, nil
}

// unitName is the name of a unit of any day, "" for none.
func (s *Screens) unitName(ctx context.Context, key id.ID) (string, error) {
	if key == "" {
		return "", nil
	}
	dir, err := s.Org.Directory(ctx)
	if err != nil {
		return "", err
	}
	return dir.NameOf(key), nil
}

// systemTabs leads between the pages of the system administrator.
func (s *Screens) systemTabs(now string) []web.Tab {
	return []web.Tab{
		{Title: "运行状态", Href: "/desk/system", Now: now == "system"},
		{Title: "后台任务", Href: "/desk/system/jobs", Now: now == "jobs"},
		{Title: "投递失败", Href: "/desk/system/deliveries", Now: now == "deliveries"},
		{Title: "群机器人", Href: "/desk/system/robots", Now: now == "robots"},
	}
}

// systemPage is how the house does.
type systemPage struct {
	Tabs  []web.Tab
	Pairs []web.Pair
	Wrong string
}

func (s *Screens) system(r *web.Request) (web.Reply, error) {
	state := s.DB.State()
	counts, err := s.Jobs.Counts(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	p := systemPage{Tabs: s.systemTabs("system")}
	kind := "SQLite（一台机器）"
	if s.DB.Postgres() {
		kind = "PostgreSQL"
	}
	health := "正常"
	if state.Problem != nil {
		health = "异常"
		p.Wrong = state.Problem.Text
	}
	p.Pairs = []web.Pair{{Name: "数据库", Value: kind}, {Name: "写入", Value: health}}
	if state.ClockBehind > 0 {
		p.Pairs = append(p.Pairs, web.Pair{Name: "机器时钟", Value: fmt.Sprintf("落后于最近一次写入 %s，请校时", state.ClockBehind.Round(1e9))})
	} else {
		p.Pairs = append(p.Pairs, web.Pair{Name: "机器时钟", Value: "正常"})
	}
	for _, one := range []jobs.State{jobs.Failed, jobs.Again, jobs.Waiting} {
		p.Pairs = append(p.Pairs, web.Pair{Name: "后台任务" + one.Title(), Value: fmt.Sprintf("%d 项", counts[one]), Href: "/desk/system/jobs?state=" + string(one)})
	}
	for _, problem := range s.Days().Check(s.today()) {
		if problem.ID == "CAL-09" || !problem.Warn {
			p.Pairs = append(p.Pairs, web.Pair{Name: "工作日历", Value: problem.Text, Href: "/desk/calendar"})
		}
	}
	return web.View("desk/system", p), nil
}
