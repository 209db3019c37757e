package crawl_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"gongkai/area/inspect/crawl"
)

const childEnv = "GONGKAI_CRAWL_CHILD" // folder and start of a crawl to run as a process of its own

func TestMain(m *testing.M) {
	if dir, start, ok := strings.Cut(os.Getenv(childEnv), " "); ok {
		os.Exit(child(dir, start))
	}
	os.Exit(m.Run())
}

func child(dir, start string) int {
	s, err := crawl.Open(dir)
	if err == nil {
		_, err = crawl.Run(context.Background(), s, quick(start), plain{})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// A crawl killed three times without warning goes on where it was: nothing is
// lost, and hardly anything is fetched twice.
func TestKilled(t *testing.T) {
	l := large{columns: 10, lists: 10, items: 19}
	var calls atomic.Int64
	var victim atomic.Pointer[os.Process]
	var at atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n := at.Load(); n > 0 && calls.Add(1) >= n {
			if p := victim.Swap(nil); p != nil {
				_ = p.Kill()
			}
		}
		l.ServeHTTP(w, r)
	})
	dir := t.TempDir()
	for _, n := range []int64{500, 1000, 1800, 0} {
		at.Store(0)
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childEnv+"="+dir+" "+s.URL)
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		victim.Store(cmd.Process)
		at.Store(n)
		if n == 0 {
			at.Store(1 << 40)
		}
		err := cmd.Wait()
		if killed := err != nil; killed != (n > 0) {
			t.Fatalf("process killed at %d: %v", n, err)
		}
	}
	found := all(t, open(t, dir), crawl.Page)
	if len(found) != l.pages() {
		t.Errorf("%d pages, want %d", len(found), l.pages())
	}
	for path, p := range found {
		if !p.OK() || p.Read == nil {
			t.Errorf("%s: %+v", path, p)
		}
	}
	// For each kill two batches and what was under way are fetched again at most.
	if again := len(s.asked) - l.pages(); again > 3*(2*100+64+20)+20 {
		t.Errorf("%d calls for %d pages", len(s.asked), l.pages())
	}
}
