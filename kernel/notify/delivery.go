package notify

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"gongkai/kernel/audit"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/org"
	"gongkai/kernel/page"
	"gongkai/kernel/secret"
	"gongkai/kernel/store"
)

// State is what became of a delivery.
type State string

const (
	Waiting State = "waiting" // until it is due
	Sending State = "sending" // handed to a server just now
	Again   State = "again"   // failed, will be tried again at DueAt
	Sent    State = "sent"
	Skipped State = "skipped" // nothing left to say, or nowhere to say it
	Failed  State = "failed"  // given up
)

// Title is the state's name on screens.
func (s State) Title() string {
	return map[State]string{Waiting: "待发送", Sending: "发送中", Again: "等待重试", Sent: "已发送", Skipped: "未发送（无需）", Failed: "发送失败"}[s]
}

// Delivery is a mail, short message or robot call.
type Delivery struct {
	ID        id.ID `bun:",pk"`
	Channel   Channel
	Receiver  id.ID // a person; a robot for Hook
	Urgent    bool
	State     State
	Tries     int
	LastError string // Chinese, without addresses
	CreatedAt time.Time
	DueAt     time.Time
	DoneAt    time.Time `bun:",nullzero"`

	Messages int    `bun:",scanonly"` // how many it carries
	First    string `bun:",scanonly"` // title of the oldest of them
}

// pauses before the second and each further try; after the last it is given up.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 8 * time.Hour}

// refused is an error that trying again cannot mend.
type refused struct{ error }

func (r refused) Unwrap() error { return r.error }

// Refused marks an error of a Mailer or Texter as final: the delivery is given
// up at once.
func Refused(err error) error { return refused{err} }

var (
	errNowhere = errors.New("没有登记邮箱或手机号码")
	errRead    = errors.New("已在系统内阅读")
)

// deliver is the job that sends one delivery. It may run twice for one: what
// was sent is not sent again, unless the machine died between sending and
// writing that down.
func (s *Service) deliver(ctx context.Context, args deliverArgs) error {
	var (
		d        Delivery
		messages []message
	)
	err := s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		var due bool
		if d, due, err = claim(ctx, tx, args.Delivery); err != nil || !due {
			d = Delivery{}
			return err
		}
		messages, err = carried(ctx, tx, d)
		return err
	})
	if err != nil || d.ID == "" {
		return err
	}
	failed := errRead
	if len(messages) > 0 {
		failed = s.pass(ctx, d, messages)
	}
	return s.db.Do(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		d.LastError, d.DoneAt = "", tx.Now
		var final refused
		switch {
		case failed == nil:
			d.State = Sent
		case errors.Is(failed, errNowhere), errors.Is(failed, errRead):
			d.State, d.LastError = Skipped, failed.Error()
		case errors.As(failed, &final), d.Tries > len(pauses):
			d.State, d.LastError = Failed, said(failed)
		default:
			d.State, d.LastError, d.DoneAt = Again, said(failed), time.Time{}
			d.DueAt = tx.Now.Add(pauses[d.Tries-1])
			if err := s.jobs.InsertAt(ctx, tx, deliverArgs{d.ID}, d.DueAt); err != nil {
				return err
			}
		}
		if d.LastError != "" {
			s.conf.Log.Warn("message not delivered", "delivery", d.ID, "channel", d.Channel, "state", d.State, "tries", d.Tries)
		}
		return saveOutcome(ctx, tx, d)
	})
}

// pass hands a delivery to its channel. Errors do not hold the address.
func (s *Service) pass(ctx context.Context, d Delivery, messages []message) error {
	if d.Channel == Hook {
		h, err := s.hook(ctx, d.Receiver)
		if fault.Is(err, fault.NotFound) {
			return errNowhere
		}
		if err != nil {
			return err
		}
		return s.call(ctx, h, d, messages)
	}
	mail, phone, err := s.people.Contact(ctx, d.Receiver)
	if fault.Is(err, fault.NotFound) {
		return errNowhere
	}
	if err != nil {
		return fmt.Errorf("find the address: %w", err)
	}
	to := mail
	if d.Channel == SMS {
		to = phone
	}
	if to == "" {
		return errNowhere
	}
	switch {
	case d.Channel == Mail && s.conf.Mail != nil:
		letter, e := s.letter(messages)
		if e != nil {
			return e
		}
		err = s.conf.Mail.Mail(ctx, to, d.ID, letter)
	case d.Channel == SMS && s.conf.SMS != nil:
		err = s.conf.SMS.Text(ctx, to, d.ID, len(messages), messages[0].Title)
	default:
		return Refused(errors.New(d.Channel.Title() + "渠道没有启用"))
	}
	return masked(err, to)
}

// masked takes an address out of an error's words: servers like to repeat it.
func masked(err error, to secret.Text) error {
	if err == nil {
		return nil
	}
	text := regexp.MustCompile("(?i)"+regexp.QuoteMeta(to.Reveal())).ReplaceAllLiteralString(err.Error(), to.Mask())
	var final refused
	if errors.As(err, &final) {
		return Refused(errors.New(text))
	}
	return errors.New(text)
}

// said is an error as the list shows it.
func said(err error) string {
	if text := fault.Text(err); text != "" {
		return cut(text, 500)
	}
	return cut(strings.ToValidUTF8(err.Error(), ""), 500)
}

// DeliveryAsk filters the list of deliveries; zero values mean all.
type DeliveryAsk struct {
	Channel  Channel
	State    State
	Receiver id.ID
	Page     page.Ask
}

// Deliveries lists what goes out and went out, newest first.
func (s *Service) Deliveries(ctx context.Context, ask DeliveryAsk) (page.Of[Delivery], error) {
	return deliveries(ctx, s.db.Read, ask)
}

// Counts tells how many deliveries stand in each state.
func (s *Service) Counts(ctx context.Context) (map[State]int, error) {
	return counts(ctx, s.db.Read)
}

// Retry sends a delivery that failed, or waits to be tried again, now.
func (s *Service) Retry(ctx context.Context, who org.Actor, delivery id.ID) error {
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := restart(ctx, tx, delivery); err != nil {
			return err
		}
		if err := s.jobs.Insert(ctx, tx, deliverArgs{delivery}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Actor: who.Person, Name: who.Name, Unit: who.Unit, Action: "notify.retry", Kind: "delivery", Subject: string(delivery)})
	})
}

// Actions names in Chinese what this room writes into the audit record.
func Actions() map[string]string {
	return map[string]string{"notify.retry": "重新发送通知", "notify.hook": "保存群机器人", "notify.unhook": "删除群机器人"}
}
