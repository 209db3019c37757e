// Package wording finds words that should be other words: wrong and right pairs
// with their context, names of bodies and laws by date, fixed phrases that must be
// complete and in order, near misses of names that may never be mistyped, persons
// and titles that do not fit, and what is said of Hong Kong, Macao and Taiwan.
//
// Most of it is data (Entry): the lists in list/ and what a district adds on a
// screen are the same thing, read by the same code and proven by their examples.
package wording

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
)

// Entry is one rule as data: forms that are wrong where its conditions hold.
type Entry struct {
	ID       string
	Kind     check.Kind     // wording, name or person
	Severity check.Severity // of its hits
	Pairs    []Pair
	When     []Condition   // all must hold
	Within   int           // characters on each side that near: looks at, in the same sentence; 0 = 8
	Titled   bool          // also inside 《》, where names of old documents are left alone otherwise
	From     calendar.Date // the text's day from which the rule holds; zero = always
	Until    calendar.Date // last day; zero = for ever
	Message  string        // "" = made from the pair
	Source   string
	Hits     []string // sentences in which it must find something
	Passes   []string // sentences in which it must find nothing
}

// Pair is a wrong form and what to write instead; Right "" proposes nothing.
type Pair struct{ Wrong, Right string }

// Condition is one thing that must stand, or must not stand, around the form.
type Condition struct {
	Place Place
	Not   bool
	Words []string // {digit}, {date}, {han} and {end} stand for a digit, the begin of a date, any Chinese character, the end of a line
}

// Place is where a condition looks.
type Place string

const (
	Prev Place = "prev" // directly before the form
	Next Place = "next" // directly behind it
	Near Place = "near" // within some characters on either side, in the same sentence
)

// Limits of an entry, so that no list can slow a check down.
const (
	maxForms = 200
	maxWords = 200
	maxForm  = 60 // characters
	maxNear  = 60 // characters
)

// columns of a list, in order; a line feed ends an entry, # begins a remark.
const columns = "id\tkind\tseverity\tpairs\twhen\tfrom\tuntil\tsource\thits\tpasses"

// Parse reads entries written one a line with tabs between the columns. Pairs are
// wrong→right parted by |, conditions key:word|word parted by a space, a ! before
// the key turns it round. Every problem names its line.
func Parse(name, text string) ([]Entry, error) {
	var list []Entry
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, "\r")
		if line == "" || line[0] == '#' || line == columns {
			continue
		}
		e, err := parseLine(line)
		if err != nil {
			return nil, fmt.Errorf("%s 第%d行：%w", name, i+1, err)
		}
		list = append(list, e)
	}
	return list, nil
}

func parseLine(line string) (Entry, error) {
	f := strings.Split(line, "\t")
	for len(f) < 10 {
		f = append(f, "")
	}
	if len(f) > 10 {
		return Entry{}, fmt.Errorf("应有10列，实为%d列", len(f))
	}
	e := Entry{
		ID: f[0], Kind: check.Kind(f[1]), Severity: check.Severity(f[2]), Source: f[7],
		Hits: split(f[8]), Passes: split(f[9]),
	}
	for _, p := range split(f[3]) {
		wrong, right, _ := strings.Cut(p, "→")
		e.Pairs = append(e.Pairs, Pair{wrong, right})
	}
	for _, c := range strings.Fields(f[4]) {
		if err := e.condition(c); err != nil {
			return e, err
		}
	}
	var err error
	if e.From, e.Until, err = days(f[5], f[6]); err != nil {
		return e, err
	}
	return e, e.valid()
}

// days reads the first and the last day on which a line of a list holds; "" is open.
func days(from, until string) (first, last calendar.Date, err error) {
	read := func(text string) (d calendar.Date) {
		if text == "" || err != nil {
			return d
		}
		if d, err = calendar.Parse(text); err != nil {
			err = fmt.Errorf("日期“%s”应写作2018-03-17的形式", text)
		}
		return d
	}
	return read(from), read(until), err
}

func (e *Entry) condition(text string) error {
	key, words, _ := strings.Cut(text, ":")
	key, not := strings.CutPrefix(key, "!")
	switch {
	case key == "titled":
		e.Titled = true
	case key == "within":
		n, err := strconv.Atoi(words)
		if err != nil || n < 1 || n > maxNear {
			return fmt.Errorf("within 应为1至%d的整数", maxNear)
		}
		e.Within = n
	case slices.Contains([]Place{Prev, Next, Near}, Place(key)):
		e.When = append(e.When, Condition{Place(key), not, split(words)})
	default:
		return fmt.Errorf("不认识的条件“%s”，可用 prev、next、near、within、titled", key)
	}
	return nil
}

func split(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "|")
}

// valid tells what is wrong with an entry, whoever wrote it.
func (e *Entry) valid() error {
	switch {
	case e.ID == "":
		return fmt.Errorf("缺少规则编号")
	case !slices.Contains([]check.Kind{check.Wording, check.Name, check.Person}, e.Kind):
		return fmt.Errorf("规则%s的类别应为 wording、name 或 person", e.ID)
	case !slices.Contains([]check.Severity{check.Block, check.Confirm, check.Hint}, e.Severity):
		return fmt.Errorf("规则%s的级别应为 block、confirm 或 hint", e.ID)
	case len(e.Pairs) == 0 || len(e.Pairs) > maxForms:
		return fmt.Errorf("规则%s应有1至%d个词", e.ID, maxForms)
	case e.Source == "":
		return fmt.Errorf("规则%s缺少依据", e.ID)
	case !e.Until.IsZero() && e.Until.Before(e.From):
		return fmt.Errorf("规则%s的止期早于起期", e.ID)
	}
	for _, p := range e.Pairs {
		if n := utf8.RuneCountInString(p.Wrong); n == 0 || n > maxForm || !utf8.ValidString(p.Wrong) {
			return fmt.Errorf("规则%s的词应为1至%d个字", e.ID, maxForm)
		}
		if p.Wrong == p.Right {
			return fmt.Errorf("规则%s的“%s”改前改后相同", e.ID, p.Wrong)
		}
	}
	for _, c := range e.When {
		if len(c.Words) == 0 || len(c.Words) > maxWords || slices.Contains(c.Words, "") {
			return fmt.Errorf("规则%s的条件%s应有1至%d个词", e.ID, c.Place, maxWords)
		}
	}
	return nil
}

// message of a hit on one pair of the entry.
func (e *Entry) message(p Pair) string {
	switch {
	case e.Message != "":
		return e.Message
	case p.Right == "":
		return fmt.Sprintf("“%s”一般不用，请核对。", p.Wrong)
	case e.Kind == check.Name:
		return fmt.Sprintf("名称已变更，应为“%s”。", p.Right)
	default:
		return fmt.Sprintf("“%s”应为“%s”。", p.Wrong, p.Right)
	}
}
