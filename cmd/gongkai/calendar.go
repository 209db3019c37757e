package main

import (
	"context"
	"fmt"

	"gongkai/app"
	"gongkai/kernel/calendar"
)

// CalendarCommand holds the commands about working days. They use the calendar
// of the house, and the one that comes with the program where there is no house.
type CalendarCommand struct {
	Add     CalendarAddCommand     `cmd:"" help:"推算期限：从某日起若干工作日（日、月）后是哪一天。"`
	Between CalendarBetweenCommand `cmd:"" help:"两个日期之间有几个工作日。"`
	Explain CalendarExplainCommand `cmd:"" help:"逐日说明一个期限是怎么算出来的。"`
	Year    CalendarYearCommand    `cmd:"" help:"显示一年的放假安排和工作日。"`
	Check   CalendarCheckCommand   `cmd:"" help:"检查节假日数据；有错误时退出码为 4。"`
}

// days runs a command on the calendar in force.
func (s *shell) days(do func(*calendar.Calendar) (string, error)) error {
	cfg, err := s.load()
	if err != nil {
		return err
	}
	show := func(c *calendar.Calendar) error {
		text, err := do(c)
		fmt.Fprint(s.Out, text)
		return err
	}
	if !app.Exists(cfg) {
		return show(calendar.Default())
	}
	return s.house(func(_ context.Context, a *app.App) error { return show(a.Days()) })
}

// CalendarAddCommand counts a deadline.
type CalendarAddCommand struct {
	Day    string `arg:"" help:"起算日，如 2026-09-10。" placeholder:"日期"`
	Period string `arg:"" help:"期限，如 20（工作日）、30日、6个月；负数从该日向前数。" placeholder:"期限"`
}

// Run prints the last day.
func (c CalendarAddCommand) Run(s *shell) error {
	return s.days(func(d *calendar.Calendar) (string, error) { return d.AddText(c.Day, c.Period) })
}

// CalendarBetweenCommand counts working days between two days.
type CalendarBetweenCommand struct {
	From string `arg:"" help:"开始日期（不计）。" placeholder:"日期"`
	To   string `arg:"" help:"结束日期（计入）。" placeholder:"日期"`
}

// Run prints the number.
func (c CalendarBetweenCommand) Run(s *shell) error {
	return s.days(func(d *calendar.Calendar) (string, error) { return d.BetweenText(c.From, c.To) })
}

// CalendarExplainCommand explains a deadline day by day.
type CalendarExplainCommand struct {
	Day    string   `arg:"" help:"起算日，如 2026-03-02。" placeholder:"日期"`
	Period string   `arg:"" help:"期限，如 20（工作日）、30日、6个月。" placeholder:"期限"`
	Pause  []string `arg:"" optional:"" help:"暂停，如 2026-03-05..2026-03-20=征求意见；还没有恢复的不写结束日期。" placeholder:"暂停"`
}

// Run prints the days.
func (c CalendarExplainCommand) Run(s *shell) error {
	return s.days(func(d *calendar.Calendar) (string, error) { return d.ExplainText(c.Day, c.Period, c.Pause...) })
}

// CalendarYearCommand shows a year.
type CalendarYearCommand struct {
	Year string `arg:"" help:"年份，如 2026。" placeholder:"年份"`
}

// Run prints the year.
func (c CalendarYearCommand) Run(s *shell) error {
	return s.days(func(d *calendar.Calendar) (string, error) { return d.YearText(c.Year) })
}

// CalendarCheckCommand checks the data of all years.
type CalendarCheckCommand struct{}

// Run prints every problem.
func (CalendarCheckCommand) Run(s *shell) error {
	return s.days(func(d *calendar.Calendar) (string, error) {
		text, wrong := d.CheckText(calendar.Of(s.Clock.Now()))
		if wrong > 0 {
			return text, errFound
		}
		return text, nil
	})
}
