package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Count is a question: when does a period end that starts on a day?
type Count struct {
	Start    Date    `json:"start"`              // day 0, not counted (C1)
	Event    string  `json:"event,omitempty"`    // what happened on that day: 收到申请
	Period   Period  `json:"period"`             // its length
	Extended int     `json:"extended,omitempty"` // granted on top, in the period's unit (K6)
	Pauses   []Pause `json:"pauses,omitempty"`   // in any order, may overlap
}

// Pause is an interval that is not counted: the days after From through To
// (C12). A zero To is a pause that has not ended.
type Pause struct {
	From   Date   `json:"from"` // the letter was sent; this day still counts
	To     Date   `json:"to"`   // the answer arrived; this day does not count
	Reason string `json:"reason,omitempty"`
}

// Open reports whether the pause still runs.
func (p Pause) Open() bool { return p.To.IsZero() }

func (p Pause) covers(d Date) bool { return d.After(p.From) && (p.Open() || !d.After(p.To)) }

// Deadline answers a Count. It carries the question, so that a stored deadline
// can be counted anew when the calendar changes (CAL-08) and can always explain
// itself (Calendar.Explain).
type Deadline struct {
	Count
	Due         Date   `json:"due"`                   // last day, which ends at 24:00 (C7); none while a pause runs
	End         Date   `json:"end,omitzero"`          // last day before it moved off a rest day; Due when it did not move
	Excluded    int    `json:"excluded"`              // days not counted because of pauses: working days, or calendar days
	Waiting     bool   `json:"waiting,omitempty"`     // a pause has not ended: Due is not known yet
	Provisional bool   `json:"provisional,omitempty"` // touches a year without a notice (CAL-07)
	Version     string `json:"version"`               // of the calendar, by year: 2025.1,2026.1
}

// Due is the last day of a period without pauses.
func (c *Calendar) Due(start Date, p Period) Date {
	return c.Deadline(Count{Start: start, Period: p}).Due
}

// Deadline counts. Working days follow C1 to C3, days C4, months C5 and
// minimum periods C9. Pauses are excluded once however they overlap: their
// working days from periods in working days, and (our convention, the rules speak
// of working days only) their calendar days from periods in days and months.
func (c *Calendar) Deadline(q Count) Deadline {
	d := Deadline{Count: q}
	pauses := merge(q.Start, q.Pauses)
	total := q.Period.Count + q.Extended
	step, excluded := c.AddWorkingDays, c.WorkingDaysBetween
	if q.Period.Unit != WorkingDays {
		step = func(from Date, n int) Date { return from.Add(n) }
		excluded = func(a, b Date) int { return b.Sub(a) }
		if q.Period.Unit == Months {
			total = q.Start.AddMonths(total).Sub(q.Start)
		}
	}
	d.End = step(q.Start, total)
	for _, p := range pauses {
		if !p.From.Before(d.End) {
			break // the period was over before
		}
		if p.Open() {
			d.Waiting, d.End = true, Date{}
			d.Provisional, d.Version = !c.Settled(q.Start, p.From), c.Version(q.Start, p.From)
			return d
		}
		d.Excluded += excluded(p.From, p.To)
		d.End = step(q.Start, total+d.Excluded)
	}
	d.Due = d.End
	if q.Period.Unit != WorkingDays {
		d.Due = c.OnOrAfter(d.End)
	}
	d.Provisional, d.Version = !c.Settled(q.Start, d.Due), c.Version(q.Start, d.Due)
	return d
}

// merge returns the union of the pauses after start as disjoint intervals in
// order; an open one comes last. A pause that ends before it began, or before
// the period began, excludes nothing.
func merge(start Date, pauses []Pause) []Pause {
	if len(pauses) == 0 {
		return nil
	}
	sorted := slices.Clone(pauses)
	slices.SortFunc(sorted, func(a, b Pause) int { return a.From.Compare(b.From) })
	out := sorted[:0]
	for _, p := range sorted {
		if p.From.Before(start) {
			p.From = start
		}
		if !p.Open() && !p.To.After(p.From) {
			continue
		}
		n := len(out) - 1
		switch {
		case n < 0 || !out[n].Open() && p.From.After(out[n].To):
			out = append(out, p)
		case out[n].Open():
		case p.Open() || p.To.After(out[n].To):
			out[n].To = p.To
		}
	}
	return out
}

