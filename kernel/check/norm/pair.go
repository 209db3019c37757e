package norm

import (
	"strings"
	"unicode/utf8"
)

// pair is an opening mark that waits for its other half.
type pair struct {
	at   int // in the text itself
	r    rune
	line int
}

// kindOf tells what a bracket encloses with, whether it opens, and whether it is full-width.
func kindOf(r rune) (kind byte, opens, full bool) {
	switch r {
	case '（':
		return '(', true, true
	case '）':
		return '(', false, true
	case '(':
		return '(', true, false
	case ')':
		return '(', false, false
	case '《':
		return '<', true, true
	case '》':
		return '<', false, true
	case '〈':
		return '[', true, true
	case '〉':
		return '[', false, true
	case '【':
		return 'b', true, true
	case '】':
		return 'b', false, true
	case '〔', '﹝':
		return 't', true, true
	case '〕', '﹞':
		return 't', false, true
	}
	return 0, false, false
}

// pairs looks at quotation marks, brackets and book marks (P1, P4, P5, F9).
func (s *scan) pairs() {
	var open, quotes []pair
	lines := 0 // that are not empty since the oldest open bracket
	for i, l := range s.t.Lines {
		text := s.t.Of(l.Span)
		trimmed := strings.TrimSpace(text)
		if l.Cell || strings.Contains(trimmed, "\t") {
			s.unclosed(s.brackets(text, l.Start, i, nil))
			continue
		}
		if trimmed == "" {
			continue // pages and layouts put empty lines into sentences
		}
		open = s.brackets(text, l.Start, i, open)
		quotes = s.quotes(text, l.Start, i, quotes)
		if lines++; len(open) == 0 {
			lines = 0
		}
		if ends(trimmed) || lines > 6 {
			s.unclosed(open)
			open, lines = open[:0], 0
		}
	}
}

// ends tells whether a line ends a paragraph rather than was broken by its layout.
func ends(text string) bool {
	return hasSuffix(text, "。", "；", "：", "！", "？", ".", ";", ":", "!", "?", "”", "）", ")", "》", "】")
}

// brackets walks over a line and returns what is still open.
func (s *scan) brackets(text string, at, line int, open []pair) []pair {
	if !strings.ContainsAny(text, "（）()《》〈〉【】〔〕﹝﹞") {
		return open
	}
	han := strings.IndexFunc(text, isHan) >= 0
	for i, r := range text {
		kind, opens, full := kindOf(r)
		if kind == 0 || !han {
			continue
		}
		if opens {
			if r == '《' && len(open) > 0 && open[len(open)-1].r == '《' && open[len(open)-1].line == line {
				s.nested(text, at, open[len(open)-1].at-at, i)
			}
			open = append(open, pair{at + i, r, line})
			if len(open) > 40 {
				open = open[:0]
			}
			continue
		}
		match := len(open) - 1
		for match >= 0 {
			if k, _, _ := kindOf(open[match].r); k == kind {
				break
			}
			match--
		}
		if match < 0 {
			if !label(text[:i]) && !(kind == '[') {
				s.at("P5", at+i, at+i+utf8.RuneLen(r), "", "“%c”没有相对的另一半，请核对。", r)
			}
			continue
		}
		o := open[match]
		for _, lost := range open[match+1:] {
			if k, _, _ := kindOf(lost.r); k != '[' {
				s.at("P5", lost.at, lost.at+utf8.RuneLen(lost.r), "", "“%c”没有相对的另一半，请核对。", lost.r)
			}
		}
		open = open[:match]
		if _, _, openFull := kindOf(o.r); openFull != full && kind == '(' {
			odd, wrong, right := o.at, o.r, "（"
			if openFull {
				odd, wrong, right = at+i, r, "）"
			}
			s.at("P5", odd, odd+utf8.RuneLen(wrong), right, "括号两边应同为全角。")
		}
	}
	return open
}

