-- +goose Up
-- The record. body and hash are described in audit.go; the other columns are
-- drawn from body by the database itself, so they cannot say anything else.
create table audit_entry (
	lane bigint not null,
	number bigint not null,
	body text not null,
	hash bytea not null,
	at text generated always as (body ->> 'at') virtual,
	actor text generated always as (body ->> 'actor') virtual,
	unit text generated always as (body ->> 'unit') virtual,
	action text generated always as (body ->> 'action') virtual,
	kind text generated always as (body ->> 'kind') virtual,
	subject text generated always as (body ->> 'subject') virtual,
	primary key (lane, number)
) without rowid;
create index audit_entry_subject on audit_entry (subject, kind, at);
create index audit_entry_actor on audit_entry (actor, at);
create index audit_entry_at on audit_entry (at);

-- The end of each lane's chain.
create table audit_head (
	lane bigint primary key,
	number bigint not null,
	hash bytea not null
);
insert into audit_head (lane, number, hash) values (0, 0, zeroblob(32));

-- Signed statements of where the heads stood.
create table audit_checkpoint (
	number bigint primary key,
	body text not null,
	signature bytea not null
);

-- +goose StatementBegin
create trigger audit_entry_update before update on audit_entry begin
	select raise(abort, 'audit_entry is append-only');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger audit_entry_delete before delete on audit_entry begin
	select raise(abort, 'audit_entry is append-only');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger audit_checkpoint_update before update on audit_checkpoint begin
	select raise(abort, 'audit_checkpoint is append-only');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger audit_checkpoint_delete before delete on audit_checkpoint begin
	select raise(abort, 'audit_checkpoint is append-only');
end;
-- +goose StatementEnd
