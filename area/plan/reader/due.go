package reader

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/kernel/calendar"
)

// DueKind says how a deadline counts.
type DueKind string

const (
	Once      DueKind = "once"      // by a date
	Recurring DueKind = "recurring" // n times in every period
	Standing  DueKind = "standing"  // all the time: 持续推进
	PerEvent  DueKind = "event"     // a clock that an event starts: 5个工作日内
	Unclear   DueKind = "unclear"   // words that give no deadline we know
)

// Deadline is a deadline as written and as a typed value.
type Deadline struct {
	Text   string        `json:"text"` // as written
	Kind   DueKind       `json:"kind"`
	By     calendar.Date `json:"by,omitzero"`      // Once: the last day
	Times  int           `json:"times,omitempty"`  // Recurring: at least so often in every Per
	Per    string        `json:"per,omitempty"`    // Recurring: year half quarter month week day
	Month  int           `json:"month,omitempty"`  // Recurring: the month of Per, from 1, that Day belongs to; 0 is the last
	Day    int           `json:"day,omitempty"`    // Recurring: the last day of Month it may happen, 31 for its end; 0 is the end of Per
	N      int           `json:"n,omitempty"`      // PerEvent: so many Units
	Unit   string        `json:"unit,omitempty"`   // PerEvent: workday day week month year hour
	AtMost bool          `json:"atMost,omitempty"` // PerEvent: N is the longest time, else the shortest (不少于30日)
	Places []Place       `json:"places,omitempty"`
	Conf   float64       `json:"conf"`
	Why    string        `json:"why,omitempty"` // Chinese, when Conf is low
}

const (
	num      = `(\d+|[一二两三四五六七八九十]+)`
	least    = `(?:不少于|不得少于|不低于|至少)`
	dayPart  = `上旬|中旬|下旬|初|底|末`
	untilDay = `(?:之?前|以前|前|底前|止)?`
	often    = `(?:[^,。;:、第]{0,14}?` + num + `(?:次|期|场|轮))?` // …开展培训不少于2次
)

