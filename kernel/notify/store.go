package notify

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

type message struct {
	bun.BaseModel `bun:"table:notify_message,alias:m"`
	ID            id.ID   `bun:",pk"`
	Once          *string // nil for none
	Kind          string
	Title         string
	Body          string
	Link          string
	Urgent        bool
	Private       bool
	CreatedAt     time.Time
}

type inboxRow struct {
	bun.BaseModel `bun:"table:notify_inbox,alias:i"`
	ID            id.ID `bun:",pk"`
	Message       id.ID
	Person        id.ID
	ReadAt        time.Time `bun:",nullzero"`
}

type deliveryRow struct {
	bun.BaseModel `bun:"table:notify_delivery,alias:d"`
	Delivery
}

type carriedRow struct {
	bun.BaseModel `bun:"table:notify_carried,alias:c"`
	Delivery      id.ID `bun:",pk"`
	Message       id.ID `bun:",pk"`
}

type preferenceRow struct {
	bun.BaseModel `bun:"table:notify_preference"`
	Person        id.ID   `bun:",pk"`
	Channel       Channel `bun:",pk"`
	Mode          Mode
}

// insertMessage writes a message; fresh is false when it was told before.
func insertMessage(ctx context.Context, tx *store.Tx, m Message) (key id.ID, fresh bool, err error) {
	row := message{ID: id.New(), Kind: m.Kind, Title: m.Title, Body: m.Text, Link: m.Link, Urgent: m.Urgent, Private: m.Private, CreatedAt: tx.Now}
	if m.Once != "" {
		row.Once = &m.Once
	}
	res, err := tx.NewInsert().Model(&row).On("conflict (once) do nothing").Exec(ctx)
	if err != nil {
		return "", false, err
	}
	n, err := res.RowsAffected()
	return row.ID, n == 1, err
}

func insertInbox(ctx context.Context, tx *store.Tx, message id.ID, people []id.ID) error {
	if len(people) == 0 {
		return nil
	}
	rows := make([]inboxRow, len(people))
	for i, p := range people {
		rows[i] = inboxRow{ID: id.New(), Message: message, Person: p}
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

type choice struct {
	person  id.ID
	channel Channel
}

func preferences(ctx context.Context, db bun.IDB, people []id.ID) (map[choice]Mode, error) {
	out := map[choice]Mode{}
	if len(people) == 0 {
		return out, nil
	}
	var rows []preferenceRow
	if err := db.NewSelect().Model(&rows).Where("person in (?)", bun.List(people)).Scan(ctx); err != nil {
		return nil, store.Fault(err)
	}
	for _, r := range rows {
		out[choice{r.Person, r.Channel}] = r.Mode
	}
	return out, nil
}

func savePreference(ctx context.Context, tx *store.Tx, person id.ID, c Channel, m Mode) error {
	_, err := tx.NewInsert().Model(&preferenceRow{Person: person, Channel: c, Mode: m}).
		On("conflict (person, channel) do update").Set("mode = excluded.mode").Exec(ctx)
	return err
}

func urgentSince(ctx context.Context, tx *store.Tx, c Channel, receiver id.ID, since time.Time) (int, error) {
	n, err := tx.NewSelect().Model((*deliveryRow)(nil)).
		Where("receiver = ? and channel = ? and created_at > ? and urgent", receiver, c, since).Count(ctx)
	return int(n), err
}

// gather writes a delivery and returns its key, or the key of the one that
// gathers already. The update locks that row, so that it is not sent while a
// message is being put into it.
func gather(ctx context.Context, tx *store.Tx, d Delivery) (key id.ID, err error) {
	err = tx.NewRaw(`insert into notify_delivery (id, channel, receiver, urgent, state, tries, last_error, created_at, due_at)
		values (?, ?, ?, ?, ?, 0, '', ?, ?)
		on conflict (channel, receiver) where state = 'waiting' and not urgent do update set tries = notify_delivery.tries
		returning id`, d.ID, d.Channel, d.Receiver, d.Urgent, d.State, d.CreatedAt, d.DueAt).Scan(ctx, &key)
	return key, err
}

func carry(ctx context.Context, tx *store.Tx, delivery, message id.ID) error {
	_, err := tx.NewInsert().Model(&carriedRow{Delivery: delivery, Message: message}).On("conflict do nothing").Exec(ctx)
	return err
}

// early is less than the shortest pause.
const early = 20 * time.Second

// claim takes a delivery for sending; due is false when there is nothing to do.
func claim(ctx context.Context, tx *store.Tx, key id.ID) (d Delivery, due bool, err error) {
	var r deliveryRow
	err = tx.NewSelect().Model(&r).Where("id = ?", key).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil // forgotten
	}
	if err != nil {
		return d, false, err
	}
	// A second job for the same delivery (somebody pressed "retry") finds it
	// sent, or not yet due. The queue may be a moment early.
	if r.State != Waiting && r.State != Again && r.State != Sending || r.DueAt.After(tx.Now.Add(early)) {
		return d, false, nil
	}
	tries := r.Tries
	r.State, r.Tries = Sending, tries+1
	res, err := tx.NewUpdate().Model(&r).Column("state", "tries").Where("id = ? and tries = ?", key, tries).Exec(ctx)
	if err != nil {
		return d, false, err
	}
	n, err := res.RowsAffected()
	return r.Delivery, n == 1, err
}

// carried lists the messages of a delivery, without those that its person has
// read, oldest first.
func carried(ctx context.Context, tx *store.Tx, d Delivery) (out []message, err error) {
	q := tx.NewSelect().Model(&out).Join("join notify_carried as c on c.message = m.id and c.delivery = ?", d.ID).OrderExpr("m.created_at, m.id")
	if d.Channel != Hook {
		q = q.Where("not exists (select 1 from notify_inbox i where i.message = m.id and i.person = ? and i.read_at is not null)", d.Receiver)
	}
	return out, q.Scan(ctx)
}

// stuck lists deliveries that were due before an instant and are not done:
// somebody cancelled their job, or the queue was restored from elsewhere.
func stuck(ctx context.Context, tx *store.Tx, before time.Time) (keys []id.ID, err error) {
	err = tx.NewSelect().Model((*deliveryRow)(nil)).Column("id").
		Where("state in (?, ?, ?) and due_at < ?", Waiting, Again, Sending, before).Order("id").Limit(1000).Scan(ctx, &keys)
	return keys, err
}

func saveOutcome(ctx context.Context, tx *store.Tx, d Delivery) error {
	_, err := tx.NewUpdate().Model(&deliveryRow{Delivery: d}).Column("state", "last_error", "due_at", "done_at").WherePK().Exec(ctx)
	return err
}

func restart(ctx context.Context, tx *store.Tx, key id.ID) error {
	res, err := tx.NewUpdate().Model((*deliveryRow)(nil)).Set("state = ?, tries = 0, due_at = ?, done_at = null", Again, tx.Now).
		Where("id = ? and state in (?, ?)", key, Failed, Again).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.Conflict, "这条通知已发送或正在发送，不需要重试")
}

