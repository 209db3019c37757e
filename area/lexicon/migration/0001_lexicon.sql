-- +goose Up
create table lexicon_rule (
	id text primary key,
	kind text not null,
	form text not null,
	proper text not null,
	severity text not null,
	conditions text not null,
	valid_from text,
	valid_until text,
	source text not null,
	hits jsonb not null,
	passes jsonb not null,
	live boolean not null,
	by text not null,
	at timestamptz not null,
	version bigint not null
);
create unique index lexicon_rule_form on lexicon_rule (kind, form, proper, coalesce(valid_from, ''));
