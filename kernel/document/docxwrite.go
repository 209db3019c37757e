package document

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Style is the part a paragraph plays in an official document (GB/T 9704—2012, 7).
type Style int

const (
	Body      Style = iota // 3号仿宋, first line indented by two characters
	Title                  // 2号小标宋, centred
	DocNumber              // 发文字号: 3号仿宋, centred
	Addressee              // 主送机关: 3号仿宋, no indent
	Heading1               // 一、 3号黑体
	Heading2               // （一） 3号楷体
	Heading3               // 1. 3号仿宋, bold in outline only
	Signature              // 发文机关署名、成文日期: right, four characters free
	Small                  // notes under tables: 4号仿宋, no indent
)

// styleID is the name of each Style in styles.xml, in the order of the constants.
var styleID = [...]string{"Normal", "Title", "DocNumber", "Addressee", "Heading1", "Heading2", "Heading3", "Signature", "Small"}

// TableLook is how a table is laid out.
type TableLook struct {
	Widths []float64 // relative widths of the columns; nil for equal ones
	Head   int       // rows repeated on every page; 0: the leading rows whose cells are all Header
}

// Docx builds an official document: A4, margins 37, 35, 28 and 26 mm, 22 lines
// of 28 characters a page, page numbers outside (GB/T 9704—2012, 5 to 7). The
// zero value is ready.
type Docx struct {
	Name  string // title in the file's properties
	parts []docxPart
}

type docxPart struct {
	para  *Paragraph
	style Style
	table *Table
	look  TableLook
	turn  bool // a section ends here; wide says how it lay
	wide  bool
}

// Para adds a paragraph. Number is written before the text; of the rest a bold,
// centred or heading paragraph is so whatever its style says.
func (d *Docx) Para(style Style, p Paragraph) {
	d.parts = append(d.parts, docxPart{para: &p, style: style})
}

// Text adds a paragraph of plain text.
func (d *Docx) Text(style Style, text string) { d.Para(style, Paragraph{Text: text}) }

// Table adds a table with borders in 4号.
func (d *Docx) Table(t *Table, look TableLook) {
	d.parts = append(d.parts, docxPart{table: t, look: look})
}

// EndSection ends a section: all that was added since the section before stands
// on pages of its own, which lie on the side when landscape is set. What follows
// the last call is upright.
func (d *Docx) EndSection(landscape bool) {
	d.parts = append(d.parts, docxPart{turn: true, wide: landscape})
}

// WriteDocx writes a document as it was read: reading it again gives equal
// paragraphs (Number stands in the text then), tables and merges.
func WriteDocx(w io.Writer, doc *Document) error {
	d := &Docx{Name: doc.Title}
	for _, b := range doc.Blocks {
		if b.Para != nil {
			d.Para(Body, *b.Para)
		} else if b.Table != nil {
			d.Table(b.Table, TableLook{})
		}
	}
	return d.Write(w)
}

// Sizes of the page in twentieths of a point (twips): 1 mm = 56.69.
const (
	pageShort, pageLong                  = 11906, 16838 // 210 × 297 mm
	marginTop, marginBottom              = 2098, 1984   // 37, 35 mm
	marginLeft, marginRight              = 1587, 1474   // 28, 26 mm
	footerAt                             = 1400         // one line lies 7 mm under the text
	textWide, textLong                   = pageShort - marginLeft - marginRight, pageLong - marginTop - marginBottom
	wordXML, relXML, officeXML, headXML  = "http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://schemas.openxmlformats.org/package/2006/relationships", "http://schemas.openxmlformats.org/officeDocument/2006/relationships", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	contentTypesXML, packageType, wordML = "http://schemas.openxmlformats.org/package/2006/content-types", "application/vnd.openxmlformats-package", "application/vnd.openxmlformats-officedocument.wordprocessingml"
)

