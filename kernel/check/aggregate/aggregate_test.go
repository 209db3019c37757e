package aggregate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
)

var today = calendar.MustParse("2026-11-25")

// text makes a checked text of one table.
func text(title string, t Table) *check.Text {
	var b strings.Builder
	b.WriteString(title + "\n")
	var rows [][]check.Span
	for _, r := range append([][]string{t.Head}, t.Rows...) {
		var row []check.Span
		for i, c := range r {
			if i > 0 {
				b.WriteByte('\t')
			}
			row = append(row, check.Span{Start: b.Len(), End: b.Len() + len(c)})
			b.WriteString(c)
		}
		b.WriteByte('\n')
		rows = append(rows, row)
	}
	out := check.Plain(b.String())
	out.Today = today
	out.Tables = []check.Table{{Rows: rows}}
	return out
}

// found lists the rules and messages of a table's hits.
func found(t *testing.T, title string, table Table) string {
	t.Helper()
	e, err := check.New(New(Config{}))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, h := range e.Check(text(title, table), check.Gate) {
		out = append(out, h.Rule+"@"+h.Place+"："+h.Message)
	}
	return strings.Join(out, "\n")
}

// persons is a list whose streets each have ten persons of an age band.
func persons() Table {
	t := Table{Head: []string{"序号", "姓名", "年龄", "社区", "补助金额"}}
	for i := range 40 {
		t.Rows = append(t.Rows, []string{fmt.Sprint(i + 1), "王*", fmt.Sprint(60 + i%10), fmt.Sprintf("%s街道%d社区", []string{"东", "西"}[i%2], i), fmt.Sprint(500 + i)})
	}
	return t
}

func TestClassify(t *testing.T) {
	for head, want := range map[string]Class{
		"姓名": Direct, "身份证号": Direct, "年龄": Quasi, "所在社区": Quasi, "残疾等级": Sensitive, "救助原因": Sensitive, "序号": Harmless, "法定代表人姓名": Harmless,
	} {
		if got := Classify(Table{Head: []string{head}})[0]; got.Class != want || got.Reason == "" {
			t.Errorf("11.1 %s: %s", head, got.Class)
		}
	}
}

func TestGroups(t *testing.T) {
	t.Run("REV-49 a small group is found and the proposal reaches k", func(t *testing.T) {
		got := found(t, "补助名单", persons())
		for _, want := range []string{"A-GROUP@表1：", "40组，最少1人", "十岁一段", "街道", "。"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %s", got, want)
			}
		}
	})
	t.Run("11.1 one sensitive value in a group tells of all in it", func(t *testing.T) {
		table := Table{Head: []string{"姓名", "社区", "病种"}}
		for i := range 20 {
			table.Rows = append(table.Rows, []string{"王*", fmt.Sprintf("%d社区", i/10), []string{"甲", "乙"}[i/10]})
		}
		if g := (Config{}).Group(table); g.K != 10 || g.L != 1 || len(g.Small) != 2 {
			t.Errorf("%+v", g)
		}
	})
	t.Run("REV-49 names in full and lists of officials are not this room's", func(t *testing.T) {
		full := persons()
		for _, r := range full.Rows {
			r[1] = "王小明"
		}
		officials := Table{Head: []string{"姓名", "性别", "年龄", "现任职务"}, Rows: [][]string{{"王*", "男", "40", "科长"}}}
		for _, table := range []Table{full, officials} {
			if got := found(t, "名单", table); got != "" {
				t.Error(got)
			}
		}
	})
	t.Run("REV-53 more than 1,000 persons", func(t *testing.T) {
		table := Table{Head: []string{"姓名", "性别"}}
		for i := range 1001 {
			table.Rows = append(table.Rows, []string{"王*", []string{"男", "女"}[i%2]})
		}
		if got := found(t, "名单", table); !strings.HasPrefix(got, "A-STRICT@表1：涉及1001人") || strings.Contains(got, "A-GROUP") {
			t.Error(got)
		}
		places := Table{Head: []string{"名称", "地址"}, Rows: [][]string{{"甲", "a"}, {"乙", "b"}, {"丙", "c"}}}
		if got := found(t, "危化品仓库一览表", places); !strings.Contains(got, "A-STRICT") {
			t.Error(got)
		}
		if got := found(t, "公共图书馆一览表", places); got != "" {
			t.Error(got)
		}
	})
}

