package sitegen

import (
	"fmt"
	"strings"
	"time"
)

// platformKinds are faults of the disclosure platform.
func platformKinds() []kind {
	part := func(do func(s *Site, p *page)) func(*Site, kind, int) bool {
		return func(s *Site, k kind, i int) bool {
			if i > 0 {
				return false
			}
			c := s.byKey["zfxxgk"]
			s.change(node{c.n, -1, 0}, func(p *page) { do(s, p) })
			// Another name is one part too few and one too many.
			s.fault(k, s.columnURL(c), s.columnURL(c), "").Many = true
			return true
		}
	}
	rename := func(from, to string) func(s *Site, p *page) {
		return func(s *Site, p *page) {
			for n := range p.parts {
				if p.parts[n].text == from {
					p.parts[n].text = to
				}
			}
		}
	}
	return []kind{
		{name: "part-renamed", checks: []string{"PLAT-01"}, plant: part(rename("政府信息公开制度", "信息公开制度文件"))},
		{name: "part-missing", checks: []string{"PLAT-01"}, asked: true, plant: part(func(s *Site, p *page) { p.parts = append(p.parts[:1:1], p.parts[2:]...) })},
		{name: "part-more", checks: []string{"PLAT-01"}, asked: true, plant: part(func(s *Site, p *page) {
			p.parts = append(p.parts, part2(s.columnPath("xwzx"), "工作动态"))
		})},
		{name: "part-order", checks: []string{"PLAT-01"}, asked: true, plant: part(func(s *Site, p *page) { p.parts[0], p.parts[1] = p.parts[1], p.parts[0] })},
		{name: "statutory-news", checks: []string{"PLAT-05", "PLAT-04"}, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.takeStatutory(k.name, i)
			if !ok {
				return false
			}
			from := s.byKey["bmdt"]
			title := fmt.Sprintf("%s召开%s工作会议并慰问一线人员", s.brief(s.unitOf(from, item)), s.topicOf(from, item))
			s.change(node{c.n, item, 0}, func(p *page) {
				p.title = title
				if p.kind != "item" {
					return
				}
				p.head, p.table, p.body = title+"_"+s.name(), nil, nil
				p.set("ArticleTitle", title)
				s.newsText(p, from, item, s.dice(k.name, i))
			})
			s.fault(k, s.itemURL(c, item), s.columnURL(c), "")
			return true
		}},
		{name: "rules-mixed", checks: []string{"PLAT-06"}, plant: func(s *Site, k kind, i int) bool {
			c := s.byKey["gkzd"]
			if i > 0 {
				return false
			}
			at := node{c.n, 2, 0}
			s.taken[at] = true
			title := fmt.Sprintf("%s%d年政务公开工作总结", s.place.district, s.t0.Year()-1)
			s.change(at, func(p *page) {
				was := p.title
				p.title = title
				if p.kind != "item" {
					return
				}
				p.head = strings.ReplaceAll(p.head, was, title)
				p.set("ArticleTitle", title)
				p.cell("名称", title)
				p.cell("体裁分类", "其他")
				p.cell("内容概述", "总结上一年度政务公开工作情况。")
				p.body = nil
				p.text("上一年度，全区围绕居民关心的事项推进政务公开，完成了平台改版、目录梳理和人员培训等工作。", "各单位按月报送公开情况，区政府办公室每季度进行检查，对发现的问题及时督促整改。", "下一步，将继续做好解读和回应工作，提高公开的及时性。", s.government()+"办公室", chinese(s.made(c, 2)))
			})
			s.fault(k, s.itemURL(c, 2), s.columnURL(c), "")
			return true
		}},
		{name: "guide-old-law", checks: []string{"PLAT-08", "REV-*"}, plant: func(s *Site, k kind, i int) bool {
			if i > 0 {
				return false
			}
			c := s.byKey["gkzn"]
			s.change(node{c.n, -1, 0}, func(p *page) {
				for n := range p.body {
					p.body[n].text = strings.ReplaceAll(p.body[n].text, "国务院令第711号", "国务院令第492号")
				}
			})
			s.fault(k, s.columnURL(c), s.columnURL(c), "")
			return true
		}},
		{name: "yearly-gap", checks: []string{"PLAT-09"}, plant: func(s *Site, k kind, i int) bool {
			c := s.byKey["gknb"]
			n := 1 + i
			if n >= c.count-1 {
				return false
			}
			s.taken[node{c.n, n, 0}], s.hidden[node{c.n, n, 0}] = true, true
			s.fault(k, s.columnURL(c), s.columnURL(c), itoa(s.lastReport()-n))
			return true
		}},
		{name: "index-missing", checks: []string{"PLAT-11"}, plant: header("索引号", "-")},
		{name: "index-unit", checks: []string{"PLAT-62", "PLAT-11"}, plant: inDocument(func(s *Site, p *page, d *dice) {
			for n := range p.table {
				if p.table[n][0] == "索引号" { // one digit of the unit's code is another
					b := []byte(p.table[n][1])
					b[12] = '0' + (b[12]-'0'+3)%10
					p.table[n][1] = string(b)
				}
			}
		})},
		{name: "made-missing", checks: []string{"PLAT-11", "PLAT-58"}, plant: header("成文日期", "-")},
	}
}

