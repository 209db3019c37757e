package inspect_test

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/area"
	"gongkai/area/areatest"
	"gongkai/area/inspect"
	"gongkai/area/inspect/browse"
	"gongkai/area/inspect/crawl"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fetch"
	"gongkai/kernel/org"
	"gongkai/kernel/store/storetest"
)

// pages is a site of whole pages that can be changed between rounds.
type pages map[string]string

func (p pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := p[r.URL.Path]
	switch {
	case !ok:
		http.NotFound(w, r)
	case body == "away":
		http.Error(w, "维护中", http.StatusServiceUnavailable)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("X-Served-By", "tomcat")
		_, _ = io.WriteString(w, body)
	}
}

const siteMenu = `<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zcwj/">政策文件</a></li><li><a href="/lzyj/">履职依据</a></li></ul></div>`

func whole(title, body string) string {
	return `<html><head><title>` + title + `-江州市江澄区人民政府</title></head><body>` + siteMenu + body + `<div class="footer">主办单位：江州市江澄区人民政府办公室 联系电话：023-63312345</div></body></html>`
}

func paper(title, day, body string) string {
	return whole(title, `<div class="crumb">您的位置：<a href="/">首页</a> &gt; <a href="/zcwj/">政策文件</a> &gt; 正文</div><h1>`+title+`</h1><p>发布时间：`+day+` 09:00　来源：区司法局</p><div class="content"><p>各街道办事处、区政府各部门：现将有关事项通知如下，请认真贯彻执行，并按时报送落实情况。</p>`+body+`</div>`)
}

// looking is a house that looks at a site of pages.
type looking struct {
	*areatest.House
	site pages
	url  string
	key  string
	zhao areatest.Visitor
	of   *inspect.Service
}

// look runs a test in a house with an inspected site; what it asks the database
// other tests ask both.
func look(t *testing.T, browser bool, site func() pages, test func(t *testing.T, h *looking)) {
	t.Helper()
	var service *inspect.Service
	build := func(k *area.Kernel) area.Area {
		service = inspect.New(k, inspect.Settings{Dir: filepath.Join(t.TempDir(), "inspect"), Browser: browser,
			Crawl: crawl.Config{Allow: []string{"127.0.0.0/8"}, Agent: "gongkai/test", RetryWait: 10 * time.Millisecond, Backoff: 10 * time.Millisecond}})
		return service.Area()
	}
	h := &looking{House: areatest.New(t, storetest.SQLite(t), "2026-05-06", build), site: site(), of: service}
	server := httptest.NewServer(h.site)
	t.Cleanup(server.Close)
	h.url = server.URL
	h.zhao = h.Person("赵敏", "区政府办公室", org.Coordinator)
	h.Unit("区司法局")
	h.key = string(h.zhao.Post("/desk/sites", "name", "江州市江澄区人民政府", "start", server.URL, "every", "week", "due", "5", "kind", "portal").Want(t, 303).Key())
	h.round(t)
	test(t, h)
}

func (h *looking) round(t *testing.T) {
	t.Helper()
	h.zhao.Post("/desk/sites/"+h.key+"/round").Want(t, 303)
	h.Settle()
}

func (h *looking) ask(t *testing.T, kind string, pairs ...string) area.Answer {
	t.Helper()
	q := area.Question{Unit: h.Unit("区司法局"), From: calendar.MustParse("2026-01-01"), Until: calendar.MustParse("2026-12-31"), Today: calendar.Of(h.House.Clock.Now()), Values: map[string]string{}}
	for i := 0; i < len(pairs); i += 2 {
		q.Values[pairs[i]] = pairs[i+1]
	}
	for _, p := range h.of.Proofs() {
		if p.Name != kind {
			continue
		}
		a, err := p.Ask(t.Context(), q)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		return a
	}
	t.Fatalf("no proof %s", kind)
	return area.Answer{}
}

