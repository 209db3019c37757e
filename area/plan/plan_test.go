package plan_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gongkai/area"
	"gongkai/area/areatest"
	"gongkai/area/plan"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/process"
)

// year is a house with an issued plan of three measures.
type year struct {
	*areatest.House
	s                        *plan.Service
	office, second, third    areatest.Visitor // of the government office
	justice, lead, east      areatest.Visitor // 区司法局, its officer as leading unit, 东江街道办事处
	plan                     id.ID
	officeUnit, jUnit, eUnit id.ID
}

func outline(h *year) plan.Outline {
	day := calendar.MustParse
	return plan.Outline{
		Year: 2022, Title: "江澄区2022年政务公开工作要点任务分工", Number: "江澄府办〔2022〕24号", Issuer: "江澄区人民政府办公室", IssuedOn: day("2022-06-17"),
		Letter: []string{"一、提高认识。"},
		Items: []plan.OutlineItem{
			{Section: 1, SectionTitle: "公开助力发展", Number: "（一）", Title: "文件公开", Measures: []plan.OutlineMeasure{
				{Row: 1, Text: "每年至少清理一次规范性文件。", DueText: "2022年底前", Due: plan.Due{Kind: plan.ByDate, On: day("2022-12-31")},
					Lead: []plan.Named{{Unit: h.jUnit}}, Resp: []plan.Named{{Unit: h.eUnit, Group: "各街道办事处"}, {Unit: h.jUnit}}},
				{Row: 2, Text: "每季度公布一次办理结果。", DueText: "每季度", Due: plan.Due{Kind: plan.Recurring, Every: plan.Quarterly, Times: 1},
					Lead: []plan.Named{{Unit: h.jUnit}}, Resp: []plan.Named{{Unit: h.eUnit}}},
			}},
			{Section: 2, SectionTitle: "夯实基础", Number: "（二）", Title: "平台建设", Measures: []plan.OutlineMeasure{
				{Row: 3, Text: "持续改进栏目。", Due: plan.Due{Kind: plan.Ongoing}, Lead: []plan.Named{{Unit: h.officeUnit}}},
			}},
		},
	}
}

func each(t *testing.T, test func(t *testing.T, h *year)) {
	t.Helper()
	var s *plan.Service
	build := func(k *area.Kernel) area.Area { s = plan.New(k); return s.Area() }
	areatest.Each(t, "2022-06-17", build, func(t *testing.T, house *areatest.House) {
		h := &year{House: house, s: s}
		const office = "区政府办公室"
		h.office = h.Person("赵敏", office, org.Coordinator|org.Disclosure)
		h.second = h.Person("钱亮", office, org.Coordinator|org.Lead)
		h.third = h.Person("孙宁", office, org.Coordinator)
		h.justice = h.Person("王芳", "区司法局", org.Disclosure)
		h.lead = h.Person("李强", "区司法局", org.Lead)
		h.east = h.Person("周燕", "东江街道办事处", org.Disclosure)
		h.officeUnit, h.jUnit, h.eUnit = h.Unit(office), h.Unit("区司法局"), h.Unit("东江街道办事处")
		key, err := h.s.Issue(context.Background(), h.office.Who, h.officeUnit, outline(h))
		if err != nil {
			t.Fatal(err)
		}
		h.plan = key
		test(t, h)
	})
}

// line finds the term of a unit by words of its measure.
func (h *year) line(t *testing.T, unit id.ID, words string) plan.Line {
	t.Helper()
	list, err := h.s.Lines(context.Background(), plan.Filter{Plan: h.plan, Unit: unit, Words: words, Sort: "due", Down: true}, page.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Rows) == 0 {
		t.Fatalf("%s has no duty with %q", unit, words)
	}
	return list.Rows[0]
}

