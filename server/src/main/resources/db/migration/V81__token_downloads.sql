-- Downloads by the token that was shown, by day (UTC). An empty read_token stands for the master token itself. A token
-- that is revoked keeps its figures; the name of its master token is then forgotten.
create table token_download_day (
    repository_id bigint not null references repository (id) on delete cascade,
    day date not null,
    master_token_id bigint not null,
    read_token text not null,
    downloads bigint not null,
    primary key (repository_id, day, master_token_id, read_token)
);
insert into token_download_day (repository_id, day, master_token_id, read_token, downloads)
select s.repository_id, (d.at at time zone 'UTC')::date, d.master_token_id, coalesce(d.read_token, ''), count(*)
from package_download d join package p on p.id = d.package_id join suite s on s.id = p.suite_id
where d.master_token_id is not null group by 1, 2, 3, 4;
