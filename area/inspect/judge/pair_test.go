package judge

import (
	"strings"
	"testing"

	"gongkai/area/inspect/fact"
)

func TestCoreOf(t *testing.T) {
	for _, c := range [][]string{
		{"云岭区人民政府关于印发《云岭区停车管理办法》的通知", "《云岭区停车管理办法》政策解读", "一图读懂：云岭区停车管理办法", "《停车管理办法（试行）》解读"},
		{"青石市云岭区人民政府办公室关于加强春耕备耕工作的通知", "《关于加强春耕备耕工作的通知》解读", "关于加强春耕备耕工作的解读"},
		{"云岭区人民政府关于印发云岭区老旧小区改造实施方案的通知", "云岭区老旧小区改造实施方案政策解读", "图解|云岭区老旧小区改造实施方案"},
	} {
		for _, title := range c[1:] {
			t.Run("WEB-46 "+title, func(t *testing.T) {
				if a, b := coreOf(c[0]), coreOf(title); a != b || a == "" {
					t.Errorf("%q, %q", a, b)
				}
			})
		}
	}
}

// paperPages are a document and its interpretation.
func paperPages(w *world) (doc, jd *fact.Page) {
	doc = w.item("zc/1.html", "云岭区人民政府关于印发《云岭区停车管理办法》的通知", "2026-05-01")
	doc.Read.Number = "云府发〔2026〕5号"
	jd = w.item("jd/1.html", "《云岭区停车管理办法》政策解读", "2026-05-01")
	jd.Read.Breadcrumb = []string{"政策解读"}
	return doc, jd
}

func TestPairs(t *testing.T) {
	to := func(p *fact.Page) fact.Link { return fact.Link{URL: p.URL, Element: "a", Place: fact.InBody} }
	t.Run("WEB-46 a finding for each missing direction", func(t *testing.T) {
		w := begin()
		paperPages(w)
		r := w.judge(t)
		only(t, r, "WEB-46", "zc/1.html", "jd/1.html")
		wantState(t, r, "D1.7", fact.Fail)
	})
	t.Run("WEB-46 the document does not link back", func(t *testing.T) {
		w := begin()
		doc, jd := paperPages(w)
		jd.Read.Links = []fact.Link{to(doc)}
		only(t, w.judge(t), "WEB-46", "zc/1.html")
	})
	t.Run("WEB-46 both, also through a redirect", func(t *testing.T) {
		w := begin()
		doc, jd := paperPages(w)
		doc.Read.Links = []fact.Link{to(jd)}
		w.pages = append(w.pages, &fact.Page{URL: at("old"), Final: doc.URL, Status: 200, Depth: 2})
		jd.Read.Links = []fact.Link{{URL: at("old"), Element: "a", Place: fact.InBody}}
		r := w.judge(t)
		only(t, r, "WEB-46")
		wantState(t, r, "D1.7", fact.Pass)
	})
	t.Run("an interpretation of what others made has no partner here", func(t *testing.T) {
		w := begin()
		w.item("jd/2.html", "《保障农民工工资支付条例》解读", "2026-05-01").Read.Breadcrumb = []string{"政策解读"}
		r := w.judge(t)
		only(t, r, "WEB-46")
		wantState(t, r, "D1.7", fact.NotDecided)
	})
}

func TestTwins(t *testing.T) {
	text := strings.Repeat("为规范停车秩序，改善群众出行条件，结合实际，制定本办法。", 20)
	t.Run("PLAT-64 the same number and title", func(t *testing.T) {
		w := begin()
		for _, u := range []string{"a/1.html", "b/2.html"} {
			w.item(u, "云岭区人民政府关于印发《停车管理办法》的通知", "2026-05-01").Read.Number = "云府发〔2026〕5号"
		}
		only(t, w.judge(t), "PLAT-64", "b/2.html")
	})
	t.Run("PLAT-64 word for word, and nearly so", func(t *testing.T) {
		w := begin()
		for u, more := range map[string]string{"a/1.html": "", "b/2.html": "", "c/3.html": "云岭区人民政府办公室印发"} {
			r := w.item(u, "停车管理办法全文", "2026-05-01").Read
			r.Text, r.Words = text+more, len([]rune(text+more))
		}
		if f := found(w.judge(t), "PLAT-64"); len(f) != 2 || f[0].State != fact.Proposed {
			t.Errorf("%+v", f)
		}
	})
	t.Run("PLAT-64 things of one form are not one thing", func(t *testing.T) {
		w := begin()
		for i, u := range []string{"a/1.html", "b/2.html"} {
			r := w.item(u, "行政处罚公示", "2026-05-01").Read
			r.Text = strings.Repeat([]string{"张三餐饮店未取得许可从事经营，罚款五百元。", "李四商行销售过期食品，没收并罚款一千元整。"}[i], 20)
			r.Words = 400
		}
		only(t, w.judge(t), "PLAT-64")
	})
	t.Run("PLAT-64 one number cited by two things", func(t *testing.T) {
		w := begin()
		w.item("a/1.html", "云岭区人民政府关于加强停车管理的通知", "2026-05-01").Read.Number = "云府发〔2026〕5号"
		w.item("b/2.html", "云岭区公布第三批便民车位分布情况", "2026-06-01").Read.Number = "云府发〔2026〕5号"
		only(t, w.judge(t), "PLAT-64")
	})
}

func TestNearly(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"白杨镇完成农村饮水管护员轮训", "白杨镇完成农村饮水管护员集中轮训", true},
		{"白杨镇完成农村饮水管护员轮训", "柳河镇完成农村饮水管护员轮训", false},
		{"云岭区第1批重点工作", "云岭区第2批重点工作", false},
	} {
		if nearly(c.a, c.b) != c.want {
			t.Errorf("PLAT-64 %s, %s: want %v", c.a, c.b, c.want)
		}
	}
}
