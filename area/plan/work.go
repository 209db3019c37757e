package plan

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/store"
)

// own says whether the actor works for the unit of a duty; every change by a
// unit to its own work asks it.
func own(who org.Actor, d Duty) error {
	if who.Unit != d.Unit || !who.May(org.Disclosure) {
		return fault.New(fault.Forbidden, "这是其他单位的任务，请由该单位的政务公开经办人员办理")
	}
	return nil
}

// myDuty loads a duty that the actor's unit works on. The persons named may work
// on it too, whatever their role.
func myDuty(ctx context.Context, tx *store.Tx, who org.Actor, duty id.ID, named ...id.ID) (Duty, error) {
	d, err := getDuty(ctx, tx, duty)
	if err == nil && !slices.Contains(named, who.Person) {
		err = own(who, d)
	}
	return d, err
}

// sees is who may see a duty of a unit: that unit, those that lead its measure,
// the office that runs the plan, and who watches over all.
func sees(who org.Actor, unit, office id.ID, leads []id.ID) bool {
	return who.Unit == unit || who.Unit == office || who.May(readers) || slices.Contains(leads, who.Unit)
}

// at loads a term with its duty and its case.
func (s *Service) at(ctx context.Context, tx *store.Tx, term id.ID) (Term, Duty, *process.Case, error) {
	t, err := getTerm(ctx, tx, term)
	if err != nil {
		return t, Duty{}, nil, err
	}
	d, err := getDuty(ctx, tx, t.Duty)
	if err != nil {
		return t, d, nil, err
	}
	c, err := s.k.Cases.Within(ctx, tx, t.Case)
	return t, d, c, err
}

// open refuses work on a term that is finished or was not accepted.
func open(state string, closed time.Time) error {
	switch {
	case !closed.IsZero():
		return fault.New(fault.Conflict, "这项任务已经办结；需要修改时，请由政府办公室重新挂号")
	case state == "issued":
		return fault.New(fault.Conflict, "请先认领任务，再填报")
	}
	return nil
}

// mine loads a term that the actor's unit works on now, with its duty.
func mine(ctx context.Context, tx *store.Tx, who org.Actor, term id.ID) (Term, Duty, error) {
	t, d, state, closed, err := workplace(ctx, tx, term)
	if err == nil {
		err = own(who, d)
	}
	if err == nil {
		err = open(state, closed)
	}
	return t, d, err
}

// Report says how far a term has come, in words and per cent.
func (s *Service) Report(ctx context.Context, who org.Actor, term id.ID, percent int, text string) error {
	text = strings.TrimSpace(text)
	wrong := fault.Fields{}
	if percent < 0 || percent > 100 {
		wrong["percent"] = "完成比例请填0至100"
	}
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		wrong["text"] = "请写明进展情况"
	case n > 2000:
		wrong["text"] = fmt.Sprintf("进展情况有%d字，请不超过2000字", n)
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, _, err := mine(ctx, tx, who, term); err != nil {
			return err
		}
		r := Progress{ID: id.New(), Term: term, Percent: percent, Text: text, By: who.Person, At: tx.Now}
		if err := insert(ctx, tx, []progressRow{{Progress: r}}); err != nil {
			return fmt.Errorf("report progress: %w", err)
		}
		return s.record(ctx, tx, who, "plan.progress", "term", term, fmt.Sprintf("进展%d%%", percent))
	})
}

// valid holds the rules of one row of a task list (assessment, section 2).
func (st Step) valid(m Measure, year int) error {
	wrong := fault.Fields{}
	if n := utf8.RuneCountInString(st.Text); n < 2 || n > 300 {
		wrong["text"] = "具体任务请写2至300个字，以动词开头，一行一个成果"
	}
	if n := utf8.RuneCountInString(st.Product); n > 100 {
		wrong["product"] = "成果形式请不超过100字"
	}
	if n := utf8.RuneCountInString(st.Note); n > 1000 {
		wrong["note"] = "备注请不超过1000字"
	}
	if st.Person == "" {
		wrong["person"] = "请选择责任人"
	} else if st.Person == st.Leader {
		wrong["leader"] = "责任领导与责任人应是两个人"
	}
	last := calendar.Day(year, time.December, 31)
	if m.Due.Kind == ByDate && !m.Due.On.IsZero() {
		last = m.Due.On
	}
	switch {
	case st.Due.IsZero():
		wrong["due"] = "请填写完成时限"
	case st.Due.After(last):
		wrong["due"] = fmt.Sprintf("完成时限不能晚于任务分工规定的%s", last.Chinese())
	}
	return wrong.Err()
}

