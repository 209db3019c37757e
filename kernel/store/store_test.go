package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/uptrace/bun"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// things is a room as others write them.
func things() store.Migration {
	return store.Migration{Name: "thing", FS: fstest.MapFS{
		"migration/0001_thing.sql": {Data: []byte(`-- +goose Up
create table thing (
	id text primary key,
	title text not null,
	number bigint not null default 0,
	ready boolean not null default false,
	at timestamptz,
	body jsonb,
	raw bytea,
	ratio double precision,
	parent text references thing (id),
	version bigint not null default 1
);
create unique index thing_title on thing (title);
`)},
		"migration/0002_kind.sqlite.sql":   {Data: []byte("-- +goose Up\nalter table thing add column kind text not null default 'sqlite';\n")},
		"migration/0002_kind.postgres.sql": {Data: []byte("-- +goose Up\nalter table thing add column kind text not null default 'postgres';\n")},
	}}
}

func add(ctx context.Context, tx *store.Tx, id string) error {
	_, err := tx.NewRaw("insert into thing (id, title, at) values (?, ?, ?)", id, "题"+id, tx.Now).Exec(ctx)
	return err
}

func count(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	if err := db.Read.NewRaw("select count(*) from thing").Scan(t.Context(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		ctx := t.Context()
		db := k.Open(things())
		boom := errors.New("boom")

		t.Run("an error undoes everything and comes back as it is", func(t *testing.T) {
			after := false
			err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
				tx.AtEnd(func(committed bool) { after = committed })
				return errors.Join(add(ctx, tx, "a"), boom)
			})
			if !errors.Is(err, boom) || count(t, db) != 0 || after {
				t.Fatal(err, count(t, db), after)
			}
		})
		t.Run("a panic undoes everything and goes on", func(t *testing.T) {
			func() {
				defer func() {
					if recover() == nil {
						t.Fatal("no panic")
					}
				}()
				_ = db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
					_ = add(ctx, tx, "a")
					panic("boom")
				})
			}()
			if count(t, db) != 0 {
				t.Fatal("kept")
			}
		})
		t.Run("hooks run around the commit", func(t *testing.T) {
			var seen []string
			err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
				tx.BeforeCommit(func(ctx context.Context, tx *store.Tx) error {
					seen = append(seen, "before")
					return add(ctx, tx, "b")
				})
				tx.AtEnd(func(committed bool) { seen = append(seen, fmt.Sprint("end ", committed)) })
				one, all := tx.Keep("k", func() any { return new(int) }), tx.Lasting("k", func() any { return new(int) })
				if one != tx.Keep("k", func() any { return new(int) }) || all != tx.Lasting("k", func() any { return new(int) }) {
					t.Error("kept twice")
				}
				seen = append(seen, "do")
				return nil
			})
			if err != nil || len(seen) != 3 || seen[0] != "do" || seen[1] != "before" || seen[2] != "end true" || count(t, db) != 1 {
				t.Fatal(err, seen)
			}
		})
		t.Run("what is kept ready takes and gives every kind of value", func(t *testing.T) {
			type thing struct {
				bun.BaseModel `bun:"table:thing"`
				ID            string `bun:",pk"`
				Title         string
				Number        int
				Ready         bool
				At            time.Time     `bun:",nullzero"`
				Day           calendar.Date `bun:"parent,nullzero"`
				Ratio         float64
			}
			in := thing{ID: "r", Title: "备", Number: 7, Ready: true, At: time.Date(2026, 5, 6, 2, 0, 0, 1000, time.UTC), Ratio: 1.5}
			err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
				if err := tx.InsertReady(ctx, &in); err != nil {
					return err
				}
				res, err := tx.ExecReady(ctx, "update thing set number = number + ? where id = ?", 1, "r")
				if n, e := res.RowsAffected(); err != nil || e != nil || n != 1 {
					return errors.Join(err, e, boom)
				}
				var number int
				err = tx.QueryReady(ctx, []any{&number}, "select number from thing where id = ?", "r")
				if none := tx.QueryReady(ctx, []any{&number}, "select number from thing where id = ?", "s"); !errors.Is(none, sql.ErrNoRows) {
					t.Error(none)
				}
				if number != 8 {
					t.Error(number)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			var out thing
			if err := db.Read.NewSelect().Model(&out).Where("id = 'r'").Scan(ctx); err != nil {
				t.Fatal(err)
			}
			in.Number, out.At = 8, out.At.UTC()
			if in != out {
				t.Errorf("\n%+v\n%+v", in, out)
			}
			// As bun writes it: texts are compared with it in queries.
			var same int
			if err := db.Read.NewRaw("select count(*) from thing where id = 'r' and at = ? and parent is null", in.At).Scan(ctx, &same); err != nil || same != 1 {
				t.Error(err, same)
			}
			if err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.ExecReady(ctx, "delete from thing where id = ?", "r")
				return err
			}); err != nil {
				t.Fatal(err)
			}
		})
		t.Run("a failing hook undoes everything", func(t *testing.T) {
			err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
				tx.BeforeCommit(func(context.Context, *store.Tx) error { return boom })
				return add(ctx, tx, "c")
			})
			if !errors.Is(err, boom) || count(t, db) != 1 {
				t.Fatal(err)
			}
		})
		t.Run("Do inside Do is refused", func(t *testing.T) {
			err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
				return db.Do(ctx, func(context.Context, *store.Tx) error { return nil })
			})
			if err == nil {
				t.Fatal("went through")
			}
		})
		t.Run("reading pool refuses writes", func(t *testing.T) {
			if _, err := db.Read.NewRaw("insert into thing (id, title) values ('x', 'x')").Exec(ctx); err == nil {
				t.Fatal("written")
			}
		})
		t.Run("unique and foreign keys are told apart", func(t *testing.T) {
			err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return add(ctx, tx, "b") })
			if !store.Unique(err) || store.ForeignKey(err) {
				t.Fatal(err)
			}
			err = db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.NewRaw("insert into thing (id, title) values ('d', '题b')").Exec(ctx)
				return err
			})
			if !store.Unique(err) {
				t.Fatal(err)
			}
			err = db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.NewRaw("insert into thing (id, title, parent) values ('e', 'e', 'nobody')").Exec(ctx)
				return err
			})
			if !store.ForeignKey(err) || store.Unique(err) {
				t.Fatal(err)
			}
		})
		t.Run("a row that is not there is NotFound in our words", func(t *testing.T) {
			var title string
			err := db.Read.NewRaw("select title from thing where id = 'none'").Scan(ctx, &title)
			if err = store.Found(err, "没有找到"); !fault.Is(err, fault.NotFound) || err.Error() != "没有找到" {
				t.Fatal(err)
			}
		})
		t.Run("a stale save is a Conflict", func(t *testing.T) {
			save := func() error {
				return db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
					res, err := tx.NewRaw("update thing set version = version + 1 where id = 'b' and version = 1").Exec(ctx)
					return store.Fresh(res, err, "这件事")
				})
			}
			if err := save(); err != nil {
				t.Fatal(err)
			}
			if err := save(); !fault.Is(err, fault.Conflict) {
				t.Fatal(err)
			}
		})
		t.Run("the file for the other database is left out", func(t *testing.T) {
			var kind string
			if err := db.Read.NewRaw("select kind from thing where id = 'b'").Scan(ctx, &kind); err != nil {
				t.Fatal(err)
			}
			if (kind == "postgres") != k.Postgres {
				t.Fatal(kind)
			}
			if err := db.Migrate(ctx, things()); err != nil {
				t.Fatal("again:", err)
			}
		})
	})
}

