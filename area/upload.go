package area

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"unicode/utf8"

	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/store"
	"gongkai/web"
)

// Upload is a file that was handed in and kept.
type Upload struct {
	store.Ref
	Name string // as its owner calls it
	Mime string // by its content
}

// uploads are the files that people hand in: documents, pictures and recordings
// that every office can open.
var uploads = map[document.Kind]bool{
	document.KindPDF: true, document.KindDocx: true, document.KindDoc: true, document.KindXlsx: true, document.KindXls: true,
	document.KindPptx: true, document.KindPpt: true, document.KindOFD: true, document.KindODF: true, document.KindRTF: true,
	document.KindText: true, document.KindPNG: true, document.KindJPEG: true, document.KindGIF: true, document.KindBMP: true,
	document.KindWebP: true, document.KindTIFF: true, document.KindVideo: true, document.KindAudio: true,
}

// apart puts a space before Latin letters that follow Chinese ones.
func apart(text string) string {
	if text != "" && text[0] < utf8.RuneSelf {
		return " " + text
	}
	return text
}

// withoutMacro says how a file of a kind gets rid of the program in it.
func withoutMacro(kind document.Kind) string {
	switch kind {
	case document.KindPDF:
		return "请打开后用“打印”另存为新的 PDF 再上传，附件请单独上传"
	case document.KindDocx, document.KindDoc:
		return "请另存为不带宏的 .docx 再上传"
	case document.KindXlsx, document.KindXls:
		return "请另存为不带宏的 .xlsx 再上传"
	case document.KindPptx, document.KindPpt:
		return "请另存为不带宏的 .pptx 再上传"
	}
	return "请去掉后另存一份再上传"
}

// Take checks the file in a field of a form by its content and keeps it: what kind
// it is whatever it is called, that its name says the same, and that it is no
// program and brings none along. It is nil when
// the field is empty; what is wrong is said at the field.
func (k *Kernel) Take(r *web.Request, field string, most int64) (*Upload, error) {
	up, err := r.Form().File(field, most)
	if err != nil || up == nil {
		return nil, err
	}
	defer up.Close()
	data, err := io.ReadAll(io.LimitReader(up, most))
	if err != nil {
		return nil, fmt.Errorf("read an upload: %w", err)
	}
	refused := func(format string, args ...any) error {
		return fault.Fields{field: "“" + up.Name + "”" + fmt.Sprintf(format, args...)}.Err()
	}
	if document.Runs(up.Name) {
		return nil, refused("的名称表明它是程序或脚本，不能上传；请上传文档、表格、图片、音视频或 PDF")
	}
	kind, err := document.Sniff(data)
	if err != nil {
		return nil, refused("%s", fault.Text(err))
	}
	if !uploads[kind] {
		return nil, refused("是%s，不能上传；请上传文档、表格、图片、音视频或 PDF", apart(kind.Title()))
	}
	macro, err := document.ScanMacro(data)
	if err != nil {
		return nil, refused("%s", fault.Text(err))
	}
	if macro != "" {
		return nil, refused("含有%s，可能携带病毒；%s", apart(macro), withoutMacro(kind))
	}
	if kind == document.KindPDF {
		if err := document.WholePDF(data); err != nil {
			return nil, refused("%s", fault.Text(err))
		}
	}
	if !kind.Fits(up.Name) {
		end := document.Ending(up.Name)
		return nil, refused("的内容是%s，与名称的结尾 .%s 不符；请把名称改为“%s.%s”再上传", apart(kind.Title()), end, up.Name[:len(up.Name)-len(end)-1], kind.Endings()[0])
	}
	ref, err := k.Files.Put(r.Context(), bytes.NewReader(data), most)
	if err != nil {
		return nil, err
	}
	return &Upload{Ref: ref, Name: up.Name, Mime: http.DetectContentType(data)}, nil
}
