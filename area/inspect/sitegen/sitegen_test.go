package sitegen

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/area/inspect/fact"
)

func t0() time.Time { return time.Date(2026, 6, 30, 12, 0, 0, 0, shanghai()) }

func site(t *testing.T, p Plan) *Site {
	t.Helper()
	p.T0 = t0()
	s, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// visitor asks a site and the hosts around it without a network.
type visitor struct {
	s    *Site
	seen map[string]bool
	todo []string
	bad  map[string]string // address → why
	from map[string]string
	size int
}

func (v *visitor) get(address string) *httptest.ResponseRecorder {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	for _, name := range hostNames() {
		if v.s.hosts[name] != u.Host {
			continue
		}
		gone, leave := context.WithCancel(context.Background())
		leave() // who sends byte after byte finds nobody there
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(gone, http.MethodGet, address, nil)
		switch name {
		case "main", "sub":
			v.s.serve(name, w, r)
		case "slow", "closed":
			return nil
		default:
			v.s.outside(name).ServeHTTP(w, r)
		}
		return w
	}
	return nil
}

// walk follows links of the site's own hosts from the home page, limit pages at most.
func walk(t *testing.T, s *Site, limit int) *visitor {
	t.Helper()
	v := &visitor{s: s, seen: map[string]bool{}, bad: map[string]string{}, from: map[string]string{}}
	v.todo = []string{"http://" + s.hosts["main"] + "/"}
	v.seen[v.todo[0]] = true
	for len(v.todo) > 0 && v.size < limit {
		address := v.todo[0]
		v.todo = v.todo[1:]
		if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://www.gov.cn") {
			continue
		}
		w := v.get(address)
		switch {
		case w == nil:
			v.bad[address] = "no answer"
			continue
		case w.Code != 200:
			v.bad[address] = fmt.Sprint(w.Code)
			continue
		}
		u, _ := url.Parse(address)
		if u.Host != s.hosts["main"] && u.Host != s.hosts["sub"] || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		v.size++
		for _, l := range links(t, text(t, s, w)) {
			to, err := u.Parse(l)
			if err != nil || to.Scheme != "http" && to.Scheme != "https" {
				if !strings.HasPrefix(l, "javascript:") && !strings.HasPrefix(l, "file:") {
					t.Errorf("%s: link %q", address, l)
				}
				continue
			}
			to.Fragment = ""
			key := to.String()
			if strings.Contains(key, "/calendar.aspx") { // there is no end of them
				continue
			}
			if same := sameAddress(key); !v.seen[same] {
				v.seen[same] = true
				v.todo = append(v.todo, key)
				v.from[key] = address
			}
		}
	}
	return v
}

func text(t *testing.T, s *Site, w *httptest.ResponseRecorder) string {
	t.Helper()
	body := w.Body.Bytes()
	if !utf8.Valid(body) {
		out, err := simplifiedchinese.GBK.NewDecoder().Bytes(body)
		if err != nil {
			t.Fatal(err)
		}
		body = out
	}
	if !utf8.Valid(body) || bytes.ContainsRune(body, utf8.RuneError) {
		t.Error("a page cannot be read in its own charset")
	}
	return string(body)
}

// links are all addresses in a page, those that the design's scripts make
// among them.
func links(t *testing.T, page string) (list []string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		for _, a := range token.Attr {
			if (a.Key == "href" || a.Key == "src" || a.Key == "action") && !strings.HasPrefix(a.Val, "#") {
				list = append(list, a.Val)
			}
		}
	}
	return append(list, scripted(page)...)
}

// scripted finds the addresses that scripts of the designs would make.
func scripted(page string) (list []string) {
	if _, rest, ok := strings.Cut(page, "<script>createPageHTML("); ok {
		var n, at int
		if _, err := fmt.Sscanf(rest, "%d, %d", &n, &at); err == nil {
			for i := range n {
				list = append(list, pageWord("index", ".html", i, 0))
			}
		}
	}
	for _, rest := range strings.Split(page, "<record><![CDATA[")[1:] {
		if _, rest, ok := strings.Cut(rest, "href='"); ok {
			address, _, _ := strings.Cut(rest, "'")
			list = append(list, html.UnescapeString(address))
		}
	}
	return list
}

func TestSameSeedSameBytes(t *testing.T) {
	for _, design := range Designs() {
		t.Run(design, func(t *testing.T) {
			t.Parallel()
			a, b := site(t, Plan{Design: design, Pages: 120, Seed: 7}), site(t, Plan{Design: design, Pages: 120, Seed: 7})
			other := site(t, Plan{Design: design, Pages: 120, Seed: 8})
			same := 0
			truth := a.Truth()
			for _, i := range truth.Items {
				va, vb, vo := (&visitor{s: a}).get(i.URL), (&visitor{s: b}).get(i.URL), (&visitor{s: other}).get(i.URL)
				if !bytes.Equal(va.Body.Bytes(), vb.Body.Bytes()) {
					t.Fatalf("%s differs", i.URL)
				}
				if vo != nil && vo.Code == 200 && bytes.Equal(va.Body.Bytes(), vo.Body.Bytes()) {
					same++
				}
			}
			if same > 0 {
				t.Errorf("%d pages are the same with another seed", same)
			}
			x, _ := json.Marshal(truth)
			y, _ := json.Marshal(b.Truth())
			if !bytes.Equal(x, y) {
				t.Error("the truth differs")
			}
		})
	}
}

