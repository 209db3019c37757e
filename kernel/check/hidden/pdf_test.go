package hidden

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"gongkai/kernel/document"
)

// makePDF writes a file of the given page contents; trailer goes into the trailer,
// catalog into the catalog. Objects 6, 8, … are the pages.
func makePDF(trailer, catalog string, pages ...string) []byte {
	return makePDFWith(trailer, catalog, "", nil, pages...)
}

func makePDFWith(trailer, catalog, page string, extra []string, pages ...string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(s string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), s)
	}
	b.WriteString("%PDF-1.7\n")
	var kids []string
	for i := range pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", 6+2*i))
	}
	object("<< /Type /Catalog /Pages 2 0 R " + catalog + " >>")
	object(fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] /MediaBox [0 0 595 842] >>", len(pages), strings.Join(kids, " ")))
	object("<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>")
	object("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /SimSun /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 >>")
	object("<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\nA\nendstream")
	for i, content := range pages {
		object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R %s /Contents %d 0 R /Resources << /Font << /F 3 0 R >> /XObject << /I 5 0 R >> /ExtGState << /T << /ca 0.5 >> >> >> >>", page, 7+2*i))
		object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content))
	}
	for _, s := range extra {
		object(s)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, trailer, start)
	return b.Bytes()
}

// show writes text at a place.
func show(x, y, size int, s string) string {
	var hex strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&hex, "%04X", u)
	}
	return fmt.Sprintf("BT /F %d Tf %d %d Td <%s> Tj ET\n", size, x, y, hex.String())
}

var page1 = show(72, 700, 16, "公开的文字，大家都看得见。")

// updated appends an update that gives object 7, the page's content, a new text.
func updated(data []byte, content string) []byte {
	out := bytes.Clone(data)
	old := bytes.LastIndex(data, []byte("startxref"))
	prev := strings.Fields(string(data[old+9:]))[0]
	at := len(out)
	out = fmt.Appendf(out, "7 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n", len(content), content)
	table := len(out)
	return fmt.Appendf(out, "xref\n7 1\n%010d 00000 n \ntrailer << /Size 8 /Root 1 0 R /Prev %s >>\nstartxref\n%d\n%%%%EOF\n", at, prev, table)
}

