package desk

import (
	"slices"
	"strings"

	"gongkai/kernel/org"
	"gongkai/web"
)

func (s *Screens) groupRoutes() []web.Route {
	return []web.Route{
		web.GET("/desk/groups", org.Staff, s.groups),
		web.GET("/desk/groups/new", org.SystemAdmin, s.newGroup),
		web.POST("/desk/groups", org.SystemAdmin, s.saveGroup),
		web.GET("/desk/groups/{group}", org.SystemAdmin, s.editGroup),
		web.POST("/desk/groups/{group}", org.SystemAdmin, s.saveGroup),
		web.POST("/desk/groups/{group}/drop", org.SystemAdmin, s.dropGroup),
	}
}

// groupsPage lists the groups with who belongs to them today.
type groupsPage struct {
	Tabs   []web.Tab
	Groups []groupLine
}

type groupLine struct {
	org.Group
	Members []string
}

func (s *Screens) groups(r *web.Request) (web.Reply, error) {
	dir, err := s.Org.Directory(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	p := groupsPage{Tabs: unitTabs("groups")}
	for _, g := range dir.Groups() {
		line := groupLine{Group: g}
		for _, key := range dir.Members(g.ID) {
			line.Members = append(line.Members, dir.NameOf(key))
		}
		p.Groups = append(p.Groups, line)
	}
	return web.View("desk/groups", p), nil
}

// groupForm is the page to add or change a group.
type groupForm struct {
	*web.Form
	Key          string
	Types, Units []web.Option
}

func (s *Screens) groupForm(r *web.Request, f *web.Form, key string) (groupForm, error) {
	units, err := s.units(r.Context(), "")
	return groupForm{f, key, unitTypes(), units}, err
}

func (s *Screens) newGroup(r *web.Request) (web.Reply, error) {
	p, err := s.groupForm(r, web.Fill(), "")
	return web.View("desk/group", p), err
}

func (s *Screens) editGroup(r *web.Request) (web.Reply, error) {
	key, err := r.Key("group")
	if err != nil {
		return web.Reply{}, err
	}
	g, err := s.Org.Group(r.Context(), key)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.groupForm(r, groupFields(g), string(g.ID))
	return web.View("desk/group", p), err
}

// groupFields is the form of a group as it is saved.
func groupFields(g org.Group) *web.Form {
	types := make([]string, len(g.Types))
	for i, t := range g.Types {
		types[i] = string(t)
	}
	return web.Fill("name", g.Name, "aliases", strings.Join(g.Aliases, "\n"), "types", types, "units", g.Units, "seq", g.Seq, "version", g.Version)
}

func (s *Screens) saveGroup(r *web.Request) (web.Reply, error) {
	f := r.Form()
	g := org.Group{Name: f.Text("name"), Aliases: f.Lines("aliases"), Units: f.Keys("units"), Seq: f.Int("seq"), Version: int64(f.Int("version"))}
	for _, t := range f.Texts("types") {
		g.Types = append(g.Types, org.Type(t))
	}
	var now *web.Form
	if r.PathValue("group") != "" {
		key, err := r.Key("group")
		if err != nil {
			return web.Reply{}, err
		}
		old, err := s.Org.Group(r.Context(), key)
		if err != nil {
			return web.Reply{}, err
		}
		g.ID, now = key, groupFields(old)
		dir, err := s.Org.Directory(r.Context())
		if err != nil {
			return web.Reply{}, err
		}
		now := dir.Units()
		for _, unit := range old.Units { // units of the past are not offered, and stay
			if !slices.ContainsFunc(now, func(u org.Unit) bool { return u.ID == unit }) && !slices.Contains(g.Units, unit) {
				g.Units = append(g.Units, unit)
			}
		}
	}
	err := f.Err()
	if err == nil {
		_, err = s.Org.PutGroup(r.Context(), r.Who, g)
	}
	if err != nil {
		p, e := s.groupForm(r, f, string(g.ID))
		if e != nil {
			return web.Reply{}, e
		}
		return f.Refused(f.Clash(err, now, p.Types, p.Units), "desk/group", p)
	}
	return web.Redirect("/desk/groups").Flash("单位组已保存"), nil
}

func (s *Screens) dropGroup(r *web.Request) (web.Reply, error) {
	key, err := r.Key("group")
	if err != nil {
		return web.Reply{}, err
	}
	version := r.Form().Int("version")
	if err := r.Form().Err(); err != nil {
		return web.Reply{}, err
	}
	return web.Redirect("/desk/groups").Flash("单位组已删除，单位不受影响"), s.Org.DropGroup(r.Context(), r.Who, key, int64(version))
}
