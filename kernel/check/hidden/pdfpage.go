package hidden

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// matrix is a transformation (ISO 32000-1, 8.3.3).
type matrix [6]float64

var plainMatrix = matrix{1, 0, 0, 1, 0, 0}

// times is m first, then o.
func (m matrix) times(o matrix) matrix {
	return matrix{
		m[0]*o[0] + m[1]*o[2], m[0]*o[1] + m[1]*o[3], m[2]*o[0] + m[3]*o[2], m[2]*o[1] + m[3]*o[3],
		m[4]*o[0] + m[5]*o[2] + o[4], m[4]*o[1] + m[5]*o[3] + o[5],
	}
}

func (m matrix) of(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// bounds is the box around a rectangle after the transformation.
func (m matrix) bounds(b box4) box4 {
	out := box4{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, c := range [4][2]float64{{b.x0, b.y0}, {b.x1, b.y0}, {b.x0, b.y1}, {b.x1, b.y1}} {
		x, y := m.of(c[0], c[1])
		out = box4{min(out.x0, x), min(out.y0, y), max(out.x1, x), max(out.y1, y)}
	}
	return out
}

// glyph is one letter at the middle of its place.
type glyph struct {
	x, y      float64
	white     bool
	invisible bool
	under     bool    // something was painted over it
	behind    bool    // a picture was
	backed    bool    // something was painted before it, in its place
	rough     bool    // how wide the font is was guessed
	fx, fy    float64 // where its string begins
}

// pdfState is the part of the graphics state that decides what is seen.
type pdfState struct {
	ctm        matrix
	white      bool   // the fill colour is white
	known      bool   // the fill colour is a plain one
	space      string // of the fill colour
	opaque     bool
	clip       box4 // what is drawn outside it is not seen
	ragged     bool // the clip is no rectangle
	font       *pdfFont
	size       float64
	char, word float64
	scale      float64
	leading    float64
	rise       float64
	mode       int
}

// pdfFont is how wide letters are, in thousandths of the size.
type pdfFont struct {
	two    bool // two bytes a letter
	rough  bool // the widths are guessed
	widths map[int]float64
	other  float64
}

// pdfCanvas follows what a page draws: where letters stand and what is painted
// over them.
type pdfCanvas struct {
	*pdfLook
	glyphs []glyph
	rows   map[int][]int // glyphs by their height, ten points a row
	covers []box4
	fonts  map[string]*pdfFont
	images int
	work   int // steps that are left
	off    int // open marked content of layers that are switched off
	marks  []bool
}

const (
	pdfSteps  = 3_000_000
	pdfGlyphs = 300_000
)

// page looks at one page.
func (l *pdfLook) page(page, own pdfDict) error {
	covers := l.annotations(page)
	l.decoded = 0 // of this page
	var content bytes.Buffer
	parts := l.array(page["Contents"])
	if parts == nil && page["Contents"] != nil {
		parts = pdfArray{page["Contents"]}
	}
	place := fmt.Sprintf("第%d页", l.pages)
	for _, part := range parts {
		s, ok := l.get(part).(*pdfStream)
		if !ok {
			continue
		}
		body, err := l.decode(s)
		if err != nil {
			l.left("H-FILE-UNREADABLE", place, "文件无法检查，不能发布：PDF页面的内容不能读取，请重新导出。")
			return nil
		}
		content.Write(body)
		content.WriteByte('\n')
	}
	c := &pdfCanvas{pdfLook: l, rows: map[int][]int{}, fonts: map[string]*pdfFont{}, work: pdfSteps}
	c.run(content.Bytes(), l.dict(own["Resources"]), pdfState{ctm: plainMatrix, known: true, opaque: true, scale: 1, clip: everywhere}, 0)
	for _, b := range covers {
		c.cover(b, false)
	}
	media := l.box(own["MediaBox"])
	view := media
	if own["CropBox"] != nil {
		view = l.box(own["CropBox"]).meets(media)
	}
	c.again()
	view = box4{view.x0 - 1, view.y0 - 1, view.x1 + 1, view.y1 + 1}
	boxed, pictured, unseen, outside, white := 0, 0, 0, 0, 0
	for _, g := range c.glyphs {
		switch {
		case !view.holds(g.x, g.y) && view.x1 > view.x0+2 && !(g.rough && view.holds(g.fx, g.fy)):
			outside++
		case g.under:
			boxed++
		case g.invisible:
			unseen++
		case g.behind:
			pictured++
		case g.white && !g.backed:
			white++
		}
	}
	l.letter += len(c.glyphs)
	l.images += c.images
	if boxed >= 2 {
		l.left("H-PDF-BOX", fmt.Sprintf("%s，约%d个字", place, boxed), "PDF含有可还原的内容：遮盖块下面还有文字，复制就能看到。请在原文件中删去文字再导出。")
	}
	if outside >= 4 {
		l.left("H-PDF-OUTSIDE", fmt.Sprintf("%s，约%d个字", place, outside), "PDF含有可还原的内容：页面以外还有文字。请在原文件中删去再导出。")
	}
	switch {
	case unseen >= 2:
		l.left("H-PDF-INVISIBLE", fmt.Sprintf("%s，约%d个字", place, unseen), "PDF有不显示的文字层（常见于扫描件识别），请确认它与图像一致，没有多出内容。")
	case pictured >= 2:
		l.left("H-PDF-INVISIBLE", fmt.Sprintf("%s，约%d个字", place, pictured), "PDF的图片下面还有文字，请确认可以公开，否则在原文件中删去再导出。")
	case white >= 2:
		l.left("H-PDF-INVISIBLE", fmt.Sprintf("%s，约%d个字", place, white), "PDF有白底白字，请在原文件中删去再导出。")
	}
	return nil
}

// again lets letters that were painted once more on top of what covered them be
// seen: a printer that draws a page in several passes hides nothing.
func (c *pdfCanvas) again() {
	for i := range c.glyphs {
		g := &c.glyphs[i]
		if !g.under && !g.behind {
			continue
		}
		for _, k := range c.rows[int(g.y/10)] {
			if c.work--; c.work < 0 {
				return
			}
			if o := &c.glyphs[k]; k > i && !o.under && !o.behind && math.Abs(o.x-g.x) < 1 && math.Abs(o.y-g.y) < 1 {
				g.under, g.behind = false, false
				break
			}
		}
	}
}

// cover paints over an area: what stands in it is no longer seen.
func (c *pdfCanvas) cover(b box4, picture bool) {
	if b.x1-b.x0 < 3 || b.y1-b.y0 < 3 || math.IsNaN(b.x0+b.y0+b.x1+b.y1) {
		return
	}
	for row := int(max(b.y0, -20000) / 10); row <= int(min(b.y1, 20000)/10) && c.work > 0; row++ {
		c.work--
		for _, i := range c.rows[row] {
			c.work--
			if g := &c.glyphs[i]; b.holds(g.x, g.y) {
				if picture {
					g.behind = true
				} else {
					g.under = true
				}
			}
		}
	}
	c.back(b)
}

// everywhere is larger than any page.
var everywhere = box4{-1e6, -1e6, 1e6, 1e6}

// run follows a content stream.
func (c *pdfCanvas) run(content []byte, resources pdfDict, s pdfState, depth int) {
	if depth > 12 {
		return
	}
	scan := &pdfScanner{b: content}
	var stack []pdfState
	var args []any
	var tm, line matrix
	var path []box4 // rectangles of the path
	other := false  // the path has something else
	var corners [][2]float64
	num := func(i int) float64 {
		if i < 0 || i >= len(args) {
			return 0
		}
		n, _ := args[i].(pdfNum)
		f, err := strconv.ParseFloat(string(n), 64)
		if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			return 0
		}
		return f
	}
	finish := func() { // four corners that make an upright rectangle are one
		if n := len(corners); n == 4 || n == 5 && corners[0] == corners[4] {
			b := box4{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
			straight := true
			for i, p := range corners[:4] {
				next := corners[(i+1)%4]
				straight = straight && (p[0] == next[0]) != (p[1] == next[1])
				b = box4{min(b.x0, p[0]), min(b.y0, p[1]), max(b.x1, p[0]), max(b.y1, p[1])}
			}
			if straight {
				path = append(path, b)
			} else {
				other = true
			}
		} else if n > 0 {
			other = true
		}
		corners = nil
	}
	// narrow carries out W: what follows is drawn inside the path only.
	clipping := false
	narrow := func() {
		if clipping {
			finish()
			if len(path) == 1 && !other {
				s.clip = s.clip.meets(s.ctm.bounds(path[0]))
			} else {
				s.ragged = true
			}
		}
		path, corners, other, clipping = nil, nil, false, false
	}
	fill := func() {
		finish()
		if c.off > 0 {
			return
		}
		if s.opaque && s.known && !s.ragged && !other && apart(path) {
			for _, b := range path {
				c.cover(s.ctm.bounds(b).meets(s.clip), false)
			}
		} else {
			c.back(s.clip) // its shape is not known: letters may stand on it, but are not under it
		}
	}
	for c.work > 0 {
		if c.work%4096 == 0 && c.ctx.Err() != nil {
			return
		}
		v := scan.value(0)
		if end, ok := v.(pdfEnd); ok {
			if end == 0 {
				return
			}
			continue
		}
		op, ok := v.(pdfWord)
		if !ok {
			if args = append(args, v); len(args) > 200 {
				args = args[100:]
			}
			continue
		}
		c.work--
		n := len(args)
		switch op {
		case "q":
			if len(stack) < 500 {
				stack = append(stack, s)
			}
		case "Q":
			if k := len(stack); k > 0 {
				s, stack = stack[k-1], stack[:k-1]
			}
		case "cm":
			s.ctm = matrix{num(n - 6), num(n - 5), num(n - 4), num(n - 3), num(n - 2), num(n - 1)}.times(s.ctm)
		case "gs":
			if name, ok := last(args).(pdfName); ok {
				g := c.dict(c.dict(resources["ExtGState"])[string(name)])
				if a, ok := c.get(g["ca"]).(pdfNum); ok {
					s.opaque = c.number(a) > 0.99
				}
				if mode := c.get(g["BM"]); mode != nil && mode != pdfName("Normal") && mode != pdfName("Compatible") {
					s.opaque = false
				}
				if mask := c.get(g["SMask"]); mask != nil && mask != pdfName("None") {
					s.opaque = false
				}
			}
		case "g":
			s.white, s.known, s.space = num(n-1) >= 0.98, true, "1"
		case "rg":
			s.white, s.known, s.space = num(n-1) >= 0.98 && num(n-2) >= 0.98 && num(n-3) >= 0.98, true, "3"
		case "k":
			s.white, s.known, s.space = num(n-1)+num(n-2)+num(n-3)+num(n-4) <= 0.02, true, "4"
		case "cs":
			s.space, s.white, s.known = "", false, true
			if name, ok := last(args).(pdfName); ok {
				s.space = c.colourSpace(name, resources)
			}
			s.known = s.space != "Pattern"
		case "sc", "scn":
			if s.space == "Pattern" {
				break
			}
			switch s.space {
			case "1":
				s.white = num(n-1) >= 0.98
			case "3":
				s.white = num(n-1) >= 0.98 && num(n-2) >= 0.98 && num(n-3) >= 0.98
			case "4":
				s.white = num(n-1)+num(n-2)+num(n-3)+num(n-4) <= 0.02
			default:
				s.white = false
			}
		case "re":
			x, y := num(n-4), num(n-3)
			w, h := num(n-2), num(n-1)
			if len(path) < 10_000 {
				path = append(path, box4{min(x, x+w), min(y, y+h), max(x, x+w), max(y, y+h)})
			}
		case "m":
			finish()
			corners = [][2]float64{{num(n - 2), num(n - 1)}}
		case "l":
			if corners = append(corners, [2]float64{num(n - 2), num(n - 1)}); len(corners) > 6 {
				corners, other = nil, true
			}
		case "c", "v", "y":
			corners, other = nil, true
		case "f", "F", "f*", "B", "B*", "b", "b*":
			fill()
			narrow()
		case "S", "s", "n":
			narrow()
		case "W", "W*":
			clipping = true
		case "sh":
			c.back(s.clip)
		case "BT":
			tm, line = plainMatrix, plainMatrix
		case "Tf":
			if name, ok := arg(args, n-2).(pdfName); ok {
				s.font, s.size = c.font(string(name), resources), num(n-1)
			}
		case "Tc":
			s.char = num(n - 1)
		case "Tw":
			s.word = num(n - 1)
		case "Tz":
			s.scale = num(n-1) / 100
		case "TL":
			s.leading = num(n - 1)
		case "Ts":
			s.rise = num(n - 1)
		case "Tr":
			s.mode = int(num(n - 1))
		case "Td", "TD":
			if op == "TD" {
				s.leading = -num(n - 1)
			}
			line = matrix{1, 0, 0, 1, num(n - 2), num(n - 1)}.times(line)
			tm = line
		case "Tm":
			line = matrix{num(n - 6), num(n - 5), num(n - 4), num(n - 3), num(n - 2), num(n - 1)}
			tm = line
		case "T*", "'", `"`:
			line = matrix{1, 0, 0, 1, 0, -s.leading}.times(line)
			tm = line
			if op == `"` {
				s.word, s.char = num(n-3), num(n-2)
			}
			if op != "T*" {
				c.show(&s, &tm, last(args))
			}
		case "Tj":
			c.show(&s, &tm, last(args))
		case "TJ":
			list, _ := last(args).(pdfArray)
			for _, x := range list {
				if shift, ok := x.(pdfNum); ok {
					f, err := strconv.ParseFloat(string(shift), 64)
					if err == nil {
						tm = matrix{1, 0, 0, 1, -f / 1000 * s.size * s.scale, 0}.times(tm)
					}
					continue
				}
				c.show(&s, &tm, x)
			}
		case "BDC", "BMC":
			hidden := false
			if tag, ok := arg(args, n-2).(pdfName); ok && op == "BDC" && tag == "OC" {
				if name, ok := last(args).(pdfName); ok {
					hidden = c.layerOff(c.dict(resources["Properties"])[string(name)])
				}
			}
			if len(c.marks) < 1000 {
				c.marks = append(c.marks, hidden)
				if hidden {
					c.off++
				}
			}
		case "EMC":
			if k := len(c.marks); k > 0 {
				if c.marks[k-1] {
					c.off--
				}
				c.marks = c.marks[:k-1]
			}
		case "Do":
			if name, ok := last(args).(pdfName); ok {
				c.draw(c.get(c.dict(resources["XObject"])[string(name)]), resources, s, depth)
			}
		case "BI":
			if i := bytes.Index(scan.b[scan.at:], []byte("ID")); i >= 0 {
				scan.at += i + 2
				if end := bytes.Index(scan.b[scan.at:], []byte("EI")); end >= 0 {
					for end >= 0 && !(end > 0 && pdfSpace(scan.b[scan.at+end-1]) && (scan.at+end+2 >= len(scan.b) || pdfSpace(scan.b[scan.at+end+2]))) {
						next := bytes.Index(scan.b[scan.at+end+2:], []byte("EI"))
						if next < 0 {
							end = -1
							break
						}
						end += 2 + next
					}
					if end >= 0 {
						scan.at += end + 2
					}
				}
				c.images++
			}
		}
		args = args[:0]
	}
}

// apart tells whether no two rectangles of a path lie in each other: then none is a
// hole of another.
func apart(path []box4) bool {
	if len(path) > 60 {
		return false
	}
	for i, a := range path {
		for _, b := range path[:i] {
			if m := a.meets(b); m.x1 > m.x0 && m.y1 > m.y0 {
				return false
			}
		}
	}
	return true
}

// back remembers that something was painted in an area.
func (c *pdfCanvas) back(b box4) {
	if len(c.covers) < 20_000 {
		c.covers = append(c.covers, b)
	}
}

func last(args []any) any { return arg(args, len(args)-1) }

func arg(args []any, i int) any {
	if i < 0 || i >= len(args) {
		return nil
	}
	return args[i]
}

// layerOff tells whether a layer, or every layer of a group, is switched off.
func (c *pdfCanvas) layerOff(v any) bool {
	if ref, ok := v.(pdfRef); ok && c.hidden[ref.num] {
		return true
	}
	d := c.dict(v)
	groups := c.array(d["OCGs"])
	if groups == nil && d["OCGs"] != nil {
		groups = pdfArray{d["OCGs"]}
	}
	for _, g := range groups {
		if ref, ok := g.(pdfRef); !ok || !c.hidden[ref.num] {
			return false
		}
	}
	return len(groups) > 0
}

// colourSpace is how many components of plain colour a space has, "Pattern", or
// "" where numbers say nothing about the look.
func (c *pdfCanvas) colourSpace(name pdfName, resources pdfDict) string {
	for range 5 {
		switch name {
		case "DeviceGray", "CalGray", "G":
			return "1"
		case "DeviceRGB", "CalRGB", "RGB":
			return "3"
		case "DeviceCMYK", "CMYK":
			return "4"
		case "Pattern":
			return "Pattern"
		}
		v := c.get(c.dict(resources["ColorSpace"])[string(name)])
		if n, ok := v.(pdfName); ok {
			name = n
			continue
		}
		a, _ := v.(pdfArray)
		if len(a) == 0 {
			return ""
		}
		switch first, _ := c.get(a[0]).(pdfName); first {
		case "ICCBased":
			if len(a) > 1 {
				if n, ok := pdfInt(c.get(c.dict(a[1])["N"])); ok {
					return strconv.Itoa(n)
				}
			}
			return ""
		case "Pattern", "CalRGB", "CalGray", "DeviceRGB", "DeviceGray", "DeviceCMYK":
			name = first
		default:
			return ""
		}
	}
	return ""
}

// font reads how wide the letters of a font are (ISO 32000-1, 9.7.4.3).
func (c *pdfCanvas) font(name string, resources pdfDict) *pdfFont {
	v := c.dict(resources["Font"])[name]
	key := name
	if ref, ok := v.(pdfRef); ok {
		key = strconv.Itoa(ref.num)
		if f := c.fonts[key]; f != nil {
			return f
		}
	}
	d := c.dict(v)
	f := &pdfFont{widths: map[int]float64{}, other: 500}
	c.fonts[key] = f
	if c.get(d["Subtype"]) == pdfName("Type0") {
		f.two, f.other = true, 1000
		down := c.dict(arg(c.array(d["DescendantFonts"]), 0))
		if w, ok := c.get(down["DW"]).(pdfNum); ok {
			f.other = c.number(w)
		}
		list := c.array(down["W"])
		for i := 0; i+1 < len(list); {
			first := int(c.number(list[i]))
			if run := c.array(list[i+1]); run != nil {
				for k, w := range run {
					f.widths[first+k] = c.number(w)
				}
				i += 2
				continue
			}
			if i+2 >= len(list) {
				break
			}
			w := c.number(list[i+2])
			for k := first; k <= int(c.number(list[i+1])) && k < first+70_000 && len(f.widths) < 200_000; k++ {
				f.widths[k] = w
			}
			i += 3
		}
		return f
	}
	if d["Widths"] == nil { // one of the fonts that every reader has
		f.rough = true
		base, _ := c.get(d["BaseFont"]).(pdfName)
		for k, w := range helvetica {
			switch {
			case strings.Contains(string(base), "Courier"):
				w = 600
			case strings.Contains(string(base), "Times"): // about a tenth narrower
				w = w * 9 / 10
			}
			f.widths[' '+k] = float64(w)
		}
	}
	first := int(c.number(d["FirstChar"]))
	for k, w := range c.array(d["Widths"]) {
		f.widths[first+k] = c.number(w)
	}
	if c.get(d["Subtype"]) == pdfName("Type3") { // widths are in the font's own measure
		if m := c.array(d["FontMatrix"]); len(m) == 6 {
			for k := range f.widths {
				f.widths[k] *= c.number(m[0]) * 1000
			}
		}
	}
	return f
}

// helvetica is how wide the letters from space to ~ are, in thousandths, in the
// font that most others of the standard fourteen resemble (Adobe's metrics).
var helvetica = [...]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

// show places the letters of a string.
func (c *pdfCanvas) show(s *pdfState, tm *matrix, v any) {
	text, ok := v.(pdfText)
	if !ok || s.font == nil {
		return
	}
	step := 1
	if s.font.two {
		step = 2
	}
	fx, fy := tm.times(s.ctm).of(0, 0)
	for i := 0; i+step <= len(text) && c.work > 0; i += step {
		c.work--
		code := int(text[i])
		if step == 2 {
			code = code<<8 | int(text[i+1])
		}
		w, known := s.font.widths[code]
		if !known {
			w = s.font.other
		}
		wide := w / 1000 * s.size
		blank := step == 1 && (code == 32 || code == 160) || step == 2 && (code == 32 || code == 0x3000)
		if !blank && c.off == 0 && s.mode != 7 && len(c.glyphs) < pdfGlyphs {
			at := tm.times(s.ctm)
			x, y := at.of(wide*s.scale/2, 0.3*s.size+s.rise)
			g := glyph{x: x, y: y, white: s.white && s.mode%4 == 0, invisible: s.mode == 3, rough: s.font.rough, fx: fx, fy: fy}
			if g.white {
				for _, b := range c.covers {
					if c.work--; b.holds(x, y) {
						g.backed = true
						break
					}
				}
			}
			row := int(y / 10)
			c.rows[row] = append(c.rows[row], len(c.glyphs))
			c.glyphs = append(c.glyphs, g)
		}
		move := wide + s.char
		if step == 1 && code == 32 {
			move += s.word
		}
		*tm = matrix{1, 0, 0, 1, move * s.scale, 0}.times(*tm)
	}
}

// draw follows a form, or puts a picture.
func (c *pdfCanvas) draw(v any, outer pdfDict, s pdfState, depth int) {
	stream, ok := v.(*pdfStream)
	if !ok || c.layerOff(stream.dict["OC"]) {
		return
	}
	switch c.get(stream.dict["Subtype"]) {
	case pdfName("Image"):
		c.images++
		d := stream.dict
		area := s.ctm.bounds(box4{0, 0, 1, 1}).meets(s.clip)
		if d["SMask"] == nil && d["Mask"] == nil && c.get(d["ImageMask"]) != pdfWord("true") && s.opaque && !s.ragged && c.off == 0 {
			c.cover(area, true)
		} else {
			c.back(area)
		}
	case pdfName("Form"):
		body, err := c.decode(stream)
		if err != nil {
			return
		}
		resources := c.dict(stream.dict["Resources"])
		if resources == nil {
			resources = outer
		}
		if m := c.array(stream.dict["Matrix"]); len(m) == 6 {
			s.ctm = matrix{c.number(m[0]), c.number(m[1]), c.number(m[2]), c.number(m[3]), c.number(m[4]), c.number(m[5])}.times(s.ctm)
		}
		c.run(body, resources, s, depth+1)
	}
}
