package document

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// docReader reads the binary format of Word 97 to 2003 ([MS-DOC]).
type docReader struct {
	budget
	ctx    context.Context
	word   []byte // stream WordDocument
	table  []byte // stream 0Table or 1Table
	data   []byte // stream Data: properties too long for their page
	pieces []piece
	paras  []propRun
	chars  []propRun
	nums   *numbering
	styles []docStyle
	skips  []bool // per open field: inside its instruction
	doc    *Document
}

// piece is a stretch of the text ([MS-DOC] 2.8.35).
type piece struct {
	cp, end int
	fc      int
	single  bool // one byte a character, cp1252
}

// propRun is a run of text with its property modifiers, by places in the file.
type propRun struct {
	fc, end int
	style   int // paragraphs only
	sprms   []byte
}

var errDoc = errors.New("offset outside the stream")

// part returns n bytes at a place of b, or nil when they are not there.
func part(b []byte, at, n int) []byte {
	if at < 0 || n < 0 || at > len(b) || n > len(b)-at {
		return nil
	}
	return b[at : at+n]
}

func readDoc(ctx context.Context, data []byte, limits Limits) (*Document, error) {
	word, err := stream(data, limits, "WordDocument")
	if err != nil {
		return nil, err
	}
	fib := part(word, 0, 0x2F2)
	if fib == nil || le16(fib) != 0xA5EC {
		if len(word) > 2 && (le16(word) == 0xA5DC || le16(word) == 0xA5DB || le16(word) == 0xA59B) {
			return nil, refused("是 Word 6.0/95 或更早的格式，无法读取。请用 Word 或 WPS 打开后另存为 .docx 再上传")
		}
		return nil, damaged(errDoc, "Word 文件头")
	}
	flags := le16(fib[0x0A:])
	switch {
	case flags&0x0100 != 0:
		return nil, encrypted()
	case le16(fib[2:]) < 0xC0:
		return nil, refused("是 Word 6.0/95 或更早的格式，无法读取。请用 Word 或 WPS 打开后另存为 .docx 再上传")
	}
	name := "0Table"
	if flags&0x0200 != 0 {
		name = "1Table"
	}
	r := &docReader{budget: budget{limits: limits}, ctx: ctx, word: word, doc: &Document{Format: string(KindDoc)}}
	if r.table, err = stream(data, limits, name); err != nil {
		return nil, err
	}
	if r.data, err = stream(data, limits, "Data"); err != nil {
		return nil, err
	}
	field := func(at int) []byte { return part(r.table, int(le32(fib[at:])), int(le32(fib[at+4:]))) }
	if err := r.readPieces(field(0x1A2)); err != nil {
		return nil, err
	}
	r.chars = r.readRuns(field(0xFA), false)
	r.paras = r.readRuns(field(0x102), true)
	r.readStyles(field(0xA2))
	r.nums = r.readLists(int(le32(fib[0x2E2:])), int(le32(fib[0x2E6:])), field(0x2EA))

	count := func(at int) int { return int(int32(le32(fib[at:]))) }
	main := count(0x4C)
	if err := r.text(0, main); err != nil {
		return nil, err
	}
	// Text boxes stand behind footnotes, headers, macros, comments and endnotes.
	boxes := main
	for at := 0x50; at < 0x64; at += 4 {
		boxes += count(at)
	}
	if n := count(0x64); n > 1 {
		r.skips = nil
		if err := r.text(boxes, boxes+n); err != nil {
			return nil, err
		}
	}
	return r.doc, nil
}