// TestProposal: whatever the table, the proposal reaches k and l, shows no direct
// column, and leaves out no more rows than it may unless all columns are gone.
func TestProposal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := Table{Head: []string{"姓名", "年龄", "社区", "发放日期", "补助金额", "民族", "困难类型"}}
		rows := rapid.IntRange(1, 60).Draw(t, "rows")
		for range rows {
			table.Rows = append(table.Rows, []string{
				rapid.SampledFrom([]string{"王*", "李**", "王小明"}).Draw(t, "name"),
				rapid.SampledFrom([]string{"", "7", "35", "36", "71", "八十"}).Draw(t, "age"),
				rapid.SampledFrom([]string{"东街道一社区", "东街道二社区", "西镇三村", "四社区", ""}).Draw(t, "place"),
				rapid.SampledFrom([]string{"2026-01-02", "2026年3月", "2026.4.1", "2025/12/30", "年底"}).Draw(t, "day"),
				fmt.Sprint(rapid.IntRange(0, 3000).Draw(t, "sum")),
				rapid.SampledFrom([]string{"汉族", "土家族", "苗族"}).Draw(t, "group"),
				rapid.SampledFrom([]string{"因病", "因学", "因残"}).Draw(t, "why"),
			})
		}
		c := Config{KMinSensitive: rapid.IntRange(2, 10).Draw(t, "k")}
		p, ok := c.Propose(table)
		if !ok {
			return
		}
		if !p.Groups.Reached() || p.Groups.K < c.KMinSensitive {
			t.Fatalf("REV-49 k = %d of %d: %s", p.Groups.K, c.KMinSensitive, p.Text())
		}
		if again := (Config{KMin: c.KMinSensitive, KMinSensitive: c.KMinSensitive}).Group(p.Table); !again.Reached() {
			t.Fatalf("REV-49 the table shown has small groups: %v", again.Small)
		}
		if len(p.Table.Rows)+len(p.Dropped) != rows {
			t.Fatalf("%d rows shown, %d left out, of %d", len(p.Table.Rows), len(p.Dropped), rows)
		}
	})
}

// possible counts tables by trying all: the values that a cell may have for a
// reader who knows what is shown, the sums and how cells are hidden.
func possible(s Statistic, marks [][]Mark) [][]map[int]bool {
	var cells [][2]int
	at := make([][]int, len(s.Cells))
	seen := make([][]map[int]bool, len(s.Cells))
	for r := range s.Cells {
		at[r] = append([]int{}, s.Cells[r]...)
		seen[r] = make([]map[int]bool, len(s.Cells[r]))
		for c := range s.Cells[r] {
			seen[r][c] = map[int]bool{}
			if marks[r][c] != Shown {
				cells = append(cells, [2]int{r, c})
			}
		}
	}
	var try func(i int)
	try = func(i int) {
		if i == len(cells) {
			now := Statistic{Cells: at}
			if s.RowTotals && !now.rowsAdd() || s.LineTotals && !now.linesAdd() {
				return
			}
			for _, c := range cells {
				seen[c[0]][c[1]][at[c[0]][c[1]]] = true
			}
			return
		}
		r, c := cells[i][0], cells[i][1]
		low, high := 1, smallest-1
		if marks[r][c] == Held {
			low, high = smallest, s.Cells[r][c]+2
			if s.Cells[r][c] == 0 {
				low, high = 0, 2
			}
			low = max(low, s.Cells[r][c]-2)
		}
		for v := low; v <= high; v++ {
			at[r][c] = v
			try(i + 1)
		}
		at[r][c] = s.Cells[r][c]
	}
	try(0)
	return seen
}

