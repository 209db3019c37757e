package browse

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/read"
	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
)

func open(t *testing.T, change func(*Config)) *Browser {
	t.Helper()
	if _, ok := Find(); !ok {
		t.Skip("no Chromium here")
	}
	c := Config{Clock: clock.System{}, AllowPrivate: true, Agent: "gongkai-test"}
	if change != nil {
		change(&c)
	}
	b, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func serve(t *testing.T, pages map[string]string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	t.Cleanup(s.CloseClientConnections)
	return s.URL
}

const scripted = `<html><head><title>通知公告_临江区人民政府</title></head><body><div class="nav"><a href="/">首页</a></div><ul id="list" class="list"></ul>
<script>fetch("/api").then(r=>r.json()).then(all=>{ document.getElementById("list").innerHTML =
 all.map(a=>'<li><a href="'+a.url+'">'+a.title+'</a><span>'+a.date+'</span></li>').join("") })</script></body></html>`

const answers = `[{"url":"/item/1.html","title":"关于公布行政事业性收费目录清单的公告","date":"2026-06-01"},
{"url":"/item/2.html","title":"关于公开征求道路交通管理办法意见的公告","date":"2026-05-28"},{"url":"/item/3.html","title":"关于开展安全生产大检查的通知","date":"2026-05-20"}]`

func TestRead(t *testing.T) {
	b := open(t, nil)
	url := serve(t, map[string]string{
		"/list": scripted, "/api": answers,
		"/timer":  `<html><body><p id=a></p><script>setTimeout(()=>{document.getElementById("a").textContent="稍后"+"填入"},2500)</script></body></html>`,
		"/alert":  `<html><body><script>alert("停");confirm("停");document.write("之"+"后")</script></body></html>`,
		"/moves":  `<html><body><script>location.href="/target"</script></body></html>`,
		"/target": `<html><body>到了</body></html>`,
		"/agent":  `<html><body><script>document.write(navigator.userAgent)</script></body></html>`,
		"/never":  `<html><body><p>有</p><script>setInterval(()=>fetch("/x?"+Math.random()),20)</script></body></html>`,
		"/flood":  `<html><body><p>有</p><script>for(;;){}</script></body></html>`,
	})
	for path, want := range map[string]string{
		"/list": "/item/2.html", "/timer": "稍后填入", "/alert": "之后", "/moves": "到了", "/agent": "gongkai-test",
	} {
		t.Run("WEB-83 "+path, func(t *testing.T) {
			d, err := b.read(t.Context(), url+path)
			if err != nil || !strings.Contains(string(d.html), want) || d.moved != (path == "/moves") {
				t.Errorf("%v %v %s", err, d.moved, d.html)
			}
		})
	}
	if html, err := b.Read(t.Context(), url+"/agent"); err != nil || strings.Contains(string(html), "Headless") {
		t.Errorf("%v %s", err, html)
	}
	t.Run("what never rests is taken as it is, what never answers is given up", func(t *testing.T) {
		b := open(t, func(c *Config) { c.Quiet, c.Time = time.Second, 8*time.Second })
		if html, err := b.Read(t.Context(), url+"/never"); err != nil || !strings.Contains(string(html), "有") {
			t.Errorf("%v %s", err, html)
		}
		if _, err := b.Read(t.Context(), url+"/flood"); err == nil || !strings.Contains(fault.Text(err), "限定时间") {
			t.Errorf("%v", err)
		}
		if html, err := b.Read(t.Context(), url+"/target"); err != nil || !strings.Contains(string(html), "到了") {
			t.Errorf("afterwards: %v %s", err, html)
		}
	})
	t.Run("addresses that are none", func(t *testing.T) {
		for _, address := range []string{"file:///etc/passwd", "chrome://version", "javascript:1", "", "http://"} {
			if html, err := b.Read(t.Context(), address); err == nil {
				t.Errorf("%s: %s", address, html)
			}
		}
		if html, err := b.Read(t.Context(), "http://127.0.0.1:1/"); err == nil {
			t.Errorf("%s", html)
		}
	})
}

// Nothing a page asks for reaches an address that the guard refuses.
func TestInternalAddressesAreNotReached(t *testing.T) {
	var reached atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { reached.Add(1) }))
	defer inside.Close()
	packets, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer packets.Close()
	go func() {
		for b := make([]byte, 2048); ; {
			if _, _, err := packets.ReadFrom(b); err != nil {
				return
			}
			reached.Add(1)
		}
	}()
	port := inside.URL[strings.LastIndexByte(inside.URL, ':')+1:]
	body := fmt.Sprintf(`<html><body><img src="%[1]s/a.svg"><iframe src="%[1]s/f"></iframe><script>
fetch("%[1]s/x",{mode:"no-cors"}).catch(()=>{}); fetch("http://localhost:%[2]s/",{mode:"no-cors"}).catch(()=>{}); fetch("http://[::1]:%[2]s/",{mode:"no-cors"}).catch(()=>{});
try{new WebSocket("ws://127.0.0.1:%[2]s/")}catch(e){}
try{let c=new RTCPeerConnection({iceServers:[{urls:"stun:%[3]s"}]});c.createDataChannel("x");c.createOffer().then(o=>c.setLocalDescription(o))}catch(e){}
</script><p>页面</p></body></html>`, inside.URL, port, packets.LocalAddr())
	site := serve(t, map[string]string{"/": body, "/go": `<script>location.href="` + inside.URL + `/go"</script>`})
	b := open(t, func(c *Config) { c.AllowPrivate, c.Allow = false, []string{strings.TrimPrefix(site, "http://")} })
	if html, err := b.Read(t.Context(), site+"/"); err != nil || !strings.Contains(string(html), "页面") {
		t.Errorf("%v %s", err, html)
	}
	_, _ = b.Read(t.Context(), site+"/go")
	if html, err := b.Read(t.Context(), inside.URL); err == nil {
		t.Errorf("%s", html)
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("reached %d times", n)
	}
}

