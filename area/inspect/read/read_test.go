package read

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gongkai/area/inspect/fact"
)

// The pages of these tests are invented, in designs of many kinds.

func page1(t *testing.T, address, body string) *fact.Reading {
	t.Helper()
	r, err := Page(address, []byte(body), Hints{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const (
	menu = `<div id="top"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/xwzx/">新闻中心</a></li><li><a href="/bsfw/">办事服务</a></li><li><a href="/hdjl/">互动交流</a></li></ul></div>`
	end  = `<div class="bot"><p><a href="/map.html">网站地图</a> | <a href="/lx.html">联系我们</a></p><p>主办单位：青石市云岭区人民政府办公室 联系电话：023-63001234</p>
		<p>渝ICP备12345678号-1　<a href="http://www.beian.gov.cn/x">渝公网安备 50010302001234号</a>　网站标识码：5001030001</p>
		<a href="http://bszs.conac.cn/sitename?method=show&id=1"><img src="/red.png"></a><script id="_jiucuo_" sitecode="5001030001" src="https://zfwzgl.www.gov.cn/exposure/jiucuo.js"></script></div>`
	long = `<p>　　为深入推进基层公共服务，云岭区近日印发实施方案，明确到年底前完成二十个社区服务站改造。</p><p>　　方案提出，各街道要结合实际，优先改造群众反映集中的站点，确保质量和安全。</p><p>　　区民政局负责人表示，改造资金由区级财政统筹安排，项目进度每月公布一次，接受群众监督。</p>`
)

func doc(head, body string) string {
	return "<!DOCTYPE html><html><head>" + head + "</head><body>" + menu + body + end + "</body></html>"
}

func TestLists(t *testing.T) {
	row := func(i int) (string, string, string) {
		return fmt.Sprintf("t202611%02d_10%d.html", 28-i, i), fmt.Sprintf("关于云岭区第%d批社区服务站改造情况的通知", i+1), fmt.Sprintf("2026-11-%02d", 28-i)
	}
	const n = 8
	make := func(before, line, after string) string {
		var b strings.Builder
		b.WriteString(before)
		for i := range n {
			u, ti, d := row(i)
			b.WriteString(strings.NewReplacer("URL", u, "TITLE", ti, "DAY", d, "MD", d[5:], "DD", d[8:], "YM", d[:7]).Replace(line))
		}
		return b.String() + after
	}
	designs := map[string]string{
		"ul with span":       make("<ul>", `<li><a href="URL">TITLE</a><span>DAY</span></li>`, "</ul>"),
		"day in front":       make("<ul>", `<li><span>[DAY]</span><a href="URL" target="_blank">TITLE</a></li>`, "</ul>"),
		"day in the link":    make("<ul>", `<li><a href="URL"><i>DAY</i>TITLE</a></li>`, "</ul>"),
		"table":              make("<table><tr><th>名称</th><th>文号</th><th>日期</th></tr>", `<tr><td><a href="URL">TITLE</a></td><td>云府发〔2026〕3号</td><td>DAY</td></tr>`, "</table>"),
		"two days a row":     make("<table><thead><tr><th>名称</th><th>成文日期</th><th>发布日期</th></tr></thead><tbody>", `<tr><td><a href="URL">TITLE</a></td><td>2026-10-08</td><td>DAY</td></tr>`, "</tbody></table>"),
		"two days by name":   make("<ul>", `<li><a href="URL">TITLE</a><p>成文日期：2026-10-08 发布日期：DAY</p></li>`, "</ul>"),
		"boxes in boxes":     strings.Replace(make(`<div role="viewlist"><div><ul>`, `<li><a href="URL" title="TITLE">TITLE</a><em id="r"></em><span class="x">DAY</span></li>`, "</ul><div></div></div></div>"), `<li><a href="t20261124_104.html"`, `</ul><div class="line"></div></div><div><ul><li><a href="t20261124_104.html"`, 1),
		"a page of tables":   `<table><tr><td valign=top><table><tr><td>热点信息</td></tr><tr><td>·<a href="h?1">云岭区召开全区重点工作推进会议部署</a></td></tr><tr><td>·<a href="h?2">云岭区领导带队检查安全生产工作</a></td></tr></table></td><td>` + make("<table>", `<tr><td><img src=dot.gif></td><td><a href="URL" title="TITLE">TITLE</a></td><td>[DAY]</td></tr>`, "</table>") + "</td></tr></table>",
		"dl":                 make("<dl>", `<dt><a href="URL">TITLE</a></dt><dd>DAY</dd>`, "</dl>"),
		"divs":               make(`<div class="a1">`, `<div class="b7"><div><a href="URL">TITLE</a></div><div>发布时间：DAY</div></div>`, "</div>"),
		"cards":              make(`<div>`, `<a href="URL"><div><b>DD</b><em>YM</em></div><div><h3>TITLE</h3><p>云岭区近日完成了新一批站点的改造，群众办事更加方便，各项工作有序推进。</p></div></a>`, "</div>"),
		"text and breaks":    make(`<div>`, `·<a href="URL">TITLE</a>　(DAY)<br>`, "</div>"),
		"paragraphs":         make(`<div>`, `<p>■ <a href="URL">TITLE</a> <font color=gray>DAY</font></p>`, "</div>"),
		"category in front":  make("<ul>", `<li><a href="/zwgk/tzgg/">【通知公告】</a><a href="URL">TITLE</a><span>DAY</span></li>`, "</ul>"),
		"cut title":          strings.ReplaceAll(make("<ul>", `<li><a href="URL" title="TITLE">CUT</a><span>MD</span></li>`, "</ul>"), "CUT", "关于云岭区第..."),
		"month and day":      make("<ul>", `<li><a href="URL">TITLE</a><span>MD</span></li>`, "</ul>"),
		"script opens":       make("<ul>", `<li><a href="javascript:void(0)" onclick="window.open('URL')">TITLE</a><span>DAY</span></li>`, "</ul>"),
		"split every fourth": strings.Replace(make("<ul>", `<li><a href="URL">TITLE</a><span>DAY</span></li>`, "</ul>"), `<li><a href="t20261124_104.html"`, `</ul><hr><ul><li><a href="t20261124_104.html"`, 1),
		"rows of two lines":  make("<table>", `<tr><td><a href="URL">TITLE</a></td></tr><tr><td>来源：区民政局　DAY</td></tr>`, "</table>"),
		"unclosed":           make("<ul>", `<li><a href="URL">TITLE</a><span>DAY`, "</ul>"),
		"days of 2026年11月":   strings.NewReplacer("2026-11-", "2026年11月").Replace(make("<ul>", `<li><a href="x/URL">TITLE</a><span>DAY日</span></li>`, "</ul>")),
	}
	hot := `<div class="k9"><h3>热点推荐</h3><ul>` + strings.Repeat(`<li><a href="/hot/1.html">云岭区召开年度重点工作推进大会并作出部署</a></li><li><a href="/hot/2.html">云岭区领导调研重点项目建设进展情况</a></li>`, 1) + `</ul></div>`
	pager := `<div class="fy"><span>1</span><a href="index_1.html">2</a><a href="index_2.html">3</a><a href="index_1.html">下一页</a></div>`
	for name, list := range designs {
		t.Run("WEB-20 a list: "+name, func(t *testing.T) {
			r := page1(t, "http://www.yl.gov.cn/zwgk/tzgg/index.html", doc("<title>通知公告_青石市云岭区人民政府</title>",
				`<div>当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="./">通知公告</a></div>`+hot+list+pager))
			if r.Kind != fact.List || r.Heading != "通知公告" || !slices.Equal(r.Breadcrumb, []string{"政务公开", "通知公告"}) {
				t.Errorf("kind %s, heading %q, breadcrumb %q", r.Kind, r.Heading, r.Breadcrumb)
			}
			if len(r.Entries) != n {
				t.Fatalf("%d entries: %+v", len(r.Entries), r.Entries)
			}
			for i, e := range r.Entries {
				_, title, day := row(i)
				if e.Title != title || e.Date.String() != day {
					t.Errorf("entry %d: %+v", i, e)
				}
			}
			if want := []string{"http://www.yl.gov.cn/zwgk/tzgg/index_1.html", "http://www.yl.gov.cn/zwgk/tzgg/index_2.html"}; !slices.Equal(r.Next, want) {
				t.Errorf("next %q", r.Next)
			}
		})
	}
	t.Run("a list without days, and what is pinned", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/zwgk/zcwj/", doc("<title>政策文件</title>", make(`<ul><li><a href="zd.html">云岭区人民政府工作规则修订稿全文</a> 置顶</li>`, `<li><a href="a/URL">TITLE</a></li>`, "</ul>")))
		if len(r.Entries) != n+1 || !r.Entries[0].Pinned || r.Entries[1].Pinned || !strings.Contains(r.Entries[3].Title, "第3批") {
			t.Errorf("%s %+v", r.Kind, r.Entries)
		}
	})
	t.Run("a year that only the item knows stays open", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/x/", doc("<title>动态</title>", make("<ul>", `<li><a href="MD.html">TITLE</a><span>MD</span></li>`, "</ul>")))
		if len(r.Entries) != n || !r.Entries[0].Date.IsZero() {
			t.Errorf("%+v", r.Entries)
		}
	})
	t.Run("records that a script of the page holds", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/col/col12/index.html", doc("<title>区内要闻</title>",
			`<div id="113"><script type="text/xml"><datastore><totalrecord>40</totalrecord><recordset>`+
				make("", `<record><![CDATA[<li><a href="/art/2026/URL">TITLE</a><span>DAY</span></li>]]></record>`, "")+`</recordset></datastore></script></div>`))
		if len(r.Entries) != n || !r.Scripted || r.Entries[2].Date.String() != "2026-11-26" {
			t.Errorf("scripted %v: %+v", r.Scripted, r.Entries)
		}
	})
}

