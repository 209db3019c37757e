package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"gongkai/app"
	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/config"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// TestBackupWhileWriting backs up a serving house while people write, restores it
// elsewhere, on either database, and finds an equal district there: the rows, the
// chain, and the people who can sign in.
func TestBackupWhileWriting(t *testing.T) {
	p := prepare(t, "")
	s := serve(t, p)
	defer func() { s.kill() }()
	c := client(t, s, p)
	stop := make(chan struct{})
	var writers sync.WaitGroup
	for n := range 4 {
		writers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				l := p.terms[i%len(p.terms)]
				res, err := c.PostForm(s.base+"/desk/terms/"+string(l.Term)+"/evidence", url.Values{"kind": {"text"},
					"title": {fmt.Sprintf("佐证 %d-%d", n, i)}, "text": {"已完成"}, "dated_on": {calendar.Of(clock.System{}.Now()).String()}})
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
			}
		})
	}
	file := filepath.Join(t.TempDir(), "备份.tar")
	out := command(t, p.cfg, exitOK, "backup", file)
	close(stop)
	writers.Wait()
	s.kill()
	if !strings.Contains(out, "张表") {
		t.Errorf("backup says %q", out)
	}
	command(t, p.cfg, exitInvalid, "backup", file) // an existing file is not overwritten
	if out := command(t, p.cfg, exitOK, "backup", file, "--check"); !strings.Contains(out, "备份完整") {
		t.Errorf("check says %q", out)
	}
	var first map[string]store.Sum
	databases := []string{""}
	if os.Getenv("GONGKAI_TEST_SQLITE_ONLY") == "" {
		databases = append(databases, storetest.Own(t, false).Create(t))
	}
	for _, database := range databases {
		cfg := p.cfg
		cfg.Data, cfg.Database = t.TempDir(), database
		command(t, cfg, exitInvalid, "restore", file) // no keys yet
		for _, name := range []string{"keyring", "audit.pem"} {
			copyFile(t, filepath.Join(p.cfg.Data, "keys", name), filepath.Join(cfg.Data, "keys", name))
		}
		command(t, cfg, exitOK, "restore", file)
		if out := command(t, cfg, exitOK, "audit", "verify"); !strings.Contains(out, "完整") {
			t.Errorf("the chain: %q", out)
		}
		sums := sumsOf(t, cfg)
		if first == nil {
			first = sums
		} else if !maps.Equal(first, sums) {
			for _, table := range slices.Sorted(maps.Keys(first)) {
				if first[table] != sums[table] {
					t.Errorf("%s differs: %v and %v", table, first[table], sums[table])
				}
			}
		}
		there := p
		there.cfg = cfg
		again := serve(t, there)
		client(t, again, there)
		again.kill()
	}
}

// command runs a command line in a house and returns what it printed.
func command(t *testing.T, cfg config.Config, want int, args ...string) string {
	t.Helper()
	t.Setenv("GONGKAI_DATA", cfg.Data)
	t.Setenv("GONGKAI_DATABASE", cfg.Database)
	var out, errs bytes.Buffer
	if got := run(context.Background(), args, strings.NewReader(""), &out, &errs); got != want {
		t.Fatalf("gongkai %s exits with %d, want %d: %s%s", strings.Join(args, " "), got, want, out.String(), errs.String())
	}
	return out.String()
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// sumsOf digests the tables of a house, after its chain was verified.
func sumsOf(t *testing.T, cfg config.Config) map[string]store.Sum {
	t.Helper()
	a, err := app.Open(context.Background(), cfg, clock.System{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	if report, err := audit.Verify(context.Background(), a.DB, a.Trust()); err != nil || !report.Whole() {
		t.Errorf("the chain: %+v, %v", report, err)
	}
	sums, err := store.Sums(context.Background(), a.DB)
	if err != nil {
		t.Fatal(err)
	}
	delete(sums, "audit_head") // PostgreSQL adds its empty lanes; Verify compares the heads with the chain
	return sums
}
