package plan

import (
	"context"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
	"gongkai/kernel/id"
	"gongkai/web"
)

// publicPart is one section of a plan for everyone.
type publicPart struct {
	Number               int
	Title                string
	Items                []publicItem
	Measures, Done, Late int // measures of the whole section, also when some are not shown
}

type publicItem struct {
	Item
	Measures []publicLine
}

// publicLine is one measure for everyone: what is to be done by whom, and how it
// stands, in words. No person is named.
type publicLine struct {
	Measure
	Year       int
	Lead, Resp string
	State      string // a tone of a badge
	Word       string // 已完成
	Says       string // 3个单位中2个已完成，1个逾期：东江街道办事处
	Evidence   []Evidence
	Whole
	Duties int
}

// Limit says until when, in words.
func (l publicLine) Limit() string {
	if l.DueText != "" {
		return l.DueText
	}
	return l.Due.Chinese()
}

// Brief is the beginning of the measure.
func (l publicLine) Brief() string { return cut(l.Text, 60) }

// Han is the number of a section as it is written: 一.
func (p publicPart) Han() string { return han(p.Number) }

// publicLines says how each measure of a plan stands.
func (s *Service) publicLines(ctx context.Context, b *book) ([]publicLine, error) {
	shown, err := publicEvidence(ctx, s.k.DB.Read, b.plan.ID)
	if err != nil {
		return nil, fmt.Errorf("read public evidence: %w", err)
	}
	out := make([]publicLine, len(b.measures))
	for i, m := range b.measures {
		out[i] = publicLine{Measure: m, Year: b.plan.Year, Lead: strings.Join(b.named[i].Lead, "、"), Resp: strings.Join(b.named[i].Resp, "、")}
	}
	units := make([]struct{ all, open, late bool }, len(b.units)) // of one measure
	duty := map[id.ID]int{}
	for rest := b.entries; len(rest) > 0; {
		at := rest[0].Measure
		clear(units)
		l := &out[at]
		for len(rest) > 0 && rest[0].Measure == at {
			e := &rest[0]
			rest = rest[1:]
			if len(shown) > 0 {
				duty[e.Duty] = at
			}
			if e.State == "cancelled" {
				continue
			}
			l.Duties++
			l.Whole.add(e)
			u := &units[e.Column]
			u.all = true
			u.open = u.open || e.State != "closed" && e.State != "untriggered"
			u.late = u.late || e.Rank == rankOverdue
		}
		all, done := 0, 0
		var late []string
		for i, u := range units {
			if u.all {
				all++
				if !u.open {
					done++
				}
				if u.late {
					late = append(late, b.units[i].Name)
				}
			}
		}
		l.stand(all, done, late)
	}
	for _, e := range shown {
		if at, ok := duty[e.Duty]; ok {
			out[at].Evidence = append(out[at].Evidence, e)
		}
	}
	return out, nil
}

// stand says how the measure stands, from how many units have it, how many are
// done and which are late.
func (l *publicLine) stand(all, done int, late []string) {
	switch {
	case l.Duties == 0:
		l.State, l.Word = "idle", "不再实施"
		return
	case l.Whole.Closed == l.Duties:
		l.State, l.Word = "done", "已完成"
	case len(late) > 0:
		l.State, l.Word = "late", "有逾期"
	default:
		l.State, l.Word = "doing", "推进中"
	}
	var parts []string
	if all > 1 {
		parts = append(parts, fmt.Sprintf("%d个单位中%d个已完成", all, done))
	}
	if len(late) > 0 {
		text := strings.Join(late[:min(5, len(late))], "、")
		if len(late) > 5 {
			text += fmt.Sprintf("等%d个单位", len(late))
		}
		parts = append(parts, "已过时限、尚未完成的："+text)
	}
	l.Says = strings.Join(parts, "；")
}

// publicYear is a plan for everyone.
type publicYear struct {
	Plan Plan
	Figures
	Whole
	Measures, Done, Late int // measures
	Parts                []publicPart
	Years, States        []web.Tab
	Chart                template.HTML
	At                   calendar.Date
}

