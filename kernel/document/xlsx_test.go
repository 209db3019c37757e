package document

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gongkai/kernel/document/documenttest"
	"gongkai/kernel/fault"
)

func TestXlsxAsDisplayed(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	date, err := f.NewStyle(&excelize.Style{CustomNumFmt: ptr(`yyyy"年"m"月"d"日"`)})
	if err != nil {
		t.Fatal(err)
	}
	percent, err := f.NewStyle(&excelize.Style{NumFmt: 9})
	if err != nil {
		t.Fatal(err)
	}
	for at, v := range map[string]any{
		"B2": "任务分工表", "B3": "任务", "C3": "单位", "D3": "时限", "E3": "进度",
		"B4": "（一）公开规划。\n1．公开文本。", "C4": "区发展改革委", "D4": time.Date(2022, 6, 30, 0, 0, 0, 0, time.UTC), "E4": 0.5,
		"C5": "区司法局", "D5": 3.25,
	} {
		if err := f.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{
		f.MergeCell("Sheet1", "B2", "E2"), f.MergeCell("Sheet1", "B4", "B5"),
		f.SetCellStyle("Sheet1", "D4", "D4", date), f.SetCellStyle("Sheet1", "E4", "E4", percent),
		f.SetSheetName("Sheet1", "分工"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("底稿"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.SetCellValue("底稿", "A1", "不看"), f.SetSheetVisible("底稿", false)); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := f.Write(&file); err != nil {
		t.Fatal(err)
	}
	doc := mustRead(t, file.Bytes())
	wantPlain(t, doc, "任务分工表|>|>|>\n任务|单位|时限|进度\n（一）公开规划。/1．公开文本。|区发展改革委|2022年6月30日|50%\n^|区司法局|3.25|?")
	if doc.Blocks[0].Table.Name != "分工" || len(doc.Notes) != 1 || doc.Notes[0].Where != "工作表「底稿」" {
		t.Errorf("name and notes: %s", dump(doc))
	}
}

func TestXlsxHiddenRows(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for at, v := range map[string]string{"A1": "任务", "B1": "单位", "A2": "公开预算", "B2": "区财政局", "A3": "旧任务", "B3": "区司法局", "A4": "公开决算", "B4": "区财政局"} {
		if err := f.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	var file bytes.Buffer
	if err := errors.Join(f.SetRowVisible("Sheet1", 3, false), f.SetRowVisible("Sheet1", 9, false), f.Write(&file)); err != nil {
		t.Fatal(err)
	}
	doc := mustRead(t, file.Bytes())
	wantPlain(t, doc, "任务|单位\n公开预算|区财政局\n?|?\n公开决算|区财政局")
	if len(doc.Notes) != 1 || doc.Notes[0].Where != "工作表「Sheet1」第 3 行" {
		t.Errorf("notes: %s", dump(doc))
	}
}

func ptr[T any](v T) *T { return &v }

// sheetFile makes a workbook of one sheet out of its sheetData.
func sheetFile(t testing.TB, inside string) []byte {
	const main = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	return documenttest.Zip(t,
		"[Content_Types].xml", `<Types xmlns="`+contentTypesXML+`"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
		"_rels/.rels", `<Relationships xmlns="`+relXML+`"><Relationship Id="rId1" Type="`+officeXML+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/_rels/workbook.xml.rels", `<Relationships xmlns="`+relXML+`"><Relationship Id="rId1" Type="`+officeXML+`/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook `+main+` xmlns:r="`+officeXML+`"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/worksheets/sheet1.xml", `<worksheet `+main+`>`+inside+`</worksheet>`)
}

func TestXlsxBounds(t *testing.T) {
	text := func(at, s string) string { return `<c r="` + at + `" t="inlineStr"><is><t>` + s + `</t></is></c>` }
	doc := mustRead(t, sheetFile(t, `<sheetData><row r="1">`+text("A1", "甲")+text("B1", "乙")+`</row></sheetData><mergeCells><mergeCell ref="A1:A1048576"/><mergeCell ref="A1:B1"/></mergeCells>`))
	wantPlain(t, doc, "甲|乙")

	// Pieces of a text, its readings, line breaks of all kinds, values of formulas.
	doc = mustRead(t, sheetFile(t, `<sheetData><row r="1"><c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r><rPh sb="0" eb="1"><t>注音</t></rPh></is></c>`+text("B1", "丙_x000D_&#10;丁")+`<c r="C1" t="str"><f>A1</f><v>值</v></c></row></sheetData>`))
	wantPlain(t, doc, "甲乙|丙/丁|值")

	var wide strings.Builder
	for i := 1; i <= 10_000; i++ {
		name, err := excelize.CoordinatesToCellName(i, 1)
		if err != nil {
			t.Fatal(err)
		}
		wide.WriteString(text(name, "列"))
	}
	refuses(t, sheetFile(t, `<sheetData><row r="1">`+wide.String()+`</row></sheetData>`), Limits{}, fault.TooMany, "超过 1000 列")
	refuses(t, sheetFile(t, `<sheetData>`+strings.Repeat("<row>"+text("A1", "甲")+"</row>", 50)+`</sheetData>`), Limits{Cells: 40}, fault.TooMany, "超过 40 个单元格")
	refuses(t, sheetFile(t, `<sheetData><row`), Limits{}, fault.Invalid, "已损坏")
}

func TestWriteXLSX(t *testing.T) {
	rows := func(yield func([]any, error) bool) {
		for i := range 3 {
			if !yield([]any{fmt.Sprint("单位", i), i, `=HYPERLINK("http://a")`, true, nil}, nil) {
				return
			}
		}
	}
	var file bytes.Buffer
	err := WriteXLSX(&file,
		Sheet{Title: "台账/2022", Notes: []string{"截至 6 月底"}, Head: []string{"单位", "件数", "备注", "办结", "空"}, Widths: []float64{20, 8, 40}, Rows: rows},
		Sheet{Title: "台账/2022", Head: []string{"甲"}})
	if err != nil {
		t.Fatal(err)
	}
	doc := mustRead(t, file.Bytes())
	wantPlain(t, doc, "台账/2022|>|>|>|>\n截至 6 月底|>|>|>|>\n单位|件数|备注|办结|空\n"+
		"单位0|0|=HYPERLINK(\"http://a\")|是|?\n单位1|1|=HYPERLINK(\"http://a\")|是|?\n单位2|2|=HYPERLINK(\"http://a\")|是|?\n台账/2022\n甲")
	f, err := excelize.OpenReader(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); len(got) != 2 || got[0] != "台账2022" || got[1] == got[0] {
		t.Errorf("sheets %q", got)
	}
	if formula, err := f.GetCellFormula("台账2022", "C4"); err != nil || formula != "" {
		t.Errorf("a typed text became the formula %q, %v", formula, err)
	}
	if panes, err := f.GetPanes("台账2022"); err != nil || !panes.Freeze || panes.YSplit != 3 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	xml, err := f.GetDefinedName(), error(nil)
	if err != nil || len(xml) != 2 || !strings.Contains(xml[0].RefersTo, "$A$3:$E$6") {
		t.Errorf("filters %+v", xml)
	}
	broken := errors.New("the database went away")
	if err := WriteXLSX(&file, Sheet{Rows: func(yield func([]any, error) bool) { yield(nil, broken) }}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
