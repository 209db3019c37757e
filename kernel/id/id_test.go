package id_test

import (
	"testing"

	"gongkai/kernel/id"
)

func TestKeysSortByBirthAndParse(t *testing.T) {
	last := id.New()
	for range 1000 {
		next := id.New()
		if next <= last {
			t.Fatalf("%s after %s", next, last)
		}
		last = next
	}
	if got, ok := id.Parse(string(last)); !ok || got != last {
		t.Errorf("Parse(%s) = %s, %v", last, got, ok)
	}
	for _, bad := range []string{"", "1", "../etc/passwd", string(last) + "0", "{" + string(last) + "}"} {
		if _, ok := id.Parse(bad); ok {
			t.Errorf("Parse(%q) accepted", bad)
		}
	}
}
