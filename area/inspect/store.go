package inspect

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/page"
	"gongkai/kernel/store"
)

type siteRow struct {
	bun.BaseModel `bun:"table:inspect_site"`
	Site
}

type columnRow struct {
	bun.BaseModel `bun:"table:inspect_column"`
	Column
}

type roundRow struct {
	bun.BaseModel `bun:"table:inspect_round"`
	Round
}

type findingRow struct {
	bun.BaseModel `bun:"table:inspect_finding"`
	Finding
}

type taskRow struct {
	bun.BaseModel `bun:"table:inspect_task"`
	Task
}

type itemRow struct {
	bun.BaseModel `bun:"table:inspect_item"`
	Item
}

type visitRow struct {
	bun.BaseModel `bun:"table:inspect_visit"`
	Site          id.ID     `bun:",pk"`
	At            time.Time `bun:",pk"`
	Took          int64     // microseconds
	Status        int
	Failed        string
	Void          bool
}

func insertSite(ctx context.Context, tx *store.Tx, s Site) error {
	_, err := tx.NewInsert().Model(&siteRow{Site: s}).Exec(ctx)
	return twice(err)
}

// updateSite writes a site if nobody wrote it since it was read.
func updateSite(ctx context.Context, tx *store.Tx, s Site) error {
	was := s.Version
	s.Version++
	res, err := tx.NewUpdate().Model(&siteRow{Site: s}).Where("id = ? and version = ?", s.ID, was).Exec(ctx)
	return store.Fresh(res, twice(err), "这个网站")
}

func twice(err error) error {
	if store.Unique(err) {
		return fault.Fields{"start": "已经登记过这个首页地址"}.Err()
	}
	return err
}

func getSite(ctx context.Context, db bun.IDB, key id.ID) (Site, error) {
	var r siteRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Site, store.Found(err, "没有找到这个网站，可能已删除")
}

func sites(ctx context.Context, db bun.IDB) ([]Site, error) {
	var rows []siteRow
	err := db.NewSelect().Model(&rows).Order("name", "id").Scan(ctx)
	out := make([]Site, len(rows))
	for i, r := range rows {
		out[i] = r.Site
	}
	return out, err
}

func putRound(ctx context.Context, tx *store.Tx, r Round, fresh bool) error {
	if r.Decided == nil {
		r.Decided = map[string]fact.State{}
	}
	if r.Files == nil {
		r.Files = map[string]string{}
	}
	if fresh {
		_, err := tx.NewInsert().Model(&roundRow{Round: r}).Exec(ctx)
		return err
	}
	_, err := tx.NewUpdate().Model(&roundRow{Round: r}).Where("id = ?", r.ID).Exec(ctx)
	return err
}

func getRound(ctx context.Context, db bun.IDB, key id.ID) (Round, error) {
	var r roundRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Round, store.Found(err, "没有找到这次检查")
}

// rounds lists the last rounds of a site, the newest first; state narrows it.
func rounds(ctx context.Context, db bun.IDB, site id.ID, state RoundState, limit int) ([]Round, error) {
	var rows []roundRow
	q := db.NewSelect().Model(&rows).Where("site = ?", site)
	if state != "" {
		q = q.Where("state = ?", state)
	}
	err := q.Order("asked DESC", "id DESC").Limit(int64(limit)).Scan(ctx)
	out := make([]Round, len(rows))
	for i, r := range rows {
		out[i] = r.Round
	}
	return out, err
}

// lastRound is the newest round of a site; the zero Round when there was none.
func lastRound(ctx context.Context, db bun.IDB, site id.ID, state RoundState) (Round, error) {
	list, err := rounds(ctx, db, site, state, 1)
	if err != nil || len(list) == 0 {
		return Round{}, err
	}
	return list[0], nil
}

// roundsBetween lists the finished rounds of all sites, the oldest first.
func roundsBetween(ctx context.Context, db bun.IDB, from, until time.Time) ([]Round, error) {
	var rows []roundRow
	err := db.NewSelect().Model(&rows).Where("state = ? and ended >= ? and ended < ?", Done, from, until).Order("ended", "id").Scan(ctx)
	out := make([]Round, len(rows))
	for i, r := range rows {
		out[i] = r.Round
	}
	return out, err
}

func putVisit(ctx context.Context, tx *store.Tx, site id.ID, v fact.Visit) error {
	_, err := tx.NewInsert().Model(&visitRow{Site: site, At: v.At, Took: v.Took.Microseconds(), Status: v.Status, Failed: v.Failed, Void: v.Void}).
		On("CONFLICT (site, at) DO NOTHING").Exec(ctx)
	return err
}

