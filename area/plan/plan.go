// Package plan is the ledger of the year: the plan as it was issued, a duty for
// every measure and unit, the evidence that it was done, and its closing.
//
//	file → Draft (what was understood, corrected) → Plan → Item → Measure
//	Measure × unit → Duty → Term (one a period) → Evidence → closing (销号)
//
// A Term is the subject of a case of the flow "duty"; its state lives there and
// nowhere else.
package plan

import (
	"time"

	"gongkai/area"
	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
)

// Plan is one year's 政务公开工作要点任务分工, as issued.
type Plan struct {
	ID       id.ID `bun:",pk"`
	Year     int
	Title    string
	Number   string        // 渝中府办〔2022〕24号
	Issuer   string        // the organ that signed it
	IssuedOn calendar.Date // day 0 of every duty's clock
	Office   id.ID         // the unit that coordinates (政府办公室)
	Letter   []string      `bun:",type:jsonb"` // the cover letter's own requirements
	Previous id.ID         // the plan of the year before, or ""
	Draft    id.ID         // what it was issued from
	Ended    calendar.Date `bun:",nullzero"` // the year was closed
	Version  int
}

// Item is one 工作任务, （一）…（十七）, under its section.
type Item struct {
	ID           id.ID `bun:",pk"`
	Plan         id.ID
	Position     int    // from 1, in the order of the plan
	Number       string // as written: （一）
	Title        string
	Section      int // from 1
	SectionTitle string
}

// Measure is one 贯彻举措: what has to be done, by when.
type Measure struct {
	ID       id.ID `bun:",pk"`
	Plan     id.ID
	Item     id.ID
	Position int    // from 1 within the item
	Row      int    // table row of the source, 0 when there was no table
	Number   string // as written: 1．, or ""
	Text     string
	DueText  string        // as written, or ""
	Due      Due           `bun:",type:jsonb"`
	Retired  calendar.Date `bun:",nullzero"` // taken out by a later version of the plan
	Version  int
}

// DueKind says how a measure's time limit works.
type DueKind string

const (
	ByDate    DueKind = "date"    // once, not later than On
	Recurring DueKind = "repeat"  // Times in every Every
	Ongoing   DueKind = "ongoing" // all year (持续推进); judged at the year's end
	PerEvent  DueKind = "event"   // Period after each event
	AtLeast   DueKind = "least"   // something lasts no shorter than Period (一般不少于30日): a rule for the whole year, no day to be late for
)

// Every is the length of a recurring measure's period.
type Every string

const (
	Yearly     Every = "year"
	HalfYearly Every = "half"
	Quarterly  Every = "quarter"
	Monthly    Every = "month"
)

// Due is a time limit as a value. A measure without one is Ongoing and is
// judged on 31 December of the plan's year (assessment, section 2).
type Due struct {
	Kind   DueKind       `json:"kind"`
	On     calendar.Date `json:"on"`               // ByDate
	Every  Every         `json:"every,omitempty"`  // Recurring
	Times  int           `json:"times,omitempty"`  // Recurring: at least so often in each period
	Month  int           `json:"month,omitempty"`  // Recurring: the month of each period, from 1, that Day belongs to; 0 is its last
	Day    int           `json:"day,omitempty"`    // Recurring: not later than this day of Month (每月10日前), 31 for its end; 0 is the period's end
	Period string        `json:"period,omitempty"` // PerEvent, AtLeast: 5个工作日, 30日, as calendar.ParsePeriod reads it
}

// DutyRole says whether a unit leads a measure or answers for its part of it.
type DutyRole string

const (
	Leading     DutyRole = "lead" // 牵头
	Responsible DutyRole = "resp" // 责任
)

// Duty is one measure × one unit. A unit that is named both ways leads.
type Duty struct {
	ID      id.ID `bun:",pk"`
	Plan    id.ID
	Item    id.ID
	Measure id.ID
	Unit    id.ID
	Role    DutyRole
	Group   string        // the group that named the unit (区政府各部门), or ""
	Retired calendar.Date `bun:",nullzero"`
}

