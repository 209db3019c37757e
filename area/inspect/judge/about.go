package judge

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/regex"
)

var (
	overviewName = regex.With("况 览 情 走进 走近 魅力 认识 简介", `概况|概览|[省市县区州旗镇乡]情(?:简介|介绍)?$|^(?:走进|走近|魅力|认识).{1,4}|^[\p{Han}]{1,6}[省市县区镇乡]简介$`)
	notOverview  = regex.New(`机构|职能|领导|单位|部门|学校|医院|工程|项目|企业|景区|中心|网站|专栏|局|委`)
	organName    = regex.With("机构 部门 职能 职责 职 机关简介", `机构职能|机构设置|机构概况|机构简介|机构信息|机构介绍|部门职能|组织机构|政府机构|政府部门|主要职[能责]|职能职责|机关简介|工作部门|单位职能`)
	leaderName   = regex.With("领导 长之窗 负责人", `领导之窗|领导信息|领导简介|领导介绍|领导分工|领导成员|领导班子|领导名录|[省市县区镇乡局]长之窗|政府领导|[局委]领导|负责人|机构领导|领导机构`)
	personName   = regex.New(`^[\p{Han}·]{2,4}$|^[\p{Han}·　 ]{2,5}(?:简历|个人简历|同志)$|^.{0,16}(?:书记|区长|市长|县长|镇长|乡长|局长|主任|部长|巡视员|调研员|党组成员)[　 ：:]{0,2}[\p{Han}·　 ]{0,5}$`)
	resumeMark   = regex.New(`简历|出生|\d{4}年\d{1,2}月生|\d{4}\.\d{1,2}生|毕业|参加工作|中共党员|学历|学位|大学文化|[男女][，,、]\s?[\p{Han}]{1,4}族`)
	yearInText   = regex.New(`((?:19|20)\d{2})\s?年`)
	abolished    = regex.New(`^[\p{Han}]{0,14}?[省市区县旗州](?:工商行政管理|质量技术监督|食品药品监督管理|国土资源|环境保护|卫生和计划生育|人口和计划生育|安全生产监督管理|地方税务|国家税务|文化广电新闻出版|农业和农村工作|扶贫开发)(?:管理)?(?:局|委员会|办公室)$`)
	unitLabels   = []struct {
		name string
		re   *regex.Pattern
	}{
		{"主要职责", regex.New(`职责|职能|负责`)},
		{"办公地址", regex.New(`地\s?址|地\s?点`)},
		{"联系电话", regex.New(`\d{7,8}(?:\D|$)|1\d{10}|12345`)},
		{"办公时间", regex.New(`(?:办公|工作|上班|办理|服务)\s?时间`)},
	}
)

// overview is what is remembered of an overview: its pages together.
type overview struct {
	url, on, hash, name string
	depth               int
	year                int
}

// unitPage is a page of an organ under 机构职能.
type unitPage struct {
	url, on, name string
	lacks         []string
}

// person is a page of a leader.
type person struct {
	url, on, hash, name string
	resume              bool
	known               bool // in the register
}

// about is what is remembered for D1.1 to D1.3.
type about struct {
	overviews     map[string]*overview
	organs        int    // pages under 机构职能
	entrance      string // the column itself; else the first of them
	entranceDepth int
	seenUnits     map[string]bool // of the register
	gone          map[string]string
	units         []unitPage
	old           []unitPage // whose names were given up in the reforms of 2018 to 2023
	people        []person
	leaders       map[string]bool // names of the register that are shown
}

func newAbout() about {
	return about{overviews: map[string]*overview{}, seenUnits: map[string]bool{}, gone: map[string]string{}, leaders: map[string]bool{}}
}

// crumbs are the names that say where a page hangs, its own last.
func crumbs(r *fact.Reading) []string {
	return append(slices.Clone(r.Breadcrumb), r.Heading)
}

