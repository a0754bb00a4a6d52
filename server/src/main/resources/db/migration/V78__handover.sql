-- What was handed over to cell drivers, and what cells that nobody drives have reported.

-- work is the order as JSON; kind is the driver's technology. In phase 'sent' the start was asked for and nobody knows
-- yet whether it took; reference is the name that the other side gave. result is JSON and set once.
create table fleet_handover (
    attempt   text primary key,
    cell      text not null,
    kind      text not null,
    epoch     bigint not null,
    work      text not null,
    phase     text not null default 'taken' check (phase in ('taken', 'sent', 'running', 'ended')),
    reference text not null default '',
    result    text check ((result is not null) = (phase = 'ended')),
    log       text not null default '',
    taken_at  timestamptz not null,
    ended_at  timestamptz
);
create index fleet_handover_open on fleet_handover (cell) where phase <> 'ended';
create index fleet_handover_by_end on fleet_handover (ended_at) where phase = 'ended';

-- The highest epoch under which an order was given for each cell.
create table fleet_fence (
    cell  text primary key,
    epoch bigint not null
);

-- Results that came twice, too late, or for nothing known: they change nothing and are kept for a while.
create table fleet_stray (
    number  bigint generated always as identity primary key,
    at      timestamptz not null,
    attempt text not null,
    origin  text not null,
    said    text not null
);

create table fleet_cell_token (
    cell    text primary key,
    sha256  bytea not null unique,
    made_by text not null,
    made_at timestamptz not null
);

-- The newest report of each cell: packages as lines 'name version'.
create table fleet_cell_report (
    cell     text primary key,
    at       timestamptz not null,
    packages text not null
);
