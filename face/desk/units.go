package desk

import (
	"fmt"
	"io"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/web"
)

// sheetLimit is the most bytes of a workbook of units and people.
const sheetLimit = 10 << 20

func (s *Screens) unitRoutes() []web.Route {
	return []web.Route{
		web.GET("/desk/units", org.Staff, s.unitList),
		web.GET("/desk/units/new", org.SystemAdmin, s.newUnit),
		web.POST("/desk/units", org.SystemAdmin, s.addUnit),
		web.GET("/desk/units/{unit}", org.Staff, s.unit),
		web.GET("/desk/units/{unit}/edit", org.SystemAdmin, s.editUnit),
		web.POST("/desk/units/{unit}", org.SystemAdmin, s.saveUnit),
		web.GET("/desk/units/{unit}/office", org.SystemAdmin|org.Disclosure, s.editOffice),
		web.POST("/desk/units/{unit}/office", org.SystemAdmin|org.Disclosure, s.saveOffice),
		web.GET("/desk/units/{unit}/change", org.SystemAdmin, s.changeUnit),
		web.POST("/desk/units/{unit}/rename", org.SystemAdmin, s.renameUnit),
		web.POST("/desk/units/{unit}/end", org.SystemAdmin, s.endUnit),
		web.GET("/desk/org/import", org.SystemAdmin, s.importForm),
		web.POST("/desk/org/import", org.SystemAdmin, s.importSheet).Body(sheetLimit + 1<<20),
		web.GET("/desk/org/template.xlsx", org.SystemAdmin, s.sheetTemplate),
		web.POST("/desk/org/export", org.SystemAdmin, s.exportSheet),
	}
}

// unitTabs leads between units and groups.
func unitTabs(now string) []web.Tab {
	return []web.Tab{{Title: "单位", Href: "/desk/units", Now: now == "units"}, {Title: "单位组", Href: "/desk/groups", Now: now == "groups"}}
}

// unitTypes are the types of units as choices of a field.
func unitTypes() []web.Option {
	var out []web.Option
	for _, t := range org.AllTypes() {
		out = append(out, web.Option{Value: string(t), Text: t.Title()})
	}
	return out
}

// unitsPage lists units.
type unitsPage struct {
	Tabs    []web.Tab
	Filters []web.Filter
	Table   web.Table
	List    page.Of[org.Unit]
}

func (s *Screens) unitList(r *web.Request) (web.Reply, error) {
	p := unitsPage{Tabs: unitTabs("units"), Filters: []web.Filter{
		{Name: "q", Title: "名称", Value: r.Query("q")},
		{Name: "type", Title: "类型", Value: r.Query("type"), Options: unitTypes()},
		{Name: "past", Title: "范围", Value: r.Query("past"), Options: []web.Option{{Value: "1", Text: "含已停止的单位"}}},
	}}
	var err error
	p.List, err = s.Org.Units(r.Context(), org.UnitAsk{Text: r.Query("q"), Type: org.Type(r.Query("type")), Past: r.Query("past") != "", Page: r.Page()})
	if err != nil {
		return web.Reply{}, err
	}
	p.Table = web.Table{Caption: "单位", Columns: []web.Column{{Title: "单位"}, {Title: "类型"}, {Title: "别名"}, {Title: "公开机构"}, {Title: "公开工作人员", Num: true}}}
	for _, u := range p.List.Rows {
		people, _ := u.Bureau.StaffedOn(s.today())
		first := web.Cell{Text: u.NameOn(s.today()), Href: "/desk/units/" + string(u.ID), Sub: u.Full}
		if !u.ValidTo.IsZero() {
			first.Sub = u.ValidTo.Chinese() + "停止"
		}
		p.Table.Rows = append(p.Table.Rows, web.Row{Key: string(u.ID), Cells: []web.Cell{first, {Text: u.Type.Title()},
			{Text: strings.Join(u.Aliases, "、")}, {Text: u.Bureau.Name}, {Text: fmt.Sprint(people)}}})
	}
	return web.View("desk/units", p), nil
}

// unitPage is one unit as everybody sees it.
type unitPage struct {
	Unit      org.Unit
	Name      string
	Pairs     []web.Pair
	Office    []web.Pair
	MayOffice bool // the visitor keeps the unit's disclosure office
}

