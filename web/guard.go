package web

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"golang.org/x/time/rate"

	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
)

// csp lets pages load nothing but what this site serves as files; there is no
// inline script or style anywhere.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// guard wraps all routes in what every request passes, outermost first: number,
// log, headers, limit, cross-origin check, compression, session.
func (s *site) guard(inner http.Handler) http.Handler {
	if s.Session != nil {
		inner = s.Session(inner)
	}
	shrink, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.ContentTypes([]string{
		"text/html", "text/css", "text/plain", "text/csv", "text/javascript", "application/javascript", "application/json", "image/svg+xml", "application/xml",
	}), gzhttp.EnableZstd(false))
	if err != nil { // only for options that contradict each other
		panic(err)
	}
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(s.serve(Route{Path: "(cross-origin)", Roles: org.Public, body: bodyLimit, within: deadline, refuse: true,
		Handle: func(*Request) (Reply, error) {
			return Reply{}, fault.New(fault.Forbidden, "这个请求不是从本网站的页面发出的，没有执行；请回到本网站的页面再操作")
		}}))
	slow := s.serve(Route{Path: "(limit)", Roles: org.Public, body: bodyLimit, within: deadline, refuse: true,
		Handle: func(*Request) (Reply, error) {
			return Reply{}, fault.New(fault.TooMany, "来自您所在网络的请求太多，请过一分钟再试")
		}})
	inner = cross.Handler(shrink(inner))

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := s.Clock.Now()
		seen := &seen{id: id.New(), address: s.from(r)}
		r = r.WithContext(context.WithValue(r.Context(), seenKey{}, seen))
		out := &counter{ResponseWriter: w}
		head := out.Header()
		head.Set("Content-Security-Policy", csp)
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "same-origin")
		head.Set("Cross-Origin-Opener-Policy", "same-origin")
		head.Set("Cross-Origin-Resource-Policy", "same-origin")
		head.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		head.Set("X-Frame-Options", "DENY")
		head.Set("X-Request-Id", string(seen.id))
		head.Set("Cache-Control", "no-cache, private")
		if s.Secure {
			head.Set("Strict-Transport-Security", "max-age=31536000")
		}
		defer func() {
			s.Log.Info("request", "id", seen.id, "route", seen.pattern, "method", r.Method, "status", code(out.status),
				"ms", float64(s.Clock.Now().Sub(begun).Microseconds())/1000, "bytes", out.bytes, "person", seen.person)
		}()
		if !strings.HasPrefix(r.URL.Path, assetPath) && !s.limits.allow("", seen.address, s.Rate.PerSecond, s.Rate.Burst) {
			slow.ServeHTTP(out, r)
			return
		}
		inner.ServeHTTP(out, r)
	})
}

// from is the visitor's address: the last one in X-Forwarded-For that is not a
// proxy of ours, when the connection comes from such a proxy.
func (s *site) from(r *http.Request) netip.Addr {
	port, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	address := port.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.ours(address); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		address = hop.Unmap()
	}
	return address
}

func (s *site) ours(a netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// counter remembers status and size for the log.
type counter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (c *counter) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (c *counter) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// limiter keeps a token bucket for each address and purpose in this process; what
// must hold across machines is counted in the database by its area.
type limiter struct {
	clock clock.Clock
	mu    sync.Mutex
	known map[[32]byte]*bucket
	swept time.Time
}

type bucket struct {
	*rate.Limiter
	used time.Time
}

func newLimiter(c clock.Clock) *limiter {
	return &limiter{clock: c, known: map[[32]byte]*bucket{}, swept: c.Now()}
}

// allow takes one token from the bucket of an address for a purpose.
func (l *limiter) allow(purpose string, from netip.Addr, perSecond float64, burst int) bool {
	if from.Is6() { // one household or office has a /64
		if p, err := from.Prefix(64); err == nil {
			from = p.Addr()
		}
	}
	key, now := sha256.Sum256([]byte(purpose+"|"+from.String())), l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > time.Minute { // a bucket unused for ten minutes is full again
		for k, b := range l.known {
			if now.Sub(b.used) > 10*time.Minute {
				delete(l.known, k)
			}
		}
		l.swept = now
	}
	b := l.known[key]
	if b == nil {
		b = &bucket{Limiter: rate.NewLimiter(rate.Limit(perSecond), burst)}
		l.known[key] = b
	}
	b.used = now
	return b.AllowN(now, 1)
}
