package judge

import (
	"fmt"
	"testing"

	"gongkai/area/inspect/fact"
)

// disclosure adds a platform that shows its parts by the given labels.
func (w *world) disclosure(labels ...string) *fact.Reading {
	r := &fact.Reading{Kind: fact.Disclosure, Heading: "政府信息公开", Breadcrumb: []string{"政府信息公开"}}
	for i, l := range labels {
		r.Links = append(r.Links, fact.Link{URL: at(fmt.Sprintf("xxgk/%d/", i)), Text: l, Element: "a", Place: fact.InBody})
	}
	w.page("xxgk/", 1, r)
	return r
}

var goodParts = []string{"政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开"}

func TestPlatform(t *testing.T) {
	t.Run("PLAT-01 four parts and the request entry", func(t *testing.T) {
		w := begin("政府信息公开 xxgk/")
		w.disclosure(goodParts...)
		r := w.judge(t)
		only(t, r, "PLAT-01")
		only(t, r, "PLAT-02")
		only(t, r, "PLAT-03")
	})
	t.Run("PLAT-01 a wrong label, a missing part", func(t *testing.T) {
		w := begin("政府信息公开 xxgk/")
		w.disclosure("信息公开指南", "政府信息公开制度", "法定主动公开内容", "依申请公开")
		f := found(w.judge(t), "PLAT-01")
		if len(f) != 2 || f[0].Key+f[1].Key != "政府信息公开年报政府信息公开指南" {
			t.Errorf("%+v", f)
		}
	})
	t.Run("PLAT-02 two clicks away", func(t *testing.T) {
		w := begin("要闻 yw/")
		w.disclosure(goodParts...)
		w.pages[1].Depth = 2
		only(t, w.judge(t), "PLAT-02", "xxgk/")
	})
	t.Run("PLAT-07 two guides in a list that is no column", func(t *testing.T) {
		w := begin("政府信息公开 xxgk/")
		w.disclosure(goodParts...)
		w.page("xxgk/0/", 2, &fact.Reading{Kind: fact.Disclosure, Heading: "政府信息公开", Breadcrumb: []string{"政府信息公开", "政府信息公开指南"}, Entries: []fact.Entry{
			{URL: at("a.html"), Title: "云岭区人民政府信息公开指南"}, {URL: at("b.html"), Title: "云岭区人民政府信息公开指南（2022年版）"}}})
		if f := found(w.judge(t), "PLAT-07"); len(f) != 1 || f[0].URL != at("xxgk/0/") || f[0].What != "政府信息公开指南存在多份" {
			t.Errorf("%+v", f)
		}
	})
	t.Run("PLAT-04 speeches under the statutory content, called otherwise", func(t *testing.T) {
		w := begin("政府信息公开 xxgk/")
		w.disclosure(goodParts...)
		w.column("领导讲话", "xxgk/2/jh/", 3, "2026-06-29").Breadcrumb = []string{"政府信息公开", "信息公开目录", "领导讲话"}
		only(t, w.judge(t), "PLAT-04", "xxgk/2/jh/")
	})
	t.Run("PLAT-02 behind another entrance", func(t *testing.T) {
		w := begin("政务公开 zwgk/")
		w.page("zwgk/", 1, &fact.Reading{Kind: fact.Section, Heading: "政务公开", Links: []fact.Link{{URL: at("xxgk/"), Text: "政府信息公开", Element: "a", Place: fact.InBody}}})
		w.disclosure(goodParts...)
		w.pages[2].Depth = 2
		r := w.judge(t)
		only(t, r, "PLAT-02", "xxgk/")
		only(t, r, "PLAT-01")
	})
	t.Run("PLAT-02 the map of the site is not the platform", func(t *testing.T) {
		w := begin("政务公开 zwgk/")
		w.disclosure(goodParts...)
		w.pages[1].Depth = 2
		w.page("map/", 1, &fact.Reading{Kind: fact.Other, Heading: "网站地图", Links: w.pages[1].Read.Links})
		only(t, w.judge(t), "PLAT-02", "xxgk/")
	})
	t.Run("PLAT-02 an entrance that sends on", func(t *testing.T) {
		w := begin("政务公开 zwgk/")
		w.page("zwgk/", 1, &fact.Reading{Kind: fact.Jump, Jump: at("xxgk/")})
		w.disclosure(goodParts...)
		w.pages[2].Depth = 2
		only(t, w.judge(t), "PLAT-02")
	})
	t.Run("PLAT-01 the platform is called otherwise", func(t *testing.T) {
		w := begin("信息公开 xxgk/")
		w.disclosure(goodParts...).Heading = "信息公开"
		if f := found(w.judge(t), "PLAT-01"); len(f) != 1 || f[0].Key != "名称" {
			t.Errorf("%+v", f)
		}
	})
	t.Run("PLAT-02 nowhere", func(t *testing.T) { only(t, begin("要闻 yw/").judge(t), "PLAT-02", "/") })
	t.Run("PLAT-03 on a site of its own", func(t *testing.T) {
		w := begin("政府信息公开 http://xxgk.yl.gov.cn/")
		w.disclosure(goodParts...)
		w.pages[1].URL = "http://xxgk.yl.gov.cn/"
		only(t, w.judge(t), "PLAT-03", "http://xxgk.yl.gov.cn/")
	})
	t.Run("PLAT-04 news under the statutory content", func(t *testing.T) {
		w := begin("政府信息公开 xxgk/")
		w.disclosure(goodParts...)
		w.column("工作动态", "xxgk/2/dt/", 3, "2026-06-29").Breadcrumb = []string{"政府信息公开", "法定主动公开内容", "工作动态"}
		w.column("规划信息", "xxgk/2/gh/", 3, "2026-06-29").Breadcrumb = []string{"政府信息公开", "法定主动公开内容", "规划信息"}
		only(t, w.judge(t), "PLAT-04", "xxgk/2/dt/")
	})
	t.Run("PLAT-06 a meeting among the rules", func(t *testing.T) {
		w := begin("政府信息公开 xxgk/")
		w.disclosure(goodParts...)
		c := w.column("政府信息公开制度", "xxgk/1/", 2, "2026-06-01", "2026-05-01")
		c.Entries[0].Title, c.Entries[1].Title = "区政府召开政务公开工作会议", "云岭区政府信息公开工作考核办法"
		only(t, w.judge(t), "PLAT-06", "xxgk/1/a0.html")
	})
	t.Run("PLAT-07 the guide opens a list", func(t *testing.T) {
		w := begin("政府信息公开 xxgk/")
		w.disclosure(goodParts...)
		w.column("政府信息公开指南", "xxgk/0/", 2, "2026-06-01")
		only(t, w.judge(t), "PLAT-07", "xxgk/0/")
	})
	t.Run("PLAT-08 a guide that cites the old regulation", func(t *testing.T) {
		w := begin("政府信息公开 xxgk/")
		w.disclosure(goodParts...)
		p := w.page("xxgk/0/", 2, &fact.Reading{Kind: fact.Content, Heading: "政府信息公开指南", Text: "根据《中华人民共和国政府信息公开条例》（国务院令第492号）编制本指南。"})
		only(t, w.judge(t), "PLAT-08", "xxgk/0/")
		p.Read.Text += "该条例已由国令第711号修订。"
		only(t, w.judge(t), "PLAT-08")
	})
	t.Run("PLAT-09 a year without its report", func(t *testing.T) {
		w := begin("政府信息公开 xxgk/")
		w.disclosure(goodParts...)
		c := w.column("政府信息公开年报", "xxgk/3/", 2, "2026-01-20", "2024-01-20", "2023-01-20")
		for i, y := range []int{2025, 2023, 2022} {
			c.Entries[i].Title = fmt.Sprintf("云岭区人民政府%d年政府信息公开工作年度报告", y)
		}
		f := found(w.judge(t), "PLAT-09")
		if len(f) != 1 || f[0].Key != "2024" {
			t.Errorf("%+v", f)
		}
	})
	t.Run("PLAT-10 an empty part is said once", func(t *testing.T) {
		w := begin("政府信息公开 xxgk/")
		w.disclosure(goodParts...)
		c := w.column("重大建设项目", "xxgk/2/xm/", 3)
		c.Breadcrumb, c.Empty = []string{"政府信息公开", "法定主动公开内容", "重大建设项目"}, true
		r := w.judge(t)
		only(t, r, "PLAT-10", "xxgk/2/xm/")
		only(t, r, "WEB-47", "xxgk/2/xm/")
	})
	t.Run("PLAT-24 履职依据 without the library of rules", func(t *testing.T) {
		w := begin("政府信息公开 xxgk/")
		w.disclosure(goodParts...)
		w.page("xxgk/2/lz/", 3, &fact.Reading{Kind: fact.Section, Heading: "履职依据", Breadcrumb: []string{"政府信息公开", "履职依据"}, Links: []fact.Link{{URL: "https://xzfg.moj.gov.cn/", Text: "国家行政法规库", Element: "a", Place: fact.InBody}}})
		f := found(w.judge(t), "PLAT-24")
		if len(f) != 1 || f[0].Key != "规章库" {
			t.Errorf("%+v", f)
		}
	})
}
