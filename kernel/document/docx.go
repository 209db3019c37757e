package document

import (
	"context"
	"encoding/xml"
	"io"
	"slices"
	"strconv"
	"strings"
)

// docxReader reads word/document.xml (ECMA-376 part 1, 17).
type docxReader struct {
	budget
	t       *tokens
	styles  map[string]*docxStyle
	plain   string // id of the default paragraph style
	running bool   // the mark of the last paragraph was deleted under tracking
	nums    *numbering
}

func readDocx(ctx context.Context, data []byte, limits Limits) (*Document, error) {
	z, err := openZip(data, limits)
	if err != nil {
		return nil, err
	}
	r := &docxReader{budget: budget{limits: limits}, styles: map[string]*docxStyle{}}
	doc := &Document{Format: string(KindDocx)}
	if err := z.xml(ctx, "docProps/core.xml", func(t *tokens) (err error) {
		doc.Title, err = coreTitle(t)
		return err
	}); err != nil {
		doc.Notes = append(doc.Notes, Note{Text: "文件属性损坏，没有读取", Where: "docProps/core.xml"})
	}
	if err := z.xml(ctx, "word/styles.xml", r.readStyles); err != nil {
		return nil, err
	}
	r.nums = newNumbering()
	if err := z.xml(ctx, "word/numbering.xml", r.nums.read); err != nil {
		return nil, err
	}
	r.nums.link(r.styles)
	main := "word/document.xml"
	if !z.has(main) {
		main = "word/document2.xml"
	}
	err = z.xml(ctx, main, func(t *tokens) error {
		r.t = t
		return r.content(&doc.Blocks)
	})
	if err != nil {
		return nil, err
	}
	return doc, nil
}

// xml opens a part and lets f read from inside its root element; a part that is
// not there is passed over.
func (a *archive) xml(ctx context.Context, name string, f func(*tokens) error) error {
	if !a.has(name) {
		return nil
	}
	part, err := a.open(name)
	if err != nil {
		return err
	}
	defer part.Close()
	t := newTokens(ctx, part, a.limits.Depth)
	for {
		tok, err := t.next()
		if err != nil {
			return orDamaged(err, "部件 "+name)
		}
		if _, ok := tok.(xml.StartElement); ok {
			break
		}
	}
	err = f(t)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return orDamaged(err, "部件 "+name)
}

func coreTitle(t *tokens) (title string, err error) {
	err = t.each(func(e xml.StartElement) error {
		if e.Name.Local != "title" {
			return t.skip()
		}
		s, err := t.text()
		title = trim(s)
		return err
	})
	return title, err
}

// docxStyle is what matters here of a paragraph or character style.
type docxStyle struct {
	based   string
	name    string
	outline int // 0-based, -1 unknown
	center  *bool
	bold    *bool
	hidden  *bool
	numID   string
	level   int // -1 unknown
}

func (r *docxReader) readStyles(t *tokens) error {
	return t.each(func(e xml.StartElement) error {
		if e.Name.Local != "style" {
			return t.skip()
		}
		s := &docxStyle{outline: -1, level: -1}
		id := attr(e, "styleId")
		r.styles[id] = s
		if attr(e, "type") == "paragraph" && (attr(e, "default") == "1" || attr(e, "default") == "true") {
			r.plain = id
		}
		return t.each(func(e xml.StartElement) error {
			switch e.Name.Local {
			case "name":
				s.name = strings.ToLower(attr(e, "val"))
			case "basedOn":
				s.based = attr(e, "val")
			case "pPr":
				p, err := readParaProps(t)
				s.center, s.numID, s.level, s.outline = p.center, p.numID, p.level, p.outline
				return err
			case "rPr":
				p, err := readRunProps(t)
				s.bold, s.hidden = p.bold, p.hidden
				return err
			}
			return t.skip()
		})
	})
}

// resolve walks a style and those it is based on; f returns true to stop.
func (r *docxReader) resolve(id string, f func(id string, s *docxStyle) bool) {
	for range 20 { // a circle of styles ends here
		s := r.styles[id]
		if s == nil || f(id, s) {
			return
		}
		id = s.based
	}
}

