package sitegen

import (
	"fmt"
	"time"
)

// dateKinds are dates that are wrong, moved or missing.
func dateKinds() []kind {
	forged := []string{"V1.5", "PLAT-61", "PLAT-64", "NORM-15", "PLAT-14"}
	shift := func(move func(s *Site, t time.Time) time.Time) func(*Site, kind, int) bool {
		return func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i, news, notice)
			if !ok {
				return false
			}
			s.change(node{c.n, item, 0}, func(p *page) {
				p.date = move(s, p.date)
				p.set("PubDate", p.date.Format("2006-01-02 15:04"))
			})
			s.alone[node{c.n, item, 0}] = true
			s.fault(k, s.itemURL(c, item), s.itemURL(c, item), "")
			return true
		}
	}
	return []kind{
		{name: "future-date", checks: []string{"WEB-14", "PLAT-61"}, indicators: forged, plant: shift(func(s *Site, t time.Time) time.Time {
			return s.t0.AddDate(0, 0, 20).Add(time.Duration(t.Minute()) * time.Minute)
		})},
		{name: "forged-path", checks: []string{"WEB-14", "PLAT-61"}, indicators: forged, plant: func(s *Site, k kind, i int) bool {
			return s.design.dated && shift(func(_ *Site, t time.Time) time.Time { return t.AddDate(0, -2, -3) })(s, k, i)
		}},
		{name: "forged-tag", checks: []string{"WEB-14", "NORM-15", "PLAT-14"}, indicators: forged, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i, news, notice)
			if !ok {
				return false
			}
			s.onItem(c, item, func(p *page) {
				later := p.date.AddDate(0, 0, 37)
				if later.After(s.t0) {
					later = p.date.AddDate(0, 0, -37)
				}
				p.set("PubDate", later.Format("2006-01-02 15:04"))
			})
			s.alone[node{c.n, item, 0}] = true
			s.fault(k, s.itemURL(c, item), s.itemURL(c, item), "")
			return true
		}},
		{name: "redated", checks: []string{"WEB-14", "PLAT-64"}, indicators: forged, plant: func(s *Site, k kind, i int) bool { return twice(s, k, i, false) }},
		{name: "duplicate", checks: []string{"PLAT-64", "WEB-14"}, plant: func(s *Site, k kind, i int) bool { return twice(s, k, i, true) }},
		{name: "same-minute", checks: []string{"WEB-14", "PLAT-61"}, indicators: forged, plant: func(s *Site, k kind, i int) bool {
			const many = 9
			c, first := s.free(k.name, i, many)
			if c == nil {
				return false
			}
			p := s.fault(k, s.columnURL(c), s.columnURL(c), "nine items of different days at 17:32")
			p.Many = true
			for n := first; n < first+many; n++ {
				at := node{c.n, n, 0}
				s.taken[at] = true
				s.change(at, func(p *page) {
					p.date = time.Date(p.date.Year(), p.date.Month(), p.date.Day(), 17, 32, 0, 0, p.date.Location())
					p.set("PubDate", p.date.Format("2006-01-02 15:04"))
				})
				p.Where = append(p.Where, s.url(at))
			}
			return true
		}},
		{name: "missing-date", checks: []string{"NORM-19", "WEB-19"}, indicators: []string{"NORM-19", "V3"}, plant: inItem(func(s *Site, p *page, d *dice) { p.shown = "-" }, news, notice)},
		{name: "missing-source", checks: []string{"NORM-19"}, plant: func(s *Site, k kind, i int) bool {
			c, item, ok := s.take(k.name, i, news, notice)
			if !ok {
				return false
			}
			s.alone[node{c.n, item, 0}] = true
			s.onItem(c, item, func(p *page) { p.source = "-" })
			s.fault(k, s.itemURL(c, item), s.itemURL(c, item), "")
			return true
		}},
	}
}

