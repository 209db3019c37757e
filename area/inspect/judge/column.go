package judge

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
)

// column is a column while it is judged.
type column struct {
	fact.Column
	kind     fact.Kind
	key      uint64
	crumb    []string
	tag      string // ColumnType
	entries  []entry
	paging   bool
	scripted bool // its list is filled in by a script that nobody ran
	byScript bool // and by one that a browser ran
	empty    bool // says so, or holds nothing
	says     bool // says so
	onlyLink string
	out      []link  // links that may be its contents
	shown    []int32 // its links in their order, where it may be empty
	forms    []fact.Form
	none     bool // turned out to be no column
	leaf     int32
	words    int
	depth    int
	on       string
	at       time.Time
	hash     string
	archived bool
	listed   time.Time // newest day by the list alone, where the items show none
	undated  int       // items without a day of their own that would have been newer
	topic    bool
	duty     *fact.Duty
	inMenu   bool
	claimed  int // further pages claimed last, and the last of them
	lastNext string
}

// claim is a further page of a column's list.
type claim struct {
	column int32
	rank   int  // 2 for the second page
	frame  bool // it stands in a frame of the column's page
}

// seeColumn keeps a page that is a column, or adds a further page to one.
func (s *site) seeColumn(i int32, p *fact.Page) {
	r := p.Read
	name := columnName(r)
	k := folderKey(p.URL)
	if c, ok := s.claims[k]; ok {
		own := s.columns[c.column]
		if c.frame || name == "" || own.Name == "" || flat(name) == flat(own.Name) || strings.HasPrefix(flat(name), flat(own.Name)) {
			s.further(own, c, p)
			s.leaves[i].is |= isColumn
			return
		}
	}
	if _, ok := s.byKey[k]; ok {
		return
	}
	if rest, page, ok := pageOf(p.URL); ok {
		if n, known := s.byKey[folderKey(rest)]; known && flat(s.columns[n].Name) == flat(name) {
			s.further(s.columns[n], claim{n, page, false}, p)
			s.leaves[i].is |= isColumn
			return
		}
	}
	if !s.isColumn(i, p) || len(s.columns) >= maxColumns {
		return
	}
	if len(r.Entries) > 0 {
		twin := xxhash.Sum64String("twin\x00" + flat(name) + "\x00" + firstEntries(r.Entries))
		if old, ok := s.byKey[twin]; ok && name != "" {
			s.byKey[k] = old
			s.columns[old].shorter(p.URL)
			s.columns[old].inMenu = s.columns[old].inMenu || s.leaves[i].is&inMenu != 0
			s.claim(int32(old), r.Next, k)
			return
		}
		s.byKey[twin] = int32(len(s.columns))
	}
	n := int32(len(s.columns))
	c := &column{Column: fact.Column{Name: name, URL: p.URL}, kind: r.Kind, key: k, crumb: r.Breadcrumb, tag: metaOf(r, "ColumnType"),
		paging: len(r.Next) > 0, byScript: r.Scripted && r.Rendered && len(r.Entries) > 0, scripted: r.Scripted && !r.Rendered && len(r.Entries) == 0, words: r.Words, depth: p.Depth, on: p.Referrer, at: p.At, hash: p.Hash, inMenu: s.leaves[i].is&inMenu != 0}
	c.empty, c.says, c.leaf = isEmpty(r), saysEmpty(r), i
	for _, e := range r.Entries {
		c.empty = c.empty && e.Date.IsZero()
	}
	for _, f := range r.Frames {
		c.empty = c.empty && s.home.frames[keyOf(f)] // a calendar in the head of every page
	}
	c.out = s.seeLinks(r, c.empty)
	c.forms = s.seeForms(r, c.empty)
	c.archived = archived.MatchString(r.Title) || archived.MatchString(cut(r.Text, 600))
	s.columns = append(s.columns, c)
	s.byKey[k] = n
	s.leaves[i].is |= isColumn
	s.take(n, r, 1)
	s.claim(n, r.Next, k)
	if len(r.Entries) > 0 {
		return
	}
	for _, u := range r.Frames {
		f := folderKey(u)
		_, claimed := s.claims[f]
		_, known := s.byKey[f]
		if !claimed && !known && f != k && !s.home.frames[keyOf(u)] && len(s.claims) < maxLeaves {
			s.claims[f] = claim{n, 1, true}
		}
	}
}

