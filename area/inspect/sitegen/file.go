package sitegen

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"unicode/utf16"
)

// file is an attachment that differs from what its page would have.
type file struct {
	body []byte
	lack bool // answers 404
}

// mediaType of a file name.
func mediaType(ext string) string {
	switch ext {
	case "docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case "xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case "pdf":
		return "application/pdf"
	case "png":
		return "image/png"
	case "css":
		return "text/css"
	case "js":
		return "text/javascript"
	}
	return "application/octet-stream"
}

// attached makes the k-th file of an item.
func (s *Site) attached(n node, k int, ext string) []byte {
	p := s.page(n)
	name := p.title
	if k <= len(p.files) {
		name = strings.TrimSuffix(p.files[k-1].text, "."+ext)
	}
	lines := []string{name}
	switch {
	case p.col.form == document || p.col.form == normative:
		for _, b := range p.body {
			if b.kind == 'p' || b.kind == 'h' {
				lines = append(lines, b.text)
			}
		}
	case strings.HasSuffix(name, "（空表）"):
		lines = append(lines, "申请人：", "联系地址：", "申请事项：", "申请理由：", "申请人签名：", "申请日期：")
	case strings.HasSuffix(name, "（填写样表）"):
		lines = append(lines, "申请人：青石便民超市", "联系地址：府前路100号", "申请事项："+p.title, "申请理由：因经营需要，申请办理"+p.title+"，所提交的材料真实有效。", "申请人签名：（盖章）", "申请日期：2026年1月5日")
	default:
		for _, b := range p.body {
			if b.kind == 'p' {
				lines = append(lines, b.text)
			}
		}
	}
	switch ext {
	case "xlsx":
		return workbook(s.rows(n, name))
	case "pdf":
		return portable(lines)
	}
	return wordFile(lines)
}

func (s *Site) rows(n node, name string) [][]string {
	d := s.dice("rows", n.column, n.item)
	rows := [][]string{{"序号", "事项", "责任单位", "时间安排"}}
	for i := range 6 {
		rows = append(rows, []string{itoa(i + 1), d.pick(topics), s.brief(offices[d.n(20)]), fmt.Sprintf("%d月底前", 1+i*2)})
	}
	return append([][]string{{name}}, rows...)
}

func zipped(parts ...[2]string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range parts {
		if f, err := z.Create(p[0]); err == nil { // into memory: cannot fail
			_, _ = f.Write([]byte(p[1]))
		}
	}
	_ = z.Close()
	return out.Bytes()
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

func wordFile(lines []string) []byte {
	var doc writer
	doc.put(xmlHead, `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	for _, l := range lines {
		doc.put(`<w:p><w:r><w:t xml:space="preserve">`, esc(l), `</w:t></w:r></w:p>`)
	}
	doc.put(`<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>`)
	return zipped(
		[2]string{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		[2]string{"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		[2]string{"word/document.xml", doc.String()})
}

func workbook(rows [][]string) []byte {
	var sheet writer
	sheet.put(xmlHead, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for i, row := range rows {
		sheet.putf(`<row r="%d">`, i+1)
		for k, c := range row {
			sheet.putf(`<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+k, i+1, esc(c))
		}
		sheet.put(`</row>`)
	}
	sheet.put(`</sheetData></worksheet>`)
	return zipped(
		[2]string{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		[2]string{"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		[2]string{"xl/workbook.xml", xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="安排表" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		[2]string{"xl/_rels/workbook.xml.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		[2]string{"xl/worksheets/sheet1.xml", sheet.String()})
}

// portable writes a PDF with the readers' own Chinese font: text, no picture of text.
func portable(lines []string) []byte {
	var wrapped []string
	for _, l := range lines {
		r := []rune(l)
		for len(r) > 36 {
			wrapped = append(wrapped, string(r[:36]))
			r = r[36:]
		}
		wrapped = append(wrapped, string(r))
	}
	const perPage = 42
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "",
		"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
		"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R >>",
		"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"}
	var kids []string
	for start := 0; start < len(wrapped); start += perPage {
		var content writer
		content.put("BT /F1 12 Tf 1 0 0 1 72 780 Tm 17 TL\n")
		for _, l := range wrapped[start:min(len(wrapped), start+perPage)] {
			content.put("<")
			for _, u := range utf16.Encode([]rune(l)) {
				content.putf("%04X", u)
			}
			content.put("> Tj T*\n")
		}
		content.put("ET")
		n := len(objects)
		kids = append(kids, fmt.Sprintf("%d 0 R", n+1))
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", n+2),
			fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", content.Len(), content.String()))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(kids))
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, a := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&out, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return out.Bytes()
}

// picture draws a plain picture of some size; its name decides the tint.
func picture(name string, width, height int) []byte {
	tint := 0
	for i := range len(name) {
		tint = tint*31 + int(name[i])
	}
	grey := uint8(120 + tint&63)
	img := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.Gray{grey}, color.Gray{grey + 40}})
	for y := range height {
		for x := range width {
			if (x/16+y/16+tint)%5 == 0 {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var out bytes.Buffer
	_ = png.Encode(&out, img) // into memory: cannot fail
	return out.Bytes()
}
