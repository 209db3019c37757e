package onpage

import (
	"cmp"
	"strings"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/regex"
)

const markPages group = "mark"

// mark is one of the eight marks of a footer (website-norms section 4).
type mark struct {
	name  string
	check string
	has   func(r *fact.Reading) bool
	mend  string
}

var footer = []mark{
	{"党政机关网站标识", "WEB-59", func(r *fact.Reading) bool { return r.Marks.Emblem }, "在页面底部放置党政机关网站标识，链接到编制部门的标识查询页面。"},
	{"网站标识码", "WEB-59", func(r *fact.Reading) bool { return r.Marks.SiteCode != "" }, "在页面底部写明“网站标识码：”和 10 位标识码。"},
	{"主办单位", "WEB-59", func(r *fact.Reading) bool { return r.Marks.Organ != "" }, "在页面底部写明“主办单位：”和单位全称。"},
	{"联系方式", "WEB-59", func(r *fact.Reading) bool { return r.Marks.Contact != "" }, "在页面底部写明网站的联系电话、地址或者邮箱。"},
	{"ICP备案编号", "WEB-59", func(r *fact.Reading) bool { return r.Marks.ICP != "" }, "在页面底部写明 ICP 备案编号，链接到 beian.miit.gov.cn。"},
	{"公安机关备案标识", "WEB-59", func(r *fact.Reading) bool { return r.Marks.Police != "" }, "在页面底部放置公安备案图标和备案号，链接到公安机关备案网站。"},
	{"站点地图", "NORM-10", func(r *fact.Reading) bool { return r.Marks.SiteMap != "" }, "在页面底部放置“网站地图”链接。"},
	{"“我为政府网站找错”入口", "WEB-61", finds, "在页面底部放置“我为政府网站找错”图标，按全国平台提供的代码写入本网站的标识码。"},
}

// finds tells whether the page has the entrance of the national platform for
// reporting errors; a site's own 我要纠错 is another thing.
func finds(r *fact.Reading) bool {
	m := &r.Marks
	if m.FindError == "" {
		return false
	}
	if m.FindCode != "" || nationalFinder.MatchString(m.FindError) {
		return true
	}
	for i := range r.Links {
		if l := &r.Links[i]; l.URL == m.FindError && strings.Contains(l.Text, "纠错") && !strings.Contains(l.Text, "网站找错") && !strings.Contains(l.Text, "网站纠错") {
			return false
		}
	}
	return true
}

var nationalFinder = regex.New(`(?i)zfwzgl|pucha\.|gov\.cn/exposure`)

// marks looks at what header and footer must carry (WEB-59, WEB-61, NORM-10 to
// NORM-12).
func (l *Looker) marks(p *fact.Page, template uint64) {
	r := p.Read
	var lacking []mark
	for _, m := range footer {
		if !m.has(r) {
			lacking = append(lacking, m)
		}
	}
	isHome := r.Kind == fact.Home
	bare := len(lacking) == len(footer)
	if bare && (r.Kind == fact.Other || r.Scripted && !r.Rendered && r.Words < 60) {
		return // a page without furniture: a dialogue, a printed form, one that a script builds
	}
	l.faults.saw(markPages, template)
	if bare && !isHome && l.home != nil && lacks(l.home.Read) < 4 {
		l.faults.add(markPages, template, p, fact.Finding{
			Check: "WEB-59", Also: []string{"NORM-10", "WEB-61"}, Indicator: "D4.2", Key: "底部标识", State: fact.Proposed,
			What: "页面没有底部标识（首页有）",
			Seen: "没有找到党政机关网站标识、网站标识码、主办单位、联系方式、备案号、网站地图和找错入口。",
			Mend: "所有页面应使用与首页相同的底部；底部由脚本写入的，请改为直接写在页面里。",
		})
		return
	}
	for _, m := range lacking {
		f := fact.Finding{
			Check: m.check, Also: []string{"NORM-10"}, Indicator: "D4.2", Key: m.name, State: fact.Fail,
			What: "页面底部缺少" + m.name, Seen: "在页面中没有找到" + m.name + "。", Mend: m.mend,
		}
		switch m.check {
		case "NORM-10":
			f.Also = nil
		case "WEB-61":
			f.Indicator, f.What = "D4.4", "页面缺少"+m.name
		}
		if !isHome && l.home != nil && m.has(l.home.Read) {
			f.Seen = "首页有，本页没有找到。"
		}
		l.faults.add(markPages, template, p, f)
	}
	if !isHome && yearlyTable.MatchString(r.Heading) {
		return // it names the numbers of the site among its figures
	}
	l.filings(p, template)
	l.finderCode(p, template)
	if isHome && p.Depth == 0 {
		l.registered(p, template)
		l.yearly(p, template)
	} else {
		l.sameAsHome(p, template)
	}
}

