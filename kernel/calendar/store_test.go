package calendar_test

import (
	"context"
	"strings"
	"testing"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// An invented notice for 2027, for the tests only: nothing of it is announced.
const notice2027 = `国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕99号
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）上班。
五、端午节：6月9日（周三）放假。
六、中秋节：9月15日（周三）放假。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
2026年11月20日`

func TestLoader(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		ctx := context.Background()
		db := k.Open(calendar.Migration())
		here, there := calendar.NewLoader(db), calendar.NewLoader(db) // two nodes
		wang, li := id.New(), id.New()
		day := calendar.MustParse
		do := func(fn func(ctx context.Context, tx *store.Tx) error) error { return db.Do(ctx, fn) }
		load := func(y calendar.Year) (saved calendar.Year, doubts []calendar.Problem, err error) {
			err = do(func(ctx context.Context, tx *store.Tx) error {
				saved, doubts, err = here.Load(ctx, tx, wang, y)
				return err
			})
			return saved, doubts, err
		}
		confirm := func(by id.ID, year, version int, open []calendar.Count, seen int) (changes []calendar.Change, err error) {
			err = do(func(ctx context.Context, tx *store.Tx) error {
				changes, err = here.Confirm(ctx, tx, by, year, version, open, seen)
				return err
			})
			return changes, err
		}
		wants := func(err error, kind fault.Kind, text string) {
			t.Helper()
			if !fault.Is(err, kind) || !strings.Contains(fault.Text(err), text) {
				t.Errorf("got %v, want %s", err, text)
			}
		}
		current := func(l *calendar.Loader) *calendar.Calendar {
			t.Helper()
			c, err := l.Current(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}

		again := current(here)
		if !current(there).Year(2027).Unsettled() || current(here) != again {
			t.Fatal("an empty database is the shipped calendar, made once")
		}
		_, err := calendar.ParseNotice(strings.Replace(notice2027, "2月5日（周五）至11日", "2月6日（周六）至11日", 1))
		if err == nil {
			t.Fatal("the total of six days should not agree")
		}
		wrong, err := calendar.ParseNotice(strings.Replace(notice2027, "2月5日（周五）至11日（周四）放假调休，共7天", "2月6日（周六）至11日（周四）放假调休", 1))
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = load(wrong)
		wants(err, fault.Invalid, "2027-02-05（除夕）是法定节假日，但未设为放假。")

		y, err := calendar.ParseNotice(notice2027)
		if err != nil {
			t.Fatal(err)
		}
		saved, doubts, err := load(y)
		if err != nil || saved.Version != 1 || len(doubts) != 0 {
			t.Fatalf("%+v %v %v", saved, doubts, err)
		}
		_, _, err = load(y)
		wants(err, fault.Conflict, "已有一份安排等待核对")
		if list, err := here.Waiting(ctx); err != nil || len(list) != 1 || list[0].LoadedBy != wang || !list[0].LoadedAt.Equal(storetest.Start) {
			t.Errorf("%+v %v", list, err)
		}
		if !current(there).Year(2027).Unsettled() {
			t.Error("CAL-06: one person is not enough")
		}

		open := []calendar.Count{
			{Start: day("2026-12-10"), Period: calendar.InWorkingDays(20)}, // becomes final
			{Start: day("2027-01-25"), Period: calendar.InWorkingDays(20)}, // moves
			{Start: day("2026-05-06"), Period: calendar.InWorkingDays(20)}, // stays
		}
		shown, changes, err := there.Preview(ctx, 2027, open)
		if err != nil || shown.Tag() != "2027.1" || len(changes) != 2 {
			t.Fatalf("CAL-08: %+v %+v %v", shown, changes, err)
		}
		_, err = confirm(wang, 2027, 1, open, 2)
		wants(err, fault.Forbidden, "节假日安排须由两人核对后启用。")
		_, err = confirm(li, 2027, 2, open, 2)
		wants(err, fault.Conflict, "已重新录入")
		_, err = confirm(li, 2027, 1, open, 1)
		wants(err, fault.Conflict, "本次调整影响2个未完结期限")
		changes, err = confirm(li, 2027, 1, open, 2)
		if err != nil || len(changes) != 2 || changes[0].After.Provisional || changes[0].After.Version != "2026.1,2027.1" {
			t.Fatalf("%+v %v", changes, err)
		}
		_, err = confirm(li, 2027, 1, open, 2)
		wants(err, fault.NotFound, "没有等待核对")

		c := current(there) // another node
		if got := c.Year(2027); got.Unsettled() || got.ConfirmedBy != li || len(got.Check()) != 0 {
			t.Errorf("%+v %v", got, got.Check())
		}
		if d := c.Deadline(open[0]); d.Provisional || d.Due != day("2027-01-08") || len(c.CheckNextYear(day("2026-12-20"))) != 0 {
			t.Errorf("%+v", d)
		}
		if err := do(func(ctx context.Context, tx *store.Tx) error { return here.Discard(ctx, tx, 2027) }); !fault.Is(err, fault.NotFound) {
			t.Errorf("what is in force was discarded: %v", err)
		}

		// Days off of the district are a version like any other, and stay with the next one.
		err = do(func(ctx context.Context, tx *store.Tx) error {
			local, _, err := here.LoadLocal(ctx, tx, li, 2027, []calendar.Break{{Name: "地方节日", From: day("2027-03-08"), To: day("2027-03-08")}})
			if err == nil && (local.Version != 2 || local.Number != y.Number || local.Amends != "") {
				t.Errorf("%+v", local)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := confirm(wang, 2027, 2, nil, 0); err != nil {
			t.Fatal(err)
		}
		if c := current(there); c.Working(day("2027-03-08")) || !current(here).Working(day("2027-03-09")) {
			t.Error("local day off is not in force")
		}
		amended := y
		amended.Number, amended.Issued = "国办发明电〔2027〕98号", day("2027-01-20")
		saved, _, err = load(amended)
		if err != nil || saved.Version != 3 || saved.Amends != y.Number || len(saved.Local) != 1 {
			t.Errorf("%+v %v", saved, err)
		}
		if err := do(func(ctx context.Context, tx *store.Tx) error { return here.Discard(ctx, tx, 2027) }); err != nil {
			t.Error(err)
		}
		if all, err := here.History(ctx, 2027); err != nil || len(all) != 3 || all[0].Version != 0 || all[2].Version != 2 {
			t.Errorf("%+v %v", all, err)
		}

		// A unit of work that is undone leaves no trace in the calendar.
		if _, _, err := load(amended); err != nil {
			t.Fatal(err)
		}
		undone := fault.New(fault.Conflict, "撤回")
		err = do(func(ctx context.Context, tx *store.Tx) error {
			if _, err := here.Confirm(ctx, tx, li, 2027, 3, nil, 0); err != nil {
				return err
			}
			if c, err := here.Within(ctx, tx); err != nil || c.Year(2027).Version != 3 {
				t.Errorf("the unit of work does not see what it confirmed: %v", err)
			}
			return undone
		})
		wants(err, fault.Conflict, "撤回")
		if v := current(here).Year(2027).Version; v != 2 {
			t.Errorf("version %d is in force", v)
		}
	})
}
