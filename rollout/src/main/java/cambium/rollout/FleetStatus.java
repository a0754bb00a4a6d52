package cambium.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The fleet as people see it; field for field what `GET /api/fleet` answers (`waiting` is its `wait`, which Java does
/// not allow as a name).
///
/// @param advice what holds nothing up and should be known
public record FleetStatus(String fleet, long revision, OptionalInt perimeter, Instant at, List<BrakeStatus> brakes,
        List<PinStatus> pins, List<VersionStatus> versions, List<RingStatus> rings, List<CellStatus> cells,
        Optional<BrakeDrill> drill, Optional<PausedStatus> paused, List<Advice> advice,
        Optional<LogFlaw> logFlaw) {

    /// @param pagesAt when somebody is asked, the next time, whether it still has to be; past where `until` is
    public record BrakeStatus(String scope, String by, String why, Instant since, Optional<Instant> until,
            boolean cancels, Instant pagesAt) {
        static BrakeStatus of(Brake brake, Instant now) {
            return new BrakeStatus(brake.scope().toString(), brake.by(), brake.why(), brake.since(), brake.until(),
                    brake.cancels(), brake.asksNext(now));
        }
    }

    /// @param pagesAt when somebody is asked, the next time, whether it still has to be
    public record PinStatus(String scope, String version, String by, String why, Instant since,
            Optional<Instant> until, Instant pagesAt) {
        static PinStatus of(Pin pin, Instant now) {
            return new PinStatus(pin.scope().toString(), pin.version().toString(), pin.by(), pin.why(), pin.since(),
                    pin.until(), pin.reminder().next(now));
        }
    }

    /// Nothing new begins in ring 0, since a ring is too far behind; ends by itself once that has caught up.
    ///
    /// @param ring the innermost that is
    /// @param why how far it is, and how far it may be
    /// @param since when it came to be too far behind
    /// @param version the one that waits for the end of the pause, if one does
    /// @param heldBy what keeps the ring behind, nearest first
    public record PausedStatus(int ring, String why, Instant since, Optional<String> version, List<Wait> heldBy) {
        public PausedStatus {
            heldBy = List.copyOf(heldBy);
        }
    }

    /// @param state registered, rolling, graduated, complete, blocked or superseded
    /// @param hotfix why its newest rollout bakes for a shorter time, where a person started it as a hotfix
    public record VersionStatus(String version, String state, boolean graduated, Instant since,
            List<PackageRef> packages, Optional<MigrationLedger> ledger, Optional<String> hotfix,
            Optional<WaitStatus> waiting) {}

    /// What a cell is expected to run beside what it runs.
    ///
    /// @param expected what its ring takes; empty in quarantine and where the ring takes nothing yet
    /// @param expectedSince when the ring began to take it
    /// @param duty `on duty`, or how it stands aside from its ring, and `dutyWhy`
    public record DriftStatus(Optional<String> expected, Optional<Instant> expectedSince, Behind behind, String duty,
            Optional<String> dutyWhy) {
        public static final DriftStatus NONE = new DriftStatus(Optional.empty(), Optional.empty(), Behind.NONE,
                "on duty", Optional.empty());
    }

    /// What the cells of a ring run, beside its target.
    ///
    /// @param drifted cells that are not seen running the target
    /// @param running what they are seen running, the version of most cells first
    /// @param behind the worst of its cells that are on duty and not held off by a person
    /// @param tooFar how that passes what the ring's policy bears
    public record RingDrift(int drifted, List<Running> running, Behind behind, Optional<String> tooFar) {
        public static final RingDrift NONE = new RingDrift(0, List.of(), Behind.NONE, Optional.empty());

        public RingDrift {
            running = List.copyOf(running);
        }
    }

    /// @param version empty for cells that were never seen running one
    public record Running(Optional<String> version, int cells) {}

    /// @param state idle, deploying, verifying, baking, converged, waiting, failed or rolling-back
    public record RingStatus(int ring, boolean insidePerimeter, String state, Optional<String> target,
            List<String> cells, Optional<WaitStatus> waiting, RingDrift drift) {}

    /// @param state new, deploying, verifying, baking, healthy, pdm, failed, rolling-back, unreachable or unknown
    public record CellStatus(String cell, String kind, int ring, String state, Optional<String> version,
            Optional<String> lastKnownGood, Optional<String> pdmVersion, Optional<String> attempt,
            Optional<HealthStatus> health, Optional<WaitStatus> waiting, DriftStatus drift) {}

    public record HealthStatus(String verdict, String text, Instant at) {}

    public record WaitStatus(String code, String text, Optional<Instant> until) {
        static WaitStatus of(Wait wait) {
            return new WaitStatus(wait.code().word(), wait.text(), wait.until());
        }
    }

    /// The status at an instant, told with the waits of the plan made for it.
    public static FleetStatus of(Fleet fleet, Plan plan, Instant now) {
        return new StatusTelling(fleet, plan, now).tell();
    }
}
