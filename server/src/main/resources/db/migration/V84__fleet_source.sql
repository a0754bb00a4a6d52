-- The Git repository whose file is the fleet, as the process that coordinates saw it last. content and
-- applied_content are the file at those commits. No row, or followed is false: people declare the fleet.
create table fleet_source (
    only_row        boolean primary key default true check (only_row),
    followed        boolean not null default false,
    url             text not null default '',
    branch          text not null default '',
    file            text not null default '',
    looked_at       timestamptz,
    trouble         text,
    trouble_since   timestamptz,
    seen_commit     text,
    seen_at         timestamptz,
    author          text,
    contains_applied boolean not null default true,
    content         bytea,
    state           text not null default 'starting',
    code            text,
    message         text,
    state_since     timestamptz not null default clock_timestamp(),
    applied_commit  text,
    applied_at      timestamptz,
    applied_by      text,
    applied_content bytea
);

insert into fleet_source (only_row) values (true);
