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
	if r.Title != "渝中区2022年政务公开工作要点任务分工" || r.Number != "渝中府办〔2022〕24号" || r.Issuer != "重庆市渝中区人民政府办公室" || r.Date.String() != "2022-06-17" || len(r.Letter) != 3 {
		t.Errorf("%q %q %q %s, %d demands", r.Title, r.Number, r.Issuer, r.Date, len(r.Letter))
	}
	count := make([]int, len(realRows))
	for _, m := range measures {
		if m.Row < 1 || m.Row > len(realRows) {
			t.Fatalf("row %d", m.Row)
		}
		want := realRows[m.Row-1]
		count[m.Row-1]++
		lead, resp := joined(m.Lead), joined(m.Resp)
		if lead != want.lead || resp != strings.ReplaceAll(want.resp, "全区", "区政府各部门、管委会、街道办事处") || m.Due.Text != "" {
			t.Errorf("row %d: lead %s, resp %s, due %q; want %+v", m.Row, lead, resp, m.Due.Text, want)
		}
		if m.RespState != want.state {
			t.Errorf("row %d: the responsible units are %s, want %s", m.Row, m.RespState, want.state)
		}
	}
	for i, n := range count {
		if n != realRows[i].measures {
			t.Errorf("row %d: %d measures, want %d", i+1, n, realRows[i].measures)
		}
	}
	if os.Getenv("SHOW") != "" {
		out, _ := json.MarshalIndent(r.Wire(), "", " ")
		t.Log(string(out))
	}
}

func joined(names []Name) string {
	var out []string
	for _, n := range names {
		out = append(out, n.Text)
	}
	return strings.Join(out, "|")
}

// realRows are the units of the real plan's 33 rows, checked by hand against the
// source: an empty cell takes the value above it inside the same item, is not
// stated at an item's first row, and — is none. 全区 stands for the group of all
// departments.
var realRows = []struct {
	measures   int
	lead, resp string
	state      State
}{
	{1, "区政府办公室", "全区", Stated},
	{1, "区政府办公室|区司法局", "全区", Inherited},
	{1, "区发展改革委", "全区", Inherited},
	{1, "区发展改革委", "区经济信息委|区财政局|区人力社保局|区住房城市建委|区城管局|区政务服务办|区税务局|区规划自然资源局|区市场监管局", Stated},
	{1, "区发展改革委", "区人社局|区商务委|区文化旅游委|区交通局", Stated},
	{1, "区发展改革委|区住房城市建委", "", None},
	{1, "区市场监管局", "", None},
	{1, "区财政局", "", None},
	{1, "区党政信息中心", "", Inherited},
	{2, "区发展改革委", "", None},
	{3, "区卫生健康委|区政府新闻办", "全区|区党政信息中心", Stated},
	{1, "区卫生健康委", "", None},
	{3, "区人力社保局", "", None},
	{1, "区政府办公室", "区教委|区卫生健康委|区城管局|区经济信息委|区生态环境局|区交通局", Stated},
	{1, "区党政信息中心", "", NotStated},
	{3, "区司法局", "全区", Stated},
	{1, "区司法局", "全区", Inherited},
	{1, "区政府办公室", "全区", Stated},
	{1, "区政府办公室", "全区", Inherited},
	{2, "区政府办公室|区政务服务办", "区发改委|区教委|区民政局|区财政局|区人社局|区卫健委|区文旅委|区医保局|区税务局|区档案馆|各街道办事处", Stated},
	{1, "区政府办公室|区政务服务办", "区发改委|区教委|区民政局|区财政局|区人社局|区卫健委|区文旅委|区医保局|区税务局|区档案馆|各街道办事处", Inherited},
	{2, "区政府办公室", "全区", Stated},
	{1, "区司法局", "", None},
	{1, "区政府办公室", "全区", Stated},
	{4, "区政府办公室", "区网信办|区党政信息中心", Stated},
	{1, "区政府办公室", "全区", Stated},
	{1, "区财政局", "", None},
	{1, "区政府办公室|区民政局", "各街道办事处", Stated},
	{1, "区政府办公室", "区文旅委|区政务服务办|区档案馆|各街道办事处", Stated},
	{2, "区政府办公室", "全区", Stated},
	{1, "区政府新闻办|区网信办", "全区", Inherited},
	{3, "区政府办公室", "全区", Stated},
	{5, "区政府办公室", "全区", Stated},
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
