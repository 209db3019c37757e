package plan

import (
	"slices"
	"strings"
	"time"

	"gongkai/area/plan/reader"
	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
)

// Draft is a file on its way to become a plan, or a new version of one.
type Draft struct {
	ID       id.ID `bun:",pk"`
	Plan     id.ID // the issued plan that it is a new version of, or ""; once issued the plan it became
	Name     string
	Hash     string // of the file, as it was given
	Size     int64
	Format   string            // as document.Document says: docx, txt …
	Document document.Document `bun:",type:jsonb"`
	State    DraftState
	Cursor   int64 // the step whose sheet is shown
	Version  int64 // the number of the last step
	By       id.ID
	ByName   string
	At       time.Time
}

// DraftState says what became of a draft.
type DraftState string

const (
	DraftOpen    DraftState = "open"
	DraftIssued  DraftState = "issued"  // 已下发, or applied to the plan it is a version of
	DraftDropped DraftState = "dropped" // 已放弃
)

// DraftStep is one thing that somebody did to a draft. No step is ever removed:
// what was undone stays where redo and the history find it.
type DraftStep struct {
	Draft  id.ID `bun:",pk"`
	N      int64 `bun:",pk"` // from 1, the draft's version behind it
	Shows  int64 // the step whose sheet the draft shows behind it: N itself for a correction
	Before int64 // a correction: the step whose sheet was corrected, 0 for the reading
	What   string
	By     id.ID
	ByName string
	At     time.Time
}

// Sheet is what was understood of a file, as people correct it. Its parts have
// keys that stay the same from step to step.
type Sheet struct {
	Title    string         `json:"title"`
	Number   string         `json:"number"`
	Issuer   string         `json:"issuer"`
	Date     calendar.Date  `json:"date"`
	Year     int            `json:"year"`
	Letter   []string       `json:"letter"`
	Sections []SheetSection `json:"sections"`
	Doubts   []Doubt        `json:"doubts"`
	Notes    []string       `json:"notes,omitempty"` // what a person should know about the reading
	Rest     []Unused       `json:"rest,omitempty"`
	Last     int            `json:"last"` // the highest key in use
}

// SheetSection is 一、… with its items.
type SheetSection struct {
	Key    int            `json:"key"`
	Number string         `json:"number"`
	Title  string         `json:"title"`
	Places []reader.Place `json:"places,omitempty"`
	Items  []SheetItem    `json:"items"`
}

// SheetItem is （一）… with its measures.
type SheetItem struct {
	Key      int            `json:"key"`
	Number   string         `json:"number"`
	Title    string         `json:"title"`
	Places   []reader.Place `json:"places,omitempty"`
	Measures []SheetMeasure `json:"measures"`
}

// SheetMeasure is one 贯彻举措.
type SheetMeasure struct {
	Key       int            `json:"key"`
	Row       int            `json:"row"`
	Number    string         `json:"number"`
	Text      string         `json:"text"`
	Lead      []SheetName    `json:"lead"`
	Resp      []SheetName    `json:"resp"`
	DueText   string         `json:"dueText"`
	Due       Due            `json:"due"`
	People    []string       `json:"people,omitempty"` // 责任领导, as written
	Places    []reader.Place `json:"places,omitempty"`
	DuePlaces []reader.Place `json:"duePlaces,omitempty"`
}

// SheetName is a unit or group as it was written, and whom it means.
type SheetName struct {
	Key    int            `json:"key"`
	Text   string         `json:"text"`
	Units  []id.ID        `json:"units,omitempty"` // none: nobody knows yet
	Group  id.ID          `json:"group,omitempty"`
	How    org.How        `json:"how,omitempty"`
	Open   bool           `json:"open,omitempty"` // 等: others are meant too
	Places []reader.Place `json:"places,omitempty"`
}

// Doubt is a question to the person who reviews a draft.
type Doubt struct {
	Key    int            `json:"key"`
	At     int            `json:"at"`   // the section, item or measure that it is about, 0: the document
	Name   int            `json:"name"` // the name that it is about, or 0
	What   string         `json:"what"` // 牵头单位
	Value  string         `json:"value"`
	Why    string         `json:"why"`
	Conf   float64        `json:"conf"` // 0–1, how sure the reading is
	Places []reader.Place `json:"places,omitempty"`
}