// seeAbout keeps what a page says of the region, its organs and its leaders.
func (s *site) seeAbout(p *fact.Page) {
	r := p.Read
	if r.Kind == fact.Home || r.Kind == fact.Search || r.Kind == fact.Guide {
		return
	}
	names := crumbs(r)
	for i, n := range names {
		if len(n) > 60 {
			continue
		}
		switch {
		case overviewName.MatchString(n) && !notOverview.MatchString(n):
			if i == len(names)-1 && r.Kind == fact.Content && metaOf(r, "ArticleTitle") != "" && len(names) > 1 {
				continue // an item that is called so
			}
			s.seeOverview(p, strings.Join(names[:i+1], ">"), n)
			return
		case organName.MatchString(n):
			s.seeOrgan(p, i == len(names)-1)
			return
		case leaderName.MatchString(n):
			s.seeLeader(p, i == len(names)-1)
			return
		}
	}
	if r.Kind == fact.Leader {
		s.seeLeader(p, leaderName.MatchString(r.Heading))
	}
}

func (s *site) seeOverview(p *fact.Page, group, name string) {
	if len(s.about.overviews) > 5000 {
		return
	}
	group = hostOf(p.URL) + " " + group
	o := s.about.overviews[group]
	if o == nil {
		o = &overview{url: p.URL, on: p.Referrer, hash: p.Hash, name: name, depth: p.Depth}
		s.about.overviews[group] = o
	}
	if p.Depth < o.depth || p.Depth == o.depth && len(p.URL) < len(o.url) {
		o.url, o.on, o.hash, o.depth = p.URL, p.Referrer, p.Hash, p.Depth
	}
	for _, g := range yearInText.FindAllStringSubmatch(p.Read.Text, 400) {
		if y, _ := strconv.Atoi(g[1]); y <= s.in.T0.Year() && y > o.year { // plans name years to come
			o.year = y
		}
	}
}

func (s *site) seeOrgan(p *fact.Page, entrance bool) {
	r := p.Read
	a := &s.about
	a.organs++
	if a.entrance == "" || entrance && (a.entranceDepth < 0 || p.Depth < a.entranceDepth) {
		a.entrance, a.entranceDepth = p.URL, -1
		if entrance {
			a.entranceDepth = p.Depth
		}
	}
	var b strings.Builder
	b.WriteString(r.Heading + "\n" + r.Text)
	for _, l := range r.Links {
		if l.Element == "a" && l.Place != fact.InFooter && l.Place != fact.InNav {
			b.WriteString("\n" + l.Text)
		}
	}
	text := b.String()
	for _, u := range s.in.Site.Units {
		if !a.seenUnits[u] && strings.Contains(text, u) {
			a.seenUnits[u] = true
		}
	}
	for _, u := range s.in.Site.Gone {
		if a.gone[u] == "" && strings.Contains(text, u) {
			a.gone[u] = p.URL
		}
	}
	if !entrance && len(a.old) < 100 && s.in.T0.Year() >= 2020 && len(r.Entries) < 3 {
		if n := flat(r.Heading); abolished.MatchString(n) && !slices.Contains(s.in.Site.Units, n) && !slices.Contains(s.in.Site.Gone, n) {
			a.old = append(a.old, unitPage{url: p.URL, on: p.Referrer, name: n})
		}
	}
	if entrance || len(r.Entries) >= 3 || r.Words < 40 || r.Scripted || len(a.units) >= 20_000 || !unitLabels[0].re.MatchString(r.Text) {
		return
	}
	u := unitPage{url: p.URL, on: p.Referrer, name: r.Heading}
	for _, l := range unitLabels[1:] {
		if !l.re.MatchString(r.Text) {
			u.lacks = append(u.lacks, l.name)
		}
	}
	a.units = append(a.units, u)
}

func (s *site) seeLeader(p *fact.Page, entrance bool) {
	r := p.Read
	a := &s.about
	for _, n := range s.in.Site.Leaders {
		if a.leaders[n] {
			continue
		}
		found := strings.Contains(flat(r.Heading+r.Text), flat(n))
		for i := range r.Links {
			found = found || strings.Contains(flat(r.Links[i].Text), flat(n))
		}
		a.leaders[n] = found
	}
	if entrance || len(r.Entries) >= 3 || r.Scripted || len(a.people) >= 20_000 || r.Kind == fact.List || r.Kind == fact.Section {
		return
	}
	if !personName.MatchString(r.Heading) || leaderName.MatchString(r.Heading) {
		return
	}
	one := person{url: p.URL, on: p.Referrer, hash: p.Hash, name: r.Heading}
	one.resume = len([]rune(r.Text)) >= 50 && resumeMark.MatchString(r.Text)
	for _, n := range s.in.Site.Leaders {
		one.known = one.known || strings.Contains(flat(r.Heading+cut(r.Text, 600)), flat(n))
	}
	a.people = append(a.people, one)
}

