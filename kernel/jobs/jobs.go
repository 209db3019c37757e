// Package jobs does work later and surely: what a unit of work asks for is
// written in its own transaction, survives kill -9, is retried with growing
// pauses, and can be seen and pushed from the desk. River keeps the queue in our
// database; nothing outside this room knows it.
//
//	// a room declares its kinds
//	works := []jobs.Work{
//		jobs.On("抓取佐证页面", s.fetch),                                      // func(ctx, fetchEvidence) error
//		jobs.Every("plan-prove", "核查佐证规则", 24*time.Hour, s.ProveAll),      // does what is due since its last time
//		jobs.Hear("plan", s.published),                                     // func(ctx, noticefact.Published) error
//	}
//	// and asks for them inside a unit of work
//	err := k.Jobs.Insert(ctx, tx, fetchEvidence{Evidence: e.ID})
//	err := k.Jobs.Emit(ctx, tx, noticefact.Published{Notice: n.ID})
//
// A job may run more than once: handlers make the same thing of it each time.
// Inside a handler db.Do writes, and what it does for the job is kept by it; the
// network is for handlers only.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"time"

	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
	"gongkai/kernel/store"
)

// Args is what a job carries: small values and keys, never personal data. Kind
// names it in the database for ever, as "room.verb".
type Args interface{ Kind() string }

// Fact is something that happened, told to whoever hears it.
type Fact = Args

// Work is a kind of work that a room can do.
type Work struct {
	kind   string
	title  string
	fact   string        // the kind of fact it hears, or ""
	every  time.Duration // periodic, or 0
	within time.Duration // longest a run may take
	tries  int
	handle func(ctx context.Context, body json.RawMessage) error
}

// Bounds of a run unless a work says otherwise.
const (
	deadline = 30 * time.Second
	attempts = 12 // with growing pauses about a day and a half
)

// On declares what to do with jobs of the kind of T.
func On[T Args](title string, handle func(ctx context.Context, args T) error) Work {
	var zero T
	return Work{kind: zero.Kind(), title: title, within: deadline, tries: attempts, handle: decoded(handle)}
}

// Hear declares a room that hears facts of the kind of F. Every room hears a
// fact in a job of its own, so that one that fails does not stop the others.
func Hear[F Fact](room string, handle func(ctx context.Context, fact F) error) Work {
	var zero F
	return Work{kind: zero.Kind() + "." + room, title: "通知" + room + "：" + zero.Kind(), fact: zero.Kind(), within: deadline, tries: attempts, handle: decoded(handle)}
}

// Every declares work to be done again and again, and once at the start. The
// queue forgets when it last ran: the work itself looks for what is due. A run
// that is late or waits to be tried again is not joined by another.
func Every(kind, title string, every time.Duration, handle func(ctx context.Context) error) Work {
	return Work{kind: kind, title: title, every: every, within: deadline, tries: 3,
		handle: func(ctx context.Context, _ json.RawMessage) error { return handle(ctx) }}
}

// Within returns the work with another longest time of a run.
func (w Work) Within(d time.Duration) Work { w.within = d; return w }

// Tries returns the work with another number of attempts.
func (w Work) Tries(n int) Work { w.tries = n; return w }

func decoded[T any](handle func(context.Context, T) error) func(context.Context, json.RawMessage) error {
	return func(ctx context.Context, body json.RawMessage) error {
		var args T
		if err := json.Unmarshal(body, &args); err != nil {
			return errors.Join(errHopeless, fmt.Errorf("read the arguments: %w", err))
		}
		return handle(ctx, args)
	}
}

// errHopeless marks what no further attempt can mend.
var errHopeless = errors.New("jobs: no use in trying again")

// Hopeless wraps an error that trying again cannot mend: the job is given up
// and stays visible.
func Hopeless(err error) error { return errors.Join(errHopeless, err) }

// Jobs is the queue and its workers.
type Jobs struct {
	db     *store.DB
	clock  clock.Clock
	log    *slog.Logger
	works  map[string]Work
	hears  map[string][]string // kinds of jobs by kind of fact
	queue  queue
	closed bool // the queue is open: no more works
}

// New makes the queue of a database. Works are registered before it is used.
func New(db *store.DB, log *slog.Logger) *Jobs {
	return &Jobs{db: db, clock: db.Clock(), log: log, works: map[string]Work{}, hears: map[string][]string{}}
}

var kindPattern = regexp.MustCompile(`^[a-z][a-z0-9.-]{1,100}$`)

// Register adds the works of a room, at start-up.
func (j *Jobs) Register(works ...Work) error {
	if j.closed {
		return errors.New("jobs: registered after the queue was opened")
	}
	for _, w := range works {
		if !kindPattern.MatchString(w.kind) {
			return fmt.Errorf("jobs: kind %q: want small letters, digits, dots and hyphens", w.kind)
		}
		if _, ok := j.works[w.kind]; ok {
			return fmt.Errorf("jobs: %s is declared twice", w.kind)
		}
		j.works[w.kind] = w
		if w.fact != "" {
			j.hears[w.fact] = append(j.hears[w.fact], w.kind)
		}
	}
	return nil
}

// Kind is a kind of work, for the filters of the desk.
type Kind struct{ Name, Title string }

// Kinds lists the registered works by name.
func (j *Jobs) Kinds() []Kind {
	var out []Kind
	for _, w := range j.works {
		out = append(out, Kind{w.kind, w.title})
	}
	slices.SortFunc(out, func(a, b Kind) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return out
}

// Insert asks for a job in the unit of work tx: it runs after the commit, and
// never when there is none.
func (j *Jobs) Insert(ctx context.Context, tx *store.Tx, args Args) error {
	return j.insert(ctx, tx, args.Kind(), args, time.Time{})
}

// InsertAt asks for a job that runs at an instant or soon after it.
func (j *Jobs) InsertAt(ctx context.Context, tx *store.Tx, args Args, at time.Time) error {
	return j.insert(ctx, tx, args.Kind(), args, at)
}

// Emit tells a fact to every room that hears it, in the unit of work in which it
// came true: the outbox.
func (j *Jobs) Emit(ctx context.Context, tx *store.Tx, fact Fact) error {
	for _, kind := range j.hears[fact.Kind()] {
		if err := j.insert(ctx, tx, kind, fact, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

func (j *Jobs) insert(ctx context.Context, tx *store.Tx, kind string, args any, at time.Time) error {
	w, ok := j.works[kind]
	if !ok {
		return fmt.Errorf("jobs: nobody does %s", kind)
	}
	body, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("jobs: write the arguments of %s: %w", kind, err)
	}
	if err := j.open(); err != nil {
		return err
	}
	return j.queue.insert(ctx, tx, w, body, at)
}

// run does a job within its time, and turns a panic into an error.
func (j *Jobs) run(ctx context.Context, w Work, body json.RawMessage) (err error) {
	ctx, cancel := context.WithTimeout(ctx, w.within)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return w.handle(ctx, body)
}

// said is what the desk shows of an error: words for people, else the error's own.
func said(err error) string {
	if text := fault.Text(err); text != "" {
		return text
	}
	return err.Error()
}
