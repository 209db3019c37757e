package onpage

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/regex"
)

// The tags that pages must carry (website-norms section 5).
var (
	siteTags   = []string{"SiteName", "SiteDomain", "SiteIDCode"}
	columnTags = []string{"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"}
	itemTags   = []string{"ArticleTitle", "PubDate", "ContentSource"}
)

const (
	sitePages   group = "site" // every page, for what all of them carry
	columnPages group = "column"
	itemPages   group = "item"
	itemColumns group = "item-column" // items, for what they carry of their column
)

var noTagValue = regex.New(`(?i)^(?:null|undefined|nan|none|\s*|\$?\{+[^}]*\}+|<%.*%>)$`)

// tags looks at the page-label tags (NORM-13, NORM-14, WEB-64). The home page
// carries three, columns seven, items ten.
func (l *Looker) tags(p *fact.Page, template uint64) {
	r := p.Read
	column, item := carriesColumn(p), l.carriesItem(p)
	if r.Kind != fact.Home && !column && !item {
		return
	}
	l.faults.saw(sitePages, template)
	for _, tag := range siteTags {
		l.tag(p, sitePages, template, tag)
	}
	if domain := r.Meta["SiteDomain"]; strings.Contains(domain, "://") || strings.HasPrefix(domain, "//") {
		f := l.tagFault(p, "SiteDomain")
		f.What = "页面标签 SiteDomain 带有“http://”等前缀"
		f.Seen = "标签内容：" + cut(domain, 80)
		f.Mend = "SiteDomain 只填写域名，例如 www.abc.gov.cn，不带 http:// 和末尾的斜杠。"
		l.faults.add(sitePages, template, p, f)
	}
	l.siteName(p, template)
	l.codes(p, template)
	if r.Kind == fact.Home {
		return
	}
	columns := columnPages
	if item {
		columns = itemColumns // the template of items is another one
		l.faults.saw(itemPages, template)
	}
	l.faults.saw(columns, template)
	for _, tag := range columnTags {
		l.tag(p, columns, template, tag)
	}
	if !item {
		return
	}
	for _, tag := range itemTags {
		l.tag(p, itemPages, template, tag)
	}
	l.pubDate(p, template)
	l.articleTitle(p, template)
}

// siteName compares a page's tag SiteName with the home page's (NORM-06). A site of
// the group under the same host has a code of its own.
func (l *Looker) siteName(p *fact.Page, template uint64) {
	if l.home == nil || p == l.home || hostOf(l.home.URL) != hostOf(p.URL) {
		return
	}
	mine, home := flat(p.Read.Meta["SiteName"]), flat(l.home.Read.Meta["SiteName"])
	if noTagValue.MatchString(mine) || noTagValue.MatchString(home) || mine == home || p.Read.Meta["SiteIDCode"] != l.home.Read.Meta["SiteIDCode"] {
		return
	}
	l.faults.add(sitePages, template, p, fact.Finding{
		Check: "NORM-06", Also: []string{"WEB-64", "WEB-58"}, Indicator: "D4.7", Key: "SiteName 与首页不一致", State: fact.Fail,
		What: "页面标签 SiteName 与首页不一致",
		Seen: "本页：" + cut(mine, 40) + "；首页：" + cut(home, 40) + "。",
		Mend: "各页的 SiteName 都填写网站登记的名称；网站更名时，标题、页头、标签和页脚一起改。",
	})
}

// carriesColumn tells whether a page is one of a column: lists and entrances
// always, others where they show by one of the tags that they mean to be.
func carriesColumn(p *fact.Page) bool {
	switch p.Read.Kind {
	case fact.List, fact.Section, fact.Library:
		return p.Depth > 0
	case fact.Consultation, fact.Mailbox, fact.Disclosure, fact.Leader, fact.Overview:
		return hasAny(p.Read.Meta, columnTags)
	}
	return false
}

// carriesItem tells whether a page is surely an item: it says what items say, or a
// list with dates names it.
func (l *Looker) carriesItem(p *fact.Page) bool {
	r := p.Read
	switch r.Kind {
	case fact.Content:
		if r.Heading == "" || r.Words < 10 && !r.Picture {
			return hasAny(r.Meta, itemTags)
		}
		_, listed := l.listed[key(p.URL)]
		return listed || hasAny(r.Meta, itemTags) || !r.Shown.IsZero() && r.Source != ""
	case fact.Guide, fact.Leader, fact.Overview, fact.Consultation, fact.Other:
		return r.Heading != "" && hasAny(r.Meta, itemTags)
	}
	return false
}

