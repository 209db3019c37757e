package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"gongkai/kernel/account"
	"gongkai/kernel/audit"
	"gongkai/kernel/clock"
	"gongkai/kernel/config"
	"gongkai/kernel/fault"
	"gongkai/kernel/org"
	"gongkai/kernel/secret"
)

// Exists reports whether a house was set up with this configuration.
func Exists(cfg config.Config) bool {
	_, err := os.Stat(cfg.KeyringPath())
	return err == nil
}

// Init sets up the house of a new district: folders, keys, the configuration
// file, the office and the three administrators, whose first passwords are
// returned once. A house that is there is never touched: fault.Conflict.
func Init(ctx context.Context, cfg config.Config, now clock.Clock, log *slog.Logger) (first []account.First, err error) {
	if strings.TrimSpace(cfg.District.Name) == "" {
		return nil, fault.New(fault.Invalid, "请用 --name 给出区县名称，例如 --name 江澄区")
	}
	if Exists(cfg) {
		return nil, fault.Newf(fault.Conflict, "%s 已存在，这里已经建立过平台，没有改动任何内容；要重新建立，请换一个数据目录", cfg.KeyringPath())
	}
	undo, err := lay(cfg)
	defer func() {
		if err != nil {
			undo()
		}
	}()
	if err != nil {
		return nil, err
	}
	a, err := Open(ctx, cfg, now, log)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	office, err := a.Org.PutUnit(ctx, org.System, org.Unit{Name: cfg.District.Office, Type: org.Office, Seq: 1})
	if err != nil {
		return nil, err
	}
	return a.Accounts.Init(ctx, office)
}

// lay makes the keys and the configuration file of a new house. undo takes away
// again what it made, and the database file that came after.
func lay(cfg config.Config) (undo func(), err error) {
	var made []string
	undo = func() {
		for _, path := range made {
			_ = os.Remove(path) // nothing of value is in it yet
		}
	}
	if err := os.MkdirAll(cfg.Data, 0o750); err != nil {
		return undo, fault.Wrap(err, fault.Unavailable, "无法建立数据目录 "+cfg.Data+"，请检查路径和权限")
	}
	if cfg.Database == "" {
		db := filepath.Join(cfg.Data, "gongkai.db")
		if _, err := os.Stat(db); err == nil {
			return undo, fault.Newf(fault.Conflict, "%s 已存在但没有密钥文件，可能是未恢复完整的备份；没有改动任何内容", db)
		}
		made = append(made, db, db+"-wal", db+"-shm")
	}
	if err := secret.Create(cfg.KeyringPath()); err != nil {
		return undo, err
	}
	made = append(made, cfg.KeyringPath())
	if _, err := os.Stat(auditKeyPath(cfg)); errors.Is(err, os.ErrNotExist) {
		if _, err := audit.NewKey(auditKeyPath(cfg)); err != nil {
			return undo, err
		}
		made = append(made, auditKeyPath(cfg))
	}
	path := filepath.Join(cfg.Data, "gongkai.toml")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if errors.Is(err, os.ErrExist) {
		return undo, nil // written by hand before; it stands
	}
	if err != nil {
		return undo, err
	}
	made = append(made, path)
	_, err = f.WriteString(settings(cfg))
	return undo, errors.Join(err, f.Close())
}

// settings is the configuration file of a new house.
func settings(cfg config.Config) string {
	var b strings.Builder
	b.WriteString("# 平台配置。全部配置项见 docs/config.md；每一项也可以用环境变量设置。\n\n")
	if cfg.Control != config.Default().Control {
		fmt.Fprintf(&b, "control = %s\n\n", strconv.Quote(cfg.Control))
	}
	if cfg.Allow != "" {
		fmt.Fprintf(&b, "allow = %s\n\n", strconv.Quote(cfg.Allow))
	}
	b.WriteString("[district]\n")
	d := cfg.District
	for _, line := range [][2]string{{"name", d.Name}, {"parent", d.Parent}, {"government", d.Government}, {"office", d.Office},
		{"sponsor", d.Sponsor}, {"keeper", d.Keeper}, {"contact", d.Contact}} {
		if line[1] != "" {
			fmt.Fprintf(&b, "%s = %s\n", line[0], strconv.Quote(line[1]))
		}
	}
	if !cfg.Account.TOTP {
		b.WriteString("\n[account]\n# 仅供演示：三员登录不要求动态口令\ntotp = false\n")
	}
	return b.String()
}
