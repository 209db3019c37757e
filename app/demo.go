package app

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	"gongkai/area"
	"gongkai/area/inspect/demosite"
	"gongkai/area/plan"
	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/config"
	"gongkai/kernel/id"
	"gongkai/kernel/notify"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
)

//go:embed demo/org.html
var demoOrg []byte

// DemoPassword opens every account of the demonstration district.
const DemoPassword = "yanshi-mima-2022"

// demoAccounts are who can sign in to the demonstration: login name and employee
// number in demo/org.html.
var demoAccounts = [][2]string{
	{"tongchou", "JC0001"}, {"tongchou2", "JC2001"}, {"jingban", "JC0002"}, {"fenguan", "JC0003"}, {"quzhang", "JC0004"}, {"sifa", "JC0201"}, {"sifahecha", "JC0202"}, {"caizheng", "JC0301"},
	{"jiaowei", "JC0401"}, {"weijian", "JC0501"}, {"linjiang", "JC0901"}, {"rexian", "JC1047"},
	{"sysadmin", "JC9001"}, {"sysadmin2", "JC9002"}, {"secadmin", "JC9003"}, {"auditor", "JC9004"},
}

// Demonstration tells what Demo found or made.
type Demonstration struct {
	Made     bool // false: there was a house already, nothing was changed
	Accounts []DemoAccount
}

// DemoAccount is one who can sign in.
type DemoAccount struct{ Login, Name, Unit, Roles string }

// DemoConfig is the configuration of the demonstration district, as far as cfg
// says nothing else.
func DemoConfig(cfg config.Config) config.Config {
	if cfg.District.Name == "" {
		cfg.District = config.District{Name: "江澄区", Parent: "江州市", Office: "区政府办公室", Sponsor: "江澄区人民政府办公室",
			Keeper: "江澄区大数据发展局", Contact: "演示数据，人名地名均为虚构"}
	}
	cfg.Account.TOTP = false
	cfg.Control = "" // its website is this machine's: no line in between can be out
	if cfg.Allow == "" {
		cfg.Allow = cfg.Listen + " " + admits(demosite.Address) // links and rules open its own pages, inspections its website
	}
	return cfg
}

// admits lets the district's website at an address be inspected, and those beside
// it to which it links.
func admits(website string) string { return website + " " + demosite.Neighbour(website) }

// Demo makes a demonstration district whose history began in June of last year. A house
// that is there stays as it is; its demonstration accounts are listed again.
func Demo(ctx context.Context, cfg config.Config, now clock.Clock, log *slog.Logger) (d Demonstration, err error) {
	if Exists(cfg) {
		a, err := Open(ctx, cfg, now, log)
		if err != nil {
			return d, err
		}
		defer func() { err = errors.Join(err, a.Close()) }()
		d.Accounts, err = a.demoList(ctx)
		return d, err
	}
	website, err := demosite.Listen()
	if err != nil {
		return d, fmt.Errorf("demo: serve the website: %w", err)
	}
	return made(ctx, cfg, now, log, website)
}

// made makes the demonstration district, whose website is served at a listener
// for that time; afterwards `gongkai demo-site` serves it.
func made(ctx context.Context, cfg config.Config, now clock.Clock, log *slog.Logger, website net.Listener) (d Demonstration, err error) {
	address := website.Addr().String()
	cfg = DemoConfig(cfg)
	cfg.Allow += " " + admits(address)
	cfg.Browser = false // nothing of its website is filled in by scripts
	undo, err := lay(cfg)
	defer func() {
		if err != nil {
			undo()
		}
	}()
	if err != nil {
		return d, errors.Join(err, website.Close())
	}
	begin := clock.At(plan.DemoStart(calendar.Of(now.Now())).Start().Add(9 * time.Hour))
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() {
		served <- demosite.Serve(serving, website, func() calendar.Date { return calendar.Of(begin.Now()) })
	}()
	defer func() {
		stop()
		err = errors.Join(err, <-served)
	}()
	a, err := Open(ctx, cfg, begin, log)
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if err := a.fill(ctx, begin, now.Now(), address); err != nil {
		return d, err
	}
	d.Made = true
	d.Accounts, err = a.demoList(ctx)
	return d, err
}

