package browse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"time"

	"gongkai/kernel/fetch"
)

const (
	lineBytes = 64 << 20        // of one answer, or of one connection that is passed through
	lineTime  = 2 * time.Minute // that a connection may stand
	dialTime  = 10 * time.Second
)

// proxy is the browser's only way out. It listens on the own machine and calls
// nothing the guard does not admit; the address that was checked is the one that
// is called.
type proxy struct {
	address string
	guard   *fetch.Client
	dial    func(ctx context.Context, network, address string) (net.Conn, error)
	server  *http.Server
	through *http.Transport
	forward *httputil.ReverseProxy
	end     context.CancelFunc
	ended   <-chan struct{}
}

func newProxy(guard *fetch.Client) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("browse: proxy: %w", err)
	}
	p := &proxy{address: l.Addr().String(), guard: guard, through: guard.Transport()}
	p.through.DisableCompression = true // passed on as it comes
	p.dial = p.through.DialContext
	ctx, end := context.WithCancel(context.Background())
	p.end, p.ended = end, ctx.Done()
	quiet := log.New(io.Discard, "", 0)
	p.forward = &httputil.ReverseProxy{
		Transport: p.through, ErrorLog: quiet, FlushInterval: 100 * time.Millisecond,
		Rewrite: func(r *httputil.ProxyRequest) { r.Out.Host = r.In.Host },
		ModifyResponse: func(r *http.Response) error {
			if r.StatusCode == http.StatusSwitchingProtocols {
				return errors.New("browse: no other protocol")
			}
			r.Body = &bounded{ReadCloser: r.Body, left: lineBytes}
			return nil
		},
		// An answer of our own would be taken for the site's.
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	p.server = &http.Server{Handler: p, ErrorLog: quiet, ReadHeaderTimeout: dialTime, MaxHeaderBytes: 256 << 10}
	go func() { _ = p.server.Serve(l) }()
	return p, nil
}

func (p *proxy) close() {
	p.end()
	_ = p.server.Close()
	p.through.CloseIdleConnections()
	p.guard.Close()
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodConnect {
		p.connect(w, r)
		return
	}
	if r.URL.Scheme != "http" || r.URL.Host == "" {
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), lineTime)
	defer cancel()
	p.forward.ServeHTTP(w, r.WithContext(ctx))
}

// connect passes an encrypted connection through.
func (p *proxy) connect(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), dialTime)
	defer cancel()
	there, err := p.dial(ctx, "tcp", r.Host)
	if err != nil {
		http.Error(w, "", http.StatusBadGateway)
		return
	}
	defer there.Close()
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		return
	}
	here, buffered, err := hijacker.Hijack()
	if err != nil {
		return
	}
	defer here.Close()
	if _, err := io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	over := time.NewTimer(lineTime)
	defer over.Stop()
	half := make(chan struct{}, 2)
	pass := func(to io.Writer, from io.Reader) {
		_, _ = io.CopyN(to, from, lineBytes)
		half <- struct{}{}
	}
	go pass(there, buffered)
	go pass(here, there)
	select {
	case <-half:
	case <-over.C:
	case <-p.ended:
	}
}

// bounded ends an answer that is too long.
type bounded struct {
	io.ReadCloser
	left int64
}

func (b *bounded) Read(to []byte) (int, error) {
	if b.left <= 0 {
		return 0, errors.New("browse: too long")
	}
	n, err := b.ReadCloser.Read(to[:min(int64(len(to)), b.left)])
	b.left -= int64(n)
	return n, err
}
