package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusPageTest {
    private final RecordingServer server = new RecordingServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void showsAFleetInTrouble() throws IOException {
        server.answer("GET /api/fleet", 200, resource("fleet.json"));

        String shown = Operator.at(server).types("status").out();
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(Path.of("src/test/resources/cambium/cli/golden/status.txt"), shown);
        }
        assertEquals(resource("golden/status.txt"), shown);
    }

    @Test
    void listsTheBrakesAlone() throws IOException {
        server.answer("GET /api/fleet", 200, resource("fleet.json"));

        assertEquals("""
                BRAKE ON  BY    SINCE  UNTIL                    WHY
                ring 3    anna  5m     2026-11-21 14:00:00 UTC  slow orders
                """, Operator.at(server).types("brake").out());
    }

    @Test
    void aDrillThatFailedLeadsTheStatusAndOneThatPassedStandsBesideTheBrakes() throws IOException {
        var drill = "\"drill\":{\"at\":\"2026-11-21T10:00:00Z\",\"passed\":%s,\"took_ms\":14,\"failure\":%s},";
        var fleet = resource("fleet.json");
        server.answer("GET /api/fleet", 200, "{" + drill.formatted(true, "null") + fleet.substring(1));
        assertTrue(Operator.at(server).types("brake").out().endsWith(
                "\nlast drill: passed 2h ago, a brake held after 14 ms\n"));
        assertFalse(Operator.at(server).types("status").out().contains("drill"));

        server.answer("GET /api/fleet", 200, "{" + drill.formatted(false, "\"the planner went on\"")
                + fleet.substring(1));
        assertEquals("last drill: FAILED 2h ago, so do not rely on brakes: the planner went on",
                Operator.at(server).types("status").out().lines().toList().get(1));
    }

    @Test
    void coloursOnlyATerminalAndOnlyWhenWelcome() throws IOException {
        server.answer("GET /api/fleet", 200, resource("fleet.json"));
        var plain = Map.of("CAMBIUM_URL", server.url());
        var welcome = new Operator(Path.of("/nowhere"), plain, true);
        var refused = new Operator(Path.of("/nowhere"), Map.of("CAMBIUM_URL", server.url(), "NO_COLOR", "1"), true);

        assertTrue(welcome.types("status").out().contains("\u001b[31mblocked"));
        assertFalse(refused.types("status").out().contains("\u001b["));
        assertFalse(new Operator(Path.of("/nowhere"), plain, false).types("status").out().contains("\u001b["));
    }

    @Test
    void alignsColouredColumnsLikePlainOnes() throws IOException {
        server.answer("GET /api/fleet", 200, resource("fleet.json"));
        var terminal = new Operator(Path.of("/nowhere"), Map.of("CAMBIUM_URL", server.url()), true);

        assertEquals(resource("golden/status.txt"), terminal.types("status").out().replaceAll("\u001b\\[[0-9;]*m", ""));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = StatusPageTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
