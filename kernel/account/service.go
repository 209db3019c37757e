package account

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"github.com/alexedwards/scs/v2"

	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/secret"
	"gongkai/kernel/store"
)

//go:embed migration
var files embed.FS

// Migration are the tables of accounts; they come after those of org.
func Migration() store.Migration { return store.Migration{Name: "account", FS: files} }

// Actions names in Chinese what this room writes into the audit record.
func Actions() map[string]string {
	return map[string]string{
		"account.in": "登录", "account.fail": "登录失败", "account.lock": "登录锁定", "account.out": "退出登录",
		"account.unit": "切换单位", "account.add": "开通账号", "account.password": "修改密码", "account.reset": "重置密码",
		"account.disable": "停用账号", "account.enable": "启用账号", "account.unlock": "解除锁定",
		"account.totp.on": "启用动态口令", "account.totp.off": "停用动态口令", "account.recovery": "使用恢复码",
		"account.end": "结束登录", "account.link": "关联单点登录", "account.unlink": "取消单点登录关联",
	}
}

// Service is what can be done with accounts and sessions.
type Service struct {
	db       *store.DB
	keys     *secret.Keyring
	org      *org.Service
	settings Settings
	hasher   hasher
	sessions *Store
	manager  *scs.SessionManager
}

// Secrets are the sealed columns, for the rotation of keys.
func Secrets() []secret.Column { return []secret.Column{{Table: "account", Column: "totp"}} }

// open decrypts the secret of an account's authenticator app.
func (s *Service) open(a *Account) (string, error) {
	text, err := s.keys.Open(a.TOTP, secret.Place("account", "totp", a.Person))
	return text.Reveal(), err
}

// New makes the service.
func New(db *store.DB, keys *secret.Keyring, people *org.Service, settings Settings) *Service {
	st := &Store{db: db, idle: settings.Idle, absolute: settings.Absolute}
	return &Service{
		db: db, keys: keys, org: people, settings: settings, hasher: newHasher(),
		sessions: st, manager: newManager(st, settings.Secure),
	}
}

// Open returns a context with the session of a token, a new one for "".
func (s *Service) Open(ctx context.Context, token string) (context.Context, error) {
	return s.manager.Load(ctx, token)
}

// Save keeps the session of a context made by Open and returns its token.
func (s *Service) Save(ctx context.Context) (token string, err error) {
	if s.manager.Status(ctx) == scs.Destroyed {
		return "", nil
	}
	token, _, err = s.manager.Commit(ctx)
	return token, err
}

func (s *Service) now() time.Time { return s.db.Clock().Now() }

func (s *Service) today() calendar.Date { return calendar.Of(s.db.Steady().Now()) }

// Meta is where a sign-in comes from.
type Meta struct {
	Address string // network address, behind the proxies the house trusts
	Agent   string // User-Agent
}

// SignedIn is what a sign-in led to.
type SignedIn struct {
	Actor org.Actor
	Due   string // what must be done before anything else: DuePassword, DueTOTP or ""
}

// What a signed-in person may have to do first.
const (
	DuePassword = "password" // change the password
	DueTOTP     = "totp"     // enrol an authenticator app
)

// subjectOf names a brake: login names hashed, since people type passwords there.
func subjectOf(login string) string {
	sum := sha256.Sum256([]byte(login))
	return "name:" + hex.EncodeToString(sum[:])
}

