-- Lists of packages are read along this index, newest first, and answered from it until a page is full.
create index if not exists package_listed on package (suite_id, id) include (filename, architecture)
    where deleted_at is null;

-- What could not be indexed, so that it is found without looking at what could.
create index if not exists admission_failed on admission (channel_id) where failure is not null;
