-- How many packages a suite shows, as changes to be added up, so that pushes never wait for each other and nobody has
-- to count rows. The changes of a suite are gathered into one from time to time.
create table package_tally (
    suite_id bigint not null,
    type text not null,
    change bigint not null
);
create index package_tally_by_suite on package_tally (suite_id) include (type, change);
insert into package_tally (suite_id, type, change)
select suite_id, type, count(*) from package where deleted_at is null group by suite_id, type;

create function tally_package() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and (old.deleted_at is null) = (new.deleted_at is null) and old.suite_id = new.suite_id then
        return null;
    end if;
    if tg_op <> 'INSERT' and old.deleted_at is null then
        insert into package_tally (suite_id, type, change) values (old.suite_id, old.type, -1);
    end if;
    if tg_op <> 'DELETE' and new.deleted_at is null then
        insert into package_tally (suite_id, type, change) values (new.suite_id, new.type, 1);
    end if;
    return null;
end
$$;
create trigger package_tallied after insert or delete or update of deleted_at, suite_id on package
    for each row execute function tally_package();

create index package_by_upload on package (suite_id, uploaded_at) where deleted_at is null;
create index package_grouped on package (suite_id, name, architecture, type) where deleted_at is null;
drop index package_by_name;

-- Parts of file names are found by their groups of three letters, where this PostgreSQL has the extension; elsewhere
-- by reading all names.
do $$
begin
    create extension if not exists pg_trgm;
    create index package_by_part_of_filename on package using gin (lower(filename) gin_trgm_ops);
exception when others then
    raise notice 'searches will read all file names: %', sqlerrm;
end
$$;
