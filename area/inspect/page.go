package inspect

import (
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/report"
	"gongkai/area/inspect/survey"
	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/web"
	"gongkai/web/chart"
)

// tabs of the rooms of the area that a person may enter.
func tabs(r *web.Request, at string) []web.Tab {
	var out []web.Tab
	if r.Who.May(watchers) {
		out = append(out, web.Tab{Title: "网站", Href: "/desk/sites", Now: at == "sites"})
	}
	return append(out, web.Tab{Title: "问题", Href: "/desk/findings", Now: at == "findings"}, web.Tab{Title: "栏目清单", Href: "/desk/columns", Now: at == "columns"})
}

// siteLine is a site in the list: how it stands and how it went.
type siteLine struct {
	Site
	Last    Round // finished; zero = never
	Now     Round // the newest, which may be running
	Verdict string
	Badge   string
	Open    int
	Waits   int
	Next    calendar.Date
	Trend   template.HTML
}

type siteListView struct {
	Tabs    []web.Tab
	Sites   []siteLine
	May     bool
	Compare template.HTML
	Quarter string
}

// standing is what a round says of a site in two words.
func standing(r Round) (text, badge string) {
	switch {
	case r.ID == "":
		return "未检查", "idle"
	case len(r.Result.Unqualified) > 0:
		return "不合格", "late"
	case len(r.Result.Waiting) > 0:
		return "待确认", "doubt"
	case r.Result.Scored && r.Result.Score < 60:
		return "不合格", "late"
	default:
		return "合格", "done"
	}
}

func (s *Service) siteList(r *web.Request) (web.Reply, error) {
	if !r.Who.May(watchers) { // a unit has findings and columns of its own
		return web.Redirect("/desk/findings"), nil
	}
	ctx, db := r.Context(), s.k.DB.Read
	list, err := sites(ctx, db)
	if err != nil {
		return web.Reply{}, err
	}
	counts, err := tallies(ctx, db, wanted{Secrets: true})
	if err != nil {
		return web.Reply{}, err
	}
	v := siteListView{Tabs: tabs(r, "sites"), May: r.Who.May(org.Coordinator), Quarter: quarterOf(r.Today().AddMonths(-1))}
	compare := chart.Chart{Title: "各网站未整改的问题", Says: "每个网站现在还没有整改的问题数。", Unit: "个", Series: []chart.Series{{Name: "未整改", Class: "late"}}}
	for _, site := range list {
		line := siteLine{Site: site}
		past, err := rounds(ctx, db, site.ID, Done, 12)
		if err != nil {
			return web.Reply{}, err
		}
		if len(past) > 0 {
			line.Last = past[0]
		}
		if line.Now, err = lastRound(ctx, db, site.ID, ""); err != nil {
			return web.Reply{}, err
		}
		line.Verdict, line.Badge = standing(line.Last)
		line.Open, line.Waits = openOf(counts, site.ID)
		if !line.Now.Asked.IsZero() {
			line.Next = site.Every.next(calendar.Of(line.Now.Asked))
		}
		if len(past) > 1 {
			var values []float64
			for _, p := range slices.Backward(past) {
				values = append(values, float64(p.Open))
			}
			line.Trend = chart.Spark(values, fmt.Sprintf("最近%d次检查的问题数：%s", len(values), figures(values)))
		}
		v.Sites = append(v.Sites, line)
		compare.Labels = append(compare.Labels, site.Name)
		compare.Series[0].Values = append(compare.Series[0].Values, float64(line.Open))
	}
	if len(list) > 1 {
		v.Compare = chart.Bars(compare)
	}
	return web.View("inspect/sites", v), nil
}

func figures(values []float64) string {
	var out []string
	for _, v := range values {
		out = append(out, strconv.FormatFloat(v, 'f', -1, 64))
	}
	return strings.Join(out, "、")
}

// openOf counts what stands against a site and what waits for a person's word.
func openOf(counts []tally, site id.ID) (open, waits int) {
	for _, t := range counts {
		if t.Site != site {
			continue
		}
		f := Finding{Status: t.Status, State: t.State, Answer: t.Answer}
		if f.Counts() {
			open += t.N
		}
		if f.Waits() {
			waits += t.N
		}
	}
	return open, waits
}

