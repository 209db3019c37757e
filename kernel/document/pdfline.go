package document

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// rect is a box in points, y upwards.
type rect struct{ x0, x1, y0, y1 float64 }

func (r rect) middle() (x, y float64) { return (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2 }

// letter is one letter at its place: x0 and x1 are where it begins and the next
// one would begin, y is the line it stands on, em the size of the letters there.
type letter struct {
	r             rune
	x0, x1, y, em float64
	turn          int8 // quarter turns clockwise, or -1 for a slant
}

// pdfPage is what stands on a page, before it is put in order.
type pdfPage struct {
	rect
	number       int
	letters      []letter
	seen         int    // letters other than blanks
	strange      int    // letters without a meaning in Unicode
	across, down []rect // drawn lines, horizontal and vertical
}

func (p *pdfPage) width() float64  { return p.x1 - p.x0 }
func (p *pdfPage) height() float64 { return p.y1 - p.y0 }

// letter adds a letter that begins at x and y and is turned by an angle.
func (p *pdfPage) letter(r rune, at rect, x, y, angle float64) {
	if r == '\uFFFD' || r >= 0xE000 && r <= 0xF8FF || r < 0x20 {
		p.strange++
	}
	if unicode.IsSpace(r) {
		r = ' '
	} else {
		p.seen++
	}
	quarter := angle / (math.Pi / 2)
	turn := int8(-1)
	if whole := math.Round(quarter); math.Abs(quarter-whole) < 0.1 {
		turn = int8(int(whole) & 3)
	}
	l := letter{r: r, x0: x, y: y, turn: turn}
	wide, high := at.x1-at.x0, at.y1-at.y0
	switch turn {
	case 0:
		l.x1 = max(at.x1, x)
	case 1:
		l.x1, wide, high = x+high, high, wide
	case 2:
		l.x1 = x + wide
	case 3:
		l.x1, wide, high = x+high, high, wide
	}
	// Box heights differ between fonts and even letters; a Han letter is as wide as
	// it is large.
	l.em = high
	if wide > 0.5*high && fullWidth(r) {
		l.em = wide
	}
	if l.em > 0 && l.em < 1000 {
		p.letters = append(p.letters, l)
	}
}

// upright turns a page whose letters mostly stand on their side, and drops slanted
// letters, which are stamps across the page.
func (p *pdfPage) upright() {
	var count [4]int
	for _, l := range p.letters {
		if l.turn >= 0 {
			count[l.turn]++
		}
	}
	turn := 0
	for k, n := range count {
		if n > count[turn] {
			turn = k
		}
	}
	if count[turn] > 0 {
		p.letters = slices.DeleteFunc(p.letters, func(l letter) bool { return l.turn < 0 })
	}
	if turn == 0 {
		return
	}
	place := func(x, y float64) (float64, float64) {
		switch turn {
		case 1:
			return p.y1 - y, x - p.x0
		case 2:
			return p.x1 - x, p.y1 - y
		}
		return y - p.y0, p.x1 - x
	}
	for i := range p.letters {
		l := &p.letters[i]
		wide := l.x1 - l.x0
		l.x0, l.y = place(l.x0, l.y)
		l.x1 = l.x0 + wide
	}
	turned := func(r rect) rect {
		ax, ay := place(r.x0, r.y0)
		bx, by := place(r.x1, r.y1)
		return rect{min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)}
	}
	for i := range p.across {
		p.across[i] = turned(p.across[i])
	}
	for i := range p.down {
		p.down[i] = turned(p.down[i])
	}
	if turn != 2 {
		p.across, p.down = p.down, p.across
	}
	p.rect = turned(p.rect)
}

// pdfLine is one line of text.
type pdfLine struct {
	text string
	rect
	em    float64 // size of the letters
	sure  bool    // there are Han letters, so that em is right
	y     float64 // what the letters stand on
	head  float64 // width of what cannot be parted from its beginning
	tail  float64 // width of the blanks after it
	parts []pdfPart
}

// pdfPart is a stretch of a line between wide gaps.
type pdfPart struct {
	text   string
	x0, x1 float64
}

// row is the letters of one line from left to right.
type row []letter

