package hidden

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"

	"gongkai/kernel/fault"
)

// pdfLook looks at a whole file.
type pdfLook struct {
	*pdfReader
	*result
	fixes  []func() // what Clean changes before it writes
	signed bool
	letter int // glyphs on all pages
	images int
	pages  int
	hidden map[int]bool // numbers of layers that are switched off
}

// fix reports what Clean takes out by do. A signed file is not written anew: its
// signature would be worth nothing.
func (l *pdfLook) fix(rule, place, message string, do func()) {
	l.add(!l.signed, rule, place, message)
	if do != nil {
		l.fixes = append(l.fixes, do)
	}
}

// pdfFile looks into a PDF file (REV-45).
func pdfFile(ctx context.Context, data []byte) (r *result, err error) {
	defer func() {
		if e := recover(); e != nil {
			if e, ok := e.(error); ok && errors.Is(e, errPDFBomb) {
				r, err = nil, e
				return
			}
			r, err = nil, damagedPDF("结构")
		}
	}()
	reader, err := openPDF(ctx, data)
	if err != nil {
		return nil, err
	}
	l := &pdfLook{pdfReader: reader, result: &result{}, hidden: map[int]bool{}}
	root := l.dict(l.trailer["Root"])
	l.form(root)
	info := l.info()
	l.extras(root)
	l.layers(root)
	if err := l.walkPages(root); err != nil {
		return nil, err
	}
	expected := 1
	if linearized(data) {
		expected = 2
	}
	if l.chain > expected {
		l.fix("H-PDF-REVISION", fmt.Sprintf("文件（%d个版本）", l.chain-expected+1), "PDF含有可还原的内容：以前的版本。请重新导出。", nil)
	}
	if l.letter == 0 && l.images > 0 {
		l.left("H-PDF-SCAN", "全部页", "PDF没有文字层，只有图片，文字检查没有做，请改用可以复制文字的版本，或者由人通读。")
	}
	l.result.clean = func() ([]byte, error) {
		for _, do := range l.fixes {
			do()
		}
		return l.copy(info)
	}
	return l.result, nil
}

func linearized(data []byte) bool {
	return bytes.Contains(data[:min(len(data), 1024)], []byte("/Linearized"))
}

// pdfWords reads a text of PDF (ISO 32000-1, 7.9.2.2).
func pdfWords(v any) string {
	t, _ := v.(pdfText)
	s := string(t)
	if rest, ok := strings.CutPrefix(s, "\xfe\xff"); ok {
		units := make([]uint16, len(rest)/2)
		for i := range units {
			units[i] = uint16(rest[2*i])<<8 | uint16(rest[2*i+1])
		}
		return string(utf16.Decode(units))
	}
	return strings.ToValidUTF8(strings.TrimPrefix(s, "\xef\xbb\xbf"), "?")
}

var draftTitle = regexp.MustCompile(`(?i)^Microsoft (?:Word|PowerPoint|Excel) - |\.(?:docx?|wps|xlsx?|pptx?|et|dps)$`)

// info looks at the information dictionary; what it returns is what the copy has.
func (l *pdfLook) info() pdfDict {
	kept := pdfDict{}
	traces := false
	d := l.dict(l.trailer["Info"])
	for _, key := range sortedKeys(d) {
		value := pdfWords(l.get(d[key]))
		if strings.TrimSpace(value) == "" {
			continue
		}
		what := map[string]string{"Author": "作者", "Subject": "主题", "Keywords": "关键词", "Title": "标题", "Company": "单位", "Manager": "主管", "SourceModified": ""}[key]
		switch {
		case key == "Title" && !draftTitle.MatchString(value) && !localPath.MatchString(value):
			kept["Title"] = l.get(d[key])
		case what != "" && telling(value):
			l.fix("H-PDF-META", "文件属性 "+what, "PDF属性的“"+what+"”里有“"+short(value)+"”，请删除文件属性。", nil)
		default:
			traces = true
		}
	}
	if traces {
		l.fix("H-PDF-TRACE", "文件属性", "PDF属性里有制作软件、时间等痕迹，清理后的副本没有。", nil)
	}
	return kept
}

