package calendar

import (
	"slices"
	"time"
)

// Festival is a public holiday for everybody (全体公民放假的节日).
type Festival struct {
	Date Date   `json:"date"`
	Name string `json:"name"`
}

// Statutory returns the days of 《全国年节及纪念日放假办法》 Art. 2 in the year:
// eleven, from 2025 thirteen. They are fixed by law before any notice; two may
// share a date (Mid-Autumn and National Day in 2020). Up to 2013 the three days
// of Spring Festival began with New Year's Eve. Outside the calendar's span: none.
func Statutory(year int) []Festival {
	day := func(name string, month time.Month, day int) Festival {
		return Festival{Day(year, month, day), name}
	}
	if year < firstYear || year > lastYear {
		return nil
	}
	moving := movingDays[year-firstYear]
	moon := func(name string, monthDay int) Festival {
		return day(name, time.Month(monthDay/100), monthDay%100)
	}
	spring := moon("春节", moving[0])
	eve := Festival{spring.Date.Add(-1), "除夕"}
	days := []Festival{
		day("元旦", time.January, 1),
		spring, {spring.Date.Add(1), "春节"},
		moon("清明节", moving[1]),
		day("劳动节", time.May, 1),
		moon("端午节", moving[2]),
		moon("中秋节", moving[3]),
		day("国庆节", time.October, 1), day("国庆节", time.October, 2), day("国庆节", time.October, 3),
	}
	switch third := (Festival{spring.Date.Add(2), "春节"}); {
	case year >= 2025:
		days = append(days, eve, third, day("劳动节", time.May, 2))
	case year >= 2014:
		days = append(days, third)
	default:
		days = append(days, eve)
	}
	slices.SortStableFunc(days, func(a, b Festival) int { return a.Date.Compare(b.Date) })
	return days
}

// movingDays are, from firstYear to lastYear, the days of Spring Festival (first
// day of the first moon), Qingming, Dragon Boat (5/5) and Mid-Autumn (8/15) as
// month × 100 + day. A table, because working them out takes half a millisecond a
// year; a test compares all of it with lunar-go.
var movingDays = [lastYear - firstYear + 1][4]int{
	{207, 404, 608, 914},  // 2008
	{126, 404, 528, 1003}, // 2009
	{214, 405, 616, 922},  // 2010
	{203, 405, 606, 912},  // 2011
	{123, 404, 623, 930},  // 2012
	{210, 404, 612, 919},  // 2013
	{131, 405, 602, 908},  // 2014
	{219, 405, 620, 927},  // 2015
	{208, 404, 609, 915},  // 2016
	{128, 404, 530, 1004}, // 2017
	{216, 405, 618, 924},  // 2018
	{205, 405, 607, 913},  // 2019
	{125, 404, 625, 1001}, // 2020
	{212, 404, 614, 921},  // 2021
	{201, 405, 603, 910},  // 2022
	{122, 405, 622, 929},  // 2023
	{210, 404, 610, 917},  // 2024
	{129, 404, 531, 1006}, // 2025
	{217, 405, 619, 925},  // 2026
	{206, 405, 609, 915},  // 2027
	{126, 404, 528, 1003}, // 2028
	{213, 404, 616, 922},  // 2029
	{203, 405, 605, 912},  // 2030
	{123, 405, 624, 1001}, // 2031
	{211, 404, 612, 919},  // 2032
	{131, 404, 601, 908},  // 2033
	{219, 405, 620, 927},  // 2034
	{208, 405, 610, 916},  // 2035
	{128, 404, 530, 1004}, // 2036
	{215, 404, 618, 924},  // 2037
	{204, 405, 607, 913},  // 2038
	{124, 405, 527, 1002}, // 2039
	{212, 404, 614, 920},  // 2040
	{201, 404, 603, 910},  // 2041
	{122, 404, 622, 928},  // 2042
	{210, 405, 611, 917},  // 2043
	{130, 404, 531, 1005}, // 2044
	{217, 404, 619, 925},  // 2045
	{206, 404, 608, 915},  // 2046
	{126, 405, 529, 1004}, // 2047
	{214, 404, 615, 922},  // 2048
	{202, 404, 604, 911},  // 2049
	{123, 404, 623, 930},  // 2050
	{211, 405, 613, 919},  // 2051
	{201, 404, 601, 907},  // 2052
	{219, 404, 620, 926},  // 2053
	{208, 404, 610, 916},  // 2054
	{128, 405, 530, 1005}, // 2055
	{215, 404, 617, 924},  // 2056
	{204, 404, 606, 913},  // 2057
	{124, 404, 625, 1002}, // 2058
	{212, 405, 614, 921},  // 2059
}

// Provisional is a year of which no notice is known: the statutory days, no days
// in lieu, no make-up days. Deadlines that touch it are provisional (CAL-07).
func Provisional(year int) Year {
	y := Year{Year: year, Provisional: true, Note: "节假日安排尚未公布，仅列法定节假日，调休未知。"}
	for _, f := range Statutory(year) {
		name := f.Name
		if name == "除夕" {
			name = "春节"
		}
		if n := len(y.Off) - 1; n >= 0 && y.Off[n].Name == name && y.Off[n].To.Add(1) == f.Date {
			y.Off[n].To = f.Date
			continue
		}
		y.Off = append(y.Off, Break{name, f.Date, f.Date})
	}
	return y
}
