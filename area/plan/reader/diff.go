package reader

import (
	"sort"
	"strings"
)

// Entry is a measure of a version of a plan, as Diff compares it. Key is whatever
// the caller knows it by.
type Entry struct {
	Key        string
	Section    string
	Item       string
	Text       string
	Lead, Resp []string // names or unit keys
	Due        string
}

// Change is what became of one measure from the old version to the new.
type Change struct {
	Kind       ChangeKind
	Old, New   int      // indexes in the lists compared, -1 for none
	Similarity float64  // of the texts, 0–1
	Moved      bool     // under another item
	Words      bool     // its text changed
	Due        bool     // its deadline changed
	LeadGone   []string // units that are no longer named
	LeadCame   []string // units that are named now
	RespGone   []string
	RespCame   []string
}

// ChangeKind sorts changes.
type ChangeKind string

const (
	Same    ChangeKind = "same"
	Changed ChangeKind = "changed" // in words, units, deadline or place
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
)

// alike is the least similarity at which two texts are the same measure in other
// words; within the same item the lower one is enough.
const (
	alike     = 0.55
	alikeHere = 0.4
)

// Diff matches the measures of two versions of a plan, each at most once: equal
// texts first, then the most similar. Changes come in the order of the new
// version, removed measures behind the measure they followed.
func Diff(old, new []Entry) []Change {
	oldOf := make([]int, len(new))
	newOf := make([]int, len(old))
	for i := range oldOf {
		oldOf[i] = -1
	}
	for i := range newOf {
		newOf[i] = -1
	}
	score := make([]float64, len(new))
	join := func(o, n int, s float64) { newOf[o], oldOf[n], score[n] = n, o, s }

	// Equal texts: the one under the same item first.
	byText := map[string][]int{}
	for i, e := range old {
		k := plainText(e.Text)
		byText[k] = append(byText[k], i)
	}
	for _, here := range []bool{true, false} {
		for j, e := range new {
			if oldOf[j] >= 0 {
				continue
			}
			for _, i := range byText[plainText(e.Text)] {
				if newOf[i] < 0 && (!here || sameItem(old[i], e)) {
					join(i, j, 1)
					break
				}
			}
		}
	}
	// The most similar of the rest.
	type pair struct {
		o, n int
		s    float64
	}
	var pairs []pair
	oldGrams := make([]map[string]int, len(old))
	for i := range old {
		if newOf[i] < 0 {
			oldGrams[i] = grams(plainText(old[i].Text))
		}
	}
	for j := range new {
		if oldOf[j] >= 0 {
			continue
		}
		g := grams(plainText(new[j].Text))
		for i := range old {
			if newOf[i] >= 0 {
				continue
			}
			s := dice(oldGrams[i], g)
			if s >= alike || s >= alikeHere && sameItem(old[i], new[j]) {
				pairs = append(pairs, pair{i, j, s})
			}
		}
	}
	sort.SliceStable(pairs, func(a, b int) bool {
		if pairs[a].s != pairs[b].s {
			return pairs[a].s > pairs[b].s
		}
		return abs(pairs[a].o-pairs[a].n) < abs(pairs[b].o-pairs[b].n)
	})
	for _, p := range pairs {
		if newOf[p.o] < 0 && oldOf[p.n] < 0 {
			join(p.o, p.n, p.s)
		}
	}

	var out []Change
	gone := func(after int) { // removed measures that followed old measure after
		for i := after + 1; i < len(old) && newOf[i] < 0; i++ {
			out = append(out, Change{Kind: Removed, Old: i, New: -1})
		}
	}
	gone(-1)
	for j, e := range new {
		i := oldOf[j]
		if i < 0 {
			out = append(out, Change{Kind: Added, Old: -1, New: j})
			continue
		}
		o := old[i]
		c := Change{Kind: Same, Old: i, New: j, Similarity: score[j]}
		c.Moved = !sameItem(o, e)
		c.Words = plainText(o.Text) != plainText(e.Text)
		c.Due = normal(o.Due) != normal(e.Due)
		c.LeadGone, c.LeadCame = without(o.Lead, e.Lead), without(e.Lead, o.Lead)
		c.RespGone, c.RespCame = without(o.Resp, e.Resp), without(e.Resp, o.Resp)
		if c.Moved || c.Words || c.Due || len(c.LeadGone)+len(c.LeadCame)+len(c.RespGone)+len(c.RespCame) > 0 {
			c.Kind = Changed
		}
		out = append(out, c)
		gone(i)
	}
	return out
}

// Entries are the measures of a reading, for Diff. Key is empty.
func (r *Reading) Entries() []Entry {
	var out []Entry
	for _, s := range r.Sections {
		for _, it := range s.Items {
			for _, m := range it.Measures {
				e := Entry{Section: s.Title, Item: it.Title, Text: m.Text, Due: m.Due.Text}
				for _, n := range m.Lead {
					e.Lead = append(e.Lead, n.Text)
				}
				for _, n := range m.Resp {
					e.Resp = append(e.Resp, n.Text)
				}
				out = append(out, e)
			}
		}
	}
	return out
}

func sameItem(a, b Entry) bool {
	return normal(a.Item) == normal(b.Item) && (a.Item != "" || normal(a.Section) == normal(b.Section))
}

// plainText is a text without marks and spaces: a changed comma is no change.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("。，、；：,.;:“”\"()（）", r) {
			return -1
		}
		return r
	}, normal(s))
}

func grams(s string) map[string]int {
	r := []rune(s)
	m := make(map[string]int, len(r))
	if len(r) == 1 {
		m[s]++
	}
	for i := 0; i+1 < len(r); i++ {
		m[string(r[i:i+2])]++
	}
	return m
}

// dice is the share of pairs of characters that two texts have in common.
func dice(a, b map[string]int) float64 {
	both, total := 0, 0
	for k, n := range a {
		both += min(n, b[k])
		total += n
	}
	for _, n := range b {
		total += n
	}
	if total == 0 {
		return 0
	}
	return 2 * float64(both) / float64(total)
}

func without(a, b []string) []string {
	have := map[string]bool{}
	for _, s := range b {
		have[normal(s)] = true
	}
	var out []string
	for _, s := range a {
		if !have[normal(s)] {
			out = append(out, s)
		}
	}
	return out
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
