package crawl

import (
	"testing"
	"time"

	"gongkai/area/inspect/fact"
)

func TestPace(t *testing.T) {
	now := fixed{}.Now()
	h := &host{window: 2, starts: true}
	for range 40 {
		h.calm(10*time.Millisecond, now, 16)
	}
	if h.window != 16 {
		t.Errorf("quick answers: %v at once", h.window)
	}
	for range 60 {
		h.calm(300*time.Millisecond, now, 16)
	}
	if h.window > 2 || h.next.After(now) {
		t.Errorf("answers thirty times slower: %v at once", h.window)
	}
	h.window = 8
	for range 3 {
		h.calm(4*time.Second, now, 16)
	}
	if h.window != 1 || h.next.Sub(now) != 4*time.Second {
		t.Errorf("answers of four seconds: %v at once, next in %v", h.window, h.next.Sub(now))
	}
}

func TestHostThatDoesNotAnswer(t *testing.T) {
	now := fixed{}.Now()
	h := &host{window: 8}
	for i := range failClose {
		if h.closed {
			t.Fatalf("closed after %d", i)
		}
		h.lost(&fact.Page{Failure: fact.NoConnect}, now, time.Second)
	}
	if !h.closed || h.window != 1 || h.next.Sub(now) < 4*time.Second || h.next.Sub(now) > maxPause {
		t.Errorf("%+v", h)
	}
	h = &host{window: 8}
	for range 5 * failClose {
		h.lost(&fact.Page{}, now, time.Second)
		h.calm(time.Millisecond, now, 8)
	}
	if h.closed {
		t.Error("a host that answers every other call was closed")
	}
}

// What memory holds of a host's queue is always the best of it.
func TestQueueIsBounded(t *testing.T) {
	h := &host{}
	for i := range 3 * windowSize {
		h.push(entry{id: int64(i + 1), rank: (i * 7919) % 1000})
	}
	if len(h.queue)+h.more != 3*windowSize || len(h.queue) > 2*windowSize {
		t.Errorf("%d in memory, %d left", len(h.queue), h.more)
	}
	last := -1
	for len(h.queue) > 0 {
		e := h.pop()
		if e.rank < last || e.rank >= h.limit {
			t.Fatalf("rank %d after %d, limit %d", e.rank, last, h.limit)
		}
		last = e.rank
	}
}

func TestWEB80Gap(t *testing.T) {
	for _, c := range []struct {
		name string
		host host
		rate float64
		want time.Duration
	}{
		{"another site", host{}, 0, 500 * time.Millisecond},
		{"another site, whatever the rate", host{}, 50, 500 * time.Millisecond},
		{"the site", host{inside: true}, 0, 500 * time.Millisecond},
		{"the site by its rate", host{inside: true}, 20, 50 * time.Millisecond},
		{"near", host{inside: true, near: true}, 0, 0},
		{"near by its rate", host{inside: true, near: true}, 20, 50 * time.Millisecond},
		{"near, another site", host{near: true}, 20, 0},
		{"as robots.txt asks", host{inside: true, rules: robots{delay: 3 * time.Second}}, 20, 3 * time.Second},
	} {
		r := &run{conf: &Config{Rate: c.rate}}
		if got := r.gap(&c.host); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
