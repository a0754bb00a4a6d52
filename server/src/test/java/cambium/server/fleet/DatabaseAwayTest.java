package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.RolloutPlanner;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.sql.Database;
import cambium.server.sql.DatabaseAddress;
import cambium.server.sql.DatabaseFailed;
import cambium.server.testing.CutLine;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A coordinator whose database goes away and comes back.
class DatabaseAwayTest {
    private final InstantSource time = InstantSource.system();
    private final FakeCells cells = new FakeCells(time);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DatabaseAddress direct = TestDatabase.freshAddress();
    private final CutLine line = new CutLine(port(direct));
    private final Database database = Database.open(new DatabaseAddress(
            direct.jdbcUrl().replace(":" + port(direct) + "/", ":" + line.port() + "/"), direct.user(),
            direct.password()));
    private final Database rounds = database.apart(2);
    private final Coordinator coordinator = new Coordinator(new CoordinatorLoop("one", new PostgresFleetStore(rounds),
            cells, cells, cells, cells, BrakeFile.NONE, RolloutPlanner::plan, time), () -> { }, () -> { },
            new Nudges(), new FleetMeters(meters), new Random(1), time);

    private static int port(DatabaseAddress address) {
        return URI.create(address.jdbcUrl().substring("jdbc:".length())).getPort();
    }

    private double failures() {
        return meters.counter("cambium.coordinator.failures").count();
    }

    private double ticks() {
        return meters.counter("cambium.coordinator.ticks").count();
    }

    @AfterEach
    void stop() throws InterruptedException {
        coordinator.stop();
        rounds.close();
        database.close();
        line.close();
    }

    @Test
    void goesOnTryingWhileItIsAwayAndCoordinatesOnOnceItIsBack() {
        coordinator.start();
        Eventually.holds("it leads", coordinator::isLeading);
        line.cut();
        Eventually.holds("rounds fail one after another", () -> failures() >= 3);
        var before = ticks();
        assertThrows(DatabaseFailed.class, () -> rounds.ask(sql -> sql.fetchValue("select 1")));
        assertEquals(before, ticks(), "no round succeeds without a database");
        assertFalse(meters.get("cambium.coordinator.leading").gauge().value() > 0, "it does not say that it leads");
        line.mend();
        Eventually.holds("it makes rounds", () -> ticks() >= before + 3);
        var failed = failures();
        Eventually.holds("it goes on making them", () -> ticks() >= before + 6);
        assertEquals(failed, failures());
        assertTrue(coordinator.isLeading());
    }
}
