package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if url := os.Getenv("GONGKAI_TEST_WRITER"); url != "" {
		fmt.Fprintln(os.Stderr, writer(url))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writer writes rows for ever from several goroutines, and prints each id when
// it is acknowledged.
func writer(url string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Config{URL: url, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for err == nil {
				id := string(id.New())
				if e := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return add(ctx, tx, id) }); e != nil {
					fmt.Fprintln(os.Stderr, e)
					return
				}
				fmt.Println(id)
			}
		})
	}
	wait.Wait()
	return errors.New("writer ended")
}

func TestKilledTwentyTimesNoAcknowledgedRowIsLost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		url := k.URL(things())
		acknowledged := map[string]bool{}
		for round := range 20 {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "GONGKAI_TEST_WRITER="+url)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			for n := 0; lines.Scan(); n++ {
				if len(lines.Text()) == 36 { // a line may be cut by the kill
					acknowledged[lines.Text()] = true
				}
				if n == 10+round*3 {
					if err := cmd.Process.Kill(); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := cmd.Wait(); err == nil {
				t.Fatal("the writer was not killed")
			}
		}
		db := k.Reopen(url)
		var ids []string
		if err := db.Read.NewRaw("select id from thing").Scan(t.Context(), &ids); err != nil {
			t.Fatal(err)
		}
		kept := map[string]bool{}
		for _, id := range ids {
			kept[id] = true
		}
		for id := range acknowledged {
			if !kept[id] {
				t.Error("lost", id)
			}
		}
		if len(acknowledged) < 20*10 || len(ids) != len(kept) {
			t.Fatal(len(acknowledged), len(ids), len(kept))
		}
		// The first instant after a kill is not before the last one kept.
		var last time.Time
		if err := db.Read.NewRaw("select max(at) from thing").Scan(t.Context(), &last); err != nil {
			t.Fatal(err)
		}
		err := db.Do(t.Context(), func(_ context.Context, tx *store.Tx) error {
			if tx.Now.Before(last) {
				t.Error(tx.Now, "is before", last)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestPragmas(t *testing.T) {
	db := storetest.SQLite(t).Open()
	for _, c := range []struct{ pragma, want string }{
		{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"busy_timeout", "5000"}, {"query_only", "0"},
	} {
		var got string
		if err := db.SQL().QueryRow("pragma " + c.pragma).Scan(&got); err != nil || got != c.want {
			t.Errorf("writing: %s is %s, want %s (%v)", c.pragma, got, c.want, err)
		}
	}
	var only string
	if err := db.Read.NewRaw("pragma query_only").Scan(t.Context(), &only); err != nil || only != "1" {
		t.Errorf("reading: query_only is %s (%v)", only, err)
	}
}

func TestFullDiskIsToldAndPasses(t *testing.T) {
	db := storetest.SQLite(t).Open(things())
	ctx := t.Context()
	limit := func(pages int) {
		t.Helper()
		var got int
		if err := db.SQL().QueryRow(fmt.Sprint("pragma max_page_count = ", pages)).Scan(&got); err != nil {
			t.Fatal(err)
		}
	}
	big := func(id string) error {
		return db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.NewRaw("insert into thing (id, title) values (?, ?)", id, strings.Repeat("满", 100_000)+id).Exec(ctx)
			return err
		})
	}
	limit(1) // SQLite makes it the present size
	err := big("a")
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.Text(err), "磁盘已满") {
		t.Fatal(err)
	}
	if s := db.State(); s.Problem == nil || !strings.Contains(s.Problem.Text, "磁盘已满") || !s.Problem.Since.Equal(storetest.Start) {
		t.Fatal(s)
	}
	if n := count(t, db); n != 0 { // reading goes on
		t.Fatal(n)
	}
	limit(1 << 20)
	if err := big("b"); err != nil {
		t.Fatal(err)
	}
	if s := db.State(); s.Problem != nil || count(t, db) != 1 {
		t.Fatal(s)
	}
}

func TestGoneDatabaseIsToldAndComesBack(t *testing.T) {
	if os.Getenv("GONGKAI_TEST_SQLITE_ONLY") != "" {
		return
	}
	c := storetest.Own(t, true) // or the crash would lose what was acknowledged
	ctx := t.Context()
	db, err := store.Open(ctx, store.Config{URL: c.Create(t), Clock: clock.At(storetest.Start), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(ctx, things()); err != nil {
		t.Fatal(err)
	}
	write := func(id string) error {
		return db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return add(ctx, tx, id) })
	}
	if err := write("a"); err != nil {
		t.Fatal(err)
	}
	err = db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { // in the middle of a unit of work
		if err := add(ctx, tx, "b"); err != nil {
			return err
		}
		if err := c.Kill(); err != nil {
			return err
		}
		return add(ctx, tx, "c")
	})
	if !fault.Is(err, fault.Unavailable) {
		t.Fatal(err)
	}
	if err := write("d"); !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.Text(err), "数据库") {
		t.Fatal(err)
	}
	var n int
	err = store.Fault(db.Read.NewRaw("select count(*) from thing").Scan(ctx, &n))
	if !fault.Is(err, fault.Unavailable) || db.State().Problem == nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for try := 0; ; try++ { // connections that broke are found out one by one
		if err = write(fmt.Sprint("e", try)); err == nil {
			break
		}
		if try == 20 || !fault.Is(err, fault.Unavailable) {
			t.Fatal(err)
		}
	}
	var ids []string
	for try := 0; ; try++ {
		if err = db.Read.NewRaw("select id from thing where id < 'e' order by id").Scan(ctx, &ids); err == nil {
			break
		}
		if try == 20 {
			t.Fatal(err)
		}
	}
	if db.State().Problem != nil || fmt.Sprint(ids) != "[a]" {
		t.Fatal(db.State(), ids)
	}
}

