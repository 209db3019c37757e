package store

import (
	"context"
	"database/sql"
)

// Snapshot runs fn on one unchanging view of the database, while others go on
// writing. It is for long reading: verification, export, backup.
func (db *DB) Snapshot(ctx context.Context, fn func(ctx context.Context, tx *sql.Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if db.Postgres() {
		opts.Isolation = sql.LevelRepeatableRead
	}
	tx, err := db.read.DB.BeginTx(ctx, opts)
	if err != nil {
		return Fault(err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return Fault(fn(ctx, tx))
}
