package fetch

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"gongkai/kernel/calendar"
	"gongkai/kernel/regex"
)

const maxDates = 500 // of one page

// A day as pages write it: 2022-03-05, 2022/3/5, 2022.3.5, 2022年3月5日,
// 二〇二二年三月五日; full-width digits are made plain before.
const dayPattern = `(?:(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})|(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日|` +
	`([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日)`

var (
	anyDay = regex.New(dayPattern)
	// Marks of publication; 成文日期 and 生成日期 are the document's own day.
	publishedMark = regex.New(`(发布时间|发布日期|发布于|发文时间|发稿时间|更新时间|公开日期|公开时间|日\s?期|时\s?间)\s?[\]】]?\s?[:：]?\s{0,3}` + dayPattern)
	ownDay        = regex.New(`(成文|生成|形成|印发|施行|生效|失效|截止|开始|结束|起始|活动|会议|办公|出生|有效)\s?$`)
	dayAndTime    = regex.New(dayPattern + `\s{0,3}(?:[01]?\d|2[0-3])[:：][0-5]\d`)
	addressDay    = regex.New(`(?:^|[/_t=])((?:19|20)\d{2})(?:[-/]?(0[1-9]|1[0-2]))[-/]?(0[1-9]|[12]\d|3[01])(?:[/_.?&]|$)`)
)

// publishedTags are the names of meta tags that carry the day of publication:
// first that of the Guideline (website-norms section 5), then what others use.
var publishedTags = []string{"pubdate", "publishdate", "publish_date", "publish-date", "firstpublishedtime", "article:published_time", "datepublished", "og:release_date", "dc.date.issued", "dcterms.issued"}

// toDay makes a date of the nine groups of dayPattern; ok is false for a day
// that is none or lies outside 1949 to 2100.
func toDay(g []string) (d calendar.Date, ok bool) {
	var y, m, day int
	switch {
	case g[0] != "":
		y, m, day = number(g[0]), number(g[1]), number(g[2])
	case g[3] != "":
		y, m, day = number(g[3]), number(g[4]), number(g[5])
	default:
		y, m, day = hanYear(g[6]), han(g[7]), han(g[8])
	}
	return civil(y, m, day)
}

func civil(y, m, day int) (d calendar.Date, ok bool) {
	if y < 1949 || y > 2100 || m < 1 || m > 12 || day < 1 {
		return d, false
	}
	d = calendar.Day(y, time.Month(m), day)
	_, mm, dd := d.Civil()
	return d, int(mm) == m && dd == day
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // the pattern lets only digits through
	return n
}

const hanDigits = "〇一二三四五六七八九"

func hanDigit(r rune) int {
	if r == '零' || r == '○' {
		return 0
	}
	return strings.IndexRune(hanDigits, r) / len("〇")
}

func hanYear(s string) int {
	n := 0
	for _, r := range s {
		n = n*10 + hanDigit(r)
	}
	return n
}

// han reads 一 to 九十九.
func han(s string) int {
	tens, ones, found := strings.Cut(s, "十")
	if !found {
		if len(s) > len("一") {
			return 0
		}
		tens, ones = "", s
	} else if tens == "" {
		tens = "一"
	}
	n := 0
	for _, r := range tens {
		n += 10 * hanDigit(r)
	}
	for _, r := range ones {
		n += hanDigit(r)
	}
	return n
}

// dates lists the days named in a text, in order, each once.
func dates(text string) []calendar.Date {
	var out []calendar.Date
	seen := map[calendar.Date]bool{}
	text = norm.NFKC.String(text)
	for _, at := range anyDay.FindAllStringSubmatchIndex(text, 4*maxDates) {
		if at[0] > 0 && digit(text[at[0]-1]) || at[1] < len(text) && digit(text[at[1]]) {
			continue // part of a longer number
		}
		if d, ok := toDay(groups(text, at)[1:]); ok && !seen[d] {
			seen[d] = true
			if out = append(out, d); len(out) == maxDates {
				break
			}
		}
	}
	return out
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func groups(text string, at []int) []string {
	out := make([]string, len(at)/2)
	for i := range out {
		if at[2*i] >= 0 {
			out[i] = text[at[2*i]:at[2*i+1]]
		}
	}
	return out
}

// published finds the day a page says it was published, and where it says so:
// government tags first, then a mark in the text, then a day with a time of day
// as it stands under a title. What lies after the day of the visit is not
// believed.
func published(meta map[string]string, times []string, text string, visit calendar.Date) (calendar.Date, string) {
	for _, name := range publishedTags {
		if d, ok := firstDay(meta[name], visit); ok {
			from := name
			if name == "pubdate" {
				from = "PubDate"
			}
			return d, from
		}
	}
	text = norm.NFKC.String(text)
	rank := len(publishedMarks)
	var best calendar.Date
	for _, at := range publishedMark.FindAllStringSubmatchIndex(text, maxDates) {
		g := groups(text, at)
		d, ok := toDay(g[2:])
		if !ok || d.After(visit) || ownDay.MatchString(text[max(0, at[0]-12):at[0]]) {
			continue
		}
		if r := publishedMarks[strings.ReplaceAll(g[1], " ", "")]; r < rank {
			rank, best = r, d
		}
	}
	if !best.IsZero() {
		for name, r := range publishedMarks {
			if r == rank {
				return best, name
			}
		}
	}
	for _, t := range times {
		if d, ok := firstDay(t, visit); ok {
			return d, "页面日期"
		}
	}
	for _, at := range dayAndTime.FindAllStringSubmatchIndex(text, maxDates) {
		if d, ok := toDay(groups(text, at)[1:]); ok && !d.After(visit) {
			return d, "页面日期"
		}
	}
	return calendar.Date{}, ""
}

// publishedMarks ranks the marks of publishedMark, the surest first.
var publishedMarks = map[string]int{
	"发布时间": 0, "发布日期": 1, "发布于": 2, "发稿时间": 3, "公开日期": 4, "公开时间": 5, "发文时间": 6, "日期": 7, "时间": 8, "更新时间": 9,
}

func firstDay(value string, visit calendar.Date) (calendar.Date, bool) {
	value = strings.TrimSpace(norm.NFKC.String(value))
	if m := anyDay.FindStringSubmatch(value); m != nil {
		d, ok := toDay(m[1:])
		return d, ok && !d.After(visit)
	}
	if len(value) >= 8 { // 20220305 or 20220305102100
		if _, err := strconv.Atoi(value[:8]); err == nil {
			d, ok := civil(number(value[:4]), number(value[4:6]), number(value[6:8]))
			return d, ok && !d.After(visit)
		}
	}
	return calendar.Date{}, false
}

// fromAddress reads the day that content systems put into addresses
// (/202203/t20220305_123.html, /2022-03/05/c_1.htm, /art/2022/3/5/…).
func fromAddress(address string, visit calendar.Date) (calendar.Date, string) {
	var found calendar.Date
	for rest := address; ; {
		at := addressDay.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		g := groups(rest, at)
		if d, ok := civil(number(g[1]), number(g[2]), number(g[3])); ok && !d.After(visit) {
			found = d // the last one stands nearest to the document
		}
		rest = rest[at[7]:]
	}
	if found.IsZero() {
		return found, ""
	}
	return found, "网址"
}

// day is the day of the visit in Shanghai.
func (p *Page) day() calendar.Date { return calendar.Of(p.Fetched) }
