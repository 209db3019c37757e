// Package id makes the keys of rows: UUIDv7 as text, so they sort by time of birth.
package id

import "github.com/google/uuid"

// ID is a key: 36 characters, or "" for none.
type ID string

// New returns a key that no other row has and that sorts after older ones.
func New() ID { return ID(uuid.Must(uuid.NewV7()).String()) }

// Parse accepts text from an address or a form; ok is false for anything but a UUID.
func Parse(text string) (key ID, ok bool) {
	u, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return "", false
	}
	return ID(u.String()), true
}
