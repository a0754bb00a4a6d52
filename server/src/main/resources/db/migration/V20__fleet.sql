-- The fleet: an append-only log of events, and one row that says where the log ends and who coordinates.

-- body is the event's canonical JSON; hash is the SHA-256 (hex) of the hash before it and body.
create table fleet_event (
    number bigint primary key check (number > 0),
    kind   text not null,
    body   text not null,
    hash   char(64) not null
);

create function fleet_event_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the fleet''s log is append-only';
end
$$;

create trigger fleet_event_append_only before update or delete on fleet_event
    for each row execute function fleet_event_is_append_only();
create trigger fleet_event_no_truncate before truncate on fleet_event
    for each statement execute function fleet_event_is_append_only();

create table fleet_head (
    only_row    boolean primary key default true check (only_row),
    revision    bigint not null default 0,
    hash        char(64) not null,
    epoch       bigint not null default 0,
    holder      text not null default '',
    lease_until timestamptz not null default 'epoch'
);

insert into fleet_head (hash) values (repeat('0', 64));

-- What commits have promised and is not known to be done; entry is its JSON.
create table fleet_outbox (
    position bigint generated always as identity primary key,
    key      text not null unique,
    entry    text not null
);

-- A fold of the log up to a revision, so that a start need not fold it all; never the truth, and may be emptied.
create table fleet_snapshot (
    revision bigint primary key,
    hash     char(64) not null,
    program  text not null,
    body     text not null
);

-- What was measured on cells: cumulative counters, kept for a bounded time. body is JSON.
create table fleet_sample (
    cell text not null,
    at   timestamptz not null,
    body text not null,
    primary key (cell, at)
);

create index fleet_sample_by_age on fleet_sample (at);
