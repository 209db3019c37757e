package read

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/area/inspect/fact"
)

// TestBounds reads what would take a page reader minutes or gigabytes; one that
// does is stopped by the time limit of the tests.
func TestBounds(t *testing.T) {
	for name, body := range map[string]string{
		"100,000 links":            "<ul>" + strings.Repeat(`<li><a href="a/1.html">关于云岭区社区服务站改造的通知</a><span>2026-01-02</span></li>`, 100_000) + "</ul>",
		"no element is closed":     strings.Repeat("<div><span><b>云岭", 50_000),
		"formatting before breaks": strings.Repeat("<b id=1><i><u>", 300) + strings.Repeat("<p>", 20_000),
		"tables in tables":         strings.Repeat("<table><tr><td><ul><li>", 30_000),
		"ends of nothing":          strings.Repeat("</div></table></a></p>", 100_000),
		"one text":                 strings.Repeat("云岭区2026年11月23日，", 30_000),
		"one attribute":            `<a href="` + strings.Repeat("x", 3<<20) + `">a</a><p title="` + strings.Repeat("，", 1<<20) + `">`,
		"many attributes":          "<a " + strings.Repeat("href=x class=nav-top ", 100_000) + ">a</a>",
		"digits":                   "<p>" + strings.Repeat("2026-11-", 100_000) + "</p><li>" + strings.Repeat("20 ", 100_000),
		"long class":               `<div class="` + strings.Repeat("nav-", 300_000) + `">a</div>`,
		"bytes":                    strings.Repeat("\xff\xfe\x00<", 100_000),
		"records in records":       `<script type="text/xml">` + strings.Repeat(`<record><![CDATA[<script type="text/xml"><![CDATA[<a href=1>云岭区社区服务</a>]]></record>`, 10_000),
		"breadcrumb":               strings.Repeat(`<div>当前位置：<a href="/">首页</a>`, 5_000),
		"labels":                   strings.Repeat(`<p>发布时间：来源：文号：</p>`, 10_000),
		"numbers of pages":         strings.Repeat(`<span><a href="?page=2">2</a></span>`, 50_000),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Page("http://www.yl.gov.cn/a/", []byte(body), Hints{})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Links) > maxLinks || len(r.Next) > maxPages {
				t.Errorf("%d links, %d pages", len(r.Links), len(r.Next))
			}
		})
	}
	if _, err := Page("不是网址", nil, Hints{}); err == nil {
		t.Error("an address that is none was taken")
	}
}

func FuzzPage(f *testing.F) {
	f.Add("http://www.yl.gov.cn/a/t20261123_1.html", doc("<title>云岭_政府网</title>", `<div>当前位置：<a href="/">首页</a>&gt;动态</div><h1>云岭</h1><p>发布时间：2026-11-23 来源：云岭</p>`+long))
	f.Add("http://www.yl.gov.cn/", `<ul><li><a href="1.html">关于云岭区社区的通知</a><span>11-23</span></ul><script>createPageHTML(3,0,"index","html")</script><table><tr><td>索引号<td>1`)
	f.Add("http://www.yl.gov.cn", `<meta http-equiv=refresh content="0;url=//x"><base href="x:"><a href="%zz">a<a href=\\b>b</a></div></p><script type=text/xml><![CDATA[<li><a href=q>云岭区社区服务</a>]]>`)
	f.Fuzz(func(t *testing.T, address, body string) {
		r, err := Page(address, []byte(body), Hints{})
		if err != nil {
			return
		}
		if r.Kind == "" {
			t.Error("no kind")
		}
		for _, l := range r.Links {
			if l.URL == "" || strings.HasPrefix(l.URL, "javascript:") {
				t.Errorf("%+v", l)
			}
		}
		for _, e := range r.Entries {
			if e.URL == "" || e.Title == "" {
				t.Errorf("%+v", e)
			}
		}
		if r.Published.IsZero() != (r.DateFrom == "") {
			t.Errorf("%v %q", r.Published, r.DateFrom)
		}
	})
}

// benchPage is about 40 KB: a header of 60 links, a list of 40, an article.
func benchPage() []byte {
	var b strings.Builder
	b.WriteString(`<div class="header"><ul>`)
	for i := range 60 {
		fmt.Fprintf(&b, `<li class="item"><a href="/zwgk/c%d/index.html" title="栏目名称" target="_blank">栏目名称%d</a></li>`, i, i)
	}
	b.WriteString(`</ul></div><div class="left"><h3>推荐阅读</h3><ul>`)
	for i := range 40 {
		fmt.Fprintf(&b, `<li><a href="/zwgk/202611/t202611%02d_%d.html" title="关于云岭区社区服务站改造工作情况的通报">关于云岭区社区服务站改造工作情况的通报</a><span>2026-11-%02d</span></li>`, i%28+1, i, i%28+1)
	}
	b.WriteString(`</ul></div><div class="main"><h1>云岭区启动社区服务站改造</h1><p>发布时间：2026-11-23 09:30 来源：云岭日报</p>`)
	for range 90 {
		b.WriteString(`<p style="text-indent: 2em; font-family: 宋体; font-size: 12pt; line-height: 200%"><span style="font-size: 12pt">为深入推进基层公共服务，云岭区近日印发实施方案，明确到年底前完成二十个社区服务站改造，各街道要结合实际，优先改造群众反映集中的站点。</span></p>`)
	}
	b.WriteString(`</div>`)
	return []byte(doc("<title>云岭区启动社区服务站改造_青石市云岭区人民政府</title>", b.String()))
}

func BenchmarkPage(b *testing.B) {
	body := benchPage()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if r, err := Page("http://www.yl.gov.cn/xwzx/202611/t20261123_881.html", body, Hints{}); err != nil || r.Kind != fact.Content {
			b.Fatal(err, r.Kind)
		}
	}
}

// BenchmarkSaved reads saved pages from a folder outside the repository.
func BenchmarkSaved(b *testing.B) {
	files, _ := filepath.Glob("../../../../shared/data/site/*.html")
	if len(files) == 0 {
		b.Skip("no saved pages")
	}
	var bodies [][]byte
	size := 0
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		bodies = append(bodies, body)
		size += len(body)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, body := range bodies {
			if _, err := Page("http://hdzfxxgk.hd.gov.cn/a/b.html", body, Hints{}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
