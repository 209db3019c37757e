package inspect

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"gongkai/area"
	"gongkai/area/inspect/crawl"
	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/jobs"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/store"
	"gongkai/web"
)

//go:embed migration template help.md
var files embed.FS

// Settings are what the house's configuration says of inspections.
type Settings struct {
	Dir   string       // where crawls are kept
	Crawl crawl.Config // Allow, Agent and whatever else is the same for every site
	// Control are addresses of other sites: two must answer for a failed opening
	// of a home page to count (WEB-16).
	Control []string
	Browser bool // read lists that fill themselves by script through Chromium, where it is installed
}

// Service is what can be done with websites under inspection.
type Service struct {
	k      *area.Kernel
	conf   Settings
	window window // in which pages are looked at for evidence
}

// New makes the service.
func New(k *area.Kernel, conf Settings) *Service { return &Service{k: k, conf: conf} }

// Who sees what: the office and those above it see every site; a unit sees what
// was handed to it and the columns it keeps.
const (
	watchers = org.Coordinator | org.Leader | org.Principal | org.Lead
	workers  = watchers | org.Disclosure | org.Editor | org.Reviewer | org.Proofreader | org.Secrecy | org.Operator
)

// Area declares all of it.
func (s *Service) Area() area.Area {
	return area.Area{
		Name: "inspect", Title: "网站检查", Files: files,
		Routes: []web.Route{
			web.GET("/desk/sites", workers, s.siteList),
			web.GET("/desk/sites/new", org.Coordinator, s.siteForm),
			web.POST("/desk/sites", org.Coordinator, s.saveSite),
			web.GET("/desk/sites/quarter", watchers, s.quarter),
			web.GET("/desk/sites/{id}", watchers, s.sitePage),
			web.GET("/desk/sites/{id}/edit", org.Coordinator, s.siteForm),
			web.POST("/desk/sites/{id}", org.Coordinator, s.saveSite),
			web.POST("/desk/sites/{id}/round", org.Coordinator, s.askRound),
			web.GET("/desk/rounds/{id}/{file}", watchers, s.roundFile),
			web.GET("/desk/findings", workers, s.findingList),
			web.POST("/desk/findings/hand", org.Coordinator, s.hand),
			web.GET("/desk/findings/import", org.Coordinator, s.importForm),
			web.POST("/desk/findings/import", org.Coordinator, s.importFile).Body(maxImport + 1<<20),
			web.GET("/desk/findings/{id}", workers, s.findingPage),
			web.GET("/desk/findings/{id}/proof", workers, s.findingProof),
			web.GET("/desk/findings/{id}/picture", workers, s.findingPicture),
			web.POST("/desk/findings/{id}", org.Coordinator|org.Secrecy, s.decide),
			web.GET("/desk/columns", workers, s.columnList),
			web.GET("/desk/columns/{id}", workers, s.columnForm),
			web.POST("/desk/columns/{id}", org.Coordinator, s.saveColumn),
			web.GET("/desk/orders/{id}", workers, s.orderPage),
			web.POST("/desk/orders/{id}/move", org.Coordinator|org.Disclosure, s.moveOrder),
		},
		Flows:  []process.Flow{s.flow()},
		Proofs: s.Proofs(),
		Jobs: []jobs.Work{
			jobs.On("检查网站", s.runRound).Within(6 * time.Hour).Tries(3),
			jobs.Every("inspect.due", "安排到期的网站检查", time.Hour, s.askDue),
			jobs.Every("inspect.visits", "定时打开网站首页", 5*time.Minute, s.visitDue).Within(4 * time.Minute),
		},
		Actions: map[string]string{"inspect.site": "登记检查网站", "inspect.round": "检查网站", "inspect.decide": "处理网站问题", "inspect.hand": "交办网站问题",
			"inspect.column": "维护栏目清单", "inspect.import": "导入网站问题"},
		Demo: s.demo,
		Menu: []web.Menu{{Title: "网站检查", Href: "/desk/sites", Mark: "网", Roles: workers, Order: 42, Under: []string{"/desk/findings", "/desk/columns", "/desk/orders"}}},
	}
}

