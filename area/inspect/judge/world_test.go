package judge

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/kernel/calendar"
)

// t0 of the handbook's checks (section 11).
var t0 = time.Date(2026, 6, 30, 12, 0, 0, 0, calendar.Zone)

const start = "http://www.yl.gov.cn/"

// world is a site in memory, crawled already.
type world struct {
	pages []*fact.Page
	files []*fact.Page
	in    Input
}

func (w *world) Pages(_ context.Context, part crawl.Part, do func(*fact.Page) error) error {
	if part != crawl.Page {
		return nil
	}
	for _, p := range w.pages {
		if err := do(p); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) States(_ context.Context, do func(*fact.Page, crawl.Part) error) error {
	for _, p := range w.pages {
		if err := do(p, crawl.Page); err != nil {
			return err
		}
	}
	for _, p := range w.files {
		if err := do(p, crawl.File); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) Notes(context.Context) ([]crawl.Note, error) { return nil, nil }

// at is an absolute address of the site.
func at(path string) string {
	if strings.Contains(path, "://") {
		return path
	}
	return start + strings.TrimPrefix(path, "/")
}

// site begins a world with a home page whose menu names the given paths.
func begin(menu ...string) *world {
	w := &world{}
	r := &fact.Reading{Kind: fact.Home, Title: "云岭区人民政府", Heading: "云岭区人民政府", Meta: map[string]string{"SiteName": "云岭区人民政府"}}
	for _, m := range menu {
		name, path, _ := strings.Cut(m, " ")
		r.Links = append(r.Links, fact.Link{URL: at(path), Text: name, Place: fact.InNav, Element: "a"})
	}
	w.pages = append(w.pages, &fact.Page{URL: start, Status: 200, At: t0, Read: r, Hash: "home"})
	w.in = Input{Site: fact.Site{Start: start}, T0: t0, Round: 1}
	return w
}

func (w *world) home() *fact.Reading { return w.pages[0].Read }

// page adds a page.
func (w *world) page(path string, depth int, r *fact.Reading) *fact.Page {
	p := &fact.Page{URL: at(path), Status: 200, At: t0, Depth: depth, Referrer: start, Read: r, Hash: path}
	if r != nil && r.Meta == nil {
		r.Meta = map[string]string{}
	}
	w.pages = append(w.pages, p)
	return p
}

// item adds an item; stamp is "2026-06-29", with a time of day, or "" for none.
func (w *world) item(path, title, stamp string) *fact.Page {
	r := &fact.Reading{Kind: fact.Content, Heading: title, Title: title, Words: 200, Text: strings.Repeat(title+path, 10)}
	if stamp != "" {
		r.Published, r.DateFrom = moment(stamp), "meta"
	}
	return w.page(path, 2, r)
}

func moment(stamp string) time.Time {
	for _, form := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(form, stamp, calendar.Zone); err == nil {
			return t
		}
	}
	panic(stamp)
}

// column adds a list page and an item for each stamp, newest first.
func (w *world) column(name, path string, depth int, stamps ...string) *fact.Reading {
	r := &fact.Reading{Kind: fact.List, Heading: name, Title: name, Breadcrumb: []string{name}}
	w.page(path, depth, r)
	for i, s := range stamps {
		u := fmt.Sprintf("%sa%d.html", path, i)
		title := fmt.Sprintf("%s的第%d条内容", name, i+1)
		e := fact.Entry{URL: at(u), Title: title}
		if s != "" {
			e.Date = calendar.Of(moment(s))
		}
		r.Entries = append(r.Entries, e)
		w.item(u, title, s)
	}
	return r
}

func (w *world) judge(t *testing.T) *fact.Report {
	t.Helper()
	w.in.Crawl = w
	r, err := Judge(t.Context(), w.in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// found are the findings of a check.
func found(r *fact.Report, check string) (out []fact.Finding) {
	for _, f := range r.Findings {
		if f.Check == check || slices.Contains(f.Also, check) {
			out = append(out, f)
		}
	}
	return out
}

func wantState(t *testing.T, r *fact.Report, indicator string, want fact.State) {
	t.Helper()
	if got := r.Decided[indicator]; got != want {
		t.Errorf("%s is %s, want %s", indicator, got, want)
		for _, l := range r.Result.Lines {
			if l.Indicator == indicator {
				t.Log(l.Reason)
			}
		}
	}
}

// only asks that the findings of a check are about these addresses.
func only(t *testing.T, r *fact.Report, check string, paths ...string) {
	t.Helper()
	var got, want []string
	for _, f := range found(r, check) {
		got = append(got, f.URL)
	}
	for _, p := range paths {
		want = append(want, at(p))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", check, got, want)
	}
}

func dayOf(s string) calendar.Date { return calendar.MustParse(s) }