func (h *year) move(t *testing.T, v areatest.Visitor, l plan.Line, move string) {
	t.Helper()
	if err := h.s.Move(context.Background(), v.Who, l.Case, move, process.Input{Reason: "情况属实"}); err != nil {
		t.Fatalf("%s: %v", move, err)
	}
}

func (h *year) refused(t *testing.T, kind fault.Kind, text string, err error) {
	t.Helper()
	if !fault.Is(err, kind) || !strings.Contains(err.Error(), text) {
		t.Errorf("got %v, want %q", err, text)
	}
}

// ready gives a duty what it needs before it can be handed in.
func (h *year) ready(t *testing.T, v areatest.Visitor, l plan.Line) id.ID {
	t.Helper()
	ctx := context.Background()
	day := calendar.Of(h.Clock.Now())
	if _, err := h.s.SaveStep(ctx, v.Who, plan.Step{Duty: l.Duty, Text: "梳理目录", Person: v.Who.Person, Due: calendar.MustParse("2022-09-30")}); err != nil {
		t.Fatal(err)
	}
	e, err := h.s.AddEvidence(ctx, v.Who, plan.Evidence{Term: l.Term, Kind: plan.Note, Title: "清理结果", Text: "已清理12件", DatedOn: day})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestIssuingMakesDuties(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		ctx := context.Background()
		m, err := h.s.Matrix(ctx, h.plan)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Items) != 2 || len(m.Units) != 3 || m.Total != 5 {
			t.Fatalf("%d items, %d units, %d terms", len(m.Items), len(m.Units), m.Total)
		}
		all, err := h.s.AllLines(ctx, plan.Filter{Plan: h.plan})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range all {
			got = append(got, l.ItemNumber+l.UnitName+string(l.Role)+l.Due.String()+l.Standing.Mark)
		}
		want := "（一）区司法局lead2022-12-31认 （一）东江街道办事处resp2022-12-31认 （一）区司法局lead2022-06-30临 （一）东江街道办事处resp2022-06-30临 （二）区政府办公室lead2022-12-31认"
		if s := strings.Join(got, " "); s != want {
			t.Errorf("got  %s\nwant %s", s, want)
		}
		_, err = h.s.Issue(ctx, h.office.Who, h.officeUnit, outline(h))
		h.refused(t, fault.Conflict, "2022年的任务分工已经下发", err)
		bad := outline(h)
		bad.Year, bad.Items[0].Measures[0].Lead, bad.Items[0].Measures[0].Resp = 2021, nil, nil
		_, err = h.s.Issue(ctx, h.office.Who, h.officeUnit, bad)
		h.refused(t, fault.Invalid, "没有牵头单位和责任单位", err)
	})
}

