package main

import (
	"context"

	"gongkai/app"
	"gongkai/kernel/fault"
	"gongkai/kernel/secret"
)

// KeysCommand holds the commands about the keys that seal personal data.
type KeysCommand struct {
	Add    KeysAddCommand    `cmd:"" help:"在密钥文件末尾新增一把密钥；重启后，新写入的个人信息用它加密。"`
	Rotate KeysRotateCommand `cmd:"" help:"用最新的密钥重新加密已有的个人信息；运行中可以执行，中断后可以重来。"`
}

// KeysAddCommand appends a key to the keyring.
type KeysAddCommand struct{}

// Run adds the key and says what comes next.
func (KeysAddCommand) Run(s *shell) error {
	cfg, err := s.load()
	if err != nil {
		return err
	}
	if !app.Exists(cfg) {
		return fault.Newf(fault.NotFound, "没有找到密钥文件 %s", cfg.KeyringPath())
	}
	name, err := secret.AddKey(cfg.KeyringPath())
	if err != nil {
		return err
	}
	s.printf("已在 %s 新增密钥 %s。\n下一步：1. 备份密钥文件；2. 复制到每一台机器并重启 gongkai serve；3. 运行 gongkai keys rotate --restarted。\n", cfg.KeyringPath(), name)
	return nil
}

// KeysRotateCommand seals everything with the newest key.
type KeysRotateCommand struct {
	Restarted bool `help:"确认新增密钥之后，所有机器上的 gongkai serve 都已用新的密钥文件重启。没有重启的程序读不了新密钥加密的内容。"`
}

// Run rotates and prints how far it is.
func (c KeysRotateCommand) Run(s *shell) error {
	if !c.Restarted {
		return fault.New(fault.Invalid, "请先用新的密钥文件重启所有机器上的 gongkai serve，再加 --restarted 执行；没有重启的程序读不了新密钥加密的内容")
	}
	return s.house(func(ctx context.Context, a *app.App) error {
		shown := 0
		total, err := a.RotateKeys(ctx, func(n int) {
			if n-shown >= 1000 {
				s.printf("已重新加密 %d 项……\n", n)
				shown = n
			}
		})
		if err != nil {
			return err
		}
		s.printf("重新加密 %d 项，完成。旧密钥在所有用它的备份过期之前不要删除。\n", total)
		return nil
	})
}