type siteView struct {
	Tabs    []web.Tab
	Site    Site
	Unit    string
	Facts   []web.Pair
	Last    Round
	Now     Round
	Busy    bool
	Verdict string
	Badge   string
	Open    int
	Waits   int
	Lines   []indicatorLine
	Rounds  []Round
	Trend   template.HTML
	May     bool
}

// indicatorLine is an indicator of the scheme with what stands against it.
type indicatorLine struct {
	fact.Line
	StateTitle, Badge string
	Open, Waits       int
}

func (s *Service) sitePage(r *web.Request) (web.Reply, error) {
	ctx, db := r.Context(), s.k.DB.Read
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	v := siteView{Tabs: tabs(r, "sites"), May: r.Who.May(org.Coordinator)}
	if v.Site, err = getSite(ctx, db, key); err != nil {
		return web.Reply{}, err
	}
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return web.Reply{}, err
	}
	kind := "政府门户网站"
	if v.Site.Department {
		kind = "部门网站"
	}
	v.Facts = []web.Pair{{Name: "首页", Value: v.Site.Start, Href: v.Site.Start}, {Name: "类型", Value: kind}, {Name: "标识码", Value: v.Site.Code}, {Name: "主办单位", Value: v.Site.Organ},
		{Name: "责任单位", Value: dir.NameOf(v.Site.Unit)}, {Name: "自动检查", Value: v.Site.Every.Title()}, {Name: "整改期限", Value: fmt.Sprintf("%d个工作日", v.Site.Due)}}
	if v.Rounds, err = rounds(ctx, db, key, "", 20); err != nil {
		return web.Reply{}, err
	}
	if len(v.Rounds) > 0 {
		v.Now = v.Rounds[0]
		v.Busy = v.Now.State == Waiting || v.Now.State == Running
	}
	if v.Last, err = lastRound(ctx, db, key, Done); err != nil {
		return web.Reply{}, err
	}
	v.Verdict, v.Badge = standing(v.Last)
	counts, err := tallies(ctx, db, wanted{Site: key, Secrets: r.Who.May(org.Secrecy)})
	if err != nil {
		return web.Reply{}, err
	}
	v.Open, v.Waits = openOf(counts, key)
	v.Lines = indicatorLines(v.Last, counts)
	v.Trend = trend(v.Rounds)
	return web.View("inspect/site", v), nil
}

// indicatorLines puts the scheme's lines and what is found under other checks
// into one table.
func indicatorLines(r Round, counts []tally) []indicatorLine {
	byIndicator := map[string][2]int{}
	for _, t := range counts {
		f := Finding{Status: t.Status, State: t.State, Answer: t.Answer}
		n := byIndicator[t.Indicator]
		if f.Counts() {
			n[0] += t.N
		}
		if f.Waits() {
			n[1] += t.N
		}
		byIndicator[t.Indicator] = n
	}
	var out []indicatorLine
	add := func(l fact.Line) {
		n := byIndicator[l.Indicator]
		delete(byIndicator, l.Indicator)
		badge := map[fact.State]string{fact.Pass: "done", fact.Fail: "late", fact.Proposed: "doubt"}[l.State]
		if badge == "" {
			badge = "idle"
		}
		out = append(out, indicatorLine{Line: l, StateTitle: StateTitle(l.State), Badge: badge, Open: n[0], Waits: n[1]})
	}
	for _, l := range r.Result.Lines {
		add(l)
	}
	var rest []string
	for indicator, n := range byIndicator {
		if n[0]+n[1] > 0 {
			rest = append(rest, indicator)
		}
	}
	slices.Sort(rest)
	for _, indicator := range rest {
		state := fact.Proposed
		if byIndicator[indicator][0] > 0 {
			state = fact.Fail
		}
		add(fact.Line{Indicator: indicator, State: state})
	}
	return out
}

