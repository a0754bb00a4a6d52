package cambium.server.fleet.yaml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// The largest fleet that is promised: 5,000 cells in 50 rings, each with two addresses and ten settings.
class LargeFleetTest {
    private static final String TOP = """
            fleet: shop
            product: {repository: acme/shop, distribution: debian/bookworm, packages: [shop]}
            perimeter: 1
            rings:
            """;

    @Test
    void fiveThousandCellsWithTheirSettingsAreTakenAndWhatIsWrittenOutIsTakenAgain() {
        var read = assertInstanceOf(FleetYaml.Reading.Read.class, FleetYaml.read(fleet()));
        var written = FleetYaml.write(read.spec());
        assertEquals(5_000, read.spec().rings().stream().mapToInt(ring -> ring.cells().size()).sum());
        assertTrue(written.length > 4_000_000 && written.length < FleetYaml.MAX_BYTES, "bytes: " + written.length);
        var again = assertInstanceOf(FleetYaml.Reading.Read.class, FleetYaml.read(written));
        assertEquals(read.spec(), again.spec());
        assertArrayEquals(written, FleetYaml.write(again.spec()));
    }

    /// Written as tersely as can be, it is under the bound, and over it once every cell says its kind.
    @Test
    void whatCouldNotBeTakenAgainOnceItIsWrittenOutIsRefused() {
        var yaml = new StringBuilder(TOP);
        for (int i = 0; i < 40_000; i++) {
            yaml.append(i % 800 == 0 ? "- ring: " + i / 800 + "\n  cells:\n" : "").append("  - {cell: c").append(i)
                    .append(i == 0 ? ",kind: main" : "").append(",driver: pull,metrics: http://m/,settings: {note: ")
                    .append("x".repeat(133)).append("}}\n");
        }
        var text = yaml.toString().getBytes(StandardCharsets.UTF_8);
        assertTrue(text.length < FleetYaml.MAX_BYTES, "bytes: " + text.length);
        var refused = assertInstanceOf(FleetYaml.Reading.Refused.class, FleetYaml.read(text));
        assertEquals("as it would be exported: larger than 8388608 bytes", refused.problems().getFirst().message());
    }

    private static byte[] fleet() {
        var yaml = new StringBuilder(TOP);
        for (int i = 0; i < 5_000; i++) {
            if (i % 100 == 0) {
                yaml.append("  - ring: ").append(i / 100).append("\n    cells:\n");
            }
            var name = "customer-%05d-eu-central-1".formatted(i);
            yaml.append("      - {cell: ").append(name).append(i == 0 ? ", kind: main" : "").append(", driver: shop, ")
                    .append("health: \"https://").append(name).append(".cells.example.com:8443/health/ready\", ")
                    .append("metrics: \"https://").append(name).append(".cells.example.com:8443/internal/metrics\", ")
                    .append("settings: {");
            for (int each = 0; each < 10; each++) {
                yaml.append(each == 0 ? "" : ", ").append("label-with-a-name-").append(each)
                        .append(": \"value-").append(each).append("-of-the-cell-").append(i).append("-in-its-region\"");
            }
            yaml.append("}}\n");
        }
        return yaml.toString().getBytes(StandardCharsets.UTF_8);
    }
}
