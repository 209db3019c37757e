package spell

import (
	"math"
	"strings"
	"unicode/utf8"
)

// line is a paragraph as the model sees it.
type line struct {
	chars  []char // padded with marks
	runes  []rune
	at     []int     // where each begins, in bytes; where the text ends, behind it
	chance []float64 // of each after those before it, as a logarithm; NaN = not yet asked
	still  []bool    // stands in a title, in quotation marks or is no Chinese character
}

// Marks around a line: as many as the longest run needs.
const (
	before = 3
	behind = 5
)

// quoted is the number of characters up to which titles and quotations are left alone.
const quoted = 60

// read fills a line from a text; spaces are passed over, marks and digits that
// follow one another count once.
func (l *line) read(m *model, text string) {
	l.chars, l.runes, l.at, l.still = l.chars[:0], l.runes[:0], l.at[:0], l.still[:0]
	none := m.number[mark]
	for range before {
		l.put(none, 0, 0, true)
	}
	last, end := none, 0
	for at, r := range text {
		if r == ' ' || r == '\u3000' {
			continue
		}
		if closing := closes(r); closing != "" && at >= end {
			if n := strings.Index(text[at:min(len(text), at+3*quoted+len(closing))], closing); n >= 0 {
				end = at + n
			}
		}
		if (r == '〔' || r == '[' || r == '［' || r == '【' || r == '(' || r == '（') && year(text[at:]) {
			for k := len(l.still) - 1; k >= 0 && k >= len(l.still)-numbered && !m.symbol(l.chars[k]); k-- {
				l.still[k] = true // 财办函〔2020〕1号: abbreviations of offices
			}
		}
		c := m.of(r)
		if c != last || !m.symbol(c) || c == m.number[rare] {
			l.put(c, r, at, at < end || r < 0x3400)
		}
		last = c
	}
	for range behind {
		l.put(none, 0, len(text), true)
	}
	l.chance = l.chance[:0]
	for range l.chars {
		l.chance = append(l.chance, math.NaN())
	}
}

func (l *line) put(c char, r rune, at int, still bool) {
	l.chars, l.runes, l.at, l.still = append(l.chars, c), append(l.runes, r), append(l.at, at), append(l.still, still)
}

// numbered is how many characters of a document's number stand before its year.
const numbered = 8

// year tells whether a text goes on with a bracket and a year.
func year(text string) bool {
	_, n := utf8.DecodeRuneInString(text)
	text = text[n:]
	return strings.HasPrefix(text, "20") || strings.HasPrefix(text, "19")
}

// closes is the mark that ends what a mark begins.
func closes(r rune) string {
	switch r {
	case '《':
		return "》"
	case '“':
		return "”"
	case '「':
		return "」"
	case '‘':
		return "’"
	}
	return ""
}

// mend puts other characters into the line, so that their neighbours are judged
// beside what was meant.
func (l *line) mend(m *model, f find) {
	for k := range f.size {
		l.chars[f.at+k] = f.meant[k]
		l.runes[f.at+k] = m.runes[f.meant[k]]
		l.still[f.at+k] = true
	}
	for i := f.at; i < f.at+f.size+3; i++ {
		l.chance[i] = math.NaN()
	}
}

// sum is the chance of size characters and of the three that depend on them.
func (l *line) sum(m *model, i, size int) float64 {
	s := 0.0
	for j := i; j < i+size+3; j++ {
		if math.IsNaN(l.chance[j]) {
			l.chance[j] = m.chance(l.chars[j-3], l.chars[j-2], l.chars[j-1], l.chars[j])
		}
		s += l.chance[j]
	}
	return s
}

// with is the same sum with other characters in their place.
func (l *line) with(m *model, i int, meant ...char) float64 {
	var w [before + 2 + 3]char
	n := copy(w[:], l.chars[i-before:i+len(meant)+3])
	copy(w[before:], meant)
	s := 0.0
	for j := before; j < n; j++ {
		s += m.chance(w[j-3], w[j-2], w[j-1], w[j])
	}
	return s
}

