package cambium.server.fleet.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cambium.rollout.Alert;
import cambium.rollout.CellId;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetEvent;
import cambium.rollout.LogFlaw;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Scope;
import cambium.server.access.Actor;
import cambium.server.fleet.BrakeFile;
import cambium.server.fleet.CommandDesk;
import cambium.server.fleet.CoordinatorLoop;
import cambium.server.fleet.FakeCells;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.http.Json;
import cambium.server.http.Refused;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Every kind of alert, made by the coordinator's own loop from what happens to a fleet, reaches Debian's Alertmanager
/// and ends there. The fleets' hours are played in advance of now, since Alertmanager believes only its own clock.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlertKindsTest {
    private static final Actor ANNA = Actor.allowedEverything("anna");
    private static final CellId MAIN = CellId.of("main");
    private static final ProductVersion FIRST = ProductVersion.of("1.0.0");
    private static final ProductVersion SECOND = ProductVersion.of("1.1.0");
    private static final ProductVersion THIRD = ProductVersion.of("1.2.0");

    private final Set<Alert.Kind> shown = EnumSet.noneOf(Alert.Kind.class);
    private LocalAlertmanager alertmanager;
    private Path file;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        alertmanager = LocalAlertmanager.start(folder.resolve("alertmanager"));
        file = Files.writeString(folder.resolve("alertmanager.yaml"), "alertmanagers:\n  - address: "
                + alertmanager.address() + "\n");
    }

    @AfterAll
    void stop() {
        alertmanager.close();
        assertEquals(EnumSet.allOf(Alert.Kind.class), shown, "every kind was shown");
    }

    /// A fleet on its first version, some hours ago. Its name tells its alerts apart.
    private final class Played implements AutoCloseable {
        private final String name;
        private final Instant present = Instant.now();
        private Instant now = present.minus(Duration.ofHours(12));
        final FakeCells cells = new FakeCells(() -> now);
        private final InMemoryFleetStore store = new InMemoryFleetStore(() -> now);
        private final CoordinatorLoop loop = new CoordinatorLoop("one", store, cells, cells, cells, cells,
                BrakeFile.NONE, RolloutPlanner::plan, () -> now);
        private final AlertSender sender = new AlertSender(file, "fleet", AlertSender.Source.ofFleet(store,
                RolloutPlanner::plan, () -> true), () -> "https://cambium.example", new SimpleMeterRegistry(),
                () -> now);

        Played(String name) {
            this.name = name;
            var yaml = """
                    fleet: %s
                    product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
                    perimeter: 0
                    policy: {bake: {time: 1m, samples: 10}, on-drift: report, timeout: 2h, progress: {within: 1h}}
                    rings:
                      - ring: 0
                        cells:
                          - {cell: main, kind: main, driver: local, health: "http://h:1/", metrics: "http://h:1/m"}
                      - ring: 1
                        policy: {most-behind: {versions: 0}}
                        cells:
                          - {cell: far, kind: secondary, driver: local, health: "http://h:1/", metrics: "http://h:1/m"}
                    """.formatted(name);
            asked(new FleetCommand.Apply(switch (FleetYaml.read(yaml.getBytes(StandardCharsets.UTF_8))) {
                case FleetYaml.Reading.Read(var spec) -> spec;
                case FleetYaml.Reading.Refused(var problems) -> throw new AssertionError(problems.toString());
            }));
            deploy(FIRST);
            minutes(10);
            assertEquals(List.of(FIRST, FIRST), List.copyOf(cells.running.values()));
        }

        void asked(FleetCommand command) {
            new CommandDesk(store, () -> now).run(command, ANNA);
        }

        void deploy(ProductVersion version) {
            asked(new FleetCommand.Deploy(version, List.of(new PackageRef("storefront", version.toString(), "amd64",
                    "ab".repeat(32), "pool/s.deb")), Optional.empty(), Optional.empty()));
        }

        void minutes(int count) {
            for (var i = 0; i < count; i++) {
                now = now.plus(Duration.ofMinutes(1));
                loop.tick();
            }
        }

        /// Goes on to so long before the present, and tells what has come up.
        void lookBeforeNow(int minutes) throws Exception {
            now = present.minus(Duration.ofMinutes(minutes));
            loop.tick();
            sender.round();
        }

        /// Which of these kinds the Alertmanager believes to hold for this fleet.
        Set<String> firing(Alert.Kind... kinds) throws Exception {
            var names = new TreeSet<String>();
            for (var alert : Json.read(alertmanager.alerts().getBytes(StandardCharsets.UTF_8))) {
                var labels = alert.get("labels");
                for (var kind : kinds) {
                    if (labels.get("fleet").asText().equals(name)
                            && labels.get("alertname").asText().equals(kind.alertName())) {
                        names.add(kind + " " + (labels.has("cell") ? labels.get("cell").asText()
                                : labels.has("ring") ? "ring " + labels.get("ring").asText()
                                : labels.path("version").asText("fleet")));
                        shown.add(kind);
                    }
                }
            }
            return names;
        }

        @Override
        public void close() {
            sender.close();
        }
    }

    @Test
    void aFailedDeploymentIsToldForTenMinutesAndItsVersionUntilAFixIsOut() throws Exception {
        try (var fleet = new Played("failed")) {
            Alert.Kind[] kinds = {Alert.Kind.STEP_FAILED, Alert.Kind.VERSION_BLOCKED, Alert.Kind.SOMEBODY_IS_CALLED};
            fleet.lookBeforeNow(13);
            assertEquals(Set.of(), fleet.firing(kinds));
            fleet.cells.failing.add(SECOND);
            fleet.deploy(SECOND);
            fleet.lookBeforeNow(12);
            assertEquals(Set.of("STEP_FAILED main", "VERSION_BLOCKED 1.1.0", "SOMEBODY_IS_CALLED 1.1.0",
                    "SOMEBODY_IS_CALLED main"), fleet.firing(kinds));
            fleet.lookBeforeNow(4);
            assertEquals(Set.of("STEP_FAILED main", "VERSION_BLOCKED 1.1.0"), fleet.firing(kinds));
            fleet.deploy(THIRD);
            fleet.lookBeforeNow(0);
            assertEquals(Set.of(), fleet.firing(kinds));
        }
    }

    @Test
    void aRingThatDoesNotConvergeInTimeIsToldUntilItDoes() throws Exception {
        try (var fleet = new Played("slow")) {
            fleet.cells.slow.add(SECOND);
            fleet.lookBeforeNow(90);
            fleet.deploy(SECOND);
            fleet.lookBeforeNow(80);
            fleet.lookBeforeNow(19);
            assertEquals(Set.of(), fleet.firing(Alert.Kind.NOT_CONVERGING), "it waits a quarter of an hour more");
            fleet.lookBeforeNow(3);
            assertEquals(Set.of("NOT_CONVERGING ring 0"), fleet.firing(Alert.Kind.NOT_CONVERGING));
            fleet.cells.finish(MAIN, SECOND);
            fleet.lookBeforeNow(0);
            assertEquals(Set.of(), fleet.firing(Alert.Kind.NOT_CONVERGING));
        }
    }

    @Test
    void aCellThatOtherHandsChangedIsToldUntilItIsPutRight() throws Exception {
        try (var fleet = new Played("drifted")) {
            fleet.cells.running.put(CellId.of("far"), ProductVersion.of("0.9.0"));
            fleet.lookBeforeNow(5);
            assertEquals(Set.of(), fleet.firing(Alert.Kind.CELL_DRIFTED), "it may be a look in between");
            fleet.lookBeforeNow(3);
            assertEquals(Set.of("CELL_DRIFTED far"), fleet.firing(Alert.Kind.CELL_DRIFTED));
            fleet.asked(new FleetCommand.Deploy(FIRST, List.of(), Optional.empty(), Optional.of(CellId.of("far"))));
            fleet.lookBeforeNow(0);
            assertEquals(FIRST, fleet.cells.running.get(CellId.of("far")));
            assertEquals(Set.of(), fleet.firing(Alert.Kind.CELL_DRIFTED));
        }
    }

    @Test
    void aBrakeThatIsOnTooLongIsToldAndSoIsTheRingThatItKeepsBehind() throws Exception {
        try (var fleet = new Played("braked")) {
            Alert.Kind[] kinds = {Alert.Kind.BRAKE_ON_LONG, Alert.Kind.RING_BEHIND};
            fleet.lookBeforeNow(8 * 60 + 5);
            fleet.asked(new FleetCommand.SetBrake(Scope.of("ring 1"), "smoke", Optional.empty()));
            fleet.lookBeforeNow(10);
            assertEquals(Set.of(), fleet.firing(kinds), "not on for eight hours yet");
            fleet.deploy(SECOND);
            fleet.minutes(5);
            assertEquals(SECOND, fleet.cells.running.get(MAIN));
            fleet.lookBeforeNow(4);
            fleet.lookBeforeNow(2);
            assertEquals(Set.of("BRAKE_ON_LONG ring 1", "RING_BEHIND ring 1"), fleet.firing(kinds));
            fleet.asked(new FleetCommand.ReleaseBrake(Scope.of("ring 1"), "it was toast"));
            fleet.lookBeforeNow(0);
            assertEquals(Set.of(), fleet.firing(kinds));
        }
    }

    /// As its process tells it, by the time that is right; [ClockCheckTest] shows when it does.
    @Test
    void aClockThatIsWrongIsToldByItsOwnProcessUntilItIsRight() throws Exception {
        var now = new AtomicReference<>(Instant.now().minus(Duration.ofMinutes(5)));
        var wrong = new Alert(Alert.Kind.CLOCK_WRONG, new Scope.FleetWide(), "process 7 at host", "3 s ahead",
                Optional.empty());
        var alerts = new AtomicReference<>(List.of(wrong));
        try (var fleet = new Played("clocks"); var sender = new AlertSender(file, "process",
                AlertSender.Source.ofProcess(fleet.store, alerts::get), () -> "https://cambium.example",
                new SimpleMeterRegistry(), now::get)) {
            sender.round();
            assertEquals(Set.of(), fleet.firing(Alert.Kind.CLOCK_WRONG), "not for a look or two");
            now.updateAndGet(at -> at.plus(Duration.ofMinutes(1)));
            sender.round();
            assertEquals(Set.of("CLOCK_WRONG fleet"), fleet.firing(Alert.Kind.CLOCK_WRONG));
            alerts.set(List.of());
            now.updateAndGet(at -> at.plus(Duration.ofMinutes(1)));
            sender.round();
            assertEquals(Set.of(), fleet.firing(Alert.Kind.CLOCK_WRONG));
        }
    }

    @Test
    void aLogThatWasChangedIsToldUntilItIsPutRight() throws Exception {
        try (var fleet = new Played("changed")) {
            var flaw = new LogFlaw(3, "ab".repeat(32), "was changed");
            fleet.lookBeforeNow(5);
            fleet.store.record(List.of(new FleetEvent.LogDoubted(fleet.now, flaw)));
            fleet.lookBeforeNow(3);
            assertEquals(Set.of("LOG_CHANGED fleet"), fleet.firing(Alert.Kind.LOG_CHANGED));
            assertEquals("braked", assertThrows(Refused.class, () -> fleet.deploy(SECOND)).problem().code());
            fleet.minutes(1);
            assertEquals(FIRST, fleet.cells.running.get(MAIN), "nothing starts meanwhile");
            fleet.store.record(List.of(new FleetEvent.LogTrusted(fleet.now, 20)));
            fleet.deploy(SECOND);
            fleet.lookBeforeNow(0);
            assertEquals(SECOND, fleet.cells.running.get(MAIN));
            assertEquals(Set.of(), fleet.firing(Alert.Kind.LOG_CHANGED));
        }
    }

    @Test
    void aGateWithoutDataIsToldUntilThereIsSome() throws Exception {
        try (var fleet = new Played("silent")) {
            fleet.cells.silent.add(SECOND);
            fleet.lookBeforeNow(21);
            fleet.deploy(SECOND);
            fleet.lookBeforeNow(20);
            fleet.lookBeforeNow(19);
            fleet.lookBeforeNow(5);
            assertEquals(Set.of(), fleet.firing(Alert.Kind.GATE_WITHOUT_DATA));
            fleet.lookBeforeNow(3);
            assertEquals(Set.of("GATE_WITHOUT_DATA main"), fleet.firing(Alert.Kind.GATE_WITHOUT_DATA),
                    "its ring and its version only wait for it");
            assertEquals(FIRST, fleet.cells.running.get(CellId.of("far")), "no data opens nothing");
            fleet.cells.silent.clear();
            fleet.lookBeforeNow(0);
            assertEquals(Set.of(), fleet.firing(Alert.Kind.GATE_WITHOUT_DATA));
        }
    }
}