// publicYear reads a plan for everyone; state, unless "", leaves only the measures
// that stand so.
func (s *Service) publicYear(ctx context.Context, p Plan, today calendar.Date, state string) (v publicYear, err error) {
	b, err := s.book(ctx, p.ID)
	if err != nil {
		return v, err
	}
	lines, err := s.publicLines(ctx, b)
	if err != nil {
		return v, err
	}
	v.Plan, v.At, v.Measures = b.plan, today, len(lines)
	v.Figures = b.figures()
	for i := range b.entries {
		v.Whole.add(&b.entries[i])
	}
	byItem := make([][]publicLine, len(b.items))
	for _, l := range lines {
		at := b.item[l.Item]
		byItem[at] = append(byItem[at], l)
	}
	for i, it := range b.items {
		if len(v.Parts) == 0 || v.Parts[len(v.Parts)-1].Number != it.Section {
			v.Parts = append(v.Parts, publicPart{Number: it.Section, Title: it.SectionTitle})
		}
		part := &v.Parts[len(v.Parts)-1]
		shown := publicItem{Item: it}
		for _, l := range byItem[i] {
			part.Measures++
			switch l.State {
			case "done":
				part.Done++
			case "late":
				part.Late++
			}
			if state == "" || l.State == state {
				shown.Measures = append(shown.Measures, l)
			}
		}
		if len(shown.Measures) > 0 {
			part.Items = append(part.Items, shown)
		}
	}
	for _, part := range v.Parts {
		v.Done, v.Late = v.Done+part.Done, v.Late+part.Late
	}
	at := fmt.Sprintf("/plans/%d", b.plan.Year)
	v.States = []web.Tab{{Title: "全部", Href: at, Count: v.Measures, Now: state == ""}}
	for _, one := range []web.Tab{{Title: "已完成", Href: "done", Count: v.Done}, {Title: "推进中", Href: "doing", Count: v.Measures - v.Done - v.Late}, {Title: "有逾期", Href: "late", Count: v.Late}} {
		if one.Count > 0 || one.Href == state {
			one.Now, one.Href = one.Href == state, at+"?state="+one.Href
			v.States = append(v.States, one)
		}
	}
	return v, nil
}

