package survey_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"gongkai/area/inspect/crawl"
	"gongkai/area/inspect/fact"
	"gongkai/area/inspect/judge"
	"gongkai/area/inspect/onpage"
	"gongkai/area/inspect/read"
	"gongkai/area/inspect/report"
	"gongkai/area/inspect/sitegen"
)

// crawled is a crawl in memory: pages, and files behind them.
type crawled struct{ pages, files []*fact.Page }

func (c crawled) Pages(_ context.Context, part crawl.Part, do func(*fact.Page) error) error {
	list := c.pages
	if part != crawl.Page {
		list = c.files
	}
	for _, p := range list {
		if err := do(p); err != nil {
			return err
		}
	}
	return nil
}

func (c crawled) States(_ context.Context, do func(*fact.Page, crawl.Part) error) error {
	for _, p := range c.pages {
		if err := do(p, crawl.Page); err != nil {
			return err
		}
	}
	for _, p := range c.files {
		if err := do(p, crawl.File); err != nil {
			return err
		}
	}
	return nil
}

func (crawled) Notes(context.Context) ([]crawl.Note, error) { return nil, nil }

// Whatever three pages of a site hold, they are read, judged and reported; every
// finding says what it is, once, and the report reads back as it was written.
func FuzzInspect(f *testing.F) {
	for _, design := range sitegen.Designs() {
		home, list, item := samples(f, design)
		f.Add(home, list, item, int64(1_782_000_000))
	}
	const broken = `<html><head><meta name="SiteName" content="><meta name=PubDate content="9999-99-99"><base href="//"><title></title>`
	f.Add("", "", "", int64(0))
	f.Add(broken, broken+`<ul><li><a href="a.html">关于开展工作的通知</a><span>2026-02-31</span></ul><a href="index_999999999999999999999.html">下一页</a>`, broken+"发布时间：0000-00-00 00:00 来源：\x00", int64(1<<40))
	f.Add(`<meta http-equiv=refresh content="0;url=/list/">`, `<frameset><frame src="/list/"><frame src="x">`, "\xff\xfe<\x00h\x00", int64(-1))
	f.Add(`<a href=/list/>政务公开</a><a href="/list/a.html">政府信息公开指南</a><footer>主办：&#0;ICP备000000000000000号 网站标识码：9999999999</footer>`,
		`<table><tr><td>标题<td>来信时间<td>办理时间<td>状态<tr><td><a href=a.html>我要投诉</a><td>2026-06-30<td>2026-01-01<td>已办结</table>`,
		`<h1>征集公告</h1><p>征集时间：2026-07-01至2026-06-01</p><p>索引号：000/2026-1 成文日期：9999年99月99日 有效性：失效</p><img src="/list/a.png">`, int64(1_782_000_000))
	f.Fuzz(func(t *testing.T, home, list, item string, when int64) {
		const start = "http://127.0.0.1:1/"
		t0 := time.Unix(when%4_000_000_000, 0)
		var c crawled
		for i, body := range []string{home, list, item} {
			p := &fact.Page{URL: start + []string{"", "list/", "list/a.html"}[i], Depth: i, Status: 200, At: t0, Type: "text/html", Size: int64(len(body)), Hash: "h"}
			if i > 0 {
				p.Referrer = start
			}
			body = strings.ToValidUTF8(body, "\uFFFD") // as the crawl hands it on
			r, err := read.Page(p.URL, []byte(body), read.Hints{Home: i == 0})
			if err != nil {
				continue
			}
			p.Read = r
			c.pages = append(c.pages, p)
			for _, l := range r.Links[:min(len(r.Links), 5)] {
				c.files = append(c.files, &fact.Page{URL: l.URL, Referrer: p.URL, Depth: i + 1, Status: 404, At: t0, Note: l.Text})
			}
		}
		looker := onpage.New(fact.Site{Start: start}, nil, t0)
		r, err := judge.Judge(t.Context(), judge.Input{
			Crawl: c, Site: fact.Site{Start: start}, T0: t0, Round: 1, Page: looker.Page,
			End: func() ([]fact.Finding, error) {
				var dead []crawl.Dead
				for _, p := range c.files {
					dead = append(dead, crawl.Dead{Page: p, Tries: []time.Time{t0, t0, t0}, Count: 1})
				}
				links, err := looker.Links(t.Context(), c, dead)
				return append(links, looker.End()...), err
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		sound(t, r)
	})
}

// sound looks at a report: that it is whole, and reads back.
func sound(t *testing.T, r *fact.Report) {
	t.Helper()
	states := []fact.State{fact.Pass, fact.Fail, fact.Proposed, fact.NotDecided, fact.NotApplicable}
	seen := map[string]bool{}
	for _, f := range r.Findings {
		if f.Check == "" || f.What == "" || f.URL == "" || f.ID == "" || !slices.Contains(states, f.State) || !utf8.ValidString(f.What+f.Seen+f.Mend) {
			t.Errorf("%+v", f)
		}
		if seen[f.ID] {
			t.Errorf("twice: %+v", f)
		}
		seen[f.ID] = true
	}
	for indicator, state := range r.Decided {
		if !slices.Contains(states, state) {
			t.Errorf("%s is %q", indicator, state)
		}
	}
	var data, again, page bytes.Buffer
	if err := report.JSON(&data, r, report.Extra{Secret: true}); err != nil {
		t.Fatal(err)
	}
	back, err := report.Read(bytes.NewReader(data.Bytes()))
	if err != nil {
		t.Fatalf("%v: %s", err, data.String())
	}
	if len(back.Findings) != len(r.Findings) || len(back.Columns) != len(r.Columns) {
		t.Errorf("%d findings and %d columns read back as %d and %d", len(r.Findings), len(r.Columns), len(back.Findings), len(back.Columns))
	}
	if err := report.JSON(&again, back, report.Extra{Secret: true}); err != nil {
		t.Fatal(err)
	}
	if err := report.HTML(&page, r, report.Extra{}); err != nil {
		t.Fatal(err)
	}
}

// samples are the home page of a generated site, a page it links to and one that
// that one lists.
func samples(f *testing.F, design string) (home, list, item string) {
	site, err := sitegen.New(sitegen.Plan{Design: design, Pages: 60, Seed: 9, T0: time.Date(2026, 6, 30, 4, 0, 0, 0, time.UTC)})
	if err != nil {
		f.Fatal(err)
	}
	address, shut, err := site.Serve()
	if err != nil {
		f.Fatal(err)
	}
	defer shut()
	get := func(address string) (string, *fact.Reading) {
		res, err := http.Get(address)
		if err != nil {
			f.Fatal(err)
		}
		defer res.Body.Close()
		text, err := charset.NewReader(res.Body, res.Header.Get("Content-Type"))
		if err != nil {
			f.Fatal(err)
		}
		b, err := io.ReadAll(text)
		if err != nil {
			f.Fatal(err)
		}
		r, err := read.Page(address, b, read.Hints{Home: home == ""})
		if err != nil {
			f.Fatal(err)
		}
		return string(b), r
	}
	home, r := get(address)
	for _, l := range r.Links {
		if l.Element != "a" || l.Place != fact.InNav || l.URL == address {
			continue
		}
		var of *fact.Reading
		if list, of = get(l.URL); len(of.Entries) > 0 {
			item, _ = get(of.Entries[0].URL)
			break
		}
	}
	return home, list, item
}
