package cambium.server.pages;

import cambium.rollout.Advice;
import cambium.rollout.Behind;
import cambium.rollout.BrakeDrill;
import cambium.rollout.DeclaredMigration;
import cambium.rollout.FleetStatus.BrakeStatus;
import cambium.rollout.FleetStatus.CellStatus;
import cambium.rollout.FleetStatus.HealthStatus;
import cambium.rollout.FleetStatus.PinStatus;
import cambium.rollout.FleetStatus.RingStatus;
import cambium.rollout.FleetStatus.VersionStatus;
import cambium.rollout.FleetStatus.WaitStatus;
import cambium.rollout.FleetStatus;
import cambium.rollout.MigrationLedger;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Fleets to draw: the ten cells of the example in the middle of a rollout, and made-up ones of any size.
final class ExampleFleet {
    private static final MigrationLedger LEDGER = new MigrationLedger(List.of(
            new DeclaredMigration("20261103_add_index", DeclaredMigration.Kind.DEPLOYMENT, true, Optional.empty()),
            new DeclaredMigration("20261105_drop_users", DeclaredMigration.Kind.POST_DEPLOYMENT,
                    false, Optional.of(ProductVersion.of("1.2.0")))));
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private static final Behind BEHIND = new Behind(1, Optional.of(NOW.minusSeconds(7_300)));

    private ExampleFleet() {}

    static FleetStatus tenCells() {
        return new FleetStatus(
                "example",
                123,
                OptionalInt.of(1),
                NOW,
                List.of(new BrakeStatus(
                        "ring 3",
                        "anna",
                        "quarter-end closing until Monday; call me before you release this",
                        NOW.minusSeconds(5400),
                        Optional.of(NOW.plusSeconds(86_000)), true, NOW.plusSeconds(86_000))),
                List.of(new PinStatus("cell cell-7", "1.2.0", "olga", "their audit runs on it",
                        NOW.minusSeconds(90_000), Optional.of(NOW.minusSeconds(60)), NOW.minusSeconds(60))),
                versions(),
                List.of(
                        ring(0, "converged", "1.3.0", Optional.empty()),
                        ring(1, "baking", "1.3.0", wait("baking", "ring 1 bakes: 100 of 100 samples", 252)),
                        ring(2, "failed", "1.2.0", wait("failed", "cell-4 failed: deploy ended with exit code 3", 0)),
                        drifted(ring(3, "waiting", "1.2.0", wait("braked", "braked by anna: quarter-end closing", 0)))),
                List.of(
                        cell("canary", "canary", 0, "healthy", "1.3.0"),
                        cell("qa", "qa", 0, "healthy", "1.3.0"),
                        cell("main", "main", 1, "baking", "1.3.0"),
                        cell("cell-1", "secondary", 2, "healthy", "1.2.0"),
                        behind("cell-2", 2, "deploying"),
                        cell("cell-3", "secondary", 2, "verifying", "1.2.0"),
                        behind("cell-4", 2, "failed"),
                        behind("cell-5", 3, "healthy"),
                        behind("cell-6", 3, "unreachable"),
                        cell("cell-7", "secondary", 3, "rolling-back", "1.2.0")),
                Optional.of(new BrakeDrill(NOW.minusSeconds(10_800), Duration.ofMillis(14), Optional.empty(),
                        Optional.of(NOW.minusSeconds(10_800)))), Optional.empty(),
                List.of(new Advice(Advice.Code.UNTRIED_DRIVER, "driver pull carries versions to 3 cells and to none of "
                        + "ring 0")), Optional.empty());
    }

