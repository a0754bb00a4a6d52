-- Several keys of a repository: the one in use, and former ones that sign beside it until their end. A spare key has
-- no repository yet; of a key that has ended, the secret is destroyed.
alter table signing_key drop constraint signing_key_repository_id_key;
alter table signing_key
    add column origin text not null default 'made' check (origin in ('made', 'imported')),
    add column signs_until timestamptz,
    alter column sealed_secret drop not null;
create unique index signing_key_in_use on signing_key (repository_id)
    where repository_id is not null and signs_until is null;
create index signing_key_ending on signing_key (signs_until) where signs_until is not null and sealed_secret is not null;
create unique index signing_key_once on signing_key (repository_id, fingerprint) where repository_id is not null;

-- signed_with: the keys that have signed the newest generation, in their order. signed_generation: the newest that was
-- ever signed, which only grows. sign_again: a generation is wanted though no package waits.
alter table channel
    add column signed_with bigint[] not null default '{}',
    add column signed_generation bigint not null default 0,
    add column sign_again boolean not null default false;
update channel c set signed_generation = c.generation, signed_with = array(
    select k.id from signing_key k join suite s on s.repository_id = k.repository_id where s.id = c.suite_id)
where c.generation > 0;
create index channel_to_sign on channel (id) where sign_again;
