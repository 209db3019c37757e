package probe

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/read"
	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/fetch"
)

const frame = `<html><head><title>临江区人民政府</title></head><body><div class="nav"><a href="/">首页</a> <a href="/zwgk/">政务公开</a> <a href="/zwfw/">政务服务</a></div>%s
<div class="foot">主办：临江区人民政府办公室</div></body></html>`

func page(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, frame, body)
	}
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.CloseClientConnections)
	t.Cleanup(s.Close)
	return s.URL
}

// resolver answers from a table: names to addresses, zones to name servers.
type resolver struct {
	hosts map[string][]string
	zones map[string][]string
}

func (r resolver) LookupNetIP(_ context.Context, family, host string) ([]netip.Addr, error) {
	var out []netip.Addr
	for _, text := range r.hosts[host] {
		if text == "silent" {
			return nil, &net.DNSError{Err: "no answer", Name: host, IsTimeout: true}
		}
		if a := netip.MustParseAddr(text); family == "ip" || a.Is6() == (family == "ip6") {
			out = append(out, a)
		}
	}
	if len(out) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return out, nil
}

func (r resolver) LookupNS(_ context.Context, zone string) ([]*net.NS, error) {
	var out []*net.NS
	for _, host := range r.zones[zone] {
		out = append(out, &net.NS{Host: host + "."})
	}
	if len(out) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: zone, IsNotFound: true}
	}
	return out, nil
}

func config(start string) Config {
	return Config{Start: start, Clock: clock.System{}, AllowPrivate: true, Agent: "gongkai-test (+https://example.gov.cn/)", Total: 5 * time.Second, Limit: 5 * time.Second}
}

