package reader

import (
	"gongkai/kernel/calendar"
)

// Reading is what was understood of a document.
type Reading struct {
	Title    string        `json:"title"`
	Number   string        `json:"number"` // 渝中府办〔2022〕24号, "" when there is none
	Issuer   string        `json:"issuer"`
	Date     calendar.Date `json:"date,omitzero"` // under the signature
	Year     int           `json:"year"`          // the plan is for, 0 when not known
	Letter   []Requirement `json:"letter"`        // the cover letter's own
	Sections []Section     `json:"sections"`
	Doubts   []Doubt       `json:"doubts"`  // most doubtful first
	Layouts  []string      `json:"layouts"` // what forms the plan stood in, in Chinese
	Notes    []string      `json:"notes"`   // what a person should know about the reading, in Chinese
	Rest     []Left        `json:"rest"`    // text in the plan's part that became nothing
}

// Requirement is a numbered demand of the cover letter.
type Requirement struct {
	Number string  `json:"number"`
	Title  string  `json:"title"`
	Text   string  `json:"text"`
	Places []Place `json:"places"`
}

// Section is 一、… of a plan. A title "" is a level the document does not have.
type Section struct {
	Number string  `json:"number"`
	Title  string  `json:"title"` // without number and closing 。
	Places []Place `json:"places"`
	Items  []Item  `json:"items"`
}

// Item is （一）… of a plan, a 工作任务.
type Item struct {
	Number   string    `json:"number"`
	Title    string    `json:"title"`
	Places   []Place   `json:"places"`
	Measures []Measure `json:"measures"`
}

// State says how the units of a measure came about.
type State string

const (
	Stated    State = "stated"    // written at the measure
	None      State = "none"      // — or /: there is to be none
	Inherited State = "inherited" // an empty cell that takes the value above it
	NotStated State = "missing"   // nothing says it
)

// Measure is one 贯彻举措.
type Measure struct {
	Row       int        `json:"row"`             // table row, or numbered paragraph of prose, counted from 1 over the document
	Number    string     `json:"number"`          // as written: 1． or ""
	Text      string     `json:"text"`            // paragraphs joined by line breaks
	Under     string     `json:"under,omitempty"` // a heading between item and measure
	Lead      []Name     `json:"lead"`
	Resp      []Name     `json:"resp"`
	LeadState State      `json:"leadState"`
	RespState State      `json:"respState"`
	Due       Deadline   `json:"due"` // Text "" when there is none
	DueState  State      `json:"dueState"`
	People    []string   `json:"people,omitempty"` // 责任领导, as written
	Cited     []Cited    `json:"cited,omitempty"`
	Quoted    []Quoted   `json:"quoted,omitempty"`
	Deadlines []Deadline `json:"deadlines,omitempty"` // found in the text
	Places    []Place    `json:"places"`
	Conf      float64    `json:"conf"`
	Cut       bool       `json:"cut,omitempty"` // the file ends inside it
}

// Name is a unit or group as written.
type Name struct {
	Text   string   `json:"text"`
	Units  []string `json:"units,omitempty"` // what the directory knows it as
	Group  bool     `json:"group,omitempty"` // several units under one name
	Open   bool     `json:"open,omitempty"`  // 等: others are meant too
	Each   bool     `json:"each,omitempty"`  // 分别: its own part
	Places []Place  `json:"places"`
	Conf   float64  `json:"conf"`
	Why    string   `json:"why,omitempty"`
}

// Cited is a document named in a measure: 《…》（文号）.
type Cited struct {
	Title  string `json:"title"`
	Number string `json:"number,omitempty"`
}

// Quoted is a thing named in “”: a column, library, platform, activity.
type Quoted struct {
	Text string `json:"text"`
	Kind string `json:"kind,omitempty"` // 栏目 库 平台 活动 原则, by the word behind it; "" when none says
}

// Doubt is a question to the person who gave the file.
type Doubt struct {
	Section int      `json:"section"` // index, -1 when the doubt is about the document
	Item    int      `json:"item"`
	Measure int      `json:"measure"`
	What    string   `json:"what"`  // 牵头单位
	Value   string   `json:"value"` // as read
	Why     string   `json:"why"`
	Choices []string `json:"choices,omitempty"`
	Conf    float64  `json:"conf"`
	Places  []Place  `json:"places,omitempty"`
}

// Left is text that became no part of the plan.
type Left struct {
	Text   string  `json:"text"`
	Why    string  `json:"why"`
	Places []Place `json:"places"`
}

// Directory is what the reader asks about units. It must not change while a
// document is read.
type Directory interface {
	// Find returns the keys of the units that a written name means: one, or
	// several for a group; none when it is unknown.
	Find(name string) []string
	// Near returns known names that look like name, best first.
	Near(name string) []string
	// Names returns all known names and aliases.
	Names() []string
}

// Options for Read. The zero value reads without a directory.
type Options struct {
	Directory Directory
	Year      int // of the plan, if known
}

// Measures returns all measures in order.
func (r *Reading) Measures() []Measure {
	var out []Measure
	for _, s := range r.Sections {
		for _, it := range s.Items {
			out = append(out, it.Measures...)
		}
	}
	return out
}
