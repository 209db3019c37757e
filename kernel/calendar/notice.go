package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"gongkai/kernel/fault"
)

// Patterns of 《国务院办公厅关于…年部分节假日安排的通知》, after NFKC and without
// blanks: brackets and colons are ASCII, 。、〔〕 stay.
var (
	noticeYear    = regexp.MustCompile(`([0-9]{4})年(?:部分)?节假日|(?:关于|现将|现就)([0-9]{4})年`)
	noticeNumber  = regexp.MustCompile(`(国办[\p{Han}]{0,6})[〔\[(]([0-9]{4})[〕\])]([0-9]{1,4})号`)
	noticeDate    = regexp.MustCompile(`^([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日$`)
	noticeSection = regexp.MustCompile(`(?:^|[。\n])\(?[一二三四五六七八九十]{1,3}\)?[、.]([\p{Han}、和]{2,20}):`)
	noticeDay     = regexp.MustCompile(`^(?:([0-9]{4})年)?(?:([0-9]{1,2})月)?([0-9]{1,2})日(?:\(([^()]*)\))?`)
	noticeWeekday = regexp.MustCompile(`(?:周|星期)([一二三四五六日天])`)
	noticeTotal   = regexp.MustCompile(`(?:共|放假)([0-9]{1,2})天`)
	noticeAdvice  = regexp.MustCompile(`^(?:鼓励|倡导|提倡|建议|各单位可|有条件的)`)
	anyDay        = regexp.MustCompile(`[0-9]{1,2}日`)
)

// maxNotice bounds the text: a notice has about one thousand characters.
const maxNotice = 40_000

// ParseNotice reads the text of a yearly notice as pasted. Each section names a
// holiday; its sentences give days off (1月1日（周四）至3日（周六）放假调休，共3天)
// and days worked (1月4日（周日）上班). Weekdays and totals written in the text
// must agree with the dates. Advice (鼓励…) is passed over; any other sentence with
// a date that is not understood is an error: nothing is guessed.
//
// A text without document number or date of issue still gives a Year, which is
// unsettled until they are registered (CAL-01). The error is a fault for the
// person who pasted the text and names every place, up to eight.
func ParseNotice(text string) (Year, error) {
	if len(text) > maxNotice {
		return Year{}, fault.New(fault.Invalid, "文本过长，请只粘贴通知正文")
	}
	p := noticeParser{}
	lines := strings.Split(norm.NFKC.String(text), "\n")
	for i, line := range lines {
		lines[i] = strings.Join(strings.Fields(line), "")
	}
	plain := strings.Join(lines, "\n")

	m := noticeYear.FindStringSubmatch(plain)
	if m == nil {
		return Year{}, fault.New(fault.Invalid, "没有找到年份，请从标题“国务院办公厅关于某年部分节假日安排的通知”起粘贴")
	}
	p.year.Year, _ = strconv.Atoi(m[1] + m[2]) // one of the two
	p.year.Version = 1
	if m := noticeNumber.FindStringSubmatch(plain); m != nil {
		p.year.Number = fmt.Sprintf("%s〔%s〕%s号", m[1], m[2], m[3])
	}
	for _, line := range lines { // the signature comes last
		if m := noticeDate.FindStringSubmatch(line); m != nil {
			if d, ok := civil(m[1], m[2], m[3]); ok {
				p.year.Issued = d
			} else {
				p.wrong("印发日期“%s”有误", line)
			}
		}
	}

	heads := noticeSection.FindAllStringSubmatchIndex(plain, -1)
	if len(heads) == 0 {
		return Year{}, fault.New(fault.Invalid, "没有找到各节日的安排，应为“一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。”的写法")
	}
	for i, h := range heads {
		end := len(plain)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		p.section(holidayName(plain[h[2]:h[3]]), plain[h[1]:end])
	}
	if err := p.err(); err != nil {
		return Year{}, err
	}
	if err := p.year.Valid(); err != nil {
		return Year{}, err
	}
	return p.year, nil
}

