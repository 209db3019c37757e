package calendar

import (
	"context"
	"embed"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"

	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/store"
)

//go:embed migration
var files embed.FS

// Migration are the tables of this room.
func Migration() store.Migration { return store.Migration{Name: "calendar", FS: files} }

// Loader gives the calendar in force: the years that come with the program, each
// replaced by the newest version that two people loaded and confirmed (CAL-06).
//
// Its writing methods belong to the caller's unit of work, so that the audit
// record and the deadlines that move commit together with the year.
type Loader struct {
	db   *store.DB
	made atomic.Pointer[made]
}

// made is the calendar made of the confirmed rows with these ids.
type made struct {
	ids string
	c   *Calendar
}

// NewLoader makes a Loader; db is migrated with Migration.
func NewLoader(db *store.DB) *Loader { return &Loader{db: db} }

type yearRow struct {
	bun.BaseModel `bun:"table:calendar_year"`

	ID          id.ID `bun:",pk"`
	Year        int
	Version     int
	Body        Year `bun:",type:jsonb"`
	LoadedBy    id.ID
	LoadedAt    time.Time
	ConfirmedBy id.ID     `bun:",nullzero"`
	ConfirmedAt time.Time `bun:",nullzero"`
}

func (r yearRow) year() Year {
	y := r.Body
	y.LoadedBy, y.LoadedAt, y.ConfirmedBy, y.ConfirmedAt = r.LoadedBy, r.LoadedAt, r.ConfirmedBy, r.ConfirmedAt
	return y
}

// Current is the calendar in force. One small query tells whether another node
// confirmed something; the calendar is only made anew when it did.
func (l *Loader) Current(ctx context.Context) (*Calendar, error) { return l.current(ctx, l.db.Read) }

// Within is Current as the unit of work sees it.
func (l *Loader) Within(ctx context.Context, tx *store.Tx) (*Calendar, error) {
	return l.current(ctx, tx)
}

func (l *Loader) current(ctx context.Context, db bun.IDB) (*Calendar, error) {
	var ids []string
	err := db.NewSelect().Model((*yearRow)(nil)).Column("id").Where("confirmed_at is not null").
		Order("id").Scan(ctx, &ids)
	if err != nil {
		return nil, store.Fault(err)
	}
	key := strings.Join(ids, " ")
	if m := l.made.Load(); m != nil && m.ids == key {
		return m.c, nil
	}
	years, err := inForce(ctx, db)
	if err != nil {
		return nil, err
	}
	c, err := New(years...)
	if err != nil {
		return nil, err
	}
	l.made.Store(&made{key, c})
	return c, nil
}

// inForce are the years the calendar in force is made of.
func inForce(ctx context.Context, db bun.IDB) ([]Year, error) {
	var rows []yearRow
	err := db.NewSelect().Model(&rows).Where("confirmed_at is not null").Order("year", "version").Scan(ctx)
	if err != nil {
		return nil, store.Fault(err)
	}
	years := Latest(Builtin(), Date{})
	for _, r := range rows { // later versions replace earlier ones
		years = with(years, r.year())
	}
	return years, nil
}

// with is years with y in the place of its year.
func with(years []Year, y Year) []Year {
	for i := range years {
		if years[i].Year == y.Year {
			years[i] = y
			return years
		}
	}
	return append(years, y)
}

// History returns all versions of a year in order, shipped and loaded ones, an
// unconfirmed one last.
func (l *Loader) History(ctx context.Context, year int) ([]Year, error) {
	return history(ctx, l.db.Read, year)
}

func history(ctx context.Context, db bun.IDB, year int) ([]Year, error) {
	var rows []yearRow
	if err := db.NewSelect().Model(&rows).Where("year = ?", year).Order("version").Scan(ctx); err != nil {
		return nil, store.Fault(err)
	}
	var out []Year
	for _, y := range Builtin() {
		if y.Year == year {
			out = append(out, y)
		}
	}
	for _, r := range rows {
		out = append(out, r.year())
	}
	slices.SortStableFunc(out, func(a, b Year) int { return a.Version - b.Version })
	return out, nil
}

// Waiting returns the loaded years that wait for a second person, by year.
func (l *Loader) Waiting(ctx context.Context) ([]Year, error) {
	var rows []yearRow
	err := l.db.Read.NewSelect().Model(&rows).Where("confirmed_at is null").Order("year").Scan(ctx)
	if err != nil {
		return nil, store.Fault(err)
	}
	var out []Year
	for _, r := range rows {
		out = append(out, r.year())
	}
	return out, nil
}

