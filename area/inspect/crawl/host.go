package crawl

import (
	"container/heap"
	"sort"
	"time"

	"gongkai/area/inspect/fact"
)

const (
	windowSize = 2048 // queued addresses of a host in memory
	failPause  = 5    // calls without an answer, one after another, before a host is left alone for a while
	failClose  = 11   // … for the rest of the run
	failDead   = 3    // … before another site's host counts as dead
	maxPause   = 16 * time.Second
	patience   = 5 * time.Second // for which another site may ask to be left alone and still be waited for
	slowAnswer = time.Second     // from which on a host is asked more slowly
)

// host is a server as the run sees it: what waits for it, and how it is to be
// treated. Only the goroutine of Run touches it.
type host struct {
	id     int64
	origin string
	inside bool

	queue queue // what is next, best first
	more  int   // queued in the store and not in queue; an upper bound
	limit int   // rank up to which queue holds all; only if more > 0

	place    place
	inflight int
	known    bool // its robots.txt was asked for
	rules    robots
	near     bool // of the own machine or network

	// Pace: as many at once as the server answers without slowing down.
	window float64
	base   time.Duration // its quickest answer, drifting up slowly
	starts bool          // still speeding up from the start
	next   time.Time     // not before

	fails  int // calls without an answer, one after another
	closed bool
	why    *fact.Page // the last failure
	hushed *answer    // by which another site asked to be left alone for longer than a run waits

	twin   *host // the same site under the other scheme
	tried  bool  // a page of it has answered or failed
	serves bool  // a page of it has answered with something
	merged bool  // its addresses are those of the twin

	asks []task // for addresses that do not exist, before anything else

	groups map[string]*group
}

// place is where the scheduler keeps a host.
type place int

const (
	idle    place = iota // nothing to do
	ready                // may be asked at once
	waiting              // at a time to come
	blocked              // until an answer comes
)

// queue is a heap of addresses.
type queue []entry

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].rank < q[j].rank || q[i].rank == q[j].rank && q[i].id < q[j].id
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(entry)) }
func (q *queue) Pop() any {
	old := *q
	e := old[len(old)-1]
	old[len(old)-1] = entry{}
	*q = old[:len(old)-1]
	return e
}

// push takes an address in, or leaves it to the store when memory holds enough.
func (h *host) push(e entry) {
	if h.more > 0 && e.rank >= h.limit {
		h.more++
		return
	}
	heap.Push(&h.queue, e)
	if len(h.queue) >= 2*windowSize {
		sort.Sort(h.queue)
		h.more += len(h.queue) - windowSize
		clear(h.queue[windowSize:])
		h.queue = h.queue[:windowSize]
		h.limit = h.queue[windowSize-1].rank + 1
	}
}

func (h *host) pop() entry { return heap.Pop(&h.queue).(entry) }

// calm notes an answer and adapts the pace to it: a little more at once while
// answers stay as quick as the quickest, fewer when they slow down.
func (h *host) calm(first time.Duration, now time.Time, most float64) {
	h.fails = 0
	if h.base == 0 || first < h.base {
		h.base = max(first, time.Microsecond)
	} else {
		h.base += h.base / 256
	}
	switch {
	case first > slowAnswer:
		h.starts = false
		h.window = max(1, h.window/2)
		h.after(now.Add(min(first, maxPause))) // no more than half of its time
	case first > 4*h.base+50*time.Millisecond:
		h.starts = false
		h.window = max(1, h.window*0.95)
	case h.starts:
		h.window = min(most, h.window+0.5)
	default:
		h.window = min(most, h.window+1/h.window)
	}
}

// upset notes a refusal or an error of the server and backs off.
func (h *host) upset(until time.Time) {
	h.starts = false
	h.window = max(1, h.window/2)
	h.after(until)
}

// lost notes a call without an answer.
func (h *host) lost(p *fact.Page, now time.Time, first time.Duration) {
	h.fails++
	h.why = p
	h.starts = false
	h.window = max(1, h.window/2)
	if h.fails >= failClose {
		h.closed = true
	}
	if h.fails >= failPause {
		h.window = 1
		h.after(now.Add(min(first<<(h.fails-failPause), maxPause*max(1, first/time.Second))))
	}
}

func (h *host) after(t time.Time) {
	if t.After(h.next) {
		h.next = t
	}
}

// group is a part of a host whose answers to addresses that do not exist are
// alike: a first directory and a kind of page (WEB-82).
type group struct {
	asked  bool
	known  bool
	absent bool   // missing pages are said to be missing: nothing to compare
	to     string // where addresses that do not exist are sent on to
	sketch sketch
	hash   string
	parked []*result // wait for the answer
}

// timers is a heap of hosts by the time at which they may be asked again.
type timers []*host

func (t timers) Len() int           { return len(t) }
func (t timers) Less(i, j int) bool { return t[i].next.Before(t[j].next) }
func (t timers) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *timers) Push(x any)        { *t = append(*t, x.(*host)) }
func (t *timers) Pop() any {
	old := *t
	h := old[len(old)-1]
	old[len(old)-1] = nil
	*t = old[:len(old)-1]
	return h
}
