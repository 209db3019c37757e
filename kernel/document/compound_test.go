package document

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"
	"unicode/utf16"

	"gongkai/kernel/fault"
)

// compound writes an OLE compound file ([MS-CFB]) of streams at the top level.
// Streams are filled up to 4,096 bytes, so that none needs the small sectors. A
// name that ends in / is an empty storage.
func compound(streams ...any) []byte {
	const sector = 512
	le := binary.LittleEndian
	var body, fat, dir []byte
	next := uint32(0)
	chain := func(data []byte, least int) uint32 {
		start := next
		n := max(least, (len(data)+sector-1)/sector)
		padded := make([]byte, n*sector)
		copy(padded, data)
		body = append(body, padded...)
		for i := range n {
			next++
			if i == n-1 {
				fat = le.AppendUint32(fat, 0xFFFFFFFE)
			} else {
				fat = le.AppendUint32(fat, next)
			}
		}
		return start
	}
	entry := func(name string, kind byte, right, child, start uint32, size int) {
		e := make([]byte, 128)
		units := utf16.Encode([]rune(name))
		for i, u := range units {
			le.PutUint16(e[2*i:], u)
		}
		le.PutUint16(e[64:], uint16(2*len(units)+2))
		e[66], e[67] = kind, 1
		le.PutUint32(e[68:], math.MaxUint32)
		le.PutUint32(e[72:], right)
		le.PutUint32(e[76:], child)
		le.PutUint32(e[116:], start)
		le.PutUint32(e[120:], uint32(size))
		dir = append(dir, e...)
	}
	entry("Root Entry", 5, math.MaxUint32, 1, 0xFFFFFFFE, 0)
	for i := 0; i < len(streams); i += 2 {
		name, data := streams[i].(string), streams[i+1].([]byte)
		right := uint32(i/2 + 2)
		if i+2 == len(streams) {
			right = math.MaxUint32
		}
		if storage, ok := strings.CutSuffix(name, "/"); ok {
			entry(storage, 1, right, math.MaxUint32, 0, 0)
			continue
		}
		entry(name, 2, right, math.MaxUint32, chain(data, 8), max(len(data), 4096))
	}
	dirAt := chain(dir, 1)
	sectors := 1
	for (len(fat)/4+sectors)*4 > sectors*sector {
		sectors++
	}
	head := make([]byte, sector)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	le.PutUint16(head[24:], 0x3E)
	le.PutUint16(head[26:], 3)
	le.PutUint16(head[28:], 0xFFFE)
	le.PutUint16(head[30:], 9)
	le.PutUint16(head[32:], 6)
	le.PutUint32(head[44:], uint32(sectors))
	le.PutUint32(head[48:], dirAt)
	le.PutUint32(head[56:], 4096)
	le.PutUint32(head[60:], 0xFFFFFFFE)
	le.PutUint32(head[68:], 0xFFFFFFFE)
	for i := range 109 {
		v := uint32(math.MaxUint32)
		if i < sectors {
			v = next + uint32(i)
		}
		le.PutUint32(head[76+4*i:], v)
	}
	for range sectors {
		fat = le.AppendUint32(fat, 0xFFFFFFFD)
	}
	for len(fat) < sectors*sector {
		fat = le.AppendUint32(fat, math.MaxUint32)
	}
	return append(append(head, body...), fat...)
}

// docPart is a paragraph of a made .doc file: its text with the mark at its end,
// and its property modifiers.
type docPart struct {
	text  string
	sprms string
}

const (
	inTable = "\x16\x24\x01"
	rowEnd  = "\x17\x24\x01"
)

// tableRow makes sprmTDefTable of the edges and flags of cells.
func tableRow(edges []int, flags ...uint16) string {
	var b []byte
	for _, e := range edges {
		b = binary.LittleEndian.AppendUint16(b, uint16(e))
	}
	for _, f := range flags {
		b = binary.LittleEndian.AppendUint16(b, f)
		b = append(b, make([]byte, 18)...)
	}
	n := len(b) + 2
	return "\x08\xd6" + string([]byte{byte(n), byte(n >> 8), byte(len(flags))}) + string(b)
}