// readPieces reads the piece table out of the Clx.
func (r *docReader) readPieces(clx []byte) error {
	for len(clx) >= 3 && clx[0] == 1 { // property modifiers of fast saves
		n := 3 + int(le16(clx[1:]))
		if n > len(clx) {
			return damaged(errDoc, "文字分段表")
		}
		clx = clx[n:]
	}
	if len(clx) < 5 || clx[0] != 2 {
		return damaged(errDoc, "文字分段表")
	}
	plc := part(clx, 5, int(le32(clx[1:])))
	if len(plc) < 16 {
		return damaged(errDoc, "文字分段表")
	}
	n, total := (len(plc)-4)/12, 0
	for i := range n {
		p := piece{cp: int(le32(plc[4*i:])), end: int(le32(plc[4*i+4:]))}
		fc := le32(plc[4*(n+1)+8*i+2:])
		p.single = fc&0x4000_0000 != 0
		p.fc = int(fc & 0x3FFF_FFFF)
		width := 2
		if p.single {
			p.fc, width = p.fc/2, 1
		}
		if total += (p.end - p.cp) * width; p.end < p.cp || part(r.word, p.fc, (p.end-p.cp)*width) == nil || total > len(r.word) {
			return damaged(errDoc, "文字分段表")
		}
		r.pieces = append(r.pieces, p)
	}
	return nil
}

// readRuns reads the pages of property modifiers (FKP) of paragraphs or characters.
func (r *docReader) readRuns(plc []byte, paragraphs bool) []propRun {
	var runs []propRun
	n := (len(plc) - 4) / 8
	for i := range max(0, n) {
		page := part(r.word, int(le32(plc[4*(n+1)+4*i:])&0x3F_FFFF)*512, 512)
		if page == nil {
			continue
		}
		count := int(page[511])
		size := 1
		if paragraphs {
			size = 13
		}
		if 4*(count+1)+size*count > 511 {
			continue
		}
		for j := range count {
			run := propRun{fc: int(le32(page[4*j:])), end: int(le32(page[4*j+4:]))}
			if at := int(page[4*(count+1)+size*j]) * 2; at > 0 {
				run.style, run.sprms = propBytes(page, at, paragraphs)
			}
			runs = append(runs, run)
		}
	}
	sort.SliceStable(runs, func(i, j int) bool { return runs[i].fc < runs[j].fc })
	return runs
}

func propBytes(page []byte, at int, paragraphs bool) (style int, sprms []byte) {
	n := int(page[at])
	if !paragraphs {
		return 0, part(page, at+1, n)
	}
	at, n = at+1, 2*n-1
	if n < 0 { // a count in words follows
		if at >= len(page) {
			return 0, nil
		}
		at, n = at+1, 2*int(page[at])
	}
	b := part(page, at, n)
	if len(b) < 2 {
		return 0, nil
	}
	return int(le16(b)), b[2:]
}

// run finds the run that covers a place of the file.
func run(runs []propRun, fc int) *propRun {
	i := sort.Search(len(runs), func(i int) bool { return runs[i].end > fc })
	if i < len(runs) && runs[i].fc <= fc {
		return &runs[i]
	}
	return nil
}

// eachSprm calls f for every property modifier ([MS-DOC] 2.2.5.1).
func eachSprm(b []byte, f func(op uint16, arg []byte)) {
	for len(b) >= 3 {
		op := le16(b)
		b = b[2:]
		n := 0
		switch op >> 13 {
		case 0, 1:
			n = 1
		case 2, 4, 5:
			n = 2
		case 3:
			n = 4
		case 7:
			n = 3
		case 6:
			if op == 0xD608 { // sprmTDefTable: its length is one too many and takes two bytes
				if len(b) < 2 {
					return
				}
				n = 1 + int(le16(b))
			} else {
				n = 1 + int(b[0])
			}
		}
		if n > len(b) {
			return
		}
		f(op, b[:n])
		b = b[n:]
	}
}

// docStyle is a paragraph style: the one it is based on and what it changes.
type docStyle struct {
	base  int
	sprms []byte
}