// TestHide: no cell that is hidden has one possible value, by trying all tables.
func TestHide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(2, 3).Draw(t, "rows"), rapid.IntRange(2, 3).Draw(t, "columns")
		s := Statistic{RowTotals: true, LineTotals: rapid.Bool().Draw(t, "line totals")}
		last := make([]int, m+1)
		for range n {
			row := make([]int, m+1)
			for c := range m {
				row[c] = rapid.SampledFrom([]int{0, 1, 2, 4, 5, 6, 9, 30}).Draw(t, "cell")
				row[m] += row[c]
				last[c] += row[c]
			}
			last[m] += row[m]
			s.Cells = append(s.Cells, row)
		}
		if s.LineTotals {
			s.Cells = append(s.Cells, last)
		}
		marks := Hide(s)
		all, hidden := true, 0
		for r := range marks {
			for c, v := range s.Cells[r] {
				if v > 0 && v < smallest && marks[r][c] != Few {
					t.Fatalf("REV-50 %d is shown", v)
				}
				all = all && marks[r][c] != Shown
				if marks[r][c] != Shown {
					hidden++
				}
			}
		}
		if hidden > 9 { // too many tables to try; the flow argument is the same
			return
		}
		for r, row := range possible(s, marks) {
			for c, values := range row {
				if marks[r][c] != Shown && len(values) < 2 && !all {
					t.Fatalf("REV-50 cell %d,%d of %v is derivable: %v", r, c, s.Cells, marks)
				}
			}
		}
	})
}

func TestFew(t *testing.T) {
	table := Table{Head: []string{"街道", "一级(人)", "二级(人)", "三级(人)", "合计"}, Rows: [][]string{
		{"东街道", "3", "20", "30", "53"}, {"西街道", "12", "25", "41", "78"}, {"南街道", "17", "18", "22", "57"}, {"合计", "32", "63", "93", "188"},
	}}
	if got := found(t, "残疾人分级人数", table); got != "A-FEW@表1：有1个1—4人的小数值单元格，应写作“<5”，并隐去另外3个单元格以防由合计推算。" {
		t.Errorf("REV-50 %s", got)
	}
	shown, few, hidden := HideTable(table)
	if few != 1 || hidden != 3 || shown.Rows[0][1] != "<5" {
		t.Errorf("REV-50 %v", shown.Rows)
	}
	if got := found(t, "公开招聘岗位人数", Table{Head: []string{"岗位", "招聘人数"}, Rows: [][]string{{"教师", "2"}, {"医生", "3"}}}); got != "" {
		t.Errorf("posts are no statistic of persons: %s", got)
	}
	if got := Outliers(Table{Head: []string{"企业", "补贴金额"}, Rows: [][]string{{"甲", "900"}, {"乙", "50"}, {"丙", "50"}}}); len(got) != 1 || got[0].Row != 0 {
		t.Errorf("11.1 outliers %v", got)
	}
}

// register is published lists for tests.
type register []List

func (r register) Lists(_ context.Context, since calendar.Date) (out []List, _ error) {
	for _, l := range r {
		if !l.On.Before(since) {
			out = append(out, l)
		}
	}
	return out, nil
}

