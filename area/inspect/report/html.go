package report

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
)

//go:embed report.html
var pageSource string

// What report.html shows at most; findings.xlsx has the rest.
const (
	mostFindings = 40  // of one indicator
	mostMended   = 100 // of those that are gone
	mostColumns  = 300
	mostNotes    = 100
	mostAddress  = 400 // characters
	mostWords    = 600
)

// HTML writes report.html: one file without scripts or foreign resources. It
// has no copies of pages to link to; Write makes them.
func HTML(w io.Writer, r *fact.Report, x Extra) error { return page(w, r, x, nil) }

func page(w io.Writer, r *fact.Report, x Extra, kept *proofs) error {
	t, err := template.New("report").Parse(pageSource)
	if err != nil {
		return fmt.Errorf("report.html: %w", err)
	}
	if err := t.Execute(w, newPage(newView(r, x), kept)); err != nil {
		return fmt.Errorf("report.html: %w", err)
	}
	return nil
}

// pageModel is what the template prints.
type pageModel struct {
	Name       string
	Site       address
	Facts      [][2]string // what was looked at, when, by which scheme
	Verdict    verdict
	Score      string
	Sentences  []string
	Groups     []groupCount
	Scored     bool
	Unsure     bool // some value was not compared with the paper
	Compared   bool
	Waiting    []string
	Secret     int
	Vetoes     []lineView
	Lines      []lineView
	Sections   []sectionView
	Total      int
	Mended     []findingView
	MendedMore int
	Unseen     []findingView
	UnseenMore int
	Columns    []columnView
	ColumnMore int
	Stopped    string
	Notes      []string
	NotesMore  int
}

// groupCount is what was found under one part of the scheme.
type groupCount struct {
	Title                  string
	Failed, Proposed, Open int
	Lost                   string
	Unconfirmed            bool
	Share                  int // of the group with most problems, in percent
	lost                   float64
}

type lineView struct {
	Code, Title, Points, Lost, State, Mark, Reason, Anchor string
	Unconfirmed                                            bool
	Found                                                  int
}

type sectionView struct {
	Code, Title, Group, Anchor string
	Mend                       string // said once when it is the same for all
	Count                      int
	Findings                   []findingView
	More                       int
}

type findingView struct {
	URL, On                                                            address
	What, Seen, Mend, State, Mark, Change, Since, Points, Checks, Code string
	Pages                                                              int
	Unconfirmed, Confirmed, New                                        bool
	Proof, Picture                                                     string
}

type columnView struct {
	Name                            address
	Class, Latest, Age, State, Mark string
	Share                           int
}