// trend draws the findings of the last rounds.
func trend(list []Round) template.HTML {
	c := chart.Chart{Title: "历次检查的问题", Unit: "个", Series: []chart.Series{{Name: "存在", Class: "late"}, {Name: "已整改", Class: "done"}}}
	for _, r := range slices.Backward(list) {
		if r.State != Done {
			continue
		}
		c.Labels = append(c.Labels, calendar.Of(r.Ended).MonthDay())
		c.Series[0].Values = append(c.Series[0].Values, float64(r.Open))
		c.Series[1].Values = append(c.Series[1].Values, float64(r.Mended))
	}
	if len(c.Labels) < 2 {
		return ""
	}
	c.Says = fmt.Sprintf("最近%d次检查，问题从%g个变为%g个。", len(c.Labels), c.Series[0].Values[0], c.Series[0].Values[len(c.Labels)-1])
	return chart.Lines(c)
}

type siteFormView struct {
	*web.Form
	Site    Site
	Units   []web.Option
	Periods []web.Option
	Kinds   []web.Option
}

func (s *Service) siteFormView(r *web.Request, f *web.Form, site Site) (siteFormView, error) {
	v := siteFormView{Form: f, Site: site, Kinds: []web.Option{{Value: "portal", Text: "政府门户网站"}, {Value: "department", Text: "部门网站（只判断单项否决）"}}}
	for _, p := range Periods() {
		v.Periods = append(v.Periods, web.Option{Value: string(p), Text: p.Title()})
	}
	units, err := s.units(r, "")
	v.Units = units
	return v, err
}

// units are the units of the district as choices; first is what stands for none.
func (s *Service) units(r *web.Request, first string) ([]web.Option, error) {
	dir, err := s.k.Org.Directory(r.Context())
	if err != nil {
		return nil, err
	}
	var out []web.Option
	if first != "" {
		out = append(out, web.Option{Text: first})
	}
	for _, u := range dir.Units() {
		out = append(out, web.Option{Value: string(u.ID), Text: u.Name})
	}
	return out, nil
}

// siteFields is the form of a site as it stands.
func siteFields(s Site) *web.Form {
	kind := "portal"
	if s.Department {
		kind = "department"
	}
	flag := func(on bool) string {
		if on {
			return "1"
		}
		return ""
	}
	return web.Fill("name", s.Name, "start", s.Start, "code", s.Code, "organ", s.Organ, "icp", s.ICP, "police", s.Police, "unit", string(s.Unit), "kind", kind,
		"no_services", flag(s.NoServices), "own", strings.Join(s.Own, "\n"), "units", strings.Join(s.Units, "\n"), "gone", strings.Join(s.Gone, "\n"), "leaders", strings.Join(s.Leaders, "\n"),
		"every", string(s.Every), "ignore_robots", flag(s.IgnoreRobots), "max_pages", s.MaxPages, "rate", strconv.FormatFloat(s.Rate, 'f', -1, 64), "due", s.Due, "version", s.Version)
}

func (s *Service) siteForm(r *web.Request) (web.Reply, error) {
	site := Site{Every: Weekly, Due: 5, Unit: r.Who.Unit}
	if r.PathValue("id") != "" {
		key, err := r.Key("id")
		if err != nil {
			return web.Reply{}, err
		}
		if site, err = getSite(r.Context(), s.k.DB.Read, key); err != nil {
			return web.Reply{}, err
		}
	}
	v, err := s.siteFormView(r, siteFields(site), site)
	return web.View("inspect/site-edit", v), err
}

