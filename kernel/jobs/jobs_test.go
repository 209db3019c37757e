package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/kernel/audit"
	"gongkai/kernel/fault"
	"gongkai/kernel/jobs"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

type greet struct {
	Name string `json:"name"`
}

func (greet) Kind() string { return "test.greet" }

type happened struct {
	What string `json:"what"`
}

func (happened) Kind() string { return "test.happened" }

// ear writes down what handlers were told.
type ear struct {
	mu    sync.Mutex
	heard []string
	told  chan string
}

func newEar() *ear { return &ear{told: make(chan string, 100)} }

func (e *ear) hear(text string) {
	e.mu.Lock()
	e.heard = append(e.heard, text)
	e.mu.Unlock()
	e.told <- text
}

func (e *ear) all() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Join(e.heard, " ")
}

// wait gives the next thing heard; it fails after half a minute.
func (e *ear) wait(t *testing.T) string {
	t.Helper()
	select {
	case text := <-e.told:
		return text
	case <-time.After(30 * time.Second):
		t.Fatal("nothing was heard for 30 s")
		return ""
	}
}

func house(t *testing.T, k *storetest.Kit, works ...jobs.Work) (*store.DB, *jobs.Jobs) {
	t.Helper()
	db := k.Open(audit.Migration(), jobs.Migration())
	j := jobs.New(db, slog.New(slog.DiscardHandler))
	if err := j.Register(works...); err != nil {
		t.Fatal(err)
	}
	return db, j
}

func insert(t *testing.T, db *store.DB, j *jobs.Jobs, name string, fail error) {
	t.Helper()
	err := db.Do(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		if err := j.Insert(ctx, tx, greet{name}); err != nil {
			return err
		}
		return fail
	})
	if !errors.Is(err, fail) {
		t.Fatal(err)
	}
}

func TestWhatIsRolledBackNeverRuns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		e := newEar()
		db, j := house(t, k, jobs.On("打招呼", func(_ context.Context, g greet) error { e.hear(g.Name); return nil }))
		insert(t, db, j, "undone", errors.New("no"))
		insert(t, db, j, "done", nil)
		if err := j.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := e.wait(t); got != "done" {
			t.Errorf("heard %q", got)
		}
		if err := j.Stop(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := e.all(); got != "done" {
			t.Errorf("heard %q in all", got)
		}
	})
}

func TestWhatFailsIsVisibleAndCanBePushed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		ctx := context.Background()
		e := newEar()
		broken := true
		db, j := house(t, k, jobs.On("打招呼", func(_ context.Context, g greet) error {
			defer e.hear(g.Name)
			if broken {
				return jobs.Hopeless(fault.New(fault.Unavailable, "对方没有应答"))
			}
			return nil
		}))
		insert(t, db, j, "again", nil)
		if err := j.Start(ctx); err != nil {
			t.Fatal(err)
		}
		e.wait(t)
		list := until(t, j, jobs.Failed)
		if list.Total != 1 || list.Rows[0].Title != "打招呼" || !strings.Contains(list.Rows[0].Wrong, "对方没有应答") {
			t.Fatalf("the desk shows %+v", list)
		}
		if one, ok, err := j.Last(ctx, greet{"again"}); err != nil || !ok || one.ID != list.Rows[0].ID || one.State != jobs.Failed {
			t.Errorf("the last job with these arguments: %+v, %v, %v", one, ok, err)
		}
		if one, ok, err := j.Last(ctx, greet{"never"}); err != nil || ok {
			t.Errorf("a job that nobody asked for: %+v, %v", one, err)
		}
		broken = false
		who := org.Actor{Person: "p", Name: "王芳"}
		if err := j.Retry(ctx, who, list.Rows[0].ID); err != nil {
			t.Fatal(err)
		}
		e.wait(t)
		until(t, j, jobs.Done)
		if err := j.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		if err := j.Retry(ctx, who, 99999); !fault.Is(err, fault.NotFound) {
			t.Errorf("a job that is not there: %v", err)
		}
	})
}

// until asks for the list until it has a job in the state; it fails after half a
// minute. The queue writes the state shortly after the handler returned.
func until(t *testing.T, j *jobs.Jobs, s jobs.State) page.Of[jobs.Job] {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		list, err := j.List(ctx, jobs.Filter{State: s}, page.Ask{})
		if err != nil {
			t.Fatal(err)
		}
		if list.Total > 0 {
			return list
		}
	}
}

func TestFactsReachEveryRoomThatHears(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		ctx := context.Background()
		e := newEar()
		hear := func(room string) jobs.Work {
			return jobs.Hear(room, func(_ context.Context, h happened) error { e.hear(room + ":" + h.What); return nil })
		}
		rounds := 0
		db, j := house(t, k, hear("plan"), hear("report"),
			jobs.Every("test.round", "巡查", time.Hour, func(context.Context) error { rounds++; return nil }))
		err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return j.Emit(ctx, tx, happened{"x"}) })
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Settle(ctx); err != nil {
			t.Fatal(err)
		}
		if got := e.all(); got != "plan:x report:x" || rounds != 1 {
			t.Errorf("heard %q, %d rounds", got, rounds)
		}
	})
}

func TestAJobWaitsForItsTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		ctx := context.Background()
		e := newEar()
		db, j := house(t, k, jobs.On("打招呼", func(_ context.Context, g greet) error { e.hear(g.Name); return nil }))
		at := k.Clock.Now().Add(20 * 365 * 24 * time.Hour) // the queue itself compares with the machine's clock
		err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return j.InsertAt(ctx, tx, greet{"later"}, at) })
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Settle(ctx); err != nil || e.all() != "" {
			t.Fatalf("ran early: %q, %v", e.all(), err)
		}
		k.Clock.Set(at.Add(time.Second))
		if err := j.Settle(ctx); err != nil || e.all() != "later" {
			t.Fatalf("heard %q, %v", e.all(), err)
		}
	})
}

func TestPeriodicWorkRunsAtTheStart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		ctx := context.Background()
		e := newEar()
		_, j := house(t, k, jobs.Every("test.round", "巡查", time.Hour, func(context.Context) error { e.hear("round"); return nil }))
		if err := j.Start(ctx); err != nil {
			t.Fatal(err)
		}
		e.wait(t)
		if err := j.Stop(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func TestRegisterRefuses(t *testing.T) {
	j := jobs.New(storetest.SQLite(t).Open(), slog.New(slog.DiscardHandler))
	w := jobs.On("打招呼", func(context.Context, greet) error { return nil })
	if err := j.Register(w); err != nil {
		t.Fatal(err)
	}
	if err := j.Register(w); err == nil {
		t.Error("a kind declared twice was accepted")
	}
	if err := j.Register(jobs.Every("Bad Name", "x", time.Hour, nil)); err == nil {
		t.Error("a bad name was accepted")
	}
}
