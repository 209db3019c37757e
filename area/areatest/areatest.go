// Package areatest is a house with one area in it, on both databases: the real
// kernel, real pages, people to act, and no network but this machine's.
//
//	areatest.Each(t, "2022-06-17", build, func(t *testing.T, h *areatest.House) {
//		wang := h.Person("王芳", "区司法局", org.Disclosure)
//		wang.Post("/desk/notices", "title", "端午值班安排").Want(t, 303)
//	})
package areatest

import (
	"context"
	"html"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gongkai/area"
	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/fetch"
	"gongkai/kernel/id"
	"gongkai/kernel/jobs"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/secret"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
	"gongkai/web"
)

// District is whose house the tests run in: an invented one.
var District = org.District{Name: "江澄区", Full: "江州市江澄区"}

// House is a running house with one area.
type House struct {
	*area.Kernel
	Area  area.Area
	Clock *clock.Fixed
	Sent  *Sent // what people were told

	t       testing.TB
	handler http.Handler
	units   map[string]id.ID
	actors  map[string]org.Actor
	mu      sync.Mutex
}

// Sent keeps every notice of the house.
type Sent struct {
	mu  sync.Mutex
	all []process.Notice
}

// Notify implements process.Notifier.
func (s *Sent) Notify(_ context.Context, _ *store.Tx, n process.Notice) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, n)
	return nil
}

// All is every notice so far.
func (s *Sent) All() []process.Notice {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]process.Notice(nil), s.all...)
}

// Each runs a test in a house on SQLite and in one on PostgreSQL, on the morning
// of a day. build makes the area and whatever else the test wants to hold.
func Each(t *testing.T, day string, build func(*area.Kernel) area.Area, test func(t *testing.T, h *House)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) { test(t, New(t, k, day, build)) })
}

// New is a house on a fresh database of a kit.
func New(t testing.TB, kit *storetest.Kit, day string, build func(*area.Kernel) area.Area) *House {
	t.Helper()
	return On(t, kit.Open(Rooms(build)...), kit.Clock, day, build)
}

// Rooms are the tables of a house with one area. The area is built once to learn
// its tables, and once for the house.
func Rooms(build func(*area.Kernel) area.Area) []store.Migration {
	return []store.Migration{audit.Migration(), jobs.Migration(), calendar.Migration(), org.Migration(), process.Migration(), build(&area.Kernel{}).Migration()}
}

// On is a house on a migrated database.
func On(t testing.TB, db *store.DB, c *clock.Fixed, day string, build func(*area.Kernel) area.Area) *House {
	t.Helper()
	c.Set(calendar.MustParse(day).Start().Add(9 * 60 * 60 * 1e9))
	log := slog.New(slog.DiscardHandler)
	keyring := filepath.Join(t.TempDir(), "keyring")
	must(t, secret.Create(keyring))
	ring, err := secret.Load(keyring)
	must(t, err)
	files, err := store.NewFolder(filepath.Join(t.TempDir(), "files"))
	must(t, err)
	client, err := fetch.New(fetch.Config{Clock: c, Allow: []string{"127.0.0.0/8"}})
	must(t, err)
	days := calendar.NewLoader(db)
	h := &House{Clock: c, Sent: &Sent{}, t: t, units: map[string]id.ID{}, actors: map[string]org.Actor{}}
	current := func() *calendar.Calendar {
		now, err := days.Current(context.Background())
		must(t, err)
		return now
	}
	fixed := current()
	k := &area.Kernel{DB: db, Files: files, Jobs: jobs.New(db, log), Org: org.New(db, ring, District), Calendar: days,
		Days: func() *calendar.Calendar { return fixed }, Notify: h.Sent, Fetch: client, Clock: c, Log: log}
	k.Cases = process.New(db, k.Days, h.Sent)
	h.Kernel, h.Area = k, build(k)
	must(t, k.Cases.Register(h.Area.Flows...))
	must(t, k.Jobs.Register(h.Area.Jobs...))
	h.handler, err = web.New(web.Options{
		Routes: h.Area.Routes, Templates: map[string]fs.FS{h.Area.Name: h.Area.Files}, Log: log, Clock: c,
		WhoIs: func(r *http.Request) (org.Actor, error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			return h.actors[r.Header.Get(personHeader)], nil
		},
		Rate: web.Rate{PerSecond: 1e6, Burst: 1e6},
	})
	must(t, err)
	return h
}

