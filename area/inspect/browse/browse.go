// Package browse reads pages through a headless Chromium, where one is
// installed: lists that a script fills in, and pictures of pages. The browser is
// a process of its own with a profile of its own, spoken to over a pipe; all its
// traffic goes through a proxy behind the guard of kernel/fetch, so that what a
// hostile page asks for reaches no internal address. Time, memory, sizes and the
// number of pages open at once are bounded.
package browse

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"time"

	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
)

// Config says how to open a browser. Zero values give the defaults in brackets.
type Config struct {
	Path         string // of the program [what Find finds]
	Clock        clock.Clock
	Agent        string         // identity that is added to the browser's own, with an address to ask at
	Allow        []string       // internal hosts an administrator listed, as kernel/fetch takes them
	AllowPrivate bool           // admit addresses of the own machine and network
	Resolver     fetch.Resolver // [the machine's]
	Time         time.Duration  // for a page, from opening to closing it [20 s]
	Quiet        time.Duration  // until the network must have come to rest; what is there then is taken [8 s]
	Memory       int64          // bytes of all its processes together; above, it is ended [1.5 GB]
	AtOnce       int            // pages open at once [2]
	NoSandbox    bool           // run without Chromium's sandbox; for the superuser it never has one
}

const (
	maxDocument = 16 << 20 // bytes of a document
	maxHeight   = 10_000   // pixels of a picture
	viewHeight  = 900
	readWidth   = 1440
	settle      = 3 * time.Second // of page time after the network came to rest, for what a timer fills in; passes at once
	maxStarts   = 6               // of a browser that ends again and again
	tidyTime    = 3 * time.Second
)

// names are those of the program, best first.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chromium-headless-shell", "headless_shell"}

// Find looks for a Chromium.
func Find() (path string, ok bool) {
	for _, name := range names {
		for _, dir := range []string{"", "/usr/bin/", "/usr/local/bin/", "/opt/google/chrome/"} {
			if path, err := exec.LookPath(dir + name); err == nil {
				return path, true
			}
		}
	}
	return "", false
}

// Browser reads pages. It is safe for concurrent use.
type Browser struct {
	conf  Config
	proxy *proxy
	seats chan struct{}

	mu      sync.Mutex
	process *process // nil = none is running
	starts  int
	closed  bool
}

var errClosed = fault.New(fault.Unavailable, "浏览器已关闭")

// Open starts a browser. It ends with Close or with ctx. Errors are faults in
// Chinese: there is no Chromium, or it does not start.
func Open(ctx context.Context, c Config) (*Browser, error) {
	if c.Clock == nil {
		return nil, errors.New("browse: Config.Clock is missing")
	}
	if c.Path == "" {
		var ok bool
		if c.Path, ok = Find(); !ok {
			return nil, fault.New(fault.Unavailable, "没有找到 Chromium 浏览器，由脚本显示的列表不能读取。请安装 chromium 后再试")
		}
	}
	def(&c.Agent, "gongkai")
	def(&c.Time, 20*time.Second)
	def(&c.Quiet, 8*time.Second)
	def(&c.Memory, 1536<<20)
	def(&c.AtOnce, 2)
	guard, err := fetch.New(fetch.Config{Clock: c.Clock, Agent: c.Agent, Allow: c.Allow, Private: c.AllowPrivate, Resolver: c.Resolver})
	if err != nil {
		return nil, err
	}
	p, err := newProxy(guard)
	if err != nil {
		return nil, err
	}
	b := &Browser{conf: c, proxy: p, seats: make(chan struct{}, c.AtOnce)}
	if _, err := b.running(ctx); err != nil {
		b.Close()
		return nil, err
	}
	context.AfterFunc(ctx, b.Close)
	return b, nil
}

