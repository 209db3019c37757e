package survey_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/survey"
	"gongkai/kernel/check"
	"gongkai/kernel/check/standard"
	"gongkai/kernel/clock"
	"gongkai/kernel/document"
	"gongkai/kernel/document/documenttest"
)

const (
	wordType  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// word is a docx of paragraphs; parts are further ones of the file.
func word(t *testing.T, paragraphs []string, parts ...string) []byte {
	body := ""
	for _, p := range paragraphs {
		body += `<w:p><w:r><w:t>` + p + `</w:t></w:r></w:p>`
	}
	return documenttest.Zip(t, append(documenttest.Word(documenttest.WordBody(body)), parts...)...)
}

// sheet is an xlsx of rows.
func sheet(t *testing.T, rows [][]string) []byte {
	cells := ""
	for i, row := range rows {
		cells += fmt.Sprintf(`<row r="%d">`, i+1)
		for k, c := range row {
			cells += fmt.Sprintf(`<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+k, i+1, c)
		}
		cells += `</row>`
	}
	return documenttest.Zip(t,
		"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="`+sheetType+`.main+xml"/></Types>`,
		"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="名单" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+cells+`</sheetData></worksheet>`)
}

// portable is a PDF of one empty page; trailer goes into the trailer dictionary.
func portable(trailer string) []byte {
	var b bytes.Buffer
	var at []int
	b.WriteString("%PDF-1.7\n")
	for i, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, trailer, start)
	return b.Bytes()
}

func engine(t *testing.T) *check.Engine {
	t.Helper()
	rules, err := standard.Load()
	if err != nil {
		t.Fatal(err)
	}
	e, err := rules.Engine(standard.House{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A site hands out files: what must not stand in them is found at the file, on the
// page that hands it out; what cannot be read is said; nothing is said of good ones.
func TestEnclosures(t *testing.T) {
	const marked = "机密★一年"
	note := `<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:comment w:id="0" w:author="某人"><w:p><w:r><w:t>此处请再核</w:t></w:r></w:p></w:comment></w:comments>`
	persons := [][]string{{"序号", "姓名", "身份证号", "金额"}}
	for i, number := range []string{"110101199003074514", "110101198505050032", "110101197211112344"} {
		persons = append(persons, []string{fmt.Sprint(i + 1), "张" + string([]rune("伟芳强")[i]), number, "500"})
	}
	locked := "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + strings.Repeat("41", 32) + "> /U <" + strings.Repeat("42", 32) + "> >> /ID [<41><41>]"
	good := []string{"关于做好政务公开工作的通知", "请各单位按时报送工作总结。", "联系电话：0571-00000000"}
	files := map[string]struct {
		kind string
		body []byte
	}{
		"/f/secret.docx":  {wordType, word(t, []string{marked, "江澄区人民政府文件", "现将有关情况报告如下。"})},
		"/f/list.xlsx":    {sheetType, sheet(t, persons)},
		"/f/noted.docx":   {wordType, word(t, good, "word/comments.xml", note)},
		"/f/good.docx":    {wordType, word(t, good)},
		"/f/zsame.docx":   {wordType, word(t, []string{marked, "江澄区人民政府文件", "现将有关情况报告如下。"})},
		"/f/locked.pdf":   {"application/pdf", portable(locked)},
		"/f/scanned.pdf":  {"application/pdf", portable("")},
		"/f/damaged.docx": {wordType, word(t, good)[:400]},
		"/f/plain.txt":    {"text/plain; charset=utf-8", []byte("经办人身份证号：110101199003074514，请核对。\n")},
		"/f/large.pdf":    {"application/pdf", append(portable(""), bytes.Repeat([]byte("%"), 21<<20)...)},
		"/f/picture.png":  {"image/png", []byte("\x89PNG\r\n\x1a\n0000")},
	}
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	page := func(title string, links ...string) string {
		body := "<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1><p>发布时间：2026-11-02</p><p>现将有关材料公布如下，供各单位和群众查阅。材料内容以附件为准。</p>"
		for _, l := range links {
			body += "<a href=" + l + ">" + title + "附件" + l + "</a><br>"
		}
		return body + "</body></html>"
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, there := files[r.URL.Path]
		switch {
		case there:
			w.Header().Set("Content-Type", file.kind)
			http.ServeContent(w, r, r.URL.Path, time.Time{}, bytes.NewReader(file.body))
		case r.URL.Path == "/":
			_, _ = io.WriteString(w, page("江澄区人民政府", "/a.html", "/b.html"))
		case r.URL.Path == "/a.html":
			_, _ = io.WriteString(w, page("材料公布", names...))
		case r.URL.Path == "/b.html":
			_, _ = io.WriteString(w, page("另一材料", "/download?id=7"))
		case r.URL.Path == "/download":
			http.Redirect(w, r, "/files/hidden-list", http.StatusFound)
		case r.URL.Path == "/files/hidden-list": // its name does not tell what it is, and its size is not told
			w.Header().Set("Content-Type", sheetType)
			body := sheet(t, append(slices.Clone(persons[:1]), []string{"1", "王芳", "110101194912310024", "800"}))
			_, _ = w.Write(body[:200])
			w.(http.Flusher).Flush()
			_, _ = w.Write(body[200:])
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	pdf := document.NewPDF(filepath.Join(os.TempDir(), "gongkai-test-pdfium"))
	t.Cleanup(func() { _ = pdf.Close() })
	out, err := survey.Run(t.Context(), survey.Config{
		Dir: t.TempDir(), Site: fact.Site{Start: s.URL + "/"}, T0: time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC), Engine: engine(t), Documents: document.Reader{PDF: pdf},
		Crawl: crawl.Config{Clock: clock.System{}, AllowPrivate: true, Tries: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	type key struct{ path, check string }
	found := map[key]fact.Finding{}
	for _, f := range out.Report.Findings {
		path := strings.TrimPrefix(f.URL, s.URL)
		if strings.HasPrefix(path, "/f") {
			found[key{path, f.Check}] = f
		}
	}
	for want, c := range map[key]struct {
		on    string
		state fact.State
		words []string
	}{
		{"/f/secret.docx", "WEB-11"}:     {"/a.html", fact.Proposed, nil},
		{"/f/list.xlsx", "PLAT-35"}:      {"/a.html", fact.Fail, []string{"身份证号码 3 处"}},
		{"/f/noted.docx", "REV-43"}:      {"/a.html", fact.Fail, []string{"批注 1 处"}},
		{"/f/locked.pdf", "PLAT-16"}:     {"/a.html", fact.Proposed, []string{"密码"}},
		{"/f/damaged.docx", "PLAT-16"}:   {"/a.html", fact.NotDecided, []string{"损坏"}},
		{"/f/plain.txt", "REV-13"}:       {"/a.html", fact.Fail, []string{"**************4514", "第 1 段"}},
		{"/files/hidden-list", "REV-13"}: {"/b.html", fact.Fail, nil},
	} {
		f, there := found[want]
		if !there {
			t.Errorf("%v is not found", want)
			continue
		}
		delete(found, want)
		if f.On != s.URL+c.on || f.State != c.state || f.Secret != (f.Check == "WEB-11") {
			t.Errorf("%v: %+v", want, f)
		}
		for _, w := range c.words {
			if !strings.Contains(f.What+f.Seen, w) {
				t.Errorf("%v: %q is not said: %+v", want, w, f)
			}
		}
		if strings.Contains(f.Seen, "110101199003074514") || strings.Contains(f.Seen, "某人") {
			t.Errorf("%v tells whom it is about: %+v", want, f)
		}
	}
	for _, f := range found {
		t.Errorf("too much: %+v", f)
	}
	notes := strings.Join(out.Report.Notes, "\n")
	for _, want := range []string{"没有文字层，无法读取）：" + s.URL + "/f/scanned.pdf", "20 MB）：" + s.URL + "/f/large.pdf"} {
		if !strings.Contains(notes, want) {
			t.Errorf("%q does not stand in the notes: %s", want, notes)
		}
	}
}
