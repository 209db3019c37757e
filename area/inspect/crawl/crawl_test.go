package crawl_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/kernel/clock"
)

// site is a small server that remembers what it was asked.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // "GET /path?query"
	times []time.Time
}

func serve(t *testing.T, h http.HandlerFunc) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewServer(s.note(h))
	t.Cleanup(s.Close)
	return s
}

func (s *site) note(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
		s.times = append(s.times, clock.System{}.Now())
		s.mu.Unlock()
		h(w, r)
	}
}

// count is how often an address was asked for, whatever the method.
func (s *site) count(uri string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, a := range s.asked {
		if _, u, _ := strings.Cut(a, " "); u == uri {
			n++
		}
	}
	return n
}

func (s *site) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked, s.times = nil, nil
}

// pages serves fixed pages; "" for a path stands for 404.
func pages(content map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, ok := content[r.URL.RequestURI()]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(body))
	}
}

func page(title string, rest ...string) string {
	return "<!doctype html><meta charset=utf-8><title>" + title + "</title><body><p>" + title + "的正文，说明本页面所讲的事情，每一页都不一样。</p>" + strings.Join(rest, "\n")
}

func links(to ...string) string {
	var b strings.Builder
	for _, a := range to {
		fmt.Fprintf(&b, "<a href=%q>%s</a>\n", a, a)
	}
	return b.String()
}

