package hidden

import (
	"fmt"
	"path"
	"strconv"
	"strings"
)

// book is what the parts of an xlsx file share (ECMA-376 part 1, 18).
type book struct {
	*office
	formats   []cellFormat // by cellXfs index
	rich      map[int]bool // shared strings with text
	strings   []*element   // shared strings, for emptying
	used      map[int]bool // shared strings that a cell that stays shows
	sst       string       // the part of the shared strings
	anything  bool         // a hidden value was found: formulas become values
	gone      []string     // names of the sheets that go
	printArea map[string][]area
}

type cellFormat struct{ white, blank bool }

// area is a range of cells, 0-based, ends included.
type area struct{ top, left, bottom, right int }

func (a area) holds(row, col int) bool {
	return row >= a.top && row <= a.bottom && col >= a.left && col <= a.right
}

// sheetPlace is one line of the list of sheets.
type sheetPlace struct {
	*element
	name, part string
	hidden     bool
}

func (o *office) workbook() error {
	const main = "xl/workbook.xml"
	b := &book{office: o, used: map[int]bool{}, printArea: map[string][]area{}}
	targets := map[string]string{}
	for _, r := range o.rels[main] {
		if !r.external {
			targets[r.id] = r.target
			if r.kind == "sharedStrings" {
				b.sst = r.target
			}
		}
	}
	var sheets []sheetPlace
	var names []*element
	var views []*element
	p := o.parts[main]
	if err := o.walk(o.ctx, main, visitor{
		open: func(e *element) { e.keep = e.Name.Local == "definedName" },
		close: func(e *element) {
			switch {
			case e.Name.Local == "sheet" && e.in("sheets") != nil:
				s := sheetPlace{element: e, name: e.attr("name"), part: targets[e.rel("id")]}
				s.hidden = e.attr("state") == "hidden" || e.attr("state") == "veryHidden"
				sheets = append(sheets, s)
			case e.Name.Local == "definedName":
				names = append(names, e)
			case e.Name.Local == "workbookView":
				views = append(views, e)
			case e.Name.Local == "absPath" && e.attr("url") != "":
				o.fixed("H-META-NAME", main, "文件记有本机保存路径“"+short(e.attr("url"))+"”，请另存到别处或者使用清理后的副本。")
				p.set(e, "url", new(string))
			}
		},
	}); err != nil {
		return err
	}
	for _, s := range sheets {
		if !s.hidden {
			continue
		}
		b.gone, b.anything = append(b.gone, s.name), true
		how := "隐藏"
		if s.attr("state") == "veryHidden" {
			how = "深度隐藏"
		}
		if len(b.gone) == len(sheets) {
			o.left("H-XLSX-SHEET", "工作表“"+short(s.name)+"”", "全部工作表都是隐藏的，请用 Excel 打开后处理。")
			b.gone = b.gone[:len(b.gone)-1]
			continue
		}
		o.fixed("H-XLSX-SHEET", "工作表“"+short(s.name)+"”", "文件含有"+how+"的工作表，请删除后重新上传。")
		p.cut(s.element)
		if s.part != "" {
			o.remove(s.part)
		}
	}
	b.definedNames(p, names, sheets)
	b.views(p, views, sheets)
	if err := b.caches(); err != nil {
		return err
	}
	if err := b.styles(); err != nil {
		return err
	}
	if err := b.sharedStrings(); err != nil {
		return err
	}
	if err := b.notes(); err != nil {
		return err
	}
	var looked []*sheet
	for _, s := range sheets {
		if !o.has(s.part) || path.Ext(s.part) != ".xml" {
			continue
		}
		one := &sheet{book: b, name: s.name, part: o.parts[s.part], defaults: map[int]bool{}}
		if err := one.look(); err != nil {
			return err
		}
		looked = append(looked, one)
	}
	unused := 0
	for i, e := range b.strings {
		if !b.used[i] && b.rich[i] {
			unused++
			o.parts[b.sst].cuts = append(o.parts[b.sst].cuts, cut{e.inner, e.innerEnd, "<t/>"})
		}
	}
	// The texts of hidden cells are counted with their cells.
	if unused > 0 && !b.anything {
		o.fixed("H-XLSX-STRING", b.sst, fmt.Sprintf("文件留有%d条没有单元格使用的文字，可能是删掉的内容，请另存后再上传。", unused))
	}
	if b.anything {
		for _, s := range looked {
			s.values()
		}
		o.remove("xl/calcChain.xml")
	}
	return nil
}

