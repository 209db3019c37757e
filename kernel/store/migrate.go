package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"

	"github.com/pressly/goose/v3"
)

// Migration brings the tables of one room up to date, forward only.
type Migration struct {
	Name string // of the room; its version is kept in goose_<name>
	FS   fs.FS  // with a folder migration/ of numbered files; nil for none
	// Run brings tables that a library numbers itself; nil for none.
	Run func(ctx context.Context, db *DB) error
}

//go:embed migration
var own embed.FS

// migrating is the advisory lock that keeps two nodes from migrating at once.
const migrating = 0x676f6e676b6169 // "gongkai"

// Migrate brings this room's tables and then those of rooms up to date, in
// their order; a room comes after those it refers to. Running it again does
// nothing, and several nodes may run it at the same time.
func (db *DB) Migrate(ctx context.Context, rooms ...Migration) (err error) {
	if db.Postgres() {
		conn, err := db.pool.Acquire(ctx)
		if err != nil {
			return Fault(fmt.Errorf("migrate: %w", err))
		}
		defer conn.Release()
		if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", int64(migrating)); err != nil {
			return Fault(fmt.Errorf("migrate: %w", err))
		}
		defer func() {
			_, e := conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", int64(migrating))
			err = errors.Join(err, e)
		}()
	}
	for _, room := range append([]Migration{{Name: "store", FS: own}}, rooms...) {
		if err := db.migrate(ctx, room); err != nil {
			return Fault(fmt.Errorf("migrate %s: %w", room.Name, err))
		}
	}
	return nil
}

func (db *DB) migrate(ctx context.Context, room Migration) error {
	if room.FS != nil {
		dir, err := fs.Sub(room.FS, "migration")
		if err != nil {
			return err
		}
		dialect, other := goose.DialectSQLite3, ".postgres.sql"
		if db.Postgres() {
			dialect, other = goose.DialectPostgres, ".sqlite.sql"
		}
		provider, err := goose.NewProvider(dialect, db.write.DB, without{dir, other},
			goose.WithTableName("goose_"+room.Name), goose.WithDisableGlobalRegistry(true),
			goose.WithSlog(slog.New(slog.DiscardHandler)))
		if err != nil {
			return err
		}
		done, err := provider.Up(ctx)
		if err != nil {
			return err
		}
		if len(done) > 0 {
			db.log.Info("migrated", "room", room.Name, "files", len(done), "to", done[len(done)-1].Source.Version)
		}
	}
	if room.Run != nil {
		return room.Run(ctx, db)
	}
	return nil
}

// without is a folder that does not show the files of the other database.
type without struct {
	fs.FS
	suffix string
}

func (w without) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(w.FS, name)
	kept := all[:0:0]
	for _, e := range all {
		if !strings.HasSuffix(e.Name(), w.suffix) {
			kept = append(kept, e)
		}
	}
	return kept, err
}
