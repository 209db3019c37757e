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

var (
	channelName   = regex.With("信箱 写信 来信 留言 咨询 问政 建言 邮箱 意见建议 我要 12345", `信箱|写信|来信|留言|咨询投诉|投诉咨询|网上咨询|在线咨询|业务咨询|互动咨询|问政|建言|[市区县镇局]长邮箱|领导邮箱|意见建议|我要(?:咨询|投诉|建议|留言)|12345`)
	petitionName  = regex.With("信访 举报 纪检 监督执纪 巡察 扫黑 12388 12380", `信访|举报|纪检|监督执纪|巡察|扫黑|12388|12380`)
	applyName     = regex.New(`依申请|申请公开|登录|注册|搜索|检索|问卷|调查|征集|预约|订阅|纠错|找错`)
	talkStats     = regex.New(`(?:信件|来信|留言|信箱|咨询|办理|受理|答复|回复|办件|诉求|互动)(?:情况|数据|办理|答复|回复|信息)?(?:统计|通报|分析)|统计(?:信息|数据|分析)`)
	letterFigures = regex.New(`(?:信件|来信|留言|信箱|咨询|答复|回复|诉求|互动).{0,6}(?:统计|通报|分析)`)
	talkCount     = regex.New(`(?:收到|受理|来信|留言|信件|咨询|答复|回复|办结)(?:总数|总量|数量|数|量|件数|信件|来信|留言)?[^\d。]{0,8}\d+\s?(?:件|条|封)`)
	promiseDays   = regex.New(`([\d一二三四五六七八九十]{1,3})\s?个?工作日(?:之?内)?.{0,6}?(?:答复|回复|办结|办理|反馈)`)
	evasive       = regex.New(`已(?:转|转交|转办|转至|移交|交由?)[^，。]{0,24}(?:部门|单位|局|委|办|街道|镇|处理|办理)|请(?:您)?(?:直接|自行)?(?:咨询|联系|向)[^，。]{1,24}(?:咨询|了解|反映)?`)
	loginName     = regex.New(`^(?:请先?|用户|个人|法人|会员|统一)?(?:身份)?(?:认证)?登[录陆](?:/注册|\s?\|\s?注册|注册)?(?:[\p{Han}]{0,6}(?:平台|系统|中心|大厅))?$`)
	writeName     = regex.New(`我要|我想|写信|去信|发信|留言|提问|提交|咨询|投诉|建言|建议|诉求|12345|登[录陆]|注册`)
	writeText     = regex.New(`我要(?:写信|留言|咨询|投诉|建言|提问|建议)|写信须知|(?:提交|发送)(?:信件|留言|来信|问题)`) // a button is no link
	loginTitle    = regex.New(`登[录陆]|身份认证`)
	notLogin      = regex.New(`后台|管理(?:系统|员|平台)|办公|邮箱|邮件|找回|重置|忘记|注册|[Oo][Aa]|内网`)
	password      = regex.New(`(?i)密码|password|passwd|\bpwd\b`)
	loginPath     = regex.New(`(?i)log-?in|sso|passport|/auth|denglu|signin|uc/`)

	consultTitle = regex.With("意见 征集 征求", `征求.{0,8}意见|意见.{0,2}征集|征集.{0,20}(?:意见|建议)|公开征求|征求意见稿|草案.{0,6}意见`)
	surveyTitle  = regex.New(`调查|问卷|征集`)
	resultTitle  = regex.New(`结果|反馈|采纳情况|情况(?:的)?(?:说明|汇总|公告|通报)|汇总|总结|分析报告`)
	resultText   = regex.New(`采纳情况|意见采纳|未采纳|结果反馈|反馈情况|征集结果|调查结果|共收到.{0,14}(?:意见|建议|问卷)|未收到.{0,8}意见`)
	onlineText   = regex.New(`在线(?:提交|填写|参与|留言|征集|反馈)|网上(?:提交|留言|参与|征集|填写)|(?:点击|进入).{0,16}(?:参与|提交|填写|留言)|登录.{0,24}(?:提出|提交|留言)|问卷|通过.{0,20}(?:网站|平台|栏目|页面).{0,12}(?:提出|提交|反馈|留言)|我要(?:参与|留言|提意见)`)
	endOfCall    = regex.New(`(?:截止|结束|截至)(?:日期|时间)?[^\d]{0,6}(20\d{2})\s?[年\-/.]\s?(\d{1,2})\s?[月\-/.]\s?(\d{1,2})|(?:至|到|—+|-+|～|~)\s?(20\d{2})\s?[年\-/.]\s?(\d{1,2})\s?[月\-/.]\s?(\d{1,2})|(20\d{2})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日?(?:以?前|之前|前)`)
	beginOfCall  = regex.New(`(20\d{2})\s?[年\-/.]\s?(\d{1,2})\s?[月\-/.]\s?(\d{1,2})\s?日?\s?(?:至|到|—+|-+|～|~|起)`)
	shortWhy     = regex.New(`缩短|紧急|时间紧|急需`)
)

