package web

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
)

// Request is what a browser asked, who asked and when.
type Request struct {
	*http.Request
	Who org.Actor
	Now time.Time // of the house's clock, one instant for the whole answer
	ID  id.ID     // 编号: in the log, in X-Request-Id and on the page of an internal error

	site    *site
	writer  http.ResponseWriter
	route   Route
	address netip.Addr
	form    *Form
	notice  string // said by the answer before this one
}

// Today is the day in Shanghai of the request.
func (r *Request) Today() calendar.Date { return calendar.Of(r.Now) }

// Route is the declaration that answers the request.
func (r *Request) Route() Route { return r.route }

// Address is where the request came from, behind the proxies the house trusts.
func (r *Request) Address() netip.Addr { return r.address }

// Writer is for what must reach the answer before it is written, such as the
// session's cookie.
func (r *Request) Writer() http.ResponseWriter { return r.writer }

// Key reads a key from the path; what is not a key names nothing.
func (r *Request) Key(name string) (id.ID, error) {
	key, ok := id.Parse(r.PathValue(name))
	if !ok {
		return "", fault.New(fault.NotFound, "没有找到您要的内容，请检查网址是否完整")
	}
	return key, nil
}

// Query is a filter from the address, without the spaces around it.
func (r *Request) Query(name string) string { return strings.TrimSpace(r.URL.Query().Get(name)) }

// QueryAll is a filter that may stand several times in the address.
func (r *Request) QueryAll(name string) []string { return r.URL.Query()[name] }

// Sort is what the clicked head of a table asks for: ?sort=due, or ?sort=-due
// from the end. The caller accepts only names it knows.
func (r *Request) Sort() (name string, down bool) {
	name = r.Query("sort")
	return strings.TrimPrefix(name, "-"), strings.HasPrefix(name, "-")
}

// Page is which page of a list the address asks for (?page=2).
func (r *Request) Page() page.Ask {
	number, _ := strconv.Atoi(r.Query("page"))
	return page.Ask{Number: number}.Clean()
}

// Partial reports whether htmx asks for a part of the page only.
func (r *Request) Partial() bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-Request-Type") != "full"
}

// Token is the bearer token of a program's request, or "".
func (r *Request) Token() string {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// Back is a path of this site to return to, from the field or filter "next";
// anything that could lead elsewhere becomes otherwise.
func (r *Request) Back(otherwise string) string {
	next := r.Query("next")
	if r.form != nil && next == "" {
		next = r.form.Text("next")
	}
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return otherwise
	}
	return next
}

// Changed is the present address with other filters, as the template function
// url makes it: Changed("kind", "plan").
func (r *Request) Changed(pairs ...string) string {
	all := make([]any, len(pairs))
	for i, p := range pairs {
		all[i] = p
	}
	return changed(r, all)
}
