package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"gongkai/kernel/document/documenttest"
)

// child is what the program did in a process of its own.
type child struct {
	code      int
	out, errs string
	peak      int64 // bytes of memory at the most
}

// spawn runs the program in a process of its own, whose memory can be measured.
// Arguments hold no spaces.
func spawn(t *testing.T, args ...string) child {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "GONGKAI_TEST_MAIN="+strings.Join(args, " "))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	c := child{code: cmd.ProcessState.ExitCode(), out: out.String(), errs: errs.String()}
	if use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.peak = use.Maxrss << 10
	}
	return c
}

// bomb is a docx of a few hundred kilobytes whose text would be n bytes.
func bomb(t *testing.T, n int) []byte {
	t.Helper()
	var b, body bytes.Buffer
	f, err := flate.NewWriter(&body, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	paragraph := []byte("<w:p><w:r><w:t>" + strings.Repeat("公", 1<<18) + "</w:t></w:r></w:p>")
	head, tail, _ := strings.Cut(documenttest.WordBody("|"), "|")
	size := 0
	for _, part := range [][]byte{[]byte(head), paragraph, []byte(tail)} {
		times := 1
		if len(part) == len(paragraph) {
			times = n / len(part)
		}
		for range times {
			w, err := f.Write(part)
			if err != nil {
				t.Fatal(err)
			}
			size += w
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&b)
	parts := documenttest.Word("")
	for i := 0; i < 4; i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := z.CreateRaw(&zip.FileHeader{Name: "word/document.xml", Method: zip.Deflate, CompressedSize64: uint64(body.Len()), UncompressedSize64: uint64(size)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Write(body.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// onePage is a PDF of one page that shows what content draws; trailer goes into
// the trailer dictionary.
func onePage(trailer, content string) string {
	var b strings.Builder
	var at []int
	for i, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\nA\nendstream",
	} {
		if i == 0 {
			b.WriteString("%PDF-1.7\n")
		}
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, trailer, start)
	return b.String()
}

// badFile is a file with which something is wrong, and what must be said of it.
type badFile struct {
	name string
	data []byte
	says []string // in the line of the file or in a hit's message
}

func badFiles(t *testing.T) []badFile {
	good := documenttest.Zip(t, documenttest.Word(documenttest.WordBody("<w:p><w:r><w:t>请登陆网站查询。</w:t></w:r></w:p>"))...)
	cut := func(b []byte, n int) []byte { return b[:len(b)*n/100] }
	text := []byte("请各单位按时报送政务公开工作总结，会议定于周五召开，请准时参加。\n")
	entity := `<!DOCTYPE d [<!ENTITY a "公开公开公开公开公开公开"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>`
	locked := "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + strings.Repeat("41", 32) + "> /U <" + strings.Repeat("42", 32) + "> >> /ID [<41><41>]"
	return []badFile{
		{"空.txt", nil, []string{"空的"}},
		{"乱.bin", []byte("\x00\x01\x02\x03\xff\xfe\x00\x05"), []string{"不能读出文字"}},
		{"六十五兆.txt", bytes.Repeat(text, 65<<20/len(text)+1), []string{"64 MB"}},
		{"炸弹.docx", bomb(t, 300<<20), []string{"压缩炸弹"}},
		{"层层.zip", documenttest.Zip(t, "a.zip", string(documenttest.Zip(t, "b.zip", string(documenttest.Zip(t, "c.zip", string(documenttest.Zip(t, "d.zip", string(documenttest.Zip(t, "e.txt", "文"))))))))), []string{"压缩包"}},
		{"缺尾.docx", cut(good, 60), []string{"损坏"}},
		{"断标签.docx", documenttest.Zip(t, documenttest.Word("<w:document><w:body><w:p>")...), []string{"损坏", "word/document.xml"}},
		{"乱标签.docx", documenttest.Zip(t, documenttest.Word("<w:document><w:body></w:p></w:body></w:document>")...), []string{"损坏"}},
		{"实体.docx", documenttest.Zip(t, documenttest.Word(entity+documenttest.WordBody("<w:p><w:r><w:t>&d;</w:t></w:r></w:p>"))...), []string{"损坏"}},
		{"太深.docx", documenttest.Zip(t, documenttest.Word(documenttest.WordBody(strings.Repeat("<w:p>", 5000)+strings.Repeat("</w:p>", 5000)))...), []string{"嵌套"}},
		{"两个正文.docx", documenttest.Zip(t, append(documenttest.Word(documenttest.WordBody("")), "word/document.xml", documenttest.WordBody(""))...), []string{"同名"}},
		{"坏表.xlsx", documenttest.Zip(t, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<workbook><sheets><sheet", "xl/worksheets/sheet1.xml", "<worksheet>"), []string{"损坏"}},
		{"坏.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\xff", 2000)), []string{"损坏"}},
		{"坏.pdf", []byte("%PDF-1.7\nrubbish"), []string{"损坏"}},
		{"加密.pdf", []byte(onePage(locked, "")), []string{"密码"}},
		{"扫描.pdf", []byte(onePage("", "q 500 0 0 700 40 40 cm /I Do Q")), []string{"没有文字层"}},
		{"坏.jpg", []byte("\xff\xd8\xff\xe1\xff\xff12"), []string{"图片"}},
		{"程序.exe", []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"), []string{"程序"}},
	}
}

// One command line with every bad file: each is named with what is wrong with it,
// those before and behind it are checked all the same, and memory stays bounded.
func TestCheckBadFiles(t *testing.T) {
	dir := t.TempDir()
	first := write(t, dir, "前.txt", "请登陆网站查询。\n")
	args, bad := []string{"check", "--json", first}, badFiles(t)
	for _, b := range bad {
		args = append(args, write(t, dir, b.name, string(b.data)))
	}
	c := spawn(t, append(args, write(t, dir, "后.docx", string(documenttest.Zip(t, documenttest.Word(documenttest.WordBody("<w:p><w:r><w:t>请登陆网站查询。</w:t></w:r></w:p>"))...))))...)
	if c.code != exitFound || c.errs != "" {
		t.Errorf("exit %d, said %q", c.code, c.errs)
	}
	if c.peak > 1<<30 {
		t.Errorf("took %d MB", c.peak>>20)
	}
	t.Logf("peak %d MB", c.peak>>20)
	said := map[string]checkedFile{}
	for in := json.NewDecoder(strings.NewReader(c.out)); ; {
		var one checkedFile
		if err := in.Decode(&one); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		said[one.File] = one
	}
	for _, name := range []string{"前.txt", "后.docx"} {
		if one := said[name]; one.Error != "" || len(one.Hits) != 1 || one.Hits[0]["text"] != "登陆" {
			t.Errorf("%s: %+v", name, one)
		}
	}
	for _, b := range bad {
		one, there := said[b.name]
		if !there {
			t.Errorf("%s is not named", b.name)
			continue
		}
		text, grave := one.Error, false
		for _, h := range one.Hits {
			text += fmt.Sprint("\n", h["message"])
			grave = grave || h["severity"] == "block" || h["severity"] == "confirm"
		}
		if !grave {
			t.Errorf("%s may be published without a question: %+v", b.name, one)
		}
		for _, words := range b.says {
			if !strings.Contains(text, words) {
				t.Errorf("%s: %q does not say %q", b.name, text, words)
			}
		}
		if strings.Contains(text, "panic") || strings.Contains(text, dir) {
			t.Errorf("%s: %q is no sentence for a clerk", b.name, text)
		}
	}
}

// A text of 20 MB, a table that some program wrote, is read to its end within
// bounds, though its lines are some megabytes long.
func TestCheckLargeText(t *testing.T) {
	t.Parallel()
	row := "000001,2026-11-25,13.50,完成,2000.00,3500.00"
	text := strings.Repeat(strings.Repeat(row+",", 100_000)+"\n", 20<<20/(100_000*(len(row)+1))) + "请登陆网站查询。\n"
	c := spawn(t, "check", "--json", write(t, t.TempDir(), "数据.txt", text))
	var one checkedFile
	if err := json.Unmarshal([]byte(c.out), &one); err != nil {
		t.Fatal(err, c.errs)
	}
	found := slices.ContainsFunc(one.Hits, func(h map[string]any) bool { return h["text"] == "登陆" })
	if c.code != exitFound || one.Error != "" || !found || len(one.Hits) > 1000 {
		t.Errorf("exit %d, %d hits, %s", c.code, len(one.Hits), one.Error)
	}
	if c.peak > 1<<30 {
		t.Errorf("took %d MB", c.peak>>20)
	}
	t.Logf("peak %d MB", c.peak>>20)
}
