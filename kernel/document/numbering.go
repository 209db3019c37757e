package document

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// numbering computes the numbers that a word processor shows and does not store
// in the text (ECMA-376 part 1, 17.9).
type numbering struct {
	abstracts map[string]*abstractNum
	nums      map[string]*numInstance
}

type abstractNum struct {
	levels [9]*numLevel
	style  string // numStyleLink: the levels are those of another list
	count  [9]int // last number given, by level
	given  [9]bool
}

type numLevel struct {
	start   int
	format  string
	text    string // with %1 … %9
	legal   bool   // isLgl: all numbers decimal
	restart int    // lvlRestart: level (1-based) whose use restarts this one; -1 any above; 0 never
	style   string // pStyle
}

type numInstance struct {
	abstract string
	over     [9]*numLevel
	start    [9]*int
	used     [9]bool
}

func newNumbering() *numbering {
	return &numbering{abstracts: map[string]*abstractNum{}, nums: map[string]*numInstance{}}
}

func (n *numbering) read(t *tokens) error {
	return t.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "abstractNum":
			a := &abstractNum{}
			n.abstracts[attr(e, "abstractNumId")] = a
			return t.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "lvl":
					i, level, err := readLevel(t, e)
					if i >= 0 && i < 9 {
						a.levels[i] = level
					}
					return err
				case "numStyleLink":
					a.style = attr(e, "val")
				}
				return t.skip()
			})
		case "num":
			x := &numInstance{}
			n.nums[attr(e, "numId")] = x
			return t.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "abstractNumId":
					x.abstract = attr(e, "val")
				case "lvlOverride":
					at := number(attr(e, "ilvl"))
					if at < 0 || at > 8 {
						return t.skip()
					}
					return t.each(func(e xml.StartElement) error {
						switch e.Name.Local {
						case "startOverride":
							start := number(attr(e, "val"))
							x.start[at] = &start
						case "lvl":
							_, level, err := readLevel(t, e)
							x.over[at] = level
							return err
						}
						return t.skip()
					})
				}
				return t.skip()
			})
		}
		return t.skip()
	})
}

func readLevel(t *tokens, e xml.StartElement) (int, *numLevel, error) {
	l := &numLevel{format: "decimal", restart: -1}
	at := number(attr(e, "ilvl"))
	err := t.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "start":
			l.start = number(attr(e, "val"))
		case "numFmt":
			l.format = attr(e, "val")
		case "lvlText":
			l.text = attr(e, "val")
		case "isLgl":
			l.legal = on(e)
		case "lvlRestart":
			l.restart = number(attr(e, "val"))
		case "pStyle":
			l.style = attr(e, "val")
		case "AlternateContent": // newer formats: the choice names them by an example
			return t.each(func(e xml.StartElement) error {
				if e.Name.Local != "Fallback" {
					return t.skip()
				}
				return t.each(func(e xml.StartElement) error {
					if e.Name.Local == "numFmt" {
						l.format = attr(e, "val")
					}
					return t.skip()
				})
			})
		}
		return t.skip()
	})
	return at, l, err
}

// link follows lists that borrow their levels from a numbering style.
func (n *numbering) link(styles map[string]*docxStyle) {
	for _, a := range n.abstracts {
		if a.style == "" {
			continue
		}
		if s := styles[a.style]; s != nil {
			if x := n.nums[s.numID]; x != nil {
				if b := n.abstracts[x.abstract]; b != nil {
					a.levels = b.levels
				}
			}
		}
	}
}

// next gives a paragraph its number. level is -1 when the paragraph does not
// say; then the level that names style, else the first, is meant.
func (n *numbering) next(numID string, level int, style string) string {
	x := n.nums[numID]
	if x == nil {
		return ""
	}
	a := n.abstracts[x.abstract]
	if a == nil {
		return ""
	}
	at := func(i int) *numLevel {
		if x.over[i] != nil {
			return x.over[i]
		}
		return a.levels[i]
	}
	if level < 0 {
		level = 0
		for i := range 9 {
			if l := at(i); l != nil && style != "" && l.style == style {
				level = i
				break
			}
		}
	}
	l := at(level)
	if l == nil {
		return ""
	}
	switch first := !x.used[level]; {
	case first && x.start[level] != nil:
		a.count[level] = *x.start[level]
	case !a.given[level]:
		a.count[level] = l.start
	default:
		a.count[level]++
	}
	x.used[level], a.given[level] = true, true
	for i := level + 1; i < 9; i++ {
		if below := at(i); below != nil && (below.restart < 0 || below.restart > level) {
			a.given[i] = false
		}
	}
	return l.show(func(i int) (int, string) {
		other := at(i)
		if other == nil {
			return 1, "decimal"
		}
		if !a.given[i] {
			return other.start, other.format
		}
		return a.count[i], other.format
	})
}

