package read

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html/atom"

	"gongkai/area/inspect/fact"
)

var (
	mailboxWord  = regexp.MustCompile(`信箱|来信|我要写信|写信|留言|咨询投诉|投诉举报|网上咨询|问政|领导邮箱|互动咨询|信件`)
	consultWord  = regexp.MustCompile(`意见征集|征集意见|征求意见|民意征集|调查征集|网上调查|网上征集|在线调查|问卷调查|征集调查`)
	libraryWord  = regexp.MustCompile(`(?:政策|法规|规章|文件)(?:文件)?(?:库|数据库)$|规范性文件库|政策库|文件库`)
	leaderWord   = regexp.MustCompile(`领导之窗|领导信息|领导简介|领导介绍|领导分工|领导成员|领导班子|市长之窗|区长之窗|县长之窗|政府领导|局领导|负责人信息|机构领导`)
	leaderMark   = regexp.MustCompile(`工作分工|分管|简历|现任|主持.{0,10}工作|负责.{0,30}工作`)
	overviewWord = regexp.MustCompile(`概况|简介|区情|市情|县情|走进|历史沿革|行政区划|自然地理|机构职能|主要职责|内设机构`)
	disclosure   = regexp.MustCompile(`政府信息公开|政务公开平台|信息公开平台`)
	guideWord    = regexp.MustCompile(`办事指南|服务指南|办理指南`)
	answerMark   = with("时间 日期 回复 答复 办理 办结 信 状态", `(?:来信|提问|写信|留言|咨询|提交|受理)(?:时间|日期)|(?:回复|答复|办理|办结)(?:时间|日期|单位|部门|内容|情况|结果)|信件(?:编号|标题|内容)|来信人|办理状态|处理状态`)
	itemPath     = regexp.MustCompile(`(?i)t(?:19|20)\d{6}_\d+|/content/|/(?:art|article|info|detail|doc|post|c)[_/-]?\d+|content_\d+|post_\d+|/\d{4}[-/]?\d{2}/(?:\d{2}/)?[\w-]*\d+\.|show(?:info|news)?\.|detail|view\.|\b(?:id|infoid|articleid|newsid|aid)=\w+|/[0-9a-f]{16,}\.s?html?|\d{5,}\.s?html?$`)
	listPath     = regexp.MustCompile(`(?i)/(?:index|list|col|node|channel|column)[\w-]*\.(?:s?html?|jsp|aspx?|php)$|/col/|/list|/$|newslist|_?list[_.]|more\.|[?&](?:page|pageno|columnid|channelid|catid|typeid)=`)
)

// guideElements are the key elements of a service guide (V6) by the labels that
// stand for them. 办理时限 is another thing than 办理时间 and is not among them.
var guideElements = []struct {
	name string
	re   *regexp.Regexp
}{
	{"事项名称", regexp.MustCompile(`^(?:[一二三四五六七八九十\d]{1,3}[、.．\s]?)?[（(【\[]?(?:服务|办理|审批)?(?:事项)名称[】\])）]?$|^项目名称$|^办理事项$`)},
	{"设定依据", regexp.MustCompile(`(?:设定|法定|法律|政策|办理|审批|实施|受理|许可)依据$`)},
	{"申请条件", regexp.MustCompile(`(?:申请|受理|办理|审批|申报|准予|许可)(?:的)?条件$`)},
	{"办理材料", regexp.MustCompile(`(?:申请|办理|申报|提交|所需|需要|受理|办事|应提交)(?:的)?材料(?:目录|清单)?$|^材料清单$`)},
	{"办理地点", regexp.MustCompile(`(?:办理|受理|办公|窗口|办事|服务)(?:的)?(?:地点|地址|窗口)$`)},
	{"办理时间", regexp.MustCompile(`(?:办理|办公|受理|工作|服务|办事|接待)(?:的)?时间$`)},
	{"联系电话", regexp.MustCompile(`(?:联系|咨询|服务|办公|受理|办理)(?:的)?(?:电话|方式)$|^电话$`)},
	{"办理流程", regexp.MustCompile(`(?:办理|申请|审批|办事|受理|服务|工作|业务)(?:的)?(?:流程|程序|步骤)(?:图)?$`)},
}

