package judge

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"gongkai/area/inspect/fact"
)

// isEmpty tells whether nothing stands in a page beside its list (3.1 V4 step 5):
// it says so, or it has less than 30 characters of its own. Its list and its links
// are looked at when all pages were seen: only then is known whether they are its
// own or stand on the pages beside it as well.
func isEmpty(r *fact.Reading) bool {
	if saysNone(r) || r.Scripted && !r.Rendered || hasMessageForm(r) || len(r.Guide) > 0 || len(r.Parts) > 0 {
		return false
	}
	for _, l := range r.Links {
		if l.Place == fact.InBody || l.Place == fact.InList {
			switch l.Element {
			case "img", "object", "source":
				return false // something is shown
			}
		}
	}
	return saysEmpty(r) || r.Words < 30
}

// saysEmpty tells whether a page says that nothing stands there yet.
func saysEmpty(r *fact.Reading) bool {
	return r.Empty || r.Words < 120 && blankText.MatchString(r.Text)
}

// saysNone tells whether a column says, with the day of it, that there is nothing
// of its kind (PLAT-10).
func saysNone(r *fact.Reading) bool {
	return noSuch.MatchString(r.Text) && dayInText.MatchString(r.Text)
}

// link is a link of a column that may be its contents.
type link struct {
	leaf int32
	url  string
}

// seeNexts counts on how many pages two links follow one another above the footer,
// and gives the links in their order. Items with a day offer others in ever new
// order; they are left out.
func (s *site) seeNexts(r *fact.Reading) (all []int32) {
	if r.Kind == fact.Jump || (r.Kind == fact.Content || r.Kind == fact.Guide) && !r.Published.IsZero() {
		return nil
	}
	for _, l := range r.Links {
		if l.Element != "a" || l.Place == fact.InFooter {
			continue
		}
		j := s.leafOf(keyOf(l.URL))
		if j < 0 || len(all) >= 300 {
			break
		}
		if n := len(all); n > 0 {
			if next := [2]int32{all[n-1], j}; s.nexts[next] > 0 || len(s.nexts) < maxNexts {
				s.nexts[next] = min(s.nexts[next], 254) + 1
			}
		}
		all = append(all, j)
	}
	return all
}

// seeLinks keeps which links of a page without entries may be its contents, and
// counts on how many pages each stands.
func (s *site) seeLinks(r *fact.Reading, keep bool) (out []link) {
	seen := map[int32]bool{}
	for _, l := range r.Links {
		if l.Element != "a" || l.Place == fact.InFooter || l.Place == fact.InNav {
			continue
		}
		j := s.leafOf(keyOf(l.URL))
		if j < 0 || seen[j] || len(seen) > 300 {
			continue
		}
		seen[j] = true
		if s.leaves[j].uses < 255 {
			s.leaves[j].uses++
		}
		if keep && len(out) < 60 {
			out = append(out, link{j, l.URL})
		}
	}
	return out
}

// seeForms keeps the forms of a page without entries, and counts on how many
// columns each stands.
func (s *site) seeForms(r *fact.Reading, keep bool) []fact.Form {
	for _, f := range r.Forms {
		if k := formKey(f); s.forms[k] > 0 || len(s.forms) < maxNexts {
			s.forms[k] = min(s.forms[k], 254) + 1
		}
	}
	if !keep {
		return nil
	}
	return r.Forms[:min(len(r.Forms), 20)]
}

// contents are the links of an empty column that are its own: they stand on no
// more than two pages, not on the home page, and lead to none of the columns
// beside it.
func (s *site) contents(c *column) (own []link) {
	for _, o := range c.out {
		l := &s.leaves[o.leaf]
		if l.uses > 2 || l.is&(byHome|menu) != 0 || s.end(o.leaf) == s.end(c.leaf) {
			continue
		}
		if n, ok := s.byKey[folderKey(o.url)]; ok && s.beside(c, s.columns[n]) {
			continue
		}
		own = append(own, o)
	}
	return own
}

