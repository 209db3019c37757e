package plan

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"gongkai/area"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
	"gongkai/kernel/id"
)

// kinds are the proof rules that the ledger itself can answer (measures.md).
// Other areas bring theirs; Service.proofs is the one list of all.
func (s *Service) kinds() []area.Proof {
	return []area.Proof{
		{
			Name: "page", Title: "网页存在且含指定内容", Slow: true,
			Help: "按网址打开页面，检查能否访问、是否含有指定词句、是否标有任务期间内的日期。",
			Params: []area.Param{
				{Name: "url", Title: "网址", Kind: area.URL, Help: "以 http:// 或 https:// 开头的完整网址"},
				{Name: "words", Title: "应含词句", Optional: true, Help: "多个词句用空格分开，须全部出现"},
				{Name: "link", Title: "应含链接", Kind: area.URL, Optional: true, Help: "页面上应有指向这个网址的链接"},
				{Name: "dated", Title: "须有期间内的日期", Kind: area.YesNo, Optional: true},
			},
			Ask: s.provePage,
		},
		{
			Name: "count", Title: "佐证达到件数",
			Help: "每个单位每个周期内，牵头单位已采纳的佐证不少于规定件数。",
			Params: []area.Param{
				{Name: "n", Title: "件数", Kind: area.Count, Default: "1"},
				{Name: "kind", Title: "佐证类型", Kind: area.Choice, Optional: true, Options: []area.Option{
					{Code: string(Link), Title: Link.Title()}, {Code: string(File), Title: File.Title()},
					{Code: string(Note), Title: Note.Title()}, {Code: string(Figure), Title: Figure.Title()}}},
			},
			Ask: s.proveCount,
		},
		{
			Name: "steps", Title: "任务清单", Help: "该单位的任务清单：已列明（有责任人和时限），或全部按时完成。",
			Params: []area.Param{{Name: "want", Title: "要求", Kind: area.Choice, Default: "done", Options: []area.Option{
				{Code: "done", Title: "全部步骤按时完成"}, {Code: "listed", Title: "清单已列明责任人和时限"}}}},
			Ask: s.proveSteps,
		},
		{
			Name: "staff", Title: "工作人员配备", Help: "该单位信息公开工作机构登记在册的工作人员不少于规定人数。",
			Params: []area.Param{{Name: "n", Title: "人数", Kind: area.Count, Default: "1"}},
			Ask:    s.proveStaff,
		},
		{
			Name: "figure", Title: "数据达到数值", Help: "该单位填报且注明来源的最新数据达到规定数值。",
			Params: []area.Param{
				{Name: "compare", Title: "比较", Kind: area.Choice, Default: "ge", Options: []area.Option{
					{Code: "ge", Title: "不低于"}, {Code: "le", Title: "不高于"}, {Code: "eq", Title: "等于"}}},
				{Name: "value", Title: "数值", Kind: area.Number},
				{Name: "measured", Title: "计量单位", Optional: true, Help: "只看这个计量单位的数据，例如 %"},
			},
			Ask: s.proveFigure,
		},
		{
			Name: "person", Title: "专人确认", Help: "只有人能判断的事项：牵头单位采纳了文字说明和附件，即为确认。",
			Ask: s.provePerson,
		},
		{
			Name: "lookback", Title: "上年任务回头看", Help: "上年有责任单位和时限的任务逐项核查完毕，工作台账全部销号。",
			Ask: s.proveLookback,
		},
	}
}

// kind finds a registered kind of proof.
func (s *Service) kind(name string) (area.Proof, bool) {
	for _, p := range s.proofs {
		if p.Name == name {
			return p, true
		}
	}
	return area.Proof{}, false
}

// validRule tells what is wrong with what a rule of a kind was told.
func validRule(kind area.Proof, values map[string]string) error {
	wrong := fault.Fields{}
	for _, p := range kind.Params {
		v := values[p.Name]
		switch {
		case v == "" && !p.Optional:
			wrong["value-"+p.Name] = "请填写" + p.Title
		case v == "":
		case len(v) > 2000:
			wrong["value-"+p.Name] = p.Title + "过长"
		case p.Kind == area.Number:
			if f, err := strconv.ParseFloat(v, 64); err != nil || f < 0 || f > 1e12 {
				wrong["value-"+p.Name] = p.Title + "请填不小于0的数字"
			}
		case p.Kind == area.Count:
			if n, err := strconv.Atoi(v); err != nil || n < 1 || n > 1e6 {
				wrong["value-"+p.Name] = p.Title + "请填不小于1的整数"
			}
		case p.Kind == area.URL:
			if u, err := url.Parse(v); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
				wrong["value-"+p.Name] = p.Title + "请填以 http:// 或 https:// 开头的完整网址"
			}
		case p.Kind == area.Choice:
			known := false
			for _, o := range p.Options {
				known = known || o.Code == v
			}
			if !known {
				wrong["value-"+p.Name] = "请从列表中选择" + p.Title
			}
		}
	}
	return wrong.Err()
}

