package document

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"

	"github.com/gabriel-vasile/mimetype"
	"github.com/richardlehane/mscfb"
)

// Kind is what a file is by its content.
type Kind string

// The kinds that Sniff tells apart. Only those of Readable can be read as documents.
const (
	KindText  Kind = "txt"
	KindHTML  Kind = "html"
	KindDocx  Kind = "docx"
	KindDoc   Kind = "doc"
	KindXlsx  Kind = "xlsx"
	KindXls   Kind = "xls"
	KindPDF   Kind = "pdf"
	KindPptx  Kind = "pptx"
	KindPpt   Kind = "ppt"
	KindOFD   Kind = "ofd"
	KindODF   Kind = "odf"
	KindRTF   Kind = "rtf"
	KindXML   Kind = "xml"
	KindZip   Kind = "zip"
	KindPNG   Kind = "png"
	KindJPEG  Kind = "jpg"
	KindGIF   Kind = "gif"
	KindBMP   Kind = "bmp"
	KindWebP  Kind = "webp"
	KindTIFF  Kind = "tif"
	KindAudio Kind = "audio"
	KindVideo Kind = "video"
	KindSVG   Kind = "svg"     // a picture that may bring scripts
	KindRuns  Kind = "program" // programs, and scripts known by their text
	KindOther Kind = "other"   // archives and all that is not named
)

// Title is the kind's name for people.
func (k Kind) Title() string {
	switch k {
	case KindText:
		return "纯文本"
	case KindHTML:
		return "网页"
	case KindDocx, KindDoc:
		return "Word 文档"
	case KindXlsx, KindXls:
		return "Excel 表格"
	case KindPDF:
		return "PDF"
	case KindPptx, KindPpt:
		return "演示文稿"
	case KindOFD:
		return "OFD 版式文件"
	case KindODF:
		return "OpenDocument 文件"
	case KindRTF:
		return "RTF 文件"
	case KindXML:
		return "XML 文件"
	case KindZip:
		return "压缩包"
	case KindPNG, KindJPEG, KindGIF, KindBMP, KindWebP, KindTIFF:
		return "图片"
	case KindAudio:
		return "音频"
	case KindVideo:
		return "视频"
	case KindSVG:
		return "可以带脚本的 SVG 图片"
	case KindRuns:
		return "程序或脚本"
	}
	return "无法识别的文件"
}

// Readable reports whether Read understands the kind.
func (k Kind) Readable() bool {
	switch k {
	case KindText, KindHTML, KindDocx, KindDoc, KindXlsx, KindXls, KindPDF:
		return true
	}
	return false
}

// Sniff says what a file is by its content. Empty, encrypted and damaged office
// files are refused with a message.
func Sniff(data []byte) (Kind, error) { return sniff(data, DefaultLimits()) }

func sniff(data []byte, limits Limits) (Kind, error) {
	switch {
	case len(bytes.TrimLeft(data, "\x00\t\r\n \xef\xbb\xbf")) == 0:
		return "", refused("是空的，没有任何内容。请确认文件已经保存，再重新上传")
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		names, err := compoundNames(data, limits)
		if err != nil {
			return "", err
		}
		return compoundKind(names)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		z, err := openZip(data, limits)
		if err != nil {
			return "", err
		}
		return z.kind(), nil
	case program(data):
		return KindRuns, nil
	case bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		return KindPDF, nil
	case bytes.HasPrefix(data, []byte(`{\rtf`)):
		return KindRTF, nil
	}
	found := mimetype.Detect(data[:min(len(data), 4096)])
	switch mime, _, _ := strings.Cut(found.String(), ";"); {
	case mime == "image/png":
		return KindPNG, nil
	case mime == "image/jpeg":
		return KindJPEG, nil
	case mime == "image/gif":
		return KindGIF, nil
	case mime == "image/bmp":
		return KindBMP, nil
	case mime == "image/webp":
		return KindWebP, nil
	case mime == "image/tiff":
		return KindTIFF, nil
	case strings.HasPrefix(mime, "audio/"):
		return KindAudio, nil
	case strings.HasPrefix(mime, "video/"):
		return KindVideo, nil
	}
	return sniffText(data)
}

var (
	htmlMark = regexp.MustCompile(`(?i)<!doctype\s+html|<html[\s>]|<(head|body|table|div|meta|p|span|h[1-6])(\s[^<>]*)?>`)
	xmlMark  = regexp.MustCompile(`^\s*<\?xml\s`)
	// What a browser takes for a page: one of these tags before anything else.
	pageMark = regexp.MustCompile(`(?i)\A<(!--|(script|style|title|iframe|object|embed|form|input|button|link|base|img|a|b|i|br|font|center|ul|ol|li|section|article|main|nav)[\s>/])`)
	svgMark  = regexp.MustCompile(`(?i)\A(<\?xml[^>]*>\s*)?(<!--.*?-->\s*|<!doctype svg[^>]*>\s*)*<svg[\s>]`)
	xhtml    = regexp.MustCompile(`(?i)<!doctype\s+html|<html[\s>]`)
)

