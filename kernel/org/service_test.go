package org

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/page"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// house is a service on an empty database with a few units.
type house struct {
	*Service
	t              *testing.T
	ctx            context.Context
	db             *store.DB
	admin          Actor
	justice, works id.ID
}

func newHouse(t *testing.T, k *storetest.Kit) *house {
	db := k.Open(audit.Migration(), Migration())
	h := &house{t: t, ctx: context.Background(), db: db, admin: Actor{Person: "admin", Name: "管理员", Roles: SystemAdmin}}
	h.Service = New(db, testKeys(t), cheng)
	h.justice = h.unit(Unit{Name: "区司法局", Full: "澄江区司法局", Type: Department, Seq: 1})
	h.works = h.unit(Unit{Name: "区住建委", Type: Department, Seq: 2, Aliases: []string{"区建委"}})
	return h
}

func (h *house) unit(u Unit) id.ID {
	h.t.Helper()
	key, err := h.PutUnit(h.ctx, h.admin, u)
	h.ok(err)
	return key
}

func (h *house) person(name string, posts ...Post) id.ID {
	h.t.Helper()
	key, err := h.PutPerson(h.ctx, h.admin, Person{Name: name})
	h.ok(err)
	for _, p := range posts {
		p.Person = key
		_, err := h.Assign(h.ctx, h.admin, p)
		h.ok(err)
	}
	return key
}

func (h *house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// refused wants err to be of a kind and to say text.
func (h *house) refused(err error, kind fault.Kind, text string) {
	h.t.Helper()
	if !fault.Is(err, kind) || !strings.Contains(err.Error(), text) {
		h.t.Fatalf("got %v, want kind %d with %q", err, kind, text)
	}
}

func TestUnits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		h := newHouse(t, k)
		_, err := h.PutUnit(h.ctx, h.admin, Unit{Name: "区司法局", Type: Department})
		h.refused(err, fault.Invalid, "同名的单位")
		_, err = h.PutUnit(h.ctx, h.admin, Unit{Name: "甲", Type: "x"})
		h.refused(err, fault.Invalid, "单位类型")

		u, err := h.Unit(h.ctx, h.works)
		h.ok(err)
		if !slices.Equal(u.Aliases, []string{"区建委"}) || u.Version != 1 {
			t.Fatalf("%+v", u)
		}
		u.Bureau = DisclosureOffice{Name: "办公室", Head: "李红", Phone: "023-1", Staff: []Staffer{{Person: "赵一", From: day, FullTime: true}}}
		_, err = h.PutUnit(h.ctx, h.admin, u)
		h.ok(err)
		_, err = h.PutUnit(h.ctx, h.admin, u) // a stale copy
		h.refused(err, fault.Conflict, "刚刚被别人修改过")
		u, err = h.Unit(h.ctx, h.works)
		h.ok(err)
		if n, full := u.Bureau.StaffedOn(day); n != 1 || full != 1 || u.Bureau.Head != "李红" {
			t.Fatalf("bureau %+v", u.Bureau)
		}

		dir, err := h.Directory(h.ctx)
		h.ok(err)
		if again, _ := h.Directory(h.ctx); again != dir {
			t.Error("an unchanged directory is made only once")
		}
		h.ok(h.Rename(h.ctx, h.admin, h.works, u.Version, "区住房城乡建委", "", day))
		dir, err = h.Directory(h.ctx)
		h.ok(err)
		u, _ = dir.Unit(h.works)
		if u.NameOn(day.Add(-1)) != "区住建委" || u.NameOn(day) != "区住房城乡建委" {
			t.Errorf("names over time: %+v", u)
		}
		if m := dir.Resolve("区住建委"); len(m.Units) != 1 || m.Units[0] != h.works || !m.Sure {
			t.Errorf("the old name: %+v", m)
		}

		old := h.unit(Unit{Name: "区规划局", Type: Department})
		zhou := h.person("周明", Post{Unit: old, Roles: Editor})
		h.ok(h.EndUnits(h.ctx, h.admin, []id.ID{old}, h.works, day))
		h.refused(h.EndUnits(h.ctx, h.admin, []id.ID{old}, h.works, day), fault.Conflict, "已于2026年5月6日停止")
		_, err = h.ActorOf(h.ctx, zhou, old, day)
		h.refused(err, fault.Forbidden, "没有任职")
		if _, err = h.ActorOf(h.ctx, zhou, old, day.Add(-1)); err != nil {
			t.Errorf("the day before: %v", err)
		}
		dir, err = h.Directory(h.ctx)
		h.ok(err)
		if now, ok := dir.Current(old, day); !ok || now.ID != h.works {
			t.Errorf("merged into %v", now)
		}

		h.ok(h.db.Do(h.ctx, func(ctx context.Context, tx *store.Tx) error {
			return h.AddAlias(ctx, tx, h.admin, h.justice, "区法制办")
		}))
		h.ok(h.db.Do(h.ctx, func(ctx context.Context, tx *store.Tx) error {
			return h.AddAlias(ctx, tx, h.admin, h.justice, "区法制办") // again: nothing happens
		}))
		group, err := h.PutGroup(h.ctx, h.admin, Group{Name: "区政府各部门", Types: []Type{Department}})
		h.ok(err)
		h.ok(h.db.Do(h.ctx, func(ctx context.Context, tx *store.Tx) error {
			return h.AddAlias(ctx, tx, h.admin, group, "区级各部门")
		}))
		dir, err = h.Directory(h.ctx)
		h.ok(err)
		if m := dir.Resolve("区法制办"); len(m.Units) != 1 || m.Units[0] != h.justice {
			t.Errorf("the new alias: %+v", m)
		}
		if m := dir.Resolve("区级各部门"); m.Group != group || len(m.Units) != 2 {
			t.Errorf("the group's alias: %+v", m)
		}
		h.ok(h.DropAlias(h.ctx, h.admin, h.justice, "区法制办"))
		list, err := h.Units(h.ctx, UnitAsk{Text: "住", Page: page.Ask{Size: 1}})
		h.ok(err)
		if list.Total != 1 || list.Rows[0].ID != h.works || !slices.Equal(list.Rows[0].Aliases, []string{"区建委"}) {
			t.Errorf("list %+v", list)
		}
		if list, err = h.Units(h.ctx, UnitAsk{Past: true}); err != nil || list.Total != 3 {
			t.Errorf("with past units: %d %v", list.Total, err)
		}
		history, err := audit.History(h.ctx, h.db.Read, "unit", string(h.works))
		h.ok(err)
		if len(history) != 3 {
			t.Errorf("%d audit entries of the unit, want 3", len(history))
		}
	})
}

func TestPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		h := newHouse(t, k)
		wang := h.person("王敏", Post{Unit: h.justice, Roles: Editor | Reviewer1}, Post{Unit: h.works, Roles: Secrecy, To: day.Add(10)})
		li := h.person("李红", Post{Unit: h.works, Roles: Proofreader})
		boss := h.person("陈主任", Post{Unit: h.justice, Roles: Leader | Principal})

		t.Run("three administrators stand apart", func(t *testing.T) {
			sec := h.person("孙安", Post{Unit: h.justice, Roles: SecurityAdmin, To: day.Add(30)})
			_, err := h.Assign(h.ctx, h.admin, Post{Person: sec, Unit: h.works, Roles: AuditAdmin})
			h.refused(err, fault.Conflict, "三员分立：孙安不能同时担任安全管理员、审计管理员")
			_, err = h.Assign(h.ctx, h.admin, Post{Person: sec, Unit: h.works, Roles: Editor})
			h.refused(err, fault.Conflict, "不能同时担任业务角色（编辑）")
			_, err = h.Assign(h.ctx, h.admin, Post{Person: sec, Unit: h.works, Roles: Editor, From: day.Add(30)})
			h.ok(err) // one after the other
			_, err = h.PutAbsence(h.ctx, h.admin, Absence{Person: li, Substitute: sec, From: day, To: day.Add(2)})
			h.refused(err, fault.Invalid, "不能代理业务")
			_, err = h.Assign(h.ctx, Actor{Person: li, Name: "李红"}, Post{Person: li, Unit: h.works, Roles: SystemAdmin})
			h.refused(err, fault.Forbidden, "不能给自己分配角色")
			_, err = h.Assign(h.ctx, h.admin, Post{Person: li, Unit: h.works, Roles: Public})
			h.refused(err, fault.Invalid, "至少选择一个角色")
		})
		t.Run("a substitute holds the roles of who is away", func(t *testing.T) {
			away, err := h.PutAbsence(h.ctx, h.admin, Absence{Person: wang, Substitute: li, From: day, To: day.Add(3)})
			h.ok(err)
			_, err = h.PutAbsence(h.ctx, h.admin, Absence{Person: wang, Substitute: boss, From: day.Add(2), To: day.Add(4)})
			h.refused(err, fault.Invalid, "已登记外出")
			_, err = h.PutAbsence(h.ctx, h.admin, Absence{Person: boss, Substitute: wang, From: day, To: day.Add(1)})
			h.refused(err, fault.Invalid, "也外出")
			a, err := h.ActorOf(h.ctx, li, h.justice, day)
			h.ok(err)
			if a.Roles != Public|Staff|Editor|Reviewer1 || a.For != wang || a.UnitName != "区司法局" {
				t.Errorf("substitute %+v", a)
			}
			units, err := h.UnitsOf(h.ctx, li, day)
			h.ok(err)
			if len(units) != 2 || units[0].ID != h.works {
				t.Errorf("units %+v", units)
			}
			who, err := h.Holders(h.ctx, h.justice, Editor, day)
			h.ok(err)
			if len(who) != 1 || who[0].ID != li {
				t.Errorf("holders %+v", who)
			}
			h.ok(h.EndAbsence(h.ctx, h.admin, away, day.Add(1)))
			_, err = h.ActorOf(h.ctx, li, h.justice, day.Add(1))
			h.refused(err, fault.Forbidden, "没有任职")
			_, err = h.PutAbsence(h.ctx, h.admin, Absence{Person: boss, Substitute: li, From: day.Add(5), To: day.Add(6)})
			h.ok(err)
			a, err = h.ActorOf(h.ctx, li, h.justice, day.Add(5))
			h.ok(err)
			if a.Roles.Any(Principal) || !a.Roles.Any(Leader) {
				t.Errorf("the principal's duties are never delegated: %v", a.Roles)
			}
		})
		t.Run("who leaves is replaced", func(t *testing.T) {
			err := h.Leave(h.ctx, h.admin, wang, "", day.Add(2))
			h.refused(err, fault.Invalid, "王敏还独自担任：区司法局（编辑、一审）；区住建委（保密审查）")
			zhou := h.person("周明")
			h.ok(h.Leave(h.ctx, h.admin, wang, zhou, day.Add(2)))
			a, err := h.ActorOf(h.ctx, zhou, h.justice, day.Add(2))
			h.ok(err)
			if !a.Roles.Any(Editor) {
				t.Errorf("the heir %+v", a)
			}
			_, err = h.ActorOf(h.ctx, wang, h.justice, day)
			h.refused(err, fault.Forbidden, "已离岗")
			h.refused(h.Leave(h.ctx, h.admin, wang, zhou, day), fault.Conflict, "已经离岗")
			list, err := h.People(h.ctx, PeopleAsk{Text: "王"})
			h.ok(err)
			if list.Total != 0 {
				t.Errorf("those who left are listed: %+v", list.Rows)
			}
			h.ok(h.Return(h.ctx, h.admin, wang))
			list, err = h.People(h.ctx, PeopleAsk{Unit: h.works, Role: Proofreader})
			h.ok(err)
			if list.Total != 1 || list.Rows[0].ID != li {
				t.Errorf("by unit and role: %+v", list.Rows)
			}
		})
		t.Run("numbers are unique, phones stay out of the record", func(t *testing.T) {
			key, err := h.PutPerson(h.ctx, h.admin, Person{Name: "何平", Number: "G1", Phone: "13800001111"})
			h.ok(err)
			_, err = h.PutPerson(h.ctx, h.admin, Person{Name: "何安", Number: "G1"})
			h.refused(err, fault.Invalid, "已经属于另一个人")
			p, err := h.Person(h.ctx, key)
			h.ok(err)
			if p.Phone.Reveal() != "13800001111" || strings.Contains(p.Phone.String(), "0000") {
				t.Errorf("phone shown as %s", p.Phone)
			}
			var kept string
			h.ok(h.db.Read.NewRaw("select phone from org_person where id = ?", key).Scan(h.ctx, &kept))
			if kept == "" || strings.Contains(kept, "1380000") {
				t.Error("the phone stands in the database unencrypted")
			}
			_, _, err = h.Reveal(h.ctx, h.admin, key, " ")
			h.refused(err, fault.Invalid, "事由")
			phone, _, err := h.Reveal(h.ctx, h.admin, key, "通知值班")
			h.ok(err)
			if phone != "13800001111" {
				t.Error("reveal", phone)
			}
			records, err := audit.History(h.ctx, h.db.Read, "person", string(key))
			h.ok(err)
			for _, r := range records {
				for _, c := range r.Changes {
					if strings.Contains(c.New, "0000") {
						t.Errorf("the record holds the phone: %+v", c)
					}
				}
			}
		})
	})
}