func TestDeadlocksRunAgain(t *testing.T) {
	if os.Getenv("GONGKAI_TEST_SQLITE_ONLY") != "" {
		return
	}
	db := storetest.Postgres(t).Open(things())
	ctx := t.Context()
	err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(add(ctx, tx, "a"), add(ctx, tx, "b"))
	})
	if err != nil {
		t.Fatal(err)
	}
	var both sync.WaitGroup // both hold their first row before either wants its second
	both.Add(2)
	var tries atomic.Int64
	var wait sync.WaitGroup
	for _, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
		wait.Go(func() {
			first := true
			err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
				tries.Add(1)
				for i, id := range order {
					if i == 1 && first {
						first = false
						both.Done()
						both.Wait()
					}
					if _, err := tx.NewRaw("update thing set number = number + 1 where id = ?", id).Exec(ctx); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	var sum int
	if err := db.Read.NewRaw("select sum(number) from thing").Scan(ctx, &sum); err != nil || sum != 4 {
		t.Fatal(sum, err)
	}
	if tries.Load() < 3 || db.Retried() < 1 {
		t.Fatal(tries.Load(), db.Retried())
	}
}

func TestAUnitOfWorkThatTakesTooLongIsGivenUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		ctx := t.Context()
		url := k.URL(things())
		db, err := store.Open(ctx, store.Config{URL: url, Clock: k.Clock, Deadline: 2 * time.Second, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		err = db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			if err := add(ctx, tx, "slow"); err != nil {
				return err
			}
			<-ctx.Done()
			return ctx.Err()
		})
		if !fault.Is(err, fault.Unavailable) || count(t, db) != 0 {
			t.Fatal(err)
		}
		if err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return add(ctx, tx, "next") }); err != nil {
			t.Fatal(err)
		}
	})
}

func TestLockExcludes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		db := k.Open(things())
		var wait sync.WaitGroup
		for i := range 10 {
			wait.Go(func() {
				err := db.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					if err := tx.Lock(ctx, "only five"); err != nil {
						return err
					}
					var n int
					if err := tx.NewRaw("select count(*) from thing").Scan(ctx, &n); err != nil || n >= 5 {
						return err
					}
					return add(ctx, tx, fmt.Sprint(i))
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if n := count(t, db); n != 5 {
			t.Fatal(n)
		}
	})
}

func TestSnapshotDoesNotChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		db := k.Open(things())
		ctx := t.Context()
		before, err := store.Sums(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return add(ctx, tx, "a") }); err != nil {
			t.Fatal(err)
		}
		after, err := store.Sums(ctx, db)
		if err != nil || before["thing"] == after["thing"] || after["thing"].Rows != 1 {
			t.Fatal(err, before, after)
		}
	})
}
