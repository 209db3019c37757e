package onpage

import (
	"cmp"
	"fmt"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
)

// Hit is what the check engine found in a page's words, small enough to be kept
// beside the reading.
type Hit struct {
	Rule     string
	Kind     check.Kind
	Severity check.Severity
	Source   string
	Message  string
	Word     string // the characters found; masked for personal data, "" where they may not be told
	Around   string // the sentence, with the same left out
	Line     int    // paragraph, 1 for the title, 0 for menus and footers
	Place    string // Chinese, where it stands in a file; "" of a page
	N        int    // which of the rule's hits on the page, 1 for the first
	Same     uint64 // of rule and sentence: equal for the same words on another page
}

const (
	maxText = 60_000 // characters of a page that are checked
	maxHits = 40     // of one page
)

// Text asks the engine about the title and the words of a page: the rules with few
// false alarms, and only what may not stay as it is. It is safe for use by many
// goroutines. today is the day of the check; the words are judged by the day on
// which they were published.
func Text(e *check.Engine, p *fact.Page, today calendar.Date) []Hit {
	r := p.Read
	if r == nil || r.Words == 0 && r.Heading == "" {
		return nil
	}
	title := r.Heading
	if r.Kind == fact.Home || r.Kind == fact.Section || r.Kind == fact.List || r.Kind == fact.Search {
		title = r.Title
	}
	text := r.Text
	if len(text) > maxText*3 {
		text = strings.ToValidUTF8(text[:maxText*3], "")
	}
	t := check.Plain(title + "\n" + text)
	t.Today = today
	if d := wordsOf(r); !d.After(today) {
		t.Date = d
	}
	return append(hits(e, t), columns(e, t, r)...)
}

// wordsOf is the day by which the words of an item are judged: that on which it was
// written, where it says so, since old documents are published years later with the
// names and posts of their time; else that on which it was published.
func wordsOf(r *fact.Reading) calendar.Date {
	var day calendar.Date
	if !r.Published.IsZero() {
		day = calendar.Of(r.Published)
	}
	made, ok := dayOf(r.Head["成文日期"])
	if !ok {
		lines := strings.Split(r.Text, "\n")
		for i := len(lines) - 1; i > 0 && i > len(lines)-15 && !ok; i-- {
			if len(lines[i]) < 60 {
				made, ok = signDayOf(lines[i])
			}
		}
	}
	if ok && (day.IsZero() || made.Before(day)) {
		return made
	}
	return day
}

func hits(e *check.Engine, t *check.Text) []Hit {
	return grave(t.Body, e.Check(t, check.Outside))
}

// grave keeps of what was found in a text what may not stay as it is.
func grave(body string, found []check.Hit) []Hit {
	var out []Hit
	seen := map[string]bool{}
	count := map[string]int{}
	bytesAt := newOffsets(body)
	for _, h := range found {
		if h.Severity != check.Block && h.Severity != check.Confirm || !h.InText() {
			continue
		}
		start, end := bytesAt.of(h.Start), bytesAt.of(h.End)
		word := body[start:end]
		if h.Rule == "N5" && !strings.Contains(word, "零") {
			continue // another sign in place of 〇 in old texts looks the same
		}
		if seen[h.Rule+word] || len(out) >= maxHits || count[h.Rule] >= most(&h) {
			continue
		}
		seen[h.Rule+word] = true
		count[h.Rule]++
		one := Hit{
			Rule: h.Rule, Kind: h.Kind, Severity: h.Severity, Source: h.Source, Message: h.Message,
			Line: strings.Count(body[:start], "\n") + 1, Place: h.Place, N: count[h.Rule],
		}
		from, to := sentence(body, start, end)
		one.Same = key(h.Rule + body[from:to])
		shown := word
		switch {
		case h.Text == "":
			shown = "〔…〕"
		case h.Kind == check.Personal:
			shown = cmp.Or(h.Replace, strings.Repeat("*", utf8.RuneCountInString(word)))
		}
		if h.Text != "" {
			one.Word = shown
		}
		one.Around = strings.TrimSpace(body[from:start] + shown + body[end:to])
		if h.Kind == check.Personal {
			one.Around = number.ReplaceAllString(one.Around, "*") // the next person's stands beside it
		}
		out = append(out, one)
	}
	return out
}

// most is how many hits of a rule are told of one page: more of them have one
// cause.
func most(h *check.Hit) int {
	switch {
	case h.Kind == check.Personal:
		return maxHits
	case ruleSource.FindString(h.Source) == "REV-54": // rubbish, words left out
		return 1
	}
	return 5
}

var number = regexp.MustCompile(`\d{6,}[\dXx]`)

// offsets turns character offsets into bytes.
type offsets struct {
	body       string
	byteAt, at int
}

