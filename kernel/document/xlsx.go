package document

import (
	"context"
	"encoding/xml"
	"errors"
	"path"
	"sort"
	"strings"

	"github.com/xuri/excelize/v2"
)

// readXlsx reads the visible rows of every visible sheet as a table, values as they
// are displayed.
func readXlsx(ctx context.Context, data []byte, limits Limits) (doc *Document, err error) {
	z, err := openZip(data, limits)
	if err != nil {
		return nil, err
	}
	merges := map[string][]area{}
	cells := 0
	for name := range z.parts {
		if path.Dir(name) != "xl/worksheets" || !strings.HasSuffix(name, ".xml") {
			continue
		}
		// Counted before the library, which keeps whole sheets in memory, sees them.
		if err := z.xml(ctx, name, func(t *tokens) (err error) {
			merges[name], err = scanSheet(t, limits, &cells)
			return err
		}); err != nil {
			return nil, err
		}
	}
	defer guard("工作簿", &err)
	options := displayed()
	options.UnzipSizeLimit, options.UnzipXMLSizeLimit = limits.Unpacked, limits.Unpacked
	f, err := excelize.OpenReader(readerAt(data), options)
	if err != nil {
		return nil, damaged(err, "工作簿")
	}
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = damaged(e, "工作簿")
		}
	}()
	doc = &Document{Format: string(KindXlsx)}
	if props, err := f.GetDocProps(); err == nil {
		doc.Title = props.Title
	}
	parts := sheetParts(ctx, z)
	for _, name := range f.GetSheetList() {
		if shown, err := f.GetSheetVisible(name); err == nil && !shown {
			doc.Notes = append(doc.Notes, Note{Text: "隐藏的工作表没有读取。如果需要，请取消隐藏后重新上传", Where: "工作表「" + name + "」"})
			continue
		}
		b := gridBuilder{name: name}
		rows, err := f.Rows(name)
		if err != nil {
			doc.Notes = append(doc.Notes, Note{Text: "不是表格，没有读取", Where: "工作表「" + name + "」"})
			continue // a chart sheet
		}
		var hidden []int // rows with text, by their number
		for r := 0; rows.Next(); r++ {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			values, err := rows.Columns()
			if err != nil {
				return nil, damaged(err, "工作表「"+name+"」")
			}
			if n := len(b.cells); rows.GetRowOpts().Hidden {
				if b.row(r, values); len(b.cells) > n {
					b.cells, hidden = b.cells[:n], append(hidden, r+1)
				}
				continue
			}
			b.row(r, values)
		}
		if err := errors.Join(rows.Error(), rows.Close()); err != nil {
			return nil, damaged(err, "工作表「"+name+"」")
		}
		if len(hidden) > 0 {
			doc.Notes = append(doc.Notes, Note{Text: "隐藏的行（也可能是筛选掉的）没有读取。如果需要，请取消隐藏和筛选后重新上传", Where: "工作表「" + name + "」第 " + joinInts(hidden) + " 行"})
		}
		if t := b.table(merges[parts[name]]); t != nil {
			doc.Blocks = append(doc.Blocks, Block{Table: t})
		}
	}
	return doc, nil
}

// displayed makes dates appear as on a Chinese machine where the file leaves it open.
func displayed() excelize.Options {
	return excelize.Options{CultureInfo: excelize.CultureNameZhCN, LongDatePattern: "yyyy年m月d日", ShortDatePattern: "yyyy/m/d"}
}

// area is a range of cells, 0-based, ends included.
type area struct{ top, left, bottom, right int }

// scanSheet counts the cells and columns of a worksheet and reads its merges.
func scanSheet(t *tokens, limits Limits, cells *int) (merges []area, err error) {
	rows := 0
	var inside func(e xml.StartElement) error
	inside = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			if rows++; rows > limits.Cells {
				return tooManyCells(limits.Cells)
			}
			return t.each(inside)
		case "c":
			if *cells++; *cells > limits.Cells {
				return tooManyCells(limits.Cells)
			}
			if col, _, err := excelize.CellNameToCoordinates(attr(e, "r")); err == nil && col > limits.Cols {
				return tooManyCols(limits.Cols)
			}
		case "mergeCell":
			from, to, _ := strings.Cut(attr(e, "ref"), ":")
			left, top, err1 := excelize.CellNameToCoordinates(from)
			right, bottom, err2 := excelize.CellNameToCoordinates(to)
			if err1 == nil && err2 == nil {
				if len(merges) >= limits.Cells {
					return tooManyCells(limits.Cells)
				}
				merges = append(merges, area{min(top, bottom) - 1, min(left, right) - 1, max(top, bottom) - 1, max(left, right) - 1})
			}
		case "sheetData", "mergeCells":
			return t.each(inside)
		}
		return t.skip()
	}
	return merges, t.each(inside)
}

