package aggregate

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
)

// List is a list of persons that is public or is to be.
type List struct {
	Title   string
	Address string // where it is public; "" = not yet
	Matter  string // what ties the lists of one matter together; "" = not known
	On      calendar.Date
	Table   Table
}

// Published is what is public already, as the register of lists knows it.
type Published interface {
	// Lists gives the lists that were published on or after a day and are still
	// public or may have been kept by readers.
	Lists(ctx context.Context, since calendar.Date) ([]List, error)
}

// Join is what a published list adds to a new one.
type Join struct {
	List      List
	Keys      []string // heads of the new list's columns that both have
	Unique    int      // rows of the new list with exactly one partner
	Rows      int      // rows of the new list
	Adds      []string // heads that only the partner has
	Sensitive []string // those of them that tell who it is or what must not be known
	Unmasked  bool     // the partner shows in full the names that the new list masks
	Severity  check.Severity
}

// Share is the part of the new list's rows with exactly one partner.
func (j Join) Share() float64 {
	if j.Rows == 0 {
		return 0
	}
	return float64(j.Unique) / float64(j.Rows)
}

// Text says in Chinese what a join tells.
func (j Join) Text() string {
	text := fmt.Sprintf("与已公开信息“%s”按%s关联，%d行中有%d行只对应一行（%.0f%%）", j.List.Title, strings.Join(j.Keys, "、"), j.Rows, j.Unique, j.Share()*100)
	switch {
	case j.Unmasked:
		text += "，对方姓名未脱敏，脱敏失效"
	case len(j.Sensitive) > 0:
		text += "，并得到" + strings.Join(j.Sensitive, "、")
	case len(j.Adds) > 0:
		text += "，并得到" + strings.Join(j.Adds, "、")
	}
	return text + "。"
}

// keys are the combinations of columns by which lists are joined; of each role
// all columns that both lists have are taken.
var keys = [][]Role{
	{pseudonym}, {Number}, {Plate}, {Name, Place, Sum}, {Name, Place, Day}, {Name, Place}, {Name, Unit}, {Place, Sum, Day}, {Name, Group},
}

// pseudonym is the role of masked names with a running number behind them, taken
// as they are: numbers that are the same in two batches tell who is who.
const pseudonym Role = "pseudonym"

// Join simulates what a reader finds who puts a new list beside the published
// lists of the last 36 months (REV-51). Joins that add nothing are left out, and
// those with few unique partners; of each list the worst is given. A sensitive
// addition blocks; more than 5 % of unique rows ask for confirmation.
func (c Config) Join(ctx context.Context, list List, published Published) ([]Join, error) {
	c = c.filled()
	old, err := published.Lists(ctx, list.On.AddMonths(-c.JoinMonths))
	if err != nil {
		return nil, fmt.Errorf("read published lists: %w", err)
	}
	var joins []Join
	for _, o := range old {
		if o.Address != "" && o.Address == list.Address {
			continue // the list itself
		}
		var worst Join
		for _, roles := range keys {
			if j, ok := join(list, o, roles); ok && (worst.Rows == 0 || graver(j, worst)) {
				worst = j
			}
		}
		if worst.Severity != "" {
			joins = append(joins, worst)
		}
	}
	slices.SortStableFunc(joins, func(a, b Join) int {
		switch {
		case graver(a, b):
			return -1
		case graver(b, a):
			return 1
		}
		return 0
	})
	return joins, nil
}

func graver(a, b Join) bool {
	if (a.Severity == check.Block) != (b.Severity == check.Block) {
		return a.Severity == check.Block
	}
	return a.Unique > b.Unique
}

