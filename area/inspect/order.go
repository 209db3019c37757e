package inspect

import (
	"context"
	"time"

	"gongkai/area"
	"gongkai/kernel/fault"
	"gongkai/kernel/process"
	"gongkai/kernel/store"
	"gongkai/web"
)

type orderView struct {
	*web.Form
	area.CaseView
	Tabs     []web.Tab
	Task     Task
	Site     Site
	Unit     string
	Findings []Finding
	Due      string
}

func (s *Service) orderView(r *web.Request, form *web.Form) (orderView, error) {
	v := orderView{Form: form, Tabs: tabs(r, "findings")}
	key, err := r.Key("id")
	if err != nil {
		return v, err
	}
	ctx, db := r.Context(), s.k.DB.Read
	if v.Task, err = getTask(ctx, db, key); err != nil {
		return v, err
	}
	if !r.Who.May(watchers) && v.Task.Unit != r.Who.Unit {
		return v, fault.New(fault.NotFound, "没有找到这张整改单，或者它属于其他单位")
	}
	if v.Site, err = getSite(ctx, db, v.Task.Site); err != nil {
		return v, err
	}
	dir, err := s.k.Org.Directory(ctx)
	if err != nil {
		return v, err
	}
	v.Unit = dir.NameOf(v.Task.Unit)
	if v.Findings, err = ofTask(ctx, db, key); err != nil {
		return v, err
	}
	c, err := s.k.Cases.Get(ctx, v.Task.Case)
	if err != nil {
		return v, err
	}
	if v.CaseView, err = s.k.CaseView(r, c, s.k.Names(r)); err != nil {
		return v, err
	}
	if e, err := s.k.Cases.Explain(c, clockMend); err == nil && c.ClosedAt.IsZero() {
		v.Due = s.k.Days().Remaining(e.Deadline, r.Now, 24*time.Hour)
	}
	return v, nil
}

func (s *Service) orderPage(r *web.Request) (web.Reply, error) {
	v, err := s.orderView(r, nil)
	if err != nil {
		return web.Reply{}, err
	}
	return web.View("inspect/order", v), nil
}

func (s *Service) moveOrder(r *web.Request) (web.Reply, error) {
	f := r.Form()
	v, err := s.orderView(r, f)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.k.DB.Do(r.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := s.k.Cases.Move(ctx, tx, v.Task.Case, f.Text("move"), r.Who, process.Input{Reason: f.Text("reason"), Version: int64(f.Int("version"))})
		return err
	})
	if err != nil {
		return f.Refused(err, "inspect/order", v)
	}
	return web.Redirect("/desk/orders/" + string(v.Task.ID)).Flash("已办理"), nil
}
