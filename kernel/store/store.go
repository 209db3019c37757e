// Package store is the database and the files of the house: one code base for
// SQLite (one machine) and PostgreSQL (many).
//
// How a room uses it:
//
//	//go:embed migration
//	var files embed.FS
//
//	// Migration are this room's tables: migration/0001_thing.sql for both
//	// databases, or 0002_x.sqlite.sql beside 0002_x.postgres.sql.
//	func Migration() store.Migration { return store.Migration{Name: "thing", FS: files} }
//
//	// Reading: any time, from db.Read.
//	err := db.Read.NewSelect().Model(&row).Where("id = ?", key).Scan(ctx)
//	return row.Thing, store.Found(err, "没有找到这件事，可能已删除")
//
//	// Writing: only inside Do, only through tx. All of it is durable when Do
//	// returns nil, and none of it exists when Do returns an error.
//	err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
//		thing.ChangedAt = tx.Now // the one instant of this unit of work
//		res, err := tx.NewUpdate().Model(&row{Thing: thing}).
//			Set("title = ?", thing.Title).Set("version = version + 1").
//			Where("id = ? and version = ?", thing.ID, thing.Version).Exec(ctx)
//		return store.Fresh(res, err, "这件事") // a stale save is a Conflict
//	})
//
// Laws of a unit of work: inside Do nothing slow (no network, no hashing of
// files), no second Do, no db.Read (it does not see what tx wrote), and no
// effect outside tx, because the function runs again when PostgreSQL reports a
// deadlock; tx.AtEnd is for what may only happen once it is durable.
// PostgreSQL runs at READ COMMITTED: two units of work that must exclude each
// other take tx.Lock with the same name, or update one row with its version.
//
// Common words in migrations: text bigint boolean timestamptz jsonb bytea
// "double precision". Every file begins with the line "-- +goose Up".
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"gongkai/kernel/clock"
	"gongkai/kernel/id"
)

// Config says which database to open.
type Config struct {
	URL      string        // "sqlite:data/gongkai.db" or "postgres://user@host/name"
	Clock    clock.Clock   // where tx.Now comes from
	Deadline time.Duration // longest a unit of work may take; 0 means 30 s
	Log      *slog.Logger  // nil means slog.Default
}

// DB is an open database.
type DB struct {
	Read bun.IDB // for reading only: the database refuses writes through it

	url      string
	write    *bun.DB
	read     *bun.DB
	pool     *pgxpool.Pool // PostgreSQL only; feeds write
	readPool *pgxpool.Pool // PostgreSQL only; feeds read
	clock    clock.Clock
	deadline time.Duration
	log      *slog.Logger
	turns    chan struct{} // PostgreSQL only: units of work that run now
	lasting  sync.Map

	time     timekeeper
	problem  atomic.Pointer[Problem]
	attempts atomic.Int64 // transactions begun again after a conflict, for metrics
}

// Open connects to the database of c.URL and checks that it answers. A SQLite
// file and its folder are made when absent. Nothing is migrated: see Migrate.
func Open(ctx context.Context, c Config) (*DB, error) {
	db := &DB{url: c.URL, clock: c.Clock, deadline: c.Deadline, log: c.Log}
	if db.clock == nil {
		return nil, errors.New("store: Config.Clock is missing")
	}
	if db.deadline == 0 {
		db.deadline = 30 * time.Second
	}
	if db.log == nil {
		db.log = slog.Default()
	}
	db.time.node = string(id.New())
	var err error
	switch scheme, rest, _ := strings.Cut(c.URL, ":"); scheme {
	case "sqlite":
		err = db.openSQLite(rest)
	case "postgres", "postgresql":
		err = db.openPostgres(ctx, c.URL)
	default:
		return nil, fmt.Errorf("store: database %q: want sqlite:FILE or postgres://…", scheme)
	}
	if err != nil {
		return nil, Fault(err)
	}
	db.Read = db.read
	for _, d := range []*bun.DB{db.write, db.read} { // write first: it makes the file
		if err := d.PingContext(ctx); err != nil {
			return nil, errors.Join(Fault(fmt.Errorf("open the database: %w", err)), db.Close())
		}
	}
	return db, nil
}

