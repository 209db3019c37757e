package notify

import (
	"context"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/secret"
)

// Org makes the room org a Directory: who is away is stood in for.
func Org(s *org.Service) Directory { return directory{s} }

type directory struct{ org *org.Service }

func (d directory) People(ctx context.Context, unit id.ID, role org.Role, on calendar.Date) ([]id.ID, error) {
	var out []id.ID
	if unit != "" {
		people, err := d.org.Holders(ctx, unit, role, on)
		for _, p := range people {
			out = append(out, p.ID)
		}
		return out, err
	}
	for number := 1; ; number++ {
		people, err := d.org.People(ctx, org.PeopleAsk{Role: role, Page: page.Ask{Number: number, Size: page.Max}})
		if err != nil {
			return nil, err
		}
		for _, p := range people.Rows {
			out = append(out, p.ID)
		}
		if number >= people.Pages() {
			return out, nil
		}
	}
}

func (d directory) Name(ctx context.Context, unit id.ID) (string, error) {
	dir, err := d.org.Directory(ctx)
	if err != nil {
		return "", err
	}
	if _, ok := dir.Unit(unit); !ok {
		return "", nil
	}
	return dir.NameOf(unit), nil
}

func (d directory) Contact(ctx context.Context, person id.ID) (mail, phone secret.Text, err error) {
	p, err := d.org.Person(ctx, person)
	if err != nil || !p.Active {
		return "", "", err
	}
	return p.Email, p.Phone, nil
}
