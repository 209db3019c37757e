package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/store"
)

// Provider says which OpenID Connect provider to trust.
type Provider struct {
	Title        string // on the button: 统一身份认证
	Issuer       string // https://…
	ClientID     string
	ClientSecret string
	Callback     string // this house's address for the answer: https://…/sign-in/oidc
	SignedOut    string // where the provider sends the browser after sign-out; "" for nowhere
	// NumberClaim is the claim that holds a verified employee number (工号). A
	// person with that number is linked at their first sign-in. "" when only the
	// security administrator links.
	NumberClaim string
}

// OIDC signs people in through a provider, with PKCE, state and nonce.
type OIDC struct {
	*Service
	conf   Provider
	client *http.Client

	mu    sync.Mutex
	known *discovered
}

// discovered is what the provider says of itself.
type discovered struct {
	provider *oidc.Provider
	end      string // end_session_endpoint, or ""
}

// NewOIDC makes the sign-in. The provider is asked about itself at the first
// use, so that the house starts without it. client bounds the time of each
// call; nil takes one of 10 s.
func NewOIDC(s *Service, conf Provider, client *http.Client) *OIDC {
	if client == nil {
		client = &http.Client{Timeout: 10 * time.Second}
	}
	return &OIDC{Service: s, conf: conf, client: client}
}

// Title names the provider on the sign-in page.
func (o *OIDC) Title() string { return o.conf.Title }

const providerAway = "暂时无法连接单点登录系统，请稍后再试，或用用户名和密码登录"

func (o *OIDC) discover(ctx context.Context) (*discovered, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known != nil {
		return o.known, nil
	}
	// The provider keeps the context for fetching keys later: not the request's.
	p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), o.client), o.conf.Issuer)
	if err != nil {
		return nil, fault.Wrap(fmt.Errorf("discover the provider: %w", err), fault.Unavailable, providerAway)
	}
	var more struct {
		End string `json:"end_session_endpoint"`
	}
	if err := p.Claims(&more); err != nil {
		return nil, fmt.Errorf("read the provider's document: %w", err)
	}
	o.known = &discovered{p, more.End}
	return o.known, nil
}

func (o *OIDC) oauth(d *discovered) *oauth2.Config {
	return &oauth2.Config{ClientID: o.conf.ClientID, ClientSecret: o.conf.ClientSecret, RedirectURL: o.conf.Callback,
		Endpoint: d.provider.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "profile"}}
}

// attempt is a sign-in under way, kept in the session of the browser.
type attempt struct {
	State    string
	Nonce    string
	Verifier string
	At       time.Time
}

// patience is how long a person may take at the provider.
const patience = 10 * time.Minute

func chance() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Begin returns the address at the provider to send the browser to.
func (o *OIDC) Begin(ctx context.Context) (string, error) {
	d, err := o.discover(ctx)
	if err != nil {
		return "", err
	}
	a := attempt{chance(), chance(), oauth2.GenerateVerifier(), o.now()}
	text, err := json.Marshal(a)
	if err != nil {
		return "", err
	}
	o.manager.Put(ctx, keyOIDC, string(text))
	return o.oauth(d).AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), nil
}

// Finish takes the provider's answer (the query of the callback) and signs the
// person in. Forbidden tells somebody not yet linked what to do.
func (o *OIDC) Finish(ctx context.Context, query url.Values, from Meta) (SignedIn, error) {
	var a attempt
	text := o.manager.PopString(ctx, keyOIDC) // taken out: an answer counts once
	again := fault.New(fault.Invalid, "单点登录已过期或不是从本页面发起，请重新登录")
	if text == "" || json.Unmarshal([]byte(text), &a) != nil {
		return SignedIn{}, again
	}
	if subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(a.State)) != 1 || o.now().Sub(a.At) > patience {
		return SignedIn{}, again
	}
	if query.Get("error") != "" {
		return SignedIn{}, fault.Wrap(fmt.Errorf("provider: %.200s", query.Get("error")), fault.Forbidden, "单点登录没有完成，请重新登录")
	}
	d, err := o.discover(ctx)
	if err != nil {
		return SignedIn{}, err
	}
	call := oidc.ClientContext(ctx, o.client)
	token, err := o.oauth(d).Exchange(call, query.Get("code"), oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return SignedIn{}, fault.Wrap(fmt.Errorf("exchange the code: %w", err), fault.Unavailable, "单点登录系统没有接受本次登录，请重新登录")
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return SignedIn{}, fault.Wrap(fmt.Errorf("no id_token"), fault.Unavailable, providerAway)
	}
	idToken, err := d.provider.VerifierContext(oidc.ClientContext(context.WithoutCancel(ctx), o.client),
		&oidc.Config{ClientID: o.conf.ClientID, Now: o.now}).Verify(call, raw)
	if err != nil {
		return SignedIn{}, fault.Wrap(fmt.Errorf("verify the id_token: %w", err), fault.Forbidden, "单点登录的凭证无效，请重新登录；如持续出现请联系安全管理员")
	}
	if subtle.ConstantTimeCompare([]byte(idToken.Nonce), []byte(a.Nonce)) != 1 {
		return SignedIn{}, again
	}
	person, err := o.personOf(ctx, idToken)
	if err != nil {
		return SignedIn{}, err
	}
	account, err := accountOf(ctx, o.db.Read, person.ID)
	if err != nil {
		return SignedIn{}, err
	}
	if !person.Active || account != nil && account.Disabled {
		return SignedIn{}, fault.New(fault.Forbidden, "这个账号已停用，请联系安全管理员")
	}
	if err := o.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return o.note(ctx, tx, person, "account.in", "单点登录", from.Address)
	}); err != nil {
		return SignedIn{}, err
	}
	in, err := o.enter(ctx, nil, person, from)
	if err == nil {
		o.manager.Put(ctx, keyHint, raw)
	}
	return in, err
}

