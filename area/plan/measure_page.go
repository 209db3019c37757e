package plan

import (
	"html/template"

	"gongkai/area"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/process"
	"gongkai/web"
)

// safe is a kept page as harmless HTML: fetch has taken out everything that acts.
func safe(p *fetch.Page) template.HTML { return template.HTML(p.Safe()) }

// measureView is the page of one measure: who has to do it, how they stand, and
// the rules that prove it.
type measureView struct {
	*web.Form
	Open    string
	Plan    Plan
	Item    Item
	Measure Measure
	Lines   []Line
	Rules   []ruleLine
	Kinds   []web.Option
	Kind    *area.Proof // whose parameters are asked for
	Options map[string][]web.Option
	Office  bool
}

// ruleLine is a rule with the number of terms it says each verdict of.
type ruleLine struct {
	Rule
	KindTitle         string
	Pairs             []web.Pair
	Met, Not, Unknown int
	Waiting           int
	Last              []lastWord
}

// lastWord is what a rule said of one unit.
type lastWord struct {
	Unit    string
	Finding Finding
}

func (w lastWord) Mark() (mark, title, tone string) { return verdictMark(&w.Finding) }

func (s *Service) measurePage(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	v, err := s.measure(r, key, web.Fill("kind", r.Query("kind")), r.Query("kind"))
	if err != nil {
		return web.Reply{}, err
	}
	return web.View("plan/measure", v), nil
}

func (s *Service) measure(r *web.Request, key id.ID, form *web.Form, kind string) (v measureView, err error) {
	ctx, db := r.Context(), s.k.DB.Read
	v.Form = form
	if v.Measure, err = getMeasure(ctx, db, key); err != nil {
		return v, err
	}
	if v.Plan, err = getPlan(ctx, db, v.Measure.Plan); err != nil {
		return v, err
	}
	if v.Item, err = getItem(ctx, db, v.Measure.Item); err != nil {
		return v, err
	}
	v.Office = r.Who.Unit == v.Plan.Office && r.Who.May(org.Coordinator)
	f := Filter{Plan: v.Plan.ID, Measure: key}
	leads, err := leadsOf(ctx, db, key)
	if err != nil {
		return v, err
	}
	all := v.Office || r.Who.May(readers)
	for _, unit := range leads {
		all = all || unit == r.Who.Unit
	}
	if !all {
		f.Unit = r.Who.Unit
	}
	if v.Lines, err = s.AllLines(ctx, f); err != nil {
		return v, err
	}
	if !all && len(v.Lines) == 0 {
		return v, fault.New(fault.NotFound, "没有找到这条举措，或者它不涉及本单位")
	}
	if v.Rules, err = s.ruleLines(r, v); err != nil {
		return v, err
	}
	v.Kinds = []web.Option{{Text: "请选择"}}
	v.Options = map[string][]web.Option{}
	for _, p := range s.proofs {
		v.Kinds = append(v.Kinds, web.Option{Value: p.Name, Text: p.Title})
		if p.Name != kind {
			continue
		}
		v.Kind = &p
		for _, param := range p.Params {
			for _, o := range param.Options {
				v.Options[param.Name] = append(v.Options[param.Name], web.Option{Value: o.Code, Text: o.Title})
			}
			if param.Optional {
				v.Options[param.Name] = append([]web.Option{{Text: "不限"}}, v.Options[param.Name]...)
			}
		}
	}
	return v, nil
}

func (s *Service) ruleLines(r *web.Request, v measureView) ([]ruleLine, error) {
	rules, err := rulesOf(r.Context(), s.k.DB.Read, v.Measure.ID)
	if err != nil {
		return nil, err
	}
	found := map[id.ID][]lastWord{}
	for _, l := range v.Lines {
		list, err := findingsOf(r.Context(), s.k.DB.Read, l.Term)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			found[f.Rule] = append(found[f.Rule], lastWord{l.UnitName, f})
		}
	}
	var out []ruleLine
	for _, rule := range rules {
		kind, _ := s.kind(rule.Kind)
		line := ruleLine{Rule: rule, KindTitle: kind.Title, Last: found[rule.ID]}
		for _, p := range kind.Params {
			if value := rule.Values[p.Name]; value != "" {
				for _, o := range p.Options {
					if o.Code == value {
						value = o.Title
					}
				}
				if p.Kind == area.YesNo {
					value = "是"
				}
				line.Pairs = append(line.Pairs, web.Pair{Name: p.Title, Value: value})
			}
		}
		for _, w := range line.Last {
			switch w.Finding.Verdict {
			case area.Met:
				line.Met++
			case area.NotMet:
				line.Not++
			default:
				line.Unknown++
			}
		}
		line.Waiting = len(v.Lines) - len(line.Last)
		out = append(out, line)
	}
	return out, nil
}

func (s *Service) postRule(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	rule := Rule{Measure: key, Kind: f.Text("kind"), Title: f.Text("title"), Values: map[string]string{}}
	kind, _ := s.kind(rule.Kind)
	for _, p := range kind.Params {
		v := f.Text("value-" + p.Name)
		if p.Kind == area.YesNo && f.Bool("value-"+p.Name) {
			v = "yes"
		}
		rule.Values[p.Name] = v
	}
	if _, err := s.SaveRule(r.Context(), r.Who, rule); err != nil {
		v, e := s.measure(r, key, f, rule.Kind)
		if e != nil {
			return web.Reply{}, e
		}
		return f.Refused(err, "plan/measure", v)
	}
	return web.Redirect("/desk/measures/" + string(key)).Flash("佐证规则已添加，正在核查"), nil
}

