package org

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
)

// Type is what kind of body a unit is.
type Type string

// The types of units.
const (
	Office      Type = "office"      // 政府办
	Department  Type = "department"  // 部门
	Committee   Type = "committee"   // 管委会
	Street      Type = "street"      // 街道办事处
	Institution Type = "institution" // 事业单位
	Company     Type = "company"     // 企业
	Other       Type = "other"       // 其他
)

var types = []struct {
	Type  Type
	Title string
}{
	{Office, "政府办"}, {Department, "部门"}, {Committee, "管委会"}, {Street, "街道办事处"},
	{Institution, "事业单位"}, {Company, "企业"}, {Other, "其他"},
}

// AllTypes lists the types in the order of screens.
func AllTypes() []Type {
	out := make([]Type, len(types))
	for i, one := range types {
		out[i] = one.Type
	}
	return out
}

// Title is the Chinese name of the type, "" for an unknown one.
func (t Type) Title() string {
	for _, one := range types {
		if one.Type == t {
			return one.Title
		}
	}
	return ""
}

// TypeOf reads a code or a Chinese title; ok is false for an unknown one.
func TypeOf(text string) (t Type, ok bool) {
	for _, one := range types {
		if text == string(one.Type) || text == one.Title {
			return one.Type, true
		}
	}
	return "", false
}

// Unit is a body that answers for open government work.
type Unit struct {
	ID        id.ID            `bun:",pk" json:"id"`
	Name      string           `json:"name"`                             // as the district's own documents write it: 区司法局
	Full      string           `bun:"full_name" json:"full,omitempty"`   // 渝中区司法局
	Short     string           `bun:"short_name" json:"short,omitempty"` // 司法局
	Type      Type             `json:"type"`
	Seq       int              `json:"seq"` // place in lists; equal ones by name
	Former    []Former         `bun:"type:jsonb" json:"former,omitempty"`
	ValidFrom calendar.Date    `json:"valid_from"`                          // no day: since always
	ValidTo   calendar.Date    `json:"valid_to"`                            // first day on which it no longer is; no day: it still is
	Successor id.ID            `bun:",nullzero" json:"successor,omitempty"` // took over its work on ValidTo
	Bureau    DisclosureOffice `bun:"type:jsonb" json:"bureau"`             // 信息公开工作机构
	Aliases   []string         `bun:"-" json:"aliases,omitempty"`           // other names that people write, sorted
	Version   int64            `json:"version"`
}

// Former is a name the unit had until a day: the first day of the next name.
// They stand in the order of time.
type Former struct {
	Name  string        `json:"name"`
	Full  string        `json:"full,omitempty"`
	Until calendar.Date `json:"until"`
}

// DisclosureOffice is the unit's 信息公开工作机构 (条例 Art. 4). What stands
// here is published in the guide (指南), so none of it is personal data to hide.
type DisclosureOffice struct {
	Name    string    `json:"name,omitempty"`
	Head    string    `json:"head,omitempty"`    // 负责人
	Contact string    `json:"contact,omitempty"` // 联系人
	Phone   string    `json:"phone,omitempty"`
	Address string    `json:"address,omitempty"`
	Staff   []Staffer `json:"staff,omitempty"`
}

// Staffer is a person who does the disclosure work of a unit; a unit needs one
// or two (measure P-十七-3).
type Staffer struct {
	Person   string          `json:"person"` // the name, as published
	Post     string          `json:"post,omitempty"`
	FullTime bool            `json:"full_time"`
	From     calendar.Date   `json:"from"`
	To       calendar.Date   `json:"to"` // first day no longer; no day: still
	Deputy   string          `json:"deputy,omitempty"`
	Trained  []calendar.Date `json:"trained,omitempty"`
}

// StaffedOn counts the people who did the disclosure work on a day.
func (d DisclosureOffice) StaffedOn(on calendar.Date) (people, fullTime int) {
	for _, s := range d.Staff {
		if within(on, s.From, s.To) {
			people++
			if s.FullTime {
				fullTime++
			}
		}
	}
	return people, fullTime
}