// Unused is text of the file that became no part of the plan.
type Unused struct {
	Text   string         `json:"text"`
	Why    string         `json:"why"`
	Places []reader.Place `json:"places,omitempty"`
}

// What doubts can be about; the rest are the reader's own words.
const (
	aboutLead  = "牵头单位"
	aboutResp  = "责任单位"
	aboutUnits = "单位"
	aboutDue   = "完成时限"
	aboutTitle = "标题"
	aboutDate  = "印发日期"
	aboutYear  = "计划年度"
)

// group is what the duties of several units under one name say of it.
func (n SheetName) group() string {
	if n.Group != "" || len(n.Units) > 1 {
		return n.Text
	}
	return ""
}

func (m *SheetMeasure) names() []*SheetName {
	out := make([]*SheetName, 0, len(m.Lead)+len(m.Resp))
	for _, list := range [][]SheetName{m.Lead, m.Resp} {
		for i := range list {
			out = append(out, &list[i])
		}
	}
	return out
}

// spot is where a measure stands: indexes of section, item and measure.
type spot struct{ section, item, measure int }

// measure finds a measure by its key; nil when there is none.
func (s *Sheet) measure(key int) (*SheetMeasure, spot) {
	for i := range s.Sections {
		for j := range s.Sections[i].Items {
			list := s.Sections[i].Items[j].Measures
			for k := range list {
				if list[k].Key == key {
					return &list[k], spot{i, j, k}
				}
			}
		}
	}
	return nil, spot{}
}

func (s *Sheet) item(key int) (*SheetItem, spot) {
	for i := range s.Sections {
		for j := range s.Sections[i].Items {
			if s.Sections[i].Items[j].Key == key {
				return &s.Sections[i].Items[j], spot{i, j, -1}
			}
		}
	}
	return nil, spot{}
}

func (s *Sheet) section(key int) (*SheetSection, spot) {
	for i := range s.Sections {
		if s.Sections[i].Key == key {
			return &s.Sections[i], spot{i, -1, -1}
		}
	}
	return nil, spot{}
}

// at is the item of a spot.
func (s *Sheet) at(p spot) *SheetItem { return &s.Sections[p.section].Items[p.item] }

// each calls fn for every measure in order.
func (s *Sheet) each(fn func(m *SheetMeasure)) {
	for i := range s.Sections {
		for j := range s.Sections[i].Items {
			list := s.Sections[i].Items[j].Measures
			for k := range list {
				fn(&list[k])
			}
		}
	}
}

// name finds a name by its key, with the measure it stands in.
func (s *Sheet) name(key int) (n *SheetName, in *SheetMeasure) {
	s.each(func(m *SheetMeasure) {
		for _, one := range m.names() {
			if one.Key == key {
				n, in = one, m
			}
		}
	})
	return n, in
}

// Counts says how large a sheet is.
func (s *Sheet) Counts() (sections, items, measures int) {
	for _, sec := range s.Sections {
		items += len(sec.Items)
		for _, it := range sec.Items {
			measures += len(it.Measures)
		}
	}
	return len(s.Sections), items, measures
}

// key gives a new part its key.
func (s *Sheet) key() int {
	s.Last++
	return s.Last
}

// clone copies all that a correction may change. Places are never changed in place.
func (s Sheet) clone() Sheet {
	s.Letter, s.Doubts = slices.Clone(s.Letter), slices.Clone(s.Doubts)
	s.Sections = slices.Clone(s.Sections)
	for i := range s.Sections {
		items := slices.Clone(s.Sections[i].Items)
		for j := range items {
			list := slices.Clone(items[j].Measures)
			for k := range list {
				list[k].Lead, list[k].Resp = slices.Clone(list[k].Lead), slices.Clone(list[k].Resp)
			}
			items[j].Measures = list
		}
		s.Sections[i].Items = items
	}
	return s
}

