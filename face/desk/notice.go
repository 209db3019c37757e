package desk

import (
	"gongkai/kernel/page"
	"gongkai/web"
)

func (d *Desk) messages(r *web.Request) (web.Reply, error) {
	list, err := d.Notices.List(r.Context(), r.Who, r.Page())
	if err != nil {
		return web.Reply{}, err
	}
	return web.View("desk/messages", struct{ List page.Of[Notice] }{list}), nil
}

func (d *Desk) markRead(r *web.Request) (web.Reply, error) {
	f := r.Form()
	keys := f.Keys("message")
	if err := f.Err(); err != nil {
		return web.Reply{}, err
	}
	if err := d.Notices.MarkRead(r.Context(), r.Who, keys); err != nil {
		return web.Reply{}, err
	}
	return web.Redirect("/desk/messages"), nil
}