func def[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// Close ends the browser and everything it started, and removes its profile.
// What is being read fails.
func (b *Browser) Close() {
	b.mu.Lock()
	p := b.process
	b.closed = true
	b.mu.Unlock()
	if p != nil {
		p.end() // whoever else closes waits here too
	}
	b.proxy.close()
}

// running returns the browser's process and starts one where none is: a page may
// have brought the last one down.
func (b *Browser) running(ctx context.Context) (*process, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, errClosed
	}
	if b.process != nil {
		select {
		case <-b.process.pipe.done:
			b.process.end()
			b.process = nil
		default:
			return b.process, nil
		}
	}
	if b.starts++; b.starts > maxStarts {
		return nil, fault.New(fault.Unavailable, "浏览器反复异常退出，不再使用")
	}
	p, err := start(ctx, &b.conf, b.proxy.address, func() bool { return len(b.seats) > 0 })
	if err != nil {
		return nil, err
	}
	b.process = p
	return p, nil
}

// Read returns the document at an address after its scripts ran, as UTF-8.
// Pictures and films are not loaded for it. Errors are faults in Chinese.
func (b *Browser) Read(ctx context.Context, address string) ([]byte, error) {
	d, err := b.read(ctx, address)
	return d.html, err
}

// document is what a browser shows.
type document struct {
	html  []byte
	url   string // of the document shown
	moved bool   // a script or a refresh led to another document than the one asked for
	told  heard
}

func (b *Browser) read(ctx context.Context, address string) (document, error) {
	var d document
	err := b.show(ctx, address, readWidth, false, func(ctx context.Context, s *session) error {
		var root struct {
			Root struct {
				NodeID      int    `json:"nodeId"`
				DocumentURL string `json:"documentURL"`
			} `json:"root"`
		}
		if err := s.call(ctx, "DOM.getDocument", params{"depth": 0}, &root); err != nil {
			return err
		}
		var out struct {
			OuterHTML string `json:"outerHTML"`
		}
		if err := s.call(ctx, "DOM.getOuterHTML", params{"nodeId": root.Root.NodeID}, &out); err != nil {
			return err
		}
		if len(out.OuterHTML) > maxDocument {
			return fault.Newf(fault.Invalid, "网页由脚本生成的内容超过 %d MB，不能读取", maxDocument>>20)
		}
		d = document{html: []byte(out.OuterHTML), url: root.Root.DocumentURL, moved: s.moved, told: s.soFar()}
		return nil
	})
	return d, err
}

// Picture returns the page as somebody with a window of width pixels sees it,
// from top to bottom, at most 10,000 pixels high, as PNG.
func (b *Browser) Picture(ctx context.Context, address string, width int) ([]byte, error) {
	var png []byte
	err := b.show(ctx, address, width, true, func(ctx context.Context, s *session) error {
		var size struct {
			Content struct{ Width, Height float64 } `json:"cssContentSize"`
		}
		if err := s.call(ctx, "Page.getLayoutMetrics", nil, &size); err != nil {
			return err
		}
		clip := params{"x": 0, "y": 0, "width": width, "height": max(1, min(size.Content.Height, maxHeight)), "scale": 1}
		var out struct {
			Data string `json:"data"`
		}
		if err := s.call(ctx, "Page.captureScreenshot", params{"format": "png", "captureBeyondViewport": true, "clip": clip}, &out); err != nil {
			return err
		}
		var err error
		png, err = base64.StdEncoding.DecodeString(out.Data)
		return err
	})
	return png, err
}

// show opens an address in a context without past, waits until it has come to
// rest and lets do look at it.
func (b *Browser) show(ctx context.Context, address string, width int, pictures bool, do func(context.Context, *session) error) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || width < 100 || width > 4000 {
		return fault.New(fault.Invalid, "只能用浏览器打开 http 或 https 开头的网址")
	}
	select {
	case b.seats <- struct{}{}:
		defer func() { <-b.seats }()
	case <-ctx.Done():
		return ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, b.conf.Time)
	defer cancel()
	p, err := b.running(ctx)
	if err != nil {
		return err
	}
	err = p.open(ctx, &b.conf, address, width, pictures, do)
	var said *fault.Error
	switch {
	case err == nil || errors.As(err, &said):
		return err
	case ctx.Err() != nil:
		return fault.Wrap(err, fault.Unavailable, "浏览器没有在限定时间内打开网页")
	}
	return fault.Wrap(err, fault.Unavailable, "浏览器打不开网页")
}

