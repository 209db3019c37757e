package document

import (
	"context"
	"strings"
	"testing"
	"time"

	"gongkai/kernel/fault"
)

// small limits make a fuzzer find what grows.
var fuzzLimits = Limits{File: 1 << 20, Unpacked: 4 << 20, Cells: 5000, Cols: 200, Blocks: 5000, Pages: 20, Time: 10 * time.Second}

// sound checks that whatever was read is a document, and whatever was refused has
// a message.
func sound(t *testing.T, r Reader, data []byte) {
	r.Limits = fuzzLimits
	doc, err := r.ReadBytes(context.Background(), "样本", data)
	if err != nil {
		if fault.Text(err) == "" {
			t.Fatalf("no message for %v", err)
		}
		return
	}
	for _, b := range doc.Blocks {
		switch {
		case (b.Para == nil) == (b.Table == nil):
			t.Fatalf("a block is a paragraph or a table: %s", dump(b))
		case b.Para != nil:
			oneLine(t, *b.Para)
		default:
			soundTable(t, b.Table)
		}
	}
}

func oneLine(t *testing.T, p Paragraph) {
	if strings.Contains(p.Text, "\n") || p.Heading < 0 || p.Heading > 9 {
		t.Fatalf("not one line: %s", dump(p))
	}
}

// soundTable checks that cells lie in the grid, in order and not above each other.
func soundTable(t *testing.T, table *Table) {
	taken := map[[2]int]bool{}
	last := [2]int{-1, -1}
	for _, c := range table.Cells {
		at := [2]int{c.Row, c.Col}
		if c.RowSpan < 1 || c.ColSpan < 1 || c.Row < 0 || c.Col < 0 || c.Row+c.RowSpan > table.Rows || c.Col+c.ColSpan > table.Cols {
			t.Fatalf("%+v lies outside %d × %d", c, table.Rows, table.Cols)
		}
		if at[0] < last[0] || at[0] == last[0] && at[1] <= last[1] {
			t.Fatalf("%v comes after %v", at, last)
		}
		last = at
		for r := c.Row; r < c.Row+c.RowSpan; r++ {
			for k := c.Col; k < c.Col+c.ColSpan; k++ {
				if taken[[2]int{r, k}] {
					t.Fatalf("two cells at %d, %d in %s", r, k, dump(table))
				}
				taken[[2]int{r, k}] = true
			}
		}
		for _, p := range c.Paras {
			oneLine(t, p)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"", "文本\n\t第二行", "\xff\xfea\x00", "\xef\xbb\xbf文", sitePage(), "<table><tr><td>a", "%PDF-1.7", "PK\x03\x04", "{\\rtf1 a}"} {
		f.Add([]byte(s))
	}
	f.Add(word(f, wp("文")))
	f.Add(makeDoc([]docPart{{"文\r", ""}}, 0, nil, nil))
	f.Add(makeXls(0, nil, 0x204, w16(0, 0, 0, 1)+"\x00a"))
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, Reader{}, data) })
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{
		sitePage(), "<table><tr><td rowspan=2>a<td>b<tr><td colspan=3>c</table>", "<ol start=-4 type=i><li>a<li value=9>b</ol>",
		"<table><tr><td rowspan=0 colspan=0>a<table><tr><td>b<td>c<tr><td>d</table><td>e</table>", "<pre>a\n\nb</pre><p>x<br>y<br><br>z", "<title>甲乙丙丁戊己庚辛</title><h2>甲乙丙丁戊己庚辛</h2>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, page string) { sound(t, Reader{}, []byte("<!DOCTYPE html><body>"+page)) })
}

func FuzzDocx(f *testing.F) {
	levels := level(0, "chineseCounting", "%1、", "") + level(1, "decimal", "%1.%2", "<w:isLgl/>")
	for _, s := range []string{
		wp("文"), numbered(1, 0, "甲") + numbered(1, 1, "乙"), tbl(tc(`<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>`, "甲")+tc("", "乙"), tc(`<w:vMerge/>`, "")+tc(`<w:hMerge/>`, "丙")),
		tbl("<w:tc>" + tbl(tc("", "甲")) + "</w:tc>"), "<w:p><w:r><w:br/><w:t>a</w:t><w:br w:type=\"page\"/></w:r></w:p>",
	} {
		f.Add(s, list(levels, "", `<w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride>`))
	}
	f.Fuzz(func(t *testing.T, body, numbering string) {
		sound(t, Reader{}, word(t, body, "word/numbering.xml", numbering))
	})
}

func FuzzXlsx(f *testing.F) {
	for _, s := range []string{
		`<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="C1"><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>`,
		`<sheetData><row r="9"><c r="B9"><v>1</v></c></row><row><c><v>2</v></c></row></sheetData>`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, inside string) { sound(t, Reader{}, sheetFile(t, inside)) })
}

