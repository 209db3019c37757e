package calendar

import (
	"fmt"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"
)

// Problem is a check of the table CAL-01 to CAL-12 that does not hold.
type Problem struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	Warn bool   `json:"warn,omitempty"` // to be looked at; nothing is blocked by it
}

func problem(id, format string, args ...any) Problem {
	return Problem{ID: id, Text: fmt.Sprintf(format, args...)}
}

// Check returns what is wrong or doubtful in one year (CAL-01 to CAL-06).
func (y Year) Check() []Problem {
	var out []Problem
	for _, check := range []func() []Problem{
		y.checkDocument, y.checkConflicts, y.checkStatutory, y.checkTotal, y.checkBalance, y.checkPeople,
	} {
		out = append(out, check()...)
	}
	return out
}

// checkDocument is CAL-01: document number and issue date, or provisional.
func (y Year) checkDocument() []Problem {
	if y.Provisional || !y.Unsettled() {
		return nil
	}
	return []Problem{problem("CAL-01", "%d年节假日安排未登记文号，按暂定处理。", y.Year)}
}

// checkConflicts is CAL-02: make-up days are Saturdays or Sundays, and not off.
func (y Year) checkConflicts() []Problem {
	var out []Problem
	seen := map[Date]bool{}
	for _, s := range y.Work {
		if !s.Date.weekend() || y.off(s.Date) || seen[s.Date] {
			out = append(out, problem("CAL-02", "日期%s设置冲突：调休上班日应为周六或周日。", s.Date))
		}
		seen[s.Date] = true
	}
	return out
}

func (y Year) off(d Date) bool {
	for _, b := range y.Off {
		if !d.Before(b.From) && !d.After(b.To) {
			return true
		}
	}
	return false
}

// checkStatutory is CAL-03: statutory days that fall on a weekday are off.
func (y Year) checkStatutory() []Problem {
	var out []Problem
	for _, f := range Statutory(y.Year) {
		if !f.Date.weekend() && !y.off(f.Date) {
			out = append(out, problem("CAL-03", "%s（%s）是法定节假日，但未设为放假。", f.Date, f.Name))
		}
	}
	return out
}

// checkTotal is CAL-04: a final year has 245 to 254 working days.
func (y Year) checkTotal() []Problem {
	if y.Unsettled() {
		return nil
	}
	n := 0
	for d := Day(y.Year, time.January, 1); d.Year() == y.Year; d = d.Add(1) {
		if !d.weekend() && !y.off(d) {
			n++
		}
	}
	for _, s := range y.Work {
		if s.Date.Year() == y.Year && s.Date.weekend() && !y.off(s.Date) {
			n++
		}
	}
	if n < 245 || n > 254 {
		return []Problem{problem("CAL-04", "%d年工作日数为%d，请核对节假日安排。", y.Year, n)}
	}
	return nil
}

// checkBalance is CAL-05: what a notice takes from weekdays beyond the statutory
// days it gives back on weekends. An amendment may give days away (2020).
func (y Year) checkBalance() []Problem {
	if y.Unsettled() || y.Amends != "" {
		return nil
	}
	freed := map[Date]bool{}
	for _, b := range y.Off {
		for d := b.From; !d.After(b.To); d = d.Add(1) {
			if !d.weekend() {
				freed[d] = true
			}
		}
	}
	if len(freed) != len(Statutory(y.Year))+len(y.Work) {
		return []Problem{problem("CAL-05", "%d年放假与调休天数不平衡，请核对。", y.Year)}
	}
	return nil
}

// checkPeople is CAL-06: one person loaded the year and another confirmed it.
func (y Year) checkPeople() []Problem {
	switch {
	case y.Builtin, y.Provisional && y.LoadedBy == "":
		return nil
	case y.LoadedBy != "" && y.ConfirmedBy != "" && y.LoadedBy != y.ConfirmedBy:
		return nil
	}
	return []Problem{problem("CAL-06", "节假日安排须由两人核对后启用。")}
}