func TestCleanSiteAnswersEverywhere(t *testing.T) {
	for _, design := range Designs() {
		for _, pages := range []int{50, 250} {
			t.Run(fmt.Sprint(design, pages), func(t *testing.T) {
				t.Parallel()
				s := site(t, Plan{Design: design, Pages: pages, Seed: 3, Defects: []string{}, Near: []string{"near-second-level-policy"}, Count: 2})
				v := walk(t, s, 5000)
				for address, why := range v.bad {
					t.Errorf("%s: %s on %s", address, why, v.from[address])
				}
				truth := s.Truth()
				if len(truth.Planted) > 0 {
					t.Errorf("%d faults on a site without", len(truth.Planted))
				}
				if v.size < pages/2 || v.size > pages*2+30 {
					t.Errorf("%d pages, wanted about %d", v.size, pages)
				}
				titles, numbers := map[string]string{}, map[string]string{}
				for _, i := range truth.Items {
					if i.Title == "" {
						t.Errorf("%s has no title", i.URL)
					}
					if !v.seen[sameAddress(i.URL)] && !i.Optional {
						t.Errorf("no link leads to %s", i.URL)
					}
					if before := numbers[i.Number]; i.Number != "" && before != "" {
						t.Errorf("%s and %s are both %s", before, i.URL, i.Number)
					}
					numbers[i.Number] = i.URL
					if before, twice := titles[i.Title]; twice && !i.Optional {
						t.Errorf("%s and %s are both called %s", before, i.URL, i.Title)
					}
					titles[i.Title] = i.URL
				}
				for _, c := range truth.Columns {
					if !v.seen[sameAddress(c.URL)] && !c.Optional {
						t.Errorf("no link leads to the column %s %s", c.Name, c.URL)
					}
				}
			})
		}
	}
}

func TestTruthStandsOnTheSite(t *testing.T) {
	for _, design := range Designs() {
		t.Run(design, func(t *testing.T) {
			t.Parallel()
			s := site(t, Plan{Design: design, Pages: 800, Seed: 5})
			v := walk(t, s, 100000)
			truth := s.Truth()
			if len(truth.Planted) < 20 {
				t.Errorf("only %d faults", len(truth.Planted))
			}
			for _, p := range slices.Concat(truth.Planted, truth.Near) {
				if len(p.Checks) == 0 || len(p.Indicators) == 0 || strings.Contains(p.URL+p.On, "{{") {
					t.Errorf("%+v is not whole", p)
				}
				on := sameAddress(p.On)
				if !v.seen[on] && on != sameAddress("http://"+s.hosts["main"]+"/") {
					t.Errorf("%s: no link leads to %s", p.Kind, p.On)
				}
			}
			for address, why := range v.bad {
				if why == "no answer" || s.explained(truth, address) {
					continue
				}
				t.Errorf("%s: %s on %s, but not planted", address, why, v.from[address])
			}
			all, asked := Kinds()
			for _, k := range all {
				if !slices.Contains(asked, k) && k != "forged-path" && !slices.ContainsFunc(truth.Planted, func(p Planted) bool { return p.Kind == k }) {
					t.Errorf("%s is not planted", k)
				}
			}
			for _, k := range NearKinds() {
				if !slices.ContainsFunc(truth.Near, func(p Planted) bool { return p.Kind == k }) {
					t.Logf("%s: no near miss", k)
				}
			}
		})
	}
}

// explained tells whether a fault or a near miss speaks of an address.
func (s *Site) explained(t Truth, address string) bool {
	for _, p := range slices.Concat(t.Planted, t.Near) {
		for _, a := range append([]string{p.URL}, p.Where...) {
			if sameAddress(a) == sameAddress(address) {
				return true
			}
		}
	}
	return strings.HasSuffix(path.Base(address), "sso")
}

func TestFaultsThatMustBeNamed(t *testing.T) {
	_, asked := Kinds()
	for _, k := range asked {
		s := site(t, Plan{Design: "post", Pages: 300, Seed: 4, Defects: []string{k}, Near: []string{}})
		if truth := s.Truth(); len(truth.Planted) == 0 {
			t.Errorf("%s is not planted", k)
		}
	}
	if _, err := New(Plan{T0: t0(), Defects: []string{"no-such"}}); err == nil {
		t.Error("an unknown kind is taken")
	}
	for _, p := range []Plan{{}, {T0: t0(), Pages: 10}, {T0: t0(), Design: "x"}, {T0: t0(), Charset: "big5"}} {
		if _, err := New(p); err == nil {
			t.Errorf("%+v is taken", p)
		}
	}
}

