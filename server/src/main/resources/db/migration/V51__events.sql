-- Who changed what in a repository. Triggers write it, so that no way to a change goes round it, in the transaction of
-- the change itself. number and hash are given soon after, one event after the other: hash is the SHA-256 of the former
-- hash and this event. Nothing else of an event ever changes.
create table repository_event (
    id bigint generated always as identity primary key,
    repository_id bigint not null,
    at timestamptz not null default clock_timestamp(),
    actor text not null,
    kind text not null,
    subject text not null,
    before jsonb,
    after jsonb,
    number bigint unique,
    hash bytea,
    check ((number is null) = (hash is null))
);
create index repository_event_of on repository_event (repository_id, id);
create index repository_event_unnumbered on repository_event (id) where number is null;

create function keep_repository_event() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.number is null and new.number is not null
        and (new.id, new.repository_id, new.at, new.actor, new.kind, new.subject)
            = (old.id, old.repository_id, old.at, old.actor, old.kind, old.subject)
        and new.before is not distinct from old.before and new.after is not distinct from old.after then
        return new;
    end if;
    raise exception 'events are only ever added';
end $$;
create trigger repository_event_kept before update or delete on repository_event
    for each row execute function keep_repository_event();
create trigger repository_event_kept_whole before truncate on repository_event
    for each statement execute function keep_repository_event();

-- cambium.actor is set by the transaction of a request; without one, the server itself has acted.
create function add_repository_event(repository_id bigint, kind text, subject text, before jsonb, after jsonb)
returns void language sql as $$
    insert into repository_event (repository_id, actor, kind, subject, before, after)
    values (repository_id, coalesce(nullif(current_setting('cambium.actor', true), ''), 'system'), kind, subject,
        before, after)
$$;

-- Being indexed is no change of the repository, but of what is known of a package.
create function note_package() returns trigger language plpgsql as $$
declare
    place record;
begin
    select s.repository_id, s.distribution || '/' || s.codename || '/' || coalesce(new.filename, old.filename) as subject
        into place from suite s where s.id = coalesce(new.suite_id, old.suite_id);
    perform add_repository_event(place.repository_id, 'package_' || case tg_op when 'INSERT' then 'added'
            when 'DELETE' then 'removed' else 'changed' end, place.subject,
        case when tg_op <> 'INSERT' then jsonb_strip_nulls(jsonb_build_object('state', old.state, 'suite',
            old.suite_id, 'failure', old.failure, 'why', old.withdrawn_why)) end,
        case when tg_op <> 'DELETE' then jsonb_strip_nulls(jsonb_build_object('state', new.state, 'suite',
            new.suite_id, 'failure', new.failure, 'why', new.withdrawn_why)) end);
    return null;
end $$;
create trigger package_noted after insert or delete on package for each row execute function note_package();
create trigger package_change_noted after update on package for each row
    when (old.suite_id <> new.suite_id or (old.state <> new.state
        and (old.state not in ('pending', 'indexed') or new.state not in ('pending', 'indexed'))))
    execute function note_package();

-- Everything else: the row without what is secret or long.
create function note_row() returns trigger language plpgsql as $$
declare
    hidden constant text[] := array['sealed', 'sealed_secret', 'sha256', 'sha1', 'sha512', 'md5', 'armored',
        'public_key', 'proof'];
    was jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - hidden end;
    is_now jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - hidden end;
    fields jsonb := coalesce(is_now, was);
    repository bigint := case tg_table_name when 'repository' then fields ->> 'id' else fields ->> 'repository_id' end;
begin
    if tg_table_name = 'read_token' then
        select m.repository_id into repository from master_token m where m.id = (fields ->> 'master_token_id')::bigint;
    end if;
    -- A read token that goes with its master token has no repository any more; spare keys have none yet.
    if repository is not null then
        perform add_repository_event(repository, tg_table_name || case tg_op when 'INSERT' then '_added'
                when 'DELETE' then '_removed' else '_changed' end,
            coalesce(fields ->> 'fingerprint', fields ->> 'path', fields ->> 'name', fields ->> 'id', tg_table_name),
            was, is_now);
    end if;
    return null;
end $$;
create trigger repository_noted after insert or update or delete on repository
    for each row execute function note_row();
create trigger signing_key_noted after insert or update or delete on signing_key
    for each row execute function note_row();
create trigger package_key_noted after insert or update or delete on package_key
    for each row execute function note_row();
create trigger master_token_noted after insert or update or delete on master_token
    for each row execute function note_row();
create trigger read_token_noted after insert or update or delete on read_token
    for each row execute function note_row();
create trigger maven_file_noted after insert or update or delete on maven_file
    for each row execute function note_row();
create trigger retention_noted after insert or update or delete on retention
    for each row execute function note_row();
