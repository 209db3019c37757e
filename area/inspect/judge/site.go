package judge

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
)

// Bounds of what is remembered, however large the site.
const (
	maxItems   = 200_000   // of the report
	maxGuides  = 20_000    // of the report
	maxLeaves  = 4_000_000 // addresses
	maxColumns = 50_000
	maxEntries = 400 // of a column's first two pages
	maxNexts   = 500_000
)

// leaf is what is remembered of an address that is or may be an item.
type leaf struct {
	at     int64  // publication in seconds, where the page has one
	text   uint64 // of its own words; 0 = too short to compare
	sends  uint64 // address to which it sends on
	column int32  // that lists it; -1 = none
	item   int32  // its place in site.items; -1 = none
	is     trait
	uses   uint8 // pages of columns on which it stands outside menus and footers, as far as counted
}

// clockInTag is a time of day in the tag PubDate.
var clockInTag = regexp.MustCompile(`\d{1,2}:\d{2}`)

type trait uint32

const (
	fetched trait = 1 << iota
	answers       // 200 with a page
	isItem        // read as an item
	dated         // shows its own day
	byPath        // the day stands in its address only
	timed         // with the time of day
	stated        // with a time of day, be it midnight
	isJump
	isColumn
	offHome   // linked by the home page outside menu and footer
	inMenu    // linked by the home page's menu
	byHome    // linked by the home page anywhere
	pageSeen  // as a page of the site
	menu      // linked by a menu of a page next to the home page
	plainSeen // looked at by itself under http
	safeSeen  // and under https
	midnight  // its tag states 00:00
)

// item is an item of the report with what else is asked of it.
type item struct {
	fact.Item
	leaf     int32
	tag      string        // ColumnName tag
	pathDay  calendar.Date // in its address
	modified calendar.Date // by the server
	sketch   uint64        // of its text
	words    int32         // of its text, from 200
	depth    int32
	on       string
	hash     string
	seen     time.Time
}

// homeFacts are what is remembered of the home page.
type homeFacts struct {
	url, name, hash string
	siteTag         string
	title           string
	at              time.Time
	seen            bool
	jump            uint64 // where the start sends on to
	scripted        bool
	search          bool // has a search, or a link to one
	entries         []entry
	links           []fact.Link
	frames          map[uint64]bool
	forms           map[uint64]bool
	leaf            int32
	parts           map[string]string
}

// entry is a line of a list.
type entry struct {
	leaf   int32
	day    calendar.Date // beside it; zero = none
	pinned bool
}

type site struct {
	in        Input
	national  Scheme
	host      string
	pages     int
	home      homeFacts
	leaves    []leaf
	at        map[uint64]int32
	items     []item
	above     map[string]bool   // names of columns that other pages hang under
	channels  map[string]bool   // of them: those that columns hang under
	names     map[string]string // what links of the home page and those next to it are called, with an address
	about     about
	papers    []paper
	repeals   []repeal
	talk      talk
	service   service
	platform  platform
	dropped   int // items beyond maxItems
	columns   []*column
	byKey     map[uint64]int32 // column by address
	byLeaf    map[int32]int32  // column by the leaf of its page
	byName    map[string]int32 // the first column of a name
	claims    map[uint64]claim // further pages of columns
	second    []entry          // lines of second-level pages, for a home page that only leads on
	redated   map[int32]bool   // items of which V1.5 says that one is the other's text
	doubled   map[int32]bool   // items that another finding calls a double
	findings  map[string]*fact.Finding
	nexts     map[[2]int32]uint8 // pages on which two links follow one another, as far as counted
	framed    map[uint64]bool    // addresses that stand in frames of other pages than the home page
	forms     map[uint64]uint8   // columns on which a form stands, as far as counted
	places    map[uint64]string  // their IDs by check, address without scheme, and key
	standings map[int32]standing // of items, where their pages say it
	eyed      int                // pages that a browser showed
	decided   map[string]fact.State
	reason    map[string]string
	notes     []string
	duties    []fact.Duty
	before    map[string]fact.Finding
}

