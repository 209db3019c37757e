package read

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// region is what kind of furniture a part of a page is.
type region uint8

const (
	plain region = iota
	head
	nav
	side
	crumb
	pager
	tool // share, print, font size
	foot
)

// measure counts, from the leaves up.
func (t *tree) measure() {
	for i := len(t.all) - 1; i > 0; i-- {
		n := t.all[i]
		if n.tag == atom.A && usable(n.attr("href"), n.attr("onclick")) {
			n.anchors++
			if int(n.chars) >= 5 || runes(n.attr("title")) >= 6 {
				n.titles++
			}
		}
		p := n.parent
		if !silent(p.tag) {
			p.chars += n.chars
			p.linked += n.linked
		}
		p.anchors += n.anchors
		p.titles += n.titles
	}
}

func usable(href, onclick string) bool {
	href = strings.TrimSpace(href)
	if href == "" || href[0] == '#' {
		return strings.Contains(onclick, "location") || strings.Contains(onclick, "open(")
	}
	if len(href) > 11 && strings.EqualFold(href[:11], "javascript:") {
		return strings.ContainsAny(href, "'\"") || strings.Contains(onclick, "location") || strings.Contains(onclick, "open(")
	}
	return true
}

// regions finds the furniture. A landmark (element or role) counts at once; a
// name counts where the part looks like what it is called; and parts without
// either are found by what they hold: short links and nothing else, the marks of
// a footer.
func (t *tree) regions() {
	total := max(t.root.chars, 1)
	before := int32(0) // characters of text before the node
	for _, n := range t.all[1:] {
		if !n.elem {
			before += n.chars
			n.region = n.parent.region
			continue
		}
		n.region = n.parent.region
		if n.region != plain && n.region != head {
			continue
		}
		if r := n.furniture(total, before); r != plain {
			n.region = r
		}
	}
	t.footer(total)
}

func (n *node) furniture(total, before int32) region {
	most := n.chars*10 > total*7 && n.chars > 200 // it is the page, whatever it is called
	dense := n.chars == 0 || n.linked*10 >= n.chars*7
	early := before*3 < total || before < 400
	late := before*2 > total
	switch n.tag {
	case atom.Nav:
		if n.chars-n.linked < 200 {
			return nav
		}
	case atom.Header:
		if early && !most && n.chars-n.linked < 200 && !n.inside(atom.Article, atom.Main) {
			return head
		}
	case atom.Footer:
		if late && n.chars-n.linked < 1500 && !n.inside(atom.Article) {
			return foot
		}
	case atom.Aside:
		if !most {
			return side
		}
	}
	switch n.attr("role") {
	case "navigation", "menubar", "menu":
		if n.chars-n.linked < 200 {
			return nav
		}
	case "banner":
		if !most {
			return head
		}
	case "contentinfo":
		if late && n.chars-n.linked < 1500 {
			return foot
		}
	case "complementary":
		if !most {
			return side
		}
	}
	if n.byDensity(total) {
		return nav
	}
	class, id := n.attr("class"), n.attr("id")
	if class == "" && id == "" || most {
		return plain
	}
	for _, w := range append(words(class), words(id)...) {
		switch w {
		case "nav", "navi", "navbar", "navigation", "menu", "submenu", "topnav", "daohang", "dh":
			if dense && n.anchors > 1 {
				return nav
			}
		case "foot", "footer", "copyright", "bottom", "dibu", "banquan":
			// The lower half of a block is called bottom too.
			if (late && n.titles < 6 && w != "bottom" || footerMarks.MatchString(n.sample(1500))) && n.chars-n.linked < 800 && before > 0 {
				return foot
			}
		case "head", "header", "top", "topbar", "banner", "logo":
			if early && n.chars-n.linked < 150 && n.titles < 6 && !n.holds(atom.H1) {
				return head
			}
		case "crumb", "crumbs", "breadcrumb", "breadcrumbs", "location", "position", "weizhi", "dqwz", "curpos", "path", "bread":
			if n.chars > 0 && n.chars < 150 && n.anchors > 0 && !n.titled() {
				return crumb
			}
		case "page", "pages", "pager", "paging", "pagination", "fenye", "pagebar", "paginations", "pagenav":
			if n.chars < 160 && n.anchors > 0 && (n.linked*2 > n.chars || n.anchors > 2) && pagerLike(n) && !n.titled() {
				return pager
			}
		case "share", "bdsharebuttonbox", "bdshare", "sharebox", "print", "fontsize", "qrcode", "ewm":
			if n.chars < 80 {
				return tool
			}
		case "side", "sidebar", "aside", "sidenav", "leftnav", "leftmenu":
			if n.linked*2 > n.chars && n.chars > 0 {
				return side
			}
		}
	}
	return plain
}

