package hidden

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// wordStyle is what matters here of a style.
type wordStyle struct {
	based              string
	hidden, white, tad *bool
	shaded             bool
}

// wordRun is what a run or a style says of its letters; nil is nothing.
type wordRun struct {
	style              string
	hidden, white, tad *bool // tad: at most 1.5 points
	shaded             bool
}

// word looks into the parts of a docx file (ECMA-376 part 1, 17).
func (o *office) word() error {
	styles, plain, err := o.wordStyles()
	if err != nil {
		return err
	}
	settings, err := o.wordSettings()
	if err != nil {
		return err
	}
	for _, name := range o.names() {
		base := path.Base(name)
		if path.Dir(name) != "word" || path.Ext(name) != ".xml" {
			continue
		}
		switch {
		case strings.HasPrefix(base, "comments"):
			if base == "comments.xml" {
				if err := o.comments(name, "comment", "H-DOCX-COMMENT"); err != nil {
					return err
				}
			}
			o.remove(name)
		case base == "people.xml":
			o.remove(name)
		}
	}
	for _, name := range o.names() {
		base := path.Base(name)
		if path.Dir(name) != "word" || path.Ext(name) != ".xml" {
			continue
		}
		for _, prefix := range []string{"document", "header", "footer", "footnotes", "endnotes"} {
			if strings.HasPrefix(base, prefix) {
				d := wordPart{office: o, name: name, styles: styles, plain: plain, settings: settings, marked: map[string]int{}}
				if err := d.look(); err != nil {
					return err
				}
				break
			}
		}
	}
	return o.unseenHeaders(settings)
}

// comments reports the comments of a part one by one.
func (o *office) comments(name, local, rule string) error {
	count := 0
	return o.walk(o.ctx, name, visitor{open: func(e *element) {
		if e.Name.Local != local {
			return
		}
		count++
		by := ""
		if author := strings.TrimSpace(e.attr("author")); author != "" {
			by = "，作者" + short(author)
		}
		switch {
		case count <= 20:
			o.fixed(rule, fmt.Sprintf("批注（%s）第%d条%s", name, count, by), "文件含有批注，请处理后删除全部批注再上传。")
		case count == 21:
			o.fixed(rule, "批注（"+name+"）", "文件还有更多批注，请处理后删除全部批注再上传。")
		}
	}})
}

func (o *office) wordStyles() (styles map[string]*wordStyle, plain string, err error) {
	const name = "word/styles.xml"
	styles = map[string]*wordStyle{}
	if !o.has(name) {
		return styles, "", nil
	}
	err = o.walk(o.ctx, name, visitor{
		open: func(e *element) {
			if e.Name.Local == "style" {
				s := &wordStyle{}
				styles[e.attr("styleId")], e.data = s, s
				if e.attr("type") == "paragraph" && (e.attr("default") == "1" || e.attr("default") == "true") {
					plain = e.attr("styleId")
				}
			}
		},
		close: func(e *element) {
			home := e.in("style")
			if home == nil {
				return
			}
			s := home.data.(*wordStyle)
			if e.Name.Local == "basedOn" {
				s.based = e.attr("val")
				return
			}
			r := wordRun{}
			r.read(e)
			s.shaded = s.shaded || r.shaded
			if e.parent.Name.Local == "rPr" && e.parent.parent == home {
				s.hidden, s.white, s.tad = first(r.hidden, s.hidden), first(r.white, s.white), first(r.tad, s.tad)
			}
		},
	})
	return styles, plain, err
}

func first(a, b *bool) *bool {
	if a != nil {
		return a
	}
	return b
}

// read takes one child of rPr.
func (r *wordRun) read(e *element) {
	yes := func(b bool) *bool { return &b }
	switch e.Name.Local {
	case "rStyle":
		r.style = e.attr("val")
	case "vanish":
		r.hidden = yes(e.is())
	case "color":
		r.white = yes(strings.EqualFold(e.attr("val"), "FFFFFF"))
	case "sz": // half-points
		n := number(e.attr("val"))
		r.tad = yes(n > 0 && n <= 3)
	case "shd":
		fill := strings.ToUpper(e.attr("fill"))
		val := e.attr("val")
		r.shaded = r.shaded || fill != "" && fill != "AUTO" && fill != "FFFFFF" || val != "" && val != "clear" && val != "nil"
	case "highlight":
		r.shaded = true
	}
}

