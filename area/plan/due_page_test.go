package plan_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gongkai/area/plan"
)

// consulting names a shortest time, which is no day to be late for.
const consulting = `江澄区2022年政务公开工作要点任务分工
江澄府办〔2022〕24号
一、加强政策公开
（一）规范意见征集
1．公开征求意见并明确期限，一般不少于30日。（牵头单位：区司法局；责任单位：各街道办事处）
江州市江澄区人民政府办公室
2022年6月17日
`

func TestAShortestTimeIsNoDeadline(t *testing.T) {
	atDesk(t, func(t *testing.T, h *desk) {
		key := h.imported(t, consulting)
		_, s := h.sheet(t, key)
		m := s.Sections[0].Items[0].Measures[0]
		if m.Due != (plan.Due{Kind: plan.AtLeast, Period: "30日"}) {
			t.Fatalf("read as %+v", m.Due)
		}
		at := fmt.Sprint(m.Key)
		h.office.Get("/desk/drafts/"+string(key)).Want(t, 200, "不少于30日")
		h.office.Get("/desk/drafts/"+string(key)+"?edit="+at).Want(t, 200, `value="least" selected`, `value="30日"`)
		h.edit(t, key, "op", "measure", "key", at, "text", m.Text, "lead", "区司法局", "due_kind", "least", "due_period", "").Want(t, 422, "期限")
		h.edit(t, key, "op", "measure", "key", at, "text", m.Text, "lead", "区司法局", "due_text", "一般不少于30日", "due_kind", "least", "due_period", "30日").Want(t, 303)
		d, _ := h.sheet(t, key)
		to := h.office.Post("/desk/drafts/"+string(key)+"/issue", "version", fmt.Sprint(d.Version), "sure", "1").Want(t, 303)
		lines, err := h.s.AllLines(context.Background(), plan.Filter{Plan: to.Key()})
		if err != nil || len(lines) == 0 {
			t.Fatalf("%d lines, %v", len(lines), err)
		}
		duty := h.office.Get("/desk/duties/"+string(lines[0].Duty)).Want(t, 200, "没有到期日", "这是最短的时间，每次都不得短于它")
		if strings.Contains(duty.Body, "30日内") || strings.Contains(duty.Body, "即30日") {
			t.Error("a shortest time is shown as a longest one")
		}
		h.office.Get("/desk/measures/"+string(lines[0].Measure)).Want(t, 200, "一般不少于30日（不少于30日）")
	})
}

func TestADayInsideThePeriod(t *testing.T) {
	atDesk(t, func(t *testing.T, h *desk) {
		key := h.imported(t, strings.Replace(consulting, "公开征求意见并明确期限，一般不少于30日。", "公布办理结果，每季度首月10日前更新。", 1))
		_, s := h.sheet(t, key)
		m := s.Sections[0].Items[0].Measures[0]
		want := plan.Due{Kind: plan.Recurring, Every: plan.Quarterly, Times: 1, Month: 1, Day: 10}
		if m.Due != want {
			t.Fatalf("read as %+v", m.Due)
		}
		at := fmt.Sprint(m.Key)
		h.office.Get("/desk/drafts/"+string(key)+"?edit="+at).Want(t, 200, `name="due_month"`, `name="due_day"`, `value="10"`)
		change := []string{"op", "measure", "key", at, "text", m.Text, "lead", "区司法局", "due_kind", "repeat", "due_every", "quarter", "due_times", "1"}
		h.edit(t, key, append(change, "due_month", "4", "due_day", "10")...).Want(t, 422, "每季度只有3个月")
		h.edit(t, key, append(change, "due_month", "1", "due_day", "10")...).Want(t, 303)
		d, _ := h.sheet(t, key)
		to := h.office.Post("/desk/drafts/"+string(key)+"/issue", "version", fmt.Sprint(d.Version), "sure", "1").Want(t, 303)
		lines, err := h.s.AllLines(context.Background(), plan.Filter{Plan: to.Key()})
		if err != nil || len(lines) == 0 || lines[0].Due.String() != "2022-07-10" {
			t.Fatalf("%+v, %v", lines, err)
		}
		h.office.Get("/desk/duties/"+string(lines[0].Duty)).Want(t, 200, "最后一天为2022年7月10日")
	})
}
