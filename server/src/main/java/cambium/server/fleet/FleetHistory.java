package cambium.server.fleet;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.DeliveryFigures;
import cambium.rollout.DeliveryRecord;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// What the log tells beyond the present state: the attempts of a cell, newest first, the events about a version, and
/// how versions fared.
/// Read from the store as it grows; keeps the newest of each only. Safe for use by several threads.
public final class FleetHistory {
    public static final int MAX_ATTEMPTS_PER_CELL = 50;
    public static final int MAX_EVENTS_PER_VERSION = 500;

    private final FleetStore store;
    private final TreeMap<CellId, Deque<AttemptRecord>> attempts = new TreeMap<>();
    private final TreeMap<ProductVersion, Deque<RecordedEvent>> versions = new TreeMap<>();
    private final DeliveryRecord delivered = new DeliveryRecord();
    private long read;

    /// One attempt as the log tells it. `outcome` is requested, running, withheld, succeeded, failed, timed-out or
    /// lost.
    public record AttemptRecord(AttemptId id, int ring, ProductVersion version, Optional<ProductVersion> previous,
            Instant requestedAt, Optional<Instant> startedAt, Optional<Instant> endedAt, String outcome,
            String reason) {
        private AttemptRecord with(Optional<Instant> started, Optional<Instant> ended, String nextOutcome, String why) {
            return new AttemptRecord(id, ring, version, previous, requestedAt, started, ended, nextOutcome, why);
        }
    }

    public FleetHistory(FleetStore store) {
        this.store = store;
    }

    /// The newest attempts of the cell, newest first.
    public synchronized List<AttemptRecord> attemptsOf(CellId cell) {
        catchUp();
        return List.copyOf(attempts.getOrDefault(cell, new ArrayDeque<>()));
    }

    public synchronized Optional<AttemptRecord> attempt(AttemptId id) {
        return attemptsOf(id.cell()).stream().filter(attempt -> attempt.id().equals(id)).findFirst();
    }

    /// The newest events that name the version, oldest first.
    public synchronized List<RecordedEvent> eventsOf(ProductVersion version) {
        catchUp();
        return List.copyOf(versions.getOrDefault(version, new ArrayDeque<>()));
    }

    /// Over the last days.
    public synchronized DeliveryFigures figures(int days, Instant now) {
        catchUp();
        return DeliveryFigures.of(delivered.versions(now), days, now);
    }

    private void catchUp() {
        for (var page = store.events(read, FleetStore.MAX_EVENTS_PER_READ); !page.isEmpty();
                page = store.events(read, FleetStore.MAX_EVENTS_PER_READ)) {
            page.forEach(this::take);
        }
    }

    private void take(RecordedEvent recorded) {
        read = recorded.number();
        delivered.take(recorded.event());
        switch (recorded.event()) {
            case FleetEvent.AttemptRequested requested -> add(requested);
            case FleetEvent.AttemptStarted started -> change(started.attempt(), attempt ->
                    attempt.with(Optional.of(started.at()), Optional.empty(), "running", ""));
            case FleetEvent.AttemptWithheld withheld -> change(withheld.attempt(), attempt ->
                    attempt.with(Optional.empty(), Optional.of(withheld.at()), "withheld", withheld.why()));
            case FleetEvent.AttemptFinished finished -> change(finished.attempt(), attempt ->
                    attempt.with(attempt.startedAt(), Optional.of(finished.at()), FleetMeters.word(finished.result()),
                            reason(finished)));
            case FleetEvent other -> { }
        }
        for (var version : versionsOf(recorded.event())) {
            var events = versions.computeIfAbsent(version, _ -> new ArrayDeque<>());
            events.addLast(recorded);
            if (events.size() > MAX_EVENTS_PER_VERSION) {
                events.removeFirst();
            }
        }
    }

    private void add(FleetEvent.AttemptRequested requested) {
        var ofCell = attempts.computeIfAbsent(requested.attempt().cell(), _ -> new ArrayDeque<>());
        ofCell.addFirst(new AttemptRecord(requested.attempt(), requested.ring().value(), requested.version(),
                requested.previous(), requested.at(), Optional.empty(), Optional.empty(), "requested", ""));
        if (ofCell.size() > MAX_ATTEMPTS_PER_CELL) {
            ofCell.removeLast();
        }
    }

    private interface Change {
        AttemptRecord of(AttemptRecord attempt);
    }

    private void change(AttemptId id, Change change) {
        attempts.computeIfPresent(id.cell(), (_, ofCell) -> {
            var next = new ArrayDeque<AttemptRecord>(ofCell.size());
            ofCell.forEach(attempt -> next.addLast(attempt.id().equals(id) ? change.of(attempt) : attempt));
            return next;
        });
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

    private List<ProductVersion> versionsOf(FleetEvent event) {
        return switch (event) {
            case FleetEvent.VersionRegistered e -> List.of(e.version());
            case FleetEvent.RolloutStarted e -> List.of(e.version());
            case FleetEvent.RingOpened e -> List.of(e.version());
            case FleetEvent.RingAdmitted e -> List.of(e.version());
            case FleetEvent.AttemptRequested e -> List.of(e.version());
            case FleetEvent.AttemptStarted e -> ofAttempt(e.attempt());
            case FleetEvent.AttemptWithheld e -> ofAttempt(e.attempt());
            case FleetEvent.AttemptFinished e -> ofAttempt(e.attempt());
            case FleetEvent.CellObserved e -> e.version().map(List::of).orElseGet(List::of);
            case FleetEvent.VerdictReached e -> List.of(e.version());
            case FleetEvent.CellFailed e -> List.of(e.version());
            case FleetEvent.RingConverged e -> List.of(e.version());
            case FleetEvent.RingReopened e -> List.of(e.version());
            case FleetEvent.RingBaked e -> List.of(e.version());
            case FleetEvent.PdmAsked e -> List.of(e.version());
            case FleetEvent.RingApproved e -> List.of(e.version());
            case FleetEvent.ApprovalWithdrawn e -> List.of(e.version());
            case FleetEvent.VersionGraduated e -> List.of(e.version());
            case FleetEvent.VersionBlocked e -> List.of(e.version());
            case FleetEvent.VersionReleased e -> List.of(e.version());
            case FleetEvent.RolloutCompleted e -> List.of(e.version());
            case FleetEvent.RolloutSuperseded e -> List.of(e.version());
            case FleetEvent.RollbackAsked e -> List.of(e.version());
            case FleetEvent.PinSet e -> List.of(e.version());
            case FleetEvent.RetryAsked e -> List.of(e.version());
            case FleetEvent.FleetApplied _, FleetEvent.CellDutyChanged _, FleetEvent.BrakeSet _,
                    FleetEvent.BrakeReleased _, FleetEvent.PinReleased _, FleetEvent.PageRaised _,
                    FleetEvent.BrakeDrilled _, FleetEvent.TryDenied _, FleetEvent.WebhookMade _,
                    FleetEvent.WebhookEnded _ ->
                List.of();
        };
    }

    private List<ProductVersion> ofAttempt(AttemptId id) {
        var known = new ArrayList<ProductVersion>();
        attempts.getOrDefault(id.cell(), new ArrayDeque<>()).stream().filter(attempt -> attempt.id().equals(id))
                .forEach(attempt -> known.add(attempt.version()));
        return known;
    }
}
