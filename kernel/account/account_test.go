package account

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

var (
	day  = calendar.MustParse("2026-05-06")
	from = Meta{Address: "10.1.2.3", Agent: "Mozilla/5.0 测试"}
)

const good = "长江-山城-雾都-轻轨1"

type house struct {
	*Service
	t        *testing.T
	k        *storetest.Kit
	db       *store.DB
	people   *org.Service
	unit     id.ID
	other    id.ID
	security org.Actor
}

func newHouse(t *testing.T, k *storetest.Kit, change func(*Settings)) *house {
	db := k.Open(audit.Migration(), org.Migration(), Migration())
	keys := testKeys(t)
	people := org.New(db, keys, org.District{Name: "澄江区"})
	settings := Defaults()
	if change != nil {
		change(&settings)
	}
	h := &house{Service: New(db, keys, people, settings), t: t, k: k, db: db, people: people,
		security: org.Actor{Person: "sec", Name: "安全", Roles: org.SecurityAdmin}}
	h.hasher.memory = 64 // the rules are tested here, not the cost
	ctx := context.Background()
	var err error
	h.unit, err = people.PutUnit(ctx, org.System, org.Unit{Name: "区司法局", Type: org.Department})
	h.ok(err)
	h.other, err = people.PutUnit(ctx, org.System, org.Unit{Name: "区住建委", Type: org.Department})
	h.ok(err)
	return h
}

func (h *house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) refused(err error, kind fault.Kind, text string) {
	h.t.Helper()
	if !fault.Is(err, kind) || !strings.Contains(err.Error(), text) {
		h.t.Fatalf("got %v, want kind %d with %q", err, kind, text)
	}
}

// person makes a person with roles in the first unit and an account that is in use.
func (h *house) person(name, login string, roles org.Role) id.ID {
	h.t.Helper()
	ctx := context.Background()
	key, err := h.people.PutPerson(ctx, org.System, org.Person{Name: name})
	h.ok(err)
	_, err = h.people.Assign(ctx, org.System, org.Post{Person: key, Unit: h.unit, Roles: roles})
	h.ok(err)
	h.ok(h.CreateWith(ctx, org.System, key, login, good, false))
	return key
}

// browser opens the session of a token.
func (h *house) browser(token string) context.Context {
	h.t.Helper()
	ctx, err := h.Open(context.Background(), token)
	h.ok(err)
	return ctx
}

// save ends a request and returns the browser's token.
func (h *house) save(ctx context.Context) string {
	h.t.Helper()
	token, err := h.Save(ctx)
	h.ok(err)
	return token
}

func (h *house) actions(person id.ID) string {
	h.t.Helper()
	list, err := audit.History(context.Background(), h.db.Read, "account", string(person))
	h.ok(err)
	var out []string
	for _, r := range list {
		out = append(out, r.Action)
	}
	return strings.Join(out, " ")
}

func TestSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		h := newHouse(t, k, nil)
		wang := h.person("王敏", "wang", org.Editor)
		_, err := h.people.Assign(context.Background(), org.System, org.Post{Person: wang, Unit: h.other, Roles: org.Reviewer1})
		h.ok(err)

		ctx := h.browser("")
		if who, err := h.Who(ctx); err != nil || who != (org.Actor{}) {
			t.Fatalf("nobody yet: %+v %v", who, err)
		}
		_, err = h.SignIn(ctx, "wang", "错的密码", "", from)
		h.refused(err, fault.Invalid, "用户名、密码或动态口令不正确")
		_, err2 := h.SignIn(ctx, "nobody", "错的密码", "", from)
		if err2.Error() != err.Error() {
			t.Errorf("an unknown name is answered differently: %v", err2)
		}
		before := h.save(ctx)
		in, err := h.SignIn(ctx, " WANG ", good, "", from)
		h.ok(err)
		if in.Due != "" || in.Actor.Unit != h.unit || !in.Actor.May(org.Editor) {
			t.Fatalf("%+v", in)
		}
		token := h.save(ctx)
		if token == before || token == "" {
			t.Error("sign-in must give a new token")
		}
		if row, err := findSession(ctx, h.db.Read, token); err != nil || row != nil {
			t.Error("the token stands in the database unhashed")
		}
		ctx = h.browser(token)
		who, err := h.Who(ctx)
		h.ok(err)
		if who.Person != wang || who.Roles != org.Public|org.Staff|org.Editor {
			t.Errorf("%+v", who)
		}

		who, err = h.SwitchUnit(ctx, h.other)
		h.ok(err)
		switched := h.save(ctx)
		if !who.Roles.Any(org.Reviewer1) || switched == token {
			t.Errorf("switched %+v", who)
		}
		if who, _ := h.Who(h.browser(token)); who.Person != "" {
			t.Error("the old token still works")
		}
		_, err = h.SwitchUnit(ctx, id.New())
		h.refused(err, fault.NotFound, "单位")

		// A role that comes or goes counts at once and renews the token.
		ctx = h.browser(switched)
		posts, err := h.people.Posts(ctx, wang)
		h.ok(err)
		h.ok(h.people.EndPost(ctx, org.System, posts[1].ID, day))
		who, err = h.Who(ctx)
		h.ok(err)
		if who.Unit != h.unit || who.Roles.Any(org.Reviewer1) {
			t.Errorf("after the post ended: %+v", who)
		}
		renewed := h.save(ctx)
		if renewed == switched {
			t.Error("another set of roles must give a new token")
		}
		ctx = h.browser(renewed)
		h.ok(h.SignOut(ctx, from))
		h.save(ctx)
		if who, _ := h.Who(h.browser(renewed)); who.Person != "" {
			t.Error("signed out, yet in")
		}
		if got := h.actions(wang); got != "account.add account.fail account.in account.unit account.out" {
			t.Errorf("record: %s", got)
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		h := newHouse(t, k, func(s *Settings) { s.Idle, s.Absolute = 30*time.Minute, 2*time.Hour })
		wang, li := h.person("王敏", "wang", org.Editor), h.person("李红", "lihong", org.Editor)
		enter := func(login string) string {
			ctx := h.browser("")
			_, err := h.SignIn(ctx, login, good, "", from)
			h.ok(err)
			return h.save(ctx)
		}
		in := func(token string) bool {
			ctx := h.browser(token)
			who, err := h.Who(ctx)
			h.ok(err)
			if who.Person != "" {
				h.save(ctx)
			}
			return who.Person != ""
		}
		token := enter("wang")
		k.Clock.Advance(29 * time.Minute)
		if !in(token) {
			t.Fatal("used in time, yet out")
		}
		k.Clock.Advance(29 * time.Minute)
		if !in(token) {
			t.Fatal("use must put idleness off")
		}
		k.Clock.Advance(30 * time.Minute)
		if in(token) {
			t.Error("idle, yet in")
		}
		token = enter("wang")
		for range 6 {
			k.Clock.Advance(20*time.Minute - time.Second)
			if !in(token) {
				t.Fatal("used all the time")
			}
		}
		k.Clock.Advance(10 * time.Second)
		if in(token) {
			t.Error("older than the longest session")
		}

		one, two := enter("wang"), enter("wang")
		ctx := h.browser(two)
		list, err := h.Sessions(ctx, wang)
		h.ok(err)
		if len(list) != 2 || list[0].This == list[1].This || list[0].Address != from.Address || list[0].Agent != from.Agent {
			t.Fatalf("sessions %+v", list)
		}
		var other id.ID
		for _, s := range list {
			if !s.This {
				other = s.ID
			}
		}
		h.refused(h.EndSession(ctx, org.Actor{Person: li, Name: "李红"}, other), fault.NotFound, "没有找到这个登录")
		late := h.browser(one) // a request of the other browser is under way
		h.ok(h.EndSession(ctx, org.Actor{Person: wang, Name: "王敏"}, other))
		h.ok(h.manager.RenewToken(late))
		if in(one) || in(h.save(late)) {
			t.Error("a late request brought an ended session back")
		}
		if !in(two) {
			t.Error("the wrong session ended")
		}
		h.refused(h.EndOthers(ctx, org.Actor{Person: li, Name: "李红"}, wang), fault.Forbidden, "只有本人")
		h.ok(h.Disable(ctx, h.security, wang, "调查"))
		if in(two) {
			t.Error("disabled, yet in")
		}
		_, err = h.SignIn(h.browser(""), "wang", good, "", from)
		h.refused(err, fault.Forbidden, "已停用")
		h.ok(h.Enable(ctx, h.security, wang, "查清"))
		k.Clock.Advance(72 * time.Hour)
		h.ok(h.Sweep(ctx))
		if list, err = openSessions(ctx, h.db.Read, "", time.Time{}, time.Time{}); err != nil || len(list) != 0 {
			t.Errorf("left after sweeping: %v %v", list, err)
		}
	})
}

