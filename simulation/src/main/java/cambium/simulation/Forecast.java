package cambium.simulation;

import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/// What one run of a rollout came to.
///
/// @param seed plays this very run again
/// @param blocked how the version was found bad, where it was
/// @param waits what stands still at the end, each in a sentence, what the version waits for first; of a
///     blocked version why cells are left with it; empty after a good end
/// @param took virtual time from the command until nothing moved any more, or to the limit
/// @param rings when each ring began, converged and had proved the version; only those that it reached
/// @param reached cells that ran the version at any time
/// @param left cells that still run the version although it is blocked
/// @param harmed of these, where it did harm, and for how long altogether
/// @param judgedHarmful how long the first cell had run the version when the judge first said that it harms a cell;
///     empty where it never did
/// @param pages what somebody was called for
record Forecast(long seed, End end, Optional<Block> blocked, List<String> waits, Duration took,
        SortedMap<RingNumber, Times> rings, Set<CellId> reached, Set<CellId> left, Set<CellId> harmed, Duration harm,
        Optional<Duration> judgedHarmful, List<String> pages, int deployments, int rollbacks) {

    enum End {
        /// Every ring has it.
        COMPLETE,
        /// It was found bad, and the cells went back as far as they could.
        BLOCKED,
        /// Nothing goes on until a person does something.
        WAITS,
        /// The limit of virtual time came before any of these.
        UNFINISHED
    }

    /// @param after since the command
    /// @param ring whose failures were too many, or that stood still
    /// @param cell on which it failed, where it was a cell
    record Block(Duration after, RingNumber ring, Optional<CellId> cell, String why) {}

    /// Not even a good version without trouble gets through the fleet.
    static final class NoWayThrough extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoWayThrough(List<String> waits) {
            super("a good version without any trouble does not get through this fleet: " + String.join("; ", waits));
        }
    }

    /// Since the command; zero stands for not yet.
    record Times(Duration began, Duration converged, Duration proved) {
        static Times none() {
            return new Times(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        }
    }

    Forecast {
        waits = List.copyOf(waits);
        pages = List.copyOf(pages);
    }

    /// From what was recorded since the command, if the version was blocked.
    static Optional<Block> block(List<FleetEvent> events, ProductVersion version, Instant begin) {
        return events.stream().filter(event -> event instanceof FleetEvent.VersionBlocked blocked
                && blocked.version().equals(version)).findFirst().map(event -> {
            var block = (FleetEvent.VersionBlocked) event;
            var failed = events.stream().filter(FleetEvent.CellFailed.class::isInstance)
                    .map(FleetEvent.CellFailed.class::cast).filter(each -> each.version().equals(version)
                            && block.why().contains(", cell " + each.cell() + ": " + each.why())).findFirst();
            var outermost = events.stream().filter(each -> each instanceof FleetEvent.RingOpened opened
                    && opened.version().equals(version)).map(each -> ((FleetEvent.RingOpened) each).ring())
                    .max(Comparator.naturalOrder()).orElse(RingNumber.INNERMOST);
            return new Block(Duration.between(begin, block.at()),
                    failed.map(FleetEvent.CellFailed::ring).orElse(outermost),
                    failed.map(FleetEvent.CellFailed::cell), SinceCommand.told(block.why(), begin));
        });
    }

    static int count(List<FleetEvent> events, Step step) {
        return (int) events.stream().filter(event -> event instanceof FleetEvent.AttemptStarted(var _, var attempt)
                && attempt.step() == step).count();
    }

    static List<String> pages(List<FleetEvent> events, Instant begin) {
        return events.stream().filter(FleetEvent.PageRaised.class::isInstance)
                .map(event -> SinceCommand.told(((FleetEvent.PageRaised) event).text(), begin)).toList();
    }
}
