// Package standard puts the check engine together: every room of rules, with what
// a house adds of its own.
package standard

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
	"gongkai/kernel/check/aggregate"
	"gongkai/kernel/check/hidden"
	"gongkai/kernel/check/norm"
	"gongkai/kernel/check/personal"
	"gongkai/kernel/check/secrecy"
	"gongkai/kernel/check/spell"
	"gongkai/kernel/check/wording"
	"gongkai/kernel/document"
)

// House is what a district adds to the rules that come with the program.
type House struct {
	Entries  []wording.Entry  // its own words
	Names    []string         // of units and places: nothing in them is wrong
	Offices  []wording.Office // its leaders
	Personal personal.Config  // its own telephones, addresses, mail domains
}

// Rules holds what is the same in every house, made ready once: the language model
// and the lists that come with the program.
type Rules struct {
	entries []wording.Entry
	offices []wording.Office
	fixed   []check.Ruled
}

// Load makes the rules ready; it takes about a second.
func Load() (*Rules, error) {
	entries, err := wording.Standard()
	if err != nil {
		return nil, err
	}
	phrases, err := wording.NewPhrases()
	if err != nil {
		return nil, err
	}
	offices, err := wording.Offices()
	if err != nil {
		return nil, err
	}
	spelling, err := spell.New()
	if err != nil {
		return nil, err
	}
	return &Rules{entries, offices, []check.Ruled{
		phrases, wording.NewNames(nil), wording.NewRegions(), wording.Sessions{},
		secrecy.New(), norm.New(), aggregate.New(aggregate.Config{}), hidden.New(), spelling,
	}}, nil
}

// Engine makes the engine of a house.
func (r *Rules) Engine(h House) (*check.Engine, error) {
	words, err := wording.New(slices.Concat(r.entries, h.Entries), h.Names)
	if err != nil {
		return nil, err
	}
	own := []check.Ruled{words, wording.NewPersons(slices.Concat(r.offices, h.Offices)), personal.New(h.Personal)}
	return check.New(append(own, r.fixed...)...)
}

//go:embed labelled
var labelled embed.FS

// Labelled are the labelled texts that come with the program, all invented.
func Labelled() fs.FS {
	dir, err := fs.Sub(labelled, "labelled")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return dir
}

// Evaluate runs an engine over the labelled texts of a folder: NAME.mark with the
// marks in it, or NAME.* beside NAME.json. Files without labels are skipped and
// named.
func Evaluate(ctx context.Context, e *check.Engine, docs document.Reader, files fs.FS, today calendar.Date) (*check.Evaluation, []string, error) {
	list, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, nil, err
	}
	result, skipped := &check.Evaluation{}, []string(nil)
	for _, f := range list {
		ext := path.Ext(f.Name())
		if f.IsDir() || ext == ".json" || ext == ".md" {
			continue
		}
		data, err := fs.ReadFile(files, f.Name())
		if err != nil {
			return nil, nil, err
		}
		var t *check.Text
		var truth Truth
		if ext == ".mark" {
			var body string
			if body, truth, err = Marked(string(data)); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", f.Name(), err)
			}
			t = check.Plain(body)
		} else {
			raw, err := fs.ReadFile(files, strings.TrimSuffix(f.Name(), ext)+".json")
			if err != nil {
				skipped = append(skipped, f.Name())
				continue
			}
			if err := json.Unmarshal(raw, &truth); err != nil {
				return nil, nil, fmt.Errorf("labels of %s: %w", f.Name(), err)
			}
			if t, err = check.Read(ctx, docs, f.Name(), data); err != nil {
				return nil, nil, err
			}
		}
		t.Date, t.Today = truth.Date, today
		result.Add(f.Name(), t, e.Check(t, check.Gate), truth.Hits)
	}
	return result, skipped, nil
}

// Truth is what people say of a text: the day it bears, and what is wrong where.
type Truth struct {
	Date calendar.Date `json:"date"`
	Hits []check.Label `json:"hits"`
}

// Marked reads a text with its labels in it, ⟦kind|words⟧, behind an optional first
// line "date: 2022-06-17".
func Marked(text string) (body string, truth Truth, err error) {
	if rest, ok := strings.CutPrefix(text, "date:"); ok {
		day, after, _ := strings.Cut(rest, "\n")
		if truth.Date, err = calendar.Parse(strings.TrimSpace(day)); err != nil {
			return "", truth, err
		}
		text = after
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "⟦")
		b.WriteString(before)
		if !found {
			return b.String(), truth, nil
		}
		mark, after, closed := strings.Cut(rest, "⟧")
		kind, words, parted := strings.Cut(mark, "|")
		if !closed || !parted || !slices.Contains(check.Kinds(), check.Kind(kind)) {
			return "", truth, fmt.Errorf("a mark is not ⟦kind|words⟧: %.30s", mark)
		}
		start := utf8.RuneCountInString(b.String())
		b.WriteString(words)
		truth.Hits = append(truth.Hits, check.Label{Kind: check.Kind(kind), Start: start, End: start + utf8.RuneCountInString(words)})
		text = after
	}
}
