package web

import (
	"bytes"
	"html/template"
	"sort"
	"strings"

	"gongkai/kernel/org"
)

// Menu is an entry an area puts into a frame: into the desk's list at the left,
// or, for org.Public, among the doors of the portal. The desk shows at most nine.
type Menu struct {
	Title string
	Href  string
	Mark  string // one character that stands before the title: 账
	Roles org.Role
	Order int
	Count func(*Request) (int, error) // a number beside the title, or nil
	Under []string                    // other addresses whose pages belong to the entry: /desk/measures
}

// Leads is how much of a path belongs to the entry, 0 for nothing: of several
// entries the one with the most stands for the page.
func (m Menu) Leads(path string) int {
	most := 0
	for _, at := range append([]string{m.Href}, m.Under...) {
		if len(at) > most && (path == at || strings.HasPrefix(path, at+"/")) {
			most = len(at)
		}
	}
	return most
}

// Home is a section an area puts on the first page of the desk, or, for
// org.Public, of the portal. Load gives the data its view is drawn from; nil
// data leaves the section out.
type Home struct {
	Title string
	View  string // plan/card: a view whose template is set inside the page
	Roles org.Role
	Order int
	Load  func(*Request) (any, error)
}

// Section is a Home ready to stand in a page.
type Section struct {
	Title string
	Body  template.HTML
}

// Doors returns the entries the visitor may use, in order; public says which of
// the two frames.
func (r *Request) Doors(all []Menu, public bool) []Menu {
	var out []Menu
	for _, m := range all {
		if m.Roles.Any(org.Public) == public && r.Who.May(m.Roles) {
			out = append(out, m)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Order < out[j].Order })
	return out
}

// Sections draws the sections of a first page for the visitor, in order.
func (r *Request) Sections(all []Home, public bool) ([]Section, error) {
	sorted := append([]Home(nil), all...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Order < sorted[j].Order })
	var out []Section
	for _, h := range sorted {
		if h.Roles.Any(org.Public) != public || !r.Who.May(h.Roles) {
			continue
		}
		data, err := h.Load(r)
		if err != nil {
			return nil, err
		}
		if data == nil {
			continue
		}
		body, err := r.Piece(h.View, "", data)
		if err != nil {
			return nil, err
		}
		out = append(out, Section{h.Title, body})
	}
	return out, nil
}

// Piece renders a view, or one block of it, to be set inside another page.
func (r *Request) Piece(view, block string, data any) (template.HTML, error) {
	t, done, err := r.site.take(view, r)
	if err != nil {
		return "", err
	}
	defer done()
	if block == "" {
		block = view
	}
	var out bytes.Buffer
	err = t.ExecuteTemplate(&out, block, data)
	return template.HTML(out.String()), err // made by html/template just above
}