// SignIn checks a name, a password and, where one is enrolled, a one-time or
// recovery code, and makes the session of ctx that person's. Errors: TooMany
// while a brake holds (also for names that are not there), Invalid with a
// field "code" when only the code is missing, else one and the same Invalid.
func (s *Service) SignIn(ctx context.Context, login, password, code string, from Meta) (SignedIn, error) {
	login = fold(login)
	if err := s.begin(ctx, login, from.Address); err != nil {
		return SignedIn{}, err
	}
	account, err := accountNamed(ctx, s.db.Read, login)
	if err != nil {
		return SignedIn{}, err
	}
	kept := ""
	if account != nil {
		kept = account.Hash
	}
	if len(password) > 1024 || !s.hasher.check(kept, password) || account == nil {
		return SignedIn{}, s.failed(ctx, account, "密码不正确", from)
	}
	person, err := s.org.Person(ctx, account.Person)
	if err != nil {
		return SignedIn{}, err
	}
	if account.Disabled || !person.Active {
		if err := s.failed(ctx, account, "账号已停用", from); !fault.Is(err, fault.Invalid) {
			return SignedIn{}, err
		}
		return SignedIn{}, fault.New(fault.Forbidden, "这个账号已停用，请联系安全管理员")
	}
	if account.TOTPOn && code == "" {
		if err := s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return s.forgive(ctx, tx, login, from.Address) }); err != nil {
			return SignedIn{}, err
		}
		return SignedIn{}, refused("code", "请输入身份验证器上的 6 位动态口令，或一个恢复码")
	}
	var at int64
	if account.TOTPOn && !isRecovery(code) {
		key, err := s.open(account)
		if err != nil {
			return SignedIn{}, err
		}
		if at, err = step(key, code, s.now(), account.TOTPStep); err != nil {
			return SignedIn{}, err
		}
	}
	good := true
	err = s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		how := "密码"
		switch {
		case !account.TOTPOn:
		case isRecovery(code):
			how = "密码和恢复码"
			if good, err = useRecovery(ctx, tx, account.Person, recoveryHash(code)); err != nil || !good {
				return err
			}
		default:
			how = "密码和动态口令"
			if good = at != 0; good {
				good, err = useStep(ctx, tx, account.Person, at)
			}
			if err != nil || !good {
				return err
			}
		}
		if err := s.forgive(ctx, tx, login, from.Address); err != nil {
			return err
		}
		return s.note(ctx, tx, person, "account.in", how, from.Address)
	})
	if err != nil {
		return SignedIn{}, err
	}
	if !good {
		return SignedIn{}, s.failed(ctx, account, "动态口令不正确", from)
	}
	return s.enter(ctx, account, person, from)
}

// begin refuses a try while a brake holds, and else counts it as failed before
// anything is checked, so that tries at the same time count too. A success
// takes the count back.
func (s *Service) begin(ctx context.Context, login, address string) error {
	var wait time.Duration
	err := s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		wait = 0
		for _, one := range s.brakes(login, address) {
			if err := tx.Lock(ctx, one.subject); err != nil {
				return err
			}
			t, err := getTries(ctx, tx, one.subject)
			if err != nil {
				return err
			}
			wait = max(wait, t.blocked(tx.Now))
			one.next = one.brake.next(t, tx.Now)
			if wait > 0 {
				continue
			}
			if err := putTries(ctx, tx, one.subject, one.next); err != nil {
				return err
			}
			if one.next.failures == one.brake.lock {
				if err := audit.Write(ctx, tx, audit.Entry{Name: "登录", Action: "account.lock", Kind: "sign-in", Subject: one.subject,
					From: address, Changes: []audit.Change{{Field: "failures", New: strconv.FormatInt(one.next.failures, 10)}}}); err != nil {
					return err
				}
			}
		}
		if wait > 0 {
			return errBraked // nothing counted while a brake holds
		}
		return nil
	})
	if wait > 0 && err == errBraked {
		return fault.Newf(fault.TooMany, "尝试次数过多，请在 %s后再试；忘记密码请联系安全管理员", span(wait))
	}
	return err
}

// errBraked undoes the unit of work of a refused try.
var errBraked = errors.New("account: a brake holds")

type braked struct {
	subject string
	brake   brake
	next    tries
}

// brakes are those of a name and of an address, in one order for everybody.
func (s *Service) brakes(login, address string) []braked {
	out := []braked{{subject: subjectOf(login), brake: s.settings.byName()}}
	if address != "" {
		out = append(out, braked{subject: "address:" + address, brake: s.settings.byAddress()})
	}
	return out
}

// forgive forgets the failures of the name and takes one back of the address,
// whose other failures may be somebody else's guesses.
func (s *Service) forgive(ctx context.Context, tx *store.Tx, login, address string) error {
	if err := dropTries(ctx, tx, subjectOf(login)); err != nil || address == "" {
		return err
	}
	subject := "address:" + address
	if err := tx.Lock(ctx, subject); err != nil {
		return err
	}
	t, err := getTries(ctx, tx, subject)
	if err != nil || t.failures == 0 {
		return err
	}
	t.failures--
	t.until = t.last.Add(s.settings.byAddress().wait(t.failures))
	return putTries(ctx, tx, subject, t)
}

