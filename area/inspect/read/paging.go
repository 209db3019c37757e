package read

import (
	"cmp"
	"fmt"
	"net/url"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"

	"gongkai/kernel/regex"
)

const maxPages = 500 // addresses of further pages taken from one page

var (
	// createPageHTML(20, 0, "index", "html"): number of pages, this page, name, ending.
	createPages = regex.New(`(?i)\b(?:create|show|build|make)?_?page(?:html|nav|s|r)?\w{0,6}\(\s*(?:["'][^"']{0,40}["']\s*,\s*)?(\d{1,5})\s*,\s*(\d{1,5})\s*,\s*["']([\w\-/.]{1,60})["']\s*,\s*["'](s?html?|jhtml|aspx?|jsp|php)["']`)
	pageCount   = regex.New(`(?i)\b(?:countPage|pageCount|totalPages?|page_?count|maxPage|pages)\s*[=:]\s*["']?(\d{1,5})`)
	pageNow     = regex.New(`(?i)\b(?:currentPage|curPage|currPage|pageIndex|nowPage|currentIndex)\s*[=:]\s*["']?(\d{1,5})`)
	// "index" + "_" + i + "." + "html" in a script that writes the links itself.
	pageName = regex.New(`["'](?:<a[^"']{0,80}href=\\?["']{1,2})?\\?["']?([\w\-]{1,30})(?:["']\s*\+\s*["'])?_["']\s*\+\s*\w+(?:\s*\+\s*["']\.["']\s*)?\s*\+\s*["']\.?(s?html?)`)
	// location.href = "list.jsp?page=" + n
	pageParam = regex.New(`["']([^"'\s<>]{0,300}[?&](?i:page|p|pageno|pagenum|pageindex|pn|curpage|currentpage|cur_page|page_no|pageNumber)=)["']\s*\+`)
	// Names of parameters that count pages; p and pn only where the link is called like one.
	countName = regex.New(`(?i)^(?:page|pages?_?(?:no|num|number|index|id)|(?:cur|curr|current|now)_?page|paged|currentindex)$`)
	shortName = regex.New(`(?i)^(?:pn?|pg)$`)
	totalName = regex.New(`(?i)^(?:total|count|max)_?(?:page|result|record|count|row|num)s?$`)
	pageCall  = regex.New(`(?i)^\s*(?:javascript:)?\s*(?:return\s+)?[\w.$]*(?:page|go|turn|jump|query|list|skip)\w*\(\s*(?:[^()]*?,\s*)?["']?(\d{1,5})["']?\s*\)`)
)

// paging finds the addresses of the other pages of the list: links called next
// page or by a number, addresses in scripts of links and in select boxes, and
// what the usual scripts write.
func (p *page) paging() {
	p.pagerAt = -1
	var next []string
	seen := map[string]bool{}
	self := p.abs(p.self)
	add := func(ref string) {
		if ref != "" && ref != self && !seen[ref] && len(next) < maxPages {
			seen[ref] = true
			next = append(next, ref)
		}
	}
	numberedHere := p.pagerBoxes()
	for _, n := range p.all[1:] {
		if !n.elem || n.region == foot {
			continue
		}
		switch n.tag {
		case atom.Option:
			if v := n.attr("value"); strings.ContainsAny(v, "./?") && pagerWord.MatchString(strings.TrimSpace(n.optionText())) {
				add(p.abs(v))
			}
		case atom.A, atom.Span, atom.Li, atom.Button, atom.Em, atom.I:
			if n.chars > 8 || n.chars == 0 && n.tag != atom.A && n.tag != atom.Button || n.tag != atom.A && n.attr("onclick") == "" {
				continue
			}
			text := strings.TrimSpace(n.sample(40))
			if n.tag == atom.Button {
				text = strings.TrimSpace(buttonText(n))
			}
			if text == "" {
				text = strings.TrimSpace(n.attr("title"))
			}
			if n.tag == atom.A {
				if ref := p.target(n); ref != "" && p.turned(ref, pagerWord.MatchString(text)) {
					if p.pagerAt < 0 && (n.region == plain || n.region == pager) {
						p.pagerAt = n.id
					}
					add(ref)
					continue
				}
			}
			named := nextWord.MatchString(text) || lastWord.MatchString(text) || strings.Contains(text, "页") && pagerWord.MatchString(text)
			if !named && !(pagerWord.MatchString(text) && numberedHere[n.parent] || pagerWord.MatchString(text) && n.parent.parent != nil && numberedHere[n.parent.parent]) {
				continue
			}
			if n.region == plain && p.pagerAt < 0 || n.region == pager && p.pagerAt < 0 {
				p.pagerAt = n.id
			}
			if homeWord.MatchString(strings.ReplaceAll(text, " ", "")) && !numberedHere[n.parent] {
				continue
			}
			if ref := p.target(n); ref != "" {
				add(ref)
				continue
			}
			for _, call := range [...]string{n.attr("href"), n.attr("onclick")} {
				// An address that is put together here is not asked for where the
				// page behind it is known under its own: it may not answer.
				if g := pageCall.FindStringSubmatch(call); g != nil && !backWord.MatchString(text) {
					if q := p.param(); q != "" {
						add(p.abs(q + g[1]))
					}
				}
			}
		case atom.Link:
			if strings.EqualFold(n.attr("rel"), "next") {
				add(p.abs(n.attr("href")))
			}
		}
	}
	for _, ref := range p.writtenPages() {
		add(ref)
	}
	p.r.Next = next
}