func newPage(v *view, kept *proofs) pageModel {
	r := v.Report
	p := pageModel{Name: v.name(), Site: addressOf(r.Site), Verdict: v.verdict, Scored: r.Result.Scored, Compared: v.before != nil,
		Secret: v.secret, Stopped: plain(v.veil(r.Stopped), mostWords), Sentences: v.sentences(), Groups: v.groups()}
	p.Verdict.Why = v.texts(v.verdict.Why)
	if v.verdict.Mark == "bad" {
		p.Waiting = v.texts(r.Result.Waiting)
	}
	if p.Scored {
		p.Score = number(r.Result.Score)
	}
	p.Facts = v.facts()
	found := map[string]int{}
	for _, f := range v.shown {
		if wrong(f) {
			found[indicator(f)]++
		}
	}
	for _, l := range r.Result.Lines {
		one := lineView{Code: plain(l.Indicator, 40), Title: plain(l.Title, 60), State: stateTitle(l.State), Mark: mark(l.State), Reason: plain(v.veil(l.Reason), mostWords),
			Unconfirmed: l.Unconfirmed, Found: found[l.Indicator], Anchor: anchor(l.Indicator)}
		p.Unsure = p.Unsure || l.Unconfirmed
		if groupOf(l.Indicator) == 0 {
			p.Vetoes = append(p.Vetoes, one)
			continue
		}
		if p.Scored {
			one.Points, one.Lost = number(l.Points), number(l.Lost)
		}
		p.Lines = append(p.Lines, one)
	}
	byCode := func(a, b lineView) int { return compareCode(a.Code, b.Code) }
	slices.SortStableFunc(p.Vetoes, byCode)
	slices.SortStableFunc(p.Lines, byCode)
	for _, f := range v.shown {
		if !wrong(f) {
			continue
		}
		p.Total++
		code := indicator(f)
		if n := len(p.Sections); n == 0 || p.Sections[n-1].Code != code {
			g := groups[groupOf(code)].Title
			p.Sections = append(p.Sections, sectionView{Code: plain(code, 40), Title: plain(cmp.Or(v.titles[code], g), 60), Group: g, Anchor: anchor(code)})
		}
		s := &p.Sections[len(p.Sections)-1]
		if s.Count++; s.Count > mostFindings {
			s.More++
			continue
		}
		s.Findings = append(s.Findings, v.findingView(f, kept))
	}
	for i := range p.Sections {
		p.Sections[i].shareMend()
	}
	p.Mended, p.MendedMore = v.gone(v.mended)
	p.Unseen, p.UnseenMore = v.gone(v.unseen)
	p.Columns = v.columns()
	p.Columns, p.ColumnMore = p.Columns[:min(len(p.Columns), mostColumns)], max(len(p.Columns)-mostColumns, 0)
	p.Notes = v.texts(r.Notes[:min(len(r.Notes), mostNotes)])
	p.NotesMore = max(len(r.Notes)-mostNotes, 0)
	return p
}

// shareMend says once how to mend what is mended alike.
func (s *sectionView) shareMend() {
	if len(s.Findings) < 2 || slices.ContainsFunc(s.Findings, func(f findingView) bool { return f.Mend != s.Findings[0].Mend }) {
		return
	}
	s.Mend = s.Findings[0].Mend
	for i := range s.Findings {
		s.Findings[i].Mend = ""
	}
}

// address is an address of a site: what is read, and what is opened.
type address struct{ Text, Link string }

func addressOf(raw string) address { return address{plain(raw, mostAddress), href(raw)} }

// anchor is a name inside the page.
func anchor(code string) string {
	return "i-" + strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '_'
	}, code)
}

// mark is the class of a state: its word stands beside it always.
func mark(s fact.State) string {
	switch s {
	case fact.Fail:
		return "bad"
	case fact.Proposed:
		return "wait"
	case fact.Pass:
		return "fine"
	}
	return "none"
}

func (v *view) texts(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = plain(v.veil(s), mostWords)
	}
	return out
}

func (v *view) findingView(f *fact.Finding, kept *proofs) findingView {
	out := findingView{What: plain(f.What, mostWords), URL: addressOf(f.URL), Seen: plain(f.Seen, mostWords), Mend: plain(f.Mend, mostWords), State: findingState(f), Mark: mark(f.State),
		Since: dayOf(v.since(f)), Checks: plain(strings.Join(append([]string{f.Check}, f.Also...), "、"), 200), Code: plain(indicator(f), 40), Confirmed: f.Confirmed}
	if f.On != f.URL {
		out.On = addressOf(f.On)
	}
	if f.Count > 1 {
		out.Pages = f.Count
	}
	if v.Report.Result.Scored && f.Points != 0 {
		out.Points, out.Unconfirmed = number(f.Points), v.unconfirmed[f.Indicator]
	}
	if v.before != nil && problem(f) {
		out.New = !v.known(f)
		if out.Change = "仍未整改"; out.New {
			out.Change = "新增"
		}
	}
	out.Proof, out.Picture = kept.link(f), kept.picture(f)
	return out
}

// findingState says of one finding how sure it is.
func findingState(f *fact.Finding) string {
	switch {
	case f.State == fact.Fail && f.Confirmed:
		return "已复核"
	case f.State == fact.Fail:
		return "确定"
	}
	return stateTitle(f.State)
}

