package audit

import (
	"context"
	"fmt"
	"maps"

	"github.com/uptrace/bun"
)

// Mark is how far a reader has followed the record: the number of the last
// entry of each lane. The zero Mark is the beginning.
type Mark map[int64]int64

// Touched is what an entry tells of.
type Touched struct{ Kind, Subject string }

// Follow lists what was recorded after a mark, and the mark to go on from, so
// that what is kept in memory can follow the database. The mark is taken before
// the entries are read: what is read after Follow is never older than the mark.
// When more than most entries came, ok is false and the reader starts anew.
func Follow(ctx context.Context, db bun.IDB, since Mark, most int) (touched []Touched, now Mark, ok bool, err error) {
	var heads []headRow
	if err := db.NewSelect().Model(&heads).Column("lane", "number").Scan(ctx); err != nil {
		return nil, nil, false, fmt.Errorf("audit: read the heads: %w", err)
	}
	now = make(Mark, len(heads))
	var came int64
	for _, h := range heads {
		now[h.Lane] = h.Number
		came += h.Number - since[h.Lane]
	}
	switch {
	case maps.Equal(now, since):
		return nil, now, true, nil
	case since == nil || came > int64(most):
		return nil, now, false, nil
	}
	for lane, number := range now {
		if number == since[lane] {
			continue
		}
		var some []Touched
		if err := db.NewSelect().Table("audit_entry").Column("kind", "subject").
			Where("lane = ? and number > ? and number <= ?", lane, since[lane], number).Scan(ctx, &some); err != nil {
			return nil, nil, false, fmt.Errorf("audit: follow lane %d: %w", lane, err)
		}
		touched = append(touched, some...)
	}
	return touched, now, true, nil
}
