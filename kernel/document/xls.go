package document

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"strconv"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// xlsReader reads workbooks of Excel 97 to 2003 (BIFF8, [MS-XLS]).
type xlsReader struct {
	budget
	ctx     context.Context
	strings []string
	formats map[int]string // number formats of the file
	xfs     []int          // cell format → number format
	since04 bool           // dates count from 1904
	shower  *excelize.File // formats numbers as Excel shows them
	styles  map[int]int
}

type xlsSheet struct {
	name   string
	at     int
	hidden bool
	table  bool
}

var errXls = errors.New("record outside the stream")

// record is one record with the CONTINUE records that follow it.
type record struct {
	id    uint16
	parts [][]byte
}

func (r *record) data() []byte { return r.parts[0] }

// nextRecord cuts a record off the stream; false at its end.
func nextRecord(b []byte) (record, []byte, bool) {
	if len(b) < 4 {
		return record{}, nil, false
	}
	rec := record{id: le16(b)}
	for {
		n := int(le16(b[2:]))
		body := part(b, 4, n)
		if body == nil {
			return record{}, nil, false
		}
		rec.parts = append(rec.parts, body)
		b = b[4+n:]
		if len(b) < 4 || le16(b) != 0x3C {
			return rec, b, true
		}
	}
}

func readXls(ctx context.Context, data []byte, limits Limits) (doc *Document, err error) {
	book, err := stream(data, limits, "Workbook")
	if err != nil {
		return nil, err
	}
	if part(book, 0, 8) == nil || le16(book) != 0x809 || le16(book[4:]) != 0x600 {
		return nil, refused("是 Excel 95 或更早的格式，无法读取。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传")
	}
	r := &xlsReader{budget: budget{limits: limits}, ctx: ctx, formats: map[int]string{}, shower: excelize.NewFile(displayed()), styles: map[int]int{}}
	defer func() {
		if e := r.shower.Close(); err == nil && e != nil {
			err = damaged(e, "数字格式")
		}
	}()
	sheets, err := r.globals(book)
	if err != nil {
		return nil, err
	}
	doc = &Document{Format: string(KindXls)}
	for _, s := range sheets {
		if s.hidden || !s.table {
			doc.Notes = append(doc.Notes, Note{Text: "隐藏的工作表和图表没有读取。如果需要，请取消隐藏后重新上传", Where: "工作表「" + s.name + "」"})
			continue
		}
		t, err := r.sheet(book, s)
		if err != nil {
			return nil, err
		}
		if t != nil {
			doc.Blocks = append(doc.Blocks, Block{Table: t})
		}
	}
	return doc, nil
}

// globals reads what the sheets share.
func (r *xlsReader) globals(book []byte) ([]xlsSheet, error) {
	var sheets []xlsSheet
	for rest := book; ; {
		rec, next, ok := nextRecord(rest)
		if !ok {
			return nil, damaged(errXls, "工作簿")
		}
		rest = next
		d := rec.data()
		switch {
		case rec.id == 0x0A:
			return sheets, nil
		case rec.id == 0x2F:
			return nil, encrypted()
		case rec.id == 0x22 && len(d) >= 2:
			r.since04 = d[0] == 1
		case rec.id == 0x85 && len(d) >= 8:
			name, _ := unicodeText(d[7:], int(d[6]))
			sheets = append(sheets, xlsSheet{name: name, at: int(le32(d)), hidden: d[4]&3 != 0, table: d[5] == 0})
		case rec.id == 0x41E && len(d) >= 5:
			r.formats[int(le16(d))], _ = unicodeText(d[4:], int(le16(d[2:])))
		case rec.id == 0xE0 && len(d) >= 4:
			r.xfs = append(r.xfs, int(le16(d[2:])))
		case rec.id == 0xFC:
			if err := r.sharedStrings(rec.parts); err != nil {
				return nil, err
			}
		}
	}
}

// unicodeText reads n characters behind a byte of flags, and says how many bytes that took.
func unicodeText(b []byte, n int) (string, int) {
	if len(b) == 0 {
		return "", 0
	}
	width := 1 + int(b[0]&1)
	n = min(n, (len(b)-1)/width)
	units := make([]uint16, n)
	for i := range units {
		if width == 2 {
			units[i] = le16(b[1+2*i:])
		} else {
			units[i] = uint16(b[1+i])
		}
	}
	return string(utf16.Decode(units)), 1 + n*width
}

