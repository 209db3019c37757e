package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"sync"
	"time"

	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
)

// Options is what the site is made of.
type Options struct {
	Routes    []Route
	Templates map[string]fs.FS // by room: its folder template and its help.md; "web" is ours
	Assets    fs.FS            // bundled css and js; nil for those built into the binary
	Dev       bool             // read templates and assets anew for every request

	Session func(http.Handler) http.Handler                // loads and saves the session; nil for none
	WhoIs   func(*http.Request) (org.Actor, error)         // who asks; the zero Actor is anonymous
	Frame   func(*Request, *Page) (view string, err error) // the frame a page is set in and its data; nil for a bare one
	SignIn  string                                         // where an anonymous visitor who may not is sent; "/sign-in" when empty

	Log     *slog.Logger
	Clock   clock.Clock    // the machine's: limits and durations
	House   clock.Clock    // what time it is for people, which never goes back; Clock when nil
	Secure  bool           // cookies over TLS only, HSTS
	Proxies []netip.Prefix // whose X-Forwarded-For and -Proto are believed
	Rate    Rate           // of requests from one address
}

// Rate bounds the requests of one address; the zero Rate takes 20 a second and
// 200 at once, enough for an office behind one address.
type Rate struct {
	PerSecond float64
	Burst     int
}

// site is a running web.
type site struct {
	Options
	views  *views
	assets *assets
	limits *limiter
	helps  sync.Map // by room: its []section, each text turned into HTML once
}

// New builds the handler of all routes. It fails on a template that does not
// parse and panics on two routes that claim the same path, as ServeMux does.
func New(o Options) (http.Handler, error) {
	if o.Log == nil || o.Clock == nil {
		return nil, errors.New("web: Log and Clock must be given")
	}
	if o.SignIn == "" {
		o.SignIn = "/sign-in"
	}
	if o.House == nil {
		o.House = o.Clock
	}
	if o.WhoIs == nil {
		o.WhoIs = func(*http.Request) (org.Actor, error) { return org.Actor{}, nil }
	}
	if o.Rate.PerSecond == 0 {
		o.Rate = Rate{20, 200}
	}
	s := &site{Options: o, limits: newLimiter(o.Clock)}
	var err error
	if s.assets, err = loadAssets(o.Assets, o.Dev); err != nil {
		return nil, err
	}
	if s.assets.missing() {
		o.Log.Warn("页面样式和脚本还没有生成：请先运行 make assets，再重新编译；此前页面只有文字")
	}
	if s.views, err = s.loadViews(); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, route := range append(s.own(), o.Routes...) {
		if route.Roles == 0 { // a Route written by hand, past GET and POST
			panic("web: " + route.Pattern() + " declares no role")
		}
		mux.Handle(route.Pattern(), s.serve(route))
	}
	mux.Handle("GET "+assetPath, s.assets)
	mux.Handle("/", s.serve(Route{Path: "/", Roles: org.Public, Handle: nowhere, body: bodyLimit, within: deadline}))
	return s.guard(mux), nil
}

// nowhere answers what no route claims.
func nowhere(*Request) (Reply, error) {
	return Reply{}, fault.New(fault.NotFound, "没有找到这个网页，它可能已移动，或者网址没有写完整")
}

// mark is the site's sign in a browser's tab: an open square.
const mark = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#0b57d0"/>` +
	`<path d="M10 9h12v4M22 19v4H10V9" fill="none" stroke="#fff" stroke-width="3"/></svg>`

func icon(*Request) (Reply, error) {
	return SVG(func(w io.Writer) error {
		_, err := io.WriteString(w, mark)
		return err
	}).Cached(24 * time.Hour), nil
}

// own are the routes every site has.
func (s *site) own() []Route {
	return []Route{
		POST("/display", org.Public, s.display),
		GET("/help/{room}", org.Public, s.helpPage),
		GET("/favicon.ico", org.Public, icon),
	}
}

// serve runs one route: who asks, may they, the handler, the answer. Faults and
// panics of all of them become pages here and nowhere else.
func (s *site) serve(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		seen := look(in)
		seen.pattern = route.Pattern()
		ctx, cancel := context.WithTimeout(in.Context(), route.within)
		defer cancel()
		in = in.WithContext(ctx)
		in.Body = http.MaxBytesReader(w, in.Body, route.body)
		r := &Request{Request: in, site: s, ID: seen.id, Now: s.House.Now(), writer: w, route: route, address: seen.address}
		defer func() {
			if in.MultipartForm != nil {
				_ = in.MultipartForm.RemoveAll() // temporary files; the machine clears what is left
			}
		}()
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.fail(r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		if err := s.answer(r); err != nil {
			s.fail(r, err)
		}
	})
}

func (s *site) answer(r *Request) error {
	if r.route.tries > 0 && !s.limits.allow(r.route.Pattern(), r.address, float64(r.route.tries)/60, r.route.tries) {
		return fault.New(fault.TooMany, "操作太频繁了，请过一分钟再试")
	}
	var who org.Actor
	if !r.route.refuse {
		var err error
		if who, err = s.WhoIs(r.Request); err != nil {
			return err
		}
	}
	r.Who = who
	look(r.Request).person = who.Person
	if c, err := r.Cookie(noticeCookie); err == nil {
		r.notice, _ = url.QueryUnescape(c.Value)
	}
	if !who.May(r.route.Roles) {
		return fault.New(fault.Forbidden, "您的账号没有这一页的权限；需要时请联系本单位的政务公开负责人或系统管理员")
	}
	if r.route.Raw != nil {
		r.route.Raw.ServeHTTP(r.writer, r.Request)
		return nil
	}
	reply, err := r.route.Handle(r)
	if err != nil {
		return err
	}
	return s.send(r, reply)
}

// status is the one place where a kind of fault becomes an HTTP status.
func status(kind fault.Kind) int {
	switch kind {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Conflict:
		return http.StatusConflict
	case fault.Gone:
		return http.StatusGone
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Internal:
	}
	return http.StatusInternalServerError
}

const (
	noticeCookie = "notice"
	modeCookie   = "mode"
	themeCookie  = "theme"
)

func (s *site) cookie(_ *Request, name, value string, life time.Duration) *http.Cookie {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode, MaxAge: int(life.Seconds())}
	if life < 0 {
		c.MaxAge = -1
	}
	return c
}

// seen is what the guard knows of a request and what its log line says. It
// travels in the context because the layers between may not know of it.
type seen struct {
	id      id.ID
	address netip.Addr
	pattern string
	person  id.ID
}

type seenKey struct{}

func look(r *http.Request) *seen {
	if s, ok := r.Context().Value(seenKey{}).(*seen); ok {
		return s
	}
	return &seen{}
}
