package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/alecthomas/kong"
)

// call runs a command line in a data folder of its own.
func call(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func TestHelpIsChineseAndNamesEveryOption(t *testing.T) {
	parser, err := kong.New(&Commands{}, kong.Name("gongkai"), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *kong.Node, path []string)
	walk = func(n *kong.Node, path []string) {
		code, out, errs := call(t, append(append([]string{}, path...), "--help")...)
		if code != exitOK || errs != "" {
			t.Errorf("%v --help: %d %s", path, code, errs)
		}
		for _, f := range n.Flags {
			if !strings.Contains(out, "--"+f.Name) {
				t.Errorf("%v --help does not name --%s", path, f.Name)
			}
		}
		for _, c := range n.Children {
			if !c.Hidden && !strings.Contains(out, c.Help) {
				t.Errorf("%v --help does not name %s", path, c.Name)
			}
			if !strings.ContainsFunc(c.Help, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s: help %q is not Chinese", c.Name, c.Help)
			}
			walk(c, append(append([]string{}, path...), c.Name))
		}
	}
	walk(parser.Model.Node, nil)
}

func TestWrongUsage(t *testing.T) {
	for _, args := range [][]string{{"nonsense"}, {"serve", "--nonsense"}, {"calendar", "add"}, {"user", "add", "x"}, {"audit"}, {"plan", "parse"}} {
		if code, _, errs := call(t, args...); code != exitUsage || !strings.Contains(errs, "\n用法：gongkai") {
			t.Errorf("%v: %d %s", args, code, errs)
		}
	}
}

func TestCompletionParses(t *testing.T) {
	code, out, errs := call(t, "completion", "bash")
	if code != exitOK {
		t.Fatal(errs)
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal(err)
	}
	check := exec.Command(bash, "-n")
	check.Stdin = strings.NewReader(out)
	if text, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, text)
	}
	if !strings.Contains(out, "checkpoint") || !strings.Contains(out, "--listen") {
		t.Errorf("commands or options are missing: %s", out)
	}
	for _, shell := range []string{"zsh", "fish"} {
		if code, out, _ := call(t, "completion", shell); code != exitOK || !strings.Contains(out, "calendar") {
			t.Errorf("%s: %d", shell, code)
		}
	}
	if code, _, _ := call(t, "completion", "tcsh"); code != exitInvalid {
		t.Errorf("an unknown shell: %d", code)
	}
}

func TestTheLifeOfAHouse(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("GONGKAI_DATA", filepath.Join(dir, "data"))
	must := func(code int, part string, args ...string) string {
		t.Helper()
		got, out, errs := call(t, args...)
		if got != code || !strings.Contains(out+errs, part) {
			t.Fatalf("gongkai %v: %d, want %d with %q\n%s%s", args, got, code, part, out, errs)
		}
		return out
	}
	must(exitOK, "周", "calendar", "add", "2022-06-17", "20") // without a house
	must(exitOK, "2022-06-10 周五", "calendar", "add", "2022-06-17", "-5")
	must(exitUsage, "用法：gongkai calendar add 日期 期限", "calendar", "add", "2022-06-17")
	must(exitOK, "go1.", "version")
	must(exitInvalid, "还没有建立平台", "serve")
	must(exitInvalid, "--name", "init")
	must(exitInvalid, "结尾", "init", "--name", "江澄区", "--full", "江州市")
	must(exitOK, "sysadmin", "init", "--name", "江澄区", "--full", "江州市江澄区")
	must(exitInvalid, "没有改动任何内容", "init", "--name", "江澄区")
	must(exitOK, "已有数据，不改动", "demo")
	must(exitOK, "auditor", "user", "list")
	must(exitInvalid, "没有账号", "user", "reset", "nobody")
	must(exitOK, "新初始密码", "user", "reset", "sysadmin")
	must(exitOK, "已停用", "user", "disable", "auditor")
	must(exitOK, "已停用", "user", "list", "auditor")
	sheet := filepath.Join(dir, "org.xlsx")
	must(exitOK, "已写出", "org", "export", sheet)
	must(exitInvalid, "没有覆盖", "org", "export", sheet)
	must(exitOK, "不变", "org", "import", sheet)
	must(exitOK, "已写出", "org", "template", filepath.Join(dir, "template.xlsx"))
	must(exitInvalid, "打不开文件", "org", "import", filepath.Join(dir, "nothing.xlsx"))
	point := must(exitOK, `"signature"`, "audit", "checkpoint")
	kept := filepath.Join(dir, "points.jsonl")
	if err := os.WriteFile(kept, []byte(point), 0o600); err != nil {
		t.Fatal(err)
	}
	must(exitOK, "审计链完整", "audit", "verify", "--checkpoints", kept)
	export := filepath.Join(dir, "audit.jsonl")
	must(exitOK, "已写出", "audit", "export", export)
	must(exitOK, "审计链完整", "audit", "verify", "--export", export)
	text, err := os.ReadFile(export)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(export, bytes.Replace(text, []byte("unit.add"), []byte("unit.bad"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	must(exitFound, "改动", "audit", "verify", "--export", export)
	backup := filepath.Join(dir, "b.tar")
	must(exitOK, "已写出", "backup", backup)
	must(exitOK, "备份完整", "backup", backup, "--check")
	must(exitFound, "不是备份文件", "backup", sheet, "--check")
	must(exitInvalid, "已有数据", "restore", backup)
	keys := filepath.Join(dir, "data", "keys")
	t.Setenv("GONGKAI_DATA", filepath.Join(dir, "second"))
	must(exitInvalid, "密钥", "restore", backup)
	if err := os.CopyFS(filepath.Join(dir, "second", "keys"), os.DirFS(keys)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "second", "keys", "keyring"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(exitOK, "已恢复", "restore", backup)
	must(exitOK, "审计链完整", "audit", "verify")
	must(exitOK, "auditor", "user", "list")
}
