// Package desk is where staff work: the frame around every page below /desk, the
// first page with one's own to-dos, search and messages. Areas plug in with
// web.Menu and web.Home.
package desk

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/web"
)

//go:embed template
var files embed.FS

// Options is what the desk is made of. A nil part is left out of its pages.
type Options struct {
	Name    string // of the installation: 渝中区政务公开
	Menu    []web.Menu
	Home    []web.Home
	Todos   Todos
	Search  Searcher
	Notices Notices
	Units   func(ctx context.Context, who org.Actor) ([]Unit, error) // the units a person may act for
	State   func() string                                            // what is wrong with the house that everyone at work should know, or ""
}

// Todos tells a person's to-dos, derived from the cases, never stored.
type Todos interface {
	// Mine lists what waits for the actor and what the actor waits for.
	Mine(ctx context.Context, who org.Actor) ([]Todo, error)
	// Count is how many wait for the actor, and how many of them are late.
	Count(ctx context.Context, who org.Actor) (open, late int, err error)
}

// Todo is one thing to do, with the one button that moves it.
type Todo struct {
	Title  string        // what it is about
	Kind   string        // what is to be done: 核查佐证
	Href   string        // the case's page
	Unit   string        // whose it is, "" when it is the actor's own unit
	Due    calendar.Date // or none
	Clock  string        // the deadline as a sentence
	Others bool          // waits for others, not for the actor
	Action string        // the button's words: 去核查
	To     string        // where it leads; Href when empty
}

// Searcher finds what the actor may see.
type Searcher interface {
	Search(ctx context.Context, who org.Actor, ask Ask) (Found, error)
}

// Ask is what is searched: words, a kind of thing ("" for all), a page.
type Ask struct {
	Text, Kind string
	Page       page.Ask
}

// Found is one page of results and how many there are of each kind.
type Found struct {
	Results page.Of[Result]
	Kinds   []Kind
}

// Kind is a kind of thing with the number found.
type Kind struct {
	Name, Title string
	Count       int
}

// Result is one thing found. Parts is the excerpt, cut at the words found.
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

// Notices are the messages inside the house.
type Notices interface {
	List(ctx context.Context, who org.Actor, ask page.Ask) (page.Of[Notice], error)
	Unread(ctx context.Context, who org.Actor) (int, error)
	MarkRead(ctx context.Context, who org.Actor, keys []id.ID) error // all when keys is empty
}

// Notice is one message.
type Notice struct {
	ID                id.ID
	At                time.Time
	Title, Text, Href string
	Unread            bool
}

// Unit is a unit a person may act for.
type Unit struct {
	ID   id.ID
	Name string
}

// Desk is the frame and its own pages.
type Desk struct{ Options }

// New returns the desk.
func New(o Options) *Desk { return &Desk{o} }

// Files are the desk's templates, the room "desk".
func (d *Desk) Files() fs.FS { return files }

// Routes are the desk's own pages.
func (d *Desk) Routes() []web.Route {
	routes := []web.Route{web.GET("/desk", org.Staff, d.home)}
	if d.Search != nil {
		routes = append(routes, web.GET("/desk/search", org.Staff, d.search))
	}
	if d.Notices != nil {
		routes = append(routes,
			web.GET("/desk/messages", org.Staff, d.messages),
			web.POST("/desk/messages/read", org.Staff, d.markRead))
	}
	return routes
}

// Owns reports whether a page is set in the desk's frame.
func (d *Desk) Owns(r *web.Request) bool {
	return r.Who.Person != "" && (r.URL.Path == "/desk" || strings.HasPrefix(r.URL.Path, "/desk/") || strings.HasPrefix(r.URL.Path, "/help/"))
}

// frame is what the desk's frame shows beside the page.
type frame struct {
	Name             string
	Menu             []entry
	Open, Late       int
	Unread           int
	Units            []Unit
	Todos, Find, Say bool // which parts there are
	Text             string
	State            string
}

type entry struct {
	web.Menu
	Now     bool
	Waiting int
}

// most is how many areas the list at the left shows; more would not be read.
const most = 9

// Frame sets a page in the desk; web.Options.Frame calls it.
func (d *Desk) Frame(r *web.Request, p *web.Page) (string, error) {
	f := frame{Name: d.Name, Todos: d.Todos != nil, Find: d.Search != nil, Say: d.Notices != nil}
	if p.View == "desk/search" {
		f.Text = r.Query("q")
	}
	doors := r.Doors(d.Menu, false)
	if len(doors) > most {
		return "", fmt.Errorf("desk: %d menu entries for one person, at most %d are shown", len(doors), most)
	}
	if d.State != nil && p.Error == 0 { // an error page says it itself
		f.State = d.State()
	}
	now, longest := -1, 0
	for i, m := range doors {
		e := entry{Menu: m}
		if n := m.Leads(r.URL.Path); n > longest {
			now, longest = i, n
		}
		if m.Count != nil && p.Error == 0 {
			n, err := m.Count(r)
			if err != nil {
				return "", err
			}
			e.Waiting = n
		}
		f.Menu = append(f.Menu, e)
	}
	if now >= 0 {
		f.Menu[now].Now = true
	}
	ctx, err := r.Context(), error(nil)
	if d.Todos != nil {
		if f.Open, f.Late, err = d.Todos.Count(ctx, r.Who); err != nil {
			return "", err
		}
	}
	if d.Notices != nil {
		if f.Unread, err = d.Notices.Unread(ctx, r.Who); err != nil {
			return "", err
		}
	}
	if d.Units != nil {
		if f.Units, err = d.Units(ctx, r.Who); err != nil {
			return "", err
		}
	}
	p.Data = f
	return "desk/frame", nil
}
