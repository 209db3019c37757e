package crawl

import (
	"container/heap"
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"gongkai/area/inspect/fact"
)

// dispatch starts as many calls as bounds and hosts allow.
func (r *run) dispatch(ctx context.Context) error {
	now := r.clock.Now()
	for len(r.timers) > 0 && !r.timers[0].next.After(now) {
		h := heap.Pop(&r.timers).(*host)
		h.place = ready
		r.queue(h)
	}
	for moved := true; moved && ctx.Err() == nil; {
		moved = false
		for i := range r.ready {
			for turns := len(r.ready[i]); turns > 0 && r.room(i == 0); turns-- {
				h := r.ready[i][0]
				r.ready[i] = r.ready[i][1:]
				did, err := r.turn(ctx, h, now)
				if err != nil {
					return err
				}
				moved = moved || did
			}
		}
	}
	return nil
}

// turn lets a host that is ready do what it may.
func (r *run) turn(ctx context.Context, h *host, now time.Time) (moved bool, err error) {
	for h.place == ready && r.room(h.inside) {
		did, err := r.step(ctx, h, now)
		if err != nil {
			return moved, err
		}
		if !did {
			break
		}
		moved = true
	}
	switch h.place {
	case ready:
		r.queue(h)
	case waiting:
		heap.Push(&r.timers, h)
	}
	return moved, nil
}

func (r *run) queue(h *host) {
	i := 1
	if h.inside {
		i = 0
	}
	r.ready[i] = append(r.ready[i], h)
}

// room tells whether one more call may be made. Other sites, of which any number
// may be slow, never take more than half.
func (r *run) room(inside bool) bool {
	return r.flying < r.conf.Parallel && (inside || r.outside < max(1, r.conf.Parallel/2))
}

// step does one thing for a host that is ready, and reports whether it did, or
// says where the host belongs.
func (r *run) step(ctx context.Context, h *host, now time.Time) (bool, error) {
	switch {
	case h.closed:
		h.place = idle
		return false, nil
	case h.inflight >= r.most(h) || !h.known && h.inflight > 0:
		h.place = blocked
		return false, nil
	case h.next.After(now):
		h.place = waiting
		return false, nil
	case len(h.asks) > 0:
		t := h.asks[0]
		h.asks = h.asks[1:]
		r.call(ctx, t, now)
		return true, nil
	}
	if len(h.queue) == 0 {
		if err := r.reload(h); err != nil {
			return false, err
		}
		if len(h.queue) == 0 {
			h.place = idle
			if h.inflight > 0 {
				h.place = blocked // what is under way may bring more
			}
			return false, nil
		}
	}
	if !h.known && (!h.inside || !r.conf.IgnoreRobots) && !h.flagged(r) {
		r.call(ctx, task{kind: askRobots, host: h}, now)
		return true, nil
	}
	h.known = true
	e := h.pop()
	counts := e.part == Page && h.inside && !e.again
	if counts && r.full {
		return true, nil // stays queued in the store
	}
	r.busy[e.id] = true
	if res := r.spared(h, e); res != nil {
		r.record(res)
		return true, nil
	}
	if counts {
		r.visits++
		r.full = r.visits == r.conf.MaxPages
	}
	g := h.groups[groupOf(e.url)]
	r.call(ctx, task{kind: visit, host: h, entry: e, sure: g != nil && g.absent}, now)
	return true, nil
}

// most is how many calls a host may have under way.
func (r *run) most(h *host) int {
	switch {
	case !h.inside:
		return 1
	case h.twin != nil && !h.merged && !h.tried && h.twin.tried:
		return 1 // until it is known whether it is the same site
	}
	return max(1, int(h.window))
}

// ceiling is the largest window of a host.
func (r *run) ceiling(h *host) float64 {
	if h.near {
		return float64(r.conf.Parallel)
	}
	return float64(min(r.conf.PerHost, r.conf.Parallel))
}

func (r *run) call(ctx context.Context, t task, now time.Time) {
	h := t.host
	h.inflight++
	r.flying++
	if !h.inside {
		r.outside++
	}
	if gap := r.gap(h); gap > 0 {
		h.after(now.Add(gap))
	}
	go func() { r.results <- r.do(ctx, t) }()
}

// gap is the time between two calls of a host: two a second (WEB-80), more or
// less only for the site under inspection and by its inspector's word; a host of
// the own machine or network is bounded by its answers alone.
func (r *run) gap(h *host) time.Duration {
	rate := foreign
	if h.inside && r.conf.Rate > 0 {
		rate = r.conf.Rate
	}
	gap := time.Duration(float64(time.Second) / rate)
	if h.near && (r.conf.Rate <= 0 || !h.inside) {
		gap = 0
	}
	return max(gap, h.rules.delay)
}

// flagged: addresses of internal networks named outright are a finding whatever
// they answer, and are not called (WEB-85). A site on this machine may link to
// others on it that an administrator listed.
func (h *host) flagged(r *run) bool {
	if h.inside {
		return false
	}
	name := hostname(h.origin)
	a, err := netip.ParseAddr(name)
	loop := name == "localhost" || err == nil && a.IsLoopback()
	if loop {
		_, host, _ := strings.Cut(h.origin, "://")
		return !(r.local && (r.conf.AllowPrivate || slices.Contains(r.conf.Allow, host)))
	}
	return err == nil && private(a)
}

// spared answers for an address that need not be called.
func (r *run) spared(h *host, e entry) *result {
	no := func(f fact.Failure, note string) *result {
		return &result{task: task{kind: visit, host: h, entry: e}, page: &fact.Page{URL: e.url, Depth: e.depth, At: r.clock.Now(), Failure: f, Note: note}, answer: &answer{failure: f}}
	}
	switch {
	case h.flagged(r):
		return no(fact.Internal, "链接指向内网或本机地址，未访问")
	case !h.inside && h.fails >= failDead && h.why != nil:
		return no(h.why.Failure, "同一主机连续多次无法访问，未再逐个尝试："+h.why.Note)
	case h.hushed != nil:
		res := no(fact.Refused, h.hushed.note)
		res.page.Status = h.hushed.status
		return res
	case (!h.inside || !r.conf.IgnoreRobots) && !h.rules.allows(e.url):
		return no(fact.Refused, "网站的 robots.txt 不允许访问，未判定")
	case h.inside && e.part == Page && r.traps.shut(e.url, e.depth):
		return no(fact.Refused, "同类网址内容重复，未再抓取")
	case e.hops > maxHops:
		return no(fact.TooFar, fmt.Sprintf("连续跳转超过 %d 次", maxHops))
	case h.merged && h.twin != nil:
		res := no("", "与 "+h.twin.origin+" 上的同一页面相同，未重复抓取")
		res.page.Status = http.StatusMovedPermanently
		res.answer.location = h.twin.origin + e.url[len(h.origin):]
		return res
	}
	return nil
}

// reload fills a host's queue from the store.
func (r *run) reload(h *host) error {
	if h.more <= 0 {
		return nil
	}
	if err := r.settle(); err != nil {
		return err
	}
	entries, err := r.store.window(h.id, !r.full, windowSize+len(r.busy))
	if err != nil {
		return err
	}
	if h.more -= len(entries); len(entries) < windowSize+len(r.busy) {
		h.more, h.limit = 0, 0
	} else {
		h.more, h.limit = max(h.more, 1), entries[len(entries)-1].rank
	}
	for _, e := range entries {
		if !r.busy[e.id] {
			h.queue = append(h.queue, e)
		}
	}
	heap.Init(&h.queue)
	return nil
}
