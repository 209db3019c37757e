package notify

import (
	"context"
	"time"

	"gongkai/kernel/id"
	"gongkai/kernel/page"
	"gongkai/kernel/store"
)

// Item is a message in a person's box.
type Item struct {
	ID        id.ID
	Kind      string
	Title     string
	Text      string
	Link      string
	Urgent    bool
	CreatedAt time.Time
	ReadAt    time.Time `bun:",nullzero"` // zero when unread
}

// InboxAsk filters a box.
type InboxAsk struct {
	Unread bool
	Kind   string // "" for all
	Page   page.Ask
}

// Inbox lists a person's messages, newest first.
func (s *Service) Inbox(ctx context.Context, person id.ID, ask InboxAsk) (page.Of[Item], error) {
	return inbox(ctx, s.db.Read, person, ask)
}

// Unread counts a person's unread messages.
func (s *Service) Unread(ctx context.Context, person id.ID) (int, error) {
	return unread(ctx, s.db.Read, person)
}

// Read marks messages of a person as read, all of them when none is named.
// Those of others are left alone.
func (s *Service) Read(ctx context.Context, person id.ID, items ...id.ID) error {
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return markRead(ctx, tx, person, items) })
}
