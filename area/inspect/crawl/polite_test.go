package crawl_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
)

func send(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// names resolves made-up names to this machine.
type names map[string]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if a, ok := n[host]; ok {
		return []netip.Addr{netip.MustParseAddr(a)}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func TestWEB80Rate(t *testing.T) {
	content := map[string]string{"/": page("首页")}
	for i := range 20 {
		content[fmt.Sprintf("/%d", i)] = page(fmt.Sprint("页", i))
		content["/"] += links(fmt.Sprintf("/%d", i))
	}
	s := serve(t, pages(content))
	c := quick(s.URL)
	c.Rate = 100
	c.Parallel = 16
	run(t, open(t, t.TempDir()), c)
	// No second holds more than Rate calls, and ten calls last at least 90 ms.
	for i := 10; i < len(s.times); i++ {
		if d := s.times[i].Sub(s.times[i-10]); d < 70*time.Millisecond {
			t.Fatalf("ten calls within %v", d)
		}
	}
	if len(s.times) != 23 { // with robots.txt and one address that does not exist
		t.Error(s.asked)
	}
}

func TestWEB81Refusals(t *testing.T) {
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/busy":
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		case "/challenge":
			send(w, http.StatusForbidden, "<script>var cf-chl</script>")
		case "/wall":
			http.SetCookie(w, &http.Cookie{Name: "x", Value: "y"})
			w.WriteHeader(http.StatusPreconditionFailed)
		case "/robots.txt":
			_, _ = io.WriteString(w, "User-agent: *\nDisallow: /closed\n")
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/nohead":
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusMethodNotAllowed)
			}
		}
	})
	s := serve(t, pages(map[string]string{"/": page("首页", links(other.URL+"/busy", other.URL+"/challenge", other.URL+"/wall", other.URL+"/closed", other.URL+"/gone", other.URL+"/nohead"))}))
	st := open(t, t.TempDir())
	run(t, st, quick(s.URL))
	out := all(t, st, crawl.Outside)
	for path, want := range map[string]fact.Failure{"/busy": fact.Refused, "/challenge": fact.Refused, "/wall": fact.Refused, "/closed": fact.Refused, "/gone": "", "/nohead": ""} {
		if p := out[strings.TrimPrefix(other.URL, "http://")+path]; p == nil || p.Failure != want {
			t.Errorf("%s: %+v", path, p)
		}
	}
	if other.count("/closed") != 0 {
		t.Error("robots.txt was not obeyed")
	}
	dead, err := st.Dead(t.Context(), 1)
	if err != nil || len(dead) != 1 || !strings.HasSuffix(dead[0].Page.URL, "/gone") {
		t.Errorf("%v %v", dead, err)
	}
}

// What another site's page says of itself is kept, whatever its size, and costs one
// request.
// Another site that asks to be left alone for an hour is left alone, and holds up
// nothing.
func TestWEB81OtherSiteLeftAlone(t *testing.T) {
	for _, where := range []string{"/robots.txt", "/1"} {
		other := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" && where != r.URL.Path {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Retry-After", "3600")
			send(w, http.StatusTooManyRequests, "busy")
		})
		var to []string
		for i := range 20 {
			to = append(to, fmt.Sprintf("%s/%d", other.URL, i))
		}
		s := serve(t, pages(map[string]string{"/": links(to...)}))
		st := open(t, t.TempDir())
		if got := run(t, st, quick(s.URL)); got.Outside != 20 || got.Bad != 0 {
			t.Errorf("%+v", got)
		}
		for at, p := range all(t, st, crawl.Outside) {
			if p.Failure != fact.Refused || p.Status != http.StatusTooManyRequests || !strings.Contains(p.Note, "减少访问") {
				t.Errorf("%s: %+v", at, p)
			}
		}
		if len(other.asked) > 2 {
			t.Errorf("asked again and again: %v", other.asked)
		}
	}
}

