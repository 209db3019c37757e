-- +goose Up
-- One case of a declared flow. version is the number of its last step, entered
-- that of the step that brought it into its state; due is the earliest last day
-- of its running clocks.
create table process_case (
	id text primary key,
	flow text not null,
	subject text not null,
	state text not null,
	unit text not null,
	title text not null,
	link text not null,
	author text not null,
	author_for text not null,
	day0 text,
	due text,
	opened_at timestamptz not null,
	closed_at timestamptz,
	version bigint not null,
	entered bigint not null
);
create index process_case_subject on process_case (subject, flow);
-- For matrices of all open cases, and for counts, without a look at the rows.
create index process_case_open on process_case (flow, unit, state, due, subject, id) where closed_at is null;
create index process_case_closed on process_case (flow, unit, opened_at) where closed_at is not null;

-- Which unit has which part in a case ('' its own, '*' any unit), with where the
-- case stands, so that one index answers: what waits for this unit in this state?
create table process_seat (
	case_id text not null references process_case (id),
	party text not null,
	unit text not null,
	flow text not null,
	state text not null,
	entered bigint not null,
	due text,
	primary key (case_id, party)
);
create index process_seat_waits on process_seat (unit, flow, party, state, case_id, entered, due);

-- To-dos handed to a named person, until taken back or the case moves on.
create table process_hand (
	case_id text not null references process_case (id),
	party text not null,
	role bigint not null,
	person text not null,
	person_name text not null,
	lent boolean not null,
	by_person text not null,
	by_name text not null,
	primary key (case_id, party, role)
);
create index process_hand_person on process_hand (person);

-- What happened to a case; never changed.
create table process_step (
	case_id text not null references process_case (id),
	seq bigint not null,
	kind text not null,
	move text not null,
	branch text not null,
	from_state text not null,
	to_state text not null,
	person text not null,
	person_name text not null,
	for_person text not null,
	unit text not null,
	unit_name text not null,
	at timestamptz not null,
	day text,
	reason text not null,
	"values" jsonb not null,
	primary key (case_id, seq)
);

-- For to-dos: what was approved, and who made what.
create index process_step_branch on process_step (case_id, branch, seq) where branch <> '';
create index process_step_eyes on process_step (case_id, move, person, for_person);

-- One run of a clock: the facts it is counted from, and what was counted last.
-- next is the day on which the house has something to do about it.
create table process_clock (
	case_id text not null references process_case (id),
	name text not null,
	run bigint not null,
	start text not null,
	event text not null,
	period text,
	extended bigint not null,
	pauses jsonb not null,
	held boolean not null,
	fixed text,
	stop text,
	due text,
	provisional boolean not null,
	version text not null,
	next text,
	primary key (case_id, name, run)
);
create index process_clock_next on process_clock (next) where next is not null;
create index process_clock_running on process_clock (due, case_id) where stop is null;
create index process_clock_over on process_clock (case_id, due, stop) where stop > due;

-- Reminders, escalations and expiries that were sent, each once.
create table process_sent (
	case_id text not null references process_case (id),
	clock text not null,
	run bigint not null,
	what text not null,
	at timestamptz not null,
	primary key (case_id, clock, run, what)
);
