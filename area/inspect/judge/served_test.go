package judge

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/read"
	"gongkai/kernel/clock"
)

// reader reads pages as an inspection does.
type reader struct{}

func (reader) Read(p *fact.Page, text string) crawl.Found {
	r, err := read.Page(p.URL, []byte(text), read.Hints{Home: p.Depth == 0})
	if err != nil {
		return crawl.Found{}
	}
	return crawl.Found{Reading: r, Refresh: r.Jump}
}

// pagesOf is a small site of one design: three lists in two pages each, of which
// the first is fresh, the second old, the third empty; a mailbox, two guides.
func pagesOf() map[string]string {
	menu := `<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/xwdt/">新闻动态</a></li><li><a href="/zcwj/">政策文件</a></li><li><a href="/tzgg/">通知公告</a></li><li><a href="/xx/">区长信箱</a></li><li><a href="/bs/">办事服务</a></li></ul></div>`
	page := func(title, body string) string {
		return `<!DOCTYPE html><html><head><meta charset="utf-8"><title>` + title + `_云岭区人民政府</title></head><body>` + menu + body + `<div class="footer"><p>主办单位：云岭区人民政府办公室 网站标识码：5001030001</p></div></body></html>`
	}
	out := map[string]string{}
	list := func(path, name string, days ...string) {
		for n := 0; n*3 < max(len(days), 1); n++ {
			var b strings.Builder
			fmt.Fprintf(&b, `<div>当前位置：<a href="/">首页</a> &gt; <a href="/%s/">%s</a></div><h2>%s</h2>`, path, name, name)
			if len(days) == 0 {
				b.WriteString("<p>暂无数据</p>")
			} else {
				b.WriteString("<ul>")
			}
			for i := n * 3; i < min(len(days), n*3+3); i++ {
				title := fmt.Sprintf("云岭区%s第%d批重点工作有关情况", name, i+1)
				fmt.Fprintf(&b, `<li><a href="/%s/t%d.html">%s</a><span>%s</span></li>`, path, i, title, days[i])
				out[fmt.Sprintf("/%s/t%d.html", path, i)] = page(title, fmt.Sprintf(`<h1>%s</h1><p>发布时间：%s 10:1%d　来源：区政府办公室</p><p>%s</p>`, title, days[i], i, strings.Repeat(fmt.Sprintf("云岭区围绕%s第%d项任务，有序推进，取得实效，群众反映良好。", name, i), 8)))
			}
			if len(days) > 0 {
				b.WriteString("</ul>")
			}
			if len(days) > 3 {
				fmt.Fprintf(&b, `<div class="pages"><a href="/%s/">1</a> <a href="/%s/index_1.html">2</a> <a href="/%s/index_1.html">下一页</a></div>`, path, path, path)
			}
			address := "/" + path + "/"
			if n > 0 {
				address = fmt.Sprintf("/%s/index_%d.html", path, n)
			}
			out[address] = page(name, b.String())
		}
	}
	list("xwdt", "新闻动态", "2026-06-28", "2026-06-20", "2026-06-11", "2026-06-02")
	list("zcwj", "政策文件", "2025-11-20", "2025-10-08", "2025-09-01", "2025-08-01")
	list("tzgg", "通知公告")
	out["/"] = page("首页", `<div class="a"><h3>新闻动态</h3><ul><li><a href="/xwdt/t0.html">云岭区新闻动态第1批重点工作有关情况</a><span>06-28</span></li><li><a href="/xwdt/t1.html">云岭区新闻动态第2批重点工作有关情况</a><span>06-20</span></li><li><a href="/zcwj/t0.html">云岭区政策文件第1批重点工作有关情况</a><span>11-20</span></li></ul></div>`)
	out["/xx/"] = page("区长信箱", `<h2>区长信箱</h2><form method="post" action="/xx/new"><label for="a">来信标题</label><input id="a" name="a"><label for="b">来信内容</label><textarea id="b" name="b"></textarea><label for="c">姓名</label><input id="c" name="c"></form><table><tr><th>标题</th><th>来信时间</th><th>答复时间</th><th>状态</th></tr><tr><td><a href="/xx/1.html">关于东湖社区路灯不亮的问题</a></td><td>2026-06-01</td><td>2026-06-03</td><td>已答复</td></tr><tr><td><a href="/xx/2.html">关于老旧小区加装电梯的咨询</a></td><td>2026-03-01</td><td></td><td>办理中</td></tr></table>`)
	for i, state := range []string{"<tr><td>办理状态</td><td>已答复</td></tr><tr><td>答复单位</td><td>区城市管理局</td></tr><tr><td>答复时间</td><td>2026-06-03</td></tr><tr><td>答复内容</td><td>" + goodAnswer + "</td></tr>", "<tr><td>办理状态</td><td>办理中</td></tr>"} {
		out[fmt.Sprintf("/xx/%d.html", i+1)] = page("来信", fmt.Sprintf(`<h1>%s</h1><table><tr><td>来信时间</td><td>%s</td></tr><tr><td>来信内容</td><td>您好，希望有关部门到现场查看并尽快处理，给居民一个答复，谢谢。</td></tr>%s</table>`, []string{"关于东湖社区路灯不亮的问题", "关于老旧小区加装电梯的咨询"}[i], []string{"2026-06-01", "2026-03-01"}[i], state))
	}
	out["/bs/"] = page("办事服务", `<h2>办事服务</h2><p>个人办事　法人办事</p><ul><li><a href="/bs/1.html">食品经营许可办事指南</a></li><li><a href="/bs/2.html">临时救助对象认定办事指南</a></li></ul>`)
	for i, phone := range []string{"联系电话：023-63001234", ""} {
		out[fmt.Sprintf("/bs/%d.html", i+1)] = page("办事指南", `<h1>`+[]string{"食品经营许可办事指南", "临时救助对象认定办事指南"}[i]+`</h1><p>事项名称：食品经营许可</p><p>设定依据：《中华人民共和国食品安全法》第三十五条</p><p>申请条件：有与经营的食品品种、数量相适应的场所</p><p>申请材料：申请书、主体资格证明</p><p>办理地点：区政务服务中心二楼</p><p>办理时间：工作日上午9:00至12:00</p><p>办理流程：申请、受理、审查、决定</p><p>`+phone+`</p>`)
	}
	return out
}