func hasAny(meta map[string]string, tags []string) bool {
	for _, t := range tags {
		if v, ok := meta[t]; ok && !noTagValue.MatchString(v) {
			return true
		}
	}
	return false
}

func (l *Looker) tagFault(p *fact.Page, tag string) fact.Finding {
	f := fact.Finding{Check: "WEB-64", Also: []string{"NORM-14"}, Indicator: "D4.7", Key: tag, State: fact.Fail}
	if p.Read.Kind == fact.Home {
		f.Check, f.Also = "NORM-13", []string{"WEB-64"}
	}
	return f
}

// tag looks whether a page carries a tag with a value.
func (l *Looker) tag(p *fact.Page, g group, template uint64, tag string) {
	meta := p.Read.Meta
	value, there := meta[tag]
	if there && !noTagValue.MatchString(value) {
		return
	}
	for name, v := range meta { // names are not told apart by case
		if strings.EqualFold(name, tag) && !noTagValue.MatchString(v) {
			return
		}
	}
	f := l.tagFault(p, tag)
	switch {
	case there && strings.TrimSpace(value) == "":
		f.What, f.Seen = "页面标签 "+tag+" 的内容为空", `<meta name="`+tag+`" content="">`
	case there:
		f.What, f.Seen = "页面标签 "+tag+" 的内容是“"+cut(value, 30)+"”，等于没有填写", `<meta name="`+tag+`" content="`+cut(value, 30)+`">`
	default:
		f.What, f.Seen = "页面缺少标签 "+tag, "源代码的 <head> 中没有名为 "+tag+" 的 meta 标签。"
		if wrong := misspelt(meta, tag); wrong != "" {
			f.What, f.Seen = "页面标签 "+tag+" 的名称写成了“"+wrong+"”", `<meta name="`+wrong+`" content="`+cut(meta[wrong], 30)+`">`
		}
	}
	f.Mend = "在页面模板的 <head> 中写明 <meta name=\"" + tag + "\" content=\"" + tagHelp[tag] + "\">，内容不能为空，也不能由脚本后填。"
	l.faults.add(g, template, p, f)
}

var tagHelp = map[string]string{
	"SiteName": "网站登记的名称", "SiteDomain": "主域名", "SiteIDCode": "10 位网站标识码",
	"ColumnName": "栏目名称", "ColumnDescription": "栏目内容说明", "ColumnKeywords": "栏目关键词", "ColumnType": "栏目类别",
	"ArticleTitle": "文章标题", "PubDate": "2026-01-31 09:30", "ContentSource": "信息来源",
}

// misspelt finds a tag whose name is the wanted one but for a letter or two.
func misspelt(meta map[string]string, tag string) string {
	best := ""
	for name := range meta {
		if d := distance(strings.ToLower(name), strings.ToLower(tag)); d > 0 && d <= 2 && (best == "" || name < best) && tagHelp[name] == "" {
			best = name
		}
	}
	return best
}