func newOffsets(body string) *offsets { return &offsets{body: body} }

// of is the byte of a character; asked in rising order it walks the text once.
func (o *offsets) of(character int) int {
	if character < o.at {
		o.byteAt, o.at = 0, 0
	}
	for o.at < character && o.byteAt < len(o.body) {
		_, size := utf8.DecodeRuneInString(o.body[o.byteAt:])
		o.byteAt += size
		o.at++
	}
	return o.byteAt
}

// sentence is the sentence around a stretch, not more than 60 characters on either
// side.
func sentence(body string, start, end int) (from, to int) {
	from = start
	for n := 0; from > 0 && n < 60; n++ {
		r, size := utf8.DecodeLastRuneInString(body[:from])
		if strings.ContainsRune("\n。；！？", r) {
			break
		}
		from -= size
	}
	to = end
	for n := 0; to < len(body) && n < 60; n++ {
		r, size := utf8.DecodeRuneInString(body[to:])
		if r == '\n' {
			break
		}
		to += size
		if strings.ContainsRune("。；！？", r) {
			break
		}
	}
	return from, to
}

// words makes findings of what the engine found, of words that no office offers in
// a title (WEB-12), and of the furniture that stands here for the first time.
func (l *Looker) words(p *fact.Page, hits []Hit) []fact.Finding {
	r := p.Read
	if l.engine != nil {
		hits = append(hits, l.furniture(p)...)
	}
	var out []fact.Finding
	if word := cmp.Or(offers(r.Title), offers(r.Heading)); word != "" {
		out = append(out, fact.Finding{
			Check: "WEB-12", Also: []string{"WEB-13"}, Indicator: "V1.3", Key: "标题", State: fact.Proposed,
			What: "页面标题含有赌博、色情等内容，疑似被篡改",
			Seen: "标题：" + cut(cmp.Or(r.Title, r.Heading), 80) + "。",
			Mend: "立即核实页面是否被篡改；是的，先下线再按网络安全事件处置。",
		})
	}
	out = append(out, l.told(hits, r.Heading)...)
	for i := range out {
		f := &out[i]
		f.URL, f.On, f.At, f.Proof, f.Count = p.URL, p.URL, p.At, p.Hash, 1
		f.Identify()
	}
	return out
}

// told makes findings of hits that were not told before: of a list of persons one,
// else one of each. Where they stand is for the caller to fill in.
func (l *Looker) told(hits []Hit, heading string) (out []fact.Finding) {
	persons := map[string]int{}
	for i := range hits {
		switch hits[i].Rule {
		case "P-ID", "P-CARD", "P-MOBILE", "P-PERMIT":
			persons[hits[i].Rule]++
		}
	}
	list := persons["P-ID"] >= 3 || persons["P-CARD"] >= 3 || persons["P-MOBILE"] >= 5 && listTitle.MatchString(heading)
	if list {
		out = append(out, personList(persons))
	}
	for i := range hits {
		h := &hits[i]
		if list && h.Kind == check.Personal {
			continue
		}
		if _, again := l.said[h.Same]; again {
			continue // the same words on another page: a line of the template
		}
		if len(l.said) < maxLines {
			l.said[h.Same] = struct{}{}
		}
		if l.rules[h.Rule]++; l.rules[h.Rule] > maxRule {
			continue
		}
		out = append(out, h.finding())
	}
	return out
}

var listTitle = regexp.MustCompile(`名单|公示|花名册|名册|发放|补贴|补助|救助|汇总表|明细`)

// personList is the finding of a list that shows what it must not (PLAT-35).
func personList(counts map[string]int) fact.Finding {
	var parts []string
	for rule, name := range map[string]string{"P-ID": "身份证号码", "P-CARD": "银行卡号", "P-MOBILE": "手机号码", "P-PERMIT": "居留证号码"} {
		if n := counts[rule]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d 处", name, n))
		}
	}
	sort.Strings(parts)
	f := fact.Finding{
		Check: "PLAT-35", Key: "个人信息", State: fact.Fail,
		What: "公开的名单含有不得公开的个人信息",
		Seen: "发现" + strings.Join(parts, "、") + "。",
		Mend: "立即撤下名单，删去身份证号、银行账号、电话等列，姓名按规则隐去后重新发布。",
	}
	if counts["P-ID"] > 0 || counts["P-PERMIT"] > 0 {
		f.Also = append(f.Also, "REV-13")
	}
	if counts["P-CARD"] > 0 {
		f.Also = append(f.Also, "REV-17")
	}
	if counts["P-MOBILE"] > 0 {
		f.Also = append(f.Also, "REV-16")
	}
	return f
}

var ruleSource = regexp.MustCompile(`REV-\d+`)

