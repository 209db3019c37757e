package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gongkai/kernel/clock"
)

// reported is what is read of a report.json.
type reported struct {
	Pages    int
	Stopped  string
	Notes    []string
	Findings []struct {
		Check, URL, On, State, What, Seen, Mend, Key string
		Count                                        int
	}
	Columns []struct {
		Name, URL, Kind, Latest string
		Items                   int
	}
	Items []struct{ URL, Title, Date, Source, Unit, Number, Column string }
}

func readReport(t *testing.T, dir string) (r reported, page string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	html, err := os.ReadFile(filepath.Join(dir, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	return r, string(html)
}

// sitePage is a page with links, good enough to be read.
func sitePage(title string, links ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!doctype html><html lang=zh><head><meta charset=utf-8><title>%s_江澄区人民政府</title></head><body><h1>%s</h1><p>%s的有关情况公布如下，供各单位和群众查阅，请以正式印发的文件为准。</p><ul>", title, title, title)
	for _, l := range links {
		fmt.Fprintf(&b, "<li><a href=%q>%s</a></li>", l, "链接到"+l)
	}
	b.WriteString("</ul></body></html>")
	return b.String()
}

// badServers are those behind the bad addresses of the site, by address.
func badServers(t *testing.T) map[string]string {
	t.Helper()
	quiet := log.New(io.Discard, "", 0)
	fine := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, sitePage("邻近网站")) })
	secure := httptest.NewUnstartedServer(fine)
	secure.Config.ErrorLog = quiet
	secure.StartTLS()
	t.Cleanup(secure.Close)
	var asked atomic.Int32
	var leaving *httptest.Server
	leaving = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // answers twice and is gone
		if r.URL.Path != "/robots.txt" && asked.Add(1) > 2 {
			_ = leaving.Listener.Close()
			c, _, _ := w.(http.Hijacker).Hijack()
			_ = c.Close()
			return
		}
		fine(w, r)
	}))
	t.Cleanup(leaving.Close)
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + nobody.Addr().String()
	_ = nobody.Close()
	return map[string]string{
		"bad certificate": secure.URL + "/", "TLS only": strings.Replace(secure.URL, "https:", "http:", 1) + "/plain",
		"leaving": leaving.URL, "closed": closed + "/",
	}
}

