package process

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// randomFlow draws a flow that Valid accepts: a chain of states to an end, with
// parallel reviews, returns, side moves and clocks strewn over it.
func randomFlow(t *rapid.T, name string) Flow {
	roles := []org.Role{org.Editor, org.Proofreader, org.Reviewer1, org.Reviewer1 | org.Reviewer2, org.Lead}
	parties := []string{Own, "lead", Any}
	draw := func(n int, what string) int { return rapid.IntRange(0, n-1).Draw(t, what) }
	f := Flow{Name: name, Title: "流程" + name, Start: "s0"}
	n := rapid.IntRange(2, 6).Draw(t, "states")
	for i := range n {
		f.States = append(f.States, State{Name: fmt.Sprintf("s%d", i), Title: fmt.Sprintf("环节%d", i), Final: i == n-1})
	}
	move := func(m Move) {
		m.Title, m.By, m.In = "办"+m.Name, roles[draw(len(roles), "role")], parties[draw(len(parties), "party")]
		m.NotAuthor = draw(3, "author") == 0
		for _, o := range f.Moves {
			if draw(4, "eyes") == 0 {
				m.NotBy = append(m.NotBy, o.Name)
			}
		}
		f.Moves = append(f.Moves, m)
	}
	for i := range n - 1 {
		from, to := f.States[i].Name, f.States[i+1].Name
		if i > 0 && draw(3, "parallel") == 0 {
			f.States[i].Needs = []Branch{{"x", "甲审"}, {"y", "乙审"}}
			move(Move{Name: fmt.Sprintf("x%d", i), From: from, To: to, Branch: "x"})
			move(Move{Name: fmt.Sprintf("y%d", i), From: from, To: to, Branch: "y"})
		} else {
			move(Move{Name: fmt.Sprintf("m%d", i), From: from, To: to})
		}
		switch draw(4, "side") {
		case 0:
			move(Move{Name: fmt.Sprintf("back%d", i), From: from, Back: true, NeedReason: true})
		case 1:
			move(Move{Name: fmt.Sprintf("skip%d", i), From: from, To: f.States[n-1].Name, NeedReason: true, Optional: true})
		case 2:
			move(Move{Name: fmt.Sprintf("stay%d", i), From: from, Optional: draw(2, "optional") == 0})
		}
	}
	f.Clocks = []Clock{
		{Name: "whole", Title: "总期限", WorkingDays: rapid.IntRange(1, 30).Draw(t, "length"), Basis: "试", PauseIn: f.States[draw(n, "pause")].Name},
		{Name: "part", Title: "分期限", Period: calendar.InDays(rapid.IntRange(1, 60).Draw(t, "days")), Basis: "试",
			StartIn: f.States[draw(n, "start")].Name, StopIn: f.States[draw(n, "stop")].Name, Remind: []int{1}},
	}
	return f
}

// randomPeople can do everything between them, in two units.
func randomPeople() []org.Actor {
	out := []org.Actor{
		actor("甲", "U1", org.Editor|org.Reviewer1), actor("乙", "U1", org.Proofreader|org.Reviewer1),
		actor("丙", "U2", org.Editor|org.Proofreader|org.Reviewer2|org.Lead), actor("丁", "U2", org.Lead|org.Reviewer1),
		actor("戊", "U1", 0), actor("己", "U1", org.Editor|org.Proofreader|org.Reviewer1|org.Lead),
	}
	substitute := actor("戊", "U1", org.Editor|org.Reviewer1)
	substitute.For = "甲"
	return append(out, substitute)
}

// TestTodosAreWhatIsAllowed walks cases at random through random flows and holds
// every law after each step, among them that the derived to-do list is what
// Allowed says of each case for each person.
func TestTodosAreWhatIsAllowed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, kit *storetest.Kit) {
		db := kit.Open(audit.Migration(), Migration())
		days := calendar.Default()
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			kit.Clock.Set(calendar.MustParse("2025-03-03").Start())
			s := New(db, func() *calendar.Calendar { return days }, &postbox{})
			flow := randomFlow(rt, fmt.Sprintf("walk%d", run))
			if err := s.Register(flow); err != nil {
				rt.Fatal(err)
			}
			w := &walk{T: rt, s: s, db: db, people: randomPeople()}
			for range 2 {
				w.open(flow.Name)
			}
			longest := 16
			if kit.Postgres { // the laws are the same, the round trips longer
				longest = 6
			}
			for i := range rapid.IntRange(4, longest).Draw(rt, "steps") {
				kit.Clock.Set(calendar.Of(kit.Clock.Now()).Add(rapid.IntRange(0, 9).Draw(rt, "wait")).Start())
				if w.step(); i%5 == 4 {
					w.todos(flow.Name)
				}
			}
			w.todos(flow.Name)
		})
	})
}

type walk struct {
	*rapid.T
	s      *Cases
	db     *store.DB
	people []org.Actor
	keys   []id.ID
}

func (w *walk) do(fn func(ctx context.Context, tx *store.Tx) error) error {
	return w.db.Do(context.Background(), fn)
}

