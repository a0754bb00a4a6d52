package cambium.server.fleet.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.CellDriver.Look;
import cambium.server.fleet.CellDriverContract;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.pull.PullCellDriver;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedDriversTest {
    private static final AttemptId PULLED = AttemptId.of("r7.cell1.deploy.1");
    private static final AttemptId ENDED = AttemptId.of("r7.cell2.deploy.1");
    private static final AttemptId PROCESS = AttemptId.of("r7.cell3.deploy.1");
    private static final AttemptId BROKEN = AttemptId.of("r7.cell4.deploy.1");

    @TempDir
    private Path folder;
    private final Database database = TestDatabase.fresh();
    private Duration later = Duration.ZERO;
    private final InstantSource time = () -> Instant.now().plus(later);
    private final Handovers handovers = new Handovers(database, time);
    private final List<AttemptId> asked = new ArrayList<>();

    @AfterEach
    void close() {
        database.close();
    }

    private final class Processes implements CellDriver {
        @Override
        public Taking start(StepOrder order) {
            return Taking.TAKEN;
        }

        @Override
        public StepProgress progress(AttemptId attempt) {
            asked.add(attempt);
            if (attempt.equals(BROKEN)) {
                throw new IllegalStateException("the folder cannot be read");
            }
            return new StepProgress.Running();
        }

        @Override
        public Optional<InputStream> log(AttemptId attempt) {
            return Optional.empty();
        }

        @Override
        public boolean cancel(AttemptId attempt, String why) {
            return false;
        }
    }

    /// Access to the order of the contract.
    private abstract static class Orders extends CellDriverContract {
        static StepOrder of(AttemptId attempt) {
            return order(attempt, "pull");
        }
    }

    private NamedDrivers drivers() {
        return new NamedDrivers(new DriverFolders(folder), Map.of(Technology.PROCESS, new Processes(),
                Technology.PULL, new PullCellDriver(handovers, time)), handovers);
    }

    @Test
    void looksAtManyAtOnceEachByItsOwnDriverAndOneThatFailsHidesNoOther() {
        var drivers = drivers();
        drivers.start(Orders.of(PULLED));
        drivers.start(Orders.of(ENDED));
        handovers.end(ENDED, new AttemptResult.Succeeded());
        var looks = drivers.progress(List.of(BROKEN, PULLED, ENDED, PROCESS));
        assertEquals(List.of(BROKEN, PULLED, ENDED, PROCESS), List.copyOf(looks.keySet()));
        assertEquals("java.lang.IllegalStateException: the folder cannot be read",
                assertInstanceOf(Look.Silent.class, looks.get(BROKEN)).trouble());
        assertEquals(new Look.Seen(new StepProgress.Running()), looks.get(PULLED));
        assertEquals(new Look.Seen(new StepProgress.Ended(new AttemptResult.Succeeded())), looks.get(ENDED));
        assertEquals(new Look.Seen(new StepProgress.Running()), looks.get(PROCESS));
        assertEquals(List.of(BROKEN, PROCESS), asked, "what was handed over is no process");
        assertEquals(Map.of(), drivers.progress(List.of()));
    }

    @Test
    void putsAHundredEndsOnRecordWithOneCommit() {
        var drivers = drivers();
        var many = IntStream.range(0, 2 * Handovers.MAX_ENDS + 50).mapToObj(i -> AttemptId.of("r7.c" + i + ".deploy.1"))
                .toList();
        many.forEach(attempt -> drivers.start(Orders.of(attempt)));
        handovers.end(many.getFirst(), new AttemptResult.Succeeded());
        later = Duration.ofMinutes(5);
        var looks = drivers.progress(many);
        assertEquals(many, List.copyOf(looks.keySet()));
        assertEquals(new Look.Seen(new StepProgress.Ended(new AttemptResult.Succeeded())), looks.get(many.getFirst()),
                "what is on record stays");
        looks.values().stream().skip(1).forEach(look -> assertInstanceOf(AttemptResult.Lost.class,
                ((StepProgress.Ended) ((Look.Seen) look).progress()).result()));
        assertEquals(List.of(1L, 49L, 100L, 100L), database.read(sql -> sql.fetch("select count(*) as ended from "
                + "fleet_handover where phase = 'ended' group by xmin order by 1").getValues("ended", Long.class)));
        assertEquals(looks, drivers.progress(many), "and as it was recorded");
    }
}