func (v *view) gone(list []*fact.Finding) (out []findingView, more int) {
	for _, f := range list[:min(len(list), mostMended)] {
		out = append(out, v.findingView(f, nil))
	}
	return out, len(list) - len(out)
}

// facts is the run in short lines.
func (v *view) facts() (out [][2]string) {
	r := v.Report
	add := func(name, value string) {
		if value != "" {
			out = append(out, [2]string{name, value})
		}
	}
	add("监测时间点", momentText(r.T0))
	if !r.Started.IsZero() && r.Ended.After(r.Started) {
		add("检查用时", span(r.Ended.Sub(r.Started)))
	}
	add("检查范围", v.scope())
	if r.Round > 0 {
		add("轮次", "第"+strconv.Itoa(r.Round)+"轮")
	}
	add("检查依据", plain(r.Result.Scheme, 200))
	add("报告生成", momentText(v.now))
	return out
}

// scope says how much was looked at.
func (v *view) scope() string {
	r := v.Report
	return thousands(r.Pages) + "个页面、" + thousands(len(r.Columns)) + "个栏目、" + thousands(len(r.Items)) + "条信息"
}

func momentText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return dayText(t) + t.In(china).Format(" 15:04")
}

func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + "秒"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + "分钟"
	}
	return strconv.Itoa(int(d/time.Hour)) + "小时" + strconv.Itoa(int(d%time.Hour/time.Minute)) + "分钟"
}

// thousands writes a count as people read it.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count is how many findings of a run stand how.
type count struct{ failed, proposed, open, added, kept int }

func (c count) problems() int { return c.failed + c.proposed }

func (v *view) count() (c count) {
	for _, f := range v.shown {
		switch {
		case !wrong(f):
			continue
		case f.State == fact.Fail:
			c.failed++
		case f.State == fact.Proposed:
			c.proposed++
		default:
			c.open++
			continue
		}
		if v.known(f) {
			c.kept++
		} else {
			c.added++
		}
	}
	return c
}

// sentences say what a reader in a hurry must know: how much was looked at, what
// was found, and what has changed.
func (v *view) sentences() []string {
	r, c := v.Report, v.count()
	first := "本次共检查" + v.scope() + "。"
	if r.Stopped != "" {
		first = "本次没有查完，到停止时共检查" + v.scope() + "，下面只是已经查到的部分。"
	}
	second := "没有发现需要整改或确认的问题。"
	if c.problems() > 0 {
		second = "发现问题" + thousands(c.problems()) + "处，其中可以确定的" + thousands(c.failed) + "处，需要人工确认的" + thousands(c.proposed) + "处"
		if title, n := v.most(); n > 1 && n < c.problems() {
			second += "；最多的是“" + title + "”，" + thousands(n) + "处"
		}
		second += "。"
	}
	third := "这是有记录的第一次检查，没有上次结果可以比较。"
	if b := v.before; b != nil {
		third = "与上次（" + dayText(b.T0) + "）相比，已整改" + thousands(len(v.mended)) + "处，新增" + thousands(c.added) + "处，仍未整改" + thousands(c.kept) + "处。"
		if len(v.unseen) > 0 {
			third += "上次的问题有" + thousands(len(v.unseen)) + "处本次没有查到，不能算作已整改。"
		}
		if b.Stopped != "" {
			third += "上次没有查完，新增的问题可能早已存在。"
		}
	}
	return []string{first, second, third}
}

// most is the indicator with the most problems.
func (v *view) most() (title string, n int) {
	byCode := map[string]int{}
	for _, f := range v.shown {
		if problem(f) {
			code := indicator(f)
			if byCode[code]++; byCode[code] > n {
				title, n = plain(cmp.Or(v.titles[code], code), 40), byCode[code]
			}
		}
	}
	return title, n
}