// number reads a rule's number, or its default.
func number(values map[string]string, name string, otherwise float64) float64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(values[name]), 64)
	if err != nil {
		return otherwise
	}
	return f
}

// provePage opens the address of the rule. A page that cannot be reached proves
// nothing either way; one that answers with an error does not exist.
func (s *Service) provePage(ctx context.Context, in area.Question) (area.Answer, error) {
	address := in.Values["url"]
	page, err := s.k.Fetch.Get(ctx, address)
	if err != nil {
		text := fault.Text(err)
		if text == "" {
			return area.Answer{}, err
		}
		v := area.CannotTell
		if page != nil && !fetch.Temporary(err) { // the site answered that there is no such page
			v = area.NotMet
		}
		return area.Answer{Verdict: v, Why: text, Rows: []area.Row{{Title: address, Link: address, Why: text}}}, nil
	}
	a := area.Answer{Verdict: area.Met, Why: "页面可以访问", Rows: []area.Row{{Title: page.Title, Link: page.Final, Date: page.Published.String(), OK: true}}}
	check := func(what string, ok bool, why string) {
		a.Rows = append(a.Rows, area.Row{Title: what, OK: ok, Why: why})
		if !ok {
			if a.Verdict == area.Met {
				a.Why = ""
			}
			a.Verdict = area.NotMet
			a.Why = strings.TrimPrefix(a.Why+"；"+why, "；")
		}
	}
	for _, word := range strings.Fields(in.Values["words"]) {
		check("词句“"+word+"”", strings.Contains(page.Title, word) || strings.Contains(page.Text, word), "页面没有“"+word+"”")
	}
	if link := in.Values["link"]; link != "" {
		check("链接 "+link, hasLink(page, link), "页面没有指向 "+link+" 的链接")
	}
	if in.Values["dated"] == "yes" {
		found := false
		from := calendar.Day(in.From.Year(), 1, 1)
		for _, d := range append([]calendar.Date{page.Published}, page.Dates...) {
			found = found || !d.IsZero() && !d.Before(from) && !d.After(in.Until)
		}
		check("任务期间内的日期", found, fmt.Sprintf("页面没有%s至%s之间的日期", from, in.Until))
	}
	if a.Verdict == area.Met && len(a.Rows) > 1 {
		a.Why = fmt.Sprintf("页面可以访问，%d项要求全部符合", len(a.Rows)-1)
	}
	a.Archive, err = s.k.Archive(ctx, page)
	return a, err
}

// hasLink reports whether a page links to an address, whatever the scheme and
// the slash at its end.
func hasLink(page *fetch.Page, address string) bool {
	bare := func(a string) string {
		_, rest, _ := strings.Cut(a, "://")
		return strings.TrimSuffix(rest, "/")
	}
	for _, l := range page.Links {
		if bare(l.URL) == bare(address) {
			return true
		}
	}
	return false
}

func (s *Service) proveCount(ctx context.Context, in area.Question) (area.Answer, error) {
	list, err := evidenceOf(ctx, s.k.DB.Read, in.Term)
	if err != nil {
		return area.Answer{}, err
	}
	want := in.Count("n", 1)
	var a area.Answer
	n, waiting := 0, 0
	for _, e := range list {
		if e.Kind == Proved || in.Values["kind"] != "" && string(e.Kind) != in.Values["kind"] {
			continue // what rules found must not prove rules
		}
		switch e.Verdict {
		case Accepted:
			n++
		case Unjudged:
			waiting++
		}
		a.Rows = append(a.Rows, area.Row{Title: e.name(), Link: e.URL, Date: e.DatedOn.String(), OK: e.Verdict == Accepted, Why: e.Verdict.Title()})
	}
	a.Verdict = area.Tell(n >= want)
	a.Why = fmt.Sprintf("应有%d件，已采纳%d件，待核%d件", want, n, waiting)
	return a, nil
}

func (s *Service) proveSteps(ctx context.Context, in area.Question) (area.Answer, error) {
	steps, err := stepsOf(ctx, s.k.DB.Read, in.Duty)
	if err != nil {
		return area.Answer{}, err
	}
	if len(steps) == 0 {
		return area.Answer{Verdict: area.NotMet, Why: "没有任务清单"}, nil
	}
	var a area.Answer
	listed, done, late := 0, 0, 0
	for _, st := range steps {
		row := area.Row{Title: st.Text, Date: st.Due.String(), OK: true}
		if st.Person != "" && !st.Due.IsZero() {
			listed++
		}
		switch {
		case st.DoneOn.IsZero() && st.Due.Before(in.Today):
			late++
			row.OK, row.Why = false, "逾期未完成"
		case st.DoneOn.IsZero():
			row.OK, row.Why = false, "未到时限"
		case st.DoneOn.After(st.Due):
			late++
			row.OK, row.Why = false, st.DoneOn.Chinese()+"完成，晚于时限"
		default:
			done++
			row.Why = st.DoneOn.Chinese() + "完成"
		}
		a.Rows = append(a.Rows, row)
	}
	if in.Values["want"] == "listed" {
		a.Verdict = area.Tell(listed == len(steps))
		a.Why = fmt.Sprintf("%d步，%d步有责任人和时限", len(steps), listed)
		return a, nil
	}
	switch {
	case late > 0:
		a.Verdict = area.NotMet
	case done == len(steps):
		a.Verdict = area.Met
	default:
		a.Verdict = area.CannotTell // nothing is late, and not all is due
	}
	a.Why = fmt.Sprintf("%d步，按时完成%d步，逾期%d步", len(steps), done, late)
	return a, nil
}

