package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/demosite"
	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/report"
	"gongkai/area/inspect/sitegen"
	"gongkai/area/inspect/survey"
	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
)

// InspectCommand holds the commands that look at websites from outside.
type InspectCommand struct {
	Site InspectSiteCommand `cmd:"" default:"withargs" help:"检查一个网站。"`
	Eval InspectEvalCommand `cmd:"" help:"用埋有问题的样例网站评测：各项指标的准确率、召回率。"`
}

// InspectSiteCommand inspects one website without a database.
type InspectSiteCommand struct {
	Address      string        `arg:"" help:"网站首页地址，例如 https://www.example.gov.cn/。" placeholder:"URL"`
	Out          string        `help:"把 report.html、findings.xlsx、bulletin.docx、report.json 写到这个文件夹，检查进度也留在这里。缺省只在屏幕上显示，进度留在缓存目录。" placeholder:"DIR"`
	T0           string        `name:"t0" help:"监测时间点：2026-06-30、2026-06-30T12:00 或带时区的时间；只写日期按当天12时。缺省为现在。" placeholder:"DATE"`
	AllowPrivate bool          `help:"允许检查本机和内部网络的地址。"`
	MaxPages     int           `help:"最多读取多少个页面。" placeholder:"N"`
	MaxTime      time.Duration `help:"最多检查多长时间，例如 30m。" placeholder:"TIME"`
	Timeout      time.Duration `help:"一个页面最多等多长时间，例如 10s。缺省为30秒。" placeholder:"TIME"`
	Rate         float64       `help:"每秒最多向一台服务器发出多少次请求。缺省为2次，本机和内部网络按应答速度。" placeholder:"N"`
	Own          []string      `help:"同属这个网站的其他主机名，可以用 *.example.gov.cn。" placeholder:"HOST"`
	Name         string        `help:"网站登记的名称，用于核对标题和标签。" placeholder:"NAME"`
	Code         string        `help:"网站标识码，用于核对页脚和标签。" placeholder:"CODE"`
	Department   bool          `help:"部门网站：只判断单项否决，不计分。"`
	IgnoreRobots bool          `help:"不按 robots.txt 回避页面（检查本单位自己的网站时使用）。"`
	NoBrowser    bool          `help:"不用浏览器：由脚本填充的列表不读取，页面不截图。"`
	NoPictures   bool          `help:"不给问题页面截图。"`
	NoProbe      bool          `help:"不检测站内搜索、IPv6 和加密连接。"`
	NoText       bool          `help:"不检查文字内容。"`
}

// Run inspects the site; it fails with exitFound when something is wrong.
func (c InspectSiteCommand) Run(s *shell) error {
	address := c.Address
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	start, ok := crawl.Canonical(address)
	if !ok {
		return fault.Newf(fault.Invalid, "网址 %q 写法不对，请写完整，例如 https://www.example.gov.cn/", c.Address)
	}
	t0, err := monitored(c.T0)
	if err != nil {
		return err
	}
	if c.MaxPages < 0 || c.Rate < 0 || c.MaxTime < 0 || c.Timeout < 0 {
		return fault.New(fault.Invalid, "--max-pages、--rate、--max-time 和 --timeout 不能是负数")
	}
	conf := survey.Config{
		Dir: c.Out, T0: t0, Browser: !c.NoBrowser, Pictures: c.Out != "" && !c.NoPictures, Probe: !c.NoProbe,
		Site: fact.Site{Start: start, Name: c.Name, Code: c.Code, Own: c.Own, Department: c.Department},
		Crawl: crawl.Config{Clock: s.Clock, Agent: identity(), AllowPrivate: c.AllowPrivate, IgnoreRobots: c.IgnoreRobots,
			MaxPages: c.MaxPages, MaxTime: c.MaxTime, Rate: c.Rate, Total: c.Timeout, Idle: c.Timeout / 2, RetryWait: min(c.Timeout, 10*time.Second), Backoff: min(c.Timeout/10, time.Second)},
	}
	if conf.Dir == "" {
		u, err := url.Parse(start)
		if err != nil {
			return err
		}
		conf.Dir = filepath.Join(cacheFolder(), "inspect", strings.NewReplacer(":", "_", "/", "_").Replace(u.Host))
	} else {
		conf.Dir = filepath.Join(c.Out, "state")
	}
	if err := os.MkdirAll(conf.Dir, 0o750); err != nil {
		return fault.Wrap(err, fault.Invalid, "建不了文件夹 "+conf.Dir+"，请检查路径和权限")
	}
	if !c.NoText {
		if conf.Engine, err = checks(); err != nil {
			return err
		}
		pdf := document.NewPDF(cacheFolder())
		defer pdf.Close()
		conf.Documents.PDF = pdf
	}
	// A crawl makes much that is thrown away at once, and little that stays: seldom is
	// collected while memory is small, often near the bound of 1.5 GB.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(1 << 30))
	p := &progress{out: s.Errs, live: terminal(s.Errs)}
	conf.Crawl.Progress, conf.Step = p.stats, p.step
	done, err := survey.Run(s, conf)
	p.end()
	if err != nil {
		return err
	}
	defer done.Close()
	if c.Out != "" {
		if err := report.Write(c.Out, done.Report, report.Extra{Before: done.Before, Proof: done.Kept, Now: s.Clock.Now(), Secret: true}); err != nil {
			return err
		}
	}
	shown := summed(done.Report)
	shown.print(s.Out, done.Report)
	if c.Out != "" {
		s.printf("报告已写到 %s：report.html、findings.xlsx、bulletin.docx、report.json\n", c.Out)
	}
	if shown.wrong > 0 {
		return errFound
	}
	return nil
}

