package area

import (
	"slices"
	"strings"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/process"
	"gongkai/web"
)

// CaseView is a case as its page shows it: for the components states, moves and
// timeline.
type CaseView struct {
	Case   *process.Case
	Line   []web.Step
	Offers []Offer
	Events []web.Event
}

// Offer is a move that a person is shown.
type Offer struct {
	process.Offer
	Main bool // the likely one
}

// rank brings what can be done now to the front, and what is rarely done to the end.
func (o Offer) rank() int {
	switch {
	case o.Move.Optional:
		return 2
	case o.Why != "":
		return 1
	}
	return 0
}

// CaseView shows a case to whoever asks; names are those of the page (Names).
func (k *Kernel) CaseView(r *web.Request, c *process.Case, names func(id.ID) string) (CaseView, error) {
	v := CaseView{Case: c}
	for _, st := range c.Line() {
		step := web.Step{Title: st.State.Title, Past: st.Done, Now: st.Current}
		if !st.At.IsZero() {
			step.On = calendar.Of(st.At)
		}
		v.Line = append(v.Line, step)
	}
	offers, err := k.Cases.Allowed(r.Context(), r.Who, c)
	if err != nil {
		return v, err
	}
	for _, o := range offers {
		if o.Mine || o.Barred { // whom four eyes bar should read why
			v.Offers = append(v.Offers, Offer{Offer: o})
		}
	}
	slices.SortStableFunc(v.Offers, func(a, b Offer) int { return a.rank() - b.rank() })
	if len(v.Offers) > 0 {
		v.Offers[0].Main = v.Offers[0].rank() == 0
	}
	for _, e := range c.Timeline(names) {
		v.Events = append(v.Events, event(e))
	}
	return v, nil
}

// event is an entry of a case's history as a line of a page.
func event(e process.Entry) web.Event {
	title := e.What
	if e.From != "" {
		title += "：" + e.From + " → " + e.To
	}
	notes := []string{}
	if e.Reason != "" {
		notes = append(notes, e.Reason)
	}
	for _, f := range e.Fields {
		notes = append(notes, f.Title+"："+f.Value)
	}
	return web.Event{At: e.At, Title: title, By: e.Who, Note: strings.Join(notes, "；")}
}

// Names looks up the names of persons for one page, each of them once; nobody
// known has none.
func (k *Kernel) Names(r *web.Request) func(id.ID) string {
	known := map[id.ID]string{"": ""}
	return func(key id.ID) string {
		name, ok := known[key]
		if !ok {
			if p, err := k.Org.Person(r.Context(), key); err == nil {
				name = p.Name
			}
			known[key] = name
		}
		return name
	}
}
