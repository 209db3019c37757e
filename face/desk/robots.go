package desk

import (
	"slices"

	"gongkai/kernel/fault"
	"gongkai/kernel/notify"
	"gongkai/kernel/org"
	"gongkai/kernel/secret"
	"gongkai/web"
)

func (s *Screens) robotRoutes() []web.Route {
	return []web.Route{
		web.GET("/desk/system/robots", org.SystemAdmin, s.robots),
		web.GET("/desk/system/robots/new", org.SystemAdmin, s.newRobot),
		web.POST("/desk/system/robots", org.SystemAdmin, s.saveRobot),
		web.GET("/desk/system/robots/{robot}", org.SystemAdmin, s.editRobot),
		web.POST("/desk/system/robots/{robot}", org.SystemAdmin, s.saveRobot),
		web.POST("/desk/system/robots/{robot}/drop", org.SystemAdmin, s.dropRobot),
	}
}

// robotsPage lists the group robots.
type robotsPage struct {
	Tabs   []web.Tab
	Robots []robotLine
}

type robotLine struct {
	notify.Robot
	UnitName string
}

func (s *Screens) robots(r *web.Request) (web.Reply, error) {
	list, err := s.Notices.Robots(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	p := robotsPage{Tabs: s.systemTabs("robots")}
	for _, one := range list {
		line := robotLine{Robot: one}
		if line.UnitName, err = s.unitName(r.Context(), one.Unit); err != nil {
			return web.Reply{}, err
		}
		p.Robots = append(p.Robots, line)
	}
	return web.View("desk/robots", p), nil
}

// robotForm is the page to add or change a robot. Address and secret are never
// shown again; left empty they stay as they are.
type robotForm struct {
	*web.Form
	Key                   string
	Formats, Units, Modes []web.Option
	HasSecret             bool
}

func (s *Screens) robotForm(r *web.Request, f *web.Form, old notify.Robot) (robotForm, error) {
	p := robotForm{Form: f, Key: string(old.ID), HasSecret: old.Secret != ""}
	for _, one := range []notify.Format{notify.WeCom, notify.WeComText, notify.DingTalk, notify.Plain} {
		p.Formats = append(p.Formats, web.Option{Value: string(one), Text: one.Title()})
	}
	for _, one := range []notify.Mode{notify.Urgent, notify.Digest, notify.Off} {
		p.Modes = append(p.Modes, web.Option{Value: string(one), Text: one.Title()})
	}
	var err error
	p.Units, err = s.units(r.Context(), "全部单位")
	return p, err
}

// robot is the one in the address of the page, the zero one on pages without.
func (s *Screens) robot(r *web.Request) (notify.Robot, error) {
	if r.PathValue("robot") == "" {
		return notify.Robot{}, nil
	}
	key, err := r.Key("robot")
	if err != nil {
		return notify.Robot{}, err
	}
	list, err := s.Notices.Robots(r.Context())
	if err != nil {
		return notify.Robot{}, err
	}
	if i := slices.IndexFunc(list, func(one notify.Robot) bool { return one.ID == key }); i >= 0 {
		return list[i], nil
	}
	return notify.Robot{}, fault.New(fault.NotFound, "没有找到这个群机器人，可能已删除")
}

func (s *Screens) newRobot(r *web.Request) (web.Reply, error) {
	p, err := s.robotForm(r, web.Fill("format", notify.WeCom, "mode", notify.Urgent), notify.Robot{})
	return web.View("desk/robot", p), err
}

func (s *Screens) editRobot(r *web.Request) (web.Reply, error) {
	old, err := s.robot(r)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.robotForm(r, robotFields(old), old)
	return web.View("desk/robot", p), err
}

// robotFields is the form of a robot as it is saved; its address and key are not
// shown.
func robotFields(one notify.Robot) *web.Form {
	return web.Fill("title", one.Title, "format", one.Format, "unit", one.Unit, "mode", one.Mode, "version", one.Version)
}

func (s *Screens) saveRobot(r *web.Request) (web.Reply, error) {
	old, err := s.robot(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := r.Form()
	one := notify.Robot{ID: old.ID, Title: f.Text("title"), Format: notify.Format(f.Text("format")), Unit: f.Key("unit"), Mode: notify.Mode(f.Text("mode")),
		Address: secret.Text(f.Text("address")), Secret: secret.Text(f.Text("secret")), Version: int64(f.Int("version"))}
	if one.Address == "" {
		one.Address = old.Address
	}
	if one.Secret == "" && !f.Bool("no_secret") {
		one.Secret = old.Secret
	}
	if err = f.Err(); err == nil {
		_, err = s.Notices.PutRobot(r.Context(), r.Who, one)
	}
	if err != nil {
		p, e := s.robotForm(r, f, old)
		if e != nil {
			return web.Reply{}, e
		}
		return f.Refused(f.Clash(err, robotFields(old), p.Formats, p.Units, p.Modes), "desk/robot", p)
	}
	return web.Redirect("/desk/system/robots").Flash("群机器人已保存"), nil
}

func (s *Screens) dropRobot(r *web.Request) (web.Reply, error) {
	old, err := s.robot(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Redirect("/desk/system/robots").Flash("群机器人已删除，等待推送的消息不再发送"), s.Notices.DropRobot(r.Context(), r.Who, old.ID)
}
