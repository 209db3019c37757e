package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"gongkai/app"
	"gongkai/kernel/fault"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
)

// OrgCommand holds the commands about units and people.
type OrgCommand struct {
	Import   OrgImportCommand   `cmd:"" help:"从 Excel 导入单位和人员，可以重复导入。"`
	Export   OrgExportCommand   `cmd:"" help:"把单位和人员导出为 Excel。"`
	Template OrgTemplateCommand `cmd:"" help:"写出空白的导入模板。"`
}

// OrgImportCommand imports a workbook.
type OrgImportCommand struct {
	File string `arg:"" help:"Excel 文件，含“单位”表或“人员”表。" placeholder:"FILE"`
	Good bool   `help:"跳过有问题的行，其余先导入。"`
}

// Run imports and prints every bad row.
func (c OrgImportCommand) Run(s *shell) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "打不开文件 "+c.File+"，请检查路径和权限")
	}
	return s.house(func(ctx context.Context, a *app.App) error {
		r, err := a.Org.Import(ctx, org.System, filepath.Base(c.File), data, c.Good)
		if err != nil {
			return err
		}
		for _, b := range r.Bad {
			s.printf("%s表第 %d 行 %s：%s。%s\n", b.Sheet, b.Row, b.Column, b.What, b.Do)
		}
		if !r.Saved {
			return fault.Newf(fault.Invalid, "有 %d 处需要改正，没有导入任何内容", len(r.Bad))
		}
		s.printf("单位：新增 %d、修改 %d、不变 %d；人员：新增 %d、修改 %d、不变 %d。\n",
			r.Units.Added, r.Units.Changed, r.Units.Same, r.People.Added, r.People.Changed, r.People.Same)
		return nil
	})
}

// OrgExportCommand exports a workbook.
type OrgExportCommand struct {
	File string `arg:"" help:"要写出的 Excel 文件；已有的文件不会覆盖。" placeholder:"FILE"`
}

// Run exports.
func (c OrgExportCommand) Run(s *shell) error {
	return s.house(func(ctx context.Context, a *app.App) error {
		return s.write(c.File, func(w io.Writer) error { return a.Org.Export(ctx, org.System, w) })
	})
}

// OrgTemplateCommand writes the empty workbook.
type OrgTemplateCommand struct {
	File string `arg:"" help:"要写出的 Excel 文件；已有的文件不会覆盖。" placeholder:"FILE"`
}

// Run writes it.
func (c OrgTemplateCommand) Run(s *shell) error { return s.write(c.File, org.Template) }

// write makes a new file, whole or not at all, and says so.
func (s *shell) write(path string, do func(io.Writer) error) (err error) {
	if _, err := os.Lstat(path); err == nil {
		return fault.Newf(fault.Conflict, "%s 已存在，没有覆盖；请换一个文件名", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".gongkai-*")
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "不能写入 "+filepath.Dir(path)+"，请检查路径和权限")
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name()) // half a file
		}
	}()
	if err = do(f); err != nil {
		return store.DiskFault(err)
	}
	if err = f.Sync(); err != nil {
		return store.DiskFault(err)
	}
	if err = f.Close(); err != nil {
		return store.DiskFault(err)
	}
	switch err = os.Link(f.Name(), path); { // unlike Rename, does not replace
	case err == nil:
		_ = os.Remove(f.Name()) // its other name stays
	case errors.Is(err, os.ErrExist):
		return fault.Newf(fault.Conflict, "%s 刚刚被别的程序建立，没有覆盖；请换一个文件名", path)
	default: // a file system without links, such as a memory stick's
		if err = os.Rename(f.Name(), path); err != nil {
			return store.DiskFault(err)
		}
	}
	s.printf("已写出 %s\n", path)
	return nil
}
