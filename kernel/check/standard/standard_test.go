package standard_test

import (
	"context"
	"testing"
	"testing/fstest"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
	"gongkai/kernel/check/standard"
	"gongkai/kernel/document"
)

var today = calendar.MustParse("2026-11-25")

func engine(t testing.TB) *check.Engine {
	t.Helper()
	rules, err := standard.Load()
	if err != nil {
		t.Fatal(err)
	}
	e, err := rules.Engine(standard.House{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The labelled texts of the repository hold the goals of the engine: they are few,
// so what they show is that nothing was broken.
func TestLabelled(t *testing.T) {
	result, skipped, err := standard.Evaluate(context.Background(), engine(t), document.Reader{}, standard.Labelled(), today)
	if err != nil || len(skipped) > 0 {
		t.Fatal(err, skipped)
	}
	for _, s := range result.Scores() {
		if s.Precision() < 0.97 || s.Recall() < 0.97 {
			t.Errorf("%s: precision %.3f, recall %.3f", s.Kind, s.Precision(), s.Recall())
		}
	}
	if result.False > 0 {
		t.Errorf("%d false alarms in clean texts", result.False)
	}
	if t.Failed() {
		for _, line := range result.Wrong {
			t.Log(line)
		}
	}
}

func TestMarked(t *testing.T) {
	body, truth, err := standard.Marked("date: 2022-06-17\n请⟦wording|登陆⟧网站。")
	if err != nil || body != "请登陆网站。" || truth.Date.String() != "2022-06-17" || len(truth.Hits) != 1 || truth.Hits[0] != (check.Label{Kind: check.Wording, Start: 1, End: 3}) {
		t.Errorf("%q %+v %v", body, truth, err)
	}
	for _, bad := range []string{"date: 17.6.\n", "⟦wording|登陆", "⟦登陆⟧", "⟦colour|红⟧"} {
		if _, _, err := standard.Marked(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// A folder of one's own: text and labels apart, and a text without labels.
func TestEvaluateFolder(t *testing.T) {
	files := fstest.MapFS{
		"a.txt":  {Data: []byte("请登陆网站查询。")},
		"a.json": {Data: []byte(`{"hits":[{"kind":"wording","start":1,"end":3}]}`)},
		"b.txt":  {Data: []byte("没有标注。")},
	}
	result, skipped, err := standard.Evaluate(context.Background(), engine(t), document.Reader{}, files, today)
	if err != nil || len(skipped) != 1 || skipped[0] != "b.txt" {
		t.Fatal(err, skipped)
	}
	if s := result.Scores(); len(s) != 1 || s[0].Recall() != 1 || s[0].Precision() != 1 {
		t.Errorf("scores: %+v", s)
	}
}

// BenchmarkDraft checks a draft of 2,000 characters with all rules.
func BenchmarkDraft(b *testing.B) {
	e := engine(b)
	clean, err := standard.Labelled().Open("clean-1.mark")
	if err != nil {
		b.Fatal(err)
	}
	defer clean.Close()
	data := make([]byte, 1<<16)
	n, _ := clean.Read(data)
	body, _, err := standard.Marked(string(data[:n]))
	if err != nil {
		b.Fatal(err)
	}
	draft := []rune(body)
	for len(draft) < 2000 {
		draft = append(draft, []rune(body)...)
	}
	text := string(draft[:2000])
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		t := check.Plain(text)
		t.Today = today
		e.Check(t, check.Gate)
	}
}
