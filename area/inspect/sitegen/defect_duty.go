package sitegen

import (
	"fmt"
	"strings"
	"time"
)

// abolished is a unit that the register of a site says is gone.
const abolished = "爱国卫生运动办公室"

// noon is the day of a time, at an hour of work.
func noon(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 10, 26, 0, 0, t.Location())
}

// letterOf makes a letter of the mailbox unanswered since a day.
func letterOf(ago func(t0 time.Time) time.Time) func(*Site, kind, int) bool {
	return func(s *Site, k kind, i int) bool {
		c := s.byKey["qzxx"]
		asked := noon(ago(s.t0))
		// The letter stands where its day puts it.
		for n := 2; n < c.count; n++ {
			at := node{c.n, n, 0}
			if s.date(c, n).After(asked) && n < c.count-1 || s.taken[at] {
				continue
			}
			s.taken[at] = true
			s.change(at, func(p *page) { p.date, p.shown = asked, asked.Format("2006-01-02") })
			s.fault(k, s.itemURL(c, n), s.columnURL(c), "asked on "+asked.Format(time.DateOnly))
			return true
		}
		return false
	}
}

// answer puts another answer into a letter.
func answerOf(text string) func(*Site, kind, int) bool {
	return inItem(func(s *Site, p *page, d *dice) {
		for _, row := range p.body[0].rows {
			if row[0] == "答复内容" {
				row[1] = text
			}
		}
	}, letter)
}

// talkKinds are letters, consultations and interviews.
func talkKinds() []kind {
	answers := []string{"WEB-57", "NORM-31"}
	return []kind{
		{name: "letter-unanswered", checks: []string{"WEB-25", "WEB-57"}, indicators: []string{"V5.2", "D3.4"}, plant: letterOf(func(t time.Time) time.Time { return t.AddDate(0, -4, -3) })},
		{name: "answer-evasive", checks: answers, indicators: []string{"D3.4"}, plant: answerOf("已转相关部门。")},
		{name: "answer-sent-on", checks: answers, indicators: []string{"D3.4"}, plant: answerOf("请咨询当地街道。")},
		{name: "answer-late", checks: []string{"WEB-57", "NORM-30"}, indicators: []string{"D3.4", "NORM-30"}, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i, letter)
			if !ok {
				return false
			}
			asked := s.date(c, item).AddDate(0, 0, -41)
			s.change(node{c.n, item, 0}, func(p *page) {
				if p.kind == "letter" {
					p.date = asked
				}
			})
			s.fault(k, s.itemURL(c, item), s.columnURL(c), "answered after 41 days", s.columnURL(c))
			return true
		}},
		{name: "letters-stale", checks: []string{"WEB-56"}, indicators: []string{"D3.3"}, asked: true,
			column: func(s *Site, k kind, i int) { s.byKey["qzxx"].newest = s.t0.Sub(s.t0.AddDate(0, -2, -3)) },
			plant: func(s *Site, k kind, i int) bool {
				c := s.byKey["qzxx"]
				s.fault(k, s.columnURL(c), s.columnURL(c), "", s.columnURL(s.byKey["hdjl"]))
				return true
			}},
		{name: "letters-no-figures", checks: []string{"WEB-56"}, indicators: []string{"D3.3"}, asked: true, plant: func(s *Site, k kind, i int) bool {
			if i > 0 {
				return false
			}
			s.flags["no-figures"] = true
			c := s.byKey["qzxx"]
			s.fault(k, s.columnURL(c), s.columnURL(c), "no statistics of letters", s.columnURL(s.byKey["hdjl"]), "http://{{main}}/")
			return true
		}},
		{name: "no-mailbox", checks: []string{"WEB-24"}, indicators: []string{"V5.1"}, asked: true, plant: func(s *Site, k kind, i int) bool {
			if i > 0 {
				return false
			}
			c := s.byKey["wyxx"]
			s.change(node{c.n, -1, 0}, func(p *page) {
				p.form, p.body = nil, nil
				p.text("来信功能已经停用，信访事项请通过信访渠道反映，纪检举报请通过纪检监察机关举报渠道提出。")
			})
			s.fault(k, "http://{{main}}/", s.columnURL(c), "", s.columnURL(c), s.columnURL(s.byKey["hdjl"]), s.columnURL(s.byKey["qzxx"]))
			return true
		}},
		{name: "yearly-table", checks: []string{"WEB-74", "NORM-70"}, indicators: []string{"A6", "NORM-70"}, asked: true, plant: func(s *Site, k kind, i int) bool {
			if i > 0 {
				return false
			}
			s.flags["no-yearly-table"] = true
			s.fault(k, "http://{{main}}/", "http://{{main}}/", "the yearly table is not public")
			return true
		}},
		{name: "consultation-result", checks: []string{"NORM-32", "DEC-09"}, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.takeConsultation(k, i)
			if !ok {
				return false
			}
			s.onItem(c, item, func(p *page) {
				for n, b := range p.body {
					if b.text == "征集结果" {
						p.body = p.body[:n]
						return
					}
				}
			})
			s.fault(k, s.itemURL(c, item), s.itemURL(c, item), "")
			return true
		}},
		{name: "consultation-short", checks: []string{"DEC-06", "NORM-32"}, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.takeConsultation(k, i)
			if !ok {
				return false
			}
			from, _ := s.period(c, item)
			s.change(node{c.n, item, 0}, func(p *page) {
				if p.kind == "period" {
					p.date = from.AddDate(0, 0, 10)
				}
			})
			s.fault(k, s.itemURL(c, item), s.itemURL(c, item), "10 days", s.columnURL(c))
			return true
		}},
		{name: "interview-text", checks: []string{"NORM-33"}, plant: inItem(func(s *Site, p *page, d *dice) {
			for n, b := range p.body {
				if b.text == "文字实录" {
					p.body = p.body[:n]
					return
				}
			}
		}, interview)},
	}
}