// readStyles reads the style sheet ([MS-DOC] 2.9.271). What is broken there costs
// the looks of paragraphs, not their text.
func (r *docReader) readStyles(stsh []byte) {
	if len(stsh) < 6 {
		return
	}
	count, fixed := int(le16(stsh[2:])), int(le16(stsh[4:]))
	rest := part(stsh, 2+int(le16(stsh)), len(stsh)-2-int(le16(stsh)))
	for ; count > 0 && len(rest) >= 2; count-- {
		n := int(le16(rest))
		std := part(rest, 2, n)
		if std == nil {
			return
		}
		rest = rest[min(len(rest), 2+n+n%2):]
		style := docStyle{base: 0xFFF}
		if name := part(std, fixed, 2); name != nil && fixed >= 6 && std[2]&15 == 1 {
			style.base = int(le16(std[2:]) >> 4)
			at := fixed + 2 + 2*int(le16(name)) + 2
			at += at % 2
			if size := part(std, at, 2); size != nil {
				if papx := part(std, at+2, int(le16(size))); len(papx) > 2 {
					style.sprms = papx[2:]
				}
			}
		}
		r.styles = append(r.styles, style)
	}
}

// styleSprms applies what a style and those it is based on say, the basic ones first.
func (r *docReader) styleSprms(style, depth int, apply func(uint16, []byte)) {
	if style < len(r.styles) && depth < 11 { // styles are at most eleven deep
		r.styleSprms(r.styles[style].base, depth+1, apply)
		eachSprm(r.styles[style].sprms, apply)
	}
}

// docPara is what matters here of a paragraph's properties.
type docPara struct {
	table, rowEnd, innerCell, innerRow bool
	depth                              int
	center                             bool
	outline                            int // -1 unknown
	list, level                        int
	row                                docRowDef
}

type docRowDef struct {
	edges  []int // twips, one more than cells
	flags  []uint16
	header bool
}

func (r *docReader) paraProps(p *propRun) docPara {
	out := docPara{outline: -1}
	if p == nil {
		return out
	}
	if p.style >= 1 && p.style <= 9 { // the built-in headings always have these places
		out.outline = p.style - 1
	}
	apply := func(op uint16, arg []byte) {
		switch op {
		case 0x2416:
			out.table = arg[0] != 0
		case 0x2417:
			out.rowEnd = arg[0] != 0
		case 0x244B:
			out.innerCell = arg[0] != 0
		case 0x244C:
			out.innerRow = arg[0] != 0
		case 0x6649:
			out.depth = int(int32(le32(arg)))
		case 0x2403, 0x2461:
			out.center = arg[0] == 1
		case 0x2640:
			out.outline = int(arg[0])
		case 0x460B:
			out.list = int(int16(le16(arg)))
		case 0x260A:
			out.level = int(arg[0])
		case 0x3404:
			out.row.header = arg[0] != 0
		case 0xD608:
			out.row.define(arg)
		case 0xD62B: // sprmTVertMerge
			if len(arg) >= 3 && int(arg[1]) < len(out.row.flags) {
				f := &out.row.flags[arg[1]]
				*f &^= 0x60
				if arg[2]&1 != 0 {
					*f |= 0x20
				}
				if arg[2]&2 != 0 {
					*f |= 0x40
				}
			}
		case 0x5624: // sprmTMerge
			for i := int(arg[0]); i < int(arg[1]) && i < len(out.row.flags); i++ {
				out.row.flags[i] &^= 3
				if i == int(arg[0]) {
					out.row.flags[i] |= 1
				} else {
					out.row.flags[i] |= 2
				}
			}
		}
	}
	r.styleSprms(p.style, 0, apply)
	eachSprm(p.sprms, func(op uint16, arg []byte) {
		if op == 0x6646 || op == 0x6645 { // the properties stand in the stream Data
			at := int(le32(arg))
			if n := part(r.data, at, 2); n != nil {
				eachSprm(part(r.data, at+2, int(le16(n))), apply)
			}
			return
		}
		apply(op, arg)
	})
	return out
}

