package inspect_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/area"
	"gongkai/area/areatest"
	"gongkai/area/inspect"
	"gongkai/area/inspect/crawl"
	"gongkai/kernel/calendar"
	"gongkai/kernel/org"
)

// website is a small site that can be mended between rounds.
type website struct{ dead, stale bool }

func (w *website) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	day := "2026-05-04"
	if w.stale {
		day = "2026-03-02"
	}
	switch r.URL.Path {
	case "/":
		link := ""
		if w.dead {
			link = `<p><a href="/gone.html">已经撤下的专题</a></p>`
		}
		fmt.Fprintf(rw, `<html><head><title>江州市江澄区人民政府</title><meta name="SiteName" content="江州市江澄区人民政府"></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/xwdt/">工作动态</a></li><li><a href="/tzgg/">通知公告</a></li><li><a href="https://tax.example/jsjf/">减税降费</a></li></ul></div>
<ul class="list"><li><a href="/xwdt/1.html">全区政务公开工作推进会召开</a><span>%[1]s</span></li><li><a href="/xwdt/2.html">区领导调研营商环境</a><span>%[1]s</span></li><li><a href="/xwdt/3.html">春耕生产有序开展</a><span>%[1]s</span></li></ul>%[2]s
<div class="footer">主办单位：江州市江澄区人民政府办公室 联系电话：023-63312345</div></body></html>`, day, link)
	case "/xwdt/", "/tzgg/":
		name, dir := "工作动态", "xwdt"
		if r.URL.Path == "/tzgg/" {
			name, dir = "通知公告", "tzgg"
		}
		fmt.Fprintf(rw, `<html><head><title>%[1]s-江州市江澄区人民政府</title></head><body><div class="nav"><a href="/">首页</a><a href="/xwdt/">工作动态</a><a href="/tzgg/">通知公告</a></div><div class="crumb">您的位置：<a href="/">首页</a> &gt; %[1]s</div><ul class="list">`, name)
		for i := 1; i <= 5; i++ {
			fmt.Fprintf(rw, `<li><a href="/%[1]s/%[2]d.html">%[3]s第%[2]d号</a><span>%[4]s</span></li>`, dir, i, "关于开展政务公开专项检查的通知", day)
		}
		fmt.Fprint(rw, `</ul></body></html>`)
	default:
		var dir string
		var n int
		if _, err := fmt.Sscanf(strings.NewReplacer("/", " ", ".html", "").Replace(r.URL.Path), "%s %d", &dir, &n); err != nil || dir != "xwdt" && dir != "tzgg" {
			http.NotFound(rw, r)
			return
		}
		fmt.Fprintf(rw, `<html><head><title>关于开展政务公开专项检查的通知第%[1]d号</title><meta name="PubDate" content="%[2]s 09:00"><meta name="ContentSource" content="区司法局"></head><body>
<div class="crumb">您的位置：<a href="/">首页</a> &gt; <a href="/%[3]s/">栏目</a> &gt; 正文</div><h1>关于开展政务公开专项检查的通知第%[1]d号</h1><p>发布时间：%[2]s 09:00　来源：区司法局</p>
<div class="content"><p>各街道办事处、区政府各部门：为做好本年度政务公开工作，现就有关事项通知如下。请各单位认真自查，按时报送结果。</p><p>联系电话：023-63312345。意见征集时间：2026年4月1日至2026年5月6日。</p><p><a href="/%[3]s/1.docx">附件</a></p></div></body></html>`, n, day, dir)
	}
}

