package read

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"gongkai/kernel/regex"
)

// Bounds of one page. A page beyond them is read as far as they go.
const (
	maxNodes = 400_000
	maxDepth = 400
)

// node is an element or a piece of text. The tree is our own and not that of
// html.Parse, which may copy hundreds of unclosed formatting elements into every
// paragraph: a page of 1 MB made for it would need gigabytes. This one has at
// most one node per token and is built in one pass.
type node struct {
	tag   atom.Atom // 0 = text, or an element that HTML does not know
	elem  bool
	text  string // of text: white space collapsed; of a script: as it stands
	attrs []attr

	parent, first, last, next *node

	id, end int32 // place in document order; the place after the last descendant
	chars   int32 // characters of visible text below, without spaces
	linked  int32 // of them: in links
	anchors int32 // links below that lead somewhere
	titles  int32 // of them: with a text that could be an item's title
	weight  int32 // of running text below, see body
	region  region
	link    *node // the link in which the text stands
	hidden  bool  // not shown until a script says so
	away    bool  // shown where or so small that nobody sees it
	byRule  bool  // filled by a template in the browser
	fromXML bool  // built out of records inside a script
	level   int8  // of a heading, 1 to 6
}

type attr struct{ key, val string }

func (n *node) attr(key string) string {
	for i := range n.attrs {
		if n.attrs[i].key == key {
			return n.attrs[i].val
		}
	}
	return ""
}

func (n *node) has(key string) bool {
	for i := range n.attrs {
		if n.attrs[i].key == key {
			return true
		}
	}
	return false
}

// tree is a page in document order.
type tree struct {
	all     []*node
	root    *node
	scripts []string // inline
}

type builder struct {
	tree
	open []*node // the elements that are open, root first
	slab []node
	link *node
}

// grow builds the tree of a page.
func grow(body []byte) *tree {
	b := &builder{}
	b.all = make([]*node, 0, len(body)/40+16)
	b.root = b.add(nil)
	b.root.elem, b.root.tag = true, atom.Html
	b.open = append(b.open, b.root)
	b.feed(body, 0)
	for i := len(b.all) - 1; i > 0; i-- {
		n := b.all[i]
		n.end = max(n.end, int32(i)+1)
		n.parent.end = max(n.parent.end, n.end)
	}
	b.root.end = int32(len(b.all))
	return &b.tree
}

func (b *builder) add(parent *node) *node {
	if len(b.slab) == 0 {
		b.slab = make([]node, 256)
	}
	n := &b.slab[0]
	b.slab = b.slab[1:]
	n.id = int32(len(b.all))
	b.all = append(b.all, n)
	if parent == nil {
		return n
	}
	n.parent = parent
	if parent.last == nil {
		parent.first = n
	} else {
		parent.last.next = n
	}
	parent.last = n
	n.hidden, n.away, n.fromXML, n.link = parent.hidden, parent.away, parent.fromXML, b.link
	return n
}

func (b *builder) top() *node { return b.open[len(b.open)-1] }

func (b *builder) feed(body []byte, nested int) {
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		if len(b.all) >= maxNodes {
			return
		}
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			b.textToken(z, nested)
		case html.StartTagToken, html.SelfClosingTagToken:
			b.startToken(z)
		case html.EndTagToken:
			name, _ := z.TagName()
			b.end(atom.Lookup(name))
		}
	}
}

func (b *builder) textToken(z *html.Tokenizer, nested int) {
	top := b.top()
	switch top.tag {
	case atom.Style, atom.Noframes, atom.Iframe, atom.Noembed, atom.Xmp:
		return
	case atom.Script:
		raw := z.Raw()
		if len(bytes.TrimSpace(raw)) == 0 {
			return
		}
		top.text = string(raw)
		b.scripts = append(b.scripts, top.text)
		if nested == 0 && bytes.Contains(raw, []byte("<![CDATA[")) && strings.Contains(top.attr("type"), "xml") {
			b.records(raw)
		}
		return
	}
	text := clean(string(z.Text()))
	if text == "" || text == " " && (top.last == nil || !top.last.elem || block(top.last.tag)) {
		return
	}
	n := b.add(top)
	n.text = text
	if silent(top.tag) {
		return
	}
	n.chars = int32(utf8.RuneCountInString(text) - strings.Count(text, " "))
	if b.link != nil {
		n.linked = n.chars
	}
}

// records reads the HTML that a widely used list script carries in CDATA
// sections and writes into the page itself.
func (b *builder) records(raw []byte) {
	open, link := b.open, b.link
	box := b.add(open[len(open)-2])
	box.elem, box.tag, box.fromXML = true, atom.Div, true
	for range 500 {
		_, rest, ok := bytes.Cut(raw, []byte("<![CDATA["))
		if !ok {
			break
		}
		record, after, ok := bytes.Cut(rest, []byte("]]>"))
		if !ok {
			break
		}
		raw = after
		b.open = append(append([]*node{}, open[:len(open)-1]...), box)
		b.feed(record, 1)
	}
	b.open, b.link = open, link
}

