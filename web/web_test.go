package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
)

var noon = time.Date(2026, 6, 17, 4, 0, 0, 0, time.UTC)

// yard is a small site with a log to look into.
type yard struct {
	http.Handler
	clock *clock.Fixed
	log   *bytes.Buffer
}

var roomFiles = fstest.MapFS{
	"template/edit.html": {Data: []byte(`{{define "title"}}起草{{end}}{{define "rows"}}<li>一行</li>{{end}}<form>{{template "mistakes" .}}` +
		`{{template "field" dict "form" . "name" "title" "label" "标题"}}{{template "field" dict "form" . "name" "on" "label" "日期" "type" "date"}}</form>{{template "rows"}}`)},
	"template/list.html":      {Data: []byte(`{{url "page" 2}} {{url "sort" "-due"}} {{url "state" ""}} {{sorted "due"}} {{may "coordinator"}} {{template "room/part-line" "甲"}}`)},
	"template/part-line.html": {Data: []byte(`<b>{{.}}</b>`)},
	"template/bad.html":       {Data: []byte(`before{{.Missing.Field}}`)},
	"help.md":                 {Data: []byte("## 起草 {#edit}\n写清**谁**做什么。<script>x</script>\n")},
}

func newYard(t *testing.T, change func(*Options), routes ...Route) yard {
	t.Helper()
	y := yard{clock: clock.At(noon), log: &bytes.Buffer{}}
	o := Options{
		Log: slog.New(slog.NewTextHandler(y.log, nil)), Clock: y.clock, Routes: routes,
		Templates: map[string]fs.FS{"room": roomFiles},
		Assets:    fstest.MapFS{"style.css": {Data: []byte("body{}")}, "room.js": {Data: []byte("1")}, "room-edit.css": {Data: []byte("2")}},
		WhoIs: func(r *http.Request) (org.Actor, error) {
			switch name := r.Header.Get("X-As"); name {
			case "":
				return org.Actor{}, nil
			case "staff":
				return org.Actor{Person: "p1", Name: "王"}, nil
			default:
				role, _ := org.RoleOf(name)
				return org.Actor{Person: "p2", Roles: role}, nil
			}
		},
	}
	if change != nil {
		change(&o)
	}
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	y.Handler = h
	return y
}

// ask sends a request; pairs are headers.
func (y yard) ask(method, target string, body io.Reader, pairs ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, body)
	for i := 0; i < len(pairs); i += 2 {
		r.Header.Set(pairs[i], pairs[i+1])
	}
	w := httptest.NewRecorder()
	y.ServeHTTP(w, r)
	return w
}

func (y yard) get(target string, pairs ...string) *httptest.ResponseRecorder {
	return y.ask(http.MethodGet, target, nil, pairs...)
}

func (y yard) post(target string, form url.Values, pairs ...string) *httptest.ResponseRecorder {
	return y.ask(http.MethodPost, target, strings.NewReader(form.Encode()), append(pairs, "Content-Type", "application/x-www-form-urlencoded")...)
}

func wants(t *testing.T, w *httptest.ResponseRecorder, status int, parts ...string) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %.500s", w.Code, status, w.Body)
	}
	for _, part := range parts {
		if no := strings.HasPrefix(part, "!"); strings.Contains(w.Body.String(), strings.TrimPrefix(part, "!")) == no {
			t.Errorf("%s in %.1500s", part, w.Body)
		}
	}
}

func fails(err error) Handler { return func(*Request) (Reply, error) { return Reply{}, err } }
func says(text string) Handler {
	return func(*Request) (Reply, error) { return Text(text), nil }
}

func TestARouteWithoutRolesCannotBeDeclared(t *testing.T) {
	for name, make := range map[string]func(){
		"GET":     func() { GET("/", 0, says("")) },
		"by hand": func() { newYard(t, nil, Route{Method: "GET", Path: "/x", Handle: says("")}) },
		"twice":   func() { newYard(t, nil, GET("/x", org.Public, says("")), GET("/x", org.Staff, says(""))) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("accepted")
				}
			}()
			make()
		})
	}
}

