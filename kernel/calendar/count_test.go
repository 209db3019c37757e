package calendar

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func day(text string) Date { return MustParse(text) }

// calendarOf is the shipped calendar with other versions of single years.
func calendarOf(t testing.TB, replace ...Year) *Calendar {
	t.Helper()
	years := Latest(Builtin(), Date{})
	for _, r := range replace {
		for i := range years {
			if years[i].Year == r.Year {
				years[i] = r
			}
		}
	}
	c, err := New(years...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func version(t testing.TB, year, version int) Year {
	t.Helper()
	for _, y := range Builtin() {
		if y.Year == year && y.Version == version {
			return y
		}
	}
	t.Fatalf("no version %d of %d", version, year)
	return Year{}
}

// Vectors of calendar.md section 7.
func TestVectors(t *testing.T) {
	c := Default()
	for _, v := range []struct{ start, period, want string }{
		{"2026-09-10", "20个工作日", "2026-10-14"},
		{"2026-09-24", "3个工作日", "2026-09-30"},
		{"2026-09-28", "7个工作日", "2026-10-13"},
		{"2026-04-30", "3个工作日", "2026-05-08"},
		{"2026-12-03", "20个工作日", "2026-12-31"},
		{"2026-02-13", "1个工作日", "2026-02-14"},
		{"2026-02-14", "1个工作日", "2026-02-24"},
		{"2025-09-27", "1个工作日", "2025-09-28"},
		{"2026-01-22", "20日", "2026-02-11"},
		{"2026-01-30", "30日", "2026-03-02"},
		{"2026-09-03", "30日", "2026-10-08"},
		{"2026-02-10", "60日", "2026-04-13"},
		{"2025-08-31", "6个月", "2026-02-28"},
		{"2026-03-04", "6个月", "2026-09-04"},
	} {
		p, err := ParsePeriod(v.period)
		if err != nil {
			t.Fatal(err)
		}
		if d := c.Deadline(Count{Start: day(v.start), Period: p}); d.Due != day(v.want) || d.Provisional {
			t.Errorf("%s + %s = %s (provisional %v), want %s", v.start, v.period, d.Due, d.Provisional, v.want)
		}
	}
	if n := c.WorkingDaysBetween(day("2026-01-01"), day("2026-12-31")); n != 248 {
		t.Errorf("between = %d, want 248", n)
	}
	if d := c.WorkingDaysBefore(day("2026-10-12"), 7); d != day("2026-09-24") {
		t.Errorf("C10: 7 before 2026-10-12 = %s, want 2026-09-24", d)
	}
}

// Worked examples of requests.md section 14.
func TestRequestVectors(t *testing.T) {
	c := Default()
	wd := func(c *Calendar, start string, n int, want string) {
		t.Helper()
		if got := c.AddWorkingDays(day(start), n); got != day(want) {
			t.Errorf("%s + %d wd = %s, want %s", start, n, got, want)
		}
	}
	due := func(p Period, start, want string) {
		t.Helper()
		if got := c.Due(day(start), p); got != day(want) {
			t.Errorf("%s + %s = %s, want %s", start, p, got, want)
		}
	}
	paused := func(start string, n int, pauses []Pause, want string, excluded int) {
		t.Helper()
		d := c.Deadline(Count{Start: day(start), Period: InWorkingDays(n), Pauses: pauses})
		if d.Due != day(want) || d.Excluded != excluded {
			t.Errorf("%s + %d wd with pauses = %s, %d excluded; want %s, %d", start, n, d.Due, d.Excluded, want, excluded)
		}
	}
	t.Run("X1 to X7", func(t *testing.T) {
		wd(c, "2026-03-02", 20, "2026-03-30")
		wd(c, "2026-01-30", 7, "2026-02-10")
		wd(c, "2026-01-30", 20, "2026-03-05")
		wd(c, "2025-01-22", 20, "2025-02-25")
		wd(c, "2025-01-20", 20, "2025-02-21")
		wd(c, "2025-10-09", 20, "2025-11-05")
		wd(c, "2025-10-05", 20, "2025-11-04")
		wd(c, "2026-02-14", 7, "2026-03-03")
		wd(c, "2026-02-14", 20, "2026-03-20")
		wd(c, "2024-09-13", 7, "2024-09-25")
		wd(c, "2024-09-27", 20, "2024-10-30")
		wd(c, "2025-12-08", 20, "2026-01-06")
		wd(c, "2026-01-06", 20, "2026-02-03")
		wd(c, "2026-01-06", 10, "2026-01-20")
		d := c.Deadline(Count{Start: day("2025-12-08"), Period: InWorkingDays(20), Extended: 20})
		if d.Due != day("2026-02-03") {
			t.Errorf("extended = %s", d.Due)
		}
	})
	t.Run("X8 to X10 pauses (C12)", func(t *testing.T) {
		wd(c, "2023-09-11", 20, "2023-10-13")
		wd(c, "2023-09-18", 15, "2023-10-13")
		if n := c.WorkingDaysBetween(day("2023-09-11"), day("2023-09-15")); n != 4 {
			t.Errorf("used before the pause: %d, want 4", n)
		}
		paused("2023-09-11", 20, []Pause{{From: day("2023-09-15"), To: day("2023-10-11")}}, "2023-11-02", 14)
		paused("2023-09-11", 20, []Pause{{From: day("2023-09-15"), To: day("2023-10-13")}}, "2023-11-06", 16)
		paused("2025-03-05", 20, []Pause{
			{From: day("2025-03-12"), To: day("2025-03-25")}, {From: day("2025-03-10"), To: day("2025-03-20")},
		}, "2025-04-18", 11)
		wd(c, "2025-03-05", 20, "2025-04-02")
	})
	t.Run("X11 a fee starts the clock anew", func(t *testing.T) {
		wd(c, "2024-04-15", 20, "2024-05-14")
		wd(c, "2024-04-26", 20, "2024-05-27")
		wd(c, "2024-05-13", 20, "2024-06-11")
	})
	t.Run("X12 to X15 versions", func(t *testing.T) {
		wd(calendarOf(t, version(t, 2020, 1)), "2020-01-13", 20, "2020-02-13")
		wd(c, "2020-01-13", 20, "2020-02-17")
		wd(AsKnown(day("2020-01-25")), "2020-01-13", 20, "2020-02-13")
		wd(AsKnown(day("2020-01-26")), "2020-01-13", 20, "2020-02-17")
		wd(calendarOf(t, version(t, 2019, 1)), "2019-04-16", 10, "2019-04-30")
		wd(c, "2019-04-16", 10, "2019-04-29")
		wd(c, "2019-04-29", 3, "2019-05-06")
		wd(c, "2024-01-25", 20, "2024-02-27")
		wd(c, "2024-01-25", 7, "2024-02-04")
		if !c.Working(day("2024-02-09")) {
			t.Error("New Year's Eve 2024 was a working day")
		}
	})
	t.Run("X16 silence of a joint maker", func(t *testing.T) {
		wd(c, "2026-04-20", 20, "2026-05-20")
		wd(c, "2026-04-27", 15, "2026-05-20")
		paused("2026-04-20", 20, []Pause{{From: day("2026-04-24"), To: day("2026-05-20")}}, "2026-06-11", 16)
	})
	t.Run("X17 to X20 remedies (C4, C5, C6, C11)", func(t *testing.T) {
		due(InDays(60), "2026-02-10", "2026-04-13")
		due(InMonths(6), "2025-08-31", "2026-02-28")
		due(Reconsideration(5), "2026-04-27", "2026-05-07")
		due(Reconsideration(3), "2026-04-30", "2026-05-08")
		due(Reconsideration(7), "2026-04-30", "2026-05-13")
		due(Reconsideration(30), "2026-04-30", "2026-06-01")
		due(Reconsideration(60), "2026-04-30", "2026-06-29")
		due(InDays(90), "2026-04-30", "2026-07-29")
		due(Reconsideration(15), "2026-06-05", "2026-06-22")
	})
	t.Run("X21 a year that is not announced", func(t *testing.T) {
		d := c.Deadline(Count{Start: day("2026-12-10"), Period: InWorkingDays(20)})
		if d.Due != day("2027-01-08") || !d.Provisional || d.Version != "2026.1,2027.0" {
			t.Errorf("got %s, provisional %v, version %q", d.Due, d.Provisional, d.Version)
		}
	})
}

func TestCounting(t *testing.T) {
	c := Default()
	t.Run("C8 a calendar limit does not move", func(t *testing.T) {
		l := c.Limit(day("2026-01-31"))
		if l.Day != day("2026-01-31") || l.Plan != day("2026-01-30") || l.Provisional {
			t.Errorf("%+v", l)
		}
		want := "法定日期为2026年1月31日（周六），遇休息日不顺延；当日周末，应在此前最后一个工作日2026年1月30日（周五）办结。节假日依据：国办发明电〔2025〕7号（2026年）。"
		if got := c.LimitBasis(l); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if l := c.Limit(day("2026-03-31")); l.Plan != l.Day {
			t.Errorf("a working day is its own plan: %+v", l)
		}
	})
	t.Run("C9 a minimum period", func(t *testing.T) {
		if d := c.MinimumEnd(day("2026-01-30"), 30); d != day("2026-03-02") {
			t.Errorf("got %s", d)
		}
	})
	t.Run("C6 a make-up Saturday does not move a period in days", func(t *testing.T) {
		if d := c.AddDays(day("2026-02-08"), 6); d != day("2026-02-14") {
			t.Errorf("got %s", d)
		}
	})
	t.Run("days outside the span count by weekday", func(t *testing.T) {
		if d := c.AddWorkingDays(day("2059-12-30"), 12); d != day("2060-01-15") || c.Settled(day("2060-01-01"), d) {
			t.Errorf("after: %s", d) // 1 January 2060 is beyond the span
		}
		if d := c.WorkingDaysBefore(day("2008-01-02"), 5); d != day("2007-12-25") {
			t.Errorf("before: %s", d)
		}
	})
	t.Run("an open pause stops the clock", func(t *testing.T) {
		q := Count{Start: day("2026-03-02"), Period: InWorkingDays(20), Pauses: []Pause{{From: day("2026-03-05"), Reason: "征求第三方意见"}}}
		d := c.Deadline(q)
		if !d.Waiting || !d.Due.IsZero() || c.Used(q, day("2026-04-01")) != 3 {
			t.Errorf("%+v, used %d", d, c.Used(q, day("2026-04-01")))
		}
		if s := c.Remaining(d, day("2026-03-10").Start(), 24*time.Hour); s != "计时暂停，恢复后重新推算截止日期" {
			t.Error(s)
		}
		q.Pauses[0].From = day("2026-03-30") // the period is over on that day
		if d := c.Deadline(q); d.Waiting || d.Due != day("2026-03-30") {
			t.Errorf("%+v", d)
		}
	})
	t.Run("days off of the district (local_days_off)", func(t *testing.T) {
		y := version(t, 2026, 1)
		y.Local = []Break{{"地方节日", day("2026-03-09"), day("2026-03-10")}}
		c := calendarOf(t, y)
		if c.Working(day("2026-03-09")) || c.Rest(day("2026-03-10")) != "地方放假（地方节日）" {
			t.Error(c.Rest(day("2026-03-10")))
		}
		if d := c.AddWorkingDays(day("2026-03-06"), 1); d != day("2026-03-11") {
			t.Errorf("got %s", d)
		}
	})
}

// naive is the second implementation: the text of calendar.md sections 1 and 2
// and requests.md section 7, word by word, with no table.
type naive struct {
	off, work map[string]bool
}

func newNaive(years []Year) naive {
	n := naive{map[string]bool{}, map[string]bool{}}
	for _, y := range years {
		for _, b := range y.Off {
			for d := b.From; !d.After(b.To); d = d.Add(1) {
				n.off[d.String()] = true
				delete(n.work, d.String()) // the later notice wins
			}
		}
		for _, s := range y.Work {
			n.work[s.Date.String()] = true
			delete(n.off, s.Date.String())
		}
	}
	return n
}

func (n naive) working(d Date) bool {
	if n.work[d.String()] {
		return true
	}
	w := d.utc().Weekday()
	return w != time.Saturday && w != time.Sunday && !n.off[d.String()]
}

func (n naive) deadline(start Date, allowance int, pauses []Pause) Date {
	d := start
	for used := 0; used < allowance; {
		d = d.Add(1)
		in := false
		for _, p := range pauses {
			if d.After(p.From) && !d.After(p.To) {
				in = true
			}
		}
		if n.working(d) && !in {
			used++
		}
	}
	return d
}

func (n naive) roll(d Date) Date {
	for !n.working(d) {
		d = d.Add(1)
	}
	return d
}

func (n naive) between(a, b Date) (count int) {
	for d := a.Add(1); !d.After(b); d = d.Add(1) {
		if n.working(d) {
			count++
		}
	}
	return count
}

func drawDay(t *rapid.T, label string) Date {
	return Day(2018, time.June, 1).Add(rapid.IntRange(0, 3500).Draw(t, label))
}

func drawPauses(t *rapid.T, start Date) []Pause {
	var out []Pause
	for i := range rapid.IntRange(0, 4).Draw(t, "pauses") {
		from := start.Add(rapid.IntRange(-10, 60).Draw(t, fmt.Sprint("from", i)))
		out = append(out, Pause{From: from, To: from.Add(rapid.IntRange(-3, 40).Draw(t, fmt.Sprint("length", i)))})
	}
	return out
}

// drawYears changes the shipped years at random days, as a notice might.
func drawYears(t *rapid.T) []Year {
	years := Latest(Builtin(), Date{})
	for i := range years {
		y := &years[i]
		for k := range rapid.IntRange(0, 3).Draw(t, "more") {
			d := Day(y.Year, time.January, 1).Add(rapid.IntRange(0, 364).Draw(t, fmt.Sprint("day", k)))
			if rapid.Bool().Draw(t, "off") {
				y.Off = append(y.Off, Break{"试放假", d, d})
			} else {
				y.Work = append(y.Work, Shift{d, "试上班"})
			}
		}
	}
	return years
}

// span fills the years around with what New takes for them.
func span(years []Year) []Year {
	known := map[int]bool{}
	for _, y := range years {
		known[y.Year] = true
	}
	var all []Year
	for n := 2016; n <= 2035; n++ {
		if !known[n] {
			all = append(all, Provisional(n))
		}
	}
	return append(all, years...)
}

func TestAgainstSecondImplementation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		years := drawYears(t)
		c, err := New(years...)
		if err != nil {
			t.Fatal(err)
		}
		n := newNaive(span(years))
		for range 20 {
			start := drawDay(t, "start")
			count := rapid.IntRange(0, 60).Draw(t, "count")
			if got, want := c.Working(start), n.working(start); got != want {
				t.Fatalf("working(%s) = %v, want %v", start, got, want)
			}
			if got, want := c.AddWorkingDays(start, count), n.deadline(start, count, nil); got != want {
				t.Fatalf("%s + %d = %s, want %s", start, count, got, want)
			}
			if got, want := c.AddDays(start, count), n.roll(start.Add(count)); got != want {
				t.Fatalf("%s + %d days = %s, want %s", start, count, got, want)
			}
			end := start.Add(rapid.IntRange(0, 200).Draw(t, "span"))
			if got, want := c.WorkingDaysBetween(start, end), n.between(start, end); got != want {
				t.Fatalf("between(%s, %s) = %d, want %d", start, end, got, want)
			}
			pauses := drawPauses(t, start)
			q := Count{Start: start, Period: InWorkingDays(count), Pauses: pauses}
			d := c.Deadline(q)
			if want := n.deadline(start, count, pauses); d.Due != want {
				t.Fatalf("%s + %d with %v = %s, want %s", start, count, pauses, d.Due, want)
			}
			if used := c.Used(q, d.Due); used != count {
				t.Fatalf("used %d at the deadline of %d", used, count)
			}
			if d.Excluded != n.between(start, d.Due)-count {
				t.Fatalf("excluded %d of %d", d.Excluded, n.between(start, d.Due)-count)
			}
		}
	})
}