// Write writes the .docx file. The same document always gives the same bytes.
func (d *Docx) Write(w io.Writer) error {
	z := zip.NewWriter(w)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", headXML + `<Types xmlns="` + contentTypesXML + `"><Default Extension="rels" ContentType="` + packageType + `.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/word/document.xml" ContentType="` + wordML + `.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="` + wordML + `.styles+xml"/><Override PartName="/word/settings.xml" ContentType="` + wordML + `.settings+xml"/>` +
			`<Override PartName="/word/footer1.xml" ContentType="` + wordML + `.footer+xml"/><Override PartName="/word/footer2.xml" ContentType="` + wordML + `.footer+xml"/><Override PartName="/docProps/core.xml" ContentType="` + packageType + `.core-properties+xml"/></Types>`},
		{"_rels/.rels", headXML + `<Relationships xmlns="` + relXML + `"><Relationship Id="rId1" Type="` + officeXML + `/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="` + relXML + `/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`},
		{"docProps/core.xml", headXML + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` + escape(d.Name) + `</dc:title></cp:coreProperties>`},
		{"word/_rels/document.xml.rels", headXML + `<Relationships xmlns="` + relXML + `"><Relationship Id="rId1" Type="` + officeXML + `/styles" Target="styles.xml"/><Relationship Id="rId2" Type="` + officeXML + `/settings" Target="settings.xml"/>` +
			`<Relationship Id="rId3" Type="` + officeXML + `/footer" Target="footer1.xml"/><Relationship Id="rId4" Type="` + officeXML + `/footer" Target="footer2.xml"/></Relationships>`},
		{"word/settings.xml", headXML + `<w:settings xmlns:w="` + wordXML + `"><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/></w:settings>`},
		{"word/styles.xml", docxStyles()},
		{"word/footer1.xml", footer("right", "right")},
		{"word/footer2.xml", footer("left", "left")},
	} {
		f, err := z.Create(part.name)
		if err != nil {
			return fmt.Errorf("write docx: %w", err)
		}
		if _, err := io.WriteString(f, part.text); err != nil {
			return fmt.Errorf("write docx: %w", err)
		}
	}
	f, err := z.Create("word/document.xml")
	if err != nil {
		return fmt.Errorf("write docx: %w", err)
	}
	b := &docxBody{bufio.NewWriter(f)}
	b.put(headXML, `<w:document xmlns:w="`, wordXML, `" xmlns:r="`, officeXML, `"><w:body>`)
	b.body(d.parts)
	b.put(`</w:body></w:document>`)
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write docx: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write docx: %w", err)
	}
	return nil
}

// footer is a page number between dashes in 4号宋体, one character from the edge.
func footer(align, side string) string {
	run := func(s string) string {
		return `<w:r><w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>` + s + `</w:r>`
	}
	return headXML + `<w:ftr xmlns:w="` + wordXML + `"><w:p><w:pPr><w:spacing w:line="240" w:lineRule="auto"/><w:ind w:` + side + `="280" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="` + align + `"/></w:pPr>` +
		run(`<w:t xml:space="preserve">— </w:t>`) + run(`<w:fldChar w:fldCharType="begin"/>`) + run(`<w:instrText xml:space="preserve"> PAGE </w:instrText>`) + run(`<w:fldChar w:fldCharType="separate"/>`) +
		run(`<w:t>1</w:t>`) + run(`<w:fldChar w:fldCharType="end"/>`) + run(`<w:t xml:space="preserve"> —</w:t>`) + `</w:p></w:ftr>`
}