// book writes a workbook of the given sheets.
func book(t *testing.T, sheets map[string][][]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	for name, lines := range sheets {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for r, line := range lines {
			for c, text := range line {
				cell, err := excelize.CoordinatesToCellName(c+1, r+1)
				if err != nil {
					t.Fatal(err)
				}
				if err := f.SetCellValue(name, cell, text); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		h := newHouse(t, k)
		good := book(t, map[string][][]string{
			"单位表": {
				{"请按说明填写"},
				{"类型", "单位名称", "别名", "停止日期", "承接单位", "曾用名", "备注"}, // any order, a column of their own
				{"部门", "区气象局", "区气象台、气象部门"},
				{"department", "区文化委", "", "2019/1/1", "区文旅委"},
				{"部门", "区文旅委", "", "", "", "区旅游局（2018年3月1日前）"},
			},
			"人员表": {
				{"姓名", "单位", "角色", "工号", "手机"},
				{"吴一", "区气象局", "编辑、一审", "G7", "13900002222"},
				{"吴一", "澄江区司法局", "保密审查", "G7"},
				{"郑二", "区气象台", "disclosure"},
			},
		})
		r, err := h.Import(h.ctx, h.admin, "单位.xlsx", good, false)
		h.ok(err)
		if !r.Saved || len(r.Bad) != 0 || r.Units != (Count{Added: 3}) || r.People != (Count{Added: 2}) {
			t.Fatalf("first import %+v", r)
		}
		r, err = h.Import(h.ctx, h.admin, "单位.xlsx", good, false)
		h.ok(err)
		if !r.Saved || r.Units != (Count{Same: 3}) || r.People != (Count{Same: 3}) {
			t.Fatalf("the same again %+v", r)
		}
		dir, err := h.Directory(h.ctx)
		h.ok(err)
		if m := dir.Resolve("区文化委"); len(m.Units) != 1 || dir.NameOf(m.Units[0]) != "区文旅委" || !m.Sure {
			t.Errorf("successor %+v", m)
		}
		if m := dir.Resolve("区旅游局"); len(m.Units) != 1 || !m.Sure {
			t.Errorf("former name %+v", m)
		}

		var out bytes.Buffer
		h.ok(h.Export(h.ctx, h.admin, &out))
		if bytes.Contains(out.Bytes(), []byte("13900002222")) {
			t.Error("the export holds a phone")
		}
		r, err = h.Import(h.ctx, h.admin, "导出.xlsx", out.Bytes(), false)
		h.ok(err)
		if !r.Saved || r.Units != (Count{Same: 5}) || r.People.Added+r.People.Changed != 0 {
			t.Fatalf("what was exported, read again: %+v", r)
		}

		mixed := book(t, map[string][][]string{
			"单位": {
				{"单位名称", "类型", "启用日期"},
				{"区水利局", "部门"},
				{"区林业局", "衙门"},
				{"", "部门", "去年"},
				{"区水利局", "部门"},
			},
			"人员": {
				{"姓名", "单位", "角色"},
				{"冯三", "区水利局", "编辑"},
				{"冯三", "区气像局", "编辑"},
				{"卫四", "区水利局", "系统管理员、审计管理员"},
				{"蒋五", "区水利局", "大臣"},
			},
		})
		r, err = h.Import(h.ctx, h.admin, "x.xlsx", mixed, false)
		h.ok(err)
		if r.Saved || len(r.Bad) != 7 {
			t.Fatalf("bad rows: %+v", r)
		}
		for _, want := range []Bad{
			{"单位", 3, "类型", "不认识“衙门”", "请填"}, {"单位", 4, "单位名称", "没有填写", "请填写"}, {"单位", 5, "单位名称", "与第 2 行重复", "删去"},
			{"人员", 3, "单位", "没有找到单位“区气像局”", "是不是“区气象局”"}, {"人员", 4, "角色", "三员分立", "改正"}, {"人员", 5, "角色", "没有角色“大臣”", "可填的角色"},
		} {
			if !slices.ContainsFunc(r.Bad, func(b Bad) bool {
				return b.Sheet == want.Sheet && b.Row == want.Row && b.Column == want.Column && strings.Contains(b.What, want.What) && strings.Contains(b.Do, want.Do)
			}) {
				t.Errorf("not reported: %+v\nin %+v", want, r.Bad)
			}
		}
		if list, err := h.Units(h.ctx, UnitAsk{Text: "水利"}); err != nil || list.Total != 0 {
			t.Errorf("a refused file changed something: %+v %v", list, err)
		}
		r, err = h.Import(h.ctx, h.admin, "x.xlsx", mixed, true)
		h.ok(err)
		if !r.Saved || r.Units.Added != 1 || r.People.Added != 1 {
			t.Errorf("good rows only: %+v", r)
		}

		_, err = h.Import(h.ctx, h.admin, "x.xlsx", book(t, map[string][][]string{"别的": {{"甲", "乙"}}}), false)
		h.refused(err, fault.Invalid, "下载模板")
		r, err = h.Import(h.ctx, h.admin, "x.xlsx", book(t, map[string][][]string{"单位": {{"单位名称", "简称"}, {"甲局", "甲"}}}), false)
		h.ok(err)
		if r.Saved || len(r.Bad) != 1 || r.Bad[0].Column != "类型" {
			t.Errorf("a missing column: %+v", r)
		}
		r, err = h.Import(h.ctx, h.admin, "x.xlsx", book(t, map[string][][]string{
			"单位": {
				{"单位名称", "类型", "启用日期", "别名"},
				{"区粮食局", "部门", "", "粮食局"},
				{"区供销社", "部门", "", "粮食局"},
				{"区档案局", "部门", "", "区粮食局"},
			},
			"人员": {
				{"姓名", "单位", "角色", "手机", "邮箱"},
				{"沈六", "区粮食局", "编辑", "12", ""},
				{"韩七", "区粮食局", "编辑", "", "notmail"},
				{"杨八", "区粮食局", "编辑", "023-63001234", "yang8@example.cn"},
			},
		}), false)
		h.ok(err)
		var places []string
		for _, b := range r.Bad {
			places = append(places, fmt.Sprint(b.Sheet, b.Row, b.Column))
		}
		if got := strings.Join(places, " "); got != "人员2手机 人员3邮箱 单位3别名 单位4别名" {
			t.Errorf("bad cells: %s %+v", got, r.Bad)
		}
	})
}

func TestTemplate(t *testing.T) {
	var b bytes.Buffer
	if err := Template(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.GetSheetList(); !slices.Equal(got, []string{"单位", "人员"}) {
		t.Errorf("sheets %v", got)
	}
}

func TestSheetDate(t *testing.T) {
	for text, want := range map[string]string{"2022-06-30": "2022-06-30", "2022/6/3": "2022-06-03", "2022年6月3日": "2022-06-03", "２０２２.6.3": "2022-06-03"} {
		if d, ok := sheetDate(text); !ok || d.String() != want {
			t.Errorf("%s: %s %v", text, d, ok)
		}
	}
	for _, text := range []string{"去年", "2022-13-01", "2022-02-30", "20220601", "6月底"} {
		if _, ok := sheetDate(text); ok {
			t.Errorf("%s is no date", text)
		}
	}
	if d, ok := sheetDate(""); !ok || d != (calendar.Date{}) {
		t.Error("empty is no day")
	}
}
