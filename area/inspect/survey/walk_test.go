package survey

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/onpage"
	"gongkai/kernel/check/standard"
	"gongkai/kernel/clock"
)

// One walk gives what a walk for each would: the same findings of words, and the
// questions for the probes (WEB-84).
func TestWalk(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path == "/" {
			fmt.Fprint(w, "<title>江州市人民政府</title><ul>")
			for i := range 40 {
				fmt.Fprintf(w, "<li><a href=\"/a/t202605%02d_%d.html\">关于第%d件事情的通知</a></li>", i%28+1, i, i)
			}
			return
		}
		if !strings.HasPrefix(r.URL.Path, "/a/t") {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, `<title>通知</title><h1>关于%s的通知</h1><p>发布时间：2026-05-%s 来源：江州市人民政府办公室</p><div>%s</div>`, r.URL.Path[11:], r.URL.Path[9:11],
			strings.Repeat("<p>各单位要认真落实，申请人身份证号码为 110101199003077774，请结合实际办理。</p>", 3))
	}))
	defer server.Close()
	at := clock.System{}
	store, err := crawl.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := crawl.Run(t.Context(), store, crawl.Config{Start: server.URL + "/", Clock: at, AllowPrivate: true, Tries: 1}, pages{}); err != nil {
		t.Fatal(err)
	}
	rules, err := standard.Load()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := rules.Engine(standard.House{})
	if err != nil {
		t.Fatal(err)
	}
	t0 := time.Date(2026, 6, 30, 4, 0, 0, 0, time.UTC)
	site := fact.Site{Start: server.URL + "/"}
	var plain, walked []string
	looker := onpage.New(site, engine, t0)
	if err := store.Pages(t.Context(), crawl.Page, func(p *fact.Page) error {
		for _, f := range looker.Page(p) {
			plain = append(plain, f.ID+f.Seen)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	w := newWalk(store, onpage.New(site, engine, t0), t0)
	if err := w.Pages(t.Context(), crawl.Page, func(p *fact.Page) error {
		for _, f := range w.page(p) {
			walked = append(walked, f.ID+f.Seen)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(plain) == 0 || !slices.Equal(plain, walked) {
		t.Errorf("%d findings of words, %d in the one walk", len(plain), len(walked))
	}
	if len(w.hits) != 0 {
		t.Errorf("what was found on %d pages is still held", len(w.hits))
	}
	q := w.asked.questions()
	if q.Home == nil || len(q.Links) == 0 || len(q.Items) != searched {
		t.Errorf("home %v, %d links, %d items", q.Home != nil, len(q.Links), len(q.Items))
	}
}
