package notify_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/kernel/audit"
	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/jobs"
	"gongkai/kernel/notify"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/process"
	"gongkai/kernel/secret"
	"gongkai/kernel/store"
	"gongkai/kernel/store/storetest"
)

// town is a Directory: unit 司法局 with wang and li, chen is nobody's.
type town struct{ mail, phone map[id.ID]secret.Text }

func (t town) People(_ context.Context, unit id.ID, role org.Role, _ calendar.Date) ([]id.ID, error) {
	switch {
	case unit == "justice" && role.Any(org.Disclosure):
		return []id.ID{"wang", "li"}, nil
	case unit == "" && role.Any(org.Coordinator):
		return []id.ID{"chen"}, nil
	}
	return nil, nil
}

func (t town) Name(_ context.Context, unit id.ID) (string, error) {
	return map[id.ID]string{"justice": "区司法局", "tax": "区税务局"}[unit], nil
}

func (t town) Contact(_ context.Context, p id.ID) (mail, phone secret.Text, err error) {
	return t.mail[p], t.phone[p], nil
}

type sent struct {
	to     string
	key    id.ID
	letter notify.Letter
}

// box is a Mailer that keeps what it gets, and fails as told.
type box struct {
	mu   sync.Mutex
	got  []sent
	fail []error
}

func (b *box) Mail(_ context.Context, to secret.Text, key id.ID, l notify.Letter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.fail) > 0 {
		err := b.fail[0]
		b.fail = b.fail[1:]
		if err != nil {
			return err
		}
	}
	b.got = append(b.got, sent{to.Reveal(), key, l})
	return nil
}

func (b *box) take() []sent {
	b.mu.Lock()
	defer b.mu.Unlock()
	got := b.got
	b.got = nil
	return got
}

type house struct {
	*testing.T
	*notify.Service
	kit  *storetest.Kit
	db   *store.DB
	jobs *jobs.Jobs
	box  *box
	log  *strings.Builder
}

func each(t *testing.T, c notify.Config, test func(h *house)) {
	path := filepath.Join(t.TempDir(), "keys")
	if err := secret.Create(path); err != nil {
		t.Fatal(err)
	}
	keys, err := secret.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	days := calendar.Default()
	storetest.Each(t, func(t *testing.T, k *storetest.Kit) {
		db := k.Open(audit.Migration(), jobs.Migration(), notify.Migration())
		h := &house{T: t, kit: k, db: db, jobs: jobs.New(db, slog.New(slog.DiscardHandler)), box: &box{}, log: &strings.Builder{}}
		c := c
		if c.Mail == nil {
			c.Mail = h.box
		}
		c.Site, c.Name, c.Log = "https://zwgk.linjiang.example/", "临江区政务公开", slog.New(slog.NewTextHandler(h.log, nil))
		people := town{
			mail:  map[id.ID]secret.Text{"wang": "wang@linjiang.example", "li": "li@linjiang.example"},
			phone: map[id.ID]secret.Text{"wang": "13800001234"},
		}
		h.Service = notify.New(db, h.jobs, people, func() *calendar.Calendar { return days }, keys, c)
		if err := h.jobs.Register(h.Works()...); err != nil {
			t.Fatal(err)
		}
		test(h)
		for _, private := range []string{"wang@linjiang", "13800001234"} {
			if strings.Contains(h.log.String(), private) {
				t.Errorf("the log holds %s", private)
			}
		}
	})
}

func (h *house) send(m notify.Message) {
	h.Helper()
	if m.Kind == "" {
		m.Kind = "urge"
	}
	if err := h.db.Do(h.Context(), func(ctx context.Context, tx *store.Tx) error { return h.Send(ctx, tx, m) }); err != nil {
		h.Fatal(err)
	}
}

func (h *house) settle() {
	h.Helper()
	if err := h.jobs.Settle(h.Context()); err != nil {
		h.Fatal(err)
	}
}

// at moves the clock to a time of a day in Shanghai.
func (h *house) at(text string) {
	h.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", text, calendar.Zone)
	if err != nil {
		h.Fatal(err)
	}
	h.kit.Clock.Set(t)
	h.settle()
}

func (h *house) list(ask notify.DeliveryAsk) []notify.Delivery {
	h.Helper()
	got, err := h.Deliveries(h.Context(), ask)
	if err != nil {
		h.Fatal(err)
	}
	if got.Total < len(got.Rows) {
		h.Errorf("total %d of %d rows", got.Total, len(got.Rows))
	}
	return got.Rows
}

var justice = []notify.Recipient{{Unit: "justice", Role: org.Disclosure}}

