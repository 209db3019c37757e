package plan

import (
	"fmt"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
)

// Span is one period in which a measure must be done: both days belong to it.
type Span struct{ From, Until, Due calendar.Date }

// spans lists the periods of a measure in the plan's year, the first beginning
// on the day the plan was issued. "Before a date" is a calendar limit and does
// not move to a working day (C8).
func (d Due) spans(issued calendar.Date, year int) []Span {
	end := calendar.Day(year, time.December, 31)
	if issued.After(end) { // a plan that arrives after its year is judged on the day itself
		end = issued
	}
	switch d.Kind {
	case ByDate:
		on := d.On
		if on.IsZero() || on.Before(issued) {
			on = end
		}
		return []Span{{From: issued, Until: on, Due: on}}
	case Recurring:
		var out []Span
		for m := time.January; m <= time.December; m += time.Month(d.Every.months()) {
			from := calendar.Day(year, m, 1)
			until := calendar.Day(year, m+time.Month(d.Every.months()), 1).Add(-1)
			due := d.lastDay(year, m, until)
			if due.Before(issued) {
				continue // the period was over before the plan came
			}
			if from.Before(issued) {
				from = issued
			}
			out = append(out, Span{From: from, Until: until, Due: due})
		}
		if out != nil {
			return out
		}
	}
	return []Span{{From: issued, Until: end, Due: end}}
}

// lastDay is the day of a period that a recurring measure is due: the period's
// end, or the day inside it that the plan names.
func (d Due) lastDay(year int, from time.Month, end calendar.Date) calendar.Date {
	if d.Day == 0 {
		return end
	}
	month := d.Month
	if month == 0 {
		month = d.Every.months()
	}
	next := calendar.Day(year, from+time.Month(month), 1)
	return calendar.Day(year, from+time.Month(month-1), min(d.Day, int(next.Sub(calendar.Day(year, from+time.Month(month-1), 1)))))
}

// within says the day inside the period: 10日前, 第1个月10日前, 6月底前.
func (d Due) within() string {
	if d.Day == 0 {
		return ""
	}
	day := fmt.Sprintf("%d日前", d.Day)
	if d.Day == 31 {
		day = "底前"
	}
	switch {
	case d.Every == Yearly || d.Every == "":
		month := d.Month
		if month == 0 {
			month = 12
		}
		return fmt.Sprintf("%d月", month) + day
	case d.Every == Monthly:
		return day
	case d.Month == 0:
		return "最后一个月" + day
	}
	return fmt.Sprintf("第%d个月", d.Month) + day
}

// months is the length of the period in months; an unknown one is a year.
func (e Every) months() int {
	switch e {
	case Monthly:
		return 1
	case Quarterly:
		return 3
	case HalfYearly:
		return 6
	}
	return 12
}

func (e Every) chinese() string {
	switch e {
	case Monthly:
		return "每月"
	case Quarterly:
		return "每季度"
	case HalfYearly:
		return "每半年"
	}
	return "每年"
}

// Chinese says the time limit as a person would write it.
func (d Due) Chinese() string {
	switch d.Kind {
	case ByDate:
		return d.On.Chinese() + "前"
	case Recurring:
		return d.Every.chinese() + d.within() + fmt.Sprintf("至少%d次", max(1, d.Times))
	case PerEvent:
		return d.Period + "内"
	case AtLeast:
		return "不少于" + d.Period
	}
	return "全年持续推进"
}

// valid tells what is wrong with a time limit that a person entered.
func (d Due) valid(year int) error {
	wrong := fault.Fields{}
	switch d.Kind {
	case ByDate:
		if d.On.IsZero() {
			wrong["due_on"] = "请填写完成日期"
		} else if y := d.On.Year(); y < year-1 || y > year+5 {
			wrong["due_on"] = fmt.Sprintf("完成日期%s与计划年度%d年相差太远，请核对", d.On, year)
		}
	case Recurring:
		switch d.Every {
		case Yearly, HalfYearly, Quarterly, Monthly:
		default:
			wrong["due_every"] = "请选择周期：每年、每半年、每季度或每月"
		}
		if d.Times < 1 || d.Times > 366 {
			wrong["due_times"] = "每个周期的次数请填1至366"
		}
		if d.Day < 0 || d.Day > 31 {
			wrong["due_day"] = "请填1至31，31表示月底；没有规定哪一天时不填"
		}
		switch most := d.Every.months(); {
		case d.Month < 0 || d.Month > most:
			wrong["due_month"] = fmt.Sprintf("%s只有%d个月", d.Every.chinese(), most)
		case d.Month > 0 && d.Day == 0:
			wrong["due_day"] = "请填这个月的哪一天前，31表示月底"
		}
	case PerEvent, AtLeast:
		switch p, err := calendar.ParsePeriod(d.Period); {
		case err != nil || p.Count == 0:
			wrong["due_period"] = "请按“5个工作日”“30日”“6个月”的样子填写期限"
		case p.AtLeast:
			wrong["due_period"] = "请只写时间，如“30日”；最短的时间在时限类型里选“不短于一段时间”"
		}
	case Ongoing, "": // a measure without a time limit is ongoing
	default:
		wrong["due_kind"] = "请选择时限类型"
	}
	return wrong.Err()
}
