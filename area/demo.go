package area

import (
	"context"
	"fmt"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
)

// Demo is what an area needs to fill a demonstration district: the people who
// work in it, and a clock that it may move forward, so that what happens looks
// as if it had happened over the year.
type Demo struct {
	Kernel *Kernel
	Clock  *clock.Fixed
	Until  time.Time // the real instant, which the clock reaches in the end
	Site   string    // address of the running demonstration, for links to its own pages
	// Website is the address of the district's website, which answers while the
	// demonstration is made, and Neighbour that of other bodies' sites beside it.
	Website, Neighbour string
	units              map[string]id.ID
}

// NewDemo looks up the units of the district.
func NewDemo(ctx context.Context, k *Kernel, c *clock.Fixed, until time.Time, site string) (*Demo, error) {
	dir, err := k.Org.Directory(ctx)
	if err != nil {
		return nil, err
	}
	d := &Demo{Kernel: k, Clock: c, Until: until, Site: site, units: map[string]id.ID{}}
	for _, u := range dir.Units() {
		d.units[u.Name] = u.ID
	}
	return d, nil
}

// Unit is the key of a unit by its name.
func (d *Demo) Unit(name string) (id.ID, error) {
	key, ok := d.units[name]
	if !ok {
		return "", fmt.Errorf("demo: no unit %s", name)
	}
	return key, nil
}

// As is somebody who holds a role in a unit; n tells several apart, from 0.
func (d *Demo) As(ctx context.Context, unit id.ID, role org.Role, n int) (org.Actor, error) {
	people, err := d.Kernel.Org.Holders(ctx, unit, role, d.Today())
	if err != nil {
		return org.Actor{}, err
	}
	if n >= len(people) {
		return org.Actor{}, fmt.Errorf("demo: unit %s has %d people who are %s, want number %d", unit, len(people), role.Title(), n)
	}
	return d.Kernel.Org.ActorOf(ctx, people[n].ID, unit, d.Today())
}

// Today is the day the demonstration has reached.
func (d *Demo) Today() calendar.Date { return calendar.Of(d.Clock.Now()) }

// On moves the clock to the morning of a day, unless it is past already; never
// beyond the real instant, or time would stand still in the house until then.
func (d *Demo) On(day calendar.Date) {
	at := day.Start().Add(9 * time.Hour)
	if at.After(d.Until) {
		at = d.Until
	}
	if at.After(d.Clock.Now()) {
		d.Clock.Set(at)
	}
}
