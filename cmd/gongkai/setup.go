package main

import (
	"log/slog"
	"strings"

	"gongkai/app"
	"gongkai/kernel/fault"
)

// InitCommand sets up the house of a new district.
type InitCommand struct {
	Name   string `help:"区县名称，例如 江澄区。" placeholder:"区县"`
	Full   string `help:"带上级名称的全称，例如 江州市江澄区；用于识别单位全称。" placeholder:"全称"`
	Office string `help:"统筹政务公开的单位。缺省：区政府办公室。" placeholder:"单位"`
}

// Run makes the house and prints the first passwords, once.
func (c InitCommand) Run(s *shell) error {
	cfg, err := s.load()
	if err != nil {
		return err
	}
	if c.Name != "" {
		cfg.District.Name = strings.TrimSpace(c.Name)
	}
	if c.Full != "" {
		parent, ok := strings.CutSuffix(strings.TrimSpace(c.Full), cfg.District.Name)
		if !ok {
			return fault.Newf(fault.Invalid, "全称“%s”应以区县名称“%s”结尾", c.Full, cfg.District.Name)
		}
		cfg.District.Parent = parent
	}
	if c.Office != "" {
		cfg.District.Office = strings.TrimSpace(c.Office)
	}
	first, err := app.Init(s, cfg, s.Clock, s.log(cfg, slog.LevelWarn))
	if err != nil {
		return err
	}
	s.printf("已建立%s的平台。数据目录：%s\n\n三员账号和初始密码（只显示这一次，第一次登录必须修改）：\n", cfg.District.Name, cfg.Data)
	rows := [][]string{{"  用户名", "初始密码", "角色"}}
	for _, one := range first {
		rows = append(rows, []string{"  " + one.Login, one.Password, one.Role.Title()})
	}
	s.table(rows...)
	s.printf("\n请立即备份密钥文件 %s 和同目录的 audit.pem，并与数据分开保管：没有密钥，备份中的个人信息无法读取。\n下一步：运行 gongkai serve，用系统管理员账号登录，导入单位和人员；或先用 gongkai org template 取得模板、用 gongkai org import 导入。\n", cfg.KeyringPath())
	return nil
}

// DemoCommand makes a demonstration district.
type DemoCommand struct{}

// Run makes the demonstration where nothing is yet, and prints who can sign in.
func (DemoCommand) Run(s *shell) error {
	cfg, err := s.load()
	if err != nil {
		return err
	}
	if !app.Exists(cfg) {
		s.printf("正在建立演示区县……\n")
	}
	d, err := app.Demo(s, cfg, s.Clock, s.log(cfg, slog.LevelWarn))
	if err != nil {
		return err
	}
	if d.Made {
		s.printf("已建立演示区县，数据目录：%s\n", cfg.Data)
	} else {
		s.printf("已有数据，不改动。数据目录：%s\n", cfg.Data)
	}
	if len(d.Accounts) == 0 {
		s.printf("这里不是演示区县，请用已有的账号登录。\n")
		return nil
	}
	s.printf("\n演示账号（密码都是 %s）：\n", app.DemoPassword)
	rows := [][]string{{"  用户名", "姓名", "单位", "角色"}}
	for _, a := range d.Accounts {
		rows = append(rows, []string{"  " + a.Login, a.Name, a.Unit, a.Roles})
	}
	s.table(rows...)
	s.printf("\n登录地址：http://%s/desk\n", cfg.Listen)
	return nil
}
