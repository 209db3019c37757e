package sitegen

import "time"

// dice is a repeatable source of choices: the same names give the same row of
// numbers, so that a page can be made alone and at any time.
type dice struct{ state uint64 }

// dice returns the row of choices that belongs to names of this site.
func (s *Site) dice(names ...any) *dice {
	h := s.plan.Seed*0x9e3779b97f4a7c15 + 0x632be59bd9b4e019
	mix := func(b uint64) { h = (h ^ b) * 0x100000001b3 }
	for _, n := range names {
		switch n := n.(type) {
		case int:
			mix(uint64(n) + 0x517cc1b7)
		case string:
			for i := range len(n) {
				mix(uint64(n[i]))
			}
		}
		mix(0xff51)
	}
	return &dice{h}
}

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// n returns a number from 0 below limit.
func (d *dice) n(limit int) int { return int(d.next() % uint64(limit)) }

// between returns a number from low to high, both included.
func (d *dice) between(low, high int) int { return low + d.n(high-low+1) }

// pick returns one of a list.
func (d *dice) pick(list []string) string { return list[d.n(len(list))] }

// order returns the numbers below n in a mixed order.
func (d *dice) order(n int) []int {
	list := make([]int, n)
	for i := range list {
		j := d.n(i + 1)
		list[i] = list[j]
		list[j] = i
	}
	return list
}

// shanghai is the time of all dates on a government site. China has had no
// summer time since 1991.
func shanghai() *time.Location { return time.FixedZone("CST", 8*3600) }

const day = 24 * time.Hour