func TestInbox(t *testing.T) {
	each(t, notify.Config{}, func(h *house) {
		ctx := h.Context()
		for i := range 25 {
			h.send(notify.Message{Title: fmt.Sprintf("第%d件", i), Text: "请办理", Link: "/desk/x", To: append(justice, notify.Recipient{Person: "wang"})})
			h.kit.Clock.Advance(time.Second)
		}
		h.send(notify.Message{Kind: "late", Title: "到期", To: []notify.Recipient{{Role: org.Coordinator}}})
		got, err := h.Inbox(ctx, "wang", notify.InboxAsk{Page: page.Ask{Number: 2}})
		if err != nil || got.Total != 25 || len(got.Rows) != 5 || got.Rows[4].Title != "第0件" || got.Rows[0].Text != "请办理" || !got.Rows[0].ReadAt.IsZero() {
			h.Fatalf("%v %+v", err, got)
		}
		if err := h.Read(ctx, "li", got.Rows[0].ID); err != nil { // not li's
			h.Fatal(err)
		}
		if err := h.Read(ctx, "wang", got.Rows[0].ID, got.Rows[1].ID); err != nil {
			h.Fatal(err)
		}
		if n, err := h.Unread(ctx, "wang"); n != 23 || err != nil {
			h.Errorf("unread %d %v", n, err)
		}
		if got, _ := h.Inbox(ctx, "wang", notify.InboxAsk{}); got.Rows[0].Title != "第24件" {
			h.Error("not newest first")
		}
		if got, _ := h.Inbox(ctx, "wang", notify.InboxAsk{Unread: true, Kind: "urge"}); got.Total != 23 {
			h.Errorf("unread of a kind: %d", got.Total)
		}
		if err := h.Read(ctx, "wang"); err != nil {
			h.Fatal(err)
		}
		if n, _ := h.Unread(ctx, "wang"); n != 0 {
			h.Errorf("unread %d after reading all", n)
		}
		if n, _ := h.Unread(ctx, "li"); n != 25 {
			h.Errorf("li has %d", n)
		}
		if n, _ := h.Unread(ctx, "chen"); n != 1 {
			h.Errorf("chen has %d", n)
		}
	})
}

func TestNothingIsToldBeforeTheCommitOrTwice(t *testing.T) {
	each(t, notify.Config{}, func(h *house) {
		ctx := h.Context()
		undone := errors.New("undone")
		err := h.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			if err := h.Send(ctx, tx, notify.Message{Kind: "urge", Title: "急", Urgent: true, To: justice}); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			h.Fatal(err)
		}
		for range 2 {
			h.send(notify.Message{Title: "一次", Once: "case 7 late", To: justice})
		}
		h.at("2026-05-06 14:30")
		if n, _ := h.Unread(ctx, "wang"); n != 1 {
			h.Errorf("%d messages", n)
		}
		if got := h.box.take(); len(got) != 2 {
			h.Errorf("%d mails, want one to wang and one to li", len(got))
		}
		for _, bad := range []notify.Message{{Kind: "x"}, {Title: "x"}, {Kind: "x", Title: "a\nb"}, {Kind: "x", Title: "x", To: []notify.Recipient{{Unit: "justice"}}}} {
			if err := h.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return h.Send(ctx, tx, bad) }); err == nil {
				h.Errorf("%+v was taken", bad)
			}
		}
	})
}

func TestThirtyMessagesAreOneMail(t *testing.T) {
	each(t, notify.Config{}, func(h *house) {
		h.at("2026-04-30 16:00") // Thursday; 1 to 5 May are days off, the 6th works
		for i := range 30 {
			h.send(notify.Message{Title: fmt.Sprintf("第%d件<b>", i), Text: "请办理", Link: "/desk/" + fmt.Sprint(i), To: justice})
		}
		h.send(notify.Message{Title: "保密件", Text: "身份信息", Private: true, To: justice})
		h.at("2026-05-06 08:59")
		if got := h.box.take(); len(got) != 0 {
			h.Fatalf("%d mails before 9:00", len(got))
		}
		ctx := h.Context()
		first, err := h.Inbox(ctx, "li", notify.InboxAsk{Page: page.Ask{Size: 100}})
		if err != nil {
			h.Fatal(err)
		}
		if err := h.Read(ctx, "li", first.Rows[30].ID); err != nil { // 第0件
			h.Fatal(err)
		}
		h.at("2026-05-06 09:00")
		got := h.box.take()
		if len(got) != 2 || got[0].to == got[1].to {
			h.Fatalf("%d mails", len(got))
		}
		for _, m := range got {
			if m.to == "wang@linjiang.example" && m.letter.Subject != "【临江区政务公开】31 条待办和提醒：第0件<b>等" {
				h.Errorf("subject %q", m.letter.Subject)
			}
			if m.to == "li@linjiang.example" && (!strings.Contains(m.letter.Subject, "30 条") || strings.Contains(m.letter.Text, "第0件")) {
				h.Errorf("what li has read is in the mail: %q", m.letter.Subject)
			}
			if !strings.Contains(m.letter.HTML, "第7件&lt;b&gt;") || !strings.Contains(m.letter.HTML, `href="https://zwgk.linjiang.example/desk/7"`) || !strings.Contains(m.letter.Text, "办理：https://zwgk.linjiang.example/desk/7\n") {
				h.Errorf("mail: %s", m.letter.Text)
			}
			if strings.Contains(m.letter.Text+m.letter.HTML, "身份信息") {
				h.Error("a private text left the house")
			}
		}
		h.at("2026-05-06 14:30")
		if got := h.box.take(); len(got) != 0 {
			h.Errorf("%d more mails", len(got))
		}
		h.send(notify.Message{Title: "后来的", To: justice})
		if err := h.Read(ctx, "wang"); err != nil {
			h.Fatal(err)
		}
		h.at("2026-05-07 09:00")
		if got := h.box.take(); len(got) != 1 || got[0].letter.Subject != "【临江区政务公开】后来的" {
			h.Errorf("%+v", got)
		}
		if l := h.list(notify.DeliveryAsk{Receiver: "wang", State: notify.Skipped}); len(l) != 1 || l[0].LastError != "已在系统内阅读" {
			h.Errorf("%+v", l)
		}
	})
}