func (s *Service) proveStaff(ctx context.Context, in area.Question) (area.Answer, error) {
	unit, err := s.k.Org.Unit(ctx, in.Unit)
	if err != nil {
		return area.Answer{}, err
	}
	want := in.Count("n", 1)
	people, fullTime := unit.Bureau.StaffedOn(in.Today)
	a := area.Answer{Verdict: area.Tell(people >= want), Why: fmt.Sprintf("登记%d人（专职%d人），应不少于%d人", people, fullTime, want)}
	for _, st := range unit.Bureau.Staff {
		a.Rows = append(a.Rows, area.Row{Title: strings.TrimSpace(st.Person + " " + st.Post), Date: st.From.String(), OK: st.To.IsZero() || st.To.After(in.Today)})
	}
	return a, nil
}

func (s *Service) proveFigure(ctx context.Context, in area.Question) (area.Answer, error) {
	list, err := evidenceOf(ctx, s.k.DB.Read, in.Term)
	if err != nil {
		return area.Answer{}, err
	}
	want := number(in.Values, "value", 0)
	for _, e := range list { // the newest comes first
		if e.Kind != Figure || e.Verdict == Refused || in.Values["measured"] != "" && e.Measured != in.Values["measured"] {
			continue
		}
		ok := e.Amount >= want
		word := "不低于"
		switch in.Values["compare"] {
		case "le":
			ok, word = e.Amount <= want, "不高于"
		case "eq":
			ok, word = e.Amount == want, "等于"
		}
		return area.Answer{Verdict: area.Tell(ok), Why: fmt.Sprintf("%s%s，应%s%s%s", figure(e.Amount), e.Measured, word, figure(want), e.Measured),
			Rows: []area.Row{{Title: e.name() + "（来源：" + e.Source + "）", Date: e.DatedOn.String(), OK: ok}}}, nil
	}
	return area.Answer{Verdict: area.CannotTell, Why: "还没有填报数据"}, nil
}

// figure writes a number without a tail of zeros.
func figure(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func (s *Service) provePerson(ctx context.Context, in area.Question) (area.Answer, error) {
	list, err := evidenceOf(ctx, s.k.DB.Read, in.Term)
	if err != nil {
		return area.Answer{}, err
	}
	var a area.Answer
	text, file := false, false
	for _, e := range list {
		if e.Kind != Note && e.Kind != File {
			continue
		}
		if e.Verdict == Accepted {
			text = text || e.Text != ""
			file = file || e.Kind == File
		}
		a.Rows = append(a.Rows, area.Row{Title: e.name(), Date: e.DatedOn.String(), OK: e.Verdict == Accepted, Why: e.Verdict.Title()})
	}
	switch {
	case text && file:
		a.Verdict, a.Why = area.Met, "已由牵头单位核实采纳"
	case len(a.Rows) == 0:
		a.Verdict, a.Why = area.CannotTell, "等待责任单位提交说明和附件"
	default:
		a.Verdict, a.Why = area.NotMet, "还缺"+strings.Join(missing(text, file), "和")
	}
	return a, nil
}

func missing(text, file bool) []string {
	var out []string
	if !text {
		out = append(out, "已采纳的文字说明")
	}
	if !file {
		out = append(out, "已采纳的附件")
	}
	return out
}

func (s *Service) proveLookback(ctx context.Context, in area.Question) (area.Answer, error) {
	d, err := getDuty(ctx, s.k.DB.Read, in.Duty)
	if err != nil {
		return area.Answer{}, err
	}
	sum, err := s.Lookback(ctx, d.Plan)
	if err != nil {
		return area.Answer{}, err
	}
	if sum.All == 0 {
		return area.Answer{Verdict: area.NotMet, Why: "还没有启动回头看"}, nil
	}
	return area.Answer{
		Verdict: area.Tell(sum.Unchecked == 0 && sum.Ledger == 0),
		Why:     fmt.Sprintf("共%d项，待核查%d项，核查属实%d项，台账未销号%d项，台账已销号%d项", sum.All, sum.Unchecked, sum.Holds, sum.Ledger, sum.Closed),
		Rows:    []area.Row{{Title: "回头看台账", Link: "/desk/plans/" + string(d.Plan) + "/lookback", OK: sum.Unchecked+sum.Ledger == 0}},
	}, nil
}

// term is one period to be asked about, with what a Question needs.
type asked struct {
	Term
	Unit    id.ID
	Measure id.ID
}