// define reads sprmTDefTable: edges of the cells and 20 bytes for each.
func (d *docRowDef) define(arg []byte) {
	b := arg[2:]
	if len(b) < 1 {
		return
	}
	n := int(b[0])
	if n > 63 || len(b) < 1+2*(n+1) {
		return
	}
	d.edges, d.flags = make([]int, n+1), make([]uint16, n)
	for i := range d.edges {
		d.edges[i] = int(int16(le16(b[1+2*i:])))
	}
	tcs := b[1+2*(n+1):]
	for i := range d.flags {
		if len(tcs) >= 20*i+2 {
			d.flags[i] = le16(tcs[20*i:])
		}
	}
}

// charProps says what a character's run makes of it.
func charProps(p *propRun) (gone, bold bool) {
	if p == nil {
		return false, false
	}
	eachSprm(p.sprms, func(op uint16, arg []byte) {
		switch op {
		case 0x0800, 0x083C: // deleted under tracking, hidden
			gone = gone || arg[0] == 1
		case 0x0835:
			bold = arg[0] == 1 || arg[0] == 0x81
		}
	})
	return gone, bold
}

// docText gathers a paragraph.
type docText struct {
	units       []uint16
	seen, light bool
}

// text reads the characters from cp to end into blocks.
func (r *docReader) text(cp, end int) error {
	tb := &docTableBuilder{r: r}
	var t docText
	var chars *propRun
	gone, bold := false, false
	for _, p := range r.pieces {
		width := 2
		if p.single {
			width = 1
		}
		for i := max(p.cp, cp); i < min(p.end, end); i++ {
			fc := p.fc + (i-p.cp)*width
			if i%65536 == 0 && r.ctx.Err() != nil {
				return r.ctx.Err()
			}
			if chars == nil || fc < chars.fc || fc >= chars.end {
				chars = run(r.chars, fc)
				gone, bold = charProps(chars)
			}
			var c uint16
			if p.single {
				c = uint16(charmap.Windows1252.DecodeByte(r.word[fc]))
			} else {
				c = le16(r.word[fc:])
			}
			if c == 0x0D || c == 0x07 || c == 0x0C {
				if err := tb.paragraph(&t, r.paraProps(run(r.paras, fc)), c); err != nil {
					return err
				}
				t = docText{}
				continue
			}
			r.char(&t, c, gone, bold)
		}
	}
	if len(t.units) > 0 {
		if err := tb.paragraph(&t, docPara{outline: -1}, 0x0D); err != nil {
			return err
		}
	}
	return tb.end()
}

// char adds one character; of fields only the result stays.
func (r *docReader) char(t *docText, c uint16, gone, bold bool) {
	switch c {
	case 0x13:
		r.skips = append(r.skips, true)
		return
	case 0x14:
		if n := len(r.skips); n > 0 {
			r.skips[n-1] = false
		}
		return
	case 0x15:
		if n := len(r.skips); n > 0 {
			r.skips = r.skips[:n-1]
		}
		return
	}
	if gone {
		return
	}
	for _, skip := range r.skips {
		if skip {
			return
		}
	}
	switch {
	case c == 0x0B, c == 0x0E:
		c = '\n'
	case c == 0x1E:
		c = '-'
	case c < 0x20 && c != '\t': // pictures, notes, soft hyphens
		return
	}
	t.units = append(t.units, c)
	if c > 0x20 && c != 0x3000 && c != 0xA0 {
		t.seen = true
		t.light = t.light || !bold
	}
}

// docTableBuilder puts paragraphs into blocks and rows into tables.
type docTableBuilder struct {
	r    *docReader
	rows []docRowCells
	row  [][]Paragraph
	cell []Block
}

type docRowCells struct {
	def   docRowDef
	cells [][]Paragraph
}

