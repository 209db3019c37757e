-- +goose Up
create table plan (
	id text primary key,
	year bigint not null,
	title text not null,
	number text not null,
	issuer text not null,
	issued_on text not null,
	office text not null,
	letter jsonb not null,
	previous text not null,
	draft text not null,
	ended text,
	version bigint not null
);
create unique index plan_year on plan (year);

create table plan_item (
	id text primary key,
	plan text not null references plan (id),
	position bigint not null,
	number text not null,
	title text not null,
	section bigint not null,
	section_title text not null
);
create index plan_item_plan on plan_item (plan, position);

create table plan_measure (
	id text primary key,
	plan text not null references plan (id),
	item text not null references plan_item (id),
	position bigint not null,
	row bigint not null,
	number text not null,
	text text not null,
	due_text text not null,
	due jsonb not null,
	retired text,
	version bigint not null
);
create index plan_measure_plan on plan_measure (plan);
create index plan_measure_item on plan_measure (item, position);

create table plan_duty (
	id text primary key,
	plan text not null references plan (id),
	item text not null references plan_item (id),
	measure text not null references plan_measure (id),
	unit text not null,
	role text not null,
	"group" text not null,
	retired text
);
create unique index plan_duty_once on plan_duty (measure, unit);
create index plan_duty_plan on plan_duty (plan, unit);
create index plan_duty_unit on plan_duty (unit);

create table plan_term (
	id text primary key,
	duty text not null references plan_duty (id),
	plan text not null references plan (id),
	number bigint not null,
	"from" text not null,
	until text not null,
	due text not null,
	"case" text not null
);
create unique index plan_term_once on plan_term (duty, number);
create index plan_term_plan on plan_term (plan);
create index plan_term_case on plan_term ("case");

create table plan_step (
	id text primary key,
	duty text not null references plan_duty (id),
	position bigint not null,
	text text not null,
	product text not null,
	person text not null,
	leader text not null,
	due text not null,
	done_on text,
	note text not null,
	version bigint not null
);
create index plan_step_duty on plan_step (duty, position);
create index plan_step_person on plan_step (person, due);

create table plan_progress (
	id text primary key,
	term text not null references plan_term (id),
	percent bigint not null,
	text text not null,
	by text not null,
	at timestamptz not null
);
create index plan_progress_term on plan_progress (term, at);

create table plan_evidence (
	id text primary key,
	term text not null references plan_term (id),
	duty text not null references plan_duty (id),
	plan text not null references plan (id),
	kind text not null,
	title text not null,
	url text not null,
	text text not null,
	amount double precision not null,
	measured text not null,
	source text not null,
	dated_on text,
	hash text not null,
	size bigint not null,
	mime text not null,
	"fetch" text not null,
	fetch_at timestamptz,
	public boolean not null,
	verdict text not null,
	why text not null,
	rule text not null,
	by text not null,
	at timestamptz not null
);
create index plan_evidence_term on plan_evidence (term, at);
create index plan_evidence_duty on plan_evidence (duty);
create index plan_evidence_plan on plan_evidence (plan, at);

create table plan_rule (
	id text primary key,
	measure text not null references plan_measure (id),
	plan text not null references plan (id),
	kind text not null,
	title text not null,
	"values" jsonb not null,
	version bigint not null
);
create index plan_rule_measure on plan_rule (measure);
create index plan_rule_plan on plan_rule (plan);

create table plan_finding (
	id text primary key,
	rule text not null references plan_rule (id),
	term text not null references plan_term (id),
	plan text not null references plan (id),
	verdict text not null,
	why text not null,
	rows jsonb not null,
	at timestamptz not null,
	since timestamptz not null
);
create unique index plan_finding_once on plan_finding (rule, term);
create index plan_finding_term on plan_finding (term);

create table plan_recheck (
	id text primary key,
	plan text not null references plan (id),
	duty text not null references plan_duty (id),
	"case" text not null,
	found text not null
);
create unique index plan_recheck_once on plan_recheck (plan, duty);

-- One urging a day and term.
create table plan_urge (
	term text not null references plan_term (id),
	day text not null,
	primary key (term, day)
);
