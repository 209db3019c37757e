package lexicon_test

import (
	"encoding/json"
	"strings"
	"testing"

	"gongkai/area"
	"gongkai/area/areatest"
	"gongkai/area/lexicon"
	"gongkai/kernel/org"
)

func TestLexicon(t *testing.T) {
	build := func(k *area.Kernel) area.Area { return lexicon.New(k).Area() }
	areatest.Each(t, "2026-05-06", build, func(t *testing.T, h *areatest.House) {
		zhao := h.Person("赵敏", "区政府办公室", org.Coordinator)
		qian := h.Person("钱进", "区政府办公室", org.Coordinator)
		wang := h.Person("王芳", "区司法局", org.Disclosure)

		wang.Get("/desk/lexicon").Want(t, 200, "没有符合条件的规则")
		wang.Post("/desk/lexicon", "kind", "word", "form", "办事大厅").Want(t, 403)
		zhao.Post("/desk/lexicon", "kind", "word", "form", "厅", "severity", "confirm", "when", "regex:(a+)+", "source", "更名通知").
			Want(t, 422, "请写2至60个字", "更名通知")
		zhao.Post("/desk/lexicon", "kind", "word", "form", "办事大厅", "severity", "confirm", "when", "regex:(a+)+", "source", "更名通知").
			Want(t, 422, "不认识的条件")
		key := zhao.Post("/desk/lexicon", "kind", "word", "form", "办事大厅", "right", "政务服务大厅", "severity", "block",
			"when", "!prev:网上|政务服务", "source", "更名通知", "hits", "请到网上办事大厅办理。").Want(t, 303).Key()
		page := "/desk/lexicon/" + string(key)

		// its examples must pass before it goes live, and one sentence of either sort is needed
		qian.Post(page+"/live").Want(t, 422, "没有发现问题", "缺少“不应误报”的例句")
		zhao.Post(page, "version", "1", "kind", "word", "form", "办事大厅", "right", "政务服务大厅", "severity", "block",
			"when", "!prev:网上|政务服务", "source", "更名通知", "hits", "请到办事大厅办理。", "passes", "请到网上办事大厅办理。").Want(t, 303)
		zhao.Post(page+"/live").Want(t, 403, "另一位")
		check := func() string {
			t.Helper()
			return wang.Post("/api/check", "text", "请到办事大厅办理。").Want(t, 200).Body
		}
		if body := check(); strings.Contains(body, "OWN-") {
			t.Errorf("a rule that is not live: %s", body)
		}
		qian.Post(page+"/live").Want(t, 303)
		var out struct {
			Characters int
			Hits       []struct {
				Rule, Severity, Text, Replace, Source string
				Start, End                            int
			}
		}
		if err := json.Unmarshal([]byte(check()), &out); err != nil {
			t.Fatal(err)
		}
		if len(out.Hits) != 1 || out.Hits[0].Start != 2 || out.Hits[0].End != 6 || out.Hits[0].Replace != "政务服务大厅" || out.Hits[0].Source != "更名通知" || out.Characters != 9 {
			t.Errorf("hits: %+v", out)
		}
		wang.Post("/desk/check", "text", "请到办事大厅办理。").Want(t, 200, "必须修改1处", "政务服务大厅")
		wang.Post("/desk/check").Want(t, 422, "请粘贴文字")

		// a live rule cannot be broken, and the second of two editors sees what the first did
		zhao.Post(page, "version", "3", "kind", "word", "form", "办事大厅", "right", "政务服务大厅", "severity", "block",
			"source", "更名通知", "hits", "请到办事大厅办理。", "passes", "请到网上办事大厅办理。").Want(t, 422, "误报")
		zhao.Post(page, "version", "2", "kind", "word", "form", "办事大厅", "right", "便民大厅", "severity", "block",
			"when", "!prev:网上|政务服务", "source", "更名通知", "hits", "请到办事大厅办理。", "passes", "请到网上办事大厅办理。").Want(t, 409, "已被别人改为：政务服务大厅", "便民大厅")
		qian.Post(page+"/drop").Want(t, 422, "请先停用")
		qian.Post(page+"/stop").Want(t, 303)
		if body := check(); strings.Contains(body, "OWN-") {
			t.Errorf("a rule that was stopped: %s", body)
		}
		if a := wang.Get("/desk/lexicon?as=xlsx").Want(t, 200); !strings.HasPrefix(a.Body, "PK") {
			t.Error("the export is no workbook")
		}
		qian.Post(page+"/drop").Want(t, 303)

		// a leader of the house
		leader := zhao.Post("/desk/lexicon", "kind", "leader", "form", "区长", "right", "林志远", "from", "2022-01-01", "source", "人大任命").Want(t, 303).Key()
		zhao.Post("/desk/lexicon/"+string(leader)+"/live").Want(t, 303)
		wang.Post("/desk/check", "text", "区长林志远主持会议。", "date", "2021-03-01").Want(t, 200, "不任此职")
		zhao.Post("/desk/lexicon", "kind", "leader", "form", "区长", "right", "林志远", "from", "2022-01-01", "source", "人大任命").Want(t, 422, "已经有这条规则")
	})
}
