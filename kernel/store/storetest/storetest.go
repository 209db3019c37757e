// Package storetest runs a test on both databases: SQLite in a temporary
// folder, and PostgreSQL in a private cluster that the test binary starts with
// its first need and that ends with it, however it ends.
//
//	func TestThings(t *testing.T) {
//		storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
//			db := k.Open(thing.Migration()) // fresh, migrated, closed by the test
//			k.Clock.Advance(time.Hour)
//			…
//		})
//	}
//
// GONGKAI_TEST_SQLITE_ONLY=1 leaves PostgreSQL out, for a quick look; a
// complete run needs PostgreSQL installed and fails without it.
package storetest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gongkai/kernel/clock"
	"gongkai/kernel/store"
)

// Kit makes databases of one kind for one test.
type Kit struct {
	Postgres bool
	Clock    *clock.Fixed // of all databases of the test; starts 2026-05-06 10:00 in Shanghai

	t    testing.TB
	next int
}

// Start is where a kit's clock stands at first: a Wednesday, a working day.
var Start = time.Date(2026, 5, 6, 2, 0, 0, 0, time.UTC)

// Each runs test on SQLite and on PostgreSQL.
func Each(t *testing.T, test func(t *testing.T, k *Kit)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	if os.Getenv("GONGKAI_TEST_SQLITE_ONLY") == "" {
		t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
	}
}

// SQLite is the kit of a test that is about SQLite alone.
func SQLite(t testing.TB) *Kit { return &Kit{t: t, Clock: clock.At(Start)} }

// Postgres is the kit of a test that is about PostgreSQL alone.
func Postgres(t testing.TB) *Kit {
	t.Helper()
	if _, err := shared(); err != nil {
		t.Fatal(err)
	}
	return &Kit{t: t, Clock: clock.At(Start), Postgres: true}
}

// Open returns a fresh database with store's tables and those of rooms.
func (k *Kit) Open(rooms ...store.Migration) *store.DB {
	k.t.Helper()
	return k.Reopen(k.URL(rooms...))
}

// Reopen opens a database of URL again, as a restarted process would.
func (k *Kit) Reopen(url string) *store.DB {
	k.t.Helper()
	db, err := open(url, k.Clock)
	if err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(func() { _ = db.Close() })
	return db
}

// URL is the address of a fresh, migrated database that nobody has open.
func (k *Kit) URL(rooms ...store.Migration) string {
	k.t.Helper()
	made, err := template(k.Postgres, rooms)
	if err != nil {
		k.t.Fatal(err)
	}
	if !k.Postgres {
		k.next++
		path := filepath.Join(k.t.TempDir(), fmt.Sprintf("%d.db", k.next))
		if err := os.WriteFile(path, made.file, 0o600); err != nil {
			k.t.Fatal(err)
		}
		return "sqlite:" + path
	}
	c, err := shared()
	if err != nil {
		k.t.Fatal(err)
	}
	name, err := c.create(made.name)
	if err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(func() { _ = c.drop(name) })
	return c.URL(name)
}

func open(url string, c clock.Clock) (*store.DB, error) {
	return store.Open(context.Background(), store.Config{URL: url, Clock: c, Log: slog.New(slog.DiscardHandler)})
}

// made is a migrated, empty database to copy from.
type made struct {
	file []byte // SQLite
	name string // PostgreSQL: name of the template database
}

// templates keeps one template per kind and set of migrations for the life of
// the test binary.
var templates struct {
	sync.Mutex
	made map[string]made
}

func template(postgres bool, rooms []store.Migration) (made, error) {
	templates.Lock()
	defer templates.Unlock()
	key, err := fingerprint(postgres, rooms)
	if err != nil {
		return made{}, err
	}
	if m, ok := templates.made[key]; ok {
		return m, nil
	}
	m, err := makeTemplate(postgres, rooms)
	if err != nil {
		return made{}, err
	}
	if templates.made == nil {
		templates.made = map[string]made{}
	}
	templates.made[key] = m
	return m, nil
}

func makeTemplate(postgres bool, rooms []store.Migration) (m made, err error) {
	var url string
	if postgres {
		c, err := shared()
		if err != nil {
			return m, err
		}
		if m.name, err = c.create("template1"); err != nil {
			return m, err
		}
		url = c.URL(m.name)
	} else {
		dir, err := os.MkdirTemp("", "gk-template-")
		if err != nil {
			return m, err
		}
		defer os.RemoveAll(dir)
		url = "sqlite:" + filepath.Join(dir, "t.db")
	}
	db, err := open(url, clock.At(Start))
	if err != nil {
		return m, err
	}
	if err := db.Migrate(context.Background(), rooms...); err != nil {
		_ = db.Close()
		return m, err
	}
	if err := db.Close(); err != nil {
		return m, err
	}
	if !postgres {
		m.file, err = os.ReadFile(url[len("sqlite:"):])
	}
	return m, err
}

// fingerprint names a set of migrations by what is in them.
func fingerprint(postgres bool, rooms []store.Migration) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, postgres)
	for _, room := range rooms {
		fmt.Fprintln(h, room.Name, room.Run != nil)
		if room.FS == nil {
			continue
		}
		err := fs.WalkDir(room.FS, "migration", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			text, err := fs.ReadFile(room.FS, path)
			fmt.Fprintf(h, "%s\n%s\n", path, text)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return string(h.Sum(nil)), nil
}
