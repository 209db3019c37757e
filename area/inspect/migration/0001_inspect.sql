-- +goose Up
create table inspect_site (
	id text primary key,
	name text not null,
	start text not null,
	code text not null,
	organ text not null,
	icp text not null,
	police text not null,
	unit text not null,
	department boolean not null,
	no_services boolean not null,
	own jsonb not null,
	units jsonb not null,
	gone jsonb not null,
	leaders jsonb not null,
	every text not null,
	ignore_robots boolean not null,
	max_pages bigint not null,
	rate double precision not null,
	due bigint not null,
	by text not null,
	at timestamptz not null,
	version bigint not null
);
create unique index inspect_site_start on inspect_site (start);
create table inspect_visit (
	site text not null,
	at timestamptz not null,
	took bigint not null,
	status bigint not null,
	failed text not null,
	void boolean not null,
	primary key (site, at)
);
create table inspect_column (
	id text primary key,
	site text not null,
	name text not null,
	url text not null,
	class text not null,
	days bigint not null,
	by_event text not null,
	content text not null,
	unit text not null,
	person text not null,
	settled boolean not null,
	latest text,
	items bigint not null,
	blank boolean not null,
	level bigint not null,
	round bigint not null,
	at timestamptz not null,
	version bigint not null
);
create unique index inspect_column_url on inspect_column (site, url);
create table inspect_round (
	id text primary key,
	site text not null,
	number bigint not null,
	state text not null,
	t0 timestamptz not null,
	asked timestamptz not null,
	started timestamptz not null,
	ended timestamptz not null,
	step text not null,
	stopped text not null,
	pages bigint not null,
	columns bigint not null,
	items bigint not null,
	open bigint not null,
	fresh bigint not null,
	mended bigint not null,
	result jsonb not null,
	decided jsonb not null,
	files jsonb not null,
	by text not null
);
create index inspect_round_site on inspect_round (site, asked);
create table inspect_finding (
	id text primary key,
	site text not null,
	mark text not null,
	code text not null,
	also jsonb not null,
	indicator text not null,
	url text not null,
	on_page text not null,
	word text not null,
	state text not null,
	confirmed boolean not null,
	hidden boolean not null,
	what text not null,
	seen text not null,
	mend text not null,
	pages bigint not null,
	points double precision not null,
	proof text not null,
	source text not null,
	first_at timestamptz not null,
	last_at timestamptz not null,
	first_round bigint not null,
	last_round bigint not null,
	status text not null,
	answer text not null,
	wide boolean not null,
	reason text not null,
	unit text not null,
	task text not null,
	by text not null,
	version bigint not null
);
create unique index inspect_finding_mark on inspect_finding (site, mark);
create index inspect_finding_list on inspect_finding (site, status, indicator);
create index inspect_finding_unit on inspect_finding (unit, status);
create index inspect_finding_task on inspect_finding (task);
create table inspect_task (
	id text primary key,
	site text not null,
	unit text not null,
	"case" text not null,
	title text not null,
	by text not null,
	at timestamptz not null
);
create table inspect_item (
	site text not null,
	url text not null,
	title text not null,
	day text not null,
	source text not null,
	author text not null,
	unit text not null,
	number text not null,
	col text not null,
	round bigint not null,
	primary key (site, url)
);
create index inspect_item_day on inspect_item (site, day);
create table inspect_import (
	id text primary key,
	head text not null,
	fields jsonb not null,
	by text not null,
	at timestamptz not null
);
create unique index inspect_import_head on inspect_import (head);
