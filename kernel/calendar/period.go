package calendar

import (
	"database/sql/driver"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"gongkai/kernel/fault"
)

// Unit is what a period is counted in.
type Unit int

const (
	WorkingDays Unit = iota // 工作日: C1 to C3
	Days                    // 日, calendar days: C4
	Months                  // 个月: C5
)

func (u Unit) String() string {
	switch u {
	case WorkingDays:
		return "个工作日"
	case Days:
		return "日"
	case Months:
		return "个月"
	}
	return fmt.Sprintf("calendar.Unit(%d)", int(u))
}

// Period is a length of time as laws write it. The zero Period is none. In JSON,
// forms, configuration and databases it is its Chinese text: 20个工作日.
type Period struct {
	Count   int
	Unit    Unit
	AtLeast bool // 不少于30日: the end is the earliest one allowed (C9)
}

// InWorkingDays, InDays and InMonths make periods.
func InWorkingDays(n int) Period { return Period{Count: n, Unit: WorkingDays} }

// InDays is a period in calendar days.
func InDays(n int) Period { return Period{Count: n, Unit: Days} }

// InMonths is a period in months.
func InMonths(n int) Period { return Period{Count: n, Unit: Months} }

// Reconsideration is a period in days of 《行政复议法》: 3, 5, 7 and 10 days are
// working days, all others calendar days (C11, Art. 88).
func Reconsideration(days int) Period {
	switch days {
	case 3, 5, 7, 10:
		return InWorkingDays(days)
	}
	return InDays(days)
}

// IsZero reports whether there is no period.
func (p Period) IsZero() bool { return p == Period{} }

// String is the Chinese text: 5个工作日, 30日, 6个月, 不少于30日; "" for none.
func (p Period) String() string {
	if p.IsZero() {
		return ""
	}
	text := strconv.Itoa(p.Count) + p.Unit.String()
	if p.AtLeast {
		return "不少于" + text
	}
	return text
}

// maxCount bounds what is believed: more is a slip of the pen.
const maxCount = 9999

var periodText = regexp.MustCompile(`^(?:一般)?(不少于|不得少于|不低于|至少)?` +
	`([0-9]+|[零〇一二两三四五六七八九十百]+|半)` +
	`(个?工作日|个?自然日|日|天|个?月|年)(?:内|以内|之内)?$`)

// ParsePeriod reads a period as people write it: 20个工作日, 二十个工作日, 30日内,
// 三十天, 6个月, 半年, 1年 (as 12 months), 一般不少于30日. Spaces and full-width
// digits do not matter. Empty text is no period.
func ParsePeriod(text string) (Period, error) {
	plain := strings.Join(strings.Fields(norm.NFKC.String(text)), "")
	if plain == "" {
		return Period{}, nil
	}
	m := periodText.FindStringSubmatch(plain)
	if m == nil {
		return Period{}, fault.Newf(fault.Invalid, "期限“%s”没有看懂，请写如：5个工作日、30日、6个月", text)
	}
	p := Period{AtLeast: m[1] != ""}
	if m[2] == "半" {
		if m[3] != "年" {
			return Period{}, fault.Newf(fault.Invalid, "期限“%s”没有看懂，“半”只能用于“半年”", text)
		}
		p.Count, p.Unit = 6, Months
		return p, nil
	}
	n, ok := number(m[2])
	if !ok || n < 1 || n > maxCount {
		return Period{}, fault.Newf(fault.Invalid, "期限“%s”的数字应在1至%d之间", text, maxCount)
	}
	switch p.Count = n; {
	case strings.HasSuffix(m[3], "工作日"):
		p.Unit = WorkingDays
	case strings.HasSuffix(m[3], "月"):
		p.Unit = Months
	case m[3] == "年":
		if p.Unit, p.Count = Months, n*12; p.Count > maxCount {
			return Period{}, fault.Newf(fault.Invalid, "期限“%s”过长", text)
		}
	default:
		p.Unit = Days
	}
	return p, nil
}

// number reads digits or a Chinese number up to 999.
func number(text string) (int, bool) {
	if n, err := strconv.Atoi(text); err == nil {
		return n, true
	}
	value := map[rune]int{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	total, digit, unit := 0, -1, 1000
	for _, r := range text {
		scale := map[rune]int{'十': 10, '百': 100}[r]
		switch v, isDigit := value[r]; {
		case isDigit && v == 0:
			if digit >= 0 {
				return 0, false
			}
		case isDigit:
			if digit >= 0 {
				return 0, false
			}
			digit = v
		case scale == 0 || scale >= unit:
			return 0, false
		default:
			if digit < 0 {
				if scale != 10 {
					return 0, false
				}
				digit = 1 // 十五, 一百十五
			}
			total, digit, unit = total+digit*scale, -1, scale
		}
	}
	return total + max(digit, 0), true
}

// MarshalText writes the Chinese text.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what ParsePeriod reads.
func (p *Period) UnmarshalText(text []byte) error {
	var err error
	*p, err = ParsePeriod(string(text))
	return err
}

// Value stores the Chinese text, no period as NULL.
func (p Period) Value() (driver.Value, error) {
	if p.IsZero() {
		return nil, nil
	}
	return p.String(), nil
}

// Scan reads what Value stored.
func (p *Period) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*p = Period{}
		return nil
	case string:
		return p.UnmarshalText([]byte(v))
	case []byte:
		return p.UnmarshalText(v)
	}
	return fmt.Errorf("period: cannot read %T", src)
}
