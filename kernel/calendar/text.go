package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gongkai/kernel/fault"
)

// The functions of the command line (gongkai calendar …). Each takes the words
// typed and returns the text to print; errors are faults in Chinese.

// AddText answers `add DAY PERIOD`: a bare number means working days, a negative
// one counts backwards from an event.
func (c *Calendar) AddText(day, period string) (string, error) {
	start, err := parseDay(day)
	if err != nil {
		return "", err
	}
	if n, err := strconv.Atoi(period); err == nil && n < 0 && n >= -maxCount {
		due := c.WorkingDaysBefore(start, -n)
		return fmt.Sprintf("%s %s（%s之前第%d个工作日）\n", due, due.WeekdayChinese(), start.Chinese(), -n) + c.caution(due, start), nil
	}
	p, err := parsePeriodOrDays(period)
	if err != nil {
		return "", err
	}
	d := c.Deadline(Count{Start: start, Period: p})
	return fmt.Sprintf("%s %s\n%s\n", d.Due, d.Due.WeekdayChinese(), c.basis(d)), nil
}

// BetweenText answers `between DAY DAY`.
func (c *Calendar) BetweenText(from, to string) (string, error) {
	a, err := parseDay(from)
	if err != nil {
		return "", err
	}
	b, err := parseDay(to)
	if err != nil {
		return "", err
	}
	if b.Before(a) {
		return "", fault.Newf(fault.Invalid, "结束日期%s早于开始日期%s", b, a)
	}
	return fmt.Sprintf("%d 个工作日，%d 天（%s次日至%s）\n", c.WorkingDaysBetween(a, b), b.Sub(a), a.Chinese(), b.Chinese()) +
		c.caution(a, b), nil
}

// ExplainText answers `explain DAY PERIOD [FROM..TO[=REASON] …]`; each further
// word is a pause, whose end is left out while it runs: 2026-05-06..=征求意见.
func (c *Calendar) ExplainText(day, period string, pauses ...string) (string, error) {
	start, err := parseDay(day)
	if err != nil {
		return "", err
	}
	p, err := parsePeriodOrDays(period)
	if err != nil {
		return "", err
	}
	q := Count{Start: start, Period: p}
	for _, text := range pauses {
		pause, err := parsePause(text)
		if err != nil {
			return "", err
		}
		q.Pauses = append(q.Pauses, pause)
	}
	e := c.Explain(q)
	var b strings.Builder
	for _, l := range e.Lines {
		fmt.Fprintln(&b, l)
	}
	fmt.Fprintf(&b, "%s\n日历版本：%s\n", e.Basis, e.Version)
	return b.String(), nil
}

// YearText answers `year 2026`: the arrangement, the working days of each month,
// and the twelve months with rest days in brackets.
func (c *Calendar) YearText(year string) (string, error) {
	n, err := strconv.Atoi(year)
	if err != nil || n < firstYear || n > lastYear {
		return "", fault.Newf(fault.Invalid, "年份“%s”应在%d至%d之间", year, firstYear, lastYear)
	}
	y := c.Year(n)
	if y.Provisional && y.LoadedBy == "" && n < Builtin()[0].Year {
		return "", fault.Newf(fault.Invalid, "没有%d年的放假安排数据：程序带有%d年以后各年的安排，更早的年份请录入国务院办公厅的通知", n, Builtin()[0].Year)
	}
	var b strings.Builder
	b.WriteString(y.Notice())
	for _, l := range y.Local {
		fmt.Fprintf(&b, "地方放假：%s，%s至%s\n", l.Name, l.From, l.To)
	}
	state := "已公布"
	if y.Unsettled() {
		state = "暂定"
	}
	fmt.Fprintf(&b, "状态：%s　版本：%s　工作日：%d 天\n", state, y.Tag(), c.WorkingDaysOf(n))
	if y.Note != "" {
		fmt.Fprintf(&b, "说明：%s\n", y.Note)
	}
	b.WriteString("\n方括号为休息日，* 为调休上班日\n")
	for m := time.January; m <= time.December; m++ {
		fmt.Fprintf(&b, "\n%d月（%d 个工作日）\n  一   二   三   四   五   六   日\n", int(m), c.WorkingDaysIn(n, m))
		first := Day(n, m, 1)
		column := (int(first.Weekday()) + 6) % 7
		b.WriteString(strings.Repeat("     ", column))
		for d := first; d.Before(Day(n, m+1, 1)); d = d.Add(1) {
			_, _, number := d.Civil()
			switch {
			case !c.Working(d):
				fmt.Fprintf(&b, "[%2d] ", number)
			case c.MakeUp(d) != "":
				fmt.Fprintf(&b, " %2d* ", number)
			default:
				fmt.Fprintf(&b, " %2d  ", number)
			}
			if column++; column == 7 {
				column = 0
				b.WriteByte('\n')
			}
		}
		if column != 0 {
			b.WriteByte('\n')
		}
	}
	return trimLines(b.String()), nil
}

// CheckText answers `check`: every problem on a line, and how many of them are
// more than a warning.
func (c *Calendar) CheckText(today Date) (text string, wrong int) {
	var b strings.Builder
	for _, y := range c.Years() {
		fmt.Fprintf(&b, "%s  %s  工作日 %d 天\n", y.Tag(), y.Source(), c.WorkingDaysOf(y.Year))
	}
	problems := c.Check(today)
	for _, p := range problems {
		kind := "错误"
		if p.Warn {
			kind = "提醒"
		} else {
			wrong++
		}
		fmt.Fprintf(&b, "%s %s %s\n", kind, p.ID, p.Text)
	}
	if len(problems) == 0 {
		b.WriteString("节假日安排检查通过。\n")
	}
	return b.String(), wrong
}

// caution names the years from a to b whose arrangement is not known.
func (c *Calendar) caution(a, b Date) string {
	text := ""
	for _, n := range c.UnsettledYears(a, b) {
		text += unsettledText(n) + "\n"
	}
	return text
}

func parseDay(text string) (Date, error) {
	d, err := Parse(strings.TrimSpace(text))
	if err != nil || d.Year() < 1900 || d.Year() > 2199 {
		return Date{}, fault.Newf(fault.Invalid, "日期“%s”有误，请写如：2026-09-10", text)
	}
	return d, nil
}

func parsePeriodOrDays(text string) (Period, error) {
	if _, err := strconv.Atoi(text); err == nil {
		text += "个工作日"
	}
	p, err := ParsePeriod(text)
	if err == nil && p.IsZero() {
		err = fault.New(fault.Invalid, "请写期限，如：5个工作日、30日、6个月")
	}
	return p, err
}

func parsePause(text string) (Pause, error) {
	span, reason, _ := strings.Cut(text, "=")
	from, to, ok := strings.Cut(span, "..")
	wrong := fault.Newf(fault.Invalid, "暂停“%s”有误，请写如：2026-03-05..2026-03-20=征求意见", text)
	if !ok {
		return Pause{}, wrong
	}
	a, err := parseDay(from)
	if err != nil {
		return Pause{}, wrong
	}
	p := Pause{From: a, Reason: reason}
	if to == "" {
		return p, nil
	}
	if p.To, err = parseDay(to); err != nil || p.To.Before(a) {
		return Pause{}, wrong
	}
	return p, nil
}

func trimLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
