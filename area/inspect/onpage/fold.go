package onpage

import (
	"cmp"
	"fmt"
	"slices"

	"gongkai/area/inspect/fact"
)

// Bounds of folding.
const (
	maxSingle    = 100    // pages of one fault that are told one by one; more are a fault of a template or a habit
	maxKept      = 20_000 // findings held back, in all
	maxTemplates = 5_000
	maxSeries    = 20_000
	fewPages     = 3 // pages of a template from which on a fault of all of them is the template's
)

// group is a set of pages that should be alike in some respect: items, columns.
type group string

// faults gathers what is wrong with pages until it is known on how many of them.
type faults struct {
	pages  map[group]int            // looked at
	made   map[group]map[uint64]int // of them by template
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
	kept  []fact.Finding
	first fact.Finding
	count int
}

func newFaults() *faults {
	return &faults{pages: map[group]int{}, made: map[group]map[uint64]int{}, series: map[string]*series{}}
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
		b.kept = append(b.kept, f)
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
// each template all of whose pages have it; else one for each page, unless they
// are too many to be told.
func (s *faults) end() []fact.Finding {
	var out []fact.Finding
	for _, one := range s.series {
		all := one.count == s.pages[one.group]
		if all && one.odd {
			continue
		}
		if all || one.home {
			out = append(out, counted(one.first, one.count))
			continue
		}
		for template, b := range one.made {
			if b.count > len(b.kept) || template != 0 && b.count >= fewPages && b.count == s.made[one.group][template] {
				out = append(out, counted(b.first, b.count))
				continue
			}
			out = append(out, b.kept...)
		}
	}
	slices.SortFunc(out, byPlace)
	return out
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