func TestRoutesRefuseRolesTheyDoNotName(t *testing.T) {
	y := newYard(t, nil, GET("/open", org.Public, says("open")), GET("/staff", org.Staff, says("staff")),
		GET("/lead", org.Lead|org.Coordinator, says("lead")), POST("/lead", org.Lead, says("moved")),
		Handle("", "/api/raw", org.AuditAdmin, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "raw") })))
	for _, c := range []struct {
		as, method, path string
		want             int
	}{
		{"", "GET", "/open", 200}, {"", "GET", "/staff", 303}, {"", "GET", "/lead", 303}, {"", "POST", "/lead", 303}, {"", "GET", "/api/raw", 403},
		{"staff", "GET", "/open", 200}, {"staff", "GET", "/staff", 200}, {"staff", "GET", "/lead", 403}, {"staff", "POST", "/lead", 403},
		{"lead", "GET", "/lead", 200}, {"lead", "POST", "/lead", 200}, {"coordinator", "GET", "/lead", 200}, {"coordinator", "POST", "/lead", 403},
		{"audit", "GET", "/api/raw", 200}, {"system", "GET", "/api/raw", 403}, {"staff", "DELETE", "/lead", 404},
	} {
		if w := y.ask(c.method, c.path, nil, "X-As", c.as); w.Code != c.want {
			t.Errorf("%s %s as %q: %d, want %d", c.method, c.path, c.as, w.Code, c.want)
		}
	}
	if at := y.get("/staff?a=1").Header().Get("Location"); at != "/sign-in?next=%2Fstaff%3Fa%3D1" {
		t.Error(at)
	}
	if at := y.get("/staff", "HX-Request", "true").Header().Get("HX-Redirect"); at != "/sign-in?next=%2Fstaff" {
		t.Error("htmx is told to go to sign in, got", at)
	}
}

func TestFaultsBecomeStatusInOnePlace(t *testing.T) {
	kinds := map[fault.Kind]int{fault.Invalid: 422, fault.NotFound: 404, fault.Forbidden: 403, fault.Conflict: 409, fault.Gone: 410, fault.TooMany: 429, fault.Unavailable: 503}
	for kind, code := range kinds {
		y := newYard(t, nil, GET("/x", org.Public, fails(fmt.Errorf("doing: %w", fault.Wrap(errors.New("secret cause"), kind, "这样的<话>")))), GET("/api/x", org.Public, fails(fault.New(kind, "程序看的话"))))
		wants(t, y.get("/x", "X-As", "staff"), code, "这样的&lt;话&gt;", titles[code], "!secret cause")
		w := y.get("/api/x", "X-As", "staff")
		wants(t, w, code)
		var got map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got["detail"] != "程序看的话" {
			t.Errorf("%v %v", got, err)
		}
		wants(t, y.get("/x", "X-As", "staff", "HX-Request", "true", "HX-Request-Type", "partial"), code, "这样的", "!<html")
	}
}

func TestInternalErrorsAreLoggedOnceWithTheNumberShown(t *testing.T) {
	for name, h := range map[string]Handler{
		"error":    fails(errors.New("disk on fire")),
		"panic":    func(*Request) (Reply, error) { panic("disk on fire") },
		"template": func(*Request) (Reply, error) { return View("room/bad", struct{ Other int }{}), nil },
		"missing":  func(*Request) (Reply, error) { return View("room/nothing", nil), nil },
	} {
		t.Run(name, func(t *testing.T) {
			y := newYard(t, nil, GET("/x", org.Public, h))
			w := y.get("/x")
			number := w.Header().Get("X-Request-Id")
			wants(t, w, 500, "系统出错，编号 "+number, "!disk on fire", "!before")
			if n := strings.Count(y.log.String(), "request failed"); n != 1 || !strings.Contains(y.log.String(), number) {
				t.Errorf("logged %d times: %s", n, y.log)
			}
		})
	}
}

