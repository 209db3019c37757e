package org_test

import (
	"testing"

	"gongkai/kernel/org"
)

func TestRolesHaveCodesAndTitles(t *testing.T) {
	for _, r := range org.AllRoles() {
		for _, text := range []string{r.Code(), r.Title()} {
			if got, ok := org.RoleOf(text); !ok || got != r {
				t.Errorf("RoleOf(%q) = %v, %v", text, got, ok)
			}
		}
	}
	if got := (org.Disclosure | org.Editor).Title(); got != "编辑、政务公开经办" {
		t.Errorf("Title = %q", got)
	}
}

func TestMay(t *testing.T) {
	visitor := org.Actor{}
	clerk := org.Actor{Person: "p", Roles: org.Disclosure}
	for _, c := range []struct {
		who  org.Actor
		need org.Role
		want bool
	}{
		{visitor, org.Public, true}, {visitor, org.Staff, false}, {visitor, org.Disclosure, false},
		{clerk, org.Public, true}, {clerk, org.Staff, true}, {clerk, org.Disclosure | org.Lead, true}, {clerk, org.Lead, false},
		{clerk, 0, false},
	} {
		if got := c.who.May(c.need); got != c.want {
			t.Errorf("%v may %v = %v", c.who, c.need, got)
		}
	}
}
