package read

import (
	"strings"
	"testing"

	"gongkai/area/inspect/fact"
)

func TestLetters(t *testing.T) {
	const url = "http://www.yl.gov.cn/hdjl/xj/101.html"
	question := "您好，我住在东湖社区，想问一下社区食堂什么时候开始对外营业，需要办什么手续，谢谢。"
	answer := "您好，来信收悉。东湖社区食堂计划于七月中旬开始营业，六十岁以上老人凭身份证即可办理就餐卡，欢迎前来咨询。"
	for name, body := range map[string]string{
		"cells":            `<table><tr><td>来信标题</td><td>社区食堂何时营业</td></tr><tr><td>来信时间</td><td>2026-06-01</td></tr><tr><td>来信内容</td><td>` + question + `</td></tr><tr><td>办理状态</td><td>已答复</td></tr><tr><td>答复单位</td><td>区民政局</td></tr><tr><td>答复时间</td><td>2026-06-03</td></tr><tr><td>答复内容</td><td>` + answer + `</td></tr></table>`,
		"a line of labels": `<h2>社区食堂何时营业</h2><p>来信人：李** 来信时间：2026-06-01 状态：已答复</p><div>来信内容：<p>` + question + `</p></div><div><p>回复单位：区民政局　回复时间：2026年6月3日</p><p>回复内容：</p><p>` + answer + `</p></div>`,
		"dl":               `<dl><dt>咨询时间：</dt><dd>2026-06-01 09:20</dd><dt>咨询内容：</dt><dd>` + question + `</dd><dt>处理状态</dt><dd>已答复</dd><dt>答复部门：</dt><dd>区民政局</dd><dt>答复日期：</dt><dd>2026-06-03</dd><dt>答复内容：</dt><dd>` + answer + `</dd></dl>`,
	} {
		t.Run("WEB-57 a letter: "+name, func(t *testing.T) {
			r := page1(t, url, doc("<title>社区食堂何时营业-区长信箱</title>", `<div>当前位置：<a href="/">首页</a> &gt; <a href="/hdjl/">互动交流</a> &gt; <a href="/hdjl/xj/">区长信箱</a></div>`+body))
			if len(r.Letters) != 1 {
				t.Fatalf("%s %+v", r.Kind, r.Letters)
			}
			l := r.Letters[0]
			if l.Asked.Format("0102") != "0601" || l.Answered.Format("0102") != "0603" || l.Unit != "区民政局" || l.State != "已答复" || l.Answer != answer {
				t.Errorf("%+v", l)
			}
		})
	}
	t.Run("WEB-25 a letter without an answer", func(t *testing.T) {
		r := page1(t, url, doc("<title>路灯不亮</title>", `<h1>路灯不亮</h1><p>写信时间：2026-03-01</p><p>办理状态：办理中</p><p>信件内容：`+question+`</p>`))
		if len(r.Letters) != 1 || !r.Letters[0].Answered.IsZero() || r.Letters[0].Answer != "" || r.Letters[0].State != "办理中" {
			t.Errorf("%+v", r.Letters)
		}
	})
	row := func(url, line string) string {
		return strings.NewReplacer("URL", url).Replace(line)
	}
	for name, c := range map[string]struct{ before, line, after string }{
		"labelled":     {"<ul>", `<li><a href="URL">关于社区食堂什么时候营业的问题</a><span>来信时间：2026-06-01</span><span>答复时间：2026-06-03</span><em>已答复</em></li>`, "</ul>"},
		"under a head": {"<table><tr><th>标题</th><th>来信时间</th><th>回复时间</th><th>状态</th></tr>", `<tr><td><a href="URL">关于社区食堂什么时候营业的问题</a></td><td>2026-06-01</td><td>2026-06-03</td><td>已答复</td></tr>`, "</table>"},
	} {
		t.Run("WEB-56 a list of letters: "+name, func(t *testing.T) {
			r := page1(t, "http://www.yl.gov.cn/hdjl/xj/", doc("<title>区长信箱</title>", `<h2>区长信箱</h2>`+c.before+row("1.html", c.line)+row("2.html", c.line)+row("3.html", c.line)+row("4.html", c.line)+c.after))
			if len(r.Letters) != 4 {
				t.Fatalf("%s %+v", r.Kind, r.Letters)
			}
			l := r.Letters[1]
			if l.Asked.Format("0102") != "0601" || l.Answered.Format("0102") != "0603" || !strings.Contains(l.State, "已答复") || !strings.HasSuffix(l.URL, "2.html") {
				t.Errorf("%+v", l)
			}
		})
	}
	t.Run("news has no letters", func(t *testing.T) {
		r := page1(t, url, doc("<title>要闻</title>", `<h1>区领导接听热线</h1><p>发布时间：2026-06-01 来源：区融媒体中心</p>`+long))
		if len(r.Letters) > 0 || r.Kind != fact.Content {
			t.Errorf("%+v", r.Letters)
		}
	})
}
