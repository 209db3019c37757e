package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"
	"golang.org/x/text/width"
)

// help prints what a command is for and how it is called, in Chinese; kong's own
// printer speaks English.
func help(_ kong.HelpOptions, k *kong.Context) error {
	node := k.Selected()
	if node == nil {
		node = k.Model.Node
	}
	var b strings.Builder
	fmt.Fprintf(&b, "用法：%s\n", summary(node))
	if node.Help != "" {
		fmt.Fprintf(&b, "\n%s\n", node.Help)
	}
	if node.Detail != "" {
		fmt.Fprintf(&b, "\n%s\n", node.Detail)
	}
	var rows [][2]string
	for _, c := range node.Children {
		if !c.Hidden {
			rows = append(rows, [2]string{c.Name, c.Help})
		}
	}
	section(&b, "命令", rows)
	rows = nil
	for _, p := range node.Positional {
		rows = append(rows, [2]string{placeholder(p), p.Help})
	}
	section(&b, "参数", rows)
	rows = nil
	for _, group := range node.AllFlags(true) {
		for _, f := range group {
			rows = append(rows, [2]string{flagText(f), f.Help})
		}
	}
	section(&b, "选项", rows)
	if node == k.Model.Node {
		b.WriteString("\n用 gongkai 命令 --help 查看一个命令的用法。\n退出码：0 成功，1 运行出错，2 用法错误，3 输入被拒绝，4 检查发现问题。\n")
	}
	_, err := fmt.Fprint(k.Stdout, b.String())
	return err
}

// summary is the line that shows how a command is called.
func summary(n *kong.Node) string {
	parts := []string{n.FullPath()}
	for _, p := range n.Positional {
		name := placeholder(p)
		if !p.Required {
			name = "[" + name + "]"
		}
		parts = append(parts, name)
	}
	if len(n.Children) > 0 {
		parts = append(parts, "命令")
	}
	return strings.Join(append(parts, "[选项]"), " ")
}

func placeholder(p *kong.Positional) string {
	name := strings.ToUpper(p.Name)
	if p.Tag.PlaceHolder != "" {
		name = p.Tag.PlaceHolder
	}
	if p.IsCumulative() {
		name += "…"
	}
	return name
}

func flagText(f *kong.Flag) string {
	text := "    --" + f.Name
	if f.Short != 0 {
		text = fmt.Sprintf("-%c, --%s", f.Short, f.Name)
	}
	if !f.IsBool() {
		name := f.PlaceHolder
		if name == "" {
			name = strings.ToUpper(f.Name)
		}
		text += "=" + name
	}
	return text
}

// section prints a table of two columns, aligned as a terminal shows it: a
// Chinese character is two columns wide.
func section(b *strings.Builder, title string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s：\n", title)
	most := 0
	for _, r := range rows {
		most = max(most, columns(r[0]))
	}
	for _, r := range rows {
		fmt.Fprintf(b, "  %s%s  %s\n", r[0], strings.Repeat(" ", most-columns(r[0])), r[1])
	}
}

func columns(text string) int {
	n := 0
	for _, r := range text {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// usages turn kong's English into Chinese, by pattern.
var usages = []struct {
	pattern *regexp.Regexp
	text    string
}{
	{regexp.MustCompile(`^unknown flag (\S+?)(?:, did you mean "?([^"?]+)"?\?)?$`), "没有选项 $1"},
	{regexp.MustCompile(`^unexpected argument (\S+?)(?:, did you mean .*)?$`), "没有命令或参数 $1"},
	{regexp.MustCompile(`^expected one of (.+)$`), "请给出下列命令之一：$1"},
	{regexp.MustCompile(`^missing flags: (.+)$`), "缺少选项 $1"},
	{regexp.MustCompile(`^expected "(.+)"$`), "缺少参数 $1"},
	{regexp.MustCompile(`^(\S+): expected .* value.*$`), "选项 $1 缺少取值"},
}

// asked is the command in whose line something is wrong.
func asked(root *kong.Node, err error) *kong.Node {
	at := root
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context != nil {
		for _, p := range wrong.Context.Path {
			if p.Command != nil {
				at = p.Command
			}
		}
	}
	return at
}

// usage says in Chinese what is wrong with a command line.
func usage(err error) string {
	text := err.Error()
	for _, u := range usages {
		if u.pattern.MatchString(text) {
			return u.pattern.ReplaceAllString(text, u.text)
		}
	}
	return text
}