func TestYearlyTable(t *testing.T) {
	t.Run("NORM-70 a site's yearly table is no footer, whatever it names", func(t *testing.T) {
		var rows strings.Builder
		for _, r := range []string{"填报单位|云岭区人民政府办公室", "网站名称|云岭区人民政府", "首页网址|www.yl.gov.cn", "主办单位|云岭区人民政府办公室", "网站标识码|5001030001", "ICP备案号|渝ICP备12345678号-1", "公安机关备案号|渝公网安备 50010302001234号", "独立用户访问总量|171919", "网站总访问量|702863", "信息发布总数|2443"} {
			name, value, _ := strings.Cut(r, "|")
			rows.WriteString("<tr><td>" + name + "</td><td>" + value + "</td></tr>")
		}
		r := page1(t, "http://www.yl.gov.cn/wznb/", doc("<title>政府网站工作年度报表</title>", "<h2>政府网站工作年度报表</h2><table>"+rows.String()+"</table>"))
		if r.Words < 60 || !strings.Contains(r.Text, "702863") {
			t.Errorf("%s %d %q", r.Kind, r.Words, r.Text)
		}
	})
}

func TestItems(t *testing.T) {
	const address = "http://www.yl.gov.cn/xwzx/202611/t20261120_881.html"
	title := "云岭区启动社区服务站改造"
	for name, c := range map[string]struct {
		head, body          string
		day, from, source   string
		unit, number, index string
	}{
		"tags": {head: `<title>云岭区启动社区服务站改造_青石市云岭区人民政府</title><META NAME="articletitle" CONTENT="云岭区启动社区服务站改造"><meta name="pubDate" content="2026-11-23 14:05"><meta name="ContentSource" content="区民政局">`,
			body: `<h1>云岭区启动社区服务站改造</h1>` + long, day: "2026-11-23 14:05", from: "meta", source: "区民政局"},
		"tags misspelt": {head: `<title>新闻中心</title><meta name="ArticelTitle" content="云岭区启动社区服务站改造"><meta name="PubData" content="2026年11月23日"><meta name="ContentSourse" content="区民政局">`,
			body: `<div>云岭区启动社区服务站改造</div>` + long, day: "2026-11-23 00:00", from: "meta", source: "区民政局"},
		"marks": {head: "<title>云岭区启动社区服务站改造-青石市云岭区人民政府网</title>",
			body: `<div class="bt">云岭区启动社区服务站改造</div><div>发布时间：2026-11-23 09:30　来源：云岭日报　作者：李明　浏览次数：<span>20</span>次　字体：[大 中 小]</div>` + long, day: "2026-11-23 09:30", from: "mark", source: "云岭日报"},
		"marks in cells": {head: "<title>云岭区启动社区服务站改造</title>",
			body: `<table><tr><td>[ 索引号 ]</td><td>11500103009/2026-00031</td><td>[ 发文字号 ]</td><td>云府办发〔2026〕13号</td></tr><tr><td>[ 发布机构 ]</td><td>云岭区人民政府办公室</td><td>[ 有效性 ]</td><td></td></tr><tr><td>[ 成文日期 ]</td><td>2026-11-01</td><td>[ 发布日期 ]</td><td>2026-11-23</td></tr></table><h2>云岭区启动社区服务站改造</h2>` + long,
			day:  "2026-11-23 00:00", from: "mark", unit: "云岭区人民政府办公室", number: "云府办发〔2026〕13号", index: "11500103009/2026-00031"},
		"spaced labels": {head: "<title>云岭区启动社区服务站改造</title>",
			body: `<p><b>索 引 号</b>：5001/2026-7</p><p><strong>文　号</strong>：云府发〔2026〕8号</p><p>发文机关：云岭区人民政府</p><p>日　期：2026年11月23日</p><h1>云岭区启动社区服务站改造</h1>` + long,
			day:  "2026-11-23 00:00", from: "mark", unit: "云岭区人民政府", number: "云府发〔2026〕8号", index: "5001/2026-7"},
		"a day without a label": {head: "<title>云岭区启动社区服务站改造 - 云岭发布</title>",
			body: `<h3>云岭区启动社区服务站改造</h3><p class="x">2026/11/23 8:00:05 | 云岭日报</p>` + long + `<p>2026年11月1日</p>`, day: "2026-11-23 08:00", from: "pattern"},
		"the afternoon": {head: "<title>云岭区启动社区服务站改造</title>",
			body: `<h1>云岭区启动社区服务站改造</h1><p>时间：2026-11-23 下午 2:05 来源： 区融媒体中心 【打印】</p>` + long, day: "2026-11-23 14:05", from: "mark", source: "区融媒体中心"},
		"the address alone": {head: "<title>云岭区启动社区服务站改造</title>", body: `<h1>云岭区启动社区服务站改造</h1>` + long, day: "2026-11-20 00:00", from: "path"},
		"not the day it was edited": {head: "<title>云岭区启动社区服务站改造</title>",
			body: `<h1>云岭区启动社区服务站改造</h1><div>2026-11-23</div>` + long + `<p>更新时间：2026-11-25</p><p>截止时间：2026-12-30</p>`, day: "2026-11-23 00:00", from: "pattern"},
	} {
		t.Run("WEB-19 an item: "+name, func(t *testing.T) {
			r := page1(t, address, doc(c.head, `<div>您现在的位置： <a href="/">网站首页</a>&gt;&gt;<a href="/xwzx/">新闻中心</a>&gt;&gt;正文</div>`+c.body+
				`<div>上一篇：<a href="t1.html">云岭区召开全区安全生产工作会议</a></div><div><h4>相关阅读</h4><ul><li><a href="2.html">云岭区社区养老服务迈上新台阶</a> 2026-11-30</li><li><a href="3.html">云岭区便民服务中心搬迁公告发布</a> 2026-11-29</li></ul></div>`))
			if r.Kind != fact.Content || r.Heading != title || !slices.Equal(r.Breadcrumb, []string{"新闻中心"}) {
				t.Errorf("kind %s heading %q breadcrumb %q", r.Kind, r.Heading, r.Breadcrumb)
			}
			if got := r.Published.Format("2006-01-02 15:04"); got != c.day || r.DateFrom != c.from {
				t.Errorf("day %s from %s, want %s from %s", got, r.DateFrom, c.day, c.from)
			}
			if r.Source != c.source || r.Unit != c.unit || r.Number != c.number || r.Index != c.index {
				t.Errorf("source %q unit %q number %q index %q", r.Source, r.Unit, r.Number, r.Index)
			}
			if lines := strings.Split(r.Text, "\n"); len(lines) < 3 || !strings.HasPrefix(lines[0], "为深入推进") && c.from != "pattern" || strings.Contains(r.Text, "ICP") || strings.Contains(r.Text, "安全生产工作会议") || strings.Contains(r.Text, "便民服务中心搬迁") {
				t.Errorf("text %q", r.Text)
			}
			if len(r.Entries) > 0 || len(r.Next) > 0 {
				t.Errorf("entries %v next %v", r.Entries, r.Next)
			}
		})
	}
	t.Run("a page of tables, its title in large type", func(t *testing.T) {
		r := page1(t, "http://mz.yl.gov.cn/show.asp?id=3", doc("<title>云岭区民政局</title>", `<table><tr><td><table><tr><td>热点信息</td></tr><tr><td>·<a href="1.asp">云岭区召开全区重点工作推进会议部署</a></td></tr><tr><td>·<a href="2.asp">云岭区领导带队检查安全生产工作</a></td></tr></table></td>
			<td><table><tr><td>您现在的位置：<a href=/>首页</a> → <a href=b.asp>工作动态</a></td></tr><tr><td align=center><font size=5><b>云岭区民政局召开年度工作会议</b></font></td></tr><tr><td>[ 作者：办公室　转贴自：本站　点击数：120　更新时间：2026-11-2　文章录入：admin ]</td></tr>
			<tr><td>　　11月2日，云岭区民政局召开年度工作会议。<br><br>　　会议总结了全年工作，部署了下一步任务，要求各科室加强配合，确保完成目标。</td></tr></table></td></tr></table>`))
		if r.Kind != fact.Content || r.Heading != "云岭区民政局召开年度工作会议" || r.Published.Format("2006-01-02") != "2026-11-02" || r.Breadcrumb[0] != "工作动态" ||
			r.Text != "11月2日，云岭区民政局召开年度工作会议。\n会议总结了全年工作，部署了下一步任务，要求各科室加强配合，确保完成目标。" {
			t.Errorf("%s %q %v %q\n%s", r.Kind, r.Heading, r.Published, r.Breadcrumb, r.Text)
		}
	})
	t.Run("the site's name in h1, labels in pieces", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/a/t20261120_5.html", "<title>云岭区举办技能大赛--青石市云岭区人民政府门户网站</title><div class=logo><h1>青石市云岭区人民政府</h1></div>"+menu+
			`<div><div class=xl_tit>云岭区举办技能大赛</div><div><span>发布时间</span><span>：</span><em>2026-11-23 08:10</em><span>来源：</span><span></span><span>作者：张三</span></div>`+long+"</div>"+end)
		if r.Heading != "云岭区举办技能大赛" || r.Published.Format("2006-01-02 15:04") != "2026-11-23 08:10" || r.Source != "" {
			t.Errorf("%q %v %q", r.Heading, r.Published, r.Source)
		}
	})
	t.Run("NORM-14 a tag that holds null is no value", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/a/1.html", doc(`<title>云岭区举办技能大赛</title><meta name="PubDate" content="null"><meta name="ContentSource" content="null"><meta name="ArticleTitle" content="null">`, `<h1>云岭区举办技能大赛</h1><p>2026-11-23 来源：云岭报</p>`+long))
		if r.Heading != "云岭区举办技能大赛" || r.DateFrom != "pattern" || r.Source != "云岭报" || r.Meta["PubDate"] != "null" {
			t.Errorf("%q %s %q %q", r.Heading, r.DateFrom, r.Source, r.Meta)
		}
	})
	t.Run("a title on two lines, the number under it, the day under the text", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/zc/9.html", doc("<title>云岭区人民政府关于印发办法的通知</title>", `<h1>云岭区人民政府<br>关于印发办法的通知</h1><p>云府发〔2026〕12号</p><p>各街道办事处：</p>`+long+`<p>云岭区人民政府</p><p>2026年10月28日</p>`))
		if r.Heading != "云岭区人民政府关于印发办法的通知" || r.Number != "云府发〔2026〕12号" || !r.Published.IsZero() || !strings.HasSuffix(r.Text, "2026年10月28日") {
			t.Errorf("%q %q %v %q", r.Heading, r.Number, r.Published, r.Text)
		}
	})
	t.Run("numbers in a table belong to the text", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/a/3.html", doc("<title>救助资金发放表</title>", `<h1>救助资金发放表</h1><div>发布时间：2026-11-20</div><table><tr><td>云岭街道</td><td>1200</td></tr></table>`))
		if r.Kind != fact.Content || r.Text != "云岭街道\n1200" {
			t.Errorf("%s %q", r.Kind, r.Text)
		}
	})
	t.Run("an item without a day has none", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/x/show?id=12", doc("<title>云岭区启动社区服务站改造</title>", "<h1>云岭区启动社区服务站改造</h1>"+long+"<p>区人民政府</p><p>施行日期：2026-12-01</p>"))
		if !r.Published.IsZero() || r.DateFrom != "" {
			t.Errorf("%v %s", r.Published, r.DateFrom)
		}
	})
	t.Run("a picture in place of the text", func(t *testing.T) {
		r := page1(t, address, doc("<title>图解社区服务站改造</title>", `<h1>图解社区服务站改造</h1><p>发布时间：2026-11-23 来源：区民政局</p><div><img src="W020261123.jpg"></div>`))
		if r.Kind != fact.Content || !r.Picture {
			t.Errorf("%s %v", r.Kind, r.Picture)
		}
	})
	t.Run("attachments are links of the body", func(t *testing.T) {
		r := page1(t, address, doc("<title>云岭区启动社区服务站改造</title>", `<h1>云岭区启动社区服务站改造</h1><p>发布时间：2026-11-23</p><div>`+long+`<p>附件：<a href="P0202611.docx">改造站点名单.docx</a></p></div>`))
		for _, l := range r.Links {
			if l.Text == "改造站点名单.docx" {
				if l.Place != fact.InBody || l.URL != "http://www.yl.gov.cn/xwzx/202611/P0202611.docx" {
					t.Errorf("%+v", l)
				}
				return
			}
		}
		t.Error("no such link")
	})
}

