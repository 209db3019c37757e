// Package crawl fetches a website for its inspection: politely, resumably and
// within bounds, whatever the servers answer. It knows addresses, answers and
// links; what stands in a page a Reader tells it, and what is wrong with it is
// for others to judge. Everything lasting goes into one folder (Store), which is
// the frontier of the next run as well as the result of this one.
package crawl

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
)

// Part is what an address is to the inspection.
type Part int

const (
	Page    Part = iota // a page of the site: read, and its links followed
	File                // a picture, style, script or attachment of the site: only that it is there
	Outside             // another site's: tried once, never followed
)

// Config says what to fetch and within which bounds. Zero values give the
// defaults in brackets.
type Config struct {
	Start string   // home page of the site
	Hosts []string // further hosts of it: "b.example.gov.cn", "*.example.gov.cn", with port where it is not the usual one
	Under []string // if any: only paths that begin so are pages of the site ("/jyj/")

	Clock        clock.Clock
	Agent        string         // the one identity, with an address to ask at
	IgnoreRobots bool           // the site's own robots.txt, by mandate of its owner; that of others is always obeyed
	Allow        []string       // internal hosts an administrator listed, as kernel/fetch takes them
	AllowPrivate bool           // admit addresses of the own machine and network
	Resolver     fetch.Resolver // [the machine's]
	Roots        *x509.CertPool // [the machine's]

	MaxPages   int           // pages fetched in this run [no limit]
	MaxTime    time.Duration // of this run [no limit]
	MaxDepth   int           // clicks from the home page [5,000: lists may be paged link by link]
	MaxLinks   int           // taken of one page [10,000]
	MaxOutside int           // addresses of other sites, in all runs [200,000]
	MaxPage    int64         // bytes of a page, unpacked [5 MB]
	MaxFile    int64         // bytes of a file that is kept [50 MB]
	Parallel   int           // requests under way at once [64]
	PerHost    int           // of them to one host that is not near [8]
	Rate       float64       // requests a second to a host of the site [2; near hosts: as they answer]
	Total      time.Duration // for an answer, to its last byte [30 s]
	Idle       time.Duration // longest silence of a server, its thinking included [15 s]
	Tries      int           // times a dead address is tried in a run [3]
	RetryWait  time.Duration // before dead addresses are tried again [10 s; of a site on this machine 1 s]
	Backoff    time.Duration // first pause for a host that does not answer [1 s]

	// Keep says whose body is to be kept as it came; nil keeps none. A page is
	// asked about when it has been read, a file when its kind and size are known.
	// It is called by several goroutines.
	Keep     func(*fact.Page) bool
	Progress func(Stats) // about five times a second, from the goroutine of Run

	through func(ctx context.Context, network, address string) (net.Conn, error) // tests only
}

// Reader says what stands in a page. It is called by several goroutines and may
// keep neither argument.
type Reader interface {
	Read(page *fact.Page, text string) Found
}

// Found is what stands in a page. The addresses of Reading (Links, Entries,
// Next, Frames) are absolute.
type Found struct {
	Reading *fact.Reading
	Refresh string // where the page sends on to without being asked, absolute; "" = nowhere
}

// Stats are the counts of a run.
type Stats struct {
	Round     int // 1 for the first; a run that goes on belongs to the round it goes on with
	Pages     int // of the site, fetched
	Unchanged int // of them: the server said so
	Files     int
	Outside   int
	Bad       int   // fetched without use, whatever the part
	Queued    int   // known and not yet fetched
	Known     int   // addresses in all
	Bytes     int64 // read
	Started   time.Time
	Ended     time.Time
	Stopped   string         // Chinese, why the run ended before everything was seen; "" = whole
	Group     map[string]int // hosts under the same registered domain that are not of the site, with the addresses known of each; at the end of a run
}

// Run crawls until everything is seen, a bound is reached or ctx ends. The end
// of ctx is no error: what was found is kept, Stats.Stopped says so, and the
// next Run on the same Store goes on there. When everything was seen, the next
// Run is a new round: home page and lists, items of the last month, dead
// addresses, and what was last seen 30 days ago are asked whether they changed.
func Run(ctx context.Context, s *Store, c Config, reader Reader) (Stats, error) {
	if c.Clock == nil || reader == nil {
		return Stats{}, errors.New("crawl: Config.Clock or the reader is missing")
	}
	start, ok := Canonical(c.Start)
	if !ok {
		return Stats{}, fault.Newf(fault.Invalid, "网址 %q 写法不对，请从浏览器地址栏完整复制", c.Start)
	}
	c.Start = start
	c.defaults()
	cl, err := newClient(&c)
	if err != nil {
		return Stats{}, err
	}
	defer cl.close()
	r := newRun(s, &c, cl, reader)
	return r.run(ctx)
}

func (c *Config) defaults() {
	def(&c.Agent, "gongkai")
	def(&c.MaxDepth, 5000)
	def(&c.MaxLinks, 10_000)
	def(&c.MaxOutside, 200_000)
	def(&c.MaxPage, 5<<20)
	def(&c.MaxFile, 50<<20)
	def(&c.Parallel, 64)
	def(&c.PerHost, 8)
	def(&c.Total, 30*time.Second)
	def(&c.Idle, 15*time.Second)
	def(&c.Tries, 3)
	if local(c.Start) {
		def(&c.RetryWait, time.Second) // no line that could be down for a moment
	}
	def(&c.RetryWait, 10*time.Second)
	def(&c.Backoff, time.Second)
}

func def[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}
