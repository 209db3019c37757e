package aggregate

import (
	"fmt"
	"slices"
	"strings"
)

// Config holds the thresholds; zero values stand for the defaults of content-review 13.
type Config struct {
	KMin          int // persons that share each combination shown; 0 = 5
	KMinSensitive int // … in a table whose subject is sensitive; 0 = 10
	ReviewRows    int // persons from which a data set goes to the strict level; 0 = 1,000
	JoinMonths    int // how far back published lists are joined; 0 = 36
	MaxDropped    int // per cent of rows that a proposal may leave out; 0 = 5
}

func (c Config) filled() Config {
	set := func(v *int, standard int) {
		if *v <= 0 {
			*v = standard
		}
	}
	set(&c.KMin, 5)
	set(&c.KMinSensitive, 10)
	set(&c.ReviewRows, 1000)
	set(&c.JoinMonths, 36)
	set(&c.MaxDropped, 5)
	return c
}

// Set is the rows that share one combination of values.
type Set struct {
	Values []string // in the order of the quasi-identifying columns
	Rows   []int    // 0-based
	L      int      // different values of the sensitive column that differs least; 0 = none asked
}

// Groups is what the quasi-identifying columns of a table do to its rows.
type Groups struct {
	Columns []int // the quasi-identifying columns
	Want    int   // the k asked for
	K       int   // rows of the smallest group; 0 = no rows
	L       int   // the least L of all groups; 0 = none asked
	Rows    int
	Small   []Set // groups below Want or with one sensitive value, the smallest first
}

// Reached tells whether no group is too small.
func (g Groups) Reached() bool { return len(g.Small) == 0 }

// Group counts the groups of a table of persons (k and l, content-review 11.1).
func (c Config) Group(t Table) Groups {
	c = c.filled()
	columns := Classify(t)
	want := c.KMin
	if len(of(columns, Sensitive, "")) > 0 {
		want = c.KMinSensitive
	}
	return groups(t, of(columns, Quasi, ""), of(columns, Sensitive, ""), want)
}

// groups counts the rows that share values in some columns. L is asked of those
// sensitive columns that differ at all: what all rows share is known of everybody.
func groups(t Table, quasi, sensitive []int, want int) Groups {
	g := Groups{Columns: quasi, Want: want, Rows: len(t.Rows)}
	index := map[string]int{}
	var sets []Set
	for r := range t.Rows {
		values := make([]string, len(quasi))
		for i, c := range quasi {
			values[i] = t.cell(r, c)
		}
		key := strings.Join(values, "\x00")
		at, known := index[key]
		if !known {
			at = len(sets)
			index[key] = at
			sets = append(sets, Set{Values: values})
		}
		sets[at].Rows = append(sets[at].Rows, r)
	}
	asked := slices.DeleteFunc(slices.Clone(sensitive), func(c int) bool { return t.different(c, nil) < 2 })
	for i := range sets {
		for _, c := range asked {
			if n := t.different(c, sets[i].Rows); sets[i].L == 0 || n < sets[i].L {
				sets[i].L = n
			}
		}
		if g.K == 0 || len(sets[i].Rows) < g.K {
			g.K = len(sets[i].Rows)
		}
		if sets[i].L > 0 && (g.L == 0 || sets[i].L < g.L) {
			g.L = sets[i].L
		}
		if len(sets[i].Rows) < want || sets[i].L == 1 {
			g.Small = append(g.Small, sets[i])
		}
	}
	slices.SortStableFunc(g.Small, func(a, b Set) int { return len(a.Rows) - len(b.Rows) })
	return g
}

// different counts the values of a column in some rows; nil = all, up to two.
func (t Table) different(column int, rows []int) int {
	seen := map[string]bool{}
	if rows == nil {
		for r := range t.Rows {
			if seen[t.cell(r, column)] = true; len(seen) > 1 {
				break
			}
		}
		return len(seen)
	}
	for _, r := range rows {
		seen[t.cell(r, column)] = true
	}
	return len(seen)
}

// Step is one column made coarser.
type Step struct {
	Column int
	Head   string
	To     string // Chinese: 十年一段, 街道, 季度; "删除本列" where no coarser value helps
	drop   bool
}

// Proposal is a table that keeps its persons in a crowd.
type Proposal struct {
	Steps   []Step
	Dropped []int // rows left out, 0-based
	Table   Table // what may be shown: direct columns gone, quasi columns coarser
	Groups  Groups
}

