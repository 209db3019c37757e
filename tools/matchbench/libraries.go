package main

import (
	bobusumisu "github.com/BobuSumisu/aho-corasick"
	anknown "github.com/anknown/ahocorasick"
	cloudflare "github.com/cloudflare/ahocorasick"
	coregx "github.com/coregx/ahocorasick"
	petar "github.com/petar-dambovaliev/aho-corasick"

	"gongkai/kernel/check/match"
)

// library is a Go library: build makes what counts the occurrences in a text.
type library struct {
	name, note string
	build      func(terms []string) func(text string) int
}

// libraries lists what is compared; match is the first.
func libraries() []library {
	return []library{
		{"match", "", func(terms []string) func(string) int {
			s := match.New(terms)
			return func(text string) (n int) {
				s.Each(text, func(_, _, _ int) { n++ })
				return n
			}
		}},
		{"match, a condition on each hit", "counts hits that no 不 and no 的 stands before", func(terms []string) func(string) int {
			s := match.New(terms)
			return func(text string) (n int) {
				s.Each(text, func(_, start, _ int) {
					if start < 3 || text[start-3:start] != "不" && text[start-3:start] != "的" {
						n++
					}
				})
				return n
			}
		}},
		{"Go coregx", "", func(terms []string) func(string) int {
			a, err := coregx.NewBuilder().AddStrings(terms).Build()
			if err != nil {
				panic(err)
			}
			return func(text string) int { return len(a.FindAllOverlapping([]byte(text))) }
		}},
		{"Go petar-dambovaliev, DFA", "", func(terms []string) func(string) int { return dambovaliev(terms, true) }},
		{"Go petar-dambovaliev, NFA", "", func(terms []string) func(string) int { return dambovaliev(terms, false) }},
		{"Go BobuSumisu", "", func(terms []string) func(string) int {
			t := bobusumisu.NewTrieBuilder().AddStrings(terms).Build()
			return func(text string) (n int) {
				t.Walk([]byte(text), func(_, _, _ int64) bool { n++; return true })
				return n
			}
		}},
		{"Go anknown", "", func(terms []string) func(string) int {
			var m anknown.Machine
			list := make([][]rune, len(terms))
			for i, t := range terms {
				list[i] = []rune(t)
			}
			if err := m.Build(list); err != nil {
				panic(err)
			}
			return func(text string) int { return len(m.MultiPatternSearch([]rune(text), false)) }
		}},
		{"Go cloudflare", "counts each term once", func(terms []string) func(string) int {
			m := cloudflare.NewStringMatcher(terms)
			return func(text string) int { return len(m.Match([]byte(text))) }
		}},
	}
}

func dambovaliev(terms []string, dfa bool) func(string) int {
	b := petar.NewAhoCorasickBuilder(petar.Opts{MatchKind: petar.StandardMatch, DFA: dfa})
	a := b.Build(terms)
	return func(text string) (n int) {
		i := a.IterOverlapping(text)
		for m := i.Next(); m != nil; m = i.Next() {
			n++
		}
		return n
	}
}