// extras are what hangs on the catalog: attachments, scripts, metadata.
func (l *pdfLook) extras(root pdfDict) {
	if m, ok := l.get(root["Metadata"]).(*pdfStream); ok {
		body, err := l.decode(m)
		rule, what := "H-PDF-TRACE", "制作软件、时间等痕迹"
		if err != nil || bytes.Contains(body, []byte("dc:creator")) || bytes.Contains(body, []byte("pdf:Keywords")) || localPath.Match(body) {
			rule, what = "H-PDF-META", "作者等信息"
		}
		l.fix(rule, "XMP", "PDF元数据里有"+what+"，清理后的副本没有。", nil)
	}
	names := l.dict(root["Names"])
	if l.holds(names["EmbeddedFiles"], 0) || len(l.array(root["AF"])) > 0 {
		l.fix("H-PDF-ATTACH", "附件", "PDF含有可还原的内容：附件。请删除附件后重新导出。", func() {
			delete(names, "EmbeddedFiles")
			delete(root, "AF")
			delete(root, "Collection")
		})
	}
	if l.holds(names["JavaScript"], 0) {
		l.fix("H-PDF-SCRIPT", "文件", "PDF带有脚本，请重新导出。", func() { delete(names, "JavaScript") })
	}
	if l.acts(root["OpenAction"]) {
		l.fix("H-PDF-SCRIPT", "打开动作", "PDF打开时会运行脚本或者程序，请重新导出。", func() { delete(root, "OpenAction") })
	}
	if root["AA"] != nil {
		l.fix("H-PDF-SCRIPT", "文件", "PDF带有自动动作，请重新导出。", func() { delete(root, "AA") })
	}
	// Everything that the copy writes loses its own metadata; the bytes of what is
	// drawn do not change.
	l.fixes = append(l.fixes, func() {
		for num := range l.places {
			if d := l.dict(pdfRef{num: num}); d != nil {
				for _, key := range []string{"Metadata", "PieceInfo", "Thumb"} {
					delete(d, key)
				}
				if d["Type"] == pdfName("Page") || d["Type"] == pdfName("Catalog") {
					delete(d, "LastModified")
				}
			}
		}
	})
}

// holds tells whether a tree of names has any (ISO 32000-1, 7.9.6).
func (l *pdfLook) holds(v any, depth int) bool {
	d := l.dict(v)
	if len(l.array(d["Names"])) > 0 {
		return true
	}
	for i, kid := range l.array(d["Kids"]) {
		if i < 1000 && depth < 3 && l.holds(kid, depth+1) {
			return true
		}
	}
	return false
}

// acts tells whether an action, or one behind it, runs something.
func (l *pdfLook) acts(v any) bool {
	for range 20 {
		d := l.dict(v)
		if d == nil {
			return false
		}
		switch d["S"] {
		case pdfName("JavaScript"), pdfName("Launch"), pdfName("ImportData"), pdfName("SubmitForm"):
			return true
		case pdfName("GoToR"), pdfName("GoToE"), pdfName("URI"):
			target := pdfWords(l.get(d["URI"])) + pdfWords(l.get(d["F"])) + pdfWords(l.get(l.dict(d["F"])["F"]))
			if localPath.MatchString(target) {
				return true
			}
		}
		v = d["Next"]
	}
	return false
}

