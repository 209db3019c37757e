package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDocumentsAreOfThisProgram(t *testing.T) {
	kept, err := os.ReadFile("../../docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != configPage() {
		t.Error("docs/config.md is not of this program; run make docs")
	}
	dir := t.TempDir()
	if code, _, errs := call(t, "docs", dir); code != exitOK {
		t.Fatalf("docs: %d %s", code, errs)
	}
	for name, part := range map[string]string{"config.md": "GONGKAI_SMTP_TLS", "flows.md": "flows/duty.svg", "flows/duty.svg": "<svg", "checks.md": "| "} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.Contains(string(text), part) {
			t.Errorf("%s: %v, want %q in %.300s", name, err, part, text)
		}
		if _, err := os.Stat(filepath.Join("../../docs", name)); err != nil {
			t.Errorf("README and docs refer to docs/%s: %v", name, err)
		}
	}
}