// badSite answers some addresses as no server should.
func badSite(t *testing.T, links []string, document []byte) *httptest.Server {
	t.Helper()
	var packed bytes.Buffer // 300 KB that become 300 MB
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		if _, err := z.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var many strings.Builder
	many.WriteString(sitePage("日历"))
	for i := range 100_000 {
		fmt.Fprintf(&many, "<a href=/rili/%d.html>%d</a>", i, i)
	}
	drip := func(w http.ResponseWriter, r *http.Request) { // a byte a second, sped up
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-r.Context().Done():
				return
			case <-tick.C:
			}
			if _, err := io.WriteString(w, "x"); err != nil {
				return
			}
			w.(http.Flusher).Flush()
		}
	}
	endless := func(w http.ResponseWriter, r *http.Request, what string) {
		block := []byte(strings.Repeat(what, 2000))
		for r.Context().Err() == nil {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch path := r.URL.Path; {
		case path == "/":
			_, _ = io.WriteString(w, sitePage("首页", links...))
		case path == "/good.html", strings.HasPrefix(path, "/rili/"):
			_, _ = io.WriteString(w, sitePage("好的页面"))
		case path == "/drip.html":
			drip(w, r)
		case path == "/silent.html":
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		case path == "/round.html":
			http.Redirect(w, r, "/around.html", http.StatusFound)
		case path == "/around.html":
			http.Redirect(w, r, "/round.html", http.StatusFound)
		case path == "/on.html":
			http.Redirect(w, r, "/on.html?n="+r.URL.Query().Get("n")+"1", http.StatusFound)
		case path == "/declared.html":
			w.Header().Set("Content-Length", "10737418240")
			_, _ = io.WriteString(w, "<html>")
		case path == "/endless.html":
			endless(w, r, "<p>没有尽头的页面</p>")
		case path == "/bomb.html":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed.Bytes())
		case path == "/cut.html":
			w.Header().Set("Content-Length", "5000")
			_, _ = io.WriteString(w, "<html>")
		case path == "/flood.html":
			for i := range 20_000 {
				w.Header().Set(fmt.Sprintf("X-Flood-%d", i), strings.Repeat("x", 100))
			}
		case path == "/garbage.html":
			c, _, _ := w.(http.Hijacker).Hijack()
			_, _ = io.WriteString(c, "\x00\x01\x02 no such protocol\r\n\r\n")
			_ = c.Close()
		case path == "/corrupt.html":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff garbage")
		case path == "/busy.html":
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		case path == "/many.html":
			_, _ = io.WriteString(w, many.String())
		case path == "/f/drip.pdf":
			w.Header().Set("Content-Type", "application/pdf")
			_, _ = io.WriteString(w, "%PDF-1.7\n"+strings.Repeat("%", 9000))
			drip(w, r)
		case path == "/f/endless.pdf":
			w.Header().Set("Content-Type", "application/pdf")
			_, _ = io.WriteString(w, "%PDF-1.7\n")
			endless(w, r, "%%%%%%%%%%%%%%%%")
		case path == "/f/bomb.docx":
			w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
			_, _ = w.Write(document)
		default:
			http.NotFound(w, r)
		}
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// One site with every bad server behind it: the command names each with a sentence,
// reads what is good, and ends within its bounds.
func TestInspectBadSite(t *testing.T) {
	t.Parallel()
	other := badServers(t)
	bad := map[string][2]string{ // by address: check, and words of its sentence
		"/drip.html": {"WEB-60", "太慢"}, "/silent.html": {"WEB-60", "太慢"}, "/round.html": {"WEB-60", "跳转"}, "/on.html": {"WEB-60", "跳转"},
		"/declared.html": {"NORM-18", "10.0 GB"}, "/endless.html": {"NORM-18", "5.0 MB"}, "/bomb.html": {"NORM-18", "5.0 MB"}, "/cut.html": {"WEB-60", "中断"},
		"/flood.html": {"WEB-60", "不符合网页协议"}, "/garbage.html": {"WEB-60", "不符合网页协议"}, "/corrupt.html": {"WEB-60", "已损坏"}, "/busy.html": {"WEB-81", "429"},
		other["bad certificate"]: {"WEB-60", "安全证书"}, other["TLS only"]: {"WEB-60", "只能加密"}, other["closed"]: {"WEB-60", "无法连接"},
	}
	links := []string{"/good.html", "/many.html", "/f/drip.pdf", "/f/endless.pdf", "/f/bomb.docx"}
	for address := range bad {
		links = append(links, address)
	}
	for i := range 30 {
		links = append(links, fmt.Sprintf("%s/%d", other["leaving"], i))
	}
	s := badSite(t, links, bomb(t, 300<<20))
	dir := t.TempDir()
	before := clock.System{}.Now()
	c := spawn(t, "inspect", s.URL+"/", "--allow-private", "--no-browser", "--no-probe", "--timeout", "1s", "--out", dir)
	took := clock.System{}.Now().Sub(before)
	t.Logf("took %v, peak %d MB", took, c.peak>>20)
	if c.code != exitFound || strings.Contains(c.errs, "panic") {
		t.Errorf("exit %d: %s %s", c.code, c.out, c.errs)
	}
	if c.peak > 1<<30 {
		t.Errorf("took %d MB", c.peak>>20)
	}
	if took > 3*time.Minute {
		t.Errorf("took %v", took)
	}
	r, page := readReport(t, dir)
	if r.Stopped != "" {
		t.Errorf("stopped: %s", r.Stopped)
	}
	shown := 0 // on the page, which shows the first of each kind
	for address, want := range bad {
		full := address
		if strings.HasPrefix(address, "/") {
			full = s.URL + address
		}
		said := ""
		for _, f := range r.Findings {
			if f.URL == full && f.Check == want[0] {
				said += f.What + f.Seen
				if f.On != s.URL+"/" || f.Mend == "" {
					t.Errorf("%s: %+v", address, f)
				}
			}
		}
		if !strings.Contains(said, want[1]) {
			t.Errorf("%s: %q does not say %q", address, said, want[1])
		}
		if strings.Contains(page, full) {
			shown++
		}
	}
	if shown < len(bad)/2 {
		t.Errorf("report.html shows %d of %d", shown, len(bad))
	}
	gone, untried := 0, 0
	for _, f := range r.Findings {
		if strings.HasPrefix(f.URL, other["leaving"]) && f.Check == "WEB-60" {
			gone++
			if strings.Contains(f.What, "未再逐个尝试") {
				untried++
			}
		}
		if strings.HasSuffix(f.URL, "/good.html") && f.Check == "WEB-60" {
			t.Errorf("what is good is called bad: %+v", f)
		}
	}
	if gone != 28 || untried == 0 {
		t.Errorf("%d links to the host that went away are told, %d without a call", gone, untried)
	}
	notes := strings.Join(r.Notes, "\n")
	for _, want := range []string{
		"链接过多，只检查了前 10000 个：" + s.URL + "/many.html", "/f/drip.pdf", "/f/endless.pdf", "压缩炸弹",
		"日历类网址没有指向新的内容",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("%q does not stand in the notes:\n%s", want, notes)
		}
	}
}

// A site that goes away halfway: what was seen is judged, what was not is said, and
// the next run goes on.
func TestInspectSiteVanishes(t *testing.T) {
	t.Parallel()
	var links []string
	for i := range 300 {
		links = append(links, fmt.Sprintf("/p/%d.html", i))
	}
	var asked, gone atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := asked.Add(1); n > 100 && gone.Load() == 0 {
			c, _, _ := w.(http.Hijacker).Hijack()
			_ = c.(*net.TCPConn).SetLinger(0)
			_ = c.Close()
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, sitePage("第"+r.URL.Path+"页", links...))
	}))
	t.Cleanup(s.Close)
	dir := t.TempDir()
	args := []string{"inspect", s.URL + "/", "--allow-private", "--no-browser", "--no-probe", "--ignore-robots", "--timeout", "1s", "--out", dir}
	c := spawn(t, args...)
	r, page := readReport(t, dir)
	if c.code != exitFound || !strings.Contains(r.Stopped, "中途连续无法访问") || r.Pages < 20 || r.Pages > 200 {
		t.Errorf("exit %d after %d pages, stopped %q: %s", c.code, r.Pages, r.Stopped, c.errs)
	}
	for where, text := range map[string]string{"the screen": c.out, "report.html": page} {
		if !strings.Contains(text, "中途连续无法访问") {
			t.Errorf("%s does not say that the site went away: %.500s", where, text)
		}
	}
	if n := asked.Load(); n > 200 {
		t.Errorf("%d calls", n)
	}
	gone.Store(1)
	c = spawn(t, args...)
	if r, _ = readReport(t, dir); c.code != exitFound || r.Stopped != "" || r.Pages < 301 {
		t.Errorf("exit %d after %d pages, stopped %q: %s", c.code, r.Pages, r.Stopped, c.errs)
	}
}
