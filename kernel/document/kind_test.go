package document

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/traditionalchinese"

	"gongkai/kernel/document/documenttest"
	"gongkai/kernel/fault"
)

func TestSniff(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		want Kind
	}{
		"text":             {"政务公开工作要点", KindText},
		"text with a tag":  {"见 <p> 标签的用法", KindText},
		"GB18030":          {string(gb18030(t, "政务公开工作要点")), KindText},
		"html":             {"<!DOCTYPE html><title>a</title>", KindHTML},
		"html, bare":       {"\ufeff\n<div class=a><p>甲</p></div>", KindHTML},
		"xhtml":            {`<?xml version="1.0"?><!DOCTYPE html><html></html>`, KindHTML},
		"xml":              {`<?xml version="1.0"?><a/>`, KindXML},
		"pdf":              {"junk\n%PDF-1.4\n", KindPDF},
		"rtf":              {`{\rtf1 a}`, KindRTF},
		"png":              {"\x89PNG\r\n\x1a\n0000", KindPNG},
		"jpeg":             {"\xff\xd8\xff\xe0\x00\x10JFIF\x00", KindJPEG},
		"program":          {"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00", KindRuns},
		"windows program":  {"MZ\x90" + strings.Repeat("\x00", 2000), KindRuns},
		"one with a PDF":   {"MZ\x90\x00%PDF-1.4\n", KindRuns},
		"text on scripts":  {"禁止使用 WScript.Shell 和 #!/bin/sh", KindText},
		"text with MZ":     {"MZ 型消防车采购公告", KindText},
		"batch":            {"@echo off\r\ndel *.*\r\n", KindRuns},
		"shell":            {"#!/bin/sh\nrm -rf /\n", KindRuns},
		"php":              {"<?php system($_GET['a']);", KindRuns},
		"vbs":              {"Set s = CreateObject(\"WScript.Shell\")", KindRuns},
		"script of a page": {"<script>alert(1)</script>", KindHTML},
		"svg":              {"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>", KindSVG},
		"svg, declared":    {"<?xml version=\"1.0\"?>\n<svg><script/></svg>", KindSVG},
		"docx":             {string(word(t, "")), KindDocx},
		"zip":              {string(documenttest.Zip(t, "a.txt", "a")), KindZip},
		"ofd":              {string(documenttest.Zip(t, "OFD.xml", "a")), KindOFD},
		"doc":              {string(compound("WordDocument", []byte{})), KindDoc},
		"ppt":              {string(compound("PowerPoint Document", []byte{})), KindPpt},
	} {
		if got, err := Sniff([]byte(c.data)); err != nil || got != c.want {
			t.Errorf("%s: got %q, %v; want %q", name, got, err, c.want)
		}
		if c.want.Title() == "" {
			t.Errorf("%s has no name", c.want)
		}
	}
}

func TestScanMacro(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"docx":             {word(t, "文"), ""},
		"docm":             {word(t, "文", "word/vbaProject.bin", "x"), "VBA"},
		"a renamed one":    {word(t, "文", "word/a.bin", "x", "[Content_Types].xml", `<Override ContentType="application/vnd.ms-office.vbaProject"/>`), "VBA"},
		"xlsx macro sheet": {word(t, "文", "xl/macrosheets/sheet1.xml", "x"), "Excel 4.0"},
		"activex":          {word(t, "文", "word/activeX/activeX1.bin", "x"), "ActiveX"},
		"doc":              {makeDoc([]docPart{{"文\r", ""}}, 0, nil, nil), ""},
		"doc with macros":  {compound("WordDocument", []byte{}, "Macros/", []byte{}), "VBA"},
		"xls":              {makeXls(2, nil), ""},
		"xls macro sheet":  {makeXls(1, nil), "Excel 4.0"},
		"pdf":              {makePDF("", ""), ""},
		"pdf with script":  {makePDF("/OpenAction << /S /JavaScript /JS (app.alert) >>", ""), "脚本"},
		"text":             {[]byte("文"), ""},
	} {
		if got, err := ScanMacro(c.data); strings.Contains(got, "里") || err != nil || (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, %v; want %q", name, got, err, c.want)
		}
	}
}

