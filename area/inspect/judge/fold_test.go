package judge

import (
	"slices"
	"testing"

	"gongkai/area/inspect/fact"
)

// TestFold: one fault is one finding.
func TestFold(t *testing.T) {
	number := fact.Finding{Check: "PLAT-12", Also: []string{"REV-34"}, Key: "发文字号", URL: at("/a.html"), State: fact.Fail, Seen: "信息表中写作“云府发[2026]5号”。"}
	words := fact.Finding{Check: "REV-34", Key: "F3:云府发[2026]5号", URL: at("/a.html"), State: fact.Proposed, Seen: "第 1 段：云府发[2026]5号"}
	with := func(f fact.Finding, change func(*fact.Finding)) fact.Finding {
		change(&f)
		return f
	}
	for _, c := range []struct {
		name string
		in   []fact.Finding
		want []string
	}{
		{"PLAT-12 the same number seen by two checks", []fact.Finding{words, number}, []string{"PLAT-12 /a.html"}},
		{"PLAT-12 another number on the page", []fact.Finding{number, with(words, func(f *fact.Finding) { f.Key = "F3:云府办[2026]7号" })}, []string{"PLAT-12 /a.html", "REV-34 /a.html"}},
		{"PLAT-12 the same number on another page", []fact.Finding{number, with(words, func(f *fact.Finding) { f.URL = at("/b.html") })}, []string{"PLAT-12 /a.html", "REV-34 /b.html"}},
		{"PLAT-12 what only the secrecy officer sees stays apart", []fact.Finding{number, with(words, func(f *fact.Finding) { f.Secret = true })}, []string{"PLAT-12 /a.html", "REV-34 /a.html"}},
		{"WEB-84 an address with two sessions, and under both schemes", []fact.Finding{
			{Check: "WEB-60", URL: at("/q.aspx?id=3&sid=1090c00706269778"), State: fact.Fail},
			{Check: "WEB-60", URL: at("/q.aspx?id=3&sid=64437665805267f5"), State: fact.Fail},
			{Check: "WEB-60", URL: "https://www.yl.gov.cn/q.aspx?id=3", State: fact.Fail},
			{Check: "WEB-60", URL: at("/q.aspx?id=4"), State: fact.Fail},
		}, []string{"WEB-60 /q.aspx?id=3", "WEB-60 /q.aspx?id=4"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := begin()
			w.in.Extra = c.in
			var got []string
			for _, f := range w.judge(t).Findings {
				if f.URL != start {
					got = append(got, f.Check+" /"+f.URL[len(start):])
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	t.Run("PLAT-12 the stronger state stays", func(t *testing.T) {
		w := begin()
		sure := words
		sure.State = fact.Fail
		w.in.Extra = []fact.Finding{with(number, func(f *fact.Finding) { f.State = fact.Proposed }), sure}
		got := found(w.judge(t), "PLAT-12")
		if len(got) != 1 || got[0].State != fact.Fail {
			t.Errorf("%+v", got)
		}
	})
	t.Run("WEB-84 a page is looked at once, whatever its session", func(t *testing.T) {
		w := begin()
		seen := 0
		w.in.Page = func(p *fact.Page) []fact.Finding {
			if p.Depth > 0 {
				seen++
			}
			return nil
		}
		w.item("/v.aspx?id=3&sid=1090c00706269778", "关于检查工作的通知", "2026-06-29")
		w.item("/v.aspx?id=3&sid=64437665805267f5", "关于检查工作的通知", "2026-06-29")
		w.item("/v.aspx?id=4", "关于整改工作的通知", "2026-06-29")
		if w.judge(t); seen != 2 {
			t.Errorf("looked at %d pages", seen)
		}
	})
}
