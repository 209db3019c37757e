package check_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
	"gongkai/kernel/document"
)

// finder reports every place of a word under each of its rules.
type finder struct {
	word  string
	rules []check.Rule
}

func (f finder) Rules() []check.Rule { return f.rules }

func (f finder) Check(t *check.Text, report func(check.Hit)) {
	for at := 0; ; {
		i := strings.Index(t.Body[at:], f.word)
		if i < 0 {
			return
		}
		at += i
		for _, r := range f.rules {
			report(check.Hit{Rule: r.ID, Start: at, End: at + len(f.word), Message: "请核对。", Replace: "登录"})
		}
		at += len(f.word)
	}
}

// counting counts how often a checker is asked.
type counting struct {
	finder
	asked *int
}

func (c counting) Check(t *check.Text, report func(check.Hit)) {
	*c.asked++
	c.finder.Check(t, report)
}

func rule(id string, kind check.Kind, s check.Severity) check.Rule {
	return check.Rule{ID: id, Kind: kind, Severity: s, Title: "试", Source: "试"}
}

func TestEngine(t *testing.T) {
	discreet := rule("S", check.Name, check.Block)
	discreet.Discreet = true
	outside := rule("O", check.Format, check.Hint)
	outside.Stages = check.Outside
	e, err := check.New(finder{"登陆", []check.Rule{
		rule("W1", check.Wording, check.Hint), rule("W2", check.Wording, check.Confirm), discreet, outside,
	}})
	if err != nil {
		t.Fatal(err)
	}
	hits := e.Check(check.Plain("网站：登陆，再登陆"), check.Gate)
	var got []string
	for _, h := range hits {
		got = append(got, strings.Join([]string{h.Rule, string(h.Severity), h.Text}, "/"))
	}
	if s := strings.Join(got, " "); s != "S/block/ W2/confirm/登陆 S/block/ W2/confirm/登陆" {
		t.Errorf("hits: %s", s)
	}
	if hits[0].Start != 3 || hits[0].End != 5 || hits[2].Start != 7 {
		t.Errorf("characters: %+v", hits)
	}
	asked := 0
	e, err = check.New(counting{finder{"登陆", []check.Rule{rule("G", check.Name, check.Hint)}}, &asked}, finder{"再", []check.Rule{outside}})
	if err != nil {
		t.Fatal(err)
	}
	if hits := e.Check(check.Plain("网站：登陆，再登陆"), check.Outside); len(hits) != 1 || asked != 0 {
		t.Errorf("a checker without rules for the stage was asked %d times: %+v", asked, hits)
	}
	if _, err := check.New(finder{"甲", []check.Rule{rule("A", check.Name, check.Hint), rule("A", check.Name, check.Hint)}}); err == nil {
		t.Error("a rule claimed twice is taken")
	}
	if _, err := check.New(finder{"甲", []check.Rule{{ID: "A"}}}); err == nil {
		t.Error("a rule without kind and source is taken")
	}
}

func TestHitAsJSON(t *testing.T) {
	for _, c := range []struct {
		hit  check.Hit
		want string
	}{
		{check.Hit{Rule: "W1", Kind: check.Wording, Severity: check.Hint, Start: 0, End: 2, Text: "登陆", Message: "m", Source: "s", Replace: "登录"},
			`{"rule":"W1","kind":"wording","severity":"hint","start":0,"end":2,"text":"登陆","message":"m","source":"s","replace":"登录"}`},
		{check.Hit{Rule: "H1", Kind: check.Hidden, Severity: check.Block, Place: "word/comments.xml", Message: "m", Source: "s"},
			`{"rule":"H1","kind":"hidden","severity":"block","place":"word/comments.xml","message":"m","source":"s"}`},
	} {
		got, err := json.Marshal(c.hit)
		if err != nil || string(got) != c.want {
			t.Errorf("%s, %v, want %s", got, err, c.want)
		}
	}
}

func TestExtract(t *testing.T) {
	para := func(s string) []document.Paragraph { return []document.Paragraph{{Text: s}} }
	text := check.Extract("表.docx", &document.Document{Blocks: []document.Block{
		{Para: &document.Paragraph{Number: "一、", Text: "名单"}},
		{Table: &document.Table{Rows: 2, Cols: 2, Cells: []document.Cell{
			{Row: 0, Col: 0, RowSpan: 1, ColSpan: 2, Paras: para("甲")}, {Row: 1, Col: 0, RowSpan: 1, ColSpan: 1, Paras: para("乙")}, {Row: 1, Col: 1, RowSpan: 1, ColSpan: 1, Paras: para("丙")},
		}}},
	}})
	if text.Body != "一、名单\n甲\t\n乙\t丙\n" {
		t.Errorf("body %q", text.Body)
	}
	if at := strings.Index(text.Body, "丙"); text.LineAt(at).Place != "表1第2行B列" {
		t.Errorf("place %q", text.LineAt(at).Place)
	}
	if rows := text.Tables[0].Rows; rows[0][0] != rows[0][1] || text.Of(rows[1][1]) != "丙" {
		t.Errorf("grid %+v", rows)
	}
}

func TestFoldedAndWhen(t *testing.T) {
	text := check.Plain("电话１３８\u200b0013，甲")
	f := text.Folded()
	i := strings.Index(f.Body, "1380013")
	if i < 0 || text.Of(f.Original(i, i+len("1380013"))) != "１３８\u200b0013" {
		t.Errorf("folded %q", f.Body)
	}
	for body, want := range map[string]string{
		"2019年5月1日起施行，2018年印发。": "2019-05-01", "2016年印发的通知": "2016-12-31", "无日期": "2026-11-25", "到2035年建成": "2026-11-25",
	} {
		text := check.Plain(body)
		text.Today = calendar.MustParse("2026-11-25")
		if got := text.When().String(); got != want {
			t.Errorf("%s is judged by %s, want %s", body, got, want)
		}
	}
}

func TestSegments(t *testing.T) {
	hits := []check.Hit{{Start: 1, End: 3}, {Start: 2, End: 4}, {Place: "第1页"}}
	var got []string
	for _, s := range check.Segments("甲乙丙丁戊", hits) {
		got = append(got, s.Text+strings.Repeat("*", len(s.Hits)))
	}
	if s := strings.Join(got, " "); s != "甲 乙* 丙** 丁* 戊" {
		t.Error(s)
	}
}

// A text of many megabytes is checked in parts: what is found stands where it
// stands in the whole, and the memory does not grow with it.
func TestLargeText(t *testing.T) {
	e, err := check.New(finder{"登陆", []check.Rule{rule("A", check.Wording, check.Confirm)}})
	if err != nil {
		t.Fatal(err)
	}
	for name, end := range map[string]string{"lines": "\n", "one line": ""} {
		line := strings.Repeat("按时报送总结，", 40) + "请登陆。" + end
		text := check.Plain(strings.Repeat(line, 20<<20/len(line)))
		hits, each := e.Check(text, check.Gate), utf8.RuneCountInString(line)
		if len(hits) != 20<<20/len(line) {
			t.Fatalf("%s: %d hits", name, len(hits))
		}
		for i, h := range hits {
			if h.Start != i*each+281 || h.End != h.Start+2 || h.Text != "登陆" {
				t.Fatalf("%s: hit %d stands at %d: %+v", name, i, i*each+281, h)
			}
		}
	}
}
