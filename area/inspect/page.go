package inspect

import (
	"cmp"

	"gongkai/web"
)

// tabs of the rooms of the area that a person may enter.
func tabs(r *web.Request, at string) []web.Tab {
	var out []web.Tab
	if r.Who.May(watchers) {
		out = append(out, web.Tab{Title: "网站", Href: "/desk/sites", Now: at == "sites"})
	}
	return append(out, web.Tab{Title: "问题", Href: "/desk/findings", Now: at == "findings"}, web.Tab{Title: "栏目清单", Href: "/desk/columns", Now: at == "columns"})
}

// units are the units of the district as choices; first is what stands for none.
func (s *Service) units(r *web.Request, first string) ([]web.Option, error) {
	dir, err := s.k.Org.Directory(r.Context())
	if err != nil {
		return nil, err
	}
	var out []web.Option
	if first != "" {
		out = append(out, web.Option{Text: first})
	}
	for _, u := range dir.Units() {
		out = append(out, web.Option{Value: string(u.ID), Text: u.Name})
	}
	return out, nil
}

// office is the name of the unit that a person acts for.
func (s *Service) office(r *web.Request) string {
	u, err := s.k.Org.Unit(r.Context(), r.Who.Unit)
	if err != nil {
		return ""
	}
	return cmp.Or(u.Full, u.Name)
}