// Used counts the days of the period, in its unit (calendar days for months),
// that are over at the end of the given day, pauses excluded.
func (c *Calendar) Used(q Count, at Date) int {
	between := c.WorkingDaysBetween
	if q.Period.Unit != WorkingDays {
		between = func(a, b Date) int { return b.Sub(a) }
	}
	if !at.After(q.Start) {
		return 0
	}
	n := between(q.Start, at)
	for _, p := range merge(q.Start, q.Pauses) {
		if p.From.Before(at) {
			if p.Open() || p.To.After(at) {
				p.To = at
			}
			n -= between(p.From, p.To)
		}
	}
	return n
}

// Change is a deadline that another calendar moves or makes final.
type Change struct {
	Index  int      `json:"index"` // of the Count in the list given
	Before Deadline `json:"before"`
	After  Deadline `json:"after"`
}

// Changes counts the open deadlines with this calendar and the next and lists
// those whose day differs or that become provisional or final (CAL-08).
func (c *Calendar) Changes(next *Calendar, open []Count) []Change {
	var out []Change
	for i, q := range open {
		a, b := c.Deadline(q), next.Deadline(q)
		if a.Due != b.Due || a.Provisional != b.Provisional {
			out = append(out, Change{i, a, b})
		}
	}
	return out
}

// Recount counts a stored deadline with this calendar and reports whether
// anything about it changed.
func (c *Calendar) Recount(d Deadline) (Deadline, bool) {
	n := c.Deadline(d.Count)
	return n, n.Due != d.Due || n.Provisional != d.Provisional || n.Version != d.Version
}

// Remaining is the sentence beside a deadline: 还有 6 个工作日，12月3日 18:00 截止.
// closing is the hour at which the last day ends, counted from its start: 24 hours
// by law, earlier where business hours matter (C7).
func (c *Calendar) Remaining(d Deadline, now time.Time, closing time.Duration) string {
	if d.Waiting {
		return "计时暂停，恢复后重新推算截止日期"
	}
	today, end := Of(now), d.Due.Start().Add(closing)
	day := d.Due.MonthDay()
	if d.Due.Year() != today.Year() {
		day = d.Due.Chinese()
	}
	hour := fmt.Sprintf("%02d:%02d", int(closing.Hours()), int(closing.Minutes())%60)
	left := c.WorkingDaysBetween(today, d.Due)
	var text string
	switch {
	case !now.Before(end) && left >= 0:
		text = fmt.Sprintf("已过截止时间，应于%s %s 前完成", day, hour)
	case !now.Before(end):
		text = fmt.Sprintf("已超期 %d 个工作日，应于%s %s 前完成", -left, day, hour)
	case today == d.Due:
		text = fmt.Sprintf("今天 %s 截止", hour)
	case left == 0:
		text = fmt.Sprintf("还有 %d 天，期间没有工作日，%s %s 截止", d.Due.Sub(today), day, hour)
	default:
		text = fmt.Sprintf("还有 %d 个工作日，%s %s 截止", left, day, hour)
	}
	if d.Provisional {
		text += "（暂定）"
	}
	return text
}

// Limit is a calendar limit (如1月31日前): it does not move (C8). Plan is the last
// working day not after it.
type Limit struct {
	Day         Date   `json:"day"`
	Plan        Date   `json:"plan"`
	Provisional bool   `json:"provisional,omitempty"`
	Version     string `json:"version"`
}

// Limit says when to be ready for a calendar limit.
func (c *Calendar) Limit(day Date) Limit {
	plan := c.OnOrBefore(day)
	return Limit{day, plan, !c.Settled(plan, day), c.Version(plan, day)}
}

// LimitBasis explains the limit in a sentence (CAL-11).
func (c *Calendar) LimitBasis(l Limit) string {
	text := fmt.Sprintf("法定日期为%s（%s），遇休息日不顺延", l.Day.Chinese(), l.Day.WeekdayChinese())
	if l.Plan != l.Day {
		text += fmt.Sprintf("；当日%s，应在此前最后一个工作日%s（%s）办结", c.Rest(l.Day), l.Plan.Chinese(), l.Plan.WeekdayChinese())
	}
	return text + "。" + c.sources(l.Plan, l.Day)
}

// sources names the documents for the years from a to b, and warns of years
// without one (CAL-07).
func (c *Calendar) sources(a, b Date) string {
	var names []string
	for n := a.Year(); n <= b.Year(); n++ {
		names = append(names, c.Year(n).Source())
	}
	text := "节假日依据：" + strings.Join(names, "、") + "。"
	for _, n := range c.UnsettledYears(a, b) {
		text += unsettledText(n)
	}
	return text
}

func unsettledText(year int) string {
	return fmt.Sprintf("期限涉及%d年，节假日安排尚未公布，为暂定日期。", year)
}
