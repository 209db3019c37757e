package plan

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"gongkai/area"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/web"
)

// workers are the roles that work on duties; readers may look at all of them.
const (
	workers = org.Disclosure | org.Lead | org.Coordinator
	readers = org.Coordinator | org.Leader | org.Principal | org.AuditAdmin
)

func (s *Service) workRoutes() []web.Route {
	return []web.Route{
		web.GET("/desk/duties/{id}", org.Staff, s.dutyPage),
		web.POST("/desk/terms/{id}/move", workers, s.postMove),
		web.POST("/desk/terms/{id}/progress", org.Disclosure, s.postProgress),
		web.POST("/desk/terms/{id}/evidence", org.Disclosure, s.postEvidence).Body(MaxFile + 1<<20),
		web.POST("/desk/terms/{id}/urge", org.Lead|org.Coordinator, s.postUrge),
		web.POST("/desk/duties/{id}/steps", org.Disclosure, s.postStep),
		web.POST("/desk/steps/{id}/done", org.Staff, s.postDone),
		web.POST("/desk/steps/{id}/drop", org.Disclosure, s.postDropStep),
		web.GET("/desk/evidence/{id}", org.Staff, s.evidencePage),
		web.GET("/desk/evidence/{id}/file", org.Staff, s.evidenceFile),
		web.GET("/desk/evidence/{id}/picture", org.Staff, s.evidencePicture),
		web.POST("/desk/evidence/{id}/judge", org.Lead|org.Coordinator, s.postJudge),
		web.POST("/desk/evidence/{id}/public", org.Coordinator, s.postPublic),
		web.POST("/desk/evidence/{id}/drop", org.Disclosure, s.postDropEvidence),
		web.GET("/desk/measures/{id}", org.Staff, s.measurePage),
		web.POST("/desk/measures/{id}/rules", org.Coordinator, s.postRule),
		web.POST("/desk/measures/{id}/prove", org.Coordinator, s.postProve),
		web.POST("/desk/rules/{id}/drop", org.Coordinator, s.postDropRule),
		web.GET("/desk/plans/{id}/lookback", org.Staff, s.lookbackPage),
		web.POST("/desk/plans/{id}/lookback", org.Coordinator, s.postLookback),
		web.GET("/desk/rechecks/{id}", org.Staff, s.recheckPage),
		web.POST("/desk/rechecks/{id}/move", org.Coordinator|org.Disclosure, s.postRecheck),
	}
}

// may reports whether somebody may see a duty.
func (s *Service) may(r *web.Request, d Duty, p Plan) (bool, error) {
	leads, err := leadsOf(r.Context(), s.k.DB.Read, d.Measure)
	return err == nil && sees(r.Who, d.Unit, p.Office, leads), err
}

// dutyView is everything on the page of one duty.
type dutyView struct {
	*web.Form
	Open    string // which form was refused and stands open: evidence, step, progress, a move's name
	Plan    Plan
	Item    Item
	Measure Measure
	Duty    Duty
	Unit    string
	Leads   []string
	Term    Term
	Terms   []termTab
	area.CaseView
	Standing Standing
	Due      web.Due
	Clocks   []process.Deadline
	Steps    []stepView
	Edited   *stepView // the step whose form stands open, nil for a new one
	Percent  int
	Progress []progressView
	Evidence []evidenceView
	Rules    []ruleView
	People   []web.Option
	Own      bool // the reader works for the unit
	Checks   bool // the reader checks it
	Office   bool // the reader coordinates
	Working  bool // the unit can still work on it
}

type termTab struct {
	web.Tab
	Standing Standing
}

type stepView struct {
	Step
	Who, LeaderName string
	Late            bool
	Mine            bool
}

type progressView struct {
	Progress
	Who string
}

type evidenceView struct {
	Evidence
	Who   string
	Judge bool // the reader may judge it
	Drop  bool
}

type ruleView struct {
	Rule
	Kind    string
	Finding *Finding
}

// Mark is the letter of the latest verdict.
func (r ruleView) Mark() (mark, title, tone string) { return verdictMark(r.Finding) }

func verdictMark(f *Finding) (mark, title, tone string) {
	if f == nil {
		return "待", "尚未核查", "idle"
	}
	switch f.Verdict {
	case "met":
		return "达", "达标", "done"
	case "not":
		return "缺", "未达标", "late"
	}
	return "疑", "无法判断", "doubt"
}