// partyOffice is the unit that gives an order.
const partyOffice = "office"

// flow is an order to mend (整改单): the unit mends, the next inspection or the
// office looks again.
func (s *Service) flow() process.Flow {
	return process.Flow{
		Name: "siteorder", Title: "网站问题整改", Start: "handed",
		States: []process.State{
			{Name: "handed", Title: "待整改", Mark: "改"},
			{Name: "mended", Title: "待复查", Mark: "查"},
			{Name: "closed", Title: "已办结", Mark: "结", Final: true},
			{Name: "cancelled", Title: "已撤回", Mark: "撤", Final: true},
		},
		Moves: []process.Move{
			{Name: "mend", Title: "报送整改结果", From: "handed", To: "mended", By: org.Disclosure, NeedReason: true},
			{Name: "refuse", Title: "退回整改", From: "mended", To: "handed", By: org.Coordinator, In: partyOffice, NeedReason: true},
			{Name: "close", Title: "复查通过", From: "mended", To: "closed", By: org.Coordinator, In: partyOffice, NotBy: []string{"mend"}, NeedReason: true, Do: s.orderClosed},
			{Name: "cancel", Title: "撤回交办", From: "handed mended", To: "cancelled", By: org.Coordinator, In: partyOffice, NeedReason: true, Optional: true, Do: s.orderCancelled},
			// The next inspection saw none of it any more (NORM-35).
			{Name: "verify", Title: "检查已见整改", From: "handed mended", To: "closed", Auto: true},
		},
		Clocks: []process.Clock{
			{Name: clockMend, Title: "整改期限", Basis: "website-inspection.md 第9节（通报载明整改期限）", StartIn: "handed", StopIn: "mended closed cancelled", Remind: []int{1, 0},
				Escalate: []process.Escalation{
					{After: 1, Party: process.Own, Role: org.Disclosure, Title: "网站问题逾期未整改"},
					{After: 1, Party: partyOffice, Role: org.Coordinator, Title: "网站问题逾期未整改"},
					{After: 5, Party: partyOffice, Role: org.Leader, Title: "网站问题逾期5个工作日"},
				}},
		},
	}
}

const clockMend = "mend"

// orderClosed takes what the office found mended off the list; an inspection that
// sees it again brings it back.
func (s *Service) orderClosed(ctx context.Context, tx *store.Tx, c *process.Case, in process.Input) error {
	return s.settle(ctx, tx, c, Mended, in.Reason)
}

// orderCancelled puts what was handed out back on the office's list.
func (s *Service) orderCancelled(ctx context.Context, tx *store.Tx, c *process.Case, in process.Input) error {
	return s.settle(ctx, tx, c, Open, in.Reason)
}

func (s *Service) settle(ctx context.Context, tx *store.Tx, c *process.Case, to Status, reason string) error {
	list, err := ofTask(ctx, tx, c.Subject)
	if err != nil {
		return err
	}
	for _, f := range list {
		if f.Status != Handed {
			continue
		}
		f.Status, f.Reason = to, cut(reason, 500)
		if to == Open {
			f.Task = ""
		}
		if err := updateFinding(ctx, tx, f); err != nil {
			return err
		}
	}
	return nil
}

// SaveSite registers a site, new where it has no id.
func (s *Service) SaveSite(ctx context.Context, who org.Actor, site Site) (id.ID, error) {
	site = site.clean()
	if err := site.valid(); err != nil {
		return "", err
	}
	return site.ID, s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		site.By, site.At = who.Person, tx.Now
		var err error
		if site.ID == "" {
			site.ID, site.Version = id.New(), 1
			err = insertSite(ctx, tx, site)
		} else {
			err = updateSite(ctx, tx, site)
		}
		if err != nil {
			return err
		}
		return s.record(ctx, tx, who, "inspect.site", "site", site.ID, "登记网站："+site.Name)
	})
}

