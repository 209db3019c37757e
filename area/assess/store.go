package assess

import (
	"context"

	"github.com/uptrace/bun"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/page"
	"gongkai/kernel/store"
)

type row struct {
	bun.BaseModel `bun:"table:assess_training"`
	Training
}

func insert(ctx context.Context, tx *store.Tx, t Training) error {
	_, err := tx.NewInsert().Model(&row{Training: t}).Exec(ctx)
	return err
}

func get(ctx context.Context, db bun.IDB, key id.ID) (Training, error) {
	var r row
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Training, store.Found(err, "没有找到这次培训，可能已删除")
}

func remove(ctx context.Context, tx *store.Tx, key id.ID) error {
	_, err := tx.NewDelete().Model((*row)(nil)).Where("id = ?", key).Exec(ctx)
	return err
}

// ofUnit lists the trainings of a unit from one day to another, both included.
func ofUnit(ctx context.Context, db bun.IDB, unit id.ID, from, until calendar.Date) ([]Training, error) {
	var rows []row
	err := db.NewSelect().Model(&rows).Where("unit = ? and held_on >= ? and held_on <= ?", unit, from, until).Order("held_on", "id").Scan(ctx)
	return trainings(rows), err
}

// listed is a page of trainings of a year, the latest first; unit and kind
// narrow it.
func listed(ctx context.Context, db bun.IDB, year int, unit id.ID, kind Kind, ask page.Ask) (page.Of[Training], error) {
	ask = ask.Clean()
	out := page.Of[Training]{Ask: ask}
	var rows []row
	q := db.NewSelect().Model(&rows).Where("held_on >= ? and held_on <= ?", calendar.Day(year, 1, 1), calendar.Day(year, 12, 31))
	if unit != "" {
		q = q.Where("unit = ?", unit)
	}
	if kind != "" {
		q = q.Where("kind = ?", kind)
	}
	n, err := q.Count(ctx)
	if err != nil {
		return out, err
	}
	out.Total = int(n)
	err = q.Order("held_on DESC", "id DESC").Limit(int64(ask.Size)).Offset(int64(ask.Offset())).Scan(ctx)
	out.Rows = trainings(rows)
	return out, err
}

func trainings(rows []row) []Training {
	out := make([]Training, len(rows))
	for i, r := range rows {
		out[i] = r.Training
	}
	return out
}