// TestASiteFromFindingToMended walks the whole way: register, inspect, hand over,
// mend, and the next round sees it (NORM-35).
func TestASiteFromFindingToMended(t *testing.T) {
	site := &website{}
	server := httptest.NewServer(site)
	defer server.Close()
	var service *inspect.Service
	build := func(k *area.Kernel) area.Area {
		service = inspect.New(k, inspect.Settings{Dir: filepath.Join(t.TempDir(), "inspect"), Crawl: crawl.Config{Allow: []string{"127.0.0.0/8"}, Agent: "gongkai/test", RetryWait: 20 * time.Millisecond}})
		return service.Area()
	}
	areatest.Each(t, "2026-05-06", build, func(t *testing.T, h *areatest.House) {
		site.dead, site.stale = true, false
		zhao := h.Person("赵敏", "区政府办公室", org.Coordinator)
		wang := h.Person("王芳", "区司法局", org.Disclosure)
		li := h.Person("李强", "区财政局", org.Disclosure)

		zhao.Get("/desk/sites").Want(t, 200, "还没有登记网站")
		wang.Get("/desk/sites").Want(t, 303)
		wang.Get("/desk/sites/new").Want(t, 403)
		zhao.Post("/desk/sites", "name", "区", "start", "ftp://x", "every", "week", "due", "0", "kind", "portal").Want(t, 422, "2至60个字", "完整网址", "1至60个工作日")
		key := string(zhao.Post("/desk/sites", "name", "江州市江澄区人民政府", "start", server.URL, "every", "week", "due", "5", "kind", "portal").Want(t, 303).Key())
		zhao.Post("/desk/sites", "name", "同一个网站", "start", server.URL, "every", "week", "due", "5", "kind", "portal").Want(t, 422, "已经登记过")

		zhao.Post("/desk/sites/"+key+"/round").Want(t, 303)
		zhao.Post("/desk/sites/"+key+"/round").Want(t, 409, "正在检查")
		h.Settle()
		zhao.Get("/desk/sites/"+key).Want(t, 200, "已完成", "各项指标", "report.html")
		zhao.Get("/desk/columns?site="+key).Want(t, 200, "工作动态", "通知公告", "正常")
		list := zhao.Get("/desk/findings?site="+key+"&q=gone").Want(t, 200, "gone.html")
		finding := between(t, list.Body, `<th scope="row"><a href="/desk/findings/`, `"`)
		zhao.Get("/desk/findings/"+finding).Want(t, 200, "怎样整改")
		wang.Get("/desk/findings/"+finding).Want(t, 404)

		unit := string(h.Unit("区司法局"))
		zhao.Post("/desk/findings/hand", "unit", unit).Want(t, 422, "请先勾选")
		order := string(zhao.Post("/desk/findings/hand", "unit", unit, "finding", finding).Want(t, 303).Key())
		zhao.Post("/desk/findings/hand", "unit", unit, "finding", finding).Want(t, 422, "不能再次交办")
		wang.Get("/desk/findings/"+finding).Want(t, 200)
		wang.Get("/desk/orders/"+order).Want(t, 200, "待整改", "报送整改结果")
		li.Get("/desk/orders/"+order).Want(t, 404)
		wang.Post("/desk/orders/"+order+"/move", "move", "mend").Want(t, 422, "理由")
		wang.Post("/desk/orders/"+order+"/move", "move", "mend", "reason", "已撤下失效链接").Want(t, 303)

		// the next round no longer sees it: mended, and the order is closed by itself
		site.dead = false
		h.Day("2026-05-07")
		zhao.Post("/desk/sites/"+key+"/round").Want(t, 303)
		h.Settle()
		zhao.Get("/desk/findings/"+finding).Want(t, 200, "已整改")
		wang.Get("/desk/orders/"+order).Want(t, 200, "已办结")

		// a person's word is kept: a finding that stays for a reason does not come back
		open := between(t, zhao.Get("/desk/findings?site="+key+"&status=open&state=FAIL").Want(t, 200).Body, `<th scope="row"><a href="/desk/findings/`, `"`)
		version := between(t, zhao.Get("/desk/findings/"+open).Body, `name="version" value="`, `"`)
		zhao.Post("/desk/findings/"+open, "version", version, "status", "accepted").Want(t, 422, "理由")
		zhao.Post("/desk/findings/"+open, "version", version, "status", "accepted", "reason", "集约化平台统一整改，下月上线").Want(t, 303)
		zhao.Post("/desk/findings/"+open, "version", version, "status", "wrong", "reason", "另一个人的意见").Want(t, 409)
		h.Day("2026-05-08")
		zhao.Post("/desk/sites/"+key+"/round").Want(t, 303)
		h.Settle()
		zhao.Get("/desk/findings/"+open).Want(t, 200, "保留")

		if a := zhao.Get("/desk/findings?as=xlsx").Want(t, 200); !strings.HasPrefix(a.Body, "PK") {
			t.Error("the list of findings is no workbook")
		}
		if a := zhao.Get("/desk/columns?as=xlsx").Want(t, 200); !strings.HasPrefix(a.Body, "PK") {
			t.Error("the list of columns is no workbook")
		}
		if a := zhao.Get("/desk/sites/quarter?q=2026-2").Want(t, 200); !strings.HasPrefix(a.Body, "PK") {
			t.Error("the circular is no document")
		}
		zhao.Get("/desk/sites/quarter?q=2025-4").Want(t, 404, "没有完成的检查")
		zhao.Get("/desk/sites/quarter?q=x").Want(t, 422)

		proofs(t, h, service)
	})
}

