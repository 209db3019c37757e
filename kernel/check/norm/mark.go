package norm

import (
	"strings"
	"unicode/utf8"
)

// marks looks at single marks (P1–P3, P6–P13), in the text as it stands.
func (s *scan) marks() {
	body := s.t.Body
	half := 0 // P3 is said once where a whole text is written so
	var halves [][2]int
	for i := 0; i < len(body); {
		b := body[i]
		if b < utf8.RuneSelf {
			if strings.IndexByte(",;:?!", b) >= 0 && s.besideHan(i, i+1) {
				half++
				if len(halves) < 12 {
					halves = append(halves, [2]int{i, i + 1})
				}
				i = max(s.doubled(i), i+1)
				continue
			}
			if b == '.' || b == '-' {
				i = s.dots(i)
				continue
			}
			i++
			continue
		}
		switch {
		case b == 0xE3 && (strings.HasPrefix(body[i:], "。") || strings.HasPrefix(body[i:], "、")):
			if i = s.doubled(i); strings.HasPrefix(body[i-3:], "、等") {
				s.etc(i - 3)
			}
			continue
		case b == 0xEF && body[i:min(i+2, len(body))] == "\xEF\xBC":
			if r, _ := utf8.DecodeRuneInString(body[i:]); r == '，' || r == '；' || r == '：' {
				i = s.doubled(i)
				continue
			}
		case b == 0xE2 && strings.HasPrefix(body[i:], "……") && s.originalBefore(i, "等"):
			s.at("P6", i-len("等"), i+len("……"), "等", "“等”与省略号不同时使用。")
		case b == 0xE2 && strings.HasPrefix(body[i:], "”。") && strings.HasSuffix(body[:i], "。"):
			s.at("P10", i-len("。"), i+len("”。"), "。”", "引文末尾的句号只用一处。")
		}
		_, size := utf8.DecodeRuneInString(body[i:])
		i += size
	}
	for _, h := range halves {
		if half > len(halves) {
			s.at("P3", h[0], h[1], fullMark(body[h[0]]), "中文里应使用全角标点，全文共有%d处。", half)
			break
		}
		s.at("P3", h[0], h[1], fullMark(body[h[0]]), "中文里应使用全角标点。")
	}
}

func fullMark(b byte) string { return string(rune(b) - '!' + '！') }

// besideHan tells whether Chinese stands before the mark body[start:end] and no
// letter or digit behind it.
func (s *scan) besideHan(start, end int) bool {
	r, _ := utf8.DecodeLastRuneInString(s.t.Body[:start])
	if !isHan(r) && r != '》' && r != '”' && r != '〕' && r != '）' {
		return false
	}
	n, _ := utf8.DecodeRuneInString(s.t.Body[end:])
	return n != '/' && n != '\\'
}

func (s *scan) originalBefore(at int, word string) bool {
	return strings.HasSuffix(s.t.Body[:at], word)
}

// doubled checks a run of marks that begins at an offset and returns its end (P9).
func (s *scan) doubled(start int) int {
	body := s.t.Body
	at := start
	var run []rune
	for at < len(body) {
		r, size := utf8.DecodeRuneInString(body[at:])
		if !strings.ContainsRune("。，、；：,;:", r) {
			break
		}
		run = append(run, r)
		at += size
	}
	if len(run) < 2 || start == 0 {
		return at
	}
	before, _ := utf8.DecodeLastRuneInString(body[:start])
	if !isHan(before) && !strings.ContainsRune("》”〕）)】\"’", before) && !(before < 0x80 && (digitRune(before) || before == '%')) {
		return at
	}
	right := ""
	stops := 0
	for _, r := range run {
		if r == '。' {
			stops++
		}
	}
	switch {
	case stops == len(run) && len(run) >= 3:
		s.at("P6", start, at, "……", "省略号应写作“……”。")
		return at
	case stops > 0 && run[len(run)-1] == '。':
		right = "。"
	case same(run):
		right = string(run[0])
	case run[0] == '、' && len(run) == 2:
		right = string(run[1])
	}
	s.at("P9", start, at, right, "标点重复，请核对。")
	return at
}

func same(run []rune) bool {
	for _, r := range run {
		if r != run[0] {
			return false
		}
	}
	return true
}

// etc checks 、等 (P12); 等级, 等额 and other words that begin with 等 are parts of a list.
func (s *scan) etc(at int) {
	rest := s.t.Body[at+len("、等"):]
	r, _ := utf8.DecodeRuneInString(rest)
	if strings.ContainsRune("级待额效同于值离温距压腰分保位比号第次高候量边容速张深效", r) {
		return
	}
	s.at("P12", at, at+len("、等"), "等", "“等”前不用顿号。")
}

// dots checks ASCII dots and hyphens beside Chinese and returns the offset behind them.
func (s *scan) dots(start int) int {
	body := s.t.Body
	end := start + 1
	for end < len(body) && body[end] == body[start] {
		end++
	}
	before, _ := utf8.DecodeLastRuneInString(body[:start])
	after, _ := utf8.DecodeRuneInString(body[end:])
	if !isHan(before) {
		return end
	}
	edge := end == len(body) || after == '\n' || isHan(after) || after == '”' || after == '）'
	switch {
	case body[start] == '.' && end-start >= 3 && end-start <= 6 && edge:
		s.at("P6", start, end, "……", "省略号应写作“……”。")
	case body[start] == '.' && end-start == 1 && (end == len(body) || after == '\n') && start > 30:
		s.at("P3", start, end, "。", "句末应使用句号“。”。")
	case body[start] == '-' && end-start == 2 && isHan(after):
		s.at("P7", start, end, "——", "破折号应写作“——”。")
	}
	return end
}
