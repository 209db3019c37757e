package plan

import (
	"reflect"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
)

// written is every character that stands in the measures of a sheet, in order.
func written(s Sheet) string {
	var out strings.Builder
	s.each(func(m *SheetMeasure) {
		out.WriteString(m.Number)
		out.WriteString(m.Text)
	})
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, out.String())
}

// drawSheet is a sheet of two sections with random texts.
func drawSheet(t *rapid.T, dir *org.Directory) Sheet {
	s := Sheet{Title: "任务分工", Year: 2022, Date: calendar.MustParse("2022-06-17"), Letter: []string{}}
	texts := rapid.StringOfN(rapid.SampledFrom([]rune("公开信息，。；1．（2）\n 清理")), 2, 40, -1).
		Filter(func(s string) bool { return strings.TrimSpace(s) != "" })
	for range 2 {
		sec := SheetSection{Key: s.key(), Title: "部分"}
		for range rapid.IntRange(1, 2).Draw(t, "items") {
			it := SheetItem{Key: s.key(), Title: "任务", Measures: []SheetMeasure{}}
			for range rapid.IntRange(1, 3).Draw(t, "measures") {
				m := SheetMeasure{Key: s.key(), Text: strings.TrimSpace(texts.Draw(t, "text")), Due: Due{Kind: Ongoing}, Lead: []SheetName{}, Resp: []SheetName{}}
				m.Lead = append(m.Lead, s.lookUp(rapid.SampledFrom([]string{"区司法局", "区乙局"}).Draw(t, "lead"), dir))
				it.Measures = append(it.Measures, m)
			}
			sec.Items = append(sec.Items, it)
		}
		s.Sections = append(s.Sections, sec)
	}
	s.settle()
	return s
}

func testDirectory() *org.Directory {
	return org.NewDirectory(org.District{Name: "江澄区"}, calendar.MustParse("2022-06-17"), []org.Unit{
		{ID: id.New(), Name: "区司法局", Type: org.Department}, {ID: id.New(), Name: "区财政局", Type: org.Department},
		{ID: id.New(), Name: "东江街道办事处", Type: org.Street}, {ID: id.New(), Name: "西山街道办事处", Type: org.Street},
	}, []org.Group{{ID: id.New(), Name: "各街道办事处", Types: []org.Type{org.Street}}})
}

func TestMergeAndSplitLoseNoText(t *testing.T) {
	dir := testDirectory()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSheet(t, dir)
		before := s.clone()
		var all []int
		s.each(func(m *SheetMeasure) { all = append(all, m.Key) })
		key := rapid.SampledFrom(all).Draw(t, "key")
		m, _ := s.measure(key)
		op := rapid.SampledFrom([]Op{OpMerge, OpSplit}).Draw(t, "op")
		after, _, err := s.Apply(Edit{Op: op, Key: key, At: rapid.IntRange(0, len([]rune(m.Text))).Draw(t, "at")}, dir)
		if !reflect.DeepEqual(s, before) {
			t.Fatal("a correction changed the sheet that it was made from")
		}
		if err != nil {
			return
		}
		if written(after) != written(s) {
			t.Fatalf("%s: %q became %q", op, written(s), written(after))
		}
		if op == OpMerge { // its names are there, and a split at the seam gives the two back
			a, p := s.measure(key)
			next := s.at(p).Measures[p.measure+1]
			again, _, err := after.Apply(Edit{Op: OpSplit, Key: key, At: len([]rune(strings.TrimRight(a.Text, " \n")))}, dir)
			if err != nil {
				t.Fatal(err)
			}
			if written(again) != written(s) {
				t.Fatalf("split after merge: %q became %q", written(s), written(again))
			}
			merged, _ := after.measure(key)
			for _, n := range next.names() {
				found := false
				for _, o := range merged.names() {
					found = found || o.Text == n.Text
				}
				if !found {
					t.Fatalf("the name %s is lost", n.Text)
				}
			}
		}
	})
}

