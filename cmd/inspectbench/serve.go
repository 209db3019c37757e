package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"gongkai/area/inspect/sitegen"
	"gongkai/kernel/calendar"
)

// memory answers from memory what was asked before, so that visitors are
// measured and not the making of pages, and notes what pages a visitor got.
type memory struct {
	from http.Handler

	mu    sync.Mutex
	known map[string]*httptest.ResponseRecorder
	got   map[string]bool
}

func (m *memory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := r.URL.RequestURI()
	m.mu.Lock()
	a := m.known[key]
	m.mu.Unlock()
	if a == nil {
		a = httptest.NewRecorder()
		plain := r.Clone(r.Context())
		plain.Method = http.MethodGet
		plain.Header.Del("If-None-Match")
		m.from.ServeHTTP(a, plain)
	}
	m.mu.Lock()
	m.known[key] = a
	if a.Code == http.StatusOK && r.Method == http.MethodGet && strings.HasPrefix(a.Header().Get("Content-Type"), "text/html") {
		m.got["http://"+r.Host+key] = true
	}
	m.mu.Unlock()
	for name, values := range a.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(a.Code)
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.Body.Bytes()) // a visitor who is gone misses nothing
	}
}

// take returns the pages that were given since it was last asked.
func (m *memory) take() (pages []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for address := range m.got {
		pages = append(pages, address)
	}
	clear(m.got)
	return pages
}

// serve serves a site until its input ends. It writes the address; then, for each
// line that it reads, a line with the pages given since the last one, as JSON.
func serve(plan sitegen.Plan, in io.Reader, out io.Writer) (err error) {
	plan.T0 = calendar.Day(2026, 6, 30).Start().Add(12 * time.Hour)
	site, err := sitegen.New(plan)
	if err != nil {
		return err
	}
	var parts []*memory // the site and its sub-site
	address, shut, err := site.ServeThrough(func(h http.Handler) http.Handler {
		parts = append(parts, &memory{from: h, known: map[string]*httptest.ResponseRecorder{}, got: map[string]bool{}})
		return parts[len(parts)-1]
	})
	if err != nil {
		return err
	}
	defer shut()
	if _, err := fmt.Fprintln(out, address); err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		pages := []string{}
		for _, m := range parts {
			pages = append(pages, m.take()...)
		}
		if err := json.NewEncoder(out).Encode(pages); err != nil {
			return err
		}
	}
	return lines.Err()
}
