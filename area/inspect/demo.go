package inspect

import (
	"context"
	"fmt"

	"gongkai/area"
	"gongkai/area/inspect/demosite"
	"gongkai/area/inspect/fact"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
)

// demo registers the demonstration website, inspects it as any other, and lets
// people work on what was found.
func (s *Service) demo(ctx context.Context, d *area.Demo) error {
	office, err := d.Unit("区政府办公室")
	if err != nil {
		return err
	}
	who, err := d.As(ctx, office, org.Coordinator, 0)
	if err != nil {
		return err
	}
	key, err := s.SaveSite(ctx, who, Site{Name: demosite.Name, Start: d.Website + "/", Code: demosite.Code, Organ: "江澄区人民政府办公室",
		Unit: office, Every: Weekly, Due: 5, IgnoreRobots: true})
	if err != nil {
		return err
	}
	round, err := s.Ask(ctx, who, key)
	if err != nil {
		return err
	}
	if err := s.runRound(ctx, roundJob{Round: round}); err != nil {
		return fmt.Errorf("demo: inspect the website: %w", err)
	}
	return s.demoWork(ctx, d, who, key)
}

// demoWork hands one finding to a unit, lets another stay, and settles columns.
func (s *Service) demoWork(ctx context.Context, d *area.Demo, who org.Actor, site id.ID) error {
	list, err := everyFinding(ctx, s.k.DB.Read, wanted{Site: site, Status: Open})
	if err != nil {
		return err
	}
	bureau, err := d.Unit("区大数据发展局")
	if err != nil {
		return err
	}
	handed, kept := false, false
	for _, f := range list {
		switch {
		case !handed && f.Code == "WEB-60":
			if _, err := s.Hand(ctx, who, bureau, []id.ID{f.ID}); err != nil {
				return err
			}
			handed = true
		case !kept && f.State == fact.Fail && f.Code != "WEB-60" && f.Code != "WEB-47":
			if err := s.Decide(ctx, who, f.ID, f.Version, decision{Status: Accepted, Reason: "演示网站没有正式域名和备案，上线时办理"}); err != nil {
				return err
			}
			kept = true
		}
	}
	cols, err := columns(ctx, s.k.DB.Read, site)
	if err != nil {
		return err
	}
	keepers := map[string]string{"工作动态": "区政府办公室", "通知公告": "区政府办公室", "政策文件": "区司法局", "政策解读": "区政府办公室", "减税降费": "区财政局", "意见征集": "区司法局", "政府采购": "区财政局", "公共卫生": "区卫生健康委", "惠民补贴": "区财政局"}
	periods := map[string]int{"公共卫生": 7} // days; the others keep those of their class
	for _, c := range cols {
		unit, ok := keepers[c.Name]
		if !ok {
			continue
		}
		if c.Unit, err = d.Unit(unit); err != nil {
			return err
		}
		c.Content = "按规定公开的" + c.Name
		c.Days = periods[c.Name]
		if err := s.SaveColumn(ctx, who, c); err != nil {
			return err
		}
	}
	return nil
}
