package cambium.simulation;

import cambium.rollout.FleetSpec;
import java.time.Duration;
import java.util.Optional;

/// What a forecast is asked: this fleet, a version of that nature, such trouble.
///
/// @param peopleAfter how long people take to do what waits for them; absent: they never do
/// @param limit after so much virtual time a run ends, wherever it is
record Question(FleetSpec fleet, Truth.Nature nature, Faults faults, JudgeOfForecast judge,
        Optional<Duration> peopleAfter, Duration limit) {
}