// makeDoc writes a Word 97 file. The first half of the text is stored as
// cp1252 where it can be, the rest as UTF-16; bold runs and lists are given raw.
func makeDoc(parts []docPart, flags uint16, lists []byte, lfo []byte) []byte {
	le := binary.LittleEndian
	word := make([]byte, 0x600)
	le.PutUint16(word, 0xA5EC)
	le.PutUint16(word[2:], 0xC1)
	le.PutUint16(word[0x0A:], 0x0200|flags)
	var table, pieces, fcs []byte
	var bx []docPart
	cp := 0
	var cps, pcds []byte
	for _, p := range parts {
		units := utf16.Encode([]rune(p.text))
		cps = le.AppendUint32(cps, uint32(cp))
		fcs = le.AppendUint32(fcs, uint32(len(word)))
		single := true
		for _, u := range units {
			single = single && u < 0x80
		}
		fc := uint32(len(word))
		if single {
			fc = fc*2 | 0x4000_0000
		}
		pcds = append(pcds, 0, 0)
		pcds = le.AppendUint32(pcds, fc)
		pcds = append(pcds, 0, 0)
		for _, u := range units {
			if single {
				word = append(word, byte(u))
			} else {
				word = le.AppendUint16(word, u)
			}
		}
		cp += len(units)
		bx = append(bx, p)
	}
	cps = le.AppendUint32(cps, uint32(cp))
	fcs = le.AppendUint32(fcs, uint32(len(word)))
	pieces = append(append([]byte{2}, le.AppendUint32(nil, uint32(len(cps)+len(pcds)))...), append(cps, pcds...)...)
	for len(word)%512 != 0 {
		word = append(word, 0)
	}
	// A page of property modifiers for every three paragraphs.
	var firsts, pages []byte
	for i := 0; i < len(bx); i += 3 {
		n := min(3, len(bx)-i)
		page := make([]byte, 512)
		copy(page, fcs[4*i:4*(i+n+1)])
		page[511] = byte(n)
		at := 511
		for j := range n {
			grpprl := "\x00\x00" + bx[i+j].sprms
			if len(grpprl)%2 == 1 {
				grpprl += "\x00"
			}
			at = (at - len(grpprl) - 2) &^ 1
			page[at], page[at+1] = 0, byte(len(grpprl)/2)
			copy(page[at+2:], grpprl)
			page[4*(n+1)+13*j] = byte(at / 2)
		}
		firsts = append(firsts, fcs[4*i:4*i+4]...)
		pages = le.AppendUint32(pages, uint32(len(word)/512))
		word = append(word, page...)
	}
	put := func(at int, data []byte) {
		le.PutUint32(word[at:], uint32(len(table)))
		le.PutUint32(word[at+4:], uint32(len(data)))
		table = append(table, data...)
	}
	put(0x1A2, pieces)
	put(0x102, append(append(firsts, fcs[len(fcs)-4:]...), pages...))
	if lists != nil {
		put(0x2E2, lists[:2+28])
		table = append(table, lists[2+28:]...)
		put(0x2EA, lfo)
	}
	le.PutUint32(word[0x4C:], uint32(cp))
	return compound("WordDocument", word, "1Table", table)
}

func TestDoc(t *testing.T) {
	e3, e2 := []int{0, 2000, 4000, 6000}, []int{10, 2010, 6010}
	// One list of one level: lvlText （%1）, Chinese numbers, used by list 1.
	lists := append([]byte{1, 0}, make([]byte, 28)...)
	lists[2] = 9
	lists[2+26] = 1
	lvl := make([]byte, 28)
	lvl[0], lvl[4] = 1, 39
	lists = append(lists, lvl...)
	lists = append(lists, 3, 0, 0x08, 0xFF, 0, 0, 0x09, 0xFF)
	lfo := append([]byte{1, 0, 0, 0, 9}, make([]byte, 15)...)
	lfo = append(lfo, 0xFF, 0xFF, 0xFF, 0xFF)
	doc := mustRead(t, makeDoc([]docPart{
		{"关于印发要点的通知\r", "\x61\x24\x01"},
		{"latin \x13 HYPERLINK x \x14kept\x15 end\r", ""},
		{"公开规划\r", "\x0b\x46\x01\x00"},
		{"公开政策\v换行\r", "\x0b\x46\x01\x00"},
		{"任务\a", inTable}, {"举措\a", inTable}, {"单位\a", inTable}, {"\a", inTable + rowEnd + tableRow(e3, 0, 0, 0)},
		{"（一）项\a", inTable}, {"第一段\r", inTable}, {"第二段\a", inTable}, {"区司法局\a", inTable}, {"\a", inTable + rowEnd + tableRow(e3, 0x60, 0, 0)},
		{"\a", inTable}, {"丙\a", inTable}, {"\a", inTable + rowEnd + tableRow(e2, 0x20, 0)},
		{"丁\a", inTable}, {"横并\a", inTable}, {"\a", inTable}, {"\a", inTable + rowEnd + tableRow(e3, 0, 1, 2)},
		{"完\f", ""},
	}, 0, lists, lfo))
	wantPlain(t, doc, "关于印发要点的通知\nlatin kept end\n（一）公开规划\n（二）公开政策\n换行\n任务|举措|单位\n（一）项|第一段/第二段|区司法局\n^|丙|>\n丁|横并|>\n完")
	if !doc.Blocks[0].Para.Center {
		t.Error("the title is centred")
	}
	one := []docPart{{"文\r", ""}}
	refuses(t, makeDoc(one, 0x0100, nil, nil), Limits{}, fault.Invalid, "打开密码")
	old := make([]byte, 4096)
	old[0], old[1] = 0xDC, 0xA5
	refuses(t, compound("WordDocument", old), Limits{}, fault.Invalid, "Word 6.0/95", "另存为 .docx")
	refuses(t, compound("WordDocument", make([]byte, 4096)), Limits{}, fault.Invalid, "已损坏")
	refuses(t, compound("EncryptedPackage", make([]byte, 10)), Limits{}, fault.Invalid, "打开密码")
	refuses(t, makeDoc([]docPart{{"\r", ""}}, 0, nil, nil), Limits{}, fault.Invalid, "没有文字")
}

