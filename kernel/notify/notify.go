// Package notify tells people: in the house at once, by e-mail, short message
// and group robots through jobs. A sender says what and to whom inside its unit
// of work and knows nothing of channels:
//
//	err := s.Send(ctx, tx, notify.Message{
//		Kind: "urge", Title: "催办：公布责任清单", Text: "请于3月5日前提交", Link: "/desk/terms/" + key,
//		To: []notify.Recipient{{Unit: unit, Role: org.Disclosure}},
//	})
//
// So that nobody gets thirty mails (and none outside office hours), what is not
// urgent gathers per person and channel and goes out as one mail at set times of
// a working day; what was read in the house meanwhile stays out of it. Urgent
// messages go at once, up to a number per hour and day; more of them gather too.
// Every delivery is a row that can be listed, with its tries and last error.
package notify

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/jobs"
	"gongkai/kernel/org"
	"gongkai/kernel/process"
	"gongkai/kernel/secret"
	"gongkai/kernel/store"
)

//go:embed migration template
var files embed.FS

// Migration are the tables of this room.
func Migration() store.Migration { return store.Migration{Name: "notify", FS: files} }

// Secrets are its sealed columns, for Rotate.
func Secrets() []secret.Column {
	return []secret.Column{{Table: "notify_hook", Column: "address"}, {Table: "notify_hook", Column: "secret"}}
}

// Recipient is one person, or all who hold one of the roles in a unit (in any
// unit when there is none).
type Recipient struct {
	Person id.ID
	Unit   id.ID
	Role   org.Role
}

// Message is something people are to know.
type Message struct {
	Kind    string // "urge", "late" …; for filters
	Title   string // Chinese, what it is about; at most 200 characters
	Text    string // Chinese, may be empty
	Link    string // where to act, a path of the house
	To      []Recipient
	Urgent  bool   // worth a mail of its own, now
	Private bool   // Text stays in the house; other channels carry title and link only
	Once    string // when set, a second message with the same words here is not sent
}

// Channel is a way out of the house.
type Channel string

const (
	Mail Channel = "mail"
	SMS  Channel = "sms"
	Hook Channel = "hook"
)

// Title is the channel's name on screens.
func (c Channel) Title() string {
	return map[Channel]string{Mail: "邮件", SMS: "短信", Hook: "群机器人"}[c]
}

// Mode says what a receiver wants of a channel.
type Mode string

const (
	Digest Mode = "digest" // all, gathered; urgent ones at once
	Urgent Mode = "urgent" // urgent ones only
	Off    Mode = "off"    // nothing
)

// Title is the mode's name on screens.
func (m Mode) Title() string {
	return map[Mode]string{Digest: "全部（定时汇总）", Urgent: "仅紧急", Off: "不接收"}[m]
}

// byDefault is what a person gets who did not choose: short messages cost money
// and patience.
func byDefault(c Channel) Mode {
	if c == SMS {
		return Urgent
	}
	return Digest
}

// Directory knows people; Org makes one of the room org.
type Directory interface {
	// People lists who may be told for a role in a unit, "" for any unit.
	People(ctx context.Context, unit id.ID, role org.Role, on calendar.Date) ([]id.ID, error)
	// Name is what a unit is called, "" for one that is not known.
	Name(ctx context.Context, unit id.ID) (string, error)
	// Contact tells where a person is reached; "" for a way there is none.
	Contact(ctx context.Context, person id.ID) (mail, phone secret.Text, err error)
}

// Mailer sends a mail; SMTP is one. key is the same when the same mail is sent
// again after a failure.
type Mailer interface {
	Mail(ctx context.Context, to secret.Text, key id.ID, m Letter) error
}

// Texter sends a short message; Aliyun is one.
type Texter interface {
	Text(ctx context.Context, to secret.Text, key id.ID, count int, title string) error
}

// Config says how people are told. Mail and SMS may be nil: the channel is not
// there.
type Config struct {
	Site   string // "https://zwgk.linjiang.gov.cn", put before links
	Name   string // of the house, in subjects: "临江区政务公开"
	Mail   Mailer
	SMS    Texter
	HTTP   *http.Client    // for robots; fetch.Client.HTTP keeps it out of internal networks
	Digest []time.Duration // since midnight, when gathered messages go out [9:00, 14:30]
	Hourly int             // urgent messages per receiver, channel and hour [4]
	Daily  int             // and in 24 hours [12]
	Keep   time.Duration   // how long messages are kept [400 days]
	Log    *slog.Logger
}