func open(t *testing.T, dir string) *crawl.Store {
	t.Helper()
	s, err := crawl.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// quick are settings that let a test end soon.
func quick(start string) crawl.Config {
	return crawl.Config{
		Start: start, Clock: clock.System{}, AllowPrivate: true,
		RetryWait: time.Millisecond, Backoff: time.Millisecond, Total: 5 * time.Second, Idle: 2 * time.Second,
	}
}

func run(t *testing.T, s *crawl.Store, c crawl.Config) crawl.Stats {
	t.Helper()
	st, err := crawl.Run(t.Context(), s, c, plain{})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// all are the fetched addresses of a part by their path.
func all(t *testing.T, s *crawl.Store, part crawl.Part) map[string]*fact.Page {
	t.Helper()
	out := map[string]*fact.Page{}
	if err := s.Pages(t.Context(), part, func(p *fact.Page) error {
		_, rest, _ := strings.Cut(p.URL, "://")
		if i := strings.IndexByte(rest, '/'); i >= 0 && part != crawl.Outside {
			rest = rest[i:]
		}
		out[rest] = p
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func keys(m map[string]*fact.Page) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func TestCrawl(t *testing.T) {
	other := serve(t, pages(map[string]string{"/x": "ok"}))
	s := serve(t, pages(map[string]string{
		"/":         page("首页", "<nav>", links("/a/", "/b/?utm_source=x"), "</nav><img src=/logo.png>", links("/gone.html", other.URL+"/x", other.URL+"/y")),
		"/a/":       page("栏目甲", links("1.html", "/a/1.html#top", "/a/./1.html", "/a/1.html;jsessionid=AB12", "mailto:a@b.cn", "javascript:void(0)", "/gone.html")),
		"/a/1.html": page("文章一", links("/file.pdf")),
		"/b/":       page("栏目乙"),
		"/file.pdf": "%PDF-1.4 x",
		"/logo.png": "\x89PNG\r\n\x1a\n",
	}))
	st := open(t, t.TempDir())
	got := run(t, st, quick(s.URL))
	if got.Pages != 5 || got.Files != 2 || got.Outside != 2 || got.Stopped != "" || got.Queued != 0 || got.Bad != 2 {
		t.Errorf("%+v", got)
	}
	found := all(t, st, crawl.Page)
	if k := keys(found); !slices.Equal(k, []string{"/", "/a/", "/a/1.html", "/b/", "/gone.html"}) {
		t.Error(k)
	}
	p := found["/a/1.html"]
	if !p.OK() || p.Depth != 2 || !strings.HasSuffix(p.Referrer, "/a/") || p.Type != "text/html" || p.Charset != "utf-8" || len(p.Hash) != 64 || p.Read.Title != "文章一" || p.Size == 0 {
		t.Errorf("%+v", p)
	}
	if f := all(t, st, crawl.File)["/file.pdf"]; f.Type != "application/pdf" || f.Size != 10 || !f.OK() {
		t.Errorf("%+v", f)
	}
	dead, err := st.Dead(t.Context(), 5)
	if err != nil {
		t.Fatal(err)
	}
	if len(dead) != 2 || !strings.HasSuffix(dead[0].Page.URL, "/gone.html") || dead[0].Count != 2 || len(dead[0].On) != 2 || dead[0].On[0].Depth != 0 || dead[0].On[0].Link.Element != "a" || len(dead[0].Tries) != 3 || dead[0].Confirmed() || dead[1].Part != crawl.Outside {
		t.Errorf("%+v", dead)
	}
	if n := other.count("/y"); n != 3 {
		t.Errorf("the dead address outside was asked for %d times", n)
	}
	if n := other.count("/x"); n != 1 {
		t.Errorf("the good one %d times", n)
	}
	if other.count("/robots.txt") != 1 || s.count("/a/1.html") != 1 {
		t.Error(s.asked)
	}
}

func TestSecondRun(t *testing.T) {
	news := ""
	now := clock.System{}.Now()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body := map[string]string{
			"/":                page("首页", links("/a/")),
			"/a/":              page("栏目", links("/a/20230101.html", "/a/new.html"), news),
			"/a/20230101.html": `<meta name=pubdate content=2023-01-01><meta name=kind content=item>` + page("旧文"),
			"/a/new.html":      `<meta name=pubdate content=` + now.Format(time.DateOnly) + `><meta name=kind content=item>` + page("新文"),
			"/a/fresh.html":    page("刚发布"),
		}[r.URL.Path]
		if body == "" {
			http.NotFound(w, r)
			return
		}
		tag := fmt.Sprintf(`"%d"`, len(body))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(body))
	})
	st := open(t, t.TempDir())
	if got := run(t, st, quick(s.URL)); got.Pages != 4 || got.Round != 1 {
		t.Fatalf("%+v", got)
	}
	s.forget()
	news = links("/a/fresh.html")
	got := run(t, st, quick(s.URL))
	if got.Round != 2 || got.Pages != 4 || got.Unchanged != 2 {
		t.Errorf("%+v", got)
	}
	if s.count("/a/20230101.html") != 0 || s.count("/a/fresh.html") != 1 || s.count("/a/new.html") != 1 || s.count("/") != 1 {
		t.Error(s.asked)
	}
	if p := all(t, st, crawl.Page); len(p) != 5 || p["/a/new.html"].Read == nil || p["/"].Read == nil {
		t.Error(keys(p))
	}
}

func TestStopAndGoOn(t *testing.T) {
	content := map[string]string{}
	var to []string
	for i := range 300 {
		a := fmt.Sprintf("/p/%d.html", i)
		content[a] = page(fmt.Sprintf("第%d页甲乙丙丁", i))
		to = append(to, a)
	}
	content["/"] = page("首页", links(to...))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var s *site
	s = serve(t, func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		n := len(s.asked)
		s.mu.Unlock()
		if n == 100 {
			cancel()
		}
		pages(content)(w, r)
	})
	dir := t.TempDir()
	st := open(t, dir)
	got, err := crawl.Run(ctx, st, quick(s.URL), plain{})
	if err != nil || got.Stopped == "" || got.Pages == 0 || got.Queued == 0 {
		t.Fatalf("%+v %v", got, err)
	}
	if _, err := crawl.Open(dir); err == nil {
		t.Error("the folder could be opened twice")
	}
	short := quick(s.URL)
	short.MaxTime = time.Nanosecond
	if got := run(t, st, short); !strings.Contains(got.Stopped, "时间上限") || got.Pages != 0 {
		t.Errorf("%+v", got)
	}
	_ = st.Close()
	again := run(t, open(t, dir), quick(s.URL))
	if again.Round != 1 || again.Stopped != "" || got.Pages+again.Pages != 301 {
		t.Errorf("%+v then %+v", got, again)
	}
}

func TestMaxPagesSeesColumnsFirst(t *testing.T) {
	content := map[string]string{"/": page("首页")}
	for c := range 10 {
		column := fmt.Sprintf("/c%c/", 'a'+c)
		content["/"] += "<nav>" + links(column) + "</nav>"
		var to []string
		for i := range 20 {
			a := fmt.Sprintf("%s2024/t20240101_%d.html", column, i)
			content[a] = page(fmt.Sprint("文章", c, i))
			to = append(to, a)
			if i < 3 {
				content["/"] += links(a)
			}
		}
		content[column] = page("栏目"+column, links(to...))
	}
	s := serve(t, pages(content))
	st := open(t, t.TempDir())
	c := quick(s.URL)
	c.MaxPages = 15
	got := run(t, st, c)
	found := all(t, st, crawl.Page)
	columns := 0
	for k := range found {
		if strings.HasSuffix(k, "/") {
			columns++
		}
	}
	if got.Pages != 15 || columns != 11 || !strings.Contains(got.Stopped, "15") {
		t.Errorf("%d columns, %+v", columns, got)
	}
	c.MaxPages = 0
	if got := run(t, st, c); got.Pages != 211-15 || got.Stopped != "" {
		t.Errorf("%+v", got)
	}
}

// later is a clock that goes ahead of another.
type later struct {
	clock.Clock
	by time.Duration
}

func (l later) Now() time.Time { return l.Clock.Now().Add(l.by) }
