package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
	"gongkai/kernel/check/hidden"
	"gongkai/kernel/check/standard"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
)

// CheckCommand holds the commands of the check engine.
type CheckCommand struct {
	Files CheckFilesCommand `cmd:"" default:"withargs" help:"检查文本和办公文件。"`
	Eval  CheckEvalCommand  `cmd:"" help:"用标注好的文本评测：各类规则的准确率、召回率。"`
	Rules CheckRulesCommand `cmd:"" help:"列出全部规则。"`
}

// CheckFilesCommand checks files without a database.
type CheckFilesCommand struct {
	Files []string `arg:"" help:"要检查的文件：txt、docx、doc、html、xlsx、xls、pptx、pdf、图片、zip；- 为标准输入。" placeholder:"FILE"`
	JSON  bool     `name:"json" help:"输出 JSON，每个文件一个对象。" xor:"form"`
	HTML  bool     `name:"html" help:"输出网页，问题标在原文上。" xor:"form"`
	Date  string   `help:"文稿日期，机构名称和职务按这一天判断。缺省取文中最晚的日期。" placeholder:"2026-11-25"`
	Clean string   `help:"把去掉隐藏内容的副本写到这个文件夹。" placeholder:"DIR"`
}

// checked is what one file gave.
type checked struct {
	File       string      `json:"file"`
	Characters int         `json:"characters"`
	Hits       []check.Hit `json:"hits"`
	Error      string      `json:"error,omitempty"`
	body       string
}

// Run checks the files; it fails with exitFound when a hit must be mended or
// confirmed, and goes on after a file that cannot be read.
func (c CheckFilesCommand) Run(s *shell) error {
	var day calendar.Date
	if c.Date != "" {
		d, err := calendar.Parse(c.Date)
		if err != nil {
			return fault.Newf(fault.Invalid, "日期“%s”应写作 2026-11-25 的形式", c.Date)
		}
		day = d
	}
	engine, err := checks()
	if err != nil {
		return err
	}
	pdf := document.NewPDF(cacheFolder())
	defer pdf.Close()
	docs := document.Reader{PDF: pdf}
	var all []checked
	grave, unread := false, error(nil)
	for _, path := range c.Files {
		name, data, err := s.input(path)
		if err != nil {
			return err
		}
		one := checked{File: name, Hits: []check.Hit{}}
		t, err := check.Read(s, docs, name, data)
		switch {
		case err != nil && fault.Text(err) != "":
			one.Error, unread = fault.Text(err), err
		case err != nil:
			return err
		default:
			t.Date, t.Today = day, calendar.Of(s.Clock.Now())
			one.Characters, one.body = t.Characters(), t.Body
		}
		hits, err := engine.CheckFile(s, name, data, t, check.Gate)
		if err != nil {
			return err
		}
		one.Hits = append(one.Hits, hits...)
		grave = grave || slices.ContainsFunc(hits, func(h check.Hit) bool { return h.Severity != check.Hint })
		if len(hits) > 0 && t == nil { // what is hidden says already why it cannot be read
			unread = nil
		}
		all = append(all, one)
		if c.Clean != "" {
			if err := s.clean(c.Clean, name, data); err != nil {
				return err
			}
		}
	}
	if err := c.print(s.Out, all); err != nil {
		return err
	}
	switch {
	case unread != nil && len(c.Files) == 1 && !c.JSON && !c.HTML:
		return unread
	case grave || unread != nil:
		return errFound
	}
	return nil
}

// checks is the engine with the rules that come with the program.
func checks() (*check.Engine, error) {
	rules, err := standard.Load()
	if err != nil {
		return nil, err
	}
	return rules.Engine(standard.House{})
}

// input reads a file, or the standard input for "-".
func (s *shell) input(path string) (name string, data []byte, err error) {
	const most = 512 << 20 // the readers have their own limits; this one guards the memory
	from := io.Reader(s.In)
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return "", nil, fault.Wrap(err, fault.NotFound, "打不开文件 "+path+"，请检查路径和权限")
		}
		defer file.Close()
		if info, err := file.Stat(); err == nil && info.IsDir() {
			return "", nil, fault.Newf(fault.Invalid, "%s 是文件夹，请给出其中的文件", path)
		} else if err == nil && info.Size() > most {
			return "", nil, fault.Newf(fault.TooMany, "文件 %s 超过 512 MB，没有读取，请拆成几个文件", path)
		}
		name, from = filepath.Base(path), file
	}
	data, err = io.ReadAll(io.LimitReader(from, most+1))
	if err == nil && len(data) > most {
		err = fault.New(fault.TooMany, "输入超过 512 MB，没有读取，请拆成几个文件")
	}
	return name, data, err
}

