package plan

import (
	"context"
	"embed"
	"slices"
	"time"

	"gongkai/area"
	"gongkai/area/inspect/fact"
	"gongkai/kernel/jobs"
)

//go:embed migration template help.md
var files embed.FS

// Area declares all the ledger is.
func (s *Service) Area() area.Area {
	return area.Area{
		Name: "plan", Title: "任务台账", Files: files,
		Routes: slices.Concat(s.workRoutes(), s.viewRoutes(), s.draftRoutes()),
		Menu:   s.menu(), Home: s.home(),
		Flows:   s.flows(),
		Actions: actions(),
		Proofs:  s.proofs,
		Demo:    s.demo,
		Jobs: []jobs.Work{
			jobs.On("抓取佐证页面", s.fetchEvidence).Within(time.Minute),
			jobs.On("核查佐证规则", s.proveMeasure).Within(5 * time.Minute).Tries(3),
			// What a website shows proves measures: ask again as soon as it was looked at.
			jobs.Hear("plan", func(ctx context.Context, _ fact.Inspected) error { return s.Round(ctx) }),
			jobs.Every("plan.renew", "开启新周期", time.Hour, s.Renew).Within(5 * time.Minute),
			jobs.Every("plan.round", "每日核查佐证规则", 24*time.Hour, s.Round),
		},
	}
}