func TestJoin(t *testing.T) {
	list := List{Title: "补助发放名单", Matter: "临时救助", On: today, Table: Table{Head: []string{"姓名", "社区", "金额"}}}
	full := List{Title: "救助对象公示", Address: "/1", Matter: "临时救助", On: today.AddMonths(-1), Table: Table{Head: []string{"姓名", "社区", "救助原因"}}}
	old := full
	old.Title, old.On = "旧名单", today.AddMonths(-37)
	for i, n := range []string{"王小明", "李芳", "张三", "赵四海"} {
		masked := string([]rune(n)[:1]) + strings.Repeat("*", len([]rune(n))-1)
		list.Table.Rows = append(list.Table.Rows, []string{masked, "茶亭社区", fmt.Sprint(500 + i)})
		full.Table.Rows = append(full.Table.Rows, []string{n, "某街道茶亭社区", "因病"})
	}
	r, err := (Config{}).Review(t.Context(), list, nil, register{full, old})
	if err != nil {
		t.Fatal(err)
	}
	t.Run("REV-51 a unique partner with a sensitive field blocks and is named", func(t *testing.T) {
		if len(r.Joins) != 1 || r.Joins[0].Severity != check.Block || r.Joins[0].Share() != 1 || r.Severity() != check.Block {
			t.Fatalf("%+v", r.Joins)
		}
		if !strings.Contains(r.Text(), "与已公开信息“救助对象公示”") {
			t.Error(r.Text())
		}
	})
	t.Run("REV-52 the objection list of the same matter is still there in full", func(t *testing.T) {
		if len(r.Mismatch) != 1 || !strings.Contains(r.Text(), "未撤下") {
			t.Error(r.Text())
		}
	})
	t.Run("REV-51 of two published lists each is named, the graver first", func(t *testing.T) {
		sums := List{Title: "上半年发放名单", Address: "/4", On: today.AddMonths(-2), Table: Table{Head: []string{"姓名", "社区", "年龄"}}}
		for i, r := range list.Table.Rows {
			sums.Table.Rows = append(sums.Table.Rows, []string{r[0], r[1], fmt.Sprint(61 + i)})
		}
		joins, err := (Config{}).Join(t.Context(), list, register{sums, full})
		if err != nil || len(joins) != 2 || joins[0].List.Title != full.Title || joins[1].List.Title != sums.Title || joins[1].Severity != check.Confirm {
			t.Errorf("%+v %v", joins, err)
		}
		if len(joins) == 2 && !slices.Contains(joins[1].Adds, "年龄") {
			t.Errorf("what the second adds: %v", joins[1].Adds)
		}
	})
	t.Run("REV-51 nothing in common", func(t *testing.T) {
		other := List{Title: "图书馆", Address: "/2", On: today, Table: Table{Head: []string{"名称", "地址"}, Rows: [][]string{{"甲馆", "某路"}}}}
		joins, err := (Config{}).Join(t.Context(), list, register{other})
		if err != nil || len(joins) != 0 {
			t.Errorf("%v %v", joins, err)
		}
	})
	t.Run("11.2 running numbers that are the same in two batches", func(t *testing.T) {
		a := List{Title: "一季度", Address: "/3", On: today, Table: Table{Head: []string{"姓名", "金额"}, Rows: [][]string{{"王*（0012）", "1"}, {"李*", "2"}}}}
		b := a
		b.Title, b.Address = "二季度", ""
		joins, err := (Config{}).Join(t.Context(), b, register{a})
		if err != nil || len(joins) != 1 || joins[0].Unique != 1 || joins[0].Severity != check.Confirm {
			t.Errorf("%+v %v", joins, err)
		}
	})
	t.Run("11.2 three lists make a profile", func(t *testing.T) {
		lists := []List{full, full, full}
		lists[1].Title, lists[2].Title = "二", "三"
		if p := Profiles(lists, today); len(p) != 4 || len(p[0].Titles) != 3 {
			t.Errorf("%v", p)
		}
	})
}

func TestDifference(t *testing.T) {
	before := Table{Head: []string{"社区", "困难类型"}}
	for range 20 {
		before.Rows = append(before.Rows, []string{"一社区", "因病"})
	}
	after := Table{Head: before.Head, Rows: append(append([][]string{}, before.Rows...), []string{"一社区", "因病"})}
	got := (Config{}).Difference(before, after)
	if len(got) != 1 || got[0].Before != 20 || got[0].After != 21 {
		t.Errorf("11.2 %v", got)
	}
	if got := (Config{}).Difference(before, before); len(got) != 0 {
		t.Errorf("11.2 the same release: %v", got)
	}
}

func BenchmarkCheck(b *testing.B) {
	tx, c := text("补助名单", persons()), New(Config{})
	for b.Loop() {
		c.Check(tx, func(check.Hit) {})
	}
}

// TestAnything: no table, however odd, stops the room, and messages are sentences.
func TestAnything(t *testing.T) {
	cell := rapid.OneOf(rapid.SampledFrom([]string{"", "姓名", "年龄", "人数", "合计", "王*", "3", "120", "2026年", "东街道一社区", "身份证号", "残疾人", "金额", "-", "（", "欧"}), rapid.StringN(0, 6, 18))
	checker := New(Config{})
	rapid.Check(t, func(t *rapid.T) {
		table := Table{Head: rapid.SliceOfN(cell, 0, 5).Draw(t, "head")}
		for range rapid.IntRange(0, 8).Draw(t, "rows") {
			table.Rows = append(table.Rows, rapid.SliceOfN(cell, 0, 6).Draw(t, "row"))
		}
		checker.Check(text("残疾人人数", table), func(h check.Hit) {
			if h.Place == "" || !strings.HasSuffix(h.Message, "。") {
				t.Fatalf("%+v", h)
			}
		})
		list := List{Title: "a", On: today, Table: table}
		r, err := (Config{}).Review(context.Background(), list, &table, register{{Title: "b", Address: "/b", On: today, Table: table}})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = r.Text(), r.Severity()
	})
}
