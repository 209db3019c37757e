package hidden

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"gongkai/kernel/document"
)

// office is a package of ECMA-376 part 2 (docx, xlsx, pptx) that is looked at.
type office struct {
	*container
	*result
	ctx     context.Context
	kind    document.Kind
	rels    map[string][]*relation // by the part they belong to; "" is the package
	severed map[string]map[string]bool
	shown   string // the text of the main part without blanks, to know an old title by
}

// relation is one line of a .rels part.
type relation struct {
	*element
	id, kind, target string // kind is the last word of its type
	external         bool
}

func (c *Checker) office(ctx context.Context, kind document.Kind, data []byte) (*result, error) {
	z, err := c.container(data)
	if err != nil {
		return nil, err
	}
	o := &office{container: z, result: &result{}, ctx: ctx, kind: kind, rels: map[string][]*relation{}, severed: map[string]map[string]bool{}}
	if err := o.relations(); err != nil {
		return nil, err
	}
	before := o.reachable()
	steps := []func() error{o.word, o.objects, o.links, o.core, o.app, o.custom, o.media}
	switch kind {
	case document.KindXlsx:
		steps[0] = o.workbook
	case document.KindPptx:
		steps[0] = o.presentation
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	o.orphans(before)
	o.clean = func() ([]byte, error) {
		if err := o.settle(before); err != nil {
			return nil, err
		}
		return o.write()
	}
	return o.result, nil
}

// relsOf is the part that holds the relations of a part.
func relsOf(name string) string {
	dir, base := path.Split(name)
	return dir + "_rels/" + base + ".rels"
}

func (o *office) relations() error {
	for _, name := range o.names() {
		dir, base := path.Split(name)
		if !strings.HasSuffix(dir, "_rels/") || !strings.HasSuffix(base, ".rels") {
			continue
		}
		home := strings.TrimSuffix(dir, "_rels/")
		owner := home + strings.TrimSuffix(base, ".rels")
		err := o.walk(o.ctx, name, visitor{close: func(e *element) {
			if e.Name.Local != "Relationship" {
				return
			}
			r := &relation{element: e, id: e.attr("Id"), kind: path.Base(e.attr("Type")), target: e.attr("Target"), external: e.attr("TargetMode") == "External"}
			if !r.external {
				if !strings.HasPrefix(r.target, "/") {
					r.target = home + r.target
				}
				r.target = strings.TrimPrefix(path.Clean(r.target), "/")
				if written, ok := o.lower[strings.ToLower(r.target)]; ok {
					r.target = written
				}
			}
			o.rels[owner] = append(o.rels[owner], r)
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// sever takes a relation out; what hung on it alone goes too.
func (o *office) sever(owner string, r *relation) {
	if o.severed[owner] == nil {
		o.severed[owner] = map[string]bool{}
	}
	if !o.severed[owner][r.id] {
		o.severed[owner][r.id] = true
		o.parts[relsOf(owner)].cut(r.element)
	}
}

// remove severs every relation to a part.
func (o *office) remove(name string) {
	o.drop(name)
	for owner, list := range o.rels {
		for _, r := range list {
			if !r.external && r.target == name {
				o.sever(owner, r)
			}
		}
	}
}

// reachable is what the package's relations lead to.
func (o *office) reachable() map[string]bool {
	seen := map[string]bool{"[Content_Types].xml": true}
	var visit func(owner string)
	visit = func(owner string) {
		if rels := relsOf(owner); o.has(rels) {
			seen[rels] = true
		}
		for _, r := range o.rels[owner] {
			if !r.external && !o.severed[owner][r.id] && !seen[r.target] && o.has(r.target) {
				seen[r.target] = true
				visit(r.target)
			}
		}
	}
	visit("")
	return seen
}

// settle carries out what follows from severed relations and dropped parts.
func (o *office) settle(before map[string]bool) error {
	after := o.reachable()
	for name := range before {
		if !after[name] {
			o.drop(name)
		}
	}
	for owner, ids := range o.severed {
		if owner == "" || !o.has(owner) || !strings.HasSuffix(owner, ".xml") {
			continue
		}
		p := o.parts[owner]
		if err := o.walk(o.ctx, owner, visitor{close: func(e *element) {
			for _, a := range e.Attr {
				if strings.HasSuffix(a.Name.Space, "/relationships") && ids[a.Value] {
					if e.Name.Local == "hyperlink" && strings.HasSuffix(e.Name.Space, "/wordprocessingml/2006/main") || e.Name.Local == "pageSetup" {
						p.set(e, a.Name.Local, nil) // what the link covers, and the page, stay
					} else {
						p.cut(e)
					}
					return
				}
			}
			switch e.Name.Local { // lists that may not be empty
			case "pivotCaches", "externalReferences", "hyperlinks", "sldIdLst", "tableParts", "customXmlParts":
				if e.kids > 0 && e.gone == e.kids {
					p.cut(e)
				}
			}
		}}); err != nil {
			return err
		}
	}
	return o.types()
}

// types takes dropped parts out of [Content_Types].xml and makes a file without
// macros one of the plain kind.
func (o *office) types() error {
	const name = "[Content_Types].xml"
	if !o.has(name) {
		return nil
	}
	p := o.parts[name]
	return o.walk(o.ctx, name, visitor{close: func(e *element) {
		part := clean(e.attr("PartName"))
		kind := e.attr("ContentType")
		switch {
		case e.Name.Local == "Override" && o.parts[part] != nil && o.parts[part].dropped:
			p.cut(e)
		case e.Name.Local == "Override" && strings.Contains(kind, ".macroEnabled"):
			for _, k := range [][2]string{
				{"application/vnd.ms-word.document.macroEnabled.main+xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"},
				{"application/vnd.ms-excel.sheet.macroEnabled.main+xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"},
				{"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"},
			} {
				if kind == k[0] {
					p.set(e, "ContentType", &k[1])
				}
			}
		case e.Name.Local == "Default" && kind == "application/vnd.ms-office.vbaProject":
			p.cut(e)
		}
	}})
}

// orphans are pictures, objects and texts that nothing leads to: remains of what
// was deleted.
func (o *office) orphans(before map[string]bool) {
	if len(before) < 2 {
		return // no relations at all: nothing can be said
	}
	for _, name := range o.names() {
		dir := path.Dir(name)
		if before[name] || strings.HasSuffix(dir, "_rels") || strings.HasSuffix(name, "/") || path.Base(name) == "calcChain.xml" {
			continue
		}
		o.fixed("H-OBJ-ORPHAN", name, "文件里留有没有任何地方使用的部件，请用原来的软件另存一份，或者使用清理后的副本。")
		o.drop(name)
	}
}

// objects are embedded files, macros, controls and previews.
func (o *office) objects() error {
	for _, name := range o.names() {
		low := strings.ToLower(name)
		switch {
		case strings.HasSuffix(low, "vbaproject.bin"), strings.HasSuffix(low, "vbadata.xml"), strings.HasSuffix(low, "vbaprojectsignature.bin"):
			if strings.HasSuffix(low, "vbaproject.bin") {
				o.fixed("H-OBJ-MACRO", name, "文件里有宏，请去掉宏后另存为普通格式，或者使用清理后的副本。")
			}
			o.remove(name)
		case strings.Contains(low, "/macrosheets/") && strings.HasSuffix(low, ".xml"):
			o.left("H-OBJ-MACRO", name, "文件里有 Excel 4.0 宏表，请删除后另存。")
		case strings.Contains(low, "/activex/") && strings.HasSuffix(low, ".xml") && !strings.Contains(low, "_rels"):
			o.left("H-OBJ-MACRO", name, "文件里有 ActiveX 控件，请删除后另存。")
		case strings.Contains(low, "/embeddings/") && !strings.Contains(low, "_rels/"):
			message := "文件里嵌入了对象，双击可以看到全部内容，请换成图片或者表格。"
			if ext := path.Ext(low); strings.HasPrefix(ext, ".xls") {
				message = "图表或者表格后面嵌入了整个工作簿，请换成图片或者表格。"
			}
			o.left("H-OBJ-EMBED", name, message)
		case strings.HasPrefix(low, "docprops/thumbnail"):
			o.fixed("H-META-THUMB", name, "文件带有首页预览图，可能是修改前的样子，请去掉。")
			o.remove(name)
		}
	}
	return nil
}

// links are relations that lead out of the file.
func (o *office) links() error {
	for _, owner := range sortedKeys(o.rels) {
		for _, r := range o.rels[owner] {
			if !r.external {
				continue
			}
			local := localPath.MatchString(r.target)
			switch {
			case r.kind == "hyperlink" && local:
				o.fixed("H-OBJ-LINK", relsOf(owner), "超链接指向本机或者内部路径，请改成公开网址或者取消链接。")
				o.sever(owner, r)
			case r.kind == "hyperlink":
			case r.kind == "attachedTemplate" || r.kind == "mailMergeSource" || r.kind == "mailMergeHeaderSource":
				o.fixed("H-OBJ-LINK", relsOf(owner), "文件引用了外部的模板或者数据源，请取消引用。")
				o.sever(owner, r)
			case r.kind == "externalLinkPath" || r.kind == "xlPathMissing" || r.kind == "xlStartup": // H-XLSX-LINK says it
			default:
				o.left("H-OBJ-LINK", relsOf(owner), "文件里的图片或者对象链接到外部文件，请改为插入图片本身。")
			}
		}
	}
	return nil
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// core looks at docProps/core.xml (ECMA-376 part 2, 11).
func (o *office) core() error {
	const name = "docProps/core.xml"
	if !o.has(name) {
		return nil
	}
	p := o.parts[name]
	var traces []string
	err := o.walk(o.ctx, name, visitor{
		open: func(e *element) { e.keep = true },
		close: func(e *element) {
			if e.parent == nil || e.parent.parent != nil {
				return
			}
			value := strings.TrimSpace(e.text.String())
			what := map[string]string{
				"creator": "作者", "lastModifiedBy": "最后修改者", "title": "标题", "subject": "主题", "keywords": "关键词", "description": "备注",
				"category": "类别", "contentStatus": "状态", "identifier": "标识", "version": "版本",
			}[e.Name.Local]
			switch {
			case e.Name.Local == "title" && (value == "" || strings.Contains(o.shown, bare(value)) || !telling(value) || o.kind != document.KindDocx):
				return // the title that the file shows; of tables and slides it cannot be known
			case what != "" && telling(value):
				o.fixed("H-META-NAME", name+" "+what, "文件属性的“"+what+"”里有“"+short(value)+"”，请删除文件属性。")
			case value == "" && e.kids == 0:
				return
			case what != "" && value != "", e.Name.Local == "revision", e.Name.Local == "lastPrinted":
				traces = append(traces, e.Name.Local)
			default:
				return // days of making and changing, the language
			}
			p.cut(e)
		},
	})
	if err == nil && len(traces) > 0 {
		o.fixed("H-META-TRACE", name, "文件属性里有编辑次数等痕迹，清理后的副本没有。")
	}
	return err
}

// bare is a text without blanks.
func bare(s string) string { return strings.Join(strings.Fields(s), "") }

// app looks at docProps/app.xml (ECMA-376 part 1, 22.2).
func (o *office) app() error {
	const name = "docProps/app.xml"
	if !o.has(name) {
		return nil
	}
	p := o.parts[name]
	traces := false
	err := o.walk(o.ctx, name, visitor{
		open: func(e *element) { e.keep = true },
		close: func(e *element) {
			if e.parent == nil || e.parent.parent != nil {
				return
			}
			value := strings.TrimSpace(e.text.String())
			what := map[string]string{"Company": "单位", "Manager": "主管", "HyperlinkBase": "链接基准", "Template": "模板"}[e.Name.Local]
			switch e.Name.Local {
			case "Company", "Manager", "HyperlinkBase", "Template":
				if value == "" {
					return
				}
				if telling(value) && (e.Name.Local != "Template" || localPath.MatchString(value)) {
					o.fixed("H-META-NAME", name+" "+what, "文件属性的“"+what+"”里有“"+short(value)+"”，请删除文件属性。")
				} else {
					traces = true
				}
				p.cut(e)
			case "TotalTime":
				if value != "" && value != "0" {
					traces = true
					p.cut(e)
				}
			case "HLinks", "HeadingPairs", "TitlesOfParts": // they name hidden sheets and old links as well
				if o.kind == document.KindXlsx && e.kids > 0 {
					p.cut(e)
				}
			}
		},
	})
	if err == nil && traces {
		o.fixed("H-META-TRACE", name, "文件属性里有模板、编辑时间等痕迹，清理后的副本没有。")
	}
	return err
}

// custom looks at properties and data that people and systems hang on a file.
func (o *office) custom() error {
	for _, name := range o.names() {
		switch {
		case name == "docProps/custom.xml":
			props := 0
			if err := o.walk(o.ctx, name, visitor{open: func(e *element) {
				// What WPS writes into every file: the version of the program, an id.
				if n := e.attr("name"); e.Name.Local == "property" && n != "KSOProductBuildVer" && n != "ICV" && n != "KSOTemplateDocerSaveRecord" {
					props++
				}
			}}); err != nil {
				return err
			}
			if props > 0 {
				o.fixed("H-META-CUSTOM", name, fmt.Sprintf("文件有%d项自定义属性，请删除。", props))
			} else {
				o.fixed("H-META-TRACE", name, "文件属性里有制作软件的编号，清理后的副本没有。")
			}
			o.remove(name)
		case strings.HasPrefix(name, "customXml/") && !strings.Contains(name, "/_rels/") && !strings.Contains(path.Base(name), "Props"):
			values := 0
			if err := o.walk(o.ctx, name, visitor{
				open: func(e *element) {
					if e.Name.Local != "Sources" { // the empty bibliography that Word adds
						values += len(e.Attr) - declarations(e)
					}
				},
				text: func(_ *element, s string) {
					if strings.TrimSpace(s) != "" {
						values++
					}
				},
			}); err != nil {
				return err
			}
			if values > 0 {
				o.fixed("H-META-CUSTOM", name, "文件带有看不见的附带数据，请删除。")
				o.remove(name)
			}
		}
	}
	return nil
}

// declarations counts the xmlns attributes of an element.
func declarations(e *element) (n int) {
	for _, a := range e.Attr {
		if a.Name.Local == "xmlns" || a.Name.Space == "xmlns" {
			n++
		}
	}
	return n
}

// media looks into the pictures of the file.
func (o *office) media() error {
	for _, name := range o.names() {
		if !strings.Contains(name, "/media/") {
			continue
		}
		data, err := o.load(name)
		if err != nil {
			return err
		}
		kind, err := document.Sniff(data)
		if err != nil {
			continue // metafiles and the like
		}
		inside, err := picture(kind, data)
		if err != nil {
			continue
		}
		fixed := false
		for _, f := range inside.found {
			f.Place = "图片 " + name + " " + f.Place
			o.found = append(o.found, f)
			fixed = fixed || f.fixed
		}
		if fixed && inside.clean != nil {
			if o.parts[name].whole, err = inside.clean(); err != nil {
				return err
			}
		}
	}
	return nil
}

// crop reports pictures of which the part that was cut off is still in the file
// (a:srcRect, in thousandths of a percent); less than a percent is rounding.
func (o *office) crop(name string, e *element) {
	if e.Name.Local != "srcRect" || !strings.HasSuffix(e.Name.Space, "/drawingml/2006/main") {
		return
	}
	for _, side := range []string{"l", "t", "r", "b"} {
		if number(e.attr(side)) >= 1000 {
			o.left("H-OBJ-CROP", name, "图片裁掉的部分仍保存在文件里，请用“压缩图片”删除裁剪区域，或者重新插入裁好的图片。")
			return
		}
	}
}

// number is a whole number, 0 where it is none.
func number(s string) (n int) {
	minus := strings.HasPrefix(s, "-")
	for _, c := range strings.TrimPrefix(s, "-") {
		if c < '0' || c > '9' || n > 1<<40 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	if minus {
		return -n
	}
	return n
}
