// Package page cuts long lists into numbered pages.
package page

import "iter"

// Size is how many rows a screen shows; Max bounds what an address may ask for.
const (
	Size = 20
	Max  = 200
)

// Ask says which page is wanted: Number from 1, Size rows each.
type Ask struct{ Number, Size int }

// Clean returns the ask within bounds.
func (a Ask) Clean() Ask {
	if a.Size <= 0 {
		a.Size = Size
	}
	a.Size = min(a.Size, Max)
	a.Number = max(a.Number, 1)
	return a
}

// Offset is the number of rows before the page.
func (a Ask) Offset() int { return (a.Number - 1) * a.Size }

// Of is one page of a list: its rows and the total number of rows.
type Of[T any] struct {
	Rows  []T
	Total int
	Ask   Ask
}

// Pages is the number of pages, at least 1.
func (p Of[T]) Pages() int { return max(1, (p.Total+p.Ask.Clean().Size-1)/p.Ask.Clean().Size) }

// Where returns which page this is and of how many rows, for a pager that does
// not care of what the rows are.
func (p Of[T]) Where() (Ask, int) { return p.Ask.Clean(), p.Total }

// All walks over every row of a list, page after page, for exports. list loads
// one page; its error ends the walk.
func All[T any](list func(Ask) (Of[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for n := 1; ; n++ {
			some, err := list(Ask{Number: n, Size: Max})
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, row := range some.Rows {
				if !yield(row, nil) {
					return
				}
			}
			if n >= some.Pages() {
				return
			}
		}
	}
}

// Sheet is All as the rows of a sheet: cells turns a row into them.
func Sheet[T any](list func(Ask) (Of[T], error), cells func(T) []any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for row, err := range All(list) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(cells(row), nil) {
				return
			}
		}
	}
}
