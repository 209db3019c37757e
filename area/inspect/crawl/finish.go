package crawl

import (
	"fmt"
	"net/http"

	"gongkai/area/inspect/fact"
)

// finish takes in what came of a call.
func (r *run) finish(res *result) {
	h := res.host
	h.inflight--
	r.flying--
	if !h.inside {
		r.outside--
	}
	r.pace(res)
	if h.place == blocked {
		h.place = idle
		r.rouse(h)
	}
	switch {
	case res.answer.failure == stopped:
		delete(r.busy, res.entry.id) // stays queued
	case res.kind == askRobots:
		h.known = true
		h.rules = parseRobots(res.text, r.conf.Agent)
		if res.answer.failure == fact.NoHost || res.answer.failure == fact.NoConnect {
			h.fails = 0 // the address itself is to be tried
		}
		r.rouse(h)
	case res.kind == askMissing:
		r.learn(res)
	default:
		if !r.park(res) {
			r.record(res)
		}
	}
}

// pace tells the host how the call went.
func (r *run) pace(res *result) {
	h, a, now := res.host, res.answer, r.clock.Now()
	if !h.near && r.client.isNear(h.origin) {
		h.near = true
		h.next = now
	}
	switch {
	case a.failure == stopped:
	case a.network:
		p := res.page
		if p == nil {
			p = &fact.Page{Failure: a.failure, Note: a.note}
		}
		h.lost(p, now, r.conf.Backoff)
	case a.retry > patience && !h.inside:
		h.fails, h.hushed = 0, a
	case a.retry > 0:
		h.upset(now.Add(a.retry))
	case a.status >= 500:
		h.fails = 0
		h.upset(now)
	default:
		h.calm(a.first, now, r.ceiling(h))
	}
}

// park holds a page back that may be the server's way of saying "not there",
// until it is known how the server says so (WEB-82). It reports whether it did.
func (r *run) park(res *result) bool {
	h := res.host
	redirect := res.answer.location != "" && res.entry.part == Page
	if !h.inside || res.entry.depth == 0 || res.page.Failure != "" || res.sketch == nil && !redirect {
		return false
	}
	key := groupOf(res.entry.url)
	g := h.groups[key]
	if g == nil {
		if len(h.groups) >= maxGroups {
			return false
		}
		g = &group{}
		h.groups[key] = g
	}
	if g.known {
		r.compare(res, g)
		return false
	}
	if len(g.parked) >= maxParked {
		return false
	}
	g.parked = append(g.parked, res)
	if !g.asked {
		g.asked = true
		h.asks = append(h.asks, task{kind: askMissing, host: h, entry: res.entry, group: g})
		r.rouse(h)
	}
	return true
}

// learn takes in how a server answers for what does not exist.
func (r *run) learn(res *result) {
	g, a := res.group, res.answer
	g.known = true
	switch {
	case a.location != "":
		g.to = a.location
	case a.failure != "" || a.status != http.StatusOK || res.sketch == nil:
		g.absent = true
	case r.home != nil && res.sketch.similar(r.home) >= alike:
		// Every address answers alike, the home page too: a page made by script.
		g.absent = true
	default:
		g.sketch, g.hash = res.sketch, res.bare
	}
	parked := g.parked
	g.parked = nil
	for _, p := range parked {
		r.compare(p, g)
		r.record(p)
	}
}

// compare finds soft 404 pages: what says the same as the answer to an address
// that does not exist.
func (r *run) compare(res *result, g *group) {
	p := res.page
	switch {
	case g.absent || p.Failure != "":
	case g.to != "":
		if res.answer.location == g.to && !indexName(res.entry.url) && g.to != otherScheme(res.entry.url) {
			p.Failure, p.Note = fact.SoftMissing, join(p.Note, "与不存在的网址一样跳转到 "+g.to+"，页面应已不存在")
		}
	case res.answer.location != "" || res.sketch == nil:
	case res.words >= fewWords && res.sketch.similar(g.sketch) >= alike, res.words < fewWords && res.bare == g.hash && g.hash != "":
		p.Failure, p.Note = fact.SoftMissing, join(p.Note, "内容与不存在的网址相同，页面应已不存在，但返回状态 200")
	}
}

