-- Packages may be hidden for a while, and whoever withdraws one may say why.
alter table package drop constraint package_state_check;
alter table package add constraint package_state_check
    check (state in ('pending', 'indexed', 'failed', 'deleted', 'quarantined'));
alter table package add column withdrawn_why text, add column withdrawn_by text;

-- Whether the package comes back to this channel when its quarantine ends.
alter table admission add column returns boolean not null default false;

-- How many packages a repository keeps: of each name and architecture in a suite the newest versions, and whatever is
-- younger.
create table retention (
    repository_id bigint primary key references repository (id),
    keep_versions integer not null check (keep_versions between 1 and 1000),
    keep_days integer not null check (keep_days between 0 and 36500)
);