// clean writes a copy of a file without what is hidden in it.
func (s *shell) clean(dir, name string, data []byte) error {
	out, _, err := hidden.Clean(s, name, data)
	var left *hidden.Left
	if errors.As(err, &left) {
		fmt.Fprintln(s.Errs, fault.Text(err))
	} else if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fault.Wrap(err, fault.Invalid, "建不了文件夹 "+dir)
	}
	path := filepath.Join(dir, filepath.Base(name))
	if err := os.WriteFile(path, out, 0o644); err != nil {
		return fault.Wrap(err, fault.Invalid, "写不了文件 "+path)
	}
	fmt.Fprintf(s.Errs, "已写出干净副本：%s\n", path)
	return nil
}

//go:embed check.html
var checkPage string

func (c CheckFilesCommand) print(out io.Writer, all []checked) error {
	switch {
	case c.JSON:
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		for _, one := range all {
			if err := enc.Encode(one); err != nil {
				return err
			}
		}
		return nil
	case c.HTML:
		page, err := template.New("check").Funcs(template.FuncMap{
			"segments": func(one checked) []check.Segment { return check.Segments(one.body, one.Hits) },
			"worst":    worst,
		}).Parse(checkPage)
		if err != nil {
			return err
		}
		return page.Execute(out, all)
	}
	for _, one := range all {
		printChecked(out, one)
	}
	return nil
}

// worst is the gravest severity among some hits of a file.
func worst(one checked, hits []int) check.Severity {
	for _, s := range []check.Severity{check.Block, check.Confirm} {
		if slices.ContainsFunc(hits, func(i int) bool { return one.Hits[i].Severity == s }) {
			return s
		}
	}
	return check.Hint
}

func printChecked(out io.Writer, one checked) {
	name := one.File
	if name == "" {
		name = "标准输入"
	}
	switch {
	case one.Error != "":
		fmt.Fprintf(out, "%s：%s\n", name, one.Error)
	case len(one.Hits) == 0:
		fmt.Fprintf(out, "%s：%d字，没有发现问题。\n", name, one.Characters)
	default:
		fmt.Fprintf(out, "%s：%d字，%d处。\n", name, one.Characters, len(one.Hits))
	}
	runes := []rune(one.body)
	for _, h := range one.Hits {
		where := h.Place
		if h.InText() {
			line := 1 + strings.Count(string(runes[:h.Start]), "\n")
			where = fmt.Sprintf("第%d行 第%d字", line, h.Start+1)
			if h.Place != "" {
				where = h.Place
			}
		}
		fmt.Fprintf(out, "  〔%s〕%s %s", h.Severity.Title(), where, h.Message)
		if h.Text != "" && len([]rune(h.Text)) <= 30 {
			fmt.Fprintf(out, "“%s”", h.Text)
			if h.Replace != "" {
				fmt.Fprintf(out, "→“%s”", h.Replace)
			}
		}
		fmt.Fprintf(out, "（%s，%s）\n", h.Rule, h.Source)
	}
}

// CheckEvalCommand measures the engine on labelled texts.
type CheckEvalCommand struct {
	Dir     string `arg:"" optional:"" help:"文件夹：NAME.txt（或 docx、html 等）和 NAME.json，后者为 {\"hits\":[{\"kind\",\"start\",\"end\"}]}。缺省用随程序带的标注文本。" placeholder:"DIR"`
	Verbose bool   `help:"逐条列出误报和漏报。"`
}

// Run prints precision and recall per kind.
func (c CheckEvalCommand) Run(s *shell) error {
	engine, err := checks()
	if err != nil {
		return err
	}
	files := standard.Labelled()
	if c.Dir != "" {
		if info, err := os.Stat(c.Dir); err != nil || !info.IsDir() {
			return fault.Newf(fault.NotFound, "没有文件夹 %s", c.Dir)
		}
		files = os.DirFS(c.Dir)
	}
	pdf := document.NewPDF(cacheFolder())
	defer pdf.Close()
	result, skipped, err := standard.Evaluate(context.Context(s), engine, document.Reader{PDF: pdf}, files, calendar.Of(s.Clock.Now()))
	if err != nil {
		return err
	}
	for _, name := range skipped {
		fmt.Fprintf(s.Errs, "跳过 %s：没有标注文件\n", name)
	}
	if c.Verbose {
		for _, line := range result.Wrong {
			s.printf("%s\n", line)
		}
	}
	return result.Print(s.Out)
}

// CheckRulesCommand lists the rules.
type CheckRulesCommand struct{}

// Run prints one rule a line.
func (CheckRulesCommand) Run(s *shell) error {
	engine, err := checks()
	if err != nil {
		return err
	}
	for _, r := range engine.Rules() {
		s.printf("%s\t%s\t%s\t%s\t%s\n", r.ID, r.Kind.Title(), r.Severity.Title(), r.Title, r.Source)
	}
	return nil
}
