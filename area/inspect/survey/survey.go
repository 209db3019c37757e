// Package survey is one inspection of a website from beginning to end: crawl it,
// try what is not in its pages, judge, and keep the report for the next round.
// The command line and the desk both call Run.
package survey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/area/inspect/browse"
	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/judge"
	"gongkai/area/inspect/onpage"
	"gongkai/area/inspect/probe"
	"gongkai/area/inspect/read"
	"gongkai/kernel/check"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
)

// Config says what to inspect and within which bounds.
type Config struct {
	Dir       string // where the crawl and the reports of its rounds are kept between runs
	Site      fact.Site
	T0        time.Time       // monitoring time point; zero = now
	Crawl     crawl.Config    // Start, Hosts and Keep are filled in
	Engine    *check.Engine   // nil: no checks of texts and files
	Documents document.Reader // of the files that the site hands out; its limits are filled in
	Scheme    judge.Scheme    // zero = the national one
	Browser   bool            // read lists that fill themselves by script, where Chromium is there
	Pictures  bool            // keep pictures of pages beside what was found, where Chromium is there
	Probe     bool            // try what is not in the pages: IPv6, search, TLS, other visitors
	Answers   map[string]bool // what people said of earlier findings, by ID
	Visits    []fact.Visit    // openings of the home page of the last week, for V2
	Step      func(string)    // is told in Chinese what is being done; may be nil
}

const (
	referrers    = 5   // pages that are named for a dead address
	rendered     = 200 // pages that are read through a browser in a run
	searched     = 30  // titles that are looked for (D4.5)
	secondLevel  = 1000
	probeAtMost  = 5 * time.Minute
	keptAtMost   = 2 << 20 // bytes of a page that is kept as it came
	reportPrefix = "round-"
)

// Outcome is what a run gave.
type Outcome struct {
	Report *fact.Report
	Before *fact.Report // of the round before; nil = none
	// Kept returns a page as it came, by its hash.
	Kept func(hash string) ([]byte, error)
	// Close lets go of the folder.
	Close func() error
}

// Run inspects a site. When ctx ends while it crawls, what was found is judged
// all the same, and the next Run on the same folder goes on where this stopped.
// The errors are a folder that cannot be used and an address that is none.
func Run(ctx context.Context, c Config) (out *Outcome, err error) {
	step := c.Step
	if step == nil {
		step = func(string) {}
	}
	if c.T0.IsZero() {
		c.T0 = c.Crawl.Clock.Now()
	}
	store, err := crawl.Open(Crawled(c.Dir))
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "打不开检查记录目录 "+c.Dir+"，请检查磁盘和权限，或者确认没有另一次检查正在运行")
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, store.Close())
		}
	}()
	c.Crawl.Start = c.Site.Start
	c.Crawl.Hosts = append(slices.Clone(c.Crawl.Hosts), c.Site.Own...)
	c.Crawl.Keep, c.Crawl.MaxFile = keep, mostFile
	if c.Engine != nil {
		var files enclosures
		c.Crawl.Keep = func(p *fact.Page) bool { return keep(p) || files.keep(p) }
	}
	reader := crawl.Reader(pages{name: c.Site.Name})
	var render func(context.Context, string) ([]byte, error)
	var eye *seer
	if _, there := browse.Find(); c.Browser && there {
		b, err := browse.Open(ctx, browse.Config{Allow: c.Crawl.Allow, AllowPrivate: c.Crawl.AllowPrivate, Clock: c.Crawl.Clock, Agent: c.Crawl.Agent})
		if err != nil {
			step("浏览器打不开，由脚本填充的列表本次不能判断")
		} else {
			defer b.Close()
			reader, render, eye = browse.Reader(reader, b, rendered), b.Read, c.newSeer(b, store)
		}
	}
	step("正在逐页读取网站")
	stats, err := crawl.Run(ctx, store, c.Crawl, reader)
	if err != nil {
		return nil, err
	}
	stopped := ctx.Err() != nil
	ctx = context.WithoutCancel(ctx) // what was found is judged
	before, err := c.before(stats.Round)
	if err != nil {
		return nil, err
	}
	step("正在核对指标")
	looker := onpage.New(c.Site, c.Engine, c.T0)
	pages := newWalk(store, looker, c.T0)
	var unread []string
	report, err := judge.Judge(ctx, judge.Input{
		Crawl: pages, Site: c.Site, T0: c.T0, Round: stats.Round, Before: before, Scheme: c.Scheme,
		Answers: c.Answers, Page: pages.page,
		Probe: func() (probes fact.Probes, err error) {
			q := pages.asked.questions()
			if c.Probe && !stopped {
				step("正在检测首页、站内搜索和IPv6")
				probes, err = c.probe(ctx, q, render)
			}
			if eye != nil && !stopped {
				step("正在用浏览器查看页面")
				probes.Looks = eye.looks(ctx, q.Home)
			}
			probes.Visits = c.Visits
			return probes, err
		},
		End: func() ([]fact.Finding, error) {
			dead, err := store.Dead(ctx, referrers)
			if err != nil {
				return nil, err
			}
			found, err := looker.Links(ctx, store, dead)
			if err != nil || c.Engine == nil || stopped {
				return append(found, looker.End()...), err
			}
			step("正在检查附件")
			files, lines, err := c.enclosed(ctx, store, looker)
			unread = lines
			return slices.Concat(found, files, looker.End()), err
		},
	})
	if err != nil {
		return nil, err
	}
	report.Notes = append(report.Notes, unread...)
	report.Site, report.Round, report.Started, report.Ended, report.Stopped, report.Pages = c.Crawl.Start, stats.Round, stats.Started, stats.Ended, stats.Stopped, pages.pages
	if eye != nil && !stopped && c.Pictures && len(report.Findings) > 0 {
		step("正在给问题页面截图")
		eye.pictures(ctx, report, before)
	}
	if err := c.save(report); err != nil {
		return nil, err
	}
	return &Outcome{Report: report, Before: before, Kept: store.Kept, Close: store.Close}, nil
}