// find is a place where one or two characters were probably meant otherwise.
type find struct {
	at    int // index in the line
	size  int
	meant [2]char
	like  like    // the loosest
	gain  float64 // by how much the model likes the line better, in nats
	score float64 // log odds that the writer erred
}

// Places less odd than these are never an error that could be shown: bounds taken
// from the finds whose score was high enough.
const (
	oddOne    = -19.0 // chance of one character and the three behind
	oddTwo    = -34.0 // chance of two characters and the three behind
	leastOne  = 6.0   // gain of one
	leastTwo  = 18.0  // gain of two
	knownSide = 8     // level beside an outer neighbour
	knownPair = 12    // level of two characters that make a word
)

// cost is what a like takes off the gain.
var cost = [ways]float64{nearSound: 1.5, sameShape: 1}

// strange tells whether a character may be judged and official texts do not have
// it between its two neighbours. Most of a text is dismissed here. A character
// alone between marks or numbers says nothing, and what follows a surname with
// which it makes no word is the name of somebody.
func (c *Checker) strange(l *line, i int) bool {
	m, x := c.model, l.chars
	if l.still[i] || m.three(x[i-1], x[i], x[i+1]) != 0 || m.symbol(x[i-1]) && m.symbol(x[i+1]) {
		return false
	}
	return !(surnames[l.runes[i-1]] && m.two(x[i-1], x[i]) < knownPair ||
		surnames[l.runes[i-2]] && m.two(x[i-2], x[i-1]) < knownPair)
}

// single looks for one strange character that was meant otherwise.
func (c *Checker) single(l *line, i int) (find, bool) {
	m, x := c.model, l.chars
	odd := l.sum(m, i, 1)
	if odd > oddOne {
		return find{}, false
	}
	best := find{at: i, size: 1, gain: math.Inf(-1)}
	for _, t := range c.twins[l.runes[i]] {
		left, right := m.follows(x[i-1], t.char), m.precedes(t.char, x[i+1])
		if !(left && (m.three(x[i-2], x[i-1], t.char) != 0 || right && m.three(x[i-1], t.char, x[i+1]) != 0) ||
			right && m.three(t.char, x[i+1], x[i+2]) != 0) {
			continue
		}
		gain := l.with(m, i, t.char) - odd - cost[t.like]
		if gain > best.gain {
			best.gain, best.meant[0], best.like = gain, t.char, t.like
		}
	}
	if best.gain < leastOne {
		return find{}, false
	}
	best.score = c.weigh(l, best, odd)
	return best, true
}

// double looks for two strange neighbours that were both meant otherwise, as 元泽 for 原则.
func (c *Checker) double(l *line, i int) (find, bool) {
	m, x := c.model, l.chars
	odd := l.sum(m, i, 2)
	if odd > oddTwo || m.two(x[i], x[i+1]) > knownSide {
		return find{}, false
	}
	// Both must be known beside their outer neighbour, else the pairs are too many.
	var first, second [64]twin
	firsts, seconds := first[:0], second[:0]
	for _, a := range c.twins[l.runes[i]] {
		if m.two(x[i-1], a.char) >= knownSide {
			firsts = append(firsts, a)
		}
	}
	if len(firsts) == 0 {
		return find{}, false
	}
	for _, b := range c.twins[l.runes[i+1]] {
		if m.precedes(b.char, x[i+2]) && m.two(b.char, x[i+2]) >= knownSide {
			seconds = append(seconds, b)
		}
	}
	best := find{at: i, size: 2, gain: math.Inf(-1)}
	for _, a := range firsts {
		for _, b := range seconds {
			if m.two(a.char, b.char) < knownPair {
				continue
			}
			gain := l.with(m, i, a.char, b.char) - odd - cost[a.like] - cost[b.like]
			if gain > best.gain {
				best.gain, best.meant, best.like = gain, [2]char{a.char, b.char}, max(a.like, b.like)
			}
		}
	}
	if best.gain < leastTwo {
		return find{}, false
	}
	best.score = c.weigh(l, best, odd)
	return best, true
}
