-- Requests to make a channel's indexes again from its log of admissions, and what came of each.
-- done_at is null: the next generation of the channel is made so. differing: the views whose raw bytes had been others.
create table channel_rebuild (
    id bigint generated always as identity primary key,
    channel_id bigint not null references channel (id),
    asked_at timestamptz not null,
    done_at timestamptz,
    generation bigint,
    views integer,
    differing text[],
    failure text
);
create unique index channel_rebuild_asked on channel_rebuild (channel_id) where done_at is null;
create index channel_rebuild_of on channel_rebuild (channel_id, id);
