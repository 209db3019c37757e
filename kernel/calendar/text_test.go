package calendar

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"gongkai/kernel/fault"
)

func TestPeriod(t *testing.T) {
	for text, want := range map[string]Period{
		"5个工作日":     InWorkingDays(5),
		"20 工作日":    InWorkingDays(20),
		"２０个工作日内":   InWorkingDays(20),
		"二十个工作日":    InWorkingDays(20),
		"十五个工作日":    InWorkingDays(15),
		"30日":       InDays(30),
		"30天内":      InDays(30),
		"三十日":       InDays(30),
		"60个自然日":    InDays(60),
		"一百二十日":     InDays(120),
		"一百零五日":     InDays(105),
		"6个月":       InMonths(6),
		"两个月":       InMonths(2),
		"半年":        InMonths(6),
		"1年":        InMonths(12),
		"一般不少于30日":  {Count: 30, Unit: Days, AtLeast: true},
		"不得少于5个工作日": {Count: 5, Unit: WorkingDays, AtLeast: true},
		"":          {},
	} {
		p, err := ParsePeriod(text)
		if err != nil || p != want {
			t.Errorf("%q = %v (%v), want %v", text, p, err, want)
		}
		if again, err := ParsePeriod(p.String()); err != nil || again != p {
			t.Errorf("%v does not read back: %v, %v", p, again, err)
		}
	}
	for _, text := range []string{"很快", "0日", "-3日", "10000日", "半月", "二二日", "十", "百日", "5", "5小时", "999年"} {
		if p, err := ParsePeriod(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q = %v, %v", text, p, err)
		}
	}
	t.Run("C11 days of the reconsideration law", func(t *testing.T) {
		for _, n := range []int{3, 5, 7, 10} {
			if p := Reconsideration(n); p.Unit != WorkingDays {
				t.Errorf("%d: %s", n, p)
			}
		}
		for _, n := range []int{15, 30, 60} {
			if p := Reconsideration(n); p.Unit != Days {
				t.Errorf("%d: %s", n, p)
			}
		}
	})
	t.Run("JSON and database", func(t *testing.T) {
		var back struct{ P Period }
		text, err := json.Marshal(struct{ P Period }{InWorkingDays(20)})
		if err != nil || string(text) != `{"P":"20个工作日"}` || json.Unmarshal(text, &back) != nil || back.P != InWorkingDays(20) {
			t.Errorf("%s %v %v", text, err, back)
		}
		value, err := InMonths(6).Value()
		var p Period
		if err != nil || p.Scan(value) != nil || p != InMonths(6) || p.Scan(nil) != nil || !p.IsZero() || p.Scan(5) == nil {
			t.Errorf("%v %v %v", value, p, err)
		}
	})
}

func FuzzParsePeriod(f *testing.F) {
	for _, text := range []string{"5个工作日", "一百二十日", "不少于30日", "半年", "1年内"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePeriod(text)
		if err != nil {
			return
		}
		if again, err := ParsePeriod(p.String()); err != nil || again != p {
			t.Fatalf("%q gave %v, which reads back as %v, %v", text, p, again, err)
		}
	})
}

func TestDates(t *testing.T) {
	d := day("2026-02-14")
	if got := d.MonthDay() + d.WeekdayChinese() + d.Chinese(); got != "2月14日周六2026年2月14日" {
		t.Error(got)
	}
	for _, v := range []struct {
		from   string
		months int
		want   string
	}{{"2025-08-31", 6, "2026-02-28"}, {"2024-01-31", 1, "2024-02-29"}, {"2026-12-31", 2, "2027-02-28"}, {"2026-03-31", -1, "2026-02-28"}, {"2026-05-15", 8, "2027-01-15"}} {
		if got := day(v.from).AddMonths(v.months); got != day(v.want) {
			t.Errorf("C5 %s + %d months = %s, want %s", v.from, v.months, got, v.want)
		}
	}
}