// pageOf takes the number of a list's page off an address: list?page=2, list_2.html.
func pageOf(address string) (rest string, page int, ok bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", 0, false
	}
	kept := []string{}
	for _, pair := range strings.Split(u.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if n, err := strconv.Atoi(value); err == nil && pageParam.MatchString(name) {
			page, ok = n, true
			continue
		}
		if pair != "" {
			kept = append(kept, pair)
		}
	}
	u.RawQuery = strings.Join(kept, "&")
	if !ok {
		if g := pageFile.FindStringSubmatch(u.Path); g != nil {
			page, ok = number(g[2]), true
			u.Path, u.RawPath = g[1]+g[3], ""
		}
	}
	return u.String(), page, ok
}

// columnName is what a column calls itself.
func columnName(r *fact.Reading) string {
	tag := metaOf(r, "ColumnName")
	last := ""
	if n := len(r.Breadcrumb); n > 0 {
		last = r.Breadcrumb[n-1]
	}
	name := r.Heading
	switch {
	case name == "", utf8.RuneCountInString(name) > 20, last != "" && flat(last) != flat(name) && (tag == "" || flat(tag) == flat(last)):
		name = cmp.Or(last, tag, name)
	}
	return cut(strings.TrimSpace(name), 120)
}

func cut(s string, bytes int) string {
	if len(s) <= bytes {
		return s
	}
	for bytes > 0 && !utf8.RuneStart(s[bytes]) {
		bytes--
	}
	return s[:bytes]
}

func firstEntries(es []fact.Entry) string {
	var b strings.Builder
	for _, e := range es[:min(len(es), 8)] {
		b.WriteString(e.URL)
		b.WriteByte('\n')
	}
	return b.String()
}

// isColumn tells whether a page is one where items appear, or should: a list, or
// a page that a menu names and that is neither an item nor a form.
func (s *site) isColumn(i int32, p *fact.Page) bool {
	r := p.Read
	named := s.leaves[i].is&(inMenu|menu) != 0 || metaOf(r, "ColumnName") != "" && metaOf(r, "ArticleTitle") == ""
	switch r.Kind {
	case fact.List, fact.Library, fact.Consultation:
		return true
	case fact.Mailbox:
		alone := len(r.Letters) == 1 && r.Letters[0].URL == "" // the page of one letter
		return len(r.Entries) > 1 || named && !alone
	case fact.Section, fact.Overview, fact.Leader, fact.Disclosure:
		return s.leaves[i].is&inMenu != 0
	case fact.Other:
		return named && len(r.Entries) == 0 && isEmpty(r)
	}
	return false
}

func hasMessageForm(r *fact.Reading) bool {
	for _, f := range r.Forms {
		if !f.Search && len(f.Fields) >= 2 {
			return true
		}
	}
	return false
}

// take adds the entries of a list page.
func (s *site) take(n int32, r *fact.Reading, rank int) {
	c := s.columns[n]
	c.Items += len(r.Entries)
	for _, e := range r.Entries {
		j := s.leafOf(keyOf(e.URL))
		if j < 0 {
			return
		}
		if l := &s.leaves[j]; l.column < 0 || s.columns[l.column].kind == fact.Section && c.kind != fact.Section {
			l.column = n
		}
		if rank <= 2 && len(c.entries) < maxEntries {
			c.entries = append(c.entries, entry{j, e.Date, e.Pinned})
		}
	}
}

// claim notes the further pages of a list.
func (s *site) claim(n int32, next []string, self uint64) {
	c := s.columns[n]
	if len(next) > 0 && c.claimed == len(next) && c.lastNext == next[len(next)-1] {
		return // the same pages as before
	}
	if len(next) > 0 {
		c.claimed, c.lastNext = len(next), next[len(next)-1]
	}
	for i, ref := range next {
		k := folderKey(ref)
		if _, ok := s.claims[k]; ok || k == self || len(s.claims) >= maxLeaves {
			continue
		}
		if _, ok := s.byKey[k]; ok {
			continue
		}
		s.claims[k] = claim{n, i + 2, false}
	}
}

func (s *site) further(c *column, at claim, p *fact.Page) {
	c.paging = true
	if !at.frame && c.shorter(p.URL) { // it is the first page, found behind another
		at.rank = 1
	}
	s.take(at.column, p.Read, at.rank)
	s.claim(at.column, p.Read.Next, folderKey(p.URL))
}

// shorter gives a column the plainer of two addresses.
func (c *column) shorter(address string) bool {
	if len(address) > len(c.URL) || len(address) == len(c.URL) && address >= c.URL {
		return false
	}
	c.URL = address
	return true
}

