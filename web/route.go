package web

import (
	"fmt"
	"net/http"
	"time"

	"gongkai/kernel/org"
)

// Handler answers one request. An error becomes a page: a fault in its own
// words, anything else as 「系统出错，编号…」.
type Handler func(*Request) (Reply, error)

// Route is one thing a browser may ask for and who may ask for it.
type Route struct {
	Method string // "" for any, with Raw only
	Path   string // as http.ServeMux reads it: /desk/plans/{id}
	Roles  org.Role
	Handle Handler
	Raw    http.Handler // instead of Handle, for what answers by itself (API, metrics)

	body   int64         // bytes a request may bring
	within time.Duration // time an answer may take
	tries  int           // requests a minute from one address, 0 for the house's own limit
	refuse bool          // answers before the session is there: nobody is known
}

// What a request may bring and take unless its route says otherwise.
const (
	bodyLimit = 1 << 20
	deadline  = 30 * time.Second
)

// GET declares a page. It must not change anything.
func GET(path string, roles org.Role, h Handler) Route { return route(http.MethodGet, path, roles, h) }

// POST declares a form's target, the only kind of request that changes anything.
func POST(path string, roles org.Role, h Handler) Route {
	return route(http.MethodPost, path, roles, h)
}

// Handle declares a part that answers by itself; method "" takes all of them.
func Handle(method, path string, roles org.Role, h http.Handler) Route {
	r := route(method, path, roles, nil)
	r.Raw = h
	return r
}

// route panics when nobody may use it: a route without roles is a defect that
// must not reach a running server.
func route(method, path string, roles org.Role, h Handler) Route {
	if roles == 0 {
		panic(fmt.Sprintf("web: %s %s declares no role", method, path))
	}
	return Route{Method: method, Path: path, Roles: roles, Handle: h, body: bodyLimit, within: deadline}
}

// Body returns the route with another limit of bytes a request may bring.
func (r Route) Body(limit int64) Route { r.body = limit; return r }

// Within returns the route with another deadline.
func (r Route) Within(d time.Duration) Route { r.within = d; return r }

// Tries returns the route with its own limit of requests a minute from one
// address, for what is worth guessing (sign-in, receipts' query codes).
func (r Route) Tries(perMinute int) Route { r.tries = perMinute; return r }

// Pattern is the route as ServeMux reads it and as the log names it.
func (r Route) Pattern() string {
	if r.Method == "" {
		return r.Path
	}
	return r.Method + " " + r.Path
}
