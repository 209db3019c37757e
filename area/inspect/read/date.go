package read

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/regex"
)

// The forms in which pages write a day (WEB 3.1 V4 step 3).
const dayPattern = `(\d{4})\s?[-/.．－—]\s?(\d{1,2})\s?[-/.．－—]\s?(\d{1,2})|(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日?`

var (
	fullDay  = regex.New(dayPattern)
	timeOf   = regex.New(`^\s{0,3}[T日]?\s{0,3}(上午|下午|中午|晚上)?\s?(\d{1,2})\s?[:：时]\s?(\d{2})(?:\s?[:：分]\s?(\d{2}))?\s?(?i:(am|pm))?`)
	hanDay   = regex.New(`([〇零○Ｏ一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日`)
	shortDay = regex.New(`(?:^|[^\d./年-])(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?(?:$|[^\d./-])`)
	// Cards write day and month apart: 23 2026-11, 2026-11 23, 11-23 2026, 2026 11-23.
	dayFirst      = regex.New(`(?:^|\D)(\d{1,2})日?\s{1,3}(\d{4})\s?[-/.年]\s?(\d{1,2})月?(?:$|\D)`)
	monthFirst    = regex.New(`(?:^|\D)(\d{4})\s?[-/.年]\s?(\d{1,2})月?\s{1,3}(\d{1,2})日?(?:$|[^\d:：])`)
	yearLast      = regex.New(`(?:^|\D)(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?\s{1,3}(\d{4})年?(?:$|\D)`)
	yearFirst     = regex.New(`(?:^|\D)(\d{4})年?\s{1,3}(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?(?:$|\D)`)
	publishedWord = regex.New(`(?:发布|公开|上网)(?:日期|时间)?\s?[:：]?\s?$`)
	packedDay     = regex.New(`^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$`)
	// Days in addresses: /2026/11/23/, /2026-11/23/, /20261123/, t20261123_.
	addressDay = regex.New(`(?:^|[/_t=-])((?:19|20)\d{2})[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?:\d{6})?(?:[/_.?&-]|\d{3,9}\.|$)`)
	looseDay   = regex.New(`/((?:19|20)\d{2})[/-](1[0-2]|[1-9])[/-](3[01]|[12]\d|[1-9])/`)
)

// civil makes a day, if there is one and it can be a website's.
func civil(y, m, d int) (calendar.Date, bool) {
	if y < 1949 || y > 2100 || m < 1 || m > 12 || d < 1 || d > 31 {
		return calendar.Date{}, false
	}
	day := calendar.Day(y, time.Month(m), d)
	_, mm, dd := day.Civil()
	return day, int(mm) == m && dd == d
}

func num(s string) int {
	n, _ := strconv.Atoi(s) // the patterns let only digits through
	return n
}

// moment is a day with the time of day that stands behind it.
type moment struct {
	day        calendar.Date
	hour, min  int
	sec        int
	timed      bool
	start, end int // in the text
}

func (m moment) time() time.Time {
	y, mo, d := m.day.Civil()
	return time.Date(y, mo, d, m.hour, m.min, m.sec, 0, calendar.Zone)
}

// moments finds the days with a year in a text, in order, at most limit.
func moments(text string, limit int) (found []moment) {
	if !mayHoldDay(text) {
		return nil
	}
	text = plainDigits(text)
	for at := firstYear(text); at >= 0 && at < len(text) && len(found) < limit; {
		g := fullDay.FindStringSubmatchIndex(text[at:])
		if g == nil {
			break
		}
		base := at
		at += g[1]
		k := 2
		if g[2] < 0 {
			k = 8
		}
		if g[k] > 0 && text[base+g[k]-1] >= '0' && text[base+g[k]-1] <= '9' {
			continue // the tail of a longer number
		}
		last := text[base+g[k+4] : base+g[k+5]]
		if at < len(text) && text[at] >= '0' && text[at] <= '9' && !timeOf.MatchString(text[at:]) {
			continue // the head of a longer number; 2026-11-2310:20 only lacks its space
		}
		day, ok := civil(num(text[base+g[k]:base+g[k+1]]), num(text[base+g[k+2]:base+g[k+3]]), num(last))
		if !ok {
			continue
		}
		m := moment{day: day, start: base + g[k], end: at}
		m.clock(text)
		at = m.end
		found = append(found, m)
	}
	if len(found) == 0 && strings.Contains(text, "年") {
		if g := hanDay.FindStringSubmatchIndex(text); g != nil {
			if day, ok := civil(hanYear(text[g[2]:g[3]]), hanNumber(text[g[4]:g[5]]), hanNumber(text[g[6]:g[7]])); ok {
				found = append(found, moment{day: day, start: g[0], end: g[1]})
			}
		}
	}
	return found
}

