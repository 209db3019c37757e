package report

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
)

// china is where the office stands whose days a report counts in.
var china = calendar.Zone

// view is a run as the files of a report look at it: put in order, compared
// with the round before, and without what only the secrecy officer may see.
type view struct {
	Report      *fact.Report
	now         time.Time
	verdict     verdict
	all         []*fact.Finding // in order, secret ones among them
	shown       []*fact.Finding // without the secret ones
	secret      int             // number of secret ones
	secrets     []string        // their addresses and words, which no other text may repeat
	unconfirmed map[string]bool // indicators whose points were not compared with the paper (WEB-07)
	titles      map[string]string
	before      *fact.Report
	first       map[string]time.Time // finding of the round before → when it was first seen
	mended      []*fact.Finding      // of the round before, and gone
	unseen      []*fact.Finding      // of the round before, and not looked for to the end in this one
}

func newView(r *fact.Report, x Extra) *view {
	v := &view{Report: r, now: x.Now, verdict: judge(r), before: x.Before, unconfirmed: map[string]bool{}, titles: maps.Clone(checkTitles)}
	for _, l := range r.Result.Lines {
		v.titles[l.Indicator] = l.Title
		v.unconfirmed[l.Indicator] = l.Unconfirmed
	}
	for i := range r.Findings {
		v.all = append(v.all, &r.Findings[i])
	}
	slices.SortStableFunc(v.all, order)
	for _, f := range v.all {
		if !secret(f) {
			v.shown = append(v.shown, f)
			continue
		}
		v.secret++
		for _, s := range []string{f.URL, f.What, f.Seen} {
			if len(s) > 8 && s != r.Site {
				v.secrets = append(v.secrets, s)
			}
		}
	}
	v.compare()
	return v
}

// compare looks for what became of the findings of the round before. One that is
// gone is mended only where this round looked everywhere.
func (v *view) compare() {
	if v.before == nil {
		return
	}
	v.first = make(map[string]time.Time, len(v.before.Findings))
	gone := make(map[string]*fact.Finding, len(v.before.Findings))
	for i := range v.before.Findings {
		f := &v.before.Findings[i]
		if !problem(f) {
			continue // what was not decided was not known
		}
		id := identity(f)
		if v.first[id] = f.At; f.At.IsZero() {
			v.first[id] = v.before.T0
		}
		if !secret(f) {
			gone[id] = f
		}
	}
	for _, f := range v.all {
		if wrong(f) {
			delete(gone, identity(f))
		}
	}
	for _, f := range gone {
		if v.Report.Stopped != "" || v.Report.Decided[f.Indicator] == fact.NotDecided {
			v.unseen = append(v.unseen, f)
		} else {
			v.mended = append(v.mended, f)
		}
	}
	slices.SortFunc(v.mended, order)
	slices.SortFunc(v.unseen, order)
}

// secret tells whether a finding is for the secrecy officer alone, whoever
// forgot to say so (WEB-11).
func secret(f *fact.Finding) bool {
	return f.Secret || f.Check == "WEB-11" || f.Indicator == "V1.2" || slices.Contains(f.Also, "WEB-11")
}

// wrong tells whether a finding is one that people have to do with.
func wrong(f *fact.Finding) bool { return f.State != fact.Pass && f.State != fact.NotApplicable }

// problem tells whether a finding is to be mended, or to be looked at by a person.
func problem(f *fact.Finding) bool { return f.State == fact.Fail || f.State == fact.Proposed }

// identity is the ID of a finding, also of one that was never identified.
func identity(f *fact.Finding) string {
	if f.ID != "" {
		return f.ID
	}
	one := *f
	one.Identify()
	return one.ID
}

// since is when a finding was first seen; zero = unknown.
func (v *view) since(f *fact.Finding) time.Time {
	at := f.At
	if at.IsZero() {
		at = v.Report.T0
	}
	if first := v.first[identity(f)]; !first.IsZero() && (at.IsZero() || first.Before(at)) {
		return first
	}
	return at
}

// known tells whether the round before had the finding.
func (v *view) known(f *fact.Finding) bool {
	_, known := v.first[identity(f)]
	return known
}

// veiledText stands for a sentence that would repeat a secret finding.
const veiledText = "此处内容涉及涉密标志疑点，请由保密人员查看"

// veil hides a text that repeats what a secret finding says.
func (v *view) veil(text string) string {
	for _, s := range v.secrets {
		if strings.Contains(text, s) {
			return veiledText
		}
	}
	return text
}

func (v *view) veiled(texts []string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = v.veil(s)
	}
	return out
}

// order puts findings by indicator, then the sure before the doubtful, those on
// many pages before those on few, and by address.
func order(a, b *fact.Finding) int {
	return cmp.Or(
		compareCode(indicator(a), indicator(b)),
		cmp.Compare(weight(a), weight(b)),
		cmp.Compare(b.Count, a.Count),
		cmp.Compare(a.URL, b.URL),
		cmp.Compare(a.Check, b.Check),
		cmp.Compare(a.Key, b.Key),
	)
}

func weight(f *fact.Finding) int {
	switch {
	case f.State == fact.Fail && f.Confirmed:
		return 0
	case f.State == fact.Fail:
		return 1
	case f.State == fact.Proposed:
		return 2
	}
	return 3
}