// Crawled is where a survey's folder keeps its crawl, for crawl.OpenRead.
func Crawled(dir string) string { return filepath.Join(dir, "crawl") }

// pages reads pages for the crawler.
type pages struct{ name string }

func (p pages) Read(page *fact.Page, text string) crawl.Found {
	address := page.URL
	if page.Final != "" {
		address = page.Final
	}
	r, err := read.Page(address, []byte(text), read.Hints{Home: page.Depth == 0, SiteName: p.name})
	if err != nil {
		return crawl.Found{}
	}
	return crawl.Found{Reading: r, Refresh: r.Jump}
}

// keep says which bodies are worth keeping as they came: home page, columns and
// items, the proof of what was found.
func keep(p *fact.Page) bool {
	return p.Read != nil && p.Size <= keptAtMost && (p.Depth <= 1 || p.Read.Kind == fact.Content)
}

// probe tries what does not stand in the pages.
func (c *Config) probe(ctx context.Context, q probe.Questions, render func(context.Context, string) ([]byte, error)) (fact.Probes, error) {
	ctx, cancel := context.WithTimeout(ctx, probeAtMost)
	defer cancel()
	return probe.Run(ctx, probe.Config{
		Start: c.Site.Start, Allow: c.Crawl.Allow, Resolver: c.Crawl.Resolver, Roots: c.Crawl.Roots,
		Clock: c.Crawl.Clock, Agent: c.Crawl.Agent, Own: c.Site.Own, Rate: c.Crawl.Rate, AllowPrivate: c.Crawl.AllowPrivate, Render: render,
	}, q)
}

// before returns the report of the last round before this one.
func (c *Config) before(round int) (*fact.Report, error) {
	entries, err := os.ReadDir(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("survey: %w", err)
	}
	last := 0
	for _, e := range entries {
		n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(e.Name(), reportPrefix), ".json"))
		if err == nil && strings.HasPrefix(e.Name(), reportPrefix) && n < round {
			last = max(last, n)
		}
	}
	if last == 0 {
		return nil, nil
	}
	return Load(c.Dir, last)
}

// Load returns the report of a round; the error is fs.ErrNotExist where there is none.
func Load(dir string, round int) (*fact.Report, error) {
	b, err := os.ReadFile(reportFile(dir, round))
	if err != nil {
		return nil, fmt.Errorf("survey: %w", err)
	}
	var r fact.Report
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("survey: the kept report of round %d is damaged: %w", round, err)
	}
	return &r, nil
}

func reportFile(dir string, round int) string {
	return filepath.Join(dir, reportPrefix+strconv.Itoa(round)+".json")
}

// save keeps the report, whole or not at all.
func (c *Config) save(r *fact.Report) error {
	b, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("survey: %w", err)
	}
	name := reportFile(c.Dir, r.Round)
	if err = os.WriteFile(name+".new", b, 0o600); err == nil {
		err = os.Rename(name+".new", name)
	}
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "检查结果写不进 "+c.Dir+"，请检查磁盘空间")
	}
	return nil
}