func TestPicture(t *testing.T) {
	b := open(t, nil)
	url := serve(t, map[string]string{"/": `<html><body style="margin:0"><div style="height:3000px;background:#c00">首页</div></body></html>`, "/long": `<div style="height:900000px">长</div>`})
	for path, height := range map[string]int{"/": 3000, "/long": maxHeight} {
		data, err := b.Picture(t.Context(), url+path, 390)
		if err != nil {
			t.Fatal(err)
		}
		c, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil || c.Width != 390 || c.Height != height {
			t.Errorf("%s: %v %dx%d", path, err, c.Width, c.Height)
		}
	}
}

func TestHostileServers(t *testing.T) {
	b := open(t, func(c *Config) { c.Quiet, c.Time = 500*time.Millisecond, 3*time.Second })
	circle := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/?"+r.URL.RawQuery+"x", http.StatusFound)
	}))
	defer circle.Close()
	stop := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-stop:
		}
	}))
	defer slow.Close()
	defer close(stop)
	file := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Disposition", "attachment; filename=a.exe")
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write(make([]byte, 1<<20))
	}))
	defer file.Close()
	for name, url := range map[string]string{"circle": circle.URL, "silent": slow.URL, "download": file.URL} {
		t.Run(name, func(t *testing.T) {
			if html, err := b.Read(t.Context(), url); err == nil {
				t.Errorf("%s", html)
			} else if fault.KindOf(err) != fault.Unavailable {
				t.Errorf("%v", err)
			}
		})
	}
}

