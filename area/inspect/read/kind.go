package read

import (
	"net/url"
	"strings"

	"golang.org/x/net/html/atom"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/regex"
)

var (
	mailboxWord  = regex.New(`信箱|来信|我要写信|写信|留言|咨询投诉|投诉举报|网上咨询|问政|领导邮箱|互动咨询|信件`)
	consultWord  = regex.New(`意见征集|征集意见|征求意见|民意征集|调查征集|网上调查|网上征集|在线调查|问卷调查|征集调查`)
	libraryWord  = regex.New(`(?:政策|法规|规章|文件)(?:文件)?(?:库|数据库)$|规范性文件库|政策库|文件库`)
	leaderWord   = regex.New(`领导之窗|领导信息|领导简介|领导介绍|领导分工|领导成员|领导班子|市长之窗|区长之窗|县长之窗|政府领导|局领导|负责人信息|机构领导`)
	leaderMark   = regex.New(`工作分工|分管|简历|现任|主持.{0,10}工作|负责.{0,30}工作`)
	overviewWord = regex.New(`概况|简介|区情|市情|县情|走进|历史沿革|行政区划|自然地理|机构职能|主要职责|内设机构`)
	disclosure   = regex.New(`政府信息公开|政务公开平台|信息公开平台`)
	loadingWord  = regex.With("加载 oading", `^(?:数据|内容|正在)?(?:加载中|努力加载|正在加载|加载数据)|(?i:^loading)`)
	jumpWord     = regex.With("跳转 离开 转向 转到", `跳转|即将离开|转向|自动转到`)
	guideWord    = regex.New(`办事指南|服务指南|办理指南`)
	answerMark   = regex.With("时间 日期 回复 答复 办理 办结 信 状态", `(?:来信|提问|写信|留言|咨询|提交|受理)(?:时间|日期)|(?:回复|答复|办理|办结)(?:时间|日期|单位|部门|内容|情况|结果)|信件(?:编号|标题|内容)|来信人|办理状态|处理状态`)
	itemPath     = regex.New(`(?i)t(?:19|20)\d{6}_\d+|/content/|/(?:art|article|info|detail|doc|post|c)[_/-]?\d+|content_\d+|post_\d+|/\d{4}[-/]?\d{2}/(?:\d{2}/)?[\w-]*\d+\.|show(?:info|news)?\.|detail|view\.|\b(?:id|infoid|articleid|newsid|aid)=\w+|/[0-9a-f]{16,}\.s?html?|\d{5,}\.s?html?$`)
	listPath     = regex.New(`(?i)/(?:index|list|col|node|channel|column)[\w-]*\.(?:s?html?|jsp|aspx?|php)$|/col/|/list|/$|newslist|_?list[_.]|more\.|[?&](?:page|pageno|columnid|channelid|catid|typeid)=`)
)

// kind decides what the page is for, by evidence that is added up:
//
//	item      ArticleTitle +4, a day of its own in tag or mark +2 (pattern or path +1),
//	          source or number +1, running text from 60 characters +1, 200 +2, 600 +3,
//	          an address like an item's +1, h1 that is its title +1, a picture as text +2
//	list      5 entries +2, 10 +3, most with days +2, paging +2, the column's name as
//	          title +1 (+2 where nothing else stands in the page), more running text than list -2, tags of a column without an item's +1, an address like a list's +1
//	column    three groups or more of at least three lines +3, five +4, none of them
//	          with most of the lines +2, further pages or the tag of an item -3
//
// Words of the title, the breadcrumb's end and ColumnType then name the special
// kinds, where the structure agrees with the words.
func (p *page) kind(h Hints) fact.Kind {
	r := &p.r
	if r.Jump != "" && p.plainChars < 300 {
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
	if n == 0 && r.Words == 0 && p.lastCrumb() != "" && flat(p.lastCrumb()) == flat(r.Heading) && !p.messageForm() && !p.shows() {
		list++ // a column with nothing in it
	}
	if p.bodyChars >= 200 && !p.listDominates() {
		list -= 2
	}
	if p.list != nil && len(r.Next) == 0 && offers(p.list.ahead) && (p.metaLine >= 0 || r.DateFrom != "") {
		list -= 4 // other items are offered under this one
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
		list -= 2
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
	if n == 0 && p.bodyChars < 200 && p.calendar() {
		return fact.Other
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
	case n == 0 && p.bodyChars >= 60 && !r.Scripted && len(r.Next) == 0 && column < 3: // a column that is one text
		if overviewWord.MatchString(words) {
			return fact.Overview
		}
		return fact.Content
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
	monthName  = regex.New(`(?:19|20)\d{2}\s*[年/.-]\s*\d{1,2}\s*(?:月|[^\d/.-]|$)`)
	rootPath   = regex.New(`(?i)^/(?:index|default|home|main)\.\w{2,5}$`)
	searchPath = regex.New(`(?i)search|sousuo|/so[./?]`)
)

func (p *page) lastCrumb() string {
	if k := len(p.r.Breadcrumb); k > 0 {
		return p.r.Breadcrumb[k-1]
	}
	return ""
}

// shows tells whether something other than text stands behind the breadcrumb.
func (p *page) shows() bool {
	if p.crumbBox == nil {
		return true
	}
	for _, n := range p.all[p.crumbBox.end:] {
		switch n.tag {
		case atom.Img, atom.Iframe, atom.Object, atom.Embed, atom.Video, atom.Canvas:
			if n.region == plain && !n.hidden {
				return true
			}
		}
	}
	return false
}

// calendar tells whether the page shows the days of a month and is called by it.
func (p *page) calendar() bool {
	if !monthName.MatchString(p.r.Heading + " " + p.r.Title) {
		return false
	}
	day := 0 // the last in order
	for i := range p.all {
		n := p.all[i]
		if n.elem || n.chars == 0 || n.chars > 2 {
			continue
		}
		if num(strings.TrimSpace(n.text)) == day+1 {
			day++
		}
	}
	return day >= 28
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
