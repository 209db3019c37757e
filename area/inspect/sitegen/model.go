package sitegen

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

// shape is what a column's own page looks like.
type shape int

const (
	list    shape = iota // of items
	channel              // entrance of columns below it
	single               // one text
	leaders
	organs
	guides
	letters
	mailbox  // form for letters
	platform // disclosure platform
	sitemap
	search
	topic // entrance of topics
	figures
	subhome // home page of a sub-site
	domains // the 26 domains of the grassroots standards
)

// sort of item.
type form int

const (
	news form = iota
	notice
	document
	normative
	interpretation
	rule
	yearly
	letter
	guide
	leader
	organ
	consultation
	interview
	bulletin // figures
	ordinary // an open matter: list of results, plan, decision
)

// column is a place of the site where items hang, or a page by itself.
type column struct {
	n      int // its place in Site.columns
	key    string
	name   string
	parent int    // -1: hangs on the home page
	class  string // news notice policy static other
	shape  shape
	form   form
	count  int           // items
	newest time.Duration // of the first item, before t0
	period time.Duration // between two items
	nav    bool          // in the main navigation
	home   bool          // its newest items stand on the home page
	host   string        // "main" or "sub"
	base   string        // path of a sub-site, "" = the site itself
	weight int           // share of the pages that are to be made up
	blank  string        // what an empty column says
	script bool          // the list is filled in by script from an API
	api    bool          // so it is, but a chain of links leads through its items
	fixed  []time.Time   // dates of items that have been set by hand
	title  []string      // forms of titles
	basis  string        // of a column of statutory content
	plain  bool          // neither column nor items are judged by Compare
	added  bool          // hung in by a fault or a near miss
	gone   bool          // archived
	event  bool          // published by event, says the district's list of columns
	pinned int           // entries that stand first whatever their day
}

func (c *column) isList() bool {
	return c.shape == list || c.shape == letters || c.shape == guides
}

// add hangs a column into the site.
func (s *Site) add(c column) *column {
	c.n = len(s.columns)
	if c.host == "" {
		c.host = "main"
	}
	if c.class == "" {
		c.class = "other"
	}
	k := &c
	s.columns = append(s.columns, k)
	s.byKey[c.key] = k
	return k
}

const (
	month = 30 * day
	year  = 365 * day
)

