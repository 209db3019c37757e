package onpage_test

import (
	"slices"
	"strings"
	"testing"

	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/onpage"
)

// TestMore changes one page of a clean site; the second replacement, where there is
// one, is made as well.
func TestMore(t *testing.T) {
	const (
		atHome = iota
		atList
		atItem
		atDocument
	)
	const (
		title = "云岭区关于做好第一季度安全生产检查工作的通知"
		made  = `[ 成文日期 ]</td><td>2026-06-18`
		sign  = `<p>2026年6月18日</p>`
		term  = `<p>本通知自印发之日起施行，有效期2年。</p><p>云岭区人民政府办公室</p><p>2023年6月18日</p>`
		rule  = `<p>（2026年6月1日青石市人民政府令第12号公布　自2026年7月1日起施行）</p><p>第一条　为了加强安全生产管理，制定本办法。</p>`
		mail  = `<p>来信时间：2026-06-01 来信内容：路灯不亮已经有一个星期，请尽快修理。</p><p>答复内容：您好，经现场查看，路灯已经于次日修好，感谢您的关心。</p>`
	)
	cases := []struct {
		name  string
		at    int
		edits []string // old, new, old, new …
		want  []string // none = nothing may be said
	}{
		{"NORM-14 a name in small letters", atList, []string{`name="ColumnName"`, `name="columnname"`, `name="ColumnType"`, `name="COLUMNTYPE"`}, []string{"WEB-64 标签名称大小写 FAIL"}},
		{"NORM-14 the right name stands beside the one for search engines", atItem, []string{`<meta name="PubDate"`, `<meta name="pubdate" content="2026-06-21 09:30"><meta name="PubDate"`}, nil},

		{"NORM-22 a map without the number of its approval", atItem, []string{`二、检查分`, `<img alt="云岭区行政区划图" src="/p/1.jpg">二、检查分`}, []string{"NORM-22 审图号 PROPOSED"}},
		{"NORM-22 with the number in the text", atItem, []string{`二、检查分`, `<img alt="云岭区行政区划图" src="/p/1.jpg">审图号：渝S（2026）012号。二、检查分`}, nil},
		{"NORM-22 with the number in place of the picture", atItem, []string{`二、检查分`, `<img alt="云岭区地图（审图号：GS(2026)1234号）" src="/p/1.jpg">二、检查分`}, nil},
		{"NORM-22 a picture of another thing", atItem, []string{`二、检查分`, `<img alt="检查组查看地图" src="/p/1.jpg"><img alt="网站地图" src="/p/2.jpg"><img alt="流程图" src="/p/3.jpg">二、检查分`}, nil},

		{"NORM-38 from the net", atItem, []string{`来源：云岭区应急管理局`, `来源：网络`, `name="ContentSource" content="云岭区应急管理局"`, `name="ContentSource" content="网络"`}, []string{"NORM-38 来源 网络 PROPOSED"}},
		{"NORM-38 an office for the net", atItem, []string{`来源：云岭区应急管理局`, `来源：云岭区网络安全和信息化办公室`}, nil},
		{"NORM-38 a paper", atItem, []string{`来源：云岭区应急管理局`, `来源：腾讯网转青石日报`}, nil},

		{"NORM-09 archived since nobody knows when", atItem, []string{`<div class="content">`, `<div class="content"><p>本页面已归档</p>`}, []string{"NORM-09 归档日期 PROPOSED"}},
		{"NORM-09 archived with the day", atItem, []string{`<div class="content">`, `<div class="content"><p>本页面已归档（归档日期：2026年5月1日）</p>`}, nil},
		{"NORM-09 papers that were put away", atItem, []string{`逐项整改。`, `逐项整改。检查档案已归档保存。`}, nil},

		{"PLAT-22 two years are over", atDocument, []string{made, `[ 成文日期 ]</td><td>2023-06-18`, `<p>云岭区人民政府办公室</p>` + sign, term}, []string{"PLAT-22 有效性 FAIL"}},
		{"PLAT-22 five years are not", atDocument, []string{made, `[ 成文日期 ]</td><td>2023-06-18`, `<p>云岭区人民政府办公室</p>` + sign, strings.Replace(term, "有效期2年", "有效期5年", 1)}, nil},
		{"PLAT-22 the term was made longer", atDocument, []string{made, `[ 成文日期 ]</td><td>2023-06-18`, `<p>云岭区人民政府办公室</p>` + sign, `<p>有效期延长至2028年6月17日。</p>` + term}, nil},
		{"PLAT-22 until a day that is over", atDocument, []string{sign, `<p>本通知自2024年1月1日起执行，有效期至2025年12月31日。</p>` + sign}, []string{"PLAT-22 有效性 FAIL"}},
		{"PLAT-22 until a day to come", atDocument, []string{sign, `<p>本通知自2024年1月1日起执行，有效期至2026年12月31日。</p>` + sign}, nil},
		{"PLAT-22 the term of a licence", atDocument, []string{sign, `<p>许可证自发证之日起执行，有效期至2025年12月31日的，应当换证。</p>` + sign}, nil},
		{"PLAT-22 the term of another document", atDocument, []string{sign, `<p>《云岭区检查办法》自2020年1月1日起施行，有效期至2025年12月31日。</p>` + sign}, nil},
		{"PLAT-22 among what has ended", atDocument, []string{`<a href="/notice/">通知公告</a></div>`, `<a href="/notice/">通知公告</a> &gt; <a href="/sx/">失效废止文件</a></div>`, column, ``}, []string{"PLAT-22 有效性 FAIL"}},

		{"PLAT-60 a rule without its note", atItem, []string{`通知公告</a></div>`, `通知公告</a> &gt; <a href="/gz/">政府规章</a></div>`, itemTags, ``, `<h1>` + title, `<h1>青石市安全生产检查办法`, body, `<p>第一条　为了加强安全生产管理，制定本办法。</p>` + body}, []string{"PLAT-60 题注 PROPOSED"}},
		{"PLAT-60 with its note", atItem, []string{`通知公告</a></div>`, `通知公告</a> &gt; <a href="/gz/">政府规章</a></div>`, itemTags, ``, `<h1>` + title, `<h1>青石市安全生产检查办法`, body, rule + body}, nil},
		{"PLAT-60 with the decree", atItem, []string{`通知公告</a></div>`, `通知公告</a> &gt; <a href="/gz/">政府规章</a></div>`, itemTags, ``, `<h1>` + title, `<h1>青石市安全生产检查办法`, body, `<p>《青石市安全生产检查办法》已经市人民政府常务会议通过，现予公布，自2026年7月1日起施行。</p>` + rule + body}, []string{"PLAT-60 公布令 PROPOSED"}},

		{"PLAT-13 a normative document without its day", atDocument, []string{`<h1>` + title, `<h1>云岭区安全生产检查办法`, itemTags, ``, body, `<p>第一条　为了加强安全生产管理，制定本办法。</p>` + body + body}, []string{"PLAT-13 施行日期 PROPOSED"}},
		{"PLAT-13 the last article names it", atDocument, []string{`<h1>` + title, `<h1>云岭区安全生产检查办法`, itemTags, ``, body, `<p>第一条　为了加强安全生产管理，制定本办法。</p>` + body + body + `<p>第九条　本办法自印发之日起30日后施行。</p>`}, nil},
		{"PLAT-13 a notice that begins at once", atDocument, []string{body, body + body}, nil},

		{"PLAT-47 a concession that is over", atItem, []string{`通知公告</a></div>`, `通知公告</a> &gt; <a href="/js/">减税降费</a></div>`, `二、检查分`, `执行期限为2024年1月1日至2025年12月31日。二、检查分`}, []string{"PLAT-47 到期 PROPOSED"}},
		{"PLAT-47 it says so", atItem, []string{`通知公告</a></div>`, `通知公告</a> &gt; <a href="/js/">减税降费</a></div>`, `二、检查分`, `（已到期）执行期限为2024年1月1日至2025年12月31日。二、检查分`}, nil},
		{"PLAT-47 another one goes on", atItem, []string{`通知公告</a></div>`, `通知公告</a> &gt; <a href="/js/">减税降费</a></div>`, `二、检查分`, `执行期限至2025年12月31日。执行期限至2027年12月31日。二、检查分`}, nil},

		{"NORM-31 an answer of nobody knows whom and when", atItem, []string{`发布时间：2026-06-21 09:30 来源：云岭区应急管理局`, ``, body, mail, itemTags, ``}, []string{"NORM-31 答复单位 PROPOSED", "NORM-31 答复时间 PROPOSED"}},
		{"NORM-31 the answer names both", atItem, []string{`发布时间：2026-06-21 09:30 来源：云岭区应急管理局`, ``, body, mail + `<p>答复单位：云岭区城市管理局 答复时间：2026-06-03</p>`, itemTags, ``}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			pages := clean()
			for i := 0; i < len(c.edits); i += 2 {
				changed := strings.Replace(pages[c.at].body, c.edits[i], c.edits[i+1], 1)
				if changed == pages[c.at].body {
					t.Fatalf("%q does not stand on the page", c.edits[i])
				}
				pages[c.at].body = changed
			}
			var got []string
			for _, f := range look(t, nil, fact.Site{Code: "5001030001"}, pages...) {
				if f.Check == "NORM-19" || f.Check == "PLAT-58" || f.Check == "WEB-64" && f.Key != "标签名称大小写" {
					continue // have their own tests
				}
				if f.What == "" || f.Seen == "" || f.Mend == "" {
					t.Errorf("%+v", f)
				}
				got = append(got, says(f))
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestScriptErrors(t *testing.T) {
	pages := clean()
	broken, fine := facts(t, pages[1]), facts(t, pages[1])
	broken.Read.Entries, broken.Read.Errors = nil, []string{"ReferenceError: data is not defined"}
	fine.Read.Errors = broken.Read.Errors
	for name, c := range map[string]struct {
		page *fact.Page
		want int
	}{"WEB-65 the list stayed empty": {broken, 1}, "WEB-65 the list is there": {fine, 0}} {
		t.Run(name, func(t *testing.T) {
			l := onpage.New(fact.Site{Start: base + "/"}, nil, t0)
			l.Page(facts(t, pages[0]))
			l.Page(c.page)
			n := 0
			for _, f := range l.End() {
				if f.Check == "WEB-65" && f.Indicator == "D4.8" && f.State == fact.Proposed {
					n++
				}
			}
			if n != c.want {
				t.Errorf("%d findings, want %d", n, c.want)
			}
		})
	}
}

func TestStrangers(t *testing.T) {
	strange := onpage.Strangers(fact.Site{Start: base + "/", Own: []string{"media.yunling.cn"}})
	for address, want := range map[string]bool{
		"http://shop.example.com/": true, "https://beian.miit.gov.cn/": false, base + "/a": false, "https://media.yunling.cn/": false, "http://zfwzgl.www.gov.cn/": false, "http://www.people.com.cn/": false, "http://127.0.0.2:8080/": false, "http://tax.example/": false,
	} {
		if strange(address) != want {
			t.Errorf("NORM-23 %s: %v", address, !want)
		}
	}
}
