package calendar

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	lunar "github.com/6tail/lunar-go/calendar"

	"gongkai/kernel/id"
)

// wants expects one problem with the id and text among those found.
func wants(t *testing.T, problems []Problem, id, text string) {
	t.Helper()
	for _, p := range problems {
		if p.ID == id && p.Text == text {
			return
		}
	}
	t.Errorf("want %s %s, got %v", id, text, problems)
}

func TestChecks(t *testing.T) {
	c := Default()
	final := version(t, 2026, 1)
	broken := func(change func(*Year)) Year {
		y := final
		y.Off, y.Work = slices.Clone(y.Off), slices.Clone(y.Work)
		change(&y)
		return y
	}
	t.Run("CAL-01 to CAL-06 the years that come with the program", func(t *testing.T) {
		for _, y := range Builtin() {
			if p := y.Check(); len(p) > 0 {
				t.Errorf("%s: %v", y.Tag(), p)
			}
		}
	})
	t.Run("CAL-01 a year without number or date is provisional", func(t *testing.T) {
		y := broken(func(y *Year) { y.Number = "" })
		wants(t, y.Check(), "CAL-01", "2026年节假日安排未登记文号，按暂定处理。")
		if d := calendarOf(t, y).Deadline(Count{Start: day("2026-03-02"), Period: InWorkingDays(20)}); !d.Provisional {
			t.Error("its deadlines are final")
		}
		y = broken(func(y *Year) { y.Issued = Date{} })
		wants(t, y.Check(), "CAL-01", "2026年节假日安排未登记文号，按暂定处理。")
	})
	t.Run("CAL-02 make-up days are weekend days and not off", func(t *testing.T) {
		wants(t, broken(func(y *Year) { y.Work[0].Date = day("2026-01-05") }).Check(),
			"CAL-02", "日期2026-01-05设置冲突：调休上班日应为周六或周日。")
		wants(t, broken(func(y *Year) { y.Work[0].Date = day("2026-01-03") }).Check(),
			"CAL-02", "日期2026-01-03设置冲突：调休上班日应为周六或周日。")
	})
	t.Run("CAL-03 statutory days on weekdays are off", func(t *testing.T) {
		wants(t, broken(func(y *Year) { y.Off = y.Off[:1] }).Check(),
			"CAL-03", "2026-02-16（除夕）是法定节假日，但未设为放假。")
	})
	t.Run("CAL-04 number of working days", func(t *testing.T) {
		wants(t, broken(func(y *Year) { y.Off = append(y.Off, Break{"试", day("2026-07-01"), day("2026-07-07")}) }).Check(),
			"CAL-04", "2026年工作日数为243，请核对节假日安排。")
	})
	t.Run("CAL-05 balance", func(t *testing.T) {
		wants(t, broken(func(y *Year) { y.Work = y.Work[1:] }).Check(), "CAL-05", "2026年放假与调休天数不平衡，请核对。")
		y := version(t, 2020, 2)
		y.Amends = ""
		wants(t, y.Check(), "CAL-05", "2020年放假与调休天数不平衡，请核对。")
	})
	t.Run("CAL-06 two people", func(t *testing.T) {
		const text = "节假日安排须由两人核对后启用。"
		loaded := func(by, confirmed id.ID) []Problem {
			return broken(func(y *Year) { y.Builtin, y.LoadedBy, y.ConfirmedBy = false, by, confirmed }).Check()
		}
		wants(t, loaded("wang", ""), "CAL-06", text)
		wants(t, loaded("wang", "wang"), "CAL-06", text)
		if p := loaded("wang", "li"); len(p) > 0 {
			t.Error(p)
		}
	})
	t.Run("CAL-07 no final deadline into a year that is not known", func(t *testing.T) {
		d := c.Deadline(Count{Start: day("2026-12-10"), Period: InWorkingDays(20)})
		p := c.CheckFinal(d, day("2026-12-10"))
		wants(t, p, "CAL-07", "期限涉及2027年，节假日安排尚未公布，为暂定日期。")
		if !d.Provisional || !p[0].Warn {
			t.Error("before 15 December it is shown as provisional")
		}
		if c.CheckFinal(d, day("2026-12-15"))[0].Warn {
			t.Error("from 15 December it blocks")
		}
		if p := c.CheckFinal(c.Deadline(Count{Start: day("2026-12-03"), Period: InWorkingDays(20)}), day("2026-12-20")); len(p) > 0 {
			t.Error(p)
		}
	})
	t.Run("CAL-08 a change lists the deadlines it moves, both ways", func(t *testing.T) {
		before, after := AsKnown(day("2020-01-25")), AsKnown(day("2020-01-26"))
		open := []Count{
			{Start: day("2020-01-13"), Period: InWorkingDays(20)},
			{Start: day("2020-03-02"), Period: InWorkingDays(20)},
		}
		changes := before.Changes(after, open)
		if len(changes) != 1 || changes[0].Index != 0 || changes[0].Before.Due != day("2020-02-13") || changes[0].After.Due != day("2020-02-17") {
			t.Fatalf("%+v", changes)
		}
		if v := changes[0].Before.Version + " " + changes[0].After.Version; v != "2020.1 2020.2" {
			t.Error(v)
		}
		wants(t, CheckChanges(changes), "CAL-08", "本次调整影响1个未完结期限，请确认。")
		if d, changed := after.Recount(changes[0].Before); !changed || d.Due != day("2020-02-17") {
			t.Errorf("%+v", d)
		}
		if _, changed := after.Recount(changes[0].After); changed {
			t.Error("nothing changed")
		}
		if p := CheckChanges(nil); len(p) > 0 {
			t.Error(p)
		}
	})
	t.Run("CAL-09 next year is loaded by 15 December", func(t *testing.T) {
		for _, v := range []struct {
			today  string
			silent bool
			warn   bool
		}{
			{"2026-10-31", true, false}, {"2026-11-01", false, true}, {"2026-12-14", false, true},
			{"2026-12-15", false, false}, {"2025-12-20", true, false},
		} {
			p := c.CheckNextYear(day(v.today))
			if v.silent {
				if len(p) > 0 {
					t.Errorf("%s: %v", v.today, p)
				}
				continue
			}
			wants(t, p, "CAL-09", "2027年节假日安排尚未录入，请尽快录入国务院办公厅通知。")
			if len(p) == 1 && p[0].Warn != v.warn {
				t.Errorf("%s: warn %v", v.today, p[0].Warn)
			}
		}
	})
	t.Run("CAL-10 equal to lunar-go on every day both know", func(t *testing.T) {
		reference := LunarGo()
		for d := day("2018-12-01"); !d.After(day("2026-12-31")); d = d.Add(1) {
			if working, known := reference(d); known && working != c.Working(d) {
				t.Errorf("%s: %v here, %v there", d, c.Working(d), working)
			}
		}
		if _, known := reference(day("2027-01-01")); known {
			t.Error("lunar-go knows 2027 by now; load the year")
		}
		for year := 2019; year <= 2026; year++ {
			if _, known := reference(Day(year, time.January, 1)); !known {
				t.Errorf("lunar-go does not know %d", year)
			}
		}
		if p := c.CheckReference(reference); len(p) > 0 {
			t.Error(p)
		}
		old := AsKnown(day("2020-01-25")).CheckReference(reference)
		wants(t, old, "CAL-10", "与参考日历不一致：2020-01-31。")
	})
	t.Run("CAL-11 every deadline names its basis", func(t *testing.T) {
		e := c.Explain(Count{Start: day("2026-03-02"), Period: InWorkingDays(20)})
		if p := CheckBasis(e); len(p) > 0 {
			t.Error(p)
		}
		e.Basis = ""
		wants(t, CheckBasis(e), "CAL-11", "期限计算依据缺失。")
	})
	t.Run("CAL-12 a deadline in working days falls on a working day", func(t *testing.T) {
		d := c.Deadline(Count{Start: day("2024-01-25"), Period: InWorkingDays(7)}) // a Sunday that is worked
		if p := c.CheckDue(d); len(p) > 0 {
			t.Error(p)
		}
		d.Due = day("2024-02-10")
		wants(t, c.CheckDue(d), "CAL-12", "期限日期2024-02-10不是工作日，计算有误。")
	})
}

