package notify_test

import (
	"path/filepath"
	"slices"
	"testing"

	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/notify"
	"gongkai/kernel/org"
	"gongkai/kernel/secret"
	"gongkai/kernel/store/storetest"
)

func TestOrgAsDirectory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	if err := secret.Create(path); err != nil {
		t.Fatal(err)
	}
	keys, err := secret.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	k := storetest.SQLite(t)
	s := org.New(k.Open(audit.Migration(), org.Migration()), keys, org.District{})
	ctx, admin := t.Context(), org.Actor{Person: "admin", Name: "管理员", Roles: org.SystemAdmin}
	must := func(key id.ID, err error) id.ID {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	unit := must(s.PutUnit(ctx, admin, org.Unit{Name: "区司法局", Type: org.Department}))
	office := must(s.PutUnit(ctx, admin, org.Unit{Name: "区政府办公室", Type: org.Department}))
	person := func(name string, unit id.ID, role org.Role) id.ID {
		key := must(s.PutPerson(ctx, admin, org.Person{Name: name, Phone: "13800001234", Email: "a@linjiang.example"}))
		must(s.Assign(ctx, admin, org.Post{Person: key, Unit: unit, Roles: role}))
		return key
	}
	wang, li := person("王一", unit, org.Disclosure), person("李二", unit, org.Editor)
	chen := person("陈三", office, org.Disclosure|org.Coordinator)

	d := notify.Org(s)
	today := calendar.Of(k.Clock.Now())
	for _, c := range []struct {
		unit id.ID
		role org.Role
		want []id.ID
	}{
		{unit, org.Disclosure, []id.ID{wang}}, {unit, org.Disclosure | org.Editor, []id.ID{wang, li}},
		{"", org.Disclosure, []id.ID{wang, chen}}, {"", org.Leader, nil},
	} {
		got, err := d.People(ctx, c.unit, c.role, today)
		slices.Sort(got)
		slices.Sort(c.want)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s %v: %v %v, want %v", c.unit, c.role, got, err, c.want)
		}
	}
	must(s.PutAbsence(ctx, admin, org.Absence{Person: wang, Substitute: li, From: today, To: today.Add(3), Reason: "出差"}))
	if got, err := d.People(ctx, unit, org.Disclosure, today); err != nil || !slices.Equal(got, []id.ID{li}) {
		t.Errorf("while wang is away: %v %v", got, err)
	}
	if mail, phone, err := d.Contact(ctx, li); err != nil || mail.Reveal() != "a@linjiang.example" || phone.Reveal() != "13800001234" {
		t.Errorf("%v %v %v", mail, phone, err)
	}
	if _, _, err := d.Contact(ctx, "nobody"); err == nil {
		t.Error("an unknown person has a contact")
	}
}
