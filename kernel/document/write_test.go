package document

import (
	"bytes"
	"context"
	"fmt"
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
