package onpage_test

import (
	"slices"
	"strings"
	"testing"

	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/onpage"
)

func TestColumnsThatNoListMayHave(t *testing.T) {
	list := func(head string) [][]string {
		return [][]string{{"序号", "姓名", head, "补助金额（元）"}, {"1", "周一文", "青石街道云岭路8号3幢502室", "1200"}, {"2", "孙二平", "青石街道云岭路9号1幢301室", "1200"}, {"3", "吴三立", "青石街道江边路2号6幢104室", "800"}}
	}
	for _, c := range []struct {
		name string
		rows [][]string
		want bool
	}{
		{"PLAT-35 where they live", list("家庭住址"), true},
		{"PLAT-35 windows of an office", [][]string{{"序号", "窗口", "地址", "电话"}, {"1", "社保窗口", "云岭路8号一楼", "63310012"}, {"2", "税务窗口", "云岭路8号二楼", "63310013"}}, false},
	} {
		p := &fact.Page{URL: base + "/list.html", Status: 200, Read: &fact.Reading{Kind: fact.Content, Heading: "2026年困难残疾人生活补贴发放名单", Text: "现予公示。", Words: 5, Rows: [][][]string{c.rows}}}
		got := onpage.New(fact.Site{Start: base}, engine(t), t0).Page(p)
		i := slices.IndexFunc(got, func(f fact.Finding) bool { return f.Check == "PLAT-35" })
		if (i >= 0) != c.want || c.want && (!slices.Contains(got[i].Also, "REV-19") || strings.Contains(got[i].Seen, "周一文") || strings.Contains(got[i].Seen, "502")) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