// Check returns the problems of all loaded years, of the year to come and of
// the comparison with the reference calendar (CAL-01 to CAL-06, CAL-09, CAL-10).
func (c *Calendar) Check(today Date) []Problem {
	var out []Problem
	for _, y := range c.Years() {
		out = append(out, y.Check()...)
	}
	out = append(out, c.CheckNextYear(today)...)
	return append(out, c.CheckReference(LunarGo())...)
}

// CheckNextYear is CAL-09: next year's arrangement is loaded by 15 December. From
// 1 November it warns; from 15 December final deadlines into that year are blocked.
func (c *Calendar) CheckNextYear(today Date) []Problem {
	year, month, day := today.Civil()
	if month < time.November || !c.Year(year+1).Unsettled() {
		return nil
	}
	p := problem("CAL-09", "%d年节假日安排尚未录入，请尽快录入国务院办公厅通知。", year+1)
	p.Warn = month == time.November || day < 15
	return []Problem{p}
}

// Reference is another calendar: whether the day is worked, and whether it knows
// the year at all. A calendar that does not know a year must say so.
type Reference func(Date) (working, known bool)

// LunarGo is the module lunar-go as a reference. It keeps amended text only.
func LunarGo() Reference {
	knows := map[int]bool{}
	return func(d Date) (bool, bool) {
		known, asked := knows[d.Year()]
		if !asked {
			known = HolidayUtil.GetHolidaysByYear(d.Year()).Len() > 0
			knows[d.Year()] = known
		}
		if h := HolidayUtil.GetHoliday(d.String()); h != nil {
			return h.IsWork(), known
		}
		return !d.weekend(), known
	}
}

// CheckReference is CAL-10: results equal the reference for all settled years that
// both know. Days off of the district are its own affair. It only warns: after an
// amendment the reference may be the older one.
func (c *Calendar) CheckReference(reference Reference) []Problem {
	var out []Problem
	for _, y := range c.Years() {
		if y.Unsettled() {
			continue
		}
		local := Year{Off: y.Local}
		for d := Day(y.Year, time.January, 1); d.Year() == y.Year; d = d.Add(1) {
			working, known := reference(d)
			if !known {
				break
			}
			if working != c.Working(d) && !local.off(d) {
				p := problem("CAL-10", "与参考日历不一致：%s。", d)
				p.Warn = true
				out = append(out, p)
			}
		}
	}
	return out
}

// CheckFinal is CAL-07: no deadline is final if its period touches a year whose
// arrangement is not known. Before 15 December of the year before it is a warning:
// the deadline is shown as provisional; then no final one may be set (CAL-09).
func (c *Calendar) CheckFinal(d Deadline, today Date) []Problem {
	end := d.Due
	if d.Waiting {
		end = d.Start
	}
	var out []Problem
	for _, year := range c.UnsettledYears(d.Start, end) {
		p := Problem{ID: "CAL-07", Text: unsettledText(year)}
		p.Warn = today.Before(Day(year-1, time.December, 15))
		out = append(out, p)
	}
	return out
}

// CheckChanges is CAL-08: before a changed year is saved, the deadlines it moves
// are shown and confirmed.
func CheckChanges(changes []Change) []Problem {
	if len(changes) == 0 {
		return nil
	}
	p := problem("CAL-08", "本次调整影响%d个未完结期限，请确认。", len(changes))
	p.Warn = true
	return []Problem{p}
}

// CheckBasis is CAL-11: a deadline that is shown names start, length, calendar
// version and, where days were left out, the pauses.
func CheckBasis(e Explanation) []Problem {
	complete := !e.Start.IsZero() && !e.Period.IsZero() && e.Version != "" && e.Basis != "" &&
		(e.Excluded == 0 || len(e.Pauses) > 0)
	if complete {
		return nil
	}
	return []Problem{problem("CAL-11", "期限计算依据缺失。")}
}

// CheckDue is CAL-12: a deadline in working days falls on a working day.
func (c *Calendar) CheckDue(d Deadline) []Problem {
	if d.Waiting || d.Period.Unit != WorkingDays || c.Working(d.Due) {
		return nil
	}
	return []Problem{problem("CAL-12", "期限日期%s不是工作日，计算有误。", d.Due)}
}