func open(t *testing.T, c Config) *prober {
	t.Helper()
	p, err := newProber(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	return p
}

func TestPlan(t *testing.T) {
	day := calendar.MustParse("2026-06-30")
	plan := Plan(day, "https://www.example.gov.cn/")
	if len(plan) != 24 || !slices.EqualFunc(plan, Plan(day, "https://www.example.gov.cn/"), time.Time.Equal) {
		t.Fatalf("%d moments, or others the second time", len(plan))
	}
	if slices.EqualFunc(plan, Plan(day.Add(1), "https://www.example.gov.cn/"), func(a, b time.Time) bool { return a.AddDate(0, 0, 1).Equal(b) }) {
		t.Error("the same moments every day")
	}
	for i, at := range plan {
		if calendar.Of(at) != day || at.Before(day.Start().Add(time.Duration(i)*time.Hour)) || !at.Before(day.Start().Add(time.Duration(i+1)*time.Hour)) {
			t.Errorf("moment %d: %v", i, at)
		}
		if i > 0 && at.Sub(plan[i-1]) < 12*time.Minute {
			t.Errorf("moments %d and %d: %v", i-1, i, at.Sub(plan[i-1]))
		}
	}
}

func TestVisit(t *testing.T) {
	control := func() string { return serve(t, page("")) }
	two := []string{control(), control()}
	gone := httptest.NewServer(page(""))
	gone.Close()
	write := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	hops := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			var at int
			if _, err := fmt.Sscanf(r.URL.Path, "/%d", &at); err != nil && r.URL.Path != "/" {
				http.NotFound(w, r)
			} else if at == n {
				page("")(w, r)
			} else {
				http.Redirect(w, r, fmt.Sprintf("/%d", at+1), http.StatusFound)
			}
		}
	}
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		control []string
		limit   time.Duration
		failed  string // part of it; "" = opened
		void    bool
	}{
		{name: "V2 an ordinary page opens", handler: page("<p>欢迎</p>")},
		{name: "V2 a status of 400 and above fails", handler: write(500, "x"), control: two, failed: "500"},
		{name: "V2 an empty body fails", handler: write(200, " \n"), control: two, failed: "空白"},
		{name: "V2 five redirects are followed", handler: hops(5)},
		{name: "V2 six are not", handler: hops(6), control: two, failed: "跳转次数过多"},
		{name: "V2 a redirect in a circle fails", handler: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }, control: two, failed: "跳转次数过多"},
		{name: "V2 what is no web page fails", handler: write(200, "%PDF-1.4\n1 0 obj"), control: two, failed: "不是网页"},
		{name: "V2 a page cut off fails", handler: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "<html><body>一半")
		}, control: two, failed: "连接中断"},
		{name: "V2 a byte now and then fails by time", handler: trickle, control: two, limit: 300 * time.Millisecond, failed: "超过 0.3 秒"},
		{name: "V2 headers without end fail by time", handler: func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, control: two, limit: 300 * time.Millisecond, failed: "超过 0.3 秒"},
		{name: "V2 a body without end fails by size", handler: endless, control: two, failed: "不能完整打开"},
		{name: "V2 a bomb fails by size", handler: bomb, control: two, failed: "不能完整打开"},
		{name: "V2 a page that only sends on is followed", handler: func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				_, _ = io.WriteString(w, `<html><head><meta http-equiv="refresh" content="0;url=/index.html"></head><body></body></html>`)
				return
			}
			http.Error(w, "x", http.StatusBadGateway)
		}, control: two, failed: "502"},
		{name: "WEB-16 a failure while our line is out is void", handler: write(500, "x"), control: []string{two[0], gone.URL}, failed: "本机线路", void: true},
		{name: "WEB-16 without control addresses a failure is void", handler: write(500, "x"), failed: "对照网址", void: true},
		{name: "WEB-16 one address twice is not two", handler: write(500, "x"), control: []string{two[0], two[0]}, failed: "本机线路", void: true},
		{name: "WEB-81 a server that asks to be left alone decides nothing", handler: write(429, "x"), control: two, failed: "减少访问", void: true},
		{name: "a page that asks for a person decides nothing", handler: write(412, "<script>$_ts=window['$_ts'];</script>"), control: two, failed: "人机验证", void: true},
		{name: "what refuses programs and not browsers opens", handler: func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.UserAgent(), "Mozilla/5.0 (Windows") {
				http.Error(w, "no", http.StatusForbidden)
				return
			}
			page("")(w, r)
		}, control: two},
		{name: "what refuses browsers too fails", handler: write(403, "no"), control: two, failed: "403"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			conf := config(serve(t, c.handler))
			conf.Control = c.control
			if c.limit > 0 {
				conf.Limit = c.limit
			}
			v := Visit(t.Context(), conf)
			if (v.Failed == "") != (c.failed == "") || !strings.Contains(v.Failed, c.failed) || v.Void != c.void || v.At.IsZero() {
				t.Errorf("%+v", v)
			}
		})
	}
	t.Run("V2 a bad certificate fails", func(t *testing.T) {
		s := httptest.NewTLSServer(page(""))
		defer s.Close()
		conf := config(s.URL)
		conf.Control = two
		if v := Visit(t.Context(), conf); !strings.Contains(v.Failed, "证书无效") || v.Void {
			t.Errorf("%+v", v)
		}
	})
	t.Run("internal addresses are not called", func(t *testing.T) {
		conf := config(serve(t, page("")))
		conf.AllowPrivate = false
		if v := Visit(t.Context(), conf); !strings.Contains(v.Failed, "内网") || !v.Void {
			t.Errorf("%+v", v)
		}
	})
}

func trickle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := io.WriteString(w, "<"); err != nil {
			return
		}
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
		}
	}
}

func endless(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	block := []byte(strings.Repeat("<p>没完没了</p>", 4096))
	for {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

func bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	endless(plainWriter{z, w.Header()}, nil)
}

type plainWriter struct {
	io.Writer
	header http.Header
}

func (w plainWriter) Header() http.Header { return w.header }
func (w plainWriter) WriteHeader(int)     {}

// A hostile site holds up nothing and breaks nothing.
func TestHostileSites(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"trickle": trickle, "endless": endless, "bomb": bomb,
		"circle": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/?"+r.URL.RawQuery+"x", http.StatusFound)
		},
		"inside": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/", http.StatusFound)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(serve(t, h))
			c.Total = time.Second
			out, err := Run(t.Context(), c, Questions{Items: []fact.Asked{{Query: "关于印发工作要点的通知", Want: c.Start + "/1.html"}}, Links: []string{c.Start + "/a"}})
			if err != nil {
				t.Fatal(err)
			}
			if out.Agents != nil || out.Missing != nil || out.Search != nil || out.TLS != nil {
				t.Errorf("%+v", out)
			}
		})
	}
}