// failed records a failure, already counted by begin, and returns what the
// person is told.
func (s *Service) failed(ctx context.Context, a *Account, why string, from Meta) error {
	err := s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		e := audit.Entry{Name: "登录", Action: "account.fail", Kind: "sign-in", Reason: why, From: from.Address}
		if a != nil {
			e.Kind, e.Subject = "account", string(a.Person)
		} else {
			e.Reason = "用户名不存在" // never the name itself: it may be a password
		}
		return audit.Write(ctx, tx, e)
	})
	if err != nil {
		return err
	}
	return wrong()
}

// enter makes the session of ctx that of a person, under a new token.
func (s *Service) enter(ctx context.Context, a *Account, p org.Person, from Meta) (SignedIn, error) {
	units, err := s.org.UnitsOf(ctx, p.ID, s.today())
	if err != nil {
		return SignedIn{}, err
	}
	if len(units) == 0 {
		return SignedIn{}, fault.Newf(fault.Forbidden, "%s在任何单位都没有任职，请联系系统管理员", p.Name)
	}
	who, err := s.org.ActorOf(ctx, p.ID, units[0].ID, s.today())
	if err != nil {
		return SignedIn{}, err
	}
	due := s.due(a, who.Roles)
	if err := s.manager.RenewToken(ctx); err != nil {
		return SignedIn{}, err
	}
	agent := from.Agent
	if r := []rune(agent); len(r) > 200 {
		agent = string(r[:200])
	}
	for name, value := range map[string]string{
		keyID: string(id.New()), keyPerson: string(p.ID), keyUnit: string(who.Unit), keyCreated: s.now().Format(time.RFC3339Nano),
		keyAddress: from.Address, keyAgent: agent, keyRoles: rolesText(who), keyDue: due,
	} {
		s.manager.Put(ctx, name, value)
	}
	return SignedIn{limited(who, due), due}, nil
}

func rolesText(a org.Actor) string { return strconv.FormatUint(uint64(a.Roles), 10) }

// limited takes the roles away while something is due: the person is known,
// and may do nothing but that.
func limited(a org.Actor, due string) org.Actor {
	if due != "" {
		a.Roles = org.Public
	}
	return a
}

// Who tells who uses the session of ctx; the zero Actor for nobody. Roles are
// those of this moment; when they changed since the last request the session
// gets a new token.
func (s *Service) Who(ctx context.Context) (org.Actor, error) {
	if err, ok := ctx.Value(unread{}).(error); ok {
		return org.Actor{}, err
	}
	person, unit := id.ID(s.manager.GetString(ctx, keyPerson)), id.ID(s.manager.GetString(ctx, keyUnit))
	if person == "" {
		return org.Actor{}, nil
	}
	who, err := s.org.ActorOf(ctx, person, unit, s.today())
	if fault.Is(err, fault.Forbidden) { // no longer there: another of the person's units, else out
		units, err := s.org.UnitsOf(ctx, person, s.today())
		if err != nil {
			return org.Actor{}, err
		}
		if len(units) == 0 {
			return org.Actor{}, s.manager.Destroy(ctx)
		}
		if who, err = s.org.ActorOf(ctx, person, units[0].ID, s.today()); err != nil {
			return org.Actor{}, err
		}
		s.manager.Put(ctx, keyUnit, string(who.Unit))
	} else if err != nil {
		return org.Actor{}, err
	}
	if roles := rolesText(who); roles != s.manager.GetString(ctx, keyRoles) {
		if err := s.manager.RenewToken(ctx); err != nil {
			return org.Actor{}, err
		}
		s.manager.Put(ctx, keyRoles, roles)
	}
	return limited(who, s.Due(ctx)), nil
}

// Due is what the person of the session must do before anything else.
func (s *Service) Due(ctx context.Context) string { return s.manager.GetString(ctx, keyDue) }

// SignOut ends the session of ctx. One that came from a provider is ended
// there too by sending the browser to OIDC.SignOutURL, asked for before.
func (s *Service) SignOut(ctx context.Context, from Meta) error {
	person := id.ID(s.manager.GetString(ctx, keyPerson))
	if person != "" {
		p, err := s.org.Person(ctx, person)
		if err != nil {
			return err
		}
		if err := s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			return s.note(ctx, tx, p, "account.out", "", from.Address)
		}); err != nil {
			return err
		}
	}
	return s.manager.Destroy(ctx)
}

