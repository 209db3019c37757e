package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/kernel/document"
)

// checkedFile is one object of `check --json`.
type checkedFile struct {
	File       string
	Characters int
	Error      string
	Hits       []map[string]any
}

func TestCheckText(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "通知.txt", "请登陆网站查询。\n会议定于2022年6月17日（星期四）召开。\n")
	code, out, errs := call(t, "check", file, "--json")
	if code != exitFound {
		t.Fatal(code, errs)
	}
	var got checkedFile
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if got.File != "通知.txt" || len(got.Hits) != 2 || got.Characters != 32 {
		t.Fatalf("%+v", got)
	}
	h := got.Hits[0]
	for key, want := range map[string]any{"kind": "wording", "severity": "confirm", "start": 1.0, "end": 3.0, "text": "登陆", "replace": "登录"} {
		if h[key] != want {
			t.Errorf("%s is %v, want %v", key, h[key], want)
		}
	}
	for _, key := range []string{"rule", "message", "source"} {
		if h[key] == "" || h[key] == nil {
			t.Errorf("no %s in %v", key, h)
		}
	}
	if code, out, _ = call(t, "check", file); code != exitFound || !strings.Contains(out, "应为“登录”") || !strings.Contains(out, "第2行") {
		t.Error(code, out)
	}
	if code, out, _ = call(t, "check", file, "--html"); code != exitFound || !strings.Contains(out, `<mark class="confirm"`) || strings.Contains(out, "<script") {
		t.Error(code, out)
	}
	clean := write(t, dir, "干净.txt", "请登录网站查询办理进度。\n")
	if code, out, _ = call(t, "check", clean); code != exitOK || !strings.Contains(out, "没有发现问题") {
		t.Error(code, out)
	}
}

func TestCheckRefusals(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"nothing there":   {[]string{"check", filepath.Join(dir, "没有.txt")}, exitInvalid, "打不开文件"},
		"a folder":        {[]string{"check", dir}, exitInvalid, "是文件夹"},
		"a day":           {[]string{"check", write(t, dir, "a.txt", "正文"), "--date", "17.6."}, exitInvalid, "日期“17.6.”"},
		"no folder":       {[]string{"check", "eval", filepath.Join(dir, "没有")}, exitInvalid, "没有文件夹"},
		"both forms":      {[]string{"check", "--json", "--html", "a.txt"}, exitUsage, "--json"},
		"nothing to read": {[]string{"check", write(t, dir, "b.bin", "\x00\x01\x02\x03\xff\xfe\x00")}, exitFound, "文件无法检查，不能发布"},
	} {
		code, out, errs := call(t, c.args...)
		if code != c.code || !strings.Contains(out+errs, c.says) {
			t.Errorf("%s: %d %s %s", name, code, out, errs)
		}
	}
}

// A file with a comment in it, and the copy without it.
func TestCheckClean(t *testing.T) {
	dir := t.TempDir()
	var file bytes.Buffer
	d := &document.Docx{Name: "通知"}
	d.Text(document.Body, "请按时报送。")
	if err := d.Write(&file); err != nil {
		t.Fatal(err)
	}
	var with bytes.Buffer
	out := zip.NewWriter(&with)
	in, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range in.File {
		if err := out.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	note, err := out.Create("word/comments.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Write([]byte(`<?xml version="1.0"?><w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:comment w:id="0" w:author="某人"><w:p><w:r><w:t>此处请再核</w:t></w:r></w:p></w:comment></w:comments>`)); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "通知.docx")
	if err := os.WriteFile(path, with.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	code, said, errs := call(t, "check", path, "--clean", filepath.Join(dir, "clean"))
	if code != exitFound || !strings.Contains(said, "批注") {
		t.Fatal(code, said, errs)
	}
	if _, said, errs = call(t, "check", filepath.Join(dir, "clean", "通知.docx")); strings.Contains(said, "批注") {
		t.Error(said, errs)
	}
}

func TestCheckEvalAndRules(t *testing.T) {
	if code, out, errs := call(t, "check", "eval"); code != exitOK || !strings.Contains(out, "召回率") || !strings.Contains(out, "personal") {
		t.Error(code, out, errs)
	}
	if code, out, _ := call(t, "check", "rules"); code != exitOK || strings.Count(out, "\n") < 200 {
		t.Error(code, strings.Count(out, "\n"))
	}
}