// letter is a message with what every page says of it.
type letter struct {
	fact.Letter
	on      string
	own     bool // its own page was seen
	outside bool // of petitions, discipline, consultations: not judged (V5.2)
}

// talk is what is remembered of interaction.
type talk struct {
	form     string // page with a form for messages
	channel  string // name of a link to a channel
	at       string // its address
	petition bool
	letters  map[uint64]*letter
	stats    string
	mailbox  string // the entrance of letters
	scripted bool   // a page of letters is filled in by script
	write    bool   // something leads to where one writes
	promise  int    // working days
	logins   map[string]string
	held     map[string]bool // interviews that took place, by the core of their titles
	ahead    []ahead
	captchas map[string]bool // pictures with a code that were told of
	consults []consult
}

// dig bounds what is kept of a hostile site.
const (
	maxLetters  = 200_000
	maxConsults = 50_000
)

// seeTalk keeps what a page shows of messages and their answers.
func (s *site) seeTalk(i int32, p *fact.Page) {
	r := p.Read
	t := &s.talk
	mail := r.Kind == fact.Mailbox || len(r.Letters) > 0 || channelName.MatchString(r.Heading)
	where, outside := "", false
	if mail || p.Depth <= 3 && len(r.Forms) > 0 || t.stats == "" {
		where = strings.Join(crumbs(r), " ") + " " + r.Title
		outside = petitionName.MatchString(where) || consultTitle.MatchString(where)
	}
	if len(r.Forms) > 0 && p.Depth <= 3 && !outside && t.form == "" && channelName.MatchString(where) && !applyName.MatchString(r.Heading) {
		for _, f := range r.Forms {
			if !f.Search && len(f.Fields) >= 3 {
				t.form = p.URL
			}
		}
	}
	if p.Depth <= 1 {
		for _, l := range r.Links {
			if l.Element != "a" || utf8.RuneCountInString(l.Text) > 20 {
				continue
			}
			switch {
			case petitionName.MatchString(l.Text):
				t.petition = true
			case channelName.MatchString(l.Text) && t.channel == "":
				t.channel, t.at = l.Text, l.URL
			}
		}
	}
	if letter := len(r.Letters) == 1 && r.Letters[0].URL == ""; !t.write && !letter && (mail || p.Depth <= 1) {
		for _, l := range r.Links {
			if l.Element == "a" && l.Place != fact.InList && utf8.RuneCountInString(l.Text) <= 12 && (writeName.MatchString(l.Text) || !outside && hostOf(l.URL) != s.host && channelName.MatchString(l.Text)) && !petitionName.MatchString(l.Text) {
				t.write = true
			}
		}
		t.write = t.write || mail && writeText.MatchString(cut(r.Text, 6000)) || mail && slices.ContainsFunc(r.Forms, func(f fact.Form) bool { return !f.Search && len(f.Fields) >= 2 })
	}
	s.seeLogins(p)
	s.seeCaptcha(p)
	if mail {
		if t.stats == "" && (talkStats.MatchString(r.Heading) || talkCount.MatchString(cut(r.Text, 6000)) && len(r.Letters) != 1) {
			t.stats = p.URL
		}
		if g := promiseDays.FindStringSubmatch(r.Text); g != nil && len(r.Letters) != 1 {
			if n := number(g[1]); n > 0 && n <= 60 {
				t.promise = max(t.promise, n)
			}
		}
		t.scripted = t.scripted || r.Scripted && !r.Rendered
		if r.Kind == fact.Mailbox && len(r.Letters) != 1 && (t.mailbox == "" || len(r.Letters) > 0 && len(p.URL) < len(t.mailbox)) && !outside {
			t.mailbox = p.URL
		}
	} else if t.stats == "" && strings.Contains(where, "互动") && talkStats.MatchString(r.Heading) {
		t.stats = p.URL
	}
	for k := range r.Letters {
		l := r.Letters[k]
		own := l.URL == ""
		if own {
			l.URL = p.URL
		}
		key := keyOf(l.URL)
		old := t.letters[key]
		if old == nil {
			if len(t.letters) >= maxLetters {
				return
			}
			t.letters[key] = &letter{l, cmp.Or(p.Referrer, p.URL), own, outside}
			if !own {
				t.letters[key].on = p.URL
			}
			continue
		}
		old.outside = old.outside || outside
		if own { // its own page knows best
			if l.Asked.IsZero() {
				l.Asked = old.Asked
			}
			if l.Answered.IsZero() {
				l.Answered = old.Answered
			}
			old.Letter, old.own = l, true
		} else {
			if old.Answered.IsZero() {
				old.Answered = l.Answered
			}
			old.on = p.URL
		}
	}
	if r.Kind == fact.Content || r.Kind == fact.Consultation {
		s.seeConsult(i, p)
		s.seeInterview(p)
	}
}