// Load saves an arrangement as the next version of its year, to be confirmed by
// somebody else. Days off of the district are kept from the version before unless
// y brings its own (an empty, non-nil Local removes them). It returns the year as
// saved and what is doubtful about it (CAL-01, CAL-04, CAL-05); contradictions
// (CAL-02, CAL-03) are refused as fault.Invalid, a second arrangement while one
// waits as fault.Conflict.
func (l *Loader) Load(ctx context.Context, tx *store.Tx, by id.ID, y Year) (Year, []Problem, error) {
	if err := tx.Lock(ctx, "calendar"); err != nil {
		return Year{}, nil, err
	}
	versions, err := history(ctx, tx, y.Year)
	if err != nil {
		return Year{}, nil, err
	}
	y.Version, y.Builtin = 1, false
	if n := len(versions); n > 0 {
		before := versions[n-1]
		y.Version = before.Version + 1
		if y.Local == nil {
			y.Local = before.Local
		}
		if y.Amends == "" && before.Number != "" && before.Number != y.Number {
			y.Amends = before.Number
		}
	}
	y.LoadedBy, y.LoadedAt, y.ConfirmedBy, y.ConfirmedAt = by, tx.Now, "", time.Time{}
	if err := y.Valid(); err != nil {
		return Year{}, nil, err
	}
	var doubts []Problem
	var wrong []string
	for _, p := range y.Check() {
		switch p.ID {
		case "CAL-02", "CAL-03":
			wrong = append(wrong, p.Text)
		case "CAL-06": // what Confirm is for
		default:
			doubts = append(doubts, p)
		}
	}
	if len(wrong) > 0 {
		return Year{}, nil, fault.New(fault.Invalid, strings.Join(wrong, ""))
	}
	row := yearRow{ID: id.New(), Year: y.Year, Version: y.Version, Body: y, LoadedBy: by, LoadedAt: tx.Now}
	if _, err := tx.NewInsert().Model(&row).Exec(ctx); store.Unique(err) {
		return Year{}, nil, fault.Newf(fault.Conflict, "%d年已有一份安排等待核对，请先核对或撤下", y.Year)
	} else if err != nil {
		return Year{}, nil, store.Fault(err)
	}
	return y, doubts, nil
}

// LoadLocal saves days off of the district (local_days_off) for a year: a new
// version of the arrangement in force, confirmed like any other.
func (l *Loader) LoadLocal(ctx context.Context, tx *store.Tx, by id.ID, year int, local []Break) (Year, []Problem, error) {
	c, err := l.Within(ctx, tx)
	if err != nil {
		return Year{}, nil, err
	}
	y := c.Year(year)
	y.Local = append([]Break{}, local...)
	return l.Load(ctx, tx, by, y)
}

// waiting is the row of a year that is not confirmed.
func waiting(ctx context.Context, db bun.IDB, year int) (yearRow, error) {
	var r yearRow
	err := db.NewSelect().Model(&r).Where("year = ? and confirmed_at is null", year).Scan(ctx)
	return r, store.Found(err, "没有等待核对的节假日安排，可能已核对或撤下")
}

// Preview lists how the waiting arrangement of a year would change open
// deadlines (CAL-08); the person who confirms sees it first.
func (l *Loader) Preview(ctx context.Context, year int, open []Count) (Year, []Change, error) {
	r, err := waiting(ctx, l.db.Read, year)
	if err != nil {
		return Year{}, nil, err
	}
	before, after, err := compare(ctx, l.db.Read, r.year())
	if err != nil {
		return Year{}, nil, err
	}
	return r.year(), before.Changes(after, open), nil
}

// compare makes the calendar in force and the one with y.
func compare(ctx context.Context, db bun.IDB, y Year) (before, after *Calendar, err error) {
	years, err := inForce(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	if before, err = New(years...); err != nil {
		return nil, nil, err
	}
	after, err = New(with(slices.Clone(years), y)...)
	return before, after, err
}

// Confirm puts the waiting arrangement into force. by must not be who loaded it
// (CAL-06, fault.Forbidden). open are the counts of all deadlines not yet over;
// seen is the number of affected ones that the person was shown. When it differs
// by now, or the version waiting is another, the answer is a fault.Conflict and
// the person looks again (CAL-08). The changes returned are to be written to the
// cases, old and new day and calendar version, in the same unit of work.
func (l *Loader) Confirm(ctx context.Context, tx *store.Tx, by id.ID, year, version int, open []Count, seen int) ([]Change, error) {
	if err := tx.Lock(ctx, "calendar"); err != nil {
		return nil, err
	}
	r, err := waiting(ctx, tx, year)
	if err != nil {
		return nil, err
	}
	switch {
	case r.LoadedBy == by:
		return nil, fault.New(fault.Forbidden, "节假日安排须由两人核对后启用。录入人不能核对，请由他人核对")
	case r.Version != version:
		return nil, fault.Newf(fault.Conflict, "%d年节假日安排已重新录入，请核对新的版本", year)
	}
	before, after, err := compare(ctx, tx, r.year())
	if err != nil {
		return nil, err
	}
	changes := before.Changes(after, open)
	if len(changes) != seen {
		return nil, fault.Newf(fault.Conflict, "本次调整影响%d个未完结期限，与所示%d个不同，请重新确认。", len(changes), seen)
	}
	res, err := tx.NewUpdate().Model((*yearRow)(nil)).Set("confirmed_by = ?", by).Set("confirmed_at = ?", tx.Now).
		Where("id = ? and confirmed_at is null", r.ID).Exec(ctx)
	return changes, store.Fresh(res, err, "这份节假日安排")
}

// Discard takes back the waiting arrangement of a year; who loaded it or anyone
// who may load does so to correct it. What is in force stays.
func (l *Loader) Discard(ctx context.Context, tx *store.Tx, year int) error {
	r, err := waiting(ctx, tx, year)
	if err != nil {
		return err
	}
	_, err = tx.NewDelete().Model((*yearRow)(nil)).Where("id = ? and confirmed_at is null", r.ID).Exec(ctx)
	return store.Fault(err)
}
