// Package check says what is wrong with a text or an office file. One engine and
// one form of hit serve the command line, the editor while somebody types, the
// publication gate, answers, public comments and other people's websites.
//
// A Checker knows some rules and reports hits; the rooms below this one (wording,
// personal, norm, hidden, spell, …) are checkers. An Engine asks all of them and
// says what it found in reading order. Nothing here ever changes a text.
package check

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"
)

// Kind is what a rule looks for.
type Kind string

// The kinds of rules.
const (
	Wording     Kind = "wording"
	Name        Kind = "name"
	Person      Kind = "person"
	Number      Kind = "number"
	Date        Kind = "date"
	Punctuation Kind = "punctuation"
	Format      Kind = "format"
	Reference   Kind = "reference"
	Arithmetic  Kind = "arithmetic"
	Personal    Kind = "personal"
	Secrecy     Kind = "secrecy"
	Hidden      Kind = "hidden"
	Aggregation Kind = "aggregation"
	Spelling    Kind = "spelling"
)

// Kinds lists every kind in the order in which people see them.
func Kinds() []Kind {
	return []Kind{
		Secrecy, Personal, Hidden, Aggregation, Person, Name, Wording, Spelling,
		Number, Date, Arithmetic, Reference, Format, Punctuation,
	}
}

// Title is the Chinese name of a kind.
func (k Kind) Title() string {
	switch k {
	case Wording:
		return "用词"
	case Name:
		return "机构和法律名称"
	case Person:
		return "人名和职务"
	case Number:
		return "数字用法"
	case Date:
		return "日期"
	case Punctuation:
		return "标点符号"
	case Format:
		return "公文格式"
	case Reference:
		return "引用和编号"
	case Arithmetic:
		return "数据核算"
	case Personal:
		return "个人信息"
	case Secrecy:
		return "保密"
	case Hidden:
		return "隐藏内容"
	case Aggregation:
		return "数据汇聚"
	case Spelling:
		return "错别字"
	default:
		return string(k)
	}
}

// Severity says who may leave a hit standing (content-review 7.1).
type Severity string

const (
	Block   Severity = "block"   // may not be published
	Confirm Severity = "confirm" // a person decides for each place
	Hint    Severity = "hint"    // advice, may stay
)

// Title is the Chinese name of a severity.
func (s Severity) Title() string {
	switch s {
	case Block:
		return "必须修改"
	case Confirm:
		return "需要确认"
	case Hint:
		return "建议"
	default:
		return string(s)
	}
}

// rank orders severities, the gravest first.
func (s Severity) rank() int { return slices.Index([]Severity{Block, Confirm, Hint}, s) }

// Stage is a place where checks run; a rule may run in several (content-review 12).
type Stage uint8

const (
	Typing     Stage = 1 << iota // while somebody writes: only what is quick and sure
	Gate                         // at each review and before release: everything
	Published                    // on what is already public
	Outside                      // on other sites: only rules with few false alarms
	Everywhere = Typing | Gate | Published | Outside
)

// Rule describes one thing that a checker looks for.
type Rule struct {
	ID       string   `json:"id"` // S1, P-ID18, W-0008
	Kind     Kind     `json:"kind"`
	Severity Severity `json:"severity"` // of its hits, where the hit does not say otherwise
	Title    string   `json:"title"`    // Chinese, what the rule is about
	Source   string   `json:"source"`   // standard, law or handbook section it rests on
	Stages   Stage    `json:"-"`        // 0 = Gate
	Discreet bool     `json:"-"`        // its hits never quote the text (content-review 7.2)
}

// Hit is one thing found. Start and End count bytes of Text.Body while checkers
// report, and Unicode characters of it once the engine hands hits out. A hit
// that is not in the text has a Place and no span.
type Hit struct {
	Rule     string
	Kind     Kind
	Severity Severity
	Start    int
	End      int
	Text     string // the characters found; empty where the rule is discreet
	Message  string // Chinese: what is wrong, and what to do where it is not obvious
	Source   string
	Replace  string // proposed instead of the span; "" = no proposal
	Place    string // Chinese: 表1第3行B列, 第2页, word/comments.xml
}

// MarshalJSON writes the form that `gongkai check --json` promises: a hit in the
// text has start, end and text; one outside it has place instead.
func (h Hit) MarshalJSON() ([]byte, error) {
	out := struct {
		Rule     string   `json:"rule"`
		Kind     Kind     `json:"kind"`
		Severity Severity `json:"severity"`
		Start    *int     `json:"start,omitempty"`
		End      *int     `json:"end,omitempty"`
		Text     *string  `json:"text,omitempty"`
		Place    string   `json:"place,omitempty"`
		Message  string   `json:"message"`
		Source   string   `json:"source"`
		Replace  string   `json:"replace,omitempty"`
	}{h.Rule, h.Kind, h.Severity, nil, nil, nil, h.Place, h.Message, h.Source, h.Replace}
	if h.InText() {
		out.Start, out.End, out.Text = &h.Start, &h.End, &h.Text
	}
	return json.Marshal(out)
}

// InText tells whether a hit has a span of the text.
func (h Hit) InText() bool { return h.End > h.Start }

// Ruled knows some rules: a Checker, a FileChecker or both.
type Ruled interface {
	Rules() []Rule
}

