package norm

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

const hanDigits = "〇一二三四五六七八九"

// hanRune is the digit n (0–9) in Chinese.
func hanRune(n int) string { return hanDigits[3*n : 3*n+3] }

// digitOf is the value of a single Chinese digit, or -1.
func digitOf(r rune) int {
	switch r {
	case '零', '○', '◯', 'O', 'o', '0':
		return 0
	case '两':
		return 2
	}
	if i := strings.IndexRune(hanDigits, r); i >= 0 {
		return i / 3
	}
	return -1
}

// hanValue reads 二〇二二, 十六, 一百零五, 三万二千. It fails on other orders and
// above 9,999 亿.
func hanValue(text string) (int64, bool) {
	var total, section, digit int64
	digit = -1
	positional, units := true, false
	var plain int64
	count := 0
	for _, r := range text {
		count++
		var unit int64
		switch r {
		case '十':
			unit = 10
		case '百':
			unit = 100
		case '千':
			unit = 1000
		case '万':
			unit = 10000
		case '亿':
			unit = 100000000
		}
		switch {
		case unit == 0:
			d := digitOf(r)
			if d < 0 {
				return 0, false
			}
			if digit > 0 && units {
				return 0, false // 十二三
			}
			plain = plain*10 + int64(d)
			if plain > 1e13 {
				return 0, false
			}
			digit = int64(d)
		case unit < 10000:
			positional, units = false, true
			if digit < 0 {
				digit = 1
			}
			section += digit * unit
			digit = -1
		default:
			positional, units = false, true
			if digit > 0 {
				section += digit
			}
			if section == 0 {
				return 0, false
			}
			total += section * unit
			if total > 1e13 {
				return 0, false
			}
			section, digit = 0, -1
		}
	}
	if count == 0 {
		return 0, false
	}
	if positional {
		return plain, true
	}
	if digit > 0 {
		section += digit
	}
	return total + section, true
}

// value is the whole number of a numeral.
func (s *scan) value(n num) (int64, bool) {
	text := s.s[n.start:n.end]
	if n.han {
		return hanValue(text)
	}
	if n.chain || len(text) > 15 {
		return 0, false
	}
	v, err := strconv.ParseInt(strings.ReplaceAll(text, ",", ""), 10, 64)
	return v, err == nil
}

// hanNumber writes 0–99 in Chinese.
func hanNumber(n int) string {
	switch {
	case n < 0 || n > 99:
		return ""
	case n < 10:
		return hanRune(n)
	}
	out := "十"
	if n >= 20 {
		out = hanRune(n/10) + out
	}
	if n%10 > 0 {
		out += hanRune(n % 10)
	}
	return out
}

// decimal is a number with its decimal places: 12.50 is {1250, 2}.
type decimal struct {
	v      int64
	places int
}

// parseDecimal reads 1,234.50; at most 15 digits.
func parseDecimal(text string) (decimal, bool) {
	var d decimal
	digits, dot := 0, false
	for i := range len(text) {
		switch c := text[i]; {
		case isDigit(c):
			d.v = d.v*10 + int64(c-'0')
			digits++
			if dot {
				d.places++
			}
		case c == '.' && !dot:
			dot = true
		case c != ',' || dot:
			return d, false
		}
	}
	return d, digits > 0 && digits <= 15 && d.places <= 6
}

// float is the value of a decimal.
func (d decimal) float() float64 { return float64(d.v) / pow10(d.places) }

// half is half a unit of the last place: what rounding may have taken or added.
func (d decimal) half() float64 { return 0.5 / pow10(d.places) }

func (d decimal) String() string { return strconv.FormatFloat(d.float(), 'f', d.places, 64) }

func pow10(n int) float64 {
	p := 1.0
	for range n {
		p *= 10
	}
	return p
}

// amount reads a sum of money in words, 壹万贰仟叁佰元伍角整, in fen. It fails on
// other characters.
func amount(text string) (fen int64, ok bool) {
	var section, total, digit int64
	seen, yuan := false, false
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		if d := strings.IndexRune("零壹贰叁肆伍陆柒捌玖", r); d >= 0 {
			digit, seen = int64(d/3), true
			continue
		}
		switch r {
		case '拾':
			if digit == 0 && section == 0 {
				digit = 1
			}
			section, digit = section+digit*10, 0
		case '佰':
			section, digit = section+digit*100, 0
		case '仟':
			section, digit = section+digit*1000, 0
		case '万':
			total, section, digit = total+(section+digit)*10000, 0, 0
		case '亿':
			total, section, digit = (total+section+digit)*100000000, 0, 0
		case '元', '圆':
			fen, section, total, digit, yuan = (total+section+digit)*100, 0, 0, 0, true
		case '角':
			fen, digit = fen+digit*10, 0
		case '分':
			fen, digit = fen+digit, 0
		case '整', '正':
		default:
			return 0, false
		}
		if total > 1e12 {
			return 0, false
		}
	}
	return fen, seen && yuan
}