// The compact table of calendar.md section 5.
func TestTable(t *testing.T) {
	c := Default()
	for year, want := range map[int]int{2019: 250, 2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248} {
		if n := c.WorkingDaysOf(year); n != want {
			t.Errorf("%d has %d working days, want %d", year, n, want)
		}
	}
	for year, want := range map[int][]int{
		2025: {19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23},
		2026: {21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23},
	} {
		for m, n := range want {
			if got := c.WorkingDaysIn(year, time.Month(m+1)); got != n {
				t.Errorf("%d-%02d has %d, want %d", year, m+1, got, n)
			}
		}
	}
	if !c.Working(day("2018-12-29")) || c.Working(day("2018-12-31")) {
		t.Error("the notice for 2019 reaches into 2018")
	}
	if err := func() error { _, err := New(final2026(t), final2026(t)); return err }(); err == nil {
		t.Error("a year twice was taken")
	}
}

func final2026(t *testing.T) Year { return version(t, 2026, 1) }

func TestStatutory(t *testing.T) {
	t.Run("moving days equal lunar-go", func(t *testing.T) {
		of := func(s *lunar.Solar) int { return s.GetMonth()*100 + s.GetDay() }
		for year := firstYear; year <= lastYear; year++ {
			want := [4]int{
				of(lunar.NewLunarFromYmd(year, 1, 1).GetSolar()),
				of(lunar.NewSolarFromYmd(year, 4, 5).GetLunar().GetJieQiTable()["清明"]),
				of(lunar.NewLunarFromYmd(year, 5, 5).GetSolar()),
				of(lunar.NewLunarFromYmd(year, 8, 15).GetSolar()),
			}
			if movingDays[year-firstYear] != want {
				t.Errorf("%d: %v, want %v", year, movingDays[year-firstYear], want)
			}
		}
	})
	t.Run("eleven days, from 2025 thirteen", func(t *testing.T) {
		for year := firstYear; year <= lastYear; year++ {
			want := 11
			if year >= 2025 {
				want = 13
			}
			if n := len(Statutory(year)); n != want {
				t.Errorf("%d: %d days", year, n)
			}
		}
	})
	t.Run("2027 as calendar.md section 4 gives it", func(t *testing.T) {
		var got []string
		for _, f := range Statutory(2027) {
			got = append(got, f.Date.String()[5:])
		}
		want := "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03"
		if s := strings.Join(got, " "); s != want {
			t.Errorf("got %s", s)
		}
		shipped, made := version(t, 2027, 0), Provisional(2027)
		if !slices.Equal(shipped.Off, made.Off) || !shipped.Provisional {
			t.Errorf("shipped %v, made %v", shipped.Off, made.Off)
		}
	})
}