func (s *Service) publicPlans(r *web.Request) (web.Reply, error) {
	all, err := s.Plans(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	var years []publicYear
	for _, p := range all {
		v, err := s.publicYear(r.Context(), p, r.Today(), "")
		if err != nil {
			return web.Reply{}, err
		}
		years = append(years, v)
	}
	return web.View("plan/public-plans", years), nil
}

// planAt finds the plan of the year in an address.
func (s *Service) planAt(r *web.Request) (Plan, error) {
	year, err := strconv.Atoi(r.PathValue("year"))
	if err != nil {
		return Plan{}, fault.New(fault.NotFound, "没有这一年的工作任务，请检查网址中的年份")
	}
	return planOfYear(r.Context(), s.k.DB.Read, year)
}

func (s *Service) publicPlan(r *web.Request) (web.Reply, error) {
	p, err := s.planAt(r)
	if err != nil {
		return web.Reply{}, err
	}
	state := r.Query("state")
	if !slices.Contains([]string{"", "done", "doing", "late"}, state) {
		return web.Reply{}, fault.New(fault.NotFound, "没有这种进展情况，请从年度任务页面重新选择")
	}
	v, err := s.publicYear(r.Context(), p, r.Today(), state)
	if err != nil {
		return web.Reply{}, err
	}
	all, err := s.Plans(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	for _, one := range all {
		v.Years = append(v.Years, web.Tab{Title: fmt.Sprintf("%d年", one.Year), Href: fmt.Sprintf("/plans/%d", one.Year), Now: one.ID == p.ID})
	}
	return web.View("plan/public", v), nil
}

func (s *Service) publicMeasure(r *web.Request) (web.Reply, error) {
	p, err := s.planAt(r)
	if err != nil {
		return web.Reply{}, err
	}
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	b, err := s.book(r.Context(), p.ID)
	if err != nil {
		return web.Reply{}, err
	}
	at, ok := b.measure[key]
	if !ok {
		return web.Reply{}, fault.New(fault.NotFound, "没有找到这条举措，可能已随计划调整取消")
	}
	lines, err := s.publicLines(r.Context(), b)
	if err != nil {
		return web.Reply{}, err
	}
	v := struct {
		publicLine
		Plan Plan
		Item Item
		Rows []publicUnit
	}{lines[at], b.plan, b.items[b.item[lines[at].Item]], nil}
	for i := range b.entries {
		e := &b.entries[i]
		if e.Measure != at || e.State == "cancelled" {
			continue
		}
		u := publicUnit{Name: b.units[e.Column].Name, Role: e.Role.Title(), Due: e.Due, Number: e.Number}
		switch standings[e.Rank-1].Code {
		case "closed":
			u.State, u.Word = "done", "已完成"
		case "untriggered":
			u.State, u.Word = "done", "没有发生需要办理的事项"
		case "overdue":
			u.State, u.Word = "late", fmt.Sprintf("已逾期%d个工作日", e.Late)
		default:
			u.State, u.Word = "doing", "推进中"
		}
		v.Rows = append(v.Rows, u)
	}
	return web.View("plan/public-measure", v), nil
}

// publicUnit is how one unit stands under a measure, for everyone.
type publicUnit struct {
	Name, Role  string
	Due         calendar.Date
	Number      int
	State, Word string
}

// released brings a piece of evidence that everyone may see; any other is not
// there, so that nothing can be learnt by asking.
func (s *Service) released(r *web.Request) (e Evidence, p Plan, err error) {
	gone := fault.New(fault.NotFound, "没有找到这条佐证，可能没有公开或者已经撤回")
	key, err := r.Key("id")
	if err != nil {
		return e, p, err
	}
	if e, err = getEvidence(r.Context(), s.k.DB.Read, key); fault.Is(err, fault.NotFound) {
		return e, p, gone
	} else if err != nil {
		return e, p, err
	}
	if !e.Public || e.Verdict != Accepted {
		return Evidence{}, p, gone
	}
	p, err = getPlan(r.Context(), s.k.DB.Read, e.Plan)
	return e, p, err
}

func (s *Service) publicEvidence(r *web.Request) (web.Reply, error) {
	e, p, err := s.released(r)
	if err != nil {
		return web.Reply{}, err
	}
	d, err := getDuty(r.Context(), s.k.DB.Read, e.Duty)
	if err != nil {
		return web.Reply{}, err
	}
	b, err := s.book(r.Context(), p.ID)
	if err != nil {
		return web.Reply{}, err
	}
	kept, err := s.keptPage(r, e)
	if err != nil {
		return web.Reply{}, err
	}
	v := struct {
		Evidence
		Plan    Plan
		Measure id.ID
		Unit    string
		Kept    template.HTML
		File    bool
	}{Evidence: e, Plan: p, Measure: d.Measure, Unit: b.unit(d.Unit).Name, File: e.Kind == File && e.Hash != ""}
	if kept != nil {
		v.Kept = fetch.View(kept)
	}
	return web.View("plan/public-evidence", v), nil
}

func (s *Service) publicFile(r *web.Request) (web.Reply, error) {
	e, _, err := s.released(r)
	if err != nil {
		return web.Reply{}, err
	}
	if e.Kind != File {
		return web.Reply{}, fault.New(fault.NotFound, "这条佐证没有文件")
	}
	return s.download(r, e)
}

// publicCard is the year's plan on the first page of the portal.
func (s *Service) publicCard(r *web.Request) (any, error) {
	all, err := s.Plans(r.Context())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	p := all[0]
	for _, one := range all {
		if one.Year == r.Today().Year() {
			p = one
		}
	}
	v, err := s.publicYear(r.Context(), p, r.Today(), "")
	if err != nil {
		return nil, err
	}
	type shown struct {
		Evidence
		Of publicLine
	}
	card := struct {
		publicYear
		Overdue []publicLine
		Fresh   []shown
	}{publicYear: v}
	for _, part := range v.Parts {
		for _, it := range part.Items {
			for _, l := range it.Measures {
				if l.State == "late" {
					card.Overdue = append(card.Overdue, l)
				}
				for _, e := range l.Evidence {
					card.Fresh = append(card.Fresh, shown{e, l})
				}
			}
		}
	}
	slices.SortStableFunc(card.Fresh, func(a, b shown) int { return b.DatedOn.Compare(a.DatedOn) })
	card.Overdue, card.Fresh = card.Overdue[:min(5, len(card.Overdue))], card.Fresh[:min(5, len(card.Fresh))]
	return card, nil
}
