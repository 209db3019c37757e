package document

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
)

// longPlan is a plan of about 300 pages: 22 lines of 28 characters each.
func longPlan() *Document {
	doc := &Document{Format: "docx", Title: "任务分工"}
	doc.Blocks = append(doc.Blocks, Block{Para: &Paragraph{Text: "关于印发任务分工的通知", Center: true}})
	for section := range 20 {
		doc.Blocks = append(doc.Blocks, Block{Para: &Paragraph{Text: fmt.Sprintf("第%d部分", section+1), Heading: 1}})
		t := &Table{Rows: 60, Cols: 4, Merges: true}
		for r := range t.Rows {
			for k, n := range []int{10, 110, 8, 20} {
				c := Cell{Row: r, Col: k, RowSpan: 1, ColSpan: 1, Paras: []Paragraph{{Text: fmt.Sprintf("%d．", r+1) + strings.Repeat("开", n)}}}
				if k == 0 {
					if r%3 != 0 {
						continue
					}
					c.RowSpan = 3
				}
				t.Cells = append(t.Cells, c)
			}
		}
		doc.Blocks = append(doc.Blocks, Block{Table: t})
	}
	return doc
}

func BenchmarkReadLong(b *testing.B) {
	doc := longPlan()
	var file bytes.Buffer
	if err := WriteDocx(&file, doc); err != nil {
		b.Fatal(err)
	}
	for name, data := range map[string][]byte{"txt": []byte(plain(doc)), "docx": file.Bytes()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(context.Background(), "样本", data, Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
