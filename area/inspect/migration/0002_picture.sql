-- +goose Up

-- The picture that was taken of a finding's page, by its hash.
alter table inspect_finding add column picture text not null default '';
