package account

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gongkai/kernel/fault"
	"gongkai/kernel/org"
	"gongkai/kernel/store/storetest"
)

// root is the repository's folder.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
	}
}

// startProvider runs the certified provider as a process and returns its address.
func startProvider(t *testing.T, callback, signedOut string) string {
	t.Helper()
	dir := filepath.Join(root(t), "tools", "oidc")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "oidc-provider")); err != nil {
		t.Fatal("the OpenID Connect provider is not installed: run `npm ci` in tools/oidc (make test does)")
	}
	cmd := exec.Command("node", filepath.Join(dir, "server.mjs"), callback, signedOut)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var trouble strings.Builder
	cmd.Stderr = &trouble
	if err := cmd.Start(); err != nil {
		t.Fatalf("start the provider: %v", err)
	}
	t.Cleanup(func() { // it ends when its input closes
		_ = in.Close()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if issuer := lines.Text(); strings.HasPrefix(issuer, "http://127.0.0.1:") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return issuer
		}
	}
	t.Fatalf("the provider did not start:\n%s", trouble.String())
	return ""
}

var (
	formAction = regexp.MustCompile(`<form[^>]+action="([^"]+)"`)
	formHidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
)

// person is a browser with cookies that fills in the provider's forms.
type person struct {
	t *testing.T
	*http.Client
}

func newPerson(t *testing.T) *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t, &http.Client{Jar: jar, Timeout: 20 * time.Second}}
}

func (p *person) page(res *http.Response, err error) (*http.Response, string) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res, string(body)
}

// signIn follows from address through the provider's sign-in and consent until
// no form is left, and returns the last page.
func (p *person) signIn(address, login string) string {
	p.t.Helper()
	res, body := p.page(p.Get(address))
	for range 4 {
		action := formAction.FindStringSubmatch(body)
		if action == nil {
			return body
		}
		to, err := res.Request.URL.Parse(action[1])
		if err != nil {
			p.t.Fatal(err)
		}
		form := url.Values{}
		for _, field := range formHidden.FindAllStringSubmatch(body, -1) {
			form.Set(field[1], field[2])
		}
		if login == "" {
			form.Set("logout", "yes")
		} else if strings.Contains(body, `name="login"`) {
			form.Set("login", login)
			form.Set("password", "any")
		}
		res, body = p.page(p.PostForm(to.String(), form))
	}
	p.t.Fatalf("the provider asks without end:\n%s", body)
	return ""
}

