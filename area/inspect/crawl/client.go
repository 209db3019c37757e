package crawl

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/clock"
	"gongkai/kernel/fetch"
)

const (
	sniffBytes   = 8 << 10 // of a file: its kind and that it is not empty
	drainBytes   = 64 << 10
	minSpeed     = 1 << 10 // bytes a second after the first ones
	selfHops     = 4       // times an address may send to itself (to set a cookie)
	dialTime     = 10 * time.Second
	maxHeader    = 128 << 10
	maxRetryWait = 60 * time.Second
)

// client calls addresses, once each and without following anything.
type client struct {
	conf   *Config
	clock  clock.Clock
	strict *http.Transport // verifies certificates
	loose  *http.Transport // does not; only to go on reading where one is bad

	mu    sync.Mutex
	near  map[string]bool   // origins reached at a private address
	badly map[string]string // origins with a bad certificate: what is wrong
}

func newClient(c *Config) (*client, error) {
	allow := append([]string(nil), c.Allow...)
	if c.AllowPrivate {
		allow = append(allow, "127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
		addrs, err := net.InterfaceAddrs()
		if err != nil {
			return nil, fmt.Errorf("crawl: own addresses: %w", err)
		}
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil {
				allow = append(allow, netip.PrefixFrom(p.Addr().Unmap().WithZone(""), p.Bits()).Masked().String())
			}
		}
	}
	guard, err := fetch.New(fetch.Config{Clock: c.Clock, Allow: allow, Resolver: c.Resolver, Roots: c.Roots, Idle: c.Idle})
	if err != nil {
		return nil, err
	}
	cl := &client{conf: c, clock: c.Clock, near: map[string]bool{}, badly: map[string]string{}}
	build := func(loose bool) *http.Transport {
		t := guard.Transport()
		t.DialContext = cl.dialer(t.DialContext)
		t.TLSClientConfig = t.TLSClientConfig.Clone()
		t.TLSClientConfig.InsecureSkipVerify = loose
		t.DisableCompression = true // unpacked here, with a bound
		t.MaxResponseHeaderBytes = maxHeader
		t.MaxIdleConns = 256
		t.MaxIdleConnsPerHost = c.Parallel
		t.ResponseHeaderTimeout = 0 // the whole answer is timed
		t.ReadBufferSize = 16 << 10
		return t
	}
	cl.strict, cl.loose = build(false), build(true)
	return cl, nil
}

// dialer bounds the time of resolving and connecting together, so that a name
// server that answers slowly, or with a thousand addresses, holds up nothing.
func (c *client) dialer(dial func(context.Context, string, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, dialTime)
		defer cancel()
		if c.conf.through != nil {
			dial = c.conf.through
		}
		conn, err := dial(ctx, network, address)
		if err == nil {
			if a, e := netip.ParseAddrPort(conn.RemoteAddr().String()); e == nil && private(a.Addr()) {
				c.mu.Lock()
				c.near[address] = true
				c.mu.Unlock()
			}
		}
		return conn, err
	}
}

func private(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsUnspecified()
}

// isNear tells whether an origin was reached at an address of the own machine
// or network.
func (c *client) isNear(origin string) bool {
	scheme, host, _ := strings.Cut(origin, "://")
	if strings.LastIndexByte(host, ':') <= strings.LastIndexByte(host, ']') {
		host += map[string]string{"http": ":80", "https": ":443"}[scheme]
	}
	host = strings.NewReplacer("[", "", "]", "").Replace(host)
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host = net.JoinHostPort(host[:i], host[i+1:])
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.near[host]
}

func (c *client) close() {
	c.strict.CloseIdleConnections()
	c.loose.CloseIdleConnections()
}

// ask says what to call.
type ask struct {
	url      string
	part     Part
	etag     string // of the last answer; with it a server may say "unchanged"
	modified string
	limit    int64 // bytes of the body, unpacked
}

// answer is what came.
type answer struct {
	at       time.Time
	took     time.Duration
	first    time.Duration // until the headers: what the server took to think
	status   int
	header   http.Header
	body     []byte
	whole    bool   // body is all of it
	size     int64  // of the whole body where the server says so, else of what was read
	kind     string // media type by content
	location string // where a redirect leads, canonical
	literal  string // the same as it came
	failure  fact.Failure
	note     string
	retry    time.Duration // the server asks to be left alone for so long
	network  bool          // no answer came: the host, not the page, is at fault
}

// get calls an address. Of an outside page the first bytes are asked for, which
// say whose it is now; of an outside file the headers, and its first bytes only if
// the server does not like that.
func (c *client) get(ctx context.Context, q ask) *answer {
	if q.part == Outside && files[extension(q.url)] {
		a := c.once(ctx, q, http.MethodHead, nil, q.url)
		if a.failure == "" && a.status < 400 || a.failure != "" && (a.failure == fact.NoHost || a.failure == fact.Internal) || ctx.Err() != nil {
			return a
		}
	}
	var cookies []*http.Cookie
	url := q.url
	var a *answer
	for range selfHops {
		a = c.once(ctx, q, http.MethodGet, cookies, url)
		// Some servers set a cookie, or write the session into the address, and
		// send to the same page: the next answer is the page.
		if a.failure != "" || a.location != q.url {
			return a
		}
		cookies, url = append(cookies, (&http.Response{Header: a.header}).Cookies()...), a.literal
		if len(cookies) > 32 {
			break
		}
	}
	a.failure, a.note, a.location = fact.TooFar, "页面反复跳转到自己，无法打开", ""
	return a
}