func TestUrgentIsAtOnceUpToACap(t *testing.T) {
	each(t, notify.Config{Hourly: 3, Daily: 5}, func(h *house) {
		send := func(n int) {
			for i := range n {
				h.send(notify.Message{Title: fmt.Sprintf("急件%d", i), Urgent: true, To: []notify.Recipient{{Person: "wang"}}})
			}
			h.settle()
		}
		send(5)
		if got := h.box.take(); len(got) != 3 || !strings.Contains(got[0].letter.Text, "【紧急】急件0") {
			h.Fatalf("%d at once, want 3", len(got))
		}
		h.kit.Clock.Advance(61 * time.Minute)
		send(4)
		if got := h.box.take(); len(got) != 2 {
			h.Errorf("%d in the second hour, want 2: five a day", len(got))
		}
		h.at("2026-05-06 14:30")
		if got := h.box.take(); len(got) != 1 || !strings.Contains(got[0].letter.Subject, "4 条") {
			h.Errorf("the rest: %+v", got)
		}
	})
}

func TestPreferences(t *testing.T) {
	each(t, notify.Config{}, func(h *house) {
		ctx := h.Context()
		if m, err := h.Preferences(ctx, "wang"); err != nil || len(m) != 1 || m[notify.Mail] != notify.Digest {
			h.Errorf("%v %v", m, err)
		}
		for _, m := range []notify.Mode{notify.Off, notify.Urgent} { // the second replaces the first
			if err := h.SetPreference(ctx, "wang", notify.Mail, m); err != nil {
				h.Fatal(err)
			}
		}
		if err := h.SetPreference(ctx, "li", notify.Mail, notify.Off); err != nil {
			h.Fatal(err)
		}
		if err := h.SetPreference(ctx, "li", notify.Hook, notify.Off); !fault.Is(err, fault.Invalid) {
			h.Error(err)
		}
		h.send(notify.Message{Title: "平", To: justice})
		h.send(notify.Message{Title: "急", Urgent: true, To: justice})
		h.at("2026-05-06 14:30")
		if got := h.box.take(); len(got) != 1 || got[0].to != "wang@linjiang.example" || got[0].letter.Subject != "【临江区政务公开】急" {
			h.Errorf("%+v", got)
		}
		if n, _ := h.Unread(ctx, "li"); n != 2 {
			h.Error("the box in the house is never off")
		}
	})
}

