package reader

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// Score counts what was found right (Hit), what was found (Got) and what was to
// be found (Want).
type Score struct{ Hit, Got, Want int }

// Precision is Hit/Got, 1 when nothing was found.
func (s Score) Precision() float64 { return share(s.Hit, s.Got) }

// Recall is Hit/Want, 1 when nothing was to be found.
func (s Score) Recall() float64 { return share(s.Hit, s.Want) }

// F1 is the harmonic mean of both; 1 when there was nothing to find and nothing
// was found.
func (s Score) F1() float64 {
	if s.Got+s.Want == 0 {
		return 1
	}
	return float64(2*s.Hit) / float64(s.Got+s.Want)
}

func share(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func (s *Score) add(o Score) { s.Hit, s.Got, s.Want = s.Hit+o.Hit, s.Got+o.Got, s.Want+o.Want }

// Scores are the five scores of a file.
//
//   - Measures are matched in order (longest common subsequence over the file) by
//     the first 20 characters of their text, without spaces, full-width forms and
//     traditional forms made equal; one that is shorter must be the whole start of
//     the other.
//   - Items and sections with a title are a multiset of normalised titles (Items
//     counts both levels' titles of their own level: section title + item title).
//   - Lead and Resp are multisets of normalised names inside each matched measure;
//     the names of a measure that was missed are missed, those of a measure that
//     is not in the truth are false.
//   - Due compares the deadline as written inside matched measures, without
//     spaces, closing marks and a closing 完成; only measures that have one on
//     either side count.
type Scores struct {
	Measures, Items, Lead, Resp, Due Score
}

func (s *Scores) add(o Scores) {
	s.Measures.add(o.Measures)
	s.Items.add(o.Items)
	s.Lead.add(o.Lead)
	s.Resp.add(o.Resp)
	s.Due.add(o.Due)
}

// FileScores are the scores of one file; Err is why it could not be read.
type FileScores struct {
	Name string
	Scores
	Err string
}

// Report is the outcome of an evaluation.
type Report struct {
	Files []FileScores
	All   Scores // over all files, micro-averaged
}

// Pair is a file's reading and its truth.
type Pair struct {
	Name      string
	Got, Want Wire
	Err       error // of reading; Got is then empty
}

// Evaluate scores readings against truth as Scores defines it.
func Evaluate(pairs []Pair) Report {
	var r Report
	for _, p := range pairs {
		f := FileScores{Name: p.Name, Scores: compare(p.Got, p.Want)}
		if p.Err != nil {
			f.Err = p.Err.Error()
		}
		r.Files = append(r.Files, f)
		r.All.add(f.Scores)
	}
	return r
}

// flat is a measure with its titles, for comparison.
type flatMeasure struct {
	WireMeasure
	key string
}

func flatten(w Wire) (ms []flatMeasure, titles map[string]int) {
	titles = map[string]int{}
	for _, s := range w.Sections {
		for _, it := range s.Items {
			if it.Title != "" {
				titles[normal(s.Title)+"/"+normal(it.Title)]++
			}
			for _, m := range it.Measures {
				ms = append(ms, flatMeasure{m, first(normal(m.Text), 20)})
			}
		}
		if s.Title != "" {
			titles[normal(s.Title)]++
		}
	}
	return ms, titles
}

// compare scores one file.
func compare(got, want Wire) Scores {
	var s Scores
	g, gt := flatten(got)
	w, wt := flatten(want)
	for k, n := range gt {
		s.Items.Got += n
		s.Items.Hit += min(n, wt[k])
	}
	for _, n := range wt {
		s.Items.Want += n
	}
	s.Measures.Got, s.Measures.Want = len(g), len(w)
	matched := match(len(g), len(w), func(i, j int) bool { return sameStart(g[i].key, w[j].key) })
	s.Measures.Hit = len(matched)
	gotDone := make([]bool, len(g))
	wantDone := make([]bool, len(w))
	for _, m := range matched {
		a, b := g[m[0]], w[m[1]]
		gotDone[m[0]], wantDone[m[1]] = true, true
		s.Lead.add(names(a.Lead, b.Lead))
		s.Resp.add(names(a.Resp, b.Resp))
		s.Due.add(dues(a.Due, b.Due))
	}
	for i, done := range gotDone {
		if !done {
			s.Lead.add(names(g[i].Lead, nil))
			s.Resp.add(names(g[i].Resp, nil))
			s.Due.add(dues(g[i].Due, ""))
		}
	}
	for i, done := range wantDone {
		if !done {
			s.Lead.add(names(nil, w[i].Lead))
			s.Resp.add(names(nil, w[i].Resp))
			s.Due.add(dues("", w[i].Due))
		}
	}
	return s
}

func sameStart(a, b string) bool {
	if a == b {
		return true
	}
	ra, rb := []rune(a), []rune(b)
	n := min(len(ra), len(rb))
	return n >= 8 && string(ra[:n]) == string(rb[:n])
}

func names(got, want []string) Score {
	s := Score{Got: len(got), Want: len(want)}
	have := map[string]int{}
	for _, n := range want {
		have[normal(n)]++
	}
	for _, n := range got {
		if k := normal(n); have[k] > 0 {
			have[k]--
			s.Hit++
		}
	}
	return s
}

func dues(got, want string) Score {
	g, w := normalDue(got), normalDue(want)
	var s Score
	if g != "" {
		s.Got = 1
	}
	if w != "" {
		s.Want = 1
	}
	if g == w && g != "" {
		s.Hit = 1
	}
	return s
}

func normalDue(s string) string {
	return strings.TrimSuffix(strings.Trim(normal(s), "。;,."), "完成")
}

// cutPinyin is a pronunciation in which the first characters of a text end.
var cutPinyin = regexp.MustCompile(`\(\p{Ll}{0,6}$`)

// normal makes texts equal that differ in spaces, width, script or pronunciations
// put behind characters only.
func normal(s string) string {
	s = cutPinyin.ReplaceAllString(unPinyin(newText(s, -1)).String(), "")
	return strings.Trim(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		r = fold(r)
		if r == ' ' {
			return -1
		}
		return r
	}, s), "。")
}