func TestServed(t *testing.T) {
	pages := pagesOf()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.RequestURI()]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	store, err := crawl.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	begin := server.URL + "/"
	if _, err := crawl.Run(t.Context(), store, crawl.Config{Start: begin, Clock: clock.System{}, AllowPrivate: true, RetryWait: time.Millisecond, Backoff: time.Millisecond}, reader{}); err != nil {
		t.Fatal(err)
	}
	r, err := Judge(t.Context(), Input{Crawl: store, Site: fact.Site{Start: begin}, T0: t0, Round: 1})
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]fact.Column{}
	for _, c := range r.Columns {
		column[c.Name] = c
	}
	for name, want := range map[string]struct {
		class  fact.Class
		items  int
		latest string
		blank  bool
	}{"新闻动态": {fact.News, 4, "2026-06-28", false}, "政策文件": {fact.Policy, 4, "2025-11-20", false}, "通知公告": {fact.NoticeList, 0, "0001-01-01", true}} {
		if c := column[name]; c.Class != want.class || c.Items != want.items || c.Latest.Format("2006-01-02") != want.latest || c.Blank != want.blank || c.Level != 1 {
			t.Errorf("%s: %+v", name, c)
		}
	}
	if len(r.Items) < 8 {
		t.Errorf("%d items", len(r.Items))
	}
	for check, want := range map[string]string{"WEB-44": "zcwj/", "WEB-47": "tzgg/", "WEB-25": "xx/2.html", "WEB-51": "bs/2.html"} {
		f := found(r, check)
		if len(f) != 1 || f[0].URL != begin+want {
			t.Errorf("%s: %+v", check, f)
		}
	}
	wantState(t, r, "V3", fact.Pass)
	wantState(t, r, "V5.1", fact.Pass)
	wantState(t, r, "V5.2", fact.Proposed)
	wantState(t, r, "D1.4", fact.Pass)
	wantState(t, r, "D1.5", fact.Fail)
}