// sheetParts maps the names of sheets to the parts that hold them.
func sheetParts(ctx context.Context, z *archive) map[string]string {
	targets := map[string]string{}
	_ = z.xml(ctx, "xl/_rels/workbook.xml.rels", func(t *tokens) error { // without it merges are not known
		return t.each(func(e xml.StartElement) error {
			target := attr(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = "xl/" + target
			}
			targets[attr(e, "Id")] = strings.TrimPrefix(path.Clean(target), "/")
			return t.skip()
		})
	})
	parts := map[string]string{}
	_ = z.xml(ctx, "xl/workbook.xml", func(t *tokens) error {
		return t.each(func(e xml.StartElement) error {
			if e.Name.Local != "sheets" {
				return t.skip()
			}
			return t.each(func(e xml.StartElement) error {
				for _, a := range e.Attr {
					if a.Name.Local == "id" && a.Name.Space != "" {
						parts[attr(e, "name")] = targets[a.Value]
					}
				}
				return t.skip()
			})
		})
	})
	return parts
}

// gridBuilder makes a Table of a sheet: rows and columns without text at the
// edges are left out.
type gridBuilder struct {
	name  string
	cells []Cell
}

func (b *gridBuilder) row(r int, values []string) {
	for k, v := range values {
		if !blank(v) {
			b.cells = append(b.cells, Cell{Row: r, Col: k, RowSpan: 1, ColSpan: 1, Paras: cellParas(v)})
		}
	}
}

// cellParas splits the text of a cell at its line breaks.
func cellParas(s string) []Paragraph {
	var out []Paragraph
	for _, line := range splitLines(s) {
		if !blank(line) {
			out = append(out, Paragraph{Text: trim(line)})
		}
	}
	return out
}

// table gives the cells their spans. What a merge covers besides its first cell
// is not displayed and goes. It returns nil when nothing is there.
func (b *gridBuilder) table(merges []area) *Table {
	if len(b.cells) == 0 {
		return nil
	}
	top, left, bottom, right := b.cells[0].Row, b.cells[0].Col, 0, 0
	for _, c := range b.cells {
		top, left, bottom, right = min(top, c.Row), min(left, c.Col), max(bottom, c.Row), max(right, c.Col)
	}
	t := &Table{Name: b.name, Merges: true, Rows: bottom - top + 1, Cols: right - left + 1}
	filled := map[[2]int]int{} // the last one counts where a place is told twice
	for i, c := range b.cells {
		filled[[2]int{c.Row, c.Col}] = i
	}
	covered := map[[2]int]bool{}
	kept := merges[:0:0]
	for _, m := range merges {
		at := [2]int{m.top, m.left}
		m.bottom, m.right = min(m.bottom, bottom), min(m.right, right)
		if m.top < top || m.left < left || m.bottom < m.top || m.right < m.left || overlaps(m, covered) {
			continue
		}
		if _, ok := filled[at]; !ok {
			filled[at] = len(b.cells)
			b.cells = append(b.cells, Cell{Row: m.top, Col: m.left, RowSpan: 1, ColSpan: 1})
		}
		for r := m.top; r <= m.bottom; r++ {
			for k := m.left; k <= m.right; k++ {
				covered[[2]int{r, k}] = true
			}
		}
		kept = append(kept, m)
	}
	spans := map[[2]int]area{}
	for _, m := range kept {
		spans[[2]int{m.top, m.left}] = m
	}
	for i, c := range b.cells {
		at := [2]int{c.Row, c.Col}
		if filled[at] != i {
			continue
		}
		if m, ok := spans[at]; ok {
			c.RowSpan, c.ColSpan = m.bottom-m.top+1, m.right-m.left+1
		} else if covered[at] {
			continue
		}
		c.Row, c.Col = c.Row-top, c.Col-left
		t.Cells = append(t.Cells, c)
	}
	t.sort()
	return t
}

// overlaps reports whether a merge meets one before it; it gives up (true) on
// merges of absurd size, which cover nothing that is displayed.
func overlaps(m area, covered map[[2]int]bool) bool {
	if (m.bottom-m.top+1)*(m.right-m.left+1)+len(covered) > 2_000_000 {
		return true
	}
	for r := m.top; r <= m.bottom; r++ {
		for k := m.left; k <= m.right; k++ {
			if covered[[2]int{r, k}] {
				return true
			}
		}
	}
	return false
}

// sort puts the cells in the order of rows, then columns.
func (t *Table) sort() {
	sort.SliceStable(t.Cells, func(i, j int) bool {
		a, b := &t.Cells[i], &t.Cells[j]
		return a.Row < b.Row || a.Row == b.Row && a.Col < b.Col
	})
}
