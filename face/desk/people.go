package desk

import (
	"context"
	"errors"
	"strings"

	"gongkai/kernel/account"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/secret"
	"gongkai/web"
)

// peopleRoutes are the pages about people and what they may do, for the system
// administrator; their accounts belong to the security administrator.
func (s *Screens) peopleRoutes() []web.Route {
	return []web.Route{
		web.GET("/desk/people", org.SystemAdmin, s.people),
		web.GET("/desk/people/new", org.SystemAdmin, s.newPerson),
		web.POST("/desk/people", org.SystemAdmin, s.addPerson),
		web.GET("/desk/people/{person}", org.SystemAdmin, s.person),
		web.POST("/desk/people/{person}", org.SystemAdmin, s.savePerson),
		web.POST("/desk/people/{person}/reveal", org.SystemAdmin, s.reveal),
		web.POST("/desk/people/{person}/posts", org.SystemAdmin, s.addPost),
		web.POST("/desk/people/{person}/posts/{post}/end", org.SystemAdmin, s.endPost),
		web.POST("/desk/people/{person}/absences", org.SystemAdmin, s.addAbsence),
		web.POST("/desk/people/{person}/absences/{absence}/end", org.SystemAdmin, s.endAbsence),
		web.POST("/desk/people/{person}/leave", org.SystemAdmin, s.leave),
		web.POST("/desk/people/{person}/return", org.SystemAdmin, s.comeBack),
	}
}

func roleOptions() []web.Option {
	var out []web.Option
	for _, role := range org.AllRoles() {
		out = append(out, web.Option{Value: role.Code(), Text: role.Title()})
	}
	return out
}

// peoplePage lists people.
type peoplePage struct {
	Filters []web.Filter
	Table   web.Table
	List    page.Of[org.Person]
}

func (s *Screens) people(r *web.Request) (web.Reply, error) {
	units, err := s.units(r.Context(), "")
	if err != nil {
		return web.Reply{}, err
	}
	p := peoplePage{Filters: []web.Filter{
		{Name: "q", Title: "姓名或工号", Value: r.Query("q")},
		{Name: "unit", Title: "单位", Value: r.Query("unit"), Options: units},
		{Name: "role", Title: "角色", Value: r.Query("role"), Options: roleOptions()},
		{Name: "left", Title: "范围", Value: r.Query("left"), Options: []web.Option{{Value: "1", Text: "含已离岗的人员"}}},
	}}
	role, _ := org.RoleOf(r.Query("role"))
	p.List, err = s.Org.People(r.Context(), org.PeopleAsk{Text: r.Query("q"), Unit: id.ID(r.Query("unit")), Role: role, Left: r.Query("left") != "", Page: r.Page()})
	if err != nil {
		return web.Reply{}, err
	}
	p.Table = web.Table{Caption: "人员", Columns: []web.Column{{Title: "姓名"}, {Title: "工号"}, {Title: "任职"}, {Title: "手机"}, {Title: "邮箱"}}}
	for _, one := range p.List.Rows {
		held, err := s.held(r.Context(), one.ID)
		if err != nil {
			return web.Reply{}, err
		}
		first := web.Cell{Text: one.Name, Href: "/desk/people/" + string(one.ID)}
		if !one.Active {
			first.Sub = "已离岗"
		}
		p.Table.Rows = append(p.Table.Rows, web.Row{Key: string(one.ID), Cells: []web.Cell{first, {Text: one.Number}, {Text: held}, {Text: one.Phone.Mask()}, {Text: one.Email.Mask()}}})
	}
	return web.View("desk/people", p), nil
}

// held says where a person is what today: 区司法局（编辑、一审）.
func (s *Screens) held(ctx context.Context, person id.ID) (string, error) {
	posts, err := s.Org.Posts(ctx, person)
	if err != nil {
		return "", err
	}
	var out []string
	for _, p := range posts {
		if p.On(s.today()) {
			name, err := s.unitName(ctx, p.Unit)
			if err != nil {
				return "", err
			}
			out = append(out, name+"（"+p.Roles.Title()+"）")
		}
	}
	return strings.Join(out, "；"), nil
}

