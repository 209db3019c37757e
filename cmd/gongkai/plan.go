package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"gongkai/area/plan/reader"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
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

// readPlan reads a file into a document and the document into a plan.
func readPlan(ctx context.Context, path string) (*reader.Reading, error) {
	pdf := document.OpenPDF(cacheFolder())
	defer pdf.Close()
	return readPlanWith(ctx, document.Reader{PDF: pdf}, path)
}

func readPlanWith(ctx context.Context, r document.Reader, path string) (*reader.Reading, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "打不开文件 "+path+"，请检查路径和权限")
	}
	defer file.Close()
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

// Run prints precision, recall and F1 per file and over all.
func (c PlanEvalCommand) Run(s *shell) error {
	pdf := document.OpenPDF(cacheFolder())
	defer pdf.Close()
	docs := document.Reader{PDF: pdf}
	report, err := reader.EvaluateDir(c.Dir, func(path string) (*reader.Reading, error) { return readPlanWith(s, docs, path) })
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(s.Out).Encode(report)
	}
	_, err = s.Out.Write([]byte(report.Table()))
	return err
}
