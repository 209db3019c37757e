// Package area says what an area of the house is: a slice with its data, rules
// and pages, declared in one value, and what of the kernel it is given.
package area

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"strconv"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check/standard"
	"gongkai/kernel/clock"
	"gongkai/kernel/document"
	"gongkai/kernel/fetch"
	"gongkai/kernel/id"
	"gongkai/kernel/jobs"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/store"
	"gongkai/web"
)

// Kernel is what an area is given: the rooms it may use.
type Kernel struct {
	DB        *store.DB
	Files     store.Files
	Cases     *process.Cases
	Jobs      *jobs.Jobs
	Org       *org.Service
	Calendar  *calendar.Loader          // years, loading and confirming them
	Days      func() *calendar.Calendar // the calendar in force
	Notify    process.Notifier          // the one place that tells people
	Fetch     *fetch.Client
	Documents document.Reader
	Checks    standard.Checks // the check engine with the house's own rules
	Clock     clock.Clock
	Log       *slog.Logger
}

// Keep stores a page as it was seen, with its address, time and headers, by its
// content.
func (k *Kernel) Keep(ctx context.Context, page *fetch.Page) (store.Ref, error) {
	record, err := fetch.Archive(page)
	if err != nil {
		return store.Ref{}, err
	}
	return k.Files.Put(ctx, bytes.NewReader(record), int64(len(record)))
}

// Archive keeps a page as it was seen, as evidence of a proof rule.
func (k *Kernel) Archive(ctx context.Context, page *fetch.Page) (*Archived, error) {
	ref, err := k.Keep(ctx, page)
	if err != nil {
		return nil, err
	}
	return &Archived{Hash: ref.Hash, Size: ref.Size, URL: page.Final, Title: page.Title}, nil
}

// Area is all that the house knows of an area. The zero value of a field means
// the area has none of it.
type Area struct {
	Name, Title string
	Files       fs.FS // migration/, template/, help.md
	Routes      []web.Route
	Flows       []process.Flow
	Proofs      []Proof
	Jobs        []jobs.Work       // background work, periodic work and what it hears
	Menu        []web.Menu        // doors of the desk, and of the portal for org.Public
	Home        []web.Home        // sections of the first pages
	Actions     map[string]string // what its audit entries are called in Chinese; those of Flows name themselves
	Demo        func(ctx context.Context, d *Demo) error
}

// Migration is the area's own tables.
func (a Area) Migration() store.Migration { return store.Migration{Name: a.Name, FS: a.Files} }

// Verdict is what a proof rule says of a unit and a period.
type Verdict string

const (
	Met        Verdict = "met"     // 达标: the rows show it
	NotMet     Verdict = "not"     // 未达标
	CannotTell Verdict = "unknown" // 无法判断: no data, the page does not answer
)

// Tell is Met or NotMet.
func Tell(ok bool) Verdict {
	if ok {
		return Met
	}
	return NotMet
}

// Proof is one kind of proof rule (佐证规则) that measures can carry. Every area
// offers its own kinds; the ledger knows none of them.
type Proof struct {
	Name, Title, Help string
	Params            []Param
	Slow              bool // asks the network; run apart, with a deadline of its own
	// Alike tells of a rule's values whether its answer is the same for every unit;
	// it is then asked once for each period. Nil: it never is.
	Alike func(values map[string]string) bool
	Ask   func(ctx context.Context, in Question) (Answer, error)
}

// Param is one thing a rule of a kind must be told.
type Param struct {
	Name, Title, Help string
	Kind              ParamKind
	Optional          bool
	Default           string
	Options           []Option
}

// Option is one choice of a Param: what is kept and what is shown.
type Option struct{ Code, Title string }

// ParamKind says how a Param is asked for and checked.
type ParamKind string

const (
	Words  ParamKind = "text"
	Number ParamKind = "number" // 0 or more
	Count  ParamKind = "count"  // a whole number from 1: nothing proves nothing
	URL    ParamKind = "url"
	Choice ParamKind = "choice"
	YesNo  ParamKind = "bool"
)

// Question is what a rule asks: has this unit, in this period, done it?
type Question struct {
	Unit    id.ID
	Measure id.ID
	Duty    id.ID
	Term    id.ID
	From    calendar.Date // first day whose work counts for the period
	Until   calendar.Date // last day of the period
	Today   calendar.Date
	Values  map[string]string // of the rule, by Param.Name
}

// Count is a whole number from 1 that the rule was told under a name, or what
// else it is: a rule of before numbers were checked must not stand as met for
// everyone.
func (q Question) Count(name string, otherwise int) int {
	f, err := strconv.ParseFloat(strings.TrimSpace(q.Values[name]), 64)
	if n := int(f); err == nil && n >= 1 {
		return n
	}
	return otherwise
}

// Answer is the verdict, why in one Chinese sentence, and the rows looked at.
type Answer struct {
	Verdict Verdict
	Why     string
	Rows    []Row
	Archive *Archived // the page as it was seen, kept with the finding
}

// Row is one thing a rule looked at.
type Row struct {
	Title string `json:"title"`
	Link  string `json:"link,omitempty"`
	Date  string `json:"date,omitempty"`
	OK    bool   `json:"ok"`
	Why   string `json:"why,omitempty"`
}

// Archived is a stored copy of what a rule saw.
type Archived struct {
	Hash  string
	Size  int64
	URL   string
	Title string
}
