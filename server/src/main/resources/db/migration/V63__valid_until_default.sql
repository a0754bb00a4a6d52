-- How long apt may believe an index of a repository that does not say so itself; null: for ever. Of a repository, null
-- says: as the server; 0: for ever.
create table apt_default (
    only_row boolean primary key default true check (only_row),
    valid_for_seconds bigint check (valid_for_seconds >= 600)
);
insert into apt_default default values;
alter table repository drop constraint repository_apt_valid_for_seconds_check;
alter table repository add check (apt_valid_for_seconds = 0 or apt_valid_for_seconds >= 600);