func TestSessionsWhileTheDatabaseTakesNothing(t *testing.T) {
	k := storetest.SQLite(t)
	h := newHouse(t, k, nil)
	h.person("王芳", "wangfang", org.Editor)
	token := ""
	site := h.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch who, err := h.Who(r.Context()); {
		case err != nil:
			http.Error(w, fault.Text(err), http.StatusServiceUnavailable)
		case r.URL.Path == "/in":
			if _, err := h.SignIn(r.Context(), "wangfang", good, "", from); err != nil {
				http.Error(w, err.Error(), http.StatusTeapot)
				return
			}
			h.manager.Put(r.Context(), "long", strings.Repeat("长", 100_000))
			w.Header().Set("Location", "/desk")
			w.WriteHeader(http.StatusSeeOther)
		default:
			_, _ = w.Write([]byte(who.Name + "的一页"))
		}
	}))
	ask := func(path string, code int, text string) {
		t.Helper()
		r, w := httptest.NewRequest("GET", path, nil), httptest.NewRecorder()
		if token != "" {
			r.AddCookie(&http.Cookie{Name: h.manager.Cookie.Name, Value: token})
		}
		site.ServeHTTP(w, r)
		if w.Code != code || strings.TrimSpace(w.Body.String()) != text || code >= 500 && w.Header().Get("Location") != "" {
			t.Errorf("%s: %d %s, want %d %s", path, w.Code, w.Body, code, text)
		}
		for _, c := range w.Result().Cookies() {
			token = c.Value
		}
	}
	ask("/in", 303, "")
	signedIn := token
	ask("/", 200, "王芳的一页")

	set := func(pragma string) {
		t.Helper()
		_, err := h.db.SQL().Exec("pragma " + pragma)
		h.ok(err)
	}
	set("query_only = 1")
	k.Clock.Advance(20 * time.Minute)
	token = signedIn
	ask("/", 200, "王芳的一页") // the time of last use is not kept, the page is shown
	set("query_only = 0")

	set("max_page_count = 1") // what it has now is all it gets
	token = ""
	ask("/in", 503, "服务器磁盘已满，暂时不能保存。已保存的内容不受影响，请联系系统管理员清理磁盘后重试")
	set("max_page_count = 1000000")
	ask("/in", 303, "")

	h.ok(h.db.Close())
	ask("/", 503, "") // the error is no one's to read
}

func TestBrake(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		h := newHouse(t, k, nil)
		wang := h.person("王敏", "wang", org.Editor)
		second := New(h.db, h.keys, h.people, h.settings) // another node
		second.hasher = h.hasher
		for _, login := range []string{"wang", "nobody"} {
			for i := range 4 {
				_, err := h.SignIn(h.browser(""), login, "x", "", from)
				if !fault.Is(err, fault.Invalid) {
					t.Fatalf("%s try %d: %v", login, i+1, err)
				}
			}
			ctx, err := second.Open(context.Background(), "")
			h.ok(err)
			_, err = second.SignIn(ctx, login, good, "", from)
			h.refused(err, fault.TooMany, "请在 1 秒后再试")
			k.Clock.Advance(time.Second)
		}
		for i := range 6 { // 1 s, 2 s, 4 s … up to the lock
			k.Clock.Advance(time.Minute)
			_, err := h.SignIn(h.browser(""), "wang", "x", "", from)
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("try %d: %v", i+5, err)
			}
		}
		k.Clock.Advance(20 * time.Minute)
		_, err := h.SignIn(h.browser(""), "wang", good, "", from)
		h.refused(err, fault.TooMany, "10 分钟")
		a, err := h.Account(context.Background(), wang)
		h.ok(err)
		if text, err := h.Locked(context.Background(), a); err != nil || text != "10 分钟" {
			t.Errorf("locked %q %v", text, err)
		}
		h.refused(h.Unlock(context.Background(), org.Actor{Person: wang, Name: "王敏"}, wang, ""), fault.Forbidden, "安全管理员")
		h.ok(h.Unlock(context.Background(), h.security, wang, "本人来电"))
		_, err = h.SignIn(h.browser(""), "wang", good, "", from)
		h.ok(err)
		locks, err := audit.History(context.Background(), h.db.Read, "sign-in", subjectOf("wang"))
		h.ok(err)
		if len(locks) != 1 || locks[0].Action != "account.lock" {
			t.Errorf("record of the lock: %+v", locks)
		}
	})
}

