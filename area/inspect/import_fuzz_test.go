package inspect

import (
	"bytes"
	"strings"
	"testing"

	"gongkai/kernel/document"
	"gongkai/kernel/fault"
)

// Whatever somebody hands in as a list of findings, it is refused with a sentence or
// read as heads and rows of one width.
func FuzzImport(f *testing.F) {
	list := func(cells string) []byte {
		var out bytes.Buffer
		rows := strings.Split(cells, "\n")
		err := document.WriteXLSX(&out, document.Sheet{Name: "清单", Head: strings.Split(rows[0], "\t"), Rows: func(yield func([]any, error) bool) {
			for _, row := range rows[1:] {
				var line []any
				for _, cell := range strings.Split(row, "\t") {
					line = append(line, cell)
				}
				if !yield(line, nil) {
					return
				}
			}
		}})
		if err != nil {
			return nil
		}
		return out.Bytes()
	}
	for _, cells := range []string{
		"网址\t问题\t责任单位\nhttp://a.cn/\t链接打不开\t区司法局", "网址\t网址\t\t问题\nx\ty\tz\tw", "a\n", "网址\t问题\n\t\n", "链接\t描述\n=HYPERLINK(1)\t<script>", "序号\n1\n2",
	} {
		f.Add(list(cells))
	}
	for _, s := range []string{"", "PK\x03\x04", "网址,问题\nhttp://a.cn/,打不开\n", "<table><tr><td colspan=3>清单</td></tr><tr><td>网址<td>问题<td>备注<tr><td rowspan=2>http://a.cn/<td>甲<td>乙<tr><td>丙</table>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		docs := document.Reader{Limits: document.Limits{File: 1 << 20, Unpacked: 4 << 20, Cells: 5000, Cols: 200, Blocks: 5000}}
		got, err := readSheet(t.Context(), docs, "清单.xlsx", data)
		if err != nil {
			if fault.Text(err) == "" {
				t.Fatalf("no sentence for %v", err)
			}
			return
		}
		if got.head() == "" || got.First < 2 || len(got.Heads) < 2 {
			t.Errorf("%+v", got)
		}
		for _, row := range got.Rows {
			if len(row) != len(got.Heads) {
				t.Errorf("%d cells under %d heads", len(row), len(got.Heads))
			}
		}
		used := map[string]bool{}
		for field, head := range got.guess() {
			if head == "" || used[head] {
				t.Errorf("%s is taken for %q", head, field)
			}
			used[head] = true
		}
	})
}
