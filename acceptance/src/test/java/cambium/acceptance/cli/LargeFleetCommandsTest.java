package cambium.acceptance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Operator;
import cambium.acceptance.RunningServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A fleet of 5,000 cells goes in and out by the command, against a real server. Nobody coordinates it: its cells do
/// not exist.
class LargeFleetCommandsTest {
    @TempDir
    Path folder;

    @Test
    void whatIsExportedOfFiveThousandCellsIsAppliedAgainAndWhatIsTooLargeIsRefusedByTheServer() throws Exception {
        try (var server = RunningServer.start(folder.resolve("server"), "--roles", "web,upload,index")) {
            var operator = new Operator(server);
            var file = Files.writeString(folder.resolve("fleet.yaml"), fleet(10));
            assertTrue(operator.types("apply", "-f", file.toString()).successful().out().contains("is applied"));
            assertEquals(5_000, server.get("/api/fleet").get("cells").size());

            var exported = operator.types("export").successful().out();
            assertTrue(exported.length() > 3_000_000, "bytes: " + exported.length());
            var again = Files.writeString(folder.resolve("exported.yaml"), exported);
            assertEquals("nothing differs", operator.types("diff", again.toString()).successful().out().strip());
            var tooLarge = Files.writeString(folder.resolve("large.yaml"), fleet(30));
            var refused = operator.types("apply", "-f", tooLarge.toString());
            assertEquals(1, refused.exit(), refused.toString());
            assertTrue(refused.err().contains("larger than 8388608 bytes"), refused.err());
            assertEquals(5_000, server.get("/api/fleet").get("cells").size(), "the fleet is kept");
        }
    }

    /// Each cell with two addresses and as many settings.
    private static String fleet(int settings) {
        var labels = IntStream.range(0, settings).mapToObj(each ->
                "label-with-a-name-%d: a-value-of-some-length-%<d-as-people-write-them".formatted(each))
                .collect(Collectors.joining(", "));
        return """
                fleet: shop
                product: {repository: acme/shop, distribution: debian/bookworm, packages: [shop]}
                perimeter: 1
                rings:
                """ + IntStream.range(0, 50).mapToObj(ring -> "  - ring: " + ring + "\n    cells:\n"
                + IntStream.range(0, 100).mapToObj(cell -> cell("c" + ring + "-" + cell, labels))
                .collect(Collectors.joining())).collect(Collectors.joining());
    }

    private static String cell(String name, String labels) {
        return "      - {cell: " + name + ", kind: " + (name.equals("c0-0") ? "main" : "secondary")
                + ", driver: shop, health: \"https://" + name + ".cells.example/health\", metrics: \"https://" + name
                + ".cells.example/metrics\", settings: {" + labels + "}}\n";
    }
}
