package main

import (
	"context"
	"errors"
	"io"
	"os"

	"gongkai/app"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/store"
)

// BackupCommand writes the whole house into one file while it runs.
type BackupCommand struct {
	File  string `arg:"" help:"备份文件；- 为标准输出。已有的文件不会覆盖。" placeholder:"FILE"`
	Check bool   `help:"不备份，只检查这个备份文件是否完整；不完整时退出码为 4。"`
}

// Run writes the backup, or checks one.
func (c BackupCommand) Run(s *shell) error {
	if c.Check {
		f, err := os.Open(c.File)
		if err != nil {
			return fault.Wrap(err, fault.NotFound, "打不开文件 "+c.File+"，请检查路径和权限")
		}
		defer f.Close()
		m, err := store.Inspect(f)
		if fault.Is(err, fault.Invalid) {
			s.printf("%s 不完整、已损坏，或者不是备份文件。\n", c.File)
			return errFound
		}
		if err != nil {
			return err
		}
		s.printf("备份完整：%s，%d 张表 %d 行，%d 个文件。\n", m.At.In(calendar.Zone).Format(moment), len(m.Tables), m.Rows(), len(m.Files))
		return nil
	}
	return s.house(func(ctx context.Context, a *app.App) error {
		var m store.Manifest
		do := func(w io.Writer) (err error) {
			m, err = store.Backup(ctx, a.DB, a.Files, w)
			return err
		}
		if c.File == "-" {
			return do(s.Out)
		}
		if err := s.write(c.File, do); err != nil {
			return err
		}
		s.printf("%d 张表 %d 行，%d 个文件。密钥不在备份里，请另行保管 %s。\n", len(m.Tables), m.Rows(), len(m.Files), a.Config.KeyringPath())
		return nil
	})
}

// RestoreCommand brings a backup into an empty database, of either kind.
type RestoreCommand struct {
	File string `arg:"" help:"备份文件；- 为标准输入。" placeholder:"FILE"`
}

// Run restores. The keyring must be in its place first: without it the house
// could not be read.
func (c RestoreCommand) Run(s *shell) (err error) {
	in := s.In
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return fault.Wrap(err, fault.NotFound, "打不开文件 "+c.File+"，请检查路径和权限")
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		in = f
	}
	cfg, err := s.load()
	if err != nil {
		return err
	}
	if !app.Exists(cfg) {
		return fault.Newf(fault.NotFound, "没有找到密钥文件 %s；请先把密钥备份放到这里，再恢复数据", cfg.KeyringPath())
	}
	return s.house(func(ctx context.Context, a *app.App) error {
		m, err := store.Restore(ctx, a.DB, a.Files, in)
		if err != nil {
			return err
		}
		s.printf("已恢复 %s 的备份：%d 张表 %d 行，%d 个文件。请运行 gongkai audit verify 核验审计链。\n",
			m.At.In(calendar.Zone).Format(moment), len(m.Tables), m.Rows(), len(m.Files))
		return nil
	})
}
