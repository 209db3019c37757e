package inspect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"gongkai/area"
	"gongkai/area/inspect/browse"
	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
)

const (
	pictureWidth = 1280             // pixels of the window in which a page is shown
	pictureTime  = 20 * time.Second // for starting a browser and showing one page
	maxPicture   = 4 << 20          // bytes
)

// keepSeen keeps a page as the round saw it: content, time, headers, and a
// picture where a browser is at hand. The page is asked for once more: where it
// still says the same, that answer is kept, whole with its headers and a picture.
// Where it says something else by now or does not answer, what the round kept
// stands, with the headers that the round noted. A page is kept once for each
// content it had; nil where there is nothing to keep.
func (s *Service) keepSeen(ctx context.Context, site Site, seen *crawl.Store, p *fact.Page) (*area.Archived, error) {
	note := filepath.Join(s.folder(site.ID), "evidence", crawl.Hash([]byte(p.URL+"\x00"+p.Hash))+".json")
	if kept, err := s.keptBefore(ctx, note); kept != nil || err != nil {
		return kept, err
	}
	was, err := asSeen(seen, p)
	if err != nil {
		return nil, err
	}
	now, err := s.k.Fetch.Get(ctx, p.URL)
	switch {
	case err != nil && fault.Text(err) == "":
		return nil, err
	case err != nil: // away just now: next time perhaps
		if was == nil {
			return nil, nil
		}
		return s.k.Archive(ctx, was)
	case was != nil && crawl.Hash(now.Body) != p.Hash && now.Text != was.Text:
		now = was
	case s.looks():
		if now.Picture, err = s.picture(ctx, p.URL); err != nil {
			return nil, err
		}
	}
	kept, err := s.k.Archive(ctx, now)
	if err != nil || now != was && s.looks() && now.Picture == nil { // the picture at the next asking
		return kept, err
	}
	return kept, remark(note, kept)
}

// keptBefore is what was kept of a page and its content; nil when nothing was, or
// it is gone from the files.
func (s *Service) keptBefore(ctx context.Context, note string) (*area.Archived, error) {
	b, err := os.ReadFile(note)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("inspect: evidence: %w", err)
	}
	var kept area.Archived
	if json.Unmarshal(b, &kept) != nil { // cut off by a crash: keep it anew
		return nil, nil
	}
	_, there, err := s.k.Files.Has(ctx, kept.Hash)
	if err != nil || !there {
		return nil, err
	}
	return &kept, nil
}

// remark notes what was kept.
func remark(note string, kept *area.Archived) error {
	b, err := json.Marshal(kept)
	if err == nil {
		if err = os.MkdirAll(filepath.Dir(note), 0o750); err == nil {
			err = os.WriteFile(note, b, 0o600)
		}
	}
	if err != nil {
		return fmt.Errorf("inspect: evidence: %w", err)
	}
	return nil
}

// asSeen is a page as the round kept it; nil when its content was not kept.
func asSeen(seen *crawl.Store, p *fact.Page) (*fetch.Page, error) {
	body, err := seen.Kept(p.Hash)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	head := http.Header{}
	for name, value := range map[string]string{"Content-Type": p.Type, "ETag": p.ETag, "Last-Modified": p.Modified} {
		if value != "" {
			head.Set(name, value)
		}
	}
	record, err := fetch.Archive(&fetch.Page{URL: p.URL, Final: p.URL, Status: p.Status, Header: head, Fetched: p.At, Mime: p.Type, Body: body})
	if err != nil {
		return nil, err
	}
	return fetch.ReadArchive(record) // with title and text
}

// window is a browser that is open while somebody needs it: to open one takes
// longer than to look at a page.
type window struct {
	mu      sync.Mutex
	users   int
	browser *browse.Browser
}

func (w *window) open(ctx context.Context, c browse.Config) (*browse.Browser, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.browser == nil {
		b, err := browse.Open(context.WithoutCancel(ctx), c) // it outlives who opened it
		if err != nil {
			return nil, err
		}
		w.browser = b
	}
	w.users++
	return w.browser, nil
}

func (w *window) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.users--; w.users == 0 {
		w.browser.Close()
		w.browser = nil
	}
}

// looks tells whether pictures of pages are taken.
func (s *Service) looks() bool {
	_, there := browse.Find()
	return there && s.conf.Browser
}

// picture shows a page in a browser; nil where that does not succeed in time.
func (s *Service) picture(ctx context.Context, address string) ([]byte, error) {
	within, cancel := context.WithTimeout(ctx, pictureTime)
	defer cancel()
	b, err := s.window.open(within, browse.Config{Allow: s.conf.Crawl.Allow, AllowPrivate: s.conf.Crawl.AllowPrivate, Clock: clock.System{}, Agent: s.conf.Crawl.Agent})
	if err == nil {
		defer s.window.close()
		var png []byte
		if png, err = b.Picture(within, address, pictureWidth); err == nil && len(png) <= maxPicture {
			return png, nil
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		s.k.Log.WarnContext(ctx, "no picture of a page kept as evidence", "error", err)
	}
	return nil, nil
}
