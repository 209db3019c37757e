package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"gongkai/kernel/id"
	"gongkai/kernel/store"
)

// Workers of one node: SQLite has one writer, so many would only wait for it.
const (
	workersSQLite   = 8
	workersPostgres = 50
	// A job that was running when a process died that nobody restarted is tried
	// again after this long, and never before the longest time of its run: River
	// asks the worker.
	rescue = deadline + 5*time.Second
)

// queue is River, which keeps the jobs.
type queue struct {
	once   sync.Once
	err    error
	client *river.Client[*sql.Tx]
	name   string // of this process, which River writes beside what it runs
	rest   func() // ends the sign of life
}

// Migration are River's tables.
func Migration() store.Migration {
	return store.Migration{Name: "jobs", Run: func(ctx context.Context, db *store.DB) error {
		m, err := rivermigrate.New(driver(db), nil)
		if err != nil {
			return err
		}
		_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	}}
}

func driver(db *store.DB) riverdriver.Driver[*sql.Tx] {
	if db.Postgres() {
		return riverdatabasesql.NewWithPgxListener(db.SQL(), db.Pool())
	}
	return riversqlite.New(db.SQL())
}

// message is the arguments of every kind: River sees only JSON.
type message struct {
	kind string
	body json.RawMessage
}

func (m message) Kind() string                 { return m.kind }
func (m message) MarshalJSON() ([]byte, error) { return m.body, nil }
func (m *message) UnmarshalJSON(b []byte) error {
	m.body = append(json.RawMessage(nil), b...)
	return nil
}

// worker does one kind.
type worker struct {
	river.WorkerDefaults[message]
	jobs *Jobs
	work Work
}

func (w worker) Timeout(*river.Job[message]) time.Duration { return w.work.within + time.Second }

func (w worker) Work(ctx context.Context, job *river.Job[message]) error {
	err := w.jobs.run(ctx, w.work, job.Args.body)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errHopeless):
		w.jobs.log.Error("job given up", "kind", w.work.kind, "job", job.ID, "err", err)
		return river.JobCancel(errors.New(said(err)))
	}
	w.jobs.log.Warn("job failed", "kind", w.work.kind, "job", job.ID, "attempt", job.Attempt, "err", err)
	return errors.New(said(err))
}

// open makes the client of River when it is first needed: after every room has
// registered its works.
func (j *Jobs) open() error {
	j.queue.once.Do(func() {
		j.closed = true
		workers := river.NewWorkers()
		var periodic []*river.PeriodicJob
		for _, w := range j.works {
			river.AddWorkerArgs(workers, message{kind: w.kind}, worker{jobs: j, work: w})
			if w.every > 0 {
				periodic = append(periodic, river.NewPeriodicJob(river.PeriodicInterval(w.every),
					func() (river.JobArgs, *river.InsertOpts) {
						return message{w.kind, json.RawMessage("{}")}, options(w, time.Time{})
					},
					&river.PeriodicJobOpts{ID: w.kind, RunOnStart: true}))
			}
		}
		most := workersSQLite
		if j.db.Postgres() {
			most = workersPostgres
		}
		j.queue.name = string(id.New())
		j.queue.client, j.queue.err = river.NewClient(driver(j.db), &river.Config{
			ID: j.queue.name, Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: most}},
			PeriodicJobs: periodic, Logger: j.log, JobTimeout: deadline, RescueStuckJobsAfter: rescue,
			FetchPollInterval: 200 * time.Millisecond, FetchCooldown: 50 * time.Millisecond,
			CompletedJobRetentionPeriod: 7 * 24 * time.Hour, DiscardedJobRetentionPeriod: 90 * 24 * time.Hour, CancelledJobRetentionPeriod: 90 * 24 * time.Hour,
			SoftStopTimeout: 5 * time.Second,
		})
	})
	if j.queue.err != nil {
		return fmt.Errorf("jobs: open the queue: %w", j.queue.err)
	}
	return nil
}

