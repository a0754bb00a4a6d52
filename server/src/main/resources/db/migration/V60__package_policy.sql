-- What a repository asks of packages before it takes them in; without a row, nothing.
create table package_policy (
    repository_id bigint primary key references repository (id),
    signatures text not null check (signatures in ('any', 'strong', 'known')),
    strong_digests boolean not null,
    sources boolean not null,
    architectures text[] not null
);
create trigger package_policy_noted after insert or update or delete on package_policy
    for each row execute function note_row();