// settle gives the columns their class, level and newest item, and the items
// their column, when every page has been seen.
func (s *site) settle() {
	navless := true
	for _, l := range s.home.links {
		if l.Place == fact.InNav {
			navless = false
			break
		}
	}
	anchor := map[uint64]string{}
	for _, l := range s.home.links {
		if k := folderKey(l.URL); anchor[k] == "" && utf8.RuneCountInString(l.Text) <= 20 {
			anchor[k] = l.Text
		}
		if l.Place != fact.InNav {
			continue
		}
		if j, ok := s.byKey[s.sentTo(l.URL)]; ok {
			s.columns[j].inMenu = true
		}
	}
	for j, c := range s.columns {
		s.byLeaf[s.end(c.leaf)] = int32(j)
		for k := 0; k+1 < len(c.crumb); k++ {
			s.channels[flat(c.crumb[k])] = true
		}
	}
	for j, c := range s.columns {
		if c.Name == "" {
			c.Name = cmp.Or(anchor[c.key], c.URL)
		}
		if c.empty && c.Items > 0 {
			if c.empty = s.sideMenu(c); c.empty {
				c.entries, c.Items = nil, 0
			}
		}
		if c.empty && !c.says {
			own := s.contents(c)
			if len(own) == 1 {
				c.onlyLink = own[0].url
			}
			c.empty = len(own) <= 1 && !s.above[flat(c.Name)] && !s.picked(c)
		}
		form := c.empty && s.asks(c)
		c.empty = c.empty && !form
		c.none = c.kind == fact.Other && !c.empty || form && c.Items == 0 && c.kind != fact.List || s.mirrors(int32(j), c)
		c.duty = s.dutyOf(c)
		s.classify(c)
		c.Level = max(c.depth, 2)
		if c.inMenu || c.depth <= 1 && (navless || len(c.crumb) == 1 && s.menuLess(c)) {
			c.Level = 1
		}
		c.Site = s.partOf(c)
		s.newest(c)
		if old, ok := s.byName[flat(c.Name)]; !ok || s.columns[old].Level > c.Level {
			s.byName[flat(c.Name)] = int32(j)
		}
	}
	if s.dropped > 0 {
		s.notes = append(s.notes, fmt.Sprintf("文章超过 %d 篇，报告的文章清单只列出先发现的 %d 篇，另有 %d 篇已检查、未列出", maxItems, maxItems, s.dropped))
	}
	for i := range s.items {
		it := &s.items[i]
		l := &s.leaves[it.leaf]
		if _, ok := s.byName[flat(it.Column)]; it.Column != "" && ok {
			continue
		}
		if l.column >= 0 {
			it.Column = s.columns[l.column].Name
		} else if it.tag != "" {
			it.Column = it.tag
		}
	}
}

// mirrors tells whether a list in a frame shows but items of another column: a view
// of that one.
func (s *site) mirrors(n int32, c *column) bool {
	if !s.framed[keyOf(c.URL)] || len(c.entries) == 0 {
		return false
	}
	for _, e := range c.entries {
		if l := &s.leaves[e.leaf]; l.column == n || l.column < 0 {
			return false
		}
	}
	return true
}

// menuLess tells whether a column one click from the home page is named by it.
func (s *site) menuLess(c *column) bool {
	i, ok := s.at[keyOf(c.URL)]
	return ok && s.leaves[i].is&byHome != 0
}

// sentTo is the column key of an address behind its redirects.
func (s *site) sentTo(address string) uint64 {
	k := folderKey(address)
	if _, ok := s.byKey[k]; ok {
		return k
	}
	i, ok := s.at[keyOf(address)]
	if !ok {
		return k
	}
	if j := s.end(i); j != i {
		for n, c := range s.columns { // few menu links send on
			if m, ok := s.at[keyOf(c.URL)]; ok && m == j {
				return s.columns[n].key
			}
		}
	}
	return k
}

// dutyOf is what a person said of the column: by its address, else by its name.
func (s *site) dutyOf(c *column) *fact.Duty {
	for i := range s.duties {
		if d := &s.duties[i]; d.URL != "" && folderKey(d.URL) == c.key {
			return d
		}
	}
	for i := range s.duties {
		if d := &s.duties[i]; d.URL == "" && d.Name != "" && flat(d.Name) == flat(c.Name) {
			return d
		}
	}
	return nil
}

