package lexicon

import (
	"context"
	"embed"
	"fmt"
	"strings"

	"gongkai/area"
	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/check"
	"gongkai/kernel/check/standard"
	"gongkai/kernel/check/wording"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
	"gongkai/web"
)

//go:embed migration template help.md
var files embed.FS

// Service is what can be done with the house's rules.
type Service struct{ k *area.Kernel }

// New makes the service and tells the check engine where the house's rules are.
func New(k *area.Kernel) *Service {
	s := &Service{k}
	k.Checks.Own(s.mark, s.house)
	return s
}

// workers are all who work with texts; the three administrators see only their
// own part.
const workers = org.Editor | org.Proofreader | org.Reviewer | org.Secrecy | org.Disclosure | org.Operator | org.Lead | org.Coordinator | org.Leader | org.Principal

// Area declares all of it.
func (s *Service) Area() area.Area {
	return area.Area{
		Name: "lexicon", Title: "内容检查", Files: files,
		Routes: []web.Route{
			web.GET("/desk/check", workers, s.checkForm),
			web.POST("/desk/check", workers, s.checkNow).Body(maxFile + 1<<20),
			web.POST("/api/check", workers, s.checkAPI).Body(maxFile + 1<<20),
			web.GET("/desk/lexicon", workers, s.list),
			web.GET("/desk/lexicon/new", org.Coordinator, s.form),
			web.POST("/desk/lexicon", org.Coordinator, s.save),
			web.GET("/desk/lexicon/{id}", workers, s.form),
			web.POST("/desk/lexicon/{id}", org.Coordinator, s.save),
			web.POST("/desk/lexicon/{id}/live", org.Coordinator, s.goLive),
			web.POST("/desk/lexicon/{id}/stop", org.Coordinator, s.stop),
			web.POST("/desk/lexicon/{id}/drop", org.Coordinator, s.drop),
		},
		Actions: map[string]string{"lexicon.save": "保存检查规则", "lexicon.live": "启用检查规则", "lexicon.stop": "停用检查规则", "lexicon.drop": "删除检查规则"},
		Demo:    s.demo,
		Menu:    []web.Menu{{Title: "内容检查", Href: "/desk/check", Mark: "检", Roles: workers, Order: 45, Under: []string{"/desk/lexicon"}}},
	}
}

// mark changes whenever the house's rules or, within ten minutes, its units do.
func (s *Service) mark(ctx context.Context) (string, error) {
	m, err := stamp(ctx, s.k.DB.Read)
	return fmt.Sprintf("%s/%d", m, s.k.Clock.Now().Unix()/600), err
}

// house is what the engine adds to the rules that come with the program: live
// rules, and the names of all units.
func (s *Service) house(ctx context.Context) (standard.House, error) {
	var h standard.House
	list, err := live(ctx, s.k.DB.Read)
	if err != nil {
		return h, err
	}
	for _, r := range list {
		switch r.Kind {
		case Word:
			e, err := r.entry()
			if err != nil {
				return h, fmt.Errorf("rule %s of the house: %w", r.ID, err)
			}
			h.Entries = append(h.Entries, e)
		case Leader:
			h.Offices = append(h.Offices, wording.Office{Title: r.Form, Name: r.Right, From: r.From, Until: r.Until})
		case Name:
			h.Names = append(h.Names, r.Form)
		}
	}
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return h, err
	}
	for _, u := range dir.Units() {
		h.Names = append(h.Names, u.Name, u.Full)
	}
	return h, nil
}

// Save writes a rule, new where it has no id. A live rule whose text changed must
// pass its examples, or it is refused.
func (s *Service) Save(ctx context.Context, who org.Actor, r Rule) (id.ID, error) {
	r = r.clean()
	if err := r.valid(); err != nil {
		return "", err
	}
	return r.ID, s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		fresh := r.ID == ""
		if fresh {
			r.ID, r.Version = id.New(), 1
		} else {
			old, err := get(ctx, tx, r.ID)
			if err != nil {
				return err
			}
			r.Live = old.Live
		}
		r.By, r.At = who.Person, tx.Now
		if r.Live {
			if err := passes(r, calendar.Of(tx.Now)); err != nil {
				return err
			}
		}
		write := update
		if fresh {
			write = insert
		}
		if err := write(ctx, tx, r); err != nil {
			return err
		}
		return record(ctx, tx, who, "lexicon.save", r)
	})
}

// passes refuses a rule whose examples fail.
func passes(r Rule, today calendar.Date) error {
	if wrong := r.try(today); len(wrong) > 0 {
		return fault.Fields{"hits": strings.Join(wrong, "；")}.Err()
	}
	return nil
}

// GoLive puts a rule in force; its examples must pass, and a rule that blocks is
// put in force by somebody else than who wrote it last.
func (s *Service) GoLive(ctx context.Context, who org.Actor, key id.ID) error {
	return s.change(ctx, who, key, "lexicon.live", func(r *Rule, today calendar.Date) error {
		if r.Kind == Word && r.Severity == check.Block && r.By == who.Person {
			return fault.New(fault.Forbidden, "“必须修改”级的规则须由另一位统筹人员启用")
		}
		r.Live = true
		return passes(*r, today)
	})
}

// Stop takes a rule out of force; it stays to be read and mended.
func (s *Service) Stop(ctx context.Context, who org.Actor, key id.ID) error {
	return s.change(ctx, who, key, "lexicon.stop", func(r *Rule, _ calendar.Date) error {
		r.Live = false
		return nil
	})
}

func (s *Service) change(ctx context.Context, who org.Actor, key id.ID, action string, how func(*Rule, calendar.Date) error) error {
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := get(ctx, tx, key)
		if err != nil {
			return err
		}
		if err := how(&r, calendar.Of(tx.Now)); err != nil {
			return err
		}
		if err := update(ctx, tx, r); err != nil {
			return err
		}
		return record(ctx, tx, who, action, r)
	})
}

// Drop removes a rule that is not in force.
func (s *Service) Drop(ctx context.Context, who org.Actor, key id.ID) error {
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := get(ctx, tx, key)
		if err != nil {
			return err
		}
		if r.Live {
			return fault.New(fault.Invalid, "这条规则正在使用，请先停用再删除")
		}
		if err := remove(ctx, tx, key); err != nil {
			return err
		}
		return record(ctx, tx, who, "lexicon.drop", r)
	})
}

func record(ctx context.Context, tx *store.Tx, who org.Actor, action string, r Rule) error {
	return audit.Write(ctx, tx, audit.Entry{Actor: who.Person, Name: who.Name, Unit: who.Unit, Action: action, Kind: "rule", Subject: string(r.ID), Reason: r.summary()})
}

// Check reads a text or a file and says what is wrong with it; day is the text's,
// zero where nobody knows it.
func (s *Service) Check(ctx context.Context, name string, data []byte, day calendar.Date) (*check.Text, []check.Hit, error) {
	engine, err := s.k.Checks.Engine(ctx)
	if err != nil {
		return nil, nil, err
	}
	var t *check.Text
	if name == "" {
		t = check.Plain(string(data))
	} else if t, err = check.Read(ctx, s.k.Documents, name, data); err != nil && fault.Text(err) == "" {
		return nil, nil, err
	}
	unread := err
	if t != nil {
		t.Date, t.Today = day, calendar.Of(s.k.Clock.Now())
	}
	if name == "" {
		return t, engine.Check(t, check.Gate), nil
	}
	hits, err := engine.CheckFile(ctx, name, data, t, check.Gate)
	if err == nil && len(hits) == 0 {
		err = unread
	}
	return t, hits, err
}