func deliveries(ctx context.Context, db bun.IDB, ask DeliveryAsk) (page.Of[Delivery], error) {
	out := page.Of[Delivery]{Ask: ask.Page.Clean()}
	var rows []deliveryRow
	q := db.NewSelect().Model(&rows).ColumnExpr("d.*").
		ColumnExpr("(select count(*) from notify_carried c where c.delivery = d.id) as messages").
		ColumnExpr("coalesce((select m.title from notify_carried c join notify_message m on m.id = c.message where c.delivery = d.id order by m.created_at, m.id limit 1), '') as first")
	if ask.Channel != "" {
		q = q.Where("d.channel = ?", ask.Channel)
	}
	if ask.State != "" {
		q = q.Where("d.state = ?", ask.State)
	}
	if ask.Receiver != "" {
		q = q.Where("d.receiver = ?", ask.Receiver)
	}
	total, err := q.OrderExpr("d.created_at desc, d.id desc").Limit(int64(out.Ask.Size)).Offset(int64(out.Ask.Offset())).ScanAndCount(ctx)
	if err != nil {
		return out, store.Fault(err)
	}
	out.Total = int(total)
	for _, r := range rows {
		out.Rows = append(out.Rows, r.Delivery)
	}
	return out, nil
}

func counts(ctx context.Context, db bun.IDB) (map[State]int, error) {
	var rows []struct {
		State State
		N     int
	}
	if err := db.NewSelect().Model((*deliveryRow)(nil)).ColumnExpr("state, count(*) as n").Group("state").Scan(ctx, &rows); err != nil {
		return nil, store.Fault(err)
	}
	out := map[State]int{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out, nil
}

func inbox(ctx context.Context, db bun.IDB, person id.ID, ask InboxAsk) (page.Of[Item], error) {
	out := page.Of[Item]{Ask: ask.Page.Clean()}
	q := db.NewSelect().Model((*inboxRow)(nil)).Join("join notify_message as m on m.id = i.message").
		ColumnExpr("i.id, m.kind, m.title, m.body as text, m.link, m.urgent, m.created_at, i.read_at").Where("i.person = ?", person)
	if ask.Unread {
		q = q.Where("i.read_at is null")
	}
	if ask.Kind != "" {
		q = q.Where("m.kind = ?", ask.Kind)
	}
	total, err := q.Clone().Count(ctx)
	if err != nil {
		return out, store.Fault(err)
	}
	out.Total = int(total)
	err = q.OrderExpr("m.created_at desc, i.id desc").Limit(int64(out.Ask.Size)).Offset(int64(out.Ask.Offset())).Scan(ctx, &out.Rows)
	return out, store.Fault(err)
}

func unread(ctx context.Context, db bun.IDB, person id.ID) (int, error) {
	n, err := db.NewSelect().Model((*inboxRow)(nil)).Where("person = ? and read_at is null", person).Count(ctx)
	return int(n), store.Fault(err)
}

func markRead(ctx context.Context, tx *store.Tx, person id.ID, items []id.ID) error {
	q := tx.NewUpdate().Model((*inboxRow)(nil)).Set("read_at = ?", tx.Now).Where("person = ? and read_at is null", person)
	if len(items) > 0 {
		q = q.Where("id in (?)", bun.List(items))
	}
	_, err := q.Exec(ctx)
	return err
}

// forget removes messages made before an instant, and deliveries that carry
// nothing any more.
func forget(ctx context.Context, tx *store.Tx, before time.Time) error {
	for _, statement := range []string{
		"delete from notify_carried where message in (select id from notify_message where created_at < ?)",
		"delete from notify_inbox where message in (select id from notify_message where created_at < ?)",
		"delete from notify_message where created_at < ?",
		"delete from notify_delivery where created_at < ? and not exists (select 1 from notify_carried c where c.delivery = notify_delivery.id)",
	} {
		if _, err := tx.NewRaw(statement, before).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
