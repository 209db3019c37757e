package org

import (
	"cmp"
	"slices"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
)

// How says by what a name was recognised.
type How string

// The ways to recognise a name, surest first.
const (
	Exact       How = "exact"       // a name of the unit
	Alias       How = "alias"       // another name people write, or a former one
	InGroup     How = "group"       // the name of a group
	Normalised  How = "normalised"  // the same but for width, brackets, prefix or ending
	Abbreviated How = "abbreviated" // characters left out: a guess that a person confirms
	Unknown     How = ""
)

// Match is what a name stands for.
type Match struct {
	Units []id.ID // one unit, or the members of Group; several without Group: not decided
	Group id.ID
	How   How
	Sure  bool // false: ask a person
}

// Candidate is a known name near to an unknown one.
type Candidate struct {
	Name  string // as known
	Unit  id.ID  // or Group
	Group id.ID
	Score float64 // 0 to 1
}

// Part is a piece of run-together text.
type Part struct {
	Text  string // as written, without surrounding space and separators
	Known bool
}

// Directory is an immutable snapshot of the units and groups, for resolving
// names as they stood on one day. It is safe for concurrent use.
type Directory struct {
	district District
	on       calendar.Date
	units    []Unit // in the order of lists
	index    map[id.ID]int
	groups   []Group
	names    map[string][]named // by folded name
	keys     map[string][]named // by key
	words    map[string]bool    // all ways to write a known name, folded, for Split
	longest  int                // of words, in characters
}

type named struct {
	name  string
	unit  id.ID
	group id.ID
	how   How
}

// NewDirectory makes the snapshot of a day. Names of units of other days are
// known too and lead to the unit that took over.
func NewDirectory(d District, on calendar.Date, units []Unit, groups []Group) *Directory {
	dir := &Directory{
		district: d, on: on, units: slices.Clone(units), groups: slices.Clone(groups), index: map[id.ID]int{},
		names: map[string][]named{}, keys: map[string][]named{}, words: map[string]bool{},
	}
	slices.SortStableFunc(dir.units, func(a, b Unit) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), strings.Compare(a.Name, b.Name))
	})
	slices.SortStableFunc(dir.groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), strings.Compare(a.Name, b.Name))
	})
	for i, u := range dir.units {
		dir.index[u.ID] = i
		for _, name := range []string{u.Name, u.Full, u.Short} {
			dir.add(named{name: name, unit: u.ID, how: Exact})
		}
		for _, f := range u.Former {
			dir.add(named{name: f.Name, unit: u.ID, how: Alias})
			dir.add(named{name: f.Full, unit: u.ID, how: Alias})
		}
		for _, name := range u.Aliases {
			dir.add(named{name: name, unit: u.ID, how: Alias})
		}
	}
	for _, g := range dir.groups {
		for _, name := range append([]string{g.Name}, g.Aliases...) {
			dir.add(named{name: name, group: g.ID, how: InGroup})
		}
	}
	return dir
}

func (d *Directory) add(n named) {
	name := fold(n.name)
	if name == "" {
		return
	}
	d.names[name] = append(d.names[name], n)
	key := d.district.key(n.name)
	d.keys[key] = append(d.keys[key], n)
	for _, word := range append(d.written(d.district.bare(name)), name) {
		d.words[word] = true
		d.longest = max(d.longest, len([]rune(word)))
	}
}

// written lists the bare name with its long and short ending, alone and behind
// each way to write the district.
func (d *Directory) written(bare string) []string {
	tails := []string{bare}
	for _, e := range [][2]string{{"街道", "街道办事处"}, {"委", "委员会"}, {"办", "办公室"}, {"管委会", "管理委员会"}} {
		if stem, ok := strings.CutSuffix(bare, e[0]); ok {
			tails = append(tails, stem+e[1])
		}
		if stem, ok := strings.CutSuffix(bare, e[1]); ok {
			tails = append(tails, stem+e[0])
		}
	}
	var out []string
	for _, p := range append(d.district.prefixes(), "") {
		for _, tail := range tails {
			out = append(out, p+tail)
		}
	}
	return out
}

// On is the day of the snapshot.
func (d *Directory) On() calendar.Date { return d.on }

// Units lists the units that exist on the day of the snapshot, in order.
func (d *Directory) Units() []Unit {
	var out []Unit
	for _, u := range d.units {
		if u.ValidOn(d.on) {
			out = append(out, u)
		}
	}
	return out
}