// layOut makes the columns, and gives each as many items as the plan has pages for.
func (s *Site) layOut(kinds []kind) {
	s.byKey = map[string]*column{}
	pages := s.plan.Pages
	big := pages >= 200
	add := func(c column) int { return s.add(c).n }

	gk := add(column{key: "zjgk", name: "走进" + s.place.district[:len(s.place.district)-len("区")], parent: -1, shape: channel, class: "static", nav: true})
	add(column{key: "qqgk", name: "区情概况", parent: gk, shape: single, class: "static"})
	if big {
		add(column{key: "xzqh", name: "行政区划", parent: gk, shape: single, class: "static"})
		add(column{key: "lswh", name: "历史文化", parent: gk, shape: single, class: "static"})
	}

	xw := add(column{key: "xwzx", name: "新闻动态", parent: -1, shape: channel, class: "news", nav: true})
	add(column{key: "zwyw", name: "政务要闻", parent: xw, class: "news", form: news, newest: 20 * time.Hour, period: day, weight: 14, home: true, title: newsTitles})
	add(column{key: "bmdt", name: "部门动态", parent: xw, class: "news", form: news, newest: 2 * day, period: day, weight: 10, home: true, title: newsTitles})
	if big {
		add(column{key: "jzdt", name: "街镇动态", parent: xw, class: "news", form: news, newest: 3 * day, period: 2 * day, weight: 8, title: newsTitles})
	}

	zw := add(column{key: "zwgk", name: "政务公开", parent: -1, shape: channel, nav: true})
	add(column{key: "tzgg", name: "通知公告", parent: -1, class: "notice", form: notice, newest: 4 * day, period: 3 * day, weight: 8, nav: true, home: true, title: noticeTitles})
	add(column{key: "zcwj", name: "政策文件", parent: -1, class: "policy", form: document, newest: 12 * day, period: 6 * day, weight: 7, nav: true, home: true,
		title: []string{"{政府}办公室关于印发{社区}{专题}工作方案的通知", "{政府}办公室关于进一步做好{社区}{专题}工作的通知", "{政府}关于加强{社区}{专题}工作的意见", "{政府}办公室关于建立{社区}{专题}联席会议制度的通知", "{政府}关于{社区}{专题}项目实施方案的批复", "{政府}办公室关于转发{单位}{社区}{专题}工作要点的通知"}})
	add(column{key: "zcjd", name: "政策解读", parent: zw, form: interpretation, weight: 2, home: true})
	add(column{key: "ldzc", name: "领导之窗", parent: zw, shape: leaders, class: "static", form: leader, count: 3 + pages/400%6})
	add(column{key: "jgzn", name: "机构职能", parent: zw, shape: organs, class: "static", form: organ, count: min(len(offices), 4+pages/60)})
	if big {
		add(column{key: "rsrm", name: "人事信息", parent: zw, form: ordinary, newest: 25 * day, period: 20 * day, weight: 2, title: []string{"{单位}关于{社区}{专题}公益性岗位招聘结果的公示", "{单位}{专题}岗位招聘拟聘用人员情况公示（{社区}）", "{单位}关于{社区}{专题}岗位招聘的公告", "{单位}{社区}{专题}岗位面试安排的公告", "{单位}{社区}{专题}岗位资格复审公告", "{单位}{社区}{专题}岗位体检安排的公告"}})
		add(column{key: "jsjf", name: "减税降费", parent: zw, form: ordinary, newest: 40 * day, period: 30 * day, weight: 1, home: true, title: matter("优惠事项说明")})
	}

	fw := add(column{key: "bsfw", name: "办事服务", parent: -1, shape: channel, class: "static", nav: true})
	add(column{key: "bszn", name: "办事指南", parent: fw, shape: guides, class: "static", form: guide, count: min(60, max(6, pages/40))})
	add(column{key: "bstj", name: "办事统计", parent: fw, form: bulletin, newest: 20 * day, period: month, count: min(24, max(3, pages/60))})
	if big {
		add(column{key: "bgxz", name: "表格下载", parent: fw, form: ordinary, newest: 60 * day, period: 30 * day, weight: 1, title: matter("申请表格及填写样表")})
	}

	hd := add(column{key: "hdjl", name: "互动交流", parent: -1, shape: channel, nav: true})
	add(column{key: "qzxx", name: "区长信箱", parent: hd, shape: letters, form: letter, newest: 6 * day, period: 3 * day, weight: 4, home: true})
	add(column{key: "zxsb", name: "在线申办", parent: fw, shape: mailbox, class: "static"})
	add(column{key: "wyxx", name: "我要写信", parent: hd, shape: mailbox, class: "static"})
	add(column{key: "xjtj", name: "信件统计", parent: hd, shape: figures, class: "static"})
	add(column{key: "yjzj", name: "意见征集", parent: hd, form: consultation, newest: 10 * day, period: 40 * day, count: min(20, max(4, pages/60))})
	if big {
		add(column{key: "zxft", name: "在线访谈", parent: hd, form: interview, newest: 20 * day, period: 45 * day, count: min(16, 3+pages/200)})
	}

	zt := add(column{key: "ztzl", name: "专题专栏", parent: -1, shape: topic, nav: true})
	add(column{key: "aqsc", name: "安全生产月专题", parent: zt, form: ordinary, newest: 9 * day, period: 9 * day, weight: 2, title: []string{"{社区}开展{专题}隐患自查", "{单位}{社区}{专题}宣讲安排", "{社区}{专题}应急演练情况", "{单位}到{社区}讲解{专题}常识", "{社区}{专题}检查情况通报", "{单位}{社区}{专题}知识问答"}})

	sj := add(column{key: "sjkf", name: "数据开放", parent: -1, shape: channel, nav: true})
	add(column{key: "tjgb", name: "统计数据", parent: sj, form: bulletin, newest: 18 * day, period: month, count: min(60, max(3, pages/50))})

	pt := add(column{key: "zfxxgk", name: "政府信息公开", parent: -1, shape: platform, class: "static", nav: true})
	add(column{key: "gkzn", name: "政府信息公开指南", parent: pt, shape: single, class: "static"})
	add(column{key: "gkzd", name: "政府信息公开制度", parent: pt, form: rule, newest: 60 * day, period: 200 * day, count: 4})
	fd := add(column{key: "fdzdgknr", name: "法定主动公开内容", parent: pt, shape: channel, class: "static"})
	add(column{key: "gknb", name: "政府信息公开年报", parent: pt, form: yearly, class: "static", count: min(6, max(3, pages/40))})
	add(column{key: "ysqgk", name: "依申请公开", parent: pt, shape: mailbox, class: "static"})
	add(column{key: "gfxwj", name: "行政规范性文件", parent: fd, class: "policy", form: normative, newest: 30 * day, period: 45 * day, weight: 3,
		title: []string{"{政府}关于印发{区}{社区}{专题}管理办法的通知", "{政府}关于印发{区}{社区}{专题}实施细则的通知", "{政府}关于印发{区}{社区}{专题}管理规定的通知", "{政府}关于修订{区}{社区}{专题}管理办法的通知", "{政府}关于印发{区}{社区}{专题}扶持办法的通知", "{政府}关于印发{区}{社区}{专题}监督办法的通知"}})
	statutory := []struct{ key, name, basis, tail string }{
		{"ghxx", "规划信息", "第二十条第三项", "规划实施情况"}, {"xzxk", "行政许可", "第二十条第五项", "许可结果"},
		{"xzcf", "行政处罚", "第二十条第六项", "处罚结果"}, {"czyjs", "预算决算", "第二十条第七项", "经费预算"},
		{"zfcg", "政府集中采购", "第二十条第九项", "采购结果"}, {"zdjsxm", "重大建设项目", "第二十条第十项", "项目进展情况"},
		{"yjgl", "应急管理", "第二十条第十二项", "应急预案"}, {"jdjc", "监督检查", "第二十条第十三项", "监督检查结果"},
	}
	if !big {
		statutory = statutory[:2]
	}
	for i, c := range statutory {
		add(column{key: c.key, name: c.name, parent: fd, form: ordinary, basis: c.basis, newest: time.Duration(15+7*i) * day, period: 12 * day, weight: 2, title: matter(c.tail)})
	}
	add(column{key: "jcgk", name: "基层政务公开", parent: fd, shape: domains, class: "static"})

	add(column{key: "search", name: "站内搜索", parent: -1, shape: search, class: "static"})
	add(column{key: "wzdt", name: "网站地图", parent: -1, shape: sitemap, class: "static"})
	add(column{key: "lxwm", name: "联系我们", parent: -1, shape: single, class: "static"})
	add(column{key: "wznb", name: "政府网站工作年度报表", parent: -1, shape: single, class: "static"})
	add(column{key: "ghb", name: "长者专区", parent: -1, shape: single, class: "static"})
	if big {
		add(column{key: "english", name: "English", parent: -1, shape: single, class: "static"})
	}
	if s.design.layOut != nil {
		s.design.layOut(s)
	}
	for _, k := range kinds {
		// A small site has room for some of them only.
		named := k.near && s.plan.Near != nil || !k.near && s.plan.Defects != nil
		if k.column != nil && (named || pages >= 200 || s.dice("room", k.name).n(250) < pages) {
			s.laid[k.name] = true
			for i := range s.plan.Count {
				k.column(s, k, i)
			}
		}
	}
	s.share()
}