func (b *builder) startToken(z *html.Tokenizer) {
	name, more := z.TagName()
	tag := atom.Lookup(name)
	if tag == atom.Html || tag == atom.Body { // their attributes say nothing here
		return
	}
	b.close(tag)
	n := b.add(b.top())
	n.elem, n.tag, n.level = true, tag, headingLevel(tag)
	for more {
		var key, val []byte
		key, val, more = z.TagAttr()
		if tag == atom.Iframe && (string(key) == "width" || string(key) == "height") {
			n.away = n.away || noSize(val)
		}
		if known := attribute(key); known != "" && len(n.attrs) < 40 && !n.has(known) {
			n.attrs = append(n.attrs, attr{known, string(val)})
		} else if bound(key) {
			n.byRule = true
		}
	}
	if style := n.attr("style"); style != "" && conceals(style) || n.has("hidden") {
		n.hidden = true
	} else if style != "" && awayStyle.MatchString(strings.ReplaceAll(strings.ToLower(style), " ", "")) {
		n.away = true
	}
	if tag == 0 || void(tag) || len(b.open) >= maxDepth { // the end of an unknown element could not be told from another's
		return
	}
	b.open = append(b.open, n)
	if tag == atom.A {
		b.link = n
	}
}

// close ends what the start of an element ends without saying so.
func (b *builder) close(tag atom.Atom) {
	switch tag {
	case atom.Li:
		b.popTo(func(t atom.Atom) bool { return t == atom.Li }, atom.Ul, atom.Ol, atom.Menu)
	case atom.Dt, atom.Dd:
		b.popTo(func(t atom.Atom) bool { return t == atom.Dt || t == atom.Dd }, atom.Dl)
	case atom.Td, atom.Th:
		b.popTo(func(t atom.Atom) bool { return t == atom.Td || t == atom.Th }, atom.Tr)
	case atom.Tr:
		b.popTo(func(t atom.Atom) bool { return t == atom.Tr })
	case atom.Tbody, atom.Thead, atom.Tfoot:
		b.popTo(func(t atom.Atom) bool { return t == atom.Tbody || t == atom.Thead || t == atom.Tfoot })
	case atom.Option, atom.Optgroup:
		b.popTo(func(t atom.Atom) bool { return t == atom.Option }, atom.Select)
	case atom.A:
		b.end(atom.A)
	}
	if block(tag) && tag != atom.Li && tag != atom.Td && tag != atom.Th {
		b.popTo(func(t atom.Atom) bool { return t == atom.P }, atom.Td, atom.Th, atom.Li, atom.Div, atom.Object)
	}
}

// popTo ends the innermost open element that ends says, unless a table or one of
// fences stands before it.
func (b *builder) popTo(ends func(atom.Atom) bool, fences ...atom.Atom) bool {
	for i := len(b.open) - 1; i > 0; i-- {
		t := b.open[i].tag
		if ends(t) {
			b.cutTo(i)
			return true
		}
		if t == atom.Table {
			return false
		}
		for _, f := range fences {
			if t == f {
				return false
			}
		}
	}
	return false
}

func (b *builder) cutTo(i int) {
	b.open = b.open[:i]
	if b.link == nil {
		return
	}
	for _, n := range b.open {
		if n == b.link {
			return
		}
	}
	b.link = nil
}

func (b *builder) end(tag atom.Atom) {
	if tag == 0 || tag == atom.Html || tag == atom.Body || void(tag) {
		return
	}
	if block(tag) || tag == atom.Script || tag == atom.Style {
		var fences []atom.Atom
		switch tag {
		case atom.Table, atom.Tr, atom.Td, atom.Th, atom.Tbody, atom.Thead, atom.Tfoot:
		default:
			fences = []atom.Atom{atom.Td, atom.Th}
		}
		b.popTo(func(t atom.Atom) bool { return t == tag }, fences...)
		return
	}
	through := false
	for i := len(b.open) - 1; i > 0; i-- {
		n := b.open[i]
		switch {
		case n.tag == tag && through: // blocks begun inside go on, as in a browser
			b.open = append(b.open[:i:i], b.open[i+1:]...)
			if b.link == n {
				b.link = nil
			}
			return
		case n.tag == tag:
			b.cutTo(i)
			return
		case n.tag == atom.Td || n.tag == atom.Th || n.tag == atom.Table:
			return
		case block(n.tag):
			through = true
		}
	}
}