// session is a page that is open.
type session struct {
	pipe   *pipe
	id     string
	frame  string // of the page itself
	moved  bool
	took   time.Duration // until the network came to rest; 0 = it did not
	passed chan struct{} // told when page time that was asked for has passed

	mu    sync.Mutex
	heard heard
}

func (s *session) call(ctx context.Context, method string, in params, out any) error {
	return s.pipe.call(ctx, s.id, method, in, out)
}

// pictureKinds are not loaded where only words are wanted.
var pictureKinds = []string{"*.png", "*.jpg", "*.jpeg", "*.gif", "*.webp", "*.bmp", "*.mp4", "*.flv", "*.mp3", "*.woff", "*.woff2", "*.ttf", "*.zip", "*.rar", "*.pdf"}

func (p *process) open(ctx context.Context, c *Config, address string, width int, pictures bool, do func(context.Context, *session) error) error {
	var place struct {
		ID string `json:"browserContextId"`
	}
	if err := p.pipe.call(ctx, "", "Target.createBrowserContext", params{"disposeOnDetach": true}, &place); err != nil {
		return err
	}
	defer func() {
		tidy, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
		defer cancel()
		if p.pipe.call(tidy, "", "Target.disposeBrowserContext", params{"browserContextId": place.ID}, nil) != nil {
			p.kill() // a page it cannot close would hold its memory and the network
		}
	}()
	if err := p.pipe.call(ctx, "", "Browser.setDownloadBehavior", params{"behavior": "deny", "browserContextId": place.ID}, nil); err != nil {
		return err
	}
	var target struct {
		ID string `json:"targetId"`
	}
	if err := p.pipe.call(ctx, "", "Target.createTarget", params{"url": "about:blank", "browserContextId": place.ID}, &target); err != nil {
		return err
	}
	var attached struct {
		ID string `json:"sessionId"`
	}
	if err := p.pipe.call(ctx, "", "Target.attachToTarget", params{"targetId": target.ID, "flatten": true}, &attached); err != nil {
		return err
	}
	s := &session{pipe: p.pipe, id: attached.ID, passed: make(chan struct{}, 1)}
	events := p.pipe.listen(s.id)
	defer p.pipe.forget(s.id)
	steps := []struct {
		method string
		in     params
	}{
		{"Page.enable", nil},
		{"Page.setLifecycleEventsEnabled", params{"enabled": true}},
		{"Runtime.enable", nil},
		{"Log.enable", nil},
		{"Emulation.setUserAgentOverride", params{"userAgent": p.agent + " " + c.Agent, "acceptLanguage": "zh-CN,zh"}},
		{"Emulation.setDeviceMetricsOverride", params{"width": width, "height": viewHeight, "deviceScaleFactor": 1, "mobile": false}},
	}
	if !pictures {
		steps = append(steps, []struct {
			method string
			in     params
		}{{"Network.enable", params{"maxTotalBufferSize": 0, "maxResourceBufferSize": 0}}, {"Network.setBlockedURLs", params{"urls": pictureKinds}}}...)
	}
	for _, step := range steps {
		if err := s.call(ctx, step.method, step.in, nil); err != nil {
			return err
		}
	}
	var began struct {
		Frame  string `json:"frameId"`
		Loader string `json:"loaderId"`
		Error  string `json:"errorText"`
	}
	// While Page.navigate waits for the first bytes a page of the same address
	// may already speak; dialogs must be answered from the beginning.
	w := &watch{session: s, events: events}
	from := c.Clock.Now()
	if err := w.during(ctx, func() error { return s.call(ctx, "Page.navigate", params{"url": address}, &began) }); err != nil {
		return err
	}
	if began.Error != "" {
		return fault.New(fault.Unavailable, "浏览器打不开网页（"+began.Error+"）")
	}
	w.frame, s.frame = began.Frame, began.Frame
	if err := w.rest(ctx, c.Quiet, func() { s.took = c.Clock.Now().Sub(from) }); err != nil {
		return err
	}
	s.moved = w.loader != "" && w.loader != began.Loader
	return w.during(ctx, func() error { return do(ctx, s) })
}

