-- +goose Up
-- One a person, whose key it has.
create table account (
	id text primary key references org_person (id),
	login text not null unique,
	hash text not null,
	changed_at timestamptz not null,
	must_change boolean not null,
	disabled boolean not null,
	totp text,
	totp_on boolean not null,
	totp_step bigint not null,
	version bigint not null
);

-- Earlier passwords, so that none comes back too soon.
create table account_password (
	id text primary key,
	person text not null references account (id),
	hash text not null
);
create index account_password_person on account_password (person);

create table account_recovery (
	person text not null references account (id),
	hash text not null,
	primary key (person, hash)
);

-- Failed tries by name (hashed: people type passwords there) and by address.
create table account_try (
	subject text primary key,
	failures bigint not null,
	last_at timestamptz not null,
	until timestamptz not null
);
create index account_try_last on account_try (last_at);

-- Who a subject of an OpenID Connect provider is; person is null until linked.
create table account_subject (
	issuer text not null,
	subject text not null,
	person text references org_person (id),
	label text not null,
	seen_at timestamptz not null,
	primary key (issuer, subject)
);
create index account_subject_person on account_subject (person);

-- A session keeps its id when it gets a new token; one that was closed by a
-- person comes back under no token.
create table account_session (
	token text primary key,
	id text not null,
	data text not null,
	person text references org_person (id),
	unit text,
	created_at timestamptz not null,
	seen_at timestamptz not null,
	address text not null,
	agent text not null,
	ended_at timestamptz,
	closed boolean not null
);
create index account_session_id on account_session (id);
create index account_session_person on account_session (person);
create index account_session_seen on account_session (seen_at);
