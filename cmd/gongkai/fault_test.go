package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"gongkai/app"
	"gongkai/area/plan"
	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/id"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// answer is what a person sees of one request.
type answer struct {
	code int
	text string
	took time.Duration
	to   string // where a redirect leads
}

// browser asks a running server as a signed-in person.
type browser struct {
	t    *testing.T
	s    *server
	http *http.Client
}

func (b browser) get(path string) answer { return b.do(http.MethodGet, path, "", nil) }

func (b browser) post(path string, form url.Values) answer {
	return b.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// upload posts a form with a file.
func (b browser) upload(path string, form url.Values, name string, file []byte) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for field := range form {
		if err := w.WriteField(field, form.Get(field)); err != nil {
			b.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		b.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	return b.do(http.MethodPost, path, w.FormDataContentType(), &body)
}

func (b browser) do(method, path, kind string, body io.Reader) answer {
	b.t.Helper()
	req, err := http.NewRequest(method, b.s.base+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	begun := clock.System{}.Now()
	res, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{res.StatusCode, string(text), clock.System{}.Now().Sub(begun), res.Header.Get("Location")}
}

// want checks an answer: its status, and words that stand in it.
func (a answer) want(t *testing.T, code int, parts ...string) answer {
	t.Helper()
	_, main, found := strings.Cut(a.text, "<main")
	if !found {
		main = a.text
	}
	if a.code != code {
		t.Errorf("status %d, want %d: %.1000s", a.code, code, main)
	}
	for _, p := range parts {
		if !strings.Contains(a.text, p) {
			t.Errorf("%q is missing in: %.1000s", p, main)
		}
	}
	return a
}

// until asks for the state of the house until it is code with the words.
func (b browser) until(code int, words string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		last := b.get("/healthz")
		if last.code == code && strings.Contains(last.text, words) {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			b.t.Fatalf("the state is %d %s, want %d %s", last.code, last.text, code, words)
		}
	}
}

func note(title string) url.Values {
	return url.Values{"kind": {"text"}, "title": {title}, "text": {"已按要求完成，详见说明"}, "dated_on": {calendar.Of(clock.System{}.Now()).String()}}
}

// room bounds how large the files of the server may grow from now on; what it
// writes past that fails, as on a full disk, for any user and on any machine.
func (s *server) room(t *testing.T, bytes uint64) {
	t.Helper()
	var limit unix.Rlimit
	if err := unix.Prlimit(s.cmd.Process.Pid, unix.RLIMIT_FSIZE, nil, &limit); err != nil {
		t.Fatal(err)
	}
	limit.Cur = min(bytes, limit.Max)
	if err := unix.Prlimit(s.cmd.Process.Pid, unix.RLIMIT_FSIZE, &limit, nil); err != nil {
		t.Fatal(err)
	}
}

// TestDiskFull lets a serving house run out of space while people hand in
// evidence, and gives it space again.
func TestDiskFull(t *testing.T) {
	p := prepare(t, "")
	s := serve(t, p)
	defer func() { s.kill() }()
	b := browser{t, s, client(t, s, p)}
	evidence := "/desk/terms/" + string(p.terms[0].Term) + "/evidence"
	duty := "/desk/duties/" + string(p.terms[0].Duty)
	acked := map[string]bool{}
	hand := func(title string) {
		t.Helper()
		b.post(evidence, note(title)).want(t, 303)
		acked[title] = true
	}
	hand("满之前")
	b.until(200, "ok")

	// Under load, the moment in which it fills up.
	var (
		mu      sync.Mutex
		clients sync.WaitGroup
		some    = make(chan struct{})
		once    sync.Once
	)
	for n := range 4 {
		clients.Go(func() {
			for i := 0; ; i++ {
				title := fmt.Sprintf("正在写 %d-%d", n, i)
				res, err := b.http.PostForm(s.base+evidence, note(title))
				if err != nil {
					t.Error(err)
					return
				}
				_ = res.Body.Close()
				if res.StatusCode == 503 {
					return
				}
				if res.StatusCode != 303 {
					t.Errorf("handing in: %d", res.StatusCode)
					return
				}
				mu.Lock()
				acked[title] = true
				if len(acked) > 10 {
					once.Do(func() { close(some) })
				}
				mu.Unlock()
			}
		})
	}
	<-some
	s.room(t, 0)
	clients.Wait()

	b.post(evidence, note("满了之后写的题目")).want(t, 503, "磁盘", "系统管理员", "满了之后写的题目", "已按要求完成，详见说明", `name="title"`)
	file := url.Values{"kind": {"file"}, "title": {"附件的题目"}, "dated_on": {calendar.Of(clock.System{}.Now()).String()}}
	small, large := []byte("台账一份。\n"), bytes.Repeat([]byte("台账一页，逐项登记。\n"), 40_000)
	b.upload(evidence, file, "台账.txt", small).want(t, 503, "磁盘", "系统管理员", "附件的题目", `name="title"`)
	b.upload(evidence, file, "台账.txt", large).want(t, 503, "磁盘", "系统管理员")
	b.get("/healthz").want(t, 503, "磁盘")
	b.get(duty).want(t, 200, "满之前", "磁盘")
	b.get("/").want(t, 200)
	fmt.Fprintln(s.clock, "10m") // the time of last use would be written again
	b.get("/desk").want(t, 200, "磁盘")

	s.room(t, 1<<40)
	hand("有空间之后")
	b.until(200, "ok")
	b.upload(evidence, file, "台账.txt", large).want(t, 303)
	acked["附件的题目"] = true
	s.kill()
	checkHouse(t, p, acked)
	if _, files := kept(t, p, p.terms[0].Term); files != 1 {
		t.Errorf("%d files, want 1", files)
	}
}

// kept is the evidence of a term as the database holds it, after reading every
// file it names.
func kept(t *testing.T, p prepared, term id.ID) (all map[string]plan.Evidence, files int) {
	t.Helper()
	ctx := context.Background()
	a, err := app.Open(ctx, p.cfg, clock.System{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	list, err := plan.New(a.Kernel).Evidence(ctx, term)
	if err != nil {
		t.Fatal(err)
	}
	all = map[string]plan.Evidence{}
	for _, e := range list {
		all[e.Title] = e
		if e.Hash == "" {
			continue
		}
		files++
		if err := store.Check(ctx, a.Files, store.Ref{Hash: e.Hash, Size: e.Size}); err != nil {
			t.Errorf("%s: %v", e.Title, err)
		}
	}
	return all, files
}

// databaseGone kills the database server under a serving house and starts it
// again. A page is being fetched all the while: its job ends well, once.
func databaseGone(t *testing.T, p prepared, cluster *storetest.Cluster) {
	asked, release := make(chan struct{}, 1), make(chan struct{})
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			asked <- struct{}{}
			<-release
		}
		_, _ = w.Write([]byte("<html><head><title>公告</title></head><body><p>发布时间：" + calendar.Of(clock.System{}.Now()).String() + "</p><p>全文如下。</p></body></html>"))
	}))
	defer page.Close()
	s := serve(t, p)
	defer func() { s.kill() }()
	b := browser{t, s, client(t, s, p)}
	evidence := "/desk/terms/" + string(p.terms[0].Term) + "/evidence"
	duty := "/desk/duties/" + string(p.terms[0].Duty)
	acked := map[string]bool{}
	link := func(title, path string) {
		t.Helper()
		b.post(evidence, url.Values{"kind": {"link"}, "title": {title}, "url": {page.URL + path}, "text": {"同一公告证明多项任务"}}).want(t, 303)
		acked[title] = true
	}
	link("断开期间一直在抓取", "/slow")
	<-asked

	if err := cluster.Kill(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // broken connections are found out one by one
		for _, path := range []string{"/", "/desk", duty, "/sign-in"} {
			if a := b.get(path).want(t, 503, "数据库", "系统管理员"); a.took > 2*time.Second {
				t.Errorf("%s took %s", path, a.took)
			}
		}
		b.post(evidence, note("断开之后写的题目")).want(t, 503, "数据库", "系统管理员", "断开之后写的题目", "已按要求完成，详见说明", "再提交一次")
	}
	b.get("/healthz").want(t, 503, "数据库")

	if err := cluster.Start(); err != nil {
		t.Fatal(err)
	}
	b.until(200, "ok")
	close(release)
	b.get(duty).want(t, 200, "断开期间一直在抓取")
	link("恢复之后", "/")
	settled(t, p, s)
	s.kill()
	checkHouse(t, p, acked)
}

