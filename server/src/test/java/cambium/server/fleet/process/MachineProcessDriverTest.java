package cambium.server.fleet.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.CellDriver.Taking;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.handover.DriverFolders;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.handover.NamedDrivers;
import cambium.server.fleet.handover.Technology;
import cambium.server.sql.Database;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestDatabase;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two machines with one PostgreSQL and nothing else in common: whoever asks, and wherever it runs, it is one driver.
class MachineProcessDriverTest extends ProcessDriverContract {
    private final Database database = TestDatabase.fresh();
    private volatile Duration later = Duration.ZERO;
    private final InstantSource time = () -> Instant.now().plus(later);
    private MachineProcessDriver first;
    private MachineProcessDriver second;
    private volatile boolean tending = true;
    private Thread tender;
    private int opened;

    @BeforeEach
    void begin() {
        first = machine("first");
        second = machine("second");
        tender = Thread.ofVirtual().start(() -> {
            while (tending) {
                first.tend();
                second.tend();
            }
        });
    }

    @AfterEach
    void end() {
        stopTending();
        database.close();
    }

    private void stopTending() {
        tending = false;
        Eventually.holds("nobody tends", () -> !tender.isAlive());
    }

    private Path attempts(String machine) {
        return temporary.resolve(machine);
    }

    private MachineProcessDriver machine(String name) {
        return new MachineProcessDriver(new Handovers(database, time), process(attempts(name)), attempts(name), time);
    }

    /// By turns on either machine.
    @Override
    protected CellDriver open() {
        return opened++ % 2 == 0 ? machine("first") : machine("second");
    }

    @Override
    List<Path> attemptFolders() {
        return List.of(attempts("first"), attempts("second"));
    }

    @Test
    void aMachineKeepsItsNameAndSharesItWithNoOther() {
        assertEquals(MachineId.of(attempts("first")), MachineId.of(attempts("first")));
        assertNotEquals(MachineId.of(attempts("first")), MachineId.of(attempts("second")));
    }

    @Test
    void theStepRunsWhereItWasTakenFirstAndItsLogIsReadEverywhere() throws Exception {
        first.start(order(ATTEMPT, "works"));
        second.start(under(order(ATTEMPT, "works"), 6));
        assertEquals(new AttemptResult.Succeeded(), end(second, ATTEMPT));
        assertTrue(log(second, ATTEMPT).contains("done"));
        assertTrue(Files.exists(attempts("first").resolve(ATTEMPT.toString())));
        assertTrue(!Files.exists(attempts("second").resolve(ATTEMPT.toString())), "nothing happened there");
        assertEquals(Taking.FENCED, first.start(order(ATTEMPT, "works")), "it was replaced meanwhile");
        assertEquals(1, runs(ATTEMPT));
    }

    @Test
    void aMachineThatIsSilentHasLostItsStepOnlyWhenItsTimeIsOver() throws Exception {
        first.start(order(ATTEMPT, "waits"));
        Eventually.holds("it runs", () -> runs(ATTEMPT) == 1);
        stopTending();
        second.start(under(order(ATTEMPT, "waits"), 6));
        releaseWaiting();
        Eventually.holds("its own machine sees that it ended", () ->
                process(attempts("first")).progress(ATTEMPT) instanceof StepProgress.Ended);
        later = Duration.ofMinutes(2).minusSeconds(30);
        assertEquals(new StepProgress.Running(), second.progress(ATTEMPT));
        later = Duration.ofMinutes(2).plusSeconds(30);
        var lost = assertInstanceOf(AttemptResult.Lost.class, end(second, ATTEMPT));
        assertTrue(lost.reason().contains(MachineId.of(attempts("first"))), lost.reason());
        first.tend();
        assertEquals(lost, end(first, ATTEMPT), "what is told too late changes nothing");
        assertEquals(1, runs(ATTEMPT));
    }

