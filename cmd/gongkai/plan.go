package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
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
	s.wire(reading.Wire())
	return nil
}

// wire prints a plan for people: what was understood, and what is doubtful.
func (s *shell) wire(w reader.Wire) {
	for _, line := range [][2]string{{"标题", w.Title}, {"文号", w.Number}, {"发文机关", w.Issuer}, {"成文日期", w.Date}} {
		if line[1] != "" {
			s.printf("%s：%s\n", line[0], line[1])
		}
	}
	measures := 0
	for _, section := range w.Sections {
		s.printf("\n%s\n", section.Title)
		for _, item := range section.Items {
			s.printf("  %s%s\n", item.Number, item.Title)
			for _, m := range item.Measures {
				measures++
				s.printf("    %d. %s\n       牵头：%s　责任：%s　时限：%s\n", m.Row, m.Text, strings.Join(m.Lead, "、"), strings.Join(m.Resp, "、"), m.Due)
			}
		}
	}
	s.printf("\n共 %d 项举措，%d 处需要核对。\n", measures, len(w.Doubts))
	for _, d := range w.Doubts {
		s.printf("  %s“%s”：%s\n", d.What, d.Value, d.Why)
	}
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
	pdf := document.NewPDF(cacheFolder())
	defer pdf.Close()
	docs := document.Reader{PDF: pdf}
	pairs, err := labelled(s, docs, c.Dir)
	if err != nil {
		return err
	}
	report := reader.Evaluate(pairs)
	if c.JSON {
		return json.NewEncoder(s.Out).Encode(report)
	}
	s.printf("%s", report)
	return nil
}

// labelled reads every file of a folder that has its truth beside it.
func labelled(ctx context.Context, docs document.Reader, dir string) ([]reader.Pair, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	var out []reader.Pair
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		stem := strings.TrimSuffix(name, ".json")
		p := reader.Pair{Name: filepath.Base(stem)}
		if err := json.Unmarshal(text, &p.Want); err != nil {
			return nil, fault.Wrap(err, fault.Invalid, name+" 不是标注文件")
		}
		for _, kind := range []string{".txt", ".docx", ".doc", ".html", ".xlsx", ".pdf"} {
			if _, err := os.Stat(stem + kind); err != nil {
				continue
			}
			reading, err := readPlanWith(ctx, docs, stem+kind)
			if p.Err = err; err == nil {
				p.Got = reading.Wire()
			}
			p.Name += kind
			out = append(out, p)
			break
		}
	}
	if len(out) == 0 {
		return nil, fault.Newf(fault.NotFound, "%s 里没有成对的文件：名称.json 和同名的 txt、docx、doc、html、xlsx 或 pdf", dir)
	}
	return out, nil
}
