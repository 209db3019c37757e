package reader

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/kernel/document"
)

// lines makes the document that a .txt file is: a paragraph a line.
func lines(s string) *document.Document {
	doc := &document.Document{Format: "txt"}
	for i, l := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		doc.Blocks = append(doc.Blocks, document.Block{Para: &document.Paragraph{Text: l, Line: i + 1}})
	}
	return doc
}

// shared is a path in the data that is not part of the repository, or "".
func shared(t testing.TB, path string) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			p := filepath.Join(dir, "..", "shared", "data", path)
			if _, err := os.Stat(p); err == nil {
				return p
			}
		}
	}
	return ""
}

// pairs reads the .txt files of a folder that have a truth beside them.
func pairsIn(t testing.TB, dir string) []Pair {
	var out []Pair
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		truth, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		p := Pair{Name: strings.TrimSuffix(filepath.Base(f), ".json")}
		if err := json.Unmarshal(truth, &p.Want); err != nil {
			t.Fatal(f, err)
		}
		data, err := os.ReadFile(strings.TrimSuffix(f, ".json") + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		r, err := Read(lines(string(data)), Options{})
		if err != nil {
			p.Err = err
		} else {
			p.Got = r.Wire()
		}
		out = append(out, p)
	}
	return out
}

func TestDevelopmentSamples(t *testing.T) {
	dir := shared(t, "plans")
	if dir == "" {
		t.Log("no development data beside the repository")
		return
	}
	report := Evaluate(pairsIn(t, dir))
	t.Log("\n" + report.String())
	for name, s := range map[string]Score{"measures": report.All.Measures, "items": report.All.Items, "lead": report.All.Lead, "resp": report.All.Resp, "due": report.All.Due} {
		if s.F1() < 0.99 {
			t.Errorf("%s: F1 %.3f, want 0.99", name, s.F1())
		}
	}
}

func TestRealPlan(t *testing.T) {
	path := shared(t, "plan-2022.txt")
	if path == "" {
		t.Log("no real plan beside the repository")
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(lines(string(data)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	items, rows, measures := 0, map[int]bool{}, r.Measures()
	for _, s := range r.Sections {
		items += len(s.Items)
	}
	for _, m := range measures {
		rows[m.Row] = true
	}
	if len(r.Sections) != 5 || items != 17 || len(rows) != 33 || len(measures) != 52 {
		t.Errorf("%d sections, %d items, %d rows, %d measures", len(r.Sections), items, len(rows), len(measures))
	}
	if os.Getenv("SHOW") != "" {
		out, _ := json.MarshalIndent(r.Wire(), "", " ")
		t.Log(string(out))
	}
}

func TestOwnDocuments(t *testing.T) {
	pairs := pairsIn(t, "testdata")
	report := Evaluate(pairs)
	t.Log("\n" + report.String())
	for i, f := range report.Files {
		for _, s := range []Score{f.Measures, f.Items, f.Lead, f.Resp, f.Due} {
			if s.F1() < 1 {
				got, _ := json.Marshal(pairs[i].Got.Sections)
				t.Errorf("%s differs from its truth:\n%s", f.Name, got)
				break
			}
		}
		if got, want := pairs[i].Got.Title, pairs[i].Want.Title; got != want {
			t.Errorf("%s: title %q, want %q", f.Name, got, want)
		}
		if got, want := pairs[i].Got.Number, pairs[i].Want.Number; got != want {
			t.Errorf("%s: number %q, want %q", f.Name, got, want)
		}
	}
}
