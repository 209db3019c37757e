package store

import "context"

// Sequence returns the next number of name, from 1, without gaps: a unit of
// work that is undone gives its number back. Others that want the same name
// wait until this unit of work ends, so draw it late. A name usually holds the
// year ("受理号:2026").
func Sequence(ctx context.Context, tx *Tx, name string) (n int64, err error) {
	err = tx.NewRaw(`insert into store_sequence (name, value) values (?, 1)
		on conflict (name) do update set value = store_sequence.value + 1 returning value`, name).Scan(ctx, &n)
	return n, err
}