// clauses are the forms of deadlines. running says whether the form is also
// looked for in the text of a measure, where 2022年 alone means nothing.
var clauses = []struct {
	need    anyOf // one of them stands wherever the form does
	re      *regexp.Regexp
	running bool
	make    func(m []string, year int) Deadline
}{
	{"不少于|不得少于|不低于|至少|不短于", regexp.MustCompile(`(?:一般)?(不少于|不得少于|不低于|至少|不短于)` + num + `个?(工作日|自然日|日|天|个月|月|年|小时|周)(?:内)?`), true,
		func(m []string, _ int) Deadline { return event(m[2], m[3], false) }},
	{"至|到|-", regexp.MustCompile(`(每年)?(?:自|从)?(?:(\d{4})年)?(\d{1,2})月份?(?:\d{1,2}日|` + dayPart + `)?起?(?:至|到|-+)(?:(\d{4})年|(次年|翌年|下年))?(\d{1,2})月份?(?:(\d{1,2})日|(` + dayPart + `))?` + untilDay), true, months},
	{"至|到|-", regexp.MustCompile(`(每年)?(?:自|从)?(?:(\d{4})年)?(\d{1,2})(?:至|到|-+)()()(\d{1,2})月份?()(` + dayPart + `)?` + untilDay), false, months},
	{"至|到|-", regexp.MustCompile(`(?:(\d{4})年)?(\d{1,2})月\d{1,2}日?(?:至|到|-+)(\d{1,2})日` + untilDay), false,
		func(m []string, y int) Deadline { return once(yearOr(m[1], y), atoi10(m[2]), atoi10(m[3])) }},
	{"至|到|-", regexp.MustCompile(`\d{4}年?(?:度)?(?:至|到|-+)(\d{4})年度?(?:底|末)?` + untilDay), false,
		func(m []string, _ int) Deadline { return once(atoi10(m[1]), 12, 31) }},
	{"次|下|翌|后", regexp.MustCompile(`(?:每个?月|每季度?|每半年|每年)?度?(?:的|结束后|终了后|后|,)?(?:次|下|翌)(?:一?个)?(?:月|季度?首月|季度?第一个月|季度)的?(?:\d{1,2}日|上旬|中旬|下旬|初)` + untilDay +
		`|(?:每个?月|每季度?|每半年|每年)度?(?:结束|终了)?(?:之?后|起)的?` + num + `个?(?:工作日|自然日|日|天|周|月)(?:之?内|以内)?`), true,
		func([]string, int) Deadline {
			return Deadline{Kind: Unclear, Conf: 0.5, Why: "期限在每个周期结束以后，没有换算成日期，请填写"}
		}},
	{"次年|翌年", regexp.MustCompile(`(?:次年|翌年)(\d{1,2})月(?:(\d{1,2})日|(` + dayPart + `))?` + untilDay), true,
		func(m []string, y int) Deadline {
			if y != 0 {
				y++
			}
			return lastDay(y, m[1], m[2], m[3])
		}},
	{"每年", regexp.MustCompile(`每年度?的?\d{1,2}(?:月份?)?(?:\d{1,2}日|` + dayPart + `)?前?(?:[、,和及与]\d{1,2}(?:月份?)?(?:\d{1,2}日|` + dayPart + `)?前?)+`), true, monthsOfAYear},
	{"月", regexp.MustCompile(`\d{1,2}(?:[、和及与]\d{1,2})+月份?(?:` + dayPart + `)?` + untilDay), false, monthsOfAYear},
	{"每", regexp.MustCompile(`(每个?月|每季度?|每半年|每年度?)的?(?:(首个?月|第[一二三123]个?月|末月|最后一?个?月|\d{1,2}月份?|第?[一二三四1-4]季度|[上下]半年)的?(?:(\d{1,2})[日号]|(` + dayPart + `))?|(\d{1,2})[日号]|(` + dayPart + `))` +
		`((?:[、,和及与]\d{1,2}[日号])*)` + untilDay + often), true, dayOfPeriod},
	{"每", regexp.MustCompile(`每隔?` + num + `个?(月|季度|年|周|星期|工作日|天|日)` + often), true, everyFew},
	{"次|期|场|轮", regexp.MustCompile(`(每年度?|每半年|每季度|每季|每个?月|每周|每星期|每日|每天|全年度?内?|年度?内|本年度?内?|当年|今年|一年)(?:[^,。;:、第]{0,14}?` + least + `|(?:要|须|应)?(?:进行|开展|组织|召开|举办|公开|更新|报送|通报|集中)?)` + num + `(?:次|期|场|轮)`), true,
		func(m []string, _ int) Deadline { return recurring(m[1], m[2]) }},
	{"次|期|场|轮", regexp.MustCompile(num + `(?:次|期|场|轮)(?:/|每)(年|半年|季度?|月|周)`), true,
		func(m []string, _ int) Deadline { return recurring(m[2], m[1]) }},
	{"每", regexp.MustCompile(`(每年度?|每半年|每季度?|每个?月|每周|每星期|每日|每天)[^,。;:、第\d]{1,10}?` + num + `(?:次|期|场|轮)`), true,
		func(m []string, _ int) Deadline { return recurring(m[1], m[2]) }},
	{"起|开始|后", regexp.MustCompile(`(?:自|从)?(?:\d{4}年)?\d{1,2}月份?(?:\d{1,2}日|` + dayPart + `)?(?:起|开始|以后|之后|后)`), false,
		func([]string, int) Deadline {
			return Deadline{Kind: Standing, Conf: 0.6, Why: "写的是开始的日期，没有写完成的日期，按持续推进理解"}
		}},
	{"每|按", regexp.MustCompile(`(每年度?|每半年|每季度|每季|每个?月|每周|每星期|每日|每天|按年度?|按半年|按季度?|按月|按周|按日)(?:末|初|底前?)?`), true,
		func(m []string, _ int) Deadline { return recurring(m[1], "1") }},
	{"日内|时内|月内|周内|天内|年内|之内|以内", regexp.MustCompile(`(?:(?:自|从)[^,。;、]{2,24}?之?日起)?` + num + `个?(工作日|自然日|小时|个月|周|日|天|年)(?:之?内|以内|内)`), true,
		func(m []string, _ int) Deadline { return event(m[1], m[2], true) }},
	{"20|19", regexp.MustCompile(`(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?(?:之?前|以前|前|止)?`), false,
		func(m []string, _ int) Deadline { return once(atoi10(m[1]), atoi10(m[2]), atoi10(m[3])) }},
	{"日前|日之前|日以前|日底前", regexp.MustCompile(`(\d{4})年(\d{1,2})月(\d{1,2})日(?:之?前|以前|底前)`), true,
		func(m []string, _ int) Deadline { return once(atoi10(m[1]), atoi10(m[2]), atoi10(m[3])) }},
	{"日前|日之前|日以前", regexp.MustCompile(`(?:(\d{4})年|今年|当年)?(\d{1,2})月(\d{1,2})日(?:之?前|以前|前)`), true,
		func(m []string, y int) Deadline { return once(yearOr(m[1], y), atoi10(m[2]), atoi10(m[3])) }},
	{"日", regexp.MustCompile(`(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日`), false,
		func(m []string, y int) Deadline { return once(yearOr(m[1], y), atoi10(m[2]), atoi10(m[3])) }},
	{"月", regexp.MustCompile(`(?:(\d{4})年|今年|当年)?(\d{1,2})月(上旬|中旬|下旬|初|底|末|份底)(?:之?前|以前|前)?`), true,
		func(m []string, y int) Deadline { return monthPart(yearOr(m[1], y), atoi10(m[2]), m[3]) }},
	{"月前|月之前|月以前|份前|份之前|份以前", regexp.MustCompile(`(?:(\d{4})年|今年|当年)?(\d{1,2})月份?(?:之?前|以前|前)`), true,
		func(m []string, y int) Deadline {
			d := monthPart(yearOr(m[1], y), atoi10(m[2]), "底")
			d.Conf, d.Why = 0.6, "“某月前”是否包括该月，写法不明，按月底理解"
			return d
		}},
	{"月", regexp.MustCompile(`(?:(\d{4})年)?(\d{1,2})月份?(?:内|完成)?`), false,
		func(m []string, y int) Deadline { return monthPart(yearOr(m[1], y), atoi10(m[2]), "底") }},
	{"半年", regexp.MustCompile(`(?:(\d{4})年|今年|当年|本年)?(上半年|下半年)(?:之?前|前|底前|内)?`), true,
		func(m []string, y int) Deadline {
			if m[2] == "上半年" {
				return once(yearOr(m[1], y), 6, 30)
			}
			return once(yearOr(m[1], y), 12, 31)
		}},
	{"季度", regexp.MustCompile(`(?:(\d{4})年|今年|当年)?第?([一二三四1-4])季度(?:末|底|内)?(?:之?前|前)?`), true,
		func(m []string, y int) Deadline {
			q := strings.Index("一二三四", m[2])/3 + 1
			if m[2][0] < 0x80 {
				q = atoi10(m[2])
			}
			return monthPart(yearOr(m[1], y), q*3, "底")
		}},
	{"年|底|末", regexp.MustCompile(`(\d{4})年?(?:年?底|年?末|全年)(?:之?前|以前|前)?`), true,
		func(m []string, _ int) Deadline { return once(atoi10(m[1]), 12, 31) }},
	{"年", regexp.MustCompile(`(?:今|本|当)?年(?:底|末|终)(?:之?前|以前|前)?|年内|(?:今|本|当)年(?:度)?(?:之?内|完成)?`), true,
		func(_ []string, y int) Deadline { return once(y, 12, 31) }},
	{"年", regexp.MustCompile(`(\d{4})年度?(?:内|完成|以?前)?`), false,
		func(m []string, _ int) Deadline { return once(atoi10(m[1]), 12, 31) }},
	{"", regexp.MustCompile(`持续(?:推进|开展|实施|进行|落实|推动|更新|完善|做好|优化|深化|加强)?|长期(?:坚持|推进|任务|实施|有效|开展)?|常态化?(?:推进|开展|坚持|落实|工作|实施)?|全年(?:持续)?(?:推进|开展|实施|落实|任务)?|贯穿全年|经常性(?:工作)?|日常(?:工作|性工作)?|(?:按|依|根据)(?:照)?(?:时限|规定|要求|程序|工作要求|时间节点|时序进度|计划|序时进度|相关要求|有关要求|上级要求|实际|进度)(?:要求|时限)?(?:推进|完成|落实)?|即时|实时|及时|适时|随时|立即|马上|动态(?:更新|调整)`), false,
		func([]string, int) Deadline { return Deadline{Kind: Standing, Conf: 0.95} }},
}

