package plan

import (
	"testing"

	"gongkai/kernel/calendar"
)

func TestSpans(t *testing.T) {
	day := calendar.MustParse
	for _, c := range []struct {
		name   string
		due    Due
		issued string
		want   []string // from until, due where it is not the period's end
	}{
		{"by a date: C8, a Saturday stays", Due{Kind: ByDate, On: day("2022-12-31")}, "2022-06-17", []string{"2022-06-17 2022-12-31"}},
		{"standing: the year's end", Due{Kind: Ongoing}, "2022-06-17", []string{"2022-06-17 2022-12-31"}},
		{"a shortest time has no day of its own", Due{Kind: AtLeast, Period: "30日"}, "2022-06-17", []string{"2022-06-17 2022-12-31"}},
		{"no kind at all", Due{}, "2022-06-17", []string{"2022-06-17 2022-12-31"}},
		{"a date before the plan", Due{Kind: ByDate, On: day("2022-03-31")}, "2022-06-17", []string{"2022-06-17 2022-12-31"}},
		{"yearly", Due{Kind: Recurring, Every: Yearly, Times: 1}, "2022-06-17", []string{"2022-06-17 2022-12-31"}},
		{"quarterly, the present quarter begins at issue", Due{Kind: Recurring, Every: Quarterly, Times: 1}, "2022-06-17",
			[]string{"2022-06-17 2022-06-30", "2022-07-01 2022-09-30", "2022-10-01 2022-12-31"}},
		{"half-yearly", Due{Kind: Recurring, Every: HalfYearly, Times: 2}, "2022-01-01", []string{"2022-01-01 2022-06-30", "2022-07-01 2022-12-31"}},
		{"monthly", Due{Kind: Recurring, Every: Monthly, Times: 1}, "2022-11-30", []string{"2022-11-30 2022-11-30", "2022-12-01 2022-12-31"}},
		{"a day inside the month; October's was over", Due{Kind: Recurring, Every: Monthly, Times: 1, Month: 1, Day: 10}, "2022-10-17",
			[]string{"2022-11-01 2022-11-30 2022-11-10", "2022-12-01 2022-12-31 2022-12-10"}},
		{"the first month of the quarter", Due{Kind: Recurring, Every: Quarterly, Times: 1, Month: 1, Day: 10}, "2022-07-05",
			[]string{"2022-07-05 2022-09-30 2022-07-10", "2022-10-01 2022-12-31 2022-10-10"}},
		{"the end of a month inside the half-year", Due{Kind: Recurring, Every: HalfYearly, Times: 1, Month: 2, Day: 31}, "2022-01-01",
			[]string{"2022-01-01 2022-06-30 2022-02-28", "2022-07-01 2022-12-31 2022-08-31"}},
		{"the last month of the quarter", Due{Kind: Recurring, Every: Quarterly, Times: 1, Day: 25}, "2022-10-01", []string{"2022-10-01 2022-12-31 2022-12-25"}},
		{"once a year in June", Due{Kind: Recurring, Every: Yearly, Times: 1, Month: 6, Day: 30}, "2022-02-01", []string{"2022-02-01 2022-12-31 2022-06-30"}},
		{"June was over", Due{Kind: Recurring, Every: Yearly, Times: 1, Month: 6, Day: 30}, "2022-07-01", []string{"2022-07-01 2022-12-31"}},
		{"issued after its year", Due{Kind: Recurring, Every: Monthly, Times: 1}, "2023-02-01", []string{"2023-02-01 2023-02-01"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.due.spans(day(c.issued), 2022)
			if len(got) != len(c.want) {
				t.Fatalf("%d spans, want %d: %v", len(got), len(c.want), got)
			}
			for i, s := range got {
				text := s.From.String() + " " + s.Until.String()
				if s.Due != s.Until {
					text += " " + s.Due.String()
				}
				if text != c.want[i] {
					t.Errorf("span %d is %s, want %s", i, text, c.want[i])
				}
			}
		})
	}
}

func TestDueInWords(t *testing.T) {
	for _, c := range []struct {
		due  Due
		want string
	}{
		{Due{Kind: ByDate, On: calendar.MustParse("2022-12-31")}, "2022年12月31日前"},
		{Due{Kind: Recurring, Every: Yearly, Times: 1}, "每年至少1次"},
		{Due{Kind: Recurring, Every: Quarterly, Times: 2}, "每季度至少2次"},
		{Due{Kind: PerEvent, Period: "5个工作日"}, "5个工作日内"},
		{Due{Kind: Recurring, Every: Monthly, Times: 1, Month: 1, Day: 10}, "每月10日前至少1次"},
		{Due{Kind: Recurring, Every: Quarterly, Times: 1, Month: 1, Day: 31}, "每季度第1个月底前至少1次"},
		{Due{Kind: Recurring, Every: Quarterly, Times: 1, Day: 25}, "每季度最后一个月25日前至少1次"},
		{Due{Kind: Recurring, Every: Yearly, Times: 1, Month: 6, Day: 31}, "每年6月底前至少1次"},
		{Due{Kind: AtLeast, Period: "30日"}, "不少于30日"},
		{Due{Kind: Ongoing}, "全年持续推进"},
	} {
		if got := c.due.Chinese(); got != c.want {
			t.Errorf("%+v reads %q, want %q", c.due, got, c.want)
		}
	}
}
