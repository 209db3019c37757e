package process

import (
	"strings"
	"testing"

	"gongkai/kernel/calendar"
	"gongkai/kernel/org"
)

// small is the shortest flow that is right.
func small() Flow {
	return Flow{Name: "small", Title: "小流程", Start: "a",
		States: []State{{Name: "a", Title: "甲"}, {Name: "b", Title: "乙", Final: true}},
		Moves:  []Move{{Name: "go", Title: "办结", From: "a", To: "b", By: org.Editor}},
		Clocks: []Clock{{Name: "k", Title: "期限", WorkingDays: 5, Basis: "内部规定"}}}
}

func TestDeclarations(t *testing.T) {
	f, g := small(), countersign()
	if err := f.Valid(); err != nil {
		t.Fatal(err)
	}
	if err := g.Valid(); err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		name   string
		change func(*Flow)
		want   string
	}{
		{"unknown start", func(f *Flow) { f.Start = "x" }, `start "x" is not a state`},
		{"unknown state", func(f *Flow) { f.Moves[0].To = "x" }, "unknown state x"},
		{"unknown move of a clock", func(f *Flow) { f.Clocks[0].StopOn = "x" }, "unknown move x"},
		{"unreachable", func(f *Flow) { f.States = append(f.States, State{Name: "c", Title: "丙", Final: true}) }, "state c cannot be reached"},
		{"no way out", func(f *Flow) {
			f.States = append(f.States, State{Name: "c", Title: "丙"})
			f.Moves = append(f.Moves, Move{Name: "in", Title: "进", From: "a", To: "c", By: org.Editor})
		}, "state c cannot be left for a final state"},
		{"going round for ever", func(f *Flow) { f.States[1].Final = false }, "state a cannot be left"},
		{"twice the same move", func(f *Flow) { f.Moves = append(f.Moves, f.Moves[0]) }, "move go is declared twice"},
		{"twice the same state", func(f *Flow) { f.States = append(f.States, f.States[0]) }, "state a is declared twice"},
		{"bad name", func(f *Flow) { f.Moves[0].Name = "go_on" }, "small letters, digits and hyphens"},
		{"no title", func(f *Flow) { f.States[0].Title = "" }, "state a has no title"},
		{"long mark", func(f *Flow) { f.States[0].Mark = "达成" }, "a mark is one character"},
		{"nobody may", func(f *Flow) { f.Moves[0].By = 0 }, "nobody may make it"},
		{"house and people", func(f *Flow) { f.Moves[0].Auto = true }, "by the house and by roles"},
		{"everybody's to-do", func(f *Flow) { f.Moves[0].By, f.Moves[0].In = org.Public, Any }, "everybody's to-do"},
		{"four eyes on an unknown move", func(f *Flow) { f.Moves[0].NotBy = []string{"x"} }, "unknown move x"},
		{"back with a target", func(f *Flow) { f.Moves[0].Back = true }, "goes back to a chosen state"},
		{"to-do in a final state", func(f *Flow) {
			f.Moves = append(f.Moves, Move{Name: "open", Title: "重开", From: "b", To: "a", By: org.Editor})
		}, "say Optional"},
		{"the name of the opening", func(f *Flow) { f.Moves[0].Name = Opened }, "move open is declared twice"},
		{"unknown branch", func(f *Flow) { f.Moves[0].Branch = "x" }, "state a has no branch x"},
		{"branch that nobody approves", func(f *Flow) { f.States[0].Needs = []Branch{{"x", "审"}}; f.Moves[0].NeedReason = true }, "no move approves branch x"},
		{"leaving reviews without a reason", func(f *Flow) { f.States[0].Needs = []Branch{{"x", "审"}} }, "it needs a reason"},
		{"unknown kind", func(f *Flow) { f.Moves[0].Needs = []Need{{Name: "n", Title: "数", Kind: "colour"}} }, `unknown kind "colour"`},
		{"choice of nothing", func(f *Flow) { f.Moves[0].Needs = []Need{{Name: "n", Title: "数", Kind: Choice}} }, "options belong to a choice"},
		{"two lengths", func(f *Flow) { f.Clocks[0].Period = calendar.InDays(3) }, "one length"},
		{"no basis", func(f *Flow) { f.Clocks[0].Basis = "" }, "names no basis"},
		{"expires by hand", func(f *Flow) { f.Clocks[0].Expire = "go" }, "not a move of the house"},
		{"paused for ever", func(f *Flow) { f.Clocks[0].PauseOn = "go" }, "PauseOn and ResumeOn"},
		{"escalation to nobody", func(f *Flow) { f.Clocks[0].Escalate = []Escalation{{After: 1}} }, "an escalation has"},
	} {
		t.Run(one.name, func(t *testing.T) {
			f := small()
			one.change(&f)
			if err := f.Valid(); err == nil || !strings.Contains(err.Error(), one.want) {
				t.Fatalf("got %v, want %q", err, one.want)
			}
		})
	}
	s := New(nil, nil, nil)
	if err := s.Register(small(), small()); err == nil || !strings.Contains(err.Error(), "declared twice") {
		t.Fatal(err)
	}
}
