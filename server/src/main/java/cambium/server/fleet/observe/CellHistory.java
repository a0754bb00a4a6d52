package cambium.server.fleet.observe;

import cambium.rollout.health.HealthSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The samples of one cell, oldest first, thinner with age: counters are cumulative, so a sample left out between two
/// others loses little. A little more than a day is kept, so that the same time of the day before can be a control.
/// Safe for use by several threads.
final class CellHistory {
    static final Duration MAX_AGE = Duration.ofHours(27);
    static final Duration FULL = Duration.ofMinutes(2);
    static final Duration FINE = Duration.ofHours(1);
    static final Duration FINE_SPACING = Duration.ofMinutes(1);
    static final Duration COARSE_SPACING = Duration.ofMinutes(30);
    private static final int THIN_EVERY = 64;

    private List<HealthSample> samples = new ArrayList<>();
    private int sinceThinned;

    /// Samples not newer than the newest are ignored.
    synchronized void add(HealthSample sample) {
        if (last().filter(newest -> !sample.at().isAfter(newest)).isPresent()) {
            return;
        }
        samples.add(samples.isEmpty() ? sample : sample.after(samples.getLast()));
        if (++sinceThinned >= THIN_EVERY) {
            thin(sample.at());
            sinceThinned = 0;
        }
    }

    /// What was known before: of it, what is older than all that is here.
    ///
    /// @param past oldest first
    synchronized void recall(List<HealthSample> past) {
        var here = samples;
        samples = new ArrayList<>();
        past.stream().filter(sample -> here.isEmpty() || sample.at().isBefore(here.getFirst().at()))
                .forEach(this::add);
        here.forEach(this::add);
    }

    synchronized Optional<Instant> last() {
        return newest().map(HealthSample::at);
    }

    synchronized Optional<HealthSample> newest() {
        return samples.isEmpty() ? Optional.empty() : Optional.of(samples.getLast());
    }

    /// Samples from one instant (inclusive) to another (exclusive).
    synchronized List<HealthSample> between(Instant from, Instant to) {
        return samples.stream().filter(sample -> !sample.at().isBefore(from) && sample.at().isBefore(to)).toList();
    }

    private void thin(Instant now) {
        var kept = new ArrayList<HealthSample>();
        for (var sample : samples) {
            var age = Duration.between(sample.at(), now);
            var spacing = age.compareTo(FULL) <= 0 ? Duration.ZERO : age.compareTo(FINE) <= 0 ? FINE_SPACING
                    : COARSE_SPACING;
            var apart = kept.isEmpty() || !sample.at().isBefore(kept.getLast().at().plus(spacing));
            if (apart && age.compareTo(MAX_AGE) <= 0) {
                kept.add(sample);
            }
        }
        samples = kept;
    }
}
