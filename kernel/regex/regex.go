// Package regex is regexp for texts in which an expression seldom matches. From
// the expression it learns with which two characters a match can begin, and looks
// for those first: one pass over the text, a tenth of what trying the expression
// costs. What matches is what regexp says, to the character.
package regex

import (
	"math/bits"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// Pattern is a compiled expression. It is safe for use by many goroutines. Methods
// of Regexp that are not named below work as ever, only not quicker.
type Pattern struct {
	*regexp.Regexp
	needs  []string    // one of these words stands in every text that matches; none = not known
	all    bool        // a match may begin with anything
	start  bool        // only where the text begins
	alone  bool        // first has something in it
	behind bool        // second has
	first  [4]uint64   // characters with which a match can begin, whatever follows
	second [4]uint64   // characters that can stand second, whatever comes first
	pairs  [128]uint64 // first and second character
}

const (
	fewRunes = 80   // characters of a class that are taken one by one
	mostRune = 100  // characters in first or second: with more they would let all pass
	mostPair = 2000 // the same for pairs
)

// New compiles an expression that is part of the program; it panics on a wrong one.
func New(expression string) *Pattern {
	p := &Pattern{Regexp: regexp.MustCompile(expression)}
	tree, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		panic(err) // regexp took it
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		panic(err)
	}
	p.start = prog.StartCond()&syntax.EmptyBeginText != 0
	p.all = !p.learn(prog)
	return p
}

// With is New for an expression that matches only texts with one of the words in
// needs, which spaces divide: to look for a word costs least of all.
func With(needs, expression string) *Pattern {
	p := New(expression)
	p.needs = strings.Fields(needs)
	return p
}

// learn fills in what a match can begin with; false when it can be nearly anything.
func (p *Pattern) learn(prog *syntax.Prog) bool {
	heads, ends := behind(prog, uint32(prog.Start))
	if ends {
		return false
	}
	for _, head := range heads {
		first := runes(head)
		next, ends := behind(prog, head.Out)
		if ends {
			next = nil
		}
		var second []rune
		known := !ends
		for _, n := range next {
			r := runes(n)
			known = known && r != nil
			second = append(second, r...)
		}
		switch {
		case first != nil && known:
			for _, a := range first {
				for _, b := range second {
					set(p.pairs[:], pair(a, b))
				}
			}
		case first != nil:
			p.alone = true
			for _, a := range first {
				set(p.first[:], single(a))
			}
		case known:
			p.behind = true
			for _, b := range second {
				set(p.second[:], single(b))
			}
		default:
			return false
		}
	}
	return count(p.pairs[:]) <= mostPair && count(p.first[:]) <= mostRune && count(p.second[:]) <= mostRune
}

// behind are the instructions that take a character, reached from one without
// taking any; ends tells whether the match can be over before.
func behind(prog *syntax.Prog, from uint32) (list []*syntax.Inst, ends bool) {
	seen := map[uint32]bool{}
	var walk func(uint32)
	walk = func(at uint32) {
		if seen[at] {
			return
		}
		seen[at] = true
		switch i := &prog.Inst[at]; i.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			walk(i.Out)
			walk(i.Arg)
		case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
			walk(i.Out)
		case syntax.InstMatch:
			ends = true
		case syntax.InstFail:
		default:
			list = append(list, i)
		}
	}
	walk(from)
	return list, ends
}

// runes are the characters that an instruction takes; nil when they are many.
func runes(i *syntax.Inst) []rune {
	if i.Op == syntax.InstRuneAny || i.Op == syntax.InstRuneAnyNotNL {
		return nil
	}
	out := []rune{}
	if len(i.Rune) == 1 {
		out = append(out, i.Rune[0])
		if syntax.Flags(i.Arg)&syntax.FoldCase != 0 {
			for r := unicode.SimpleFold(i.Rune[0]); r != i.Rune[0]; r = unicode.SimpleFold(r) {
				out = append(out, r)
			}
		}
		return out
	}
	for k := 0; k+1 < len(i.Rune); k += 2 {
		if len(out)+int(i.Rune[k+1]-i.Rune[k]) >= fewRunes {
			return nil
		}
		for r := i.Rune[k]; r <= i.Rune[k+1]; r++ {
			out = append(out, r)
		}
	}
	return out
}

func single(r rune) uint32  { return uint32(r) * 0x9E3779B1 >> 24 }
func pair(a, b rune) uint32 { return (uint32(a)*0x9E3779B1 ^ uint32(b)*0x85EBCA77) >> 19 }

func set(in []uint64, n uint32) { in[n>>6] |= 1 << (n & 63) }

func count(in []uint64) (n int) {
	for _, w := range in {
		n += bits.OnesCount64(w)
	}
	return n
}

// May tells whether a match can begin anywhere in a text; where it says no there is
// none.
func (p *Pattern) May(s string) bool {
	if len(p.needs) > 0 && !slices.ContainsFunc(p.needs, func(word string) bool { return strings.Contains(s, word) }) {
		return false
	}
	if p.all {
		return true
	}
	last := rune(-1)
	for _, r := range s {
		if last >= 0 {
			n := pair(last, r)
			if p.pairs[n>>6]>>(n&63)&1 != 0 {
				return true
			}
			if p.behind {
				if n := single(r); p.second[n>>6]>>(n&63)&1 != 0 {
					return true
				}
			}
			if p.start {
				return false
			}
		}
		if p.alone {
			if n := single(r); p.first[n>>6]>>(n&63)&1 != 0 {
				return true
			}
		}
		last = r
	}
	return false
}

// MatchString is regexp's.
func (p *Pattern) MatchString(s string) bool { return p.May(s) && p.Regexp.MatchString(s) }

// FindString is regexp's.
func (p *Pattern) FindString(s string) string {
	if !p.May(s) {
		return ""
	}
	return p.Regexp.FindString(s)
}

// FindStringIndex is regexp's.
func (p *Pattern) FindStringIndex(s string) []int {
	if !p.May(s) {
		return nil
	}
	return p.Regexp.FindStringIndex(s)
}

// FindStringSubmatch is regexp's.
func (p *Pattern) FindStringSubmatch(s string) []string {
	if !p.May(s) {
		return nil
	}
	return p.Regexp.FindStringSubmatch(s)
}

// FindStringSubmatchIndex is regexp's.
func (p *Pattern) FindStringSubmatchIndex(s string) []int {
	if !p.May(s) {
		return nil
	}
	return p.Regexp.FindStringSubmatchIndex(s)
}

// FindAllString is regexp's.
func (p *Pattern) FindAllString(s string, n int) []string {
	if !p.May(s) {
		return nil
	}
	return p.Regexp.FindAllString(s, n)
}

// FindAllStringIndex is regexp's.
func (p *Pattern) FindAllStringIndex(s string, n int) [][]int {
	if !p.May(s) {
		return nil
	}
	return p.Regexp.FindAllStringIndex(s, n)
}

// FindAllStringSubmatch is regexp's.
func (p *Pattern) FindAllStringSubmatch(s string, n int) [][]string {
	if !p.May(s) {
		return nil
	}
	return p.Regexp.FindAllStringSubmatch(s, n)
}

// FindAllStringSubmatchIndex is regexp's.
func (p *Pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	if !p.May(s) {
		return nil
	}
	return p.Regexp.FindAllStringSubmatchIndex(s, n)
}

// ReplaceAllString is regexp's.
func (p *Pattern) ReplaceAllString(s, by string) string {
	if !p.May(s) {
		return s
	}
	return p.Regexp.ReplaceAllString(s, by)
}
