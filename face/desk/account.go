package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gongkai/kernel/account"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/notify"
	"gongkai/kernel/org"
	"gongkai/web"
)

func (s *Screens) accountRoutes() []web.Route {
	return []web.Route{
		web.GET("/desk/account", org.Staff, s.account),
		web.GET("/desk/account/password", org.Staff, s.ownPassword),
		web.POST("/desk/account/password", org.Staff, s.setOwnPassword).Tries(triesAMinute),
		web.GET("/desk/account/totp", org.Staff, s.ownTOTP),
		web.POST("/desk/account/totp", org.Staff, s.enrolOwn),
		web.POST("/desk/account/totp/confirm", org.Staff, s.confirmOwn).Tries(triesAMinute),
		web.POST("/desk/account/totp/drop", org.Staff, s.dropOwn).Tries(triesAMinute),
		web.POST("/desk/account/notices", org.Staff, s.setNotices),
		web.POST("/desk/account/sessions/end", org.Staff, s.endOwn),
	}
}

// accountPage is one's own account.
type accountPage struct {
	*web.Form
	Login    string // "" for somebody who comes through the provider only
	Pairs    []web.Pair
	TOTP     bool
	Left     int // recovery codes
	Posts    []string
	Sessions []session
	Channels []channel
}

// channel is a way in which one may be told.
type channel struct {
	Name, Title, Mode string
}

func (s *Screens) account(r *web.Request) (web.Reply, error) {
	p, err := s.accountPage(r, web.Fill())
	return web.View("desk/account", p), err
}

func (s *Screens) accountPage(r *web.Request, f *web.Form) (accountPage, error) {
	ctx, p := r.Context(), accountPage{Form: f}
	a, err := s.Accounts.Account(ctx, r.Who.Person)
	switch {
	case err == nil:
		p.Login, p.TOTP = a.Login, a.TOTPOn
		p.Pairs = append(p.Pairs, web.Pair{Name: "用户名", Value: a.Login}, web.Pair{Name: "上次修改密码", Value: when(a.ChangedAt)})
		if p.Left, err = s.Accounts.RecoveryLeft(ctx, r.Who.Person); err != nil {
			return p, err
		}
	case !fault.Is(err, fault.NotFound):
		return p, err
	}
	p.Pairs = append([]web.Pair{{Name: "姓名", Value: r.Who.Name}, {Name: "当前单位", Value: r.Who.UnitName}, {Name: "角色", Value: r.Who.Roles.Title()}}, p.Pairs...)
	posts, err := s.Org.Posts(ctx, r.Who.Person)
	if err != nil {
		return p, err
	}
	for _, post := range posts {
		if !post.On(s.today()) {
			continue
		}
		name, err := s.unitName(ctx, post.Unit)
		if err != nil {
			return p, err
		}
		p.Posts = append(p.Posts, name+"："+post.Roles.Title())
	}
	modes, err := s.Notices.Preferences(ctx, r.Who.Person)
	if err != nil {
		return p, err
	}
	for _, c := range []notify.Channel{notify.Mail, notify.SMS} {
		if mode, there := modes[c]; there {
			p.Channels = append(p.Channels, channel{string(c), c.Title(), string(mode)})
		}
	}
	p.Sessions, err = s.sessions(ctx, r.Who.Person)
	return p, err
}

// session is an open session and the device in words.
type session struct {
	account.Session
	Device string
}

func (s *Screens) sessions(ctx context.Context, person id.ID) ([]session, error) {
	list, err := s.Accounts.Sessions(ctx, person)
	out := make([]session, len(list))
	for i, one := range list {
		out[i] = session{one, device(one.Agent)}
	}
	return out, err
}

// when is an instant in Shanghai.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(calendar.Zone).Format("2006-01-02 15:04")
}

// ModeOptions are the ways to be told through a channel.
func (accountPage) ModeOptions() []web.Option {
	var out []web.Option
	for _, m := range []notify.Mode{notify.Digest, notify.Urgent, notify.Off} {
		out = append(out, web.Option{Value: string(m), Text: m.Title()})
	}
	return out
}

func (s *Screens) setNotices(r *web.Request) (web.Reply, error) {
	f := r.Form()
	if err := f.Err(); err != nil {
		return web.Reply{}, err
	}
	for _, c := range []notify.Channel{notify.Mail, notify.SMS} {
		if mode := f.Text(string(c)); mode != "" {
			if err := s.Notices.SetPreference(r.Context(), r.Who.Person, c, notify.Mode(mode)); err != nil {
				return web.Reply{}, err
			}
		}
	}
	return web.Redirect("/desk/account").Flash("消息接收方式已保存"), nil
}

func (s *Screens) ownPassword(*web.Request) (web.Reply, error) {
	return web.View("desk/password", passwordPage{Form: web.Fill(), To: "/desk/account/password"}), nil
}

func (s *Screens) setOwnPassword(r *web.Request) (web.Reply, error) {
	if err := s.changePassword(r); err != nil {
		return r.Form().Refused(err, "desk/password", passwordPage{Form: r.Form(), To: "/desk/account/password"})
	}
	return web.Redirect("/desk/account").Flash("密码已修改，其他设备上的登录已全部退出"), nil
}

func (s *Screens) ownTOTP(*web.Request) (web.Reply, error) {
	return web.View("desk/totp", totpPage{Form: web.Fill(), To: "/desk/account/totp"}), nil
}

func (s *Screens) enrolOwn(r *web.Request) (web.Reply, error) {
	return s.enrol(r, totpPage{To: "/desk/account/totp"})
}

func (s *Screens) confirmOwn(r *web.Request) (web.Reply, error) {
	return s.confirmTOTP(r, totpPage{To: "/desk/account/totp"})
}

func (s *Screens) dropOwn(r *web.Request) (web.Reply, error) {
	f := r.Form()
	if err := s.Accounts.DropTOTP(r.Context(), r.Who, f.Value("password"), meta(r)); err != nil {
		p, e := s.accountPage(r, f)
		if e != nil {
			return web.Reply{}, e
		}
		return f.Refused(err, "desk/account", p)
	}
	return web.Redirect("/desk/account").Flash("动态口令已停用"), nil
}

// endOwn ends one session of one's own, or all but this one.
func (s *Screens) endOwn(r *web.Request) (web.Reply, error) {
	f := r.Form()
	session := f.Key("session")
	if err := f.Err(); err != nil {
		return web.Reply{}, err
	}
	err := error(nil)
	if session == "" {
		err = s.Accounts.EndOthers(r.Context(), r.Who, r.Who.Person)
	} else {
		err = s.Accounts.EndSession(r.Context(), r.Who, session)
	}
	return web.Redirect("/desk/account").Flash("登录已结束"), err
}

// device says in a few words from what a session was opened.
func device(agent string) string {
	for _, one := range [][2]string{{"MicroMessenger", "微信"}, {"Edg/", "Edge 浏览器"}, {"Firefox/", "Firefox 浏览器"},
		{"Chrome/", "Chrome 浏览器"}, {"Safari/", "Safari 浏览器"}, {"curl/", "命令行"}} {
		if strings.Contains(agent, one[0]) {
			system := ""
			for _, two := range [][2]string{{"Windows", "Windows"}, {"Android", "安卓"}, {"iPhone", "iPhone"}, {"Mac OS", "Mac"}, {"Linux", "Linux"}} {
				if strings.Contains(agent, two[0]) {
					system = "，" + two[1]
					break
				}
			}
			return one[1] + system
		}
	}
	if agent == "" {
		return "未知设备"
	}
	return fmt.Sprintf("%.40s", agent)
}
