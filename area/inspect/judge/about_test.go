package judge

import (
	"strings"
	"testing"

	"gongkai/area/inspect/fact"
)

func TestOverview(t *testing.T) {
	for text, want := range map[string]fact.State{"2024年末，全区常住人口55万人。规划到2030年达到60万人。": fact.Proposed, "2025年末，全区常住人口55万人。": fact.Pass} {
		t.Run("WEB-40 "+text[:10], func(t *testing.T) {
			w := begin("走进云岭 zj/")
			w.page("zj/", 1, &fact.Reading{Kind: fact.Section, Heading: "走进云岭"})
			w.page("zj/gk.html", 2, &fact.Reading{Kind: fact.Overview, Heading: "区情概况", Breadcrumb: []string{"走进云岭", "区情概况"}, Text: text})
			r := w.judge(t)
			wantState(t, r, "D1.1", want)
			if want == fact.Proposed {
				only(t, r, "WEB-40", "zj/")
			}
		})
	}
	t.Run("WEB-40 no column: one finding", func(t *testing.T) {
		only(t, begin("新闻 xw/").judge(t), "WEB-40", "/")
	})
	t.Run("a column that could not be read is no missing column", func(t *testing.T) {
		r := begin("走进云岭 zj/").judge(t)
		only(t, r, "WEB-40")
		wantState(t, r, "D1.1", fact.NotDecided)
	})
}

func TestOrgans(t *testing.T) {
	w := begin("机构职能 jg/")
	w.page("jg/", 1, &fact.Reading{Kind: fact.List, Heading: "机构职能", Entries: []fact.Entry{{URL: at("jg/1.html"), Title: "区民政局"}, {URL: at("jg/2.html"), Title: "区粮食局"}, {URL: at("jg/3.html"), Title: "区财政局"}},
		Links: []fact.Link{{URL: at("jg/1.html"), Text: "区民政局", Element: "a", Place: fact.InList}, {URL: at("jg/2.html"), Text: "区粮食局", Element: "a", Place: fact.InList}}})
	w.in.Site.Units, w.in.Site.Gone = []string{"区民政局", "区水务局"}, []string{"区粮食局", "区物价局"}
	r := w.judge(t)
	t.Run("WEB-41 a missing unit and an abolished one", func(t *testing.T) {
		f := found(r, "WEB-41")
		if len(f) != 2 || f[0].Key != "区水务局" && f[1].Key != "区水务局" || f[0].Key != "区粮食局" && f[1].Key != "区粮食局" {
			t.Errorf("%+v", f)
		}
	})
}

func TestAbolished(t *testing.T) {
	for name, gone := range map[string]bool{
		"云岭区工商行政管理局": true, "青石市云岭区环境保护局": true, "云岭县卫生和计划生育委员会": true,
		"云岭区市场监督管理局": false, "云岭区生态环境局": false, "国家税务总局云岭区税务局": false, "云岭区工商业联合会": false, "环境保护": false,
	} {
		t.Run("WEB-41 "+name, func(t *testing.T) {
			w := begin("机构职能 jg/")
			w.page("jg/a.html", 2, &fact.Reading{Kind: fact.Content, Heading: name, Breadcrumb: []string{"机构职能"}, Text: "主要职责", Words: 4})
			if gone {
				only(t, w.judge(t), "WEB-41", "jg/a.html")
			} else {
				only(t, w.judge(t), "WEB-41")
			}
		})
	}
}

func TestLeaders(t *testing.T) {
	resume := "男，汉族，1975年3月出生，大学学历，中共党员，1997年7月参加工作，历任区发展改革委副主任、区财政局局长，现任副区长。负责财政、审计工作。"
	page := func(w *world, path, name, text string) {
		w.page(path, 3, &fact.Reading{Kind: fact.Leader, Heading: name, Breadcrumb: []string{"政务公开", "领导之窗"}, Text: text, Words: len([]rune(text))})
	}
	t.Run("WEB-42 a leader without résumé", func(t *testing.T) {
		w := begin("领导之窗 ld/")
		page(w, "ld/1.html", "李明", resume)
		page(w, "ld/2.html", "王芳", "工作分工：负责教育、卫生健康、文化旅游、体育工作，分管区教委、区卫生健康委、区文化旅游委，联系区科协、区残联、区红十字会。")
		only(t, w.judge(t), "WEB-42", "ld/2.html")
	})
	t.Run("WEB-42 a name that the register does not have, and one that the site does not have", func(t *testing.T) {
		w := begin("领导之窗 ld/")
		page(w, "ld/1.html", "李明", resume)
		page(w, "ld/2.html", "王芳", resume)
		w.in.Site.Leaders = []string{"李明", "赵强"}
		r := w.judge(t)
		keys := ""
		for _, f := range found(r, "WEB-42") {
			keys += f.Key + " " + string(f.State) + ";"
		}
		if !strings.Contains(keys, "姓名 PROPOSED") || !strings.Contains(keys, "赵强 PROPOSED") || strings.Count(keys, ";") != 2 {
			t.Errorf("%s", keys)
		}
	})
}

func TestReadings(t *testing.T) {
	for day, want := range map[string]fact.State{"2025-12-20": fact.Fail, "2026-01-10": fact.Pass} {
		t.Run("WEB-45 the newest interpretation is of "+day, func(t *testing.T) {
			w := begin("政策解读 jd/")
			w.column("政策解读", "jd/", 1, day, "2025-01-01")
			r := w.judge(t)
			wantState(t, r, "D1.6", want)
			only(t, r, "WEB-22")
		})
	}
	t.Run("WEB-43 no news column: one finding", func(t *testing.T) {
		only(t, begin("政策 zc/").judge(t), "WEB-43", "/")
	})
}
