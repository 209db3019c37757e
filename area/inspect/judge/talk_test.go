package judge

import (
	"fmt"
	"strings"
	"testing"

	"gongkai/area/inspect/fact"
)

// a form that takes a message.
var messageForm = fact.Form{Method: "POST", Fields: []string{"title 来信标题", "content 来信内容", "name 姓名"}}

// letterOf adds the page of a letter.
func (w *world) letterOf(path, asked, answered, answer string, crumb ...string) {
	l := fact.Letter{Title: "关于" + path, Asked: moment(asked), Answer: answer}
	if answered != "" {
		l.Answered = moment(answered)
	}
	w.page(path, 2, &fact.Reading{Kind: fact.Mailbox, Heading: "关于" + path, Breadcrumb: append([]string{"互动交流"}, crumb...), Letters: []fact.Letter{l}})
}

const goodAnswer = "您好，来信收悉。经核实，路灯已于昨日修复，后续将加强巡查，如有问题请拨打我局电话，感谢您的关心和支持。"

func TestChannel(t *testing.T) {
	t.Run("WEB-24 only petitions and discipline", func(t *testing.T) {
		w := begin("信访举报 xf/", "纪检举报 jj/")
		r := w.judge(t)
		wantState(t, r, "V5.1", fact.Proposed)
		only(t, r, "WEB-24", "/")
	})
	t.Run("WEB-24 a message form", func(t *testing.T) {
		w := begin("区长信箱 xx/")
		w.page("xx/", 1, &fact.Reading{Kind: fact.Mailbox, Heading: "区长信箱", Forms: []fact.Form{messageForm}})
		wantState(t, w.judge(t), "V5.1", fact.Pass)
	})
	t.Run("WEB-24 a form for petitions is none", func(t *testing.T) {
		w := begin()
		w.page("xf/", 1, &fact.Reading{Kind: fact.Mailbox, Heading: "网上信访信箱", Forms: []fact.Form{messageForm}})
		wantState(t, w.judge(t), "V5.1", fact.Proposed)
	})
	t.Run("a channel elsewhere is for a person to try", func(t *testing.T) {
		w := begin("咨询投诉 http://12345.example.gov.cn/")
		wantState(t, w.judge(t), "V5.1", fact.NotDecided)
	})
}

func TestUnanswered(t *testing.T) {
	for _, c := range []struct {
		name, asked, crumb string
		want               fact.State
	}{
		{"WEB-25 of 2026-03-29", "2026-03-29", "区长信箱", fact.Proposed},
		{"WEB-25 of 2026-03-31", "2026-03-31", "区长信箱", fact.Pass},
		{"WEB-25 of 2025-06-01, outside one year", "2025-06-01", "区长信箱", fact.Pass},
		{"WEB-25 in a consultation column", "2026-03-29", "征求意见征集", fact.NotDecided},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := begin()
			w.letterOf("xx/1.html", c.asked, "", "", c.crumb)
			wantState(t, w.judge(t), "V5.2", c.want)
		})
	}
	t.Run("WEB-25 a list that says 已答复", func(t *testing.T) {
		w := begin()
		w.page("xx/", 1, &fact.Reading{Kind: fact.Mailbox, Heading: "区长信箱", Letters: []fact.Letter{
			{URL: at("xx/1.html"), Asked: moment("2026-03-01"), State: "已答复"}, {URL: at("xx/2.html"), Asked: moment("2026-03-01"), State: "办理中"}, {URL: at("xx/3.html"), Asked: moment("2026-03-01")}}})
		only(t, w.judge(t), "WEB-25", "xx/2.html")
	})
	t.Run("WEB-25 what a letter's own page says goes before the list", func(t *testing.T) {
		w := begin()
		w.page("xx/", 1, &fact.Reading{Kind: fact.Mailbox, Heading: "区长信箱", Letters: []fact.Letter{{URL: at("xx/2.html"), Asked: moment("2026-03-01"), State: "办理中"}}})
		w.letterOf("xx/2.html", "2026-03-01", "2026-03-05", goodAnswer, "区长信箱")
		only(t, w.judge(t), "WEB-25")
	})
}