func (b *docTableBuilder) paragraph(t *docText, props docPara, mark uint16) error {
	inTable := props.table || props.depth > 0
	made := Paragraph{Text: string(utf16.Decode(t.units)), Center: props.center, Bold: t.seen && !t.light}
	if props.outline >= 0 && props.outline < 9 {
		made.Heading = props.outline + 1
	}
	if props.list > 0 && made.Text != "" {
		made.Number = b.r.nums.next(fmt.Sprint(props.list), min(props.level, 8), "")
	}
	if !inTable {
		if err := b.end(); err != nil {
			return err
		}
		if mark == 0x0C && made.Text == "" {
			return nil // a page break
		}
		return b.r.lines(&b.r.doc.Blocks, made)
	}
	if props.rowEnd {
		if n := len(props.row.edges) - 1; n < 0 || n == len(b.row) {
			b.rows = append(b.rows, docRowCells{props.row, b.row})
		} else { // the definition speaks of other cells: without it
			b.rows = append(b.rows, docRowCells{docRowDef{header: props.row.header}, b.row})
		}
		b.row, b.cell = nil, nil
		return nil
	}
	if props.innerRow {
		return nil
	}
	if err := b.r.lines(&b.cell, made); err != nil {
		return err
	}
	if mark == 0x07 {
		if err := b.r.budget.cell(len(b.row) + 1); err != nil {
			return err
		}
		b.row, b.cell = append(b.row, flatten(b.cell)), nil
	}
	return nil
}

// end closes the table that is open.
func (b *docTableBuilder) end() error {
	if len(b.row) > 0 || len(b.cell) > 0 { // the file ends inside a row
		b.rows = append(b.rows, docRowCells{docRowDef{}, append(b.row, flatten(b.cell))})
	}
	rows := b.rows
	b.rows, b.row, b.cell = nil, nil, nil
	if len(rows) == 0 {
		return nil
	}
	edges := columnEdges(rows)
	t := &Table{Rows: len(rows), Merges: len(edges) > 0}
	above := map[int]int{} // column → index of the cell there
	for r, row := range rows {
		last, col := -1, 0 // the cell before and where it ends
		for i, paras := range row.cells {
			c := Cell{Row: r, Col: col, RowSpan: 1, ColSpan: 1, Paras: paras, Header: row.def.header}
			var flags uint16
			if i < len(row.def.flags) {
				flags = row.def.flags[i]
				c.Col = max(col, nearest(edges, row.def.edges[i]))
				c.ColSpan = max(1, nearest(edges, row.def.edges[i+1])-c.Col)
			}
			col = c.Col + c.ColSpan
			t.Cols = max(t.Cols, col)
			if flags&2 != 0 && last >= 0 { // merged with the cell before it
				t.Cells[last].ColSpan = col - t.Cells[last].Col
				continue
			}
			if at, ok := above[c.Col]; ok && flags&0x60 == 0x20 && t.Cells[at].Row+t.Cells[at].RowSpan == r && t.Cells[at].ColSpan == c.ColSpan {
				t.Cells[at].RowSpan++
				last = -1
				continue
			}
			t.Cells = append(t.Cells, c)
			last = len(t.Cells) - 1
			above[c.Col] = last
		}
	}
	if t.Cols > b.r.limits.Cols {
		return tooManyCols(b.r.limits.Cols)
	}
	if len(t.Cells) > 0 {
		b.r.doc.Blocks = append(b.r.doc.Blocks, Block{Table: t})
	}
	return b.r.block()
}

// sameEdge is how far two edges of cells may lie apart, in twips, to be drawn as
// one: rows made by hand are never quite even.
const sameEdge = 60

// columnEdges gathers the edges of all rows' cells; nil when a row does not tell
// its edges.
func columnEdges(rows []docRowCells) []int {
	var all []int
	for _, row := range rows {
		if len(row.def.edges) == 0 {
			return nil
		}
		// Rows that are shifted as a whole are lined up at their left.
		shift := rows[0].def.edges[0] - row.def.edges[0]
		if shift > -4*sameEdge && shift < 4*sameEdge {
			for i := range row.def.edges {
				row.def.edges[i] += shift
			}
		}
		all = append(all, row.def.edges...)
	}
	sort.Ints(all)
	edges := all[:1]
	for _, x := range all[1:] {
		if x-edges[len(edges)-1] > sameEdge {
			edges = append(edges, x)
		}
	}
	return edges
}

