package browse

import (
	"context"
	"sync/atomic"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
)

const (
	giveUp   = 3  // pages one after another that the browser does not open, before it is left alone
	fewWords = 30 // characters; with fewer a page whose scripts failed shows nothing
)

// Reader reads pages as inner does, and those whose list or text a script fills
// in a second time through the browser, at most budget of them: Reading.Rendered
// is set, and what is linked there is followed. Reading.Scripted stays set: what
// a reader without scripts misses is a finding of its own (WEB-83).
//
// The crawl's goroutine that holds such a page waits for it, at most Config.Time
// and the pages before it; a browser that fails three times in a row is not
// asked again, so that it cannot hold up the run.
func Reader(inner crawl.Reader, b *Browser, budget int) crawl.Reader {
	r := &reader{inner: inner, browser: b}
	r.left.Store(int64(budget))
	return r
}

type reader struct {
	inner   crawl.Reader
	browser *Browser
	left    atomic.Int64
	failed  atomic.Int64
}

// Read implements crawl.Reader.
func (r *reader) Read(page *fact.Page, text string) crawl.Found {
	found := r.inner.Read(page, text)
	if found.Reading == nil || !found.Reading.Scripted || page.Status != 200 || r.failed.Load() >= giveUp || r.left.Add(-1) < 0 {
		return found
	}
	address := page.URL
	if page.Final != "" {
		address = page.Final
	}
	// The crawl hands no context down; the browser ends with the one it was
	// opened with, and every page has its own limit.
	d, err := r.browser.read(context.Background(), address)
	if err != nil {
		r.failed.Add(1)
		return found
	}
	r.failed.Store(0)
	if d.moved { // a script only sends on to another page
		if to, ok := crawl.Canonical(d.url); ok && found.Refresh == "" && to != page.URL {
			found.Refresh, found.Reading.Jump = to, to
		}
		return found
	}
	shown := r.inner.Read(page, string(d.html))
	errors := caused(d.told, scriptsOf(found.Reading))
	if n := shown.Reading; n == nil || len(n.Entries) == 0 && !n.Empty && (n.Scripted || len(errors) > 0 && n.Words < fewWords) {
		found.Reading.Errors = errors
		return found // the browser saw no more: nobody knows what stands there
	}
	shown.Reading.Rendered, shown.Reading.Scripted = true, len(found.Reading.Entries) == 0 // records in the source are read without scripts
	return shown
}

// scriptsOf are the addresses of the scripts that a page loads.
func scriptsOf(r *fact.Reading) (out []string) {
	for i := range r.Links {
		if r.Links[i].Element == "script" {
			out = append(out, r.Links[i].URL)
		}
	}
	return out
}