func lacks(r *fact.Reading) (n int) {
	for _, m := range footer {
		if !m.has(r) {
			n++
		}
	}
	return n
}

var (
	codeForm = regex.New(`^(?:\d{10}|(?i:bm)\d{8})$`)
	digits   = regex.New(`\d{6,}`)
)

// codes compares the site code of the footer with that of the tag (NORM-11), and
// looks at its form.
func (l *Looker) codes(p *fact.Page, template uint64) {
	shown, tag := p.Read.Marks.SiteCode, strings.TrimSpace(p.Read.Meta["SiteIDCode"])
	if noTagValue.MatchString(tag) {
		tag = ""
	}
	if shown != "" && tag != "" && !strings.EqualFold(shown, tag) {
		l.codeTold = l.codeTold || p == l.home
		l.faults.add(sitePages, template, p, fact.Finding{
			Check: "NORM-11", Also: []string{"WEB-59"}, Indicator: "D4.2", Key: "网站标识码", State: fact.Fail,
			What: "页面底部的网站标识码与标签 SiteIDCode 不一致",
			Seen: "底部：" + shown + "；标签：" + cut(tag, 30) + "。",
			Mend: "核对全国政府网站信息报送系统中的标识码，把两处改为相同。",
		})
		return
	}
	if wrong := cmp.Or(shown, tag); wrong != "" && !codeForm.MatchString(wrong) {
		l.faults.add(sitePages, template, p, fact.Finding{
			Check: "WEB-59", Also: []string{"NORM-10"}, Indicator: "D4.2", Key: "网站标识码写法", State: fact.Fail,
			What: "网站标识码的写法不对",
			Seen: "页面写的是“" + cut(wrong, 30) + "”。",
			Mend: "网站标识码为 10 位：地方网站为 10 位数字，国务院部门网站以 bm 开头。",
		})
	}
}

