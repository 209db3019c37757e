package web

import (
	"net/http"
	"time"
)

// display remembers how a visitor wants to see pages: elder mode, colours. It is
// a form of buttons, so it works without scripts and without an account.
func (s *site) display(r *Request) (Reply, error) {
	f := r.Form()
	for name, allowed := range choices {
		if value := f.Text(name); f.values.Has(name) && allowed[value] {
			c := s.cookie(r, name, value, 365*24*time.Hour)
			c.HttpOnly = false // pages written as plain files read it by script
			if value == "" {
				c.MaxAge = -1
			}
			http.SetCookie(r.writer, c)
		}
	}
	return Redirect(r.Back("/")), nil
}

// choices are the values a display cookie may have.
var choices = map[string]map[string]bool{
	modeCookie:  {"": true, "elder": true},
	themeCookie: {"": true, "light": true, "dark": true, "contrast": true},
}

func (r *Request) choice(name string) string {
	c, err := r.Cookie(name)
	if err != nil || !choices[name][c.Value] {
		return ""
	}
	return c.Value
}
