-- Whoever is told of events by mail is a webhook whose url begins with mailto:. sending_to: number of the last event of
-- a delivery that was begun, until it is known what came of it. refusals: how often in a row the other side said that
-- it will never take anything.
alter table webhook add column sending_to bigint, add column refusals integer not null default 0;