// Ask asks for a round of a site; one that waits or runs already is enough.
func (s *Service) Ask(ctx context.Context, who org.Actor, site id.ID) (id.ID, error) {
	var key id.ID
	before, err := lastRound(ctx, s.k.DB.Read, site, "")
	if err != nil {
		return key, err
	}
	ended, err := s.current(ctx, before) // outside of the unit of work, which holds what the queue needs
	if err != nil {
		return key, err
	}
	return key, s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		st, err := getSite(ctx, tx, site)
		if err != nil {
			return err
		}
		if err := tx.Lock(ctx, "inspect."+string(site)); err != nil {
			return err
		}
		last, err := lastRound(ctx, tx, site, "")
		if err != nil {
			return err
		}
		if last.ID == ended.ID && last.State == before.State {
			last = ended
		}
		switch {
		case last.Busy():
			key = last.ID
			return fault.New(fault.Conflict, "这个网站正在检查，请等本次检查结束")
		case last.State == Failed:
			if err := putRound(ctx, tx, last, false); err != nil {
				return err
			}
		}
		r := Round{ID: id.New(), Site: site, State: Waiting, T0: tx.Now, Asked: tx.Now, By: who.Person}
		key = r.ID
		if err := putRound(ctx, tx, r, true); err != nil {
			return err
		}
		if err := s.k.Jobs.Insert(ctx, tx, roundJob{Round: r.ID}); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "inspect.round", "site", site, "检查网站："+st.Name)
	})
}

// current is a round as it stands: one that waits for a job which was given up
// or cancelled, or is gone, ends there, so that the site can be asked for again.
func (s *Service) current(ctx context.Context, r Round) (Round, error) {
	if !r.Busy() {
		return r, nil
	}
	job, ok, err := s.k.Jobs.Last(ctx, roundJob{Round: r.ID})
	if err != nil || ok && job.State != jobs.Failed {
		return r, err
	}
	r.State, r.Ended, r.Stopped = Failed, cmp.Or(job.At, r.Started, r.Asked), "后台任务没有完成，可以再次检查，已读的网页不会重读"
	if text := strings.TrimRight(job.Wrong, "。"); text != "" {
		r.Stopped = "后台任务没有完成（" + cut(text, 300) + "），可以再次检查，已读的网页不会重读"
	}
	return r, nil
}

// askDue asks for a round of every site whose period is over.
func (s *Service) askDue(ctx context.Context) error {
	list, err := sites(ctx, s.k.DB.Read)
	if err != nil {
		return err
	}
	today := calendar.Of(s.k.Clock.Now())
	for _, site := range list {
		last, err := lastRound(ctx, s.k.DB.Read, site.ID, "")
		if err != nil {
			return err
		}
		if last, err = s.current(ctx, last); err != nil {
			return err
		}
		if site.Every == Never || last.Busy() || !last.Asked.IsZero() && site.Every.next(calendar.Of(last.Asked)).After(today) {
			continue
		}
		if _, err := s.Ask(ctx, org.System, site.ID); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}

// Decide keeps what a person says of a finding.
func (s *Service) Decide(ctx context.Context, who org.Actor, key id.ID, version int, d decision) error {
	if err := d.valid(); err != nil {
		return err
	}
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		f, err := getFinding(ctx, tx, key)
		if err != nil {
			return err
		}
		if f.Hidden && !who.May(org.Secrecy) {
			return fault.New(fault.Forbidden, "这个问题由保密审查人员处理")
		}
		if f.Status == Handed && d.Status != "" && d.Status != f.Status {
			return fault.New(fault.Conflict, "这个问题已交办，请先在整改单上撤回交办")
		}
		if d.Status != "" {
			f.Status = d.Status
		}
		if d.Answer != Unasked {
			f.Answer = d.Answer
			if d.Answer == Denied && d.Status == "" {
				f.Status = Wrong
			}
		}
		f.Reason, f.Wide, f.By, f.Version = d.Reason, d.Wide && f.Status == Wrong && f.Word != "", who.Person, version
		if err := updateFinding(ctx, tx, f); err != nil {
			return err
		}
		what := f.What
		if f.Hidden {
			what = "涉密标志疑点"
		}
		return s.record(ctx, tx, who, "inspect.decide", "finding", f.ID, f.Status.Title()+"："+what)
	})
}

