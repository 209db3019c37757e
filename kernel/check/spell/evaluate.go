package spell

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Pair is a sentence as somebody wrote it and as it should be.
type Pair struct{ Wrong, Right string }

// ReadPairs reads a pair on each line, parted by a tab.
func ReadPairs(r io.Reader) ([]Pair, error) {
	var list []Pair
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		wrong, right, found := strings.Cut(lines.Text(), "\t")
		if !found {
			return nil, fmt.Errorf("line %d of the pairs has no tab", len(list)+1)
		}
		list = append(list, Pair{wrong, right})
	}
	return list, lines.Err()
}

// Rate counts what was reported and what should have been.
type Rate struct{ Right, Reported, Wanted int }

// Precision is the share of what was reported that is right; 1 where nothing was.
func (r Rate) Precision() float64 { return share(r.Right, r.Reported) }

// Recall is the share of what is wrong that was reported.
func (r Rate) Recall() float64 { return share(r.Right, r.Wanted) }

// F1 is the harmonic mean of precision and recall.
func (r Rate) F1() float64 { return share(2*r.Right, r.Reported+r.Wanted) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

func (r Rate) String() string {
	return fmt.Sprintf("精确率 %.3f，召回率 %.3f，F1 %.3f", r.Precision(), r.Recall(), r.F1())
}

// Figures say how well the checker did. A sentence is detected where exactly its
// wrong characters were reported, corrected where the proposals make it right; a
// character is detected where it was reported, corrected where the proposal is
// right.
type Figures struct {
	Sentences              int
	SentenceDetection      Rate
	SentenceCorrection     Rate
	CharacterDetection     Rate
	CharacterCorrection    Rate
	Characters, FalseAlarm int // of the right sentences, and hits in them
}

// PerTenThousand is the number of false alarms in 10,000 characters of correct text.
func (f Figures) PerTenThousand() float64 {
	return float64(f.FalseAlarm) * 10_000 / float64(max(f.Characters, 1))
}

func (f Figures) String() string {
	return fmt.Sprintf("句子 %d 个\n整句检出：%v\n整句改对：%v\n单字检出：%v\n单字改对：%v\n正确文本 %d 字，误报 %d 处，每万字 %.2f 处",
		f.Sentences, f.SentenceDetection, f.SentenceCorrection, f.CharacterDetection, f.CharacterCorrection,
		f.Characters, f.FalseAlarm, f.PerTenThousand())
}

// Evaluate compares what is found with what is wrong. Pairs of unequal length
// have missing or extra characters, which are not looked for: they are left out.
func (c *Checker) Evaluate(pairs []Pair) Figures {
	var f Figures
	for _, p := range pairs {
		if utf8.RuneCountInString(p.Wrong) != utf8.RuneCountInString(p.Right) {
			continue
		}
		f.Sentences++
		f.Characters += utf8.RuneCountInString(p.Right)
		f.FalseAlarm += len(c.errors(p.Right))
		c.compare(p, &f)
	}
	return f
}

func (c *Checker) compare(p Pair, f *Figures) {
	was, right, out := []rune(p.Wrong), []rune(p.Right), []rune(p.Wrong)
	reported := make([]bool, len(was))
	list := c.errors(p.Wrong)
	for _, m := range list {
		at := utf8.RuneCountInString(p.Wrong[:m.start])
		for i, r := range []rune(m.meant) {
			out[at+i], reported[at+i] = r, true
		}
	}
	exact := true
	for i := range was {
		wrong := was[i] != right[i]
		exact = exact && wrong == reported[i]
		count(&f.CharacterDetection, reported[i] && wrong, reported[i], wrong)
		count(&f.CharacterCorrection, reported[i] && wrong && out[i] == right[i], reported[i], wrong)
	}
	wrong, any := p.Wrong != p.Right, len(list) > 0
	count(&f.SentenceDetection, wrong && any && exact, any, wrong)
	count(&f.SentenceCorrection, wrong && any && string(out) == p.Right, any, wrong)
}

func count(r *Rate, right, reported, wanted bool) {
	for _, c := range []struct {
		n  *int
		is bool
	}{{&r.Right, right}, {&r.Reported, reported}, {&r.Wanted, wanted}} {
		if c.is {
			*c.n++
		}
	}
}
