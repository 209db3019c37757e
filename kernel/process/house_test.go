package process

import (
	"context"
	"testing"
	"time"

	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// countersign is an invented flow, 公文会签, that shows every feature.
func countersign() Flow {
	return Flow{
		Name: "countersign", Title: "公文会签", Start: "draft",
		States: []State{
			{Name: "draft", Title: "拟稿", Mark: "拟"},
			{Name: "check", Title: "核稿", Mark: "核"},
			{Name: "sign", Title: "会签", Mark: "会", Needs: []Branch{{"legal", "合法性审核"}, {"finance", "财务会签"}}},
			{Name: "approve", Title: "审签", Mark: "审"},
			{Name: "ask", Title: "征求意见", Mark: "征"},
			{Name: "issued", Title: "已印发", Mark: "发", Final: true},
			{Name: "dropped", Title: "已撤销", Mark: "撤", Final: true},
		},
		Moves: []Move{
			{Name: "submit", Title: "送核", From: "draft", To: "check", By: org.Editor},
			{Name: "pass", Title: "核稿通过", From: "check", To: "sign", By: org.Proofreader, NotAuthor: true, NotBy: []string{"submit"}},
			{Name: "fix", Title: "退回修改", From: "check", To: "draft", By: org.Proofreader, NeedReason: true},
			{Name: "legal", Title: "合法性审核通过", From: "sign", To: "approve", By: org.Reviewer1, In: "justice", Branch: "legal", NotBy: []string{"pass"}},
			{Name: "finance", Title: "财务会签", From: "sign", To: "approve", By: org.Reviewer2, In: "money", Branch: "finance"},
			{Name: "object", Title: "不同意", From: "sign", To: "draft", By: org.Reviewer1, In: "justice", NeedReason: true},
			{Name: "issue", Title: "签发", From: "approve", To: "issued", By: org.Leader, In: "office", NotAuthor: true, NotBy: []string{"pass", "legal"},
				Needs: []Need{
					{Name: "number", Title: "文号", Kind: Text, Min: 4, Max: 30},
					{Name: "copies", Title: "份数", Kind: Number, Min: 1, Max: 500, Optional: true},
					{Name: "grade", Title: "缓急", Kind: Choice, Optional: true, Options: []Option{{"plain", "平件"}, {"urgent", "急件"}}},
				}},
			{Name: "back", Title: "退回", From: "approve", Back: true, By: org.Leader, In: "office", NeedReason: true},
			{Name: "ask", Title: "征求意见", From: "approve", To: "ask", By: org.Disclosure, Optional: true},
			{Name: "answered", Title: "意见已收到", From: "ask", To: "approve", By: org.Disclosure},
			{Name: "urge", Title: "催办", From: "check sign approve", By: org.Coordinator, In: Any, Optional: true},
			{Name: "drop", Title: "撤销", From: "draft check sign approve", To: "dropped", By: org.Editor, Optional: true, NeedReason: true},
			{Name: "lapse", Title: "逾期失效", From: "draft", To: "dropped", Auto: true},
		},
		Clocks: []Clock{
			{Name: "draft", Title: "拟稿期限", Period: calendar.InDays(30), StartIn: "draft", StopOn: "submit", Basis: "内部规定第3条", Remind: []int{3}, Expire: "lapse"},
			{Name: "reply", Title: "会签期限", WorkingDays: 20, Extend: 20, StartIn: "check", PauseIn: "ask", StopIn: "draft", Basis: "内部规定第5条",
				Remind: []int{5, 1, 0}, Escalate: []Escalation{
					{After: 0, Party: "office", Role: org.Coordinator, Title: "会签逾期"},
					{After: 3, Party: Any, Role: org.Leader, Title: "会签逾期3个工作日，报分管领导"},
				}},
		},
	}
}

// house is a process room with a few people in it.
type house struct {
	*Cases
	t    testing.TB
	db   *store.DB
	kit  *storetest.Kit
	post *postbox
	days *calendar.Calendar
}

// postbox keeps notices.
type postbox struct{ got []Notice }

func (p *postbox) Notify(_ context.Context, _ *store.Tx, n Notice) error {
	p.got = append(p.got, n)
	return nil
}

func (p *postbox) take() []Notice {
	out := p.got
	p.got = nil
	return out
}

func newHouse(t testing.TB, kit *storetest.Kit, flows ...Flow) *house {
	t.Helper()
	h := &house{t: t, kit: kit, post: &postbox{}, days: calendar.Default()}
	h.db = kit.Open(audit.Migration(), Migration())
	h.Cases = New(h.db, func() *calendar.Calendar { return h.days }, h.post)
	if err := h.Register(flows...); err != nil {
		t.Fatal(err)
	}
	return h
}

func actor(name string, unit id.ID, roles org.Role) org.Actor {
	return org.Actor{Person: id.ID(name), Name: name, Unit: unit, UnitName: string(unit), Roles: roles}
}

// People of the invented district.
func people() (wang, li, zhao, qian, sun, zhou org.Actor) {
	return actor("王芳", "教委", org.Editor|org.Proofreader), // writes
		actor("李强", "教委", org.Proofreader|org.Disclosure), // checks
		actor("赵敏", "司法局", org.Reviewer1),
		actor("钱进", "财政局", org.Reviewer2),
		actor("孙丽", "政府办", org.Leader|org.Coordinator),
		actor("周平", "教委", 0)
}

func (h *house) do(fn func(ctx context.Context, tx *store.Tx) error) error {
	return h.db.Do(h.t.Context(), fn)
}

// open begins a countersigning on a day.
func (h *house) open(who org.Actor, day0 string) *Case {
	h.t.Helper()
	var c *Case
	err := h.do(func(ctx context.Context, tx *store.Tx) (err error) {
		c, err = h.Open(ctx, tx, "countersign", who, id.New(), calendar.MustParse(day0), With{
			Title: "关于开学的通知", Link: "/desk/1",
			Parties: map[string]id.ID{"justice": "司法局", "money": "财政局", "office": "政府办"},
		})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// try makes a move.
func (h *house) try(c *Case, move string, who org.Actor, in Input) error {
	return h.do(func(ctx context.Context, tx *store.Tx) error {
		_, err := h.Cases.Move(ctx, tx, c.ID, move, who, in)
		return err
	})
}

// moves makes a move that must work, and returns the case after it.
func (h *house) moves(c *Case, move string, who org.Actor, in Input) *Case {
	h.t.Helper()
	if err := h.try(c, move, who, in); err != nil {
		h.t.Fatalf("%s %s: %v", who.Name, move, err)
	}
	return h.get(c)
}

func (h *house) get(c *Case) *Case {
	h.t.Helper()
	now, err := h.Get(h.t.Context(), c.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return now
}

// refused makes a move that must not work.
func (h *house) refused(c *Case, move string, who org.Actor, in Input, kind fault.Kind, text string) {
	h.t.Helper()
	err := h.try(c, move, who, in)
	want(h.t, err, kind, text)
}

func want(t testing.TB, err error, kind fault.Kind, text string) {
	t.Helper()
	if !fault.Is(err, kind) || !contains(fault.Text(err), text) {
		t.Fatalf("got %v (kind %d), want kind %d with %q", err, fault.KindOf(err), kind, text)
	}
}

// on sets the clock to 10:00 of a day.
func (h *house) on(day string) {
	h.kit.Clock.Set(calendar.MustParse(day).Start().Add(10 * time.Hour))
}

func (h *house) tick() {
	h.t.Helper()
	if err := h.Tick(h.t.Context(), h.kit.Clock.Now()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) hand(t *testing.T, fn func(context.Context, *store.Tx, id.ID, org.Actor, Hand) error, c *Case, who org.Actor, hd Hand) {
	t.Helper()
	if err := h.do(func(ctx context.Context, tx *store.Tx) error { return fn(ctx, tx, c.ID, who, hd) }); err != nil {
		t.Fatal(err)
	}
}

func (h *house) takeBack(t *testing.T, c *Case, who org.Actor, role org.Role) {
	t.Helper()
	if err := h.do(func(ctx context.Context, tx *store.Tx) error { return h.TakeBack(ctx, tx, c.ID, who, Own, role, "") }); err != nil {
		t.Fatal(err)
	}
}

// todos checks how many to-dos a person has.
func (h *house) todos(t *testing.T, who org.Actor, n int) {
	t.Helper()
	got, err := h.Todos(t.Context(), who, Filter{})
	if err != nil || got.Total != n || len(got.Rows) != n {
		t.Fatalf("%s has %d to-dos, want %d (%v)", who.Name, got.Total, n, err)
	}
	if c, err := h.Count(t.Context(), who, ""); err != nil || c != got.Counts {
		t.Fatalf("count %+v, list %+v (%v)", c, got.Counts, err)
	}
}
