package cambium.simulation;

import cambium.rollout.FleetSpec;
import java.time.Duration;
import java.util.Optional;

/// What a forecast is asked: this fleet, a version of that nature, such trouble.
///
/// @param verdictAfter how long a cell has to run a version before the judge says anything about it
/// @param peopleAfter how long people take to do what waits for them; absent: they never do
/// @param limit after so much virtual time a run ends, wherever it is
record Question(FleetSpec fleet, Truth.Nature nature, Faults faults, Duration verdictAfter,
        Optional<Duration> peopleAfter, Duration limit) {
}
