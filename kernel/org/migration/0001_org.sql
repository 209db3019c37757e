-- +goose Up
-- One row that moves with every change, so that a cached directory can be told stale.
create table org_state (
	id text primary key,
	version bigint not null
);
insert into org_state (id, version) values ('directory', 1);

create table org_unit (
	id text primary key,
	name text not null,
	full_name text not null default '',
	short_name text not null default '',
	type text not null,
	seq bigint not null default 0,
	former jsonb,
	valid_from text,
	valid_to text,
	successor text references org_unit (id),
	bureau jsonb,
	version bigint not null
);
-- A name belongs to one living unit at a time; ended ones keep theirs.
create unique index org_unit_name on org_unit (name) where valid_to is null;

create table org_alias (
	unit text not null references org_unit (id),
	folded text not null,
	name text not null,
	primary key (unit, folded)
);

create table org_group (
	id text primary key,
	name text not null unique,
	aliases jsonb,
	types jsonb,
	units jsonb,
	seq bigint not null default 0,
	version bigint not null
);

create table org_person (
	id text primary key,
	name text not null,
	number text unique,
	phone text,
	email text,
	active boolean not null,
	version bigint not null
);
create index org_person_name on org_person (name);

create table org_post (
	id text primary key,
	person text not null references org_person (id),
	unit text not null references org_unit (id),
	roles bigint not null,
	from_day text,
	to_day text
);
create index org_post_person on org_post (person);
create index org_post_unit on org_post (unit);

create table org_absence (
	id text primary key,
	person text not null references org_person (id),
	substitute text not null references org_person (id),
	from_day text not null,
	to_day text not null,
	reason text not null default ''
);
create index org_absence_person on org_absence (person);
create index org_absence_substitute on org_absence (substitute);