// InspectEvalCommand measures the inspection on websites whose faults are known.
type InspectEvalCommand struct {
	Dirs    []string `arg:"" optional:"" help:"存放网站文件和 truth.json 的文件夹；不写则评测程序自己生成的各种样式的网站。" placeholder:"DIR"`
	Pages   int      `help:"生成的网站各有多少页（50 至 50000）。" default:"300" placeholder:"N"`
	Seed    uint64   `help:"换一个数，生成另一批网站。" default:"1" placeholder:"N"`
	Browser bool     `help:"用浏览器读取由脚本填充的列表。"`
}

// evaluated is a website that can be served and whose faults are known.
type evaluated interface {
	Serve() (address string, shut func(), err error)
	Truth() sitegen.Truth
}

// Run prints precision and recall over all sites.
func (c InspectEvalCommand) Run(s *shell) error {
	t0 := calendar.Day(2026, 6, 30).Start().Add(12 * time.Hour)
	type one struct {
		name string
		site evaluated
	}
	var list []one
	for _, dir := range c.Dirs {
		saved, err := sitegen.DirSite(dir)
		if err != nil {
			return err
		}
		defer saved.Close()
		list = append(list, one{dir, saved})
	}
	if len(c.Dirs) == 0 {
		for _, design := range sitegen.Designs() {
			site, err := sitegen.New(sitegen.Plan{Design: design, Pages: c.Pages, Seed: c.Seed, T0: t0})
			if err != nil {
				return fault.Wrap(err, fault.Invalid, "生成不了样例网站："+err.Error())
			}
			list = append(list, one{fmt.Sprintf("%s，约%d页", design, c.Pages), site})
		}
	}
	engine, err := checks()
	if err != nil {
		return err
	}
	pdf := document.NewPDF(cacheFolder())
	defer pdf.Close()
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	var all sitegen.Score
	for _, o := range list {
		score, err := c.evaluate(s, o.site, engine, document.Reader{PDF: pdf}, t0)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.Errs, "%s：埋设的问题查到 %d，漏 %d，误报 %d\n", o.name, score.Findings.Right, score.Findings.Missed, score.Findings.Wrong)
		all.Add(score)
	}
	all.Print(s.Out)
	return nil
}