// takeConsultation chooses one whose period has been over for long.
func (s *Site) takeConsultation(k kind, i int) (*column, int, bool) {
	c := s.byKey["yjzj"]
	for n := 2; n < c.count; n++ {
		if at := (node{c.n, n, 0}); !s.taken[at] {
			if _, to := s.period(c, n); to.AddDate(0, 0, 45).Before(s.t0) {
				s.taken[at] = true
				return c, n, true
			}
		}
	}
	return nil, 0, false
}

// without takes key elements out of a service guide, or puts something in their place.
func without(place string, numbers ...int) func(*Site, kind, int) bool {
	return func(s *Site, k kind, i int) bool {
		c, item, ok := s.take(k.name, i, guide)
		if !ok {
			return false
		}
		labels := s.elements(item)
		s.onItem(c, item, func(p *page) {
			for _, n := range numbers {
				p.element(labels[n][0], place)
			}
		})
		var names []string
		for _, n := range numbers {
			names = append(names, labels[n][0])
		}
		s.fault(k, s.itemURL(c, item), s.itemURL(c, item), strings.Join(names, " ")).Many = len(numbers) > 1
		return true
	}
}

// element changes what a guide says under a label; "" takes it away.
func (p *page) element(label, value string) {
	for n := range p.body {
		b := &p.body[n]
		for r, row := range b.rows {
			if row[0] == label {
				if value == "" {
					b.rows = append(b.rows[:r:r], b.rows[r+1:]...)
				} else {
					row[1] = value
				}
				return
			}
		}
		if b.kind == 'h' && strings.HasSuffix(b.text, "、"+label) {
			if value != "" {
				p.body[n+1].text = value
				return
			}
			p.body = append(p.body[:n:n], p.body[n+2:]...)
			number := 0
			for m := range p.body { // the headings are numbered anew
				if h := &p.body[m]; h.kind == 'h' {
					number++
					_, name, _ := strings.Cut(h.text, "、")
					h.text = numeral(number) + "、" + name
				}
			}
			return
		}
	}
}