func visits(ctx context.Context, db bun.IDB, site id.ID, since time.Time) ([]fact.Visit, error) {
	var rows []visitRow
	err := db.NewSelect().Model(&rows).Where("site = ? and at >= ?", site, since).Order("at").Scan(ctx)
	out := make([]fact.Visit, len(rows))
	for i, r := range rows {
		out[i] = fact.Visit{At: r.At, Took: time.Duration(r.Took) * time.Microsecond, Status: r.Status, Failed: r.Failed, Void: r.Void}
	}
	return out, err
}

// findings of a site by their marks.
func marked(ctx context.Context, db bun.IDB, site id.ID) (map[string]*Finding, error) {
	var rows []findingRow
	if err := db.NewSelect().Model(&rows).Where("site = ? and source = ''", site).Scan(ctx); err != nil {
		return nil, err
	}
	out := make(map[string]*Finding, len(rows))
	for i := range rows {
		out[rows[i].Mark] = &rows[i].Finding
	}
	return out, nil
}

func insertFindings(ctx context.Context, tx *store.Tx, list []Finding) error {
	return batches(list, func(some []Finding) error {
		rows := make([]findingRow, len(some))
		for i, f := range some {
			rows[i].Finding = f
		}
		_, err := tx.NewInsert().Model(&rows).Exec(ctx)
		return err
	})
}

func updateFinding(ctx context.Context, tx *store.Tx, f Finding) error {
	was := f.Version
	f.Version++
	res, err := tx.NewUpdate().Model(&findingRow{Finding: f}).Where("id = ? and version = ?", f.ID, was).Exec(ctx)
	return store.Fresh(res, err, "这个问题")
}

func getFinding(ctx context.Context, db bun.IDB, key id.ID) (Finding, error) {
	var r findingRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Finding, store.Found(err, "没有找到这个问题")
}

// wanted narrows the list of findings.
type wanted struct {
	Site      id.ID
	Unit      id.ID // only this unit's
	Status    Status
	State     fact.State
	Indicator string
	Code      string
	Task      id.ID
	Text      string
	Secrets   bool // those for the secrecy officer, too
}

func (w wanted) narrow(q *bun.SelectQuery) *bun.SelectQuery {
	for column, value := range map[string]string{"site": string(w.Site), "unit": string(w.Unit), "status": string(w.Status), "state": string(w.State),
		"indicator": w.Indicator, "code": w.Code, "task": string(w.Task)} {
		if value != "" {
			q = q.Where(column+" = ?", value)
		}
	}
	if w.Text != "" {
		like := store.Like(w.Text)
		q = q.Where("(url like ? escape '\\' or what like ? escape '\\' or seen like ? escape '\\')", like, like, like)
	}
	if !w.Secrets {
		q = q.Where("hidden = ?", false)
	}
	return q
}

// listedFindings is a page of findings, the gravest and newest first.
func listedFindings(ctx context.Context, db bun.IDB, w wanted, ask page.Ask) (page.Of[Finding], error) {
	ask = ask.Clean()
	out := page.Of[Finding]{Ask: ask}
	var rows []findingRow
	q := w.narrow(db.NewSelect().Model(&rows))
	n, err := q.Count(ctx)
	if err != nil {
		return out, err
	}
	out.Total = int(n)
	err = q.OrderExpr("case status when 'open' then 0 when 'handed' then 1 else 2 end, case state when 'FAIL' then 0 when 'PROPOSED' then 1 else 2 end, indicator, last_at DESC, id").
		Limit(int64(ask.Size)).Offset(int64(ask.Offset())).Scan(ctx)
	for _, r := range rows {
		out.Rows = append(out.Rows, r.Finding)
	}
	return out, err
}

// tally is a count of findings.
type tally struct {
	Site      id.ID
	Indicator string
	Status    Status
	State     fact.State
	Answer    Answer
	N         int
}

// tallies counts findings by site, indicator, status and state.
func tallies(ctx context.Context, db bun.IDB, w wanted) ([]tally, error) {
	var rows []tally
	err := w.narrow(db.NewSelect().Model((*findingRow)(nil))).ColumnExpr("site, indicator, status, state, answer, count(*) as n").
		Group("site", "indicator", "status", "state", "answer").Order("indicator").Scan(ctx, &rows)
	return rows, err
}

func columns(ctx context.Context, db bun.IDB, site id.ID) ([]Column, error) {
	var rows []columnRow
	err := db.NewSelect().Model(&rows).Where("site = ?", site).Order("level", "name", "id").Scan(ctx)
	out := make([]Column, len(rows))
	for i, r := range rows {
		out[i] = r.Column
	}
	return out, err
}