func TestAnswers(t *testing.T) {
	site := func(answered string, stats bool) *world {
		w := begin("区长信箱 xx/")
		w.page("xx/", 1, &fact.Reading{Kind: fact.Mailbox, Heading: "区长信箱", Text: "来信一般在5个工作日内答复。", Forms: []fact.Form{messageForm}})
		w.letterOf("xx/1.html", "2026-04-01", answered, goodAnswer, "区长信箱")
		if stats {
			w.page("xx/tj.html", 2, &fact.Reading{Kind: fact.Other, Heading: "信件统计", Breadcrumb: []string{"互动交流", "信件统计"}})
		}
		return w
	}
	t.Run("WEB-56 the newest answer is 2 months and 1 day old", func(t *testing.T) {
		r := site("2026-04-29", true).judge(t)
		wantState(t, r, "D3.3", fact.Fail)
		only(t, r, "WEB-56", "xx/")
	})
	t.Run("WEB-56 a newer answer", func(t *testing.T) {
		w := site("2026-04-03", true)
		w.letterOf("xx/2.html", "2026-05-01", "2026-05-02", goodAnswer, "区长信箱")
		wantState(t, w.judge(t), "D3.3", fact.Pass)
	})
	t.Run("WEB-56 no statistics", func(t *testing.T) {
		w := site("2026-04-03", false)
		w.letterOf("xx/2.html", "2026-05-01", "2026-05-02", goodAnswer, "区长信箱")
		r := w.judge(t)
		wantState(t, r, "D3.3", fact.Fail)
		if f := found(r, "WEB-56"); len(f) != 1 || f[0].Key != "统计" {
			t.Errorf("%+v", f)
		}
	})
	t.Run("WEB-57 only handed on", func(t *testing.T) {
		w := site("2026-04-03", true)
		w.letterOf("xx/2.html", "2026-05-11", "2026-05-12", "您好，您反映的问题已转相关部门处理，感谢您的来信和对我们工作的支持。", "区长信箱")
		r := w.judge(t)
		only(t, r, "WEB-57", "xx/2.html")
		wantState(t, r, "D3.4", fact.Proposed)
	})
	t.Run("WEB-57 on working day 6 with a promise of 5", func(t *testing.T) {
		w := site("2026-04-03", true)
		w.letterOf("xx/2.html", "2026-05-11", "2026-05-19", goodAnswer, "区长信箱")
		w.letterOf("xx/3.html", "2026-05-11", "2026-05-18", goodAnswer, "区长信箱")
		r := w.judge(t)
		only(t, r, "WEB-57", "xx/2.html")
		wantState(t, r, "D3.4", fact.Fail)
	})
	t.Run("WEB-55 two log-in services", func(t *testing.T) {
		w := begin("登录 http://www.yl.gov.cn/uc/login.html", "区长信箱 xx/")
		only(t, w.judge(t), "WEB-55")
		w.home().Links = append(w.home().Links, fact.Link{URL: "http://zwfw.qs.gov.cn/sso/login?to=1", Text: "用户登录", Element: "a"})
		only(t, w.judge(t), "WEB-55", "/")
	})
	t.Run("without any channel there is one finding", func(t *testing.T) {
		r := begin().judge(t)
		only(t, r, "WEB-24", "/")
		only(t, r, "WEB-56")
	})
}

func TestConsultations(t *testing.T) {
	site := func(n int, text string) *world {
		w := begin("意见征集 zj/")
		for i := range n {
			title := fmt.Sprintf("关于《云岭区%c类设施管理办法（征求意见稿）》公开征求意见的公告", 'A'+i)
			p := w.item(fmt.Sprintf("zj/%d.html", i), title, "2026-01-05")
			p.Read.Breadcrumb = []string{"意见征集"}
			p.Read.Text = title + text
			q := w.item(fmt.Sprintf("zj/j%d.html", i), fmt.Sprintf("《云岭区%c类设施管理办法（征求意见稿）》意见征集结果反馈", 'A'+i), "2026-03-05")
			q.Read.Breadcrumb = []string{"意见征集"}
		}
		return w
	}
	const online = "征求意见时间为2026年1月5日至2026年2月9日，可登录本网站在线提交意见。"
	t.Run("WEB-70 six online consultations with results", func(t *testing.T) {
		r := site(6, online).judge(t)
		wantState(t, r, "B4", fact.Pass)
		only(t, r, "NORM-32")
		only(t, r, "DEC-06")
	})
	t.Run("WEB-70 five", func(t *testing.T) { wantState(t, site(5, online).judge(t), "B4", fact.Fail) })
	t.Run("WEB-70 six by e-mail only", func(t *testing.T) {
		wantState(t, site(6, "请于2026年2月9日前将意见发送到电子邮箱 a@yl.gov.cn。").judge(t), "B4", fact.Fail)
	})
	call := func(text string) *world {
		w := begin("意见征集 zj/")
		p := w.item("zj/1.html", "关于《云岭区停车管理办法》公开征求意见的公告", "2026-03-02")
		p.Read.Breadcrumb, p.Read.Text = []string{"意见征集"}, text
		return w
	}
	t.Run("NORM-32 ended without a result", func(t *testing.T) {
		only(t, call("征求意见截止时间：2026年4月10日。").judge(t), "NORM-32", "zj/1.html")
	})
	t.Run("NORM-32 just ended, or the page tells the result", func(t *testing.T) {
		only(t, call("征求意见截止时间：2026年6月20日。").judge(t), "NORM-32")
		only(t, call("征求意见截止时间：2026年4月10日。意见采纳情况：共收到意见3条。").judge(t), "NORM-32")
	})
	t.Run("DEC-06 less than thirty days", func(t *testing.T) {
		only(t, call("征求意见时间：2026年3月2日至2026年3月12日。").judge(t), "DEC-06", "zj/1.html")
		only(t, call("征求意见时间：2026年3月2日至2026年3月12日。因情况紧急，期限缩短为10日。").judge(t), "DEC-06")
	})
}

