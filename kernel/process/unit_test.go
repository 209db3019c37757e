package process

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// TestUnitOfWork holds what a move does together, and what two people do at once.
func TestUnitOfWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, kit *storetest.Kit) {
		wang := actor("王芳", "教委", org.Editor)
		begin := func(h *house, with With) *Case {
			var c *Case
			if err := h.do(func(ctx context.Context, tx *store.Tx) (err error) {
				c, err = h.Open(ctx, tx, "small", wang, id.New(), calendar.Date{}, with)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return c
		}
		t.Run("a guard says why not now; the to-do stays; an effect that fails undoes the move", func(t *testing.T) {
			ready, broken := false, errors.New("broken")
			f := small()
			f.Moves[0].If = func(context.Context, Reader, *Case, org.Actor) error {
				if !ready {
					return fault.New(fault.Conflict, "附件还没有通过检查，请先处理检查结果")
				}
				return nil
			}
			f.Moves[0].Do = func(_ context.Context, _ *store.Tx, c *Case, in Input) error {
				if c.State != "b" || c.Last.Move != "go" || c.ClosedAt.IsZero() {
					t.Errorf("the effect sees %+v", c)
				}
				return broken
			}
			h := newHouse(t, kit, f)
			c := begin(h, With{})
			offers, err := h.Allowed(t.Context(), wang, c)
			if err != nil || len(offers) != 1 || !offers[0].Mine || !contains(offers[0].Why, "附件还没有通过检查") {
				t.Fatalf("%v %+v", err, offers)
			}
			h.todos(t, wang, 1)
			h.refused(c, "go", wang, Input{}, fault.Conflict, "附件还没有通过检查")
			ready = true
			if err := h.try(c, "go", wang, Input{}); !errors.Is(err, broken) {
				t.Fatal(err)
			}
			if now := h.get(c); now.State != "a" || now.Version != 1 || len(now.History()) != 1 {
				t.Fatalf("half a move: %+v", now)
			}
		})
		t.Run("AUD every step has its entry, without free texts, and the chain holds", func(t *testing.T) {
			h, c := h2approve(t, kit)
			_, _, _, _, sun, _ := people()
			h.moves(c, "issue", sun, Input{Values: map[string]string{"number": "江府办〔2026〕8号", "copies": "30"}})
			entries, err := audit.History(t.Context(), h.db.Read, "countersign", string(c.Subject))
			if err != nil {
				t.Fatal(err)
			}
			if report, err := audit.Verify(t.Context(), h.db, nil); err != nil || !report.Whole() {
				t.Fatalf("%v %+v", err, report)
			}
			if len(entries) != 6 {
				t.Fatalf("%d entries for 6 steps", len(entries))
			}
			at := slices.IndexFunc(entries, func(r audit.Record) bool { return r.Action == "countersign.issue" })
			last := entries[at]
			if last.Actor != sun.Person || last.Subject != string(c.Subject) ||
				!slices.Contains(last.Changes, audit.Change{Field: "state", Old: "approve", New: "issued"}) ||
				!slices.Contains(last.Changes, audit.Change{Field: "number", New: "11字"}) ||
				!slices.Contains(last.Changes, audit.Change{Field: "copies", New: "30"}) {
				t.Fatalf("%+v", last)
			}
		})
		t.Run("many at once: one makes the move, the others learn who", func(t *testing.T) {
			h := newHouse(t, kit, small())
			c := begin(h, With{})
			var mu sync.Mutex
			var made, told int
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					err := h.try(c, "go", wang, Input{Version: 1})
					mu.Lock()
					defer mu.Unlock()
					switch {
					case err == nil:
						made++
					case fault.Is(err, fault.Conflict) && contains(fault.Text(err), "王芳于"):
						told++
					default:
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if made != 1 || told != 7 {
				t.Fatalf("%d made the move, %d were told", made, told)
			}
		})
		t.Run("side by side: two reviews at the same moment both count", func(t *testing.T) {
			_, li, zhao, qian, _, _ := people()
			w, _, _, _, _, _ := people()
			h := newHouse(t, kit, countersign())
			h.on("2026-05-06")
			c := h.open(w, "2026-05-06")
			h.moves(c, "submit", w, Input{})
			h.moves(c, "pass", li, Input{})
			var wg sync.WaitGroup
			for move, who := range map[string]org.Actor{"legal": zhao, "finance": qian} {
				wg.Go(func() {
					if err := h.try(c, move, who, Input{}); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if now := h.get(c); now.State != "approve" {
				t.Fatalf("in %s", now.State)
			}
		})
		t.Run("a refused expiry is asked again the next day, not every minute", func(t *testing.T) {
			f := small()
			asked, ready := 0, false
			f.Moves = append(f.Moves, Move{Name: "end", Title: "自动办结", From: "a", To: "b", Auto: true,
				If: func(context.Context, Reader, *Case, org.Actor) error {
					if asked++; !ready {
						return fault.New(fault.Conflict, "还有材料没有收齐")
					}
					return nil
				}})
			f.Clocks[0].Expire = "end"
			h := newHouse(t, kit, f)
			h.on("2026-05-06")
			c := begin(h, With{Due: map[string]calendar.Date{"k": calendar.MustParse("2026-05-12")}})
			h.on("2026-05-13")
			h.tick()
			h.tick()
			if asked != 1 || h.get(c).State != "a" {
				t.Fatalf("asked %d times", asked)
			}
			ready = true
			h.on("2026-05-14")
			h.tick()
			if h.get(c).State != "b" {
				t.Fatal("not asked again")
			}
		})
		t.Run("a visitor makes the moves of the public, in no unit", func(t *testing.T) {
			f := small()
			f.Moves = append(f.Moves, Move{Name: "withdraw", Title: "撤回申请", From: "a", To: "b", By: org.Public, In: Any, Optional: true})
			h := newHouse(t, kit, f)
			c := begin(h, With{})
			c = h.moves(c, "withdraw", org.Actor{}, Input{})
			if s := c.History()[1]; s.Name != "访客" || s.Person != "" || c.State != "b" {
				t.Fatalf("%+v", s)
			}
			h.todos(t, org.Actor{}, 0)
		})
		t.Run("opening: an unknown party, a missing one, a day to come", func(t *testing.T) {
			h := newHouse(t, kit, countersign())
			try := func(day string, with With) error {
				return h.do(func(ctx context.Context, tx *store.Tx) error {
					_, err := h.Open(ctx, tx, "countersign", wang, id.New(), calendar.MustParse(day), with)
					return err
				})
			}
			h.on("2026-05-14")
			all := map[string]id.ID{"justice": "a", "money": "", "office": "b"}
			want(t, try("2026-05-15", With{Parties: all}), fault.Invalid, "起算日期不能晚于今天")
			if err := try("2026-05-14", With{Parties: all}); err != nil {
				t.Fatal(err)
			}
			if err := try("2026-05-14", With{}); err == nil || !contains(err.Error(), `needs its party "justice"`) {
				t.Fatal(err)
			}
			all["x"] = "c"
			if err := try("2026-05-14", With{Parties: all}); err == nil || !contains(err.Error(), `no party "x"`) {
				t.Fatal(err)
			}
		})
	})
}

// TestClockRuns holds how a clock ends and starts anew (requests.md, K1 and T6).
func TestClockRuns(t *testing.T) {
	f := countersign()
	days := calendar.Default()
	day := calendar.MustParse
	c := &Case{ID: "c", Flow: f.Name, flow: &f, State: "draft"}
	tell := func(move, from, to, on string) {
		m, _ := f.Move(move)
		c.State = to
		c.tell(days, m, from, to, day(on))
	}
	runs := func(name string) (out []*run) {
		for _, r := range c.runs {
			if r.Name == name {
				out = append(out, r)
			}
		}
		return out
	}
	tell("", "", "draft", "2026-03-02")
	tell("submit", "draft", "check", "2026-03-03")
	if r := runs("draft"); len(r) != 1 || r[0].Stop != day("2026-03-03") {
		t.Fatalf("%+v", r)
	}
	tell("fix", "check", "draft", "2026-03-05") // ends 会签期限, starts 拟稿期限 anew
	tell("submit", "draft", "check", "2026-03-09")
	if r := runs("reply"); len(r) != 2 || r[0].Stop != day("2026-03-05") || r[1].Run != 2 || r[1].Due != days.AddWorkingDays(day("2026-03-09"), 20) {
		t.Fatalf("%+v", r)
	}
	// An answer dated before the question was sent ends the pause and excludes nothing.
	tell("ask", "approve", "ask", "2026-03-12")
	if !c.Due.IsZero() {
		t.Fatalf("due %s while paused", c.Due)
	}
	tell("answered", "ask", "approve", "2026-03-10")
	if c.Due != days.AddWorkingDays(day("2026-03-09"), 20) {
		t.Fatalf("due %s", c.Due)
	}
	tell("ask", "approve", "ask", "2026-03-16")
	tell("drop", "ask", "dropped", "2026-03-20")
	for _, r := range c.runs {
		if r.running() || len(r.Pauses) > 0 && r.Pauses[len(r.Pauses)-1].Open() || !r.Next.IsZero() {
			t.Fatalf("runs in a closed case: %+v", r)
		}
	}
}
