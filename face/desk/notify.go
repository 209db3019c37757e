package desk

import (
	"gongkai/kernel/id"
	"gongkai/kernel/notify"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/web"
)

func (s *Screens) noticeRoutes() []web.Route {
	return []web.Route{
		web.GET("/desk/system/deliveries", org.SystemAdmin, s.deliveries),
		web.POST("/desk/system/deliveries/{delivery}/retry", org.SystemAdmin, s.retryDelivery),
	}
}

// delivery is one as the list shows it.
type delivery struct {
	notify.Delivery
	To    string // name of the person; addresses are not shown
	Badge string
}

// Stuck reports whether the delivery can be sent again.
func (d delivery) Stuck() bool { return d.State == notify.Failed || d.State == notify.Again }

// deliveriesPage lists mails and short messages, those that failed first asked for.
type deliveriesPage struct {
	Tabs, States []web.Tab
	Filters      []web.Filter
	List         page.Of[delivery]
}

func (s *Screens) deliveries(r *web.Request) (web.Reply, error) {
	ctx := r.Context()
	p := deliveriesPage{Tabs: s.systemTabs("deliveries")}
	state := notify.State(r.Query("state"))
	if state == "" {
		state = notify.Failed
	}
	counts, err := s.Notices.Counts(ctx)
	if err != nil {
		return web.Reply{}, err
	}
	for _, one := range []notify.State{notify.Failed, notify.Again, notify.Waiting, notify.Sending, notify.Sent, notify.Skipped} {
		p.States = append(p.States, web.Tab{Title: one.Title(), Href: r.Changed("state", string(one)), Count: counts[one], Now: state == one})
	}
	channel := web.Filter{Name: "channel", Title: "方式", Value: r.Query("channel")}
	for _, c := range []notify.Channel{notify.Mail, notify.SMS, notify.Hook} {
		channel.Options = append(channel.Options, web.Option{Value: string(c), Text: c.Title()})
	}
	p.Filters = []web.Filter{channel}
	list, err := s.Notices.Deliveries(ctx, notify.DeliveryAsk{Channel: notify.Channel(channel.Value), State: state, Page: r.Page()})
	if err != nil {
		return web.Reply{}, err
	}
	p.List = page.Of[delivery]{Total: list.Total, Ask: list.Ask}
	names := map[id.ID]string{}
	for _, d := range list.Rows {
		one := delivery{Delivery: d, Badge: map[notify.State]string{notify.Failed: "late", notify.Again: "slow", notify.Sent: "done", notify.Sending: "doing"}[d.State]}
		if one.Badge == "" {
			one.Badge = "idle"
		}
		if d.Channel == notify.Hook {
			one.To = "群机器人"
		} else if one.To = names[d.Receiver]; one.To == "" {
			if person, err := s.Org.Person(ctx, d.Receiver); err == nil {
				one.To = person.Name
			}
			names[d.Receiver] = one.To
		}
		p.List.Rows = append(p.List.Rows, one)
	}
	return web.View("desk/deliveries", p), nil
}

func (s *Screens) retryDelivery(r *web.Request) (web.Reply, error) {
	key, err := r.Key("delivery")
	if err != nil {
		return web.Reply{}, err
	}
	return web.Redirect("/desk/system/deliveries").Flash("已安排重新发送"), s.Notices.Retry(r.Context(), r.Who, key)
}
