package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.CellId;
import cambium.rollout.FleetCommand;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.Scope;
import cambium.server.http.Parameters;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FormsTest {
    private static final Instant NOW = ExampleFleet.NOW;

    private static Parameters sent(String... pairs) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], List.of(pairs[i + 1]));
        }
        return new Parameters(values);
    }

    @Test
    void readsABrakeWithItsEnd() {
        var command = Forms.command(Act.BRAKE, sent("scope", "ring 2", "why", " closing ", "for", "4 hours"), NOW);

        assertEquals(new FleetCommand.SetBrake(new Scope.OfRing(RingNumber.of(2)), "closing",
                Optional.of(NOW.plus(Duration.ofHours(4)))), command);
    }

    @Test
    void leavesAMissingReasonToTheFleetToRefuse() {
        assertEquals(new FleetCommand.SetBrake(new Scope.FleetWide(), "", Optional.empty()),
                Forms.command(Act.BRAKE, sent("scope", "fleet"), NOW));
    }

    @Test
    void readsRollbacksOfCellsRingsAndVersions() {
        assertEquals(new FleetCommand.RollBack(new Scope.OfCell(CellId.of("c1")), "slow", true),
                Forms.command(Act.ROLLBACK, sent("scope", "cell c1", "why", "slow", "with_downtime", "true"), NOW));
        assertEquals(new FleetCommand.RollBack(new Scope.OfVersion(ProductVersion.of("1.2.0")), "slow", false),
                Forms.command(Act.ROLLBACK, sent("version", "1.2.0", "why", "slow"), NOW));
    }

    @Test
    void refusesWhatNamesNothing() {
        assertThrows(IllegalArgumentException.class, () -> Forms.command(Act.BRAKE, sent("scope", "moon"), NOW));
        assertThrows(IllegalArgumentException.class, () -> Forms.command(Act.GRADUATE, sent(), NOW));
        assertThrows(IllegalArgumentException.class, () -> Forms.command(Act.PDM, sent("version", "../x"), NOW));
        assertThrows(IllegalArgumentException.class,
                () -> Forms.command(Act.BRAKE, sent("scope", "fleet", "for", "1 century"), NOW));
    }

    @Test
    void offersTheFleetAndItsRingsToBrakeWithTheAskedOneChosen() {
        var fleet = new FleetNow(ExampleFleet.tenCells());
        var form = new Forms(RenderPages.shell("Act", "fleet")).form(Act.BRAKE, sent("scope", "cell cell-3"), fleet);

        var choice = form.choice().orElseThrow();
        assertEquals("cell cell-3", choice.chosen());
        assertEquals(List.of("fleet", "ring 0", "ring 1", "ring 2", "ring 3", "cell cell-3"), choice.options());
        assertTrue(form.asksWhy());
        assertEquals("/cells/cell-3", form.back());
    }
}
