package desk

import (
	"context"
	"io"
	"sort"
	"strings"
	"time"

	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/store"
	"gongkai/web"
)

func (s *Screens) auditRoutes() []web.Route {
	return []web.Route{
		web.GET("/desk/audit", org.AuditAdmin, s.audit),
		web.POST("/desk/audit/verify", org.AuditAdmin, s.verifyAudit).Within(5 * time.Minute),
		web.POST("/desk/audit/export", org.AuditAdmin, s.exportAudit).Within(5 * time.Minute),
	}
}

// auditPage lists what happened.
type auditPage struct {
	Filters []web.Filter
	From    string
	Until   string
	Wrong   string // why nothing is listed
	List    page.Of[auditLine]
	Report  *audit.Report
	Signed  bool // checkpoints could be compared
}

// auditLine is an entry in words.
type auditLine struct {
	audit.Record
	Title string // of the action
	Unit  string
	About string // whom or what it concerned
	More  []audit.Change
}

// kinds names what entries are about, where no name of its own is known.
var kinds = map[string]string{"account": "账号", "sign-in": "登录", "person": "人员", "unit": "单位", "group": "单位组", "org": "单位和人员",
	"job": "后台任务", "delivery": "消息投递", "robot": "群机器人", "keys": "密钥", "training": "培训", "draft": "任务分工草稿", "calendar": "工作日历", "audit": "审计记录", "case": "事项", "plan": "任务分工", "measure": "举措", "duty": "责任", "term": "周期"}

// instant is a moment as audit filters compare it.
func instant(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Start().Format("2006-01-02T15:04:05.000000Z")
}

func (s *Screens) audit(r *web.Request) (web.Reply, error) {
	p, err := s.auditPage(r)
	return web.View("desk/audit", p), err
}

func (s *Screens) auditPage(r *web.Request) (auditPage, error) {
	ctx := r.Context()
	actions := web.Filter{Name: "action", Title: "做了什么", Value: r.Query("action")}
	for code, title := range s.Actions {
		actions.Options = append(actions.Options, web.Option{Value: code, Text: title})
	}
	sort.Slice(actions.Options, func(i, j int) bool { return actions.Options[i].Text < actions.Options[j].Text })
	p := auditPage{Filters: []web.Filter{{Name: "who", Title: "谁（姓名或工号）", Value: r.Query("who")}, actions,
		{Name: "subject", Title: "对象编号", Value: r.Query("subject")},
		{Name: "from", Title: "从（如 2022-06-01）", Value: r.Query("from")}, {Name: "until", Title: "到（含当日）", Value: r.Query("until")}}}
	f := audit.Filter{Action: r.Query("action"), Subject: r.Query("subject")}
	p.List.Ask = r.Page()
	for name, to := range map[string]*string{"from": &f.From, "until": &f.Before} {
		text := r.Query(name)
		if text == "" {
			continue
		}
		day, err := calendar.Parse(text)
		if err != nil {
			p.Wrong = "日期请写成 2022-06-17 这样"
			return p, nil
		}
		if name == "until" {
			day = day.Add(1)
		}
		*to = instant(day)
	}
	if name := r.Query("who"); name != "" {
		people, err := s.Org.People(ctx, org.PeopleAsk{Text: name, Left: true})
		if err != nil {
			return p, err
		}
		switch {
		case people.Total == 0:
			p.Wrong = "没有找到“" + name + "”，请检查姓名或工号"
			return p, nil
		case people.Total > 1:
			var names []string
			for _, one := range people.Rows {
				names = append(names, one.Name+" "+one.Number)
			}
			p.Wrong = "不止一个人符合“" + name + "”，请写工号：" + strings.Join(names, "、")
			return p, nil
		}
		f.Actor = string(people.Rows[0].ID)
	}
	list, err := audit.List(ctx, s.DB.Read, f, p.List.Ask)
	if err != nil {
		return p, err
	}
	p.List.Total, p.List.Ask = list.Total, list.Ask
	for _, e := range list.Rows {
		line := auditLine{Record: e, Title: s.Actions[e.Action], About: kinds[e.Kind]}
		if line.Title == "" {
			line.Title = e.Action
		}
		if line.Unit, err = s.unitName(ctx, e.Entry.Unit); err != nil {
			return p, err
		}
		if key, ok := id.Parse(e.Subject); ok && e.Kind == "account" {
			if one, err := s.Org.Person(ctx, key); err == nil { // gone from the database only after a restore
				line.About = one.Name
			}
		}
		for _, c := range e.Changes {
			if c.Field == "about" {
				line.About = c.New
			} else {
				line.More = append(line.More, c)
			}
		}
		p.List.Rows = append(p.List.Rows, line)
	}
	return p, nil
}

// verifyAudit reads the whole record; it is a POST because it takes long and is
// itself recorded.
func (s *Screens) verifyAudit(r *web.Request) (web.Reply, error) {
	report, err := audit.Verify(r.Context(), s.DB, s.Trust)
	if err != nil {
		return web.Reply{}, err
	}
	result := "完整"
	if !report.Whole() {
		result = "发现问题"
	}
	err = s.DB.Do(r.Context(), func(ctx context.Context, tx *store.Tx) error {
		return note(ctx, tx, r, "audit.verify", "audit", "", result)
	})
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.auditPage(r)
	p.Report, p.Signed = &report, len(s.Trust) > 0
	return web.View("desk/audit", p), err
}

func (s *Screens) exportAudit(r *web.Request) (web.Reply, error) {
	err := s.DB.Do(r.Context(), func(ctx context.Context, tx *store.Tx) error {
		return note(ctx, tx, r, "audit.export", "audit", "", "")
	})
	return web.Download("审计记录 "+s.today().String()+".jsonl", "application/jsonl", func(w io.Writer) error {
		return audit.Export(r.Context(), s.DB, w)
	}), err
}
