-- +goose Up
-- For the weekly sheet: what was reported in the last days.
create index plan_progress_at on plan_progress (at, term);
