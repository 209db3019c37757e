// Package account lets people in: passwords, one-time codes, sessions, brakes
// on guessing, and sign-in through an OpenID Connect provider.
//
// The web is given Service.Middleware, which loads and saves the session, and
// asks Service.Who for the actor of each request:
//
//	web.Options{Session: accounts.Middleware, WhoIs: func(r *http.Request) (org.Actor, error) {
//		return accounts.Who(r.Context())
//	}}
//
// All methods that act on "the session" take it from the context that
// Middleware made; the command line and tests make one with Service.Open.
package account