// personOf finds who a subject is, links them by their number where that is
// trusted, and else leaves the subject for the security administrator.
func (o *OIDC) personOf(ctx context.Context, t *oidc.IDToken) (org.Person, error) {
	claims := map[string]any{}
	if err := t.Claims(&claims); err != nil {
		return org.Person{}, fmt.Errorf("read the id_token: %w", err)
	}
	text := func(name string) string { s, _ := claims[name].(string); return strings.TrimSpace(s) }
	known, err := getSubject(ctx, o.db.Read, t.Issuer, t.Subject)
	if err != nil {
		return org.Person{}, err
	}
	now := Subject{Issuer: t.Issuer, Subject: t.Subject, Label: firstOf(text("name"), text("preferred_username"), t.Subject)}
	var person org.Person
	linked := false
	switch {
	case known != nil && known.Person != "":
		now.Person = known.Person
	case o.conf.NumberClaim != "" && text(o.conf.NumberClaim) != "":
		found, err := o.org.PersonNumbered(ctx, text(o.conf.NumberClaim))
		if err != nil && !fault.Is(err, fault.NotFound) {
			return org.Person{}, err
		}
		now.Person, linked = found.ID, err == nil
	}
	if now.Person != "" {
		if person, err = o.org.Person(ctx, now.Person); err != nil {
			return org.Person{}, err
		}
	}
	err = o.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		now.SeenAt = tx.Now
		if err := putSubject(ctx, tx, now); err != nil || !linked {
			return err
		}
		return o.note(ctx, tx, person, "account.link", "按工号自动关联", "")
	})
	if err != nil {
		return org.Person{}, err
	}
	if now.Person == "" {
		return org.Person{}, fault.Newf(fault.Forbidden, "单点登录账号“%s”还没有关联到本系统的人员，请联系安全管理员关联后再登录", now.Label)
	}
	return person, nil
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// SignOutURL is where to send the browser after SignOut so that the provider
// ends its session too; "" when the session of ctx did not come from it. Ask
// before SignOut.
func (o *OIDC) SignOutURL(ctx context.Context) (string, error) {
	hint := o.manager.GetString(ctx, keyHint)
	if hint == "" {
		return "", nil
	}
	d, err := o.discover(ctx)
	if err != nil || d.end == "" {
		return "", err
	}
	u, err := url.Parse(d.end)
	if err != nil {
		return "", fmt.Errorf("the provider's sign-out address: %w", err)
	}
	q := u.Query()
	q.Set("id_token_hint", hint)
	q.Set("client_id", o.conf.ClientID)
	if o.conf.SignedOut != "" {
		q.Set("post_logout_redirect_uri", o.conf.SignedOut)
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// Subjects lists who came from the provider, last seen first; those without a
// Person wait to be linked.
func (s *Service) Subjects(ctx context.Context) ([]Subject, error) { return subjects(ctx, s.db.Read) }

// Link says who a subject is. Only for the security administrator.
func (s *Service) Link(ctx context.Context, who org.Actor, issuer, subject string, person id.ID) error {
	if !who.May(org.SecurityAdmin) || who.Person == person {
		return fault.New(fault.Forbidden, "只有安全管理员可以关联单点登录账号，且不能关联到自己")
	}
	p, err := s.org.Person(ctx, person)
	if err != nil {
		return err
	}
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		known, err := getSubject(ctx, tx, issuer, subject)
		if err != nil {
			return err
		}
		if known == nil {
			return fault.New(fault.NotFound, "没有找到这个单点登录账号，请让本人先登录一次")
		}
		if known.Person != "" && known.Person != person {
			return fault.New(fault.Conflict, "这个单点登录账号已关联到另一个人，请先取消关联")
		}
		known.Person = person
		if err := putSubject(ctx, tx, *known); err != nil {
			return err
		}
		return noteBy(ctx, tx, who, "account.link", person, p.Name+"："+known.Label)
	})
}

// Unlink forgets who a subject is, and ends the person's sessions.
func (s *Service) Unlink(ctx context.Context, who org.Actor, issuer, subject string) error {
	if !who.May(org.SecurityAdmin) {
		return fault.New(fault.Forbidden, "只有安全管理员可以取消单点登录关联")
	}
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		known, err := getSubject(ctx, tx, issuer, subject)
		if err != nil {
			return err
		}
		if known == nil || known.Person == "" {
			return fault.New(fault.NotFound, "没有找到这个关联，请刷新页面")
		}
		if err := deleteSubject(ctx, tx, *known); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, known.Person, ""); err != nil {
			return err
		}
		return noteBy(ctx, tx, who, "account.unlink", known.Person, known.Label)
	})
}