// openSQLite makes two pools on one file: a single writing connection, whose
// every commit reaches the disk before it is acknowledged, and eight readers.
func (db *DB) openSQLite(path string) error {
	if path == "" || strings.HasPrefix(path, ":memory:") {
		return errors.New("store: sqlite needs a file")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("make the database folder: %w", err)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	name := (&url.URL{Scheme: "file", Path: abs}).String()
	write, err := sql.Open("sqlite", name+"?_txlock=immediate&_time_format=sqlite"+
		"&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)")
	if err != nil {
		return err
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", name+"?mode=ro&_time_format=sqlite&_pragma=busy_timeout(5000)&_pragma=query_only(1)")
	if err != nil {
		return errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(8)
	read.SetMaxIdleConns(8)
	db.write, db.read = bun.NewDB(write, sqlitedialect.New()), bun.NewDB(read, sqlitedialect.New())
	return nil
}

// writers is how many units of work run side by side on PostgreSQL, in this
// process; others wait for their turn. Enough that commits share a write to the
// disk; more would only take the processors from one another and from readers.
const writers = 4

func (db *DB) openPostgres(ctx context.Context, dsn string) error {
	conf, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return fmt.Errorf("store: database address: %w", err)
	}
	// bun writes values into the text, so no statement comes twice and a cache
	// of prepared statements would only cost round trips; see ExecReady.
	conf.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	conf.ConnConfig.RuntimeParams["timezone"] = "UTC"
	if conf.ConnConfig.ConnectTimeout == 0 { // a machine that is off does not even refuse
		conf.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	if conf.MaxConns < 16 {
		conf.MaxConns = 16
	}
	db.turns = make(chan struct{}, writers)
	if db.pool, err = pgxpool.NewWithConfig(ctx, conf.Copy()); err != nil {
		return err
	}
	conf.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
	if db.readPool, err = pgxpool.NewWithConfig(ctx, conf); err != nil {
		db.pool.Close()
		return err
	}
	db.write = bun.NewDB(stdlib.OpenDBFromPool(db.pool), pgdialect.New())
	db.read = bun.NewDB(stdlib.OpenDBFromPool(db.readPool), pgdialect.New())
	return nil
}

// Close ends all connections. What Do acknowledged stays.
func (db *DB) Close() error {
	err := db.time.rest(db)
	err = errors.Join(err, db.read.Close(), db.write.Close())
	if db.pool != nil {
		db.readPool.Close()
		db.pool.Close()
	}
	return err
}

// Postgres reports whether the database is PostgreSQL, for the few statements
// that differ.
func (db *DB) Postgres() bool { return db.pool != nil }

// SQL is the writing pool, for libraries that bring their own statements
// (background jobs). On SQLite it is one connection: never use it inside Do.
func (db *DB) SQL() *sql.DB { return db.write.DB }

// Pool is the PostgreSQL pool for LISTEN; nil on SQLite.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// Clock is the clock the database was opened with: the machine's.
func (db *DB) Clock() clock.Clock { return db.clock }

// Steady is the time of the house: that of Clock, but never before the last
// committed instant, as tx.Now is. Which day it is, and what is late, is asked of
// it; how long something took, or what a machine elsewhere compares with its own
// time (one-time codes, signatures), of Clock.
func (db *DB) Steady() clock.Clock { return steady{db} }

type steady struct{ db *DB }

func (s steady) Now() time.Time { return s.db.time.now(s.db.clock) }

// Retried counts the units of work that PostgreSQL made us run again.
func (db *DB) Retried() int64 { return db.attempts.Load() }

// Tx is one unit of work. It is used like a bun.DB.
type Tx struct {
	bun.IDB
	Now time.Time // the one instant of this unit of work: UTC, microseconds

	db     *DB
	sql    *sql.Tx
	kept   map[any]any
	before []func(context.Context, *Tx) error
	ends   []func(committed bool)
}

// SQL is the transaction for libraries that take one.
func (tx *Tx) SQL() *sql.Tx { return tx.sql }

// Postgres is DB.Postgres.
func (tx *Tx) Postgres() bool { return tx.db.Postgres() }

// Keep returns what make made for key, once per unit of work.
func (tx *Tx) Keep(key any, make func() any) any {
	if v, ok := tx.kept[key]; ok {
		return v
	}
	if tx.kept == nil {
		tx.kept = map[any]any{}
	}
	v := make()
	tx.kept[key] = v
	return v
}

// Lasting returns what make made for key, once while the database is open.
func (tx *Tx) Lasting(key any, make func() any) any {
	if v, ok := tx.db.lasting.Load(key); ok {
		return v
	}
	v, _ := tx.db.lasting.LoadOrStore(key, make())
	return v
}

// BeforeCommit runs fn after the function given to Do and right before the
// commit, in the order of registration; what takes a lock others wait for
// belongs here. An error undoes the whole unit of work.
func (tx *Tx) BeforeCommit(fn func(context.Context, *Tx) error) { tx.before = append(tx.before, fn) }

// AtEnd runs fn when the unit of work is over, before Do returns: committed when
// everything is durable. It is for the memory of this process, to forget or to give
// back; other effects are jobs. A commit that failed may be durable all the same.
func (tx *Tx) AtEnd(fn func(committed bool)) { tx.ends = append(tx.ends, fn) }

// Lock makes this unit of work exclude all others that lock the same name,
// until it ends. SQLite has one writer, so there it costs nothing.
func (tx *Tx) Lock(ctx context.Context, name string) error {
	if !tx.Postgres() {
		return nil
	}
	_, err := tx.NewRaw("select pg_advisory_xact_lock(hashtextextended(?, 0))", name).Exec(ctx)
	return err
}

type inside struct{}

var errNested = errors.New("store: Do inside Do; pass the tx down instead")

// Do runs fn as one unit of work: all it wrote through tx is durable when Do
// returns nil. fn may run more than once. Errors of fn come back as they are,
// except that failures of the database itself become fault.Unavailable.
func (db *DB) Do(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	if ctx.Value(inside{}) != nil {
		return errNested
	}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, inside{}, true), db.deadline)
	defer cancel()
	if err := db.time.wake(ctx, db); err != nil {
		return db.noted(err)
	}
	for try := 1; ; try++ {
		err := db.once(ctx, fn)
		if err == nil || try == 8 || !repeatable(err) || ctx.Err() != nil {
			return db.noted(err)
		}
		db.attempts.Add(1)
		pause := time.NewTimer(time.Duration(try*try) * time.Millisecond)
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
		pause.Stop()
	}
}

func (db *DB) once(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) (err error) {
	if db.turns != nil {
		select {
		case db.turns <- struct{}{}:
			defer func() { <-db.turns }()
		case <-ctx.Done():
			return fmt.Errorf("wait for a turn: %w", ctx.Err())
		}
	}
	btx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{IDB: btx, Now: db.time.now(db.clock), db: db, sql: btx.Tx}
	done, durable := false, false
	defer func() {
		if !done { // an error or a panic
			_ = btx.Rollback()
		}
		for _, fn := range tx.ends {
			fn(durable)
		}
	}()
	if err := fn(ctx, tx); err != nil {
		return err
	}
	for i := 0; i < len(tx.before); i++ { // one may register another
		if err := tx.before[i](ctx, tx); err != nil {
			return fmt.Errorf("before commit: %w", err)
		}
	}
	committed, err := db.time.mark(ctx, tx)
	if err != nil {
		return fmt.Errorf("keep the time: %w", err)
	}
	done = true
	if err := btx.Commit(); err != nil {
		_ = btx.Rollback() // SQLite keeps the transaction open when the commit fails
		return fmt.Errorf("commit: %w", err)
	}
	durable = true
	committed()
	return nil
}

// timekeeper makes tx.Now never go below the last committed one, whatever the
// machine's clock does, also over a restart. Each process keeps a mark in its
// own row of store_clock that is never below what it committed: it is set a
// little ahead, so that not every commit has to write it.
type timekeeper struct {
	node string
	mu   sync.Mutex
	woke bool
	last time.Time // latest committed Now
	till time.Time // committed mark: no Now above it is committed without a new one
	busy atomic.Bool
}

const ahead = 2 * time.Second

// slack is how far a clock may be set back without a word: after a crash the mark
// stands ahead, and clocks are kept right in small steps.
const slack = 2 * ahead

// wake reads the highest mark of all processes, once.
func (k *timekeeper) wake(ctx context.Context, db *DB) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.woke {
		return nil
	}
	var mark bun.NullTime
	if err := db.read.NewRaw("select max(at) from store_clock").Scan(ctx, &mark); err != nil {
		return fmt.Errorf("read the last instant (is the database migrated?): %w", err)
	}
	k.last, k.woke = mark.Time.UTC(), true
	return nil
}