func TestSmallSitesTakeTurns(t *testing.T) {
	kinds := map[string]bool{}
	for seed := range 12 {
		s := site(t, Plan{Design: Designs()[seed%len(Designs())], Pages: 50, Seed: uint64(seed), Count: 1 + seed%2})
		for _, p := range s.Truth().Planted {
			kinds[p.Kind] = true
		}
	}
	if len(kinds) < 90 {
		t.Errorf("only %d kinds on twelve small sites", len(kinds))
	}
}

func TestLargeSiteNeedsLittle(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := site(t, Plan{Design: "trs", Pages: 50000, Seed: 1})
	n := 0
	for _, c := range s.columns {
		n += c.count + 1
		if c.count > 0 {
			for _, i := range []int{0, c.count / 2, c.count - 1} {
				if w := (&visitor{s: s}).get(s.at(s.itemURL(c, i))); w.Code != 200 && !s.hidden[node{c.n, i, 0}] {
					t.Errorf("%s: %d", s.itemURL(c, i), w.Code)
				}
			}
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if n < 45000 || n > 52000 {
		t.Errorf("%d pages", n)
	}
	if used := int64(after.HeapAlloc) - int64(before.HeapAlloc); used > 8<<20 {
		t.Errorf("%d bytes are kept", used)
	}
	runtime.KeepAlive(s)
}

func TestCompare(t *testing.T) {
	truth := Truth{
		Planted: []Planted{
			{Kind: "dead-404", Checks: dead, Indicators: []string{"D4.3"}, URL: "http://a/x", On: "http://a/p"},
			{Kind: "tag", Checks: []string{"WEB-64", "NORM-14"}, Indicators: []string{"D4.7"}, URL: "http://a/p", On: "http://a/p"},
			{Kind: "lost", Checks: []string{"REV-*"}, Indicators: []string{"V1.1"}, URL: "http://a/q", On: "http://a/q"},
		},
		Near:      []Planted{{Kind: "near", Checks: []string{"WEB-60"}, URL: "http://a/near"}},
		Tolerated: []Tolerated{{Checks: []string{"WEB-58"}}},
		Columns:   []Column{{Name: "n", URL: "http://a/n/index.html", Kind: "news", Latest: "2026-06-01"}},
		Items:     []Item{{URL: "http://a/i?sid=1", Title: "t", Date: "2026-06-01"}, {URL: "http://a/k", Title: "k"}},
	}
	report := `{"columns":[{"name":"n","url":"http://a/n/","kind":"news","latest":"2026-06-01T08:00:00+08:00"}],
"items":[{"url":"http://a/i?sid=9","title":"t","date":"2026-06-02"},{"url":"http://a/z"}],
"findings":[{"check":"WEB-60","indicator":"D4.3","url":"http://a/x","on":"http://a/p","state":"FAIL"},
{"check":"PLAT-16","also":["WEB-60"],"url":"http://a/x","on":"http://a/p","state":"FAIL"},
{"check":"NORM-14","indicator":"D4.7","url":"http://a/p","state":"FAIL"},
{"check":"WEB-60","indicator":"D4.3","url":"http://a/near","state":"FAIL"},
{"check":"WEB-60","indicator":"D4.3","url":"http://a/unknown","state":"NOT_DECIDED"},
{"check":"WEB-58","url":"http://a/","state":"FAIL"}]}`
	s, err := Compare([]byte(report), truth)
	if err != nil {
		t.Fatal(err)
	}
	if s.Findings != (Tally{2, 2, 1}) || s.Indicators["D4.3"] != (Tally{1, 1, 0}) || s.Indicators["V1.1"].Missed != 1 {
		t.Errorf("findings %+v, %+v", s.Findings, s.Indicators)
	}
	if len(s.Alarms) != 1 || s.Alarms[0].Near != "near" || len(s.Doubled) != 1 || len(s.Missed) != 1 {
		t.Errorf("alarms %v, doubled %v, missed %v", s.Alarms, s.Doubled, s.Missed)
	}
	if s.Columns != (Tally{1, 0, 0}) || s.Latest.Right != 1 || s.Items != (Tally{1, 1, 1}) || s.Fields["date"].Wrong != 1 {
		t.Errorf("columns %+v latest %+v items %+v fields %+v", s.Columns, s.Latest, s.Items, s.Fields)
	}
	var out bytes.Buffer
	var sum Score
	sum.Add(s)
	sum.Add(s)
	sum.Print(&out)
	if !strings.Contains(out.String(), "right 4") {
		t.Error(out.String())
	}
	if _, err := Compare([]byte("{"), truth); err == nil {
		t.Error("a broken report is taken")
	}
}

func TestServe(t *testing.T) {
	s := site(t, Plan{Design: "classic", Pages: 60, Seed: 2})
	address, shut, err := s.Serve()
	if err != nil {
		t.Fatal(err)
	}
	defer shut()
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if r.StatusCode != 200 || s.Truth().Site.Start != address {
		t.Errorf("%d, start %s", r.StatusCode, s.Truth().Site.Start)
	}
	for _, u := range s.Truth().Items {
		if !strings.HasPrefix(u.URL, "http://127.0.0.1:") {
			t.Fatal(u.URL)
		}
	}
	var _ fact.Site = s.Truth().Site
}
