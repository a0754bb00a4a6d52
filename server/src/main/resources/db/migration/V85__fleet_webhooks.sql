-- A webhook without a repository is told of the fleet's events. kinds: of events that it is told; empty: all.
alter table webhook alter column repository_id drop not null, add column kinds text[] not null default '{}';