// turned tells whether an address is that of the page itself but for the number
// that counts pages, in whatever order its parameters stand: list.php?tid=4 and
// list.php?PageNo=2&tid=4. called says that the link's text is one of a pager.
func (p *page) turned(ref string, called bool) bool {
	if strings.IndexByte(ref, '?') < 0 && strings.IndexByte(p.self, '?') < 0 {
		return false
	}
	path, query, _ := strings.Cut(ref, "?")
	own, asked, _ := strings.Cut(p.self, "?")
	if path != own {
		return false
	}
	rest, number := apartFromCount(query, called)
	mine, now := apartFromCount(asked, called)
	return rest == mine && number != now
}

// apartFromCount divides a query into the number that counts pages and all else,
// in one order; what counts the whole is left out.
func apartFromCount(query string, called bool) (rest, number string) {
	var kept []string
	for _, part := range strings.Split(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		switch {
		case part == "", totalName.MatchString(name):
		case number == "" && digitsOnly(value) && (countName.MatchString(name) || called && shortName.MatchString(name)):
			number = value
		default:
			kept = append(kept, part)
		}
	}
	sort.Strings(kept)
	return strings.Join(kept, "&"), number
}

// pagerBoxes finds the parts that hold the numbers of pages: at least two of
// their links are called by numbers or as previous and next page.
func (p *page) pagerBoxes() map[*node]bool {
	count := map[*node]int{}
	boxes, links := map[*node]bool{}, map[*node]bool{}
	for _, n := range p.all[1:] {
		if n.tag != atom.A && n.tag != atom.Span && n.tag != atom.Em && n.tag != atom.Strong && n.tag != atom.B && n.tag != atom.Li || n.chars == 0 || n.tag == atom.Li && n.anchors > 0 || n.chars > 6 || n.region == foot || n.region == nav {
			continue
		}
		text := strings.TrimSpace(n.sample(30))
		if !pagerWord.MatchString(text) || n.tag != atom.A && !digitsOnly(text) {
			continue
		}
		for q, depth := n.parent, 0; q != nil && depth < 2; q, depth = q.parent, depth+1 {
			if q.chars < 160 && q.tag != atom.A {
				links[q] = links[q] || n.tag == atom.A
				if count[q]++; count[q] >= 2 && (strings.Contains(text, "页") || pagerLike(q)) && links[q] {
					boxes[q] = true
				}
			}
		}
	}
	return boxes
}

// writtenPages are the pages that a script of the page writes links to.
func (p *page) writtenPages() (refs []string) {
	for _, s := range p.scripts {
		if !strings.Contains(s, "age") || len(s) > 200_000 {
			continue
		}
		if g := createPages.FindStringSubmatch(s); g != nil {
			refs = append(refs, p.series(num(g[1]), num(g[2]), g[3], g[4])...)
			continue
		}
		count := pageCount.FindStringSubmatch(s)
		if count == nil {
			continue
		}
		now := 0
		if g := pageNow.FindStringSubmatch(s); g != nil {
			now = num(g[1])
		}
		if g := pageName.FindStringSubmatch(s); g != nil {
			refs = append(refs, p.series(num(count[1]), now, g[1], g[2])...)
		} else if q := pageParam.FindStringSubmatch(s); q != nil {
			for i := 1; i <= min(num(count[1]), maxPages); i++ {
				refs = append(refs, p.abs(q[1]+strconv.Itoa(i)))
			}
		}
	}
	return refs
}

// series are the addresses index.html, index_1.html … of count pages without the
// page that is read.
func (p *page) series(count, now int, name, ending string) (refs []string) {
	ending = strings.TrimPrefix(ending, ".")
	for i := 0; i < min(count, maxPages); i++ {
		if i == now {
			continue
		}
		file := name + "." + ending
		if i > 0 {
			file = fmt.Sprintf("%s_%d.%s", name, i, ending)
		}
		refs = append(refs, p.abs(file))
	}
	return refs
}

// param is the address up to the number of the page that a script of the page
// puts together, or the address of the page itself where it carries such a parameter.
func (p *page) param() string {
	if p.paramKnown {
		return p.paramText
	}
	p.paramKnown = true
	for _, s := range p.scripts {
		if g := pageParam.FindStringSubmatch(s); g != nil {
			p.paramText = g[1]
			return p.paramText
		}
	}
	if p.paramText = p.formParam(); p.paramText != "" {
		return p.paramText
	}
	if u, err := url.Parse(p.self); err == nil {
		for _, name := range [...]string{"page", "pageNo", "pageNum", "pageIndex", "curPage", "currentPage", "pn", "p"} {
			q := u.Query()
			if q.Has(name) {
				q.Del(name)
				u.RawQuery = q.Encode()
				sep := "?"
				if u.RawQuery != "" {
					sep = "&"
				}
				p.paramText = u.String() + sep + name + "="
				return p.paramText
			}
		}
	}
	return ""
}

// formParam is the address up to the number of the page where a script puts the
// number into a hidden field of a form and sends the form off; only forms that
// ask by address.
func (p *page) formParam() string {
	for _, n := range p.all[1:] {
		if n.tag != atom.Form || strings.EqualFold(n.attr("method"), "post") {
			continue
		}
		count, query := "", url.Values{}
		for _, m := range p.all[n.id+1 : n.end] {
			name := m.attr("name")
			if m.tag != atom.Input || !strings.EqualFold(m.attr("type"), "hidden") || name == "" {
				continue
			}
			if count == "" && countName.MatchString(name) {
				count = name
			} else {
				query.Set(name, m.attr("value"))
			}
		}
		if count == "" {
			continue
		}
		action, _, _ := strings.Cut(cmp.Or(p.abs(n.attr("action")), p.self), "?")
		if len(query) > 0 {
			return action + "?" + query.Encode() + "&" + count + "="
		}
		return action + "?" + count + "="
	}
	return ""
}