var (
	interview      = regex.With("访谈", `访谈`)
	interviewAhead = regex.New(`预告|征集`)
	interviewText  = regex.New(`(?m)^\s*(?:主持人|网友|问|嘉宾|记者)[^：:]{0,10}[：:]`)
	interviewLink  = regex.New(`实录|文字|问答|回放`)
)

func number(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	n, digit := 0, 0
	for _, c := range s {
		if c == '十' {
			n, digit = n+max(digit, 1)*10, 0
			continue
		}
		digit = strings.Index("零一二三四五六七八九", string(c)) / 3
	}
	return n + digit
}

// seeLogins notes where people log in: links that say so and lead to an address
// that looks like it, and pages that are called so and ask for a password.
func (s *site) seeLogins(p *fact.Page) {
	if p.Depth > 3 || p.Read.Kind == fact.Content && !p.Read.Published.IsZero() {
		return
	}
	for _, l := range p.Read.Links {
		if l.Element == "a" && len(l.Text) < 60 && loginName.MatchString(flat(l.Text)) && loginPath.MatchString(l.URL) {
			s.seeLogin(l.URL)
		}
	}
	title := p.Read.Heading + " " + p.Read.Title
	if !loginTitle.MatchString(title) || notLogin.MatchString(title) {
		return
	}
	for _, f := range p.Read.Forms {
		if slices.ContainsFunc(f.Fields, func(field string) bool { return password.MatchString(field) }) {
			s.seeLogin(p.URL)
			return
		}
	}
}

// seeLogin notes an address at which people log in; what lies in one folder is one
// service.
func (s *site) seeLogin(address string) {
	if len(s.talk.logins) > 50 {
		return
	}
	folder := pathOf(address)
	if i := strings.LastIndexByte(folder, '/'); i > 0 {
		folder = folder[:i]
	}
	k := hostOf(address) + folder
	if _, ok := s.talk.logins[k]; !ok {
		s.talk.logins[k] = address
	}
}

var (
	captchaPicture = regex.New(`(?i)验证码|captcha|kaptcha|verif(?:y|ication)?_?(?:code|img)|check_?code|valid(?:ate)?_?code|vcode|yzm|auth_?code|rand_?(?:code|img)`)
	otherWay       = regex.New(`语音|音频|播放|收听|听取|短信|手机验证|动态(?:码|密码)|audio|sound|voice`)
)

