package desk

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"

	"github.com/skip2/go-qrcode"

	"gongkai/kernel/account"
	"gongkai/kernel/fault"
	"gongkai/kernel/org"
	"gongkai/web"
)

// triesAMinute bounds what one address may try at the doors; an office shares
// one, and the accounts have brakes of their own.
const triesAMinute = 60

func (s *Screens) signRoutes() []web.Route {
	routes := []web.Route{
		web.GET("/sign-in", org.Public, s.signIn),
		web.POST("/sign-in", org.Public, s.enter).Tries(triesAMinute),
		web.GET("/sign-in/password", org.Staff, s.firstPassword),
		web.POST("/sign-in/password", org.Staff, s.setFirstPassword).Tries(triesAMinute),
		web.GET("/sign-in/totp", org.Staff, s.firstTOTP),
		web.POST("/sign-in/totp", org.Staff, s.enrolFirst),
		web.POST("/sign-in/totp/confirm", org.Staff, s.confirmFirst).Tries(triesAMinute),
		web.POST("/sign-out", org.Public, s.signOut),
		web.POST("/desk/unit", org.Staff, s.switchUnit),
	}
	if s.OIDC != nil {
		// A link, not a form: the answer leads to another site, where the page's
		// form-action does not let a form go.
		routes = append(routes,
			web.GET("/sign-in/provider", org.Public, s.provider).Tries(triesAMinute),
			web.GET("/sign-in/oidc", org.Public, s.answered).Tries(triesAMinute))
	}
	return routes
}

// signPage is the page to sign in.
type signPage struct {
	*web.Form
	Next     string
	Provider string // name of the provider, "" for none
	Code     bool   // ask for a one-time code
}

func (s *Screens) signPage(r *web.Request, f *web.Form) signPage {
	p := signPage{Form: f, Next: r.Back("")}
	if s.OIDC != nil {
		p.Provider = s.OIDC.Title()
	}
	return p
}

func (s *Screens) signIn(r *web.Request) (web.Reply, error) {
	if r.Who.Person != "" {
		return s.onward(r, s.Accounts.Due(r.Context())), nil
	}
	return web.View("desk/sign-in", s.signPage(r, web.Fill())), nil
}

// onward leads to what is due, else to where the person wanted to go.
func (s *Screens) onward(r *web.Request, due string) web.Reply {
	next := r.Back("/desk")
	switch due {
	case account.DuePassword:
		return web.Redirect("/sign-in/password")
	case account.DueTOTP:
		return web.Redirect("/sign-in/totp")
	}
	return web.Redirect(next)
}

func (s *Screens) enter(r *web.Request) (web.Reply, error) {
	f := r.Form()
	if err := f.Err(); err != nil {
		return web.Reply{}, err
	}
	in, err := s.Accounts.SignIn(r.Context(), f.Value("login"), f.Value("password"), f.Text("code"), meta(r))
	if err != nil {
		p := s.signPage(r, f)
		_, missing := fault.FieldsOf(err)["code"]
		p.Code = missing || f.Value("code") != ""
		if missing { // the password was right; the field says what to do
			err = fault.Fields{"code": fault.FieldsOf(err)["code"], "password": "请再输入一次密码"}.Err()
		}
		return f.Refused(err, "desk/sign-in", p)
	}
	return s.onward(r, in.Due), nil
}