// sectionStart begins the next part of a guide.
var sectionStart = regexp.MustCompile(`^(?:[一二三四五六七八九十]{1,3}[、.．]|（[一二三四五六七八九十]{1,3}）)`)

// elementWords are the ends of such labels.
var elementWords = pattern{needs: strings.Fields("名称 事项 依据 条件 材料 清单 地点 地址 窗口 时间 电话 方式 流程 程序 步骤")}

// noValue are contents that count as none (V6).
var noValue = regexp.MustCompile(`^(?:无|暂无|/|-+|—+|——|详见(?:窗口|附件|大厅|办事大厅)?|见附件|null|略|空)?[。.]?$`)

// guide reads the key elements. The value of an element is what stands behind its
// label, on its line, in the next cell or in the lines up to the next label.
func (p *page) guide() {
	found := map[string]string{}
	labelOf := func(s string) (string, string) {
		if len(s) > 300 && strings.IndexAny(s[:60], ":：") < 0 {
			return "", ""
		}
		name, value := s, ""
		if i := strings.IndexAny(s, ":："); i > 0 {
			name = s[:i]
			value = strings.TrimSpace(strings.TrimLeft(s[i:], ":： "))
		}
		name = strings.Trim(name, " 　【】[]（）()*●■◆·•、.")
		name = strings.TrimLeft(name, "一二三四五六七八九十0123456789、.．（）() ")
		if c := runes(name); c > 10 || c < 2 || !elementWords.may(name) {
			return "", ""
		}
		for _, e := range guideElements {
			if e.re.MatchString(name) {
				return e.name, value
			}
		}
		return "", ""
	}
	for i := range p.text {
		l := &p.text[i]
		if l.hidden || l.region == nav || l.region == foot || l.region == crumb || l.region == head || l.linked*2 > l.chars && l.chars < 20 && p.inGroup(l.node) {
			continue
		}
		name, value := labelOf(l.text)
		if name == "" {
			continue
		}
		for j := i + 1; value == "" && j < len(p.text) && j <= i+2; j++ {
			n := &p.text[j]
			if n.region == foot {
				break
			}
			if other, _ := labelOf(n.text); other != "" || alone(n.text) || j == i+1 && sectionStart.MatchString(n.text) {
				break
			}
			value = n.text
			if l.cell {
				break
			}
		}
		value = cutRunes(strings.TrimSpace(value), 200)
		if noValue.MatchString(value) {
			value = ""
		}
		if old, ok := found[name]; !ok || old == "" {
			found[name] = value
		}
	}
	if len(found) >= 3 {
		p.r.Guide = found
	}
}

// partNames are the four parts of the disclosure platform and its entrance for
// requests (disclosure-platform section 2).
var partNames = []struct {
	name string
	re   *regexp.Regexp
}{
	{"政府信息公开指南", regexp.MustCompile(`^(?:政府)?(?:信息)?公开指南$`)},
	{"政府信息公开制度", regexp.MustCompile(`^(?:政府)?(?:信息)?公开(?:制度|规定)$`)},
	{"法定主动公开内容", regexp.MustCompile(`^(?:法定)?主动公开(?:内容|目录)?$|^法定主动公开.{0,4}$`)},
	{"政府信息公开年报", regexp.MustCompile(`^(?:政府)?(?:信息)?公开(?:工作)?(?:年报|年度报告|工作年度报告)$`)},
	{"依申请公开", regexp.MustCompile(`^依申请公开$`)},
}