// Groups lists the groups in order.
func (d *Directory) Groups() []Group { return slices.Clone(d.groups) }

// Unit returns a unit of any day.
func (d *Directory) Unit(key id.ID) (Unit, bool) {
	i, ok := d.index[key]
	if !ok {
		return Unit{}, false
	}
	return d.units[i], true
}

// NameOf is the name of a unit or group for screens, on the day of the snapshot.
func (d *Directory) NameOf(key id.ID) string {
	if u, ok := d.Unit(key); ok {
		return u.NameOn(d.on)
	}
	for _, g := range d.groups {
		if g.ID == key {
			return g.Name
		}
	}
	return ""
}

// Current follows renamed and merged units to the one that does the work on a
// day; ok is false when nobody took it over. The unit returned is then the last.
func (d *Directory) Current(key id.ID, on calendar.Date) (unit Unit, ok bool) {
	for range len(d.units) + 1 { // bounds a circle in bad data
		if unit, ok = d.Unit(key); !ok {
			return Unit{}, false
		}
		if unit.ValidTo.IsZero() || on.Before(unit.ValidTo) {
			return unit, unit.ValidOn(on)
		}
		if unit.Successor == "" {
			return unit, false
		}
		key = unit.Successor
	}
	return unit, false
}

// Members lists the units of a group that exist on the day of the snapshot.
func (d *Directory) Members(group id.ID) []id.ID {
	var out []id.ID
	for _, g := range d.groups {
		if g.ID != group {
			continue
		}
		for _, u := range d.units {
			if g.Has(u) && u.ValidOn(d.on) {
				out = append(out, u.ID)
			}
		}
	}
	return out
}

// GroupsOf lists the groups a unit belongs to.
func (d *Directory) GroupsOf(unit id.ID) []id.ID {
	var out []id.ID
	u, ok := d.Unit(unit)
	for _, g := range d.groups {
		if ok && g.Has(u) {
			out = append(out, g.ID)
		}
	}
	return out
}

// Names lists all known names, longest first.
func (d *Directory) Names() []string {
	var out []string
	for _, list := range d.names {
		for _, n := range list {
			out = append(out, n.name)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	return slices.Compact(out)
}

// Resolve tells what a name stands for.
func (d *Directory) Resolve(name string) Match {
	if m := d.match(d.names[fold(name)]); m.How != Unknown {
		return m
	}
	key := d.district.key(name)
	if key == "" {
		return Match{}
	}
	if m := d.match(d.keys[key]); m.How != Unknown {
		if m.How != InGroup {
			m.How = Normalised
		}
		return m
	}
	// 区卫生健康委（区中医药局）: the name before the brackets, else the one inside.
	if rest, inner := outside(name); inner != "" {
		for _, part := range []string{rest, inner} {
			if m := d.match(d.keys[d.district.key(part)]); part != "" && m.How != Unknown {
				if m.How != InGroup {
					m.How = Normalised
				}
				return m
			}
		}
	}
	return d.abbreviated(key)
}

// match decides between the meanings of one name: a unit that exists goes
// before one that did, a unit's own name before an alias.
func (d *Directory) match(list []named) Match {
	if len(list) == 0 {
		return Match{}
	}
	best := Match{}
	rank := 5
	for _, n := range list {
		if n.group != "" {
			if rank > 2 {
				rank, best = 2, Match{Units: d.Members(n.group), Group: n.group, How: InGroup, Sure: true}
			} else if rank == 2 && best.Group != n.group {
				best.Sure = false
			}
			continue
		}
		unit, ok := d.Unit(n.unit)
		how, alive := n.how, ok && unit.ValidOn(d.on)
		if !alive {
			if now, ok := d.Current(n.unit, d.on); ok {
				unit, how, alive = now, Alias, true
			}
		}
		this := 4
		switch {
		case alive && how == Exact:
			this = 0
		case alive:
			this = 1
		}
		switch {
		case this < rank:
			rank, best = this, Match{Units: []id.ID{unit.ID}, How: how, Sure: alive}
		case this == rank && best.Group == "" && !slices.Contains(best.Units, unit.ID):
			best.Units, best.Sure = append(best.Units, unit.ID), false
		}
	}
	return best
}

// abbreviated finds the units whose key holds all characters of key in order,
// from the first to the last: 卫健委 in 卫生健康委.
func (d *Directory) abbreviated(key string) Match {
	short := []rune(key)
	if len(short) < 3 {
		return Match{}
	}
	var out []id.ID
	for known, list := range d.keys {
		if !leavesOut([]rune(known), short) {
			continue
		}
		for _, n := range list {
			if now, ok := d.Current(n.unit, d.on); ok && n.unit != "" && !slices.Contains(out, now.ID) {
				out = append(out, now.ID)
			}
		}
	}
	if len(out) == 0 {
		return Match{}
	}
	slices.SortFunc(out, func(a, b id.ID) int { return cmp.Compare(d.index[a], d.index[b]) })
	return Match{Units: out, How: Abbreviated}
}

// leavesOut reports whether short is long with characters left out, but for
// its first and last.
func leavesOut(long, short []rune) bool {
	if len(short) >= len(long) || len(short) == 0 || long[0] != short[0] || long[len(long)-1] != short[len(short)-1] {
		return false
	}
	i := 0
	for _, r := range long {
		if i < len(short) && r == short[i] {
			i++
		}
	}
	return i == len(short)
}

// Near lists at most n known names that look like name, best first; of each
// unit or group only its best.
func (d *Directory) Near(name string, n int) []Candidate {
	want := []rune(d.district.key(name))
	best := map[id.ID]Candidate{}
	for key, list := range d.keys {
		score := likeness(want, []rune(key))
		if score < 0.2 {
			continue
		}
		for _, known := range list {
			c := Candidate{Name: known.name, Unit: known.unit, Group: known.group, Score: score}
			if known.unit != "" {
				unit, ok := d.Current(known.unit, d.on)
				if !ok {
					continue
				}
				c.Unit, c.Name = unit.ID, unit.Name
			}
			who := c.Unit + c.Group
			if old, ok := best[who]; !ok || old.Score < score {
				best[who] = c
			}
		}
	}
	out := make([]Candidate, 0, len(best))
	for _, c := range best {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(d.index[a.Unit], d.index[b.Unit]), strings.Compare(a.Name, b.Name))
	})
	return out[:min(max(n, 0), len(out))]
}

