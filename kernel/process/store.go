package process

import (
	"context"
	"embed"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"gongkai/kernel/calendar"
	"gongkai/kernel/id"
	"gongkai/kernel/store"
)

//go:embed migration
var files embed.FS

// Migration are the tables of this room.
func Migration() store.Migration { return store.Migration{Name: "process", FS: files} }

// Reader reads rows: db.Read, or the transaction of a move.
type Reader = bun.IDB

type caseRow struct {
	bun.BaseModel `bun:"table:process_case"`
	Case
}

type seatRow struct {
	bun.BaseModel `bun:"table:process_seat"`
	CaseID        id.ID `bun:",pk"`
	Party         string
	Unit          id.ID
	Flow, State   string
	Entered       int64
	Due           calendar.Date
}

type handRow struct {
	bun.BaseModel `bun:"table:process_hand"`
	CaseID        id.ID
	hand
}

type stepRow struct {
	bun.BaseModel `bun:"table:process_step"`
	CaseID        id.ID
	Step
}

type runRow struct {
	bun.BaseModel `bun:"table:process_clock"`
	run
}

// load reads a case with everything that belongs to it. Inside a unit of work it
// also keeps others from the case, so that two who approve side by side come one
// after the other.
func (s *Cases) load(ctx context.Context, db Reader, key id.ID) (*Case, error) {
	var row caseRow
	q := db.NewSelect().Model(&row).Where("id = ?", key)
	if tx, ok := db.(*store.Tx); ok && tx.Postgres() {
		q = q.For("update") // SQLite has one writer
	}
	if err := q.Scan(ctx); err != nil {
		return nil, store.Found(err, "没有找到这件事项，可能已删除")
	}
	c := &row.Case
	f, ok := s.flows[c.Flow]
	if !ok {
		return nil, fmt.Errorf("process: case %s is of the unknown flow %s", key, c.Flow)
	}
	if _, ok := f.State(c.State); !ok {
		return nil, fmt.Errorf("process: case %s stands in %s, which flow %s no longer has", key, c.State, c.Flow)
	}
	c.flow = f
	var seats []seatRow
	if err := db.NewSelect().Model(&seats).Where("case_id = ?", key).Scan(ctx); err != nil {
		return nil, err
	}
	c.seats = make(map[string]id.ID, len(seats))
	for _, seat := range seats {
		c.seats[seat.Party] = seat.Unit
	}
	var hands []handRow
	if err := db.NewSelect().Model(&hands).Where("case_id = ?", key).Order("party", "role").Scan(ctx); err != nil {
		return nil, err
	}
	for _, h := range hands {
		c.hands = append(c.hands, h.hand)
	}
	var err error
	if c.runs, err = runsOf(ctx, db, key); err != nil {
		return nil, err
	}
	c.steps, err = steps(ctx, db, key)
	return c, err
}

func steps(ctx context.Context, db Reader, key id.ID) ([]Step, error) {
	var rows []stepRow
	if err := db.NewSelect().Model(&rows).Where("case_id = ?", key).Order("seq").Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]Step, len(rows))
	for i, r := range rows {
		out[i] = r.Step
	}
	return out, nil
}

// insert writes a new case with the seats of its parties.
func (c *Case) insert(ctx context.Context, tx *store.Tx) error {
	if _, err := tx.NewInsert().Model(&caseRow{Case: *c}).Exec(ctx); err != nil {
		return err
	}
	if err := c.insertStep(ctx, tx, c.Last); err != nil {
		return err
	}
	for party, unit := range c.seats {
		if err := c.seat(ctx, tx, party, unit); err != nil {
			return err
		}
	}
	return nil
}

// seat writes the unit that has a part; "" takes the part away.
func (c *Case) seat(ctx context.Context, tx *store.Tx, party string, unit id.ID) error {
	if unit == "" && party != Any {
		_, err := tx.NewDelete().Model((*seatRow)(nil)).Where("case_id = ? and party = ?", c.ID, party).Exec(ctx)
		return err
	}
	row := seatRow{CaseID: c.ID, Party: party, Unit: unit, Flow: c.Flow, State: c.State, Entered: c.Entered, Due: c.Due}
	_, err := tx.NewInsert().Model(&row).On("conflict (case_id, party) do update").Set("unit = excluded.unit").Exec(ctx)
	return err
}

