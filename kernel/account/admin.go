package account

import (
	"context"

	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/secret"
	"gongkai/kernel/store"
)

// CreateAccount gives a person a login name and a first password, which is
// returned once and must be changed at the first sign-in.
func (s *Service) CreateAccount(ctx context.Context, who org.Actor, person id.ID, login string) (password string, err error) {
	password = temporary()
	return password, s.create(ctx, who, person, login, password, true)
}

// CreateWith is CreateAccount with a password that somebody chose: at
// installation and for the demonstration district.
func (s *Service) CreateWith(ctx context.Context, who org.Actor, person id.ID, login, password string, mustChange bool) error {
	p, err := s.org.Person(ctx, person)
	if err != nil {
		return err
	}
	if text := weak(password, fold(login), p.Name, s.settings.Least); text != "" {
		return refused("password", text)
	}
	return s.create(ctx, who, person, login, password, mustChange)
}

func (s *Service) create(ctx context.Context, who org.Actor, person id.ID, login, password string, mustChange bool) error {
	login = fold(login)
	if err := validLogin(login); err != nil {
		return err
	}
	p, err := s.org.Person(ctx, person)
	if err != nil {
		return err
	}
	if !p.Active {
		return fault.Newf(fault.Conflict, "%s已离岗，不能开通账号", p.Name)
	}
	hash := s.hasher.hash(password) // slow, so before the unit of work
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if old, err := accountOf(ctx, tx, person); err != nil {
			return err
		} else if old != nil {
			return fault.Newf(fault.Conflict, "%s已有账号“%s”，不必再次开通", p.Name, old.Login)
		}
		err := insertAccount(ctx, tx, Account{Person: person, Login: login, Hash: hash, ChangedAt: tx.Now, MustChange: mustChange, Version: 1})
		if store.Unique(err) {
			return refused("login", "用户名“"+login+"”已被使用，请换一个")
		}
		if err != nil {
			return err
		}
		if err := keepPassword(ctx, tx, person, hash, s.settings.History); err != nil {
			return err
		}
		return noteBy(ctx, tx, who, "account.add", person, "")
	})
}

// ChangePassword changes the password of the session's person. All their other
// sessions end, and this one gets a new token.
func (s *Service) ChangePassword(ctx context.Context, who org.Actor, old, password string, from Meta) error {
	a, err := getAccount(ctx, s.db.Read, who.Person)
	if err != nil {
		return err
	}
	// A session somebody left open must not become a way to guess.
	if err := s.begin(ctx, a.Login, from.Address); err != nil {
		return err
	}
	if len(old) > 1024 || !s.hasher.check(a.Hash, old) {
		if err := s.failed(ctx, &a, "修改密码时原密码不正确", from); !fault.Is(err, fault.Invalid) {
			return err
		}
		return refused("old", "原密码不正确")
	}
	if err := s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return s.forgive(ctx, tx, a.Login, from.Address) }); err != nil {
		return err
	}
	if text := weak(password, a.Login, who.Name, s.settings.Least); text != "" {
		return refused("password", text)
	}
	past, err := passwordsOf(ctx, s.db.Read, who.Person, s.settings.History)
	if err != nil {
		return err
	}
	for _, kept := range append(past, a.Hash) {
		if s.hasher.check(kept, password) {
			return fault.Fields{"password": "这个密码最近用过，请换一个新的"}.Err()
		}
	}
	a.Hash, a.MustChange = s.hasher.hash(password), false
	session := id.ID(s.manager.GetString(ctx, keyID))
	err = s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		a.ChangedAt = tx.Now
		if err := updateAccount(ctx, tx, a); err != nil {
			return err
		}
		if err := keepPassword(ctx, tx, who.Person, a.Hash, s.settings.History); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, who.Person, session); err != nil {
			return err
		}
		return noteBy(ctx, tx, who, "account.password", who.Person, "")
	})
	if err != nil {
		return err
	}
	return s.settle(ctx, &a)
}

// settle gives the session of ctx a new token and works out anew what is due.
func (s *Service) settle(ctx context.Context, a *Account) error {
	person, unit := id.ID(s.manager.GetString(ctx, keyPerson)), id.ID(s.manager.GetString(ctx, keyUnit))
	if person == "" {
		return nil
	}
	who, err := s.org.ActorOf(ctx, person, unit, s.today())
	if err != nil {
		return err
	}
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	s.manager.Put(ctx, keyDue, s.due(a, who.Roles))
	return nil
}

