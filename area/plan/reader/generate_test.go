package reader

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongkai/kernel/document"
)

// The property: a plan that is made up and written down in any of the layouts is
// read back as it was.

type genMeasure struct {
	text       string
	lead, resp []string
	due        string
}

type genItem struct {
	title string
	rows  [][]genMeasure // measures of one row share units
}

type genSection struct {
	title string
	items []genItem
}

// genName draws the name of a unit of a level (区, 县 …) or of a group.
func genName(t *rapid.T, level string) string {
	stem := rapid.SampledFrom([]string{"发展改革", "教育", "民政", "司法", "财政", "人力资源社会保障", "住房城乡建设", "交通运输", "水利", "农业农村", "商务", "卫生健康", "应急管理", "审计", "市场监管", "统计", "医疗保障", "林业", "信访", "城市管理"}).Draw(t, "stem")
	end := rapid.SampledFrom([]string{"局", "委", "办", "中心"}).Draw(t, "end")
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		return rapid.SampledFrom([]string{"各街道办事处", "各" + level + "直部门", "各乡镇（街道）", level + "级各有关部门"}).Draw(t, "group")
	case 1:
		return level + stem + end + "（" + level + "民防办）"
	case 2:
		return level + "政府办公室"
	}
	return level + stem + end
}

