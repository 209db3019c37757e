package judge

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gongkai/area/inspect/fact"
)

func TestSchemes(t *testing.T) {
	for _, s := range []Scheme{National(), Census()} {
		t.Run("the points of "+s.Name+" add up", func(t *testing.T) {
			sum, codes := 0.0, map[string]bool{}
			for _, i := range s.Indicators {
				if codes[i.Code] {
					t.Errorf("%s twice", i.Code)
				}
				codes[i.Code] = true
				if i.Part == 2 {
					sum += i.Points
				}
			}
			if sum != s.Full {
				t.Errorf("%v points", sum)
			}
		})
	}
	t.Run("a table with a misspelt field is refused", func(t *testing.T) {
		if _, err := ReadScheme([]byte(`{"name":"x","version":"1","indicator":[]}`)); err == nil {
			t.Error("accepted")
		}
		if _, err := ReadScheme([]byte(`{"name":"x"}`)); err == nil {
			t.Error("accepted without indicators")
		}
	})
}

// one is a scheme of a single indicator besides the gates.
func one(points float64, rules ...Rule) Scheme {
	return Scheme{Name: "s", Version: "1", Full: 100, Floor: 60, Gate: 80, Bonus: 30, Indicators: []Indicator{{Code: "D1.1", Part: 2, Points: points, Rules: rules}}}
}

