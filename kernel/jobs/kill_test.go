package jobs

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"

	"gongkai/kernel/audit"
	"gongkai/kernel/clock"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if url := os.Getenv("GONGKAI_TEST_WORKER"); url != "" {
		if _, err := work(url, func(ctx context.Context, s step) error {
			fmt.Println("began", s.N)
			<-ctx.Done() // never ends by itself
			return ctx.Err()
		}); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		select {}
	}
	os.Exit(m.Run())
}

type step struct{ N int }

func (step) Kind() string { return "test.step" }

// work starts a worker on the database.
func work(url string, do func(context.Context, step) error) (*Jobs, error) {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Config{URL: url, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	j := New(db, slog.New(slog.DiscardHandler))
	if err := j.Register(On("一步", do).Within(time.Second)); err != nil {
		return nil, err
	}
	return j, j.Start(ctx)
}

// A process is killed while it works; the next one does the work, at once. On
// PostgreSQL a process that lives keeps what it runs.
func TestWhatAKilledProcessBeganIsDone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		ctx := t.Context()
		url := k.URL(audit.Migration(), Migration())
		db := k.Reopen(url)
		j := New(db, slog.New(slog.DiscardHandler))
		if err := j.Register(On("一步", func(context.Context, step) error { return nil })); err != nil {
			t.Fatal(err)
		}
		const n = 5
		err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			for i := range n {
				if err := j.Insert(ctx, tx, step{i}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}

		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "GONGKAI_TEST_WORKER="+url)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if lines := bufio.NewScanner(out); !lines.Scan() || lines.Text()[:5] != "began" {
			t.Fatal("the worker said ", lines.Text())
		}
		running := func() (n int) {
			t.Helper()
			if err := db.Read.NewRaw("select count(*) from river_job where state = 'running'").Scan(ctx, &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if k.Postgres {
			if err := j.orphans(ctx); err != nil || running() == 0 {
				t.Fatal("what a living process runs was taken from it; ", err)
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		if running() == 0 {
			t.Fatal("nothing was running")
		}
		done := make(chan int, 100)
		again, err := work(url, func(_ context.Context, s step) error { done <- s.N; return nil })
		if err != nil {
			t.Fatal(err)
		}
		seen := map[int]bool{}
		limit := time.After(rescue - 5*time.Second) // by the rescue it would take longer
		for len(seen) < n {
			select {
			case i := <-done:
				seen[i] = true
			case <-limit:
				t.Fatal("only ", seen)
			}
		}
		if err := again.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		if err := again.db.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