func (c *client) once(ctx context.Context, q ask, method string, cookies []*http.Cookie, url string) *answer {
	start := c.clock.Now()
	a := &answer{at: start}
	ctx, cancel := context.WithTimeoutCause(ctx, c.conf.Total, errSlow)
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	idle := time.AfterFunc(c.conf.Idle, func() { stop(errIdle) })
	defer idle.Stop()
	defer func() { a.took = c.clock.Now().Sub(start) }()

	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		a.failure, a.note = fact.Broken, "网址写法不对，无法访问"
		return a
	}
	req.Header.Set("User-Agent", c.conf.Agent)
	req.Header.Set("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.3")
	if q.part == Page {
		req.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
		req.Header.Set("Accept-Encoding", "gzip")
	} else {
		req.Header.Set("Accept", "*/*")
		req.Header.Set("Accept-Encoding", "identity")
	}
	if q.part != Page && method == http.MethodGet && q.limit <= sniffBytes {
		req.Header.Set("Range", "bytes=0-"+strconv.Itoa(sniffBytes-1))
	}
	if q.etag != "" {
		req.Header.Set("If-None-Match", q.etag)
	}
	if q.modified != "" {
		req.Header.Set("If-Modified-Since", q.modified)
	}
	for _, k := range cookies {
		req.AddCookie(k)
	}
	res, err := c.trip(req, a)
	if err != nil {
		a.fail(ctx, err)
		return a
	}
	defer res.Body.Close()
	a.first = c.clock.Now().Sub(start)
	a.status, a.header = res.StatusCode, res.Header
	if res.StatusCode == http.StatusSwitchingProtocols {
		a.failure, a.note = fact.Broken, "服务器的答复不符合网页协议"
		return a
	}
	if to := res.Header.Get("Location"); to != "" && a.status >= 300 && a.status < 400 {
		if next, err := req.URL.Parse(strings.TrimSpace(strings.ReplaceAll(to, `\`, "/"))); err == nil {
			var ok bool
			a.literal = next.String()
			if a.location, ok = Canonical(next.String()); !ok {
				a.failure, a.note = fact.TooFar, "跳转到无法识别的网址"
			}
		}
	}
	a.pushedBack()
	if method == http.MethodHead || a.status == http.StatusNotModified || a.location != "" {
		a.size = max(0, res.ContentLength)
		a.kind, _, _ = strings.Cut(strings.ToLower(res.Header.Get("Content-Type")), ";")
		_, _ = io.CopyN(io.Discard, res.Body, drainBytes) // lets the connection be used again
		return a
	}
	if err := c.read(res, a, q, idle, start); err != nil {
		a.fail(ctx, err)
	}
	return a
}

// trip sends the request; where the certificate is bad it says so and goes on
// without looking at it.
func (c *client) trip(req *http.Request, a *answer) (*http.Response, error) {
	host := req.URL.Scheme + "://" + req.URL.Host
	c.mu.Lock()
	bad := c.badly[host]
	c.mu.Unlock()
	if bad == "" {
		res, err := c.strict.RoundTrip(req)
		if bad = certificate(err); bad == "" {
			return res, err
		}
		c.mu.Lock()
		c.badly[host] = bad
		c.mu.Unlock()
	}
	a.failure, a.note = fact.BadCert, bad+"；已跳过证书验证继续读取"
	return c.loose.RoundTrip(req)
}

// certificate says what is wrong with one, "" when the error is another.
func certificate(err error) string {
	var (
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
	)
	switch {
	case err == nil:
		return ""
	case errors.As(err, &host):
		return "证书不是发给这个域名的"
	case errors.As(err, &authority):
		return "证书不是由受信任的机构颁发，或缺少中间证书"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "证书已过期或尚未生效"
	case errors.As(err, &invalid), errors.As(err, &verify):
		return "证书不能通过验证"
	}
	return ""
}

func (c *client) read(res *http.Response, a *answer, q ask, idle *time.Timer, start time.Time) error {
	limit := q.limit
	a.size = res.ContentLength
	if r := res.Header.Get("Content-Range"); r != "" {
		if _, total, ok := strings.Cut(r, "/"); ok {
			if n, err := strconv.ParseInt(total, 10, 64); err == nil {
				a.size = n
			}
		}
	}
	if q.part == Page && res.ContentLength > limit {
		a.failure, a.note = fact.TooLarge, fmt.Sprintf("页面声明的大小为 %s，超过 %s 的上限，未读取", bytesText(res.ContentLength), bytesText(limit))
		return nil
	}
	in := &steady{Reader: res.Body, idle: idle, wait: c.conf.Idle, clock: c.clock, start: start}
	unpacked, err := unpack(in, res.Header.Get("Content-Encoding"))
	if err != nil {
		return err
	}
	head := make([]byte, min(sniffBytes, limit))
	head, err = readFull(unpacked, head)
	a.kind = sniff(head, res.Header.Get("Content-Type"))
	switch {
	case err == io.EOF:
		a.body, a.whole = head, true
		a.measure(q)
		return nil
	case err != nil:
		return err
	case q.part != Page && limit <= sniffBytes, q.part == Page && !isHTML(a.kind):
		// The kind is known and that there is something: enough of a file.
		a.body = head
		_, _ = io.CopyN(io.Discard, res.Body, drainBytes)
		return nil
	}
	body := bytes.NewBuffer(make([]byte, 0, max(len(head), int(min(max(res.ContentLength, 0), limit)))+512))
	body.Write(head)
	_, err = io.Copy(body, io.LimitReader(unpacked, limit+1-int64(len(head))))
	a.body = body.Bytes()
	if err != nil {
		return err
	}
	if int64(len(a.body)) > limit {
		a.body, a.failure = a.body[:limit], fact.TooLarge
		a.note = fmt.Sprintf("页面超过 %s 的上限，只读取了开头部分", bytesText(limit))
		a.size = max(a.size, limit)
		return nil
	}
	a.whole = true
	a.measure(q)
	return nil
}
