package survey

import (
	"context"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"gongkai/area/inspect/browse"
	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/onpage"
)

// Bounds of what is looked at through a browser beside the lists that scripts fill.
const (
	looked       = 6 // pages that are measured
	pictured     = 40
	seeAtMost    = 3 * time.Minute // for each of both
	betweenPages = 3 * time.Second // on a site of others, as a visitor turns pages
)

// seer shows pages to an eye and keeps what it saw.
type seer struct {
	browser *browse.Browser
	store   *crawl.Store
	site    fact.Site
	pause   time.Duration
	taken   map[string]string // pictures by address
}

func (c *Config) newSeer(b *browse.Browser, store *crawl.Store) *seer {
	s := &seer{browser: b, store: store, site: c.Site, pause: betweenPages, taken: map[string]string{}}
	if c.Crawl.AllowPrivate {
		s.pause = 0 // a site of our own
	}
	return s
}

// rest waits; the error is the end of ctx.
func rest(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// looks measures the home page, the version for the elderly and a page of each kind
// that the home page leads to. A page that cannot be shown is told as such.
func (s *seer) looks(ctx context.Context, home *fact.Reading) (out []fact.Look) {
	if home == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, seeAtMost)
	defer cancel()
	elder := s.elder(home)
	for _, address := range s.worthALook(home, elder) {
		var strange func(string) bool
		if len(out) == 0 {
			strange = onpage.Strangers(s.site)
		} else if rest(ctx, s.pause) != nil {
			break
		}
		l, picture, err := s.browser.Look(ctx, address, strange)
		if ctx.Err() != nil {
			break
		}
		l.Elder = address == elder
		if s.pause == 0 {
			l.Took = 0 // a machine beside ours says nothing of what the public waits for
		}
		if err != nil {
			l.Failed = "浏览器打不开这个页面"
		} else if hash, err := s.store.Keep(picture); err == nil {
			l.Picture, s.taken[address] = hash, hash
		}
		out = append(out, l)
	}
	return out
}

// elder is the address of the version for the elderly; "" = a script makes it of
// the page itself, or there is none.
func (s *seer) elder(home *fact.Reading) string {
	at, ok := crawl.Canonical(home.Marks.Accessible)
	start, _ := crawl.Canonical(s.site.Start)
	if !ok || at == start || !s.own(at) || isFile(at) {
		return ""
	}
	return at
}

// worthALook are the addresses to be measured: the home page, the elderly's version,
// then an entrance of the menu, an item and whatever else comes first.
func (s *seer) worthALook(home *fact.Reading, elder string) []string {
	out := []string{s.site.Start}
	add := func(address string) bool {
		at, ok := crawl.Canonical(address)
		if !ok || !s.own(at) || isFile(at) || slices.Contains(out, at) || len(out) >= looked {
			return false
		}
		out = append(out, at)
		return true
	}
	if elder != "" {
		add(elder)
	}
	for i := range home.Entries {
		if add(home.Entries[i].URL) {
			break
		}
	}
	for i := range home.Links {
		if k := &home.Links[i]; k.Element == "a" && k.Place == fact.InNav && k.Text != "" && k.Text != "首页" {
			add(k.URL)
		}
	}
	return out
}

// own tells whether an address is one of the site's hosts.
func (s *seer) own(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	start, err := url.Parse(s.site.Start)
	if err != nil {
		return false
	}
	return strings.EqualFold(u.Host, start.Host) || slices.ContainsFunc(s.site.Own, func(h string) bool { return strings.EqualFold(u.Host, h) })
}

var pageEnding = regexp.MustCompile(`(?i)^(?:|\.(?:s?html?|jsp|jspx|asp|aspx|php|do|action|jhtml))$`)

// isFile tells whether an address is, by its ending, no page that a browser shows.
func isFile(address string) bool {
	u, err := url.Parse(address)
	return err != nil || !pageEnding.MatchString(path.Ext(u.Path))
}

// helps are the checks of which a picture says more than words: what is empty, out of
// date, laid over the page, badly made or planted.
var helps = []string{
	"WEB-12", "WEB-13", "WEB-18", "WEB-20", "WEB-22", "WEB-23", "WEB-24", "WEB-26", "WEB-43", "WEB-44", "WEB-47", "WEB-65", "WEB-82", "WEB-83",
	"NORM-17", "NORM-20", "NORM-22", "NORM-23", "NORM-26", "NORM-51", "NORM-52", "PLAT-01", "PLAT-10", "PLAT-15",
}

// homeHelps are those of which a picture of the home page helps.
var homeHelps = []string{"WEB-59", "WEB-61", "NORM-10", "WEB-58", "WEB-62", "WEB-74", "PLAT-02"}

// private are the checks on whose pages stands what is not to be spread further.
var private = regexp.MustCompile(`^(?:WEB-11|PLAT-35|REV-(?:09|1\d|2[0-2]))$`)

// pictures puts a picture of the page beside the findings that it helps to
// understand, the gravest first. One that was taken of the same page in the round
// before serves again. Pages with what is secret or personal are left out.
func (s *seer) pictures(ctx context.Context, r, before *fact.Report) {
	ctx, cancel := context.WithTimeout(ctx, seeAtMost)
	defer cancel()
	old := map[string]fact.Finding{}
	if before != nil {
		for _, f := range before.Findings {
			old[f.ID] = f
		}
	}
	shut := map[string]bool{}
	for _, f := range r.Findings {
		if f.Secret || private.MatchString(f.Check) {
			shut[f.URL], shut[f.On] = true, true
		}
	}
	delete(shut, "")
	n, failed := 0, 0
	for i := range r.Findings {
		f := &r.Findings[i]
		at := s.shown(f)
		if at == "" || shut[f.URL] || shut[f.On] || shut[at] {
			f.Picture = ""
			continue
		}
		if f.Picture != "" {
			continue // taken when the page was measured
		}
		if hash, ok := s.taken[at]; ok {
			f.Picture = hash
			continue
		}
		if was := old[f.ID]; was.Picture != "" && f.Proof != "" && was.Proof == f.Proof {
			f.Picture, s.taken[at] = was.Picture, was.Picture
			continue
		}
		if n >= pictured || failed >= 3 || ctx.Err() != nil {
			continue
		}
		if n++; n > 1 && rest(ctx, s.pause) != nil {
			continue
		}
		s.taken[at] = ""
		picture, err := s.browser.Shot(ctx, at)
		if err != nil {
			failed++
			continue
		}
		failed = 0
		if hash, err := s.store.Keep(picture); err == nil {
			f.Picture, s.taken[at] = hash, hash
		}
	}
}

// shown is the address whose picture helps with a finding; "" = none does.
func (s *seer) shown(f *fact.Finding) string {
	if f.State == fact.NotDecided && f.Check != "WEB-83" {
		return ""
	}
	start, _ := crawl.Canonical(s.site.Start)
	home := f.On == s.site.Start || f.On == start
	if !slices.Contains(helps, f.Check) && !(home && slices.Contains(homeHelps, f.Check)) {
		return ""
	}
	for _, address := range []string{f.URL, f.On} {
		if at, ok := crawl.Canonical(address); ok && s.own(at) && !isFile(at) {
			return at
		}
	}
	return ""
}