func block(t atom.Atom) bool {
	switch t {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Caption, atom.Center, atom.Dd, atom.Dir,
		atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.Frameset,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hr, atom.Html, atom.Li, atom.Main, atom.Menu,
		atom.Nav, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead,
		atom.Tr, atom.Ul:
		return true
	}
	return false
}

func void(t atom.Atom) bool {
	switch t {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Frame, atom.Hr, atom.Img, atom.Input, atom.Link,
		atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

// silent tells whether the text of the element is no text of the page.
func silent(t atom.Atom) bool {
	switch t {
	case atom.Title, atom.Select, atom.Option, atom.Optgroup, atom.Textarea, atom.Template, atom.Button, atom.Script, atom.Style:
		return true
	}
	return false
}

func headingLevel(t atom.Atom) int8 {
	switch t {
	case atom.H1:
		return 1
	case atom.H2:
		return 2
	case atom.H3:
		return 3
	case atom.H4:
		return 4
	case atom.H5:
		return 5
	case atom.H6:
		return 6
	}
	return 0
}

// attribute gives the name of an attribute that is read, as one string for all
// nodes; "" for all others.
func attribute(key []byte) string {
	switch string(key) {
	case "id":
		return "id"
	case "class":
		return "class"
	case "role":
		return "role"
	case "style":
		return "style"
	case "href":
		return "href"
	case "src":
		return "src"
	case "data-src", "data-original", "lay-src", "data-echo", "data-lazy", "data-lazy-src", "_src", "original", "data-url":
		return "data-src"
	case "srcset", "data-srcset":
		return "srcset"
	case "name":
		return "name"
	case "property", "itemprop":
		return "property"
	case "http-equiv":
		return "http-equiv"
	case "content":
		return "content"
	case "title":
		return "title"
	case "alt":
		return "alt"
	case "aria-label":
		return "aria-label"
	case "value":
		return "value"
	case "type":
		return "type"
	case "action":
		return "action"
	case "method":
		return "method"
	case "onclick":
		return "onclick"
	case "onchange":
		return "onchange"
	case "placeholder":
		return "placeholder"
	case "datetime":
		return "datetime"
	case "rel":
		return "rel"
	case "for":
		return "for"
	case "hidden":
		return "hidden"
	case "sitecode":
		return "sitecode"
	case "data":
		return "data"
	case "rowspan":
		return "rowspan"
	case "colspan":
		return "colspan"
	}
	return ""
}

// bound tells whether an attribute makes the browser fill the element in.
func bound(key []byte) bool {
	k := string(key)
	for _, p := range [...]string{"v-for", "v-html", "v-text", "ng-repeat", "ng-bind", "data-ng-repeat", "ms-repeat", "ms-for", "ms-text", "ms-html", "x-for", "x-text", "data-bind"} {
		if strings.HasPrefix(k, p) {
			return true
		}
	}
	return false
}

// conceals tells whether a style keeps the element from being seen.
func conceals(style string) bool {
	s := strings.ReplaceAll(strings.ToLower(style), " ", "")
	return strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden")
}

// awayStyle is a style, without spaces, that puts the element far outside the
// window or makes it too small to be seen: menus that open do without it, hidden
// links do not.
var awayStyle = regex.New(`(?:^|;)(?:(?:left|top|right|text-indent|margin-left|margin-top):-\d{3,}px|font-size:[01](?:px)?(?:;|$|!)|(?:width|height|max-height):[01](?:px)?(?:;|$|!)(?:.*;)?overflow:hidden|overflow:hidden(?:;.*)?;(?:width|height|max-height):[01](?:px)?(?:;|$|!)|opacity:0(?:\.0+)?(?:;|$|!))`)

func noSize(val []byte) bool {
	switch strings.TrimSpace(string(val)) {
	case "0", "1", "0px", "1px":
		return true
	}
	return false
}

// oddSpace tells whether a text begins with a space outside ASCII or a character
// without width; it looks at bytes because most of a page is neither.
func oddSpace(s string) bool {
	if len(s) < 2 {
		return false
	}
	switch s[0] {
	case 0xc2: // U+0080 to U+00BF
		return true
	case 0xe1:
		return s[1] == 0x9a || s[1] == 0xa0
	case 0xe2:
		return s[1] == 0x81 || s[1] == 0x80 && len(s) > 2 && (s[2] < 0x90 || s[2] >= 0xa8)
	case 0xe3:
		return s[1] == 0x80 && len(s) > 2 && s[2] == 0x80
	case 0xef:
		return s[1] == 0xbb
	}
	return false
}

// clean makes one space of all white space and drops what has no width.
func clean(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' && (c != ' ' || i+1 < len(s) && s[i+1] == ' ') || c >= 0xc2 && oddSpace(s[i:]) {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case r == 0x200b || r == 0x200c || r == 0x200d || r == 0xfeff || r == 0xad || r == 0x2060:
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}