// personPage is one person with all that can be changed about them.
type personPage struct {
	*web.Form
	Person   org.Person
	Phone    string // masked unless just revealed
	Email    string
	Revealed bool
	Posts    []postLine
	Away     []absenceLine // own absences
	Covering []absenceLine
	Units    []web.Option
	Roles    []web.Option
	People   []web.Option // who can stand in or take over
	Today    calendar.Date
}

type postLine struct {
	org.Post
	Unit  string
	Open  bool // not over: can be ended
	Roles string
}

type absenceLine struct {
	org.Absence
	Other string
	Open  bool
}

func (s *Screens) personOf(r *web.Request) (org.Person, error) {
	key, err := r.Key("person")
	if err != nil {
		return org.Person{}, err
	}
	return s.Org.Person(r.Context(), key)
}

func (s *Screens) personPage(r *web.Request, f *web.Form) (personPage, error) {
	ctx := r.Context()
	one, err := s.personOf(r)
	if err != nil {
		return personPage{}, err
	}
	if f == nil {
		f = web.Fill("name", one.Name, "number", one.Number, "version", one.Version, "post_from", s.today())
	}
	p := personPage{Form: f, Person: one, Phone: one.Phone.Mask(), Email: one.Email.Mask(), Roles: roleOptions(), Today: s.today()}
	posts, err := s.Org.Posts(ctx, one.ID)
	if err != nil {
		return p, err
	}
	for _, post := range posts {
		name, err := s.unitName(ctx, post.Unit)
		if err != nil {
			return p, err
		}
		p.Posts = append(p.Posts, postLine{post, name, post.To.IsZero() || post.To.After(p.Today), post.Roles.Title()})
	}
	own, covering, err := s.Org.Absences(ctx, one.ID)
	if err != nil {
		return p, err
	}
	for _, a := range own {
		other, err := s.Org.Person(ctx, a.Substitute)
		if err != nil {
			return p, err
		}
		p.Away = append(p.Away, absenceLine{a, other.Name, a.To.After(p.Today)})
	}
	for _, a := range covering {
		other, err := s.Org.Person(ctx, a.Person)
		if err != nil {
			return p, err
		}
		p.Covering = append(p.Covering, absenceLine{a, other.Name, a.To.After(p.Today)})
	}
	if p.Units, err = s.units(ctx, "请选择"); err != nil {
		return p, err
	}
	p.People, err = s.colleagues(ctx, one.ID, posts)
	return p, err
}

// colleagues are the others in the units of a person, as choices.
func (s *Screens) colleagues(ctx context.Context, person id.ID, posts []org.Post) ([]web.Option, error) {
	out := []web.Option{{Text: "请选择"}}
	seen := map[id.ID]bool{person: true}
	for _, post := range posts {
		list, err := s.Org.People(ctx, org.PeopleAsk{Unit: post.Unit, Page: page.Ask{Size: page.Max}})
		if err != nil {
			return nil, err
		}
		for _, one := range list.Rows {
			if !seen[one.ID] {
				seen[one.ID] = true
				out = append(out, web.Option{Value: string(one.ID), Text: one.Name + "（" + one.Number + "）"})
			}
		}
	}
	return out, nil
}

func (s *Screens) person(r *web.Request) (web.Reply, error) {
	p, err := s.personPage(r, nil)
	return web.View("desk/person", p), err
}

func (s *Screens) newPerson(*web.Request) (web.Reply, error) {
	return web.View("desk/person-new", web.Fill()), nil
}

func (s *Screens) addPerson(r *web.Request) (web.Reply, error) {
	f := r.Form()
	err := f.Err()
	var key id.ID
	if err == nil {
		key, err = s.Org.PutPerson(r.Context(), r.Who, org.Person{Name: f.Text("name"), Number: f.Text("number"),
			Phone: secret.Text(f.Text("phone")), Email: secret.Text(f.Text("email"))})
	}
	if err != nil {
		return f.Refused(err, "desk/person-new")
	}
	return web.Redirect("/desk/people/" + string(key)).Flash("人员已新增，请分配角色；账号由安全管理员开通"), nil
}