func (s *Service) saveSite(r *web.Request) (web.Reply, error) {
	f := r.Form()
	rate, rateErr := strconv.ParseFloat(strings.TrimSpace(f.Text("rate")), 64)
	if f.Text("rate") != "" && rateErr != nil {
		rate = -1
	}
	site := Site{Name: f.Text("name"), Start: f.Text("start"), Code: f.Text("code"), Organ: f.Text("organ"), ICP: f.Text("icp"), Police: f.Text("police"), Unit: f.Key("unit"),
		Department: f.Text("kind") == "department", NoServices: f.Bool("no_services"), Own: f.Lines("own"), Units: f.Lines("units"), Gone: f.Lines("gone"), Leaders: f.Lines("leaders"),
		Every: Period(f.Text("every")), IgnoreRobots: f.Bool("ignore_robots"), MaxPages: f.Int("max_pages"), Rate: rate, Due: f.Int("due"), Version: f.Int("version")}
	var old Site
	var now *web.Form
	if r.PathValue("id") != "" {
		key, err := r.Key("id")
		if err != nil {
			return web.Reply{}, err
		}
		if old, err = getSite(r.Context(), s.k.DB.Read, key); err != nil {
			return web.Reply{}, err
		}
		site.ID, now = key, siteFields(old)
	}
	err := f.Err()
	key := site.ID
	if err == nil {
		key, err = s.SaveSite(r.Context(), r.Who, site)
	}
	if err != nil {
		v, e := s.siteFormView(r, f, old)
		if e != nil {
			return web.Reply{}, e
		}
		return f.Refused(f.Clash(err, now, v.Units, v.Periods, v.Kinds), "inspect/site-edit", v)
	}
	return web.Redirect("/desk/sites/" + string(key)).Flash("网站已登记"), nil
}

func (s *Service) askRound(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	if _, err := s.Ask(r.Context(), r.Who, key); err != nil {
		return web.Reply{}, err
	}
	return web.Redirect("/desk/sites/" + string(key)).Flash("已开始检查，完成后结果显示在本页"), nil
}

func (s *Service) roundFile(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	round, err := getRound(r.Context(), s.k.DB.Read, key)
	if err != nil {
		return web.Reply{}, err
	}
	name := r.PathValue("file")
	kind, known := reportFiles[name]
	hash := round.Files[name]
	if !known || hash == "" {
		return web.Reply{}, fault.New(fault.NotFound, "这次检查没有这个文件")
	}
	file, err := s.k.Files.Open(r.Context(), hash)
	if err != nil {
		return web.Reply{}, err
	}
	write := func(w io.Writer) error {
		defer file.Close()
		_, err := io.Copy(w, file)
		return err
	}
	return web.Download(name, kind, write), nil
}

// quarterOf writes the quarter of a day as 2026-2.
func quarterOf(d calendar.Date) string {
	_, m, _ := d.Civil()
	return fmt.Sprintf("%d-%d", d.Year(), (int(m)+2)/3)
}

// quarter is the circular of a quarter over all sites (季度检查通报).
func (s *Service) quarter(r *web.Request) (web.Reply, error) {
	var year, n int
	if _, err := fmt.Sscanf(cmp.Or(r.Query("q"), quarterOf(r.Today())), "%d-%d", &year, &n); err != nil || n < 1 || n > 4 || year < 2000 || year > 2999 {
		return web.Reply{}, fault.New(fault.Invalid, "请写明季度，例如 2026-2 表示2026年第2季度")
	}
	from := calendar.Day(year, time.Month(3*n-2), 1)
	until := from.AddMonths(3)
	done, err := roundsBetween(r.Context(), s.k.DB.Read, from.Start(), until.Start())
	if err != nil {
		return web.Reply{}, err
	}
	if len(done) == 0 {
		return web.Reply{}, fault.Newf(fault.NotFound, "%d年第%d季度没有完成的检查，不能生成通报", year, n)
	}
	registered, err := sites(r.Context(), s.k.DB.Read)
	if err != nil {
		return web.Reply{}, err
	}
	q := report.Quarter{Period: fmt.Sprintf("%d年第%d季度", year, n), Running: len(registered), Issuer: s.office(r)}
	first, last := map[id.ID]int{}, map[id.ID]int{}
	for _, one := range done {
		if _, ok := first[one.Site]; !ok {
			first[one.Site] = one.Number
		}
		last[one.Site] = one.Number
	}
	var reports []*fact.Report
	for _, site := range registered {
		if last[site.ID] == 0 {
			continue
		}
		rep, err := survey.Load(s.folder(site.ID), last[site.ID])
		if errors.Is(err, fs.ErrNotExist) {
			return web.Reply{}, fault.Newf(fault.NotFound, "%s的检查记录不在这台服务器上，请重新检查后再生成通报", site.Name)
		}
		if err != nil {
			return web.Reply{}, err
		}
		reports = append(reports, rep)
		if first[site.ID] != last[site.ID] {
			before, err := survey.Load(s.folder(site.ID), first[site.ID])
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return web.Reply{}, err
			} else if err == nil {
				q.Before = append(q.Before, before)
			}
		}
	}
	return web.Download(q.Period+"网站检查通报.docx", reportFiles[report.BulletinFile], func(w io.Writer) error { return report.Quarterly(w, reports, q) }), nil
}