// classify chooses the class: what a person said, the name, the tag, the address
// (3.1 V4 step 2).
func (s *site) classify(c *column) {
	for _, name := range append(slices.Clone(c.crumb), c.Name) {
		c.topic = c.topic || topicName.MatchString(name)
	}
	c.Class = classOf(c)
	if c.duty != nil && c.duty.Class != "" {
		c.Class = c.duty.Class
	}
}

func classOf(c *column) fact.Class {
	name := c.Name
	switch c.kind {
	case fact.Overview, fact.Leader, fact.Disclosure:
		return fact.Static
	case fact.Mailbox, fact.Consultation:
		return fact.Ordinary
	}
	switch {
	case oldPolicy.MatchString(name):
		return fact.Static
	case c.archived:
		return fact.Ordinary
	case reading.MatchString(name), asking.MatchString(name), statsName.MatchString(name), yearlyName.MatchString(name):
		return fact.Ordinary
	case c.topic:
		return fact.Ordinary
	case noticeName.MatchString(name):
		return fact.NoticeList
	case staticName.MatchString(name):
		return fact.Static
	case newsName.MatchString(name) && !notNews.MatchString(name):
		return fact.News
	case policyName.MatchString(name) && !notPolicy.MatchString(name):
		return fact.Policy
	}
	if notNews.MatchString(name) || notPolicy.MatchString(name) {
		return fact.Ordinary
	}
	switch {
	case reading.MatchString(c.tag):
		return fact.Ordinary
	case noticeType.MatchString(c.tag):
		return fact.NoticeList
	case policyType.MatchString(c.tag):
		return fact.Policy
	case newsType.MatchString(c.tag):
		return fact.News
	case staticType.MatchString(c.tag):
		return fact.Static
	}
	switch folder := lastFolder(c.URL); {
	case newsPath.MatchString(folder):
		return fact.News
	case noticePath.MatchString(folder):
		return fact.NoticeList
	case policyPath.MatchString(folder):
		return fact.Policy
	}
	return fact.Ordinary
}

// lastFolder is the innermost folder of an address, or the name of its page.
func lastFolder(address string) string {
	path := siteTail.ReplaceAllString(pathOf(address), "/")
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	if len(parts) == 0 {
		return ""
	}
	last := parts[len(parts)-1]
	if i := strings.IndexByte(last, '.'); i > 0 {
		last = last[:i]
	}
	return last
}

// partOf is the host of a column; where it belongs to a site of the group that
// is a folder of the host, the host and that folder.
func (s *site) partOf(c *column) string {
	u, err := url.Parse(c.URL)
	if err != nil {
		return s.host
	}
	return strings.ToLower(u.Host)
}

// newest finds the newest item of the first two list pages that shows its own
// day (WEB-19). Pinned entries and days after the monitoring time point do not
// count.
func (s *site) newest(c *column) {
	for _, e := range c.entries {
		at, own, known := s.moment(e)
		if !known {
			if at.IsZero() && s.leaves[s.end(e.leaf)].is&isItem != 0 {
				c.undated++
			}
			continue
		}
		if e.pinned || calendar.Of(at).After(calendar.Of(s.in.T0)) || s.later(e, at) {
			continue
		}
		if !own {
			if at.After(c.listed) {
				c.listed = at
			}
			continue
		}
		if at.After(c.Latest) {
			c.Latest = at
		}
	}
}

// later tells whether a moment with a time of day lies behind the time point.
func (s *site) later(e entry, at time.Time) bool {
	return at.After(s.in.T0) && at != lastOf(calendar.Of(at))
}

// columnFacts are the columns of the report.
func (s *site) columnFacts() []fact.Column {
	out := make([]fact.Column, 0, len(s.columns))
	for _, c := range s.columns {
		if c.none {
			continue
		}
		f := c.Column
		if !f.Latest.IsZero() && f.Latest == lastOf(calendar.Of(f.Latest)) {
			f.Latest = calendar.Of(f.Latest).Start().In(calendar.Zone)
		}
		out = append(out, f)
	}
	return out
}

// itemFacts are the items of the report: what shows a day, a source or a number,
// or hangs in a column.
func (s *site) itemFacts() []fact.Item {
	out := make([]fact.Item, 0, len(s.items))
	for _, it := range s.items {
		l := &s.leaves[it.leaf]
		if l.column < 0 && it.Date.IsZero() && it.Source == "" && it.Number == "" {
			continue
		}
		out = append(out, it.Item)
	}
	return out
}
