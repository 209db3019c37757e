// Package probe tries what does not stand in a site's pages: how it answers over
// IPv6, how it speaks TLS, what it says of an address that cannot exist, what
// other visitors get to see, what its search finds, and whether its home page
// opens (V2). What it returns are facts; room judge makes findings of them.
//
// Everything goes through the guard of kernel/fetch, so that no address of an
// internal network is called unless it was allowed, and every answer is bounded
// in size and time.
package probe

import (
	"context"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm3"
	"golang.org/x/net/publicsuffix"
	"golang.org/x/time/rate"

	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/read"
	"gongkai/kernel/clock"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
)

// Config says which site to try. Zero values give the defaults in brackets.
type Config struct {
	Start string   // home page of the site
	Own   []string // further hosts of the site, with port where it is not the usual one

	Clock        clock.Clock
	Agent        string         // the one identity, with an address to ask at
	Allow        []string       // internal hosts an administrator listed, as kernel/fetch takes them
	AllowPrivate bool           // admit addresses of the own machine and network
	Resolver     fetch.Resolver // [the machine's]; with LookupNS it also finds the name servers
	Roots        *x509.CertPool // [the machine's]

	Control []string      // addresses of other sites: two must answer for a failed visit to count (WEB-16)
	Rate    float64       // requests a second to the site [2; a near one: as it answers] (WEB-80)
	Total   time.Duration // for one answer [30 s]
	Limit   time.Duration // from which on a visit counts as failed, itself included [15 s] (V2)

	// Render reads a page through a browser (browse.Browser.Read); nil = there is
	// none, and results that a script shows stay unread.
	Render func(ctx context.Context, address string) ([]byte, error)

	namePort uint16 // tests only: of name servers [53]
}

// Questions are what is known of the site from the crawl.
type Questions struct {
	Home  *fact.Reading // home page; nil = it is read again
	Links []string      // second-level internal links, tried over IPv6 [at most 1,000] (NORM-41)
	Items []fact.Asked  // titles (Query) and addresses (Want) of recent items [at most 30] (WEB-62)
}

const (
	maxLinks  = 1000
	maxTitles = 30
	pageBytes = 5 << 20
	browser   = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36"
	robot     = "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"
)

// Run tries everything but the visits of V2. A part that could not be tried is
// nil. The end of ctx is no error: what was found until then is returned.
func Run(ctx context.Context, c Config, q Questions) (fact.Probes, error) {
	var out fact.Probes
	p, err := newProber(ctx, c)
	if err != nil {
		return out, err
	}
	defer p.close()
	out.Agents = p.agents(ctx)
	out.Missing = p.missing(ctx)
	out.TLS = p.tls(ctx)
	out.Search = p.search(ctx, q)
	out.IPv6 = p.ipv6(ctx, q.Links)
	return out, nil
}

// prober holds the clients of one run.
type prober struct {
	conf    Config
	start   *url.URL
	pace    *rate.Limiter
	web     *fetch.Client
	clients []*fetch.Client
}

func newProber(ctx context.Context, c Config) (*prober, error) {
	if c.Clock == nil {
		return nil, errors.New("probe: Config.Clock is missing")
	}
	u, err := url.Parse(strings.TrimSpace(c.Start))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fault.Newf(fault.Invalid, "网址 %q 写法不对，请从浏览器地址栏完整复制", c.Start)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.Fragment, u.RawFragment = "", ""
	def(&c.Agent, "gongkai")
	def(&c.Rate, 2)
	def(&c.Total, 30*time.Second)
	def(&c.Limit, 15*time.Second)
	def(&c.namePort, 53)
	p := &prober{conf: c, start: u, pace: rate.NewLimiter(rate.Limit(c.Rate), 1)}
	if p.web, err = p.client(func(*fetch.Config) {}); err != nil {
		return nil, err
	}
	if p.near(ctx) {
		p.pace.SetLimit(rate.Inf)
	}
	return p, nil
}

func def[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// client makes a client that differs from the usual one in what change sets.
func (p *prober) client(change func(*fetch.Config)) (*fetch.Client, error) {
	c := fetch.Config{
		Clock: p.conf.Clock, Agent: p.conf.Agent, Allow: p.conf.Allow, Private: p.conf.AllowPrivate, Resolver: p.conf.Resolver,
		Roots: p.conf.Roots, MaxBytes: pageBytes, Total: p.conf.Total, Idle: min(p.conf.Total, 15*time.Second),
	}
	change(&c)
	out, err := fetch.New(c)
	if err != nil {
		return nil, err
	}
	p.clients = append(p.clients, out)
	return out, nil
}

func (p *prober) close() {
	for _, c := range p.clients {
		c.Close()
	}
}

// near tells whether the site stands on the own machine or network, where pace
// is nobody's concern.
func (p *prober) near(ctx context.Context) bool {
	addrs, err := p.addresses(ctx, "ip", p.start.Hostname())
	return err == nil && len(addrs) > 0 && !slices.ContainsFunc(addrs, func(a netip.Addr) bool { return !a.IsLoopback() && !a.IsPrivate() })
}

// get calls an address in the pace of the run. Like fetch.Client.Get it may
// return both a page and an error.
func (p *prober) get(ctx context.Context, c *fetch.Client, address string) (*fetch.Page, error) {
	if err := p.pace.Wait(ctx); err != nil {
		return nil, err
	}
	return c.Get(ctx, address)
}

// decode returns the text of a page.
func decode(body []byte) string {
	text, err := document.DecodeText(body)
	if err != nil {
		return strings.ToValidUTF8(string(body), "\uFFFD")
	}
	return text
}

// reading reads a page that came; nil when it is no web page.
func reading(page *fetch.Page, home bool) *fact.Reading {
	if page == nil || !page.HTML() {
		return nil
	}
	r, err := read.Page(page.Final, []byte(decode(page.Body)), read.Hints{Home: home})
	if err != nil {
		return nil
	}
	return r
}

// Hash is that of the visible text of a page, by which pages that say the same
// are known again (fact.Missing.Hash, fact.Agent.Hash).
func Hash(r *fact.Reading) string {
	sum := sm3.Sum([]byte(r.Title + "\n" + r.Text))
	return hex.EncodeToString(sum[:])
}

// own tells whether a host belongs to the site: its own host, those that were
// named, and all names of its registered domain. Hosts without a domain are told
// apart by their ports.
func (p *prober) own(u *url.URL) bool {
	host := strings.ToLower(u.Host)
	if host == strings.ToLower(p.start.Host) || slices.Contains(p.conf.Own, host) {
		return true
	}
	mine, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(p.start.Hostname()))
	if err != nil {
		return false
	}
	if _, err := netip.ParseAddr(p.start.Hostname()); err == nil {
		return false
	}
	other, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(u.Hostname()))
	return err == nil && other == mine
}
