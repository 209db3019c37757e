package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"gongkai/kernel/org"
	"gongkai/web"
)

// rowsOf are keys of the first and the last rows of every table, and the
// content addresses of files: whatever can stand in the address of a page.
func rowsOf(t *testing.T, a *App) []string {
	t.Helper()
	ctx := context.Background()
	var tables []string
	if err := a.DB.Read.NewSelect().TableExpr("sqlite_master").Column("name").Where("type = 'table'").Order("name").Scan(ctx, &tables); err != nil {
		t.Fatal(err)
	}
	out := []string{"2022", "plan"}
	for _, table := range tables {
		for _, column := range []string{"id", "hash"} {
			for _, order := range []string{"", " desc"} {
				var keys []string
				err := a.DB.Read.NewSelect().TableExpr("?", bun.Ident(table)).ColumnExpr("cast(? as text)", bun.Ident(column)).
					Where("length(cast(? as text)) > 30", bun.Ident(column)).OrderExpr("rowid"+order).Limit(1).Scan(ctx, &keys)
				if err == nil { // the table has the column
					out = append(out, keys...)
				}
			}
		}
	}
	out = slices.DeleteFunc(out, func(key string) bool { return url.PathEscape(key) != key }) // the raw hashes of the audit chain
	slices.Sort(out)
	return slices.Compact(out)
}

// TestEveryPageDraws asks for every page of the house with the rows of the
// demonstration, as people who may, and finds none that fails and none that
// cannot be drawn at all.
func TestEveryPageDraws(t *testing.T) {
	a := house(t)
	ctx := context.Background()
	o, err := a.options()
	if err != nil {
		t.Fatal(err)
	}
	var who org.Actor
	o.WhoIs = func(*http.Request) (org.Actor, error) { return who, nil }
	o.Rate = web.Rate{PerSecond: 1e6, Burst: 1e6}
	for i := range o.Routes {
		o.Routes[i] = o.Routes[i].Tries(0)
	}
	handler, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	actors := []org.Actor{{}}
	for _, one := range demoAccounts {
		p, err := a.Org.PersonNumbered(ctx, one[1])
		if err != nil {
			t.Fatal(err)
		}
		units, err := a.Org.UnitsOf(ctx, p.ID, a.today())
		if err != nil {
			t.Fatal(err)
		}
		actor, err := a.Org.ActorOf(ctx, p.ID, units[0].ID, a.today())
		if err != nil {
			t.Fatal(err)
		}
		actors = append(actors, actor)
	}
	keys := rowsOf(t, a)
	ask := func(path string) int {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code >= 500 {
			t.Errorf("GET %s as %s: %d %.500s", path, who.Roles.Title(), w.Code, w.Body.String())
		}
		return w.Code
	}
	// What draws only in a state that the demonstration does not leave behind.
	rare := map[string]bool{"/desk/evidence/{id}/file": true, "/desk/evidence/{id}/picture": true, "/plans/evidence/{id}": true, "/plans/files/{id}": true, "/desk/drafts/{id}/compare": true,
		"/desk/trainings/{id}/material": true, "/desk/rounds/{id}/{file}": true, "/desk/findings/{id}/proof": true, "/desk/findings/{id}/picture": true, "/desk/calendar/{year}/confirm": true, "/desk/system/robots/{robot}": true, "/sign-in/password": true, "/sign-in/totp": true}
	for _, route := range o.Routes {
		if route.Method != http.MethodGet {
			continue
		}
		drawn := 0
		for _, who = range actors {
			if !who.May(route.Roles) || drawn > 0 && strings.Contains(route.Path, "{") && !strings.Contains(route.Path, "{$}") {
				continue
			}
			for _, key := range keys {
				path := place.ReplaceAllStringFunc(route.Path, func(name string) string {
					switch {
					case name == "{$}":
						return ""
					case name == "{year}":
						return "2022"
					case name == "{unit}" && strings.Contains(route.Path, "{id}"):
						return string(actors[1].Unit)
					}
					return key
				})
				if code := ask(path); code == http.StatusOK || code == http.StatusSeeOther {
					drawn++
				}
				if !strings.Contains(path, key) {
					break // the same address for every key
				}
			}
		}
		if drawn == 0 && !rare[route.Path] {
			t.Errorf("GET %s draws for nobody", route.Path)
		}
	}
}
