package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.Scope;
import cambium.server.access.Actor;
import cambium.server.config.CellHosts;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.fleet.process.StepEnvironment;
import cambium.server.sql.Database;
import cambium.server.sql.DatabaseFailed;
import cambium.server.sql.Notices;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The disk of a real PostgreSQL is full, in the midst of a rollout: a small one of its own (tmpfs), which only root
/// may have. PostgreSQL's write-ahead log is elsewhere: where that has no room, see `FullLogDiskTest` of `acceptance`.
class FullDiskTest {
    private static final int MIB = 1 << 20;
    private static final InstantSource TIME = InstantSource.system();

    @TempDir
    Path folder;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Path disk;
    private TinyCells cells;
    private FleetStore store;
    private CommandDesk desk;

    @Test
    void nothingStartsOrIsLostAndTheBrakeFileHoldsUntilThereIsRoomAgain() throws Exception {
        if (!System.getProperty("user.name").equals("root")) {
            System.out.println("a small disk needs root: none is filled here");
            return;
        }
        disk = Files.createDirectories(folder.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=64m,mode=700", "cambium", disk.toString());
        try {
            var address = TestDatabase.freshAddressIn(Files.createDirectories(disk.resolve("tables")));
            try (var database = Database.open(address); var notices = new Notices(address);
                    var tiny = new TinyCells(folder.resolve("cells"))) {
                cells = tiny;
                store = new PostgresFleetStore(database);
                desk = new CommandDesk(store, TIME);
                throughAFullDisk(database, notices);
            } finally {
                TestDatabase.drop(address);
            }
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), List.of(command).toString());
    }

    private void throughAFullDisk(Database database, Notices notices) throws Exception {
        var repository = new FakeCells(TIME);
        try (var feature = new FleetFeature(new FleetFeature.Settings("one", "one", cells.drivers(),
                cells.attempts(), new StepEnvironment(System.getenv("PATH"), "/nowhere"), new SecureRandom(),
                BrakeFile.in(folder), folder.resolve("prometheus.yaml"), CellHosts.ANY, Optional.empty(),
                folder.resolve("drill"), Optional.empty(), folder.resolve("fetched"),
                folder.resolve("alertmanager.yaml"),
                () -> "http://cambium"), database, notices, repository, repository, meters, TIME)) {
            var deploy = cells.drivers().resolve("tiny/deploy");
            Files.writeString(deploy, Files.readString(deploy).replace("mkdir -p", "while [ -e '"
                + folder.resolve("hold") + "' ]; do sleep 0.1; done\nmkdir -p"));
            feature.startEverywhere();
            feature.startCoordinating();
            ask(new FleetCommand.Apply(CoordinatorLoopTest.fleet(yaml())));
            deploy("1.0");
            Eventually.holds("1.0 is everywhere", () -> isComplete("1.0"));
            Files.createFile(folder.resolve("hold"));
            deploy("2.0");
            Eventually.holds("a step of 2.0 runs", () -> cells.steps().contains("r2.main.deploy.1"));
            fill();
            Eventually.holds("nothing more is acknowledged", this::isFull);
            var acknowledged = store.events(0, 10_000);
            double failures = failures();
            Files.delete(folder.resolve("hold"));
            Eventually.holds("the step runs to its end", () -> cells.version("main").equals("2.0"));
            Eventually.holds("rounds fail, which calls somebody", () -> failures() > failures + 2);
            assertEquals(acknowledged, store.events(0, acknowledged.size()), "it can be read");
            Files.writeString(folder.resolve("brake"), "the disk is full");
            var steps = cells.steps();
            Files.delete(disk.resolve("filler"));
            Eventually.holds("the brake of the file stands in the log", () -> store.load().fleet().brakes()
                .containsKey(new Scope.FleetWide()));
            Eventually.holds("what the step came to is known", () -> events().stream().anyMatch(event ->
                event instanceof FleetEvent.AttemptFinished done && done.attempt().toString().equals(
                    "r2.main.deploy.1")));
            assertEquals(steps, cells.steps(), "nothing more was started");
            assertEquals(steps, starts());
            assertFalse(isComplete("2.0"));
            Files.delete(folder.resolve("brake"));
            ask(new FleetCommand.ReleaseBrake(new Scope.FleetWide(), "there is room again"));
            Eventually.holds("2.0 is everywhere", () -> isComplete("2.0"));
            assertEquals(acknowledged, store.events(0, acknowledged.size()), "nothing acknowledged was lost");
            assertEquals(new HashSet<>(cells.steps()).size(), cells.steps().size(), cells.steps().toString());
            var state = store.load();
            assertEquals(state.fleet(), Fleet.empty().after(events().subList(0, (int) state.revision())));
        }
    }

    private String yaml() {
        return """
            fleet: tiny
            product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
            perimeter: 0
            policy: {bake: {time: 1s, samples: 50}, timeout: 1m}
            rings:
              - ring: 0
                cells:
            """ + cells.line("main", "main") + "  - ring: 1\n    cells:\n" + cells.line("c1", "secondary");
    }

    private void fill() throws IOException {
        try (var out = Files.newOutputStream(disk.resolve("filler"))) {
            var zeros = new byte[MIB];
            while (true) {
                out.write(zeros);
            }
        } catch (IOException full) {
            assertTrue(full.getMessage().contains("No space left"), full.getMessage());
        }
    }

    /// Some pages have room for a while: writes until nothing is taken.
    private boolean isFull() {
        try {
            for (int i = 0; i < 200; i++) {
                ask(new FleetCommand.SetBrake(Scope.of("version 1.0"), "x".repeat(200), Optional.empty()));
                ask(new FleetCommand.ReleaseBrake(Scope.of("version 1.0"), "y".repeat(200)));
            }
            return false;
        } catch (DatabaseFailed full) {
            return true;
        }
    }

    private double failures() {
        return meters.counter("cambium.coordinator.failures").count();
    }

    private void ask(FleetCommand command) {
        desk.run(command, Actor.allowedEverything("anna"));
    }

    private void deploy(String version) {
        ask(new FleetCommand.Deploy(ProductVersion.of(version),
            List.of(FakeCells.found(new ProductCatalog.Wanted("storefront", version))), Optional.empty(),
            Optional.empty()));
    }

    private List<FleetEvent> events() {
        return store.events(0, 10_000).stream().map(RecordedEvent::event).toList();
    }

    private List<String> starts() {
        return events().stream().filter(FleetEvent.AttemptStarted.class::isInstance)
            .map(event -> ((FleetEvent.AttemptStarted) event).attempt().toString()).toList();
    }

    private boolean isComplete(String version) {
        return events().stream().anyMatch(event -> event instanceof FleetEvent.RolloutCompleted done
            && done.version().equals(ProductVersion.of(version)));
    }
}