func (c InspectEvalCommand) evaluate(s *shell, site evaluated, engine *check.Engine, docs document.Reader, t0 time.Time) (score sitegen.Score, err error) {
	address, shut, err := site.Serve()
	if err != nil {
		return score, err
	}
	defer shut()
	dir, err := os.MkdirTemp("", "gongkai-eval-")
	if err != nil {
		return score, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	registered := site.Truth().Site
	registered.Start = address
	done, err := survey.Run(s, survey.Config{
		Dir: dir, T0: t0, Site: registered, Engine: engine, Documents: docs, Browser: c.Browser, Probe: true,
		Crawl: crawl.Config{Clock: s.Clock, Agent: identity(), AllowPrivate: true, RetryWait: 100 * time.Millisecond, Idle: 3 * time.Second, Total: 6 * time.Second},
	})
	if err != nil {
		return score, err
	}
	defer func() { err = errors.Join(err, done.Close()) }()
	var b bytes.Buffer
	if err := report.JSON(&b, done.Report, report.Extra{Secret: true}); err != nil {
		return score, err
	}
	return sitegen.Compare(b.Bytes(), site.Truth())
}

// identity is the one name under which the command line visits sites.
func identity() string {
	v := version()
	if v == "" {
		v = "dev"
	}
	return "gongkai/" + v
}

// monitored reads a monitoring time point, in Beijing time where no zone stands.
func monitored(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if d, err := calendar.Parse(text); err == nil {
		return d.Start().Add(12 * time.Hour), nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(form, text, calendar.Zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fault.Newf(fault.Invalid, "监测时间点“%s”应写作 2026-06-30 或者 2026-06-30T12:00 的形式", text)
}

// progress says on the screen how far a run is.
type progress struct {
	out   io.Writer
	live  bool // a terminal, whose line can be written again
	last  time.Time
	width int
}

func (p *progress) step(what string) { p.line(what+"……", true) }

func (p *progress) stats(s crawl.Stats) {
	text := fmt.Sprintf("已读 %d 页，待读 %d，文件 %d，外站链接 %d，打不开 %d", s.Pages, s.Queued, s.Files, s.Outside, s.Bad)
	if seconds := s.Ended.Sub(s.Started).Seconds(); seconds > 1 {
		text += fmt.Sprintf("，每秒 %.0f 页", float64(s.Pages)/seconds)
	}
	due := s.Ended.Sub(p.last) >= 10*time.Second
	if due {
		p.last = s.Ended
	}
	p.line(text, due && !p.live)
}

func (p *progress) line(text string, whole bool) {
	switch {
	case p.live && !whole:
		fmt.Fprintf(p.out, "\r%s%s", text, strings.Repeat(" ", max(0, p.width-len(text))))
		p.width = len(text)
	case p.live:
		fmt.Fprintf(p.out, "\r%s%s\n", text, strings.Repeat(" ", max(0, p.width-len(text))))
		p.width = 0
	case whole:
		fmt.Fprintln(p.out, text)
	}
}

func (p *progress) end() {
	if p.live && p.width > 0 {
		fmt.Fprintln(p.out)
	}
}

// terminal tells whether what is written can be written over.
func terminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// screen is what is shown shows of a report.
type screen struct {
	wrong, proposed, open int
	checks                []counted
}

type counted struct {
	check, what string
	n           int
}

func summed(r *fact.Report) screen {
	var s screen
	at := map[string]int{}
	for _, f := range r.Findings {
		switch f.State {
		case fact.Fail:
			s.wrong++
		case fact.Proposed:
			s.proposed++
		default:
			s.open++
		}
		i, known := at[f.Check]
		if !known {
			i = len(s.checks)
			at[f.Check] = i
			s.checks = append(s.checks, counted{check: f.Check, what: f.What})
		}
		s.checks[i].n++
	}
	slices.SortStableFunc(s.checks, func(a, b counted) int { return b.n - a.n })
	return s
}

func (s screen) print(out io.Writer, r *fact.Report) {
	fmt.Fprintf(out, "%s\n监测时间点 %s，读取 %d 页，栏目 %d 个，信息 %d 条\n", r.Site, r.T0.In(calendar.Zone).Format("2006-01-02 15:04"), r.Pages, len(r.Columns), len(r.Items))
	if r.Stopped != "" {
		fmt.Fprintf(out, "本次没有读完：%s。再次运行从停下的地方继续。\n", strings.TrimRight(r.Stopped, "。"))
	}
	for _, line := range r.Result.Unqualified {
		fmt.Fprintf(out, "单项否决：%s\n", line)
	}
	for _, line := range r.Result.Waiting {
		fmt.Fprintf(out, "待确认的单项否决：%s\n", line)
	}
	fmt.Fprintf(out, "问题 %d 处，需要人工确认 %d 处，未能判断 %d 处\n", s.wrong, s.proposed, s.open)
	for _, c := range s.checks {
		fmt.Fprintf(out, "  %-8s %5d  %s\n", c.check, c.n, c.what)
	}
}

// DemoSiteCommand serves the website of the demonstration district.
type DemoSiteCommand struct {
	Listen string `help:"监听地址。" default:"127.0.0.1:8091" placeholder:"HOST:PORT"`
}

// Run serves until it is told to end.
func (c DemoSiteCommand) Run(s *shell) error {
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fault.Wrap(err, fault.Conflict, "演示网站打不开端口 "+c.Listen+"，可能已有另一个演示网站在运行")
	}
	s.printf("演示网站：http://%s/\n", listener.Addr())
	return demosite.Serve(s, listener, func() calendar.Date { return calendar.Of(s.Clock.Now()) })
}