// nearest is the index of the edge closest to x; without edges there are none to find.
func nearest(edges []int, x int) int {
	i := sort.SearchInts(edges, x)
	if i == len(edges) || i > 0 && x-edges[i-1] <= edges[i]-x {
		i--
	}
	return max(i, 0)
}

// numberFormat names the number formats of [MS-OSHARED] 2.2.1.3 as .docx does.
var numberFormat = map[byte]string{
	0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 5: "ordinal", 10: "ideographDigital", 11: "japaneseCounting",
	14: "decimalFullWidth", 16: "ideographLegalTraditional", 17: "japaneseDigitalTenThousand", 18: "decimalEnclosedCircle", 19: "decimalFullWidth2",
	22: "decimalZero", 23: "bullet", 26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen", 28: "decimalEnclosedCircleChinese",
	29: "ideographEnclosedCircle", 30: "ideographTraditional", 31: "ideographZodiac", 33: "taiwaneseCounting", 34: "ideographLegalTraditional",
	35: "taiwaneseCountingThousand", 36: "taiwaneseDigital", 37: "chineseCounting", 38: "chineseLegalSimplified", 39: "chineseCountingThousand", 255: "none",
}

// readLists reads list definitions (PlfLst, whose levels stand behind it) and
// the lists made of them (PlfLfo). What is broken there costs numbers, not text.
func (r *docReader) readLists(at, length int, lfo []byte) *numbering {
	n := newNumbering()
	head := part(r.table, at, length)
	if len(head) < 2 {
		return n
	}
	rest := part(r.table, at+length, len(r.table)-at-length)
	count := int(le16(head))
	for i := range count {
		lst := part(head, 2+28*i, 28)
		if lst == nil {
			return n
		}
		a := &abstractNum{}
		n.abstracts[fmt.Sprint(le32(lst))] = a
		levels := 9
		if lst[26]&1 != 0 {
			levels = 1
		}
		for j := range levels {
			var ok bool
			if a.levels[j], rest, ok = readLVL(rest); !ok {
				return n
			}
		}
	}
	if len(lfo) < 4 {
		return n
	}
	count = int(le32(lfo))
	if count > len(lfo)/16 {
		return n
	}
	rest = lfo[4+16*count:]
	for i := range count {
		b := lfo[4+16*i:]
		x := &numInstance{abstract: fmt.Sprint(le32(b))}
		n.nums[fmt.Sprint(i+1)] = x
		if len(rest) < 4 {
			continue
		}
		rest = rest[4:]
		for range int(b[12]) {
			if len(rest) < 8 {
				break
			}
			start, flags := int(int32(le32(rest))), le32(rest[4:])
			rest = rest[8:]
			level := int(flags & 15)
			if level > 8 {
				break
			}
			if flags&0x20 != 0 {
				var ok bool
				if x.over[level], rest, ok = readLVL(rest); !ok {
					return n
				}
				start = x.over[level].start
			}
			if flags&0x10 != 0 {
				x.start[level] = &start
			}
		}
	}
	return n
}

// readLVL reads one level of a list ([MS-DOC] 2.9.150) and returns what follows it.
func readLVL(b []byte) (*numLevel, []byte, bool) {
	if len(b) < 28 {
		return nil, nil, false
	}
	l := &numLevel{start: int(int32(le32(b))), format: numberFormat[b[4]], legal: b[5]&4 != 0, restart: -1}
	if b[5]&8 != 0 { // fNoRestart: restarts only below ilvlRestartLim
		l.restart = int(b[26])
	}
	at := 28 + int(b[24]) + int(b[25])
	if len(b) < at+2 {
		return nil, nil, false
	}
	n := int(le16(b[at:]))
	text := part(b, at+2, 2*n)
	if text == nil {
		return nil, nil, false
	}
	var out strings.Builder
	for i := range n {
		if c := le16(text[2*i:]); c < 9 {
			fmt.Fprintf(&out, "%%%d", c+1)
		} else {
			out.WriteString(string(utf16.Decode([]uint16{c})))
		}
	}
	l.text = out.String()
	return l, b[at+2+2*n:], true
}
