package plan

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"strings"
	"text/template"
	"time"

	"gongkai/area"
	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/process"
)

//go:embed demo
var demoFiles embed.FS

// DemoStart is the day on which the demonstration of a day begins: last year's
// plan is issued then.
func DemoStart(today calendar.Date) calendar.Date {
	return calendar.Day(today.Year()-1, time.June, 20)
}

// demoIssued is the day this year's plan of the demonstration was issued: some
// months ago, but in this year.
func demoIssued(today calendar.Date) calendar.Date {
	if day := today.Add(-110); day.Year() == today.Year() {
		return day
	}
	return calendar.Day(today.Year(), time.January, 1)
}

// demonstration fills a district: last year's plan and how it ended, this year's
// plan at every stage. Everything goes through the same doors as anybody's.
type demonstration struct {
	s      *Service
	d      *area.Demo
	today  calendar.Date // the real one, which the clock reaches at the end
	issued calendar.Date
	office id.ID

	runner, second org.Actor // coordinators of the office
	clerks         map[id.ID]org.Actor
	leads          map[id.ID]org.Actor
}

// Demo is the ledger's part of a demonstration district. today is the real day.
func (s *Service) demo(ctx context.Context, d *area.Demo) error {
	x := &demonstration{s: s, d: d, today: calendar.Of(d.Until), clerks: map[id.ID]org.Actor{}, leads: map[id.ID]org.Actor{}}
	x.issued = demoIssued(x.today)
	for _, step := range []func(context.Context) error{x.people, x.staff, x.lastYear, x.thisYear, x.rules, x.accept, x.work, x.check, x.lookBack, x.settle} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// people finds who acts for the units.
func (x *demonstration) people(ctx context.Context) (err error) {
	if x.office, err = x.d.Unit("区政府办公室"); err != nil {
		return err
	}
	if x.runner, err = x.d.As(ctx, x.office, org.Coordinator, 0); err != nil {
		return err
	}
	x.second, err = x.d.As(ctx, x.office, org.Coordinator, 1)
	return err
}

// clerk is who reports for a unit, lead who checks for it.
func (x *demonstration) clerk(ctx context.Context, unit id.ID) (org.Actor, error) {
	return x.actor(ctx, x.clerks, unit, org.Disclosure)
}

func (x *demonstration) lead(ctx context.Context, unit id.ID) (org.Actor, error) {
	if unit == x.office {
		return x.runner, nil
	}
	return x.actor(ctx, x.leads, unit, org.Lead)
}

func (x *demonstration) actor(ctx context.Context, known map[id.ID]org.Actor, unit id.ID, role org.Role) (org.Actor, error) {
	if who, ok := known[unit]; ok {
		return who, nil
	}
	who, err := x.d.As(ctx, unit, role, 0)
	known[unit] = who
	return who, err
}

// staff writes down who does the disclosure work of the units; a few units have
// nobody yet, so that the rule about it has something to find.
func (x *demonstration) staff(ctx context.Context) error {
	dir, err := x.s.k.Org.Directory(ctx)
	if err != nil {
		return err
	}
	for i, u := range dir.Units() {
		if i%9 == 4 {
			continue
		}
		people, err := x.s.k.Org.Holders(ctx, u.ID, org.Disclosure, x.d.Today())
		if err != nil {
			return err
		}
		for n, p := range people {
			u.Bureau.Staff = append(u.Bureau.Staff, org.Staffer{Person: p.Name, Post: "信息公开专员", FullTime: n == 0, From: x.d.Today()})
		}
		if u.Bureau.Name == "" {
			u.Bureau.Name = "办公室"
		}
		if _, err := x.s.k.Org.PutUnit(ctx, org.System, u); err != nil {
			return fmt.Errorf("staff of %s: %w", u.Name, err)
		}
	}
	return nil
}

// file is a plan of the demonstration for a year.
func (x *demonstration) file(name string, issued calendar.Date) ([]byte, error) {
	text, err := demoFiles.ReadFile("demo/" + name)
	if err != nil {
		return nil, err
	}
	t, err := template.New(name).Parse(string(text))
	if err != nil {
		return nil, err
	}
	// Past is a month's end that the year has passed, Soon one that is near.
	past, soon := monthEnd(x.today, -1), monthEnd(x.today, 0)
	if past.Before(issued) || past.Year() != issued.Year() {
		past = issued
	}
	var out bytes.Buffer
	err = t.Execute(&out, map[string]any{"Year": issued.Year(), "Next": issued.Year() + 1, "Issued": issued.Chinese(),
		"Past": past.Chinese(), "Soon": soon.Chinese()})
	return out.Bytes(), err
}

// monthEnd is the last day of the month that is n months away.
func monthEnd(day calendar.Date, n int) calendar.Date {
	y, m, _ := day.Civil()
	return calendar.Day(y, m+time.Month(n)+1, 1).Add(-1)
}

// issue imports a file, as the office does on the desk, and issues it.
func (x *demonstration) issue(ctx context.Context, name string, issued calendar.Date) (id.ID, error) {
	x.d.On(issued)
	data, err := x.file(name, issued)
	if err != nil {
		return "", err
	}
	draft, _, err := x.s.ImportFile(ctx, x.runner, name, data)
	if err != nil {
		return "", fmt.Errorf("import %s: %w", name, err)
	}
	plan, err := x.s.IssueDraft(ctx, x.runner, draft, x.office, true)
	if err != nil {
		return "", fmt.Errorf("issue %s: %w", name, err)
	}
	return plan, nil
}

// finish takes a term from acceptance to closing.
func (x *demonstration) finish(ctx context.Context, l Line, what string, public bool) error {
	if err := x.report(ctx, l, 100, "已全部完成", what, Note); err != nil {
		return err
	}
	for _, move := range []string{"submit", "confirm", "close"} {
		if err := x.move(ctx, l, move); err != nil {
			return err
		}
	}
	if !public {
		return nil
	}
	list, err := x.s.Evidence(ctx, l.Term)
	if err != nil {
		return err
	}
	return x.s.Publish(ctx, x.runner, list[0].ID, true)
}

// move makes a move as whoever may make it.
func (x *demonstration) move(ctx context.Context, l Line, move string) error {
	who := x.runner
	reason := "经核对，情况属实"
	var err error
	switch move {
	case "accept", "submit":
		who, err = x.clerk(ctx, l.Unit)
		reason = ""
	case "dispute":
		who, err = x.clerk(ctx, l.Unit)
		reason = "本单位没有此项职能，建议由行业主管部门承担"
	case "confirm", "return":
		c, e := x.s.k.Cases.Get(ctx, l.Case)
		if e != nil {
			return e
		}
		who, err = x.lead(ctx, c.Party(PartyLead))
		if move == "return" {
			reason = "佐证没有注明日期，请补充能看到发布日期的页面"
		}
	case "close":
		who = x.second
	}
	if err != nil {
		return err
	}
	if err := x.s.Move(ctx, who, l.Case, move, process.Input{Reason: reason}); err != nil {
		return fmt.Errorf("%s of %s by %s: %w", move, l.MeasureText, who.Name, err)
	}
	return nil
}

// report breaks a duty down, says how far it is and hands something in.
func (x *demonstration) report(ctx context.Context, l Line, percent int, progress, what string, kind EvidenceKind) error {
	who, err := x.clerk(ctx, l.Unit)
	if err != nil {
		return err
	}
	steps, err := stepsOf(ctx, x.s.k.DB.Read, l.Duty)
	if err != nil {
		return err
	}
	if len(steps) == 0 {
		if err := x.steps(ctx, who, l, percent); err != nil {
			return err
		}
	}
	if err := x.s.Report(ctx, who, l.Term, percent, progress); err != nil {
		return err
	}
	e := Evidence{Term: l.Term, Kind: kind, Title: what, DatedOn: x.d.Today(), Text: progress + "。详见办理记录。"}
	switch kind {
	case Figure:
		e.Amount, e.Measured, e.Source = float64(percent), "件", "政务公开管理台账"
	case Link:
		e.URL, e.Title = x.d.Site+"/plans", ""
	case File:
		if err := x.sheet(ctx, &e); err != nil {
			return err
		}
	}
	_, err = x.s.AddEvidence(ctx, who, e)
	return err
}

// steps is a task list of two rows, the first of them done when half is done.
func (x *demonstration) steps(ctx context.Context, who org.Actor, l Line, percent int) error {
	for i, text := range []string{"梳理应公开的内容，形成清单", "对外公开并更新栏目，留存佐证"} {
		st := Step{Duty: l.Duty, Text: text, Product: []string{"清单", "网页链接"}[i], Person: who.Person, Due: earlier(l.Due, x.d.Today().Add(30*(i+1)))}
		if percent >= 50*(i+1) {
			st.DoneOn = earlier(x.d.Today(), st.Due)
		}
		if _, err := x.s.SaveStep(ctx, who, st); err != nil {
			return err
		}
	}
	return nil
}

// sheet makes a small workbook and keeps it, as an upload would be.
func (x *demonstration) sheet(ctx context.Context, e *Evidence) error {
	var out bytes.Buffer
	rows := func(yield func([]any, error) bool) {
		for i := 1; i <= 5; i++ {
			if !yield([]any{i, fmt.Sprintf("公开事项%d", i), x.d.Today().String()}, nil) {
				return
			}
		}
	}
	if err := document.WriteXLSX(&out, document.Sheet{Name: "清单", Title: e.Title, Head: []string{"序号", "事项", "公开日期"}, Rows: rows}); err != nil {
		return err
	}
	ref, err := x.s.k.Files.Put(ctx, &out, MaxFile)
	if err != nil {
		return err
	}
	e.Hash, e.Size, e.Source = ref.Hash, ref.Size, "公开事项清单.xlsx"
	e.Mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	return nil
}

// lastYear issues last year's plan; most of it was closed, some was not.
func (x *demonstration) lastYear(ctx context.Context) error {
	plan, err := x.issue(ctx, "last.html", DemoStart(x.today))
	if err != nil {
		return err
	}
	x.d.On(x.d.Today().Add(20))
	for period := 0; ; period++ {
		lines, err := x.s.AllLines(ctx, Filter{Plan: plan})
		if err != nil {
			return err
		}
		for i, l := range lines {
			unfinished := strings.Contains(l.MeasureText, "专区") || strings.Contains(l.MeasureText, "图解") || strings.Contains(l.MeasureText, "三公") && i%7 == 3
			switch {
			case l.State == "issued":
				if err := x.move(ctx, l, "accept"); err != nil {
					return err
				}
				fallthrough
			case l.State == "accepted":
				if unfinished {
					continue
				}
				if err := x.finish(ctx, l, "完成情况说明", false); err != nil {
					return err
				}
			}
		}
		// The measures that recur go on until the year's end.
		next := x.d.Today().AddMonths(3)
		if next.Year() != DemoStart(x.today).Year() {
			break
		}
		x.d.On(next)
		if err := x.s.Renew(ctx); err != nil {
			return err
		}
	}
	return nil
}

// thisYear issues the plan that the demonstration is about.
func (x *demonstration) thisYear(ctx context.Context) error {
	_, err := x.issue(ctx, "plan.txt", x.issued)
	return err
}

// lines are the terms of this year's plan by the number of their measure:
// item.position, as measures.md counts them.
func (x *demonstration) lines(ctx context.Context) (Plan, map[string][]Line, error) {
	p, err := planOfYear(ctx, x.s.k.DB.Read, x.today.Year())
	if err != nil {
		return p, nil, err
	}
	all, err := x.s.AllLines(ctx, Filter{Plan: p.ID})
	if err != nil {
		return p, nil, err
	}
	list, err := items(ctx, x.s.k.DB.Read, p.ID)
	if err != nil {
		return p, nil, err
	}
	ms, err := measures(ctx, x.s.k.DB.Read, p.ID)
	if err != nil {
		return p, nil, err
	}
	number := map[id.ID]string{}
	for _, it := range list {
		n := 0
		for _, m := range ms {
			if m.Item == it.ID {
				n++
				number[m.ID] = fmt.Sprintf("%d.%d", it.Position, n)
			}
		}
	}
	out := map[string][]Line{}
	for _, l := range all {
		out[number[l.Measure]] = append(out[number[l.Measure]], l)
	}
	return p, out, nil
}

// DemoRule is a proof rule that the demonstration gives a measure.
type DemoRule struct {
	Measure string // item.position, as measures.md counts them
	Kind    string
	Values  map[string]string
	Why     string // why only people can prove the rest, for kind person
}

// DemoRules is what proves which measure of the demonstration, as far as the
// kinds of this installation reach. docs/measure-rules.md shows the table.
func DemoRules() []DemoRule {
	n := func(n string) map[string]string { return map[string]string{"n": n} }
	evidence := func(measure string) DemoRule { return DemoRule{Measure: measure, Kind: "count", Values: n("1")} }
	person := func(measure, why string) DemoRule { return DemoRule{Measure: measure, Kind: "person", Why: why} }
	web := func(measure, path, words string) DemoRule {
		return DemoRule{Measure: measure, Kind: "page", Values: map[string]string{"url": path, "words": words}}
	}
	return []DemoRule{
		evidence("1.1"), evidence("1.2"), evidence("1.3"), evidence("1.4"), evidence("1.5"), evidence("1.6"),
		person("1.7", "本年可能没有案件，须由人说明"),
		evidence("2.1"), web("2.2", "/", "年度任务"),
		evidence("3.1"), evidence("3.2"),
		evidence("4.1"), person("4.2", "与上级口径是否一致，只有人能判断"), evidence("4.3"), evidence("4.4"),
		evidence("5.1"), evidence("5.2"), {Measure: "5.3", Kind: "training", Values: map[string]string{"n": "1", "kind": "grassroots"}},
		evidence("6.1"), web("7.1", "/plans", "任务"),
		evidence("8.1"), evidence("8.2"), evidence("8.3"), person("8.4", "本单位文件是否全部上传，由单位确认"),
		evidence("9.1"), evidence("9.2"),
		evidence("10.1"), {Measure: "10.2", Kind: "figure", Values: map[string]string{"compare": "ge", "value": "50", "measured": "件"}}, evidence("10.3"),
		evidence("11.1"), evidence("11.2"), person("11.3", "案件是否依法审结，由人核实"),
		person("12.1", "公开方式是否合适，只有人能判断"),
		evidence("13.1"), evidence("13.2"), evidence("13.3"), {Measure: "13.4", Kind: "staff", Values: n("1")},
		evidence("14.1"), evidence("14.2"), evidence("14.3"), evidence("14.4"),
		evidence("15.1"), evidence("15.2"), person("15.3", "回应是否及时到位，由人核实"),
		{Measure: "16.1", Kind: "training", Values: map[string]string{"n": "1", "kind": "office"}},
		{Measure: "16.2", Kind: "training", Values: n("1")},
		person("16.3", "批准程序以书面记录为准"),
		{Measure: "17.1", Kind: "steps", Values: map[string]string{"want": "listed"}},
		{Measure: "17.2", Kind: "lookback"},
		{Measure: "17.3", Kind: "staff", Values: n("1")},
		{Measure: "17.4", Kind: "figure", Values: map[string]string{"compare": "ge", "value": "4", "measured": "%"}},
		person("17.5", "表扬和批评须由人决定"),
	}
}

// rules gives the measures their rules.
func (x *demonstration) rules(ctx context.Context) error {
	_, lines, err := x.lines(ctx)
	if err != nil {
		return err
	}
	for _, r := range DemoRules() {
		if len(lines[r.Measure]) == 0 {
			return fmt.Errorf("demo: no measure %s", r.Measure)
		}
		if _, ok := x.s.kind(r.Kind); !ok {
			continue // of an area that this house does not have
		}
		values := map[string]string{}
		for k, v := range r.Values {
			if k == "url" {
				v = x.d.Site + v
			}
			values[k] = v
		}
		if _, err := x.s.SaveRule(ctx, x.runner, Rule{Measure: lines[r.Measure][0].Measure, Kind: r.Kind, Values: values, Title: r.Why}); err != nil {
			return fmt.Errorf("rule of measure %s: %w", r.Measure, err)
		}
	}
	return nil
}

// until moves the clock n days past the day of issue, but never past today.
func (x *demonstration) until(n int) { x.d.On(earlier(x.today, x.issued.Add(n))) }

// accept lets the units accept their duties; two are slow, one disputes.
func (x *demonstration) accept(ctx context.Context) error {
	x.until(4)
	_, lines, err := x.lines(ctx)
	if err != nil {
		return err
	}
	for _, number := range measureNumbers(lines) {
		for _, l := range lines[number] {
			if l.UnitName == "古渡街道办事处" || l.UnitName == "区信访办" {
				continue
			}
			move := "accept"
			if number == "1.5" && l.UnitName == "区交通局" {
				move = "dispute"
			}
			if err := x.move(ctx, l, move); err != nil {
				return err
			}
		}
	}
	return nil
}

// measureNumbers lists the numbers of measures in the order of the plan.
func measureNumbers(lines map[string][]Line) []string {
	var out []string
	for item := 1; item <= 17; item++ {
		for n := 1; ; n++ {
			key := fmt.Sprintf("%d.%d", item, n)
			if _, ok := lines[key]; !ok {
				break
			}
			out = append(out, key)
		}
	}
	return out
}

// work lets units work, some more and some less, in four rounds over the year.
func (x *demonstration) work(ctx context.Context) error {
	kinds := []EvidenceKind{Note, File, Figure, Link}
	for round, day := range []int{15, 40, 65, 90} {
		x.until(day)
		if err := x.s.Renew(ctx); err != nil {
			return err
		}
		_, lines, err := x.lines(ctx)
		if err != nil {
			return err
		}
		for i, number := range measureNumbers(lines) {
			if number == "13.2" { // the one that is overdue
				continue
			}
			for j, l := range lines[number] {
				if l.State != "accepted" || (i*7+j*3)%4 != round || (i+j)%3 == 2 && l.Role != Leading {
					continue
				}
				percent := []int{30, 50, 60, 80}[(i+j)%4]
				if err := x.report(ctx, l, percent, []string{"已完成梳理", "正在审核，近期公开", "已公开大部分内容", "已公开，正在完善"}[(i+j)%4], "阶段成果", kinds[(i+j)%4]); err != nil {
					return fmt.Errorf("measure %s, %s: %w", number, l.UnitName, err)
				}
			}
		}
		if err := x.s.k.Cases.Tick(ctx, x.d.Clock.Now()); err != nil {
			return err
		}
	}
	return nil
}

// check lets some of the work be handed in, checked, sent back and closed.
func (x *demonstration) check(ctx context.Context) error {
	x.until(100)
	_, lines, err := x.lines(ctx)
	if err != nil {
		return err
	}
	closed := map[string]bool{"2.1": true, "7.1": true, "8.1": true, "1.3": true}
	for i, number := range measureNumbers(lines) {
		for j, l := range lines[number] {
			switch {
			case l.State != "accepted" || number == "13.2":
			case closed[number] && number != "8.1", number == "8.1" && l.Role == Leading, number == "8.1" && j%2 == 0:
				err = x.finish(ctx, l, "办结情况和公开页面", number == "2.1" || number == "7.1")
			case l.Evidence == 0:
			case (i+j)%5 == 0:
				err = x.move(ctx, l, "submit")
			case (i+j)%7 == 1:
				if err = x.move(ctx, l, "submit"); err == nil {
					err = x.move(ctx, l, "return")
				}
			case (i+j)%7 == 3:
				if err = x.move(ctx, l, "submit"); err == nil {
					err = x.move(ctx, l, "confirm")
				}
			case (i+j)%7 == 5:
				err = x.finish(ctx, l, "办结情况说明", false)
			}
			if err != nil {
				return fmt.Errorf("measure %s, %s: %w", number, l.UnitName, err)
			}
		}
	}
	for _, l := range lines["13.2"] {
		who, err := x.lead(ctx, x.office)
		if err != nil {
			return err
		}
		if err := x.s.Urge(ctx, who, l.Term, "栏目清单已到时限，请立即报送"); err != nil {
			return err
		}
	}
	return nil
}

// lookBack looks back at last year: what was not closed stands in the work
// ledger, of which one is mended and closed.
func (x *demonstration) lookBack(ctx context.Context) error {
	p, _, err := x.lines(ctx)
	if err != nil {
		return err
	}
	if _, err := x.s.LookBack(ctx, x.runner, p.ID); err != nil {
		return err
	}
	list, err := rechecks(ctx, x.s.k.DB.Read, p.ID, "", "", page.Ask{Number: 1, Size: page.Max})
	if err != nil {
		return err
	}
	mended := false
	for i, r := range list.Rows {
		rc, err := getRecheck(ctx, x.s.k.DB.Read, r.ID)
		if err != nil {
			return err
		}
		c, err := x.s.k.Cases.Get(ctx, rc.Case)
		if err != nil {
			return err
		}
		switch {
		case r.State == "open" && i%3 != 0:
			err = x.s.Move(ctx, x.second, rc.Case, "hold", process.Input{Reason: "抽查网页和台账，情况属实"})
		case r.State == "ledger" && !mended:
			mended = true
			who, e := x.clerk(ctx, c.Unit)
			if e != nil {
				return e
			}
			if err = x.s.Move(ctx, who, rc.Case, "mend", process.Input{Reason: "已补充公开，页面可查"}); err == nil {
				err = x.s.Move(ctx, x.second, rc.Case, "close", process.Input{Reason: "复核属实，予以销号"})
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// settle brings the clock to the real day, with everything the house does by
// itself on the way; pages are opened only once the house answers.
func (x *demonstration) settle(ctx context.Context) error {
	x.d.On(x.today)
	if err := x.s.Renew(ctx); err != nil {
		return err
	}
	if err := x.s.k.Cases.Tick(ctx, x.d.Clock.Now()); err != nil {
		return err
	}
	keys, err := measuresWithRules(ctx, x.s.k.DB.Read)
	if err != nil {
		return err
	}
	for _, key := range keys {
		rules, err := rulesOf(ctx, x.s.k.DB.Read, key)
		if err != nil {
			return err
		}
		for _, r := range rules {
			if kind, ok := x.s.kind(r.Kind); ok && !kind.Slow {
				if err := x.s.Prove(ctx, key); err != nil && fault.Text(err) == "" {
					return err
				}
			}
		}
	}
	return nil
}
