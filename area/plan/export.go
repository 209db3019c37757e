package plan

import (
	"io"
	"slices"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
)

// Written is a plan as it is written down, with the names of units: what an
// official document holds and what the reader reads back from it.
type Written struct {
	Title, Number, Issuer string
	IssuedOn              calendar.Date
	Letter                []string // the cover letter's own requirements, a paragraph each
	Items                 []WrittenItem
}

// WrittenItem is one item under its section.
type WrittenItem struct {
	Section       int
	SectionTitle  string
	Number, Title string
	Measures      []WrittenMeasure
}

// WrittenMeasure is one measure. Measures of one Row stand in one row of the table
// when the same units answer for them.
type WrittenMeasure struct {
	Row          int
	Number, Text string
	Lead, Resp   []string
	Due          string // as written, "" for none
}

// together reports whether two neighbouring measures stand in one table row.
func (m WrittenMeasure) together(next WrittenMeasure) bool {
	return m.Row > 0 && m.Row == next.Row && m.Number != "" && next.Number != "" && m.Due == next.Due &&
		slices.Equal(m.Lead, next.Lead) && slices.Equal(m.Resp, next.Resp)
}

// rows cuts the measures of an item into rows of the table.
func (it WrittenItem) rows() (out [][]WrittenMeasure) {
	for i, m := range it.Measures {
		if i > 0 && it.Measures[i-1].together(m) {
			out[len(out)-1] = append(out[len(out)-1], m)
		} else {
			out = append(out, []WrittenMeasure{m})
		}
	}
	return out
}

// dated reports whether a measure has a time limit that its own text does not say.
func (w Written) dated() bool {
	for _, it := range w.Items {
		for _, m := range it.Measures {
			if m.Due != "" && !strings.Contains(m.Text, m.Due) {
				return true
			}
		}
	}
	return false
}

// Docx writes the plan as an official document (GB/T 9704—2012): the cover letter
// with number, addressee, signature and date, and behind it, on pages that lie on
// the side, the table with merged cells.
func (w Written) Docx(to io.Writer) error {
	d := &document.Docx{Name: w.Title}
	if len(w.Letter) > 0 || w.Issuer != "" {
		d.Text(document.Title, "关于印发《"+w.Title+"》的通知")
		if w.Number != "" {
			d.Text(document.DocNumber, w.Number)
		}
		d.Text(document.Addressee, "各有关单位：")
		d.Text(document.Body, "现将《"+w.Title+"》印发给你们，请认真组织实施。")
		for _, p := range w.Letter {
			for _, line := range strings.Split(p, "\n") {
				d.Text(document.Body, line)
			}
		}
		if w.Issuer != "" {
			d.Text(document.Signature, w.Issuer)
		}
		if !w.IssuedOn.IsZero() {
			d.Text(document.Signature, w.IssuedOn.Chinese())
		}
		d.EndSection(false)
	}
	d.Text(document.Title, w.Title)
	table, look := w.table()
	d.Table(table, look)
	d.EndSection(true)
	return d.Write(to)
}

// table is the plan as a table: sections over its whole width, items over the
// rows of their measures.
func (w Written) table() (*document.Table, document.TableLook) {
	head := []string{"工作任务", "贯彻举措", "牵头单位", "责任单位"}
	look := document.TableLook{Widths: []float64{18, 50, 14, 22}, Head: 1}
	if w.dated() {
		head, look.Widths = append(head, "完成时限"), []float64{16, 44, 13, 19, 10}
	}
	t := &document.Table{Merges: true, Cols: len(head), Rows: 1}
	put := func(row, col, rows, cols int, paras ...string) {
		c := document.Cell{Row: row, Col: col, RowSpan: rows, ColSpan: cols, Header: row == 0}
		for _, p := range paras {
			c.Paras = append(c.Paras, document.Paragraph{Text: p, Center: row == 0})
		}
		t.Cells = append(t.Cells, c)
	}
	for i, title := range head {
		put(0, i, 1, 1, title)
	}
	section := 0
	for _, it := range w.Items {
		if it.Section != section && it.SectionTitle != "" {
			put(t.Rows, 0, 1, len(head), han(it.Section)+"、"+it.SectionTitle)
			t.Rows++
		}
		section = it.Section
		rows := it.rows()
		for i, row := range rows {
			if i == 0 {
				put(t.Rows, 0, len(rows), 1, it.Number+it.Title)
			}
			var text []string
			for _, m := range row {
				lines := strings.Split(m.Text, "\n")
				lines[0] = m.Number + lines[0]
				text = append(text, lines...)
			}
			put(t.Rows, 1, 1, 1, text...)
			put(t.Rows, 2, 1, 1, names(row[0].Lead))
			put(t.Rows, 3, 1, 1, names(row[0].Resp))
			if len(head) > 4 {
				put(t.Rows, 4, 1, 1, row[0].Due)
			}
			t.Rows++
		}
	}
	return t, look
}

// names writes units; — says that there is none.
func names(list []string) string {
	if len(list) == 0 {
		return "—"
	}
	return strings.Join(list, "、")
}

// han writes a number below 100 as sections are numbered.
func han(n int) string { return document.FormatNumber(n, "chineseCounting") }

// Sheet is the plan as a sheet, a row a measure.
func (w Written) Sheet() document.Sheet {
	type row struct {
		it WrittenItem
		m  WrittenMeasure
	}
	var rows []row
	for _, it := range w.Items {
		for _, m := range it.Measures {
			rows = append(rows, row{it, m})
		}
	}
	notes := []string{}
	if w.Number != "" {
		notes = append(notes, w.Number)
	}
	return document.Sheet{Name: "任务分工", Title: w.Title, Notes: notes, Widths: []float64{24, 28, 70, 20, 30, 16},
		Head: []string{"板块", "工作任务", "贯彻举措", "牵头单位", "责任单位", "完成时限"},
		Rows: rowsOf(rows, func(r row) []any {
			section := r.it.SectionTitle
			if section != "" {
				section = han(r.it.Section) + "、" + section
			}
			return []any{section, r.it.Number + r.it.Title, r.m.Number + r.m.Text, names(r.m.Lead), names(r.m.Resp), r.m.Due}
		})}
}

// written writes down an issued plan: units in the order in which they were named,
// those of a group under the group's name.
func (b *book) written() Written {
	w := Written{Title: b.plan.Title, Number: b.plan.Number, Issuer: b.plan.Issuer, IssuedOn: b.plan.IssuedOn, Letter: b.plan.Letter}
	w.Items = make([]WrittenItem, len(b.items))
	for i, it := range b.items {
		w.Items[i] = WrittenItem{Section: it.Section, SectionTitle: it.SectionTitle, Number: it.Number, Title: it.Title}
	}
	for i, m := range b.measures {
		it := &w.Items[b.item[m.Item]]
		it.Measures = append(it.Measures, WrittenMeasure{Row: m.Row, Number: m.Number, Text: m.Text, Lead: b.named[i].Lead, Resp: b.named[i].Resp, Due: m.DueText})
	}
	return w
}