// matter are titles of the open matters of a statutory column.
func matter(tail string) []string {
	return []string{"{单位}{社区}{专题}" + tail, "{单位}{社区}{专题}" + tail + "（公示）", "{社区}{专题}" + tail + "（{单位}）", "{单位}关于{社区}{专题}" + tail + "的公告", "{单位}公布{社区}{专题}" + tail, "{社区}{专题}" + tail + "（{单位}公布）"}
}

// share gives the columns that may grow the items that are still to be made up.
func (s *Site) share() {
	pages, weights := 1, 0
	for _, c := range s.columns {
		pages += 1 + c.count
		weights += c.weight
	}
	rest := max(0, s.plan.Pages-pages)
	for _, c := range s.columns {
		if c.weight > 0 {
			n := rest * c.weight / weights
			c.count = max(2, n-n/(s.design.per+1))
		}
		if c.form == letter { // they go back for a year at least
			c.period = max(c.period, year/time.Duration(c.count))
		}
		if c.form == normative { // some of them have lapsed by now
			c.period = 7 * year / time.Duration(c.count)
		}
		// Old stock is spread over eight years at most, new over as long as it takes.
		if c.period > 0 && c.count > 1 {
			if limit := (8*year - c.newest) / time.Duration(c.count); c.period > limit {
				c.period = limit
			}
		}
	}
	docs, jd := s.byKey["gfxwj"], s.byKey["zcjd"]
	jd.count = min(max(2, jd.count), docs.count)
}