type paraProps struct {
	style   string
	center  *bool
	outline int
	numID   string
	level   int
	hidden  bool // the paragraph's mark is hidden
	deleted bool // the paragraph's mark was deleted under tracking
}

func readParaProps(t *tokens) (paraProps, error) {
	p := paraProps{outline: -1, level: -1}
	err := t.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "pStyle":
			p.style = attr(e, "val")
		case "jc":
			c := attr(e, "val") == "center"
			p.center = &c
		case "outlineLvl":
			if n, err := strconv.Atoi(attr(e, "val")); err == nil && n >= 0 && n <= 9 {
				p.outline = n
			}
		case "numPr":
			return t.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "ilvl":
					if n, err := strconv.Atoi(attr(e, "val")); err == nil && n >= 0 && n < 9 {
						p.level = n
					}
				case "numId":
					p.numID = attr(e, "val")
				}
				return t.skip()
			})
		case "rPr":
			return t.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "vanish":
					p.hidden = on(e)
				case "del":
					p.deleted = true
				}
				return t.skip()
			})
		}
		return t.skip()
	})
	return p, err
}

type runProps struct {
	bold   *bool
	hidden *bool
	style  string
}

func readRunProps(t *tokens) (runProps, error) {
	var p runProps
	err := t.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "b":
			b := on(e)
			p.bold = &b
		case "vanish":
			h := on(e)
			p.hidden = &h
		case "rStyle":
			p.style = attr(e, "val")
		}
		return t.skip()
	})
	return p, err
}

// content reads paragraphs and tables until the end of the present element.
func (r *docxReader) content(out *[]Block) error {
	return r.t.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "p":
			return r.paragraph(out)
		case "tbl":
			return r.table(out)
		case "body", "sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml":
			return r.content(out)
		case "AlternateContent":
			return r.alternate(func() error { return r.content(out) })
		}
		return r.t.skip()
	})
}

// alternate reads the first choice, or the fallback when there is no choice.
func (r *docxReader) alternate(read func() error) error {
	seen := false
	return r.t.each(func(e xml.StartElement) error {
		if seen || e.Name.Local != "Choice" && e.Name.Local != "Fallback" {
			return r.t.skip()
		}
		seen = true
		return read()
	})
}

// para gathers one paragraph.
type para struct {
	props  paraProps
	run    runProps
	text   strings.Builder
	seen   bool // a visible character outside blanks
	light  bool // one of them is not bold
	beside []Block
	fields []bool // the fields that are open, and whether their code is being read
}

func (r *docxReader) paragraph(out *[]Block) error {
	p := para{props: paraProps{outline: -1, level: -1}}
	goesOn := r.running
	r.running = false
	if err := r.inline(&p); err != nil {
		return err
	}
	text, number := p.text.String(), ""
	if n := len(*out); goesOn && n > 0 && (*out)[n-1].Para != nil {
		text, number = (*out)[n-1].Para.Text+text, (*out)[n-1].Para.Number
		*out = (*out)[:n-1]
	}
	r.running = p.props.deleted && text != "" && len(p.beside) == 0
	if gone := text == "" && (p.props.hidden || p.props.deleted); !gone {
		made := Paragraph{Text: text, Bold: p.seen && !p.light}
		if r.dress(&made, &p.props); made.Number == "" {
			made.Number = number
		}
		if err := r.lines(out, made); err != nil {
			return err
		}
	}
	*out = append(*out, p.beside...)
	return nil
}

// dress gives a paragraph what its own and its style's properties say.
func (r *docxReader) dress(p *Paragraph, own *paraProps) {
	style := own.style
	if style == "" {
		style = r.plain
	}
	center, outline, numID, level, linked := own.center, own.outline, own.numID, own.level, ""
	r.resolve(style, func(id string, s *docxStyle) bool {
		if center == nil {
			center = s.center
		}
		if outline < 0 {
			if outline = s.outline; outline < 0 {
				outline = headingName(s.name)
			}
		}
		if numID == "" && s.numID != "" {
			numID, linked = s.numID, id
			if level < 0 {
				level = s.level
			}
		}
		return false
	})
	p.Center = center != nil && *center
	if outline >= 0 && outline < 9 {
		p.Heading = outline + 1
	}
	if p.Text == "" && own.numID == "" {
		return // an empty paragraph of a numbered style shows no number in practice
	}
	p.Number = r.nums.next(numID, level, linked)
}

