package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gongkai/app"
	"gongkai/area/plan"
	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/config"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/store/storetest"
)

// TestMain lets the test binary be the program: a child with this variable set
// is gongkai itself, so that the real server can be killed.
//
// Its clock goes wrong as the test says: a line like -240h moves it that far from
// the machine's.
func TestMain(m *testing.M) {
	if args := os.Getenv("GONGKAI_TEST_MAIN"); args != "" {
		c := &wrongClock{}
		c.set(os.Getenv("GONGKAI_TEST_CLOCK"))
		go func() {
			for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
				c.set(lines.Text())
			}
		}()
		os.Exit(runAt(context.Background(), c, strings.Fields(args), strings.NewReader(""), os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// wrongClock is the machine's clock, put wrong by so much.
type wrongClock struct{ by atomic.Int64 }

func (c *wrongClock) Now() time.Time {
	return clock.System{}.Now().Add(time.Duration(c.by.Load()))
}

func (c *wrongClock) set(text string) {
	if text == "" {
		return
	}
	by, err := time.ParseDuration(text)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitUsage)
	}
	c.by.Store(int64(by))
}

const killPassword = "Jianding-2026-x"

// prepared is a house with a unit that has accepted duties, ready to be served.
type prepared struct {
	cfg   config.Config
	terms []plan.Line
	login string
}

func prepare(t *testing.T, database string) prepared {
	t.Helper()
	ctx := context.Background()
	log := slog.New(slog.DiscardHandler)
	cfg := config.Default()
	cfg.Data, cfg.Database, cfg.Allow, cfg.Rate = t.TempDir(), database, "127.0.0.0/8", 10000
	cfg.District = config.District{Name: "江澄区", Office: "区政府办公室"}
	if _, err := app.Init(ctx, cfg, clock.System{}, log); err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(ctx, cfg, clock.System{}, log)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}()
	today := calendar.Of(a.Clock.Now())
	unit, err := a.Org.PutUnit(ctx, org.System, org.Unit{Name: "区司法局", Type: org.Department, Seq: 2})
	if err != nil {
		t.Fatal(err)
	}
	person, err := a.Org.PutPerson(ctx, org.System, org.Person{Name: "王芳"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Org.Assign(ctx, org.System, org.Post{Person: person, Unit: unit, Roles: org.Disclosure, From: today}); err != nil {
		t.Fatal(err)
	}
	if err := a.Accounts.CreateWith(ctx, org.System, person, "wangfang", killPassword, false); err != nil {
		t.Fatal(err)
	}
	dir, err := a.Org.Directory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var office id.ID
	for _, u := range dir.Units() {
		if u.Type == org.Office {
			office = u.ID
		}
	}
	ledger := plan.New(a.Kernel)
	o := plan.Outline{Year: today.Year(), Title: "江澄区政务公开工作要点任务分工", IssuedOn: today, Items: []plan.OutlineItem{{Section: 1, Number: "（一）", Title: "公开"}}}
	for i := range 12 {
		o.Items[0].Measures = append(o.Items[0].Measures, plan.OutlineMeasure{Text: fmt.Sprintf("第%d条举措。", i+1),
			Lead: []plan.Named{{Unit: office}}, Resp: []plan.Named{{Unit: unit}}})
	}
	key, err := ledger.Issue(ctx, org.System, office, o)
	if err != nil {
		t.Fatal(err)
	}
	who, err := a.Org.ActorOf(ctx, person, unit, today)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := ledger.AllLines(ctx, plan.Filter{Plan: key, Unit: unit})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		if err := ledger.Move(ctx, who, l.Case, "accept", process.Input{}); err != nil {
			t.Fatal(err)
		}
	}
	return prepared{cfg, lines, "wangfang"}
}

// server is a running gongkai that can be killed.
type server struct {
	cmd   *exec.Cmd
	base  string
	clock io.Writer // takes how far its clock is put wrong, a line each
}

func serve(t *testing.T, p prepared, env ...string) *server {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "GONGKAI_TEST_MAIN=serve", "GONGKAI_DATA="+p.cfg.Data, "GONGKAI_DATABASE="+p.cfg.Database,
		"GONGKAI_LISTEN=127.0.0.1:0", "GONGKAI_ALLOW="+p.cfg.Allow, fmt.Sprintf("GONGKAI_RATE=%d", p.cfg.Rate))
	cmd.Env = append(cmd.Env, env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	errs := &strings.Builder{}
	cmd.Stderr = errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if at := strings.Index(lines.Text(), "http://"); at >= 0 {
			address, _, _ := strings.Cut(lines.Text()[at:], " ")
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return &server{cmd, strings.TrimRight(address, "/"), in}
		}
	}
	_ = cmd.Wait()
	t.Fatalf("the server did not start: %s", errs)
	return nil
}