// definedNames looks at the names that a workbook defines. Those that speak of a sheet that goes go too; the
// others keep their sheet, whose number may change.
func (b *book) definedNames(p *part, names []*element, sheets []sheetPlace) {
	number := map[int]int{} // of the sheets that stay
	for i, s := range sheets {
		if !b.leaves(s.name) {
			number[i] = len(number)
		}
	}
	hidden := 0
	for _, e := range names {
		name, to := e.attr("name"), e.text.String()
		local, scoped := strconv.Atoi(e.attr("localSheetId"))
		_, stays := number[local]
		own := strings.HasPrefix(name, "_xlnm.") // print areas, filters
		if name == "_xlnm.Print_Area" && scoped == nil && local < len(sheets) && local >= 0 {
			b.printArea[sheets[local].name] = areas(to)
		}
		switch {
		case scoped == nil && !stays, b.mentions(to):
			p.cut(e)
		case !own && (e.attr("hidden") == "1" || e.attr("hidden") == "true") || strings.Contains(to, "[") && !strings.Contains(to, "#REF!"):
			hidden++
			p.cut(e)
		case scoped == nil && number[local] != local:
			value := strconv.Itoa(number[local])
			p.set(e, "localSheetId", &value)
		}
	}
	if hidden > 0 {
		b.fixed("H-XLSX-NAME", "xl/workbook.xml", fmt.Sprintf("文件有%d个隐藏的或者指向外部文件的名称，请在名称管理器中删除。", hidden))
	}
}

// views keeps the sheet in front of the reader.
func (b *book) views(p *part, views []*element, sheets []sheetPlace) {
	for _, e := range views {
		for _, name := range []string{"activeTab", "firstSheet"} {
			at, err := strconv.Atoi(e.attr(name))
			if err != nil {
				continue
			}
			before := 0
			for i, s := range sheets {
				if i < at && b.leaves(s.name) {
					before++
				}
			}
			if before > 0 {
				value := strconv.Itoa(min(at-before, len(sheets)-len(b.gone)-1))
				p.set(e, name, &value)
			}
		}
	}
}

func (b *book) leaves(sheet string) bool {
	for _, g := range b.gone {
		if g == sheet {
			return true
		}
	}
	return false
}

// mentions tells whether a formula speaks of a sheet that goes.
func (b *book) mentions(formula string) bool {
	for _, g := range b.gone {
		if strings.Contains(formula, g+"!") || strings.Contains(formula, strings.ReplaceAll(g, "'", "''")+"'!") {
			return true
		}
	}
	return false
}

