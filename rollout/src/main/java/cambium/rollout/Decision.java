package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One act of a plan. `event` is what records it; `Open` and `Start` also need an outbox row in that commit.
public sealed interface Decision {
    /// Let the ring take the version. Outbox: the ring's channel admits these packages; `RingAdmitted` tells when it
    /// does.
    record Open(int rollout, ProductVersion version, RingNumber ring, List<PackageRef> packages) implements Decision {
        public Open {
            packages = List.copyOf(packages);
        }
    }

    /// Ask for one step on one cell. Outbox: the order, started only if `RolloutPlanner.mayStart` still agrees.
    record Start(AttemptId attempt, CellId cell, RingNumber ring, Step step, ProductVersion version,
            Optional<ProductVersion> previous, Duration timeout, StepKind kind) implements Decision {}

    /// Stop waiting for a result that is long overdue.
    record GiveUp(AttemptId attempt, String why) implements Decision {}

    record RecordConverged(int rollout, ProductVersion version, RingNumber ring) implements Decision {}

    record Reopen(int rollout, ProductVersion version, RingNumber ring, String why) implements Decision {}

    record RecordBaked(int rollout, ProductVersion version, RingNumber ring, List<CellId> cells) implements Decision {
        public RecordBaked {
            cells = List.copyOf(cells);
        }
    }

    record Fail(CellId cell, RingNumber ring, ProductVersion version, AttemptId attempt, String why, boolean soft)
            implements Decision {}

    record Block(ProductVersion version, String why) implements Decision {}

    record Graduate(ProductVersion version) implements Decision {}

    record Complete(int rollout, ProductVersion version) implements Decision {}

    record Supersede(int rollout, ProductVersion version, int newer) implements Decision {}

    /// Too many versions failed on this cell alone.
    record Quarantine(CellId cell, String why) implements Decision {}

    record Page(String key, Scope subject, String text) implements Decision {}

    /// The event that records this decision.
    default FleetEvent event(Instant at) {
        return switch (this) {
            case Open open -> new FleetEvent.RingOpened(at, open.rollout(), open.version(), open.ring());
            case Start start -> new FleetEvent.AttemptRequested(at, start.attempt(), start.ring(), start.version(),
                    start.previous(),
                    start.timeout(), start.kind());
            case GiveUp giveUp -> new FleetEvent.AttemptFinished(at, giveUp.attempt(),
                    new AttemptResult.Lost(giveUp.why()));
            case RecordConverged(var rollout, var version, var ring) -> new FleetEvent.RingConverged(at, rollout,
                    version, ring);
            case Reopen(var rollout, var version, var ring, var why) -> new FleetEvent.RingReopened(at, rollout,
                    version, ring, why);
            case RecordBaked baked -> new FleetEvent.RingBaked(at, baked.rollout(), baked.version(), baked.ring(),
                    baked.cells());
            case Fail fail -> new FleetEvent.CellFailed(at, fail.cell(), fail.ring(), fail.version(), fail.attempt(),
                    fail.why(), fail.soft());
            case Block(var version, var why) -> new FleetEvent.VersionBlocked(at, FleetEvent.AUTOMATION, version, why,
                    false);
            case Graduate(var version) -> new FleetEvent.VersionGraduated(at, FleetEvent.AUTOMATION, version);
            case Complete(var rollout, var version) -> new FleetEvent.RolloutCompleted(at, rollout, version);
            case Supersede(var rollout, var version, var newer) -> new FleetEvent.RolloutSuperseded(at, rollout,
                    version, newer);
            case Quarantine(var cell, var why) -> new FleetEvent.CellDutyChanged(at, FleetEvent.AUTOMATION, cell,
                    new Duty.Quarantined(), why);
            case Page(var key, var subject, var text) -> new FleetEvent.PageRaised(at, key, subject, text);
        };
    }
}
