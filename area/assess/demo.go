package assess

import (
	"context"
	"fmt"

	"gongkai/area"
	"gongkai/kernel/calendar"
	"gongkai/kernel/org"
)

// demo registers trainings in a demonstration district: the office's own, and
// those of two units in three, of which a few do not count.
func (s *Service) demo(ctx context.Context, d *area.Demo) error {
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return err
	}
	held := calendar.Of(d.Until).Add(-30)
	if held.Year() != calendar.Of(d.Until).Year() {
		held = calendar.Of(d.Until)
	}
	for i, u := range dir.Units() {
		if i%3 == 2 {
			continue
		}
		who, err := d.As(ctx, u.ID, org.Disclosure, 0)
		if err != nil {
			return err
		}
		t := Training{Kind: Internal, Topic: "政务公开业务培训", HeldOn: held, Hours: 2, Place: "本单位会议室", Trainer: "区政府办公室", Expected: 6,
			Present: []string{who.Name, "参训人员甲", "参训人员乙", "参训人员丙"}}
		switch {
		case u.Type == org.Office:
			t.Kind, t.Topic = District, "全区政务公开工作培训"
		case i%7 == 3:
			t.Hours = 0.5
		}
		if _, err := s.Register(ctx, who, t); err != nil {
			return fmt.Errorf("training of %s: %w", u.Name, err)
		}
	}
	return nil
}
