package main

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gongkai/area/inspect/sitegen"
	"gongkai/kernel/calendar"
)

// watched counts the calls of every address of a site, and does something once so
// many have come.
type watched struct {
	site http.Handler
	mu   sync.Mutex
	all  int
	of   map[string]int
	at   int
	do   func()
}

func (w *watched) ServeHTTP(to http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	w.all++
	w.of[r.URL.RequestURI()]++
	do := w.do
	if w.all != w.at {
		do = nil
	}
	w.mu.Unlock()
	if do != nil {
		do()
	}
	w.site.ServeHTTP(to, r)
}

// count starts a new count, at the end of which do is called; it returns the last.
func (w *watched) count(at int, do func()) (all int, of map[string]int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all, of = w.all, w.of
	w.all, w.of, w.at, w.do = 0, map[string]int{}, at, do
	return all, of
}

// The command killed without warning halfway: the second run goes on, fetches hardly
// anything twice, and says what an unbroken one says.
func TestInspectKilled(t *testing.T) {
	t.Parallel()
	t0 := calendar.Day(2026, 6, 30).Start().Add(12 * time.Hour)
	site, err := sitegen.New(sitegen.Plan{Design: sitegen.Designs()[0], Pages: 250, Seed: 4, T0: t0})
	if err != nil {
		t.Fatal(err)
	}
	w := &watched{site: site.Handler(), of: map[string]int{}}
	s := httptest.NewServer(w)
	t.Cleanup(s.Close)
	args := func(dir string) []string {
		return []string{"inspect", s.URL + "/", "--allow-private", "--no-browser", "--no-probe", "--t0", "2026-06-30", "--timeout", "2s", "--out", dir}
	}
	whole, broken := t.TempDir(), t.TempDir()
	if c := spawn(t, args(whole)...); c.code != exitFound {
		t.Fatalf("exit %d: %s%s", c.code, c.out, c.errs)
	}
	want, _ := readReport(t, whole)
	calls, _ := w.count(0, nil)

	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "GONGKAI_TEST_MAIN="+strings.Join(args(broken), " "))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	w.count(calls/2, func() { _ = cmd.Process.Kill() })
	if err := cmd.Run(); err == nil {
		t.Fatal("was not killed")
	}
	if _, err := os.Stat(broken + "/report.json"); err == nil {
		t.Fatal("was killed too late")
	}
	before, first := w.count(0, nil)
	if c := spawn(t, args(broken)...); c.code != exitFound {
		t.Fatalf("exit %d: %s%s", c.code, c.out, c.errs)
	}
	after, second := w.count(0, nil)
	twice := 0
	for address := range second {
		if first[address] > 0 {
			twice++
		}
	}
	t.Logf("%d calls whole; %d before the kill, %d after, %d addresses in both", calls, before, after, twice)
	// Two batches, what was under way, and what is tried again because it is dead.
	if most := 2*100 + 64; before+after-calls > most || twice > most {
		t.Errorf("%d calls and %d for a site of %d, %d addresses twice", before, after, calls, twice)
	}
	got, _ := readReport(t, broken)
	if got.Pages != want.Pages {
		t.Errorf("%d pages, want %d", got.Pages, want.Pages)
	}
	if got.Stopped != "" || fmt.Sprint(got.Notes) != fmt.Sprint(want.Notes) {
		t.Errorf("stopped %q, notes %v, want %v", got.Stopped, got.Notes, want.Notes)
	}
	for _, list := range []struct {
		name      string
		got, want []string
	}{{"findings", got.lines(), want.lines()}, {"columns", got.columns(), want.columns()}, {"items", got.items(), want.items()}} {
		for _, l := range list.want {
			if !slices.Contains(list.got, l) {
				t.Errorf("%s: lost: %s", list.name, l)
			}
		}
		for _, l := range list.got {
			if !slices.Contains(list.want, l) {
				t.Errorf("%s: new: %s", list.name, l)
			}
		}
		if len(list.want) == 0 {
			t.Errorf("no %s", list.name)
		}
	}
}

// lines are the findings without the times at which they were seen, without the
// page, since of several that are equally near any may come first, and without the
// remark in brackets: a server that sends a byte now and then is silent or slow.
func (r *reported) lines() (out []string) {
	for _, f := range r.Findings {
		what, _, _ := strings.Cut(f.What, "（")
		out = append(out, fmt.Sprint(f.Check, " ", f.URL, " ", f.State, " ", what, " ", f.Key, " ", f.Count))
	}
	slices.Sort(out)
	return out
}

func (r *reported) columns() (out []string) {
	for _, c := range r.Columns {
		out = append(out, fmt.Sprintf("%+v", c))
	}
	slices.Sort(out)
	return out
}

func (r *reported) items() (out []string) {
	for _, i := range r.Items {
		out = append(out, fmt.Sprintf("%+v", i))
	}
	slices.SortFunc(out, cmp.Compare)
	return out
}