// TestWhatALinkOfTheHomePageProves tells a server that is away from a page that
// is not there and from a column without the link.
func TestWhatALinkOfTheHomePageProves(t *testing.T) {
	home := whole("首页", `<ul class="list"><li><a href="/zcwj/1.html">关于开展政务公开专项检查的通知</a><span>2026-05-04</span></li></ul>
		<p><a href="/lzyj/">履职依据</a> <a href="/jsjf/">减税降费</a> <a href="/bm/">便民服务</a> <a href="/yd/">移动门户</a> <a href="/xin/">新版入口</a> <a href="http://nowhere.invalid/">外部专题</a></p>`)
	site := func() pages {
		return pages{"/": home, "/zcwj/": whole("政策文件", `<ul class="list"><li><a href="/zcwj/1.html">关于开展政务公开专项检查的通知</a><span>2026-05-04</span></li></ul>`),
			"/zcwj/1.html": paper("关于开展政务公开专项检查的通知", "2026-05-04", ""),
			"/lzyj/":       whole("履职依据", `<div class="content"><p>本机关履行职责所依据的法律法规，可以在下列网站查询。</p><p><a href="/fgk/">行政法规库</a></p><p><a href="/gz/">规章库</a></p></div>`),
			"/fgk/":        whole("行政法规库", "<p>行政法规库按主题和年份收录现行有效的行政法规。</p>"), "/bm/": "away", "/xin/": `<html><head><meta http-equiv="refresh" content="0;url=/zcwj/"></head></html>`}
	}
	look(t, false, site, func(t *testing.T, h *looking) {
		for _, c := range []struct {
			name   string
			values []string
			want   area.Verdict
			why    string
		}{
			{"a column that opens", []string{"name", "履职依据"}, area.Met, "符合要求"},
			{"a column whose page links there", []string{"name", "履职依据", "link", "/fgk/"}, area.Met, "符合要求"},
			{"by its whole address", []string{"name", "履职依据", "link", h.url + "/fgk"}, area.Met, "符合要求"},
			{"a column whose page links to what is not there", []string{"name", "履职依据", "link", "/gz/"}, area.NotMet, "链接打不开"},
			{"a column without the link", []string{"name", "履职依据", "link", "https://flk.example/"}, area.NotMet, "没有指向 https://flk.example/ 的链接"},
			{"an entry of the menu is no link of the column", []string{"name", "履职依据", "link", "/zcwj/"}, area.NotMet, "没有指向"},
			{"a column that is not there", []string{"name", "减税降费"}, area.NotMet, "链接打不开"},
			{"a column whose server is away", []string{"name", "便民服务"}, area.CannotTell, "没有正常应答"},
			{"another body's name that does not resolve from here", []string{"name", "外部专题"}, area.CannotTell, "没有正常应答"},
			{"no such link", []string{"name", "法治政府"}, area.NotMet, "不在首页的链接中"},
			{"the worst of several decides", []string{"name", "便民服务 减税降费 履职依据"}, area.NotMet, "减税降费"},
		} {
			a := h.ask(t, "site-link", c.values...)
			if a.Verdict != c.want || !strings.Contains(a.Why, c.why) {
				t.Errorf("%s: %s %q %+v, want %s %q", c.name, a.Verdict, a.Why, a.Rows, c.want, c.why)
			}
		}
		h.site["/"] = "away"
		h.Day("2026-05-07")
		h.round(t)
		if a := h.ask(t, "site-link", "name", "履职依据"); a.Verdict != area.CannotTell {
			t.Errorf("a home page that is away: %+v", a)
		}
		delete(h.site, "/")
		h.Day("2026-05-08")
		h.round(t)
		if a := h.ask(t, "site-link", "name", "履职依据"); a.Verdict != area.NotMet || !strings.Contains(a.Why, "首页：链接打不开") {
			t.Errorf("a home page that is not there: %+v", a)
		}
	})
}

// TestWhatItemsProve holds the parts of site-item that look at more than words.
func TestWhatItemsProve(t *testing.T) {
	list := func(heads string) string {
		return "<table><tr><td>" + strings.ReplaceAll(heads, " ", "</td><td>") + "</td></tr><tr><td>一号项目</td><td>开工</td><td>区水利局</td></tr></table>"
	}
	site := func() pages {
		out := pages{"/": whole("首页", `<p><a href="/zcwj/">政策文件</a></p>`), "/lzyj/": whole("履职依据", "<p>从略。</p>"), "/flk/": whole("规章库", "<p>规章库收录现行有效的规章。</p>")}
		var lines strings.Builder
		for i, one := range []struct{ title, body string }{
			{"餐饮业扶持办法", list("项目名称 进度 责任单位") + `<p><a href="/flk/">规章库</a></p>`},
			{"住宿业扶持办法", "<p>文中提到项目名称、进度、责任单位，没有表格。</p>"},
			{"零售业扶持办法", list("项目名称 说明 备注") + `<p><img src="/tu.png" alt="图解"></p>`},
		} {
			path := fmt.Sprintf("/zcwj/%d.html", i+1)
			out[path] = paper(one.title, "2026-05-04", one.body)
			fmt.Fprintf(&lines, `<li><a href="%s">%s</a><span>2026-05-04</span></li>`, path, one.title)
		}
		out["/zcwj/"] = whole("政策文件", `<div class="crumb">您的位置：<a href="/">首页</a> &gt; 政策文件</div><ul class="list">`+lines.String()+`</ul>`)
		return out
	}
	look(t, false, site, func(t *testing.T, h *looking) {
		for _, c := range []struct {
			name   string
			values []string
			want   area.Verdict
			why    string
		}{
			{"the columns of a table", []string{"title", "餐饮", "table", "项目名称 进度 单位|部门"}, area.Met, ""},
			{"words are no table", []string{"title", "住宿", "table", "项目名称 进度"}, area.NotMet, "没有表格"},
			{"a table that lacks some", []string{"title", "零售", "table", "项目名称 进度 责任单位"}, area.NotMet, "表格没有“进度”、“责任单位”列"},
			{"each of them", []string{"each", "餐饮 住宿 零售"}, area.Met, "应有3项"},
			{"each of them but one", []string{"each", "餐饮 住宿 零售 客运"}, area.NotMet, "没有“客运”"},
			{"each of them whole", []string{"each", "餐饮 住宿", "table", "项目名称"}, area.NotMet, "没有“住宿”"},
			{"one is enough", []string{"column", "政策文件", "table", "项目名称"}, area.Met, "看到2条符合"},
			{"every one", []string{"column", "政策文件", "table", "项目名称", "every", "yes"}, area.NotMet, "1条缺少要件"},
			{"every one, and none is there", []string{"title", "客运", "every", "yes"}, area.NotMet, "看到0条"},
			{"a picture of it", []string{"title", "零售", "media", "yes"}, area.Met, ""},
			{"no picture of it", []string{"title", "餐饮", "media", "yes"}, area.NotMet, "没有图解"},
			{"a link of its own", []string{"title", "餐饮", "library", "/flk/"}, area.Met, ""},
			{"a link of the menu is not its own", []string{"title", "餐饮", "library", "/lzyj/"}, area.NotMet, "没有链接到 /lzyj/"},
		} {
			a := h.ask(t, "site-item", c.values...)
			said := a.Why
			for _, r := range a.Rows {
				said += "；" + r.Why
			}
			if a.Verdict != c.want || !strings.Contains(said, c.why) {
				t.Errorf("%s: %s %q %+v, want %s %q", c.name, a.Verdict, a.Why, a.Rows, c.want, c.why)
			}
		}
	})
}

