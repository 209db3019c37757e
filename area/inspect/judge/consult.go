package judge

import (
	"cmp"
	"fmt"
	"strings"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/regex"
)

// consult is a call for opinions, or a survey.
type consult struct {
	item       int32
	url, on    string
	hash       string
	title      string
	core       string
	from, to   calendar.Date
	online     bool
	result     bool // shows its result itself
	isResult   bool
	call       bool // asks for opinions on a draft
	shortWords bool // says why the period is short
	out        []int32
}

// seeInterview is NORM-33: an interview that is over has its transcript, three
// working days later (ours).
func (s *site) seeInterview(p *fact.Page) {
	r := p.Read
	if !interview.MatchString(last(r.Breadcrumb)) || r.Published.IsZero() || r.Scripted {
		return
	}
	if interviewAhead.MatchString(r.Heading) {
		s.seeAhead(p)
		return
	}
	if core := interviewCore(r.Heading); len(s.talk.held) < maxConsults && core != "" {
		s.talk.held[core] = true
	}
	held := calendar.Of(r.Published)
	if g := periodDay.FindStringSubmatch(r.Text); g != nil {
		if d := civil(g[1], g[2], g[3]); d.After(held) {
			held = d
		}
	}
	if !calendar.Default().AddWorkingDays(held, 3).Before(calendar.Of(s.in.T0)) || r.Words >= 400 || interviewText.MatchString(r.Text) {
		return
	}
	for _, l := range r.Links {
		if l.Element == "a" && l.Place != fact.InNav && l.Place != fact.InFooter && interviewLink.MatchString(l.Text) {
			return
		}
	}
	s.add(fact.Finding{Check: "NORM-33", URL: p.URL, On: cmp.Or(p.Referrer, p.URL), State: fact.Proposed, At: p.At, Proof: p.Hash,
		What: "在线访谈没有文字实录", Seen: fmt.Sprintf("《%s》%s 发布，正文只有 %d 字，没有问答内容", r.Heading, calendar.Of(r.Published), r.Words), Mend: "补发访谈的文字实录"})
}

// ahead is the announcement of an interview that should be over.
type ahead struct {
	url, on, hash, title string
	held                 calendar.Date
}

// seeAhead keeps an announcement whose day is over by more than three working days.
func (s *site) seeAhead(p *fact.Page) {
	r := p.Read
	g := periodDay.FindStringSubmatch(r.Text)
	if g == nil || !strings.Contains(r.Heading, "预告") || len(s.talk.ahead) >= maxConsults {
		return
	}
	for _, l := range r.Links {
		if l.Element == "a" && l.Place != fact.InNav && l.Place != fact.InFooter && interviewLink.MatchString(l.Text) {
			return
		}
	}
	if d := civil(g[1], g[2], g[3]); !d.IsZero() && calendar.Default().AddWorkingDays(d, 3).Before(calendar.Of(s.in.T0)) {
		s.talk.ahead = append(s.talk.ahead, ahead{p.URL, p.Referrer, p.Hash, r.Heading, d})
	}
}

var interviewWords = regex.New(`访谈|预告|实录|回放|直播|在线|网上|视频|文字|嘉宾|[\[【（(《“][\]】）)》”]|[\s:：|丨·—\-【】《》“”（）()]`)

// interviewCore is what the announcement and the transcript have in common.
func interviewCore(title string) string { return interviewWords.ReplaceAllString(title, "") }

// interviews is NORM-33: an announcement that nothing followed.
func (s *site) interviews() {
	for _, a := range s.talk.ahead {
		core, followed := interviewCore(a.title), false
		for h := range s.talk.held {
			followed = followed || strings.Contains(h, core) || strings.Contains(core, h) || alike(h, core)
		}
		if !followed && len(s.talk.held) > 0 {
			s.add(fact.Finding{Check: "NORM-33", URL: a.url, On: cmp.Or(a.on, a.url), State: fact.Proposed, At: s.in.T0, Proof: a.hash,
				What: "在线访谈结束后没有发布实录", Seen: fmt.Sprintf("《%s》预告 %s 访谈，栏目中没有这次访谈的实录", a.title, a.held), Mend: "补发访谈的文字实录"})
		}
	}
}

