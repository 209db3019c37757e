package personal

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// plate reports a plate: the sign of a province, a letter, five or six characters.
func (s *scan) plate(t token) bool {
	if t.start < 3 || !letter(s.s[t.start]) || s.s[t.start] < 'A' || s.s[t.start] > 'Z' {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s.s[t.start-3:])
	if !strings.ContainsRune("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼", r) {
		return false
	}
	body, end := s.s[t.start+1:t.end], t.end
	if body == "" { // 渝A·12345
		rest := s.s[t.end:]
		for _, dot := range []string{"·", "•", " ", "-", "."} {
			if strings.HasPrefix(rest, dot) {
				i := len(dot)
				for i < len(rest) && alnum(rest[i]) {
					i++
				}
				body, end = rest[len(dot):i], t.end+i
				break
			}
		}
	}
	wanted := []int{5, 6}
	for _, last := range []string{"挂", "学", "港", "澳", "领", "使"} {
		if strings.HasPrefix(s.s[end:], last) && len(body) == 4 {
			end += len(last)
			wanted = []int{4}
			break
		}
	}
	context := s.has(plateLabel, max(0, t.start-60), min(len(s.s), end+30))
	figures := len(digits(body))
	if !slices.Contains(wanted, len(body)) || figures < 3 && !(context && figures > 0) || strings.ContainsAny(body, "IOabcdefghijklmnopqrstuvwxyz") {
		return false
	}
	if len(body) == 6 && !letter(body[0]) && !letter(body[5]) || !context && s.labelled(codeLabel, t.start-3) {
		return false
	}
	s.person(t.start - 3)
	s.hit("P-PLATE", t.start-3, end, "发现机动车号牌，请隐去中间字符。", MaskPlate(s.s[t.start-3:end]))
	return true
}

// coordinates reports a place given to four decimals or more that is not a project's.
func (s *scan) coordinates(k int) int {
	first, end, ok := s.decimal(k)
	if !ok {
		return 0
	}
	next := k + 2
	for next < len(s.tokens) && s.tokens[next].start < end {
		next++
	}
	between := func(at int) bool {
		return at-end <= 24 && strings.Trim(s.s[end:at], " ,、°度东经北纬:ENen和") == ""
	}
	if next >= len(s.tokens) || !between(s.tokens[next].start) {
		return 0
	}
	second, last, ok := s.decimal(next)
	if !ok {
		return 0
	}
	long := func(v int) bool { return v >= 73 && v <= 135 }
	lat := func(v int) bool { return v >= 3 && v <= 54 }
	if !(long(first) && lat(second) || lat(first) && long(second)) {
		return 0
	}
	start := s.tokens[k].start
	from, to := s.sentence(start, last)
	if !s.has(siteWord, from, to) {
		s.hit("P-GEO", start, last, "发现精确位置坐标，请删去或只保留两位小数。", s.coarse(k)+","+s.coarse(next))
	}
	return next + 2 - k
}

// decimal reads a number with at least four decimals that begins with token k.
func (s *scan) decimal(k int) (whole, end int, ok bool) {
	if k+1 >= len(s.tokens) {
		return 0, 0, false
	}
	a, b := s.tokens[k], s.tokens[k+1]
	if !a.digits || !b.digits || a.end-a.start > 3 || s.s[a.end:b.start] != "." || b.end-b.start < 4 || b.end-b.start > 16 {
		return 0, 0, false
	}
	return number(s.s[a.start:a.end]), b.end, true
}

// coarse is the decimal at token k cut to two decimals.
func (s *scan) coarse(k int) string {
	return s.s[s.tokens[k].start : s.tokens[k].end+3]
}
