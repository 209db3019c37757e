package sitegen

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"gongkai/area/inspect/fact"
)

// Truth is what an inspection of a site should report.
type Truth struct {
	Name      string      `json:"name"` // of the plan
	T0        time.Time   `json:"t0"`
	Site      fact.Site   `json:"site"` // what is registered of it; some faults can only be seen beside it
	Planted   []Planted   `json:"planted"`
	Near      []Planted   `json:"near"` // near misses: what looks like a fault and is none
	Tolerated []Tolerated `json:"tolerated"`
	Columns   []Column    `json:"columns"`
	Items     []Item      `json:"items"`
}

// Planted is one fault.
type Planted struct {
	Kind       string   `json:"kind"`
	Checks     []string `json:"checks"`     // that a finding may name, the preferred one first; "REV-*" is any of them
	Indicators []string `json:"indicators"` // the preferred one first
	URL        string   `json:"url"`
	Where      []string `json:"where,omitempty"` // further addresses that a finding may name instead
	On         string   `json:"on"`              // a page where it can be seen
	Many       bool     `json:"many,omitempty"`  // several findings may tell of it
	Note       string   `json:"note,omitempty"`
}

// Tolerated are findings that are neither right nor wrong: where the texts leave
// it open, or where the way in which the site is served decides.
type Tolerated struct {
	Checks []string `json:"checks"` // "*" is any
	URL    string   `json:"url"`    // address, or with "*" at its end the beginning of one; "" = anywhere
	Key    string   `json:"key,omitempty"`
	Note   string   `json:"note,omitempty"`
}

// Column is a list of the site.
type Column struct {
	Name     string `json:"name"`
	URL      string `json:"url"`
	Kind     string `json:"kind"` // news notice policy static other
	Latest   string `json:"latest"`
	Optional bool   `json:"optional,omitempty"` // may be missing in a report
}

// Item is one published thing.
type Item struct {
	URL      string `json:"url"`
	Title    string `json:"title"`
	Date     string `json:"date"`
	Source   string `json:"source"`
	Unit     string `json:"unit"`
	Number   string `json:"number"`
	Column   string `json:"column"`
	Optional bool   `json:"optional,omitempty"`
}

// Truth lists what is planted and what stands on the site. After Serve its
// addresses are those at which the site answers.
func (s *Site) Truth() Truth {
	t := Truth{Name: s.plan.Design + " " + s.plan.Charset + " " + itoa(s.plan.Pages), T0: s.t0, Site: s.register()}
	fill := func(list []Planted) []Planted {
		out := slices.Clone(list)
		for i := range out {
			out[i].URL, out[i].On = s.at(out[i].URL), s.at(out[i].On)
			out[i].Where = slices.Clone(out[i].Where)
			for k := range out[i].Where {
				out[i].Where[k] = s.at(out[i].Where[k])
			}
		}
		return out
	}
	t.Planted, t.Near = fill(s.planted), fill(s.near)
	t.Tolerated = s.tolerated()
	for _, c := range s.columns {
		s.columnTruth(&t, c)
	}
	return t
}

func (s *Site) register() fact.Site {
	own := []string{}
	if slices.ContainsFunc(s.columns, func(c *column) bool { return c.host == "sub" }) {
		own = append(own, s.hosts["sub"])
	}
	f := fact.Site{Start: "http://" + s.hosts["main"] + "/", Name: s.name(), Code: s.code(), Organ: s.marks().organ, ICP: s.marks().icp, Police: s.marks().police, Own: own}
	for i := range s.byKey["ldzc"].count {
		f.Leaders = append(f.Leaders, s.person(i))
	}
	units := s.byKey["jgzn"].count
	if s.flags["abolished"] {
		units-- // the last one is the abolished one
	}
	for i := range units {
		f.Units = append(f.Units, s.full(offices[i]))
	}
	for _, c := range s.columns {
		if c.event {
			f.Columns = append(f.Columns, fact.Duty{Name: c.name, URL: s.at(s.columnURL(c)), Class: fact.Ordinary, ByEvent: "有相关事项时发布，没有固定周期", Content: c.name, Unit: "区政府办公室", Person: s.person(90)})
		}
	}
	if s.flags["abolished"] {
		f.Gone = append(f.Gone, s.place.city+s.place.district+abolished)
	}
	return f
}

