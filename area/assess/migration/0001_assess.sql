-- +goose Up
create table assess_training (
	id text primary key,
	unit text not null,
	kind text not null,
	topic text not null,
	held_on text not null,
	hours double precision not null,
	place text not null,
	trainer text not null,
	expected bigint not null,
	present jsonb not null,
	material text not null,
	material_name text not null,
	by text not null,
	at timestamptz not null,
	version bigint not null
);
create index assess_training_unit on assess_training (unit, held_on);
create index assess_training_day on assess_training (held_on);
