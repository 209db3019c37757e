// Package read turns an HTML page of a government website into what stands in
// it: kind, title, day, source, text, links with their places, the entries of a
// list and its further pages, forms, page-label tags, the marks of header and
// footer. It fetches nothing and knows no site: what a part is follows from
// landmarks, position, density of links, repetition and the words that such
// pages use everywhere.
package read

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/html/atom"

	"gongkai/area/inspect/fact"
)

// MaxBody is the size in bytes up to which a page is read; the rest is ignored.
const MaxBody = 16 << 20

// Hints are what is known of a page beside itself. The zero Hints are right
// where nothing is known.
type Hints struct {
	Home     bool   // it is the site's home page, whatever its address
	SiteName string // registered name of the site, cut off titles; "" = that of the page's own tags
	Rendered bool   // the body came out of a browser
}

// page is a page while it is read.
type page struct {
	*tree
	*resolver
	r    fact.Reading
	self string // the address of the page
	meta map[string]string

	siteName  string
	text      []line
	fieldList []field
	titleOf   map[*node]string

	bodyNode  *node // holds most of the running text
	main      *node // holds text and list, without furniture
	list      *group
	groupList []group
	grouped   map[*node]bool
	crumbBox  *node
	linkNodes []*node // of the reading's links

	headLine, headEnd, bodyLine, bodyEnd, metaLine int // in text; -1 = none
	bodyChars, proseChars, plainChars              int
	blocks, blockRows                              int // groups of three lines or more, and their lines
	isItem, allLists                               bool
	pagerAt                                        int32 // place of the first link to another page of the list; -1 = none
	paramKnown, organMain                          bool
	paramText                                      string
}

// Page reads one page. body is UTF-8; address is where it was fetched (behind
// all redirects) and makes its references absolute. It is bounded in depth,
// elements and links, and never fails on what a body holds; the error says that
// the address is none.
func Page(address string, body []byte, h Hints) (*fact.Reading, error) {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" && base.Scheme != "file" {
		return nil, fmt.Errorf("read page: %q is no absolute address", address)
	}
	body = bytes.TrimPrefix(body[:min(len(body), MaxBody)], []byte("\xef\xbb\xbf"))
	p := &page{tree: grow(body), self: address, meta: map[string]string{}, titleOf: map[*node]string{}, grouped: map[*node]bool{}}
	p.resolver = newResolver(base)
	p.r.Rendered = h.Rendered
	p.head()
	p.siteName = cmp.Or(h.SiteName, p.meta["sitename"])
	p.measure()
	p.regions()
	p.text = p.lines()
	p.breadcrumb()
	p.bodyNode = p.body(p.text)
	p.paging()
	p.lists()
	p.itemHead()
	p.fields()
	p.heading()
	p.span()
	p.published()
	p.origin()
	p.ownText()
	p.links()
	p.forms()
	p.marks()
	p.guide()
	p.parts()
	p.r.Jump = p.jump()
	p.r.Scripted = p.scripted()
	p.r.Missing = p.missing()
	p.r.Kind = p.kind(h)
	switch p.r.Kind {
	case fact.Content, fact.Guide, fact.Jump, fact.Overview:
		p.settleItem()
	case fact.Leader:
	default:
		p.settleList()
	}
	p.letters()
	p.tables()
	for i, n := range p.linkNodes { // what is list and what is body is known only now
		p.r.Links[i].Place = p.place(n)
	}
	return &p.r, nil
}

// head reads <title>, <base> and the meta tags. Names are kept as written in
// Reading.Meta and without case here, with the usual misspellings put right.
func (p *page) head() {
	p.r.Meta = map[string]string{}
	for _, n := range p.all[1:] {
		switch n.tag {
		case atom.Title:
			if p.r.Title == "" && !n.inside(atom.Svg) {
				p.r.Title = cutRunes(strings.TrimSpace(n.textOf()), 500)
			}
		case atom.Base:
			if ref := p.abs(n.attr("href")); ref != "" {
				if u, err := url.Parse(ref); err == nil && u.Host != "" {
					p.resolver = newResolver(u)
				}
			}
		case atom.Meta:
			name := strings.TrimSpace(cmp.Or(n.attr("name"), n.attr("property")))
			if name == "" || len(p.r.Meta) >= 200 || len(name) > 100 {
				continue
			}
			value := cutRunes(strings.TrimSpace(clean(n.attr("content"))), 2000)
			if old, ok := p.r.Meta[name]; !ok || old == "" {
				p.r.Meta[name] = value
			}
			if key := tagName(name); p.meta[key] == "" {
				p.meta[key] = value
			}
		}
	}
}

func (n *node) textOf() string {
	var b strings.Builder
	for c := n.first; c != nil; c = c.next {
		b.WriteString(c.text)
	}
	return b.String()
}

// tagName gives a page-label tag its name in lower case, also where it is
// misspelt in one of the usual ways.
func tagName(name string) string {
	key := strings.ToLower(strings.TrimSpace(name))
	switch strings.NewReplacer("-", "", "_", "", " ", "").Replace(key) {
	case "sitename":
		return "sitename"
	case "sitedomain", "sitedomin", "sitedoamin", "siteurl":
		return "sitedomain"
	case "siteidcode", "sitecode", "siteid", "siteidcod", "sitidcode":
		return "siteidcode"
	case "columnname", "colunmname", "columname":
		return "columnname"
	case "columndescription", "colunmdescription", "columndesc", "columndiscription":
		return "columndescription"
	case "columnkeywords", "columnkeyword", "colunmkeywords", "columnkeyswords":
		return "columnkeywords"
	case "columntype", "colunmtype", "columtype":
		return "columntype"
	case "articletitle", "articeltitle", "artcletitle", "articaltitle", "aritcletitle":
		return "articletitle"
	case "pubdate", "pubdata", "publishdate", "publicdate":
		return "pubdate"
	case "contentsource", "contensource", "contentsourse", "contentsouce", "source":
		return "contentsource"
	case "author":
		return "author"
	}
	return key
}

// lists finds the groups, chooses the page's own list and counts the blocks of a
// page that is an entrance to several columns.
func (p *page) lists() {
	p.groupList = p.groups()
	for i := range p.groupList {
		g := &p.groupList[i]
		for k := range g.rows {
			p.grouped[g.rows[k].node] = true
		}
		if len(g.rows) >= 3 && g.box.region == plain && !offers(p.headingBefore(g)) {
			p.blocks++
			p.blockRows += len(g.rows)
		}
	}
	p.list = p.choose(p.groupList)
	if p.list == nil {
		return
	}
	if p.list.score < 2 || len(p.list.rows) == 1 && p.list.dated == 0 {
		p.list = nil
		return
	}
	for k := range p.list.rows {
		p.r.Entries = append(p.r.Entries, p.list.rows[k].entry...)
	}
	if len(p.r.Entries) == 0 {
		p.list = nil
	}
}

// inGroup tells whether a node stands in a row of some list.
func (p *page) inGroup(n *node) bool {
	for ; n != nil; n = n.parent {
		if p.grouped[n] {
			return true
		}
	}
	return false
}