// office is the name of the unit that a person acts for.
func (s *Service) office(r *web.Request) string {
	u, err := s.k.Org.Unit(r.Context(), r.Who.Unit)
	if err != nil {
		return ""
	}
	return cmp.Or(u.Full, u.Name)
}

type findingListView struct {
	*web.Form
	Tabs    []web.Tab
	Filters []web.Filter
	List    page.Of[Finding]
	Sites   map[id.ID]string
	Units   map[id.ID]string
	May     bool
	Choices []web.Option
}

// asked reads what a list of findings is narrowed by; a unit sees its own only.
func (s *Service) asked(r *web.Request) wanted {
	w := wanted{Site: id.ID(r.Query("site")), Unit: id.ID(r.Query("unit")), Status: Status(r.Query("status")), State: fact.State(r.Query("state")),
		Indicator: r.Query("indicator"), Text: r.Query("q"), Secrets: r.Who.May(org.Secrecy)}
	if !r.Who.May(watchers) && !w.Secrets {
		w.Unit = r.Who.Unit
	}
	return w
}

func (s *Service) findingList(r *web.Request) (web.Reply, error) {
	v, err := s.findings(r, web.Fill())
	if err != nil {
		return web.Reply{}, err
	}
	if r.Query("as") == "xlsx" {
		return s.findingSheet(r, v), nil
	}
	return web.View("inspect/findings", v), nil
}

func (s *Service) findings(r *web.Request, f *web.Form) (findingListView, error) {
	ctx, db := r.Context(), s.k.DB.Read
	w := s.asked(r)
	v := findingListView{Form: f, Tabs: tabs(r, "findings"), Sites: map[id.ID]string{}, Units: map[id.ID]string{}, May: r.Who.May(org.Coordinator)}
	list, err := sites(ctx, db)
	if err != nil {
		return v, err
	}
	siteFilter := web.Filter{Name: "site", Title: "网站", Value: string(w.Site)}
	for _, site := range list {
		v.Sites[site.ID] = site.Name
		siteFilter.Options = append(siteFilter.Options, web.Option{Value: string(site.ID), Text: site.Name})
	}
	statuses := web.Filter{Name: "status", Title: "状态", Value: string(w.Status)}
	for _, st := range Statuses() {
		statuses.Options = append(statuses.Options, web.Option{Value: string(st), Text: st.Title()})
	}
	states := web.Filter{Name: "state", Title: "判断", Value: string(w.State)}
	for _, st := range []fact.State{fact.Fail, fact.Proposed, fact.NotDecided} {
		states.Options = append(states.Options, web.Option{Value: string(st), Text: StateTitle(st)})
	}
	v.Filters = []web.Filter{siteFilter, statuses, states, {Name: "indicator", Title: "指标", Value: w.Indicator}, {Name: "q", Title: "网址或文字", Value: w.Text}}
	units, err := s.units(r, "")
	if err != nil {
		return v, err
	}
	for _, u := range units {
		v.Units[id.ID(u.Value)] = u.Text
	}
	v.Choices = units
	if r.Who.May(watchers) {
		v.Filters = append(v.Filters, web.Filter{Name: "unit", Title: "整改单位", Value: string(w.Unit), Options: units})
	}
	v.List, err = listedFindings(ctx, db, w, r.Page())
	return v, err
}

