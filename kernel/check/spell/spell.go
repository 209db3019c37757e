// Package spell finds characters that were written for others: 竟争 for 竞争,
// 工作须要 for 工作需要. It needs no list of errors. A small model knows how often
// runs of up to four characters stand in laws, reports and other official texts;
// where a run is all but unknown and another character that sounds or looks alike
// would make it a common one, that character is proposed. It stays silent unless
// it is sure, and about titles, quotations and numerals.
package spell

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"gongkai/kernel/check"
)

//go:embed model.tsv
var modelFile string

//go:embed shape.tsv
var shapeFile string

// sure is the score from which a find is reported: odds of 9 to 1 in a text with as
// many errors as were planted for the fit. README.md says what it gives.
const sure = 2.2

// ID is the rule's.
const ID = "SPELL"

// Checker looks for confused characters. It is safe for use by many goroutines.
type Checker struct {
	model *model
	twins map[rune][]twin
	sure  float64 // log odds from which a find is reported
	lines sync.Pool
}

// New reads the model that is part of the program; it takes about half a second
// and 50 MB.
// It fails only when the model is damaged.
func New() (*Checker, error) {
	return newChecker(modelFile, shapeFile)
}

func newChecker(file, shapes string) (*Checker, error) {
	m, err := newModel(file)
	if err != nil {
		return nil, fmt.Errorf("read the spelling model: %w", err)
	}
	return &Checker{model: m, twins: confusions(m, shapes), sure: sure, lines: sync.Pool{New: func() any { return new(line) }}}, nil
}

// Rules declares the one rule.
func (c *Checker) Rules() []check.Rule {
	return []check.Rule{{
		ID: ID, Kind: check.Spelling, Severity: check.Hint,
		Title: "疑似错别字", Source: "由法律法规和政府公文的用字统计推断",
		Stages: check.Typing | check.Gate | check.Published, // a hint is for who can still mend it
	}}
}

// Check reports places where another character was probably meant.
func (c *Checker) Check(t *check.Text, report func(check.Hit)) {
	if c.model.foreign(t.Body) {
		return
	}
	for _, span := range t.Lines {
		for rest, at := t.Of(span.Span), span.Start; rest != ""; {
			text := piece(rest)
			for _, e := range c.errors(text) {
				report(check.Hit{
					Rule: ID, Start: at + e.start, End: at + e.end, Replace: e.meant,
					Message: fmt.Sprintf("“%s”疑为“%s”之误，请核对后修改。", text[e.start:e.end], e.meant),
				})
			}
			rest, at = rest[len(text):], at+len(text)
		}
	}
}

// piece is the beginning of a paragraph that is looked at together: all of it, but
// of one that is longer than any people write what ends with a sentence, since forty
// bytes are kept of each of its own.
func piece(text string) string {
	const long = 64 << 10
	if len(text) <= long {
		return text
	}
	end := long
	if i := strings.LastIndex(text[:long], "。"); i > 0 {
		end = i + len("。")
	}
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end++
	}
	return text[:end]
}

// mistake is a stretch of a text and what was probably meant.
type mistake struct {
	start, end int
	meant      string
}

// errors finds the mistakes of one paragraph in reading order. The surest is
// mended first and its neighbours are then judged anew, since one error hides
// the next.
func (c *Checker) errors(text string) []mistake {
	if c.model.foreign(text) {
		return nil
	}
	l := c.lines.Get().(*line)
	defer c.lines.Put(l)
	l.read(c.model, text)
	var list []mistake
	from, to := before, len(l.chars)-behind
	for from < to {
		finds := c.finds(l, from, to)
		from, to = len(l.chars), 0
		for _, f := range finds {
			if l.still[f.at] || f.size == 2 && l.still[f.at+1] {
				continue
			}
			last := f.at + f.size
			meant := []rune{}
			for _, m := range f.meant[:f.size] {
				meant = append(meant, c.model.runes[m])
			}
			end := l.at[last-1] + len(string(l.runes[last-1]))
			list = append(list, mistake{l.at[f.at], end, string(meant)})
			l.mend(c.model, f)
			from, to = min(from, f.at-4), max(to, last+4)
		}
		from, to = max(from, before), min(to, len(l.chars)-behind)
	}
	slices.SortFunc(list, func(a, b mistake) int { return a.start - b.start })
	return list
}

// finds are those sure enough between two places of a line, the surest first.
func (c *Checker) finds(l *line, from, to int) []find {
	var list []find
	strange := c.strange(l, from)
	for i := from; i < to; i++ {
		next := c.strange(l, i+1)
		if strange {
			if f, ok := c.single(l, i); ok && f.score > c.sure {
				list = append(list, f)
			}
			if next {
				if f, ok := c.double(l, i); ok && f.score > c.sure {
					list = append(list, f)
				}
			}
		}
		strange = next
	}
	slices.SortStableFunc(list, func(a, b find) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	return list
}