// serviceKinds are guides, forms and figures of the services.
func serviceKinds() []kind {
	checks, points := []string{"WEB-51", "WEB-27", "WEB-28"}, []string{"D2.4", "V6.2"}
	return []kind{
		{name: "guide-lacks-4", checks: checks, indicators: points, plant: without("", 1, 4, 6, 7)},
		{name: "guide-no-phone", checks: checks, indicators: points, plant: without("", 6)},
		{name: "guide-no-basis", checks: checks, indicators: points, plant: without("", 1)},
		{name: "guide-empty-phone", checks: checks, indicators: points, plant: without("无", 6)},
		{name: "guide-place-window", checks: checks, indicators: points, plant: without("详见窗口", 4)},
		{name: "guide-dash", checks: checks, indicators: points, plant: without("——", 3)},
		{name: "apply-dead", checks: []string{"WEB-49", "WEB-60"}, indicators: []string{"D2.2", "D4.3"}, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i, guide)
			if !ok {
				return false
			}
			path := fmt.Sprintf("/apply/start%d.do", i+1)
			s.onItem(c, item, func(p *page) {
				for n := range p.body {
					if p.body[n].text == "在线办理" {
						p.body[n].url = path
					}
				}
			})
			s.fault(k, "http://{{main}}"+path, s.itemURL(c, item), "")
			return true
		}},
		{name: "sample-blank", checks: []string{"WEB-53"}, indicators: []string{"D2.6"}, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i, guide)
			if !ok {
				return false
			}
			same := wordFile([]string{s.title(c, item) + "申请表", "申请人：", "联系地址：", "申请事项：", "申请人签名："})
			one, two := s.design.file(s, c, item, 1, "docx"), s.design.file(s, c, item, 2, "docx")
			s.files[one], s.files[two] = file{body: same}, file{body: same}
			s.fault(k, "http://{{main}}"+two, s.itemURL(c, item), "", s.itemURL(c, item), "http://{{main}}"+one)
			return true
		}},
		{name: "statistics-old", checks: []string{"WEB-50"}, indicators: []string{"D2.3"},
			column: func(s *Site, k kind, i int) { s.byKey["bstj"].newest = s.t0.Sub(s.t0.AddDate(0, -3, -4)) },
			plant: func(s *Site, k kind, i int) bool {
				if i > 0 {
					return false
				}
				c := s.byKey["bstj"]
				s.fault(k, s.columnURL(c), s.columnURL(c), "", s.itemURL(c, 0), s.columnURL(s.byKey["bsfw"]))
				return true
			}},
		{name: "search-irrelevant", checks: []string{"WEB-62", "NORM-29"}, indicators: []string{"D4.5"}, plant: func(s *Site, k kind, i int) bool {
			if i > 0 {
				return false
			}
			s.flags["search-miss"] = true
			c := s.byKey["search"]
			p := s.fault(k, s.columnURL(c), "http://{{main}}/", "always the same results")
			p.Many = true
			p.Where = []string{"http://{{main}}/"}
			for _, c := range s.columns {
				for n := range min(60, c.count) {
					p.Where = append(p.Where, s.itemURL(c, n))
				}
			}
			return true
		}},
		{name: "overview-old", checks: []string{"WEB-40"}, indicators: []string{"D1.1"}, plant: func(s *Site, k kind, i int) bool {
			if i > 0 {
				return false
			}
			c := s.byKey["qqgk"]
			s.change(node{c.n, -1, 0}, func(p *page) {
				for n := range p.body {
					p.body[n].text = strings.ReplaceAll(p.body[n].text, itoa(s.t0.Year()-1)+"年", itoa(s.t0.Year()-4)+"年")
				}
			})
			s.fault(k, s.columnURL(c), s.columnURL(c), "", s.columnURL(s.byKey["zjgk"]))
			return true
		}},
		{name: "leader-no-resume", checks: []string{"WEB-42"}, indicators: []string{"D1.3"}, plant: inItem(func(s *Site, p *page, d *dice) {
			for n, b := range p.body {
				if strings.HasPrefix(b.text, "个人简历") {
					p.body = append(p.body[:n:n], p.body[n+1:]...)
					return
				}
			}
		}, leader)},
		{name: "leader-other-name", checks: []string{"WEB-42", "WEB-10"}, indicators: []string{"D1.3", "V1.1"}, asked: true, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i, leader)
			if !ok {
				return false
			}
			was, now := s.person(item), s.person(200+item)
			s.change(node{c.n, item, 0}, func(p *page) {
				p.title = now
				p.head = strings.ReplaceAll(p.head, was, now)
				p.set("ArticleTitle", now)
				for n := range p.body {
					p.body[n].text = strings.ReplaceAll(p.body[n].text, was, now)
				}
			})
			s.fault(k, s.itemURL(c, item), s.columnURL(c), "", s.columnURL(c)).Many = true
			return true
		}},
		{name: "organ-missing", checks: []string{"WEB-41"}, indicators: []string{"D1.2"}, plant: func(s *Site, k kind, i int) bool {
			c := s.byKey["jgzn"]
			n := c.count - 1
			for n > 2 && s.taken[node{c.n, n, 0}] {
				n--
			}
			if n < 3 {
				return false
			}
			s.taken[node{c.n, n, 0}], s.hidden[node{c.n, n, 0}] = true, true
			s.fault(k, s.columnURL(c), s.columnURL(c), s.full(offices[n]))
			return true
		}},
		{name: "organ-abolished", checks: []string{"WEB-41"}, indicators: []string{"D1.2"},
			column: func(s *Site, k kind, i int) {
				if c := s.byKey["jgzn"]; i == 0 {
					c.count++
					s.flags["abolished"], s.taken[node{c.n, c.count - 1, 0}] = true, true
				}
			},
			plant: func(s *Site, k kind, i int) bool {
				c := s.byKey["jgzn"]
				last := c.count - 1
				if i > 0 {
					return false
				}
				was, now := s.full(offices[last%len(offices)]), s.place.city+s.place.district+abolished
				s.change(node{c.n, last, 0}, func(p *page) {
					p.title, p.head = now, strings.ReplaceAll(p.head, was, now)
					p.source = now
					p.set("ArticleTitle", now)
					p.set("ContentSource", now)
					for n := range p.body {
						p.body[n].text = strings.ReplaceAll(p.body[n].text, was, now)
					}
				})
				s.fault(k, s.columnURL(c), s.columnURL(c), now, s.itemURL(c, last))
				return true
			}},
		{name: "organ-no-phone", checks: []string{"WEB-41"}, indicators: []string{"D1.2"}, plant: inItem(func(s *Site, p *page, d *dice) {
			for n, b := range p.body {
				if strings.HasPrefix(b.text, "联系电话") {
					p.body = append(p.body[:n:n], p.body[n+2:]...)
					return
				}
			}
		}, organ)},
		{name: "oneway-interpretation", checks: []string{"WEB-46", "PLAT-25", "NORM-28", "DEC-37"}, indicators: []string{"D1.7"}, plant: func(s *Site, k kind, i int) bool {
			jd, docs := s.byKey["zcjd"], s.byKey["gfxwj"]
			n := jd.count - 1 - 2*i
			if n < 1 || s.taken[node{jd.n, n, 0}] || s.taken[node{docs.n, n, 0}] {
				return false
			}
			s.taken[node{jd.n, n, 0}], s.taken[node{docs.n, n, 0}] = true, true
			s.onItem(jd, n, unlink)
			s.fault(k, s.itemURL(jd, n), s.itemURL(jd, n), "the interpretation does not lead to its document", s.itemURL(docs, n))
			return true
		}},
		{name: "oneway-document", checks: []string{"WEB-46", "PLAT-25", "NORM-28", "DEC-37", "PLAT-20"}, indicators: []string{"D1.7"}, plant: func(s *Site, k kind, i int) bool {
			jd, docs := s.byKey["zcjd"], s.byKey["gfxwj"]
			n := jd.count - 2 - 2*i
			if n < 1 || s.taken[node{jd.n, n, 0}] || s.taken[node{docs.n, n, 0}] {
				return false
			}
			s.taken[node{jd.n, n, 0}], s.taken[node{docs.n, n, 0}] = true, true
			s.onItem(docs, n, unlink)
			s.fault(k, s.itemURL(docs, n), s.itemURL(docs, n), "the document does not lead to its interpretation", s.itemURL(jd, n))
			return true
		}},
	}
}

// unlink takes the links out of a text.
func unlink(p *page) {
	kept := p.body[:0:0]
	for _, b := range p.body {
		if b.kind != 'a' {
			kept = append(kept, b)
		}
	}
	p.body = kept
}
