package cambium.rollout;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// How a ring treats its cells one by one.
///
/// @param joinWithin how long a ring that has proved its version waits for a cell that joins or returns; after that
///     the ring goes on without it, somebody is called, and the cell catches up on its own
/// @param quarantineAfter a cell that failed that many versions in a row, none of which was blocked for it, is
///     quarantined; 0 for never
/// @param pdmGrace how long a cell keeps a version it has baked before its PDM runs, so that it can go back without
///     downtime; 0 for not at all
/// @param kind how a version is put on a cell, unless its rollout says otherwise
/// @param mostBehind how far the ring may be behind before somebody is called; empty for any distance
public record CellPolicy(Duration joinWithin, int quarantineAfter, Duration pdmGrace, OnDrift onDrift, StepKind kind,
        Optional<BehindLimit> mostBehind) {
    static final Duration MAX_TIME = Duration.ofDays(90);
    public static final CellPolicy DEFAULT = new CellPolicy(Duration.ofHours(1), 0, Duration.ZERO, OnDrift.CORRECT,
            StepKind.APPLICATION, Optional.empty());

    /// What is done about a cell whose version was changed by other hands: it is put right, or somebody is called.
    public enum OnDrift { CORRECT, REPORT }

    public CellPolicy {
        within("join-within", joinWithin);
        within("pdm.after", pdmGrace);
        Grammar.range("quarantine-after", quarantineAfter, 0, 100);
    }

    private static void within(String name, Duration time) {
        if (time.isNegative() || time.compareTo(MAX_TIME) > 0) {
            throw new IllegalArgumentException(name + " is " + time + ", must be from 0 to " + MAX_TIME.toDays()
                    + " days");
        }
    }

    /// The same policy with some parts changed.
    public CellPolicy with(Consumer<Parts> change) {
        var parts = new Parts();
        parts.joinWithin = joinWithin;
        parts.quarantineAfter = quarantineAfter;
        parts.pdmGrace = pdmGrace;
        parts.onDrift = onDrift;
        parts.kind = kind;
        parts.mostBehind = mostBehind;
        change.accept(parts);
        return new CellPolicy(parts.joinWithin, parts.quarantineAfter, parts.pdmGrace, parts.onDrift, parts.kind,
                parts.mostBehind);
    }

    /// A policy while it is put together.
    public static final class Parts {
        public Duration joinWithin;
        public int quarantineAfter;
        public Duration pdmGrace;
        public OnDrift onDrift;
        public StepKind kind;
        public Optional<BehindLimit> mostBehind;
    }
}