// due is what an account must see to before anything else.
func (s *Service) due(a *Account, roles org.Role) string {
	switch {
	case a == nil: // the provider looks after passwords and codes
		return ""
	case a.MustChange || a.old(s.settings, s.now()):
		return DuePassword
	case s.settings.AdminsNeedTOTP && roles.Any(org.Admin) && !a.TOTPOn:
		return DueTOTP
	}
	return ""
}

// ResetPassword gives a first password again, ends all sessions and lifts the
// brake on the name. Only for the security administrator, never for oneself.
func (s *Service) ResetPassword(ctx context.Context, who org.Actor, person id.ID, reason string) (password string, err error) {
	password = temporary()
	hash := s.hasher.hash(password)
	return password, s.change(ctx, who, person, "account.reset", reason, func(ctx context.Context, tx *store.Tx, a *Account) error {
		a.Hash, a.MustChange, a.ChangedAt = hash, true, tx.Now
		if err := keepPassword(ctx, tx, person, hash, s.settings.History); err != nil {
			return err
		}
		if err := dropTries(ctx, tx, subjectOf(a.Login)); err != nil {
			return err
		}
		return endSessions(ctx, tx, person, "")
	})
}

// Disable shuts an account and ends its sessions.
func (s *Service) Disable(ctx context.Context, who org.Actor, person id.ID, reason string) error {
	return s.change(ctx, who, person, "account.disable", reason, func(ctx context.Context, tx *store.Tx, a *Account) error {
		a.Disabled = true
		return endSessions(ctx, tx, person, "")
	})
}

// Enable opens a disabled account again.
func (s *Service) Enable(ctx context.Context, who org.Actor, person id.ID, reason string) error {
	return s.change(ctx, who, person, "account.enable", reason, func(_ context.Context, _ *store.Tx, a *Account) error {
		a.Disabled = false
		return nil
	})
}

// Unlock lifts the brake on a login name.
func (s *Service) Unlock(ctx context.Context, who org.Actor, person id.ID, reason string) error {
	return s.change(ctx, who, person, "account.unlock", reason, func(ctx context.Context, tx *store.Tx, a *Account) error {
		return dropTries(ctx, tx, subjectOf(a.Login))
	})
}

// ResetTOTP takes the authenticator app of somebody who lost the phone.
func (s *Service) ResetTOTP(ctx context.Context, who org.Actor, person id.ID, reason string) error {
	return s.change(ctx, who, person, "account.totp.off", reason, func(ctx context.Context, tx *store.Tx, a *Account) error {
		a.TOTP, a.TOTPOn, a.TOTPStep = "", false, 0
		if err := deleteRecovery(ctx, tx, person); err != nil {
			return err
		}
		return endSessions(ctx, tx, person, "")
	})
}

// change is what the security administrator does to another's account.
func (s *Service) change(ctx context.Context, who org.Actor, person id.ID, action, reason string, do func(context.Context, *store.Tx, *Account) error) error {
	if !who.May(org.SecurityAdmin) && who != org.System {
		return fault.New(fault.Forbidden, "只有安全管理员可以这样做")
	}
	if who.Person == person && person != "" {
		return fault.New(fault.Forbidden, "不能对自己的账号这样做，请由另一位安全管理员办理")
	}
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := getAccount(ctx, tx, person)
		if err != nil {
			return err
		}
		if err := do(ctx, tx, &a); err != nil {
			return err
		}
		if err := updateAccount(ctx, tx, a); err != nil {
			return err
		}
		return noteBy(ctx, tx, who, action, person, reason)
	})
}

// Locked tells how long sign-in under the account's name is still refused, in words; "" when it is not.
func (s *Service) Locked(ctx context.Context, a Account) (string, error) {
	t, err := getTries(ctx, s.db.Read, subjectOf(a.Login))
	if wait := t.blocked(s.now()); err == nil && wait > 0 {
		return span(wait), nil
	}
	return "", err
}

// Enrolment is what a person needs to set up an authenticator app.
type Enrolment struct {
	Secret string // typed by hand where no code can be scanned
	URI    string // otpauth://…, for a QR code
}

// EnrolTOTP begins to set up an authenticator app; until ConfirmTOTP nothing changes.
func (s *Service) EnrolTOTP(ctx context.Context, who org.Actor) (Enrolment, error) {
	a, err := getAccount(ctx, s.db.Read, who.Person)
	if err != nil {
		return Enrolment{}, err
	}
	if a.TOTPOn {
		return Enrolment{}, fault.New(fault.Conflict, "已经启用动态口令；更换手机请先停用再重新启用")
	}
	key, uri, err := newTOTP(s.settings.Issuer, a.Login)
	if err != nil {
		return Enrolment{}, err
	}
	if a.TOTP, err = s.keys.Seal(secret.Text(key), secret.Place("account", "totp", a.Person)); err != nil {
		return Enrolment{}, err
	}
	return Enrolment{key, uri}, s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return updateAccount(ctx, tx, a) })
}

