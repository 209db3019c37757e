package wording

import (
	_ "embed"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"

	"gongkai/kernel/check"
	"gongkai/kernel/check/match"
)

//go:embed phrase/names.tsv
var nameList string

// RuleName is the rule of names that may never be mistyped (S6).
const RuleName = "S6"

// Names finds near misses of names that may never be mistyped: one character that
// sounds the same, two that changed places, or one left out of a long name. It
// knows right forms only, and its hits never quote the text (content-review 7.2).
type Names struct {
	halves []half
	set    *match.Set
	right  map[string]bool
}

// half is a first or second part of a name: whoever mistypes one character leaves
// one of the two whole.
type half struct {
	name  string
	rest  []rune // the other part
	first bool   // the known part stands first
}

// NewNames makes the checker of the built-in names and a house's own.
func NewNames(own []string) *Names {
	n := &Names{right: map[string]bool{}}
	var parts []string
	for _, name := range append(lines(nameList), own...) {
		r := []rune(name)
		if len(r) < 5 || n.right[name] {
			continue
		}
		n.right[name] = true
		mid := len(r) / 2
		n.halves = append(n.halves, half{name, r[mid:], true}, half{name, r[:mid], false})
		parts = append(parts, string(r[:mid]), string(r[mid:]))
	}
	n.set = match.New(parts)
	return n
}

func lines(text string) []string {
	var out []string
	for _, l := range strings.Split(text, "\n") {
		if l = strings.TrimRight(l, "\r"); l != "" && l[0] != '#' {
			out = append(out, l)
		}
	}
	return out
}

// Rules is S6.
func (n *Names) Rules() []check.Rule {
	return []check.Rule{{
		ID: RuleName, Kind: check.Name, Severity: check.Block, Title: "重要名称的近似错写",
		Source: "国办秘函〔2019〕19号", Stages: check.Everywhere, Discreet: true,
	}}
}

// Check reports near misses.
func (n *Names) Check(t *check.Text, report func(check.Hit)) {
	n.set.Each(t.Body, func(term, start, end int) {
		h := n.halves[term]
		for _, size := range []int{len(h.rest), len(h.rest) - 1} {
			from, to := end, end
			if h.first {
				to = step(t.Body, end, size)
			} else {
				from, to = step(t.Body, start, -size), start
			}
			if from < 0 || to < 0 {
				continue
			}
			at, slipped := slip(h.rest, []rune(t.Body[from:to]), utf8.RuneCountInString(h.name))
			if !slipped {
				continue
			}
			if n.covered(t.Body, step(t.Body, from, at)) {
				return
			}
			s := check.Span{Start: min(start, from), End: max(end, to)}
			report(check.Hit{
				Rule: RuleName, Start: s.Start, End: s.End, Replace: h.name,
				Message: "疑似“" + h.name + "”书写有误，请核对。",
			})
			return
		}
	})
}

// covered tells whether a right name stands across the place of a slip: the text
// then only looks like another name.
func (n *Names) covered(body string, at int) bool {
	from := back(body, at, 30)
	around := body[from:forth(body, at, 30)]
	for name := range n.right {
		for i := 0; ; {
			k := strings.Index(around[i:], name)
			if k < 0 {
				break
			}
			i += k
			if from+i <= at && at < from+i+len(name) {
				return true
			}
			i += len(name)
		}
	}
	return false
}

// step walks characters on (n > 0) or back from a byte offset; -1 past an end.
func step(body string, at, n int) int {
	for ; n > 0; n-- {
		if at >= len(body) {
			return -1
		}
		_, size := utf8.DecodeRuneInString(body[at:])
		at += size
	}
	for ; n < 0; n++ {
		if at <= 0 {
			return -1
		}
		_, size := utf8.DecodeLastRuneInString(body[:at])
		at -= size
	}
	return at
}

// slip tells whether got is what fingers make of want, and at which character:
// one replaced by one that sounds the same, two neighbours exchanged, or, in a
// name of seven characters and more, one left out.
func slip(want, got []rune, name int) (at int, ok bool) {
	if slices.Equal(want, got) {
		return 0, false
	}
	if len(got) == len(want)-1 {
		if name < 7 || len(want) < 3 {
			return 0, false
		}
		for i := 1; i < len(want)-1; i++ {
			if want[i] == '和' || want[i] == '与' {
				continue // 住房城乡建设部 is the usual short form
			}
			if slices.Equal(got, slices.Concat(want[:i], want[i+1:])) {
				return i, true
			}
		}
		return 0, false
	}
	if len(got) != len(want) {
		return 0, false
	}
	differ := make([]int, 0, 3)
	for i := range want {
		if want[i] != got[i] {
			if differ = append(differ, i); len(differ) > 2 {
				return 0, false
			}
		}
	}
	i := differ[0]
	if len(differ) == 1 {
		return i, soundAlike(want[i], got[i]) && !strings.Contains(twins, string([]rune{want[i], got[i]}))
	}
	k := differ[1]
	return i, k == i+1 && want[i] == got[k] && want[k] == got[i]
}

// twins are characters of the names with their traditional forms, which a text in
// traditional characters writes rightly.
const twins = "区區县縣会會员員国國华華军軍义義党黨产產检檢发發业業农農务務资資环環与與复復护護总總动動运運兴興广廣东東门門" +
	"湾灣设設体體际際宁寧疆彊乡鄉办辦团團妇婦联聯选選优優济濟经經监監督督书書记記习習时時态態应應级級标標识識现現观觀术術种種" +
	"类類类類价價领領导導权權维維尔爾内內蒙矇战戰纪紀律律学學质質"

// soundAlike tells whether two characters share a reading, tones left aside.
func soundAlike(a, b rune) bool {
	args := pinyin.NewArgs()
	args.Heteronym = true
	other := pinyin.SinglePinyin(b, args)
	return slices.ContainsFunc(pinyin.SinglePinyin(a, args), func(r string) bool { return slices.Contains(other, r) })
}