// TestHolidayData compares with the data set in the folder of shared data; it has
// nothing to compare where that folder is absent.
func TestHolidayData(t *testing.T) {
	c := Default()
	for year := 2019; year <= 2026; year++ {
		text, err := os.ReadFile(filepath.Join(root(t), "..", "shared", "data", "holidays", Day(year, 1, 1).String()[:4]+".json"))
		if err != nil {
			t.Logf("%d: no data set to compare with", year)
			continue
		}
		var set struct {
			Days []struct {
				Date     string
				IsOffDay bool
			}
		}
		if err := json.Unmarshal(text, &set); err != nil {
			t.Fatal(err)
		}
		listed := map[Date]bool{}
		for _, d := range set.Days {
			listed[day(d.Date)] = d.IsOffDay
			if c.Working(day(d.Date)) == d.IsOffDay {
				t.Errorf("CAL-10 %s: working here %v", d.Date, c.Working(day(d.Date)))
			}
		}
		for d := Day(year, time.January, 1); d.Year() == year; d = d.Add(1) {
			if _, ok := listed[d]; !ok && c.Working(d) == d.weekend() {
				t.Errorf("CAL-10 %s: not listed there, special here", d)
			}
		}
	}
}

func root(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above")
		}
		dir = filepath.Dir(dir)
	}
}
