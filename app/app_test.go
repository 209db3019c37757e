package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/config"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/web"
)

var quiet = slog.New(slog.DiscardHandler)

// today is the clock of the tests.
func today() *clock.Fixed {
	return clock.At(calendar.MustParse("2022-06-17").Start().Add(10 * time.Hour))
}

// scratch is the folder that TestMain removes in the end.
var scratch string

// demonstration is the folder of a demonstration district; to make one takes
// longer than all else here, so that each test opens a copy.
var demonstration = sync.OnceValues(func() (string, error) {
	cfg := config.Default()
	cfg.Data = filepath.Join(scratch, "demo")
	website, err := net.Listen("tcp", demoWebsite())
	if err != nil {
		return "", err
	}
	d, err := made(context.Background(), cfg, today(), quiet, website)
	if err == nil && (!d.Made || len(d.Accounts) != len(demoAccounts)) {
		err = fmt.Errorf("demo: %+v", d)
	}
	return cfg.Data, err
})

func TestMain(m *testing.M) {
	if day := os.Getenv(websiteDay); day != "" {
		if err := beWebsite(day, os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	var err error
	if scratch, err = os.MkdirTemp("", "gongkai-app-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(scratch)
	os.Exit(code)
}

// house is the demonstration district on SQLite, opened again as serve would.
func house(t *testing.T) *App {
	t.Helper()
	return houseOn(t, demoData(t))
}

// demoData is the configuration of a copy of the demonstration.
func demoData(t *testing.T) config.Config {
	t.Helper()
	made, err := demonstration()
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	cfg.Data = filepath.Join(t.TempDir(), "data")
	err = os.CopyFS(cfg.Data, os.DirFS(made))
	for _, name := range []string{"keyring", "audit.pem"} {
		err = errors.Join(err, os.Chmod(filepath.Join(cfg.Data, "keys", name), 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
	return DemoConfig(cfg)
}

func houseOn(t *testing.T, cfg config.Config) *App {
	t.Helper()
	a, err := Open(context.Background(), cfg, today(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// refused is what web says to who holds no role of a route.
const refused = "您的账号没有这一页的权限"

var place = regexp.MustCompile(`\{[^}]*\}`)

func TestEveryRouteKnowsWhoMayAsk(t *testing.T) {
	a := house(t)
	o, err := a.options()
	if err != nil {
		t.Fatal(err)
	}
	units, err := a.Org.Units(context.Background(), org.UnitAsk{})
	if err != nil {
		t.Fatal(err)
	}
	var who org.Actor
	o.WhoIs = func(*http.Request) (org.Actor, error) { return who, nil }
	o.Rate = web.Rate{PerSecond: 1e6, Burst: 1e6}
	for i := range o.Routes { // the doors' own limits would refuse this test
		o.Routes[i] = o.Routes[i].Tries(0)
	}
	handler, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	actors := []org.Actor{{}}
	for _, role := range org.AllRoles() {
		actors = append(actors, org.Actor{Person: id.New(), Name: "测试", Unit: units.Rows[0].ID, UnitName: units.Rows[0].Name, Roles: role})
	}
	for _, route := range o.Routes {
		if route.Roles == 0 {
			t.Fatalf("%s declares no role", route.Pattern())
		}
		path := place.ReplaceAllStringFunc(route.Path, func(name string) string {
			if name == "{$}" {
				return ""
			}
			return string(id.New())
		})
		for _, who = range actors {
			w := httptest.NewRecorder()
			r := httptest.NewRequest(route.Method, path, strings.NewReader(""))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			handler.ServeHTTP(w, r)
			name := fmt.Sprintf("%s as %q", route.Pattern(), who.Roles.Title())
			toDoor := w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/sign-in")
			switch {
			case w.Code >= 500:
				t.Errorf("%s: %d %.600s", name, w.Code, w.Body.String())
			case who.May(route.Roles) && strings.Contains(w.Body.String(), refused):
				t.Errorf("%s: refused", name)
			case !who.May(route.Roles) && who.Person == "" && !toDoor && w.Code != http.StatusForbidden:
				t.Errorf("%s: an anonymous visitor got %d", name, w.Code)
			case !who.May(route.Roles) && who.Person != "" && (w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), refused)):
				t.Errorf("%s: got %d, want 403", name, w.Code)
			}
		}
	}
}

func TestEveryFlowHolds(t *testing.T) {
	a := house(t)
	for _, f := range a.Flows() {
		if err := f.Valid(); err != nil { // every state reached and left, every name known
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

// browser keeps the cookies of one person.
type browser struct {
	t       *testing.T
	handler http.Handler
	cookies map[string]*http.Cookie
}

func (a *App) browser(t *testing.T) *browser {
	t.Helper()
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, h, map[string]*http.Cookie{}}
}

func (b *browser) do(method, path string, pairs ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookies[c.Name] = c
	}
	return w
}

func (b *browser) want(code int, method, path, text string, pairs ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	w := b.do(method, path, pairs...)
	if w.Code != code || !strings.Contains(w.Body.String(), text) {
		b.t.Fatalf("%s %s: %d, want %d with %q: %.3000s", method, path, w.Code, code, text, w.Body.String())
	}
	return w
}

func (b *browser) signIn(login, password string) {
	b.t.Helper()
	b.want(303, "POST", "/sign-in", "", "login", login, "password", password)
}

func TestPeopleSignInAndLookAtTheirPages(t *testing.T) {
	a := house(t)
	for login, pages := range map[string][]string{
		"tongchou": {"/desk", "/desk/messages", "/desk/account", "/desk/account/password", "/desk/account/totp", "/desk/units", "/desk/groups", "/desk/calendar", "/desk/calendar?year=2021"},
		"sysadmin": {"/desk", "/desk/units/new", "/desk/groups/new", "/desk/org/import", "/desk/org/template.xlsx", "/desk/people", "/desk/people/new", "/desk/people?role=editor", "/desk/system", "/desk/system/jobs", "/desk/system/deliveries", "/desk/calendar/new"},
		"secadmin": {"/desk", "/desk/accounts", "/desk/accounts/new?q=JC0201", "/desk/accounts/sessions"},
		"auditor":  {"/desk", "/desk/audit", "/desk/audit?action=account.in", "/desk/audit?who=JC9001", "/desk/audit?from=2022-06-01&until=2022-06-17"},
	} {
		b := a.browser(t)
		b.want(303, "GET", "/desk", "")
		b.signIn(login, DemoPassword)
		for _, page := range pages {
			b.want(200, "GET", page, "")
		}
		b.want(303, "POST", "/sign-out", "")
		b.want(303, "GET", "/desk", "")
	}
	b := a.browser(t)
	b.want(422, "POST", "/sign-in", "密码或动态口令不正确", "login", "tongchou", "password", "wrong-wrong-wrong")
}

func TestAFirstPasswordIsChangedBeforeAnythingElse(t *testing.T) {
	a := house(t)
	ctx := context.Background()
	p, err := a.Org.PersonNumbered(ctx, "JC0302")
	if err != nil {
		t.Fatal(err)
	}
	first, err := a.Accounts.CreateAccount(ctx, org.System, p.ID, "zhujiahui")
	if err != nil {
		t.Fatal(err)
	}
	b := a.browser(t)
	b.signIn("zhujiahui", first)
	for _, path := range []string{"/desk", "/desk/account", "/desk/units"} {
		w := b.want(303, "GET", path, "")
		if !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
			t.Errorf("%s led to %s", path, w.Header().Get("Location"))
		}
	}
	if w := b.want(303, "GET", "/sign-in", ""); w.Header().Get("Location") != "/sign-in/password" {
		t.Errorf("led to %s", w.Header().Get("Location"))
	}
	b.want(422, "POST", "/sign-in/password", "不一样", "old", first, "password", "shanshui-tianyuan-9", "again", "x")
	b.want(303, "POST", "/sign-in/password", "", "old", first, "password", "shanshui-tianyuan-9", "again", "shanshui-tianyuan-9")
	b.want(200, "GET", "/desk", "我的待办")
}

func TestAdministratorsDoTheirWork(t *testing.T) {
	a := house(t)
	ctx := context.Background()
	sys, sec, audit := a.browser(t), a.browser(t), a.browser(t)
	sys.signIn("sysadmin", DemoPassword)
	sec.signIn("secadmin", DemoPassword)
	audit.signIn("auditor", DemoPassword)

	t.Run("a person is added, given a role and an account", func(t *testing.T) {
		sys.want(422, "POST", "/desk/people", "姓名请写", "name", "甲", "number", "JC7001")
		at := sys.want(303, "POST", "/desk/people", "", "name", "钟灵", "number", "JC7001", "phone", "19900007001").Header().Get("Location")
		units, err := a.Org.Units(ctx, org.UnitAsk{Text: "区科技局"})
		if err != nil {
			t.Fatal(err)
		}
		sys.want(409, "POST", at+"/posts", "三员分立", "unit", string(units.Rows[0].ID), "roles", "editor", "roles", "system", "post_from", "2022-06-17")
		sys.want(303, "POST", at+"/posts", "", "unit", string(units.Rows[0].ID), "roles", "editor", "post_from", "2022-06-17")
		sys.want(422, "POST", at+"/reveal", "请填写查看联系方式的事由")
		sys.want(200, "POST", at+"/reveal", "19900007001", "why", "通知开会")
		if w := sys.want(200, "GET", at, "199****7001"); strings.Contains(w.Body.String(), "19900007001") {
			t.Error("the phone stays unmasked")
		}
		person := strings.TrimPrefix(at, "/desk/people/")
		sec.want(200, "POST", "/desk/accounts", "初始密码", "q", "JC7001", "person", person, "login", "zhongling")
		sec.want(422, "POST", "/desk/accounts/"+person, "请填写原因", "do", "disable")
		sec.want(303, "POST", "/desk/accounts/"+person, "", "do", "disable", "reason", "借调")
		sec.want(200, "GET", "/desk/accounts/"+person, "已停用")
		audit.want(200, "GET", "/desk/audit?action=person.reveal", "通知开会")
	})
	t.Run("a unit is renamed and a stale save refused", func(t *testing.T) {
		at := sys.want(303, "POST", "/desk/units", "", "name", "区数字产业局", "type", "department").Header().Get("Location")
		sys.want(303, "POST", at+"/rename", "", "new_name", "区数字经济局", "on", "2022-06-17", "version", "1")
		sys.want(409, "POST", at, "再次保存以您的为准", "name", "区数字局", "type", "department", "version", "1")
		sys.want(200, "GET", at, "区数字产业局")
	})
	t.Run("CAL-06 an arrangement is put in force by a second person", func(t *testing.T) {
		year := a.Days().Year(2022)
		year.Number = "国办发明电〔2021〕99号"
		text := year.Notice()
		sys.want(422, "POST", "/desk/calendar/new", "", "text", "不是通知")
		sys.want(200, "POST", "/desk/calendar/new", "理解到的安排", "text", text, "do", "check")
		sys.want(303, "POST", "/desk/calendar/new", "", "text", text, "do", "load")
		sys.want(200, "GET", "/desk/calendar/2022/confirm", "您是录入人")
		waiting, err := a.Calendar.Waiting(ctx)
		if err != nil || len(waiting) != 1 {
			t.Fatalf("waiting: %v, %v", waiting, err)
		}
		version := fmt.Sprint(waiting[0].Version)
		sys.want(403, "POST", "/desk/calendar/2022/confirm", "", "version", version, "seen", "0")
		other := a.browser(t)
		other.signIn("sysadmin2", DemoPassword)
		other.want(409, "POST", "/desk/calendar/2022/confirm", "", "version", version, "seen", "99999")
		page := other.want(200, "GET", "/desk/calendar/2022/confirm", "核对无误").Body.String()
		seen := regexp.MustCompile(`name="seen" value="(\d+)"`).FindStringSubmatch(page)
		other.want(303, "POST", "/desk/calendar/2022/confirm", "", "version", version, "seen", seen[1])
		if got := a.Days().Year(2022).Number; got != year.Number {
			t.Errorf("in force: %s", got)
		}
	})
	t.Run("the record is whole", func(t *testing.T) {
		audit.want(200, "POST", "/desk/audit/verify", "没有发现改动")
		audit.want(200, "POST", "/desk/audit/export", `"lane"`)
	})
}

func TestAHouseThatIsThereIsNotTouched(t *testing.T) {
	cfg := config.Default()
	cfg.Data = filepath.Join(t.TempDir(), "new")
	cfg.District.Name = "江澄区"
	now := clock.At(calendar.MustParse("2022-06-17").Start())
	log := slog.New(slog.DiscardHandler)
	ctx := context.Background()
	if _, err := Open(ctx, cfg, now, log); !fault.Is(err, fault.NotFound) {
		t.Errorf("opened what is not there: %v", err)
	}
	first, err := Init(ctx, cfg, now, log)
	if err != nil || len(first) != 3 {
		t.Fatalf("init: %v, %v", first, err)
	}
	if _, err := Init(ctx, cfg, now, log); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second init: %v", err)
	}
	if d, err := Demo(ctx, cfg, now, log); err != nil || d.Made || d.Accounts != nil {
		t.Errorf("demo over a house: %+v, %v", d, err)
	}
}

// Whoever asks too much, or from somebody else's page, is refused with a page,
// before there is a session to look into.
func TestRefusedBeforeTheSession(t *testing.T) {
	a := house(t)
	b := a.browser(t)
	b.signIn("tongchou", DemoPassword)
	for _, origin := range []string{"http://evil.example", "null"} {
		r := httptest.NewRequest("POST", "/sign-in", strings.NewReader("login=tongchou"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", origin)
		w := httptest.NewRecorder()
		b.handler.ServeHTTP(w, r)
		if w.Code != 403 || !strings.Contains(w.Body.String(), "不是从本网站的页面发出的") {
			t.Errorf("from %s: %d %.300s", origin, w.Code, w.Body.String())
		}
	}
	for range 2000 {
		if w := b.do("GET", "/healthz"); w.Code == 429 {
			if w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "请求太多") {
				t.Errorf("refused without saying when to come back: %v %.300s", w.Header(), w.Body.String())
			}
			return
		}
	}
	t.Error("2,000 requests at once were all answered")
}
