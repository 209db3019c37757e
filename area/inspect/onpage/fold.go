package onpage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gongkai/area/inspect/fact"
)

// Bounds of folding.
const (
	maxSingle    = 100    // pages of one fault that are told one by one; more are a fault of a template or a habit
	maxKept      = 20_000 // findings held back, in all
	maxTemplates = 5_000
	maxSeries    = 20_000
	fewPages     = 3      // pages of a template from which on a fault of all of them is the template's
	maxPlaces    = 50_000 // columns whose pages are counted
	manyPlaces   = 5      // columns that share a fault of what every page carries: more of them share a cause
)

// group is a set of pages that should be alike in some respect: items, columns.
type group string

// carried tells whether what is looked at in a group comes with the template or
// the column of a page, not with what somebody wrote on it.
func (g group) carried() bool {
	switch g {
	case sitePages, columnPages, itemColumns, markPages, "encoding", "session":
		return true
	}
	return false
}

// spot is a group in a column.
type spot struct {
	group  group
	column uint64
}

// faults gathers what is wrong with pages until it is known on how many of them.
type faults struct {
	pages  map[group]int            // looked at
	made   map[group]map[uint64]int // of them by template
	places map[spot]int             // of them by column
	column uint64                   // of the page that is being looked at; 0 = none known
	series map[string]*series       // by group, check and key
	kept   int
}

// series is one fault of the pages of a group.
type series struct {
	group group
	first fact.Finding
	home  bool // the home page has it
	count int
	made  map[uint64]*bunch
	odd   bool // a fault only where other pages are without it
}

// bunch is the fault on the pages of one template.
type bunch struct {
	kept  []kept
	first fact.Finding
	count int
}

// kept is a finding of one page.
type kept struct {
	fact.Finding
	column uint64
	depth  int
}

func newFaults() *faults {
	return &faults{pages: map[group]int{}, made: map[group]map[uint64]int{}, places: map[spot]int{}, series: map[string]*series{}}
}

// saw counts a page of a group.
func (s *faults) saw(g group, template uint64) {
	s.pages[g]++
	made := s.made[g]
	if made == nil {
		made = map[uint64]int{}
		s.made[g] = made
	}
	if _, known := made[template]; known || len(made) < maxTemplates {
		made[template]++
	}
	if at := (spot{g, s.column}); s.column != 0 && (s.places[at] > 0 || len(s.places) < maxPlaces) {
		s.places[at]++
	}
}

// add notes a fault of a page of a group that saw was told of.
func (s *faults) add(g group, template uint64, p *fact.Page, f fact.Finding) *series {
	f.At, f.Proof, f.Count = p.At, p.Hash, 1
	if f.URL == "" {
		f.URL = p.URL
	}
	if f.On == "" {
		f.On = p.URL
	}
	name := string(g) + "\x00" + f.Key
	if f.Key == "" {
		name += f.Check
	}
	one := s.series[name]
	if one == nil && len(s.series) >= maxSeries {
		return &series{} // nobody could read more kinds of faults
	}
	if one == nil {
		one = &series{group: g, first: f, made: map[uint64]*bunch{}}
		s.series[name] = one
	}
	one.count++
	one.home = one.home || p.Read != nil && p.Read.Kind == fact.Home && p.Depth == 0
	if _, known := s.made[g][template]; !known {
		template = 0
	}
	b := one.made[template]
	if b == nil {
		b = &bunch{first: f}
		one.made[template] = b
	}
	b.count++
	if len(b.kept) < maxSingle && s.kept < maxKept {
		b.kept = append(b.kept, kept{f, s.column, p.Depth})
		s.kept++
	}
	return one
}

// drop forgets a fault and returns what it was first said of.
func (s *faults) drop(g group, key string) fact.Finding {
	name := string(g) + "\x00" + key
	one := s.series[name]
	delete(s.series, name)
	if one == nil {
		return fact.Finding{}
	}
	return one.first
}