func (s *Service) findingSheet(r *web.Request, v findingListView) web.Reply {
	w := s.asked(r)
	w.Secrets = false // a file goes from hand to hand
	rows := page.Sheet(func(ask page.Ask) (page.Of[Finding], error) { return listedFindings(r.Context(), s.k.DB.Read, w, ask) }, func(f Finding) []any {
		return []any{v.Sites[f.Site], f.Indicator, f.Code, StateTitle(f.State), f.Status.Title(), f.What, f.Seen, f.URL, f.OnPage, f.Mend, v.Units[f.Unit],
			calendar.Of(f.FirstAt).String(), calendar.Of(f.LastAt).String(), f.Reason}
	})
	return web.Xlsx("网站问题.xlsx", func(out io.Writer) error {
		return document.WriteXLSX(out, document.Sheet{Name: "网站问题", Title: "网站问题", Notes: []string{"数据时间：" + r.Today().Chinese()},
			Head: []string{"网站", "指标", "检查项", "判断", "状态", "问题", "看到的内容", "网址", "所在页面", "整改办法", "整改单位", "首次发现", "最近发现", "说明"}, Rows: rows})
	})
}

func (s *Service) hand(r *web.Request) (web.Reply, error) {
	f := r.Form()
	key, err := s.Hand(r.Context(), r.Who, f.Key("unit"), f.Keys("finding"))
	if err != nil {
		v, e := s.findings(r, f)
		if e != nil {
			return web.Reply{}, e
		}
		return f.Refused(err, "inspect/findings", v)
	}
	return web.Redirect("/desk/orders/" + string(key)).Flash("已交办"), nil
}

// seen loads a finding for somebody who may see it.
func (s *Service) seen(r *web.Request) (Finding, error) {
	key, err := r.Key("id")
	if err != nil {
		return Finding{}, err
	}
	f, err := getFinding(r.Context(), s.k.DB.Read, key)
	if err != nil {
		return f, err
	}
	if f.Hidden && !r.Who.May(org.Secrecy) || !r.Who.May(watchers|org.Secrecy) && f.Unit != r.Who.Unit {
		return f, fault.New(fault.NotFound, "没有找到这个问题，或者它不由您的单位处理")
	}
	return f, nil
}

type findingView struct {
	*web.Form
	Tabs     []web.Tab
	Finding  Finding
	Site     Site
	Unit     string
	Facts    []web.Pair
	Proof    bool
	May      bool
	Statuses []web.Option
	By       string
}

func (s *Service) findingView(r *web.Request, form *web.Form) (findingView, error) {
	f, err := s.seen(r)
	v := findingView{Form: form, Tabs: tabs(r, "findings"), Finding: f}
	if err != nil {
		return v, err
	}
	if v.Site, err = getSite(r.Context(), s.k.DB.Read, f.Site); err != nil {
		return v, err
	}
	dir, err := s.k.Org.Directory(r.Context())
	if err != nil {
		return v, err
	}
	v.Unit, v.Proof, v.By = dir.NameOf(f.Unit), f.Proof != "", s.k.Names(r)(f.By)
	v.May = r.Who.May(org.Coordinator) && !f.Hidden || r.Who.May(org.Secrecy) && f.Hidden
	v.Facts = []web.Pair{{Name: "网站", Value: v.Site.Name, Href: "/desk/sites/" + string(v.Site.ID)}, {Name: "网址", Value: f.URL, Href: httpOnly(f.URL)}}
	if f.OnPage != "" && f.OnPage != f.URL {
		v.Facts = append(v.Facts, web.Pair{Name: "所在页面", Value: f.OnPage, Href: httpOnly(f.OnPage)})
	}
	if f.Pages > 1 {
		v.Facts = append(v.Facts, web.Pair{Name: "涉及页面", Value: fmt.Sprintf("%d个", f.Pages)})
	}
	if len(f.Also) > 0 {
		v.Facts = append(v.Facts, web.Pair{Name: "同时不符合", Value: strings.Join(f.Also, "、")})
	}
	if f.Points > 0 {
		v.Facts = append(v.Facts, web.Pair{Name: "扣分", Value: strconv.FormatFloat(f.Points, 'f', -1, 64) + "分"})
	}
	if f.Source != "" {
		v.Facts = append(v.Facts, web.Pair{Name: "来源", Value: f.Source})
	}
	v.Facts = append(v.Facts, web.Pair{Name: "首次发现", Value: calendar.Of(f.FirstAt).Chinese()}, web.Pair{Name: "最近发现", Value: calendar.Of(f.LastAt).Chinese()})
	if v.Unit != "" {
		p := web.Pair{Name: "整改单位", Value: v.Unit}
		if f.Task != "" {
			p.Href = "/desk/orders/" + string(f.Task)
		}
		v.Facts = append(v.Facts, p)
	}
	v.Statuses = []web.Option{{Value: string(Open), Text: "待处理"}, {Value: string(Accepted), Text: "保留：不用整改"}, {Value: string(Wrong), Text: "误报：不是问题"}}
	return v, nil
}