// indicator is what a finding stands under: its check where it has none.
func indicator(f *fact.Finding) string { return cmp.Or(f.Indicator, f.Check) }

// group is a part of the scheme, or a book of rules beside it.
type group struct{ Code, Title string }

// groups in the order in which they stand in a report: the parts of website-
// inspection 3, 5 and 7, then the rules of website-norms, disclosure-platform
// and content-review.
var groups = []group{
	{"V", "单项否决"}, {"D1", "发布解读"}, {"D2", "办事服务"}, {"D3", "互动交流"}, {"D4", "功能设计"}, {"B", "加分指标"},
	{"NORM", "网站建设规范"}, {"PLAT", "信息公开平台"}, {"REV", "内容表述"}, {"", "其他检查"},
}

// groupOf is the place in groups of an indicator or check.
func groupOf(code string) int {
	for i, g := range groups {
		if rest, ok := strings.CutPrefix(code, g.Code); ok && (rest == "" || !unicode.IsLetter(rune(rest[0]))) {
			return i
		}
	}
	return len(groups) - 1
}

// compareCode orders V1.2 before V1.10 and D4.3 before NORM-01.
func compareCode(a, b string) int {
	if a == b {
		return 0
	}
	if c := cmp.Compare(groupOf(a), groupOf(b)); c != 0 {
		return c
	}
	x, y := numbers(a), numbers(b)
	return cmp.Or(slices.Compare(x, y), cmp.Compare(a, b))
}

func numbers(code string) (out []int) {
	for part := range strings.FieldsFuncSeq(code, func(r rune) bool { return r < '0' || r > '9' }) {
		n, _ := strconv.Atoi(part) // what overflows is sorted as text
		out = append(out, n)
	}
	return out
}

// verdict is what the result comes to in a word, and how it is to be taken.
type verdict struct {
	Word string
	Mark string // bad, wait or fine: for the look of it
	Why  []string
}

// passMark is under what score a portal is unqualified (WEB-02).
const passMark = 60

// judge puts a result into a word. Only a run that decided every veto may say
// 合格.
func judge(r *fact.Report) verdict {
	res := &r.Result
	open := 0
	vetoes := map[string]fact.State{}
	for code, state := range r.Decided {
		vetoes[code] = state
	}
	for _, l := range res.Lines {
		vetoes[l.Indicator] = l.State
	}
	seen := 0
	for code, state := range vetoes {
		if groupOf(code) == 0 {
			seen++
			if state != fact.Pass && state != fact.NotApplicable {
				open++
			}
		}
	}
	switch {
	case len(res.Unqualified) > 0:
		return verdict{Word: "不合格", Mark: "bad", Why: res.Unqualified}
	case res.Scored && res.Score < passMark:
		return verdict{Word: "不合格", Mark: "bad", Why: []string{"得分" + number(res.Score) + "分，低于" + strconv.Itoa(passMark) + "分"}}
	case len(res.Waiting) > 0:
		return verdict{Word: "待核实", Mark: "wait", Why: res.Waiting}
	case seen == 0 || open > 0:
		return verdict{Word: "未发现不合格情形", Mark: "wait"}
	}
	return verdict{Word: "合格", Mark: "fine"}
}

// number writes points: at most two places, no zeros at the end.
func number(n float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(finite(n), 'f', 2, 64), "0"), ".")
}

// stateTitle says what a state means for a finding.
func stateTitle(s fact.State) string {
	switch s {
	case fact.Pass:
		return "达标"
	case fact.Fail:
		return "不达标"
	case fact.Proposed:
		return "待人工确认"
	case fact.NotDecided:
		return "未能判定"
	case fact.NotApplicable:
		return "不适用"
	}
	return "未检查"
}

// classTitle is a class of columns in words.
func classTitle(c fact.Class) string {
	switch c {
	case fact.News:
		return "动态要闻"
	case fact.NoticeList:
		return "通知公告"
	case fact.Policy:
		return "政策文件"
	case fact.Static:
		return "静态栏目"
	}
	return "其他栏目"
}

func dateOf(t time.Time) calendar.Date {
	if t.IsZero() {
		return calendar.Date{}
	}
	return calendar.Of(t)
}

// dayOf is a date in a table, dayText one in a sentence.
func dayOf(t time.Time) string   { return dateOf(t).String() }
func dayText(t time.Time) string { return dateOf(t).Chinese() }

// name is what the site is called.
func (v *view) name() string {
	return plain(cmp.Or(v.Report.Name, host(v.Report.Site), v.Report.Site), 80)
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// plain makes text of a site fit to be read: in one line, no longer than most
// characters, without the characters that turn or hide what stands beside them.
func plain(s string, most int) string {
	var b strings.Builder
	n, gap := 0, false
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case unicode.IsSpace(r):
			gap = n > 0
			continue
		case unicode.Is(unicode.Bidi_Control, r), unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r == 0xFFFE, r == 0xFFFF:
			continue
		}
		if n >= most {
			return b.String() + "……"
		}
		if gap {
			b.WriteByte(' ')
			n++
			gap = false
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// href is an address that a report may link to: of the web, or nothing.
func href(address string) string {
	if len(address) > 2048 || strings.ContainsFunc(address, unicode.IsControl) {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}
