// Package fetch gets web pages from addresses that people give: links handed in
// as evidence, proof rules about outside pages, sites under inspection. It is
// the only way the house calls an address it did not choose itself.
//
// Addresses of this machine and of internal networks are refused, when a name
// is resolved as well as when it is redirected to, unless an administrator
// listed them; what is fetched is bounded in size, time and redirects; texts
// are decoded whatever their label says; and what was seen can be kept as a
// WARC record and shown later without its scripts.
package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/net/idna"

	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
)

// Config says how to fetch. Zero values give the defaults in brackets.
type Config struct {
	Clock    clock.Clock
	Version  string         // of the program, for the User-Agent
	Site     string         // address at which the house can be asked about its visits, for the User-Agent
	Agent    string         // whole User-Agent, in place of the one made of Version and Site
	Allow    []string       // internal hosts that may be fetched: "host:port", "host", an address or a CIDR
	Private  bool           // admit all addresses of the own machine and of private networks
	Network  string         // "tcp4" or "tcp6": call over this family only [both]
	Resolver Resolver       // [the machine's]
	Roots    *x509.CertPool // [the machine's] authorities that certificates may come from
	MaxBytes int64          // of a body, after decompression [10 MB]
	Total    time.Duration  // for the whole answer, redirects included [30 s]
	Idle     time.Duration  // longest silence of a server [10 s]
}

const (
	maxRedirects = 5
	maxAddress   = 2000 // characters of an address
)

// Client fetches. It is safe for concurrent use.
type Client struct {
	conf      Config
	agent     string
	guard     *guard
	transport *http.Transport
}

// New returns a client; an entry of Allow that cannot be understood is an error.
func New(c Config) (*Client, error) {
	if c.Clock == nil {
		return nil, errors.New("fetch: Config.Clock is missing")
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = 10 << 20
	}
	if c.Total == 0 {
		c.Total = 30 * time.Second
	}
	if c.Idle == 0 {
		c.Idle = 10 * time.Second
	}
	if c.Version == "" {
		c.Version = "dev"
	}
	g, err := newGuard(c.Allow, c.Resolver)
	if err != nil {
		return nil, err
	}
	g.private, g.network = c.Private, c.Network
	agent := "gongkai/" + c.Version
	if c.Site != "" {
		agent += " (+" + c.Site + ")"
	}
	if c.Agent != "" {
		agent = c.Agent
	}
	return &Client{conf: c, agent: agent, guard: g, transport: &http.Transport{
		Proxy:                  nil, // a proxy would resolve names behind the guard's back
		DialContext:            g.dial,
		TLSClientConfig:        &tls.Config{RootCAs: c.Roots, MinVersion: tls.VersionTLS10}, // old sites are to be inspected too
		TLSHandshakeTimeout:    c.Idle,
		ResponseHeaderTimeout:  c.Idle,
		MaxResponseHeaderBytes: 256 << 10,
		MaxIdleConns:           32,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        10 * time.Second,
		ForceAttemptHTTP2:      true,
	}}, nil
}

// HTTP is a plain client behind the same guard, for calls to addresses that
// administrators typed in (webhooks). It follows no redirect.
func (c *Client) HTTP() *http.Client {
	return &http.Client{Transport: c.transport, Timeout: c.conf.Total,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Transport returns a transport of its own behind the same guard, for callers
// with limits of their own (the crawler of a site). It follows no redirect.
func (c *Client) Transport() *http.Transport { return c.transport.Clone() }

// Admits tells whether the guard lets an address be called, for callers that
// speak something else than HTTP to it.
func (c *Client) Admits(a netip.Addr) bool { return c.guard.admits(a.Unmap(), c.guard.ownAddresses()) }

// Close ends idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Link is a hyperlink of a page.
type Link struct {
	Text string
	URL  string // absolute, http or https, without fragment
}

// Page is what an address answered.
type Page struct {
	URL     string // as asked for, normalised
	Final   string // after redirects
	Status  int
	Header  http.Header
	Fetched time.Time
	Mime    string // by content, not by header: "text/html", "application/pdf" …
	Body    []byte // as received, decompressed
	Picture []byte // PNG of the page as a browser showed it; nil = none was taken, as Get takes none

	// Read from the body; empty for what is no text.
	Title         string
	Text          string          // what a reader sees, a line per block
	Links         []Link          // in the page's order, each address once
	Dates         []calendar.Date // all days named in Text, in order, each once
	Published     calendar.Date   // zero when the page does not say
	PublishedFrom string          // where Published stands: "PubDate", "发布时间", "页面日期", "网址"
}

// HTML reports whether the page is a web page.
func (p *Page) HTML() bool { return p.Mime == "text/html" || p.Mime == "application/xhtml+xml" }

// Get fetches an address. The page is not nil whenever a server answered in
// full, also when the error says that the answer is no use: a status of 400 and
// above, or a page that says it does not exist with status 200. Errors are
// faults in Chinese; ReasonOf tells programs what happened.
func (c *Client) Get(ctx context.Context, address string) (*Page, error) {
	u, err := parse(address)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.conf.Total, errSlow)
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	page, err := c.get(ctx, stop, u)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return nil, explain(err, u.Hostname())
	}
	page.read()
	return page, page.problem()
}