// ConfirmTOTP proves with a code that the app works and switches it on. The
// recovery codes are shown this once.
func (s *Service) ConfirmTOTP(ctx context.Context, who org.Actor, code string) (recovery []string, err error) {
	a, err := getAccount(ctx, s.db.Read, who.Person)
	if err != nil {
		return nil, err
	}
	if a.TOTPOn || a.TOTP == "" {
		return nil, fault.New(fault.Conflict, "请重新开始设置动态口令")
	}
	key, err := s.open(&a)
	if err != nil {
		return nil, err
	}
	at, err := step(key, code, s.now(), a.TOTPStep)
	if err != nil {
		return nil, err
	}
	if at == 0 {
		return nil, refused("code", "动态口令不正确，请核对手机时间是否准确，再输入新的 6 位口令")
	}
	codes, hashes := recoveryCodes(10)
	a.TOTPOn, a.TOTPStep = true, at
	session := id.ID(s.manager.GetString(ctx, keyID))
	err = s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := updateAccount(ctx, tx, a); err != nil {
			return err
		}
		if err := insertRecovery(ctx, tx, who.Person, hashes); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, who.Person, session); err != nil {
			return err
		}
		return noteBy(ctx, tx, who, "account.totp.on", who.Person, "")
	})
	if err != nil {
		return nil, err
	}
	return codes, s.settle(ctx, &a)
}

// DropTOTP switches one's own app off, with the password. Administrators who
// need one are asked to set up the next at once.
func (s *Service) DropTOTP(ctx context.Context, who org.Actor, password string, from Meta) error {
	a, err := getAccount(ctx, s.db.Read, who.Person)
	if err != nil {
		return err
	}
	if err := s.begin(ctx, a.Login, from.Address); err != nil {
		return err
	}
	if len(password) > 1024 || !s.hasher.check(a.Hash, password) {
		if err := s.failed(ctx, &a, "停用动态口令时密码不正确", from); !fault.Is(err, fault.Invalid) {
			return err
		}
		return refused("password", "密码不正确")
	}
	a.TOTP, a.TOTPOn, a.TOTPStep = "", false, 0
	err = s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := s.forgive(ctx, tx, a.Login, from.Address); err != nil {
			return err
		}
		if err := updateAccount(ctx, tx, a); err != nil {
			return err
		}
		if err := deleteRecovery(ctx, tx, who.Person); err != nil {
			return err
		}
		return noteBy(ctx, tx, who, "account.totp.off", who.Person, "")
	})
	if err != nil {
		return err
	}
	return s.settle(ctx, &a)
}

// RecoveryLeft counts the recovery codes a person still has.
func (s *Service) RecoveryLeft(ctx context.Context, person id.ID) (int, error) {
	return countRecovery(ctx, s.db.Read, person)
}

// First is an administrator account made at installation.
type First struct {
	Role            org.Role
	Login, Password string
}

// Init makes the three separated administrators of a new house in a unit, with
// first passwords that are returned once. Conflict when there are accounts.
func (s *Service) Init(ctx context.Context, unit id.ID) ([]First, error) {
	if any, err := s.Any(ctx); err != nil {
		return nil, err
	} else if any {
		return nil, fault.New(fault.Conflict, "系统里已经有账号，不能再次初始化；请用已有的管理员账号登录")
	}
	var out []First
	for _, one := range []struct {
		role        org.Role
		login, name string
	}{
		{org.SystemAdmin, "sysadmin", "系统管理员"}, {org.SecurityAdmin, "secadmin", "安全管理员"}, {org.AuditAdmin, "auditor", "审计管理员"},
	} {
		person, err := s.org.PutPerson(ctx, org.System, org.Person{Name: one.name})
		if err != nil {
			return nil, err
		}
		if _, err := s.org.Assign(ctx, org.System, org.Post{Person: person, Unit: unit, Roles: one.role, From: s.today()}); err != nil {
			return nil, err
		}
		password, err := s.CreateAccount(ctx, org.System, person, one.login)
		if err != nil {
			return nil, err
		}
		out = append(out, First{one.role, one.login, password})
	}
	return out, nil
}
