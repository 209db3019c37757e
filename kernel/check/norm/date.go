package norm

import (
	"fmt"
	"strings"
	"time"

	"gongkai/kernel/calendar"
)

// date is a day, month or year that a text names; a part that is not named is -1.
type date struct {
	start, end int
	y, m, d    int
	form       byte // 'c' with 年月日, '-' 2022-06-17, '.' 2022.6.17
	hanY, hanM bool
	hanD       bool
	zeros      bool // 06月
}

const none = -1

// full tells whether year, month and day are named and exist.
func (d date) full() bool { return d.y > 0 && d.m > 0 && d.d > 0 && exists(d.y, d.m, d.d) }

// day is the day of a full date.
func (d date) day() calendar.Date { return calendar.Day(d.y, time.Month(d.m), d.d) }

// exists tells whether a month has a day; in year none 29 February does.
func exists(y, m, d int) bool {
	if m < 1 || m > 12 || d < 1 {
		return false
	}
	if y == none {
		y = 2000
	}
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Day() == d
}

// readDates finds the dates of the text.
func (s *scan) readDates() {
	for i := 0; i < len(s.nums); {
		d, used := s.readDate(i)
		if used == 0 {
			i++
			continue
		}
		s.days = append(s.days, d)
		i += used
	}
}

// readDate reads a date that begins with numeral i and says how many numerals it
// used; 0 = there is none.
func (s *scan) readDate(i int) (date, int) {
	n := s.nums[i]
	d := date{start: n.start, end: n.end, y: none, m: none, d: none, form: 'c'}
	if n.chain || s.isoAt(i) {
		return s.numericDate(i)
	}
	v, ok := s.value(n)
	if !ok || strings.ContainsAny(s.s[n.start:n.end], ",.") {
		return d, 0
	}
	used := 0
	at := s.skip(n.end)
	if s.has(at, "年") && (v >= 1000 && v <= 2999) {
		d.y, d.hanY, d.end, used = int(v), n.han, at+len("年"), 1
		if i+used >= len(s.nums) || s.nums[i+used].start != s.skip(d.end) {
			return d, used
		}
		n = s.nums[i+used]
		if v, ok = s.value(n); !ok || n.chain {
			return d, used
		}
		at = s.skip(n.end)
	}
	if s.has(at, "月") && v <= 99 && !s.has(at, "月份") {
		d.m, d.hanM, d.end = int(v), n.han, at+len("月")
		d.zeros = s.s[n.start] == '0'
		used++
		if i+used >= len(s.nums) || s.nums[i+used].start != s.skip(d.end) {
			return d, used
		}
		n = s.nums[i+used]
		if v, ok = s.value(n); !ok || n.chain {
			return d, used
		}
		at = s.skip(n.end)
	} else if d.y != none {
		return d, used
	}
	if word := s.hasAny(at, "日", "号"); word != "" && v <= 99 {
		if d.m == none && word == "号" {
			return d, used // 5号楼
		}
		d.d, d.hanD, d.end = int(v), n.han, at+len(word)
		d.zeros = d.zeros || s.s[n.start] == '0'
		used++
	}
	return d, used
}

// isoAt tells whether numeral i begins 2022-06-17.
func (s *scan) isoAt(i int) bool {
	if i+2 >= len(s.nums) {
		return false
	}
	a, b, c := s.nums[i], s.nums[i+1], s.nums[i+2]
	return !a.han && !b.han && !c.han && a.end-a.start == 4 && b.end-b.start <= 2 && c.end-c.start <= 2 &&
		s.has(a.end, "-") && b.start == a.end+1 && s.has(b.end, "-") && c.start == b.end+1
}

