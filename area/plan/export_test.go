package plan

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongkai/area/plan/reader"
	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
)

// drawPlan makes up a plan as it could be issued.
func drawPlan(t *rapid.T) Written {
	units := []string{"区发展改革委", "区司法局", "区财政局", "区人力社保局", "区卫生健康委", "区文化旅游委", "区政府办公室", "区市场监管局", "各街道办事处", "区政府各部门"}
	draw := func(what string, least int) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(units), least, 4, rapid.ID[string]).Draw(t, what)
	}
	w := Written{Title: "江澄区2024年政务公开工作要点任务分工", IssuedOn: calendar.Day(2024, 6, rapid.IntRange(1, 28).Draw(t, "day")), Issuer: "江澄区人民政府办公室", Number: "江澄府办〔2024〕" + fmt.Sprint(rapid.IntRange(1, 200).Draw(t, "number")) + "号"}
	if rapid.Bool().Draw(t, "letter") {
		w.Letter = []string{"一、提高认识。各单位要把政务公开摆在重要位置。", "二、狠抓落实。各牵头单位要加强跟踪督促。"}
	}
	n, row := 0, 0
	for s := range rapid.IntRange(1, 3).Draw(t, "sections") {
		title := "围绕" + rapid.SampledFrom([]string{"经济平稳健康发展", "保持社会和谐稳定", "提高政策公开质量"}).Draw(t, "section") + "推进公开" + han(s+1)
		for range rapid.IntRange(1, 3).Draw(t, "items") {
			n++
			it := WrittenItem{Section: s + 1, SectionTitle: title, Number: "（" + han(n) + "）", Title: rapid.SampledFrom([]string{"加强政策文件公开", "推进重大决策公开", "规范依申请公开", "做好规划、财政信息公开"}).Draw(t, "title") + "（第" + han(n) + "类）。"}
			for range rapid.IntRange(1, 3).Draw(t, "rows") {
				row++
				lead, resp := draw("lead", 1), draw("resp", 0)
				due := rapid.SampledFrom([]string{"", "2024年底前", "6月底前", "每季度"}).Draw(t, "due")
				count := rapid.IntRange(1, 3).Draw(t, "measures")
				for k := range count {
					m := WrittenMeasure{Row: row, Lead: lead, Resp: resp, Due: due,
						Text: rapid.SampledFrom([]string{"及时公开重大项目批准和实施信息", "认真落实《政府信息公开条例》有关要求", "建设“减税降费”专题专栏"}).Draw(t, "text") + fmt.Sprintf("，形成第%d类成果", row*10+k) + rapid.SampledFrom([]string{"。", "，接受社会监督。", "；不断提升质量。"}).Draw(t, "end")}
					if count > 1 {
						m.Number = fmt.Sprintf("%d．", k+1)
					}
					it.Measures = append(it.Measures, m)
				}
			}
			w.Items = append(w.Items, it)
		}
	}
	return w
}

// flat is a plan as its content: what must come back.
func flat(w Written) []string {
	out := []string{w.Title, w.Number, w.Issuer, w.IssuedOn.String()}
	for _, it := range w.Items {
		for _, m := range it.Measures {
			out = append(out, strings.Join([]string{it.SectionTitle, it.Number, strings.TrimSuffix(it.Title, "。"), m.Text, strings.Join(m.Lead, "、"), strings.Join(m.Resp, "、"), m.Due}, "|"))
		}
	}
	return out
}

func flatWire(w reader.Wire) []string {
	out := []string{w.Title, w.Number, w.Issuer, w.Date}
	for _, s := range w.Sections {
		for _, it := range s.Items {
			for _, m := range it.Measures {
				out = append(out, strings.Join([]string{s.Title, it.Number, it.Title, m.Text, strings.Join(m.Lead, "、"), strings.Join(m.Resp, "、"), m.Due}, "|"))
			}
		}
	}
	return out
}

func TestTheWordFileReadsBackAsThePlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawPlan(t)
		var file bytes.Buffer
		if err := w.Docx(&file); err != nil {
			t.Fatal(err)
		}
		doc, err := document.Read(context.Background(), "计划.docx", file.Bytes(), document.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := reader.Read(doc, reader.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if have, want := flatWire(got.Wire()), flat(w); !reflect.DeepEqual(have, want) {
			t.Fatalf("read back:\n%s\nwant:\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
		}
		if len(got.Letter) != len(w.Letter) {
			t.Fatalf("%d demands of the letter, want %d: %+v", len(got.Letter), len(w.Letter), got.Letter)
		}
	})
}
