package plan

import (
	"reflect"
	"slices"
	"strconv"

	"gongkai/kernel/org"
)

// anchorOf is the fragment of a section, item or measure on the review page, and
// of the head, whose key is 0.
func anchorOf(key int) string { return "m" + strconv.Itoa(key) }

// anchorOfDoubt is the fragment of a question on the review page.
func anchorOfDoubt(key int) string { return "d" + strconv.Itoa(key) }

// goesOn is the fragment where the work goes on behind a correction: what was
// corrected, its neighbour when it is gone, the next question when one was
// answered. doubt is the question that was answered, or 0.
func goesOn(e Edit, doubt int, before, after *Sheet, dir *org.Directory) string {
	switch e.Op {
	case OpAccept, OpAnswer, OpIgnore:
		return afterDoubt(doubt, before, after, dir)
	case OpAcceptSure, OpHead:
		return "doubts"
	case OpDelete:
		return neighbour(before, e.Key)
	}
	return anchorOf(e.Key)
}

// afterDoubt is the question itself while it is open, else the next one that is
// left in the order of the page, else the one before.
func afterDoubt(doubt int, before, after *Sheet, dir *org.Directory) string {
	open := map[int]bool{}
	for _, d := range after.Doubts {
		open[d.Key] = true
	}
	all := questions(before, dir)
	at := slices.IndexFunc(all, func(q Question) bool { return q.Key == doubt })
	for i := max(at, 0); i < len(all); i++ {
		if open[all[i].Key] {
			return anchorOfDoubt(all[i].Key)
		}
	}
	for i := at - 1; i >= 0; i-- {
		if open[all[i].Key] {
			return anchorOfDoubt(all[i].Key)
		}
	}
	return "doubts"
}

// neighbour is what stands behind a part that is deleted, before it when it is
// the last, around it when it is the only one.
func neighbour(s *Sheet, key int) string {
	beside := func(keys []int, i, around int) string {
		switch {
		case i+1 < len(keys):
			return anchorOf(keys[i+1])
		case i > 0:
			return anchorOf(keys[i-1])
		case around == 0:
			return "result"
		}
		return anchorOf(around)
	}
	var sections []int
	for _, sec := range s.Sections {
		sections = append(sections, sec.Key)
		var items []int
		for _, it := range sec.Items {
			items = append(items, it.Key)
			var measures []int
			for _, m := range it.Measures {
				measures = append(measures, m.Key)
			}
			if i := slices.Index(measures, key); i >= 0 {
				return beside(measures, i, it.Key)
			}
		}
		if i := slices.Index(items, key); i >= 0 {
			return beside(items, i, sec.Key)
		}
	}
	if i := slices.Index(sections, key); i >= 0 {
		return beside(sections, i, 0)
	}
	return "result"
}

// part is a head, section, item or measure: its key, and what a person reads of
// it and of where it stands.
type part struct {
	key int
	is  any
}

// parts lists the parts of a sheet in the order of the page.
func (s *Sheet) parts() []part {
	out := []part{{0, []any{s.Title, s.Number, s.Issuer, s.Date, s.Year, s.Letter}}}
	for i, sec := range s.Sections {
		out = append(out, part{sec.Key, []any{i, sec.Number, sec.Title}})
		for j, it := range sec.Items {
			out = append(out, part{it.Key, []any{sec.Key, j, it.Number, it.Title}})
			for k, m := range it.Measures {
				out = append(out, part{m.Key, []any{it.Key, k, m}})
			}
		}
	}
	return out
}

// changed is the fragment of what undo or redo brought: the first question that
// came back, else the first part that is otherwise than before, else what stands
// before the part that is gone.
func changed(before, after *Sheet, dir *org.Directory) string {
	known := map[int]bool{}
	for _, d := range before.Doubts {
		known[d.Key] = true
	}
	for _, q := range questions(after, dir) {
		if !known[q.Key] {
			return anchorOfDoubt(q.Key)
		}
	}
	was, is := map[int]any{}, map[int]bool{}
	for _, p := range before.parts() {
		was[p.key] = p.is
	}
	for _, p := range after.parts() {
		if !reflect.DeepEqual(was[p.key], p.is) {
			return anchorOf(p.key)
		}
		is[p.key] = true
	}
	last := 0
	for _, p := range before.parts() {
		if !is[p.key] {
			return anchorOf(last)
		}
		last = p.key
	}
	return "doubts"
}

// borders are the first measure of the plan, which nothing can move up, and the
// last, which nothing can move down; 0 where the outermost item is empty.
func (s *Sheet) borders() (first, last int) {
	var all []SheetItem
	for _, sec := range s.Sections {
		all = append(all, sec.Items...)
	}
	if len(all) == 0 {
		return 0, 0
	}
	if list := all[0].Measures; len(list) > 0 {
		first = list[0].Key
	}
	if list := all[len(all)-1].Measures; len(list) > 0 {
		last = list[len(list)-1].Key
	}
	return first, last
}
