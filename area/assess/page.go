package assess

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"gongkai/area"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/web"
)

// maxMaterial is the largest file of training material, in bytes.
const maxMaterial = 50 << 20

// watchers see the trainings of every unit; others those of their own.
const watchers = org.Coordinator | org.Leader | org.Principal | org.AuditAdmin

type listView struct {
	Year    int
	All     bool
	Filters []web.Filter
	List    page.Of[Training]
	Names   map[id.ID]string
}

func (s *Service) list(r *web.Request) (web.Reply, error) {
	v := listView{Year: r.Today().Year(), All: r.Who.May(watchers), Names: map[id.ID]string{}}
	if y, err := strconv.Atoi(r.Query("year")); err == nil && y > 2000 && y < 3000 {
		v.Year = y
	}
	dir, err := s.k.Org.Directory(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	unit := r.Who.Unit
	kinds := web.Filter{Name: "kind", Title: "类型", Value: r.Query("kind")}
	for _, k := range Kinds() {
		kinds.Options = append(kinds.Options, web.Option{Value: string(k), Text: k.Title()})
	}
	years := web.Filter{Name: "year", Title: "年度", Value: strconv.Itoa(v.Year)}
	for y := r.Today().Year(); y > r.Today().Year()-5; y-- {
		years.Options = append(years.Options, web.Option{Value: strconv.Itoa(y), Text: strconv.Itoa(y)})
	}
	v.Filters = []web.Filter{years, kinds}
	if v.All {
		unit = id.ID(r.Query("unit"))
		units := web.Filter{Name: "unit", Title: "单位", Value: string(unit)}
		for _, u := range dir.Units() {
			units.Options = append(units.Options, web.Option{Value: string(u.ID), Text: u.Name})
		}
		v.Filters = append(v.Filters, units)
	}
	if r.Query("as") == "xlsx" {
		return s.sheet(r, v, unit, dir.NameOf)
	}
	if v.List, err = listed(r.Context(), s.k.DB.Read, v.Year, unit, Kind(kinds.Value), r.Page()); err != nil {
		return web.Reply{}, err
	}
	for _, t := range v.List.Rows {
		v.Names[t.Unit] = dir.NameOf(t.Unit)
	}
	return web.View("assess/list", v), nil
}

// sheet is the list as an Excel file, all pages of it.
func (s *Service) sheet(r *web.Request, v listView, unit id.ID, name func(id.ID) string) (web.Reply, error) {
	rows := page.Sheet(func(ask page.Ask) (page.Of[Training], error) {
		return listed(r.Context(), s.k.DB.Read, v.Year, unit, Kind(r.Query("kind")), ask)
	}, func(t Training) []any {
		return []any{name(t.Unit), t.HeldOn.String(), t.Kind.Title(), t.Topic, t.Hours, t.Trainer, t.Place, t.Expected, len(t.Present), strings.Join(t.Present, "、")}
	})
	title := fmt.Sprintf("%d年培训登记", v.Year)
	return web.Xlsx(title+".xlsx", func(w io.Writer) error {
		return document.WriteXLSX(w, document.Sheet{Name: "培训登记", Title: title, Notes: []string{"数据时间：" + r.Today().Chinese()},
			Head: []string{"单位", "日期", "类型", "内容", "学时", "授课人", "地点", "应到", "实到", "签到名单"}, Rows: rows})
	}), nil
}

type formView struct {
	*web.Form
	Kinds []web.Option
}

func newForm(f *web.Form) formView {
	v := formView{Form: f}
	for _, k := range Kinds() {
		v.Kinds = append(v.Kinds, web.Option{Value: string(k), Text: k.Title()})
	}
	return v
}

func (s *Service) form(r *web.Request) (web.Reply, error) {
	return web.View("assess/edit", newForm(web.Fill("kind", string(Internal), "held_on", r.Today()))), nil
}

func (s *Service) create(r *web.Request) (web.Reply, error) {
	f := r.Form()
	t := Training{Kind: Kind(f.Text("kind")), Topic: f.Text("topic"), HeldOn: f.Date("held_on"), Place: f.Text("place"), Trainer: f.Text("trainer"),
		Expected: f.Int("expected"), Present: f.Lines("present")}
	hours, err := strconv.ParseFloat(strings.TrimSpace(f.Text("hours")), 64)
	if err != nil {
		hours = 0
	}
	t.Hours = hours
	if err = f.Err(); err == nil {
		var up *area.Upload
		if up, err = s.k.Take(r, "material", maxMaterial); up != nil {
			t.Material, t.MaterialName = up.Hash, up.Name
		}
	}
	var key id.ID
	if err == nil {
		key, err = s.Register(r.Context(), r.Who, t)
	}
	if err != nil {
		return f.Refused(err, "assess/edit", newForm(f))
	}
	return web.Redirect("/desk/trainings/" + string(key)).Flash("培训已登记"), nil
}

// seen loads a training for somebody who may see it.
func (s *Service) seen(r *web.Request) (Training, error) {
	key, err := r.Key("id")
	if err != nil {
		return Training{}, err
	}
	t, err := get(r.Context(), s.k.DB.Read, key)
	if err == nil && t.Unit != r.Who.Unit && !r.Who.May(watchers) {
		err = fault.New(fault.NotFound, "没有找到这次培训，或者它由其他单位登记")
	}
	return t, err
}

func (s *Service) page(r *web.Request) (web.Reply, error) {
	t, err := s.seen(r)
	if err != nil {
		return web.Reply{}, err
	}
	dir, err := s.k.Org.Directory(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	ok, why := t.Counts()
	return web.View("assess/training", struct {
		Training
		UnitName string
		OK       bool
		Why      string
		Own      bool
	}{t, dir.NameOf(t.Unit), ok, why, t.Unit == r.Who.Unit && r.Who.May(org.Disclosure|org.Coordinator)}), nil
}

func (s *Service) material(r *web.Request) (web.Reply, error) {
	t, err := s.seen(r)
	if err != nil {
		return web.Reply{}, err
	}
	if t.Material == "" {
		return web.Reply{}, fault.New(fault.NotFound, "这次培训没有上传材料")
	}
	file, err := s.k.Files.Open(r.Context(), t.Material)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Download(t.MaterialName, "application/octet-stream", func(w io.Writer) error {
		defer file.Close()
		_, err := io.Copy(w, file)
		return err
	}), nil
}

func (s *Service) drop(r *web.Request) (web.Reply, error) {
	key, err := r.Key("id")
	if err != nil {
		return web.Reply{}, err
	}
	if err := s.Drop(r.Context(), r.Who, key); err != nil {
		return web.Reply{}, err
	}
	return web.Redirect("/desk/trainings").Flash("已删除"), nil
}
