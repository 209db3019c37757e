package process

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// BenchmarkTodos reads to-do lists from ten years of a district: 120,000 cases of
// 200 units, 12,000 of them open.
func BenchmarkTodos(b *testing.B) {
	h := newHouse(b, storetest.SQLite(b), countersign(), small())
	fill(b, h, 120_000, 12_000, 200)
	for _, one := range []struct {
		name string
		who  org.Actor
		f    Filter
	}{
		{"unit", actor("u", "unit-7", org.Editor|org.Proofreader|org.Disclosure), Filter{}},
		{"review", actor("r", "司法局", org.Reviewer1), Filter{Group: Late}},
		{"office", actor("o", "政府办", org.Leader|org.Coordinator), Filter{Page: page.Ask{Number: 3}}},
		{"nobody", actor("n", "unit-7", 0), Filter{}},
	} {
		b.Run("list/"+one.name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				got, err := h.Todos(b.Context(), one.who, one.f)
				if err != nil {
					b.Fatal(err)
				}
				n = got.Counts.All()
			}
			b.ReportMetric(float64(n), "todos")
		})
		b.Run("count/"+one.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := h.Count(b.Context(), one.who, ""); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("standings", func(b *testing.B) {
		for b.Loop() {
			got, err := h.Standings(b.Context(), Which{Flow: "countersign", Open: true})
			if err != nil || len(got) != 12_000 {
				b.Fatal(len(got), err)
			}
		}
	})
	b.Run("stats", func(b *testing.B) {
		for b.Loop() {
			if _, err := h.Stats(b.Context(), Which{Flow: "countersign"}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// fill writes cases straight into the tables, as they stand after their moves.
func fill(b testing.TB, h *house, all, open, units int) {
	flow, _ := h.Flow("countersign")
	states := []string{"draft", "draft", "draft", "check", "check", "sign", "approve", "ask"}
	first := calendar.MustParse("2016-05-06")
	for from := 0; from < all; from += 1000 {
		err := h.do(func(ctx context.Context, tx *store.Tx) error {
			var cases []caseRow
			var seats []seatRow
			var steps []stepRow
			var runs []runRow
			for i := from; i < from+1000; i++ {
				unit := id.ID(fmt.Sprintf("unit-%d", i%units))
				c := Case{ID: id.New(), Flow: flow.Name, Subject: id.New(), Unit: unit, Title: "关于某事的通知", Link: "/desk/x",
					Author: "a", Day0: first.Add(i * 3650 / all), Version: 5, Entered: 4, State: "issued", OpenedAt: tx.Now, ClosedAt: tx.Now}
				r := run{CaseID: c.ID, Name: "reply", Run: 1, Start: c.Day0, Period: calendar.InWorkingDays(20), Pauses: []calendar.Pause{}}
				r.Due = c.Day0.Add(28)
				if r.Stop = c.Day0.Add(20 + i%10); i >= all-open {
					c.State, c.ClosedAt = states[(i/units)%len(states)], time.Time{}
					c.Due = h.today().Add(i%60 - 20)
					r.Due, r.Stop, r.Next = c.Due, calendar.Date{}, c.Due
				}
				cases = append(cases, caseRow{Case: c})
				for party, u := range map[string]id.ID{Own: unit, Any: "", "justice": "司法局", "money": "财政局", "office": "政府办"} {
					seats = append(seats, seatRow{CaseID: c.ID, Party: party, Unit: u, Flow: c.Flow, State: c.State, Entered: 4, Due: c.Due})
				}
				for n := range int64(5) {
					steps = append(steps, stepRow{CaseID: c.ID, Step: Step{Seq: n + 1, Kind: kindMove, Move: flow.Moves[n].Name, Person: "a", At: tx.Now, Values: map[string]string{}}})
				}
				runs = append(runs, runRow{run: r})
			}
			for _, rows := range []any{&cases, &seats, &steps, &runs} {
				if _, err := tx.NewInsert().Model(rows).Exec(ctx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
