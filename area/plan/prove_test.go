package plan_test

import (
	"context"
	"testing"

	"gongkai/area"
	"gongkai/area/areatest"
	"gongkai/area/plan"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store/storetest"
)

// TestHowRulesAreAsked holds that a rule whose answer is the same for every unit
// is asked once for each period, another one for every unit; that what was done
// in the year before the plan came counts; and that a page once kept stays when a
// later look brings none.
func TestHowRulesAreAsked(t *testing.T) {
	ctx := context.Background()
	var asked []area.Question
	kept := &area.Archived{Hash: "0000000000000000000000000000000000000000000000000000000000000001", Size: 12, URL: "https://www.jiangcheng.example/a.html"}
	kind := area.Proof{Name: "shown", Title: "网站上看得到", Params: []area.Param{{Name: "anyone", Title: "不限单位", Kind: area.YesNo, Optional: true}},
		Alike: func(values map[string]string) bool { return values["anyone"] == "yes" },
		Ask: func(_ context.Context, in area.Question) (area.Answer, error) {
			asked = append(asked, in)
			return area.Answer{Verdict: area.Met, Why: "看到了", Archive: kept}, nil
		}}
	var s *plan.Service
	house := areatest.New(t, storetest.SQLite(t), "2022-06-17", func(k *area.Kernel) area.Area { s = plan.New(k, kind); return s.Area() })
	h := &year{House: house, s: s}
	h.office = h.Person("赵敏", "区政府办公室", org.Coordinator)
	h.officeUnit, h.jUnit, h.eUnit = h.Unit("区政府办公室"), h.Unit("区司法局"), h.Unit("东江街道办事处")
	var err error
	if h.plan, err = s.Issue(ctx, h.office.Who, h.officeUnit, outline(h)); err != nil {
		t.Fatal(err)
	}
	measure := h.line(t, h.eUnit, "清理").Measure
	for _, values := range []map[string]string{{"anyone": "yes"}, {}} {
		if _, err := s.SaveRule(ctx, h.office.Who, plan.Rule{Measure: measure, Kind: "shown", Values: values, Title: "看得到" + values["anyone"]}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Prove(ctx, measure); err != nil {
		t.Fatal(err)
	}
	units := map[string]int{}
	for _, in := range asked {
		units[in.Values["anyone"]]++
		if in.From.String() != "2022-01-01" || in.Until.String() != "2022-12-31" {
			t.Errorf("asked about %s to %s", in.From, in.Until)
		}
	}
	if units["yes"] != 1 || units[""] != 2 {
		t.Errorf("asked %v times, want once for all and once for each of two units", units)
	}
	proved := func(term id.ID) (list []plan.Evidence) {
		all, err := s.Evidence(ctx, term)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			if e.Kind == plan.Proved {
				list = append(list, e)
			}
		}
		return list
	}
	hash := kept.Hash
	kept = nil // the site is away at the next look
	if err := s.Prove(ctx, measure); err != nil {
		t.Fatal(err)
	}
	for _, unit := range []id.ID{h.jUnit, h.eUnit} {
		list := proved(h.line(t, unit, "清理").Term)
		if len(list) != 2 {
			t.Fatalf("%d pieces of evidence, want one of each rule", len(list))
		}
		for _, e := range list {
			if e.Hash != hash || e.URL == "" {
				t.Errorf("the page that was kept is gone: %+v", e)
			}
		}
	}
}