// end gives the findings: one where all pages of a group have the fault, or the
// home page has it and so, likely, have all that share its template; else one for
// each template all of whose pages have it, and for each column; else one for each
// page, unless they are too many to be told.
func (s *faults) end() []fact.Finding {
	var out []fact.Finding
	for _, one := range s.series {
		all := one.count == s.pages[one.group]
		if all && one.odd {
			continue
		}
		if all || one.home {
			if same := s.series[string(columnPages)+"\x00"+one.first.Key]; one.group == itemColumns && same != nil && same.count == s.pages[columnPages] {
				continue // lists and items lack it: told of the lists
			}
			out = append(out, counted(one.first, one.count))
			continue
		}
		var rest []kept
		for template, b := range one.made {
			if b.count > len(b.kept) || template != 0 && b.count >= fewPages && b.count == s.made[one.group][template] {
				out = append(out, counted(b.first, b.count))
				continue
			}
			rest = append(rest, b.kept...)
		}
		out = append(out, s.byColumn(one, rest)...)
	}
	slices.SortFunc(out, byPlace)
	return out
}

// byColumn gives one finding for each column most of whose pages have a fault: they
// are made alike. What every page carries and pages of many columns lack has one
// cause too.
func (s *faults) byColumn(one *series, rest []kept) []fact.Finding {
	slices.SortFunc(rest, func(a, b kept) int { return cmp.Or(cmp.Compare(a.depth, b.depth), byPlace(a.Finding, b.Finding)) })
	few := fewPages
	if one.group.carried() {
		few = 2
	}
	columns := map[uint64][]kept{}
	for _, k := range rest {
		columns[k.column] = append(columns[k.column], k)
	}
	var out []fact.Finding
	var shared []kept
	places := 0
	for column, of := range columns {
		if column == 0 || len(of) < few || len(of)*10 < s.places[spot{one.group, column}]*8 {
			for _, k := range of {
				out = append(out, k.Finding)
			}
			continue
		}
		places++
		shared = append(shared, kept{counted(of[0].Finding, len(of)), column, of[0].depth})
	}
	if places > manyPlaces && one.group.carried() {
		slices.SortFunc(shared, func(a, b kept) int { return cmp.Or(cmp.Compare(a.depth, b.depth), byPlace(a.Finding, b.Finding)) })
		n := 0
		for _, k := range shared {
			n += k.Count
		}
		f := shared[0].Finding
		_, f.Seen, _ = strings.Cut(f.Seen, "例如本页。")
		return append(out, counted(f, n))
	}
	for _, k := range shared {
		out = append(out, k.Finding)
	}
	return out
}

// columnOf tells the columns of a site apart: by what the page's breadcrumb or its
// tag calls the one in which it hangs; 0 = it does not say.
func columnOf(p *fact.Page) uint64 {
	r := p.Read
	if r == nil || r.Kind == fact.Home {
		return 0
	}
	own := flat(r.Heading)
	for i := len(r.Breadcrumb) - 1; i >= 0; i-- {
		if name := flat(r.Breadcrumb[i]); name != "" && name != "正文" && name != "内容" && (name != own || r.Kind != fact.Content) {
			return key(authority(p.URL) + "\x00" + name)
		}
	}
	if name := flat(cmp.Or(r.Meta["ColumnName"], map[bool]string{true: r.Heading}[r.Kind == fact.List])); name != "" && !noTagValue.MatchString(name) {
		return key(authority(p.URL) + "\x00" + name)
	}
	return 0
}

func counted(f fact.Finding, n int) fact.Finding {
	f.Count = n
	if n > 1 {
		f.Seen = fmt.Sprintf("共 %d 个页面如此，例如本页。%s", n, f.Seen)
	}
	return f
}

// byPlace is an order of findings that is the same in every run.
func byPlace(a, b fact.Finding) int {
	return cmp.Or(cmp.Compare(a.Check, b.Check), cmp.Compare(a.Key, b.Key), cmp.Compare(a.URL, b.URL))
}