func TestADutyFromAcceptanceToClosing(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		ctx := context.Background()
		l := h.line(t, h.eUnit, "清理")
		note := plan.Evidence{Term: l.Term, Kind: plan.Note, Title: "清理结果", Text: "已清理", DatedOn: calendar.MustParse("2022-06-17")}
		_, err := h.s.AddEvidence(ctx, h.east.Who, note)
		h.refused(t, fault.Conflict, "请先认领任务", err)
		h.move(t, h.east, l, "accept")
		_, err = h.s.AddEvidence(ctx, h.justice.Who, note)
		h.refused(t, fault.Forbidden, "其他单位的任务", err)
		err = h.s.Move(ctx, h.east.Who, l.Case, "submit", process.Input{})
		h.refused(t, fault.Conflict, "还没有可用的佐证", err)
		early := note
		early.DatedOn = calendar.MustParse("2021-12-31")
		_, err = h.s.AddEvidence(ctx, h.east.Who, early)
		h.refused(t, fault.Invalid, "早于本任务期间", err)
		e := h.ready(t, h.east, l)
		if err := h.s.Report(ctx, h.east.Who, l.Term, 60, "完成梳理"); err != nil {
			t.Fatal(err)
		}
		h.refused(t, fault.Invalid, "0至100", h.s.Report(ctx, h.east.Who, l.Term, 101, "x"))
		h.move(t, h.east, l, "submit")
		err = h.s.Move(ctx, h.east.Who, l.Case, "confirm", process.Input{})
		h.refused(t, fault.Forbidden, "不由本单位办理", err)
		h.refused(t, fault.Invalid, "不采纳的理由", h.s.Judge(ctx, h.lead.Who, e, plan.Refused, ""))
		if err := h.s.Judge(ctx, h.lead.Who, e, plan.Refused, "没有附目录"); err != nil {
			t.Fatal(err)
		}
		err = h.s.Move(ctx, h.lead.Who, l.Case, "confirm", process.Input{})
		h.refused(t, fault.Conflict, "都未被采纳", err)
		h.move(t, h.lead, l, "return")
		if c, err := h.Cases.Get(ctx, l.Case); err != nil || c.Due != l.Due {
			t.Errorf("what was sent back is due on %s, %v; want %s", c.Due, err, l.Due)
		}
		if _, err := h.s.AddEvidence(ctx, h.east.Who, plan.Evidence{Term: l.Term, Kind: plan.Note, Title: "目录", Text: "附目录", DatedOn: calendar.MustParse("2022-06-17")}); err != nil {
			t.Fatal(err)
		}
		h.move(t, h.east, l, "submit")
		h.move(t, h.lead, l, "confirm")
		h.refused(t, fault.Conflict, "只有已采纳", h.s.Publish(ctx, h.office.Who, e, true))
		h.move(t, h.office, l, "close")
		got := h.line(t, h.eUnit, "清理")
		if got.Standing.Code != "closed" || got.Percent != 60 || got.Evidence != 1 {
			t.Errorf("after closing: %+v", got)
		}
		_, err = h.s.AddEvidence(ctx, h.east.Who, note)
		h.refused(t, fault.Conflict, "已经办结", err)
		h.move(t, h.third, l, "reopen")
		if got := h.line(t, h.eUnit, "清理"); got.Standing.Code != "reopened" {
			t.Errorf("after reopening: %s", got.Standing.Code)
		}
	})
}

func TestTheOfficeIsCheckedByTwoOfItsOwn(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		ctx := context.Background()
		l := h.line(t, h.officeUnit, "栏目")
		h.move(t, h.office, l, "accept")
		h.ready(t, h.office, l)
		h.move(t, h.office, l, "submit")
		h.refused(t, fault.Forbidden, "不能再办理“确认完成”", h.s.Move(ctx, h.office.Who, l.Case, "confirm", process.Input{}))
		h.move(t, h.second, l, "confirm")
		h.refused(t, fault.Forbidden, "不能再办理“销号”", h.s.Move(ctx, h.second.Who, l.Case, "close", process.Input{Reason: "x"}))
		h.move(t, h.third, l, "close")
	})
}

func TestClocksRemindAndEscalate(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		l := h.line(t, h.eUnit, "清理")
		h.move(t, h.east, l, "accept")
		for _, day := range []string{"2022-12-20", "2022-12-26", "2022-12-30", "2023-01-03", "2023-01-10", "2023-01-18"} {
			h.Day(day)
		}
		var told []string
		for _, n := range h.Sent.All() {
			if strings.Contains(n.Link, string(l.Duty)) {
				told = append(told, n.Kind+" "+n.Role.Code())
			}
		}
		s := strings.Join(told, ", ")
		for _, want := range []string{"disclosure", "lead", "coordinator"} {
			if !strings.Contains(s, want) {
				t.Errorf("nobody told %s: %s", want, s)
			}
		}
		before := len(h.Sent.All())
		h.Settle()
		if after := len(h.Sent.All()); after != before {
			t.Errorf("%d notices were sent again", after-before)
		}
		if got := h.line(t, h.eUnit, "清理"); got.Standing.Code != "overdue" {
			t.Errorf("stands %s", got.Standing.Code)
		}
	})
}