func TestLaws(t *testing.T) {
	c := Default()
	rapid.Check(t, func(t *rapid.T) {
		s := drawDay(t, "start")
		a, b := rapid.IntRange(1, 200).Draw(t, "a"), rapid.IntRange(1, 200).Draw(t, "b")
		due := c.AddWorkingDays(s, a)
		if !c.Working(due) {
			t.Fatalf("C2: %s is no working day", due)
		}
		if next := c.AddWorkingDays(s, a+1); !next.After(due) {
			t.Fatalf("not increasing: %s, %s", due, next)
		}
		if n := c.WorkingDaysBetween(s, due); n != a {
			t.Fatalf("between = %d, want %d", n, a)
		}
		if x, y := c.AddWorkingDays(due, b), c.AddWorkingDays(s, a+b); x != y {
			t.Fatalf("a then b %s, a+b %s", x, y)
		}
		back := c.WorkingDaysBefore(c.AddWorkingDays(s, a).Add(1), a)
		if !c.Working(back) || back.Before(s) {
			t.Fatalf("C10 is no mirror of C1: %s from %s", back, s)
		}
		for _, p := range []Period{InWorkingDays(a), InDays(a), InMonths(a%24 + 1)} {
			q := Count{Start: s, Period: p}
			plain := c.Deadline(q)
			q.Pauses = drawPauses(t, s)
			paused := c.Deadline(q)
			if paused.Due.Before(plain.Due) {
				t.Fatalf("a pause shortened %s: %s, %s", p, plain.Due, paused.Due)
			}
			if !c.Working(paused.Due) {
				t.Fatalf("%s ends on a rest day %s", p, paused.Due)
			}
			e := c.Explain(q)
			last := e.Lines[len(e.Lines)-1]
			if last.Date != paused.Due || !last.Last || len(e.Lines) != paused.Due.Sub(s)+1 {
				t.Fatalf("the explanation ends on %s, the deadline is %s", last.Date, paused.Due)
			}
			counted := 0
			for _, l := range e.Lines {
				if l.Counts {
					counted++
				}
			}
			if want := c.Used(q, paused.End); counted != want || p.Unit == WorkingDays && counted != a {
				t.Fatalf("explanation counts %d days, %d are used", counted, want)
			}
			if len(CheckBasis(e)) > 0 || len(c.CheckDue(paused)) > 0 {
				t.Fatalf("checks fail: %+v", e)
			}
		}
	})
}