func holidayName(text string) string { return strings.ReplaceAll(text, "和", "、") }

type noticeParser struct {
	year     Year
	problems []string
}

func (p *noticeParser) wrong(format string, args ...any) {
	p.problems = append(p.problems, fmt.Sprintf(format, args...))
}

func (p *noticeParser) err() error {
	const most = 8
	switch n := len(p.problems); {
	case n == 0:
		return nil
	case n > most:
		p.problems = append(p.problems[:most], fmt.Sprintf("另有%d处", n-most))
	}
	return fault.New(fault.Invalid, strings.Join(p.problems, "；"))
}

// section reads one holiday. Lines of a section were broken by pasting; what
// follows the last section (值班 and signature) has no dates but the signature's.
func (p *noticeParser) section(name, text string) {
	found := false
	var joined strings.Builder
	for _, line := range strings.Split(text, "\n") {
		if !noticeDate.MatchString(line) {
			joined.WriteString(line)
		}
	}
	for _, sentence := range strings.FieldsFunc(joined.String(), func(r rune) bool { return r == '。' || r == ';' }) {
		if !anyDay.MatchString(sentence) || noticeAdvice.MatchString(sentence) {
			continue
		}
		spans, rest, ok := p.spans(name, sentence)
		switch {
		case !ok: // said already
		case len(spans) > 0 && strings.HasPrefix(strings.TrimLeft(rest, ",为"), "放假"):
			found = true
			p.off(name, sentence, rest, spans)
		case len(spans) > 0 && (rest == "上班" || rest == "为上班日" || rest == "正常上班" || rest == "照常上班"):
			for _, s := range spans {
				if s.From != s.To {
					p.wrong("%s：上班日应逐日写明，“%s”有误", name, clip(sentence))
				}
				p.year.Work = append(p.year.Work, Shift{s.From, name})
			}
		default:
			p.wrong("%s：“%s”没有看懂，应写明某日放假或某日上班", name, clip(sentence))
		}
	}
	if !found && len(p.problems) == 0 {
		p.wrong("%s：没有找到放假日期", name)
	}
}

func (p *noticeParser) off(name, sentence, rest string, spans []Break) {
	days := 0
	for _, s := range spans {
		if s.To.Before(s.From) || s.To.Sub(s.From) >= maxBreak {
			p.wrong("%s：“%s”的起止日期有误", name, clip(sentence))
			return
		}
		days += s.To.Sub(s.From) + 1
		p.year.Off = append(p.year.Off, s)
	}
	if m := noticeTotal.FindStringSubmatch(rest); m != nil && m[1] != strconv.Itoa(days) {
		p.wrong("%s：“%s”写明共%s天，按起止日期为%d天", name, clip(sentence), m[1], days)
	}
}