// advance writes the case, unless its version is another than the one loaded:
// somebody changed it within this unit of work (an effect that made a move itself).
func (c *Case) advance(ctx context.Context, tx *store.Tx, from int64) (ok bool, err error) {
	res, err := tx.NewUpdate().Model(&caseRow{Case: *c}).
		Column("state", "unit", "due", "closed_at", "version", "entered").
		Where("id = ? and version = ?", c.ID, from).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// settleSeats carries state and last day over to the seats.
func (c *Case) settleSeats(ctx context.Context, tx *store.Tx) error {
	_, err := tx.NewUpdate().Model((*seatRow)(nil)).Set("state = ?", c.State).Set("entered = ?", c.Entered).Set("due = ?", c.Due).
		Where("case_id = ?", c.ID).Exec(ctx)
	return err
}

// dropHands ends all hands: they do not outlive a state.
func (c *Case) dropHands(ctx context.Context, tx *store.Tx) error {
	if len(c.hands) == 0 {
		return nil
	}
	c.hands = nil
	_, err := tx.NewDelete().Model((*handRow)(nil)).Where("case_id = ?", c.ID).Exec(ctx)
	return err
}

func (c *Case) insertStep(ctx context.Context, tx *store.Tx, step Step) error {
	if step.Values == nil {
		step.Values = map[string]string{}
	}
	_, err := tx.NewInsert().Model(&stepRow{CaseID: c.ID, Step: step}).Exec(ctx)
	return err
}

// saveRuns writes the clocks that changed.
func (c *Case) saveRuns(ctx context.Context, tx *store.Tx) error {
	for _, r := range c.runs {
		if !r.changed {
			continue
		}
		r.changed = false
		_, err := tx.NewInsert().Model(&runRow{run: *r}).On("conflict (case_id, name, run) do update").
			Set("extended = excluded.extended").Set("pauses = excluded.pauses").Set("held = excluded.held").
			Set("fixed = excluded.fixed").Set("stop = excluded.stop").Set("due = excluded.due").
			Set("provisional = excluded.provisional").Set("version = excluded.version").Set("next = excluded.next").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Case) insertHand(ctx context.Context, tx *store.Tx, h hand) error {
	_, err := tx.NewInsert().Model(&handRow{CaseID: c.ID, hand: h}).On("conflict (case_id, party, role) do update").
		Set("person = excluded.person").Set("person_name = excluded.person_name").Set("lent = excluded.lent").
		Set("by_person = excluded.by_person").Set("by_name = excluded.by_name").Exec(ctx)
	return err
}

func (c *Case) deleteHand(ctx context.Context, tx *store.Tx, h hand) error {
	_, err := tx.NewDelete().Model((*handRow)(nil)).
		Where("case_id = ? and party = ? and role = ?", c.ID, h.Party, h.Role).Exec(ctx)
	return err
}

// runningAfter lists cases, by key after the given one, with a clock that runs.
func runningAfter(ctx context.Context, db Reader, after id.ID, limit int) (keys []id.ID, err error) {
	err = db.NewRaw(`select distinct case_id from process_clock where stop is null and case_id > ?
		order by case_id limit ?`, after, limit).Scan(ctx, &keys)
	return keys, err
}

// waiting lists cases with a clock whose next event has come, by key after the given one.
func waiting(ctx context.Context, db Reader, today calendar.Date, after id.ID, limit int) (keys []id.ID, err error) {
	err = db.NewRaw(`select distinct case_id from process_clock where next is not null and next <= ? and case_id > ?
		order by case_id limit ?`, today, after, limit).Scan(ctx, &keys)
	return keys, err
}

// once records that something was sent; false when it was before.
func (r *run) once(ctx context.Context, tx *store.Tx, what string, at time.Time) (bool, error) {
	res, err := tx.NewRaw(`insert into process_sent (case_id, clock, run, what, at) values (?, ?, ?, ?, ?)
		on conflict do nothing`, r.CaseID, r.Name, r.Run, what, at).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// sent reports what was sent about the run.
func (r *run) sent(ctx context.Context, db Reader) (map[string]bool, error) {
	var what []string
	err := db.NewRaw("select what from process_sent where case_id = ? and clock = ? and run = ?", r.CaseID, r.Name, r.Run).Scan(ctx, &what)
	out := make(map[string]bool, len(what))
	for _, w := range what {
		out[w] = true
	}
	return out, err
}

// runsOf reads the clocks of a case.
func runsOf(ctx context.Context, db Reader, key id.ID) ([]*run, error) {
	var rows []runRow
	if err := db.NewSelect().Model(&rows).Where("case_id = ?", key).Order("name", "run").Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]*run, len(rows))
	for i := range rows {
		out[i] = &rows[i].run
	}
	return out, nil
}
