package read

import (
	"strings"
	"testing"

	"gongkai/area/inspect/fact"
)

// TestOwnPart: what belongs to the page, where its words are few or like a footer's.
func TestOwnPart(t *testing.T) {
	const foot = `<div class="footer"><p>主办单位：云岭区人民政府办公室　联系电话：023-63001234</p><p>网站标识码：5001030001 <a href="https://beian.miit.gov.cn/">渝ICP备12345678号</a></p></div>`
	menu := `<div class="menu"><a href="/">首页</a><a href="/yw/">要闻</a><a href="/tz/">公告</a><a href="/bs/">服务</a><a href="/hd/">互动</a></div>`
	page := func(body string) string {
		return `<html><head><title>联系我们_云岭区人民政府</title></head><body>` + menu + body + foot + `</body></html>`
	}
	reading := func(body string) *fact.Reading {
		r, err := Page("http://www.yl.gov.cn/lx/", []byte(body), Hints{})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	t.Run("a page about how to reach the office is no footer", func(t *testing.T) {
		r := reading(page(`<div class="main"><div>当前位置：<a href="/">首页</a> &gt; <a href="/lx/">联系我们</a></div><div class="content"><p>主办单位：云岭区人民政府办公室</p><p>地址：新华路66号</p><p>电子邮箱：zfb@yl.gov.cn</p><p>承办单位：云岭区信息中心</p><p>工作时间：工作日上午8:30至12:00，下午14:00至17:30，节假日由值班人员接听电话</p></div></div>`))
		if r.Words < 30 || !strings.Contains(r.Text, "承办单位") || r.Marks.SiteCode != "5001030001" {
			t.Errorf("%d %q %+v", r.Words, r.Text, r.Marks)
		}
	})
	t.Run("a footer in two parts behind a list", func(t *testing.T) {
		r := reading(page(`<div>当前位置：<a href="/">首页</a> &gt; <a href="/tz/">通知公告</a></div><ul><li><a href="/tz/1.html">关于做好安全生产检查工作的通知</a><span>2026-06-20</span></li><li><a href="/tz/2.html">关于做好防汛抗旱准备工作的通知</a><span>2026-06-18</span></li><li><a href="/tz/3.html">关于开展秋季义务植树活动的通知</a><span>2026-06-16</span></li></ul><div><p>主办单位：云岭区人民政府办公室 版权所有</p></div>`))
		if strings.Contains(r.Text, "主办单位") {
			t.Errorf("%q", r.Text)
		}
	})
	t.Run("WEB-83 a list that a script fills, beside nothing but menus", func(t *testing.T) {
		r := reading(page(`<div class="w"><div class="location"><a href="/">首页</a><i>/</i><a href="/xw/">新闻中心</a><i>/</i><a href="/xw/yw/">要闻动态</a></div><aside><a href="/xw/yw/">要闻动态</a><a href="/xw/bm/">部门动态</a><a href="/xw/xz/">乡镇动态</a></aside><div class="bd"><ul class="news" id="newslist"></ul></div><script>fetch("/api/2").then(function(r){return r.json()}).then(function(d){document.getElementById("newslist").innerHTML=d.html});</script></div>`))
		if !r.Scripted || len(r.Breadcrumb) != 2 {
			t.Errorf("scripted %v, breadcrumb %q", r.Scripted, r.Breadcrumb)
		}
	})
}
