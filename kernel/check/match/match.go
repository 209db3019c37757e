// Package match finds many literal terms in a text at once: every occurrence of
// every term, also where they overlap. It is made for tens of thousands of
// Chinese terms of a few characters.
//
// A filter tells from the next three characters whether a term may begin at a
// place of the text; most places end here. It holds the hashes of the terms of
// one and two characters and of the first three characters of the others, and
// stays in the processor's cache. The places that pass are looked up in blocks,
// so that the waits for memory overlap, in a tree of characters that lies in one
// hash table: from the three characters on until no term goes on as the text
// does. Where one term alone goes on, its next bytes stand in the table and are
// compared at once.
//
// An automaton takes time linear in the text whatever the terms are. Here one
// place takes at most as many steps as the longest term has characters. Who
// writes a text cannot lengthen the terms, so time stays linear in the text, and
// the tables take a small part of an automaton's memory.
package match

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// Set is a set of terms. It never changes, so many goroutines may use it at once.
type Set struct {
	terms  []string
	again  []int32  // by number: the next number of the same term, or 0; nil where all differ
	filter []uint64 // a bit for each hash
	narrow uint     // of a hash to the index of its bit
	nodes  []node   // open-addressed, by key
	shift  uint     // of a key's product to the index of its node
}

// node stands for some characters with which terms begin.
type node struct {
	key uint64 // of head or step; 0 = free
	own int32  // number of the term that ends here; none: -1
	// next names what is longer: 0 nothing, ^number the only term, else the
	// branch from which the steps lead to several.
	next int32
	// tail is what of the only term follows here: up to 15 bytes, the first one
	// lowest, and in the highest place their number, 16 where there are more.
	tail [2]uint64
}

// A character stands in tables as its UTF-8 bytes, the first one lowest, so that
// a text need not be decoded. A byte that is not part of one stands for itself,
// and none for what follows the last character.
type character = uint32

const none character = 1<<32 - 1

// head is the key of the first characters of a term, up to three. Its highest
// bit is set.
func head(c1, c2, c3 character) uint64 {
	return ^(point(c1)<<42 | point(c2)<<21 | point(c3))
}

// step is the key of a character behind a branch, which is above 0.
func step(branch int32, c character) uint64 { return uint64(branch)<<32 | uint64(c) }

// point is a number of 21 bits for each character: its code point, and the
// highest for none.
func point(c character) uint64 {
	switch {
	case c < 1<<8:
		return uint64(c)
	case c < 1<<16:
		return uint64(c&0x1f<<6 | c>>8&0x3f)
	case c < 1<<24:
		return uint64(c&0xf<<12 | c>>8&0x3f<<6 | c>>16&0x3f)
	case c < none:
		return uint64(c&0x7<<18 | c>>8&0x3f<<12 | c>>16&0x3f<<6 | c>>24&0x3f)
	default:
		return 1<<21 - 1
	}
}

// The hash of some characters is the sum of their products with these, best in
// its high bits.
const (
	k1 = 0x9e3779b97f4a7c15
	k2 = 0xc2b2ae3d27d4eb4f
	k3 = 0x165667b19e3779f9
)

// New makes a set. A term's number is its index in terms. An empty term, or one
// that is not valid UTF-8, is never found; one that is given twice is found
// under both numbers.
func New(terms []string) *Set {
	s := &Set{terms: slices.Clone(terms)}
	var order []int32 // of terms by their bytes, each once
	for i, t := range terms {
		if t != "" && utf8.ValidString(t) {
			order = append(order, int32(i))
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return strings.Compare(terms[a], terms[b]) })
	last := int32(-1) // number met last
	order = slices.DeleteFunc(order, func(n int32) bool {
		same := last >= 0 && terms[n] == terms[last]
		if same {
			if s.again == nil {
				s.again = make([]int32, len(terms))
			}
			s.again[last] = n
		}
		last = n
		return same
	})
	s.sift(order)
	s.plant(order)
	return s
}