// seeCaptcha is NORM-53: a form with a code that stands in a picture only. Forms
// with one and the same picture are one.
func (s *site) seeCaptcha(p *fact.Page) {
	r := p.Read
	asks := slices.ContainsFunc(r.Forms, func(f fact.Form) bool { return f.Captcha })
	if !asks || otherWay.MatchString(r.Text) {
		return
	}
	for _, f := range r.Forms {
		if slices.ContainsFunc(f.Fields, otherWay.MatchString) {
			return
		}
	}
	picture := ""
	for _, l := range r.Links {
		switch {
		case l.Element == "audio", l.Element == "source" && otherWay.MatchString(l.URL), l.Element == "a" && otherWay.MatchString(l.Text):
			return
		case l.Element == "img" && picture == "" && captchaPicture.MatchString(l.URL+" "+l.Text):
			picture, _, _ = strings.Cut(l.URL, "?")
		}
	}
	if picture == "" || s.talk.captchas[picture] || len(s.talk.captchas) > 200 {
		return
	}
	s.talk.captchas[picture] = true
	s.add(fact.Finding{Check: "NORM-53", URL: p.URL, On: cmp.Or(p.Referrer, p.URL), Key: "验证码", State: fact.Proposed, At: p.At, Proof: p.Hash,
		What: "表单的验证码只有图片，看不见的人无法填写", Seen: "验证码图片：" + picture + "，没有语音、短信等其他方式", Mend: "增加语音验证码或者短信验证码，或者改用不靠看图的验证方式"})
}

// channel is V5.1 (WEB-24).
func (s *site) channel() {
	t := &s.talk
	switch {
	case t.form != "":
		s.decide("V5.1", fact.Pass, "有在线留言的表单："+t.form)
	case !t.write && t.mailbox != "" && !t.scripted && s.home.seen && !s.home.scripted && len(t.logins) == 0:
		f := fact.Finding{Check: "WEB-24", Indicator: "V5.1", URL: s.home.url, On: s.home.url, State: fact.Proposed, At: s.home.at, Proof: s.home.hash,
			What: "没有有效的网上咨询建言渠道", Seen: "信箱栏目只能看信，没有写信、留言的表单，也没有这样的入口：" + t.mailbox, Mend: "在信箱栏目提供可以填写、提交的表单，从首页三次点击以内可以到达"}
		s.charge(f, f.What+"："+f.Seen)
	case s.newestAnswer().After(monthsBefore(s.in.T0, 12)):
		s.decide("V5.1", fact.Pass, "公开了近一年的来信和答复，渠道有效")
	case t.channel != "":
		s.decide("V5.1", fact.NotDecided, fmt.Sprintf("有“%s”（%s），没有读到可填写的表单，可能要登录或由脚本载入，请人试用", t.channel, t.at))
	case !s.home.seen || s.home.scripted:
		s.decide("V5.1", fact.NotDecided, "首页没有取到或由脚本载入")
	default:
		seen := "首页和二级页面没有信箱、留言、咨询的入口"
		if t.petition {
			seen = "首页和二级页面只有信访、举报的入口，不算咨询建言渠道"
		}
		f := fact.Finding{Check: "WEB-24", Indicator: "V5.1", URL: s.home.url, On: s.home.url, State: fact.Proposed, At: s.home.at, Proof: s.home.hash,
			What: "没有有效的网上咨询建言渠道", Seen: seen, Mend: "开设领导信箱、网上咨询等栏目，从首页三次点击以内可以到达并能提交"}
		s.charge(f, f.What+"："+seen)
	}
}

func (s *site) newestAnswer() (newest time.Time) {
	for _, l := range s.talk.letters {
		if !l.outside && !l.Answered.After(s.in.T0) {
			newest = later(newest, l.Answered)
		}
	}
	return newest
}

// open tells whether a letter has no answer, as far as its pages say.
func (l *letter) open() bool {
	if !l.Answered.IsZero() || utf8.RuneCountInString(l.Answer) >= 4 {
		return false
	}
	switch st := l.State; {
	case openState.MatchString(st):
		return true
	case doneState.MatchString(st):
		return false
	}
	return l.own
}

var (
	openState = regex.New(`未|待|中$|正在`)
	doneState = regex.New(`已|完成|办结`)
)

