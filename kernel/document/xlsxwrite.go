package document

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Sheet is a table to be exported to Excel.
type Sheet struct {
	Name   string   // of the sheet; Title when empty
	Title  string   // above the head, over all columns; may be empty
	Notes  []string // lines between the title and the head
	Head   []string
	Widths []float64               // of the columns in characters; nil: from the head and the first rows
	Rows   iter.Seq2[[]any, error] // string, integers, floats, bool, nil or a fmt.Stringer; an error ends the export
}

// maxCellText is Excel's limit of characters in a cell.
const maxCellText = 32767

// WriteXLSX writes sheets as an .xlsx file with a frozen head and a filter. Rows
// are streamed: memory does not grow with them. Text is always written as text in
// a cell of the format "text", so that nothing a person typed is ever computed,
// not even after somebody edits the cell.
func WriteXLSX(w io.Writer, sheets ...Sheet) (err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = fmt.Errorf("close xlsx: %w", e)
		}
	}()
	style, err := newSheetStyle(f)
	if err != nil {
		return fmt.Errorf("write xlsx styles: %w", err)
	}
	names := map[string]bool{}
	for i, s := range sheets {
		name := sheetName(s, i, names)
		if i == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err != nil {
			return fmt.Errorf("write xlsx sheet: %w", err)
		}
		if err := s.write(f, name, style); err != nil {
			return fmt.Errorf("write xlsx sheet %d: %w", i+1, err)
		}
	}
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

// sheetName makes a name that Excel accepts: at most 31 characters, none of
// []:*?/\, no quote at the ends, and different from the others.
func sheetName(s Sheet, i int, used map[string]bool) string {
	name := s.Name
	if name == "" {
		name = s.Title
	}
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) || r < 0x20 {
			return -1
		}
		return r
	}, name)
	units := 0
	for at, r := range name {
		if units += utf8.RuneLen(r)/4 + 1; units > 28 { // Excel counts UTF-16 units
			name = name[:at]
			break
		}
	}
	name = trim(name)
	if name == "" || used[strings.ToLower(name)] {
		name += fmt.Sprint(i + 1)
	}
	used[strings.ToLower(name)] = true
	return name
}

type sheetStyle struct{ title, note, head, text, number int }

func newSheetStyle(f *excelize.File) (sheetStyle, error) {
	var s sheetStyle
	border := []excelize.Border{{Type: "left", Color: "808080", Style: 1}, {Type: "right", Color: "808080", Style: 1}, {Type: "top", Color: "808080", Style: 1}, {Type: "bottom", Color: "808080", Style: 1}}
	wrap := &excelize.Alignment{Vertical: "top", WrapText: true}
	for _, x := range []struct {
		to    *int
		style excelize.Style
	}{
		{&s.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center"}}},
		{&s.note, excelize.Style{Alignment: &excelize.Alignment{Vertical: "center"}}},
		{&s.head, excelize.Style{Font: &excelize.Font{Bold: true}, Border: border, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDEDED"}}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}}},
		{&s.text, excelize.Style{Border: border, Alignment: wrap, NumFmt: 49}}, // 49: text
		{&s.number, excelize.Style{Border: border, Alignment: &excelize.Alignment{Vertical: "top"}}},
	} {
		id, err := f.NewStyle(&x.style)
		if err != nil {
			return s, err
		}
		*x.to = id
	}
	return s, nil
}

func (s Sheet) write(f *excelize.File, name string, style sheetStyle) error {
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	cols := max(len(s.Head), 1)
	for i := range cols {
		width := 16.0
		if i < len(s.Widths) {
			width = s.Widths[i]
		}
		if err := w.SetColWidth(i+1, i+1, min(width, 255)); err != nil {
			return err
		}
	}
	above := len(s.Notes) // rows above the head
	if s.Title != "" {
		above++
	}
	if len(s.Head) > 0 {
		corner := fmt.Sprintf("A%d", above+2)
		if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: above + 1, TopLeftCell: corner, ActivePane: "bottomLeft"}); err != nil {
			return err
		}
	}
	last, err := excelize.ColumnNumberToName(cols)
	if err != nil {
		return err
	}
	row := 0
	put := func(cells []any, opts ...excelize.RowOpts) error {
		row++
		return w.SetRow(fmt.Sprintf("A%d", row), cells, opts...)
	}
	top := func(text string, styleID int, height float64) error {
		if err := put([]any{excelize.Cell{StyleID: styleID, Value: clip(text)}}, excelize.RowOpts{Height: height}); err != nil || cols == 1 {
			return err
		}
		return w.MergeCell(fmt.Sprintf("A%d", row), fmt.Sprintf("%s%d", last, row))
	}
	if s.Title != "" {
		if err := top(s.Title, style.title, 30); err != nil {
			return err
		}
	}
	for _, note := range s.Notes {
		if err := top(note, style.note, 18); err != nil {
			return err
		}
	}
	if len(s.Head) > 0 {
		head := make([]any, len(s.Head))
		for i, h := range s.Head {
			head[i] = excelize.Cell{StyleID: style.head, Value: clip(h)}
		}
		if err := put(head); err != nil {
			return err
		}
	}
	begin := row
	if s.Rows != nil {
		for values, err := range s.Rows {
			if err != nil {
				return err
			}
			cells := make([]any, len(values))
			for i, v := range values {
				cells[i] = cellValue(v, style)
			}
			if err := put(cells); err != nil {
				return err
			}
		}
	}
	if len(s.Head) > 0 { // before Flush, which writes what the sheet knows
		if err := f.AutoFilter(name, fmt.Sprintf("A%d:%s%d", begin, last, max(row, begin+1)), nil); err != nil {
			return err
		}
	}
	return w.Flush()
}

func cellValue(v any, style sheetStyle) excelize.Cell {
	switch x := v.(type) {
	case nil:
		return excelize.Cell{StyleID: style.text}
	case int, int8, int16, int32, int64, uint8, uint16, uint32, uint64, uint, float32, float64:
		return excelize.Cell{StyleID: style.number, Value: x}
	case bool:
		if x {
			return excelize.Cell{StyleID: style.text, Value: "是"}
		}
		return excelize.Cell{StyleID: style.text, Value: "否"}
	case string:
		return excelize.Cell{StyleID: style.text, Value: clip(x)}
	}
	return excelize.Cell{StyleID: style.text, Value: clip(fmt.Sprint(v))}
}

// clip cuts text to what a cell can hold and drops characters that XML cannot.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	units := 0
	for at, r := range s {
		n := 1
		if r > 0xFFFF {
			n = 2
		}
		if units += n; units > maxCellText {
			return s[:at]
		}
	}
	return s
}