func TestEncodings(t *testing.T) {
	const text = "第一行\t甲\n　　第二行\n\n末行〔2022〕24号"
	little := []byte{0xff, 0xfe}
	big := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(text)) {
		little = append(little, byte(u), byte(u>>8))
		big = append(big, byte(u>>8), byte(u))
	}
	gb := gb18030(t, text)
	for name, data := range map[string][]byte{
		"UTF-8": []byte(text), "with BOM": []byte("\ufeff" + text), "UTF-16 LE": little, "UTF-16 BE": big, "GB18030": gb,
		"cut UTF-8": append([]byte(text), "号"[:2]...), "cut GB18030": append(bytes.Clone(gb), 0xba), "padded": append([]byte(text), 0, 0, 0),
	} {
		if got, err := DecodeText(data); err != nil || got != text {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
	const old = "臨江區2023年政務公開工作要點任務分工，按期公開部門預算，接受社會監督，推動工作落實。"
	five, err := traditionalchinese.Big5.NewEncoder().String(old)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := DecodeText([]byte(five)); err != nil || got != old {
		t.Errorf("Big5: got %q, %v", got, err)
	}
	// One broken byte in a long text costs one character, not all of them.
	broken := []byte(strings.Repeat(text, 20))
	broken[100] = 0xff
	if got, err := DecodeText(broken); err != nil || !strings.Contains(got, "末行") {
		t.Errorf("got %q, %v", got, err)
	}
	doc := mustRead(t, []byte(text+"\r\n"))
	if len(doc.Blocks) != 4 || doc.Blocks[1].Para.Text != "　　第二行" || doc.Blocks[2].Para.Text != "" || doc.Blocks[3].Para.Line != 4 {
		t.Errorf("lines read as %s", dump(doc))
	}
}

func TestWrongFiles(t *testing.T) {
	refuses(t, nil, Limits{}, fault.Invalid, "「样本」", "是空的")
	refuses(t, []byte(" \r\n"), Limits{}, fault.Invalid, "是空的")
	refuses(t, []byte("\x01\x02\x03\x04\x00\x05\xff\xfe\x00\x01\x02"), Limits{}, fault.Invalid, "无法识别的文件")
	refuses(t, []byte("\x89PNG\r\n\x1a\n0000"), Limits{}, fault.Invalid, "是图片", "请改用 Word")
	refuses(t, documenttest.Zip(t, "a.txt", "a"), Limits{}, fault.Invalid, "压缩包")
	refuses(t, make([]byte, 2000), Limits{File: 1000}, fault.TooMany, "超过 1000 字节")
	refuses(t, []byte(strings.Repeat("行\n", 50)), Limits{Blocks: 40}, fault.TooMany, "40 个段落")
	refuses(t, []byte("<html>"+strings.Repeat("<div>", 300)+"文"), Limits{}, fault.Invalid, "嵌套")
	refuses(t, []byte("<html>"+strings.Repeat("<div>", 5000)+"文"), Limits{}, fault.Invalid, "嵌套")
	refuses(t, []byte("<html><table><tr><td colspan=5000>甲</td><td>乙</td></tr></table>"), Limits{}, fault.TooMany, "1000 列")
	refuses(t, word(t, wp("文"))[:80], Limits{}, fault.Invalid, "已损坏", "另存一份")
	refuses(t, []byte("PK\x03\x04"), Limits{}, fault.Invalid, "已损坏")
	refuses(t, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"), Limits{}, fault.Invalid, "已损坏")
}

// blanks reads as n spaces without holding them.
type blanks int64

func (z *blanks) Read(p []byte) (int, error) {
	if *z <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), int64(*z))
	for i := range p[:n] {
		p[i] = ' '
	}
	*z -= blanks(n)
	return int(n), nil
}

func TestHugeFileIsNotHeld(t *testing.T) {
	huge := blanks(500 << 20)
	if _, err := (Reader{}).Read(t.Context(), "大文件.docx", &huge); !fault.Is(err, fault.TooMany) || !strings.Contains(fault.Text(err), "「大文件.docx」超过 64 MB") {
		t.Errorf("got %v", err)
	}
	if huge < 400<<20 {
		t.Errorf("only %d bytes were left unread", huge)
	}
}

// bombFile writes a .docx or .xlsx whose part holds n blanks and declares `says`
// bytes; says < 0 declares the truth.
func bombFile(t testing.TB, part string, n int64, says int64) []byte {
	t.Helper()
	var packed bytes.Buffer
	f, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	z := blanks(n)
	if _, err := io.Copy(f, &z); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if says < 0 {
		says = n
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	raw, err := w.CreateRaw(&zip.FileHeader{Name: part, Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: uint64(says)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Write(packed.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBombs(t *testing.T) {
	for _, part := range []string{"word/document.xml", "xl/workbook.xml"} {
		refuses(t, bombFile(t, part, 20<<20, -1), Limits{}, fault.TooMany, "压缩炸弹")
		refuses(t, bombFile(t, part, 20<<20, 100<<10), Limits{}, fault.Invalid, "已损坏")
	}
	var many []string
	for range 6000 {
		many = append(many, "a", "")
	}
	refuses(t, documenttest.Zip(t, many...), Limits{}, fault.TooMany, "6000 个部件")
}