// numericDate reads 2022-06-17 or 2022.6.17; other codes of numbers are passed over.
func (s *scan) numericDate(i int) (date, int) {
	n := s.nums[i]
	d := date{start: n.start, end: n.end, y: none, m: none, d: none, form: '.'}
	parts, used := strings.Split(s.s[n.start:n.end], "."), 1
	if !n.chain {
		d.form, d.end, used = '-', s.nums[i+2].end, 3
		parts = strings.Split(s.s[n.start:d.end], "-")
	}
	b, a := s.before(d.start), s.after(d.end)
	edge := func(r rune) bool { // part of a longer code
		return r == '-' || r == '.' || r == '/' || r == '_' || r == '@' || r < 0x80 && (r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
	}
	if len(parts) != 3 || len(parts[0]) != 4 || parts[0] < "1900" || parts[0] > "2099" || len(parts[1]) > 2 || len(parts[2]) > 2 || edge(b) || edge(a) {
		return d, used
	}
	fmt.Sscan(strings.Join(parts, " "), &d.y, &d.m, &d.d)
	return d, used
}

// dates looks at the dates of the text.
func (s *scan) dates() {
	s.readDates()
	year := s.years()
	for i, d := range s.days {
		s.form(d)
		s.exists(d)
		s.weekday(d, year[i])
		if i > 0 {
			s.order(s.days[i-1], d)
		}
	}
	s.shortYears()
	s.deadlines()
}

// years is the year each date lies in: its own, else that of the date before it,
// else of the first date behind it, else of the text; none where nothing tells.
func (s *scan) years() []int {
	years := make([]int, len(s.days))
	last := none
	s.dated = map[int]bool{}
	for i, d := range s.days {
		if d.y > 0 {
			last = d.y
			if d.m != none {
				s.dated[d.y] = true
			}
		}
		years[i] = last
	}
	next := none
	if !s.t.Date.IsZero() {
		next = s.t.Date.Year()
	}
	for i := len(years) - 1; i >= 0; i-- {
		if s.days[i].y > 0 {
			next = s.days[i].y
		}
		if years[i] == none {
			years[i] = next
		}
	}
	return years
}

// form checks how a date is written: F4, N10, N13.
func (s *scan) form(d date) {
	l := s.lines[s.lineAt(d.start)]
	mixed := d.m != none && (d.y != none && d.hanY != d.hanM || d.d != none && d.hanM != d.hanD)
	switch {
	case d.m == none || d.form == '-':
	case d.form == '.':
		if !l.cell && d.full() {
			s.hit("F4", d.start, d.end, chinese(d), "日期应写作%s。", chinese(d))
		}
	case s.endsWith(d.start, "农历", "阴历", "夏历") != "":
		if !d.hanM && d.y == none {
			lunar := hanNumber(d.m) + "月"
			end := d.end
			if d.d != none {
				lunar += hanNumber(d.d)
			} else if n, ok := s.numAt(d.end); ok {
				if v, ok := s.value(n); ok && v <= 30 && v > 0 {
					lunar, end = lunar+lunarDay(int(v)), n.end
				}
			}
			s.hit("N13", d.start, end, lunar, "农历日期用汉字数字。")
		}
	case mixed && d.m <= 12 && d.d <= 31 && (d.hanY || !d.hanM || d.d != none || !lunarBehind(s.s[d.end:])) && s.endsWith(d.start, "第") == "":
		s.hit("N10", d.start, d.end, chinese(d), "同一日期应使用同一种数字形式。")
	case d.zeros && d.y != none && !l.cell && d.m > 0 && d.m <= 12 && !metadata(s.text(l)) && !s.clock(d.end) && !metadata(s.lineAbove(l)):
		s.hit("F4", d.start, d.end, chinese(d), "日期的月、日不编虚位，应写作%s。", chinese(d))
	case d.hanY && d.hanM && d.hanD && d.full() && s.text(l) == s.s[d.start:d.end] && d.day().After(calendar.MustParse("2012-06-30")) && !s.court(l):
		s.hit("F4", d.start, d.end, chinese(d), "成文日期用阿拉伯数字，应写作%s。", chinese(d))
	}
}

// clock tells whether a time of day follows: the stamp of a page or a machine.
func (s *scan) clock(at int) bool {
	n, ok := s.numAt(s.skip(at))
	return ok && !n.han && s.has(n.end, ":")
}

// lineAbove is the last line above that is not empty, of the nearest three.
func (s *scan) lineAbove(l line) string {
	for i, k := s.lineAt(l.start)-1, 0; i >= 0 && k < 3; i, k = i-1, k+1 {
		if text := s.text(s.lines[i]); text != "" {
			return text
		}
	}
	return ""
}

// court tells whether the two lines above a date name a court: judgments are dated
// in Chinese numerals.
func (s *scan) court(l line) bool {
	w := s.s[max(l.start-200, 0):l.start]
	return strings.Contains(w, "院") || strings.Contains(w, "仲裁") || strings.Contains(w, "公证")
}

func lunarBehind(rest string) bool {
	for _, w := range []string{"初", "十", "廿", "卅", "二十", "三十", "中秋"} {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}

func lunarDay(d int) string {
	if d <= 10 {
		return "初" + hanNumber(d)
	}
	return hanNumber(d)
}

// metadata tells whether a line is a page's own data, which no author typed.
func metadata(line string) bool {
	for _, w := range []string{"发布时间", "发布日期", "发文日期", "成文日期", "生成日期", "更新时间", "时间:", "日期:", "来源", "浏览", "字体", "索引号"} {
		if strings.Contains(line, w) {
			return true
		}
	}
	return false
}

// chinese writes a date as GB/T 9704 wants it.
func chinese(d date) string {
	out := ""
	if d.y != none {
		out = fmt.Sprintf("%d年", d.y)
	}
	if d.m != none {
		out += fmt.Sprintf("%d月", d.m)
	}
	if d.d != none {
		out += fmt.Sprintf("%d日", d.d)
	}
	return out
}

// exists reports days that no calendar has (C2).
func (s *scan) exists(d date) {
	if d.m == none {
		return
	}
	if d.d == none {
		if d.m > 12 && d.y != none && d.form == 'c' || d.m == 0 && d.y != none {
			s.hit("C2", d.start, d.end, "", "日期不存在，没有%d月，请核对。", d.m)
		}
		return
	}
	if exists(d.y, d.m, d.d) {
		return
	}
	if d.form != 'c' && (d.m < 1 || d.m > 12 || d.d < 1 || d.d > 31) {
		return // a code, not a date
	}
	if d.hanM && d.y == none && d.d == 30 {
		return // the lunar calendar
	}
	s.hit("C2", d.start, d.end, "", "日期不存在，请核对。")
}

// weekday compares the weekday beside a date with the calendar (C1, N16).
func (s *scan) weekday(d date, year int) {
	at := s.skip(d.end)
	if s.has(at, "\t") || s.has(at, "|") {
		at = s.skip(at + 1)
	}
	if w := s.hasAny(at, "上午", "下午", "晚上", "晚", "早上"); w != "" {
		at += len(w)
	}
	if s.has(at, "(") || s.has(at, ",") {
		at = s.skip(at + 1)
	}
	word := s.hasAny(at, "星期", "礼拜", "周")
	if word == "" || d.d == none {
		return
	}
	from := at + len(word)
	r := s.after(from)
	day := strings.IndexRune("日一二三四五六", r) / 3
	size := 3
	switch {
	case r == '天':
		day = 0
	case r >= '1' && r <= '7' && word != "周":
		day, size = int(r-'0')%7, 1
		name := "日一二三四五六"[3*day : 3*day+3]
		s.hit("N16", at, from+1, word+name, "星期用汉字数字，应写作“%s%s”。", word, name)
	case !strings.ContainsRune("日一二三四五六", r):
		return
	}
	if word == "周" && (s.has(from+size, "年") || s.has(from+size, "期")) {
		return
	}
	if s.hasAny(from+size, "至", "到", "—", "-", "~", "、", "和", "及", "或") != "" {
		return // days of every week: 7月1日—8月31日（周一至周五）
	}
	m := d.m
	if m == none || year == none || !exists(year, m, d.d) {
		return
	}
	right := calendar.Day(year, time.Month(m), d.d).Weekday()
	if right == time.Weekday(day) {
		return
	}
	if d.y == none && s.otherYear(m, d.d, year, time.Weekday(day)) {
		return
	}
	name := "日一二三四五六"[3*right : 3*right+3]
	s.hit("C1", at, from+size, word+name, "日期与星期不符，%d年%d月%d日应为%s%s。", year, m, d.d, "星期", name)
}

// otherYear tells whether a day without a year fits its weekday in another year that
// the text may mean: one it names as the year of a day, or the next at a turn of years.
func (s *scan) otherYear(m, d, year int, day time.Weekday) bool {
	fits := func(y int) bool {
		return exists(y, m, d) && calendar.Day(y, time.Month(m), d).Weekday() == day
	}
	if m <= 3 && fits(year+1) || m >= 10 && fits(year-1) {
		return true
	}
	if !s.t.Date.IsZero() && s.t.Date.Year() != year && fits(s.t.Date.Year()) {
		return true
	}
	for other := range s.dated {
		if other != year && fits(other) {
			return true
		}
	}
	return false
}

// shortYears reports years of two digits (N4).
func (s *scan) shortYears() {
	for _, n := range s.nums {
		if n.han || n.end-n.start != 2 || !s.has(n.end, "年") || s.s[n.start] == '.' {
			continue
		}
		at := n.end + len("年")
		if s.hasAny(at, "底", "末", "初", "年底", "年末") == "" && !s.month(at) {
			continue
		}
		w := s.before(n.start)
		if strings.ContainsRune("第近前后满每达超约有过共期徒刑龄为了-—~年.:‘’'", w) || w == '至' || w == '到' || w < 0x80 && w >= 'A' {
			continue
		}
		if s.endsWith(n.start, "工作", "服务", "有期", "工龄", "缴费", "任职") != "" {
			continue
		}
		value, _ := s.value(n)
		now := s.t.When().Year()
		if now == 0 {
			now = s.t.Today.Year()
		}
		if now == 0 || int(value) > now%100+10 && value < 78 {
			continue
		}
		year := fullYear(s.s[n.start:n.end], now)
		s.hit("N4", n.start, n.end+len("年"), year+"年", "年份应写四位，应为“%s年”。", year)
	}
}

// month tells whether 1月 … 12月 follows, and not a number of months.
func (s *scan) month(at int) bool {
	n, ok := s.numAt(at)
	if !ok || n.han || n.end-n.start > 2 || !s.has(n.end, "月") {
		return false
	}
	v, _ := s.value(n)
	return v >= 1 && v <= 12
}