// filings looks where the filing numbers lead (NORM-12).
func (l *Looker) filings(p *fact.Page, template uint64) {
	m := &p.Read.Marks
	add := func(key string, state fact.State, what, seen, mend string) {
		l.faults.add(markPages, template, p, fact.Finding{
			Check: "NORM-12", Also: []string{"WEB-59"}, Indicator: "D4.2", Key: key, State: state, What: what, Seen: seen, Mend: mend,
		})
	}
	const icpMend = "把 ICP 备案号链接到 https://beian.miit.gov.cn/。"
	if m.ICP != "" && !inText(p.Read, m.ICP) {
		switch host := hostOf(m.ICPLink); {
		case m.ICPLink == "":
			add("ICP备案链接", fact.Proposed, "ICP备案号没有链接到备案管理网站", "页面写有“"+m.ICP+"”，但没有链接。", icpMend)
		case host != "beian.miit.gov.cn" && host != "www.beian.miit.gov.cn":
			add("ICP备案链接", fact.Fail, "ICP备案号的链接不是备案管理网站", "链接指向 "+cut(m.ICPLink, 120)+"。", icpMend)
		}
	}
	const policeMend = "把公安备案号链接到公安机关备案网站（beian.mps.gov.cn）上本网站的备案信息，链接中的号码与页面上的一致。"
	if m.Police != "" && !inText(p.Read, m.Police) {
		host := hostOf(m.PoliceLink)
		number, linked := digits.FindString(m.Police), digits.FindString(m.PoliceLink)
		switch {
		case m.PoliceLink == "":
			add("公安备案链接", fact.Proposed, "公安备案号没有链接到公安机关备案网站", "页面写有“"+m.Police+"”，但没有链接。", policeMend)
		case host != "beian.mps.gov.cn" && host != "www.beian.gov.cn" && host != "beian.gov.cn" && host != "www.beian.mps.gov.cn":
			add("公安备案链接", fact.Fail, "公安备案号的链接不是公安机关备案网站", "链接指向 "+cut(m.PoliceLink, 120)+"。", policeMend)
		case linked != "" && number != "" && linked != number:
			add("公安备案链接", fact.Fail, "公安备案链接中的号码与页面上的备案号不一致", "页面："+number+"；链接："+linked+"。", policeMend)
		}
	}
}

// inText tells whether a number stands in the words of an item: a text that names
// the filings of a site links none.
func inText(r *fact.Reading, number string) bool {
	n := digits.FindString(number)
	return r.Kind == fact.Content && n != "" && strings.Contains(r.Text, n)
}

// yearlyTable is how home pages name the yearly table of the site, or its column.
var yearlyTable = regex.New(`网站.{0,30}(?:报表|年报|年度.{0,6}报告)|年度(?:工作)?报表`)

// yearly looks for the site's yearly table, which must be public on the home page by
// 31 January (WEB-74). A home page of which little is seen is not judged.
func (l *Looker) yearly(p *fact.Page, template uint64) {
	r := p.Read
	if _, month, _ := l.today.Civil(); l.today.IsZero() || month == time.January || r.Scripted && !r.Rendered {
		return
	}
	links := 0
	for i := range r.Links {
		k := &r.Links[i]
		if k.Element != "a" {
			continue
		}
		if yearlyTable.MatchString(k.Text) {
			return
		}
		links++
	}
	if links < fewLinks || yearlyTable.MatchString(r.Text) {
		return
	}
	l.faults.add(markPages, template, p, fact.Finding{
		Check: "WEB-74", Also: []string{"NORM-70"}, Indicator: "A6", Key: "年度报表", State: fact.Proposed,
		What: "首页没有找到政府网站工作年度报表",
		Seen: "首页上没有名称含“政府网站工作年度报表”的链接；上一年度的报表应在 1 月 31 日前公开。",
		Mend: "在首页公开上一年度的政府网站工作年度报表；已用图片入口的，给图片写上替代文字。",
	})
}

// fewLinks are too few for a home page: a welcome page, one that a script fills in.
const fewLinks = 15

// finderCode compares the code that the entrance for reporting errors names with
// that of the site (WEB-61): with another one, reports go astray.
func (l *Looker) finderCode(p *fact.Page, template uint64) {
	m := &p.Read.Marks
	ours := cmp.Or(l.site.Code, m.SiteCode, p.Read.Meta["SiteIDCode"])
	code := m.FindCode
	if code == "" && nationalFinder.MatchString(m.FindError) {
		if g := findsCode.FindStringSubmatch(m.FindError); g != nil {
			code = g[1]
		}
	}
	if code == "" || !codeForm.MatchString(strings.TrimSpace(ours)) || strings.EqualFold(code, strings.TrimSpace(ours)) {
		return
	}
	l.faults.add(markPages, template, p, fact.Finding{
		Check: "WEB-61", Indicator: "D4.4", Key: "找错入口的标识码", State: fact.Fail,
		What: "“我为政府网站找错”入口里的标识码不是本网站的",
		Seen: "入口代码中为 " + cut(code, 30) + "，本网站标识码为 " + strings.TrimSpace(ours) + "。",
		Mend: "到全国政府网站找错平台重新获取本网站的代码，替换页面底部的入口。",
	})
}