// onPerson does something to the person of the address and comes back to the
// page, with everything typed still there when it is refused.
func (s *Screens) onPerson(r *web.Request, said string, names map[string]string, do func(org.Person, *web.Form) error) (web.Reply, error) {
	one, err := s.personOf(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	if err = do(one, f); err == nil {
		return web.Redirect("/desk/people/" + string(one.ID)).Flash(said), nil
	}
	p, e := s.personPage(r, f)
	if e != nil {
		return web.Reply{}, e
	}
	return f.Refused(moved(err, names), "desk/person", p)
}

func (s *Screens) savePerson(r *web.Request) (web.Reply, error) {
	return s.onPerson(r, "人员已保存", nil, func(one org.Person, f *web.Form) error {
		now := web.Fill("name", one.Name, "number", one.Number, "version", one.Version)
		one.Name, one.Number, one.Version = f.Text("name"), f.Text("number"), int64(f.Int("version"))
		if text := f.Text("phone"); text != "" { // empty leaves what is known, which is not shown
			one.Phone = secret.Text(text)
		}
		if text := f.Text("email"); text != "" {
			one.Email = secret.Text(text)
		}
		if err := f.Err(); err != nil {
			return err
		}
		_, err := s.Org.PutPerson(r.Context(), r.Who, one)
		return f.Clash(err, now)
	})
}

// reveal shows phone and e-mail this once; the reason is in the audit record.
func (s *Screens) reveal(r *web.Request) (web.Reply, error) {
	one, err := s.personOf(r)
	if err != nil {
		return web.Reply{}, err
	}
	phone, email, err := s.Org.Reveal(r.Context(), r.Who, one.ID, r.Form().Text("why"))
	if err != nil {
		p, e := s.personPage(r, r.Form())
		if e != nil {
			return web.Reply{}, e
		}
		return p.Refused(err, "desk/person", p)
	}
	p, err := s.personPage(r, nil)
	p.Phone, p.Email, p.Revealed = phone, email, true
	return web.View("desk/person", p).With("Cache-Control", "no-store"), err
}

func (s *Screens) addPost(r *web.Request) (web.Reply, error) {
	return s.onPerson(r, "角色已分配", map[string]string{"from": "post_from", "to": "post_to"}, func(one org.Person, f *web.Form) error {
		post := org.Post{Person: one.ID, Unit: f.Key("unit"), From: f.Date("post_from"), To: f.Date("post_to")}
		for _, code := range f.Texts("roles") {
			role, _ := org.RoleOf(code)
			post.Roles |= role
		}
		if err := f.Err(); err != nil {
			return err
		}
		if post.Unit == "" {
			return fault.Fields{"unit": "请选择单位"}.Err()
		}
		_, err := s.Org.Assign(r.Context(), r.Who, post)
		return err
	})
}

func (s *Screens) endPost(r *web.Request) (web.Reply, error) {
	return s.onPerson(r, "角色已取消", nil, func(one org.Person, _ *web.Form) error {
		key, err := r.Key("post")
		if err != nil {
			return err
		}
		posts, err := s.Org.Posts(r.Context(), one.ID)
		if err != nil {
			return err
		}
		for _, p := range posts {
			if p.ID == key {
				return s.Org.EndPost(r.Context(), r.Who, key, s.today())
			}
		}
		return fault.New(fault.NotFound, "没有找到这项任职，请刷新页面")
	})
}

func (s *Screens) addAbsence(r *web.Request) (web.Reply, error) {
	return s.onPerson(r, "外出已登记", map[string]string{"from": "away_from", "to": "away_to"}, func(one org.Person, f *web.Form) error {
		a := org.Absence{Person: one.ID, Substitute: f.Key("substitute"), From: f.Date("away_from"), To: f.Date("away_to"), Reason: f.Text("reason")}
		if err := f.Err(); err != nil {
			return err
		}
		_, err := s.Org.PutAbsence(r.Context(), r.Who, a)
		return err
	})
}

func (s *Screens) endAbsence(r *web.Request) (web.Reply, error) {
	return s.onPerson(r, "代理已结束", nil, func(one org.Person, _ *web.Form) error {
		key, err := r.Key("absence")
		if err != nil {
			return err
		}
		own, _, err := s.Org.Absences(r.Context(), one.ID)
		if err != nil {
			return err
		}
		for _, a := range own {
			if a.ID == key {
				return s.Org.EndAbsence(r.Context(), r.Who, key, s.today())
			}
		}
		return fault.New(fault.NotFound, "没有找到这次外出，请刷新页面")
	})
}

func (s *Screens) leave(r *web.Request) (web.Reply, error) {
	return s.onPerson(r, "已办理离岗，账号同时不能登录", map[string]string{"on": "leave_on"}, func(one org.Person, f *web.Form) error {
		heir, on := f.Key("heir"), f.Date("leave_on")
		if err := f.Err(); err != nil {
			return err
		}
		return s.Org.Leave(r.Context(), r.Who, one.ID, heir, on)
	})
}

func (s *Screens) comeBack(r *web.Request) (web.Reply, error) {
	return s.onPerson(r, "已返岗，请重新分配角色", nil, func(one org.Person, _ *web.Form) error {
		return s.Org.Return(r.Context(), r.Who, one.ID)
	})
}

// securityRoutes are the pages of the security administrator.
func (s *Screens) securityRoutes() []web.Route {
	return []web.Route{
		web.GET("/desk/accounts", org.SecurityAdmin, s.accounts),
		web.GET("/desk/accounts/new", org.SecurityAdmin, s.newAccount),
		web.POST("/desk/accounts", org.SecurityAdmin, s.addAccount),
		web.GET("/desk/accounts/sessions", org.SecurityAdmin, s.allSessions),
		web.POST("/desk/accounts/sessions/{session}/end", org.SecurityAdmin, s.endSession),
		web.GET("/desk/accounts/provider", org.SecurityAdmin, s.subjects),
		web.POST("/desk/accounts/provider", org.SecurityAdmin, s.link),
		web.GET("/desk/accounts/{person}", org.SecurityAdmin, s.oneAccount),
		web.POST("/desk/accounts/{person}", org.SecurityAdmin, s.changeAccount),
	}
}

func (s *Screens) securityTabs(now string) []web.Tab {
	tabs := []web.Tab{{Title: "账号", Href: "/desk/accounts", Now: now == "accounts"}, {Title: "登录着的设备", Href: "/desk/accounts/sessions", Now: now == "sessions"}}
	if s.OIDC != nil {
		tabs = append(tabs, web.Tab{Title: "单点登录", Href: "/desk/accounts/provider", Now: now == "provider"})
	}
	return tabs
}

// accountsPage lists accounts.
type accountsPage struct {
	Tabs    []web.Tab
	Filters []web.Filter
	Table   web.Table
	List    page.Of[account.Account]
}

func (s *Screens) accounts(r *web.Request) (web.Reply, error) {
	ctx := r.Context()
	p := accountsPage{Tabs: s.securityTabs("accounts"), Filters: []web.Filter{{Name: "q", Title: "用户名或姓名", Value: r.Query("q")}},
		Table: web.Table{Caption: "账号", Columns: []web.Column{{Title: "用户名"}, {Title: "姓名"}, {Title: "状态"}, {Title: "动态口令"}, {Title: "上次修改密码"}}}}
	var err error
	if p.List, err = s.Accounts.Accounts(ctx, account.Ask{Text: r.Query("q"), Page: r.Page()}); err != nil {
		return web.Reply{}, err
	}
	for _, a := range p.List.Rows {
		one, err := s.Org.Person(ctx, a.Person)
		if err != nil {
			return web.Reply{}, err
		}
		state, err := s.accountState(ctx, a, one)
		if err != nil {
			return web.Reply{}, err
		}
		totp := "未启用"
		if a.TOTPOn {
			totp = "已启用"
		}
		p.Table.Rows = append(p.Table.Rows, web.Row{Key: string(a.Person), Cells: []web.Cell{{Text: a.Login, Href: "/desk/accounts/" + string(a.Person)},
			{Text: one.Name}, state, {Text: totp}, {Text: when(a.ChangedAt)}}})
	}
	return web.View("desk/accounts", p), nil
}

// accountState is the state of an account as a badge.
func (s *Screens) accountState(ctx context.Context, a account.Account, one org.Person) (web.Cell, error) {
	locked, err := s.Accounts.Locked(ctx, a)
	switch {
	case err != nil:
		return web.Cell{}, err
	case a.Disabled:
		return web.Cell{State: "closed", Text: "已停用"}, nil
	case !one.Active:
		return web.Cell{State: "closed", Text: "人员已离岗"}, nil
	case locked != "":
		return web.Cell{State: "late", Text: "锁定，还有 " + locked}, nil
	case a.MustChange:
		return web.Cell{State: "idle", Text: "待改初始密码"}, nil
	}
	return web.Cell{State: "done", Text: "正常"}, nil
}

// newAccountPage finds a person and gives them an account.
type newAccountPage struct {
	*web.Form
	Text   string
	Found  []web.Option
	Opened *opened
}

// opened is a first password, shown once.
type opened struct{ Name, Login, Password string }

func (s *Screens) newAccountPage(r *web.Request, f *web.Form) (newAccountPage, error) {
	p := newAccountPage{Form: f, Text: r.Query("q")}
	if p.Text == "" {
		p.Text = f.Text("q")
	}
	if p.Text == "" {
		return p, nil
	}
	list, err := s.Org.People(r.Context(), org.PeopleAsk{Text: p.Text})
	for _, one := range list.Rows {
		held, e := s.held(r.Context(), one.ID)
		err = errors.Join(err, e)
		p.Found = append(p.Found, web.Option{Value: string(one.ID), Text: one.Name + " " + one.Number, Help: held})
	}
	return p, err
}

func (s *Screens) newAccount(r *web.Request) (web.Reply, error) {
	p, err := s.newAccountPage(r, web.Fill())
	return web.View("desk/account-new", p), err
}

func (s *Screens) addAccount(r *web.Request) (web.Reply, error) {
	f := r.Form()
	p, err := s.newAccountPage(r, f)
	if err != nil {
		return web.Reply{}, err
	}
	person := f.Key("person")
	err = f.Err()
	if err == nil && person == "" {
		err = fault.Fields{"person": "请选择给谁开通"}.Err()
	}
	password := ""
	if err == nil {
		password, err = s.Accounts.CreateAccount(r.Context(), r.Who, person, f.Text("login"))
	}
	if err != nil {
		return f.Refused(err, "desk/account-new", p)
	}
	one, err := s.Org.Person(r.Context(), person)
	p.Opened = &opened{one.Name, f.Text("login"), password}
	return web.View("desk/account-new", p).With("Cache-Control", "no-store"), err
}

// oneAccountPage is one account as the security administrator sees it.
type oneAccountPage struct {
	*web.Form
	Account  account.Account
	Person   org.Person
	State    web.Cell
	Locked   bool
	Pairs    []web.Pair
	Sessions []session
	Password string // the new first password, shown once
	Self     bool
}

func (s *Screens) oneAccountPage(r *web.Request, f *web.Form) (oneAccountPage, error) {
	ctx, p := r.Context(), oneAccountPage{Form: f}
	one, err := s.personOf(r)
	if err != nil {
		return p, err
	}
	p.Person, p.Self = one, one.ID == r.Who.Person
	if p.Account, err = s.Accounts.Account(ctx, one.ID); err != nil {
		return p, err
	}
	if p.State, err = s.accountState(ctx, p.Account, one); err != nil {
		return p, err
	}
	p.Locked = p.State.State == "late"
	held, err := s.held(ctx, one.ID)
	if err != nil {
		return p, err
	}
	totp := "未启用"
	if p.Account.TOTPOn {
		totp = "已启用"
	}
	p.Pairs = []web.Pair{{Name: "姓名", Value: one.Name}, {Name: "工号", Value: one.Number}, {Name: "任职", Value: held}, {Name: "动态口令", Value: totp}, {Name: "上次修改密码", Value: when(p.Account.ChangedAt)}}
	p.Sessions, err = s.sessions(ctx, one.ID)
	return p, err
}

func (s *Screens) oneAccount(r *web.Request) (web.Reply, error) {
	p, err := s.oneAccountPage(r, web.Fill())
	return web.View("desk/account-one", p), err
}

// changeAccount does what the pressed button names, with a reason.
func (s *Screens) changeAccount(r *web.Request) (web.Reply, error) {
	f := r.Form()
	one, err := s.personOf(r)
	if err != nil {
		return web.Reply{}, err
	}
	ctx, reason, password, said := r.Context(), f.Text("reason"), "", ""
	switch do := f.Text("do"); {
	case reason == "":
		err = fault.Fields{"reason": "请填写原因，它会写入审计记录"}.Err()
	case do == "reset":
		password, err = s.Accounts.ResetPassword(ctx, r.Who, one.ID, reason)
	case do == "disable":
		said, err = "账号已停用，登录已全部结束", s.Accounts.Disable(ctx, r.Who, one.ID, reason)
	case do == "enable":
		said, err = "账号已启用", s.Accounts.Enable(ctx, r.Who, one.ID, reason)
	case do == "unlock":
		said, err = "锁定已解除", s.Accounts.Unlock(ctx, r.Who, one.ID, reason)
	case do == "totp":
		said, err = "动态口令已清除，本人下次登录后重新设置", s.Accounts.ResetTOTP(ctx, r.Who, one.ID, reason)
	case do == "end":
		said, err = "登录已全部结束", s.Accounts.EndOthers(ctx, r.Who, one.ID)
	default:
		err = fault.New(fault.Invalid, "请选择要做什么")
	}
	if err == nil && password == "" {
		return web.Redirect("/desk/accounts/" + string(one.ID)).Flash(said), nil
	}
	p, e := s.oneAccountPage(r, f)
	if e != nil {
		return web.Reply{}, e
	}
	if err != nil {
		return f.Refused(err, "desk/account-one", p)
	}
	p.Form, p.Password = web.Fill(), password
	return web.View("desk/account-one", p).With("Cache-Control", "no-store"), nil
}

// sessionsPage lists everybody's open sessions.
type sessionsPage struct {
	Tabs []web.Tab
	List []namedSession
}

type namedSession struct {
	session
	Name string
}

func (s *Screens) allSessions(r *web.Request) (web.Reply, error) {
	list, err := s.sessions(r.Context(), "")
	if err != nil {
		return web.Reply{}, err
	}
	p := sessionsPage{Tabs: s.securityTabs("sessions")}
	names := map[id.ID]string{}
	for _, one := range list {
		if one.Person == "" {
			continue // a sign-in under way
		}
		if names[one.Person] == "" {
			person, err := s.Org.Person(r.Context(), one.Person)
			if err != nil {
				return web.Reply{}, err
			}
			names[one.Person] = person.Name
		}
		p.List = append(p.List, namedSession{one, names[one.Person]})
	}
	return web.View("desk/sessions", p), nil
}

func (s *Screens) endSession(r *web.Request) (web.Reply, error) {
	key, err := r.Key("session")
	if err != nil {
		return web.Reply{}, err
	}
	return web.Redirect("/desk/accounts/sessions").Flash("登录已结束"), s.Accounts.EndSession(r.Context(), r.Who, key)
}

// subjectsPage lists who came from the provider.
type subjectsPage struct {
	*web.Form
	Tabs []web.Tab
	List []subjectLine
}

type subjectLine struct {
	account.Subject
	Name string
}

func (s *Screens) subjectsPage(r *web.Request, f *web.Form) (subjectsPage, error) {
	p := subjectsPage{Form: f, Tabs: s.securityTabs("provider")}
	list, err := s.Accounts.Subjects(r.Context())
	for _, one := range list {
		line := subjectLine{Subject: one}
		if one.Person != "" {
			person, e := s.Org.Person(r.Context(), one.Person)
			err, line.Name = errors.Join(err, e), person.Name+" "+person.Number
		}
		p.List = append(p.List, line)
	}
	return p, err
}

func (s *Screens) subjects(r *web.Request) (web.Reply, error) {
	p, err := s.subjectsPage(r, web.Fill())
	return web.View("desk/subjects", p), err
}

// link says by employee number who a subject is, or forgets it.
func (s *Screens) link(r *web.Request) (web.Reply, error) {
	f, ctx := r.Form(), r.Context()
	issuer, subject := f.Text("issuer"), f.Text("subject")
	var err error
	if f.Text("do") == "unlink" {
		err = s.Accounts.Unlink(ctx, r.Who, issuer, subject)
	} else {
		var one org.Person
		if one, err = s.Org.PersonNumbered(ctx, f.Text("number")); err == nil {
			err = s.Accounts.Link(ctx, r.Who, issuer, subject, one.ID)
		} else if fault.Is(err, fault.NotFound) {
			err = fault.New(fault.Invalid, "没有工号为“"+f.Text("number")+"”的在岗人员，请核对")
		}
	}
	if err != nil {
		p, e := s.subjectsPage(r, f)
		if e != nil {
			return web.Reply{}, e
		}
		return f.Refused(err, "desk/subjects", p)
	}
	return web.Redirect("/desk/accounts/provider").Flash("已保存"), nil
}
