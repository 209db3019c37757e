package lexicon

import (
	"context"

	"github.com/uptrace/bun"

	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/page"
	"gongkai/kernel/store"
)

type row struct {
	bun.BaseModel `bun:"table:lexicon_rule"`
	Rule
}

func insert(ctx context.Context, tx *store.Tx, r Rule) error {
	_, err := tx.NewInsert().Model(&row{Rule: r}).Exec(ctx)
	return twice(err)
}

// update writes a rule if nobody wrote it since it was read.
func update(ctx context.Context, tx *store.Tx, r Rule) error {
	was := r.Version
	r.Version++
	res, err := tx.NewUpdate().Model(&row{Rule: r}).Where("id = ? and version = ?", r.ID, was).Exec(ctx)
	return store.Fresh(res, twice(err), "这条规则")
}

func twice(err error) error {
	if store.Unique(err) {
		return fault.Fields{"form": "已经有这条规则，请直接修改它"}.Err()
	}
	return err
}

func get(ctx context.Context, db bun.IDB, key id.ID) (Rule, error) {
	var r row
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Rule, store.Found(err, "没有找到这条规则，可能已删除")
}

func remove(ctx context.Context, tx *store.Tx, key id.ID) error {
	_, err := tx.NewDelete().Model((*row)(nil)).Where("id = ?", key).Exec(ctx)
	return err
}

// live lists every rule that is in force.
func live(ctx context.Context, db bun.IDB) ([]Rule, error) {
	var rows []row
	err := db.NewSelect().Model(&rows).Where("live = ?", true).Order("id").Scan(ctx)
	return rules(rows), err
}

// stamp changes whenever a rule does.
func stamp(ctx context.Context, db bun.IDB) (string, error) {
	var s string
	err := db.NewSelect().Model((*row)(nil)).ColumnExpr("cast(count(*) as text) || '/' || cast(coalesce(sum(version), 0) as text) || '/' || coalesce(max(id), '')").Scan(ctx, &s)
	return s, err
}

// wanted narrows the list on the screen.
type wanted struct {
	Kind Kind
	Live string // "1", "0" or "" for both
	Text string
}

// listed is a page of rules, the latest first.
func listed(ctx context.Context, db bun.IDB, w wanted, ask page.Ask) (page.Of[Rule], error) {
	ask = ask.Clean()
	out := page.Of[Rule]{Ask: ask}
	var rows []row
	q := db.NewSelect().Model(&rows)
	if w.Kind != "" {
		q = q.Where("kind = ?", w.Kind)
	}
	if w.Live != "" {
		q = q.Where("live = ?", w.Live == "1")
	}
	if w.Text != "" {
		like := store.Like(w.Text)
		q = q.Where("(form like ? escape '\\' or proper like ? escape '\\')", like, like)
	}
	n, err := q.Count(ctx)
	if err != nil {
		return out, err
	}
	out.Total = int(n)
	err = q.Order("at DESC", "id DESC").Limit(int64(ask.Size)).Offset(int64(ask.Offset())).Scan(ctx)
	out.Rows = rules(rows)
	return out, err
}

func rules(rows []row) []Rule {
	out := make([]Rule, len(rows))
	for i, r := range rows {
		out[i] = r.Rule
	}
	return out
}