// One table holds the whole page, and the page says little: its footer must not
// take the rest with it.
func TestLayoutTable(t *testing.T) {
	around := func(rows string) string {
		return `<table><tr><td class=top><a href="./"><img src="logo.png"></a> <font size=5>白石县人民政府</font></td></tr>
		<tr><td><table><tr><td><a href="./">首 页</a></td><td><a href="C.asp?ID=1">白石县概况</a></td><td><a href="C.asp?ID=2">白石要闻</a></td><td><a href="C.asp?ID=3">信息公开</a></td><td><a href="C.asp?ID=4">办事服务</a></td></tr></table></td></tr>
		<tr><td>您现在的位置：<a href="./">首页</a> → <a href="C.asp?ID=3">信息公开</a> → <a href="C.asp?ID=9">通知公告</a></td></tr>` + rows + `
		<tr><td align=center><hr>主办单位：白石县人民政府办公室　承办单位：白石县信息中心<br>地址：白石县行政中心1号楼　联系电话：0377-6990001<br>豫ICP备12345678号　豫公网安备41132502000099号<br><a href="Show.asp?ID=1">联系我们</a></td></tr></table>`
	}
	for name, c := range map[string]struct {
		address, rows string
		want          fact.Kind
		entries       int
	}{
		"an item":      {"Show.asp?ID=7", `<tr><td><table><tr><td align=center><b>我县召开安全生产工作会议</b></td></tr><tr><td>来源：白石新闻中心 更新时间：2026-06-09 17:12</td></tr><tr><td>` + long + `</td></tr></table></td></tr>`, fact.Content, 0},
		"a short item": {"Show.asp?ID=8", `<tr><td><table><tr><td align=center><b>关于调整公交线路的公告</b></td></tr><tr><td>来源：县交通运输局 更新时间：2026-06-09 17:12</td></tr><tr><td><p>　　因道路施工，自6月10日起，县城3路公交车改走人民路，施工结束后恢复原线路，请市民合理安排出行，敬请谅解。</p></td></tr></table></td></tr>`, fact.Content, 0},
		"a picture":    {"C.asp?ID=9", `<tr><td><img src="chart.png"></td></tr>`, fact.Other, 0},
		"nothing":      {"C.asp?ID=9", `<tr><td><div class="list"><ul></ul></div></td></tr>`, fact.List, 0},
		"a list":       {"C.asp?ID=9", `<tr><td><table><tr><td>·</td><td><a href="Show.asp?ID=7">关于调整城郊公交线路的公告</a> [2026-06-09]</td></tr><tr><td>·</td><td><a href="Show.asp?ID=8">关于开展防汛演练的通知</a> [2026-06-08]</td></tr></table></td></tr>`, fact.List, 2},
	} {
		t.Run("WEB-20 a page in one table: "+name, func(t *testing.T) {
			r := page1(t, "http://www.bs.gov.cn/"+c.address, "<html><head><title>通知公告--白石县人民政府</title></head><body>"+around(c.rows)+"</body></html>")
			if r.Kind != c.want || len(r.Entries) != c.entries || len(r.Breadcrumb) != 2 || strings.Contains(r.Text, "承办单位") {
				t.Errorf("kind %s, %d entries, breadcrumb %q, text %q", r.Kind, len(r.Entries), r.Breadcrumb, r.Text)
			}
		})
	}
}

