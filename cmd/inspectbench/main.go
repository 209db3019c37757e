// Command inspectbench serves an invented website from a process of its own and
// lets walk it, one after the other, `gongkai inspect` with all its checks and the
// link checkers that are installed here (linkchecker, linkinator, lychee), which
// look at links alone. It prints what each took, side by side.
//
//	go run ./cmd/inspectbench [-pages 5000] [-design trs] [-binary bin/gongkai] [-only TEXT] [-limit 5m]
//	go run ./cmd/inspectbench -serve [-pages 5000] [-seed 1] [-defects]
//
// Pages are those that the server gave to a tool, each counted once; seconds are
// those from start to end of the tool's process. All tools are told to be as quick
// as they can: as many calls at once as they are made for and no pause between them.
package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gongkai/area/inspect/sitegen"
	"gongkai/kernel/clock"
)

type options struct {
	plan         sitegen.Plan
	defects      bool
	binary, only string
	limit        time.Duration
}

func main() {
	var o options
	only := flag.Bool("serve", false, "serve the site until the input ends, and nothing else")
	flag.IntVar(&o.plan.Pages, "pages", 5000, "size of the site")
	flag.StringVar(&o.plan.Design, "design", "trs", "its design: "+strings.Join(sitegen.Designs(), ", "))
	flag.Uint64Var(&o.plan.Seed, "seed", 1, "another number, another site")
	flag.BoolVar(&o.defects, "defects", false, "with planted faults, slow servers among them")
	flag.StringVar(&o.binary, "binary", "bin/gongkai", "the program that is measured")
	flag.StringVar(&o.only, "only", "", "measure only tools whose name has this in it")
	flag.DurationVar(&o.limit, "limit", 5*time.Minute, "time after which a tool is ended")
	flag.Parse()
	if !o.defects {
		o.plan.Defects = []string{}
	}
	err := error(nil)
	if *only {
		err = serve(o.plan, os.Stdin, os.Stdout)
	} else {
		err = compare(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// site is a server in a process of its own.
type site struct {
	address string
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func start(o options) (*site, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &site{process: exec.Command(self, "-serve", "-pages", strconv.Itoa(o.plan.Pages), "-design", o.plan.Design,
		"-seed", strconv.FormatUint(o.plan.Seed, 10), "-defects="+strconv.FormatBool(o.defects))}
	s.process.Stderr = os.Stderr
	if s.in, err = s.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	s.out = bufio.NewReader(out)
	line, err := s.out.ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the site is not served: %w", err), s.close())
	}
	s.address = strings.TrimSpace(line)
	return s, nil
}

// pages are those given since it was last asked.
func (s *site) pages() (list []string, err error) {
	if _, err = fmt.Fprintln(s.in); err != nil {
		return nil, err
	}
	line, err := s.out.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &list)
	}
	return list, err
}

func (s *site) close() error { return errors.Join(s.in.Close(), s.process.Wait()) }

// tool is what walks the site; problem says why it cannot.
type tool struct {
	name    string
	args    []string
	ours    bool
	problem string
}

// tools are those that are compared. The walk before them has shown what pages
// there are: lychee follows no links and is given the list.
func tools(o options, address, folder string, pages []string) ([]tool, error) {
	list := filepath.Join(folder, "pages.txt")
	config := filepath.Join(folder, "linkcheckerrc")
	err := errors.Join(os.WriteFile(list, []byte(strings.Join(pages, "\n")+"\n"), 0o644),
		os.WriteFile(config, []byte("[checking]\nmaxrequestspersecond=100000\n"), 0o644))
	out := []tool{
		{name: "gongkai inspect, all checks", ours: true, args: []string{o.binary, "inspect", address, "--allow-private", "--t0", "2026-06-30", "--out", filepath.Join(folder, "all")}},
		{name: "gongkai inspect, pages and links", ours: true, args: []string{o.binary, "inspect", address, "--allow-private", "--t0", "2026-06-30", "--no-browser", "--no-probe", "--no-text", "--out", filepath.Join(folder, "links")}},
		{name: "lychee, given the list of pages", args: []string{"lychee", "--no-progress", "--max-concurrency", "128", "--host-concurrency", "128", "--host-request-interval", "1ms", "--max-retries", "0", "--files-from", list}},
		{name: "linkinator", args: []string{"linkinator", address, "--recurse", "--silent", "--concurrency", "100"}},
		{name: "linkchecker", args: []string{"linkchecker", "--config", config, "--threads", "50", "--no-status", "--no-warnings", address}},
	}
	for i := range out {
		if _, e := exec.LookPath(out[i].args[0]); e != nil {
			out[i].problem = "not installed"
		}
	}
	return out, err
}

// figures are what was measured of a tool.
type figures struct {
	pages     []string
	seconds   float64
	processor float64
	megabytes float64 // at its highest, of one process
	whole     bool    // it came to its end in time
}

func (f figures) speed() float64 { return float64(len(f.pages)) / f.seconds }

// walk lets a tool walk the site.
func walk(s *site, t tool, limit time.Duration) (f figures, err error) {
	if _, err := s.pages(); err != nil {
		return f, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, t.args[0], t.args[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	from := clock.System{}.Now()
	var ended *exec.ExitError // they say so when they find something
	if err := cmd.Run(); err != nil && !errors.As(err, &ended) {
		return f, err
	}
	f.seconds = clock.System{}.Now().Sub(from).Seconds()
	f.whole = ctx.Err() == nil
	if t.ours && f.whole && ended != nil && ended.ExitCode() != 4 {
		return f, fmt.Errorf("%s ended with %d", strings.Join(t.args, " "), ended.ExitCode())
	}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		f.processor = float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
		f.megabytes = float64(u.Maxrss) * 1024 / 1e6
	}
	f.pages, err = s.pages()
	return f, err
}

// compare walks the site with every tool and prints a line for each.
func compare(o options) (err error) {
	folder, err := os.MkdirTemp("", "inspectbench")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := os.Chmod(folder, 0o755); err != nil { // linkchecker reads its settings as nobody
		return err
	}
	s, err := start(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	first := tool{ours: true, args: []string{o.binary, "inspect", s.address, "--allow-private", "--no-browser", "--no-probe", "--no-text", "--out", filepath.Join(folder, "first")}}
	all, err := walk(s, first, o.limit)
	if err != nil {
		return fmt.Errorf("the walk that makes the pages: %w", err)
	}
	list, err := tools(o, s.address, folder, all.pages)
	if err != nil {
		return err
	}
	fmt.Printf("site %q of %d pages, served by a process of its own\n", o.plan.Design, len(all.pages))
	fmt.Printf("%-34s %7s %9s %9s %12s %8s\n", "", "pages", "seconds", "pages/s", "processor s", "peak MB")
	var ours, best figures
	fastest := ""
	for _, t := range list {
		if !strings.Contains(t.name, o.only) {
			continue
		}
		if t.problem != "" {
			fmt.Printf("%-34s %s\n", t.name, t.problem)
			continue
		}
		f, err := walk(s, t, o.limit)
		if err != nil {
			fmt.Printf("%-34s failed: %v\n", t.name, err)
			continue
		}
		note := ""
		if !f.whole {
			note = fmt.Sprintf("  ended after %v, before it was through", o.limit)
		}
		fmt.Printf("%-34s %7d %9.1f %9.0f %12.1f %8.0f%s\n", t.name, len(f.pages), f.seconds, f.speed(), f.processor, f.megabytes, note)
		switch {
		case t.ours && ours.seconds == 0:
			ours = f
		case !t.ours && (fastest == "" || f.speed() > best.speed()):
			best, fastest = f, t.name
		}
	}
	if ours.seconds > 0 && fastest != "" {
		fmt.Printf("all checks beside the fastest (%s): %.2f of its pages a second, %.2f of its processor time\n", fastest, ours.speed()/best.speed(), ours.processor/cmp.Or(best.processor, 1))
	}
	return nil
}
