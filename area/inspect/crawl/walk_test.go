package crawl_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
)

func TestPreparedKeepsTheOrder(t *testing.T) {
	content := map[string]string{}
	var items []string
	for i := range 300 {
		at := fmt.Sprintf("/a/%03d.html", i)
		items = append(items, at)
		content[at] = page(fmt.Sprintf("第 %d 件", i), "正文")
	}
	content["/"] = links(items...)
	st := open(t, t.TempDir())
	run(t, st, quick(serve(t, pages(content)).URL))

	var mu sync.Mutex
	prepared := map[*fact.Page]bool{}
	prepare := func(p *fact.Page) {
		mu.Lock()
		defer mu.Unlock()
		prepared[p] = true
	}
	var plain, walked []string
	if err := st.Pages(t.Context(), crawl.Page, func(p *fact.Page) error {
		plain = append(plain, p.URL)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	err := st.Prepared(t.Context(), crawl.Page, prepare, func(p *fact.Page) error {
		mu.Lock()
		defer mu.Unlock()
		if !prepared[p] || p.Read == nil {
			t.Errorf("%s came before it was ready", p.URL)
		}
		walked = append(walked, p.URL)
		return nil
	})
	if err != nil || len(walked) != 301 || !slices.Equal(plain, walked) {
		t.Errorf("%d pages, %d in the other walk: %v", len(walked), len(plain), err)
	}

	enough := errors.New("enough")
	n := 0
	err = st.Prepared(t.Context(), crawl.Page, prepare, func(*fact.Page) error {
		if n++; n == 10 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || n != 10 {
		t.Errorf("ended after %d pages with %v", n, err)
	}
}

func TestKeptPageStandsInTheDatabase(t *testing.T) {
	s := serve(t, pages(map[string]string{"/": links("/a.html"), "/a.html": page("甲", "正文")}))
	dir := t.TempDir()
	st := open(t, dir)
	c := quick(s.URL)
	c.Keep = func(p *fact.Page) bool { return p.Read != nil }
	run(t, st, c)
	p, err := st.Page(t.Context(), s.URL+"/a.html")
	if err != nil {
		t.Fatal(err)
	}
	read, err := crawl.OpenRead(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	for name, from := range map[string]*crawl.Store{"the crawl": st, "a reader": read} {
		if body, err := from.Kept(p.Hash); err != nil || string(body) != page("甲", "正文") {
			t.Errorf("%s gets %q %v", name, body, err)
		}
	}
}
