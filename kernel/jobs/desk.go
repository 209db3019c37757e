package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river/rivertype"
	"github.com/uptrace/bun"

	"gongkai/kernel/audit"
	"gongkai/kernel/fault"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/store"
)

// State is where a job stands, as the desk says it.
type State string

// The states, and the words for them.
const (
	Waiting State = "waiting" // to run now or at its time
	Running State = "running"
	Again   State = "again" // failed, will be tried again
	Failed  State = "failed"
	Done    State = "done"
)

// States lists the states in the order of the desk.
func States() []State { return []State{Failed, Again, Running, Waiting, Done} }

// Title is the word for a state.
func (s State) Title() string {
	switch s {
	case Waiting:
		return "等待"
	case Running:
		return "运行中"
	case Again:
		return "待重试"
	case Failed:
		return "失败"
	case Done:
		return "完成"
	}
	return string(s)
}

// rivers are River's states behind one of ours.
func (s State) rivers() []rivertype.JobState {
	switch s {
	case Waiting:
		return []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateScheduled}
	case Running:
		return []rivertype.JobState{rivertype.JobStateRunning}
	case Again:
		return []rivertype.JobState{rivertype.JobStateRetryable}
	case Failed:
		return []rivertype.JobState{rivertype.JobStateDiscarded, rivertype.JobStateCancelled}
	case Done:
		return []rivertype.JobState{rivertype.JobStateCompleted}
	}
	return nil
}

func stateOf(r rivertype.JobState) State {
	for _, s := range States() {
		for _, one := range s.rivers() {
			if one == r {
				return s
			}
		}
	}
	return Waiting
}

// Job is one job as the desk shows it.
type Job struct {
	ID          int64
	Kind, Title string
	State       State
	Tries, Most int
	At          time.Time // when it will run, ran last, or ended
	Wrong       string    // what the last attempt said, "" when nothing went wrong
}

// Filter narrows the list of jobs; zero values leave all.
type Filter struct {
	State State
	Kind  string
}

// List is a page of jobs, the latest first.
func (j *Jobs) List(ctx context.Context, f Filter, ask page.Ask) (page.Of[Job], error) {
	ask = ask.Clean()
	out := page.Of[Job]{Ask: ask}
	if err := j.open(); err != nil {
		return out, err
	}
	q := j.db.Read.NewSelect().TableExpr("river_job")
	if f.State != "" {
		q = q.Where("state in ?", bun.Tuple(f.State.rivers()))
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	n, err := q.Count(ctx)
	if err != nil {
		return out, fmt.Errorf("count jobs: %w", err)
	}
	out.Total = int(n)
	var keys []int64
	if err := q.Column("id").OrderExpr("id desc").Limit(int64(ask.Size)).Offset(int64(ask.Offset())).Scan(ctx, &keys); err != nil {
		return out, fmt.Errorf("list jobs: %w", err)
	}
	for _, key := range keys {
		row, err := j.queue.client.JobGet(ctx, key)
		if errors.Is(err, rivertype.ErrNotFound) {
			continue // cleaned away meanwhile
		}
		if err != nil {
			return out, fmt.Errorf("read a job: %w", err)
		}
		out.Rows = append(out.Rows, j.job(row))
	}
	return out, nil
}

// Last is the newest job that was asked for with args; false when there is none,
// or none any more. It tells a room whether what waits for a job waits in vain.
func (j *Jobs) Last(ctx context.Context, args Args) (Job, bool, error) {
	body, err := json.Marshal(args)
	if err != nil {
		return Job{}, false, fmt.Errorf("write the arguments of %s: %w", args.Kind(), err)
	}
	if err := j.open(); err != nil {
		return Job{}, false, err
	}
	same := "json(args) = ?"
	if j.db.Postgres() {
		same = "args = ?::jsonb"
	}
	var keys []int64
	err = j.db.Read.NewSelect().TableExpr("river_job").Column("id").Where("kind = ?", args.Kind()).Where(same, string(body)).OrderExpr("id desc").Limit(1).Scan(ctx, &keys)
	if err != nil || len(keys) == 0 {
		return Job{}, false, err
	}
	row, err := j.queue.client.JobGet(ctx, keys[0])
	if errors.Is(err, rivertype.ErrNotFound) {
		return Job{}, false, nil
	}
	if err != nil {
		return Job{}, false, fmt.Errorf("read a job: %w", err)
	}
	return j.job(row), true, nil
}

func (j *Jobs) job(row *rivertype.JobRow) Job {
	one := Job{ID: row.ID, Kind: row.Kind, Title: j.works[row.Kind].title, State: stateOf(row.State), Tries: row.Attempt, Most: row.MaxAttempts, At: row.ScheduledAt}
	if one.Title == "" {
		one.Title = row.Kind // of an area that is no longer there
	}
	if row.AttemptedAt != nil && one.State != Again {
		one.At = *row.AttemptedAt
	}
	if row.FinalizedAt != nil {
		one.At = *row.FinalizedAt
	}
	if n := len(row.Errors); n > 0 && one.State != Done {
		one.Wrong = row.Errors[n-1].Error
	}
	return one
}

// Counts counts the jobs by state.
func (j *Jobs) Counts(ctx context.Context) (map[State]int, error) {
	var rows []struct {
		State rivertype.JobState
		N     int
	}
	if err := j.db.Read.NewSelect().TableExpr("river_job").ColumnExpr("state, count(*) as n").GroupExpr("state").Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	out := map[State]int{}
	for _, r := range rows {
		out[stateOf(r.State)] += r.N
	}
	return out, nil
}

// Retry runs a job again now, whatever became of it.
func (j *Jobs) Retry(ctx context.Context, who org.Actor, key int64) error {
	return j.push(ctx, who, key, "jobs.retry", func(tx *store.Tx) error {
		_, err := j.queue.client.JobRetryTx(ctx, tx.SQL(), key)
		return err
	})
}

// Cancel gives a job up.
func (j *Jobs) Cancel(ctx context.Context, who org.Actor, key int64) error {
	return j.push(ctx, who, key, "jobs.cancel", func(tx *store.Tx) error {
		_, err := j.queue.client.JobCancelTx(ctx, tx.SQL(), key)
		return err
	})
}

func (j *Jobs) push(ctx context.Context, who org.Actor, key int64, action string, do func(*store.Tx) error) error {
	if err := j.open(); err != nil {
		return err
	}
	return j.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := do(tx); errors.Is(err, rivertype.ErrNotFound) {
			return fault.New(fault.NotFound, "没有找到这项后台任务，可能已清理")
		} else if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Actor: who.Person, Name: who.Name, Unit: who.Unit, Action: action, Kind: "job", Subject: fmt.Sprint(key)})
	})
}