func part2(url, text string) part { return part{ref: ref{url, text}} }

func (s *Site) takeStatutory(name string, i int) (*column, int, bool) {
	for n := range 50 {
		if c, item, ok := s.take(name+"?", i*50+n, ordinary); ok {
			if c.basis != "" {
				return c, item, true
			}
			delete(s.taken, node{c.n, item, 0})
		}
	}
	return nil, 0, false
}

// inDocument makes a fault in the page of a document.
func inDocument(do func(s *Site, p *page, d *dice)) func(*Site, kind, int) bool {
	return func(s *Site, k kind, i int) bool {
		for n := range 50 {
			c, item, ok := s.take(k.name, i*50+n, document, normative)
			if !ok {
				return false
			}
			if c.form == normative && s.interpreted(item) { // those have a page that speaks of them
				continue
			}
			s.onItem(c, item, func(p *page) { do(s, p, s.dice(k.name, i)) })
			s.fault(k, s.itemURL(c, item), s.itemURL(c, item), "")
			return true
		}
		return false
	}
}

// header changes a cell of a document's header.
func header(name, value string) func(*Site, kind, int) bool {
	return inDocument(func(s *Site, p *page, d *dice) { p.cell(name, value) })
}

// documentKinds are faults of documents.
func documentKinds() []kind {
	return []kind{
		{name: "number-brackets", checks: []string{"PLAT-12", "REV-*"}, plant: inDocument(func(s *Site, p *page, d *dice) {
			was := s.number(p.col, p.node.item)
			now := strings.NewReplacer("〔", "[", "〕", "]").Replace(was)
			p.cell("发文字号", now)
			p.body[0].text = now
		})},
		{name: "number-twice", checks: []string{"PLAT-12", "PLAT-64"}, plant: func(s *Site, k kind, i int) bool {
			c := s.byKey["zcwj"]
			for n := 3 + 2*i; n+1 < c.count; n++ {
				if s.taken[node{c.n, n, 0}] || s.taken[node{c.n, n + 1, 0}] {
					continue
				}
				s.taken[node{c.n, n, 0}], s.taken[node{c.n, n + 1, 0}] = true, true
				number := s.number(c, n+1)
				s.onItem(c, n, func(p *page) {
					p.cell("发文字号", number)
					p.body[0].text = number
				})
				s.fault(k, s.itemURL(c, n), s.itemURL(c, n), number, s.itemURL(c, n+1))
				return true
			}
			return false
		}},
		{name: "made-after", checks: []string{"PLAT-13", "PLAT-58"}, plant: inDocument(func(s *Site, p *page, d *dice) {
			was := s.made(p.col, p.node.item)
			later := p.date.AddDate(0, 0, 9)
			p.cell("成文日期", later.Format("2006-01-02"))
			for n := range p.body {
				if p.body[n].text == chinese(was) {
					p.body[n].text = chinese(later)
				}
			}
		})},
		{name: "made-differs", checks: []string{"PLAT-58", "PLAT-13"}, plant: inDocument(func(s *Site, p *page, d *dice) {
			p.cell("成文日期", s.made(p.col, p.node.item).AddDate(0, 0, -16).Format("2006-01-02"))
		})},
		{name: "validity-empty", checks: []string{"PLAT-59", "PLAT-20"}, plant: func(s *Site, k kind, i int) bool {
			c := s.byKey["gfxwj"]
			for n := c.count - 1; n > 0; n-- {
				if at := (node{c.n, n, 0}); !s.taken[at] && !s.interpreted(n) {
					s.taken[at] = true
					s.onItem(c, n, func(p *page) { p.cell("有效性", "") })
					s.fault(k, s.itemURL(c, n), s.itemURL(c, n), "")
					return true
				}
			}
			return false
		}},
		{name: "lapsed-valid", checks: []string{"PLAT-22"}, plant: func(s *Site, k kind, i int) bool {
			c := s.byKey["gfxwj"]
			for n := c.count - 1; n > 0; n-- {
				at := node{c.n, n, 0}
				if !s.taken[at] && s.made(c, n).AddDate(5, 0, 30).Before(s.t0.AddDate(0, 0, -30)) && !s.interpreted(n) {
					s.taken[at] = true
					s.onItem(c, n, func(p *page) { p.cell("有效性", "有效") })
					s.fault(k, s.itemURL(c, n), s.itemURL(c, n), "")
					return true
				}
			}
			return false
		}},
		{name: "picture-text", checks: []string{"PLAT-15", "NORM-50"}, plant: func(s *Site, k kind, i int) bool {
			return inItem(func(s *Site, p *page, d *dice) {
				p.body = []block{{kind: 'i', url: s.image(p, 7, 900, 1270), text: "公告正文"}, {kind: 'i', url: s.image(p, 8, 900, 1270), text: "公告正文第二页"}}
				p.files = nil
			}, notice)(s, k, i)
		}},
		{name: "no-alt", checks: []string{"NORM-50", "PLAT-15"}, plant: inItem(func(s *Site, p *page, d *dice) {
			p.body = append(p.body, block{kind: 'i', url: s.image(p, 6, 640, 420)})
		}, news)},
	}
}

