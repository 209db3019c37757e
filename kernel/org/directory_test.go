package org

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
)

var (
	day    = calendar.MustParse("2026-05-06")
	cheng  = District{Name: "澄江区", Full: "云川市澄江区"}
	sample = []Unit{
		{ID: "gov", Name: "区政府办公室", Full: "澄江区人民政府办公室", Type: Office, Aliases: []string{"区府办"}},
		{ID: "law", Name: "区司法局", Type: Department, Seq: 1},
		{ID: "dev", Name: "区发展改革委", Full: "澄江区发展和改革委员会", Type: Department, Seq: 2},
		{ID: "health", Name: "区卫生健康委", Type: Department, Seq: 3},
		{ID: "old", Name: "区文化委", Type: Department, Seq: 4, ValidTo: calendar.MustParse("2019-01-01"), Successor: "culture"},
		{ID: "culture", Name: "区文化旅游委", Type: Department, Seq: 5, ValidFrom: calendar.MustParse("2019-01-01"),
			Former: []Former{{Name: "区旅游发展委", Until: calendar.MustParse("2020-07-01")}}},
		{ID: "gone", Name: "区矿务局", Type: Department, Seq: 6, ValidTo: calendar.MustParse("2010-01-01")},
		{ID: "park", Name: "高新园管委会", Type: Committee, Seq: 7},
		{ID: "s1", Name: "朝霞街道办事处", Type: Street, Seq: 8},
		{ID: "s2", Name: "和平街道", Type: Street, Seq: 9},
		{ID: "p1", Name: "区公安局", Type: Department, Seq: 10, Aliases: []string{"警方"}},
		{ID: "p2", Name: "区公安局轨道分局", Type: Department, Seq: 11, Aliases: []string{"警方"}},
	}
	sampleGroups = []Group{
		{ID: "all", Name: "区政府各部门、管委会、街道办事处", Types: []Type{Office, Department, Committee, Street}},
		{ID: "streets", Name: "各街道办事处", Aliases: []string{"各镇街"}, Types: []Type{Street}, Seq: 1},
		{ID: "few", Name: "执法成员单位", Units: []id.ID{"law", "p1"}, Seq: 2},
	}
)

func TestResolve(t *testing.T) {
	d := NewDirectory(cheng, day, sample, sampleGroups)
	for _, c := range []struct {
		name  string
		units []id.ID
		group id.ID
		how   How
		sure  bool
	}{
		{"区司法局", []id.ID{"law"}, "", Exact, true},
		{" 区司\n法局 ", []id.ID{"law"}, "", Exact, true},
		{"區司法局", []id.ID{"law"}, "", Exact, true},
		{"司法局", []id.ID{"law"}, "", Normalised, true},
		{"澄江区司法局", []id.ID{"law"}, "", Normalised, true},
		{"云川市澄江区司法局", []id.ID{"law"}, "", Normalised, true},
		{"市司法局", nil, "", Unknown, false},
		{"区府办", []id.ID{"gov"}, "", Alias, true},
		{"区政府办", []id.ID{"gov"}, "", Normalised, true},
		{"区人民政府办公室", []id.ID{"gov"}, "", Normalised, true},
		{"区发展和改革委员会", []id.ID{"dev"}, "", Normalised, true},
		{"区发改委", []id.ID{"dev"}, "", Abbreviated, false},
		{"区卫健委", []id.ID{"health"}, "", Abbreviated, false},
		{"区卫生健康委（区中医药局）", []id.ID{"health"}, "", Normalised, true},
		{"朝霞街道", []id.ID{"s1"}, "", Normalised, true},
		{"和平街道办事处", []id.ID{"s2"}, "", Normalised, true},
		{"高新园管理委员会", []id.ID{"park"}, "", Normalised, true},
		{"区文化委", []id.ID{"culture"}, "", Alias, true},   // merged: who took over
		{"区旅游发展委", []id.ID{"culture"}, "", Alias, true}, // renamed
		{"区矿务局", []id.ID{"gone"}, "", Exact, false},     // abolished: asked about
		{"警方", []id.ID{"p1", "p2"}, "", Alias, false},   // two meanings
		{"区公安局", []id.ID{"p1"}, "", Exact, true},
		{"各街道办事处", []id.ID{"s1", "s2"}, "streets", InGroup, true},
		{"各镇街", []id.ID{"s1", "s2"}, "streets", InGroup, true},
		{"执法成员单位", []id.ID{"law", "p1"}, "few", InGroup, true},
		{"各区政府部门", nil, "", Unknown, false},
		{"", nil, "", Unknown, false},
		{"—", nil, "", Unknown, false},
	} {
		m := d.Resolve(c.name)
		if !slices.Equal(m.Units, c.units) || m.Group != c.group || m.How != c.how || m.Sure != c.sure {
			t.Errorf("Resolve(%q) = %+v, want %v %q %q %v", c.name, m, c.units, c.group, c.how, c.sure)
		}
	}
	if m := d.Resolve("区政府各部门、管委会、街道办事处"); m.Group != "all" || len(m.Units) != 10 {
		t.Errorf("the group of all: %+v", m)
	}
}

