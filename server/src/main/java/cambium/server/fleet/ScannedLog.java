package cambium.server.fleet;

import cambium.rollout.AttemptId;
import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Looks through the whole log each time; for stores that are small.
final class ScannedLog implements FleetLog {
    private final FleetStore store;

    ScannedLog(FleetStore store) {
        this.store = store;
    }

    @Override
    public List<RecordedEvent> ofCell(CellId cell, int limit) {
        return newest(limit, event -> attempt(event).filter(attempt -> attempt.cell().equals(cell)).isPresent());
    }

    @Override
    public List<RecordedEvent> ofVersion(ProductVersion version, int limit) {
        Map<AttemptId, ProductVersion> carried = new HashMap<>();
        return newest(limit, event -> {
            if (event instanceof FleetEvent.AttemptRequested requested) {
                carried.put(requested.attempt(), requested.version());
            }
            return version(event).or(() -> attempt(event).map(carried::get)).filter(version::equals).isPresent();
        });
    }

    @Override
    public List<RecordedEvent> ofKinds(Set<String> kinds, long after, int limit) {
        return all(after).stream().filter(recorded -> kinds.contains(recorded.event().getClass().getSimpleName()))
                .limit(Math.min(limit, FleetStore.MAX_EVENTS_PER_READ)).toList();
    }

    private List<RecordedEvent> newest(int limit, Predicate<FleetEvent> which) {
        var found = all(0).stream().filter(recorded -> which.test(recorded.event())).toList();
        return found.subList(Math.max(0, found.size() - Math.min(limit, FleetStore.MAX_EVENTS_PER_READ)),
                found.size());
    }

    private List<RecordedEvent> all(long after) {
        var all = new ArrayList<RecordedEvent>();
        for (var page = store.events(after, FleetStore.MAX_EVENTS_PER_READ); !page.isEmpty();
                page = store.events(page.getLast().number(), FleetStore.MAX_EVENTS_PER_READ)) {
            all.addAll(page);
        }
        return all;
    }

    private static Optional<AttemptId> attempt(FleetEvent event) {
        return switch (event) {
            case FleetEvent.AttemptRequested e -> Optional.of(e.attempt());
            case FleetEvent.AttemptStarted e -> Optional.of(e.attempt());
            case FleetEvent.AttemptWithheld e -> Optional.of(e.attempt());
            case FleetEvent.AttemptFinished e -> Optional.of(e.attempt());
            default -> Optional.empty();
        };
    }

    private static Optional<ProductVersion> version(FleetEvent event) {
        return switch (event) {
            case FleetEvent.VersionRegistered e -> Optional.of(e.version());
            case FleetEvent.RolloutStarted e -> Optional.of(e.version());
            case FleetEvent.RingOpened e -> Optional.of(e.version());
            case FleetEvent.RingAdmitted e -> Optional.of(e.version());
            case FleetEvent.AttemptRequested e -> Optional.of(e.version());
            case FleetEvent.CellObserved e -> e.version();
            case FleetEvent.VerdictReached e -> Optional.of(e.version());
            case FleetEvent.CellFailed e -> Optional.of(e.version());
            case FleetEvent.RingConverged e -> Optional.of(e.version());
            case FleetEvent.RingReopened e -> Optional.of(e.version());
            case FleetEvent.RingBaked e -> Optional.of(e.version());
            case FleetEvent.PdmAsked e -> Optional.of(e.version());
            case FleetEvent.RingApproved e -> Optional.of(e.version());
            case FleetEvent.ApprovalWithdrawn e -> Optional.of(e.version());
            case FleetEvent.VersionGraduated e -> Optional.of(e.version());
            case FleetEvent.VersionBlocked e -> Optional.of(e.version());
            case FleetEvent.VersionReleased e -> Optional.of(e.version());
            case FleetEvent.RolloutCompleted e -> Optional.of(e.version());
            case FleetEvent.RolloutSuperseded e -> Optional.of(e.version());
            case FleetEvent.RollbackAsked e -> Optional.of(e.version());
            case FleetEvent.PinSet e -> Optional.of(e.version());
            case FleetEvent.RetryAsked e -> Optional.of(e.version());
            case FleetEvent.AttemptStarted _, FleetEvent.AttemptWithheld _, FleetEvent.AttemptFinished _,
                    FleetEvent.FleetApplied _, FleetEvent.CellDutyChanged _, FleetEvent.BrakeSet _,
                    FleetEvent.BrakeReleased _, FleetEvent.PinReleased _, FleetEvent.PageRaised _,
                    FleetEvent.BrakeDrilled _, FleetEvent.TryDenied _, FleetEvent.WebhookMade _,
                    FleetEvent.WebhookEnded _, FleetEvent.LogDoubted _, FleetEvent.LogAccepted _,
                    FleetEvent.LogTrusted _ ->
                Optional.empty();
        };
    }
}