// byDensity tells whether a part is nothing but short links: a menu, a list of
// columns, of friendly sites, of leaders.
func (n *node) byDensity(total int32) bool {
	if n.anchors < 4 || n.chars == 0 || n.linked*100 < n.chars*85 || n.chars*10 > total*9 && total > 200 {
		return false
	}
	return n.linked/n.anchors <= 7 && n.titles*4 <= n.anchors && block(n.tag) && !n.titled() && !n.holdsCrumb(2)
}

// holdsCrumb tells whether a part holds another that is called a breadcrumb: then
// it is the page, however few its words.
func (n *node) holdsCrumb(depth int) bool {
	for c := n.first; c != nil; c = c.next {
		if !c.elem || c.anchors == 0 {
			continue
		}
		for _, w := range append(words(c.attr("class")), words(c.attr("id"))...) {
			switch w {
			case "crumb", "crumbs", "breadcrumb", "breadcrumbs", "location", "position", "weizhi", "dqwz", "curpos":
				if c.chars > 0 && c.chars < 150 && c.chars < n.chars {
					return true
				}
			}
		}
		if depth > 0 && c.holdsCrumb(depth-1) {
			return true
		}
	}
	return false
}

func (n *node) insideMain() bool {
	for p := n.parent; p != nil; p = p.parent {
		if p.tag == atom.Main || p.attr("role") == "main" {
			return true
		}
		if p.tag == atom.Footer {
			return false
		}
	}
	return false
}

// titled tells whether a part is or holds the main part of the page, or its
// title: a heading of the first or second rank that is no link. A menu has its
// heading outside its links, so that the list of them is still found below.
func (n *node) titled() bool {
	if n.tag == atom.Main || n.attr("role") == "main" {
		return true
	}
	for c := n.first; c != nil; c = c.next {
		if (c.tag == atom.H1 || c.tag == atom.H2) && c.chars > c.linked || c.elem && c.titled() {
			return true
		}
	}
	return false
}

func (n *node) inside(tags ...atom.Atom) bool {
	for p := n.parent; p != nil; p = p.parent {
		for _, t := range tags {
			if p.tag == t {
				return true
			}
		}
	}
	return false
}

func (n *node) holds(tag atom.Atom) bool {
	for c := n.first; c != nil; c = c.next {
		if c.tag == tag && c.chars > 0 || c.holds(tag) {
			return true
		}
	}
	return false
}

func (n *node) within(p *node) bool { return n.id >= p.id && n.id < p.end }

// sample is the beginning of the visible text, about limit bytes.
func (n *node) sample(limit int) string {
	var b strings.Builder
	var walk func(*node)
	walk = func(m *node) {
		if b.Len() >= limit {
			return
		}
		if !m.elem {
			if s := b.String(); s != "" && isDigit(s[len(s)-1]) && m.text != "" && isDigit(m.text[0]) {
				b.WriteByte(' ') // two parts of a day, or a day and a number
			}
			b.WriteString(m.text)
			return
		}
		if silent(m.tag) && m.tag != atom.Button {
			return
		}
		for c := m.first; c != nil && b.Len() < limit; c = c.next {
			walk(c)
		}
		if block(m.tag) {
			b.WriteByte(' ')
		}
	}
	walk(n)
	return strings.TrimSpace(b.String())
}