// serious tells whether a rule is about what a site fails for at once: names and
// posts of leaders, set phrases, territory, names that may never be mistyped
// (WEB 3.1 V1.1). A person decides how serious a hit is.
func (h *Hit) serious() bool {
	switch h.Kind {
	case check.Person:
		return true
	case check.Wording, check.Name, check.Date:
		return h.Severity == check.Block || strings.HasPrefix(h.Rule, "S") || strings.HasPrefix(h.Rule, "H")
	}
	return false
}

// review is the check of content-review that a rule stands for.
func (h *Hit) review() string {
	if id := ruleSource.FindString(h.Source); id != "" {
		return id
	}
	switch {
	case h.Rule == "S1" || h.Rule == "S6":
		return "REV-23"
	case h.Rule == "S2":
		return "REV-24"
	case strings.HasPrefix(h.Rule, "S8"):
		return "REV-25"
	case h.Rule == "H1":
		return "REV-28"
	case h.Rule == "W-INTERNAL":
		return "REV-11"
	case h.Rule == "W-SECRET" || h.Rule == "W-TELEGRAM":
		return "REV-09"
	case h.Kind == check.Name:
		return "REV-27"
	}
	return "REV-30"
}

// finding is what a hit is to the site.
func (h *Hit) finding() fact.Finding {
	where := fmt.Sprintf("第 %d 段", h.Line-1)
	switch {
	case h.Place != "":
		where = h.Place
	case h.Line == 0:
		where = "菜单或者页脚"
	case h.Line == 1:
		where = "标题"
	}
	f := fact.Finding{
		State: fact.Proposed, Key: h.Rule + ":" + cmp.Or(h.Word, fmt.Sprint(h.N)),
		What: h.Message, Seen: where + "：" + cut(h.Around, 130),
		Mend: "核对后改正；确认无误的，在系统中写明理由，以后不再提示。",
	}
	switch {
	case h.Kind == check.Secrecy:
		f.Check, f.Also, f.Indicator, f.Secret = "WEB-11", []string{h.review()}, "V1.2", true
		f.Key = fmt.Sprintf("%s:%d", h.Rule, h.N)
		f.Mend = "先撤下页面和附件，由保密员核实；不要转发、不要在办公群里讨论。"
	case barred[h.Rule]:
		f.Check, f.Also, f.Key = "PLAT-35", []string{"REV-19"}, h.Rule
		f.Mend = "撤下表格，删去这一列后重新发布。"
	case h.Kind == check.Personal:
		f.Check = h.review()
		f.Key = fmt.Sprintf("%s:%d:%s", h.Rule, h.N, h.Word)
		if h.Rule == "P-ID" || h.Rule == "P-CARD" {
			f.State = fact.Fail // the check character leaves no doubt
		}
		f.Mend = "删除或者隐去个人信息；单位对外公布的电话，登记后不再提示。"
	case h.serious():
		f.Check, f.Also, f.Indicator = "WEB-10", []string{h.review()}, "V1.1"
		f.Mend = "请立即核对；确有错误的马上改正，并按严重表述错误的要求报告。"
	default:
		f.Check = h.review()
	}
	return f
}

// furniture asks the engine about lines of menus and footers that no page before
// had.
func (l *Looker) furniture(p *fact.Page) []Hit {
	var lines []string
	add := func(s string) {
		if len(s) < 6 || len(l.known) >= maxLines {
			return
		}
		k := key(s)
		if _, known := l.known[k]; !known {
			l.known[k] = struct{}{}
			lines = append(lines, s)
		}
	}
	for i := range p.Read.Links {
		if k := &p.Read.Links[i]; k.Element == "a" && (k.Place == fact.InNav || k.Place == fact.InFooter) {
			add(k.Text)
		}
	}
	add(p.Read.Marks.Organ)
	if len(lines) == 0 {
		return nil
	}
	t := check.Plain(strings.Join(lines, "\n"))
	t.Today = l.today
	found := hits(l.engine, t)
	for i := range found {
		found[i].Line = 0 // no paragraph of the text
	}
	return found
}

// overflow says of which rules more was found than was told one by one.
func (l *Looker) overflow() []fact.Finding {
	var out []fact.Finding
	for rule, n := range l.rules {
		if n <= maxRule {
			continue
		}
		h := Hit{Rule: rule}
		if l.engine != nil {
			for _, r := range l.engine.Rules() {
				if r.ID == rule {
					h = Hit{Rule: rule, Kind: r.Kind, Severity: r.Severity, Source: r.Source, Message: r.Title}
				}
			}
		}
		f := h.finding()
		f.URL, f.Key, f.Count = l.site.Start, rule+":其余", n-maxRule
		f.What = fmt.Sprintf("同类问题还有 %d 处，没有逐一列出：%s", n-maxRule, h.Message)
		f.Seen = ""
		out = append(out, f)
	}
	return out
}
