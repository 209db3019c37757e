package main

import (
	"context"

	"gongkai/app"
	"gongkai/kernel/account"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
)

// UserCommand holds the commands about accounts. They act as the system, for
// whoever may use the machine's shell; the audit record says so.
type UserCommand struct {
	Add     UserAddCommand     `cmd:"" help:"给一个人开通账号，打印初始密码。"`
	List    UserListCommand    `cmd:"" help:"列出账号。"`
	Reset   UserResetCommand   `cmd:"" help:"重置密码、解除锁定，打印新的初始密码。"`
	Disable UserDisableCommand `cmd:"" help:"停用账号，结束全部登录。"`
}

// UserAddCommand opens an account for somebody.
type UserAddCommand struct {
	Login  string `arg:"" help:"用户名。" placeholder:"用户名"`
	Person string `help:"工号；没有工号时写姓名。" required:"" placeholder:"工号"`
}

// Run opens the account.
func (c UserAddCommand) Run(s *shell) error {
	return s.house(func(ctx context.Context, a *app.App) error {
		people, err := a.Org.People(ctx, org.PeopleAsk{Text: c.Person})
		if err != nil {
			return err
		}
		if people.Total != 1 {
			return fault.Newf(fault.NotFound, "有 %d 个在岗人员符合“%s”，请写准确的工号；人员先用 gongkai org import 或网页新增", people.Total, c.Person)
		}
		password, err := a.Accounts.CreateAccount(ctx, org.System, people.Rows[0].ID, c.Login)
		if err != nil {
			return err
		}
		s.printf("已为%s开通账号 %s，初始密码（只显示这一次）：%s\n", people.Rows[0].Name, c.Login, password)
		return nil
	})
}

// UserListCommand lists accounts.
type UserListCommand struct {
	Text string `arg:"" optional:"" help:"用户名或姓名中的字。" placeholder:"文字"`
}

// Run prints all accounts that match.
func (c UserListCommand) Run(s *shell) error {
	return s.house(func(ctx context.Context, a *app.App) error {
		rows := [][]string{{"用户名", "姓名", "状态", "动态口令"}}
		for n := 1; ; n++ {
			list, err := a.Accounts.Accounts(ctx, account.Ask{Text: c.Text, Page: page.Ask{Number: n, Size: page.Max}})
			if err != nil {
				return err
			}
			for _, one := range list.Rows {
				p, err := a.Org.Person(ctx, one.Person)
				if err != nil {
					return err
				}
				locked, err := a.Accounts.Locked(ctx, one)
				if err != nil {
					return err
				}
				state, totp := "正常", "未启用"
				switch {
				case one.Disabled:
					state = "已停用"
				case !p.Active:
					state = "人员已离岗"
				case locked != "":
					state = "锁定，还有 " + locked
				case one.MustChange:
					state = "待改初始密码"
				}
				if one.TOTPOn {
					totp = "已启用"
				}
				rows = append(rows, []string{one.Login, p.Name, state, totp})
			}
			if n >= list.Pages() {
				s.table(rows...)
				return nil
			}
		}
	})
}

// UserResetCommand gives a first password again.
type UserResetCommand struct {
	Login  string `arg:"" help:"用户名。" placeholder:"用户名"`
	Reason string `help:"原因，写入审计记录。" default:"命令行重置" placeholder:"原因"`
}

// Run resets the password.
func (c UserResetCommand) Run(s *shell) error {
	return s.house(func(ctx context.Context, a *app.App) error {
		person, err := accountNamed(ctx, a, c.Login)
		if err != nil {
			return err
		}
		password, err := a.Accounts.ResetPassword(ctx, org.System, person, c.Reason)
		if err != nil {
			return err
		}
		s.printf("%s 的新初始密码（只显示这一次）：%s\n", c.Login, password)
		return nil
	})
}

// UserDisableCommand shuts an account.
type UserDisableCommand struct {
	Login  string `arg:"" help:"用户名。" placeholder:"用户名"`
	Reason string `help:"原因，写入审计记录。" default:"命令行停用" placeholder:"原因"`
}

// Run disables the account.
func (c UserDisableCommand) Run(s *shell) error {
	return s.house(func(ctx context.Context, a *app.App) error {
		person, err := accountNamed(ctx, a, c.Login)
		if err != nil {
			return err
		}
		if err := a.Accounts.Disable(ctx, org.System, person, c.Reason); err != nil {
			return err
		}
		s.printf("账号 %s 已停用。\n", c.Login)
		return nil
	})
}

// accountNamed finds whose account a login name is.
func accountNamed(ctx context.Context, a *app.App, login string) (id.ID, error) {
	list, err := a.Accounts.Accounts(ctx, account.Ask{Text: login, Page: page.Ask{Size: page.Max}})
	if err != nil {
		return "", err
	}
	for _, one := range list.Rows {
		if one.Login == login {
			return one.Person, nil
		}
	}
	return "", fault.Newf(fault.NotFound, "没有账号“%s”，用 gongkai user list 查看", login)
}
