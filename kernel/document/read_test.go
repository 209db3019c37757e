package document

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/kernel/fault"
)

func dump(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func mustRead(t testing.TB, data []byte) *Document {
	t.Helper()
	doc, err := Read(context.Background(), "样本", data, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// refuses checks that the file is refused with a message that holds the words.
func refuses(t testing.TB, data []byte, limits Limits, kind fault.Kind, words ...string) {
	t.Helper()
	doc, err := Read(context.Background(), "样本", data, limits)
	if err == nil {
		t.Fatalf("read as %s, want a refusal with %q", dump(doc), words)
	}
	if !fault.Is(err, kind) {
		t.Fatalf("%v (cause %+v), want kind %d", err, err, kind)
	}
	for _, w := range words {
		if !strings.Contains(fault.Text(err), w) {
			t.Fatalf("%q does not say %q", fault.Text(err), w)
		}
	}
}

// plain writes blocks in a short form: paragraphs as lines, tables as rows with
// | between cells, / between a cell's paragraphs, > for a place covered from the
// left and ^ from above.
func plain(doc *Document) string {
	var b strings.Builder
	for _, block := range doc.Blocks {
		if p := block.Para; p != nil {
			b.WriteString(p.Number + p.Text + "\n")
			continue
		}
		b.WriteString(grid(block.Table))
	}
	return b.String()
}

func grid(t *Table) string {
	var b strings.Builder
	for r, row := range t.Grid() {
		for k, c := range row {
			if k > 0 {
				b.WriteString("|")
			}
			switch {
			case c == nil:
				b.WriteString("?")
			case c.Row < r:
				b.WriteString("^")
			case c.Col < k:
				b.WriteString(">")
			default:
				for i, p := range c.Paras {
					if i > 0 {
						b.WriteString("/")
					}
					b.WriteString(p.Number + p.Text)
				}
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func wantPlain(t testing.TB, doc *Document, want string) {
	t.Helper()
	if got := strings.TrimSpace(plain(doc)); got != strings.TrimSpace(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, strings.TrimSpace(want))
	}
}

// shared finds a folder of outside samples; the test passes without it.
func shared(t testing.TB, path string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "..", "shared", "data", path)
		}
		if up := filepath.Dir(dir); up != dir {
			dir = up
			continue
		}
		return ""
	}
}