func recurring(per, times string) Deadline {
	d := Deadline{Kind: Recurring, Times: smallNumber(times), Conf: 0.95}
	for _, p := range [][2]string{{"半年", "half"}, {"年", "year"}, {"季", "quarter"}, {"月", "month"}, {"周", "week"}, {"星期", "week"}, {"日", "day"}, {"天", "day"}} {
		if strings.Contains(per, p[0]) {
			d.Per = p[1]
			break
		}
	}
	return d
}

// months is a range of months or days, which ends its deadline: 每年 year month
// year 次年 month day part.
func months(m []string, y int) Deadline {
	d := lastDay(y, m[6], m[7], m[8])
	from, to := atoi10(m[3]), atoi10(m[6])
	if m[1] != "" {
		r := recurring("年", "1")
		if r.Month, r.Day = to, endOf(m[7], m[8]); d.Kind == Unclear || to < from {
			return Deadline{Kind: Unclear, Conf: 0.5, Why: "没有看懂每年的哪一段时间，请填写"}
		}
		return r
	}
	if from < 1 || from > 12 {
		return Deadline{Kind: Unclear, Conf: 0.3, Why: "日期不存在"}
	}
	y = yearOr(m[2], y)
	switch {
	case m[4] != "":
		return lastDay(atoi10(m[4]), m[6], m[7], m[8])
	case y == 0 || m[5] == "" && to >= from:
		return lastDay(y, m[6], m[7], m[8])
	}
	d = lastDay(y+1, m[6], m[7], m[8])
	if m[5] == "" && d.Kind == Once {
		d.Conf, d.Why = 0.6, "结束的月份在开始的月份之前，按次年计算"
	}
	return d
}