// biff writes records: pairs of an id and a body.
func biff(records ...any) []byte {
	var b []byte
	for i := 0; i < len(records); i += 2 {
		body := []byte(records[i+1].(string))
		b = binary.LittleEndian.AppendUint16(b, uint16(records[i].(int)))
		b = binary.LittleEndian.AppendUint16(b, uint16(len(body)))
		b = append(b, body...)
	}
	return b
}

func w16(n ...int) string {
	var b []byte
	for _, x := range n {
		b = binary.LittleEndian.AppendUint16(b, uint16(x))
	}
	return string(b)
}

func w32(n uint32) string { return string(binary.LittleEndian.AppendUint32(nil, n)) }

func wide16(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// makeXls writes a workbook of one sheet and one macro sheet when macro is set.
func makeXls(macro byte, globals []byte, cells ...any) []byte {
	bof := func(kind int) []byte { return biff(0x809, w16(0x600, kind, 0, 0)+w32(0)+w32(0)) }
	sheet := append(append(bof(0x10), biff(cells...)...), biff(0x0A, "")...)
	bound := func(at int, kind byte, name string) []byte {
		return biff(0x85, w32(uint32(at))+"\x00"+string([]byte{kind, byte(len([]rune(name))), 1})+wide16(name))
	}
	size := len(bof(5)) + len(globals) + len(bound(0, 0, "分工")) + len(bound(0, macro, "宏")) + 4
	book := append(bof(5), globals...)
	book = append(book, bound(size, 0, "分工")...)
	book = append(book, bound(size, macro, "宏")...)
	book = append(append(book, biff(0x0A, "")...), sheet...)
	return compound("Workbook", append(book, make([]byte, 8)...))
}

func TestXls(t *testing.T) {
	first, second := "公开规划文本", "abc"
	globals := biff(
		0x41E, w16(164, 15)+"\x01"+wide16(`yyyy"年"m"月"d"日"`),
		0xE0, w16(0, 0)+strings.Repeat("\x00", 16), 0xE0, w16(0, 14)+strings.Repeat("\x00", 16), 0xE0, w16(0, 9)+strings.Repeat("\x00", 16), 0xE0, w16(0, 164)+strings.Repeat("\x00", 16),
		// The first string is cut after two characters; the rest follows as wide ones again.
		0xFC, w32(3)+w32(2)+w16(6)+"\x01"+wide16(first)[:4], 0x3C, "\x01"+wide16(first)[4:]+w16(3)+"\x00"+second)
	number := string(binary.LittleEndian.AppendUint64(nil, math.Float64bits(44742)))
	doc := mustRead(t, makeXls(2, globals,
		0xFD, w16(1, 1, 0)+w32(0), 0xFD, w16(1, 2, 0)+w32(1), 0xFD, w16(1, 3, 0)+w32(99),
		0x203, w16(2, 2, 1)+number, 0x203, w16(2, 4, 3)+number, 0x27E, w16(2, 3, 2)+w32(50<<2|3),
		0xBD, w16(3, 1, 0)+w32(7<<2|2)+w16(0)+w32(8<<2|2)+w16(2),
		0x06, w16(4, 1, 0)+"\x00\x00\x00\x00\x00\x00\xff\xff"+strings.Repeat("\x00", 8), 0x207, w16(2)+"\x01"+wide16("公式"),
		0x205, w16(4, 2, 0)+"\x2a\x01",
		0xE5, w16(1, 1, 2, 1, 1),
	))
	wantPlain(t, doc, "公开规划文本|abc|?|?\n^|2022/6/30|50%|2022年6月30日\n7|8|?|?\n公式|#N/A|?|?")
	if doc.Blocks[0].Table.Name != "分工" || len(doc.Notes) != 1 {
		t.Errorf("got %s", dump(doc))
	}
	refuses(t, makeXls(0, biff(0x2F, "\x00\x00")), Limits{}, fault.Invalid, "打开密码")
	refuses(t, makeXls(0, nil, 0xFD, "short"), Limits{}, fault.Invalid, "没有文字")
	refuses(t, compound("Book", biff(0x809, w16(0x500, 5))), Limits{}, fault.Invalid, "Excel 95")
}
