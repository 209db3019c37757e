package area

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

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

// Take checks the file in a field of a form by its content and keeps it: what kind
// it is whatever it is called, and that it brings no program along. It is nil when
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
	kind, err := document.Sniff(data)
	if err != nil {
		return nil, fault.Fields{field: fault.Text(err)}.Err()
	}
	if !uploads[kind] {
		return nil, fault.Fields{field: fmt.Sprintf("“%s”是%s，不能上传；请上传文档、表格、图片、音视频或 PDF", up.Name, kind.Title())}.Err()
	}
	macro, err := document.ScanMacro(data)
	if err != nil {
		return nil, fault.Fields{field: fault.Text(err)}.Err()
	}
	if macro != "" {
		return nil, fault.Fields{field: fmt.Sprintf("“%s”含有%s，可能携带病毒；请另存为不含宏的格式再上传", up.Name, macro)}.Err()
	}
	ref, err := k.Files.Put(r.Context(), bytes.NewReader(data), most)
	if err != nil {
		return nil, err
	}
	return &Upload{Ref: ref, Name: up.Name, Mime: http.DetectContentType(data)}, nil
}
