package inspect

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

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

const lookedBack = 100 // mappings among which one is looked for

// remembered is what somebody said of a list with the same heads, or else of the
// last one whose heads all stand in this one: platforms add columns and change
// their order. nil when there is none.
func remembered(ctx context.Context, db bun.IDB, list sheet) (map[string]string, error) {
	var rows []importRow
	if err := db.NewSelect().Model(&rows).OrderExpr("case when head = ? then 0 else 1 end, at DESC", list.head()).Limit(lookedBack).Scan(ctx); err != nil {
		return nil, err
	}
	for _, r := range rows {
		fits := true
		for _, head := range r.Fields {
			fits = fits && (head == "" || slices.Contains(list.Heads, head))
		}
		if fits {
			return r.Fields, nil
		}
	}
	return nil, nil
}

func remember(ctx context.Context, tx *store.Tx, r importRow) error {
	_, err := tx.NewInsert().Model(&r).On("CONFLICT (head) DO UPDATE").Set("fields = excluded.fields, by = excluded.by, at = excluded.at").Exec(ctx)
	return err
}