// sift fills the filter.
func (s *Set) sift(order []int32) {
	width := max(6, bits.Len(uint(len(order)))+5) // at most one bit of 32 is set
	s.filter, s.narrow = make([]uint64, 1<<width/64), uint(64-width)
	for _, n := range order {
		hash, t := uint64(0), s.terms[n]
		for _, k := range []uint64{k1, k2, k3} {
			if t != "" {
				c, size := read(t, 0)
				hash += uint64(c) * k
				t = t[size:]
			}
		}
		hash >>= s.narrow
		s.filter[hash/64] |= 1 << (hash % 64)
	}
}

// plant fills the table of nodes.
func (s *Set) plant(order []int32) {
	var nodes []node
	known := map[uint64]int{} // index of nodes by key
	branches := int32(0)
	for i, n := range order {
		t, next := s.terms[n], ""
		if i+1 < len(order) {
			next = s.terms[order[i+1]]
		}
		c1, one := read(t, 0)
		c2, two := read(t, one)
		c3, three := read(t, one+two)
		for key, size := head(c1, c2, c3), one+two+three; ; {
			k, ok := known[key]
			if !ok {
				k = len(nodes)
				known[key] = k
				nodes = append(nodes, node{key: key, own: -1})
			}
			e := &nodes[k]
			if size == len(t) {
				e.own = n
				break
			}
			if e.next == 0 && !strings.HasPrefix(next, t[:size]) {
				e.next, e.tail = ^n, tail(t[size:])
				break
			}
			if e.next == 0 {
				branches++
				e.next = branches
			}
			c, more := read(t, size)
			key, size = step(e.next, c), size+more
		}
	}
	width := bits.Len(uint(len(nodes)*3/2) | 3) // at least a third is free
	s.nodes, s.shift = make([]node, 1<<width), uint(64-width)
	for _, e := range nodes {
		i := e.key * k1 >> s.shift
		for s.nodes[i].key != 0 {
			i = (i + 1) & uint64(len(s.nodes)-1)
		}
		s.nodes[i] = e
	}
}

// tail is how a node keeps what follows it.
func tail(t string) [2]uint64 {
	var b [16]byte
	b[15] = byte(min(16, copy(b[:], t)))
	return [2]uint64{binary.LittleEndian.Uint64(b[:8]), binary.LittleEndian.Uint64(b[8:])}
}

// Size is the memory that the set takes with its terms, in bytes.
func (s *Set) Size() int {
	size := int(unsafe.Sizeof(*s)) + 4*cap(s.again) + 8*cap(s.filter) + cap(s.nodes)*int(unsafe.Sizeof(node{}))
	for _, t := range s.terms {
		size += int(unsafe.Sizeof(t)) + len(t)
	}
	return size
}

// block is how many places are looked up together.
const block = 32

// Each calls found for every occurrence of every term in a text, with the bytes
// it spans: in order of start, of those that start together the shortest first,
// of equal terms the one with the lowest number first. A text that is not valid
// UTF-8 is searched all the same.
func (s *Set) Each(text string, found func(term, start, end int)) {
	var places [block]int
	count, narrow, filter := 0, s.narrow&63, s.filter
	if len(filter) == 0 {
		return
	}
	c1, one := read(text, 0)
	c2, size := read(text, one)
	two := one + size
	h1, h2 := uint64(c1)*k1, uint64(c1)*k1+uint64(c2)*k2
	for at := 0; at < len(text); {
		c3, size := read(text, two)
		i1, i2, i3 := h1>>narrow, h2>>narrow, (h2+uint64(c3)*k3)>>narrow
		places[count] = at
		count += int((filter[i1/64]>>(i1%64) | filter[i2/64]>>(i2%64) | filter[i3/64]>>(i3%64)) & 1)
		if count == block {
			s.look(text, places[:], found)
			count = 0
		}
		at, one, two = one, two, two+size
		h1, h2 = uint64(c2)*k1, uint64(c2)*k1+uint64(c3)*k2
		c2 = c3
	}
	s.look(text, places[:count], found)
}