func (s *Screens) unitOf(r *web.Request) (org.Unit, error) {
	key, err := r.Key("unit")
	if err != nil {
		return org.Unit{}, err
	}
	return s.Org.Unit(r.Context(), key)
}

func (s *Screens) unit(r *web.Request) (web.Reply, error) {
	u, err := s.unitOf(r)
	if err != nil {
		return web.Reply{}, err
	}
	dir, err := s.Org.Directory(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	p := unitPage{Unit: u, Name: u.NameOn(s.today()), MayOffice: s.keepsOffice(r, u.ID)}
	var former, groups []string
	for _, f := range u.Former {
		former = append(former, f.Name+"（"+f.Until.Chinese()+"前）")
	}
	for _, g := range dir.GroupsOf(u.ID) {
		groups = append(groups, dir.NameOf(g))
	}
	p.Pairs = []web.Pair{{Name: "全称", Value: u.Full}, {Name: "简称", Value: u.Short}, {Name: "类型", Value: u.Type.Title()},
		{Name: "别名", Value: strings.Join(u.Aliases, "、")}, {Name: "曾用名", Value: strings.Join(former, "、")},
		{Name: "单位组", Value: strings.Join(groups, "、")},
		{Name: "启用日期", Value: u.ValidFrom.String()}, {Name: "停止日期", Value: u.ValidTo.String()}}
	if u.Successor != "" {
		p.Pairs = append(p.Pairs, web.Pair{Name: "承接单位", Value: dir.NameOf(u.Successor), Href: "/desk/units/" + string(u.Successor)})
	}
	b := u.Bureau
	p.Office = []web.Pair{{Name: "机构名称", Value: b.Name}, {Name: "负责人", Value: b.Head}, {Name: "联系人", Value: b.Contact}, {Name: "电话", Value: b.Phone}, {Name: "地址", Value: b.Address}}
	return web.View("desk/unit", p), nil
}

// keepsOffice reports whether the visitor may change what is known of a unit's
// disclosure office: its own disclosure staff, and the system administrator.
func (s *Screens) keepsOffice(r *web.Request, unit id.ID) bool {
	return r.Who.May(org.SystemAdmin) || r.Who.May(org.Disclosure) && r.Who.Unit == unit
}

// unitForm is the page to add or change a unit.
type unitForm struct {
	*web.Form
	Key   string // "" for a new one
	Name  string
	Types []web.Option
}

func (s *Screens) newUnit(*web.Request) (web.Reply, error) {
	return web.View("desk/unit-edit", unitForm{Form: web.Fill("type", org.Department), Types: unitTypes()}), nil
}

func (s *Screens) editUnit(r *web.Request) (web.Reply, error) {
	u, err := s.unitOf(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.View("desk/unit-edit", unitForm{unitFields(u), string(u.ID), u.Name, unitTypes()}), nil
}

// unitFields is the form of a unit as it is saved.
func unitFields(u org.Unit) *web.Form {
	return web.Fill("name", u.Name, "full", u.Full, "short", u.Short, "type", u.Type, "seq", u.Seq, "aliases", strings.Join(u.Aliases, "\n"),
		"valid_from", u.ValidFrom, "version", u.Version)
}

// take reads the form into a unit.
func (f unitForm) take(u *org.Unit) {
	u.Name, u.Full, u.Short = f.Text("name"), f.Text("full"), f.Text("short")
	u.Type, u.Seq, u.Aliases, u.ValidFrom = org.Type(f.Text("type")), f.Int("seq"), f.Lines("aliases"), f.Date("valid_from")
}

func (s *Screens) addUnit(r *web.Request) (web.Reply, error) {
	f := unitForm{Form: r.Form(), Types: unitTypes()}
	var u org.Unit
	f.take(&u)
	err := f.Err()
	var key id.ID
	if err == nil {
		key, err = s.Org.PutUnit(r.Context(), r.Who, u)
	}
	if err != nil {
		return f.Refused(err, "desk/unit-edit", f)
	}
	return web.Redirect("/desk/units/" + string(key)).Flash("单位已新增"), nil
}

func (s *Screens) saveUnit(r *web.Request) (web.Reply, error) {
	u, err := s.unitOf(r)
	if err != nil {
		return web.Reply{}, err
	}
	f, now := unitForm{r.Form(), string(u.ID), u.Name, unitTypes()}, unitFields(u)
	f.take(&u)
	u.Version = int64(f.Int("version"))
	if err = f.Err(); err == nil {
		_, err = s.Org.PutUnit(r.Context(), r.Who, u)
	}
	if err != nil {
		return f.Refused(f.Clash(err, now, f.Types), "desk/unit-edit", f)
	}
	return web.Redirect("/desk/units/" + string(u.ID)).Flash("单位已保存"), nil
}

// staffRows is how many people of a disclosure office the form has room for at
// once: those there are and two more.
const staffRows = 2

// officeForm is the page of a unit's disclosure office and its staff.
type officeForm struct {
	*web.Form
	Key, Name string
	Rows      []int
}

// officeFields are the texts of the office, by field.
func officeFields(d *org.DisclosureOffice) map[string]*string {
	return map[string]*string{"name": &d.Name, "head": &d.Head, "contact": &d.Contact, "phone": &d.Phone, "address": &d.Address}
}

func (s *Screens) officeOf(r *web.Request) (org.Unit, error) {
	u, err := s.unitOf(r)
	if err == nil && !s.keepsOffice(r, u.ID) {
		err = fault.New(fault.Forbidden, "只能维护本单位的公开机构信息")
	}
	return u, err
}

func (s *Screens) editOffice(r *web.Request) (web.Reply, error) {
	u, err := s.officeOf(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.View("desk/unit-office", officeForm{officeFilled(u), string(u.ID), u.Name, count(len(u.Bureau.Staff) + staffRows)}), nil
}

// officeFilled is the form of a disclosure office as it is saved.
func officeFilled(u org.Unit) *web.Form {
	pairs := []any{"version", u.Version}
	for name, text := range officeFields(&u.Bureau) {
		pairs = append(pairs, name, *text)
	}
	for i, one := range u.Bureau.Staff {
		var trained []string
		for _, d := range one.Trained {
			trained = append(trained, d.String())
		}
		n := fmt.Sprint("-", i)
		pairs = append(pairs, "person"+n, one.Person, "post"+n, one.Post, "full"+n, one.FullTime, "from"+n, one.From, "to"+n, one.To,
			"deputy"+n, one.Deputy, "trained"+n, strings.Join(trained, "、"))
	}
	return web.Fill(pairs...)
}

func count(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func (s *Screens) saveOffice(r *web.Request) (web.Reply, error) {
	u, err := s.officeOf(r)
	if err != nil {
		return web.Reply{}, err
	}
	f, now := officeForm{r.Form(), string(u.ID), u.Name, count(len(u.Bureau.Staff) + staffRows)}, officeFilled(u)
	u.Version = int64(f.Int("version"))
	for name, text := range officeFields(&u.Bureau) {
		*text = f.Text(name)
	}
	u.Bureau.Staff = nil
	wrong := fault.Fields{}
	for _, i := range f.Rows {
		n := fmt.Sprint("-", i)
		one := org.Staffer{Person: f.Text("person" + n), Post: f.Text("post" + n), FullTime: f.Bool("full" + n), From: f.Date("from" + n),
			To: f.Date("to" + n), Deputy: f.Text("deputy" + n)}
		if one.Person == "" {
			continue // an empty row, or one taken out
		}
		for _, text := range strings.FieldsFunc(f.Text("trained"+n), func(c rune) bool { return strings.ContainsRune("、，, ;；\n", c) }) {
			d, err := calendar.Parse(text)
			if err != nil {
				wrong["trained"+n] = "培训日期请写成 2022-06-17，多个用“、”分开"
				continue
			}
			one.Trained = append(one.Trained, d)
		}
		u.Bureau.Staff = append(u.Bureau.Staff, one)
	}
	if err = f.Err(); err == nil {
		err = wrong.Err()
	}
	if err == nil {
		_, err = s.Org.PutUnit(r.Context(), r.Who, u)
	}
	if err != nil {
		return f.Refused(f.Clash(err, now), "desk/unit-office", f)
	}
	return web.Redirect("/desk/units/" + string(u.ID)).Flash("公开机构和人员已保存"), nil
}

// changeForm is the page to rename, merge or end a unit.
type changeForm struct {
	*web.Form
	Unit  org.Unit
	Units []web.Option
}

func (s *Screens) changeForm(r *web.Request, f *web.Form) (changeForm, error) {
	u, err := s.unitOf(r)
	if err != nil {
		return changeForm{}, err
	}
	units, err := s.units(r.Context(), "没有（直接撤销）")
	return changeForm{f, u, units}, err
}

func (s *Screens) changeUnit(r *web.Request) (web.Reply, error) {
	p, err := s.changeForm(r, web.Fill())
	return web.View("desk/unit-change", p), err
}

func (s *Screens) renameUnit(r *web.Request) (web.Reply, error) {
	p, err := s.changeForm(r, r.Form())
	if err != nil {
		return web.Reply{}, err
	}
	name, full, on, version := p.Text("new_name"), p.Text("new_full"), p.Date("on"), p.Int("version")
	if err = p.Err(); err == nil {
		err = s.Org.Rename(r.Context(), r.Who, p.Unit.ID, int64(version), name, full, on)
	}
	if err != nil {
		return p.Refused(moved(err, map[string]string{"name": "new_name", "full": "new_full"}), "desk/unit-change", p)
	}
	return web.Redirect("/desk/units/" + string(p.Unit.ID)).Flash("已更名，启用日前的内容仍显示旧名称"), nil
}

// moved gives messages at fields the names the page uses for them.
func moved(err error, names map[string]string) error {
	fields := fault.FieldsOf(err)
	if len(fields) == 0 {
		return err
	}
	out := fault.Fields{}
	for name, text := range fields {
		if to := names[name]; to != "" {
			name = to
		}
		out[name] = text
	}
	return out.Err()
}

func (s *Screens) endUnit(r *web.Request) (web.Reply, error) {
	p, err := s.changeForm(r, r.Form())
	if err != nil {
		return web.Reply{}, err
	}
	heir, on := p.Key("successor"), p.Date("end_on")
	if err = p.Err(); err == nil {
		err = s.Org.EndUnits(r.Context(), r.Who, []id.ID{p.Unit.ID}, heir, on)
	}
	if err != nil {
		return p.Refused(moved(err, map[string]string{"on": "end_on", "valid_to": "end_on"}), "desk/unit-change", p)
	}
	return web.Redirect("/desk/units/" + string(p.Unit.ID)).Flash("单位已停止，任职同日结束"), nil
}

// importPage takes a workbook and says of every bad row what to do.
type importPage struct {
	*web.Form
	Report *org.Report
}

func (s *Screens) importForm(*web.Request) (web.Reply, error) {
	return web.View("desk/org-import", importPage{Form: web.Fill()}), nil
}

func (s *Screens) importSheet(r *web.Request) (web.Reply, error) {
	p := importPage{Form: r.Form()}
	file, err := p.File("file", sheetLimit)
	if err == nil && file == nil {
		err = fault.Fields{"file": "请选择要导入的 Excel 文件"}.Err()
	}
	if err != nil {
		return p.Refused(err, "desk/org-import", p)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return web.Reply{}, fmt.Errorf("read the upload: %w", err)
	}
	report, err := s.Org.Import(r.Context(), r.Who, file.Name, data, p.Bool("good"))
	if err != nil {
		return p.Refused(err, "desk/org-import", p)
	}
	p.Report = &report
	reply := web.View("desk/org-import", p)
	if !report.Saved {
		reply = reply.Status(422)
	}
	return reply, nil
}

func (s *Screens) sheetTemplate(*web.Request) (web.Reply, error) {
	return web.Xlsx("单位和人员模板.xlsx", org.Template), nil
}

// exportSheet is a POST because it writes into the audit record.
func (s *Screens) exportSheet(r *web.Request) (web.Reply, error) {
	return web.Xlsx("单位和人员 "+s.today().String()+".xlsx", func(w io.Writer) error { return s.Org.Export(r.Context(), r.Who, w) }), nil
}