// record puts what came of an address into the batch, and what it names into
// the frontier.
func (r *run) record(res *result) {
	h, e, p, a := res.host, res.entry, res.page, res.answer
	if res.err != nil && r.failed == nil {
		r.failed = res.err
	}
	rec := record{entry: e, page: p, facts: res.facts, body: res.body, swift: e.depth == 0}
	r.tally(res)
	if r.home == nil && e.depth == 0 && p.Read != nil {
		r.home = sketchOf(r.seed, p.Read.Title+"\n"+p.Read.Text)
	}
	if res.crowded {
		r.traps.leave(e.url, fmt.Sprintf("页面上的链接过多，只检查了前 %d 个", r.conf.MaxLinks))
	}
	next := entry{depth: e.depth, referrer: e.id, hops: e.hops + 1}
	switch {
	case a.status == http.StatusNotModified:
		rec.same = true
	case a.location != "" && p.Failure != fact.TooFar && p.Failure != fact.SoftMissing:
		rec.target = r.sendsOn(h, e, next, a.location)
	case p.Failure == fact.SoftMissing:
		// Its links are those of the error page.
	case r.isHome(e) && e.hops == 0 && p.Failure == fact.NoConnect && twin(h.origin) != "" && !e.again:
		// Many sites answer under one scheme only.
		r.notes = append(r.notes, &Note{URL: e.url, Text: "首页不能以此方式打开，改用 " + twin(h.origin) + " 检查：" + p.Note})
		rec.target = r.sendsOn(h, e, next, twin(h.origin)+e.url[len(h.origin):])
	default:
		if res.refresh != "" {
			rec.target = r.sendsOn(h, e, next, res.refresh)
		}
		rec.links = make([]int64, 0, len(res.targets))
		own, known, fruit := "", r.lastID, false
		if res.print != 0 {
			own, _ = shapeOf(e.url)
		}
		for _, t := range res.targets {
			to := entry{url: t.url, depth: e.depth + 1, referrer: e.id}
			if t.jump {
				to.depth, to.hops = e.depth, e.hops+1
			}
			if id := r.add(to, t); id != 0 {
				rec.links = append(rec.links, id)
				if res.print != 0 && id > known && !fruit {
					name, _ := shapeOf(t.url)
					fruit = name != own
				}
			}
		}
		if res.print != 0 {
			r.traps.fetched(e.url, e.depth, res.print, fruit)
		}
	}
	if e.part == Page {
		rec.swift = rec.swift || isSwift(p, e.url)
	}
	rec.dead = dead(p, e.part)
	p.Read = keepDate(p.Read)
	b := r.pending()
	b.records = append(b.records, rec)
	if len(b.records) >= batchSize {
		r.flush(nil)
	}
}

// sendsOn queues where a page sends on to. Where the home page sends on to is
// the site, whatever its name.
func (r *run) sendsOn(h *host, e, next entry, to string) int64 {
	from := origin(to)
	if r.isHome(e) && !r.inside(from) {
		r.own(from)
		if other := r.hosts[from]; other != nil && !other.inside {
			other.inside = true
			b := r.pending()
			b.hosts = append(b.hosts, other)
		}
		r.notes = append(r.notes, &Note{URL: e.url, Text: "首页跳转到 " + from + "，按该网站检查"})
	}
	if r.inside(from) {
		r.host(from) // its twin may be the host that sends on
	}
	if h.twin != nil && from == h.twin.origin && to[len(from):] == e.url[len(h.origin):] && !h.twin.merged {
		h.merged = true
	}
	next.url = to
	return r.add(next, target{jump: true, list: looksLikeList(to), file: e.part == File})
}

// isHome: the start, and what it sends on to.
func (r *run) isHome(e entry) bool { return e.depth == 0 && e.part == Page }

// tally counts, and settles whether a host is the twin of another.
func (r *run) tally(res *result) {
	h, e, p, a := res.host, res.entry, res.page, res.answer
	st := &r.stats
	switch {
	case e.again:
		if !dead(p, e.part) && st.Bad > 0 { // it may have been counted by a run before
			st.Bad--
		}
	case p.Status != 0 || a.network:
		*[]*int{&st.Pages, &st.Files, &st.Outside}[e.part]++
		if dead(p, e.part) {
			st.Bad++
		}
	}
	if a.status == http.StatusNotModified {
		st.Unchanged++
	}
	st.Bytes += max(0, p.Size)
	// A second scheme that serves the same site is crawled once.
	if !h.inside || e.part != Page {
		return
	}
	h.tried = true
	h.serves = h.serves || p.OK()
	if h.serves && h.twin != nil && h.twin.serves && !h.merged && !h.twin.merged {
		h.merged = true
	}
}

func isSwift(p *fact.Page, url string) bool {
	if p.Read == nil {
		return looksLikeList(url)
	}
	switch p.Read.Kind {
	case fact.Content, fact.Leader, fact.Overview:
		return false
	case "", fact.Other, fact.Jump:
		return looksLikeList(url)
	}
	return true
}

// keepDate lets go of a reading that is packed already, but for its date.
func keepDate(r *fact.Reading) *fact.Reading {
	if r == nil {
		return nil
	}
	return &fact.Reading{Published: r.Published, Kind: r.Kind}
}
