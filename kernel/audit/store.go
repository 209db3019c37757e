package audit

import (
	"context"
	"embed"
	"fmt"

	"github.com/uptrace/bun"

	"gongkai/kernel/page"
	"gongkai/kernel/store"
)

//go:embed migration
var files embed.FS

// Lanes is the number of chains on PostgreSQL; SQLite, with its one writer,
// has one.
const Lanes = 8

// Migration are the tables of the record.
func Migration() store.Migration {
	return store.Migration{Name: "audit", FS: files, Run: lanes}
}

// lanes makes the chains that are missing, also in a database that came from
// SQLite.
func lanes(ctx context.Context, db *store.DB) error {
	if !db.Postgres() {
		return nil
	}
	_, err := db.SQL().ExecContext(ctx, fmt.Sprintf(`insert into audit_head (lane, number, hash)
		select n, 0, decode(repeat('00', 32), 'hex') from generate_series(0, %d) n on conflict (lane) do nothing`, Lanes-1))
	return err
}

// pending are the entries of one unit of work.
type pending struct{ entries []Entry }

type pendingKey struct{}

// Write adds e to the record, in the unit of work it tells of: both are
// durable or neither. It is chained right before the commit, so that the head
// of a chain is held shortly.
func Write(_ context.Context, tx *store.Tx, e Entry) error {
	if err := e.valid(); err != nil {
		return err
	}
	e.At = tx.Now
	p := tx.Keep(pendingKey{}, func() any {
		p := &pending{}
		tx.BeforeCommit(p.flush)
		return p
	}).(*pending)
	p.entries = append(p.entries, e)
	return nil
}

type entryRow struct {
	bun.BaseModel `bun:"table:audit_entry"`
	Lane, Number  int64
	Body          string
	Hash          []byte
}

type headRow struct {
	bun.BaseModel `bun:"table:audit_head"`
	Lane, Number  int64
	Hash          []byte
}

func (p *pending) flush(ctx context.Context, tx *store.Tx) error {
	head, err := takeHead(ctx, tx)
	if err != nil {
		return fmt.Errorf("audit: take the head of a chain: %w", err)
	}
	rows := make([]entryRow, len(p.entries))
	hash := Hash(head.Hash)
	var buf []byte
	for i, e := range p.entries {
		head.Number++
		body := encode(e)
		hash, buf = link(hash, head.Lane, head.Number, body, buf)
		rows[i] = entryRow{Lane: head.Lane, Number: head.Number, Body: string(body), Hash: append([]byte(nil), hash[:]...)}
	}
	if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
		return fmt.Errorf("audit: write: %w", err)
	}
	_, err = tx.NewUpdate().Model((*headRow)(nil)).Set("number = ?, hash = ?", head.Number, hash[:]).
		Where("lane = ?", head.Lane).Exec(ctx)
	return err
}

// takeHead locks the head of a chain that nobody holds, or waits for one.
func takeHead(ctx context.Context, tx *store.Tx) (h headRow, err error) {
	if !tx.Postgres() {
		err = tx.NewSelect().Model(&h).Where("lane = 0").Scan(ctx)
		return h, err
	}
	// Starting at the backend's own lane spreads the writers.
	const free = `select lane, number, hash from audit_head
		order by (lane + pg_backend_pid()) % ? limit 1 for update`
	var found []headRow
	if err := tx.NewRaw(free+" skip locked", Lanes).Scan(ctx, &found); err != nil {
		return h, err
	}
	if len(found) == 0 {
		if err := tx.NewRaw(free, Lanes).Scan(ctx, &found); err != nil {
			return h, err
		}
	}
	if len(found) == 0 {
		return h, fmt.Errorf("no lanes; is the database migrated?")
	}
	return found[0], nil
}

// Filter chooses entries; an empty field chooses all.
type Filter struct {
	Actor, Unit, Action, Kind, Subject string
	From, Before                       string // instants as in the body, or the beginning of one: "2026-05"
}

func (f Filter) where(q *bun.SelectQuery) *bun.SelectQuery {
	for _, c := range [...]struct{ column, value string }{
		{"actor", f.Actor}, {"unit", f.Unit}, {"action", f.Action}, {"kind", f.Kind}, {"subject", f.Subject},
	} {
		if c.value != "" {
			q = q.Where("? = ?", bun.Ident(c.column), c.value)
		}
	}
	if f.From != "" {
		q = q.Where("at >= ?", f.From)
	}
	if f.Before != "" {
		q = q.Where("at < ?", f.Before)
	}
	return q
}

// History returns all that happened to one subject, the oldest first. What the
// present unit of work wrote is not in it yet.
func History(ctx context.Context, db bun.IDB, kind, subject string) ([]Record, error) {
	var rows []entryRow
	err := Filter{Kind: kind, Subject: subject}.where(db.NewSelect().Model(&rows)).
		OrderExpr("at, lane, number").Scan(ctx)
	if err != nil {
		return nil, err
	}
	return records(rows)
}

// List returns one page of the entries that f chooses, the newest first.
func List(ctx context.Context, db bun.IDB, f Filter, ask page.Ask) (page.Of[Record], error) {
	ask = ask.Clean()
	var rows []entryRow
	total, err := f.where(db.NewSelect().Model(&rows)).OrderExpr("at desc, lane desc, number desc").
		Limit(int64(ask.Size)).Offset(int64(ask.Offset())).ScanAndCount(ctx)
	if err != nil {
		return page.Of[Record]{}, err
	}
	found, err := records(rows)
	return page.Of[Record]{Rows: found, Total: int(total), Ask: ask}, err
}

func records(rows []entryRow) ([]Record, error) {
	out := make([]Record, len(rows))
	for i, r := range rows {
		e, err := decode([]byte(r.Body))
		if err != nil {
			return nil, fmt.Errorf("lane %d number %d: %w", r.Lane, r.Number, err)
		}
		out[i] = Record{r.Lane, r.Number, e}
	}
	return out, nil
}
