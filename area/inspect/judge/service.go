package judge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/regex"
)

// elements are the eight key elements of a guide (V6).
var elements = []string{"事项名称", "设定依据", "申请条件", "办理材料", "办理地点", "办理时间", "联系电话", "办理流程"}

var (
	serviceName = regex.New(`办事|政务服务|服务大厅|网上大厅|行政审批|便民服务|公共服务|一网通办|服务事项|在线服务|网上服务|审批服务|服务指南|一件事`)
	serviceHost = regex.New(`zwfw|zwdt|wsbs|bsdt|\bbs\.`)
	sortedBy    = regex.New(`(?:个人|法人|企业|公民|市民|部门|主题|分类)(?:办事|办理|服务|事项)|按(?:主题|部门|单位|事项|对象|人群|领域|职权|行业|生命周期|办理|服务)|(?:主题|部门|事项|对象|人群|领域|行业|办事)分类|(?:主题|部门|事项)(?:查询|导航|目录)|面向(?:个人|法人|企业|公民)|生命周期|(?m:^(?:个人|法人|企业|公民|主题|部门)$)`)
	officeLine  = regex.New(`^[\p{Han}]{2,20}(?:局|委|委员会|办公室|部|中心)$`)
	themeWord   = regex.New(`^(?:生育收养|户籍(?:办理|身份)?|民族宗教|教育(?:科研)?|入伍服役|就业创业|设立变更|准营准办|职业资格|婚姻登记|优待抚恤|规划建设|住房保障|社会保障|社保|证件办理|交通出行|旅游观光|出境入境|消费维权|公共安全|司法公证|知识产权|环保绿化|文化体育|公用事业|医疗卫生|离职退休|死亡殡葬|其他|投资审批|税收财务|商务贸易|质量技术|农林牧渔)$`)
	placeEnd    = regex.New(`(?:服务|办事|办理|大厅|通办|一件事|指南|审批|事项|平台|网|分类|个人|法人|企业|部门|主题|查询|导航|目录)$`)
	letterStats = regex.New(`留言|来信|信件|信箱|网民|网友|诉求|投诉|咨询|提案|建议|信访|举报|12345|热线`)
	applyButton = regex.New(`^(?:在线|网上|立即|马上|我要)?(?:办理|申请|申报|预约)$|^(?:在线|网上)(?:办理|申请|申报|预约|审批)(?:入口)?$`)
	limitLabel  = regex.New(`(?:办理|承诺|法定|办结)时限`)
	feeLine     = regex.New(`(?m)^.{0,6}?(?:收费标准|收费情况|是否收费|收费依据及标准|办理费用|收费)[】\]）)]?\s?[:：]?\s*\n?\s*(.{1,40})$`)
	periodDay   = regex.New(`(20\d{2})\s?[年\-/.]\s?(\d{1,2})\s?[月\-/.]\s?(\d{1,2})`)
	periodMonth = regex.New(`(20\d{2})\s?年\s?(?:第?([一二三四1-4])季度|(\d{1,2})\s?月)`)
)

// service is what is remembered of services.
type service struct {
	entrance string // name of the link
	at       string
	sorted   bool // its page, or the home page, shows classes
	looked   bool // its page was read
	guides   int
	list     []fact.Item // the guides of the report
	poor     int         // lack four elements or more
	whole    int         // lack fewer
	byItem   map[string]fee
	buttons  map[uint64]string // application buttons by address, with the page
	stats    string
	statsOn  string
	statsAt  time.Time
	statsBad bool // a page of figures without a day
}

type fee struct{ url, words string }