// form looks at fields: their values, and signatures.
func (l *pdfLook) form(root pdfDict) {
	form := l.dict(root["AcroForm"])
	if form == nil {
		return
	}
	values, count := 0, 0
	var fields func(list pdfArray, depth int)
	fields = func(list pdfArray, depth int) {
		for _, f := range list {
			if count++; count > 50_000 || depth > 30 {
				return
			}
			d := l.dict(f)
			if l.get(d["FT"]) == pdfName("Sig") {
				if sig := l.dict(d["V"]); sig != nil {
					l.signed = true
					if name := pdfWords(l.get(sig["Name"])); telling(name) {
						l.left("H-PDF-SIGN", "签名", "PDF的数字签名里有“"+short(name)+"”，请确认可以公开。")
					}
				}
			} else if v := l.get(d["V"]); v != nil && v != pdfName("Off") && pdfWords(v) != "" {
				values++
			}
			fields(l.array(d["Kids"]), depth+1)
		}
	}
	fields(l.array(form["Fields"]), 0)
	if values > 0 {
		l.left("H-PDF-FORM", fmt.Sprintf("表单，共%d项", values), "PDF表单里填有内容，请确认后打印成普通 PDF。")
	}
	if form["XFA"] != nil {
		l.left("H-PDF-FORM", "XFA", "PDF带有动态表单数据，请打印成普通 PDF。")
	}
	if l.signed {
		l.left("H-PDF-SIGN", "签名", "PDF有数字签名，程序不改动签过名的文件，请确认签名可以公开。")
	}
}

// layers finds the layers that are switched off (ISO 32000-1, 8.11.4).
func (l *pdfLook) layers(root pdfDict) {
	properties := l.dict(root["OCProperties"])
	if properties == nil {
		return
	}
	config := l.dict(properties["D"])
	if l.get(config["BaseState"]) == pdfName("OFF") {
		for _, g := range l.array(properties["OCGs"]) {
			if ref, ok := g.(pdfRef); ok {
				l.hidden[ref.num] = true
			}
		}
		for _, g := range l.array(config["ON"]) {
			if ref, ok := g.(pdfRef); ok {
				delete(l.hidden, ref.num)
			}
		}
	}
	for _, g := range l.array(config["OFF"]) {
		if ref, ok := g.(pdfRef); ok {
			l.hidden[ref.num] = true
		}
	}
	if len(l.hidden) == 0 {
		return
	}
	name := ""
	for num := range l.hidden {
		if n := pdfWords(l.get(l.dict(pdfRef{num: num})["Name"])); name == "" || n < name {
			name = n
		}
	}
	l.left("H-PDF-LAYER", fmt.Sprintf("图层“%s”等，共%d个", short(name), len(l.hidden)), "PDF含有可还原的内容：关闭的图层。请合并图层后重新导出。")
}

// walkPages goes through the tree of pages.
func (l *pdfLook) walkPages(root pdfDict) error {
	seen := map[int]bool{}
	most := 3000
	thumbs := false
	var visit func(v any, inherited pdfDict, depth int) error
	visit = func(v any, inherited pdfDict, depth int) error {
		if ref, ok := v.(pdfRef); ok {
			if seen[ref.num] {
				return nil
			}
			seen[ref.num] = true
		}
		node := l.dict(v)
		if node == nil || depth > 60 {
			return nil
		}
		if l.ctx.Err() != nil {
			return l.ctx.Err()
		}
		own := pdfDict{}
		for _, key := range []string{"MediaBox", "CropBox", "Resources", "Rotate"} {
			if own[key] = node[key]; own[key] == nil {
				own[key] = inherited[key]
			}
		}
		if kids := l.array(node["Kids"]); kids != nil && node["Type"] != pdfName("Page") {
			for _, k := range kids {
				if err := visit(k, own, depth+1); err != nil {
					return err
				}
			}
			return nil
		}
		if l.pages++; l.pages > most {
			return fault.Newf(fault.TooMany, "PDF 超过 %d 页，请拆成几个文件", most)
		}
		if node["Thumb"] != nil && !thumbs {
			thumbs = true
			l.fix("H-PDF-THUMB", fmt.Sprintf("第%d页", l.pages), "PDF带有页面缩略图，可能是修改前的样子，请重新导出。", nil)
		}
		if node["AA"] != nil {
			l.fix("H-PDF-SCRIPT", fmt.Sprintf("第%d页", l.pages), "PDF页面带有自动动作，请重新导出。", func() { delete(node, "AA") })
		}
		return l.page(node, own)
	}
	if err := visit(root["Pages"], pdfDict{}, 0); err != nil {
		return err
	}
	if l.pages == 0 {
		return damagedPDF("没有页面")
	}
	return nil
}

