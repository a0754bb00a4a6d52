-- The downloads of a suite's packages by day (UTC), so that the figures of a whole repository need no look at events.
create table suite_download_day (
    suite_id bigint not null,
    day date not null,
    downloads bigint not null,
    primary key (suite_id, day)
);
insert into suite_download_day (suite_id, day, downloads)
select p.suite_id, (d.at at time zone 'UTC')::date, count(*)
from package_download d join package p on p.id = d.package_id group by 1, 2;
