package norm

import (
	"math"
	"strings"
)

// derived checks columns that follow from others in their row: growth, difference,
// share of the total (C10). Two rows that fit show what a column is made of; a row
// that does not is then wrong. The columns of which a row was found wrong are returned:
// their sum says nothing new.
func (s *scan) derived(g grid, head int) map[int]bool {
	wrong := map[int]bool{}
	first := labels(g, head)
	for c := first; c < len(g[0]); c++ {
		title := ""
		for r := range head {
			title += compact(g[r][c].text)
		}
		growth := strings.Contains(title, "增长") || strings.Contains(title, "增幅") || strings.Contains(title, "增速") || strings.Contains(title, "同比") || strings.Contains(title, "增减")
		share := strings.Contains(title, "占比") || strings.Contains(title, "比重") || strings.Contains(title, "构成") || strings.Contains(title, "所占比例")
		if growth && s.fromTwo(g, head, first, c) || share && s.ofTotal(g, head, first, c) {
			wrong[c] = true
		}
	}
	return wrong
}

// fromTwo looks for two columns of which column c is the growth in percent, and tells
// whether it reported a row.
func (s *scan) fromTwo(g grid, head, first, c int) bool {
	var wrong []int
	best := 0
	var right func(row []cell) float64
	for a := first; a < min(c, first+8); a++ {
		for b := first; b < min(c, first+8); b++ {
			if a == b {
				continue
			}
			grown := func(row []cell) float64 { return (row[b].value() - row[a].value()) / row[a].value() * 100 }
			fits, misses := 0, []int(nil)
			for r := head; r < len(g); r++ {
				row := g[r]
				if !row[a].num || !row[b].num || !row[c].num || row[a].d.v == 0 || row[a].unit != row[b].unit {
					continue
				}
				tolerance := 2*row[c].d.half() + 100*(row[a].d.half()+row[b].d.half())/math.Abs(row[a].value())*b2f(row[a].d.places > 0)
				if math.Abs(grown(row)-row[c].value()) <= tolerance+1e-9 {
					fits++
				} else {
					misses = append(misses, r)
				}
			}
			if fits >= 2 && fits > best && fits >= 2*len(misses) {
				best, wrong, right = fits, misses, grown
			}
		}
	}
	for _, r := range wrong {
		x := g[r][c]
		s.hit("C10", x.at.Start, x.at.End, "", "按表中数据计算应为%.*f，请核对。", max(x.d.places, 1), right(g[r]))
	}
	return len(wrong) > 0
}

// ofTotal compares shares with the parts and the total of a column to the left, and
// tells whether it reported a row.
func (s *scan) ofTotal(g grid, head, first, c int) bool {
	total := -1
	for r := head; r < len(g); r++ {
		if kind, _ := totalKind(g[r], first); kind == 't' {
			total = r
		}
	}
	if total < 0 {
		return false
	}
	for a := c - 1; a >= first; a-- {
		t := g[total][a]
		if !t.num || t.d.v == 0 {
			continue
		}
		fits, misses := 0, []int(nil)
		for r := head; r < len(g); r++ {
			if r == total || !g[r][a].num || !g[r][c].num {
				continue
			}
			if math.Abs(g[r][a].value()/t.value()*100-g[r][c].value()) <= 2*g[r][c].d.half()+1e-9 {
				fits++
			} else {
				misses = append(misses, r)
			}
		}
		if fits < 2 || fits < 2*len(misses) {
			continue
		}
		for _, r := range misses {
			x := g[r][c]
			s.hit("C10", x.at.Start, x.at.End, "", "按表中数据计算占比应为%.*f%%，请核对。", max(x.d.places, 1), g[r][a].value()/t.value()*100)
		}
		return len(misses) > 0
	}
	return false
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