// rows sorts letters into lines from the top down. Letters a little above or below
// the others, as notes are, belong to the same line.
func rows(letters []letter) []row {
	slices.SortStableFunc(letters, func(a, b letter) int { return compare(b.y, a.y) })
	var out []row
	var y, em float64 // of the largest letter of the line
	for _, l := range letters {
		if n := len(out); n > 0 && y-l.y < 0.45*max(em, l.em) {
			out[n-1] = append(out[n-1], l)
		} else {
			out = append(out, row{l})
			y, em = l.y, l.em
		}
		if l.em > em {
			y, em = l.y, l.em
		}
	}
	for i, r := range out {
		slices.SortStableFunc(r, func(a, b letter) int { return compare(a.x0, b.x0) })
		// A letter printed twice almost in one place is a bold one.
		out[i] = slices.CompactFunc(r, func(a, b letter) bool { return a.r == b.r && math.Abs(b.x0-a.x0) < 0.2*a.em })
	}
	return out
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// size is the size of a row's letters; sure says that it is known from letters as
// wide as they are large, for the boxes of others are as high as their font likes.
func (r row) size() (em float64, sure bool) {
	for _, l := range r {
		if unicode.Is(unicode.Han, l.r) {
			em = max(em, l.em)
		}
	}
	if em > 0 {
		return em, true
	}
	for _, l := range r {
		em = max(em, l.em)
	}
	return em, false
}

// gap is the room before the letter at i.
func (r row) gap(i int) float64 { return r[i].x0 - r[i-1].x1 }

// line writes a row's text with its blanks: between Han a gap of most of a letter
// is one, between other letters much less. Rows that are spread out as a whole
// have wider gaps everywhere.
func (r row) line() pdfLine {
	em, sure := r.size()
	usual := 0.0
	if len(r) > 2 {
		gaps := make([]float64, 0, len(r)-1)
		for i := 1; i < len(r); i++ {
			gaps = append(gaps, r.gap(i))
		}
		slices.Sort(gaps)
		usual = max(0, gaps[len(gaps)/2])
	}
	x := pdfLine{em: em, sure: sure, y: r[0].y, rect: rect{x0: r[0].x0, x1: r[0].x1}}
	var all, part strings.Builder
	begin := 0
	end := func(i int) {
		x.parts = append(x.parts, pdfPart{part.String(), r[begin].x0, r[i-1].x1})
		part.Reset()
		begin = i
	}
	for i, l := range r {
		blank := ""
		if i > 0 {
			before := r[i-1].r
			switch gap := r.gap(i) - usual; {
			case gap > 1.5*em:
				end(i)
				all.WriteString("　")
			case gap > 0.75*em:
				blank = "　"
			case gap+usual > 0.16*em && !fullWidth(before) && !fullWidth(l.r):
				blank = " "
			}
		}
		if l.em >= 0.95*em {
			x.y = l.y
		}
		all.WriteString(blank + string(l.r))
		part.WriteString(blank + string(l.r))
		x.x1 = max(x.x1, l.x1)
	}
	end(len(r))
	x.text = all.String()
	x.y0, x.y1 = x.y-0.15*em, x.y+0.85*em
	x.head = r[r.whole()-1].x1 - r[0].x0
	return x
}

// whole counts the letters at the beginning of a row that stay together when a
// line is broken: a word, a sign that may not begin a line and what it follows.
func (r row) whole() int {
	n := 1
	for n < len(r) && n < 20 {
		a, b := r[n-1].r, r[n].r
		word := !fullWidth(a) && !fullWidth(b) && r.gap(n) < 0.16*r[n].em
		if !word && !strings.ContainsRune(neverFirst, b) && !strings.ContainsRune(neverLast, a) {
			break
		}
		n++
	}
	return n
}

// neverFirst begin no line and neverLast end none.
const (
	neverFirst = "，。．、；：？！）》」』】〕〉”’％,.;:?!)]}%·…—"
	neverLast  = "（《「『【〔〈“‘([{"
)

// fullWidth reports letters that take a whole square.
func fullWidth(r rune) bool {
	return wide(r) || unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r >= 0x2460 && r <= 0x24FF
}

// lines makes lines of letters from the top down.
func lines(letters []letter) []pdfLine {
	found := rows(letters)
	out := make([]pdfLine, 0, len(found))
	for _, r := range found {
		// Only blanks at the end of a line say more than the gaps between letters.
		tail := 0.0
		for n := len(r); n > 0 && r[n-1].r == ' '; n-- {
			tail += r[n-1].x1 - r[n-1].x0
		}
		if r = slices.DeleteFunc(r, func(l letter) bool { return l.r == ' ' }); len(r) > 0 {
			x := r.line()
			x.tail = tail
			out = append(out, x)
		}
	}
	return out
}
