package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReachTest {
    private static final ProductVersion FIRST = ProductVersion.of("1.0.0");
    private static final ProductVersion NEXT = ProductVersion.of("1.1.0");

    private final FleetLab lab = FleetLab.onFirstVersion(policy -> policy);

    private String of(FleetCommand command) {
        return Reach.of(lab.fleet, command).map(Reach::name).orElse("either");
    }

    private String rollback(String scope) {
        return of(new FleetCommand.RollBack(Scope.of(scope), "why", false));
    }

    private String deploy(Optional<RingNumber> ring, Optional<CellId> cell) {
        return of(new FleetCommand.Deploy(FIRST, List.of(), ring, cell));
    }

    @Test
    void goesByTheRingOrByTheRingOfTheCell() {
        assertEquals("INSIDE", rollback("ring 0"));
        assertEquals("INSIDE", rollback("ring 1"));
        assertEquals("OUTSIDE", rollback("ring 2"));
        assertEquals("INSIDE", rollback("cell main"));
        assertEquals("OUTSIDE", rollback("cell c1"));
        assertEquals("OUTSIDE", rollback("ring -1"), "quarantine is no release manager's");
        assertEquals("INSIDE", deploy(Optional.of(RingNumber.of(1)), Optional.empty()));
        assertEquals("OUTSIDE", deploy(Optional.of(RingNumber.of(2)), Optional.empty()));
        assertEquals("OUTSIDE", deploy(Optional.empty(), Optional.of(CellId.of("c1"))));
        assertEquals("OUTSIDE", deploy(Optional.of(RingNumber.of(0)), Optional.of(CellId.of("c1"))), "the outer one");
        assertEquals("OUTSIDE", of(new FleetCommand.RunPdm(FIRST, Optional.of(CellId.of("c1")))));
        assertEquals("INSIDE", of(new FleetCommand.RunPdm(FIRST, Optional.of(CellId.of("main")))));
    }

    @Test
    void beginsInsideWhereNoPlaceIsNamed() {
        assertEquals("INSIDE", deploy(Optional.empty(), Optional.empty()));
        assertEquals("INSIDE", of(new FleetCommand.Graduate(FIRST)));
        assertEquals("INSIDE", of(new FleetCommand.Unblock(FIRST, "why")));
    }

    @Test
    void goesWithAVersionAsFarOutAsItHasCome() {
        assertEquals("OUTSIDE", rollback("version 1.0.0"));
        assertEquals("OUTSIDE", of(new FleetCommand.RunPdm(FIRST, Optional.empty())));
        assertEquals("OUTSIDE", of(new FleetCommand.Veto(FIRST, "why")));
        lab.deploy("1.1.0");
        assertEquals("INSIDE", rollback("version 1.1.0"));
        lab.live(Duration.ofDays(1));
        assertEquals("1.1.0", lab.runs("c4"));
        assertEquals("OUTSIDE", rollback("version 1.1.0"));
        assertEquals("OUTSIDE", of(new FleetCommand.RunPdm(NEXT, Optional.empty())));
    }

    @Test
    void doesNotMatterToBrakesAndToTheFleetItself() {
        assertEquals("either", of(new FleetCommand.SetBrake(Scope.of("ring 3"), "why", Optional.empty())));
        assertEquals("either", of(new FleetCommand.ReleaseBrake(Scope.of("ring 3"), "why")));
        assertEquals("either", of(new FleetCommand.Apply(lab.fleet.spec().orElseThrow())));
        assertEquals("either", of(new FleetCommand.SetDuty(CellId.of("c1"), new Duty.Leaving(), "why", false)));
    }
}