func (k *timekeeper) now(c clock.Clock) time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := c.Now().UTC().Truncate(time.Microsecond)
	if now.Before(k.last) {
		return k.last
	}
	return now
}

// mark moves the mark ahead when it is near. The caller calls committed after
// the commit.
func (k *timekeeper) mark(ctx context.Context, tx *Tx) (committed func(), err error) {
	k.mu.Lock()
	left := k.till.Sub(tx.Now)
	k.mu.Unlock()
	// Past the mark everyone writes it; near it, one writes and the others go on.
	write := left < 0 || left < ahead/2 && k.busy.CompareAndSwap(false, true)
	till := tx.Now.Add(ahead)
	if write {
		defer k.busy.Store(false)
		_, err = tx.NewRaw(`insert into store_clock (node, at) values (?, ?)
			on conflict (node) do update set at = excluded.at where store_clock.at < excluded.at`, k.node, till).Exec(ctx)
	}
	return func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		if tx.Now.After(k.last) {
			k.last = tx.Now
		}
		if write && till.After(k.till) {
			k.till = till
		}
	}, err
}

// rest takes the mark back to the last instant really used, and forgets marks
// of processes long gone.
func (k *timekeeper) rest(db *DB) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.till.IsZero() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	k.till = time.Time{}
	_, err := db.write.NewRaw("update store_clock set at = ? where node = ?", k.last, k.node).Exec(ctx)
	if err == nil {
		_, err = db.write.NewRaw("delete from store_clock where node <> ? and at < ?", k.node, k.last.Add(-24*time.Hour)).Exec(ctx)
	}
	return err
}

