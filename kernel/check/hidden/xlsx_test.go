package hidden

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongkai/kernel/document"
	"gongkai/kernel/document/documenttest"
	"gongkai/kernel/fault"
)

// bookFile makes a workbook; f adds what is hidden to it.
func bookFile(t testing.TB, add func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(f.SetDocProps(&excelize.DocProperties{}))
	for cell, v := range map[string]any{"A1": "项目", "B1": "金额", "C1": "备注", "A2": "道路", "B2": 30, "C2": "公开", "A3": "桥梁", "B3": 12, "C3": "公开"} {
		must(f.SetCellValue("Sheet1", cell, v))
	}
	if add != nil {
		add(f)
	}
	var b bytes.Buffer
	must(f.Write(&b))
	must(f.Close())
	return b.Bytes()
}

func TestXlsx(t *testing.T) {
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	format := func(f *excelize.File, s *excelize.Style) int {
		id, err := f.NewStyle(s)
		check(err)
		return id
	}
	for _, c := range []struct {
		name, want, left string
		data             []byte
		gone, says       string
	}{
		{"plain", "", "", bookFile(t, nil), "", "道路\t30\t公开"},
		{"REV-44 a very hidden sheet; formulas keep what they show", "H-XLSX-SHEET", "", bookFile(t, func(f *excelize.File) {
			_, err := f.NewSheet("底表")
			check(err)
			check(f.SetCellValue("底表", "A1", "内部底数"))
			check(f.SetSheetVisible("底表", false, true))
			check(f.SetCellFormula("Sheet1", "B4", "=底表!A2+42"))
			check(f.SetCellValue("Sheet1", "A4", "合计"))
			check(f.SetDefinedName(&excelize.DefinedName{Name: "源", RefersTo: "底表!$A$1"}))
		}), "内部底数", "合计"},
		{"REV-44 a hidden column", "H-XLSX-COLUMN", "", bookFile(t, func(f *excelize.File) {
			check(f.SetCellValue("Sheet1", "D2", "联系电话某某"))
			check(f.SetColVisible("Sheet1", "D", false))
		}), "联系电话", "道路\t30\t公开"},
		{"a hidden column without values", "", "", bookFile(t, func(f *excelize.File) { check(f.SetColVisible("Sheet1", "E", false)) }), "", "道路"},
		{"a hidden row", "H-XLSX-ROW", "", bookFile(t, func(f *excelize.File) {
			check(f.SetCellValue("Sheet1", "A5", "内部说明"))
			check(f.SetRowVisible("Sheet1", 5, false))
		}), "内部说明", "桥梁"},
		{"a merged title that begins in a hidden column", "", "", bookFile(t, func(f *excelize.File) {
			check(f.SetCellValue("Sheet1", "F1", "标题"))
			check(f.MergeCell("Sheet1", "F1", "H1"))
			check(f.SetColVisible("Sheet1", "F", false))
		}), "", "标题"},
		{"a format that shows nothing", "H-XLSX-FAINT", "", bookFile(t, func(f *excelize.File) {
			check(f.SetCellValue("Sheet1", "D2", 987654))
			code := ";;;"
			check(f.SetCellStyle("Sheet1", "D2", "D2", format(f, &excelize.Style{CustomNumFmt: &code})))
		}), "987654", "道路"},
		{"white text", "H-XLSX-FAINT", "H-XLSX-FAINT", bookFile(t, func(f *excelize.File) {
			check(f.SetCellValue("Sheet1", "D2", "白字"))
			check(f.SetCellStyle("Sheet1", "D2", "D2", format(f, &excelize.Style{Font: &excelize.Font{Color: "FFFFFF"}})))
		}), "", "白字"},
		{"a white head on blue", "", "", bookFile(t, func(f *excelize.File) {
			check(f.SetCellStyle("Sheet1", "A1", "C1", format(f, &excelize.Style{Font: &excelize.Font{Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F4E79"}}})))
		}), "", "项目"},
		{"outside the print area", "H-XLSX-PRINT", "H-XLSX-PRINT", bookFile(t, func(f *excelize.File) {
			check(f.SetCellValue("Sheet1", "J9", "旁注"))
			check(f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: "Sheet1!$A$1:$C$3", Scope: "Sheet1"}))
		}), "", "旁注"},
		{"a comment", "H-XLSX-COMMENT", "", bookFile(t, func(f *excelize.File) {
			check(f.AddComment("Sheet1", excelize.Comment{Cell: "B2", Author: "张某", Text: "此数待核"}))
		}), "此数待核", "道路"},
		{"REV-44 a pivot cache", "H-XLSX-PIVOT", "", bookFile(t, func(f *excelize.File) {
			check(f.AddPivotTable(&excelize.PivotTableOptions{
				DataRange: "Sheet1!A1:C3", PivotTableRange: "Sheet1!H2:K9", Rows: []excelize.PivotTableField{{Data: "项目"}}, Data: []excelize.PivotTableField{{Data: "金额", Subtotal: "Sum"}},
			}))
		}), "pivotCache", "道路"},
		{"texts that no cell uses", "H-XLSX-STRING", "", changed(t, bookFile(t, nil), map[string]func(string) string{
			"xl/sharedStrings.xml": replace("</sst>", "<si><t>删掉的话</t></si></sst>")}), "删掉的话", "道路"},
		{"a path where it was saved", "H-META-NAME", "", changed(t, bookFile(t, nil), map[string]func(string) string{
			"xl/workbook.xml": replace("<sheets>", `<mc:AlternateContent xmlns:mc="m"><mc:Choice><x15ac:absPath xmlns:x15ac="x" url="C:\Users\王某\"/></mc:Choice></mc:AlternateContent><sheets>`)}), "王某", "道路"},
		{"another workbook", "H-XLSX-LINK", "", changed(t, bookFile(t, nil), map[string]func(string) string{
			"xl/_rels/workbook.xml.rels": related("externalLink", "externalLinks/externalLink1.xml", ""),
			"xl/workbook.xml":            replace("</sheets>", `</sheets><externalReferences><externalReference xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rIdXexternalLink"/></externalReferences>`),
		}, "xl/externalLinks/externalLink1.xml", "<externalLink/>", "xl/externalLinks/_rels/externalLink1.xml.rels", `<Relationships `+relNS+`><Relationship Id="rId1" Type="`+relOf+`externalLinkPath" Target="file:///\\srv\a.xlsx" TargetMode="External"/></Relationships>`), "externalLink1", "道路"},
		{"connections", "H-XLSX-SOURCE", "", changed(t, bookFile(t, nil), map[string]func(string) string{
			"xl/_rels/workbook.xml.rels": related("connections", "connections.xml", "")}, "xl/connections.xml", `<connections server="srv"/>`), "srv", "道路"},
		{"a hidden name", "H-XLSX-NAME", "", changed(t, bookFile(t, nil), map[string]func(string) string{
			"xl/workbook.xml": replace("</sheets>", `</sheets><definedNames><definedName name="a" hidden="1">"底数"</definedName></definedNames>`)}), "底数", "道路"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := hits(t, "表.xlsx", c.data)
			if got := rules(list); got != c.want {
				t.Fatalf("found %q, want %q: %+v", got, c.want, list)
			}
			out, left := cleaned(t, "表.xlsx", c.data)
			if left != c.left {
				t.Errorf("left %q, want %q", left, c.left)
			}
			if got := text(t, document.Reader{}, "表.xlsx", out); !strings.Contains(got, c.says) || c.gone == "" && got != text(t, document.Reader{}, "表.xlsx", c.data) {
				t.Errorf("the copy says %q", got)
			}
			for _, n := range names(t, out) {
				if c.gone != "" && (strings.Contains(partOf(t, out, n), c.gone) || strings.Contains(n, c.gone)) {
					t.Errorf("%s still has %s", n, c.gone)
				}
			}
			f, err := excelize.OpenReader(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if c.want == "H-XLSX-SHEET" {
				if v, err := f.GetCellFormula("Sheet1", "B4"); err != nil || v != "" {
					t.Errorf("a formula of the hidden sheet: %q %v", v, err)
				}
			}
		})
	}
}

func slides(t testing.TB, add ...string) []byte {
	t.Helper()
	const ns = `xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	shape := func(x, y int, s string) string {
		return fmt.Sprintf(`<p:sp><p:spPr><a:xfrm><a:off x="%d" y="%d"/><a:ext cx="1000" cy="1000"/></a:xfrm></p:spPr><p:txBody><a:p><a:r><a:t>%s</a:t></a:r></a:p></p:txBody></p:sp>`, x, y, s)
	}
	return documenttest.Zip(t, append([]string{
		"[Content_Types].xml", `<Types><Override PartName="/ppt/presentation.xml" ContentType="a"/><Override PartName="/ppt/slides/slide2.xml" ContentType="b"/></Types>`,
		"_rels/.rels", `<Relationships ` + relNS + `><Relationship Id="rId1" Type="` + relOf + `officeDocument" Target="ppt/presentation.xml"/></Relationships>`,
		"ppt/presentation.xml", `<p:presentation ` + ns + `><p:sldIdLst><p:sldId id="256" r:id="rId1"/><p:sldId id="257" r:id="rId2"/></p:sldIdLst><p:sldSz cx="9000" cy="6000"/><p:extLst><p14:section xmlns:p14="q"><p14:sldId id="256"/><p14:sldId id="257"/></p14:section></p:extLst></p:presentation>`,
		"ppt/_rels/presentation.xml.rels", `<Relationships ` + relNS + `><Relationship Id="rId1" Type="` + relOf + `slide" Target="slides/slide1.xml"/><Relationship Id="rId2" Type="` + relOf + `slide" Target="slides/slide2.xml"/><Relationship Id="rId3" Type="` + relOf + `commentAuthors" Target="commentAuthors.xml"/></Relationships>`,
		"ppt/slides/slide1.xml", `<p:sld ` + ns + `>` + shape(10, 10, "公开") + shape(9500, 10, "外面") + `</p:sld>`,
		"ppt/slides/_rels/slide1.xml.rels", `<Relationships ` + relNS + `><Relationship Id="rId1" Type="` + relOf + `notesSlide" Target="../notesSlides/notesSlide1.xml"/><Relationship Id="rId2" Type="` + relOf + `comments" Target="../comments/comment1.xml"/></Relationships>`,
		"ppt/slides/slide2.xml", `<p:sld show="0" ` + ns + `>` + shape(10, 10, "内部") + `</p:sld>`,
		"ppt/notesSlides/notesSlide1.xml", `<p:notes ` + ns + `><a:t>口头说明</a:t><a:fld><a:t>1</a:t></a:fld></p:notes>`,
		"ppt/comments/comment1.xml", `<p:cmLst ` + ns + `><p:cm authorId="0"><p:text>再改</p:text></p:cm></p:cmLst>`,
		"ppt/commentAuthors.xml", `<p:cmAuthorLst ` + ns + `/>`,
	}, add...)...)
}

func TestPptx(t *testing.T) {
	data := slides(t)
	if got := rules(hits(t, "a.pptx", data)); got != "H-PPTX-COMMENT H-PPTX-NOTE H-PPTX-OFFSLIDE H-PPTX-SLIDE" {
		t.Fatalf("found %q", got)
	}
	out, left := cleaned(t, "a.pptx", data)
	if left != "H-PPTX-OFFSLIDE" {
		t.Errorf("left %q", left)
	}
	if got := strings.Join(names(t, out), " "); got != "[Content_Types].xml _rels/.rels ppt/presentation.xml ppt/_rels/presentation.xml.rels ppt/slides/slide1.xml ppt/slides/_rels/slide1.xml.rels" {
		t.Errorf("parts %s", got)
	}
	if main := partOf(t, out, "ppt/presentation.xml"); strings.Contains(main, "257") || !strings.Contains(main, "256") {
		t.Errorf("slides %s", main)
	}
	untouched(t, data, out, "[Content_Types].xml", "ppt/presentation.xml", "ppt/_rels/presentation.xml.rels", "ppt/slides/_rels/slide1.xml.rels")
}

// sound checks what holds for every input: nothing breaks, what is found is told
// whole, a copy has nothing of what was taken out and is as good as clean.
func sound(t testing.TB, name string, data []byte) {
	t.Helper()
	list := hits(t, name, data)
	out, removed, err := Clean(context.Background(), name, data)
	var left *Left
	switch {
	case err != nil && !errors.As(err, &left):
		if fault.Text(err) == "" {
			t.Fatalf("no message for %v", err)
		}
		return
	case len(list) == 0 && !bytes.Equal(out, data):
		t.Fatal("a file without findings was changed")
	}
	for _, h := range removed {
		for _, a := range hits(t, name, out) {
			if a.Rule == h.Rule && a.Place == h.Place && a.Message == h.Message && a.Rule != "H-IMG-TRACE" {
				t.Fatalf("%+v is still in the copy", h)
			}
		}
	}
}

func FuzzDocx(f *testing.F) {
	f.Add(`<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>a</w:t></w:r><w:r><w:commentReference/></w:r><w:ins/></w:p>`, `<w:docVars><w:docVar/></w:docVars>`, `<Relationship Id="a" Target="../b" TargetMode="External"/>`)
	f.Fuzz(func(t *testing.T, body, settings, rels string) {
		sound(t, "a.docx", changed(t, wordFile(t, body), map[string]func(string) string{
			"word/settings.xml": replace("<w:evenAndOddHeaders/>", settings), "word/_rels/document.xml.rels": replace("</Relationships>", rels+"</Relationships>"),
		}))
	})
}

func FuzzXlsx(f *testing.F) {
	f.Add(`<cols><col min="1" max="2" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c><f>A1</f><v>3</v></c></row></sheetData>`, `<definedName localSheetId="0" name="_xlnm.Print_Area">a!$A$1</definedName>`, `<numFmt numFmtId="9" formatCode=";;;"/>`)
	f.Fuzz(func(t *testing.T, sheet, names, styles string) {
		sound(t, "a.xlsx", documenttest.Zip(t, "[Content_Types].xml", "<Types/>",
			"xl/workbook.xml", `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" r:id="r1"/><sheet name="b" state="hidden" r:id="r2"/></sheets><definedNames>`+names+`</definedNames></workbook>`,
			"xl/_rels/workbook.xml.rels", `<Relationships `+relNS+`><Relationship Id="r1" Type="a/worksheet" Target="worksheets/1.xml"/><Relationship Id="r3" Type="a/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
			"xl/worksheets/1.xml", `<worksheet>`+sheet+`</worksheet>`, "xl/styles.xml", "<styleSheet>"+styles+"</styleSheet>", "xl/sharedStrings.xml", "<sst><si><t>x</t></si><si><t>y</t></si></sst>"))
	})
}

func FuzzPptx(f *testing.F) {
	f.Add(`<p:sld show="0"><p:sp/></p:sld>`, `<a:t>x</a:t>`)
	f.Fuzz(func(t *testing.T, slide, notes string) {
		sound(t, "a.pptx", documenttest.Zip(t, "[Content_Types].xml", "<Types/>", "ppt/presentation.xml", `<p xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sldIdLst><sldId id="1" r:id="r1"/></sldIdLst><sldSz cx="9" cy="9"/></p>`,
			"ppt/_rels/presentation.xml.rels", `<Relationships `+relNS+`><Relationship Id="r1" Type="a/slide" Target="slides/1.xml"/></Relationships>`,
			"ppt/slides/1.xml", slide, "ppt/notesSlides/1.xml", "<n>"+notes+"</n>"))
	})
}

func FuzzHTML(f *testing.F) {
	f.Add("<p style='display:none'>a<br></p><!--[if mso]>x<![endif]-->\u200b")
	f.Fuzz(func(t *testing.T, page string) { sound(t, "a.html", []byte("<!DOCTYPE html><body>"+page)) })
}

func FuzzFile(f *testing.F) {
	f.Add([]byte("文\u200b字"))
	f.Add(documenttest.Zip(f, "a.txt", "a", "b.zip", string(documenttest.Zip(f, "c.html", "<p>"))))
	f.Add(compoundOf("WordDocument"))
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, "a", data) })
}
