package account

import (
	"path/filepath"
	"testing"

	"gongkai/kernel/secret"
)

// testKeys makes a keyring of its own for a test.
func testKeys(t testing.TB) *secret.Keyring {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys")
	if err := secret.Create(path); err != nil {
		t.Fatal(err)
	}
	ring, err := secret.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}
