package inspect

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/web"
)

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

// findingProof shows the page of a finding as it was seen, without its scripts.
func (s *Service) findingProof(r *web.Request) (web.Reply, error) {
	f, err := s.seen(r)
	if err != nil {
		return web.Reply{}, err
	}
	body, err := s.keptOf(f, f.Proof)
	if err != nil {
		return web.Reply{}, err
	}
	page := &fetch.Page{Final: f.URL, Fetched: f.LastAt, Status: http.StatusOK, Mime: "text/html", Body: body}
	return web.View("inspect/proof", struct {
		Finding Finding
		On      calendar.Date
		Body    template.HTML
	}{f, calendar.Of(f.LastAt), fetch.View(page)}), nil
}

// findingPicture shows how the page of a finding looked.
func (s *Service) findingPicture(r *web.Request) (web.Reply, error) {
	f, err := s.seen(r)
	if err != nil {
		return web.Reply{}, err
	}
	body, err := s.keptOf(f, f.Picture)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Show("image/jpeg", func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	}), nil
}

// keptOf is what was kept of a finding's page under a hash.
func (s *Service) keptOf(f Finding, hash string) ([]byte, error) {
	gone := fault.New(fault.NotFound, "这个问题没有留存页面，或者留存的页面不在这台服务器上")
	if hash == "" {
		return nil, gone
	}
	seen, err := s.kept(f.Site)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, gone
	}
	if err != nil {
		return nil, err
	}
	defer seen.Close()
	body, err := seen.Kept(hash)
	if err != nil {
		return nil, gone
	}
	return body, nil
}
