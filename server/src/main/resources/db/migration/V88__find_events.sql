-- What pages and the API ask of the log, found without reading it; PostgresFleetLog has the same conditions and
-- expressions. An event is one line of JSON in which its own fields come before those of what it holds.

create index fleet_event_of_milestones on fleet_event (number)
    where kind in ('RolloutStarted', 'VersionGraduated', 'RolloutCompleted', 'VersionBlocked', 'VersionReleased');

create index fleet_event_of_cell
    on fleet_event (substring(body from '"attempt":"r[0-9]+[.]([^"]+)[.][a-z]+[.][0-9]+"'), number)
    where kind in ('AttemptRequested', 'AttemptStarted', 'AttemptWithheld', 'AttemptFinished');

create index fleet_event_of_attempt
    on fleet_event (substring(body from '"attempt":"([^"]+)"'))
    where kind in ('AttemptRequested', 'AttemptStarted', 'AttemptWithheld', 'AttemptFinished');

create index fleet_event_of_version on fleet_event (substring(body from '"version":"([^"]+)"'), number);
