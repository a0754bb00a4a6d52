package cambium.server.fleet;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.DeliveryFigures;
import cambium.rollout.DeliveryRecord;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the log tells beyond the present state: the attempts of a cell, newest first, the events about a version, and
/// how versions fared. Reads what is asked for, and of how versions fared only what came since the first rollout of
/// those that count. Safe for use by several threads.
public final class FleetHistory {
    public static final int MAX_ATTEMPTS_PER_CELL = 50;
    public static final int MAX_EVENTS_PER_VERSION = 500;
    /// Each is requested, then started or withheld, then finished.
    private static final int EVENTS_PER_ATTEMPT = 3;
    /// What settles versions, and is seldom.
    public static final Set<String> MILESTONES = Set.of("RolloutStarted", "VersionGraduated", "RolloutCompleted",
            "VersionBlocked", "VersionReleased");
    private static final Set<String> FARING = Stream.concat(MILESTONES.stream(), Stream.of("CellObserved",
            "FleetApplied")).collect(Collectors.toUnmodifiableSet());

    private final FleetLog log;
    private final Map<ProductVersion, Course> courses = new HashMap<>();
    private long milestonesRead;
    private DeliveryRecord delivered = new DeliveryRecord();
    private long deliveredFrom = Long.MAX_VALUE;
    private long deliveredRead;

    /// One attempt as the log tells it. `outcome` is requested, running, withheld, succeeded, failed, timed-out or
    /// lost.
    public record AttemptRecord(AttemptId id, int ring, ProductVersion version, Optional<ProductVersion> previous,
            Instant requestedAt, Optional<Instant> startedAt, Optional<Instant> endedAt, String outcome,
            String reason) {
        private AttemptRecord with(Optional<Instant> started, Optional<Instant> ended, String nextOutcome, String why) {
            return new AttemptRecord(id, ring, version, previous, requestedAt, started, ended, nextOutcome, why);
        }
    }

    /// The number of a version's first rollout, and when it was settled last.
    private record Course(long began, Instant settled) {}

    public FleetHistory(FleetStore store) {
        this.log = store.lookUp();
    }

    /// The newest attempts of the cell, newest first.
    public List<AttemptRecord> attemptsOf(CellId cell) {
        var attempts = new LinkedHashMap<AttemptId, AttemptRecord>();
        log.ofCell(cell, EVENTS_PER_ATTEMPT * MAX_ATTEMPTS_PER_CELL).forEach(each -> take(each.event(), attempts));
        return attempts.sequencedValues().reversed().stream().limit(MAX_ATTEMPTS_PER_CELL).toList();
    }

    public Optional<AttemptRecord> attempt(AttemptId id) {
        return attemptsOf(id.cell()).stream().filter(attempt -> attempt.id().equals(id)).findFirst();
    }

    /// The newest events that name the version, oldest first.
    public List<RecordedEvent> eventsOf(ProductVersion version) {
        return log.ofVersion(version, MAX_EVENTS_PER_VERSION);
    }

    private static void take(FleetEvent event, Map<AttemptId, AttemptRecord> attempts) {
        switch (event) {
            case FleetEvent.AttemptRequested requested -> attempts.put(requested.attempt(), new AttemptRecord(
                    requested.attempt(), requested.ring().value(), requested.version(), requested.previous(),
                    requested.at(), Optional.empty(), Optional.empty(), "requested", ""));
            case FleetEvent.AttemptStarted started -> attempts.computeIfPresent(started.attempt(), (_, attempt) ->
                    attempt.with(Optional.of(started.at()), Optional.empty(), "running", ""));
            case FleetEvent.AttemptWithheld withheld -> attempts.computeIfPresent(withheld.attempt(), (_, attempt) ->
                    attempt.with(Optional.empty(), Optional.of(withheld.at()), "withheld", withheld.why()));
            case FleetEvent.AttemptFinished finished -> attempts.computeIfPresent(finished.attempt(), (_, attempt) ->
                    attempt.with(attempt.startedAt(), Optional.of(finished.at()), FleetMeters.word(finished.result()),
                            reason(finished)));
            default -> throw new IllegalStateException("not about an attempt: " + event);
        }
    }

    /// Over the last days.
    public synchronized DeliveryFigures figures(int days, Instant now) {
        milestonesRead = each(MILESTONES, milestonesRead, this::noteCourse);
        var since = now.minus(Duration.ofDays(days));
        var from = courses.values().stream().filter(course -> !course.settled().isBefore(since))
                .mapToLong(Course::began).min();
        if (from.isEmpty()) {
            return DeliveryFigures.of(List.of(), days, now);
        }
        if (from.getAsLong() < deliveredFrom) {
            delivered = new DeliveryRecord();
            deliveredFrom = from.getAsLong();
            deliveredRead = deliveredFrom - 1;
        }
        deliveredRead = each(FARING, deliveredRead, recorded -> delivered.take(recorded.event()));
        // Of those that began before, only a part was read; they do not count.
        return DeliveryFigures.of(delivered.versions(now).stream().filter(fate -> courses.containsKey(fate.version())
                && courses.get(fate.version()).began() >= deliveredFrom).toList(), days, now);
    }

    private long each(Set<String> kinds, long after, Consumer<RecordedEvent> take) {
        var read = after;
        for (var page = log.ofKinds(kinds, read, FleetStore.MAX_EVENTS_PER_READ); !page.isEmpty();
                page = log.ofKinds(kinds, read, FleetStore.MAX_EVENTS_PER_READ)) {
            page.forEach(take);
            read = page.getLast().number();
        }
        return read;
    }

    private void noteCourse(RecordedEvent recorded) {
        switch (recorded.event()) {
            case FleetEvent.RolloutStarted started -> courses.putIfAbsent(started.version(),
                    new Course(recorded.number(), Instant.MIN));
            case FleetEvent.RolloutCompleted completed -> settle(completed.version(), completed.at());
            case FleetEvent.VersionBlocked blocked -> settle(blocked.version(), blocked.at());
            default -> { }
        }
    }

    private void settle(ProductVersion version, Instant at) {
        courses.computeIfPresent(version, (_, course) -> new Course(course.began(),
                at.isAfter(course.settled()) ? at : course.settled()));
    }

    private static String reason(FleetEvent.AttemptFinished finished) {
        return switch (finished.result()) {
            case AttemptResult.Succeeded() -> "";
            case AttemptResult.Failed(var reason) -> reason;
            case AttemptResult.TimedOut() -> "ended after its timeout";
            case AttemptResult.Cancelled(var reason) -> reason;
            case AttemptResult.Lost(var reason) -> reason;
        };
    }
}
