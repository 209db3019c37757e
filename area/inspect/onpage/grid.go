package onpage

import (
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
		if barred[h.Rule] && !told[h.Rule] {
			told[h.Rule] = true
			h.Around = h.Word // the person's name stands beside it
			out = append(out, h)
		}
	}
	return out
}