func TestOIDC(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		h := newHouse(t, k, func(s *Settings) { s.Secure = false })
		// The provider signs with the machine's time; ours must be near it.
		var oidc *OIDC
		mux := http.NewServeMux()
		site := httptest.NewServer(h.Middleware(mux))
		t.Cleanup(site.Close)
		issuer := startProvider(t, site.URL+"/sign-in/oidc", site.URL+"/out")
		res, err := http.Get(issuer + "/.well-known/openid-configuration")
		h.ok(err)
		h.ok(res.Body.Close())
		now, err := http.ParseTime(res.Header.Get("Date"))
		h.ok(err)
		k.Clock.Set(now)

		conf := Provider{Title: "统一身份认证", Issuer: issuer, ClientID: "gongkai", ClientSecret: "a-secret-only-for-tests",
			Callback: site.URL + "/sign-in/oidc", SignedOut: site.URL + "/out", NumberClaim: "employee_number"}
		oidc = NewOIDC(h.Service, conf, nil)
		say := func(w http.ResponseWriter, text string, err error) {
			if err != nil {
				text = "错误：" + fault.Text(err)
			}
			_, _ = io.WriteString(w, text)
		}
		mux.HandleFunc("GET /begin", func(w http.ResponseWriter, r *http.Request) {
			to, err := oidc.Begin(r.Context())
			if err != nil {
				say(w, "", err)
				return
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
		})
		var last url.Values
		mux.HandleFunc("GET /sign-in/oidc", func(w http.ResponseWriter, r *http.Request) {
			last = r.URL.Query()
			in, err := oidc.Finish(r.Context(), last, from)
			say(w, "欢迎 "+in.Actor.Name+" "+in.Actor.UnitName+" "+in.Due, err)
		})
		mux.HandleFunc("GET /who", func(w http.ResponseWriter, r *http.Request) {
			who, err := h.Who(r.Context())
			say(w, "我是 "+who.Name, err)
		})
		mux.HandleFunc("GET /sign-out", func(w http.ResponseWriter, r *http.Request) {
			to, err := oidc.SignOutURL(r.Context())
			if err == nil {
				err = h.SignOut(r.Context(), from)
			}
			if err != nil {
				say(w, "", err)
				return
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
		})
		mux.HandleFunc("GET /out", func(w http.ResponseWriter, r *http.Request) { say(w, "已退出", nil) })

		ctx := context.Background()
		wang, err := h.people.PutPerson(ctx, org.System, org.Person{Name: "王敏", Number: "G-1001"})
		h.ok(err)
		_, err = h.people.Assign(ctx, org.System, org.Post{Person: wang, Unit: h.unit, Roles: org.Editor})
		h.ok(err)

		t.Run("a verified number links at the first sign-in", func(t *testing.T) {
			p := newPerson(t)
			if body := p.signIn(site.URL+"/begin", "wang"); body != "欢迎 王敏 区司法局 " {
				t.Fatalf("got %s", body)
			}
			if _, body := p.page(p.Get(site.URL + "/who")); body != "我是 王敏" {
				t.Error(body)
			}
			// The provider's answer counts once.
			if _, body := p.page(p.Get(site.URL + "/sign-in/oidc?" + last.Encode())); !strings.Contains(body, "请重新登录") {
				t.Errorf("an answer used twice: %s", body)
			}
			if _, body := p.page(p.Get(site.URL + "/who")); body != "我是 王敏" {
				t.Error("a bad answer ended a good session")
			}
			// Signing out ends the provider's session too: it asks, then sends back.
			if body := p.signIn(site.URL+"/sign-out", ""); !strings.Contains(body, "已退出") {
				t.Errorf("sign-out: %s", body)
			}
			if _, body := p.page(p.Get(site.URL + "/who")); body != "我是 " {
				t.Error(body)
			}
		})
		t.Run("somebody unknown waits for the security administrator", func(t *testing.T) {
			k.Clock.Advance(time.Second)
			p := newPerson(t)
			if body := p.signIn(site.URL+"/begin", "zhao"); !strings.Contains(body, "“赵强”还没有关联") {
				t.Fatal(body)
			}
			list, err := h.Subjects(ctx)
			h.ok(err)
			if len(list) != 2 || list[0].Label != "赵强" || list[0].Person != "" {
				t.Fatalf("%+v", list)
			}
			zhao := h.person("赵强", "zhao", org.Proofreader)
			h.refused(h.Link(ctx, org.Actor{Person: zhao, Name: "赵强"}, issuer, "zhao", zhao), fault.Forbidden, "安全管理员")
			h.ok(h.Link(ctx, h.security, issuer, "zhao", zhao))
			if body := p.signIn(site.URL+"/begin", "zhao"); body != "欢迎 赵强 区司法局 " {
				t.Fatal(body)
			}
			h.refused(h.Link(ctx, h.security, issuer, "zhao", wang), fault.Conflict, "已关联到另一个人")
			h.ok(h.Unlink(ctx, h.security, issuer, "zhao"))
			if _, body := p.page(p.Get(site.URL + "/who")); body != "我是 " {
				t.Error("unlinked, yet in")
			}
			h.ok(h.Disable(ctx, h.security, zhao, "调查"))
			if body := p.signIn(site.URL+"/begin", "zhao"); !strings.Contains(body, "还没有关联") {
				t.Error("unlinked, yet known: " + body)
			}
			h.ok(h.Link(ctx, h.security, issuer, "zhao", zhao))
			if body := p.signIn(site.URL+"/begin", "zhao"); !strings.Contains(body, "已停用") {
				t.Error("disabled, yet in: " + body)
			}
		})
		t.Run("an answer nobody asked for is refused", func(t *testing.T) {
			p := newPerson(t)
			if _, body := p.page(p.Get(site.URL + "/sign-in/oidc?code=x&state=y")); !strings.Contains(body, "不是从本页面发起") {
				t.Error(body)
			}
			p.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			res, _ := p.page(p.Get(site.URL + "/begin"))
			to, err := res.Location()
			h.ok(err)
			for _, name := range []string{"state", "nonce", "code_challenge"} {
				if to.Query().Get(name) == "" {
					t.Errorf("%s is missing in %s", name, to)
				}
			}
			if to.Query().Get("code_challenge_method") != "S256" {
				t.Error("PKCE without S256")
			}
			if _, body := p.page(p.Get(site.URL + "/sign-in/oidc?code=x&state=other")); !strings.Contains(body, "请重新登录") {
				t.Error(body)
			}
			p.page(p.Get(site.URL + "/begin"))
		})
		t.Run("a token that is too old or for another client is refused", func(t *testing.T) {
			k.Clock.Advance(24 * time.Hour)
			if body := newPerson(t).signIn(site.URL+"/begin", "wang"); !strings.Contains(body, "凭证无效") {
				t.Error(body)
			}
		})
		t.Run("a provider that is away is said so", func(t *testing.T) {
			away := conf
			away.Issuer = "http://127.0.0.1:1"
			_, err := NewOIDC(h.Service, away, nil).Begin(h.browser(""))
			h.refused(err, fault.Unavailable, "用用户名和密码登录")
		})
	})
}