func (s *Service) dutyPage(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	v, err := s.duty(r, key, id.ID(r.Query("term")), nil, r.Query("open"))
	if err != nil {
		return web.Reply{}, err
	}
	if v.edit(id.ID(r.Query("step"))) {
		v.Open, v.Form = "step", stepFields(v.Edited.Step)
	}
	return web.View("plan/duty", v), nil
}

// stepFields is the form of a step as it is saved.
func stepFields(st Step) *web.Form {
	return web.Fill("step_text", st.Text, "product", st.Product, "person", st.Person, "leader", st.Leader, "step_due", st.Due, "note", st.Note, "version", st.Version)
}

// edit makes the step the one whose form stands open; it is false when there is
// none such, or the reader may not change it.
func (v *dutyView) edit(step id.ID) bool {
	for i := range v.Steps {
		if v.Own && v.Steps[i].ID == step {
			v.Edited = &v.Steps[i]
			return true
		}
	}
	return false
}

// duty gathers the page of a duty; term "" is the latest period that has begun.
func (s *Service) duty(r *web.Request, key, term id.ID, form *web.Form, openForm string) (v dutyView, err error) {
	ctx, db := r.Context(), s.k.DB.Read
	v.Form, v.Open = form, openForm
	if v.Duty, err = getDuty(ctx, db, key); err != nil {
		return v, err
	}
	if v.Plan, err = getPlan(ctx, db, v.Duty.Plan); err != nil {
		return v, err
	}
	leads, err := leadsOf(ctx, db, v.Duty.Measure)
	if err != nil {
		return v, err
	}
	if !sees(r.Who, v.Duty.Unit, v.Plan.Office, leads) {
		return v, fault.New(fault.NotFound, "没有找到这项责任，或者它属于其他单位")
	}
	if v.Measure, err = getMeasure(ctx, db, v.Duty.Measure); err != nil {
		return v, err
	}
	if v.Item, err = getItem(ctx, db, v.Duty.Item); err != nil {
		return v, err
	}
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return v, err
	}
	v.Unit = dir.NameOf(v.Duty.Unit)
	for _, unit := range leads {
		v.Leads = append(v.Leads, dir.NameOf(unit))
	}
	if err := s.dutyTerms(r, &v, term); err != nil {
		return v, err
	}
	who := s.k.Names(r)
	if v.CaseView, err = s.k.CaseView(r, v.Case, who); err != nil {
		return v, err
	}
	v.Own = own(r.Who, v.Duty) == nil
	v.Checks = checks(r.Who, v.Case) == nil
	v.Office = r.Who.Unit == v.Plan.Office && r.Who.May(org.Coordinator)
	v.Working = v.Own && open(v.Case.State, v.Case.ClosedAt) == nil
	if err := s.dutyWork(r, &v, who); err != nil {
		return v, err
	}
	return v, nil
}

// dutyTerms chooses the period and reads its case.
func (s *Service) dutyTerms(r *web.Request, v *dutyView, term id.ID) error {
	ctx := r.Context()
	terms, err := termsOf(ctx, s.k.DB.Read, v.Duty.ID)
	if err != nil {
		return err
	}
	if len(terms) == 0 {
		return fmt.Errorf("duty %s has no period", v.Duty.ID)
	}
	v.Term = terms[len(terms)-1]
	for _, t := range terms {
		if t.ID == term {
			v.Term = t
		}
	}
	today := r.Today()
	soon := s.soon(today)
	for _, t := range terms {
		c, err := s.k.Cases.Get(ctx, t.Case)
		if err != nil {
			return err
		}
		st := standing(c.State, t.Due, today, soon)
		if t.ID == v.Term.ID {
			v.Case, v.Standing = c, st
		}
		v.Terms = append(v.Terms, termTab{web.Tab{Title: fmt.Sprintf("第%d期（%s 至 %s）", t.Number, t.From, t.Until),
			Href: fmt.Sprintf("/desk/duties/%s?term=%s", v.Duty.ID, t.ID), Now: t.ID == v.Term.ID}, st})
	}
	v.Clocks = s.k.Cases.Deadlines(v.Case)
	v.Due = s.dueSentence(r, v)
	return nil
}

