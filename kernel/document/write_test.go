package document

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// anyParagraph draws a paragraph that a .docx file can hold.
func anyParagraph(t *rapid.T, name string) Paragraph {
	return Paragraph{
		Text: rapid.StringOfN(rapid.RuneFrom([]rune("区政府办公室牵头（一）1．、；。AZ &<>\"'\t　𠮷")), 0, 30, -1).Draw(t, name),
	}
}

// anyTable draws a grid cut into merged cells.
func anyTable(t *rapid.T) *Table {
	rows, cols := rapid.IntRange(1, 6).Draw(t, "rows"), rapid.IntRange(1, 6).Draw(t, "cols")
	taken := make([][]bool, rows)
	for r := range taken {
		taken[r] = make([]bool, cols)
	}
	out := &Table{Rows: rows, Cols: cols, Merges: true}
	for r := range rows {
		for k := range cols {
			if taken[r][k] {
				continue
			}
			wide := 1
			for k+wide < cols && !taken[r][k+wide] && rapid.Bool().Draw(t, "wide") {
				wide++
			}
			high := rapid.IntRange(1, rows-r).Draw(t, "high")
			for i := r; i < r+high; i++ {
				for j := k; j < k+wide; j++ {
					taken[i][j] = true
				}
			}
			c := Cell{Row: r, Col: k, RowSpan: high, ColSpan: wide}
			for i := range rapid.IntRange(0, 3).Draw(t, "paras") {
				p := anyParagraph(t, fmt.Sprint("cell", i))
				if blank(p.Text) {
					p.Text = "文"
				}
				p.Bold, p.Center = rapid.Bool().Draw(t, "bold"), rapid.Bool().Draw(t, "centre")
				c.Paras = append(c.Paras, p)
			}
			out.Cells = append(out.Cells, c)
		}
	}
	return out
}

func anyDocument(t *rapid.T) *Document {
	doc := &Document{Format: "docx", Title: rapid.SampledFrom([]string{"", "某区政务公开工作要点"}).Draw(t, "title")}
	for range rapid.IntRange(1, 6).Draw(t, "blocks") {
		if rapid.Bool().Draw(t, "table") {
			doc.Blocks = append(doc.Blocks, Block{Table: anyTable(t)})
			continue
		}
		p := anyParagraph(t, "text")
		if blank(p.Text) {
			p.Text = "正文"
		}
		p.Heading, p.Center, p.Bold = rapid.IntRange(0, 9).Draw(t, "heading"), rapid.Bool().Draw(t, "centre"), rapid.Bool().Draw(t, "bold")
		doc.Blocks = append(doc.Blocks, Block{Para: &p})
	}
	return doc
}

func TestWrittenReadsBackEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := anyDocument(t)
		doc.Blocks = append(doc.Blocks, Block{Para: &Paragraph{Text: "完"}})
		var file bytes.Buffer
		if err := WriteDocx(&file, doc); err != nil {
			t.Fatal(err)
		}
		again, err := Read(context.Background(), "a.docx", file.Bytes(), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(doc, again) {
			t.Fatalf("wrote %s\nread  %s", dump(doc), dump(again))
		}
	})
}

// TestLastSectionOnItsSide ends where its table ends: no empty page follows.
func TestLastSectionOnItsSide(t *testing.T) {
	var d Docx
	d.Text(Title, "任务分工")
	d.EndSection(false)
	d.Table(&Table{Rows: 1, Cols: 1, Cells: []Cell{{RowSpan: 1, ColSpan: 1, Paras: []Paragraph{{Text: "任务"}}}}}, TableLook{})
	d.EndSection(true)
	xml := bodyXML(t, &d)
	if n := bytes.Count(xml, []byte("<w:sectPr>")); n != 2 {
		t.Errorf("%d sections, want 2", n)
	}
	if !bytes.Contains(xml[bytes.LastIndex(xml, []byte("<w:sectPr>")):], []byte(`w:orient="landscape"`)) || !bytes.Contains(xml, []byte(`<w:gridCol w:w="12`)) {
		t.Errorf("the last section stands upright: %s", xml)
	}
}

// bodyXML is what Word reads of a document's text.
func bodyXML(t *testing.T, d *Docx) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := d.Write(&file); err != nil {
		t.Fatal(err)
	}
	z, err := openZip(file.Bytes(), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	part, err := z.open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer part.Close()
	xml, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	return xml
}

func TestOfficialDocument(t *testing.T) {
	var d Docx
	d.Name = "任务分工"
	d.Text(Title, "关于印发任务分工的通知")
	d.Text(DocNumber, "青府办〔2022〕24号")
	d.Text(Addressee, "区政府各部门：")
	d.Text(Heading1, "一、提高认识")
	d.Para(Body, Paragraph{Number: "（一）", Text: "各单位要高度重视。"})
	d.Text(Signature, "青山区人民政府办公室")
	d.EndSection(false)
	table := &Table{Rows: 2, Cols: 2, Merges: true, Cells: []Cell{
		{Row: 0, Col: 0, RowSpan: 1, ColSpan: 1, Header: true, Paras: []Paragraph{{Text: "任务"}}},
		{Row: 0, Col: 1, RowSpan: 1, ColSpan: 1, Header: true, Paras: []Paragraph{{Text: "单位"}}},
		{Row: 1, Col: 0, RowSpan: 1, ColSpan: 2, Paras: []Paragraph{{Text: "公开"}}},
	}}
	d.Table(table, TableLook{Widths: []float64{3, 1}})
	d.EndSection(true)
	d.Text(Small, "说明：略。")
	var file, again bytes.Buffer
	if err := d.Write(&file); err != nil {
		t.Fatal(err)
	}
	if err := d.Write(&again); err != nil || !bytes.Equal(file.Bytes(), again.Bytes()) {
		t.Errorf("the same document gave other bytes, %v", err)
	}
	doc := mustRead(t, file.Bytes())
	wantPlain(t, doc, "关于印发任务分工的通知\n青府办〔2022〕24号\n区政府各部门：\n一、提高认识\n（一）各单位要高度重视。\n青山区人民政府办公室\n任务|单位\n公开|>\n说明：略。")
	if b := doc.Blocks; doc.Title != d.Name || !b[0].Para.Center || b[3].Para.Heading != 1 || b[4].Para.Center || !b[6].Table.Cells[0].Header || b[6].Table.Cells[2].Header {
		t.Errorf("read as %s", dump(doc))
	}
	xml := bodyXML(t, &d)
	for want, n := range map[string]int{`w:orient="landscape"`: 1, "<w:tblHeader/>": 1, "<w:sectPr>": 3, `<w:gridCol w:w="9567"/>`: 1} {
		if got := bytes.Count(xml, []byte(want)); got != n {
			t.Errorf("%q stands %d times, want %d", want, got, n)
		}
	}
}