func TestExplain(t *testing.T) {
	c := Default()
	t.Run("CAL-11 day by day", func(t *testing.T) {
		e := c.Explain(Count{Start: day("2026-02-12"), Event: "收到申请", Period: InWorkingDays(3),
			Pauses: []Pause{{From: day("2026-02-23"), To: day("2026-02-24"), Reason: "征求第三方意见"}}})
		want := `
  —    2026-02-12  周四  收到申请（起算日，不计入）
    1  2026-02-13  周五
    2  2026-02-14  周六  调休上班（春节）
  —    2026-02-15  周日  放假（春节）
  —    2026-02-16  周一  放假（春节）
  —    2026-02-17  周二  放假（春节）
  —    2026-02-18  周三  放假（春节）
  —    2026-02-19  周四  放假（春节）
  —    2026-02-20  周五  放假（春节）
  —    2026-02-21  周六  放假（春节）
  —    2026-02-22  周日  放假（春节）
  —    2026-02-23  周一  放假（春节）
  —    2026-02-24  周二  暂停（征求第三方意见）
    3  2026-02-25  周三  ← 截止`
		var got strings.Builder
		for _, l := range e.Lines {
			got.WriteString("\n" + l.String())
		}
		if got.String() != want {
			t.Errorf("got%s\nwant%s", got.String(), want)
		}
		basis := "自2026年2月12日（收到申请）的次日起算，期限3个工作日，扣除暂停1个工作日：征求第三方意见2026年2月23日次日至2026年2月24日，至2026年2月25日（周三）届满。节假日依据：国办发明电〔2025〕7号（2026年）。"
		if e.Basis != basis {
			t.Errorf("got  %s\nwant %s", e.Basis, basis)
		}
	})
	for _, v := range []struct {
		name string
		q    Count
		want string
	}{
		{"days that roll (C4)", Count{Start: day("2026-02-10"), Period: InDays(60)},
			"自2026年2月10日的次日起算，期限60日，末日2026年4月11日（周末）为休息日，顺延至2026年4月13日（周一）。节假日依据：国办发明电〔2025〕7号（2026年）。"},
		{"a minimum (C9)", Count{Start: day("2026-03-02"), Event: "公告", Period: Period{30, Days, true}},
			"自2026年3月2日（公告）的次日起算，期限不少于30日，至2026年4月1日（周三）届满，不得早于该日结束。节假日依据：国办发明电〔2025〕7号（2026年）。"},
		{"extended, over the year", Count{Start: day("2025-12-08"), Period: InWorkingDays(20), Extended: 20},
			"自2025年12月8日的次日起算，期限20个工作日，另延长20个工作日，至2026年2月3日（周二）届满。节假日依据：国办发明电〔2024〕12号（2025年）、国办发明电〔2025〕7号（2026年）。"},
		{"CAL-07 provisional", Count{Start: day("2026-12-10"), Period: InWorkingDays(20)},
			"自2026年12月10日的次日起算，期限20个工作日，至2027年1月8日（周五）届满。节假日依据：国办发明电〔2025〕7号（2026年）、2027年法定节假日（暂定）。期限涉及2027年，节假日安排尚未公布，为暂定日期。"},
		{"amended", Count{Start: day("2020-01-13"), Period: InWorkingDays(20)},
			"自2020年1月13日的次日起算，期限20个工作日，至2020年2月17日（周一）届满。节假日依据：国办发明电〔2020〕1号（2020年第2版）。"},
		{"a pause that runs", Count{Start: day("2026-03-02"), Period: InWorkingDays(20), Pauses: []Pause{{From: day("2026-03-05"), Reason: "征求意见"}}},
			"自2026年3月2日的次日起算，期限20个工作日，扣除暂停0个工作日：征求意见2026年3月5日次日起（未结束）；计时暂停中，已计3个工作日，恢复后继续计算。节假日依据：国办发明电〔2025〕7号（2026年）。"},
	} {
		t.Run(v.name, func(t *testing.T) {
			if e := c.Explain(v.q); e.Basis != v.want {
				t.Errorf("got  %s\nwant %s", e.Basis, v.want)
			}
		})
	}
	t.Run("JSON", func(t *testing.T) {
		text, err := json.Marshal(c.Explain(Count{Start: day("2026-03-02"), Period: InWorkingDays(1)}))
		want := `{"start":"2026-03-02","period":"1个工作日","due":"2026-03-03","end":"2026-03-03","excluded":0,"version":"2026.1",` +
			`"basis":"自2026年3月2日的次日起算，期限1个工作日，至2026年3月3日（周二）届满。节假日依据：国办发明电〔2025〕7号（2026年）。","lines":[` +
			`{"date":"2026-03-02","weekday":"周一","counts":false,"why":"起算日，不计入"},{"date":"2026-03-03","weekday":"周二","counts":true,"number":1,"last":true}]}`
		if err != nil || string(text) != want {
			t.Errorf("got  %s %v\nwant %s", text, err, want)
		}
		var back Deadline
		if err := json.Unmarshal(text, &back); err != nil || back.Due != day("2026-03-03") || back.Period != InWorkingDays(1) {
			t.Errorf("%+v %v", back, err)
		}
	})
}