func (p *page) parts() {
	found := map[string]string{}
	for i := range p.r.Links {
		l := &p.r.Links[i]
		if l.Element != "a" || l.Place == fact.InFooter || runes(l.Text) > 16 {
			continue
		}
		for _, part := range partNames {
			if found[part.name] == "" && part.re.MatchString(strings.ReplaceAll(l.Text, " ", "")) {
				found[part.name] = l.URL
			}
		}
	}
	if len(found) >= 3 {
		p.r.Parts = found
	}
}

// scripted tells whether the page leaves its list or text to a script: nothing
// stands there, and there is a template, an empty part that a script of the page
// names, or an empty page with scripts (WEB-83).
func (p *page) scripted() bool {
	if p.list != nil && p.list.rows[0].node.fromXML {
		return true
	}
	if len(p.r.Entries) > 1 && p.list.dated > 0 || p.proseChars >= 60 {
		return false
	}
	templates := 0
	for i := range p.text {
		l := &p.text[i]
		if l.region == plain && (strings.Contains(l.text, "{{") && strings.Contains(l.text, "}}") || strings.Contains(l.text, "<%=") || strings.Contains(l.text, "${") || strings.Contains(l.text, "#{")) {
			templates++
		}
	}
	calls := false
	joined := 0
	for _, s := range p.scripts {
		joined += len(s)
		if strings.Contains(s, "$.ajax") || strings.Contains(s, "$.get") || strings.Contains(s, "$.post") || strings.Contains(s, "getJSON") || strings.Contains(s, "fetch(") || strings.Contains(s, "axios") || strings.Contains(s, "XMLHttpRequest") || strings.Contains(s, ".load(") {
			calls = true
		}
	}
	empties, roots, looked := 0, 0, 0
	for _, n := range p.all[1:] {
		if !n.elem || n.region != plain {
			continue
		}
		if n.byRule && n.anchors == 0 || n.byRule && n.titles == 0 {
			templates++
		}
		if n.chars > 0 || n.anchors > 0 {
			continue
		}
		switch n.tag {
		case atom.Ul, atom.Ol, atom.Tbody, atom.Div, atom.Table, atom.Dl, atom.Section:
			if looked++; looked > 200 {
				continue
			}
			id := n.attr("id")
			if id != "" && (n.first == nil || n.tag != atom.Div) {
				if named(p.scripts, id) {
					empties++
				}
			}
			if id == "app" || id == "root" || id == "__nuxt" || id == "main-app" {
				roots++
			}
			if c := n.attr("class"); c != "" && n.first == nil && (n.tag == atom.Ul || n.tag == atom.Ol || n.tag == atom.Tbody) && namedClass(p.scripts, c) {
				empties++
			}
		}
	}
	if templates > 0 {
		return true
	}
	if empties > 0 && calls {
		return true
	}
	return roots > 0 && p.root.chars < 80
}

func named(scripts []string, id string) bool {
	for _, s := range scripts {
		if strings.Contains(s, "#"+id) || strings.Contains(s, "'"+id+"'") || strings.Contains(s, `"`+id+`"`) {
			return true
		}
	}
	return false
}

func namedClass(scripts []string, class string) bool {
	for _, c := range strings.Fields(class) {
		for _, s := range scripts {
			if strings.Contains(s, "."+c) && len(c) > 2 {
				return true
			}
		}
	}
	return false
}

// jump finds where a page sends its visitor on: a meta refresh within ten
// seconds, or a script in a page that shows next to nothing.
func (p *page) jump() string {
	for _, n := range p.all[1:] {
		if n.tag != atom.Meta || !strings.EqualFold(n.attr("http-equiv"), "refresh") {
			continue
		}
		delay, rest, ok := strings.Cut(n.attr("content"), ";")
		if !ok {
			delay, rest, ok = strings.Cut(n.attr("content"), ",")
		}
		if !ok || num(strings.TrimSpace(delay)) > 10 {
			continue
		}
		rest = strings.TrimSpace(rest)
		if len(rest) > 4 && strings.EqualFold(rest[:3], "url") {
			rest = strings.TrimLeft(rest[3:], " =")
		}
		if ref := p.abs(strings.Trim(rest, `'" `)); ref != "" && ref != p.abs(p.self) {
			return ref
		}
	}
	if p.root.chars > 120 || p.root.anchors > 8 {
		return ""
	}
	for _, s := range p.scripts {
		if len(s) > 3000 {
			continue
		}
		if g := scriptAddress.FindStringSubmatch(s); g != nil && !strings.Contains(s, "onclick") {
			if ref := p.abs(g[1]); ref != "" && ref != p.abs(p.self) {
				return ref
			}
		}
	}
	return ""
}