func TestLogins(t *testing.T) {
	form := fact.Form{Method: "POST", Fields: []string{"u 用户名", "p 密码"}}
	a := func(text, path string) fact.Link {
		return fact.Link{URL: at(path), Text: text, Element: "a", Place: fact.InBody}
	}
	for _, c := range []struct {
		name  string
		build func(w *world)
		want  bool
	}{
		{"two services", func(w *world) {
			w.page("c12/list.html", 1, &fact.Reading{Kind: fact.Other, Heading: "用户登录", Forms: []fact.Form{form}})
			w.page("hd/", 2, &fact.Reading{Kind: fact.Mailbox, Heading: "我要留言", Links: []fact.Link{a("登录互动平台", "hd/member/login.html")}})
		}, true},
		{"one service with two doors", func(w *world) {
			w.home().Links = append(w.home().Links, a("个人登录", "sso/login?type=1"), a("法人登录", "sso/login?type=2"))
		}, false},
		{"the login of those who write the site", func(w *world) {
			w.home().Links = append(w.home().Links, a("登录", "sso/login"))
			w.page("admin/", 2, &fact.Reading{Kind: fact.Other, Heading: "后台管理系统登录", Forms: []fact.Form{form}})
		}, false},
		{"an item about logging in", func(w *world) {
			w.home().Links = append(w.home().Links, a("登录", "sso/login"))
			w.item("yw/1.html", "关于统一身份认证登录方式调整的通知", "2026-06-29").Read.Forms = []fact.Form{form}
		}, false},
	} {
		t.Run("WEB-55 "+c.name, func(t *testing.T) {
			w := begin()
			c.build(w)
			if c.want {
				only(t, w.judge(t), "WEB-55", "/")
			} else {
				only(t, w.judge(t), "WEB-55")
			}
		})
	}
}

func TestCaptcha(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(r *fact.Reading)
		want   []string
	}{
		{"a picture", func(*fact.Reading) {}, []string{"hd/a/"}},
		{"a picture and a voice", func(r *fact.Reading) {
			r.Links = append(r.Links, fact.Link{URL: at("yy.mp3"), Text: "语音验证码", Element: "a"})
		}, nil},
		{"a message to the telephone", func(r *fact.Reading) { r.Forms[0].Fields = append(r.Forms[0].Fields, "sms 短信验证码") }, nil},
		{"a sum in words", func(r *fact.Reading) { r.Links = nil }, nil},
		{"no code", func(r *fact.Reading) { r.Forms[0].Captcha = false }, nil},
	} {
		t.Run("NORM-53 "+c.name, func(t *testing.T) {
			w := begin()
			for _, path := range []string{"hd/a/", "hd/b/"} { // the same code on two forms is one
				r := &fact.Reading{Kind: fact.Mailbox, Heading: "我要留言", Forms: []fact.Form{{Method: "POST", Fields: []string{"name 姓名", "yzm 验证码"}, Captcha: true}},
					Links: []fact.Link{{URL: at("hd/captcha.png?r=" + path), Text: "验证码", Element: "img"}}}
				c.change(r)
				w.page(path, 2, r)
			}
			only(t, w.judge(t), "NORM-53", c.want...)
		})
	}
}