// SaveStep adds a row to a unit's task list, or changes one (Step.ID set). A
// change of a row that somebody else changed meanwhile is a Conflict.
func (s *Service) SaveStep(ctx context.Context, who org.Actor, st Step) (id.ID, error) {
	st.Text, st.Product, st.Note = strings.TrimSpace(st.Text), strings.TrimSpace(st.Product), strings.TrimSpace(st.Note)
	return st.ID, s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := myDuty(ctx, tx, who, st.Duty)
		if err != nil {
			return err
		}
		m, err := getMeasure(ctx, tx, d.Measure)
		if err != nil {
			return err
		}
		p, err := getPlan(ctx, tx, d.Plan)
		if err != nil {
			return err
		}
		if err := st.valid(m, p.Year); err != nil {
			return err
		}
		if err := s.inUnit(ctx, d.Unit, st.Person, st.Leader); err != nil {
			return err
		}
		if st.ID != "" {
			if err := updateStep(ctx, tx, st); err != nil {
				return err
			}
			return s.record(ctx, tx, who, "plan.step", "duty", d.ID, "修改任务清单："+st.Text)
		}
		rows, err := stepsOf(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		if len(rows) >= 50 {
			return fault.New(fault.Invalid, "一项任务最多分解为50步，请合并相近的步骤")
		}
		st.ID, st.Version, st.Position = id.New(), 1, len(rows)+1
		if err := insert(ctx, tx, []stepRow{{Step: st}}); err != nil {
			return fmt.Errorf("add a step: %w", err)
		}
		return s.record(ctx, tx, who, "plan.step", "duty", d.ID, "任务清单新增："+st.Text)
	})
}

// inUnit refuses persons who do not belong to the unit.
func (s *Service) inUnit(ctx context.Context, unit id.ID, persons ...id.ID) error {
	people, err := s.k.Org.Holders(ctx, unit, ^org.Role(0), s.today())
	if err != nil {
		return err
	}
	known := map[id.ID]bool{"": true}
	for _, p := range people {
		known[p.ID] = true
	}
	for _, p := range persons {
		if !known[p] {
			return fault.Fields{"person": "责任人和责任领导应是本单位人员"}.Err()
		}
	}
	return nil
}

// Done marks a step done on a day, or open again with no day.
func (s *Service) Done(ctx context.Context, who org.Actor, step id.ID, on calendar.Date) error {
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		st, err := getStep(ctx, tx, step)
		if err != nil {
			return err
		}
		d, err := myDuty(ctx, tx, who, st.Duty, st.Person)
		if err != nil {
			return err
		}
		if on.After(calendar.Of(tx.Now)) {
			return fault.Fields{"done_on": "完成日期不能是将来的日期"}.Err()
		}
		st.DoneOn = on
		if err := updateStep(ctx, tx, st); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "plan.step", "duty", d.ID, "步骤“"+st.Text+"”完成日期："+on.String())
	})
}

// DropStep takes a row out of a task list.
func (s *Service) DropStep(ctx context.Context, who org.Actor, step id.ID) error {
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		st, err := getStep(ctx, tx, step)
		if err != nil {
			return err
		}
		d, err := myDuty(ctx, tx, who, st.Duty)
		if err != nil {
			return err
		}
		if err := deleteStep(ctx, tx, step); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "plan.step", "duty", d.ID, "任务清单删除："+st.Text)
	})
}

// AddEvidence hands in a piece of evidence for a term. A link is fetched and its
// page kept afterwards, by a job of the same unit of work.
func (s *Service) AddEvidence(ctx context.Context, who org.Actor, e Evidence) (id.ID, error) {
	e = e.clean()
	e.ID = id.New()
	return e.ID, s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		t, d, err := mine(ctx, tx, who, e.Term)
		if err != nil {
			return err
		}
		if err := e.valid(t, calendar.Of(tx.Now)); err != nil {
			return err
		}
		if e.Text == "" { // the same evidence for two duties needs an explanation (assessment, section 4)
			other, err := sameEvidence(ctx, tx, d, e)
			if err != nil {
				return err
			}
			if other {
				return fault.Fields{"text": "这条佐证已用于本单位的另一项任务，请在说明中写明它为什么也证明这一项"}.Err()
			}
		}
		e.Duty, e.Plan, e.By, e.At, e.Verdict = d.ID, d.Plan, who.Person, tx.Now, Unjudged
		if err := tx.InsertReady(ctx, &evidenceRow{Evidence: e}); err != nil {
			return fmt.Errorf("add evidence: %w", err)
		}
		if e.Kind == Link {
			if err := s.k.Jobs.Insert(ctx, tx, fetchEvidence{Evidence: e.ID}); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, who, "plan.evidence", "term", e.Term, e.Kind.Title()+"佐证："+e.name())
	})
}