const personHeader = "X-Test-Person"

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Unit is a unit of the district by name, made when it is not there yet.
func (h *House) Unit(name string) id.ID {
	h.t.Helper()
	if key, ok := h.units[name]; ok {
		return key
	}
	kind := org.Department
	switch {
	case strings.HasSuffix(name, "街道办事处"):
		kind = org.Street
	case strings.HasSuffix(name, "政府办公室"):
		kind = org.Office
	}
	key, err := h.Org.PutUnit(context.Background(), org.System, org.Unit{Name: name, Type: kind, Seq: len(h.units) + 1})
	must(h.t, err)
	h.units[name] = key
	return key
}

// Visitor asks for pages as one person, or as nobody.
type Visitor struct {
	h        *House
	Who      org.Actor
	Encoding string // the Accept-Encoding of the browser; "" for plain answers
}

// Person is a new person of a unit with roles there.
func (h *House) Person(name, unit string, roles org.Role) Visitor {
	h.t.Helper()
	ctx := context.Background()
	person, err := h.Org.PutPerson(ctx, org.System, org.Person{Name: name})
	must(h.t, err)
	today := calendar.Of(h.Clock.Now())
	_, err = h.Org.Assign(ctx, org.System, org.Post{Person: person, Unit: h.Unit(unit), Roles: roles, From: today})
	must(h.t, err)
	who, err := h.Org.ActorOf(ctx, person, h.Unit(unit), today)
	must(h.t, err)
	h.mu.Lock()
	h.actors[string(who.Person)] = who
	h.mu.Unlock()
	return Visitor{h: h, Who: who}
}

// Public is a visitor who is not signed in.
func (h *House) Public() Visitor { return Visitor{h: h} }

// Settle runs the clocks up to now and every job that is due.
func (h *House) Settle() {
	h.t.Helper()
	must(h.t, h.Cases.Tick(context.Background(), h.Clock.Now()))
	must(h.t, h.Jobs.Settle(context.Background()))
}

// Day moves the clock to the morning of a day and settles.
func (h *House) Day(day string) {
	h.t.Helper()
	h.Clock.Set(calendar.MustParse(day).Start().Add(9 * 60 * 60 * 1e9))
	h.Settle()
}

// Answer is what a page answered.
type Answer struct {
	Code   int
	Header http.Header
	Body   string
}

// Get asks for a page.
func (v Visitor) Get(path string) Answer { return v.do(http.MethodGet, path, "", "") }

// Post sends a form: names and values in turn.
func (v Visitor) Post(path string, pairs ...string) Answer {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return v.do(http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode())
}

// Send sends a body of another kind, such as a multipart form.
func (v Visitor) Send(path, kind, body string) Answer { return v.do(http.MethodPost, path, kind, body) }

func (v Visitor) do(method, path, kind, body string) Answer {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	r.Header.Set(personHeader, string(v.Who.Person))
	r.Header.Set("Accept-Encoding", v.Encoding)
	w := httptest.NewRecorder()
	v.h.handler.ServeHTTP(w, r)
	return Answer{w.Code, w.Header(), w.Body.String()}
}

// Want fails the test unless the answer has the status and holds the texts, as
// they are read or as they stand in HTML.
func (a Answer) Want(t testing.TB, code int, texts ...string) Answer {
	t.Helper()
	if a.Code != code {
		t.Fatalf("status %d, want %d: %s", a.Code, code, brief(a.Body))
	}
	for _, text := range texts {
		if !strings.Contains(a.Body, text) && !strings.Contains(a.Body, html.EscapeString(text)) {
			t.Errorf("the page lacks %q: %s", text, brief(a.Body))
		}
	}
	return a
}

// Key is the key at the end of the address that the answer leads to.
func (a Answer) Key() id.ID {
	location := a.Header.Get("Location")
	location, _, _ = strings.Cut(location, "?")
	return id.ID(location[strings.LastIndex(location, "/")+1:])
}

// brief is a page for a test's message, or all of it when GONGKAI_TEST_PAGES is
// set.
func brief(body string) string {
	if os.Getenv("GONGKAI_TEST_PAGES") != "" || len(body) < 2000 {
		return body
	}
	return body[:2000] + "…"
}
