package plan

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"gongkai/kernel/id"
	"gongkai/kernel/store"
)

type draftRow struct {
	bun.BaseModel `bun:"table:plan_draft"`
	Draft
}

// draftStateRow is a step with the sheet that a correction made; undo and redo
// have none.
type draftStateRow struct {
	bun.BaseModel `bun:"table:plan_draft_state"`
	DraftStep
	Sheet *Sheet `bun:",type:jsonb"`
}

// light are the columns of a draft without its document.
var light = []string{"id", "plan", "name", "hash", "size", "format", "state", "cursor", "version", "by", "by_name", "at"}

func insertDraft(ctx context.Context, tx *store.Tx, d Draft) error {
	_, err := tx.NewInsert().Model(&draftRow{Draft: d}).Exec(ctx)
	return err
}

// getDraft returns a draft, with its document only when asked for.
func getDraft(ctx context.Context, db bun.IDB, key id.ID, document bool) (Draft, error) {
	var r draftRow
	q := db.NewSelect().Model(&r).Where("id = ?", key)
	if !document {
		q = q.Column(light...)
	}
	err := q.Scan(ctx)
	return r.Draft, store.Found(err, "没有找到这份草稿")
}

// drafts lists drafts in a state without their documents, the newest first.
func drafts(ctx context.Context, db bun.IDB, state DraftState) ([]Draft, error) {
	var rows []draftRow
	err := db.NewSelect().Model(&rows).Column(light...).Where("state = ?", state).Order("at DESC").Limit(100).Scan(ctx)
	return each(rows, func(r draftRow) Draft { return r.Draft }), err
}

// updateDraft saves a draft if nobody changed it since the version seen.
func updateDraft(ctx context.Context, tx *store.Tx, d Draft, seen int64) error {
	res, err := tx.NewUpdate().Model(&draftRow{Draft: d}).Column("plan", "state", "cursor", "version").
		Where("id = ? and version = ?", d.ID, seen).Exec(ctx)
	return store.Fresh(res, err, "这份草稿")
}

func insertStep(ctx context.Context, tx *store.Tx, st DraftStep, sheet *Sheet) error {
	_, err := tx.NewInsert().Model(&draftStateRow{DraftStep: st, Sheet: sheet}).Exec(ctx)
	return err
}

// sheetOf returns the sheet of a correction.
func sheetOf(ctx context.Context, db bun.IDB, draft id.ID, n int64) (Sheet, error) {
	var r draftStateRow
	err := db.NewSelect().Model(&r).Where("draft = ? and n = ?", draft, n).Scan(ctx)
	if err == nil && r.Sheet == nil {
		err = fmt.Errorf("draft %s: step %d has no sheet", draft, n)
	}
	if err != nil {
		return Sheet{}, store.Found(err, "没有找到这份草稿的内容")
	}
	return *r.Sheet, nil
}

// draftSteps lists all that was done to a draft after a version, without the
// sheets, the newest first.
func draftSteps(ctx context.Context, db bun.IDB, draft id.ID, after int64) ([]DraftStep, error) {
	var rows []draftStateRow
	err := db.NewSelect().Model(&rows).ExcludeColumn("sheet").Where("draft = ? and n > ?", draft, after).Order("n DESC").Scan(ctx)
	return each(rows, func(r draftStateRow) DraftStep { return r.DraftStep }), err
}