// distance is the number of letters to change, add or leave out, up to 3.
func distance(a, b string) int {
	if len(a) > len(b)+2 || len(b) > len(a)+2 {
		return 3
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := diagonal
			if a[i] != b[j] {
				next = min(diagonal, row[j], row[j+1]) + 1
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return min(row[len(b)], 3)
}

var (
	goodPubDate = regex.New(`^\d{4}-\d{2}-\d{2} (?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?$`)
	timeOfDay   = regex.New(`\d{1,2}[:：]\d{2}`)
)

// pubDate looks at the form of the tag and compares it with what the page shows
// (NORM-15).
func (l *Looker) pubDate(p *fact.Page, template uint64) {
	r := p.Read
	value := strings.TrimSpace(r.Meta["PubDate"])
	if noTagValue.MatchString(value) {
		return
	}
	if !goodPubDate.MatchString(value) {
		l.faults.add(itemPages, template, p, fact.Finding{
			Check: "NORM-15", Also: []string{"WEB-64"}, Indicator: "D4.7", Key: "PubDate 格式", State: fact.Fail,
			What: "页面标签 PubDate 的格式不对",
			Seen: "标签内容：" + cut(value, 40),
			Mend: "PubDate 应写作“年-月-日 时:分”，24 小时制，例如 2026-01-31 14:05。",
		})
	}
	if r.DateFrom != "meta" || r.Shown.IsZero() {
		return
	}
	tagged, shown := r.Published.In(calendar.Zone), r.Shown.In(calendar.Zone)
	sameDay := calendar.Of(tagged) == calendar.Of(shown)
	timed := timeOfDay.MatchString(value) && (shown.Hour() != 0 || shown.Minute() != 0)
	if sameDay && !(timed && tagged.Truncate(time.Minute).Sub(shown.Truncate(time.Minute)).Abs() >= time.Minute) {
		return
	}
	form := "2006-01-02"
	if sameDay {
		form = "2006-01-02 15:04"
	}
	l.faults.add(itemPages, template, p, fact.Finding{
		Check: "NORM-15", Also: []string{"WEB-14"}, Indicator: "D4.7", Key: "PubDate 与显示不一致", State: fact.Fail,
		What: "页面标签 PubDate 与页面上显示的发布时间不一致",
		Seen: fmt.Sprintf("标签：%s；页面显示：%s。", cut(value, 40), shown.Format(form)),
		Mend: "两处都应是信息第一次对外发布的时间，由系统写入，不得人为改动。",
	})
}

// articleTitle compares the tag with the title that the page shows: that of
// another page is a slip of the template.
func (l *Looker) articleTitle(p *fact.Page, template uint64) {
	r := p.Read
	tag, shown, title := flat(r.Meta["ArticleTitle"]), flat(r.Heading), flat(r.Title)
	if len(tag) < 6 || len(shown) < 6 || noTagValue.MatchString(tag) {
		return
	}
	for _, s := range [...]string{shown, title} {
		if strings.Contains(s, tag) || s != "" && strings.Contains(tag, s) || fact.Overlap(s, tag) > 0.5 {
			return
		}
	}
	l.faults.add(itemPages, template, p, fact.Finding{
		Check: "WEB-64", Also: []string{"NORM-14"}, Indicator: "D4.7", Key: "ArticleTitle 与标题不一致", State: fact.Fail,
		What: "页面标签 ArticleTitle 与页面标题不一致",
		Seen: "标签：" + cut(r.Meta["ArticleTitle"], 60) + "；页面标题：" + cut(r.Heading, 60) + "。",
		Mend: "让标签取本页文章的标题，检查模板是否取了别的文章或栏目的内容。",
	})
}

// stray is a tag that names another column than the one in which the pages stand.
type stray struct {
	first    fact.Page // without its reading
	tag, own string
	count    int
}

// columnNames compares the tag ColumnName of a page with its breadcrumb (NORM-16).
// Whether what it names is another column of the site shows at the end.
func (l *Looker) columnNames(p *fact.Page) {
	r := p.Read
	if r.Kind != fact.Content && r.Kind != fact.List || len(r.Breadcrumb) == 0 {
		return
	}
	crumbs := r.Breadcrumb
	if last := flat(crumbs[len(crumbs)-1]); r.Kind == fact.Content && len(crumbs) > 1 && (last == "正文" || last == "内容" || last == flat(r.Heading)) {
		crumbs = crumbs[:len(crumbs)-1]
	}
	own := flat(crumbs[len(crumbs)-1])
	if len(l.columns) < maxGuided {
		l.columns[own] = true
	}
	tag := flat(r.Meta["ColumnName"])
	if noTagValue.MatchString(tag) || own == "" {
		return
	}
	for _, c := range append(slices.Clone(crumbs), r.Heading) {
		if c = flat(c); c != "" && (strings.Contains(c, tag) || strings.Contains(tag, c)) {
			return
		}
	}
	name := tag + "\x00" + own
	one := l.strays[name]
	if one == nil {
		if len(l.strays) >= maxLoads {
			return
		}
		one = &stray{first: *p, tag: tag, own: own}
		one.first.Read = nil
		l.strays[name] = one
	}
	one.count++
}

// strayTags gives the findings of columnNames.
func (l *Looker) strayTags() []fact.Finding {
	var out []fact.Finding
	for _, one := range l.strays {
		if !l.columns[one.tag] {
			continue // a name of the same column that the breadcrumb words otherwise
		}
		p := &one.first
		f := fact.Finding{
			Check: "NORM-16", Also: []string{"WEB-64", "PLAT-14"}, Indicator: "D4.7", URL: p.URL, On: p.URL, Key: "ColumnName " + one.own, State: fact.Fail,
			What: "页面标签 ColumnName 写的是另一个栏目",
			Seen: "标签：" + cut(one.tag, 30) + "；当前位置显示的栏目：" + cut(one.own, 30) + "。",
			Mend: "让标签取页面所在栏目的名称；一篇文章放在两个栏目时，各自的网址写各自的栏目。",
			At:   p.At, Proof: p.Hash,
		}
		out = append(out, counted(f, one.count))
	}
	return out
}

// flat is a text without spaces and with one kind of quotation mark.
func flat(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u3000', '\u00a0', '\t', '\n', '\r':
			return -1
		case '“', '”', '＂', '「', '」', '‘', '’':
			return '"'
		case '（':
			return '('
		case '）':
			return ')'
		}
		return r
	}, s)
}