func (s *Screens) provider(r *web.Request) (web.Reply, error) {
	to, err := s.OIDC.Begin(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	return web.Redirect(to), nil
}

func (s *Screens) answered(r *web.Request) (web.Reply, error) {
	in, err := s.OIDC.Finish(r.Context(), r.URL.Query(), meta(r))
	if err != nil {
		return web.Reply{}, err
	}
	return s.onward(r, in.Due), nil
}

func (s *Screens) signOut(r *web.Request) (web.Reply, error) {
	away := ""
	if s.OIDC != nil {
		to, err := s.OIDC.SignOutURL(r.Context())
		if err == nil { // when the provider is away its session stays; ours ends
			away = to
		}
	}
	if err := s.Accounts.SignOut(r.Context(), meta(r)); err != nil {
		return web.Reply{}, err
	}
	if away == "" {
		return web.Redirect("/sign-in").Flash("已退出登录"), nil
	}
	r.Who = org.Actor{}
	return web.View("desk/signed-out", struct{ Provider, Away string }{s.OIDC.Title(), away}), nil
}

func (s *Screens) switchUnit(r *web.Request) (web.Reply, error) {
	f := r.Form()
	unit := f.Key("unit")
	if err := f.Err(); err != nil {
		return web.Reply{}, err
	}
	who, err := s.Accounts.SwitchUnit(r.Context(), unit)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Redirect("/desk").Flash("现在代表" + who.UnitName + "办理"), nil
}

// passwordPage asks for the old and the new password. First is set while
// nothing else may be done.
type passwordPage struct {
	*web.Form
	First bool
	To    string
}

func (s *Screens) firstPassword(r *web.Request) (web.Reply, error) {
	if s.Accounts.Due(r.Context()) != account.DuePassword {
		return s.onward(r, s.Accounts.Due(r.Context())), nil
	}
	return web.View("desk/password", passwordPage{web.Fill(), true, "/sign-in/password"}), nil
}

func (s *Screens) setFirstPassword(r *web.Request) (web.Reply, error) {
	if err := s.changePassword(r); err != nil {
		return r.Form().Refused(err, "desk/password", passwordPage{r.Form(), true, "/sign-in/password"})
	}
	return s.onward(r, s.Accounts.Due(r.Context())).Flash("密码已修改，其他设备上的登录已全部退出"), nil
}

// changePassword takes the new password when it was typed twice alike.
func (s *Screens) changePassword(r *web.Request) error {
	f := r.Form()
	if err := f.Err(); err != nil {
		return err
	}
	if f.Value("password") != f.Value("again") {
		return fault.Fields{"again": "两次输入的新密码不一样，请重新输入"}.Err()
	}
	return s.Accounts.ChangePassword(r.Context(), r.Who, f.Value("old"), f.Value("password"), meta(r))
}

// totpPage leads through setting up an authenticator app.
type totpPage struct {
	*web.Form
	First    bool
	To       string       // where its forms go
	Secret   string       // to type by hand, "" before the start
	Code     template.URL // picture of the QR code
	Recovery []string     // shown once, after it works
}

func (s *Screens) firstTOTP(r *web.Request) (web.Reply, error) {
	if s.Accounts.Due(r.Context()) != account.DueTOTP {
		return s.onward(r, s.Accounts.Due(r.Context())), nil
	}
	return web.View("desk/totp", totpPage{Form: web.Fill(), First: true, To: "/sign-in/totp"}), nil
}

func (s *Screens) enrolFirst(r *web.Request) (web.Reply, error) {
	return s.enrol(r, totpPage{First: true, To: "/sign-in/totp"})
}

func (s *Screens) confirmFirst(r *web.Request) (web.Reply, error) {
	return s.confirmTOTP(r, totpPage{First: true, To: "/sign-in/totp"})
}

// enrol shows a fresh secret as a QR code.
func (s *Screens) enrol(r *web.Request, p totpPage) (web.Reply, error) {
	e, err := s.Accounts.EnrolTOTP(r.Context(), r.Who)
	if err != nil {
		return web.Reply{}, err
	}
	p.Form, p.Secret = web.Fill("uri", e.URI, "secret", e.Secret), e.Secret
	p.Code, err = picture(e.URI)
	return web.View("desk/totp", p).With("Cache-Control", "no-store"), err
}

// confirmTOTP proves the app with a code and shows the recovery codes. The form
// brings the secret along so that a wrong code shows the same picture again.
func (s *Screens) confirmTOTP(r *web.Request, p totpPage) (web.Reply, error) {
	f := r.Form()
	codes, err := s.Accounts.ConfirmTOTP(r.Context(), r.Who, f.Text("code"))
	p.Form = f
	if err != nil {
		p.Secret = f.Text("secret")
		if uri := f.Text("uri"); strings.HasPrefix(uri, "otpauth://") {
			p.Code, _ = picture(uri) // too long a text makes no picture; the secret stands beside it
		}
		reply, err := f.Refused(err, "desk/totp", p)
		return reply.With("Cache-Control", "no-store"), err
	}
	p.Recovery = codes
	return web.View("desk/totp", p).With("Cache-Control", "no-store"), nil
}

// picture draws a QR code as a data: address.
func picture(text string) (template.URL, error) {
	png, err := qrcode.Encode(text, qrcode.Medium, 240)
	if err != nil {
		return "", fmt.Errorf("draw a QR code: %w", err)
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png)), nil // our own bytes
}
