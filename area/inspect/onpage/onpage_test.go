package onpage_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/onpage"
	"gongkai/area/inspect/read"
	"gongkai/kernel/check"
	"gongkai/kernel/check/standard"
)

var t0 = time.Date(2026, 6, 30, 4, 0, 0, 0, time.UTC)

// rules are made ready once: it takes a second.
var rules = sync.OnceValues(func() (*check.Engine, error) {
	r, err := standard.Load()
	if err != nil {
		return nil, err
	}
	return r.Engine(standard.House{})
})

func engine(t testing.TB) *check.Engine {
	t.Helper()
	e, err := rules()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

const head = `<meta name="SiteName" content="青石市云岭区人民政府"><meta name="SiteDomain" content="www.yunling.gov.cn"><meta name="SiteIDCode" content="5001030001">`

const column = `<meta name="ColumnName" content="通知公告"><meta name="ColumnDescription" content="发布通知和公告"><meta name="ColumnKeywords" content="通知,公告"><meta name="ColumnType" content="通知公告">`

const foot = `<div class="footer"><p><a href="/map.html">网站地图</a> <a href="/about.html">联系我们</a></p>
<p>主办单位：青石市云岭区人民政府办公室 联系电话：023-63001234</p>
<p>网站标识码：5001030001 <a href="https://beian.miit.gov.cn/">渝ICP备12345678号-1</a>
<a href="https://beian.mps.gov.cn/#/query/webSearch?code=50010302001234">渝公网安备50010302001234号</a></p>
<a href="https://bszs.conac.cn/sitename?method=show&id=1"><img alt="党政机关网站标识" src="/red.png"></a>
<script id="_jiucuo_" sitecode="5001030001" src="https://zfwzgl.www.gov.cn/exposure/jiucuo.js"></script></div>`

const nav = `<div class="nav"><a href="/">首页</a><a href="/news/">政务动态</a><a href="/notice/">通知公告</a><a href="/open/">政府信息公开</a><a href="/mail/">互动交流</a></div>`

func home() string {
	return `<!doctype html><html><head><title>青石市云岭区人民政府</title>` + head + `</head><body><div class="top"><a href="/wza/">无障碍浏览</a><a href="/year.html">政府网站工作年度报表（2025年度）</a></div>` + nav + `<h2>政务动态</h2><ul>` + entries() + `</ul>` + foot + `</body></html>`
}

func entries() string {
	var b strings.Builder
	for i := 1; i <= 6; i++ {
		fmt.Fprintf(&b, `<li><a href="/notice/t2026062%d_%d.html">云岭区关于做好第%d季度安全生产检查工作的通知</a><span>2026-06-2%d</span></li>`, i, i, i, i)
	}
	return b.String()
}

func list() string {
	return `<!doctype html><html><head><title>通知公告-青石市云岭区人民政府</title>` + head + column + `</head><body>` + nav + `<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/notice/">通知公告</a></div><h1>通知公告</h1><ul class="list">` + entries() + `</ul>` + foot + `</body></html>`
}

const (
	itemTags = `<meta name="ArticleTitle" content="云岭区关于做好第一季度安全生产检查工作的通知"><meta name="PubDate" content="2026-06-21 09:30"><meta name="ContentSource" content="云岭区应急管理局">`
	body     = `<p>各镇人民政府，各街道办事处，区政府各部门：</p><p>为做好今年的安全生产检查工作，现将有关事项通知如下，请结合实际认真组织实施，确保各项要求落到实处。</p><p>一、检查范围包括辖区内的工业企业、商场、学校、医院和建筑工地，重点检查消防设施、用电安全和应急预案。</p><p>二、检查分自查、互查、抽查三个阶段进行，发现的问题要建立清单，逐项整改。</p>`
)

func item() string {
	return `<!doctype html><html><head><title>云岭区关于做好第一季度安全生产检查工作的通知-青石市云岭区人民政府</title>` + head + column + itemTags + `</head><body>` + nav + `<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/notice/">通知公告</a></div><div class="article"><h1>云岭区关于做好第一季度安全生产检查工作的通知</h1><p class="info">发布时间：2026-06-21 09:30 来源：云岭区应急管理局</p><div class="content">` + body + `</div></div>` + foot + `</body></html>`
}

const table = `<table><tr><td>[ 索引号 ]</td><td>11500234008646164K/2026-00022</td><td>[ 发文字号 ]</td><td>云府办发〔2026〕13号</td></tr>
<tr><td>[ 主题分类 ]</td><td>安全生产</td><td>[ 体裁分类 ]</td><td>行政规范性文件</td></tr>
<tr><td>[ 发布机构 ]</td><td>云岭区人民政府办公室</td><td>[ 有效性 ]</td><td>有效</td></tr>
<tr><td>[ 成文日期 ]</td><td>2026-06-18</td><td>[ 发布日期 ]</td><td>2026-06-21</td></tr></table>`

// document is an item with the header table of a document and a signature.
func document() string {
	s := strings.Replace(item(), `<div class="article">`, `<div class="article">`+table, 1)
	return strings.Replace(s, body, body+`<p>云岭区人民政府办公室</p><p>2026年6月18日</p>`, 1)
}

// page is a page of the test site.
type page struct {
	url, body string
	declared  string
}

const base = "http://www.yunling.gov.cn"

func facts(t testing.TB, p page) *fact.Page {
	t.Helper()
	if !strings.Contains(p.url, "://") {
		p.url = base + p.url
	}
	isHome := p.url == base+"/" || p.url == "https://www.yunling.gov.cn/"
	r, err := read.Page(p.url, []byte(p.body), read.Hints{Home: isHome})
	if err != nil {
		t.Fatal(err)
	}
	out := &fact.Page{URL: p.url, Depth: 1, Status: 200, Type: "text/html", Charset: "utf-8", Declared: first(p.declared, "utf-8"), At: t0, Hash: "hash", Read: r}
	if isHome {
		out.Depth = 0
	}
	return out
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func look(t testing.TB, e *check.Engine, site fact.Site, pages ...page) []fact.Finding {
	t.Helper()
	site.Start = first(site.Start, base+"/")
	l := onpage.New(site, e, t0)
	var out []fact.Finding
	for _, p := range pages {
		out = append(out, l.Page(facts(t, p))...)
	}
	return append(out, l.End()...)
}

// says is a finding in short: check, key and state, and the path of its address
// where it is not that of the changed page.
func says(f fact.Finding) string { return strings.TrimSpace(f.Check+" "+f.Key) + " " + string(f.State) }

// clean is a site in which nothing is wrong.
func clean() []page {
	return []page{
		{url: "/", body: home()}, {url: "/notice/", body: list()}, {url: "/notice/t20260621_1.html", body: item()},
		{url: "/notice/t20260622_2.html", body: document()},
	}
}

// TestClean: a site that keeps the rules has no finding, and neither has a second
// look at it.
func TestClean(t *testing.T) {
	for _, f := range look(t, engine(t), fact.Site{Code: "5001030001"}, clean()...) {
		t.Errorf("%s: %s %s on %s", says(f), f.What, f.Seen, f.URL)
	}
}

// TestPages changes one thing of one page of the clean site.
func TestPages(t *testing.T) {
	const (
		atHome = iota
		atList
		atItem
		atDocument
	)
	cases := []struct {
		name     string
		at       int
		old, new string
		want     []string // says of each; none = nothing may be said
	}{
		{"NORM-13 a site tag is missing on the home page", atHome, `<meta name="SiteIDCode" content="5001030001">`, ``, []string{"NORM-13 SiteIDCode FAIL"}},
		{"NORM-13 a site tag is empty", atHome, `content="青石市云岭区人民政府"`, `content=""`, []string{"NORM-13 SiteName FAIL"}},
		{"NORM-13 the domain with its scheme", atHome, `content="www.yunling.gov.cn"`, `content="http://www.yunling.gov.cn"`, []string{"NORM-13 SiteDomain FAIL"}},
		{"WEB-64 a column page without ColumnType", atList, `<meta name="ColumnType" content="通知公告">`, ``, []string{"WEB-64 ColumnType FAIL"}},
		{"WEB-64 null is no value", atList, `content="发布通知和公告"`, `content="null"`, []string{"WEB-64 ColumnDescription FAIL"}},
		{"WEB-64 a name misspelt", atList, `name="ColumnKeywords"`, `name="ColumnKeyword"`, []string{"WEB-64 ColumnKeywords FAIL"}},
		{"WEB-64 names are written exactly so", atList, `name="ColumnName"`, `name="columnname"`, []string{"WEB-64 标签名称大小写 FAIL"}},
		{"NORM-14 an item without ContentSource", atItem, `<meta name="ContentSource" content="云岭区应急管理局">`, ``, []string{"WEB-64 ContentSource FAIL"}},
		{"NORM-14 the title of another item", atItem, `name="ArticleTitle" content="云岭区关于做好第一季度安全生产检查工作的通知"`, `name="ArticleTitle" content="2025年春季招聘会延期举行"`, []string{"WEB-64 ArticleTitle 与标题不一致 FAIL"}},
		{"NORM-15 the form of PubDate", atItem, `content="2026-06-21 09:30"`, `content="2026年06月21日"`, []string{"NORM-15 PubDate 格式 FAIL"}},
		{"NORM-15 PubDate is another day than the one shown", atItem, `content="2026-06-21 09:30"`, `content="2026-06-28 09:30"`, []string{"NORM-15 PubDate 与显示不一致 FAIL"}},
		{"NORM-15 PubDate is another minute", atItem, `content="2026-06-21 09:30"`, `content="2026-06-21 17:30"`, []string{"NORM-15 PubDate 与显示不一致 FAIL"}},
		{"NORM-15 seconds do not matter", atItem, `content="2026-06-21 09:30"`, `content="2026-06-21 09:30:12"`, nil},
		{"NORM-15 a day shown alone is the day of the tag", atItem, `发布时间：2026-06-21 09:30`, `发布时间：2026-06-21`, nil},

		{"NORM-11 footer and tag name two codes", atHome, `网站标识码：5001030001`, `网站标识码：5001030002`, []string{"NORM-11 网站标识码 FAIL"}},
		{"WEB-59 police number missing on one page", atList, `渝公网安备50010302001234号`, `详情`, []string{"WEB-59 公安机关备案标识 FAIL"}},
		{"WEB-59 site code missing on the home page", atHome, `网站标识码：5001030001`, ``, []string{"WEB-59 网站标识码 FAIL"}},
		{"WEB-59 organiser", atItem, `主办单位：青石市云岭区人民政府办公室`, ``, []string{"WEB-59 主办单位 FAIL"}},
		{"WEB-59 Party and government mark", atItem, `<a href="https://bszs.conac.cn/sitename?method=show&id=1"><img alt="党政机关网站标识" src="/red.png"></a>`, ``, []string{"WEB-59 党政机关网站标识 FAIL"}},
		{"WEB-59 contact", atList, ` <a href="/about.html">联系我们</a></p>
<p>主办单位：青石市云岭区人民政府办公室 联系电话：023-63001234</p>`, `</p><p>主办单位：青石市云岭区人民政府办公室</p>`, []string{"WEB-59 联系方式 FAIL"}},
		{"NORM-10 site map", atItem, `网站地图`, `服务`, []string{"NORM-10 站点地图 FAIL"}},
		{"NORM-10 an old ICP number on one page", atItem, `渝ICP备12345678号-1`, `渝ICP备87654321号-1`, []string{"WEB-59 ICP备案编号与首页不一致 FAIL"}},
		{"NORM-10 an old ICP number on the home page", atHome, `渝ICP备12345678号-1`, `渝ICP备87654321号-1`, []string{"WEB-59 ICP备案编号与首页不一致 FAIL"}},
		{"NORM-10 a page without footer is one finding", atItem, foot, ``, []string{"WEB-59 底部标识 PROPOSED"}},
		{"NORM-12 the ICP number leads elsewhere", atHome, `https://beian.miit.gov.cn/`, `http://www.miitbeian.gov.cn/`, []string{"NORM-12 ICP备案链接 FAIL"}},
		{"NORM-12 the police number of another site", atHome, `code=50010302001234`, `code=50010302009999`, []string{"NORM-12 公安备案链接 FAIL"}},
		{"NORM-12 a number without a link", atHome, `<a href="https://beian.miit.gov.cn/">渝ICP备12345678号-1</a>`, `渝ICP备12345678号-1`, []string{"NORM-12 ICP备案链接 PROPOSED"}},
		{"WEB-61 a page without the entrance", atList, `<script id="_jiucuo_" sitecode="5001030001" src="https://zfwzgl.www.gov.cn/exposure/jiucuo.js"></script>`, ``, []string{"WEB-61 “我为政府网站找错”入口 FAIL"}},
		{"WEB-61 an own box for corrections is another thing", atList, `<script id="_jiucuo_" sitecode="5001030001" src="https://zfwzgl.www.gov.cn/exposure/jiucuo.js"></script>`, `<a href="/jc/">我要纠错</a>`, []string{"WEB-61 “我为政府网站找错”入口 FAIL"}},
		{"WEB-61 the code of another site", atHome, `sitecode="5001030001"`, `sitecode="5001030009"`, []string{"WEB-61 找错入口的标识码 FAIL"}},
		{"no entrance for the elderly is no fault of a home page", atHome, `无障碍浏览`, `繁体`, nil},

		{"NORM-19 an item without its time", atItem, `发布时间：2026-06-21 09:30`, ``, []string{"NORM-19 发布时间 FAIL"}},
		{"NORM-19 an item without its source", atItem, ` 来源：云岭区应急管理局`, ``, []string{"NORM-19 来源 FAIL"}},
		{"NORM-19 the source stands under the text", atItem, ` 来源：云岭区应急管理局</p><div class="content">` + body, `</p><div class="content">` + body + `<p>来源：云岭区应急管理局</p>`, nil},
		{"NORM-24 a script of another host", atItem, `</body>`, `<script src="https://hm.example.com/h.js"></script></body>`, []string{"NORM-24 FAIL"}},
		{"NORM-24 a picture of another host", atItem, `二、检查分`, `<img alt="现场" src="https://mmbiz.example.com/1.jpg">二、检查分`, []string{"NORM-24 FAIL"}},
		{"NORM-24 several of one host are one finding", atItem, `二、检查分`, `<img alt="现场" src="https://mmbiz.example.com/1.jpg"><img alt="现场" src="https://mmbiz.example.com/2.jpg">二、检查分`, []string{"NORM-24 mmbiz.example.com FAIL"}},
		{"WEB-13 a form that sends what people write to strangers", atItem, `二、检查分`, `<form method="post" action="http://vote.example.com/s"><input name="name" title="姓名"><textarea name="text"></textarea></form>二、检查分`, []string{"WEB-13 PROPOSED"}},
		{"WEB-13 a search engine's box", atItem, `二、检查分`, `<form action="http://www.example.com/s"><input name="wd" placeholder="搜索"></form>二、检查分`, nil},
		{"NORM-24 hosts of the group and of government are no strangers", atItem, `</body>`, `<script src="https://static.yunling.gov.cn/h.js"></script><script src="//www.gov.cn/a.js"></script></body>`, nil},
		{"NORM-27 an advertising network", atItem, `</body>`, `<script src="https://cpro.baidustatic.com/cpro/ui/c.js"></script></body>`, []string{"NORM-27 PROPOSED"}},
		{"WEB-85 an address of the inner network", atItem, `二、检查分`, `<a href="http://192.168.1.5/oa/file.doc">检查表</a>二、检查分`, []string{"WEB-85 FAIL"}},
		{"WEB-85 a picture of the editor's own disk", atItem, `二、检查分`, `<img alt="图" src="file:///C:/Users/a/1.png">二、检查分`, []string{"WEB-85 FAIL"}},
		{"WEB-13 an iframe that nobody sees", atItem, `</body>`, `<iframe src="http://evil.example.com/x.htm" width="0" height="0"></iframe></body>`, []string{"WEB-13 PROPOSED"}},
		{"WEB-12 hidden links to strangers", atHome, `</body>`, `<div style="display:none"><a href="http://a.example.com/">游戏下载</a><a href="http://b.example.com/">外围</a><a href="http://c.example.com/">手游</a></div></body>`, []string{"WEB-12 隐藏链接 PROPOSED"}},
		{"WEB-12 links pushed out of the window", atHome, `</body>`, `<div style="position:absolute;left:-9999px"><a href="http://a.example.com/">百家乐</a></div></body>`, []string{"WEB-12 隐藏链接 PROPOSED"}},
		{"WEB-12 a closed menu of friendly sites", atHome, `</body>`, `<div style="display:none"><a href="http://www.people.com.cn/">人民网</a><a href="http://www.qs.example.com/">青石日报</a><a href="http://www.qsb.example.com/">青石电视台</a><a href="http://u.example.com/">青石大学</a></div></body>`, nil},
		{"WEB-12 an anchor of gambling", atItem, `二、检查分`, `<a href="http://b.example.com/">真人娱乐</a>二、检查分`, []string{"WEB-12 PROPOSED"}},
		{"WEB-12 a title of another trade", atItem, `<title>云岭区`, `<title>澳门新葡京官网`, []string{"WEB-12 标题 PROPOSED"}},
		{"NORM-25 session ids", atList, `href="/notice/t20260621_1.html"`, `href="/notice/t20260621_1.html;jsessionid=AB12CD34EF56"`, []string{"NORM-25 会话编号 PROPOSED"}},

		{"PLAT-16 a bare name behind a program that hands out files", atItem, `二、检查分`, `附件【<a href="/system/_content/download.jsp?wbfileid=1">检查情况汇总表.docx</a>】 附件【<a href="/system/_content/download.jsp?wbfileid=2">附件1.docx</a>】</p><p>二、检查分`, []string{"PLAT-16 附件名称 PROPOSED"}},
		{"PLAT-16 names that tell what is in them", atItem, `二、检查分`, `附件【<a href="/system/_content/download.jsp?wbfileid=1">附件1：检查情况汇总表.docx</a>】二、检查分`, nil},
		{"NORM-50 a picture of the head that is a link, without words", atHome, `<div class="top">`, `<div class="top"><a href="/"><img src="/images/logo.png"></a>`, []string{"NORM-50 图片链接 FAIL"}},
		{"NORM-50 words beside it do", atHome, `<div class="top">`, `<div class="top"><a href="/"><img src="/images/logo.png" alt="">云岭区</a>`, nil},
		{"WEB-74 no yearly table on the home page", atHome, `政府网站工作年度报表（2025年度）`, `政府信息公开年报`, []string{"WEB-74 年度报表 PROPOSED"}},
		{"NORM-27 a shop's banner", atHome, `<div class="top">`, `<div class="top"><a href="https://www.somemall.com/"><img src="/ad.jpg" alt="某某商城618大促全场5折"></a>`, []string{"NORM-27 PROPOSED"}},
		{"NORM-27 a campaign of the office is none", atHome, `<div class="top">`, `<div class="top"><a href="https://www.someplace.com/">家电以旧换新最高8折补贴</a>`, nil},
		{"NORM-50 a picture without words", atItem, `二、检查分`, `<img src="/upload/2026/1.jpg">二、检查分`, []string{"NORM-50 替代文字 FAIL"}},
		{"NORM-50 with words", atItem, `二、检查分`, `<img alt="检查现场" src="/upload/2026/1.jpg">二、检查分`, nil},
		{"PLAT-15 a picture in place of the text", atItem, body, `<p><img alt="通知全文" src="/upload/2026/1.jpg"></p>`, []string{"PLAT-15 图片代替文字 PROPOSED"}},
		{"PLAT-16 a bare name", atItem, `二、检查分`, `<a href="/upload/1.doc">附件1.doc</a></p><p>二、检查分`, []string{"PLAT-16 附件名称 PROPOSED"}},
		{"PLAT-16 named by the words behind it", atItem, `二、检查分`, `<a href="/upload/1.doc">附件1</a>：安全生产检查表</p><p>二、检查分`, nil},

		{"PLAT-11 no index number in its cell", atDocument, `11500234008646164K/2026-00022`, ``, []string{"PLAT-11 索引号 FAIL"}},
		{"PLAT-12 square brackets", atDocument, `云府办发〔2026〕13号`, `云府办发[2026]13号`, []string{"PLAT-12 发文字号 FAIL"}},
		{"PLAT-12 a zero before the number", atDocument, `云府办发〔2026〕13号`, `云府办发〔2026〕013号`, []string{"PLAT-12 发文字号 FAIL"}},
		{"PLAT-13 made after it was published", atDocument, `<td>2026-06-18</td>`, `<td>2026-06-25</td>`, []string{"PLAT-13 成文日期晚于发布日期 FAIL", "PLAT-58 成文日期 FAIL"}},
		{"PLAT-58 the day of uploading", atDocument, `<td>2026-06-18</td>`, `<td>2026-06-20</td>`, []string{"PLAT-58 成文日期 FAIL"}},
		{"PLAT-58 Chinese numerals are the same day", atDocument, `<p>2026年6月18日</p>`, `<p>二〇二六年六月十八日</p>`, nil},
		{"PLAT-59 no validity", atDocument, `<td>有效</td>`, `<td></td>`, []string{"PLAT-59 有效性 FAIL"}},
		{"PLAT-59 no validity in the last cell", atDocument, `<tr><td>[ 发布机构 ]</td><td>云岭区人民政府办公室</td><td>[ 有效性 ]</td><td>有效</td></tr>
<tr><td>[ 成文日期 ]</td><td>2026-06-18</td><td>[ 发布日期 ]</td><td>2026-06-21</td></tr>`, `<tr><td>[ 成文日期 ]</td><td>2026-06-18</td><td>[ 发布日期 ]</td><td>2026-06-21</td></tr>
<tr><td>[ 发布机构 ]</td><td>云岭区人民政府办公室</td><td>[ 有效性 ]</td><td></td></tr>`, []string{"PLAT-59 有效性 FAIL"}},
		{"PLAT-62 the unit's code is wrong", atDocument, `11500234008646164K/`, `11500234008646165K/`, []string{"PLAT-62 索引号中的单位代码 FAIL"}},
		{"PLAT-22 repealed and still in force", atDocument, `二、检查分`, `本文件已废止。</p><p>二、检查分`, []string{"PLAT-22 有效性 FAIL"}},

		{"WEB-10 a set phrase out of order", atItem, `二、检查分`, `要增强政治意识、核心意识、大局意识、看齐意识“四个意识”。</p><p>二、检查分`, []string{"WEB-10 S8-SGYS"}},
		{"WEB-11 a secrecy mark", atItem, `二、检查分`, `机密★10年</p><p>二、检查分`, []string{"WEB-11 W-SECRET"}},
		{"REV-30 a wrong word", atItem, `逐项整改`, `逐项布署整改`, []string{"REV-30 W11"}},
		{"REV-13 an identity number", atItem, `逐项整改`, `逐项整改，联系人身份证号11010519491231002X`, []string{"REV-13 P-ID"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			pages := clean()
			changed := strings.Replace(pages[c.at].body, c.old, c.new, 1)
			if changed == pages[c.at].body {
				t.Fatalf("%q does not stand on the page", c.old)
			}
			pages[c.at].body = changed
			found := look(t, engine(t), fact.Site{Code: "5001030001"}, pages...)
			var got []string
			for _, f := range found {
				got = append(got, says(f))
				if f.ID == "" || f.What == "" || f.URL == "" || f.On != base+pages[c.at].url {
					t.Errorf("an incomplete finding: %+v", f)
				}
				if (f.Check == "WEB-11") != f.Secret {
					t.Errorf("secret: %+v", f)
				}
			}
			want := slices.Clone(c.want)
			slices.Sort(want)
			slices.Sort(got)
			same := slices.EqualFunc(got, want, strings.HasPrefix)
			if !same {
				t.Errorf("got %q\nwant %q", got, want)
				for _, f := range found {
					t.Logf("%s | %s | %s", says(f), f.What, f.Seen)
				}
			}
		})
	}
}

// TestFold: what all pages of a kind lack is one finding, with their number.
func TestFold(t *testing.T) {
	numbered := func(n int) []page {
		var out []page
		for i := range n {
			out = append(out, page{url: fmt.Sprintf("/notice/t2026062%d_%d.html", i%6+1, i+1), body: item()})
		}
		return out
	}
	cut := func(p page, old string) page {
		p.body = strings.Replace(p.body, old, "", 1)
		return p
	}
	const source = `<meta name="ContentSource" content="云岭区应急管理局">`
	const police = `<a href="https://beian.mps.gov.cn/#/query/webSearch?code=50010302001234">渝公网安备50010302001234号</a>`
	t.Run("NORM-14 all items lack a tag: one finding", func(t *testing.T) {
		pages := append(clean()[:2], numbered(5)...)
		for i := 2; i < len(pages); i++ {
			pages[i] = cut(pages[i], source)
		}
		got := look(t, nil, fact.Site{}, pages...)
		if len(got) != 1 || got[0].Count != 5 || got[0].URL != base+"/notice/t20260621_1.html" || got[0].Key != "ContentSource" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("NORM-14 two items of five lack it: two findings", func(t *testing.T) {
		pages := append(clean()[:2], numbered(5)...)
		pages[3], pages[5] = cut(pages[3], source), cut(pages[5], source)
		if got := look(t, nil, fact.Site{}, pages...); len(got) != 2 || got[0].Count != 1 || got[0].URL != pages3(pages, 3) || got[1].URL != pages3(pages, 5) {
			t.Errorf("%+v", got)
		}
	})
	t.Run("WEB-59 the footer of the site: one finding, on the home page", func(t *testing.T) {
		pages := append(clean()[:2], numbered(5)...)
		for i := range pages {
			pages[i] = cut(pages[i], police)
		}
		got := look(t, nil, fact.Site{}, pages...)
		if len(got) != 1 || got[0].Count != 7 || got[0].URL != base+"/" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("WEB-59 a template of its own: one finding for its pages", func(t *testing.T) {
		pages := append(clean()[:2], numbered(8)...)
		for i := 6; i < 10; i++ {
			pages[i] = cut(pages[i], police)
			pages[i].body = strings.Replace(pages[i].body, "<head>", `<head><link rel="stylesheet" href="/old.css">`, 1)
		}
		got := look(t, nil, fact.Site{}, pages...)
		if len(got) != 1 || got[0].Count != 4 || got[0].URL != base+pages[6].url {
			t.Errorf("%+v", got)
		}
	})
	t.Run("WEB-59 all pages of a column, made with the styles of the others: one finding, of its list", func(t *testing.T) {
		pages := append(clean()[:2], numbered(6)...)
		other := strings.NewReplacer("通知公告", "统计公报", `href="/notice/"`, `href="/stat/"`)
		for i := 1; i <= 3; i++ {
			p := cut(page{url: fmt.Sprintf("/stat/t2026062%d_%d.html", i, 90+i), body: other.Replace(item())}, police)
			pages = append(pages, p)
		}
		pages = append(pages, cut(page{url: "/stat/", body: strings.ReplaceAll(other.Replace(list()), "/notice/t", "/stat/t")}, police))
		got := look(t, nil, fact.Site{}, pages...)
		if len(got) != 1 || got[0].Check != "WEB-59" || got[0].Count != 4 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("NORM-24 one script on many pages: one finding", func(t *testing.T) {
		pages := append(clean()[:2], numbered(5)...)
		for i := range pages {
			pages[i].body = strings.Replace(pages[i].body, "</body>", `<script src="https://hm.example.com/h.js?v=`+fmt.Sprint(i)+`"></script></body>`, 1)
		}
		got := look(t, nil, fact.Site{}, pages...)
		if len(got) != 1 || got[0].Count != 7 || got[0].URL != "https://hm.example.com/h.js" || got[0].On != base+"/" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("further pages of a list are not counted again", func(t *testing.T) {
		pages := clean()[:2]
		pages[1] = cut(pages[1], `<meta name="ColumnType" content="通知公告">`)
		more := pages[1]
		pages[1].body = strings.Replace(pages[1].body, "</ul><div class=\"footer\">", `</ul><div class="page"><a href="/notice/index_1.html">下一页</a><a href="/notice/index_1.html">尾页</a></div><div class="footer">`, 1)
		more.url = "/notice/index_1.html"
		if got := look(t, nil, fact.Site{}, append(pages, more)...); len(got) != 1 || got[0].Count != 1 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("WEB-84 the same findings with the same identities", func(t *testing.T) {
		pages := clean()
		for i := range pages {
			pages[i] = cut(cut(pages[i], police), `<meta name="SiteName" content="青石市云岭区人民政府">`)
		}
		a, b := look(t, nil, fact.Site{}, pages...), look(t, nil, fact.Site{}, pages...)
		if len(a) < 2 || fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("%v\n%v", a, b)
		}
	})
}

func pages3(pages []page, i int) string { return base + pages[i].url }

// TestWhole are checks that need more than a word changed.
func TestWhole(t *testing.T) {
	t.Run("WEB-65 a wrong declaration of the encoding", func(t *testing.T) {
		pages := clean()
		pages[2].declared = "gbk"
		if got := look(t, nil, fact.Site{}, pages...); len(got) != 1 || got[0].Check != "WEB-65" || got[0].State != fact.Proposed {
			t.Errorf("%+v", got)
		}
		pages[2].declared = "gb2312"
		f := facts(t, pages[2])
		f.Charset = "gb18030"
		l := onpage.New(fact.Site{Start: base}, nil, t0)
		if l.Page(f); len(l.End()) != 0 {
			t.Error("gb2312 and gb18030 are one family")
		}
	})
	t.Run("WEB-65 an open address on a page under https", func(t *testing.T) {
		pages := clean()
		for i := range pages {
			pages[i].url = "https://www.yunling.gov.cn" + pages[i].url
		}
		pages[2].body = strings.Replace(pages[2].body, "</body>", `<script src="http://www.yunling.gov.cn/js/a.js"></script></body>`, 1)
		got := look(t, nil, fact.Site{Start: "https://www.yunling.gov.cn/"}, pages...)
		if len(got) != 1 || got[0].Check != "WEB-65" || got[0].URL != "http://www.yunling.gov.cn/js/a.js" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("NORM-19 a page about the site itself needs no time", func(t *testing.T) {
		for _, title := range []string{"联系我们", "网站声明", "云岭区人民政府政府网站工作年度报表（2025年度）"} {
			body := strings.NewReplacer("云岭区关于做好第一季度安全生产检查工作的通知", title, `<p class="info">发布时间：2026-06-21 09:30 来源：云岭区应急管理局</p>`, "").Replace(item())
			for _, f := range look(t, nil, fact.Site{}, page{url: "/", body: home()}, page{url: "/about/a.html", body: body}) {
				if f.Check == "NORM-19" {
					t.Errorf("%s: %s", title, f.What)
				}
			}
		}
	})
	t.Run("REV-40 a table whose sum is wrong", func(t *testing.T) {
		for sum, want := range map[string]int{"100": 1, "99": 0} {
			pages := clean()
			pages[2].body = strings.Replace(pages[2].body, `</div></div><div class="footer">`, `<table><tr><th>岗位</th><th>人数（人）</th></tr><tr><td>管理岗位</td><td>40</td></tr><tr><td>技术岗位</td><td>35</td></tr><tr><td>服务岗位</td><td>24</td></tr><tr><td>合计</td><td>`+sum+`</td></tr></table></div></div><div class="footer">`, 1)
			n := 0
			for _, f := range look(t, engine(t), fact.Site{}, pages...) {
				if f.Check == "REV-40" {
					n++
				}
			}
			if n != want {
				t.Errorf("sum %s: %d findings, want %d", sum, n, want)
			}
		}
	})
	t.Run("NORM-06 a page's tag has another name of the site", func(t *testing.T) {
		pages := clean()
		pages[1].body = strings.Replace(pages[1].body, `content="青石市云岭区人民政府"`, `content="云岭政务网"`, 1)
		got := look(t, nil, fact.Site{}, pages...)
		if len(got) != 1 || got[0].Check != "NORM-06" || got[0].URL != base+"/notice/" {
			t.Errorf("%+v", got)
		}
		pages[1].body = strings.ReplaceAll(pages[1].body, "5001030001", "5001030002") // a site of the group
		for _, f := range look(t, nil, fact.Site{}, pages...) {
			if f.Check == "NORM-06" {
				t.Errorf("%+v", f)
			}
		}
	})
	t.Run("WEB-60 a page without anything", func(t *testing.T) {
		l := onpage.New(fact.Site{Start: base}, nil, t0)
		for _, p := range []*fact.Page{{URL: base + "/a", Status: 200, Type: "text/html", Referrer: base + "/"}, {URL: base + "/b", Status: 200, Type: "image/png"}, {URL: base + "/c", Status: 200, Type: "text/html", Size: 200}, facts(t, page{url: "/", body: home()})} {
			l.Page(p)
		}
		if got := l.End(); len(got) != 1 || got[0].URL != base+"/a" || got[0].Check != "WEB-60" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("PLAT-20 a normative document without the table of the others", func(t *testing.T) {
		other := strings.NewReplacer(`<a href="/notice/">通知公告</a></div><div`, `<a href="/notice/">行政规范性文件</a></div><div`)
		pages := clean()[:2]
		for i := range 4 {
			body := other.Replace(document())
			if i == 2 {
				body = strings.Replace(body, table, "", 1)
			}
			pages = append(pages, page{url: fmt.Sprintf("/notice/t2026062%d_%d.html", i+1, i+1), body: strings.ReplaceAll(body, "2026-00022", fmt.Sprintf("2026-0002%d", i))})
		}
		var got []string
		for _, f := range look(t, nil, fact.Site{}, pages...) {
			if f.Check == "PLAT-20" {
				got = append(got, f.URL)
			}
		}
		if len(got) != 1 || got[0] != base+"/notice/t20260623_3.html" {
			t.Errorf("%v", got)
		}
	})
	t.Run("NORM-16 the tag names another column", func(t *testing.T) {
		other := strings.NewReplacer("通知公告", "政务动态", `href="/notice/"`, `href="/news/"`).Replace(list())
		stray := strings.Replace(item(), `<meta name="ColumnName" content="通知公告">`, `<meta name="ColumnName" content="政务动态">`, 1)
		var got []string
		for _, f := range look(t, nil, fact.Site{}, page{url: "/", body: home()}, page{url: "/news/", body: other}, page{url: "/notice/t20260621_1.html", body: stray}) {
			if f.Check == "NORM-16" {
				got = append(got, f.URL)
			}
		}
		if len(got) != 1 || got[0] != base+"/notice/t20260621_1.html" {
			t.Errorf("found %v", got)
		}
	})
	t.Run("WEB-85 a site on this machine has other addresses of it as its outside", func(t *testing.T) {
		body := strings.Replace(home(), "无障碍浏览", `无障碍浏览</a><a href="http://127.0.0.2:8080/x/">外部网站</a><a href="http://10.1.1.1/">内网`, 1)
		var got []string
		for _, f := range look(t, nil, fact.Site{Start: "http://127.0.0.1:8080/"}, page{url: "http://127.0.0.1:8080/", body: body}) {
			if f.Check == "WEB-85" {
				got = append(got, f.URL)
			}
		}
		if len(got) != 1 || got[0] != "http://10.1.1.1/" {
			t.Errorf("found %v", got)
		}
	})
	t.Run("WEB-85 the site's own private address is none", func(t *testing.T) {
		site := fact.Site{Start: "http://192.168.7.7:8080/", Own: []string{"10.0.0.8"}} // behind another port is another site, but no internal one
		p := page{url: "http://192.168.7.7:8080/notice/t20260621_1.html", body: strings.Replace(item(), "二、检查分", `<a href="http://192.168.7.7:8081/a">甲</a><a href="http://10.0.0.8/b">乙</a><a href="http://172.20.1.1/c">丙</a>二、检查分`, 1)}
		got := look(t, nil, site, p)
		if len(got) != 1 || got[0].URL != "http://172.20.1.1/c" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("PLAT-35 a list of persons is one finding, without their numbers", func(t *testing.T) {
		rows := ""
		for i, id := range []string{"11010519491231002X", "440524188001010014", "110101199003074514"} {
			rows += fmt.Sprintf("<p>第%d户，身份证号：%s，补贴金额五百元，经审核符合条件。</p>", i+1, id)
		}
		pages := clean()
		pages[2].body = strings.Replace(pages[2].body, body, body+rows, 1)
		got := look(t, engine(t), fact.Site{}, pages...)
		if len(got) != 1 || got[0].Check != "PLAT-35" || !slices.Contains(got[0].Also, "REV-13") || strings.Contains(got[0].Seen, "1949") {
			t.Errorf("%+v", got)
		}
	})
	t.Run("REV-13 the number is not told", func(t *testing.T) {
		pages := clean()
		pages[2].body = strings.Replace(pages[2].body, "逐项整改", "逐项整改，李某身份证号11010519491231002X", 1)
		got := look(t, engine(t), fact.Site{}, pages...)
		if len(got) != 1 || got[0].State != fact.Fail || strings.Contains(got[0].Seen+got[0].Key+got[0].What, "19491231") {
			t.Errorf("%+v", got)
		}
	})
	t.Run("WEB-10 a post is judged by the day of the item", func(t *testing.T) {
		// the name of a body that was right on the day of the text
		old := strings.Replace(item(), "逐项整改", "逐项整改，请示国家工商总局", 1)
		for _, day := range []string{"2017-05-21", "2022-05-21"} {
			p := page{url: "/notice/t20260621_1.html", body: strings.ReplaceAll(old, "2026-06-21", day)}
			got := look(t, engine(t), fact.Site{}, clean()[0], p)
			if want := day[:4] == "2022"; len(got) == 1 != want {
				t.Errorf("%s: %+v", day, got)
			}
		}
	})
	t.Run("WEB-10 an old document published late is judged by its own day", func(t *testing.T) {
		p := page{url: "/notice/t20260622_2.html", body: strings.NewReplacer("逐项整改", "逐项整改，请示国家工商总局", "2026-06-18", "2016-06-18", "2026年6月18日", "2016年6月18日").Replace(document())}
		if got := look(t, engine(t), fact.Site{}, clean()[0], p); len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("WEB-10 furniture is told once", func(t *testing.T) {
		pages := clean()
		for i := range pages {
			pages[i].body = strings.Replace(pages[i].body, "政务动态</a>", "布署落实</a>", 1)
		}
		if got := look(t, engine(t), fact.Site{}, pages...); len(got) != 1 || got[0].Check != "REV-30" || got[0].URL != base+"/" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("PLAT-11 one index number for two documents", func(t *testing.T) {
		other := strings.NewReplacer("云岭区关于做好第一季度安全生产检查工作的通知", "城市公园免费开放时间表及游园须知", "13号", "14号").Replace(document())
		got := look(t, nil, fact.Site{}, append(clean(), page{url: "/notice/t20260623_3.html", body: other})...)
		if len(got) != 1 || got[0].Check != "PLAT-11" || got[0].State != fact.Proposed {
			t.Errorf("%+v", got)
		}
	})
	t.Run("pages that are none", func(t *testing.T) {
		l := onpage.New(fact.Site{Start: base}, nil, t0)
		for _, p := range []*fact.Page{
			{URL: base + "/a", Status: 404}, {URL: base + "/b", Failure: fact.NoHost}, {URL: base + "/c", Status: 200, Read: &fact.Reading{Missing: true}},
			{URL: base + "/d", Status: 200, Read: &fact.Reading{Kind: fact.Jump, Jump: base}}, {URL: base + "/e", Status: 200, Read: &fact.Reading{Kind: fact.Other}},
		} {
			if got := l.Page(p); len(got) != 0 {
				t.Errorf("%+v", got)
			}
		}
		if got := l.End(); len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("WEB-81 a page that the server does not let see", func(t *testing.T) {
		l := onpage.New(fact.Site{Start: base}, nil, t0)
		l.Page(&fact.Page{URL: base + "/a", Status: 429, Failure: fact.Refused, Referrer: base + "/"})
		l.Page(&fact.Page{URL: base + "/b", Status: 200})
		if got := l.End(); len(got) != 1 || got[0].Check != "WEB-81" || got[0].State != fact.NotDecided {
			t.Errorf("%+v", got)
		}
	})
}

// shelf is a store of pages in memory.
type shelf map[crawl.Part][]*fact.Page

func (s shelf) Pages(_ context.Context, part crawl.Part, do func(*fact.Page) error) error {
	for _, p := range s[part] {
		if err := do(p); err != nil {
			return err
		}
	}
	return nil
}

func TestLinks(t *testing.T) {
	twice := []time.Time{t0, t0.Add(10 * time.Second), t0.Add(2 * time.Hour)}
	dead := func(p fact.Page, part crawl.Part, depth int, k fact.Link) crawl.Dead {
		p.At = t0
		if p.Status == 0 && p.Failure == "" {
			p.Status = 404
		}
		return crawl.Dead{Page: &p, Part: part, Tries: twice, Count: 2, On: []crawl.Referrer{{URL: base + "/on", Depth: depth, Link: k}}}
	}
	a := fact.Link{Element: "a", Text: "工作动态"}
	for _, c := range []struct {
		name, want, what string
		dead             crawl.Dead
	}{
		{"WEB-60 on the home page", "WEB-60 FAIL", "首页上的链接打不开：页面不存在（404）", dead(fact.Page{URL: base + "/x.html"}, crawl.Page, 0, a)},
		{"WEB-60 a picture", "WEB-60 FAIL", "图片打不开", dead(fact.Page{URL: base + "/x.jpg"}, crawl.File, 1, fact.Link{Element: "img"})},
		{"WEB-60 an attachment", "WEB-60 FAIL", "附件链接打不开", dead(fact.Page{URL: base + "/x.doc"}, crawl.File, 1, a)},
		{"WEB-60 a host that is gone", "WEB-60 FAIL", "外部网站链接打不开：域名无法解析", dead(fact.Page{URL: "http://gone.example.com/", Failure: fact.NoHost}, crawl.Outside, 1, a)},
		{"WEB-60 a certificate", "WEB-60 FAIL", "安全证书有问题", dead(fact.Page{URL: "https://c.example.com/", Failure: fact.BadCert, Note: "证书已过期或尚未生效；已跳过证书验证继续读取"}, crawl.Outside, 1, a)},
		{"WEB-60 a chain that browsers mend", "WEB-60 PROPOSED", "安全证书有问题", dead(fact.Page{URL: "https://c.example.com/", Failure: fact.BadCert, Note: "证书不是由受信任的机构颁发，或缺少中间证书"}, crawl.Outside, 1, a)},
		{"WEB-60 too slow", "WEB-60 FAIL", "太慢", dead(fact.Page{URL: base + "/slow", Failure: fact.TooSlow}, crawl.Page, 1, a)},
		{"WEB-60 round in a circle", "WEB-60 FAIL", "来回跳转", dead(fact.Page{URL: base + "/loop", Failure: fact.TooFar}, crawl.Page, 1, a)},
		{"WEB-60 the server fails", "WEB-60 FAIL", "服务器出错（502）", dead(fact.Page{URL: base + "/x", Status: 502}, crawl.Page, 1, a)},
		{"WEB-82 a soft 404", "WEB-82 FAIL", "返回的状态却是正常", dead(fact.Page{URL: base + "/x", Status: 200, Failure: fact.SoftMissing}, crawl.Page, 1, a)},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := onpage.Links(context.Background(), shelf{}, []crawl.Dead{c.dead}, fact.Site{Start: base})
			if err != nil || len(got) != 1 || says(got[0]) != c.want || !strings.Contains(got[0].What, c.what) || got[0].On != base+"/on" || !got[0].Confirmed || got[0].Indicator != "D4.3" || got[0].Mend == "" {
				t.Errorf("%+v %v", got, err)
			}
		})
	}
	t.Run("WEB-60 one failure is none; three in one hour are not confirmed", func(t *testing.T) {
		d := dead(fact.Page{URL: base + "/x"}, crawl.Page, 0, a)
		d.Tries = d.Tries[:1]
		if got, _ := onpage.Links(context.Background(), shelf{}, []crawl.Dead{d}, fact.Site{Start: base}); len(got) != 0 {
			t.Errorf("%+v", got)
		}
		d.Tries = []time.Time{t0, t0.Add(time.Second), t0.Add(2 * time.Second)}
		if got, _ := onpage.Links(context.Background(), shelf{}, []crawl.Dead{d}, fact.Site{Start: base}); len(got) != 1 || got[0].Confirmed {
			t.Errorf("%+v", got)
		}
	})
	t.Run("WEB-81 a machine that finds no name judges none", func(t *testing.T) {
		gone, never := dead(fact.Page{URL: "http://www.gone.gov.cn/", Failure: fact.NoHost}, crawl.Outside, 0, a), dead(fact.Page{URL: "http://www.gone.invalid/", Failure: fact.NoHost}, crawl.Outside, 0, a)
		inside := fact.Site{Start: "http://127.0.0.1:8080/"}
		for _, c := range []struct {
			name, want string
			list       []crawl.Dead
			outside    []*fact.Page
		}{
			{"no name at all", "WEB-81 域名 NOT_DECIDED", []crawl.Dead{gone}, nil},
			{"another name was found", "WEB-60 FAIL", []crawl.Dead{gone}, []*fact.Page{{URL: "http://www.there.gov.cn/", Status: 200, Size: 9}}},
			{"a name was found whose page is gone", "WEB-60 FAIL WEB-60 FAIL", []crawl.Dead{gone, dead(fact.Page{URL: "http://www.there.gov.cn/x"}, crawl.Outside, 0, a)}, nil},
			{"an address by number is no name", "WEB-60 FAIL WEB-81 域名 NOT_DECIDED", []crawl.Dead{gone, dead(fact.Page{URL: "http://127.0.0.1:9000/x"}, crawl.Outside, 0, a)}, nil},
			{"a name that nobody can have", "WEB-60 FAIL", []crawl.Dead{never}, nil},
		} {
			got, err := onpage.Links(context.Background(), shelf{crawl.Outside: c.outside}, c.list, inside)
			var said []string
			for _, f := range got {
				said = append(said, says(f))
			}
			slices.Sort(said)
			if err != nil || strings.Join(said, " ") != c.want {
				t.Errorf("%s: %q, want %q, %v", c.name, said, c.want, err)
			}
		}
	})
	t.Run("WEB-60 a wrongly written address is told as that", func(t *testing.T) {
		d := dead(fact.Page{URL: base + "/notice/www.abc.gov.cn/"}, crawl.Page, 1, a)
		if got, _ := onpage.Links(context.Background(), shelf{}, []crawl.Dead{d}, fact.Site{Start: base}); len(got) != 1 || !strings.Contains(got[0].Mend, "写法有误") {
			t.Errorf("%+v", got)
		}
	})
	for _, c := range []struct {
		name, want string // "" = nothing
		part       crawl.Part
		page       fact.Page
	}{
		{"PLAT-16 an empty file", "PLAT-16 空文件 FAIL", crawl.File, fact.Page{URL: base + "/a.doc", Status: 200}},
		{"PLAT-16 a PDF that is a picture", "PLAT-16 类型不符 FAIL", crawl.File, fact.Page{URL: base + "/a.pdf", Status: 200, Size: 9, Type: "image/png"}},
		{"PLAT-16 a page in place of a file", "PLAT-16 类型不符 PROPOSED", crawl.File, fact.Page{URL: base + "/a.doc", Status: 200, Size: 9, Type: "text/html"}},
		{"PLAT-16 an old document", "", crawl.File, fact.Page{URL: base + "/a.doc", Status: 200, Size: 9, Type: "application/x-ole-storage"}},
		{"PLAT-16 a new one", "", crawl.File, fact.Page{URL: base + "/a.docx", Status: 206, Size: 9, Type: "application/zip"}},
		{"WEB-81 a host that answers 429", "WEB-81 NOT_DECIDED", crawl.Outside, fact.Page{URL: "http://w.example.com/", Status: 429, Failure: fact.Refused}},
		{"WEB-12 a domain that now serves gambling", "WEB-12 不良内容 PROPOSED", crawl.Outside, fact.Page{URL: "http://old.example.com/", Status: 200, Size: 9, Type: "text/html", Read: &fact.Reading{Title: "澳门新葡京_真人娱乐官网"}}},
		{"WEB-12 a domain for sale", "WEB-12 域名停放 PROPOSED", crawl.Outside, fact.Page{URL: "http://old.example.com/", Status: 200, Size: 9, Type: "text/html", Read: &fact.Reading{Title: "old.example.com", Text: "此域名正在出售"}}},
		{"WEB-12 a page against gambling", "", crawl.Outside, fact.Page{URL: "http://news.example.com/", Status: 200, Size: 9, Type: "text/html", Read: &fact.Reading{Title: "警方捣毁一地下赌场", Text: "百家乐、老虎机、六合彩"}}},
		{"WEB-12 a good page", "", crawl.Outside, fact.Page{URL: "http://news.example.com/", Status: 200, Size: 9, Type: "text/html", Read: &fact.Reading{Title: "青石日报"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.page.Referrer = base + "/on"
			got, err := onpage.Links(context.Background(), shelf{c.part: {&c.page}}, nil, fact.Site{Start: base})
			if err != nil || c.want == "" && len(got) != 0 || c.want != "" && (len(got) != 1 || says(got[0]) != c.want || got[0].On != base+"/on") {
				t.Errorf("%+v %v", got, err)
			}
		})
	}
	t.Run("PLAT-57 a file behind a log-in", func(t *testing.T) {
		store := shelf{crawl.File: {
			{URL: base + "/files/1.xlsx", Status: 200, Size: 5, Final: base + "/user/login/?to=1", Referrer: base + "/on"},
			{URL: base + "/files/2.xlsx", Status: 200, Size: 5, Final: base + "/files/catalogin/2.xlsx", Referrer: base + "/on"},
		}}
		got, err := onpage.Links(context.Background(), store, nil, fact.Site{Start: base})
		if err != nil || len(got) != 1 || says(got[0]) != "PLAT-57 要求登录 FAIL" || got[0].URL != base+"/files/1.xlsx" {
			t.Errorf("%+v %v", got, err)
		}
	})
	t.Run("WEB-53 forms of a service guide", func(t *testing.T) {
		l := onpage.New(fact.Site{Start: base}, nil, t0)
		l.Page(&fact.Page{URL: base + "/guide", Status: 200, Read: &fact.Reading{Kind: fact.Guide, Heading: "申领居住证", Links: []fact.Link{
			{URL: base + "/b.doc", Text: "居住证申请表", Element: "a", Place: fact.InBody}, {URL: base + "/s.doc", Text: "居住证申请表（样表）", Element: "a", Place: fact.InBody},
		}}})
		store := shelf{crawl.File: {
			{URL: base + "/b.doc", Status: 200, Size: 5, Hash: "same", Referrer: base + "/guide"}, {URL: base + "/s.doc", Status: 200, Size: 5, Hash: "same", Referrer: base + "/guide"},
		}}
		got, err := l.Links(context.Background(), store, nil)
		if err != nil || len(got) != 1 || says(got[0]) != "WEB-53 样表 FAIL" || got[0].Indicator != "D2.6" {
			t.Errorf("%+v %v", got, err)
		}
		store[crawl.File][1].Hash, store[crawl.File][0].Size = "other", 0
		if got, err = l.Links(context.Background(), store, nil); err != nil || len(got) != 1 || says(got[0]) != "WEB-53 空文件 FAIL" {
			t.Errorf("%+v %v", got, err)
		}
	})
	t.Run("WEB-81 many links to one host that asks to be left alone", func(t *testing.T) {
		store := shelf{}
		for i := range 100 {
			store[crawl.Outside] = append(store[crawl.Outside], &fact.Page{URL: fmt.Sprintf("http://w.example.com/%d", i), Status: 429, Failure: fact.Refused})
		}
		if got, _ := onpage.Links(context.Background(), store, nil, fact.Site{Start: base}); len(got) != 21 {
			t.Errorf("%d", len(got))
		}
	})
}

// TestBound: what is kept does not grow with the number of pages.
func TestBound(t *testing.T) {
	l := onpage.New(fact.Site{Start: base}, nil, t0)
	p := facts(t, page{url: "/notice/t20260621_1.html", body: strings.Replace(item(), "二、检查分", `<img src="/upload/1.jpg">二、检查分`, 1)})
	links := p.Read.Links
	for i := range 30_000 {
		p.URL = fmt.Sprintf("%s/notice/t%d.html", base, i)
		p.Read.Meta = map[string]string{"SiteName": "甲", "ArticleTitle": ""}
		p.Read.Links = append(links[:len(links):len(links)], fact.Link{URL: fmt.Sprintf("http://s%d.example.com/a.js", i), Element: "script"}, fact.Link{URL: fmt.Sprintf("http://10.0.%d.%d/", i/200, i%200), Element: "a"})
		l.Page(p)
	}
	if n := len(l.End()); n == 0 || n > 12_000 {
		t.Errorf("%d findings", n)
	}
}

func BenchmarkPage(b *testing.B) {
	for _, c := range []struct {
		name   string
		engine *check.Engine
	}{{"facts", nil}, {"texts", engine(b)}} {
		b.Run(c.name, func(b *testing.B) {
			l := onpage.New(fact.Site{Start: base}, c.engine, t0)
			p := facts(b, page{url: "/notice/t20260621_1.html", body: item()})
			for b.Loop() {
				l.Page(p)
			}
		})
	}
}
