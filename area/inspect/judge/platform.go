package judge

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/regex"
)

// platformPart is a part of the disclosure platform by its exact label
// (disclosure-platform 2).
type platformPart struct {
	label string
	also  string // an allowed second label
	near  *regex.Pattern
}

var platformParts = []platformPart{
	{"政府信息公开指南", "", regex.New(`^(?:政府|本级|本机关|政务)?(?:信息|政务)?公开(?:工作)?指南$`)},
	{"政府信息公开制度", "", regex.New(`^(?:政府|政务)?(?:信息|政务)?公开(?:工作)?(?:制度|规定|法规|制度规范|规章制度)$`)},
	{"法定主动公开内容", "", regex.New(`^(?:法定)?主动公开(?:的?内容|目录|信息|基本目录)?$|^政府信息公开目录$|^(?:信息)?公开目录$`)},
	{"政府信息公开年报", "政府信息公开工作年度报告", regex.New(`^(?:政府|政务)?(?:信息|政务)?公开(?:工作)?(?:年报|年度报告|工作年报|年度报表)$`)},
}

const requestEntry = "依申请公开"

var (
	platformLink  = regex.New(`^(?:政府)?信息公开(?:平台|专栏|目录)?$|^政务公开(?:平台|专栏)?$|^公开平台$`)
	exactPlatform = regex.New(`^政府信息公开(?:平台|专栏)?$`)
	requestName   = regex.New(`^(?:政府信息)?依申请公开|^(?:我要)?申请公开$|^(?:信息)?公开申请`)
	oldRegulation = regex.New(`国务院令(?:〔2007〕)?第?\s?492\s?号|国令第?\s?492\s?号|第\s?492\s?号`)
	newRegulation = regex.New(`711\s?号`)
	guidePage     = regex.With("指南", `信息公开(?:工作)?指南|^公开指南$`)
	mapName       = regex.New(`(?:网站|站点|本站)(?:地图|导航)`)
	guideName     = regex.New(`公开(?:工作)?指南`)
	rulePart      = regex.New(`信息公开(?:工作)?(?:制度|规定)$|^公开制度$`)
	ruleTitle     = regex.New(`条例|办法|规定|制度|细则|规范|规则|规程|意见|准则|标准|机制|法$|法》|流程|清单`)
	notRule       = regex.New(`召开|举办|开展|工作要点|工作计划|工作总结|培训|调研|简报|慰问|活动|会议|座谈|督查情况|年度报告|年报`)
	newsInside    = regex.New(`动态|新闻|要闻|风采|简报|宣传|活动|图片|视频|讲话|会议报道|领导调研`)
	yearlyTitle   = regex.New(`(20\d{2})\s?年?(?:度)?.{0,40}(?:年度报告|年报)|(?:年度报告|年报).{0,12}(20\d{2})`)
	newsTitle     = regex.With("召开 举行 走访 慰问 看望 调研 视察 座谈 督导检查 活动", `召开.{0,30}(?:会议?|座谈|部署会|推进会)|举行.{0,30}(?:活动|仪式|演练)|(?:走访|慰问|看望|调研|视察|座谈|督导检查)|开展.{0,30}活动`)
	officialTitle = regex.New(`(?:通知|公告|公示|方案|办法|规定|意见|批复|决定|报告|规划|计划|名单|清单|目录|预案|预算|决算|统计|表)(?:（[^）]*）)?$|关于`)
	dutyBasis     = regex.With("履职依据", `履职依据`)
	lawLibrary    = regex.New(`行政法规|法律法规(?:数据)?库|flk\.npc\.gov\.cn|xzfg`)
	ruleLibrary   = regex.New(`(?:政府|地方|部门|国家|市级?|省级?)?规章|gjgzk|gzk`)
)