// name is what a piece of evidence is called: its title, or its address.
func (e Evidence) name() string {
	if e.Title != "" {
		return e.Title
	}
	return e.URL
}

// DropEvidence takes back a piece of evidence that nobody has judged.
func (s *Service) DropEvidence(ctx context.Context, who org.Actor, key id.ID) error {
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		e, err := getEvidence(ctx, tx, key)
		if err != nil {
			return err
		}
		if _, _, err := mine(ctx, tx, who, e.Term); err != nil {
			return err
		}
		if e.Verdict == Accepted || e.Kind == Proved {
			return fault.New(fault.Conflict, "这条佐证已被采纳或由系统生成，不能删除")
		}
		if err := deleteEvidence(ctx, tx, key); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "plan.evidence", "term", e.Term, "删除佐证："+e.name())
	})
}

// Judge accepts or refuses a piece of evidence, for the unit that checks the duty.
func (s *Service) Judge(ctx context.Context, who org.Actor, key id.ID, v Verdict, why string) error {
	why = strings.TrimSpace(why)
	if v == Refused && why == "" {
		return fault.Fields{"why": "请写明不采纳的理由，便于责任单位补充"}.Err()
	}
	if utf8.RuneCountInString(why) > 500 {
		return fault.Fields{"why": "理由请不超过500字"}.Err()
	}
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		e, err := getEvidence(ctx, tx, key)
		if err != nil {
			return err
		}
		_, _, c, err := s.at(ctx, tx, e.Term)
		if err != nil {
			return err
		}
		if err := checks(who, c); err != nil {
			return err
		}
		if e.By == who.Person {
			return fault.New(fault.Forbidden, "不能核查自己报送的佐证，请由其他人员核查")
		}
		if !c.ClosedAt.IsZero() {
			return fault.New(fault.Conflict, "任务已经办结，佐证不再变更")
		}
		if err := setVerdict(ctx, tx, key, v, why); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "plan.judge", "term", e.Term, strings.TrimSuffix(v.Title()+"："+e.name()+"，"+why, "，"))
	})
}

// checks says whether the actor acts for the unit that checks a case or for the
// office.
func checks(who org.Actor, c *process.Case) error {
	lead := who.Unit == c.Party(PartyLead) && who.May(org.Lead|org.Coordinator)
	office := who.Unit == c.Party(PartyOffice) && who.May(org.Coordinator)
	if lead || office {
		return nil
	}
	return fault.New(fault.Forbidden, "请由牵头单位或政府办公室核查")
}

// Publish shows a piece of evidence on the public page, or hides it. Only what
// was accepted may be shown.
func (s *Service) Publish(ctx context.Context, who org.Actor, key id.ID, public bool) error {
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		e, err := getEvidence(ctx, tx, key)
		if err != nil {
			return err
		}
		p, err := getPlan(ctx, tx, e.Plan)
		if err != nil {
			return err
		}
		if who.Unit != p.Office || !who.May(org.Coordinator) {
			return fault.New(fault.Forbidden, "请由政府办公室决定佐证是否公开")
		}
		if public && e.Verdict != Accepted {
			return fault.New(fault.Conflict, "只有已采纳的佐证才能公开")
		}
		if err := setPublic(ctx, tx, key, public); err != nil {
			return err
		}
		what := map[bool]string{true: "公开佐证：", false: "取消公开佐证："}[public]
		return s.record(ctx, tx, who, "plan.public", "term", e.Term, what+e.name())
	})
}

// Urge (催办) tells a unit that somebody waits for it, at most once a day and term.
func (s *Service) Urge(ctx context.Context, who org.Actor, term id.ID, text string) error {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n > 500 {
		return fault.Fields{"text": "催办内容请不超过500字"}.Err()
	}
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		t, d, c, err := s.at(ctx, tx, term)
		if err != nil {
			return err
		}
		if err := checks(who, c); err != nil {
			return err
		}
		if !c.ClosedAt.IsZero() {
			return fault.New(fault.Conflict, "任务已经办结，不需要催办")
		}
		if err := markUrged(ctx, tx, t.ID, calendar.Of(tx.Now)); err != nil {
			if store.Unique(err) {
				return fault.New(fault.Conflict, "今天已经催办过这项任务，请明天再催")
			}
			return err
		}
		if text == "" {
			text = fmt.Sprintf("请抓紧办理，完成时限为%s。", t.Due.Chinese())
		}
		if err := s.k.Notify.Notify(ctx, tx, process.Notice{
			Unit: d.Unit, Role: org.Disclosure, Kind: "urge", Title: "催办：" + c.Title, Text: text, Link: c.Link, Case: c.ID,
		}); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "plan.urge", "term", term, "催办："+text)
	})
}
