package cambium.server.fleet.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.CellDriverContract;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.handover.Strays;
import cambium.server.fleet.pull.CellDesk.Said;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PullCellDriverTest extends CellDriverContract {
    private static final CellId CELL = ATTEMPT.cell();

    private final Database database = TestDatabase.fresh();
    private final InstantSource time = InstantSource.system();
    private Optional<PlayedCells> cells = Optional.empty();

    @AfterEach
    void close() {
        cells.ifPresent(PlayedCells::close);
        database.close();
    }

    private Handovers handovers() {
        return new Handovers(database, time);
    }

    /// Cells begin to report with the first driver, so that tests of single reports have none beside theirs.
    @Override
    protected CellDriver open() {
        if (cells.isEmpty()) {
            cells = Optional.of(new PlayedCells(new CellReports(database), handovers(), time,
                    List.of(CELL, CellId.of("cell5"))));
        }
        return new PullCellDriver(handovers(), time);
    }

    @Override
    protected int runs(AttemptId attempt) {
        return cells.map(playing -> playing.runs(attempt)).orElse(0);
    }

    @Override
    protected void releaseWaiting() {
        cells.orElseThrow().release();
    }

    @Override
    protected String kindTold(AttemptId attempt) {
        return cells.orElseThrow().lastKind();
    }

    @Override
    protected boolean reachesWhatRuns() {
        return false;
    }

    @Override
    protected List<String> leftBehind(AttemptId attempt) {
        return cells.orElseThrow().open(attempt);
    }

    private final CellDriver driver = new PullCellDriver(handovers(), time);
    private final CellDesk desk = new CellDesk(new CellReports(database), handovers(), () -> _ -> true);

    private CellDesk.Answer report(String packages) {
        return desk.take(CELL, CellReport.of(time.instant(), packages), Optional.empty());
    }

    private CellDesk.Answer say(CellId cell, String packages, String attempt, Said.Word word) {
        return desk.take(cell, CellReport.of(time.instant(), packages), Optional.of(new Said(attempt, word, "", "")));
    }

    @Test
    void aCellThatUpgradedByItselfEndsItsAttemptWithItsReport() {
        driver.start(order(ATTEMPT, "pull"));
        assertEquals(new StepProgress.Running(), driver.progress(ATTEMPT));
        var before = report("storefront 1.0.0-1");
        assertEquals(ATTEMPT, before.wanted().orElseThrow().order().attempt());
        assertEquals(new StepProgress.Running(), driver.progress(ATTEMPT), "the old version proves nothing");
        report("storefront");
        assertEquals(new StepProgress.Running(), driver.progress(ATTEMPT), "no version is none");
        var after = report("storefront 1.1.0-1\nother 3");
        assertEquals(new StepProgress.Ended(new AttemptResult.Succeeded()), driver.progress(ATTEMPT));
        assertTrue(after.again(), "the cell shall be seen once more");
        assertEquals(Optional.empty(), after.wanted());
        assertFalse(report("storefront 1.1.0-1").again(), "the same report again is no news");
        assertEquals(List.of(), handovers().strays(Instant.EPOCH, 10));
    }

    @Test
    void aResultCountsOnceForItsOwnCellAndIsElseKeptAsAStray() {
        driver.start(order(ATTEMPT, "pull"));
        var name = ATTEMPT.toString();
        assertFalse(say(CellId.of("cell5"), "", name, Said.Word.FAILED).counted(), "another cell");
        assertFalse(say(CELL, "", "r7.cell4.deploy.9", Said.Word.FAILED).counted(), "another attempt");
        assertFalse(say(CELL, "", "'; drop table", Said.Word.SUCCEEDED).counted(), "no attempt at all");
        assertEquals(new StepProgress.Running(), driver.progress(ATTEMPT));
        assertTrue(say(CELL, "", name, Said.Word.BEGUN).counted());
        assertFalse(say(CELL, "", name, Said.Word.BEGUN).counted(), "whoever begins second must not run it");
        assertTrue(say(CELL, "storefront 1.1.0-1", name, Said.Word.SUCCEEDED).counted());
        assertFalse(say(CELL, "storefront 1.1.0-1", name, Said.Word.SUCCEEDED).counted());
        assertFalse(say(CELL, "", name, Said.Word.FAILED).counted(), "a late result changes nothing");
        assertEquals(new StepProgress.Ended(new AttemptResult.Succeeded()), driver.progress(ATTEMPT));
        assertEquals(List.of("FAILED", "SUCCEEDED", "BEGUN", "SUCCEEDED", "FAILED", "FAILED"),
                handovers().strays(Instant.EPOCH, 10).stream().map(Strays.Stray::said).toList());
    }

    @Test
    void aCellThatSaysItSucceededAndReportsAnotherVersionHasFailed() {
        driver.start(order(ATTEMPT, "pull"));
        say(CELL, "storefront 1.0.0-1", ATTEMPT.toString(), Said.Word.SUCCEEDED);
        var failed = assertInstanceOf(AttemptResult.Failed.class,
                assertInstanceOf(StepProgress.Ended.class, driver.progress(ATTEMPT)).result());
        assertTrue(failed.reason().contains("reports storefront 1.0.0-1"), failed.reason());
    }

    @Test
    void anOrderThatNobodyBeganInTimeIsNotWantedAnyMore() {
        driver.start(limited(order(ATTEMPT, "pull"), Duration.ofMillis(1)));
        assertInstanceOf(AttemptResult.Lost.class, end(driver, ATTEMPT));
        assertEquals(Optional.empty(), report("storefront 1.0.0-1").wanted());
        assertTrue(driver.cancel(ATTEMPT, "it has ended anyway"));
        assertInstanceOf(AttemptResult.Lost.class, end(driver, ATTEMPT));
    }

    @Test
    void anOrderThatNobodyBeganCanBeCalledBack() {
        driver.start(order(ATTEMPT, "pull"));
        assertTrue(driver.cancel(ATTEMPT, "brake"));
        assertEquals(new AttemptResult.Cancelled("brake"), end(driver, ATTEMPT));
        assertEquals(Optional.empty(), report("storefront 1.0.0-1").wanted());
    }
}
