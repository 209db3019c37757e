package hidden

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/kernel/document"
	"gongkai/kernel/fault"
)

var errOLE = errors.New("stream too short")

// old looks into the binary formats of Office 97 to 2003. They keep remains that
// only a conversion takes out, so Clean changes nothing in them.
func old(kind document.Kind, data []byte) (*result, error) {
	r := &result{}
	r.left("H-OLE-OLD", "文件", "旧格式的文件可能留有删除过的内容，请用 Office 或者 WPS 另存为 docx、xlsx 或者 pptx 后再上传。")
	if what, err := document.ScanMacro(data); err != nil {
		return nil, err
	} else if what != "" {
		r.left("H-OBJ-MACRO", "文件", "文件里有"+what+"，请去掉后另存。")
	}
	box, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return nil, broken(err, "复合文件目录")
	}
	embedded := false
	for count := 0; ; count++ {
		e, err := box.Next()
		if err == io.EOF {
			return r, nil
		}
		if err != nil {
			return nil, broken(err, "复合文件目录")
		}
		if count > document.DefaultLimits().Parts {
			return nil, fault.New(fault.TooMany, "部件过多，不像正常的办公文件")
		}
		if first := append(append([]string{}, e.Path...), e.Name)[0]; !embedded && (first == "ObjectPool" && len(e.Path) > 0 || strings.HasPrefix(first, "MBD")) {
			embedded = true
			r.left("H-OBJ-EMBED", short(first), "文件里嵌入了对象，双击可以看到全部内容，请换成图片或者表格。")
		}
		if len(e.Path) > 0 {
			continue
		}
		body := func() ([]byte, error) {
			b, err := io.ReadAll(io.LimitReader(e, int64(len(data))))
			if err != nil {
				return nil, broken(err, e.Name)
			}
			return b, nil
		}
		switch strings.TrimLeft(e.Name, "\x05") {
		case "SummaryInformation", "DocumentSummaryInformation":
			b, err := body()
			if err != nil {
				return nil, err
			}
			properties(r, b, strings.Contains(e.Name, "Document"))
		case "WordDocument":
			b, err := body()
			if err != nil {
				return nil, err
			}
			if len(b) < 0x60 {
				return nil, broken(errOLE, e.Name)
			}
			flags := binary.LittleEndian.Uint16(b[0x0A:])
			if flags&0x0100 != 0 {
				return nil, fault.New(fault.Invalid, "设置了打开密码，请去掉密码后重新上传")
			}
			// fComplex, or incremental saves counted by Word up to 2000: later ones
			// always write 15 there ([MS-DOC] 2.5.2).
			saves := flags & 0x00F0
			if flags&0x0004 != 0 || saves != 0 && saves != 0x00F0 && binary.LittleEndian.Uint16(b[2:]) < 0xD9 {
				r.left("H-OLE-FAST", e.Name, "文件用过“快速保存”，删掉的文字可能还在文件里，请另存为 docx。")
			}
			if n := int32(binary.LittleEndian.Uint32(b[0x5C:])); n > 0 {
				r.left("H-OLE-COMMENT", e.Name, "文件含有批注，请删除全部批注后另存为 docx。")
			}
		case "Workbook", "Book":
			b, err := body()
			if err != nil {
				return nil, err
			}
			if err := oldSheets(r, b); err != nil {
				return nil, err
			}
		}
	}
}