// free finds a run of items in one column that nothing has been done to.
func (s *Site) free(name string, i, many int) (*column, int) {
	d := s.dice("free", name, i)
	for range 400 {
		c := s.byKey[[]string{"tzgg", "bmdt", "zwyw"}[d.n(3)]]
		if c.count < many+20 || c.api {
			continue
		}
		first := 8 + d.n(c.count-many-8)
		n := first
		for n < first+many && !s.taken[node{c.n, n, 0}] && !s.hidden[node{c.n, n, 0}] {
			n++
		}
		if n == first+many {
			return c, first
		}
	}
	return nil, 0
}

// twice publishes an item's text again at an older address of the same column,
// on its own day or on the day of the first.
func twice(s *Site, k kind, i int, sameDay bool) bool {
	c, item, ok := s.take(k.name, i, news, notice)
	if !ok {
		return false
	}
	other := -1
	for n := item + 1; n < c.count && n < item+12; n++ {
		if !s.taken[node{c.n, n, 0}] && !s.hidden[node{c.n, n, 0}] {
			other = n
		}
	}
	if other < 0 {
		return false
	}
	s.taken[node{c.n, other, 0}] = true
	s.change(node{c.n, other, 0}, func(p *page) {
		first := s.itemText(c, item)
		p.title = first.title
		p.set("ArticleTitle", first.title)
		p.body, p.files, p.source, p.author = first.body, first.files, first.source, first.author
		p.set("ContentSource", p.source)
		p.head = first.head
		if sameDay {
			p.date = first.date
			p.set("PubDate", p.date.Format("2006-01-02 15:04"))
		}
	})
	s.alone[node{c.n, other, 0}] = true
	s.fault(k, s.itemURL(c, item), s.columnURL(c), "the same text at another address", s.itemURL(c, other))
	return true
}

// takeColumn chooses a list of the site that nothing has been done to.
func (s *Site) takeColumn(name string, i int) (*column, bool) {
	for _, n := range s.dice("column", name, i).order(len(s.columns)) {
		c := s.columns[n]
		if at := (node{c.n, -1, 0}); c.shape == list && c.base == "" && !c.added && !c.script && !c.api && !c.plain && c.blank == "" && !s.taken[at] {
			s.taken[at] = true
			return c, true
		}
	}
	return nil, false
}

// tagKinds are tags that are missing, empty or wrong.
func tagKinds() []kind {
	tags := []string{"WEB-64", "NORM-13", "NORM-14"}
	indicators := []string{"D4.7"}
	onItem := func(name, value string) func(*Site, kind, int) bool {
		return inItem(func(s *Site, p *page, d *dice) { p.set(name, value) })
	}
	onColumn := func(name, value string) func(*Site, kind, int) bool {
		return func(s *Site, k kind, i int) bool {
			c, ok := s.takeColumn(k.name, i)
			if !ok {
				return false
			}
			s.change(node{c.n, -1, 0}, func(p *page) { p.set(name, value) })
			s.fault(k, s.columnURL(c), s.columnURL(c), name)
			return true
		}
	}
	dateTags := []string{"D4.7", "NORM-15"}
	return []kind{
		{name: "tag-site-code", checks: tags, indicators: indicators, plant: onItem("SiteIDCode", "-")},
		{name: "tag-site-name", checks: tags, indicators: indicators, plant: onItem("SiteName", "-")},
		{name: "tag-column-type", checks: tags, indicators: indicators, plant: onColumn("ColumnType", "-")},
		{name: "tag-column-keywords", checks: tags, indicators: indicators, plant: onColumn("ColumnKeywords", "-")},
		{name: "tag-column-null", checks: tags, indicators: indicators, plant: onColumn("ColumnDescription", "null")},
		{name: "tag-title", checks: tags, indicators: indicators, plant: onItem("ArticleTitle", "-")},
		{name: "tag-source", checks: tags, indicators: indicators, plant: onItem("ContentSource", "-")},
		{name: "tag-source-empty", checks: tags, indicators: indicators, plant: onItem("ContentSource", "")},
		{name: "tag-title-null", checks: tags, indicators: indicators, plant: onItem("ArticleTitle", "null")},
		{name: "tag-date", checks: append([]string{"WEB-64", "NORM-15"}, tags[1:]...), indicators: dateTags, plant: inItem(func(s *Site, p *page, d *dice) { p.set("PubDate", "-") }, news, notice)},
		{name: "tag-date-format", checks: append([]string{"NORM-15", "WEB-64"}, tags[1:]...), indicators: []string{"NORM-15", "D4.7"}, plant: inItem(func(s *Site, p *page, d *dice) {
			p.set("PubDate", p.date.Format("2006-01-02 03:04 PM"))
		}, news, notice)},
		{name: "tag-domain-scheme", checks: append(tags, "WEB-58"), indicators: indicators, plant: inItem(func(s *Site, p *page, d *dice) { p.set("SiteDomain", "http://www."+s.place.domain+".gov.cn/") })},
		{name: "tag-code-wrong", checks: []string{"NORM-11", "WEB-64", "WEB-59"}, plant: inItem(func(s *Site, p *page, d *dice) { p.set("SiteIDCode", s.place.code+"0"+fmt.Sprint(900+d.n(90))) })},
		{name: "tag-case", checks: tags, indicators: indicators, plant: inItem(func(s *Site, p *page, d *dice) {
			for n := range p.meta {
				if p.meta[n].name == "SiteName" {
					p.meta[n].name = "sitename"
				}
			}
		})},
	}
}