// A browser that takes too much memory, or is killed, is started again, and
// nothing of it is left behind.
func TestEndAndStart(t *testing.T) {
	url := serve(t, map[string]string{"/": "<p>在</p>"})
	b := open(t, nil)
	b.mu.Lock()
	first := b.process
	b.mu.Unlock()
	first.kill()
	<-first.waited
	<-first.pipe.done
	if html, err := b.Read(t.Context(), url); err != nil || !strings.Contains(string(html), "在") {
		t.Fatalf("%v %s", err, html)
	}
	b.mu.Lock()
	second := b.process
	b.mu.Unlock()
	if first == second {
		t.Fatal("the same process")
	}
	if resident(second.group) < 10<<20 {
		t.Errorf("memory: %d", resident(second.group))
	}
	second.limit(second.group, 1, func() bool { return true }) // kills at once
	<-second.pipe.done
	b.Close()
	b.Close()
	for _, p := range []*process{first, second} {
		if _, err := os.Stat(p.dir); !os.IsNotExist(err) {
			t.Errorf("%s is still there", filepath.Base(p.dir))
		}
	}
	if _, err := b.Read(context.Background(), url); err == nil {
		t.Error("a closed browser reads")
	}
}

func TestOpenWithoutAProgram(t *testing.T) {
	for _, path := range []string{"/nonexistent/chromium", "/bin/true"} {
		if b, err := Open(t.Context(), Config{Path: path, Clock: clock.System{}}); err == nil || fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%s: %v %v", path, b, err)
		}
	}
}

// pages reads as the inspection does.
type pages struct{}

func (pages) Read(p *fact.Page, text string) crawl.Found {
	r, err := read.Page(p.URL, []byte(text), read.Hints{Home: p.Depth == 0})
	if err != nil {
		return crawl.Found{}
	}
	return crawl.Found{Reading: r, Refresh: r.Jump}
}

func TestCrawlThroughTheBrowser(t *testing.T) {
	b := open(t, nil)
	var mu sync.Mutex
	asked := map[string]int{}
	mux := http.NewServeMux()
	for path, body := range map[string]string{
		"/{$}":      `<html><head><title>临江区人民政府</title></head><body><div class="nav"><a href="/">首页</a><a href="/tzgg/">通知公告</a></div><p>欢迎访问临江区人民政府门户网站</p></body></html>`,
		"/tzgg/{$}": scripted, "/api": answers, "/item/": `<html><head><title>公告</title></head><body><h1>公告</h1><p>` + strings.Repeat("现将有关事项公告如下。", 20) + `</p></body></html>`,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			asked[r.URL.Path]++
			mu.Unlock()
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, body)
		})
	}
	site := httptest.NewServer(mux)
	defer site.Close()
	run := func(budget int) *fact.Reading {
		store, err := crawl.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		c := crawl.Config{Start: site.URL + "/", Clock: clock.System{}, AllowPrivate: true, RetryWait: time.Millisecond}
		if _, err := crawl.Run(t.Context(), store, c, Reader(pages{}, b, budget)); err != nil {
			t.Fatal(err)
		}
		var list *fact.Reading
		err = store.Pages(t.Context(), crawl.Page, func(p *fact.Page) error {
			if strings.HasSuffix(p.URL, "/tzgg/") {
				list = p.Read
			}
			return nil
		})
		if err != nil || list == nil {
			t.Fatal(err, list)
		}
		return list
	}
	t.Run("WEB-83 without budget nobody knows what stands there", func(t *testing.T) {
		list := run(0)
		if !list.Scripted || list.Rendered || len(list.Entries) != 0 || asked["/item/2.html"] != 0 {
			t.Errorf("%+v, asked %v", list, asked)
		}
	})
	t.Run("WEB-83 a list filled in by script is read, and its items are followed", func(t *testing.T) {
		list := run(10)
		if !list.Scripted || !list.Rendered || len(list.Entries) != 3 || list.Entries[0].Date.String() != "2026-06-01" {
			t.Errorf("%+v", list)
		}
		for _, path := range []string{"/item/1.html", "/item/2.html", "/item/3.html"} {
			if asked[path] == 0 {
				t.Errorf("%s was not followed: %v", path, asked)
			}
		}
	})
}
