package probe

import (
	"context"
	"encoding/hex"
	"net/url"
	"slices"

	"github.com/emmansun/gmsm/sm3"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/fetch"
)

// missing asks for an address that cannot exist and keeps how the site says so,
// by which pages that are missing with status 200 are known (WEB-82). The
// address is the same in every run (WEB-84).
func (p *prober) missing(ctx context.Context) *fact.Missing {
	sum := sm3.Sum([]byte(p.start.String()))
	u := *p.start
	u.Path, u.RawPath, u.RawQuery = "/gongkai-"+hex.EncodeToString(sum[:8])+".html", "", ""
	page, _ := p.get(ctx, p.web, u.String()) // an error beside a page is what is asked for
	if page == nil {
		return nil
	}
	out := &fact.Missing{URL: u.String(), Status: page.Status, Title: page.Title}
	if out.Read = reading(page, false); out.Read != nil {
		out.Title, out.Hash = out.Read.Title, Hash(out.Read)
	}
	return out
}

// agents reads the home page as a browser and as a search engine's robot: pages
// that were broken into often show their second face to the latter only (V1.3).
// The own identity stands at the end of both names, so that nobody is deceived.
func (p *prober) agents(ctx context.Context) []fact.Agent {
	var out []fact.Agent
	for _, a := range []struct{ name, agent string }{{"浏览器", browser}, {"搜索引擎", robot}} {
		c, err := p.client(func(c *fetch.Config) { c.Agent = a.agent + " " + p.conf.Agent })
		if err != nil {
			return nil
		}
		page, err := p.get(ctx, c, p.start.String())
		if err != nil && fetch.ReasonOf(err) != fetch.Missing {
			return nil // one answer cannot be compared with another
		}
		r := reading(page, true)
		if r == nil {
			return nil
		}
		out = append(out, fact.Agent{Name: a.name, Title: r.Title, Hosts: p.foreign(page.Final, r), Hash: Hash(r)})
	}
	return out
}

// foreign are the hosts of other sites that a page names or was sent to, sorted.
func (p *prober) foreign(final string, r *fact.Reading) []string {
	seen := map[string]bool{}
	add := func(address string) {
		u, err := url.Parse(address)
		if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && !p.own(u) {
			seen[u.Host] = true
		}
	}
	add(final)
	add(r.Jump)
	for _, l := range r.Links {
		add(l.URL)
	}
	for _, f := range r.Frames {
		add(f)
	}
	out := make([]string, 0, len(seen))
	for h := range seen {
		out = append(out, h)
	}
	slices.Sort(out)
	return out
}
