-- Distributions beside packagecloud's own, which the program carries with their ids. Ids of ours start above 10000, so
-- that they never mean one of packagecloud's.
create table distribution_added (
    id integer generated always as identity (start with 10001) primary key check (id > 10000),
    package_type text not null check (package_type in ('deb', 'rpm')),
    distribution text not null,
    distribution_name text not null,
    version text not null,
    version_name text not null,
    version_number text,
    added_at timestamptz not null,
    unique (distribution, version)
);
