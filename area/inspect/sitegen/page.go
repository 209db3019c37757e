package sitegen

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"time"
)

// page is what a page says, before a design decides how it looks.
type page struct {
	node    node
	col     *column
	host    string
	path    string
	status  int
	kind    string // home channel list item text form search map missing
	title   string // heading
	head    string // <title>
	meta    []tag
	crumbs  []ref
	date    time.Time
	shown   string // date as it is shown; "" = by date
	source  string
	author  string
	views   int
	table   [][2]string // header cells of a document
	body    []block
	files   []ref
	related []ref
	around  []ref // the items before and after
	entries []entry
	pages   int // of the list
	parts   []part
	form    *entryForm
	marks   marks
	top     string // html added to <head>
	bottom  string // html added before </body>
	raw     func(string) string
	lang    string
}

type tag struct{ name, content string }

// ref is a link. Addresses of the site itself are paths from its root.
type ref struct{ url, text string }

// entry is a line of a list.
type entry struct {
	ref
	date   time.Time
	pinned bool
	more   []string // further cells: state, dates
}

// part is a block of a home page or an entrance: a column with its newest items.
type part struct {
	ref
	entries []entry
}

type entryForm struct {
	action string
	fields []string
	button string
}

// block is a piece of a text.
type block struct {
	kind byte // p h t(able) i(mage) a(link) r(aw html) d(efinitions)
	text string
	url  string
	rows [][]string
}

// marks are what stands in the footer.
type marks struct {
	code, icp, police, organ, phone           string
	icpURL, policeURL, conac, jiucuo, siteMap string
	noConac, noJiucuo, noCode, noOrgan, noMap bool
	noPhone, noICP, noPolice                  bool
}

func (p *page) text(lines ...string) {
	for _, l := range lines {
		p.body = append(p.body, block{kind: 'p', text: l})
	}
}

func (p *page) heading(l string) { p.body = append(p.body, block{kind: 'h', text: l}) }

// set gives a tag a value, or takes it away ("-").
func (p *page) set(name, content string) {
	for i := range p.meta {
		if p.meta[i].name == name {
			if content == "-" {
				p.meta = append(p.meta[:i:i], p.meta[i+1:]...)
				return
			}
			p.meta[i].content = content
			return
		}
	}
	if content != "-" {
		p.meta = append(p.meta, tag{name, content})
	}
}

// cell gives a cell of the header table a value, or takes it away ("-").
func (p *page) cell(name, value string) {
	for i := range p.table {
		if p.table[i][0] == name {
			if value == "-" {
				p.table = append(p.table[:i:i], p.table[i+1:]...)
				return
			}
			p.table[i][1] = value
			return
		}
	}
}

func esc(s string) string { return html.EscapeString(s) }

// writer builds html.
type writer struct{ strings.Builder }

func (w *writer) put(parts ...string) {
	for _, p := range parts {
		w.WriteString(p)
	}
}

func (w *writer) putf(format string, args ...any) { fmt.Fprintf(&w.Builder, format, args...) }

// style is how a design writes the pieces of a text.
type style struct {
	para, heading [2]string
	table, cell   string // attributes
	image         [2]string
	definitions   bool // "d" as dl, else as table
}

// blocks writes a text.
func (s *Site) blocks(w *writer, p *page, st style) {
	for _, b := range p.body {
		switch b.kind {
		case 'p':
			w.put(st.para[0], esc(b.text), st.para[1], "\n")
		case 'h':
			w.put(st.heading[0], esc(b.text), st.heading[1], "\n")
		case 'i':
			w.put(st.image[0], `<img src="`, s.link(p, b.url), `"`)
			if b.text != "" {
				w.put(` alt="`, esc(b.text), `"`)
			}
			w.put(">", st.image[1], "\n")
		case 'a':
			w.put(st.para[0], `<a href="`, s.link(p, b.url), `">`, esc(b.text), `</a>`, st.para[1], "\n")
		case 'r':
			w.put(b.text, "\n")
		case 't':
			w.put("<table ", st.table, ">\n")
			for i, row := range b.rows {
				w.put("<tr>")
				for _, c := range row {
					name := "td"
					if i == 0 {
						name = "th"
					}
					w.put("<", name, " ", st.cell, ">", esc(c), "</", name, ">")
				}
				w.put("</tr>\n")
			}
			w.put("</table>\n")
		case 'd':
			if st.definitions {
				w.put("<dl>\n")
				for _, row := range b.rows {
					w.put("<dt>", esc(row[0]), "</dt><dd>", esc(row[1]), "</dd>\n")
				}
				w.put("</dl>\n")
				continue
			}
			w.put("<table ", st.table, ">\n")
			for _, row := range b.rows {
				w.put("<tr><td ", st.cell, "><b>", esc(row[0]), "</b></td><td ", st.cell, ">", esc(row[1]), "</td></tr>\n")
			}
			w.put("</table>\n")
		}
	}
}

// metas writes the tags of a page.
func (s *Site) metas(w *writer, p *page) {
	for _, t := range p.meta {
		w.put(`<meta name="`, esc(t.name), `" content="`, esc(t.content), "\">\n")
	}
	w.put(p.top)
}

// link turns an address into what the design writes, escaped.
func (s *Site) link(p *page, address string) string {
	if s.design.link != nil && strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") {
		address = s.design.link(s, p, address)
	}
	return esc(address)
}

// relative writes an address of the same host from the folder of a page.
func relative(from, to string) string {
	fromParts := strings.Split(from[:strings.LastIndexByte(from, '/')+1], "/")
	toParts := strings.Split(to, "/")
	same := 0
	for same < len(fromParts)-1 && same < len(toParts)-1 && fromParts[same] == toParts[same] {
		same++
	}
	up := strings.Repeat("../", len(fromParts)-1-same)
	rest := strings.Join(toParts[same:], "/")
	if up == "" {
		return "./" + rest
	}
	return up + rest
}

func (p *page) time(layout string) string {
	if p.shown != "" {
		return p.shown
	}
	if p.date.IsZero() {
		return ""
	}
	return p.date.Format(layout)
}

func itoa(n int) string { return strconv.Itoa(n) }
