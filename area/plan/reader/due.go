package reader

import (
	"regexp"
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
	Day    int           `json:"day,omitempty"`    // Recurring: the last day of the month it may happen, 0 for any
	N      int           `json:"n,omitempty"`      // PerEvent: so many Units
	Unit   string        `json:"unit,omitempty"`   // PerEvent: workday day week month year hour
	AtMost bool          `json:"atMost,omitempty"` // PerEvent: N is the longest time, else the shortest (不少于30日)
	Places []Place       `json:"places,omitempty"`
	Conf   float64       `json:"conf"`
	Why    string        `json:"why,omitempty"` // Chinese, when Conf is low
}

const num = `(\d+|[一二两三四五六七八九十]+)`

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
	{"次|期|场|轮", regexp.MustCompile(`(每年度?|每半年|每季度|每季|每个?月|每周|每星期|每日|每天)(?:至少|不少于|不低于|要|须|应)?(?:进行|开展|组织|召开|举办|公开|更新|报送|通报|集中)?(?:不少于|至少)?` + num + `(?:次|期|场|轮)`), true,
		func(m []string, _ int) Deadline { return recurring(m[1], m[2], "") }},
	{"每", regexp.MustCompile(`(每个?月|每季度|每季|每年)(?:第一个月|首月)?(?:的)?(\d{1,2})(?:日|号)(?:之?前)?`), true,
		func(m []string, _ int) Deadline { return recurring(m[1], "1", m[2]) }},
	{"每|按", regexp.MustCompile(`(每年度?|每半年|每季度|每季|每个?月|每周|每星期|每日|每天|按年度?|按半年|按季度?|按月|按周|按日)(?:末|初|底前?)?`), true,
		func(m []string, _ int) Deadline { return recurring(m[1], "1", "") }},
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

func recurring(per, times, day string) Deadline {
	d := Deadline{Kind: Recurring, Times: smallNumber(times), Conf: 0.95}
	for _, p := range [][2]string{{"半年", "half"}, {"年", "year"}, {"季", "quarter"}, {"月", "month"}, {"周", "week"}, {"星期", "week"}, {"日", "day"}, {"天", "day"}} {
		if strings.Contains(per, p[0]) {
			d.Per = p[1]
			break
		}
	}
	d.Day, _ = strconv.Atoi(day)
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
	if running && !strings.ContainsAny(s, "每按内前底末少低短季半今当本年") {
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
	return out
}

// clear reports whether a form found in running text is a deadline: 按月公开 is
// one, 按年龄 is not, and 今年 says nothing alone.
func clear(s string, from, to int) bool {
	word, rest := s[from:to], s[to:]
	if word == "今年" || word == "当年" || word == "本年" || word == "本年度" || word == "今年度" || word == "当年度" {
		return false
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
			if o.Kind != d.Kind || o.By != d.By {
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
