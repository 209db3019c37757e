package document

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRealFiles reads the documents of real offices that stand beside the
// repository on some machines; nothing of them is kept here.
func TestRealFiles(t *testing.T) {
	plans, err := filepath.Glob(shared(t, "plans/*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(plans, shared(t, "plan-2022.txt")) {
		data, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		want := strings.ReplaceAll(string(trimCut(data)), "\r\n", "\n")
		want = strings.TrimPrefix(strings.TrimSuffix(want, "\n"), "\ufeff")
		lines := make([]string, 0, 100)
		for _, b := range mustRead(t, data).Blocks {
			lines = append(lines, b.Para.Text)
		}
		if got := strings.Join(lines, "\n"); got != want {
			t.Errorf("%s does not stand as it is in its file", filepath.Base(path))
		}
	}
	page, err := os.ReadFile(shared(t, "site/handan-details.html"))
	if os.IsNotExist(err) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	doc := mustRead(t, page)
	text := plain(doc)
	if !strings.Contains(text, doc.Title) || !strings.Contains(text, "索引号") || strings.Contains(text, "网站地图") {
		t.Errorf("the page was read as\n%s", text)
	}
}
