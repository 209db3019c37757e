package crawl_test

import (
	"bytes"
	"compress/gzip"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
)

// Every fault stands on a page of a site whose other pages are well: the run
// reads those, says what is wrong with the rest, and ends.
func TestFaults(t *testing.T) {
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	var bomb bytes.Buffer // 64 KB that become 64 MB
	z := gzip.NewWriter(&bomb)
	for range 64 {
		_, _ = z.Write(make([]byte, 1<<20))
	}
	_ = z.Close()
	var many strings.Builder
	many.WriteString(page("链接很多"))
	for i := range 100_000 {
		fmt.Fprintf(&many, "<a href=/a%d.pdf>x</a>", i)
	}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		flush := w.(http.Flusher).Flush
		switch r.URL.Path {
		case "/":
			_, _ = io.WriteString(w, page("首页", links("/drip", "/silent", "/round", "/on", "/declared", "/endless", "/bomb", "/cut", "/garbage", "/brotli", "/links", "/corrupt", "/busy", "/good")))
		case "/good":
			_, _ = io.WriteString(w, page("好的页面"))
		case "/drip": // a byte now and then
			tick := time.NewTicker(10 * time.Millisecond)
			defer tick.Stop()
			for range 2000 {
				select {
				case <-r.Context().Done():
					return
				case <-tick.C:
				}
				_, _ = io.WriteString(w, "x")
				flush()
			}
		case "/silent":
			flush()
			select {
			case <-r.Context().Done():
			case <-release:
			}
		case "/round":
			http.Redirect(w, r, "/round2", http.StatusFound)
		case "/round2":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/on":
			http.Redirect(w, r, "/on?n="+r.URL.Query().Get("n")+"1", http.StatusMovedPermanently)
		case "/declared":
			w.Header().Set("Content-Length", "10737418240")
			_, _ = io.WriteString(w, "<html>")
			flush()
		case "/endless":
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat("<p>没有尽头的页面", 1000)); err != nil {
					return
				}
			}
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		case "/cut":
			w.Header().Set("Content-Length", "5000")
			_, _ = io.WriteString(w, "<html>")
		case "/garbage":
			c, _, _ := w.(http.Hijacker).Hijack()
			_, _ = io.WriteString(c, "\x00\x01\x02 this is not the protocol\r\n\r\n")
			_ = c.Close()
		case "/brotli":
			w.Header().Set("Content-Encoding", "br")
			_, _ = io.WriteString(w, "....")
		case "/corrupt":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff garbage")
		case "/links":
			_, _ = io.WriteString(w, many.String())
		case "/busy":
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		default:
			http.NotFound(w, r)
		}
	})
	c := quick(s.URL)
	c.Idle, c.Total, c.MaxPage, c.MaxLinks, c.Tries = 500*time.Millisecond, 3*time.Second, 4<<20, 50, 1
	st := open(t, t.TempDir())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := run(t, st, c)
	runtime.ReadMemStats(&after)
	if got.Stopped != "" || got.Queued != 0 {
		t.Errorf("%+v", got)
	}
	if more := int64(after.Sys) - int64(before.Sys); more > 300<<20 {
		t.Errorf("%d MB more than before", more>>20)
	}
	found := all(t, st, crawl.Page)
	for path, want := range map[string]fact.Failure{
		"/drip": fact.TooSlow, "/silent": fact.TooSlow, "/round": fact.TooFar, "/round2": fact.TooFar, "/on": fact.TooFar, "/declared": fact.TooLarge, "/endless": fact.TooLarge,
		"/bomb": fact.TooLarge, "/cut": fact.Broken, "/garbage": fact.Broken, "/brotli": fact.Broken, "/corrupt": fact.Broken, "/busy": fact.Refused, "/good": "", "/links": "",
	} {
		p := found[path]
		if p == nil {
			t.Errorf("%s: not there", path)
			continue
		}
		if p.Failure != want || want != "" && path != "/round" && path != "/round2" && path != "/on" && p.Note == "" {
			t.Errorf("%s: %q %s, want %q", path, p.Failure, p.Note, want)
		}
		if p.Size > 4<<20 && path != "/declared" {
			t.Errorf("%s: %d bytes", path, p.Size)
		}
	}
	if p := found["/links"]; !strings.Contains(p.Note, "前 50 个") {
		t.Errorf("%s", p.Note)
	}
	if n := s.count("/a0.pdf"); n != 1 {
		t.Error(n)
	}
}