func TestSequenceHasNoGaps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		db := k.Open()
		var mu sync.Mutex
		var wait sync.WaitGroup
		seen := map[int64]bool{}
		for i := range 40 {
			wait.Go(func() {
				var n int64
				err := db.Do(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
					if n, err = store.Sequence(ctx, tx, "受理号"); err == nil && i%4 == 0 {
						err = errors.New("undone")
					}
					return err
				})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					seen[n] = true
				} else if i%4 != 0 {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		for n := int64(1); n <= 30; n++ {
			if !seen[n] {
				t.Fatal("gap at", n)
			}
		}
	})
}

func TestTimeNeverGoesBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		ctx := t.Context()
		url := k.URL()
		now := func(db *store.DB) (at time.Time) {
			t.Helper()
			if err := db.Do(ctx, func(_ context.Context, tx *store.Tx) error { at = tx.Now; return nil }); err != nil {
				t.Fatal(err)
			}
			return at
		}
		db := k.Reopen(url)
		if got := now(db); !got.Equal(storetest.Start) {
			t.Fatal(got)
		}
		k.Clock.Advance(time.Hour)
		high := now(db)
		k.Clock.Advance(-30 * time.Minute)
		if got := now(db); !got.Equal(high) {
			t.Fatal("went back to", got)
		}
		if s := db.State(); s.ClockBehind != 30*time.Minute {
			t.Fatal(s)
		}
		if got := db.Steady().Now(); !got.Equal(high) {
			t.Fatal("the time of the house went back to", got)
		}
		crashed := k.Reopen(url) // the first process has not said good-bye
		if got := now(crashed); got.Before(high) || got.Sub(high) > 2*time.Second {
			t.Fatal("after a crash", got)
		}
		if err := errors.Join(crashed.Close(), db.Close()); err != nil {
			t.Fatal(err)
		}
		k.Clock.Set(high.Add(time.Minute))
		last := k.Reopen(url)
		if got := now(last); !got.Equal(high.Add(time.Minute)) {
			t.Fatal(got)
		}
		if s := last.State(); s.ClockBehind != 0 {
			t.Fatal(s)
		}
		if err := last.Close(); err != nil {
			t.Fatal(err)
		}
		if got := now(k.Reopen(url)); !got.Equal(high.Add(time.Minute)) {
			t.Fatal("a clean restart moved the time to", got)
		}
	})
}