// markup are annotations that people write on a page and the page shows.
var markup = map[pdfName]string{
	"FreeText": "文字框", "Highlight": "高亮", "Underline": "下划线", "StrikeOut": "删除线", "Squiggly": "波浪线", "Square": "方框",
	"Circle": "圆", "Line": "线", "Ink": "手绘", "Stamp": "图章", "Caret": "插入符", "Polygon": "多边形", "PolyLine": "折线",
	"Redact": "未执行的遮盖", "Sound": "声音", "Movie": "影片", "Screen": "屏幕", "RichMedia": "多媒体", "3D": "三维",
}

// annotations looks at what lies on a page. covers are the areas that hide what is
// below them.
func (l *pdfLook) annotations(page pdfDict) (covers []box4) {
	list := l.array(page["Annots"])
	place := fmt.Sprintf("第%d页", l.pages)
	var keep pdfArray
	notes, files, acting := 0, 0, 0
	shown := map[string]int{}
	for i, a := range list {
		if i > 20_000 {
			break
		}
		d := l.dict(a)
		sub, _ := l.get(d["Subtype"]).(pdfName)
		switch {
		case sub == "FileAttachment":
			files++
			continue
		case sub == "Text" || sub == "Popup":
			if sub == "Text" {
				notes++
			}
			continue
		}
		keep = append(keep, a)
		if l.acts(d["A"]) || d["AA"] != nil && sub != "Widget" {
			acting++
			l.fixes = append(l.fixes, func() {
				if l.acts(d["A"]) {
					delete(d, "A")
				}
				delete(d, "AA")
			})
		}
		if what := markup[sub]; what != "" {
			shown[what]++
			opaque := d["CA"] == nil || l.number(d["CA"]) > 0.99
			if (sub == "Square" && len(l.array(d["IC"])) > 0 || sub == "Redact" || sub == "FreeText" && len(l.array(d["C"])) > 0) && opaque {
				covers = append(covers, l.box(d["Rect"]))
			}
		}
	}
	if files > 0 {
		l.fix("H-PDF-ATTACH", place, "PDF含有可还原的内容：附件。请删除附件后重新导出。", nil)
	}
	if notes > 0 {
		l.fix("H-PDF-NOTE", fmt.Sprintf("%s，共%d条便笺", place, notes), "PDF含有批注，请删除后重新导出。", nil)
	}
	if acting > 0 {
		l.fix("H-PDF-SCRIPT", place, "PDF页面上有运行脚本、打开本机文件或者程序的链接，请删除。", nil)
	}
	if len(shown) > 0 {
		l.left("H-PDF-NOTE", place+"（"+strings.Join(sortedKeys(shown), "、")+"）", "PDF页面上有批注标记，请删除，或者打印成普通 PDF。")
	}
	if len(keep) < len(list) {
		l.fixes = append(l.fixes, func() {
			for i, a := range keep { // their pop-up windows are gone
				if d := l.dict(a); d != nil && d["Popup"] != nil {
					delete(l.dict(keep[i]), "Popup")
				}
			}
			page["Annots"] = keep
			if len(keep) == 0 {
				delete(page, "Annots")
			}
		})
	}
	return covers
}

// box4 is a rectangle of a page.
type box4 struct{ x0, y0, x1, y1 float64 }

func (b box4) holds(x, y float64) bool { return x >= b.x0 && x <= b.x1 && y >= b.y0 && y <= b.y1 }

func (b box4) meets(o box4) box4 {
	return box4{max(b.x0, o.x0), max(b.y0, o.y0), min(b.x1, o.x1), min(b.y1, o.y1)}
}

func (l *pdfLook) box(v any) box4 {
	a := l.array(v)
	if len(a) < 4 {
		return box4{}
	}
	x0, y0, x1, y1 := l.number(a[0]), l.number(a[1]), l.number(a[2]), l.number(a[3])
	return box4{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)}
}