// httpOnly keeps addresses of other schemes from becoming links.
func httpOnly(address string) string {
	if strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://") {
		return address
	}
	return ""
}

func (s *Service) findingPage(r *web.Request) (web.Reply, error) {
	v, err := s.findingView(r, nil)
	if err != nil {
		return web.Reply{}, err
	}
	v.Form = web.Fill("status", string(v.Finding.Status), "reason", v.Finding.Reason, "version", v.Finding.Version)
	return web.View("inspect/finding", v), nil
}

func (s *Service) decide(r *web.Request) (web.Reply, error) {
	f := r.Form()
	v, err := s.findingView(r, f)
	if err != nil {
		return web.Reply{}, err
	}
	d := decision{Status: Status(f.Text("status")), Reason: f.Text("reason"), Wide: f.Bool("wide")}
	switch f.Text("do") {
	case "yes":
		d.Answer, d.Status = Confirmed, ""
	case "no":
		d.Answer, d.Status = Denied, ""
		if d.Reason == "" {
			d.Reason = "人工确认不属实"
		}
	}
	if err := s.Decide(r.Context(), r.Who, v.Finding.ID, f.Int("version"), d); err != nil {
		now := web.Fill("status", string(v.Finding.Status), "reason", v.Finding.Reason, "version", v.Finding.Version)
		return f.Refused(f.Clash(err, now, v.Statuses), "inspect/finding", v)
	}
	return web.Redirect("/desk/findings/" + string(v.Finding.ID)).Flash("已记录"), nil
}

type columnListView struct {
	Tabs    []web.Tab
	Filters []web.Filter
	Lines   []columnLine
	Total   int
	May     bool
	Late    int
}

type columnLine struct {
	Column
	SiteName, UnitName, Cycle, ClassTitle string
	State                                 Freshness
}

func (s *Service) columnLines(r *web.Request) (columnListView, error) {
	ctx, db := r.Context(), s.k.DB.Read
	v := columnListView{Tabs: tabs(r, "columns"), May: r.Who.May(org.Coordinator)}
	list, err := sites(ctx, db)
	if err != nil {
		return v, err
	}
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return v, err
	}
	chosenSite, unit, state := r.Query("site"), id.ID(r.Query("unit")), Freshness(r.Query("state"))
	siteFilter := web.Filter{Name: "site", Title: "网站", Value: chosenSite}
	for _, site := range list {
		siteFilter.Options = append(siteFilter.Options, web.Option{Value: string(site.ID), Text: site.Name})
	}
	states := web.Filter{Name: "state", Title: "更新情况", Value: string(state)}
	for _, f := range []Freshness{Stale, Empty, Urgent, Aging, Fresh, Exempt, Unknown} {
		states.Options = append(states.Options, web.Option{Value: string(f), Text: f.Title()})
	}
	v.Filters = []web.Filter{siteFilter, states}
	if r.Who.May(watchers) {
		units, err := s.units(r, "")
		if err != nil {
			return v, err
		}
		v.Filters = append(v.Filters, web.Filter{Name: "unit", Title: "责任单位", Value: string(unit), Options: units})
	} else {
		unit = r.Who.Unit
	}
	for _, site := range list {
		if chosenSite != "" && chosenSite != string(site.ID) {
			continue
		}
		cols, err := columns(ctx, db, site.ID)
		if err != nil {
			return v, err
		}
		for _, c := range cols {
			line := columnLine{Column: c, SiteName: site.Name, UnitName: dir.NameOf(c.Unit), ClassTitle: ClassTitle(c.Class), State: c.State(r.Today()), Cycle: "按需更新"}
			if w := c.Window(); w > 0 {
				line.Cycle = fmt.Sprintf("%d天", w)
			}
			if unit != "" && c.Unit != unit || state != "" && line.State != state {
				continue
			}
			if line.State == Stale || line.State == Empty {
				v.Late++
			}
			v.Lines = append(v.Lines, line)
		}
	}
	slices.SortStableFunc(v.Lines, func(a, b columnLine) int { return a.State.rank() - b.State.rank() })
	v.Total = len(v.Lines)
	return v, nil
}

