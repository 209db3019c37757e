package inspect

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/store"
)

type importRow struct {
	bun.BaseModel `bun:"table:inspect_import"`
	ID            id.ID             `bun:",pk"`
	Head          string            // hash of the heads of the list
	Fields        map[string]string `bun:",type:jsonb"` // head by field
	By            id.ID
	At            time.Time
}

// remembered is what somebody said of a list with the same heads.
func remembered(ctx context.Context, db bun.IDB, head string) (map[string]string, error) {
	var r importRow
	err := db.NewSelect().Model(&r).Where("head = ?", head).Scan(ctx)
	if err = store.Found(err, ""); fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return r.Fields, err
}

func remember(ctx context.Context, tx *store.Tx, r importRow) error {
	_, err := tx.NewInsert().Model(&r).On("CONFLICT (head) DO UPDATE").Set("fields = excluded.fields, by = excluded.by, at = excluded.at").Exec(ctx)
	return err
}