// seeService keeps what a page shows of services; a guide is judged at once.
func (s *site) seeService(p *fact.Page) {
	r := p.Read
	v := &s.service
	if p.Depth <= 1 {
		for _, l := range r.Links {
			if l.Element != "a" || len(l.Text) > 60 {
				continue
			}
			if v.entrance == "" && (serviceName.MatchString(l.Text) && named(&l) || serviceHost.MatchString(hostOf(l.URL))) {
				v.entrance, v.at = cmp.Or(l.Text, l.URL), l.URL
			}
			if sortedBy.MatchString(flat(l.Text)) && named(&l) && (p.Depth == 0 && !v.sorted || serviceName.MatchString(r.Heading+r.Title)) {
				v.sorted = true
			}
		}
	}
	if p.Depth <= 2 && serviceName.MatchString(r.Heading) && (r.Kind != fact.Content || r.Published.IsZero()) {
		v.looked = v.looked || !r.Scripted
		v.sorted = v.sorted || sortedBy.MatchString(cut(r.Text, 3000))
		offices, themes := 0, 0
		for _, line := range strings.SplitN(cut(r.Text, 6000), "\n", 300) {
			if officeLine.MatchString(flat(line)) {
				offices++
			}
		}
		for _, l := range r.Links {
			if l.Element != "a" || l.Place == fact.InFooter {
				continue
			}
			t := flat(l.Text)
			v.sorted = v.sorted || sortedBy.MatchString(t)
			if themeWord.MatchString(t) {
				themes++
			}
			if officeLine.MatchString(t) && l.Place != fact.InNav {
				offices++
			}
		}
		v.sorted = v.sorted || themes >= 3 || offices >= 3
	}
	for _, n := range append(slices.Clone(r.Breadcrumb), r.Heading) {
		if statsName.MatchString(n) && !letterStats.MatchString(n) {
			s.seeStats(p)
			break
		}
	}
	if r.Kind == fact.Guide {
		if len(v.list) < maxGuides {
			g := fact.Item{URL: p.URL, Title: r.Heading, Source: r.Source, Unit: r.Unit}
			if n := len(r.Breadcrumb); n > 0 {
				g.Column = r.Breadcrumb[n-1]
			}
			v.list = append(v.list, g)
		}
		s.seeGuide(p)
	}
}

// named tells whether a link names a place of the site, not a piece of news: it is
// short, or ends as such names do.
func named(l *fact.Link) bool {
	t := flat(l.Text)
	return l.Place == fact.InNav || l.Place != fact.InList && utf8.RuneCountInString(t) <= 10 && placeEnd.MatchString(t)
}

// seeStats keeps how new the statistics of services are: by the page's own day,
// its entries, and the periods that its text names.
func (s *site) seeStats(p *fact.Page) {
	r := p.Read
	v := &s.service
	if v.stats == "" || len(p.URL) < len(v.stats) {
		v.stats, v.statsOn = p.URL, p.Referrer
	}
	newest := time.Time{}
	note := func(d calendar.Date) {
		if !d.IsZero() && !d.After(calendar.Of(s.in.T0)) {
			newest = later(newest, lastOf(d))
		}
	}
	for _, e := range r.Entries {
		note(e.Date)
	}
	if !r.Published.IsZero() && r.DateFrom != "path" {
		note(calendar.Of(r.Published))
	}
	if newest.IsZero() {
		text := cut(r.Text, 8000)
		for _, g := range periodDay.FindAllStringSubmatch(text, 50) {
			note(civil(g[1], g[2], g[3]))
		}
		for _, g := range periodMonth.FindAllStringSubmatch(text, 50) {
			month := number(g[3])
			if g[2] != "" {
				month = number(g[2]) * 3
			}
			if month >= 1 && month <= 12 {
				note(calendar.Day(number(g[1]), time.Month(month)+1, 1).Add(-1))
			}
		}
	}
	v.statsBad = v.statsBad || newest.IsZero() && (r.Scripted || len(r.Frames) > 0)
	v.statsAt = later(v.statsAt, newest)
}