func FuzzDoc(f *testing.F) {
	row := tableRow([]int{0, 2000, 4000}, 0x60, 0)
	f.Add("文\r", "", "甲\a", inTable, "\a", inTable+rowEnd+row, []byte{1, 0, 0})
	f.Add("\x13a\x14b\x15\r", "\x61\x24\x01", "甲\r", "\x0b\x46\x01\x00", "乙\a", inTable+rowEnd+tableRow([]int{9, 3}, 0x23), []byte{})
	f.Fuzz(func(t *testing.T, a, sa, b, sb, c, sc string, lists []byte) {
		if len(sa)+len(sb)+len(sc) > 300 || len(a)+len(b)+len(c) > 2000 {
			return // they would not fit the page that makeDoc writes
		}
		all := append(make([]byte, 0, 100), lists...)
		for len(all) < 30 {
			all = append(all, 0)
		}
		sound(t, Reader{}, makeDoc([]docPart{{a, sa}, {b, sb}, {c, sc}, {b, sb}, {c, sc}}, 0, all, lists))
	})
}

func FuzzXls(f *testing.F) {
	f.Add(biff(0xFC, w32(1)+w32(1)+w16(3)+"\x01"+wide16("甲乙丙"), 0xE0, w16(0, 14)), biff(0xFD, w16(0, 0, 0)+w32(0), 0x27E, w16(1, 1, 0)+w32(99), 0xE5, w16(1, 0, 1, 0, 1)))
	f.Add(biff(0x41E, w16(14, 2)+"\x00yy", 0x22, "\x01\x00"), biff(0x06, w16(0, 0, 0)+"\x00\x00\x00\x00\x00\x00\xff\xff", 0x207, w16(1)+"\x00a", 0xBD, w16(0, 1, 0)+w32(5)+w16(1), 0xD6, w16(0, 0, 0, 1)+"\x00b"))
	f.Fuzz(func(t *testing.T, globals, cells []byte) {
		bof := biff(0x809, w16(0x600, 5, 0, 0)+w32(0)+w32(0))
		bound := func(at int) []byte { return biff(0x85, w32(uint32(at))+"\x00\x00\x01\x00a") }
		book := append(append(append([]byte{}, bof...), globals...), bound(len(bof)+len(globals)+len(bound(0))+4)...)
		book = append(append(append(append(book, biff(0x0A, "")...), bof...), cells...), biff(0x0A, "")...)
		sound(t, Reader{}, compound("Workbook", book))
	})
}

func FuzzPDF(f *testing.F) {
	r := Reader{PDF: startPDF(f)}
	for _, s := range []string{
		show(72, 700, 16, "甲乙") + show(172, 700, 16, "丙"),
		rule(72, 500, 520, 500) + rule(72, 470, 520, 470) + rule(72, 500, 72, 470) + rule(172, 500, 172, 470) + rule(520, 500, 520, 470) + show(80, 480, 14, "任务"),
		"q 72 400 300 200 re S 72 500 m 372 500 l 372 501 l 72 501 l 72 500 l 200 400 l f Q" + show(80, 480, 14, "文"), "BT", "q 1 0 0 1 0 0 cm /I Do",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, content string) { sound(t, r, makePDF("", content, content)) })
}

func FuzzScanMacro(f *testing.F) {
	f.Add(word(f, "文", "word/vbaProject.bin", "x"))
	f.Add(compound("Workbook", biff(0x85, w32(0)+"\x00\x01\x01\x00a")))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := ScanMacro(data); err != nil && fault.Text(err) == "" {
			t.Fatalf("no message for %v", err)
		}
	})
}

// styleSheet makes a style sheet of two styles: one that centres, one based on it.
func styleSheet() []byte {
	std := func(base int, papx string) string {
		s := w16(0, base<<4|1, 0, 0, 0) + w16(1) + wide16("a") + w16(0) + w16(len(papx)+2) + w16(0) + papx
		return w16(len(s)) + s
	}
	return []byte(w16(4, 2, 10) + std(0xFFF, "\x61\x24\x01\x00") + std(0, "\x40\x26\x02\x00"))
}

func TestDocStyles(t *testing.T) {
	var r docReader
	r.readStyles(styleSheet())
	if p := r.paraProps(&propRun{style: 12}); p.center {
		t.Error("an unknown style changes nothing")
	}
	r.styles = append(r.styles, make([]docStyle, 10)...)
	r.styles[10], r.styles[11] = docStyle{base: 1}, docStyle{base: 11}
	if p := r.paraProps(&propRun{style: 10}); !p.center || p.outline != 2 {
		t.Errorf("styles say %+v", p)
	}
	if p := r.paraProps(&propRun{style: 11}); p.center { // based on itself
		t.Errorf("styles say %+v", p)
	}
}

func FuzzDocStyles(f *testing.F) {
	f.Add(styleSheet())
	f.Fuzz(func(t *testing.T, data []byte) {
		var r docReader
		r.readStyles(data)
		for i := range min(len(r.styles), 20) {
			r.paraProps(&propRun{style: i})
		}
	})
}
