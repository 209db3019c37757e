package crawl

import (
	"container/heap"
	"context"
	"fmt"
	"hash/maphash"
	"net/http"
	"net/netip"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/publicsuffix"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/clock"
)

const (
	maxHops    = 10  // redirects one after another
	maxGroups  = 64  // of a host, for missing pages
	maxParked  = 200 // pages of a host that wait to be compared
	foreign    = 2.0 // requests a second to a host that is not near (WEB-80)
	batchSize  = 100
	batchTime  = time.Second / 2
	tick       = 200 * time.Millisecond
	formsLimit = 50_000
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
		results: make(chan *result, c.Parallel), batches: make(chan *batch), written: make(chan error, 1), sick: make(chan error, 1),
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
	name := hostname(origin(r.conf.Start))
	a, err := netip.ParseAddr(name)
	r.local = err == nil && a.IsLoopback() || name == "localhost"
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
// others on it.
func (h *host) flagged(r *run) bool {
	if h.inside {
		return false
	}
	name := hostname(h.origin)
	a, err := netip.ParseAddr(name)
	loop := name == "localhost" || err == nil && a.IsLoopback()
	if loop {
		return !(r.conf.AllowPrivate && r.local)
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

// form is what can be told of an address by looking at it.
type form struct {
	url  string // canonical; "" = no web address
	file bool
	list bool
}

// forms remembers the form of addresses: the same navigation stands on every
// page.
type forms struct {
	mu    sync.Mutex
	known atomic.Pointer[sync.Map]
	size  atomic.Int64
}

func (f *forms) of(address string) form {
	m := f.known.Load()
	if m != nil {
		if v, ok := m.Load(address); ok {
			return v.(form)
		}
	}
	var out form
	if url, ok := Canonical(address); ok {
		out = form{url, files[extension(url)], looksLikeList(url)}
	}
	if m == nil || f.size.Load() >= formsLimit {
		f.mu.Lock()
		if f.known.Load() == m {
			f.known.Store(&sync.Map{})
			f.size.Store(0)
		}
		m = f.known.Load()
		f.mu.Unlock()
	}
	m.Store(strings.Clone(address), out)
	f.size.Add(1)
	return out
}