func (s *Service) postProve(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	if err := s.AskProof(r.Context(), r.Who, key); err != nil {
		return web.Reply{}, err
	}
	return web.Redirect("/desk/measures/" + string(key)).Flash("已安排核查，稍后刷新查看结果"), nil
}

func (s *Service) postDropRule(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	rule, err := getRule(r.Context(), s.k.DB.Read, key)
	if err != nil {
		return web.Reply{}, err
	}
	if err := s.DropRule(r.Context(), r.Who, key); err != nil {
		return web.Reply{}, err
	}
	return web.Redirect("/desk/measures/" + string(rule.Measure)).Flash("佐证规则已删除"), nil
}

// lookbackView is the work ledger of a year's look-back.
type lookbackView struct {
	Plan    Plan
	Last    *Plan
	Figures LookbackFigures
	Filters []web.Filter
	List    page.Of[RecheckLine]
	Office  bool
}

func (s *Service) lookbackPage(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	ctx := r.Context()
	var v lookbackView
	if v.Plan, err = getPlan(ctx, s.k.DB.Read, key); err != nil {
		return web.Reply{}, err
	}
	if v.Plan.Previous != "" {
		last, err := getPlan(ctx, s.k.DB.Read, v.Plan.Previous)
		if err != nil {
			return web.Reply{}, err
		}
		v.Last = &last
	}
	v.Office = r.Who.Unit == v.Plan.Office && r.Who.May(org.Coordinator)
	if v.Figures, err = s.Lookback(ctx, key); err != nil {
		return web.Reply{}, err
	}
	unit := id.ID("")
	if !v.Office && !r.Who.May(readers) {
		unit = r.Who.Unit
	}
	state := r.Query("state")
	flow, _ := s.k.Cases.Flow("recheck")
	filter := web.Filter{Name: "state", Title: "状态", Value: state}
	for _, st := range flow.States {
		filter.Options = append(filter.Options, web.Option{Value: st.Name, Text: st.Title})
	}
	v.Filters = []web.Filter{filter}
	if v.List, err = rechecks(ctx, s.k.DB.Read, key, unit, state, r.Page()); err != nil {
		return web.Reply{}, err
	}
	for i := range v.List.Rows {
		st, _ := flow.State(v.List.Rows[i].State)
		v.List.Rows[i].Mark, v.List.Rows[i].Title = st.Mark, st.Title
	}
	return web.View("plan/lookback", v), nil
}

func (s *Service) postLookback(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	n, err := s.LookBack(r.Context(), r.Who, key)
	if err != nil {
		return web.Reply{}, err
	}
	said := "回头看已启动，共" + web.Number(n) + "项待核查"
	if n == 0 {
		said = "上年有时限的任务都已列入回头看，没有新增"
	}
	return web.Redirect("/desk/plans/" + string(key) + "/lookback").Flash(said), nil
}

// recheckView is the page of one look-back.
type recheckView struct {
	*web.Form
	Recheck Recheck
	Plan    Plan
	Last    Plan
	Duty    Duty
	Measure Measure
	Unit    string
	area.CaseView
	State process.State
	Due   string
	Terms []Line // how the duty ended last year
}

func (s *Service) recheckPage(r *web.Request) (web.Reply, error) {
	v, err := s.recheck(r, nil)
	if err != nil {
		return web.Reply{}, err
	}
	return web.View("plan/recheck", v), nil
}

func (s *Service) recheck(r *web.Request, form *web.Form) (v recheckView, err error) {
	key, err := r.Key("id")
	if err != nil {
		return v, err
	}
	ctx, db := r.Context(), s.k.DB.Read
	v.Form = form
	if v.Recheck, err = getRecheck(ctx, db, key); err != nil {
		return v, err
	}
	if v.Plan, err = getPlan(ctx, db, v.Recheck.Plan); err != nil {
		return v, err
	}
	if v.Duty, err = getDuty(ctx, db, v.Recheck.Duty); err != nil {
		return v, err
	}
	if ok, err := s.may(r, v.Duty, v.Plan); err != nil {
		return v, err
	} else if !ok {
		return v, fault.New(fault.NotFound, "没有找到这项回头看，或者它属于其他单位")
	}
	if v.Last, err = getPlan(ctx, db, v.Duty.Plan); err != nil {
		return v, err
	}
	if v.Measure, err = getMeasure(ctx, db, v.Duty.Measure); err != nil {
		return v, err
	}
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return v, err
	}
	v.Unit = dir.NameOf(v.Duty.Unit)
	c, err := s.k.Cases.Get(ctx, v.Recheck.Case)
	if err != nil {
		return v, err
	}
	if v.CaseView, err = s.k.CaseView(r, c, s.k.Names(r)); err != nil {
		return v, err
	}
	v.State = v.Case.StateOf()
	if e, err := s.k.Cases.Explain(v.Case, "mend"); err == nil && v.Case.ClosedAt.IsZero() && v.Case.State == "ledger" {
		v.Due = s.k.Days().Remaining(e.Deadline, r.Now, 24*60*60*1e9)
	}
	if v.Terms, err = s.AllLines(ctx, Filter{Plan: v.Last.ID, Measure: v.Measure.ID, Unit: v.Duty.Unit}); err != nil {
		return v, err
	}
	return v, nil
}

func (s *Service) postRecheck(r *web.Request) (web.Reply, error) {
	v, err := s.recheck(r, r.Form())
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	in := process.Input{Reason: f.Text("reason"), Version: int64(f.Int("version"))}
	if err := s.Move(r.Context(), r.Who, v.Case.ID, f.Text("move"), in); err != nil {
		return f.Refused(err, "plan/recheck", v)
	}
	return web.Redirect("/desk/rechecks/" + string(v.Recheck.ID)).Flash("已办理"), nil
}