func TestWhatWasTypedStandsOnTheErrorPage(t *testing.T) {
	away := fault.New(fault.Unavailable, "数据库暂时无法连接")
	y := newYard(t, nil, GET("/x", org.Public, fails(away)), POST("/x", org.Public, fails(away)), POST("/bad", org.Public, fails(errors.New("disk on fire"))),
		POST("/edit", org.Public, func(r *Request) (Reply, error) { return r.Form().Refused(away, "room/edit") }))
	form := url.Values{"title": {"写了半天的<题目>"}, "unit": {"u1", "u2"}}
	for _, path := range []string{"/x?next=1", "/bad"} {
		w := y.post(path, form)
		if w.Code < 500 {
			t.Errorf("%s: %d", path, w.Code)
		}
		wants(t, w, w.Code, "再提交一次", `action="`+path+`"`, "写了半天的&lt;题目&gt;</textarea>", `name="unit" value="u1"`, `name="unit" value="u2"`, "!u1</textarea>")
	}
	wants(t, y.get("/x"), 503, "!再提交一次", "刷新本页")
	wants(t, y.post("/edit", form), 503, "数据库暂时无法连接", `value="写了半天的&lt;题目&gt;"`) // the page could be made: its own form
	form.Set("password", "mima-2026")
	wants(t, y.post("/x", form), 503, "!mima-2026", "!再提交一次", "!写了半天")
	wants(t, y.post("/x", form, "Accept", "application/json"), 503, "!写了半天")

	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	_ = parts.WriteField("title", "台账")
	file, _ := parts.CreateFormFile("file", "a.txt")
	_, _ = file.Write([]byte("x"))
	_ = parts.Close()
	wants(t, y.ask("POST", "/x", &body, "Content-Type", parts.FormDataContentType()), 503, "台账</textarea>", "重新选择", "!再提交一次")
}

func TestDeadline(t *testing.T) {
	y := newYard(t, nil, GET("/slow", org.Public, func(r *Request) (Reply, error) {
		<-r.Context().Done()
		return Reply{}, fmt.Errorf("query: %w", r.Context().Err())
	}).Within(time.Millisecond))
	wants(t, y.get("/slow"), 503, "用的时间太长")
}

func TestHeaders(t *testing.T) {
	y := newYard(t, func(o *Options) { o.Secure = true }, GET("/x", org.Public, says("x")))
	head := y.get("/x").Header()
	for name, part := range map[string]string{
		"Content-Security-Policy": "script-src 'self'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		"Strict-Transport-Security": "max-age", "Cache-Control": "no-cache", "Permissions-Policy": "camera=()",
	} {
		if !strings.Contains(head.Get(name), part) {
			t.Errorf("%s: %q", name, head.Get(name))
		}
	}
	if strings.Contains(head.Get("Content-Security-Policy"), "unsafe") {
		t.Error("inline code allowed")
	}
}

func TestASiteHasItsSign(t *testing.T) {
	y := newYard(t, nil)
	w := y.get("/favicon.ico")
	wants(t, w, 200, "<svg")
	if kind := w.Header().Get("Content-Type"); kind != "image/svg+xml" {
		t.Error(kind)
	}
}

func TestForeignPostsAreRefused(t *testing.T) {
	y := newYard(t, nil, POST("/x", org.Public, says("done")))
	wants(t, y.post("/x", nil, "Sec-Fetch-Site", "same-origin"), 200, "done")
	for _, site := range []string{"cross-site", "same-site"} {
		wants(t, y.post("/x", nil, "Sec-Fetch-Site", site), 403, "不是从本网站的页面发出")
	}
	wants(t, y.post("/x", nil, "Origin", "https://evil.example"), 403, "!done")
}