func TestARecurringMeasureOpensItsPeriods(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		l := h.line(t, h.eUnit, "季度")
		h.move(t, h.east, l, "accept")
		h.Day("2022-07-01")
		now := h.line(t, h.eUnit, "季度")
		if now.Number != 2 || now.Due.String() != "2022-09-30" || now.State != "accepted" {
			t.Errorf("the second quarter: %+v", now)
		}
		h.Settle()
		h.Day("2022-12-01") // nobody ran the house in October
		all, err := h.s.AllLines(context.Background(), plan.Filter{Plan: h.plan, Unit: h.eUnit, Words: "季度"})
		if err != nil || len(all) != 3 {
			t.Errorf("%d periods, %v", len(all), err)
		}
		h.Day("2023-02-01")
		if all, _ = h.s.AllLines(context.Background(), plan.Filter{Plan: h.plan, Unit: h.eUnit, Words: "季度"}); len(all) != 3 {
			t.Errorf("%d periods in the next year", len(all))
		}
	})
}

func TestUrgingOnceADay(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		ctx := context.Background()
		l := h.line(t, h.eUnit, "清理")
		h.refused(t, fault.Forbidden, "牵头单位", h.s.Urge(ctx, h.east.Who, l.Term, ""))
		if err := h.s.Urge(ctx, h.lead.Who, l.Term, ""); err != nil {
			t.Fatal(err)
		}
		h.refused(t, fault.Conflict, "今天已经催办过", h.s.Urge(ctx, h.lead.Who, l.Term, ""))
		sent := h.Sent.All()
		last := sent[len(sent)-1]
		if last.Kind != "urge" || last.Unit != h.eUnit || !strings.Contains(last.Text, "2022年12月31日") {
			t.Errorf("sent %+v", last)
		}
		h.Day("2022-06-20")
		if err := h.s.Urge(ctx, h.lead.Who, l.Term, "请报进展"); err != nil {
			t.Error(err)
		}
	})
}

func TestALinkIsFetchedAndKept(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		ctx := context.Background()
		site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/a.html" {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte(`<html><head><title>清理结果公告</title><meta name="PubDate" content="2022-06-10 09:00"></head><body><p>全区规范性文件清理结果公告如下。</p></body></html>`))
		}))
		defer site.Close()
		l := h.line(t, h.eUnit, "清理")
		h.move(t, h.east, l, "accept")
		for _, path := range []string{"/a.html", "/none.html"} {
			if _, err := h.s.AddEvidence(ctx, h.east.Who, plan.Evidence{Term: l.Term, Kind: plan.Link, URL: site.URL + path}); err != nil {
				t.Fatal(err)
			}
		}
		h.Settle()
		list, err := h.s.Evidence(ctx, l.Term)
		if err != nil || len(list) != 2 {
			t.Fatalf("%d pieces, %v", len(list), err)
		}
		bad, good := list[0], list[1]
		if good.Fetch != "ok" || good.Title != "清理结果公告" || good.DatedOn.String() != "2022-06-10" || good.Hash == "" {
			t.Errorf("kept %+v", good)
		}
		if !strings.Contains(bad.Fetch, "404") {
			t.Errorf("a missing page says %q", bad.Fetch)
		}
		if _, ok, err := h.Files.Has(ctx, good.Hash); !ok || err != nil {
			t.Errorf("the page is not kept: %v", err)
		}
	})
}

