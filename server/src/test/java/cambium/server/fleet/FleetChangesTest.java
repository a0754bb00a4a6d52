package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.FleetSpec;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.Supersede;
import cambium.server.fleet.yaml.RandomFleets;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Two fleets differ exactly when something is told, and what is told is what differs.
class FleetChangesTest {
    private static final int PAIRS = 40;

    private static List<String> told(FleetSpec before, FleetSpec after) {
        return FleetChanges.between(Optional.of(before), after).stream().map(FleetChanges.Change::sentence).toList();
    }

    private static FleetSpec with(FleetSpec fleet, UnaryOperator<RingSpec> change) {
        return fleet.with(fleet.rings().stream().map(change).toList());
    }

    @Test
    void tellsNothingOfTheSameFleet() {
        for (long seed = 0; seed < PAIRS; seed++) {
            assertEquals(List.of(), told(new RandomFleets(seed).fleet(), new RandomFleets(seed).fleet()), "" + seed);
        }
    }

    /// One component of one ring's policy is taken from another fleet at a time, so none hides behind another.
    @Test
    void tellsEveryComponentOfAPolicyThatDiffers() throws ReflectiveOperationException {
        for (long seed = 0; seed < PAIRS; seed++) {
            var fleet = new RandomFleets(seed).fleet();
            var other = new RandomFleets(seed + PAIRS).fleet().rings().getLast().policy();
            for (var component : RingPolicy.class.getRecordComponents()) {
                var mixed = mixed(fleet.rings().getLast().policy(), other, component);
                var changed = with(fleet, ring -> ring.equals(fleet.rings().getLast())
                        ? new RingSpec(ring.ring(), mixed, ring.cells()) : ring);
                assertEquals(changed.equals(fleet), told(fleet, changed).isEmpty(), component + ", seed " + seed);
            }
        }
    }

    private static RingPolicy mixed(RingPolicy policy, RingPolicy other, RecordComponent taken)
            throws ReflectiveOperationException {
        var components = RingPolicy.class.getRecordComponents();
        var values = new ArrayList<Object>();
        for (var component : components) {
            boolean fromOther = component.equals(taken)
                    || taken.getName().equals("pdm") && component.getName().equals("cells");
            values.add(component.getAccessor().invoke(fromOther ? other : policy));
        }
        return RingPolicy.class.getConstructor(Arrays.stream(components).map(RecordComponent::getType)
                .toArray(Class<?>[]::new)).newInstance(values.toArray());
    }

    @Test
    void tellsThatCellsComeGoAndMove() {
        var fleet = CoordinatorLoopTest.SPEC;
        var last = fleet.rings().getLast();
        var cell = last.cells().getFirst();
        var moved = new ArrayList<RingSpec>();
        for (var ring : fleet.rings()) {
            var cells = new ArrayList<>(ring.cells());
            cells.remove(cell);
            if (ring.equals(fleet.rings().getFirst())) {
                cells.add(cell);
            } else if (ring.equals(last)) {
                cells.add(new CellSpec(CellId.of("newcomer"), CellSpec.Kind.SECONDARY, cell.driver(),
                        cell.health(), cell.metrics(), cell.settings()));
            }
            moved.add(new RingSpec(ring.ring(), ring.policy(), cells));
        }
        var after = fleet.with(moved);
        assertEquals(List.of("cell " + cell.cell() + " moved from ring " + last.ring() + " to ring 0",
                "cell newcomer added to ring " + last.ring()), told(fleet, after).stream().sorted().toList());
        assertEquals(List.of("cell " + cell.cell() + " moved from ring 0 to ring " + last.ring(),
                "cell newcomer removed from ring " + last.ring()), told(after, fleet).stream().sorted().toList());
    }

    @Test
    void saysFieldsAsTheFileDoes() {
        var fleet = CoordinatorLoopTest.SPEC;
        var changed = with(fleet, ring -> new RingSpec(ring.ring(), ring.policy().with(parts -> {
            parts.supersede = Supersede.NEWEST_WINS;
            parts.qa = RingPolicy.Qa.BLOCKING;
        }), ring.cells()));
        assertNotEquals(fleet, changed);
        assertEquals(List.of("ring 0 policy.qa: none -> blocking", "ring 0 policy.supersede: finish -> newest-wins"),
                told(fleet, changed).stream().limit(2).toList());
    }
}