func TestEveryCorrectionKeepsTheSheetWhole(t *testing.T) {
	dir := testDirectory()
	ops := []Op{OpMeasure, OpMerge, OpSplit, OpUp, OpDown, OpMove, OpAdd, OpDelete, OpAccept, OpAcceptSure, OpIgnore, OpAnswer, OpAddItem, OpAddSection, OpItem, OpSection, OpHead}
	rapid.Check(t, func(t *rapid.T) {
		s := drawSheet(t, dir)
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			e := Edit{Op: rapid.SampledFrom(ops).Draw(t, "op"), Key: rapid.IntRange(0, s.Last).Draw(t, "key"), To: rapid.IntRange(0, s.Last).Draw(t, "to"),
				At: rapid.IntRange(0, 20).Draw(t, "at"), Text: rapid.SampledFrom([]string{"", "公开目录。"}).Draw(t, "text"), Title: "新任务", Due: Due{Kind: Ongoing}, Year: 2022,
				Lead: []string{rapid.SampledFrom([]string{"区司法局", "区财政局、各街道办事处", "区丙局"}).Draw(t, "lead")}, Group: dir.Groups()[0].ID}
			before := s.clone()
			after, what, err := s.Apply(e, dir)
			if !reflect.DeepEqual(s, before) {
				t.Fatalf("%s changed the sheet that it was made from", e.Op)
			}
			if err != nil {
				continue
			}
			if what == "" {
				t.Fatalf("%s says nothing", e.Op)
			}
			whole(t, after)
			if e.Op == OpUp || e.Op == OpDown || e.Op == OpMove {
				if a, b := len(written(after)), len(written(s)); a != b {
					t.Fatalf("%s lost text", e.Op)
				}
			}
			s = after
		}
	})
}

// whole checks what holds of every sheet: keys are used once, every doubt is
// about something, and all that no plan can be issued with is asked about.
func whole(t *rapid.T, s Sheet) {
	keys := map[int]bool{0: true}
	add := func(key int) {
		if keys[key] || key > s.Last {
			t.Fatalf("key %d is used twice or too high", key)
		}
		keys[key] = true
	}
	names := map[int]bool{0: true}
	asked := map[int]bool{}
	for _, d := range s.Doubts {
		add(d.Key)
		asked[d.Name], asked[-d.At] = true, true
	}
	for _, sec := range s.Sections {
		add(sec.Key)
		for _, it := range sec.Items {
			add(it.Key)
			for _, m := range it.Measures {
				add(m.Key)
				if len(m.Lead)+len(m.Resp) == 0 && !asked[-m.Key] {
					t.Fatal("a measure without a unit is not asked about")
				}
				for _, n := range m.names() {
					add(n.Key)
					names[n.Key] = true
					if len(n.Units) == 0 && !asked[n.Key] {
						t.Fatalf("%s is not asked about", n.Text)
					}
				}
			}
		}
	}
	for _, d := range s.Doubts {
		if !keys[d.At] || !names[d.Name] {
			t.Fatalf("a doubt about nothing: %+v", d)
		}
	}
}

func TestWordsOfTwoVersions(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"公开目录。", "公开目录。", "公开目录。"},
		{"公开目录。", "集中公开目录。", "[+集中]公开目录。"},
		{"9月30日前完成", "10月31日前完成", "[-9][+10]月3[-0][+1]日前完成"},
		{"", "新增", "[+新增]"},
		{"删除", "", "[-删除]"},
	} {
		var got strings.Builder
		for _, p := range words(c.old, c.new) {
			switch p.Kind {
			case "del":
				got.WriteString("[-" + p.Text + "]")
			case "ins":
				got.WriteString("[+" + p.Text + "]")
			default:
				got.WriteString(p.Text)
			}
		}
		if got.String() != c.want {
			t.Errorf("%q → %q: %s, want %s", c.old, c.new, got.String(), c.want)
		}
	}
	long := strings.Repeat("甲", 3000)
	if p := words(long, strings.Repeat("乙", 3000)); len(p) != 2 {
		t.Errorf("long texts give %d passages", len(p))
	}
}

func TestNamesRunTogetherAreCutApart(t *testing.T) {
	dir := testDirectory()
	got := apart("区司法局区财政局", dir)
	if len(got) != 2 || got[0] != (piece{"区司法局", 0, 4}) || got[1] != (piece{"区财政局", 4, 8}) {
		t.Errorf("%+v", got)
	}
	s := Sheet{}
	if n := s.lookUp("区财政局、各街道办事处", dir); len(n.Units) != 3 || n.group() == "" {
		t.Errorf("%+v", n)
	}
	if n := s.lookUp("区司法局等有关部门", dir); len(n.Units) != 1 {
		t.Errorf("%+v", n)
	}
	if n := s.lookUp("区丁局", dir); n.Units != nil {
		t.Errorf("%+v", n)
	}
}
