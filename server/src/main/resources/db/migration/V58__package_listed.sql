-- By its number alone a package is found among those of all suites; by this it is found only in its own, so that a list
-- of a small suite never looks through a large one.
drop index if exists package_listed;
create index if not exists package_by_number on package (suite_id, (id + 0)) include (id, filename, architecture, type)
    where deleted_at is null;
