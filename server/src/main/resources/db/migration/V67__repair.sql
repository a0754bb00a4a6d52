-- The next generation of a channel has at least this number, so that numbers which a lost database gave to other
-- content are not given again.
alter table channel add column next_generation bigint not null default 1;

-- Requests to compare the database with the blob store after either was restored, and what was found. One at a time.
create table repair (
    id bigint generated always as identity primary key,
    asked_at timestamptz not null,
    asked_by text not null,
    done_at timestamptz,
    report jsonb,
    check (done_at is null or report is not null)
);
create unique index repair_asked on repair ((true)) where done_at is null;