// Guesses at the same time count like guesses one after the other.
func TestBrakeHoldsUnderLoad(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		h := newHouse(t, k, nil)
		h.person("王敏", "wang", org.Editor)
		answers := make(chan error, 16)
		for range cap(answers) {
			ctx := h.browser("")
			go func() {
				_, err := h.SignIn(ctx, "wang", "x", "", from)
				answers <- err
			}()
		}
		checked := 0
		for range cap(answers) {
			switch err := <-answers; {
			case fault.Is(err, fault.Invalid):
				checked++
			case !fault.Is(err, fault.TooMany):
				t.Error(err)
			}
		}
		if checked != 4 { // three are free, the fourth brings the first delay
			t.Errorf("%d of %d guesses were checked", checked, cap(answers))
		}
	})
}

func TestBrakeByAddress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		h := newHouse(t, k, func(s *Settings) { s.AddressTries, s.AddressLock = 4, 6 })
		h.person("王敏", "wang", org.Editor)
		for i, name := range []string{"a", "b", "c", "d", "e"} {
			if _, err := h.SignIn(h.browser(""), name, "x", "", from); !fault.Is(err, fault.Invalid) {
				t.Fatalf("try %d: %v", i, err)
			}
		}
		_, err := h.SignIn(h.browser(""), "wang", good, "", from)
		h.refused(err, fault.TooMany, "尝试次数过多")
		_, err = h.SignIn(h.browser(""), "wang", good, "", Meta{Address: "10.9.9.9"})
		h.ok(err)
		k.Clock.Advance(2 * time.Second)
		_, err = h.SignIn(h.browser(""), "wang", good, "", from) // a success takes its own count back, not the guesses
		h.ok(err)
		if _, err = h.SignIn(h.browser(""), "f", "x", "", from); !fault.Is(err, fault.TooMany) && !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
	})
}

func TestPasswords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		h := newHouse(t, k, func(s *Settings) { s.History = 2 })
		ctx := context.Background()
		wang, err := h.people.PutPerson(ctx, org.System, org.Person{Name: "王敏"})
		h.ok(err)
		_, err = h.people.Assign(ctx, org.System, org.Post{Person: wang, Unit: h.unit, Roles: org.Editor})
		h.ok(err)
		first, err := h.CreateAccount(ctx, h.security, wang, "Wang.Min")
		h.ok(err)
		_, err = h.CreateAccount(ctx, h.security, wang, "wang2")
		h.refused(err, fault.Conflict, "已有账号“wang.min”")

		ctx = h.browser("")
		in, err := h.SignIn(ctx, "wang.min", first, "", from)
		h.ok(err)
		if in.Due != DuePassword || in.Actor.May(org.Editor) {
			t.Fatalf("a first password opens nothing but its change: %+v", in)
		}
		who, err := h.Who(ctx)
		h.ok(err)
		if who.May(org.Editor) || h.Due(ctx) != DuePassword {
			t.Errorf("%+v", who)
		}
		h.refused(h.ChangePassword(ctx, who, "不对", good, from), fault.Invalid, "原密码不正确")
		h.refused(h.ChangePassword(ctx, who, first, "wang.min-2026-x", from), fault.Invalid, "不能包含用户名")
		h.refused(h.ChangePassword(ctx, who, first, first, from), fault.Invalid, "最近用过")
		h.ok(h.ChangePassword(ctx, who, first, good, from))
		who, err = h.Who(ctx)
		h.ok(err)
		if h.Due(ctx) != "" || !who.May(org.Editor) {
			t.Errorf("after the change: %+v", who)
		}
		h.ok(h.ChangePassword(ctx, who, good, good+"2", from))
		h.refused(h.ChangePassword(ctx, who, good+"2", good, from), fault.Invalid, "最近用过")
		h.ok(h.ChangePassword(ctx, who, good+"2", good+"3", from))
		h.ok(h.ChangePassword(ctx, who, good+"3", good, from)) // two others since

		k.Clock.Advance(91 * 24 * time.Hour)
		in, err = h.SignIn(h.browser(""), "wang.min", good, "", from)
		h.ok(err)
		if in.Due != DuePassword {
			t.Error("an old password must be changed")
		}
		_, err = h.ResetPassword(ctx, org.Actor{Person: wang, Name: "王敏", Roles: org.SecurityAdmin}, wang, "")
		h.refused(err, fault.Forbidden, "不能对自己的账号")
		fresh, err := h.ResetPassword(ctx, h.security, wang, "忘记")
		h.ok(err)
		_, err = h.SignIn(h.browser(""), "wang.min", good, "", from)
		h.refused(err, fault.Invalid, "不正确")
		in, err = h.SignIn(h.browser(""), "wang.min", fresh, "", from)
		h.ok(err)
		if in.Due != DuePassword {
			t.Error("a reset password must be changed")
		}
	})
}