// dueSentence says how long there is, and on request why the day is that day:
// what the plan says, and which days until then are working days.
func (s *Service) dueSentence(r *web.Request, v *dutyView) web.Due {
	days, today := s.k.Days(), r.Today()
	var d process.Deadline
	for _, c := range v.Clocks {
		if c.Clock.Name == ClockDue {
			d = c
		}
	}
	due := web.Due{}
	switch {
	case !d.Stop.IsZero() && v.Case.State != "submitted" && v.Case.State != "confirmed":
		due.Sentence, due.State = "完成时限 "+v.Term.Due.Chinese()+"，已于"+d.Stop.Chinese()+"办结", "done"
	case !d.Stop.IsZero():
		due.Sentence, due.State = "完成时限 "+v.Term.Due.Chinese()+"，已于"+d.Stop.Chinese()+"报送", "done"
	default:
		due.Sentence = days.Remaining(calendar.Deadline{Due: d.Due, Provisional: !days.Settled(today, d.Due)}, r.Now, 24*60*60*1e9)
		if d.Due.Before(today) {
			due.State = "late"
		} else if !d.Due.After(s.soon(today)) {
			due.State = "slow"
		}
	}
	if d.Late > 0 && !d.Stop.IsZero() {
		due.Sentence += fmt.Sprintf("，晚%d个工作日", d.Late)
		due.State = "late"
	}
	said := v.Measure.Due.Chinese()
	if v.Measure.DueText != "" {
		said = "“" + v.Measure.DueText + "”，即" + said
	}
	if v.Measure.Due.Kind == AtLeast {
		if d.Stop.IsZero() {
			due.Sentence = v.Measure.Due.Chinese() + "，全年都要做到，没有到期日"
		}
		due.Why = fmt.Sprintf("《%s》对本举措的时限要求是%s。这是最短的时间，每次都不得短于它，没有必须在哪一天前完成的要求；全年的落实情况在%s一并核查。", v.Plan.Title, said, v.Term.Due.Chinese())
		return due
	}
	due.Why = fmt.Sprintf("《%s》对本举措的时限要求是%s。本期自%s至%s，最后一天为%s。", v.Plan.Title, said, v.Term.From.Chinese(), v.Term.Until.Chinese(), v.Term.Due.Chinese())
	if d.ByHand && d.Due != v.Term.Due {
		due.Why += "时限后来调整为" + d.Due.Chinese() + "，经过见办理记录。"
	}
	due.Why += "“某日前”是日历期限，遇休息日不顺延（CAL C8），请在最后一个工作日前办结。"
	if d.Stop.IsZero() && today.Before(d.Due) && d.Due.Sub(today) <= 400 {
		n := 0
		for day := today.Add(1); !day.After(d.Due); day = day.Add(1) {
			line := web.DueDay{Day: day, Counts: days.Working(day)}
			if line.Counts {
				n++
				line.Note = fmt.Sprintf("第 %d 个工作日", n)
			} else {
				line.Note = days.Rest(day)
			}
			due.Days = append(due.Days, line)
		}
	}
	return due
}

// dutyWork reads the steps, progress, evidence and rules of the page's term.
func (s *Service) dutyWork(r *web.Request, v *dutyView, who func(id.ID) string) error {
	ctx, db, today := r.Context(), s.k.DB.Read, r.Today()
	steps, err := stepsOf(ctx, db, v.Duty.ID)
	if err != nil {
		return err
	}
	for _, st := range steps {
		v.Steps = append(v.Steps, stepView{st, who(st.Person), who(st.Leader), st.DoneOn.IsZero() && st.Due.Before(today) || st.DoneOn.After(st.Due), r.Who.Person == st.Person})
	}
	progress, err := progressOf(ctx, db, v.Term.ID)
	if err != nil {
		return err
	}
	for i, p := range progress {
		if i == 0 {
			v.Percent = p.Percent
		}
		v.Progress = append(v.Progress, progressView{p, who(p.By)})
	}
	evidence, err := evidenceOf(ctx, db, v.Term.ID)
	if err != nil {
		return err
	}
	for _, e := range evidence {
		v.Evidence = append(v.Evidence, evidenceView{e, who(e.By), v.Checks && v.Case.ClosedAt.IsZero() && e.By != r.Who.Person, v.Working && e.Verdict != Accepted && e.Kind != Proved})
	}
	if v.Rules, err = s.ruleViews(r, v.Measure.ID, v.Term.ID); err != nil {
		return err
	}
	if v.Own {
		people, err := s.k.Org.Holders(ctx, v.Duty.Unit, ^org.Role(0), today)
		if err != nil {
			return err
		}
		v.People = append(v.People, web.Option{Text: "请选择"})
		for _, p := range people {
			v.People = append(v.People, web.Option{Value: string(p.ID), Text: p.Name})
		}
	}
	return nil
}