// label tells whether a closing bracket ends a number of a list: 1) a) 一）.
func label(before string) bool {
	at := len(before)
	n := 0
	for at > 0 && n < 3 {
		r, size := utf8.DecodeLastRuneInString(before[:at])
		if !hanDigit(r) && !(r < 0x80 && (digitRune(r) || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')) && !(r >= '①' && r <= '⑳') {
			break
		}
		at -= size
		n++
	}
	if n == 0 {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(before[:at])
	return at == 0 || strings.ContainsRune(" \u3000。；，、：.,;:\t", r)
}

// unclosed reports what nothing closed.
func (s *scan) unclosed(open []pair) {
	for _, o := range open {
		if k, _, _ := kindOf(o.r); k == '[' || k == 'b' && utf8.RuneCountInString(s.t.Of(s.t.Lines[o.line].Span)) < 20 {
			continue // a comparison; the buttons of a page
		}
		s.at("P5", o.at, o.at+utf8.RuneLen(o.r), "", "“%c”没有相对的另一半，请核对。", o.r)
	}
}

// nested proposes 〈〉 inside 《》 (F9).
func (s *scan) nested(text string, at, outer, inner int) {
	end := strings.Index(text[inner:], "》")
	if end < 0 || !strings.Contains(text[inner+end+len("》"):], "》") {
		return // the outer one is not closed: P5
	}
	title := text[inner+len("《") : inner+end]
	if strings.Contains(title, "《") {
		return
	}
	s.at("F9", at+inner, at+inner+end+len("》"), "〈"+title+"〉", "书名号内再用书名号，里面用单书名号〈〉。")
}

// quotes walks over the quotation marks of a line and returns those still open.
func (s *scan) quotes(text string, at, line int, open []pair) []pair {
	if !strings.ContainsAny(text, "“”\"") {
		return open
	}
	straight := strings.Count(text, "\"")
	first := strings.IndexFunc(text, func(r rune) bool { return r != ' ' && r != '\u3000' })
	for i, r := range text {
		switch r {
		case '“':
			if len(open) > 0 {
				o := open[len(open)-1]
				switch {
				case i == first && o.line < line: // each paragraph of a long quotation opens anew
				case o.line == line || line-o.line > 3:
					s.lone(o)
				}
				open = open[:0]
			}
			open = append(open, pair{at + i, r, line})
		case '”':
			if len(open) > 0 {
				open = open[:0]
				continue
			}
			if straight == 1 {
				continue // reported below, with the straight one
			}
			// ”重点“ : the two marks are the wrong way round
			if rest := text[i+len("”"):]; strings.Index(rest, "“") > 0 && !strings.Contains(rest[:strings.Index(rest, "“")], "”") && strings.Index(rest, "“") < 60 && closes(rest[strings.Index(rest, "“")+len("“"):]) {
				inner := rest[:strings.Index(rest, "“")]
				s.at("P4", at+i, at+i+len("”")+len(inner)+len("“"), "“"+inner+"”", "引号方向相反，应写作“%s”。", inner)
				return open
			}
			s.at("P4", at+i, at+i+len("”"), "", "引号没有相对的另一半，请核对。")
		}
	}
	if straight > 0 {
		s.straight(text, at, straight, &open)
	}
	if len(open) > 0 && ends(strings.TrimSpace(text)) && line+1 < len(s.t.Lines) && !s.goesOn(line) {
		s.lone(open[len(open)-1])
		open = open[:0]
	}
	return open
}

// closes tells whether no quotation stands in the rest of a line, or one that is right.
func closes(rest string) bool {
	i, j := strings.Index(rest, "”"), strings.Index(rest, "“")
	return i < 0 || j >= 0 && j < i
}

// goesOn tells whether the quotation that a line leaves open is closed later: a
// following line has a closing mark before an opening one, or begins with an opening one.
func (s *scan) goesOn(line int) bool {
	next := true // the next line that is not empty
	for k := line + 1; k < len(s.t.Lines) && k <= line+40; k++ {
		text := strings.TrimLeft(s.t.Of(s.t.Lines[k].Span), " \u3000")
		if next && strings.HasPrefix(text, "“") {
			return true
		}
		next = next && text == ""
		open, closing := strings.Index(text, "“"), strings.Index(text, "”")
		if closing >= 0 && (open < 0 || closing < open) {
			return true
		}
		if open >= 0 {
			return false
		}
	}
	return false
}

func (s *scan) lone(o pair) {
	s.at("P4", o.at, o.at+utf8.RuneLen(o.r), "", "引号没有相对的另一半，请核对。")
}

// straight checks ASCII quotation marks beside Chinese: a pair is advice, a lone one
// or one that answers “ is an error.
func (s *scan) straight(text string, at, count int, open *[]pair) {
	i := strings.IndexByte(text, '"')
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i+1:])
	if !isHan(before) && !isHan(after) {
		return
	}
	if count%2 == 1 {
		s.at("P4", at+i, at+i+1, "", "引号没有相对的另一半，请核对。")
		*open = (*open)[:0]
		return
	}
	if j := strings.IndexByte(text[i+1:], '"'); j > 0 && j < 300 {
		inner := text[i+1 : i+1+j]
		s.report(hint("P4", at+i, at+i+j+2, "“"+inner+"”", "中文里应使用弯引号“”。"))
	}
}