// date is when item i of a column was published. Items go back from the newest.
func (s *Site) date(c *column, i int) time.Time {
	if i < len(c.fixed) {
		return c.fixed[i]
	}
	switch c.form {
	case interpretation: // on the day of its document
		t := s.date(s.byKey["gfxwj"], i)
		return time.Date(t.Year(), t.Month(), t.Day(), 17, t.Minute(), 0, 0, t.Location())
	case yearly:
		d := s.dice("yearly", i)
		last := s.lastReport()
		return time.Date(last+1-i, time.January, 12+d.n(16), 9+d.n(8), d.n(60), 0, 0, s.t0.Location())
	}
	if c.form == leader || c.form == organ || c.form == guide { // pages that are mended when something changes
		t := time.Date(s.t0.Year(), time.Month(1+i%12), 3+(i*7+c.n)%20, 9+i%8, 5+(i*11+c.n)%50, 0, 0, s.t0.Location())
		for t.After(s.t0) {
			t = t.AddDate(-1, 0, 0)
		}
		return t
	}
	d := s.dice("date", c.key, i)
	back := c.newest + time.Duration(i)*c.period
	if i > 0 && c.period > 3*day {
		back += time.Duration(d.n(int(c.period/day)/2+1)) * day
	}
	t := s.t0.Add(-back)
	minute := 8*60 + 31 + d.n(9*60-20)
	if c.period < day { // several on one day: later ones come first
		minute = t.Hour()*60 + t.Minute()
	}
	return time.Date(t.Year(), t.Month(), t.Day(), minute/60, minute%60, 0, 0, t.Location())
}

// lastReport is the year of the newest yearly report that is due.
func (s *Site) lastReport() int {
	if s.t0.Month() == time.January {
		return s.t0.Year() - 2
	}
	return s.t0.Year() - 1
}

// title is what item i of a column is called.
func (s *Site) title(c *column, i int) string {
	switch c.form {
	case interpretation:
		return "《" + s.short(s.byKey["gfxwj"], i) + "》政策解读"
	case rule:
		return []string{s.place.district + "政府信息公开申请办理规定", s.place.district + "政府信息公开保密审查制度", s.place.district + "政府信息主动公开工作规范", s.place.district + "政府信息公开责任追究办法", s.place.district + "政府信息公开社会评议办法"}[i%5]
	case yearly:
		return fmt.Sprintf("%s%d年政府信息公开工作年度报告", s.government(), s.lastReport()-i)
	case letter:
		return s.about(c, i, []string{"咨询{社区}{专题}办理问题", "反映{社区}{专题}相关问题", "关于{社区}{专题}的建议", "请问{社区}{专题}如何申请", "{社区}{专题}何时开展", "对{社区}{专题}服务的意见"})
	case guide:
		return services[i%len(services)].name + []string{"", "（变更）", "（补办）", "（注销）"}[i/len(services)%4]
	case leader:
		return s.person(i)
	case organ:
		return s.full(offices[i%len(offices)])
	case consultation:
		return "关于公开征求《" + s.place.district + s.about(c, i, []string{"{社区}{专题}管理办法（征求意见稿）》意见的公告", "{社区}{专题}实施方案（征求意见稿）》意见的公告"})
	case interview:
		return "在线访谈：" + s.about(c, i, []string{"{单位}谈{社区}{专题}", "{单位}解答{社区}{专题}相关问题"})
	case bulletin:
		t := s.date(c, i).AddDate(0, -1, 0)
		if c.key == "bstj" {
			return fmt.Sprintf("%s%d年%d月政务服务办件统计", s.place.district, t.Year(), t.Month())
		}
		return fmt.Sprintf("%s%d年%d月主要统计数据", s.place.district, t.Year(), t.Month())
	}
	return s.about(c, i, c.title)
}

// short is the name of the thing that a document issues.
func (s *Site) short(c *column, i int) string {
	full := s.title(c, i)
	for _, lead := range []string{"关于印发", "关于修订"} {
		if _, rest, found := strings.Cut(full, lead); found {
			name, _, _ := strings.Cut(rest, "的通知")
			return name
		}
	}
	return full
}

// number is the document number of an item: its place among those of its year.
func (s *Site) number(c *column, i int) string {
	made := s.made(c, i)
	y := made.Year()
	oldest := sort.Search(c.count, func(k int) bool { return s.made(c, k).Year() < y }) - 1
	word := s.place.short
	switch {
	case c.added: // each series has a word of its own
		turn := 0
		for _, o := range s.columns[:c.n] {
			if o.added && o.form == document {
				turn++
			}
		}
		words := []string{"办函", "办通", "办字", "办综", "函", "通", "字", "综"}
		word += words[turn%len(words)]
	case c.form == document:
		word += "办发"
	case c.form == rule:
		word += "公开"
	default:
		word += "发"
	}
	return fmt.Sprintf("%s〔%d〕%d号", word, y, max(0, oldest-i)+1)
}

// made is the day on which a document was signed; it is published some days later.
func (s *Site) made(c *column, i int) time.Time {
	t := s.date(c, i).Add(-3 * day)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}
