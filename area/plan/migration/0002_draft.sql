-- +goose Up

-- A file on its way to become a plan, or a new version of one.
create table plan_draft (
	id text primary key,
	plan text not null,
	name text not null,
	hash text not null,
	size bigint not null,
	format text not null,
	document jsonb not null,
	state text not null,
	cursor bigint not null,
	version bigint not null,
	by text not null,
	by_name text not null,
	at timestamptz not null
);
create index plan_draft_state_at on plan_draft (state, at);

-- What was done to a draft: row n is what its version n came from. A correction
-- holds the whole sheet; undo and redo show the sheet of an earlier row.
create table plan_draft_state (
	draft text not null references plan_draft (id),
	n bigint not null,
	shows bigint not null,
	before bigint not null,
	sheet jsonb,
	what text not null,
	by text not null,
	by_name text not null,
	at timestamptz not null,
	primary key (draft, n)
);
