package store_test

import (
	"testing"

	"gongkai/kernel/store"
)

func TestLikeTakesATextLiterally(t *testing.T) {
	for text, want := range map[string]string{"": "%%", "司法": "%司法%", `5%_\`: `%5\%\_\\%`} {
		if got := store.Like(text); got != want {
			t.Errorf("Like(%q) = %q, want %q", text, got, want)
		}
	}
}