func TestTOTP(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		h := newHouse(t, k, nil)
		admin := h.person("孙安", "sunan", org.SecurityAdmin)
		ctx := h.browser("")
		in, err := h.SignIn(ctx, "sunan", good, "", from)
		h.ok(err)
		if in.Due != DueTOTP || in.Actor.May(org.SecurityAdmin) {
			t.Fatalf("an administrator without an app: %+v", in)
		}
		e, err := h.EnrolTOTP(ctx, in.Actor)
		h.ok(err)
		if !strings.HasPrefix(e.URI, "otpauth://totp/") {
			t.Error(e.URI)
		}
		code := func() string {
			c, err := totp.GenerateCode(e.Secret, k.Clock.Now())
			h.ok(err)
			return c
		}
		_, err = h.ConfirmTOTP(ctx, in.Actor, "000000")
		h.refused(err, fault.Invalid, "动态口令不正确")
		recovery, err := h.ConfirmTOTP(ctx, in.Actor, code())
		h.ok(err)
		if len(recovery) != 10 || h.Due(ctx) != "" {
			t.Errorf("%v, due %q", recovery, h.Due(ctx))
		}
		var kept string
		h.ok(h.db.Read.NewRaw("select totp from account where id = ?", admin).Scan(ctx, &kept))
		if strings.Contains(kept, e.Secret) {
			t.Error("the secret stands in the database unencrypted")
		}

		_, err = h.SignIn(h.browser(""), "sunan", good, "", from)
		h.refused(err, fault.Invalid, "请输入身份验证器")
		_, err = h.SignIn(h.browser(""), "sunan", good, code(), from)
		h.refused(err, fault.Invalid, "不正确") // the code that confirmed is used up
		k.Clock.Advance(time.Minute)
		now := code()
		in, err = h.SignIn(h.browser(""), "sunan", good, now, from)
		h.ok(err)
		if !in.Actor.May(org.SecurityAdmin) {
			t.Errorf("%+v", in)
		}
		_, err = h.SignIn(h.browser(""), "sunan", good, now, from)
		h.refused(err, fault.Invalid, "不正确") // replay
		_, err = h.SignIn(h.browser(""), "sunan", good, strings.ToUpper(recovery[0]), from)
		h.ok(err)
		_, err = h.SignIn(h.browser(""), "sunan", good, recovery[0], from)
		h.refused(err, fault.Invalid, "不正确")
		if n, err := h.RecoveryLeft(ctx, admin); err != nil || n != 9 {
			t.Errorf("%d left, %v", n, err)
		}
		h.ok(h.ResetTOTP(ctx, org.Actor{Person: "x", Name: "另一位", Roles: org.SecurityAdmin}, admin, "手机丢失"))
		in, err = h.SignIn(h.browser(""), "sunan", good, "", from)
		h.ok(err)
		if in.Due != DueTOTP {
			t.Error("the next app is due")
		}
	})
}

func TestInit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		h := newHouse(t, k, nil)
		first, err := h.Init(context.Background(), h.unit)
		h.ok(err)
		if len(first) != 3 {
			t.Fatalf("%+v", first)
		}
		for _, f := range first {
			in, err := h.SignIn(h.browser(""), f.Login, f.Password, "", Meta{})
			h.ok(err)
			if in.Due != DuePassword {
				t.Errorf("%s: due %q", f.Login, in.Due)
			}
		}
		_, err = h.Init(context.Background(), h.unit)
		h.refused(err, fault.Conflict, "不能再次初始化")
		list, err := h.Accounts(context.Background(), Ask{Text: "安全"})
		h.ok(err)
		if list.Total != 1 || list.Rows[0].Login != "secadmin" {
			t.Errorf("%+v", list)
		}
	})
}