// caches are the parts that hold data of elsewhere. What a chart has in its cache
// is what it shows, and stays.
func (b *book) caches() error {
	for _, name := range b.names() {
		dir, base := path.Dir(name), path.Base(name)
		if path.Ext(base) != ".xml" {
			continue
		}
		switch {
		case dir == "xl/pivotCache" && strings.HasPrefix(base, "pivotCacheDefinition"):
			b.fixed("H-XLSX-PIVOT", name, "数据透视表的缓存里有全部源数据，请把透视表粘贴为数值。")
			b.remove(name)
			b.anything = true
		case dir == "xl/pivotCache":
			b.remove(name)
		case dir == "xl/pivotTables", dir == "xl/slicers", dir == "xl/slicerCaches", dir == "xl/timelines", dir == "xl/timelineCaches":
			b.remove(name)
		case dir == "xl/externalLinks":
			b.fixed("H-XLSX-LINK", name, "文件链接到别的工作簿，并存有它的路径和数据，请断开链接。")
			b.remove(name)
			b.anything = true
		case name == "xl/connections.xml":
			b.fixed("H-XLSX-SOURCE", name, "文件带有数据连接（服务器、路径或者查询语句），请删除连接。")
			b.remove(name)
		case dir == "xl/queryTables":
			b.fixed("H-XLSX-SOURCE", name, "文件带有查询表，请把数据粘贴为数值。")
			b.remove(name)
		case dir == "xl/tables":
			p := b.parts[name]
			if err := b.walk(b.ctx, name, visitor{close: func(e *element) {
				for _, a := range []string{"queryTableFieldId", "connectionId"} {
					if e.attr(a) != "" {
						p.set(e, a, nil)
					}
				}
				if e.attr("tableType") == "queryTable" {
					p.set(e, "tableType", nil)
				}
			}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// styles finds the formats that make a value invisible.
func (b *book) styles() error {
	const name = "xl/styles.xml"
	if !b.has(name) {
		return nil
	}
	blank := map[string]bool{}
	var white, filled []bool
	return b.walk(b.ctx, name, visitor{close: func(e *element) {
		up := e.parent
		switch e.Name.Local {
		case "numFmt":
			code := e.attr("formatCode")
			blank[e.attr("numFmtId")] = strings.Trim(code, "; ") == "" && strings.Count(code, ";") >= 2
		case "color":
			if up != nil && up.Name.Local == "font" {
				rgb := strings.ToUpper(e.attr("rgb"))
				up.data = strings.HasSuffix(rgb, "FFFFFF") && len(rgb) >= 6 || e.attr("theme") == "0" && e.attr("tint") == "" || e.attr("indexed") == "9" || e.attr("indexed") == "1"
			}
		case "font":
			if up != nil && up.Name.Local == "fonts" {
				w, _ := e.data.(bool)
				white = append(white, w)
			}
		case "patternFill":
			if up != nil {
				t := e.attr("patternType")
				up.data = t != "" && t != "none" && !(t == "solid" && e.data == true)
			}
		case "fgColor":
			if up != nil {
				rgb := strings.ToUpper(e.attr("rgb"))
				up.data = strings.HasSuffix(rgb, "FFFFFF") || e.attr("theme") == "0" && e.attr("tint") == "" || e.attr("indexed") == "9" || e.attr("indexed") == "1"
			}
		case "gradientFill":
			if up != nil {
				up.data = true
			}
		case "fill":
			if up != nil && up.Name.Local == "fills" {
				f, _ := e.data.(bool)
				filled = append(filled, f)
			}
		case "xf":
			if up != nil && up.Name.Local == "cellXfs" {
				at := func(list []bool, id string) bool {
					n, err := strconv.Atoi(id)
					return err == nil && n >= 0 && n < len(list) && list[n]
				}
				b.formats = append(b.formats, cellFormat{
					white: at(white, e.attr("fontId")) && !at(filled, e.attr("fillId")),
					blank: blank[e.attr("numFmtId")],
				})
			}
		}
	}})
}

func (b *book) sharedStrings() error {
	name := b.sst
	b.rich = map[int]bool{}
	if !b.has(name) {
		return nil
	}
	return b.walk(b.ctx, name, visitor{
		close: func(e *element) {
			if e.Name.Local == "si" {
				b.strings = append(b.strings, e)
			}
		},
		text: func(e *element, s string) {
			if e.Name.Local == "t" && strings.TrimSpace(s) != "" {
				b.rich[len(b.strings)] = true
			}
		},
	})
}

// notes are comments of both kinds, and the people who wrote them.
func (b *book) notes() error {
	for _, name := range b.names() {
		dir, base := path.Dir(name), path.Base(name)
		switch {
		case dir == "xl/threadedComments" && path.Ext(base) == ".xml":
			if err := b.comments(name, "threadedComment", "H-XLSX-COMMENT"); err != nil {
				return err
			}
			b.remove(name)
		case dir == "xl/persons":
			b.remove(name)
		case strings.HasPrefix(base, "comments") && path.Ext(base) == ".xml":
			if err := b.cellNotes(name); err != nil {
				return err
			}
			b.remove(name)
		}
	}
	return nil
}

// cellNotes reports the notes of a sheet and takes out the drawing that shows
// them, where it shows nothing else.
func (b *book) cellNotes(name string) error {
	var authors []string
	count, cell := 0, ""
	if err := b.walk(b.ctx, name, visitor{
		open: func(e *element) { e.keep = e.Name.Local == "author" },
		close: func(e *element) {
			switch e.Name.Local {
			case "author":
				authors = append(authors, short(e.text.String()))
			case "comment":
				if count == 0 {
					cell = e.attr("ref")
				}
				count++
			}
		},
	}); err != nil {
		return err
	}
	if count > 0 {
		by := ""
		if len(authors) > 0 && authors[0] != "" {
			by = "，作者" + authors[0]
		}
		b.fixed("H-XLSX-COMMENT", fmt.Sprintf("批注（%s）共%d条，第1条在%s%s", name, count, short(cell), by), "文件含有批注，请删除全部批注后再上传。")
	}
	for owner, list := range b.rels {
		for _, r := range list {
			if r.external || r.target != name {
				continue
			}
			for _, other := range b.rels[owner] {
				if other.kind != "vmlDrawing" || !b.has(other.target) {
					continue
				}
				data, err := b.load(other.target)
				if err != nil {
					return err
				}
				if s := string(data); strings.Count(s, "ObjectType=") == strings.Count(s, `ObjectType="Note"`) {
					b.sever(owner, other)
				}
			}
		}
	}
	return nil
}

// areas reads ranges such as Sheet1!$A$1:$C$9,Sheet1!$E:$F.
func areas(text string) (list []area) {
	for _, one := range strings.Split(text, ",") {
		ref := strings.ReplaceAll(one[strings.LastIndexByte(one, '!')+1:], "$", "")
		from, to, ranged := strings.Cut(ref, ":")
		if !ranged {
			to = from
		}
		a := area{bottom: 1 << 20, right: 1 << 14}
		row, col := cellAt(from)
		a.top, a.left = max(row, 0), max(col, 0)
		if row, col = cellAt(to); row >= 0 {
			a.bottom = row
		}
		if col >= 0 {
			a.right = col
		}
		list = append(list, a)
	}
	return list
}

// cellAt reads B3 as row 2, column 1; -1 stands for what is not said.
func cellAt(ref string) (row, col int) {
	i := 0
	for i < len(ref) && i < 3 && ref[i]|0x20 >= 'a' && ref[i]|0x20 <= 'z' {
		col = col*26 + int(ref[i]|0x20-'a') + 1
		i++
	}
	n, err := strconv.Atoi(ref[i:])
	if err != nil {
		n = 0
	}
	return n - 1, col - 1
}

// sheet is one worksheet that stays.
type sheet struct {
	*book
	name     string
	part     *part
	defaults map[int]bool
	cols     []area // hidden columns
	merges   []area // merged cells: what a hidden first cell holds is seen in the rest
	rows     []int  // hidden rows with values, 1-based
	columns  []int  // hidden columns with values
	formulas []*element
	zero     bool // rows that say nothing of themselves are hidden
}

// value is a cell with something in it.
type value struct {
	*element
	row, col, format int
	hiddenRow        bool
	shared           int // index of its shared string, or -1
}

func (s *sheet) look() error {
	var values []value
	var row int
	col := -1
	var hiddenRow bool
	err := s.walk(s.ctx, s.part.name, visitor{
		open: func(e *element) {
			switch e.Name.Local {
			case "row":
				row++
				if n, err := strconv.Atoi(e.attr("r")); err == nil {
					row = n
				}
				col = -1
				hiddenRow = e.attr("hidden") == "1" || e.attr("hidden") == "true" || e.attr("customHeight") == "1" && zero(e.attr("ht")) ||
					s.zero && e.attr("hidden") == "" && e.attr("ht") == ""
			case "c":
				col++
				if r, c := cellAt(e.attr("r")); r >= 0 && c >= 0 {
					col = c
				}
			case "sheetFormatPr":
				s.zero = e.attr("zeroHeight") == "1" || e.attr("zeroHeight") == "true"
			case "v", "formula1", "formula2", "formula":
				e.keep = true
			}
		},
		close: func(e *element) {
			switch e.Name.Local {
			case "col":
				low, high := number(e.attr("min")), number(e.attr("max"))
				if e.attr("hidden") == "1" || e.attr("hidden") == "true" || e.attr("width") != "" && zero(e.attr("width")) {
					s.cols = append(s.cols, area{left: low - 1, right: high - 1})
				}
			case "v":
				if e.parent != nil && e.parent.Name.Local == "c" {
					e.parent.data = strings.TrimSpace(e.text.String())
				}
			case "f":
				s.formulas = append(s.formulas, e)
			case "is":
				if e.parent != nil {
					e.parent.data = "inline"
				}
			case "c":
				held, _ := e.data.(string)
				if held == "" {
					return
				}
				format := number(e.attr("s"))
				v := value{element: e, row: row - 1, col: col, format: format, hiddenRow: hiddenRow, shared: -1}
				if e.attr("t") == "s" {
					v.shared = number(held)
					if !s.rich[v.shared] {
						return
					}
				}
				values = append(values, v)
			case "mergeCell":
				s.merges = append(s.merges, areas(e.attr("ref"))...)
			case "dataValidation", "cfRule":
				if told, _ := e.data.(bool); told {
					s.part.cut(e)
				}
			case "conditionalFormatting":
				if e.kids > 0 && e.gone == e.kids {
					s.part.cut(e)
				}
			case "dataValidations":
				if e.kids > 0 && e.gone == e.kids {
					s.part.cut(e)
				}
			case "formula1", "formula2", "formula":
				if e.parent != nil && s.mentions(e.text.String()) {
					e.parent.data = true
				}
			}
		},
	})
	if err != nil {
		return err
	}
	faint, white, outside := 0, 0, 0
	place := ""
	hide := func(v value) {
		s.anything = true
		s.part.empty(v.element)
		if v.attr("t") != "" {
			s.part.set(v.element, "t", nil)
		}
	}
	rows, columns := map[int]bool{}, map[int]bool{}
	for _, v := range values {
		shown := s.seenInMerge(v)
		switch {
		case v.hiddenRow && !shown:
			if !rows[v.row] {
				rows[v.row] = true
				s.rows = append(s.rows, v.row+1)
			}
			hide(v)
			continue
		case s.columnHidden(v.col) && !shown:
			if !columns[v.col] {
				columns[v.col] = true
				s.columns = append(s.columns, v.col)
			}
			hide(v)
			continue
		case v.format < len(s.formats) && s.formats[v.format].blank && v.attr("t") != "s" && v.attr("t") != "inlineStr" && v.attr("t") != "str":
			faint++
			hide(v)
			continue
		case v.format < len(s.formats) && s.formats[v.format].white:
			if white == 0 {
				place = cellName(v.row, v.col)
			}
			white++
		}
		if area := s.printArea[s.name]; len(area) > 0 {
			inside := false
			for _, a := range area {
				inside = inside || a.holds(v.row, v.col)
			}
			if !inside {
				outside++
			}
		}
		if v.shared >= 0 {
			s.used[v.shared] = true
		}
	}
	sheet := "工作表“" + short(s.name) + "”"
	if n := len(s.rows); n > 0 {
		s.fixed("H-XLSX-ROW", fmt.Sprintf("%s第%d行等，共%d行", sheet, s.rows[0], n), "文件含有隐藏的行（包括筛选掉的），请取消隐藏后删除。")
	}
	if n := len(s.columns); n > 0 {
		s.fixed("H-XLSX-COLUMN", fmt.Sprintf("%s%s列等，共%d列", sheet, columnName(s.columns[0]), n), "文件含有隐藏的列，请取消隐藏后删除。")
	}
	if faint > 0 {
		s.fixed("H-XLSX-FAINT", fmt.Sprintf("%s共%d个单元格", sheet, faint), "单元格用“;;;”格式藏起了数值，请删除数值。")
	}
	if white > 0 {
		s.left("H-XLSX-FAINT", fmt.Sprintf("%s%s等，共%d个单元格", sheet, place, white), "单元格里是白底白字，请删除或者改成正常的颜色。")
	}
	if outside > 0 {
		s.left("H-XLSX-PRINT", fmt.Sprintf("%s共%d个单元格", sheet, outside), "打印区域以外还有内容，请确认可以公开，否则删除。")
	}
	return nil
}

// values turns the formulas of a sheet into the values that they show.
func (s *sheet) values() {
	for _, f := range s.formulas {
		if f.parent != nil && f.parent.Name.Local == "c" {
			s.part.cuts = append(s.part.cuts, cut{f.start, f.end, ""})
		}
	}
}

func (s *sheet) columnHidden(col int) bool {
	for _, c := range s.cols {
		if col >= c.left && col <= c.right {
			return true
		}
	}
	return false
}

// seenInMerge tells whether a cell is the first of a merged area that reaches out
// of its hidden row or column.
func (s *sheet) seenInMerge(v value) bool {
	for _, m := range s.merges {
		if m.top != v.row || m.left != v.col {
			continue
		}
		if v.hiddenRow {
			return m.bottom > m.top
		}
		for c := m.left; c <= min(m.right, m.left+1<<14); c++ {
			if !s.columnHidden(c) {
				return true
			}
		}
	}
	return false
}

func zero(s string) bool { f, err := strconv.ParseFloat(s, 64); return err == nil && f == 0 }

func columnName(c int) string {
	name := ""
	for c++; c > 0; c = (c - 1) / 26 {
		name = string(rune('A'+(c-1)%26)) + name
	}
	return name
}

func cellName(row, col int) string { return columnName(col) + strconv.Itoa(row+1) }