// sortedLetters gives the letters in a fixed order.
func (s *site) sortedLetters() []*letter {
	out := make([]*letter, 0, len(s.talk.letters))
	for _, l := range s.talk.letters {
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b *letter) int { return cmp.Compare(a.URL, b.URL) })
	return out
}

// unanswered is V5.2: a message of the last year, older than three months,
// without an answer (WEB-25).
func (s *site) unanswered() {
	from, to := monthsBefore(s.in.T0, s.limit("V5.2.back.months")), monthsBefore(s.in.T0, s.limit("V5.2.months"))
	n, looked := 0, 0
	for _, l := range s.sortedLetters() {
		if l.outside || l.Asked.IsZero() {
			continue
		}
		looked++
		asked := l.Asked
		if h, m, sec := asked.Clock(); h+m+sec == 0 {
			asked = lastOf(calendar.Of(asked))
		}
		if !l.open() || !asked.Before(to) || asked.Before(from) {
			continue
		}
		f := fact.Finding{Check: "WEB-25", Indicator: "V5.2", URL: l.URL, On: cmp.Or(l.on, l.URL), State: fact.Proposed, At: s.in.T0,
			What: "留言超过3个月没有答复", Seen: fmt.Sprintf("《%s》提交于 %s，页面上没有答复", l.Title, calendar.Of(l.Asked)), Mend: "尽快答复并公开；是否有效留言由人确认"}
		if l.State != "" {
			f.Seen += "，状态“" + l.State + "”"
		}
		if s.add(f) {
			n++
		}
	}
	switch {
	case n > 0:
	case looked == 0:
		s.decide("V5.2", fact.NotDecided, "没有读到注明来信日期的留言，由人抽查")
	default:
		s.decide("V5.2", fact.Pass, fmt.Sprintf("查看了 %d 条留言，近一年内没有超过3个月未答复的", looked))
	}
}

// answers is D3.2, D3.3 and D3.4 (WEB-55, WEB-56, WEB-57).
func (s *site) answers() {
	t := &s.talk
	if s.in.Site.Department {
		return
	}
	if len(t.logins) > 1 {
		list := slices.Sorted(keys(t.logins))
		s.add(fact.Finding{Check: "WEB-55", Indicator: "D3.2", URL: s.home.url, On: s.home.url, State: fact.Proposed, At: s.home.at, Proof: s.home.hash, Count: 1,
			What: fmt.Sprintf("网站有 %d 个登录入口，可能没有统一登录", len(list)), Seen: strings.Join(list[:min(len(list), 5)], "、"), Mend: "用一个账号登录全部互动和办事功能"})
	} else if len(t.logins) == 1 {
		s.decide("D3.2", fact.Pass, "只发现一个登录入口；各功能是否共用账号由人试用")
	} else {
		s.decide("D3.2", fact.NotDecided, "没有发现登录入口，由人查看")
	}
	if s.findingOf("V5.1") {
		for _, c := range []string{"D3.3", "D3.4"} {
			s.decide(c, fact.NotDecided, "没有找到咨询建言渠道，见V5.1")
		}
		return
	}
	s.publicAnswers()
	cal := calendar.Default()
	looked := 0
	for _, l := range s.sortedLetters() {
		if l.outside {
			continue
		}
		if n := utf8.RuneCountInString(l.Answer); l.own && n > 0 {
			looked++
			rest := utf8.RuneCountInString(evasive.ReplaceAllString(greeting.ReplaceAllString(l.Answer, ""), ""))
			if n < 30 || evasive.MatchString(l.Answer) && rest < 20 {
				s.add(fact.Finding{Check: "WEB-57", Indicator: "D3.4", URL: l.URL, On: cmp.Or(l.on, l.URL), Key: "内容", State: fact.Proposed, At: s.in.T0,
					What: "答复内容过于简单或只是转办", Seen: "答复：" + cut(l.Answer, 300), Mend: "针对所问补充实质内容；转办的写明办理结果"})
			}
		}
		if t.promise > 0 && !l.Asked.IsZero() && !l.Answered.IsZero() && l.Answered.After(monthsBefore(s.in.T0, 12)) {
			looked++
			asked, answered := calendar.Of(l.Asked), calendar.Of(l.Answered)
			if n := cal.WorkingDaysBetween(asked, answered); n > t.promise && cal.Settled(asked, answered) {
				s.add(fact.Finding{Check: "WEB-57", Indicator: "D3.4", URL: l.URL, On: cmp.Or(l.on, l.URL), Key: "时限", State: fact.Fail, At: s.in.T0,
					What: fmt.Sprintf("答复用了 %d 个工作日，超过承诺的 %d 个工作日", n, t.promise), Seen: fmt.Sprintf("来信 %s，答复 %s", asked, answered), Mend: "按承诺时限答复；情况复杂的先告知延长"})
			}
		}
	}
	if s.count("D3.4", fact.Fail)+s.count("D3.4", fact.Proposed) == 0 {
		if looked == 0 {
			s.decide("D3.4", fact.NotDecided, "没有读到公开的答复，须由人模拟提问")
		} else {
			s.decide("D3.4", fact.Pass, fmt.Sprintf("比对了 %d 条答复的时间和内容，没有发现问题；是否答非所问由人抽查", looked))
		}
	}
}