func (c *Client) get(ctx context.Context, stop context.CancelCauseFunc, u *url.URL) (*Page, error) {
	// A jar of this one visit: many sites set a cookie and redirect to themselves.
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Transport: c.transport, Jar: jar, CheckRedirect: func(req *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects {
			return failed(Redirects, "这个网址跳转次数过多（超过 %d 次），请换用最终打开的网址", maxRedirects)
		}
		_, err := parse(req.URL.String())
		return err
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", c.agent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	req.Header.Set("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.3")
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.ContentLength > c.conf.MaxBytes {
		return nil, tooLarge(c.conf.MaxBytes)
	}
	idle := time.AfterFunc(c.conf.Idle, func() { stop(errIdle) })
	defer idle.Stop()
	body, err := io.ReadAll(io.LimitReader(wakeful{res.Body, idle, c.conf.Idle}, c.conf.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > c.conf.MaxBytes {
		return nil, tooLarge(c.conf.MaxBytes)
	}
	return &Page{
		URL: u.String(), Final: res.Request.URL.String(), Status: res.StatusCode, Header: res.Header.Clone(),
		Fetched: c.conf.Clock.Now(), Mime: mime(body, res.Header.Get("Content-Type")), Body: body,
	}, nil
}

// wakeful puts off the idle alarm whenever something arrives.
type wakeful struct {
	io.Reader
	alarm *time.Timer
	idle  time.Duration
}

func (w wakeful) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if n > 0 {
		w.alarm.Reset(w.idle)
	}
	return n, err
}

// parse accepts an address a person typed: without a scheme it is https, with
// Chinese names they are put into their ASCII form.
func parse(address string) (*url.URL, error) {
	address = strings.TrimSpace(address)
	if address == "" {
		return nil, failed(Address, "请填写网址")
	}
	if len(address) > maxAddress {
		return nil, failed(Address, "网址太长（超过 %d 个字符），请检查是否多粘贴了内容", maxAddress)
	}
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err == nil && u.Scheme != "http" && u.Scheme != "https" {
		return nil, failed(Address, "只能使用 http 或 https 开头的网址")
	}
	if err != nil || u.Hostname() == "" {
		return nil, failed(Address, "网址写法不对，请从浏览器地址栏完整复制，例如 https://www.example.gov.cn/page.html")
	}
	if u.User != nil {
		return nil, failed(Address, "网址里不能带用户名和密码")
	}
	host := u.Hostname()
	if !strings.Contains(host, ":") { // not an IPv6 address
		ascii, err := idna.Lookup.ToASCII(host)
		switch {
		case err == nil:
			host = ascii
		case strings.IndexFunc(host, func(r rune) bool { return r > 0x7f }) >= 0:
			return nil, failed(Address, "网址中的域名 %s 写法不对，请检查", u.Hostname())
		}
		if port := u.Port(); port != "" {
			host += ":" + port
		}
		u.Host = host
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// mime tells what a body is by its bytes; the header decides only between kinds
// of text that look alike.
func mime(body []byte, header string) string {
	kind, _, _ := strings.Cut(mimetype.Detect(body).String(), ";")
	said, _, _ := strings.Cut(strings.ToLower(header), ";")
	said = strings.TrimSpace(said)
	// Text in GBK without a known beginning is taken for octets.
	loose := strings.HasPrefix(kind, "text/") && kind != "text/html" || kind == "application/octet-stream" || kind == "text/xml"
	if !loose {
		return kind
	}
	switch {
	case said == "text/html", said == "application/xhtml+xml":
		if bytes.IndexByte(body, 0) < 0 {
			return said
		}
	case strings.HasPrefix(said, "text/"), strings.HasSuffix(said, "json"), strings.HasSuffix(said, "xml"):
		if bytes.IndexByte(body, 0) < 0 {
			return said
		}
	}
	return kind
}
