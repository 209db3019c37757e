package crawl

import (
	"context"
	"fmt"
	"hash/maphash"
	"net/netip"
	"path"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"gongkai/kernel/clock"
)

const (
	maxHops   = 10  // redirects one after another
	maxGroups = 64  // of a host, for missing pages
	maxParked = 200 // pages of a host that wait to be compared
	foreign   = 2.0 // requests a second to a host that is not near (WEB-80)
	batchSize = 100
	batchTime = time.Second / 2
	tick      = 200 * time.Millisecond
)

// run is one run. Its goroutine alone decides what is called when and owns all
// that changes; calls are made by goroutines that report back, and a third kind
// writes batches into the store.
type run struct {
	store  *Store
	conf   *Config
	client *client
	reader Reader
	clock  clock.Clock
	seed   maphash.Seed
	big    sync.Mutex
	files  chan struct{} // a place for each file that is being kept
	forms  forms

	round  int
	ids    map[uint64]uint32 // of known addresses by the hash of their url: 1,000,000 take about 25 MB
	lastID int64
	hosts  map[string]*host
	byID   map[int64]*host
	local  bool            // the site stands on this machine
	names  map[string]bool // hosts of the site

	ready   [2][]*host // of the site, and others
	timers  timers
	busy    map[int64]bool // ids called and not yet saved
	flying  int
	outside int // of them to other sites
	known   int // addresses of other sites
	results chan *result

	batch   *batch
	began   time.Time // of the batch
	batches chan *batch
	sick    chan error // the writer cannot write
	written chan error

	traps  *traps
	home   sketch
	stats  Stats
	notes  []*Note
	failed error // of the machine, ends the run
	stage  int   // tries behind us
	full   bool  // MaxPages is reached
	visits int   // pages called in this run
}

func newRun(s *Store, c *Config, cl *client, reader Reader) *run {
	return &run{
		store: s, conf: c, client: cl, reader: reader, clock: c.Clock, seed: maphash.MakeSeed(),
		ids: map[uint64]uint32{}, hosts: map[string]*host{}, byID: map[int64]*host{}, names: map[string]bool{}, busy: map[int64]bool{},
		files: make(chan struct{}, 4), results: make(chan *result, c.Parallel), batches: make(chan *batch), written: make(chan error, 1), sick: make(chan error, 1),
		traps: newTraps(c.Clock.Now()),
	}
}

func (r *run) run(ctx context.Context) (Stats, error) {
	now := r.clock.Now()
	if err := r.open(now); err != nil {
		return Stats{}, err
	}
	r.stats.Started, r.stats.Round = now, r.round
	if r.conf.MaxTime > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, r.conf.MaxTime, errTime)
		defer cancel()
	}
	calls, stop := context.WithCancel(ctx)
	go func() { // writes batches; ends when there are no more
		var failed error
		for b := range r.batches {
			if failed == nil {
				if failed = r.store.save(b); failed != nil {
					r.sick <- failed
				}
			}
			if b.saved != nil {
				b.saved <- failed
			}
		}
		r.written <- failed
	}()
	err := r.loop(ctx, calls)
	stop()
	for r.flying > 0 { // what is under way ends at once
		r.finish(<-r.results)
	}
	r.flush(nil)
	close(r.batches)
	if e := <-r.written; err == nil {
		err = e
	}
	if err != nil {
		return r.count(), err
	}
	return r.close(ctx)
}

var errTime = fmt.Errorf("crawl: the time of the run is over")

// open learns from the store what is known.
func (r *run) open(now time.Time) error {
	round, fresh, err := r.store.begin(r.conf.Start, now)
	if err != nil {
		return err
	}
	r.round = round
	// A run that goes on later than the same day looks at the lists again too.
	before := now
	if !fresh {
		before = now.Add(-12 * time.Hour)
	}
	if round > 1 || !fresh {
		if err := r.store.requeueDue(now, before, fresh); err != nil {
			return err
		}
	}
	r.local = local(r.conf.Start)
	r.own(origin(r.conf.Start))
	hosts, err := r.store.hosts()
	if err != nil {
		return err
	}
	for _, h := range hosts {
		if h.inside {
			r.own(h.origin)
		}
	}
	for _, h := range hosts {
		r.take(h)
	}
	err = r.store.addresses(func(id int64, url string, part Part) {
		if part == Outside {
			r.known++
		}
		r.ids[maphash.String(r.seed, url)] = uint32(id)
		r.lastID = max(r.lastID, id)
	})
	if err != nil {
		return err
	}
	text, err := r.store.homeText()
	if err != nil {
		return err
	}
	if text != "" {
		r.home = sketchOf(r.seed, text)
	}
	r.add(entry{url: r.conf.Start}, target{list: true})
	return nil
}

// local tells whether an address is on this machine.
func local(canonical string) bool {
	name := hostname(origin(canonical))
	a, err := netip.ParseAddr(name)
	return err == nil && a.IsLoopback() || name == "localhost"
}

