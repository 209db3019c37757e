// Package match finds all of many words in a text in one walk over it.
package match

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Set is a list of words made ready for finding. It never changes and is safe for
// use by many goroutines.
type Set struct {
	words  []string
	filter []uint64 // bit of the hash of each word's first two characters
	slots  []slot   // open-addressed by the same hash
	order  []int32  // word numbers, those of one slot side by side, short ones first
	single map[rune]int32
	mask   uint32
}

// slot holds the words that begin with one pair of characters.
type slot struct {
	pair     uint64 // two runes; 0 = free
	from, to int32  // in order
}

const filterBits = 20

// New makes a set of words. Empty words are never found; of equal words each is.
func New(words []string) *Set {
	s := &Set{words: words, filter: make([]uint64, 1<<filterBits/64), single: map[rune]int32{}}
	return s.build()
}

func (s *Set) build() *Set {
	groups := map[uint64][]int32{}
	for i, w := range s.words {
		a, n := utf8.DecodeRuneInString(w)
		if w == "" {
			continue
		}
		b, _ := utf8.DecodeRuneInString(w[n:])
		if n == len(w) {
			b = 0
		}
		pair := uint64(a)<<32 | uint64(b)
		groups[pair] = append(groups[pair], int32(i))
	}
	size := 16
	for size < 2*len(groups) {
		size *= 2
	}
	s.slots, s.mask = make([]slot, size), uint32(size-1)
	for pair, list := range groups {
		slices.SortFunc(list, func(a, b int32) int { return len(s.words[a]) - len(s.words[b]) })
		h := hash(pair)
		if uint32(pair) != 0 {
			s.filter[h>>(32-filterBits)/64] |= 1 << (h >> (32 - filterBits) % 64)
		} else {
			s.single[rune(pair>>32)] = 0
		}
		at := h & s.mask
		for s.slots[at].to > 0 {
			at = (at + 1) & s.mask
		}
		s.slots[at] = slot{pair, int32(len(s.order)), int32(len(s.order) + len(list))}
		s.order = append(s.order, list...)
	}
	return s
}

func hash(pair uint64) uint32 { return uint32((pair * 0x9E3779B97F4A7C15) >> 32) }

// Each calls found for every place of every word, in order of start, the shorter
// word first. Overlapping places all count.
func (s *Set) Each(text string, found func(word, start, end int)) {
	for i := 0; i < len(text); {
		a, n := rune(text[i]), 1
		if a >= utf8.RuneSelf {
			a, n = utf8.DecodeRuneInString(text[i:])
		}
		if len(s.single) > 0 {
			if _, has := s.single[a]; has {
				s.at(uint64(a)<<32, text, i, found)
			}
		}
		if i+n < len(text) {
			b := rune(text[i+n])
			if b >= utf8.RuneSelf {
				b, _ = utf8.DecodeRuneInString(text[i+n:])
			}
			pair := uint64(a)<<32 | uint64(b)
			if h := hash(pair); s.filter[h>>(32-filterBits)/64]&(1<<(h>>(32-filterBits)%64)) != 0 {
				s.at(pair, text, i, found)
			}
		}
		i += n
	}
}

func (s *Set) at(pair uint64, text string, i int, found func(word, start, end int)) {
	for at := hash(pair) & s.mask; s.slots[at].to > 0; at = (at + 1) & s.mask {
		if s.slots[at].pair != pair {
			continue
		}
		for _, w := range s.order[s.slots[at].from:s.slots[at].to] {
			if strings.HasPrefix(text[i:], s.words[w]) {
				found(int(w), i, i+len(s.words[w]))
			}
		}
		return
	}
}