// wordSettings are what word/settings.xml says, and what it must not.
type wordSettings struct{ even bool }

func (o *office) wordSettings() (s wordSettings, err error) {
	const name = "word/settings.xml"
	if !o.has(name) {
		return s, nil
	}
	p := o.parts[name]
	rsids, vars := 0, 0
	err = o.walk(o.ctx, name, visitor{close: func(e *element) {
		switch e.Name.Local {
		case "evenAndOddHeaders":
			s.even = e.is()
		case "rsids":
			rsids = e.kids
			p.cut(e)
		case "docVars":
			vars = e.kids
			p.cut(e)
		case "mailMerge":
			o.fixed("H-DOCX-FIELD", name, "文件连着邮件合并的数据源，请在“邮件”中改为普通文档。")
			p.cut(e)
		}
	}})
	if vars > 0 {
		o.fixed("H-META-CUSTOM", name, fmt.Sprintf("文件有%d个文档变量，请删除。", vars))
	}
	if rsids > 0 {
		o.fixed("H-META-TRACE", name, "文件记有每次编辑的编号，清理后的副本没有。")
	}
	return s, err
}

// wordPart is a part with text while it is walked.
type wordPart struct {
	*office
	name     string
	styles   map[string]*wordStyle
	plain    string
	settings wordSettings

	paras    []*wordPara // open ones: a text box stands inside a paragraph
	marked   map[string]int
	authors  []string
	hides    int
	faint    int
	code     strings.Builder // of the field that is being read
	coding   int
	seen     strings.Builder
	pageWide int
	boxes    []offset
}

type wordPara struct {
	style  string
	shaded bool
	run    wordRun
}

// offset is where a drawing stands from the left edge of the page and how wide it
// is, in EMU (914,400 an inch).
type offset struct{ left, wide int }

// changes are the elements of tracked changes (ECMA-376 part 1, 17.13.5).
var changes = map[string]string{
	"ins": "插入", "del": "删除", "moveFrom": "移动", "moveTo": "移动", "rPrChange": "格式", "pPrChange": "格式", "sectPrChange": "格式",
	"tblPrChange": "格式", "trPrChange": "格式", "tcPrChange": "格式", "tblGridChange": "格式", "tblPrExChange": "格式",
	"cellIns": "插入", "cellDel": "删除", "cellMerge": "格式", "numberingChange": "格式",
}

func (d *wordPart) look() error {
	p := d.parts[d.name]
	if err := d.walk(d.ctx, d.name, visitor{open: d.open, close: func(e *element) { d.close(p, e) }, text: d.text}); err != nil {
		return err
	}
	if path.Base(d.name) == "document.xml" {
		d.shown = bare(d.seen.String())
	}
	if n := len(d.marked); n > 0 {
		total := 0
		for _, k := range d.marked {
			total += k
		}
		by := ""
		if len(d.authors) > 0 {
			by = "，作者" + strings.Join(d.authors, "、")
		}
		d.left("H-DOCX-CHANGE", fmt.Sprintf("修订（%s）%d处（%s）%s", d.name, total, strings.Join(sortedKeys(d.marked), "、"), by),
			"文件含有修订，请逐处接受或者拒绝后重新上传。")
	}
	if d.hides > 0 {
		d.fixed("H-DOCX-HIDDEN", fmt.Sprintf("%s 共%d处", d.name, d.hides), "文件含有隐藏文字，请显示后删除或者保留为正文，再重新上传。")
	}
	if d.faint > 0 {
		d.left("H-DOCX-FAINT", fmt.Sprintf("%s 共%d处", d.name, d.faint), "文件含有白色或者极小、看不见的文字，请删除或者改成正常的字。")
	}
	for _, b := range d.boxes {
		if d.pageWide > 0 && (b.left >= d.pageWide || b.left+b.wide <= 0) {
			d.left("H-DOCX-OFFPAGE", d.name, "有文本框或者图形放在页面以外，请删除或者移到页面里。")
			break
		}
	}
	return nil
}