func TestFailuresAreTriedAgainAndSeen(t *testing.T) {
	each(t, notify.Config{}, func(h *house) {
		ctx := h.Context()
		down := errors.New("邮件服务器没有收下 WANG@linjiang.example: connection refused")
		for range 7 {
			h.box.fail = append(h.box.fail, down)
		}
		h.send(notify.Message{Title: "急", Urgent: true, To: []notify.Recipient{{Person: "wang"}, {Person: "chen"}}})
		h.settle()
		l := h.list(notify.DeliveryAsk{Receiver: "wang"})
		if len(l) != 1 || l[0].State != notify.Again || l[0].Tries != 1 || l[0].Messages != 1 || l[0].First != "急" || l[0].DueAt.Sub(h.kit.Clock.Now()) != time.Minute {
			h.Fatalf("%+v", l)
		}
		if l[0].LastError != "邮件服务器没有收下 w***@linjiang.example: connection refused" {
			h.Errorf("last error %q", l[0].LastError)
		}
		if l := h.list(notify.DeliveryAsk{Receiver: "chen"}); l[0].State != notify.Skipped || !strings.Contains(l[0].LastError, "没有登记邮箱") {
			h.Errorf("no address: %+v", l)
		}
		for try, pause := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 8 * time.Hour} {
			h.kit.Clock.Advance(pause - time.Minute/2)
			h.settle()
			if l := h.list(notify.DeliveryAsk{Receiver: "wang"}); l[0].Tries != try+1 {
				h.Fatalf("tried early: %+v", l[0])
			}
			h.kit.Clock.Advance(time.Minute / 2)
			h.settle()
			if l := h.list(notify.DeliveryAsk{Receiver: "wang"}); l[0].Tries != try+2 {
				h.Fatalf("not tried after %v: %+v", pause, l[0])
			}
		}
		l = h.list(notify.DeliveryAsk{State: notify.Failed, Channel: notify.Mail})
		if len(l) != 1 || l[0].DoneAt.IsZero() {
			h.Fatalf("%+v", l)
		}
		if n, err := h.Counts(ctx); err != nil || n[notify.Failed] != 1 || n[notify.Skipped] != 1 {
			h.Errorf("%v %v", n, err)
		}
		who := org.Actor{Person: "admin", Name: "系统管理员"}
		if err := h.Retry(ctx, who, l[0].ID); err != nil {
			h.Fatal(err)
		}
		h.settle()
		got := h.box.take()
		if len(got) != 1 || got[0].key != l[0].ID {
			h.Errorf("%+v", got)
		}
		if l := h.list(notify.DeliveryAsk{Receiver: "wang"}); l[0].State != notify.Sent || l[0].LastError != "" || l[0].Tries != 1 {
			h.Errorf("%+v", l)
		}
		if err := h.Retry(ctx, who, l[0].ID); !fault.Is(err, fault.Conflict) {
			h.Errorf("sent twice: %v", err)
		}
	})
}

func TestRefusedIsFinal(t *testing.T) {
	each(t, notify.Config{}, func(h *house) {
		h.box.fail = []error{notify.Refused(errors.New("550 no such user wang@linjiang.example"))}
		h.send(notify.Message{Title: "急", Urgent: true, To: []notify.Recipient{{Person: "wang"}}})
		h.settle()
		if l := h.list(notify.DeliveryAsk{}); l[0].State != notify.Failed || l[0].Tries != 1 || l[0].LastError != "550 no such user w***@linjiang.example" {
			h.Errorf("%+v", l)
		}
	})
}

func TestARoundFindsWhatLostItsJob(t *testing.T) {
	each(t, notify.Config{}, func(h *house) {
		h.send(notify.Message{Title: "待汇总", To: []notify.Recipient{{Person: "wang"}}})
		if _, err := h.db.SQL().Exec("delete from river_job"); err != nil {
			h.Fatal(err)
		}
		h.at("2026-05-06 15:00")
		if got := h.box.take(); len(got) != 0 {
			h.Fatal("no job, yet sent")
		}
		h.at("2026-05-06 15:31")
		if got := h.box.take(); len(got) != 1 {
			h.Errorf("%d mails", len(got))
		}
		h.kit.Clock.Advance(401 * 24 * time.Hour)
		h.settle()
		if n, _ := h.Unread(h.Context(), "wang"); n != 0 {
			h.Error("a message of 401 days was kept")
		}
		if l := h.list(notify.DeliveryAsk{}); len(l) != 0 {
			h.Errorf("%+v", l)
		}
	})
}

// TestNotifier tells a unit about its own case without its name, and about
// another unit's with it.
func TestNotifier(t *testing.T) {
	each(t, notify.Config{}, func(h *house) {
		var n process.Notifier = h.Service
		for of, want := range map[id.ID]string{"": "请尽快", "justice": "请尽快", "tax": "区税务局：请尽快", "gone": "请尽快"} {
			err := h.db.Do(h.Context(), func(ctx context.Context, tx *store.Tx) error {
				return n.Notify(ctx, tx, process.Notice{Of: of, Unit: "justice", Role: org.Disclosure, Kind: process.NoticeLate, Title: "已超期", Text: "请尽快", Link: "/desk/7"})
			})
			if err != nil {
				h.Fatal(err)
			}
			if box, err := h.Inbox(h.Context(), "wang", notify.InboxAsk{}); err != nil || box.Rows[0].Text != want {
				h.Errorf("about %q: %+v, %v", of, box.Rows, err)
			}
			h.settle()
			if got := h.box.take(); len(got) != 2 || !strings.Contains(got[0].letter.Text, "已超期") {
				h.Errorf("about %q: %+v", of, got)
			}
		}
	})
}