// seeGuide judges a service guide: a finding for each element that it lacks
// (WEB-51). A time limit in place of opening hours is for a person to accept.
func (s *site) seeGuide(p *fact.Page) {
	r := p.Read
	v := &s.service
	if s.in.Site.NoServices || r.Scripted && !r.Rendered {
		return
	}
	v.guides++
	var lacks []string
	for _, e := range elements {
		if strings.TrimSpace(r.Guide[e]) != "" || e == "事项名称" && r.Heading != "" {
			continue
		}
		lacks = append(lacks, e)
	}
	if len(lacks) >= s.limit("V6.2.elements") {
		v.poor++
	} else {
		v.whole++
	}
	for _, e := range lacks {
		if s.in.Site.Department && len(lacks) < s.limit("V6.2.elements") {
			break
		}
		f := fact.Finding{Check: "WEB-51", Indicator: "D2.4", URL: p.URL, On: cmp.Or(p.Referrer, p.URL), Key: e, State: fact.Fail, At: p.At, Proof: p.Hash,
			What: fmt.Sprintf("办事指南缺少“%s”", e), Seen: "指南《" + r.Heading + "》没有这一项", Mend: "补充“" + e + "”；内容写具体，不写“无”或“详见窗口”"}
		if _, named := r.Guide[e]; named {
			f.Seen = "指南《" + r.Heading + "》有“" + e + "”一栏，没有内容"
		}
		if e == "办理时间" && limitLabel.MatchString(r.Text) {
			f.State = fact.Proposed
			f.Seen += "；只有办理时限，是否可以代替由人确认"
		}
		s.add(f)
	}
	for _, l := range r.Links {
		if l.Element == "a" && applyButton.MatchString(flat(l.Text)) && len(v.buttons) < 200_000 {
			if k := keyOf(l.URL); v.buttons[k] == "" {
				v.buttons[k] = p.URL
			}
		}
	}
	s.seeFee(p)
}

// seeFee compares what two guides of one item say that it costs (WEB-52).
func (s *site) seeFee(p *fact.Page) {
	r := p.Read
	g := feeLine.FindStringSubmatch(cut(r.Text, 20_000))
	name := flat(r.Heading)
	if g == nil || name == "" {
		return
	}
	words := strings.Trim(flat(g[1]), "。；;，,")
	if free := regexpFree.MatchString(words); free {
		words = "不收费"
	}
	old, ok := s.service.byItem[name]
	if !ok {
		if len(s.service.byItem) < 100_000 {
			s.service.byItem[name] = fee{p.URL, words}
		}
		return
	}
	if old.words != words && old.url != p.URL {
		s.add(fact.Finding{Check: "WEB-52", Indicator: "D2.5", URL: p.URL, On: cmp.Or(p.Referrer, p.URL), Key: "收费", State: fact.Proposed, At: p.At, Proof: p.Hash,
			What: "同一事项的收费在两处不一致：" + r.Heading, Seen: fmt.Sprintf("这里写“%s”，%s 写“%s”", words, old.url, old.words), Mend: "核对收费标准，改成一致"})
	}
}

var regexpFree = regex.New(`^(?:不收费|免费|否|无|不收取(?:任何)?费用|零收费)`)

// services is V6 and D2.
func (s *site) services() {
	v := &s.service
	if s.in.Site.NoServices {
		return // NOT_APPLICABLE (WEB-05)
	}
	none := v.entrance == "" && v.guides == 0
	switch {
	case none && (!s.home.seen || s.home.scripted):
		s.decide("V6.1", fact.NotDecided, "首页没有取到或由脚本载入")
	case none:
		f := fact.Finding{Check: "WEB-26", Indicator: "V6.1", URL: s.home.url, On: s.home.url, State: fact.Proposed, At: s.home.at, Proof: s.home.hash,
			What: "没有提供办事服务", Seen: "首页和二级页面没有办事服务的入口", Mend: "设置办事服务入口，集中列出服务事项；确无对外服务职能的，在网站登记中注明"}
		s.charge(f, f.What)
	default:
		s.decide("V6.1", fact.Pass, "有办事服务入口："+cmp.Or(v.entrance, "办事指南"))
	}
	s.guides()
	if s.in.Site.Department {
		return
	}
	if none {
		for _, c := range []string{"D2.1", "D2.2", "D2.3", "D2.4", "D2.5", "D2.6"} {
			s.decide(c, fact.NotDecided, "没有找到办事服务，见V6.1")
		}
		return
	}
	switch {
	case v.sorted:
		s.decide("D2.1", fact.Pass, "事项集中分类展示")
	case v.looked:
		s.add(fact.Finding{Check: "WEB-48", Indicator: "D2.1", URL: cmp.Or(v.at, s.home.url), On: s.home.url, State: fact.Proposed, At: s.in.T0,
			What: "办事服务没有分类展示", Seen: "没有按个人、法人、主题、部门等分类", Mend: "按主题、部门或服务对象分类列出事项"})
	default:
		s.decide("D2.1", fact.NotDecided, "办事服务在其他网站或由脚本载入，请人查看是否分类展示："+v.at)
	}
	s.statistics()
	if !s.findingOf("D2.2") {
		s.decide("D2.2", fact.NotDecided, fmt.Sprintf("发现 %d 个在线办理入口；能否真正提交须由人用账号试办", len(v.buttons)))
	}
	if !s.findingOf("D2.5") {
		s.decide("D2.5", fact.NotDecided, "没有发现前后矛盾；电话、地址、材料是否准确须由人核对")
	}
	if !s.findingOf("D2.6") {
		s.decide("D2.6", fact.NotDecided, "没有发现打不开或空的表格；是否每个事项都有样表须由人抽查")
	}
}