// within reports whether day is in the half-open span; no day on either side is open.
func within(day, from, to calendar.Date) bool {
	return !day.Before(from) && (to.IsZero() || day.Before(to))
}

// meet reports whether two half-open spans share a day.
func meet(from1, to1, from2, to2 calendar.Date) bool {
	return (to1.IsZero() || from2.Before(to1)) && (to2.IsZero() || from1.Before(to2))
}

// ValidOn reports whether the unit exists on a day.
func (u Unit) ValidOn(on calendar.Date) bool { return within(on, u.ValidFrom, u.ValidTo) }

// NameOn is the name the unit had on a day; before it existed its first one,
// afterwards its last.
func (u Unit) NameOn(on calendar.Date) string {
	for _, f := range u.Former {
		if on.Before(f.Until) {
			return f.Name
		}
	}
	return u.Name
}

// names lists every name of the unit but its aliases.
func (u Unit) names() []string {
	out := []string{u.Name, u.Full, u.Short}
	for _, f := range u.Former {
		out = append(out, f.Name, f.Full)
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// valid holds the rules of one unit, whoever writes it.
func (u Unit) valid() error {
	wrong := fault.Fields{}
	if n := utf8.RuneCountInString(u.Name); n < 2 || n > 60 {
		wrong["name"] = "单位名称请写 2 至 60 个字"
	}
	if utf8.RuneCountInString(u.Full) > 100 {
		wrong["full"] = "单位全称不能超过 100 个字"
	}
	if utf8.RuneCountInString(u.Short) > 30 {
		wrong["short"] = "单位简称不能超过 30 个字"
	}
	if strings.ContainsAny(u.Name, "\n\r\t") {
		wrong["name"] = "单位名称不能换行"
	}
	if u.Type.Title() == "" {
		wrong["type"] = "请选择单位类型：政府办、部门、管委会、街道办事处、事业单位、企业或其他"
	}
	if !u.ValidTo.IsZero() && !u.ValidFrom.Before(u.ValidTo) {
		wrong["valid_to"] = "停止日期必须晚于启用日期"
	}
	if u.Successor != "" && u.ValidTo.IsZero() {
		wrong["successor"] = "填写了承接单位，还需要填写停止日期"
	}
	if u.Successor != "" && u.Successor == u.ID {
		wrong["successor"] = "承接单位不能是本单位"
	}
	for _, s := range u.Bureau.Staff {
		if s.Person == "" {
			wrong["staff"] = "工作人员的姓名不能为空"
		}
		if !s.To.IsZero() && !s.From.Before(s.To) {
			wrong["staff"] = "工作人员“" + s.Person + "”的结束日期必须晚于开始日期"
		}
	}
	return wrong.Err()
}

// Group is a set of units under one name, as plans write it: 各街道办事处. Its
// members are the units of its Types and those listed, in the order of the
// directory.
type Group struct {
	ID      id.ID    `bun:",pk" json:"id"`
	Name    string   `json:"name"`
	Aliases []string `bun:"type:jsonb" json:"aliases,omitempty"`
	Types   []Type   `bun:"type:jsonb" json:"types,omitempty"`
	Units   []id.ID  `bun:"type:jsonb" json:"units,omitempty"`
	Seq     int      `json:"seq"`
	Version int64    `json:"version"`
}

// Has reports whether the unit belongs to the group.
func (g Group) Has(u Unit) bool {
	return slices.Contains(g.Types, u.Type) || slices.Contains(g.Units, u.ID)
}

func (g Group) valid() error {
	wrong := fault.Fields{}
	if n := utf8.RuneCountInString(g.Name); n < 2 || n > 60 {
		wrong["name"] = "单位组名称请写 2 至 60 个字"
	}
	if len(g.Types) == 0 && len(g.Units) == 0 {
		wrong["units"] = "请为单位组选择单位类型或具体单位"
	}
	for _, t := range g.Types {
		if t.Title() == "" {
			wrong["types"] = "单位组里有不认识的单位类型"
		}
	}
	return wrong.Err()
}
