// Command gongkai runs the open-government work of a district: the platform,
// and everything an administrator does with it from a shell.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/alecthomas/kong"

	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
)

// Exit codes, for scripts.
const (
	exitOK      = 0
	exitFailed  = 1 // the machine or the program failed
	exitUsage   = 2 // the command line was wrong
	exitInvalid = 3 // the input was refused: a file, a name, a date
	exitFound   = 4 // a check found something wrong: the audit chain, a calendar
)

// Commands is the whole command line.
type Commands struct {
	Config string `help:"配置文件（TOML）。缺省读 GONGKAI_CONFIG，再读数据目录下的 gongkai.toml。" placeholder:"FILE" env:"GONGKAI_CONFIG"`

	Serve      ServeCommand      `cmd:"" help:"启动平台。"`
	Init       InitCommand       `cmd:"" help:"建立一个新的区县：数据库、密钥、三员账号。"`
	Demo       DemoCommand       `cmd:"" help:"建立演示区县（已有数据时不改动）。"`
	Plan       PlanCommand       `cmd:"" help:"任务分工：解析、导入、评测。"`
	Check      CheckCommand      `cmd:"" help:"检查文本和办公文件（gongkai check FILE…）：用词、名称、数字、格式、个人信息、密级、隐藏内容。"`
	Inspect    InspectCommand    `cmd:"" help:"检查一个网站（gongkai inspect https://…）：打开、更新、链接、标签、文字，按全国检查指标出报告。"`
	User       UserCommand       `cmd:"" help:"账号：新增、列表、重置密码、停用。"`
	Org        OrgCommand        `cmd:"" help:"单位和人员：导入、导出。"`
	Backup     BackupCommand     `cmd:"" help:"备份整个平台（运行中也可以）。"`
	Restore    RestoreCommand    `cmd:"" help:"把备份恢复到空的数据库。"`
	Keys       KeysCommand       `cmd:"" help:"密钥：新增、轮换。"`
	Audit      AuditCommand      `cmd:"" help:"审计链：核验、导出、签署检查点。"`
	Calendar   CalendarCommand   `cmd:"" help:"工作日历：推算期限、查看年度安排、检查。"`
	DemoSite   DemoSiteCommand   `cmd:"" name:"demo-site" help:"提供演示区县的政府网站，供网站检查使用。"`
	Docs       DocsCommand       `cmd:"" help:"生成开发文档中的流程图、检查项和配置表。" hidden:""`
	Completion CompletionCommand `cmd:"" help:"输出命令补全脚本（bash、zsh、fish）。"`
	Version    VersionCommand    `cmd:"" help:"显示版本。"`
}

// shell is what a command is given: where to print, and what was typed.
type shell struct {
	context.Context
	Clock     clock.Clock
	In        io.Reader
	Out, Errs io.Writer
	Config    string // path of the configuration file, "" for the default
}

func (s *shell) printf(format string, args ...any) { fmt.Fprintf(s.Out, format, args...) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run reads a command line and carries it out; it returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	return runAt(ctx, clock.System{}, args, in, out, errs)
}

// runAt is run by another clock than the machine's.
func runAt(ctx context.Context, now clock.Clock, args []string, in io.Reader, out, errs io.Writer) int {
	var cli Commands
	exit := -1
	parser, err := kong.New(&cli, kong.Name("gongkai"),
		kong.Description("公开：区县政务公开工作平台。"),
		kong.Help(help), kong.ShortHelp(help), kong.Writers(out, errs), kong.Exit(func(code int) { exit = code }),
		kong.HelpOptions{NoExpandSubcommands: true})
	if err != nil {
		fmt.Fprintln(errs, err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parser.Model.HelpFlag.Help = "显示用法。"
	// Help is printed while parsing, and parsing then goes on with what is left.
	k, err := parser.Parse(numbers(args))
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintln(errs, "gongkai: "+usage(err))
		at := asked(parser.Model.Node, err)
		fmt.Fprintf(errs, "用法：%s\n用 %s --help 查看说明。\n", summary(at), at.FullPath())
		return exitUsage
	}
	s := &shell{Context: ctx, Clock: now, In: in, Out: out, Errs: errs, Config: cli.Config}
	return code(errs, k.Run(s, parser.Model))
}

// numbers keeps an argument such as -5 from being taken for an option: no option
// of ours is a number.
func numbers(args []string) []string {
	for i, arg := range args {
		switch {
		case arg == "--":
			return args
		case len(arg) > 1 && arg[0] == '-' && arg[1] >= '0' && arg[1] <= '9':
			return slices.Insert(slices.Clone(args), i, "--")
		}
	}
	return args
}

// found is what a check returns when it ran and found something wrong; what it
// found is printed already.
var errFound = errors.New("the check found something wrong")

// code turns what a command returned into an exit code, and says what went wrong.
func code(errs io.Writer, err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFound):
		return exitFound
	}
	text := fault.Text(err)
	if text == "" {
		text = err.Error()
	}
	fmt.Fprintln(errs, "gongkai: "+text)
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Conflict, fault.Forbidden, fault.Gone, fault.TooMany:
		return exitInvalid
	}
	return exitFailed
}