// ruleViews are the rules of a measure with what they said of a term.
func (s *Service) ruleViews(r *web.Request, measure, term id.ID) ([]ruleView, error) {
	rules, err := rulesOf(r.Context(), s.k.DB.Read, measure)
	if err != nil {
		return nil, err
	}
	found := map[id.ID]*Finding{}
	if term != "" && len(rules) > 0 {
		list, err := findingsOf(r.Context(), s.k.DB.Read, term)
		if err != nil {
			return nil, err
		}
		for i := range list {
			found[list[i].Rule] = &list[i]
		}
	}
	var out []ruleView
	for _, one := range rules {
		kind, _ := s.kind(one.Kind)
		out = append(out, ruleView{one, kind.Title, found[one.ID]})
	}
	return out, nil
}

// refused shows the duty's page again with what was typed and what is wrong.
func (s *Service) refused(r *web.Request, term id.ID, cause error, openForm string) (web.Reply, error) {
	k := fault.KindOf(cause)
	if k != fault.Invalid && k != fault.Conflict && k != fault.Unavailable {
		return web.Reply{}, cause
	}
	t, err := getTerm(r.Context(), s.k.DB.Read, term)
	if err != nil {
		return web.Reply{}, err
	}
	v, err := s.duty(r, t.Duty, t.ID, r.Form(), openForm)
	if err != nil {
		return web.Reply{}, err
	}
	if v.edit(id.ID(r.Form().Value("step"))) {
		cause = r.Form().Clash(cause, stepFields(v.Edited.Step), v.People)
	} else if openForm == "step" && k == fault.Conflict {
		cause = fault.New(fault.Conflict, "这个步骤已经删除；您填写的内容还在下面，再次保存会作为新的步骤添加")
	}
	return r.Form().Refused(cause, "plan/duty", v)
}

// back leads to the page of a term.
func (s *Service) back(r *web.Request, term id.ID, said string) (web.Reply, error) {
	t, err := getTerm(r.Context(), s.k.DB.Read, term)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Redirect(fmt.Sprintf("/desk/duties/%s?term=%s", t.Duty, t.ID)).Flash(said), nil
}

func (s *Service) postMove(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	t, err := getTerm(r.Context(), s.k.DB.Read, key)
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	move := f.Text("move")
	in := process.Input{Reason: f.Text("reason"), Version: int64(f.Int("version"))}
	if err := s.Move(r.Context(), r.Who, t.Case, move, in); err != nil {
		return s.refused(r, key, err, move)
	}
	flow, _ := s.k.Cases.Flow("duty")
	m, _ := flow.Move(move)
	return s.back(r, key, "已"+m.Title)
}

func (s *Service) postProgress(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	percent, text := f.Int("percent"), f.Text("progress")
	if err := f.Err(); err != nil {
		return s.refused(r, key, err, "progress")
	}
	if err := s.Report(r.Context(), r.Who, key, percent, text); err != nil {
		return s.refused(r, key, renamed(err, "text", "progress"), "progress")
	}
	return s.back(r, key, "进展已记录")
}

// renamed moves the message of a field to the name it has in the page's form.
func renamed(err error, from, to string) error {
	fields := fault.FieldsOf(err)
	text, ok := fields[from]
	if !ok {
		return err
	}
	out := fault.Fields{to: text}
	for name, t := range fields {
		if name != from {
			out[name] = t
		}
	}
	return out.Err()
}