// sniffText tells the kinds of text apart by their beginning.
func sniffText(data []byte) (Kind, error) {
	head, bad := decode(data[:min(len(data), 64<<10)])
	if notText(head) || bad*100 > len(head) {
		return KindOther, nil
	}
	begin := strings.TrimLeft(head, "\ufeff \t\r\n")
	switch {
	case scriptText.MatchString(begin):
		return KindRuns, nil
	case svgMark.MatchString(begin):
		return KindSVG, nil
	case xmlMark.MatchString(begin) && !xhtml.MatchString(begin):
		return KindXML, nil
	case strings.HasPrefix(begin, "<") && htmlMark.MatchString(begin), pageMark.MatchString(begin), xhtml.MatchString(begin[:min(len(begin), 2048)]):
		return KindHTML, nil
	}
	return KindText, nil
}

// archive is a zip file whose declared sizes are within the limits.
type archive struct {
	parts  map[string]*zip.File
	limits Limits
}

// OpenZip reads the directory of a zip file and refuses bombs by what it declares;
// archive/zip itself ends the reading of a part that declared less than it holds.
// Errors are faults.
func OpenZip(data []byte, limits Limits) (*zip.Reader, error) {
	limits = limits.filled()
	z, err := zip.NewReader(readerAt(data), int64(len(data)))
	if err != nil {
		return nil, damaged(err, "压缩包目录")
	}
	if len(z.File) > limits.Parts {
		return nil, tooMuch("里有 %d 个部件，超过 %d 个，不像正常的办公文件，没有读取", len(z.File), limits.Parts)
	}
	var total uint64
	for _, f := range z.File {
		total += min(f.UncompressedSize64, 1<<40)
		if total > uint64(limits.Unpacked) ||
			f.UncompressedSize64 > 1<<20 && f.UncompressedSize64/max(f.CompressedSize64, 1) > uint64(limits.Ratio) {
			return nil, bomb(limits)
		}
	}
	return z, nil
}

// openZip opens a zip file of office parts.
func openZip(data []byte, limits Limits) (*archive, error) {
	z, err := OpenZip(data, limits)
	if err != nil {
		return nil, err
	}
	a := &archive{parts: make(map[string]*zip.File, len(z.File)), limits: limits}
	for _, f := range z.File {
		a.parts[strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")] = f
	}
	return a, nil
}

func bomb(limits Limits) error {
	return tooMuch("解压后过大（超过 %s 或压缩比异常），可能是压缩炸弹，没有读取。请用原来的软件另存一份后再试", size(limits.Unpacked))
}

func (a *archive) has(name string) bool { return a.parts[name] != nil }

// open returns a reader of a part.
func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.parts[name]
	if f == nil {
		return nil, damaged(errors.New("no part "+name), "缺少部件 "+name)
	}
	if f.Flags&1 != 0 {
		return nil, encrypted()
	}
	r, err := f.Open()
	if err != nil {
		return nil, damaged(err, "部件 "+name)
	}
	return r, nil
}

func (a *archive) kind() Kind {
	switch {
	case a.has("word/document.xml"), a.has("word/document2.xml"):
		return KindDocx
	case a.has("xl/workbook.xml"):
		return KindXlsx
	case a.has("ppt/presentation.xml"):
		return KindPptx
	case a.has("OFD.xml"):
		return KindOFD
	case a.has("mimetype") && a.has("content.xml"):
		return KindODF
	}
	return KindZip
}

// compoundNames lists the streams and storages of an OLE compound file by their
// path, lower case.
func compoundNames(data []byte, limits Limits) (names []string, err error) {
	defer guard("复合文件目录", &err)
	r, err := mscfb.New(readerAt(data))
	if err != nil {
		return nil, damaged(err, "复合文件目录")
	}
	for e, err := r.Next(); err != io.EOF; e, err = r.Next() {
		if err != nil {
			return nil, damaged(err, "复合文件目录")
		}
		if len(names) == limits.Parts {
			return nil, tooMuch("里有 %d 个以上的部件，不像正常的办公文件，没有读取", limits.Parts)
		}
		names = append(names, strings.ToLower(strings.Join(append(append([]string{}, e.Path...), e.Name), "/")))
	}
	return names, nil
}

func compoundKind(names []string) (Kind, error) {
	kind := KindOther
	for _, name := range names {
		switch name {
		case "encryptedpackage":
			return "", encrypted()
		case "worddocument":
			kind = KindDoc
		case "workbook", "book":
			kind = KindXls
		case "powerpoint document":
			kind = KindPpt
		}
	}
	return kind, nil
}

