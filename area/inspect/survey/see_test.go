package survey

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gongkai/area/inspect/browse"
	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
)

// aSite has a window that floats and cannot be closed, a script that fails, an
// elderly version in small type, an empty column, and a page with what is personal.
func aSite(w http.ResponseWriter, r *http.Request) {
	const float = `<div id="piao" style="position:fixed;left:400px;top:250px;width:640px;height:300px;background:#fff"><h3>优化营商环境专题</h3><a href="/zt/">进入专题</a></div><script>lost.start()</script>`
	page := func(title, body string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html><head><title>%s</title></head><body><div class="nav"><a href="/">首页</a><a href="/news/">区内要闻</a><a href="/empty/">专项工作</a><a href="/old/">长者版</a></div>%s<div class="footer">主办单位：临江区人民政府办公室</div></body></html>`, title, body)
	}
	var list strings.Builder
	for i := range 5 {
		fmt.Fprintf(&list, `<li><a href="/news/%d.html">全区第%d季度重点工作推进情况公布</a><span>2026-06-2%d</span></li>`, i, i, i)
	}
	switch r.URL.Path {
	case "/":
		page("临江区人民政府", `<ul class="list">`+list.String()+`</ul>`+float)
	case "/news/":
		page("区内要闻-临江区人民政府", `<div class="crumb">您的位置：<a href="/">首页</a> &gt; 区内要闻</div><h1>区内要闻</h1><ul class="list">`+list.String()+`</ul>`)
	case "/empty/":
		page("专项工作-临江区人民政府", `<div class="crumb">您的位置：<a href="/">首页</a> &gt; 专项工作</div><h1>专项工作</h1><p>暂无数据</p>`)
	case "/old/":
		page("长者版-临江区人民政府", `<style>p{font-size:15px;line-height:1.6}</style><h1>长者版</h1><p>`+strings.Repeat("这里是为老年人准备的页面，字大、清楚、好用。", 20)+`</p>`)
	default:
		if strings.HasPrefix(r.URL.Path, "/news/") {
			page("重点工作推进情况-临江区人民政府", `<div class="crumb">您的位置：<a href="/">首页</a> &gt; <a href="/news/">区内要闻</a></div><h1>全区重点工作推进情况公布</h1><p>发布时间：2026-06-21 09:30 来源：区政府办公室</p><div class="content"><p>`+strings.Repeat("全区重点工作推进有力，各项任务按计划完成。"+r.URL.Path, 8)+`</p></div>`)
			return
		}
		http.NotFound(w, r)
	}
}

func TestPagesAreSeen(t *testing.T) {
	if _, ok := browse.Find(); !ok {
		t.Skip("no Chromium here")
	}
	server := httptest.NewServer(http.HandlerFunc(aSite))
	defer server.Close()
	c := Config{Dir: t.TempDir(), Site: fact.Site{Start: server.URL + "/"}, T0: calendar.Day(2026, 6, 30).Start(), Browser: true, Pictures: true,
		Crawl: crawl.Config{Clock: clock.System{}, AllowPrivate: true, Agent: "gongkai-test", RetryWait: time.Millisecond}}
	run := func() map[string]fact.Finding {
		t.Helper()
		out, err := Run(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		found := map[string]fact.Finding{}
		for _, f := range out.Report.Findings {
			name, _, _ := strings.Cut(f.Key, " ")
			found[strings.TrimSpace(f.Check+" "+name)] = f
			if f.Picture == "" {
				continue
			}
			if picture, err := out.Kept(f.Picture); err != nil || !bytes.HasPrefix(picture, []byte("\xff\xd8\xff")) {
				t.Errorf("%s: %v, %d bytes", f.Check, err, len(picture))
			}
		}
		return found
	}
	first := run()
	for name, path := range map[string]string{"NORM-26 窗口": "/", "WEB-65 ReferenceError:": "/", "NORM-51 字号": "/old/", "WEB-47": "/empty/"} {
		if f, ok := first[name]; !ok || f.URL != server.URL+path || f.Picture == "" {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if f := first["WEB-60"]; f.Picture != "" {
		t.Error("a picture of what does not answer")
	}
	if again := run(); again["WEB-47"].Picture != first["WEB-47"].Picture {
		t.Error("the picture of the round before was not used again")
	}
}

func TestPicturesLeaveOutWhatIsPrivate(t *testing.T) {
	s := &seer{site: fact.Site{Start: "http://www.linjiang.gov.cn/"}, taken: map[string]string{"http://www.linjiang.gov.cn/a/": "aa", "http://www.linjiang.gov.cn/b/": "bb", "http://www.linjiang.gov.cn/": "cc"}}
	at := func(path string) string { return "http://www.linjiang.gov.cn" + path }
	r := &fact.Report{Findings: []fact.Finding{
		{Check: "WEB-47", URL: at("/a/"), State: fact.Fail},
		{Check: "WEB-47", URL: at("/b/"), State: fact.Fail, Picture: "bb"},
		{Check: "WEB-11", URL: at("/b/"), State: fact.Proposed, Secret: true},
		{Check: "WEB-12", URL: "http://shop.example.com/", On: at("/a/"), State: fact.Proposed},
		{Check: "WEB-59", URL: at("/"), On: at("/"), State: fact.Fail},
		{Check: "WEB-59", URL: at("/a/"), On: at("/a/"), State: fact.Fail},
		{Check: "WEB-82", URL: at("/f/1.pdf"), On: at("/a/"), State: fact.Fail},
		{Check: "WEB-18", URL: at("/a/"), State: fact.NotDecided},
	}}
	s.pictures(t.Context(), r, nil)
	for i, want := range []string{"aa", "", "", "aa", "cc", "", "aa", ""} {
		if got := r.Findings[i].Picture; got != want {
			t.Errorf("%d %s: %q, want %q", i, r.Findings[i].Check, got, want)
		}
	}
}
