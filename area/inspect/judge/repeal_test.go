package judge

import (
	"strings"
	"testing"
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
