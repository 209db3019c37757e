package desk

import "gongkai/web"

// searchPage is what was asked and what was found.
type searchPage struct {
	Text, Kind string
	Found      Found
	Tabs       []web.Tab
}

func (d *Desk) search(r *web.Request) (web.Reply, error) {
	p := searchPage{Text: r.Query("q"), Kind: r.Query("kind")}
	if p.Text == "" {
		return web.View("desk/search", p), nil
	}
	var err error
	if p.Found, err = d.Search.Search(r.Context(), r.Who, Ask{p.Text, p.Kind, r.Page()}); err != nil {
		return web.Reply{}, err
	}
	total := 0
	for _, k := range p.Found.Kinds {
		total += k.Count
		p.Tabs = append(p.Tabs, web.Tab{Title: k.Title, Href: r.Changed("kind", k.Name), Count: k.Count, Now: k.Name == p.Kind})
	}
	p.Tabs = append([]web.Tab{{Title: "全部", Href: r.Changed("kind", ""), Count: total, Now: p.Kind == ""}}, p.Tabs...)
	return web.View("desk/search", p), nil
}