// textKinds are sentences that must not be published.
func textKinds() []kind {
	wrong := []string{"WEB-10", "REV-*"}
	words := []string{"V1.1"}
	personal := []string{"REV-*", "PLAT-35", "NORM-31"}
	say := func(sentence string, forms ...form) func(*Site, kind, int) bool {
		return func(s *Site, k kind, i int) bool {
			return s.recent(k, i, func(p *page) { p.text(sentence) }, forms...)
		}
	}
	secret := func(text string) func(*Site, kind, int) bool {
		return func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i, notice, ordinary)
			if !ok {
				return false
			}
			path := s.design.file(s, c, item, 6, "docx")
			s.files[path] = file{body: wordFile([]string{text, "工作方案", "现将有关安排通知如下，请遵照执行。"})}
			s.onItem(c, item, func(p *page) {
				p.text("附件：工作方案")
				p.files = append(p.files, ref{path, "工作方案.docx"})
			})
			s.fault(k, "http://{{main}}"+path, s.itemURL(c, item), "")
			return true
		}
	}
	identity := func(d *dice) string {
		body := fmt.Sprintf("440524%d%02d%02d%03d", 1958+d.n(40), 1+d.n(12), 1+d.n(28), d.n(1000))
		sum := 0
		for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
			sum += int(body[i]-'0') * w
		}
		return body + "10X98765432"[sum%11:sum%11+1]
	}
	return []kind{
		{name: "wording-region", checks: wrong, indicators: words, plant: say("活动吸引了来自日本、韩国、台湾等国家的客商参加。", news)},
		{name: "wording-organ", checks: []string{"REV-*", "WEB-10"}, indicators: words, plant: say("有关投诉请向国家工商总局设立的投诉平台提出。", news)},
		{name: "wording-law", checks: []string{"REV-*", "WEB-10"}, indicators: words, plant: say("双方的权利义务依照《中华人民共和国合同法》执行。", notice)},
		{name: "wording-login", checks: []string{"REV-*", "WEB-10"}, indicators: words, plant: say("申请人可登陆网站查询办理进度。", notice)},
		{name: "wording-until", checks: []string{"REV-*", "WEB-10"}, indicators: words, plant: say("截止目前，各项准备工作已经完成。", news)},
		{name: "broken-text", checks: []string{"REV-*", "WEB-10"}, indicators: words, plant: say("联系人锟斤拷锟斤拷，地址见公告栏。", notice)},
		{name: "secret-mark", checks: []string{"WEB-11", "REV-*"}, indicators: []string{"V1.2"}, plant: secret("机密★10年")},
		{name: "secret-page", checks: []string{"WEB-11", "REV-*"}, indicators: []string{"V1.2"}, plant: func(s *Site, k kind, i int) bool {
			return inItem(func(s *Site, p *page, d *dice) {
				p.body = append([]block{{kind: 'p', text: "秘密★3年"}}, p.body...)
			}, notice)(s, k, i)
		}},
		{name: "identity-number", checks: personal, plant: func(s *Site, k kind, i int) bool {
			return s.recent(k, i, func(p *page) {
				d := s.dice(k.name, i)
				p.text("公示对象：" + s.person(120+i) + "，身份证号码" + identity(d) + "。")
			}, notice)
		}},
		{name: "mobile", checks: personal, plant: func(s *Site, k kind, i int) bool {
			return s.recent(k, i, func(p *page) {
				p.text(fmt.Sprintf("申请人：%s，手机号码139%08d。", s.person(140+i), 10000000+s.dice(k.name, i).n(80000000)))
			}, notice)
		}},
		{name: "identity-table", checks: personal, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i, notice)
			if !ok {
				return false
			}
			d := s.dice(k.name, i)
			rows := [][]string{{"序号", "姓名", "身份证号", "补贴金额（元）"}}
			for n := range 8 {
				rows = append(rows, []string{itoa(n + 1), s.person(150 + n), identity(d), itoa(600 + 50*n)})
			}
			path := s.design.file(s, c, item, 5, "xlsx")
			s.files[path] = file{body: workbook(rows)}
			s.onItem(c, item, func(p *page) {
				p.text("附件：补贴发放名单")
				p.files = append(p.files, ref{path, "补贴发放名单.xlsx"})
			})
			s.fault(k, "http://{{main}}"+path, s.itemURL(c, item), "").Many = true
			return true
		}},
		{name: "map-number", checks: []string{"NORM-22", "REV-*"}, plant: inItem(func(s *Site, p *page, d *dice) {
			p.body = append(p.body, block{kind: 'i', url: s.image(p, 5, 800, 600), text: s.place.district + "行政区划地图"})
		}, news)},
	}
}