var greeting = regex.New(`您好|你好|尊敬的.{0,10}[:：，,]?|网友|感谢您.{0,20}|谢谢.{0,10}|[，。！,.!\s]`)

// findingOf tells whether an indicator has a finding.
func (s *site) findingOf(indicator string) bool {
	for _, f := range s.findings {
		if f.Indicator == indicator {
			return true
		}
	}
	return false
}

// publicAnswers is D3.3: answers of the last two months, and how many there were
// (WEB-56).
func (s *site) publicAnswers() {
	t := &s.talk
	at := cmp.Or(t.mailbox, t.at, s.home.url)
	newest := s.newestAnswer()
	if newest.IsZero() {
		newest = s.mailboxNews()
	}
	from := monthsBefore(s.in.T0, s.limit("D3.3.months"))
	f := fact.Finding{Check: "WEB-56", Indicator: "D3.3", URL: at, On: s.home.url, Key: "answers", State: fact.Fail, At: s.in.T0,
		What: "两个月内没有公开新的留言答复", Mend: "选登来信及答复，至少每两个月更新一次"}
	switch {
	case !newest.IsZero() && lastOf(calendar.Of(newest)).Before(from):
		f.Seen = fmt.Sprintf("最近一次公开的答复是 %s", calendar.Of(newest))
		s.add(f)
	case newest.IsZero() && (t.scripted || t.mailbox == ""):
		s.decide("D3.3", fact.NotDecided, "没有读到公开的来信和答复，可能由脚本载入或在其他网站，请人查看")
		return
	case newest.IsZero():
		f.State, f.What, f.Seen = fact.Proposed, "没有公开留言和答复", "信箱栏目中没有读到来信和答复的日期"
		s.add(f)
	}
	if t.stats == "" {
		if _, u := s.named(letterFigures); u != "" {
			t.stats = u
		}
	}
	if t.stats == "" {
		f := fact.Finding{Check: "WEB-56", Indicator: "D3.3", URL: at, On: s.home.url, Key: "统计", State: fact.Fail, At: s.in.T0,
			What: "没有公开留言受理和答复的统计", Seen: "信箱、互动栏目中没有统计数据", Mend: "定期公布收到、答复留言的数量"}
		if t.scripted {
			f.State = fact.Proposed
		}
		s.add(f)
	}
	if s.count("D3.3", fact.Fail)+s.count("D3.3", fact.Proposed) == 0 {
		s.decide("D3.3", fact.Pass, fmt.Sprintf("最近一次公开的答复是 %s，有统计数据", calendar.Of(newest)))
	}
}

// mailboxNews is the newest day in the lists of letters.
func (s *site) mailboxNews() (newest time.Time) {
	for _, c := range s.columns {
		if c.kind == fact.Mailbox && !petitionName.MatchString(c.Name) {
			newest = later(newest, later(c.Latest, c.listed))
		}
	}
	return newest
}