func (s *Service) postEvidence(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	e := Evidence{Term: key, Kind: EvidenceKind(f.Text("kind")), Title: f.Text("title"), URL: f.Text("url"), Text: f.Text("text"),
		Measured: f.Text("measured"), Source: f.Text("source"), DatedOn: f.Date("dated_on")}
	if e.Kind == Figure {
		if e.Amount, err = amount(f.Text("amount")); err != nil {
			return s.refused(r, key, err, "evidence")
		}
	}
	if e.Kind == File {
		err = s.takeFile(r, &e)
	}
	if err == nil {
		err = f.Err()
	}
	if err == nil {
		_, err = s.AddEvidence(r.Context(), r.Who, e)
	}
	if err != nil {
		return s.refused(r, key, err, "evidence")
	}
	said := "佐证已添加"
	if e.Kind == Link {
		said = "佐证已添加，正在抓取页面，稍后可查看留存的快照"
	}
	if duty := f.Key("duty"); duty != "" { // spares a look-up where many hand in at once
		return web.Redirect(fmt.Sprintf("/desk/duties/%s?term=%s", duty, key)).Flash(said), nil
	}
	return s.back(r, key, said)
}

// amount reads a figure as people type it: 12,345.6 or 98％.
func amount(text string) (float64, error) {
	clean := strings.NewReplacer(",", "", "，", "", " ", "", "%", "", "％", "").Replace(text)
	var f float64
	if n, err := fmt.Sscanf(clean, "%g", &f); n != 1 || err != nil || clean == "" {
		return 0, fault.Fields{"amount": "请填写数字，例如 1280 或 98.5"}.Err()
	}
	return f, nil
}

// takeFile keeps the file that was handed in.
func (s *Service) takeFile(r *web.Request, e *Evidence) error {
	up, err := s.k.Take(r, "file", MaxFile)
	if err != nil || up == nil {
		return err
	}
	e.Hash, e.Size, e.Mime, e.URL, e.Source = up.Hash, up.Size, up.Mime, "", up.Name
	return nil
}

func (s *Service) postUrge(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	if err := s.Urge(r.Context(), r.Who, key, r.Form().Text("urge")); err != nil {
		return s.refused(r, key, renamed(err, "text", "urge"), "urge")
	}
	return s.back(r, key, "已催办")
}

func (s *Service) postStep(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	st := Step{Duty: key, ID: f.Key("step"), Text: f.Text("step_text"), Product: f.Text("product"), Person: f.Key("person"), Leader: f.Key("leader"),
		Due: f.Date("step_due"), DoneOn: f.Date("done_on"), Note: f.Text("note"), Version: f.Int("version")}
	if err = f.Err(); err == nil {
		_, err = s.SaveStep(r.Context(), r.Who, st)
	}
	terms, e := termsOf(r.Context(), s.k.DB.Read, key)
	if e != nil || len(terms) == 0 {
		return web.Reply{}, fault.New(fault.NotFound, "没有找到这项责任")
	}
	term := terms[len(terms)-1].ID
	if err != nil {
		return s.refused(r, term, renamed(renamed(err, "text", "step_text"), "due", "step_due"), "step")
	}
	return s.back(r, term, "任务清单已保存")
}

// stepAct does something with a step and goes back to its duty.
func (s *Service) stepAct(r *web.Request, said string, do func(key id.ID) error) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	st, err := getStep(r.Context(), s.k.DB.Read, key)
	if err != nil {
		return web.Reply{}, err
	}
	if err := do(key); err != nil {
		return web.Reply{}, err
	}
	return web.Redirect("/desk/duties/" + string(st.Duty)).Flash(said), nil
}

func (s *Service) postDone(r *web.Request) (web.Reply, error) {
	return s.stepAct(r, "步骤状态已更新", func(key id.ID) error {
		on := r.Today()
		if r.Form().Bool("undo") {
			on = calendar.Date{}
		}
		return s.Done(r.Context(), r.Who, key, on)
	})
}

func (s *Service) postDropStep(r *web.Request) (web.Reply, error) {
	return s.stepAct(r, "步骤已删除", func(key id.ID) error { return s.DropStep(r.Context(), r.Who, key) })
}

// evidenceAct does something with a piece of evidence and goes back to its term.
func (s *Service) evidenceAct(r *web.Request, said string, do func(key id.ID) error) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	e, err := getEvidence(r.Context(), s.k.DB.Read, key)
	if err != nil {
		return web.Reply{}, err
	}
	if err := do(key); err != nil {
		return s.refused(r, e.Term, err, "")
	}
	return s.back(r, e.Term, said)
}