// spans reads the days at the head of a sentence: 1日、3日至5日. What a day does
// not say (year, month) it takes from the day before it, the first from the notice.
func (p *noticeParser) spans(name, sentence string) (spans []Break, rest string, ok bool) {
	last := Day(p.year.Year, time.January, 1)
	said := false // a month has been said
	day := func() (Date, bool) {
		m := noticeDay.FindStringSubmatch(rest)
		if m == nil {
			p.wrong("%s：“%s”中的日期没有看懂", name, clip(sentence))
			return Date{}, false
		}
		year, month, _ := last.Civil()
		if m[1] != "" {
			year, _ = strconv.Atoi(m[1])
		}
		if m[2] != "" {
			n, _ := strconv.Atoi(m[2])
			month, said = time.Month(n), true
		}
		d, real := civil(strconv.Itoa(year), strconv.Itoa(int(month)), m[3])
		switch {
		case !said:
			p.wrong("%s：“%s”没有写月份", name, clip(sentence))
			return Date{}, false
		case !real:
			p.wrong("%s：“%s”不是有效日期", name, m[0])
			return Date{}, false
		}
		if w := noticeWeekday.FindStringSubmatch(m[4]); w != nil && strings.Replace(w[1], "天", "日", 1) != strings.TrimPrefix(d.WeekdayChinese(), "周") {
			p.wrong("%s：%s是%s，通知文本写作%s，请核对", name, d.Chinese(), d.WeekdayChinese(), w[0])
			return Date{}, false
		}
		rest, last = rest[len(m[0]):], d
		return d, true
	}
	for rest = sentence; ; {
		from, good := day()
		if !good {
			return nil, rest, false
		}
		to := from
		for _, mark := range []string{"至", "到", "—", "-", "~"} {
			if after, is := strings.CutPrefix(rest, mark); is {
				rest = strings.TrimLeft(after, "—-")
				if to, good = day(); !good {
					return nil, rest, false
				}
				break
			}
		}
		spans = append(spans, Break{name, from, to})
		after, more := strings.CutPrefix(rest, "、")
		if !more {
			after, more = strings.CutPrefix(rest, "和")
		}
		if !more {
			return spans, rest, true
		}
		rest = after
	}
}

// civil makes a date of digits and reports whether there is such a day.
func civil(year, month, day string) (Date, bool) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	if y < firstYear-1 || y > lastYear || m < 1 || m > 12 || d < 1 || d > 31 {
		return Date{}, false
	}
	date := Day(y, time.Month(m), d)
	_, _, real := date.Civil()
	return date, real == d
}

func clip(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}

// Notice writes the arrangement as ParseNotice reads it, for people to compare
// with the paper: 一、元旦：1月1日（周四）至3日（周六）放假，共3天。1月4日（周日）上班。
func (y Year) Notice() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d年部分节假日安排\n", y.Year)
	if y.Number != "" {
		fmt.Fprintf(&b, "%s\n", y.Number)
	}
	// A day without a year belongs to the year of the day before it in the
	// sentence, so the year is written whenever it changes.
	day := func(d Date, said *int) string {
		text := d.MonthDay()
		if d.Year() != *said {
			text, *said = d.Chinese(), d.Year()
		}
		return fmt.Sprintf("%s（%s）", text, d.WeekdayChinese())
	}
	told := map[string]bool{}
	shifts := func(name string, all bool) {
		said := y.Year
		var days []string
		for _, s := range y.Work {
			if s.Name == name || all && !told[s.Name] {
				days = append(days, day(s.Date, &said))
			}
		}
		if told[name] = true; len(days) > 0 {
			fmt.Fprintf(&b, "%s上班。", strings.Join(days, "、"))
		}
	}
	for i, o := range y.Off {
		said := y.Year
		fmt.Fprintf(&b, "%s、%s：%s", chineseOrdinal(i+1), o.Name, day(o.From, &said))
		if o.To != o.From {
			fmt.Fprintf(&b, "至%s", day(o.To, &said))
		}
		fmt.Fprintf(&b, "放假，共%d天。", o.To.Sub(o.From)+1)
		if !told[o.Name] {
			shifts(o.Name, i == len(y.Off)-1)
		}
		b.WriteByte('\n')
	}
	if !y.Issued.IsZero() {
		fmt.Fprintf(&b, "%s\n", y.Issued.Chinese())
	}
	return b.String()
}

// chineseOrdinal writes 1 to 99 as 一 to 九十九.
func chineseOrdinal(n int) string {
	digit := []rune("零一二三四五六七八九")
	switch tens, ones := n/10, n%10; {
	case tens == 0:
		return string(digit[ones])
	case tens == 1 && ones == 0:
		return "十"
	case tens == 1:
		return "十" + string(digit[ones])
	case ones == 0:
		return string(digit[tens]) + "十"
	default:
		return string(digit[tens]) + "十" + string(digit[ones])
	}
}
