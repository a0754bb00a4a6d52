-- Files that Maven's clients keep under a path, such as org/example/thing/1.0/thing-1.0.jar. artifact_path and version
-- are of files that stand in the folder of a version; the metadata of such a path is made of these rows.
create table maven_file (
    id bigint generated always as identity primary key,
    repository_id bigint not null references repository (id),
    path text not null,
    artifact_path text,
    version text,
    sha256 text not null references blob (sha256) deferrable initially deferred,
    size_bytes bigint not null,
    md5 text not null,
    sha1 text not null,
    sha512 text not null,
    uploader text not null,
    uploaded_at timestamptz not null,
    unique (repository_id, path)
);
create index maven_file_by_artifact on maven_file (repository_id, artifact_path) where artifact_path is not null;
create index maven_file_by_blob on maven_file (sha256);
