package portal

import (
	"gongkai/kernel/page"
	"gongkai/web"
)

func (p *Portal) home(r *web.Request) (web.Reply, error) {
	sections, err := r.Sections(p.Sections, true)
	if err != nil {
		return web.Reply{}, err
	}
	return web.View("portal/home", struct {
		Options
		Parts []web.Section
	}{p.Options, sections}), nil
}

// searchPage is what was asked and what was found.
type searchPage struct {
	Text  string
	Found page.Of[Result]
}

func (p *Portal) search(r *web.Request) (web.Reply, error) {
	s := searchPage{Text: r.Query("q")}
	if s.Text != "" {
		var err error
		if s.Found, err = p.Search.SearchPublic(r.Context(), s.Text, r.Page()); err != nil {
			return web.Reply{}, err
		}
	}
	return web.View("portal/search", s), nil
}
