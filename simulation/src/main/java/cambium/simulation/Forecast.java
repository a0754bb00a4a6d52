package cambium.simulation;

import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import cambium.rollout.RingNumber;
import cambium.rollout.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/// What one run of a rollout came to.
///
/// @param waits what stood still at the end, each in a sentence; empty after a good end
/// @param took virtual time from the command to the end
/// @param rings when each ring began, converged and had proved the version; only those that it reached
/// @param reached cells that ran the version at any time
/// @param harmed of these, where it did harm, and for how long altogether
/// @param judgedHarmful how long the first cell had run the version when the judge first said that it harms a cell;
///     empty where it never did
/// @param pages what somebody was called for
record Forecast(End end, List<String> waits, Duration took, SortedMap<RingNumber, Times> rings, Set<CellId> reached,
        Set<CellId> harmed, Duration harm, Optional<Duration> judgedHarmful, List<String> pages,
        int deployments, int rollbacks) {

    enum End {
        /// Every ring has it.
        COMPLETE,
        /// It was blocked, and the cells went back as far as they could.
        STOPPED,
        /// A person must do something.
        WAITS,
        /// The limit of virtual time came first.
        UNFINISHED
    }

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

    static int count(List<FleetEvent> events, Step step) {
        return (int) events.stream().filter(event -> event instanceof FleetEvent.AttemptStarted(var _, var attempt)
                && attempt.step() == step).count();
    }

    static List<String> pages(List<FleetEvent> events) {
        return events.stream().filter(FleetEvent.PageRaised.class::isInstance)
                .map(event -> ((FleetEvent.PageRaised) event).text()).toList();
    }
}