// ask raises a doubt.
func (s *Sheet) ask(d Doubt) {
	d.Key = s.key()
	s.Doubts = append(s.Doubts, d)
}

// settle drops the doubts whose cause is gone and raises those that nobody can
// answer but a person: a name without a unit, a measure without a name.
func (s *Sheet) settle() {
	alive, asked := map[int]bool{0: true}, map[int]bool{}
	names := map[int]bool{}
	bare := map[int]bool{} // measures without a unit
	for _, sec := range s.Sections {
		alive[sec.Key] = true
		for _, it := range sec.Items {
			alive[it.Key] = true
		}
	}
	s.each(func(m *SheetMeasure) {
		alive[m.Key] = true
		all := m.names()
		bare[m.Key] = len(all) == 0
		for _, n := range all {
			names[n.Key] = true
		}
	})
	kept := s.Doubts[:0:0]
	for _, d := range s.Doubts {
		switch {
		case !alive[d.At], d.Name != 0 && !names[d.Name]:
		case d.What == aboutUnits && !bare[d.At]:
		case d.What == aboutTitle && s.Title != "", d.What == aboutDate && !s.Date.IsZero(), d.What == aboutYear && s.Year != 0:
		default:
			kept = append(kept, d)
			if d.Name != 0 {
				asked[d.Name] = true
			} else if d.What == aboutUnits {
				asked[d.At] = true
			}
		}
	}
	s.Doubts = kept
	s.each(func(m *SheetMeasure) {
		if bare[m.Key] && !asked[m.Key] {
			s.ask(Doubt{At: m.Key, What: aboutUnits, Why: "没有写明由哪个单位做", Conf: 0.3, Places: m.Places})
		}
		for _, list := range []struct {
			what  string
			names []SheetName
		}{{aboutLead, m.Lead}, {aboutResp, m.Resp}} {
			for _, n := range list.names {
				if len(n.Units) == 0 && !asked[n.Key] {
					s.ask(Doubt{At: m.Key, Name: n.Key, What: list.what, Value: n.Text, Why: "单位名录里没有这个名称", Conf: 0.2, Places: n.Places})
				}
			}
		}
	})
}

// unknown lists the names that mean no unit, each once.
func (s *Sheet) unknown() []string {
	var out []string
	s.each(func(m *SheetMeasure) {
		for _, n := range m.names() {
			if len(n.Units) == 0 && !slices.Contains(out, n.Text) {
				out = append(out, n.Text)
			}
		}
	})
	return out
}

// Open counts the questions that are left; a name that occurs several times is one.
func (s *Sheet) Open() int {
	seen := map[string]bool{}
	n := 0
	for _, d := range s.Doubts {
		if d.Name != 0 && seen[d.Value+d.Why] {
			continue
		}
		seen[d.Value+d.Why] = d.Name != 0
		n++
	}
	return n
}

// Outline is the plan that a sheet is, ready to be issued. Names that mean no
// unit are left out.
func (s *Sheet) Outline() Outline {
	o := Outline{Year: s.Year, Title: s.Title, Number: s.Number, Issuer: s.Issuer, IssuedOn: s.Date, Letter: s.Letter}
	for i, sec := range s.Sections {
		title := strings.TrimSpace(sec.Title)
		for _, it := range sec.Items {
			item := OutlineItem{Section: i + 1, SectionTitle: title, Number: it.Number, Title: it.Title}
			for _, m := range it.Measures {
				item.Measures = append(item.Measures, m.outline())
			}
			o.Items = append(o.Items, item)
		}
	}
	return o
}

func (m SheetMeasure) outline() OutlineMeasure {
	named := func(list []SheetName) (out []Named) {
		for _, n := range list {
			for _, u := range n.Units {
				out = append(out, Named{Unit: u, Group: n.group()})
			}
		}
		return out
	}
	return OutlineMeasure{Row: m.Row, Number: m.Number, Text: m.Text, DueText: m.DueText, Due: m.Due, Lead: named(m.Lead), Resp: named(m.Resp)}
}

// Corrections counts what was done to a draft since the file was read.
func (d Draft) Corrections() int64 { return d.Version - 1 }