// parted reads over the borders of CONTINUE records.
type parted struct {
	parts [][]byte
	err   error
}

// bytes takes n bytes, wherever the borders lie.
func (p *parted) bytes(n int) []byte {
	var out []byte
	for p.err == nil && n > 0 {
		if len(p.parts) == 0 {
			p.err = errXls
			break
		}
		take := min(n, len(p.parts[0]))
		out = append(out, p.parts[0][:take]...)
		if p.parts[0] = p.parts[0][take:]; len(p.parts[0]) == 0 {
			p.parts = p.parts[1:]
		}
		n -= take
	}
	if p.err != nil {
		return make([]byte, 8)
	}
	return out
}

// skip passes over n bytes.
func (p *parted) skip(n int) {
	for p.err == nil && n > 0 {
		if len(p.parts) == 0 {
			p.err = errXls
			return
		}
		take := min(n, len(p.parts[0]))
		if p.parts[0] = p.parts[0][take:]; len(p.parts[0]) == 0 {
			p.parts = p.parts[1:]
		}
		n -= take
	}
}

// chars takes n characters; behind a border a new byte says how wide they are.
func (p *parted) chars(n int, wide bool) string {
	var units []uint16
	for first := true; n > 0 && p.err == nil; first = false {
		if len(p.parts) == 0 {
			p.err = errXls
			break
		}
		b := p.parts[0]
		at := 0
		if !first {
			wide = len(b) > 0 && b[0]&1 != 0
			at = 1
		}
		width := 1
		if wide {
			width = 2
		}
		take := min(n, max(0, len(b)-at)/width)
		for i := range take {
			if wide {
				units = append(units, le16(b[at+2*i:]))
			} else {
				units = append(units, uint16(b[at+i]))
			}
		}
		n -= take
		if b = b[min(len(b), at+take*width):]; n > 0 || len(b) == 0 {
			p.parts = p.parts[1:]
		} else {
			p.parts[0] = b
		}
	}
	return string(utf16.Decode(units))
}

func (r *xlsReader) sharedStrings(parts [][]byte) error {
	p := &parted{parts: append([][]byte{}, parts...)}
	p.skip(4)
	count := int(le32(p.bytes(4)))
	if count > 4*r.limits.Cells {
		return tooManyCells(r.limits.Cells)
	}
	for i := range count {
		if i%4096 == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		head := p.bytes(3)
		runs, extra := 0, 0
		if head[2]&8 != 0 {
			runs = int(le16(p.bytes(2)))
		}
		if head[2]&4 != 0 {
			extra = int(int32(le32(p.bytes(4))))
		}
		s := p.chars(int(le16(head)), head[2]&1 != 0)
		p.skip(4*runs + max(0, extra))
		if p.err != nil {
			return damaged(p.err, "文字表")
		}
		r.strings = append(r.strings, s)
	}
	return nil
}

