package aggregate

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// level is one rung of a column's ladder: values as they are, coarser, none.
type level struct {
	title string
	cost  float64             // what is lost by stepping onto it
	of    func(string) string // nil drops the column
}

// ladder lists the rungs of a column, the finest first and the last without values.
func ladder(t Table, column int, c Column) []level {
	list := []level{{"", 0, func(s string) string { return s }}}
	switch {
	case c.Role == Age:
		list = append(list, level{"十岁一段", 1, band(10)}, level{"二十岁一段", 1.5, band(20)})
	case c.Role == Day:
		list = append(list, level{"月份", 0.5, month}, level{"季度", 1, quarter}, level{"年份", 1.5, year})
	case c.Role == Sum:
		for i, step := range steps(t, column) {
			list = append(list, level{fmt.Sprintf("%d元一段", step), 1 + float64(i)/4, band(step)})
		}
	case c.Role == Place:
		list = append(list, level{"街道（乡镇）", 1, cut("街道", "镇", "乡")}, level{"区县", 2, cut("区", "县", "市")})
	case strings.Contains(c.Head, "民族"):
		list = append(list, level{"汉族和少数民族两类", 1, func(s string) string {
			if s == "汉" || s == "汉族" {
				return "汉族"
			}
			return "少数民族"
		}})
	case strings.Contains(c.Head, "人口") || strings.Contains(c.Head, "人数"):
		list = append(list, level{"1—2人、3—4人、5人以上三段", 1, household})
	}
	// A rung that changes nothing, or leaves nothing, is left out.
	list = slices.DeleteFunc(list, func(l level) bool {
		if l.cost == 0 {
			return false
		}
		same, other := true, true
		for r := range t.Rows {
			v := t.cell(r, column)
			coarse := l.of(v)
			same, other = same && coarse == v, other && coarse == "其他"
		}
		return same || other
	})
	drop := 3.0
	if c.Role == Other {
		drop = 0.5 // free text is not published in lists
	}
	return append(list, level{"删除本列", drop, nil})
}

// value is the number that a cell begins with: 1,200.50元 is 1200.5.
func value(s string) (float64, bool) {
	s = strings.TrimLeft(s, "¥￥ ")
	var plain [24]byte
	n := 0
	for i := 0; i < len(s) && n < len(plain); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == '.' && n > 0, c == '-' && n == 0:
			plain[n] = c
			n++
			continue
		case c == ',' && n > 0:
			continue
		}
		i = len(s)
	}
	v, err := strconv.ParseFloat(strings.TrimSuffix(string(plain[:n]), "."), 64)
	return v, err == nil
}

// band puts numbers into bands of one width: 60—69.
func band(width int) func(string) string {
	return func(s string) string {
		v, ok := value(s)
		if !ok || v < 0 {
			return "其他"
		}
		low := int(v) / width * width
		return fmt.Sprintf("%d—%d", low, low+width-1)
	}
}

// steps are widths of bands for the sums of a column, finer than its whole range.
func steps(t Table, column int) (widths []int) {
	most := 0.0
	for r := range t.Rows {
		if v, ok := value(t.cell(r, column)); ok && v < 1e12 {
			most = max(most, v)
		}
	}
	for _, w := range []int{100, 500, 1000, 5000, 10000, 50000, 100000, 500000, 1000000} {
		if n := most / float64(w); n <= 20 && n >= 1 && len(widths) < 4 {
			widths = append(widths, w)
		}
	}
	return widths
}

var dayParts = regexp.MustCompile(`(\d{4})[年./-]?(?:(\d{1,2}))?`)

func dated(s string) (y, m int, ok bool) {
	p := dayParts.FindStringSubmatch(s)
	if p == nil {
		return 0, 0, false
	}
	y, _ = strconv.Atoi(p[1])
	m, _ = strconv.Atoi(p[2])
	return y, m, y >= 1880 && y < 2200
}

func month(s string) string {
	y, m, ok := dated(s)
	if !ok || m < 1 || m > 12 {
		return year(s)
	}
	return fmt.Sprintf("%d年%d月", y, m)
}

func quarter(s string) string {
	y, m, ok := dated(s)
	if !ok || m < 1 || m > 12 {
		return year(s)
	}
	return fmt.Sprintf("%d年第%d季度", y, (m+2)/3)
}

func year(s string) string {
	y, _, ok := dated(s)
	if !ok {
		return "其他"
	}
	return fmt.Sprintf("%d年", y)
}

// cut keeps an address down to the first ending that it has; others become 其他.
func cut(endings ...string) func(string) string {
	return func(s string) string {
		for _, e := range endings {
			i := strings.Index(s, e)
			if i > 0 && !(e == "区" && (strings.HasSuffix(s[:i], "社") || strings.HasSuffix(s[:i], "小"))) {
				return s[:i+len(e)]
			}
		}
		return "其他"
	}
}

func household(s string) string {
	switch v, ok := value(s); {
	case !ok:
		return "其他"
	case v <= 2:
		return "1—2人"
	case v <= 4:
		return "3—4人"
	default:
		return "5人以上"
	}
}

// counter counts how many rows stand in groups that are too small, for any rungs.
// Values are numbers here, because it is asked some hundred times.
type counter struct {
	rows      int
	codes     [][][]uint32 // column, rung, row; nil = dropped
	sensitive [][]uint32   // column, row
}

func newCounter(t Table, quasi []int, ladders [][]level, sensitive []int) *counter {
	encode := func(of func(row int) string) []uint32 {
		seen, out := map[string]uint32{}, make([]uint32, len(t.Rows))
		for r := range t.Rows {
			v := of(r)
			n, known := seen[v]
			if !known {
				n = uint32(len(seen))
				seen[v] = n
			}
			out[r] = n
		}
		return out
	}
	c := &counter{rows: len(t.Rows), codes: make([][][]uint32, len(quasi))}
	for i, q := range quasi {
		c.codes[i] = make([][]uint32, len(ladders[i]))
		for k, l := range ladders[i] {
			if l.of != nil {
				c.codes[i][k] = encode(func(r int) string { return l.of(t.cell(r, q)) })
			}
		}
	}
	for _, s := range sensitive {
		if t.different(s, nil) > 1 {
			c.sensitive = append(c.sensitive, encode(func(r int) string { return t.cell(r, s) }))
		}
	}
	return c
}

// bad is the number of rows in groups below want or with one sensitive value.
func (c *counter) bad(at []int, want int) int {
	group, groups := make([]uint32, c.rows), 1
	for i, k := range at {
		codes := c.codes[i][k]
		if codes == nil {
			continue
		}
		next := make(map[uint64]uint32, groups)
		for r := range group {
			key := uint64(group[r])<<32 | uint64(codes[r])
			n, known := next[key]
			if !known {
				n = uint32(len(next))
				next[key] = n
			}
			group[r] = n
		}
		groups = len(next)
	}
	size := make([]int, groups)
	for _, g := range group {
		size[g]++
	}
	for _, codes := range c.sensitive {
		first, varied := make([]uint32, groups), make([]bool, groups)
		seen := make([]bool, groups)
		for r, g := range group {
			switch {
			case !seen[g]:
				seen[g], first[g] = true, codes[r]
			case first[g] != codes[r]:
				varied[g] = true
			}
		}
		for g := range size {
			if !varied[g] && size[g] >= want {
				size[g] = -size[g]
			}
		}
	}
	bad := 0
	for _, n := range size {
		if n < want {
			bad += max(n, -n)
		}
	}
	return bad
}
