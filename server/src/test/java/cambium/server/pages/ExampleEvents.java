package cambium.server.pages;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.Evidence;
import cambium.rollout.Evidence.Signal;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.Scope;
import cambium.rollout.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// A short history of the example fleet: 1.1.0 baked, 1.2.0 harmful on the canary and taken back, 1.3.0 on its way.
final class ExampleEvents {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private final List<FleetEvent> events = new ArrayList<>();
    private Instant at = ExampleFleet.NOW.minusSeconds(8_000);

    static List<Happened> happened() {
        var example = new ExampleEvents();
        example.write();
        var happened = new ArrayList<Happened>();
        for (FleetEvent event : example.events) {
            happened.add(new Happened(happened.size() + 1L, event));
        }
        return happened;
    }

    static Fleet fleet() {
        return Fleet.empty().after(happened().stream().map(Happened::event).toList());
    }

    private void write() {
        add(new FleetEvent.FleetApplied(next(1), "olga", spec()));
        rollout(1, "1.1.0");
        cell(1, "canary", "1.1.0", Optional.empty(), new AttemptResult.Succeeded());
        verdict(1, "canary", "1.1.0", Verdict.HEALTHY, "240 requests, no errors; latency as before", 0.4, -0.3);
        add(new FleetEvent.RingConverged(next(2), 1, version("1.1.0"), RingNumber.of(0)));
        add(new FleetEvent.RingBaked(next(300), 1, version("1.1.0"), RingNumber.of(0), List.of(CellId.of("canary"))));
        add(new FleetEvent.VersionGraduated(next(12), FleetEvent.AUTOMATION, version("1.1.0")));
        rollout(2, "1.2.0");
        cell(2, "canary", "1.2.0", Optional.of("1.1.0"), new AttemptResult.Succeeded());
        verdict(2, "canary", "1.2.0", Verdict.HARMFUL,
                "41 of 180 requests failed, 0 of 240 before; chance of that without a change below 0.0001", 11.2, 1.9);
        add(new FleetEvent.CellFailed(next(1), CellId.of("canary"), RingNumber.of(0), version("1.2.0"),
                attempt(2, "canary"), "harmful: 41 of 180 requests failed", false));
        add(new FleetEvent.VersionBlocked(next(1), FleetEvent.AUTOMATION, version("1.2.0"),
                "harmful on canary: 41 of 180 requests failed", false));
        var rollback = AttemptId.of("r2.canary.rollback.1");
        add(new FleetEvent.AttemptRequested(next(1), rollback, RingNumber.of(0), version("1.1.0"),
                Optional.of(version("1.2.0")), TIMEOUT));
        add(new FleetEvent.AttemptStarted(next(1), rollback));
        add(new FleetEvent.AttemptFinished(next(9), rollback, new AttemptResult.Succeeded()));
        add(new FleetEvent.BrakeSet(next(30), "anna", Scope.of("cell canary"),
                "looking at the core dump before the next try", Optional.empty(), false));
        add(new FleetEvent.BrakeReleased(next(900), "anna", Scope.of("cell canary"), "found: wrong pool size"));
        rollout(3, "1.3.0");
        cell(3, "canary", "1.3.0", Optional.of("1.1.0"), new AttemptResult.Failed("exit code 3: disk is full"));
        var second = AttemptId.of("r3.canary.deploy.2");
        add(new FleetEvent.AttemptRequested(next(3), second, RingNumber.of(0), version("1.3.0"),
                Optional.of(version("1.1.0")), TIMEOUT));
        add(new FleetEvent.AttemptStarted(next(1), second));
    }

    private void rollout(int number, String version) {
        add(new FleetEvent.VersionRegistered(next(60), "rita", version(version), List.of(new PackageRef(
                "storefront", version, "amd64", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "debian/pool/bookworm/main/s/storefront/storefront_" + version + "_amd64.deb"))));
        add(new FleetEvent.RolloutStarted(next(1), "rita", number, version(version)));
        add(new FleetEvent.RingOpened(next(1), number, version(version), RingNumber.of(0)));
        add(new FleetEvent.RingAdmitted(next(1), version(version), RingNumber.of(0)));
    }

    private void cell(int rollout, String cell, String version, Optional<String> previous, AttemptResult result) {
        AttemptId attempt = attempt(rollout, cell);
        add(new FleetEvent.AttemptRequested(next(1), attempt, RingNumber.of(0), version(version),
                previous.map(ExampleEvents::version), TIMEOUT));
        add(new FleetEvent.AttemptStarted(next(1), attempt));
        add(new FleetEvent.AttemptFinished(next(14), attempt, result));
        add(new FleetEvent.CellObserved(next(1), CellId.of(cell), true,
                Optional.of(version(result instanceof AttemptResult.Succeeded ? version : previous.orElse(version)))));
    }

    private void verdict(int rollout, String cell, String version, Verdict verdict, String text, double errors,
            double latency) {
        var signals = List.of(
                new Signal("errors", 0.0, errors > 3 ? 22.8 : 0.0, "%", errors, errors > 3 ? 0.00001 : 0.34),
                new Signal("latency", 41.2, 41.2 + latency * 3, "ms", latency, 0.21),
                new Signal("traffic", 12.1, 11.9, "req/s", -0.2, 0.84),
                new Signal("saturation", 31.0, 33.4, "%", 0.7, 0.41));
        add(new FleetEvent.VerdictReached(next(20), CellId.of(cell), attempt(rollout, cell), version(version), verdict,
                240, new Evidence(text, signals)));
    }

    private static FleetSpec spec() {
        var cells = ExampleFleet.tenCells().cells();
        var rings = new ArrayList<RingSpec>();
        for (int ring = 0; ring < 4; ring++) {
            int number = ring;
            rings.add(new RingSpec(RingNumber.of(ring), RingPolicy.DEFAULT, cells.stream()
                    .filter(cell -> cell.ring() == number)
                    .map(cell -> new CellSpec(CellId.of(cell.cell()),
                            CellSpec.Kind.valueOf(cell.kind().toUpperCase(java.util.Locale.ROOT)), "local",
                            Optional.of("http://127.0.0.1:9101/health"), Optional.of("http://127.0.0.1:9101/metrics"),
                            new TreeMap<>()))
                    .toList()));
        }
        return new FleetSpec("example", new FleetSpec.Product("acme/storefront", "debian/bookworm",
                List.of("storefront")), RingNumber.of(1), FleetSpec.Graduation.AUTOMATIC, rings);
    }

    private static AttemptId attempt(int rollout, String cell) {
        return AttemptId.of("r" + rollout + "." + cell + ".deploy.1");
    }

    private static ProductVersion version(String text) {
        return ProductVersion.of(text);
    }

    private Instant next(int seconds) {
        at = at.plusSeconds(seconds);
        return at;
    }

    private void add(FleetEvent event) {
        events.add(event);
    }
}
