package web

import (
	"gongkai/kernel/calendar"
	"time"
)

// Table is a list the component "table" draws. Lists whose rows need more than
// texts, links and states write their own <table> with the component "head".
type Table struct {
	Caption string // says what the rows are; read aloud, shown
	Columns []Column
	Rows    []Row
	Select  string // name of the boxes that choose rows; "" for none
	Tall    bool   // scrolls inside the page under a fixed head
}

// Column is a head. Name is its filter in ?sort=, "" when it cannot be sorted by.
type Column struct {
	Title, Name string
	Num         bool // figures, set to the right
}

// Row is one line. The first cell is its head and carries its link.
type Row struct {
	Key   string // value of its box
	Cells []Cell
}

// Cell is what stands in a row under a head.
type Cell struct {
	Text, Href, Sub string // Sub is a second, quieter line
	State           string // draws a badge: see Letter
}

// Cells makes plain cells of texts.
func Cells(texts ...string) []Cell {
	out := make([]Cell, len(texts))
	for i, text := range texts {
		out[i] = Cell{Text: text}
	}
	return out
}

// Pair is a name and its value in a title block.
type Pair struct{ Name, Value, Href string }

// Tab leads to a neighbouring page.
type Tab struct {
	Title, Href string
	Count       int // shown when positive
	Now         bool
}

// Filter is one thing a list can be narrowed by. Value is what the address
// carries now.
type Filter struct {
	Name, Title, Value string
	Options            []Option // none for a text to type
}

// Text is the chosen option in words.
func (f Filter) Text() string {
	for _, o := range f.Options {
		if o.Value == f.Value {
			return o.Text
		}
	}
	return f.Value
}

// Event is one line of a time line: what happened, when, by whom.
type Event struct {
	At              time.Time
	Title, By, Note string
	State           string
	Href            string
}

// Step is one state in the line that shows where a case stands.
type Step struct {
	Title     string
	On        calendar.Date // when it was reached, or none
	Past, Now bool
}

// Due is a deadline as people read it: a sentence first, the days on request.
type Due struct {
	Sentence string // 还有 6 个工作日，12 月 3 日 18:00 截止
	State    string // "", slow, late or done
	Days     []DueDay
	Why      string // the rule and its source
}

// DueDay is one day of the explanation.
type DueDay struct {
	Day    calendar.Date
	Counts bool
	Note   string // 清明节放假, 第 3 个工作日
}

// Letter is the mark of a state, so that colour never says it alone:
// 达 done, 缓 slow, 逾 late, 疑 doubt, 销 closed, 办 doing, 待 idle.
func Letter(state string) string {
	switch state {
	case "done":
		return "达"
	case "slow":
		return "缓"
	case "late":
		return "逾"
	case "doubt":
		return "疑"
	case "closed":
		return "销"
	case "doing":
		return "办"
	case "idle":
		return "待"
	}
	return ""
}

// StateTitle is a state in a word, for those who do not know the letters.
func StateTitle(state string) string {
	switch state {
	case "done":
		return "达标"
	case "slow":
		return "缓慢"
	case "late":
		return "逾期"
	case "doubt":
		return "存疑"
	case "closed":
		return "销号"
	case "doing":
		return "办理中"
	case "idle":
		return "待办"
	}
	return ""
}
