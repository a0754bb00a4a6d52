-- Packages of every format: a package has files, and entries in the indexes of its suite's family.

-- Tables with checks left for the end of the transaction cannot be altered.
set constraints all immediate;

alter table suite add column family text;
update suite set family = 'apt';
alter table suite alter column family set not null;

-- version is now without epoch and release; full_version is what package managers show and are asked for.
-- details: licenses, dependencies and facts, as they are shown.
alter table package
    add column type text,
    add column full_version text,
    add column epoch integer,
    add column release text,
    add column summary text not null default '',
    add column description text not null default '',
    add column details jsonb;

-- The fields of the control paragraphs that were stored as text. A field starts where a line does not start blank.
create temporary table moved_field on commit drop as
select p.id as package_id, field.number,
    split_part(field.text, ':', 1) as name,
    rtrim(ltrim(substr(field.text, position(':' in field.text) + 1), ' '), E'\n') as value
from package p, regexp_split_to_table(p.control, '\n(?=[^ \t\n])') with ordinality field (text, number)
where field.text <> '';
create index on moved_field (package_id);

update package p set
    type = 'deb',
    full_version = p.version,
    epoch = case when p.version like '%:%' then split_part(p.version, ':', 1)::integer end,
    version = regexp_replace(regexp_replace(p.version, '^[^:]*:', ''), '-[^-]*$', ''),
    release = substring(p.version from '-([^-]*)$'),
    details = jsonb_build_object('licenses', '[]'::jsonb,
        'facts', (select coalesce(jsonb_agg(jsonb_build_object('name', f.name, 'value', f.value) order by f.number),
            '[]') from moved_field f where f.package_id = p.id),
        'dependencies', (select coalesce(jsonb_agg(jsonb_build_object('context', lower(f.name), 'items',
            (select coalesce(jsonb_agg(btrim(item.text, E' \n\t') order by item.number)
                filter (where btrim(item.text, E' \n\t') <> ''), '[]')
            from regexp_split_to_table(f.value, ',') with ordinality item (text, number)))
            order by array_position(array['depends', 'recommends', 'suggests', 'enhances', 'pre-depends'],
                lower(f.name))), '[]')
            from moved_field f where f.package_id = p.id
                and lower(f.name) in ('depends', 'recommends', 'suggests', 'enhances', 'pre-depends')));
update package p set
    summary = split_part(f.value, E'\n', 1),
    -- Continuation lines lose their leading blank, and a lone dot means an empty line.
    description = regexp_replace(regexp_replace(f.value, '\n ', E'\n', 'g'), '\n\.(?=\n|$)', E'\n', 'g')
from moved_field f where f.package_id = p.id and lower(f.name) = 'description';

alter table package
    alter column type set not null,
    alter column full_version set not null,
    alter column details set not null;

-- What a package puts into each index of its suite. The architecture 'all' stands for every architecture's index.
create table package_entry (
    package_id bigint not null references package (id),
    kind text not null,
    architecture text not null,
    entry bytea not null,
    primary key (package_id, kind, architecture)
);
insert into package_entry (package_id, kind, architecture, entry)
select id, 'packages', architecture, stanza from package;

-- The files of a package; the main one is at position 0. pool_path: below the folder of the distribution.
-- One file may belong to several source packages, with the same bytes.
create table package_file (
    package_id bigint not null references package (id),
    position integer not null,
    suite_id bigint not null references suite (id),
    filename text not null,
    pool_path text not null,
    sha256 text not null references blob (sha256) deferrable initially deferred,
    size_bytes bigint not null,
    md5 text not null,
    sha1 text not null,
    sha512 text not null,
    primary key (package_id, position)
);
insert into package_file (package_id, position, suite_id, filename, pool_path, sha256, size_bytes, md5, sha1, sha512)
select id, 0, suite_id, filename, pool_path, sha256, size_bytes, md5, sha1, sha512 from package;
create index package_file_by_path on package_file (suite_id, pool_path);
create index package_file_by_blob on package_file (sha256);

alter table package
    drop column control,
    drop column stanza,
    drop column pool_path,
    drop column sha256,
    drop column size_bytes,
    drop column md5,
    drop column sha1,
    drop column sha512;

alter table index_view add column kind text;
update index_view set kind = 'packages';
alter table index_view alter column kind set not null;
alter table index_view drop constraint index_view_channel_id_architecture_key;
alter table index_view add unique (channel_id, kind, architecture);

-- The signed files. A file is valid from its generation on, until a later generation has one of the same path.
create table root_file (
    channel_id bigint not null references channel (id),
    path text not null,
    generation bigint not null,
    bytes bytea not null,
    primary key (channel_id, path, generation)
);
insert into root_file (channel_id, path, generation, bytes)
select channel_id, 'Release', generation, release from channel_generation
union all select channel_id, 'InRelease', generation, in_release from channel_generation
union all select channel_id, 'Release.gpg', generation, release_gpg from channel_generation;
alter table channel_generation drop column release, drop column in_release, drop column release_gpg;