func newSite(in Input) *site {
	s := &site{
		in: in, national: National(), at: map[uint64]int32{}, byKey: map[uint64]int32{}, byName: map[string]int32{}, byLeaf: map[int32]int32{}, claims: map[uint64]claim{},
		findings: map[string]*fact.Finding{}, places: map[uint64]string{}, nexts: map[[2]int32]uint8{}, forms: map[uint64]uint8{}, framed: map[uint64]bool{}, decided: map[string]fact.State{}, reason: map[string]string{}, duties: in.Site.Columns,
		before: map[string]fact.Finding{}, doubled: map[int32]bool{}, redated: map[int32]bool{},
		above: map[string]bool{}, standings: map[int32]standing{}, channels: map[string]bool{}, names: map[string]string{}, about: newAbout(),
		talk:     talk{letters: map[uint64]*letter{}, logins: map[string]string{}, captchas: map[string]bool{}, held: map[string]bool{}},
		service:  service{byItem: map[string]fee{}, buttons: map[uint64]string{}},
		platform: platform{yearly: map[string]*yearly{}, guides: map[uint64]guideList{}},
	}
	s.home.url = in.Site.Start
	s.host = hostOf(in.Site.Start)
	if in.Before != nil {
		for _, f := range in.Before.Findings {
			s.before[f.ID] = f
		}
	}
	return s
}

// leafOf is the place of an address among the leaves; -1 beyond the bound.
func (s *site) leafOf(key uint64) int32 {
	if i, ok := s.at[key]; ok {
		return i
	}
	if len(s.leaves) >= maxLeaves {
		return -1
	}
	i := int32(len(s.leaves))
	s.leaves = append(s.leaves, leaf{column: -1, item: -1})
	s.at[key] = i
	return i
}

// end follows what sends on to the leaf that holds the page.
func (s *site) end(i int32) int32 {
	for range 5 {
		if i < 0 || s.leaves[i].sends == 0 {
			return i
		}
		j, ok := s.at[s.leaves[i].sends]
		if !ok || j == i {
			return i
		}
		i = j
	}
	return i
}

func (s *site) mark(address string, t trait) int32 {
	i := s.leafOf(keyOf(address))
	if i >= 0 {
		s.leaves[i].is |= t
	}
	return i
}

// see takes from a page what is needed later; the page itself is let go.
func (s *site) see(p *fact.Page) error {
	s.pages++
	i := s.mark(p.URL, fetched)
	if s.in.Page != nil && (i < 0 || s.unseen(p, i)) {
		for _, f := range s.in.Page(p) {
			s.add(f)
		}
	}
	if i < 0 || s.leaves[i].is&(answers|pageSeen) == answers|pageSeen {
		return nil // beyond the bound, or the same page under another session or scheme
	}
	l := &s.leaves[i]
	if p.Final != "" && p.Final != p.URL {
		if p.Depth == 0 && !s.home.seen {
			s.home.jump = keyOf(p.Final)
		}
		if k := keyOf(p.Final); k != keyOf(p.URL) {
			l.sends = k
		}
	}
	if !p.OK() || p.Read != nil && p.Read.Missing {
		return nil
	}
	l.is |= answers | pageSeen
	if p.Read == nil {
		return nil
	}
	first := !s.home.seen && p.Read.Kind != fact.Jump && (p.Depth == 0 || p.Read.Kind == fact.Home || keyOf(p.URL) == s.home.jump)
	if p.Depth == 0 && p.Read.Kind == fact.Jump {
		s.home.jump = keyOf(p.Read.Jump)
	}
	switch {
	case first:
		s.seeHome(p)
	case p.Depth <= 1:
		s.seeSecond(p)
	}
	switch p.Read.Kind {
	case fact.Jump:
		l.is |= isJump
		if p.Read.Jump != "" {
			l.sends = keyOf(p.Read.Jump)
		}
	case fact.Content:
		s.seeItem(i, p)
		s.seePaper(i, p)
		s.seeRepeal(i, p)
	case fact.Home:
	default:
		if !first {
			s.seeColumn(i, p)
		}
	}
	s.seeAbove(p)
	for _, u := range p.Read.Frames {
		if !first && len(s.framed) < maxNexts {
			s.framed[keyOf(u)] = true
		}
	}
	if all := s.seeNexts(p.Read); s.leaves[i].is&isColumn != 0 {
		if n, ok := s.byKey[folderKey(p.URL)]; ok && s.columns[n].empty && s.columns[n].leaf == i {
			s.columns[n].shown = all
		}
	}
	s.seeNames(p)
	s.seeAbout(p)
	s.seeTalk(i, p)
	s.seeService(p)
	s.seePlatform(p)
	return nil
}

// unseen tells whether a page was not yet looked at under the same scheme: the same
// page with another session is no second one.
func (s *site) unseen(p *fact.Page, i int32) bool {
	by := plainSeen
	if strings.HasPrefix(p.URL, "https:") {
		by = safeSeen
	}
	if s.leaves[i].is&by != 0 {
		return false
	}
	if p.OK() {
		s.leaves[i].is |= by
	}
	return true
}

