-- +goose Up
-- The highest instant each process may have committed; see timekeeper.
create table store_clock (
	node text primary key,
	at timestamptz not null
);

-- The last number given out for each name; see Sequence.
create table store_sequence (
	name text primary key,
	value bigint not null
);
