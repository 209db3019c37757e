package sitegen

import "testing"

// BenchmarkPage measures how fast pages of a large site are made.
func BenchmarkPage(b *testing.B) {
	s, err := New(Plan{Design: "trs", Pages: 50000, T0: t0()})
	if err != nil {
		b.Fatal(err)
	}
	c := s.byKey["zwyw"]
	for i := 0; b.Loop(); i++ {
		s.html(s.page(node{c.n, i % c.count, 0}))
	}
}
