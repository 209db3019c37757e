package browse

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"gongkai/kernel/fault"
)

const (
	startTime   = 30 * time.Second // a first start on a slow disk
	memoryEvery = 500 * time.Millisecond
)

// process is a browser that runs, with all processes it starts in a group of
// their own.
type process struct {
	pipe   *pipe
	agent  string // how it calls itself
	dir    string
	group  int // 0 = ended
	waited chan struct{}
	once   sync.Once
	mu     sync.Mutex
}

// start runs the browser. It gets no environment but what it needs, and a folder
// of its own for everything it writes.
func start(ctx context.Context, c *Config, proxy string, busy func() bool) (*process, error) {
	dir, err := os.MkdirTemp("", "gongkai-browse-")
	if err != nil {
		return nil, fmt.Errorf("browse: profile: %w", err)
	}
	p := &process{dir: dir, waited: make(chan struct{})}
	inRead, inWrite, err := os.Pipe()
	if err != nil {
		p.remove()
		return nil, fmt.Errorf("browse: %w", err)
	}
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		_, _ = inRead.Close(), inWrite.Close()
		p.remove()
		return nil, fmt.Errorf("browse: %w", err)
	}
	cmd := exec.Command(c.Path, flags(c, dir, proxy)...)
	cmd.ExtraFiles = []*os.File{inRead, outWrite} // 3 and 4, by which it is spoken to
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + dir, "TMPDIR=" + dir, "XDG_CONFIG_HOME=" + dir, "XDG_CACHE_HOME=" + dir, "LANG=C.UTF-8"}
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err = cmd.Start()
	_, _ = inRead.Close(), outWrite.Close()
	if err != nil {
		_, _ = inWrite.Close(), outRead.Close()
		p.remove()
		return nil, fault.Wrap(err, fault.Unavailable, "浏览器 "+c.Path+" 不能启动")
	}
	p.group = cmd.Process.Pid
	p.pipe = newPipe(outRead, inWrite)
	go func() {
		_ = cmd.Wait()
		p.kill() // what it left behind
		_ = outRead.Close()
		close(p.waited)
	}()
	go p.limit(p.group, c.Memory, busy)
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	var version struct {
		UserAgent string `json:"userAgent"`
	}
	if err := p.pipe.call(ctx, "", "Browser.getVersion", nil, &version); err != nil {
		p.end()
		return nil, fault.Wrap(err, fault.Unavailable, "浏览器 "+c.Path+" 启动后没有响应。如果系统不支持其安全沙箱，请由管理员检查设置")
	}
	p.agent = userAgent(version.UserAgent)
	return p, nil
}

// flags keep the browser to the proxy: names are resolved there, and what does
// not go through proxies (QUIC, WebRTC) is off.
func flags(c *Config, dir, proxy string) []string {
	out := []string{
		"--headless", "--remote-debugging-pipe", "--user-data-dir=" + filepath.Join(dir, "profile"), "--crash-dumps-dir=" + dir,
		"--proxy-server=http://" + proxy, "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
		"--disable-quic", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--webrtc-ip-handling-policy=disable_non_proxied_udp",
		"--ignore-certificate-errors", // read on, as the crawl does, which reports them
		"--js-flags=--max-old-space-size=256", "--disk-cache-size=33554432", "--renderer-process-limit=4",
		"--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--disable-extensions", "--disable-default-apps", "--disable-breakpad", "--disable-dev-shm-usage", "--disable-gpu", "--mute-audio",
		"--hide-scrollbars", "--password-store=basic", "--use-mock-keychain", "--lang=zh-CN", "--disable-client-side-phishing-detection",
		"--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,AutofillServerCommunication,HttpsUpgrades,WebTransport",
	}
	if c.NoSandbox || os.Geteuid() == 0 {
		out = append(out, "--no-sandbox")
	}
	return append(out, "about:blank")
}

// kill ends the whole group at once.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.group != 0 {
		_ = syscall.Kill(-p.group, syscall.SIGKILL)
	}
}

// end kills the browser, waits for it and removes its folder.
func (p *process) end() {
	p.once.Do(func() {
		p.kill()
		<-p.waited
		p.mu.Lock()
		p.group = 0 // the number may be somebody else's from now on
		p.mu.Unlock()
		_ = p.pipe.out.Close()
		p.remove()
	})
}

func (p *process) remove() { _ = os.RemoveAll(p.dir) }

// limit ends a browser that takes more memory than it may. It looks only while a
// page is open: to look means to go through all processes of the machine.
func (p *process) limit(group int, most int64, busy func() bool) {
	tick := time.NewTicker(memoryEvery)
	defer tick.Stop()
	for {
		select {
		case <-p.waited:
			return
		case <-tick.C:
			if busy() && resident(group) > most {
				p.kill()
			}
		}
	}
}

// resident is the memory of a process group in bytes, what is shared counted
// once a process; 0 where the system does not tell.
func resident(group int) (total int64) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	for _, name := range stats {
		b, err := os.ReadFile(name)
		if err != nil {
			continue // has ended meanwhile
		}
		// The name in brackets may hold anything; behind it stand state, parent, group.
		f := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
		if len(f) < 22 || string(f[2]) != strconv.Itoa(group) {
			continue
		}
		if pages, err := strconv.ParseInt(string(f[21]), 10, 64); err == nil {
			total += pages * int64(os.Getpagesize())
		}
		if shared := sharedPages(filepath.Dir(name)); shared > 0 {
			total -= shared * int64(os.Getpagesize())
		}
	}
	return total
}

// sharedPages are those of a process that others may hold too: the program
// itself, which would be counted many times.
func sharedPages(dir string) int64 {
	b, err := os.ReadFile(filepath.Join(dir, "statm"))
	if err != nil {
		return 0
	}
	f := bytes.Fields(b)
	if len(f) < 3 {
		return 0
	}
	n, err := strconv.ParseInt(string(f[2]), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
