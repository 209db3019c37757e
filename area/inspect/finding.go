package inspect

import (
	"slices"
	"strings"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
)

// Status is where a finding stands between being seen and being gone.
type Status string

// The statuses of a finding.
const (
	Open     Status = "open"     // nobody has been asked to mend it
	Handed   Status = "handed"   // a unit has been
	Mended   Status = "mended"   // a later inspection no longer saw it
	Accepted Status = "accepted" // it stays, for a reason
	Wrong    Status = "wrong"    // the check was mistaken, and is told so
)

// Statuses lists them in the order of screens.
func Statuses() []Status { return []Status{Open, Handed, Mended, Accepted, Wrong} }

// Title is the Chinese name.
func (s Status) Title() string {
	switch s {
	case Open:
		return "待处理"
	case Handed:
		return "已交办"
	case Mended:
		return "已整改"
	case Accepted:
		return "保留"
	case Wrong:
		return "误报"
	default:
		return string(s)
	}
}

// Badge is the colour of a status.
func (s Status) Badge() string {
	switch s {
	case Open:
		return "idle"
	case Handed:
		return "doing"
	case Mended:
		return "done"
	default:
		return "closed"
	}
}

// Answer is what a person says of a finding that the machine only proposes.
type Answer string

// The answers.
const (
	Unasked   Answer = ""
	Confirmed Answer = "yes" // 属实
	Denied    Answer = "no"  // 不属实: Status Wrong
)

// Finding is one fault of a site over all the rounds in which it was seen.
type Finding struct {
	ID         id.ID `bun:",pk"`
	Site       id.ID
	Mark       string   // fact.Finding.ID, or that of an import
	Code       string   // WEB-60
	Also       []string `bun:",type:jsonb"`
	Indicator  string
	URL        string `bun:"url"`
	OnPage     string
	Word       string // fact.Finding.Key
	State      fact.State
	Confirmed  bool
	Hidden     bool // for the secrecy officer only (WEB-11)
	What       string
	Seen       string
	Mend       string
	Pages      int
	Points     float64
	Proof      string // hash of the kept page, in the folder of the site
	Picture    string // hash of the page's picture, kept there too; "" = none
	Source     string // "" = our own inspection, else whose list it came from
	FirstAt    time.Time
	LastAt     time.Time
	FirstRound int
	LastRound  int
	Status     Status
	Answer     Answer
	Wide       bool   // with Wrong: so are all findings of this check about the same word
	Reason     string // of Accepted, Wrong, or an answer
	Unit       id.ID  // who mends it
	Task       id.ID  // the order to mend it (整改单)
	By         id.ID  // who decided last
	Version    int
}

// Waits tells whether a person still has to say what the machine cannot.
func (f Finding) Waits() bool {
	return f.State == fact.Proposed && f.Answer == Unasked && (f.Status == Open || f.Status == Handed)
}

// Counts tells whether the finding stands against the site today.
func (f Finding) Counts() bool {
	return (f.Status == Open || f.Status == Handed) && (f.State == fact.Fail || f.State == fact.Proposed && f.Answer == Confirmed)
}

// StateTitle is the Chinese name of what a test says.
func StateTitle(s fact.State) string {
	switch s {
	case fact.Pass:
		return "通过"
	case fact.Fail:
		return "不符合"
	case fact.Proposed:
		return "待人工确认"
	case fact.NotDecided:
		return "未能判断"
	case fact.NotApplicable:
		return "不适用"
	default:
		return string(s)
	}
}

