// Package document reads office files into blocks of text and tables and writes
// them again. Every reader is bounded in size, depth and time.
package document

// Document is what a reader understood of a file: blocks in reading order.
type Document struct {
	Format string  `json:"format"`          // txt docx doc html xlsx xls pdf
	Title  string  `json:"title,omitempty"` // from the file's own properties (<title>, core.xml), not from its text
	Blocks []Block `json:"blocks"`
	Notes  []Note  `json:"notes,omitempty"` // what the reader had to give up, in Chinese, for the person who gave the file
}

// Note is something a person should know about how the file was read.
type Note struct {
	Text  string `json:"text"`
	Where string `json:"where,omitempty"`
}

// Block is a paragraph or a table, never both.
type Block struct {
	Para  *Paragraph `json:"para,omitempty"`
	Table *Table     `json:"table,omitempty"`
}

// Paragraph is one paragraph; of a .txt file one line, as it stands, with its
// tabs and leading spaces.
type Paragraph struct {
	Text    string `json:"text"`
	Number  string `json:"number,omitempty"`  // numbering made by the word processor and absent from Text, as it is displayed: （一） 1.
	Heading int    `json:"heading,omitempty"` // 1–9 for headings, 0 for text
	Center  bool   `json:"center,omitempty"`
	Bold    bool   `json:"bold,omitempty"` // all of it
	Line    int    `json:"line,omitempty"` // 1-based line of a .txt file, or 0
	Page    int    `json:"page,omitempty"` // 1-based page of a .pdf file, or 0
}

// Table is a grid. A merged cell stands once, at its first row and column, with
// its spans; Grid spreads it out.
type Table struct {
	Name   string `json:"name,omitempty"` // sheet name or caption
	Cells  []Cell `json:"cells"`          // by row, then column
	Rows   int    `json:"rows"`
	Cols   int    `json:"cols"`
	Merges bool   `json:"merges,omitempty"` // the format records merged cells, so an empty cell is really empty
}

// Cell is one cell of a Table; Row and Col are 0-based, spans at least 1.
type Cell struct {
	Row     int         `json:"row"`
	Col     int         `json:"col"`
	RowSpan int         `json:"rowspan"`
	ColSpan int         `json:"colspan"`
	Paras   []Paragraph `json:"paras,omitempty"`
	Header  bool        `json:"header,omitempty"` // marked as a header by the file
}

// Grid spreads the cells over rows and columns: a merged cell stands at each of
// its places, a place that no cell covers is nil.
func (t *Table) Grid() [][]*Cell {
	grid := make([][]*Cell, t.Rows)
	for r := range grid {
		grid[r] = make([]*Cell, t.Cols)
	}
	for i := range t.Cells {
		c := &t.Cells[i]
		for r := c.Row; r < min(c.Row+c.RowSpan, t.Rows); r++ {
			for k := c.Col; k < min(c.Col+c.ColSpan, t.Cols); k++ {
				grid[r][k] = c
			}
		}
	}
	return grid
}
