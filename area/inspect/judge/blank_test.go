package judge

import (
	"strings"
	"testing"

	"gongkai/area/inspect/fact"
)

// TestBlank: what stands in place of a list.
func TestBlank(t *testing.T) {
	link := func(name, path string) fact.Link {
		return fact.Link{URL: at(path), Text: name, Element: "a", Place: fact.InBody}
	}
	search := fact.Form{Action: at("so"), Method: "GET", Fields: []string{"kw"}, Search: true}
	// sites begin with three columns that have a menu of columns beside their lists.
	beginning := func() *world {
		w := begin("要闻 yw/", "公告 tz/", "办事 bs/", "长者专版 clb/", "进度查询 cx/")
		w.home().Forms = []fact.Form{search}
		for _, c := range []string{"要闻 yw/", "公告 tz/", "办事 bs/"} {
			r := w.column(c[:6], c[7:], 1, "2026-06-29")
			r.Forms = []fact.Form{search}
			r.Links = []fact.Link{link("要闻", "yw/"), link("公告", "tz/"), link("办事", "bs/")}
		}
		return w
	}
	bare := func(w *world, name, path string) *fact.Reading {
		r := &fact.Reading{Kind: fact.Other, Heading: name, Title: name, Breadcrumb: []string{name}, Forms: []fact.Form{search}}
		w.page(path, 1, r)
		return r
	}
	t.Run("WEB-47 nothing but a search and the menu beside every list", func(t *testing.T) {
		w := beginning()
		r := bare(w, "长者专版", "clb/")
		r.Links = []fact.Link{link("要闻", "yw/"), link("公告", "tz/"), link("办事", "bs/")}
		only(t, w.judge(t), "WEB-47", "clb/")
	})
	t.Run("WEB-47 links that were chosen for the page", func(t *testing.T) {
		w := beginning()
		r := bare(w, "长者专版", "clb/")
		r.Links = []fact.Link{link("公告", "tz/"), link("要闻", "yw/"), link("我要留言", "hd/ly/"), link("办事", "bs/")}
		rep := w.judge(t)
		only(t, rep, "WEB-47")
		for _, c := range rep.Columns {
			if c.URL == at("clb/") {
				t.Error("a page of links is no column")
			}
		}
	})
	t.Run("WEB-47 links that were chosen and look like a menu", func(t *testing.T) {
		w := beginning()
		r := bare(w, "互动交流", "hd/")
		for _, name := range []string{"首页 ", "互动交流 hd/", "我要写信 hd/xx/", "来信选登 hd/xd/", "意见征集 hd/zj/"} {
			n, path, _ := strings.Cut(name, " ")
			l := link(n, path)
			l.Place = fact.InNav
			r.Links = append(r.Links, l)
		}
		only(t, w.judge(t), "WEB-47")
		r.Links = r.Links[:2] // its breadcrumb alone
		only(t, w.judge(t), "WEB-47", "hd/")
	})
	t.Run("WEB-47 an entrance of columns that the home page names too", func(t *testing.T) {
		w := beginning()
		r := bare(w, "互动交流", "hd/")
		for _, name := range []string{"来信选登 hd/xd/", "意见征集 hd/zj/", "网上调查 hd/dc/"} {
			n, path, _ := strings.Cut(name, " ")
			l := link(n, path)
			l.Place = fact.InNav
			r.Links = append(r.Links, l)
			w.home().Links = append(w.home().Links, l)
			w.column(n, path, 2, "2026-06-29")
		}
		only(t, w.judge(t), "WEB-47")
	})
	t.Run("WEB-47 a form that asks for a number", func(t *testing.T) {
		for _, isSearch := range []bool{false, true} {
			w := beginning()
			r := bare(w, "进度查询", "cx/")
			r.Forms = append(r.Forms, fact.Form{Action: at("cx/find"), Method: "GET", Fields: []string{"bh 查询编号"}, Search: isSearch})
			only(t, w.judge(t), "WEB-47")
		}
	})
	t.Run("WEB-47 a list without lines, with a form of its own", func(t *testing.T) {
		w := beginning()
		r := bare(w, "进度查询", "cx/")
		r.Kind, r.Empty, r.Text, r.Words = fact.List, false, "请输入编号", 5
		r.Forms = append(r.Forms, fact.Form{Action: at("cx/find"), Method: "POST", Fields: []string{"bh 查询编号"}})
		only(t, w.judge(t), "WEB-47")
	})
	t.Run("WEB-47 another search in the head of every inner page", func(t *testing.T) {
		w := beginning()
		inner := fact.Form{Action: at("inner/so"), Method: "GET", Fields: []string{"q"}, Search: true}
		for _, p := range w.pages[1:] {
			p.Read.Forms = append(p.Read.Forms, inner)
		}
		bare(w, "长者专版", "clb/").Forms = []fact.Form{inner}
		only(t, w.judge(t), "WEB-47", "clb/")
	})
	t.Run("a list in a frame is that of the page around it", func(t *testing.T) {
		w := begin("要闻 yw/")
		w.page("yw/", 1, &fact.Reading{Kind: fact.List, Heading: "要闻", Title: "要闻", Breadcrumb: []string{"要闻"}, Frames: []string{at("yw/lb_1.html")}})
		w.column("要闻列表", "yw/lb_1.html?a=", 2, "2026-06-29", "2026-06-20")
		w.pages[2].URL = at("yw/lb_1.html")
		rep := w.judge(t)
		if len(rep.Columns) != 1 || rep.Columns[0].URL != at("yw/") || rep.Columns[0].Items != 2 || rep.Columns[0].Latest.IsZero() {
			t.Errorf("%+v", rep.Columns)
		}
		only(t, rep, "WEB-43")
		only(t, rep, "WEB-47")
	})
}

// TestGathers: a column that shows items of the columns under it.
func TestGathers(t *testing.T) {
	t.Run("WEB-44 a policy column whose parts have no window of their own", func(t *testing.T) {
		for stamp, stale := range map[string]bool{"2025-11-01": true, "2026-06-01": false} {
			w := begin("政策文件 zc/")
			top := w.column("政策文件", "zc/", 1, "2025-10-01")
			under := w.column("规范性文件", "zc/gfx/", 2, stamp)
			under.Breadcrumb = []string{"政策文件", "规范性文件"}
			top.Entries = append(top.Entries, under.Entries...)[1:]
			if rep := w.judge(t); stale {
				only(t, rep, "WEB-44", "zc/")
			} else {
				only(t, rep, "WEB-44")
			}
		}
	})
	for name, own := range map[string]bool{"WEB-43 items of the columns below": false, "WEB-43 items of its own": true} {
		t.Run(name, func(t *testing.T) {
			w := begin("新闻动态 xw/")
			top := w.column("新闻动态", "xw/", 1, "2026-05-01", "2026-04-20", "2026-04-10")
			w.column("部门动态", "xw/bm/", 2, "2026-06-29").Breadcrumb = []string{"新闻动态", "部门动态"}
			under := w.column("街镇动态", "xw/jz/", 2)
			under.Breadcrumb = []string{"新闻动态", "街镇动态"}
			if !own {
				under.Entries = top.Entries
				w.pages[1].Read = top
			}
			rep := w.judge(t)
			if own {
				only(t, rep, "WEB-43", "xw/")
				return
			}
			only(t, rep, "WEB-43", "xw/jz/")
		})
	}
}
