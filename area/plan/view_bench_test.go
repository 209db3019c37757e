package plan_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/area"
	"gongkai/area/areatest"
	"gongkai/area/plan"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// BenchmarkViews measures pages over 12,000 duties of 200 units, with ten such
// years in the database, as the server answers them: at rest, and each right
// after somebody moved a duty, compressed as a browser asks for. It prints the
// 50th and 99th percentile. "first" is a plan that is read from the database, as
// after a start or after a new version of it.
func BenchmarkViews(b *testing.B) {
	for _, kind := range []struct {
		name string
		kit  func(testing.TB) *storetest.Kit
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		b.Run(kind.name, func(b *testing.B) {
			var s *plan.Service
			h := areatest.New(b, kind.kit(b), "2022-09-01", func(k *area.Kernel) area.Area { s = plan.New(k); return s.Area() })
			office := h.Person("赵敏", "区政府办公室", org.Coordinator|org.Disclosure)
			units := make([]id.ID, 200)
			for i := range units {
				units[i] = h.Unit(fmt.Sprintf("第%03d局", i+1))
			}
			worker := h.Person("王芳", "第001局", org.Disclosure)
			worker.Encoding = "gzip"
			keys, cases := seed(b, h, office.Who, units)
			m := &mover{s: s, worker: worker.Who, office: office.Who, cases: cases}
			base := "/desk/plans/" + string(keys[len(keys)-1])
			b.Run("first", func(b *testing.B) {
				var took []time.Duration
				for b.Loop() {
					fresh := plan.New(h.Kernel)
					start := b.Elapsed()
					if _, _, err := fresh.FiguresOf(b.Context(), keys[len(keys)-1]); err != nil {
						b.Fatal(err)
					}
					took = append(took, b.Elapsed()-start)
				}
				percentiles(b, took)
			})
			for _, c := range []struct{ name, path string }{
				{"matrix", base}, {"list", base + "/list?sort=due"}, {"list narrowed", base + "/list?standing=overdue&q=公开"}, {"units", base + "/units"}, {"weekly", base + "/weekly"}, {"mine", "/desk/duties"}, {"public", "/plans/2022"}, {"all plans", "/desk/plans"}, {"all public plans", "/plans"},
			} {
				for _, moved := range []bool{false, true} {
					name := c.name
					if moved {
						name += " after a change"
					}
					b.Run(name, func(b *testing.B) {
						worker.Get(c.path) // read into memory once, as after a start
						var took []time.Duration
						for b.Loop() {
							if moved {
								b.StopTimer()
								m.move(b)
								b.StartTimer()
							}
							start := b.Elapsed()
							a := worker.Get(c.path)
							took = append(took, b.Elapsed()-start)
							if a.Code != 200 {
								b.Fatalf("%s: %d", c.path, a.Code)
							}
						}
						percentiles(b, took)
					})
				}
			}
		})
	}
}

