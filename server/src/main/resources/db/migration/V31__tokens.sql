-- Tokens of repositories. sealed: the value, encrypted with the master key, since packagecloud's API shows it again.
-- Read tokens are made under a master token and go with it.
create table master_token (
    id bigint generated always as identity primary key,
    repository_id bigint not null references repository (id) on delete cascade,
    name text not null,
    sha256 bytea not null unique,
    sealed bytea not null,
    created_at timestamptz not null,
    unique (repository_id, name)
);
create table read_token (
    id bigint generated always as identity primary key,
    master_token_id bigint not null references master_token (id) on delete cascade,
    name text not null,
    sha256 bytea not null unique,
    sealed bytea not null,
    created_at timestamptz not null,
    unique (master_token_id, name)
);

-- Keys that packages were signed with before they came here: public parts only.
create table package_key (
    id bigint generated always as identity primary key,
    repository_id bigint not null references repository (id) on delete cascade,
    fingerprint text not null,
    armored text not null,
    created_at timestamptz not null,
    unique (repository_id, fingerprint)
);

-- Roles are data: what one may do can be changed here. The names of permissions are the program's; the administrator
-- may do everything, whatever stands here.
create table access_role (
    name text primary key,
    permissions text[] not null
);
insert into access_role (name, permissions) values
    ('administrator', '{}'),
    ('release-manager', '{READ_REPOSITORY,PUSH,MANAGE_REPOSITORY,READ_FLEET,DEPLOY,ROLLBACK}'),
    ('engineer-on-call', '{READ_REPOSITORY,READ_FLEET,BRAKE}'),
    ('ops', '{READ_REPOSITORY,READ_FLEET,ROLLBACK,MANAGE_FLEET}'),
    ('read-only', '{READ_REPOSITORY,READ_FLEET}');

-- password: Argon2id in the PHC string format.
create table account (
    id bigint generated always as identity primary key,
    name text not null unique,
    email text not null,
    password text not null,
    created_at timestamptz not null
);
create unique index account_by_email on account (lower(email));
create table account_role (
    account_id bigint not null references account (id) on delete cascade,
    role text not null references access_role (name),
    primary key (account_id, role)
);

-- A token of an account may what the account's roles allow; one without an account what its own permissions say.
-- A session is a row whose hash is random, so that no token opens it.
alter table access_token
    alter column permissions drop not null,
    add column account_id bigint references account (id) on delete cascade,
    add column kind text not null default 'api' check (kind in ('api', 'session')),
    add column expires_at timestamptz,
    add column sealed bytea,
    add constraint access_token_has_a_right check ((permissions is null) = (account_id is not null));
create unique index access_token_of_account on access_token (account_id, name) where kind = 'api';

update access_token set permissions = array_append(permissions, 'MANAGE_ACCOUNTS')
where name = 'admin' and not 'MANAGE_ACCOUNTS' = any (permissions);
