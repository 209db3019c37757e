// Package sitegen invents websites of district governments, with faults of
// which it keeps a list, and measures how many of them an inspection finds.
//
// A site is made from a number: every page can be made alone, at any time, and
// is always the same, so that a site of 50,000 pages needs little memory. The
// same contents (columns, items, letters, guides, a disclosure platform) are
// shown in several designs that have nothing in common but what government
// sites have in common. No design knows how pages are read.
//
// Names, numbers and texts are invented; the sentences were written for this
// package.
package sitegen

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Plan says what site to make.
type Plan struct {
	Design  string    // one of Designs; "" = the first
	Pages   int       // HTML pages, about; 50 to 50,000; 0 = 300
	Charset string    // utf-8 or gbk; "" = as the design has it
	Seed    uint64    // another number, another site
	T0      time.Time // monitoring time point; needed
	Defects []string  // kinds; nil = all that go together, empty = none
	Count   int       // of each kind; 0 = one
	Near    []string  // kinds of near misses; nil = all, empty = none
}

// Site is one invented website. Its methods may be called at once.
type Site struct {
	plan    Plan
	place   place
	design  *design
	columns []*column
	byKey   map[string]*column
	t0      time.Time

	hosts   map[string]string // names of hosts used in pages → host:port
	planted []Planted
	near    []Planted
	changes map[node][]func(*page)
	taken   map[node]bool
	hidden  map[node]bool // items that a list does not show
	extras  map[string]*column
	laid    map[string]bool // kinds whose columns were made
	alone   map[node]bool   // items that a report need not have
	files   map[string]file // attachments that are not as they should be
	special map[string]answer
	subs    []*column       // home pages of sub-sites
	lying   []node          // pages whose header names a wrong charset
	flags   map[string]bool // faults that concern more than one page
	skip    []Tolerated

	once  sync.Once
	found *finder
}

// node is what a page is about: a column (item = -1, page from 0) or an item.
type node struct{ column, item, page int }

// New makes a site.
func New(p Plan) (*Site, error) {
	if p.T0.IsZero() {
		return nil, errors.New("sitegen: a plan needs a monitoring time point")
	}
	if p.Pages == 0 {
		p.Pages = 300
	}
	if p.Pages < 50 || p.Pages > 200000 {
		return nil, fmt.Errorf("sitegen: %d pages: 50 to 200,000 can be made", p.Pages)
	}
	if p.Design == "" {
		p.Design = Designs()[0]
	}
	d, ok := designs()[p.Design]
	if !ok {
		return nil, fmt.Errorf("sitegen: no design %q, only %s", p.Design, strings.Join(Designs(), ", "))
	}
	if p.Charset == "" {
		p.Charset = d.charset
	}
	if p.Charset != "utf-8" && p.Charset != "gbk" {
		return nil, fmt.Errorf("sitegen: charset %q: utf-8 or gbk", p.Charset)
	}
	if p.Count == 0 {
		p.Count = 1
	}
	s := &Site{
		plan: p, design: d, t0: p.T0.In(shanghai()),
		changes: map[node][]func(*page){}, taken: map[node]bool{}, hidden: map[node]bool{}, alone: map[node]bool{}, extras: map[string]*column{}, laid: map[string]bool{},
		files: map[string]file{}, special: map[string]answer{}, flags: map[string]bool{},
		hosts: map[string]string{},
	}
	s.place = places[s.dice("place").n(len(places))]
	for _, h := range hostNames() {
		s.hosts[h] = h + ".example.invalid"
	}
	s.hosts["main"] = "www." + s.place.domain + ".gov.cn"
	s.hosts["sub"] = "jy." + s.place.domain + ".gov.cn"
	kinds, err := s.wanted()
	if err != nil {
		return nil, err
	}
	s.layOut(kinds)
	s.plant(kinds)
	return s, nil
}

// Designs are the names of the designs, in fixed order.
func Designs() []string { return slices.Sorted(maps.Keys(designs())) }

// at fills the names of hosts into an address or a text: {{main}}.
func (s *Site) at(text string) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	for name, host := range s.hosts {
		text = strings.ReplaceAll(text, "{{"+name+"}}", host)
	}
	return text
}