func TestRemaining(t *testing.T) {
	c := Default()
	at := func(text string, hour int) time.Time { return day(text).Start().Add(time.Duration(hour) * time.Hour) }
	due := c.Deadline(Count{Start: day("2026-11-05"), Period: InWorkingDays(20)}) // 3 December
	closing := 18 * time.Hour
	for _, v := range []struct {
		d       Deadline
		now     time.Time
		closing time.Duration
		want    string
	}{
		{due, at("2026-11-25", 9), closing, "还有 6 个工作日，12月3日 18:00 截止"},
		{due, at("2026-11-28", 9), closing, "还有 4 个工作日，12月3日 18:00 截止"},
		{due, at("2026-12-03", 9), closing, "今天 18:00 截止"},
		{due, at("2026-12-03", 18), closing, "已过截止时间，应于12月3日 18:00 前完成"},
		{due, at("2026-12-03", 18), 24 * time.Hour, "今天 24:00 截止"},
		{due, at("2026-12-04", 0), 24 * time.Hour, "已超期 1 个工作日，应于12月3日 24:00 前完成"},
		{due, at("2026-12-08", 9), closing, "已超期 3 个工作日，应于12月3日 18:00 前完成"},
		{Deadline{Due: day("2026-10-05")}, at("2026-10-02", 9), closing, "还有 3 天，期间没有工作日，10月5日 18:00 截止"},
		{c.Deadline(Count{Start: day("2026-12-10"), Period: InWorkingDays(20)}), at("2026-12-31", 9), closing, "还有 5 个工作日，2027年1月8日 18:00 截止（暂定）"},
	} {
		if got := c.Remaining(v.d, v.now, v.closing); got != v.want {
			t.Errorf("got %s, want %s", got, v.want)
		}
	}
}

func TestCommands(t *testing.T) {
	c := Default()
	has := func(text string, err error, parts ...string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%s\nlacks %s", text, part)
			}
		}
	}
	text, err := c.AddText("2026-09-10", "20")
	has(text, err, "2026-10-14 周三\n", "期限20个工作日", "国办发明电〔2025〕7号")
	text, err = c.AddText("2026-02-10", "60日")
	has(text, err, "2026-04-13 周一\n", "顺延")
	text, err = c.AddText("2026-10-12", "-7")
	has(text, err, "2026-09-24 周四（2026年10月12日之前第7个工作日）\n")
	text, err = c.BetweenText("2026-01-01", "2026-12-31")
	has(text, err, "248 个工作日，364 天")
	text, err = c.BetweenText("2026-12-31", "2027-01-04")
	has(text, err, "1 个工作日", "期限涉及2027年，节假日安排尚未公布，为暂定日期。")
	text, err = c.ExplainText("2025-03-05", "20", "2025-03-10..2025-03-20=征求甲方", "2025-03-12..2025-03-25=征求乙方")
	has(text, err, "暂停（征求甲方）", "扣除暂停11个工作日", "2025-04-18  周五  ← 截止", "日历版本：2025.1")
	text, err = c.YearText("2026")
	has(text, err, "工作日：248 天", "2月（16 个工作日）", " 13   14* [15]", "一、元旦：1月1日（周四）至1月3日（周六）放假，共3天。1月4日（周日）上班。")
	text, err = c.YearText("2027")
	has(text, err, "状态：暂定", "调休未知")
	text, wrong := c.CheckText(day("2026-11-23"))
	has(text, nil, "2026.1  国办发明电〔2025〕7号（2026年）  工作日 248 天", "提醒 CAL-09")
	if wrong != 0 {
		t.Errorf("%d problems:\n%s", wrong, text)
	}
	if _, wrong := c.CheckText(day("2026-12-15")); wrong != 1 {
		t.Error("CAL-09 is an error from 15 December")
	}
	for name, call := range map[string]func() (string, error){
		"day":    func() (string, error) { return c.AddText("2026-13-01", "20") },
		"period": func() (string, error) { return c.AddText("2026-12-01", "很久") },
		"none":   func() (string, error) { return c.AddText("2026-12-01", "") },
		"turned": func() (string, error) { return c.BetweenText("2026-12-31", "2026-01-01") },
		"pause":  func() (string, error) { return c.ExplainText("2026-12-01", "5", "2026-12-02") },
		"year":   func() (string, error) { return c.YearText("1999") },
		"past":   func() (string, error) { return c.YearText("2018") },
	} {
		if _, err := call(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
