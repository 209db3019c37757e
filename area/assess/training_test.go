package assess_test

import (
	"context"
	"strings"
	"testing"

	"gongkai/area"
	"gongkai/area/areatest"
	"gongkai/area/assess"
	"gongkai/kernel/calendar"
	"gongkai/kernel/org"
)

func TestTrainings(t *testing.T) {
	var s *assess.Service
	build := func(k *area.Kernel) area.Area { s = assess.New(k); return s.Area() }
	areatest.Each(t, "2022-09-01", build, func(t *testing.T, h *areatest.House) {
		wang := h.Person("王芳", "区司法局", org.Disclosure)
		zhou := h.Person("周燕", "东江街道办事处", org.Disclosure)
		office := h.Person("赵敏", "区政府办公室", org.Coordinator)
		ask := func(unit, n string) area.Answer {
			t.Helper()
			a, err := s.Proofs()[0].Ask(context.Background(), area.Question{Unit: h.Unit(unit), From: calendar.MustParse("2022-06-17"),
				Until: calendar.MustParse("2022-12-31"), Values: map[string]string{"n": n}})
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		wang.Get("/desk/trainings").Want(t, 200, "还没有登记培训")
		wang.Post("/desk/trainings", "kind", "unit", "topic", "政务公开业务培训", "held_on", "2022-09-02", "hours", "2", "present", "王芳 13800138000").
			Want(t, 422, "不能是将来的日期", "只登记姓名", "政务公开业务培训")
		short := wang.Post("/desk/trainings", "kind", "unit", "topic", "晨会讲解", "held_on", "2022-03-01", "hours", "0.5", "present", "王芳").Want(t, 303).Key()
		wang.Get("/desk/trainings/"+string(short)).Want(t, 200, "不计次：不足1小时")
		if a := ask("区司法局", "1"); a.Verdict != area.NotMet || len(a.Rows) != 1 {
			t.Errorf("a short training: %+v", a)
		}
		key := wang.Post("/desk/trainings", "kind", "unit", "topic", "政务公开业务培训", "held_on", "2022-03-10", "hours", "2", "expected", "4", "present", "王芳、李强\n张三").Want(t, 303).Key()
		wang.Get("/desk/trainings/"+string(key)).Want(t, 200, "王芳、李强、张三", "75%")
		if a := ask("区司法局", "1"); a.Verdict != area.Met || !strings.Contains(a.Why, "有效登记1次") {
			t.Errorf("a training: %+v", a)
		}
		if a := ask("区司法局", "2"); a.Verdict != area.NotMet {
			t.Errorf("two are wanted: %+v", a)
		}
		if a := ask("东江街道办事处", "1"); a.Verdict != area.NotMet {
			t.Errorf("another unit: %+v", a)
		}
		zhou.Get("/desk/trainings/"+string(key)).Want(t, 404)
		zhou.Post("/desk/trainings/"+string(key)+"/drop").Want(t, 403)
		office.Get("/desk/trainings?unit="+string(h.Unit("区司法局"))).Want(t, 200, "政务公开业务培训", "晨会讲解")
		if a := office.Get("/desk/trainings?as=xlsx").Want(t, 200); !strings.HasPrefix(a.Body, "PK") {
			t.Error("the export is no workbook")
		}
		wang.Post("/desk/trainings/"+string(key)+"/drop").Want(t, 303)
		if a := ask("区司法局", "1"); a.Verdict != area.NotMet {
			t.Errorf("after it was dropped: %+v", a)
		}
	})
}