// platformPage is a page that looks like the disclosure platform, or a part of it.
type platformPage struct {
	url, on, hash string
	at            time.Time
	depth         int
	shown         [4]string // label as the page shows it; "" = not there
	place         [4]int    // among its links
	more          []string  // what stands among the parts and is none of them
	to            [4]string
	request       bool
	scripted      bool
	named         bool // it is called so
	name          string
}

// yearly are the annual reports of one list.
type yearly struct {
	url, on string
	years   map[int]bool
	paged   bool
}

// guideList is a page that lists guides to disclosure.
type guideList struct {
	url, hash     string
	lines, guides int
}

// platform is what is remembered of disclosure.
type platform struct {
	pages    []platformPage
	byHome   string // address that the home page names as the platform
	homeText string
	inHome   platformPage // the parts as the home page itself shows them
	yearly   map[string]*yearly
	guides   map[uint64]guideList // pages of the part of the guide that list instead of showing it
	basis    string               // page of 履职依据
	basisOn  string
	law      bool
	rules    bool
	scripted bool
}

// seePlatform keeps what a page shows of the disclosure platform.
func (s *site) seePlatform(p *fact.Page) {
	r := p.Read
	f := &s.platform
	if r.Kind != fact.Home {
		s.seeGuideText(p)
	}
	if r.Kind == fact.Content {
		s.seeNews(p)
	}
	where := strings.Join(crumbs(r), " ")
	if len(r.Entries) > 0 && r.Words < 200 && len(f.guides) < 200 && guidePage.MatchString(last(r.Breadcrumb)) {
		g := guideList{url: p.URL, hash: p.Hash, lines: len(r.Entries)}
		for _, e := range r.Entries {
			if guideName.MatchString(e.Title) {
				g.guides++
			}
		}
		f.guides[folderKey(p.URL)] = g
	}
	if dutyBasis.MatchString(where) {
		s.seeBasis(p)
	}
	if r.Kind == fact.List || r.Kind == fact.Section || r.Kind == fact.Disclosure || r.Kind == fact.Other {
		s.seeYearly(p)
		s.seeRules(p)
	}
	if p.Depth > 3 || r.Kind == fact.Content || r.Kind == fact.Guide || r.Kind == fact.Search || len(f.pages) >= 500 {
		return
	}
	one := platformPage{url: p.URL, on: p.Referrer, hash: p.Hash, at: p.At, depth: p.Depth, scripted: r.Scripted && !r.Rendered, named: platformLink.MatchString(flat(r.Heading)) || r.Kind == fact.Disclosure}
	one.name = flat(r.Heading)
	n := one.read(r)
	if p.Depth == 0 {
		f.inHome = one
		for _, l := range r.Links {
			t := flat(l.Text)
			if l.Element == "a" && platformLink.MatchString(t) && (f.byHome == "" || exactPlatform.MatchString(t) && !exactPlatform.MatchString(f.homeText)) {
				f.byHome, f.homeText = l.URL, t
			}
		}
		return
	}
	if (n >= 2 || one.named) && !mapName.MatchString(one.name+flat(last(r.Breadcrumb))) {
		f.pages = append(f.pages, one)
	}
}

// read finds the parts among the links of a page and counts them.
func (o *platformPage) read(r *fact.Reading) (n int) {
	type label struct {
		text string
		part int
		at   fact.Place
	}
	var all []label
	for k, l := range r.Links {
		if l.Element != "a" || l.Place == fact.InFooter {
			continue
		}
		t := flat(l.Text)
		if utf8.RuneCountInString(t) > 20 {
			continue
		}
		o.request = o.request || requestName.MatchString(t)
		all = append(all, label{t, -1, l.Place})
		for i, part := range platformParts {
			exact := t == part.label || part.also != "" && t == part.also
			if exact || o.shown[i] == "" && part.near.MatchString(t) {
				if o.shown[i] == "" {
					n++
				}
				if o.shown[i] != part.label && (o.shown[i] == "" || exact) {
					o.shown[i], o.to[i], o.place[i] = t, l.URL, k
				}
				all[len(all)-1].part = i
			}
		}
	}
	from, to, place := -1, -1, fact.Place("")
	for k, l := range all {
		if l.part >= 0 && l.text == o.shown[l.part] {
			if from < 0 {
				from, place = k, l.at
			}
			to = k
		}
	}
	if n >= 3 && to-from < 12 {
		for k := max(from-2, 0); k < min(to+6, len(all)); k++ {
			l := all[k]
			between := k > from && k < to // the first part and the last
			if l.part < 0 && l.at == place && l.text != "" && (between && !requestName.MatchString(l.text) || !between && newsInside.MatchString(l.text)) && !slices.Contains(o.more, l.text) {
				o.more = append(o.more, l.text)
			}
		}
	}
	return n
}

