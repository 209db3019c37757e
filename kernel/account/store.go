package account

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/page"
	"gongkai/kernel/store"
)

type sessionRow struct {
	bun.BaseModel `bun:"table:account_session,alias:s"`
	Token         string `bun:",pk"`
	ID            id.ID
	Data          string
	Person        id.ID `bun:",nullzero"`
	Unit          id.ID `bun:",nullzero"`
	CreatedAt     time.Time
	SeenAt        time.Time
	Address       string
	Agent         string
	EndedAt       time.Time `bun:",nullzero"`
	Closed        bool      // by a person, not by a new token
}

func (r sessionRow) session() Session {
	return Session{ID: r.ID, Person: r.Person, Unit: r.Unit, Created: r.CreatedAt, Seen: r.SeenAt, Address: r.Address, Agent: r.Agent}
}

type accountRow struct {
	bun.BaseModel `bun:"table:account,alias:a"`
	Account
}

type tryRow struct {
	bun.BaseModel `bun:"table:account_try"`
	Subject       string `bun:",pk"`
	Failures      int64
	LastAt        time.Time
	Until         time.Time
}

type subjectRow struct {
	bun.BaseModel `bun:"table:account_subject,alias:j"`
	Subject
}

func findSession(ctx context.Context, db bun.IDB, token string) (*sessionRow, error) {
	var r sessionRow
	err := db.NewSelect().Model(&r).Where("token = ?", token).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &r, store.Fault(err)
}

// putSession saves a session; one that is ended or closed stays so, though a
// request that began before is still under way.
func putSession(ctx context.Context, tx *store.Tx, r sessionRow) error {
	closed, err := tx.NewSelect().Model((*sessionRow)(nil)).Where("id = ? and closed", r.ID).Exists(ctx)
	if err != nil || closed {
		return err
	}
	_, err = tx.NewInsert().Model(&r).On("conflict (token) do update").
		Set("data = excluded.data").Set("person = excluded.person").Set("unit = excluded.unit").
		Set("seen_at = excluded.seen_at").Where("s.ended_at is null").Exec(ctx)
	return err
}

func endToken(ctx context.Context, tx *store.Tx, token string) error {
	_, err := tx.NewUpdate().Model((*sessionRow)(nil)).Set("ended_at = ?", tx.Now).Set("data = '{}'").
		Where("token = ? and ended_at is null", token).Exec(ctx)
	return err
}

// closeSession ends one session under whatever token.
func closeSession(ctx context.Context, tx *store.Tx, key id.ID) error {
	_, err := tx.NewUpdate().Model((*sessionRow)(nil)).Set("ended_at = ?", tx.Now).Set("closed = ?", true).
		Set("data = '{}'").Where("id = ?", key).Exec(ctx)
	return err
}

// endSessions closes all sessions of a person but the one kept.
func endSessions(ctx context.Context, tx *store.Tx, person, kept id.ID) error {
	_, err := tx.NewUpdate().Model((*sessionRow)(nil)).Set("ended_at = ?", tx.Now).Set("closed = ?", true).
		Set("data = '{}'").Where("person = ? and id <> ? and not closed", person, kept).Exec(ctx)
	return err
}

func getSession(ctx context.Context, db bun.IDB, key id.ID) (sessionRow, error) {
	var r sessionRow
	err := db.NewSelect().Model(&r).Where("id = ? and ended_at is null", key).Scan(ctx)
	return r, store.Found(err, "没有找到这个登录，可能已经结束，请刷新页面")
}

// openSessions lists the sessions of a person, or of everybody for "", that
// were used after seen and begun after created.
func openSessions(ctx context.Context, db bun.IDB, person id.ID, seen, created time.Time) ([]Session, error) {
	var rows []sessionRow
	q := db.NewSelect().Model(&rows).Where("person is not null and ended_at is null").
		Where("seen_at > ? and created_at > ?", seen, created).Order("s.seen_at desc", "s.id").Limit(500)
	if person != "" {
		q = q.Where("person = ?", person)
	}
	err := q.Scan(ctx)
	out := make([]Session, len(rows))
	for i, r := range rows {
		out[i] = r.session()
	}
	return out, store.Fault(err)
}

func sweep(ctx context.Context, tx *store.Tx, sessions, tries time.Time) error {
	if _, err := tx.NewDelete().Model((*sessionRow)(nil)).Where("seen_at < ?", sessions).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewDelete().Model((*tryRow)(nil)).Where("last_at < ?", tries).Exec(ctx)
	return err
}

const noAccount = "没有找到这个账号，请返回账号列表"

func getAccount(ctx context.Context, db bun.IDB, person id.ID) (Account, error) {
	var r accountRow
	err := db.NewSelect().Model(&r).Where("id = ?", person).Scan(ctx)
	return r.Account, store.Found(err, noAccount)
}

// accountNamed returns the account of a login name, nil when there is none.
func accountNamed(ctx context.Context, db bun.IDB, login string) (*Account, error) {
	var r accountRow
	err := db.NewSelect().Model(&r).Where("login = ?", login).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &r.Account, store.Fault(err)
}

// accountOf returns the account of a person, nil when there is none.
func accountOf(ctx context.Context, db bun.IDB, person id.ID) (*Account, error) {
	a, err := getAccount(ctx, db, person)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &a, err
}

func countAccounts(ctx context.Context, db bun.IDB) (int64, error) {
	n, err := db.NewSelect().Model((*accountRow)(nil)).Count(ctx)
	return int64(n), store.Fault(err)
}

func insertAccount(ctx context.Context, tx *store.Tx, a Account) error {
	_, err := tx.NewInsert().Model(&accountRow{Account: a}).Exec(ctx)
	return err
}