func TestWEB12Glance(t *testing.T) {
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
		case "/lost":
			send(w, 200, "<title>提示</title><p>您访问的页面不存在</p>")
		default:
			send(w, 200, page("青石日报数字版")+strings.Repeat("<p>正文</p>", 100_000))
		}
	})
	s := serve(t, pages(map[string]string{"/": page("首页", links(other.URL+"/a", other.URL+"/b.pdf", other.URL+"/lost"))}))
	st := open(t, t.TempDir())
	run(t, st, quick(s.URL))
	out := all(t, st, crawl.Outside)
	host := strings.TrimPrefix(other.URL, "http://")
	p := out[host+"/a"]
	if p == nil || !p.OK() || p.Read == nil || p.Read.Title != "青石日报数字版" || len(p.Read.Text) > 4000 || len(p.Read.Links) != 0 {
		t.Errorf("%+v", p)
	}
	if n := other.count("/a"); n != 1 {
		t.Errorf("%d requests", n)
	}
	if f := out[host+"/b.pdf"]; f == nil || f.Read != nil {
		t.Errorf("%+v", f)
	}
	if f := out[host+"/lost"]; f == nil || f.Failure != fact.SoftMissing {
		t.Errorf("%+v", f) // WEB-82
	}
}

// A page of the site behind "too many requests" is asked for again.
func TestBusySite(t *testing.T) {
	var calls atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/":
			send(w, 200, page("首页", links("/a.html")))
		case r.URL.Path == "/a.html" && calls.Add(1) == 1:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		case r.URL.Path == "/a.html":
			send(w, 200, page("甲"))
		default:
			http.NotFound(w, r)
		}
	})
	st := open(t, t.TempDir())
	run(t, st, quick(s.URL))
	if p := all(t, st, crawl.Page)["/a.html"]; !p.OK() || p.Read == nil {
		t.Errorf("%+v", p)
	}
}

// Answers for missing pages that look like pages, in three manners.
func TestWEB82SoftMissing(t *testing.T) {
	article := func(n int) string {
		return page(fmt.Sprint("通知", n), "<p>", strings.Repeat(fmt.Sprintf("第%c项工作由各单位负责落实", '甲'+n), 5))
	}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		p := r.URL.Path
		switch {
		case p == "/":
			send(w, 200, page("首页", links("/a/1.html", "/a/2.html", "/a/lost.html", "/b/1.html", "/b/lost.html", "/b/index.html", "/c/1.html", "/c/said.html", "/d/1.html", "/d/2.html")))
		case strings.HasSuffix(p, "/1.html"):
			send(w, 200, article(int(p[1])))
		case p == "/a/2.html":
			send(w, 200, article(3))
		case strings.HasPrefix(p, "/a/"): // the site's own words, without "not there" in them
			send(w, 200, "<title>提示</title><p>您所要的东西已经搬走了，请从网站首页重新查找，或者使用站内搜索功能。"+p)
		case p == "/b/index.html", strings.HasPrefix(p, "/b/"):
			http.Redirect(w, r, "/", http.StatusFound)
		case p == "/c/said.html":
			send(w, 200, "<title>出错了</title><p>您访问的页面不存在")
		case p == "/d/2.html":
			send(w, 200, "<title>图片新闻</title><img src=/x.png>")
		default:
			http.NotFound(w, r)
		}
	})
	st := open(t, t.TempDir())
	run(t, st, quick(s.URL))
	found := all(t, st, crawl.Page)
	for path, want := range map[string]fact.Failure{
		"/": "", "/a/1.html": "", "/a/2.html": "", "/a/lost.html": fact.SoftMissing, "/b/1.html": "", "/b/lost.html": fact.SoftMissing, "/b/index.html": "", "/c/1.html": "", "/c/said.html": fact.SoftMissing, "/d/2.html": "",
	} {
		if p := found[path]; p == nil || p.Failure != want {
			t.Errorf("%s: %+v", path, p)
		}
	}
	if dead, err := st.Dead(t.Context(), 1); err != nil || len(dead) != 4 { // with /x.png
		t.Errorf("%v %v", dead, err)
	}
}

// A site made by script answers every address with the same shell: no page of it
// is missing because of that.
func TestScriptedSiteIsNotMissing(t *testing.T) {
	shell := page("某市人民政府", links("/a/1", "/a/2", "/b"))
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { send(w, 200, shell) })
	st := open(t, t.TempDir())
	run(t, st, quick(s.URL))
	for path, p := range all(t, st, crawl.Page) {
		if p.Failure != "" {
			t.Errorf("%s: %+v", path, p)
		}
	}
}

