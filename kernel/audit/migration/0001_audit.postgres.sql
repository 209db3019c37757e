-- +goose Up
-- The record. body and hash are described in audit.go; the other columns are
-- drawn from body by the database itself, so they cannot say anything else.
-- json, not jsonb: the text must stay as it was hashed.
create table audit_entry (
	lane bigint not null,
	number bigint not null,
	body json not null,
	hash bytea not null,
	at text collate "C" generated always as (body ->> 'at') stored,
	actor text collate "C" generated always as (body ->> 'actor') stored,
	unit text collate "C" generated always as (body ->> 'unit') stored,
	action text collate "C" generated always as (body ->> 'action') stored,
	kind text collate "C" generated always as (body ->> 'kind') stored,
	subject text collate "C" generated always as (body ->> 'subject') stored,
	primary key (lane, number)
);
create index audit_entry_subject on audit_entry (subject, kind, at);
create index audit_entry_actor on audit_entry (actor, at);
create index audit_entry_at on audit_entry (at);

-- The ends of the lanes' chains. Room on the page, so that the many updates
-- need no index entry.
create table audit_head (
	lane bigint primary key,
	number bigint not null,
	hash bytea not null
) with (fillfactor = 10);

-- Signed statements of where the heads stood.
create table audit_checkpoint (
	number bigint primary key,
	body text not null,
	signature bytea not null
);

-- +goose StatementBegin
create function audit_refuse() returns trigger language plpgsql as $$
begin
	raise exception '% is append-only', tg_table_name;
end $$;
-- +goose StatementEnd
create trigger audit_entry_change before update or delete on audit_entry
	for each row execute function audit_refuse();
create trigger audit_entry_empty before truncate on audit_entry
	for each statement execute function audit_refuse();
create trigger audit_checkpoint_change before update or delete on audit_checkpoint
	for each row execute function audit_refuse();
create trigger audit_checkpoint_empty before truncate on audit_checkpoint
	for each statement execute function audit_refuse();