func (s *Service) columnList(r *web.Request) (web.Reply, error) {
	v, err := s.columnLines(r)
	if err != nil {
		return web.Reply{}, err
	}
	if r.Query("as") == "xlsx" {
		return web.Xlsx("栏目清单.xlsx", func(out io.Writer) error {
			rows := func(yield func([]any, error) bool) {
				for _, c := range v.Lines {
					if !yield([]any{c.SiteName, c.Name, c.URL, c.ClassTitle, c.Content, c.Cycle, c.ByEvent, c.UnitName, c.Person, dayText(c.Latest), c.State.Title()}, nil) {
						return
					}
				}
			}
			return document.WriteXLSX(out, document.Sheet{Name: "栏目清单", Title: "栏目清单", Notes: []string{"数据时间：" + r.Today().Chinese()},
				Head: []string{"网站", "栏目", "网址", "类别", "内容", "更新周期", "按需更新的理由", "责任单位", "责任人员", "最近更新", "更新情况"}, Rows: rows})
		}), nil
	}
	return web.View("inspect/columns", v), nil
}

type columnView struct {
	*web.Form
	Tabs    []web.Tab
	Column  Column
	State   Freshness
	Classes []web.Option
	Units   []web.Option
	May     bool
}

func (s *Service) columnView(r *web.Request) (columnView, error) {
	v := columnView{Tabs: tabs(r, "columns"), May: r.Who.May(org.Coordinator)}
	key, err := r.Key("id")
	if err != nil {
		return v, err
	}
	if v.Column, err = getColumn(r.Context(), s.k.DB.Read, key); err != nil {
		return v, err
	}
	if !r.Who.May(watchers) && v.Column.Unit != r.Who.Unit {
		return v, fault.New(fault.NotFound, "没有找到这个栏目，或者它不由您的单位负责")
	}
	v.State = v.Column.State(r.Today())
	for _, c := range Classes() {
		v.Classes = append(v.Classes, web.Option{Value: string(c), Text: ClassTitle(c)})
	}
	v.Units, err = s.units(r, "未指定")
	return v, err
}

func columnFields(c Column) *web.Form {
	days := ""
	if c.Days > 0 {
		days = strconv.Itoa(c.Days)
	}
	return web.Fill("class", string(c.Class), "days", days, "by_event", c.ByEvent, "content", c.Content, "unit", string(c.Unit), "person", c.Person, "version", c.Version)
}

func (s *Service) columnForm(r *web.Request) (web.Reply, error) {
	v, err := s.columnView(r)
	if err != nil {
		return web.Reply{}, err
	}
	v.Form = columnFields(v.Column)
	return web.View("inspect/column", v), nil
}

func (s *Service) saveColumn(r *web.Request) (web.Reply, error) {
	v, err := s.columnView(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	v.Form = f
	c := Column{ID: v.Column.ID, Class: fact.Class(f.Text("class")), ByEvent: f.Text("by_event"), Content: f.Text("content"), Unit: f.Key("unit"), Person: f.Text("person"), Version: f.Int("version")}
	if f.Text("days") != "" {
		c.Days = f.Int("days")
	}
	if err = f.Err(); err == nil {
		err = s.SaveColumn(r.Context(), r.Who, c)
	}
	if err != nil {
		return f.Refused(f.Clash(err, columnFields(v.Column), v.Classes, v.Units), "inspect/column", v)
	}
	return web.Redirect("/desk/columns/" + string(c.ID)).Flash("已保存"), nil
}
