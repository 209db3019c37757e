// Package hidden finds what a file holds besides what it shows: comments, tracked
// changes, hidden text, rows and sheets, names of authors, embedded objects,
// earlier revisions, positions in photos, text under black boxes (REV-43 to
// REV-48, content-review section 10), and makes copies without it.
//
// Every format is looked at once, by one function that says both what is there
// and which bytes Clean would change, so the two cannot disagree.
package hidden

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"gongkai/kernel/check"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
)

var _ check.FileChecker = (*Checker)(nil)

// Checker looks for hidden content in files of every kind.
type Checker struct{ limits document.Limits }

// New makes a Checker with the limits of kernel/document.
func New() *Checker { return &Checker{document.DefaultLimits()} }

// Rules describes the rules of hidden content.
func (c *Checker) Rules() []check.Rule {
	rules := make([]check.Rule, len(table))
	for i, r := range table {
		at := check.Gate | check.Published
		if outside[r.id] {
			at |= check.Outside
		}
		rules[i] = check.Rule{ID: r.id, Kind: check.Hidden, Severity: r.severity, Title: r.title, Source: source, Stages: at, Discreet: true}
	}
	return rules
}

// CheckFile reports what is hidden in a file. A file that cannot be looked into
// is itself a hit (REV-48); the only error is the end of the context.
func (c *Checker) CheckFile(ctx context.Context, name string, data []byte, report func(check.Hit)) error {
	inside, stop := context.WithTimeout(ctx, c.limits.Time)
	defer stop()
	r := c.look(inside, name, data, 0)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, f := range r.found {
		report(f.Hit)
	}
	return nil
}

// Left is the error of Clean about things that a program must not decide: they
// are still in the copy.
type Left struct {
	Name string
	Hits []check.Hit
}

func (l *Left) Error() string { return l.Unwrap().Error() }

// Unwrap makes the message one for people.
func (l *Left) Unwrap() error {
	lines := make([]string, 0, 5)
	for i, h := range l.Hits {
		if i == 4 && len(l.Hits) > 5 {
			lines = append(lines, fmt.Sprintf("另有%d处", len(l.Hits)-i))
			break
		}
		lines = append(lines, strings.TrimSuffix(strings.Trim(h.Place+"："+h.Message, "："), "。"))
	}
	return fault.Newf(fault.Invalid, "文件「%s」还有%d处不能由程序代为处理，请处理后再试：%s。", l.Name, len(l.Hits), strings.Join(lines, "；"))
}

// Clean makes a copy of a file without what is hidden in it, equal in all else:
// parts of a zip file that hold nothing hidden keep their very bytes. What was
// taken out is returned; where something stays that a person has to decide
// (tracked changes, text under a black box, …) the copy comes with a *Left. A
// file that cannot be looked into gives no copy and a fault.
func Clean(ctx context.Context, name string, data []byte) (clean []byte, removed []check.Hit, err error) {
	c := New()
	inside, stop := context.WithTimeout(ctx, c.limits.Time)
	defer stop()
	r := c.look(inside, name, data, 0)
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	var left []check.Hit
	for _, f := range r.found {
		switch {
		case f.Rule == "H-FILE-UNREADABLE" && !strings.HasPrefix(f.Place, member):
			return nil, nil, fault.Newf(fault.Invalid, "文件「%s」：%s", name, f.Message)
		case f.fixed:
			removed = append(removed, f.Hit)
		case f.Severity != check.Hint:
			left = append(left, f.Hit)
		}
	}
	clean = data
	if r.clean != nil && len(removed) > 0 {
		if clean, err = r.clean(); err != nil {
			return nil, nil, fmt.Errorf("clean %s: %w", name, err)
		}
	}
	if len(left) > 0 {
		return clean, removed, &Left{Name: name, Hits: left}
	}
	return clean, removed, nil
}

// found is one thing hidden in a file; fixed says that Clean takes it out.
type found struct {
	check.Hit
	fixed bool
}

// result is what looking at one file gave.
type result struct {
	found []found
	clean func() ([]byte, error) // nil: there is nothing that Clean could do
}

func (r *result) add(fixed bool, rule, place, message string) {
	h := check.Hit{Rule: rule, Kind: check.Hidden, Source: source, Place: place, Message: message}
	for _, t := range table {
		if t.id == rule {
			h.Severity = t.severity
		}
	}
	r.found = append(r.found, found{h, fixed})
}

// fixed reports something that Clean takes out, left something that it must not.
func (r *result) fixed(rule, place, message string) { r.add(true, rule, place, message) }
func (r *result) left(rule, place, message string)  { r.add(false, rule, place, message) }

// unreadable is REV-48.
func unreadable(r *result, name, reason string) {
	r.left("H-FILE-UNREADABLE", cmp.Or(name, "文件"), "文件无法检查，不能发布："+strings.TrimRight(reason, "。")+"。")
}