func TestBreadcrumbs(t *testing.T) {
	for crumb, want := range map[string][]string{
		`<div>当前位置：<a href="/">首页</a> → <a href="/gk/">信息公开</a> → <a href="/gk/cf/">行政处罚/强制</a></div>`:                                  {"信息公开", "行政处罚/强制"},
		`<div>当前位置：<a href="/">首页</a> &gt; <a href="/gk/">信息公开</a> &gt; 预算/决算</div>`:                                                    {"信息公开", "预算/决算"},
		`<div>当前位置：<a href="/">首页</a>/<a href="/gk/">信息公开</a>/<a href="/gk/ys/">财政预决算</a></div>`:                                        {"信息公开", "财政预决算"},
		`<div>当前位置：<a href="/">首页</a> / <a href="/gk/">信息公开</a> / <a href="/gk/ys/">预算/决算</a></div>`:                                    {"信息公开", "预算/决算"},
		`<div class="place"><strong>位置:</strong> <a href="/">主页</a> &gt; <a href="/hd/">互动交流</a> &gt; <a href="/hd/zj/">征集调查</a></div>`: {"互动交流", "征集调查"},
	} {
		r := page1(t, "http://www.yl.gov.cn/a/1.html", doc("<title>云岭区</title>", crumb+"<p>云岭区近日印发方案。</p>"))
		if !slices.Equal(r.Breadcrumb, want) {
			t.Errorf("%s: %q", crumb, r.Breadcrumb)
		}
	}
}