// TestAPageIsKeptAsItWasSeen holds what is kept of a page: its content under a
// hash, time, headers and text; and that it stays when the site says something
// else or is no more.
func TestAPageIsKeptAsItWasSeen(t *testing.T) {
	home := func(text string) string {
		return whole("首页", `<p><a href="/zcwj/">政策文件</a></p><p>`+text+`</p>`)
	}
	site := func() pages {
		return pages{"/": home("第一次的内容。"), "/zcwj/": whole("政策文件", "<p>从略。</p>"), "/lzyj/": whole("履职依据", "<p>从略。</p>")}
	}
	look(t, false, site, func(t *testing.T, h *looking) {
		first, p := h.kept(t)
		if p.Final != h.url+"/" || !strings.Contains(p.Text, "第一次的内容") || p.Title == "" || string(p.Body) != h.site["/"] {
			t.Errorf("text and content: %+v", p)
		}
		if p.Header.Get("X-Served-By") != "tomcat" || p.Header.Get("Date") == "" || p.Status != 200 {
			t.Errorf("headers: %d %v", p.Status, p.Header)
		}
		if !p.Fetched.Equal(h.House.Clock.Now()) {
			t.Errorf("kept at %s", p.Fetched)
		}
		h.House.Clock.Set(h.House.Clock.Now().Add(time.Hour))
		if again, _ := h.kept(t); *again != *first {
			t.Errorf("kept twice: %+v, %+v", first, again)
		}
		// the page changes between the round and the keeping: what the round saw is kept
		h.site["/"] = home("第二次的内容。")
		h.Day("2026-05-07")
		h.round(t)
		h.site["/"] = home("第三次的内容。")
		if second, p := h.kept(t); second.Hash == first.Hash || !strings.Contains(p.Text, "第二次的内容") || p.Header.Get("Content-Type") == "" {
			t.Errorf("after a change: %q %v", p.Text, p.Header)
		}
		// the site goes away after the round: the same
		h.Day("2026-05-08")
		h.round(t)
		h.site["/"] = "away"
		if _, p := h.kept(t); !strings.Contains(p.Text, "第三次的内容") {
			t.Errorf("after the end: %q", p.Text)
		}
		if _, err := h.Files.Open(context.Background(), first.Hash); err != nil {
			t.Errorf("the first copy: %v", err)
		}
	})
}

// TestAPictureIsKeptWithAPage holds that a picture is kept where there is Chromium,
// and everything else where there is none.
func TestAPictureIsKeptWithAPage(t *testing.T) {
	site := func() pages {
		return pages{"/": whole("首页", `<p><a href="/zcwj/">政策文件</a></p>`), "/zcwj/": whole("政策文件", "<p>从略。</p>"), "/lzyj/": whole("履职依据", "<p>从略。</p>")}
	}
	look(t, true, site, func(t *testing.T, h *looking) {
		_, p := h.kept(t)
		if !strings.Contains(p.Text, "政策文件") {
			t.Errorf("%+v", p)
		}
		if _, there := browse.Find(); !there {
			return
		}
		if shown, err := png.Decode(bytes.NewReader(p.Picture)); err != nil || shown.Bounds().Dx() < 1000 {
			t.Errorf("picture: %d bytes, %v", len(p.Picture), err)
		}
	})
}

// kept is the page that is kept with what the home page proves.
func (h *looking) kept(t *testing.T) (*area.Archived, *fetch.Page) {
	t.Helper()
	a := h.ask(t, "site-link", "name", "政策文件")
	if a.Verdict != area.Met || a.Archive == nil {
		t.Fatalf("%+v", a)
	}
	file, err := h.Files.Open(context.Background(), a.Archive.Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	record, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := fetch.ReadArchive(record)
	if err != nil {
		t.Fatal(err)
	}
	return a.Archive, p
}
