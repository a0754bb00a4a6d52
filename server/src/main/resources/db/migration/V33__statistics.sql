-- Who fetched what, for the figures that owners see; rows go after a set time, totals stay. No foreign keys: rows are
-- written in batches after the answer has gone, and one whose package has gone by then must not spoil the others.

create table package_download (
    id bigint generated always as identity primary key,
    package_id bigint not null,
    at timestamptz not null,
    address text not null,
    user_agent text not null,
    source text not null check (source in ('web', 'cli')),
    master_token_id bigint,
    master_token text,
    read_token text
);
create index package_download_by_package on package_download (package_id, at);
create index package_download_by_time on package_download using brin (at);

create table package_download_total (
    package_id bigint primary key,
    downloads bigint not null
);

-- A repository was set up on a machine: its configuration file was fetched for this distribution.
create table repository_install (
    id bigint generated always as identity primary key,
    repository_id bigint not null,
    distribution text not null,
    codename text not null,
    at timestamptz not null,
    address text not null,
    hostname text not null,
    user_agent text not null,
    source text not null check (source in ('web', 'cli')),
    master_token_id bigint,
    master_token text,
    read_token text
);
create index repository_install_by_repository on repository_install (repository_id, at);
create index repository_install_by_time on repository_install using brin (at);

create table repository_install_total (
    repository_id bigint primary key,
    installs bigint not null
);