// own makes a host one of the site, under both schemes and with and without www.
func (r *run) own(origin string) {
	_, host, _ := strings.Cut(origin, "://")
	r.names[host] = true
	if bare, found := strings.CutPrefix(host, "www."); found {
		r.names[bare] = true
	} else {
		r.names["www."+host] = true
	}
}

func (r *run) inside(origin string) bool {
	_, host, _ := strings.Cut(origin, "://")
	if r.names[host] {
		return true
	}
	for _, pattern := range r.conf.Hosts {
		pattern = strings.ToLower(pattern)
		if host == pattern {
			return true
		}
		if tail, found := strings.CutPrefix(pattern, "*"); found && strings.HasPrefix(tail, ".") && (strings.HasSuffix(host, tail) || host == tail[1:]) {
			return true
		}
	}
	return false
}

// take makes a host known to the run.
func (r *run) take(h *host) {
	h.window, h.starts = 2, true
	h.groups = map[string]*group{}
	r.hosts[h.origin], r.byID[h.id] = h, h
	if other := twin(h.origin); other != "" && h.inside {
		if t := r.hosts[other]; t != nil && t.inside {
			h.twin, t.twin = t, h
		}
	}
	r.rouse(h)
}

func (r *run) host(origin string) *host {
	if h := r.hosts[origin]; h != nil {
		return h
	}
	h := &host{id: int64(len(r.byID) + 1), origin: origin, inside: r.inside(origin)}
	b := r.pending()
	b.hosts = append(b.hosts, h)
	r.take(h)
	return h
}

// id returns the number of a known address, 0 for one not known.
func (r *run) id(url string) int64 { return int64(r.ids[maphash.String(r.seed, url)]) }

// add makes an address known and queues it; it returns its number, 0 when it is
// left out. e carries url, depth, referrer and hops.
func (r *run) add(e entry, t target) int64 {
	if id := r.id(e.url); id != 0 {
		return id
	}
	from := origin(e.url)
	h := r.hosts[from]
	if h != nil && h.merged {
		e.url = h.twin.origin + e.url[len(from):]
		if id := r.id(e.url); id != 0 {
			return id
		}
		h, from = h.twin, h.twin.origin
	}
	in := h != nil && h.inside || h == nil && r.inside(from)
	switch {
	case !in:
		e.part = Outside
		if r.known >= r.conf.MaxOutside {
			r.traps.leave("", fmt.Sprintf("指向其他网站的网址超过 %d 个，其余未检查", r.conf.MaxOutside))
			return 0
		}
		r.known++
	case t.file:
		e.part = File
	case !r.under(e.url):
		e.part = File // of the host but not of the site: whether it is there
	}
	if in {
		if e.depth > r.conf.MaxDepth {
			r.traps.leave(parent(e.url), "离首页超过规定的层数，未抓取")
			return 0
		}
		if !r.traps.admit(e.url, e.depth) {
			return 0
		}
	}
	e.rank = rank(e, t)
	if h == nil {
		h = r.host(from)
	}
	r.lastID++
	e.id, e.host = r.lastID, h.id
	r.ids[maphash.String(r.seed, e.url)] = uint32(e.id)
	b := r.pending()
	b.entries = append(b.entries, e)
	h.push(e)
	r.rouse(h)
	return e.id
}

// rank orders the frontier: nearer to the home page first, lists before items,
// so that a run that is cut short has seen every column; what the home page
// itself shows comes early.
func rank(e entry, t target) int {
	d := 4 * e.depth
	switch {
	case e.part == Outside:
		return d + 12
	case e.part == File && e.depth <= 1:
		return d + 2
	case e.part == File:
		return d + 14
	case t.item:
		return d + 7
	case t.list || t.jump:
		return d
	}
	return d + 6
}

func (r *run) under(url string) bool {
	if len(r.conf.Under) == 0 || url == r.conf.Start {
		return true
	}
	p := url[len(origin(url)):]
	for _, prefix := range r.conf.Under {
		if strings.HasPrefix(p, prefix) {
			return true
		}
	}
	return false
}

// group counts links to hosts under the site's registered domain: other sites of
// the group, which a person may want to count in.
func (r *run) group() (map[string]int, error) {
	out := map[string]int{}
	own, err := publicsuffix.EffectiveTLDPlusOne(hostname(origin(r.conf.Start)))
	if err != nil {
		return out, nil // an address without a domain has no relatives
	}
	err = r.store.elsewhere(func(origin string, n int) {
		if d, err := publicsuffix.EffectiveTLDPlusOne(hostname(origin)); err == nil && d == own {
			out[hostname(origin)] += n
		}
	})
	return out, err
}

// rouse puts an idle host to work.
func (r *run) rouse(h *host) {
	if h.place == idle && (len(h.queue) > 0 || h.more > 0 || len(h.asks) > 0) {
		h.place = ready
		r.queue(h)
	}
}

