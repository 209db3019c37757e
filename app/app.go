// Package app puts the house together: it opens the rooms in their order, hands
// them to the areas and answers browsers. areas.go is the list of areas.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"gongkai/area"
	"gongkai/area/plan"
	"gongkai/kernel/account"
	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/clock"
	"gongkai/kernel/config"
	"gongkai/kernel/document"
	"gongkai/kernel/fault"
	"gongkai/kernel/fetch"
	"gongkai/kernel/jobs"
	"gongkai/kernel/notify"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/secret"
	"gongkai/kernel/store"
)

// App is the running house.
type App struct {
	*area.Kernel
	Accounts *account.Service
	OIDC     *account.OIDC // nil without a provider
	Notices  *notify.Service
	Plan     *plan.Service
	Config   config.Config

	areas []area.Area
	ring  *secret.Keyring
	pdf   *document.PDF
	days  atomic.Pointer[calendar.Calendar]
	key   *audit.Key // signs checkpoints; nil when its file is missing
	files *watchedFiles
}

// Open opens the rooms, brings every table up to date and builds the areas. No
// job runs and nobody is answered until Serve. Without a keyring the house was
// never set up: fault.NotFound tells to run init or demo first.
func Open(ctx context.Context, cfg config.Config, now clock.Clock, log *slog.Logger) (a *App, err error) {
	if _, err := os.Stat(cfg.KeyringPath()); errors.Is(err, os.ErrNotExist) {
		return nil, fault.Wrap(err, fault.NotFound, "还没有建立平台：没有找到密钥文件 "+cfg.KeyringPath()+
			"。请先运行 gongkai init（正式使用）或 gongkai demo（演示）；数据目录在别处时用 GONGKAI_DATA 指明")
	}
	ring, err := secret.Load(cfg.KeyringPath())
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, store.Config{URL: cfg.DatabaseURL(), Clock: now, Log: log})
	if err != nil {
		return nil, err
	}
	a = &App{Config: cfg, ring: ring, pdf: document.NewPDF(filepath.Join(cfg.Data, "cache", "pdfium"))}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	a.Kernel = &area.Kernel{DB: db, Jobs: jobs.New(db, log), Calendar: calendar.NewLoader(db), Days: a.days.Load,
		Documents: document.Reader{PDF: a.pdf}, Clock: db.Steady(), Log: log}
	a.Org = org.New(db, ring, District(cfg))
	files, err := openFiles(ctx, cfg)
	if err != nil {
		return nil, err
	}
	a.files = &watchedFiles{Files: files, clock: now}
	a.Files = a.files
	if a.Fetch, err = fetch.New(fetch.Config{Clock: now, Site: cfg.Site, Allow: strings.Fields(cfg.Allow)}); err != nil {
		return nil, err
	}
	settings := account.Defaults()
	settings.Secure = strings.HasPrefix(cfg.Site, "https://")
	settings.AdminsNeedTOTP = cfg.Account.TOTP
	settings.Issuer = cfg.District.Name + "政务公开"
	a.Accounts = account.New(db, ring, a.Org, settings)
	if cfg.OIDC.Issuer != "" {
		a.OIDC = account.NewOIDC(a.Accounts, account.Provider{Title: cfg.OIDC.Title, Issuer: cfg.OIDC.Issuer, ClientID: cfg.OIDC.Client,
			ClientSecret: cfg.OIDC.Secret, Callback: site(cfg) + "/sign-in/oidc", SignedOut: site(cfg) + "/sign-in", NumberClaim: cfg.OIDC.Number}, nil)
	}
	a.Notices = notify.New(db, a.Jobs, notify.Org(a.Org), a.Days, ring, a.channels())
	a.Notify = a.Notices
	a.Cases = process.New(db, a.Days, a.Notify)
	a.areas, a.Plan = areas(a.Kernel, cfg)
	if err = db.Migrate(ctx, a.migrations()...); err != nil {
		return nil, err
	}
	if err = a.refresh(ctx); err != nil {
		return nil, err
	}
	if key, err := audit.LoadKey(auditKeyPath(cfg)); err == nil {
		a.key = &key
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return a, a.register()
}

// channels are the ways out of the house that the configuration names.
func (a *App) channels() notify.Config {
	c := a.Config
	out := notify.Config{Site: site(c), Name: c.District.Name + "政务公开", HTTP: a.Fetch.HTTP(), Log: a.Log}
	if c.SMTP.Host != "" {
		out.Mail = &notify.SMTP{Host: c.SMTP.Host, Port: c.SMTP.Port, Plain: c.SMTP.Encryption() == "none", StartTLS: c.SMTP.Encryption() == "starttls", User: c.SMTP.User,
			Password: secret.Text(c.SMTP.Pass), From: c.SMTP.From, FromName: out.Name, Clock: a.DB.Clock()}
	}
	if c.SMS.Base != "" {
		out.SMS = &notify.Aliyun{Base: c.SMS.Base, KeyID: c.SMS.Key, Secret: secret.Text(c.SMS.Secret), SignName: c.SMS.Sign,
			Template: c.SMS.Template, HTTP: a.Fetch.HTTP(), Clock: a.DB.Clock()}
	}
	return out
}