func TestProofRules(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		ctx := context.Background()
		l := h.line(t, h.eUnit, "清理")
		_, err := h.s.SaveRule(ctx, h.justice.Who, plan.Rule{Measure: l.Measure, Kind: "count", Values: map[string]string{"n": "1"}})
		h.refused(t, fault.Forbidden, "政府办公室", err)
		_, err = h.s.SaveRule(ctx, h.office.Who, plan.Rule{Measure: l.Measure, Kind: "page", Values: map[string]string{"url": "file:///etc/passwd"}})
		h.refused(t, fault.Invalid, "完整网址", err)
		_, err = h.s.SaveRule(ctx, h.office.Who, plan.Rule{Measure: l.Measure, Kind: "figure", Values: map[string]string{"value": "many"}})
		h.refused(t, fault.Invalid, "数字", err)
		for _, kind := range []string{"count", "steps", "staff", "person"} {
			if _, err := h.s.SaveRule(ctx, h.office.Who, plan.Rule{Measure: l.Measure, Kind: kind}); err != nil {
				t.Fatal(err)
			}
		}
		verdicts := func() map[string]area.Verdict {
			h.Settle()
			out := map[string]area.Verdict{}
			rules, err := h.s.Rules(ctx, l.Measure)
			if err != nil {
				t.Fatal(err)
			}
			found, err := h.s.Findings(ctx, l.Term)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				for _, r := range rules {
					if r.ID == f.Rule {
						out[r.Kind] = f.Verdict
					}
				}
			}
			return out
		}
		if got := verdicts(); got["count"] != area.NotMet || got["staff"] != area.NotMet || got["person"] != area.CannotTell {
			t.Errorf("before anything: %v", got)
		}
		h.move(t, h.east, l, "accept")
		e := h.ready(t, h.east, l)
		if got := verdicts(); got["count"] != area.NotMet {
			t.Errorf("evidence that nobody judged counts: %v", got)
		}
		if err := h.s.Judge(ctx, h.lead.Who, e, plan.Accepted, ""); err != nil {
			t.Fatal(err)
		}
		if got := verdicts(); got["count"] != area.Met || got["person"] != area.NotMet {
			t.Errorf("after acceptance: %v", got)
		}
		list, err := h.s.Evidence(ctx, l.Term)
		if err != nil {
			t.Fatal(err)
		}
		proved := 0
		for _, one := range list {
			if one.Kind == plan.Proved {
				proved++
			}
		}
		if proved != 1 {
			t.Errorf("%d pieces of evidence by rules, want 1", proved)
		}
	})
}

func TestLookingBack(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		ctx := context.Background()
		l := h.line(t, h.eUnit, "清理")
		h.move(t, h.east, l, "accept")
		h.ready(t, h.east, l)
		h.move(t, h.east, l, "submit")
		h.move(t, h.lead, l, "confirm")
		h.move(t, h.office, l, "close")
		_, err := h.s.LookBack(ctx, h.office.Who, h.plan)
		h.refused(t, fault.Conflict, "没有2021年的任务分工", err)
		this := nextYear(t, h)
		n, err := h.s.LookBack(ctx, h.office.Who, this)
		if err != nil || n != 4 { // two measures with a time limit, two units each; the ongoing one has none
			t.Fatalf("%d opened, %v", n, err)
		}
		if n, err := h.s.LookBack(ctx, h.office.Who, this); err != nil || n != 0 {
			t.Errorf("a second time opened %d, %v", n, err)
		}
		sum, err := h.s.Lookback(ctx, this)
		if err != nil || sum.All != 4 || sum.Unchecked != 1 || sum.Ledger != 3 {
			t.Errorf("%+v, %v", sum, err)
		}
	})
}

// nextYear issues a plan for 2023 like that of 2022.
func nextYear(t *testing.T, h *year) id.ID {
	t.Helper()
	h.Day("2023-06-01")
	next := outline(h)
	next.Year, next.IssuedOn = 2023, calendar.MustParse("2023-06-01")
	for i := range next.Items {
		for j := range next.Items[i].Measures {
			if m := &next.Items[i].Measures[j]; m.Due.Kind == plan.ByDate {
				m.Due.On = calendar.MustParse("2023-12-31")
			}
		}
	}
	this, err := h.s.Issue(context.Background(), h.office.Who, h.officeUnit, next)
	if err != nil {
		t.Fatal(err)
	}
	return this
}