// watch follows what a page does.
type watch struct {
	session *session
	events  <-chan message
	frame   string // the page itself; "" = not known yet
	loader  string // of the document it shows last
	idle    bool
	expired bool // page time has passed
	early   []lifecycle
}

type lifecycle struct {
	Frame  string `json:"frameId"`
	Loader string `json:"loaderId"`
	Name   string `json:"name"`
}

// take handles one event.
func (w *watch) take(ctx context.Context, m message) error {
	switch m.Method {
	case "Page.lifecycleEvent":
		var l lifecycle
		if json.Unmarshal(m.Params, &l) == nil {
			if w.frame == "" {
				if len(w.early) < 1000 {
					w.early = append(w.early, l)
				}
				return nil
			}
			w.step(l)
		}
	case "Runtime.exceptionThrown", "Log.entryAdded", "Page.windowOpen":
		w.session.hear(m)
	case "Page.javascriptDialogOpening": // alert, confirm: a page waits for ever
		w.session.hear(m)
		go func() {
			_ = w.session.call(ctx, "Page.handleJavaScriptDialog", params{"accept": false}, nil)
		}()
	case "Emulation.virtualTimeBudgetExpired":
		w.expired = true
		select {
		case w.session.passed <- struct{}{}:
		default:
		}
	case "Inspector.targetCrashed":
		return fault.New(fault.Unavailable, "网页使浏览器崩溃，不能读取")
	}
	return nil
}

func (w *watch) step(l lifecycle) {
	if l.Frame != w.frame {
		return
	}
	switch l.Name {
	case "init", "commit":
		w.loader, w.idle = l.Loader, false
	case "networkIdle":
		w.idle = w.idle || l.Loader == w.loader
	}
}

// during does something while dialogs are answered.
func (w *watch) during(ctx context.Context, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	for {
		select {
		case err := <-done:
			return err
		case m := <-w.events:
			if err := w.take(ctx, m); err != nil {
				return err
			}
		case <-w.session.pipe.done:
			return errGone
		}
	}
}

// rest waits until the network has come to rest, and then lets the page's own
// time run on for a while, which takes none of ours: what a timer fills in is
// there. A page that never rests is taken as it is; of others came is told.
func (w *watch) rest(ctx context.Context, quiet time.Duration, came func()) error {
	for _, l := range w.early {
		w.step(l)
	}
	w.early = nil
	alarm := time.NewTimer(quiet)
	defer alarm.Stop()
	asked := false
	for !w.expired {
		if w.idle && !asked {
			asked = true
			came()
			budget := params{"policy": "pauseIfNetworkFetchesPending", "budget": settle.Milliseconds()}
			if err := w.during(ctx, func() error { return w.session.call(ctx, "Emulation.setVirtualTimePolicy", budget, nil) }); err != nil {
				return err
			}
			continue
		}
		select {
		case m := <-w.events:
			if err := w.take(ctx, m); err != nil {
				return err
			}
		case <-alarm.C:
			return nil
		case <-w.session.pipe.done:
			return errGone
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

var errGone = fmt.Errorf("browse: the browser has ended")

// userAgent is that of a browser with a window: some servers turn away those
// that say they have none.
func userAgent(own string) string { return strings.ReplaceAll(own, "HeadlessChrome", "Chrome") }