// clock reads the time of day behind the day.
func (m *moment) clock(text string) {
	rest := text[m.end:]
	t := timeOf.FindStringSubmatch(rest)
	if t == nil {
		return
	}
	h, mi, s := num(t[2]), num(t[3]), num(t[4])
	if h > 24 || mi > 59 || s > 59 {
		return
	}
	if h < 12 && (t[1] == "下午" || t[1] == "晚上" || strings.EqualFold(t[5], "pm")) {
		h += 12
	}
	if h == 24 {
		h = 0
	}
	m.hour, m.min, m.sec, m.timed, m.end = h, mi, s, true, m.end+len(t[0])
}

// firstMoment is the first day of a text, or the one it writes without separators.
func firstMoment(text string) (moment, bool) {
	if found := moments(text, 1); len(found) == 1 {
		return found[0], true
	}
	if g := packedDay.FindStringSubmatch(strings.TrimSpace(text)); g != nil {
		if day, ok := civil(num(g[1]), num(g[2]), num(g[3])); ok && num(g[4]) < 24 && num(g[5]) < 60 {
			return moment{day: day, hour: num(g[4]), min: num(g[5]), timed: g[4] != ""}, true
		}
	}
	return moment{}, false
}

// rowDay reads the day of a line of a list. partial tells that month and day
// stand there and the year does not; it is then taken from the entry's address
// where that agrees.
func rowDay(text, address string) (day calendar.Date, partial, ok bool) {
	if !mayHoldDay(text) {
		return day, false, false
	}
	if m := moments(text, 4); len(m) > 0 {
		best := m[0]
		plain := plainDigits(text)
		for _, one := range m[1:] { // of several the one that is called the day of publication
			if publishedWord.MatchString(plain[:one.start]) {
				best = one
				break
			}
		}
		return best.day, false, true
	}
	if utf8.RuneCountInString(text) > 400 {
		return day, false, false
	}
	text = plainDigits(text)
	if !strings.ContainsAny(text, "-/.月年") {
		return day, false, false
	}
	if firstYear(text) < 0 {
		return shortOne(text, address)
	}
	for i, re := range []*regex.Pattern{dayFirst, monthFirst, yearLast, yearFirst} {
		for _, g := range re.FindAllStringSubmatch(text, 3) {
			a, b, c := num(g[1]), num(g[2]), num(g[3])
			var d calendar.Date
			var fits bool
			switch i {
			case 0:
				d, fits = civil(b, c, a)
			case 2:
				d, fits = civil(c, a, b)
			default:
				d, fits = civil(a, b, c)
			}
			if fits {
				return d, false, true
			}
		}
	}
	return shortOne(text, address)
}

// shortOne reads a month and a day; the year comes from the address if that has
// the same month and day.
func shortOne(text, address string) (day calendar.Date, partial, ok bool) {
	for _, g := range shortDay.FindAllStringSubmatch(text, 4) {
		m, d := num(g[1]), num(g[2])
		if m < 1 || m > 12 || d < 1 || d > 31 {
			continue
		}
		if a, found := pathDay(address); found {
			if _, am, ad := a.Civil(); int(am) == m && ad == d {
				return a, false, true
			}
		}
		return calendar.Date{}, true, true
	}
	return day, false, false
}

// pathDay reads the day that an address carries.
func pathDay(address string) (calendar.Date, bool) {
	if i := strings.IndexByte(address, '?'); i > 0 {
		address = address[:i]
	}
	for _, re := range []*regex.Pattern{addressDay, looseDay} {
		if g := re.FindStringSubmatch(address); g != nil {
			if d, ok := civil(num(g[1]), num(g[2]), num(g[3])); ok && d.Year() >= 1995 {
				return d, true
			}
		}
	}
	return calendar.Date{}, false
}

// mayHoldDay is a cheap look before the patterns are tried.
func mayHoldDay(text string) bool {
	digits := 0
	for i := 0; i < len(text); i++ {
		if c := text[i]; c >= '0' && c <= '9' {
			if digits++; digits > 1 {
				return true
			}
		}
	}
	return strings.Contains(text, "年") || strings.Contains(text, "０") || strings.Contains(text, "１") || strings.Contains(text, "２")
}

// firstYear is the place of the first four digits in a row; -1 = none.
func firstYear(s string) int {
	run := 0
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < '0' || c > '9' {
			run = 0
		} else if run++; run == 4 {
			return i - 3
		}
	}
	return -1
}

// plainDigits turns full-width digits into plain ones.
func plainDigits(s string) string {
	wide := false
	for i := 0; i+2 < len(s) && !wide; i++ {
		wide = s[i] == 0xef && s[i+1] == 0xbc && s[i+2] >= 0x90 && s[i+2] <= 0x99
	}
	if !wide {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, s)
}

func hanYear(s string) (n int) {
	for _, r := range s {
		n = n*10 + hanDigit(r)
	}
	return n
}

// hanNumber reads 一 to 九十九.
func hanNumber(s string) (n int) {
	digit := 0
	for _, r := range s {
		if r == '十' {
			n += max(digit, 1) * 10
			digit = 0
			continue
		}
		digit = hanDigit(r)
	}
	return n + digit
}

func hanDigit(r rune) int {
	for i, d := range []rune("零一二三四五六七八九") {
		if r == d {
			return i
		}
	}
	return 0
}
