package reader

import (
	"reflect"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A file that ends anywhere reads as the start of the whole: no measure appears
// that is not there, and all but the last have all their units.
func TestCutFiles(t *testing.T) {
	var names []string
	for name := range layouts {
		if name != "table with merged cells" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	rapid.Check(t, func(t *rapid.T) {
		layout := rapid.SampledFrom(names).Draw(t, "layout")
		plan, _ := genPlan(t)
		var all []string
		for _, b := range layouts[layout](t, plan).Blocks {
			all = append(all, b.Para.Text)
		}
		whole := []rune(strings.Join(all, "\n"))
		cut := rapid.IntRange(len(whole)/2, len(whole)).Draw(t, "cut")
		part := string(whole[:cut])
		r, err := Read(lines(part), Options{Year: 2024})
		if err != nil {
			return
		}
		got, _ := flatten(r.Wire())
		want, _ := flatten(wireOf(plan))
		for i, g := range got {
			if i >= len(want) || !sameStart(g.key, want[i].key) {
				t.Fatalf("%s: measure %d is %q\n%s\n%+v", layout, i, g.Text, part, r.Wire().Sections)
			}
			last := i+3 >= len(got)
			if !last && (!reflect.DeepEqual(g.Lead, want[i].Lead) || !reflect.DeepEqual(g.Resp, want[i].Resp)) {
				t.Fatalf("%s: measure %d has %v, %v\n%s", layout, i, g.Lead, g.Resp, part)
			}
			for _, n := range append(g.Lead, g.Resp...) {
				if names := strings.Join(append(append([]string{}, want[i].Lead...), want[i].Resp...), "、"); !strings.Contains(names, n) {
					t.Fatalf("%s: measure %d has the unit %q\n%s", layout, i, n, part)
				}
			}
		}
	})
}