func TestWEB85InternalAddresses(t *testing.T) {
	inner := serve(t, pages(map[string]string{"/": "inner"}))
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(inner.URL, "http://"))
	s := serve(t, pages(map[string]string{"/": page("首页", links("http://192.168.1.5/x", "http://10.1.2.3:8080/", inner.URL+"/", "http://inner.example:"+port+"/", "http://nowhere.example/"))}))
	_, own, _ := net.SplitHostPort(strings.TrimPrefix(s.URL, "http://"))
	check := func(t *testing.T, c crawl.Config, loop fact.Failure) {
		inner.forget()
		st := open(t, t.TempDir())
		got := run(t, st, c)
		out := all(t, st, crawl.Outside)
		if got.Pages != 1 || len(out) != 5 {
			t.Fatalf("%+v %v", got, keys(out))
		}
		for url, want := range map[string]fact.Failure{"192.168.1.5/x": fact.Internal, "10.1.2.3:8080/": fact.Internal, "127.0.0.1:" + port + "/": loop, "inner.example:" + port + "/": loop, "nowhere.example/": fact.NoHost} {
			if p := out[url]; p == nil || p.Failure != want {
				t.Errorf("%s: %+v", url, p)
			}
		}
		if want := map[bool]int{true: 0, false: 2}[loop != ""]; inner.count("/") != want {
			t.Errorf("the internal server was called %d times", inner.count("/"))
		}
	}
	resolve := names{"www.example": "127.0.0.1", "inner.example": "127.0.0.1"}
	t.Run("from a public site", func(t *testing.T) {
		c := quick("http://www.example:" + own + "/")
		c.AllowPrivate, c.Allow, c.Resolver, c.Tries, c.Rate = false, []string{"www.example"}, resolve, 1, 100
		check(t, c, fact.Internal)
	})
	t.Run("on this machine", func(t *testing.T) {
		c := quick(s.URL)
		c.Resolver, c.Tries = resolve, 1
		check(t, c, "")
	})
	t.Run("on this machine, of others only what is listed", func(t *testing.T) {
		c := quick(s.URL)
		c.AllowPrivate, c.Resolver, c.Tries = false, resolve, 1
		for allow, want := range map[string]fact.Failure{"127.0.0.1:" + port: "", "127.0.0.1:1": fact.Internal} {
			c.Allow = []string{"127.0.0.1:" + own, allow}
			st := open(t, t.TempDir())
			run(t, st, c)
			if p := all(t, st, crawl.Outside)["127.0.0.1:"+port+"/"]; p == nil || p.Failure != want {
				t.Errorf("with %s: %+v", allow, p)
			}
		}
	})
	t.Run("a start inside is refused", func(t *testing.T) {
		c := quick(s.URL)
		c.AllowPrivate = false
		st := open(t, t.TempDir())
		run(t, st, c)
		if p := all(t, st, crawl.Page)["/"]; p.Failure != fact.Internal || !strings.Contains(p.Note, "内网") {
			t.Errorf("%+v", p)
		}
	})
}

