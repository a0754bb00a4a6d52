package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.Brake;
import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.Scope;
import cambium.server.access.Actor;
import cambium.server.fleet.memory.InMemoryFleetStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrakeFileTest {
    private static final Actor ANNA = Actor.allowedEverything("anna");
    private static final Scope FLEET = new Scope.FleetWide();

    @TempDir
    Path folder;

    private final InstantSource time = () -> Instant.parse("2026-01-01T00:00:00Z");
    private final FleetStore store = new InMemoryFleetStore(time);
    private final CommandDesk desk = new CommandDesk(store, time);

    private void write(String text) throws Exception {
        Files.writeString(folder.resolve("brake"), text);
    }

    private Optional<String> reason() {
        return BrakeFile.in(folder).reason();
    }

    private Fleet fleet() {
        return store.load().fleet();
    }

    @Test
    void forbidsNothingWhereThereIsNone() {
        assertEquals(Optional.empty(), reason());
        assertEquals(Optional.empty(), BrakeFile.in(folder.resolve("no such folder")).reason());
    }

    @Test
    void takesItsFirstLineForTheReason() throws Exception {
        write("incident 42\nmore of it\n");
        assertEquals(Optional.of("incident 42"), reason());
        write("a\tb\u0007c");
        assertEquals(Optional.of("a b c"), reason());
        write("x".repeat(1 << 20));
        assertEquals(Optional.of("x".repeat(BrakeFile.MAX_REASON)), reason());
    }

    @Test
    void holdsAlsoWhenItIsEmptyOrCannotBeRead() throws Exception {
        write("");
        assertTrue(reason().orElseThrow().contains("lies in the data folder"));
        Files.delete(folder.resolve("brake"));
        Files.createDirectory(folder.resolve("brake"));
        assertTrue(reason().orElseThrow().contains("cannot be read"));
    }

    @Test
    void pullsTheBrakeOnTheFleetOnceAndLeavesItsReleaseToAPerson() throws Exception {
        desk.run(new FleetCommand.Apply(CoordinatorLoopTest.SPEC), ANNA);
        try (var watch = new BrakeFileWatch(BrakeFile.in(folder), store, desk)) {
            watch.look();
            assertTrue(fleet().brakes().isEmpty());
            write("incident 42");
            watch.look();
            var revision = store.load().revision();
            watch.look();
            assertEquals(revision, store.load().revision(), "not again and again");
            Files.delete(folder.resolve("brake"));
            watch.look();
            var pulled = new Brake(FLEET, "brake file", "incident 42", time.instant(), Optional.empty(), false);
            assertEquals(Optional.of(pulled),
                    Optional.ofNullable(fleet().brakes().get(FLEET)));
        }
    }

    @Test
    void leavesABrakeThatAPersonPulledUnderThatName() throws Exception {
        desk.run(new FleetCommand.Apply(CoordinatorLoopTest.SPEC), ANNA);
        desk.run(new FleetCommand.SetBrake(FLEET, "smoke", Optional.empty()), Actor.allowedEverything("bo"));
        write("incident 42");
        try (var watch = new BrakeFileWatch(BrakeFile.in(folder), store, desk)) {
            watch.look();
        }
        assertEquals("bo", fleet().brakes().get(FLEET).by());
    }

    @Test
    void goesOnLookingWhileNothingCanBeRecorded() throws Exception {
        write("incident 42");
        try (var watch = new BrakeFileWatch(BrakeFile.in(folder), store, desk)) {
            watch.look();
            assertTrue(fleet().brakes().isEmpty(), "there is no fleet yet, so nothing to brake");
            desk.run(new FleetCommand.Apply(CoordinatorLoopTest.SPEC), ANNA);
            watch.look();
            assertEquals("incident 42", fleet().brakes().get(FLEET).why());
        }
    }
}
