package wording

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
	"gongkai/kernel/check/match"
)

//go:embed list/*.tsv
var lists embed.FS

// Standard reads the lists that come with the program.
func Standard() ([]Entry, error) {
	var all []Entry
	files, err := lists.ReadDir("list")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		text, err := lists.ReadFile("list/" + f.Name())
		if err != nil {
			return nil, err
		}
		list, err := Parse(f.Name(), string(text))
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// Words finds the forms of entries. It is safe for use by many goroutines.
type Words struct {
	entries []Entry
	forms   []form // by term of the set
	set     *match.Set
}

type form struct {
	entry int
	pair  Pair
	known bool // a name that is right as it stands: no form inside it is wrong
}

// New makes a checker of entries; known are names (units, places, firms, persons)
// inside which nothing is wrong (content-review 7.9).
func New(entries []Entry, known []string) (*Words, error) {
	w := &Words{entries: entries}
	var terms []string
	for i := range entries {
		if err := entries[i].valid(); err != nil {
			return nil, err
		}
		for _, p := range entries[i].Pairs {
			w.forms, terms = append(w.forms, form{entry: i, pair: p}), append(terms, p.Wrong)
		}
	}
	for _, name := range known {
		if utf8.RuneCountInString(name) > 1 {
			w.forms, terms = append(w.forms, form{known: true}), append(terms, name)
		}
	}
	w.set = match.New(terms)
	return w, nil
}

// Rules lists one rule an entry.
func (w *Words) Rules() []check.Rule {
	rules := make([]check.Rule, len(w.entries))
	for i, e := range w.entries {
		rules[i] = check.Rule{
			ID: e.ID, Kind: e.Kind, Severity: e.Severity, Source: e.Source,
			Title: title(e), Stages: check.Everywhere,
		}
	}
	return rules
}

func title(e Entry) string {
	forms := make([]string, 0, 4)
	for _, p := range e.Pairs[:min(len(e.Pairs), 3)] {
		if p.Right == "" {
			forms = append(forms, p.Wrong)
		} else {
			forms = append(forms, p.Wrong+"→"+p.Right)
		}
	}
	return strings.Join(forms, "，")
}

// Check reports the forms whose conditions hold.
func (w *Words) Check(t *check.Text, report func(check.Hit)) {
	type found struct{ form, start, end int }
	var hits []found
	var known []check.Span
	w.set.Each(t.Body, func(term, start, end int) {
		if f := w.forms[term]; f.known {
			known = append(known, check.Span{Start: start, End: end})
		} else if w.holds(&w.entries[f.entry], t, start, end) {
			hits = append(hits, found{term, start, end})
		}
	})
	next, reach := 0, 0 // known names and hits come in order of start: those that begin before a hit, and how far they go
	for _, h := range hits {
		for ; next < len(known) && known[next].Start < h.start; next++ {
			reach = max(reach, known[next].End)
		}
		covered := reach >= h.end
		for _, k := range known[next:] {
			if k.Start > h.start || covered {
				break
			}
			covered = k.End > h.end
		}
		if covered {
			continue
		}
		f := w.forms[h.form]
		e := &w.entries[f.entry]
		hit := check.Hit{Rule: e.ID, Start: h.start, End: h.end, Message: e.message(f.pair), Replace: f.pair.Right}
		if _, known := t.Dated(); !known && !(e.From.IsZero() && e.Until.IsZero()) {
			hit.Severity = check.Hint // nobody knows whether the text is older than the rule
		}
		report(hit)
	}
}

// holds tells whether an entry applies to a form at a place.
func (w *Words) holds(e *Entry, t *check.Text, start, end int) bool {
	if when := t.When(); !during(when, e.From, e.Until) {
		return false
	}
	if !e.Titled && inTitle(t.Body, start) {
		return false
	}
	for i := range e.When {
		if c := &e.When[i]; c.stands(t.Body, start, end, e.Within) == c.Not {
			return false
		}
	}
	return true
}

// during tells whether a day lies between two; a zero end is open, and a day that
// nobody knows is taken as one of today's.
func during(day, from, until calendar.Date) bool {
	return (day.IsZero() || !day.Before(from)) && (until.IsZero() || (!day.IsZero() && !day.After(until)))
}

// stands tells whether one of the condition's words is where it looks.
func (c *Condition) stands(body string, start, end, within int) bool {
	switch c.Place {
	case Prev:
		return slices.ContainsFunc(c.Words, func(w string) bool { return endsWith(body[:start], w) })
	case Next:
		return slices.ContainsFunc(c.Words, func(w string) bool { return beginsWith(body[end:], w) })
	default:
		if within == 0 {
			within = 8
		}
		before, after := body[back(body, start, within):start], body[end:forth(body, end, within)]
		return slices.ContainsFunc(c.Words, func(w string) bool {
			return strings.Contains(before, w) || strings.Contains(after, w)
		})
	}
}

// sentenceEnds part what belongs together.
const sentenceEnds = "。！？；\n\t"

// back walks some characters back in the same sentence.
func back(body string, at, characters int) int {
	for ; characters > 0 && at > 0; characters-- {
		r, size := utf8.DecodeLastRuneInString(body[:at])
		if strings.ContainsRune(sentenceEnds, r) {
			break
		}
		at -= size
	}
	return at
}

// forth walks some characters on in the same sentence.
func forth(body string, at, characters int) int {
	for ; characters > 0 && at < len(body); characters-- {
		r, size := utf8.DecodeRuneInString(body[at:])
		if strings.ContainsRune(sentenceEnds, r) {
			break
		}
		at += size
	}
	return at
}

// beginsWith tells whether a text begins with a word or a class of characters.
func beginsWith(text, word string) bool {
	switch word {
	case "{digit}", "{han}":
		r, _ := utf8.DecodeRuneInString(text)
		return ofClass(r, word)
	case "{date}":
		return beginsDate(text)
	case "{end}":
		return text == "" || text[0] == '\n'
	default:
		return strings.HasPrefix(text, word)
	}
}

// ofClass tells whether a character is a digit or, for {han}, a Chinese one.
func ofClass(r rune, class string) bool {
	if class == "{digit}" {
		return unicode.IsDigit(r)
	}
	return unicode.Is(unicode.Han, r)
}

// endsWith is beginsWith for what stands before a form.
func endsWith(text, word string) bool {
	switch word {
	case "{digit}", "{han}":
		r, _ := utf8.DecodeLastRuneInString(text)
		return ofClass(r, word)
	case "{date}":
		return strings.HasSuffix(text, "日") || strings.HasSuffix(text, "月") || strings.HasSuffix(text, "年")
	default:
		return strings.HasSuffix(text, word)
	}
}

// beginsDate tells whether 6月底, 2022年, 本月, 目前 … begins a text.
func beginsDate(text string) bool {
	for _, word := range []string{"目前", "当前", "现在", "昨日", "昨天", "今日", "今天", "上月", "本月", "上年", "去年", "今年", "年底", "月底", "发稿", "此时", "日前", "同期"} {
		if strings.HasPrefix(text, word) {
			return true
		}
	}
	rest := strings.TrimLeft(text, "0123456789０１２３４５６７８９一二三四五六七八九十〇零○")
	if len(rest) == len(text) {
		return false
	}
	for _, unit := range []string{"年", "月", "日", "时", "点"} {
		if strings.HasPrefix(rest, unit) {
			return true
		}
	}
	return false
}

// inTitle tells whether a place lies between 《 and 》 of its line.
func inTitle(body string, at int) bool {
	const far = 600 // bytes: no title is longer, and a line may be the whole text
	line := body[max(0, at-far):at]
	line = line[strings.LastIndexByte(line, '\n')+1:]
	return strings.LastIndex(line, "《") > strings.LastIndex(line, "》")
}

// Try runs an entry's own examples: each sentence of Hits must have a hit of it,
// each of Passes none. What fails is said in Chinese.
func (e Entry) Try(today calendar.Date) []string {
	w, err := New([]Entry{e}, nil)
	if err != nil {
		return []string{err.Error()}
	}
	var wrong []string
	count := func(sentence string) (n int) {
		t := check.Plain(sentence)
		t.Today = today
		w.Check(t, func(check.Hit) { n++ })
		return n
	}
	for _, s := range e.Hits {
		if count(s) == 0 {
			wrong = append(wrong, fmt.Sprintf("规则%s在“%s”中没有发现问题", e.ID, s))
		}
	}
	for _, s := range e.Passes {
		if count(s) > 0 {
			wrong = append(wrong, fmt.Sprintf("规则%s在“%s”中误报", e.ID, s))
		}
	}
	return wrong
}
