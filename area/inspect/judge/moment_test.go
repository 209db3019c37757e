package judge

import (
	"fmt"
	"strings"
	"testing"

	"gongkai/area/inspect/fact"
)

func TestSameMinute(t *testing.T) {
	stamps := func(n int, stamp string, more ...string) []string {
		var out []string
		for range n {
			out = append(out, stamp)
		}
		return append(out, more...)
	}
	for name, c := range map[string]struct {
		stamps []string
		want   bool
	}{
		"WEB-14 all in one minute":                {stamps(7, "2026-06-20 16:41"), true},
		"WEB-14 nearly all":                       {stamps(9, "2026-06-20 16:41", "2026-06-25 10:02"), true},
		"WEB-14 half of them":                     {stamps(6, "2026-06-20 16:41", "2026-06-25 10:02", "2026-06-24 11:03", "2026-06-23 09:30", "2026-06-22 09:31"), false},
		"WEB-14 a few":                            {stamps(5, "2026-06-20 16:41"), false},
		"WEB-14 days without a time tell nothing": {stamps(8, "2026-06-20"), false},
		"WEB-14 one day, but one after the other": {[]string{"2026-06-20 16:41", "2026-06-20 16:42", "2026-06-20 16:43", "2026-06-20 16:45", "2026-06-20 16:47", "2026-06-20 16:50", "2026-06-20 16:52"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := begin("部门动态 bmdt/")
			w.column("部门动态", "bmdt/", 1, c.stamps...)
			got := false
			for _, f := range w.judge(t).Findings {
				got = got || f.Check == "WEB-14" && f.Key == "同一分钟" && f.URL == at("bmdt/")
			}
			if got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
	t.Run("WEB-14 a moved site is one finding", func(t *testing.T) {
		var menu []string
		for i := range 5 {
			menu = append(menu, fmt.Sprintf("栏目%c lm%d/", 'A'+i, i))
		}
		w := begin(menu...)
		for i := range 5 {
			w.column(fmt.Sprintf("栏目%c", 'A'+i), fmt.Sprintf("lm%d/", i), 1, stamps(7, "2026-06-20 16:41")...)
		}
		n := 0
		for _, f := range w.judge(t).Findings {
			if f.Key == "同一分钟" {
				n++
				if f.URL != start || f.Count != 5 {
					t.Errorf("%+v", f)
				}
			}
		}
		if n != 1 {
			t.Errorf("%d findings", n)
		}
	})
}

func TestMidnight(t *testing.T) {
	real := []string{"2026-06-20 16:41", "2026-06-19 10:12", "2026-06-18 09:05"}
	none := []string{"2026-06-20 00:00", "2026-06-19 00:00", "2026-06-18 00:00", "2026-06-17 00:00", "2026-06-16 00:00"}
	for name, c := range map[string]struct {
		columns [][]string
		want    int
	}{
		"WEB-14 one column of midnights":         {[][]string{none, real, real}, 1},
		"WEB-14 a system that keeps no times":    {[][]string{none, none, none}, 0},
		"WEB-14 one item of it has a time":       {[][]string{append([]string{"2026-06-21 11:30"}, none...), real, real}, 0},
		"WEB-14 days without a time of day":      {[][]string{{"2026-06-20", "2026-06-19", "2026-06-18", "2026-06-17", "2026-06-16"}, real, real}, 0},
		"WEB-14 as many columns have none as do": {[][]string{none, none, real, real}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var menu []string
			for i := range c.columns {
				menu = append(menu, fmt.Sprintf("栏目%c lm%d/", 'A'+i, i))
			}
			w := begin(menu...)
			for i, stamps := range c.columns {
				w.column(fmt.Sprintf("栏目%c", 'A'+i), fmt.Sprintf("lm%d/", i), 1, stamps...)
				for _, p := range w.pages {
					if p.Read.Kind == fact.Content && strings.HasPrefix(p.URL, at(fmt.Sprintf("lm%d/", i))) {
						for _, s := range stamps {
							if moment(s).Equal(p.Read.Published) {
								p.Read.Meta["PubDate"] = s
							}
						}
					}
				}
			}
			n := 0
			for _, f := range w.judge(t).Findings {
				if f.Key == "零点" && f.Check == "WEB-14" {
					n++
				}
			}
			if n != c.want {
				t.Errorf("%d findings, want %d", n, c.want)
			}
		})
	}
}

func TestReused(t *testing.T) {
	for name, c := range map[string]struct {
		was, is  string // titles
		day      string
		findings int
	}{
		"NORM-25 another text at the address": {"云岭区召开防汛抗旱工作部署会议", "机动车驾驶人考试预约须知公布", "2026-06-20", 1},
		"NORM-25 the title was mended":        {"云岭区召开防汛抗旱工作部署会议", "云岭区召开防汛抗旱工作部署会", "2026-06-20", 0},
		"NORM-25 of the same day":             {"云岭区召开防汛抗旱工作部署会议", "机动车驾驶人考试预约须知公布", "2026-05-01", 0},
		"NORM-25 a page that goes with time":  {"云岭区主要农产品价格监测第十一期", "云岭区主要农产品价格监测第十二期", "2026-06-20", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := begin()
			p := w.item("a/1.html", c.is, c.day)
			w.in.Before = &fact.Report{Items: []fact.Item{{URL: p.URL, Title: c.was, Date: dayOf("2026-05-01")}}}
			n := 0
			for _, f := range w.judge(t).Findings {
				if f.Check == "NORM-25" {
					n++
				}
			}
			if n != c.findings {
				t.Errorf("%d findings, want %d", n, c.findings)
			}
		})
	}
}