    @Test
    void aMachineThatTookAnAttemptAndWasReplacedBeforeItBeganSaysSo() throws Exception {
        stopTending();
        new Handovers(database, time).take(order(ATTEMPT, "works"), Technology.PROCESS);
        new Handovers(database, time).running(ATTEMPT, MachineId.of(attempts("first")));
        assertEquals(Taking.TAKEN, second.start(under(order(ATTEMPT, "works"), 6)));
        assertEquals(new StepProgress.Running(), second.progress(ATTEMPT));
        first.tend();
        assertEquals(new StepProgress.Unknown(), first.progress(ATTEMPT), "it may still begin");
        later = Duration.between(Instant.now(), Instant.parse("2999-01-02T00:00:00Z"));
        first.tend();
        var failed = assertInstanceOf(AttemptResult.Failed.class, end(second, ATTEMPT));
        assertTrue(failed.reason().contains("did not begin it"), failed.reason());
        assertEquals(0, runs(ATTEMPT));
    }

    @Test
    void whatAMachineCouldNotBeginIsBegunOnAnother() throws Exception {
        stopTending();
        var unusable = Files.createFile(attempts("first").resolve(ATTEMPT.toString()));
        assertThrows(UncheckedIOException.class, () -> first.start(order(ATTEMPT, "works")));
        assertEquals(new StepProgress.Unknown(), second.progress(ATTEMPT));
        assertEquals(Taking.TAKEN, second.start(under(order(ATTEMPT, "works"), 6)));
        Files.delete(unusable);
        assertEquals(Taking.FENCED, first.start(order(ATTEMPT, "works")));
        assertEquals(Taking.TAKEN, first.start(under(order(ATTEMPT, "works"), 6)));
        assertEquals(new AttemptResult.Succeeded(), end(second, ATTEMPT));
        assertTrue(!Files.exists(unusable), "nothing happened there");
        assertEquals(1, runs(ATTEMPT));
    }

    @Test
    void stepsThatEndedWhileNobodyLookedAreRecordedInOneTransaction() throws Exception {
        stopTending();
        var looking = many(1);
        var named = new NamedDrivers(new DriverFolders(drivers), Map.of(Technology.PROCESS, first),
                new Handovers(database, time));
        named.progress(looking).values().forEach(look -> assertEquals(new CellDriver.Look.Seen(
                new StepProgress.Ended(new AttemptResult.Succeeded())), look));
        assertEquals(List.of(20L), endsOfEachTransaction());
        assertTrue(log(second, looking.getLast()).contains("done"));
        var tended = many(2);
        first.tend();
        assertEquals(List.of(20L, 20L), endsOfEachTransaction());
        assertEquals(new AttemptResult.Succeeded(), end(second, tended.getLast()));
    }

    /// Twenty steps that have run on the first machine.
    private List<AttemptId> many(int rollout) {
        var attempts = IntStream.range(0, 20).mapToObj(i -> AttemptId.of("r" + rollout + ".c" + i + ".deploy.1"))
                .toList();
        attempts.forEach(attempt -> first.start(order(attempt, "works")));
        var folders = process(attempts("first"));
        Eventually.holds("all have ended", () -> attempts.stream().allMatch(attempt ->
                folders.progress(attempt) instanceof StepProgress.Ended));
        return attempts;
    }

    private List<Long> endsOfEachTransaction() {
        return database.read(sql -> sql.fetch("select count(*) as ended from fleet_handover where phase = 'ended' "
                + "group by xmin").getValues("ended", Long.class));
    }

    @Test
    void whatAServerBeganBeforeItNotedMachinesIsStillFound() throws Exception {
        process(attempts("first")).start(order(ATTEMPT, "works"));
        assertEquals(new AttemptResult.Succeeded(), end(first, ATTEMPT));
        first.start(order(ATTEMPT, "works"));
        assertEquals(1, runs(ATTEMPT));
        assertEquals(new StepProgress.Unknown(), first.progress(AttemptId.of("r8.cell4.deploy.1")));
    }
}