// seeAbove keeps under which columns a page hangs.
func (s *site) seeAbove(p *fact.Page) {
	r := p.Read
	n := len(r.Breadcrumb)
	if n > 0 && flat(r.Breadcrumb[n-1]) == flat(r.Heading) {
		n--
	}
	for _, name := range r.Breadcrumb[:n] {
		if len(s.above) < 100_000 {
			s.above[flat(name)] = true
		}
	}
}

// seeNames keeps what the home page, and columns up to two clicks from it, call
// their links.
func (s *site) seeNames(p *fact.Page) {
	if k := p.Read.Kind; p.Depth > 2 || p.Depth == 2 && (k == fact.Content || k == fact.Guide || k == fact.Search) {
		return
	}
	for _, l := range p.Read.Links {
		n := flat(l.Text)
		if l.Element != "a" || n == "" || len(n) > 60 || len(s.names) >= 50_000 {
			continue
		}
		if _, ok := s.names[n]; !ok {
			s.names[n] = l.URL
		}
	}
}

func (s *site) seeHome(p *fact.Page) {
	r := p.Read
	h := &s.home
	h.seen, h.url, h.at, h.hash, h.scripted, h.parts = true, p.URL, p.At, p.Hash, r.Scripted && !r.Rendered, r.Parts
	h.search = r.Marks.Search != ""
	h.frames = map[uint64]bool{}
	for _, f := range r.Frames {
		h.frames[keyOf(f)] = true
	}
	h.forms = map[uint64]bool{}
	for _, f := range r.Forms {
		h.search = h.search || f.Search
		h.forms[formKey(f)] = true
	}
	h.leaf = s.leafOf(keyOf(p.URL))
	h.title, h.siteTag = r.Title, metaOf(r, "SiteName")
	if s.host == "" {
		s.host = hostOf(p.URL)
	}
	h.name = cmp.Or(s.in.Site.Name, h.siteTag, r.Heading, r.Title)
	for _, l := range r.Links {
		if l.Element != "a" || l.Place == fact.InFooter {
			continue
		}
		if len(h.links) < 5000 {
			h.links = append(h.links, l)
		}
		t := byHome
		if l.Place == fact.InNav {
			t |= inMenu
		} else {
			t |= offHome
		}
		if j := s.mark(l.URL, t); j >= 0 && t&offHome != 0 && len(h.entries) < 2000 {
			h.entries = append(h.entries, entry{leaf: j})
		}
	}
	for _, e := range r.Entries {
		if j := s.mark(e.URL, byHome|offHome); j >= 0 && len(h.entries) < 4000 {
			h.entries = append(h.entries, entry{j, e.Date, e.Pinned})
		}
	}
}

// seeSecond keeps what a page one click from the home page leads to.
func (s *site) seeSecond(p *fact.Page) {
	for _, l := range p.Read.Links {
		if l.Element == "a" && l.Place == fact.InNav {
			s.mark(l.URL, menu)
		}
	}
	for k, e := range p.Read.Entries {
		if k >= maxEntries || len(s.second) >= 400_000 {
			return
		}
		if j := s.leafOf(keyOf(e.URL)); j >= 0 {
			s.second = append(s.second, entry{j, e.Date, e.Pinned})
		}
	}
}

// seeItem keeps an item.
func (s *site) seeItem(i int32, p *fact.Page) {
	r := p.Read
	l := &s.leaves[i]
	l.is |= isItem
	if !r.Published.IsZero() {
		l.at = r.Published.Unix()
		if r.DateFrom == "path" {
			l.is |= byPath
		} else {
			l.is |= dated
		}
		if h, m, sec := r.Published.In(calendar.Zone).Clock(); h+m+sec > 0 {
			l.is |= timed
		}
		if r.DateFrom == "meta" && clockInTag.MatchString(r.Meta["PubDate"]) {
			l.is |= stated
		}
	}
	if zeroTime.MatchString(metaOf(r, "PubDate")) {
		l.is |= midnight
	}
	if r.Words >= 100 {
		l.text = textHash(r.Text)
	}
	if len(s.items) >= maxItems {
		s.dropped++
		return
	}
	l.item = int32(len(s.items))
	it := item{leaf: i, tag: metaOf(r, "ColumnName"), depth: int32(p.Depth), on: p.Referrer, hash: p.Hash, seen: p.At}
	it.pathDay, it.modified = dayOfAddress(p.URL), modifiedDay(p.Modified)
	it.Item = fact.Item{URL: p.URL, Title: r.Heading, Source: r.Source, Unit: r.Unit, Number: r.Number}
	if !r.Published.IsZero() {
		it.Date = calendar.Of(r.Published)
	}
	if n := len(r.Breadcrumb); n > 0 {
		it.Column = r.Breadcrumb[n-1]
		if n > 1 && flat(it.Column) == flat(r.Heading) { // the item itself ends the breadcrumb
			it.Column = r.Breadcrumb[n-2]
		}
	}
	s.items = append(s.items, it)
}