func first(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

// match returns the pairs of a longest common subsequence.
func match(n, m int, same func(i, j int) bool) [][2]int {
	best := make([][]int32, n+1)
	for i := range best {
		best[i] = make([]int32, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if same(i, j) {
				best[i][j] = max(best[i][j], best[i+1][j+1]+1)
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case same(i, j) && best[i][j] == best[i+1][j+1]+1:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case best[i+1][j] >= best[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// Units are lead and responsible units together.
func (s Scores) Units() Score {
	u := s.Lead
	u.add(s.Resp)
	return u
}

// String is a table for a terminal: precision, recall and F1 in per cent.
func (r Report) String() string {
	var b strings.Builder
	width := 8
	for _, f := range r.Files {
		width = max(width, columns(f.Name))
	}
	row := func(name string) { b.WriteString(name + strings.Repeat(" ", max(width-columns(name), 0))) }
	row("")
	for _, t := range []string{"举措", "条目", "牵头单位", "责任单位", "单位合计", "完成时限"} {
		b.WriteString("  " + t + strings.Repeat(" ", 19-columns(t)))
	}
	b.WriteByte('\n')
	row("文件")
	b.WriteString(strings.Repeat("  准确率 召回率    F1", 6) + "\n")
	line := func(name string, s Scores) {
		row(name)
		for _, x := range []Score{s.Measures, s.Items, s.Lead, s.Resp, s.Units(), s.Due} {
			fmt.Fprintf(&b, "  %6.1f %6.1f %5.1f", 100*x.Precision(), 100*x.Recall(), 100*x.F1())
		}
		b.WriteByte('\n')
	}
	for _, f := range r.Files {
		line(f.Name, f.Scores)
		if f.Err != "" {
			row("")
			b.WriteString("  " + f.Err + "\n")
		}
	}
	line("合计", r.All)
	return b.String()
}

// columns is how wide a text is on a terminal.
func columns(s string) int {
	n := 0
	for _, r := range s {
		if n++; unicode.Is(unicode.Han, r) {
			n++
		}
	}
	return n
}
