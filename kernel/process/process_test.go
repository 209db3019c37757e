package process

import (
	"context"
	"slices"
	"strings"
	"testing"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

func contains(text, part string) bool { return strings.Contains(text, part) }

// TestCountersign takes one flow through every feature.
func TestCountersign(t *testing.T) {
	storetest.Each(t, func(t *testing.T, kit *storetest.Kit) {
		wang, li, zhao, qian, sun, zhou := people()
		number := Input{Values: map[string]string{"number": "江府办〔2026〕8号"}}

		t.Run("REV-02 four eyes: the author cannot check, nor a substitute for the author", func(t *testing.T) {
			h := newHouse(t, kit, countersign())
			c := h.open(wang, "2026-05-06")
			h.moves(c, "submit", wang, Input{})
			h.refused(c, "pass", wang, Input{}, fault.Forbidden, "王芳已发起，不能再办理“核稿通过”")
			sub := li
			sub.For = wang.Person // 李强 stands in for 王芳, whose roles he brings along
			h.refused(c, "pass", sub, Input{}, fault.Forbidden, "王芳已发起")
			h.refused(c, "pass", zhao, Input{}, fault.Forbidden, "不由本单位办理")
			h.moves(c, "pass", li, Input{})
		})
		t.Run("REV-02 a substitute's move is also the absent person's", func(t *testing.T) {
			h := newHouse(t, kit, countersign())
			c := h.open(wang, "2026-05-06")
			h.moves(c, "submit", wang, Input{})
			sub := zhao // 赵敏 covers for 李强 in the committee
			sub.Unit, sub.Roles, sub.For = "教委", org.Proofreader, li.Person
			c = h.moves(c, "pass", sub, Input{})
			if s := c.History()[2]; s.Person != zhao.Person || s.For != li.Person {
				t.Fatalf("history has %s for %s", s.Person, s.For)
			}
			h.refused(c, "legal", zhao, Input{}, fault.Forbidden, "赵敏已办理“核稿通过”")
		})
		t.Run("parallel reviews: all branches, in any order, then on", func(t *testing.T) {
			h := newHouse(t, kit, countersign())
			c := h.open(wang, "2026-05-06")
			h.moves(c, "submit", wang, Input{})
			h.moves(c, "pass", li, Input{})
			c = h.moves(c, "finance", qian, Input{})
			if c.State != "sign" {
				t.Fatalf("left for %s with one review missing", c.State)
			}
			h.refused(c, "finance", qian, Input{}, fault.Conflict, "钱进已于5月6日 10:00“财务会签”，现为“会签”")
			h.moves(c, "object", zhao, Input{Reason: "依据不足"}) // leaves early: the approval is void
			h.moves(c, "submit", wang, Input{})
			h.moves(c, "pass", li, Input{})
			c = h.moves(c, "legal", zhao, Input{})
			if c.State != "sign" {
				t.Fatalf("an approval of an earlier stay counted: %s", c.State)
			}
			if c = h.moves(c, "finance", qian, Input{}); c.State != "approve" {
				t.Fatalf("all approved, still %s", c.State)
			}
		})
		t.Run("return to a step the case has been in, with a reason", func(t *testing.T) {
			h, c := h2approve(t, kit)
			h.refused(c, "back", sun, Input{To: "check"}, fault.Invalid, "请说明理由")
			h.refused(c, "back", sun, Input{Reason: "有误", To: "ask"}, fault.Invalid, "请选择退回到哪一环节")
			c = h.moves(c, "back", sun, Input{Reason: "有误", To: "check"})
			if c.State != "check" || Replay(c.History()) != "check" {
				t.Fatalf("in %s", c.State)
			}
			line := ""
			for _, s := range c.Line() {
				line += s.State.Mark
			}
			if line != "拟核会审发" {
				t.Fatalf("line %s", line)
			}
		})
		t.Run("what a move must bring", func(t *testing.T) {
			h, c := h2approve(t, kit)
			err := h.try(c, "issue", sun, Input{Values: map[string]string{"copies": "900", "grade": "soon", "extra": "x"}})
			want(t, err, fault.Invalid, "请填写文号")
			f := fault.FieldsOf(err)
			if f["copies"] != "份数不能超过500" || f["grade"] == "" || f["extra"] == "" || len(f) != 4 {
				t.Fatalf("fields %v", f)
			}
			c = h.moves(c, "issue", sun, number)
			if c.ClosedAt.IsZero() || c.State != "issued" || !c.Due.IsZero() {
				t.Fatalf("not closed: %+v", c)
			}
			entry := c.Timeline(nil)[0]
			if entry.What != "签发" || entry.From != "审签" || entry.To != "已印发" || entry.Fields[0].Value != "江府办〔2026〕8号" {
				t.Fatalf("timeline %+v", entry)
			}
		})
		t.Run("two people: the second learns what the first did", func(t *testing.T) {
			h, c := h2approve(t, kit)
			seen := c.Version
			h.moves(c, "ask", li, Input{Version: seen})
			h.refused(c, "issue", sun, Input{Version: seen, Values: number.Values}, fault.Conflict, "打开页面后此件已有变化：李强于5月6日 10:00“征求意见”；现为“征求意见”")
			h.refused(c, "issue", sun, number, fault.Conflict, "现在不能“签发”：李强已于5月6日")
		})
		t.Run("the house's moves are its own", func(t *testing.T) {
			h := newHouse(t, kit, countersign())
			c := h.open(wang, "2026-05-06")
			h.refused(c, "lapse", wang, Input{}, fault.Forbidden, "由系统自动办理")
			h.refused(c, "submit", org.System, Input{}, fault.Forbidden, "须由工作人员办理")
		})
		t.Run("assigned: only the named colleague; taken back: everybody", func(t *testing.T) {
			h := newHouse(t, kit, countersign())
			c := h.open(wang, "2026-05-06")
			h.moves(c, "submit", wang, Input{})
			wu := actor("吴静", "教委", org.Proofreader)
			h.hand(t, h.Assign, c, li, Hand{Role: org.Proofreader, Person: wu.Person, Name: wu.Name, Reason: "分工"})
			if n := h.post.take(); len(n) != 1 || n[0].Person != wu.Person || n[0].Kind != NoticeHanded {
				t.Fatalf("notices %+v", n)
			}
			h.refused(c, "pass", li, Input{}, fault.Forbidden, "已交吴静办理，收回后方可操作")
			h.todos(t, li, 0)
			h.todos(t, wu, 1)
			h.takeBack(t, c, li, org.Proofreader)
			h.todos(t, li, 1)
			h.hand(t, h.Assign, c, li, Hand{Role: org.Proofreader, Person: wu.Person, Name: wu.Name})
			h.moves(c, "pass", wu, Input{})
		})
		t.Run("delegated: a person without the role, until taken back or the state is left", func(t *testing.T) {
			h := newHouse(t, kit, countersign())
			c := h.open(wang, "2026-05-06")
			h.moves(c, "submit", wang, Input{})
			h.refused(c, "pass", zhou, Input{}, fault.Forbidden, "须由校对办理")
			h.hand(t, h.Delegate, c, li, Hand{Role: org.Proofreader, Person: zhou.Person, Name: zhou.Name})
			h.todos(t, zhou, 1)
			c = h.moves(c, "fix", zhou, Input{Reason: "错字"})
			h.moves(c, "submit", wang, Input{})
			h.refused(c, "pass", zhou, Input{}, fault.Forbidden, "须由校对办理")
			h.hand(t, h.Delegate, c, li, Hand{Role: org.Proofreader, Person: wang.Person, Name: wang.Name})
			h.refused(c, "pass", wang, Input{}, fault.Forbidden, "王芳已发起") // four eyes see through it
			h.takeBack(t, c, wang, org.Proofreader)
			h.moves(c, "pass", li, Input{})
		})
		t.Run("hands: not another unit's, not the wrong role, not what is never delegated", func(t *testing.T) {
			h := newHouse(t, kit, countersign())
			c := h.open(wang, "2026-05-06")
			h.moves(c, "submit", wang, Input{})
			try := func(who org.Actor, hd Hand) error {
				return h.do(func(ctx context.Context, tx *store.Tx) error { return h.Delegate(ctx, tx, c.ID, who, hd) })
			}
			want(t, try(zhao, Hand{Role: org.Proofreader, Person: "x", Name: "x"}), fault.Forbidden, "不是本单位的待办")
			want(t, try(zhou, Hand{Role: org.Proofreader, Person: "x", Name: "x"}), fault.Forbidden, "须由校对委托")
			want(t, try(li, Hand{Role: org.Reviewer1, Person: "x", Name: "x"}), fault.Conflict, "现在没有要由一审办理的事项")
			want(t, try(li, Hand{Role: org.Principal, Person: "x", Name: "x"}), fault.Forbidden, "不能委托他人")
			want(t, try(li, Hand{Role: org.Proofreader, Person: li.Person, Name: "x"}), fault.Invalid, "不能委托给本人")
		})
		t.Run("CAL-11 a clock pauses, resumes, explains itself", func(t *testing.T) {
			h, c := h2approve(t, kit)
			if c.Due != calendar.MustParse("2026-06-02") { // 20 working days from Wed 05-06, Sat 05-09 worked
				t.Fatalf("due %s", c.Due)
			}
			h.on("2026-05-11")
			c = h.moves(c, "ask", li, Input{})
			if !c.Due.IsZero() || !h.Deadlines(c)[1].Paused {
				t.Fatalf("still running: %s", c.Due)
			}
			h.on("2026-05-18")
			c = h.moves(c, "answered", li, Input{Day: calendar.MustParse("2026-05-15")}) // came on Friday, entered on Monday
			if c.Due != calendar.MustParse("2026-06-08") {                               // four working days later
				t.Fatalf("due %s", c.Due)
			}
			e, err := h.Explain(c, "reply")
			if err != nil || e.Due != c.Due || !contains(e.Basis, "内部规定第5条") || !contains(e.Basis, "扣除暂停4个工作日") || len(e.Lines) < 20 {
				t.Fatalf("%v %+v", err, e)
			}
		})
		t.Run("a last day set by hand keeps the old one; an extension has its limit", func(t *testing.T) {
			h, c := h2approve(t, kit)
			set := func(fn func(ctx context.Context, tx *store.Tx) error) error { return h.do(fn) }
			want(t, set(func(ctx context.Context, tx *store.Tx) error {
				return h.SetDue(ctx, tx, c.ID, "reply", calendar.MustParse("2026-06-30"), sun, "")
			}), fault.Invalid, "请说明调整期限的理由")
			want(t, set(func(ctx context.Context, tx *store.Tx) error {
				return h.Extend(ctx, tx, c.ID, "reply", 21, sun, "案情复杂")
			}), fault.Invalid, "总共可延长20个工作日")
			if err := set(func(ctx context.Context, tx *store.Tx) error {
				return h.Extend(ctx, tx, c.ID, "reply", 10, sun, "案情复杂")
			}); err != nil {
				t.Fatal(err)
			}
			if c = h.get(c); c.Due != calendar.MustParse("2026-06-16") {
				t.Fatalf("extended to %s", c.Due)
			}
			if err := set(func(ctx context.Context, tx *store.Tx) error {
				return h.SetDue(ctx, tx, c.ID, "reply", calendar.MustParse("2026-06-30"), sun, "会议决定")
			}); err != nil {
				t.Fatal(err)
			}
			c = h.get(c)
			if v := c.Timeline(nil)[0].Fields[0].Value; c.Due.String() != "2026-06-30" || v != "2026-06-16 → 2026-06-30" {
				t.Fatalf("due %s, %s", c.Due, v)
			}
		})
		t.Run("CAL-08 another calendar moves open deadlines and says so in the history", func(t *testing.T) {
			h, c := h2approve(t, kit)
			years := h.days.Years()
			for i, y := range years {
				if y.Year == 2026 {
					day := calendar.MustParse("2026-05-20")
					years[i].Off = append(slices.Clone(y.Off), calendar.Break{Name: "特别放假", From: day, To: day})
					years[i].Version++
				}
			}
			next, err := calendar.New(years...)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := h.Affected(t.Context(), next)
			if err != nil || len(plan) != 1 || plan[0].New.String() != "2026-06-03" || plan[0].Old.String() != "2026-06-02" {
				t.Fatalf("%v %+v", err, plan)
			}
			if got := h.get(c); got.Due.String() != "2026-06-02" {
				t.Fatal("a look changed the case")
			}
			if err := h.do(func(ctx context.Context, tx *store.Tx) error {
				done, err := h.Recompute(ctx, tx, next)
				if len(done) != 1 {
					t.Errorf("recomputed %d", len(done))
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			h.days = next
			c = h.get(c)
			last := c.History()[len(c.History())-1]
			if c.Due.String() != "2026-06-03" || last.Values["old"] != "2026-06-02" || last.Person != "" {
				t.Fatalf("due %s, %+v", c.Due, last)
			}
			if plan, err = h.Affected(t.Context(), next); err != nil || len(plan) != 0 {
				t.Fatalf("%v, again %+v", err, plan)
			}
		})
		t.Run("reminders, escalation and expiry, each once, whatever the clock does", func(t *testing.T) {
			h, c := h2approve(t, kit)
			h.tick()
			if n := h.post.take(); len(n) != 0 {
				t.Fatalf("too early: %+v", n)
			}
			h.on("2026-05-26") // five working days before
			h.tick()
			h.tick()
			n := h.post.take()
			if len(n) != 1 || n[0].Unit != "政府办" || !n[0].Role.Any(org.Leader) || !contains(n[0].Text, "还有5个工作日，2026年6月2日截止") {
				t.Fatalf("%+v", n)
			}
			h.on("2026-05-20") // moved back
			h.tick()
			h.on("2026-06-02") // two reminders missed: one word
			h.tick()
			if n = h.post.take(); len(n) != 1 || !contains(n[0].Text, "今天截止") {
				t.Fatalf("%+v", n)
			}
			h.on("2026-06-08") // four working days late
			h.tick()
			h.Cases = New(h.db, h.Cases.days, h.post) // restarted
			if err := h.Register(countersign()); err != nil {
				t.Fatal(err)
			}
			h.tick()
			n = h.post.take()
			if len(n) != 2 || n[0].Unit != "政府办" || n[1].Unit != "" || n[1].Role != org.Leader || !contains(n[0].Text, "已超期4个工作日") || !contains(n[0].Text, "为2026年") {
				t.Fatalf("%+v", n)
			}
			if !h.get(c).Late(h.today()) {
				t.Fatal("not late")
			}
			stats, err := h.Stats(t.Context(), Which{Flow: "countersign"})
			if s := stats["教委"]; err != nil || s != (Stat{Open: 1, Late: 1, OverdueDays: 4, OverdueCases: 1}) || stats[""] != s {
				t.Fatalf("%v %+v", err, stats)
			}
			late, err := h.Todos(t.Context(), sun, Filter{Group: Late})
			if err != nil || len(late.Rows) != 1 || late.Counts != (Counts{Late: 1}) || !late.Rows[0].Late {
				t.Fatalf("%v %+v", err, late)
			}
		})
		t.Run("a clock that has run out makes its move by itself", func(t *testing.T) {
			h := newHouse(t, kit, countersign())
			h.on("2026-05-06")
			c := h.open(wang, "2026-05-06") // 30 days: Friday 06-05
			h.on("2026-06-05")
			h.tick()
			if h.get(c).State != "draft" {
				t.Fatal("on the last day")
			}
			h.on("2026-06-06")
			h.tick()
			h.tick()
			c = h.get(c)
			if c.State != "dropped" || len(c.History()) != 2 || c.Last.Name != "" && c.Last.Name != "系统" {
				t.Fatalf("%s, %d steps", c.State, len(c.History()))
			}
		})
		t.Run("standings and numbers", func(t *testing.T) {
			h, c := h2approve(t, kit)
			h.moves(c, "issue", sun, number)
			d := h.open(wang, "2026-05-01")
			got, err := h.Standings(t.Context(), Which{Flow: "countersign"})
			if err != nil || len(got) != 2 || got[c.Subject].Mark() != "发" || !got[c.Subject].Closed || got[d.Subject].Mark() != "拟" {
				t.Fatalf("%v %+v", err, got)
			}
			h.on("2026-06-30")
			got, err = h.Standings(t.Context(), Which{Flow: "countersign", Subjects: []id.ID{d.Subject}, Open: true})
			if err != nil || len(got) != 1 || got[d.Subject].Mark() != "逾" {
				t.Fatalf("%v %+v", err, got)
			}
			stats, err := h.Stats(t.Context(), Which{Flow: "countersign"})
			if s := stats[""]; err != nil || s.Closed != 1 || s.InTime != 1 || s.Open != 1 || s.Late != 1 {
				t.Fatalf("%v %+v", err, s)
			}
		})
		t.Run("a party may come later, and another unit take over", func(t *testing.T) {
			h, c := h2approve(t, kit)
			err := h.do(func(ctx context.Context, tx *store.Tx) error {
				return h.SetParty(ctx, tx, c.ID, "office", "党工委办", wang, "机构调整")
			})
			if err != nil {
				t.Fatal(err)
			}
			h.refused(c, "issue", sun, number, fault.Forbidden, "不由本单位办理")
			h.todos(t, sun, 0)
			other := sun
			other.Unit = "党工委办"
			h.todos(t, other, 1)
			h.moves(c, "issue", other, number)
		})
	})
}

// h2approve is a case that stands in 审签 on 2026-05-06.
func h2approve(t *testing.T, kit *storetest.Kit) (*house, *Case) {
	t.Helper()
	wang, li, zhao, qian, _, _ := people()
	h := newHouse(t, kit, countersign())
	h.on("2026-05-06")
	c := h.open(wang, "2026-05-06")
	h.moves(c, "submit", wang, Input{})
	h.moves(c, "pass", li, Input{})
	h.moves(c, "legal", zhao, Input{})
	return h, h.moves(c, "finance", qian, Input{})
}
