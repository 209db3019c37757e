package plan

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"

	"gongkai/area"
	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/process"
	"gongkai/kernel/store"
)

//go:embed demo
var demoFiles embed.FS

// DemoStart is the day on which the demonstration of a day begins: last year's
// plan is issued then.
func DemoStart(today calendar.Date) calendar.Date {
	return calendar.Day(today.Year()-1, time.June, 20)
}

// demoIssued is the day this year's plan of the demonstration was issued: some
// months ago. Early in a year that is November of the year before, after last
// year's plan was worked off, so that work stands at every stage on any day.
func demoIssued(today calendar.Date) calendar.Date {
	day, november := today.Add(-110), calendar.Day(today.Year()-1, time.November, 1)
	if day.Before(november) {
		return november
	}
	return day
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
	for _, step := range []func(context.Context) error{x.people, x.staff, x.lastYear, x.thisYear, x.rules, x.accept, x.work, x.lookBack, x.settle} {
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
func (x *demonstration) file(name string, year int, issued calendar.Date) ([]byte, error) {
	text, err := demoFiles.ReadFile("demo/" + name)
	if err != nil {
		return nil, err
	}
	t, err := template.New(name).Parse(string(text))
	if err != nil {
		return nil, err
	}
	// Past is the end of last month, which nobody kept; Done was kept by all; Soon
	// is near.
	y, m, _ := x.today.Civil()
	past, done, soon := calendar.Day(y, m, 1).Add(-1), x.today.Add(-30), x.today.Add(8)
	var out bytes.Buffer
	err = t.Execute(&out, map[string]any{"Year": year, "Next": year + 1, "Of": issued.Year(), "Issued": issued.Chinese(),
		"Past": past.Chinese(), "Done": done.Chinese(), "Soon": soon.Chinese()})
	return out.Bytes(), err
}

// issue imports a file, as the office does on the desk, and issues it.
func (x *demonstration) issue(ctx context.Context, name string, year int, issued calendar.Date) (id.ID, error) {
	x.d.On(issued)
	data, err := x.file(name, year, issued)
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
func (x *demonstration) finish(ctx context.Context, number string, l Line, kind EvidenceKind) error {
	if err := x.report(ctx, number, l, 100, "已全部完成", kind); err != nil {
		return err
	}
	return x.move(ctx, l, "submit", "confirm", "close")
}

// show finishes a term as a model for the others: its rules are asked before it
// is closed, and everyone may see its evidence.
func (x *demonstration) show(ctx context.Context, number string, l Line, kind EvidenceKind) error {
	if err := x.report(ctx, number, l, 100, "已全部完成", kind); err != nil {
		return err
	}
	if err := x.move(ctx, l, "submit", "confirm"); err != nil {
		return err
	}
	if err := x.s.Prove(ctx, l.Measure); err != nil {
		return err
	}
	if err := x.move(ctx, l, "close"); err != nil {
		return err
	}
	list, err := x.s.Evidence(ctx, l.Term)
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.Verdict == Accepted && e.Kind != Proved {
			if err := x.s.Publish(ctx, x.runner, e.ID, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// move makes moves, one after the other, each as whoever may make it.
func (x *demonstration) move(ctx context.Context, l Line, moves ...string) error {
	by := make([]org.Actor, len(moves))
	why := make([]string, len(moves))
	for i, move := range moves {
		var err error
		if by[i], why[i], err = x.mover(ctx, l, move); err != nil {
			return err
		}
	}
	return x.s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		for i, move := range moves {
			if _, err := x.s.k.Cases.Move(ctx, tx, l.Case, move, by[i], process.Input{Reason: why[i]}); err != nil {
				return fmt.Errorf("%s of %s by %s: %w", move, l.MeasureText, by[i].Name, err)
			}
		}
		return nil
	})
}

// mover is who makes a move, and the reason given.
func (x *demonstration) mover(ctx context.Context, l Line, move string) (who org.Actor, why string, err error) {
	switch move {
	case "accept", "submit":
		who, err = x.clerk(ctx, l.Unit)
	case "dispute":
		who, err = x.clerk(ctx, l.Unit)
		why = "本单位没有此项职能，建议由行业主管部门承担"
	case "confirm", "return":
		c, e := x.s.k.Cases.Get(ctx, l.Case)
		if e != nil {
			return who, "", e
		}
		who, err = x.lead(ctx, c.Party(PartyLead))
		why = "经核对，情况属实"
		if move == "return" {
			why = "佐证看不出公开日期，请补充能看到发布日期的页面"
		}
	case "close":
		who, why = x.second, "经核对，情况属实"
	case "release":
		who, why = x.runner, "经核实，该单位没有此项职能，同意调整"
	case "untrigger":
		who, why = x.runner, "本年没有发生相关案件"
	case "reopen":
		who, why = x.runner, "抽查发现页面已打不开，请补充"
	default:
		err = fmt.Errorf("demo: nobody makes the move %s", move)
	}
	return who, why, err
}

// report breaks a duty down, says how far it is and hands something in: what the
// rule of the measure asks for, or else the kind given. number is the measure's,
// "" for last year's.
func (x *demonstration) report(ctx context.Context, number string, l Line, percent int, progress string, kind EvidenceKind) error {
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
	kinds := []EvidenceKind{kind}
	figure, counted := demoFigures[number]
	switch {
	case counted:
		kinds = []EvidenceKind{Figure}
	case demoPerson(number):
		kinds = []EvidenceKind{Note, File}
	default:
		figure = demoFigure{"本期公开信息数量", "条", float64(5 + percent/5), "政府网站后台统计"}
	}
	for _, kind := range kinds {
		e := Evidence{Term: l.Term, Kind: kind, DatedOn: x.d.Today(), Text: progress + "，办理情况和公开页面见本单位台账。"}
		switch kind {
		case Note:
			e.Title = "工作推进情况说明"
		case Figure:
			e.Title, e.Measured, e.Amount, e.Source = figure.Title, figure.Measured, figure.Amount, figure.Source
		case Link: // the page's own title is taken when it is fetched
			e.URL = fmt.Sprintf("%s/plans/%d", x.d.Site, x.today.Year())
		case File:
			e.Title = "公开事项清单"
			if err := x.sheet(ctx, &e); err != nil {
				return err
			}
		}
		if _, err := x.s.AddEvidence(ctx, who, e); err != nil {
			return err
		}
	}
	return nil
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
	plan, err := x.issue(ctx, "last.html", x.today.Year()-1, DemoStart(x.today))
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
				if err := x.finish(ctx, "", l, Note); err != nil {
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
	_, err := x.issue(ctx, "plan.txt", x.today.Year(), x.issued)
	return err
}

// Numbers are the measures of a plan by their number: item.position, as
// measures.md counts them.
func (s *Service) Numbers(ctx context.Context, plan id.ID) (map[string]id.ID, error) {
	list, err := items(ctx, s.k.DB.Read, plan)
	if err != nil {
		return nil, err
	}
	ms, err := measures(ctx, s.k.DB.Read, plan)
	if err != nil {
		return nil, err
	}
	out := map[string]id.ID{}
	for _, it := range list {
		n := 0
		for _, m := range ms {
			if m.Item == it.ID {
				n++
				out[fmt.Sprintf("%d.%d", it.Position, n)] = m.ID
			}
		}
	}
	return out, nil
}

// lines are the terms of this year's plan by the number of their measure.
func (x *demonstration) lines(ctx context.Context) (Plan, map[string][]Line, error) {
	p, err := planOfYear(ctx, x.s.k.DB.Read, x.today.Year())
	if err != nil {
		return p, nil, err
	}
	all, err := x.s.AllLines(ctx, Filter{Plan: p.ID})
	if err != nil {
		return p, nil, err
	}
	numbers, err := x.s.Numbers(ctx, p.ID)
	if err != nil {
		return p, nil, err
	}
	number := map[id.ID]string{}
	for n, m := range numbers {
		number[m] = n
	}
	out := map[string][]Line{}
	for _, l := range all {
		out[number[l.Measure]] = append(out[number[l.Measure]], l)
	}
	return p, out, nil
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
			values[k] = strings.NewReplacer(ownPages, x.d.Site, neighbours, x.d.Neighbour, "{year}", strconv.Itoa(x.today.Year())).Replace(v)
		}
		if _, err := x.s.SaveRule(ctx, x.runner, Rule{Measure: lines[r.Measure][0].Measure, Kind: r.Kind, Values: values, Title: r.Title}); err != nil {
			return fmt.Errorf("rule of measure %s: %w", r.Measure, err)
		}
	}
	return nil
}

// ago moves the clock to n days before today, but not to the days on which the
// plan was issued and accepted.
func (x *demonstration) ago(n int) {
	day := x.today.Add(-n)
	if first := x.issued.Add(5); day.Before(first) {
		day = first
	}
	x.d.On(day)
}

// accept lets the units accept their duties; two units are slow, two dispute, of
// which the office agrees with one.
func (x *demonstration) accept(ctx context.Context) error {
	x.d.On(x.issued.Add(4))
	_, lines, err := x.lines(ctx)
	if err != nil {
		return err
	}
	type one struct {
		Line
		who org.Actor
	}
	var all []one
	for _, number := range measureNumbers(lines) {
		for _, l := range lines[number] {
			switch {
			case (l.UnitName == "古渡街道办事处" || l.UnitName == "区信访办") && number != "17.1":
			case number == "1.5" && l.UnitName == "区交通局", number == "1.4" && l.UnitName == "区城市管理局":
				moves := []string{"dispute"}
				if number == "1.4" {
					moves = append(moves, "release")
				}
				if err := x.move(ctx, l, moves...); err != nil {
					return err
				}
			default:
				who, err := x.clerk(ctx, l.Unit)
				if err != nil {
					return err
				}
				all = append(all, one{l, who})
			}
		}
	}
	for some := range slices.Chunk(all, 200) { // many in one unit of work: a thousand waits for the disk are saved
		err := x.s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			for _, a := range some {
				if _, err := x.s.k.Cases.Move(ctx, tx, a.Case, "accept", a.who, process.Input{}); err != nil {
					return fmt.Errorf("accept %s by %s: %w", a.MeasureText, a.who.Name, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
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

// open reports whether a unit works on a term now: accepted, and its period has
// begun.
func (x *demonstration) open(l Line) bool {
	return l.State == "accepted" && !l.From.After(x.d.Today())
}

// work lets units work, some more and some less, and the office check, over the
// months up to the last days: something has moved this week.
func (x *demonstration) work(ctx context.Context) error {
	for _, round := range []struct {
		ago  int
		do   func(context.Context, int) error
		turn int
	}{{90, x.progress, 0}, {60, x.progress, 1}, {40, x.progress, 2}, {33, x.conclude, 0}, {9, x.progress, 3}, {2, x.check, 0}} {
		x.ago(round.ago)
		if err := x.s.Renew(ctx); err != nil {
			return err
		}
		if err := round.do(ctx, round.turn); err != nil {
			return err
		}
		if err := x.s.k.Cases.Tick(ctx, x.d.Clock.Now()); err != nil {
			return err
		}
	}
	return nil
}

// each calls do for every term of this year's plan that is worked on now, with
// the number of its measure and two counters that spread what happens.
func (x *demonstration) each(ctx context.Context, do func(number string, i, j int, l Line) error) error {
	_, lines, err := x.lines(ctx)
	if err != nil {
		return err
	}
	for i, number := range measureNumbers(lines) {
		for j, l := range lines[number] {
			if !x.open(l) || number == "13.2" { // 13.2 is the one that is overdue
				continue
			}
			if err := do(number, i, j, l); err != nil {
				return fmt.Errorf("measure %s, %s: %w", number, l.UnitName, err)
			}
		}
	}
	return nil
}

// progress lets a quarter of the units report.
func (x *demonstration) progress(ctx context.Context, turn int) error {
	kinds := []EvidenceKind{Note, File, Figure, Link}
	return x.each(ctx, func(number string, i, j int, l Line) error {
		if (i*7+j*3)%4 != turn || (i+2*j)%4 != 0 && l.Role != Leading {
			return nil
		}
		n := (i + j) % 4
		return x.report(ctx, number, l, []int{30, 50, 60, 80}[n], []string{"已完成梳理", "正在审核，近期公开", "已公开大部分内容", "已公开，正在完善"}[n], kinds[n])
	})
}

// conclude finishes what was to be done by then and some more, and urges the
// units that will be late.
func (x *demonstration) conclude(ctx context.Context, _ int) error {
	shown := map[string]EvidenceKind{"5.3": Figure, "11.3": File, "13.4": Figure} // closed for all their units
	err := x.each(ctx, func(number string, i, j int, l Line) error {
		switch {
		case number == "1.7":
			return x.move(ctx, l, "untrigger")
		case shown[number] != "":
			return x.show(ctx, number, l, shown[number])
		case number == "17.1":
			return x.finish(ctx, number, l, []EvidenceKind{Note, File}[j%2])
		case number == "8.1" && j%3 == 0:
			if err := x.finish(ctx, number, l, Note); err != nil || l.UnitName != "望城街道办事处" {
				return err
			}
			return x.move(ctx, l, "reopen")
		case l.Evidence > 0 && (i+j)%7 == 5 && number != "2.1" && number != "7.1":
			return x.finish(ctx, number, l, Note)
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, lines, err := x.lines(ctx)
	if err != nil {
		return err
	}
	for _, l := range lines["13.2"] {
		who, err := x.clerk(ctx, l.Unit)
		if err != nil {
			return err
		}
		if err := x.s.Report(ctx, who, l.Term, 60, "栏目清单已汇总大部分，仍有单位没有报送"); err != nil {
			return err
		}
		if err := x.s.Urge(ctx, x.runner, l.Term, "栏目清单即将超过时限，请抓紧报送"); err != nil {
			return err
		}
	}
	return nil
}

// check lets some of the work be handed in these days, of which a part is checked,
// sent back and confirmed.
func (x *demonstration) check(ctx context.Context, _ int) error {
	return x.each(ctx, func(number string, i, j int, l Line) error {
		var then []string
		switch {
		case l.Evidence == 0 || number == "2.1":
			return nil
		case number == "7.1": // the website lacks one of the two links, and the rule says so
			then = []string{"return"}
		case (i+j)%5 == 0:
		case (i+j)%7 == 1:
			then = []string{"return"}
		case (i+j)%7 == 3:
			then = []string{"confirm"}
		default:
			return nil
		}
		who, err := x.clerk(ctx, l.Unit)
		if err != nil {
			return err
		}
		if err := x.s.Report(ctx, who, l.Term, 100, "已全部完成，报请核查"); err != nil {
			return err
		}
		steps, err := stepsOf(ctx, x.s.k.DB.Read, l.Duty)
		if err != nil {
			return err
		}
		for _, st := range steps {
			if st.DoneOn.IsZero() {
				if err := x.s.Done(ctx, who, st.ID, earlier(x.d.Today(), st.Due)); err != nil {
					return err
				}
			}
		}
		return x.move(ctx, l, append([]string{"submit"}, then...)...)
	})
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
		slow := slices.ContainsFunc(rules, func(r Rule) bool {
			kind, ok := x.s.kind(r.Kind)
			return ok && kind.Slow
		})
		if slow {
			continue // asked by its job once the house answers
		}
		if err := x.s.Prove(ctx, key); err != nil {
			return err
		}
	}
	return nil
}
