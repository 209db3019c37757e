package judge

import (
	"fmt"
	"path"
	"slices"
	"strings"

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