func TestPast(t *testing.T) {
	d := NewDirectory(cheng, day, sample, sampleGroups)
	u, ok := d.Current("old", day)
	if !ok || u.ID != "culture" {
		t.Errorf("Current(old) = %v %v", u.ID, ok)
	}
	if u, ok := d.Current("old", calendar.MustParse("2018-12-31")); !ok || u.ID != "old" {
		t.Errorf("the day before the merger: %v %v", u.ID, ok)
	}
	if u, ok := d.Current("gone", day); ok || u.ID != "gone" {
		t.Errorf("abolished: %v %v", u.ID, ok)
	}
	for on, want := range map[string]string{"2019-05-01": "区旅游发展委", "2020-06-30": "区旅游发展委", "2020-07-01": "区文化旅游委"} {
		if got := u.NameOn(calendar.MustParse(on)); got != want {
			t.Errorf("NameOn(%s) = %s, want %s", on, got, want)
		}
	}
	circle := []Unit{
		{ID: "a", Name: "甲局", ValidTo: calendar.MustParse("2001-01-01"), Successor: "b"},
		{ID: "b", Name: "乙局", ValidTo: calendar.MustParse("2001-01-01"), Successor: "a"},
	}
	if _, ok := NewDirectory(cheng, day, circle, nil).Current("a", day); ok {
		t.Error("a circle of successors has no end")
	}
}

func TestNear(t *testing.T) {
	d := NewDirectory(cheng, day, sample, sampleGroups)
	for name, want := range map[string]id.ID{
		"区卫健委": "health", "区发改局": "dev", "司法所": "law", "区文旅委": "culture", "朝阳街道办事处": "s1",
	} {
		got := d.Near(name, 3)
		if len(got) == 0 || got[0].Unit != want {
			t.Errorf("Near(%s) = %+v, want %s first", name, got, want)
		}
	}
	if got := d.Near("xyz", 3); len(got) != 0 {
		t.Errorf("nothing is near: %+v", got)
	}
	if got := d.Near("区司法局", 0); len(got) != 0 {
		t.Errorf("none asked: %+v", got)
	}
}

func TestSplit(t *testing.T) {
	d := NewDirectory(cheng, day, sample, sampleGroups)
	for _, c := range []struct {
		text string
		want []Part
	}{
		{"区政府办公室区司法局", []Part{{"区政府办公室", true}, {"区司法局", true}}},
		{"区政府\n办公室 区司法局", []Part{{"区政府\n办公室", true}, {"区司法局", true}}},
		{"区公安局轨道分局区公安局", []Part{{"区公安局轨道分局", true}, {"区公安局", true}}},
		{"区司法局、区府办，各街道办事处", []Part{{"区司法局", true}, {"区府办", true}, {"各街道办事处", true}}},
		{"区政府各部门、管委会、街道办事处", []Part{{"区政府各部门、管委会、街道办事处", true}}},
		{"区司法局区气象台", []Part{{"区司法局", true}, {"区气象台", false}}},
		{"甲、乙", []Part{{"甲", false}, {"乙", false}}},
		{"澄江区司法局和平街道办事处", []Part{{"澄江区司法局", true}, {"和平街道办事处", true}}},
		{"", nil},
	} {
		if got := d.Split(c.text); !slices.Equal(got, c.want) {
			t.Errorf("Split(%q) = %+v, want %+v", c.text, got, c.want)
		}
	}
}

// units draws units with distinct names that hold 区 only at their start.
func drawUnits(t *rapid.T) []Unit {
	stem := rapid.StringOfN(rapid.RuneFrom([]rune("农林水电文教卫体财税民商人社信")), 2, 4, -1)
	stems := rapid.SliceOfNDistinct(stem, 1, 12, rapid.ID[string]).Draw(t, "stems")
	var out []Unit
	for i, s := range stems {
		end := rapid.SampledFrom([]string{"局", "委员会", "办公室", "中心"}).Draw(t, "end")
		out = append(out, Unit{ID: id.ID(s), Name: "区" + s + end, Seq: i, Type: Department})
	}
	return out
}

func TestDirectoryLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units := drawUnits(t)
		alias := rapid.StringOfN(rapid.RuneFrom([]rune("甲乙丙丁戊己")), 2, 6, -1).Draw(t, "alias")
		of := rapid.IntRange(0, len(units)-1).Draw(t, "of")
		units[of].Aliases = []string{alias}
		d := NewDirectory(cheng, day, units, nil)

		if m := d.Resolve(alias); len(m.Units) != 1 || m.Units[0] != units[of].ID || !m.Sure {
			t.Fatalf("alias %q leads to %+v", alias, m)
		}
		for _, u := range units {
			if m := d.Resolve(u.Name); len(m.Units) != 1 || m.Units[0] != u.ID || !m.Sure {
				t.Fatalf("%q leads to %+v", u.Name, m)
			}
		}
		var want []Part
		joined := ""
		for range rapid.IntRange(1, 6).Draw(t, "n") {
			u := rapid.SampledFrom(units).Draw(t, "unit")
			want, joined = append(want, Part{u.Name, true}), joined+u.Name
		}
		if got := d.Split(joined); !slices.Equal(got, want) {
			t.Fatalf("Split(%q) = %+v", joined, got)
		}
	})
}

// FuzzDirectory: no text makes the directory panic, and Split loses nothing
// but space and separators.
func FuzzDirectory(f *testing.F) {
	f.Add("区政府办公室区司法局（区法制办）等、各街道")
	f.Add(")(〕〔")
	d := NewDirectory(cheng, day, sample, sampleGroups)
	f.Fuzz(func(t *testing.T, text string) {
		d.Resolve(text)
		d.Near(text, 3)
		for _, p := range d.Split(text) {
			if p.Text == "" {
				t.Fatalf("an empty part of %q", text)
			}
		}
	})
}