// Service is what can be done with messages. It is a process.Notifier.
type Service struct {
	db     *store.DB
	jobs   *jobs.Jobs
	people Directory
	days   func() *calendar.Calendar
	keys   *secret.Keyring
	conf   Config
}

// New makes the service; its Works are to be registered with jobs.
func New(db *store.DB, j *jobs.Jobs, people Directory, days func() *calendar.Calendar, keys *secret.Keyring, c Config) *Service {
	if len(c.Digest) == 0 {
		c.Digest = []time.Duration{9 * time.Hour, 14*time.Hour + 30*time.Minute}
	}
	c.Digest = slices.Sorted(slices.Values(c.Digest))
	if c.Hourly == 0 {
		c.Hourly = 4
	}
	if c.Daily == 0 {
		c.Daily = 12
	}
	if c.Keep == 0 {
		c.Keep = 400 * 24 * time.Hour
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: 20 * time.Second}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	c.Site = strings.TrimSuffix(c.Site, "/")
	return &Service{db, j, people, days, keys, c}
}

// Works are the jobs of this room.
func (s *Service) Works() []jobs.Work {
	return []jobs.Work{
		jobs.On("发送通知", s.deliver).Within(time.Minute),
		jobs.Every("notify-round", "核对待发通知、清理过期通知", time.Hour, s.round),
	}
}

// Notify is Send in the words of the room process; who looks after many units is
// told which one it is about.
func (s *Service) Notify(ctx context.Context, tx *store.Tx, n process.Notice) error {
	if n.Of != "" && n.Of != n.Unit {
		name, err := s.people.Name(ctx, n.Of)
		if err != nil {
			return fmt.Errorf("notify: name of unit %s: %w", n.Of, err)
		}
		if name != "" {
			n.Text = name + "：" + n.Text
		}
	}
	return s.Send(ctx, tx, Message{
		Kind: n.Kind, Title: n.Title, Text: n.Text, Link: n.Link, Urgent: n.Kind == process.NoticeLate || n.Kind == "urge",
		To: []Recipient{{Person: n.Person, Unit: n.Unit, Role: n.Role}},
	})
}

// Send tells people, in the unit of work in which there is something to tell:
// the message is in their boxes with its commit, and the other channels follow.
func (s *Service) Send(ctx context.Context, tx *store.Tx, m Message) error {
	m.Title = strings.TrimSpace(m.Title)
	if m.Title == "" || m.Kind == "" || strings.ContainsAny(m.Title, "\r\n") {
		return errors.New("notify: a message needs a kind and a title on one line")
	}
	if utf8.RuneCountInString(m.Title) > 200 {
		m.Title = cut(m.Title, 200)
	}
	people, err := s.resolve(ctx, m.To, calendar.Of(tx.Now))
	if err != nil {
		return fmt.Errorf("notify: find the recipients: %w", err)
	}
	key, fresh, err := insertMessage(ctx, tx, m)
	if err != nil || !fresh {
		return err
	}
	if err := insertInbox(ctx, tx, key, people); err != nil {
		return err
	}
	modes, err := preferences(ctx, tx, people)
	if err != nil {
		return err
	}
	for _, channel := range s.personal() {
		for _, p := range people {
			mode, chosen := modes[choice{p, channel}]
			if !chosen {
				mode = byDefault(channel)
			}
			if err := s.enqueue(ctx, tx, key, m.Urgent, channel, p, mode); err != nil {
				return err
			}
		}
	}
	hooks, err := hooksFor(ctx, tx, m.To)
	if err != nil {
		return err
	}
	for _, h := range hooks {
		if err := s.enqueue(ctx, tx, key, m.Urgent, Hook, h.ID, h.Mode); err != nil {
			return err
		}
	}
	return nil
}

// personal are the channels to persons that are set up.
func (s *Service) personal() []Channel {
	var out []Channel
	if s.conf.Mail != nil {
		out = append(out, Mail)
	}
	if s.conf.SMS != nil {
		out = append(out, SMS)
	}
	return out
}