// lastDay is the last day of a month, of a part of it (上旬), or the day itself.
func lastDay(y int, month, day, name string) Deadline {
	if day != "" {
		return once(y, atoi10(month), atoi10(day))
	}
	return monthPart(y, atoi10(month), name)
}

// endOf is the last day within a month that a day or a part of it means; 31 is
// its end.
func endOf(day, part string) int {
	switch {
	case day != "":
		return atoi10(day)
	case part == "初" || part == "上旬":
		return 10
	case part == "中旬":
		return 20
	}
	return 31
}

// monthsOfAYear is 每年3月、9月: as often as months are named.
func monthsOfAYear(m []string, _ int) Deadline {
	d := recurring("年", "1")
	d.Times = len(strings.FieldsFunc(m[0], func(r rune) bool { return strings.ContainsRune("、,和及与", r) }))
	d.Conf, d.Why = 0.6, fmt.Sprintf("写有%d个月份，按每年%d次计算，没有分别计算到月", d.Times, d.Times)
	return d
}

// dayOfPeriod is a day inside a period: period, month day part | day | part,
// further days, times.
func dayOfPeriod(m []string, _ int) Deadline {
	unclear := Deadline{Kind: Unclear, Conf: 0.4, Why: "没有看懂是每个周期的哪一天，请填写"}
	d := recurring(m[1], "1")
	if m[8] != "" {
		d.Times = smallNumber(m[8])
	}
	length := map[string]int{"month": 1, "quarter": 3, "half": 6, "year": 12}[d.Per]
	month, day, name := m[2], m[3]+m[5], m[4]+m[6]
	if month == "" && day == "" && (name == "底" || name == "末") {
		return d // the end of the period
	}
	d.Day = endOf(day, name)
	switch first := strings.TrimPrefix(month, "第"); {
	case month == "" && length == 12:
		return unclear
	case month == "":
		if d.Month = 1; length > 1 && (day != "" || name != "初") {
			d.Conf, d.Why = 0.6, "没有写明是周期内的哪一个月，按第一个月计算"
		}
	case strings.HasPrefix(month, "首"):
		d.Month = 1
	case strings.HasPrefix(month, "末"), strings.HasPrefix(month, "最后"):
		d.Month = length
	case strings.HasSuffix(month, "半年"):
		if d.Month = 12; strings.HasPrefix(month, "上") {
			d.Month = 6
		}
	case strings.HasSuffix(month, "季度"):
		d.Month = 3 * nth(first)
	case first != month:
		d.Month = nth(first)
	default:
		if d.Month = atoi10(strings.TrimRight(month, "月份")); length != 12 {
			return unclear
		}
	}
	// Any leap year does: a 29 February is a day of some years.
	if d.Month < 1 || d.Month > length || d.Day < 1 || d.Day > 31 || length == 12 && day != "" && once(2024, d.Month, d.Day).Kind == Unclear {
		return unclear
	}
	if more := strings.Count(m[7], "日") + strings.Count(m[7], "号"); more > 0 {
		d.Times, d.Month, d.Day = (more+1)*d.Times, 0, 0
		d.Conf, d.Why = 0.6, fmt.Sprintf("每个周期写有%d个日子，按每个周期%d次计算，没有分别计算到日", more+1, d.Times)
	}
	return d
}

