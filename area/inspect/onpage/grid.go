package onpage

import (
	"strings"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/check"
	"gongkai/kernel/document"
)

// barred are the rules about what no column of a published list may hold (PLAT-35).
// They need the table: among the words of a page its cells stand alone. Numbers with
// a check digit are found there too.
var barred = map[string]bool{"P-COLUMN": true, "P-ADDRESS": true, "P-BIRTH": true, "P-HEALTH": true, "P-ACCOUNT": true}

// columns asks the engine about the columns of a page's tables: the first hit of
// each rule.
func columns(e *check.Engine, t *check.Text, r *fact.Reading) []Hit {
	var d document.Document
	for _, rows := range r.Rows {
		table := &document.Table{Rows: len(rows)}
		for i, row := range rows {
			table.Cols = max(table.Cols, len(row))
			for k, text := range row {
				table.Cells = append(table.Cells, document.Cell{Row: i, Col: k, RowSpan: 1, ColSpan: 1, Paras: []document.Paragraph{{Text: text}}})
			}
		}
		d.Blocks = append(d.Blocks, document.Block{Table: table})
	}
	if len(d.Blocks) == 0 {
		return nil
	}
	grid := check.Extract("", &d)
	grid.Date, grid.Today = t.Date, t.Today
	var out []Hit
	told := map[string]bool{}
	for _, h := range grave(grid.Body, e.Check(grid, check.Published)) {
		switch {
		case told[h.Rule]:
		case barred[h.Rule]:
			told[h.Rule] = true
			h.Around = h.Word // the person's name stands beside it
			out = append(out, h)
		case h.Rule == "C5" && summed(r.Rows): // sums that do not add up (REV-40, PLAT-37)
			told[h.Rule] = true
			out = append(out, h)
		}
	}
	return out
}

// wholeRows is the number of rows from which on a table may have been cut.
const wholeRows = 24

// summed tells whether sums of tables can be judged by their rows: they are all
// there, and no number stands twice beside or above itself, as that of a merged cell
// does.
func summed(tables [][][]string) bool {
	for _, rows := range tables {
		if len(rows) >= wholeRows {
			return false
		}
		for i, row := range rows {
			for k, cell := range row {
				if strings.ContainsAny(cell, "0123456789") && (k > 0 && row[k-1] == cell || i > 0 && k < len(rows[i-1]) && rows[i-1][k] == cell) {
					return false
				}
			}
		}
	}
	return true
}
