package judge

import (
	"encoding/json"
	"slices"
	"testing"

	"gongkai/area/inspect/fact"
)

// Whatever a crawl holds, however its pages contradict each other, it is judged, and
// twice the same (WEB-84).
func FuzzJudge(f *testing.F) {
	add := func(w *world) {
		data, err := json.Marshal(w.pages)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	w := begin("政务公开 zwgk/", "互动交流 hdjl/", "办事服务 bsfw/")
	w.column("政务动态", "zwgk/dt/", 1, "2026-06-29", "2026-06-01", "")
	w.column("领导信箱", "hdjl/xx/", 2, "2026-06-20")
	w.page("hdjl/xx/1.html", 3, &fact.Reading{Kind: fact.Mailbox, Letters: []fact.Letter{{Title: "信", Asked: moment("2026-06-20"), Answered: moment("2026-06-01"), State: "已办结"}}})
	w.page("bsfw/1.html", 2, &fact.Reading{Kind: fact.Guide, Guide: map[string]string{"办理材料": "", "办理时限": "0"}})
	add(w)
	w = begin("甲 a/", "甲 a/", "首页 ")
	w.column("甲", "a/", 1)
	w.column("甲", "a/", 9999, "0001-01-01", "9999-12-31")
	w.pages = append(w.pages, w.pages...)
	w.page("b/", -1, &fact.Reading{Kind: "unknown", Next: []string{at("b/")}, Frames: []string{at("b/")}, Jump: at("b/")})
	w.page("", 0, nil)
	add(w)
	for _, s := range []string{`[]`, `[null]`, `[{}]`, `[{"Read":{}}]`, `[{"URL":"%zz","Status":200,"Read":{"Kind":"list","Entries":[{"URL":"\u0000","Date":"2026-02-28"}]}}]`,
		`[{"URL":"http://a/","Status":200,"Read":{"Kind":"home","Links":[{"URL":"::","Element":"a","Place":"nav","Text":"政府信息公开"}],"Parts":{"":""},"Head":{"":""},"Letters":[{}]}}]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var pages []*fact.Page
		if json.Unmarshal(data, &pages) != nil {
			return
		}
		pages = slices.DeleteFunc(pages, func(p *fact.Page) bool { return p == nil })
		pages = pages[:min(len(pages), 60)]
		judged := func() string {
			w := &world{pages: pages, in: Input{Site: fact.Site{Start: start}, T0: t0, Round: 2, Before: &fact.Report{}}}
			r := w.judge(t)
			for _, f := range r.Findings {
				if f.Check == "" || f.What == "" || f.ID == "" || f.State == "" {
					t.Errorf("%+v", f)
				}
			}
			out, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			return string(out)
		}
		if one, two := judged(), judged(); one != two {
			t.Errorf("judged differently:\n%s\n%s", one, two)
		}
	})
}