// whole is the visible text, lines joined by a space, bounded.
func (n *node) whole() string { return clean(n.sample(4000)) }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func pagerLike(n *node) bool {
	s := n.sample(600)
	return strings.Contains(s, "页") || strings.ContainsAny(s, "<>»«›‹") || strings.Contains(s, "Next") || digitsOnly(s)
}

func digitsOnly(s string) bool {
	for _, r := range s {
		if (r < '0' || r > '9') && r != ' ' && r != '.' && r != '…' {
			return false
		}
	}
	return s != ""
}

// footer finds the part with the footer's marks where no name or landmark says
// so: from each mark in the second half of the text up to the largest part that
// holds neither running text nor a list.
func (t *tree) footer(total int32) {
	lead := make([]int32, len(t.all))  // characters of text before the node
	plain := make([]int32, len(t.all)) // of them: outside links
	crumbs := int32(-1)                // place of the last 当前位置
	for i, n := range t.all[:len(t.all)-1] {
		lead[i+1], plain[i+1] = lead[i], plain[i]
		if i > 0 && !n.elem {
			lead[i+1] += n.chars
			plain[i+1] += n.chars - n.linked
			if n.chars < 40 && crumbStart.MatchString(n.text) {
				crumbs = int32(i)
			}
		}
	}
	named := t.namedFooter()
	var own *node // the page's own part, where it is about such marks
	before := int32(0)
	for _, n := range t.all[1:] {
		if n.elem {
			continue
		}
		before += n.chars
		if own != nil && n.within(own) {
			continue
		}
		if n.region != foot && n.chars >= 4 && crumbs >= 0 && n.id > crumbs && n.id < named && lead[n.id]-lead[crumbs] < 50 && footerMarks.MatchString(n.text) {
			own = n.parent // 联系我们: nothing else stands between the breadcrumb and the footer
			for p := own.parent; p != nil && p.id > crumbs && p.end <= named; p = p.parent {
				own = p
			}
			continue
		}
		if n.chars < 4 || n.region == foot || before*5 < total*2 || !footerMarks.MatchString(n.text) {
			continue
		}
		if n.chars > 200 || n.insideMain() {
			continue // a sentence or a table about such marks
		}
		top := n
		for p := n.parent; p != nil && p != t.root; p = p.parent {
			if p.chars-p.linked > 500 || p.chars > 1500 || p.titles > 12 || p.chars*10 > total*6 && total > 600 || p.level > 0 || longTable(p) || p.titled() {
				break
			}
			// A table around the whole page of few words.
			if plain[n.id]-plain[p.id] > 200 || p.id < crumbs && crumbs < n.id || lead[p.id]*10 < total && p.chars*10 > total*6 {
				break
			}
			top = p
		}
		if !top.elem {
			top = top.parent
			if top == t.root || top.chars-top.linked > 500 {
				n.region = foot
				continue
			}
		}
		for _, m := range t.all[top.id:top.end] {
			m.region = foot
		}
	}
}

// namedFooter is the place of the last part that is a footer by its name and has
// at least two of a footer's marks; -1 = none.
func (t *tree) namedFooter() int32 {
	at := int32(-1)
	for _, n := range t.all[1:] {
		if n.elem && n.region == foot && n.parent != nil && n.parent.region != foot && len(footerMarks.FindAllStringSubmatchIndex(n.sample(1500), 2)) > 1 {
			at = n.id
		}
	}
	return at
}

// longTable tells whether a part is a table of many lines, as a site's yearly
// report is, which names the same things as a footer.
func longTable(n *node) bool {
	if n.tag != atom.Table && n.tag != atom.Tbody {
		return false
	}
	rows := 0
	for c := n.first; c != nil; c = c.next {
		if c.tag == atom.Tr {
			rows++
		}
		if c.tag == atom.Tbody && longTable(c) {
			return true
		}
	}
	return rows > 8
}
