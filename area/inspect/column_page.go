package inspect

import (
	"fmt"
	"io"
	"slices"
	"strconv"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/web"
)

type columnListView struct {
	Tabs    []web.Tab
	Filters []web.Filter
	Lines   []columnLine
	Total   int
	May     bool
	Late    int
}

type columnLine struct {
	Column
	SiteName, UnitName, Cycle, ClassTitle string
	State                                 Freshness
}

func (s *Service) columnLines(r *web.Request) (columnListView, error) {
	ctx, db := r.Context(), s.k.DB.Read
	v := columnListView{Tabs: tabs(r, "columns"), May: r.Who.May(org.Coordinator)}
	list, err := sites(ctx, db)
	if err != nil {
		return v, err
	}
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return v, err
	}
	chosenSite, unit, state := r.Query("site"), id.ID(r.Query("unit")), Freshness(r.Query("state"))
	siteFilter := web.Filter{Name: "site", Title: "网站", Value: chosenSite}
	for _, site := range list {
		siteFilter.Options = append(siteFilter.Options, web.Option{Value: string(site.ID), Text: site.Name})
	}
	states := web.Filter{Name: "state", Title: "更新情况", Value: string(state)}
	for _, f := range []Freshness{Stale, Empty, Urgent, Aging, Fresh, Exempt, Unknown} {
		states.Options = append(states.Options, web.Option{Value: string(f), Text: f.Title()})
	}
	v.Filters = []web.Filter{siteFilter, states}
	if r.Who.May(watchers) {
		units, err := s.units(r, "")
		if err != nil {
			return v, err
		}
		v.Filters = append(v.Filters, web.Filter{Name: "unit", Title: "责任单位", Value: string(unit), Options: units})
	} else {
		unit = r.Who.Unit
	}
	for _, site := range list {
		if chosenSite != "" && chosenSite != string(site.ID) {
			continue
		}
		cols, err := columns(ctx, db, site.ID)
		if err != nil {
			return v, err
		}
		for _, c := range cols {
			line := columnLine{Column: c, SiteName: site.Name, UnitName: dir.NameOf(c.Unit), ClassTitle: ClassTitle(c.Class), State: c.State(r.Today()), Cycle: "按需更新"}
			if w := c.Window(); w > 0 {
				line.Cycle = fmt.Sprintf("%d天", w)
			}
			if unit != "" && c.Unit != unit || state != "" && line.State != state {
				continue
			}
			if line.State == Stale || line.State == Empty {
				v.Late++
			}
			v.Lines = append(v.Lines, line)
		}
	}
	slices.SortStableFunc(v.Lines, func(a, b columnLine) int { return a.State.rank() - b.State.rank() })
	v.Total = len(v.Lines)
	return v, nil
}

func (s *Service) columnList(r *web.Request) (web.Reply, error) {
	v, err := s.columnLines(r)
	if err != nil {
		return web.Reply{}, err
	}
	if r.Query("as") == "xlsx" {
		return web.Xlsx("栏目清单.xlsx", func(out io.Writer) error {
			rows := func(yield func([]any, error) bool) {
				for _, c := range v.Lines {
					if !yield([]any{c.SiteName, c.Name, c.URL, c.ClassTitle, c.Content, c.Cycle, c.ByEvent, c.UnitName, c.Person, dayText(c.Latest), c.State.Title()}, nil) {
						return
					}
				}
			}
			return document.WriteXLSX(out, document.Sheet{Name: "栏目清单", Title: "栏目清单", Notes: []string{"数据时间：" + r.Today().Chinese()},
				Head: []string{"网站", "栏目", "网址", "类别", "内容", "更新周期", "按需更新的理由", "责任单位", "责任人员", "最近更新", "更新情况"}, Rows: rows})
		}), nil
	}
	return web.View("inspect/columns", v), nil
}

type columnView struct {
	*web.Form
	Tabs    []web.Tab
	Column  Column
	State   Freshness
	Classes []web.Option
	Units   []web.Option
	May     bool
}

func (s *Service) columnView(r *web.Request) (columnView, error) {
	v := columnView{Tabs: tabs(r, "columns"), May: r.Who.May(org.Coordinator)}
	key, err := r.Key("id")
	if err != nil {
		return v, err
	}
	if v.Column, err = getColumn(r.Context(), s.k.DB.Read, key); err != nil {
		return v, err
	}
	if !r.Who.May(watchers) && v.Column.Unit != r.Who.Unit {
		return v, fault.New(fault.NotFound, "没有找到这个栏目，或者它不由您的单位负责")
	}
	v.State = v.Column.State(r.Today())
	for _, c := range Classes() {
		v.Classes = append(v.Classes, web.Option{Value: string(c), Text: ClassTitle(c)})
	}
	v.Units, err = s.units(r, "未指定")
	return v, err
}

func columnFields(c Column) *web.Form {
	days := ""
	if c.Days > 0 {
		days = strconv.Itoa(c.Days)
	}
	return web.Fill("class", string(c.Class), "days", days, "by_event", c.ByEvent, "content", c.Content, "unit", string(c.Unit), "person", c.Person, "version", c.Version)
}

func (s *Service) columnForm(r *web.Request) (web.Reply, error) {
	v, err := s.columnView(r)
	if err != nil {
		return web.Reply{}, err
	}
	v.Form = columnFields(v.Column)
	return web.View("inspect/column", v), nil
}

func (s *Service) saveColumn(r *web.Request) (web.Reply, error) {
	v, err := s.columnView(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	v.Form = f
	c := Column{ID: v.Column.ID, Class: fact.Class(f.Text("class")), ByEvent: f.Text("by_event"), Content: f.Text("content"), Unit: f.Key("unit"), Person: f.Text("person"), Version: f.Int("version")}
	if f.Text("days") != "" {
		c.Days = f.Int("days")
	}
	if err = f.Err(); err == nil {
		err = s.SaveColumn(r.Context(), r.Who, c)
	}
	if err != nil {
		return f.Refused(f.Clash(err, columnFields(v.Column), v.Classes, v.Units), "inspect/column", v)
	}
	return web.Redirect("/desk/columns/" + string(c.ID)).Flash("已保存"), nil
}