// Term is one period of a duty: the whole year, or one quarter of a measure
// that recurs. It is the subject of a case of the flow "duty".
type Term struct {
	ID     id.ID `bun:",pk"`
	Duty   id.ID
	Plan   id.ID
	Number int           // from 1
	From   calendar.Date // the first day of the period
	Until  calendar.Date // its last day
	Due    calendar.Date
	Case   id.ID // of the flow "duty"
}

// Step is one row of a unit's task list (任务清单): one result, one person, one date.
type Step struct {
	ID       id.ID `bun:",pk"`
	Duty     id.ID
	Position int
	Text     string // begins with a verb
	Product  string // 成果形式
	Person   id.ID  // 责任人
	Leader   id.ID  // 责任领导, another person
	Due      calendar.Date
	DoneOn   calendar.Date `bun:",nullzero"`
	Note     string
	Version  int
}

// Progress is one report of how far a term has come.
type Progress struct {
	ID      id.ID `bun:",pk"`
	Term    id.ID
	Percent int // 0–100
	Text    string
	By      id.ID // person
	At      time.Time
}

// EvidenceKind says what a piece of evidence is.
type EvidenceKind string

const (
	Link   EvidenceKind = "link"   // a page, fetched and kept as seen
	File   EvidenceKind = "file"   // an uploaded file
	Note   EvidenceKind = "text"   // words
	Figure EvidenceKind = "figure" // a number with its source
	Proved EvidenceKind = "proof"  // found by a proof rule
)

// Evidence is one 佐证: what shows that a term was done.
type Evidence struct {
	ID       id.ID `bun:",pk"`
	Term     id.ID
	Duty     id.ID
	Plan     id.ID
	Kind     EvidenceKind
	Title    string
	URL      string        // Link
	Text     string        // Note; for a Link an excerpt
	Amount   float64       // Figure
	Measured string        // Figure: its unit, 人 件 %
	Source   string        // Figure: where the number stands
	DatedOn  calendar.Date `bun:",nullzero"` // the day of what it shows; outside the period it is refused
	Hash     string        // of the file or of the page as it was seen
	Size     int64
	Mime     string
	Fetch    string    // Link: "" not yet, "ok", or why it failed, in Chinese
	FetchAt  time.Time `bun:",nullzero"`
	Public   bool      // may be shown on the public page
	Verdict  Verdict   // of the lead unit
	Why      string    // of a refusal
	Rule     id.ID     // Proved: the rule that found it
	By       id.ID     // person, "" when the house found it
	At       time.Time
}

// Verdict is what a checker said of a piece of evidence.
type Verdict string

const (
	Unjudged Verdict = ""
	Accepted Verdict = "accepted"
	Refused  Verdict = "refused"
)

// Rule is a proof rule (佐证规则) that a measure carries: a kind that some area
// registered, and what that kind must be told.
type Rule struct {
	ID      id.ID `bun:",pk"`
	Measure id.ID
	Plan    id.ID
	Kind    string            // area.Proof.Name
	Title   string            // said for people
	Values  map[string]string `bun:",type:jsonb"`
	Version int
}

// Finding is what a rule last said of one term: met, not met or cannot tell,
// with the rows it looked at.
type Finding struct {
	ID      id.ID `bun:",pk"`
	Rule    id.ID
	Term    id.ID
	Plan    id.ID
	Verdict area.Verdict
	Why     string
	Rows    []area.Row `bun:",type:jsonb"`
	At      time.Time
	Since   time.Time // since when the verdict is the same
}

// Recheck is a look-back (回头看) on one duty of the year before. What does not
// hold goes into the work ledger (工作台账) and stays until it is closed. It is
// the subject of a case of the flow "recheck".
type Recheck struct {
	ID    id.ID `bun:",pk"`
	Plan  id.ID // the year that looks back
	Duty  id.ID // of last year's plan
	Case  id.ID
	Found string // what was seen
}