// recent makes a fault in an item of the last eighteen months: what is wrong
// today may have been right some years ago.
func (s *Site) recent(k kind, i int, do func(p *page), forms ...form) bool {
	for n := range 60 {
		c, item, ok := s.take(k.name, i*60+n, forms...)
		if !ok {
			return false
		}
		if s.date(c, item).Before(s.t0.AddDate(-1, -6, 0)) {
			delete(s.taken, node{c.n, item, 0})
			continue
		}
		s.onItem(c, item, do)
		s.fault(k, s.itemURL(c, item), s.itemURL(c, item), "")
		return true
	}
	return false
}

// nearKinds look like faults and are none.
func nearKinds() []kind {
	note := func(s *Site, k kind, i int) bool {
		c := s.extras[k.name+itoa(i)]
		s.fault(k, s.columnURL(c), s.columnURL(c), c.name)
		return true
	}
	hang := func(c column, after func(s *Site, c *column)) func(*Site, kind, int) {
		return func(s *Site, k kind, i int) {
			made := s.extra(k, i, c)
			if after != nil {
				after(s, made)
			}
		}
	}
	say := func(sentence string, forms ...form) func(*Site, kind, int) bool {
		return func(s *Site, k kind, i int) bool {
			return s.recent(k, i, func(p *page) { p.text(sentence) }, forms...)
		}
	}
	// first fixes the newest item just inside a window.
	first := func(back func(t0 time.Time) time.Time) func(s *Site, c *column) {
		return func(s *Site, c *column) {
			c.fixed = []time.Time{back(s.t0).Add(time.Hour)}
			c.newest = s.t0.Sub(c.fixed[0])
		}
	}
	stale := []string{"WEB-20", "WEB-43", "WEB-44", "WEB-47", "WEB-22"}
	links := []string{"WEB-60", "WEB-82", "WEB-85", "WEB-12"}
	list := []kind{
		{name: "near-news-14-days", checks: stale, plant: note, column: hang(column{class: "news", form: news, period: 6 * day, count: 5}, first(func(t time.Time) time.Time { return t.AddDate(0, 0, -14) }))},
		{name: "near-notice-6-months", checks: stale, plant: note, column: hang(column{class: "notice", form: notice, period: 20 * day, count: 4}, first(func(t time.Time) time.Time { return t.AddDate(0, -6, 0) }))},
		{name: "near-other-a-year", checks: stale, plant: note, column: hang(column{class: "other", form: ordinary, period: 40 * day, count: 4}, first(func(t time.Time) time.Time { return t.AddDate(0, -11, -20) }))},
		{name: "near-second-level-policy", checks: stale, plant: note, column: func(s *Site, k kind, i int) {
			c := s.extra(k, i, column{class: "policy", form: document, period: 40 * day, count: 4, parent: s.byKey["zwgk"].n, newest: 245 * day})
			c.name = "乡镇政策文件"
		}},
		{name: "near-by-event", checks: stale, plant: note, column: hang(column{class: "other", form: ordinary, period: 90 * day, count: 3, newest: 700 * day}, func(s *Site, c *column) { c.event = true })},
		{name: "near-pinned", checks: append(stale, "WEB-14"), plant: note, column: hang(column{class: "news", form: news, period: 3 * day, count: 6, newest: 2 * day, pinned: 1}, func(s *Site, c *column) { c.fixed = []time.Time{noon(s.t0.AddDate(-1, -2, 0))} })},
		{name: "near-archived", checks: append(stale, "WEB-23"), plant: note, column: func(s *Site, k kind, i int) {
			c := s.extra(k, i, column{class: "other", form: ordinary, period: 10 * day, count: 5, newest: 900 * day})
			c.parent, c.gone = s.byKey["ztzl"].n, true
			c.name = fmt.Sprintf("%d年防汛专题（已归档）", s.t0.Year()-3)
		}},
		{name: "near-script-list", checks: []string{"WEB-23", "WEB-47", "NORM-20", "PLAT-10", "WEB-20", "WEB-22"}, plant: func(s *Site, k kind, i int) bool {
			c := s.extras[k.name+itoa(i)]
			s.skip = append(s.skip, Tolerated{Checks: []string{"WEB-83", "WEB-65"}, URL: s.columnURL(c), Note: "its list is filled in by script"})
			return note(s, k, i)
		}, column: hang(column{class: "other", form: ordinary, period: 20 * day, count: 6, newest: 6 * day, script: true}, nil)},
		{name: "near-no-such", checks: []string{"PLAT-10", "WEB-23", "WEB-47", "NORM-20"}, plant: note, column: func(s *Site, k kind, i int) {
			c := s.extra(k, i, column{class: "other", form: ordinary, count: 0, blank: fmt.Sprintf("经核实，本机关无此类信息。确认日期：%s，确认人：%s。今后形成此类信息的，将在20个工作日内公开。", s.t0.AddDate(0, -1, 0).Format("2006-01-02"), "区政府办公室")})
			c.parent, c.name = s.byKey["fdzdgknr"].n, "行政强制"
		}},
		{name: "near-busy", checks: links, plant: linkIn("http://{{busy}}/query{n}/", "市级查询平台")},
		{name: "near-guarded", checks: links, plant: linkIn("http://{{guarded}}/query{n}/", "国家平台查询")},
		{name: "near-outside", checks: links, plant: linkIn("http://{{good}}/page{n}", "市级平台首页")},
		{name: "near-404-title", checks: []string{"WEB-82", "WEB-60"}, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i, notice)
			if !ok {
				return false
			}
			title := fmt.Sprintf("区交通运输委关于404县道K%d段封闭施工的通告", 12+i)
			s.change(node{c.n, item, 0}, func(p *page) {
				p.head, p.title = title+"_"+s.name(), title
				p.set("ArticleTitle", title)
			})
			s.fault(k, s.itemURL(c, item), s.itemURL(c, item), "")
			return true
		}},
		{name: "near-missing-words", checks: []string{"WEB-82", "WEB-60", "WEB-23"}, plant: answerOf("您好，您反映的办事页面打不开、提示页面不存在的问题，技术人员已于当日修复，现在可以正常访问。此前暂无数据的统计栏目也已补充完整，感谢您的监督，如有疑问请拨打网站联系电话。")},
		{name: "near-quoted", checks: []string{"WEB-10", "REV-*"}, plant: say("常见的写法错误有：把“登录网站”误写为“登陆网站”，起草人员应当注意区分。", news)},
		{name: "near-typhoon", checks: []string{"WEB-10", "REV-*"}, plant: say("受台风在沿海登陆影响，预计未来三天有中到大雨，请注意防范。", notice)},
		{name: "near-deadline", checks: []string{"WEB-10", "REV-*"}, plant: say("报名截止时间为本月最后一个工作日下午5时。", notice)},
		{name: "near-old-organ", checks: []string{"WEB-10", "REV-*"}, plant: say("该制度最早由原国家工商行政管理总局制定，现由市场监管部门负责实施。", notice)},
		{name: "near-masked", checks: []string{"REV-*", "PLAT-35"}, plant: say("公示对象：周某，联系方式138****0023，所在社区为滨江社区。", notice)},
		{name: "near-secret-words", checks: []string{"WEB-11", "REV-*"}, plant: say("申请人提交的材料涉及商业秘密的，工作人员应当依法保密，并进行保密审查。", notice)},
		{name: "near-letter-recent", checks: []string{"WEB-25", "WEB-57"}, plant: letterOf(func(t time.Time) time.Time { return t.AddDate(0, 0, -3) })},
		{name: "near-answer-short", checks: []string{"WEB-57"}, plant: answerOf("您好，该路段路灯已于3月2日修复，并安排专人每周巡查，请您放心通行。咨询电话可拨打网站公布的号码。")},
		{name: "near-consultation", checks: []string{"NORM-32", "DEC-06", "DEC-09"}, plant: func(s *Site, k kind, i int) bool {
			c := s.byKey["yjzj"]
			if i > 0 || s.taken[node{c.n, 0, 0}] {
				return false
			}
			s.taken[node{c.n, 0, 0}] = true
			s.fault(k, s.itemURL(c, 0), s.columnURL(c), "still open")
			return true
		}},
		{name: "near-guide-synonyms", checks: []string{"WEB-51", "WEB-27"}, plant: func(s *Site, k kind, i int) bool {
			c := s.byKey["bszn"]
			for n := 1; n < c.count; n += 2 {
				if at := (node{c.n, n, 0}); !s.taken[at] {
					s.taken[at] = true
					s.fault(k, s.itemURL(c, n), s.itemURL(c, n), "")
					return true
				}
			}
			return false
		}},
		{name: "near-attachment-only", checks: []string{"PLAT-15", "WEB-23", "WEB-60"}, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i, notice)
			if !ok {
				return false
			}
			s.onItem(c, item, func(p *page) {
				p.body = nil
				p.text("现将名单予以公布，具体内容见附件。", "附件："+s.topicOf(c, item)+"单位名单")
				p.files = []ref{s.attachment(c, item, 1, "xlsx", s.topicOf(c, item)+"单位名单")}
			})
			s.fault(k, s.itemURL(c, item), s.itemURL(c, item), "")
			return true
		}},
		{name: "near-jump", checks: []string{"WEB-60", "WEB-82", "WEB-64", "NORM-10", "WEB-59"}, plant: func(s *Site, k kind, i int) bool {
			path := fmt.Sprintf("/goto/%d.html", i+1)
			s.special["main"+path] = answer{status: 200, media: "text/html; charset=utf-8", body: `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=http://{{good}}/jump"><title>正在跳转</title></head><body></body></html>`}
			s.skip = append(s.skip, Tolerated{Checks: []string{"WEB-64", "NORM-13", "NORM-14", "NORM-10", "WEB-59", "WEB-61"}, URL: "http://{{main}}" + path, Note: "a page that only sends on"})
			return linkIn(path, "进入市级服务平台")(s, k, i)
		}},
		{name: "near-frames", checks: []string{"WEB-60", "WEB-82", "WEB-23", "WEB-47"}, plant: func(s *Site, k kind, i int) bool {
			if i > 0 {
				return false
			}
			htm := func(body string) answer {
				return answer{status: 200, media: "text/html; charset=utf-8", body: `<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>信息公开目录</title></head>` + body + "</html>"}
			}
			s.special["main/ml/index.htm"] = htm(`<frameset cols="200,*"><frame src="left.htm" name="left" title="目录"><frame src="right.htm" name="right" title="内容"><noframes><body><a href="right.htm">信息公开目录</a></body></noframes></frameset>`)
			c := s.byKey["tzgg"]
			s.special["main/ml/left.htm"] = htm(`<body><a href="` + esc(s.path(node{c.n, -1, 0})) + `" target="_top">` + c.name + `</a></body>`)
			var lines strings.Builder
			for n := range min(4, c.count) {
				e := s.entry("main", c, n)
				lines.WriteString(`<tr><td><a href="` + esc(e.url) + `" target="_top">` + esc(e.text) + `</a></td><td>` + e.date.Format("2006-01-02") + `</td></tr>`)
			}
			s.special["main/ml/right.htm"] = htm("<body><table>" + lines.String() + "</table></body>")
			zw := s.byKey["zwgk"]
			s.change(node{zw.n, -1, 0}, func(p *page) { p.parts = append(p.parts, part2("/ml/index.htm", "信息公开目录")) })
			s.skip = append(s.skip, Tolerated{Checks: []string{"*"}, URL: "http://{{main}}/ml/*", Note: "frames: which of their documents must carry marks and tags is left open"})
			s.fault(k, "http://{{main}}/ml/index.htm", s.columnURL(zw), "")
			return true
		}},
		{name: "near-charset", checks: []string{"REV-*", "WEB-10"}, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i, news)
			if !ok {
				return false
			}
			s.lying = append(s.lying, node{c.n, item, 0})
			s.skip = append(s.skip, Tolerated{Checks: []string{"WEB-65"}, URL: s.itemURL(c, item), Note: "no check is numbered for a wrong charset"})
			s.fault(k, s.itemURL(c, item), s.itemURL(c, item), "the header names another charset than the page is in")
			return true
		}},
		{name: "near-lapsed", checks: []string{"PLAT-22", "PLAT-59"}, plant: func(s *Site, k kind, i int) bool {
			c := s.byKey["gfxwj"]
			n := c.count - 1
			if i > 0 || s.taken[node{c.n, n, 0}] || !s.made(c, n).AddDate(5, 0, 30).Before(s.t0) {
				return false
			}
			s.taken[node{c.n, n, 0}] = true
			s.fault(k, s.itemURL(c, n), s.itemURL(c, n), "")
			return true
		}},
	}
	for n := range list {
		list[n].near = true
	}
	return list
}
