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
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/web"
	"gongkai/web/chart"
)

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
		if line.Now, err = s.current(ctx, line.Now); err != nil {
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
		if v.Rounds[0], err = s.current(ctx, v.Rounds[0]); err != nil {
			return web.Reply{}, err
		}
		v.Now = v.Rounds[0]
		v.Busy = v.Now.Busy()
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
