package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"

	"gongkai/app"
	"gongkai/kernel/audit"
	"gongkai/kernel/fault"
)

// AuditCommand holds the commands about the audit record.
type AuditCommand struct {
	Verify     AuditVerifyCommand     `cmd:"" help:"核验审计链是否完整；发现改动时退出码为 4。"`
	Export     AuditExportCommand     `cmd:"" help:"导出全部审计记录（JSON 行），任何人都能独立核验。"`
	Checkpoint AuditCheckpointCommand `cmd:"" help:"签署一个检查点；把它存到别处，就能证明此前的记录没有被重写。"`
}

// AuditVerifyCommand verifies the chains in the database or in an export.
type AuditVerifyCommand struct {
	Export      string `help:"核验导出的文件，而不是数据库。" placeholder:"FILE"`
	Checkpoints string `help:"存在别处的检查点文件（JSON 行）。" placeholder:"FILE"`
}

// Run verifies and prints every problem.
func (c AuditVerifyCommand) Run(s *shell) error {
	var outside []audit.Checkpoint
	if c.Checkpoints != "" {
		f, err := os.Open(c.Checkpoints)
		if err != nil {
			return fault.Wrap(err, fault.NotFound, "打不开文件 "+c.Checkpoints+"，请检查路径和权限")
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var one audit.Checkpoint
			if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
				return fault.Wrap(err, fault.Invalid, c.Checkpoints+" 不是检查点文件")
			}
			outside = append(outside, one)
		}
		if err := lines.Err(); err != nil {
			return err
		}
	}
	return s.house(func(ctx context.Context, a *app.App) error {
		verify := func() (audit.Report, error) { return audit.Verify(ctx, a.DB, a.Trust(), outside...) }
		if c.Export != "" {
			f, err := os.Open(c.Export)
			if err != nil {
				return fault.Wrap(err, fault.NotFound, "打不开文件 "+c.Export+"，请检查路径和权限")
			}
			defer f.Close()
			verify = func() (audit.Report, error) {
				r, err := audit.VerifyExport(f, a.Trust(), outside...)
				if err != nil {
					err = fault.Wrap(err, fault.Invalid, c.Export+" 不是审计导出文件，或者已损坏")
				}
				return r, err
			}
		}
		r, err := verify()
		if err != nil {
			return err
		}
		s.printf("核对了 %d 条记录、%d 条链、%d 个检查点。\n", r.Records, r.Lanes, r.Checkpoints)
		if r.Whole() {
			s.printf("审计链完整。\n")
			return nil
		}
		for _, p := range r.Problems {
			s.printf("%s\n", p)
		}
		if r.More > 0 {
			s.printf("另有 %d 处。\n", r.More)
		}
		return errFound
	})
}

// AuditExportCommand writes all entries.
type AuditExportCommand struct {
	File string `arg:"" help:"导出文件；- 为标准输出。已有的文件不会覆盖。" placeholder:"FILE"`
}

// Run exports.
func (c AuditExportCommand) Run(s *shell) error {
	return s.house(func(ctx context.Context, a *app.App) error {
		if c.File == "-" {
			return audit.Export(ctx, a.DB, s.Out)
		}
		return s.write(c.File, func(w io.Writer) error { return audit.Export(ctx, a.DB, w) })
	})
}

// AuditCheckpointCommand signs where the chains stand.
type AuditCheckpointCommand struct{}

// Run prints the checkpoint as one line of JSON, to be kept elsewhere.
func (AuditCheckpointCommand) Run(s *shell) error {
	return s.house(func(ctx context.Context, a *app.App) error {
		c, err := a.SignAudit(ctx)
		if err != nil {
			return err
		}
		return json.NewEncoder(s.Out).Encode(c)
	})
}
