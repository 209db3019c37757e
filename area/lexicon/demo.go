package lexicon

import (
	"context"
	"fmt"

	"gongkai/area"
	"gongkai/kernel/check"
	"gongkai/kernel/org"
)

// demo adds a few rules of its own to a demonstration district.
func (s *Service) demo(ctx context.Context, d *area.Demo) error {
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return err
	}
	for _, u := range dir.Units() {
		if u.Type != org.Office {
			continue
		}
		who, err := d.As(ctx, u.ID, org.Coordinator, 0)
		if err != nil {
			return err
		}
		for _, r := range []Rule{
			{Kind: Word, Form: "政务公开办公室", Right: "政务公开办", Severity: check.Hint, Source: "区政府办公室简称规范", Hits: []string{"请报政务公开办公室备案。"}, Passes: []string{"请报区政务公开办备案。"}},
			{Kind: Word, Form: "办事大厅", Right: "政务服务大厅", Severity: check.Confirm, When: "!prev:政务服务|网上", Source: "区政务服务中心更名通知", Hits: []string{"请到办事大厅办理。"}, Passes: []string{"请到网上办事大厅办理。"}},
			{Kind: Name, Form: "登陆渡假广场", Source: "区地名目录"},
		} {
			key, err := s.Save(ctx, who, r)
			if err != nil {
				return fmt.Errorf("rule %s: %w", r.Form, err)
			}
			if r.Severity == check.Confirm || r.Kind == Name {
				if err := s.GoLive(ctx, who, key); err != nil {
					return fmt.Errorf("rule %s: %w", r.Form, err)
				}
			}
		}
		return nil
	}
	return nil
}
