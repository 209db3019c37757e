package judge

import (
	"fmt"
	"testing"

	"gongkai/area/inspect/fact"
)

func TestHomePage(t *testing.T) {
	for _, c := range []struct {
		name   string
		stamps []string
		want   fact.State
	}{
		{"WEB-18 newest item 06-16 13:00", []string{"2026-06-16 13:00", "2026-06-02", "2026-06-01"}, fact.Pass},
		{"WEB-18 newest item 06-16 11:00", []string{"2026-06-16 11:00", "2026-06-02", "2026-06-01"}, fact.Fail},
		{"WEB-18 a day without a time counts to its end", []string{"2026-06-16", "2026-06-02", "2026-06-01"}, fact.Pass},
		{"WEB-18 a future day does not count", []string{"2026-12-01", "2026-06-02", "2026-06-01", "2026-05-01"}, fact.Fail},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := begin()
			for i, s := range c.stamps {
				u := fmt.Sprintf("x/%d.html", i)
				w.item(u, "条目"+u, s)
				w.home().Links = append(w.home().Links, fact.Link{URL: at(u), Element: "a", Place: fact.InList})
			}
			wantState(t, w.judge(t), "V3", c.want)
		})
	}
	t.Run("WEB-18 a home page that only leads on", func(t *testing.T) {
		w := begin("新闻 xw/", "公告 gg/")
		w.column("新闻", "xw/", 1, "2026-06-29", "2026-06-20")
		w.column("公告", "gg/", 1, "2026-01-29")
		wantState(t, w.judge(t), "V3", fact.Pass)
	})
	t.Run("WEB-19 an item without a day on its own page", func(t *testing.T) {
		w := begin()
		for i, s := range []string{"", "2026-06-01", "2026-05-01", "2026-04-01"} {
			u := fmt.Sprintf("x/%d.html", i)
			w.item(u, "条目"+u, s)
			w.home().Entries = append(w.home().Entries, fact.Entry{URL: at(u), Date: dayOf("2026-06-29")})
		}
		r := w.judge(t)
		wantState(t, r, "V3", fact.Proposed)
		only(t, r, "WEB-19", "/")
	})
	t.Run("a start that sends on to the home page", func(t *testing.T) {
		w := begin()
		w.pages[0].Read = &fact.Reading{Kind: fact.Jump, Jump: at("portal/cn/")}
		r := &fact.Reading{Kind: fact.Section, Heading: "云岭区人民政府"}
		for i := range 3 {
			u := fmt.Sprintf("x/%d.html", i)
			r.Entries = append(r.Entries, fact.Entry{URL: at(u)})
		}
		w.page("portal/cn/", 1, r)
		for i := range 3 {
			w.item(fmt.Sprintf("x/%d.html", i), fmt.Sprint("条目", i), "2026-06-20")
		}
		wantState(t, w.judge(t), "V3", fact.Pass)
		if rep := w.judge(t); len(rep.Columns) != 0 {
			t.Errorf("%+v", rep.Columns)
		}
	})
	t.Run("a veto waits for the second round", func(t *testing.T) {
		w := begin("要闻 yw/")
		w.column("要闻", "yw/", 1, "2026-01-01", "2026-01-01", "2026-01-01")
		one := w.judge(t)
		if len(one.Result.Waiting) == 0 || len(one.Result.Unqualified) != 0 || !one.Result.Scored {
			t.Errorf("first round: %+v", one.Result)
		}
		w.in.Before, w.in.Round = one, 2
		two := w.judge(t)
		if len(two.Result.Unqualified) != 1 || two.Result.Scored {
			t.Errorf("second round: %+v", two.Result)
		}
	})
}

