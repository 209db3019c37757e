package area_test

import (
	"testing"
	"time"

	"gongkai/area"
	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
)

func TestADemonstrationEndsAtTheRealInstant(t *testing.T) {
	day := calendar.MustParse("2026-05-06")
	until := day.Start().Add(2 * time.Hour)
	d := &area.Demo{Clock: clock.At(day.Add(-3).Start()), Until: until}
	for _, c := range []struct {
		to   calendar.Date
		want time.Time
	}{
		{day.Add(-1), day.Add(-1).Start().Add(9 * time.Hour)},
		{day.Add(-2), day.Add(-1).Start().Add(9 * time.Hour)}, // past already
		{day, until},
		{day.Add(1), until},
	} {
		if d.On(c.to); !d.Clock.Now().Equal(c.want) {
			t.Errorf("on %s the clock stands at %s, want %s", c.to, d.Clock.Now(), c.want)
		}
	}
}
