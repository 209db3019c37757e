// Package portal is what the public sees: the frame around every public page,
// the first page made of the areas' sections, and public search. Every page is
// whole without scripts.
package portal

import (
	"context"
	"embed"
	"io/fs"

	"gongkai/kernel/calendar"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/web"
)

//go:embed template
var files embed.FS

// Options is what the portal is made of.
type Options struct {
	Government string // 渝中区人民政府
	Name       string // 政务公开
	Doors      []web.Menu
	Sections   []web.Home
	Search     Searcher // nil leaves the search box out
	Site       Site
}

// Site is what the foot of a government site must say; empty lines are left out.
type Site struct {
	Sponsor string // 主办单位
	Keeper  string // 承办单位
	Code    string // 网站标识码
	ICP     string // 备案号
	Police  string // 公安备案号
	Contact string // 联系电话, 地址
}

// Searcher finds what everyone may see.
type Searcher interface {
	SearchPublic(ctx context.Context, text string, ask page.Ask) (page.Of[Result], error)
}

// Result is one public thing found. Parts is the excerpt, cut at the words found.
type Result struct {
	Title, Href, Kind, Unit string
	On                      calendar.Date
	Parts                   []Part
}

// Part is a piece of an excerpt; Hit marks a word that was searched.
type Part struct {
	Text string
	Hit  bool
}

// Portal is the frame and its own pages.
type Portal struct{ Options }

// New returns the portal.
func New(o Options) *Portal { return &Portal{o} }

// Files are the portal's templates, the room "portal".
func (p *Portal) Files() fs.FS { return files }

// Routes are the portal's own pages.
func (p *Portal) Routes() []web.Route {
	routes := []web.Route{web.GET("/{$}", org.Public, p.home)}
	if p.Search != nil {
		routes = append(routes, web.GET("/search", org.Public, p.search))
	}
	return routes
}

// frame is what the portal's frame shows beside the page.
type frame struct {
	Options
	Doors []door
	Home  bool
	Text  string
	Find  bool
}

type door struct {
	Title, Href string
	Now         bool
}

// Frame sets a page in the portal; web.Options.Frame calls it. It asks no
// database, so error pages can always be drawn in it.
func (p *Portal) Frame(r *web.Request, pg *web.Page) (string, error) {
	f := frame{Options: p.Options, Home: r.URL.Path == "/", Find: p.Search != nil}
	if pg.View == "portal/search" {
		f.Text = r.Query("q")
	}
	for _, m := range r.Doors(p.Doors, true) {
		f.Doors = append(f.Doors, door{m.Title, m.Href, m.Leads(r.URL.Path) > 0})
	}
	pg.Data = f
	return "portal/frame", nil
}
