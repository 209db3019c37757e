package demosite

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gongkai/kernel/calendar"
)

var reference = regexp.MustCompile(`(?:href|src)="([^"]+)"`)

// TestEveryLinkLeadsSomewhere walks the site: all that it links to is there, but
// for the one link that leads nowhere on purpose, and so are its neighbours.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	day := calendar.MustParse("2026-05-06")
	site := Handler(func() calendar.Date { return day })
	seen, next := map[string]bool{}, []string{"http://" + Address + "/"}
	var dead, outside []string
	for len(next) > 0 {
		address := next[0]
		next = next[1:]
		if seen[address] {
			continue
		}
		seen[address] = true
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		body := w.Body.String()
		if w.Code != http.StatusOK {
			dead = append(dead, address)
			continue
		}
		if strings.Contains(body, "{year}") || strings.Contains(body, "{from}") || strings.Contains(body, "{neighbour}") || strings.Contains(body, "<no value>") {
			t.Errorf("%s is not filled in", address)
		}
		if !strings.HasPrefix(address, "http://"+Address) {
			outside = append(outside, address)
			continue
		}
		for _, g := range reference.FindAllStringSubmatch(body, -1) {
			to := g[1]
			if strings.HasPrefix(to, "/") {
				to = "http://" + Address + to
			}
			next = append(next, to)
		}
	}
	if want := []string{"http://" + Address + "/ztzl/2021/index.html"}; !slices.Equal(dead, want) {
		t.Errorf("dead: %q, want %q", dead, want)
	}
	slices.Sort(outside)
	if want := []string{"http://" + Neighbour(Address) + "/swj/ssyh/", "http://" + Neighbour(Address) + "/xzfgk/"}; !slices.Equal(outside, want) {
		t.Errorf("outside: %q, want %q", outside, want)
	}
	if len(seen) < 80 {
		t.Errorf("only %d addresses", len(seen))
	}
}