func TestScore(t *testing.T) {
	national := National()
	for _, c := range []struct {
		name               string
		base, total, bonus float64
		want               float64
	}{
		{"WEB-03 80.0 and bonus 12", 80, 100, 12, 80},
		{"WEB-03 80.1 and bonus 12", 80.1, 100, 12, 92.1},
		{"WEB-03 95 and bonus 34", 95, 100, 34, 125},
		{"WEB-05 60 of 75 without services", 60, 75, 10, 80},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := final(c.base, c.total, c.bonus, national); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
	for lost, unqualified := range map[float64]bool{40.1: true, 40: false} {
		t.Run(fmt.Sprintf("WEB-02 a base of %.1f", 100-lost), func(t *testing.T) {
			r := &fact.Report{Findings: []fact.Finding{{Check: "WEB-40", Indicator: "D1.1", State: fact.Fail}}}
			got := Score(r, fact.Site{}, one(100, Rule{Points: lost}))
			if got.Score != round(100-lost) || len(got.Unqualified) > 0 != unqualified {
				t.Errorf("%+v", got)
			}
		})
	}
	t.Run("WEB-04 deductions of 9 under an indicator of 5", func(t *testing.T) {
		r := &fact.Report{Findings: []fact.Finding{{Indicator: "D1.1", State: fact.Fail, Key: "a"}, {Indicator: "D1.1", State: fact.Fail, Key: "b"}, {Indicator: "D1.1", State: fact.Fail, Key: "c"}}}
		got := Score(r, fact.Site{}, one(5, Rule{Points: 3}))
		if got.Lines[0].Lost != 5 {
			t.Errorf("%+v", got.Lines[0])
		}
	})
	t.Run("what waits for a person takes no points", func(t *testing.T) {
		r := &fact.Report{Findings: []fact.Finding{{Indicator: "D1.1", State: fact.Proposed}, {Indicator: "D1.1", State: fact.NotDecided}}}
		if got := Score(r, fact.Site{}, one(5, Rule{Points: 3})); got.Lines[0].Lost != 0 {
			t.Errorf("%+v", got.Lines[0])
		}
	})
	t.Run("WEB-01 a confirmed veto: no score, and the report names it", func(t *testing.T) {
		r := &fact.Report{Decided: map[string]fact.State{"V3": fact.Fail}, Findings: []fact.Finding{{Check: "WEB-18", Indicator: "V3", State: fact.Fail, Confirmed: true}},
			Result: fact.Result{Lines: []fact.Line{{Indicator: "V3", Reason: "首页没有更新"}}}}
		got := Score(r, fact.Site{}, national)
		if got.Scored || len(got.Unqualified) != 1 || !strings.Contains(got.Unqualified[0], "首页没有更新") {
			t.Errorf("%+v", got)
		}
		r.Findings[0].Confirmed = false
		if got := Score(r, fact.Site{}, national); !got.Scored || len(got.Waiting) != 1 {
			t.Errorf("unconfirmed: %+v", got)
		}
	})
	t.Run("WEB-10 a proposal is no veto until a person confirms it", func(t *testing.T) {
		w := begin()
		w.in.Extra = []fact.Finding{{Check: "WEB-10", Indicator: "V1.1", URL: start, State: fact.Proposed, What: "疑似表述错误"}}
		r := w.judge(t)
		if len(r.Result.Unqualified) != 0 || r.Decided["V1.1"] != fact.Proposed {
			t.Errorf("%+v", r.Result.Unqualified)
		}
		w.in.Answers = map[string]bool{r.Findings[slices.IndexFunc(r.Findings, func(f fact.Finding) bool { return f.Check == "WEB-10" })].ID: true}
		if r = w.judge(t); len(r.Result.Unqualified) != 1 || r.Decided["V1.1"] != fact.Fail {
			t.Errorf("confirmed by a person: %+v", r.Result)
		}
		for id := range w.in.Answers {
			w.in.Answers[id] = false
		}
		if r = w.judge(t); len(found(r, "WEB-10")) != 0 {
			t.Error("refused by a person")
		}
	})
	t.Run("WEB-05 no service functions", func(t *testing.T) {
		w := begin()
		w.in.Site.NoServices = true
		r := w.judge(t)
		wantState(t, &fact.Report{Decided: states(r.Result.Lines)}, "V6.1", fact.NotApplicable)
		wantState(t, &fact.Report{Decided: states(r.Result.Lines)}, "D2.4", fact.NotApplicable)
		only(t, r, "WEB-26")
	})
	t.Run("WEB-07 unconfirmed values are marked; no score for a department", func(t *testing.T) {
		w := begin()
		w.in.Site.Department = true
		r := w.judge(t)
		if r.Result.Scored {
			t.Error("scored")
		}
		for _, l := range r.Result.Lines {
			if strings.HasPrefix(l.Indicator, "D") && (l.State != fact.NotApplicable || !l.Unconfirmed) || l.Indicator == "V3" && l.Unconfirmed || l.Indicator == "V4.3" && !l.Unconfirmed {
				t.Errorf("%+v", l)
			}
		}
	})
	t.Run("WEB-06 an empty policy column is counted under D1.5 alone", func(t *testing.T) {
		w := begin("政策文件 zc/")
		r := w.column("政策文件", "zc/", 1)
		r.Empty = true
		rep := w.judge(t)
		f := found(rep, "WEB-47")
		if len(f) != 1 || f[0].Indicator != "D1.5" || len(found(rep, "WEB-44")) != 0 {
			t.Errorf("%+v", f)
		}
	})
}

func states(lines []fact.Line) map[string]fact.State {
	out := map[string]fact.State{}
	for _, l := range lines {
		out[l.Indicator] = l.State
	}
	return out
}

func TestCensus(t *testing.T) {
	guides := func(missing ...[]string) *fact.Report {
		r := &fact.Report{}
		for i, list := range missing {
			for _, e := range list {
				r.Findings = append(r.Findings, fact.Finding{Check: "WEB-51", Indicator: "D2.4", URL: fmt.Sprint(i), Key: e, State: fact.Fail})
			}
		}
		return r
	}
	lost := func(r *fact.Report) float64 {
		for _, l := range Score(r, fact.Site{}, Census()).Lines {
			if l.Indicator == "办事指南" {
				return l.Lost
			}
		}
		return -1
	}
	t.Run("WEB-78 the same class missing in several guides counts once", func(t *testing.T) {
		if got := lost(guides([]string{"联系电话"}, []string{"联系电话"}, []string{"联系电话", "办理时间"})); got != 4 {
			t.Errorf("%v", got)
		}
		if got := lost(guides([]string{"1", "2", "3", "4", "5", "6", "7", "8", "9"})); got != 16 {
			t.Errorf("%v", got)
		}
	})
	t.Run("WEB-79 two schemes over one crawl", func(t *testing.T) {
		w := begin("要闻 yw/")
		w.column("要闻", "yw/", 1, "2026-01-01", "2026-01-01", "2026-01-01")
		r := w.judge(t)
		other := Score(r, w.in.Site, Census())
		if other.Scheme == r.Result.Scheme || other.Scheme == "" || len(other.Lines) != len(Census().Indicators) {
			t.Errorf("%s, %s", other.Scheme, r.Result.Scheme)
		}
		w.in.Scheme = Census()
		if whole := w.judge(t); whole.Result.Scheme != other.Scheme || whole.Result.Score != other.Score {
			t.Errorf("%v, %v", whole.Result.Score, other.Score)
		}
	})
}

func TestLines(t *testing.T) {
	r := begin().judge(t)
	t.Run("every indicator has a line with a state and a reason", func(t *testing.T) {
		if len(r.Result.Lines) != len(National().Indicators) {
			t.Errorf("%d lines", len(r.Result.Lines))
		}
		for _, l := range r.Result.Lines {
			if l.State == "" || l.Reason == "" {
				t.Errorf("%+v", l)
			}
		}
	})
	t.Run("WEB-15 V1.6 is never FAIL; WEB-71 a bonus without a person's entry is none", func(t *testing.T) {
		for _, c := range []string{"V1.6", "B1", "B2", "B3", "B5", "B6"} {
			wantState(t, r, c, fact.NotDecided)
		}
	})
	t.Run("WEB-84 the same input, the same report", func(t *testing.T) {
		make := func() *fact.Report {
			w := begin("要闻 yw/", "公告 gg/")
			w.column("要闻", "yw/", 1, "2026-06-01", "2026-05-01")
			w.column("公告", "gg/", 1, "2025-06-01", "2025-05-01")
			for i := range 7 {
				w.column(fmt.Sprintf("空%d", i), fmt.Sprintf("k%d/", i), 2).Empty = true
			}
			return w.judge(t)
		}
		if a, b := fmt.Sprintf("%+v", make()), fmt.Sprintf("%+v", make()); a != b {
			t.Errorf("%s\n%s", a, b)
		}
	})
}