func (d *wordPart) para() *wordPara {
	if n := len(d.paras); n > 0 {
		return d.paras[n-1]
	}
	return &wordPara{}
}

func (d *wordPart) open(e *element) {
	switch e.Name.Local {
	case "p":
		if strings.HasSuffix(e.Name.Space, "/wordprocessingml/2006/main") {
			d.paras = append(d.paras, &wordPara{})
		}
	case "r":
		d.para().run = wordRun{}
	case "posOffset":
		e.keep = true
	}
}

var fieldPath = regexp.MustCompile(`(?i)^\s*(?:INCLUDEPICTURE|INCLUDETEXT|LINK|DDE|DDEAUTO|IMPORT|RD|DATABASE|MERGEFIELD|HYPERLINK)\b`)

func (d *wordPart) close(p *part, e *element) {
	local := e.Name.Local
	if what, tracked := changes[local]; tracked && strings.HasSuffix(e.Name.Space, "/wordprocessingml/2006/main") {
		d.marked[what]++
		if a := short(e.attr("author")); a != "" && !slices.Contains(d.authors, a) && len(d.authors) < 3 {
			d.authors = append(d.authors, a)
		}
	}
	d.crop(d.name, e)
	in := func(name string) bool { return e.parent != nil && e.parent.Name.Local == name }
	switch {
	case local == "p" && strings.HasSuffix(e.Name.Space, "/wordprocessingml/2006/main") && len(d.paras) > 0:
		d.paras = d.paras[:len(d.paras)-1]
	case local == "pStyle" && in("pPr") && e.in("pPrChange") == nil:
		d.para().style = e.attr("val")
	case local == "shd" && in("pPr"):
		r := wordRun{}
		r.read(e)
		d.para().shaded = d.para().shaded || r.shaded
	case in("rPr") && e.parent.parent != nil && e.parent.parent.Name.Local == "r" && e.in("rPrChange") == nil:
		d.para().run.read(e)
	case local == "t" && strings.HasSuffix(e.Name.Space, "/wordprocessingml/2006/main"):
		if d.para().run.mute(d, e) {
			p.empty(e)
		}
	case local == "commentRangeStart", local == "commentRangeEnd":
		p.cut(e)
	case local == "commentReference":
		// The run around it holds nothing else.
		if run := e.parent; run != nil && run.Name.Local == "r" {
			run.data = e
		}
		p.cut(e)
	case local == "r" && e.data != nil && e.gone == 1 && e.kids <= 2:
		p.cut(e)
	case local == "fldChar":
		switch e.attr("fldCharType") {
		case "begin":
			d.code.Reset()
			d.coding++
		case "separate", "end":
			d.field(d.code.String())
			d.code.Reset()
			d.coding = max(0, d.coding-1)
		}
	case local == "fldSimple":
		d.field(e.attr("instr"))
	case local == "listItem" && (in("dropDownList") || in("comboBox")) && e.attr("value") != "" && e.parent.data == nil:
		e.parent.data = true
		d.left("H-DOCX-CONTROL", d.name, "内容控件的下拉列表里留有备选值，请转成普通文字。")
	case local == "pgSz":
		d.pageWide = max(d.pageWide, number(e.attr("w"))*635) // twips to EMU
	case local == "posOffset" && in("positionH") && e.parent.attr("relativeFrom") == "page":
		if anchor := e.in("anchor"); anchor != nil {
			anchor.data = number(strings.TrimSpace(e.text.String()))
		}
	case local == "extent" && in("anchor"):
		if left, ok := e.parent.data.(int); ok {
			d.boxes = append(d.boxes, offset{left, number(e.attr("cx"))})
		}
	}
}

