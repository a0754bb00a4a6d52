package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FleetSpecTest {
    private static final FleetSpec.Product PRODUCT = new FleetSpec.Product("acme/shop", "debian/bookworm",
            List.of("shop"));
    private static final RingPolicy POLICY = RingPolicy.DEFAULT;

    private static CellSpec main(String name) {
        return FleetLab.cell(name, CellSpec.Kind.MAIN);
    }

    private static CellSpec cell(String name) {
        return FleetLab.cell(name, CellSpec.Kind.SECONDARY);
    }

    private static List<String> codes(int perimeter, RingSpec... rings) {
        return FleetSpec.check("lab", PRODUCT, RingNumber.of(perimeter), List.of(rings), FleetRules.DEFAULT,
                Measuring.DEFAULT).stream()
                .map(problem -> problem.code() + " " + problem.field()).toList();
    }

    @Test
    void acceptsTheBlueprintsPicture() {
        var spec = FleetLab.blueprint(policy -> policy);
        assertEquals("main", spec.mainCell().cell().value());
        assertEquals(3, spec.outermost().value());
    }

    @Test
    void refusesACellInTwoRings() {
        assertEquals(List.of("cell_twice rings[1].cells[0].cell"),
                codes(0, FleetLab.ring(0, POLICY, main("a")),
                FleetLab.ring(1, POLICY, FleetLab.cell("a", CellSpec.Kind.QA))));
    }

    @Test
    void refusesGapsDoublesAndEmptyRings() {
        assertEquals(List.of("ring_gap rings"), codes(0, FleetLab.ring(0, POLICY, main("a")),
                FleetLab.ring(2, POLICY, cell("b"))));
        assertEquals(List.of("ring_twice rings[1].ring"),
                codes(0, FleetLab.ring(0, POLICY, main("a")), FleetLab.ring(0, POLICY, cell("b"))));
        assertEquals(List.of("ring_empty rings[1].cells"), codes(0, FleetLab.ring(0, POLICY, main("a")),
                FleetLab.ring(1, POLICY)));
        assertEquals(List.of(), codes(0, FleetLab.ring(0, POLICY, main("a")), FleetLab.ring(-1, POLICY)));
        assertTrue(codes(0).contains("rings_count rings"));
    }

    @Test
    void refusesAPerimeterThatIsNoRing() {
        assertTrue(codes(3, FleetLab.ring(0, POLICY, main("a"))).contains("perimeter_unknown perimeter"));
        assertTrue(codes(-1, FleetLab.ring(0, POLICY, main("a"))).contains("perimeter_unknown perimeter"));
    }

    @Test
    void wantsExactlyOneMainCellInsideThePerimeter() {
        assertEquals(List.of("main_count rings"), codes(0, FleetLab.ring(0, POLICY, cell("a"))));
        assertEquals(List.of("main_count rings"), codes(0, FleetLab.ring(0, POLICY, main("a"), main("b"))));
        assertEquals(List.of("main_outside rings[1].cells[0].kind"),
                codes(0, FleetLab.ring(0, POLICY, cell("a")), FleetLab.ring(1, POLICY, main("b"))));
    }

    @Test
    void wantsAddressesThatThePolicyCannotDoWithout() {
        var blind = new CellSpec(CellId.of("a"), CellSpec.Kind.MAIN, "local", Optional.empty(), Optional.empty(),
                new TreeMap<>());
        assertEquals(List.of("health_missing rings[0].cells[0].health", "metrics_missing rings[0].cells[0].metrics"),
                codes(0, FleetLab.ring(0, POLICY, blind)));
        assertEquals(List.of("health_missing rings[0].cells[0].health"),
                codes(0, FleetLab.ring(0, Policies.health(POLICY, RingPolicy.HealthGate.NONE), blind)));
    }

    @Test
    void cannotBeBuiltUnsound() {
        assertThrows(IllegalArgumentException.class,
                () -> FleetLab.spec(5, FleetSpec.Graduation.AUTOMATIC, FleetLab.ring(0, POLICY, main("a"))));
    }

    @Test
    void refusesPoliciesThatProveNothing() {
        assertThrows(IllegalArgumentException.class, () -> new Bake(Duration.ZERO, 100));
        assertThrows(IllegalArgumentException.class, () -> new Bake(Duration.ofDays(91), 100));
        assertThrows(IllegalArgumentException.class, () -> AtOnce.of("0"));
        assertThrows(IllegalArgumentException.class, () -> AtOnce.of("0%"));
        assertThrows(IllegalArgumentException.class, () -> AtOnce.of("101%"));
        assertThrows(IllegalArgumentException.class, () -> AtOnce.of("NaN"));
        assertThrows(IllegalArgumentException.class, () -> Policies.retries(POLICY, -1));
        assertThrows(IllegalArgumentException.class, () -> Policies.tolerated(POLICY, -1));
    }

    @Test
    void roundsAShareOfARingDownButNeverToNone() {
        assertEquals(3, AtOnce.of("3").among(10));
        assertEquals(2, AtOnce.of("25%").among(10));
        assertEquals(1, AtOnce.of("1%").among(10));
        assertEquals(10, AtOnce.of("100%").among(10));
    }

    @Test
    void capsAShareByANumber() {
        var capped = AtOnce.of("25%, at most 10");
        assertEquals(1, capped.among(3));
        assertEquals(5, capped.among(20));
        assertEquals(10, capped.among(1_000));
        assertEquals(capped, AtOnce.of(capped.toString()));
        assertThrows(IllegalArgumentException.class, () -> AtOnce.of("25%, at most 0"));
        assertThrows(IllegalArgumentException.class, () -> AtOnce.of("3, at most 2"));
    }

    @Test
    void wantsMandatoryCellsToExist() {
        var policy = POLICY.with(parts -> parts.mandatory = new Mandatory(new TreeSet<>(List.of(CellId.of("z")))));
        assertEquals(List.of("mandatory_unknown rings[0].policy.mandatory"),
                codes(0, FleetLab.ring(0, policy, main("a"))));
    }

    @Test
    void keepsNamesToTheirGrammar() {
        for (var bad : List.of("", "A", "a.b", "a/b", "../x", "a b", "x".repeat(41), "-a", "a\n")) {
            assertThrows(IllegalArgumentException.class, () -> CellId.of(bad), bad);
        }
        for (var bad : List.of("", "-1", "1/2", "1 2", "$(x)", "1".repeat(65), ".1")) {
            assertThrows(IllegalArgumentException.class, () -> ProductVersion.of(bad), bad);
        }
        for (var bad : List.of("r0.a.deploy.1", "r1.a.deploy.0", "r1.a.jump.1", "r1.A.deploy.1", "r1.a.deploy",
                "r9999999999.a.qa.1")) {
            assertThrows(IllegalArgumentException.class, () -> AttemptId.of(bad), bad);
        }
    }

    @Test
    void readsWhatItWrites() {
        var id = new AttemptId(7, CellId.of("cell-4"), Step.ROLLBACK, 2);
        assertEquals("r7.cell-4.rollback.2", id.toString());
        assertEquals(id, AttemptId.of(id.toString()));
        for (var scope : List.of("fleet", "ring 2", "cell c1", "version 1.2.0+x~y")) {
            assertEquals(scope, Scope.of(scope).toString());
        }
        for (var bad : List.of("", "fleet 1", "ring", "ring x", "cluster a", "cell a b")) {
            assertThrows(IllegalArgumentException.class, () -> Scope.of(bad), bad);
        }
        assertEquals(RingNumber.of(2), RingNumber.of("ring-2"));
        assertThrows(IllegalArgumentException.class, () -> RingNumber.of("two"));
    }
}