// headingName reads the level from the built-in names "heading 1" and 标题 1.
func headingName(name string) int {
	for _, prefix := range []string{"heading ", "标题 "} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			if n, err := strconv.Atoi(rest); err == nil && n >= 1 && n <= 9 {
				return n - 1
			}
		}
	}
	return -1
}

// inline reads what stands inside a paragraph: runs, links, tracked changes, boxes.
func (r *docxReader) inline(p *para) error {
	return r.t.each(func(e xml.StartElement) error {
		if strings.HasSuffix(e.Name.Space, "/drawingml/2006/main") && e.Name.Local == "t" {
			return r.t.skip() // labels inside drawings
		}
		switch e.Name.Local {
		case "pPr":
			props, err := readParaProps(r.t)
			p.props = props
			return err
		case "r":
			kept := p.run
			p.run = runProps{}
			err := r.inline(p)
			p.run = kept
			return err
		case "rPr":
			props, err := readRunProps(r.t)
			p.run = props
			return err
		case "t":
			s, err := r.t.text()
			r.write(p, s)
			return err
		case "tab", "ptab":
			r.write(p, "\t")
		case "br", "cr":
			if kind := attr(e, "type"); kind == "" || kind == "textWrapping" || p.text.Len() > 0 {
				r.write(p, "\v")
			}
		case "noBreakHyphen":
			r.write(p, "-")
		case "fldChar": // begin, code, separate, result, end; fields stand in fields
			switch n := len(p.fields); attr(e, "fldCharType") {
			case "begin":
				p.fields = append(p.fields, true)
			case "separate":
				if n > 0 {
					p.fields[n-1] = false
				}
			case "end":
				if n > 0 {
					p.fields = p.fields[:n-1]
				}
			}
		case "txbxContent":
			return r.content(&p.beside)
		case "AlternateContent":
			return r.alternate(func() error { return r.inline(p) })
		case "del", "moveFrom", "instrText", "delText", "delInstrText", "sdtPr", "sdtEndPr", "rt", "binData", "Fallback", "ctrlPr":
		default:
			return r.inline(p)
		}
		return r.t.skip()
	})
}

// write adds the text of a run; \v stands for a line break.
func (r *docxReader) write(p *para, s string) {
	if r.hidden(p) || slices.Contains(p.fields, true) {
		return
	}
	if strings.ContainsAny(s, "\r\n") {
		s = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(s)
	}
	s = strings.ReplaceAll(s, "\v", "\n")
	p.text.WriteString(s)
	if !blank(s) {
		p.seen = true
		p.light = p.light || !r.bold(p)
	}
}

func (r *docxReader) bold(p *para) bool {
	return r.toggle(p, p.run.bold, func(s *docxStyle) *bool { return s.bold })
}

func (r *docxReader) hidden(p *para) bool {
	return r.toggle(p, p.run.hidden, func(s *docxStyle) *bool { return s.hidden })
}

// toggle finds a property that a run has of its own, or else by its style or its
// paragraph's.
func (r *docxReader) toggle(p *para, own *bool, of func(*docxStyle) *bool) bool {
	if own != nil {
		return *own
	}
	found := false
	find := func(_ string, s *docxStyle) bool {
		if of(s) == nil {
			return false
		}
		found = *of(s)
		return true
	}
	if r.styles[p.run.style] != nil {
		if r.resolve(p.run.style, find); found {
			return true
		}
	}
	style := p.props.style
	if style == "" {
		style = r.plain
	}
	r.resolve(style, find)
	return found
}

// table reads a table. A table of one cell around other tables is only a frame:
// what it holds stands in its place.
func (r *docxReader) table(out *[]Block) error {
	r.running = false
	b := docxTable{r: r, above: map[int]int{}}
	if err := b.rows(); err != nil {
		return err
	}
	if len(b.t.Cells) == 1 && b.nested > 0 {
		*out = append(*out, b.inner...)
		return nil
	}
	if len(b.t.Cells) == 0 {
		return nil
	}
	b.t.Merges = true
	*out = append(*out, Block{Table: &b.t})
	return r.block()
}

