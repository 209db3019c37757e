package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"gongkai/face/desk"
	"gongkai/face/portal"
	"gongkai/kernel/account"
	"gongkai/kernel/fault"
	"gongkai/kernel/notify"
	"gongkai/kernel/org"
	"gongkai/web"
)

// Handler answers browsers: every route of every room, set in its frame.
func (a *App) Handler() (http.Handler, error) {
	o, err := a.options()
	if err != nil {
		return nil, err
	}
	return web.New(o)
}

// options is what the site is made of.
func (a *App) options() (web.Options, error) {
	proxies, err := prefixes(a.Config.Proxies)
	if err != nil {
		return web.Options{}, err
	}
	menu, home := desk.Menu(), []web.Home(nil)
	o := web.Options{
		Routes:    []web.Route{web.Handle(http.MethodGet, "/healthz", org.Public, http.HandlerFunc(a.health))},
		Templates: map[string]fs.FS{}, Session: a.Accounts.Middleware, WhoIs: a.who, Log: a.Log, Clock: a.DB.Clock(), House: a.Clock,
		Secure: strings.HasPrefix(a.Config.Site, "https://"), Proxies: proxies,
		Rate: web.Rate{PerSecond: float64(a.Config.Rate), Burst: 10 * a.Config.Rate},
	}
	for _, one := range a.areas {
		o.Routes = append(o.Routes, one.Routes...)
		if one.Files != nil {
			o.Templates[one.Name] = one.Files
		}
		menu, home = append(menu, one.Menu...), append(home, one.Home...)
	}
	d, p := a.desk(menu, home), a.portal(menu, home)
	o.Templates["desk"], o.Templates["portal"] = d.Files(), p.Files()
	o.Routes = append(append(append(o.Routes, d.Routes()...), p.Routes()...), a.screens().Routes()...)
	o.Frame = func(r *web.Request, pg *web.Page) (string, error) {
		if d.Owns(r) {
			return d.Frame(r, pg)
		}
		return p.Frame(r, pg)
	}
	return o, nil
}

func (a *App) desk(menu []web.Menu, home []web.Home) *desk.Desk {
	return desk.New(desk.Options{
		Name: a.Config.District.Name + "政务公开", Menu: menu, Home: home, Todos: todos{a}, Search: finder{a.Plan}, Notices: inbox{a.Notices}, State: a.said,
		Units: func(ctx context.Context, who org.Actor) ([]desk.Unit, error) {
			units, err := a.Org.UnitsOf(ctx, who.Person, a.today())
			out := make([]desk.Unit, len(units))
			for i, u := range units {
				out[i] = desk.Unit{ID: u.ID, Name: u.NameOn(a.today())}
			}
			return out, err
		},
	})
}

func (a *App) portal(menu []web.Menu, home []web.Home) *portal.Portal {
	c := a.Config.District
	government := c.Government
	if government == "" {
		government = c.Name + "人民政府"
	}
	return portal.New(portal.Options{Government: government, Name: "政务公开", Doors: menu, Sections: home,
		Site: portal.Site{Sponsor: c.Sponsor, Keeper: c.Keeper, Code: c.Code, ICP: c.ICP, Police: c.Police, Contact: c.Contact}})
}

// screens are the pages of the kernel rooms.
func (a *App) screens() *desk.Screens {
	return desk.NewScreens(desk.Rooms{
		DB: a.DB, Accounts: a.Accounts, OIDC: a.OIDC, Org: a.Org, Cases: a.Cases, Jobs: a.Jobs, Notices: a.Notices, Calendar: a.Calendar,
		Days: a.Days, Refresh: a.refresh, Trust: a.Trust(), Actions: a.actions(), Clock: a.Clock, Office: a.Config.District.Office,
	})
}

// who tells who asks. Somebody who must first change the password or set up an
// authenticator is nobody everywhere but on the pages where that is done.
func (a *App) who(r *http.Request) (org.Actor, error) {
	who, err := a.Accounts.Who(r.Context())
	if err != nil || a.Accounts.Due(r.Context()) == "" || r.URL.Path == "/sign-out" || strings.HasPrefix(r.URL.Path, "/sign-in") {
		return who, err
	}
	return org.Actor{}, nil
}

// Serve answers at the configured address and runs the jobs until ctx ends, then
// lets requests and jobs under way finish. ready is called with the address once
// it answers.
func (a *App) Serve(ctx context.Context, ready func(address string)) error {
	handler, err := a.Handler()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", a.Config.Listen)
	if err != nil {
		text := fmt.Sprintf("不能在 %s 上监听，请检查 listen 的写法：本机的地址加端口，例如 127.0.0.1:8080", a.Config.Listen)
		switch {
		case errors.Is(err, syscall.EADDRINUSE):
			text = fmt.Sprintf("%s 已被别的程序占用（也可能是另一个 gongkai），请停止它，或用 --listen 换一个端口", a.Config.Listen)
		case errors.Is(err, syscall.EACCES):
			text = fmt.Sprintf("没有权限在 %s 上监听，请换 1024 以上的端口", a.Config.Listen)
		}
		return fault.Wrap(err, fault.Unavailable, text)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute,
		WriteTimeout: 6 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelWarn)}
	if err := a.Jobs.Start(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	_ = a.write(ctx) // learns the last instant before anybody is answered; State remembers a failure
	go a.follow(ctx)
	ready(listener.Addr().String())
	select {
	case err = <-ended:
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	return errors.Join(err, server.Shutdown(grace), a.Jobs.Stop(grace))
}

// follow takes over what another node has changed, and looks how the house does,
// until ctx ends.
func (a *App) follow(ctx context.Context) {
	tick, look := time.NewTicker(30*time.Second), time.NewTicker(5*time.Second)
	defer tick.Stop()
	defer look.Stop()
	was := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			a.probe(ctx)
			if now := a.said(); now != was {
				a.Log.Warn("state of the house", "was", was, "now", now)
				was = now
			}
		case <-tick.C:
			if err := a.refresh(ctx); err != nil && ctx.Err() == nil {
				a.Log.Warn("calendar not refreshed", "err", err)
			}
		}
	}
}

// actions names in Chinese what stands in the audit record.
func (a *App) actions() map[string]string {
	out := desk.Actions()
	for _, room := range []map[string]string{account.Actions(), org.Actions(), notify.Actions()} {
		maps.Copy(out, room)
	}
	for _, one := range a.areas {
		maps.Copy(out, one.Actions)
	}
	for _, f := range a.Flows() {
		maps.Copy(out, f.Actions())
	}
	return out
}