func TestPDF(t *testing.T) {
	packedPDF := compressedPDF()
	pdf := document.NewPDF(filepath.Join(os.TempDir(), "gongkai-test-pdfium")) // compiled code outlives the test
	defer pdf.Close()
	r := document.Reader{PDF: pdf}
	for _, c := range []struct {
		name, want, left string
		data             []byte
		gone             string
	}{
		{"plain", "", "", makePDF("", "", page1), ""},
		{"objects and places in streams", "", "", packedPDF, ""},
		{"an author, a draft's title, a program", "H-PDF-META H-PDF-TRACE", "", makePDF("/Info << /Author <FEFF738B67D0> /Title (Microsoft Word - a.doc) /Producer (WPS) >>", "", page1), "WPS"},
		{"a title stays", "", "", makePDF("/Info << /Title (Notice) >>", "", page1), ""},
		{"REV-45 text under a black box", "H-PDF-BOX", "H-PDF-BOX", makePDF("", "", page1+"0 g 60 690 200 30 re f\n"), ""},
		{"REV-45 a box of lines, turned", "H-PDF-BOX", "H-PDF-BOX", makePDF("", "", page1+"q 1 0 0 1 10 0 cm 50 690 m 250 690 l 250 720 l 50 720 l h f Q"), ""},
		{"a box below the text", "", "", makePDF("", "", "0.8 g 60 690 200 30 re f 0 g\n"+page1), ""},
		{"a box that is seen through", "", "", makePDF("", "", page1+"/T gs 60 690 200 30 re f\n"), ""},
		{"a frame", "", "", makePDF("", "", page1+"60 690 300 30 re 62 692 296 26 re f*\n"), ""},
		{"a box clipped away", "", "", makePDF("", "", page1+"q 0 0 20 20 re W n 60 690 300 30 re f Q\n"), ""},
		{"a line below letters", "", "", makePDF("", "", page1+"72 695 200 1 re f\n"), ""},
		{"a box and the text again", "", "", makePDF("", "", page1+"1 g 60 690 300 30 re f 0 g\n"+page1), ""},
		{"text under a picture", "H-PDF-INVISIBLE", "H-PDF-INVISIBLE", makePDF("", "", page1+"q 300 0 0 40 60 690 cm /I Do Q"), ""},
		{"invisible text", "H-PDF-INVISIBLE", "H-PDF-INVISIBLE", makePDF("", "", "3 Tr "+page1), ""},
		{"white text", "H-PDF-INVISIBLE", "H-PDF-INVISIBLE", makePDF("", "", "1 g "+page1), ""},
		{"white text on red", "", "", makePDF("", "", "1 0 0 rg 0 600 595 200 re f 1 g "+page1), ""},
		{"REV-45 text outside the page", "H-PDF-OUTSIDE", "H-PDF-OUTSIDE", makePDFWith("", "", "/CropBox [0 0 595 600]", nil, page1+show(72, 500, 16, "里面的字")), ""},
		{"no text", "H-PDF-SCAN", "H-PDF-SCAN", makePDF("", "", "q 500 0 0 700 40 40 cm /I Do Q"), ""},
		{"REV-45 an attachment", "H-PDF-ATTACH", "", makePDFWith("", "/Names << /EmbeddedFiles << /Names [(a) 8 0 R] >> >>", "", []string{"<< /Type /Filespec /F (a.txt) /EF << /F 9 0 R >> >>", "<< /Length 6 >>\nstream\nsecret\nendstream"}, page1), "secret"},
		{"REV-45 a layer that is off", "H-PDF-LAYER", "H-PDF-LAYER", makePDFWith("", "/OCProperties << /OCGs [8 0 R] /D << /OFF [8 0 R] >> >>", "", []string{"<< /Type /OCG /Name (draft) >>"}, page1), ""},
		{"REV-45 two revisions", "H-PDF-REVISION", "", updated(makePDF("", "", show(72, 700, 16, "原来的文字")), page1), ""},
		{"scripts", "H-PDF-SCRIPT", "", makePDF("", "/OpenAction << /S /JavaScript /JS (app.alert) >>", page1), "alert"},
		{"a note and its window", "H-PDF-NOTE", "", makePDFWith("", "", "/Annots [8 0 R 9 0 R 10 0 R]", []string{"<< /Subtype /Text /Rect [0 0 9 9] /Contents (private) /T (wang) >>", "<< /Subtype /Popup /Rect [0 0 9 9] >>", "<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://www.example.gov.cn/) >> >>"}, page1), "private"},
		{"a mark on the page", "H-PDF-NOTE", "H-PDF-NOTE", makePDFWith("", "", "/Annots [<< /Subtype /Highlight /Rect [60 690 300 720] >>]", nil, page1), ""},
		{"a black annotation", "H-PDF-BOX H-PDF-NOTE", "H-PDF-BOX H-PDF-NOTE", makePDFWith("", "", "/Annots [<< /Subtype /Square /IC [0 0 0] /Rect [60 690 300 720] >>]", nil, page1), ""},
		{"form values", "H-PDF-FORM", "H-PDF-FORM", makePDF("", "/AcroForm << /Fields [<< /FT /Tx /V (abc) >>] >>", page1), ""},
		{"a thumbnail and private data", "H-PDF-THUMB", "", makePDFWith("", "", "/Thumb 8 0 R", []string{"<< /Length 5 >>\nstream\nthumb\nendstream"}, page1), "thumb"},
		{"a signed file is not written anew", "H-PDF-META H-PDF-SIGN", "H-PDF-META H-PDF-SIGN", makePDF("/Info << /Author <FEFF738B67D0> >>", "/AcroForm << /Fields [<< /FT /Sig /V << /Type /Sig >> >>] >>", page1), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := rules(hits(t, "a.pdf", c.data)); got != c.want {
				t.Fatalf("found %q, want %q", got, c.want)
			}
			out, left := cleaned(t, "a.pdf", c.data)
			if left != c.left {
				t.Errorf("left %q, want %q", left, c.left)
			}
			if c.gone != "" && bytes.Contains(out, []byte(c.gone)) {
				t.Errorf("%s is still there", c.gone)
			}
			if c.want != "H-PDF-SCAN" && text(t, r, "a.pdf", out) != text(t, r, "a.pdf", c.data) {
				t.Error("the copy says something else")
			}
		})
	}
	old := "7 0 obj"
	if out, _ := cleaned(t, "a.pdf", updated(makePDF("", "", show(72, 700, 16, "原来的文字")), page1)); bytes.Count(out, []byte(old)) != 1 || bytes.Contains(out, []byte("539F")) {
		t.Error("the earlier revision is still there")
	}
	// Tables that are broken are made anew, as viewers do.
	broken := bytes.Replace(makePDF("", "", page1+"0 g 60 690 200 30 re f\n"), []byte("startxref\n"), []byte("startxref\n9"), 1)
	if got := rules(hits(t, "a.pdf", broken)); got != "H-PDF-BOX" {
		t.Errorf("a file without tables: %q", got)
	}
}

