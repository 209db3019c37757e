package page_test

import (
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
