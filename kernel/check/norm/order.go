package norm

import (
	"strings"
)

// order checks a range of two dates (C3).
func (s *scan) order(a, b date) {
	between := s.s[a.end:b.start]
	if len(between) > 40 {
		return
	}
	between = strings.TrimSpace(between)
	if strings.HasPrefix(between, "(") { // a weekday
		if i := strings.IndexByte(between, ')'); i >= 0 {
			between = strings.TrimSpace(between[i+1:])
		}
	}
	switch between {
	case "至", "到", "—", "--", "-", "~", "——", "–", "起至", "开始至", "至次日":
	default:
		return
	}
	if a.y == none && b.y != none {
		return
	}
	start, end := a, b
	if b.y == none {
		end.y = start.y
		if b.m == none {
			end.m = start.m
		} else if b.m < start.m {
			return // into the next year
		}
	}
	if start.y == none {
		start.y, end.y = 2000, 2000
	}
	switch {
	case start.full() && end.full() && start.day().After(end.day()),
		start.d == none && end.d == none && start.m > 0 && end.m > 0 && start.m <= 12 && end.m <= 12 && start.y*12+start.m > end.y*12+end.m:
		s.hit("C3", b.start, b.end, "", "结束日期早于开始日期，请核对。")
	case start.full() && end.full() && a.y != none:
		s.consultation(start, end, a.start, b.end)
	}
}

// consultation reports a public consultation of less than 30 days (C3).
func (s *scan) consultation(from, to date, start, end int) {
	days := to.day().Sub(from.day()) + 1
	a, b := s.sentence(start)
	around := s.s[a:b]
	if days >= 30 || !strings.Contains(around, "征求意见") && !strings.Contains(around, "征集意见") && !strings.Contains(around, "意见征集") && !strings.Contains(around, "意见反馈") {
		return
	}
	if !strings.Contains(around, "时间") && !strings.Contains(around, "期限") && !strings.Contains(around, "期间") {
		return
	}
	if !s.contains("征求意见稿") && !s.contains("草案") || s.contains("缩短") {
		return
	}
	s.hit("C3", start, end, "", "公开征求意见的期限为%d日，一般不少于30日，请核对。", days)
}

// signature is the day in the text's last line that is a date and nothing else.
func (s *scan) signature() (date, bool) {
	for i := len(s.days) - 1; i >= 0; i-- {
		d := s.days[i]
		if !d.full() || d.form != 'c' {
			continue
		}
		l := s.lines[s.lineAt(d.start)]
		if s.text(l) == s.s[d.start:d.end] && !l.cell {
			return d, true
		}
	}
	return date{}, false
}

// deadlines compares days to come with the day of the text (C3, C4, F14).
func (s *scan) deadlines() {
	signed, ok := s.signature()
	for i, d := range s.days {
		if !d.full() {
			continue
		}
		if ok && s.endsWith(d.start, "成文日期:", "成文日期: ") != "" && d.day() != signed.day() {
			s.hit("F14", d.start, d.end, "", "成文日期与落款日期（%s）不一致，请核对。", signed.day().Chinese())
		}
		if i > 0 && s.days[i-1].full() && s.endsWith(d.start, "有效期至", "有效期截至", "有效期到", "有效期限至") != "" {
			if p := s.days[i-1]; strings.Contains(s.ahead(p.end, 60), "施行") && d.day().Before(p.day()) {
				s.hit("C3", d.start, d.end, "", "失效日期早于施行日期，请核对。")
			}
		}
		if !ok || d.start == signed.start || d.day().Sub(signed.day()) >= 0 || signed.day().Sub(d.day()) > 400 {
			continue
		}
		due := s.endsWith(d.start, "请于", "务必于", "须于", "应于", "截止时间为", "截止日期为", "截止时间:", "截止日期:", "报名时间截至", "截止到") != ""
		if due && d.start < signed.start {
			s.hit("C4", d.start, d.end, "", "期限早于成文日期%s，请核对。", signed.day().Chinese())
		}
		if s.endsWith(d.start, "自") != "" && d.start < signed.start && strings.HasPrefix(s.s[d.end:], "起施行") && s.ownText(d.start) {
			s.hit("C3", d.start, d.end, "", "施行日期早于成文日期%s，请核对。", signed.day().Chinese())
		}
	}
}

// ownText tells whether the words before an offset speak of the text itself.
func (s *scan) ownText(at int) bool {
	at -= len("自")
	return s.endsWith(at, "本办法", "本规定", "本通知", "本意见", "本细则", "本方案", "本决定", "本条例", "本公告", "本通告") != ""
}