// look looks at one file; depth counts the zip files around it.
func (c *Checker) look(ctx context.Context, name string, data []byte, depth int) (r *result) {
	r = &result{}
	named(r, name)
	defer func() { // somebody else's parser, or ours, met something it did not expect
		if p := recover(); p != nil {
			r = &result{}
			unreadable(r, name, "内部结构损坏")
		}
	}()
	if int64(len(data)) > c.limits.File {
		unreadable(r, name, fmt.Sprintf("文件超过 %d MB", c.limits.File>>20))
		return r
	}
	kind, err := c.kind(data)
	if err != nil {
		unreadable(r, name, cmp.Or(fault.Text(err), "内容无法识别"))
		return r
	}
	typed(r, name, kind)
	inside, err := c.open(ctx, kind, name, data, depth)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		unreadable(r, name, fmt.Sprintf("文件太复杂，%d 秒内没有查完", int(c.limits.Time.Seconds())))
	case err != nil:
		unreadable(r, name, cmp.Or(fault.Text(err), "内部结构损坏"))
	default:
		r.found, r.clean = append(r.found, inside.found...), inside.clean
	}
	return r
}

// kindHEIC is a picture of phones that kernel/document does not tell from a video.
const kindHEIC document.Kind = "heic"

func (c *Checker) kind(data []byte) (document.Kind, error) {
	if len(data) > 12 && string(data[4:8]) == "ftyp" {
		switch brand := string(data[8:12]); brand {
		case "heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif":
			return kindHEIC, nil
		}
	}
	return document.Sniff(data)
}

// open looks into a file of a kind.
func (c *Checker) open(ctx context.Context, kind document.Kind, name string, data []byte, depth int) (*result, error) {
	switch kind {
	case document.KindDocx, document.KindXlsx, document.KindPptx:
		return c.office(ctx, kind, data)
	case document.KindDoc, document.KindXls, document.KindPpt:
		return old(kind, data)
	case document.KindPDF:
		return pdfFile(ctx, data)
	case document.KindHTML:
		return page(data)
	case document.KindText, document.KindXML, document.KindSVG:
		return plain(data)
	case document.KindZip:
		return c.zip(ctx, data, depth)
	case document.KindBMP:
		return &result{}, nil // holds nothing but dots
	case document.KindAudio, document.KindVideo:
		return media(data), nil
	case document.KindOFD, document.KindODF, document.KindRTF:
		return nil, fault.Newf(fault.Invalid, "%s 可能带有批注、附件等隐藏内容，请转成 docx、xlsx 或者 PDF 后再上传", kind.Title())
	case document.KindRuns:
		return nil, fault.New(fault.Invalid, "是程序或脚本")
	case document.KindOther:
		return nil, fault.New(fault.Invalid, otherReason(data))
	}
	return picture(kind, data)
}

// otherReason says what a file of no known kind is, where its beginning tells.
func otherReason(data []byte) string {
	for magic, reason := range map[string]string{
		"Rar!":               "RAR 压缩包不能打开检查，请改用 zip",
		"7z\xbc\xaf\x27\x1c": "7z 压缩包不能打开检查，请改用 zip",
		"\x1f\x8b":           "gz 压缩包不能打开检查，请改用 zip",
		"8BPS":               "是带图层的 PSD 图片，请导出为 jpg 或者 png",
	} {
		if bytes.HasPrefix(data, []byte(magic)) {
			return reason
		}
	}
	return "不是能识别的文件类型"
}

// endings are the endings that files of a kind bear.
var endings = map[document.Kind][]string{
	document.KindHTML: {"html", "htm", "shtml", "xhtml"}, document.KindDocx: {"docx", "docm", "dotx", "dotm"},
	document.KindDoc: {"doc", "dot", "wps"}, document.KindXlsx: {"xlsx", "xlsm", "xltx", "xltm"}, document.KindXls: {"xls", "xlt", "et"},
	document.KindPptx: {"pptx", "pptm", "ppsx", "ppsm", "potx", "potm"}, document.KindPpt: {"ppt", "pps", "pot", "dps"}, document.KindPDF: {"pdf"},
	document.KindPNG: {"png"}, document.KindJPEG: {"jpg", "jpeg", "jpe", "jfif"}, document.KindGIF: {"gif"},
	document.KindBMP: {"bmp"}, document.KindWebP: {"webp"}, document.KindTIFF: {"tif", "tiff"}, kindHEIC: {"heic", "heif", "avif", "hif"},
}

// typed compares what a file is with the ending of its name.
func typed(r *result, name string, kind document.Kind) {
	end := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	if end == "" || slices.Contains(endings[kind], end) {
		return
	}
	for other, ends := range endings {
		if other != kind && slices.Contains(ends, end) {
			r.left("H-FILE-TYPE", name, fmt.Sprintf("文件名以 .%s 结尾，内容却是%s，请核对并改成正确的扩展名。", end, title(kind)))
			return
		}
	}
}

func title(kind document.Kind) string {
	if kind == kindHEIC {
		return "HEIC 图片"
	}
	if kind == document.KindOther {
		return "别的类型"
	}
	return kind.Title()
}

// short cuts a private text to what a report may show of it.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > 20 {
		return string(runes[:20]) + "…"
	}
	return s
}
