-- Whom to tell of a repository's events. next_number: of the first event that was not delivered yet.
create table webhook (
    id bigint generated always as identity primary key,
    repository_id bigint not null references repository (id),
    url text not null,
    sealed_secret bytea not null,
    created_at timestamptz not null,
    created_by text not null,
    next_number bigint not null,
    tries integer not null default 0,
    not_before timestamptz not null,
    last_at timestamptz,
    last_result text
);
create index webhook_of on webhook (repository_id);
create index repository_event_numbered on repository_event (repository_id, number) where number is not null;

-- That package managers can see a package now is an event for those who wait for it.
create function note_indexed_package() returns trigger language plpgsql as $$
begin
    perform add_repository_event(s.repository_id, 'package_indexed',
        s.distribution || '/' || s.codename || '/' || new.filename, null, null) from suite s where s.id = new.suite_id;
    return null;
end $$;
create trigger package_indexed_noted after update on package for each row
    when (old.state = 'pending' and new.state = 'indexed') execute function note_indexed_package();