// state learns of files and of pages elsewhere whether they answer.
func (s *site) state(p *fact.Page, part crawl.Part) error {
	if part == crawl.Page {
		return nil
	}
	k := keyOf(p.URL)
	if i, ok := s.at[k]; ok && p.OK() {
		s.leaves[i].is |= answers
	}
	return nil
}

// add keeps a finding, unless a person said that it is none; then it tells so. The
// same fault seen twice is one finding: the stronger state stays, pages are added
// up. People's word goes before the machine's.
func (s *site) add(f fact.Finding) bool {
	f.URL, f.On = lasting(f.URL), lasting(f.On)
	f.Identify()
	if is, said := s.in.Answers[f.ID]; said {
		if !is {
			return false
		}
		f.State, f.Confirmed = fact.Fail, true
	}
	if f.At.IsZero() {
		f.At = s.in.T0
	}
	if old := s.before[f.ID]; old.Confirmed && (old.State == f.State) {
		f.Confirmed = true
	}
	place := xxhash.Sum64String(f.Check + "\x00" + plainly(f.URL) + "\x00" + f.Key)
	old, ok := s.findings[cmp.Or(s.places[place], f.ID)] // a page under both schemes is one
	if !ok {
		s.findings[f.ID], s.places[place] = &f, f.ID
		return true
	}
	count := max(old.Count, 1) + max(f.Count, 1)
	if severity(f) < severity(*old) {
		f.Also = append(f.Also, old.Also...)
		*old, f = f, *old
	}
	for _, c := range f.Also {
		if !slices.Contains(old.Also, c) {
			old.Also = append(old.Also, c)
		}
	}
	old.Confirmed = old.Confirmed || f.Confirmed
	old.Count = count
	return true
}

// charge adds the finding of an indicator that is decided by it.
func (s *site) charge(f fact.Finding, reason string) {
	if !s.add(f) {
		s.decide(f.Indicator, fact.Pass, "经人核实，不计："+f.What)
		return
	}
	f.URL = lasting(f.URL)
	f.Identify()
	s.decide(f.Indicator, s.findings[f.ID].State, reason)
}

// again tells whether the round before found the same.
func (s *site) again(f fact.Finding) bool {
	f.URL = lasting(f.URL)
	f.Identify()
	old, ok := s.before[f.ID]
	return ok && (old.State == fact.Fail || old.State == fact.Proposed)
}

// decide settles an indicator.
func (s *site) decide(indicator string, state fact.State, reason string) {
	s.decided[indicator], s.reason[indicator] = state, reason
}

// moment is when a leaf was published and whether that counts as an update: the
// page shows its own day (WEB-19). A day without a time of day counts to its
// end, for nobody knows better.
func (s *site) moment(e entry) (at time.Time, own, known bool) {
	i := s.end(e.leaf)
	l := &s.leaves[i]
	switch {
	case l.is&isItem != 0 && l.is&dated != 0:
		at = time.Unix(l.at, 0).In(calendar.Zone)
		if l.is&timed == 0 {
			at = lastOf(calendar.Of(at))
		}
		return at, true, true
	case l.is&fetched != 0 && l.is&answers == 0 && l.is&isJump == 0:
		return at, false, false // gone
	case l.is&isItem != 0:
		if l.at != 0 {
			return lastOf(calendar.Of(time.Unix(l.at, 0))), false, true
		}
		if !e.day.IsZero() {
			return lastOf(e.day), false, true
		}
		return at, false, false
	case !e.day.IsZero(): // of another site, a file, or not fetched: the list is believed
		return lastOf(e.day), true, true
	}
	return at, false, false
}

// lastOf is the last second of a day.
func lastOf(d calendar.Date) time.Time { return d.Add(1).Start().In(calendar.Zone).Add(-time.Second) }
