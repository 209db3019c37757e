package hidden

import (
	"bytes"
	"strconv"
	"strings"
)

// pdfScanner reads values out of bytes.
type pdfScanner struct {
	b  []byte
	at int
}

func pdfSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}
func pdfMark(c byte) bool { return strings.IndexByte("()<>[]{}/%", c) >= 0 }

func (s *pdfScanner) blanks() {
	for s.at < len(s.b) {
		switch c := s.b[s.at]; {
		case pdfSpace(c):
			s.at++
		case c == '%':
			for s.at < len(s.b) && s.b[s.at] != '\n' && s.b[s.at] != '\r' {
				s.at++
			}
		default:
			return
		}
	}
}

// pdfEnd is what value gives at the end of the bytes and for a closing bracket.
type pdfEnd byte

// value reads the next value; R is looked for behind two numbers.
func (s *pdfScanner) value(depth int) any {
	s.blanks()
	if s.at >= len(s.b) || depth > pdfDeep {
		s.at = len(s.b)
		return pdfEnd(0)
	}
	switch c := s.b[s.at]; c {
	case '/':
		return s.name()
	case '(':
		return s.text()
	case '[':
		s.at++
		out := pdfArray{}
		for {
			v := s.value(depth + 1)
			if end, ok := v.(pdfEnd); ok {
				if end == 0 || end == ']' {
					return out
				}
				continue
			}
			out = append(out, v)
		}
	case '<':
		if s.at+1 < len(s.b) && s.b[s.at+1] == '<' {
			s.at += 2
			return s.dict(depth)
		}
		end := bytes.IndexByte(s.b[s.at:], '>')
		if end < 0 {
			s.at = len(s.b)
			return pdfText("")
		}
		digits := s.b[s.at+1 : s.at+end]
		s.at += end + 1
		return pdfText(unhex(digits))
	case '>':
		s.at++
		if s.at < len(s.b) && s.b[s.at] == '>' {
			s.at++
		}
		return pdfEnd('>')
	case ']', ')', '{', '}':
		s.at++
		return pdfEnd(c)
	}
	start := s.at
	for s.at < len(s.b) && !pdfSpace(s.b[s.at]) && !pdfMark(s.b[s.at]) {
		s.at++
	}
	word := string(s.b[start:s.at])
	if c := word[0]; c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.' {
		if ref, ok := s.ref(word); ok {
			return ref
		}
		return pdfNum(word)
	}
	if word == "null" {
		return nil
	}
	return pdfWord(word)
}

// ref reads the rest of "12 0 R".
func (s *pdfScanner) ref(word string) (pdfRef, bool) {
	num, err := strconv.Atoi(word)
	if err != nil || num < 0 {
		return pdfRef{}, false
	}
	i := s.at
	blank := func() bool {
		from := i
		for i < len(s.b) && pdfSpace(s.b[i]) {
			i++
		}
		return i > from
	}
	if !blank() {
		return pdfRef{}, false
	}
	from := i
	for i < len(s.b) && i < from+6 && s.b[i] >= '0' && s.b[i] <= '9' {
		i++
	}
	gen, err := strconv.Atoi(string(s.b[from:i]))
	if err != nil || !blank() || i >= len(s.b) || s.b[i] != 'R' || i+1 < len(s.b) && !pdfSpace(s.b[i+1]) && !pdfMark(s.b[i+1]) {
		return pdfRef{}, false
	}
	s.at = i + 1
	return pdfRef{num, gen}, true
}

func (s *pdfScanner) name() pdfName {
	s.at++
	start := s.at
	for s.at < len(s.b) && !pdfSpace(s.b[s.at]) && !pdfMark(s.b[s.at]) {
		s.at++
	}
	raw := string(s.b[start:s.at])
	if !strings.Contains(raw, "#") {
		return pdfName(raw)
	}
	var out []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if v, err := strconv.ParseUint(raw[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(v))
				i += 2
				continue
			}
		}
		out = append(out, raw[i])
	}
	return pdfName(out)
}

func (s *pdfScanner) dict(depth int) pdfDict {
	d := pdfDict{}
	for {
		key := s.value(depth + 1)
		switch k := key.(type) {
		case pdfEnd:
			if k == 0 || k == '>' {
				return d
			}
		case pdfName:
			v := s.value(depth + 1)
			if end, ok := v.(pdfEnd); ok {
				if end == 0 || end == '>' {
					return d
				}
				continue
			}
			d[string(k)] = v
		}
	}
}

func unhex(digits []byte) string {
	var out []byte
	high, half := byte(0), false
	for _, c := range digits {
		var v byte
		switch {
		case c >= '0' && c <= '9':
			v = c - '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			v = c | 0x20 - 'a' + 10
		default:
			continue
		}
		if half {
			out = append(out, high<<4|v)
		}
		high, half = v, !half
	}
	if half {
		out = append(out, high<<4)
	}
	return string(out)
}

func (s *pdfScanner) text() pdfText {
	s.at++
	var out []byte
	for level := 1; s.at < len(s.b); s.at++ {
		switch c := s.b[s.at]; c {
		case '(':
			level++
		case ')':
			if level--; level == 0 {
				s.at++
				return pdfText(out)
			}
		case '\\':
			s.at++
			if s.at >= len(s.b) {
				return pdfText(out)
			}
			switch c := s.b[s.at]; c {
			case 'n':
				out = append(out, '\n')
			case 'r':
				out = append(out, '\r')
			case 't':
				out = append(out, '\t')
			case 'b':
				out = append(out, '\b')
			case 'f':
				out = append(out, '\f')
			case '\n':
			case '\r':
				if s.at+1 < len(s.b) && s.b[s.at+1] == '\n' {
					s.at++
				}
			case '0', '1', '2', '3', '4', '5', '6', '7':
				v := 0
				for k := 0; k < 3 && s.at < len(s.b) && s.b[s.at] >= '0' && s.b[s.at] <= '7'; k++ {
					v = v*8 + int(s.b[s.at]-'0')
					s.at++
				}
				s.at--
				out = append(out, byte(v))
			default:
				out = append(out, c)
			}
			continue
		}
		out = append(out, s.b[s.at])
	}
	return pdfText(out)
}
