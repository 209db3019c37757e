package sitegen

import "time"

// extra hangs a column into the site for a fault or a near miss.
func (s *Site) extra(k kind, i int, c column) *column {
	c.key = "zl" + itoa(100+len(s.columns))
	c.added = true
	names := map[string][]string{
		"news":   {"工作快讯", "基层动态", "园区动态", "项目动态", "社区新闻", "行业动态", "服务快讯"},
		"notice": {"公示公告", "招考公告", "征收公告", "交通公告", "便民公告"},
		"policy": {"政策法规", "部门政策文件", "区级政策文件", "惠民政策文件"},
		"other":  {"督查落实", "公共文化", "质量监督", "招商引资", "审计结果", "随机抽查", "民生实事", "城乡建设", "科普园地", "价格监测", "社会救助", "就业服务", "食品抽检", "住房保障", "水质监测", "扶持项目", "安全生产", "教育信息", "医疗服务", "环境监测"},
	}[c.class]
	used := 0
	for _, o := range s.columns {
		if o.added && o.class == c.class {
			used++
		}
	}
	c.name = names[used%len(names)]
	if used >= len(names) {
		c.name += numeral(1 + used/len(names))
	}
	switch c.class {
	case "news":
		c.parent = s.byKey["xwzx"].n
	case "other":
		c.parent = s.byKey["zwgk"].n
	default: // a first-level column stands in the main navigation
		if c.parent != 0 {
			break
		}
		c.parent, c.nav = -1, true
	}
	if c.title == nil {
		c.title = map[string][]string{"news": newsTitles, "notice": noticeTitles, "policy": s.byKey["zcwj"].title, "other": matter("情况")}[c.class]
	}
	made := s.add(c)
	s.extras[k.name+itoa(i)] = made
	return made
}

// columnKinds are columns that are empty or have not been filled for too long.
func columnKinds() []kind {
	fault := func(s *Site, k kind, i int) bool {
		c := s.extras[k.name+itoa(i)]
		s.fault(k, s.columnURL(c), s.columnURL(c), c.name)
		return true
	}
	stale := func(name string, checks, indicators []string, back func(t0 time.Time) time.Time, c column) kind {
		return kind{name: name, checks: checks, indicators: indicators, plant: fault, column: func(s *Site, k kind, i int) {
			c := c
			c.newest = s.t0.Sub(back(s.t0))
			s.extra(k, i, c)
		}}
	}
	newsChecks, newsPoints := []string{"WEB-20", "WEB-43", "WEB-47"}, []string{"V4.1", "D1.4", "D1.8"}
	list := []kind{
		stale("stale-news", newsChecks, newsPoints, func(t time.Time) time.Time { return t.AddDate(0, 0, -15) }, column{class: "news", form: news, period: 6 * day, count: 5}),
		stale("stale-news-long", newsChecks, newsPoints, func(t time.Time) time.Time { return t.AddDate(0, -8, 0) }, column{class: "news", form: news, period: 6 * day, count: 7}),
		stale("stale-notice", []string{"WEB-20", "WEB-47"}, []string{"V4.1", "D1.8"}, func(t time.Time) time.Time { return t.AddDate(0, -6, -1) }, column{class: "notice", form: notice, period: 20 * day, count: 5}),
		stale("stale-policy", []string{"WEB-44", "WEB-20", "WEB-47"}, []string{"D1.5", "V4.1", "D1.8"}, func(t time.Time) time.Time { return t.AddDate(0, -6, -1) }, column{class: "policy", form: document, period: 40 * day, count: 4}),
		stale("stale-other", []string{"WEB-22", "WEB-47"}, []string{"V4.2", "D1.8"}, func(t time.Time) time.Time { return t.AddDate(-1, -1, 0) }, column{class: "other", form: ordinary, period: 40 * day, count: 4}),
		{name: "home-stale", checks: []string{"WEB-18"}, indicators: []string{"V3"}, asked: true,
			column: func(s *Site, k kind, i int) {
				for _, c := range s.columns {
					if c.newest > 0 && c.newest < 20*day {
						c.newest += 20 * day
					}
				}
			},
			plant: func(s *Site, k kind, i int) bool {
				if i > 0 {
					return false
				}
				s.fault(k, "http://{{main}}/", "http://{{main}}/", "")
				for _, c := range s.columns {
					if c.class == "news" && c.isList() && !c.added {
						s.fault(kind{name: "stale-news", checks: newsChecks, indicators: newsPoints}, s.columnURL(c), s.columnURL(c), c.name)
					}
				}
				return true
			}},
		// The newest entry is dated in the future.
		{name: "stale-masked", checks: newsChecks, indicators: newsPoints,
			column: func(s *Site, k kind, i int) {
				c := s.extra(k, i, column{class: "news", form: news, period: 6 * day, count: 6, newest: 19 * day})
				future := s.t0.AddDate(0, 0, 25)
				c.fixed = []time.Time{time.Date(future.Year(), future.Month(), future.Day(), 10, 12, 0, 0, future.Location())}
			},
			plant: func(s *Site, k kind, i int) bool {
				c := s.extras[k.name+itoa(i)]
				s.fault(k, s.columnURL(c), s.columnURL(c), c.name)
				s.alone[node{c.n, 0, 0}] = true
				s.fault(kind{name: "future-date", checks: []string{"WEB-14", "PLAT-61"}, indicators: []string{"V1.5", "PLAT-61"}}, s.itemURL(c, 0), s.itemURL(c, 0), "")
				return true
			}},
	}
	for _, b := range []struct{ name, words string }{
		{"blank-building", "正在建设中"}, {"blank-soon", "栏目建设中，敬请期待"}, {"blank-data", "暂无数据"},
		{"blank-content", "暂无内容"}, {"blank-info", "暂无信息"}, {"blank-nothing", " "}, {"blank-one-link", "@link"},
	} {
		list = append(list, kind{name: b.name, checks: []string{"WEB-23", "WEB-47", "NORM-20", "PLAT-10"}, indicators: []string{"V4.3", "D1.8", "NORM-20"}, plant: fault,
			column: func(s *Site, k kind, i int) { s.extra(k, i, column{class: "other", form: ordinary, blank: b.words}) }})
	}
	return list
}
