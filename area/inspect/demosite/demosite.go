// Package demosite is the website of the demonstration district: small, whole,
// and in a state in which some measures of the plan are met and some are not, so
// that inspections and proof rules have something real to look at. It is served
// apart from the house, like any other website.
package demosite

import (
	"fmt"
	"html"
	"net/http"
	"strings"

	"gongkai/kernel/calendar"
)

// Address is where `gongkai demo-site` serves it.
const Address = "127.0.0.1:8091"

// Name of the site, and its code in the national register.
const (
	Name = "江州市江澄区人民政府"
	Code = "5001030007"
)

// column is a column with what stands in it.
type column struct {
	dir, name, kind string
	items           []item
}

// item is an article, so many days old.
type item struct {
	title, unit string
	age         int
	body        []string
	attachment  string
	link        [2]string // text and address
}

func columns() []column {
	return []column{
		{"gzdt", "工作动态", "工作动态", []item{
			{title: "全区政务公开工作推进会召开", unit: "区政府办公室", age: 2, body: []string{"会议总结了上半年政务公开工作，部署了下一阶段的重点任务。", "会议要求，各单位要对照任务分工逐项落实，及时公开进展。"}},
			{title: "区领导到政务服务大厅调研", unit: "区政府办公室", age: 5, body: []string{"区领导一行察看了综合窗口和自助服务区，与办事群众交流。"}},
			{title: "春季就业服务进园区活动举行", unit: "区人力社保局", age: 9, body: []string{"活动现场设置政策咨询台，发放就业补贴办事指南。"}},
		}},
		{"tzgg", "通知公告", "通知公告", []item{
			{title: "关于开展行政规范性文件清理的通知", unit: "区司法局", age: 12, body: []string{"各街道办事处、区政府各部门：", "现就本年度行政规范性文件清理工作通知如下：请于本月底前报送清理目录。", "联系电话：023-63310012。"}, attachment: "行政规范性文件清理目录表.txt"},
			{title: "关于公布减税降费政策咨询点的公告", unit: "区税务局", age: 30, body: []string{"为方便纳税人了解税费优惠政策，现将咨询点公布如下。联系电话：023-63310088。"}},
		}},
		{"zcwj", "政策文件", "政策文件", []item{
			{title: "江澄区人民政府办公室关于印发助企纾困若干措施的通知", unit: "区政府办公室", age: 40, body: []string{"各街道办事处、区政府各部门：", "《助企纾困若干措施》已经区政府同意，现印发给你们，请认真贯彻执行。"}, link: [2]string{"《助企纾困若干措施》政策解读", "/zcjd/1.html"}},
			{title: "江澄区人民政府办公室关于印发就业补贴实施细则的通知", unit: "区人力社保局", age: 75, body: []string{"各街道办事处、区政府各部门：", "现将《就业补贴实施细则》印发给你们，请遵照执行。"}},
		}},
		{"zcjd", "政策解读", "政策解读", []item{
			{title: "《助企纾困若干措施》政策解读", unit: "区政府办公室", age: 39, body: []string{"一、出台背景。为落实上级部署，帮助企业渡过难关，区政府办公室起草了若干措施。", "二、主要内容。措施共八条，涵盖减免、补贴、融资和用工。"}, link: [2]string{"江澄区人民政府办公室关于印发助企纾困若干措施的通知", "/zcwj/1.html"}},
		}},
		{"ghjh", "计划报告", "规划信息", []item{
			{title: "关于江澄区国民经济和社会发展计划执行情况与下一年度计划草案的报告", unit: "区发展改革委", age: 100, body: []string{"一、上年度计划执行情况。全区主要指标完成情况良好。", "二、本年度计划草案和主要任务。"}, attachment: "主要指标计划表.txt"},
		}},
		{"jsjf", "减税降费", "专题", []item{
			{title: "税费优惠政策指南", unit: "区税务局", age: 20, body: []string{"本指南汇总了小微企业、个体工商户适用的税费优惠政策，供纳税人查询。联系电话：023-63310088。"}, attachment: "税费优惠政策指南.txt"},
		}},
		{"yjzj", "意见征集", "征集调查", []item{
			{title: "关于《江澄区停车场管理办法（征求意见稿）》公开征求意见的公告", unit: "区司法局", age: 60, body: []string{"为提高决策质量，现就《江澄区停车场管理办法（征求意见稿）》公开征求意见。", "征求意见时间：%[1]s至%[2]s。", "意见可以通过电子邮件或者电话反馈。联系电话：023-63310012。"}, attachment: "停车场管理办法征求意见稿.txt", link: [2]string{"关于停车场管理办法征求意见采纳情况的反馈", "/yjzj/2.html"}},
			{title: "关于停车场管理办法征求意见采纳情况的反馈", unit: "区司法局", age: 20, body: []string{"征求意见期间共收到意见12条，采纳8条，未采纳4条。未采纳的意见主要与上位法不一致。"}},
		}},
	}
}

