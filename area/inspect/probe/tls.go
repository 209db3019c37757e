package probe

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gongkai/area/inspect/fact"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
)

const (
	maxHops    = 5
	shakeTime  = 10 * time.Second
	drainBytes = 64 << 10
)

// tls finds how the site speaks TLS (NORM-42). A site on a port of its own that
// sends nobody to https has no known place where it would: nil.
func (p *prober) tls(ctx context.Context) *fact.TLS {
	out := &fact.TLS{}
	host, port := p.start.Hostname(), p.start.Port()
	plain, secure := *p.start, url.URL{Scheme: "https", Host: net.JoinHostPort(host, "443"), Path: "/"}
	usual := port == "" || port == "80" && p.start.Scheme == "http" || port == "443" && p.start.Scheme == "https"
	if p.start.Scheme == "https" {
		plain = url.URL{Scheme: "http", Host: net.JoinHostPort(host, "80"), Path: p.start.Path}
		if port != "" {
			secure.Host = net.JoinHostPort(host, port)
		}
	}
	if p.start.Scheme == "http" || usual {
		var to *url.URL
		out.HTTP, to = p.toHTTPS(ctx, &plain)
		if out.ToHTTPS = to != nil; to != nil && p.start.Scheme == "http" {
			secure = *to
		}
		if out.HTTP == 0 && p.start.Scheme == "http" {
			return nil // the site does not answer at all
		}
	}
	if !usual && p.start.Scheme == "http" && !out.ToHTTPS {
		return nil
	}
	p.versions(ctx, out, &secure)
	if ctx.Err() != nil {
		return nil
	}
	return out
}

// toHTTPS asks without encryption and follows redirects until one leads to https.
func (p *prober) toHTTPS(ctx context.Context, u *url.URL) (status int, secure *url.URL) {
	ctx, cancel := context.WithTimeout(ctx, p.conf.Total)
	defer cancel()
	transport := p.web.Transport()
	defer transport.CloseIdleConnections()
	for hop := range maxHops {
		if p.pace.Wait(ctx) != nil {
			return status, nil
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return status, nil
		}
		req.Header.Set("User-Agent", p.conf.Agent)
		res, err := transport.RoundTrip(req)
		if err != nil {
			return status, nil
		}
		_, _ = io.CopyN(io.Discard, res.Body, drainBytes)
		_ = res.Body.Close()
		if hop == 0 {
			status = res.StatusCode
		}
		to, err := res.Location()
		switch {
		case err != nil || res.StatusCode < 300 || res.StatusCode >= 400:
			return status, nil
		case to.Scheme == "https":
			return status, to
		case to.Scheme != "http":
			return status, nil
		}
		u = to
	}
	return status, nil
}

// versions tries which versions the server accepts and whether a browser would
// accept its certificate.
func (p *prober) versions(ctx context.Context, out *fact.TLS, u *url.URL) {
	host := u.Hostname()
	address := u.Host
	if u.Port() == "" {
		address = net.JoinHostPort(host, "443")
	}
	best, err := p.shake(ctx, address, host, tls.VersionTLS10, tls.VersionTLS13)
	if err != nil {
		out.Failed = "不能通过 https 打开：" + host + " 的 https 端口没有响应，或者加密设置有误"
		if fetch.ReasonOf(err) == fetch.Internal {
			out.Failed = fault.Text(err)
		}
		return
	}
	switch best {
	case tls.VersionTLS13:
		out.Version = "1.3"
	case tls.VersionTLS12:
		out.Version = "1.2"
	}
	for _, old := range []struct {
		version uint16
		name    string
	}{{tls.VersionTLS10, "1.0"}, {tls.VersionTLS11, "1.1"}} {
		if _, err := p.shake(ctx, address, host, old.version, old.version); err == nil {
			out.Old = old.name
			break
		}
	}
	// The words for a bad certificate are those of kernel/fetch; a redirect may
	// lead to another host, whose certificate is not meant here.
	if _, err := p.get(ctx, p.web, u.String()); fetch.ReasonOf(err) == fetch.Secure && strings.Contains(fault.Text(err), host) {
		out.Failed = fault.Text(err)
	}
}

// shake shakes hands in one of the versions, whatever the certificate, also with
// the ciphers of old servers.
func (p *prober) shake(ctx context.Context, address, host string, lowest, highest uint16) (uint16, error) {
	if err := p.pace.Wait(ctx); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, shakeTime)
	defer cancel()
	transport := p.web.Transport()
	raw, err := transport.DialContext(ctx, "tcp", address)
	if err != nil {
		return 0, err
	}
	defer raw.Close()
	var ciphers []uint16
	for _, c := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		ciphers = append(ciphers, c.ID)
	}
	conn := tls.Client(raw, &tls.Config{ServerName: host, InsecureSkipVerify: true, MinVersion: lowest, MaxVersion: highest, CipherSuites: ciphers})
	if err := conn.HandshakeContext(ctx); err != nil {
		return 0, err
	}
	return conn.ConnectionState().Version, nil
}