// seeGuideText is PLAT-08: a guide that cites the regulation before 2019.
func (s *site) seeGuideText(p *fact.Page) {
	r := p.Read
	if !guidePage.MatchString(r.Heading) && !guidePage.MatchString(last(r.Breadcrumb)) {
		return
	}
	old := oldRegulation.FindString(r.Text)
	if old == "" || newRegulation.MatchString(r.Text) {
		return
	}
	s.add(fact.Finding{Check: "PLAT-08", Also: []string{"REV-27"}, URL: p.URL, On: cmp.Or(p.Referrer, p.URL), State: fact.Fail, At: p.At, Proof: p.Hash,
		What: "政府信息公开指南仍引用修订前的条例", Seen: old, Mend: "按2019年修订的《中华人民共和国政府信息公开条例》（国令第711号）更新指南"})
}

func last(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}

// seeBasis keeps whether 履职依据 leads to the libraries of regulations and rules.
func (s *site) seeBasis(p *fact.Page) {
	f := &s.platform
	r := p.Read
	if r.Kind == fact.Content {
		return
	}
	if dutyBasis.MatchString(flat(r.Heading)) && (f.basis == "" || p.Depth == 0) {
		f.basis, f.basisOn = p.URL, p.Referrer
	}
	f.scripted = f.scripted || r.Scripted && !r.Rendered
	for _, l := range r.Links {
		if l.Element == "a" && l.Place != fact.InFooter {
			f.law = f.law || lawLibrary.MatchString(l.Text) || lawLibrary.MatchString(l.URL)
			f.rules = f.rules || ruleLibrary.MatchString(l.Text) || ruleLibrary.MatchString(hostOf(l.URL))
		}
	}
}

// seeYearly keeps the years of annual reports that a list names.
func (s *site) seeYearly(p *fact.Page) {
	r := p.Read
	name := flat(r.Heading)
	if !platformParts[3].near.MatchString(name) && !(yearlyName.MatchString(name) && strings.Contains(strings.Join(crumbs(r), " "), "公开")) {
		return
	}
	k := hostOf(p.URL) + strings.Join(r.Breadcrumb, ">") + name
	y := s.platform.yearly[k]
	if y == nil {
		if len(s.platform.yearly) >= 2000 {
			return
		}
		y = &yearly{url: p.URL, on: p.Referrer, years: map[int]bool{}}
		s.platform.yearly[k] = y
	}
	y.paged = y.paged || len(r.Next) > 0
	for _, e := range r.Entries {
		for _, g := range yearlyTitle.FindAllStringSubmatch(e.Title, 2) {
			if n, err := strconv.Atoi(cmp.Or(g[1], g[2])); err == nil {
				y.years[n] = true
			}
		}
	}
}

