package app

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"gongkai/area"
	"gongkai/area/plan"
	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/config"
)

// TestDemonstrationOnAnyDay fills the district as seen from the first days of a
// year and the spring; an ordinary day is what the other tests open.
func TestDemonstrationOnAnyDay(t *testing.T) {
	for _, day := range []string{"2027-01-04", "2026-03-10"} {
		t.Run(day, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			cfg := config.Default()
			cfg.Data = t.TempDir()
			today := calendar.MustParse(day)
			now, log := clock.At(today.Start().Add(10*time.Hour)), slog.New(slog.DiscardHandler)
			if _, err := Demo(ctx, cfg, now, log); err != nil {
				t.Fatal(err)
			}
			a, err := Open(ctx, DemoConfig(cfg), now, log)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := a.Close(); err != nil {
					t.Error(err)
				}
			}()
			plans, err := a.Plan.Plans(ctx)
			if err != nil || len(plans) != 2 {
				t.Fatalf("plans: %+v, %v", plans, err)
			}
			p := plans[slices.IndexFunc(plans, func(p plan.Plan) bool { return p.Year == today.Year() })]
			if p.Previous == "" || p.IssuedOn.After(today) || len(p.Letter) != 3 {
				t.Errorf("this year's plan: %+v", p)
			}
			_, sheet, err := a.Plan.Draft(ctx, p.Draft)
			if err != nil {
				t.Fatal(err)
			}
			if s, i, m := sheet.Counts(); s != 5 || i != 17 || m != 52 {
				t.Errorf("the file reads as %d sections, %d items, %d measures", s, i, m)
			}
			rows := map[int]bool{}
			for _, s := range sheet.Sections {
				for _, i := range s.Items {
					for _, m := range i.Measures {
						rows[m.Row] = true
						for _, n := range slices.Concat(m.Lead, m.Resp) {
							if len(n.Units) == 0 {
								t.Errorf("%s in %s is no unit", n.Text, m.Text)
							}
						}
					}
				}
			}
			if len(rows) != 33 {
				t.Errorf("%d table rows", len(rows))
			}
			for _, d := range sheet.Doubts {
				if d.Value != "区交通局" { // 等: the one that is meant to be asked about
					t.Errorf("a doubt nobody planned: %s %s: %s", d.What, d.Value, d.Why)
				}
			}
			m, err := a.Plan.Matrix(ctx, p.ID)
			if err != nil || len(m.Items) != 17 || len(m.Units) < 40 {
				t.Errorf("%d items, %d units, %v", len(m.Items), len(m.Units), err)
			}
			lines, err := a.Plan.AllLines(ctx, plan.Filter{Plan: p.ID})
			if err != nil {
				t.Fatal(err)
			}
			standing, periods := map[string]int{}, 0
			late := map[string]bool{}
			for _, l := range lines {
				standing[l.Standing.Code]++
				periods = max(periods, l.Number)
				if l.Standing.Code == "overdue" {
					late[string(l.Measure)] = true
				}
			}
			for _, s := range plan.AllStandings() {
				if standing[s.Code] == 0 {
					t.Errorf("nothing is %s: %v", s.Title, standing)
				}
			}
			if len(late) != 1 || standing["disputed"] != 1 {
				t.Errorf("%d measures are late, %d disputed", len(late), standing["disputed"])
			}
			if day == "2026-11-24" && periods < 2 {
				t.Error("no measure is in its second period")
			}
			if f, err := a.Plan.Lookback(ctx, p.ID); err != nil || f.Ledger == 0 || f.Closed != 1 || f.Holds == 0 || f.Unchecked == 0 {
				t.Errorf("look-back: %+v, %v", f, err)
			}
			if r, err := audit.Verify(ctx, a.DB, a.Trust()); err != nil || !r.Whole() {
				t.Errorf("audit: %+v, %v", r, err)
			}
		})
	}
}

// TestGoldenMeasureRules keeps docs/measure-rules.md and the rules of the
// demonstration the same.
func TestGoldenMeasureRules(t *testing.T) {
	_, ledger := areas(&area.Kernel{}, config.Config{})
	path := filepath.Join("..", "docs", "measure-rules.md")
	want := ledger.DemoRulesText()
	if os.Getenv("GONGKAI_GOLDEN") == "write" {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("docs/measure-rules.md is not what DemoRules says; run make golden (%v)", err)
	}
}
