package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gongkai/kernel/fault"
)

// The span that is laid out day by day. Before and after it only weekends rest
// and nothing is final; 2008 is the first year of the eleven days.
const (
	firstYear = 2008
	lastYear  = 2059
)

// Calendar knows which days are working days (工作日) of state organs. It is a
// value that never changes: a new arrangement makes a new Calendar. Safe for
// concurrent use.
//
// A year between firstYear and lastYear that was not given to New has its
// statutory days only and is unsettled, like a year without a notice.
type Calendar struct {
	years []Year // by year, none missing, firstYear first
	marks map[Date]mark

	first, last Date
	before      []int32 // before[i]: working days among the first i days of the span
	nth         []int32 // nth[k]: offset of the k-th working day of the span, from 0
	unsettled   []int32 // unsettled[i]: days of unsettled years among the first i days
	tags        []string
	pairs       []string // tags of a year and the next, joined
}

// mark is what a notice says of a day.
type mark struct {
	name string
	work bool
	why  string // 放假, 地方放假
}

// New makes a calendar of the given years, one version of each. Where the
// notices of two years speak of the same day the later year's wins (29 and 31
// December 2018 stand in the notice for 2019).
func New(years ...Year) (*Calendar, error) {
	given := map[int]Year{}
	for _, y := range years {
		if err := y.Valid(); err != nil {
			return nil, err
		}
		if _, twice := given[y.Year]; twice {
			return nil, fault.Newf(fault.Invalid, "%d年节假日安排重复", y.Year)
		}
		given[y.Year] = y
	}
	c := &Calendar{
		marks: map[Date]mark{},
		first: Day(firstYear, time.January, 1), last: Day(lastYear, time.December, 31),
	}
	for n := firstYear; n <= lastYear; n++ {
		y, known := given[n]
		if !known {
			y = Provisional(n)
		}
		y.Off, y.Work, y.Local = slices.Clone(y.Off), slices.Clone(y.Work), slices.Clone(y.Local)
		c.years = append(c.years, y)
		c.tags = append(c.tags, y.Tag())
		c.note(y)
	}
	for i := range c.tags[1:] {
		c.pairs = append(c.pairs, c.tags[i]+","+c.tags[i+1])
	}
	c.layOut()
	return c, nil
}

// note takes over what a year says of single days. Local days off come last:
// they may free a make-up day too.
func (c *Calendar) note(y Year) {
	rest := func(breaks []Break, why string) {
		for _, b := range breaks {
			for d := b.From; !d.After(b.To); d = d.Add(1) {
				c.marks[d] = mark{name: b.Name, why: why}
			}
		}
	}
	rest(y.Off, "放假")
	for _, s := range y.Work {
		c.marks[s.Date] = mark{name: s.Name, work: true}
	}
	rest(y.Local, "地方放假")
}

// layOut counts every day once, so that a deadline is two look-ups.
func (c *Calendar) layOut() {
	days := c.last.Sub(c.first) + 1
	c.before = make([]int32, days+1)
	c.unsettled = make([]int32, days+1)
	c.nth = make([]int32, 0, days)
	i := 0
	for _, y := range c.years {
		open := int32(0)
		if y.Unsettled() {
			open = 1
		}
		for end := Day(y.Year, time.December, 31).Sub(c.first); i <= end; i++ {
			d := c.first.Add(i)
			works := !d.weekend()
			if m, ok := c.marks[d]; ok {
				works = m.work
			}
			c.before[i+1], c.unsettled[i+1] = c.before[i], c.unsettled[i]+open
			if works {
				c.before[i+1]++
				c.nth = append(c.nth, int32(i))
			}
		}
	}
}

// Default is the calendar of the years that come with the program.
func Default() *Calendar { return AsKnown(Date{}) }

// AsKnown is Default as it stood on a day: notices issued later are left out.
func AsKnown(day Date) *Calendar {
	c, err := New(Latest(Builtin(), day)...)
	if err != nil {
		panic("calendar: years.json: " + err.Error())
	}
	return c
}

// Years returns the years that were given or built in, without those of which
// nothing but the statute is known and that nobody loaded.
func (c *Calendar) Years() []Year {
	var out []Year
	for _, y := range c.years {
		if !y.Provisional || y.Builtin || y.LoadedBy != "" {
			out = append(out, y)
		}
	}
	return out
}

// Year returns the arrangement of a year; outside the calendar's span one
// without any days, provisional.
func (c *Calendar) Year(year int) Year {
	if year < firstYear || year > lastYear {
		return Year{Year: year, Provisional: true}
	}
	return c.years[year-firstYear]
}

// Working reports whether state organs work on the day: a make-up working day,
// or Monday to Friday and not off.
func (c *Calendar) Working(d Date) bool {
	if !c.covers(d) {
		return !d.weekend()
	}
	i := d.Sub(c.first)
	return c.before[i+1] > c.before[i]
}

func (c *Calendar) covers(d Date) bool { return !d.Before(c.first) && !d.After(c.last) }

// index counts the working days up to and including d, relative to the start of
// the span; days outside it count by weekday alone.
func (c *Calendar) index(d Date) int {
	switch {
	case d.Before(c.first):
		return -weekdays(d, c.first.Add(-1))
	case d.After(c.last):
		return len(c.nth) + weekdays(c.last, d)
	}
	return int(c.before[d.Sub(c.first)+1])
}

// at is the day of the working day number k as index counts them; 1 is the first
// working day of the span.
func (c *Calendar) at(k int) Date {
	switch {
	case k > len(c.nth):
		return addWeekdays(c.last, k-len(c.nth))
	case k < 1:
		return subWeekdays(c.first, 1-k)
	}
	return c.first.Add(int(c.nth[k-1]))
}