func options(w Work, at time.Time) *river.InsertOpts {
	o := &river.InsertOpts{MaxAttempts: w.tries, ScheduledAt: at}
	if w.every > 0 { // one at a time, waiting or running
		o.UniqueOpts = river.UniqueOpts{ByQueue: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled}}
	}
	return o
}

func (q *queue) insert(ctx context.Context, tx *store.Tx, w Work, body json.RawMessage, at time.Time) error {
	if _, err := q.client.InsertTx(ctx, tx.SQL(), message{w.kind, body}, options(w, at)); err != nil {
		return fmt.Errorf("jobs: insert %s: %w", w.kind, err)
	}
	return nil
}

// Start begins to work, until Stop.
func (j *Jobs) Start(ctx context.Context) error {
	if err := j.open(); err != nil {
		return err
	}
	if err := j.orphans(ctx); err != nil {
		return fmt.Errorf("jobs: take up what was running: %w", err)
	}
	if err := j.live(ctx); err != nil {
		return fmt.Errorf("jobs: sign of life: %w", err)
	}
	return j.queue.client.Start(context.WithoutCancel(ctx))
}

// orphans puts back, at once, what was running when a process died. On SQLite
// this process is the only one that works, so nobody else can be at it; on
// PostgreSQL those live that hold their lock.
func (j *Jobs) orphans(ctx context.Context) error {
	return j.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if !j.db.Postgres() {
			_, err := tx.SQL().ExecContext(ctx, "update river_job set state = 'available' where state = 'running'")
			return err
		}
		var names []string
		err := tx.NewRaw("select distinct attempted_by[array_upper(attempted_by, 1)] from river_job where state = 'running'").Scan(ctx, &names)
		if err != nil {
			return err
		}
		for _, name := range names {
			dead := false
			if err := tx.SQL().QueryRowContext(ctx, "select pg_try_advisory_xact_lock("+life+")", name).Scan(&dead); err != nil {
				return err
			}
			if !dead {
				continue
			}
			if _, err := tx.SQL().ExecContext(ctx, "update river_job set state = 'available' where state = 'running' and attempted_by[array_upper(attempted_by, 1)] = $1", name); err != nil {
				return err
			}
		}
		return nil
	})
}

// life is the lock that a process holds on PostgreSQL while it works. The server
// takes it back when the connection ends, however it ends.
const life = "hashtextextended('jobs of ' || $1, 0)"

// live holds the lock of this process until rest is called, and takes it again
// when the database was away.
func (j *Jobs) live(ctx context.Context) error {
	j.queue.rest = func() {}
	if !j.db.Postgres() {
		return nil
	}
	hold := func(ctx context.Context) (*sql.Conn, error) {
		c, err := j.db.SQL().Conn(ctx)
		if err != nil {
			return nil, err
		}
		if _, err := c.ExecContext(ctx, "select pg_advisory_lock("+life+")", j.queue.name); err != nil {
			return nil, errors.Join(err, c.Close())
		}
		return c, nil
	}
	held, err := hold(ctx)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	j.queue.rest = func() { stop(); <-ended }
	go func() {
		defer close(ended)
		tick := time.NewTicker(5 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if held.PingContext(ctx) == nil {
					continue
				}
				_ = held.Close() // it is broken
				if again, err := hold(ctx); err == nil {
					held = again
				}
			case <-ctx.Done():
				last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
				defer cancel()
				_, _ = held.ExecContext(last, "select pg_advisory_unlock("+life+")", j.queue.name) // or the pool would keep it
				_ = held.Close()
				return
			}
		}
	}()
	return nil
}

// Stop lets running jobs end, for a few seconds, and then cancels them: they
// are tried again at the next start.
func (j *Jobs) Stop(ctx context.Context) error {
	if j.queue.client == nil {
		return nil
	}
	err := j.queue.client.Stop(ctx)
	if j.queue.rest != nil { // nil when it never started
		j.queue.rest()
	}
	return err
}