// docxStyles are the fonts and sizes of GB/T 9704. Half-points: 2号 44, 3号 32, 4号 28.
func docxStyles() string {
	var b strings.Builder
	fonts := func(east string) string {
		return `<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="` + east + `"/>`
	}
	style := func(id, name, ppr, rpr string) {
		b.WriteString(`<w:style w:type="paragraph" w:styleId="` + id + `"><w:name w:val="` + name + `"/><w:basedOn w:val="Normal"/><w:pPr>` + ppr + `</w:pPr><w:rPr>` + rpr + `</w:rPr></w:style>`)
	}
	const noIndent = `<w:ind w:firstLineChars="0" w:firstLine="0"/>`
	b.WriteString(headXML + `<w:styles xmlns:w="` + wordXML + `"><w:docDefaults><w:rPrDefault><w:rPr>` + fonts("仿宋_GB2312") + `<w:kern w:val="2"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>`)
	b.WriteString(`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr><w:spacing w:line="560" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="both"/></w:pPr><w:rPr><w:spacing w:val="-5"/></w:rPr></w:style>`)
	style("Title", "Title", `<w:keepNext/><w:spacing w:line="600" w:lineRule="exact"/>`+noIndent+`<w:jc w:val="center"/>`, fonts("方正小标宋简体")+`<w:spacing w:val="0"/><w:sz w:val="44"/><w:szCs w:val="44"/>`)
	style("DocNumber", "发文字号", noIndent+`<w:jc w:val="center"/>`, "")
	style("Addressee", "主送机关", noIndent, "")
	style("Heading1", "heading 1", `<w:keepNext/><w:outlineLvl w:val="0"/>`, fonts("黑体"))
	style("Heading2", "heading 2", `<w:keepNext/><w:outlineLvl w:val="1"/>`, fonts("楷体_GB2312"))
	for n := 3; n <= 9; n++ {
		style(fmt.Sprintf("Heading%d", n), fmt.Sprintf("heading %d", n), fmt.Sprintf(`<w:outlineLvl w:val="%d"/>`, n-1), "")
	}
	style("Signature", "署名", `<w:ind w:rightChars="400" w:right="1280" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="right"/>`, "")
	style("Small", "说明", `<w:spacing w:line="440" w:lineRule="exact"/>`+noIndent, `<w:sz w:val="28"/><w:szCs w:val="28"/>`)
	style("TableText", "表格文字", `<w:spacing w:line="400" w:lineRule="exact"/>`+noIndent+`<w:jc w:val="left"/>`, `<w:spacing w:val="0"/><w:sz w:val="28"/><w:szCs w:val="28"/>`)
	style("TableHead", "表头", `<w:spacing w:line="400" w:lineRule="exact"/>`+noIndent+`<w:jc w:val="center"/>`, fonts("黑体")+`<w:spacing w:val="0"/><w:sz w:val="28"/><w:szCs w:val="28"/>`)
	b.WriteString(`</w:styles>`)
	return b.String()
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder never fails
	return b.String()
}

// docxBody writes document.xml; errors stay in the buffered writer until Flush.
type docxBody struct{ *bufio.Writer }

func (b *docxBody) put(parts ...string) {
	for _, s := range parts {
		_, _ = b.WriteString(s) // kept by bufio until Flush
	}
}

func (b *docxBody) body(parts []docxPart) {
	last := false // how the last section lies: one that is ended with nothing behind it is no break
	if n := len(parts); n > 0 && parts[n-1].turn {
		last, parts = parts[n-1].wide, parts[:n-1]
	}
	wide := sections(parts, last)
	table := false // the last thing written was a table: two in a row would become one
	for i, part := range parts {
		switch {
		case part.turn:
			b.put(`<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/><w:rPr><w:vanish/></w:rPr>`, section(part.wide), `</w:pPr></w:p>`)
			table = false
		case part.para != nil:
			b.para(*part.para, styleID[part.style], part.style == Title || part.style == DocNumber)
			table = false
		case part.table != nil && len(part.table.Cells) > 0:
			if table {
				b.hidden()
			}
			b.table(part.table, part.look, wide[i])
			table = true
		}
	}
	if table {
		b.hidden() // Word wants a paragraph after the last table
	}
	b.put(section(last))
}

// hidden writes a paragraph that takes no room and that the reader drops.
func (b *docxBody) hidden() {
	b.put(`<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/><w:rPr><w:vanish/></w:rPr></w:pPr></w:p>`)
}

// sections says of each part whether the section it belongs to lies on its side;
// last says it of the last.
func sections(parts []docxPart, last bool) []bool {
	wide := make([]bool, len(parts))
	turned := last
	for i := len(parts) - 1; i >= 0; i-- {
		if parts[i].turn {
			turned = parts[i].wide
		}
		wide[i] = turned
	}
	return wide
}

// section lays out the pages. 22 lines a page come of exact lines of 28 pt, 28
// characters a line of letters set 0.25 pt closer (16 pt × 28 is a little more
// than 156 mm); a grid of characters would do the latter in Word alone.
func section(wide bool) string {
	page := fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="%d" w:gutter="0"/>`,
		pageShort, pageLong, marginTop, marginRight, marginBottom, marginLeft, footerAt)
	if wide { // the binding edge of a sheet on its side is its top
		page = fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d" w:orient="landscape"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="%d" w:gutter="0"/>`,
			pageLong, pageShort, marginLeft, marginTop, marginRight, marginBottom, 850)
	}
	return `<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="even" r:id="rId4"/>` + page + `<w:docGrid w:type="lines" w:linePitch="579"/></w:sectPr>`
}