// TestARoundThatWasGivenUp frees its site: what waits for a job that is gone
// waits no longer, and the site can be asked for again.
func TestARoundThatWasGivenUp(t *testing.T) {
	server := httptest.NewServer(&website{})
	defer server.Close()
	var dir string
	build := func(k *area.Kernel) area.Area {
		dir = filepath.Join(t.TempDir(), "inspect")
		return inspect.New(k, inspect.Settings{Dir: dir, Crawl: crawl.Config{Allow: []string{"127.0.0.0/8"}, Agent: "gongkai/test", RetryWait: 20 * time.Millisecond}}).Area()
	}
	areatest.Each(t, "2026-05-06", build, func(t *testing.T, h *areatest.House) {
		zhao := h.Person("赵敏", "区政府办公室", org.Coordinator)
		key := string(zhao.Post("/desk/sites", "name", "江州市江澄区人民政府", "start", server.URL, "every", "week", "due", "5", "kind", "portal").Want(t, 303).Key())
		if err := os.WriteFile(dir, nil, 0o600); err != nil { // where the folder of crawls should be
			t.Fatal(err)
		}
		zhao.Post("/desk/sites/"+key+"/round").Want(t, 303)
		zhao.Get("/desk/sites/"+key).Want(t, 200, "排队中")
		if err := h.Jobs.Settle(context.Background()); err == nil {
			t.Fatal("the round ran without a folder")
		}
		zhao.Get("/desk/sites/"+key).Want(t, 200, "没有完成", "可以再次检查", "立即检查")
		if err := os.Remove(dir); err != nil {
			t.Fatal(err)
		}
		zhao.Post("/desk/sites/"+key+"/round").Want(t, 303)
		h.Settle()
		zhao.Get("/desk/sites/"+key).Want(t, 200, "已完成", "没有完成", "可以再次检查")
	})
}

// proofs asks the ledger's rules about what the rounds saw.
func proofs(t *testing.T, h *areatest.House, service *inspect.Service) {
	t.Helper()
	ask := func(kind string, unit string, pairs ...string) area.Answer {
		t.Helper()
		q := area.Question{Unit: h.Unit(unit), From: calendar.MustParse("2026-01-01"), Until: calendar.MustParse("2026-12-31"), Today: calendar.MustParse("2026-05-08"), Values: map[string]string{}}
		for i := 0; i < len(pairs); i += 2 {
			q.Values[pairs[i]] = pairs[i+1]
		}
		for _, p := range service.Proofs() {
			if p.Name == kind {
				a, err := p.Ask(t.Context(), q)
				if err != nil {
					t.Fatalf("%s: %v", kind, err)
				}
				return a
			}
		}
		t.Fatalf("no proof %s", kind)
		return area.Answer{}
	}
	for _, c := range []struct {
		name, kind, unit string
		values           []string
		want             area.Verdict
	}{
		{"an item of the unit", "site-item", "区司法局", []string{"title", "专项检查", "words", "自查", "phone", "yes", "attachment", "yes", "days", "30"}, area.Met},
		{"none of another unit", "site-item", "区财政局", []string{"title", "专项检查"}, area.NotMet},
		{"whoever published it", "site-item", "区财政局", []string{"title", "专项检查", "anyone", "yes", "n", "3"}, area.Met},
		{"a consultation too short", "site-item", "区司法局", []string{"title", "专项检查", "days", "60"}, area.NotMet},
		{"a part that is lacking", "site-item", "区司法局", []string{"title", "专项检查", "reading", "yes"}, area.NotMet},
		{"another site", "site-item", "区司法局", []string{"site", "别的网站", "title", "专项检查"}, area.CannotTell},
		{"a fresh column", "site-fresh", "区司法局", []string{"column", "工作动态"}, area.Met},
		{"no such column", "site-fresh", "区司法局", []string{"column", "政策解读"}, area.NotMet},
		{"no columns of the unit", "site-fresh", "区司法局", nil, area.CannotTell},
		{"a link of the home page", "site-link", "区司法局", []string{"name", "减税降费", "link", "https://tax.example/"}, area.CannotTell}, // it does not answer
		{"a column of the home page", "site-link", "区司法局", []string{"name", "工作动态 通知公告"}, area.Met},
		{"no link", "site-link", "区司法局", []string{"name", "行政法规库"}, area.NotMet},
		{"nothing open of the unit", "site-clean", "区司法局", nil, area.Met},
		{"much open on the site", "site-clean", "区司法局", []string{"anyone", "yes"}, area.NotMet},
		{"no letters", "site-mailbox", "区司法局", nil, area.CannotTell},
	} {
		if a := ask(c.kind, c.unit, c.values...); a.Verdict != c.want {
			t.Errorf("%s: %s, want %s: %s %+v", c.name, a.Verdict, c.want, a.Why, a.Rows)
		} else if a.Why == "" {
			t.Errorf("%s: no reason", c.name)
		}
	}
	if a := ask("site-item", "区司法局", "title", "专项检查"); a.Archive == nil || a.Archive.Hash == "" {
		t.Error("the page that proves it was not kept")
	}
}

func between(t *testing.T, text, before, after string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, before)
	out, _, end := strings.Cut(rest, after)
	if !ok || !end {
		t.Fatalf("no %q in the page", before)
	}
	return out
}
