package org

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/secret"
)

// business are all roles that do the work of open government, as opposed to
// the three administrators who keep the system.
const business = Editor | Proofreader | Reviewer | Secrecy | Disclosure | Operator | Lead | Coordinator | Leader | Principal

// Person is somebody who works in or for the district. Phone and e-mail are
// encrypted at rest and masked wherever they are shown.
type Person struct {
	ID      id.ID       `bun:",pk"`
	Name    string      // 姓名
	Number  string      `bun:",nullzero"` // 工号, unique when there; the key of imports and of single sign-on
	Phone   secret.Text // "" for none
	Email   secret.Text // "" for none
	Active  bool        // false once the person has left
	Version int64
}

func (p Person) valid() error {
	wrong := fault.Fields{}
	if n := utf8.RuneCountInString(p.Name); n < 2 || n > 30 || strings.ContainsAny(p.Name, "\r\n\t") {
		wrong["name"] = "姓名请写 2 至 30 个字"
	}
	if utf8.RuneCountInString(p.Number) > 40 {
		wrong["number"] = "工号不能超过 40 个字"
	}
	if text := p.Phone.Reveal(); text != "" && !phoneForm.MatchString(strings.NewReplacer(" ", "", "－", "-").Replace(text)) {
		wrong["phone"] = "电话请写11位手机号码，或带区号的固定电话，如 023-63001234"
	}
	if text := p.Email.Reveal(); text != "" {
		if a, err := mail.ParseAddress(text); err != nil || a.Address != text || !strings.Contains(text[strings.LastIndex(text, "@"):], ".") {
			wrong["email"] = "邮箱请写成 name@example.cn 的形式"
		}
	}
	return wrong.Err()
}

// phoneForm is a mobile number or a fixed line with its area code.
var phoneForm = regexp.MustCompile(`^(\+?86-?)?(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?)$`)

// Post is what a person may do in a unit for a span of days: From inclusive,
// To exclusive, no day for open.
type Post struct {
	ID     id.ID         `bun:",pk" json:"id"`
	Person id.ID         `json:"person"`
	Unit   id.ID         `json:"unit"`
	Roles  Role          `json:"roles"`
	From   calendar.Date `bun:"from_day" json:"from"`
	To     calendar.Date `bun:"to_day" json:"to"`
}

// On reports whether the post is held on a day.
func (p Post) On(day calendar.Date) bool { return within(day, p.From, p.To) }

// Absence hands the posts of a person to a substitute for a span of days: From
// inclusive, To exclusive and always given.
type Absence struct {
	ID         id.ID         `bun:",pk" json:"id"`
	Person     id.ID         `json:"person"`
	Substitute id.ID         `json:"substitute"`
	From       calendar.Date `bun:"from_day" json:"from"`
	To         calendar.Date `bun:"to_day" json:"to"`
	Reason     string        `json:"reason"` // 出差、休假 …
}

// On reports whether the person is away on a day.
func (a Absence) On(day calendar.Date) bool { return within(day, a.From, a.To) }

// covered are the roles a substitute takes over. The principal's duties are
// never delegated (assessment 6.1) and an administrator's are not lent, or the
// separation of the three would end with the first holiday.
func covered(r Role) Role { return r &^ (Principal | Admin) }

// separated checks the separation of duties over all posts of one person: at
// no time two administrators, at no time an administrator and a business role.
func separated(name string, posts []Post) error {
	for i, a := range posts {
		for _, b := range posts[i:] {
			if !meet(a.From, a.To, b.From, b.To) {
				continue
			}
			both := a.Roles | b.Roles
			admin := both & Admin
			if len(admin.Split()) > 1 {
				return fault.Newf(fault.Conflict, "三员分立：%s不能同时担任%s，请把其中一项交给别人", name, admin.Title())
			}
			if admin != 0 && both&business != 0 {
				return fault.Newf(fault.Conflict, "三员分立：%s担任%s，不能同时担任业务角色（%s），请先取消其中一方", name, admin.Title(), (both & business).Title())
			}
		}
	}
	return nil
}

// standing is what is known of one person's rights: their posts, the absences
// in which they are the substitute, and the posts of those absent.
type standing struct {
	person   Person
	posts    []Post
	covering []Absence
	lent     []Post // posts of the people absent
}

// roles returns the person's rights in a unit on a day, and whose absence
// gives some of them.
func (s standing) roles(unit id.ID, on calendar.Date) (own Role, lent Role, absent id.ID) {
	for _, p := range s.posts {
		if p.Unit == unit && p.On(on) {
			own |= p.Roles
		}
	}
	for _, a := range s.covering {
		if !a.On(on) {
			continue
		}
		for _, p := range s.lent {
			if p.Person == a.Person && p.Unit == unit && p.On(on) && covered(p.Roles) != 0 {
				lent |= covered(p.Roles)
				if absent == "" {
					absent = a.Person
				}
			}
		}
	}
	if own.Any(Admin) { // an administrator covers nobody, even if data say so
		return own, 0, ""
	}
	return own, lent, absent
}

// units lists where the person may act on a day, own units first.
func (s standing) units(on calendar.Date) []id.ID {
	var out []id.ID
	for _, p := range append(slices.Clone(s.posts), s.lent...) {
		if slices.Contains(out, p.Unit) {
			continue
		}
		if own, lent, _ := s.roles(p.Unit, on); own|lent != 0 {
			out = append(out, p.Unit)
		}
	}
	return out
}

// actor builds the Actor of a person in a unit on a day.
func (s standing) actor(unit Unit, on calendar.Date) (Actor, error) {
	if !s.person.Active {
		return Actor{}, fault.Newf(fault.Forbidden, "%s已离岗，不能再办理业务", s.person.Name)
	}
	own, lent, absent := s.roles(unit.ID, on)
	if own|lent == 0 {
		return Actor{}, fault.Newf(fault.Forbidden, "%s在%s没有任职，请联系系统管理员", s.person.Name, unit.NameOn(on))
	}
	return Actor{
		Person: s.person.ID, Name: s.person.Name, Unit: unit.ID, UnitName: unit.NameOn(on),
		Roles: Public | Staff | own | lent, For: absent,
	}, nil
}

// held describes posts for a message: 区司法局（编辑、一审）.
func held(posts []Post, name func(id.ID) string) string {
	var out []string
	for _, p := range posts {
		out = append(out, fmt.Sprintf("%s（%s）", name(p.Unit), p.Roles.Title()))
	}
	return strings.Join(out, "；")
}