func TestBadCertificate(t *testing.T) {
	s := &site{}
	s.Server = httptest.NewUnstartedServer(s.note(pages(map[string]string{"/": page("首页", links("/a.html")), "/a.html": page("甲")})))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	st := open(t, t.TempDir())
	got := run(t, st, quick(s.URL))
	p := all(t, st, crawl.Page)["/a.html"]
	if got.Pages != 2 || p == nil || p.Failure != fact.BadCert || p.Read == nil || !strings.Contains(p.Note, "证书") {
		t.Fatalf("%+v %+v", got, p)
	}
	if dead, err := st.Dead(t.Context(), 3); err != nil || len(dead) != 0 {
		t.Errorf("pages that can be read behind a bad certificate count as dead: %v %v", dead, err)
	}
	t.Run("a good one", func(t *testing.T) {
		c := quick(s.URL)
		c.Roots = x509.NewCertPool()
		c.Roots.AddCert(s.Certificate())
		st := open(t, t.TempDir())
		run(t, st, c)
		if p := all(t, st, crawl.Page)["/a.html"]; p == nil || p.Failure != "" {
			t.Errorf("%+v", p)
		}
	})
	t.Run("TLS only", func(t *testing.T) {
		st := open(t, t.TempDir())
		got := run(t, st, quick(strings.Replace(s.URL, "https:", "http:", 1)))
		if p := all(t, st, crawl.Page)["/"]; got.Pages != 1 || p.OK() {
			t.Errorf("%+v %+v", got, p)
		}
	})
	t.Run("no TLS", func(t *testing.T) {
		plain := serve(t, pages(map[string]string{"/": "x"}))
		st := open(t, t.TempDir())
		run(t, st, quick(strings.Replace(plain.URL, "http:", "https:", 1)))
		if p := all(t, st, crawl.Page)["/"]; p.Failure != fact.NoConnect || !strings.Contains(p.Note, "https") {
			t.Errorf("%+v", p)
		}
	})
}

// A host that goes away halfway is left alone after a few calls; what was queued
// waits for a later run.
func TestHostVanishes(t *testing.T) {
	content := map[string]string{}
	var to []string
	for i := range 200 {
		a := fmt.Sprintf("/p/%d.html", i)
		content[a] = page(fmt.Sprintf("第%d页甲乙丙丁", i))
		to = append(to, a)
	}
	content["/"] = page("首页", links(to...))
	var gone bool
	var s *site
	s = serve(t, func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		if len(s.asked) > 50 {
			gone = true
		}
		now := gone
		s.mu.Unlock()
		if now {
			c, _, _ := w.(http.Hijacker).Hijack()
			_ = c.(*net.TCPConn).SetLinger(0)
			_ = c.Close()
			return
		}
		pages(content)(w, r)
	})
	st := open(t, t.TempDir())
	c := quick(s.URL)
	c.Parallel = 4
	got := run(t, st, c)
	if !strings.Contains(got.Stopped, "无法访问") || got.Queued < 100 || len(s.asked) > 120 {
		t.Errorf("%+v after %d calls", got, len(s.asked))
	}
	notes, err := st.Notes(t.Context())
	if err != nil || len(notes) != 1 || notes[0].Count != got.Queued {
		t.Errorf("%v %v", notes, err)
	}
	s.mu.Lock()
	gone, s.asked = false, nil
	s.mu.Unlock()
	c.Clock = later{c.Clock, 0}
	pagesBefore := len(all(t, st, crawl.Page))
	s.Config.Handler = s.note(pages(content))
	if got := run(t, st, c); got.Stopped != "" || len(all(t, st, crawl.Page)) != 201 || pagesBefore == 201 {
		t.Errorf("%+v", got)
	}
}

// Slow servers elsewhere hold up neither the site nor each other.
func TestSlowHostsElsewhere(t *testing.T) {
	release := make(chan struct{})
	var slow []string
	for range 12 {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-release:
			}
		})
		slow = append(slow, s.URL+"/a", s.URL+"/b")
	}
	content := map[string]string{"/": page("首页", links(slow...))}
	for i := range 100 {
		content[fmt.Sprintf("/%d", i)] = page(fmt.Sprint("页", i))
		content["/"] += links(fmt.Sprintf("/%d", i))
	}
	s := serve(t, pages(content))
	c := quick(s.URL)
	c.Parallel, c.Total, c.Tries = 8, 150*time.Millisecond, 1
	st := open(t, t.TempDir())
	var pagesDone time.Duration
	began := c.Clock.Now()
	c.Progress = func(s crawl.Stats) {
		if s.Pages == 101 && pagesDone == 0 {
			pagesDone = c.Clock.Now().Sub(began)
		}
	}
	got := run(t, st, c)
	close(release)
	if got.Pages != 101 || got.Outside != 24 {
		t.Errorf("%+v", got)
	}
	if whole := got.Ended.Sub(got.Started); pagesDone > whole/2 {
		t.Errorf("the site took %v of %v", pagesDone, whole)
	}
	for url, p := range all(t, st, crawl.Outside) {
		if p.Failure != fact.TooSlow {
			t.Errorf("%s: %+v", url, p)
		}
	}
}
