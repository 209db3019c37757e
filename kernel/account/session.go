package account

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"gongkai/kernel/clock"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/store"
)

// Session is one signed-in browser, as its owner and the security
// administrator see it.
type Session struct {
	ID      id.ID
	Person  id.ID
	Unit    id.ID // the unit acted for
	Created time.Time
	Seen    time.Time // last used, exact to a minute
	Address string
	Agent   string // the browser's own words
	This    bool   // the session that asks
}

// Names under which a session keeps its values; the store copies the first
// ones into columns.
const (
	keyPerson  = "person"
	keyUnit    = "unit"
	keyCreated = "created"
	keyAddress = "address"
	keyAgent   = "agent"
	keyID      = "id"
	keyRoles   = "roles"
	keyDue     = "due"
	keyHint    = "oidc_hint"
	keyOIDC    = "oidc"
)

// Store keeps sessions in the database for scs, with the token hashed. Times
// are those of the house's clock: a session ends when it was not used for Idle
// or is older than Absolute, whatever scs reckons.
type Store struct {
	db             *store.DB
	idle, absolute time.Duration
}

// fresh is how old the time of last use may become before it is written again,
// so that not every page costs a write.
const fresh = time.Minute

// Delete is DeleteCtx; scs asks for these and calls the ones with a context.
func (s *Store) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// Find is FindCtx.
func (s *Store) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx.
func (s *Store) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// DeleteCtx ends a session. Its row stays until Sweep, so that a request still
// under way cannot bring it back.
func (s *Store) DeleteCtx(ctx context.Context, token string) error {
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return endToken(ctx, tx, token) })
}

// FindCtx returns the data of a session that is still good.
func (s *Store) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	row, err := findSession(ctx, s.db.Read, token)
	if err != nil || row == nil || !s.alive(*row) {
		return nil, false, err
	}
	return []byte(row.Data), true, nil
}

func (s *Store) alive(r sessionRow) bool {
	now := s.db.Clock().Now()
	return r.EndedAt.IsZero() && now.Sub(r.SeenAt) < s.idle && now.Sub(r.CreatedAt) < s.absolute
}

// CommitCtx saves a session; an ended one stays ended.
func (s *Store) CommitCtx(ctx context.Context, token string, b []byte, _ time.Time) error {
	now := s.db.Clock().Now()
	old, err := findSession(ctx, s.db.Read, token)
	if err != nil {
		return err
	}
	if old != nil && (!s.alive(*old) || old.Data == string(b) && now.Sub(old.SeenAt) < fresh) {
		return nil
	}
	values, err := parseValues(b)
	if err != nil {
		return err
	}
	row := sessionRow{
		Token: token, ID: id.ID(values[keyID]), Data: string(b), Person: id.ID(values[keyPerson]), Unit: id.ID(values[keyUnit]),
		CreatedAt: now, Address: values[keyAddress], Agent: values[keyAgent],
	}
	if at, err := time.Parse(time.RFC3339Nano, values[keyCreated]); err == nil {
		row.CreatedAt = at
	}
	if row.ID == "" { // nobody yet: a sign-in under way
		row.ID = id.New()
	}
	err = s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		row.SeenAt = tx.Now
		return putSession(ctx, tx, row)
	})
	if old != nil && old.Data == string(b) && fault.Is(err, fault.Unavailable) {
		return nil // only the time of last use is not kept; who reads goes on reading while the disk is full
	}
	return err
}

// unread is the key in a context under which stands why its session could not be
// read.
type unread struct{}

// Middleware loads the session of each request and saves it with the answer. When
// it cannot be read (the database is gone) the request goes on with an empty one,
// and Who says why.
func (s *Service) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		token := ""
		if c, err := r.Cookie(s.manager.Cookie.Name); err == nil {
			token = c.Value
		}
		ctx, err := s.manager.Load(r.Context(), token)
		if err != nil {
			if ctx, err = s.manager.Load(context.WithValue(r.Context(), unread{}, store.Fault(err)), ""); err != nil {
				panic(err) // scs asks nobody for an empty session
			}
		}
		out := &saver{ResponseWriter: w, service: s, ctx: ctx}
		next.ServeHTTP(out, r.WithContext(ctx))
		out.save()
	})
}

// saver saves the session before the first byte of the answer. When that fails
// the answer is that it failed, and what was meant to be answered is dropped.
type saver struct {
	http.ResponseWriter
	service *Service
	ctx     context.Context
	saved   bool
	failed  bool
}

func (w *saver) save() {
	if w.saved {
		return
	}
	w.saved = true
	m := w.service.manager
	switch m.Status(w.ctx) {
	case scs.Modified:
		token, expiry, err := m.Commit(w.ctx)
		if err == nil {
			m.WriteSessionCookie(w.ctx, w.ResponseWriter, token, expiry)
			return
		}
		err = store.Fault(err)
		switch {
		case w.ctx.Err() != nil: // the browser has gone
			w.failed = true
			return
		case !fault.Is(err, fault.Unavailable):
			panic(fmt.Errorf("save a session: %w", err)) // the edge logs it and shows its number
		}
		w.failed = true
		head := w.ResponseWriter.Header()
		for _, name := range []string{"Location", "Content-Length", "Content-Encoding", "Content-Disposition"} {
			head.Del(name)
		}
		http.Error(w.ResponseWriter, fault.Text(err), http.StatusServiceUnavailable)
	case scs.Destroyed:
		m.WriteSessionCookie(w.ctx, w.ResponseWriter, "", time.Time{})
	case scs.Unmodified:
	}
}

func (w *saver) WriteHeader(code int) {
	w.save()
	if !w.failed {
		w.ResponseWriter.WriteHeader(code)
	}
}

func (w *saver) Write(b []byte) (int, error) {
	w.save()
	if w.failed {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *saver) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// codec writes session values as JSON texts: readable, in a fixed order, and
// without the deadline of scs, which the Store does not use.
type codec struct{ clock clock.Clock }

func (codec) Encode(_ time.Time, values map[string]any) ([]byte, error) {
	out := map[string]string{}
	for k, v := range values {
		text, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("session value %s: %T is not text", k, v)
		}
		out[k] = text
	}
	return json.Marshal(out)
}

func (c codec) Decode(b []byte) (time.Time, map[string]any, error) {
	values, err := parseValues(b)
	out := map[string]any{}
	for k, v := range values {
		out[k] = v
	}
	return c.clock.Now().Add(24 * time.Hour), out, err
}

func parseValues(b []byte) (map[string]string, error) {
	values := map[string]string{}
	if err := json.Unmarshal(b, &values); err != nil {
		return nil, fmt.Errorf("read a session: %w", err)
	}
	return values, nil
}

// newManager makes the scs manager over the store.
func newManager(st *Store, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Store, m.Codec, m.HashTokenInStore = st, codec{st.db.Clock()}, true
	m.IdleTimeout, m.Lifetime = st.idle, st.absolute
	m.Cookie.Name, m.Cookie.Secure, m.Cookie.SameSite = "gongkai", secure, http.SameSiteLaxMode
	if secure {
		m.Cookie.Name = "__Host-gongkai" // the browser then refuses it from elsewhere
	}
	m.Cookie.HttpOnly, m.Cookie.Persist = true, false
	return m
}