// Units lists where the person of the session may act today.
func (s *Service) Units(ctx context.Context) ([]org.Unit, error) {
	person := id.ID(s.manager.GetString(ctx, keyPerson))
	if person == "" {
		return nil, nil
	}
	return s.org.UnitsOf(ctx, person, s.today())
}

// SwitchUnit makes the person of the session act for another of their units.
func (s *Service) SwitchUnit(ctx context.Context, unit id.ID) (org.Actor, error) {
	person := id.ID(s.manager.GetString(ctx, keyPerson))
	if person == "" || s.Due(ctx) != "" {
		return org.Actor{}, fault.New(fault.Forbidden, "请先登录")
	}
	who, err := s.org.ActorOf(ctx, person, unit, s.today())
	if err != nil {
		return org.Actor{}, err
	}
	if err := s.manager.RenewToken(ctx); err != nil {
		return org.Actor{}, err
	}
	s.manager.Put(ctx, keyUnit, string(unit))
	s.manager.Put(ctx, keyRoles, rolesText(who))
	return who, s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Entry{Actor: who.Person, Name: who.Name, Unit: unit, Action: "account.unit", Kind: "account", Subject: string(person)})
	})
}

// Sessions lists a person's open sessions, or everybody's for "", last used
// first; the one of ctx is marked.
func (s *Service) Sessions(ctx context.Context, person id.ID) ([]Session, error) {
	now := s.now()
	list, err := openSessions(ctx, s.db.Read, person, now.Add(-s.settings.Idle), now.Add(-s.settings.Absolute))
	mine := id.ID(s.manager.GetString(ctx, keyID))
	for i := range list {
		list[i].This = list[i].ID == mine
	}
	return list, err
}

// EndSession ends a session: one's own, or anybody's for the security administrator.
func (s *Service) EndSession(ctx context.Context, who org.Actor, session id.ID) error {
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := getSession(ctx, tx, session)
		if err != nil {
			return err
		}
		if r.Person != who.Person && !who.May(org.SecurityAdmin) {
			return fault.New(fault.NotFound, "没有找到这个登录，可能已经结束，请刷新页面")
		}
		if err := closeSession(ctx, tx, r.ID); err != nil {
			return err
		}
		return noteBy(ctx, tx, who, "account.end", r.Person, "")
	})
}

// EndOthers ends all of a person's sessions but the one of ctx, when it is one.
func (s *Service) EndOthers(ctx context.Context, who org.Actor, person id.ID) error {
	if err := selfOr(who, person, org.SecurityAdmin); err != nil {
		return err
	}
	kept := id.ID(s.manager.GetString(ctx, keyID))
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := endSessions(ctx, tx, person, kept); err != nil {
			return err
		}
		return noteBy(ctx, tx, who, "account.end", person, "全部")
	})
}

// Sweep removes sessions and failed tries that no longer matter; a daily job.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return sweep(ctx, tx, tx.Now.Add(-2*s.settings.Absolute), tx.Now.Add(-48*time.Hour))
	})
}

// selfOr lets a person do to themselves what else only an administrator may do.
func selfOr(who org.Actor, person id.ID, role org.Role) error {
	if who.Person == person && person != "" || who.May(role) || who == org.System {
		return nil
	}
	return fault.New(fault.Forbidden, "只有本人或安全管理员可以这样做")
}

func (s *Service) note(ctx context.Context, tx *store.Tx, p org.Person, action, reason, address string) error {
	return audit.Write(ctx, tx, audit.Entry{Actor: p.ID, Name: p.Name, Action: action, Kind: "account", Subject: string(p.ID), Reason: reason, From: address})
}

func noteBy(ctx context.Context, tx *store.Tx, who org.Actor, action string, person id.ID, reason string) error {
	return audit.Write(ctx, tx, audit.Entry{Actor: who.Person, Name: who.Name, Unit: who.Unit, Action: action, Kind: "account", Subject: string(person), Reason: reason})
}

// Accounts lists accounts, one page.
func (s *Service) Accounts(ctx context.Context, ask Ask) (page.Of[Account], error) {
	return listAccounts(ctx, s.db.Read, ask)
}

// Account returns the account of a person.
func (s *Service) Account(ctx context.Context, person id.ID) (Account, error) {
	return getAccount(ctx, s.db.Read, person)
}

// Any reports whether there is an account at all; `gongkai init` makes the first.
func (s *Service) Any(ctx context.Context) (bool, error) {
	n, err := countAccounts(ctx, s.db.Read)
	return n > 0, err
}