func updateAccount(ctx context.Context, tx *store.Tx, a Account) error {
	read := a.Version
	a.Version++
	res, err := tx.NewUpdate().Model(&accountRow{Account: a}).Where("id = ? and version = ?", a.Person, read).Exec(ctx)
	return store.Fresh(res, err, "账号“"+a.Login+"”")
}

// useStep takes a TOTP period; false when it or a later one was taken before.
func useStep(ctx context.Context, tx *store.Tx, person id.ID, step int64) (bool, error) {
	res, err := tx.NewUpdate().Model((*accountRow)(nil)).Set("totp_step = ?", step).
		Where("id = ? and totp_step < ?", person, step).Exec(ctx)
	return changed(res, err)
}

func changed(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func insertRecovery(ctx context.Context, tx *store.Tx, person id.ID, hashes []string) error {
	if err := deleteRecovery(ctx, tx, person); err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := tx.NewRaw("insert into account_recovery (person, hash) values (?, ?)", person, h).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func deleteRecovery(ctx context.Context, tx *store.Tx, person id.ID) error {
	_, err := tx.NewRaw("delete from account_recovery where person = ?", person).Exec(ctx)
	return err
}

// useRecovery takes a recovery code; false when it is none or was taken before.
func useRecovery(ctx context.Context, tx *store.Tx, person id.ID, hash string) (bool, error) {
	res, err := tx.NewRaw("delete from account_recovery where person = ? and hash = ?", person, hash).Exec(ctx)
	return changed(res, err)
}

func countRecovery(ctx context.Context, db bun.IDB, person id.ID) (n int, err error) {
	err = db.NewRaw("select count(*) from account_recovery where person = ?", person).Scan(ctx, &n)
	return n, store.Fault(err)
}

func passwordsOf(ctx context.Context, db bun.IDB, person id.ID, n int) (hashes []string, err error) {
	err = db.NewRaw("select hash from account_password where person = ? order by id desc limit ?", person, n).Scan(ctx, &hashes)
	return hashes, store.Fault(err)
}

// keepPassword adds a hash to the history and keeps the last n.
func keepPassword(ctx context.Context, tx *store.Tx, person id.ID, hash string, n int) error {
	if _, err := tx.NewRaw("insert into account_password (id, person, hash) values (?, ?, ?)", id.New(), person, hash).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewRaw(`delete from account_password where person = ? and id not in
		(select id from account_password where person = ? order by id desc limit ?)`, person, person, n).Exec(ctx)
	return err
}

func getTries(ctx context.Context, db bun.IDB, subject string) (tries, error) {
	var r tryRow
	err := db.NewSelect().Model(&r).Where("subject = ?", subject).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return tries{}, nil
	}
	return tries{r.Failures, r.LastAt, r.Until}, store.Fault(err)
}

func putTries(ctx context.Context, tx *store.Tx, subject string, t tries) error {
	_, err := tx.NewInsert().Model(&tryRow{Subject: subject, Failures: t.failures, LastAt: t.last, Until: t.until}).
		On("conflict (subject) do update").Set("failures = excluded.failures").
		Set("last_at = excluded.last_at").Set("until = excluded.until").Exec(ctx)
	return err
}

func dropTries(ctx context.Context, tx *store.Tx, subject string) error {
	_, err := tx.NewDelete().Model((*tryRow)(nil)).Where("subject = ?", subject).Exec(ctx)
	return err
}

func getSubject(ctx context.Context, db bun.IDB, issuer, subject string) (*Subject, error) {
	var r subjectRow
	err := db.NewSelect().Model(&r).Where("issuer = ? and subject = ?", issuer, subject).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &r.Subject, store.Fault(err)
}

func putSubject(ctx context.Context, tx *store.Tx, s Subject) error {
	_, err := tx.NewInsert().Model(&subjectRow{Subject: s}).On("conflict (issuer, subject) do update").
		Set("person = excluded.person").Set("label = excluded.label").Set("seen_at = excluded.seen_at").Exec(ctx)
	return err
}

func deleteSubject(ctx context.Context, tx *store.Tx, s Subject) error {
	_, err := tx.NewDelete().Model((*subjectRow)(nil)).Where("issuer = ? and subject = ?", s.Issuer, s.Subject).Exec(ctx)
	return err
}

func subjects(ctx context.Context, db bun.IDB) ([]Subject, error) {
	var rows []subjectRow
	err := db.NewSelect().Model(&rows).Order("j.seen_at desc", "j.subject").Limit(500).Scan(ctx)
	out := make([]Subject, len(rows))
	for i, r := range rows {
		out[i] = r.Subject
	}
	return out, store.Fault(err)
}

// Ask filters the list of accounts.
type Ask struct {
	Text string // in the login name or the person's name
	Page page.Ask
}

func listAccounts(ctx context.Context, db bun.IDB, ask Ask) (page.Of[Account], error) {
	out := page.Of[Account]{Ask: ask.Page.Clean()}
	var rows []accountRow
	q := db.NewSelect().Model(&rows)
	if ask.Text != "" {
		q = q.Where(`(a.login like ? escape '\' or exists (select 1 from org_person p where p.id = a.id and p.name like ? escape '\'))`, store.Like(ask.Text), store.Like(ask.Text))
	}
	total, err := q.Order("a.login").Limit(int64(out.Ask.Size)).Offset(int64(out.Ask.Offset())).ScanAndCount(ctx)
	out.Total = int(total)
	for _, r := range rows {
		out.Rows = append(out.Rows, r.Account)
	}
	return out, store.Fault(err)
}