// seeRules is PLAT-06: what is no rule in the part of rules.
func (s *site) seeRules(p *fact.Page) {
	r := p.Read
	if !rulePart.MatchString(flat(r.Heading)) {
		return
	}
	for _, e := range r.Entries {
		if notRule.MatchString(e.Title) && !ruleTitle.MatchString(e.Title) {
			s.add(fact.Finding{Check: "PLAT-06", URL: e.URL, On: p.URL, State: fact.Proposed, At: p.At, Proof: p.Hash,
				What: "政府信息公开制度栏目中有不是制度的内容", Seen: "《" + e.Title + "》", Mend: "移到对应的栏目；制度栏目只放法规、办法、规定、制度、细则、规范"})
		}
	}
}

// disclosure is PLAT-01 to PLAT-04, PLAT-07, PLAT-09, PLAT-24.
func (s *site) disclosure() {
	if s.in.Site.Department || !s.home.seen {
		return
	}
	f := &s.platform
	s.basis()
	page := s.platformOf()
	if page == nil {
		if n, _ := s.named(platformLink); n == "" && !s.home.scripted {
			s.add(fact.Finding{Check: "PLAT-02", URL: s.home.url, On: s.home.url, State: fact.Proposed, At: s.home.at, Proof: s.home.hash,
				What: "从首页找不到“政府信息公开”", Seen: "首页和二级页面没有政府信息公开平台的入口", Mend: "在首页设置“政府信息公开”入口"})
		}
		return
	}
	if !s.home.scripted && page.depth > 1 && !s.leadsTo(f.byHome, page.url) && f.inHome.count() < 3 {
		seen := "首页没有这个入口"
		if f.byHome != "" {
			seen = "首页只有“" + f.homeText + "”，从那里还要再点一次"
		}
		s.add(fact.Finding{Check: "PLAT-02", URL: page.url, On: s.home.url, State: fact.Fail, At: page.at, Proof: page.hash,
			What: "从首页无法一次点击进入“政府信息公开”", Seen: seen, Mend: "在首页设置“政府信息公开”入口"})
	}
	if hostOf(page.url) != s.host && !s.ownHost(hostOf(page.url)) {
		s.add(fact.Finding{Check: "PLAT-03", URL: page.url, On: cmp.Or(page.on, page.url), State: fact.Fail, At: page.at, Proof: page.hash,
			What: "政府信息公开平台另设了网站", Seen: hostOf(page.url), Mend: "把平台并入门户网站的“政府信息公开”栏目"})
	}
	s.parts(page)
	s.statutory()
	s.guideOpens(page)
	s.yearlyGaps()
}

// basis is PLAT-24: 履职依据 leads to the libraries of regulations and rules.
func (s *site) basis() {
	f := &s.platform
	if f.basis != "" && !f.scripted {
		for _, one := range []struct {
			key   string
			there bool
		}{{"行政法规库", f.law}, {"规章库", f.rules}} {
			if !one.there {
				s.add(fact.Finding{Check: "PLAT-24", URL: f.basis, On: cmp.Or(f.basisOn, f.basis), Key: one.key, State: fact.Proposed, At: s.in.T0,
					What: "履职依据栏目没有链接到" + one.key, Seen: "栏目中没有到" + one.key + "的链接", Mend: "加上" + one.key + "的链接"})
			}
		}
	}
}

// leadsTo tells whether an address is another one, or sends on to it.
func (s *site) leadsTo(address, page string) bool {
	if address == "" {
		return false
	}
	if folderKey(address) == folderKey(page) {
		return true
	}
	i, ok := s.at[keyOf(address)]
	j, known := s.at[keyOf(page)]
	return ok && known && s.end(i) == s.end(j)
}

// count is how many of the parts a page shows.
func (o *platformPage) count() (n int) {
	for _, t := range o.shown {
		if t != "" {
			n++
		}
	}
	return n
}

func (s *site) ownHost(host string) bool { return slices.Contains(s.in.Site.Own, host) }