// Propose makes columns coarser until every group has the k asked for and two
// sensitive values, leaving out the few rows that no group takes (REV-49). It
// prefers many small steps to the loss of a column. False where the table has
// fewer rows than k: then it cannot be published as a list.
func (c Config) Propose(t Table) (Proposal, bool) {
	c = c.filled()
	want := c.Group(t).Want
	if len(t.Rows) < want {
		return Proposal{}, false
	}
	columns := Classify(t)
	quasi := of(columns, Quasi, "")
	ladders := make([][]level, len(quasi))
	for i, q := range quasi {
		ladders[i] = ladder(t, q, columns[q])
	}
	sensitive := of(columns, Sensitive, "")
	at := make([]int, len(quasi)) // rung of each column
	count := newCounter(t, quasi, ladders, sensitive)
	bad := func(at []int) int { return count.bad(at, want) }
	allowed := len(t.Rows) * c.MaxDropped / 100
	for now := bad(at); now > allowed; {
		// The step that saves most rows for each value it loses.
		best, bestGain, bestBad := -1, -1.0, now
		for i := range quasi {
			if at[i] == len(ladders[i])-1 {
				continue
			}
			at[i]++
			left := bad(at)
			gain := float64(now-left+1) / ladders[i][at[i]].cost
			at[i]--
			if gain > bestGain {
				best, bestGain, bestBad = i, gain, left
			}
		}
		if best < 0 {
			break // everything is dropped
		}
		at[best]++
		now = bestBad
	}
	for i := range quasi { // take back steps that later ones made needless
		for at[i] > 0 {
			at[i]--
			if bad(at) > allowed {
				at[i]++
				break
			}
		}
	}
	shown := apply(t, quasi, ladders, at)
	final := groups(shown, quasi, sensitive, want)
	var p Proposal
	for _, s := range final.Small {
		p.Dropped = append(p.Dropped, s.Rows...)
	}
	slices.Sort(p.Dropped)
	if len(p.Dropped) == len(t.Rows) {
		return Proposal{}, false
	}
	for i, q := range quasi {
		if at[i] > 0 {
			l := ladders[i][at[i]]
			p.Steps = append(p.Steps, Step{q, t.Head[q], l.title, l.of == nil})
		}
	}
	p.Table, p.Groups = show(shown, columns, quasi, ladders, at, p.Dropped, want)
	return p, true
}

// apply makes the quasi columns of a table as coarse as their rungs say.
func apply(t Table, quasi []int, ladders [][]level, at []int) Table {
	out := Table{Head: t.Head, Rows: make([][]string, len(t.Rows))}
	for r := range t.Rows {
		row := make([]string, len(t.Head))
		for c := range row {
			row[c] = t.cell(r, c)
		}
		for i, q := range quasi {
			if l := ladders[i][at[i]]; l.of == nil {
				row[q] = ""
			} else if at[i] > 0 {
				row[q] = l.of(row[q])
			}
		}
		out.Rows[r] = row
	}
	return out
}

// show leaves out rows, dropped columns and direct columns other than masked names.
func show(t Table, columns []Column, quasi []int, ladders [][]level, at, dropped []int, want int) (Table, Groups) {
	var keep []int
	for c := range t.Head {
		if columns[c].Class == Direct && !columns[c].Masked {
			continue
		}
		if i := slices.Index(quasi, c); i >= 0 && ladders[i][at[i]].of == nil {
			continue
		}
		keep = append(keep, c)
	}
	out := Table{}
	for _, c := range keep {
		out.Head = append(out.Head, t.Head[c])
	}
	for r := range t.Rows {
		if _, gone := slices.BinarySearch(dropped, r); gone {
			continue
		}
		row := make([]string, len(keep))
		for i, c := range keep {
			row[i] = t.Rows[r][c]
		}
		out.Rows = append(out.Rows, row)
	}
	position := func(list []int) (at []int) {
		for _, c := range list {
			if i := slices.Index(keep, c); i >= 0 {
				at = append(at, i)
			}
		}
		return at
	}
	return out, groups(out, position(quasi), position(of(columns, Sensitive, "")), want)
}

// Text says in Chinese what a proposal does.
func (p Proposal) Text() string {
	var parts []string
	for _, s := range p.Steps {
		if s.drop {
			parts = append(parts, "删除“"+s.Head+"”列")
		} else {
			parts = append(parts, "“"+s.Head+"”改为"+s.To)
		}
	}
	if len(p.Dropped) > 0 {
		parts = append(parts, fmt.Sprintf("去掉%d行", len(p.Dropped)))
	}
	if len(parts) == 0 {
		return "无需处理"
	}
	return strings.Join(parts, "，") + fmt.Sprintf("，每种组合不少于%d人", p.Groups.K)
}