// migrations are the tables of every room, each after those it refers to.
func (a *App) migrations() []store.Migration {
	out := []store.Migration{audit.Migration(), jobs.Migration(), calendar.Migration(), org.Migration(),
		account.Migration(), process.Migration(), notify.Migration()}
	for _, one := range a.areas {
		out = append(out, one.Migration())
	}
	return out
}

// register declares flows and works to the rooms that run them.
func (a *App) register() error {
	works := []jobs.Work{
		jobs.Every("process.tick", "期限提醒与到期处理", time.Minute, func(ctx context.Context) error { return a.Cases.Tick(ctx, a.Clock.Now()) }).Within(5 * time.Minute),
		jobs.Every("account.sweep", "清理过期登录", 24*time.Hour, a.Accounts.Sweep),
		jobs.Every("audit.checkpoint", "签署审计检查点", 24*time.Hour, a.checkpoint),
		jobs.Every("calendar.recount", "按现行日历核对期限", time.Hour, a.recount).Within(5 * time.Minute),
	}
	works = append(works, a.Notices.Works()...)
	for _, one := range a.areas {
		if err := a.Cases.Register(one.Flows...); err != nil {
			return fmt.Errorf("area %s: %w", one.Name, err)
		}
		works = append(works, one.Jobs...)
	}
	return a.Jobs.Register(works...)
}

// checkpoint signs where the audit chains stand.
func (a *App) checkpoint(ctx context.Context) error {
	_, err := a.SignAudit(ctx)
	return err
}

// SignAudit signs a checkpoint of the audit chains with the key of the house.
func (a *App) SignAudit(ctx context.Context) (audit.Checkpoint, error) {
	if a.key == nil {
		return audit.Checkpoint{}, fault.Newf(fault.Unavailable, "没有找到审计签名密钥 %s，请从密钥备份中恢复", auditKeyPath(a.Config))
	}
	return audit.Check(ctx, a.DB, *a.key)
}

// RotateKeys seals everything that older keys sealed with the newest one, and
// says in the audit record how much it was. done counts the values so far.
func (a *App) RotateKeys(ctx context.Context, done func(int)) (total int, err error) {
	err = a.ring.Rotate(ctx, a.DB, slices.Concat(org.Secrets(), account.Secrets(), notify.Secrets()), func(n int) {
		total = n
		done(n)
	})
	if err != nil {
		return total, err
	}
	return total, a.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Entry{Actor: org.System.Person, Name: org.System.Name, Action: "keys.rotate", Kind: "keys",
			Reason: fmt.Sprintf("重新加密%d项", total)})
	})
}

// Trust are the keys whose checkpoints are believed.
func (a *App) Trust() []audit.Public {
	if a.key == nil {
		return nil
	}
	return []audit.Public{a.key.Public()}
}

// refresh takes the calendar in force, which another node may have confirmed.
func (a *App) refresh(ctx context.Context) error {
	now, err := a.Calendar.Current(ctx)
	if err == nil {
		a.days.Store(now)
	}
	return err
}

// recount mends deadlines that another node counted with the calendar before,
// in the moment in which a new one was confirmed (CAL-08).
func (a *App) recount(ctx context.Context) error {
	if err := a.refresh(ctx); err != nil {
		return err
	}
	return a.DB.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := a.Cases.Recompute(ctx, tx, a.Days())
		return err
	})
}

// Close lets go of the database and of what was started for documents.
func (a *App) Close() error {
	if a.Fetch != nil {
		a.Fetch.Close()
	}
	return errors.Join(a.pdf.Close(), a.DB.Close())
}

// Flows are the processes of every area, for their diagrams.
func (a *App) Flows() []*process.Flow { return a.Cases.Flows() }

// District is whose platform a configuration is for.
func District(cfg config.Config) org.District {
	return org.District{Name: cfg.District.Name, Full: cfg.District.Parent + cfg.District.Name}
}

// site is the address at which people reach the house, without a slash at the end.
func site(cfg config.Config) string {
	if cfg.Site != "" {
		return strings.TrimRight(cfg.Site, "/")
	}
	return "http://" + cfg.Listen
}

func auditKeyPath(cfg config.Config) string {
	return filepath.Join(filepath.Dir(cfg.KeyringPath()), "audit.pem")
}

func openFiles(ctx context.Context, cfg config.Config) (store.Files, error) {
	if cfg.S3.Endpoint == "" {
		return store.NewFolder(filepath.Join(cfg.Data, "files"))
	}
	return store.NewS3(ctx, store.S3Config{Endpoint: cfg.S3.Endpoint, Bucket: cfg.S3.Bucket,
		Access: cfg.S3.Key, Secret: cfg.S3.Secret, Plain: !cfg.S3.TLS})
}

// prefixes reads address ranges; a single address is a range of one.
func prefixes(text string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, word := range strings.Fields(text) {
		p, err := netip.ParsePrefix(word)
		if err != nil {
			a, err := netip.ParseAddr(word)
			if err != nil {
				return nil, fault.Newf(fault.Invalid, "配置项 proxies 中的“%s”不是地址或地址段，请写如 10.0.0.5 或 10.0.0.0/8", word)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		out = append(out, p)
	}
	return out, nil
}