// likeness is 1 for equal texts, 0 for texts without a common character:
// edit distance and shared characters, with a bonus for an abbreviation.
func likeness(a, b []rune) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	if slices.Equal(a, b) {
		return 1
	}
	near := 1 - float64(distance(a, b))/float64(max(len(a), len(b)))
	count := map[rune]int{}
	for _, r := range a {
		count[r]++
	}
	shared := 0
	for _, r := range b {
		if count[r] > 0 {
			count[r]--
			shared++
		}
	}
	score := 0.5*near + 0.5*2*float64(shared)/float64(len(a)+len(b))
	if leavesOut(a, b) || leavesOut(b, a) {
		score += 0.25
	}
	return min(score, 0.99)
}

// distance is the number of characters to insert, delete or replace.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, ra := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, rb := range b {
			cost := diagonal
			if ra != rb {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

const separators = "、,;/|"

// Split cuts run-together text into known names and what is left between
// them: the fewest unknown characters, then the fewest pieces. White space
// counts for nothing, separators end a piece unless a known name holds them.
func (d *Directory) Split(text string) []Part {
	var letters []rune // folded, without white space
	var at []int       // byte offset of each in text
	for i, r := range text {
		if f := fold(string(r)); f != "" {
			letters, at = append(letters, []rune(f)[0]), append(at, i)
		}
	}
	at = append(at, len(text))
	n := len(letters)
	const unknown = 1 << 20
	cost, length := make([]int, n+1), make([]int, n) // of the best split from i; 0: letter i is unknown
	for i := n - 1; i >= 0; i-- {
		cost[i] = cost[i+1] + unknown
		if strings.ContainsRune(separators, letters[i]) {
			cost[i] = cost[i+1]
		}
		for size := min(d.longest, n-i); size > 0; size-- {
			if c := cost[i+size] + 1; c < cost[i] && d.words[string(letters[i:i+size])] {
				cost[i], length[i] = c, size
			}
		}
	}
	var out []Part
	piece := func(from, to int, known bool) {
		if s := strings.Trim(strings.TrimSpace(text[at[from]:at[to]]), "、，,；;/|"); s != "" {
			out = append(out, Part{Text: strings.TrimSpace(s), Known: known})
		}
	}
	for i := 0; i < n; {
		if length[i] > 0 {
			piece(i, i+length[i], true)
			i += length[i]
			continue
		}
		from := i
		for i < n && length[i] == 0 {
			i++
			if strings.ContainsRune(separators, letters[i-1]) {
				break
			}
		}
		piece(from, i, false)
	}
	return out
}
