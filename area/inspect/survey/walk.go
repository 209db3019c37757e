package survey

import (
	"context"
	"slices"
	"sync"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/onpage"
	"gongkai/area/inspect/probe"
)

// walk is the one walk over the pages of a crawl: it shows them to the judge, has
// their words checked before their turn by as many goroutines as there are
// processors, and gathers on the way what the probes will ask.
type walk struct {
	*crawl.Store
	looker *onpage.Looker
	asked  gathered
	pages  int // of the site, in this round and before

	mu   sync.Mutex
	hits map[*fact.Page][]onpage.Hit // of the pages whose turn comes next
}

func newWalk(store *crawl.Store, looker *onpage.Looker, t0 time.Time) *walk {
	return &walk{Store: store, looker: looker, asked: gathered{t0: t0}, hits: map[*fact.Page][]onpage.Hit{}}
}

// Pages is what the judge calls.
func (w *walk) Pages(ctx context.Context, part crawl.Part, do func(*fact.Page) error) error {
	return w.Prepared(ctx, part, w.check, func(p *fact.Page) error {
		w.asked.see(p)
		w.pages++
		return do(p)
	})
}

func (w *walk) check(p *fact.Page) {
	if hits := w.looker.Text(p); hits != nil {
		w.mu.Lock()
		w.hits[p] = hits
		w.mu.Unlock()
	}
}

// page is what the judge asks of each page by itself.
func (w *walk) page(p *fact.Page) []fact.Finding {
	w.mu.Lock()
	hits := w.hits[p]
	delete(w.hits, p)
	w.mu.Unlock()
	return w.looker.Judge(p, hits)
}

// gathered is what the probes ask about: the home page, links of its second level,
// and the newest items for the site's search.
type gathered struct {
	t0    time.Time
	q     probe.Questions
	items []item
}

type item struct {
	title, url string
	at         time.Time
}

func (g *gathered) see(p *fact.Page) {
	switch {
	case !p.OK() || p.Read == nil:
		return
	case p.Depth == 0 && g.q.Home == nil: // frames of it come later
		g.q.Home = p.Read
	case p.Depth == 1 && len(g.q.Links) < secondLevel:
		g.q.Links = append(g.q.Links, p.URL)
	}
	if p.Read.Kind == fact.Content && p.Read.Heading != "" && !p.Read.Published.After(g.t0) {
		g.items = append(g.items, item{p.Read.Heading, p.URL, p.Read.Published})
		if len(g.items) > 100*searched {
			g.newest()
			g.items = g.items[:searched]
		}
	}
}

func (g *gathered) newest() {
	slices.SortFunc(g.items, func(a, b item) int { return b.at.Compare(a.at) })
}

func (g *gathered) questions() probe.Questions {
	g.newest()
	for _, i := range g.items[:min(len(g.items), searched)] {
		g.q.Items = append(g.q.Items, fact.Asked{Query: i.title, Want: i.url})
	}
	return g.q
}