// TestClockMovedBack puts the clock of a serving house back by ten days, and
// right again; also over a restart.
func TestClockMovedBack(t *testing.T) {
	p := prepare(t, "")
	s := serve(t, p)
	defer func() { s.kill() }()
	b := browser{t, s, client(t, s, p)}
	evidence := "/desk/terms/" + string(p.terms[0].Term) + "/evidence"
	duty := "/desk/duties/" + string(p.terms[0].Duty)
	acked := map[string]bool{}
	// What people see and do is the same whatever the machine's clock says.
	deadline := ""
	work := func(title string) {
		t.Helper()
		b.post(evidence, note(title)).want(t, 303)
		acked[title] = true
		text := b.get(duty).want(t, 200, title, `class="deadline`).text
		_, text, _ = strings.Cut(text, `class="deadline`)
		_, text, _ = strings.Cut(text, "<p>")
		text, _, _ = strings.Cut(text, "</p>")
		if deadline == "" {
			deadline = text
		}
		if text != deadline || text == "" {
			t.Errorf("%s the deadline reads %q, and first it was %q", title, text, deadline)
		}
	}
	work("拨慢之前")
	fmt.Fprintln(s.clock, "-240h")
	b.until(200, "服务器时钟")
	work("拨慢之后")
	b.get("/desk").want(t, 200, "服务器时钟")

	s.kill()
	was := s.base
	s = serve(t, p, "GONGKAI_TEST_CLOCK=-240h")
	b = browser{t, s, moved(t, b.http, was, s.base)}
	b.until(200, "服务器时钟")
	work("重启之后")

	fmt.Fprintln(s.clock, "0s")
	b.until(200, "ok")
	work("校准之后")
	s.kill()
	checkHouse(t, p, acked)
	all, _ := kept(t, p, p.terms[0].Term)
	var before time.Time
	for _, title := range []string{"拨慢之前", "拨慢之后", "重启之后", "校准之后"} {
		if at := all[title].At; at.Before(before) {
			t.Errorf("%s was handed in at %s, and what came before it at %s", title, at, before)
		} else {
			before = at
		}
	}
}

// moved lets a client go on at the address of the restarted server.
func moved(t *testing.T, c *http.Client, was, now string) *http.Client {
	t.Helper()
	from, err := url.Parse(was)
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(now)
	if err != nil {
		t.Fatal(err)
	}
	c.Jar.SetCookies(to, c.Jar.Cookies(from))
	return c
}
