package judge

import (
	"slices"
	"strings"

	"gongkai/area/inspect/fact"
)

// foldPairs leaves one finding where two checks see the same place for the same
// cause: that which names the other's check in Also stays. A document number with
// the wrong brackets breaks the rule of the header and the rule of texts; the clerk
// mends it once.
func (s *site) foldPairs() {
	byPage := map[string][]*fact.Finding{}
	for _, f := range s.findings {
		if !f.Secret && f.State != fact.NotDecided {
			k := plainly(f.URL)
			byPage[k] = append(byPage[k], f)
		}
	}
	for _, all := range byPage {
		slices.SortFunc(all, func(a, b *fact.Finding) int { return strings.Compare(a.ID, b.ID) })
		for _, keep := range all {
			for _, f := range all {
				if f == keep || s.findings[f.ID] == nil || s.findings[keep.ID] == nil || !slices.Contains(keep.Also, f.Check) || !sameCause(keep, f) {
					continue
				}
				if severity(*f)%3 < severity(*keep)%3 {
					keep.State = f.State
				}
				keep.Confirmed = keep.Confirmed || f.Confirmed
				for _, c := range f.Also {
					if c != keep.Check && !slices.Contains(keep.Also, c) {
						keep.Also = append(keep.Also, c)
					}
				}
				delete(s.findings, f.ID)
			}
		}
	}
}

// sameCause tells whether two findings of a page are about the same words, or have
// the same key.
func sameCause(keep, f *fact.Finding) bool {
	if f.Key == keep.Key {
		return true
	}
	_, word, ok := strings.Cut(f.Key, ":") // of a rule of texts: rule and word
	if !ok || word == "" {
		return false
	}
	said := flat(keep.Seen)
	return strings.Contains(said, flat(word)) || strings.Contains(flat(word), said) && said != ""
}