// Checker looks for some rules' hits in a text. It must be safe for use by many
// goroutines, take time linear in the text, and report spans in bytes of t.Body
// that begin and end between characters. Rule, Start and End (or Place) and
// Message are enough; the engine fills in the rest from the rule.
type Checker interface {
	Ruled
	Check(t *Text, report func(Hit))
}

// FileChecker looks in a file's bytes for what its text does not show. Its hits
// have a Place.
type FileChecker interface {
	Ruled
	CheckFile(ctx context.Context, name string, data []byte, report func(Hit)) error
}

// Engine asks all checkers. It is safe for use by many goroutines.
type Engine struct {
	texts []staged
	files []FileChecker
	rules map[string]Rule
}

// staged is a checker with the stages at which one of its rules is asked: at the
// others it need not look.
type staged struct {
	Checker
	stages Stage
}

// New makes an engine. It fails when two checkers claim one rule, or a rule lacks
// its kind, severity, title or source.
func New(checkers ...Ruled) (*Engine, error) {
	e := &Engine{rules: map[string]Rule{}}
	for _, c := range checkers {
		stages := Stage(0)
		for _, r := range c.Rules() {
			if _, twice := e.rules[r.ID]; twice {
				return nil, fmt.Errorf("rule %s is claimed twice", r.ID)
			}
			if r.ID == "" || !slices.Contains(Kinds(), r.Kind) || r.Severity.rank() < 0 || r.Title == "" || r.Source == "" {
				return nil, fmt.Errorf("rule %q lacks its kind, severity, title or source", r.ID)
			}
			if r.Stages == 0 {
				r.Stages = Gate
			}
			stages |= r.Stages
			e.rules[r.ID] = r
		}
		if t, ok := c.(Checker); ok {
			e.texts = append(e.texts, staged{t, stages})
		}
		if f, ok := c.(FileChecker); ok {
			e.files = append(e.files, f)
		}
	}
	return e, nil
}

// Rules lists every rule by kind and id.
func (e *Engine) Rules() []Rule {
	list := make([]Rule, 0, len(e.rules))
	for _, r := range e.rules {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(slices.Index(Kinds(), a.Kind), slices.Index(Kinds(), b.Kind)), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// Check reports what is wrong with a text where the rules of a stage are asked.
// Hits come in reading order, those outside the text last; of two hits of one
// kind on the same characters the graver one stays.
func (e *Engine) Check(t *Text, at Stage) []Hit {
	if len(t.Body) <= large {
		return inCharacters(t.Body, settle(e.ask(t, at)))
	}
	var hits []Hit
	for start, end := 0, 0; start < len(t.Body); start = end {
		end = cutAt(t.Body, start)
		for _, h := range e.ask(t.part(start, end), at) {
			if h.InText() {
				h.Start, h.End = h.Start+start, h.End+start
			}
			hits = append(hits, h)
		}
	}
	return inCharacters(t.Body, settle(hits))
}

// ask puts a text before every checker that has a rule for a stage.
func (e *Engine) ask(t *Text, at Stage) (hits []Hit) {
	for _, c := range e.texts {
		if c.stages&at != 0 {
			c.Check(t, e.collect(t, at, &hits))
		}
	}
	return hits
}

// CheckFile reports what is hidden in a file and, where text is given, what is
// wrong with the words that were read from it.
func (e *Engine) CheckFile(ctx context.Context, name string, data []byte, t *Text, at Stage) ([]Hit, error) {
	var hits []Hit
	if t != nil {
		hits = e.Check(t, at)
	}
	for _, c := range e.files {
		if err := c.CheckFile(ctx, name, data, e.collect(&Text{}, at, &hits)); err != nil {
			return hits, fmt.Errorf("look for what is hidden in %s: %w", name, err)
		}
	}
	return hits, nil
}

// collect is the report function that fills in hits from their rules.
func (e *Engine) collect(t *Text, at Stage, hits *[]Hit) func(Hit) {
	return func(h Hit) {
		r, known := e.rules[h.Rule]
		if !known {
			panic(fmt.Sprintf("check: a hit of the undeclared rule %q", h.Rule))
		}
		if r.Stages&at == 0 {
			return
		}
		h.Kind = r.Kind
		h.Severity = cmp.Or(h.Severity, r.Severity)
		h.Source = cmp.Or(h.Source, r.Source)
		if h.InText() {
			h.Text = t.Body[h.Start:h.End]
			h.Place = cmp.Or(h.Place, t.LineAt(h.Start).Place)
		}
		if r.Discreet {
			h.Text = ""
		}
		*hits = append(*hits, h)
	}
}

// settle puts hits in order and lets the graver of two on the same span stand.
func settle(hits []Hit) []Hit {
	slices.SortStableFunc(hits, func(a, b Hit) int {
		if a.InText() != b.InText() {
			if a.InText() {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End),
			cmp.Compare(a.Severity.rank(), b.Severity.rank()), cmp.Compare(a.Rule, b.Rule))
	})
	return slices.CompactFunc(hits, func(a, b Hit) bool {
		return a.InText() && a.Start == b.Start && a.End == b.End && a.Kind == b.Kind
	})
}

// inCharacters turns byte offsets into character offsets in one walk over the text.
func inCharacters(body string, hits []Hit) []Hit {
	at, count := 0, 0
	for i := range hits {
		h := &hits[i]
		if !h.InText() {
			continue
		}
		count += utf8.RuneCountInString(body[at:h.Start])
		at = h.Start
		h.End = count + utf8.RuneCountInString(body[h.Start:h.End])
		h.Start = count
	}
	return hits
}
