package hidden

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"gongkai/kernel/check"
	"gongkai/kernel/document"
	"gongkai/kernel/document/documenttest"
	"gongkai/kernel/fault"
)

// hits checks a file and returns the hits.
func hits(t testing.TB, name string, data []byte) []check.Hit {
	t.Helper()
	var out []check.Hit
	if err := New().CheckFile(context.Background(), name, data, func(h check.Hit) { out = append(out, h) }); err != nil {
		t.Fatal(err)
	}
	for _, h := range out {
		if h.Message == "" || !strings.HasSuffix(h.Message, "。") || h.Place == "" || h.Severity == "" {
			t.Errorf("incomplete hit %+v", h)
		}
	}
	return out
}

// rules are the ids of hits, each once, in order.
func rules(list []check.Hit) string {
	var out []string
	for _, h := range list {
		if !slices.Contains(out, h.Rule) {
			out = append(out, h.Rule)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// cleaned makes a clean copy and checks that nothing of what was removed is found
// in it; left are the rules that a person has to look at.
func cleaned(t testing.TB, name string, data []byte) (out []byte, left string) {
	t.Helper()
	before := bytes.Clone(data)
	out, removed, err := Clean(context.Background(), name, data)
	var stays *Left
	if err != nil && !errors.As(err, &stays) {
		t.Fatalf("clean %s: %v", name, err)
	}
	if !bytes.Equal(before, data) {
		t.Error("Clean changed its argument")
	}
	again := hits(t, name, out)
	for _, h := range removed {
		if slices.ContainsFunc(again, func(a check.Hit) bool { return a.Rule == h.Rule && a.Place == h.Place }) {
			t.Errorf("%s at %s is still in the copy of %s", h.Rule, h.Place, name)
		}
	}
	if stays != nil {
		left = rules(stays.Hits)
		if fault.Text(err) == "" {
			t.Error("Left has no message for people")
		}
	}
	if twice, _, _ := Clean(context.Background(), name, out); !bytes.Equal(twice, out) {
		t.Errorf("the copy of %s changes when it is cleaned again", name)
	}
	return out, left
}

// text is what a reader of the file sees.
func text(t testing.TB, r document.Reader, name string, data []byte) string {
	t.Helper()
	doc, err := r.ReadBytes(context.Background(), name, data)
	if err != nil {
		t.Fatal(err)
	}
	return check.Extract(name, doc).Body
}

// changed gives parts of a zip file new contents, or adds them; edit changes the
// text of the parts that it names.
func changed(t testing.TB, data []byte, edit map[string]func(string) string, add ...string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, f := range z.File {
		body := partOf(t, data, f.Name)
		if e := edit[f.Name]; e != nil {
			body = e(body)
		}
		parts = append(parts, f.Name, body)
	}
	return documenttest.Zip(t, append(parts, add...)...)
}

func partOf(t testing.TB, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func names(t testing.TB, data []byte) (list []string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		list = append(list, f.Name)
	}
	return list
}

// untouched checks that all parts but some are the same bytes in both files.
func untouched(t testing.TB, before, after []byte, but ...string) {
	t.Helper()
	kept := names(t, after)
	for _, name := range names(t, before) {
		if slices.Contains(but, name) || !slices.Contains(kept, name) {
			continue
		}
		if partOf(t, before, name) != partOf(t, after, name) {
			t.Errorf("%s was changed", name)
		}
	}
}

func replace(old, new string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, new, 1) }
}

// wordFile is a docx file of our own writer, with a body of runs in front.
func wordFile(t testing.TB, body string, add ...string) []byte {
	t.Helper()
	d := document.Docx{Name: "关于做好公开工作的通知"}
	d.Text(document.Title, "关于做好公开工作的通知")
	d.Text(document.Body, "现将有关事项通知如下。")
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	return changed(t, b.Bytes(), map[string]func(string) string{
		"word/document.xml": replace("<w:body>", `<w:body>`+body),
	}, add...)
}

const (
	wordNS = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	relNS  = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	relOf  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

func related(kind, target, mode string) func(string) string {
	return replace("</Relationships>", `<Relationship Id="rIdX`+kind+`" Type="`+relOf+kind+`" Target="`+target+`"`+mode+`/></Relationships>`)
}

func TestClean(t *testing.T) {
	plain := wordFile(t, "")
	if got := rules(hits(t, "通知.docx", plain)); got != "" {
		t.Errorf("a plain file has %s", got)
	}
	if out, left := cleaned(t, "通知.docx", plain); !bytes.Equal(out, plain) || left != "" {
		t.Error("a file with nothing hidden is its own clean copy")
	}
}

func TestDocx(t *testing.T) {
	rels := "word/_rels/document.xml.rels"
	for _, c := range []struct {
		name, want, left string
		data             []byte
		gone             string // must not be in the copy
		text             string // what the copy still says; "" = the same
	}{
		{"REV-43 comments go with their marks", "H-DOCX-COMMENT", "", changed(t,
			wordFile(t, `<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>正文。</w:t></w:r><w:commentRangeEnd w:id="0"/><w:r><w:rPr><w:b/></w:rPr><w:commentReference w:id="0"/></w:r></w:p>`,
				"word/comments.xml", `<w:comments `+wordNS+`><w:comment w:id="0" w:author="张某"><w:p><w:r><w:t>这里要改</w:t></w:r></w:p></w:comment></w:comments>`,
				"word/people.xml", `<w:people `+wordNS+`/>`),
			map[string]func(string) string{rels: func(s string) string {
				return related("people", "people.xml", "")(related("comments", "comments.xml", "")(s))
			}}), "这里要改", ""},
		{"REV-43 a tracked deletion is left to a person", "H-DOCX-CHANGE", "H-DOCX-CHANGE",
			wordFile(t, `<w:p><w:r><w:t>正文</w:t></w:r><w:del w:author="李某" w:id="1"><w:r><w:delText>删去</w:delText></w:r></w:del><w:ins w:id="2" w:author="李某"><w:r><w:t>增加</w:t></w:r></w:ins></w:p>`), "", ""},
		{"REV-43 hidden text goes", "H-DOCX-HIDDEN", "",
			wordFile(t, `<w:p><w:r><w:t>看得见</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见的话</w:t></w:r></w:p>`), "看不见的话", ""},
		{"text that a style hides", "H-DOCX-HIDDEN", "", changed(t,
			wordFile(t, `<w:p><w:r><w:t>看得见</w:t></w:r><w:r><w:rPr><w:rStyle w:val="H2"/></w:rPr><w:t>看不见的话</w:t></w:r></w:p>`),
			map[string]func(string) string{"word/styles.xml": replace("</w:styles>", `<w:style w:type="character" w:styleId="H1"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:type="character" w:styleId="H2"><w:basedOn w:val="H1"/></w:style></w:styles>`)}), "看不见的话", ""},
		{"vanish that is switched off hides nothing", "", "", wordFile(t, `<w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>看得见</w:t></w:r></w:p>`), "", ""},
		{"web-hidden page numbers of a table of contents", "", "", wordFile(t, `<w:p><w:r><w:rPr><w:webHidden/></w:rPr><w:t>12</w:t></w:r></w:p>`), "", ""},
		{"white text", "H-DOCX-FAINT", "H-DOCX-FAINT", wordFile(t, `<w:p><w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>白字</w:t></w:r></w:p>`), "", ""},
		{"one-point text", "H-DOCX-FAINT", "H-DOCX-FAINT", wordFile(t, `<w:p><w:r><w:rPr><w:sz w:val="2"/></w:rPr><w:t>小字</w:t></w:r></w:p>`), "", ""},
		{"white text on a dark ground is seen", "", "", wordFile(t, `<w:p><w:r><w:rPr><w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="C00000"/></w:rPr><w:t>白字</w:t></w:r></w:p>`), "", ""},
		{"REV-43 the author is stripped", "H-META-NAME H-META-TRACE", "", changed(t, plainWord(t), map[string]func(string) string{
			"docProps/core.xml": replace("</cp:coreProperties>", `<dc:creator>王某某</dc:creator><cp:lastModifiedBy>Administrator</cp:lastModifiedBy></cp:coreProperties>`)}), "王某某", ""},
		{"an old title", "H-META-NAME", "", changed(t, plainWord(t), map[string]func(string) string{
			"docProps/core.xml": replace("关于做好公开工作的通知", "关于某人处分的决定")}), "处分", ""},
		{"a template on a share", "H-OBJ-LINK", "", changed(t, wordFile(t, "", "word/_rels/settings.xml.rels",
			`<Relationships `+relNS+`><Relationship Id="rId1" Type="`+relOf+`attachedTemplate" Target="file:///\\srv\t.dotm" TargetMode="External"/></Relationships>`),
			map[string]func(string) string{"word/settings.xml": replace("<w:evenAndOddHeaders/>", `<w:attachedTemplate xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"/><w:evenAndOddHeaders/>`)}), "srv", ""},
		{"a link to a local file", "H-OBJ-LINK", "", changed(t, wordFile(t, `<w:p><w:hyperlink r:id="rIdXhyperlink"><w:r><w:t>见附件</w:t></w:r></w:hyperlink></w:p>`),
			map[string]func(string) string{rels: related("hyperlink", `file:///C:\Users\wang\a.docx`, ` TargetMode="External"`)}), "wang", ""},
		{"a link to a site", "", "", changed(t, wordFile(t, `<w:p><w:hyperlink r:id="rIdXhyperlink"><w:r><w:t>见网站</w:t></w:r></w:hyperlink></w:p>`),
			map[string]func(string) string{rels: related("hyperlink", `https://www.example.gov.cn/users/a`, ` TargetMode="External"`)}), "", ""},
		{"an embedded workbook", "H-OBJ-EMBED", "H-OBJ-EMBED", changed(t, wordFile(t, "", "word/embeddings/a.xlsx", "x"),
			map[string]func(string) string{rels: related("package", "embeddings/a.xlsx", "")}), "", ""},
		{"a preview", "H-META-THUMB", "", changed(t, wordFile(t, "", "docProps/thumbnail.jpeg", "x"),
			map[string]func(string) string{"_rels/.rels": related("thumbnail", "docProps/thumbnail.jpeg", "")}), "thumbnail", ""},
		{"a macro", "H-OBJ-MACRO", "", changed(t, wordFile(t, "", "word/vbaProject.bin", "x"),
			map[string]func(string) string{rels: related("vbaProject", "vbaProject.bin", ""), "[Content_Types].xml": replace("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "application/vnd.ms-word.document.macroEnabled.main+xml")}), "macroEnabled", ""},
		{"a part that nothing uses", "H-OBJ-ORPHAN", "", wordFile(t, "", "word/media/old.txt", "旧"), "", ""},
		{"document variables and edit numbers", "H-META-CUSTOM H-META-TRACE", "", changed(t, plainWord(t), map[string]func(string) string{
			"word/settings.xml": replace("<w:evenAndOddHeaders/>", `<w:evenAndOddHeaders/><w:docVars><w:docVar w:name="a" w:val="b"/></w:docVars><w:rsids><w:rsid w:val="00A1"/></w:rsids>`)}), "docVar", ""},
		{"custom properties", "H-META-CUSTOM", "", changed(t, wordFile(t, "", "docProps/custom.xml", `<Properties><property name="经办人"><lpwstr>赵某</lpwstr></property></Properties>`),
			map[string]func(string) string{"_rels/.rels": related("custom-properties", "docProps/custom.xml", "")}), "赵某", ""},
		{"a cropped picture", "H-OBJ-CROP", "H-OBJ-CROP", wordFile(t, `<w:p><w:r><w:drawing><a:srcRect xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" l="25000"/></w:drawing></w:r></w:p>`), "", ""},
		{"a field with a path", "H-DOCX-FIELD", "H-DOCX-FIELD", wordFile(t, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> INCLUDEPICTURE "C:\\Users\\wang\\a.png" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`), "", ""},
		{"a list of choices", "H-DOCX-CONTROL", "H-DOCX-CONTROL", wordFile(t, `<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:value="不予公开"/></w:dropDownList></w:sdtPr><w:sdtContent><w:p/></w:sdtContent></w:sdt>`), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := rules(hits(t, "通知.docx", c.data)); got != c.want {
				t.Fatalf("found %q, want %q", got, c.want)
			}
			out, left := cleaned(t, "通知.docx", c.data)
			if left != c.left {
				t.Errorf("left %q, want %q", left, c.left)
			}
			if got, want := text(t, document.Reader{}, "通知.docx", out), text(t, document.Reader{}, "通知.docx", c.data); got != want {
				t.Errorf("the copy says %q, not %q", got, want)
			}
			for _, n := range names(t, out) {
				if c.gone != "" && (strings.Contains(partOf(t, out, n), c.gone) || strings.Contains(n, c.gone)) {
					t.Errorf("%s still has %s", n, c.gone)
				}
			}
			untouched(t, c.data, out, "word/document.xml", "word/settings.xml", "docProps/core.xml", "_rels/.rels", rels, "[Content_Types].xml", "word/_rels/settings.xml.rels")
		})
	}
	place := hits(t, "a.docx", wordFile(t, "", "word/comments.xml", `<w:comments `+wordNS+`><w:comment w:author="张某"/><w:comment w:author="张某"/></w:comments>`))
	if len(place) < 2 || place[1].Place != "批注（word/comments.xml）第2条，作者张某" {
		t.Errorf("places %+v", place)
	}
}

func plainWord(t testing.TB) []byte { return wordFile(t, "") }

func TestUnreadable(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		word string
	}{
		"空.txt":     {nil, "空"},
		"坏.docx":    {documenttest.Zip(t, "word/document.xml", "<w:document><w:body>"), "word/document.xml"},
		"坏.pdf":     {[]byte("%PDF-1.7\nrubbish"), "PDF"},
		"密.pdf":     {makePDF("/Encrypt << /Filter /Standard >>", "", page1), "密码"},
		"a.rar":     {[]byte("Rar!\x1a\x07\x00\x01\x02\x03"), "RAR"},
		"a.exe":     {[]byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"), "程序"},
		"坏.jpg":     {[]byte("\xff\xd8\xff\xe1\xff\xff12"), "图片"},
		"炸.docx":    {documenttest.Zip(t, "word/document.xml", strings.Repeat("<w:p/>", 2<<20)), "炸弹"},
		"断.zip":     {documenttest.Zip(t, "a.txt", "文字")[:30], "损坏"},
		"两.docx":    {documenttest.Zip(t, "word/document.xml", "<a/>", "word/document.xml", "<b/>"), "同名"},
		"加密.docx":   {compoundOf("EncryptedPackage"), "密码"},
		"深.docx":    {documenttest.Zip(t, "word/document.xml", strings.Repeat("<a>", 300)+strings.Repeat("</a>", 300)), "嵌套"},
		"过大的文本.txt": {bytes.Repeat([]byte("文"), 65<<20/3), "64 MB"},
	} {
		t.Run("REV-48 "+name, func(t *testing.T) {
			list := hits(t, name, c.data)
			i := slices.IndexFunc(list, func(h check.Hit) bool { return h.Rule == "H-FILE-UNREADABLE" })
			if i < 0 || list[i].Severity != check.Block || !strings.HasPrefix(list[i].Message, "文件无法检查，不能发布：") || !strings.Contains(list[i].Message, c.word) {
				t.Errorf("hits %+v", list)
			}
			if _, _, err := Clean(context.Background(), name, c.data); fault.Text(err) == "" {
				t.Errorf("clean: %v", err)
			}
		})
	}
}

func TestText50MB(t *testing.T) {
	if list := hits(t, "a.txt", bytes.Repeat([]byte("公开文字。\n"), 50<<20/16)); len(list) > 0 {
		t.Errorf("%+v", list)
	}
}

func TestEnds(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := New().CheckFile(ctx, "a.docx", plainWord(t), func(check.Hit) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled check gives %v", err)
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"关于印发工作要点的通知.txt": "", "内部审计结果公告.txt": "", "通知（内部）.txt": "H-FILE-NAME", "方案最终版3.txt": "H-FILE-NAME",
		"名单13800000000.txt": "H-FILE-NAME", "方案-修改意见.txt": "H-FILE-NAME", "图.png": "H-FILE-TYPE", "附件": "", "2026.11.25": "",
	} {
		if got := rules(hits(t, name, []byte("公开文字"))); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestZip(t *testing.T) {
	word := changed(t, plainWord(t), map[string]func(string) string{"docProps/core.xml": replace("</cp:coreProperties>", `<dc:creator>王某某</dc:creator></cp:coreProperties>`)})
	one := documenttest.Zip(t, "通知.docx", string(word), "说明.txt", "公开", "__MACOSX/._a", "x", "~$通知.docx", "y")
	two := documenttest.Zip(t, "里.zip", string(one))
	three := documenttest.Zip(t, "中.zip", string(two))
	four := documenttest.Zip(t, "外.zip", string(three))
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"REV-47 members are opened":           {one, "H-META-NAME H-ZIP-JUNK"},
		"REV-47 a zip file in a zip file":     {two, "H-META-NAME H-ZIP-JUNK"},
		"REV-47 three levels":                 {three, "H-META-NAME H-ZIP-JUNK"},
		"REV-47 a fourth level is not opened": {four, "H-ZIP-DEPTH"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := rules(hits(t, "a.zip", c.data)); got != c.want {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
	out, left := cleaned(t, "a.zip", two)
	if left != "" || strings.Join(names(t, []byte(partOf(t, out, "里.zip"))), " ") != "通知.docx 说明.txt" {
		t.Errorf("left %q, members %v", left, names(t, out))
	}
	// A member that cannot be read blocks; the others are cleaned.
	out, left = cleaned(t, "a.zip", documenttest.Zip(t, "通知.docx", string(word), "坏.pdf", "%PDF-1.7"))
	if left != "H-FILE-UNREADABLE" || strings.Contains(partOf(t, []byte(partOf(t, out, "通知.docx")), "docProps/core.xml"), "王某某") {
		t.Errorf("left %q", left)
	}
}

func TestHTML(t *testing.T) {
	for name, c := range map[string]struct{ page, want, clean string }{
		"plain":                {`<p style="color:#333">公开</p>`, "", `<p style="color:#333">公开</p>`},
		"hidden text":          {`<p>公开<span style="display:none">内部</span></p>`, "H-HTML-HIDDEN", `<p>公开<span style="display:none"></span></p>`},
		"size nought":          {`<p>公开<b style="FONT-SIZE: 0px">内<b>部</b></b></p>`, "H-HTML-HIDDEN", `<p>公开<b style="FONT-SIZE: 0px"></b></p>`},
		"colour of the ground": {`<p style="color:#FFF;background-color:white">内部</p>`, "H-HTML-HIDDEN", `<p style="color:#FFF;background-color:white"></p>`},
		"hidden without words": {`<p>公开<span style="display:none"> &nbsp;</span></p>`, "", ""},
		"Word's comment":       {`<p>公开</p><!--[if gte mso 9]><xml>王某</xml><![endif]-->`, "H-HTML-OFFICE", `<p>公开</p>`},
		"a comment of a page":  {`<p>公开</p><!-- 正文结束 -->`, "", ""},
		"local path":           {`<p><img src="file:///C:/Users/a/1.png">公开</p>`, "H-HTML-PATH", ""},
		"users":                {`<p data-author="王某">公开</p>`, "H-HTML-USER", ""},
		"zero width":           {"<p>公\u200b开</p>", "H-TEXT-ZERO", "<p>公开</p>"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := rules(hits(t, "a.html", []byte(c.page))); got != c.want {
				t.Fatalf("found %q, want %q", got, c.want)
			}
			if out, _ := cleaned(t, "a.html", []byte(c.page)); c.clean != "" && string(out) != c.clean {
				t.Errorf("copy %s", out)
			}
		})
	}
	if h := hits(t, "a.html", []byte(`<html><script src=a></script><div style="display:none">菜单</div></html>`)); len(h) != 1 || h[0].Severity != check.Confirm {
		t.Errorf("a page with scripts: %+v", h)
	}
}

func TestRules(t *testing.T) {
	if _, err := check.New(New()); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkDocx(b *testing.B) {
	data := wordFile(b, strings.Repeat(`<w:p><w:r><w:t>公开文字，公开文字，公开文字。</w:t></w:r></w:p>`, 500))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		hits(b, "a.docx", data)
	}
}

func BenchmarkPDF(b *testing.B) {
	var pages []string
	for i := range 50 {
		pages = append(pages, strings.Repeat(show(72, 700-i, 12, "公开文字，公开文字，公开文字。"), 40))
	}
	data := makePDF("", "", pages...)
	for b.Loop() {
		hits(b, "a.pdf", data)
	}
}
