-- One row per token. Only the SHA-256 of a token is kept, so that reading this table opens nothing.
create table access_token (
    id          bigint generated always as identity primary key,
    name        text not null,
    sha256      bytea not null unique,
    permissions text[] not null,
    created_at  timestamptz not null
);

-- Sign-in links that were used; a link works once.
create table access_ticket_used (
    ticket     text primary key,
    expires_at timestamptz not null
);

-- Proof that a process holds the master key that this database was made with.
create table access_master_key (
    only_one boolean primary key default true check (only_one),
    proof    bytea not null
);