// compressedPDF keeps its objects in a packed stream and its places in another
// (ISO 32000-1, 7.5.7 and 7.5.8), with PNG prediction.
func compressedPDF() []byte {
	squeeze := func(b []byte) []byte {
		var out bytes.Buffer
		z := zlib.NewWriter(&out)
		_, _ = z.Write(b) // a bytes.Buffer takes all
		_ = z.Close()
		return out.Bytes()
	}
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [5 0 R] /MediaBox [0 0 595 842] >>",
		"<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
		"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /SimSun /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 >>",
		"<< /Type /Page /Parent 2 0 R /Contents 6 0 R /Resources << /Font << /F 3 0 R >> >> >>",
	}
	var head, body strings.Builder
	for i, s := range objects {
		fmt.Fprintf(&head, "%d %d ", i+1, body.Len())
		body.WriteString(s + " ")
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	stream := func(num int, dict string, data []byte) int {
		at := b.Len()
		data = squeeze(data)
		fmt.Fprintf(&b, "%d 0 obj\n<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n", num, dict, len(data), data)
		return at
	}
	content := stream(6, "", []byte(page1))
	pack := stream(7, fmt.Sprintf("/Type /ObjStm /N %d /First %d", len(objects), head.Len()), []byte(head.String()+body.String()))
	rows := [][]byte{{0, 0, 0, 0}}
	for i := range objects {
		rows = append(rows, []byte{2, 0, 7, byte(i)})
	}
	rows = append(rows, []byte{1, byte(content >> 8), byte(content), 0}, []byte{1, byte(pack >> 8), byte(pack), 0})
	var table []byte
	before := make([]byte, 4)
	for _, r := range rows {
		table = append(table, 2) // each row less the one above
		for i := range r {
			table = append(table, r[i]-before[i])
		}
		before = r
	}
	at := stream(8, "/Type /XRef /Size 8 /W [1 2 1] /Root 1 0 R /DecodeParms << /Predictor 12 /Columns 4 >>", table)
	fmt.Fprintf(&b, "startxref\n%d\n%%%%EOF\n", at)
	return b.Bytes()
}

func FuzzPDF(f *testing.F) {
	for _, c := range []string{page1 + "0 g 60 690 200 30 re f\n", "BI /W 1 ID x EI Q q 1 0 0 1 0 0 cm", "[(a)-3<00>]TJ 3 Tr", "/I Do /OC /A BDC EMC W n"} {
		f.Add(makePDF("", "", c))
	}
	f.Add(compressedPDF())
	f.Add(updated(makePDF("/Info << /Author (a) >>", "", page1), "BT ET"))
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, "a.pdf", append([]byte("%PDF-1.7\n"), data...)) })
}

func FuzzPDFPage(f *testing.F) {
	f.Add(page1+"0 g 60 690 200 30 re f*", "/Annots [<< /Subtype /Square >>] /CropBox [1 2 3 4]", "/AcroForm << /Fields [[]] >>")
	f.Fuzz(func(t *testing.T, content, page, catalog string) {
		sound(t, "a.pdf", makePDFWith("", catalog, page, nil, content))
	})
}
