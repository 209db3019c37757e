package assess

import (
	"context"
	"embed"
	"fmt"

	"gongkai/area"
	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
	"gongkai/web"
)

//go:embed migration template help.md
var files embed.FS

// Service is what can be done with the registers.
type Service struct{ k *area.Kernel }

// New makes the registers.
func New(k *area.Kernel) *Service { return &Service{k} }

// Area declares all the registers are.
func (s *Service) Area() area.Area {
	return area.Area{
		Name: "assess", Title: "培训登记", Files: files,
		Routes: []web.Route{
			web.GET("/desk/trainings", org.Staff, s.list),
			web.GET("/desk/trainings/new", org.Disclosure|org.Coordinator, s.form),
			web.POST("/desk/trainings", org.Disclosure|org.Coordinator, s.create).Body(maxMaterial + 1<<20),
			web.GET("/desk/trainings/{id}", org.Staff, s.page),
			web.GET("/desk/trainings/{id}/material", org.Staff, s.material),
			web.POST("/desk/trainings/{id}/drop", org.Disclosure|org.Coordinator, s.drop),
		},
		Proofs:  s.Proofs(),
		Actions: map[string]string{"assess.training": "登记培训"},
		Demo:    s.demo,
		Menu:    []web.Menu{{Title: "培训登记", Href: "/desk/trainings", Mark: "训", Roles: org.Disclosure | org.Lead | watchers, Order: 40}},
	}
}

// Proofs are the rules that the registers can answer.
func (s *Service) Proofs() []area.Proof {
	kinds := make([]area.Option, 0, len(Kinds()))
	for _, k := range Kinds() {
		kinds = append(kinds, area.Option{Code: string(k), Title: k.Title()})
	}
	return []area.Proof{{
		Name: "training", Title: "培训次数（有签到）",
		Help: "该单位在本年度举办、不少于1小时且有签到名单的培训不少于规定次数。",
		Params: []area.Param{
			{Name: "n", Title: "次数", Kind: area.Count, Default: "1"},
			{Name: "kind", Title: "培训类型", Kind: area.Choice, Optional: true, Options: kinds},
		},
		Ask: s.prove,
	}}
}

// prove counts the trainings of a unit in the year of the period, by the day
// they were held.
func (s *Service) prove(ctx context.Context, in area.Question) (area.Answer, error) {
	from, until := calendar.Day(in.From.Year(), 1, 1), calendar.Day(in.From.Year(), 12, 31)
	list, err := ofUnit(ctx, s.k.DB.Read, in.Unit, from, until)
	if err != nil {
		return area.Answer{}, err
	}
	want := in.Count("n", 1) // no number of trainings is nothing to prove
	var a area.Answer
	n := 0
	for _, t := range list {
		if k := in.Values["kind"]; k != "" && k != string(t.Kind) {
			continue
		}
		ok, why := t.Counts()
		if ok {
			n++
			why = fmt.Sprintf("%d人签到", len(t.Present))
		}
		a.Rows = append(a.Rows, area.Row{Title: t.Topic, Link: "/desk/trainings/" + string(t.ID), Date: t.HeldOn.String(), OK: ok, Why: why})
	}
	a.Verdict = area.Tell(n >= want)
	a.Why = fmt.Sprintf("%d年应不少于%d次，有效登记%d次", in.From.Year(), want, n)
	return a, nil
}

// Register writes down a training that the actor's unit held.
func (s *Service) Register(ctx context.Context, who org.Actor, t Training) (id.ID, error) {
	t = t.clean()
	t.ID, t.Unit, t.By, t.Version = id.New(), who.Unit, who.Person, 1
	if t.Present == nil {
		t.Present = []string{}
	}
	return t.ID, s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := t.valid(calendar.Of(tx.Now)); err != nil {
			return err
		}
		t.At = tx.Now
		if err := insert(ctx, tx, t); err != nil {
			return fmt.Errorf("register a training: %w", err)
		}
		return record(ctx, tx, who, "assess.training", t.ID, "登记培训："+t.Topic)
	})
}

// Drop takes a training out of the register, for the unit that held it.
func (s *Service) Drop(ctx context.Context, who org.Actor, key id.ID) error {
	return s.k.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		t, err := get(ctx, tx, key)
		if err != nil {
			return err
		}
		if t.Unit != who.Unit {
			return fault.New(fault.Forbidden, "这是其他单位登记的培训")
		}
		if err := remove(ctx, tx, key); err != nil {
			return err
		}
		return record(ctx, tx, who, "assess.training", key, "删除培训登记："+t.Topic)
	})
}

func record(ctx context.Context, tx *store.Tx, who org.Actor, action string, key id.ID, what string) error {
	return audit.Write(ctx, tx, audit.Entry{Actor: who.Person, Name: who.Name, Unit: who.Unit, Action: action, Kind: "training", Subject: string(key), Reason: what})
}
