package audit

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/emmansun/gmsm/sm3"
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
func Migration() store.Migration { return store.Migration{Name: "audit", FS: files} }

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
	ends := endsOf(tx)
	head, err := ends.take(ctx)
	if err != nil {
		return fmt.Errorf("audit: wait for a chain: %w", err)
	}
	next := head
	tx.AtEnd(func(committed bool) {
		if !committed {
			next.Hash = nil // what stands there now is not known
		}
		ends.giveBack(next)
	})
	if head.Hash != nil {
		var moved bool
		if next, moved, err = p.append(ctx, tx, head); err != nil || moved {
			return err
		}
	}
	if head, err = readHead(ctx, tx, head.Lane); err != nil {
		return fmt.Errorf("audit: read the end of a chain: %w", err)
	}
	next, moved, err := p.append(ctx, tx, head)
	if err == nil && !moved {
		err = fmt.Errorf("audit: the end of lane %d moved while it was locked", head.Lane)
	}
	return err
}

// append writes the entries behind head, if the chain still ends there, and
// returns where it ends then.
func (p *pending) append(ctx context.Context, tx *store.Tx, head headRow) (next headRow, moved bool, err error) {
	n := len(p.entries)
	numbers, bodies, hashes := make([]int64, n), make([]string, n), make([][]byte, n)
	next = headRow{Lane: head.Lane, Number: head.Number}
	hash := Hash(head.Hash)
	var buf []byte
	for i, e := range p.entries {
		next.Number++
		body := encode(e)
		hash, buf = link(hash, head.Lane, next.Number, body, buf)
		numbers[i], bodies[i], hashes[i] = next.Number, string(body), slices.Clone(hash[:])
	}
	next.Hash = hashes[n-1]
	if tx.Postgres() { // in one statement, so that others wait for the row of the head as shortly as can be
		moved, err = done(tx.ExecReady(ctx, `with head as (update audit_head set number = ?, hash = ? where lane = ? and number = ? and hash = ? returning lane)
			insert into audit_entry (lane, number, body, hash)
			select head.lane, e.number, e.body::json, e.hash from head, unnest(?::bigint[], ?::text[], ?::bytea[]) e (number, body, hash)`,
			next.Number, next.Hash, head.Lane, head.Number, head.Hash, numbers, bodies, hashes))
		return next, moved, err
	}
	moved, err = done(tx.ExecReady(ctx, "update audit_head set number = ?, hash = ? where lane = ? and number = ? and hash = ?",
		next.Number, next.Hash, head.Lane, head.Number, head.Hash))
	if err != nil || !moved {
		return next, moved, err
	}
	rows := make([]entryRow, n)
	for i := range rows {
		rows[i] = entryRow{Lane: head.Lane, Number: numbers[i], Body: bodies[i], Hash: hashes[i]}
	}
	_, err = tx.NewInsert().Model(&rows).Exec(ctx)
	return next, true, err
}

// done reports whether a statement wrote anything.
func done(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, fmt.Errorf("audit: write: %w", err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// readHead reads where a chain ends and keeps others from it. A chain that
// nothing was written to yet begins here.
func readHead(ctx context.Context, tx *store.Tx, lane int64) (h headRow, err error) {
	q := tx.NewSelect().Model(&h).Where("lane = ?", lane)
	if tx.Postgres() {
		q = q.For("update")
	}
	if err = q.Scan(ctx); !errors.Is(err, sql.ErrNoRows) {
		return h, err
	}
	_, err = tx.NewInsert().Model(&headRow{Lane: lane, Hash: make([]byte, sm3.Size)}).On("conflict (lane) do nothing").Exec(ctx)
	if err != nil {
		return h, err
	}
	return h, q.Scan(ctx) // another process may have begun it meanwhile
}

// ends are the ends of the chains as this process left them: a unit of work goes
// on from one without asking where it stands. Whether another process has written
// since, the statement that moves the head finds out.
type ends struct {
	turn chan struct{} // as many as are free

	mu   sync.Mutex
	free []headRow // the last one used at the end; without a Hash where it is not known
}

type endsKey struct{}

func endsOf(tx *store.Tx) *ends {
	return tx.Lasting(endsKey{}, func() any {
		n := 1
		if tx.Postgres() {
			n = Lanes
		}
		e := &ends{turn: make(chan struct{}, n)}
		for _, lane := range rand.Perm(n) { // each process has its own favourites
			e.giveBack(headRow{Lane: int64(lane)})
		}
		return e
	}).(*ends)
}

// take waits for a chain that nobody in this process writes to.
func (e *ends) take(ctx context.Context) (headRow, error) {
	select {
	case <-e.turn:
	case <-ctx.Done():
		return headRow{}, ctx.Err()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	last := len(e.free) - 1
	head := e.free[last]
	e.free = e.free[:last]
	return head, nil
}

func (e *ends) giveBack(head headRow) {
	e.mu.Lock()
	e.free = append(e.free, head)
	e.mu.Unlock()
	e.turn <- struct{}{}
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