func TestAgentsAndMissing(t *testing.T) {
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/gongkai-"):
			page("<h1>您访问的页面不存在</h1>")(w, r)
		case strings.Contains(r.UserAgent(), "Baiduspider"):
			_, _ = io.WriteString(w, `<html><title>澳门在线娱乐</title><body><a href="http://bet.example.com/">进入</a><a href="/zwgk/">政务公开</a></body></html>`)
		default:
			page(`<a href="http://www.gov.cn/">中国政府网</a>`)(w, r)
		}
	}))
	out, err := Run(t.Context(), config(url), Questions{})
	if err != nil {
		t.Fatal(err)
	}
	a := out.Agents
	if len(a) != 2 || a[0].Name != "浏览器" || a[0].Title != "临江区人民政府" || !slices.Equal(a[0].Hosts, []string{"www.gov.cn"}) ||
		a[1].Title != "澳门在线娱乐" || !slices.Equal(a[1].Hosts, []string{"bet.example.com"}) || a[0].Hash == a[1].Hash {
		t.Errorf("V1.3 agents %+v", a)
	}
	m := out.Missing
	if m == nil || m.Status != 200 || m.Read == nil || !m.Read.Missing || m.Hash != Hash(m.Read) || !strings.HasPrefix(m.URL, url+"/gongkai-") {
		t.Errorf("WEB-82 missing %+v", m)
	}
	again, err := Run(t.Context(), config(url), Questions{})
	if err != nil || again.Missing.URL != m.URL || again.Missing.Hash != m.Hash {
		t.Errorf("WEB-84 another address or text the second time")
	}
	if out.TLS != nil || out.IPv6 != nil {
		t.Errorf("a port of its own and an IPv4 address say nothing of TLS and IPv6: %+v %+v", out.TLS, out.IPv6)
	}
}