func TestMoreDaysOffNeverShorten(t *testing.T) {
	base := Latest(Builtin(), Date{})
	c := Default()
	rapid.Check(t, func(t *rapid.T) {
		s, n := Day(2020, time.January, 1).Add(rapid.IntRange(0, 1500).Draw(t, "start")), rapid.IntRange(1, 60).Draw(t, "n")
		d := s.Add(rapid.IntRange(-5, 90).Draw(t, "changed"))
		years := append([]Year(nil), base...)
		for i := range years {
			if years[i].Year == d.Year() {
				years[i].Off = append(append([]Break(nil), years[i].Off...), Break{"试放假", d, d})
			}
		}
		more, err := New(years...)
		if err != nil {
			t.Fatal(err)
		}
		before, after := c.AddWorkingDays(s, n), more.AddWorkingDays(s, n)
		if after.Before(before) {
			t.Fatalf("a day off %s moved %s to %s", d, before, after)
		}
		for i := range years {
			years[i] = base[i]
			if years[i].Year == d.Year() && d.weekend() {
				years[i].Work = append(append([]Shift(nil), years[i].Work...), Shift{d, "试上班"})
			}
		}
		less, err := New(years...)
		if err != nil {
			t.Fatal(err)
		}
		if after := less.AddWorkingDays(s, n); after.After(before) {
			t.Fatalf("a day worked %s moved %s to %s", d, before, after)
		}
	})
}

func BenchmarkDeadlines(b *testing.B) {
	c := Default()
	const million = 1_000_000
	first := Day(2019, time.January, 1)
	units := []Period{InWorkingDays(20), InWorkingDays(7), InDays(60), InMonths(6)}
	pauses := []Pause{{From: first.Add(5), To: first.Add(12)}, {From: first.Add(8), To: first.Add(20)}}
	for b.Loop() {
		for i := range million {
			q := Count{Start: first.Add(i % 2900), Period: units[i%4]}
			if i%8 == 0 { // every eighth has two overlapping pauses
				q.Pauses = pauses
				pauses[0] = Pause{From: q.Start.Add(5), To: q.Start.Add(12)}
				pauses[1] = Pause{From: q.Start.Add(8), To: q.Start.Add(20)}
			}
			if c.Deadline(q).Due.IsZero() {
				b.Fatal("no deadline")
			}
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/million")
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		Default()
	}
}