// resolve lists the persons, each once, in one order for all units of work, so
// that two of them never wait for each other crosswise.
func (s *Service) resolve(ctx context.Context, to []Recipient, on calendar.Date) ([]id.ID, error) {
	var out []id.ID
	for _, r := range to {
		if r.Person != "" {
			out = append(out, r.Person)
			continue
		}
		if r.Role == 0 {
			return nil, errors.New("a recipient needs a person or a role")
		}
		people, err := s.people.People(ctx, r.Unit, r.Role, on)
		if err != nil {
			return nil, err
		}
		out = append(out, people...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// deliverArgs names the delivery that is due.
type deliverArgs struct {
	Delivery id.ID `json:"delivery"`
}

func (deliverArgs) Kind() string { return "notify.deliver" }

// enqueue puts a message into a delivery of its own, or into the one that
// gathers for the receiver.
func (s *Service) enqueue(ctx context.Context, tx *store.Tx, message id.ID, urgent bool, c Channel, receiver id.ID, mode Mode) error {
	if mode == Off || mode == Urgent && !urgent {
		return nil
	}
	if urgent {
		var err error
		if urgent, err = s.within(ctx, tx, c, receiver); err != nil {
			return err
		}
	}
	d := Delivery{ID: id.New(), Channel: c, Receiver: receiver, Urgent: urgent, State: Waiting, CreatedAt: tx.Now, DueAt: tx.Now}
	if !urgent {
		d.DueAt = s.slot(tx.Now)
	}
	key, err := gather(ctx, tx, d)
	if err != nil {
		return err
	}
	if err := carry(ctx, tx, key, message); err != nil {
		return err
	}
	if key != d.ID {
		return nil // it has its job
	}
	if urgent {
		return s.jobs.Insert(ctx, tx, deliverArgs{key})
	}
	return s.jobs.InsertAt(ctx, tx, deliverArgs{key}, d.DueAt)
}

// within reports whether one more urgent delivery keeps to the limits.
func (s *Service) within(ctx context.Context, tx *store.Tx, c Channel, receiver id.ID) (bool, error) {
	hour, err := urgentSince(ctx, tx, c, receiver, tx.Now.Add(-time.Hour))
	if err != nil || hour >= s.conf.Hourly {
		return false, err
	}
	day, err := urgentSince(ctx, tx, c, receiver, tx.Now.Add(-24*time.Hour))
	return day < s.conf.Daily, err
}

// slot is the next time at which gathered messages go out.
func (s *Service) slot(now time.Time) time.Time {
	days := s.days()
	for day := calendar.Of(now); ; day = day.Add(1) {
		if !days.Working(day) {
			continue
		}
		for _, t := range s.conf.Digest {
			if at := day.Start().Add(t); at.After(now) {
				return at
			}
		}
	}
}

// round gives deliveries that lost their job a new one, and forgets messages
// older than Keep with what was made of them.
func (s *Service) round(ctx context.Context) error {
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		keys, err := stuck(ctx, tx, tx.Now.Add(-time.Hour))
		if err != nil {
			return err
		}
		for _, key := range keys {
			if err := s.jobs.Insert(ctx, tx, deliverArgs{key}); err != nil {
				return err
			}
		}
		return forget(ctx, tx, tx.Now.Add(-s.conf.Keep))
	})
}

// SetPreference chooses what a person gets through a channel.
func (s *Service) SetPreference(ctx context.Context, person id.ID, c Channel, m Mode) error {
	if c != Mail && c != SMS || m != Digest && m != Urgent && m != Off {
		return fault.New(fault.Invalid, "请选择接收方式")
	}
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return savePreference(ctx, tx, person, c, m) })
}

// Preferences tells what a person gets through the channels that are set up.
func (s *Service) Preferences(ctx context.Context, person id.ID) (map[Channel]Mode, error) {
	chosen, err := preferences(ctx, s.db.Read, []id.ID{person})
	if err != nil {
		return nil, err
	}
	out := map[Channel]Mode{}
	for _, c := range s.personal() {
		out[c] = byDefault(c)
		if m, ok := chosen[choice{person, c}]; ok {
			out[c] = m
		}
	}
	return out, nil
}

// cut shortens text to n characters, the last of them an ellipsis.
func cut(text string, n int) string {
	r := []rune(text)
	if len(r) <= n {
		return text
	}
	return string(r[:n-1]) + "…"
}