func TestInterviews(t *testing.T) {
	site := func(after string) *world {
		w := begin()
		for i, title := range []string{"访谈预告：区教育局负责人谈义务教育", "访谈实录：区医保局负责人谈医保服务", after} {
			if title == "" {
				continue
			}
			p := w.item(fmt.Sprintf("ft/%d.html", i), title, "2026-05-03")
			p.Read.Breadcrumb = []string{"互动交流", "在线访谈"}
			p.Read.Text = "访谈时间：2026年5月10日15:00\n主持人：您好\n嘉宾：大家好"
		}
		return w
	}
	t.Run("NORM-33 announced and never held", func(t *testing.T) { only(t, site("").judge(t), "NORM-33", "ft/0.html") })
	t.Run("NORM-33 held", func(t *testing.T) {
		only(t, site("区教育局负责人谈义务教育（访谈实录）").judge(t), "NORM-33")
	})
	t.Run("NORM-33 still ahead", func(t *testing.T) {
		w := site("")
		w.pages[1].Read.Text = "访谈时间：2026年6月29日15:00"
		only(t, w.judge(t), "NORM-33")
	})
}

func TestReadOnlyMailbox(t *testing.T) {
	site := func() *world {
		w := begin("区长信箱 xx/", "网上信访 https://wsxf.example.cn/")
		r := &fact.Reading{Kind: fact.Mailbox, Heading: "区长信箱", Breadcrumb: []string{"互动交流", "区长信箱"}}
		for i := range 3 {
			r.Letters = append(r.Letters, fact.Letter{URL: at(fmt.Sprintf("xx/%d.html", i)), Title: "咨询医保缴费时限", Asked: moment("2026-06-20"), Answered: moment("2026-06-22")})
			r.Links = append(r.Links, fact.Link{URL: at(fmt.Sprintf("xx/%d.html", i)), Text: "咨询医保缴费时限", Element: "a", Place: fact.InList})
		}
		w.page("xx/", 1, r)
		return w
	}
	t.Run("WEB-24 letters to read and nowhere to write", func(t *testing.T) { only(t, site().judge(t), "WEB-24", "/") })
	t.Run("WEB-24 a button that a script serves", func(t *testing.T) {
		w := site()
		w.pages[1].Read.Text = "我要写信\n信件选登"
		only(t, w.judge(t), "WEB-24")
	})
	for _, l := range []fact.Link{{URL: at("xx/write"), Text: "我要写信", Element: "a", Place: fact.InOther}, {URL: "https://ly.example.cn/", Text: "区长信箱", Element: "a", Place: fact.InNav}, {URL: at("login"), Text: "登录", Element: "a", Place: fact.InOther}} {
		t.Run("WEB-24 "+l.Text+" "+l.URL, func(t *testing.T) {
			w := site()
			w.pages[1].Read.Links = append(w.pages[1].Read.Links, l)
			only(t, w.judge(t), "WEB-24")
		})
	}
}

func TestServiceEntrance(t *testing.T) {
	for text, want := range map[string]fact.State{"便民服务点全面开放": fact.Proposed, "建立重点企业服务专员制度": fact.Proposed, "政务服务网": fact.Pass, "办事服务": fact.Pass} {
		t.Run("WEB-26 "+text, func(t *testing.T) {
			w := begin()
			w.home().Links = append(w.home().Links, fact.Link{URL: at("x.html"), Text: text, Element: "a", Place: fact.InOther})
			wantState(t, w.judge(t), "V6.1", want)
		})
	}
}

