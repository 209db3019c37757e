package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gongkai/app"
	"gongkai/area/plan/reader"
	"gongkai/kernel/calendar"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/org"
)

// PlanCommand holds the commands about plans.
type PlanCommand struct {
	Parse  PlanParseCommand  `cmd:"" help:"解析任务分工文件，打印理解到的内容。"`
	Import PlanImportCommand `cmd:"" help:"把任务分工文件导入为草稿，到网页上核对后下发。"`
	Eval   PlanEvalCommand   `cmd:"" help:"用标注好的文件评测解析：准确率、召回率、F1。"`
}

// PlanParseCommand reads one file without a database.
type PlanParseCommand struct {
	File string `arg:"" help:"任务分工文件：txt、docx、doc、html、xlsx、pdf。" placeholder:"FILE"`
	JSON bool   `name:"json" help:"输出 JSON。"`
}

// Run prints what was understood of a file.
func (c PlanParseCommand) Run(s *shell) error {
	reading, err := readPlan(s, c.File)
	if err != nil {
		return err
	}
	if c.JSON {
		out := json.NewEncoder(s.Out)
		out.SetEscapeHTML(false)
		out.SetIndent("", " ")
		return out.Encode(reading.Wire())
	}
	return reading.Print(s.Out)
}

// PlanImportCommand makes a draft of a file.
type PlanImportCommand struct {
	File string `arg:"" help:"任务分工文件：txt、docx、doc、html、xlsx、pdf。" placeholder:"FILE"`
	As   string `help:"以谁的名义导入（用户名），他在政府办担任统筹。" required:"" placeholder:"用户名"`
}

// Run imports the file and says where to go on.
func (c PlanImportCommand) Run(s *shell) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "打不开文件 "+c.File+"，请检查路径和权限")
	}
	return s.house(func(ctx context.Context, a *app.App) error {
		person, err := accountNamed(ctx, a, c.As)
		if err != nil {
			return err
		}
		today := calendar.Of(a.Clock.Now())
		units, err := a.Org.UnitsOf(ctx, person, today)
		if err != nil {
			return err
		}
		for _, u := range units {
			who, err := a.Org.ActorOf(ctx, person, u.ID, today)
			if err != nil {
				return err
			}
			if !who.May(org.Coordinator) {
				continue
			}
			draft, doubts, err := a.Plan.ImportFile(ctx, who, filepath.Base(c.File), data)
			if err != nil {
				return err
			}
			s.printf("已导入为草稿，有 %d 处需要核对：/desk/drafts/%s\n", doubts, draft)
			return nil
		}
		return fault.Newf(fault.Forbidden, "%s 没有政府办统筹的角色，不能导入任务分工", c.As)
	})
}

// readPlan reads a file into a document and the document into a plan.
func readPlan(ctx context.Context, path string) (*reader.Reading, error) {
	pdf := document.NewPDF(cacheFolder())
	defer pdf.Close()
	return readPlanWith(ctx, document.Reader{PDF: pdf}, path)
}

func readPlanWith(ctx context.Context, r document.Reader, path string) (*reader.Reading, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "打不开文件 "+path+"，请检查路径和权限")
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, fault.Newf(fault.Invalid, "%s 是文件夹，请给出其中的一个文件", path)
	}
	doc, err := r.Read(ctx, filepath.Base(path), file)
	if err != nil {
		return nil, err
	}
	return reader.Read(doc, reader.Options{})
}

// cacheFolder keeps what is slow to make anew: the compiled PDF engine.
func cacheFolder() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "gongkai")
}

// PlanEvalCommand measures the reader on labelled files.
type PlanEvalCommand struct {
	Dir  string `arg:"" help:"文件夹，内有 名称.(txt|docx|doc|html|xlsx|pdf) 与 名称.json 成对的文件。" placeholder:"DIR"`
	JSON bool   `name:"json" help:"输出 JSON。"`
}

// Run prints precision, recall and F1 per file and over all, and what was left out.
func (c PlanEvalCommand) Run(s *shell) error {
	pdf := document.NewPDF(cacheFolder())
	defer pdf.Close()
	pairs, skipped, err := labelled(s, document.Reader{PDF: pdf}, c.Dir)
	if err != nil {
		return err
	}
	report := reader.Evaluate(pairs)
	if c.JSON {
		return json.NewEncoder(s.Out).Encode(report)
	}
	s.printf("%s", report)
	for _, name := range skipped {
		s.printf("跳过 %s\n", name)
	}
	return nil
}

// planKinds are the endings of files that may hold a plan.
var planKinds = []string{".txt", ".docx", ".doc", ".html", ".htm", ".xlsx", ".xls", ".pdf"}

// labelled reads every plan of a folder that has its truth beside it; a truth may
// stand beside several files. skipped says which files were left out, and why.
func labelled(ctx context.Context, docs document.Reader, dir string) (pairs []reader.Pair, skipped []string, err error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, fault.Wrap(err, fault.NotFound, "打不开文件夹 "+dir+"，请检查路径和权限")
	}
	used := map[string]bool{}
	for _, f := range files {
		name, kind := f.Name(), strings.ToLower(filepath.Ext(f.Name()))
		if f.IsDir() || !slices.Contains(planKinds, kind) {
			continue
		}
		truth := strings.TrimSuffix(name, filepath.Ext(name)) + ".json"
		text, err := os.ReadFile(filepath.Join(dir, truth))
		if errors.Is(err, fs.ErrNotExist) {
			skipped = append(skipped, name+"：没有标注文件 "+truth)
			continue
		}
		if err != nil {
			return nil, nil, fault.Wrap(err, fault.NotFound, "打不开标注文件 "+truth+"，请检查权限")
		}
		used[truth] = true
		p := reader.Pair{Name: name}
		if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\ufeff")), &p.Want); err != nil {
			skipped = append(skipped, name+"："+truth+" 不是标注文件（"+err.Error()+"）")
			continue
		}
		reading, err := readPlanWith(ctx, docs, filepath.Join(dir, name))
		if p.Err = err; err == nil {
			p.Got = reading.Wire()
		}
		pairs = append(pairs, p)
	}
	for _, f := range files {
		if name := f.Name(); strings.EqualFold(filepath.Ext(name), ".json") && !used[name] {
			skipped = append(skipped, name+"：没有同名的文件")
		}
	}
	if len(pairs) == 0 {
		return nil, nil, fault.Newf(fault.NotFound, "%s 里没有成对的文件：名称.json 和同名的 txt、docx、doc、html、xlsx 或 pdf", dir)
	}
	return pairs, skipped, nil
}
