package page_test

import (
	"errors"
	"testing"

	"gongkai/kernel/page"
)

func TestAskStaysInBounds(t *testing.T) {
	for _, c := range []struct{ in, want page.Ask }{
		{page.Ask{}, page.Ask{Number: 1, Size: page.Size}},
		{page.Ask{Number: -3, Size: 9999}, page.Ask{Number: 1, Size: page.Max}},
		{page.Ask{Number: 4, Size: 50}, page.Ask{Number: 4, Size: 50}},
	} {
		if got := c.in.Clean(); got != c.want {
			t.Errorf("%v.Clean() = %v, want %v", c.in, got, c.want)
		}
	}
	if got := (page.Ask{Number: 3, Size: 20}).Offset(); got != 40 {
		t.Errorf("Offset = %d", got)
	}
	for total, want := range map[int]int{0: 1, 1: 1, 20: 1, 21: 2} {
		if got := (page.Of[int]{Total: total, Ask: page.Ask{Number: 1, Size: 20}}).Pages(); got != want {
			t.Errorf("%d rows: %d pages, want %d", total, got, want)
		}
	}
}

func TestSheetWalksOverEveryPage(t *testing.T) {
	const total = 2*page.Max + 7
	asked := 0
	list := func(ask page.Ask) (page.Of[int], error) {
		asked++
		out := page.Of[int]{Total: total, Ask: ask}
		for i := ask.Offset(); i < min(total, ask.Offset()+ask.Size); i++ {
			out.Rows = append(out.Rows, i)
		}
		return out, nil
	}
	n := 0
	for cells, err := range page.Sheet(list, func(i int) []any { return []any{i} }) {
		if err != nil || cells[0] != n {
			t.Fatalf("row %d is %v, %v", n, cells, err)
		}
		n++
	}
	if n != total || asked != 3 {
		t.Errorf("%d rows of %d pages, want %d of 3", n, asked, total)
	}
	for range page.All(list) { // a reader that stops is not asked on
		break
	}
	if asked != 4 {
		t.Errorf("%d pages asked for, want 4", asked)
	}
	wrong := errors.New("gone")
	for _, err := range page.Sheet(func(page.Ask) (page.Of[int], error) { return page.Of[int]{}, wrong }, func(int) []any { return nil }) {
		if !errors.Is(err, wrong) {
			t.Errorf("error %v, want %v", err, wrong)
		}
	}
}
