package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"time"

	"gongkai/app"
	"gongkai/kernel/audit"
	"gongkai/kernel/clock"
	"gongkai/kernel/config"
)

// BenchCommand measures a fresh demonstration district on this machine.
type BenchCommand struct {
	Requests int `default:"500" help:"每个页面请求多少次。" placeholder:"次数"`
}

// Run makes the district in a temporary folder, serves it and measures.
func (c BenchCommand) Run(s *shell) (err error) {
	data, err := os.MkdirTemp("", "gongkai-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	cfg := config.Default()
	cfg.Data, cfg.Listen = data, "127.0.0.1:0"
	now := clock.System{}
	begun := now.Now()
	if _, err := app.Demo(s, cfg, now, s.log(cfg, 8)); err != nil {
		return err
	}
	s.printf("建立演示区县 %.1f 秒\n", now.Now().Sub(begun).Seconds())
	return s.with(app.DemoConfig(cfg), 8, func(a *app.App) error {
		begun := now.Now()
		report, err := audit.Verify(s, a.DB, a.Trust())
		if err != nil {
			return err
		}
		s.printf("核验审计链 %d 条 %.2f 秒\n", report.Records, now.Now().Sub(begun).Seconds())
		ctx, stop := context.WithCancel(s)
		defer stop()
		at, ended := make(chan string, 1), make(chan error, 1)
		go func() { ended <- a.Serve(ctx, func(address string) { at <- address }) }()
		select {
		case err := <-ended:
			return err
		case address := <-at:
			rows := [][]string{{"页面", "中位数", "95%", "最慢"}}
			for _, path := range []string{"/healthz", "/", "/sign-in"} {
				row, err := c.measure(now, "http://"+address+path)
				if err != nil {
					return err
				}
				rows = append(rows, append([]string{path}, row...))
			}
			s.table(rows...)
		}
		stop()
		return <-ended
	})
}

// measure asks for one page again and again, below the rate that one address is
// allowed.
func (c BenchCommand) measure(now clock.Clock, url string) ([]string, error) {
	took := make([]time.Duration, 0, c.Requests)
	for range c.Requests {
		begun := now.Now()
		answer, err := http.Get(url)
		if err != nil {
			return nil, err
		}
		_, err = io.Copy(io.Discard, answer.Body)
		if err := errors.Join(err, answer.Body.Close()); err != nil {
			return nil, err
		}
		if answer.StatusCode == http.StatusTooManyRequests {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		took = append(took, now.Now().Sub(begun))
	}
	if len(took) == 0 {
		return nil, errors.New("no page was answered")
	}
	slices.Sort(took)
	ms := func(share float64) string {
		return fmt.Sprintf("%.2f 毫秒", float64(took[int(share*float64(len(took)-1))].Microseconds())/1000)
	}
	return []string{ms(0.5), ms(0.95), ms(1)}, nil
}