func TestLimits(t *testing.T) {
	y := newYard(t, func(o *Options) {
		o.Rate, o.Proxies = Rate{1, 3}, []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	}, GET("/x", org.Public, says("x")), POST("/guess", org.Public, says("no")).Tries(2))
	for range 3 {
		wants(t, y.get("/x"), 200)
	}
	w := y.get("/x")
	wants(t, w, 429, "请求太多")
	if w.Header().Get("Retry-After") == "" {
		t.Error("does not say when to come back")
	}
	wants(t, y.get("/x", "X-Forwarded-For", "198.51.100.7"), 200)
	wants(t, y.get("/assets/style.css"), 200)
	y.clock.Advance(time.Minute)
	wants(t, y.post("/guess", nil), 200)
	wants(t, y.post("/guess", nil), 200)
	wants(t, y.post("/guess", nil), 429, "过一分钟再试")
	y.clock.Advance(time.Minute)
	wants(t, y.post("/guess", nil), 200)
}

func TestForwardedAddressIsBelievedFromProxiesOnly(t *testing.T) {
	s := &site{Options: Options{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}}
	for _, c := range []struct{ remote, forwarded, want string }{
		{"203.0.113.9:1", "1.2.3.4", "203.0.113.9"},
		{"10.1.1.1:1", "1.2.3.4, 198.51.100.2, 10.2.2.2", "198.51.100.2"},
		{"10.1.1.1:1", "", "10.1.1.1"},
		{"10.1.1.1:1", "nonsense", "10.1.1.1"},
		{"[::ffff:10.1.1.1]:1", "198.51.100.2", "198.51.100.2"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		r.Header.Set("X-Forwarded-For", c.forwarded)
		if got := s.from(r).String(); got != c.want {
			t.Errorf("%v: %s", c, got)
		}
	}
}

func TestLogNamesRoutesNotPeople(t *testing.T) {
	y := newYard(t, nil, POST("/people/{id}", org.Staff, func(r *Request) (Reply, error) { r.Form(); return Text("x"), nil }))
	y.post("/people/secretkey?q=secretquery", url.Values{"name": {"张三secret"}}, "X-As", "staff")
	if got := y.log.String(); !strings.Contains(got, `route="POST /people/{id}"`) || !strings.Contains(got, "status=200") || !strings.Contains(got, "person=p1") || strings.Contains(got, "secret") {
		t.Error(got)
	}
}

func TestFormsKeepWhatWasTyped(t *testing.T) {
	save := func(r *Request) (Reply, error) {
		f := r.Form()
		title, on := f.Text("title"), f.Date("on")
		if err := f.Err(); err != nil {
			return f.Refused(err, "room/edit")
		}
		if title == "别人" {
			return f.Refused(fault.New(fault.Conflict, "别人刚刚改过"), "room/edit")
		}
		if title == "坏" {
			return f.Refused(errors.New("disk"), "room/edit")
		}
		if len(title) < 12 {
			return f.Refused(fault.Fields{"title": "标题太短"}.Err(), "room/edit")
		}
		return Redirect("/done").Flash("已保存：" + on.Chinese()), nil
	}
	y := newYard(t, nil, POST("/x", org.Public, save), GET("/done", org.Public, func(*Request) (Reply, error) { return View("room/edit", Fill("title", "旧")), nil }))

	wants(t, y.post("/x", url.Values{"title": {"<短>"}, "on": {"2026-06-17"}}), 422, `value="&lt;短&gt;"`, `value="2026-06-17"`, `<a href="#f-title">标题太短</a>`, `aria-invalid="true"`, `id="f-title-wrong"`)
	wants(t, y.post("/x", url.Values{"title": {"一个好标题"}, "on": {"六月"}}), 422, `value="六月"`, "2022-06-17 这样的日期", "一个好标题")
	wants(t, y.post("/x", url.Values{"title": {"别人"}}), 409, "别人刚刚改过", `value="别人"`)
	wants(t, y.post("/x", url.Values{"title": {"坏"}}), 500, "!disk")
	w := y.post("/x", url.Values{"title": {"一个好标题"}, "on": {"2026年6月17日"}})
	if w.Code != 303 || w.Header().Get("Location") != "/done" {
		t.Fatal(w.Code, w.Header())
	}
	cookie := w.Result().Cookies()[0]
	w = y.get("/done", "Cookie", cookie.Name+"="+cookie.Value)
	wants(t, w, 200, "已保存：2026年6月17日", `value="旧"`)
	if c := w.Result().Cookies(); len(c) != 1 || c[0].MaxAge != -1 {
		t.Error("the sentence is said twice:", c)
	}
}

func TestFormTypes(t *testing.T) {
	key := id.New()
	r := httptest.NewRequest("POST", "/", strings.NewReader(url.Values{
		"lines": {" 一 \r\n\r\n二"}, "n": {" 12 "}, "bad": {"1.5"}, "yes": {"1"}, "off": {"0"}, "keys": {string(key), ""}, "nokey": {"x"},
		"d1": {"2022/6/7"}, "d2": {"2022.06.17"}, "d3": {"2022-02-30"}, "d4": {"22-1-1"}, "text": {"  前后 \r\n 空 "}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	f := (&Request{Request: r}).Form()
	if got := f.Lines("lines"); len(got) != 2 || got[0] != "一" || got[1] != "二" {
		t.Error(got)
	}
	if f.Text("text") != "前后 \n 空" || f.Int("n") != 12 || f.Int("none") != 0 || !f.Bool("yes") || f.Bool("off") || f.Bool("none") {
		t.Error("text, numbers or boxes")
	}
	if keys := f.Keys("keys"); len(keys) != 1 || keys[0] != key || f.Key("keys") != key || f.Key("none") != "" {
		t.Error(keys)
	}
	if f.Date("d1") != calendar.Day(2022, 6, 7) || f.Date("d2") != calendar.Day(2022, 6, 17) || !f.Date("none").IsZero() {
		t.Error("dates")
	}
	if err := f.Err(); err != nil {
		t.Error(err)
	}
	f.Int("bad")
	f.Key("nokey")
	f.Date("d3")
	f.Date("d4")
	if got := fault.FieldsOf(f.Err()); len(got) != 4 {
		t.Error(got)
	}
}

func TestUploadsAreBounded(t *testing.T) {
	take := func(r *Request) (Reply, error) {
		f := r.Form()
		file, err := f.File("file", 10)
		if err != nil {
			return f.Refused(err, "room/edit")
		}
		if file == nil {
			return Text("nothing"), nil
		}
		defer file.Close()
		content, err := io.ReadAll(file)
		return Text(file.Name + "=" + string(content)), err
	}
	y := newYard(t, nil, POST("/x", org.Public, take).Body(600<<10))
	send := func(name, content string) *httptest.ResponseRecorder {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		_ = m.WriteField("title", "附件")
		if name != "" {
			w, _ := m.CreateFormFile("file", name)
			_, _ = io.WriteString(w, content)
		}
		_ = m.Close()
		return y.ask("POST", "/x", &body, "Content-Type", m.FormDataContentType())
	}
	wants(t, send(`..\..\a.txt`, "一二三"), 200, "a.txt=一二三", "!..")
	wants(t, send("", ""), 200, "nothing")
	wants(t, send("a.txt", "12345678901"), 422, "超过了 10 字节 的上限", `value="附件"`)
	wants(t, send("a.txt", strings.Repeat("x", 700<<10)), 422, "内容太大，一次最多提交 600 KB")
	wants(t, y.ask("POST", "/x", strings.NewReader("--x\r\nbroken"), "Content-Type", "multipart/form-data; boundary=x"), 422, "没有读懂")
	left, err := fs.Glob(os.DirFS(os.TempDir()), "multipart-*")
	if err != nil || len(left) != 0 {
		t.Error("temporary files left:", left, err)
	}
}

func TestPagesAndParts(t *testing.T) {
	y := newYard(t, nil, GET("/x", org.Public, func(*Request) (Reply, error) { return View("room/edit", Fill()).Part("rows"), nil }),
		GET("/list", org.Public, func(*Request) (Reply, error) { return View("room/list", nil), nil }))
	wants(t, y.get("/x"), 200, "<title>起草</title>", "<li>一行</li>", "/assets/room.js?v=", "/assets/room-edit.css?v=")
	w := y.get("/x", "HX-Request", "true", "HX-Request-Type", "partial")
	wants(t, w, 200, "<li>一行</li>", "!<form", "!<html")
	if !strings.Contains(strings.Join(w.Header().Values("Vary"), ","), "HX-Request-Type") {
		t.Error("caches would mix the two answers")
	}
	wants(t, y.get("/x", "HX-Request", "true", "HX-Request-Type", "full"), 200, "<html")
	for range 3 { // copies of a view remember nothing of the request before
		wants(t, y.get("/list?page=5&state=late&sort=due"), 200, "/list?page=2&amp;sort=due&amp;state=late", "/list?sort=-due&amp;state=late", "/list?sort=due ", " up ", " false ", "<b>甲</b>")
		wants(t, y.get("/list", "X-As", "coordinator"), 200, "/list?page=2 ", " true ")
	}
}

func TestManyAtOnceDoNotMix(t *testing.T) {
	y := newYard(t, func(o *Options) { o.Rate = Rate{1e6, 1e6} }, GET("/list", org.Public, func(*Request) (Reply, error) { return View("room/list", nil), nil }))
	done := make(chan string, 200)
	for i := range 200 {
		go func() {
			w := y.get(fmt.Sprintf("/list?n=%d", i))
			if !strings.Contains(w.Body.String(), fmt.Sprintf("/list?n=%d&amp;page=2", i)) {
				done <- w.Body.String()
			}
			done <- ""
		}()
	}
	for range 200 {
		if bad := <-done; bad != "" {
			t.Fatal(bad)
		}
	}
}

func TestDownloads(t *testing.T) {
	file := func(fail bool, text string) Handler {
		return func(*Request) (Reply, error) {
			return Xlsx("台账 2026.xlsx", func(w io.Writer) error {
				if _, err := io.WriteString(w, text); err != nil {
					return err
				}
				if fail {
					return errors.New("disk on fire")
				}
				return nil
			}), nil
		}
	}
	y := newYard(t, nil, GET("/ok", org.Public, file(false, "data")), GET("/early", org.Public, func(*Request) (Reply, error) {
		return Download("x", "text/csv", func(io.Writer) error { return errors.New("disk on fire") }), nil
	}), GET("/late", org.Public, file(true, "half")))
	w := y.get("/ok")
	wants(t, w, 200, "data")
	if got := w.Header().Get("Content-Disposition"); got != "attachment; filename*=UTF-8''%E5%8F%B0%E8%B4%A6%202026.xlsx" {
		t.Error(got)
	}
	w = y.get("/early")
	wants(t, w, 500, "系统出错")
	if w.Header().Get("Content-Disposition") != "" {
		t.Error("an error page saved as a file")
	}
	server := httptest.NewServer(y)
	defer server.Close()
	answer, err := http.Get(server.URL + "/late")
	if err == nil {
		_, err = io.ReadAll(answer.Body)
		_ = answer.Body.Close()
	}
	if err == nil {
		t.Error("half a file looks whole")
	}
}

func TestAssets(t *testing.T) {
	y := newYard(t, nil)
	w := y.get("/assets/style.css")
	wants(t, w, 200, "body{}")
	tag := strings.Trim(w.Header().Get("Etag"), `"`)
	if w.Header().Get("Cache-Control") != "no-cache" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Error(w.Header())
	}
	if got := y.get("/assets/style.css?v=" + tag).Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Error(got)
	}
	wants(t, y.get("/assets/style.css", "If-None-Match", `"`+tag+`"`), 304)
	wants(t, y.get("/assets/nothing.js"), 404)
	wants(t, y.get("/assets/../web.go"), 307)
}

func TestWithoutBundlesPagesSaySo(t *testing.T) {
	y := newYard(t, func(o *Options) { o.Assets = fstest.MapFS{} }, GET("/x", org.Public, func(*Request) (Reply, error) { return View("room/edit", Fill()), nil }))
	wants(t, y.get("/x"), 200, "页面样式还没有生成", "!<script")
	if !strings.Contains(y.log.String(), "make assets") {
		t.Error(y.log)
	}
}

func TestTextIsCompressed(t *testing.T) {
	y := newYard(t, nil, GET("/x", org.Public, says(strings.Repeat("政务公开", 1000))))
	w := y.get("/x", "Accept-Encoding", "gzip")
	if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() > 1000 {
		t.Fatal(w.Header(), w.Body.Len())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); err != nil || len(text) != 12000 {
		t.Error(len(text), err)
	}
}

func TestDisplayIsRememberedAndLeadsNowhereElse(t *testing.T) {
	y := newYard(t, nil)
	w := y.post("/display", url.Values{"mode": {"elder"}, "theme": {"evil"}, "next": {"/x?a=1"}})
	if c := w.Result().Cookies(); w.Code != 303 || w.Header().Get("Location") != "/x?a=1" || len(c) != 1 || c[0].Value != "elder" {
		t.Error(w.Code, w.Header())
	}
	for _, next := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "", "/a\r\nb"} {
		if at := y.post("/display", url.Values{"next": {next}}).Header().Get("Location"); at != "/" {
			t.Errorf("%q leads to %q", next, at)
		}
	}
}

func TestHelp(t *testing.T) {
	y := newYard(t, nil, GET("/x", org.Public, func(*Request) (Reply, error) { return View("room/edit", Fill()), nil }))
	wants(t, y.get("/help/room"), 200, "起草", "<strong>谁</strong>", "!<script>x")
	wants(t, y.get("/help/web"), 404)
	wants(t, y.get("/help/none"), 404, "还没有使用说明")
}

func TestKeysInPaths(t *testing.T) {
	key := id.New()
	y := newYard(t, nil, GET("/x/{id}", org.Public, func(r *Request) (Reply, error) {
		k, err := r.Key("id")
		return Text(string(k)), err
	}))
	wants(t, y.get("/x/"+string(key)), 200, string(key))
	wants(t, y.get("/x/1"), 404, "没有找到")
}

func TestDevelopmentReadsTemplatesAnew(t *testing.T) {
	files := fstest.MapFS{"template/a.html": {Data: []byte("旧")}}
	y := newYard(t, func(o *Options) { o.Dev, o.Templates = true, map[string]fs.FS{"room": files} },
		GET("/x", org.Public, func(*Request) (Reply, error) { return View("room/a", nil), nil }))
	wants(t, y.get("/x"), 200, "旧")
	files["template/a.html"] = &fstest.MapFile{Data: []byte("新")}
	wants(t, y.get("/x"), 200, "新")
	files["template/a.html"] = &fstest.MapFile{Data: []byte("{{if}}")}
	if w := y.get("/x"); w.Code != 500 {
		t.Error(w.Code)
	}
}

func TestABadTemplateStopsTheStart(t *testing.T) {
	_, err := New(Options{Log: slog.New(slog.DiscardHandler), Clock: clock.At(noon), Templates: map[string]fs.FS{"room": fstest.MapFS{"template/a.html": {Data: []byte("{{if}}")}}}})
	if err == nil || !strings.Contains(err.Error(), "room/template/a.html") {
		t.Error(err)
	}
}

func TestAFrameThatFailsStillShowsTheError(t *testing.T) {
	y := newYard(t, func(o *Options) {
		o.Frame = func(*Request, *Page) (string, error) { return "", errors.New("database gone") }
	}, GET("/x", org.Public, func(*Request) (Reply, error) { return View("room/edit", Fill()), nil }))
	wants(t, y.get("/x"), 500, "系统出错，编号", "<html", "!database gone")
}

func TestABrowserThatLeftIsNoError(t *testing.T) {
	y := newYard(t, nil, GET("/x", org.Public, func(r *Request) (Reply, error) { return Reply{}, r.Context().Err() }))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	y.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/x", nil).WithContext(ctx))
	if strings.Contains(y.log.String(), "failed") {
		t.Error(y.log)
	}
}

func TestSession(t *testing.T) {
	y := newYard(t, func(o *Options) {
		o.Session = func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Session", "kept")
				next.ServeHTTP(w, r)
			})
		}
	}, GET("/x", org.Public, says("x")))
	if y.get("/x").Header().Get("X-Session") != "kept" {
		t.Error("session left out")
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Number(1234567), "1,234,567"}, {Number(-1234), "-1,234"}, {Number(12), "12"}, {Number("1234.50"), "1,234.50"},
		{Percent(1, 3), "33.3%"}, {Percent(1, 2), "50%"}, {Percent(1, 0), "—"},
		{Mask("13800000001"), "138****0001"}, {Mask("王小明"), "王**"}, {Mask(""), ""}, {Mask("AB12345"), "A*****5"},
		{size(999), "999 字节"}, {size(20 << 20), "20 MB"}, {size(1536), "2 KB"},
		{moment(noon), "2026-06-17 12:00"}, {weekday(calendar.Day(2026, 6, 17)), "星期三"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	if d, err := inText(time.Date(2026, 6, 17, 16, 0, 0, 0, time.UTC)); d != "2026年6月18日" || err != nil {
		t.Error(d, err) // an instant falls on a day in Shanghai
	}
	if _, err := inTable("2026"); err == nil {
		t.Error("text taken for a date")
	}
}

