package check

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Label is a place in a text of which people say what is wrong there.
type Label struct {
	Kind  Kind `json:"kind"`
	Start int  `json:"start"` // characters
	End   int  `json:"end"`
}

// Score counts the hits of one kind: how many were right, how many labels were
// found. One hit may cover several labels and the other way round.
type Score struct {
	Kind             Kind
	Hits, RightHits  int
	Labels, FoundOut int
}

// Precision is the share of hits that stand where a label stands; 1 without hits.
func (s Score) Precision() float64 { return share(s.RightHits, s.Hits) }

// Recall is the share of labels that a hit of their kind touches; 1 without labels.
func (s Score) Recall() float64 { return share(s.FoundOut, s.Labels) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// Evaluation adds up how hits agree with labels over many texts.
type Evaluation struct {
	scores     map[Kind]*Score
	Characters int      // of all texts
	Clean      int      // characters of texts without any label
	False      int      // block and confirm hits in them
	Wrong      []string // hits without a label and labels without a hit, in words
}

// Add compares the hits on one text with its labels. Hints without a label count
// neither way: whether advice was wanted is not labelled.
func (e *Evaluation) Add(name string, t *Text, hits []Hit, labels []Label) {
	if e.scores == nil {
		e.scores = map[Kind]*Score{}
	}
	characters, runes := t.Characters(), []rune(t.Body)
	around := func(start, end int) string {
		return strings.ReplaceAll(fmt.Sprintf("%s【%s】%s", string(runes[max(0, start-8):start]), string(runes[start:end]), string(runes[end:min(len(runes), end+8)])), "\n", "¶")
	}
	e.Characters += characters
	touches := func(h Hit, l Label) bool { return h.Kind == l.Kind && h.Start < l.End && l.Start < h.End }
	for _, h := range hits {
		right := slices.ContainsFunc(labels, func(l Label) bool { return touches(h, l) })
		if h.Severity == Hint && !right {
			continue
		}
		s := e.of(h.Kind)
		s.Hits++
		switch {
		case right:
			s.RightHits++
		case h.InText():
			e.Wrong = append(e.Wrong, fmt.Sprintf("误报 %s %s %s：%s", name, h.Kind, h.Rule, around(h.Start, h.End)))
		default:
			e.Wrong = append(e.Wrong, fmt.Sprintf("误报 %s %s %s：%s %s", name, h.Kind, h.Rule, h.Place, h.Message))
		}
	}
	for _, l := range labels {
		s := e.of(l.Kind)
		s.Labels++
		if slices.ContainsFunc(hits, func(h Hit) bool { return touches(h, l) }) {
			s.FoundOut++
		} else {
			e.Wrong = append(e.Wrong, fmt.Sprintf("漏报 %s %s：%s", name, l.Kind, around(l.Start, l.End)))
		}
	}
	if len(labels) == 0 {
		e.Clean += characters
		for _, h := range hits {
			if h.Severity != Hint {
				e.False++
			}
		}
	}
}

func (e *Evaluation) of(k Kind) *Score {
	if e.scores[k] == nil {
		e.scores[k] = &Score{Kind: k}
	}
	return e.scores[k]
}

// Scores lists the kinds that have hits or labels.
func (e *Evaluation) Scores() []Score {
	var list []Score
	for _, s := range e.scores {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b Score) int {
		return cmp.Compare(slices.Index(Kinds(), a.Kind), slices.Index(Kinds(), b.Kind))
	})
	return list
}

// Print writes the table that `gongkai check eval` shows.
func (e *Evaluation) Print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "类别\t标注\t查出\t召回率\t命中\t正确\t准确率\t")
	for _, s := range e.Scores() {
		fmt.Fprintf(w, "%s\t%d\t%d\t%.1f%%\t%d\t%d\t%.1f%%\t\n", s.Kind, s.Labels, s.FoundOut, 100*s.Recall(), s.Hits, s.RightHits, 100*s.Precision())
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "共%d字，其中无问题文本%d字，误报（必须修改、需要确认）%d处，每十万字%.2f处。\n",
		e.Characters, e.Clean, e.False, 1e5*share0(e.False, e.Clean))
	return err
}

func share0(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
