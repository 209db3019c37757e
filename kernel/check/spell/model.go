package spell

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Symbols of the model for what is no Chinese character it knows.
const (
	mark  = '_' // punctuation, the ends of a line
	digit = '0' // a number or a foreign word
	rare  = '?' // a Chinese character the model does not know
)

const (
	charBits  = 13 // of a character's number in a key
	levelBits = 6  // of a count's level in a slot
	levels    = 52 // A to z, two to a doubling
	longest   = 4  // characters in a run
)

// char is the number of a character in the model; 0 stands for none.
type char uint16

// model knows how often runs of up to four characters stand in official texts.
// Counts are levels: 0 is "not seen", each further one √2 times as many as the
// one before, beginning with 1.
type model struct {
	number map[rune]char
	low    []char    // number of the characters up to U+9FFF, for speed
	runes  []rune    // by number
	one    []float64 // count of each character
	total  float64
	pairs  pairs
	longer table
	count  [levels + 1]float64 // of a level
	back   [levels + 1]float64 // weight of the shorter run after a run of that level
}

// newModel reads the form that tools/spellmodel writes: a line for each character
// with the letter of its count before it; then, after a tab, the characters that
// follow it, and behind each in brackets those that follow both. A letter holds
// for the characters after it up to the next letter between the same brackets.
func newModel(file string) (*model, error) {
	m := &model{number: map[rune]char{}, low: make([]char, 0xA000), runes: []rune{0}, one: []float64{0}}
	for i := range levels {
		m.count[i+1] = math.Exp2(float64(i) / 2)
	}
	for i, n := range m.count {
		m.back[i] = 2 + math.Pow(n, 0.6)
	}
	for line := range strings.Lines(file) {
		level := letter(line[0])
		r, _ := utf8.DecodeRuneInString(line[1:])
		if level == 0 || r == utf8.RuneError {
			return nil, fmt.Errorf("%.4q does not begin with a letter and a character", line)
		}
		if m.number[r] != 0 {
			return nil, fmt.Errorf("%c has two lines", r)
		}
		n := char(len(m.runes))
		m.runes, m.number[r] = append(m.runes, r), n
		if int(r) < len(m.low) {
			m.low[r] = n
		}
		m.one = append(m.one, m.count[level])
		m.total += m.count[level]
	}
	if len(m.runes) > 1<<charBits || m.number[mark] == 0 || m.number[digit] == 0 || m.number[rare] == 0 {
		return nil, fmt.Errorf("%d characters, or a symbol is missing", len(m.runes))
	}
	m.pairs.init(len(m.runes))
	m.longer.init(len(file) / 5) // a run takes over three bytes, and not all are long
	for line := range strings.Lines(file) {
		if err := m.branch(strings.TrimSuffix(line, "\n")); err != nil {
			return nil, fmt.Errorf("%.4q…: %w", line, err)
		}
	}
	return m, nil
}

// branch reads one line's runs of two to four characters.
func (m *model) branch(line string) error {
	r, width := utf8.DecodeRuneInString(line[1:])
	path := [longest]char{m.index(r)} // the run that the next character goes on
	var level [longest]uint8          // that holds on each height
	var follow []pair
	depth, at := 1, 1+width
	if at < len(line) && line[at] == '\t' {
		at++
	}
	for at < len(line) {
		b := line[at]
		switch {
		case b == '(':
			depth++
			if depth >= longest || path[depth-1] == 0 {
				return fmt.Errorf("a bracket opens after nothing or too deep")
			}
			level[depth] = 0
			at++
		case b == ')':
			path[depth] = 0
			depth--
			if depth < 1 {
				return fmt.Errorf("a bracket closes that is not open")
			}
			at++
		case letter(b) != 0 && b != mark:
			level[depth] = letter(b)
			at++
		default:
			r, width := utf8.DecodeRuneInString(line[at:])
			n := m.index(r)
			if n == 0 || level[depth] == 0 {
				return fmt.Errorf("%c is not known or has no count", r)
			}
			at += width
			path[depth] = n
			switch depth {
			case 1:
				follow = append(follow, pair{n, level[1]})
			case 2:
				m.longer.put(key(path[:3]...), level[2])
			case 3:
				m.longer.put(key(path[:4]...), level[3])
			}
		}
	}
	if depth != 1 {
		return fmt.Errorf("a bracket is not closed")
	}
	if m.longer.full() {
		return fmt.Errorf("there are more runs than fit")
	}
	return m.pairs.put(path[0], follow)
}

// letter is the level a letter stands for; 0 for any other byte.
func letter(b byte) uint8 {
	switch {
	case b >= 'A' && b <= 'Z':
		return b - 'A' + 1
	case b >= 'a' && b <= 'z':
		return b - 'a' + 27
	}
	return 0
}

// pairs holds the levels of runs of two: a bit for each possible pair, and the
// levels of those that exist in their order. The bits are kept by the first and
// by the second character, so that many candidates beside one neighbour are
// asked within a few cache lines.
type pairs struct {
	words  int // of a row
	after  []uint64
	before []uint64
	base   []uint32 // levels before a word of after
	levels []uint8
}

// pair is a second character with the level of the run.
type pair struct {
	char  char
	level uint8
}

func (p *pairs) init(chars int) {
	p.words = (chars + 63) / 64
	p.after, p.before = make([]uint64, p.words*chars), make([]uint64, p.words*chars)
	p.base = make([]uint32, p.words*chars)
}

