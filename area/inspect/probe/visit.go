package probe

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"
	"unicode/utf8"

	"github.com/emmansun/gmsm/sm3"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
)

const (
	visitsADay  = 24 // the rule asks for 20 (V2)
	edge        = 6 * time.Minute
	controls    = 2 // addresses that must answer for a failure to be the site's
	controlTime = 10 * time.Second
	homeBytes   = 32 << 20
	maxJumps    = 5
)

// Plan returns the moments of a day at which the home page is to be opened: one
// in each of 24 equal slots, at least twelve minutes apart, the same ones for
// the same day and seed (the site's address does well).
func Plan(day calendar.Date, seed string) []time.Time {
	sum := sm3.Sum([]byte(day.String() + "\x00" + seed))
	r := rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16])))
	slot := 24 * time.Hour / visitsADay
	out := make([]time.Time, visitsADay)
	for i := range out {
		within := edge + time.Duration(r.Int64N(int64((slot-2*edge)/time.Second)))*time.Second
		out[i] = day.Start().Add(time.Duration(i)*slot + within)
	}
	return out
}

// Visit opens the home page once, as V2 counts it: a whole web page that is not
// empty, with a status below 400, behind no certificate that a browser would
// stop at and no more than five redirects, in less than Config.Limit.
//
// A failure is void, and to be repeated the same day, when fewer than two
// addresses of Config.Control answer right after it (WEB-16), and when the site
// only wanted to see a person first: then nobody knows (WEB-81). A visit that
// succeeds has shown by itself that the own line works.
func Visit(ctx context.Context, c Config) fact.Visit {
	var at time.Time
	if c.Clock != nil {
		at = c.Clock.Now()
	}
	p, err := newProber(ctx, c)
	if err != nil {
		return fact.Visit{At: at, Failed: fault.Text(err), Void: true}
	}
	defer p.close()
	v := fact.Visit{At: at}
	v.Status, v.Failed, v.Void = p.visit(ctx)
	v.Took = p.conf.Clock.Now().Sub(at)
	if v.Failed == "" && v.Took >= p.conf.Limit {
		v.Failed = slow(p.conf.Limit)
	}
	switch {
	case v.Failed == "" || v.Void:
	case ctx.Err() != nil:
		v.Void, v.Failed = true, "检测被中断"
	case len(p.conf.Control) < controls:
		v.Void = true
		v.Failed += "；没有设置两个对照网址，不能排除本机线路故障，不计入"
	case !p.lineWorks(ctx):
		v.Void = true
		v.Failed += "；对照网址同时打不开，是本机线路故障，不计入"
	}
	return v
}

func slow(limit time.Duration) string {
	return fmt.Sprintf("超过 %g 秒没有打开", limit.Seconds())
}

// visit opens the home page; void says that the answer decides nothing.
func (p *prober) visit(ctx context.Context) (status int, failed string, void bool) {
	ctx, cancel := context.WithTimeout(ctx, p.conf.Limit)
	defer cancel()
	// The context alone says when it took too long.
	bound := func(c *fetch.Config) { c.Total, c.Idle, c.MaxBytes = 2*p.conf.Limit, 2*p.conf.Limit, homeBytes }
	c, err := p.client(bound)
	if err != nil {
		return 0, fault.Text(err), true
	}
	page, err := p.follow(ctx, c)
	if page != nil && choosy(page.Status) { // refused to programs; what does a browser get? (section 6)
		if c, err = p.client(func(c *fetch.Config) { bound(c); c.Agent = browser + " " + p.conf.Agent }); err != nil {
			return 0, fault.Text(err), true
		}
		page, err = p.follow(ctx, c)
	}
	if page != nil {
		status = page.Status
	}
	reason := fetch.ReasonOf(err)
	switch {
	case ctx.Err() != nil:
		return status, slow(p.conf.Limit), false
	case page != nil && (page.Status == http.StatusTooManyRequests || challenged(page)):
		return status, "网站要求减少访问或先通过人机验证，程序不能判断能否打开", true
	case reason == fetch.Internal || reason == fetch.Address:
		return status, fault.Text(err), true
	case reason == fetch.Large:
		return status, fmt.Sprintf("首页超过 %d MB，不能完整打开", homeBytes>>20), false
	case err != nil && reason == "":
		return status, "检测被中断", true
	case err != nil && reason != fetch.Missing: // a page that speaks of missing pages has opened
		return status, fault.Text(err), false
	case len(bytes.TrimSpace(page.Body)) == 0:
		return status, "首页是空白的，没有任何内容", false
	case !page.HTML():
		return status, "首页返回的不是网页", false
	}
	return status, "", false
}

// follow opens the home page and goes where it only sends on to, as a browser
// does; redirects by status are followed inside fetch.
func (p *prober) follow(ctx context.Context, c *fetch.Client) (*fetch.Page, error) {
	address := p.start.String()
	for range maxJumps {
		page, err := c.Get(ctx, address)
		if err != nil || page == nil {
			return page, err
		}
		r := reading(page, true)
		if r == nil || r.Jump == "" || r.Words >= 20 || r.Jump == address {
			return page, nil
		}
		address = r.Jump
	}
	return nil, fault.New(fault.Unavailable, "首页反复跳转，打不开")
}

// choosy are the statuses with which servers refuse programs.
func choosy(status int) bool {
	switch status {
	case 401, 403, 405, 406, 412, 468, 521, 999:
		return true
	}
	return false
}

// challenged recognises a page that wants to see a browser or a person first.
func challenged(page *fetch.Page) bool {
	switch page.Status {
	case 468, 999:
		return true
	case 202, 403, 412, 503, 521:
		for _, mark := range []string{"__jsl_clearance", "$_ts", "cf-chl", "captcha", "验证码", "安全验证", "人机验证", "访问过于频繁"} {
			if bytes.Contains(page.Body, []byte(mark)) {
				return true
			}
		}
		return page.Status != 403 && page.Status != 503 && len(page.Header.Values("Set-Cookie")) > 0 && utf8.RuneCountInString(page.Text) < 40
	}
	return false
}

// lineWorks tells whether two control addresses answer now; what they answer
// does not matter.
func (p *prober) lineWorks(ctx context.Context) bool {
	c, err := p.client(func(c *fetch.Config) { c.Total, c.Idle = controlTime, controlTime })
	if err != nil {
		return false
	}
	answers := make(chan string, len(p.conf.Control))
	for _, address := range p.conf.Control {
		go func() {
			u, err := url.Parse(address)
			if err != nil || u.Host == p.start.Host {
				answers <- "" // the site cannot speak for the line to itself
				return
			}
			page, err := c.Get(ctx, address)
			if page == nil && !errors.Is(err, context.Canceled) && fetch.ReasonOf(err) != fetch.Large && fetch.ReasonOf(err) != fetch.Secure {
				answers <- ""
				return
			}
			answers <- u.Host
		}()
	}
	hosts := map[string]bool{}
	for range p.conf.Control {
		if host := <-answers; host != "" {
			hosts[host] = true
		}
	}
	return len(hosts) >= controls
}
