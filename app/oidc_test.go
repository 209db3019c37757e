package app

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gongkai/kernel/org"
)

// provider runs the certified provider of tools/oidc and returns its address.
func provider(t *testing.T, site string) string {
	t.Helper()
	cmd := exec.Command("node", filepath.Join("..", "tools", "oidc", "server.mjs"), site+"/sign-in/oidc", site+"/sign-in")
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
		t.Fatal(err)
	}
	t.Cleanup(func() { // it ends when its input closes
		_ = in.Close()
		_ = cmd.Wait()
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "http://127.0.0.1:") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return lines.Text()
		}
	}
	t.Fatalf("the provider did not start; run npm ci in tools/oidc (make test does): %s", trouble.String())
	return ""
}

var (
	formAction = regexp.MustCompile(`<form[^>]+action="([^"]+)"`)
	formHidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
)

// through signs somebody in at the provider, beginning at our sign-in page, and
// returns where it ended.
func through(t *testing.T, site, login string) (at, body string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	read := func(res *http.Response, err error) *http.Response {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		body = string(text)
		return res
	}
	read(browser.Get(site + "/sign-in"))
	if !strings.Contains(body, "/sign-in/provider") {
		t.Fatalf("the sign-in page offers no provider: %s", body)
	}
	res := read(browser.Get(site + "/sign-in/provider"))
	for range 4 {
		action := formAction.FindStringSubmatch(body)
		if action == nil || strings.HasPrefix(res.Request.URL.String(), site) {
			break
		}
		to, err := res.Request.URL.Parse(action[1])
		if err != nil {
			t.Fatal(err)
		}
		form := url.Values{}
		for _, field := range formHidden.FindAllStringSubmatch(body, -1) {
			form.Set(field[1], field[2])
		}
		if strings.Contains(body, `name="login"`) {
			form.Set("login", login)
			form.Set("password", "any")
		}
		res = read(browser.PostForm(to.String(), form))
	}
	return strings.TrimPrefix(res.Request.URL.String(), site), body
}

func TestSigningInThroughAProvider(t *testing.T) {
	var handler http.Handler
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(site.Close)
	cfg := demoData(t)
	cfg.Site = site.URL
	cfg.OIDC.Issuer, cfg.OIDC.Client, cfg.OIDC.Secret, cfg.OIDC.Title = provider(t, site.URL), "gongkai", "a-secret-only-for-tests", "统一身份认证"
	cfg.OIDC.Number = "employee_number"
	a := houseOn(t, cfg)
	var err error
	if handler, err = a.Handler(); err != nil {
		t.Fatal(err)
	}
	// Nobody is linked yet: the page says whom to ask, and the security
	// administrator finds the subject in the list.
	if at, body := through(t, site.URL, "wang"); !strings.HasPrefix(at, "/sign-in/oidc") || !strings.Contains(body, "安全管理员") {
		t.Fatalf("an unknown subject ended at %s: %.2000s", at, body)
	}
	p, err := a.Org.PersonNumbered(context.Background(), "JC0001")
	if err != nil {
		t.Fatal(err)
	}
	sec := a.browser(t)
	sec.signIn("secadmin", DemoPassword)
	sec.want(200, "GET", "/desk/accounts/provider", "wang")
	sec.want(303, "POST", "/desk/accounts/provider", "", "issuer", cfg.OIDC.Issuer, "subject", "wang", "number", "JC0001", "do", "link")
	if at, body := through(t, site.URL, "wang"); at != "/desk" || !strings.Contains(body, p.Name) {
		t.Errorf("a linked subject ended at %s: %.2000s", at, body)
	}
	sec.want(303, "POST", "/desk/accounts/provider", "", "issuer", cfg.OIDC.Issuer, "subject", "wang", "do", "unlink")
	if at, _ := through(t, site.URL, "wang"); at == "/desk" {
		t.Error("an unlinked subject still signs in")
	}
	// A person with the number that the provider vouches for needs no linking.
	ctx := context.Background()
	person, err := a.Org.PutPerson(ctx, org.System, org.Person{Name: "王敏", Number: "G-1001"})
	if err != nil {
		t.Fatal(err)
	}
	units, err := a.Org.UnitsOf(ctx, p.ID, a.today())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Org.Assign(ctx, org.System, org.Post{Person: person, Unit: units[0].ID, Roles: org.Disclosure, From: a.today()}); err != nil {
		t.Fatal(err)
	}
	if at, body := through(t, site.URL, "wang"); at != "/desk" || !strings.Contains(body, "王敏") {
		t.Errorf("a subject with a known number ended at %s: %.2000s", at, body)
	}
}