// sheet reads the cells of a sheet.
func (r *xlsReader) sheet(book []byte, s xlsSheet) (*Table, error) {
	rest := part(book, s.at, len(book)-s.at)
	where := "工作表「" + s.name + "」"
	if rest == nil {
		return nil, damaged(errXls, where)
	}
	b := gridBuilder{name: s.name}
	var merges []area
	var fail error
	pending := -1 // index of the cell whose formula's text follows
	put := func(row, col uint16, text string) {
		if fail == nil {
			fail = r.cell(int(col) + 1)
		}
		pending = -1
		if !blank(text) {
			b.cells = append(b.cells, Cell{Row: int(row), Col: int(col), RowSpan: 1, ColSpan: 1, Paras: cellParas(text)})
		}
	}
	depth := 0
	for n := 0; fail == nil; n++ {
		if n%4096 == 0 && r.ctx.Err() != nil {
			return nil, r.ctx.Err()
		}
		rec, next, ok := nextRecord(rest)
		if !ok {
			return nil, damaged(errXls, where)
		}
		rest = next
		d := rec.data()
		if rec.id == 0x809 { // charts inside the sheet have a beginning and an end of their own
			depth++
			continue
		}
		if rec.id == 0x0A {
			if depth--; depth <= 0 {
				break
			}
			continue
		}
		if depth > 1 || len(d) < 6 {
			continue
		}
		row, col, xf := le16(d), le16(d[2:]), int(le16(d[4:]))
		switch {
		case rec.id == 0xFD && len(d) >= 10: // LABELSST
			if i := int(le32(d[6:])); i < len(r.strings) {
				put(row, col, r.strings[i])
			}
		case (rec.id == 0x204 || rec.id == 0xD6) && len(d) >= 9: // LABEL, RSTRING
			text, _ := unicodeText(d[8:], int(le16(d[6:])))
			put(row, col, text)
		case rec.id == 0x203 && len(d) >= 14: // NUMBER
			put(row, col, r.show(math.Float64frombits(binary.LittleEndian.Uint64(d[6:])), xf))
		case rec.id == 0x27E && len(d) >= 10: // RK
			put(row, col, r.show(rk(le32(d[6:])), xf))
		case rec.id == 0xBD: // MULRK
			for i := 0; 4+6*i+6 <= len(d)-2 && fail == nil; i++ {
				put(row, col+uint16(i), r.show(rk(le32(d[4+6*i+2:])), int(le16(d[4+6*i:]))))
			}
		case rec.id == 0x205 && len(d) >= 8: // BOOLERR
			put(row, col, boolOrError(d[6], d[7] != 0))
		case rec.id == 0x06 && len(d) >= 14: // FORMULA: its last result
			if le16(d[12:]) != 0xFFFF {
				put(row, col, r.show(math.Float64frombits(binary.LittleEndian.Uint64(d[6:])), xf))
				break
			}
			switch d[6] {
			case 0: // a text, in the STRING record that follows
				put(row, col, " ")
				b.cells = append(b.cells, Cell{Row: int(row), Col: int(col), RowSpan: 1, ColSpan: 1})
				pending = len(b.cells) - 1
			case 1, 2:
				put(row, col, boolOrError(d[8], d[6] == 2))
			}
		case rec.id == 0xE5: // MERGECELLS
			for i := 0; i < int(row) && 2+8*i+8 <= len(d); i++ {
				m := d[2+8*i:]
				merges = append(merges, area{int(le16(m)), int(le16(m[4:])), int(le16(m[2:])), int(le16(m[6:]))})
			}
		}
		if rec.id == 0x207 && pending >= 0 { // STRING
			text, _ := unicodeText(d[2:], int(row))
			b.cells[pending].Paras = cellParas(text)
			pending = -1
		}
	}
	if fail != nil {
		return nil, fail
	}
	return b.table(merges), nil
}

// rk unpacks a number of 30 bits: an integer or the top of a float, perhaps × 100.
func rk(v uint32) float64 {
	f := float64(int32(v) >> 2)
	if v&2 == 0 {
		f = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

func boolOrError(v byte, wrong bool) string {
	if !wrong {
		if v != 0 {
			return "TRUE"
		}
		return "FALSE"
	}
	switch v {
	case 0x00:
		return "#NULL!"
	case 0x07:
		return "#DIV/0!"
	case 0x0F:
		return "#VALUE!"
	case 0x17:
		return "#REF!"
	case 0x1D:
		return "#NAME?"
	case 0x24:
		return "#NUM!"
	}
	return "#N/A"
}

// show writes a number as its cell shows it.
func (r *xlsReader) show(v float64, xf int) string {
	plain := strconv.FormatFloat(v, 'f', -1, 64)
	if xf >= len(r.xfs) || r.xfs[xf] == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return plain
	}
	format := r.xfs[xf]
	style, ok := r.styles[format]
	if !ok {
		want := excelize.Style{NumFmt: format}
		if own, there := r.formats[format]; there {
			want = excelize.Style{CustomNumFmt: &own}
		}
		var err error
		if style, err = r.shower.NewStyle(&want); err != nil {
			style = 0
		}
		r.styles[format] = style
	}
	if r.since04 && style != 0 && r.dated(format) {
		v += 1462
	}
	if err := errors.Join(r.shower.SetCellStyle("Sheet1", "A1", "A1", style), r.shower.SetCellFloat("Sheet1", "A1", v, -1, 64)); err != nil {
		return plain
	}
	text, err := r.shower.GetCellValue("Sheet1", "A1")
	if err != nil || text == "" {
		return plain
	}
	return text
}

// dated reports whether a number format shows days: the built-in ones, or one
// with a y or a d outside quotes.
func (r *xlsReader) dated(format int) bool {
	own, ok := r.formats[format]
	if !ok {
		return format >= 14 && format <= 22 || format >= 27 && format <= 36
	}
	quoted := false
	for _, c := range own {
		switch c {
		case '"':
			quoted = !quoted
		case 'y', 'Y', 'd', 'D':
			if !quoted {
				return true
			}
		}
	}
	return false
}