func genNames(t *rapid.T, level string, least int) []string {
	seen := map[string]bool{}
	var out []string
	for range rapid.IntRange(least, 4).Draw(t, "names") {
		if n := genName(t, level); !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

func genText(t *rapid.T, n int) string {
	verb := rapid.SampledFrom([]string{"及时公开", "认真落实", "动态更新", "全面梳理", "加强监督", "依法公布"}).Draw(t, "verb")
	what := rapid.SampledFrom([]string{"重大项目批准和实施信息", "《政府信息公开条例》有关要求", "“减税降费”专题专栏", "社会救助对象、标准和金额", "办事指南（第一批）", "预算、决算及相关报表"}).Draw(t, "what")
	tail := rapid.SampledFrom([]string{"。", "，接受社会监督。", "，每年至少1次。", "，做到应公开、尽公开；不断提升质量。", "。重要事项要在20个工作日内公开。"}).Draw(t, "tail")
	return fmt.Sprintf("%s第%d类%s%s", verb, n, what, tail)
}

func genTitle(t *rapid.T, n int) string {
	return rapid.SampledFrom([]string{"推进决策公开", "深化“放管服”改革", "做好规划、财政信息公开", "加强政策解读", "规范依申请公开"}).Draw(t, "title") + fmt.Sprintf("（第%s类）", hanOf(n))
}

func genPlan(t *rapid.T) ([]genSection, string) {
	level := rapid.SampledFrom([]string{"区", "县", "市", "省", "州", "旗"}).Draw(t, "level")
	var out []genSection
	n, k := 0, 0
	for s := range rapid.IntRange(1, 3).Draw(t, "sections") {
		sec := genSection{title: "围绕" + genTitle(t, s+1)}
		for range rapid.IntRange(1, 3).Draw(t, "items") {
			k++
			it := genItem{title: genTitle(t, k)}
			for range rapid.IntRange(1, 3).Draw(t, "rows") {
				lead, resp := genNames(t, level, 1), genNames(t, level, 1)
				due := rapid.SampledFrom([]string{"6月底前", "年底前", "每季度", "持续推进", "2024年10月31日前", "12月底"}).Draw(t, "due")
				var row []genMeasure
				for range rapid.IntRange(1, 3).Draw(t, "measures") {
					n++
					row = append(row, genMeasure{genText(t, n), lead, resp, due})
				}
				it.rows = append(it.rows, row)
			}
			sec.items = append(sec.items, it)
		}
		out = append(out, sec)
	}
	return out, level
}

func wireOf(plan []genSection) Wire {
	w := Wire{}
	for _, s := range plan {
		ws := WireSection{Title: s.title}
		for _, it := range s.items {
			wi := WireItem{Title: it.title}
			for _, row := range it.rows {
				for _, m := range row {
					wi.Measures = append(wi.Measures, WireMeasure{Text: m.text, Lead: m.lead, Resp: m.resp, Due: m.due})
				}
			}
			ws.Items = append(ws.Items, wi)
		}
		w.Sections = append(w.Sections, ws)
	}
	return w
}

// cellText is the measures of a row, numbered when there are several.
func cellText(row []genMeasure, mark string) []string {
	var out []string
	for i, m := range row {
		if len(row) == 1 {
			out = append(out, m.text)
		} else {
			out = append(out, fmt.Sprintf(mark, i+1)+m.text)
		}
	}
	return out
}

// tableRows are the rows of a table with five columns: section, item, measure,
// lead, resp, due; a cell is its paragraphs. merged cells are empty below.
func tableRows(plan []genSection, mark string) [][][]string {
	var out [][][]string
	k := 0
	for s, sec := range plan {
		for i, it := range sec.items {
			k++
			for r, row := range it.rows {
				cells := [][]string{nil, nil, cellText(row, mark), {strings.Join(row[0].lead, "、")}, {strings.Join(row[0].resp, "、")}, {row[0].due}}
				if i == 0 && r == 0 {
					cells[0] = []string{hanOf(s+1) + "、" + sec.title}
				}
				if r == 0 {
					cells[1] = []string{"（" + hanOf(k) + "）" + it.title + "。"}
				}
				out = append(out, cells)
			}
		}
	}
	return out
}

var layouts = map[string]func(t *rapid.T, plan []genSection) *document.Document{
	"tab cells": func(t *rapid.T, plan []genSection) *document.Document {
		var b strings.Builder
		b.WriteString("\t工作任务\n\t贯彻举措\n\t牵头单位\n\t责任单位\n\t完成时限\n\n")
		for _, row := range tableRows(plan, "%d．") {
			for _, c := range row {
				b.WriteString("\t" + strings.Join(c, "\n\n") + "\n")
			}
			b.WriteString("\n")
		}
		return lines(b.String())
	},
	"tab rows": func(t *rapid.T, plan []genSection) *document.Document {
		var b strings.Builder
		b.WriteString("类别\t重点任务\t工作措施\t主办单位\t协办单位\t时间要求\n")
		for _, row := range tableRows(plan, "%d.") {
			var cells []string
			for _, c := range row {
				cells = append(cells, strings.Join(c, ""))
			}
			b.WriteString(strings.Join(cells, "\t") + "\n")
		}
		return lines(b.String())
	},
	"bars, empty cells at the end": func(t *rapid.T, plan []genSection) *document.Document {
		var b strings.Builder
		b.WriteString("领域 | 工作任务 | 具体举措 | 牵头部门 | 配合部门 | 完成时间 |\n")
		for _, row := range tableRows(plan, "%d.") {
			var cells []string
			for _, c := range row {
				if len(c) > 0 {
					cells = append(cells, strings.Join(c, " "))
				}
			}
			for len(cells) < 6 {
				cells = append(cells, "")
			}
			b.WriteString(strings.Join(cells, " | ") + " |\n")
		}
		return lines(b.String())
	},
	"cell a line": func(t *rapid.T, plan []genSection) *document.Document {
		gap := rapid.SampledFrom([]string{"\n", "\n\n"}).Draw(t, "gap")
		var b strings.Builder
		b.WriteString(strings.Join([]string{"工作任务", "落实措施", "牵头单位", "责任单位", "完成时限"}, gap) + gap)
		for _, row := range tableRows(plan, "%d.") {
			for _, c := range row {
				for _, p := range c {
					b.WriteString(p + gap)
				}
			}
		}
		return lines(b.String())
	},
	"prose with notes": func(t *rapid.T, plan []genSection) *document.Document {
		open, end := "（", "）"
		switch rapid.IntRange(0, 3).Draw(t, "brackets") {
		case 1:
			open, end = "〔", "〕"
		case 2:
			open, end = "(", ")"
		case 3:
			open, end = "【", "】"
		}
		form := rapid.IntRange(0, 2).Draw(t, "form")
		var b strings.Builder
		k := 0
		for s, sec := range plan {
			fmt.Fprintf(&b, "%s、%s\n", hanOf(s+1), sec.title)
			for _, it := range sec.items {
				k++
				fmt.Fprintf(&b, "（%s）%s。\n", hanOf(k), it.title)
				n := 0
				for _, row := range it.rows {
					for _, m := range row {
						n++
						lead, resp := strings.Join(m.lead, "、"), strings.Join(m.resp, "、")
						switch form {
						case 0:
							fmt.Fprintf(&b, "%d.%s%s牵头单位：%s；责任单位：%s；完成时限：%s%s\n", n, m.text, open, lead, resp, m.due, end)
						case 1:
							fmt.Fprintf(&b, "%d.%s%s%s牵头，%s配合，%s完成%s\n", n, m.text, open, lead, resp, m.due, end)
						case 2:
							fmt.Fprintf(&b, "%d.%s\n牵头单位：%s\n责任单位：%s。\n完成时限：%s\n", n, m.text, lead, resp, m.due)
						}
					}
				}
			}
		}
		return lines(b.String())
	},
	"table with merged cells": func(t *rapid.T, plan []genSection) *document.Document {
		rows := tableRows(plan, "（%d）")
		tab := &document.Table{Merges: true, Rows: len(rows) + 1, Cols: 6}
		cell := func(r, c, rs, cs int, paras ...string) {
			x := document.Cell{Row: r, Col: c, RowSpan: rs, ColSpan: cs}
			for _, p := range paras {
				x.Paras = append(x.Paras, document.Paragraph{Text: p})
			}
			tab.Cells = append(tab.Cells, x)
		}
		cell(0, 0, 1, 2, "工作任务")
		for i, h := range []string{"贯彻举措", "牵头单位", "责任单位", "完成时限"} {
			cell(0, 2+i, 1, 1, h)
		}
		for r, row := range rows {
			for c, paras := range row {
				if c < 2 && paras == nil {
					continue
				}
				span := 1
				for c < 2 && r+span < len(rows) && rows[r+span][c] == nil && (c == 0 || rows[r+span][0] == nil) {
					span++
				}
				cell(r+1, c, span, 1, paras...)
			}
		}
		return &document.Document{Format: "docx", Blocks: []document.Block{{Para: &document.Paragraph{Text: "云溪区2024年重点任务分工"}}, {Table: tab}}}
	},
}

func TestReadsBack(t *testing.T) {
	names := make([]string, 0, len(layouts))
	for name := range layouts {
		names = append(names, name)
	}
	sort.Strings(names)
	rapid.Check(t, func(t *rapid.T) {
		layout := rapid.SampledFrom(names).Draw(t, "layout")
		plan, _ := genPlan(t)
		doc := layouts[layout](t, plan)
		r, err := Read(doc, Options{Year: 2024})
		if err != nil {
			t.Fatal(err)
		}
		s := Evaluate([]Pair{{Got: r.Wire(), Want: wireOf(plan)}}).All
		for what, x := range map[string]Score{"measures": s.Measures, "titles": s.Items, "lead": s.Lead, "resp": s.Resp, "due": s.Due} {
			if x.F1() == 1 {
				continue
			}
			var b strings.Builder
			for _, bl := range doc.Blocks {
				if bl.Para != nil {
					b.WriteString(bl.Para.Text + "\n")
				}
			}
			t.Fatalf("%s, %s: %+v\n%s\n%+v", layout, what, x, b.String(), r.Wire().Sections)
		}
	})
}
