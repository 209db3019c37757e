package reader

import (
	"fmt"
	"io"
	"strings"
)

// Print writes what was understood for a person: the head, the plan measure by
// measure, what to check, and what became nothing.
func (r *Reading) Print(w io.Writer) error {
	p := &printer{to: w}
	for _, line := range [][2]string{{"标题", r.Title}, {"文号", r.Number}, {"发文机关", r.Issuer}, {"成文日期", r.Date.String()}, {"写法", strings.Join(r.Layouts, "；")}} {
		if line[1] != "" {
			p.f("%s：%s\n", line[0], line[1])
		}
	}
	if n := len(r.Letter); n > 0 {
		p.f("通知提出 %d 条要求：\n", n)
		for _, q := range r.Letter {
			p.f("  %s%s\n", q.Number, q.Title)
		}
	}
	items, rows, lastRow := 0, 0, 0
	for _, s := range r.Sections {
		if s.Title != "" {
			p.f("\n%s%s\n", s.Number, s.Title)
		} else {
			p.f("\n")
		}
		for _, it := range s.Items {
			if it.Title != "" {
				items++
				p.f("  %s%s\n", it.Number, it.Title)
			}
			for _, m := range it.Measures {
				if m.Row != lastRow {
					rows, lastRow = rows+1, m.Row
				}
				p.measure(m)
			}
		}
	}
	p.f("\n共 %d 个部分、%d 项任务、%d 行、%d 条举措。\n", len(r.Sections), items, rows, len(r.Measures()))
	p.list("说明", len(r.Notes), func(i int) string { return r.Notes[i] })
	p.list("需要核对", len(r.Doubts), func(i int) string { return r.doubt(r.Doubts[i]) })
	p.list("没有列入的文字", len(r.Rest), func(i int) string { return "“" + start(r.Rest[i].Text, 40) + "”：" + r.Rest[i].Why })
	return p.err
}

// doubt is a question with the place it is about.
func (r *Reading) doubt(d Doubt) string {
	where := ""
	if d.Section >= 0 && d.Section < len(r.Sections) {
		if items := r.Sections[d.Section].Items; d.Item >= 0 && d.Item < len(items) {
			if ms := items[d.Item].Measures; d.Measure >= 0 && d.Measure < len(ms) {
				where = fmt.Sprintf("第 %d 行“%s”", ms[d.Measure].Row, start(ms[d.Measure].Text, 16))
			}
		}
	}
	s := strings.TrimSpace(where + " " + d.What)
	if d.Value != "" {
		s += "“" + start(d.Value, 40) + "”"
	}
	s += "：" + d.Why
	if len(d.Choices) > 0 {
		s += "（可能是：" + strings.Join(d.Choices, "、") + "）"
	}
	return s
}

type printer struct {
	to  io.Writer
	err error
}

func (p *printer) f(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.to, format, args...)
	}
}

func (p *printer) list(title string, n int, line func(int) string) {
	if n > 0 {
		p.f("\n%s（%d）：\n", title, n)
	}
	for i := range n {
		p.f("  %s\n", line(i))
	}
}

func (p *printer) measure(m Measure) {
	p.f("    [%d] %s\n", m.Row, strings.ReplaceAll(m.Text, "\n", "\n        "))
	units := func(names []Name, s State) string {
		var out []string
		for _, n := range names {
			t := n.Text
			if n.Open {
				t += "等"
			}
			out = append(out, t)
		}
		switch {
		case s == None || s == Inherited && len(out) == 0:
			return "无"
		case len(out) == 0:
			return "未写明"
		case s == Inherited:
			return strings.Join(out, "、") + "（同上）"
		}
		return strings.Join(out, "、")
	}
	p.f("        牵头：%s\n        责任：%s\n", units(m.Lead, m.LeadState), units(m.Resp, m.RespState))
	if m.Due.Text != "" {
		p.f("        时限：%s\n", m.Due.Text)
	}
	if len(m.People) > 0 {
		p.f("        责任人：%s\n", strings.Join(m.People, "、"))
	}
	if m.Cut {
		p.f("        （文件在这里中断）\n")
	}
}

// start is the beginning of a text on one line.
func start(s string, n int) string {
	r := []rune(strings.ReplaceAll(s, "\n", ""))
	if len(r) > n {
		return string(r[:n]) + "…"
	}
	return string(r)
}
