package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"strings"
	"time"

	"gongkai/kernel/org"
)

//go:embed template component
var own embed.FS

var noTime time.Time // files in the binary have no date; their ETag tells them apart

// Page is what a frame is drawn around.
type Page struct {
	View            string // plan/list
	Room            string // plan
	Title           string // the text of the view's block "title"
	Body            template.HTML
	Styles, Scripts []string // addresses of the room's own files, which the frame loads
	Who             org.Actor
	Path            string
	Here            string // path and query, to come back to
	Said            string // what the last action said (Reply.Flash)
	Mode            string // "" or "elder"
	Theme           string // "" (as the machine), "light", "dark" or "contrast"
	Help            template.HTML
	Error           int // status of an error page, 0 otherwise
	Data            any // the frame's own: menus, counts
}

// views are all pages, each parsed with the components it may use. Template
// functions such as url and may need the request; html/template binds functions
// once, so a view has a few copies and a request owns one while it renders.
type views struct {
	pages map[string]*view
}

type view struct {
	parsed *template.Template
	free   chan *copyOf
}

// copyOf is a view that one request at a time renders.
type copyOf struct {
	*template.Template
	ask *Request
}

// copies is how many rendered-and-ready copies of a view are kept.
const copies = 8

// loadViews parses every template of every room. A file whose name begins with
// part- belongs to all views of its room: {{template "plan/part-row" .}}.
func (s *site) loadViews() (*views, error) {
	rooms := maps.Clone(s.Templates)
	if rooms == nil {
		rooms = map[string]fs.FS{}
	}
	rooms["web"] = own
	base := template.New("").Funcs(s.funcs(nil))
	if err := parse(base, own, "component", ""); err != nil {
		return nil, err
	}
	all := &views{pages: map[string]*view{}}
	for room, files := range rooms {
		names, err := fs.Glob(files, "template/*.html")
		if err != nil {
			return nil, fmt.Errorf("templates of %s: %w", room, err)
		}
		shared, err := base.Clone()
		if err != nil {
			return nil, fmt.Errorf("templates of %s: %w", room, err)
		}
		for _, name := range names {
			if strings.HasPrefix(path.Base(name), "part-") {
				if err := parseFile(shared, files, name, room+"/"); err != nil {
					return nil, err
				}
			}
		}
		for _, name := range names {
			if strings.HasPrefix(path.Base(name), "part-") {
				continue
			}
			t, err := shared.Clone()
			if err != nil {
				return nil, fmt.Errorf("template %s: %w", name, err)
			}
			if err := parseFile(t, files, name, room+"/"); err != nil {
				return nil, err
			}
			full := room + "/" + strings.TrimSuffix(path.Base(name), ".html")
			all.pages[full] = &view{parsed: t, free: make(chan *copyOf, copies)}
		}
	}
	return all, nil
}

func parse(t *template.Template, files fs.FS, folder, prefix string) error {
	names, err := fs.Glob(files, folder+"/*.html")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := parseFile(t, files, name, prefix); err != nil {
			return err
		}
	}
	return nil
}

func parseFile(t *template.Template, files fs.FS, name, prefix string) error {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return fmt.Errorf("template %s: %w", name, err)
	}
	_, err = t.New(prefix + strings.TrimSuffix(path.Base(name), ".html")).Parse(string(text))
	if err != nil {
		return fmt.Errorf("template %s%s: %w", prefix, name, err)
	}
	return nil
}

// take gives a request its own copy of a view.
func (s *site) take(name string, r *Request) (*copyOf, func(), error) {
	all := s.views
	if s.Dev {
		fresh, err := s.loadViews()
		if err != nil {
			return nil, nil, err
		}
		all = fresh
	}
	v := all.pages[name]
	if v == nil {
		return nil, nil, fmt.Errorf("no template %q", name)
	}
	var c *copyOf
	select {
	case c = <-v.free:
	default:
		t, err := v.parsed.Clone()
		if err != nil {
			return nil, nil, fmt.Errorf("copy template %s: %w", name, err)
		}
		c = &copyOf{Template: t}
		t.Funcs(s.funcs(c))
	}
	c.ask = r
	return c, func() {
		c.ask = nil
		select {
		case v.free <- c:
		default:
		}
	}, nil
}

// render writes a view in its frame, or one block of it alone.
func (s *site) render(out io.Writer, r *Request, name, block string, data any) error {
	t, done, err := s.take(name, r)
	if err != nil {
		return err
	}
	defer done()
	if block != "" {
		return t.ExecuteTemplate(out, block, data)
	}
	var body, title bytes.Buffer
	if err := t.ExecuteTemplate(&body, name, data); err != nil {
		return err
	}
	if t.Lookup("title") != nil {
		if err := t.ExecuteTemplate(&title, "title", data); err != nil {
			return err
		}
	}
	room, short, _ := strings.Cut(name, "/")
	page := &Page{
		View: name, Room: room, Title: strings.TrimSpace(title.String()), Body: template.HTML(body.String()), // made by html/template just above
		Who: r.Who, Path: r.URL.Path, Here: r.URL.RequestURI(), Said: r.notice,
		Mode: r.choice(modeCookie), Theme: r.choice(themeCookie), Help: s.help(room, short),
	}
	for _, file := range []string{room, room + "-" + short} {
		if address := s.assets.address(file + ".css"); address != "" {
			page.Styles = append(page.Styles, address)
		}
		if address := s.assets.address(file + ".js"); address != "" {
			page.Scripts = append(page.Scripts, address)
		}
	}
	if f, ok := data.(Failure); ok {
		page.Error = f.Status
	}
	return s.frame(out, r, page)
}

// frame sets a page in the frame its address belongs to. An error page whose
// frame fails too (the database is gone) is set in the bare frame.
func (s *site) frame(out io.Writer, r *Request, page *Page) error {
	if s.Frame == nil {
		return s.draw(out, r, "web/frame", page)
	}
	var whole bytes.Buffer
	name, err := s.Frame(r, page)
	if err == nil {
		err = s.draw(&whole, r, name, page)
	}
	switch {
	case err == nil:
		_, err = whole.WriteTo(out)
		return err
	case page.Error == 0:
		return err
	}
	s.Log.Error("frame failed", "id", r.ID, "error", err.Error())
	return s.draw(out, r, "web/frame", page)
}

func (s *site) draw(out io.Writer, r *Request, name string, page *Page) error {
	t, done, err := s.take(name, r)
	if err != nil {
		return err
	}
	defer done()
	return t.ExecuteTemplate(out, name, page)
}

// Render makes a view without a frame and outside a request, for tests of
// templates and for letters.
func (o Options) Render(out io.Writer, name, block string, data any) error {
	if o.Clock == nil {
		return errors.New("web: Clock must be given")
	}
	files, err := loadAssets(o.Assets, o.Dev)
	if err != nil {
		return err
	}
	s := &site{Options: o, assets: files}
	if s.views, err = s.loadViews(); err != nil {
		return err
	}
	t, done, err := s.take(name, nil)
	if err != nil {
		return err
	}
	defer done()
	if block == "" {
		block = name
	}
	return t.ExecuteTemplate(out, block, data)
}
