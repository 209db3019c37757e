-- +goose Up
create table notify_message (
	id text primary key,
	once text unique, -- what the sender calls it, so that it is told once; null when it may be told again
	kind text not null,
	title text not null,
	body text not null,
	link text not null,
	urgent boolean not null,
	private boolean not null,
	created_at timestamptz not null
);
create index notify_message_created on notify_message (created_at);

-- A message in a person's own box.
create table notify_inbox (
	id text primary key,
	message text not null references notify_message (id),
	person text not null,
	read_at timestamptz
);
create unique index notify_inbox_person on notify_inbox (person, message);
create index notify_inbox_unread on notify_inbox (person) where read_at is null;

-- A mail, short message or call to a robot that goes out or went out.
create table notify_delivery (
	id text primary key,
	channel text not null,
	receiver text not null, -- a person; a robot for the channel hook
	urgent boolean not null,
	state text not null,
	tries bigint not null,
	last_error text not null,
	created_at timestamptz not null,
	due_at timestamptz not null,
	done_at timestamptz
);
-- One delivery gathers for each receiver and channel until it goes out.
create unique index notify_delivery_gathers on notify_delivery (channel, receiver) where state = 'waiting' and not urgent;
create index notify_delivery_receiver on notify_delivery (receiver, channel, created_at);
create index notify_delivery_state on notify_delivery (state, created_at);

create table notify_carried (
	delivery text not null references notify_delivery (id),
	message text not null references notify_message (id),
	primary key (delivery, message)
);
create index notify_carried_message on notify_carried (message);

create table notify_preference (
	person text not null,
	channel text not null,
	mode text not null,
	primary key (person, channel)
);

-- Group robots. Address and secret are sealed: who has them may write to the group.
create table notify_hook (
	id text primary key,
	title text not null,
	format text not null,
	unit text not null,
	mode text not null,
	address text not null,
	secret text not null,
	version bigint not null
);