// ScanMacro looks for programs in an office file: a VBA project, an Excel 4.0
// macro sheet, an embedded program or a script in a PDF. It returns the Chinese
// noun for what was found (VBA 宏, 脚本), or "" when there is none; a file of
// another kind has none.
func ScanMacro(data []byte) (string, error) {
	limits := DefaultLimits()
	kind, err := sniff(data, limits)
	if err != nil {
		return "", err
	}
	switch {
	case bytes.HasPrefix(data, []byte("PK")):
		z, err := openZip(data, limits)
		if err != nil {
			return "", err
		}
		return z.macro()
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		names, err := compoundNames(data, limits)
		if err != nil {
			return "", err
		}
		return compoundMacro(kind, names, data, limits)
	case kind == KindPDF:
		return pdfScript(data), nil
	case kind == KindRTF && bytes.Contains(data, []byte(`\objdata`)):
		return "嵌入的对象", nil
	}
	return "", nil
}

func (a *archive) macro() (string, error) {
	for name := range a.parts {
		switch low := strings.ToLower(name); {
		case strings.HasSuffix(low, "vbaproject.bin"), strings.HasSuffix(low, "vbadata.xml"):
			return "VBA 宏", nil
		case strings.HasPrefix(low, "xl/macrosheets/"), strings.HasPrefix(low, "xl/intlmacrosheets/"):
			return "Excel 4.0 宏表", nil
		case strings.Contains(low, "/activex/"):
			return "ActiveX 控件", nil
		case strings.HasPrefix(low, "basic/"), strings.HasPrefix(low, "scripts/"):
			return "宏", nil
		}
	}
	if !a.has("[Content_Types].xml") {
		return "", nil
	}
	r, err := a.open("[Content_Types].xml")
	if err != nil {
		return "", err
	}
	defer r.Close()
	types, err := io.ReadAll(io.LimitReader(r, 4<<20))
	if err != nil {
		return "", orDamaged(err, "[Content_Types].xml")
	}
	// A macro project may carry any name, but not any type.
	if low := strings.ToLower(string(types)); strings.Contains(low, "vbaproject") || strings.Contains(low, "macroenabled") {
		return "VBA 宏", nil
	} else if strings.Contains(low, "macrosheet") {
		return "Excel 4.0 宏表", nil
	}
	return "", nil
}

func compoundMacro(kind Kind, names []string, data []byte, limits Limits) (string, error) {
	for _, name := range names {
		last := name[strings.LastIndexByte(name, '/')+1:]
		switch last {
		case "vba", "_vba_project", "_vba_project_cur", "macros", "vbaproject", "dir":
			if last != "dir" || strings.Contains(name, "vba/") {
				return "VBA 宏", nil
			}
		}
	}
	if kind == KindXls {
		book, err := stream(data, limits, "Workbook", "Book")
		if err != nil {
			return "", err
		}
		if macroSheet(book) {
			return "Excel 4.0 宏表", nil
		}
	}
	return "", nil
}

// macroSheet reports whether a BIFF stream declares a sheet of type 1 (macro
// sheet) or 6 (VBA module) in a BOUNDSHEET record ([MS-XLS] 2.4.28).
func macroSheet(book []byte) bool {
	for len(book) >= 4 {
		id, n := le16(book), int(le16(book[2:]))
		if len(book) < 4+n {
			return false
		}
		if id == 0x0085 && n >= 6 && (book[4+5] == 1 || book[4+5] == 6) {
			return true
		}
		book = book[4+n:]
	}
	return false
}

var scriptMark = regexp.MustCompile(`/(JavaScript|JS|Launch|EmbeddedFile)[\s/<(\[]`)

// pdfScript looks for actions outside compressed objects; viewers of other
// parties still have to protect themselves.
func pdfScript(data []byte) string {
	switch m := scriptMark.FindSubmatch(data); {
	case m == nil:
		return ""
	case string(m[1]) == "EmbeddedFile":
		return "嵌入的其他文件"
	case string(m[1]) == "Launch":
		return "启动程序的动作"
	}
	return "脚本"
}

// stream reads the first of the named top-level streams of a compound file; nil
// when it has none of them.
func stream(data []byte, limits Limits, names ...string) (out []byte, err error) {
	defer guard("复合文件", &err)
	r, err := mscfb.New(readerAt(data))
	if err != nil {
		return nil, damaged(err, "复合文件目录")
	}
	for e, err := r.Next(); err != io.EOF; e, err = r.Next() {
		if err != nil {
			return nil, damaged(err, "复合文件目录")
		}
		if len(e.Path) > 0 {
			continue
		}
		for _, name := range names {
			if strings.EqualFold(e.Name, name) {
				// A stream cannot hold more than the file.
				out, err := io.ReadAll(io.LimitReader(e, int64(len(data))))
				if err != nil {
					return nil, damaged(err, "部件 "+name)
				}
				return out, nil
			}
		}
	}
	return nil, nil
}

func le16(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 }
func le32(b []byte) uint32 { return uint32(le16(b)) | uint32(le16(b[2:]))<<16 }