func TestPager(t *testing.T) {
	for _, c := range []struct {
		number, total int
		want          string
	}{{1, 0, "[1]"}, {1, 20, "[1]"}, {1, 21, "[1 2]"}, {3, 1240, "[1 2 3 4 5 0 62]"}, {31, 1240, "[1 0 29 30 31 32 33 0 62]"}, {62, 1240, "[1 0 60 61 62]"}} {
		if got := fmt.Sprint(NewPager(page.Ask{Number: c.number}, c.total).Near); got != c.want {
			t.Errorf("%v: %s", c, got)
		}
	}
}

// TestMenuLeads finds the entry that a page belongs to.
func TestMenuLeads(t *testing.T) {
	m := Menu{Href: "/desk/plans", Under: []string{"/desk/measures"}}
	for path, want := range map[string]int{"/desk/plans": 11, "/desk/plans/1/list": 11, "/desk/measures/7": 14, "/desk/plansx": 0, "/desk": 0} {
		if got := m.Leads(path); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}

// TestClash shows the second of two editors what the first one saved, and lets
// them save over it.
func TestClash(t *testing.T) {
	typed := func() *Form {
		return Fill("name", "区数字局", "aliases", "甲\r\n乙", "type", "office", "units", []string{"2", "1"}, "version", 3)
	}
	now := Fill("name", "区大数据局", "aliases", "甲\n乙", "type", "department", "units", []string{"1", "2"}, "phone", "", "version", 5)
	options := []Option{{Value: "department", Text: "部门"}}
	late := fault.New(fault.Conflict, "这个单位刚刚被别人修改过")

	f := typed()
	err := f.Clash(late, now, options)
	if !fault.Is(err, fault.Conflict) || !strings.Contains(fault.Text(err), "再次保存以您的为准") || f.Value("version") != "5" || f.Value("name") != "区数字局" {
		t.Error(err, f.values)
	}
	if want := (fault.Fields{"name": "已被别人改为：区大数据局", "type": "已被别人改为：部门"}); !reflect.DeepEqual(f.wrong, want) {
		t.Error(f.wrong)
	}
	f = typed()
	taken := fault.New(fault.Conflict, "名称已被使用")
	if err := f.Clash(taken, Fill("version", 3)); err != taken || f.Value("version") != "3" {
		t.Error("another conflict is taken for a clash:", err)
	}
	if err := f.Clash(taken, nil); err != taken {
		t.Error(err)
	}
	if err := f.Clash(nil, now); err != nil {
		t.Error(err)
	}
}
