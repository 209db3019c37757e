package web

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"gongkai/kernel/fault"
	"gongkai/kernel/store"
)

// Failure is what an error page says.
type Failure struct {
	Status int
	Title  string
	Text   string // what happened and what to do
	Number string // 编号, for internal errors only
	Fields fault.Fields
	Typed  []Typed // what was posted and not kept
	Again  string  // where to post it once more; "" when that cannot be offered
}

// Typed is a value that somebody had typed.
type Typed struct {
	Name, Value string
	Show        bool // words of a person, not a key or a choice
}

// titles of error pages by status; each has its words in template/fault.html.
var titles = map[int]string{
	http.StatusUnprocessableEntity: "有内容需要修改",
	http.StatusNotFound:            "没有找到",
	http.StatusForbidden:           "没有权限",
	http.StatusConflict:            "内容已被别人改动",
	http.StatusGone:                "已经撤回",
	http.StatusTooManyRequests:     "请求太频繁",
	http.StatusServiceUnavailable:  "暂时不能使用",
	http.StatusInternalServerError: "系统出错",
	http.StatusMethodNotAllowed:    "不能这样打开",
}

// fail answers with an error in the words it has for a person. What is internal
// is logged here, once, with the number the page shows.
func (s *site) fail(r *Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the browser has gone
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = fault.Wrap(err, fault.Unavailable, "这次处理用的时间太长，已经停止，没有改动任何内容；请稍后再试，或缩小查询范围")
	}
	err = store.Fault(err) // a read that no store has put into words
	kind := fault.KindOf(err)
	if kind == fault.Forbidden && r.Who.Person == "" && !r.Who.May(r.route.Roles) && s.toSignIn(r) {
		return
	}
	f := Failure{Status: status(kind), Text: fault.Text(err), Fields: fault.FieldsOf(err)}
	var e *fault.Error
	if errors.As(err, &e) {
		f.Text = e.Text
		if e.Cause != nil {
			s.Log.Warn("request refused", "id", r.ID, "route", r.route.Pattern(), "status", f.Status, "cause", e.Cause.Error())
		}
	}
	if kind == fault.Internal {
		f.Number = string(r.ID)
		f.Text = "系统出错，编号 " + f.Number + "。已经自动记录；请稍后再试，仍不行时把编号告诉系统管理员。"
		s.Log.Error("request failed", "id", r.ID, "route", r.route.Pattern(), "error", err.Error())
	}
	f.Title = titles[f.Status]
	if kind == fault.TooMany {
		r.writer.Header().Set("Retry-After", "60")
	}
	if kind == fault.Unavailable {
		r.writer.Header().Set("Retry-After", "30")
	}
	if f.Status >= http.StatusInternalServerError {
		f.Typed, f.Again = typed(r)
	}
	s.show(r, f)
}

// typed is what was posted with a request that failed for no fault of the person,
// so that the error page still holds it; nothing where a secret was among it.
// Files are gone, so a form that had some cannot be sent again from there.
func typed(r *Request) (all []Typed, again string) {
	if r.Method != http.MethodPost {
		return nil, ""
	}
	form := r.Form()
	for _, name := range slices.Sorted(maps.Keys(form.values)) {
		if secretField.MatchString(name) {
			return nil, ""
		}
		for _, value := range form.values[name] {
			all = append(all, Typed{name, value, strings.ContainsFunc(value, func(c rune) bool { return unicode.Is(unicode.Han, c) })})
		}
	}
	if len(all) == 0 || len(form.files) > 0 || form.read != nil {
		return all, ""
	}
	return all, r.URL.RequestURI()
}

// secretField names fields whose values are never shown again.
var secretField = regexp.MustCompile(`password|code|secret|token`)

// toSignIn sends an anonymous visitor to the sign-in page and back afterwards;
// false for programs, which get their 403.
func (s *site) toSignIn(r *Request) bool {
	if strings.HasPrefix(r.URL.Path, "/api/") || r.URL.Path == s.SignIn {
		return false
	}
	to := s.SignIn
	if r.Method == http.MethodGet {
		to += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	return s.send(r, Redirect(to)) == nil
}

// show writes the error page: JSON for programs, the page in its frame for
// people, and plain words when even the frame cannot be made.
func (s *site) show(r *Request, f Failure) {
	r.writer.Header().Set("Cache-Control", "no-store")
	if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.Header.Get("Accept"), "application/json") {
		_ = s.send(r, JSON(map[string]any{"status": f.Status, "title": f.Title, "detail": f.Text, "fields": f.Fields}).Status(f.Status))
		return
	}
	reply := View("web/fault", f).Status(f.Status)
	if r.Partial() {
		reply = Block("web/fault", "part", f).Status(f.Status)
	}
	if err := s.send(r, reply); err != nil {
		s.Log.Error("error page failed", "id", r.ID, "error", err.Error())
		http.Error(r.writer, f.Title+"："+f.Text, f.Status)
	}
}