func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// client signs in once; its session outlives the server.
func client(t *testing.T, s *server, p prepared) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.PostForm(s.base+"/sign-in", url.Values{"login": {p.login}, "password": {killPassword}})
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("signing in: %d", res.StatusCode)
	}
	return c
}

// TestKilledUnderLoad kills the server with SIGKILL again and again while eight
// clients hand in evidence. What was acknowledged is there, once; the audit chain
// is whole; the jobs that were asked for are done in the end.
func TestKilledUnderLoad(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killed(t, prepare(t, ""), 30) })
	if os.Getenv("GONGKAI_TEST_SQLITE_ONLY") != "" {
		return
	}
	cluster := storetest.Own(t, true)
	p := prepare(t, cluster.Create(t))
	t.Run("postgres", func(t *testing.T) { killed(t, p, 6) })
	t.Run("postgres itself killed", func(t *testing.T) { databaseGone(t, p, cluster) })
}

func killed(t *testing.T, p prepared, kills int) {
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<html><head><title>公告</title></head><body><p>发布时间：" + calendar.Of(clock.System{}.Now()).String() + "</p><p>全文如下。</p></body></html>"))
	}))
	defer page.Close()
	s := serve(t, p)
	defer func() { s.kill() }()
	base, err := url.Parse(s.base)
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, s, p)
	var (
		mu    sync.Mutex
		acked = map[string]bool{}
		sent  int
	)
	for round := range kills {

		var clients sync.WaitGroup
		enough := make(chan struct{})
		var once sync.Once
		target := 3 + rand.IntN(12) // acknowledgements before the kill
		got := 0
		for n := range 8 {
			clients.Go(func() {
				for i := 0; ; i++ {
					mu.Lock()
					sent++
					title := fmt.Sprintf("佐证 %d-%d-%d", round, n, i)
					l := p.terms[sent%len(p.terms)]
					mu.Unlock()
					form := url.Values{"kind": {"text"}, "title": {title}, "text": {"已完成"}, "dated_on": {calendar.Of(clock.System{}.Now()).String()}}
					if i%4 == 3 {
						form = url.Values{"kind": {"link"}, "title": {title}, "url": {page.URL}, "text": {"同一公告证明多项任务"}}
					}
					res, err := c.PostForm(base.String()+"/desk/terms/"+string(l.Term)+"/evidence", form)
					if err != nil {
						return // the server was killed
					}
					_, _ = io.Copy(io.Discard, res.Body)
					_ = res.Body.Close()
					if res.StatusCode != http.StatusSeeOther || !strings.Contains(res.Header.Get("Location"), "/desk/duties/") {
						t.Errorf("handing in: %d %s", res.StatusCode, res.Header.Get("Location"))
						once.Do(func() { close(enough) })
						return
					}
					mu.Lock()
					acked[title] = true
					if got++; got == target {
						once.Do(func() { close(enough) })
					}
					mu.Unlock()
				}
			})
		}
		<-enough
		s.kill()
		clients.Wait()
		s = serve(t, p)
		was := base
		if base, err = url.Parse(s.base); err != nil {
			t.Fatal(err)
		}
		c.Jar.SetCookies(base, c.Jar.Cookies(was)) // another port, the same session
	}
	settled(t, p, s)
	s.kill()
	checkHouse(t, p, acked)
	t.Logf("%d kills, %d submissions acknowledged", kills, len(acked))
}

// settled waits until the running server has fetched every link.
func settled(t *testing.T, p prepared, s *server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	a, err := app.Open(ctx, p.cfg, clock.System{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	ledger := plan.New(a.Kernel)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		waiting := 0
		for _, l := range p.terms {
			list, err := ledger.Evidence(ctx, l.Term)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range list {
				if e.Kind == plan.Link && e.Fetch == "" {
					waiting++
				}
			}
		}
		if waiting == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%d links were never fetched; is %s alive?", waiting, s.base)
		}
	}
}

// check looks at what the database holds after all.
func checkHouse(t *testing.T, p prepared, acked map[string]bool) {
	t.Helper()
	ctx := context.Background()
	a, err := app.Open(ctx, p.cfg, clock.System{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	found := map[string]int{}
	ledger := plan.New(a.Kernel)
	for _, l := range p.terms {
		list, err := ledger.Evidence(ctx, l.Term)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			found[e.Title]++
			if e.Kind == plan.Link && e.Fetch != "ok" {
				t.Errorf("%s: %q", e.Title, e.Fetch)
			}
		}
	}
	for title := range acked {
		if found[title] == 0 {
			t.Errorf("%s was acknowledged and is lost", title)
		}
	}
	for title, n := range found {
		if n > 1 {
			t.Errorf("%s is there %d times", title, n)
		}
	}
	report, err := audit.Verify(ctx, a.DB, a.Trust())
	if err != nil {
		t.Fatal(err)
	}
	if !report.Whole() {
		t.Errorf("the audit chain: %+v", report)
	}
}
