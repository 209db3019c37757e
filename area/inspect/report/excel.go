package report

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/document"
)

// mostRows is how many rows of a list a sheet takes: Excel's 1,048,576 without
// those above the head.
const mostRows = 1_048_500

// Excel writes findings.xlsx: all findings, indicators, columns and items. Every
// cell is text or a number; nothing of a site is computed or opened.
func Excel(w io.Writer, r *fact.Report, x Extra) error {
	v := newView(r, x)
	err := document.WriteXLSX(w, v.findingSheet(), v.lineSheet(), v.columnSheet(), v.itemSheet())
	if err != nil {
		return fmt.Errorf("findings.xlsx: %w", err)
	}
	return nil
}

// notes are the lines above the head of a sheet.
func (v *view) notes(more int) []string {
	r := v.Report
	out := []string{v.name() + "（" + plain(r.Site, mostAddress) + "），监测时间点" + momentText(r.T0)}
	if r.Stopped != "" {
		out = append(out, "本次检查到此为止的原因："+plain(v.veil(r.Stopped), mostWords))
	}
	if more > 0 {
		out = append(out, "表格放不下，还有"+thousands(more)+"行见 report.json。")
	}
	return out
}

func (v *view) findingSheet() document.Sheet {
	var list []*fact.Finding
	for _, f := range v.shown {
		if wrong(f) {
			list = append(list, f)
		}
	}
	scored := v.Report.Result.Scored
	head := []string{"序号", "指标", "指标名称", "状态", "问题", "看到的内容", "问题地址", "所在页面", "页面数", "怎样整改", "首次发现", "与上次相比", "检查项"}
	widths := []float64{7, 10, 18, 12, 34, 44, 50, 40, 9, 40, 13, 12, 20}
	if scored {
		head, widths = append(head, "扣分", "分值核对"), append(widths, 8, 12)
	}
	head, widths = append(head, "问题编号"), append(widths, 24)
	notes := v.notes(len(list) - mostRows)
	if v.secret > 0 {
		notes = append(notes, "另有涉密标志疑点"+thousands(v.secret)+"处，请由保密人员查看，本表不列。")
	}
	return document.Sheet{Name: "问题清单", Notes: notes, Head: head, Widths: widths, Rows: rows(len(list), func(i int) []any {
		f := list[i]
		one := v.findingView(f, nil)
		row := []any{i + 1, one.Code, plain(v.titles[indicator(f)], 60), one.State, cell(f.What), cell(f.Seen), cell(f.URL), cell(f.On), max(f.Count, 1), cell(f.Mend), one.Since, one.Change, one.Checks}
		if scored {
			var lost, note any
			if one.Points != "" {
				lost = finite(f.Points)
			}
			if one.Unconfirmed {
				note = "※未核对"
			}
			row = append(row, lost, note)
		}
		return append(row, identity(f))
	})}
}

func (v *view) lineSheet() document.Sheet {
	r := v.Report
	head, widths := []string{"指标", "名称", "部分", "结论", "说明"}, []float64{10, 26, 16, 14, 70}
	if r.Result.Scored {
		head, widths = append(head, "分值", "扣分"), append(widths, 8, 8)
	}
	head, widths = append(head, "与文件核对"), append(widths, 14)
	notes := append(v.notes(len(r.Result.Lines)-mostRows), "结论："+v.conclusion())
	return document.Sheet{Name: "指标", Notes: notes, Head: head, Widths: widths, Rows: rows(len(r.Result.Lines), func(i int) []any {
		l := r.Result.Lines[i]
		row := []any{plain(l.Indicator, 40), plain(l.Title, 60), groups[groupOf(l.Indicator)].Title, stateTitle(l.State), cell(v.veil(l.Reason))}
		if r.Result.Scored {
			row = append(row, points(l.Indicator, l.Points), points(l.Indicator, l.Lost))
		}
		if l.Unconfirmed {
			return append(row, "※未核对")
		}
		return append(row, "已核对")
	})}
}

// points of a veto do not exist.
func points(indicator string, n float64) any {
	if groupOf(indicator) == 0 {
		return nil
	}
	return finite(n)
}

func (v *view) columnSheet() document.Sheet {
	list := v.Report.Columns
	return document.Sheet{Name: "栏目", Notes: v.notes(len(list) - mostRows), Head: []string{"栏目", "地址", "类别", "层级", "最近更新", "距监测时间点天数", "按类别期限", "信息条数", "所属站点"},
		Widths: []float64{28, 54, 14, 8, 13, 18, 14, 11, 26}, Rows: rows(len(list), func(i int) []any {
			c := &list[i]
			f := freshness(c, v.Report.T0)
			var days any
			if !c.Latest.IsZero() && !v.Report.T0.IsZero() {
				days = f.Days
			}
			return []any{cell(c.Name), cell(c.URL), classTitle(c.Class), c.Level, dayOf(c.Latest), days, f.Word, c.Items, cell(c.Site)}
		})}
}

func (v *view) itemSheet() document.Sheet {
	list := v.Report.Items
	return document.Sheet{Name: "信息条目", Notes: v.notes(len(list) - mostRows), Head: []string{"标题", "日期", "栏目", "来源", "发布单位", "发文字号", "地址"},
		Widths: []float64{60, 13, 24, 22, 22, 22, 60}, Rows: rows(len(list), func(i int) []any {
			it := &list[i]
			return []any{cell(it.Title), it.Date.String(), cell(it.Column), cell(it.Source), cell(it.Unit), cell(it.Number), cell(it.URL)}
		})}
}

// rows makes the rows of a list, as many as a sheet takes.
func rows(n int, at func(int) []any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for i := range min(n, mostRows) {
			if !yield(at(i), nil) {
				return
			}
		}
	}
}

// cell is text of a site in a cell.
func cell(s string) string { return plain(s, 4000) }

// conclusion is the result in one sentence, with what it rests on.
func (v *view) conclusion() string {
	out := v.verdict.Word
	if why := v.texts(v.verdict.Why); len(why) > 0 {
		out += "：" + strings.Join(why, "；")
	}
	if v.Report.Result.Scored {
		out += "。得分" + number(v.Report.Result.Score) + "分"
		if v.unsure() {
			out += "（部分分值未与文件核对，只供内部参考）"
		}
	}
	return out
}

// unsure tells whether a value of the scheme was not compared with the paper (WEB-07).
func (v *view) unsure() bool {
	for _, l := range v.Report.Result.Lines {
		if l.Unconfirmed {
			return true
		}
	}
	return false
}