// nth reads the number that 一季度 or 2个月 begins with.
func nth(s string) int {
	if r := []rune(s); len(r) > 0 {
		return smallNumber(string(r[0]))
	}
	return 0
}

// everyFew is 每两个月: number, unit, times.
func everyFew(m []string, _ int) Deadline {
	n, times := smallNumber(m[1]), 1
	if m[3] != "" {
		times = smallNumber(m[3])
	}
	d := Deadline{Kind: Recurring, Times: times, Conf: 0.95}
	count := n * map[string]int{"月": 1, "季度": 3, "年": 12}[m[2]]
	switch {
	case count == 1:
		d.Per = "month"
	case count == 3:
		d.Per = "quarter"
	case count == 6:
		d.Per = "half"
	case count == 12:
		d.Per = "year"
	case count > 0 && 12%count == 0:
		d.Per, d.Times = "year", times*12/count
		d.Conf, d.Why = 0.6, fmt.Sprintf("每%d个月%d次，按每年%d次计算", count, times, d.Times)
	case n == 1 && (m[2] == "周" || m[2] == "星期"):
		d.Per = "week"
	case n == 1 && count == 0 && m[2] != "工作日":
		d.Per = "day"
	default:
		return Deadline{Kind: Unclear, Conf: 0.5, Why: "这样的周期没有换算，请填写"}
	}
	return d
}

func event(n, unit string, most bool) Deadline {
	d := Deadline{Kind: PerEvent, N: smallNumber(n), AtMost: most, Conf: 0.95}
	switch unit {
	case "工作日":
		d.Unit = "workday"
	case "日", "天", "自然日":
		d.Unit = "day"
	case "周":
		d.Unit = "week"
	case "小时":
		d.Unit = "hour"
	case "年":
		d.Unit = "year"
	default:
		d.Unit = "month"
	}
	return d
}

// once is the last day that a date or the end of a period gives; 0 for a year
// that is not known makes it doubtful.
func once(y, m, day int) Deadline {
	if y == 0 {
		return Deadline{Kind: Once, Conf: 0.4, Why: "没有写明年份，文件的年份也没有读出"}
	}
	if m < 1 || m > 12 || day < 1 || day > 31 || y < 1990 || y > 2100 {
		return Deadline{Kind: Unclear, Conf: 0.3, Why: "日期不存在"}
	}
	d := calendar.Day(y, time.Month(m), day)
	if _, got, _ := d.Civil(); int(got) != m {
		return Deadline{Kind: Unclear, Conf: 0.3, Why: "日期不存在"}
	}
	return Deadline{Kind: Once, By: d, Conf: 0.95}
}