// kind decides what the page is for, by evidence that is added up:
//
//	item      ArticleTitle +4, a day of its own in tag or mark +2 (pattern or path +1),
//	          source or number +1, running text from 60 characters +1, 200 +2, 600 +3,
//	          an address like an item's +1, h1 that is its title +1, a picture as text +2
//	list      5 entries +2, 10 +3, most with days +2, paging +2, the column's name as
//	          title +1, more running text than list -2, tags of a column without an item's +1, an address like a list's +1
//	column    three groups or more of at least three lines +3, five +4, none of them
//	          with most of the lines +2, further pages or the tag of an item -3
//
// Words of the title, the breadcrumb's end and ColumnType then name the special
// kinds, where the structure agrees with the words.
func (p *page) kind(h Hints) fact.Kind {
	r := &p.r
	if r.Jump != "" && p.root.chars < 400 {
		return fact.Jump
	}
	item, list, column := 0, 0, 0
	u, _ := url.Parse(p.self)
	path := ""
	atRoot := false
	if u != nil {
		path = u.RequestURI()
		atRoot = u.RawQuery == "" && (u.Path == "" || u.Path == "/" || rootPath.MatchString(u.Path))
	}
	if usableTag(p.meta["articletitle"]) {
		item += 4
	}
	switch r.DateFrom {
	case "meta", "mark":
		item += 2
	case "pattern", "path":
		item++
	}
	if r.Source != "" || r.Number != "" {
		item++
	}
	switch c := p.bodyChars; {
	case c >= 600:
		item += 3
	case c >= 200:
		item += 2
	case c >= 60:
		item++
	}
	if itemPath.MatchString(path) {
		item++
	}
	if p.headLine >= 0 && p.text[p.headLine].level == 1 && p.bodyChars >= 60 {
		item++
	}
	if r.Picture {
		item += 2
	}
	n := len(r.Entries)
	switch {
	case n >= 10:
		list += 3
	case n >= 5:
		list += 2
	case n >= 2:
		list++
	}
	if p.list != nil && n >= 2 && p.list.dated*10 >= len(p.list.rows)*6 {
		list += 2
	}
	if n == 1 && p.list.dated == 1 && p.bodyChars < 60 {
		list += 2
	}
	if len(r.Next) > 0 && p.bodyChars < 600 && n >= 3 {
		list += 2
	}
	if listPath.MatchString(path) {
		list++
	}
	if p.meta["columnname"] != "" && !usableTag(p.meta["articletitle"]) {
		list += 2
	}
	if k := len(r.Breadcrumb); k > 0 && p.bodyChars < 200 && flat(r.Breadcrumb[k-1]) == flat(r.Heading) {
		list++
	}
	if r.Empty && p.bodyChars < 60 {
		list++
	}
	if p.bodyChars >= 200 && !p.listDominates() {
		list -= 2
	}
	switch {
	case p.blocks >= 5:
		column += 4
	case p.blocks >= 3:
		column += 3
	case p.blocks == 2:
		column++
	}
	if p.blocks >= 3 && p.bodyChars < 100 && p.list != nil && len(p.list.rows)*10 < p.blockRows*6 {
		column += 2 // no list is the page's own
	}
	if len(r.Next) > 0 || usableTag(p.meta["articletitle"]) {
		column -= 3
	}
	if p.bodyChars >= 600 {
		column -= 2
	}
	words := r.Heading + " " + r.Title + " " + p.lastCrumb() + " " + p.meta["columntype"] + " " + p.meta["columnname"]
	own := r.Heading + " " + p.lastCrumb()
	if h.Home || atRoot && item < 6 {
		return fact.Home
	}
	if len(r.Guide) >= 4 || len(r.Guide) == 3 && guideWord.MatchString(words) {
		return fact.Guide
	}
	isItem := item >= 4 && item >= list && item >= column || item > list && item > column && item >= 2
	if isItem && list >= 4 && p.bodyChars < 200 && p.listDominates() && p.meta["articletitle"] == "" {
		isItem = false
	}
	letters := 0
	for i := range p.text {
		if !p.text[i].hidden && p.text[i].chars < 60 && p.text[i].region == plain && answerMark.MatchString(p.text[i].text) {
			letters++
		}
	}
	bigForm := p.messageForm()
	switch {
	case usableTag(p.meta["articletitle"]):
	case letters >= 3 && (mailboxWord.MatchString(words) || letters >= 4):
		return fact.Mailbox
	case bigForm && mailboxWord.MatchString(words):
		return fact.Mailbox
	case len(r.Parts) >= 3 && !isItem && disclosure.MatchString(words) && len(r.Breadcrumb) <= 3 && !usableTag(p.meta["articletitle"]):
		return fact.Disclosure
	}
	if isItem {
		switch {
		case leaderWord.MatchString(words) && leaderMark.MatchString(r.Text) && r.DateFrom != "meta" && r.DateFrom != "mark":
			return fact.Leader
		case overviewWord.MatchString(p.lastCrumb()+" "+p.meta["columntype"]) && !usableTag(p.meta["articletitle"]) && r.DateFrom != "mark" && r.DateFrom != "meta" && r.Source == "":
			return fact.Overview
		}
		return fact.Content
	}
	short := runes(own) < 40
	switch {
	case short && libraryWord.MatchString(strings.TrimSpace(own)) || libraryWord.MatchString(p.meta["columnname"]):
		return fact.Library
	case short && strings.Contains(own, "搜索") || searchPath.MatchString(path) && p.searchForm():
		return fact.Search
	case short && mailboxWord.MatchString(own):
		return fact.Mailbox
	case short && consultWord.MatchString(own+" "+p.meta["columnname"]):
		return fact.Consultation
	case short && leaderWord.MatchString(own+" "+p.meta["columntype"]) && list < 4:
		return fact.Leader
	}
	switch {
	case list >= 3 && list >= column:
		return fact.List
	case column >= 3:
		return fact.Section
	case overviewWord.MatchString(own) && p.bodyChars > 0 && n < 2:
		return fact.Overview
	case r.Scripted || r.Empty || list >= 2:
		return fact.List
	case p.root.anchors > 12 && p.bodyChars < 200 && n > 2:
		return fact.Section
	}
	return fact.Other
}

var (
	rootPath   = regexp.MustCompile(`(?i)^/(?:index|default|home|main)\.\w{2,5}$`)
	searchPath = regexp.MustCompile(`(?i)search|sousuo|/so[./?]`)
)

func (p *page) lastCrumb() string {
	if k := len(p.r.Breadcrumb); k > 0 {
		return p.r.Breadcrumb[k-1]
	}
	return ""
}

// listDominates tells whether the list holds more text than the running text.
func (p *page) listDominates() bool {
	sum := 0
	for _, e := range p.r.Entries {
		sum += runes(e.Title)
	}
	return sum > p.bodyChars
}

func (p *page) searchForm() bool {
	for _, f := range p.r.Forms {
		if f.Search {
			return true
		}
	}
	return false
}

// messageForm tells whether there is a form that takes a message.
func (p *page) messageForm() bool {
	for _, f := range p.r.Forms {
		if !f.Search && len(f.Fields) >= 3 {
			return true
		}
	}
	return false
}
