-- +goose Up
-- Arrangements of years that people loaded. A row is never changed after it was
-- confirmed, and its days never at all: a correction is a new version. See Loader.
create table calendar_year (
	id text primary key,
	year bigint not null,
	version bigint not null,
	body jsonb not null,
	loaded_by text not null,
	loaded_at timestamptz not null,
	confirmed_by text,
	confirmed_at timestamptz,
	unique (year, version)
);

-- One arrangement of a year at a time waits for its second person.
create unique index calendar_year_waiting on calendar_year (year) where confirmed_at is null;