// fill writes the units and people, lets every area tell its year and opens the
// accounts.
func (a *App) fill(ctx context.Context, now *clock.Fixed, today time.Time, website string) error {
	report, err := a.Org.Import(ctx, org.System, "org.html", demoOrg, false)
	if err != nil {
		return fmt.Errorf("demo: import units: %w", err)
	}
	if !report.Saved {
		return fmt.Errorf("demo: units refused: %+v", report.Bad)
	}
	for i, g := range []org.Group{
		{Name: "区政府各部门", Aliases: []string{"区级各部门", "各部门"}, Types: []org.Type{org.Office, org.Department}},
		{Name: "各管委会", Aliases: []string{"管委会"}, Types: []org.Type{org.Committee}},
		{Name: "各街道办事处", Aliases: []string{"各街道", "街道办事处"}, Types: []org.Type{org.Street}},
	} {
		g.Seq = i + 1
		if _, err := a.Org.PutGroup(ctx, org.System, g); err != nil {
			return fmt.Errorf("demo: groups: %w", err)
		}
	}
	d, err := area.NewDemo(ctx, a.Kernel, now, today, site(a.Config))
	if err != nil {
		return err
	}
	d.Website, d.Neighbour = "http://"+website, "http://"+demosite.Neighbour(website)
	for _, one := range a.areas {
		if one.Demo == nil {
			continue
		}
		if err := one.Demo(ctx, d); err != nil {
			return fmt.Errorf("demo: area %s: %w", one.Name, err)
		}
	}
	// The accounts come last and today: a password as old as the demonstration
	// would have to be changed at the first sign-in.
	if today.After(now.Now()) {
		now.Set(today)
	}
	for _, one := range demoAccounts {
		p, err := a.Org.PersonNumbered(ctx, one[1])
		if err != nil {
			return fmt.Errorf("demo: person %s: %w", one[1], err)
		}
		if err := a.Accounts.CreateWith(ctx, org.System, p.ID, one[0], DemoPassword, false); err != nil {
			return fmt.Errorf("demo: account %s: %w", one[0], err)
		}
		if err := a.readOld(ctx, p.ID, today); err != nil {
			return fmt.Errorf("demo: messages of %s: %w", one[0], err)
		}
	}
	return nil
}

// readOld marks the messages as read that a person at work would have read by
// today: those from before the last days.
func (a *App) readOld(ctx context.Context, person id.ID, today time.Time) error {
	var old []id.ID
	for n := 1; ; n++ {
		list, err := a.Notices.Inbox(ctx, person, notify.InboxAsk{Unread: true, Page: page.Ask{Number: n, Size: page.Max}})
		if err != nil {
			return err
		}
		for _, one := range list.Rows {
			if one.CreatedAt.Before(today.AddDate(0, 0, -3)) {
				old = append(old, one.ID)
			}
		}
		if n >= list.Pages() {
			break
		}
	}
	if len(old) == 0 {
		return nil // to name none would mean all
	}
	return a.Notices.Read(ctx, person, old...)
}

// demoList lists the accounts of the demonstration that are there; none when
// the house is a real one.
func (a *App) demoList(ctx context.Context) ([]DemoAccount, error) {
	var out []DemoAccount
	for _, one := range demoAccounts {
		p, err := a.Org.PersonNumbered(ctx, one[1])
		if err != nil {
			return nil, nil // not the demonstration district
		}
		account, err := a.Accounts.Account(ctx, p.ID)
		if err != nil || account.Login != one[0] {
			return nil, nil
		}
		posts, err := a.Org.Posts(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		d := DemoAccount{Login: one[0], Name: p.Name}
		var units []string
		var roles org.Role
		for _, post := range posts {
			name, err := a.unitName(ctx, post.Unit)
			if err != nil {
				return nil, err
			}
			units, roles = append(units, name), roles|post.Roles
		}
		d.Unit, d.Roles = strings.Join(units, "、"), roles.Title()
		out = append(out, d)
	}
	return out, nil
}

func (a *App) unitName(ctx context.Context, key id.ID) (string, error) {
	u, err := a.Org.Unit(ctx, key)
	return u.Name, err
}