// put adds all runs that begin with a, which must be greater than any before.
func (p *pairs) put(a char, follow []pair) error {
	slices.SortFunc(follow, func(x, y pair) int { return int(x.char) - int(y.char) })
	row := int(a) * p.words
	n := len(p.levels)
	for i, f := range follow {
		if i > 0 && f.char == follow[i-1].char {
			return fmt.Errorf("a run of two stands twice")
		}
		p.after[row+int(f.char>>6)] |= 1 << (f.char & 63)
		p.before[int(f.char)*p.words+int(a>>6)] |= 1 << (a & 63)
		p.levels = append(p.levels, f.level)
	}
	for i := row; i < row+p.words; i++ {
		p.base[i] = uint32(n)
		n += bits.OnesCount64(p.after[i])
	}
	return nil
}

// two is the level of a run of two.
func (m *model) two(a, b char) uint8 {
	p := &m.pairs
	i := int(a)*p.words + int(b>>6)
	w, bit := p.after[i], uint64(1)<<(b&63)
	if w&bit == 0 {
		return 0
	}
	return p.levels[int(p.base[i])+bits.OnesCount64(w&(bit-1))]
}

// follows tells whether b is known after a; quick for one a and many b.
func (m *model) follows(a, b char) bool {
	return m.pairs.after[int(a)*m.pairs.words+int(b>>6)]>>(b&63)&1 != 0
}

// precedes tells the same; quick for one b and many a.
func (m *model) precedes(a, b char) bool {
	return m.pairs.before[int(b)*m.pairs.words+int(a>>6)]>>(a&63)&1 != 0
}

// table holds the levels of runs of three and four by open addressing.
type table struct {
	slots []uint64 // key<<levelBits | level
	shift uint
	used  int
}

// init makes room for about n runs.
func (t *table) init(n int) {
	size := uint(10)
	for 1<<size < n*3/2 {
		size++
	}
	t.slots, t.shift = make([]uint64, 1<<size), 64-size
}

// key is the one of a run.
func key(run ...char) uint64 {
	var k uint64
	for _, c := range run {
		k = k<<charBits | uint64(c)
	}
	return k
}

// slot is the place where the search for a key begins.
func (t *table) slot(key uint64) uint64 {
	key *= 0x9E3779B97F4A7C15
	return (key ^ key>>32) * 0xD6E8FEB86659FD93 >> t.shift
}

func (t *table) put(key uint64, level uint8) {
	if t.full() {
		return
	}
	t.used++
	i := t.slot(key)
	for t.slots[i] != 0 {
		i = (i + 1) & uint64(len(t.slots)-1)
	}
	t.slots[i] = key<<levelBits | uint64(level)
}

// full tells whether searches would begin to take long.
func (t *table) full() bool { return t.used*8 > len(t.slots)*7 }

func (t *table) get(key uint64) uint8 {
	for i := t.slot(key); ; i = (i + 1) & uint64(len(t.slots)-1) {
		s := t.slots[i]
		if s>>levelBits == key {
			return uint8(s & (1<<levelBits - 1))
		}
		if s == 0 {
			return 0
		}
	}
}

// three is the level of a run of three.
func (m *model) three(a, b, c char) uint8 {
	if !m.follows(a, b) || !m.follows(b, c) {
		return 0
	}
	return m.longer.get(uint64(a)<<(2*charBits) | uint64(b)<<charBits | uint64(c))
}

// symbol tells whether a number stands for no one Chinese character.
func (m *model) symbol(c char) bool {
	r := m.runes[c]
	return r == mark || r == digit || r == rare
}

// index is the number of a character the model knows, or of a symbol; 0 = neither.
func (m *model) index(r rune) char {
	if r >= 0 && int(r) < len(m.low) {
		return m.low[r]
	}
	return m.number[r]
}

// of is the number of a character or of the symbol that stands for it.
func (m *model) of(r rune) char {
	switch {
	case r > unicode.MaxASCII && m.index(r) != 0:
		return m.index(r)
	case unicode.Is(unicode.Han, r):
		return m.number[rare]
	case r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
		return m.number[digit]
	default:
		return m.number[mark]
	}
}

// common is how often a character was seen at least that may be proposed, and
// whose rarer ones betray a text that is not in ordinary simplified characters.
const common = 200

// foreign tells whether a text has so many characters the model hardly knows that
// it must be in traditional ones, classical or garbled: over one in eight, at least
// three. Official texts have under one in fifty.
func (m *model) foreign(text string) bool {
	all, unknown := 0, 0
	for _, r := range text {
		if r < 0x4E00 || r > 0x9FFF {
			continue
		}
		all++
		if m.one[m.low[r]] < common {
			unknown++
		}
	}
	return unknown >= 3 && unknown*8 > all
}

// chance is the natural logarithm of the probability that d follows a, b and c.
// Each longer run is mixed with the shorter one, which weighs the more, the less
// often the characters before d were seen.
func (m *model) chance(a, b, c, d char) float64 {
	p := (m.one[d] + 0.5) / m.total
	back := 2 + math.Sqrt(m.one[c])
	p = (m.count[m.two(c, d)] + back*p) / (m.one[c] + back)
	start := m.two(b, c)
	if start == 0 {
		return math.Log(p)
	}
	p = (m.count[m.three(b, c, d)] + m.back[start]*p) / (m.count[start] + m.back[start])
	start = m.three(a, b, c)
	if start == 0 {
		return math.Log(p)
	}
	four := m.longer.get(uint64(a)<<(3*charBits) | uint64(b)<<(2*charBits) | uint64(c)<<charBits | uint64(d))
	p = (m.count[four] + m.back[start]*p) / (m.count[start] + m.back[start])
	return math.Log(p)
}