// Handler serves the site as it stands on a day. Two things are wrong with it: the
// column 政府采购 is empty, and a link of the home page leads nowhere.
func Handler(today func() calendar.Date) http.Handler {
	mux := http.NewServeMux()
	list := columns()
	for _, c := range list {
		mux.HandleFunc("GET /"+c.dir+"/{$}", func(w http.ResponseWriter, _ *http.Request) { page(w, c.name, c.kind, columnPage(c, today())) })
		for n, it := range c.items {
			at := fmt.Sprintf("/%s/%d.html", c.dir, n+1)
			mux.HandleFunc("GET "+at, func(w http.ResponseWriter, _ *http.Request) { itemPage(w, c, it, today()) })
			if it.attachment != "" {
				mux.HandleFunc("GET "+fmt.Sprintf("/%s/file/%d.txt", c.dir, n+1), func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "text/plain; charset=utf-8")
					fmt.Fprintf(w, "%s\r\n序号,内容\r\n1,演示数据\r\n", it.title)
				})
			}
		}
	}
	mux.HandleFunc("GET /zfcg/{$}", func(w http.ResponseWriter, _ *http.Request) {
		page(w, "政府采购", "政府采购", `<div class="crumb">您的位置：<a href="/">首页</a> &gt; 政府采购</div><ul class="list"></ul><p>暂无信息</p>`)
	})
	mux.HandleFunc("GET /map.html", func(w http.ResponseWriter, _ *http.Request) {
		var b strings.Builder
		b.WriteString("<h1>网站地图</h1><ul>")
		for _, c := range list {
			fmt.Fprintf(&b, `<li><a href="/%s/">%s</a></li>`, c.dir, c.name)
		}
		page(w, "网站地图", "", b.String()+"</ul>")
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { page(w, "", "", home(list, today())) })
	return mux
}

func home(list []column, today calendar.Date) string {
	var b strings.Builder
	for _, c := range list {
		fmt.Fprintf(&b, `<section><h2><a href="/%s/">%s</a></h2><ul class="list">`, c.dir, c.name)
		for n, it := range c.items {
			fmt.Fprintf(&b, `<li><a href="/%s/%d.html">%s</a><span>%s</span></li>`, c.dir, n+1, html.EscapeString(it.title), today.Add(-it.age))
		}
		b.WriteString("</ul></section>")
	}
	b.WriteString(`<p><a href="/ztzl/2021/index.html">去年的专题</a></p>`)
	return b.String()
}

func columnPage(c column, today calendar.Date) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<div class="crumb">您的位置：<a href="/">首页</a> &gt; %s</div><h1>%[1]s</h1><ul class="list">`, c.name)
	for n, it := range c.items {
		fmt.Fprintf(&b, `<li><a href="/%s/%d.html">%s</a><span>%s</span></li>`, c.dir, n+1, html.EscapeString(it.title), today.Add(-it.age))
	}
	b.WriteString("</ul>")
	return b.String()
}

func itemPage(w http.ResponseWriter, c column, it item, today calendar.Date) {
	day := today.Add(-it.age)
	var b strings.Builder
	fmt.Fprintf(&b, `<div class="crumb">您的位置：<a href="/">首页</a> &gt; <a href="/%s/">%s</a> &gt; 正文</div><h1>%s</h1><p class="info">发布时间：%s 09:00　来源：%s</p><div class="content">`,
		c.dir, c.name, html.EscapeString(it.title), day, it.unit)
	for _, line := range it.body {
		if strings.Contains(line, "%[1]s") {
			line = fmt.Sprintf(line, day.Chinese(), day.Add(31).Chinese())
		}
		fmt.Fprintf(&b, "<p>%s</p>", html.EscapeString(line))
	}
	if it.attachment != "" {
		n := 0
		for i, one := range c.items {
			if one.title == it.title {
				n = i + 1
			}
		}
		fmt.Fprintf(&b, `<p>附件：<a href="/%s/file/%d.txt">%s</a></p>`, c.dir, n, it.attachment)
	}
	if it.link[0] != "" {
		fmt.Fprintf(&b, `<p>相关链接：<a href="%s">%s</a></p>`, it.link[1], html.EscapeString(it.link[0]))
	}
	b.WriteString("</div>")
	head := fmt.Sprintf(`<meta name="ArticleTitle" content="%s"><meta name="PubDate" content="%s 09:00"><meta name="ContentSource" content="%s">`, html.EscapeString(it.title), day, it.unit)
	write(w, it.title, tags(c.name, c.kind)+head, b.String())
}

func tags(name, kind string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf(`<meta name="ColumnName" content="%s"><meta name="ColumnDescription" content="%[1]s栏目"><meta name="ColumnKeywords" content="%[1]s,江澄区"><meta name="ColumnType" content="%s">`, name, kind)
}

func page(w http.ResponseWriter, name, kind, body string) {
	if kind == "" {
		write(w, name, "", body)
		return
	}
	write(w, name, tags(name, kind), body)
}

func write(w http.ResponseWriter, title, head, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if title != "" {
		title += "-"
	}
	var nav strings.Builder
	for _, c := range columns() {
		fmt.Fprintf(&nav, `<li><a href="/%s/">%s</a></li>`, c.dir, c.name)
	}
	fmt.Fprintf(w, `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>%s%s</title><meta name="SiteName" content="%s"><meta name="SiteDomain" content="%s"><meta name="SiteIDCode" content="%s">%s</head>
<body><header><a href="/">%s</a><nav class="nav"><ul><li><a href="/">首页</a></li>%s<li><a href="/zfcg/">政府采购</a></li></ul></nav></header>
<main>%s</main>
<footer class="footer"><p>主办单位：江澄区人民政府办公室　联系电话：023-63310001　网站标识码：%s　<a href="/map.html">网站地图</a></p></footer></body></html>`,
		html.EscapeString(title), Name, Name, Address, Code, head, Name, nav.String(), body, Code)
}