func TestColumns(t *testing.T) {
	stale := func(level1 bool) *world {
		w := begin("要闻 yw/", "工作动态 dt/", "街镇新闻 jz/", "通知公告 tz/", "公示 gs/", "政策文件 zc/")
		w.column("要闻", "yw/", 1, "2026-06-15")
		w.column("工作动态", "dt/", 1, "2026-06-15")
		w.column("街镇新闻", "jz/", 1, "2026-06-15", "2026-06-01")
		w.column("通知公告", "tz/", 1, "2025-12-29")
		w.column("公示", "gs/", 1, "2025-12-29")
		w.column("政策文件", "zc/", 1, "2026-06-01")
		return w
	}
	t.Run("WEB-20 three and two", func(t *testing.T) {
		r := stale(true).judge(t)
		wantState(t, r, "V4.1", fact.Fail)
		only(t, r, "WEB-43", "yw/", "dt/", "jz/")
		only(t, r, "WEB-20", "/", "yw/", "dt/", "jz/", "tz/", "gs/")
	})
	t.Run("WEB-20 one of them updated", func(t *testing.T) {
		w := stale(true)
		w.pages[2].Read.Published = moment("2026-06-20")
		wantState(t, w.judge(t), "V4.1", fact.Pass)
	})
	t.Run("WEB-21 a second-level policy column is not added", func(t *testing.T) {
		w := stale(true)
		w.pages[2].Read.Published = moment("2026-06-20")
		w.column("规范性文件", "zc/gfx/", 2, "2025-10-30")
		r := w.judge(t)
		wantState(t, r, "V4.1", fact.Pass)
		only(t, r, "WEB-44")
	})
	t.Run("WEB-44 a first-level policy column", func(t *testing.T) {
		w := begin("政策文件 zc/")
		w.column("政策文件", "zc/", 1, "2025-12-29")
		r := w.judge(t)
		only(t, r, "WEB-44", "zc/")
		if f := found(r, "WEB-44")[0]; f.Points != 5 || f.State != fact.Fail {
			t.Errorf("%+v", f)
		}
	})
	for _, n := range []int{9, 10} {
		t.Run(fmt.Sprintf("WEB-22 %d columns beyond their cycle", n), func(t *testing.T) {
			w := begin()
			for i := range n {
				w.column(fmt.Sprintf("民生服务%c", 'A'+i), fmt.Sprintf("o%d/", i), 2, "2025-06-01", "2025-05-01")
			}
			w.column("应急处置", "yj/", 2, "2024-01-01", "2023-01-01")
			w.in.Site.Columns = []fact.Duty{{Name: "应急处置", ByEvent: "有突发事件时才发布"}}
			r := w.judge(t)
			want := fact.Pass
			if n == 10 {
				want = fact.Proposed
			}
			wantState(t, r, "V4.2", want)
		})
	}
	for _, n := range []int{4, 5} {
		t.Run(fmt.Sprintf("WEB-23 WEB-47 %d empty columns", n), func(t *testing.T) {
			w := begin()
			for i := range n {
				r := w.column(fmt.Sprintf("空栏%c", 'A'+i), fmt.Sprintf("k%d/", i), 2)
				r.Empty, r.Text, r.Words = true, "暂无数据", 4
			}
			r := w.judge(t)
			if got := len(found(r, "WEB-47")); got != n {
				t.Errorf("%d findings", got)
			}
			if n == 4 {
				wantState(t, r, "V4.3", fact.Pass)
				return
			}
			wantState(t, r, "V4.3", fact.Proposed)
			w.in.Before, w.in.Round = r, 2
			r = w.judge(t)
			wantState(t, r, "V4.3", fact.Fail)
			if len(r.Result.Unqualified) == 0 {
				t.Error("not confirmed")
			}
		})
	}
	t.Run("WEB-83 a list that a script fills in is not empty", func(t *testing.T) {
		w := begin("要闻 yw/")
		r := w.column("要闻", "yw/", 1)
		r.Scripted = true
		rep := w.judge(t)
		only(t, rep, "WEB-83", "yw/")
		only(t, rep, "WEB-47")
		if rep.Columns[0].Blank {
			t.Error("blank")
		}
	})
	t.Run("WEB-22 surveys of more than a year ago", func(t *testing.T) {
		w := begin()
		w.column("网上调查", "dc/", 2, "2025-05-01", "2025-04-01").Kind = fact.Consultation
		w.column("意见征集", "zj/", 2, "2026-05-01").Kind = fact.Consultation
		rep := w.judge(t)
		only(t, rep, "WEB-22", "dc/")
		if f := found(rep, "WEB-22")[0]; f.State != fact.Proposed {
			t.Errorf("%+v", f)
		}
	})
	t.Run("WEB-83 lists that only a browser reads are one fault", func(t *testing.T) {
		w := begin("要闻 yw/")
		for _, path := range []string{"yw/", "xk/"} {
			r := w.column("要闻", path, 1, "2026-06-29")
			r.Heading, r.Breadcrumb = path, []string{path}
			r.Scripted, r.Rendered = true, true
		}
		rep := w.judge(t)
		only(t, rep, "WEB-83", "xk/")
		if f := found(rep, "WEB-83")[0]; f.Count != 2 || f.State != fact.Proposed {
			t.Errorf("%+v", f)
		}
	})
	t.Run("further pages belong to their column; pinned entries are not the newest", func(t *testing.T) {
		w := begin("要闻 yw/")
		r := w.column("要闻", "yw/", 1, "2026-06-29", "2026-06-10")
		r.Entries[0].Pinned = true
		r.Next = []string{at("yw/index_1.html")}
		two := w.column("要闻", "yw/index_1.html", 2)
		w.item("yw/b.html", "旧事", "2026-06-12 09:00")
		two.Entries = []fact.Entry{{URL: at("yw/b.html"), Title: "旧事"}}
		rep := w.judge(t)
		if len(rep.Columns) != 1 || rep.Columns[0].Items != 3 || rep.Columns[0].Latest != moment("2026-06-12 09:00") || rep.Columns[0].Level != 1 {
			t.Errorf("%+v", rep.Columns)
		}
		only(t, rep, "WEB-43", "yw/")
		if len(rep.Items) != 3 || rep.Items[0].Column != "要闻" {
			t.Errorf("%+v", rep.Items)
		}
	})
}