// platformOf is the page of the platform: the one that the home page names, else
// the nearest one with most of the parts.
func (s *site) platformOf() *platformPage {
	f := &s.platform
	var best *platformPage
	score := func(p *platformPage) int {
		n := 0
		for _, t := range p.shown {
			if t != "" {
				n += 4
			}
		}
		if f.byHome != "" && folderKey(p.url) == folderKey(f.byHome) {
			n += 9
		}
		if exactPlatform.MatchString(f.homeText) && p.named {
			n++
		}
		return n - 2*p.depth
	}
	for i := range f.pages {
		p := &f.pages[i]
		parts := 0
		for _, t := range p.shown {
			if t != "" {
				parts++
			}
		}
		if parts == 0 && !(f.byHome != "" && folderKey(p.url) == folderKey(f.byHome)) {
			continue
		}
		if best == nil || score(p) > score(best) {
			best = p
		}
	}
	return best
}

// parts is PLAT-01: the four parts by their exact labels, and the request entry.
func (s *site) parts(page *platformPage) {
	if page.scripted {
		return
	}
	lacks := func(label, what, seen string) {
		s.add(fact.Finding{Check: "PLAT-01", URL: page.url, On: cmp.Or(page.on, page.url), Key: label, State: fact.Fail, At: page.at, Proof: page.hash,
			What: "政府信息公开栏目设置不规范：" + what, Seen: seen, Mend: "按统一名称设置四个部分：政府信息公开指南、政府信息公开制度、法定主动公开内容、政府信息公开年报，另设依申请公开入口"})
	}
	if t := s.platform.homeText; platformLink.MatchString(page.name) && !strings.Contains(page.name, "政府信息公开") && !strings.Contains(t, "政府信息公开") && page.count() >= 2 {
		lacks("名称", "栏目名称不是“政府信息公开”", "页面上写的是“"+page.name+"”")
	}
	if page.count() == 0 {
		lacks("", "没有按四个部分设置", "没有指南、制度、法定主动公开内容、年报")
		return
	}
	for i, part := range platformParts {
		switch t := page.shown[i]; {
		case t == "":
			lacks(part.label, "缺少“"+part.label+"”", "页面上没有这一部分")
		case t != part.label && t != part.also:
			lacks(part.label, fmt.Sprintf("“%s”名称不符", part.label), "页面上写的是“"+t+"”")
		}
	}
	ordered, before := true, -1
	for i := range platformParts {
		if page.shown[i] != "" {
			ordered = ordered && page.place[i] > before
			before = page.place[i]
		}
	}
	if !ordered {
		lacks("顺序", "四个部分的顺序不对", "应为指南、制度、法定主动公开内容、年报")
	}
	if len(page.more) > 0 && len(page.more) <= 3 {
		lacks("多出", "多出“"+strings.Join(page.more, "”“")+"”", "这些内容不属于四个部分，应放到别处")
	}
	if !page.request {
		lacks(requestEntry, "缺少“依申请公开”入口", "页面上没有这个入口")
	}
}

// statutory is PLAT-04: news under the statutory content.
func (s *site) statutory() {
	for _, c := range s.columns {
		n := len(c.crumb)
		if n == 0 || !newsInside.MatchString(c.Name) || c.kind == fact.Section {
			continue
		}
		for _, name := range c.crumb {
			if name != c.Name && (strings.Contains(name, "主动公开") || platformParts[2].near.MatchString(flat(name))) {
				s.add(fact.Finding{Check: "PLAT-04", URL: c.URL, On: onOf(c), State: fact.Proposed, At: c.at, Proof: c.hash,
					What: fmt.Sprintf("栏目“%s”没有法定依据，不能放在法定主动公开内容下", c.Name), Seen: strings.Join(c.crumb, " > "), Mend: "移到动态类栏目"})
				break
			}
		}
	}
}