type docxTable struct {
	r      *docxReader
	t      Table
	above  map[int]int // column → index of the cell that a continued merge belongs to
	nested int
	inner  []Block // of the last cell
}

func (b *docxTable) rows() error {
	return b.r.t.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "tr":
			return b.row()
		case "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag":
			return b.rows()
		}
		return b.r.t.skip()
	})
}

// docxRow is what trPr says and where the row has come to.
type docxRow struct {
	col     int
	header  bool
	deleted bool
	begin   int // index of the row's first cell
	last    int // index of the row's last cell, -1
}

func (b *docxTable) row() error {
	row := &docxRow{begin: len(b.t.Cells), last: -1}
	rows := b.t.Rows
	if err := b.cells(row); err != nil {
		return err
	}
	if row.deleted {
		b.t.Cells = b.t.Cells[:row.begin]
		return nil
	}
	b.t.Cols = max(b.t.Cols, row.col)
	b.t.Rows = rows + 1
	return nil
}

func (b *docxTable) cells(row *docxRow) error {
	return b.r.t.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "trPr":
			return b.r.t.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "gridBefore":
					row.col += max(0, number(attr(e, "val")))
					if row.col > b.r.limits.Cols {
						return tooManyCols(b.r.limits.Cols)
					}
				case "tblHeader":
					row.header = on(e)
				case "del":
					row.deleted = true
				}
				return b.r.t.skip()
			})
		case "tc":
			return b.cell(row)
		case "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag":
			return b.cells(row)
		}
		return b.r.t.skip()
	})
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func (b *docxTable) cell(row *docxRow) error {
	span, vertical, horizontal := 1, "", ""
	var blocks []Block
	err := b.r.t.each(func(e xml.StartElement) error {
		if e.Name.Local == "tcPr" {
			return b.r.t.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "gridSpan":
					span = max(1, number(attr(e, "val")))
				case "vMerge":
					vertical = merge(e)
				case "hMerge":
					horizontal = merge(e)
				}
				return b.r.t.skip()
			})
		}
		// One child at a time, so that tcPr may stand before it.
		switch e.Name.Local {
		case "p":
			return b.r.paragraph(&blocks)
		case "tbl":
			b.nested++
			return b.r.table(&blocks)
		case "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag":
			return b.r.content(&blocks)
		case "AlternateContent":
			return b.r.alternate(func() error { return b.r.content(&blocks) })
		}
		return b.r.t.skip()
	})
	if err != nil {
		return err
	}
	col := row.col
	if row.col += span; row.col > b.r.limits.Cols || span > b.r.limits.Cols {
		return tooManyCols(b.r.limits.Cols)
	}
	if err := b.r.cell(row.col); err != nil {
		return err
	}
	if horizontal == "continue" && row.last >= 0 {
		b.t.Cells[row.last].ColSpan += span
		return nil
	}
	if i, ok := b.above[col]; vertical == "continue" && ok && !row.deleted && b.t.Cells[i].Row+b.t.Cells[i].RowSpan == b.t.Rows && b.t.Cells[i].ColSpan == span {
		b.t.Cells[i].RowSpan++
		row.last = -1
		return nil
	}
	b.inner = blocks
	b.t.Cells = append(b.t.Cells, Cell{
		Row: b.t.Rows, Col: col, RowSpan: 1, ColSpan: span, Paras: flatten(blocks), Header: row.header,
	})
	row.last = len(b.t.Cells) - 1
	if !row.deleted {
		b.above[col] = row.last
	}
	return nil
}

func merge(e xml.StartElement) string {
	if attr(e, "val") == "restart" {
		return "restart"
	}
	return "continue"
}

// flatten makes the paragraphs of a cell: those of tables inside it follow in
// reading order. A cell of blanks has none.
func flatten(blocks []Block) []Paragraph {
	var out []Paragraph
	seen := false
	for _, b := range blocks {
		if b.Para != nil {
			out = append(out, *b.Para)
			seen = seen || b.Para.Text != "" || b.Para.Number != ""
			continue
		}
		for i := range b.Table.Cells {
			out = append(out, b.Table.Cells[i].Paras...)
			seen = seen || len(b.Table.Cells[i].Paras) > 0
		}
	}
	if !seen {
		return nil
	}
	return out
}