// loop runs until nothing is left or ctx ends.
func (r *run) loop(ctx, calls context.Context) error {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	alarm := time.NewTimer(time.Hour)
	defer alarm.Stop()
	for ctx.Err() == nil && r.failed == nil {
		if err := r.dispatch(calls); err != nil {
			return err
		}
		if r.flying == 0 && len(r.ready[0])+len(r.ready[1]) == 0 && len(r.timers) == 0 {
			more, err := r.again(ctx)
			if err != nil || !more {
				return err
			}
			continue
		}
		var wake <-chan time.Time
		if len(r.timers) > 0 {
			alarm.Reset(max(r.timers[0].next.Sub(r.clock.Now()), 0) + time.Millisecond)
			wake = alarm.C
		}
		select {
		case <-ctx.Done():
		case res := <-r.results:
			r.finish(res)
			for more := true; more; {
				select {
				case res := <-r.results:
					r.finish(res)
				default:
					more = false
				}
			}
		case <-wake:
		case err := <-r.sick:
			return err
		case <-ticker.C:
			if r.conf.Progress != nil {
				r.conf.Progress(r.count())
			}
			if !r.batch.empty() && r.clock.Now().Sub(r.began) >= batchTime {
				r.flush(nil)
			}
		}
	}
	return r.failed
}

// pending returns the batch, begun if need be.
func (r *run) pending() *batch {
	if r.batch.empty() {
		r.batch, r.began = &batch{round: r.round}, r.clock.Now()
	}
	return r.batch
}

// flush hands the batch to the writer.
func (r *run) flush(saved chan error) {
	b := r.batch
	if b.empty() {
		if saved == nil {
			return
		}
		b = &batch{round: r.round}
	}
	b.saved = saved
	for i := range b.records {
		delete(r.busy, b.records[i].entry.id)
	}
	r.batch = nil
	r.batches <- b
}

// settle waits until everything is in the store.
func (r *run) settle() error {
	saved := make(chan error, 1)
	r.flush(saved)
	return <-saved
}

// again starts another try of what is dead, when all else is done.
func (r *run) again(ctx context.Context) (bool, error) {
	if err := r.settle(); err != nil {
		return false, err
	}
	if r.stage >= r.conf.Tries-1 {
		return false, nil
	}
	r.stage++
	hosts, err := r.store.requeueDead(r.round, r.conf.Tries)
	if err != nil || len(hosts) == 0 {
		return false, err
	}
	pause := time.NewTimer(r.conf.RetryWait)
	defer pause.Stop()
	select {
	case <-ctx.Done():
		return true, nil
	case <-pause.C:
	}
	for id, n := range hosts {
		h := r.byID[id]
		h.more += n
		h.fails, h.why = min(h.fails, failDead-1), nil
		if h.closed { // one more call tells whether it is back
			h.closed, h.fails, h.window = false, failClose-1, 1
		}
		r.rouse(h)
	}
	return true, nil
}

// close tells how the run ended.
func (r *run) close(ctx context.Context) (Stats, error) {
	if err := r.store.resolve(); err != nil {
		return r.count(), err
	}
	st := r.count()
	st.Ended = r.clock.Now()
	var err error
	if st.Group, err = r.group(); err != nil {
		return st, err
	}
	for _, n := range r.traps.left {
		r.notes = append(r.notes, n)
	}
	left, err := r.store.waiting(0)
	if err != nil {
		return st, err
	}
	st.Queued = 0
	for id, n := range left {
		st.Queued += n
		if h := r.byID[id]; h.closed {
			r.notes = append(r.notes, &Note{URL: h.origin, Text: "网站中途连续无法访问，其余网址留待下次检查：" + h.why.Note, Count: n})
			if h.inside {
				st.Stopped = h.origin + " 中途连续无法访问，其余网址留待下次检查"
			}
		}
	}
	switch {
	case ctx.Err() != nil && context.Cause(ctx) == errTime:
		st.Stopped = fmt.Sprintf("达到本次检查的时间上限（%s）", r.conf.MaxTime)
	case ctx.Err() != nil:
		st.Stopped = "检查被中断，下次从中断处继续"
	case r.full && st.Queued > 0:
		st.Stopped = fmt.Sprintf("达到本次检查的页面数上限（%d）", r.conf.MaxPages)
	}
	if err := r.store.end(st, r.notes); err != nil {
		return st, err
	}
	if r.conf.Progress != nil {
		r.conf.Progress(st)
	}
	return st, nil
}

func (r *run) count() Stats {
	st := r.stats
	st.Known = len(r.ids)
	for _, h := range r.byID {
		st.Queued += len(h.queue) + h.more
	}
	return st
}

// indexName: addresses that lead to a home page by right.
func indexName(canonical string) bool {
	p, _, _ := strings.Cut(canonical[len(origin(canonical)):], "?")
	base := strings.TrimSuffix(path.Base(p), path.Ext(p))
	return strings.HasSuffix(p, "/") || base == "index" || base == "default" || base == "home" || base == "main"
}