// seeNews is PLAT-05: news in the statutory content.
func (s *site) seeNews(p *fact.Page) {
	r := p.Read
	if r.Number != "" || r.Index != "" && r.Kind != fact.Content || !newsTitle.MatchString(r.Heading) || officialTitle.MatchString(r.Heading) {
		return
	}
	for _, name := range r.Breadcrumb {
		if strings.Contains(name, "法定主动公开") {
			s.add(fact.Finding{Check: "PLAT-05", Also: []string{"PLAT-04"}, URL: p.URL, On: cmp.Or(p.Referrer, p.URL), State: fact.Proposed, At: p.At, Proof: p.Hash,
				What: "动态类信息不能发布到政府信息公开平台", Seen: "《" + r.Heading + "》在“" + strings.Join(r.Breadcrumb, " > ") + "”", Mend: "移到动态、要闻类栏目"})
			return
		}
	}
}

// guideOpens is PLAT-07: the guide opens its text, not a list.
func (s *site) guideOpens(page *platformPage) {
	to := page.to[0]
	if to == "" {
		return
	}
	c := s.columnAt(to)
	if g, ok := s.platform.guides[folderKey(to)]; ok && c == nil {
		f := fact.Finding{Check: "PLAT-07", URL: g.url, On: page.url, State: fact.Fail, At: page.at, Proof: g.hash,
			What: "点击政府信息公开指南，打开的是列表，不是指南全文", Seen: fmt.Sprintf("列表有 %d 条", g.lines), Mend: "让入口直接打开现行的指南"}
		if g.guides > 1 {
			f.What, f.Seen = "政府信息公开指南存在多份", fmt.Sprintf("列表中有 %d 份指南", g.guides)
		}
		s.add(f)
		return
	}
	if c == nil || c.Items == 0 || c.kind == fact.Section || c.words >= 200 {
		return
	}
	guides := 0
	for _, e := range c.entries {
		if i := s.leaves[s.end(e.leaf)].item; i >= 0 && guidePage.MatchString(s.items[i].Title) {
			guides++
		}
	}
	f := fact.Finding{Check: "PLAT-07", URL: c.URL, On: page.url, State: fact.Fail, At: c.at, Proof: c.hash,
		What: "点击政府信息公开指南，打开的是列表，不是指南全文", Seen: fmt.Sprintf("列表有 %d 条", c.Items), Mend: "让入口直接打开现行的指南"}
	if guides > 1 {
		f.What, f.Seen = "政府信息公开指南存在多份", fmt.Sprintf("列表中有 %d 份指南", guides)
	}
	s.add(f)
}

// columnAt is the column at an address.
func (s *site) columnAt(address string) *column {
	if n, ok := s.byKey[s.sentTo(address)]; ok {
		return s.columns[n]
	}
	return nil
}

// yearlyGaps is PLAT-09: a year without its report between the first and the
// last that is due. Reports are due by the end of January (Art. 49); the check
// waits until April, when those of governments are due too.
func (s *site) yearlyGaps() {
	due := s.in.T0.Year() - 1
	if s.in.T0.Before(calendar.Day(s.in.T0.Year(), time.April, 1).Start()) {
		due--
	}
	lists := make([]*yearly, 0, len(s.platform.yearly))
	for _, y := range s.platform.yearly {
		lists = append(lists, y)
	}
	slices.SortFunc(lists, func(a, b *yearly) int { return cmp.Compare(a.url, b.url) })
	for _, y := range lists {
		if len(y.years) < 2 {
			continue
		}
		all := slices.Sorted(keys(y.years))
		for n := all[0] + 1; n <= due; n++ {
			if y.years[n] {
				continue
			}
			s.add(fact.Finding{Check: "PLAT-09", URL: y.url, On: cmp.Or(y.on, y.url), Key: strconv.Itoa(n), State: fact.Fail, At: s.in.T0,
				What: fmt.Sprintf("缺少%d年政府信息公开工作年度报告", n), Seen: fmt.Sprintf("列表中有 %d 年至 %d 年的报告，没有 %d 年的", all[0], all[len(all)-1], n), Mend: "补发该年的年度报告"})
		}
	}
}
