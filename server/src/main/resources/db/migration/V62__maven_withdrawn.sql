-- A file that was deleted is served no more, and its path stays taken: clients keep what they fetched for ever.
alter table maven_file add column withdrawn_at timestamptz;
