package org

import (
	"strings"

	"gongkai/kernel/id"
)

// Role is a set of the things a person may be in a unit (design, section 4).
// A route or a move names the roles that may use it; a person may when the two
// sets meet.
type Role uint32

const (
	Public        Role = 1 << iota // everyone, signed in or not
	Staff                          // everyone who is signed in
	Editor                         // 编辑
	Proofreader                    // 校对
	Reviewer1                      // 一审
	Reviewer2                      // 二审
	Reviewer3                      // 三审
	Secrecy                        // 保密审查
	Disclosure                     // 政务公开经办: acts for a unit's disclosure office
	Operator                       // 热线坐席
	Lead                           // 牵头单位核查
	Coordinator                    // 政府办统筹: the office that runs the plan
	Leader                         // 分管领导, approves
	Principal                      // 区政府主要负责同志: never delegated (assessment 6.1)
	SystemAdmin                    // 系统管理员
	SecurityAdmin                  // 安全管理员
	AuditAdmin                     // 审计管理员
)

const (
	// Reviewer is any of the three reviews.
	Reviewer = Reviewer1 | Reviewer2 | Reviewer3
	// Admin is any of the three separated administrators; no person holds two.
	Admin = SystemAdmin | SecurityAdmin | AuditAdmin
)

// roles lists every role that can be given to a person, with its code (used in
// sheets and on the command line) and its name on screens.
var roles = []struct {
	Role        Role
	Code, Title string
}{
	{Editor, "editor", "编辑"}, {Proofreader, "proofreader", "校对"},
	{Reviewer1, "reviewer1", "一审"}, {Reviewer2, "reviewer2", "二审"}, {Reviewer3, "reviewer3", "三审"},
	{Secrecy, "secrecy", "保密审查"}, {Disclosure, "disclosure", "政务公开经办"}, {Operator, "operator", "热线坐席"},
	{Lead, "lead", "牵头核查"}, {Coordinator, "coordinator", "政府办统筹"}, {Leader, "leader", "分管领导"},
	{Principal, "principal", "主要负责同志"},
	{SystemAdmin, "system", "系统管理员"}, {SecurityAdmin, "security", "安全管理员"}, {AuditAdmin, "audit", "审计管理员"},
}

// Any reports whether r and other meet.
func (r Role) Any(other Role) bool { return r&other != 0 }

// Split returns the single roles in r, in their fixed order.
func (r Role) Split() []Role {
	var out []Role
	for b := Public; b <= AuditAdmin; b <<= 1 {
		if r&b != 0 {
			out = append(out, b)
		}
	}
	return out
}

// Title names the roles in Chinese, joined by 、.
func (r Role) Title() string {
	var out []string
	for _, one := range roles {
		if r&one.Role != 0 {
			out = append(out, one.Title)
		}
	}
	return strings.Join(out, "、")
}

// Code names a single role as sheets and the command line write it.
func (r Role) Code() string {
	for _, one := range roles {
		if r == one.Role {
			return one.Code
		}
	}
	return ""
}

// RoleOf reads a code or a Chinese title; ok is false for an unknown one.
func RoleOf(text string) (role Role, ok bool) {
	for _, one := range roles {
		if text == one.Code || text == one.Title {
			return one.Role, true
		}
	}
	return 0, false
}

// AllRoles lists the roles that can be given to a person.
func AllRoles() []Role {
	out := make([]Role, len(roles))
	for i, one := range roles {
		out[i] = one.Role
	}
	return out
}

// Actor is who does something: a person acting in one of their units with the
// roles held there. The zero Actor is an anonymous visitor.
type Actor struct {
	Person   id.ID
	Name     string
	Unit     id.ID // the unit the person acts for now
	UnitName string
	Roles    Role
	For      id.ID // the person whose absence is covered, or ""
}

// May reports whether the actor holds one of the roles. Everyone may what the
// public may; every signed-in person is Staff.
func (a Actor) May(need Role) bool {
	have := a.Roles | Public
	if a.Person != "" {
		have |= Staff
	}
	return have.Any(need)
}

// System is the actor of work that no person asked for: clocks, proofs, imports
// at installation.
var System = Actor{Name: "系统"}