func (w *walk) open(flow string) {
	err := w.do(func(ctx context.Context, tx *store.Tx) error {
		f, _ := w.s.Flow(flow)
		with := With{}
		if slices.Contains(f.parties(), "lead") {
			with.Parties = map[string]id.ID{"lead": "U2"}
		}
		c, err := w.s.Open(ctx, tx, flow, w.people[0], id.New(), calendar.Date{}, with)
		if err == nil {
			w.keys = append(w.keys, c.ID)
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
}

// step lets somebody try something, mostly what is theirs, and checks the laws.
func (w *walk) step() {
	key := rapid.SampledFrom(w.keys).Draw(w.T, "case")
	before, err := w.s.Get(context.Background(), key)
	if err != nil {
		w.Fatal(err)
	}
	type try struct {
		who  org.Actor
		move Move
	}
	var mine []try
	for _, who := range w.people {
		for _, m := range before.flow.movesFrom(before.State) {
			if before.right(m, who) == nil {
				mine = append(mine, try{who, m})
			}
		}
	}
	one := try{rapid.SampledFrom(w.people).Draw(w.T, "who"), rapid.SampledFrom(before.flow.Moves).Draw(w.T, "move")}
	if len(mine) > 0 && rapid.IntRange(0, 5).Draw(w.T, "wrong") > 0 {
		one = rapid.SampledFrom(mine).Draw(w.T, "mine")
	}
	who, m := one.who, one.move
	if rapid.IntRange(0, 3).Draw(w.T, "hand") == 0 {
		role := rapid.SampledFrom(m.By.Split()).Draw(w.T, "role")
		h := Hand{Party: m.In, Person: rapid.SampledFrom(w.people).Draw(w.T, "to").Person, Role: role}
		hand := w.s.Assign
		if rapid.Bool().Draw(w.T, "lend") {
			hand = w.s.Delegate
		}
		w.tolerate(w.do(func(ctx context.Context, tx *store.Tx) error { return hand(ctx, tx, key, who, h) }))
		return
	}
	in := Input{Reason: "试"}
	if m.Back {
		in.To = before.flow.Start
		if v := before.visited(); len(v) > 0 {
			in.To = rapid.SampledFrom(v).Draw(w.T, "target").Name
		}
	}
	err = w.do(func(ctx context.Context, tx *store.Tx) error {
		_, err := w.s.Move(ctx, tx, key, m.Name, who, in)
		return err
	})
	w.tolerate(err)
	after, e := w.s.Get(context.Background(), key)
	if e != nil {
		w.Fatal(e)
	}
	if err != nil {
		if after.State != before.State || after.Version != before.Version {
			w.Fatalf("a refused move changed the case: %v", err)
		}
		return
	}
	w.laws(before, after, m, who)
}

// tolerate lets through what a person may be told; everything else is a defect.
func (w *walk) tolerate(err error) {
	if err != nil && fault.Text(err) == "" {
		w.Fatal(err)
	}
}

func (w *walk) laws(before, after *Case, m Move, who org.Actor) {
	if !has(m.From, before.State) {
		w.Fatalf("%s was made in %s", m.Name, before.State)
	}
	if _, ok := after.flow.State(after.State); !ok || Replay(after.History()) != after.State {
		w.Fatalf("history leads to %s, the case is in %s", Replay(after.History()), after.State)
	}
	if after.Version != int64(len(after.steps)) || after.Version != before.Version+1 {
		w.Fatalf("version %d with %d steps", after.Version, len(after.steps))
	}
	for _, s := range before.steps { // four eyes, told again in its own words
		ruled := slices.Contains(m.NotBy, s.Move) && s.Move != "" || m.NotAuthor && s.Kind == kindOpen
		for _, one := range []id.ID{s.Person, s.For} {
			if ruled && one != "" && (one == who.Person || one == who.For) {
				w.Fatalf("%s made %s after %s", who.Name, m.Name, s.Move)
			}
		}
	}
	from, _ := after.flow.State(before.State)
	if after.State != before.State && m.Branch != "" {
		for _, b := range from.Needs {
			if b.Name != m.Branch && !before.approved(b.Name) {
				w.Fatalf("left %s without %s", before.State, b.Name)
			}
		}
	}
	if after.StateOf().Final == after.ClosedAt.IsZero() {
		w.Fatalf("closed %v in %s", after.ClosedAt, after.State)
	}
	days := calendar.Default()
	for _, r := range after.runs {
		if r.running() && after.StateOf().Final {
			w.Fatalf("clock %s runs in a closed case", r.Name)
		}
		if r.Due.IsZero() {
			continue
		}
		plain := r.count()
		plain.Pauses = nil
		d := days.Deadline(r.count())
		if r.Due.Before(r.Start) || d.Excluded < 0 || r.Due.Before(days.Deadline(plain).Due) {
			w.Fatalf("clock %s from %s ends %s: a pause shortened it", r.Name, r.Start, r.Due)
		}
	}
}

// todos compares the derived lists with what Allowed says of each case.
func (w *walk) todos(flow string) {
	ctx := context.Background()
	for _, who := range w.people {
		var want []string
		for _, key := range w.keys {
			c, err := w.s.Get(ctx, key)
			if err != nil {
				w.Fatal(err)
			}
			offers, err := w.s.Allowed(ctx, who, c)
			if err != nil {
				w.Fatal(err)
			}
			moves := ""
			for _, o := range offers {
				if o.Mine && !o.Move.Optional {
					moves += " " + o.Move.Name
				}
			}
			if moves != "" {
				want = append(want, string(key)+moves)
			}
		}
		list, err := w.s.Todos(ctx, who, Filter{Flow: flow})
		if err != nil {
			w.Fatal(err)
		}
		var got []string
		for _, todo := range list.Rows {
			line := string(todo.Case)
			for _, m := range todo.Moves {
				line += " " + m.Name
			}
			got = append(got, line)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) || list.Counts.All() != len(want) {
			w.Fatalf("to-dos of %s for %q:\n%v\nallowed:\n%v\ncounts %+v", who.Name, who.For, got, want, list.Counts)
		}
	}
}
