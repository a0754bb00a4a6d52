-- What a repository offers to apt beyond the plain indexes.
alter table repository
    add column apt_contents boolean not null default false,
    add column apt_translations boolean not null default false,
    add column apt_valid_for_seconds bigint check (apt_valid_for_seconds >= 600);

-- due_at: when the channel is made anew although nothing waits for it: its signature would grow old, or other indexes
-- are wanted of it.
alter table channel add column due_at timestamptz;
create index channel_due on channel (due_at) where due_at is not null;

-- stale_since: the generation from which on the view is no longer kept up, since nobody wants it.
-- patched_since: patches lead from this generation to the present one; none from an earlier one.
alter table index_view
    add column stale_since bigint,
    add column patched_since bigint not null default 0;
update index_view set patched_since = generation;

-- The ed script that leads to this generation of a view from the one before, and the state that it starts from.
create table view_patch (
    view_id bigint not null references index_view (id),
    generation bigint not null,
    from_sha256 text not null,
    from_bytes bigint not null,
    patch_sha256 text not null,
    patch_bytes bigint not null,
    gz bytea not null,
    gz_sha256 text not null,
    primary key (view_id, generation)
);

-- The list of patches as of the generations in which it changed; first_step is the oldest patch that it names.
create table patch_index (
    view_id bigint not null references index_view (id),
    generation bigint not null,
    first_step bigint not null,
    sha256 text not null,
    bytes bytea not null,
    primary key (view_id, generation)
);
create index patch_index_by_hash on patch_index (view_id, sha256);