func TestServices(t *testing.T) {
	full := func() map[string]string {
		m := map[string]string{}
		for _, e := range elements {
			m[e] = "内容"
		}
		return m
	}
	site := func(guides, missing int) *world {
		w := begin("办事服务 bs/")
		w.page("bs/", 1, &fact.Reading{Kind: fact.Section, Heading: "办事服务", Text: "个人办事 法人办事"})
		for i := range guides {
			g := full()
			for _, e := range elements[len(elements)-missing:] {
				delete(g, e)
			}
			w.page(fmt.Sprintf("bs/%d.html", i), 3, &fact.Reading{Kind: fact.Guide, Heading: fmt.Sprintf("事项%c", 'A'+i), Guide: g})
		}
		return w
	}
	t.Run("WEB-26 no service entrance", func(t *testing.T) {
		r := begin().judge(t)
		wantState(t, r, "V6.1", fact.Proposed)
		only(t, r, "WEB-26", "/")
		only(t, r, "WEB-48")
		only(t, r, "WEB-50")
	})
	for _, c := range []struct {
		guides, missing int
		want            fact.State
	}{{5, 4, fact.Proposed}, {4, 4, fact.Pass}, {5, 3, fact.Pass}} {
		t.Run(fmt.Sprintf("WEB-27 %d guides with %d missing elements", c.guides, c.missing), func(t *testing.T) {
			w := site(c.guides, c.missing)
			if c.guides == 4 { // others are whole
				w.page("bs/x.html", 3, &fact.Reading{Kind: fact.Guide, Heading: "事项X", Guide: full()})
			}
			wantState(t, w.judge(t), "V6.2", c.want)
		})
	}
	t.Run("WEB-28 three items in all", func(t *testing.T) {
		w := site(3, 4)
		wantState(t, w.judge(t), "V6.3", fact.Proposed)
		w.page("bs/x.html", 3, &fact.Reading{Kind: fact.Guide, Heading: "事项X", Guide: full()})
		wantState(t, w.judge(t), "V6.3", fact.Pass)
	})
	t.Run("WEB-51 a guide without telephone", func(t *testing.T) {
		w := site(1, 0)
		w.pages[2].Read.Guide["联系电话"] = ""
		r := w.judge(t)
		if f := found(r, "WEB-51"); len(f) != 1 || f[0].Key != "联系电话" || f[0].State != fact.Fail || !strings.Contains(f[0].What, "联系电话") {
			t.Errorf("%+v", f)
		}
	})
	t.Run("WEB-51 a time limit in place of opening hours is for a person", func(t *testing.T) {
		w := site(1, 0)
		delete(w.pages[2].Read.Guide, "办理时间")
		w.pages[2].Read.Text = "承诺时限：5个工作日"
		if f := found(w.judge(t), "WEB-51"); len(f) != 1 || f[0].State != fact.Proposed {
			t.Errorf("%+v", f)
		}
	})
	t.Run("WEB-48 no classification", func(t *testing.T) {
		w := site(1, 0)
		w.pages[1].Read.Text = "办事"
		only(t, w.judge(t), "WEB-48", "bs/")
	})
	for text, sorted := range map[string]bool{
		"办事指南\n部门动态\n企业年报": false, "按主题分类：社会保障": true, "个人\n法人": true, "云岭区民政局\n云岭区教育局\n云岭区司法局": true, "个人办事": true,
	} {
		t.Run("WEB-48 "+text, func(t *testing.T) {
			w := site(1, 0)
			w.home().Links = append(w.home().Links, fact.Link{URL: at("bm/"), Text: "部门动态", Element: "a", Place: fact.InNav})
			w.pages[1].Read.Text = text
			if want := []string{"bs/"}; sorted {
				only(t, w.judge(t), "WEB-48")
			} else {
				only(t, w.judge(t), "WEB-48", want...)
			}
		})
	}
	t.Run("WEB-50 statistics of letters are others", func(t *testing.T) {
		w := site(1, 0)
		w.column("办件统计", "bs/tj/", 2, "2026-03-01")
		w.column("2026年5月网民留言办理情况统计", "hd/tj/", 2, "2026-06-20")
		only(t, w.judge(t), "WEB-50", "bs/tj/")
	})
	t.Run("WEB-49 a dead application button", func(t *testing.T) {
		w := site(1, 0)
		w.pages[2].Read.Links = []fact.Link{{URL: at("sb/1"), Text: "在线办理", Element: "a", Place: fact.InBody}}
		w.in.Extra = []fact.Finding{{Check: "WEB-60", Indicator: "D4.3", URL: at("sb/1"), On: at("bs/0.html"), State: fact.Fail, What: "链接打不开"}}
		r := w.judge(t)
		if f := found(r, "WEB-49"); len(f) != 1 || f[0].Indicator != "D2.2" || len(found(r, "WEB-60")) != 1 {
			t.Errorf("%+v", f)
		}
	})
	for day, want := range map[string]fact.State{"2026-03-29": fact.Fail, "2026-04-01": fact.Pass} {
		t.Run("WEB-50 statistics of "+day, func(t *testing.T) {
			w := site(1, 0)
			w.column("办件统计", "bs/tj/", 2, day)
			r := w.judge(t)
			wantState(t, r, "D2.3", want)
			only(t, r, "WEB-22")
		})
	}
	t.Run("WEB-52 different fees for one item", func(t *testing.T) {
		w := site(0, 0)
		for i, fee := range []string{"不收费", "免费。", "每件20元"} {
			w.page(fmt.Sprintf("bs/f%d.html", i), 3, &fact.Reading{Kind: fact.Guide, Heading: "食品经营许可", Guide: full(), Text: "受理条件：符合规定\n收费标准：" + fee + "\n其他"})
		}
		only(t, w.judge(t), "WEB-52", "bs/f2.html")
	})
}