// join puts two lists together by the columns of some roles.
func join(list, old List, roles []Role) (Join, bool) {
	ours, theirs := Classify(list.Table), Classify(old.Table)
	j := Join{List: old, Rows: len(list.Table.Rows)}
	var left, right []int
	for _, r := range roles {
		a, b := shared(list.Table, ours, old.Table, theirs, r)
		if len(a) == 0 {
			return j, false
		}
		left, right = append(left, a...), append(right, b...)
	}
	for _, i := range left {
		j.Keys = append(j.Keys, list.Table.Head[i])
	}
	partners := map[string]int{}
	for r := range old.Table.Rows {
		if k := key(old.Table, r, right, theirs, roles[0]); k != "" {
			partners[k]++
		}
	}
	own := map[string]int{}
	for r := range list.Table.Rows {
		if k := key(list.Table, r, left, ours, roles[0]); k != "" {
			own[k]++
		}
	}
	for r := range list.Table.Rows {
		if k := key(list.Table, r, left, ours, roles[0]); k != "" && partners[k] == 1 && own[k] == 1 {
			j.Unique++
		}
	}
	for i, c := range theirs {
		if slices.Contains(right, i) && !(c.Role == Name && !c.Masked) {
			continue
		}
		known := slices.ContainsFunc(ours, func(o Column) bool {
			return o.Head == c.Head && o.Masked == c.Masked || o.Role == c.Role && c.Role == Name && o.Masked == c.Masked
		})
		if known || c.Class == Harmless {
			continue
		}
		j.Adds = append(j.Adds, c.Head)
		if c.Class == Sensitive || c.Class == Direct && !c.Masked {
			j.Sensitive = append(j.Sensitive, c.Head)
		}
		if c.Role == Name && !c.Masked && len(of(ours, "", Name)) > 0 {
			j.Unmasked = true
		}
	}
	// The new list may as well tell what the old one hid.
	for i, c := range ours {
		if slices.Contains(left, i) || c.Class != Sensitive && !(c.Class == Direct && !c.Masked) {
			continue
		}
		if named := of(theirs, "", Name); len(named) > 0 && !theirs[named[0]].Masked && !slices.ContainsFunc(theirs, func(o Column) bool { return o.Head == c.Head }) && c.Class == Sensitive {
			j.Sensitive = append(j.Sensitive, c.Head)
		}
	}
	switch {
	case j.Unique == 0:
	case len(j.Sensitive) > 0:
		j.Severity = check.Block
	case j.Share() > 0.05 && len(j.Adds) > 0 || roles[0] == pseudonym:
		j.Severity = check.Confirm
	}
	return j, true
}

// shared are the columns of a role that two lists have, paired by head where heads
// are equal, else the first of each.
func shared(a Table, left []Column, b Table, right []Column, r Role) (x, y []int) {
	ours, theirs := of(left, "", r), of(right, "", r)
	if r == pseudonym {
		ours, theirs = of(left, "", Name), of(right, "", Name)
	}
	if r == Number { // a running number of rows joins nothing
		serial := func(t Table) func(int) bool {
			return func(c int) bool { return strings.Contains(t.Head[c], "序号") }
		}
		ours, theirs = slices.DeleteFunc(ours, serial(a)), slices.DeleteFunc(theirs, serial(b))
	}
	for _, i := range ours {
		for _, k := range theirs {
			if a.Head[i] == b.Head[k] && !slices.Contains(y, k) {
				x, y = append(x, i), append(y, k)
				break
			}
		}
	}
	if len(x) == 0 && len(ours) > 0 && len(theirs) > 0 && (r == Name || r == pseudonym || r == Place || r == Plate) {
		return ours[:1], theirs[:1]
	}
	return x, y
}

var batchNumber = regexp.MustCompile(`[（(]\d+[)）]`)

// key makes the value by which a row is joined: names as if masked, places by
// their last level, plates by their last two characters. "" = a part is empty.
func key(t Table, row int, by []int, columns []Column, first Role) string {
	parts := make([]string, len(by))
	for i, c := range by {
		v := t.cell(row, c)
		if v == "" {
			return ""
		}
		switch columns[c].Role {
		case Name:
			if first == pseudonym {
				if !batchNumber.MatchString(v) {
					return ""
				}
				break
			}
			v = batchNumber.ReplaceAllString(v, "")
			first, _ := utf8.DecodeRuneInString(v)
			v = string(first) + fmt.Sprint(utf8.RuneCountInString(v))
		case Plate:
			v = v[max(0, len(v)-2):]
		case Place:
			v = strings.NewReplacer("社区", "", "村", "", "居委会", "", " ", "").Replace(v)
			for _, e := range []string{"街道", "镇", "乡", "区", "县"} {
				if _, after, found := strings.Cut(v, e); found && after != "" {
					v = after
				}
			}
		}
		parts[i] = v
	}
	return strings.Join(parts, "\x00")
}