// field looks at the code of a field.
func (d *wordPart) field(code string) {
	if fieldPath.MatchString(code) && localPath.MatchString(strings.NewReplacer(`\\`, `\`, `"`, " ").Replace(code)) {
		d.left("H-DOCX-FIELD", d.name, "文件的域里有本机或者内部路径，请把域转成普通文字（Ctrl+Shift+F9）。")
	}
}

func (d *wordPart) text(e *element, s string) {
	switch e.Name.Local {
	case "instrText":
		if d.code.Len() < 4096 {
			d.code.WriteString(s)
		}
	case "t":
		d.seen.WriteString(s)
		run := &d.para().run
		if strings.TrimSpace(s) == "" || !strings.HasSuffix(e.Name.Space, "/wordprocessingml/2006/main") {
			return
		}
		switch {
		case run.mute(d, e):
			d.hides++
		case d.unseen(run, e):
			d.faint++
		}
	}
}

// mute tells whether the letters of a run are hidden by it or by its styles.
func (r *wordRun) mute(d *wordPart, e *element) bool {
	if e.in("del") != nil { // a person decides about tracked changes first
		return false
	}
	return d.toggle(r, r.hidden, func(s *wordStyle) *bool { return s.hidden })
}

// unseen tells whether letters are white on white or too small to be seen. Where
// something may be painted behind them nothing is said.
func (d *wordPart) unseen(run *wordRun, e *element) bool {
	if d.toggle(run, run.tad, func(s *wordStyle) *bool { return s.tad }) {
		return true
	}
	if !d.toggle(run, run.white, func(s *wordStyle) *bool { return s.white }) {
		return false
	}
	if run.shaded || d.para().shaded || d.shadedStyle(run.style) || d.shadedStyle(d.para().style) {
		return false
	}
	return e.in("txbxContent") == nil && e.in("tbl") == nil && e.in("AlternateContent") == nil
}

func (d *wordPart) resolve(id string, f func(*wordStyle) bool) {
	for range 20 { // a circle of styles ends here
		s := d.styles[id]
		if s == nil || f(s) {
			return
		}
		id = s.based
	}
}

func (d *wordPart) shadedStyle(id string) (yes bool) {
	d.resolve(id, func(s *wordStyle) bool { yes = s.shaded; return yes })
	return yes
}

// toggle finds a property that a run has of its own, or by its style or its
// paragraph's, as kernel/document does.
func (d *wordPart) toggle(r *wordRun, own *bool, of func(*wordStyle) *bool) (yes bool) {
	if own != nil {
		return *own
	}
	find := func(s *wordStyle) bool {
		if of(s) != nil {
			yes = *of(s)
		}
		return of(s) != nil
	}
	if d.resolve(r.style, find); yes {
		return true
	}
	style := d.para().style
	if style == "" {
		style = d.plain
	}
	d.resolve(style, find)
	return yes
}

// unseenHeaders reports headers and footers with text that no page shows: those of
// first pages where no section has its own, those of even pages where odd and even
// are alike.
func (o *office) unseenHeaders(settings wordSettings) error {
	const main = "word/document.xml"
	if !o.has(main) {
		return nil
	}
	used, unused := map[string]bool{}, map[string]string{}
	if err := o.walk(o.ctx, main, visitor{close: func(e *element) {
		if e.Name.Local != "sectPr" {
			if local := e.Name.Local; (local == "headerReference" || local == "footerReference") && e.parent != nil {
				refs, _ := e.parent.data.([][2]string)
				e.parent.data = append(refs, [2]string{e.attr("type"), e.rel("id")})
			}
			if e.Name.Local == "titlePg" && e.is() && e.parent != nil {
				refs, _ := e.parent.data.([][2]string)
				e.parent.data = append(refs, [2]string{"titlePg", ""})
			}
			return
		}
		refs, _ := e.data.([][2]string)
		first := slices.Contains(refs, [2]string{"titlePg", ""})
		for _, r := range refs {
			if r[0] == "first" && !first || r[0] == "even" && !settings.even {
				unused[r[1]] = r[0]
			} else {
				used[r[1]] = true
			}
		}
	}}); err != nil {
		return err
	}
	for _, r := range o.rels[main] {
		which := unused[r.id]
		if which == "" || used[r.id] || r.external || !o.has(r.target) {
			continue
		}
		text := false
		if err := o.walk(o.ctx, r.target, visitor{text: func(e *element, s string) { text = text || e.Name.Local == "t" && hasHan(s) }}); err != nil {
			return err
		}
		if text {
			o.left("H-DOCX-HEADER", r.target, map[string]string{"first": "首页", "even": "偶数页"}[which]+"的页眉或者页脚里有文字但不显示，请核对后删除。")
		}
	}
	return nil
}
