package plan_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHelp holds that every page has its help behind "?".
func TestHelp(t *testing.T) {
	text, err := os.ReadFile("help.md")
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("template/*.html")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		view := strings.TrimSuffix(filepath.Base(name), ".html")
		if strings.HasPrefix(view, "part-") || strings.HasSuffix(view, "card") {
			continue // not a page of its own
		}
		if !strings.Contains(string(text), "{#"+view+"}\n") {
			t.Errorf("the page %s has no help", view)
		}
	}
}
