package cambium.rollout;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is known of one cell.
///
public record Cell(CellSpec spec, Membership membership, Optional<Sight> sight, Work work, Load load,
        Optional<CellHealth> health, Wishes wishes) {
    static final int MAX_SERIES = 1_000;

    /// The steps tried on it.
    ///
    /// @param attempts the last attempt of each step
    /// @param tried the tries of each step in each rollout, also while something newer comes and goes, so that no name
    ///     is ever given twice and no step tried more often than its ring says; the newest {@value #MAX_SERIES}
    /// @param starts its latest deployments
    public record Work(SortedMap<Step, Attempt> attempts, SortedMap<Series, Tries> tried, Starts starts) {
        static final Work NONE = new Work(new TreeMap<>(), new TreeMap<>(), Starts.DEFAULT);

        public Work {
            attempts = Collections.unmodifiableSortedMap(attempts);
            tried = Collections.unmodifiableSortedMap(tried);
        }

        Work with(Attempt attempt) {
            var next = new TreeMap<>(attempts);
            next.put(attempt.id().step(), attempt);
            var series = new Series(attempt.id().rollout(), attempt.id().step());
            var tries = new Tries(attempt.id().tryNumber(), attempt.ranBeforeNext());
            if (tries.equals(tried.get(series))) {
                return new Work(next, tried, started(attempt));
            }
            var counted = new TreeMap<>(tried);
            counted.put(series, tries);
            if (counted.size() > MAX_SERIES) {
                counted.pollFirstEntry();
            }
            return new Work(next, counted, started(attempt));
        }

        /// The tries of the step in these rollouts count as if they had not run.
        Work pardoned(Step step, Set<Integer> rollouts) {
            var counted = tried.entrySet().stream().filter(entry -> entry.getKey().step() == step
                    && rollouts.contains(entry.getKey().rollout()) && entry.getValue().ran() > 0).toList();
            if (counted.isEmpty()) {
                return this;
            }
            var next = new TreeMap<>(tried);
            counted.forEach(entry -> next.put(entry.getKey(), new Tries(entry.getValue().last(), 0)));
            return new Work(attempts, next, starts);
        }

        /// An attempt is known before it starts, so it starts under a name that has been counted.
        private Starts started(Attempt attempt) {
            return attempt.id().step() == Step.DEPLOY && attempt.state() instanceof Attempt.State.Started(var at)
                    ? starts.with(new Starts.Start(attempt.ring(), at)) : starts;
        }
    }

    /// The versions it was given, and what came of them.
    ///
    /// @param given the version last put on the cell, by a deployment that started or a rollback that succeeded
    /// @param lastKnownGood the version it last baked, and where it goes back to
    /// @param previousGood what its last known good was before; only a person sends it back there
    /// @param pdm the last version whose PDM began here; once begun, going back needs downtime
    public record Load(Optional<Given> given, Optional<Proof> lastKnownGood, Optional<Proof> previousGood,
            Optional<PdmRun> pdm) {
        static final Load NONE = new Load(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// What persons asked of it.
    ///
    /// @param hold a person took the cell back from this version
    /// @param pdmAsked a person asked for PDM of this version
    /// @param retryAsked a person asked for this version to be tried, even though the cell cannot be reached
    /// @param kindAsked and for this kind of deployment of it, even though the cell runs it
    public record Wishes(Optional<Hold> hold, Optional<ProductVersion> pdmAsked, Optional<ProductVersion> retryAsked,
            Optional<StepKind> kindAsked) {
        static final Wishes NONE = new Wishes(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// @param last the number of the last try
    /// @param ran what the next one starts to count from
    public record Tries(int last, int ran) {
        static final Tries NONE = new Tries(0, 0);
    }

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
            Evidence evidence, Instant at, Instant since) {
        String why() {
            return verdict.word() + ": " + evidence.text();
        }
    }

    /// @param since when it began
    public record PdmRun(ProductVersion version, AttemptId attempt, Outcome outcome, Instant since) {
        public enum Outcome { RUNNING, SUCCEEDED, FAILED }
    }

    public record Hold(ProductVersion version, String by, String why, Instant since, boolean withDowntime) {}

    static Cell fresh(CellSpec spec, RingNumber ring, Instant at) {
        return new Cell(spec, Membership.joined(ring, at), Optional.empty(), Work.NONE,
                Load.NONE, Optional.empty(), Wishes.NONE);
    }

    /// Where it stands: in quarantine, or in the ring that is declared for it.
    public RingNumber ring() {
        return membership.ring();
    }

    public SortedMap<Step, Attempt> attempts() {
        return work.attempts();
    }

    public Optional<Given> given() {
        return load.given();
    }

    public Optional<Proof> lastKnownGood() {
        return load.lastKnownGood();
    }

    public Optional<Proof> previousGood() {
        return load.previousGood();
    }

    public Optional<PdmRun> pdm() {
        return load.pdm();
    }

    public Optional<Hold> hold() {
        return wishes.hold();
    }

    public Optional<ProductVersion> pdmAsked() {
        return wishes.pdmAsked();
    }

    public Optional<ProductVersion> retryAsked() {
        return wishes.retryAsked();
    }

    public CellId id() {
        return spec.cell();
    }

    public Optional<Attempt> last(Step step) {
        return Optional.ofNullable(attempts().get(step));
    }

    /// The one attempt that has not ended, if any.
    public Optional<Attempt> current() {
        for (var attempt : attempts().values()) {
            if (!attempt.terminal()) {
                return Optional.of(attempt);
            }
        }
        return Optional.empty();
    }

    Tries tries(int rollout, Step step) {
        return work.tried().getOrDefault(new Series(rollout, step), Tries.NONE);
    }

    /// The number of the next try of a step in a rollout.
    int nextTry(int rollout, Step step) {
        return tries(rollout, step).last() + 1;
    }

    /// The verdict that the version harms the cell, if it was reached since that was put on it.
    Optional<CellHealth> harm(ProductVersion version) {
        return health.filter(known -> known.version().equals(version) && known.verdict() == Verdict.HARMFUL);
    }

    public boolean reachable() {
        return sight.isPresent() && sight.get().reachable();
    }

    public boolean lostContact() {
        return sight.isPresent() && sight.get().everReached() && !sight.get().reachable();
    }

    /// Whether the cell baked the version and is seen running something else, which is not what it was just brought
    /// back from: that may be seen until the first look after the rollback.
    public boolean strayed(ProductVersion version) {
        return provedGood(version) && reachable() && !runs(version) && last(Step.ROLLBACK).flatMap(Attempt::finishedAt)
                .filter(end -> !sight.get().since().isAfter(end)).isEmpty();
    }

    /// Whether the last look reached the cell and showed it running the version.
    public boolean runs(ProductVersion version) {
        return reachable() && sight.get().version().filter(version::equals).isPresent();
    }

    public boolean provedGood(ProductVersion version) {
        return lastKnownGood().isPresent() && lastKnownGood().get().version().equals(version);
    }

    public boolean heldOff(ProductVersion version) {
        return hold().isPresent() && hold().get().version().equals(version);
    }

    /// Whether the version's PDM began here, however it ended, and has not been left behind by another's.
    public boolean migrated(ProductVersion version) {
        return pdm().isPresent() && pdm().get().version().equals(version);
    }

    /// Whether a PDM began here since the cell proved this good, so that going back to it needs downtime.
    public boolean crossed(Proof good) {
        return pdm().filter(run -> !run.version().equals(good.version()) && run.since().isAfter(good.at())).isPresent();
    }

    private Cell with(Load next) {
        return new Cell(spec, membership, sight, work, next, health, wishes);
    }

    private Cell with(Wishes next) {
        return new Cell(spec, membership, sight, work, load, health, next);
    }

    Cell withSpec(CellSpec next, RingNumber nextRing, Instant at) {
        return new Cell(next, membership.declaredIn(nextRing, at), sight, work, load, health, wishes);
    }

    Cell with(Membership next) {
        return new Cell(spec, next, sight, work, load, health, wishes);
    }

    Cell withSight(Sight next) {
        return new Cell(spec, membership, Optional.of(next), work, load, health, wishes);
    }

    Cell withAttempt(Attempt attempt) {
        return new Cell(spec, membership, sight, work.with(attempt), load, health, wishes);
    }

    Cell withPardon(Step step, Set<Integer> rollouts) {
        var pardoned = work.pardoned(step, rollouts);
        return pardoned == work ? this : new Cell(spec, membership, sight, pardoned, load, health, wishes);
    }

    Cell withGiven(Given next) {
        return with(new Load(Optional.of(next), lastKnownGood(), previousGood(), pdm()));
    }

    Cell withLastKnownGood(Proof next) {
        var before = provedGood(next.version()) ? previousGood() : lastKnownGood();
        return with(new Load(given(), Optional.of(next), before, pdm()));
    }

    /// The version that was left has proved no good after all; what was good before it is again.
    Cell withoutGood(ProductVersion left) {
        if (provedGood(left)) {
            return with(new Load(given(), previousGood(), Optional.empty(), pdm()));
        }
        boolean before = previousGood().filter(good -> good.version().equals(left)).isPresent();
        return !before ? this : with(new Load(given(), lastKnownGood(), Optional.empty(), pdm()));
    }

    Cell withHealth(Optional<CellHealth> next) {
        return new Cell(spec, membership, sight, work, load, next, wishes);
    }

    Cell withPdm(PdmRun next) {
        return with(new Load(given(), lastKnownGood(), previousGood(), Optional.of(next)));
    }

    Cell withHold(Optional<Hold> next) {
        return with(new Wishes(next, pdmAsked(), retryAsked(), wishes.kindAsked()));
    }

    Cell withPdmAsked(Optional<ProductVersion> next) {
        return with(new Wishes(hold(), next, retryAsked(), wishes.kindAsked()));
    }

    Cell withRetryAsked(Optional<ProductVersion> next, Optional<StepKind> kind) {
        return with(new Wishes(hold(), pdmAsked(), next, kind));
    }
}