func TestPaging(t *testing.T) {
	list := `<ul>` + strings.Repeat(`<li><a href="a1.html">云岭区社区服务站改造情况通报一</a><span>2026-11-20</span></li><li><a href="a2.html">云岭区社区服务站改造情况通报二</a><span>2026-11-19</span></li><li><a href="a3.html">云岭区社区服务站改造情况通报三</a><span>2026-11-18</span></li>`, 1) + `</ul>`
	base := "http://www.yl.gov.cn/a/"
	for name, c := range map[string]struct {
		address, pager string
		want           []string
	}{
		"createPageHTML":        {"index.html", `<script>createPageHTML(4, 0, "index", "html");</script>`, []string{"index_1.html", "index_2.html", "index_3.html"}},
		"createPageHTML, later": {"index_2.html", `<script>createPageHTML(4,2,"index","html",'pagebox')</script>`, []string{"index.html", "index_1.html", "index_3.html"}},
		"createPageHTML, box":   {"", `<script>createPageHTML('page_div',3, 0,'index','shtml',41);</script>`, []string{"index_1.shtml", "index_2.shtml"}},
		"a script that writes":  {"index.html", `<script>var countPage = 3; var currentPage = 0; document.write("<a href=\"index"+"_"+i+"."+"html\">"+(i+1)+"</a>");</script>`, []string{"index_1.html", "index_2.html"}},
		"numbers":               {"list.jsp?page=2", `<div><a href="?page=1">1</a><b>2</b><a href="?page=3">3</a><a href="?page=9">尾页</a></div>`, []string{"list.jsp?page=1", "list.jsp?page=3", "list.jsp?page=9"}},
		"next alone":            {"", `<p><a href="index_1.html">下一页 &gt;</a></p>`, []string{"index_1.html"}},
		"onclick":               {"", `<p><span onclick="location.href='l2.html'">下一页</span></p>`, []string{"l2.html"}},
		"function and number":   {"list.jsp", `<script>function goPage(n){ location.href = "list.jsp?col=7&pageNo=" + n; }</script><div><a href="javascript:goPage(1)">首页</a><a href="javascript:goPage(2)">2</a><a href="javascript:goPage(3)">下一页</a></div>`, []string{"list.jsp?col=7&pageNo=2", "list.jsp?col=7&pageNo=3"}},
		"select box":            {"index.html", `<select onchange="location=this.value"><option value="index.html">第1页</option><option value="index_1.html">第2页</option></select>`, []string{"index_1.html"}},
		"a form":                {"News.asp?ClassID=11", `<form name="pf" action="News.asp"><input type=hidden name=ClassID value=11><input type=hidden name=page value=1>第1/2页 <a href="javascript:goPage(1)">[1]</a> <a href="javascript:goPage(2)">[2]</a></form><script>function goPage(n){document.pf.page.value=n;document.pf.submit();}</script>`, []string{"News.asp?ClassID=11&page=2"}},
		"two pages":             {"list.php?tid=4", `<div class="dede_pages"><ul><li>1</li><li><a href="list.php?PageNo=2&amp;tid=4">2</a></li></ul></div>`, []string{"list.php?PageNo=2&tid=4"}},
		"the second of two":     {"list.php?PageNo=2&tid=4", `<div><ul><li><a href="list.php?tid=4">1</a></li><li>2</li></ul></div>`, []string{"list.php?tid=4"}},
		"a number by itself":    {"list.php?tid=4", `<p><a href="list.php?PageNo=2&amp;TotalResult=40&amp;tid=4">More</a> <a href="list.php?tid=5">5号栏目</a> <a href="list.php?PageNo=2&amp;tid=6">后面</a></p>`, []string{"list.php?PageNo=2&TotalResult=40&tid=4"}},
		"items by number":       {"?p=3", `<p><a href="?p=4">道路改造</a></p>`, nil},
		"rel":                   {"", `<link rel="next" href="p2.html">`, []string{"p2.html"}},
		"none":                  {"", `<p>共 3 条 <a href="/other/">更多&gt;&gt;</a></p>`, nil},
	} {
		t.Run("WEB-20 paging: "+name, func(t *testing.T) {
			r := page1(t, base+c.address, doc("<title>工作动态</title>", list+c.pager))
			var want []string
			for _, w := range c.want {
				want = append(want, base+w)
			}
			slices.Sort(want)
			got := slices.Clone(r.Next)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("got %q want %q", got, want)
			}
		})
	}
}