// show fills the level's text with numbers.
func (l *numLevel) show(value func(level int) (int, string)) string {
	if l.format == "bullet" {
		for _, r := range l.text {
			if r >= 0xE000 && r <= 0xF8FF { // a sign of a symbol font
				return "•"
			}
		}
		return trim(l.text)
	}
	var b strings.Builder
	for i := 0; i < len(l.text); i++ {
		if c := l.text[i]; c == '%' && i+1 < len(l.text) && l.text[i+1] >= '1' && l.text[i+1] <= '9' {
			i++
			n, format := value(int(l.text[i] - '1'))
			if l.legal {
				format = "decimal"
			}
			b.WriteString(FormatNumber(n, format))
			continue
		}
		b.WriteByte(l.text[i])
	}
	return trim(b.String())
}

// FormatNumber writes n in one of the number formats of ECMA-376 part 1, 17.18.59
// that Chinese documents use; an unknown format is decimal.
func FormatNumber(n int, format string) string {
	switch format {
	case "none":
		return ""
	case "chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand", "japaneseCounting":
		return han(n, "零一二三四五六七八九", "十百千", "万", format == "taiwaneseCounting" || format == "chineseCounting")
	case "chineseLegalSimplified":
		return hanFull(n, "零壹贰叁肆伍陆柒捌玖", "拾佰仟", "万")
	case "ideographLegalTraditional":
		return hanFull(n, "零壹貳參肆伍陸柒捌玖", "拾佰仟", "萬")
	case "ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand", "koreanDigital2":
		return digits(n, []rune("〇一二三四五六七八九"))
	case "ideographTraditional":
		return cycle(n, "甲乙丙丁戊己庚辛壬癸")
	case "ideographZodiac":
		return cycle(n, "子丑寅卯辰巳午未申酉戌亥")
	case "decimalFullWidth", "decimalFullWidth2":
		return digits(n, []rune("０１２３４５６７８９"))
	case "decimalZero":
		if n < 10 && n >= 0 {
			return "0" + strconv.Itoa(n)
		}
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		switch {
		case n >= 1 && n <= 20:
			return string(rune('①' + n - 1))
		case n >= 21 && n <= 35:
			return string(rune('㉑' + n - 21))
		case n >= 36 && n <= 50:
			return string(rune('㊱' + n - 36))
		}
	case "decimalEnclosedParen":
		if n >= 1 && n <= 20 {
			return string(rune('⑴' + n - 1))
		}
	case "decimalEnclosedFullstop":
		if n >= 1 && n <= 20 {
			return string(rune('⒈' + n - 1))
		}
	case "ideographEnclosedCircle":
		if n >= 1 && n <= 10 {
			return string(rune('㊀' + n - 1))
		}
	case "upperLetter":
		return letters(n, 'A')
	case "lowerLetter":
		return letters(n, 'a')
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "ordinal":
		return strconv.Itoa(n) + "."
	}
	return strconv.Itoa(n)
}

// digits writes the decimal digits of n one by one.
func digits(n int, as []rune) string {
	var b strings.Builder
	for _, c := range strconv.Itoa(n) {
		if c >= '0' && c <= '9' {
			c = as[c-'0']
		}
		b.WriteRune(c)
	}
	return b.String()
}

// cycle names n ≥ 1 by a ring of signs.
func cycle(n int, signs string) string {
	ring := []rune(signs)
	if n < 1 {
		return strconv.Itoa(n)
	}
	return string(ring[(n-1)%len(ring)])
}

// han counts in words: 十一, 二十, 一百零五. With plain set only numbers below 100
// are counted; Word writes larger ones of those formats digit by digit (一〇五).
func han(n int, names, places, wan string, plain bool) string {
	switch {
	case n < 0 || n > 99_999_999:
		return strconv.Itoa(n)
	case plain && n >= 100:
		return digits(n, []rune("〇一二三四五六七八九"))
	case n >= 10 && n < 20:
		return strings.TrimPrefix(hanFull(n, names, places, wan), string([]rune(names)[1]))
	}
	return hanFull(n, names, places, wan)
}

// hanFull counts with every place written: 壹拾, 壹佰零伍.
func hanFull(n int, names, places, wan string) string {
	name, place := []rune(names), []rune(places)
	if n < 0 || n > 99_999_999 {
		return strconv.Itoa(n)
	}
	if n == 0 {
		return string(name[0])
	}
	below := func(n int, lead bool) string {
		var b strings.Builder
		zero := false
		for i, unit := range []int{1000, 100, 10, 1} {
			d := n / unit % 10
			if d == 0 {
				zero = zero || b.Len() > 0 || lead
				continue
			}
			if zero {
				b.WriteRune(name[0])
				zero = false
			}
			b.WriteRune(name[d])
			if unit > 1 {
				b.WriteRune(place[2-i])
			}
		}
		return b.String()
	}
	if n < 10_000 {
		return below(n, false)
	}
	return below(n/10_000, false) + wan + below(n%10_000, true)
}

// letters writes A … Z, AA, BB … as word processors do.
func letters(n int, first rune) string {
	if n < 1 || n > 26*30 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(first+rune((n-1)%26)), (n-1)/26+1)
}

func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for i, v := range []int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1} {
		for ; n >= v; n -= v {
			b.WriteString([]string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"}[i])
		}
	}
	return b.String()
}