// Change is a group of persons by which two releases of a table differ.
type Change struct {
	Values []string // of the columns that both releases have, quasi-identifying ones
	Before int
	After  int
}

// Difference lists the groups that grew or shrank by fewer than k persons between
// two releases of a table: the difference tells of them alone (content-review 11.2).
func (c Config) Difference(before, after Table) []Change {
	c = c.filled()
	want := max(c.KMin, 2)
	columns := Classify(after)
	if len(of(columns, Sensitive, "")) > 0 {
		want = c.KMinSensitive
	}
	var now, then []int
	for _, q := range append(of(columns, Quasi, ""), of(columns, Sensitive, "")...) {
		if i := slices.Index(before.Head, after.Head[q]); i >= 0 {
			now, then = append(now, q), append(then, i)
		}
	}
	if len(now) == 0 {
		return nil
	}
	counts := map[string]*Change{}
	var order []string
	add := func(t Table, at []int, to func(*Change)) {
		for r := range t.Rows {
			values := make([]string, len(at))
			for i, c := range at {
				values[i] = t.cell(r, c)
			}
			k := strings.Join(values, "\x00")
			if counts[k] == nil {
				counts[k] = &Change{Values: values}
				order = append(order, k)
			}
			to(counts[k])
		}
	}
	add(before, then, func(c *Change) { c.Before++ })
	add(after, now, func(c *Change) { c.After++ })
	var list []Change
	for _, k := range order {
		if d := max(counts[k].After-counts[k].Before, counts[k].Before-counts[k].After); d > 0 && d < want {
			list = append(list, *counts[k])
		}
	}
	return list
}

// Mismatch lists the published lists of the same matter that show in full the
// names which a list masks (REV-52): they come down before it appears.
func Mismatch(list List, published []List) (open []List) {
	ours := Classify(list.Table)
	names := of(ours, "", Name)
	if len(names) == 0 || !ours[names[0]].Masked || list.Matter == "" {
		return nil
	}
	for _, o := range published {
		theirs := Classify(o.Table)
		if n := of(theirs, "", Name); o.Matter == list.Matter && len(n) > 0 && !theirs[n[0]].Masked {
			open = append(open, o)
		}
	}
	return open
}

// Profile is a private person who stands in full in several lists.
type Profile struct {
	Name   string
	Place  string
	Titles []string
}

// Profiles lists the persons who stand with an unmasked name and the same place or
// unit in three or more lists of the twelve months before a day.
func Profiles(lists []List, today calendar.Date) (profiles []Profile) {
	seen := map[[2]string][]string{}
	var order [][2]string
	for _, l := range lists {
		if l.On.Before(today.AddMonths(-12)) || l.On.After(today) {
			continue
		}
		columns := Classify(l.Table)
		names, places := of(columns, "", Name), append(of(columns, "", Place), of(columns, "", Unit)...)
		if len(names) == 0 || columns[names[0]].Masked || len(places) == 0 || !ofPersons(l.Table, columns) {
			continue
		}
		for r := range l.Table.Rows {
			k := [2]string{l.Table.cell(r, names[0]), l.Table.cell(r, places[0])}
			if k[0] == "" || k[1] == "" || slices.Contains(seen[k], l.Title) {
				continue
			}
			if seen[k] == nil {
				order = append(order, k)
			}
			seen[k] = append(seen[k], l.Title)
		}
	}
	for _, k := range order {
		if len(seen[k]) >= 3 {
			profiles = append(profiles, Profile{k[0], k[1], seen[k]})
		}
	}
	return profiles
}