// Hand gives findings to a unit to mend: one order with one clock.
func (s *Service) Hand(ctx context.Context, who org.Actor, unit id.ID, keys []id.ID) (id.ID, error) {
	var key id.ID
	return key, s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if len(keys) == 0 {
			return fault.Fields{"finding": "请先勾选要交办的问题"}.Err()
		}
		if _, err := s.k.Org.Unit(ctx, unit); err != nil {
			return fault.Fields{"unit": "请选择负责整改的单位"}.Err()
		}
		list, err := chosen(ctx, tx, keys)
		if err != nil {
			return err
		}
		for _, f := range list {
			switch {
			case f.Site != list[0].Site:
				return fault.Fields{"finding": "一张整改单只能包含同一个网站的问题，请分别交办"}.Err()
			case f.Hidden:
				return fault.New(fault.Forbidden, "涉密标志疑点由保密审查人员处理，不能交办")
			case f.Status != Open:
				return fault.Fields{"finding": "“" + cut(f.What, 30) + "”" + f.Status.Title() + "，不能再次交办"}.Err()
			}
		}
		site, err := getSite(ctx, tx, list[0].Site)
		if err != nil {
			return err
		}
		t := Task{ID: id.New(), Site: site.ID, Unit: unit, By: who.Person, At: tx.Now, Title: fmt.Sprintf("%s：%s", site.Name, cut(list[0].What, 40))}
		if len(list) > 1 {
			t.Title += fmt.Sprintf("等%d个问题", len(list))
		}
		due := s.k.Days().AddWorkingDays(calendar.Of(tx.Now), site.Due)
		c, err := s.k.Cases.Open(ctx, tx, "siteorder", who, t.ID, calendar.Of(tx.Now), process.With{
			Unit: unit, Parties: map[string]id.ID{partyOffice: who.Unit}, Due: map[string]calendar.Date{clockMend: due},
			Title: t.Title, Link: "/desk/orders/" + string(t.ID),
		})
		if err != nil {
			return err
		}
		t.Case, key = c.ID, t.ID
		if err := insertTask(ctx, tx, t); err != nil {
			return err
		}
		for _, f := range list {
			f.Status, f.Unit, f.Task, f.By = Handed, unit, t.ID, who.Person
			if err := updateFinding(ctx, tx, f); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, who, "inspect.hand", "order", t.ID, "交办："+t.Title)
	})
}

// SaveColumn keeps what a person laid down of a column.
func (s *Service) SaveColumn(ctx context.Context, who org.Actor, c Column) error {
	if err := c.valid(); err != nil {
		return err
	}
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		old, err := getColumn(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		old.Class, old.Days, old.ByEvent, old.Content, old.Unit, old.Person, old.Settled = c.Class, c.Days, c.ByEvent, c.Content, c.Unit, c.Person, true
		old.Version, old.At = c.Version, tx.Now
		if err := putColumn(ctx, tx, old, false); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "inspect.column", "column", c.ID, "栏目清单："+old.Name)
	})
}

func (s *Service) record(ctx context.Context, tx *store.Tx, who org.Actor, action, kind string, key id.ID, what string) error {
	return audit.Write(ctx, tx, audit.Entry{Actor: who.Person, Name: who.Name, Unit: who.Unit, Action: action, Kind: kind, Subject: string(key), Reason: cut(what, 500)})
}

// folder is where the crawl of a site is kept.
func (s *Service) folder(site id.ID) string { return filepath.Join(s.conf.Dir, string(site)) }
