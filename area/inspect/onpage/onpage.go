// Package onpage says what is wrong with the pages of an inspected site, each
// looked at by itself, and with the links between them: tags, marks of header and
// footer, what an item shows of itself, what a page loads and where it leads, and
// its words. How columns are kept up and what a site as a whole offers others
// judge.
//
// A fault that stands on one page is a finding of that page; a fault of a template
// is one finding, on the home page where it stands there too, with the number of
// pages that have it (see series).
package onpage

import (
	"hash/fnv"
	"slices"
	"time"
	"unicode/utf8"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
)

// Looker looks at the pages of one site, one after the other. It is not safe for
// use by several goroutines; Text, which takes most of the time, is.
type Looker struct {
	site   fact.Site
	engine *check.Engine
	today  calendar.Date
	hosts  *hosts

	home     *fact.Page // the first home page seen, for what other pages are compared with
	agree    [3]int     // pages whose numbers (numberOf) are the home page's
	differ   [3]int     // and are others
	codeTold bool       // the home page's site code was found to be wrong
	faults   *faults
	further  map[uint64]struct{} // addresses of the second and later pages of lists, and of frames
	listed   map[uint64]struct{} // addresses that stand in dated lists
	indexes  map[uint64]indexed
	known    map[uint64]struct{} // lines of menus and footers that were checked
	said     map[uint64]struct{} // rule and sentence of what was reported
	rules    map[string]int      // findings by rule of texts
	loads    map[string]*fact.Finding
	perHost  map[string]int
	guided   map[string]bool // files that service guides offer
	samples  []sample
	bares    []bare

	seenPictures map[uint64]uint32   // without words in their place, by address
	homePictures map[uint64]struct{} // of links of the home page, without words
	columns      map[string]bool     // names of columns that lists and breadcrumbs show
	strays       map[string]*stray   // tags that name another column, by both names
}

// Bounds of what is kept of a site, so that a million pages need no more memory
// than some hundred megabytes.
const (
	maxAddresses = 2_000_000 // remembered by their hash
	maxLines     = 200_000
	maxLoads     = 5_000 // foreign or internal addresses told one by one
	maxOfHost    = 20    // of them of one host; then it counts on
	maxRule      = 200   // findings of one rule of texts
	maxIndexes   = 300_000
	maxGuided    = 100_000
)

// New makes a Looker. Without an engine no texts are checked; t0 is the day by
// which they are judged.
func New(site fact.Site, engine *check.Engine, t0 time.Time) *Looker {
	return &Looker{
		site: site, engine: engine, today: calendar.Of(t0), hosts: newHosts(site), faults: newFaults(),
		further: map[uint64]struct{}{}, listed: map[uint64]struct{}{}, indexes: map[uint64]indexed{},
		known: map[uint64]struct{}{}, said: map[uint64]struct{}{}, rules: map[string]int{},
		loads: map[string]*fact.Finding{}, perHost: map[string]int{}, guided: map[string]bool{},
		seenPictures: map[uint64]uint32{}, homePictures: map[uint64]struct{}{}, columns: map[string]bool{}, strays: map[string]*stray{},
	}
}

// Page looks at one page, the home page before the others, and returns what can be
// said at once: of its words. All else may be a fault of a template and comes with
// End.
func (l *Looker) Page(p *fact.Page) []fact.Finding {
	return l.Judge(p, l.Text(p))
}

// Text asks the engine about the words of a page that is to be looked at; nil
// without an engine. It is safe for use by several goroutines.
func (l *Looker) Text(p *fact.Page) []Hit {
	if l.engine == nil || !looksAt(p) {
		return nil
	}
	return Text(l.engine, p, l.today)
}

// Judge is Page for a caller that asked Text itself, on another goroutine.
func (l *Looker) Judge(p *fact.Page, hits []Hit) []fact.Finding {
	l.faults.column = columnOf(p)
	l.answer(p)
	if !looksAt(p) {
		return nil
	}
	r := p.Read
	if l.home == nil && r.Kind == fact.Home {
		l.home = p
	}
	template := templateOf(r)
	_, more := l.further[key(p.URL)]
	l.remember(p)
	if !more {
		l.tags(p, template)
		l.marks(p, template)
		l.pictureNames(p, template)
		l.columnNames(p)
	}
	l.resources(p, template)
	l.encoding(p, template)
	if !more {
		l.more(p, template)
	}
	if r.Kind == fact.Content || r.Kind == fact.Guide {
		l.item(p, template)
		l.document(p, template)
		l.attachments(p, template)
	}
	return l.words(p, hits)
}

// End returns what is known only now that every page was seen.
func (l *Looker) End() []fact.Finding {
	l.faults.column = 0
	l.pictureFaults()
	l.homeDiffers()
	out := l.faults.end()
	for _, f := range l.loads {
		out = append(out, *f)
	}
	out = append(out, l.strayTags()...)
	out = append(out, l.overflow()...)
	for i := range out {
		out[i].Identify()
	}
	slices.SortStableFunc(out, byPlace)
	return out
}

// looksAt tells whether there is a page to look at: one that answered, that says
// not of itself that it is missing, and that does not only send on.
func looksAt(p *fact.Page) bool {
	return p.Read != nil && p.Failure == "" && p.Status >= 200 && p.Status < 300 && !p.Read.Missing && p.Read.Kind != fact.Jump && p.Read.Jump == ""
}

// remember notes what the page says of others: that they are further pages of its
// list or frames of it, and that they are items.
func (l *Looker) remember(p *fact.Page) {
	r := p.Read
	note := func(in map[uint64]struct{}, address string) {
		if len(in) < maxAddresses {
			in[key(address)] = struct{}{}
		}
	}
	if r.Kind != fact.Home {
		for _, u := range r.Next { // leads back to the first as well, which was looked at by then
			note(l.further, u)
		}
	}
	for _, u := range r.Frames {
		note(l.further, u)
	}
	for i := range r.Entries {
		if !r.Entries[i].Date.IsZero() {
			note(l.listed, r.Entries[i].URL)
		}
	}
}

// key is a short form of an address or a line.
func key(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s))
	return h.Sum64()
}

// templateOf tells pages of different make apart, by the styles that they load:
// parts of a site that look different load different ones.
func templateOf(r *fact.Reading) uint64 {
	sum := key(string(r.Kind))
	for i := range r.Links {
		if r.Links[i].Element == "link" {
			sum ^= key(r.Links[i].URL) // in any order
		}
	}
	return sum
}

// cut is the beginning of a text, with a mark where something was left out.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n]) + "…"
}
