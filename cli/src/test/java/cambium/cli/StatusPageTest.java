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

    private static String withDrill(boolean passed) throws IOException {
        return "{\"drill\":{\"at\":\"2026-11-21T10:00:00Z\",\"passed\":" + passed + ",\"took_ms\":14,\"failure\":"
                + (passed ? "null" : "\"the planner went on\"") + "}," + resource("fleet.json").substring(1);
    }

    @Test
    void aDrillThatPassedStandsBesideTheBrakes() throws IOException {
        server.answer("GET /api/fleet", 200, withDrill(true));
        assertTrue(Operator.at(server).types("brake").out().endsWith(
                "\nlast drill: passed 2h ago, a brake held after 14 ms\n"));
        assertFalse(Operator.at(server).types("status").out().contains("drill"));
    }

    @Test
    void aPauseLeadsTheStatusWithItsCauseAndItsEnd() throws IOException {
        server.answer("GET /api/fleet", 200, "{\"paused\":{\"ring\":3,\"why\":\"2 graduated versions behind, more "
                + "than the 1 that it may be\",\"since\":\"2026-11-21T10:00:00Z\",\"version\":null,\"held_by\":[]},"
                + resource("fleet.json").substring(1));
        assertEquals("paused for 2h: nothing new begins in ring 0, since ring 3 is 2 graduated versions behind, more "
                + "than the 1 that it may be\n  it ends by itself once that ring has caught up: cambium why 3",
                String.join("\n", Operator.at(server).types("status").out().lines().toList().subList(1, 3)));
    }

    @Test
    void aDrillThatFailedLeadsTheStatus() throws IOException {
        server.answer("GET /api/fleet", 200, withDrill(false));
        assertEquals("last drill: FAILED 2h ago, so do not rely on brakes: the planner went on",
                Operator.at(server).types("status").out().lines().toList().get(1));
    }

    @Test
    void ofALargeFleetOnlyTheCellsThatNeedALookAreListedUnlessAllAreAskedFor() throws IOException {
        var cells = new StringBuilder("\"cells\":[");
        for (var i = 0; i < 100; i++) {
            cells.append("{\"cell\":\"c").append(i).append("\",\"ring\":1,\"behind\":0,\"duty\":\"on duty\",")
                    .append("\"state\":\"").append(i == 42 ? "failed" : "healthy").append("\"}")
                    .append(i < 99 ? "," : "]}");
        }
        var fleet = resource("fleet.json");
        var large = fleet.substring(0, fleet.indexOf("\n\"cells\":[")) + cells;
        server.answer("GET /api/fleet", 200, large);

        var shown = Operator.at(server).types("status").out();
        assertTrue(shown.contains("\nc42 ") && shown.endsWith("\n1 of 100 cells need a look; all of them: cambium "
                + "status --cells\n"), shown);
        assertFalse(shown.contains("c43"), shown);
        var every = Operator.at(server).types("status", "--cells").out();
        assertTrue(every.contains("\nc43 ") && !every.contains("need a look"), every);
        assertTrue(Operator.at(server).types("status", "--json").out().contains("\"c43\""));
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