// oldSheets finds hidden sheets, rows and columns, and comments in a BIFF8 stream
// ([MS-XLS] 2.4.28, 2.4.53, 2.4.179, 2.4.221).
func oldSheets(r *result, b []byte) error {
	rows, columns, notes := 0, 0, 0
	for len(b) >= 4 {
		id, n := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
		if n > len(b)-4 {
			break
		}
		d := b[4 : 4+n]
		b = b[4+n:]
		switch {
		case id == 0x2F:
			return fault.New(fault.Invalid, "设置了打开密码，请去掉密码后重新上传")
		case id == 0x85 && n >= 8 && d[4]&3 != 0:
			name := ""
			if count := int(d[6]); d[7]&1 != 0 && 8+2*count <= n {
				units := make([]uint16, count)
				for i := range units {
					units[i] = binary.LittleEndian.Uint16(d[8+2*i:])
				}
				name = string(utf16.Decode(units))
			} else if d[7]&1 == 0 && 8+count <= n {
				name = string(d[8 : 8+count])
			}
			r.left("H-XLSX-SHEET", "工作表“"+short(name)+"”", "文件含有隐藏的工作表，请删除后另存为 xlsx。")
		case id == 0x208 && n >= 16 && d[12]&0x20 != 0:
			rows++
		case id == 0x7D && n >= 10 && d[8]&1 != 0:
			columns++
		case id == 0x1C:
			notes++
		}
	}
	if rows > 0 {
		r.left("H-XLSX-ROW", fmt.Sprintf("工作簿，共%d行", rows), "文件含有隐藏的行（包括筛选掉的），请取消隐藏后删除，另存为 xlsx。")
	}
	if columns > 0 {
		r.left("H-XLSX-COLUMN", "工作簿", "文件含有隐藏的列，请取消隐藏后删除，另存为 xlsx。")
	}
	if notes > 0 {
		r.left("H-XLSX-COMMENT", fmt.Sprintf("工作簿，共%d条", notes), "文件含有批注，请删除全部批注后另存为 xlsx。")
	}
	return nil
}

// properties reads a property set ([MS-OLEPS] 2.21) and reports who is named.
func properties(r *result, b []byte, second bool) {
	names := map[uint32]string{2: "标题", 3: "主题", 4: "作者", 5: "关键词", 6: "备注", 8: "最后修改者"}
	if second {
		names = map[uint32]string{2: "类别", 14: "主管", 15: "单位"}
	}
	if len(b) < 48 {
		return
	}
	set := int(binary.LittleEndian.Uint32(b[44:]))
	if set < 0 || set+8 > len(b) {
		return
	}
	b = b[set:]
	value := func(i uint32) (id uint32, kind uint32, body []byte) {
		at := 8 + 8*int(i)
		if at+8 > len(b) {
			return 0, 0, nil
		}
		id = binary.LittleEndian.Uint32(b[at:])
		if from := int(binary.LittleEndian.Uint32(b[at+4:])); from >= 0 && from+8 <= len(b) {
			kind, body = binary.LittleEndian.Uint32(b[from:]), b[from+4:]
		}
		return id, kind, body
	}
	count := min(binary.LittleEndian.Uint32(b[4:]), 1000)
	page := uint16(0)
	for i := range count {
		if id, kind, body := value(i); id == 1 && kind == 2 && body != nil {
			page = binary.LittleEndian.Uint16(body)
		}
	}
	for i := range count {
		id, kind, body := value(i)
		what := names[id]
		if what == "" || body == nil || kind != 0x1E && kind != 0x1F {
			continue
		}
		n := int64(binary.LittleEndian.Uint32(body))
		if kind == 0x1F {
			n *= 2
		}
		if n > int64(len(body))-4 {
			continue
		}
		text := propertyText(body[4:4+n], kind, page)
		if telling(text) && what != "标题" { // the title is most often the one that is shown
			r.left("H-META-NAME", "文件属性 "+what, "文件属性的“"+what+"”里有“"+short(text)+"”，请删除文件属性后另存。")
		}
	}
}

func propertyText(b []byte, kind uint32, page uint16) string {
	if kind == 0x1F || page == 1200 {
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(b[2*i:])
		}
		return strings.TrimRight(string(utf16.Decode(units)), "\x00")
	}
	b = bytes.TrimRight(b, "\x00")
	if page == 936 || page == 0 {
		if text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b); err == nil {
			return string(text)
		}
	}
	return strings.ToValidUTF8(string(b), "?")
}