// Problem is why the database did not take a unit of work.
type Problem struct {
	Text  string    // Chinese, for the desk
	Since time.Time // when it was first seen
}

// State is the database's health as the desk and the health page show it.
type State struct {
	Problem     *Problem      // nil when the last unit of work was durable
	ClockBehind time.Duration // how far the machine's clock stands before the last committed instant, when more than a few seconds; time stands still meanwhile
}

// State tells how the database does. A problem goes away with the next unit of
// work that succeeds; nothing has to be restarted.
func (db *DB) State() State {
	db.time.mu.Lock()
	defer db.time.mu.Unlock()
	s := State{Problem: db.problem.Load()}
	if behind := db.time.last.Sub(db.clock.Now()); behind > slack {
		s.ClockBehind = behind
	}
	return s
}

// noted turns err into what a person may see and remembers it for State.
func (db *DB) noted(err error) error {
	if err == nil {
		if p := db.problem.Swap(nil); p != nil {
			db.log.Info("database takes units of work again", "problem", p.Text)
		}
		return nil
	}
	err = Fault(err)
	if text := unavailable(err); text != "" {
		if db.problem.CompareAndSwap(nil, &Problem{Text: text, Since: db.clock.Now()}) {
			db.log.Error("database does not take units of work", "problem", text, "err", errors.Unwrap(err))
		}
	}
	return err
}