func TestTLS(t *testing.T) {
	server := func(lowest, highest uint16) (*httptest.Server, string) {
		s := httptest.NewUnstartedServer(page(""))
		s.TLS = &tls.Config{MinVersion: lowest, MaxVersion: highest}
		s.StartTLS()
		t.Cleanup(s.Close)
		return s, s.URL
	}
	send := func(to string) string {
		return serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to+"/", http.StatusMovedPermanently) }))
	}
	modern, url := server(tls.VersionTLS12, tls.VersionTLS13)
	t.Run("NORM-42 all is well", func(t *testing.T) {
		c := config(send(url))
		c.Roots = modern.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
		if got := open(t, c).tls(t.Context()); got == nil || *got != (fact.TLS{HTTP: 301, ToHTTPS: true, Version: "1.3"}) {
			t.Errorf("%+v", got)
		}
	})
	t.Run("NORM-42 old versions and a bad certificate are seen", func(t *testing.T) {
		_, url := server(tls.VersionTLS10, tls.VersionTLS12)
		got := open(t, config(send(url))).tls(t.Context())
		if got == nil || got.Version != "1.2" || got.Old != "1.0" || !strings.Contains(got.Failed, "证书无效") {
			t.Errorf("%+v", got)
		}
	})
	t.Run("NORM-42 only an old version", func(t *testing.T) {
		_, url := server(tls.VersionTLS11, tls.VersionTLS11)
		got := open(t, config(url)).tls(t.Context())
		if got == nil || got.Version != "" || got.Old != "1.1" || got.HTTP != 0 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("https that is none", func(t *testing.T) {
		got := open(t, config(send("https"+strings.TrimPrefix(serve(t, page("")), "http")))).tls(t.Context())
		if got == nil || !got.ToHTTPS || got.Version != "" || got.Failed == "" {
			t.Errorf("%+v", got)
		}
	})
}

// both starts a site that listens on 127.0.0.1 and on [::1] at one port.
func both(t *testing.T, four, six http.Handler) (port string) {
	t.Helper()
	for range 20 {
		l4, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_, port, _ = net.SplitHostPort(l4.Addr().String())
		l6, err := net.Listen("tcp6", "[::1]:"+port)
		if err != nil {
			l4.Close()
			continue // somebody else has it
		}
		for l, h := range map[net.Listener]http.Handler{l4: four, l6: six} {
			s := httptest.NewUnstartedServer(h)
			s.Listener.Close()
			s.Listener = l
			s.Start()
			t.Cleanup(s.Close)
		}
		return port
	}
	t.Fatal("this machine has no ::1")
	return ""
}

func TestIPv6(t *testing.T) {
	visits := 0
	news := func(lines ...string) string {
		return "<ul><li>" + strings.Join(lines, "</li><li>") + "</li></ul>"
	}
	site := func(w http.ResponseWriter, r *http.Request) {
		visits++
		page(news("全区经济工作会议召开", "区政府召开第三次常务会议研究部署安全生产工作", "关于公开征求意见的公告", "今日访问量 "+fmt.Sprint(visits)))(w, r)
	}
	without := func(paths ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if slices.Contains(paths, r.URL.Path) {
				http.NotFound(w, r)
				return
			}
			site(w, r)
		}
	}
	names := resolver{hosts: map[string][]string{
		"both.example.com": {"127.0.0.1", "::1"}, "four.example.com": {"127.0.0.1"}, "silent.example.com": {"silent"}, "six.example.com": {"::1"},
		"ns4.example.com": {"127.0.0.1"}, "ns6.example.com": {"127.0.0.1", "::1"},
	}, zones: map[string][]string{"example.com": {"ns4.example.com", "ns6.example.com"}}}
	t.Run("NORM-40 NORM-41 over both families", func(t *testing.T) {
		port := both(t, without("/dead"), without("/dead", "/only4"))
		base := "http://both.example.com:" + port
		c := config(base)
		c.Resolver, c.namePort = names, nameServer(t)
		links := []string{base + "/a", base + "/a", base + "/only4", base + "/dead", base + "/b"}
		out, err := Run(t.Context(), c, Questions{Links: links})
		if err != nil {
			t.Fatal(err)
		}
		g := out.IPv6
		if g == nil || !g.Address || !g.Known || !g.Servers || !g.Answers || !g.Same || g.Tried != 4 || !slices.Equal(g.Silent, []string{base + "/only4"}) || g.Failed != "" {
			t.Errorf("%+v", g)
		}
	})
	t.Run("NORM-40 another text over IPv6", func(t *testing.T) {
		port := both(t, http.HandlerFunc(site), page(news("全区经济工作会议召开", "本站正在升级，请使用其他网络访问，给您带来不便，敬请谅解")))
		c := config("http://both.example.com:" + port)
		c.Resolver = names
		if g := open(t, c).ipv6(t.Context(), nil); g == nil || !g.Answers || g.Same {
			t.Errorf("%+v", g)
		}
	})
	t.Run("WEB-63 nobody listens on IPv6", func(t *testing.T) {
		u, err := url.Parse(serve(t, http.HandlerFunc(site)))
		if err != nil {
			t.Fatal(err)
		}
		c := config("http://both.example.com:" + u.Port())
		c.Resolver = names
		if g := open(t, c).ipv6(t.Context(), nil); g == nil || !g.Address || !g.Known || g.Answers || !strings.Contains(g.Failed, "IPv6 打不开") {
			t.Errorf("%+v", g)
		}
	})
	t.Run("WEB-63 no AAAA record", func(t *testing.T) {
		c := config("http://four.example.com:1080")
		c.Resolver = names
		if g := open(t, c).ipv6(t.Context(), nil); g == nil || g.Address || g.Answers || !strings.Contains(g.Failed, "AAAA") {
			t.Errorf("%+v", g)
		}
	})
	t.Run("NORM-40 a site with IPv6 only", func(t *testing.T) {
		port := both(t, http.NotFoundHandler(), http.HandlerFunc(site))
		c := config("http://six.example.com:" + port)
		c.Resolver = names
		if g := open(t, c).ipv6(t.Context(), []string{c.Start + "/a"}); g == nil || !g.Answers || !g.Same || g.Tried != 1 || g.Silent != nil {
			t.Errorf("%+v", g)
		}
	})
	t.Run("nothing is said where nothing is known", func(t *testing.T) {
		port := both(t, http.NotFoundHandler(), http.NotFoundHandler())
		for _, start := range []string{"http://silent.example.com/", "http://none.example.com/", "http://both.example.com:" + port, "http://127.0.0.1:" + port} {
			c := config(start)
			c.Resolver = names
			if g := open(t, c).ipv6(t.Context(), nil); g != nil {
				t.Errorf("%s: %+v", start, g)
			}
		}
	})
	t.Run("NORM-40 name servers that do not answer over IPv6", func(t *testing.T) {
		c := config("http://both.example.com/")
		c.Resolver, c.namePort = names, nameServer(t)
		p := open(t, c)
		if p.serversSilent(t.Context(), "both.example.com") {
			t.Error("the one that answers was not heard")
		}
		names4 := resolver{hosts: names.hosts, zones: map[string][]string{"example.com": {"ns4.example.com"}}}
		c.Resolver = names4
		if p = open(t, c); !p.serversSilent(t.Context(), "both.example.com") {
			t.Error("a server without AAAA answers")
		}
		if p.serversSilent(t.Context(), "www.other.com") || p.serversSilent(t.Context(), "::1") {
			t.Error("what cannot be asked was said to be silent")
		}
	})
}

