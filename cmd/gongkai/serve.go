package main

import (
	"context"
	"log/slog"
	"strings"

	"gongkai/app"
	"gongkai/kernel/config"
)

// ServeCommand runs the platform until it is told to stop.
type ServeCommand struct {
	Listen string `help:"监听地址，优先于配置。" placeholder:"ADDRESS"`
}

// Run answers browsers and runs the jobs.
func (c ServeCommand) Run(s *shell) error {
	cfg, err := s.load()
	if err != nil {
		return err
	}
	if c.Listen != "" {
		cfg.Listen = c.Listen
	}
	return s.open(cfg, func(a *app.App) error {
		return a.Serve(s, func(address string) {
			s.printf("gongkai 已启动：http://%s/  工作台 http://%[1]s/desk\n按 Ctrl+C 停止。\n", address)
		})
	})
}

// load reads the configuration.
func (s *shell) load() (config.Config, error) { return config.FromEnvironment(s.Config) }

// log writes to the error output, in the form the configuration names; quiet
// commands only say what went wrong.
func (s *shell) log(cfg config.Config, level slog.Level) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if cfg.Log == "json" {
		return slog.New(slog.NewJSONHandler(s.Errs, o))
	}
	return slog.New(slog.NewTextHandler(s.Errs, o))
}

// open opens the house of a configuration for a command that serves.
func (s *shell) open(cfg config.Config, do func(*app.App) error) error {
	return s.with(cfg, slog.LevelInfo, do)
}

func (s *shell) with(cfg config.Config, level slog.Level, do func(*app.App) error) (err error) {
	a, err := app.Open(s, cfg, s.Clock, s.log(cfg, level))
	if err != nil {
		return err
	}
	defer func() {
		if e := a.Close(); err == nil {
			err = e
		}
	}()
	return do(a)
}

// house opens the house of the configuration for a command.
func (s *shell) house(do func(context.Context, *app.App) error) error {
	cfg, err := s.load()
	if err != nil {
		return err
	}
	return s.with(cfg, slog.LevelWarn, func(a *app.App) error { return do(s, a) })
}

// table prints rows whose columns are aligned as a terminal shows them.
func (s *shell) table(rows ...[]string) {
	var widths []int
	for _, r := range rows {
		for i, cell := range r {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(cell))
		}
	}
	for _, r := range rows {
		var line strings.Builder
		for i, cell := range r {
			line.WriteString(cell + strings.Repeat(" ", widths[i]-columns(cell)+2))
		}
		s.printf("%s\n", strings.TrimRight(line.String(), " "))
	}
}
