package cambium.rollout;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is known of one cell.
///
/// @param attempts the last attempt of each step
/// @param tried the last try of each step in each rollout, so that no name is ever given twice; the newest
///     {@value #MAX_SERIES}
/// @param given the version last put on the cell, by a deployment that started or a rollback that succeeded
/// @param lastKnownGood the version it last baked, and where it goes back to
/// @param previousGood what its last known good was before; only a person sends it back there
/// @param pdm the last version whose PDM began here; once begun, going back needs downtime
/// @param hold a person took the cell back from this version
/// @param pdmAsked a person asked for PDM of this version
/// @param retryAsked a person asked for this version to be tried, even though the cell cannot be reached
public record Cell(CellSpec spec, RingNumber ring, Optional<Sight> sight, SortedMap<Step, Attempt> attempts,
        SortedMap<Series, Integer> tried, Optional<Given> given, Optional<Proof> lastKnownGood,
        Optional<Proof> previousGood, Optional<CellHealth> health, Optional<PdmRun> pdm, Optional<Hold> hold,
        Optional<ProductVersion> pdmAsked, Optional<ProductVersion> retryAsked) {
    static final int MAX_SERIES = 1_000;

    /// The tries of a step within a rollout.
    public record Series(int rollout, Step step) implements Comparable<Series> {
        private static final Comparator<Series> ORDER = Comparator.comparingInt(Series::rollout)
                .thenComparing(Series::step);

        @Override
        public int compareTo(Series other) {
            return ORDER.compare(this, other);
        }
    }

    /// The last look at the cell. `version` is the last one it told, also when it cannot be reached now.
    ///
    /// @param since when it became reachable or unreachable, or changed its version
    public record Sight(boolean reachable, boolean everReached, Optional<ProductVersion> version, Instant at,
            Instant since) {}

    public record Given(ProductVersion version, AttemptId attempt, Instant at) {}

    public record Proof(ProductVersion version, AttemptId attempt, Instant at) {}

    /// @param at of the last verdict
    /// @param since when the verdict became what it is
    public record CellHealth(ProductVersion version, AttemptId attempt, Verdict verdict, long samples,
            Evidence evidence, Instant at, Instant since) {}

    /// @param since when it began
    public record PdmRun(ProductVersion version, AttemptId attempt, Outcome outcome, Instant since) {
        public enum Outcome { RUNNING, SUCCEEDED, FAILED }
    }

    public record Hold(ProductVersion version, String by, String why, Instant since, boolean withDowntime) {}

    public Cell {
        attempts = Collections.unmodifiableSortedMap(attempts);
        tried = Collections.unmodifiableSortedMap(tried);
    }

    static Cell fresh(CellSpec spec, RingNumber ring) {
        return new Cell(spec, ring, Optional.empty(), new TreeMap<>(), new TreeMap<>(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty());
    }

    public CellId id() {
        return spec.cell();
    }

    public Optional<Attempt> last(Step step) {
        return Optional.ofNullable(attempts.get(step));
    }

    /// The one attempt that has not ended, if any.
    public Optional<Attempt> current() {
        for (var attempt : attempts.values()) {
            if (!attempt.terminal()) {
                return Optional.of(attempt);
            }
        }
        return Optional.empty();
    }

    /// The number of the next try of a step in a rollout.
    int nextTry(int rollout, Step step) {
        return tried.getOrDefault(new Series(rollout, step), 0) + 1;
    }

    public boolean reachable() {
        return sight.isPresent() && sight.get().reachable();
    }

    /// Whether the last look reached the cell and showed it running the version.
    public boolean runs(ProductVersion version) {
        return reachable() && sight.get().version().filter(version::equals).isPresent();
    }

    public boolean provedGood(ProductVersion version) {
        return lastKnownGood.isPresent() && lastKnownGood.get().version().equals(version);
    }

    public boolean heldOff(ProductVersion version) {
        return hold.isPresent() && hold.get().version().equals(version);
    }

    /// Whether the version's PDM began here, however it ended, and has not been left behind by another's.
    public boolean migrated(ProductVersion version) {
        return pdm.isPresent() && pdm.get().version().equals(version);
    }

    /// Whether a PDM began here since the cell proved this good, so that going back to it needs downtime.
    public boolean crossed(Proof good) {
        return pdm.isPresent() && !pdm.get().version().equals(good.version()) && pdm.get().since().isAfter(good.at());
    }

    Cell withSpec(CellSpec next, RingNumber nextRing) {
        return new Cell(next, nextRing, sight, attempts, tried, given, lastKnownGood, previousGood, health, pdm, hold,
                pdmAsked, retryAsked);
    }

    Cell withSight(Sight next) {
        return new Cell(spec, ring, Optional.of(next), attempts, tried, given, lastKnownGood, previousGood, health, pdm,
                hold, pdmAsked, retryAsked);
    }

    Cell withAttempt(Attempt attempt) {
        var next = new TreeMap<>(attempts);
        next.put(attempt.id().step(), attempt);
        var series = new Series(attempt.id().rollout(), attempt.id().step());
        if (tried.getOrDefault(series, 0) >= attempt.id().tryNumber()) {
            return new Cell(spec, ring, sight, next, tried, given, lastKnownGood, previousGood, health, pdm, hold,
                    pdmAsked, retryAsked);
        }
        var counted = new TreeMap<>(tried);
        counted.put(series, attempt.id().tryNumber());
        if (counted.size() > MAX_SERIES) {
            counted.pollFirstEntry();
        }
        return new Cell(spec, ring, sight, next, counted, given, lastKnownGood, previousGood, health, pdm, hold,
                pdmAsked, retryAsked);
    }

    Cell withGiven(Given next) {
        return new Cell(spec, ring, sight, attempts, tried, Optional.of(next), lastKnownGood, previousGood, health, pdm,
                hold, pdmAsked, retryAsked);
    }

    Cell withLastKnownGood(Proof next) {
        var before = provedGood(next.version()) ? previousGood : lastKnownGood;
        return new Cell(spec, ring, sight, attempts, tried, given, Optional.of(next), before, health, pdm, hold,
                pdmAsked, retryAsked);
    }

    /// The version that was left has proved no good after all; what was good before it is again.
    Cell withoutGood(ProductVersion left) {
        if (!provedGood(left)) {
            return this;
        }
        return new Cell(spec, ring, sight, attempts, tried, given, previousGood, Optional.empty(), health, pdm, hold,
                pdmAsked, retryAsked);
    }

    Cell withHealth(Optional<CellHealth> next) {
        return new Cell(spec, ring, sight, attempts, tried, given, lastKnownGood, previousGood, next, pdm, hold,
                pdmAsked, retryAsked);
    }

    Cell withPdm(PdmRun next) {
        return new Cell(spec, ring, sight, attempts, tried, given, lastKnownGood, previousGood, health,
                Optional.of(next), hold, pdmAsked, retryAsked);
    }

    Cell withHold(Optional<Hold> next) {
        return new Cell(spec, ring, sight, attempts, tried, given, lastKnownGood, previousGood, health, pdm, next,
                pdmAsked, retryAsked);
    }

    Cell withPdmAsked(Optional<ProductVersion> next) {
        return new Cell(spec, ring, sight, attempts, tried, given, lastKnownGood, previousGood, health, pdm, hold, next,
                retryAsked);
    }

    Cell withRetryAsked(Optional<ProductVersion> next) {
        return new Cell(spec, ring, sight, attempts, tried, given, lastKnownGood, previousGood, health, pdm, hold,
                pdmAsked, next);
    }
}