// percentiles reports the 50th and 99th percentile.
func percentiles(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// mover moves the duties of the first unit round and round: accepted, disputed,
// kept, disputed and so on.
type mover struct {
	s              *plan.Service
	worker, office org.Actor
	cases          []id.ID
	done           int
}

func (m *mover) move(b *testing.B) {
	who, move := m.worker, "accept"
	if round := m.done / len(m.cases); round%2 == 1 {
		move = "dispute"
	} else if round > 0 {
		who, move = m.office, "keep"
	}
	if err := m.s.Move(context.Background(), who, m.cases[m.done%len(m.cases)], move, process.Input{Reason: "情况属实"}); err != nil {
		b.Fatal(err)
	}
	m.done++
}

// seed writes ten years of 60 measures × 200 units straight into the tables.
func seed(b *testing.B, h *areatest.House, who org.Actor, units []id.ID) (plans, cases []id.ID) {
	b.Helper()
	ctx := context.Background()
	states := []string{"issued", "accepted", "accepted", "submitted", "confirmed", "closed", "closed", "returned"}
	for year := 2013; year <= 2022; year++ {
		err := h.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			p := id.New()
			plans = append(plans, p)
			put := func(table, columns string, rows [][]any) error {
				for len(rows) > 0 {
					n := min(300, len(rows))
					mark := "(" + strings.TrimSuffix(strings.Repeat("?,", len(rows[0])), ",") + ")"
					var args []any
					for _, row := range rows[:n] {
						args = append(args, row...)
					}
					if _, err := tx.ExecContext(ctx, "insert into "+table+" ("+columns+") values "+strings.TrimSuffix(strings.Repeat(mark+",", n), ","), args...); err != nil {
						return fmt.Errorf("%s: %w", table, err)
					}
					rows = rows[n:]
				}
				return nil
			}
			issued := fmt.Sprintf("%d-03-01", year)
			if err := put("plan", "id, year, title, number, issuer, issued_on, office, letter, previous, draft, version",
				[][]any{{p, year, fmt.Sprintf("%d年政务公开工作要点任务分工", year), "", "区政府办公室", issued, who.Unit, "[]", "", "", 1}}); err != nil {
				return err
			}
			var items, measures, duties, terms, rows, seats, steps [][]any
			for i := range 17 {
				items = append(items, []any{id.New(), p, i + 1, fmt.Sprintf("（%d）", i+1), "推进公开", 1, "公开"})
			}
			for m := range 60 {
				measure := id.New()
				item := items[m*17/60][0]
				measures = append(measures, []any{measure, p, item, m + 1, m + 1, "", "及时公开有关信息，做好解读和回应。", "", `{"kind":"ongoing","on":""}`, 1})
				for u, unit := range units {
					duty, term, c := id.New(), id.New(), id.New()
					state := states[(m*7+u*3)%len(states)]
					if u == 0 {
						state = "issued"
					}
					if year == 2022 && u == 0 {
						cases = append(cases, c)
					}
					role := "resp"
					if u == m {
						role = "lead"
					}
					due := fmt.Sprintf("%d-%02d-28", year, 4+(m+u)%9)
					var closed any
					if state == "closed" {
						closed = tx.Now
					}
					duties = append(duties, []any{duty, p, item, measure, unit, role, ""})
					terms = append(terms, []any{term, duty, p, 1, issued, fmt.Sprintf("%d-12-31", year), due, c})
					rows = append(rows, []any{c, "duty", term, state, unit, "及时公开有关信息", "", who.Person, "", issued, due, tx.Now, closed, 2, 2})
					for _, party := range []struct {
						name string
						unit id.ID
					}{{"", unit}, {"lead", units[m]}, {"office", who.Unit}} {
						seats = append(seats, []any{c, party.name, party.unit, "duty", state, 2, due})
					}
					for seq, mv := range []string{"", "submit"} {
						steps = append(steps, []any{c, seq + 1, map[bool]string{true: "open", false: "move"}[seq == 0], mv, "", "", state, who.Person, who.Name, "", unit, "", tx.Now.AddDate(0, 0, -m), "", "{}"})
					}
				}
			}
			for _, t := range []struct {
				table, columns string
				rows           [][]any
			}{
				{"plan_item", "id, plan, position, number, title, section, section_title", items},
				{"plan_measure", `id, plan, item, position, row, number, text, due_text, due, version`, measures},
				{"plan_duty", `id, plan, item, measure, unit, role, "group"`, duties},
				{"process_case", "id, flow, subject, state, unit, title, link, author, author_for, day0, due, opened_at, closed_at, version, entered", rows},
				{"process_seat", "case_id, party, unit, flow, state, entered, due", seats},
				{"process_step", `case_id, seq, kind, move, branch, from_state, to_state, person, person_name, for_person, unit, unit_name, at, reason, "values"`, steps},
				{"plan_term", `id, duty, plan, number, "from", until, due, "case"`, terms},
			} {
				if err := put(t.table, t.columns, t.rows); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return plans, cases
}