func TestStates(t *testing.T) {
	for name, c := range map[string]struct {
		body     string
		scripted bool
		empty    bool
		missing  bool
		jump     string
	}{
		"WEB-23 nothing there yet":                {body: doc("<title>人事信息</title>", `<div><h2>人事信息</h2><div>暂无数据</div></div>`), empty: true},
		"WEB-23 under construction":               {body: doc("<title>人事信息</title>", `<p>该栏目正在建设中，敬请期待</p>`), empty: true},
		"a hidden notice says nothing":            {body: doc("<title>人事信息</title>", `<p style="display: none">暂无数据</p><ul><li><a href="1.html">云岭区人民政府任免通知第一号</a>2026-01-02</li><li><a href="2.html">云岭区人民政府任免通知第二号</a>2026-01-01</li></ul>`)},
		"WEB-83 a template":                       {body: doc("<title>动态</title>", `<ul id="l"><li v-for="i in rows"><a :href="i.url">{{i.title}}</a><span>{{i.date}}</span></li></ul>`), scripted: true},
		"WEB-83 repeated by attributes":           {body: doc("<title>动态</title>", `<ul><li ng-repeat="i in rows"><a ng-href="i.url" ng-bind="i.title"></a></li></ul>`), scripted: true},
		"WEB-83 an empty part that is called for": {body: doc("<title>动态</title>", `<ul id="newslist"></ul><script>$.ajax({url:"/api/list?c=3",success:function(d){ $("#newslist").html(d) }})</script>`), scripted: true},
		"WEB-83 an empty application":             {body: `<html><head><title>云岭</title></head><body><div id="app"></div><script src="/js/app.3f2.js"></script></body></html>`, scripted: true},
		"WEB-83 loading":                          {body: doc("<title>动态</title>", `<div id="list">加载中...</div><script>$.post('/api/q',{c:1},function(r){ $('#list').html(r) })</script>`), scripted: true},
		"WEB-83 no script asks for it":            {body: doc("<title>动态</title>", `<ul class="list"></ul><script>var a=1;</script>`)},
		"WEB-83 a list that is there":             {body: doc("<title>动态</title>", `<p>热门搜索：<a ms-repeat="hot" href="javascript:;"></a></p><ul><li><a href="1.html">云岭区社区服务站改造通报</a><span>2026-11-01</span></li><li><a href="2.html">云岭区社区服务站改造快报</a><span>2026-10-01</span></li></ul>`)},
		"WEB-82 says it does not exist":           {body: doc("<title>云岭区人民政府</title>", `<div>抱歉，您访问的页面不存在或已被删除</div>`), missing: true},
		"WEB-82 in the title":                     {body: `<title>404 - 页面未找到</title><p>返回首页</p>`, missing: true},
		"WEB-82 an item about such pages":         {body: doc("<title>关于网站改版的公告</title>", `<h1>关于网站改版的公告</h1><p>发布时间：2026-01-02</p>`+long+`<p>改版后部分旧网址您访问的页面不存在的，请从首页进入。</p>`)},
		"meta refresh":                            {body: `<meta http-equiv="Refresh" content="0; URL='http://zw.cq.gov.cn/a'"><p>正在跳转</p>`, jump: "http://zw.cq.gov.cn/a"},
		"a script that goes on":                   {body: `<script>window.location.href="/new/index.html"</script>`, jump: "http://www.yl.gov.cn/new/index.html"},
		"a page that reloads itself":              {body: doc(`<meta http-equiv="refresh" content="300">`, long)},
		"only telephones go on":                   {body: doc(`<script>if(/mobile/.test(ua)){location.href="http://m.yl.gov.cn/"}</script>`, long)},
	} {
		t.Run(name, func(t *testing.T) {
			r := page1(t, "http://www.yl.gov.cn/rs/list/", c.body)
			if r.Scripted != c.scripted || r.Empty != c.empty || r.Missing != c.missing || r.Jump != c.jump {
				t.Errorf("scripted %v empty %v missing %v jump %q kind %s", r.Scripted, r.Empty, r.Missing, r.Jump, r.Kind)
			}
			if c.jump != "" && r.Kind != fact.Jump {
				t.Errorf("kind %s", r.Kind)
			}
		})
	}
}

func TestMarks(t *testing.T) {
	t.Run("NORM-10 the marks of a footer", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/", doc("<title>云岭</title>", `<a href="/wza/">无障碍浏览</a><form action="/search"><input name="q" placeholder="请输入关键字"><input type=submit value="搜索"></form>`))
		want := fact.Marks{SiteCode: "5001030001", ICP: "渝ICP备12345678号-1", Police: "渝公网安备50010302001234号", Organ: "青石市云岭区人民政府办公室",
			Contact: "联系电话：023-63001234", SiteMap: "http://www.yl.gov.cn/map.html", FindError: "https://zfwzgl.www.gov.cn/exposure/jiucuo.js",
			FindCode: "5001030001", PoliceLink: "http://www.beian.gov.cn/x",
			Accessible: "http://www.yl.gov.cn/wza/", Search: "http://www.yl.gov.cn/search", Emblem: true}
		if r.Marks != want {
			t.Errorf("got  %+v\nwant %+v", r.Marks, want)
		}
		if r.Kind != fact.Home {
			t.Errorf("kind %s", r.Kind)
		}
		for _, l := range r.Links {
			if l.Text == "网站地图" && l.Place != fact.InFooter || l.Text == "政务公开" && l.Place != fact.InNav {
				t.Errorf("%+v", l)
			}
		}
	})
	t.Run("NORM-10 what is missing stays empty", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/", menu+long)
		if r.Marks != (fact.Marks{}) {
			t.Errorf("%+v", r.Marks)
		}
	})
	t.Run("NORM-53 a form with a captcha", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/xx/", doc("<title>区长信箱</title>", `<form method=post action="save.do"><label for=t>标题</label><input id=t name=title><input name=tel placeholder="联系电话"><textarea name=content></textarea><input name=yzm><img src="/captcha.jsp"><input type=submit value=提交></form>`))
		if r.Kind != fact.Mailbox || len(r.Forms) != 1 || !r.Forms[0].Captcha || r.Forms[0].Method != "POST" || r.Forms[0].Search || r.Forms[0].Fields[0] != "title 标题" {
			t.Errorf("%s %+v", r.Kind, r.Forms)
		}
	})
}

