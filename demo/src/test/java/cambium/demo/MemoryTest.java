package cambium.demo;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.demo.FleetView.CellView;
import cambium.demo.FleetView.RingView;
import cambium.demo.FleetView.VersionView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryTest {
    private final ExampleFleet fleet = new ExampleFleet("", List.of(
            new DemoCell("canary", 0, 1), new DemoCell("main", 1, 2), new DemoCell("cell-1", 2, 3)), 1);
    private final Memory memory = new Memory(fleet);

    private void look(Map<String, String> answers, boolean graduated, Integer bakingRing, String... migrated) {
        memory.remember(new Moment(new LinkedHashMap<>(answers), new FleetView(
                List.of(new VersionView("2", "rolling", graduated, "")),
                bakingRing == null ? List.of() : List.of(new RingView(bakingRing, "baking", Optional.of("2"), "")),
                List.of(migrated).stream().map(cell -> new CellView(cell, 1, "healthy", Optional.of("2"),
                        Optional.of("2"), "healthy", "")).toList())));
    }

    @Test
    void acceptsAnOrderlyJourney() {
        look(Map.of("canary", "2"), false, 0);
        look(Map.of("canary", "2", "main", "2"), false, 1);
        look(Map.of("canary", "2", "main", "2"), true, null, "main");
        look(Map.of("canary", "2", "main", "2", "cell-1", "2"), true, 2, "main");

        assertTrue(memory.bakedRingByRing("2"));
        assertTrue(memory.migratedBeforeGraduation("main", "2"));
        assertTrue(memory.graduatedBeforeLeaving("2"));
    }

    @Test
    void noticesARingThatGotItBeforeTheOneInsideBaked() {
        look(Map.of("canary", "2", "main", "2"), false, 0);
        look(Map.of("canary", "2", "main", "2"), false, 1);
        look(Map.of("canary", "2", "main", "2"), true, 2);

        assertFalse(memory.bakedRingByRing("2"));
    }

    @Test
    void noticesAVersionThatLeftBeforeItGraduated() {
        look(Map.of("cell-1", "2"), false, null);
        look(Map.of("cell-1", "2"), true, null);

        assertFalse(memory.graduatedBeforeLeaving("2"));
    }

    @Test
    void noticesAGraduationBeforeItsMigrations() {
        look(Map.of(), true, null);
        look(Map.of(), true, null, "main");

        assertFalse(memory.migratedBeforeGraduation("main", "2"));
    }
}
