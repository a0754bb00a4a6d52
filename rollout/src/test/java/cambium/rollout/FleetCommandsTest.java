package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetCommandsTest {
    private static final ProductVersion FIRST = ProductVersion.of("1.0.0");
    private static final ProductVersion NEXT = ProductVersion.of("1.1.0");
    private static final ProductVersion NOWHERE = ProductVersion.of("9.9.9");

    private static String refusal(FleetLab lab, FleetCommand command) {
        return switch (lab.command(command)) {
            case FleetCommand.Answer.Refused(var code, var _) -> code;
            case FleetCommand.Answer.Accepted(var events) -> "accepted " + events.size();
        };
    }

    private static FleetCommand.Deploy to(ProductVersion version, int ring) {
        return new FleetCommand.Deploy(version, List.of(FleetLab.shop(version.value())),
                Optional.of(RingNumber.of(ring)), Optional.empty());
    }

    private static FleetCommand.Deploy to(ProductVersion version, String cell) {
        return new FleetCommand.Deploy(version, List.of(), Optional.empty(), Optional.of(CellId.of(cell)));
    }

    @Test
    void refuseEverythingBeforeAFleetIsDeclared() {
        assertEquals("no_fleet", refusal(new FleetLab(), new FleetCommand.Graduate(FIRST)));
    }

    @Test
    void nameWhatIsUnknown() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        assertEquals("unknown_ring", refusal(lab, to(NEXT, 9)));
        assertEquals("unknown_cell", refusal(lab, to(FIRST, "nobody")));
        assertEquals("unknown_version", refusal(lab, to(NOWHERE, "main")));
        assertEquals("unknown_version", refusal(lab, new FleetCommand.Graduate(NOWHERE)));
        assertEquals("unknown_version", refusal(lab, new FleetCommand.RunPdm(NOWHERE, Optional.empty())));
        assertEquals("unknown_version", refusal(lab, new FleetCommand.Unblock(NOWHERE, "why")));
        assertEquals("unknown_cell", refusal(lab, new FleetCommand.RunPdm(FIRST, Optional.of(CellId.of("nobody")))));
        assertEquals("unknown_cell", refusal(lab, new FleetCommand.SetBrake(Scope.of("cell nobody"), "why",
                Optional.empty())));
        assertEquals("unknown_ring", refusal(lab, new FleetCommand.SetBrake(Scope.of("ring 9"), "why",
                Optional.empty())));
        assertEquals("unknown_ring", refusal(lab, new FleetCommand.RollBack(Scope.of("ring 9"), "why", false)));
        assertEquals("no_brake", refusal(lab, new FleetCommand.ReleaseBrake(Scope.of("ring 2"), "why")));
    }

    @Test
    void wantAReason() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        assertEquals("why_missing", refusal(lab, new FleetCommand.SetBrake(Scope.of("fleet"), " ", Optional.empty())));
        assertEquals("why_missing", refusal(lab, new FleetCommand.ReleaseBrake(Scope.of("fleet"), "")));
        assertEquals("why_missing", refusal(lab, new FleetCommand.RollBack(Scope.of("ring 1"), "", false)));
        assertEquals("why_missing", refusal(lab, new FleetCommand.Unblock(FIRST, "")));
        assertEquals("until_past", refusal(lab, new FleetCommand.SetBrake(Scope.of("fleet"), "why",
                Optional.of(lab.now))));
    }

    @Test
    void keepTheOrderOfRingsAndThePerimeter() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        assertEquals("not_graduated", refusal(lab, to(NEXT, 2)));
        assertEquals("ring_order", refusal(lab, to(NEXT, 1)));
        assertEquals("accepted 2", refusal(lab, to(NEXT, 0)));
        assertEquals("ring_order", refusal(lab, to(NEXT, 1)));
        assertEquals("not_graduated", refusal(lab, to(NEXT, "c1")));
    }

    @Test
    void tellABrakeWithWhoAndWhy() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.brake("fleet", "incident 7");
        assertEquals(new FleetCommand.Answer.Refused("braked", "brake on fleet by anna: incident 7"),
                lab.deploy("1.1.0"));
        lab.releaseBrake("fleet");
        lab.brake("ring 3", "incident 8");
        assertEquals("braked", refusal(lab, to(FIRST, "c4")));
        assertEquals("accepted 1", refusal(lab, to(FIRST, "c1")));
        assertEquals("accepted 2", refusal(lab, to(NEXT, 0)));
    }

    @Test
    void doNothingWhereAllIsAsAsked() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        assertEquals(new FleetCommand.Answer.Accepted(List.of()), lab.deploy("1.0.0"));
        assertEquals("accepted 0", refusal(lab, new FleetCommand.Apply(lab.fleet.spec().orElseThrow())));
        assertEquals("accepted 0", refusal(lab, new FleetCommand.Graduate(FIRST)));
        assertEquals("accepted 0", refusal(lab, new FleetCommand.RunPdm(FIRST, Optional.empty())));
        assertEquals("not_blocked", refusal(lab, new FleetCommand.Unblock(FIRST, "why")));
    }

    @Test
    void keepTheBytesOfAVersion() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var other = new PackageRef("shop", "1.0.0", "amd64", "b".repeat(64), "pool/shop.deb");
        assertEquals("version_differs", refusal(lab, new FleetCommand.Deploy(FIRST, List.of(other), Optional.empty(),
                Optional.empty())));
    }

    @Test
    void refuseToCrossAMigrationWithoutDowntime() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(1));
        assertEquals("migration_crossed", refusal(lab, new FleetCommand.RollBack(Scope.of("cell main"), "why", false)));
        assertEquals("migration_crossed", refusal(lab, new FleetCommand.RollBack(Scope.of("version 1.1.0"), "why",
                false)));
        assertEquals("migration_crossed", refusal(lab, new FleetCommand.Deploy(FIRST, List.of(), Optional.empty(),
                Optional.empty())));
        assertEquals("accepted 1", refusal(lab, new FleetCommand.RollBack(Scope.of("cell main"), "why", true)));
        lab.settle();
        assertEquals("1.0.0", lab.runs("main"));
    }

    @Test
    void haveNothingToGoBackToOnAFirstVersion() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        assertEquals("nothing_to_go_back_to", refusal(lab, new FleetCommand.RollBack(Scope.of("cell main"), "why",
                false)));
        assertEquals("bad_scope", refusal(lab, new FleetCommand.RollBack(Scope.of("fleet"), "why", false)));
    }

    @Test
    void keepACellThatIsBusy() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("canary.deploy", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.settle();
        var rings = lab.fleet.spec().orElseThrow().rings().toArray(RingSpec[]::new);
        rings[0] = FleetLab.ring(0, rings[0].policy(), FleetLab.cell("qa", CellSpec.Kind.QA));
        var without = FleetLab.spec(1, FleetSpec.Graduation.AUTOMATIC, rings);
        assertEquals("cell_busy", refusal(lab, new FleetCommand.Apply(without)));
        lab.results.clear();
        lab.settle();
        assertEquals("accepted 1", refusal(lab, new FleetCommand.Apply(without)));
    }

    @Test
    void sayWhatAVersionLacksToGraduate() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.settle();
        var answer = lab.command(new FleetCommand.Graduate(NEXT));
        assertTrue(answer instanceof FleetCommand.Answer.Refused(var code, var text) && code.equals("pdm_missing")
                && text.contains("main"), answer.toString());
    }
}