func getColumn(ctx context.Context, db bun.IDB, key id.ID) (Column, error) {
	var r columnRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Column, store.Found(err, "没有找到这个栏目")
}

func putColumn(ctx context.Context, tx *store.Tx, c Column, fresh bool) error {
	if fresh {
		_, err := tx.NewInsert().Model(&columnRow{Column: c}).Exec(ctx)
		return err
	}
	was := c.Version
	c.Version++
	res, err := tx.NewUpdate().Model(&columnRow{Column: c}).Where("id = ? and version = ?", c.ID, was).Exec(ctx)
	return store.Fresh(res, err, "这个栏目")
}

// putItems writes what a round saw, over what was known of the same addresses.
func putItems(ctx context.Context, tx *store.Tx, list []Item) error {
	return batches(list, func(some []Item) error {
		rows := make([]itemRow, len(some))
		for i, it := range some {
			rows[i].Item = it
		}
		_, err := tx.NewInsert().Model(&rows).On("CONFLICT (site, url) DO UPDATE").
			Set("title = excluded.title, day = excluded.day, source = excluded.source, author = excluded.author, unit = excluded.unit, number = excluded.number, col = excluded.col, round = excluded.round").Exec(ctx)
		return err
	})
}

// forget removes the items that a whole round no longer saw.
func forget(ctx context.Context, tx *store.Tx, site id.ID, round int) error {
	_, err := tx.NewDelete().Model((*itemRow)(nil)).Where("site = ? and round < ?", site, round).Exec(ctx)
	return err
}

// itemsOf lists items of a site by day, newest first; unit "" is every unit.
func itemsOf(ctx context.Context, db bun.IDB, site, unit id.ID, from, until string, limit int) ([]Item, error) {
	var rows []itemRow
	q := db.NewSelect().Model(&rows).Where("site = ? and day >= ? and day <= ?", site, from, until)
	if unit != "" {
		q = q.Where("unit = ?", unit)
	}
	err := q.Order("day DESC", "url").Limit(int64(limit)).Scan(ctx)
	out := make([]Item, len(rows))
	for i, r := range rows {
		out[i] = r.Item
	}
	return out, err
}

func insertTask(ctx context.Context, tx *store.Tx, t Task) error {
	_, err := tx.NewInsert().Model(&taskRow{Task: t}).Exec(ctx)
	return err
}

func getTask(ctx context.Context, db bun.IDB, key id.ID) (Task, error) {
	var r taskRow
	err := db.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	return r.Task, store.Found(err, "没有找到这张整改单")
}

// ofTask lists the findings of an order.
func ofTask(ctx context.Context, db bun.IDB, task id.ID) ([]Finding, error) {
	var rows []findingRow
	err := db.NewSelect().Model(&rows).Where("task = ?", task).Order("indicator", "id").Scan(ctx)
	out := make([]Finding, len(rows))
	for i, r := range rows {
		out[i] = r.Finding
	}
	return out, err
}

// chosen loads findings by their keys.
func chosen(ctx context.Context, db bun.IDB, keys []id.ID) ([]Finding, error) {
	if len(keys) == 0 {
		return nil, errors.New("inspect: no findings chosen")
	}
	var rows []findingRow
	err := db.NewSelect().Model(&rows).Where("id in (?)", bun.List(keys)).Order("id").Scan(ctx)
	out := make([]Finding, len(rows))
	for i, r := range rows {
		out[i] = r.Finding
	}
	return out, err
}

// batches hands a list on in parts that both databases accept.
func batches[T any](list []T, do func([]T) error) error {
	const most = 500
	for len(list) > 0 {
		n := min(most, len(list))
		if err := do(list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// silence is a kind of finding that a person declared wrong for a whole site.
type silence struct{ Check, Key string }

// silenced are the checks and words that people found wrong as a kind.
func silenced(ctx context.Context, db bun.IDB, site id.ID) (map[silence]bool, error) {
	var rows []findingRow
	err := db.NewSelect().Model(&rows).Column("code", "word").Where("site = ? and status = ? and wide = ?", site, Wrong, true).Scan(ctx)
	out := map[silence]bool{}
	for _, r := range rows {
		out[silence{r.Code, r.Word}] = true
	}
	return out, err
}

// everyFinding lists all findings that fit.
func everyFinding(ctx context.Context, db bun.IDB, w wanted) ([]Finding, error) {
	var rows []findingRow
	err := w.narrow(db.NewSelect().Model(&rows)).Order("last_at DESC", "id").Scan(ctx)
	out := make([]Finding, len(rows))
	for i, r := range rows {
		out[i] = r.Finding
	}
	return out, err
}