func TestWaysOfSendingOn(t *testing.T) {
	other := serve(t, pages(map[string]string{"/x": "ok"}))
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			send(w, 200, "<meta http-equiv=refresh content='0;url=/home/'>")
		case "/home/":
			send(w, 200, page("首页", links("/old", "/jump", "/out", "/lost", "/cookie", "/session"), "<iframe src=/frame.html></iframe>"))
		case "/frame.html":
			send(w, 200, page("框架", links("/inframe")))
		case "/old":
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
		case "/new", "/inframe":
			send(w, 200, page("页面"+r.URL.Path))
		case "/jump":
			send(w, 200, "<title>跳转</title><meta http-equiv=refresh content='0;url="+other.URL+"/x'>")
		case "/out":
			http.Redirect(w, r, other.URL+"/gone", http.StatusFound)
		case "/lost":
			http.Redirect(w, r, "/really-lost", http.StatusFound)
		case "/cookie":
			if c, err := r.Cookie("seen"); err != nil || c.Value != "1" {
				http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
				http.Redirect(w, r, "/cookie", http.StatusFound)
				return
			}
			send(w, 200, page("有饼干"))
		case "/session;jsessionid=77":
			send(w, 200, page("有会话"))
		case "/session":
			http.Redirect(w, r, "/session;jsessionid=77", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	})
	st := open(t, t.TempDir())
	got := run(t, st, quick(s.URL))
	found := all(t, st, crawl.Page)
	if p := found["/"]; !strings.HasSuffix(p.Final, "/home/") {
		t.Errorf("%+v", p)
	}
	if p := found["/home/"]; p.Depth != 0 {
		t.Errorf("%+v", p)
	}
	if p := found["/frame.html"]; p.Depth != 0 || found["/inframe"] == nil {
		t.Errorf("%+v", p)
	}
	if p := found["/old"]; !p.OK() || !strings.HasSuffix(p.Final, "/new") || p.Read != nil {
		t.Errorf("%+v", p)
	}
	if p := found["/jump"]; !p.OK() || p.Final != other.URL+"/x" {
		t.Errorf("%+v", p)
	}
	if p := found["/out"]; p.Status != 404 || p.Final != other.URL+"/gone" {
		t.Errorf("%+v", p)
	}
	if p := found["/lost"]; p.Status != 404 {
		t.Errorf("%+v", p)
	}
	if found["/cookie"].Read == nil || found["/session"].Read == nil {
		t.Errorf("%+v %+v", found["/cookie"], found["/session"])
	}
	if got.Outside != 2 {
		t.Errorf("%+v", got)
	}
	dead, err := st.Dead(t.Context(), 3)
	if err != nil || len(dead) != 2 { // by the address that is linked, not by where it leads
		t.Fatalf("%+v %v", dead, err)
	}
	for _, d := range dead {
		if len(d.Tries) != 3 || d.Count != 1 {
			t.Errorf("%s: %+v", d.Page.URL, d)
		}
	}
}

// Sub-sites of a group: by path on the same host, and by other hosts.
func TestScope(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		host, port, _ := net.SplitHostPort(r.Host)
		if r.URL.Path != "/" && r.URL.Path != "/edu/" && r.URL.Path != "/x" {
			http.NotFound(w, r)
			return
		}
		send(w, 200, page(host+r.URL.Path, links("/edu/", "/x", "http://edu.city.example:"+port+"/", "http://city.example:"+port+"/", "http://www.other.example:"+port+"/")))
	})
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(s.URL, "http://"))
	resolve := names{}
	for _, n := range []string{"www.city.example", "city.example", "edu.city.example", "www.other.example"} {
		resolve[n] = "127.0.0.1"
	}
	try := func(t *testing.T, pages, outside int, change func(*crawl.Config)) crawl.Stats {
		c := quick("http://www.city.example:" + port + "/")
		c.Resolver = resolve
		change(&c)
		got := run(t, open(t, t.TempDir()), c)
		if got.Pages != pages || got.Outside != outside {
			t.Errorf("%+v, want %d and %d", got, pages, outside)
		}
		return got
	}
	t.Run("one host, with and without www", func(t *testing.T) {
		if got := try(t, 6, 2, func(*crawl.Config) {}); got.Group["edu.city.example"] != 1 || len(got.Group) != 1 {
			t.Errorf("%+v", got.Group)
		}
	})
	t.Run("other hosts of the group", func(t *testing.T) {
		try(t, 9, 1, func(c *crawl.Config) { c.Hosts = []string{"edu.city.example:" + port} })
	})
	t.Run("a sub-site by path", func(t *testing.T) {
		try(t, 1, 2, func(c *crawl.Config) { c.Start += "edu/"; c.Under = []string{"/edu/"} })
	})
}