// para writes a paragraph; centred says that the style centres by itself.
func (b *docxBody) para(p Paragraph, style string, centred bool) {
	if p.Heading >= 1 && p.Heading <= 9 && style == "Normal" {
		style = fmt.Sprintf("Heading%d", p.Heading)
	}
	b.put(`<w:p><w:pPr><w:pStyle w:val="`, style, `"/>`)
	if p.Center && !centred {
		b.put(`<w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/>`)
	}
	b.put(`</w:pPr>`)
	if text := p.Number + p.Text; text != "" {
		b.put(`<w:r>`)
		if p.Bold {
			b.put(`<w:rPr><w:b/></w:rPr>`)
		}
		b.run(text)
		b.put(`</w:r>`)
	}
	b.put(`</w:p>`)
}

// run writes text with its tabs and line breaks.
func (b *docxBody) run(text string) {
	for len(text) > 0 {
		i := strings.IndexAny(text, "\t\n")
		if i < 0 {
			i = len(text)
		}
		if i > 0 {
			b.put(`<w:t xml:space="preserve">`, escape(text[:i]), `</w:t>`)
		}
		if i == len(text) {
			return
		}
		if text[i] == '\t' {
			b.put(`<w:tab/>`)
		} else {
			b.put(`<w:br/>`)
		}
		text = text[i+1:]
	}
}

func (b *docxBody) table(t *Table, look TableLook, wide bool) {
	total := textWide
	if wide {
		total = textLong
	}
	widths := columnWidths(look.Widths, t.Cols, total)
	head := look.Head
	if head == 0 {
		head = headRows(t)
	}
	b.put(`<w:tbl><w:tblPr><w:tblW w:w="`, fmt.Sprint(total), `" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		b.put(`<w:`, side, ` w:val="single" w:sz="4" w:space="0" w:color="000000"/>`)
	}
	b.put(`</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	for _, n := range widths {
		b.put(`<w:gridCol w:w="`, fmt.Sprint(n), `"/>`)
	}
	b.put(`</w:tblGrid>`)
	for r, row := range t.Grid() {
		b.put(`<w:tr><w:trPr><w:cantSplit w:val="0"/>`)
		if r < head {
			b.put(`<w:tblHeader/>`)
		}
		b.put(`</w:trPr>`)
		for k := 0; k < t.Cols; {
			c := row[k]
			if c == nil {
				b.cell(widths[k], 1, "", nil, false)
				k++
				continue
			}
			end := k + 1
			for end < t.Cols && row[end] == c {
				end++
			}
			sum := 0
			for _, n := range widths[k:end] {
				sum += n
			}
			merge := ""
			if c.RowSpan > 1 {
				merge = `<w:vMerge/>`
				if r == c.Row {
					merge = `<w:vMerge w:val="restart"/>`
				}
			}
			if paras := c.Paras; r == c.Row {
				b.cell(sum, end-k, merge, paras, r < head)
			} else {
				b.cell(sum, end-k, merge, nil, false)
			}
			k = end
		}
		b.put(`</w:tr>`)
	}
	b.put(`</w:tbl>`)
}

// headRows counts the leading rows whose cells are all marked as header.
func headRows(t *Table) int {
	light := t.Rows
	for i := range t.Cells {
		if !t.Cells[i].Header {
			light = min(light, t.Cells[i].Row)
		}
	}
	if light == t.Rows {
		return 0 // a table of nothing but heads repeats none
	}
	return light
}

func columnWidths(relative []float64, cols, total int) []int {
	sum := 0.0
	for i := range cols {
		if i < len(relative) {
			sum += relative[i]
		}
	}
	widths := make([]int, cols)
	for i := range widths {
		if len(relative) >= cols && sum > 0 {
			widths[i] = int(relative[i] / sum * float64(total))
		} else {
			widths[i] = total / cols
		}
	}
	return widths
}

func (b *docxBody) cell(width, span int, merge string, paras []Paragraph, head bool) {
	b.put(`<w:tc><w:tcPr><w:tcW w:w="`, fmt.Sprint(width), `" w:type="dxa"/>`)
	if span > 1 {
		b.put(`<w:gridSpan w:val="`, fmt.Sprint(span), `"/>`)
	}
	b.put(merge, `<w:vAlign w:val="center"/></w:tcPr>`)
	if len(paras) == 0 {
		paras = []Paragraph{{}}
	}
	style := "TableText"
	if head {
		style = "TableHead"
	}
	for _, p := range paras {
		b.para(p, style, head)
	}
	b.put(`</w:tc>`)
}