// meet puts what a round saw into what was known of a finding. It reports
// whether the finding had been thought mended and is back.
func (f *Finding) meet(seen fact.Finding, round int, at time.Time) (back bool) {
	f.Code, f.Also, f.Indicator, f.URL, f.OnPage, f.Word = seen.Check, append([]string{}, seen.Also...), seen.Indicator, cut(seen.URL, 2000), cut(seen.On, 2000), cut(seen.Key, 500)
	f.State, f.Confirmed, f.Hidden = seen.State, seen.Confirmed, seen.Secret
	f.What, f.Seen, f.Mend, f.Pages, f.Points, f.Proof, f.Picture = cut(seen.What, 500), cut(seen.Seen, 2000), cut(seen.Mend, 500), max(1, seen.Count), seen.Points, seen.Proof, seen.Picture
	f.LastAt, f.LastRound = at, round
	if f.Status == Mended {
		f.Status, f.Task, back = Open, "", true
	}
	return back
}

// found is a finding that was never seen before.
func found(site id.ID, seen fact.Finding, round int, at time.Time) Finding {
	f := Finding{ID: id.New(), Site: site, Mark: seen.ID, FirstAt: at, FirstRound: round, Status: Open, Version: 1}
	f.meet(seen, round, at)
	return f
}

// decision is what a person decides on a finding.
type decision struct {
	Status Status // Accepted, Wrong or Open; "" leaves it
	Answer Answer
	Wide   bool // all of this check about the same word
	Reason string
}

func (d decision) valid() error {
	wrong := fault.Fields{}
	if n := len([]rune(strings.TrimSpace(d.Reason))); n > 500 {
		wrong["reason"] = "不超过500个字"
	} else if n < 2 && (d.Status == Accepted || d.Status == Wrong) {
		wrong["reason"] = "请写明理由：为什么可以保留，或者为什么不是问题"
	}
	if d.Status != "" && !slices.Contains([]Status{Open, Accepted, Wrong}, d.Status) {
		wrong["status"] = "请从列表中选择"
	}
	return wrong.Err()
}

// cut shortens a text from outside to a number of characters.
func cut(s string, n int) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")
	if len(s) <= n {
		return s
	}
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// Round is one inspection of a site.
type Round struct {
	ID      id.ID `bun:",pk"`
	Site    id.ID
	Number  int // of the crawl; 0 until it began
	State   RoundState
	T0      time.Time `bun:"t0"`
	Asked   time.Time
	Started time.Time
	Ended   time.Time
	Step    string // what is being done now
	Stopped string // why it ended before everything was seen, or failed
	Pages   int
	Columns int
	Items   int
	Open    int                   // findings that stand after it
	Fresh   int                   // of them, new
	Mended  int                   // gone since the round before
	Result  fact.Result           `bun:",type:jsonb"`
	Decided map[string]fact.State `bun:",type:jsonb"`
	Files   map[string]string     `bun:",type:jsonb"` // hash by name: report.html …
	By      id.ID
}

// RoundState is how far a round is.
type RoundState string

// The states of a round.
const (
	Waiting RoundState = "waiting"
	Running RoundState = "running"
	Done    RoundState = "done"
	Failed  RoundState = "failed"
)

// Busy says whether the round still waits or runs.
func (r Round) Busy() bool { return r.State == Waiting || r.State == Running }

// Title is the Chinese name.
func (s RoundState) Title() string {
	switch s {
	case Waiting:
		return "排队中"
	case Running:
		return "正在检查"
	case Done:
		return "已完成"
	default:
		return "没有完成"
	}
}

// Badge is the colour of a state.
func (s RoundState) Badge() string {
	switch s {
	case Done:
		return "done"
	case Failed:
		return "late"
	default:
		return "doing"
	}
}

// Task is an order to a unit to mend what was found (整改单). Its state is that
// of its case.
type Task struct {
	ID    id.ID `bun:",pk"`
	Site  id.ID
	Unit  id.ID
	Case  id.ID
	Title string
	By    id.ID
	At    time.Time
}

// Item is what stands on a site, as the last round saw it.
type Item struct {
	Site   id.ID  `bun:",pk"`
	URL    string `bun:"url,pk"`
	Title  string
	Day    string // YYYY-MM-DD, "" = not dated
	Source string
	Author string // unit as written on the page
	Unit   id.ID  // of the directory, "" = none recognised
	Number string
	Col    string // name of the column
	Round  int
}
