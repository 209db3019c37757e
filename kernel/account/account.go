package account

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gongkai/kernel/fault"
	"gongkai/kernel/id"
)

// Account lets one person in with a name and a password.
type Account struct {
	Person     id.ID     `bun:"id,pk"`
	Login      string    // lower case, unique
	Hash       string    `json:"-"`
	ChangedAt  time.Time // of the password
	MustChange bool      // before anything else: a first or reset password
	Disabled   bool      // by the security administrator
	TOTP       string    `bun:"totp" json:"-"` // sealed secret of the authenticator app; good once TOTPOn
	TOTPOn     bool      `bun:"totp_on"`
	TOTPStep   int64     `bun:"totp_step"` // last period whose code was taken
	Version    int64
}

// Subject is somebody at an OpenID Connect provider; Person is "" until linked.
type Subject struct {
	Issuer  string `bun:",pk"`
	Subject string `bun:",pk"`
	Person  id.ID  `bun:",nullzero"`
	Label   string // what the provider calls them, for the administrator who links
	SeenAt  time.Time
}

// Settings are what the security administrator decides; begin with Defaults.
type Settings struct {
	Least          int           // characters of a password
	History        int           // earlier passwords that may not come back
	MaxAge         time.Duration // of a password; 0: none
	Idle           time.Duration // a session ends when not used for so long
	Absolute       time.Duration // a session ends so long after sign-in
	FreeTries      int64         // failures of one name without a delay
	LockAfter      int64         // failures of one name that lock it
	AddressTries   int64         // failures from one address without a delay; offices share one
	AddressLock    int64         // failures that lock an address
	LockFor        time.Duration
	AdminsNeedTOTP bool   // the three administrators must use one-time codes
	Issuer         string // what an authenticator app shows
	Secure         bool   // the cookie goes over TLS only
}

// Defaults are the settings of a new house.
func Defaults() Settings {
	return Settings{
		Least: 10, History: 5, MaxAge: 90 * 24 * time.Hour, Idle: 30 * time.Minute, Absolute: 12 * time.Hour,
		FreeTries: 3, LockAfter: 10, AddressTries: 30, AddressLock: 100, LockFor: 30 * time.Minute,
		AdminsNeedTOTP: true, Issuer: "政务公开", Secure: true,
	}
}

func (s Settings) byName() brake { return brake{s.FreeTries, s.LockAfter, s.LockFor, 24 * time.Hour} }
func (s Settings) byAddress() brake {
	return brake{s.AddressTries, s.AddressLock, s.LockFor, time.Hour}
}

// fold makes a login name from what was typed.
func fold(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

func validLogin(login string) error {
	if n := utf8.RuneCountInString(login); n < 2 || n > 40 {
		return refused("login", "用户名请写 2 至 40 个字符")
	}
	for _, r := range login {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".-_@", r) {
			return refused("login", "用户名只能使用文字、数字和 . - _ @")
		}
	}
	return nil
}

// wrong is the one answer to a name that is not there, a wrong password and a
// wrong code.
func wrong() error {
	return fault.New(fault.Invalid, "用户名、密码或动态口令不正确")
}

// old reports whether the password has to be changed because of its age.
func (a Account) old(s Settings, now time.Time) bool {
	return s.MaxAge > 0 && now.Sub(a.ChangedAt) > s.MaxAge
}