func TestKeep(t *testing.T) {
	big := strings.Repeat("%PDF-1.4 x", 3000)
	s := serve(t, pages(map[string]string{"/": page("首页", links("/a.html", "/f.pdf", "/g.pdf")), "/a.html": page("甲"), "/f.pdf": big, "/g.pdf": "%PDF-1.4 small"}))
	st := open(t, t.TempDir())
	c := quick(s.URL)
	c.Keep = func(p *fact.Page) bool { return strings.HasSuffix(p.URL, "/a.html") || p.Type == "application/pdf" }
	run(t, st, c)
	for path, want := range map[string]string{"/f.pdf": big, "/g.pdf": "%PDF-1.4 small"} {
		p := all(t, st, crawl.File)[path]
		if b, err := st.Kept(p.Hash); err != nil || string(b) != want || p.Size != int64(len(want)) {
			t.Errorf("%s: %d bytes %v, %+v", path, len(b), err, p)
		}
	}
	found := all(t, st, crawl.Page)
	if b, err := st.Kept(found["/a.html"].Hash); err != nil || string(b) != page("甲") {
		t.Error(string(b), err)
	}
	if _, err := st.Kept(found["/"].Hash); err == nil {
		t.Error("a page was kept that nobody asked for")
	}
	if _, err := st.Kept("../crawl.db"); err == nil {
		t.Error("a hash that is none")
	}
}

// A reader that breaks on a page costs that page.
func TestReaderBreaks(t *testing.T) {
	s := serve(t, pages(map[string]string{"/": page("首页", links("/bad.html", "/good.html")), "/bad.html": page("坏"), "/good.html": page("好")}))
	st := open(t, t.TempDir())
	got, err := crawl.Run(t.Context(), st, quick(s.URL), breaking{})
	found := all(t, st, crawl.Page)
	if err != nil || got.Pages != 3 || found["/bad.html"].Failure != fact.Broken || !found["/good.html"].OK() {
		t.Errorf("%+v %v %+v", got, err, found["/bad.html"])
	}
}

type breaking struct{ plain }

func (b breaking) Read(p *fact.Page, text string) crawl.Found {
	if strings.HasSuffix(p.URL, "/bad.html") {
		panic("broken")
	}
	return b.plain.Read(p, text)
}

// The same site under both schemes is crawled once.
func TestTwins(t *testing.T) {
	content := map[string]string{
		"/":       page("首页", links("http://example.com/a.html", "https://example.com/b.html", "http://example.com/b.html", "https://example.com/a.html", "/c.html")),
		"/a.html": page("甲", links("https://example.com/c.html", "https://example.com/lost.html")), "/b.html": page("乙", links("http://example.com/c.html", "http://example.com/a.html")), "/c.html": page("丙"),
	}
	for _, redirects := range []bool{false, true} {
		secure := &site{}
		secure.Server = httptest.NewUnstartedServer(secure.note(pages(content)))
		secure.StartTLS()
		t.Cleanup(secure.Close)
		open80 := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if redirects {
				http.Redirect(w, r, "https://example.com"+r.URL.Path, http.StatusMovedPermanently)
				return
			}
			pages(content)(w, r)
		})
		secure.Config.ErrorLog = log.New(io.Discard, "", 0)
		roots := x509.NewCertPool()
		roots.AddCert(secure.Certificate())
		c := quick("http://example.com/")
		c.Roots = roots
		crawl.Through(&c, func(ctx context.Context, network, address string) (net.Conn, error) {
			to := open80.Listener.Addr().String()
			if strings.HasSuffix(address, ":443") {
				to = secure.Listener.Addr().String()
			}
			return (&net.Dialer{}).DialContext(ctx, network, to)
		})
		st := open(t, t.TempDir())
		got := run(t, st, c)
		read := map[string]int{}
		if err := st.Pages(t.Context(), crawl.Page, func(p *fact.Page) error {
			if p.Read != nil {
				read[p.URL[strings.LastIndexByte(p.URL, '/'):]]++
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		// The first page met under the other scheme shows that it is the same site.
		if len(read) != 4 || read["/c.html"] != 1 || read["/a.html"]+read["/b.html"] > 3 {
			t.Errorf("redirects %v: %v, %+v", redirects, read, got)
		}
		dead, err := st.Dead(t.Context(), 3)
		if err != nil || len(dead) == 0 || len(dead[0].On) == 0 || dead[0].On[0].Link.URL == "" {
			t.Errorf("redirects %v: %+v %v", redirects, dead, err)
		}
	}
}