// look reports the terms that begin at some places of a text. The memory that the
// places need is fetched in loops that do nothing else, so that the waits for it
// overlap.
func (s *Set) look(text string, places []int, found func(term, start, end int)) {
	type try struct {
		key     uint64
		at, end int
		same    bool // the first node that the key may mean is its own
	}
	var tries [3 * block]try
	count, nodes, shift := 0, s.nodes, s.shift&63
	passes := func(hash uint64) bool {
		hash >>= s.narrow & 63
		return s.filter[hash/64]>>(hash%64)&1 != 0
	}
	add := func(at, end int, key uint64) {
		tries[count] = try{key: key, at: at, end: end}
		count++
	}
	for _, at := range places {
		c1, one := read(text, at)
		c2, two := read(text, at+one)
		c3, three := read(text, at+one+two)
		hash := uint64(c1) * k1
		if passes(hash) {
			add(at, at+one, head(c1, none, none))
		}
		if hash += uint64(c2) * k2; two > 0 && passes(hash) {
			add(at, at+one+two, head(c1, c2, none))
		}
		if hash += uint64(c3) * k3; three > 0 && passes(hash) {
			add(at, at+one+two+three, head(c1, c2, c3))
		}
	}
	for i := range tries[:count] {
		t := &tries[i]
		t.same = nodes[t.key*k1>>shift].key == t.key
	}
	for i := range tries[:count] {
		t := &tries[i]
		e := &nodes[t.key*k1>>shift]
		if !t.same {
			e = s.node(t.key)
		}
		s.walk(e, text, t.at, t.end, found)
	}
}

// walk reports the terms that begin at a place of the text and go through a node,
// whose characters end at end.
func (s *Set) walk(e *node, text string, at, end int, found func(term, start, end int)) {
	for e != nil {
		if e.own >= 0 {
			s.report(e.own, at, end, found)
		}
		if e.next <= 0 {
			if e.next < 0 {
				if size := s.rest(e, text, at, end); size > 0 {
					s.report(^e.next, at, end+size, found)
				}
			}
			return
		}
		c, size := read(text, end)
		e, end = s.node(step(e.next, c)), end+size
	}
}

// rest is the size of what the only term behind a node has in the text behind
// end, where the node's characters end; 0 where it does not stand there.
func (s *Set) rest(e *node, text string, at, end int) int {
	size := int(e.tail[1] >> 56)
	if end+16 <= len(text) {
		low, high := e.tail[0]^word(text[end:end+8]), e.tail[1]^word(text[end+8:end+16])
		switch {
		case size <= 8:
			high, low = 0, low<<(64-8*size)
		case size < 16:
			high <<= 128 - 8*size
		default:
			high <<= 8
		}
		if low|high != 0 {
			return 0
		}
		if size < 16 {
			return size
		}
	}
	if t := s.terms[^e.next]; strings.HasPrefix(text[at:], t) {
		return at + len(t) - end
	}
	return 0
}

// word is eight bytes of text, the first one lowest.
func word(t string) uint64 {
	_ = t[7]
	return uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 |
		uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
}

// report tells of a term, and of those that are the same.
func (s *Set) report(n int32, start, end int, found func(term, start, end int)) {
	found(int(n), start, end)
	if s.again != nil {
		for n = s.again[n]; n != 0; n = s.again[n] {
			found(int(n), start, end)
		}
	}
}

// node is the one with a key, nil where there is none.
func (s *Set) node(key uint64) *node {
	for i := key * k1 >> s.shift; ; i = (i + 1) & uint64(len(s.nodes)-1) {
		if e := &s.nodes[i]; e.key == key {
			return e
		} else if e.key == 0 {
			return nil
		}
	}
}

// read is the character at a place of a text, and its size in bytes; none and 0
// at the end.
func read(text string, at int) (character, int) {
	if at+4 <= len(text) {
		w := uint32(text[at]) | uint32(text[at+1])<<8 | uint32(text[at+2])<<16 | uint32(text[at+3])<<24
		if w&0xc0c0f0 == 0x8080e0 { // three bytes, as Chinese has them
			return w & 0xffffff, 3
		}
		if w&0x80 == 0 {
			return w & 0x7f, 1
		}
	}
	if at >= len(text) {
		return none, 0
	}
	c := character(0)
	_, size := utf8.DecodeRuneInString(text[at:])
	for i := range size {
		c |= character(text[at+i]) << (8 * i)
	}
	return c, size
}
