package reader

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// longPlan is a plan of about 300 pages: 3,600 measures in prose with notes, or
// in a table a row a line.
func longPlan(table bool) string {
	var b strings.Builder
	b.WriteString("云溪区2024年重点任务分工方案\n")
	if table {
		b.WriteString("工作任务\t工作措施\t牵头单位\t责任单位\t完成时限\n")
	}
	n := 0
	for s := 1; s <= 12; s++ {
		if !table {
			fmt.Fprintf(&b, "%s、推进第%d方面工作\n", hanOf(s), s)
		}
		for i := 1; i <= 20; i++ {
			if !table {
				fmt.Fprintf(&b, "（%s）做好第%d项公开工作。\n", hanOf(i), i)
			}
			for m := 1; m <= 15; m++ {
				n++
				text := fmt.Sprintf("及时公开第%d类信息，明确公开内容、方式和时限，健全动态调整机制，不断提升公开质量和服务水平，方便群众查阅使用。", n)
				if table {
					item := ""
					if m == 1 {
						item = fmt.Sprintf("（%s）做好第%d项公开工作", hanOf(i), i)
					}
					fmt.Fprintf(&b, "%s\t%s\t区政府办公室\t区司法局、区财政局、各街道办事处\t6月底前\n", item, text)
					continue
				}
				fmt.Fprintf(&b, "%d.%s（牵头单位：区政府办公室；责任单位：区司法局、区财政局、区教育局、各街道办事处；完成时限：6月底前）\n", m, text)
			}
		}
	}
	return b.String()
}

func hanOf(n int) string {
	d := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch {
	case n < 10:
		return d[n]
	case n < 20:
		return "十" + d[n-10]
	}
	return d[n/10] + "十" + d[n%10]
}

func TestLongPlan(t *testing.T) {
	for _, table := range []bool{false, true} {
		r, err := Read(lines(longPlan(table)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(r.Measures()); n != 3600 {
			t.Errorf("table %v: %d measures, want 3600", table, n)
		}
	}
}

func BenchmarkLongProse(b *testing.B) { benchmark(b, longPlan(false)) }
func BenchmarkLongTable(b *testing.B) { benchmark(b, longPlan(true)) }

func BenchmarkRealPlan(b *testing.B) {
	path := shared(b, "plan-2022.txt")
	if path == "" {
		b.Skip("no real plan beside the repository")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, string(data))
}

func benchmark(b *testing.B, s string) {
	doc := lines(s)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(doc, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