// seeConsult keeps a call for opinions, a survey or the result of one.
func (s *site) seeConsult(i int32, p *fact.Page) {
	r := p.Read
	title := r.Heading
	where := strings.Join(r.Breadcrumb, " ")
	inColumn := where != "" && (strings.Contains(where, "征") || strings.Contains(where, "调查") || strings.Contains(where, "问卷") || strings.Contains(where, "听证")) && asking.MatchString(where)
	if !consultTitle.MatchString(title) && !(inColumn && surveyTitle.MatchString(title)) && !(inColumn && resultTitle.MatchString(title)) {
		return
	}
	if len(s.talk.consults) >= maxConsults || r.Published.IsZero() && len(r.Entries) > 0 {
		return
	}
	text := cut(r.Text, 30_000)
	c := consult{item: s.leaves[i].item, url: p.URL, on: p.Referrer, hash: p.Hash, title: title, isResult: resultTitle.MatchString(title), call: consultTitle.MatchString(title) && strings.Contains(title, "意见"),
		online: onlineText.MatchString(text) || hasMessageForm(r), result: resultText.MatchString(text), shortWords: shortWhy.MatchString(text)}
	c.core = consultCore(title)
	if g := endOfCall.FindStringSubmatch(text); g != nil {
		for k := 1; k < 10; k += 3 {
			if g[k] != "" {
				c.to = civil(g[k], g[k+1], g[k+2])
			}
		}
	}
	if g := beginOfCall.FindStringSubmatch(text); g != nil {
		c.from = civil(g[1], g[2], g[3])
	}
	if c.from.IsZero() && !r.Published.IsZero() {
		c.from = calendar.Of(r.Published)
	}
	for _, l := range r.Links {
		if l.Element == "a" && l.Place != fact.InNav && l.Place != fact.InFooter && len(c.out) < maxOut {
			if j := s.leafOf(keyOf(l.URL)); j >= 0 {
				c.out = append(c.out, j)
			}
			c.online = c.online || strings.Contains(l.Text, "参与") || strings.Contains(l.Text, "提交意见") || strings.Contains(l.Text, "我要")
			c.result = c.result || l.Place != fact.InOther && resultTitle.MatchString(l.Text) && (strings.Contains(l.Text, "征集") || strings.Contains(l.Text, "意见") || strings.Contains(l.Text, "采纳"))
		}
	}
	s.talk.consults = append(s.talk.consults, c)
}

func civil(y, m, d string) calendar.Date {
	at, err := calendar.Parse(fmt.Sprintf("%04d-%02d-%02d", number(y), number(m), number(d)))
	if err != nil {
		return calendar.Date{}
	}
	return at
}

var consultWords = regex.New(`公开|征求|征集|意见|建议|的?公告|的?通知|的?函|结果|反馈|采纳|情况|的?说明|汇总|问卷|调查|关于|（[^）]*）|\([^)]*\)|社会|公众|向|对|稿|草案|[《》“”\s]|的|和`)

// consultCore is what a call and its result have in common in their titles.
func consultCore(title string) string {
	if g := bookTitle.FindStringSubmatch(title); g != nil {
		title = g[1]
	}
	return consultWords.ReplaceAllString(title, "")
}

// consultations is B4 (WEB-70) and NORM-32: calls whose time is over and whose result is
// not there (DEC-09), and calls of less than thirty days (DEC-06).
func (s *site) consultations() {
	t := &s.talk
	results := map[string]bool{}
	leadsTo := map[int32]bool{}
	for _, c := range t.consults {
		if c.isResult {
			results[c.core] = true
			for _, j := range c.out {
				leadsTo[s.end(j)] = true
			}
		}
	}
	isResult := map[int32]bool{}
	for n := range t.consults {
		if c := &t.consults[n]; c.isResult && c.item >= 0 {
			isResult[s.items[c.item].leaf] = true
		}
	}
	cal := calendar.Default()
	today := calendar.Of(s.in.T0)
	from := calendar.Of(monthsBefore(s.in.T0, 12))
	earned, all := 0, 0
	for n := range t.consults {
		c := &t.consults[n]
		if c.isResult {
			continue
		}
		answered := c.result || results[c.core] && c.core != ""
		for _, j := range c.out {
			answered = answered || isResult[s.end(j)]
		}
		if i, ok := s.at[keyOf(c.url)]; ok {
			answered = answered || leadsTo[s.end(i)]
		}
		day := c.from
		if c.item >= 0 && !s.items[c.item].Date.IsZero() {
			day = s.items[c.item].Date
		}
		if !day.Before(from) && !day.After(today) {
			all++
			if c.online && answered {
				earned++
			}
		}
		if !c.call || c.to.IsZero() || s.in.Site.Department {
			continue
		}
		if !answered && c.to.Before(today) && cal.AddWorkingDays(c.to, 20).Before(today) {
			s.add(fact.Finding{Check: "NORM-32", Also: []string{"DEC-09"}, URL: c.url, On: cmp.Or(c.on, c.url), Key: "结果", State: fact.Proposed, At: s.in.T0, Proof: c.hash,
				What: "征求意见已结束，没有公布意见采纳情况", Seen: fmt.Sprintf("《%s》%s 截止，没有找到结果", c.title, c.to), Mend: "公布收到意见的数量、采纳情况和不采纳的理由；没有收到意见的也要说明"})
		}
		if days := c.to.Sub(day); days >= 0 && days < 30 && !c.shortWords && !day.IsZero() {
			s.add(fact.Finding{Check: "DEC-06", URL: c.url, On: cmp.Or(c.on, c.url), Key: "期限", State: fact.Proposed, At: s.in.T0, Proof: c.hash,
				What: fmt.Sprintf("公开征求意见的期限少于30日（%d日）", days), Seen: fmt.Sprintf("《%s》%s 发布，%s 截止", c.title, day, c.to), Mend: "属于重大行政决策或规范性文件的，期限一般不少于30日；确需缩短的在公告中说明原因"})
		}
	}
	need := s.limit("B4.count")
	words := fmt.Sprintf("近一年有征集调查 %d 次，其中可在线参与并公布结果的 %d 次，需要 %d 次", all, earned, need)
	if earned >= need {
		s.decide("B4", fact.Pass, words)
	} else {
		s.decide("B4", fact.Fail, words+"，不加分")
	}
}
