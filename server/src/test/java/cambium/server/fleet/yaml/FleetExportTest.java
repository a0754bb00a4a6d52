package cambium.server.fleet.yaml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.CellPolicy;
import cambium.rollout.FleetRules;
import cambium.rollout.FleetSpec;
import cambium.rollout.Measuring;
import cambium.rollout.Pace;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// An export is the fleet: what it says reads back as the same, and says it in the same bytes.
class FleetExportTest {
    private static final int FLEETS = 500;

    private static FleetSpec read(byte[] yaml, String of) {
        var reading = FleetYaml.read(yaml);
        return assertInstanceOf(FleetYaml.Reading.Read.class, reading, () -> of + ": " + reading + "\n"
                + new String(yaml, StandardCharsets.UTF_8)).spec();
    }

    private static Stream<FleetSpec> fleets() {
        return LongStream.range(0, FLEETS).mapToObj(seed -> new RandomFleets(seed).fleet());
    }

    @Test
    void readsBackAsTheSameFleetInTheSameBytes() {
        for (long seed = 0; seed < FLEETS; seed++) {
            var fleet = new RandomFleets(seed).fleet();
            var yaml = FleetYaml.write(fleet);
            var again = read(yaml, "seed " + seed);
            assertEquals(fleet, again, "seed " + seed + "\n" + new String(yaml, StandardCharsets.UTF_8));
            assertArrayEquals(yaml, FleetYaml.write(again), "seed " + seed);
        }
    }

    /// Otherwise a field that is new in the code could be forgotten by the export, and nothing above would notice.
    @Test
    void isTriedWithEveryFieldOfEveryPolicy() throws ReflectiveOperationException {
        Map<String, Set<Object>> seen = new HashMap<>();
        for (var fleet : fleets().toList()) {
            note(fleet, seen);
            note(fleet.rules(), seen);
            note(fleet.measuring(), seen);
            for (var ring : fleet.rings()) {
                note(ring, seen);
                note(ring.policy(), seen);
                note(ring.policy().cells(), seen);
                note(ring.policy().pace(), seen);
                for (var cell : ring.cells()) {
                    note(cell, seen);
                }
            }
        }
        seen.forEach((field, values) -> assertTrue(values.size() > 1, field + " never varies"));
        for (var type : Set.of(FleetSpec.class, FleetRules.class, Measuring.class, RingSpec.class, RingPolicy.class,
                CellPolicy.class, Pace.class)) {
            for (var component : type.getRecordComponents()) {
                assertTrue(seen.containsKey(type.getSimpleName() + "." + component.getName()), component.toString());
            }
        }
    }

    private static void note(Record value, Map<String, Set<Object>> seen) throws ReflectiveOperationException {
        for (var component : value.getClass().getRecordComponents()) {
            seen.computeIfAbsent(value.getClass().getSimpleName() + "." + component.getName(), _ -> new HashSet<>())
                    .add(component.getAccessor().invoke(value));
        }
    }

    /// Other tools take the same texts from it as this program does.
    @Test
    void isPlainYamlForOtherTools() {
        fleets().limit(200).forEach(fleet -> {
            var loaded = new Load(LoadSettings.builder().build())
                    .loadFromString(new String(FleetYaml.write(fleet), StandardCharsets.UTF_8));
            var product = assertInstanceOf(Map.class, assertInstanceOf(Map.class, loaded).get("product"));
            assertEquals(fleet.product().repository(), product.get("repository"));
            assertEquals(fleet.product().packages(), product.get("packages"));
        });
    }

    @Test
    void saysOnceWhatMostRingsShare() {
        var yaml = """
                fleet: example
                product: {repository: acme/shop, distribution: debian/bookworm, packages: [shop]}
                perimeter: 0
                policy: {bake: {time: 90s, samples: 20}, progress: {within: 2h}}
                rings:
                  - ring: 0
                    policy: {progress: none, pdm: {after: 24h}}
                    cells:
                      - {cell: main, kind: main, driver: local, health: "http://h/h", metrics: "http://h/m"}
                  - ring: 1
                    cells:
                      - {cell: c1, driver: pull, metrics: "http://h/m", settings: {port: "9103"}}
                  - ring: 2
                    cells:
                      - {cell: c2, driver: pull, metrics: "http://h/m"}
                """;
        assertEquals("""
                fleet: example
                product: {repository: acme/shop, distribution: debian/bookworm, packages: [shop]}
                perimeter: 0
                graduate: automatic
                large-change: 50%
                policy:
                  at-once: 100%
                  canary-first: 0
                  bake: {time: 90s, samples: 20, hotfix: none}
                  qa: none
                  pdm: after-bake
                  tolerated-failures: 0
                  mandatory: []
                  approval: none
                  retries: 0
                  timeout: 10m
                  health: required
                  start-rate: none
                  back-off: {first: 10s, most: 10m}
                  progress: {within: 2h, then: page}
                  windows: {}
                  supersede: finish
                  join-within: 1h
                  quarantine-after: 0
                  on-drift: correct
                  most-behind: none
                  deploy: application
                rings:
                  - ring: 0
                    policy:
                      pdm: {after: 1d}
                      progress: none
                    cells:
                      - {cell: main, kind: main, driver: local, health: "http://h/h", metrics: "http://h/m"}
                  - ring: 1
                    cells:
                      - {cell: c1, kind: secondary, driver: pull, metrics: "http://h/m", settings: {port: "9103"}}
                  - ring: 2
                    cells:
                      - {cell: c2, kind: secondary, driver: pull, metrics: "http://h/m"}
                """, new String(FleetYaml.write(read(yaml.getBytes(StandardCharsets.UTF_8), "example")),
                StandardCharsets.UTF_8));
    }
}