// missing says that the site has no column of a kind: one finding, on the home
// page. Where something is called so but could not be read, nothing is said.
func (s *site) missing(check, indicator, what string, names *regex.Pattern) {
	if !s.home.seen || s.home.scripted {
		s.decide(indicator, fact.NotDecided, "没有找到“"+what+"”，首页由脚本载入或没有取到，不能判断")
		return
	}
	if n, u := s.named(names); n != "" {
		s.decide(indicator, fact.NotDecided, fmt.Sprintf("“%s”的页面没有读出内容（%s），请人查看", n, u))
		return
	}
	s.add(fact.Finding{Check: check, Indicator: indicator, URL: s.home.url, On: s.home.url, Key: "没有栏目", State: fact.Proposed, At: s.home.at, Proof: s.home.hash,
		What: "没有找到“" + what + "”栏目", Seen: "首页、各级菜单和栏目名称中都没有", Mend: "设置“" + what + "”栏目，并从首页能够到达"})
}

// named finds a name on the home page, in menus or among the columns.
func (s *site) named(re *regex.Pattern) (name, url string) {
	var all []string
	for n := range s.names {
		if re.MatchString(n) {
			all = append(all, n)
		}
	}
	if len(all) > 0 {
		slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
		return all[0], s.names[all[0]]
	}
	for _, c := range s.columns {
		if re.MatchString(c.Name) {
			return c.Name, c.URL
		}
	}
	return "", ""
}

// aboutSite is D1.1, D1.2 and D1.3.
func (s *site) aboutSite() {
	if s.in.Site.Department {
		return
	}
	s.overviews()
	s.organs()
	s.leaders()
}

// overviews is D1.1 (WEB-40). Figures of a year come out in the spring of the
// next: until May those of two years ago are the newest.
func (s *site) overviews() {
	a := &s.about
	if len(a.overviews) == 0 {
		s.missing("WEB-40", "D1.1", "概况信息", overviewName)
		return
	}
	oldest := s.in.T0.Year() - 2
	if s.in.T0.Month() < 5 {
		oldest--
	}
	for _, group := range slices.Sorted(keys(a.overviews)) {
		o := a.overviews[group]
		if o.year == 0 || o.year > oldest {
			continue
		}
		s.add(fact.Finding{Check: "WEB-40", Indicator: "D1.1", URL: o.url, On: cmp.Or(o.on, o.url), State: fact.Proposed, At: s.in.T0, Proof: o.hash,
			What: fmt.Sprintf("“%s”的内容可能过时", o.name), Seen: fmt.Sprintf("文中最近的年份是 %d 年", o.year), Mend: "用最近一年的人口、面积、区划、经济数据更新"})
	}
	if s.count("D1.1", fact.Proposed) == 0 {
		s.decide("D1.1", fact.Pass, "有概况栏目，没有发现过时的年份；内容是否准确由人抽查")
	}
}

