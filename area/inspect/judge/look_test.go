package judge

import (
	"testing"
	"time"

	"gongkai/area/inspect/fact"
)

func TestLooks(t *testing.T) {
	const home, list, elder = "http://www.linjiang.gov.cn/", "http://www.linjiang.gov.cn/tzgg/", "http://www.linjiang.gov.cn/old/"
	fine := fact.Look{URL: home, Colours: []string{"红色", "蓝色", "绿色"}, Leads: "http://shop.example.com/", Leaves: fact.Noticed, Letters: 500, Size: 16, Line: 1.5,
		Windows: []fact.Window{{Name: "停水公告", Close: "keys"}}}
	with := func(change func(*fact.Look)) fact.Look {
		l := fine
		l.Windows = nil
		change(&l)
		return l
	}
	for name, c := range map[string]struct {
		looks []fact.Look
		want  []string // check and key
	}{
		"NORM-17 three colours, NORM-23 with a notice, NORM-26 one window that the keyboard closes": {[]fact.Look{fine}, nil},
		"NORM-17 four colours": {[]fact.Look{with(func(l *fact.Look) { l.Colours = append([]string{"紫色"}, l.Colours...) })}, []string{"NORM-17 颜色"}},
		"NORM-17 colours of another page than the home page": {[]fact.Look{fine, with(func(l *fact.Look) {
			l.URL, l.Colours = list, []string{"红色", "橙色", "绿色", "蓝色"}
		})}, nil},
		"NORM-23 nothing is said":           {[]fact.Look{with(func(l *fact.Look) { l.Leaves = fact.Unnoticed })}, []string{"NORM-23 离开提示"}},
		"NORM-23 a script holds the link":   {[]fact.Look{with(func(l *fact.Look) { l.Leaves = fact.Unclear })}, nil},
		"NORM-26 a window without a button": {[]fact.Look{with(func(l *fact.Look) { l.Windows = []fact.Window{{Name: "专题", Moving: true}} })}, []string{"NORM-26 窗口 专题"}},
		"NORM-26 a window on two pages is one finding": {[]fact.Look{
			with(func(l *fact.Look) { l.Windows = []fact.Window{{Name: "专题", Close: "mouse"}} }),
			with(func(l *fact.Look) { l.URL, l.Windows = list, []fact.Window{{Name: "专题", Close: "mouse"}} }),
		}, []string{"NORM-26 窗口 专题"}},
		"NORM-26 two windows at once": {[]fact.Look{with(func(l *fact.Look) {
			l.Windows, l.Dialogs = []fact.Window{{Name: "公告", Close: "keys"}}, []string{"欢迎"}
		})}, []string{"NORM-26 多个窗口"}},
		"NORM-26 a window of its own":  {[]fact.Look{with(func(l *fact.Look) { l.Opened = []string{home + "gg.html"} })}, []string{"NORM-26 自动打开窗口"}},
		"NORM-18 four seconds":         {[]fact.Look{with(func(l *fact.Look) { l.Took = 4 * time.Second })}, []string{"NORM-18 加载时间"}},
		"NORM-18 three seconds":        {[]fact.Look{with(func(l *fact.Look) { l.Took = 3 * time.Second })}, nil},
		"NORM-52 only with the mouse":  {[]fact.Look{with(func(l *fact.Look) { l.Keyless = []string{"更多"} })}, []string{"NORM-52 键盘"}},
		"NORM-51 the elderly: small":   {[]fact.Look{fine, with(func(l *fact.Look) { l.URL, l.Elder, l.Line = elder, true, 1.2 })}, []string{"NORM-51 字号", "NORM-51 行距"}},
		"NORM-51 the elderly: large":   {[]fact.Look{fine, with(func(l *fact.Look) { l.URL, l.Elder, l.Size, l.Big = elder, true, 24, 0.8 })}, nil},
		"NORM-51 the elderly: window":  {[]fact.Look{fine, with(func(l *fact.Look) { l.URL, l.Elder, l.Size, l.Windows = elder, true, 26, fine.Windows })}, []string{"NORM-51 弹窗"}},
		"NORM-51 next to nothing said": {[]fact.Look{fine, with(func(l *fact.Look) { l.URL, l.Elder, l.Letters = elder, true, 20 })}, nil},
		"WEB-65 one error on two pages": {[]fact.Look{
			with(func(l *fact.Look) { l.Errors = []string{"ReferenceError: $ is not defined"} }),
			with(func(l *fact.Look) { l.URL, l.Errors = list, []string{"ReferenceError: $ is not defined"} }),
		}, []string{"WEB-65 ReferenceError: $ is not defined"}},
		"a page that could not be shown, and one that led on": {[]fact.Look{
			with(func(l *fact.Look) { l.Failed, l.Leaves = "打不开", fact.Unnoticed }), with(func(l *fact.Look) { l.Moved, l.Errors = true, []string{"x"} }),
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(Input{Site: fact.Site{Start: home}, Probes: fact.Probes{Looks: c.looks}})
			s.looks()
			got := map[string]fact.Finding{}
			for _, f := range s.findings {
				got[f.Check+" "+f.Key] = *f
				if f.State != fact.Proposed || f.What == "" || f.Seen == "" || f.Mend == "" {
					t.Errorf("%+v", f)
				}
			}
			for _, w := range c.want {
				if f, ok := got[w]; !ok || f.Count != 1 && f.Count != len(c.looks) {
					t.Errorf("want %s, got %+v", w, got)
				}
				delete(got, w)
			}
			for k := range got {
				t.Errorf("too much: %s", k)
			}
		})
	}
}