func TestKinds(t *testing.T) {
	rows := func(name string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `<li><a href="/%s/%d.html">云岭区%s工作开展情况第%d期简报</a><span>2026-11-%02d</span></li>`, name, i, name, i+1, 20-i)
		}
		return "<ul>" + b.String() + "</ul>"
	}
	block := func(name string) string {
		return `<div><h3><a href="/` + name + `/">` + name + `</a></h3><a href="/` + name + `/">更多</a>` + rows(name, 4) + `</div>`
	}
	days := ""
	for d := range 28 {
		days += fmt.Sprintf("<td>%d</td>", d+1)
	}
	parts := `<ul><li><a href="/gk/zn/">政府信息公开指南</a></li><li><a href="/gk/zd/">政府信息公开制度</a></li><li><a href="/gk/nr/">法定主动公开内容</a></li><li><a href="/gk/nb/">政府信息公开年报</a></li><li><a href="/gk/ysq/">依申请公开</a></li></ul>`
	for name, c := range map[string]struct {
		address, head, body string
		want                fact.Kind
	}{
		"entrance of columns":                  {"/zwgk/", "<title>政务公开</title>", block("民政") + block("教育") + block("财政") + block("交通"), fact.Section},
		"columns without heading elements":     {"/xwzx/", "<title>新闻中心_云岭区人民政府</title>", strings.NewReplacer("<h3>", "<p>", "</h3>", "</p>").Replace(block("民政") + block("教育") + block("财政")), fact.Section},
		"a text as a column":                   {"/jgzn/", `<title>机构职能_云岭区</title><meta name="ColumnName" content="机构职能"><meta name="ColumnType" content="机构职能">`, "<h2>机构职能</h2>" + long, fact.Overview},
		"few words over a long list of others": {"/a/t20261120_8.html", "<title>停电通知</title>", `<h1>停电通知</h1><p>2026-11-20 来源：供电公司</p><p>因检修，11月21日云岭路停电一天。</p><div><h3>相关链接</h3>` + rows("停电", 10) + "</div>", fact.Content},
		"a menu beside three entries":          {"/zwgk/tzgg/", "<title>通知公告</title>", `<div><ul><li><a href="/1/">领导之窗</a></li><li><a href="/2/">机构职能职责</a></li><li><a href="/3/">规划计划信息</a></li><li><a href="/4/">政府工作报告</a></li><li><a href="/5/">财政预算决算</a></li></ul></div><div>` + rows("通告", 3) + "</div>", fact.List},
		"a calendar":                           {"/rili/index.php?y=2026&m=5", `<title>活动日历 2026年5月_云岭区</title><meta name="ColumnName" content="活动日历">`, `<h2>2026年5月</h2><table><tr>` + days + `</tr></table><a href="?y=2026&m=4">上月</a> <a href="?y=2026&m=6">下月</a>`, fact.Other},
		"a list beside a calendar":             {"/zwgk/tzgg/", "<title>通知公告_2026年5月</title>", `<table><tr>` + days + `</tr></table>` + rows("通告", 5), fact.List},
		"a single entry":                       {"/zwgk/gh/", "<title>规划计划_云岭区</title>", rows("规划", 1), fact.List},
		"letters in a list":                    {"/hd/xj/", "<title>信件选登</title>", `<table><tr><th>标题</th><th>来信时间</th><th>回复时间</th></tr><tr><td><a href="v?1">反映云岭路路灯不亮的问题</a></td><td>2026-11-02</td><td>2026-11-05</td></tr><tr><td><a href="v?2">咨询养老金资格认证办理问题</a></td><td>2026-11-01</td><td>2026-11-03</td></tr></table>`, fact.Mailbox},
		"only an attachment":                   {"/a/202611/t20261120_1.html", "<title>2025年部门决算公开_云岭区</title>", `<h1>2025年部门决算公开</h1><div>日期：2026-11-20 来源：区财政局</div><p>附件：<a href="a.pdf">区民政局2025年部门决算.pdf</a></p>`, fact.Content},
		"leaves by itself":                     {"/a/12.html", "<title>转发文件</title>", `<p>您即将离开本网站，正在跳转到 <a href="https://www.gov.cn/x">https://www.gov.cn/x</a></p><script>setTimeout(function(){window.location.href="https://www.gov.cn/x"},3000)</script>`, fact.Jump},
		"platform":                             {"/zwgk/zfxxgk/", "<title>政府信息公开_青石市云岭区人民政府</title>", parts + rows("公开", 5), fact.Disclosure},
		"library":                              {"/zcwjk/", "<title>政策文件库</title>", `<h2>政策文件库</h2>` + rows("政策", 8), fact.Library},
		"consultation":                         {"/hdjl/zj/", "<title>意见征集_云岭区人民政府</title>", `<h2>意见征集</h2>` + rows("征集", 8), fact.Consultation},
		"search":                               {"/search/index.jsp?q=a", "<title>站内搜索</title>", `<form action="/search/index.jsp"><input name=q><button>搜索</button></form>`, fact.Search},
		"letters":                              {"/hdjl/lx/12.html", "<title>区长信箱</title>", `<h2>区长信箱</h2><table><tr><td>来信时间</td><td>2026-11-02</td></tr><tr><td>回复单位</td><td>区住房城乡建设委</td></tr><tr><td>回复时间</td><td>2026-11-05</td></tr><tr><td>回复内容</td><td>您好，您反映的楼梯照明问题已经安排物业公司于本周内维修完毕，感谢您的监督。</td></tr></table>`, fact.Mailbox},
		"leader":                               {"/ld/wang.html", "<title>王某某_领导之窗</title>", `<div>当前位置：<a href="/">首页</a>&gt;<a href="/ld/">领导之窗</a></div><h2>王某某</h2><p>工作分工：主持区政府全面工作，负责审计、编制方面工作，分管区审计局、区委编办。</p><p>个人简历：1975年生，大学学历，历任街道办事处主任、区发展改革委主任，现任云岭区人民政府区长。</p>`, fact.Leader},
		"overview":                             {"/zjyl/ylgk/", "<title>云岭概况</title>", `<div>当前位置：<a href="/">首页</a>&gt;<a href="/zjyl/">走进云岭</a>&gt;云岭概况</div><p>云岭区位于青石市中部，面积三百二十平方公里，辖十二个街道，常住人口八十六万人。全区地势西高东低，气候温和，四季分明。</p>`, fact.Overview},
	} {
		t.Run(name, func(t *testing.T) {
			if r := page1(t, "http://www.yl.gov.cn"+c.address, doc(c.head, c.body)); r.Kind != c.want {
				t.Errorf("got %s; heading %q entries %d words %d date %s", r.Kind, r.Heading, len(r.Entries), r.Words, r.DateFrom)
			}
		})
	}
	t.Run("WEB-18 names of classes that mean the place in a block", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/", doc("<title>云岭区人民政府</title>", `<div class="top">`+block("民政")+`</div><div class="bottom clearfix">`+block("教育")+`</div>`))
		if len(r.Entries) != 8 {
			t.Errorf("%d entries", len(r.Entries))
		}
	})
	t.Run("WEB-18 a home page tells all its items with their days", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/", doc("<title>云岭区人民政府</title>", block("民政")+block("教育")+block("财政")))
		dated := 0
		for _, e := range r.Entries {
			if !e.Date.IsZero() {
				dated++
			}
		}
		if r.Kind != fact.Home || len(r.Entries) != 12 || dated != 12 {
			t.Errorf("%s %d entries, %d dated", r.Kind, len(r.Entries), dated)
		}
	})
	t.Run("WEB-27 a service guide and its elements", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/bsfw/zn/3.html", doc("<title>高龄津贴办事指南</title>", `<h1>高龄津贴申领</h1><table>
			<tr><th>事项名称</th><td>高龄津贴申领</td></tr><tr><th>法定依据</th><td>《老年人权益保障条例》第三十条</td></tr><tr><th>受理条件</th><td>年满八十周岁的本区户籍老年人</td></tr>
			<tr><th>申请材料</th><td>身份证、户口簿</td></tr><tr><th>办理地点</th><td>各街道便民服务中心</td></tr><tr><th>办理时间</th><td>详见窗口</td></tr><tr><th>咨询电话</th><td>023-63001111</td></tr><tr><th>办理时限</th><td>5个工作日</td></tr></table>`))
		if r.Kind != fact.Guide || len(r.Guide) != 7 || r.Guide["办理时间"] != "" || r.Guide["办理地点"] != "各街道便民服务中心" || r.Guide["联系电话"] != "023-63001111" {
			t.Errorf("%s %q", r.Kind, r.Guide)
		}
		if _, ok := r.Guide["办理流程"]; ok {
			t.Error("an element that is not there")
		}
	})
	t.Run("WEB-51 elements as headings, one of them without content", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/bs/1.html", doc("<title>最低生活保障</title>", `<h1>最低生活保障</h1><p>一、设定依据</p><p>《社会救助暂行办法》第九条</p><p>二、申请条件</p><p>人均收入低于标准。</p><p>三、申请材料</p><p>1.身份证；2.户口簿。</p><p>四、办理流程</p><p>申请—受理—审核</p><p>五、联系电话：</p><p>六、收费标准：不收费</p>`))
		if phone, ok := r.Guide["联系电话"]; r.Kind != fact.Guide || !ok || phone != "" || r.Guide["办理流程"] != "申请—受理—审核" {
			t.Errorf("%s %q", r.Kind, r.Guide)
		}
	})
	t.Run("the parts of the platform", func(t *testing.T) {
		r := page1(t, "http://www.yl.gov.cn/gk/", doc("<title>政府信息公开</title>", parts))
		if len(r.Parts) != 5 || r.Parts["政府信息公开年报"] != "http://www.yl.gov.cn/gk/nb/" {
			t.Errorf("%q", r.Parts)
		}
	})
}

func TestLinks(t *testing.T) {
	r := page1(t, "https://www.yl.gov.cn/a/b/c.html?x=1", `<base href="/d/"><a href="e.html#top">甲</a><a href="//cdn.cn/x">乙</a><a href="mailto:a@b.cn">丙</a><a href="javascript:void(0)">丁</a><a href="http://192.168.1.5/x">戊</a><a href="file:///c:/x.doc">己</a>
		<a href="..\f\g.doc">庚</a><a href="h.html?a=1&amp;b=2"><img src="p.png" alt="图"></a><a href="i.html"><img src="q.png"></a><img data-src="big.jpg" src="grey.gif"><img srcset="s1.jpg 1x, s2.jpg 2x" src="s.jpg" alt="x"><iframe src="f.html"></iframe><a href="j k.html">辛</a>`)
	var got []string
	for _, l := range r.Links {
		got = append(got, l.Element+" "+l.URL+fmt.Sprint(l.NoText))
	}
	want := []string{"a https://www.yl.gov.cn/d/e.htmlfalse", "a https://cdn.cn/xfalse", "a http://192.168.1.5/xfalse", "a file:///c:/x.docfalse", "a https://www.yl.gov.cn/f/g.docfalse",
		"a https://www.yl.gov.cn/d/h.html?a=1&b=2false", "img https://www.yl.gov.cn/d/p.pngfalse", "a https://www.yl.gov.cn/d/i.htmltrue", "img https://www.yl.gov.cn/d/q.pngtrue", "img https://www.yl.gov.cn/d/big.jpgtrue",
		"img https://www.yl.gov.cn/d/s.jpgfalse", "source https://www.yl.gov.cn/d/s1.jpgfalse", "source https://www.yl.gov.cn/d/s2.jpgfalse", "iframe https://www.yl.gov.cn/d/f.htmlfalse", "a https://www.yl.gov.cn/d/j%20k.htmlfalse"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !slices.Equal(r.Frames, []string{"https://www.yl.gov.cn/d/f.html"}) {
		t.Errorf("frames %q", r.Frames)
	}
}