// picked tells whether an empty column shows links that somebody chose for it: at
// least three in an order that no other page has. A menu stands on other pages as
// well. The breadcrumb, which ends here, does not count.
func (s *site) picked(c *column) bool {
	folder := siteTail.ReplaceAllString(pathOf(c.URL), "/")
	under := map[int32]bool{} // columns in its folder: it is their entrance
	for _, j := range c.shown {
		n, ok := s.byLeaf[s.end(j)]
		if ok && len(folder) > 1 && strings.HasSuffix(folder, "/") && s.columns[n] != c && strings.HasPrefix(pathOf(s.columns[n].URL), folder) {
			under[n] = true
		}
	}
	if len(under) >= 2 {
		return true
	}
	run := 0
	for i, j := range c.shown {
		if s.end(j) == s.end(c.leaf) || j == s.home.leaf {
			run = 0
			continue
		}
		if run > 0 && s.nexts[[2]int32{c.shown[i-1], j}] != 1 {
			run = 0
		}
		if run++; run >= 3 {
			return true
		}
	}
	return false
}

// asks tells whether a column has a form of its own, which is its content: one
// that is not the site's search, nor one of the head of every page.
func (s *site) asks(c *column) bool {
	for _, f := range c.forms {
		if k := formKey(f); len(f.Fields) > 0 && !s.home.forms[k] && (!f.Search || s.forms[k] <= 3) {
			return true
		}
	}
	return false
}

// formKey tells forms apart, by where they send and what they ask.
func formKey(f fact.Form) uint64 {
	return xxhash.Sum64String(plainly(f.Action) + "\x00" + strings.Join(f.Fields, "\x00"))
}

// sideMenu tells whether the entries of a column without anything else are but
// menus: links that the home page has too, or the columns beside it, of which it
// is one or which hang where it hangs.
func (s *site) sideMenu(c *column) bool {
	self, furniture, items := len(c.crumb) > 1, 0, 0
	for _, e := range c.entries {
		i := s.end(e.leaf)
		if i == s.end(c.leaf) {
			self = true
			continue
		}
		if s.leaves[e.leaf].is&(byHome|menu) != 0 { // of the head of every page
			furniture++
			if s.leaves[i].is&isItem != 0 {
				items++
			}
			continue
		}
		n, ok := s.byLeaf[i]
		if s.leaves[i].is&isColumn == 0 || !ok || !s.beside(c, s.columns[n]) {
			return false
		}
	}
	return items*2 < len(c.entries) && (self && len(c.entries) > 0 || furniture == len(c.entries))
}

// beside tells whether two columns hang under the same one, or one under the other
// above it.
func (s *site) beside(c, other *column) bool {
	up := func(c *column) string {
		if n := len(c.crumb); n > 1 {
			return strings.Join(c.crumb[:n-1], ">")
		}
		return path.Dir(strings.TrimSuffix(siteTail.ReplaceAllString(pathOf(c.URL), ""), "/"))
	}
	return up(c) == up(other)
}

// blankColumns is V4.3 and its share of D1.8 (WEB-23, WEB-47).
func (s *site) blankColumns() {
	var names []string
	for _, c := range s.columns {
		if !c.empty || c.scripted || c.archived || c.Items > 0 {
			continue
		}
		if c.kind == fact.Overview || c.kind == fact.Leader {
			continue
		}
		f := fact.Finding{Check: "WEB-47", Also: []string{"WEB-23"}, Indicator: "D1.8", URL: c.URL, On: onOf(c), State: fact.Fail, At: c.at, Proof: c.hash,
			What: fmt.Sprintf("栏目“%s”是空白栏目", c.Name), Seen: "没有内容，也没有说明", Mend: "补充内容；没有内容可发的，撤下栏目或注明没有此类信息"}
		if c.words > 0 {
			f.Seen = "页面上没有条目，只有不到一句话的说明"
		}
		if c.Class == fact.Policy { // WEB-06: an empty part of the policy documents costs there
			f.Indicator = "D1.5"
		}
		if s.onPlatform(c) {
			f.Also = append(f.Also, "PLAT-10")
		}
		if c.inMenu {
			f.Also = append(f.Also, "NORM-20")
		}
		if c.onlyLink != "" {
			f.State, f.What = fact.Proposed, fmt.Sprintf("栏目“%s”没有内容，只有一个链接", c.Name)
			f.Seen = "唯一的链接：" + c.onlyLink
			s.add(f)
		} else if c.Blank = s.add(f); c.Blank {
			names = append(names, c.Name)
		}
	}
	s.addUp("V4.3", "WEB-23", names, s.limit("V4.3.count"), 0, fmt.Sprintf("空白栏目 %d 个", len(names)))
}

// onPlatform tells whether a column belongs to the disclosure platform.
func (s *site) onPlatform(c *column) bool {
	for _, name := range append(slices.Clone(c.crumb), c.Name) {
		if platformName.MatchString(name) {
			return true
		}
	}
	return false
}
