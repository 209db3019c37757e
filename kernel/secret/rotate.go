package secret

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"gongkai/kernel/id"
	"gongkai/kernel/store"
)

// Column is a column of sealed texts in a table with the key column "id".
type Column struct{ Table, Column string }

// rotateBatch is how many rows one unit of work re-encrypts.
const rotateBatch = 200

// Rotate re-encrypts everything that older keys sealed, a batch at a time. It may
// be stopped and begun again: what is done is seen by its key. done counts the
// values so far; it may be nil.
func (r *Keyring) Rotate(ctx context.Context, db *store.DB, columns []Column, done func(int)) error {
	total := 0
	for _, c := range columns {
		for after := id.ID(""); ; {
			var rows []struct {
				ID    id.ID
				Value string
			}
			err := db.Read.NewSelect().TableExpr("?", bun.Ident(c.Table)).ColumnExpr("id, ? as value", bun.Ident(c.Column)).
				Where("id > ? and ? <> '' and ? not like ?", after, bun.Ident(c.Column), bun.Ident(c.Column), r.current+".%").
				OrderExpr("id").Limit(rotateBatch).Scan(ctx, &rows)
			if err != nil {
				return fmt.Errorf("rotate %s.%s: %w", c.Table, c.Column, err)
			}
			if len(rows) == 0 {
				break
			}
			err = db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
				for _, row := range rows {
					place := Place(c.Table, c.Column, row.ID)
					plain, err := r.Open(row.Value, place)
					if err != nil {
						return err
					}
					sealed, err := r.Seal(plain, place)
					if err != nil {
						return err
					}
					// A value that somebody changed meanwhile is fresh already.
					if _, err := tx.NewUpdate().TableExpr("?", bun.Ident(c.Table)).Set("? = ?", bun.Ident(c.Column), sealed).
						Where("id = ? and ? = ?", row.ID, bun.Ident(c.Column), row.Value).Exec(ctx); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return fmt.Errorf("rotate %s.%s: %w", c.Table, c.Column, err)
			}
			after = rows[len(rows)-1].ID
			if total += len(rows); done != nil {
				done(total)
			}
		}
	}
	return nil
}