// tolerated are the findings that come from how a site is served here.
func (s *Site) tolerated() []Tolerated {
	home := "http://" + s.hosts["main"] + "/"
	list := []Tolerated{
		{Checks: []string{"WEB-58", "WEB-63", "WEB-16", "WEB-17", "NORM-02", "NORM-40", "NORM-41", "NORM-42", "PLAT-56"}, Note: "served at a local address without TLS and IPv6"},
		{Checks: []string{"WEB-64", "NORM-13", "NORM-14"}, URL: home, Key: "SiteDomain", Note: "the site answers at a local address, its tag names its public one"},
	}
	for _, host := range []string{"https://beian.miit.gov.cn*", "https://beian.mps.gov.cn*", "https://bszs.conac.cn*", "https://zfwzgl.www.gov.cn*"} {
		list = append(list, Tolerated{Checks: []string{"*"}, URL: host, Note: "real addresses of the filing authorities, which a test may not reach"})
	}
	count := map[string]int{}
	for _, p := range s.planted {
		switch {
		case strings.HasPrefix(p.Kind, "stale-other"):
			count["WEB-22"]++
		case strings.HasPrefix(p.Kind, "stale-"):
			count["WEB-20"]++
		case strings.HasPrefix(p.Kind, "blank-"):
			count["WEB-23"]++
		case strings.HasPrefix(p.Kind, "guide-lacks-4"):
			count["WEB-27"]++
		}
	}
	for check, limit := range map[string]int{"WEB-20": 5, "WEB-22": 10, "WEB-23": 5, "WEB-27": 5} {
		if count[check] >= limit {
			list = append(list, Tolerated{Checks: []string{check}, URL: home, Note: "the sum of the columns or guides reaches the veto"})
		}
	}
	for _, t := range s.skip {
		t.URL = s.at(t.URL)
		list = append(list, t)
	}
	slices.SortStableFunc(list, func(a, b Tolerated) int { return strings.Compare(a.Checks[0]+a.URL, b.Checks[0]+b.URL) })
	return list
}

func (s *Site) columnTruth(t *Truth, c *column) {
	optional := c.plain || c.base != ""
	switch {
	case c.isList():
		latest := ""
		for i := range c.count {
			if s.hidden[node{c.n, i, 0}] || i < c.pinned {
				continue
			}
			if e := s.entry(c.host, c, i); !e.date.IsZero() && !e.date.After(s.t0) {
				latest = max(latest, e.date.Format(time.DateOnly))
			}
			if i > 20+c.pinned {
				break
			}
		}
		t.Columns = append(t.Columns, Column{c.name, s.at(s.columnURL(c)), c.class, latest, optional || c.script || c.api || c.blank != "" || c.gone || c.count == 0 || c.shape != list || c.form == rule || c.form == yearly})
	default: // entrances, texts and forms may be called columns or not
		t.Columns = append(t.Columns, Column{c.name, s.at(s.columnURL(c)), "static", "", true})
		t.Items = append(t.Items, Item{URL: s.at(s.columnURL(c)), Title: c.name, Optional: true})
	}
	for i := range c.count {
		p := s.page(node{c.n, i, 0})
		item := Item{URL: s.at(s.url(p.node)), Title: p.title, Source: p.source, Unit: p.author, Column: c.name}
		if !p.date.IsZero() {
			item.Date = p.date.Format(time.DateOnly)
		}
		for _, cell := range p.table {
			if cell[0] == "发文字号" {
				item.Number = cell[1]
			}
		}
		if item.Source == "-" {
			item.Source = ""
		}
		switch c.form {
		case letter, guide, leader, organ:
			item.Optional = true
		}
		item.Optional = item.Optional || optional || c.script || c.api || s.hidden[p.node] || s.alone[p.node]
		t.Items = append(t.Items, item)
	}
}

// sameAddress brings an address into the form in which addresses are compared:
// no fragment, no session, no name of a folder's first page.
func sameAddress(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return address
	}
	u.Fragment = ""
	q := u.Query()
	for _, name := range []string{"sid", "jsessionid", "PHPSESSID", "JSESSIONID"} {
		q.Del(name)
	}
	u.RawQuery = q.Encode()
	u.Path, _, _ = strings.Cut(u.Path, ";jsessionid=")
	for _, name := range []string{"index.html", "index.htm", "index.shtml", "index.jsp", "index.aspx"} {
		if strings.HasSuffix(u.Path, "/"+name) {
			u.Path = strings.TrimSuffix(u.Path, name)
		}
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	u.RawPath = ""
	return strings.ToLower(u.Scheme+"://"+u.Host) + u.EscapedPath() + map[bool]string{true: "?" + u.RawQuery}[u.RawQuery != ""]
}