// guides is V6.2, V6.3 and D2.4.
func (s *site) guides() {
	v := &s.service
	most, few := s.limit("V6.2.guides"), s.limit("V6.3.items")
	if v.guides == 0 {
		for _, c := range []string{"V6.2", "V6.3", "D2.4"} {
			s.decide(c, fact.NotDecided, "没有读到办事指南，可能在政务服务网上，由人抽查")
		}
		return
	}
	words := fmt.Sprintf("读到办事指南 %d 份，缺少4类及以上要素的 %d 份", v.guides, v.poor)
	if v.poor >= most {
		f := fact.Finding{Check: "WEB-27", Indicator: "V6.2", URL: s.home.url, On: s.home.url, State: fact.Proposed, At: s.home.at, Proof: s.home.hash, Count: 1,
			What: fmt.Sprintf("%d 份办事指南缺少4类及以上重点要素", v.poor), Seen: words, Mend: "逐份补齐8类要素"}
		s.charge(f, words)
	} else {
		s.decide("V6.2", fact.Pass, words)
	}
	if v.guides < few && v.whole == 0 {
		f := fact.Finding{Check: "WEB-28", Indicator: "V6.3", URL: s.home.url, On: s.home.url, State: fact.Proposed, At: s.home.at, Proof: s.home.hash, Count: 1,
			What: fmt.Sprintf("只有 %d 个事项，办事指南都缺少4类及以上重点要素", v.guides), Seen: words, Mend: "逐份补齐8类要素，增加服务事项"}
		s.charge(f, words)
	} else {
		s.decide("V6.3", fact.Pass, words)
	}
	if !s.findingOf("D2.4") {
		s.decide("D2.4", fact.Pass, fmt.Sprintf("%d 份办事指南的8类要素齐全", v.guides))
	}
}

// statistics is D2.3 (WEB-50).
func (s *site) statistics() {
	v := &s.service
	from := monthsBefore(s.in.T0, s.limit("D2.3.months"))
	switch {
	case v.stats == "":
		s.missing("WEB-50", "D2.3", "办事统计", statsName)
	case v.statsAt.IsZero():
		s.decide("D2.3", fact.NotDecided, "办事统计页面没有读出日期，请人查看："+v.stats)
	case v.statsAt.Before(from):
		s.add(fact.Finding{Check: "WEB-50", Indicator: "D2.3", URL: v.stats, On: cmp.Or(v.statsOn, v.stats), State: fact.Fail, At: s.in.T0,
			What: "办事统计数据超过3个月没有更新", Seen: "最近的日期是 " + calendar.Of(v.statsAt).String(), Mend: "按月或按季公布办件统计"})
	default:
		s.decide("D2.3", fact.Pass, "办事统计最近更新于 "+calendar.Of(v.statsAt).String())
	}
}

// button turns a dead address that is an application button into a fault of the
// service (WEB-49); it is counted there and no more as a dead link (WEB-06).
func (s *site) button(f fact.Finding) fact.Finding {
	if f.Check != "WEB-60" {
		return f
	}
	if on, ok := s.service.buttons[keyOf(f.URL)]; ok {
		f.Check, f.Also, f.Indicator, f.On = "WEB-49", append(slices.Clone(f.Also), "WEB-60"), "D2.2", on
		f.What = "在线办理入口打不开"
	}
	return f
}
