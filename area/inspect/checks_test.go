package inspect_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTableOfChecks holds docs/checks-of-sites.md against the code: a file that is
// said to decide a check names it; and against the handbook, where that is at hand:
// every check of its tables stands on the page, once.
func TestTableOfChecks(t *testing.T) {
	page, err := os.ReadFile("../../docs/checks-of-sites.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| ((?:WEB|NORM|PLAT)-\d+) \| (\w+) \| ([^|]*)\| ([^|]+) \|$`)
	known := map[string]bool{}
	for _, g := range row.FindAllStringSubmatch(string(page), -1) {
		check, how, files := g[1], g[2], strings.Fields(g[3])
		if known[check] {
			t.Errorf("%s stands there twice", check)
		}
		known[check] = true
		if !slices.Contains([]string{"decided", "proposed", "asked", "counted", "browser", "own"}, how) {
			t.Errorf("%s: what is %q", check, how)
		}
		if (how == "own") != (len(files) == 0) {
			t.Errorf("%s is %s and names %d files", check, how, len(files))
		}
		for _, name := range files {
			if b, err := os.ReadFile(name); err != nil || !regexp.MustCompile(check+`\b`).Match(b) {
				t.Errorf("%s: %s does not name it (%v)", check, name, err)
			}
		}
	}
	if len(known) < 200 {
		t.Fatalf("%d checks only", len(known))
	}
	asked := regexp.MustCompile(`(?m)^(?:- |\| )((?:WEB|NORM|PLAT)-\d+) `)
	for _, name := range []string{"website-inspection.md", "website-norms.md", "disclosure-platform.md"} {
		book, err := os.ReadFile(filepath.Join("../../../shared/domain", name))
		if os.IsNotExist(err) {
			continue // not at hand
		} else if err != nil {
			t.Fatal(err)
		}
		for _, g := range asked.FindAllStringSubmatch(string(book), -1) {
			if !known[g[1]] {
				t.Errorf("%s of %s is missing", g[1], name)
			}
		}
	}
}
