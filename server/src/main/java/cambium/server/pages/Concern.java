package cambium.server.pages;

import cambium.rollout.AttemptId;
import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetEvent.*;
import cambium.rollout.ProductVersion;
import cambium.rollout.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which attempt, cells and version an event is about.
final class Concern {
    private Concern() {}

    static Optional<AttemptId> attempt(FleetEvent event) {
        return switch (event) {
            case AttemptRequested requested -> Optional.of(requested.attempt());
            case AttemptStarted started -> Optional.of(started.attempt());
            case AttemptWithheld withheld -> Optional.of(withheld.attempt());
            case AttemptFinished finished -> Optional.of(finished.attempt());
            case VerdictReached reached -> Optional.of(reached.attempt());
            case CellFailed failed -> Optional.of(failed.attempt());
            case FleetApplied _, VersionRegistered _, RolloutStarted _, RingOpened _, RingAdmitted _, CellObserved _,
                    RingConverged _, RingReopened _, RingBaked _, PdmAsked _, VersionGraduated _, VersionBlocked _,
                    RingApproved _, ApprovalWithdrawn _,
                    VersionReleased _, RolloutCompleted _, RolloutSuperseded _, BrakeSet _, BrakeReleased _,
                    PinSet _, PinReleased _, RollbackAsked _, RetryAsked _, CellDutyChanged _, PageRaised _,
                    BrakeDrilled _, TryDenied _, WebhookMade _, WebhookEnded _, LogDoubted _, LogAccepted _,
                    LogTrusted _ ->
                    Optional.empty();
        };
    }

    /// The cells that the event is about by name; none where it is about a ring, a version or the fleet.
    static List<CellId> cells(FleetEvent event) {
        return switch (event) {
            case CellObserved seen -> List.of(seen.cell());
            case VerdictReached reached -> List.of(reached.cell());
            case CellFailed failed -> List.of(failed.cell());
            case RingBaked baked -> baked.cells();
            case PdmAsked asked -> asked.cells();
            case RollbackAsked asked -> asked.cells();
            case RetryAsked asked -> List.of(asked.cell());
            case CellDutyChanged changed -> List.of(changed.cell());
            case BrakeSet set -> cells(set.scope());
            case BrakeReleased released -> cells(released.scope());
            case PinSet set -> cells(set.scope());
            case PinReleased released -> cells(released.scope());
            case PageRaised page -> cells(page.subject());
            case AttemptRequested _, AttemptStarted _, AttemptWithheld _, AttemptFinished _ ->
                    attempt(event).map(AttemptId::cell).map(List::of).orElse(List.of());
            case FleetApplied _, VersionRegistered _, RolloutStarted _, RingOpened _, RingAdmitted _, RingConverged _,
                    RingApproved _, ApprovalWithdrawn _, RingReopened _, VersionGraduated _, VersionBlocked _,
                    VersionReleased _, RolloutCompleted _, RolloutSuperseded _, BrakeDrilled _,
                    TryDenied _, WebhookMade _, WebhookEnded _, LogDoubted _, LogAccepted _, LogTrusted _ -> List.of();
        };
    }

    private static List<CellId> cells(Scope scope) {
        return scope instanceof Scope.OfCell(CellId cell) ? List.of(cell) : List.of();
    }

    /// The version that the event is about; `attempts` tells which version an attempt carried.
    static Optional<ProductVersion> version(FleetEvent event, Map<AttemptId, ProductVersion> attempts) {
        return switch (event) {
            case VersionRegistered registered -> Optional.of(registered.version());
            case RolloutStarted started -> Optional.of(started.version());
            case RingOpened opened -> Optional.of(opened.version());
            case RingAdmitted admitted -> Optional.of(admitted.version());
            case AttemptRequested requested -> Optional.of(requested.version());
            case VerdictReached reached -> Optional.of(reached.version());
            case CellFailed failed -> Optional.of(failed.version());
            case RingConverged converged -> Optional.of(converged.version());
            case RingReopened reopened -> Optional.of(reopened.version());
            case RingBaked baked -> Optional.of(baked.version());
            case PdmAsked asked -> Optional.of(asked.version());
            case RingApproved approved -> Optional.of(approved.version());
            case ApprovalWithdrawn withdrawn -> Optional.of(withdrawn.version());
            case VersionGraduated graduated -> Optional.of(graduated.version());
            case VersionBlocked blocked -> Optional.of(blocked.version());
            case VersionReleased released -> Optional.of(released.version());
            case RolloutCompleted completed -> Optional.of(completed.version());
            case RolloutSuperseded superseded -> Optional.of(superseded.version());
            case RollbackAsked asked -> Optional.of(asked.version());
            case RetryAsked asked -> Optional.of(asked.version());
            case PinSet set -> Optional.of(set.version());
            case BrakeSet set -> version(set.scope());
            case BrakeReleased released -> version(released.scope());
            case PageRaised page -> version(page.subject());
            case AttemptStarted _, AttemptWithheld _, AttemptFinished _ ->
                    attempt(event).map(attempts::get);
            case FleetApplied _, CellObserved _, CellDutyChanged _, PinReleased _, BrakeDrilled _,
                    TryDenied _, WebhookMade _, WebhookEnded _, LogDoubted _, LogAccepted _, LogTrusted _ ->
                    Optional.empty();
        };
    }

    private static Optional<ProductVersion> version(Scope scope) {
        return scope instanceof Scope.OfVersion(ProductVersion version) ? Optional.of(version) : Optional.empty();
    }
}
