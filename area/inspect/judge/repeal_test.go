package judge

import (
	"fmt"
	"strings"
	"testing"

	"gongkai/area/inspect/fact"
)

func TestRepealed(t *testing.T) {
	const oldTitle = "云岭区人民政府关于印发《云岭区停车管理办法》的通知"
	for name, c := range map[string]struct {
		says  string // the newer document
		title string // of it
		cell  string // 有效性 of the older one; "-" = it has no such cell
		text  string // of the older one
		want  string
	}{
		"PLAT-22 repealed by number, and shown as valid": {says: "本办法自2026年6月1日起施行，《云岭区停车管理办法》（云府发〔2018〕5号）同时废止。", cell: "有效", want: "PLAT-22 FAIL"},
		"PLAT-22 repealed by its title alone":            {says: "第二十条　本办法自发布之日起施行，原《云岭区停车管理办法》同时废止。", cell: "有效", want: "PLAT-22 PROPOSED"},
		"PLAT-22 a list of what is repealed":             {title: "云岭区人民政府关于废止部分行政规范性文件的决定", says: "1.《云岭区停车管理办法》（云府发〔2018〕5号）", cell: "有效", want: "PLAT-22 FAIL"},
		"NORM-21 repealed, and nothing says so":          {says: "《云岭区停车管理办法》（云府发〔2018〕5号）同时废止。", cell: "-", want: "NORM-21 PROPOSED"},
		"PLAT-22 marked":                                 {says: "《云岭区停车管理办法》（云府发〔2018〕5号）同时废止。", cell: "已废止"},
		"NORM-21 the page says so":                       {says: "《云岭区停车管理办法》（云府发〔2018〕5号）同时废止。", cell: "-", text: "本文件已废止。"},
		"PLAT-22 of another number":                      {says: "《云岭区停车管理办法》（云府发〔2017〕5号）同时废止。", cell: "有效"},
		"PLAT-22 one day to come":                        {says: "自2027年1月1日起，《云岭区停车管理办法》（云府发〔2018〕5号）同时废止。", cell: "有效"},
		"PLAT-22 a part of it":                           {says: "《云岭区停车管理办法》（云府发〔2018〕5号）部分条款废止。", cell: "有效"},
		"PLAT-22 a draft":                                {title: "《云岭区道路停车管理办法（征求意见稿）》公开征求意见的公告", says: "《云岭区停车管理办法》（云府发〔2018〕5号）同时废止。", cell: "有效"},
		"PLAT-22 it is named only":                       {says: "依照《云岭区停车管理办法》（云府发〔2018〕5号）执行。", cell: "有效"},
	} {
		t.Run(name, func(t *testing.T) {
			w := begin()
			old := w.item("zc/old.html", oldTitle, "2018-05-01")
			old.Read.Number, old.Read.Head = "云府发〔2018〕5号", map[string]string{"有效性": c.cell}
			old.Read.Text += c.text
			if c.text != "" {
				old.Read.Text = c.text + "\n" + old.Read.Text
			}
			if c.cell == "-" {
				old.Read.Head = nil
			}
			title := c.title
			if title == "" {
				title = "云岭区人民政府关于印发《云岭区道路停车管理办法》的通知"
			}
			by := w.item("zc/new.html", title, "2026-05-10")
			by.Read.Number, by.Read.Text = "云府发〔2026〕9号", by.Read.Text+"\n"+c.says
			got := ""
			for _, f := range w.judge(t).Findings {
				if f.Check == "PLAT-22" || f.Check == "NORM-21" {
					got += f.Check + " " + string(f.State)
					if f.URL != old.URL || !strings.Contains(f.Seen, by.URL) {
						t.Errorf("%+v", f)
					}
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

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