// settleMost bounds Settle: jobs that ask for each other without end.
const settleMost = 100_000

// Settle runs, one after another, every job that is due now and those they ask
// for, and every periodic work once. It is for tests and for filling a
// demonstration: nothing waits and nothing is retried; the first error ends it.
func (j *Jobs) Settle(ctx context.Context) error {
	if err := j.open(); err != nil {
		return err
	}
	for _, k := range j.Kinds() {
		if w := j.works[k.Name]; w.every > 0 {
			if err := j.run(ctx, w, json.RawMessage("{}")); err != nil {
				return fmt.Errorf("%s: %w", w.kind, err)
			}
		}
	}
	for range settleMost {
		row, err := j.next(ctx)
		if err != nil || row == nil {
			return err
		}
		w, ok := j.works[row.Kind]
		if !ok {
			return fmt.Errorf("jobs: nobody does %s", row.Kind)
		}
		failed := j.run(ctx, w, row.EncodedArgs)
		if err := j.finish(ctx, row.ID); err != nil {
			return err
		}
		if failed != nil {
			return fmt.Errorf("%s: %w", w.kind, failed)
		}
	}
	return errors.New("jobs: they do not come to an end")
}

// next is the first job that is due, or nil.
func (j *Jobs) next(ctx context.Context) (*rivertype.JobRow, error) {
	var keys []int64
	var now any = j.clock.Now()
	if !j.db.Postgres() { // River's own text, which does not sort with bun's: 02:00:00.000 against 02:00:00+00:00
		now = j.clock.Now().UTC().Format("2006-01-02 15:04:05.000")
	}
	err := j.db.Read.NewSelect().TableExpr("river_job").Column("id").
		Where("state = ? or (state in ? and scheduled_at <= ?)", rivertype.JobStateAvailable,
			bun.Tuple([]rivertype.JobState{rivertype.JobStateScheduled, rivertype.JobStateRetryable}), now).
		OrderExpr("id").Limit(1).Scan(ctx, &keys)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	return j.queue.client.JobGet(ctx, keys[0])
}

// finish takes a settled job out of the queue.
func (j *Jobs) finish(ctx context.Context, key int64) error {
	_, err := j.queue.client.JobDelete(ctx, key)
	return err
}
