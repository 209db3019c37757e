package plan_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"gongkai/kernel/document"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
)

// finish carries a term from issue to closing.
func (h *year) finish(t *testing.T) (duty, evidence string) {
	t.Helper()
	l := h.line(t, h.eUnit, "清理")
	h.move(t, h.east, l, "accept")
	e := h.ready(t, h.east, l)
	h.move(t, h.east, l, "submit")
	h.move(t, h.lead, l, "confirm")
	h.move(t, h.office, l, "close")
	return string(l.Duty), string(e)
}

func TestViews(t *testing.T) {
	each(t, func(t *testing.T, h *year) {
		base := "/desk/plans/" + string(h.plan)
		h.Public().Get(base).Want(t, 303)
		h.east.Get("/desk/plans").Want(t, 200, "江澄区2022年政务公开工作要点任务分工", "到期应完成")
		t.Run("the year at a glance", func(t *testing.T) {
			h.east.Get(base).Want(t, 200, "（一）文件公开", "东江街道", "待认领1项", "list?item=1&amp;unit="+string(h.eUnit), "看数据表")
			h.east.Get(base+"?standing=soon").Want(t, 200, "点击看全部", "standing=soon")
		})
		t.Run("a rate of nothing is no rate (ASM-06)", func(t *testing.T) {
			h.east.Get(base+"/units").Want(t, 200, "—", "区司法局")
		})
		duty, evidence := h.finish(t)
		t.Run("a change is seen at once", func(t *testing.T) {
			h.east.Get(base).Want(t, 200, "已办结1项")
			h.east.Get(base+"/list?standing=closed").Want(t, 200, "/desk/duties/"+duty, "共 1 项")
		})
		t.Run("the list is narrowed, sorted and urged from", func(t *testing.T) {
			a := h.lead.Get(base+"/list?item=1&role=resp&sort=-due&q=季度").Want(t, 200, "共 1 项", "任务</span>", "催办所选")
			if strings.Contains(a.Body, "每年至少清理") {
				t.Error("a filter let too much pass")
			}
			h.lead.Get(base+"/list?from=nonsense").Want(t, 422, "看不懂")
			l := h.line(t, h.eUnit, "季度")
			mine := h.line(t, h.jUnit, "清理")
			h.lead.Post(base+"/urge", "term", string(l.Term), "term", string(mine.Term)).Want(t, 200, "已催办 1 项", "没有催办", "请由牵头单位或政府办公室核查")
			h.lead.Post(base+"/urge", "term", string(l.Term)).Want(t, 200, "今天已经催办过")
			h.lead.Post(base+"/urge").Want(t, 422, "还没有选中任务")
			h.east.Post(base+"/urge", "term", string(l.Term)).Want(t, 403)
		})
		t.Run("late work is counted in working days", func(t *testing.T) {
			h.Day("2022-07-08")
			h.east.Get(base+"/list?standing=overdue").Want(t, 200, "超 6 个工作日")
			list, err := h.s.ByUnit(context.Background(), h.plan)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range list {
				if f.Unit == h.eUnit && (f.Figures.Due != 1 || f.Overdue != 1 || f.LateDays != 6 || f.LateMost != 6 || f.Figures.Closed != 1 || f.Met != 0) {
					t.Errorf("figures of the street: %+v", f.Figures)
				}
			}
		})
		t.Run("a new period is seen", func(t *testing.T) {
			h.east.Get(base+"/list?unit="+string(h.eUnit)).Want(t, 200, "2022-09-30")
		})
		for path, text := range map[string]string{
			"/leads": "区政府办公室", "/units/" + string(h.eUnit): "东江街道办事处", "/calendar?month=2022-09": "中秋", "/calendar": "2022年7月到期任务", "/weekly?days=30": "有进展",
		} {
			h.east.Get(base+path).Want(t, 200, text)
		}
		h.east.Get(base+"/units/"+string(h.plan)).Want(t, 404)
		h.east.Get(base+"/calendar?month=x").Want(t, 422)
		t.Run("who is silent", func(t *testing.T) {
			h.Day("2022-08-01")
			w, err := h.s.Weekly(context.Background(), h.plan, 7, 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(w.Silent) != 3 || len(w.Moved) != 0 {
				t.Errorf("%d silent, %d moved", len(w.Silent), len(w.Moved))
			}
			l := h.line(t, h.eUnit, "季度")
			if err := h.s.Report(context.Background(), h.east.Who, l.Term, 30, "已汇总"); err != nil {
				t.Fatal(err)
			}
			if w, err = h.s.Weekly(context.Background(), h.plan, 7, 0); err != nil || len(w.Silent) != 2 || len(w.Moved) != 0 {
				t.Errorf("%d silent, %d moved, %v", len(w.Silent), len(w.Moved), err)
			}
			h.office.Get(base+"/weekly").Want(t, 200, "没有动静", "区司法局")
		})
		t.Run("my duties", func(t *testing.T) {
			a := h.east.Get("/desk/duties").Want(t, 200, "东江街道办事处的任务", "每季度公布")
			if strings.Contains(a.Body, "持续改进栏目") {
				t.Error("another unit's duty is among mine")
			}
		})
		t.Run("every table goes to Excel with its filter and time", func(t *testing.T) {
			for path, want := range map[string]string{
				base + "/matrix.xlsx": "已销号1项", base + "/list.xlsx?standing=closed": "条件：状态是已销号", base + "/units.xlsx": "按时完成率",
				base + "/leads.xlsx": "牵头单位", base + "/weekly.xlsx": "期间：", base + "/calendar.xlsx?month=2022-09": "2022-09-30", base + "/plan.xlsx": "一、公开助力发展", "/desk/duties.xlsx": "东江街道办事处",
			} {
				a := h.east.Get(path).Want(t, 200)
				doc, err := document.Read(context.Background(), "表.xlsx", []byte(a.Body), document.Limits{})
				if err != nil {
					t.Fatalf("%s: %v", path, err)
				}
				text := textOf(doc)
				if !strings.Contains(text, want) || !strings.Contains(text, "数据时间：2022年8月1日") {
					t.Errorf("%s lacks %q or its time: %.300s", path, want, text)
				}
			}
		})
		t.Run("everyone sees the plan and no name, evidence only when released", func(t *testing.T) {
			public := h.Public()
			public.Get("/plans").Want(t, 200, "江澄区2022年")
			a := public.Get("/plans/2022").Want(t, 200, "一、公开助力发展", "每年至少清理一次规范性文件", "2022年底前", "2个单位中1个已完成", "各街道办事处", "已过时限、尚未完成的：", "区司法局")
			for _, name := range []string{"周燕", "王芳", "李强", "清理结果"} {
				if strings.Contains(a.Body, name) {
					t.Errorf("the public page names %s", name)
				}
			}
			public.Get("/plans/2021").Want(t, 404, "还没有下发")
			public.Get("/plans/abc").Want(t, 404)
			public.Get("/plans/evidence/"+evidence).Want(t, 404)
			h.office.Post("/desk/evidence/"+evidence+"/public", "public", "1").Want(t, 303)
			public.Get("/plans/2022").Want(t, 200, "清理结果", "/plans/evidence/"+evidence)
			public.Get("/plans/evidence/"+evidence).Want(t, 200, "已清理12件", "东江街道办事处")
			public.Get("/plans/files/"+evidence).Want(t, 404)
			l := h.line(t, h.eUnit, "清理")
			public.Get("/plans/2022/measures/"+string(l.Measure)).Want(t, 200, "各单位进展", "责任单位", "已完成")
		})
		t.Run("the search shows evidence only to those who may open its duty", func(t *testing.T) {
			stranger := h.Person("吴江", "区教委", org.Disclosure)
			for who, want := range map[string]int{"east": 1, "stranger": 0} {
				v := h.east
				if who == "stranger" {
					v = stranger
				}
				list, counts, err := h.s.Search(context.Background(), v.Who, "清理", "", page.Ask{})
				if err != nil {
					t.Fatal(err)
				}
				if counts["measure"] != 1 || counts["evidence"] != want || list.Total != 1+want {
					t.Errorf("%s finds %v", who, counts)
				}
			}
			for text, kind := range map[string]string{"东江街道": "unit", "任务分工": "plan"} {
				_, counts, err := h.s.Search(context.Background(), h.east.Who, text, "", page.Ask{})
				if err != nil || counts[kind] == 0 {
					t.Errorf("%s finds %v, %v", text, counts, err)
				}
			}
			if list, _, err := h.s.Search(context.Background(), h.east.Who, "100%_", "", page.Ask{}); err != nil || list.Total != 0 {
				t.Errorf("signs of LIKE match themselves: %d, %v", list.Total, err)
			}
		})
		t.Run("the plan as a Word file", func(t *testing.T) {
			a := h.east.Get(base+"/plan.docx").Want(t, 200)
			doc, err := document.Read(context.Background(), "计划.docx", []byte(a.Body), document.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if text := textOf(doc); !strings.Contains(text, "江澄府办〔2022〕24号") || !strings.Contains(text, "各街道办事处") {
				t.Errorf("the file holds %s", text)
			}
		})
	})
}

// textOf is everything a document says.
func textOf(doc *document.Document) string {
	var b bytes.Buffer
	for _, bl := range doc.Blocks {
		if bl.Para != nil {
			b.WriteString(bl.Para.Text + "\n")
		}
		if bl.Table != nil {
			for _, c := range bl.Table.Cells {
				for _, p := range c.Paras {
					b.WriteString(p.Text + "\n")
				}
			}
		}
	}
	return b.String()
}
