package plan

import (
	"context"

	"github.com/uptrace/bun"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/store"
)

// allDuties lists the duties of a plan, retired ones too, in a stable order.
func allDuties(ctx context.Context, db bun.IDB, plan id.ID) ([]Duty, error) {
	var rows []dutyRow
	err := db.NewSelect().Model(&rows).Where("plan = ?", plan).Order("id").Scan(ctx)
	return each(rows, func(r dutyRow) Duty { return r.Duty }), err
}

// itemsOfAll lists all items of a plan, those without a measure too.
func itemsOfAll(ctx context.Context, db bun.IDB, plan id.ID) ([]Item, error) {
	var rows []itemRow
	err := db.NewSelect().Model(&rows).Where("plan = ?", plan).Order("position").Scan(ctx)
	return each(rows, func(r itemRow) Item { return r.Item }), err
}

func updatePlan(ctx context.Context, tx *store.Tx, p Plan) error {
	seen := p.Version
	p.Version++
	res, err := tx.NewUpdate().Model(&planRow{Plan: p}).Column("title", "number", "issuer", "letter", "version").
		Where("id = ? and version = ?", p.ID, seen).Exec(ctx)
	return store.Fresh(res, err, "这份任务分工")
}

func updateItem(ctx context.Context, tx *store.Tx, it Item) error {
	_, err := tx.NewUpdate().Model(&itemRow{Item: it}).Column("position", "number", "title", "section", "section_title").
		Where("id = ?", it.ID).Exec(ctx)
	return err
}

func updateMeasure(ctx context.Context, tx *store.Tx, m Measure) error {
	seen := m.Version
	m.Version++
	res, err := tx.NewUpdate().Model(&measureRow{Measure: m}).
		Column("item", "position", "row", "number", "text", "due_text", "due", "retired", "version").
		Where("id = ? and version = ?", m.ID, seen).Exec(ctx)
	return store.Fresh(res, err, "这条举措")
}

func updateDuty(ctx context.Context, tx *store.Tx, d Duty) error {
	_, err := tx.NewUpdate().Model(&dutyRow{Duty: d}).Column("item", "role", "group", "retired").Where("id = ?", d.ID).Exec(ctx)
	return err
}

func updateSpan(ctx context.Context, tx *store.Tx, term id.ID, until, due calendar.Date) error {
	_, err := tx.NewUpdate().Model((*termRow)(nil)).Set("until = ?", until).Set("due = ?", due).Where("id = ?", term).Exec(ctx)
	return err
}