func monthPart(y, m int, part string) Deadline {
	switch part {
	case "初", "上旬":
		return once(y, m, 10)
	case "中旬":
		return once(y, m, 20)
	}
	d := once(y, m, 1)
	if d.Kind == Once && y != 0 {
		d.By = calendar.Day(y, time.Month(m)+1, 1).Add(-1)
	}
	return d
}

func yearOr(s string, y int) int {
	if s != "" {
		return atoi10(s)
	}
	return y
}

func atoi10(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func smallNumber(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return hanNumber([]rune(strings.ReplaceAll(s, "两", "二")))
}

// deadlines finds the deadlines in t; running says that t is the text of a
// measure and not a deadline cell.
func deadlines(t text, year int, running bool) []Deadline {
	s := t.folded()
	if running && !strings.ContainsAny(s, "每按内前底末少低短季半今当本年至") {
		return nil
	}
	var out []Deadline
	var froms []int
	taken := make([]bool, len(s)+1)
	for _, c := range clauses {
		if running && !c.running || !c.need.in(s) {
			continue
		}
		for _, at := range c.re.FindAllStringSubmatchIndex(s, -1) {
			if taken[at[0]] || taken[at[1]-1] || running && !clear(s, at[0], at[1]) {
				continue
			}
			for i := at[0]; i < at[1]; i++ {
				taken[i] = true
			}
			m := make([]string, len(at)/2)
			for i := range m {
				if at[2*i] >= 0 {
					m[i] = s[at[2*i]:at[2*i+1]]
				}
			}
			d := c.make(m, year)
			from := len([]rune(s[:at[0]]))
			d.Text = t.sub(from, from+len([]rune(s[at[0]:at[1]]))).String()
			froms = append(froms, from)
			out = append(out, d)
		}
	}
	for i := range out { // in the order of the text
		for j := i; j > 0 && froms[j] < froms[j-1]; j-- {
			froms[j], froms[j-1], out[j], out[j-1] = froms[j-1], froms[j], out[j-1], out[j]
		}
	}
	return firstTimes(t, froms, out)
}

var firstTime = regexp.MustCompile(`^[^,。;]{0,12}(?:首次|首轮|首期|第一次|第一轮)`)

// firstTimes drops the day of the first time of what recurs (每季度更新一次，6月底前
// 完成首次): the recurrence is the deadline, and says what it leaves out.
func firstTimes(t text, froms []int, list []Deadline) []Deadline {
	again := slices.IndexFunc(list, func(d Deadline) bool { return d.Kind == Recurring })
	if again < 0 {
		return list
	}
	var out []Deadline
	var gone []string
	for i, d := range list {
		if d.Kind == Once && firstTime.MatchString(t.sub(froms[i], t.len()).folded()) {
			gone = append(gone, d.Text)
		} else {
			out = append(out, d)
		}
	}
	if gone != nil {
		r := &out[slices.IndexFunc(out, func(d Deadline) bool { return d.Kind == Recurring })]
		r.Conf, r.Why = 0.6, "首次的时限“"+strings.Join(gone, "、")+"”没有单独计算"
	}
	return out
}

// clear reports whether a form found in running text is a deadline: 按月公开 is
// one, 按年龄 is not, and 今年 says nothing alone.
func clear(s string, from, to int) bool {
	word, rest := s[from:to], s[to:]
	if word == "今年" || word == "当年" || word == "本年" || word == "本年度" || word == "今年度" || word == "当年度" {
		return false
	}
	if strings.HasSuffix(word, "次") && strings.HasPrefix(rest, "性") {
		return false // 一次性
	}
	if span.MatchString(word) { // a range of months alone is what something is about: 1月至6月的数据
		return strings.HasPrefix(word, "每年") || endOfRange.MatchString(word) || doneIn.MatchString(rest)
	}
	if strings.HasPrefix(word, "按") {
		return !strings.HasPrefix(rest, "龄") && !strings.HasPrefix(rest, "份") && word != "按日" && word != "按年"
	}
	if (word == "每年" || word == "每天" || word == "每日") && from > 0 && strings.HasSuffix(s[:from], "对") {
		return false
	}
	if strings.HasPrefix(word, "每日") || strings.HasPrefix(word, "每天") {
		return true
	}
	if strings.HasPrefix(word, "至少") || strings.HasPrefix(word, "不低于") {
		return !strings.HasPrefix(rest, "次") && (strings.Contains(word, "日") || strings.Contains(word, "天") || strings.Contains(word, "小时") || strings.Contains(word, "月"))
	}
	return true
}

var (
	span       = regexp.MustCompile(`月.*(?:至|到|-)`)
	doneIn     = regexp.MustCompile(`^(?:期间)?,?(?:完成|集中|组织|举办|开展)(?:[^情工]|$)`)
	endOfRange = regexp.MustCompile(`(?:` + dayPart + `|前|止)$`)
)

// startsDue reports whether a part of a note starts with a date and goes on with
// what has to be done by then: 6月底前建立机制.
func startsDue(t text) bool {
	if t.len() < 4 || t.len() > 24 || !isDigit(t.fold[0]) || isName(t.folded()) {
		return false
	}
	ds := deadlines(t, 2000, false)
	return len(ds) > 0 && ds[0].Kind == Once && strings.HasPrefix(t.String(), ds[0].Text)
}

var dueFiller = regexp.MustCompile(`完成|办结|前|底|推进|并|长期坚持|要求|到位|取得(明显)?(成效|进展)|基本|全面|任务|落实|开展|报送|公开|公布|发布|上线|更新|印发|出台|启动|实施|一次|不少于|至少|工作|持续|力争|争取|预计|其他|其余|各|项|首次|更新|的|内|完毕|起|至|-|和|或|及|、|,|;|:|。|\s|\(|\)|\d+月|\d{4}年`)

// looksDue reports whether a whole cell or part of a note is a deadline.
func looksDue(t text) bool {
	n := t.len()
	if n == 0 || n > 40 {
		return false
	}
	s := t.tight()
	if !strings.ContainsAny(s, "年月日季周天期时常续即适实随立按贯马动") {
		return false
	}
	ds := deadlines(t, 2000, false)
	if len(ds) == 0 {
		return false
	}
	rest := t.folded()
	for _, d := range ds {
		rest = strings.Replace(rest, newText(d.Text, -1).folded(), "", 1)
	}
	rest = dueFiller.ReplaceAllString(rest, "")
	return len([]rune(rest)) <= min(3, n/3)
}

// typed makes the value of a deadline cell: its first clause, and doubt when
// there are several or none.
func typed(t text, year int) Deadline {
	d := Deadline{Text: clean(t), Kind: Unclear, Conf: 0.5, Why: "没有认出的时限写法"}
	ds := deadlines(t, year, false)
	if len(ds) > 0 {
		text := d.Text
		d = ds[0]
		d.Text = text
		for _, o := range ds[1:] {
			if o.Kind != d.Kind || o.By != d.By || o.Per != d.Per || o.Times != d.Times || o.Month != d.Month || o.Day != d.Day || o.N != d.N || o.Unit != d.Unit {
				d.Conf, d.Why = min(d.Conf, 0.6), "写有不止一个时限，按第一个计算"
				if d.Kind == Standing && o.Kind == Once { // 12月底前完成并长期坚持 is due in December
					text, conf, why := d.Text, d.Conf, d.Why
					d = o
					d.Text, d.Conf, d.Why = text, conf, why
				}
			}
		}
	}
	return d
}

// clean is a value for people: without line breaks and spaces at the ends.
func clean(t text) string {
	return strings.ReplaceAll(strings.TrimSpace(strings.Trim(strings.TrimSpace(t.String()), "，,；;。、：:")), "\n", "")
}