// markKinds are marks of the footer that are missing or wrong.
func markKinds() []kind {
	footer := []string{"WEB-59", "NORM-10"}
	list := []kind{
		{name: "mark-jiucuo", checks: []string{"WEB-61", "NORM-10"}, indicators: []string{"D4.4"}, plant: inItem(func(s *Site, p *page, d *dice) { p.marks.noJiucuo = true })},
		{name: "police-mismatch", checks: []string{"NORM-12", "WEB-59"}, indicators: []string{"NORM-12", "D4.2"}, plant: inItem(func(s *Site, p *page, d *dice) {
			p.marks.policeURL = "https://beian.mps.gov.cn/#/query/webSearch?code=" + s.place.code + "02000001"
		})},
		{name: "icp-link", checks: []string{"NORM-12", "WEB-59"}, indicators: []string{"NORM-12", "D4.2"}, plant: inItem(func(s *Site, p *page, d *dice) { p.marks.icpURL = "http://{{good}}/icp" })},
		{name: "icp-mismatch", checks: []string{"NORM-12", "WEB-59"}, indicators: []string{"NORM-12", "D4.2"}, asked: true, plant: inItem(func(s *Site, p *page, d *dice) { p.marks.icp = "渝ICP备05000001号" })},
		{name: "marks-template", checks: footer, indicators: []string{"D4.2"}, plant: func(s *Site, k kind, i int) bool {
			c := s.byKey[[]string{"tjgb", "bstj"}[i%2]]
			if i > 1 {
				return false
			}
			p := s.fault(k, s.columnURL(c), s.columnURL(c), "all pages of the column")
			for n := -1; n < c.count; n++ {
				at := node{c.n, n, 0}
				s.taken[at] = true
				s.change(at, func(p *page) { p.marks.noPolice = true })
				p.Where = append(p.Where, s.url(at))
			}
			return true
		}},
	}
	for _, m := range []struct {
		name string
		do   func(*marks)
	}{
		{"mark-conac", func(m *marks) { m.noConac = true }}, {"mark-code", func(m *marks) { m.noCode = true }},
		{"mark-icp", func(m *marks) { m.noICP = true }}, {"mark-police", func(m *marks) { m.noPolice = true }},
		{"mark-organ", func(m *marks) { m.noOrgan = true }}, {"mark-contact", func(m *marks) { m.noPhone = true }},
		{"mark-map", func(m *marks) { m.noMap = true }},
	} {
		list = append(list, kind{name: m.name, checks: footer, indicators: []string{"D4.2", "NORM-10"}, plant: inItem(func(s *Site, p *page, d *dice) { m.do(&p.marks) })})
	}
	return list
}
