package app

import (
	"context"
	"fmt"
	"strings"

	"gongkai/area/plan"
	"gongkai/face/desk"
	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/notify"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/process"
)

func (a *App) today() calendar.Date { return calendar.Of(a.Clock.Now()) }

// todos shows on the desk what the cases say.
type todos struct{ *App }

// Mine implements desk.Todos: the most urgent ones, as many as a page may show.
func (t todos) Mine(ctx context.Context, who org.Actor) ([]desk.Todo, error) {
	list, err := t.Cases.Todos(ctx, who, process.Filter{Page: page.Ask{Size: page.Max}})
	if err != nil {
		return nil, err
	}
	dir, err := t.Org.Directory(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]desk.Todo, len(list.Rows))
	for i, c := range list.Rows {
		out[i] = desk.Todo{Title: c.Title, Kind: c.FlowTitle + "，" + c.StateTitle, Href: c.Link, Due: c.Due, Clock: t.left(c.Due)}
		if c.Unit != who.Unit {
			out[i].Unit = dir.NameOf(c.Unit)
		}
		if len(c.Moves) > 0 {
			out[i].Action = c.Moves[0].Title
		}
	}
	return out, nil
}

// left is a deadline in a few words.
func (t todos) left(due calendar.Date) string {
	today := t.today()
	switch {
	case due.IsZero():
		return ""
	case due.Before(today):
		return fmt.Sprintf("应于%s完成，已超期 %d 个工作日", due.MonthDay(), t.Days().WorkingDaysBetween(due, today))
	case due == today:
		return "今天截止"
	}
	return fmt.Sprintf("还有 %d 个工作日，%s截止", t.Days().WorkingDaysBetween(today, due), due.MonthDay())
}

// Count implements desk.Todos.
func (t todos) Count(ctx context.Context, who org.Actor) (open, late int, err error) {
	c, err := t.Cases.Count(ctx, who, "")
	return c.All(), c.Late, err
}

// inbox shows a person's messages on the desk.
type inbox struct{ *notify.Service }

// List implements desk.Notices.
func (b inbox) List(ctx context.Context, who org.Actor, ask page.Ask) (page.Of[desk.Notice], error) {
	list, err := b.Inbox(ctx, who.Person, notify.InboxAsk{Page: ask})
	out := page.Of[desk.Notice]{Total: list.Total, Ask: list.Ask}
	for _, m := range list.Rows {
		out.Rows = append(out.Rows, desk.Notice{ID: m.ID, At: m.CreatedAt, Title: m.Title, Text: m.Text, Href: m.Link, Unread: m.ReadAt.IsZero()})
	}
	return out, err
}

// Unread implements desk.Notices.
func (b inbox) Unread(ctx context.Context, who org.Actor) (int, error) {
	return b.Service.Unread(ctx, who.Person)
}

// MarkRead implements desk.Notices.
func (b inbox) MarkRead(ctx context.Context, who org.Actor, keys []id.ID) error {
	return b.Read(ctx, who.Person, keys...)
}

// finder searches for the desk what the areas know.
type finder struct{ *plan.Service }

// Search implements desk.Searcher.
func (f finder) Search(ctx context.Context, who org.Actor, ask desk.Ask) (desk.Found, error) {
	list, counts, err := f.Service.Search(ctx, who, ask.Text, ask.Kind, ask.Page)
	kinds := []desk.Kind{{Name: plan.FoundPlan, Title: "任务分工"}, {Name: plan.FoundUnit, Title: "单位"}, {Name: plan.FoundMeasure, Title: "举措"}, {Name: plan.FoundEvidence, Title: "佐证"}}
	titles := map[string]string{}
	for i := range kinds {
		kinds[i].Count, titles[kinds[i].Name] = counts[kinds[i].Name], kinds[i].Title
	}
	out := desk.Found{Results: page.Of[desk.Result]{Total: list.Total, Ask: list.Ask}, Kinds: kinds}
	for _, r := range list.Rows {
		out.Results.Rows = append(out.Results.Rows, desk.Result{Title: r.Title, Href: r.Href, Kind: titles[r.Kind], Unit: r.Unit, On: r.On, Parts: marked(r.Text, ask.Text)})
	}
	return out, err
}

// marked cuts a text at the words that were searched.
func marked(text, words string) (out []desk.Part) {
	for text != "" {
		at, hit := len(text), ""
		for _, w := range strings.Fields(words) {
			if i := strings.Index(text, w); i >= 0 && i < at {
				at, hit = i, w
			}
		}
		if at > 0 {
			out = append(out, desk.Part{Text: text[:at]})
		}
		if hit != "" {
			out = append(out, desk.Part{Text: hit, Hit: true})
		}
		text = text[at+len(hit):]
	}
	return out
}