var findsCode = regex.New(`(?i)(?:site_?code|site_?id)=(\w{10})(?:$|&)`)

// registered compares the marks of the home page with what is registered.
func (l *Looker) registered(p *fact.Page, template uint64) {
	m := &p.Read.Marks
	for _, pair := range [...]struct{ name, shown, registered string }{
		{"网站标识码", m.SiteCode, l.site.Code}, {"主办单位", m.Organ, l.site.Organ}, {"ICP备案编号", m.ICP, l.site.ICP}, {"公安备案号", m.Police, l.site.Police},
	} {
		a, b := bareNumber(pair.shown), bareNumber(pair.registered)
		if a == "" || b == "" || strings.Contains(a, b) || strings.Contains(b, a) || pair.name == "网站标识码" && l.codeTold {
			continue
		}
		l.faults.add(markPages, template, p, fact.Finding{
			Check: "WEB-59", Also: []string{"NORM-10"}, Indicator: "D4.2", Key: pair.name + "与登记不一致", State: fact.Fail,
			What: "页面底部的" + pair.name + "与登记的不一致",
			Seen: "页面：" + cut(pair.shown, 60) + "；登记：" + cut(pair.registered, 60) + "。",
			Mend: "核对哪一处正确，修改页面底部，或者更新登记信息。",
		})
	}
}

func bareNumber(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '－', '号', '第', '　':
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// numberOf are the numbers of a footer that are the same on every page of a host.
var numberOf = []struct {
	name string
	of   func(m *fact.Marks) string
}{
	{"网站标识码", func(m *fact.Marks) string { return strings.ToLower(m.SiteCode) }},
	{"ICP备案编号", func(m *fact.Marks) string { return digits.FindString(m.ICP) }},
	{"公安备案号", func(m *fact.Marks) string { return digits.FindString(m.Police) }},
}

// sameAsHome compares a page's numbers with the home page's: pages of an old
// template keep old ones. Hosts of the group have their own.
func (l *Looker) sameAsHome(p *fact.Page, template uint64) {
	if l.home == nil || hostOf(l.home.URL) != hostOf(p.URL) {
		return
	}
	for i, n := range numberOf {
		shown, home := n.of(&p.Read.Marks), n.of(&l.home.Read.Marks)
		if shown == "" || home == "" {
			continue
		}
		if shown == home {
			l.agree[i]++
			continue
		}
		l.differ[i]++
		l.faults.add(markPages, template, p, fact.Finding{
			Check: "WEB-59", Also: []string{"NORM-10"}, Indicator: "D4.2", Key: n.name + notHome, State: fact.Fail,
			What: "页面底部的" + n.name + "与首页不一致",
			Seen: "本页：" + shown + "；首页：" + home + "。",
			Mend: "所有页面应使用同一个底部，请核对正确的号码后统一。",
		})
	}
}

const notHome = "与首页不一致"

// homeDiffers settles whose number is wrong where pages and home page differ: that
// of the fewer.
func (l *Looker) homeDiffers() {
	for i, n := range numberOf {
		if l.differ[i] < 2 || l.differ[i] <= l.agree[i] {
			continue
		}
		was := l.faults.drop(markPages, n.name+notHome)
		if n.name == "网站标识码" && l.codeTold {
			continue
		}
		l.faults.add(markPages, 0, l.home, fact.Finding{
			Check: "WEB-59", Also: []string{"NORM-10"}, Indicator: "D4.2", Key: n.name + notHome, State: fact.Fail,
			What: "首页底部的" + n.name + "与其他页面不一致", Seen: was.Seen, Mend: was.Mend,
		})
	}
}