    /// 1.2.0 proved harmful on the canary and is taken back, while 1.1.0 still reaches the last ring.
    static FleetStatus stoppedInRingZero() {
        String why = "harmful on canary: 41 of 180 requests failed, 0 of 240 before";
        return new FleetStatus(
                "example",
                214,
                OptionalInt.of(1),
                NOW,
                List.of(new BrakeStatus("ring 3", "anna", "quarter-end closing; call me before you release this",
                        NOW.minusSeconds(840), Optional.of(NOW.plusSeconds(26_400)), false, NOW.plusSeconds(26_400))),
                List.of(),
                List.of(
                        version("1.0.0", "superseded", true, 400_000),
                        version("1.1.0", "graduated", true, 3_900),
                        new VersionStatus("1.2.0", "blocked", false, NOW.minusSeconds(42), List.of(), Optional.empty(),
                                Optional.empty(), wait("blocked", why, 0))),
                List.of(
                        ring(0, "rolling-back", "1.1.0", wait("running", "canary goes back to 1.1.0", 0)),
                        ring(1, "converged", "1.1.0", Optional.empty()),
                        ring(2, "baking", "1.1.0", wait("baking", "ring 2 bakes: 100 of 100 samples", 192)),
                        ring(3, "waiting", "1.0.0", wait("braked", "braked by anna: quarter-end closing", 0))),
                List.of(
                        cell("canary", "canary", 0, "rolling-back", "1.2.0"),
                        cell("qa", "qa", 0, "healthy", "1.1.0"),
                        cell("main", "main", 1, "healthy", "1.1.0"),
                        cell("cell-1", "secondary", 2, "baking", "1.1.0"),
                        cell("cell-2", "secondary", 2, "baking", "1.1.0"),
                        cell("cell-3", "secondary", 2, "baking", "1.1.0"),
                        cell("cell-4", "secondary", 3, "healthy", "1.0.0"),
                        cell("cell-5", "secondary", 3, "healthy", "1.0.0"),
                        cell("cell-6", "secondary", 3, "healthy", "1.0.0"),
                        cell("cell-7", "secondary", 3, "unreachable", "1.0.0")),
                Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }

    private static List<VersionStatus> versions() {
        return List.of(
                version("1.1.0", "complete", true, 400_000),
                version("1.2.0", "graduated", true, 7_300),
                version("1.3.0", "rolling", false, 1_260));
    }

    static VersionStatus version(String name, String state, boolean graduated, int secondsAgo) {
        String digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        return new VersionStatus(
                name,
                state,
                graduated,
                NOW.minusSeconds(secondsAgo),
                List.of(new PackageRef(
                        "storefront", name, "amd64", digest, "debian/pool/bookworm/main/s/storefront/storefront_"
                                + name + "_amd64.deb")),
                name.equals("1.3.0") ? Optional.of(LEDGER) : Optional.empty(),
                Optional.empty(),
                state.equals("rolling")
                        ? Optional.of(new WaitStatus("baking", "ring 1 bakes", Optional.of(NOW.plusSeconds(252))))
                        : Optional.empty());
    }

    static RingStatus ring(int number, String state, String target, Optional<WaitStatus> wait) {
        return new RingStatus(number, number <= 1, state, Optional.of(target), List.of(), wait,
                FleetStatus.RingDrift.NONE);
    }

    static Optional<WaitStatus> wait(String code, String text, int secondsLeft) {
        Optional<Instant> until = secondsLeft == 0 ? Optional.empty() : Optional.of(NOW.plusSeconds(secondsLeft));
        return Optional.of(new WaitStatus(code, text, until));
    }

    static CellStatus cell(String name, String kind, int ring, String state, String version) {
        return new CellStatus(
                name,
                kind,
                ring,
                state,
                Optional.of(version),
                Optional.of("1.1.0"),
                Optional.of("1.1.0"),
                Optional.of("r3." + name + ".deploy.1"),
                Optional.of(new HealthStatus("healthy", "240 samples, no errors", NOW.minusSeconds(4))),
                state.equals("baking") ? wait("baking", "bakes", 252) : Optional.empty(),
                FleetStatus.DriftStatus.NONE);
    }

    /// A cell that 1.2.0 has not reached.
    private static CellStatus behind(String name, int ring, String state) {
        CellStatus cell = cell(name, "secondary", ring, state, "1.1.0");
        return new CellStatus(cell.cell(), cell.kind(), ring, state, cell.version(), cell.lastKnownGood(),
                cell.pdmVersion(), cell.attempt(), cell.health(), cell.waiting(),
                new FleetStatus.DriftStatus(Optional.of("1.2.0"), Optional.of(NOW.minusSeconds(3_600)), BEHIND,
                        "on duty", Optional.empty()));
    }

    private static RingStatus drifted(RingStatus ring) {
        return new RingStatus(ring.ring(), ring.insidePerimeter(), ring.state(), ring.target(), ring.cells(),
                ring.waiting(), new FleetStatus.RingDrift(2, List.of(
                        new FleetStatus.Running(Optional.of("1.1.0"), 2),
                        new FleetStatus.Running(Optional.of("1.2.0"), 1)), BEHIND,
                        Optional.of("1 graduated version behind, more than the 0 that it may be")));
    }

    /// A fleet of so many rings, each with so many cells, in all states in turn.
    static FleetStatus of(int rings, int cellsPerRing) {
        String[] states = {"healthy", "healthy", "healthy", "deploying", "baking", "healthy", "failed", "healthy"};
        var ringList = new ArrayList<RingStatus>();
        var cells = new ArrayList<CellStatus>();
        for (int ring = 0; ring < rings; ring++) {
            String target = ring < rings / 3 ? "1.3.0" : ring < 2 * rings / 3 ? "1.2.0" : "1.1.0";
            ringList.add(ring(ring, "converged", target, Optional.empty()));
            for (int place = 0; place < cellsPerRing; place++) {
                cells.add(cell("c" + ring + "-" + place, "secondary", ring, states[(place + ring) % 8], target));
            }
        }
        return new FleetStatus("large", 9, OptionalInt.of(1), NOW, List.of(), List.of(), versions(), ringList, cells,
                Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }
}