func keys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// organs is D1.2 (WEB-41).
func (s *site) organs() {
	a := &s.about
	if a.organs == 0 {
		s.missing("WEB-41", "D1.2", "机构职能", organName)
		return
	}
	at := a.entrance
	for _, u := range s.in.Site.Units {
		if !a.seenUnits[u] {
			s.add(fact.Finding{Check: "WEB-41", Indicator: "D1.2", URL: at, On: at, Key: u, State: fact.Fail, At: s.in.T0,
				What: "机构职能栏目缺少“" + u + "”", Seen: fmt.Sprintf("查看了 %d 个页面，都没有这个单位", a.organs), Mend: "补充该单位的职责、内设机构、地址、电话、办公时间"})
		}
	}
	for _, u := range s.in.Site.Gone {
		if where := a.gone[u]; where != "" {
			s.add(fact.Finding{Check: "WEB-41", Indicator: "D1.2", URL: where, On: where, Key: u, State: fact.Fail, At: s.in.T0,
				What: "已撤销的“" + u + "”仍在机构职能栏目中", Seen: u, Mend: "撤下该单位，或改为现在的名称"})
		}
	}
	for _, u := range a.old {
		s.add(fact.Finding{Check: "WEB-41", Also: []string{"REV-27"}, Indicator: "D1.2", URL: u.url, On: cmp.Or(u.on, u.url), Key: u.name, State: fact.Proposed, At: s.in.T0,
			What: "“" + u.name + "”仍在机构职能栏目中，这类机构在机构改革中已经撤销或者改名", Seen: u.name, Mend: "撤下该单位，或改为现在的名称和职责"})
	}
	have := map[string]int{}
	for _, u := range a.units {
		for _, l := range unitLabels[1:] {
			if !slices.Contains(u.lacks, l.name) {
				have[l.name]++
			}
		}
	}
	for _, u := range a.units {
		var lacks []string
		for _, name := range u.lacks { // what most units show
			if len(a.units) >= 4 && have[name]*10 >= len(a.units)*6 {
				lacks = append(lacks, name)
			}
		}
		if len(lacks) > 0 {
			s.add(fact.Finding{Check: "WEB-41", Indicator: "D1.2", URL: u.url, On: cmp.Or(u.on, u.url), Key: "要素", State: fact.Proposed, At: s.in.T0,
				What: fmt.Sprintf("“%s”的机构信息缺少%s", u.name, strings.Join(lacks, "、")), Seen: "同栏目其他单位都有", Mend: "补充所缺的内容"})
		}
	}
	if s.count("D1.2", fact.Fail)+s.count("D1.2", fact.Proposed) == 0 {
		if len(s.in.Site.Units) == 0 {
			s.decide("D1.2", fact.NotDecided, "有机构职能栏目；没有登记本级机构名单，是否齐全由人核对")
		} else {
			s.decide("D1.2", fact.Pass, "登记的机构都在栏目中")
		}
	}
}

// leaders is D1.3 (WEB-42).
func (s *site) leaders() {
	a := &s.about
	if n, _ := s.named(leaderName); n == "" && len(a.people) == 0 {
		s.missing("WEB-42", "D1.3", "领导信息", leaderName)
		return
	}
	for _, one := range a.people {
		if !one.resume {
			s.add(fact.Finding{Check: "WEB-42", Indicator: "D1.3", URL: one.url, On: cmp.Or(one.on, one.url), Key: "简历", State: fact.Fail, At: s.in.T0, Proof: one.hash,
				What: fmt.Sprintf("领导信息“%s”没有简历", one.name), Seen: "页面上没有出生年月、学历、任职等简历内容，或不足50字", Mend: "补充简历"})
		}
		if len(s.in.Site.Leaders) > 0 && !one.known {
			s.add(fact.Finding{Check: "WEB-42", Indicator: "D1.3", URL: one.url, On: cmp.Or(one.on, one.url), Key: "姓名", State: fact.Proposed, At: s.in.T0, Proof: one.hash,
				What: fmt.Sprintf("“%s”与登记的领导名单不一致", one.name), Seen: "登记的名单中没有这个人", Mend: "核对姓名和职务；已离任的撤下，新任的补上并更新登记"})
		}
	}
	_, at := s.named(leaderName)
	for _, n := range s.in.Site.Leaders {
		if !a.leaders[n] {
			s.add(fact.Finding{Check: "WEB-42", Indicator: "D1.3", URL: cmp.Or(at, s.home.url), On: s.home.url, Key: n, State: fact.Proposed, At: s.in.T0,
				What: "领导信息栏目中没有登记的领导“" + n + "”", Mend: "补充该领导的姓名、职务、简历和分工，或更新登记"})
		}
	}
	if s.count("D1.3", fact.Fail)+s.count("D1.3", fact.Proposed) == 0 {
		if len(a.people) == 0 {
			s.decide("D1.3", fact.NotDecided, "有领导信息栏目，没有读出单个领导的页面，请人查看")
		} else {
			s.decide("D1.3", fact.Pass, fmt.Sprintf("查看了 %d 位领导的页面，都有简历；是否准确由人核对", len(a.people)))
		}
	}
}
