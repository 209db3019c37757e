package calendar

import (
	"fmt"
	"strings"
)

// Explanation is a deadline told day by day: 为什么是这一天.
type Explanation struct {
	Deadline
	Basis string `json:"basis"` // one sentence: start, length, unit, pauses, calendar (CAL-11)
	Lines []Line `json:"lines"` // from day 0 to the last day, none left out
}

// Line is one day of an explanation.
type Line struct {
	Date    Date   `json:"date"`
	Weekday string `json:"weekday"`          // 周一
	Counts  bool   `json:"counts"`           // the day is part of the period
	Number  int    `json:"number,omitempty"` // its running number, 1 for the first
	Why     string `json:"why,omitempty"`    // why it does not count, or why a weekend day does
	Last    bool   `json:"last,omitempty"`   // the period ends here
}

// String is the line as text: 第 3 日 2026-02-14 周六 调休上班（春节）.
func (l Line) String() string {
	number := "  —  "
	if l.Counts {
		number = fmt.Sprintf("%5d", l.Number)
	}
	text := strings.TrimRight(fmt.Sprintf("%s  %s  %s  %s", number, l.Date, l.Weekday, l.Why), " ")
	if l.Last {
		text += "  ← 截止"
	}
	return text
}

// Explain counts and tells every day. While a pause runs the lines end with its
// first day.
func (c *Calendar) Explain(q Count) Explanation {
	d := c.Deadline(q)
	e := Explanation{Deadline: d, Basis: c.basis(d)}
	event := "起算日，不计入"
	if q.Event != "" {
		event = q.Event + "（起算日，不计入）"
	}
	e.Lines = append(e.Lines, Line{Date: q.Start, Weekday: q.Start.WeekdayChinese(), Why: event})
	last := d.Due
	if d.Waiting {
		for _, p := range merge(q.Start, q.Pauses) {
			last = p.From.Add(1) // the open one is the last
		}
	}
	number := 0
	for day := q.Start.Add(1); !day.After(last); day = day.Add(1) {
		l := Line{Date: day, Weekday: day.WeekdayChinese(), Last: day == d.Due}
		if l.Why = c.leftOut(d, day); l.Why == "" {
			number++
			l.Counts, l.Number, l.Why = true, number, c.MakeUp(day)
		}
		e.Lines = append(e.Lines, l)
	}
	return e
}

// leftOut says why a day of the period is not counted, "" when it is.
func (c *Calendar) leftOut(d Deadline, day Date) string {
	rest := c.Rest(day)
	if d.Period.Unit == WorkingDays && rest != "" {
		return rest
	}
	for _, p := range d.Pauses {
		if p.covers(day) {
			return "暂停" + inBrackets(p.Reason)
		}
	}
	if d.Period.Unit != WorkingDays && !d.Waiting && day.After(d.End) {
		if rest != "" {
			return "顺延：" + rest
		}
		return "顺延至此"
	}
	return ""
}

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return "（" + text + "）"
}

// basis is the sentence of CAL-11.
func (c *Calendar) basis(d Deadline) string {
	var b strings.Builder
	fmt.Fprintf(&b, "自%s%s的次日起算，期限%s", d.Start.Chinese(), inBrackets(d.Event), d.Period)
	if d.Extended != 0 {
		fmt.Fprintf(&b, "，另延长%d%s", d.Extended, d.Period.Unit)
	}
	unit := "个工作日"
	if d.Period.Unit != WorkingDays {
		unit = "日"
	}
	if d.Excluded > 0 || d.Waiting {
		var spans []string
		for _, p := range d.Pauses {
			switch {
			case !d.Waiting && !p.From.Before(d.End):
				continue // began after the period was over
			case p.Open():
				spans = append(spans, fmt.Sprintf("%s%s次日起（未结束）", p.Reason, p.From.Chinese()))
			default:
				spans = append(spans, fmt.Sprintf("%s%s次日至%s", p.Reason, p.From.Chinese(), p.To.Chinese()))
			}
		}
		fmt.Fprintf(&b, "，扣除暂停%d%s：%s", d.Excluded, unit, strings.Join(spans, "、"))
	}
	until := d.Due
	switch {
	case d.Waiting:
		until = d.Start
		for _, p := range d.Pauses {
			if p.Open() && p.From.After(until) {
				until = p.From
			}
		}
		fmt.Fprintf(&b, "；计时暂停中，已计%d%s，恢复后继续计算", c.Used(d.Count, until), unit)
	case d.End != d.Due:
		fmt.Fprintf(&b, "，末日%s（%s）为休息日，顺延至%s（%s）", d.End.Chinese(), c.Rest(d.End), d.Due.Chinese(), d.Due.WeekdayChinese())
	default:
		fmt.Fprintf(&b, "，至%s（%s）届满", d.Due.Chinese(), d.Due.WeekdayChinese())
	}
	if d.Period.AtLeast && !d.Waiting {
		b.WriteString("，不得早于该日结束")
	}
	b.WriteString("。")
	b.WriteString(c.sources(d.Start, until))
	return b.String()
}