// weekdays counts Mondays to Fridays d with a < d <= b.
func weekdays(a, b Date) int {
	days := b.Sub(a)
	n := days / 7 * 5
	for d := b.Add(-(days % 7)); d != b; {
		d = d.Add(1)
		if !d.weekend() {
			n++
		}
	}
	return n
}

// addWeekdays is the n-th Monday to Friday after d, n >= 1.
func addWeekdays(d Date, n int) Date {
	d = d.Add((n - 1) / 5 * 7)
	for n = (n-1)%5 + 1; n > 0; {
		if d = d.Add(1); !d.weekend() {
			n--
		}
	}
	return d
}

// subWeekdays is the n-th Monday to Friday before d, n >= 1.
func subWeekdays(d Date, n int) Date {
	d = d.Add(-(n - 1) / 5 * 7)
	for n = (n-1)%5 + 1; n > 0; {
		if d = d.Add(-1); !d.weekend() {
			n--
		}
	}
	return d
}

// AddWorkingDays returns the day at whose end n working days are over (C1 to
// C3): start is day 0 and is not counted, working or not. n = 0 gives start; a
// negative n counts backwards as WorkingDaysBefore does.
func (c *Calendar) AddWorkingDays(start Date, n int) Date {
	switch {
	case n == 0:
		return start
	case n < 0:
		return c.WorkingDaysBefore(start, -n)
	}
	return c.at(c.index(start) + n)
}

// WorkingDaysBefore returns the n-th working day before an event (C10); the day
// of the event is day 0.
func (c *Calendar) WorkingDaysBefore(event Date, n int) Date {
	if n <= 0 {
		return event
	}
	return c.at(c.index(event.Add(-1)) - n + 1)
}

// WorkingDaysBetween counts the working days d with a < d <= b; it is negative
// when b is earlier than a.
func (c *Calendar) WorkingDaysBetween(a, b Date) int { return c.index(b) - c.index(a) }

// OnOrAfter is d when it is a working day, else the next working day (C4, C6).
func (c *Calendar) OnOrAfter(d Date) Date { return c.at(c.index(d.Add(-1)) + 1) }

// OnOrBefore is d when it is a working day, else the last one before: the day to
// plan for when a law says 如1月31日前, which does not move (C8).
func (c *Calendar) OnOrBefore(d Date) Date { return c.at(c.index(d)) }

// AddDays returns the last day of a period in days: n calendar days after start,
// moved to the next working day when it is a rest day (C4).
func (c *Calendar) AddDays(start Date, n int) Date { return c.OnOrAfter(start.Add(n)) }

// AddMonths returns the last day of a period in months, moved like AddDays (C5).
func (c *Calendar) AddMonths(start Date, n int) Date { return c.OnOrAfter(start.AddMonths(n)) }

// MinimumEnd returns the earliest day on which a period of "not less than n
// days" may end (C9): n calendar days after start, extended to a working day.
func (c *Calendar) MinimumEnd(start Date, n int) Date { return c.AddDays(start, n) }

// Settled reports whether no day d with a < d <= b, nor a itself, lies in a year
// whose arrangement is not known (CAL-07).
func (c *Calendar) Settled(a, b Date) bool {
	if b.Before(a) {
		a, b = b, a
	}
	if !c.covers(a) || !c.covers(b) {
		return false
	}
	return c.unsettled[b.Sub(c.first)+1] == c.unsettled[a.Sub(c.first)]
}

// UnsettledYears lists the years from a to b whose arrangement is not known.
func (c *Calendar) UnsettledYears(a, b Date) []int {
	var out []int
	for n := a.Year(); n <= b.Year(); n++ {
		if c.Year(n).Unsettled() {
			out = append(out, n)
		}
	}
	return out
}

// Version names the years from a to b with their versions, as in
// "2025.1,2026.1". A stored deadline keeps it, so that one sees whether it was
// counted with what is known now (REQ-40).
func (c *Calendar) Version(a, b Date) string {
	from, to := a.Year(), b.Year()
	if from >= firstYear && to <= lastYear {
		switch to - from {
		case 0:
			return c.tags[from-firstYear]
		case 1:
			return c.pairs[from-firstYear]
		}
	}
	var tags []string
	for n := from; n <= to; n++ {
		tags = append(tags, c.Year(n).Tag())
	}
	return strings.Join(tags, ",")
}

// Rest says why nobody works on the day: 周末, 放假（春节）, 地方放假（…）; "" for a
// working day.
func (c *Calendar) Rest(d Date) string {
	if c.Working(d) {
		return ""
	}
	if m, ok := c.marks[d]; ok {
		return fmt.Sprintf("%s（%s）", m.why, m.name)
	}
	return "周末"
}

// MakeUp says that the day is a make-up working day: 调休上班（春节）; else "".
func (c *Calendar) MakeUp(d Date) string {
	m, ok := c.marks[d]
	switch {
	case !ok || !m.work:
		return ""
	case m.name == "":
		return "调休上班"
	}
	return fmt.Sprintf("调休上班（%s）", m.name)
}

// WorkingDaysOf counts the working days of a calendar year.
func (c *Calendar) WorkingDaysOf(year int) int {
	return c.WorkingDaysBetween(Day(year-1, time.December, 31), Day(year, time.December, 31))
}

// WorkingDaysIn counts the working days of a month.
func (c *Calendar) WorkingDaysIn(year int, month time.Month) int {
	return c.WorkingDaysBetween(Day(year, month, 0), Day(year, month+1, 0))
}