// groups counts the findings by the parts of the scheme; parts with nothing in
// them are left out.
func (v *view) groups() (out []groupCount) {
	all := make([]groupCount, len(groups))
	for i, g := range groups {
		all[i].Title = g.Title
	}
	for _, f := range v.shown {
		g := &all[groupOf(indicator(f))]
		switch {
		case f.State == fact.Fail:
			g.Failed++
		case f.State == fact.Proposed:
			g.Proposed++
		case wrong(f):
			g.Open++
		}
	}
	if v.Report.Result.Scored {
		for _, l := range v.Report.Result.Lines {
			g := &all[groupOf(l.Indicator)]
			g.lost += finite(l.Lost)
			g.Unconfirmed = g.Unconfirmed || l.Unconfirmed && l.Lost != 0
		}
	}
	most := 1
	for _, g := range all {
		most = max(most, g.Failed+g.Proposed)
	}
	for _, g := range all {
		if g.Failed+g.Proposed+g.Open == 0 && g.lost == 0 {
			continue
		}
		if g.lost != 0 {
			g.Lost = number(g.lost)
		}
		g.Share = (100*(g.Failed+g.Proposed) + most - 1) / most
		out = append(out, g)
	}
	return out
}

// columns shows how fresh each column is: what is late comes first, what has no
// period last.
func (v *view) columns() []columnView {
	type aged struct {
		columnView
		rank, share int
	}
	all := make([]aged, len(v.Report.Columns))
	for i := range v.Report.Columns {
		c := &v.Report.Columns[i]
		f := freshness(c, v.Report.T0)
		all[i] = aged{columnView{Name: address{cmp.Or(plain(c.Name, 60), plain(c.URL, mostAddress)), href(c.URL)}, Class: classTitle(c.Class), Latest: dayOf(c.Latest), Age: f.Age, State: f.Word, Mark: f.Mark, Share: min(f.Share, 100)}, f.rank, f.Share}
	}
	slices.SortStableFunc(all, func(a, b aged) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.share, a.share)) })
	out := make([]columnView, len(all))
	for i, a := range all {
		out[i] = a.columnView
	}
	return out
}

// fresh is the age of a column against the period of its class.
type fresh struct {
	Word, Mark, Age string
	Share           int // of the period that has gone, in percent; more than 100 when late
	Days            int // since the newest item; -1 = unknown
	rank            int
}

// freshness compares a column with the period of its class (website-inspection
// 3.1, V4) and the bands of 9.1. A period that somebody set for the column is
// the indicators' business.
func freshness(c *fact.Column, t0 time.Time) fresh {
	latest, today := dateOf(c.Latest), dateOf(t0)
	switch {
	case c.Blank:
		return fresh{Word: "空白", Mark: "bad", Days: -1}
	case latest.IsZero() && c.Class == fact.Static:
		return fresh{Word: "不要求", Mark: "none", Days: -1, rank: 5}
	case latest.IsZero() || today.IsZero():
		return fresh{Word: "没有日期", Mark: "wait", Days: -1, rank: 2}
	}
	days := today.Sub(latest)
	out := fresh{Days: days, Age: thousands(days) + "天前"}
	if days == 0 {
		out.Age = "当天"
	} else if days < 0 {
		return fresh{Word: "日期在将来", Mark: "wait", Age: thousands(-days) + "天后", Days: days, rank: 2}
	}
	var due calendar.Date
	switch c.Class {
	case fact.News:
		due = latest.Add(14)
	case fact.NoticeList, fact.Policy:
		due = latest.AddMonths(6)
	case fact.Static:
		out.Word, out.Mark, out.rank = "不要求", "none", 5
		return out
	default:
		due = latest.AddMonths(12)
	}
	out.Share = days * 100 / max(due.Sub(latest), 1)
	switch {
	case today.After(due):
		out.Word, out.Mark, out.rank = "超期", "bad", 1
	case out.Share >= 90:
		out.Word, out.Mark, out.rank = "即将到期", "wait", 3
	case out.Share >= 70:
		out.Word, out.Mark, out.rank = "临近期限", "wait", 3
	default:
		out.Word, out.Mark, out.rank = "正常", "fine", 4
	}
	return out
}