// nameServer answers every question on [::1] and returns its port.
func nameServer(t *testing.T) uint16 {
	t.Helper()
	conn, err := net.ListenPacket("udp6", "[::1]:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buffer := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buffer[:n]) == nil {
				m.Response = true
				if b, err := m.Pack(); err == nil {
					_, _ = conn.WriteTo(b, from)
				}
			}
		}
	}()
	return conn.LocalAddr().(*net.UDPAddr).AddrPort().Port()
}

func TestSame(t *testing.T) {
	long := strings.Repeat("关于做好今年防汛抗旱工作的通知\n", 1) + "政务公开\n政务服务\n互动交流\n"
	for _, c := range []struct {
		name             string
		four, again, six string
		want             bool
	}{
		{"equal", long, long, long, true},
		{"counters", long + "访问量 12", long + "访问量 13", long + "访问量 99", true},
		{"what changes every time", long + "春", long + "夏夏", long + "秋", true},
		{"a line about itself", long, long, long + "您正在通过 IPv6 访问本网站", true},
		{"a part is missing", long, long, "政务公开\n政务服务\n互动交流\n", false},
		{"something else", long, long, "Welcome to nginx", false},
		{"nothing", long, long, "", false},
		{"nothing on both", "", "", "", true},
	} {
		if got := same(c.four, c.again, c.six); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestSearch(t *testing.T) {
	titles := []string{"临江区人民政府关于印发2026年工作要点的通知", "关于公布行政事业性收费目录清单的公告", "区教育局关于义务教育招生工作的实施意见"}
	box := func(attr string) string {
		return `<form ` + attr + `><input type="hidden" name="site" value="7"><input name="q" placeholder="请输入搜索关键词"><button>搜索</button></form>`
	}
	// results shows items whose titles hold the question, in order.
	results := func(q string, order ...int) string {
		var b strings.Builder
		for _, i := range order {
			fmt.Fprintf(&b, `<li><a href="/item/%d.html">%s</a><span>2026-06-0%d</span></li>`, i, titles[i], i+1)
		}
		return `<p>搜索：` + q + `</p><ul class="list">` + b.String() + `</ul>`
	}
	ask := func(t *testing.T, home string, answer func(q string) string, change func(*Config)) ([]fact.Asked, []url.Values) {
		t.Helper()
		var asked []url.Values
		mux := http.NewServeMux()
		mux.HandleFunc("/{$}", page(home+`<ul><li><a href="/item/0.html">`+titles[0]+`</a></li></ul>`))
		mux.HandleFunc("/s", func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet {
				t.Errorf("%s to the search", r.Method)
			}
			asked = append(asked, r.URL.Query())
			page(answer(r.URL.Query().Get("q")))(w, r)
		})
		base := serve(t, mux)
		c := config(base)
		if change != nil {
			change(&c)
		}
		q := Questions{}
		for i, title := range titles {
			q.Items = append(q.Items, fact.Asked{Query: title, Want: fmt.Sprintf("%s/item/%d.html", base, i)})
		}
		return open(t, c).search(t.Context(), q), asked
	}
	t.Run("WEB-62 ranks of titles, then a mistake and pinyin", func(t *testing.T) {
		got, asked := ask(t, box(`action="/s"`), func(q string) string {
			switch q {
			case titles[0]:
				return results(q, 0, 1)
			case titles[1]:
				return results(q, 2, 0, 1)
			}
			return `<p>没有找到相关结果</p>`
		}, nil)
		if len(got) != 5 || got[0].Rank != 1 || got[1].Rank != 3 || got[2].Rank != 0 || got[2].Failed != "" || !got[3].Loose || !got[4].Loose || got[4].Query != "linjiangqurenminzhengfuguan" || got[3].Query == titles[0] {
			t.Fatalf("%+v", got)
		}
		if asked[0].Get("site") != "7" {
			t.Error("the form's own values are lacking")
		}
	})
	t.Run("a form by POST is never sent", func(t *testing.T) {
		got, asked := ask(t, box(`action="/s" method="post"`), nil, nil)
		if len(got) != 1 || !strings.Contains(got[0].Failed, "GET") || asked != nil {
			t.Errorf("%+v", got)
		}
	})
	t.Run("WEB-80 a form of another site is never sent", func(t *testing.T) {
		other := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the other site was asked") }))
		got, _ := ask(t, box(`action="`+other+`/s"`), nil, nil)
		if len(got) != 1 || !strings.Contains(got[0].Failed, "其他网站") {
			t.Errorf("%+v", got)
		}
	})
	t.Run("a form that asks for no search is never sent", func(t *testing.T) {
		got, asked := ask(t, `<form action="/s"><input name="name"><input type="password" name="pass"><button>登录</button></form>`, nil, nil)
		if got != nil || asked != nil {
			t.Errorf("%+v", got)
		}
	})
	t.Run("results that a script shows stay unread", func(t *testing.T) {
		got, asked := ask(t, box(`action="/s"`), func(string) string { return `<ul id="list"></ul><script>$.ajax({url:"/api"});$("#list")</script>` }, nil)
		if len(got) != giveUp || !strings.Contains(got[0].Failed, "脚本") || len(asked) != giveUp {
			t.Errorf("%+v", got)
		}
	})
	t.Run("and are read by a browser where there is one", func(t *testing.T) {
		got, _ := ask(t, box(`action="/s"`), func(string) string { return `<ul id="list"></ul>` }, func(c *Config) {
			c.Render = func(_ context.Context, address string) ([]byte, error) {
				u, err := url.Parse(address)
				return []byte(fmt.Sprintf(frame, results(u.Query().Get("q"), 0, 1, 2))), err
			}
		})
		if len(got) != 5 || got[0].Rank != 1 || got[2].Rank != 3 || got[0].Failed != "" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("a search that brings the home page back is none", func(t *testing.T) {
		got, _ := ask(t, box(`action="/"`), nil, nil)
		if len(got) == 0 || got[0].Failed == "" {
			t.Errorf("%+v", got)
		}
	})
}

func TestSearchForm(t *testing.T) {
	p := open(t, config("http://127.0.0.1:1080/"))
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(`<html><title>首页</title><body><form action="so.jsp?x=1#a"><select name="area"><option value="all">全部</option><option>标题</option></select>` +
		`<input type="radio" name="sort" value="time"><input type="radio" name="sort" value="fit" checked><input name="key" maxlength="6" placeholder="搜索"></form></body></html>`)
	if err != nil {
		t.Fatal(err)
	}
	pg := &fetch.Page{Final: "http://127.0.0.1:1080/a/index.html", Body: []byte(gbk), Mime: "text/html"}
	r := reading(pg, true)
	f, why := p.formOf(pg, r)
	if f == nil {
		t.Fatal(why)
	}
	if got, want := f.address("政务公开工作要点"), "http://127.0.0.1:1080/a/so.jsp?area=all&key=%D5%FE%CE%F1%B9%AB%BF%AA%B9%A4%D7%F7&sort=fit"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestIsItem(t *testing.T) {
	a := &fact.Asked{Query: "关于印发《工作要点》的通知", Want: "https://www.a.gov.cn/art/1.html"}
	for text, want := range map[string]bool{
		"http://a.gov.cn/art/1.html|别的":                                       true,
		"http://a.gov.cn/art/1.html#top|":                                     true,
		"http://s.a.gov.cn/go?url=https%3A%2F%2Fwww.a.gov.cn%2Fart%2F1.html|": true,
		"http://a.gov.cn/other.html|关于印发《工作要点》的通知":                            true,
		"http://a.gov.cn/other.html|关于印发《工作要点》的…":                             true,
		"http://a.gov.cn/other.html|关于印发…":                                    false,
		"http://a.gov.cn/art/11.html|关于印发工作规则的通知":                             false,
	} {
		address, title, _ := strings.Cut(text, "|")
		if got := isItem(fact.Link{URL: address, Text: title}, a); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestLoose(t *testing.T) {
	for title, want := range map[string]string{"关于做好防汛工作的通知": "关于做好防汛公作的通知", "甲乙丙": ""} {
		if got := mistyped(title); got != want {
			t.Errorf("%s: %s", title, got)
		}
	}
	if _, err := read.Page("http://a/", nil, read.Hints{}); err != nil {
		t.Error(err)
	}
}