func (s *Service) postJudge(r *web.Request) (web.Reply, error) {
	f := r.Form()
	v := Verdict(f.Text("verdict"))
	if v != Accepted && v != Refused {
		return web.Reply{}, fault.New(fault.Invalid, "请选择采纳或不采纳")
	}
	return s.evidenceAct(r, "核查意见已记录", func(key id.ID) error { return s.Judge(r.Context(), r.Who, key, v, f.Text("why")) })
}

func (s *Service) postPublic(r *web.Request) (web.Reply, error) {
	public := r.Form().Bool("public")
	said := map[bool]string{true: "佐证已公开", false: "已取消公开"}[public]
	return s.evidenceAct(r, said, func(key id.ID) error { return s.Publish(r.Context(), r.Who, key, public) })
}

func (s *Service) postDropEvidence(r *web.Request) (web.Reply, error) {
	return s.evidenceAct(r, "佐证已删除", func(key id.ID) error { return s.DropEvidence(r.Context(), r.Who, key) })
}

// seen loads a piece of evidence for somebody who may see its duty.
func (s *Service) seen(r *web.Request) (Evidence, Duty, error) {
	key, err := r.Key("id")
	if err != nil {
		return Evidence{}, Duty{}, err
	}
	e, err := getEvidence(r.Context(), s.k.DB.Read, key)
	if err != nil {
		return e, Duty{}, err
	}
	d, err := getDuty(r.Context(), s.k.DB.Read, e.Duty)
	if err != nil {
		return e, d, err
	}
	p, err := getPlan(r.Context(), s.k.DB.Read, e.Plan)
	if err != nil {
		return e, d, err
	}
	ok, err := s.may(r, d, p)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "没有找到这条佐证，或者它属于其他单位")
	}
	return e, d, err
}

// keptPage reads a kept page back from the files.
func (s *Service) keptPage(r *web.Request, e Evidence) (*fetch.Page, error) {
	if e.Mime != archiveType || e.Hash == "" {
		return nil, nil
	}
	file, err := s.k.Files.Open(r.Context(), e.Hash)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	record, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read a kept page: %w", err)
	}
	return fetch.ReadArchive(record)
}

func (s *Service) evidencePage(r *web.Request) (web.Reply, error) {
	e, d, err := s.seen(r)
	if err != nil {
		return web.Reply{}, err
	}
	page, err := s.keptPage(r, e)
	if err != nil {
		return web.Reply{}, err
	}
	v := struct {
		Evidence
		Duty Duty
		Page *fetch.Page
		Head []web.Pair // of the answer
		Body any
	}{Evidence: e, Duty: d, Page: page}
	if page != nil {
		v.Body = safe(page)
		for _, name := range slices.Sorted(maps.Keys(page.Header)) {
			v.Head = append(v.Head, web.Pair{Name: name, Value: strings.Join(page.Header[name], "，")})
		}
	}
	return web.View("plan/evidence", v), nil
}

// evidencePicture shows how a kept page looked.
func (s *Service) evidencePicture(r *web.Request) (web.Reply, error) {
	e, _, err := s.seen(r)
	if err != nil {
		return web.Reply{}, err
	}
	page, err := s.keptPage(r, e)
	if err != nil {
		return web.Reply{}, err
	}
	if page == nil || len(page.Picture) == 0 {
		return web.Reply{}, fault.New(fault.NotFound, "这条佐证没有页面截图")
	}
	return web.Show("image/png", func(w io.Writer) error {
		_, err := w.Write(page.Picture)
		return err
	}), nil
}

func (s *Service) evidenceFile(r *web.Request) (web.Reply, error) {
	e, _, err := s.seen(r)
	if err != nil {
		return web.Reply{}, err
	}
	return s.download(r, e)
}

// download sends the file of a piece of evidence. It is never shown in place:
// what came from outside does not run under our address.
func (s *Service) download(r *web.Request, e Evidence) (web.Reply, error) {
	if e.Hash == "" {
		return web.Reply{}, fault.New(fault.NotFound, "这条佐证没有文件")
	}
	name := e.Source
	if e.Mime == archiveType || name == "" {
		name = e.Hash[:12] + ".warc"
	}
	file, err := s.k.Files.Open(r.Context(), e.Hash)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Download(name, "application/octet-stream", func(w io.Writer) error {
		defer file.Close()
		_, err := io.Copy(w, file)
		return err
	}), nil
}
