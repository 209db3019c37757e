package personal

import (
	"strings"
)

// bracketed tells whether a token is an area code in brackets before another: (023)68812345.
func (s *scan) bracketed(area, rest token) bool {
	return area.start > 0 && s.s[area.start-1] == '(' && s.s[area.start] == '0' && strings.TrimRight(s.s[area.end:rest.start], " -") == ")"
}

// mobileGroups tells whether a mobile number may be grouped so.
func mobileGroups(ends []int) bool {
	switch len(ends) {
	case 1:
		return ends[0] == 11
	case 2:
		return ends[0] == 3 || ends[0] == 7 || ends[0] == 4 || ends[0] == 5
	case 3:
		return ends[0] == 3 && (ends[1] == 7 || ends[1] == 6) || ends[0] == 4 && ends[1] == 8 || ends[0] == 4 && ends[1] == 7
	case 11:
		return true
	}
	return false
}

// mobile reports a mobile number that is not one of a unit.
func (s *scan) mobile(n string, start, end int) bool {
	if n[1] < '3' {
		return false
	}
	phone := s.labelled(phoneLabel|homePhone|chatLabel, start)
	if !phone && (s.labelled(codeLabel|creditLabel, start) || s.measured(start, end)) {
		return false
	}
	if s.c.registers[n] {
		return true
	}
	if b := s.before(start, 3); !phone && (strings.HasSuffix(b, "¥") || strings.HasSuffix(b, "$") || strings.HasSuffix(b, "〕") || strings.HasSuffix(b, "[")) {
		return false
	}
	s.hit("P-MOBILE", start, end, "发现手机号码，请删除；确为单位公开电话的，请先登记。", MaskMobile(n))
	s.person(start)
	return true
}

// measured tells whether the number counts something: 13800000000元.
func (s *scan) measured(start, end int) bool {
	a := s.after(end, 12)
	if strings.HasPrefix(a, ".") && len(a) > 1 && digit(a[1]) {
		return true
	}
	a = strings.TrimLeft(a, " ")
	for _, unit := range []string{"元", "万", "亿", "吨", "公里", "平方", "立方", "千", "人次", "人", "个", "户", "件", "号文", "%", "kW", "kw", "号)", "条", "美元", "股"} {
		if strings.HasPrefix(a, unit) {
			return true
		}
	}
	return false
}

// line reports a fixed line that is somebody's home.
func (s *scan) line(n string, ends []int, start, end int) bool {
	area := 3
	if n[1] > '2' || n[1] == '0' {
		area = 4
	}
	if n[1] == '0' || len(n)-area < 7 || len(n)-area > 8 || len(ends) > 1 && ends[0] != area {
		return false
	}
	if s.c.registers[n] || s.c.registers[n[area:]] {
		return true
	}
	s.homeLine(n, start, end)
	return true
}

func (s *scan) homeLine(n string, start, end int) {
	s.later = append(s.later, func() { s.judgeLine(n, start, end) })
}

// judgeLine decides whose a fixed line is by the words and values around it.
func (s *scan) judgeLine(n string, start, end int) {
	if s.labelled(homePhone, start) || s.private(start, end) && s.labelled(phoneLabel, start) && !s.officePhone(start) {
		s.hit("P-PHONE", start, end, "发现个人固定电话，请删除。", tail(n, 4))
	}
}

// officePhone tells whether the label of a telephone is a unit's: 咨询电话, 办公电话.
func (s *scan) officePhone(at int) bool {
	m, ok := s.last(phoneLabel, max(0, at-60), at)
	return ok && s.has(office|dutyLabel, max(0, m.start-30), at)
}
