-- The repository half. Order of writing: blobs first, then rows, pointers last.

create table repository (
    id bigint generated always as identity primary key,
    owner text not null,
    name text not null,
    private boolean not null,
    created_at timestamptz not null,
    unique (owner, name)
);

-- Secret numbers are made ahead of need; a repository takes one of the spare keys.
create table signing_key (
    id bigint generated always as identity primary key,
    sealed_secret bytea not null,
    made_at timestamptz not null,
    repository_id bigint unique references repository (id),
    created_at timestamptz,
    fingerprint text,
    public_key text
);

-- Whatever the database names, or has named, in the blob store. named_at: when last a row that names it was written;
-- freed_at: since when the bytes are gone.
create table blob (
    sha256 text primary key,
    size_bytes bigint not null,
    named_at timestamptz not null,
    freed_at timestamptz
);
create index blob_named_at on blob (named_at) where freed_at is null;

create table suite (
    id bigint generated always as identity primary key,
    repository_id bigint not null references repository (id),
    distribution text not null,
    codename text not null,
    distro_version_id integer not null,
    unique (repository_id, distribution, codename)
);

-- One signed root: a suite as a whole (ring is null), or what of it was admitted to a ring.
-- generation is the pointer that is moved last; next_place counts admissions and is never reused.
create table channel (
    id bigint generated always as identity primary key,
    suite_id bigint not null references suite (id),
    ring integer check (ring >= 0),
    generation bigint not null default 0,
    next_place bigint not null default 0,
    unique nulls not distinct (suite_id, ring)
);
create index channel_unborn on channel (id) where generation = 0;

-- Identity never changes: a deleted row stays and holds its file name and bytes.
create table package (
    id bigint generated always as identity primary key,
    suite_id bigint not null references suite (id),
    filename text not null,
    name text not null,
    version text not null,
    architecture text not null,
    pool_path text not null,
    control text not null,
    stanza bytea not null,
    sha256 text not null references blob (sha256) deferrable initially deferred,
    size_bytes bigint not null,
    md5 text not null,
    sha1 text not null,
    sha512 text not null,
    uploader text not null,
    uploaded_at timestamptz not null,
    state text not null check (state in ('pending', 'indexed', 'failed', 'deleted')),
    failure text,
    deleted_at timestamptz,
    unique (suite_id, filename)
);
create index package_by_pool_path on package (suite_id, pool_path);
create index package_by_name on package (suite_id, name, architecture);
create index package_by_blob on package (sha256);

-- The log of what a channel holds, and the queue of the index worker (work is not null).
-- place orders a channel's stanzas for ever; it is given when the admission is published.
create table admission (
    id bigint generated always as identity primary key,
    channel_id bigint not null references channel (id),
    package_id bigint not null references package (id),
    live boolean not null default true,
    work text check (work in ('admit', 'remove')),
    place bigint,
    admitted_generation bigint,
    removed_generation bigint,
    removed_at timestamptz,
    tries integer not null default 0,
    failure text,
    not_before timestamptz not null,
    requested_at timestamptz not null
);
create unique index admission_live on admission (channel_id, package_id) where live;
create unique index admission_place on admission (channel_id, place) where place is not null;
create index admission_work on admission (channel_id, id) where work is not null;
create index admission_by_package on admission (package_id);

-- The ordered content of one index. generation: when it last changed.
create table index_view (
    id bigint generated always as identity primary key,
    channel_id bigint not null references channel (id),
    architecture text not null,
    generation bigint not null,
    unique (channel_id, architecture)
);

-- In generations [from_generation, to_generation) the view's chunk at this position is the one in that pack.
-- placed: what is known of the chunk, and the state of hashing after it. A chunk is known by its pack, since the same
-- stanzas from another encoder are other bytes.
create table chunk_in_view (
    view_id bigint not null references index_view (id),
    position integer not null,
    from_generation bigint not null,
    to_generation bigint,
    pack_sha256 text not null references blob (sha256) deferrable initially deferred,
    placed bytea not null,
    primary key (view_id, position, from_generation)
);
create unique index chunk_in_view_now on chunk_in_view (view_id, position) where to_generation is null;
create index chunk_in_view_by_pack on chunk_in_view (pack_sha256);

-- The forms of a view as of the generations in which it changed; also found by hash.
create table index_file (
    view_id bigint not null references index_view (id),
    generation bigint not null,
    form text not null check (form in ('raw', 'gz', 'xz')),
    sha256 text not null,
    length_bytes bigint not null,
    primary key (view_id, generation, form)
);
create index index_file_by_hash on index_file (view_id, sha256);

-- The signed bytes of each generation; one row, so that they always belong together.
create table channel_generation (
    channel_id bigint not null references channel (id),
    generation bigint not null,
    released_at timestamptz not null,
    replaced_at timestamptz,
    release bytea not null,
    in_release bytea not null,
    release_gpg bytea not null,
    primary key (channel_id, generation)
);
